// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp_fsm.h"

#define TIME_MAX	HAK_FSM_NEVER

/* One step: its arguments, so that helpers take one pointer. */
struct step {
	const struct hak_fsm_cfg *cfg;
	struct hak_fsm_state *st;
	const struct hak_fsm_event *ev;
	struct hak_fsm_out *out;
};

/* Times never wrap: what cannot be reached is the end of time. */
static u64 sat_add(u64 a, u64 b)
{
	return b > TIME_MAX - a ? TIME_MAX : a + b;
}

static u64 sat_mul(u64 a, u32 b)
{
	u64 lo = (a & 0xffffffffU) * b;
	u64 hi = (a >> 32) * b + (lo >> 32);

	return hi >> 32 ? TIME_MAX : hi << 32 | (u32)lo;
}

/* @a modulo @b > 0 by shifts: 32-bit kernels have no u64 division. */
static u64 rem64(u64 a, u64 b)
{
	u64 step = b;

	while (step <= a >> 1)
		step <<= 1;
	for (; step >= b; step >>= 1)
		if (a >= step)
			a -= step;
	return a;
}

static void emit(struct hak_fsm_out *out, const struct hak_fsm_action *act)
{
	if (out->n == HAK_FSM_MAX_ACTIONS) {
		out->overflow = true;
		return;
	}
	out->act[out->n++] = *act;
}

static void act_vips(struct step *s, bool on)
{
	emit(s->out, &(struct hak_fsm_action){ .type = HAK_ACT_VIPS, .on = on });
}

static void act_announce(struct step *s, bool on)
{
	emit(s->out, &(struct hak_fsm_action){ .type = HAK_ACT_ANNOUNCE, .on = on });
}

static void act_count(struct step *s, enum hak_router_stat stat)
{
	emit(s->out, &(struct hak_fsm_action){ .type = HAK_ACT_COUNT, .stat = stat });
}

static void act_send(struct step *s, u8 priority)
{
	emit(s->out, &(struct hak_fsm_action){
		.type = HAK_ACT_SEND_ADVERT,
		.priority = priority,
	});
}

static void act_arm(struct step *s, u64 deadline)
{
	s->st->armed = true;
	s->st->deadline = deadline;
	emit(s->out, &(struct hak_fsm_action){
		.type = HAK_ACT_ARM,
		.deadline = deadline,
		.epoch = ++s->st->epoch,
	});
}

static void act_cancel(struct step *s)
{
	s->st->armed = false;
	s->st->epoch++;
	emit(s->out, &(struct hak_fsm_action){ .type = HAK_ACT_CANCEL });
}

/* The last action of a transition. */
static void enter(struct step *s, enum hak_state to, enum hak_fsm_why why)
{
	emit(s->out, &(struct hak_fsm_action){
		.type = HAK_ACT_NOTIFY,
		.from = s->st->state,
		.to = to,
		.why = why,
	});
	s->st->state = to;
}

/* An advert of an Active, and what a later CONFIG is compared with. */
static void advertise(struct step *s)
{
	s->st->priority = s->cfg->priority;
	s->st->adver_interval = s->cfg->interval;
	act_send(s, s->cfg->priority);
}

static void arm_adver(struct step *s)
{
	act_arm(s, sat_add(s->ev->now, s->cfg->interval));
}

static u64 down_deadline(const struct step *s)
{
	const struct hak_fsm_state *st = s->st;

	if (st->waiting)
		return hak_fsm_wait_deadline(s->cfg, st);
	if (st->released)
		return sat_add(st->heard_at, hak_fsm_skew(s->cfg, st->interval));
	return sat_add(st->heard_at, hak_fsm_down_time(s->cfg, st->interval));
}

/* Active_Down_Timer from now on; the interval is known to be right. */
static void arm_down(struct step *s, bool released)
{
	s->st->released = released;
	s->st->waiting = false;
	s->st->ready = false;
	s->st->heard_at = s->ev->now;
	act_arm(s, down_deadline(s));
}

/* (Re)start silence: an advert was accepted. */
static void accept_advert(struct step *s)
{
	s->st->interval = s->ev->interval;
	s->st->heard = true;
	s->st->lower_heard = false;
	arm_down(s, false);
}

