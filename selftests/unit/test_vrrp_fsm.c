// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests named s6_4_* are the clauses of RFC 9568 section 6.4 in its order.
 * Numbers in comments are rows of the conformance table. The machine is
 * included, not linked, so that its helpers can be called where no event leads.
 */
#include "vrrp_fsm.c"
#include "fsm_model.h"
#include "suites.h"

#define MS(n)	((u64)(n) * HAK_NSEC_PER_MSEC)
#define US(n)	((u64)(n) * 1000)
#define T0	MS(5000)
#define LOWER	(-1)
#define HIGHER	1

/* A machine, its configuration and what the last step gave. */
struct rig {
	struct hak_fsm_cfg cfg;
	struct hak_fsm_state st;
	struct hak_fsm_out out;
};

static struct rig new_rig(u8 priority, u64 interval)
{
	struct rig r = {
		.cfg = {
			.priority = priority, .interval = interval,
			.down_adverts = 3, .preempt = true, .version = 3,
		},
	};

	hak_fsm_init(&r.st);
	return r;
}

static u64 skew(u8 priority, u64 interval)
{
	struct rig r = new_rig(priority, interval);

	return hak_fsm_skew(&r.cfg, interval);
}

static void feed(struct rig *r, const struct hak_fsm_event *ev)
{
	const char *bad = fsm_step_checked(&r->cfg, &r->st, ev, &r->out);

	CHECK_MSG(!bad, "event %d: %s", (int)ev->type, bad);
}

static void feed_type(struct rig *r, enum hak_fsm_event_type type, u64 now)
{
	feed(r, &(struct hak_fsm_event){ .type = type, .now = now });
}

static void advert(struct rig *r, u64 now, u8 priority, int src_cmp, u64 interval)
{
	feed(r, &(struct hak_fsm_event){
		.type = HAK_EV_ADVERT, .now = now, .priority = priority,
		.src_cmp = src_cmp, .interval = interval,
	});
}

static void timer(struct rig *r, u64 now)
{
	feed(r, &(struct hak_fsm_event){
		.type = HAK_EV_TIMER, .now = now, .epoch = r->st.epoch,
	});
}

/* The last step did just this. */
#define DID(r, want) do {						\
	char text_[FSM_TEXT_SIZE];					\
	fsm_text(&(r)->out, text_, sizeof(text_));			\
	CHECK_MSG(!strcmp(text_, want), "did:\n%s# not:\n%s", text_, want); \
} while (0)

static struct rig backup(u8 priority, u64 interval)
{
	struct rig r = new_rig(priority, interval);

	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
	return r;
}

static struct rig active(u8 priority, u64 interval)
{
	struct rig r = new_rig(priority, interval);

	feed_type(&r, HAK_EV_STARTUP, 0);
	if (r.st.state == HAK_STATE_BACKUP)
		timer(&r, r.st.deadline);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
	/* The next beat is at T0 + interval. */
	r.st.deadline = T0 + interval;
	return r;
}

/* 6.4.1 Initialize */

/* 22 */
static void s6_4_1_startup_owner_sends_announces_and_is_active(void)
{
	struct rig r = new_rig(255, MS(200));

	feed_type(&r, HAK_EV_STARTUP, T0);
	DID(&r, "vips on\nsend 255\nannounce on\narm 5200.000000\n"
	    "notify Initialize > Active startup\n");
}

/* 39: Preempt_Mode means nothing to an owner */
static void s6_4_1_startup_owner_without_preempt(void)
{
	struct rig r = new_rig(255, MS(200));

	r.cfg.preempt = false;
	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void s6_4_1_startup_other_waits_active_down_interval(void)
{
	struct rig r = new_rig(100, MS(200));

	feed_type(&r, HAK_EV_STARTUP, T0);
	DID(&r, "arm 5721.875000\nnotify Initialize > Backup startup\n");
	CHECK_NUM(r.st.interval, MS(200));
}

static void s6_4_1_advert_and_timer_are_ignored(void)
{
	struct rig r = new_rig(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(200));
	DID(&r, "");
	timer(&r, T0);
	DID(&r, "");
	CHECK_NUM(r.st.state, HAK_STATE_INITIALIZE);
}

static void s6_4_1_shutdown_link_and_config_do_nothing(void)
{
	struct rig r = new_rig(255, MS(200));

	feed_type(&r, HAK_EV_SHUTDOWN, T0);
	DID(&r, "");
	feed_type(&r, HAK_EV_LINK_DOWN, T0);
	DID(&r, "");
	feed_type(&r, HAK_EV_CONFIG, T0);
	DID(&r, "");
	CHECK_NUM(r.st.state, HAK_STATE_INITIALIZE);
}

/* 6.4.2 Backup */

/* 17 */
static void s6_4_2_shutdown_cancels_and_sends_nothing(void)
{
	struct rig r = backup(100, MS(200));

	feed_type(&r, HAK_EV_SHUTDOWN, T0 + 1);
	DID(&r, "cancel\nnotify Backup > Initialize shutdown\n");
}

static void s6_4_2_link_down_cancels_and_sends_nothing(void)
{
	struct rig r = backup(100, MS(200));

	feed_type(&r, HAK_EV_LINK_DOWN, T0 + 1);
	DID(&r, "cancel\nnotify Backup > Initialize shutdown\n");
}

static void s6_4_2_timer_takes_over(void)
{
	struct rig r = backup(100, MS(200));

	timer(&r, T0 + US(721875));
	DID(&r, "vips on\nsend 100\nannounce on\narm 5921.875000\n"
	    "notify Backup > Active nobody\n");
}

/* 28 */
static void s6_4_2_priority_zero_leaves_skew_time(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0 + MS(10), 200, HIGHER, MS(200));
	advert(&r, T0 + MS(100), 0, HIGHER, MS(200));
	DID(&r, "arm 5221.875000\n");
	timer(&r, r.st.deadline);
	DID(&r, "vips on\nsend 100\nannounce on\narm 5421.875000\n"
	    "notify Backup > Active released\n");
}

/* 28, 29: the skew is of the learned interval, and not truncated */
static void s6_4_2_priority_zero_skew_of_learned_interval(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(1000));
	advert(&r, T0, 0, HIGHER, MS(10));
	CHECK_NUM(r.st.deadline - T0, US(609375));
	r = backup(100, MS(10));
	advert(&r, T0, 0, HIGHER, MS(1000));
	CHECK_NUM(r.st.deadline - T0, 6093750);
}

/* 30 */
static void s6_4_2_advert_after_priority_zero_restores_full_wait(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 0, HIGHER, MS(200));
	advert(&r, T0 + MS(100), 200, HIGHER, MS(200));
	DID(&r, "arm 5821.875000\n");
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_NO_ADVERT);
}

/* 23 */
static void s6_4_2_higher_priority_restarts_timer(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0 + MS(150), 101, LOWER, MS(200));
	DID(&r, "arm 5871.875000\n");
	advert(&r, T0 + MS(350), 101, LOWER, MS(200));
	DID(&r, "arm 6071.875000\n");
}

