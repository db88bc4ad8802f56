// SPDX-License-Identifier: GPL-2.0-only
#include "lb_pick.h"

/* What an active connection is worth in others. */
#define ACTIVE		256

static u64 overhead(const struct hak_pick_load *l)
{
	return (u64)l->active * ACTIVE + l->idle;
}

bool hak_pick_before(u32 how, const struct hak_pick_load *a,
		     const struct hak_pick_load *b)
{
	/* A fraction is compared crosswise: below 2^41 times 2^16. */
	switch (how) {
	case HAK_SCHED_LC:
		return overhead(a) < overhead(b);
	case HAK_SCHED_SED:
	case HAK_SCHED_NQ:
		return ((u64)a->active + 1) * b->weight <
		       ((u64)b->active + 1) * a->weight;
	case HAK_SCHED_FO:
	case HAK_SCHED_OVF:
		return a->weight > b->weight;
	default:
		return overhead(a) * b->weight < overhead(b) * a->weight;
	}
}

static bool ordered(u32 how)
{
	return how == HAK_SCHED_FO || how == HAK_SCHED_OVF;
}

u32 hak_pick_least(u32 how, u32 n, u32 start, hak_pick_load_fn *load, const void *ctx)
{
	u32 i = ordered(how) ? 0 : start, best = HAK_PICK_NOBODY, left;
	struct hak_pick_load least, this;

	for (left = n; left; left--, i = i + 1 < n ? i + 1 : 0) {
		load(ctx, i, &this);
		if (this.out)
			continue;
		if (how == HAK_SCHED_NQ && !this.active)
			return i;
		if (how == HAK_SCHED_OVF && this.active >= this.weight)
			continue;
		if (best != HAK_PICK_NOBODY && !hak_pick_before(how, &this, &least))
			continue;
		best = i;
		least = this;
	}
	return best;
}

u32 hak_pick_near(u32 n, u32 start, u32 tries, hak_pick_load_fn *load, const void *ctx)
{
	u32 i = start, left = tries < n ? tries : n;
	struct hak_pick_load this;

	for (; left; left--, i = i + 1 < n ? i + 1 : 0) {
		load(ctx, i, &this);
		if (!this.out)
			return i;
	}
	return HAK_PICK_NOBODY;
}