static void become_active(struct step *s, enum hak_fsm_why why)
{
	s->st->replied = false;
	s->st->silent_until = 0;
	s->st->resigned = false;
	s->st->ready = false;
	act_vips(s, true);
	advertise(s);
	act_announce(s, true);
	arm_adver(s);
	enter(s, HAK_STATE_ACTIVE, why);
}

static void yield_to(struct step *s, enum hak_fsm_why why)
{
	act_vips(s, false);
	act_announce(s, false);
	accept_advert(s);
	enter(s, HAK_STATE_BACKUP, why);
}

/* Does the operator's wish still hold? It ends by itself. */
static bool resigned(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	if (st->resigned_until != HAK_FSM_NEVER && s->ev->now >= st->resigned_until)
		st->resigned = false;
	return st->resigned;
}

static void on_startup(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	if (st->state != HAK_STATE_INITIALIZE)
		return;
	if (s->cfg->priority == HAK_FSM_OWNER && !resigned(s)) {
		become_active(s, HAK_WHY_STARTUP);
		return;
	}
	st->priority = s->cfg->priority;
	st->interval = s->cfg->interval;
	st->heard = false;
	st->lower_heard = false;
	arm_down(s, false);
	enter(s, HAK_STATE_BACKUP, HAK_WHY_STARTUP);
}

static void on_stop(struct step *s, bool can_send)
{
	if (s->st->state == HAK_STATE_INITIALIZE)
		return;
	if (s->st->state == HAK_STATE_ACTIVE) {
		act_vips(s, false);
		if (can_send)
			act_send(s, 0);
		act_announce(s, false);
	}
	act_cancel(s);
	enter(s, HAK_STATE_INITIALIZE, HAK_WHY_SHUTDOWN);
}

/* Not to somebody better who was heard: the others have to find out. */
static void let_go(struct step *s, enum hak_fsm_why why)
{
	struct hak_fsm_state *st = s->st;

	act_vips(s, false);
	act_send(s, 0);
	act_announce(s, false);
	st->priority = s->cfg->priority;
	st->interval = s->cfg->interval;
	st->heard = false;
	st->lower_heard = false;
	arm_down(s, false);
	enter(s, HAK_STATE_BACKUP, why);
}

/*
 * Not in the RFC: let go, but stay in the election, as somebody who comes last.
 * The others have a full Active_Down_Interval to find out, also when this Backup
 * had been about to take over.
 */
static void on_resign(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	st->resigned = true;
	st->resigned_until = s->ev->until;
	if (st->state == HAK_STATE_ACTIVE) {
		let_go(s, HAK_WHY_RESIGNED);
	} else if (st->state == HAK_STATE_BACKUP) {
		st->lower_heard = false;
		arm_down(s, false);
	}
}

static bool preempts(struct step *s)
{
	return !resigned(s) &&
	       (s->cfg->preempt || s->cfg->priority == HAK_FSM_OWNER);
}

/* Has a lower Active to be left alone yet? */
static bool delayed(const struct step *s)
{
	const struct hak_fsm_state *st = s->st;
	u64 delay = s->cfg->preempt_delay;

	if (!delay || s->cfg->priority == HAK_FSM_OWNER)
		return false;
	return !st->waiting || s->ev->now < sat_add(st->lower_from, delay);
}

/* Not in the RFC: preempt-delay lets a lower Active live for a while. */
static void wait_advert(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	if (!st->waiting) {
		st->lower_from = s->ev->now;
		st->not_before = st->deadline;
	}
	st->waiting = true;
	st->ready = false;
	st->released = false;
	st->heard = true;
	st->heard_at = s->ev->now;
	st->interval = s->ev->interval;
	act_arm(s, down_deadline(s));
}

static void lower_advert(struct step *s)
{
	act_count(s, HAK_A_STAT_RX_LOWER);
	if (delayed(s))
		wait_advert(s);
	else	/* Discarded: neither timer nor interval may change. */
		s->st->lower_heard = true;
}

static void backup_advert(struct step *s)
{
	if (!s->ev->priority)
		arm_down(s, true);
	else if (s->ev->priority < s->cfg->priority && preempts(s))
		lower_advert(s);
	else
		accept_advert(s);
}

