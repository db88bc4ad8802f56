// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->route)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_ROUTE : HAK_A_ROUTE,
				      "which route?");
	err = nla_parse_nested(tb, max, op->route, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_ROUTE_PREFIX])
		return hak_nl_missing(b->extack, op->route, HAK_A_ROUTE_PREFIX,
				      "a route needs a prefix");
	if (!tb[HAK_A_ROUTE_ROUTER])
		return hak_nl_missing(b->extack, op->route, HAK_A_ROUTE_ROUTER,
				      "a route needs a router");
	return 0;
}

/* Bits behind the prefix length lead nowhere. */
static bool has_host_bits(const struct hak_ip *ip, u32 plen)
{
	u32 i;

	for (i = plen; i < 8 * ip->len; i++)
		if (ip->b[i / 8] & (0x80 >> i % 8))
			return true;
	return false;
}

/* What names the route. */
static int key(struct hak_nl_batch *b, struct nlattr **tb,
	       struct hak_vroute_cfg *route)
{
	const struct nlattr *len = tb[HAK_A_ROUTE_PREFIX_LEN];
	char text[HAK_IP_TEXT];
	u32 plen;

	memset(route, 0, sizeof(*route));
	route->prefix = hak_nl_ip(tb[HAK_A_ROUTE_PREFIX]);
	plen = len ? nla_get_u32(len) : 8 * route->prefix.len;
	if (plen > 8 * route->prefix.len)
		return hak_nl_refuse(b->extack, len, -ERANGE,
				     "the prefix length of an IPv4 route is 0 to 32");
	if (has_host_bits(&route->prefix, plen))
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTE_PREFIX], -EINVAL,
				     "%s/%u has bits set behind its prefix",
				     hak_text_ip(&route->prefix, text), plen);
	route->plen = plen;
	route->table = tb[HAK_A_ROUTE_TABLE] ?
		       nla_get_u32(tb[HAK_A_ROUTE_TABLE]) : RT_TABLE_MAIN;
	if (tb[HAK_A_ROUTE_METRIC])
		route->metric = nla_get_u32(tb[HAK_A_ROUTE_METRIC]);
	return 0;
}

static int word_ip(struct hak_nl_batch *b, const struct nlattr *attr,
		   const struct hak_vroute_cfg *route, const char *word,
		   struct hak_ip *ip)
{
	if (!attr)
		return 0;
	*ip = hak_nl_ip(attr);
	if (!ip->len)
		return 0;
	if (ip->len != route->prefix.len)
		return hak_nl_refuse(b->extack, attr, -EINVAL,
				     "%s is of the other family than the route",
				     word);
	return hak_nl_check_host(b, attr);
}

/* Which way it takes. */
static int words(struct hak_nl_batch *b, struct nlattr **tb,
		 struct hak_vroute_cfg *route)
{
	int err;

	err = word_ip(b, tb[HAK_A_ROUTE_VIA], route, "via", &route->via);
	if (!err)
		err = word_ip(b, tb[HAK_A_ROUTE_SRC], route, "src", &route->src);
	if (err)
		return err;
	if (tb[HAK_A_ROUTE_DEV])
		strscpy(route->dev, nla_data(tb[HAK_A_ROUTE_DEV]),
			sizeof(route->dev));
	return 0;
}

static struct hak_nl_router *owner(struct hak_nl_batch *b, struct nlattr **tb)
{
	const char *name = nla_data(tb[HAK_A_ROUTE_ROUTER]);
	struct hak_nl_router *e = hak_nl_batch_router(b, name);

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, tb[HAK_A_ROUTE_ROUTER],
					     -ENOENT, "router %s: no such router",
					     name));
	if (!IS_ERR(e))
		e->attr = tb[HAK_A_ROUTE_PREFIX];
	return e;
}

static struct hak_vroute_cfg *lookup(struct hak_router_cfg *cfg,
				     const struct hak_vroute_cfg *key)
{
	u32 i;

	for (i = 0; i < cfg->n_routes; i++)
		if (hak_vroute_cfg_is(&cfg->routes[i], key))
			return &cfg->routes[i];
	return NULL;
}

static int append(struct hak_nl_batch *b, struct hak_nl_router *e,
		  const struct hak_vroute_cfg *route)
{
	struct hak_router_cfg *cfg = e->ch.cfg;
	struct hak_vroute_cfg *more;

	if (cfg->n_routes >= HAK_ROUTER_ROUTES_MAX)
		return hak_nl_refuse(b->extack, e->attr, -ENOSPC,
				     "router %s has %u routes, it may not have more",
				     e->name, HAK_ROUTER_ROUTES_MAX);
	more = krealloc(cfg->routes, (cfg->n_routes + 1) * sizeof(*more),
			GFP_KERNEL_ACCOUNT);
	if (!more)
		return -ENOMEM;
	cfg->routes = more;
	more[cfg->n_routes++] = *route;
	return 0;
}

int hak_nl_route_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTE_METRIC + 1];
	struct hak_vroute_cfg route;
	struct hak_nl_router *e;
	char text[HAK_IP_TEXT];
	int err;

	err = parse(b, op, hak_nl_route_attrs_new, HAK_A_ROUTE_METRIC, tb);
	if (!err)
		err = key(b, tb, &route);
	if (!err)
		err = words(b, tb, &route);
	if (err)
		return err;
	e = owner(b, tb);
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (lookup(e->ch.cfg, &route))
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTE_PREFIX], -EEXIST,
				     "router %s has route %s/%u table %u metric %u already",
				     e->name, hak_text_ip(&route.prefix, text),
				     route.plen, route.table, route.metric);
	return append(b, e, &route);
}

/* A route that has to be there. */
static struct hak_vroute_cfg *existing(struct hak_nl_batch *b, struct nlattr **tb,
				       struct hak_nl_router **router)
{
	struct hak_vroute_cfg want, *route;
	struct hak_nl_router *e;
	char text[HAK_IP_TEXT];
	int err = key(b, tb, &want);

	if (err)
		return ERR_PTR(err);
	e = owner(b, tb);
	if (IS_ERR(e))
		return ERR_CAST(e);
	*router = e;
	route = lookup(e->ch.cfg, &want);
	if (route)
		return route;
	return ERR_PTR(hak_nl_refuse(b->extack, tb[HAK_A_ROUTE_PREFIX], -ENOENT,
				     "router %s has no route %s/%u table %u metric %u",
				     e->name, hak_text_ip(&want.prefix, text),
				     want.plen, want.table, want.metric));
}

int hak_nl_route_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTE_METRIC + 1];
	struct hak_vroute_cfg *route;
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_route_attrs_new, HAK_A_ROUTE_METRIC, tb);
	if (err)
		return err;
	route = existing(b, tb, &e);
	return IS_ERR(route) ? PTR_ERR(route) : words(b, tb, route);
}

int hak_nl_route_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTE_METRIC + 1];
	struct hak_vroute_cfg *route;
	struct hak_router_cfg *cfg;
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_route_attrs_key, HAK_A_ROUTE_METRIC, tb);
	if (err)
		return err;
	route = existing(b, tb, &e);
	if (IS_ERR(route))
		return PTR_ERR(route);
	cfg = e->ch.cfg;
	cfg->n_routes--;
	memmove(route, route + 1,
		(&cfg->routes[cfg->n_routes] - route) * sizeof(*route));
	return 0;
}
