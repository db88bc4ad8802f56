// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../pernet.h"
#include "../rtnl.h"
#include "text.h"
#include "watch.h"

/* What `metric 0` means to IPv6, IP6_RT_PRIO_USER. */
#define METRIC6_DEFAULT	1024

struct hak_vroute *hak_vroute_new(struct hak_net *hn,
				  const struct hak_vroute_cfg *cfg)
{
	struct hak_vroute *v = kzalloc(sizeof(*v), GFP_KERNEL_ACCOUNT);

	if (!v)
		return NULL;
	INIT_LIST_HEAD(&v->list);
	v->hn = hn;
	v->cfg = *cfg;
	return v;
}

static void kick(struct hak_net *hn)
{
	mod_delayed_work(hn->wq, &hn->route_work, 0);
}

void hak_vroute_publish(struct hak_vroute *v)
{
	struct hak_net *hn = v->hn;
	bool first;

	spin_lock_bh(&hn->dirty_lock);
	first = list_empty(&hn->vroutes);
	list_add_tail(&v->list, &hn->vroutes);
	spin_unlock_bh(&hn->dirty_lock);
	/* To listen anew is to be told of every route of the namespace. */
	if (first)
		hak_watch_fib_start(hn);
}

/* Is it another than it shall be, and can something be done? */
static bool todo(const struct hak_vroute *v)
{
	lockdep_assert_held(&v->hn->dirty_lock);
	if (!v->installed)
		return v->gone || (v->wanted && v->placed);
	return !v->wanted || !v->placed || v->on_ifindex != v->ifindex;
}

static bool by_gateway(const struct hak_vroute_cfg *cfg)
{
	return !cfg->dev[0] && cfg->via.len;
}

void hak_vroute_want(struct hak_vroute *v, const struct net_device *dev, bool on)
{
	bool free = by_gateway(&v->cfg);
	int ifindex = dev && !free ? dev->ifindex : 0;
	struct hak_net *hn = v->hn;
	bool act = false;

	spin_lock_bh(&hn->dirty_lock);
	if (!v->gone) {
		if (v->wanted != on || v->ifindex != ifindex)
			hak_pace_now(&v->pace);
		v->ifindex = ifindex;
		v->placed = free || ifindex;
		v->wanted = on;
		act = todo(v);
	}
	spin_unlock_bh(&hn->dirty_lock);
	if (act)
		kick(hn);
}

void hak_vroute_drop(struct hak_vroute *v)
{
	struct hak_net *hn = v->hn;

	spin_lock_bh(&hn->dirty_lock);
	v->wanted = false;
	v->gone = true;
	hak_pace_now(&v->pace);
	spin_unlock_bh(&hn->dirty_lock);
	kick(hn);
}

static u32 metric_of(const struct hak_vroute_cfg *cfg)
{
	if (cfg->prefix.len == HAK_IP6_LEN && !cfg->metric)
		return METRIC6_DEFAULT;
	return cfg->metric;
}

/* Does the best route of now tell that ours is not there? */
static bool tells_loss(const struct hak_vroute_cfg *cfg,
		       const struct hak_fib_event *ev, bool there)
{
	if (cfg->prefix.len != ev->len || cfg->plen != ev->plen ||
	    cfg->table != ev->table ||
	    memcmp(cfg->prefix.b, ev->addr, ev->len))
		return false;
	if (!there)
		return true;
	/* One that is better may hide ours. */
	return ev->metric > metric_of(cfg) ||
	       (ev->metric == metric_of(cfg) && ev->proto != HAK_RTPROT);
}

void hak_vroute_event(struct hak_net *hn, const struct hak_fib_event *ev,
		      bool there)
{
	struct hak_vroute *v;
	bool act = false;

	spin_lock_bh(&hn->dirty_lock);
	list_for_each_entry(v, &hn->vroutes, list) {
		if (!v->wanted || !tells_loss(&v->cfg, ev, there))
			continue;
		v->lost = true;
		v->installed = false;
		hak_pace_lost(&v->pace);
		act = true;
	}
	spin_unlock_bh(&hn->dirty_lock);
	if (act)
		kick(hn);
}

void hak_vroute_hurry(struct hak_net *hn)
{
	struct hak_vroute *v;
	bool act = false;

	spin_lock_bh(&hn->dirty_lock);
	list_for_each_entry(v, &hn->vroutes, list) {
		hak_pace_now(&v->pace);
		act |= todo(v);
	}
	spin_unlock_bh(&hn->dirty_lock);
	if (act)
		kick(hn);
}

