/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routes to servers and clients. Connections hold none: next hops are shared, so
 * that a device or a neighbour that goes is let go of in one place.
 */
#ifndef HAK_LB_ROUTE_H
#define HAK_LB_ROUTE_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define HAK_ROUTE_BITS	9

struct dst_entry;
struct hak_ip;
struct hak_route;
struct in6_addr;
struct net;
struct net_device;
struct sk_buff;

/**
 * struct hak_routes - routes of a namespace
 * @slot: by hash of the destination; @lock, RCU
 * @lock: protects writing of @slot
 */
struct hak_routes {
	struct hak_route __rcu *slot[1 << HAK_ROUTE_BITS];
	spinlock_t lock;
};

/**
 * struct hak_route_use - what hak_route_get() says of a way
 * @mtu: bytes of an IP packet that fit, as a router sees it
 * @counted: it is nobody's but the caller's
 */
struct hak_route_use {
	u32 mtu;
	bool counted;
};

/**
 * hak_route_get() - a way to an IPv4 address
 * @routes: of the namespace
 * @net: the namespace
 * @skb: packet that shall go there; its device, mark and type of service count
 * @saddr: that it will have, network order; counts where the host has rules
 * @daddr: network order
 * @as_is: the packet has another destination, and shall get to @daddr none the less
 * @use: filled
 *
 * Context: RCU read side, softirq or process with bottom halves off.
 * Return: valid in this read side section, and with a reference for the caller when
 * @use says so, or NULL when there is no way out of this machine.
 */
struct dst_entry *hak_route_get(struct hak_routes *routes, struct net *net,
				const struct sk_buff *skb, __be32 saddr,
				__be32 daddr, bool as_is, struct hak_route_use *use);

/**
 * hak_route_get6() - a way to an IPv6 address
 * @routes: of the namespace
 * @net: the namespace
 * @skb: packet that shall go there; its device, mark and traffic class count
 * @saddr: that it will have; counts where the host has rules
 * @daddr: whom it shall get to
 * @as_is: the packet has another destination
 * @use: filled
 *
 * Context and return: as hak_route_get().
 */
struct dst_entry *hak_route_get6(struct hak_routes *routes, struct net *net,
				 const struct sk_buff *skb, const struct in6_addr *saddr,
				 const struct in6_addr *daddr, bool as_is,
				 struct hak_route_use *use);

/**
 * hak_route_source() - the address of this host that packets to somebody have
 * @net: the namespace
 * @to: whom
 * @from: filled
 *
 * Context: RCU read side, any but hard irq. Return: false without a way.
 */
bool hak_route_source(struct net *net, const struct hak_ip *to, struct hak_ip *from);

/**
 * hak_route_flush() - forget routes
 * @routes: of the namespace
 * @dev: over this device, or NULL for all
 *
 * Context: any but hard irq.
 */
void hak_route_flush(struct hak_routes *routes, const struct net_device *dev);

#endif /* HAK_LB_ROUTE_H */
