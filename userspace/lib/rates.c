// SPDX-License-Identifier: GPL-2.0-only
/* Rates of the balancer: the kernel counts exactly and knows no rate. */
#include "show_lb.h"

#include "live.h"

/* One of the same name that counted less is another one, made since. */
static bool same(const struct hak_live *now, const struct hak_live *before)
{
	for (unsigned int a = HAK_A_LB_STAT_PAD + 1; a <= HAK_A_LB_STAT_MAX; a++)
		if (now->stats[a] < before->stats[a])
			return false;
	return true;
}

static void rate(struct hak_live *now, const struct hak_obj *before, uint64_t period)
{
	double seconds = (double)period / (double)HAK_NS_S;

	if (!now || !before || !before->live || !same(now, before->live))
		return;
	now->rated = true;
	for (unsigned int a = HAK_A_LB_STAT_PAD + 1; a <= HAK_A_LB_STAT_MAX; a++) {
		double n = (double)(now->stats[a] - before->live->stats[a]);

		now->rates[a] = (uint64_t)(n / seconds + 0.5);
	}
}

void hak_rates(struct hak_model *now, const struct hak_model *before, uint64_t period)
{
	if (!period)
		return;
	for (struct hak_obj *o = now->list[HAK_O_SERVICE].first; o; o = o->next)
		rate(o->live, hak_model_twin(before, o), period);
	for (struct hak_obj *o = now->list[HAK_O_SERVER].first; o; o = o->next)
		rate(o->live, hak_model_twin(before, o), period);
}
