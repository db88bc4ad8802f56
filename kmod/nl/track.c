// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rtnetlink.h>
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

static int check_kind(struct hak_nl_batch *b, const struct hak_nl_op *op,
		      const struct nlattr *attr)
{
	if (!attr)
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_KIND,
				      "a track needs a kind");
	return 0;
}

/* Words go with a kind: refuse the first that does not. */
static int only_with(struct hak_nl_batch *b, const struct nlattr *attr, bool fits,
		     const char *word, const char *kinds)
{
	if (!attr || fits)
		return 0;
	return hak_nl_refuse(b->extack, attr, -EINVAL,
			     "%s goes with a track of the kind %s", word, kinds);
}

static int check_words(struct hak_nl_batch *b, enum hak_track_kind kind,
		       struct nlattr **tb)
{
	bool route = kind == HAK_TRACK_ROUTE, report = kind == HAK_TRACK_REPORT;
	int err;

	err = only_with(b, tb[HAK_A_TRACK_LEASE], report, "lease", "report");
	if (!err)
		err = only_with(b, tb[HAK_A_TRACK_INITIAL], report, "initial",
				"report");
	if (!err)
		err = only_with(b, tb[HAK_A_TRACK_DEV],
				route || kind == HAK_TRACK_DEV, "dev", "dev or route");
	if (!err)
		err = only_with(b, tb[HAK_A_TRACK_PREFIX], route, "a prefix", "route");
	if (!err)
		err = only_with(b, tb[HAK_A_TRACK_PREFIX_LEN], route,
				"a prefix length", "route");
	if (!err)
		err = only_with(b, tb[HAK_A_TRACK_TABLE], route, "table", "route");
	return err ?: only_with(b, tb[HAK_A_TRACK_POOL], kind == HAK_TRACK_POOL,
				"pool", "pool");
}

static int set_prefix(struct hak_nl_batch *b, struct hak_track_cfg *cfg,
		      struct nlattr **tb)
{
	const struct nlattr *plen = tb[HAK_A_TRACK_PREFIX_LEN];
	u32 i, bits;

	cfg->addr_len = nla_len(tb[HAK_A_TRACK_PREFIX]);
	bits = 8 * cfg->addr_len;
	cfg->plen = plen ? nla_get_u32(plen) : bits;
	if (cfg->plen > bits)
		return hak_nl_refuse(b->extack, plen, -ERANGE,
				     "the prefix length of this address is 0 to %u",
				     bits);
	memcpy(cfg->prefix, nla_data(tb[HAK_A_TRACK_PREFIX]), cfg->addr_len);
	for (i = cfg->plen; i < bits; i++)
		if (cfg->prefix[i / 8] & (0x80 >> i % 8))
			return hak_nl_refuse(b->extack, tb[HAK_A_TRACK_PREFIX],
					     -EINVAL,
					     "the prefix has bits after its length");
	return 0;
}

/* What a track of another kind than report looks at. */
static int target(struct hak_nl_batch *b, const struct hak_nl_op *op,
		  struct hak_track_cfg *cfg, struct nlattr **tb)
{
	if (tb[HAK_A_TRACK_DEV])
		strscpy(cfg->dev, nla_data(tb[HAK_A_TRACK_DEV]), sizeof(cfg->dev));
	if (tb[HAK_A_TRACK_POOL])
		strscpy(cfg->pool, nla_data(tb[HAK_A_TRACK_POOL]), sizeof(cfg->pool));
	cfg->table = tb[HAK_A_TRACK_TABLE] ? nla_get_u32(tb[HAK_A_TRACK_TABLE]) :
					     RT_TABLE_MAIN;
	if (cfg->kind == HAK_TRACK_DEV && !tb[HAK_A_TRACK_DEV])
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_DEV,
				      "which device does the track look at?");
	if (cfg->kind == HAK_TRACK_POOL && !tb[HAK_A_TRACK_POOL])
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_POOL,
				      "which pool does the track look at?");
	if (cfg->kind != HAK_TRACK_ROUTE)
		return 0;
	if (!tb[HAK_A_TRACK_PREFIX])
		return hak_nl_missing(b->extack, op->track, HAK_A_TRACK_PREFIX,
				      "which route does the track look at?");
	return set_prefix(b, cfg, tb);
}

int hak_nl_track_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_TRACK_POOL + 1];
	struct hak_track_cfg cfg = {
		.initial = HAK_TRACK_DOWN,
	};
	struct hak_nl_track *e;
	int err;

	err = parse(b, op, hak_nl_track_attrs_new, HAK_A_TRACK_POOL, tb);
	if (!err)
		err = check_kind(b, op, tb[HAK_A_TRACK_KIND]);
	if (err)
		return err;
	cfg.kind = nla_get_u32(tb[HAK_A_TRACK_KIND]);
	err = check_words(b, cfg.kind, tb);
	if (!err)
		err = target(b, op, &cfg, tb);
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
	struct nlattr *tb[HAK_A_TRACK_POOL + 1];
	struct hak_nl_track *e;
	int err;

	err = parse(b, op, hak_nl_track_attrs_set, HAK_A_TRACK_POOL, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_TRACK_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	err = check_words(b, e->ch.cfg.kind, tb);
	return err ?: words(b, &e->ch.cfg, tb);
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
	if (err == -EOPNOTSUPP)
		return hak_nl_refuse(extack, tb[HAK_A_TRACK_NAME], err,
				     "track %s sees for itself: nobody reports on it",
				     name);
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
