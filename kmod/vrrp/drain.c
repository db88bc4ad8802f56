// SPDX-License-Identifier: GPL-2.0-only
#include "drain.h"

#include <linux/cpumask.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "router.h"
#include "timer.h"

/* IEEE 802 local experimental ethertype: no protocol takes it. */
#define MARKER_TYPE	0x88b5

/*
 * A marker counts as gone wherever it is freed: at the ingress hook, which is
 * the rule, or by a tc rule, a full queue, a device that goes away.
 */
void hak_drain_done(struct sk_buff *skb)
{
	struct hak_router *r = skb_shinfo(skb)->destructor_arg;

	if (atomic_dec_and_test(&r->drain_pending))
		hak_timer_kick(r);
	hak_router_put(r);
}

static struct sk_buff *marker(struct hak_router *r, struct net_device *dev)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + ETH_ZLEN,
					GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	memset(skb_put(skb, ETH_ZLEN), 0, ETH_ZLEN);
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb->dev = dev;
	skb->protocol = htons(MARKER_TYPE);
	skb->pkt_type = PACKET_LOOPBACK;	/* packet sockets do not show it */
	kref_get(&r->ref);
	skb_shinfo(skb)->destructor_arg = r;
	skb->destructor = hak_drain_done;
	return skb;
}

void hak_drain_run(struct sk_buff_head *markers)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(markers)))
		netif_rx(skb);
}

void hak_drain_start(struct hak_router *r, struct net_device *dev)
{
	struct sk_buff *skb;
	int cpu;

	/* One more than the markers, so that the last word is ours. */
	atomic_inc(&r->drain_pending);
	for_each_online_cpu(cpu) {
		skb = marker(r, dev);
		if (!skb)
			continue;	/* that CPU goes unproven */
		atomic_inc(&r->drain_pending);
		hak_timer_queue_marker(cpu, skb);
	}
	if (atomic_dec_and_test(&r->drain_pending))
		hak_timer_kick(r);
}
