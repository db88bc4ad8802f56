// SPDX-License-Identifier: GPL-2.0-only
#include <linux/string.h>

#include "../lb/info.h"
#include "../pernet.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

static struct hak_ip address(struct nlattr **tb)
{
	return hak_nl_ip(tb[HAK_A_SERVER_ADDRESS]);
}

static __be16 port(struct nlattr **tb)
{
	const struct nlattr *attr = tb[HAK_A_SERVER_PORT];

	return attr ? htons(nla_get_u32(attr)) : 0;
}

static int check_key(struct netlink_ext_ack *extack, const struct nlattr *nest,
		     struct nlattr **tb)
{
	if (!tb[HAK_A_SERVER_POOL])
		return hak_nl_missing(extack, nest, HAK_A_SERVER_POOL,
				      "a server needs a pool");
	if (!tb[HAK_A_SERVER_ADDRESS])
		return hak_nl_missing(extack, nest, HAK_A_SERVER_ADDRESS,
				      "a server needs an address");
	return 0;
}

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->server)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_SERVER : HAK_A_SERVER,
				      "which server?");
	err = nla_parse_nested(tb, max, op->server, policy, b->extack);
	return err ?: check_key(b->extack, op->server, tb);
}

static int words(struct hak_nl_batch *b, struct hak_server_cfg *s,
		 struct nlattr **tb)
{
	if (tb[HAK_A_SERVER_WEIGHT])
		s->weight = nla_get_u32(tb[HAK_A_SERVER_WEIGHT]);
	if (tb[HAK_A_SERVER_STATE])
		s->state = nla_get_u32(tb[HAK_A_SERVER_STATE]);
	if (tb[HAK_A_SERVER_MAXCONN])
		s->maxconn = nla_get_u32(tb[HAK_A_SERVER_MAXCONN]);
	if (tb[HAK_A_SERVER_BACKUP])
		s->backup = nla_get_u32(tb[HAK_A_SERVER_BACKUP]);
	if (tb[HAK_A_SERVER_SLOW_START])
		s->slow_start = nla_get_u64(tb[HAK_A_SERVER_SLOW_START]);
	if (!tb[HAK_A_SERVER_CHECKS])
		return 0;
	return hak_nl_checks_set(b, &s->checks, tb[HAK_A_SERVER_CHECKS]);
}

/* The pool of a server, or an error with a sentence. */
static struct hak_nl_pool *pool_of(struct hak_nl_batch *b, struct nlattr **tb)
{
	const char *name = nla_data(tb[HAK_A_SERVER_POOL]);
	struct hak_nl_pool *e = hak_nl_batch_pool(b, name);

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, tb[HAK_A_SERVER_POOL],
					     -ENOENT, "pool %s: no such pool",
					     name));
	if (!IS_ERR(e))
		e->attr = tb[HAK_A_SERVER_ADDRESS];
	return e;
}

static int add(struct hak_nl_batch *b, struct hak_nl_pool *e,
	       struct nlattr **tb)
{
	struct hak_ip addr = address(tb);
	struct hak_server_cfg *s;

	if (e->n_live >= HAK_POOL_SERVERS_MAX)
		return hak_nl_refuse(b->extack, tb[HAK_A_SERVER_ADDRESS],
				     -ENOSPC,
				     "pool %s has %u servers, it may not have more",
				     e->name, HAK_POOL_SERVERS_MAX);
	s = hak_nl_batch_server_add(e, &addr, port(tb));
	return IS_ERR(s) ? PTR_ERR(s) : words(b, s, tb);
}

int hak_nl_server_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVER_SLOW_START + 1];
	char text[HAK_SERVER_TEXT];
	struct hak_server_cfg *s;
	struct hak_nl_pool *e;
	struct hak_ip addr;
	int err;

	err = parse(b, op, hak_nl_server_attrs_new, HAK_A_SERVER_SLOW_START, tb);
	if (!err)
		err = hak_nl_check_host(b, tb[HAK_A_SERVER_ADDRESS]);
	if (err)
		return err;
	e = pool_of(b, tb);
	if (IS_ERR(e))
		return PTR_ERR(e);
	addr = address(tb);
	s = hak_nl_batch_server(e, &addr, port(tb));
	if (IS_ERR(s))
		return PTR_ERR(s);
	if (!s)
		return add(b, e, tb);
	return hak_nl_refuse(b->extack, tb[HAK_A_SERVER_ADDRESS], -EEXIST,
			     "pool %s has server %s already; use `server set` or `server replace`",
			     e->name, hak_server_text(text, &s->addr, s->port));
}

