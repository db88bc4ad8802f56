/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * start-delay: a router starts when its device has been fit for so long without
 * a break. This is what keeps a link that flaps, or a switch port that spanning
 * tree has not opened yet, from moving addresses about.
 */
#ifndef HAK_VRRP_START_H
#define HAK_VRRP_START_H

#include <linux/hrtimer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct hak_router;
struct hak_router_cfg;

/**
 * struct hak_start - how far a router is with its start-delay; hak_router.lock
 * @fit_since: ktime ns since when the device is fit, 0 while it is not
 * @downs: count of carrier losses of the device at @fit_since, so that one that
 *	came and went between two looks is seen
 * @until: ktime ns when the delay is over, 0 when it does not hold the router
 * @timer: fires at @until
 */
struct hak_start {
	u64 fit_since;
	int downs;
	u64 until;
	struct hrtimer timer;
};

/**
 * hak_start_init() - a router whose device was not looked at yet
 * @r: router
 */
void hak_start_init(struct hak_router *r);

/**
 * hak_start_blocked() - has the router to wait before it starts?
 * @r: router
 * @cfg: its configuration
 *
 * Looks at the device, and sees to it that the router is refreshed when there
 * is something new.
 * Context: r->lock held.
 * Return: NULL when it may start or runs, or what it waits for, as a format for
 * the name of the device; hak_start_text() knows better while the delay runs.
 */
const char *hak_start_blocked(struct hak_router *r, const struct hak_router_cfg *cfg);

/**
 * hak_start_text() - how long a router still waits
 * @r: router
 * @buf: HAK_TEXT_SIZE bytes, left alone when the delay does not hold the router
 *
 * Context: r->lock held.
 */
void hak_start_text(const struct hak_router *r, char *buf);

/**
 * hak_start_work() - look at the state of bridge ports that routers wait for
 * @work: hak_net.port_work
 *
 * Context: process; tries to take RTNL, and comes back when it cannot.
 */
void hak_start_work(struct work_struct *work);

#endif /* HAK_VRRP_START_H */
