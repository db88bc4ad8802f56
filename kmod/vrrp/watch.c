// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <net/fib_notifier.h>
#include <net/ip_fib.h>
#include <net/ip6_fib.h>
#include <net/nexthop.h>

#include "../pernet.h"
#include "../quorum.h"
#include "route.h"
#include "track.h"

static void watch_dev(struct hak_track *t)
{
	const struct net_device *dev = __dev_get_by_name(t->hn->net, t->cfg.dev);

	ASSERT_RTNL();
	if (!dev)
		hak_track_watched(t, false, "there is no such device");
	else if (!netif_running(dev))
		hak_track_watched(t, false, "the device is down");
	else if (!netif_carrier_ok(dev))
		hak_track_watched(t, false, "no carrier");
	else
		hak_track_watched(t, true, "");
}

void hak_watch_devs(struct hak_net *hn)
{
	struct hak_track *t;

	list_for_each_entry(t, &hn->tracks, list)
		if (t->cfg.kind == HAK_TRACK_DEV)
			watch_dev(t);
}

static void watch_pool(struct hak_track *t)
{
	const struct hak_quorum *q = hak_quorum_find(t->hn, t->cfg.pool);

	if (!q)
		hak_track_watched(t, false, "there is no such pool");
	else
		hak_track_watched(t, q->met, q->met ? "" : "the pool has no quorum");
}

static void watch_pools(struct hak_net *hn)
{
	struct hak_track *t;

	list_for_each_entry(t, &hn->tracks, list)
		if (t->cfg.kind == HAK_TRACK_POOL)
			watch_pool(t);
}

void hak_watch_fib_start(struct hak_net *hn)
{
	/* The routes that are there come with a new registration. */
	WRITE_ONCE(hn->fib_rescan, true);
	queue_work(system_wq, &hn->fib_work);
}

void hak_watch_track(struct hak_track *t)
{
	switch (t->cfg.kind) {
	case HAK_TRACK_DEV:
		watch_dev(t);
		break;
	case HAK_TRACK_POOL:
		watch_pool(t);
		break;
	case HAK_TRACK_ROUTE:
		hak_watch_fib_start(t->hn);
		break;
	default:
		break;
	}
}

static bool matches(const struct hak_track_cfg *cfg, const struct hak_fib_event *ev)
{
	return cfg->kind == HAK_TRACK_ROUTE && cfg->addr_len == ev->len &&
	       cfg->plen == ev->plen && cfg->table == ev->table &&
	       !memcmp(cfg->prefix, ev->addr, ev->len);
}

static bool leads(const struct hak_track_cfg *cfg, const struct hak_fib_event *ev)
{
	return !cfg->dev[0] ||
	       (ev->dev && !strcmp(cfg->dev, ev->dev->name));
}

/*
 * Here a table may be locked: only remember. A table tells of the best route to
 * a prefix: REPLACE when there is another best, DEL when there is none any more.
 */
static void note(struct hak_net *hn, const struct hak_fib_event *ev, bool there)
{
	struct hak_track *t;

	rcu_read_lock();
	list_for_each_entry_rcu(t, &hn->tracks, list) {
		if (!matches(&t->cfg, ev))
			continue;
		WRITE_ONCE(t->route, there && leads(&t->cfg, ev));
		queue_work(system_wq, &hn->fib_work);
	}
	rcu_read_unlock();
	hak_vroute_event(hn, ev, there);
}

static void note4(struct hak_net *hn, const struct fib_notifier_info *info,
		  bool there)
{
	const struct fib_entry_notifier_info *e =
		container_of(info, struct fib_entry_notifier_info, info);
	__be32 dst = htonl(e->dst);
	struct hak_fib_event ev = {
		.addr = &dst, .len = sizeof(dst), .plen = e->dst_len,
		.table = e->tb_id,
	};

	if (there) {
		ev.metric = e->fi->fib_priority;
		ev.proto = e->fi->fib_protocol;
	}
	if (there && e->type == RTN_UNICAST)
		ev.dev = fib_info_nhc(e->fi, 0)->nhc_dev;
	note(hn, &ev, there);
}

static void note6(struct hak_net *hn, const struct fib_notifier_info *info,
		  bool there)
{
	const struct fib6_entry_notifier_info *e =
		container_of(info, struct fib6_entry_notifier_info, info);
	struct hak_fib_event ev = {
		.addr = &e->rt->fib6_dst.addr, .len = sizeof(struct in6_addr),
		.plen = e->rt->fib6_dst.plen, .table = e->rt->fib6_table->tb6_id,
		.metric = e->rt->fib6_metric, .proto = e->rt->fib6_protocol,
	};

	if (there && !e->rt->nh)
		ev.dev = e->rt->fib6_nh->fib_nh_dev;
	note(hn, &ev, there);
}

static int hak_watch_fib(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct hak_net *hn = container_of(nb, struct hak_net, fib_nb);
	const struct fib_notifier_info *info = ptr;
	bool there = event != FIB_EVENT_ENTRY_DEL;

	if (event != FIB_EVENT_ENTRY_REPLACE && event != FIB_EVENT_ENTRY_APPEND &&
	    event != FIB_EVENT_ENTRY_DEL)
		return NOTIFY_DONE;
	if (info->family == AF_INET)
		note4(hn, info, there);
	else if (IS_ENABLED(CONFIG_IPV6) && info->family == AF_INET6)
		note6(hn, info, there);
	return NOTIFY_DONE;
}

static void unlisten(struct hak_net *hn)
{
	if (hn->fib_listens)
		unregister_fib_notifier(hn->net, &hn->fib_nb);
	hn->fib_listens = false;
}

/* Takes RTNL on some kernels: never with it. */
static void rescan(struct hak_net *hn)
{
	struct hak_track *t;
	bool any = !list_empty(&hn->vroutes);

	unlisten(hn);
	rcu_read_lock();
	list_for_each_entry_rcu(t, &hn->tracks, list) {
		WRITE_ONCE(t->route, false);
		any |= t->cfg.kind == HAK_TRACK_ROUTE;
	}
	rcu_read_unlock();
	if (any)
		hn->fib_listens = !register_fib_notifier(hn->net, &hn->fib_nb,
							 NULL, NULL);
}

static void hak_watch_fib_work(struct work_struct *work)
{
	struct hak_net *hn = container_of(work, struct hak_net, fib_work);
	struct hak_track *t;

	if (xchg(&hn->fib_rescan, false))
		rescan(hn);
	rcu_read_lock();
	list_for_each_entry_rcu(t, &hn->tracks, list)
		if (t->cfg.kind == HAK_TRACK_ROUTE)
			hak_track_watched(t, READ_ONCE(t->route),
					  READ_ONCE(t->route) ? "" :
					  "there is no such route");
	rcu_read_unlock();
}

void hak_watch_init(struct hak_net *hn)
{
	INIT_LIST_HEAD(&hn->quorums);
	INIT_WORK(&hn->fib_work, hak_watch_fib_work);
	hn->fib_nb.notifier_call = hak_watch_fib;
	hn->quorum_changed = watch_pools;
}

void hak_watch_exit(struct hak_net *hn)
{
	/* No event queues it any more, and one that has just done so is waited for. */
	cancel_work_sync(&hn->fib_work);
	unlisten(hn);
	cancel_work_sync(&hn->fib_work);
}
