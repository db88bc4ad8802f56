// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration of the balancer, prepared and committed. Data path readers
 * see a pool's snapshot and a service's pool; everything else is cfg_mutex's.
 */
#include "config.h"

#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "../core/lb_sched.h"
#include "../nl/notify.h"
#include "lb.h"
#include "object.h"

/**
 * struct pool_prep - what a pool is going to have
 * @pool: the new one or the live one
 * @servers: of the new cfg, same order; those that are new have no @node
 * @sched: snapshot
 * @old: what @pool had, from commit on
 */
struct pool_prep {
	struct hak_pool *pool;
	struct hak_server **servers;
	struct hak_sched *sched;
	struct {
		struct hak_pool_cfg *cfg;
		struct hak_server **servers;
		struct hak_sched *sched;
	} old;
};

/* ---- configurations of pools ---- */

bool hak_pool_hash_size_ok(u32 size)
{
	return hak_sched_mh_size_ok(size);
}

struct hak_pool_cfg *hak_pool_cfg_new(void)
{
	struct hak_pool_cfg *cfg = kzalloc(sizeof(*cfg), GFP_KERNEL_ACCOUNT);

	if (!cfg)
		return NULL;
	cfg->scheduler = HAK_SCHED_WRR;
	cfg->method = HAK_METHOD_NAT;
	cfg->hash_size = HAK_LB_HASH_SIZE;
	cfg->quorum = 1;
	cfg->persist_plen = HAK_LB_PERSIST_PLEN;
	cfg->passive = true;
	cfg->on_down = HAK_ON_DOWN_WAIT;
	return cfg;
}

void hak_pool_cfg_free(struct hak_pool_cfg *cfg)
{
	u32 i;

	if (!cfg)
		return;
	for (i = 0; i < cfg->n_servers; i++)
		kfree(cfg->servers[i].checks);
	kvfree(cfg->servers);
	kfree(cfg->checks);
	kfree(cfg);
}

bool hak_checks_same(const struct hak_checks_cfg *a,
		     const struct hak_checks_cfg *b)
{
	u32 i;

	if (!a || !b)
		return a == b;
	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->names[i], b->names[i]))
			return false;
	return true;
}

bool hak_server_cfg_same(const struct hak_server_cfg *a,
			 const struct hak_server_cfg *b)
{
	return hak_ip_equal(&a->addr, &b->addr) && a->port == b->port &&
	       a->weight == b->weight && a->state == b->state &&
	       a->maxconn == b->maxconn && a->backup == b->backup &&
	       a->slow_start == b->slow_start &&
	       hak_checks_same(a->checks, b->checks);
}

static bool dup_checks(struct hak_checks_cfg **checks)
{
	if (!*checks)
		return true;
	*checks = kmemdup(*checks, sizeof(**checks), GFP_KERNEL_ACCOUNT);
	return *checks;
}

static bool dup_servers(struct hak_pool_cfg *to, const struct hak_pool_cfg *cfg)
{
	u32 i, n = cfg->n_servers;

	if (!n)
		return true;
	to->servers = kvmalloc_array(n, sizeof(*to->servers), GFP_KERNEL_ACCOUNT);
	for (i = 0; to->servers && i < n; i++) {
		to->servers[i] = cfg->servers[i];
		if (!dup_checks(&to->servers[i].checks))
			return false;
		to->n_servers = i + 1;
	}
	return to->servers;
}

struct hak_pool_cfg *hak_pool_cfg_dup(const struct hak_pool_cfg *cfg)
{
	struct hak_pool_cfg *to = kmemdup(cfg, sizeof(*cfg), GFP_KERNEL_ACCOUNT);
	bool checks;

	if (!to)
		return NULL;
	to->n_servers = 0;
	to->servers = NULL;
	checks = dup_checks(&to->checks);
	if (checks && dup_servers(to, cfg))
		return to;
	hak_pool_cfg_free(to);
	return NULL;
}

/* ---- finding ---- */

