// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that come back to the server they had: for each client, or network of them,
 * of a pool that persists there is an entry with its server, found by the first packet
 * of a connection and by no other.
 */
#include <linux/jiffies.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "object.h"

/**
 * struct persist_key - whose entry
 * @pool: struct hak_pool.id, so that a pool that comes later finds none of it
 * @client: as far as the mask of the pool goes
 */
struct persist_key {
	u32 pool;
	struct hak_ip client;
};

/**
 * struct hak_persist - a client, or several, and its server
 * @head: in hak_lb.persists
 * @key: whose
 * @plen: of the pool when it was made
 * @server: counted
 * @expires: jiffies
 * @rcu: to be freed by
 */
struct hak_persist {
	struct rhash_head head;
	struct persist_key key;
	u8 plen;
	struct hak_server *server;
	unsigned long expires;
	struct rcu_head rcu;
};

static u32 persist_hash(const void *data, u32 len, u32 seed)
{
	static hsiphash_key_t secret __read_mostly;
	const struct persist_key *key = data;

	get_random_once(&secret, sizeof(secret));
	if (key->client.len == HAK_IP4_LEN)
		return hsiphash_2u32(key->pool ^ seed, key->client.w[0], &secret);
	return hsiphash_2u32(key->pool ^ seed,
			     hsiphash(key->client.b, HAK_IP6_LEN, &secret), &secret);
}

static int persist_differs(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct persist_key *a = arg->key, *b = &((const struct hak_persist *)obj)->key;

	return a->pool != b->pool || !hak_ip_equal(&a->client, &b->client);
}

static const struct rhashtable_params params = {
	.key_len = sizeof(struct persist_key),
	.key_offset = offsetof(struct hak_persist, key),
	.head_offset = offsetof(struct hak_persist, head),
	.hashfn = persist_hash,
	.obj_cmpfn = persist_differs,
	.automatic_shrinking = true,
};

static void persist_free(struct hak_persist *p)
{
	hak_server_put(p->server);
	kfree(p);
}

static void persist_free_rcu(struct rcu_head *rcu)
{
	persist_free(container_of(rcu, struct hak_persist, rcu));
}

/* It is out of the table, or never was in it for longer than a moment. */
static void persist_drop(struct hak_lb *lb, struct hak_persist *p)
{
	atomic_dec(&lb->n_persists);
	call_rcu(&p->rcu, persist_free_rcu);
}

static void persist_remove(struct hak_lb *lb, struct hak_persist *p)
{
	if (!rhashtable_remove_fast(&lb->persists, &p->head, params))
		persist_drop(lb, p);
}

static bool over(const struct hak_persist *p)
{
	return time_after(jiffies, READ_ONCE(p->expires));
}

/* Its server, if that takes connections and has not just failed this client. */
static struct hak_server *server_of(const struct hak_persist *p,
				    const struct hak_server *tried)
{
	struct hak_server *server = p->server;

	if (over(p) || server == tried || !READ_ONCE(server->serving) ||
	    hak_server_full(server) || hak_server_avoided(server))
		return NULL;
	return server;
}

static struct hak_persist *persist_new(struct hak_lb *lb, const struct persist_key *key,
				       u8 plen, struct hak_server *server)
{
	struct hak_persist *p = NULL;

	if (atomic_inc_return(&lb->n_persists) <= READ_ONCE(lb->maxconn))
		p = kzalloc(sizeof(*p), GFP_ATOMIC | __GFP_NOWARN);
	if (!p) {
		atomic_dec(&lb->n_persists);
		return NULL;
	}
	p->key = *key;
	p->plen = plen;
	p->server = server;
	refcount_inc(&server->ref);
	return p;
}

/*
 * Remember @server, instead of what @old says, if there was any. Returns the server
 * that is remembered in the end: another CPU may have been faster.
 */
