/* SPDX-License-Identifier: GPL-2.0-only */
/* The objects of the balancer, for the files of kmod/lb only. */
#ifndef HAK_LB_OBJECT_H
#define HAK_LB_OBJECT_H

#include <linux/hashtable.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>

#include "../core/ip.h"
#include "../core/lb_key.h"
#include "../core/lb_tcp.h"
#include "../pernet.h"
#include "../quorum.h"
#include "config.h"
#include "info.h"
#include "ip6.h"
#include "route.h"

#define HAK_POOL_BITS		8
#define HAK_SERVICE_BITS	12
#define HAK_SERVER_BITS		8
#define HAK_SERVER_FRESH	U32_MAX

/**
 * struct hak_lb_cpu - counters of one CPU
 * @syncp: guards the others on 32 bits
 * @conns: connections made
 * @packets: by &enum hak_dir
 * @bytes: by &enum hak_dir
 */
struct hak_lb_cpu {
	struct u64_stats_sync syncp;
	u64_stats_t conns;
	u64_stats_t packets[2];
	u64_stats_t bytes[2];
};

/**
 * struct hak_server - a server of a pool, while the pool or a connection has it
 * @ref: the pool has one and each connection
 * @node: in hak_lb.servers; RTNL + cfg_mutex, RCU
 * @addr: its address
 * @port: network order, 0: the service's
 * @pool: whose it is; while @node is hashed
 * @index: in the servers its pool had before the batch that is committed, or
 *	HAK_SERVER_FRESH; cfg_mutex
 * @conns: connections
 * @active: those of them that are being opened or are open
 * @method: of the configuration of its pool, for the data path
 * @maxconn: most of @active; of the configuration, for the data path
 * @passive: of the configuration of its pool, for the data path
 * @backup: of the configuration, for the data path
 * @failures: connections that it did not take, since the last that it took
 * @strikes: times that it was avoided, since the last connection that it took
 * @avoided_until: jiffies, 0: never; new connections go elsewhere until then
 * @noticed: something of the above has changed that is to be told
 * @cpu: counters
 * @cut: its connections end: it is removed, or the operator took it down
 * @report: the checks' word; cfg_mutex
 * @value: weight with report VALUE; cfg_mutex
 * @reported: CLOCK_BOOTTIME ns of the last report, 0: none; cfg_mutex
 * @since: wall clock ns of the last change of @serving; cfg_mutex
 * @serves_from: CLOCK_MONOTONIC ns when it came into service, 0: before it had a
 *	slow start; cfg_mutex
 * @serving: takes new connections; written under cfg_mutex
 * @reason: of the last report; cfg_mutex
 */
struct hak_server {
	refcount_t ref;
	struct hlist_node node;
	struct hak_ip addr;
	__be16 port;
	struct hak_pool *pool;
	u32 index;
	atomic_t conns;
	atomic_t active;
	u32 maxconn;
	enum hak_method method;
	bool passive;
	bool backup;
	atomic_t failures;
	u32 strikes;
	unsigned long avoided_until;
	bool noticed;
	struct hak_lb_cpu __percpu *cpu;
	bool cut;
	enum hak_track_state report;
	u32 value;
	u64 reported;
	u64 since;
	u64 serves_from;
	bool serving;
	char reason[HAK_REASON_SIZE];
};

/**
 * struct hak_sched - whom a pool's new connections go to; a snapshot
 * @rcu: to be freed by
 * @spare: the same for its backups, or NULL
 * @scheduler: that made @table
 * @hash_port: mh and sh look at the client's port
 * @source: of the configuration, for fnat
 * @n_sources: likewise
 * @size: entries of @table; not 0 when somebody takes connections
 * @n_servers: entries of @servers
 * @n_up: those of them who take connections
 * @servers: what the entries are indices of; the pool's references
 * @weights: of those who take connections, by the same indices; behind @table
 * @table: in what order, or by what hash
 */
