// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of connections of a namespace. Each is in it twice, under the key
 * that packets from the client have and under that of packets from the server.
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "object.h"

#define PORT_TRIES	64	/* for a port of our own when the client's is taken */
#define PORT_MIN	1024
#define GC_PERIOD	HZ
#define CULL_TRIES	16
#define TIMEOUT_UDP	(300 * HZ)

/* By whether they are of IPv6. */
static struct kmem_cache *conn_caches[2] __read_mostly;
static hsiphash_key_t hash_key __read_mostly;

static u32 key_hash6(const struct hak_flow_key *key, u32 seed)
{
	hsiphash_key_t secret = hash_key;

	secret.key[0] ^= seed;
	return hsiphash(key, HAK_FLOW_KEY6_SIZE, &secret);
}

static u32 key_hash(const void *data, u32 len, u32 seed)
{
	const struct hak_flow_key *key = data;

	if (key->v6)
		return key_hash6(key, seed);
	return hsiphash_3u32((__force u32)key->saddr ^ seed ^ key->proto,
			     (__force u32)key->daddr,
			     (__force u32)key->sport << 16 |
			     (__force u32)key->dport, &hash_key);
}

static int key_differs(struct rhashtable_compare_arg *arg, const void *obj)
{
	return !hak_flow_same(arg->key, &((const struct hak_conn_node *)obj)->key);
}

static const struct rhashtable_params params = {
	.key_len = HAK_FLOW_KEY4_SIZE,	/* or more, as key_hash() knows */
	.key_offset = offsetof(struct hak_conn_node, key),
	.head_offset = offsetof(struct hak_conn_node, head),
	.hashfn = key_hash,
	.obj_cmpfn = key_differs,	/* inline; memcmp() is not */
	.min_size = 64,
	.automatic_shrinking = true,
};

static size_t conn_size(bool v6)
{
	return sizeof(struct hak_conn) + 2 * hak_conn_node_size(v6);
}