/* 35 */
static void s6_4_2_equal_priority_restarts_timer_from_any_address(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0 + MS(100), 100, LOWER, MS(200));
	DID(&r, "arm 5821.875000\n");
	advert(&r, T0 + MS(200), 100, HIGHER, MS(200));
	DID(&r, "arm 5921.875000\n");
}

/* 24, 25, 37, 69 */
static void s6_4_2_interval_is_learned(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(1000));
	CHECK_NUM(r.st.deadline - T0, US(3609375));
	advert(&r, T0, 200, HIGHER, MS(50));
	CHECK_NUM(r.st.deadline - T0, 180468750);
	advert(&r, T0, 200, HIGHER, MS(200));
	CHECK_NUM(r.st.deadline - T0, US(721875));
	CHECK_NUM(r.cfg.interval, MS(200));
}

/* 33 */
static void s6_4_2_preempt_off_accepts_lower(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt = false;
	advert(&r, T0 + MS(100), 50, LOWER, MS(200));
	DID(&r, "arm 5821.875000\n");
}

/* 34 */
static void s6_4_2_preempt_off_priority_zero(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt = false;
	advert(&r, T0 + MS(100), 50, LOWER, MS(200));
	advert(&r, T0 + MS(200), 0, LOWER, MS(200));
	CHECK_NUM(r.st.deadline - T0, MS(200) + US(121875));
}

/* 32, 36: rule R0 */
static void s6_4_2_preempt_discards_lower(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(200));
	advert(&r, T0 + MS(700), 50, LOWER, MS(40950));
	DID(&r, "count rx-lower\n");
	CHECK_NUM(r.st.deadline, T0 + US(721875));
	CHECK_NUM(r.st.interval, MS(200));
	timer(&r, T0 + US(721875));
	DID(&r, "vips on\nsend 100\nannounce on\narm 5921.875000\n"
	    "notify Backup > Active preempted\n");
}

static void s6_4_2_lower_heard_is_forgotten_at_next_accepted(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 50, LOWER, MS(200));
	CHECK(r.st.lower_heard);
	advert(&r, T0, 200, HIGHER, MS(200));
	CHECK(!r.st.lower_heard);
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_NO_ADVERT);
}

static void s6_4_2_startup_again_does_nothing(void)
{
	struct rig r = backup(100, MS(200));

	feed_type(&r, HAK_EV_STARTUP, T0 + 5);
	DID(&r, "");
}

/* An owner is in Backup only after another owner; lower ones are discarded. */
static void s6_4_2_owner_in_backup_preempts_whatever_is_configured(void)
{
	struct rig r = active(255, MS(200));

	r.cfg.preempt = false;
	advert(&r, T0, 255, HIGHER, MS(200));
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
	advert(&r, T0 + MS(10), 254, HIGHER, MS(200));
	DID(&r, "count rx-lower\n");
	timer(&r, r.st.deadline);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

/* preempt-delay is not in the RFC. It is asked in Backup only. */

static struct rig waiting(u64 delay)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt_delay = delay;
	advert(&r, T0, 200, HIGHER, MS(200));
	advert(&r, T0 + MS(100), 0, HIGHER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + US(221875));
	/* Somebody lower was faster. */
	advert(&r, T0 + MS(200), 50, LOWER, MS(200));
	return r;
}

static void preempt_delay_leaves_a_lower_active_alone(void)
{
	struct rig r = waiting(MS(1500));
	u64 now;

	DID(&r, "count rx-lower\narm 5921.875000\n");
	CHECK(r.st.waiting && !r.st.released);
	for (now = T0 + MS(400); now <= T0 + MS(800); now += MS(200))
		advert(&r, now, 50, LOWER, MS(200));
	DID(&r, "count rx-lower\narm 6521.875000\n");
	/* From here on its end comes first; it stays where it is. */
	advert(&r, T0 + MS(1000), 50, LOWER, MS(200));
	DID(&r, "count rx-lower\narm 6700.000000\n");
	advert(&r, T0 + MS(1600), 50, LOWER, MS(200));
	DID(&r, "count rx-lower\narm 6700.000000\n");
	timer(&r, T0 + MS(1700));
	DID(&r, "vips on\nsend 100\nannounce on\narm 6900.000000\n"
	    "notify Backup > Active preempted\n");
}

static void preempt_delay_silence_is_taken_over_in_normal_time(void)
{
	struct rig r = waiting(MS(60000));

	advert(&r, T0 + MS(400), 50, LOWER, MS(100));
	CHECK_NUM(r.st.deadline, T0 + MS(400) + 360937500);
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_NO_ADVERT);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void preempt_delay_brings_nothing_forward(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt_delay = MS(10);
	advert(&r, T0, 200, HIGHER, MS(1000));
	advert(&r, T0 + MS(100), 50, LOWER, MS(10));
	DID(&r, "count rx-lower\narm 8609.375000\n");
	/* The delay is over: discarded, as without one. */
	advert(&r, T0 + MS(200), 50, LOWER, MS(40950));
	DID(&r, "count rx-lower\n");
	CHECK_NUM(r.st.interval, MS(10));
	CHECK(r.st.lower_heard);
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_PREEMPTED);
}

static void preempt_delay_begins_anew_after_an_accepted_advert(void)
{
	struct rig r = waiting(MS(1500));

	advert(&r, T0 + MS(300), 100, HIGHER, MS(200));
	CHECK(!r.st.waiting);
	CHECK_NUM(r.st.deadline, T0 + MS(300) + US(721875));
	advert(&r, T0 + MS(1000), 50, LOWER, MS(1000));
	CHECK_NUM(r.st.lower_from, T0 + MS(1000));
	CHECK_NUM(r.st.deadline, T0 + MS(2500));
}

static void preempt_delay_lower_active_lets_go(void)
{
	struct rig r = waiting(MS(1500));

	advert(&r, T0 + MS(300), 0, LOWER, MS(200));
	DID(&r, "arm 5421.875000\n");
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_RELEASED);
}

static void preempt_delay_config_moves_the_end(void)
{
	struct rig r = waiting(MS(60000));

	r.cfg.preempt_delay = MS(300);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(250));
	DID(&r, "arm 5500.000000\n");
	r.cfg.preempt_delay = 0;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(260));
	DID(&r, "arm 5221.875000\n");
	r = waiting(MS(300));
	r.cfg.preempt = false;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(250));
	DID(&r, "arm 5921.875000\n");
	CHECK(!r.st.waiting);
	advert(&r, T0 + MS(400), 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(400) + US(721875));
}