struct hak_sched {
	struct rcu_head rcu;
	struct hak_sched *spare;
	enum hak_scheduler scheduler;
	bool hash_port;
	struct hak_ip source;
	u32 n_sources;
	u32 size;
	u32 n_servers;
	u32 n_up;
	struct hak_server **servers;
	u32 *weights;
	u16 table[];
};

/**
 * struct hak_pool - a pool
 * @list: in hak_lb.pools; cfg_mutex
 * @by_name: in hak_lb.pool_names; cfg_mutex
 * @staged: prepared, but not there yet; cfg_mutex
 * @cfg: as configured; cfg_mutex
 * @servers: those of @cfg, same order; cfg_mutex
 * @sched: for the data path; written under cfg_mutex, RCU
 * @backup: the pool that stands in for it; written under cfg_mutex, RCU
 * @warming: the weight of a server in @sched is growing; cfg_mutex
 * @id: no other pool of the balancer has or had it
 * @persist: of @cfg in jiffies, for the data path, 0: clients do not come back
 * @persist_plen: of @cfg, for the data path
 * @next: position of rr and wrr; where lc and the like begin to look
 * @users: services that name it; cfg_mutex
 * @quorum: what tracks see of it
 */
struct hak_pool {
	struct list_head list;
	struct hlist_node by_name;
	bool staged;
	struct hak_pool_cfg *cfg;
	struct hak_server **servers;
	struct hak_sched __rcu *sched;
	struct hak_pool __rcu *backup;
	bool warming;
	u32 id;
	unsigned long persist;
	u8 persist_plen;
	atomic_t next;
	u32 users;
	struct hak_quorum quorum;
};

/**
 * struct hak_service - a service
 * @ref: the namespace has one and each connection
 * @node: in hak_lb.by_key; RTNL + cfg_mutex, RCU
 * @list: in hak_lb.services; cfg_mutex
 * @lb: balancer
 * @cfg: as configured; cfg_mutex, but the key, which never changes
 * @to: destination and protocol of packets to it, the rest is 0; never changes
 * @cut: it is removed, its connections end
 * @pool: written under cfg_mutex, RCU
 * @firewall: of @cfg, for the data path
 * @one_packet: of @cfg, for the data path
 * @timeout: of @cfg in jiffies, 0: the protocol's
 * @timeout_fin: of @cfg in jiffies, 0: the default
 * @conns: connections
 * @cpu: counters
 */
struct hak_service {
	refcount_t ref;
	struct hlist_node node;
	struct list_head list;
	struct hak_lb *lb;
	struct hak_service_cfg cfg;
	struct hak_flow_key to;
	bool cut;
	struct hak_pool __rcu *pool;
	bool firewall;
	bool one_packet;
	unsigned long timeout;
	unsigned long timeout_fin;
	atomic_t conns;
	struct hak_lb_cpu __percpu *cpu;
};

/**
 * struct hak_conn_node - one direction of a connection
 * @head: in hak_lb.conns
 * @dir: whose packets
 * @key: as the packets arrive; with IPv4 only HAK_FLOW_KEY4_SIZE bytes are there
 */
struct hak_conn_node {
	struct rhash_head head;
	enum hak_dir dir;
	struct hak_flow_key key;
};

/** enum hak_conn_flag - bits of &struct hak_conn.flags */
enum hak_conn_flag {
	HAK_CONN_DEAD,		/* it is being removed, by who has set this */
	HAK_CONN_ACTIVE,	/* it is counted in hak_server.active */
	HAK_CONN_DIRECT,	/* the server answers the client itself: nothing is rewritten */
	HAK_CONN_AGAIN,		/* another server has failed its client before */
	HAK_CONN_REFUSED,	/* its server did not take it, and its client does not know */
	HAK_CONN_FULL,		/* the server sees an address of ours, not the client's */
	HAK_CONN_ONE,		/* only answers find it: what clients send goes anywhere */
};

