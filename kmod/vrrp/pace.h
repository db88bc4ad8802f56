/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often something that hak keeps, an address or a route, is asked of the kernel:
 * at once the first times, then less and less often.
 */
#ifndef HAK_VRRP_PACE_H
#define HAK_VRRP_PACE_H

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* What is removed more often than this within a second is put back once a second. */
#define HAK_PACE_QUICK		10
/* After a failure; doubled each time. */
#define HAK_PACE_RETRY		msecs_to_jiffies(50)
#define HAK_PACE_RETRY_MAX	(10UL * HZ)

/**
 * struct hak_pace - when the next attempt may be made; hak_net.dirty_lock
 * @not_before: jiffies
 * @retry: jiffies waited after the last failure, 0 without one
 * @lost_at: jiffies when somebody last took it away
 * @losses: how often, in quick succession
 */
struct hak_pace {
	unsigned long not_before;
	unsigned long retry;
	unsigned long lost_at;
	u32 losses;
};

/**
 * hak_pace_now() - something has changed: no reason to wait
 * @p: pace
 */
static inline void hak_pace_now(struct hak_pace *p)
{
	p->not_before = jiffies;
	p->retry = 0;
}

/**
 * hak_pace_lost() - somebody took away what is wanted
 * @p: pace
 */
static inline void hak_pace_lost(struct hak_pace *p)
{
	if (time_after(jiffies, p->lost_at + HZ))
		p->losses = 0;
	p->not_before = jiffies;
	if (++p->losses > HAK_PACE_QUICK)
		p->not_before += HZ;
	p->lost_at = jiffies;
}

/**
 * hak_pace_failed() - the kernel refused; whoever refuses may go on refusing
 * @p: pace
 */
static inline void hak_pace_failed(struct hak_pace *p)
{
	p->retry = clamp(2 * p->retry, HAK_PACE_RETRY, HAK_PACE_RETRY_MAX);
	p->not_before = jiffies + p->retry;
}

/**
 * hak_pace_delay() - how long to wait for the next attempt
 * @p: pace
 *
 * Return: jiffies, 0 when it may be made.
 */
static inline unsigned long hak_pace_delay(const struct hak_pace *p)
{
	unsigned long now = jiffies;

	return time_after_eq(now, p->not_before) ? 0 : p->not_before - now;
}

#endif /* HAK_VRRP_PACE_H */
