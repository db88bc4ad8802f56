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
 * hak_tx_advert() - send an advert to all its destinations
 * @r: router
 * @chain: frames linked by their next pointers; consumed
 *
 * To peers it goes through the neighbour table, past the host's rules too.
 * Context: softirq or BH off, RCU read side, no router lock.
 * Return: true when one of them was not sent.
 */
bool hak_tx_advert(struct hak_router *r, struct sk_buff *chain);

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
 * hak_tx_take() - an advert to be sent
 * @r: router
 * @form: HAK_CHECKSUM_PLAIN or HAK_CHECKSUM_PSEUDO
 * @zero: with priority 0
 *
 * Context: any but hard irq, r->lock held.
 * Return: a chain of clones, or NULL when there is neither memory nor reserve.
 */
struct sk_buff *hak_tx_take(struct hak_router *r, enum hak_checksum form,
			    bool zero);

/**
 * hak_tx_drop_reserve() - the form that is sent has changed
 * @r: router
 *
 * Context: any but hard irq, r->lock held.
 */
void hak_tx_drop_reserve(struct hak_router *r);

/**
 * hak_tx_discard() - forget templates and reserve
 * @r: router
 *
 * Context: any but hard irq.
 */
void hak_tx_discard(struct hak_router *r);

/**
 * hak_announce_burst() - a gratuitous ARP or unsolicited NA for each address
 * @r: router
 * @change: the change of state it belongs to; nothing is sent after the next
 *
 * When the device has been sent enough for now, the timer goes on with it.
 * Context: softirq or BH off, RCU read side, no router lock.
 */
void hak_announce_burst(struct hak_router *r, u32 change);

/**
 * hak_announce_heal() - once more at r->heal_at, or sooner if that is planned already
 * @r: router, Active, with a heal_at
 * @now: ktime, ns
 *
 * Context: r->lock held.
 */
void hak_announce_heal(struct hak_router *r, u64 now);

/**
 * hak_announce_plan() - once more later: the next burst, or a refresh
 * @r: router, Active
 *
 * Context: r->lock held.
 */
void hak_announce_plan(struct hak_router *r);

/**
 * hak_announce_timer() - send the next burst, or go on with one
 * @timer: hak_router.announce_timer
 *
 * Context: softirq.
 */
enum hrtimer_restart hak_announce_timer(struct hrtimer *timer);

#endif /* HAK_VRRP_TX_H */