static void preempt_delay_is_not_the_owners(void)
{
	struct rig r = active(255, MS(200));

	r.cfg.preempt_delay = MS(60000);
	advert(&r, T0, 255, HIGHER, MS(200));
	advert(&r, T0 + MS(10), 254, HIGHER, MS(200));
	DID(&r, "count rx-lower\n");
	timer(&r, r.st.deadline);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void preempt_delay_is_not_asked_in_active(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.preempt_delay = MS(60000);
	advert(&r, T0 + MS(50), 99, HIGHER, MS(10));
	DID(&r, "count rx-lower\nsend 100\n");
	CHECK_NUM(r.st.deadline, T0 + MS(200));
}

static void preempt_delay_times_saturate(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt_delay = ~(u64)0;
	advert(&r, ~(u64)0 - 5, 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, ~(u64)0);
}

/* resign is not in the RFC. */

static void resign(struct rig *r, u64 now, u64 until)
{
	feed(r, &(struct hak_fsm_event){ .type = HAK_EV_RESIGN, .now = now, .until = until });
}

static void resign_lets_go_and_stays_in_the_election(void)
{
	struct rig r = active(100, MS(200));

	resign(&r, T0, HAK_FSM_NEVER);
	DID(&r, "vips off\nsend 0\nannounce off\narm 5721.875000\n"
	    "notify Active > Backup resigned\n");
	/* A lower one is Active now and is left alone, for ever. */
	advert(&r, T0 + MS(300), 50, LOWER, MS(200));
	DID(&r, "arm 6021.875000\n");
	advert(&r, T0 + MS(600000), 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(600000) + US(721875));
	/* Until it is gone. */
	timer(&r, r.st.deadline);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
	CHECK(!r.st.resigned);
}

static void resign_steps_in_when_nobody_does(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0, 50, LOWER, MS(1000));
	resign(&r, T0, HAK_FSM_NEVER);
	CHECK_NUM(r.st.deadline, T0 + US(721875));
	timer(&r, r.st.deadline);
	DID(&r, "vips on\nsend 100\nannounce on\narm 5921.875000\n"
	    "notify Backup > Active nobody\n");
}

static void resign_ends_with_its_time(void)
{
	struct rig r = active(100, MS(200));

	resign(&r, T0, T0 + MS(500));
	advert(&r, T0 + MS(499), 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(499) + US(721875));
	advert(&r, T0 + MS(500), 50, LOWER, MS(200));
	DID(&r, "count rx-lower\n");
	CHECK(!r.st.resigned);
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_PREEMPTED);
}

static void resign_in_backup_calls_off_a_takeover(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(200));
	advert(&r, T0 + MS(100), 0, HIGHER, MS(200));
	advert(&r, T0 + MS(110), 50, LOWER, MS(200));
	resign(&r, T0 + MS(200), HAK_FSM_NEVER);
	DID(&r, "arm 5921.875000\n");
	CHECK(!r.st.released && !r.st.lower_heard);
	r = waiting(MS(1500));
	resign(&r, T0 + MS(300), HAK_FSM_NEVER);
	CHECK(!r.st.waiting);
	advert(&r, T0 + MS(400), 50, LOWER, MS(200));
	CHECK(!r.st.waiting);
	CHECK_NUM(r.st.deadline, T0 + MS(400) + US(721875));
}

static void resign_outlives_initialize(void)
{
	struct rig r = new_rig(100, MS(200));

	resign(&r, T0, HAK_FSM_NEVER);
	DID(&r, "");
	feed_type(&r, HAK_EV_STARTUP, T0);
	advert(&r, T0 + MS(100), 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(100) + US(721875));
	feed_type(&r, HAK_EV_SHUTDOWN, T0 + MS(200));
	CHECK(r.st.resigned);
}

static void resign_of_an_owner(void)
{
	struct rig r = new_rig(255, MS(200));

	resign(&r, T0, T0 + MS(1000));
	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
	advert(&r, T0 + MS(100), 254, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(100) + MS(600) + 781250);
	/* Over: as if it had given way to an owner. */
	advert(&r, T0 + MS(1000), 254, LOWER, MS(200));
	DID(&r, "count rx-lower\n");
	r = backup(100, MS(200));
	resign(&r, T0, T0 + MS(100));
	r.cfg.priority = 255;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(50));
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
	r = backup(100, MS(200));
	resign(&r, T0, T0 + MS(100));
	r.cfg.priority = 255;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(100));
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void resign_does_not_keep_from_answering(void)
{
	struct rig r = backup(100, MS(200));

	resign(&r, T0, HAK_FSM_NEVER);
	timer(&r, r.st.deadline);
	advert(&r, T0 + MS(800), 50, LOWER, MS(200));
	DID(&r, "count rx-lower\nsend 100\n");
}

/* Sync groups are not in the RFC. */

static struct rig member(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.grouped = true;
	return r;
}

static void group_member_is_ready_and_asks_again(void)
{
	struct rig r = member();

	timer(&r, r.st.deadline);
	DID(&r, "ready\narm 5921.875000\n");
	CHECK(r.st.ready);
	timer(&r, r.st.deadline);
	DID(&r, "ready\narm 6121.875000\n");
	feed_type(&r, HAK_EV_GROUP_ON, T0 + MS(1200));
	DID(&r, "vips on\nsend 100\nannounce on\narm 6400.000000\n"
	    "notify Backup > Active nobody\n");
	CHECK(!r.st.ready);
	feed_type(&r, HAK_EV_GROUP_ON, T0 + MS(1300));
	DID(&r, "");
}

static void group_member_is_not_ready_when_somebody_is_heard(void)
{
	struct rig r = member();

	timer(&r, r.st.deadline);
	advert(&r, T0 + MS(800), 50, LOWER, MS(200));
	CHECK(r.st.ready);
	advert(&r, T0 + MS(810), 200, HIGHER, MS(200));
	CHECK(!r.st.ready);
	timer(&r, r.st.deadline);
	advert(&r, r.st.deadline, 0, HIGHER, MS(200));
	CHECK(!r.st.ready && r.st.released);
	timer(&r, r.st.deadline);
	CHECK(r.st.ready && r.st.released);
	r.cfg.preempt_delay = MS(5000);
	advert(&r, r.st.deadline, 50, LOWER, MS(200));
	CHECK(!r.st.ready);
}

static void group_pulls_a_member_that_waits(void)
{
	struct rig r = member();

	advert(&r, T0 + MS(10), 200, HIGHER, MS(200));
	feed_type(&r, HAK_EV_GROUP_ON, T0 + MS(20));
	DID(&r, "vips on\nsend 100\nannounce on\narm 5220.000000\n"
	    "notify Backup > Active group\n");
}

static void group_makes_a_member_let_go(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.grouped = true;
	feed_type(&r, HAK_EV_GROUP_OFF, T0);
	DID(&r, "vips off\nsend 0\nannounce off\narm 5721.875000\n"
	    "notify Active > Backup group\n");
	CHECK(!r.st.resigned);
	feed_type(&r, HAK_EV_GROUP_OFF, T0);
	DID(&r, "");
}

static void group_does_not_start_anybody(void)
{
	struct rig r = new_rig(100, MS(200));

	feed_type(&r, HAK_EV_GROUP_ON, T0);
	DID(&r, "");
	feed_type(&r, HAK_EV_GROUP_OFF, T0);
	DID(&r, "");
}

