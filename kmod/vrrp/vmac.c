// SPDX-License-Identifier: GPL-2.0-only
#include "vmac.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "../pernet.h"
#include "../rtnl.h"
#include "dev.h"
#include "router.h"

/* 00:00:5e:00:01:VRID for IPv4, 00:00:5e:00:02:VRID for IPv6. */
static const u8 prefix[4] = { 0x00, 0x00, 0x5e, 0x00 };

static void virtual_mac(const struct hak_router_cfg *cfg, u8 *mac)
{
	memcpy(mac, prefix, sizeof(prefix));
	mac[4] = cfg->family == AF_INET ? 1 : 2;
	mac[5] = cfg->vrid;
}

void hak_vmac_get(const struct hak_router *r, u8 *mac)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));

	if (r->vmac_on)
		virtual_mac(cfg, mac);
	else
		ether_addr_copy(mac, r->hd->dev->dev_addr);
}

/* After a failure. */
#define FDB_RETRY	HZ

/**
 * struct hak_fdb - the entry of a virtual MAC on a bridge
 * @work: brings the entry to what is wanted; on the ordered queue of the
 *	namespace, where rtnetlink may be asked
 * @end: removes the entry and frees this
 * @hn: namespace
 * @ifindex: bridge
 * @mac: entry
 * @wanted: it shall be there; written under hak_router.lock, READ_ONCE
 * @there: it is; @work only
 */
struct hak_fdb {
	struct delayed_work work;
	struct work_struct end;
	struct hak_net *hn;
	int ifindex;
	u8 mac[ETH_ALEN];
	bool wanted;
	bool there;
};

static void hak_vmac_fdb_work(struct work_struct *work)
{
	struct hak_fdb *f = container_of(to_delayed_work(work), struct hak_fdb,
					 work);
	bool add = READ_ONCE(f->wanted);
	int err;

	if (add == f->there)
		return;
	err = hak_rtnl_fdb(f->hn, add, f->ifindex, f->mac);
	/* A bridge that is going takes its entries along. */
	if (err == -ENODEV || (!add && err == -ENOENT))
		f->there = false;
	else if (!err)
		f->there = add;
	else
		queue_delayed_work(f->hn->wq, &f->work, FDB_RETRY);
	if (err && add && err != -ENODEV)
		net_warn_ratelimited("cannot add %pM to bridge %d: error %d\n",
				     f->mac, f->ifindex, err);
}

static void hak_vmac_fdb_end(struct work_struct *work)
{
	struct hak_fdb *f = container_of(work, struct hak_fdb, end);

	/* It waits in the same ordered queue: it does not run now. */
	cancel_delayed_work_sync(&f->work);
	if (f->there)
		hak_rtnl_fdb(f->hn, false, f->ifindex, f->mac);
	kfree(f);
}

/*
 * A bridge does not filter: a second address would make it promiscuous, and
 * frames to a MAC it does not know go to all its ports. A permanent entry makes
 * it take them. Only while Active: in Backup the bridge has to forward what its
 * ports send to the virtual MAC, and would complain of the Active router's
 * adverts, which come from an address of its own.
 */
static struct hak_fdb *make_fdb(struct hak_router *r, const u8 *mac)
{
	struct hak_fdb *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return NULL;
	INIT_DELAYED_WORK(&f->work, hak_vmac_fdb_work);
	INIT_WORK(&f->end, hak_vmac_fdb_end);
	f->hn = r->hn;
	f->ifindex = r->hd->dev->ifindex;
	ether_addr_copy(f->mac, mac);
	return f;
}

static void want_fdb(struct hak_fdb *f, bool on)
{
	if (f->wanted == on)
		return;
	WRITE_ONCE(f->wanted, on);
	mod_delayed_work(f->hn->wq, &f->work, 0);
}

void hak_vmac_follow(struct hak_router *r)
{
	lockdep_assert_held(&r->lock);
	if (r->fdb)
		want_fdb(r->fdb, r->fsm.state == HAK_STATE_ACTIVE);
}

