/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of the balancer and how a new one is taken over: prepare
 * everything (may fail, changes nothing), then commit everything (cannot fail).
 * This is the only way in; kmod/nl makes the changes, kmod/lb lives by them.
 */
#ifndef HAK_LB_CONFIG_H
#define HAK_LB_CONFIG_H

#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/types.h>

#include <linux/hak.h>

#include "../core/ip.h"

struct hak_net;
struct hak_pool;
struct hak_service;

#define HAK_POOLS_MAX		4096	/* per namespace */
#define HAK_SERVICES_MAX	16384	/* per namespace */
#define HAK_POOL_SERVERS_MAX	4096	/* per pool */
#define HAK_LB_CHECKS_MAX	8	/* per pool and per server */
#define HAK_LB_HOOK_DEFAULT	(-450)
#define HAK_LB_MAXCONN_DEFAULT	(1U << 20)
#define HAK_LB_HASH_SIZE	65537	/* entries of mh's table unless said */
#define HAK_LB_PERSIST_PLEN	128	/* all of an address */
#define HAK_LB_SOURCES_MAX	65536	/* per pool */

/**
 * struct hak_checks_cfg - names of checks
 * @n: how many
 * @names: of them
 */
struct hak_checks_cfg {
	u32 n;
	char names[HAK_LB_CHECKS_MAX][HAK_NAME_SIZE];
};

/**
 * struct hak_server_cfg - a server of a pool
 * @addr: address; none: it was removed from what is being prepared
 * @port: network order, 0: the port of the service
 * @weight: 0-65535
 * @state: the operator's
 * @maxconn: most connections that are being opened or are open, 0: no limit
 * @backup: gets connections while no other server of the pool can take them
 * @slow_start: ns from when it comes into service to its full weight, 0: at once
 * @checks: kmalloc'ed, or NULL for none
 */
struct hak_server_cfg {
	struct hak_ip addr;
	__be16 port;
	u16 weight;
	enum hak_server_state state;
	u32 maxconn;
	bool backup;
	u64 slow_start;
	struct hak_checks_cfg *checks;
};

/**
 * struct hak_pool_cfg - a pool as configured, with its servers; immutable once
 * published
 * @name: 1-31 characters
 * @scheduler: for new connections
 * @method: HAK_METHOD_NAT, HAK_METHOD_FNAT or HAK_METHOD_DR; for connections that begin
 * @source: with fnat, the first address to come to the servers with
 * @n_sources: so many, 0: that of this host
 * @hash_size: entries of the table of mh, a prime that kmod/core accepts
 * @hash_port: mh looks at the client's port too
 * @quorum: servers that must be up, backups not counted
 * @persist: ns for which a client comes back to its server, 0: it does not
 * @persist_plen: so many bits of clients' addresses make a client, 1-128; more than
 *	an address has are all of them
 * @passive: notice servers that do not take connections
 * @on_down: what becomes of the connections of a server that is reported down
 * @backup_pool: name of the pool that stands in, or empty
 * @checks: kmalloc'ed, or NULL for none
 * @n_servers: entries in @servers, 0 to HAK_POOL_SERVERS_MAX
 * @servers: kvmalloc'ed array or NULL, in the order they were added; no two
 *	with the same address and port, all of one family
 */
struct hak_pool_cfg {
	char name[HAK_NAME_SIZE];
	enum hak_scheduler scheduler;
	enum hak_method method;
	struct hak_ip source;
	u32 n_sources;
	u32 hash_size;
	bool hash_port;
	u32 quorum;
	u64 persist;
	u8 persist_plen;
	bool passive;
	enum hak_on_down on_down;
	char backup_pool[HAK_NAME_SIZE];
	struct hak_checks_cfg *checks;
	u32 n_servers;
	struct hak_server_cfg *servers;
};

/**
 * struct hak_service_cfg - a service as configured
 * @addr: address, of the family of its pool's servers
 * @port: network order, never 0
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @firewall: new connections pass the host's input rules first
 * @one_packet: each datagram is given to a server by itself
 * @pool: name of its pool
 * @timeout: ns, 0: the protocol's
 * @timeout_fin: ns, 0: the default
 */
struct hak_service_cfg {
	struct hak_ip addr;
	__be16 port;
	u8 proto;
	bool firewall;
	bool one_packet;
	char pool[HAK_NAME_SIZE];
	u64 timeout;
	u64 timeout_fin;
};

/**
 * struct hak_lb_cfg - the balancer of a namespace
 * @hook: priority at PRE_ROUTING
 * @maxconn: most connections
 */
struct hak_lb_cfg {
	s32 hook;
	u32 maxconn;
};

/**
 * struct hak_pool_change - one pool that a batch makes, changes or removes
 * @list: in struct hak_lb_changes.pools
 * @pool: the live one, or NULL to make one
 * @cfg: what it shall be, owned by the change until commit; NULL removes it
 * @prepared: private to kmod/lb, NULL before hak_lb_prepare()
 */
struct hak_pool_change {
	struct list_head list;
	struct hak_pool *pool;
	struct hak_pool_cfg *cfg;
	void *prepared;
};

/**
 * struct hak_service_change - one service that a batch makes, changes or removes
 * @list: in struct hak_lb_changes.services
 * @service: the live one, or NULL to make one
 * @cfg: what it shall be
 * @remove: remove @service
 * @prepared: private to kmod/lb, NULL before hak_lb_prepare()
 */
struct hak_service_change {
	struct list_head list;
	struct hak_service *service;
	struct hak_service_cfg cfg;
	bool remove;
	void *prepared;
};

