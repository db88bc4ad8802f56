// SPDX-License-Identifier: GPL-2.0-only
/* What has to hold for the balancer as a whole in the end. */
#include <linux/string.h>

#include "../lb/info.h"
#include "../pernet.h"
#include "batch.h"
#include "extack.h"

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
	pool = hak_nl_batch_pool_fate(b, cfg->pool);
	if (pool)
		return pool->ch.cfg ? 0 : pool_in_use(b, pool, cfg);
	if (hak_pool_find(b->hn, cfg->pool))
		return 0;
	return hak_nl_refuse(b->extack, e->attr, -ENOENT,
			     "service %s: no such pool: %s",
			     hak_nl_service_text(text, cfg), cfg->pool);
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
		err = check_pool_count(b);
	return err ?: check_service_count(b);
}
