// SPDX-License-Identifier: GPL-2.0-only
/* What is asked of the balancer; as in dump.c, refusals are literals. */
#include <linux/string.h>

#include "../lb/config.h"
#include "../pernet.h"
#include "batch.h"
#include "dump.h"
#include "extack.h"
#include "fill.h"

typedef int pool_fn(struct hak_nl_walk *w, struct hak_pool *pool);

/* All pools, or the one that is asked for; cfg_mutex held. */
static int walk_pools(struct hak_nl_walk *w, const struct nlattr *only,
		      pool_fn *show)
{
	struct hak_nl_cursor *cur = w->cur;
	struct hak_pool *pool;
	int err = 0;

	if (only && !cur->name[0]) {
		if (!hak_pool_find(w->hn, nla_data(only))) {
			NL_SET_ERR_MSG(w->cb->extack, "no such pool");
			return -ENOENT;
		}
		strscpy(cur->name, nla_data(only), sizeof(cur->name));
	}
	pool = cur->name[0] ? hak_pool_find(w->hn, cur->name) :
			      hak_pool_next(w->hn, NULL);
	while (pool && !err) {
		hak_nl_walk_move(cur, hak_pool_cfg(pool)->name);
		err = show(w, pool);
		pool = only ? NULL : hak_pool_next(w->hn, pool);
	}
	return err;
}

static int show_pool(struct hak_nl_walk *w, struct hak_pool *pool)
{
	void *hdr = hak_nl_walk_put(w);

	if (!hdr)
		return -EMSGSIZE;
	return hak_nl_walk_end(w, hdr, hak_nl_fill_pool(w->skb, pool));
}

/**
 * hak_nl_pool_get_dumpit() - all pools, or the one named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *only;
	struct hak_nl_walk w;

	only = hak_nl_walk_filter(cb, HAK_A_POOL, HAK_A_POOL_NAME);
	hak_nl_walk_init(&w, skb, cb, HAK_CMD_POOL_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_pools(&w, only, show_pool));
}

static bool is_address(const struct nlattr *attr, const struct hak_ip *addr)
{
	const struct hak_ip wanted = hak_nl_ip(attr);

	return hak_ip_equal(&wanted, addr);
}

static bool server_wanted(const struct hak_server_cfg *s,
			  const struct nlattr *addr, const struct nlattr *port)
{
	return (!addr || is_address(addr, &s->addr)) &&
	       (!port || nla_get_u32(port) == ntohs(s->port));
}

static int show_servers(struct hak_nl_walk *w, struct hak_pool *pool)
{
	const struct hak_pool_cfg *cfg = hak_pool_cfg(pool);
	const struct nlattr *addr, *port;
	void *hdr;
	int err;

	addr = hak_nl_walk_filter(w->cb, HAK_A_SERVER, HAK_A_SERVER_ADDRESS);
	port = hak_nl_walk_filter(w->cb, HAK_A_SERVER, HAK_A_SERVER_PORT);
	for (; w->cur->index < cfg->n_servers; w->cur->index++) {
		if (!server_wanted(&cfg->servers[w->cur->index], addr, port))
			continue;
		hdr = hak_nl_walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		err = hak_nl_walk_end(w, hdr,
				      hak_nl_fill_server(w->skb, pool,
							 w->cur->index));
		if (err)
			return err;
	}
	return 0;
}

/**
 * hak_nl_server_get_dumpit() - the servers of all pools or of one
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_server_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *only;
	struct hak_nl_walk w;

	only = hak_nl_walk_filter(cb, HAK_A_SERVER, HAK_A_SERVER_POOL);
	hak_nl_walk_init(&w, skb, cb, HAK_CMD_SERVER_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_pools(&w, only, show_servers));
}

/* The service that a dump stands on: its address in the name, the rest in a number. */
static struct hak_service *service_at(struct hak_net *hn, const struct hak_nl_cursor *cur)
{
	struct hak_ip addr = hak_ip_make(cur->name, cur->seq >> 32);

	return hak_service_find(hn, cur->seq >> 16, &addr, (__force __be16)cur->seq);
}

static void service_note(struct hak_nl_cursor *cur, const struct hak_service_cfg *cfg)
{
	BUILD_BUG_ON(sizeof(cur->name) < HAK_IP6_LEN);
	memcpy(cur->name, cfg->addr.b, HAK_IP6_LEN);
	cur->seq = (u64)cfg->addr.len << 32 | (u32)cfg->proto << 16 |
		   (__force u16)cfg->port;
}

static bool service_wanted(struct hak_nl_walk *w,
			   const struct hak_service_cfg *cfg)
{
	const struct nlattr *proto, *addr, *port;

	proto = hak_nl_walk_filter(w->cb, HAK_A_SERVICE, HAK_A_SERVICE_PROTO);
	addr = hak_nl_walk_filter(w->cb, HAK_A_SERVICE, HAK_A_SERVICE_ADDRESS);
	port = hak_nl_walk_filter(w->cb, HAK_A_SERVICE, HAK_A_SERVICE_PORT);
	return (!proto || nla_get_u32(proto) == cfg->proto) &&
	       (!addr || is_address(addr, &cfg->addr)) &&
	       (!port || nla_get_u32(port) == ntohs(cfg->port));
}

static int show_service(struct hak_nl_walk *w, struct hak_service *service)
{
	void *hdr;

	if (!service_wanted(w, hak_service_cfg(service)))
		return 0;
	hdr = hak_nl_walk_put(w);
	if (!hdr)
		return -EMSGSIZE;
	return hak_nl_walk_end(w, hdr, hak_nl_fill_service(w->skb, service));
}

