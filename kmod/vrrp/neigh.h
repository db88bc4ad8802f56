/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ARP and neighbour discovery for the addresses of routers: only the Active
 * router answers, at once, with the MAC it announces.
 */
#ifndef HAK_VRRP_NEIGH_H
#define HAK_VRRP_NEIGH_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/**
 * hak_neigh_arp_in() - an ARP packet arrived
 * @priv: namespace
 * @skb: packet
 * @state: of the hook
 *
 * Context: softirq, RCU read side.
 */
unsigned int hak_neigh_arp_in(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

/**
 * hak_neigh_arp_out() - an ARP packet of the host's leaves
 * @priv: namespace
 * @skb: packet with its Ethernet header
 * @state: of the hook
 *
 * Context: any but hard irq, RCU read side.
 */
unsigned int hak_neigh_arp_out(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state);

/**
 * hak_neigh_nd_in() - an ICMPv6 packet arrived
 * @priv: namespace
 * @skb: packet
 * @state: of the hook
 *
 * Context: softirq, RCU read side.
 */
unsigned int hak_neigh_nd_in(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state);

/**
 * hak_neigh_nd_out() - a packet of the host's leaves, IPv6
 * @priv: namespace
 * @skb: packet
 * @state: of the hook
 *
 * Context: any but hard irq, RCU read side.
 */
unsigned int hak_neigh_nd_out(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

#endif /* HAK_VRRP_NEIGH_H */