/**
 * struct hak_conn - a connection; what does not change is written before it is
 * in the table
 * @service: counted
 * @server: counted
 * @address_diff: what the addresses add to a checksum on the way in; on the way
 *	out it is the complement
 * @port_diff: the ports, likewise
 * @expires: jiffies; any packet may write it
 * @state: &enum hak_tcp_state; packets race for it, which is as good as their order
 * @v6: its packets are IPv6
 * @touched: jiffies when @expires was last written, its lower half
 * @flags: &enum hak_conn_flag
 * @rcu: to be freed by
 * @nodes: see hak_conn_side(). A packet from the client leaves with the addresses
 *	of HAK_DIR_OUT turned round, one from the server the other way. With
 *	HAK_CONN_DIRECT these are its own, and that of HAK_DIR_OUT is in no table;
 *	with HAK_CONN_ONE that of HAK_DIR_IN is in none
 */
struct hak_conn {
	struct hak_service *service;
	struct hak_server *server;
	__wsum address_diff;
	__wsum port_diff;
	unsigned long expires;
	u8 state;
	bool v6;
	u32 touched;
	unsigned long flags;
	struct rcu_head rcu;
	u8 nodes[] __aligned(8);
};

/**
 * hak_conn_node_size() - bytes of one direction
 * @v6: of IPv6
 */
static inline size_t hak_conn_node_size(bool v6)
{
	return ALIGN(offsetof(struct hak_conn_node, key) +
		     (v6 ? HAK_FLOW_KEY6_SIZE : HAK_FLOW_KEY4_SIZE), 8);
}

/**
 * hak_conn_side() - one direction of a connection
 * @conn: connection
 * @dir: which
 */
static inline struct hak_conn_node *hak_conn_side(struct hak_conn *conn, enum hak_dir dir)
{
	return (void *)(conn->nodes + (dir ? hak_conn_node_size(conn->v6) : 0));
}

/**
 * hak_conn_key() - how packets of one direction arrive
 * @conn: connection
 * @dir: which
 */
static inline const struct hak_flow_key *hak_conn_key(const struct hak_conn *conn,
						      enum hak_dir dir)
{
	return &hak_conn_side((struct hak_conn *)conn, dir)->key;
}

/**
 * hak_conn_of() - whose direction it is
 * @node: one of a connection
 */
static inline struct hak_conn *hak_conn_of(struct hak_conn_node *node)
{
	u8 *nodes = (u8 *)node - (node->dir ? hak_conn_node_size(node->key.v6) : 0);

	return (void *)(nodes - offsetof(struct hak_conn, nodes));
}

#define HAK_FRAG_BITS		6

/**
 * struct hak_frag - whose connection the fragments of an IPv6 packet belong to
 * @key: of its first one
 * @id: of the packet
 * @server: who got it
 * @port: of @server
 * @expires: jiffies, 0: there is none
 */
struct hak_frag {
	struct hak_flow_key key;
	__be32 id;
	struct hak_ip server;
	__be16 port;
	unsigned long expires;
};

/**
 * struct hak_frags - the last IPv6 packets in fragments
 * @lock: protects the rest
 * @slot: by hash
 */
struct hak_frags {
	spinlock_t lock;
	struct hak_frag slot[1 << HAK_FRAG_BITS];
};

#define HAK_FILTER_BITS		12

/**
 * struct hak_lb_filter - which addresses packets of ours may have
 * @bits: by hash of the address: there are some; for the data path
 * @count: how many, by the same; cfg_mutex
 *
 * An address is in it before its object can be found, and until the last connection
 * of it was removed.
 */
struct hak_lb_filter {
	DECLARE_BITMAP(bits, 1 << HAK_FILTER_BITS);
	u32 count[1 << HAK_FILTER_BITS];
};

/**
 * hak_lb_word() - an address of either family as one word, for hashing
 * @addr: network order; of struct hak_ip.w
 */
static inline u32 hak_lb_word(const u32 addr[4])
{
	return addr[0] ^ addr[1] ^ addr[2] ^ addr[3];
}

/**
 * hak_lb_filter_has() - may this be the address of one of ours
 * @filter: of services or of servers
 * @word: hak_lb_word() of it
 *
 * Context: any. Return: false when it is none.
 */