static struct hlist_head *name_bucket(struct hak_lb *lb, const char *name)
{
	u32 hash = full_name_hash(NULL, name, strlen(name));

	return &lb->pool_names[hash_32(hash, HAK_POOL_BITS)];
}

static struct hak_pool *pool_find(struct hak_lb *lb, const char *name,
				  bool staged)
{
	struct hak_pool *pool;

	hlist_for_each_entry(pool, name_bucket(lb, name), by_name)
		if (pool->staged == staged && !strcmp(pool->cfg->name, name))
			return pool;
	return NULL;
}

struct hak_pool *hak_pool_find(struct hak_net *hn, const char *name)
{
	return hn->lb ? pool_find(hn->lb, name, false) : NULL;
}

struct hak_pool *hak_pool_next(struct hak_net *hn, struct hak_pool *pool)
{
	if (!hn->lb)
		return NULL;
	if (!pool)
		return list_first_entry_or_null(&hn->lb->pools, struct hak_pool,
						list);
	return list_is_last(&pool->list, &hn->lb->pools) ?
	       NULL : list_next_entry(pool, list);
}

const struct hak_pool_cfg *hak_pool_cfg(const struct hak_pool *pool)
{
	return pool->cfg;
}

struct hak_service *hak_service_find(struct hak_net *hn, u8 proto,
				     const struct hak_ip *addr, __be16 port)
{
	struct hak_service *service = NULL;
	struct hak_flow_key key;

	if (!hn->lb)
		return NULL;
	hak_lb_key_to(&key, proto, addr, port);
	rcu_read_lock();	/* cfg_mutex keeps it, this only pleases lockdep */
	service = hak_service_lookup(hn->lb, &key);
	rcu_read_unlock();
	return service;
}

struct hak_service *hak_service_next(struct hak_net *hn,
				     struct hak_service *service)
{
	if (!hn->lb)
		return NULL;
	if (!service)
		return list_first_entry_or_null(&hn->lb->services,
						struct hak_service, list);
	return list_is_last(&service->list, &hn->lb->services) ?
	       NULL : list_next_entry(service, list);
}

const struct hak_service_cfg *hak_service_cfg(const struct hak_service *service)
{
	return &service->cfg;
}

static const struct hak_lb_cfg lb_defaults = {
	.hook = HAK_LB_HOOK_DEFAULT,
	.maxconn = HAK_LB_MAXCONN_DEFAULT,
};

const struct hak_lb_cfg *hak_lb_cfg(const struct hak_net *hn)
{
	return hn->lb ? &hn->lb->cfg : &lb_defaults;
}

/* ---- prepare ---- */

/* A namespace that never balances has no balancer. */
static struct hak_lb *lb_get(struct hak_net *hn)
{
	struct hak_lb *lb = hn->lb;

	if (lb)
		return lb;
	lb = kvzalloc(sizeof(*lb), GFP_KERNEL_ACCOUNT);
	if (!lb)
		return NULL;
	lb->hn = hn;
	lb->cfg = lb_defaults;
	lb->maxconn = lb->cfg.maxconn;
	INIT_LIST_HEAD(&lb->pools);
	INIT_LIST_HEAD(&lb->services);
	hash_init(lb->pool_names);
	hash_init(lb->by_key);
	hash_init(lb->servers);
	spin_lock_init(&lb->routes.lock);
	spin_lock_init(&lb->frags.lock);
	lb->drops = __alloc_percpu_gfp((HAK_LB_DROP_MAX + 1) * sizeof(*lb->drops),
				       sizeof(*lb->drops), GFP_KERNEL_ACCOUNT);
	if (!lb->drops || hak_conn_table_init(lb)) {
		free_percpu(lb->drops);
		kvfree(lb);
		return NULL;
	}
	hak_life_init(lb);
	hn->lb = lb;
	return lb;
}

