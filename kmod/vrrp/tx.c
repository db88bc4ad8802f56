// SPDX-License-Identifier: GPL-2.0-only
#include "tx.h"

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/dsfield.h>
#include <net/ip.h>

#include "../core/vrrp_pkt.h"
#include "../pernet.h"
#include "dev.h"
#include "ipv6.h"
#include "router.h"
#include "vmac.h"

#define DSCP_CS6	0xc0

int hak_tx_frame(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	int ret;

	/* Direct transmit skips the taps; an operator's tcpdump shall see it. */
	if (dev_nit_active(dev))
		dev_queue_xmit_nit(skb, dev);
	ret = __dev_direct_xmit(skb, 0);
	if (ret == NETDEV_TX_BUSY)	/* the driver's ring is full */
		ret = dev_queue_xmit(skb);
	return ret;
}

/* To an IPv4 peer, through the neighbour table. */
static int send_to_peer4(struct net *net, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr = iph->daddr, .saddr = iph->saddr,
		.flowi4_oif = skb->dev->ifindex, .flowi4_tos = RT_TOS(iph->tos),
		.flowi4_proto = HAK_VRRP_PROTO,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);
	struct neighbour *neigh;
	bool is_v6gw = false;

	if (IS_ERR(rt)) {
		kfree_skb(skb);
		return PTR_ERR(rt);
	}
	skb_dst_set(skb, &rt->dst);
	if (rt->rt_type == RTN_LOCAL) {
		kfree_skb(skb);		/* a list of peers that is the same on all nodes */
		return 0;
	}
	neigh = ip_neigh_for_gw(rt, skb, &is_v6gw);
	if (!IS_ERR(neigh))
		return neigh_output(neigh, skb, is_v6gw);
	kfree_skb(skb);
	return PTR_ERR(neigh);
}

static int send_one(struct net *net, struct sk_buff *skb)
{
	if (skb_mac_header_was_set(skb))
		return hak_tx_frame(skb);
	if (skb->protocol == htons(ETH_P_IP))
		return send_to_peer4(net, skb);
	return hak_ipv6_send(net, skb);
}

bool hak_tx_advert(struct hak_router *r, struct sk_buff *chain)
{
	struct sk_buff *skb, *next;
	bool failed = false;

	skb_list_walk_safe(chain, skb, next) {
		skb_mark_not_on_list(skb);
		failed |= send_one(r->hn->net, skb);
	}
	return failed;
}

static const u8 group_mac4[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x12 };
static const u8 group_mac6[ETH_ALEN] = { 0x33, 0x33, 0x00, 0x00, 0x00, 0x12 };

static void put_ip4(struct sk_buff *skb, const struct hak_vrrp_advert *adv,
		    unsigned int len)
{
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 4;
	iph->ihl = 5;
	iph->tos = DSCP_CS6;
	iph->tot_len = htons(sizeof(*iph) + len);
	iph->frag_off = htons(IP_DF);
	iph->ttl = HAK_VRRP_TTL;
	iph->protocol = HAK_VRRP_PROTO;
	memcpy(&iph->saddr, adv->saddr.b, sizeof(iph->saddr));
	memcpy(&iph->daddr, adv->daddr.b, sizeof(iph->daddr));
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
}

static void put_ip6(struct sk_buff *skb, const struct hak_vrrp_advert *adv,
		    unsigned int len)
{
	struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 6;
	ipv6_change_dsfield(iph, 0, DSCP_CS6);
	iph->payload_len = htons(len);
	iph->nexthdr = HAK_VRRP_PROTO;
	iph->hop_limit = HAK_VRRP_TTL;
	memcpy(&iph->saddr, adv->saddr.b, sizeof(iph->saddr));
	memcpy(&iph->daddr, adv->daddr.b, sizeof(iph->daddr));
	skb->protocol = htons(ETH_P_IPV6);
}

/* The frame to the group is finished here; one to a peer finds its neighbour later. */
static bool put_mac(const struct hak_router *r, struct sk_buff *skb,
		    const struct hak_vrrp_advert *adv)
{
	const u8 *mac = adv->saddr.len == HAK_IP4_LEN ? group_mac4 : group_mac6;
	struct net_device *dev = skb->dev;
	u8 source[ETH_ALEN];

	hak_vmac_get(r, source);
	if (dev_hard_header(skb, dev, ntohs(skb->protocol), mac, source,
			    skb->len) < 0)
		return false;
	skb_reset_mac_header(skb);
	/* A driver that has to pad a clone would need memory. */
	if (skb->len < ETH_ZLEN)
		skb_put_zero(skb, ETH_ZLEN - skb->len);
	return true;
}

