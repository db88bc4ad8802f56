// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sync groups: each branch of the decision, then machines of two members each on
 * two links, with loss, faults and cuts, in invented time. In quiet they agree on
 * one machine that is Active on both links, or, with a link that stays cut, at
 * least stop changing.
 */
#include "fsm_model.h"
#include "suites.h"
#include "vrrp_group.h"

#define MS(n)	((u64)(n) * HAK_NSEC_PER_MSEC)
#define T0	MS(5000)

static struct hak_group_sum sum(u32 active, u32 ready, u32 released)
{
	return (struct hak_group_sum){
		.members = 3, .active = active, .ready = ready, .released = released,
		.down = MS(400), .interval = MS(100),
	};
}

static void group_starts_when_all_are_ready(void)
{
	struct hak_group_state st = { 0 };
	struct hak_group_sum s = sum(0, 2, 0);

	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_STAY);
	s.ready = 3;
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_ON);
	s.stopped = 1;
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_STAY);
	s = sum(3, 0, 0);
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_STAY);
	s = (struct hak_group_sum){ 0 };
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_STAY);
}

static void group_follows_an_active_member(void)
{
	struct hak_group_state st = { 0 };
	struct hak_group_sum s = sum(1, 0, 0);

	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_ON);
}

static void group_follows_a_release_at_once(void)
{
	struct hak_group_state st = { 0 };
	struct hak_group_sum s = sum(0, 1, 1);

	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_ON);
}

static void group_lets_go_when_a_member_lost(void)
{
	struct hak_group_state st = { 0 };
	struct hak_group_sum s = sum(2, 0, 0);

	s.lost = true;
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_OFF);
	s.lost = false;
	s.active = 1;	/* they do it one by one */
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_OFF);
	s.active = 0;
	CHECK_NUM(hak_group_decide(&st, &s, T0, 1), HAK_GROUP_STAY);
	CHECK(!st.losing);
	/* Rule 3 has to wait, rule 2 has not. */
	s = sum(0, 1, 1);
	CHECK_NUM(hak_group_decide(&st, &s, T0 + MS(399), 1), HAK_GROUP_STAY);
	CHECK_NUM(hak_group_decide(&st, &s, T0 + MS(400), 1), HAK_GROUP_ON);
	s = sum(0, 3, 0);
	CHECK_NUM(hak_group_decide(&st, &s, T0 + 1, 1), HAK_GROUP_ON);
}

static void group_wavers_after_losses_in_succession(void)
{
	struct hak_group_state st = { 0 };
	struct hak_group_sum s = sum(0, 3, 0);
	u64 now = T0, longest = 0;
	u32 i;

	for (i = 0; i < 200; i++) {
		s.lost = true;
		hak_group_decide(&st, &s, now, 77);
		s.lost = false;
		CHECK_NUM(st.losses, i);
		if (i) {
			CHECK(st.hold_until >= now + MS(400));
			CHECK(st.hold_until <= now + MS(400) + 31 * MS(100));
			CHECK_NUM(hak_group_decide(&st, &s, st.hold_until - 1, 77),
				  HAK_GROUP_STAY);
			CHECK_NUM(hak_group_decide(&st, &s, st.hold_until, 77), HAK_GROUP_ON);
			longest = st.hold_until - now > longest ? st.hold_until - now : longest;
		}
		now += MS(1000);
	}
	CHECK(longest > MS(400) + 24 * MS(100));
	s.lost = true;
	hak_group_decide(&st, &s, now + 16 * MS(400), 77);
	CHECK_NUM(st.losses, 0);
}

/* ---- the simulation ---- */

#define NODES	3
#define LINKS	2
#define WIRE	(20 * 1000ULL)
#define FLIGHTS	256

struct flight {
	u64 at;
	u32 to, link;
	struct hak_fsm_event ev;
};

struct end {
	struct hak_fsm_cfg cfg;
	struct hak_fsm_state st;
	u8 priority;	/* its own */
	u32 rank;	/* of its address on the link */
	bool fault;
	bool lost;
};

struct world {
	struct end e[NODES][LINKS];
	struct hak_group_state group[NODES];
	bool cut[LINKS][NODES][NODES];
	u32 nodes;
	bool quiet;
	struct flight flight[FLIGHTS];
	u32 flights;
	u64 now, last_change, seed;
	unsigned long changes, takeovers;
	const char *error;
};