static inline bool hak_lb_filter_has(const struct hak_lb_filter *filter, u32 word)
{
	return test_bit(hash_32(word, HAK_FILTER_BITS), filter->bits);
}

/**
 * hak_lb_filter_add() - one more with this address
 * @filter: of services or of servers
 * @addr: its address
 *
 * Context: cfg_mutex held.
 */
void hak_lb_filter_add(struct hak_lb_filter *filter, const struct hak_ip *addr);

/**
 * hak_lb_filter_del() - one less with this address
 * @filter: of services or of servers
 * @addr: its address
 *
 * Context: cfg_mutex held.
 */
void hak_lb_filter_del(struct hak_lb_filter *filter, const struct hak_ip *addr);

/**
 * struct hak_lb - the balancer of a namespace
 * @hn: the namespace
 * @cfg: as configured; cfg_mutex
 * @pools: struct hak_pool.list; cfg_mutex
 * @pool_names: struct hak_pool.by_name; cfg_mutex
 * @services: struct hak_service.list; cfg_mutex
 * @n_services: entries in @services
 * @by_key: struct hak_service.node; RTNL + cfg_mutex, RCU
 * @servers: struct hak_server.node by address; RTNL + cfg_mutex, RCU
 * @service_filter: which packets may be clients'
 * @server_filter: which packets may be servers'
 * @cut: a server or service was cut since connections were last removed; cfg_mutex
 * @conns: struct hak_conn_node.head, both of each connection
 * @n_conns: connections
 * @persists: struct hak_persist.head, clients that come back to their server
 * @n_persists: entries in @persists
 * @pool_id: struct hak_pool.id of the newest pool; cfg_mutex
 * @maxconn: of @cfg, for the data path
 * @gc: removes what has expired
 * @life: what servers do by themselves: it is told, and weights grow
 * @routes: to servers and clients
 * @frags: whose IPv6 fragments are whose
 * @drops: by &enum hak_lb_drop, per CPU
 * @hooks: two sets of netfilter hooks, so that one can follow the other; RTNL
 * @hooked: bits of the sets that are registered; RTNL
 * @fresh: bit of the set that the batch being prepared has registered, or 0; RTNL
 */
struct hak_lb {
	struct hak_net *hn;
	struct hak_lb_cfg cfg;
	struct list_head pools;
	DECLARE_HASHTABLE(pool_names, HAK_POOL_BITS);
	struct list_head services;
	u32 n_services;
	DECLARE_HASHTABLE(by_key, HAK_SERVICE_BITS);
	DECLARE_HASHTABLE(servers, HAK_SERVER_BITS);
	struct hak_lb_filter service_filter;
	struct hak_lb_filter server_filter;
	bool cut;
	struct rhashtable conns;
	atomic_t n_conns;
	struct rhashtable persists;
	atomic_t n_persists;
	u32 pool_id;
	u32 maxconn;
	struct delayed_work gc;
	struct delayed_work life;
	struct hak_routes routes;
	struct hak_frags frags;
	unsigned long __percpu *drops;
	struct nf_hook_ops hooks[2][4];
	unsigned int hooked;
	unsigned int fresh;
};

/**
 * hak_server_new() - a server that nobody sees yet, up until a check says otherwise
 * @addr: its address
 * @port: network order, 0: the service's
 *
 * Context: process. Return: with one reference, or NULL without memory.
 */
struct hak_server *hak_server_new(const struct hak_ip *addr, __be16 port);

/**
 * hak_server_put() - give back a reference
 * @server: whose
 *
 * The pool puts its reference a grace period after it unpublished the server, a
 * connection a grace period after it left the table. Context: any but hard irq.
 */
void hak_server_put(struct hak_server *server);

/**
 * hak_server_serves() - what the operator and the checks agree on
 * @cfg: as configured
 * @server: live
 *
 * Context: cfg_mutex held. Return: true when it takes new connections.
 */