static int walk_services(struct hak_nl_walk *w)
{
	struct hak_nl_cursor *cur = w->cur;
	struct hak_service *s;
	int err = 0;

	s = cur->seq ? service_at(w->hn, cur) : hak_service_next(w->hn, NULL);
	while (s && !err) {
		service_note(cur, hak_service_cfg(s));
		err = show_service(w, s);
		s = hak_service_next(w->hn, s);
	}
	return err;
}

/**
 * hak_nl_service_get_dumpit() - all services, or those with what is said
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_SERVICE_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_services(&w));
}

static int unknown(struct genl_info *info, int type, const char *text)
{
	info->extack->_msg = text;
	NL_SET_BAD_ATTR(info->extack, info->attrs[type]);
	return -ENOENT;
}

static int pool_get(struct genl_info *info, const char *name)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_pool *pool = hak_pool_find(hn, name);
	struct hak_nl_reply re;
	int err;

	if (!pool)
		return unknown(info, HAK_A_POOL, "no such pool");
	err = hak_nl_reply_new(&re, info, HAK_NL_LB_ROOM);
	if (err)
		return err;
	return hak_nl_reply_send(&re, info, hak_nl_fill_pool(re.skb, pool));
}

/**
 * hak_nl_pool_get_doit() - one pool
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	const char *name;
	int err;

	name = hak_nl_reply_name(info, HAK_A_POOL, HAK_A_POOL_NAME,
				 "which pool?");
	if (!name)
		return -EINVAL;
	mutex_lock(&hn->cfg_mutex);
	err = pool_get(info, name);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

static int server_get(struct genl_info *info, const char *name,
		      const struct nlattr *addr, const struct nlattr *port)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_pool *pool = hak_pool_find(hn, name);
	struct hak_ip ip = hak_nl_ip(addr);
	struct hak_nl_reply re;
	int err;
	u32 i;

	if (!pool)
		return unknown(info, HAK_A_SERVER, "no such pool");
	i = hak_nl_server_index(hak_pool_cfg(pool), &ip,
				port ? htons(nla_get_u32(port)) : 0);
	if (i == hak_pool_cfg(pool)->n_servers)
		return unknown(info, HAK_A_SERVER, "no such server");
	err = hak_nl_reply_new(&re, info, HAK_NL_LB_ROOM);
	if (err)
		return err;
	return hak_nl_reply_send(&re, info,
				 hak_nl_fill_server(re.skb, pool, i));
}

/**
 * hak_nl_server_get_doit() - one server
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_server_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[HAK_A_SERVER], *addr;
	struct hak_net *hn = info->user_ptr[0];
	const char *name;
	int err;

	name = hak_nl_reply_name(info, HAK_A_SERVER, HAK_A_SERVER_POOL,
				 "which server, and of which pool?");
	if (!name)
		return -EINVAL;
	addr = nla_find_nested(nest, HAK_A_SERVER_ADDRESS);
	if (!addr)
		return hak_nl_missing(info->extack, nest, HAK_A_SERVER_ADDRESS,
				      "which server?");
	mutex_lock(&hn->cfg_mutex);
	err = server_get(info, name, addr,
			 nla_find_nested(nest, HAK_A_SERVER_PORT));
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

static int service_get(struct genl_info *info, const struct nlattr *proto,
		       const struct nlattr *addr, const struct nlattr *port)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_ip ip = hak_nl_ip(addr);
	struct hak_service *s;
	struct hak_nl_reply re;
	int err;

	s = hak_service_find(hn, nla_get_u32(proto), &ip,
			     htons(nla_get_u32(port)));
	if (!s)
		return unknown(info, HAK_A_SERVICE, "no such service");
	err = hak_nl_reply_new(&re, info, HAK_NL_LB_ROOM);
	if (err)
		return err;
	return hak_nl_reply_send(&re, info, hak_nl_fill_service(re.skb, s));
}

/**
 * hak_nl_service_get_doit() - one service
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[HAK_A_SERVICE];
	const struct nlattr *proto, *addr, *port;
	struct hak_net *hn = info->user_ptr[0];
	int err;

	if (!nest)
		return hak_nl_missing(info->extack, NULL, HAK_A_SERVICE,
				      "which service?");
	proto = nla_find_nested(nest, HAK_A_SERVICE_PROTO);
	addr = nla_find_nested(nest, HAK_A_SERVICE_ADDRESS);
	port = nla_find_nested(nest, HAK_A_SERVICE_PORT);
	if (!proto || !addr || !port)
		return hak_nl_missing(info->extack, nest,
				      !proto ? HAK_A_SERVICE_PROTO :
				      !addr ? HAK_A_SERVICE_ADDRESS :
					      HAK_A_SERVICE_PORT,
				      "a service is a protocol, an address and a port");
	mutex_lock(&hn->cfg_mutex);
	err = service_get(info, proto, addr, port);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

/**
 * hak_nl_lb_get_doit() - the balancer
 * @skb: request
 * @info: without attributes
 *
 * Return: 0 or an error.
 */
int hak_nl_lb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_nl_reply re;
	int err;

	mutex_lock(&hn->cfg_mutex);
	err = hak_nl_reply_new(&re, info, HAK_NL_LB_ROOM);
	if (!err)
		err = hak_nl_reply_send(&re, info, hak_nl_fill_lb(re.skb, hn));
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

/**
 * hak_nl_lb_get_dumpit() - the balancer, as the one entry of a dump
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_lb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;
	void *hdr;
	int err = -EMSGSIZE;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_LB_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	hdr = hak_nl_walk_put(&w);
	if (hdr)
		err = hak_nl_walk_end(&w, hdr, hak_nl_fill_lb(skb, w.hn));
	return hak_nl_walk_unlock(&w, err);
}