/*
 * The answer is new in RFC 9568; it does not move the cadence. The RFC sets no
 * limit, but a flood that asks for an answer each time must not make us flood.
 */
static bool may_answer(struct step *s)
{
	struct hak_fsm_state *st = s->st;
	u64 now = s->ev->now;

	/* Times that go back a little wrap to a long gap: answered. */
	if (st->replied && now - st->replied_at < HAK_FSM_REPLY_GAP)
		return false;
	if (now < st->silent_until)
		return false;
	st->replied = true;
	st->replied_at = now;
	return true;
}

static void answer_inferior(struct step *s)
{
	act_count(s, HAK_A_STAT_RX_LOWER);
	/* RFC 3768 has no answer. */
	if (s->cfg->version != 2 && may_answer(s))
		advertise(s);
}

static void active_advert(struct step *s)
{
	u8 theirs = s->ev->priority;
	u8 ours = s->cfg->priority;

	if (!theirs) {
		if (!may_answer(s))
			return;
		advertise(s);
		arm_adver(s);
	} else if (theirs > ours) {
		yield_to(s, HAK_WHY_HIGHER_PRIORITY);
	} else if (theirs == ours && s->ev->src_cmp > 0) {
		yield_to(s, HAK_WHY_HIGHER_ADDRESS);
	} else {
		answer_inferior(s);
	}
}

static void on_advert(struct step *s)
{
	if (s->st->state == HAK_STATE_INITIALIZE)
		return;
	/* From our own address: a reflection or a clone, never a peer. */
	if (!s->ev->src_cmp)
		return;
	/* RFC 3768 section 7.1: an owner takes no adverts; 9568 only logs (8298). */
	if (s->cfg->version == 2 && s->cfg->priority == HAK_FSM_OWNER) {
		act_count(s, HAK_A_STAT_RX_LOWER);
		return;
	}
	if (s->st->state == HAK_STATE_BACKUP)
		backup_advert(s);
	else
		active_advert(s);
}

/* Had the lower Active not been silent for too long when its time was over? */
static bool wait_ended(const struct step *s)
{
	const struct hak_fsm_state *st = s->st;

	return st->waiting &&
	       st->deadline < sat_add(st->heard_at, hak_fsm_down_time(s->cfg, st->interval));
}

static enum hak_fsm_why down_reason(const struct step *s)
{
	const struct hak_fsm_state *st = s->st;

	if (st->released)
		return HAK_WHY_RELEASED;
	if (st->lower_heard || wait_ended(s))
		return HAK_WHY_PREEMPTED;
	return st->heard ? HAK_WHY_NO_ADVERT : HAK_WHY_NOBODY;
}

/*
 * The next beat of the cadence. A beat that was missed as a whole is not made
 * up for: after a stall one advert goes out, then the old rhythm.
 */
static u64 next_beat(u64 deadline, u64 interval, u64 now)
{
	u64 next = sat_add(deadline, interval);

	if (next > now || !interval)
		return next;
	return sat_add(now, interval - rem64(now - next, interval));
}

/*
 * After a stall the queue is full of what others sent meanwhile. They hear this one
 * advert; to answer each of theirs would be a burst.
 */
static void beat(struct step *s)
{
	struct hak_fsm_state *st = s->st;
	u64 interval = s->cfg->interval;

	if (s->ev->now - st->deadline >= interval)
		st->silent_until = sat_add(s->ev->now, interval / 2);
	advertise(s);
	act_arm(s, next_beat(st->deadline, interval, s->ev->now));
}

/* The group decides; it is asked again until it has, or somebody is heard. */
static void be_ready(struct step *s)
{
	s->st->lower_heard |= wait_ended(s);
	s->st->ready = true;
	emit(s->out, &(struct hak_fsm_action){ .type = HAK_ACT_READY });
	act_arm(s, sat_add(s->ev->now, s->cfg->interval));
}

static void on_group(struct step *s, bool on)
{
	struct hak_fsm_state *st = s->st;

	if (on && st->state == HAK_STATE_BACKUP)
		become_active(s, st->ready ? down_reason(s) : HAK_WHY_GROUP);
	else if (!on && st->state == HAK_STATE_ACTIVE)
		let_go(s, HAK_WHY_GROUP);
}

