/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_TX_H
#define HAK_VRRP_TX_H

#include <linux/hrtimer.h>
#include <linux/types.h>

#include <linux/hak.h>

struct hak_router;
struct net_device;
struct sk_buff;

/**
 * hak_tx_frame() - hand a finished frame to its device
 * @skb: frame, skb->dev set; consumed
 *
 * Past the host's rules, tc and the qdisc, seen by taps all the same.
 * Context: softirq or BH off, RCU read side, no router lock.
 * Return: 0, or what went wrong.
 */
int hak_tx_frame(struct sk_buff *skb);

/**
 * hak_tx_prepare() - make the next advert ready
 * @r: router
 *
 * Builds the templates anew when they are stale and fills the reserve. When
 * there is no memory the old ones stay, and serve.
 * Context: any but hard irq, r->lock held.
 */
void hak_tx_prepare(struct hak_router *r);

/**
 * hak_tx_take() - a frame to be sent
 * @r: router
 * @form: HAK_CHECKSUM_PLAIN or HAK_CHECKSUM_PSEUDO
 * @zero: with priority 0
 *
 * Context: any but hard irq, r->lock held.
 * Return: a clone, or NULL when there is neither memory nor reserve.
 */
struct sk_buff *hak_tx_take(struct hak_router *r, enum hak_checksum form,
			    bool zero);

/**
 * hak_tx_discard() - forget templates and reserve
 * @r: router
 *
 * Context: any but hard irq.
 */
void hak_tx_discard(struct hak_router *r);

/**
 * hak_announce_burst() - one gratuitous ARP for each address
 * @r: router
 * @change: the change of state it belongs to; nothing is sent after the next
 *
 * Context: softirq or BH off, RCU read side, no router lock.
 */
void hak_announce_burst(struct hak_router *r, u32 change);

/**
 * hak_announce_again() - start the timer when bursts are left
 * @r: router
 *
 * Context: r->lock held.
 */
void hak_announce_again(struct hak_router *r);

/**
 * hak_announce_timer() - send the next burst
 * @timer: hak_router.announce_timer
 *
 * Context: softirq.
 */
enum hrtimer_restart hak_announce_timer(struct hrtimer *timer);

#endif /* HAK_VRRP_TX_H */
