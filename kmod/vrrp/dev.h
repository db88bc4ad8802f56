/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device with virtual routers on it: its ingress hook, its multicast group,
 * its events.
 */
#ifndef HAK_VRRP_DEV_H
#define HAK_VRRP_DEV_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "../core/ip.h"

struct hak_net;
struct hak_router;
struct hak_router_cfg;

/**
 * struct hak_dev - a device that routers are bound to
 * @list: in hak_net.devs; RTNL, RCU
 * @rcu: freed after a grace period
 * @hn: namespace
 * @dev: held from creation until detached
 * @users: bound routers and prepared changes; RTNL
 * @hook: our place at its ingress
 * @routers: struct hak_router.dev_list; RTNL
 * @by_vrid: routers by family, see hak_dev_router(); written under RTNL, read
 *	under RCU
 * @tap: before tc at ingress; there only while adverts are missed, for it makes
 *	the stack clone every packet
 * @tap_on: @tap is there; @tap_work, or RTNL when that cannot run any more
 * @tap_work: puts @tap there, and takes it away when it is of no use
 * @hook_seen: jiffies when the hook last saw an advert that @tap had seen
 * @tap_seen: jiffies when the tap last saw an advert, or was put there
 * @primary_seen: jiffies when a rival for our primary address was last looked at
 * @n_vmac: routers whose virtual MAC the device takes; RTNL, READ_ONCE
 * @joined: the group 224.0.0.18 was joined on dev's in_device; RTNL
 * @joined6: and ff02::12; RTNL
 * @look_work: lets the routers look again at the addresses of the device
 * @gone: nobody may start @look_work any more; pace_lock
 * @pace_lock: protects @paced and @gone
 * @paced: ktime ns until when the device has been given announcements
 * @going_down: between NETDEV_GOING_DOWN and NETDEV_UP; RTNL, READ_ONCE
 * @forwarding: a bridge lets its port @dev forward, as last seen for a router with
 *	start-delay; set under RTNL, READ_ONCE
 * @vrid_errors: adverts for a VRID that nobody here has; racy count
 */
struct hak_dev {
	struct list_head list;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct net_device *dev;
	unsigned int users;
	struct nf_hook_ops hook;
	struct list_head routers;
	struct hak_router __rcu *by_vrid[2][256];
	struct packet_type tap;
	bool tap_on;
	struct delayed_work tap_work;
	unsigned long hook_seen;
	unsigned long tap_seen;
	unsigned long primary_seen;
	unsigned int n_vmac;
	bool joined;
	bool joined6;
	struct delayed_work look_work;
	bool gone;
	spinlock_t pace_lock;
	u64 paced;
	bool going_down;
	bool forwarding;
	unsigned long vrid_errors;
};

/**
 * hak_dev_get() - a device by name, made ready for routers
 * @hn: namespace
 * @name: of the device
 * @why: on failure a sentence without the name, a constant string
 *
 * Context: process, RTNL held.
 * Return: the device with one more user, or NULL: there is none (-ENODEV), it
 * cannot carry VRRP (-EOPNOTSUPP), or no memory, as an ERR_PTR.
 */
struct hak_dev *hak_dev_get(struct hak_net *hn, const char *name, const char **why);

/**
 * hak_dev_put() - give back a user of a device
 * @hd: device
 *
 * The last one takes hook, multicast group and reference along.
 * Context: process, RTNL held.
 */
void hak_dev_put(struct hak_dev *hd);

/**
 * hak_dev_find_rcu() - the device of an index, for packets that came past the ingress hook
 * @hn: namespace
 * @ifindex: device
 *
 * Context: RCU read side.
 * Return: NULL when no router is bound to it.
 */
struct hak_dev *hak_dev_find_rcu(struct hak_net *hn, int ifindex);

/**
 * hak_dev_listen_early() - adverts are missed: look for them before tc does
 * @hd: device, bound
 *
 * Context: any but hard irq, the lock of a router bound to it held.
 */
void hak_dev_listen_early(struct hak_dev *hd);

/**
 * hak_dev_router() - where the router of a VRID is kept
 * @hd: device
 * @alen: length of the addresses that it advertises
 * @vrid: 1-255
 */
static inline struct hak_router __rcu **hak_dev_router(struct hak_dev *hd,
						       u8 alen, u8 vrid)
{
	return &hd->by_vrid[alen == HAK_IP6_LEN][vrid];
}

/**
 * hak_dev_primary() - the address adverts are sent from
 * @hd: device
 * @cfg: of the router
 *
 * Context: any but hard irq, RCU read side.
 * Return: none without one.
 */
struct hak_ip hak_dev_primary(struct hak_dev *hd,
			      const struct hak_router_cfg *cfg);

/**
 * hak_dev_pace() - may an announcement be sent now?
 * @hd: device
 *
 * A burst of 100, then 10,000 a second.
 * Context: any but hard irq; takes pace_lock only.
 * Return: 0, then it is counted; else ns to wait.
 */
u64 hak_dev_pace(struct hak_dev *hd);

/**
 * hak_dev_look() - let the routers of a device look at its addresses, soon
 * @hn: namespace
 * @ifindex: device
 *
 * Context: any but hard irq, RCU read side.
 */
void hak_dev_look(struct hak_net *hn, int ifindex);

/**
 * hak_dev_bind() - bind a router to its device
 * @r: router
 * @hd: device, its user is taken over
 *
 * The router goes on waiting when its VRID is taken there.
 * Context: process, RTNL held.
 */
void hak_dev_bind(struct hak_router *r, struct hak_dev *hd);

/**
 * hak_dev_unbind() - take a router off its device
 * @r: router
 *
 * Context: process, RTNL held.
 */
void hak_dev_unbind(struct hak_router *r);

/**
 * hak_dev_addr_changed() - something about the addresses of a device changed
 * @hn: namespace
 * @dev: device
 *
 * Context: process, RTNL held.
 */
void hak_dev_addr_changed(struct hak_net *hn, const struct net_device *dev);

/**
 * hak_dev_netdev_event() - device events of a namespace
 * @nb: hak_net.netdev_nb
 * @event: NETDEV_*
 * @ptr: struct netdev_notifier_info
 *
 * Context: process, RTNL held.
 */
int hak_dev_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr);

#endif /* HAK_VRRP_DEV_H */
