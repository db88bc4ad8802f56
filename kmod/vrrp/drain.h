/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Proof that nothing waits unread: before a Backup takes over because it heard
 * nothing, a marker is queued behind the received packets of each CPU. When all
 * markers are gone, every advert that had arrived has been looked at.
 */
#ifndef HAK_VRRP_DRAIN_H
#define HAK_VRRP_DRAIN_H

#include <linux/skbuff.h>

struct hak_router;
struct net_device;

/**
 * hak_drain_start() - send the markers of a router
 * @r: router; hak_timer_kick() is called when all are gone
 * @dev: device they seem to come from
 *
 * Context: softirq or BH off, RCU read side, no router lock.
 */
void hak_drain_start(struct hak_router *r, struct net_device *dev);

void hak_drain_done(struct sk_buff *skb);

/* Queue the markers handed to this CPU. Softirq. */
void hak_drain_run(struct sk_buff_head *markers);

static inline bool hak_drain_is_marker(const struct sk_buff *skb)
{
	return skb->destructor == hak_drain_done;
}

#endif /* HAK_VRRP_DRAIN_H */
