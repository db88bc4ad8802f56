// SPDX-License-Identifier: GPL-2.0-only
/*
 * What servers do by themselves: they come into service slowly, and are avoided when
 * they do not take connections. What needs a process is done by one piece of work.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/printk.h>

#include "../nl/notify.h"
#include "object.h"

#define FAILURES	3		/* in a row */
#define AVOID_FIRST	(10 * HZ)
#define AVOID_MOST	(300 * HZ)
#define STRIKES_MOST	5		/* 10 s << 5 is above 5 minutes */
#define WARM_STEP	(HZ / 4)

static void at_once(struct hak_lb *lb)
{
	mod_delayed_work(system_power_efficient_wq, &lb->life, 0);
}

/* ---- servers that do not take connections ---- */

static unsigned long avoid_time(u32 strikes)
{
	return min_t(unsigned long, (unsigned long)AVOID_FIRST << min(strikes, STRIKES_MOST),
		     AVOID_MOST);
}

u64 hak_server_avoided_for(const struct hak_server *server)
{
	unsigned long until = READ_ONCE(server->avoided_until);

	return hak_server_avoided(server) ? jiffies64_to_nsecs(until - jiffies) : 0;
}

void hak_life_failed(struct hak_lb *lb, struct hak_server *server)
{
	unsigned long until = READ_ONCE(server->avoided_until), next;
	u32 strikes = READ_ONCE(server->strikes);

	if (atomic_inc_return(&server->failures) < FAILURES || hak_server_avoided(server))
		return;
	next = (jiffies + avoid_time(strikes)) ?: 1;	/* 0 is never */
	if (cmpxchg(&server->avoided_until, until, next) != until)
		return;		/* another CPU saw it, too */
	WRITE_ONCE(server->strikes, strikes + 1);
	WRITE_ONCE(server->noticed, true);
	at_once(lb);
}

void hak_life_took(struct hak_lb *lb, struct hak_server *server)
{
	if (likely(!atomic_read(&server->failures)))
		return;
	atomic_set(&server->failures, 0);
	if (!READ_ONCE(server->avoided_until))
		return;
	WRITE_ONCE(server->strikes, 0);
	WRITE_ONCE(server->avoided_until, 0);
	WRITE_ONCE(server->noticed, true);
	at_once(lb);
}

static void tell(struct hak_lb *lb, struct hak_pool *pool, u32 i)
{
	const struct hak_server *server = pool->servers[i];
	u64 ns = hak_server_avoided_for(server);
	char reason[HAK_REASON_SIZE], text[HAK_SERVER_TEXT];

	if (ns)
		snprintf(reason, sizeof(reason), "does not take connections, avoided for %llu s",
			 div_u64(ns + NSEC_PER_SEC / 2, NSEC_PER_SEC));
	else
		strscpy(reason, "takes connections again", sizeof(reason));
	net_info_ratelimited("hak: server %s of pool %s %s\n",
			     hak_server_text(text, &server->addr, server->port),
			     pool->cfg->name, reason);
	hak_notify_server(lb->hn, pool, i, HAK_NOTIFY_SET, reason);
}

static void tell_of(struct hak_lb *lb, struct hak_pool *pool)
{
	u32 i;

	for (i = 0; i < pool->cfg->n_servers; i++)
		if (READ_ONCE(pool->servers[i]->noticed)) {
			WRITE_ONCE(pool->servers[i]->noticed, false);
			tell(lb, pool, i);
		}
}

/* ---- slow start ---- */

void hak_life_warm(struct hak_lb *lb, struct hak_pool *pool)
{
	pool->warming = hak_pool_warming(pool->cfg, pool->servers);
	if (pool->warming)
		queue_delayed_work(system_power_efficient_wq, &lb->life, WARM_STEP);
}

/* Without memory for it the old one stays, and another try comes. */
static void warm_up(struct hak_lb *lb, struct hak_pool *pool)
{
	struct hak_sched *sched = hak_sched_new(pool->cfg, pool->servers);

	if (!sched)
		return;
	hak_sched_free_later(rcu_replace_pointer(pool->sched, sched, true));
	pool->warming = hak_pool_warming(pool->cfg, pool->servers);
}

/* ---- the work ---- */

/* For everybody who needs it; returns true when somebody will again. */
static bool look_after(struct hak_lb *lb)
{
	struct hak_pool *pool;
	bool more = false;

	list_for_each_entry(pool, &lb->pools, list) {
		tell_of(lb, pool);
		if (pool->warming)
			warm_up(lb, pool);
		more |= pool->warming;
		cond_resched();
	}
	return more;
}

static void life(struct work_struct *work)
{
	struct hak_lb *lb = container_of(to_delayed_work(work), struct hak_lb, life);
	unsigned long began = jiffies, delay = 1;
	bool more = true;

	/* Whoever ends the balancer waits for this with the lock held. */
	if (mutex_trylock(&lb->hn->cfg_mutex)) {
		more = look_after(lb);
		mutex_unlock(&lb->hn->cfg_mutex);
		delay = max_t(unsigned long, WARM_STEP, 8 * (jiffies - began));
	}
	if (more)
		queue_delayed_work(system_power_efficient_wq, &lb->life, delay);
}

void hak_life_init(struct hak_lb *lb)
{
	INIT_DELAYED_WORK(&lb->life, life);
}

void hak_life_exit(struct hak_lb *lb)
{
	cancel_delayed_work_sync(&lb->life);
}
