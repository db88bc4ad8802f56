// SPDX-License-Identifier: GPL-2.0-only
/* What has to hold for the balancer as a whole in the end. */
#include <linux/string.h>

#include "../lb/info.h"
#include "../pernet.h"
#include "batch.h"
#include "extack.h"

/* What a pool will be; NULL when there will be none of this name. */
static const struct hak_pool_cfg *pool_will_be(struct hak_nl_batch *b, const char *name)
{
	const struct hak_nl_pool *e = hak_nl_batch_pool_fate(b, name);
	struct hak_pool *live;

	if (e)
		return e->ch.cfg;
	live = hak_pool_find(b->hn, name);
	return live ? hak_pool_cfg(live) : NULL;
}

static int pool_in_use(struct hak_nl_batch *b, const struct hak_nl_pool *e,
		       const struct hak_service_cfg *user)
{
	char text[HAK_NL_SERVICE_TEXT];

	return hak_nl_refuse(b->extack, e->attr, -EBUSY,
			     "pool %s is used by service %s; delete or move that first",
			     e->name, hak_nl_service_text(text, user));
}

/* The pool of a service that is made or changed. */
static int check_service(struct hak_nl_batch *b, const struct hak_nl_service *e)
{
	const struct hak_service_cfg *cfg = &e->ch.cfg;
	const struct hak_nl_pool *pool;
	char text[HAK_NL_SERVICE_TEXT];

	if (e->gone)
		return 0;
	if (cfg->addr.len == HAK_IP6_LEN && !hak_lb_has_ipv6())
		return hak_nl_refuse(b->extack, e->attr, -EAFNOSUPPORT,
				     "service %s: IPv6 is switched off on this machine",
				     hak_nl_service_text(text, cfg));
	pool = hak_nl_batch_pool_fate(b, cfg->pool);
	if (pool)
		return pool->ch.cfg ? 0 : pool_in_use(b, pool, cfg);
	if (hak_pool_find(b->hn, cfg->pool))
		return 0;
	return hak_nl_refuse(b->extack, e->attr, -ENOENT,
			     "service %s: no such pool: %s",
			     hak_nl_service_text(text, cfg), cfg->pool);
}

/* ---- services and their servers ---- */

/* What a pool has is of one family: it is enough to look at its first server. */
static int check_family(struct hak_nl_batch *b, const struct hak_pool_cfg *pool,
			const struct nlattr *attr)
{
	u32 i;

	if (pool->method == HAK_METHOD_FNAT && pool->n_sources && pool->n_servers &&
	    pool->source.len != pool->servers[0].addr.len)
		return hak_nl_refuse(b->extack, attr, -EAFNOSUPPORT,
				     "pool %s: source and servers are not of one family",
				     pool->name);
	for (i = 1; i < pool->n_servers; i++)
		if (pool->servers[i].addr.len != pool->servers[0].addr.len)
			return hak_nl_refuse(b->extack, attr, -EAFNOSUPPORT,
					     "pool %s has servers of IPv4 and of IPv6; make two of it",
					     pool->name);
	return 0;
}

static int check_families(struct hak_nl_batch *b)
{
	const struct hak_nl_pool *e;
	int err = 0;

	list_for_each_entry(e, &b->pools, list) {
		if (!err && e->ch.cfg)
			err = check_family(b, e->ch.cfg, e->attr);
		cond_resched();
	}
	return err;
}

static int refuse_family(struct hak_nl_batch *b, const struct hak_service_cfg *service,
			 const struct hak_pool_cfg *pool, const struct nlattr *attr)
{
	char text[HAK_NL_SERVICE_TEXT], server[HAK_SERVER_TEXT];

	return hak_nl_refuse(b->extack, attr, -EAFNOSUPPORT,
			     "service %s and server %s of pool %s are not of one family",
			     hak_nl_service_text(text, service),
			     hak_server_text(server, &pool->servers[0].addr,
					     pool->servers[0].port),
			     pool->name);
}

