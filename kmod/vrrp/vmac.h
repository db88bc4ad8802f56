/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual MAC of a router, RFC 9568 section 7.3, on its own device: no
 * macvlan, no sysctl. The filter is there as long as the router is bound; what
 * happens to frames is decided as they arrive.
 */
#ifndef HAK_VRRP_VMAC_H
#define HAK_VRRP_VMAC_H

#include <linux/skbuff.h>

struct hak_dev;
struct hak_router;

/**
 * hak_vmac_get() - the MAC that a router speaks with
 * @r: router, bound
 * @mac: filled: its virtual MAC when the device takes it, or the device's
 *
 * Context: r->lock held.
 */
void hak_vmac_get(const struct hak_router *r, u8 *mac);

/**
 * hak_vmac_update() - let the device take frames to the virtual MAC of a router
 * @r: router, bound to its device
 *
 * Or no longer, without `vmac on'. The router's addresses have to be placed anew
 * then.
 * Context: process, RTNL held.
 * Return: true when that has changed.
 */
bool hak_vmac_update(struct hak_router *r);

/**
 * hak_vmac_remove() - no longer
 * @r: router, still bound
 *
 * Context: process, RTNL held.
 */
void hak_vmac_remove(struct hak_router *r);

/**
 * hak_vmac_follow() - a bridge takes frames to the virtual MAC only while Active
 * @r: router
 *
 * Context: any but hard irq, r->lock held.
 */
void hak_vmac_follow(struct hak_router *r);

/**
 * hak_vmac_is_own() - is it the virtual MAC of a router of ours?
 * @hd: device
 * @mac: MAC
 *
 * Context: RCU read side.
 */
bool hak_vmac_is_own(struct hak_dev *hd, const u8 *mac);

/**
 * hak_vmac_ingress() - a frame on a device where a router has a virtual MAC
 * @hd: device
 * @skb: frame
 *
 * One to the virtual MAC of an Active router becomes one to this host.
 *
 * Context: softirq, RCU read side.
 * Return: false when it has to be dropped: nobody here is that MAC now.
 */
bool hak_vmac_ingress(struct hak_dev *hd, struct sk_buff *skb);

#endif /* HAK_VRRP_VMAC_H */
