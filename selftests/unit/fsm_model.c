// SPDX-License-Identifier: GPL-2.0-only
#include "fsm_model.h"
#include <stdarg.h>
#include <stdio.h>

#define MAX_U64	(~(u64)0)

const char *fsm_state_name(enum hak_state state)
{
	switch (state) {
	case HAK_STATE_INITIALIZE:
		return "Initialize";
	case HAK_STATE_BACKUP:
		return "Backup";
	case HAK_STATE_ACTIVE:
		return "Active";
	default:
		return "illegal";
	}
}

static const char *const why_name[] = {
	[HAK_WHY_NONE] = "none",
	[HAK_WHY_STARTUP] = "startup",
	[HAK_WHY_SHUTDOWN] = "shutdown",
	[HAK_WHY_NO_ADVERT] = "no-advert",
	[HAK_WHY_NOBODY] = "nobody",
	[HAK_WHY_RELEASED] = "released",
	[HAK_WHY_PREEMPTED] = "preempted",
	[HAK_WHY_HIGHER_PRIORITY] = "higher-priority",
	[HAK_WHY_HIGHER_ADDRESS] = "higher-address",
	[HAK_WHY_RESIGNED] = "resigned",
	[HAK_WHY_GROUP] = "group",
};

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

static int action_text(const struct hak_fsm_action *a, char *buf, size_t size)
{
	switch (a->type) {
	case HAK_ACT_VIPS:
		return snprintf(buf, size, "vips %s\n", on_off(a->on));
	case HAK_ACT_SEND_ADVERT:
		return snprintf(buf, size, "send %u\n", a->priority);
	case HAK_ACT_ANNOUNCE:
		return snprintf(buf, size, "announce %s\n", on_off(a->on));
	case HAK_ACT_NOTIFY:
		return snprintf(buf, size, "notify %s > %s %s\n", fsm_state_name(a->from),
				fsm_state_name(a->to), why_name[a->why]);
	case HAK_ACT_ARM:
		return snprintf(buf, size, "arm %llu.%06llu\n",
				(unsigned long long)(a->deadline / 1000000),
				(unsigned long long)(a->deadline % 1000000));
	case HAK_ACT_CANCEL:
		return snprintf(buf, size, "cancel\n");
	case HAK_ACT_COUNT:
		return snprintf(buf, size, a->stat == HAK_A_STAT_RX_LOWER ? "count rx-lower\n" :
				"count %d\n", (int)a->stat);
	case HAK_ACT_READY:
		return snprintf(buf, size, "ready\n");
	}
	return snprintf(buf, size, "action %d\n", (int)a->type);
}

void fsm_text(const struct hak_fsm_out *out, char *buf, size_t size)
{
	size_t used = 0;
	u32 i;

	buf[0] = '\0';
	for (i = 0; i < out->n && used < size; i++)
		used += (size_t)action_text(&out->act[i], buf + used, size - used);
}

/* The actions of a step sorted by kind, NULL where there is none. */
struct acts {
	const struct hak_fsm_action *of[HAK_ACT_READY + 1];
	bool doubled;
};

static struct acts sort_actions(const struct hak_fsm_out *out)
{
	struct acts a = { 0 };
	u32 i;

	for (i = 0; i < out->n; i++) {
		if ((u32)out->act[i].type > HAK_ACT_READY || a.of[out->act[i].type])
			a.doubled = true;
		else
			a.of[out->act[i].type] = &out->act[i];
	}
	return a;
}

static u64 later(u64 a, u64 b)
{
	return a + b < a ? MAX_U64 : a + b;
}

static bool timer_same(const struct hak_fsm_state *a, const struct hak_fsm_state *b)
{
	return a->epoch == b->epoch && a->armed == b->armed && a->deadline == b->deadline &&
	       a->heard_at == b->heard_at && a->interval == b->interval &&
	       a->released == b->released && a->ready == b->ready && a->waiting == b->waiting &&
	       a->lower_from == b->lower_from && a->not_before == b->not_before;
}

static bool state_same(const struct hak_fsm_state *a, const struct hak_fsm_state *b)
{
	return timer_same(a, b) && a->state == b->state && a->replied == b->replied &&
	       a->replied_at == b->replied_at &&
	       a->silent_until == b->silent_until && a->heard == b->heard &&
	       a->lower_heard == b->lower_heard && a->priority == b->priority &&
	       a->adver_interval == b->adver_interval && a->resigned == b->resigned &&
	       a->resigned_until == b->resigned_until;
}