static u32 draw(struct world *w, u32 below)
{
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return (u32)(w->seed >> 24) % below;
}

static void send(struct world *w, u32 node, u32 link, u8 priority)
{
	const struct end *from = &w->e[node][link];
	u32 to;

	for (to = 0; to < w->nodes; to++) {
		if (to == node || w->cut[link][node][to] || w->flights == FLIGHTS ||
		    (!w->quiet && !draw(w, 5)))
			continue;
		w->flight[w->flights++] = (struct flight){
			.at = w->now + WIRE + (w->quiet ? 0 : MS(draw(w, 8))),
			.to = to, .link = link,
			.ev = {
				.type = HAK_EV_ADVERT, .priority = priority,
				.src_cmp = (int)from->rank - (int)w->e[to][link].rank,
				.interval = from->cfg.interval,
			},
		};
	}
}

static void step(struct world *w, u32 node, u32 link, struct hak_fsm_event ev)
{
	struct end *e = &w->e[node][link];
	struct hak_fsm_out out;
	const char *bad;
	u32 i;

	ev.now = w->now;
	bad = fsm_step_checked(&e->cfg, &e->st, &ev, &out);
	if (bad)
		w->error = bad;
	for (i = 0; i < out.n; i++) {
		if (out.act[i].type == HAK_ACT_SEND_ADVERT)
			send(w, node, link, out.act[i].priority);
		if (out.act[i].type != HAK_ACT_NOTIFY)
			continue;
		w->last_change = w->now;
		w->changes++;
		w->takeovers += out.act[i].to == HAK_STATE_ACTIVE;
		if (out.act[i].from == HAK_STATE_ACTIVE && ev.type == HAK_EV_ADVERT)
			e->lost = true;
	}
}

/* What the module reads before it runs the members: faults and the priority. */
static void look(struct world *w, u32 node)
{
	bool fault = false;
	u8 least = 254;
	u32 l;

	for (l = 0; l < LINKS; l++) {
		fault |= w->e[node][l].fault;
		if (w->e[node][l].priority < least)
			least = w->e[node][l].priority;
	}
	for (l = 0; l < LINKS; l++) {
		struct end *e = &w->e[node][l];
		bool runs = e->st.state != HAK_STATE_INITIALIZE;

		if (fault && runs)
			step(w, node, l, (struct hak_fsm_event){ .type = e->fault ?
			     HAK_EV_LINK_DOWN : HAK_EV_SHUTDOWN });
		else if (!fault && !runs)
			step(w, node, l, (struct hak_fsm_event){ .type = HAK_EV_STARTUP });
		if (e->cfg.priority != least) {
			e->cfg.priority = least;
			step(w, node, l, (struct hak_fsm_event){ .type = HAK_EV_CONFIG });
		}
	}
}

static enum hak_group_verdict decide(struct world *w, u32 node)
{
	struct hak_group_sum s = { .members = LINKS };
	u32 l;

	for (l = 0; l < LINKS; l++) {
		struct end *e = &w->e[node][l];
		u64 down = hak_fsm_down_time(&e->cfg, e->cfg.interval);
		bool ready = e->st.state == HAK_STATE_BACKUP && e->st.ready;

		s.active += e->st.state == HAK_STATE_ACTIVE;
		s.stopped += e->st.state == HAK_STATE_INITIALIZE;
		s.ready += ready;
		s.released += ready && e->st.released;
		s.lost |= e->lost;
		e->lost = false;
		s.down = down > s.down ? down : s.down;
		s.interval = e->cfg.interval;
	}
	return hak_group_decide(&w->group[node], &s, w->now, node * 7 + 1);
}

static void settle(struct world *w, u32 node)
{
	enum hak_group_verdict v;
	u32 l, active = 0, loops = 0;

	look(w, node);
	while ((v = decide(w, node)) != HAK_GROUP_STAY && ++loops < 10)
		for (l = 0; l < LINKS; l++)
			step(w, node, l, (struct hak_fsm_event){ .type = v == HAK_GROUP_ON ?
			     HAK_EV_GROUP_ON : HAK_EV_GROUP_OFF });
	if (loops == 10)
		w->error = "a group does not come to a decision";
	for (l = 0; l < LINKS; l++)
		active += w->e[node][l].st.state == HAK_STATE_ACTIVE;
	if (active && active != LINKS)
		w->error = "all Active or none";
}

