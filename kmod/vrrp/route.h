/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routes that exist while a router is Active. As with addresses, what is wanted is
 * said from any context and the namespace's ordered queue makes it so, after the
 * addresses: a route may prefer one of them as its source.
 */
#ifndef HAK_VRRP_ROUTE_H
#define HAK_VRRP_ROUTE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "config.h"
#include "pace.h"

struct hak_fib_event;
struct hak_net;
struct work_struct;

/**
 * struct hak_vroute - one route of one router
 * @list: in hak_net.vroutes; dirty_lock
 * @rcu: freed after a grace period
 * @hn: namespace
 * @cfg: what it is
 * @ifindex: where it shall lead, 0: wherever its gateway is; dirty_lock
 * @on_ifindex: where it leads; dirty_lock
 * @placed: @ifindex is known; dirty_lock
 * @wanted: it shall be there; dirty_lock
 * @installed: it is there; dirty_lock
 * @lost: somebody removed it while it was being added; dirty_lock
 * @gone: its router has dropped it; dirty_lock
 * @pace: one that somebody keeps removing is put back slowly; dirty_lock
 */
struct hak_vroute {
	struct list_head list;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct hak_vroute_cfg cfg;
	int ifindex;
	int on_ifindex;
	bool placed;
	bool wanted;
	bool installed;
	bool lost;
	bool gone;
	struct hak_pace pace;
};

/**
 * struct hak_vroutes - the routes of a router, in the order of its cfg
 * @rcu: freed after a grace period
 * @n: entries
 * @v: each lives until hak_vroute_drop() and a grace period
 */
struct hak_vroutes {
	struct rcu_head rcu;
	u32 n;
	struct hak_vroute *v[];
};

/**
 * hak_vroute_new() - make a route, not published yet
 * @hn: namespace
 * @cfg: what it is, copied
 *
 * Context: process.
 * Return: for hak_vroute_publish() or kfree(); NULL without memory.
 */
struct hak_vroute *hak_vroute_new(struct hak_net *hn,
				  const struct hak_vroute_cfg *cfg);

/**
 * hak_vroute_publish() - from now on it is kept as it is wanted
 * @v: route
 *
 * Context: process, RTNL held.
 */
void hak_vroute_publish(struct hak_vroute *v);

/**
 * hak_vroute_want() - what shall be true of a route
 * @v: route
 * @dev: where it shall lead, NULL while that device is not there; not looked at
 *	when the gateway alone tells
 * @on: it shall be there
 *
 * Context: any but hard irq; RCU read side.
 */
void hak_vroute_want(struct hak_vroute *v, const struct net_device *dev, bool on);

/**
 * hak_vroute_drop() - its router has it no longer; it goes when it is removed
 * @v: route, not to be used any more but under RCU
 *
 * Context: any but hard irq.
 */
void hak_vroute_drop(struct hak_vroute *v);

/**
 * hak_vroute_event() - a routing table has changed
 * @hn: namespace
 * @ev: the best route to a prefix now
 * @there: false: there is none any more
 *
 * A route of ours that somebody has removed is put back, at once the first times.
 * Context: any but hard irq; the table may be locked.
 */
void hak_vroute_event(struct hak_net *hn, const struct hak_fib_event *ev,
		      bool there);

/**
 * hak_vroute_hurry() - a device came up: what failed may work now
 * @hn: namespace
 *
 * Context: any but hard irq.
 */
void hak_vroute_hurry(struct hak_net *hn);

/**
 * hak_vroute_work() - bring the routes of a namespace to what is wanted
 * @work: hak_net.route_work
 */
void hak_vroute_work(struct work_struct *work);

/**
 * hak_vroute_flush() - wait until all dropped routes are removed
 * @hn: namespace, without routers
 *
 * Context: process, no lock held.
 */
void hak_vroute_flush(struct hak_net *hn);

#endif /* HAK_VRRP_ROUTE_H */
