// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>

/* Another destination in the same slot has to wait as long. */
#define SLOT_HOLD	(HZ / 8)

/**
 * struct route_key - what a way depends on
 * @daddr: network order
 * @saddr: where the host has rules for it, or 0
 * @mark: of the packets
 * @oif: VRF of the packets, or 0
 * @tos: of the packets
 * @as_is: next hops are found by @daddr, not by what packets say
 */
struct route_key {
	__be32 daddr;
	__be32 saddr;
	u32 mark;
	int oif;
	u8 tos;
	bool as_is;
};

/**
 * struct hak_route - the way to one address
 * @key: from where and to where
 * @mtu: of @dst as a router sees it; the route is dropped when it changes
 * @dst: counted
 * @made: jiffies
 * @rcu: to be freed by
 */
struct hak_route {
	struct route_key key;
	u32 mtu;
	struct dst_entry *dst;
	unsigned long made;
	struct rcu_head rcu;
};

static void route_free(struct rcu_head *rcu)
{
	struct hak_route *route = container_of(rcu, struct hak_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

static struct dst_entry *lookup(struct net *net, const struct route_key *want)
{
	struct flowi4 fl4 = {
		.daddr = want->daddr,
		.saddr = want->saddr,
		.flowi4_flags = FLOWI_FLAG_ANYSRC |	/* it is no address of ours */
				(want->as_is ? FLOWI_FLAG_KNOWN_NH : 0),
		.flowi4_mark = want->mark,
		.flowi4_tos = want->tos,
		.flowi4_oif = want->oif,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return NULL;
	/* Not to ourselves, not to everybody. */
	if (rt->rt_type == RTN_UNICAST)
		return &rt->dst;
	ip_rt_put(rt);
	return NULL;
}

static bool matches(const struct route_key *a, const struct route_key *b)
{
	return a->daddr == b->daddr && a->saddr == b->saddr &&
	       a->mark == b->mark && a->oif == b->oif && a->tos == b->tos &&
	       a->as_is == b->as_is;
}

static void put_slot(struct hak_routes *routes, u32 i, struct hak_route *route)
{
	struct hak_route *old;

	spin_lock_bh(&routes->lock);
	old = rcu_replace_pointer(routes->slot[i], route,
				  lockdep_is_held(&routes->lock));
	spin_unlock_bh(&routes->lock);
	if (old)
		call_rcu(&old->rcu, route_free);
}

static bool good(const struct hak_route *route)
{
	return dst_check(route->dst, 0);
}

/* A route for each pair of addresses is dear: only where `ip rule from' may be. */
static bool by_source(const struct net *net)
{
#ifdef CONFIG_IP_MULTIPLE_TABLES
	return net->ipv4.fib_has_custom_rules;
#else
	return false;
#endif
}

/* Takes over the reference to @dst, or without memory leaves it to the caller. */
static bool remember(struct hak_routes *routes, u32 i,
		     const struct route_key *want, struct dst_entry *dst, u32 mtu)
{
	struct hak_route *route = kmalloc(sizeof(*route), GFP_ATOMIC);

	if (!route)
		return false;
	*route = (struct hak_route) {
		.key = *want, .dst = dst, .mtu = mtu, .made = jiffies,
	};
	put_slot(routes, i, route);
	return true;
}

/* More destinations than slots take turns: to make an entry is dear. */
static bool slot_is_free(const struct hak_route *route)
{
	return !route || !good(route) ||
	       !time_in_range(jiffies, route->made, route->made + SLOT_HOLD);
}

struct dst_entry *hak_route_get(struct hak_routes *routes, struct net *net,
				const struct sk_buff *skb, __be32 saddr,
				__be32 daddr, bool as_is, struct hak_route_use *use)
{
	const struct route_key want = {
		.daddr = daddr,
		.saddr = unlikely(by_source(net)) ? saddr : 0,
		.mark = skb->mark,
		.oif = netif_is_l3_master(skb->dev) || netif_is_l3_slave(skb->dev) ?
		       l3mdev_master_ifindex_rcu(skb->dev) : 0,
		.tos = RT_TOS(ip_hdr(skb)->tos),
		.as_is = as_is,
	};
	u32 i = hash_32((__force u32)(daddr ^ want.saddr), HAK_ROUTE_BITS);
	const struct hak_route *route = rcu_dereference(routes->slot[i]);
	struct dst_entry *dst;

	use->counted = false;
	if (likely(route && matches(&route->key, &want) && good(route))) {
		use->mtu = route->mtu;
		return route->dst;
	}
	dst = lookup(net, &want);
	if (!dst)
		return NULL;
	use->mtu = ip_dst_mtu_maybe_forward(dst, true);
	use->counted = !slot_is_free(route) ||
		       !remember(routes, i, &want, dst, use->mtu);
	return dst;
}

void hak_route_flush(struct hak_routes *routes, const struct net_device *dev)
{
	const struct hak_route *route;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(routes->slot); i++) {
		rcu_read_lock();
		route = rcu_dereference(routes->slot[i]);
		if (route && (!dev || route->dst->dev == dev))
			put_slot(routes, i, NULL);
		rcu_read_unlock();
	}
}
