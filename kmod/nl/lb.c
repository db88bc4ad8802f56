// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"
#include "extack.h"
#include "policy.h"

int hak_nl_lb_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_LB_MAXCONN + 1];
	int err;

	if (!op->lb)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_LB : HAK_A_LB,
				      "what of the balancer?");
	err = nla_parse_nested(tb, HAK_A_LB_MAXCONN, op->lb, hak_nl_lb_attrs,
			       b->extack);
	if (err)
		return err;
	if (!b->lb_touched)
		b->lb = *hak_lb_cfg(b->hn);
	b->lb_touched = true;
	if (tb[HAK_A_LB_HOOK])
		b->lb.hook = nla_get_s32(tb[HAK_A_LB_HOOK]);
	if (tb[HAK_A_LB_MAXCONN])
		b->lb.maxconn = nla_get_u32(tb[HAK_A_LB_MAXCONN]);
	return 0;
}
