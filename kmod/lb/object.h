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

#include "../core/lb_key.h"
#include "../core/lb_tcp.h"
#include "../pernet.h"
#include "config.h"
#include "info.h"
#include "route.h"

#define HAK_POOL_BITS		8
#define HAK_SERVICE_BITS	8
#define HAK_SERVER_BITS		8
#define HAK_SERVER_FRESH	U32_MAX

/**
 * struct hak_lb_cpu - counters of one CPU
 * @sync: guards the others on 32 bits
 * @conns: connections made
 * @packets: by &enum hak_dir
 * @bytes: by &enum hak_dir
 */
struct hak_lb_cpu {
	struct u64_stats_sync sync;
	u64_stats_t conns;
	u64_stats_t packets[2];
	u64_stats_t bytes[2];
};

/**
 * struct hak_server - a server of a pool, while the pool or a connection has it
 * @ref: the pool has one and each connection
 * @node: in hak_lb.servers; RTNL + cfg_mutex, RCU
 * @addr: network order
 * @port: network order, 0: the service's
 * @pool: whose it is; while @node is hashed
 * @index: in the servers its pool had before the batch that is committed, or
 *	HAK_SERVER_FRESH; cfg_mutex
 * @conns: connections
 * @cpu: counters
 * @cut: its connections end: it is removed, or the operator took it down
 * @report: the checks' word; cfg_mutex
 * @value: weight with report VALUE; cfg_mutex
 * @reported: CLOCK_BOOTTIME ns of the last report, 0: none; cfg_mutex
 * @since: wall clock ns of the last change of @serving; cfg_mutex
 * @serving: takes new connections; cfg_mutex
 * @reason: of the last report; cfg_mutex
 */
struct hak_server {
	refcount_t ref;
	struct hlist_node node;
	__be32 addr;
	__be16 port;
	struct hak_pool *pool;
	u32 index;
	atomic_t conns;
	struct hak_lb_cpu __percpu *cpu;
	bool cut;
	enum hak_track_state report;
	u32 value;
	u64 reported;
	u64 since;
	bool serving;
	char reason[HAK_REASON_SIZE];
};

/**
 * struct hak_sched - whom a pool's new connections go to; a snapshot
 * @scheduler: that made @table
 * @hash_port: mh looks at the client's port
 * @size: entries of @table, 0: nobody takes connections
 * @servers: what the entries are indices of; the pool's references
 * @table: in what order, or by what hash
 */
struct hak_sched {
	enum hak_scheduler scheduler;
	bool hash_port;
	u32 size;
	struct hak_server **servers;
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
 * @next: position of rr and wrr
 * @users: services that name it; cfg_mutex
 */
struct hak_pool {
	struct list_head list;
	struct hlist_node by_name;
	bool staged;
	struct hak_pool_cfg *cfg;
	struct hak_server **servers;
	struct hak_sched __rcu *sched;
	atomic_t next;
	u32 users;
};

/**
 * struct hak_service - a service
 * @ref: the namespace has one and each connection
 * @node: in hak_lb.by_key; RTNL + cfg_mutex, RCU
 * @list: in hak_lb.services; cfg_mutex
 * @lb: balancer
 * @cfg: as configured; cfg_mutex, but the key, which never changes
 * @cut: it is removed, its connections end
 * @pool: written under cfg_mutex, RCU
 * @firewall: of @cfg, for the data path
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
	bool cut;
	struct hak_pool __rcu *pool;
	bool firewall;
	unsigned long timeout;
	unsigned long timeout_fin;
	atomic_t conns;
	struct hak_lb_cpu __percpu *cpu;
};

/**
 * struct hak_conn_node - one direction of a connection
 * @head: in hak_lb.conns
 * @key: as the packets arrive
 * @dir: whose packets
 */
struct hak_conn_node {
	struct rhash_head head;
	struct hak_flow_key4 key;
	enum hak_dir dir;
};

/**
 * struct hak_conn - a connection; what does not change is written before it is
 * in the table
 * @node: by &enum hak_dir. A packet from the client leaves with the addresses
 *	of node[HAK_DIR_OUT] turned round, one from the server the other way
 * @service: counted
 * @server: counted
 * @expires: jiffies; any packet may write it
 * @state: &enum hak_tcp_state; packets race for it, which is as good as their order
 * @dead: it is being removed, by who has set this
 * @rcu: to be freed by
 */
struct hak_conn {
	struct hak_conn_node node[2];
	struct hak_service *service;
	struct hak_server *server;
	unsigned long expires;
	u8 state;
	unsigned long dead;
	struct rcu_head rcu;
};

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
 * @conns: struct hak_conn_node.head, both of each connection
 * @n_conns: connections
 * @maxconn: of @cfg, for the data path
 * @gc: removes what has expired
 * @routes: to servers and clients
 * @drops: by &enum hak_lb_drop, per CPU
 * @hooks: two sets of netfilter hooks, so that one can follow the other; RTNL
 * @hooked: bits of the sets that are registered; RTNL
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
	struct rhashtable conns;
	atomic_t n_conns;
	u32 maxconn;
	struct delayed_work gc;
	struct hak_routes routes;
	unsigned long __percpu *drops;
	struct nf_hook_ops hooks[2][2];
	unsigned int hooked;
};