bool hak_server_serves(const struct hak_server_cfg *cfg,
		       const struct hak_server *server);

/**
 * hak_server_weight() - the weight of a server, as the operator and the checks say
 * @cfg: as configured
 * @server: live
 *
 * Context: cfg_mutex held. Return: 0 to 65535.
 */
u32 hak_server_weight(const struct hak_server_cfg *cfg,
		      const struct hak_server *server);

/**
 * hak_server_apply() - let the data path know what is configured
 * @server: new or live
 * @pool: configuration of its pool
 * @cfg: its own
 *
 * Context: cfg_mutex held.
 */
void hak_server_apply(struct hak_server *server, const struct hak_pool_cfg *pool,
		      const struct hak_server_cfg *cfg);

/**
 * hak_server_find() - a server of a pool
 * @lb: balancer
 * @pool: its pool
 * @addr: its address
 * @port: network order
 *
 * Context: cfg_mutex held. Return: NULL when there is none.
 */
struct hak_server *hak_server_find(const struct hak_lb *lb,
				   const struct hak_pool *pool,
				   const struct hak_ip *addr, __be16 port);

/**
 * hak_server_hash() - make a server known
 * @lb: balancer
 * @server: not hashed yet
 * @pool: whose it is
 *
 * Context: cfg_mutex held.
 */
void hak_server_hash(struct hak_lb *lb, struct hak_server *server,
		     struct hak_pool *pool);

/**
 * hak_sched_new() - whom a pool's new connections go to from now on
 * @cfg: of the pool
 * @servers: of @cfg, same order; must live longer than what is returned
 *
 * Context: process, cfg_mutex held. Return: to be freed with hak_sched_free(), or
 * NULL without memory.
 */
struct hak_sched *hak_sched_new(const struct hak_pool_cfg *cfg,
				struct hak_server **servers);

/**
 * hak_sched_free() - free a snapshot that nobody reads
 * @sched: or NULL
 *
 * Context: process.
 */
void hak_sched_free(struct hak_sched *sched);

/**
 * hak_sched_free_later() - free a snapshot after a grace period
 * @sched: that nobody finds any more
 *
 * Context: any.
 */
void hak_sched_free_later(struct hak_sched *sched);

/**
 * hak_sched_pick() - a server for a new connection
 * @pool: pool
 * @key: of its first packet
 * @tried: a server that has just failed this client, or NULL
 *
 * One that has its maxconn of connections gets no more. Backups, then the backup
 * pool, stand in while nobody else can take it. A server that fails is picked when
 * all of these do.
 *
 * Context: RCU read side. Return: NULL when no server takes connections.
 */
struct hak_server *hak_sched_pick(struct hak_pool *pool,
				  const struct hak_flow_key *key,
				  const struct hak_server *tried);

/**
 * hak_sched_has_other() - is there somebody else to take a connection
 * @pool: pool
 * @tried: the server that does not
 *
 * Context: RCU read side. Return: false when all others are down, full, or fail.
 */
bool hak_sched_has_other(const struct hak_pool *pool, const struct hak_server *tried);

/**
 * hak_sched_full() - why nobody was picked
 * @pool: pool
 *
 * Context: RCU read side. Return: true when there are servers, but all have their
 * maxconn; false when there are none.
 */
bool hak_sched_full(const struct hak_pool *pool);

/**
 * hak_pool_warming() - is the weight of a server growing
 * @cfg: of the pool
 * @servers: of @cfg, same order
 *
 * Context: cfg_mutex held.
 * Return: true when another snapshot is due, a little later.
 */
bool hak_pool_warming(const struct hak_pool_cfg *cfg, struct hak_server **servers);

/**
 * hak_life_init() - nothing to tell yet, and nobody whose weight grows
 * @lb: balancer
 *
 * Context: process.
 */
void hak_life_init(struct hak_lb *lb);

/**
 * hak_life_exit() - end what hak_life_init() began
 * @lb: balancer, without hooks and without reports
 *
 * Context: process, cfg_mutex held.
 */
void hak_life_exit(struct hak_lb *lb);