/* A packet that nobody rewrites comes to the port that it was sent to. */
static int check_servers(struct hak_nl_batch *b, const struct hak_service_cfg *service,
			 const struct hak_pool_cfg *pool, const struct nlattr *attr)
{
	char text[HAK_NL_SERVICE_TEXT];
	u32 i;

	BUILD_BUG_ON(HAK_NL_SERVICE_TEXT < HAK_SERVER_TEXT);
	if (!pool)
		return 0;
	if (pool->n_servers && hak_pool_family(pool) != service->addr.len)
		return refuse_family(b, service, pool, attr);
	if (pool->method == HAK_METHOD_FNAT && service->one_packet)
		return hak_nl_refuse(b->extack, attr, -EOPNOTSUPP,
				     "service %s is one-packet, which method fnat of pool %s cannot do",
				     hak_nl_service_text(text, service), pool->name);
	if (pool->method != HAK_METHOD_DR)
		return 0;
	for (i = 0; i < pool->n_servers; i++) {
		const struct hak_server_cfg *s = &pool->servers[i];

		if (s->port && s->port != service->port)
			return hak_nl_refuse(b->extack, attr, -EINVAL,
					     "method dr of pool %s keeps the port; server %s, service port %u",
					     pool->name, hak_server_text(text, &s->addr, s->port),
					     ntohs(service->port));
	}
	return 0;
}

static int check_fit(struct hak_nl_batch *b, const struct hak_service_cfg *service,
		     const struct nlattr *attr)
{
	const struct hak_pool_cfg *pool = pool_will_be(b, service->pool);
	int err = check_servers(b, service, pool, attr);

	if (err || !pool || !pool->backup_pool[0])
		return err;
	return check_servers(b, service, pool_will_be(b, pool->backup_pool), attr);
}

/* Does a pool have servers now that may not fit to services which did before? */
static bool may_not_fit(const struct hak_nl_pool *e)
{
	const struct hak_pool_cfg *cfg = e->ch.cfg;

	if (!cfg)
		return false;
	if (cfg->method != HAK_METHOD_NAT || cfg->backup_pool[0] || !e->ch.pool)
		return true;
	return hak_pool_family(hak_pool_cfg(e->ch.pool)) != hak_pool_family(cfg);
}

/* The last of them in the batch, or NULL. */
static const struct hak_nl_pool *misfit(struct hak_nl_batch *b)
{
	const struct hak_nl_pool *e, *found = NULL;

	list_for_each_entry(e, &b->pools, list)
		if (may_not_fit(e))
			found = e;
	return found;
}

static int check_fits(struct hak_nl_batch *b)
{
	const struct hak_nl_pool *pool = misfit(b);
	const struct hak_nl_service *e;
	struct hak_service *s = NULL;
	int err = 0;

	list_for_each_entry(e, &b->services, list)
		if (!err && !e->gone)
			err = check_fit(b, &e->ch.cfg, e->attr);
	while (pool && !err && (s = hak_service_next(b->hn, s))) {
		if (!hak_nl_batch_service_fate(b, hak_service_cfg(s)))
			err = check_fit(b, hak_service_cfg(s), pool->attr);
		cond_resched();
	}
	return err;
}

/* Live services that the batch leaves alone, while it removes pools with users. */
static int check_bystanders(struct hak_nl_batch *b)
{
	const struct hak_service_cfg *cfg;
	const struct hak_nl_pool *pool;
	struct hak_service *s;

	for (s = hak_service_next(b->hn, NULL); s;
	     s = hak_service_next(b->hn, s)) {
		cfg = hak_service_cfg(s);
		pool = hak_nl_batch_pool_fate(b, cfg->pool);
		if (pool && !pool->ch.cfg && !hak_nl_batch_service_fate(b, cfg))
			return pool_in_use(b, pool, cfg);
		cond_resched();
	}
	return 0;
}

static int check_removed_pools(struct hak_nl_batch *b)
{
	const struct hak_nl_pool *e;
	struct hak_pool_info info;

	list_for_each_entry(e, &b->pools, list) {
		if (e->ch.cfg)
			continue;
		hak_pool_info(e->ch.pool, &info);
		if (info.users)
			return check_bystanders(b);
	}
	return 0;
}

/* ---- backup pools ---- */

