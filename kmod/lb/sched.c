// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom new connections go to: a snapshot of the servers of a pool, made when they
 * change and read by the data path.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../core/lb_pick.h"
#include "../core/lb_sched.h"
#include "object.h"

#define TURNS		32	/* of a table, before servers are looked at one by one */
#define WARM		1000	/* a server at its full weight */
#define WARM_SCALE	100	/* so that a weight of 1 has something to grow by */

/* ---- the snapshot ---- */

/* Those whose clients come back to them: their entries stay theirs. */
static bool keeps_entries(enum hak_scheduler scheduler)
{
	return scheduler == HAK_SCHED_SH || scheduler == HAK_SCHED_DH;
}

/* How much of its weight a server has, of WARM; it begins when it comes into service. */
static u32 warmth(const struct hak_server_cfg *cfg, const struct hak_server *server)
{
	u64 passed;

	if (!cfg->slow_start)
		return WARM;
	if (!server->serving)
		return 0;
	if (!server->serves_from)
		return WARM;
	passed = ktime_get_ns() - server->serves_from;
	if (passed >= cfg->slow_start)
		return WARM;
	return div64_u64(passed * WARM, cfg->slow_start);
}

static bool warming(const struct hak_server_cfg *cfg, const struct hak_server *server)
{
	return hak_server_serves(cfg, server) && warmth(cfg, server) < WARM;
}

bool hak_pool_warming(const struct hak_pool_cfg *cfg, struct hak_server **servers)
{
	u32 i;

	for (i = 0; i < cfg->n_servers; i++)
		if (warming(&cfg->servers[i], servers[i]))
			return true;
	return false;
}

/* By what all weights are multiplied while some are growing. */
static u32 scale_of(const struct hak_pool_cfg *cfg, struct hak_server **servers)
{
	u32 i, most = 1;

	if (!hak_pool_warming(cfg, servers))
		return 1;
	for (i = 0; i < cfg->n_servers; i++)
		most = max(most, hak_server_weight(&cfg->servers[i], servers[i]));
	return clamp(HAK_SCHED_WEIGHT_MAX / most, 1U, (u32)WARM_SCALE);
}

static void look_at(struct hak_sched_server *to, const struct hak_pool_cfg *cfg,
		    const struct hak_server_cfg *server_cfg,
		    const struct hak_server *server, u32 scale)
{
	u32 weight = hak_server_weight(server_cfg, server) * scale;

	to->absent = !hak_server_serves(server_cfg, server);
	if (!to->absent)
		to->weight = max(weight * warmth(server_cfg, server) / WARM, 1U);
	else if (keeps_entries(cfg->scheduler))
		to->weight = server_cfg->weight * scale;
}

static u64 id_of(const struct hak_server *server)
{
	if (server->addr.len == HAK_IP4_LEN)
		return hak_sched_id4((__force __be32)server->addr.w[0], server->port);
	return hak_sched_id6(server->addr.b, server->port);
}

/* Of those who are backups, or of the others. */
static struct hak_sched_server *snapshot(const struct hak_pool_cfg *cfg,
					 struct hak_server **servers, bool backup)
{
	u32 i, scale = scale_of(cfg, servers);
	struct hak_sched_server *list;

	list = kvcalloc(cfg->n_servers + 1, sizeof(*list), GFP_KERNEL_ACCOUNT);
	for (i = 0; list && i < cfg->n_servers; i++) {
		list[i].id = id_of(servers[i]);
		list[i].absent = true;
		if (cfg->servers[i].backup == backup)
			look_at(&list[i], cfg, &cfg->servers[i], servers[i], scale);
	}
	return list;
}

static u32 table_size(const struct hak_pool_cfg *cfg,
		      const struct hak_sched_server *list)
{
	switch (cfg->scheduler) {
	case HAK_SCHED_WRR:
	case HAK_SCHED_RANDOM:
	case HAK_SCHED_TWOS:
		return hak_sched_wrr_size(list, cfg->n_servers);
	case HAK_SCHED_MH:
		return hak_sched_rr_size(list, cfg->n_servers) ?
		       cfg->hash_size : 0;
	case HAK_SCHED_SH:
	case HAK_SCHED_DH:
		return hak_sched_sh_size(list, cfg->n_servers);
	default:
		return hak_sched_rr_size(list, cfg->n_servers);
	}
}