/**
 * hak_life_warm() - a pool has a new snapshot: see whether others are due
 * @lb: balancer
 * @pool: live
 *
 * Context: cfg_mutex held.
 */
void hak_life_warm(struct hak_lb *lb, struct hak_pool *pool);

/**
 * hak_life_failed() - a server did not take a connection
 * @lb: balancer
 * @server: which
 *
 * The third in a row, and each that follows once it had its chance again, makes it
 * avoided: for 10 seconds, and each time for twice as long, up to 5 minutes.
 *
 * Context: RCU read side, any but hard irq.
 */
void hak_life_failed(struct hak_lb *lb, struct hak_server *server);

/**
 * hak_life_took() - a server has taken a connection: all is forgiven
 * @lb: balancer
 * @server: which
 *
 * Context: RCU read side, any but hard irq.
 */
void hak_life_took(struct hak_lb *lb, struct hak_server *server);

/**
 * hak_server_full() - has a server all the connections that it may have
 * @server: which
 *
 * Context: any.
 */
static inline bool hak_server_full(const struct hak_server *server)
{
	return (u32)max(atomic_read(&server->active), 0) >= READ_ONCE(server->maxconn);
}

/**
 * hak_persist_pick() - a server for a new connection: the one its client had
 * @lb: balancer
 * @pool: pool, which may persist or not
 * @key: of its first packet
 * @tried: a server that has just failed this client, or NULL
 *
 * Context: RCU read side, bottom halves off. Return: as hak_sched_pick().
 */
struct hak_server *hak_persist_pick(struct hak_lb *lb, struct hak_pool *pool,
				    const struct hak_flow_key *key,
				    const struct hak_server *tried);

/**
 * hak_persist_gc() - forget those whose time is over
 * @lb: balancer
 *
 * Context: process.
 */
void hak_persist_gc(struct hak_lb *lb);

/**
 * hak_persist_flush() - forget clients or servers
 * @lb: balancer
 * @filter: of connections; one with a service, a protocol or a state means none
 *
 * Context: process.
 */
void hak_persist_flush(struct hak_lb *lb, const struct hak_conn_filter *filter);

/**
 * hak_persist_init() - nobody comes back yet
 * @lb: balancer
 *
 * Context: process. Return: 0 or an error.
 */
int hak_persist_init(struct hak_lb *lb);

/**
 * hak_persist_exit() - forget all
 * @lb: balancer, without hooks
 *
 * Context: process.
 */
void hak_persist_exit(struct hak_lb *lb);

/**
 * hak_server_avoided() - do new connections go elsewhere
 * @server: that did not take some
 *
 * Context: any.
 */
static inline bool hak_server_avoided(const struct hak_server *server)
{
	unsigned long until = READ_ONCE(server->avoided_until);

	return unlikely(until) && time_before(jiffies, until) &&
	       READ_ONCE(server->passive);
}

/**
 * hak_server_avoided_for() - for how long
 * @server: that did not take some
 *
 * Context: any. Return: ns, 0: it is not avoided.
 */
u64 hak_server_avoided_for(const struct hak_server *server);

/**
 * hak_service_new() - a service that nobody sees yet
 * @cfg: copied
 *
 * Context: process. Return: with one reference, or NULL without memory.
 */
struct hak_service *hak_service_new(const struct hak_service_cfg *cfg);

/**
 * hak_service_put() - give back a reference, as hak_server_put()
 * @service: whose
 *
 * Context: any but hard irq.
 */
void hak_service_put(struct hak_service *service);

/**
 * hak_service_apply() - take over a configuration with the same key
 * @service: new or live
 * @cfg: copied
 *
 * Context: cfg_mutex held.
 */
void hak_service_apply(struct hak_service *service,
		       const struct hak_service_cfg *cfg);

/**
 * hak_lb_key_to() - what packets to an address and port have
 * @key: filled; the source is 0
 * @proto: IPPROTO_*
 * @addr: destination
 * @port: network order
 *
 * Context: any.
 */
