/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_TRACK_H
#define HAK_VRRP_TRACK_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/spinlock.h>

#include <linux/hak.h>

#include "config.h"
#include "info.h"

/**
 * struct hak_track - something that routers look at
 * @list: in hak_net.tracks
 * @ref: the list and the routers that use it
 * @rcu: freed after a grace period
 * @hn: namespace
 * @cfg: configuration; RTNL + cfg_mutex, changed under @lock
 * @users: routers that use it; RTNL + cfg_mutex
 * @lock: protects what follows; softirq safe, innermost
 * @dead: removed; no lease starts any more
 * @state: what it counts as now; READ_ONCE without the lock
 * @value: with VALUE; READ_ONCE without the lock
 * @route: kind ROUTE: it is there; no lock
 * @reported_at: boottime ns of the last report, 0 before the first
 * @expired: the lease ran out since
 * @reason: of the last report
 * @lease: runs out when no report came in time; CLOCK_BOOTTIME
 */
struct hak_track {
	struct list_head list;
	struct kref ref;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct hak_track_cfg cfg;
	u32 users;

	spinlock_t lock;
	bool dead;
	enum hak_track_state state;
	s32 value;
	bool route;
	u64 reported_at;
	bool expired;
	char reason[HAK_REASON_SIZE];
	struct hrtimer lease;
};

/**
 * hak_track_new() - make a track that has no report yet
 * @hn: namespace
 * @cfg: copied
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_track *hak_track_new(struct hak_net *hn,
				const struct hak_track_cfg *cfg);

/**
 * hak_track_put() - give back a reference
 * @t: track
 *
 * Context: any.
 */
void hak_track_put(struct hak_track *t);

/**
 * hak_track_configure() - change the configuration of a live track
 * @t: track
 * @cfg: copied
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_track_configure(struct hak_track *t, const struct hak_track_cfg *cfg);

/**
 * hak_track_stop() - end the lease of a removed track
 * @t: track
 *
 * Context: process.
 */
void hak_track_stop(struct hak_track *t);

/**
 * hak_track_watched() - what somebody sees who watches
 * @t: track of another kind than REPORT
 * @up: it is well
 * @reason: if not, one sentence, else ""
 *
 * Context: any but hard irq; no router, group, track or dirty lock held.
 */
void hak_track_watched(struct hak_track *t, bool up, const char *reason);

/**
 * struct hak_track_word - what a track says, as one look
 * @state: DOWN, UP or VALUE
 * @value: with VALUE
 */
struct hak_track_word {
	enum hak_track_state state;
	s32 value;
};

/**
 * hak_track_read() - what a track says
 * @t: track
 *
 * Context: any but hard irq.
 */
struct hak_track_word hak_track_read(struct hak_track *t);

/**
 * hak_track_apply() - what a track adds to a priority
 * @use: of the router
 * @w: what the track says
 * @fault: set when the router must let go, else left alone
 *
 * Return: -253 to 253.
 */
s32 hak_track_apply(const struct hak_use_cfg *use, struct hak_track_word w,
		    bool *fault);

#endif /* HAK_VRRP_TRACK_H */
