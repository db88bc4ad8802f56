/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses that hak puts on devices. What is wanted is said from any context;
 * one ordered queue per namespace makes it so, through rtnetlink.
 */
#ifndef HAK_VRRP_ADDR_H
#define HAK_VRRP_ADDR_H

#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <linux/hak.h>

#include "../role.h"
#include "pace.h"

struct hak_net;
struct hak_router;
struct hak_rtnl_addr;
struct hak_vip_cfg;

/**
 * struct hak_addr - one address of one router
 * @role: published from creation until the address is off the device, so that
 *	nobody is served by an address that lags behind
 * @refs: the router's list, and the dirty list while @dirty is linked
 * @rcu: freed after a grace period
 * @hn: namespace
 * @router: it is an address of; valid under RCU while HAK_ROLE_ANSWER is set
 * @mac: it is announced with; dirty_lock
 * @dirty: in hak_net.dirty; dirty_lock
 * @pace: one that somebody keeps removing is put back slowly; dirty_lock
 * @restored: put back in all; dirty_lock
 * @ifindex: where it belongs, 0 while the router has no device; dirty_lock
 * @on_ifindex: where it is; dirty_lock
 * @plen: prefix length
 * @owner: the router owns the address (priority 255); dirty_lock
 * @wanted: it shall be on the device; dirty_lock
 * @installed: it is on device @on_ifindex; dirty_lock
 * @foreign: it was there before and belongs to the owner: never removed; dirty_lock
 * @gone: its router has dropped it; dirty_lock
 * @label: or empty
 */
struct hak_addr {
	struct hak_role role;
	refcount_t refs;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct hak_router *router;
	u8 mac[ETH_ALEN];
	struct list_head dirty;
	struct hak_pace pace;
	u64 restored;
	int ifindex;
	int on_ifindex;
	u8 plen;
	bool owner;
	bool wanted;
	bool installed;
	bool foreign;
	bool gone;
	char label[HAK_LABEL_SIZE];
};

/**
 * hak_addr_new() - make an address of a router
 * @r: router
 * @vip: as configured
 *
 * Context: process.
 * Return: the address with one reference, not published yet; NULL without memory.
 */
struct hak_addr *hak_addr_new(struct hak_router *r, const struct hak_vip_cfg *vip);

/**
 * hak_addr_discard() - free an address that was never published
 * @a: address
 */
void hak_addr_discard(struct hak_addr *a);

/**
 * hak_addr_publish() - make an address known to the data path
 * @a: address
 *
 * Context: any but hard irq.
 */
void hak_addr_publish(struct hak_addr *a);

/**
 * hak_addr_want() - say where an address shall be
 * @a: address
 * @ifindex: device, or 0
 * @mac: it is announced with, or NULL
 * @on: it shall be there
 * @owner: the router owns it
 *
 * Context: any but hard irq.
 */
void hak_addr_want(struct hak_addr *a, int ifindex, const u8 *mac, bool on,
		   bool owner);

/**
 * hak_addr_drop() - take an address off its device, then forget it
 * @a: address; the caller's reference is gone
 *
 * Context: any but hard irq.
 */
void hak_addr_drop(struct hak_addr *a);

/**
 * hak_addr_event() - an address was removed from a device
 * @hn: namespace
 * @which: address, prefix length and device
 *
 * Context: any but hard irq.
 */
void hak_addr_event(struct hak_net *hn, const struct hak_rtnl_addr *which);

/**
 * hak_addr_is_own_change() - is it the change that our own queue makes just now?
 * @hn: namespace
 * @which: address that was added or removed
 *
 * Context: the notifier that tells of it.
 */
bool hak_addr_is_own_change(struct hak_net *hn,
			    const struct hak_rtnl_addr *which);

/**
 * hak_addr_is_ours() - does hak put this address on this device, now or when Active?
 * @hn: namespace
 * @ifindex: device
 * @ip: address
 *
 * An owner's address is the device's own, not one of these.
 * Context: RCU read side.
 */
bool hak_addr_is_ours(struct hak_net *hn, int ifindex, const struct hak_ip *ip);

/**
 * hak_addr_work() - bring addresses to what is wanted
 * @work: hak_net.addr_work
 *
 * Context: process, the namespace's ordered workqueue; takes RTNL.
 */
void hak_addr_work(struct work_struct *work);

/**
 * hak_addr_flush() - do all that is left, at once
 * @hn: namespace
 *
 * Context: process, neither RTNL nor cfg_mutex held.
 */
void hak_addr_flush(struct hak_net *hn);

#endif /* HAK_VRRP_ADDR_H */
