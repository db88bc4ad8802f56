// SPDX-License-Identifier: GPL-2.0-only
#include "ip6.h"

#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/dst.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6_stubs.h>
#include <net/neighbour.h>
#include <net/route.h>

#include "info.h"

/* Where IPv6 is a module of its own, hak does not depend on it. */
#if IS_BUILTIN(CONFIG_IPV6)

bool hak_lb_has_ipv6(void)
{
	return ipv6_mod_enabled();
}

bool hak_ip6_route_in(struct sk_buff *skb)
{
	return skb_dst(skb) || !ipv6_stub->ipv6_route_input(skb);
}

struct dst_entry *hak_ip6_route_out(struct net *net, struct flowi6 *fl6, u32 *cookie)
{
	struct dst_entry *dst = ip6_route_output(net, NULL, fl6);
	const struct rt6_info *rt = (const struct rt6_info *)dst;

	if (!dst->error && !(rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST | RTF_REJECT)) &&
	    !ipv6_addr_is_multicast(&fl6->daddr)) {
		*cookie = rt6_get_cookie(rt);
		return dst;
	}
	dst_release(dst);
	return NULL;
}

bool hak_ip6_source(struct net *net, const struct hak_ip *to, struct hak_ip *from)
{
	const struct in6_addr *daddr = (const struct in6_addr *)to->b;
	struct flowi6 fl6 = { .daddr = *daddr };
	struct dst_entry *dst;
	struct in6_addr saddr;
	int err;
	u32 cookie;

	dst = hak_ip6_route_out(net, &fl6, &cookie);
	if (!dst)
		return false;
	err = ipv6_dev_get_saddr(net, dst->dev, daddr, 0, &saddr);
	dst_release(dst);
	*from = hak_ip_make(&saddr, HAK_IP6_LEN);
	return !err;
}

bool hak_ip6_by_source(const struct net *net)
{
	return fib6_has_custom_rules(net) || fib6_routes_require_src(net);
}

u32 hak_ip6_mtu(const struct dst_entry *dst)
{
	return ip6_dst_mtu_maybe_forward(dst, true);
}

void hak_ip6_error(struct sk_buff *skb, enum hak_lb_error what, u32 mtu)
{
	switch (what) {
	case HAK_ERROR_TTL:
		return icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
	case HAK_ERROR_SIZE:
		return icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	case HAK_ERROR_HOST:
		return icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE, 0);
	case HAK_ERROR_PORT:
		return icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
	}
}

void hak_ip6_send(struct sk_buff *skb)
{
	const struct rt6_info *rt = (const struct rt6_info *)skb_dst(skb);
	struct neighbour *neigh;

	neigh = ip_neigh_gw6(rt->dst.dev, rt6_nexthop(rt, &ipv6_hdr(skb)->daddr));
	if (IS_ERR(neigh)) {
		kfree_skb(skb);
		return;
	}
	sock_confirm_neigh(skb, neigh);
	neigh_output(neigh, skb, false);
}

#else

bool hak_lb_has_ipv6(void)
{
	return false;
}

bool hak_ip6_route_in(struct sk_buff *skb)
{
	return false;
}

struct dst_entry *hak_ip6_route_out(struct net *net, struct flowi6 *fl6, u32 *cookie)
{
	return NULL;
}

bool hak_ip6_source(struct net *net, const struct hak_ip *to, struct hak_ip *from)
{
	return false;
}

bool hak_ip6_by_source(const struct net *net)
{
	return false;
}

u32 hak_ip6_mtu(const struct dst_entry *dst)
{
	return IPV6_MIN_MTU;
}

void hak_ip6_error(struct sk_buff *skb, enum hak_lb_error what, u32 mtu)
{
}

void hak_ip6_send(struct sk_buff *skb)
{
	kfree_skb(skb);
}

#endif
