/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VRRP state machine, RFC 9568 section 6.4, as a pure function: a state and
 * an event in, a new state and at most HAK_FSM_MAX_ACTIONS actions out. There
 * is no clock in here; time comes with the event and leaves as an absolute
 * deadline, both in nanoseconds of one monotonic clock.
 */
#ifndef HAK_CORE_VRRP_FSM_H
#define HAK_CORE_VRRP_FSM_H

#include "env.h"
#include <linux/hak.h>

#define HAK_FSM_MAX_ACTIONS	8
#define HAK_FSM_OWNER		255
#define HAK_FSM_NEVER		(~(u64)0)
/* An inferior Active is answered, but not more often than this. */
#define HAK_FSM_REPLY_GAP	(10 * HAK_NSEC_PER_MSEC)

/**
 * struct hak_fsm_cfg - what the machine needs of the configuration
 * @priority: effective priority 1-255; 255 is the owner
 * @interval: Advertisement_Interval, ns
 * @down_adverts: intervals of silence before takeover, 1-100; the RFC's 3
 * @preempt: Preempt_Mode; an owner preempts whatever it says
 * @preempt_delay: a lower Active is heard this long before it is preempted, ns;
 *	an owner does not wait
 * @grouped: member of a sync group: a Backup is ready when its time is over, and
 *	takes over when the group says so
 * @version: 2 or 3
 */
struct hak_fsm_cfg {
	u8 priority;
	u8 version;
	u64 interval;
	u32 down_adverts;
	bool preempt;
	u64 preempt_delay;
	bool grouped;
};

/** enum hak_fsm_why - the reason of a transition, turned into a sentence by the caller */
enum hak_fsm_why {
	HAK_WHY_NONE = 0,
	HAK_WHY_STARTUP,		/* Initialize -> Backup, or -> Active for an owner */
	HAK_WHY_SHUTDOWN,		/* the caller knows the reason */
	HAK_WHY_NO_ADVERT,		/* Active_Down_Timer ran out, somebody had been heard */
	HAK_WHY_NOBODY,			/* it ran out and nobody was ever heard */
	HAK_WHY_RELEASED,		/* it ran out after priority 0 */
	HAK_WHY_PREEMPTED,		/* it ran out while a lower Active kept sending */
	HAK_WHY_HIGHER_PRIORITY,	/* Active heard a higher priority */
	HAK_WHY_HIGHER_ADDRESS,		/* Active heard the same priority from a higher address */
	HAK_WHY_RESIGNED,		/* the operator wants it to let go */
	HAK_WHY_GROUP,			/* its sync group wants it */
};

/**
 * struct hak_fsm_state - one virtual router; changed by hak_fsm_step() only
 * @state: Initialize, Backup or Active
 * @epoch: of the timer that is armed; grows by one with each ARM or CANCEL
 * @armed: a timer is armed: Active_Down_Timer in Backup, Adver_Timer in Active
 * @released: Backup waits out Skew_Time after priority 0
 * @replied: an inferior Active was answered since this Active began
 * @heard: an advert with a priority above 0 was accepted since this Backup
 *	began, so @interval is the one it carried
 * @lower_heard: a lower Active was heard (and discarded) since the last accepted advert
 * @waiting: preempt-delay runs: a lower Active was heard, nothing else was since @lower_from
 * @resigned: it let go because the operator wanted it: it preempts nobody until
 *	@resigned_until or until it is Active again
 * @ready: Active_Down_Timer ran out, and the sync group has not said yet
 * @interval: Active_Adver_Interval, ns
 * @heard_at: time @deadline counts from in Backup: the last accepted advert or the start of Backup
 * @deadline: of the armed timer
 * @lower_from: when the lower Active was heard first, with @waiting
 * @not_before: the deadline that there was then, with @waiting
 * @resigned_until: with @resigned; the end of time: until it is Active again
 * @replied_at: when an inferior Active was last answered, with @replied
 * @silent_until: no inferior Active is answered before: the beat that came late has
 *	answered all that came while we stood still
 * @priority: configured priority last advertised (Active) or counted with (Backup)
 * @adver_interval: configured interval last advertised
 */
struct hak_fsm_state {
	enum hak_state state;
	u32 epoch;
	bool armed;
	bool released;
	bool replied;
	bool heard;
	bool lower_heard;
	bool waiting;
	bool resigned;
	bool ready;
	u64 interval;
	u64 heard_at;
	u64 deadline;
	u64 lower_from;
	u64 not_before;
	u64 resigned_until;
	u64 replied_at;
	u64 silent_until;
	u8 priority;
	u64 adver_interval;
};

enum hak_fsm_event_type {
	HAK_EV_STARTUP,		/* device, carrier, primary address, addresses, no fault */
	HAK_EV_SHUTDOWN,	/* administrative, fault or unload: priority 0 can be sent */
	HAK_EV_LINK_DOWN,	/* nothing can be sent any more */
	HAK_EV_ADVERT,		/* a fully validated advert */
	HAK_EV_TIMER,		/* the armed timer ran out */
	HAK_EV_CONFIG,		/* the cfg given differs from the last one */
	HAK_EV_RESIGN,		/* the operator: let go, and preempt nobody for some time */
	HAK_EV_GROUP_ON,	/* the sync group: become Active */
	HAK_EV_GROUP_OFF,	/* the sync group: let go */
};

