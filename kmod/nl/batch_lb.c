// SPDX-License-Identifier: GPL-2.0-only
/* What a batch makes of pools, services and the balancer; servers.c has the servers. */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "batch.h"

static struct hlist_head *by_name(struct hak_nl_batch *b, const char *name)
{
	return hak_nl_batch_bucket(b, HAK_NL_POOL_NAMES,
				   jhash(name, strlen(name), 0));
}

static struct hlist_head *by_key(struct hak_nl_batch *b,
				 const struct hak_service_cfg *key)
{
	return hak_nl_batch_bucket(b, HAK_NL_SERVICE_KEYS,
				   jhash2(key->addr.w, ARRAY_SIZE(key->addr.w),
					  (__force u32)key->port << 8 | key->proto));
}

struct hak_nl_pool *hak_nl_batch_pool_fate(struct hak_nl_batch *b,
					   const char *name)
{
	struct hak_nl_pool *e;

	hlist_for_each_entry(e, by_name(b, name), by_name)
		if (!strcmp(e->name, name))
			return e;
	return NULL;
}

static void pool_take(struct hak_nl_pool *e, struct hak_pool_cfg *cfg)
{
	e->ch.cfg = cfg;
	e->room = cfg->n_servers;
	e->n_live = cfg->n_servers;
}

static struct hak_nl_pool *pool_entry(struct hak_nl_batch *b,
				      struct hak_pool *live,
				      struct hak_pool_cfg *cfg)
{
	struct hak_nl_pool *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e) {
		hak_pool_cfg_free(cfg);
		return NULL;
	}
	e->ch.pool = live;
	strscpy(e->name, cfg->name, sizeof(e->name));
	pool_take(e, cfg);
	list_add_tail(&e->list, &b->pools);
	hlist_add_head(&e->by_name, by_name(b, e->name));
	return e;
}

struct hak_nl_pool *hak_nl_batch_pool(struct hak_nl_batch *b, const char *name)
{
	struct hak_nl_pool *e = hak_nl_batch_pool_fate(b, name);
	struct hak_pool_cfg *cfg;
	struct hak_pool *live;

	if (e)
		return e->ch.cfg ? e : NULL;
	live = hak_pool_find(b->hn, name);
	if (!live)
		return NULL;
	cfg = hak_pool_cfg_dup(hak_pool_cfg(live));
	e = cfg ? pool_entry(b, live, cfg) : NULL;
	return e ?: ERR_PTR(-ENOMEM);
}

struct hak_nl_pool *hak_nl_batch_pool_add(struct hak_nl_batch *b,
					  struct hak_pool_cfg *cfg)
{
	struct hak_nl_pool *e = hak_nl_batch_pool_fate(b, cfg->name);

	if (!e)
		return pool_entry(b, NULL, cfg);
	pool_take(e, cfg);
	return e;
}

static void drop_index(struct hak_nl_pool *e)
{
	kvfree(e->slots);
	e->slots = NULL;
}

void hak_nl_batch_pool_del(struct hak_nl_pool *e)
{
	hak_pool_cfg_free(e->ch.cfg);
	e->ch.cfg = NULL;
	drop_index(e);
}

struct hak_nl_service *
hak_nl_batch_service_fate(struct hak_nl_batch *b,
			  const struct hak_service_cfg *key)
{
	struct hak_nl_service *e;

	hlist_for_each_entry(e, by_key(b, key), by_key)
		if (e->ch.cfg.proto == key->proto &&
		    e->ch.cfg.port == key->port &&
		    hak_ip_equal(&e->ch.cfg.addr, &key->addr))
			return e;
	return NULL;
}

static struct hak_nl_service *service_entry(struct hak_nl_batch *b,
					    struct hak_service *live,
					    const struct hak_service_cfg *cfg)
{
	struct hak_nl_service *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return NULL;
	e->ch.service = live;
	e->ch.cfg = *cfg;
	list_add_tail(&e->list, &b->services);
	hlist_add_head(&e->by_key, by_key(b, cfg));
	return e;
}

struct hak_nl_service *hak_nl_batch_service(struct hak_nl_batch *b,
					    const struct hak_service_cfg *key)
{
	struct hak_nl_service *e = hak_nl_batch_service_fate(b, key);
	struct hak_service *live;

	if (e)
		return e->gone ? NULL : e;
	live = hak_service_find(b->hn, key->proto, &key->addr, key->port);
	if (!live)
		return NULL;
	return service_entry(b, live, hak_service_cfg(live)) ?: ERR_PTR(-ENOMEM);
}