static void on_timer(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	if (!st->armed || s->ev->epoch != st->epoch)
		return;
	if (s->ev->now < st->deadline)
		act_arm(s, st->deadline);
	else if (st->state == HAK_STATE_ACTIVE)
		beat(s);
	else if (s->cfg->grouped)
		be_ready(s);
	else
		become_active(s, down_reason(s));
}

static void backup_config(struct step *s)
{
	struct hak_fsm_state *st = s->st;
	bool was_owner = st->priority == HAK_FSM_OWNER;
	u64 deadline;

	st->priority = s->cfg->priority;
	/* An owner that gave way to another owner stays in Backup. */
	if (s->cfg->priority == HAK_FSM_OWNER && !was_owner && !resigned(s)) {
		become_active(s, HAK_WHY_STARTUP);
		return;
	}
	/* Version 2 learns no interval. */
	if (!st->heard || s->cfg->version == 2)
		st->interval = s->cfg->interval;
	/* What was heard with a delay is now an Active that is left alone. */
	if (!preempts(s))
		st->waiting = false;
	/* Whoever is ready goes on asking, or takes over now that it is alone. */
	if (st->ready && s->cfg->grouped)
		return;
	st->ready = false;
	deadline = down_deadline(s);
	if (deadline != st->deadline)
		act_arm(s, deadline);
}

static void on_config(struct step *s)
{
	struct hak_fsm_state *st = s->st;

	if (st->state == HAK_STATE_BACKUP) {
		backup_config(s);
	} else if (st->state == HAK_STATE_ACTIVE &&
		   (st->priority != s->cfg->priority || st->adver_interval != s->cfg->interval)) {
		advertise(s);
		arm_adver(s);
	}
}

void hak_fsm_init(struct hak_fsm_state *st)
{
	memset(st, 0, sizeof(*st));
	st->state = HAK_STATE_INITIALIZE;
}

u64 hak_fsm_skew(const struct hak_fsm_cfg *cfg, u64 interval)
{
	u32 share = 256 - cfg->priority;

	if (cfg->version == 2)
		interval = HAK_NSEC_PER_SEC;

	/* Exact and without overflow: 256 q + r, times share, over 256. */
	return (interval >> 8) * share + ((interval & 0xff) * share >> 8);
}

u64 hak_fsm_down_time(const struct hak_fsm_cfg *cfg, u64 interval)
{
	return sat_add(sat_mul(interval, cfg->down_adverts),
		       hak_fsm_skew(cfg, interval));
}

u64 hak_fsm_wait_deadline(const struct hak_fsm_cfg *cfg,
			  const struct hak_fsm_state *st)
{
	u64 over = sat_add(st->lower_from, cfg->preempt_delay);
	u64 silent = sat_add(st->heard_at, hak_fsm_down_time(cfg, st->interval));
	u64 end = over < silent ? over : silent;

	return end > st->not_before ? end : st->not_before;
}

void hak_fsm_step(const struct hak_fsm_cfg *cfg, struct hak_fsm_state *st,
		  const struct hak_fsm_event *ev, struct hak_fsm_out *out)
{
	struct step s = { .cfg = cfg, .st = st, .ev = ev, .out = out };

	out->n = 0;
	out->overflow = false;

	switch (ev->type) {
	case HAK_EV_STARTUP:
		on_startup(&s);
		break;
	case HAK_EV_SHUTDOWN:
		on_stop(&s, true);
		break;
	case HAK_EV_LINK_DOWN:
		on_stop(&s, false);
		break;
	case HAK_EV_ADVERT:
		on_advert(&s);
		break;
	case HAK_EV_TIMER:
		on_timer(&s);
		break;
	case HAK_EV_CONFIG:
		on_config(&s);
		break;
	case HAK_EV_RESIGN:
		on_resign(&s);
		break;
	case HAK_EV_GROUP_ON:
	case HAK_EV_GROUP_OFF:
		on_group(&s, ev->type == HAK_EV_GROUP_ON);
		break;
	}
}
