// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "../core/ip.h"
#include "ip6.h"

/* Another destination in the same slot has to wait as long. */
#define SLOT_HOLD	(HZ / 8)

/**
 * struct route_key - what a way depends on
 * @daddr: network order; with @v6 all of its words in one
 * @saddr: where the host has rules for it, or 0; likewise
 * @mark: of the packets
 * @oif: VRF of the packets, or 0
 * @tos: of the packets
 * @as_is: next hops are found by @daddr, not by what packets say
 * @v6: an IPv6 address
 */
struct route_key {
	__be32 daddr;
	__be32 saddr;
	u32 mark;
	int oif;
	u8 tos;
	bool as_is;
	bool v6;
};

/**
 * struct route_key6 - the addresses of a way with IPv6
 * @daddr: where to
 * @saddr: where the host has rules for it, or none
 */
struct route_key6 {
	struct in6_addr daddr;
	struct in6_addr saddr;
};

/**
 * struct hak_route - the way to one address
 * @key: from where and to where
 * @key6: the same, with IPv6
 * @cookie: for dst_check()
 * @mtu: of @dst as a router sees it; the route is dropped when it changes
 * @dst: counted
 * @made: jiffies
 * @rcu: to be freed by
 */
struct hak_route {
	struct route_key key;
	u32 cookie;
	u32 mtu;
	struct dst_entry *dst;
	unsigned long made;
	struct rcu_head rcu;
	struct route_key6 key6[];
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
	       a->as_is == b->as_is && a->v6 == b->v6;
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
	return dst_check(route->dst, route->cookie);
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

/*
 * Takes over the reference to @dst, or without memory leaves it to the caller. @want6
 * is NULL with IPv4.
 */
static bool remember(struct hak_routes *routes, u32 i, const struct route_key *want,
		     const struct route_key6 *want6, struct dst_entry *dst, u32 cookie,
		     u32 mtu)
{
	struct hak_route *route = kmalloc(struct_size(route, key6, !!want6), GFP_ATOMIC);

	if (!route)
		return false;
	route->key = *want;
	route->dst = dst;
	route->cookie = cookie;
	route->mtu = mtu;
	route->made = jiffies;
	if (want6)
		route->key6[0] = *want6;
	put_slot(routes, i, route);
	return true;
}

/* More destinations than slots take turns: to make an entry is dear. */
static bool slot_is_free(const struct hak_route *route)
{
	return !route || !good(route) ||
	       !time_in_range(jiffies, route->made, route->made + SLOT_HOLD);
}

static int vrf_of(const struct sk_buff *skb)
{
	return netif_is_l3_master(skb->dev) || netif_is_l3_slave(skb->dev) ?
	       l3mdev_master_ifindex_rcu(skb->dev) : 0;
}

struct dst_entry *hak_route_get(struct hak_routes *routes, struct net *net,
				const struct sk_buff *skb, __be32 saddr,
				__be32 daddr, bool as_is, struct hak_route_use *use)
{
	const struct route_key want = {
		.daddr = daddr,
		.saddr = unlikely(by_source(net)) ? saddr : 0,
		.mark = skb->mark,
		.oif = vrf_of(skb),
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
		       !remember(routes, i, &want, NULL, dst, 0, use->mtu);
	return dst;
}

static struct dst_entry *lookup6(struct net *net, const struct route_key *want,
				 const struct route_key6 *want6, u32 *cookie)
{
	struct flowi6 fl6 = {
		.daddr = want6->daddr,
		.saddr = want6->saddr,
		.flowi6_flags = want->as_is ? FLOWI_FLAG_KNOWN_NH : 0,
		.flowi6_mark = want->mark,
		.flowi6_oif = want->oif,
		.flowlabel = ip6_make_flowinfo(want->tos, 0),
	};

	return hak_ip6_route_out(net, &fl6, cookie);
}

static __be32 word(const struct in6_addr *addr)
{
	return addr->s6_addr32[0] ^ addr->s6_addr32[1] ^ addr->s6_addr32[2] ^
	       addr->s6_addr32[3];
}

static bool matches6(const struct route_key6 *a, const struct route_key6 *b)
{
	return ipv6_addr_equal(&a->daddr, &b->daddr) && ipv6_addr_equal(&a->saddr, &b->saddr);
}

struct dst_entry *hak_route_get6(struct hak_routes *routes, struct net *net,
				 const struct sk_buff *skb, const struct in6_addr *saddr,
				 const struct in6_addr *daddr, bool as_is,
				 struct hak_route_use *use)
{
	const struct route_key6 want6 = {
		.daddr = *daddr,
		.saddr = unlikely(hak_ip6_by_source(net)) ? *saddr : (struct in6_addr){},
	};
	const struct route_key want = {
		.daddr = word(&want6.daddr),
		.saddr = word(&want6.saddr),
		.mark = skb->mark,
		.oif = vrf_of(skb),
		.tos = ipv6_get_dsfield(ipv6_hdr(skb)),
		.as_is = as_is,
		.v6 = true,
	};
	u32 i = hash_32((__force u32)(want.daddr ^ want.saddr), HAK_ROUTE_BITS);
	const struct hak_route *route = rcu_dereference(routes->slot[i]);
	struct dst_entry *dst;
	u32 cookie;

	use->counted = false;
	if (likely(route && matches(&route->key, &want) &&
		   matches6(route->key6, &want6) && good(route))) {
		use->mtu = route->mtu;
		return route->dst;
	}
	dst = lookup6(net, &want, &want6, &cookie);
	if (!dst)
		return NULL;
	use->mtu = hak_ip6_mtu(dst);
	use->counted = !slot_is_free(route) ||
		       !remember(routes, i, &want, &want6, dst, cookie, use->mtu);
	return dst;
}

bool hak_route_source(struct net *net, const struct hak_ip *to, struct hak_ip *from)
{
	struct flowi4 fl4 = { .daddr = (__force __be32)to->w[0] };
	struct rtable *rt;

	if (to->len == HAK_IP6_LEN)
		return hak_ip6_source(net, to, from);
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return false;
	*from = hak_ip_make(&fl4.saddr, HAK_IP4_LEN);
	ip_rt_put(rt);
	return fl4.saddr;
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
