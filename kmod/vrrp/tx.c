// SPDX-License-Identifier: GPL-2.0-only
#include "tx.h"

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <net/dsfield.h>
#include <net/ip.h>

#include "../core/vrrp_pkt.h"
#include "dev.h"
#include "router.h"

/* More than a peer misses before it takes over. */
#define RESERVE		4
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

static const u8 group_mac[ETH_ALEN] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x12 };

static void fill_ip(struct iphdr *iph, u32 saddr, unsigned int len)
{
	memset(iph, 0, sizeof(*iph));
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = DSCP_CS6;
	iph->tot_len = htons(len);
	iph->frag_off = htons(IP_DF);
	iph->ttl = HAK_VRRP_TTL;
	iph->protocol = HAK_VRRP_PROTO;
	iph->saddr = htonl(saddr);
	iph->daddr = htonl(HAK_VRRP_GROUP4);
	ip_send_check(iph);
}

static struct sk_buff *build(struct hak_router *r,
			     const struct hak_vrrp_advert *adv)
{
	struct net_device *dev = r->hd->dev;
	struct sk_buff *skb;
	unsigned int len;
	struct iphdr *iph;
	u8 *msg;

	len = sizeof(*iph) + HAK_VRRP_HDR_LEN + 4 * adv->count;
	skb = alloc_skb(LL_RESERVED_SPACE(dev) + max_t(u32, len, ETH_ZLEN) +
			dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	iph = skb_put(skb, sizeof(*iph));
	skb_set_transport_header(skb, sizeof(*iph));
	fill_ip(iph, adv->saddr, len);
	msg = skb_put(skb, len - sizeof(*iph));
	if (!hak_vrrp_build(msg, len - sizeof(*iph), adv) ||
	    dev_hard_header(skb, dev, ETH_P_IP, group_mac, dev->dev_addr, len) < 0) {
		kfree_skb(skb);
		return NULL;
	}
	skb_reset_mac_header(skb);
	/* A driver that has to pad a clone would need memory. */
	if (skb->len < ETH_ZLEN)
		skb_put_zero(skb, ETH_ZLEN - skb->len);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	skb->priority = TC_PRIO_CONTROL;
	skb->ip_summed = CHECKSUM_NONE;
	return skb;
}

static void drop_templates(struct hak_router *r)
{
	int i;

	lockdep_assert_held(&r->lock);
	for (i = 0; i < 4; i++) {
		kfree_skb(r->tmpl[i / 2][i % 2]);
		r->tmpl[i / 2][i % 2] = NULL;
	}
	__skb_queue_purge(&r->reserve);
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
		skb[i] = build(r, adv);
		complete = skb[i];
	}
	kfree(adv);
	if (complete)
		drop_templates(r);
	for (i = 0; i < 4; i++) {
		if (complete)
			r->tmpl[i / 2][i % 2] = skb[i];
		else
			kfree_skb(skb[i]);
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
	if (!r->hd || !r->primary || !r->fcfg.priority)
		return;
	if (r->tmpl_stale)
		rebuild(r);
	tmpl = *template(r, r->form, false);
	while (tmpl && skb_queue_len(&r->reserve) < RESERVE) {
		struct sk_buff *skb = skb_clone(tmpl, GFP_ATOMIC | __GFP_NOWARN);

		if (!skb)
			break;
		__skb_queue_tail(&r->reserve, skb);
	}
}

struct sk_buff *hak_tx_take(struct hak_router *r, enum hak_checksum form,
			    bool zero)
{
	struct sk_buff **tmpl, *skb;

	lockdep_assert_held(&r->lock);
	hak_tx_prepare(r);
	tmpl = template(r, form, zero);
	skb = *tmpl ? skb_clone(*tmpl, GFP_ATOMIC | __GFP_NOWARN) : NULL;
	if (!skb && !zero && tmpl == template(r, r->form, zero))
		skb = __skb_dequeue(&r->reserve);
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