void hak_lb_key_to(struct hak_flow_key *key, u8 proto, const struct hak_ip *addr,
		   __be16 port);

/**
 * hak_service_lookup() - the service that a packet is for
 * @lb: balancer
 * @key: of the packet; its source does not matter
 *
 * Context: RCU read side. Return: NULL when there is none.
 */
struct hak_service *hak_service_lookup(const struct hak_lb *lb,
				       const struct hak_flow_key *key);

/**
 * hak_service_hash() - where hak_service_lookup() looks
 * @key: of a packet
 *
 * Return: index into hak_lb.by_key.
 */
u32 hak_service_hash(const struct hak_flow_key *key);

/**
 * hak_lb_count() - count a packet
 * @cpu: counters of a service or server
 * @dir: who sent it
 * @bytes: of IP
 *
 * Context: bottom halves off.
 */
void hak_lb_count(struct hak_lb_cpu __percpu *cpu, enum hak_dir dir, u32 bytes);

/**
 * hak_lb_count_conn() - count a connection
 * @cpu: counters of a service or server
 *
 * Context: bottom halves off.
 */
void hak_lb_count_conn(struct hak_lb_cpu __percpu *cpu);

/**
 * hak_conn_init() - the cache and the hash key of all namespaces
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int hak_conn_init(void);

/**
 * hak_conn_exit() - give back the cache
 *
 * Context: process, after the last connection was freed.
 */
void hak_conn_exit(void);

/**
 * hak_conn_table_init() - an empty table, and what keeps it clean
 * @lb: balancer
 *
 * Context: process. Return: 0 or an error.
 */
int hak_conn_table_init(struct hak_lb *lb);

/**
 * hak_conn_table_free() - end all connections and free the table
 * @lb: balancer, without hooks
 *
 * Context: process.
 */
void hak_conn_table_free(struct hak_lb *lb);

/**
 * hak_conn_lookup() - the connection of a packet
 * @lb: balancer
 * @key: of the packet
 *
 * One whose time is over is removed here. Context: RCU read side, bottom halves
 * off. Return: the direction of the connection that has this key, or NULL.
 */
struct hak_conn_node *hak_conn_lookup(struct hak_lb *lb,
				      const struct hak_flow_key *key);

/**
 * hak_conn_new() - begin a connection
 * @lb: balancer
 * @service: of the packet
 * @server: that was picked
 * @key: of the packet
 * @again: another server has failed its client before
 * @why: what went wrong
 *
 * Context: RCU read side, bottom halves off. Return: NULL and @why.
 */
struct hak_conn *hak_conn_new(struct hak_lb *lb, struct hak_service *service,
			      struct hak_server *server,
			      const struct hak_flow_key *key, bool again,
			      enum hak_lb_drop *why);

/**
 * hak_conn_kill() - end a connection, once
 * @lb: balancer
 * @conn: connection
 *
 * Context: RCU read side, any but hard irq.
 */
void hak_conn_kill(struct hak_lb *lb, struct hak_conn *conn);

/**
 * hak_conn_touch() - a packet of a connection passes: state and timeout
 * @lb: balancer
 * @conn: connection
 * @dir: who sent it
 * @tcp_flags: byte 13 of its TCP header
 *
 * Context: RCU read side.
 */
void hak_conn_touch(struct hak_lb *lb, struct hak_conn *conn, enum hak_dir dir, u8 tcp_flags);

/**
 * hak_conn_kill_all() - end connections
 * @lb: balancer
 * @match: says which
 * @data: for @match
 *
 * Context: process. Return: how many.
 */
u32 hak_conn_kill_all(struct hak_lb *lb,
		      bool (*match)(const struct hak_conn *conn, const void *data),
		      const void *data);

/**
 * hak_lb_client_matches() - is a client among those of a filter
 * @client: address, or network of several
 * @f: filter
 * @plen: so many bits of @client are known
 *
 * Context: any.
 */
bool hak_lb_client_matches(const struct hak_ip *client, const struct hak_conn_filter *f,
			   u32 plen);