/* Those that stay are the same object; @pool has no servers yet when it is new. */
static int prepare_servers(struct hak_lb *lb, struct pool_prep *prep,
			   const struct hak_pool_cfg *cfg)
{
	struct hak_server *server;
	u32 i;

	prep->servers = kvcalloc(cfg->n_servers + 1, sizeof(*prep->servers),
				 GFP_KERNEL_ACCOUNT);
	if (!prep->servers)
		return -ENOMEM;
	for (i = 0; i < cfg->n_servers; i++) {
		const struct hak_server_cfg *want = &cfg->servers[i];

		server = hak_server_find(lb, prep->pool, &want->addr, want->port) ?:
			 hak_server_new(&want->addr, want->port);
		if (!server)
			return -ENOMEM;
		prep->servers[i] = server;
	}
	prep->sched = hak_sched_new(cfg, prep->servers);
	return prep->sched ? 0 : -ENOMEM;
}

static void unprepare_pool(struct hak_pool_change *c)
{
	struct pool_prep *prep = c->prepared;
	u32 i;

	if (!prep)
		return;
	for (i = 0; prep->servers && prep->servers[i]; i++)
		if (hlist_unhashed(&prep->servers[i]->node))
			hak_server_put(prep->servers[i]);
	kvfree(prep->servers);
	hak_sched_free(prep->sched);
	if (!c->pool && prep->pool) {
		hash_del(&prep->pool->by_name);
		kfree(prep->pool);
	}
	kfree(prep);
	c->prepared = NULL;
}

static struct hak_pool *stage_pool(struct hak_lb *lb, struct hak_pool_cfg *cfg)
{
	struct hak_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL_ACCOUNT);

	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->list);
	pool->cfg = cfg;	/* for its name; the caller's until commit */
	pool->staged = true;
	pool->id = ++lb->pool_id;
	hlist_add_head(&pool->by_name, name_bucket(lb, cfg->name));
	return pool;
}

static int prepare_pool(struct hak_lb *lb, struct hak_pool_change *c)
{
	struct pool_prep *prep = kzalloc(sizeof(*prep), GFP_KERNEL_ACCOUNT);

	c->prepared = prep;
	if (!prep)
		return -ENOMEM;
	prep->pool = c->pool;
	if (!c->cfg)
		return 0;
	if (!prep->pool)
		prep->pool = stage_pool(lb, c->cfg);
	return prep->pool ? prepare_servers(lb, prep, c->cfg) : -ENOMEM;
}

static int prepare_service(struct hak_lb *lb, struct hak_service_change *c)
{
	struct hak_service *service = c->service;

	if (!service)
		service = hak_service_new(&c->cfg);
	c->prepared = service;
	if (!service)
		return -ENOMEM;
	service->lb = lb;
	return 0;
}

static void unprepare_service(struct hak_service_change *c)
{
	if (!c->service)
		hak_service_put(c->prepared);
	c->prepared = NULL;
}

/* How many services there will be decides whether there are hooks. */
static int prepare_hooks(struct hak_lb *lb, struct hak_lb_changes *ch)
{
	const struct hak_lb_cfg *cfg = ch->lb ?: &lb->cfg;
	u32 n = lb->n_services;
	struct hak_service_change *c;
	unsigned int set;
	int err;

	list_for_each_entry(c, &ch->services, list)
		n += c->service ? -(int)c->remove : 1;
	if (!n)
		return 0;
	if (lb->hooked && cfg->hook == lb->cfg.hook)
		return 0;
	set = lb->hooked & BIT(0) ? 1 : 0;
	err = hak_lb_hook(lb, set, cfg->hook);
	if (!err)
		lb->fresh = BIT(set);
	return err;
}

static bool empty(const struct hak_lb_changes *ch)
{
	return list_empty(&ch->pools) && list_empty(&ch->services) && !ch->lb;
}

int hak_lb_prepare(struct hak_net *hn, struct hak_lb_changes *ch,
		   struct netlink_ext_ack *extack)
{
	struct hak_service_change *s;
	struct hak_pool_change *p;
	struct hak_lb *lb;
	int err = 0;