static struct sk_buff *build(struct hak_router *r,
			     const struct hak_vrrp_advert *adv, bool unicast)
{
	struct net_device *dev = r->hd->dev;
	unsigned int len = hak_vrrp_size(adv->version, adv->saddr.len, adv->count);
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) +
			max_t(u32, sizeof(struct ipv6hdr) + len, ETH_ZLEN) +
			dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb->dev = dev;
	skb->priority = TC_PRIO_CONTROL;
	skb->ip_summed = CHECKSUM_NONE;
	skb_reset_network_header(skb);
	if (adv->saddr.len == HAK_IP4_LEN)
		put_ip4(skb, adv, len);
	else
		put_ip6(skb, adv, len);
	skb_set_transport_header(skb, skb->len);
	if (hak_vrrp_build(skb_put(skb, len), len, adv) &&
	    (unicast || put_mac(r, skb, adv)))
		return skb;
	kfree_skb(skb);
	return NULL;
}

/* One frame to the group, or one to each peer; NULL when one cannot be made. */
static struct sk_buff *build_all(struct hak_router *r,
				 struct hak_vrrp_advert *adv)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));
	struct sk_buff *chain = NULL, *skb;
	u32 i;

	if (!cfg->n_peers)
		return build(r, adv, false);
	for (i = cfg->n_peers; i--;) {
		if (hak_ip_equal(&cfg->peers[i], &r->primary))
			continue;
		adv->daddr = cfg->peers[i];
		skb = build(r, adv, true);
		if (!skb) {
			kfree_skb_list(chain);
			return NULL;
		}
		skb->next = chain;
		chain = skb;
	}
	return chain;
}

static struct sk_buff *clone_all(const struct sk_buff *chain)
{
	struct sk_buff *head = NULL, **tail = &head;
	const struct sk_buff *skb;

	for (skb = chain; skb; skb = skb->next) {
		*tail = skb_clone((struct sk_buff *)skb, GFP_ATOMIC | __GFP_NOWARN);
		if (!*tail) {
			kfree_skb_list(head);
			return NULL;
		}
		tail = &(*tail)->next;
	}
	return head;
}

void hak_tx_drop_reserve(struct hak_router *r)
{
	lockdep_assert_held(&r->lock);
	while (r->n_reserve)
		kfree_skb_list(r->reserve[--r->n_reserve]);
}

static void drop_templates(struct hak_router *r)
{
	int i;

	lockdep_assert_held(&r->lock);
	for (i = 0; i < 4; i++) {
		kfree_skb_list(r->tmpl[i / 2][i % 2]);
		r->tmpl[i / 2][i % 2] = NULL;
	}
	hak_tx_drop_reserve(r);
}

/* Both forms with both priorities: a peer heard changes nothing here. */
static void rebuild(struct hak_router *r)
{
	struct hak_vrrp_advert *adv = kmalloc(sizeof(*adv),
					      GFP_ATOMIC | __GFP_NOWARN);
	struct sk_buff *skb[4] = {};
	bool complete = adv;
	int i;

	for (i = 0; complete && i < 4; i++) {
		hak_router_fill_advert(r, i % 2 ? 0 : r->fcfg.priority, adv);
		adv->checksum = HAK_CHECKSUM_PLAIN + i / 2;
		skb[i] = build_all(r, adv);
		complete = skb[i];
	}
	kfree(adv);
	if (complete)
		drop_templates(r);
	for (i = 0; i < 4; i++) {
		if (complete)
			r->tmpl[i / 2][i % 2] = skb[i];
		else
			kfree_skb_list(skb[i]);
	}
	r->tmpl_stale = !complete;
}

static struct sk_buff **template(struct hak_router *r, enum hak_checksum form,
				 bool zero)
{
	return &r->tmpl[form == HAK_CHECKSUM_PSEUDO][zero];
}

void hak_tx_prepare(struct hak_router *r)
{
	struct sk_buff *tmpl;

	lockdep_assert_held(&r->lock);
	if (!r->hd || !r->primary.len || !r->fcfg.priority)
		return;
	if (r->tmpl_stale)
		rebuild(r);
	tmpl = *template(r, r->form, false);
	while (tmpl && r->n_reserve < HAK_TX_RESERVE) {
		struct sk_buff *skb = clone_all(tmpl);

		if (!skb)
			break;
		r->reserve[r->n_reserve++] = skb;
	}
}

struct sk_buff *hak_tx_take(struct hak_router *r, enum hak_checksum form,
			    bool zero)
{
	struct sk_buff **tmpl, *skb;

	lockdep_assert_held(&r->lock);
	hak_tx_prepare(r);
	tmpl = template(r, form, zero);
	skb = clone_all(*tmpl);
	if (!skb && !zero && tmpl == template(r, r->form, zero) && r->n_reserve)
		skb = r->reserve[--r->n_reserve];
	if (!skb) {
		/* The last one; it is built anew when there is memory. */
		skb = *tmpl;
		*tmpl = NULL;
		r->tmpl_stale = true;
	}
	return skb;
}

void hak_tx_discard(struct hak_router *r)
{
	spin_lock_bh(&r->lock);
	drop_templates(r);
	r->tmpl_stale = true;
	spin_unlock_bh(&r->lock);
}
