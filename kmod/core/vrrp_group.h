/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sync groups: on one machine all members of a group are Active, or none. This
 * is the decision, as a pure function over what the members are now.
 *
 * Rules, and why two machines whose members disagree cannot flap:
 *
 *  1. All members of a machine advertise one priority, the least of theirs: the
 *     election has the same outcome on every link.
 *  2. A machine without an Active member takes over when the Active_Down_Timers
 *     of all its members have run out. As long as one member hears somebody
 *     better, none starts, however silent the other links are: a machine that
 *     would lose on one link does not disturb the others.
 *  3. Only when somebody says with priority 0 that it lets go, all members start
 *     when the first has waited its Skew_Time: a group whose link fails is
 *     followed as fast as one router would be. Not within an Active_Down_Interval
 *     of a lost election, so that this cannot repeat itself.
 *  4. Who loses an election on one link lets go on all. Two machines that started
 *     at the same moment and lost to each other, on different links with the
 *     same priority, start again at moments that differ: each time they waver
 *     between twice as many, chosen by their addresses.
 */
#ifndef HAK_CORE_VRRP_GROUP_H
#define HAK_CORE_VRRP_GROUP_H

#include "env.h"
#include <linux/hak.h>

/**
 * struct hak_group_state - what a group remembers; changed by hak_group_decide() only
 * @losing: a member has lost an election, the others have to let go
 * @losses: elections lost in quick succession
 * @lost_at: when the last one was, ns
 * @hold_until: no member starts before, ns
 * @follow_from: rule 3 holds from then on, ns
 */
struct hak_group_state {
	bool losing;
	u32 losses;
	u64 lost_at;
	u64 hold_until;
	u64 follow_from;
};

/**
 * struct hak_group_sum - the members of a group, counted
 * @members: all of them
 * @active: in Active
 * @ready: in Backup, and Active_Down_Timer has run out
 * @stopped: in Initialize
 * @released: of @ready, those whose timer was Skew_Time after a priority 0
 * @lost: at least one left Active on its own since the last decision
 * @down: largest Active_Down_Interval, ns
 * @interval: largest Advertisement_Interval, ns
 */
struct hak_group_sum {
	u32 members;
	u32 active;
	u32 ready;
	u32 stopped;
	u32 released;
	bool lost;
	u64 down;
	u64 interval;
};

/** enum hak_group_verdict - what every member shall do */
enum hak_group_verdict {
	HAK_GROUP_STAY,		/* nothing */
	HAK_GROUP_ON,		/* those in Backup become Active */
	HAK_GROUP_OFF,		/* those in Active let go with priority 0 */
};

/**
 * hak_group_decide() - what a group shall do
 * @st: its memory
 * @sum: its members now
 * @now: ns
 * @salt: differs from machine to machine
 *
 * To be asked again after the members have done it, and after each change of one.
 *
 * Return: the verdict.
 */
enum hak_group_verdict hak_group_decide(struct hak_group_state *st,
					const struct hak_group_sum *sum,
					u64 now, u32 salt);

#endif /* HAK_CORE_VRRP_GROUP_H */