	ASSERT_RTNL();
	if (empty(ch))
		return 0;
	list_for_each_entry(p, &ch->pools, list)
		p->prepared = NULL;
	list_for_each_entry(s, &ch->services, list)
		s->prepared = NULL;
	lb = lb_get(hn);
	if (!lb)
		err = -ENOMEM;
	list_for_each_entry(p, &ch->pools, list)
		err = err ?: prepare_pool(lb, p);
	list_for_each_entry(s, &ch->services, list)
		err = err ?: prepare_service(lb, s);
	err = err ?: prepare_hooks(lb, ch);
	if (!err)
		return 0;
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "out of memory");
	hak_lb_abort(hn, ch);
	return err;
}

static void unhook(struct hak_lb *lb, unsigned int sets)
{
	unsigned int set;

	for (set = 0; set < ARRAY_SIZE(lb->hooks); set++)
		if (sets & BIT(set))
			hak_lb_unhook(lb, set);
	lb->fresh = 0;
}

void hak_lb_abort(struct hak_net *hn, struct hak_lb_changes *ch)
{
	struct hak_service_change *s;
	struct hak_pool_change *p;

	list_for_each_entry(s, &ch->services, list)
		if (s->prepared)
			unprepare_service(s);
	list_for_each_entry(p, &ch->pools, list)
		unprepare_pool(p);
	if (hn->lb)
		unhook(hn->lb, hn->lb->fresh);
}

/* ---- commit ---- */

static void note_serving(struct hak_lb *lb, const struct hak_server_cfg *cfg,
			 struct hak_server *server)
{
	bool serving = hak_server_serves(cfg, server);
	bool cut = cfg->state == HAK_SERVER_DOWN;

	lb->cut |= cut && !server->cut;
	WRITE_ONCE(server->cut, cut);
	if (serving == server->serving)
		return;
	WRITE_ONCE(server->serving, serving);
	server->since = ktime_get_real_ns();
	server->serves_from = serving && cfg->slow_start ? ktime_get_ns() : 0;
}

static void server_gone(struct hak_lb *lb, struct hak_server *server)
{
	hlist_del_init_rcu(&server->node);
	WRITE_ONCE(server->cut, true);
	lb->cut = true;
	WRITE_ONCE(server->serving, false);
}

/* Those that go are told of while they are still in their pool. */
static void tell_gone(struct hak_net *hn, struct hak_pool *pool,
		      struct hak_server **now, u32 n_now)
{
	u32 i;

	for (i = 0; i < n_now; i++)
		WRITE_ONCE(now[i]->pool, NULL);	/* marks those that stay */
	for (i = 0; i < pool->cfg->n_servers; i++) {
		struct hak_server *server = pool->servers[i];

		server->index = i;
		if (!server->pool)
			continue;
		hak_notify_server(hn, pool, i, HAK_NOTIFY_DEL, NULL);
		server_gone(hn->lb, server);
	}
	for (i = 0; i < n_now; i++)
		WRITE_ONCE(now[i]->pool, pool);
}

static void remove_pool(struct hak_net *hn, struct hak_pool *pool,
			struct pool_prep *prep)
{
	tell_gone(hn, pool, NULL, 0);
	hak_notify_pool(hn, pool, HAK_NOTIFY_DEL);
	hak_quorum_drop(hn, &pool->quorum);
	list_del(&pool->list);
	hash_del(&pool->by_name);
	prep->old.cfg = pool->cfg;
	prep->old.servers = pool->servers;
	prep->old.sched = rcu_replace_pointer(pool->sched, NULL, true);
}

