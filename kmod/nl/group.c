// SPDX-License-Identifier: GPL-2.0-only
#include <linux/string.h>

#include "../pernet.h"
#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->group)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_GROUP : HAK_A_GROUP,
				      "which group?");
	err = nla_parse_nested(tb, max, op->group, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_GROUP_NAME])
		return hak_nl_missing(b->extack, op->group, HAK_A_GROUP_NAME,
				      "a group needs a name");
	return 0;
}

static int words(struct hak_nl_batch *b, struct hak_group_cfg *cfg,
		 struct nlattr **tb)
{
	if (!tb[HAK_A_GROUP_TRACKS])
		return 0;
	return hak_nl_uses(b, tb[HAK_A_GROUP_TRACKS], "a group", cfg->uses,
			   &cfg->n_uses);
}

int hak_nl_group_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_GROUP_TRACKS + 1];
	struct hak_nl_group *e;
	int err;

	err = parse(b, op, hak_nl_group_attrs_new, HAK_A_GROUP_TRACKS, tb);
	if (err)
		return err;
	e = hak_nl_batch_group(b, nla_data(tb[HAK_A_GROUP_NAME]));
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (e)
		return hak_nl_refuse(b->extack, tb[HAK_A_GROUP_NAME], -EEXIST,
				     "group %s exists; use `group set` or `group replace`",
				     e->ch.cfg.name);
	e = hak_nl_batch_group_add(b, nla_data(tb[HAK_A_GROUP_NAME]));
	if (!e)
		return -ENOMEM;
	e->attr = tb[HAK_A_GROUP_NAME];
	return words(b, &e->ch.cfg, tb);
}

static struct hak_nl_group *named(struct hak_nl_batch *b,
				  const struct nlattr *attr)
{
	struct hak_nl_group *e = hak_nl_batch_group(b, nla_data(attr));

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, attr, -ENOENT,
					     "group %s: no such group",
					     (const char *)nla_data(attr)));
	if (!IS_ERR(e))
		e->attr = attr;
	return e;
}

int hak_nl_group_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_GROUP_TRACKS + 1];
	struct hak_nl_group *e;
	int err;

	err = parse(b, op, hak_nl_group_attrs_new, HAK_A_GROUP_TRACKS, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_GROUP_NAME]);
	return IS_ERR(e) ? PTR_ERR(e) : words(b, &e->ch.cfg, tb);
}

int hak_nl_group_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_GROUP_NAME + 1];
	struct hak_nl_group *e;
	int err;

	err = parse(b, op, hak_nl_group_attrs_name, HAK_A_GROUP_NAME, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_GROUP_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	e->gone = true;
	return 0;
}