static const char *check_timer(const struct hak_fsm_state *was, const struct hak_fsm_state *is,
			       const struct acts *a)
{
	const struct hak_fsm_action *arm = a->of[HAK_ACT_ARM];

	if (is->armed != (is->state != HAK_STATE_INITIALIZE))
		return "exactly one timer in Backup and Active, none in Initialize";
	if (arm && a->of[HAK_ACT_CANCEL])
		return "either arm or cancel";
	if (arm && (arm->epoch != is->epoch || arm->deadline != is->deadline))
		return "the state knows the armed timer";
	if (is->epoch != was->epoch + (arm || a->of[HAK_ACT_CANCEL]))
		return "each arm and cancel takes one epoch, nothing else does";
	if (!arm && is->armed && is->deadline != was->deadline)
		return "no deadline without arm";
	if (a->of[HAK_ACT_CANCEL] && is->state != HAK_STATE_INITIALIZE)
		return "cancel only on the way to Initialize";
	return NULL;
}

static const char *check_entry(const struct hak_fsm_cfg *cfg, const struct hak_fsm_out *out,
			       const struct acts *a)
{
	const struct hak_fsm_action *send = a->of[HAK_ACT_SEND_ADVERT];

	if (out->n != 5 || out->act[0].type != HAK_ACT_VIPS || !out->act[0].on)
		return "entering Active puts the addresses on first";
	if (out->act[1].type != HAK_ACT_SEND_ADVERT || send->priority != cfg->priority)
		return "entering Active sends an advert second";
	if (out->act[2].type != HAK_ACT_ANNOUNCE || !out->act[2].on)
		return "entering Active announces third";
	return out->act[3].type == HAK_ACT_ARM ? NULL : "entering Active arms fourth";
}

/* Leaving Active with priority 0: not to a better one, and not without a link. */
static bool says_so(const struct hak_fsm_event *ev)
{
	return ev->type == HAK_EV_SHUTDOWN || ev->type == HAK_EV_RESIGN ||
	       ev->type == HAK_EV_GROUP_OFF;
}

static const char *check_leave(const struct hak_fsm_event *ev, const struct hak_fsm_state *is,
			       const struct hak_fsm_out *out, const struct acts *a)
{
	const struct hak_fsm_action *send = a->of[HAK_ACT_SEND_ADVERT];
	const struct hak_fsm_action *ann = a->of[HAK_ACT_ANNOUNCE];

	if (!out->n || out->act[0].type != HAK_ACT_VIPS || out->act[0].on)
		return "leaving Active takes the addresses off first";
	if (!ann || ann->on)
		return "leaving Active cancels the announcements";
	if (!!send != says_so(ev) || (send && send->priority))
		return "leaving Active sends priority 0 when it is free to, else nothing";
	if (!a->of[HAK_ACT_CANCEL] == (is->state == HAK_STATE_INITIALIZE))
		return "leaving Active for Initialize cancels the timer";
	return NULL;
}

static const char *check_transition(const struct hak_fsm_cfg *cfg,
				    const struct hak_fsm_state *was,
				    const struct hak_fsm_event *ev,
				    const struct hak_fsm_state *is,
				    const struct hak_fsm_out *out, const struct acts *a)
{
	const struct hak_fsm_action *n = a->of[HAK_ACT_NOTIFY];
	const struct hak_fsm_action *send = a->of[HAK_ACT_SEND_ADVERT];

	if (!n != (was->state == is->state))
		return "notify at each change of state, and only then";
	if (n && (n->from != was->state || n->to != is->state || n->why == HAK_WHY_NONE))
		return "notify tells from, to and a reason";
	if (n && n != &out->act[out->n - 1])
		return "notify is last";
	if (n && is->state == HAK_STATE_ACTIVE)
		return check_entry(cfg, out, a);
	if (n && was->state == HAK_STATE_ACTIVE)
		return check_leave(ev, is, out, a);
	if (a->of[HAK_ACT_VIPS] || a->of[HAK_ACT_ANNOUNCE])
		return "addresses change hands only at the edges of Active";
	if (send && (is->state != HAK_STATE_ACTIVE || send->priority != cfg->priority))
		return "only an Active advertises, with its priority";
	return NULL;
}

static const char *check_owner(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
			       const struct hak_fsm_event *ev, const struct hak_fsm_state *is)
{
	if (cfg->priority != HAK_FSM_OWNER || was->state != HAK_STATE_ACTIVE ||
	    is->state == HAK_STATE_ACTIVE)
		return NULL;
	if (says_so(ev) || ev->type == HAK_EV_LINK_DOWN)
		return NULL;
	if (ev->type == HAK_EV_ADVERT && ev->priority == HAK_FSM_OWNER && ev->src_cmp > 0)
		return NULL;
	return "an owner gives way to nobody but an owner with a higher address";
}