static void group_left_by_a_member_that_is_ready(void)
{
	struct rig r = member();

	timer(&r, r.st.deadline);
	r.cfg.priority = 101;
	feed_type(&r, HAK_EV_CONFIG, r.st.deadline - 1);
	DID(&r, "");
	CHECK(r.st.ready);
	r.cfg.grouped = false;
	feed_type(&r, HAK_EV_CONFIG, r.st.deadline - 1);
	CHECK(!r.st.ready && r.out.n == 1);
	timer(&r, T0 + MS(5000));
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void group_member_knows_why_after_preempt_delay(void)
{
	struct rig r = member();

	r.cfg.preempt_delay = MS(300);
	advert(&r, T0 + MS(600), 50, LOWER, MS(200));
	advert(&r, T0 + MS(800), 50, LOWER, MS(200));
	CHECK_NUM(r.st.deadline, T0 + MS(900));
	timer(&r, r.st.deadline);
	feed_type(&r, HAK_EV_GROUP_ON, T0 + MS(900));
	CHECK_NUM(r.out.act[4].why, HAK_WHY_PREEMPTED);
}

/* 6.4.3 Active */

/* 16 */
static void s6_4_3_shutdown_sends_priority_zero(void)
{
	struct rig r = active(100, MS(200));

	feed_type(&r, HAK_EV_SHUTDOWN, T0);
	DID(&r, "vips off\nsend 0\nannounce off\ncancel\n"
	    "notify Active > Initialize shutdown\n");
	CHECK(!r.st.armed);
}

static void s6_4_3_link_down_sends_nothing(void)
{
	struct rig r = active(100, MS(200));

	feed_type(&r, HAK_EV_LINK_DOWN, T0);
	DID(&r, "vips off\nannounce off\ncancel\nnotify Active > Initialize shutdown\n");
}

static void s6_4_3_adver_timer_sends_and_restarts(void)
{
	struct rig r = active(100, MS(200));

	timer(&r, T0 + MS(200));
	DID(&r, "send 100\narm 5400.000000\n");
}

/* 46 */
static void s6_4_3_priority_zero_is_answered_and_restarts_timer(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0 + MS(50), 0, LOWER, MS(200));
	DID(&r, "send 100\narm 5250.000000\n");
	advert(&r, T0 + MS(60), 0, HIGHER, MS(200));
	DID(&r, "send 100\narm 5260.000000\n");
}

/* 40, 47 */
static void s6_4_3_higher_priority_yields(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0 + MS(50), 200, LOWER, MS(1000));
	DID(&r, "vips off\nannounce off\narm 8659.375000\n"
	    "notify Active > Backup higher-priority\n");
	CHECK_NUM(r.st.interval, MS(1000));
	timer(&r, r.st.deadline);
	DID(&r, "vips on\nsend 100\nannounce on\narm 8859.375000\n"
	    "notify Backup > Active no-advert\n");
}

/* 41 */
static void s6_4_3_equal_priority_higher_address_yields(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0 + MS(50), 100, HIGHER, MS(200));
	DID(&r, "vips off\nannounce off\narm 5771.875000\n"
	    "notify Active > Backup higher-address\n");
}

/* 41 */
static void s6_4_3_equal_priority_lower_address_is_answered(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0 + MS(50), 100, LOWER, MS(200));
	DID(&r, "count rx-lower\nsend 100\n");
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

/* 43, 44 */
static void s6_4_3_lower_priority_is_answered_cadence_stays(void)
{
	struct rig r = active(100, MS(200));
	u32 epoch = r.st.epoch;

	advert(&r, T0 + MS(50), 99, HIGHER, MS(10));
	DID(&r, "count rx-lower\nsend 100\n");
	CHECK_NUM(r.st.deadline, T0 + MS(200));
	CHECK_NUM(r.st.epoch, epoch);
}

/* 45: 10,000 a second for 2 s bring no more than 100 answers a second */
static void s6_4_3_answers_are_limited(void)
{
	struct rig r = active(100, MS(1000));
	u32 i, sent = 0;

	r.st.deadline = T0 + MS(10000);
	for (i = 0; i < 20000; i++) {
		advert(&r, T0 + i * US(100), 50, HIGHER, MS(1000));
		sent += r.out.n == 2;
	}
	CHECK_NUM(sent, 200);
	CHECK_NUM(r.st.deadline, T0 + MS(10000));
}

static void s6_4_3_answer_gap_is_exact(void)
{
	struct rig r = active(100, MS(1000));

	advert(&r, T0, 50, HIGHER, MS(1000));
	DID(&r, "count rx-lower\nsend 100\n");
	advert(&r, T0 + HAK_FSM_REPLY_GAP - 1, 50, HIGHER, MS(1000));
	DID(&r, "count rx-lower\n");
	advert(&r, T0 + HAK_FSM_REPLY_GAP, 50, HIGHER, MS(1000));
	DID(&r, "count rx-lower\nsend 100\n");
	/* Arrival times may go back a little between two CPUs. */
	advert(&r, T0, 50, HIGHER, MS(1000));
	DID(&r, "count rx-lower\nsend 100\n");
}

/* 117: stood still for two seconds; the queue is full of what the other one sent */
static void s6_4_3_after_a_stall_one_advert_is_the_answer(void)
{
	struct rig r = active(100, MS(100));
	u64 late;
	u32 i;

	r.st.deadline = T0;
	late = T0 + MS(2000);
	timer(&r, late);
	CHECK_NUM(r.st.deadline, late + MS(100));
	for (i = 0; i < 20; i++) {
		advert(&r, late + MS(2) * i, 50, HIGHER, MS(100));
		DID(&r, "count rx-lower\n");
	}
	advert(&r, late + MS(49), 0, HIGHER, MS(100));
	DID(&r, "");
	advert(&r, late + MS(50), 50, HIGHER, MS(100));
	DID(&r, "count rx-lower\nsend 100\n");
	/* A beat that is late by less is no stall. */
	r = active(100, MS(100));
	r.st.deadline = T0;
	timer(&r, T0 + MS(100) - 1);
	advert(&r, T0 + MS(100), 50, HIGHER, MS(100));
	DID(&r, "count rx-lower\nsend 100\n");
}

/* A looped or forged release does not make us flood either. */
static void s6_4_3_flood_of_priority_0_is_limited(void)
{
	struct rig r = active(100, MS(1000));
	u32 i, sent = 0;

	for (i = 0; i < 20000; i++) {
		advert(&r, T0 + i * US(100), 0, HIGHER, MS(1000));
		sent += r.out.n == 2;
	}
	CHECK_NUM(sent, 200);
}

/* The limit of one Active period does not silence the next. */
static void s6_4_3_first_answer_of_each_active_is_at_once(void)
{
	struct rig r = active(100, MS(200));

	advert(&r, T0, 50, HIGHER, MS(10));
	advert(&r, T0 + 1, 0xc8, HIGHER, MS(10));
	advert(&r, T0 + 2, 0, HIGHER, MS(10));
	r.st.deadline = T0 + 3;
	timer(&r, T0 + 3);
	advert(&r, T0 + 4, 50, HIGHER, MS(10));
	DID(&r, "count rx-lower\nsend 100\n");
}

