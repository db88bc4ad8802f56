// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/l3mdev.h>
#include <net/route.h>

/**
 * struct hak_route - the way to one address
 * @daddr: network order
 * @mark: of the packets
 * @oif: VRF of the packets, or 0
 * @tos: of the packets
 * @dst: counted
 * @rcu: to be freed by
 */
struct hak_route {
	__be32 daddr;
	u32 mark;
	int oif;
	u8 tos;
	struct dst_entry *dst;
	struct rcu_head rcu;
};

static void route_free(struct rcu_head *rcu)
{
	struct hak_route *route = container_of(rcu, struct hak_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

static struct dst_entry *lookup(struct net *net, const struct hak_route *want)
{
	struct flowi4 fl4 = {
		.daddr = want->daddr,
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

static bool matches(const struct hak_route *route, const struct hak_route *want)
{
	return route->daddr == want->daddr && route->mark == want->mark &&
	       route->oif == want->oif && route->tos == want->tos;
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

/* Takes over the reference to @dst; without memory the packet has no way. */
static struct dst_entry *remember(struct hak_routes *routes, u32 i,
				  const struct hak_route *want,
				  struct dst_entry *dst)
{
	struct hak_route *route = kmalloc(sizeof(*route), GFP_ATOMIC);

	if (!route) {
		dst_release(dst);
		return NULL;
	}
	*route = *want;
	route->dst = dst;
	put_slot(routes, i, route);
	return dst;
}

struct dst_entry *hak_route_get(struct hak_routes *routes, struct net *net,
				const struct sk_buff *skb, __be32 daddr)
{
	const struct hak_route want = {
		.daddr = daddr,
		.mark = skb->mark,
		.oif = l3mdev_master_ifindex_rcu(skb->dev),
		.tos = RT_TOS(ip_hdr(skb)->tos),
	};
	u32 i = hash_32((__force u32)daddr, HAK_ROUTE_BITS);
	const struct hak_route *route = rcu_dereference(routes->slot[i]);
	struct dst_entry *dst;

	if (likely(route && matches(route, &want))) {
		dst = route->dst;
		if (likely(dst_check(dst, 0)))
			return dst;
	}
	dst = lookup(net, &want);
	return dst ? remember(routes, i, &want, dst) : NULL;
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
