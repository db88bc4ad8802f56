/* SPDX-License-Identifier: GPL-2.0-only */
/* What IPv6 does in its own way, and nothing of it in a kernel without. */
#ifndef HAK_LB_IP6_H
#define HAK_LB_IP6_H

#include <linux/in6.h>
#include <linux/types.h>

struct dst_entry;
struct flowi6;
struct hak_ip;
struct net;
struct sk_buff;

/**
 * enum hak_lb_error - what a sender is told of its packet
 * @HAK_ERROR_TTL: it was on the way for too long
 * @HAK_ERROR_SIZE: it does not fit
 * @HAK_ERROR_HOST: there is no way to whom it is for
 * @HAK_ERROR_PORT: nobody takes it
 */
enum hak_lb_error {
	HAK_ERROR_TTL,
	HAK_ERROR_SIZE,
	HAK_ERROR_HOST,
	HAK_ERROR_PORT,
};

/**
 * hak_ip6_route_in() - give a packet its input route
 * @skb: packet as it came
 *
 * Context: RCU read side. Return: false when it has none.
 */
bool hak_ip6_route_in(struct sk_buff *skb);

/**
 * hak_ip6_route_out() - find a way out of this machine
 * @net: namespace
 * @fl6: where to, and what else counts
 * @cookie: for dst_check()
 *
 * Context: RCU read side.
 * Return: with a reference, or NULL when it ends here, at a group or nowhere.
 */
struct dst_entry *hak_ip6_route_out(struct net *net, struct flowi6 *fl6, u32 *cookie);

/**
 * hak_ip6_source() - as hak_route_source()
 * @net: namespace
 * @to: whom
 * @from: filled
 *
 * Context: RCU read side. Return: false without a way.
 */
bool hak_ip6_source(struct net *net, const struct hak_ip *to, struct hak_ip *from);

/**
 * hak_ip6_by_source() - do routes depend on where a packet comes from
 * @net: namespace
 *
 * Context: any.
 */
bool hak_ip6_by_source(const struct net *net);

/**
 * hak_ip6_mtu() - bytes of a packet that fit, as a router sees it
 * @dst: way out
 *
 * Context: any.
 */
u32 hak_ip6_mtu(const struct dst_entry *dst);

/**
 * hak_ip6_error() - tell the sender of a packet what became of it
 * @skb: packet as it came
 * @what: happened
 * @mtu: bytes that fit, with HAK_ERROR_SIZE
 *
 * Context: RCU read side, bottom halves off.
 */
void hak_ip6_error(struct sk_buff *skb, enum hak_lb_error what, u32 mtu);

/**
 * hak_ip6_send() - hand a packet to its neighbour
 * @skb: packet with its route
 *
 * Context: RCU read side, bottom halves off. The packet is gone afterwards.
 */
void hak_ip6_send(struct sk_buff *skb);

#endif /* HAK_LB_IP6_H */