static void s6_4_3_startup_again_does_nothing(void)
{
	struct rig r = active(100, MS(200));

	feed_type(&r, HAK_EV_STARTUP, T0);
	DID(&r, "");
}

/* 50 */
static void s6_4_3_owner_against_owner(void)
{
	struct rig r = active(255, MS(200));

	advert(&r, T0, 255, LOWER, MS(200));
	DID(&r, "count rx-lower\nsend 255\n");
	advert(&r, T0, 255, HIGHER, MS(200));
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
}

/* 51 */
static void s6_4_3_owner_answers_anybody_else_with_255(void)
{
	struct rig r = active(255, MS(200));

	advert(&r, T0, 200, HIGHER, MS(200));
	DID(&r, "count rx-lower\nsend 255\n");
	advert(&r, T0 + MS(50), 254, HIGHER, MS(200));
	DID(&r, "count rx-lower\nsend 255\n");
}

static void s6_4_3_preempt_is_not_asked_in_active(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.preempt = false;
	advert(&r, T0, 99, HIGHER, MS(200));
	DID(&r, "count rx-lower\nsend 100\n");
	advert(&r, T0 + MS(50), 101, LOWER, MS(200));
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
}

/* 48, 49: not RFC; our own address is never a peer */
static void own_source_is_ignored_in_every_state(void)
{
	static const u8 priority[] = { 0, 50, 100, 200, 255 };
	struct rig r;
	size_t i;

	for (i = 0; i < TAP_COUNT(priority); i++) {
		r = new_rig(100, MS(200));
		advert(&r, T0, priority[i], 0, MS(10));
		DID(&r, "");
		r = backup(100, MS(200));
		advert(&r, T0, priority[i], 0, MS(10));
		DID(&r, "");
		r = active(100, MS(200));
		advert(&r, T0, priority[i], 0, MS(10));
		DID(&r, "");
		CHECK_NUM(r.st.deadline, T0 + MS(200));
	}
}

/* Timers */

/* 21 and the examples of 6.1 */
static void timing_of_down_and_skew(void)
{
	static const struct {
		u8 priority;
		u32 csec;
		u64 down_ns;
	} want[] = {
		{ 1, 20, 799218750 }, { 100, 20, 721875000 }, { 254, 20, 601562500 },
		{ 100, 100, 3609375000 }, { 100, 10, 360937500 }, { 100, 1, 36093750 },
		{ 254, 1, 30078125 }, { 100, 4095, 147803906250 },
	};
	size_t i;

	for (i = 0; i < TAP_COUNT(want); i++) {
		struct rig r = backup(want[i].priority, want[i].csec * HAK_NSEC_PER_CSEC);

		CHECK_NUM(r.st.deadline - T0, want[i].down_ns);
	}
	CHECK_NUM(skew(255, MS(10)), 39062);
	CHECK_NUM(skew(0, MS(10)), MS(10));
}

/* 26: 1 cs, silence: 36.09 ms */
static void timing_one_centisecond_silence(void)
{
	struct rig r = backup(100, MS(10));

	advert(&r, T0 + MS(5), 200, HIGHER, MS(10));
	CHECK_NUM(r.st.deadline, T0 + MS(5) + 36093750);
}

/* 27: the higher Backup is first by 100/256 of an interval */
static void timing_higher_backup_is_first(void)
{
	struct rig a = backup(200, MS(10)), b = backup(100, MS(10));

	advert(&a, T0, 254, HIGHER, MS(10));
	advert(&b, T0, 254, HIGHER, MS(10));
	CHECK_NUM(b.st.deadline - a.st.deadline, MS(1000) / 256);
}

/* 31: the parser masks reserved bits; here: the largest interval there is */
static void timing_largest_values(void)
{
	struct rig r = new_rig(1, MS(40950));

	r.cfg.down_adverts = 100;
	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.deadline - T0, 100 * MS(40950) + MS(40950) * 255 / 256);
}

static void timing_down_adverts(void)
{
	struct rig r = new_rig(100, MS(200));

	r.cfg.down_adverts = 1;
	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.deadline - T0, US(321875));
}

/* Late by less than an interval: the cadence is absolute. */
static void adver_timer_late_keeps_cadence(void)
{
	struct rig r = active(100, MS(200));

	timer(&r, T0 + MS(200) + US(700));
	DID(&r, "send 100\narm 5400.000000\n");
	timer(&r, T0 + MS(600) - 1);
	DID(&r, "send 100\narm 5600.000000\n");
}

/* 117: late by more: one advert, then the next beat that is still to come */
static void adver_timer_after_stall_catches_up_once(void)
{
	struct rig r = active(100, MS(200));

	timer(&r, T0 + MS(400));
	DID(&r, "send 100\narm 5600.000000\n");
	timer(&r, T0 + MS(2650));
	DID(&r, "send 100\narm 7800.000000\n");
	timer(&r, T0 + MS(2800) + MS(200) * 1000000ULL);
	CHECK_NUM(r.st.deadline, T0 + MS(3000) + MS(200) * 1000000ULL);
}

static void adver_timer_no_drift_over_many_beats(void)
{
	struct rig r = active(100, MS(10));
	u32 i;

	for (i = 0; i < 1000; i++)
		timer(&r, r.st.deadline + i * 977 % MS(9));
	CHECK_NUM(r.st.deadline, T0 + MS(10) * 1001);
}

static void timer_with_old_epoch_is_dropped(void)
{
	struct rig r = backup(100, MS(200));
	u32 old = r.st.epoch;

	advert(&r, T0 + MS(700), 200, HIGHER, MS(200));
	feed(&r, &(struct hak_fsm_event){
		.type = HAK_EV_TIMER, .now = T0 + MS(722), .epoch = old,
	});
	DID(&r, "");
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
}

/* Cancelled while it fired: the epoch moved on, also for the next start. */
static void timer_after_cancel_is_dropped(void)
{
	struct rig r = backup(100, MS(200));
	u32 old = r.st.epoch;

	feed_type(&r, HAK_EV_SHUTDOWN, T0);
	feed(&r, &(struct hak_fsm_event){ .type = HAK_EV_TIMER, .now = MS(90000), .epoch = old });
	DID(&r, "");
	timer(&r, MS(90000));
	DID(&r, "");
	feed_type(&r, HAK_EV_STARTUP, T0);
	feed(&r, &(struct hak_fsm_event){ .type = HAK_EV_TIMER, .now = MS(90000), .epoch = old });
	DID(&r, "");
}

static void timer_too_early_is_armed_again(void)
{
	struct rig r = backup(100, MS(200));

	timer(&r, T0 + US(721875) - 1);
	DID(&r, "arm 5721.875000\n");
	timer(&r, T0 + US(721875));
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void epoch_wraps(void)
{
	struct rig r = backup(100, MS(200));

	r.st.epoch = ~0U;
	advert(&r, T0, 200, HIGHER, MS(200));
	CHECK_NUM(r.st.epoch, 0);
	timer(&r, r.st.deadline);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

/* Configuration */

static void config_backup_priority_moves_deadline(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(1000));
	r.cfg.priority = 150;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(500));
	CHECK_NUM(r.out.n, 1);
	CHECK_NUM(r.st.deadline - T0, MS(3000) + MS(1000) / 256 * 106);
	CHECK_NUM(r.st.heard_at, T0);
}