/* The operator's wish, as it holds at an event. */
static bool resigned(const struct hak_fsm_state *was, u64 now)
{
	return was->resigned && (was->resigned_until == MAX_U64 || now < was->resigned_until);
}

static bool preempts(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was, u64 now)
{
	return (cfg->preempt || cfg->priority == HAK_FSM_OWNER) && !resigned(was, now);
}

static const char *check_resign(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
				const struct hak_fsm_event *ev, const struct hak_fsm_state *is)
{
	if (!is->resigned || is->resigned_until != ev->until)
		return "who resigned knows until when";
	if (was->state == HAK_STATE_INITIALIZE)
		return timer_same(was, is) ? NULL : "resigning does not start anybody";
	if (is->state != HAK_STATE_BACKUP)
		return "resigning ends in Backup";
	if (is->waiting || is->released || is->lower_heard)
		return "who resigned waits for nobody's end";
	return is->deadline == later(ev->now, hak_fsm_down_time(cfg, is->interval)) ?
	       NULL : "who resigned gives the others Active_Down_Interval";
}

/* An advert of a lower Active that preempt-delay still leaves alone. */
static bool left_alone(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
		       const struct hak_fsm_event *ev)
{
	if (!preempts(cfg, was, ev->now) || cfg->priority == HAK_FSM_OWNER || !cfg->preempt_delay)
		return false;
	return !was->waiting || ev->now < later(was->lower_from, cfg->preempt_delay);
}

static const char *check_wait(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
			      const struct hak_fsm_event *ev, const struct hak_fsm_state *is)
{
	u64 over = later(was->waiting ? was->lower_from : ev->now, cfg->preempt_delay);
	u64 silent = later(ev->now, hak_fsm_down_time(cfg, ev->interval));
	u64 least = was->waiting ? was->not_before : was->deadline;

	if (!is->waiting || !is->heard || is->released || is->interval != ev->interval)
		return "a lower Active that is left alone counts as heard";
	if (is->deadline < least)
		return "a lower Active brings no takeover forward";
	if (is->deadline > least && is->deadline != over && is->deadline != silent)
		return "a takeover waits for the delay or for silence";
	return is->deadline > least && (is->deadline > over || is->deadline > silent) ?
	       "neither delay nor silence is waited for in vain" : NULL;
}

static const char *check_backup_advert(const struct hak_fsm_cfg *cfg,
				       const struct hak_fsm_state *was,
				       const struct hak_fsm_event *ev,
				       const struct hak_fsm_state *is)
{
	bool preempt = preempts(cfg, was, ev->now);

	if (is->state != HAK_STATE_BACKUP)
		return "an advert does not end Backup";
	if (!ev->priority)
		return is->released && is->interval == was->interval &&
		       is->deadline == later(ev->now, hak_fsm_skew(cfg, was->interval)) ?
		       NULL : "priority 0 leaves Skew_Time of the learned interval";
	if (ev->priority < cfg->priority && left_alone(cfg, was, ev))
		return check_wait(cfg, was, ev, is);
	if (preempt && ev->priority < cfg->priority)
		return timer_same(was, is) ? NULL : "a discarded advert moves no timer";
	if (is->interval != ev->interval || is->released || !is->heard)
		return "an accepted advert teaches its interval";
	return is->deadline == later(ev->now, hak_fsm_down_time(cfg, ev->interval)) ?
	       NULL : "an accepted advert restarts Active_Down_Timer";
}

static const char *check_active_advert(const struct hak_fsm_cfg *cfg,
				       const struct hak_fsm_state *was,
				       const struct hak_fsm_event *ev,
				       const struct hak_fsm_state *is, const struct acts *a)
{
	bool wins = ev->priority > cfg->priority ||
		    (ev->priority == cfg->priority && ev->priority && ev->src_cmp > 0);

	if (wins != (is->state == HAK_STATE_BACKUP))
		return "an Active yields to a superior advert and to nothing else";
	if (wins)
		return is->deadline == later(ev->now, hak_fsm_down_time(cfg, ev->interval)) ?
		       NULL : "yielding starts Active_Down_Timer with the learned interval";
	if (!ev->priority && !a->of[HAK_ACT_SEND_ADVERT])
		return (was->replied || ev->now < was->silent_until) && timer_same(was, is) ?
		       NULL : "only a priority 0 right after an answer changes nothing";
	if (!ev->priority)
		return is->deadline == later(ev->now, cfg->interval) ?
		       NULL : "priority 0 in Active is answered and restarts Adver_Timer";
	if (!timer_same(was, is))
		return "an inferior advert does not move the cadence";
	if (cfg->version == 2)
		return a->of[HAK_ACT_SEND_ADVERT] ? "version 2 has no answer" : NULL;
	return a->of[HAK_ACT_SEND_ADVERT] || was->replied || ev->now < was->silent_until ?
	       NULL : "the first inferior advert is answered";
}