/**
 * struct hak_fsm_event - what happened
 * @type: which
 * @now: when, ns
 * @epoch: TIMER: as given by the ARM that set it
 * @priority: ADVERT: 0-255
 * @src_cmp: ADVERT: <0, 0, >0: sender's address lower than, equal to, higher
 *	than our primary address (unsigned, network order)
 * @interval: ADVERT: Max Advertise Interval, ns, not 0
 * @until: RESIGN: ns; HAK_FSM_NEVER: until it is Active again
 */
struct hak_fsm_event {
	enum hak_fsm_event_type type;
	u64 now;
	u32 epoch;
	u8 priority;
	int src_cmp;
	u64 interval;
	u64 until;
};

enum hak_fsm_action_type {
	HAK_ACT_VIPS,		/* on: the addresses are ours from now; off: no longer */
	HAK_ACT_SEND_ADVERT,	/* with priority */
	HAK_ACT_ANNOUNCE,	/* on: start gratuitous ARP; off: cancel what is queued */
	HAK_ACT_NOTIFY,		/* from, to, why */
	HAK_ACT_ARM,		/* the one timer: deadline, epoch */
	HAK_ACT_CANCEL,
	HAK_ACT_COUNT,		/* a statistic only the machine knows: HAK_A_STAT_RX_LOWER */
	HAK_ACT_READY,		/* tell the sync group, again with each interval */
};

/**
 * struct hak_fsm_action - what to do, in this order
 * @type: which
 * @on: VIPS, ANNOUNCE
 * @priority: SEND_ADVERT
 * @from: NOTIFY
 * @to: NOTIFY
 * @why: NOTIFY
 * @epoch: ARM
 * @deadline: ARM: absolute, ns
 * @stat: COUNT
 */
struct hak_fsm_action {
	enum hak_fsm_action_type type;
	bool on;
	u8 priority;
	enum hak_state from;
	enum hak_state to;
	enum hak_fsm_why why;
	u32 epoch;
	u64 deadline;
	enum hak_router_stat stat;
};

/**
 * struct hak_fsm_out - the actions of one step
 * @n: how many
 * @overflow: more were wanted than fit; a bug, never seen
 * @act: the actions
 */
struct hak_fsm_out {
	u32 n;
	bool overflow;
	struct hak_fsm_action act[HAK_FSM_MAX_ACTIONS];
};

/**
 * hak_fsm_init() - a router that has not started
 * @st: set to Initialize
 */
void hak_fsm_init(struct hak_fsm_state *st);

/**
 * hak_fsm_skew() - Skew_Time, RFC 9568 section 6.1
 * @cfg: of the router
 * @interval: Active_Adver_Interval, ns
 *
 * Return: (256 - priority) * interval / 256, in ns; in version 2 the interval
 * does not count, it is (256 - priority) / 256 s (RFC 3768 section 6.1).
 */
u64 hak_fsm_skew(const struct hak_fsm_cfg *cfg, u64 interval);

/**
 * hak_fsm_down_time() - Active_Down_Interval, RFC 9568 section 6.1
 * @cfg: of the router
 * @interval: Active_Adver_Interval, ns
 *
 * Return: down_adverts * interval + Skew_Time, in ns.
 */
u64 hak_fsm_down_time(const struct hak_fsm_cfg *cfg, u64 interval);

/**
 * hak_fsm_wait_deadline() - when a Backup takes over that waits for preempt-delay
 * @cfg: of the router
 * @st: its state, with waiting
 *
 * While the delay runs, adverts of the lower Active count as those of an Active:
 * its silence leads to takeover in the normal time. When the delay is over, its
 * adverts are in the way no more. Either way not before the deadline that there
 * was when it was first heard: a lower Active, or somebody who claims to be one,
 * must not bring the takeover forward.
 *
 * Return: the later of not_before and the earlier of these two, ns.
 */
u64 hak_fsm_wait_deadline(const struct hak_fsm_cfg *cfg,
			  const struct hak_fsm_state *st);

/**
 * hak_fsm_step() - the machine
 * @cfg: configuration in force from this event on
 * @st: state, changed in place
 * @ev: what happened
 * @out: filled from scratch
 *
 * Order of actions when entering Active: VIPS on, SEND_ADVERT, ANNOUNCE on,
 * ARM, NOTIFY; when leaving: VIPS off, then (SHUTDOWN, RESIGN and GROUP_OFF)
 * SEND_ADVERT with priority 0, ANNOUNCE off, ARM or CANCEL, NOTIFY.
 */
void hak_fsm_step(const struct hak_fsm_cfg *cfg, struct hak_fsm_state *st,
		  const struct hak_fsm_event *ev, struct hak_fsm_out *out);

#endif /* HAK_CORE_VRRP_FSM_H */
