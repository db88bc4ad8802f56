/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_RX_H
#define HAK_VRRP_RX_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

struct hak_net;
struct net_device;
struct packet_type;

/**
 * hak_rx_init() - memory for packets in hand
 *
 * Context: process. Return: 0 or an error.
 */
int hak_rx_init(void);

/**
 * hak_rx_exit() - give it back; no hook is left that could use it
 *
 * Context: process.
 */
void hak_rx_exit(void);

/**
 * hak_rx_ingress() - the ingress hook of a device
 * @priv: struct hak_dev
 * @skb: frame
 * @state: of the hook
 *
 * Context: softirq.
 * Return: NF_ACCEPT, always: others may want the advert too.
 */
unsigned int hak_rx_ingress(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state);

/**
 * hak_rx_tap() - the tap of a device whose adverts are missed
 * @skb: frame, consumed
 * @dev: device
 * @pt: hak_dev.tap
 * @orig_dev: device
 *
 * Context: softirq.
 * Return: 0.
 */
int hak_rx_tap(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt, struct net_device *orig_dev);

/**
 * hak_rx_get_hooks() - the hooks of a namespace that has routers
 * @hn: namespace
 *
 * PRE_ROUTING, for adverts that tc took past the ingress hook; LOCAL_IN and ARP,
 * which keep an address that is not Active here from being served.
 * Context: process, RTNL held. Return: 0 or an error.
 */
int hak_rx_get_hooks(struct hak_net *hn);

/**
 * hak_rx_put_hooks() - give back a user of the hooks of a namespace
 * @hn: namespace
 *
 * Context: process, RTNL held.
 */
void hak_rx_put_hooks(struct hak_net *hn);

#endif /* HAK_VRRP_RX_H */