static bool advance(struct world *w, u64 until)
{
	u32 i, node = 0, link = 0, best = FLIGHTS + 1;
	u64 at = until;

	for (i = 0; i < w->flights; i++)
		if (w->flight[i].at <= at) {
			at = w->flight[i].at;
			best = i;
		}
	for (i = 0; i < w->nodes * LINKS; i++) {
		const struct hak_fsm_state *st = &w->e[i / LINKS][i % LINKS].st;

		if (st->armed && st->deadline < at) {
			at = st->deadline;
			best = FLIGHTS;
			node = i / LINKS;
			link = i % LINKS;
		}
	}
	if (best > FLIGHTS)
		return false;
	if (at > w->now)
		w->now = at;
	if (best < FLIGHTS) {
		struct flight f = w->flight[best];

		w->flight[best] = w->flight[--w->flights];
		node = f.to;
		step(w, f.to, f.link, f.ev);
	} else {
		step(w, node, link, (struct hak_fsm_event){
			.type = HAK_EV_TIMER, .epoch = w->e[node][link].st.epoch,
		});
	}
	settle(w, node);
	return true;
}

static void run_for(struct world *w, u64 ns)
{
	u64 until = w->now + ns;

	while (!w->error && advance(w, until))
		;
	w->now = until;
}

static void new_world(struct world *w, u32 nodes, u64 seed)
{
	u32 n, l;

	memset(w, 0, sizeof(*w));
	w->nodes = nodes;
	w->seed = seed * 0x9e3779b97f4a7c15ULL + nodes;
	w->now = T0;
	for (n = 0; n < nodes; n++)
		for (l = 0; l < LINKS; l++) {
			struct end *e = &w->e[n][l];

			hak_fsm_init(&e->st);
			e->priority = (u8)(1 + draw(w, 3) * 50);
			/* The links do not agree on who has the higher address. */
			e->rank = l ? n : nodes - n;
			e->cfg = (struct hak_fsm_cfg){
				.priority = e->priority, .interval = MS(100),
				.down_adverts = 3, .preempt = true, .grouped = true,
			};
		}
}

static void start(struct world *w)
{
	u32 n;

	for (n = 0; n < w->nodes; n++)
		settle(w, n);
}

static void disturb(struct world *w)
{
	u32 node = draw(w, w->nodes), link = draw(w, LINKS), other = draw(w, w->nodes);

	switch (draw(w, 6)) {
	case 0:
	case 1:
		w->e[node][link].fault = !w->e[node][link].fault;
		break;
	case 2:
		w->cut[link][node][other] = !w->cut[link][node][other];
		break;
	case 3:
		w->e[node][link].priority = (u8)(1 + draw(w, 3) * 50);
		break;
	case 4:
		step(w, node, link, (struct hak_fsm_event){
			.type = HAK_EV_RESIGN, .until = w->now + MS(draw(w, 500)),
		});
		w->e[node][link].lost = w->e[node][link].st.state == HAK_STATE_BACKUP;
		break;
	case 5:
		w->e[node][link].cfg.preempt = !w->e[node][link].cfg.preempt;
		break;
	}
	settle(w, node);
}

/* How many machines are Active; all of it is checked to be all or none. */
static u32 actives(const struct world *w, u32 *who)
{
	u32 n, count = 0;

	for (n = 0; n < w->nodes; n++)
		if (w->e[n][0].st.state == HAK_STATE_ACTIVE) {
			*who = n;
			count++;
		}
	return count;
}

static void repair(struct world *w)
{
	u32 n, l;

	w->quiet = true;
	memset(w->cut, 0, sizeof(w->cut));
	for (n = 0; n < w->nodes; n++) {
		for (l = 0; l < LINKS; l++) {
			w->e[n][l].fault = false;
			w->e[n][l].cfg.preempt = true;
		}
		settle(w, n);
	}
}