/**
 * hak_lb_hook() - register a set of hooks
 * @lb: balancer
 * @set: 0 or 1, not registered
 * @priority: at PRE_ROUTING
 *
 * Context: process, RTNL held. Return: 0 or an error.
 */
int hak_lb_hook(struct hak_lb *lb, unsigned int set, s32 priority);

/**
 * hak_lb_unhook() - unregister a set of hooks
 * @lb: balancer
 * @set: 0 or 1
 *
 * Context: process, RTNL held.
 */
void hak_lb_unhook(struct hak_lb *lb, unsigned int set);

/**
 * hak_lb_works_here() - does a service take new connections
 * @lb: balancer
 * @key: of a packet to it
 *
 * Context: RCU read side. Return: true while its router is Active here, and always
 * when no router has it.
 */
bool hak_lb_works_here(const struct hak_lb *lb, const struct hak_flow_key *key);

/**
 * hak_lb_drop() - count a drop
 * @lb: balancer
 * @why: reason
 *
 * Return: NF_DROP.
 */
unsigned int hak_lb_drop(struct hak_lb *lb, enum hak_lb_drop why);

/**
 * hak_lb_route_in() - give a packet its input route, without which icmp_send() is
 * silent
 * @skb: packet as it came
 *
 * Context: RCU read side. Return: false when it has none.
 */
bool hak_lb_route_in(struct sk_buff *skb);

/**
 * hak_lb_error() - tell the sender of a packet what became of it
 * @skb: packet as it came
 * @what: happened
 * @mtu: bytes that fit, with HAK_ERROR_SIZE
 *
 * Context: RCU read side, bottom halves off.
 */
void hak_lb_error(struct sk_buff *skb, enum hak_lb_error what, u32 mtu);

/**
 * hak_frag_note() - the first fragment of an IPv6 packet was passed on
 * @lb: balancer
 * @pkt: what is in it
 * @server: of its connection
 *
 * Context: bottom halves off.
 */
void hak_frag_note(struct hak_lb *lb, const struct hak_lb_pkt *pkt,
		   const struct hak_server *server);

/**
 * hak_frag_find() - give a later fragment the ports of the first one
 * @lb: balancer
 * @pkt: what is in it; its key gets ports
 *
 * Context: RCU read side, bottom halves off. Return: the server of its connection, or NULL
 * when the first one was not passed on, or too long ago.
 */
struct hak_server *hak_frag_find(struct hak_lb *lb, struct hak_lb_pkt *pkt);

/**
 * hak_server_reach() - any server with this address and port
 * @lb: balancer
 * @addr: its address
 * @port: network order
 *
 * Context: RCU read side. Return: NULL when there is none.
 */
struct hak_server *hak_server_reach(const struct hak_lb *lb, const struct hak_ip *addr,
				    __be16 port);

/**
 * hak_nat_forward() - pass on a packet of a connection
 * @lb: balancer
 * @conn: its connection
 * @dir: who sent it
 * @skb: packet
 * @pkt: what is in it
 *
 * Context: RCU read side, bottom halves off.
 * Return: verdict of the hook; never NF_ACCEPT: the local stack knows nothing of
 * this connection and would reset it.
 */
unsigned int hak_nat_forward(struct hak_lb *lb, struct hak_conn *conn,
			     enum hak_dir dir, struct sk_buff *skb,
			     const struct hak_lb_pkt *pkt);

/**
 * hak_nat_icmp() - pass on an ICMP error about a packet of a connection
 * @lb: balancer
 * @conn: the connection
 * @dir: which side the error comes from, or a router on that side
 * @skb: packet
 * @pkt: what is in it
 *
 * Context: RCU read side, bottom halves off. Return: verdict of the hook.
 */
unsigned int hak_nat_icmp(struct hak_lb *lb, struct hak_conn *conn,
			  enum hak_dir dir, struct sk_buff *skb,
			  const struct hak_lb_pkt *pkt);

#endif /* HAK_LB_OBJECT_H */
