// SPDX-License-Identifier: GPL-2.0-only
#include "drain.h"

#include <linux/cpumask.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "../pernet.h"
#include "router.h"
#include "timer.h"

/* IEEE 802 local experimental ethertype: no protocol takes it. */
#define MARKER_TYPE	0x88b5

/* A marker counts as gone wherever it is freed. */
static void hak_drain_done(struct sk_buff *skb)
{
	struct hak_router *r = skb_shinfo(skb)->destructor_arg;

	dev_put(skb->dev);
	if (atomic_dec_and_test(&r->drain_pending))
		hak_timer_kick(r);
	hak_router_put(r);
}

static struct sk_buff *marker(struct hak_router *r)
{
	struct net_device *dev = r->hn->net->loopback_dev;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + ETH_ZLEN,
					GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_zero(skb, ETH_ZLEN);
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	dev_hold(dev);
	skb->dev = dev;
	skb->protocol = htons(MARKER_TYPE);
	skb->pkt_type = PACKET_LOOPBACK;	/* packet sockets do not show it */
#if IS_ENABLED(CONFIG_NET_CLS_ACT)
	skb->tc_skip_classify = 1;
#endif
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

void hak_drain_start(struct hak_router *r)
{
	struct sk_buff *skb;
	int cpu;

	for_each_online_cpu(cpu) {
		skb = marker(r);
		if (!skb)
			continue;	/* that CPU goes unproven */
		atomic_inc(&r->drain_pending);
		hak_timer_queue_marker(cpu, skb);
	}
	/* The caller's own count: the last word is ours. */
	if (atomic_dec_and_test(&r->drain_pending))
		hak_timer_kick(r);
}
