/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What VRRP needs of the host's IPv6, in one place: a kernel may be built
 * without it, or started with ipv6.disable=1.
 */
#ifndef HAK_VRRP_IPV6_H
#define HAK_VRRP_IPV6_H

#include <linux/types.h>

#include "../core/ip.h"

struct hak_dev;
struct hak_router_cfg;
struct net;
struct net_device;
struct sk_buff;

/**
 * hak_ipv6_enabled() - can this machine do IPv6?
 */
bool hak_ipv6_enabled(void);

/**
 * hak_ipv6_join() - join the group ff02::12 on a device
 * @dev: device
 *
 * Context: process, RTNL held.
 * Return: false when the device cannot do IPv6 now.
 */
bool hak_ipv6_join(struct net_device *dev);

/**
 * hak_ipv6_leave() - leave the group ff02::12
 * @dev: device on which it was joined
 *
 * Context: process, RTNL held.
 */
void hak_ipv6_leave(struct net_device *dev);

/**
 * hak_ipv6_primary() - the address that IPv6 adverts are sent from
 * @hd: device
 * @cfg: of the router
 * @pending: set when one is there that is still being checked for duplicates
 *
 * The first link-local address that is the device's own (RFC 9568 section 5.1.2),
 * or `source'.
 *
 * Context: RCU read side.
 * Return: none without one.
 */
struct hak_ip hak_ipv6_primary(const struct hak_dev *hd,
			       const struct hak_router_cfg *cfg, bool *pending);

/**
 * hak_ipv6_present() - is an address on a device?
 * @dev: device
 * @ip: IPv6 address
 * @plen: prefix length, or less than 0: any
 *
 * Context: RCU read side.
 */
bool hak_ipv6_present(const struct net_device *dev, const struct hak_ip *ip,
		      int plen);

/**
 * hak_ipv6_send() - send an advert to a peer, through the neighbour table
 * @net: namespace
 * @skb: IPv6 packet; consumed
 *
 * Context: softirq or BH off, RCU read side.
 * Return: 0, or what went wrong.
 */
int hak_ipv6_send(struct net *net, struct sk_buff *skb);

/**
 * hak_ipv6_advertise() - send a neighbour advertisement
 * @dev: device
 * @ip: address to announce
 * @source: address to send it from
 * @mac: to announce it with
 * @asker: who has asked for it, or NULL: to all nodes, unsolicited
 * @asker_mac: MAC of @asker
 *
 * Context: softirq or BH off, RCU read side.
 * Return: 0, or what went wrong.
 */
int hak_ipv6_advertise(struct net_device *dev, const struct hak_ip *ip,
		       const struct hak_ip *source, const u8 *mac,
		       const struct hak_ip *asker, const u8 *asker_mac);

#endif /* HAK_VRRP_IPV6_H */