static int no_server(struct netlink_ext_ack *extack, struct nlattr **tb)
{
	struct hak_ip addr = address(tb);
	char text[HAK_SERVER_TEXT];

	return hak_nl_refuse(extack, tb[HAK_A_SERVER_ADDRESS], -ENOENT,
			     "pool %s has no server %s",
			     (const char *)nla_data(tb[HAK_A_SERVER_POOL]),
			     hak_server_text(text, &addr, port(tb)));
}

/* A server that has to be there. */
static struct hak_server_cfg *existing(struct hak_nl_batch *b,
				       struct nlattr **tb,
				       struct hak_nl_pool **pool)
{
	struct hak_nl_pool *e = pool_of(b, tb);
	struct hak_ip addr = address(tb);
	struct hak_server_cfg *s;

	if (IS_ERR(e))
		return ERR_CAST(e);
	*pool = e;
	s = hak_nl_batch_server(e, &addr, port(tb));
	return s ?: ERR_PTR(no_server(b->extack, tb));
}

int hak_nl_server_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVER_SLOW_START + 1];
	struct hak_server_cfg *s;
	struct hak_nl_pool *e;
	int err;

	err = parse(b, op, hak_nl_server_attrs_new, HAK_A_SERVER_SLOW_START, tb);
	if (err)
		return err;
	s = existing(b, tb, &e);
	return IS_ERR(s) ? PTR_ERR(s) : words(b, s, tb);
}

int hak_nl_server_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVER_PORT + 1];
	struct hak_server_cfg *s;
	struct hak_nl_pool *e;
	int err;

	err = parse(b, op, hak_nl_server_attrs_key, HAK_A_SERVER_PORT, tb);
	if (err)
		return err;
	s = existing(b, tb, &e);
	if (IS_ERR(s))
		return PTR_ERR(s);
	hak_nl_batch_server_del(e, s);
	return 0;
}

static int report_parse(struct genl_info *info, struct nlattr **tb)
{
	const struct nlattr *nest = info->attrs[HAK_A_SERVER];
	int err;

	if (!nest)
		return hak_nl_missing(info->extack, NULL, HAK_A_SERVER,
				      "which server?");
	err = nla_parse_nested(tb, HAK_A_SERVER_REASON, nest,
			       hak_nl_server_attrs_report, info->extack);
	if (!err)
		err = check_key(info->extack, nest, tb);
	if (err)
		return err;
	return hak_nl_check_report(info->extack, nest, tb, HAK_A_SERVER_REPORT,
				   HAK_A_SERVER_VALUE);
}

/**
 * hak_nl_server_index() - where a server is in its pool
 * @cfg: configuration of the pool
 * @addr: its address
 * @port: network order
 *
 * Context: cfg_mutex held.
 * Return: its index, or the number of servers when there is none.
 */
u32 hak_nl_server_index(const struct hak_pool_cfg *cfg, const struct hak_ip *addr,
			__be16 port)
{
	u32 i;

	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i].port == port &&
		    hak_ip_equal(&cfg->servers[i].addr, addr))
			break;
	return i;
}

static int report(struct hak_net *hn, struct nlattr **tb,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *reason = tb[HAK_A_SERVER_REASON];
	const struct nlattr *value = tb[HAK_A_SERVER_VALUE];
	const char *name = nla_data(tb[HAK_A_SERVER_POOL]);
	struct hak_ip addr = address(tb);
	struct hak_pool *pool;
	u32 i;

	if (hn->dying)
		return hak_nl_refuse(extack, NULL, -ESHUTDOWN,
				     "hak is being unloaded");
	pool = hak_pool_find(hn, name);
	if (!pool)
		return hak_nl_refuse(extack, tb[HAK_A_SERVER_POOL], -ENOENT,
				     "pool %s: no such pool", name);
	i = hak_nl_server_index(hak_pool_cfg(pool), &addr, port(tb));
	if (i == hak_pool_cfg(pool)->n_servers)
		return no_server(extack, tb);
	return hak_server_report(hn, pool, i,
				 nla_get_u32(tb[HAK_A_SERVER_REPORT]),
				 value ? nla_get_u32(value) : 0,
				 reason ? nla_data(reason) : NULL);
}

/**
 * hak_nl_server_report_doit() - a check reports on a server
 * @skb: request
 * @info: its attributes
 *
 * A report is no change of the configuration and never waits for RTNL.
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_server_report_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[HAK_A_SERVER_REASON + 1];
	struct hak_net *hn = info->user_ptr[0];
	int err;

	err = report_parse(info, tb);
	if (err)
		return err;
	mutex_lock(&hn->cfg_mutex);
	err = report(hn, tb, info->extack);
	mutex_unlock(&hn->cfg_mutex);
	if (err == -ENOMEM)
		hak_nl_refuse(info->extack, NULL, err, "out of memory");
	return err;
}
