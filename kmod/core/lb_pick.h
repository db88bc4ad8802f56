/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedulers that look at what servers have to do: lc, wlc, sed, nq, fo, ovf and
 * the choice between two of twos. The others are tables, see lb_sched.h.
 */
#ifndef HAK_CORE_LB_PICK_H
#define HAK_CORE_LB_PICK_H

#include "env.h"
#include <linux/hak.h>

#define HAK_PICK_NOBODY		0xffffffffU

/**
 * struct hak_pick_load - what a server has to do
 * @weight: 1 to HAK_SCHED_WEIGHT_MAX; others are not to be asked for
 * @active: connections that are being opened or are open
 * @idle: the others it has: closing, or over
 * @out: not to be picked: it has all the connections it may have, or does not answer
 */
struct hak_pick_load {
	u32 weight;
	u32 active;
	u32 idle;
	bool out;
};

/**
 * typedef hak_pick_load_fn - look at a server
 * @ctx: of hak_pick_least()
 * @i: which, 0 and more
 * @load: to be filled
 */
typedef void hak_pick_load_fn(const void *ctx, u32 i, struct hak_pick_load *load);

/**
 * hak_pick_before() - is a server to be preferred to another
 * @how: &enum hak_scheduler
 * @a: the one
 * @b: the other
 *
 * As IPVS counts (its schedulers' overhead): an active connection is worth 256
 * others. lc: the fewest. wlc, twos: the fewest for the weight. sed, nq: the fewest
 * active for the weight once it had one more. fo, ovf: the greatest weight.
 *
 * Return: false when they are equal.
 */
bool hak_pick_before(u32 how, const struct hak_pick_load *a,
		     const struct hak_pick_load *b);

/**
 * hak_pick_least() - the server to be preferred to all others
 * @how: &enum hak_scheduler
 * @n: servers
 * @start: of equals, the first from here on; below @n. Not for fo and ovf, which
 *	have an order
 * @load: tells what a server has to do; called up to @n times
 * @ctx: for @load
 *
 * nq takes the first server without active connections, if there is one. ovf passes
 * over servers with as many as their weight. Those that are out are nobody's.
 *
 * Return: its number, HAK_PICK_NOBODY when there is none.
 */
u32 hak_pick_least(u32 how, u32 n, u32 start, hak_pick_load_fn *load, const void *ctx);

/**
 * hak_pick_near() - one that is not out
 * @n: servers, or entries of a table of them
 * @start: the first to look at; below @n
 * @tries: how many to look at, no more than @n of them
 * @load: tells what a server has to do; called up to @tries times
 * @ctx: for @load
 *
 * Return: its number, HAK_PICK_NOBODY when all that were looked at are out.
 */
u32 hak_pick_near(u32 n, u32 start, u32 tries, hak_pick_load_fn *load, const void *ctx);

#endif /* HAK_CORE_LB_PICK_H */