static void converge(u32 nodes, u32 disturbances)
{
	static struct world w;
	unsigned long takeovers = 0;
	u32 i, d, n, who = 0;
	u64 judged;

	for (i = 1; i <= 400; i++) {
		new_world(&w, nodes, i);
		start(&w);
		for (d = 0; d < disturbances && !w.error; d++) {
			run_for(&w, MS(draw(&w, 900)));
			disturb(&w);
		}
		repair(&w);
		run_for(&w, MS(40000));
		if (!CHECK_MSG(!w.error, "run %u: %s", i, w.error))
			return;
		if (!CHECK_MSG(actives(&w, &who) == 1, "run %u: %u are Active", i,
			       actives(&w, &who)))
			return;
		for (n = 0; n < nodes; n++)
			CHECK_MSG(w.e[n][0].cfg.priority <= w.e[who][0].cfg.priority,
				  "run %u: a better machine is not Active", i);
		judged = w.now;
		run_for(&w, MS(20000));
		CHECK_MSG(w.last_change <= judged, "run %u: they do not stay so", i);
		takeovers += w.takeovers;
	}
	CHECK(takeovers >= 400);
}

static void two_machines_agree_on_all_links(void)
{
	converge(2, 0);
	converge(2, 40);
}

static void three_machines_agree_on_all_links(void)
{
	converge(3, 0);
	converge(3, 40);
}

/* Members that disagree: better here, worse there, and the other way round. */
static void machines_whose_members_disagree_do_not_flap(void)
{
	static struct world w;
	u32 who = 0;
	u64 judged;

	new_world(&w, 2, 1);
	w.e[0][0].priority = 200;
	w.e[0][1].priority = 50;
	w.e[1][0].priority = 50;
	w.e[1][1].priority = 200;
	w.quiet = true;
	start(&w);
	run_for(&w, MS(20000));
	CHECK_MSG(!w.error, "%s", w.error);
	CHECK_NUM(actives(&w, &who), 1);
	CHECK_MSG(w.takeovers <= 12, "%lu takeovers", w.takeovers);
	judged = w.now;
	run_for(&w, MS(60000));
	CHECK(w.last_change <= judged);
}

/* Any links cut in any direction, for good: wrong, perhaps, but at rest. */
static void links_that_stay_cut_do_not_make_them_flap(void)
{
	static struct world w;
	u32 cuts, i;
	u64 judged;

	for (cuts = 0; cuts < 16; cuts++)
		for (i = 1; i <= 20; i++) {
			new_world(&w, 2, i);
			w.quiet = true;
			w.cut[0][0][1] = cuts & 1;
			w.cut[0][1][0] = cuts & 2;
			w.cut[1][0][1] = cuts & 4;
			w.cut[1][1][0] = cuts & 8;
			start(&w);
			run_for(&w, MS(40000));
			judged = w.now;
			run_for(&w, MS(40000));
			CHECK_MSG(!w.error, "cuts %u, run %u: %s", cuts, i, w.error);
			CHECK_MSG(w.last_change <= judged, "cuts %u, run %u: they flap", cuts, i);
		}
}

/* A link of the Active fails: the other follows on both, as fast as one router. */
static void a_fault_moves_the_whole_group_at_once(void)
{
	static struct world w;
	u64 at;

	new_world(&w, 2, 1);
	w.e[0][0].priority = 200;
	w.e[0][1].priority = 200;
	w.e[1][0].priority = 100;
	w.e[1][1].priority = 100;
	w.quiet = true;
	start(&w);
	run_for(&w, MS(2050));
	CHECK_NUM(w.e[0][0].st.state, HAK_STATE_ACTIVE);
	w.e[0][0].fault = true;
	at = w.now;
	settle(&w, 0);
	CHECK_NUM(w.e[0][1].st.state, HAK_STATE_INITIALIZE);
	run_for(&w, MS(65));	/* Skew_Time is 61 ms, Active_Down_Interval 361 */
	CHECK_NUM(w.e[1][0].st.state, HAK_STATE_ACTIVE);
	CHECK_NUM(w.e[1][1].st.state, HAK_STATE_ACTIVE);
	CHECK(w.last_change - at < MS(62));
}

const struct tap_test group_tests[] = {
	TAP_TEST(group_starts_when_all_are_ready),
	TAP_TEST(group_follows_an_active_member),
	TAP_TEST(group_follows_a_release_at_once),
	TAP_TEST(group_lets_go_when_a_member_lost),
	TAP_TEST(group_wavers_after_losses_in_succession),
	TAP_TEST(two_machines_agree_on_all_links),
	TAP_TEST(three_machines_agree_on_all_links),
	TAP_TEST(machines_whose_members_disagree_do_not_flap),
	TAP_TEST(links_that_stay_cut_do_not_make_them_flap),
	TAP_TEST(a_fault_moves_the_whole_group_at_once),
};
const size_t group_count = TAP_COUNT(group_tests);