static void publish_pool(struct hak_lb *lb, struct hak_pool_change *c)
{
	struct pool_prep *prep = c->prepared;
	struct hak_pool *pool = prep->pool;
	u32 i;

	if (c->pool) {
		tell_gone(lb->hn, pool, prep->servers, c->cfg->n_servers);
		prep->old.cfg = pool->cfg;
		prep->old.servers = pool->servers;
	} else {
		pool->staged = false;
		list_add_tail(&pool->list, &lb->pools);
	}
	pool->cfg = c->cfg;
	pool->servers = prep->servers;
	WRITE_ONCE(pool->persist, nsecs_to_jiffies(c->cfg->persist));
	WRITE_ONCE(pool->persist_plen, c->cfg->persist_plen);
	for (i = 0; i < c->cfg->n_servers; i++) {
		if (hlist_unhashed(&pool->servers[i]->node))
			hak_server_hash(lb, pool->servers[i], pool);
		hak_server_apply(pool->servers[i], c->cfg, &c->cfg->servers[i]);
		note_serving(lb, &c->cfg->servers[i], pool->servers[i]);
	}
	prep->old.sched = rcu_replace_pointer(pool->sched, prep->sched, true);
	hak_life_warm(lb, pool);
}

/* When all that there will be are there. */
static void link_backup(struct hak_lb *lb, struct hak_pool *pool)
{
	const char *name = pool->cfg->backup_pool;

	rcu_assign_pointer(pool->backup, *name ? pool_find(lb, name, false) : NULL);
}

static void move_service(struct hak_service *service, struct hak_pool *pool)
{
	struct hak_pool *old;

	old = rcu_replace_pointer(service->pool, pool, true);
	if (old)
		old->users--;
	if (pool)
		pool->users++;
}

static void commit_service(struct hak_lb *lb, struct hak_service_change *c)
{
	struct hak_service *service = c->prepared;

	if (c->remove) {
		hak_notify_service(lb->hn, service, HAK_NOTIFY_DEL);
		hlist_del_init_rcu(&service->node);
		list_del_init(&service->list);
		WRITE_ONCE(service->cut, true);
		lb->cut = true;
		lb->n_services--;
		return;
	}
	hak_service_apply(service, &c->cfg);
	move_service(service, pool_find(lb, c->cfg.pool, false));
	if (c->service)
		return;
	list_add_tail(&service->list, &lb->services);
	hak_lb_filter_add(&lb->service_filter, &c->cfg.addr);
	hlist_add_head_rcu(&service->node, &lb->by_key[hak_service_hash(&service->to)]);
	lb->n_services++;
}

static void commit_lb(struct hak_lb *lb, const struct hak_lb_cfg *cfg)
{
	if (cfg) {
		lb->cfg = *cfg;
		WRITE_ONCE(lb->maxconn, cfg->maxconn);
	}
	if (!lb->n_services)
		unhook(lb, lb->hooked);
	else if (lb->fresh)
		unhook(lb, lb->hooked & ~lb->fresh);
}

/* Let tracks see whether enough servers are up. */
static void tell_quorum(struct hak_net *hn, struct hak_pool *pool)
{
	struct hak_pool_info info;

	hak_pool_info(pool, &info);
	hak_quorum_set(hn, &pool->quorum, pool->cfg->name,
		       info.quorate >= pool->cfg->quorum);
}

static void tell_pool(struct hak_net *hn, struct hak_pool_change *c)
{
	struct pool_prep *prep = c->prepared;
	struct hak_pool *pool = prep->pool;
	u32 i;

	hak_notify_pool(hn, pool, c->pool ? HAK_NOTIFY_SET : HAK_NOTIFY_NEW);
	for (i = 0; i < pool->cfg->n_servers; i++) {
		u32 was = pool->servers[i]->index;

		if (was == HAK_SERVER_FRESH)
			hak_notify_server(hn, pool, i, HAK_NOTIFY_NEW, NULL);
		else if (!hak_server_cfg_same(&pool->cfg->servers[i],
					      &prep->old.cfg->servers[was]))
			hak_notify_server(hn, pool, i, HAK_NOTIFY_SET, NULL);
	}
	tell_quorum(hn, pool);
}

static bool cut(const struct hak_conn *conn, const void *data)
{
	return READ_ONCE(conn->server->cut) || READ_ONCE(conn->service->cut);
}