static void config_backup_down_adverts_moves_deadline(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.down_adverts = 5;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(500));
	DID(&r, "arm 6121.875000\n");
	r.cfg.down_adverts = 1;	/* a deadline in the past fires at once */
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(500));
	DID(&r, "arm 5321.875000\n");
	timer(&r, T0 + MS(500));
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void config_backup_released_keeps_skew(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 0, HIGHER, MS(200));
	r.cfg.priority = 200;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(1));
	CHECK_NUM(r.st.deadline - T0, MS(200) / 256 * 56);
	r.cfg.down_adverts = 9;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(2));
	DID(&r, "");
}

static void config_backup_interval_counts_until_somebody_is_heard(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.interval = MS(100);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "arm 5360.937500\n");
	advert(&r, T0 + MS(20), 200, HIGHER, MS(1000));
	r.cfg.interval = MS(50);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(30));
	DID(&r, "");
	CHECK_NUM(r.st.interval, MS(1000));
}

static void config_backup_to_owner_is_active_at_once(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(1000));
	r.cfg.priority = 255;
	r.cfg.preempt = false;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "vips on\nsend 255\nannounce on\narm 5210.000000\n"
	    "notify Backup > Active startup\n");
}

/* An owner that lost to an owner must not fight at each change of something. */
static void config_yielded_owner_stays_in_backup(void)
{
	struct rig r = active(255, MS(200));

	advert(&r, T0, 255, HIGHER, MS(200));
	r.cfg.interval = MS(100);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "");
	r.cfg.priority = 100;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "arm 5721.875000\n");
	r.cfg.priority = 255;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

static void config_backup_nothing_relevant(void)
{
	struct rig r = backup(100, MS(200));

	r.cfg.preempt = false;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "");
}

/* 111, 112 */
static void config_active_priority_is_advertised_at_once(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.priority = 40;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(30));
	DID(&r, "send 40\narm 5230.000000\n");
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(40));
	DID(&r, "");
}

static void config_active_interval_is_advertised_at_once(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.interval = MS(1000);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(30));
	DID(&r, "send 100\narm 6030.000000\n");
}

static void config_active_nothing_relevant(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.preempt = false;
	r.cfg.down_adverts = 7;
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(30));
	DID(&r, "");
}

static void config_owner_loses_ownership_and_yields_later(void)
{
	struct rig r = active(255, MS(200));

	r.cfg.priority = 100;
	feed_type(&r, HAK_EV_CONFIG, T0);
	DID(&r, "send 100\narm 5200.000000\n");
	advert(&r, T0 + MS(1), 150, LOWER, MS(200));
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
}

static void config_to_owner_after_a_life_as_owner(void)
{
	struct rig r = active(255, MS(200));

	feed_type(&r, HAK_EV_SHUTDOWN, T0);
	r.cfg.priority = 100;
	feed_type(&r, HAK_EV_STARTUP, T0);
	CHECK_NUM(r.st.state, HAK_STATE_BACKUP);
	r.cfg.priority = 255;
	feed_type(&r, HAK_EV_CONFIG, T0);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
}

/* A new start has forgotten what was learned. */
static void restart_starts_clean(void)
{
	struct rig r = backup(100, MS(200));

	advert(&r, T0, 200, HIGHER, MS(1000));
	advert(&r, T0, 50, HIGHER, MS(1000));
	advert(&r, T0, 0, HIGHER, MS(1000));
	feed_type(&r, HAK_EV_LINK_DOWN, T0);
	feed_type(&r, HAK_EV_STARTUP, T0);
	DID(&r, "arm 5721.875000\nnotify Initialize > Backup startup\n");
	timer(&r, r.st.deadline);
	CHECK_NUM(r.out.act[4].why, HAK_WHY_NOBODY);
}

/* Robustness */

static void huge_times_saturate(void)
{
	struct rig r = new_rig(100, MS(200));
	u64 end = TIME_MAX;

	feed_type(&r, HAK_EV_STARTUP, end - 5);
	CHECK_NUM(r.st.deadline, end);
	advert(&r, end - 4, 200, HIGHER, end);
	CHECK_NUM(r.st.deadline, end);
	advert(&r, 0, 200, HIGHER, end / 2);
	CHECK_NUM(r.st.deadline, end);
	advert(&r, 0, 200, HIGHER, end / 4);
	CHECK_NUM(r.st.deadline, end / 4 * 3 + skew(100, end / 4));
	advert(&r, end - 1, 0, HIGHER, 1);
	CHECK_NUM(r.st.deadline, end);
	timer(&r, end);
	CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
	timer(&r, end);
	DID(&r, "send 100\narm 18446744073709.551615\n");
	r.cfg.interval = end;
	feed_type(&r, HAK_EV_CONFIG, end);
	CHECK_NUM(r.st.deadline, end);
}

static void interval_zero_does_not_hang(void)
{
	struct rig r = active(100, MS(200));

	r.cfg.interval = 0;	/* against the contract */
	timer(&r, T0 + MS(900));
	DID(&r, "send 100\narm 5200.000000\n");
}

static void unknown_event_does_nothing(void)
{
	struct rig r = active(100, MS(200));

	feed_type(&r, (enum hak_fsm_event_type)77, T0);
	DID(&r, "");
}

/* No event leads there, so the helper is asked alone. */
static void a_ninth_action_is_overflow_not_a_write(void)
{
	struct {
		struct hak_fsm_out out;
		u8 after[64];
	} box;
	u8 guard[64];
	u32 i;

	memset(&box, 0x77, sizeof(box));
	memset(guard, 0x77, sizeof(guard));
	box.out.n = 0;
	box.out.overflow = false;
	for (i = 0; i < HAK_FSM_MAX_ACTIONS; i++)
		emit(&box.out, &(struct hak_fsm_action){ .type = HAK_ACT_CANCEL });
	CHECK(!box.out.overflow);
	emit(&box.out, &(struct hak_fsm_action){ .type = HAK_ACT_CANCEL });
	CHECK(box.out.overflow);
	CHECK_NUM(box.out.n, HAK_FSM_MAX_ACTIONS);
	CHECK(!memcmp(box.after, guard, sizeof(guard)));
}