static void set_on(struct hak_router *r, bool on, struct hak_fdb *fdb)
{
	struct hak_dev *hd = r->hd;

	WRITE_ONCE(hd->n_vmac, on ? hd->n_vmac + 1 : hd->n_vmac - 1);
	spin_lock_bh(&r->lock);
	WRITE_ONCE(r->vmac_on, on);
	r->fdb = fdb;
	r->tmpl_stale = true;
	hak_vmac_follow(r);
	spin_unlock_bh(&r->lock);
}

static bool install(struct hak_router *r, const struct hak_router_cfg *cfg)
{
	struct net_device *dev = r->hd->dev;
	struct hak_fdb *fdb = NULL;
	u8 mac[ETH_ALEN];
	bool bad;

	virtual_mac(cfg, mac);
	if (netif_is_bridge_master(dev)) {
		fdb = make_fdb(r, mac);
		bad = !fdb;
	} else {
		bad = dev_uc_add(dev, mac);
	}
	if (bad)
		pr_warn("router %s: %s does not take another MAC\n", cfg->name,
			dev->name);
	else
		set_on(r, true, fdb);
	return !bad;
}

bool hak_vmac_update(struct hak_router *r)
{
	const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);

	ASSERT_RTNL();
	if (!r->hd || cfg->vmac == r->vmac_on)
		return false;
	if (cfg->vmac)
		return install(r, cfg);
	hak_vmac_remove(r);
	return true;
}

void hak_vmac_remove(struct hak_router *r)
{
	const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);
	struct hak_fdb *fdb = r->fdb;
	u8 mac[ETH_ALEN];

	ASSERT_RTNL();
	if (!r->vmac_on)
		return;
	set_on(r, false, NULL);
	virtual_mac(cfg, mac);
	/* Nobody else has it any more. */
	if (fdb)
		queue_work(r->hn->wq, &fdb->end);
	else
		dev_uc_del(r->hd->dev, mac);
}

/* The router whose virtual MAC this is. */
static struct hak_router *router_of(struct hak_dev *hd, const u8 *mac)
{
	struct hak_router *r;

	if (memcmp(mac, prefix, sizeof(prefix)) || (mac[4] != 1 && mac[4] != 2))
		return NULL;
	r = rcu_dereference(*hak_dev_router(hd, mac[4] == 1 ? HAK_IP4_LEN :
						HAK_IP6_LEN, mac[5]));
	return r && READ_ONCE(r->vmac_on) ? r : NULL;
}

bool hak_vmac_is_own(struct hak_dev *hd, const u8 *mac)
{
	return router_of(hd, mac);
}

static bool is_vrrp(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return skb_headlen(skb) >= sizeof(struct iphdr) &&
		       ip_hdr(skb)->protocol == HAK_VRRP_PROTO;
	return skb->protocol == htons(ETH_P_IPV6) &&
	       skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
	       ipv6_hdr(skb)->nexthdr == HAK_VRRP_PROTO;
}

bool hak_vmac_ingress(struct hak_dev *hd, struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct hak_router *r;

	/* A tagged frame belongs to the VLAN device, which has its own hook. */
	if (!skb_mac_header_was_set(skb) || skb_vlan_tag_present(skb))
		return true;
	/* We never hear ourselves. Adverts are judged by the machine. */
	r = router_of(hd, eth->h_source);
	if (unlikely(r) && test_bit(HAK_ROUTER_ACTIVE, &r->flags) && !is_vrrp(skb))
		hak_router_rival(r, HAK_ALARM_DUAL_ACTIVE, NULL, eth->h_source);
	r = router_of(hd, eth->h_dest);
	if (!r)
		return true;
	if (!test_bit(HAK_ROUTER_ACTIVE, &r->flags))
		return false;
	skb->pkt_type = PACKET_HOST;
	return true;
}