static struct hak_server *remember(struct hak_lb *lb, struct hak_persist *p,
				   struct hak_persist *old)
{
	struct hak_server *server = p->server;
	struct hak_persist *other;

	if (old) {
		if (!rhashtable_replace_fast(&lb->persists, &old->head, &p->head, params))
			persist_drop(lb, old);
		else
			persist_drop(lb, p);
		return server;
	}
	other = rhashtable_lookup_get_insert_fast(&lb->persists, &p->head, params);
	if (!other)
		return server;
	persist_drop(lb, p);	/* the read side keeps its server */
	return IS_ERR(other) ? server : other->server;
}

/* Whoever only stands in is not remembered. */
static bool is_own(const struct hak_pool *pool, const struct hak_server *server)
{
	return READ_ONCE(server->pool) == pool && !READ_ONCE(server->backup);
}

static struct hak_ip client_of(const struct hak_flow_key *key, u8 plen)
{
	struct hak_ip client = key->v6 ? hak_ip_make(key->saddr6, HAK_IP6_LEN) :
					 hak_ip_make(&key->saddr, HAK_IP4_LEN);

	hak_ip_mask(&client, plen);
	return client;
}

struct hak_server *hak_persist_pick(struct hak_lb *lb, struct hak_pool *pool,
				    const struct hak_flow_key *key,
				    const struct hak_server *tried)
{
	unsigned long time = READ_ONCE(pool->persist);
	u8 plen = READ_ONCE(pool->persist_plen);
	struct persist_key whose;
	struct hak_server *server;
	struct hak_persist *old, *p;

	if (likely(!time))
		return hak_sched_pick(pool, key, tried);
	whose = (struct persist_key) { pool->id, client_of(key, plen) };
	old = rhashtable_lookup(&lb->persists, &whose, params);
	server = old ? server_of(old, tried) : NULL;
	if (server) {
		WRITE_ONCE(old->expires, jiffies + time);
		return server;
	}
	server = hak_sched_pick(pool, key, tried);
	if (!server || !is_own(pool, server))
		return server;
	p = persist_new(lb, &whose, plen, server);
	if (!p)
		return server;
	p->expires = jiffies + time;
	return remember(lb, p, old);
}

/* ---- walks ---- */

/* Without a filter those that are over. */
static bool meant(const struct hak_persist *p, const struct hak_conn_filter *f)
{
	if (!f)
		return over(p);
	if (!hak_lb_client_matches(&p->key.client, f, p->plen))
		return false;
	return !f->server.len || (hak_ip_equal(&p->server->addr, &f->server) &&
				  (!f->server_port || p->server->port == f->server_port));
}

static void sweep(struct hak_lb *lb, const struct hak_conn_filter *filter)
{
	struct rhashtable_iter iter;
	struct hak_persist *p;
	unsigned int n = 0;

	if (!atomic_read(&lb->n_persists))
		return;
	rhashtable_walk_enter(&lb->persists, &iter);
	rhashtable_walk_start(&iter);
	while ((p = rhashtable_walk_next(&iter))) {
		/* -EAGAIN: the table was resized, it goes on from the start. */
		if (!IS_ERR(p) && meant(p, filter))
			persist_remove(lb, p);
		if (++n % 256)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

void hak_persist_gc(struct hak_lb *lb)
{
	sweep(lb, NULL);
}

void hak_persist_flush(struct hak_lb *lb, const struct hak_conn_filter *filter)
{
	/* Those of a service or a state say nothing about where a client belongs. */
	if (!filter->proto && !filter->addr.len && !filter->state)
		sweep(lb, filter);
}

int hak_persist_init(struct hak_lb *lb)
{
	return rhashtable_init(&lb->persists, &params);
}

static void free_one(void *ptr, void *arg)
{
	persist_free(ptr);
}

void hak_persist_exit(struct hak_lb *lb)
{
	rhashtable_free_and_destroy(&lb->persists, free_one, NULL);
}