int hak_conn_init(void)
{
	static const char * const names[] = { "hak_conn", "hak_conn6" };
	int i;

	BUILD_BUG_ON(sizeof(struct hak_flow_key) != HAK_FLOW_KEY6_SIZE);
	BUILD_BUG_ON(offsetofend(struct hak_flow_key, daddr) != HAK_FLOW_KEY4_SIZE);
	get_random_bytes(&hash_key, sizeof(hash_key));
	for (i = 0; i < 2; i++) {
		conn_caches[i] = kmem_cache_create(names[i], conn_size(i), 0,
						   SLAB_HWCACHE_ALIGN, NULL);
		if (!conn_caches[i]) {
			hak_conn_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void hak_conn_exit(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		kmem_cache_destroy(conn_caches[i]);
		conn_caches[i] = NULL;
	}
}

static void conn_free(struct rcu_head *rcu)
{
	struct hak_conn *conn = container_of(rcu, struct hak_conn, rcu);

	hak_server_put(conn->server);
	hak_service_put(conn->service);
	kmem_cache_free(conn_caches[conn->v6], conn);
}

static void count_idle(struct hak_conn *conn)
{
	if (test_and_clear_bit(HAK_CONN_ACTIVE, &conn->flags))
		atomic_dec(&conn->server->active);
}

/* Of this and a kill at the same time, one sees the other's bit. */
static void count_active(struct hak_conn *conn)
{
	if (test_and_set_bit(HAK_CONN_ACTIVE, &conn->flags))
		return;
	atomic_inc(&conn->server->active);
	if (test_bit(HAK_CONN_DEAD, &conn->flags))
		count_idle(conn);
}

void hak_conn_kill(struct hak_lb *lb, struct hak_conn *conn)
{
	if (test_and_set_bit(HAK_CONN_DEAD, &conn->flags))
		return;
	count_idle(conn);
	if (!test_bit(HAK_CONN_ONE, &conn->flags))
		rhashtable_remove_fast(&lb->conns, &hak_conn_side(conn, HAK_DIR_IN)->head,
				       params);
	if (!test_bit(HAK_CONN_DIRECT, &conn->flags))
		rhashtable_remove_fast(&lb->conns, &hak_conn_side(conn, HAK_DIR_OUT)->head,
				       params);
	atomic_dec(&lb->n_conns);
	atomic_dec(&conn->server->conns);
	atomic_dec(&conn->service->conns);
	call_rcu(&conn->rcu, conn_free);
}

static bool expired(const struct hak_conn *conn)
{
	return time_after(jiffies, READ_ONCE(conn->expires));
}

struct hak_conn_node *hak_conn_lookup(struct hak_lb *lb,
				      const struct hak_flow_key *key)
{
	struct hak_conn_node *node = rhashtable_lookup(&lb->conns, key, params);

	if (!node || !unlikely(expired(hak_conn_of(node))))
		return node;
	hak_conn_kill(lb, hak_conn_of(node));
	return NULL;
}

static unsigned long timeout_of(const struct hak_conn *conn, u8 state)
{
	const struct hak_service *service = conn->service;
	unsigned long own = 0;

	if (hak_conn_key(conn, HAK_DIR_IN)->proto != IPPROTO_TCP)
		return READ_ONCE(service->timeout) ?: TIMEOUT_UDP;
	if (state == HAK_TCP_ESTABLISHED)
		own = READ_ONCE(service->timeout);
	else if (state == HAK_TCP_FIN_CLIENT || state == HAK_TCP_FIN_SERVER)
		own = READ_ONCE(service->timeout_fin);
	return own ?: hak_tcp_timeout(state) * HZ;
}

static u8 step(const struct hak_conn *conn, u8 state, enum hak_dir dir, u8 tcp_flags)
{
	return test_bit(HAK_CONN_DIRECT, &conn->flags) ?
	       hak_tcp_step_alone(state, tcp_flags) : hak_tcp_step(state, dir, tcp_flags);
}

static void change_state(struct hak_lb *lb, struct hak_conn *conn, u8 old, u8 state)
{
	WRITE_ONCE(conn->state, state);
	if (old == HAK_TCP_SYN_SENT &&
	    (state == HAK_TCP_SYN_RECV || state == HAK_TCP_ESTABLISHED))
		hak_life_took(lb, conn->server);
	if (hak_tcp_active(state))
		count_active(conn);
	else
		count_idle(conn);
}

/*
 * Packets of both directions may get here at once. What each writes is right for
 * itself, and the next one writes again; a lock would buy an order that the
 * network does not keep either. The cache line is only written when it has to be.
 */
void hak_conn_touch(struct hak_lb *lb, struct hak_conn *conn, enum hak_dir dir, u8 tcp_flags)
{
	u8 state = READ_ONCE(conn->state), old = state;
	u32 now = (u32)jiffies;

	if (hak_conn_key(conn, HAK_DIR_IN)->proto == IPPROTO_TCP &&
	    unlikely(!hak_tcp_settled(state, tcp_flags))) {
		state = step(conn, state, dir, tcp_flags);
		if (state != old)
			change_state(lb, conn, old, state);
	}
	if (likely(state == old && now - READ_ONCE(conn->touched) < HZ / 4))
		return;
	WRITE_ONCE(conn->touched, now);
	WRITE_ONCE(conn->expires, jiffies + timeout_of(conn, state));
}

/* What a word that becomes another adds to a checksum over it, RFC 1624. */
static __wsum diff(u32 from, u32 to)
{
	return csum_sub((__force __wsum)to, (__force __wsum)from);
}

static __wsum port_diff(const struct hak_flow_key *in,
			const struct hak_flow_key *out)
{
	return csum_add(diff((__force u16)in->sport, (__force u16)out->dport),
			diff((__force u16)in->dport, (__force u16)out->sport));
}

/* What the server sends comes from its own address and port. */
static void from_server(struct hak_flow_key *out, const struct hak_server *server)
{
	if (out->v6)
		memcpy(out->saddr6, server->addr.w, sizeof(out->saddr6));
	else
		out->saddr = (__force __be32)server->addr.w[0];
	if (server->port)
		out->sport = server->port;
}

static __wsum address_diff(const struct hak_flow_key *in, const struct hak_flow_key *out)
{
	__wsum sum = 0;
	u32 i;

	if (!in->v6)
		return csum_add(diff((__force u32)in->daddr, (__force u32)out->saddr),
				diff((__force u32)in->saddr, (__force u32)out->daddr));
	for (i = 0; i < ARRAY_SIZE(in->daddr6); i++) {
		sum = csum_add(sum, diff((__force u32)in->daddr6[i],
					 (__force u32)out->saddr6[i]));
		sum = csum_add(sum, diff((__force u32)in->saddr6[i],
					 (__force u32)out->daddr6[i]));
	}
	return sum;
}

static struct hak_conn *conn_alloc(struct hak_service *service,
				   struct hak_server *server,
				   const struct hak_flow_key *key)
{
	struct hak_conn *conn = kmem_cache_zalloc(conn_caches[key->v6], GFP_ATOMIC);
	enum hak_method method = READ_ONCE(server->method);
	struct hak_flow_key *out;

	if (!conn)
		return NULL;
	conn->v6 = key->v6;
	memcpy(&hak_conn_side(conn, HAK_DIR_IN)->key, key,
	       key->v6 ? HAK_FLOW_KEY6_SIZE : HAK_FLOW_KEY4_SIZE);
	hak_conn_side(conn, HAK_DIR_OUT)->dir = HAK_DIR_OUT;
	out = &hak_conn_side(conn, HAK_DIR_OUT)->key;
	hak_flow_reverse(out, key);
	if (method == HAK_METHOD_DR)
		__set_bit(HAK_CONN_DIRECT, &conn->flags);
	else
		from_server(out, server);
	if (method == HAK_METHOD_FNAT)
		__set_bit(HAK_CONN_FULL, &conn->flags);
	else if (READ_ONCE(service->one_packet))
		__set_bit(HAK_CONN_ONE, &conn->flags);
	conn->service = service;
	conn->server = server;
	conn->touched = (u32)jiffies;
	conn->expires = jiffies + timeout_of(conn, 0);
	return conn;
}

/**
 * struct own - whom a server may see in place of the client
 * @first: address; none: it sees the client's
 * @n: so many from there on
 * @port: the lowest
 * @ports: so many from there on
 */
struct own {
	struct hak_ip first;
	u32 n;
	u32 port;
	u32 ports;
};

/* Addresses that programs of this host use as well: not the ports that they get. */
static void beside_programs(struct net *net, struct own *own)
{
	int low, high;

	inet_get_local_port_range(net, &low, &high);
	if (low >= 2 * PORT_MIN) {
		own->ports = low - PORT_MIN;
	} else if (high < 65536 - PORT_MIN) {
		own->port = high + 1;
		own->ports = 65535 - high;
	}
}

/* Of the snapshot of the server's pool, which need not be the service's. */
static bool own_of(struct hak_lb *lb, const struct hak_conn *conn, struct own *own)
{
	const struct hak_server *server = conn->server;
	struct hak_pool *pool = READ_ONCE(server->pool);
	const struct hak_sched *sched = pool ? rcu_dereference(pool->sched) : NULL;

	*own = (struct own) { .port = PORT_MIN, .ports = 65536 - PORT_MIN };
	if (!test_bit(HAK_CONN_FULL, &conn->flags))
		return true;
	if (sched && sched->n_sources && sched->source.len == server->addr.len) {
		own->first = sched->source;
		own->n = sched->n_sources;
		return true;
	}
	own->n = 1;
	beside_programs(lb->hn->net, own);
	return hak_route_source(lb->hn->net, &server->addr, &own->first);
}

static void come_from(struct hak_flow_key *out, const struct own *own, u32 which)
{
	struct hak_ip ip = own->first;

	out->dport = htons(own->port + reciprocal_scale(get_random_u32(), own->ports));
	if (!ip.len)
		return;
	hak_ip_add(&ip, reciprocal_scale(which, own->n));
	if (out->v6)
		memcpy(out->daddr6, ip.w, sizeof(out->daddr6));
	else
		out->daddr = (__force __be32)ip.w[0];
}

/* A client has the same address, while there are ports of it. */
static u32 which_of(const struct hak_flow_key *in)
{
	return in->v6 ? jhash2((const u32 *)in->saddr6, 4, 0) :
			jhash_1word((__force u32)in->saddr, 0);
}

/*
 * The server may have a connection from that client's port already, through
 * another address of ours: the client does not know, so the port is ours to change.
 */
static int insert_out(struct hak_lb *lb, struct hak_conn *conn)
{
	struct hak_conn_node *node = hak_conn_side(conn, HAK_DIR_OUT);
	const struct hak_flow_key *in = hak_conn_key(conn, HAK_DIR_IN);
	int tries = PORT_TRIES, err;
	struct own own;

	if (test_bit(HAK_CONN_DIRECT, &conn->flags))
		return 0;
	if (!own_of(lb, conn, &own))
		return -EHOSTUNREACH;
	if (own.first.len)
		come_from(&node->key, &own, which_of(in));
	do {
		conn->address_diff = address_diff(in, &node->key);
		conn->port_diff = port_diff(in, &node->key);
		err = rhashtable_lookup_insert_fast(&lb->conns, &node->head, params);
		if (err != -EEXIST)
			return err;
		come_from(&node->key, &own, get_random_u32());
	} while (tries--);
	return -EEXIST;
}

/* The direction that the client's next packet looks for comes last. */
static int insert(struct hak_lb *lb, struct hak_conn *conn)
{
	int err = insert_out(lb, conn);

	if (err || test_bit(HAK_CONN_ONE, &conn->flags))
		return err;
	err = rhashtable_lookup_insert_fast(&lb->conns,
					    &hak_conn_side(conn, HAK_DIR_IN)->head, params);
	if (err && !test_bit(HAK_CONN_DIRECT, &conn->flags))
		rhashtable_remove_fast(&lb->conns,
				       &hak_conn_side(conn, HAK_DIR_OUT)->head, params);
	return err;
}

static void gc_later(struct hak_lb *lb, unsigned long delay)
{
	queue_delayed_work(system_power_efficient_wq, &lb->gc, delay);
}

/* An earlier datagram of this client went to this server, which may answer yet. */
static struct hak_conn *one_before(struct hak_lb *lb, const struct hak_service *service,
				   const struct hak_server *server,
				   const struct hak_flow_key *key)
{
	struct hak_conn_node *node;
	struct hak_flow_key out;
	struct hak_conn *conn;

	if (!READ_ONCE(service->one_packet) || READ_ONCE(server->method) != HAK_METHOD_NAT)
		return NULL;
	hak_flow_reverse(&out, key);
	from_server(&out, server);
	node = hak_conn_lookup(lb, &out);
	conn = node ? hak_conn_of(node) : NULL;
	return conn && test_bit(HAK_CONN_ONE, &conn->flags) &&
	       hak_flow_same(hak_conn_key(conn, HAK_DIR_IN), key) ? conn : NULL;
}

struct hak_conn *hak_conn_new(struct hak_lb *lb, struct hak_service *service,
			      struct hak_server *server,
			      const struct hak_flow_key *key, bool again,
			      enum hak_lb_drop *why)
{
	struct hak_conn *conn = one_before(lb, service, server, key);
	int err;

	if (conn)
		return conn;
	*why = HAK_LB_DROP_MAXCONN;
	if (atomic_inc_return(&lb->n_conns) > READ_ONCE(lb->maxconn))
		goto err_count;
	*why = HAK_LB_DROP_NO_MEMORY;
	conn = conn_alloc(service, server, key);
	if (!conn)
		goto err_count;
	if (again)
		__set_bit(HAK_CONN_AGAIN, &conn->flags);
	refcount_inc(&service->ref);
	refcount_inc(&server->ref);
	atomic_inc(&service->conns);
	atomic_inc(&server->conns);
	count_active(conn);
	err = insert(lb, conn);
	if (!err) {
		hak_lb_count_conn(service->cpu);
		hak_lb_count_conn(server->cpu);
		if (!delayed_work_pending(&lb->gc))
			gc_later(lb, GC_PERIOD);
		return conn;
	}
	if (err == -EEXIST)
		*why = HAK_LB_DROP_COLLISION;
	else if (err == -EHOSTUNREACH)
		*why = HAK_LB_DROP_NO_ROUTE;
	count_idle(conn);
	atomic_dec(&service->conns);
	atomic_dec(&server->conns);
	call_rcu(&conn->rcu, conn_free);	/* it was in the table for a moment */
err_count:
	atomic_dec(&lb->n_conns);
	return NULL;
}

/* ---- walks ---- */

/* Of the two directions of a connection, or the only one that is in the table. */
static bool stands_for(struct hak_conn_node *node)
{
	enum hak_dir dir = test_bit(HAK_CONN_ONE, &hak_conn_of(node)->flags) ?
			   HAK_DIR_OUT : HAK_DIR_IN;

	return node->dir == dir;
}

typedef void walk_fn(struct hak_lb *lb, struct hak_conn *conn, void *data);

/*
 * Every connection; RCU read side in @fn. Returns true when some may have been
 * missed: after a pause the walk goes on behind the entry it stood on, and does
 * not know where that was when the entry is gone.
 */
static bool walk(struct hak_lb *lb, walk_fn *fn, void *data)
{
	struct hak_conn_node *node;
	struct rhashtable_iter iter;
	unsigned int n = 0;
	bool missed = false;

	rhashtable_walk_enter(&lb->conns, &iter);
	rhashtable_walk_start(&iter);
	while ((node = rhashtable_walk_next(&iter))) {
		/* -EAGAIN: the table was resized, it goes on from the start. */
		if (!IS_ERR(node) && stands_for(node))
			fn(lb, hak_conn_of(node), data);
		if (++n % 256)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
		missed |= !iter.p;
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return missed;
}

static void age(struct hak_lb *lb, struct hak_conn *conn, void *data)
{
	if (expired(conn))
		hak_conn_kill(lb, conn);
}

/* Of a large table an eighth of one CPU at most; without connections it sleeps. */
static void hak_conn_gc(struct work_struct *work)
{
	struct hak_lb *lb = container_of(to_delayed_work(work), struct hak_lb, gc);
	unsigned long began = jiffies;

	walk(lb, age, NULL);
	hak_persist_gc(lb);
	if (atomic_read(&lb->n_conns) || atomic_read(&lb->n_persists))
		gc_later(lb, max_t(unsigned long, GC_PERIOD,
				   8 * (jiffies - began)));
}

/**
 * struct cull - whom to kill
 * @match: says yes
 * @data: for @match
 * @n: how many died
 */
struct cull {
	bool (*match)(const struct hak_conn *conn, const void *data);
	const void *data;
	u32 n;
};

static void cull_one(struct hak_lb *lb, struct hak_conn *conn, void *data)
{
	struct cull *cull = data;

	if (cull->match(conn, cull->data) && !test_bit(HAK_CONN_DEAD, &conn->flags)) {
		hak_conn_kill(lb, conn);
		cull->n++;
	}
}

u32 hak_conn_kill_all(struct hak_lb *lb,
		      bool (*match)(const struct hak_conn *conn, const void *data),
		      const void *data)
{
	struct cull cull = { .match = match, .data = data };
	int tries = CULL_TRIES;

	/* Under load new ones come and go at the same time: no end in sight. */
	while (walk(lb, cull_one, &cull) && --tries)
		;
	return cull.n;
}

int hak_conn_table_init(struct hak_lb *lb)
{
	int err = rhashtable_init(&lb->conns, &params);

	if (err)
		return err;
	err = hak_persist_init(lb);
	if (err)
		rhashtable_destroy(&lb->conns);
	INIT_DELAYED_WORK(&lb->gc, hak_conn_gc);
	return err;
}

static bool anyone(const struct hak_conn *conn, const void *data)
{
	return true;
}

/* Nobody makes connections any more. */
void hak_conn_table_free(struct hak_lb *lb)
{
	cancel_delayed_work_sync(&lb->gc);
	while (atomic_read(&lb->n_conns))
		hak_conn_kill_all(lb, anyone, NULL);
	rhashtable_destroy(&lb->conns);
	hak_persist_exit(lb);
}

/* ---- what is told ---- */

static __be16 server_port(const struct hak_conn *conn)
{
	return conn->server->port ?: hak_conn_key(conn, HAK_DIR_IN)->dport;
}

static struct hak_ip source_of(const struct hak_flow_key *key)
{
	return key->v6 ? hak_ip_make(key->saddr6, HAK_IP6_LEN) :
			 hak_ip_make(&key->saddr, HAK_IP4_LEN);
}

static struct hak_ip destination_of(const struct hak_flow_key *key)
{
	return key->v6 ? hak_ip_make(key->daddr6, HAK_IP6_LEN) :
			 hak_ip_make(&key->daddr, HAK_IP4_LEN);
}

bool hak_lb_client_matches(const struct hak_ip *client, const struct hak_conn_filter *f,
			   u32 plen)
{
	if (!f->client.len)
		return true;
	return f->client.len == client->len &&
	       hak_ip_same_net(&f->client, client, min_t(u32, f->client_plen, plen));
}

static bool wanted(const struct hak_conn *conn, const void *data)
{
	const struct hak_flow_key *in = hak_conn_key(conn, HAK_DIR_IN);
	struct hak_ip client = source_of(in), addr = destination_of(in);
	const struct hak_conn_filter *f = data;

	if (f->proto && f->proto != in->proto)
		return false;
	if (!hak_lb_client_matches(&client, f, U32_MAX))
		return false;
	if (f->addr.len && (!hak_ip_equal(&addr, &f->addr) || in->dport != f->port))
		return false;
	if (f->server.len && (!hak_ip_equal(&conn->server->addr, &f->server) ||
			      (f->server_port && server_port(conn) != f->server_port)))
		return false;
	return !f->state ||
	       f->state == hak_tcp_conn_state(READ_ONCE(conn->state));
}

u32 hak_conn_flush(struct hak_net *hn, const struct hak_conn_filter *filter)
{
	if (!hn->lb)
		return 0;
	hak_persist_flush(hn->lb, filter);
	return hak_conn_kill_all(hn->lb, wanted, filter);
}

static void fill(struct hak_conn_info *info, const struct hak_conn *conn)
{
	const struct hak_flow_key *in = hak_conn_key(conn, HAK_DIR_IN);
	unsigned long left = READ_ONCE(conn->expires) - jiffies;

	*info = (struct hak_conn_info) {
		.proto = in->proto,
		.client = source_of(in),
		.addr = destination_of(in),
		.server = conn->server->addr,
		.client_port = in->sport,
		.port = in->dport,
		.server_port = server_port(conn),
		.state = hak_tcp_conn_state(READ_ONCE(conn->state)),
		.expires = (long)left > 0 ? jiffies64_to_nsecs(left) : 0,
	};
}

/* One bucket from its @skip'th connection on; *@shown are behind us then. */
static int walk_bucket(struct bucket_table *table, u32 i, u32 skip, u32 *shown,
		       const struct hak_conn_filter *filter,
		       hak_conn_fn *fn, void *data)
{
	struct hak_conn_node *node;
	struct hak_conn_info info;
	struct rhash_head *pos;
	int err;

	*shown = 0;
	rht_for_each_entry_rcu(node, pos, table, i, head) {
		if (!stands_for(node) || (*shown)++ < skip ||
		    !wanted(hak_conn_of(node), filter))
			continue;
		fill(&info, hak_conn_of(node));
		err = fn(&info, data);
		if (err) {
			(*shown)--;
			return err;
		}
	}
	return 0;
}

/* The cursor is a bucket and how many of its connections are done. */
int hak_conn_walk(struct hak_net *hn, const struct hak_conn_filter *filter,
		  u64 *cursor, hak_conn_fn *fn, void *data)
{
	u32 i = *cursor >> 32, skip = (u32)*cursor, shown;
	struct bucket_table *table;
	int err = 0;
	bool more = hn->lb;

	while (more && !err) {
		rcu_read_lock();
		table = rht_dereference_rcu(hn->lb->conns.tbl, &hn->lb->conns);
		more = i < table->size;
		if (more)
			err = walk_bucket(table, i, skip, &shown, filter, fn, data);
		rcu_read_unlock();
		skip = err ? shown : 0;
		i += more && !err;
		cond_resched();
	}
	*cursor = (u64)i << 32 | skip;
	return err;
}
