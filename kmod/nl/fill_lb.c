// SPDX-License-Identifier: GPL-2.0-only
/* How the balancer's objects look in messages. */
#include "../lb/config.h"
#include "../lb/info.h"
#include "fill.h"

static int put_checks(struct sk_buff *skb, int list, int type,
		      const struct hak_checks_cfg *checks)
{
	struct nlattr *nest = nla_nest_start(skb, list);
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; checks && i < checks->n; i++)
		if (nla_put_string(skb, type, checks->names[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_count(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, HAK_A_LB_STAT_PAD);
}

static int put_counts(struct sk_buff *skb, int type,
		      const struct hak_lb_counts *counts)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    put_count(skb, HAK_A_LB_STAT_CONNS, counts->conns) ||
	    put_count(skb, HAK_A_LB_STAT_PACKETS_IN, counts->packets[0]) ||
	    put_count(skb, HAK_A_LB_STAT_BYTES_IN, counts->bytes[0]) ||
	    put_count(skb, HAK_A_LB_STAT_PACKETS_OUT, counts->packets[1]) ||
	    put_count(skb, HAK_A_LB_STAT_BYTES_OUT, counts->bytes[1]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_source(struct sk_buff *skb, const struct hak_pool_cfg *cfg)
{
	struct hak_ip last = cfg->source;
	u8 both[2 * HAK_IP6_LEN];
	u32 len = last.len;

	if (!cfg->n_sources)
		return 0;
	hak_ip_add(&last, cfg->n_sources - 1);
	memcpy(both, cfg->source.b, len);
	memcpy(both + len, last.b, len);
	return nla_put(skb, HAK_A_POOL_SOURCE, cfg->n_sources > 1 ? 2 * len : len, both);
}

/**
 * hak_nl_fill_pool() - append a pool, without its servers
 * @skb: message
 * @pool: pool
 *
 * Context: cfg_mutex held; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_pool(struct sk_buff *skb, const struct hak_pool *pool)
{
	const struct hak_pool_cfg *cfg = hak_pool_cfg(pool);
	struct nlattr *nest = nla_nest_start(skb, HAK_A_POOL);
	struct hak_pool_info info;

	hak_pool_info(pool, &info);
	if (!nest ||
	    nla_put_string(skb, HAK_A_POOL_NAME, cfg->name) ||
	    nla_put_u32(skb, HAK_A_POOL_SCHEDULER, cfg->scheduler) ||
	    nla_put_u32(skb, HAK_A_POOL_METHOD, cfg->method) ||
	    nla_put_u32(skb, HAK_A_POOL_HASH_SIZE, cfg->hash_size) ||
	    nla_put_u32(skb, HAK_A_POOL_HASH_PORT, cfg->hash_port) ||
	    nla_put_u32(skb, HAK_A_POOL_QUORUM, cfg->quorum) ||
	    put_checks(skb, HAK_A_POOL_CHECKS, HAK_A_POOL_CHECK, cfg->checks) ||
	    nla_put_u32(skb, HAK_A_POOL_SERVERS, cfg->n_servers) ||
	    nla_put_u32(skb, HAK_A_POOL_UP, info.up) ||
	    nla_put_u32(skb, HAK_A_POOL_USERS, info.users) ||
	    nla_put_u32(skb, HAK_A_POOL_PASSIVE, cfg->passive) ||
	    nla_put_u32(skb, HAK_A_POOL_ON_DOWN, cfg->on_down) ||
	    nla_put_string(skb, HAK_A_POOL_BACKUP, cfg->backup_pool) ||
	    nla_put_u64_64bit(skb, HAK_A_POOL_PERSIST, cfg->persist, HAK_A_POOL_PAD) ||
	    nla_put_u32(skb, HAK_A_POOL_PERSIST_PREFIX_LEN, cfg->persist_plen) ||
	    put_source(skb, cfg))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_server_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, HAK_A_SERVER_PAD);
}

static int put_server_words(struct sk_buff *skb, const struct hak_server_cfg *s)
{
	if (hak_nl_put_ip(skb, HAK_A_SERVER_ADDRESS, &s->addr) ||
	    nla_put_u32(skb, HAK_A_SERVER_PORT, ntohs(s->port)) ||
	    nla_put_u32(skb, HAK_A_SERVER_WEIGHT, s->weight) ||
	    nla_put_u32(skb, HAK_A_SERVER_STATE, s->state) ||
	    nla_put_u32(skb, HAK_A_SERVER_MAXCONN, s->maxconn) ||
	    nla_put_u32(skb, HAK_A_SERVER_BACKUP, s->backup) ||
	    put_server_u64(skb, HAK_A_SERVER_SLOW_START, s->slow_start))
		return -EMSGSIZE;
	return put_checks(skb, HAK_A_SERVER_CHECKS, HAK_A_SERVER_CHECK,
			  s->checks);
}

static int put_server_state(struct sk_buff *skb,
			    const struct hak_server_info *info)
{
	if (nla_put_u32(skb, HAK_A_SERVER_REPORT, info->report) ||
	    (info->report == HAK_TRACK_VALUE &&
	     nla_put_u32(skb, HAK_A_SERVER_VALUE, info->value)) ||
	    nla_put_string(skb, HAK_A_SERVER_REASON, info->reason) ||
	    (info->reported &&
	     put_server_u64(skb, HAK_A_SERVER_REPORTED, info->reported)) ||
	    (info->avoided &&
	     put_server_u64(skb, HAK_A_SERVER_AVOIDED, info->avoided)) ||
	    put_server_u64(skb, HAK_A_SERVER_SINCE, info->since) ||
	    nla_put_u32(skb, HAK_A_SERVER_CONNS, info->conns) ||
	    nla_put_u32(skb, HAK_A_SERVER_ACTIVE, info->active))
		return -EMSGSIZE;
	return put_counts(skb, HAK_A_SERVER_STATS, &info->counts);
}

/**
 * hak_nl_fill_server() - append a server
 * @skb: message
 * @pool: its pool
 * @index: in the servers of the pool's configuration
 *
 * Context: cfg_mutex held; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_server(struct sk_buff *skb, const struct hak_pool *pool,
		       u32 index)
{
	const struct hak_pool_cfg *cfg = hak_pool_cfg(pool);
	struct nlattr *nest = nla_nest_start(skb, HAK_A_SERVER);
	struct hak_server_info info;

	hak_server_info(pool, index, &info);
	if (!nest ||
	    nla_put_string(skb, HAK_A_SERVER_POOL, cfg->name) ||
	    put_server_words(skb, &cfg->servers[index]) ||
	    put_server_state(skb, &info))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_service_words(struct sk_buff *skb,
			     const struct hak_service_cfg *cfg)
{
	if (nla_put_u32(skb, HAK_A_SERVICE_PROTO, cfg->proto) ||
	    hak_nl_put_ip(skb, HAK_A_SERVICE_ADDRESS, &cfg->addr) ||
	    nla_put_u32(skb, HAK_A_SERVICE_PORT, ntohs(cfg->port)) ||
	    nla_put_string(skb, HAK_A_SERVICE_POOL, cfg->pool) ||
	    nla_put_u32(skb, HAK_A_SERVICE_FIREWALL, cfg->firewall) ||
	    nla_put_u32(skb, HAK_A_SERVICE_ONE_PACKET, cfg->one_packet) ||
	    nla_put_u64_64bit(skb, HAK_A_SERVICE_TIMEOUT, cfg->timeout,
			      HAK_A_SERVICE_PAD) ||
	    nla_put_u64_64bit(skb, HAK_A_SERVICE_TIMEOUT_FIN, cfg->timeout_fin,
			      HAK_A_SERVICE_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * hak_nl_fill_service() - append a service
 * @skb: message
 * @service: service
 *
 * Context: cfg_mutex held; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_service(struct sk_buff *skb, const struct hak_service *service)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_SERVICE);
	struct hak_service_info info;

	hak_service_info(service, &info);
	if (!nest ||
	    put_service_words(skb, hak_service_cfg(service)) ||
	    nla_put_u32(skb, HAK_A_SERVICE_ACTIVE, info.active) ||
	    nla_put_u32(skb, HAK_A_SERVICE_CONNS, info.conns) ||
	    put_counts(skb, HAK_A_SERVICE_STATS, &info.counts))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_drops(struct sk_buff *skb, const u64 *drops)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_LB_DROPS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = HAK_LB_DROP_PAD + 1; i < __HAK_LB_DROP_MAX; i++)
		if (nla_put_u64_64bit(skb, i, drops[i], HAK_LB_DROP_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_lb() - append the balancer of a namespace
 * @skb: message
 * @hn: namespace
 *
 * Context: cfg_mutex held; does not sleep.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_lb(struct sk_buff *skb, const struct hak_net *hn)
{
	const struct hak_lb_cfg *cfg = hak_lb_cfg(hn);
	struct nlattr *nest = nla_nest_start(skb, HAK_A_LB);
	struct hak_lb_info info;

	hak_lb_info(hn, &info);
	if (!nest ||
	    nla_put_s32(skb, HAK_A_LB_HOOK, cfg->hook) ||
	    nla_put_u32(skb, HAK_A_LB_MAXCONN, cfg->maxconn) ||
	    nla_put_u32(skb, HAK_A_LB_CONNS, info.conns) ||
	    nla_put_u32(skb, HAK_A_LB_PERSISTENT, info.persistent) ||
	    put_drops(skb, info.drops))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_conn() - append a connection
 * @skb: message
 * @info: the connection
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_conn(struct sk_buff *skb, const struct hak_conn_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_CONN);

	if (!nest ||
	    nla_put_u32(skb, HAK_A_CONN_PROTO, info->proto) ||
	    hak_nl_put_ip(skb, HAK_A_CONN_CLIENT, &info->client) ||
	    nla_put_u32(skb, HAK_A_CONN_CLIENT_PORT, ntohs(info->client_port)) ||
	    hak_nl_put_ip(skb, HAK_A_CONN_ADDRESS, &info->addr) ||
	    nla_put_u32(skb, HAK_A_CONN_PORT, ntohs(info->port)) ||
	    hak_nl_put_ip(skb, HAK_A_CONN_SERVER, &info->server) ||
	    nla_put_u32(skb, HAK_A_CONN_SERVER_PORT, ntohs(info->server_port)) ||
	    nla_put_u32(skb, HAK_A_CONN_STATE, info->state) ||
	    nla_put_u64_64bit(skb, HAK_A_CONN_EXPIRES, info->expires,
			      HAK_A_CONN_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_conn_count() - append how many connections there were
 * @skb: message
 * @count: so many
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_conn_count(struct sk_buff *skb, u32 count)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_CONN);

	if (!nest || nla_put_u32(skb, HAK_A_CONN_COUNT, count))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