/* The line that is to blame: of the pool that has a backup, or of the one that is. */
static const struct nlattr *blame(struct hak_nl_batch *b, const struct hak_pool_cfg *cfg)
{
	const struct hak_nl_pool *e = hak_nl_batch_pool_fate(b, cfg->name);

	e = e ?: hak_nl_batch_pool_fate(b, cfg->backup_pool);
	return e ? e->attr : NULL;
}

static int check_backup(struct hak_nl_batch *b, const struct hak_pool_cfg *cfg)
{
	const struct hak_pool_cfg *backup;

	if (!cfg->backup_pool[0])
		return 0;
	if (!strcmp(cfg->backup_pool, cfg->name))
		return hak_nl_refuse(b->extack, blame(b, cfg), -EINVAL,
				     "pool %s cannot be its own backup-pool",
				     cfg->name);
	backup = pool_will_be(b, cfg->backup_pool);
	if (!backup && hak_nl_batch_pool_fate(b, cfg->backup_pool))
		return hak_nl_refuse(b->extack, blame(b, cfg), -EBUSY,
				     "pool %s is the backup-pool of pool %s; change that first",
				     cfg->backup_pool, cfg->name);
	if (!backup)
		return hak_nl_refuse(b->extack, blame(b, cfg), -ENOENT,
				     "pool %s: no such backup-pool: %s",
				     cfg->name, cfg->backup_pool);
	if (!backup->backup_pool[0])
		return 0;
	return hak_nl_refuse(b->extack, blame(b, cfg), -EINVAL,
			     "pool %s is the backup-pool of pool %s and cannot have one itself",
			     backup->name, cfg->name);
}

/* Of all that will be, those too that the batch leaves alone. */
static int check_backups(struct hak_nl_batch *b)
{
	const struct hak_pool_cfg *cfg;
	const struct hak_nl_pool *e;
	struct hak_pool *live = NULL;
	int err = 0;

	if (list_empty(&b->pools))
		return 0;
	list_for_each_entry(e, &b->pools, list)
		if (!err && e->ch.cfg)
			err = check_backup(b, e->ch.cfg);
	while (!err && (live = hak_pool_next(b->hn, live))) {
		cfg = hak_pool_cfg(live);
		if (cfg->backup_pool[0] && !hak_nl_batch_pool_fate(b, cfg->name))
			err = check_backup(b, cfg);
		cond_resched();
	}
	return err;
}

static int check_pool_count(struct hak_nl_batch *b)
{
	const struct nlattr *attr = NULL;
	const struct hak_nl_pool *e;
	struct hak_pool *live = NULL;
	int more = 0;
	u32 n = 0;

	list_for_each_entry(e, &b->pools, list) {
		more += !!e->ch.cfg - !!e->ch.pool;
		attr = e->ch.pool ? attr : e->attr;
	}
	if (more <= 0)
		return 0;
	while ((live = hak_pool_next(b->hn, live)))
		n++;
	if (n + more <= HAK_POOLS_MAX)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ENOSPC,
			     "%u pools, a namespace may have %u", n + more,
			     HAK_POOLS_MAX);
}

static int check_service_count(struct hak_nl_batch *b)
{
	const struct nlattr *attr = NULL;
	const struct hak_nl_service *e;
	struct hak_service *live = NULL;
	int more = 0;
	u32 n = 0;

	list_for_each_entry(e, &b->services, list) {
		more += !e->gone - !!e->ch.service;
		attr = e->ch.service ? attr : e->attr;
	}
	if (more <= 0)
		return 0;
	while ((live = hak_service_next(b->hn, live)))
		n++;
	if (n + more <= HAK_SERVICES_MAX)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ENOSPC,
			     "%u services, a namespace may have %u", n + more,
			     HAK_SERVICES_MAX);
}

int hak_nl_check_lb(struct hak_nl_batch *b)
{
	const struct hak_nl_service *e;
	int err;

	list_for_each_entry(e, &b->services, list) {
		err = check_service(b, e);
		if (err)
			return err;
	}
	err = check_removed_pools(b);
	if (!err)
		err = check_families(b);
	if (!err)
		err = check_backups(b);
	if (!err)
		err = check_fits(b);
	if (!err)
		err = check_pool_count(b);
	return err ?: check_service_count(b);
}
