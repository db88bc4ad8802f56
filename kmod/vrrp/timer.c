// SPDX-License-Identifier: GPL-2.0-only
#include "timer.h"

#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "drain.h"
#include "router.h"

/* The softirq gets this long before the thread does its work. */
#define LATE_NS		NSEC_PER_MSEC

/**
 * struct due_cpu - what is due on one CPU
 * @due: struct hak_router.due, each with a reference
 * @tasklet: runs @due and @markers; in the HI vector, which is not left to
 *	ksoftirqd
 * @watchdog: wakes the thread when @due is still there after LATE_NS; started
 *	on its own CPU in hard irq only
 * @markers: to be put into this CPU's receive queue
 * @csd: raises @tasklet from another CPU
 * @ipi: @csd is under way; who sets it may send it, for the kernel's own mark in
 *	a csd is not made for two senders
 */
struct due_cpu {
	struct llist_head due;
	struct tasklet_struct tasklet;
	struct hrtimer watchdog;
	struct sk_buff_head markers;
	call_single_data_t csd;
	unsigned long ipi;
};
static DEFINE_PER_CPU(struct due_cpu, due_cpus);
static struct task_struct *late_thread;
static bool late_wanted;

static void run_due(struct due_cpu *dc)
{
	struct llist_node *node = llist_reverse_order(llist_del_all(&dc->due));
	struct hak_router *r, *tmp;

	llist_for_each_entry_safe(r, tmp, node, due) {
		/* From here on it may be queued anew: r->due is free. */
		clear_bit_unlock(HAK_ROUTER_DUE, &r->flags);
		rcu_read_lock();
		hak_router_timer(r);
		rcu_read_unlock();
		hak_router_put(r);
	}
}

static void hak_timer_tasklet(struct tasklet_struct *t)
{
	struct due_cpu *dc = from_tasklet(dc, t, tasklet);

	hak_drain_run(&dc->markers);
	run_due(dc);
}

static enum hrtimer_restart hak_timer_watchdog(struct hrtimer *timer)
{
	struct due_cpu *dc = container_of(timer, struct due_cpu, watchdog);

	if (!llist_empty(&dc->due)) {
		WRITE_ONCE(late_wanted, true);
		wake_up_process(late_thread);
	}
	return HRTIMER_NORESTART;
}

static bool any_due(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (!llist_empty(&per_cpu_ptr(&due_cpus, cpu)->due))
			return true;
	return false;
}

static int hak_timer_late(void *unused)
{
	int cpu;

	for (;;) {
		/* Look after the state is set: a wakeup from here on counts. */
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		if (!READ_ONCE(late_wanted) || !any_due())
			schedule();
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(late_wanted, false);
		for_each_possible_cpu(cpu) {
			local_bh_disable();
			run_due(per_cpu_ptr(&due_cpus, cpu));
			local_bh_enable();
		}
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* Returns false when it was queued already. */
static bool queue_due(struct hak_router *r, struct due_cpu *dc)
{
	if (test_and_set_bit_lock(HAK_ROUTER_DUE, &r->flags))
		return false;
	kref_get(&r->ref);
	llist_add(&r->due, &dc->due);
	tasklet_hi_schedule(&dc->tasklet);
	return true;
}

enum hrtimer_restart hak_timer_fired(struct hrtimer *timer)
{
	struct hak_router *r = container_of(timer, struct hak_router, timer);
	struct due_cpu *dc = this_cpu_ptr(&due_cpus);

	if (queue_due(r, dc) && !hrtimer_is_queued(&dc->watchdog))
		hrtimer_start(&dc->watchdog, ns_to_ktime(LATE_NS),
			      HRTIMER_MODE_REL_PINNED_HARD);
	return HRTIMER_NORESTART;
}

void hak_timer_kick(struct hak_router *r)
{
	preempt_disable();
	queue_due(r, this_cpu_ptr(&due_cpus));
	preempt_enable();
}

void hak_timer_set(struct hak_router *r, u64 at)
{
	lockdep_assert_held(&r->lock);
	/*
	 * Lazily: a timer that fires too early looks at the deadline and sets
	 * itself again, so that an advert heard costs no timer.
	 */
	if (hrtimer_is_queued(&r->timer) &&
	    ktime_to_ns(hrtimer_get_expires(&r->timer)) <= (s64)at)
		return;
	hrtimer_start(&r->timer, ns_to_ktime(at), HRTIMER_MODE_ABS_HARD);
}

void hak_timer_clear(struct hak_router *r)
{
	lockdep_assert_held(&r->lock);
	/* One that fires right now finds nothing armed. */
	hrtimer_try_to_cancel(&r->timer);
}

static void hak_timer_ipi(void *info)
{
	struct due_cpu *dc = info;

	clear_bit_unlock(0, &dc->ipi);
	tasklet_hi_schedule(&dc->tasklet);
}

void hak_timer_queue_marker(int cpu, struct sk_buff *skb)
{
	struct due_cpu *dc = per_cpu_ptr(&due_cpus, cpu);

	if (cpu == smp_processor_id()) {
		netif_rx(skb);
		return;
	}
	skb_queue_tail(&dc->markers, skb);
	/* One that is under way has not looked at the queue yet. */
	if (test_and_set_bit_lock(0, &dc->ipi))
		return;
	if (!smp_call_function_single_async(cpu, &dc->csd))
		return;
	/* The CPU has gone; so have its packets. */
	clear_bit_unlock(0, &dc->ipi);
	skb_queue_purge(&dc->markers);
}

static void init_cpu(struct due_cpu *dc)
{
	init_llist_head(&dc->due);
	tasklet_setup(&dc->tasklet, hak_timer_tasklet);
	hrtimer_setup(&dc->watchdog, hak_timer_watchdog, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	skb_queue_head_init(&dc->markers);
	INIT_CSD(&dc->csd, hak_timer_ipi, dc);
}

int hak_timer_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		init_cpu(per_cpu_ptr(&due_cpus, cpu));
	late_thread = kthread_create(hak_timer_late, NULL, "hak_late");
	if (IS_ERR(late_thread))
		return PTR_ERR(late_thread);
	sched_set_fifo(late_thread);
	wake_up_process(late_thread);
	return 0;
}

/* All routers are gone: no hrtimer of theirs runs, no marker is under way. */
void hak_timer_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct due_cpu *dc = per_cpu_ptr(&due_cpus, cpu);

		/* An interrupt that is still on its way uses the tasklet. */
		smp_call_function_single(cpu, hak_timer_ipi, dc, 1);
		hrtimer_cancel(&dc->watchdog);
		tasklet_kill(&dc->tasklet);
	}
	kthread_stop(late_thread);
}