/* server.c, sched.c, service.c */
struct hak_server *hak_server_new(__be32 addr, __be16 port);
void hak_server_put(struct hak_server *server);
bool hak_server_serves(const struct hak_server_cfg *cfg,
		       const struct hak_server *server);
struct hak_server *hak_server_by_addr(const struct hak_lb *lb, __be32 addr);
struct hak_server *hak_server_find(const struct hak_lb *lb,
				   const struct hak_pool *pool, __be32 addr,
				   __be16 port);
void hak_server_hash(struct hak_lb *lb, struct hak_server *server,
		     struct hak_pool *pool);
struct hak_sched *hak_sched_new(const struct hak_pool_cfg *cfg,
				struct hak_server **servers);
struct hak_server *hak_sched_pick(struct hak_pool *pool,
				  const struct hak_flow_key4 *key);
struct hak_service *hak_service_new(const struct hak_service_cfg *cfg);
void hak_service_put(struct hak_service *service);
void hak_service_apply(struct hak_service *service,
		       const struct hak_service_cfg *cfg);
struct hak_service *hak_service_lookup(const struct hak_lb *lb, u8 proto,
				       __be32 addr, __be16 port);
u32 hak_service_hash(u8 proto, __be32 addr, __be16 port);
void hak_lb_count(struct hak_lb_cpu __percpu *cpu, enum hak_dir dir, u32 bytes);
void hak_lb_count_conn(struct hak_lb_cpu __percpu *cpu);

/* conn.c */
int hak_conn_init(void);
void hak_conn_exit(void);
int hak_conn_table_init(struct hak_lb *lb);
void hak_conn_table_free(struct hak_lb *lb);
struct hak_conn_node *hak_conn_lookup(struct hak_lb *lb,
				      const struct hak_flow_key4 *key);
struct hak_conn *hak_conn_new(struct hak_lb *lb, struct hak_service *service,
			      struct hak_server *server,
			      const struct hak_flow_key4 *key,
			      enum hak_lb_drop *why);
void hak_conn_kill(struct hak_lb *lb, struct hak_conn *conn);
void hak_conn_touch(struct hak_conn *conn, enum hak_dir dir, u8 tcp_flags);
/* Kill all connections that @match says yes to; process context. */
u32 hak_conn_kill_all(struct hak_lb *lb,
		      bool (*match)(const struct hak_conn *conn, const void *data),
		      const void *data);

static inline struct hak_conn *hak_conn_of(struct hak_conn_node *node)
{
	return container_of(node, struct hak_conn, node[node->dir]);
}

/* hook.c, nat.c, icmp.c */
int hak_lb_hook(struct hak_lb *lb, unsigned int set, s32 priority);
void hak_lb_unhook(struct hak_lb *lb, unsigned int set);
bool hak_lb_works_here(const struct hak_lb *lb, __be32 addr);
unsigned int hak_nat_forward(struct hak_lb *lb, struct hak_conn *conn,
			     enum hak_dir dir, struct sk_buff *skb,
			     const struct hak_lb_pkt *pkt);
unsigned int hak_nat_icmp(struct hak_lb *lb, struct hak_conn *conn,
			  enum hak_dir dir, struct sk_buff *skb,
			  const struct hak_lb_pkt *pkt);
/* What the address and port of a packet of @dir become. */
void hak_conn_target(const struct hak_conn *conn, enum hak_dir dir,
		     struct hak_flow_key4 *to);
unsigned int hak_lb_drop(struct hak_lb *lb, enum hak_lb_drop why);
unsigned int hak_lb_send(struct hak_lb *lb, struct sk_buff *skb,
			 struct dst_entry *dst);
bool hak_lb_route_in(struct sk_buff *skb);

#endif /* HAK_LB_OBJECT_H */