static const char *check_advert(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
				const struct hak_fsm_event *ev, const struct hak_fsm_state *is,
				const struct hak_fsm_out *out, const struct acts *a)
{
	if (!ev->src_cmp || was->state == HAK_STATE_INITIALIZE)
		return !out->n && state_same(was, is) ?
		       NULL : "our own advert, or one in Initialize, changes nothing";
	if (cfg->version == 2 && cfg->priority == HAK_FSM_OWNER)
		return out->n == !!a->of[HAK_ACT_COUNT] && state_same(was, is) ?
		       NULL : "an owner of version 2 takes no advert";
	if (was->state == HAK_STATE_BACKUP)
		return check_backup_advert(cfg, was, ev, is);
	return check_active_advert(cfg, was, ev, is, a);
}

static const char *check_expiry(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
				const struct hak_fsm_event *ev, const struct hak_fsm_state *is,
				const struct hak_fsm_out *out)
{
	if (!was->armed || ev->epoch != was->epoch)
		return !out->n && state_same(was, is) ? NULL : "a stale timer does nothing";
	if (ev->now < was->deadline)
		return out->n == 1 && is->deadline == was->deadline && is->state == was->state ?
		       NULL : "an early timer is armed again as it was";
	if (was->state == HAK_STATE_BACKUP && cfg->grouped)
		return out->n == 2 && is->state == HAK_STATE_BACKUP && is->ready &&
		       is->deadline == later(ev->now, cfg->interval) ?
		       NULL : "a member of a group is ready and asks again";
	if (is->state != HAK_STATE_ACTIVE)
		return "a timer ends in Active";
	if (was->state == HAK_STATE_BACKUP)
		return NULL;
	if (out->n != 2 || out->act[0].type != HAK_ACT_SEND_ADVERT)
		return "Adver_Timer sends one advert";
	if (is->deadline > later(ev->now, cfg->interval))
		return "an advert is never late by more than was lost";
	if (is->deadline <= ev->now && cfg->interval && ev->now != MAX_U64)
		return "the next advert is in the future";
	return NULL;
}

const char *fsm_check(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
		      const struct hak_fsm_event *ev, const struct hak_fsm_state *is,
		      const struct hak_fsm_out *out)
{
	const char *bad;
	struct acts a;

	if (out->overflow || out->n > HAK_FSM_MAX_ACTIONS)
		return "actions fit";
	if (is->state < HAK_STATE_INITIALIZE || is->state > HAK_STATE_ACTIVE)
		return "the state is legal";
	a = sort_actions(out);
	if (a.doubled)
		return "each action once";
	bad = check_timer(was, is, &a);
	if (!bad)
		bad = check_transition(cfg, was, ev, is, out, &a);
	if (!bad)
		bad = check_owner(cfg, was, ev, is);
	if (!bad && ev->type == HAK_EV_ADVERT)
		bad = check_advert(cfg, was, ev, is, out, &a);
	if (!bad && ev->type == HAK_EV_TIMER)
		bad = check_expiry(cfg, was, ev, is, out);
	if (!bad && ev->type == HAK_EV_RESIGN)
		bad = check_resign(cfg, was, ev, is);
	if (!bad && ev->type == HAK_EV_GROUP_ON && was->state == HAK_STATE_BACKUP &&
	    is->state != HAK_STATE_ACTIVE)
		bad = "the group makes a Backup Active";
	if (!bad && ev->type == HAK_EV_GROUP_OFF && was->state == HAK_STATE_ACTIVE &&
	    (is->state != HAK_STATE_BACKUP ||
	     is->deadline != later(ev->now, hak_fsm_down_time(cfg, cfg->interval))))
		bad = "the group makes an Active a Backup that waits";
	if (!bad && is->ready && (is->state != HAK_STATE_BACKUP && was->state == HAK_STATE_BACKUP) &&
	    ev->type != HAK_EV_SHUTDOWN && ev->type != HAK_EV_LINK_DOWN)
		bad = "only a Backup is ready";
	if (!bad && is->resigned && is->state == HAK_STATE_ACTIVE)
		bad = "an Active has not resigned";
	return bad;
}

const char *fsm_step_checked(const struct hak_fsm_cfg *cfg, struct hak_fsm_state *st,
			     const struct hak_fsm_event *ev, struct hak_fsm_out *out)
{
	struct hak_fsm_state was = *st;

	hak_fsm_step(cfg, st, ev, out);
	return fsm_check(cfg, &was, ev, st, out);
}
