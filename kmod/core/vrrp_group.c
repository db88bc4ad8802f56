// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp_group.h"

/* Losses further apart than so many Active_Down_Intervals are no succession. */
#define FORGET		16
/* At most 1 << this moments to start again at. */
#define WAVER_BITS	5

static u32 mix(u32 x)
{
	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	return x ^ x >> 16;
}

/* The election is lost, and nobody here is Active any more. */
static void note_loss(struct hak_group_state *st, const struct hak_group_sum *sum,
		      u64 now, u32 salt)
{
	u32 bits;
	u64 slot;

	if (st->lost_at && now - st->lost_at < FORGET * sum->down)
		st->losses++;
	else
		st->losses = 0;
	bits = st->losses < WAVER_BITS ? st->losses : WAVER_BITS;
	slot = (mix(salt + st->losses) & ((1U << bits) - 1)) * sum->interval;
	st->losing = false;
	st->lost_at = now;
	st->follow_from = now + sum->down + slot;
	/* The first time nobody has to be kept from what the machine decides. */
	st->hold_until = st->losses ? st->follow_from : now;
}

static bool may_start(const struct hak_group_state *st,
		      const struct hak_group_sum *sum, u64 now)
{
	if (sum->stopped || now < st->hold_until)
		return false;
	return sum->ready == sum->members || (sum->released && now >= st->follow_from);
}

enum hak_group_verdict hak_group_decide(struct hak_group_state *st,
					const struct hak_group_sum *sum,
					u64 now, u32 salt)
{
	st->losing |= sum->lost;
	if (st->losing && sum->active)
		return HAK_GROUP_OFF;
	if (st->losing)
		note_loss(st, sum, now, salt);
	if (!sum->members || sum->active == sum->members)
		return HAK_GROUP_STAY;
	if (sum->active)
		return HAK_GROUP_ON;
	return may_start(st, sum, now) ? HAK_GROUP_ON : HAK_GROUP_STAY;
}