struct hak_nl_service *
hak_nl_batch_service_add(struct hak_nl_batch *b,
			 const struct hak_service_cfg *cfg)
{
	struct hak_nl_service *e = hak_nl_batch_service_fate(b, cfg);

	if (!e)
		return service_entry(b, NULL, cfg);
	e->ch.cfg = *cfg;
	e->gone = false;
	return e;
}

void hak_nl_batch_service_del(struct hak_nl_service *e)
{
	e->gone = true;
}

void hak_nl_batch_lb_init(struct hak_nl_batch *b)
{
	INIT_LIST_HEAD(&b->pools);
	INIT_LIST_HEAD(&b->services);
	INIT_LIST_HEAD(&b->lb_ch.pools);
	INIT_LIST_HEAD(&b->lb_ch.services);
}

static void pool_forget(struct hak_nl_pool *e)
{
	hak_pool_cfg_free(e->ch.cfg);
	drop_index(e);
	list_del(&e->list);
	hlist_del(&e->by_name);
	kfree(e);
}

static void service_forget(struct hak_nl_service *e)
{
	list_del(&e->list);
	hlist_del(&e->by_key);
	kfree(e);
}

void hak_nl_batch_lb_free(struct hak_nl_batch *b)
{
	struct hak_nl_service *s, *ns;
	struct hak_nl_pool *p, *np;

	list_for_each_entry_safe(p, np, &b->pools, list)
		pool_forget(p);
	list_for_each_entry_safe(s, ns, &b->services, list)
		service_forget(s);
}

static bool pool_idle(const struct hak_nl_pool *e)
{
	if (!e->ch.pool)
		return !e->ch.cfg;
	return e->ch.cfg && hak_nl_pool_same(hak_pool_cfg(e->ch.pool), e->ch.cfg);
}

static bool service_same(const struct hak_service_cfg *a,
			 const struct hak_service_cfg *b)
{
	return a->firewall == b->firewall && a->one_packet == b->one_packet &&
	       a->timeout == b->timeout &&
	       a->timeout_fin == b->timeout_fin && !strcmp(a->pool, b->pool);
}

static bool service_idle(const struct hak_nl_service *e)
{
	if (!e->ch.service)
		return e->gone;
	return !e->gone && service_same(hak_service_cfg(e->ch.service), &e->ch.cfg);
}

static bool lb_same(const struct hak_lb_cfg *a, const struct hak_lb_cfg *b)
{
	return a->hook == b->hook && a->maxconn == b->maxconn;
}

void hak_nl_batch_lb_reduce(struct hak_nl_batch *b)
{
	struct hak_nl_service *s, *ns;
	struct hak_nl_pool *p, *np;

	list_for_each_entry_safe(p, np, &b->pools, list) {
		hak_nl_batch_servers_settle(p);
		if (pool_idle(p))
			pool_forget(p);
		cond_resched();
	}
	list_for_each_entry_safe(s, ns, &b->services, list)
		if (service_idle(s))
			service_forget(s);
	if (b->lb_touched && lb_same(hak_lb_cfg(b->hn), &b->lb))
		b->lb_touched = false;
}

bool hak_nl_batch_lb_changed(const struct hak_nl_batch *b)
{
	return !list_empty(&b->pools) || !list_empty(&b->services) ||
	       b->lb_touched;
}

void hak_nl_batch_lb_list(struct hak_nl_batch *b)
{
	struct hak_nl_service *s;
	struct hak_nl_pool *p;

	list_for_each_entry(p, &b->pools, list)
		list_add_tail(&p->ch.list, &b->lb_ch.pools);
	list_for_each_entry(s, &b->services, list) {
		s->ch.remove = s->gone;
		list_add_tail(&s->ch.list, &b->lb_ch.services);
	}
	b->lb_ch.lb = b->lb_touched ? &b->lb : NULL;
}

void hak_nl_batch_lb_taken(struct hak_nl_batch *b)
{
	struct hak_nl_pool *p;

	list_for_each_entry(p, &b->pools, list)
		p->ch.cfg = NULL;
}
