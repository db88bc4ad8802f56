/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sync groups: the shell around core/vrrp_group.h. Members tell of their changes
 * after they have let go of their locks; whoever comes first works them off, in
 * rounds, until nobody has anything new.
 */
#ifndef HAK_VRRP_GROUP_H
#define HAK_VRRP_GROUP_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include <linux/hak.h>

#include "../core/vrrp_group.h"
#include "config.h"
#include "info.h"

struct hak_router;
struct hak_run;

/**
 * struct hak_member - that a router is in a group
 * @list: in hak_group.members
 * @rcu: freed after a grace period; a router that comes back gets another
 * @r: the router
 * @g: the group
 */
struct hak_member {
	struct list_head list;
	struct rcu_head rcu;
	struct hak_router *r;
	struct hak_group *g;
};

/**
 * struct hak_group - routers of which all are Active, or none
 * @list: in hak_net.groups; RTNL + cfg_mutex, RCU
 * @rcu: freed after a grace period
 * @hn: namespace
 * @members: struct hak_member.list; RTNL + cfg_mutex, RCU
 * @n_members: entries in @members; RTNL + cfg_mutex, READ_ONCE
 * @pending: calls of hak_group_run() not worked off; who makes it 1 does the work
 * @state: memory of the decision; the one who works only
 * @told: state that was told last, 0 while members differ; the one who works
 *	only, READ_ONCE
 * @lock: protects what follows; softirq safe; taken inside hak_router.lock,
 *	hak_track.lock inside it
 * @cfg: configuration; the name never changes
 * @tracks: parallel to cfg.uses; each holds a reference
 * @priority: least priority of the members, 0 not known
 * @fault_by: a member that cannot run, for comparison only, or NULL
 * @fault: which and why, with @fault_by
 */
struct hak_group {
	struct list_head list;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct list_head members;
	u32 n_members;
	atomic_t pending;
	struct hak_group_state state;
	u32 told;

	spinlock_t lock;
	struct hak_group_cfg cfg;
	struct hak_track *tracks[HAK_ROUTER_TRACKS_MAX];
	u8 priority;
	const struct hak_router *fault_by;
	char fault[HAK_TEXT_SIZE];
};

/**
 * hak_group_new() - make a group without members
 * @hn: namespace
 * @cfg: name and tracks; copied
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_group *hak_group_new(struct hak_net *hn, const struct hak_group_cfg *cfg);

/**
 * hak_group_configure() - give a group its tracks
 * @g: group
 * @cfg: copied; its tracks exist
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_group_configure(struct hak_group *g, const struct hak_group_cfg *cfg);

/**
 * hak_group_free() - a group that has no members, and that nobody finds any more
 * @g: group
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_group_free(struct hak_group *g);

/**
 * hak_group_join() - a router enters its group and leaves another
 * @r: router
 * @m: prepared, or NULL to leave only
 *
 * Neither group is told; see hak_group_run_all().
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_group_join(struct hak_router *r, struct hak_member *m);

/**
 * hak_group_run_all() - let all groups see who their members are now
 * @hn: namespace
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_group_run_all(struct hak_net *hn);

/**
 * hak_group_run() - something about a member changed
 * @r: router, perhaps in a group
 *
 * Context: BH off, RCU read side, no lock of a router, group or track held.
 */
void hak_group_run(struct hak_router *r);

/**
 * hak_group_look() - what a group means for a member
 * @r: router, perhaps in a group
 * @priority: its own, lowered to that of the group
 * @why: why it cannot run by itself, or NULL
 * @buf: HAK_TEXT_SIZE bytes
 *
 * Context: r->lock held.
 * Return: @why, or why another member cannot run.
 */
const char *hak_group_look(const struct hak_router *r, u8 *priority,
			   const char *why, char *buf);

/**
 * hak_group_tracks() - what the tracks of a group add to the priority of a member
 * @r: router, perhaps in a group
 * @fault: set to the name of a track that makes it let go, else left alone
 *
 * Context: r->lock held.
 * Return: the sum.
 */
s32 hak_group_tracks(const struct hak_router *r, const char **fault);

/**
 * hak_group_has_track() - does the group of a router look at a track?
 * @r: router, perhaps in a group
 * @t: track
 *
 * Context: any but hard irq, RCU read side.
 */
bool hak_group_has_track(const struct hak_router *r, const struct hak_track *t);

#endif /* HAK_VRRP_GROUP_H */