/* The next route whose time has come, or the delay until there is one. */
static struct hak_vroute *next_todo(struct hak_net *hn, unsigned long *delay)
{
	struct hak_vroute *v, *found = NULL;
	unsigned long wait;

	*delay = MAX_JIFFY_OFFSET;
	spin_lock_bh(&hn->dirty_lock);
	list_for_each_entry(v, &hn->vroutes, list) {
		if (!todo(v))
			continue;
		wait = hak_pace_delay(&v->pace);
		if (!wait) {
			found = v;
			break;
		}
		*delay = min(*delay, wait);
	}
	spin_unlock_bh(&hn->dirty_lock);
	return found;
}

static void failed(const struct hak_vroute *v, bool add, int err)
{
	char text[HAK_IP_TEXT];

	if (add && err == -ENODEV)
		return;		/* the device goes; its event follows */
	if (add && err == -EEXIST)
		net_warn_ratelimited("route %s/%u table %u metric %u is somebody else's\n",
				     hak_text_ip(&v->cfg.prefix, text),
				     v->cfg.plen, v->cfg.table, v->cfg.metric);
	else
		net_warn_ratelimited("cannot %s route %s/%u table %u: error %d\n",
				     add ? "add" : "remove",
				     hak_text_ip(&v->cfg.prefix, text),
				     v->cfg.plen, v->cfg.table, err);
}

static int tell_table(const struct hak_vroute *v, bool add, int ifindex)
{
	const struct hak_rtnl_route r = {
		.dst = v->cfg.prefix, .via = v->cfg.via, .src = v->cfg.src,
		.plen = v->cfg.plen, .table = v->cfg.table,
		.metric = v->cfg.metric, .ifindex = ifindex,
	};
	int err = hak_rtnl_route(v->hn, add, &r);

	/* It went before, with its device or its source. */
	return !add && (err == -ESRCH || err == -ENODEV) ? 0 : err;
}

/* Add it or remove it. This queue is the only one that frees a route. */
static void settle(struct hak_vroute *v)
{
	struct hak_net *hn = v->hn;
	int err, ifindex;
	bool add;

	spin_lock_bh(&hn->dirty_lock);
	add = !v->installed;
	if (add && v->gone) {
		list_del(&v->list);
		spin_unlock_bh(&hn->dirty_lock);
		kfree_rcu(v, rcu);
		return;
	}
	ifindex = add ? v->ifindex : v->on_ifindex;
	v->lost = false;
	spin_unlock_bh(&hn->dirty_lock);

	err = tell_table(v, add, ifindex);
	spin_lock_bh(&hn->dirty_lock);
	if (err) {
		hak_pace_failed(&v->pace);
	} else {
		v->installed = add && !v->lost;
		v->on_ifindex = add ? ifindex : 0;
		v->pace.retry = 0;
	}
	spin_unlock_bh(&hn->dirty_lock);
	if (err)
		failed(v, add, err);
}

void hak_vroute_work(struct work_struct *work)
{
	struct hak_net *hn = container_of(to_delayed_work(work), struct hak_net,
					  route_work);
	unsigned long delay;
	struct hak_vroute *v;

	while ((v = next_todo(hn, &delay))) {
		settle(v);
		cond_resched();
	}
	if (delay != MAX_JIFFY_OFFSET)
		queue_delayed_work(hn->wq, &hn->route_work, delay);
}

/* Nobody is left who could remove them: at least the memory goes. */
static void forget_rest(struct hak_net *hn)
{
	struct hak_vroute *v, *tmp;
	char text[HAK_IP_TEXT];

	cancel_delayed_work_sync(&hn->route_work);
	list_for_each_entry_safe(v, tmp, &hn->vroutes, list) {
		pr_warn("route %s/%u could not be removed\n",
			hak_text_ip(&v->cfg.prefix, text), v->cfg.plen);
		list_del(&v->list);
		kfree_rcu(v, rcu);
	}
}

void hak_vroute_flush(struct hak_net *hn)
{
	bool empty;
	int tries;

	/* A failure for want of memory is tried again; give up after 5 s. */
	for (tries = 0; tries < 100; tries++) {
		hak_vroute_hurry(hn);
		flush_delayed_work(&hn->route_work);
		spin_lock_bh(&hn->dirty_lock);
		empty = list_empty(&hn->vroutes);
		spin_unlock_bh(&hn->dirty_lock);
		if (empty)
			return;
		msleep(50);
	}
	forget_rest(hn);
}
