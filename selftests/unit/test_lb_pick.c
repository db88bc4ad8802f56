// SPDX-License-Identifier: GPL-2.0-only
#include "lb_pick.h"
#include "suites.h"
#include <string.h>

#define MANY	16

static struct hak_pick_load loads[MANY];
static u32 asked;

static void load(const void *ctx, u32 i, struct hak_pick_load *l)
{
	const struct hak_pick_load *from = ctx;

	asked++;
	*l = from[i];
}

static u32 pick(u32 how, u32 n, u32 start)
{
	asked = 0;
	return hak_pick_least(how, n, start, load, loads);
}

/* A random number from a fixed sequence, below @limit. */
static u32 next_random(u32 limit)
{
	static u32 state = 7;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

/* What the scheduler wants little of, as its definition says. */
static long double cost(u32 how, const struct hak_pick_load *l)
{
	long double overhead = 256.0L * l->active + l->idle;

	switch (how) {
	case HAK_SCHED_LC:
		return overhead;
	case HAK_SCHED_WLC:
	case HAK_SCHED_TWOS:
		return overhead / l->weight;
	case HAK_SCHED_SED:
		return (l->active + 1.0L) / l->weight;
	case HAK_SCHED_NQ:
		return l->active ? (l->active + 1.0L) / l->weight : -1;
	case HAK_SCHED_OVF:
		return l->active < l->weight ? -(long double)l->weight : 1;
	default:
		return -(long double)l->weight;
	}
}

static u32 by_definition(u32 how, u32 n, u32 start)
{
	u32 i, k, best = HAK_PICK_NOBODY;

	if (how == HAK_SCHED_FO || how == HAK_SCHED_OVF)
		start = 0;
	for (k = 0; k < n; k++) {
		i = (start + k) % n;
		if (loads[i].out || (how == HAK_SCHED_OVF && cost(how, &loads[i]) > 0))
			continue;
		if (best == HAK_PICK_NOBODY || cost(how, &loads[i]) < cost(how, &loads[best]))
			best = i;
	}
	return best;
}

static const u32 all[] = { HAK_SCHED_WLC, HAK_SCHED_LC, HAK_SCHED_SED, HAK_SCHED_NQ,
			   HAK_SCHED_FO, HAK_SCHED_OVF };

static void as_defined(void)
{
	u32 round, n, i, k, start, limit;

	for (round = 0; round < 50000; round++) {
		n = 1 + next_random(MANY);
		limit = round % 2 ? 4 : 100000;
		for (i = 0; i < n; i++)
			loads[i] = (struct hak_pick_load){
				.weight = 1 + next_random(limit < 65535 ? limit : 65535),
				.active = next_random(limit), .idle = next_random(limit),
				.out = !next_random(3),
			};
		start = next_random(n);
		for (k = 0; k < TAP_COUNT(all); k++)
			CHECK_NUM(pick(all[k], n, start), by_definition(all[k], n, start));
	}
}

static void nobody_when_all_are_out(void)
{
	u32 i, k;

	for (i = 0; i < 4; i++)
		loads[i] = (struct hak_pick_load){ .weight = 5, .out = true };
	for (k = 0; k < TAP_COUNT(all); k++)
		CHECK_NUM(pick(all[k], 4, 1), HAK_PICK_NOBODY);
}

static u32 near(u32 n, u32 start, u32 tries)
{
	asked = 0;
	return hak_pick_near(n, start, tries, load, loads);
}

/* The first from where it begins, round and round, and no further than it may look. */
static void near_is_the_next(void)
{
	u32 out, start, tries, k, want;

	for (out = 0; out < 1 << 5; out++) {
		for (k = 0; k < 5; k++)
			loads[k] = (struct hak_pick_load){ .out = out >> k & 1 };
		for (start = 0; start < 5; start++) {
			for (tries = 0; tries < 8; tries++) {
				want = HAK_PICK_NOBODY;
				for (k = 0; k < tries && k < 5 && want == HAK_PICK_NOBODY; k++)
					if (!(out >> (start + k) % 5 & 1))
						want = (start + k) % 5;
				CHECK_NUM(near(5, start, tries), want);
				CHECK(asked <= tries && asked <= 5);
			}
		}
	}
}

static void equals_take_turns(void)
{
	u32 i;

	for (i = 0; i < 4; i++)
		loads[i] = (struct hak_pick_load){ .weight = 5, .active = 2 };
	for (i = 0; i < 4; i++) {
		CHECK_NUM(pick(HAK_SCHED_WLC, 4, i), i);
		CHECK_NUM(pick(HAK_SCHED_LC, 4, i), i);
		CHECK_NUM(pick(HAK_SCHED_SED, 4, i), i);
		CHECK_NUM(pick(HAK_SCHED_NQ, 4, i), i);
		/* These have an order. */
		CHECK_NUM(pick(HAK_SCHED_FO, 4, i), 0);
		CHECK_NUM(pick(HAK_SCHED_OVF, 4, i), 0);
	}
}

static void idle_count_little(void)
{
	loads[0] = (struct hak_pick_load){ .weight = 1, .active = 1 };
	loads[1] = (struct hak_pick_load){ .weight = 1, .idle = 255 };
	CHECK_NUM(pick(HAK_SCHED_LC, 2, 0), 1);
	CHECK_NUM(pick(HAK_SCHED_WLC, 2, 0), 1);
	loads[1].idle = 257;
	CHECK_NUM(pick(HAK_SCHED_LC, 2, 0), 0);
	CHECK_NUM(pick(HAK_SCHED_WLC, 2, 0), 0);
	/* sed does not look at them. */
	CHECK_NUM(pick(HAK_SCHED_SED, 2, 0), 1);
}

static void sed_counts_the_next(void)
{
	/* Idle, but slow: with one more the fast one is still ahead. */
	loads[0] = (struct hak_pick_load){ .weight = 1 };
	loads[1] = (struct hak_pick_load){ .weight = 10, .active = 5 };
	CHECK_NUM(pick(HAK_SCHED_SED, 2, 0), 1);
	CHECK_NUM(pick(HAK_SCHED_NQ, 2, 1), 0);
}

static void ovf_runs_over(void)
{
	u32 i, got[3] = { 0 };

	loads[0] = (struct hak_pick_load){ .weight = 2 };
	loads[1] = (struct hak_pick_load){ .weight = 4 };
	loads[2] = (struct hak_pick_load){ .weight = 3 };
	for (i = 0; i < 9; i++) {
		u32 k = pick(HAK_SCHED_OVF, 3, i % 3);

		CHECK_MSG(k < 3, "%u: %u", i, k);
		if (k > 2)
			return;
		/* In the order of their weights: 4, 3, 2. */
		CHECK_NUM(k, i < 4 ? 1 : i < 7 ? 2 : 0);
		loads[k].active++;
		got[k]++;
	}
	CHECK_NUM(got[0], 2);
	CHECK_NUM(got[1], 4);
	CHECK_NUM(pick(HAK_SCHED_OVF, 3, 0), HAK_PICK_NOBODY);
}

static void nobody_of_none(void)
{
	CHECK_NUM(pick(HAK_SCHED_WLC, 0, 0), HAK_PICK_NOBODY);
	CHECK_NUM(asked, 0);
}

static void no_overflow(void)
{
	loads[0] = (struct hak_pick_load){ .weight = 1, .active = 0xffffffff, .idle = 0xffffffff };
	loads[1] = (struct hak_pick_load){ .weight = 65535, .active = 0xffffffff,
					   .idle = 0xffffffff };
	CHECK_NUM(pick(HAK_SCHED_WLC, 2, 0), 1);
	CHECK_NUM(pick(HAK_SCHED_SED, 2, 0), 1);
	loads[1].weight = 1;
	loads[1].active--;
	CHECK_NUM(pick(HAK_SCHED_LC, 2, 0), 1);
	CHECK_NUM(pick(HAK_SCHED_WLC, 2, 0), 1);
}

/* Connections of random length: what servers hold is in proportion to their weights. */
static void wlc_in_the_long_run(void)
{
	static struct { u32 server, ends; } open[600];
	u32 now, i, k, held[3] = { 0 }, samples = 0, n = 0;

	for (i = 0; i < 3; i++)
		loads[i] = (struct hak_pick_load){ .weight = i + 1 };
	for (now = 0; now < 60000; now++) {
		for (i = 0; i < n; i++) {
			if (open[i].ends > now)
				continue;
			loads[open[i].server].active--;
			open[i--] = open[--n];
		}
		if (n < TAP_COUNT(open)) {
			k = pick(HAK_SCHED_WLC, 3, now % 3);
			loads[k].active++;
			open[n].server = k;
			open[n++].ends = now + 1 + next_random(900);
		}
		for (i = 0; now > 2000 && i < 3; i++)
			held[i] += loads[i].active;
		samples += now > 2000;
	}
	for (i = 0; i < 3; i++) {
		double share = (double)held[i] / (held[0] + held[1] + held[2]) * 6 / (i + 1);

		CHECK_MSG(share > 0.98 && share < 1.02, "%u: %f of its share", i, share);
	}
	CHECK(samples > 50000);
}

const struct tap_test lb_pick_tests[] = {
	TAP_TEST(as_defined),
	TAP_TEST(nobody_when_all_are_out),
	TAP_TEST(near_is_the_next),
	TAP_TEST(equals_take_turns),
	TAP_TEST(idle_count_little),
	TAP_TEST(sed_counts_the_next),
	TAP_TEST(ovf_runs_over),
	TAP_TEST(nobody_of_none),
	TAP_TEST(no_overflow),
	TAP_TEST(wlc_in_the_long_run),
};
const size_t lb_pick_count = TAP_COUNT(lb_pick_tests);
