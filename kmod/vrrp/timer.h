/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers of routers: each has one hrtimer with an absolute deadline, so an idle
 * Backup causes no tick; what is due runs in the HI softirq of the CPU it fired
 * on, or, when that softirq is late, in a SCHED_FIFO thread.
 *
 * One hrtimer for each router and not one for each CPU: the kernel's own queue
 * of hrtimers is that one queue for each CPU, moves with CPU hotplug, and is
 * programmed to the next deadline.
 */
#ifndef HAK_VRRP_TIMER_H
#define HAK_VRRP_TIMER_H

#include <linux/hrtimer.h>
#include <linux/types.h>

struct hak_router;
struct sk_buff;

/**
 * hak_timer_init() - prepare the CPUs and start the late thread
 *
 * Context: process. Return: 0 or an error.
 */
int hak_timer_init(void);

/**
 * hak_timer_exit() - stop the CPUs and the late thread
 *
 * Context: process; no router is left.
 */
void hak_timer_exit(void);

/**
 * hak_timer_fired() - a router is due
 * @timer: hak_router.timer
 *
 * Context: hard irq.
 */
enum hrtimer_restart hak_timer_fired(struct hrtimer *timer);

/**
 * hak_timer_kick() - run hak_router_timer() soon, as if the timer had fired
 * @r: router
 *
 * Context: any.
 */
void hak_timer_kick(struct hak_router *r);

/**
 * hak_timer_set() - set what the timer of a router shall fire for
 * @r: router
 * @at: ktime ns
 *
 * Context: r->lock held.
 */
void hak_timer_set(struct hak_router *r, u64 at);

/**
 * hak_timer_clear() - the timer of a router shall not fire any more
 * @r: router
 *
 * Context: r->lock held. One that runs just now is not waited for.
 */
void hak_timer_clear(struct hak_router *r);

/**
 * hak_timer_queue_marker() - hand a marker to the receive queue of a CPU
 * @cpu: online
 * @skb: marker, consumed
 *
 * Context: softirq or BH off.
 */
void hak_timer_queue_marker(int cpu, struct sk_buff *skb);

#endif /* HAK_VRRP_TIMER_H */