static bool fill(struct hak_sched *sched, const struct hak_pool_cfg *cfg,
		 const struct hak_sched_server *list, void *scratch)
{
	u32 n = cfg->n_servers;

	switch (cfg->scheduler) {
	case HAK_SCHED_WRR:
	case HAK_SCHED_RANDOM:
	case HAK_SCHED_TWOS:
		return hak_sched_wrr_build(sched->table, sched->size, list, n,
					   scratch);
	case HAK_SCHED_MH:
		return hak_sched_mh_build(sched->table, sched->size, list, n,
					  scratch);
	case HAK_SCHED_SH:
	case HAK_SCHED_DH:
		return hak_sched_sh_build(sched->table, sched->size, list, n,
					  scratch);
	default:
		hak_sched_rr_build(sched->table, sched->size, list, n);
		return true;
	}
}

static bool build(struct hak_sched *sched, const struct hak_pool_cfg *cfg,
		  const struct hak_sched_server *list)
{
	void *scratch;
	bool ok;

	if (!sched->size)
		return true;
	scratch = kvmalloc((size_t)cfg->n_servers * HAK_SCHED_SCRATCH,
			   GFP_KERNEL_ACCOUNT);
	ok = scratch && fill(sched, cfg, list, scratch);
	kvfree(scratch);
	return ok;
}

static struct hak_sched *sched_new(const struct hak_pool_cfg *cfg,
				   struct hak_server **servers, bool backup)
{
	struct hak_sched_server *list = snapshot(cfg, servers, backup);
	struct hak_sched *sched;
	size_t room;
	u32 size, i;

	if (!list)
		return NULL;
	size = table_size(cfg, list);
	room = ALIGN(struct_size(sched, table, size), sizeof(u32));
	sched = kvzalloc(room + cfg->n_servers * sizeof(u32), GFP_KERNEL_ACCOUNT);
	if (sched) {
		sched->scheduler = cfg->scheduler;
		sched->hash_port = cfg->hash_port;
		sched->source = cfg->source;
		sched->n_sources = cfg->n_sources;
		sched->size = size;
		sched->n_servers = cfg->n_servers;
		sched->servers = servers;
		sched->weights = (void *)sched + room;
		for (i = 0; i < cfg->n_servers; i++) {
			sched->weights[i] = list[i].absent ? 0 : list[i].weight;
			sched->n_up += sched->weights[i] > 0;
		}
		if (!build(sched, cfg, list)) {
			kvfree(sched);
			sched = NULL;
		}
	}
	kvfree(list);
	return sched;
}

static bool has_backups(const struct hak_pool_cfg *cfg)
{
	u32 i;

	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i].backup)
			return true;
	return false;
}

struct hak_sched *hak_sched_new(const struct hak_pool_cfg *cfg,
				struct hak_server **servers)
{
	struct hak_sched *sched = sched_new(cfg, servers, false);

	if (!sched || !has_backups(cfg))
		return sched;
	sched->spare = sched_new(cfg, servers, true);
	if (sched->spare)
		return sched;
	kvfree(sched);
	return NULL;
}

void hak_sched_free(struct hak_sched *sched)
{
	if (!sched)
		return;
	kvfree(sched->spare);
	kvfree(sched);
}

void hak_sched_free_later(struct hak_sched *sched)
{
	struct hak_sched *spare = sched->spare;

	if (spare)
		kvfree_rcu(spare, rcu);
	kvfree_rcu(sched, rcu);
}

/* ---- the choice ---- */

/**
 * struct choice - one round of looking for a server
 * @sched: the snapshot
 * @key: of the first packet
 * @tried: a server that has just failed this client, or NULL
 * @any: one that fails is better than none
 */
struct choice {
	const struct hak_sched *sched;
	const struct hak_flow_key *key;
	const struct hak_server *tried;
	bool any;
};

static bool is_out(const struct choice *c, const struct hak_server *server)
{
	if (hak_server_full(server))
		return true;
	return !c->any && (server == c->tried || hak_server_avoided(server));
}

static void load_server(const void *ctx, u32 i, struct hak_pick_load *load)
{
	const struct choice *c = ctx;
	const struct hak_server *server = c->sched->servers[i];
	/* Neither is exact while connections come and go. */
	int active = max(atomic_read(&server->active), 0);
	int all = atomic_read(&server->conns);

	load->weight = c->sched->weights[i];
	load->active = active;
	load->idle = max(all - active, 0);
	load->out = !load->weight || is_out(c, server);
}

static void load_entry(const void *ctx, u32 entry, struct hak_pick_load *load)
{
	const struct choice *c = ctx;
	u32 i = c->sched->table[entry];

	if (likely(i != HAK_SCHED_NOBODY))
		load_server(ctx, i, load);
	else
		load->out = true;
}

