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

/**
 * hak_drain_start() - send the markers of a router
 * @r: router, its drain_pending taken once by the caller; hak_timer_kick() is
 *	called when all markers are gone
 *
 * They go into the backlog of each CPU as if received by the loopback device:
 * the queue is the same for all devices, and no rule of the host's is in the way.
 * Packets that a driver has not handed over yet are not proven.
 *
 * Context: softirq or BH off, RCU read side, no router lock.
 */
void hak_drain_start(struct hak_router *r);

/**
 * hak_drain_run() - put markers into the receive queue of this CPU
 * @markers: handed over by other CPUs
 *
 * Context: softirq.
 */
void hak_drain_run(struct sk_buff_head *markers);

#endif /* HAK_VRRP_DRAIN_H */
