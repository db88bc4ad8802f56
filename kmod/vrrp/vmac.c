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

/**
 * struct hak_fdb_work - one entry to be added to a bridge, or removed from it
 * @work: on the ordered queue of the namespace, where rtnetlink may be asked
 * @hn: namespace
 * @ifindex: bridge
 * @mac: entry
 * @add: add or remove
 */
struct hak_fdb_work {
	struct work_struct work;
	struct hak_net *hn;
	int ifindex;
	u8 mac[ETH_ALEN];
	bool add;
};

static void hak_vmac_fdb_work(struct work_struct *work)
{
	struct hak_fdb_work *w = container_of(work, struct hak_fdb_work, work);
	int err = hak_rtnl_fdb(w->hn, w->add, w->ifindex, w->mac);

	/* A bridge that is going takes its entries along. */
	if (err && w->add && err != -ENODEV)
		net_warn_ratelimited("cannot add %pM to bridge %d: error %d\n",
				     w->mac, w->ifindex, err);
	kfree(w);
}

static struct hak_fdb_work *fdb_work(struct hak_router *r, const u8 *mac,
				     bool add)
{
	struct hak_fdb_work *w = kzalloc(sizeof(*w), GFP_KERNEL_ACCOUNT);

	if (!w)
		return NULL;
	INIT_WORK(&w->work, hak_vmac_fdb_work);
	w->hn = r->hn;
	w->ifindex = r->hd->dev->ifindex;
	ether_addr_copy(w->mac, mac);
	w->add = add;
	return w;
}

/*
 * A bridge does not filter: a second address would make it promiscuous, and
 * frames to a MAC it does not know go to all its ports. A permanent entry makes
 * it take them. What removes it is there from the beginning: leaving cannot fail.
 */
static bool install_fdb(struct hak_router *r, const u8 *mac)
{
	struct hak_fdb_work *add = fdb_work(r, mac, true);

	r->fdb_del = fdb_work(r, mac, false);
	if (!add || !r->fdb_del) {
		kfree(add);
		kfree(r->fdb_del);
		r->fdb_del = NULL;
		return false;
	}
	queue_work(r->hn->wq, &add->work);
	return true;
}

static void set_on(struct hak_router *r, bool on)
{
	struct hak_dev *hd = r->hd;

	WRITE_ONCE(hd->n_vmac, on ? hd->n_vmac + 1 : hd->n_vmac - 1);
	spin_lock_bh(&r->lock);
	WRITE_ONCE(r->vmac_on, on);
	r->tmpl_stale = true;
	spin_unlock_bh(&r->lock);
}

static bool install(struct hak_router *r, const struct hak_router_cfg *cfg)
{
	struct net_device *dev = r->hd->dev;
	u8 mac[ETH_ALEN];

	virtual_mac(cfg, mac);
	if (netif_is_bridge_master(dev) ? install_fdb(r, mac) :
					  !dev_uc_add(dev, mac)) {
		set_on(r, true);
		return true;
	}
	pr_warn("router %s: %s does not take another MAC\n", cfg->name,
		dev->name);
	return false;
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
	u8 mac[ETH_ALEN];

	ASSERT_RTNL();
	if (!r->vmac_on)
		return;
	set_on(r, false);
	virtual_mac(cfg, mac);
	if (r->fdb_del)
		queue_work(r->hn->wq, &r->fdb_del->work);
	else
		dev_uc_del(r->hd->dev, mac);
	r->fdb_del = NULL;
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
