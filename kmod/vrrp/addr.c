// SPDX-License-Identifier: GPL-2.0-only
#include "addr.h"

#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "../pernet.h"
#include "../rtnl.h"
#include "config.h"
#include "ipv6.h"
#include "router.h"
#include "text.h"

struct hak_addr *hak_addr_new(struct hak_router *r, const struct hak_vip_cfg *vip)
{
	struct hak_addr *a = kzalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);

	if (!a)
		return NULL;
	refcount_set(&a->refs, 1);
	INIT_LIST_HEAD(&a->dirty);
	INIT_HLIST_NODE(&a->role.node);
	a->hn = r->hn;
	a->router = r;
	a->role.ip = vip->ip;
	a->role.flags = HAK_ROLE_KNOWN;
	a->plen = vip->plen;
	strscpy(a->label, vip->label, sizeof(a->label));
	return a;
}

void hak_addr_discard(struct hak_addr *a)
{
	kfree(a);
}

void hak_addr_publish(struct hak_addr *a)
{
	hak_role_publish(a->hn, &a->role);
}

static void addr_put(struct hak_addr *a)
{
	if (refcount_dec_and_test(&a->refs))
		kfree_rcu(a, rcu);
}

static void mark_dirty_locked(struct hak_addr *a)
{
	lockdep_assert_held(&a->hn->dirty_lock);
	if (!list_empty(&a->dirty))
		return;
	refcount_inc(&a->refs);
	list_add_tail(&a->dirty, &a->hn->dirty);
}

static void kick(struct hak_net *hn)
{
	mod_delayed_work(hn->wq, &hn->addr_work, 0);
}

void hak_addr_want(struct hak_addr *a, int ifindex, const u8 *mac, bool on,
		   bool owner)
{
	struct hak_net *hn = a->hn;
	bool todo;

	on = on && ifindex;
	spin_lock_bh(&hn->dirty_lock);
	if (a->ifindex != ifindex || a->wanted != on || a->owner != owner)
		hak_pace_now(&a->pace);
	if (mac)
		ether_addr_copy(a->mac, mac);
	WRITE_ONCE(a->ifindex, ifindex);
	WRITE_ONCE(a->owner, owner);
	a->wanted = on;
	todo = a->wanted != a->installed ||
	       (a->installed && a->on_ifindex != a->ifindex);
	if (todo)
		mark_dirty_locked(a);
	spin_unlock_bh(&hn->dirty_lock);
	if (todo)
		kick(hn);
}

void hak_addr_drop(struct hak_addr *a)
{
	struct hak_net *hn = a->hn;

	hak_role_set(&a->role, 0);
	spin_lock_bh(&hn->dirty_lock);
	a->wanted = false;
	a->gone = true;
	hak_pace_now(&a->pace);
	mark_dirty_locked(a);
	spin_unlock_bh(&hn->dirty_lock);
	kick(hn);
	addr_put(a);
}

bool hak_addr_is_ours(struct hak_net *hn, int ifindex, const struct hak_ip *ip)
{
	struct hak_addr *a;

	hlist_for_each_entry_rcu(a, &hn->roles[hak_role_hash(ip)], role.node)
		if (hak_ip_equal(&a->role.ip, ip) && !READ_ONCE(a->owner) &&
		    (READ_ONCE(a->ifindex) == ifindex ||
		     READ_ONCE(a->on_ifindex) == ifindex))
			return true;
	return false;
}

bool hak_addr_is_own_change(struct hak_net *hn,
			    const struct hak_rtnl_addr *which)
{
	/* IPv6 tells from softirq too, on top of whatever task runs. */
	return in_task() && READ_ONCE(hn->addr_task) == current &&
	       hn->addr_busy &&
	       hak_ip_equal(&hn->addr_busy->ip, &which->ip) &&
	       hn->addr_busy->plen == which->plen &&
	       hn->addr_busy->ifindex == which->ifindex;
}

/* Somebody took it away: put it back, at once the first times. */
static void restore_locked(struct hak_addr *a)
{
	a->installed = false;
	if (!a->wanted)
		return;
	hak_pace_lost(&a->pace);
	a->restored++;
	mark_dirty_locked(a);
}

void hak_addr_event(struct hak_net *hn, const struct hak_rtnl_addr *which)
{
	u32 h = hak_role_hash(&which->ip);
	struct hak_addr *a;
	bool todo = false;

	if (hak_addr_is_own_change(hn, which))
		return;
	rcu_read_lock();
	spin_lock_bh(&hn->dirty_lock);
	hlist_for_each_entry_rcu(a, &hn->roles[h], role.node) {
		if (!hak_ip_equal(&a->role.ip, &which->ip) || !a->installed ||
		    a->plen != which->plen || a->on_ifindex != which->ifindex)
			continue;
		restore_locked(a);
		todo |= a->wanted;
	}
	spin_unlock_bh(&hn->dirty_lock);
	rcu_read_unlock();
	if (todo)
		kick(hn);
}

static bool present4(const struct net_device *dev,
		     const struct hak_rtnl_addr *r, bool any)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct in_ifaddr *ifa;
	bool found = false;

	if (in_dev)
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			found |= ifa->ifa_local == (__force __be32)r->ip.w[0] &&
				 (any || ifa->ifa_prefixlen == r->plen);
	return found;
}

/*
 * Is it on the device, whatever rtnetlink could tell us? An owner's address may
 * have any prefix length.
 */