static void arithmetic_equals_division(void)
{
	u64 a = 0x123456789abcdefULL, b = 1, x;
	u32 i;

	for (i = 0; i < 20000; i++) {
		a = a * 6364136223846793005ULL + 1442695040888963407ULL;
		b = b * 2862933555777941757ULL + 3037000493ULL;
		x = b >> i % 64;
		if (!x)
			x = 1;
		CHECK_NUM(rem64(a, x), a % x);
		CHECK_NUM(skew((u8)i, a >> 9), (a >> 9) * (256 - (u8)i) / 256);
		CHECK_NUM(sat_mul(a >> 32, (u32)b), (a >> 32) * (u32)b);
	}
	CHECK_NUM(rem64(5, 7), 5);
	CHECK_NUM(rem64(TIME_MAX, 1), 0);
	CHECK_NUM(rem64(TIME_MAX, TIME_MAX), 0);
	CHECK_NUM(sat_mul(TIME_MAX, 1), TIME_MAX);
	CHECK_NUM(sat_mul(TIME_MAX / 2, 3), TIME_MAX);
	CHECK_NUM(skew(0, TIME_MAX), TIME_MAX);
	CHECK_NUM(sat_add(TIME_MAX, 0), TIME_MAX);
	CHECK_NUM(sat_add(TIME_MAX, 1), TIME_MAX);
}

/* The invariants must be able to fail: doctored steps are found out. */
static bool found_out(const struct rig *was, const struct rig *is, const struct hak_fsm_event *ev)
{
	return fsm_check(&was->cfg, &was->st, ev, &is->st, &is->out);
}

static void invariants_find_doctored_steps(void)
{
	struct hak_fsm_event ev = { .type = HAK_EV_SHUTDOWN, .now = T0 };
	struct rig was = active(100, MS(200)), is = was, bad;
	u32 i;

	feed(&is, &ev);
	CHECK(!found_out(&was, &is, &ev));
	for (i = 0; i < is.out.n; i++) {	/* each action is needed */
		bad = is;
		memmove(bad.out.act + i, bad.out.act + i + 1,
			(bad.out.n - i - 1) * sizeof(bad.out.act[0]));
		bad.out.n--;
		CHECK_MSG(found_out(&was, &bad, &ev), "without action %u", i);
	}
	bad = is;
	bad.st.armed = true;
	CHECK(found_out(&was, &bad, &ev));
	bad = is;
	bad.st.epoch--;
	CHECK(found_out(&was, &bad, &ev));
	bad = is;
	bad.st.state = (enum hak_state)4;
	CHECK(found_out(&was, &bad, &ev));
	bad = is;
	bad.out.overflow = true;
	CHECK(found_out(&was, &bad, &ev));
}

static void invariants_find_moved_timers(void)
{
	struct hak_fsm_event ev = {
		.type = HAK_EV_ADVERT, .now = T0, .priority = 50,
		.src_cmp = LOWER, .interval = MS(200),
	};
	struct rig was = active(100, MS(200)), is = was;

	feed(&is, &ev);
	is.st.deadline++;
	CHECK(found_out(&was, &is, &ev));
	was = backup(100, MS(200));
	is = was;
	feed(&is, &ev);
	is.st.interval++;
	CHECK(found_out(&was, &is, &ev));
	ev.src_cmp = 0;
	is = was;
	is.out.n = 0;
	is.st.lower_heard = true;
	CHECK(found_out(&was, &is, &ev));
}

/* Version 2, RFC 3768 section 6 */

static struct rig v2(struct rig r)
{
	r.cfg.version = 2;
	return r;
}

/* 38: (256 - priority) / 256 of a second, whatever the interval is */
static void v2_skew_is_of_a_second(void)
{
	static const struct {
		u8 priority;
		u32 seconds;
		u64 down_ns;
	} want[] = {
		{ 100, 1, 3609375000 }, { 100, 10, 30609375000 }, { 254, 1, 3007812500 },
		{ 1, 1, 3996093750 }, { 1, 255, 765996093750 },
	};
	size_t i;

	for (i = 0; i < TAP_COUNT(want); i++) {
		struct rig r = v2(new_rig(want[i].priority, MS(1000) * want[i].seconds));

		feed_type(&r, HAK_EV_STARTUP, T0);
		CHECK_NUM(r.st.deadline - T0, want[i].down_ns);
		advert(&r, T0 + 1, 0, LOWER, r.cfg.interval);
		CHECK_NUM(r.st.deadline - T0 - 1, want[i].down_ns % MS(1000));
	}
}

static void v2_active_does_not_answer_inferior(void)
{
	struct rig r = v2(active(100, MS(1000)));

	advert(&r, T0, 50, HIGHER, MS(1000));
	DID(&r, "count rx-lower\n");
	advert(&r, T0 + MS(100), 100, LOWER, MS(1000));
	DID(&r, "count rx-lower\n");
	CHECK_NUM(r.st.deadline, T0 + MS(1000));
	timer(&r, T0 + MS(1000));
	DID(&r, "send 100\narm 7000.000000\n");
}

static void v2_active_yields_to_superior(void)
{
	struct rig r = v2(active(100, MS(1000)));

	advert(&r, T0, 100, HIGHER, MS(1000));
	DID(&r, "vips off\nannounce off\narm 8609.375000\n"
	    "notify Active > Backup higher-address\n");
}

static void v2_active_answers_priority_zero(void)
{
	struct rig r = v2(active(100, MS(1000)));

	advert(&r, T0 + MS(50), 0, LOWER, MS(1000));
	DID(&r, "send 100\narm 6050.000000\n");
}

/* Not even one of another owner with a higher address, unlike version 3. */
static void v2_owner_takes_no_advert(void)
{
	static const u8 heard[] = { 0, 1, 254, 255 };
	struct rig r = v2(active(255, MS(1000)));
	size_t i;

	for (i = 0; i < TAP_COUNT(heard); i++) {
		advert(&r, T0 + MS(i), heard[i], HIGHER, MS(1000));
		DID(&r, "count rx-lower\n");
		CHECK_NUM(r.st.state, HAK_STATE_ACTIVE);
		CHECK_NUM(r.st.deadline, T0 + MS(1000));
	}
}

static void v2_owner_in_initialize_does_nothing(void)
{
	struct rig r = v2(new_rig(255, MS(1000)));

	advert(&r, T0, 255, HIGHER, MS(1000));
	DID(&r, "");
}

/* Nothing is learned: a new interval of our own counts at once. */
static void v2_backup_counts_with_its_own_interval(void)
{
	struct rig r = v2(backup(100, MS(1000)));

	advert(&r, T0, 200, HIGHER, MS(1000));
	r.cfg.interval = MS(2000);
	feed_type(&r, HAK_EV_CONFIG, T0 + MS(10));
	DID(&r, "arm 11609.375000\n");
}

/* The invariants know version 2: what version 3 does is found out. */
static void v2_invariants_find_version_3(void)
{
	struct hak_fsm_event ev = {
		.type = HAK_EV_ADVERT, .now = T0, .priority = 50,
		.src_cmp = HIGHER, .interval = MS(1000),
	};
	struct rig was = active(100, MS(1000)), is = was;

	feed(&is, &ev);
	CHECK(!found_out(&was, &is, &ev));
	was = v2(was);
	CHECK(found_out(&was, &is, &ev));
	was = active(255, MS(1000));
	is = was;
	ev.priority = 255;
	feed(&is, &ev);
	CHECK(!found_out(&was, &is, &ev));
	was = v2(was);
	CHECK(found_out(&was, &is, &ev));
}