static u32 better_of_two(const struct choice *c)
{
	u32 a = hak_sched_index(get_random_u32(), c->sched->size);
	u32 b = hak_sched_index(get_random_u32(), c->sched->size);
	struct hak_pick_load load_a, load_b;

	load_entry(c, a, &load_a);
	load_entry(c, b, &load_b);
	if (load_a.out || load_b.out)
		return load_a.out ? b : a;
	return hak_pick_before(HAK_SCHED_TWOS, &load_b, &load_a) ? b : a;
}

/* Each turn has its own entry, the same for the same client on every node. */
static u32 hashed(const struct choice *c, const __be32 *addr, __be16 port, u32 turn)
{
	u32 hash = c->key->v6 ? hak_sched_hash6((const u8 *)addr, port) :
				hak_sched_hash4(*addr, port);

	if (unlikely(turn))
		hash = hak_sched_hash4((__force __be32)hash, (__force __be16)turn);
	return hak_sched_index(hash, c->sched->size);
}

/* The entry of a new connection; the table is not empty. */
static u32 entry_of(struct hak_pool *pool, const struct choice *c, u32 turn)
{
	const struct hak_sched *sched = c->sched;

	switch (sched->scheduler) {
	case HAK_SCHED_WRR:
	case HAK_SCHED_RR:
		return (u32)atomic_inc_return(&pool->next) % sched->size;
	case HAK_SCHED_MH:
	case HAK_SCHED_SH:
		return hashed(c, c->key->saddr6, sched->hash_port ? c->key->sport : 0,
			      turn);
	case HAK_SCHED_DH:
		return hashed(c, c->key->v6 ? c->key->daddr6 : &c->key->daddr, 0, turn);
	case HAK_SCHED_RANDOM:
		return hak_sched_index(get_random_u32(), sched->size);
	case HAK_SCHED_TWOS:
		return better_of_two(c);
	default:
		return hak_pick_least(sched->scheduler, sched->size,
				      (u32)atomic_inc_return(&pool->next) %
				      sched->size, load_entry, c);
	}
}

static struct hak_server *anybody(const struct choice *c, u32 start)
{
	u32 n = c->sched->n_servers, i;

	i = hak_pick_near(n, start % n, n, load_server, c);
	return i == HAK_PICK_NOBODY ? NULL : c->sched->servers[i];
}

/* Whoever is out loses his turn; so the others' shares stay as the weights are. */
static struct hak_server *choose(struct hak_pool *pool, const struct choice *c)
{
	u32 entry, turn = 0, i;

	do {
		entry = entry_of(pool, c, turn);
		/* Those that look at each have looked at all. */
		if (entry == HAK_PICK_NOBODY)
			return NULL;
		i = c->sched->table[entry];
		if (likely(i != HAK_SCHED_NOBODY && !is_out(c, c->sched->servers[i])))
			return c->sched->servers[i];
	} while (++turn < TURNS);
	return anybody(c, entry);
}

static struct hak_server *choose_in(struct hak_pool *pool, struct choice *c)
{
	const struct hak_sched *sched = pool ? rcu_dereference(pool->sched) : NULL;
	struct hak_server *server;

	for (; sched; sched = sched->spare) {
		c->sched = sched;
		server = likely(sched->n_up) ? choose(pool, c) : NULL;
		if (likely(server))
			return server;
	}
	return NULL;
}

struct hak_server *hak_sched_pick(struct hak_pool *pool,
				  const struct hak_flow_key *key,
				  const struct hak_server *tried)
{
	struct choice c = { .key = key, .tried = tried };
	struct hak_server *server;

	do {
		server = choose_in(pool, &c);
		if (likely(server))
			return server;
		server = choose_in(rcu_dereference(pool->backup), &c);
		if (server)
			return server;
		c.any = !c.any;
	} while (c.any);
	return NULL;
}

static bool has_other(const struct hak_pool *pool, const struct choice *by)
{
	struct choice c = *by;

	c.sched = pool ? rcu_dereference(pool->sched) : NULL;
	for (; c.sched; c.sched = c.sched->spare)
		if (hak_pick_near(c.sched->n_servers, 0, c.sched->n_servers,
				  load_server, &c) != HAK_PICK_NOBODY)
			return true;
	return false;
}

bool hak_sched_has_other(const struct hak_pool *pool, const struct hak_server *tried)
{
	struct choice c = { .tried = tried };

	return has_other(pool, &c) || has_other(rcu_dereference(pool->backup), &c);
}

bool hak_sched_full(const struct hak_pool *pool)
{
	const struct hak_sched *sched = rcu_dereference(pool->sched);

	for (; sched; sched = sched->spare)
		if (sched->n_up)
			return true;
	return false;
}