/**
 * struct hak_lb_changes - a batch, staged and consistent in itself
 * @pools: struct hak_pool_change.list; each pool at most once
 * @services: struct hak_service_change.list; each service at most once
 * @lb: what the balancer shall be, or NULL to leave it alone
 *
 * The maker has checked: names and keys unique, the pool of each service and the
 * backup pool of each pool exist afterwards, ranges, limits. A service keeps its key for life; a pool its name.
 */
struct hak_lb_changes {
	struct list_head pools;
	struct list_head services;
	const struct hak_lb_cfg *lb;
};

/**
 * hak_pool_hash_size_ok() - may the table of mh have so many entries
 * @size: how many
 *
 * Context: any. Return: true for the primes that kmod/core knows.
 */
bool hak_pool_hash_size_ok(u32 size);

/**
 * hak_pool_cfg_new() - an empty configuration with the defaults
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_pool_cfg *hak_pool_cfg_new(void);

/**
 * hak_checks_same() - are two lists of checks the same?
 * @a: one, NULL when empty
 * @b: the other, likewise
 *
 * Return: true when they name the same checks in the same order.
 */
bool hak_checks_same(const struct hak_checks_cfg *a,
		     const struct hak_checks_cfg *b);

/**
 * hak_server_cfg_same() - are two servers configured the same?
 * @a: one
 * @b: the other
 *
 * Return: true when all of it is.
 */
bool hak_server_cfg_same(const struct hak_server_cfg *a,
			 const struct hak_server_cfg *b);

/**
 * hak_pool_cfg_dup() - a copy of a configuration
 * @cfg: to copy
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_pool_cfg *hak_pool_cfg_dup(const struct hak_pool_cfg *cfg);

/**
 * hak_pool_cfg_free() - free a configuration that only its owner can see
 * @cfg: or NULL
 *
 * Context: process.
 */
void hak_pool_cfg_free(struct hak_pool_cfg *cfg);

/**
 * hak_lb_prepare() - get everything that a batch needs
 * @hn: namespace
 * @ch: the batch
 * @extack: sentence on failure
 *
 * Context: process, RTNL and cfg_mutex held.
 * Return: 0, then exactly one of hak_lb_commit() and hak_lb_abort() has to
 * follow under the same locks; or an error, with nothing left behind but the
 * cfgs, which the caller still owns.
 */
int hak_lb_prepare(struct hak_net *hn, struct hak_lb_changes *ch,
		   struct netlink_ext_ack *extack);

/**
 * hak_lb_commit() - publish a prepared batch
 * @hn: namespace
 * @ch: the batch; its pool cfgs belong to the pools now, the change structs
 *	still to the caller
 *
 * Sends the notifications of what it made, changed and removed. Connections of
 * a removed service or server are removed with it.
 * Context: process, RTNL and cfg_mutex held; may wait for a grace period.
 */
void hak_lb_commit(struct hak_net *hn, struct hak_lb_changes *ch);

/**
 * hak_lb_abort() - give back all that was prepared
 * @hn: namespace
 * @ch: the batch; its cfgs stay the caller's
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_lb_abort(struct hak_net *hn, struct hak_lb_changes *ch);

/**
 * hak_pool_family() - of which family are the servers of a pool
 * @cfg: as configured
 *
 * Context: any. Return: length of their addresses, 0 without any.
 */
static inline u8 hak_pool_family(const struct hak_pool_cfg *cfg)
{
	return cfg->n_servers ? cfg->servers[0].addr.len : 0;
}

/**
 * hak_pool_find() - a live pool by name
 * @hn: namespace
 * @name: exact
 *
 * Context: cfg_mutex held. Return: NULL when there is none.
 */
struct hak_pool *hak_pool_find(struct hak_net *hn, const char *name);

/**
 * hak_pool_next() - the pools in order of creation
 * @hn: namespace
 * @pool: the one before, NULL for the first
 *
 * Context: cfg_mutex held. Return: NULL after the last.
 */
struct hak_pool *hak_pool_next(struct hak_net *hn, struct hak_pool *pool);

/**
 * hak_pool_cfg() - configuration of a live pool
 * @pool: pool
 *
 * Context: cfg_mutex held.
 */
const struct hak_pool_cfg *hak_pool_cfg(const struct hak_pool *pool);

/**
 * hak_service_find() - a live service by what makes it unique
 * @hn: namespace
 * @proto: IPPROTO_*
 * @addr: its address
 * @port: network order
 *
 * Context: cfg_mutex held. Return: NULL when there is none.
 */
struct hak_service *hak_service_find(struct hak_net *hn, u8 proto,
				     const struct hak_ip *addr, __be16 port);

/**
 * hak_service_next() - the services in order of creation
 * @hn: namespace
 * @service: the one before, NULL for the first
 *
 * Context: cfg_mutex held. Return: NULL after the last.
 */
struct hak_service *hak_service_next(struct hak_net *hn,
				     struct hak_service *service);

/**
 * hak_service_cfg() - configuration of a live service
 * @service: service
 *
 * Context: cfg_mutex held.
 */
const struct hak_service_cfg *hak_service_cfg(const struct hak_service *service);

/**
 * hak_lb_cfg() - configuration of the balancer
 * @hn: namespace
 *
 * Context: cfg_mutex held.
 */
const struct hak_lb_cfg *hak_lb_cfg(const struct hak_net *hn);

#endif /* HAK_LB_CONFIG_H */