const struct tap_test fsm_tests[] = {
	TAP_TEST(s6_4_1_startup_owner_sends_announces_and_is_active),
	TAP_TEST(s6_4_1_startup_owner_without_preempt),
	TAP_TEST(s6_4_1_startup_other_waits_active_down_interval),
	TAP_TEST(s6_4_1_advert_and_timer_are_ignored),
	TAP_TEST(s6_4_1_shutdown_link_and_config_do_nothing),
	TAP_TEST(s6_4_2_shutdown_cancels_and_sends_nothing),
	TAP_TEST(s6_4_2_link_down_cancels_and_sends_nothing),
	TAP_TEST(s6_4_2_timer_takes_over),
	TAP_TEST(s6_4_2_priority_zero_leaves_skew_time),
	TAP_TEST(s6_4_2_priority_zero_skew_of_learned_interval),
	TAP_TEST(s6_4_2_advert_after_priority_zero_restores_full_wait),
	TAP_TEST(s6_4_2_higher_priority_restarts_timer),
	TAP_TEST(s6_4_2_equal_priority_restarts_timer_from_any_address),
	TAP_TEST(s6_4_2_interval_is_learned),
	TAP_TEST(s6_4_2_preempt_off_accepts_lower),
	TAP_TEST(s6_4_2_preempt_off_priority_zero),
	TAP_TEST(s6_4_2_preempt_discards_lower),
	TAP_TEST(s6_4_2_lower_heard_is_forgotten_at_next_accepted),
	TAP_TEST(s6_4_2_startup_again_does_nothing),
	TAP_TEST(s6_4_2_owner_in_backup_preempts_whatever_is_configured),
	TAP_TEST(preempt_delay_leaves_a_lower_active_alone),
	TAP_TEST(preempt_delay_silence_is_taken_over_in_normal_time),
	TAP_TEST(preempt_delay_brings_nothing_forward),
	TAP_TEST(preempt_delay_begins_anew_after_an_accepted_advert),
	TAP_TEST(preempt_delay_lower_active_lets_go),
	TAP_TEST(preempt_delay_config_moves_the_end),
	TAP_TEST(preempt_delay_is_not_the_owners),
	TAP_TEST(preempt_delay_is_not_asked_in_active),
	TAP_TEST(preempt_delay_times_saturate),
	TAP_TEST(resign_lets_go_and_stays_in_the_election),
	TAP_TEST(resign_steps_in_when_nobody_does),
	TAP_TEST(resign_ends_with_its_time),
	TAP_TEST(resign_in_backup_calls_off_a_takeover),
	TAP_TEST(resign_outlives_initialize),
	TAP_TEST(resign_of_an_owner),
	TAP_TEST(resign_does_not_keep_from_answering),
	TAP_TEST(group_member_is_ready_and_asks_again),
	TAP_TEST(group_member_is_not_ready_when_somebody_is_heard),
	TAP_TEST(group_pulls_a_member_that_waits),
	TAP_TEST(group_makes_a_member_let_go),
	TAP_TEST(group_does_not_start_anybody),
	TAP_TEST(group_left_by_a_member_that_is_ready),
	TAP_TEST(group_member_knows_why_after_preempt_delay),
	TAP_TEST(s6_4_3_shutdown_sends_priority_zero),
	TAP_TEST(s6_4_3_link_down_sends_nothing),
	TAP_TEST(s6_4_3_adver_timer_sends_and_restarts),
	TAP_TEST(s6_4_3_priority_zero_is_answered_and_restarts_timer),
	TAP_TEST(s6_4_3_higher_priority_yields),
	TAP_TEST(s6_4_3_equal_priority_higher_address_yields),
	TAP_TEST(s6_4_3_equal_priority_lower_address_is_answered),
	TAP_TEST(s6_4_3_lower_priority_is_answered_cadence_stays),
	TAP_TEST(s6_4_3_answers_are_limited),
	TAP_TEST(s6_4_3_answer_gap_is_exact),
	TAP_TEST(s6_4_3_after_a_stall_one_advert_is_the_answer),
	TAP_TEST(s6_4_3_flood_of_priority_0_is_limited),
	TAP_TEST(s6_4_3_first_answer_of_each_active_is_at_once),
	TAP_TEST(s6_4_3_startup_again_does_nothing),
	TAP_TEST(s6_4_3_owner_against_owner),
	TAP_TEST(s6_4_3_owner_answers_anybody_else_with_255),
	TAP_TEST(s6_4_3_preempt_is_not_asked_in_active),
	TAP_TEST(own_source_is_ignored_in_every_state),
	TAP_TEST(timing_of_down_and_skew),
	TAP_TEST(timing_one_centisecond_silence),
	TAP_TEST(timing_higher_backup_is_first),
	TAP_TEST(timing_largest_values),
	TAP_TEST(timing_down_adverts),
	TAP_TEST(adver_timer_late_keeps_cadence),
	TAP_TEST(adver_timer_after_stall_catches_up_once),
	TAP_TEST(adver_timer_no_drift_over_many_beats),
	TAP_TEST(timer_with_old_epoch_is_dropped),
	TAP_TEST(timer_after_cancel_is_dropped),
	TAP_TEST(timer_too_early_is_armed_again),
	TAP_TEST(epoch_wraps),
	TAP_TEST(config_backup_priority_moves_deadline),
	TAP_TEST(config_backup_down_adverts_moves_deadline),
	TAP_TEST(config_backup_released_keeps_skew),
	TAP_TEST(config_backup_interval_counts_until_somebody_is_heard),
	TAP_TEST(config_backup_to_owner_is_active_at_once),
	TAP_TEST(config_yielded_owner_stays_in_backup),
	TAP_TEST(config_backup_nothing_relevant),
	TAP_TEST(config_active_priority_is_advertised_at_once),
	TAP_TEST(config_active_interval_is_advertised_at_once),
	TAP_TEST(config_active_nothing_relevant),
	TAP_TEST(config_owner_loses_ownership_and_yields_later),
	TAP_TEST(config_to_owner_after_a_life_as_owner),
	TAP_TEST(restart_starts_clean),
	TAP_TEST(huge_times_saturate),
	TAP_TEST(interval_zero_does_not_hang),
	TAP_TEST(unknown_event_does_nothing),
	TAP_TEST(a_ninth_action_is_overflow_not_a_write),
	TAP_TEST(arithmetic_equals_division),
	TAP_TEST(invariants_find_doctored_steps),
	TAP_TEST(invariants_find_moved_timers),
	TAP_TEST(v2_skew_is_of_a_second),
	TAP_TEST(v2_active_does_not_answer_inferior),
	TAP_TEST(v2_active_yields_to_superior),
	TAP_TEST(v2_active_answers_priority_zero),
	TAP_TEST(v2_owner_takes_no_advert),
	TAP_TEST(v2_owner_in_initialize_does_nothing),
	TAP_TEST(v2_backup_counts_with_its_own_interval),
	TAP_TEST(v2_invariants_find_version_3),
};
const size_t fsm_count = TAP_COUNT(fsm_tests);
