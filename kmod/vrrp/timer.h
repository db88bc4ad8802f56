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

int hak_timer_init(void);
void hak_timer_exit(void);

/* The callback of hak_router.timer. Hard irq. */
enum hrtimer_restart hak_timer_fired(struct hrtimer *timer);

/* Run hak_router_timer() soon, as if the timer had fired. Any context. */
void hak_timer_kick(struct hak_router *r);

/* Set or clear what the timer shall fire for, ktime ns. r->lock held. */
void hak_timer_set(struct hak_router *r, u64 at);
void hak_timer_clear(struct hak_router *r);

/* Hand a marker to another CPU's receive queue. Softirq or BH off. */
void hak_timer_queue_marker(int cpu, struct sk_buff *skb);

#endif /* HAK_VRRP_TIMER_H */