/* A grace period has passed: nobody sees what the batch replaced. */
static void reap_pool(struct hak_lb *lb, struct hak_pool_change *c)
{
	struct pool_prep *prep = c->prepared;
	u32 i;

	for (i = 0; prep->old.cfg && i < prep->old.cfg->n_servers; i++) {
		struct hak_server *server = prep->old.servers[i];

		if (!hlist_unhashed(&server->node))
			continue;
		hak_lb_filter_del(&lb->server_filter, &server->addr);
		hak_server_put(server);
	}
	hak_pool_cfg_free(prep->old.cfg);
	kvfree(prep->old.servers);
	hak_sched_free(prep->old.sched);
	if (!c->cfg)
		kfree(prep->pool);
	kfree(prep);
	c->prepared = NULL;
}

static void reap(struct hak_lb *lb, struct hak_lb_changes *ch)
{
	struct hak_service_change *s;
	struct hak_pool_change *p;

	synchronize_net();	/* which hurries when RTNL is held */
	if (lb->cut)
		hak_conn_kill_all(lb, cut, NULL);
	lb->cut = false;
	list_for_each_entry(s, &ch->services, list) {
		if (s->remove) {
			hak_lb_filter_del(&lb->service_filter, &s->cfg.addr);
			move_service(s->prepared, NULL);
			hak_service_put(s->prepared);
		}
		s->prepared = NULL;
	}
	list_for_each_entry(p, &ch->pools, list)
		reap_pool(lb, p);
}

void hak_lb_commit(struct hak_net *hn, struct hak_lb_changes *ch)
{
	struct hak_lb *lb = hn->lb;
	struct hak_service_change *s;
	struct hak_pool_change *p;

	if (empty(ch))
		return;
	list_for_each_entry(s, &ch->services, list)
		if (s->remove)
			commit_service(lb, s);
	list_for_each_entry(p, &ch->pools, list)
		if (p->cfg)
			publish_pool(lb, p);
	list_for_each_entry(p, &ch->pools, list)
		if (p->cfg)
			link_backup(lb, ((struct pool_prep *)p->prepared)->pool);
	list_for_each_entry(s, &ch->services, list)
		if (!s->remove)
			commit_service(lb, s);
	list_for_each_entry(p, &ch->pools, list) {
		if (p->cfg)
			tell_pool(hn, p);
		else
			remove_pool(hn, p->pool, p->prepared);
	}
	list_for_each_entry(s, &ch->services, list)
		if (!s->remove)
			hak_notify_service(hn, s->prepared, s->service ?
					   HAK_NOTIFY_SET : HAK_NOTIFY_NEW);
	commit_lb(lb, ch->lb);
	if (ch->lb)
		hak_notify_lb(hn);
	reap(lb, ch);
}

/* ---- reports ---- */

static bool on_server(const struct hak_conn *conn, const void *server)
{
	return conn->server == server;
}

/* Nothing is lost by beginning these anew, with another server. */
static bool movable(const struct hak_conn *conn, const void *server)
{
	return conn->server == server &&
	       (hak_conn_key(conn, HAK_DIR_IN)->proto != IPPROTO_TCP ||
		READ_ONCE(conn->state) <= HAK_TCP_SYN_SENT);
}

static void end_conns(struct hak_lb *lb, const struct hak_pool *pool,
		      const struct hak_server *server)
{
	if (pool->cfg->on_down == HAK_ON_DOWN_WAIT)
		return;
	synchronize_rcu();	/* nobody picks it any more */
	hak_conn_kill_all(lb, pool->cfg->on_down == HAK_ON_DOWN_RESET ?
			  on_server : movable, server);
}