static bool present(struct hak_net *hn, const struct hak_rtnl_addr *r, bool any)
{
	struct net_device *dev;
	bool found = false;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(hn->net, r->ifindex);
	if (dev && r->ip.len == HAK_IP4_LEN)
		found = present4(dev, r, any);
	else if (dev)
		found = hak_ipv6_present(dev, &r->ip, any ? -1 : r->plen);
	rcu_read_unlock();
	return found;
}

/*
 * One step towards what is wanted. Returns true when nothing more can be done
 * now: done, or hopeless until something changes.
 */
static bool settle(struct hak_addr *a)
{
	struct hak_net *hn = a->hn;
	struct hak_rtnl_addr r = { .ip = a->role.ip, .plen = a->plen,
				   .label = a->label };
	bool add, remove, there, owner, foreign;
	char text[HAK_IP_TEXT];
	int err = 0;

	spin_lock_bh(&hn->dirty_lock);
	remove = a->installed && (!a->wanted || a->on_ifindex != a->ifindex);
	add = !remove && a->wanted && !a->installed;
	r.ifindex = remove ? a->on_ifindex : a->ifindex;
	owner = a->owner;
	if (remove && a->foreign) {
		a->installed = a->foreign = false;
		a->on_ifindex = 0;
		spin_unlock_bh(&hn->dirty_lock);
		return false;
	}
	spin_unlock_bh(&hn->dirty_lock);
	if (!add && !remove)
		return true;

	foreign = add && owner && present(hn, &r, true);
	if (!foreign) {
		hn->addr_busy = &r;
		err = hak_rtnl_addr(hn, add, &r);
		hn->addr_busy = NULL;
	}
	there = foreign || present(hn, &r, false);
	spin_lock_bh(&hn->dirty_lock);
	a->installed = there;
	a->foreign = foreign;
	WRITE_ONCE(a->on_ifindex, there ? r.ifindex : 0);
	if (there == add)
		a->pace.retry = 0;
	spin_unlock_bh(&hn->dirty_lock);
	if (there == add)
		return false;
	if (add && err == -ENODEV)
		return true;	/* the device goes; its event follows */
	net_warn_ratelimited("cannot %s %s/%u: error %d\n",
			     add ? "add" : "remove", hak_text_ip(&r.ip, text),
			     r.plen, err);
	return true;
}

/* The next address whose time has come, or the delay until there is one. */
static struct hak_addr *next_dirty(struct hak_net *hn, unsigned long *delay)
{
	struct hak_addr *a, *found = NULL;
	unsigned long wait;

	*delay = MAX_JIFFY_OFFSET;
	spin_lock_bh(&hn->dirty_lock);
	list_for_each_entry(a, &hn->dirty, dirty) {
		wait = hak_pace_delay(&a->pace);
		if (!wait) {
			list_del_init(&a->dirty);
			found = a;	/* with the list's reference */
			break;
		}
		*delay = min(*delay, wait);
	}
	spin_unlock_bh(&hn->dirty_lock);
	return found;
}

static void finish(struct hak_addr *a)
{
	struct hak_net *hn = a->hn;
	bool undone, gone;

	spin_lock_bh(&hn->dirty_lock);
	undone = a->wanted != a->installed && a->ifindex;
	undone |= a->gone && a->installed;
	if (undone && list_empty(&a->dirty)) {
		hak_pace_failed(&a->pace);
		mark_dirty_locked(a);
	}
	gone = a->gone && !a->installed && list_empty(&a->dirty);
	spin_unlock_bh(&hn->dirty_lock);
	if (gone)
		hak_role_unpublish(hn, &a->role);
	addr_put(a);
}

void hak_addr_work(struct work_struct *work)
{
	struct hak_net *hn = container_of(to_delayed_work(work), struct hak_net,
					  addr_work);
	unsigned long delay;
	struct hak_addr *a;

	WRITE_ONCE(hn->addr_task, current);
	while ((a = next_dirty(hn, &delay))) {
		while (!settle(a))
			;
		finish(a);
		cond_resched();
	}
	WRITE_ONCE(hn->addr_task, NULL);
	if (delay != MAX_JIFFY_OFFSET)
		queue_delayed_work(hn->wq, &hn->addr_work, delay);
}

static void hurry(struct hak_net *hn)
{
	struct hak_addr *a;

	spin_lock_bh(&hn->dirty_lock);
	list_for_each_entry(a, &hn->dirty, dirty)
		a->pace.not_before = jiffies;
	spin_unlock_bh(&hn->dirty_lock);
}

/* Nobody is left who could remove them: at least the memory goes. */
static void forget_rest(struct hak_net *hn)
{
	struct hak_addr *a, *tmp;
	char text[HAK_IP_TEXT];

	cancel_delayed_work_sync(&hn->addr_work);
	list_for_each_entry_safe(a, tmp, &hn->dirty, dirty) {
		pr_warn("address %s could not be removed\n",
			hak_text_ip(&a->role.ip, text));
		list_del_init(&a->dirty);
		hak_role_unpublish(hn, &a->role);
		addr_put(a);
	}
}

void hak_addr_flush(struct hak_net *hn)
{
	bool empty;
	int tries;

	/* A failure for want of memory is tried again; give up after 5 s. */
	for (tries = 0; tries < 100; tries++) {
		hurry(hn);
		kick(hn);
		flush_delayed_work(&hn->addr_work);
		spin_lock_bh(&hn->dirty_lock);
		empty = list_empty(&hn->dirty);
		spin_unlock_bh(&hn->dirty_lock);
		if (empty)
			return;
		msleep(50);
	}
	forget_rest(hn);
}
