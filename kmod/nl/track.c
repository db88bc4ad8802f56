// SPDX-License-Identifier: GPL-2.0-only
#include <linux/string.h>

#include "../pernet.h"
#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

#define LEASE_MIN	100000000ULL	/* 100 ms */

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->track)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_TRACK : HAK_A_TRACK,
				      "which track?");
	err = nla_parse_nested(tb, max, op->track, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_TRACK_NAME])
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_NAME,
				      "a track needs a name");
	return 0;
}

static int words(struct hak_nl_batch *b, struct hak_track_cfg *cfg,
		 struct nlattr **tb)
{
	const struct nlattr *lease = tb[HAK_A_TRACK_LEASE];

	if (lease) {
		cfg->lease = nla_get_u64(lease);
		if (cfg->lease && cfg->lease < LEASE_MIN)
			return hak_nl_refuse(b->extack, lease, -ERANGE,
					     "lease is 100 ms to 1 day, or 0 for none");
	}
	if (tb[HAK_A_TRACK_INITIAL])
		cfg->initial = nla_get_u32(tb[HAK_A_TRACK_INITIAL]);
	if (tb[HAK_A_TRACK_FLAGS])
		cfg->flags = nla_get_u32(tb[HAK_A_TRACK_FLAGS]);
	return 0;
}

static const char *kind_word(u32 kind)
{
	switch (kind) {
	case HAK_TRACK_DEV:
		return "dev";
	case HAK_TRACK_ROUTE:
		return "route";
	default:
		return "pool";
	}
}

static int check_kind(struct hak_nl_batch *b, const struct hak_nl_op *op,
		      const struct nlattr *attr)
{
	if (!attr)
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_KIND,
				      "a track needs a kind");
	if (nla_get_u32(attr) == HAK_TRACK_REPORT)
		return 0;
	return hak_nl_refuse(b->extack, attr, -EOPNOTSUPP,
			     "track %s is not in this version of hak",
			     kind_word(nla_get_u32(attr)));
}

int hak_nl_track_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_TRACK_FLAGS + 1];
	struct hak_track_cfg cfg = {
		.kind = HAK_TRACK_REPORT,
		.initial = HAK_TRACK_DOWN,
	};
	struct hak_nl_track *e;
	int err;

	err = parse(b, op, hak_nl_track_attrs_new, HAK_A_TRACK_FLAGS, tb);
	if (!err)
		err = check_kind(b, op, tb[HAK_A_TRACK_KIND]);
	if (!err)
		err = words(b, &cfg, tb);
	if (err)
		return err;
	strscpy(cfg.name, nla_data(tb[HAK_A_TRACK_NAME]), sizeof(cfg.name));
	e = hak_nl_batch_track(b, cfg.name);
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (e)
		return hak_nl_refuse(b->extack, tb[HAK_A_TRACK_NAME], -EEXIST,
				     "track %s exists; use `track set` or `track replace`",
				     cfg.name);
	e = hak_nl_batch_track_add(b, &cfg);
	if (!e)
		return -ENOMEM;
	e->attr = tb[HAK_A_TRACK_NAME];
	return 0;
}

static struct hak_nl_track *named(struct hak_nl_batch *b,
				  const struct nlattr *attr)
{
	struct hak_nl_track *e = hak_nl_batch_track(b, nla_data(attr));

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, attr, -ENOENT,
					     "track %s: no such track",
					     (const char *)nla_data(attr)));
	if (!IS_ERR(e))
		e->attr = attr;
	return e;
}

int hak_nl_track_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_TRACK_FLAGS + 1];
	struct hak_nl_track *e;
	int err;

	err = parse(b, op, hak_nl_track_attrs_set, HAK_A_TRACK_FLAGS, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_TRACK_NAME]);
	return IS_ERR(e) ? PTR_ERR(e) : words(b, &e->ch.cfg, tb);
}

int hak_nl_track_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_TRACK_NAME + 1];
	struct hak_nl_track *e;
	int err;

	err = parse(b, op, hak_nl_track_attrs_name, HAK_A_TRACK_NAME, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_TRACK_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	hak_nl_batch_track_del(e);
	return 0;
}

int hak_nl_check_report(struct netlink_ext_ack *extack, const struct nlattr *nest,
			struct nlattr *const *tb, u16 state, u16 value)
{
	bool wanted;

	if (!tb[state])
		return hak_nl_missing(extack, nest, state,
				      "a report needs a state");
	wanted = nla_get_u32(tb[state]) == HAK_TRACK_VALUE;
	if (wanted && !tb[value])
		return hak_nl_missing(extack, nest, value,
				      "a report of a value needs the value");
	if (!wanted && tb[value])
		return hak_nl_refuse(extack, tb[value], -EINVAL,
				     "a report of up or down has no value");
	return 0;
}

static int report_parse(struct genl_info *info, struct nlattr **tb)
{
	const struct nlattr *nest = info->attrs[HAK_A_TRACK];
	int err;

	if (!nest)
		return hak_nl_missing(info->extack, NULL, HAK_A_TRACK,
				      "which track?");
	err = nla_parse_nested(tb, HAK_A_TRACK_REASON, nest,
			       hak_nl_track_attrs_report, info->extack);
	if (err)
		return err;
	if (!tb[HAK_A_TRACK_NAME])
		return hak_nl_missing(info->extack, nest, HAK_A_TRACK_NAME,
				      "a track needs a name");
	return hak_nl_check_report(info->extack, nest, tb, HAK_A_TRACK_STATE,
				   HAK_A_TRACK_VALUE);
}

static int report(struct hak_net *hn, struct nlattr **tb,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *reason = tb[HAK_A_TRACK_REASON];
	const struct nlattr *value = tb[HAK_A_TRACK_VALUE];
	const char *name = nla_data(tb[HAK_A_TRACK_NAME]);
	int err;

	if (hn->dying)
		return hak_nl_refuse(extack, NULL, -ESHUTDOWN,
				     "hak is being unloaded");
	err = hak_track_report(hn, name, nla_get_u32(tb[HAK_A_TRACK_STATE]),
			       value ? nla_get_s32(value) : 0,
			       reason ? nla_data(reason) : NULL);
	if (err == -ENOENT)
		return hak_nl_refuse(extack, tb[HAK_A_TRACK_NAME], err,
				     "track %s: no such track", name);
	return err;
}

/**
 * hak_nl_track_report_doit() - somebody reports on a track
 * @skb: request
 * @info: its attributes
 *
 * A report is no change of the configuration and never waits for RTNL.
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_report_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[HAK_A_TRACK_REASON + 1];
	struct hak_net *hn = info->user_ptr[0];
	int err;

	err = report_parse(info, tb);
	if (err)
		return err;
	mutex_lock(&hn->cfg_mutex);
	err = report(hn, tb, info->extack);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}