int hak_server_report(struct hak_net *hn, struct hak_pool *pool, u32 index,
		      enum hak_track_state state, u32 value,
		      const char *reason)
{
	struct hak_server *server = pool->servers[index];
	enum hak_track_state old_report = server->report;
	u32 old_value = server->value;
	bool told = state != old_report || value != old_value;
	struct hak_sched *sched;

	server->report = state;
	server->value = value;
	if (told) {
		sched = hak_sched_new(pool->cfg, pool->servers);
		if (!sched) {
			server->report = old_report;
			server->value = old_value;
			return -ENOMEM;
		}
		hak_sched_free_later(rcu_replace_pointer(pool->sched, sched, true));
		note_serving(hn->lb, &pool->cfg->servers[index], server);
		hak_life_warm(hn->lb, pool);
		if (state == HAK_TRACK_DOWN)
			end_conns(hn->lb, pool, server);
	}
	server->reported = ktime_get_boottime_ns();
	strscpy(server->reason, reason ?: "", sizeof(server->reason));
	if (told) {
		hak_notify_server(hn, pool, index, HAK_NOTIFY_SET, reason);
		tell_quorum(hn, pool);
	}
	return 0;
}

/* ---- the namespace ---- */

void hak_lb_info(const struct hak_net *hn, struct hak_lb_info *info)
{
	u32 why;
	int cpu;

	memset(info, 0, sizeof(*info));
	if (!hn->lb)
		return;
	info->conns = atomic_read(&hn->lb->n_conns);
	info->persistent = atomic_read(&hn->lb->n_persists);
	for_each_possible_cpu(cpu)
		for (why = 0; why <= HAK_LB_DROP_MAX; why++)
			info->drops[why] += per_cpu_ptr(hn->lb->drops, cpu)[why];
}

static void remove_services(struct hak_lb *lb)
{
	struct hak_service *service, *next;

	list_for_each_entry_safe(service, next, &lb->services, list) {
		hak_notify_service(lb->hn, service, HAK_NOTIFY_DEL);
		hlist_del_init_rcu(&service->node);
		list_del_init(&service->list);
		move_service(service, NULL);
		hak_service_put(service);
	}
	lb->n_services = 0;
}

static void remove_pools(struct hak_lb *lb)
{
	struct hak_pool *pool, *next;
	u32 i;

	list_for_each_entry_safe(pool, next, &lb->pools, list) {
		tell_gone(lb->hn, pool, NULL, 0);
		hak_notify_pool(lb->hn, pool, HAK_NOTIFY_DEL);
		hak_quorum_drop(lb->hn, &pool->quorum);
		list_del(&pool->list);
		hash_del(&pool->by_name);
		for (i = 0; i < pool->cfg->n_servers; i++)
			hak_server_put(pool->servers[i]);
		hak_pool_cfg_free(pool->cfg);
		kvfree(pool->servers);
		hak_sched_free(rcu_access_pointer(pool->sched));
		kfree(pool);
	}
}

void hak_lb_remove_all(struct hak_net *hn)
{
	struct hak_lb *lb = hn->lb;

	if (!lb)
		return;
	unhook(lb, lb->hooked);
	synchronize_net();	/* no packet is under way in a hook of ours */
	hak_life_exit(lb);
	hak_conn_table_free(lb);
	remove_services(lb);
	remove_pools(lb);
	hak_route_flush(&lb->routes, NULL);
	hn->lb = NULL;
	free_percpu(lb->drops);
	kvfree(lb);
}

static int hak_lb_netdev_event(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	struct hak_net *hn = container_of(nb, struct hak_net, lb_nb);
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (hn->lb && (event == NETDEV_UNREGISTER || event == NETDEV_DOWN ||
		       event == NETDEV_CHANGEMTU))
		hak_route_flush(&hn->lb->routes, dev);
	return NOTIFY_DONE;
}

int hak_lb_net_init(struct hak_net *hn)
{
	hn->lb_nb.notifier_call = hak_lb_netdev_event;
	return register_netdevice_notifier_net(hn->net, &hn->lb_nb);
}

void hak_lb_net_exit(struct hak_net *hn)
{
	unregister_netdevice_notifier_net(hn->net, &hn->lb_nb);
}

int hak_lb_init(void)
{
	return hak_conn_init();
}

void hak_lb_exit(void)
{
	rcu_barrier();	/* connections that wait for a grace period */
	hak_conn_exit();
}
