/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A batch: the one way in. Operations are applied in order to an overlay of
 * the live configuration; what has changed in the end is checked as a whole,
 * prepared, and published or thrown away.
 */
#ifndef HAK_NL_BATCH_H
#define HAK_NL_BATCH_H

#include <linux/list.h>
#include <net/genetlink.h>

#include <linux/hak.h>

#include "../lb/config.h"
#include "../vrrp/config.h"

struct hak_net;

/**
 * struct hak_nl_op - one operation of a batch
 * @cmd: HAK_CMD_<object>_{NEW,SET,DEL}
 * @attr: the operation as a whole, or NULL
 * @router: nest or NULL
 * @vip: nest or NULL
 * @track: nest or NULL
 * @pool: nest or NULL
 * @server: nest or NULL
 * @service: nest or NULL
 * @lb: nest or NULL
 * @group: nest or NULL
 * @route: nest or NULL
 */
struct hak_nl_op {
	u32 cmd;
	const struct nlattr *attr;
	const struct nlattr *router;
	const struct nlattr *vip;
	const struct nlattr *track;
	const struct nlattr *pool;
	const struct nlattr *server;
	const struct nlattr *service;
	const struct nlattr *lb;
	const struct nlattr *group;
	const struct nlattr *route;
};

/**
 * struct hak_nl_router - a router as the batch sees it
 * @ch: the live one and what it shall be; without a cfg it does not exist
 * @list: in hak_nl_batch.routers, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @by_key: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @name: kept for when there is no cfg
 * @dev: as @name
 * @vrid: as @name
 * @family: as @name
 * @bereft: an address was deleted
 */
struct hak_nl_router {
	struct hak_router_change ch;
	struct list_head list;
	struct hlist_node by_name;
	struct hlist_node by_key;
	const struct nlattr *attr;
	char name[HAK_NAME_SIZE];
	char dev[IFNAMSIZ];
	u8 vrid;
	u8 family;
	bool bereft;
};

/**
 * struct hak_nl_track - a track as the batch sees it
 * @ch: the live one and what it shall be
 * @list: in hak_nl_batch.tracks, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @gone: it does not exist, or no more
 */
struct hak_nl_track {
	struct hak_track_change ch;
	struct list_head list;
	struct hlist_node by_name;
	const struct nlattr *attr;
	bool gone;
};

/**
 * struct hak_nl_group - a group as the batch sees it
 * @ch: the live one and what it shall be
 * @list: in hak_nl_batch.groups, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @gone: it does not exist, or no more
 */
struct hak_nl_group {
	struct hak_group_change ch;
	struct list_head list;
	struct hlist_node by_name;
	const struct nlattr *attr;
	bool gone;
};

/**
 * struct hak_nl_pool - a pool as the batch sees it
 * @ch: the live one and what it shall be; without a cfg it does not exist
 * @list: in hak_nl_batch.pools, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @attr: of the last operation that touched it or one of its servers
 * @name: kept for when there is no cfg
 * @room: servers that the array of the cfg has room for
 * @n_live: servers it has; the others in the array have no address and are gone
 * @n_slots: entries in @slots, a power of two
 * @slots: servers by address and port: index in the array + 1, or 0; NULL until
 *	it is needed
 */
struct hak_nl_pool {
	struct hak_pool_change ch;
	struct list_head list;
	struct hlist_node by_name;
	const struct nlattr *attr;
	char name[HAK_NAME_SIZE];
	u32 room;
	u32 n_live;
	u32 n_slots;
	u32 *slots;
};

/**
 * struct hak_nl_service - a service as the batch sees it
 * @ch: the live one and what it shall be
 * @list: in hak_nl_batch.services, in order of first touch
 * @by_key: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @gone: it does not exist, or no more
 */
struct hak_nl_service {
	struct hak_service_change ch;
	struct list_head list;
	struct hlist_node by_key;
	const struct nlattr *attr;
	bool gone;
};

/* Parts of hak_nl_batch.hash. */
enum hak_nl_part {
	HAK_NL_ROUTER_NAMES,
	HAK_NL_ROUTER_KEYS,
	HAK_NL_TRACK_NAMES,
	HAK_NL_GROUP_NAMES,
	HAK_NL_POOL_NAMES,
	HAK_NL_SERVICE_KEYS,

	HAK_NL_N_PARTS
};

/**
 * struct hak_nl_batch - a batch while it is put together; RTNL and cfg_mutex held
 * @hn: namespace
 * @extack: for refusals
 * @routers: struct hak_nl_router.list
 * @tracks: struct hak_nl_track.list
 * @groups: struct hak_nl_group.list
 * @pools: struct hak_nl_pool.list
 * @services: struct hak_nl_service.list
 * @lb: what the balancer shall be, if @lb_touched
 * @lb_touched: an operation was about the balancer
 * @bits: log2 of the buckets in each part of @hash
 * @hash: by &enum hak_nl_part
 * @ch: what is handed to kmod/vrrp
 * @lb_ch: what is handed to kmod/lb
 */
struct hak_nl_batch {
	struct hak_net *hn;
	struct netlink_ext_ack *extack;
	struct list_head routers;
	struct list_head tracks;
	struct list_head groups;
	struct list_head pools;
	struct list_head services;
	struct hak_lb_cfg lb;
	bool lb_touched;
	unsigned int bits;
	struct hlist_head *hash;
	struct hak_changes ch;
	struct hak_lb_changes lb_ch;
};

/**
 * hak_nl_batch_bucket() - where entries of a batch are found again
 * @b: batch
 * @part: kind of entry
 * @hash: of what makes it unique
 *
 * Return: a bucket of that part.
 */
struct hlist_head *hak_nl_batch_bucket(struct hak_nl_batch *b,
				       enum hak_nl_part part, u32 hash);

/**
 * hak_nl_batch_router() - a router by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry with a cfg, NULL when there is no such router, or -ENOMEM.
 */
struct hak_nl_router *hak_nl_batch_router(struct hak_nl_batch *b,
					  const char *name);

/**
 * hak_nl_batch_router_key() - a router by what makes it unique
 * @b: batch
 * @dev: name of its device
 * @vrid: 1-255
 * @family: AF_INET or AF_INET6
 *
 * Return: as hak_nl_batch_router().
 */
struct hak_nl_router *hak_nl_batch_router_key(struct hak_nl_batch *b,
					      const char *dev, u8 vrid, u8 family);

/**
 * hak_nl_batch_router_add() - stage a router that does not exist yet
 * @b: batch
 * @cfg: with name, device and VRID; belongs to the batch now, whatever happens
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_router *hak_nl_batch_router_add(struct hak_nl_batch *b,
					      struct hak_router_cfg *cfg);

/**
 * hak_nl_batch_router_del() - remove a router in this batch
 * @e: its entry, with a cfg
 */
void hak_nl_batch_router_del(struct hak_nl_router *e);

/**
 * hak_nl_batch_track() - a track by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry that is not gone, NULL when there is no such track, or
 * -ENOMEM.
 */
struct hak_nl_track *hak_nl_batch_track(struct hak_nl_batch *b,
					const char *name);

/**
 * hak_nl_batch_track_add() - stage a track that does not exist yet
 * @b: batch
 * @cfg: copied
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_track *hak_nl_batch_track_add(struct hak_nl_batch *b,
					    const struct hak_track_cfg *cfg);

/**
 * hak_nl_batch_track_del() - remove a track in this batch
 * @e: its entry
 */
void hak_nl_batch_track_del(struct hak_nl_track *e);

/**
 * hak_nl_batch_staged() - what the batch makes of a live router
 * @b: batch
 * @r: the router
 *
 * Return: its entry, with or without a cfg, or NULL when it is left alone.
 */
struct hak_nl_router *hak_nl_batch_staged(struct hak_nl_batch *b,
					  const struct hak_router *r);

/**
 * hak_nl_batch_same_key() - another router of the batch with the same dev, vrid and family
 * @b: batch
 * @e: a router of it
 *
 * Return: one that will exist, or NULL.
 */
struct hak_nl_router *hak_nl_batch_same_key(struct hak_nl_batch *b,
					    const struct hak_nl_router *e);

/**
 * hak_nl_batch_track_fate() - what the batch makes of a track
 * @b: batch
 * @name: exact
 *
 * Return: 1 when it will exist, 0 when not, -1 when the batch leaves it alone.
 */
int hak_nl_batch_track_fate(struct hak_nl_batch *b, const char *name);

/**
 * hak_nl_batch_group() - a group by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry that is not gone, NULL when there is no such group, or
 * -ENOMEM.
 */
struct hak_nl_group *hak_nl_batch_group(struct hak_nl_batch *b, const char *name);

/**
 * hak_nl_batch_group_add() - stage a group that does not exist yet
 * @b: batch
 * @name: of the group
 *
 * A group that was deleted and comes back in the same batch is the old one,
 * changed.
 *
 * Return: its entry, without tracks, or NULL without memory.
 */
struct hak_nl_group *hak_nl_batch_group_add(struct hak_nl_batch *b,
					    const char *name);

/**
 * hak_nl_batch_group_fate() - what the batch makes of a group
 * @b: batch
 * @name: exact
 *
 * Return: its entry, gone or not, or NULL when it is left alone.
 */
struct hak_nl_group *hak_nl_batch_group_fate(struct hak_nl_batch *b,
					     const char *name);

/**
 * hak_nl_batch_pool() - a pool by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry with a cfg, NULL when there is no such pool, or -ENOMEM.
 */
struct hak_nl_pool *hak_nl_batch_pool(struct hak_nl_batch *b, const char *name);

/**
 * hak_nl_batch_pool_add() - stage a pool that does not exist yet
 * @b: batch
 * @cfg: with its name; belongs to the batch now, whatever happens
 *
 * A pool that was deleted and comes back in the same batch is the old one,
 * changed.
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_pool *hak_nl_batch_pool_add(struct hak_nl_batch *b,
					  struct hak_pool_cfg *cfg);

/**
 * hak_nl_batch_pool_del() - remove a pool and its servers in this batch
 * @e: its entry, with a cfg
 */
void hak_nl_batch_pool_del(struct hak_nl_pool *e);

/**
 * hak_nl_batch_pool_fate() - what the batch makes of a pool
 * @b: batch
 * @name: exact
 *
 * Return: its entry, with or without a cfg, or NULL when it is left alone.
 */
struct hak_nl_pool *hak_nl_batch_pool_fate(struct hak_nl_batch *b,
					   const char *name);

/**
 * hak_nl_batch_server() - a server of a pool
 * @e: the pool, with a cfg
 * @addr: its address
 * @port: network order
 *
 * Return: valid until the next one is added; NULL when there is none, or -ENOMEM.
 */
struct hak_server_cfg *hak_nl_batch_server(struct hak_nl_pool *e,
					   const struct hak_ip *addr, __be16 port);

/**
 * hak_nl_batch_server_add() - add a server to a pool that has none like it
 * @e: the pool, with a cfg; hak_nl_batch_server() has just returned NULL
 * @addr: its address
 * @port: network order
 *
 * Return: a server of which nothing else is said, valid as with
 * hak_nl_batch_server(), or -ENOMEM.
 */
struct hak_server_cfg *hak_nl_batch_server_add(struct hak_nl_pool *e,
					       const struct hak_ip *addr,
					       __be16 port);

/**
 * hak_nl_batch_server_del() - remove a server from a pool
 * @e: the pool
 * @s: one of its servers
 */
void hak_nl_batch_server_del(struct hak_nl_pool *e, struct hak_server_cfg *s);

/**
 * hak_nl_batch_servers_settle() - leave only the servers that are not gone
 * @e: a pool; its index is thrown away
 */
void hak_nl_batch_servers_settle(struct hak_nl_pool *e);

/**
 * hak_nl_batch_service() - a service by what makes it unique, ready to be changed
 * @b: batch
 * @key: proto, addr and port count
 *
 * Return: an entry that is not gone, NULL when there is no such service, or
 * -ENOMEM.
 */
struct hak_nl_service *hak_nl_batch_service(struct hak_nl_batch *b,
					    const struct hak_service_cfg *key);

/**
 * hak_nl_batch_service_add() - stage a service that does not exist yet
 * @b: batch
 * @cfg: copied
 *
 * A service that was deleted and comes back in the same batch is the old one,
 * changed.
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_service *
hak_nl_batch_service_add(struct hak_nl_batch *b,
			 const struct hak_service_cfg *cfg);

/**
 * hak_nl_batch_service_del() - remove a service in this batch
 * @e: its entry
 */
void hak_nl_batch_service_del(struct hak_nl_service *e);

/**
 * hak_nl_batch_service_fate() - what the batch makes of a service
 * @b: batch
 * @key: proto, addr and port count
 *
 * Return: its entry, gone or not, or NULL when it is left alone.
 */
struct hak_nl_service *
hak_nl_batch_service_fate(struct hak_nl_batch *b,
			  const struct hak_service_cfg *key);

/**
 * hak_nl_batch_lb_init() - nothing is staged of the balancer
 * @b: batch
 */
void hak_nl_batch_lb_init(struct hak_nl_batch *b);

/**
 * hak_nl_batch_lb_reduce() - leave only what makes a difference to the balancer
 * @b: batch
 */
void hak_nl_batch_lb_reduce(struct hak_nl_batch *b);

/**
 * hak_nl_batch_lb_changed() - is there anything for kmod/lb to do?
 * @b: batch, reduced
 *
 * Return: true when pools, services or the balancer change.
 */
bool hak_nl_batch_lb_changed(const struct hak_nl_batch *b);

/**
 * hak_nl_batch_lb_list() - hand over what is left of the balancer
 * @b: batch, reduced
 */
void hak_nl_batch_lb_list(struct hak_nl_batch *b);

/**
 * hak_nl_batch_lb_taken() - the cfgs of pools are the pools' now
 * @b: batch, committed
 */
void hak_nl_batch_lb_taken(struct hak_nl_batch *b);

/**
 * hak_nl_batch_lb_free() - let go of all that was staged of the balancer
 * @b: batch
 */
void hak_nl_batch_lb_free(struct hak_nl_batch *b);

/**
 * hak_nl_check_lb() - is the end state of the balancer a configuration?
 * @b: batch, without operations that change nothing
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_check_lb(struct hak_nl_batch *b);

/**
 * hak_nl_check() - is the end state of a batch a configuration?
 * @b: batch, without operations that change nothing
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_check(struct hak_nl_batch *b);

/**
 * hak_nl_router_new() - make a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_router_set() - change the words of a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_router_del() - remove a router and its addresses
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_new() - add an address, to a router that is named or found or made
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_set() - change what was said of an address
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_del() - remove an address
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_new() - make a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_set() - change a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_del() - remove a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_group_new() - make a group
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_group_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_group_set() - change a group
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_group_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_group_del() - remove a group that no router is in
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_group_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_route_new() - add a route to a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_route_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_route_set() - let a route of a router go another way
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_route_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_route_del() - remove a route of a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_route_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_uses_same() - are two lists of tracks the same?
 * @a: one
 * @n_a: its entries
 * @b: the other
 * @n_b: its entries
 */
bool hak_nl_uses_same(const struct hak_use_cfg *a, u32 n_a,
		      const struct hak_use_cfg *b, u32 n_b);

/**
 * hak_nl_uses() - a list of tracks
 * @b: batch
 * @attr: nest of nests of enum hak_router_track_attr
 * @who: "a router" or "a group", for the sentence
 * @uses: filled, HAK_ROUTER_TRACKS_MAX entries
 * @n: how many there are
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_uses(struct hak_nl_batch *b, const struct nlattr *attr,
		const char *who, struct hak_use_cfg *uses, u32 *n);

/**
 * hak_nl_pool_new() - make a pool without servers
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_pool_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_pool_set() - change the words of a pool
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_pool_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_pool_del() - remove a pool and its servers
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_pool_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_server_new() - add a server to a pool
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_server_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_server_set() - change the words of a server
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_server_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_server_del() - remove a server from its pool
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_server_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_service_new() - make a service
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_service_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_service_set() - change the words of a service
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_service_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_service_del() - remove a service
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_service_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_lb_set() - change the words of the balancer
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_lb_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_pool_same() - are two configurations of one pool the same?
 * @a: one
 * @b: the other
 *
 * Return: true when nothing that can be changed differs.
 */
bool hak_nl_pool_same(const struct hak_pool_cfg *a,
		      const struct hak_pool_cfg *b);

/**
 * hak_nl_check_report() - a report has a state, and a value with VALUE only
 * @extack: may be NULL
 * @nest: of the report
 * @tb: parsed from @nest
 * @state: attribute type of the &enum hak_track_state
 * @value: attribute type of the value
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int hak_nl_check_report(struct netlink_ext_ack *extack, const struct nlattr *nest,
			struct nlattr *const *tb, u16 state, u16 value);

/**
 * hak_nl_checks_set() - replace a list of checks
 * @b: batch
 * @checks: the list; whatever is refused, it stays fit to be freed
 * @attr: nest of names, checked with its policy
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_checks_set(struct hak_nl_batch *b, struct hak_checks_cfg **checks,
		      const struct nlattr *attr);

/**
 * hak_nl_check_host() - can a host have this address?
 * @b: batch
 * @attr: IPv4 address
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_check_host(struct hak_nl_batch *b, const struct nlattr *attr);

/**
 * hak_nl_vip_settle() - give an IPv6 router the link-local address it needs
 * @cfg: a router as the batch leaves it
 *
 * Its adverts have to begin with one (erratum 8300). Without one among its
 * addresses it gets fe80::200:5eff:fe00:2VRID, the same on every node, last in
 * its list; that goes when there is another.
 *
 * Return: 0 or -ENOMEM.
 */
int hak_nl_vip_settle(struct hak_router_cfg *cfg);

/**
 * hak_nl_ip() - an address of the netlink interface
 * @attr: 4 or 16 bytes by its policy, or none
 */
static inline struct hak_ip hak_nl_ip(const struct nlattr *attr)
{
	return hak_ip_make(nla_data(attr), nla_len(attr));
}

/* A service in a sentence: tcp 192.0.2.1:80 */
#define HAK_NL_SERVICE_TEXT	64

/**
 * hak_nl_service_text() - name a service as people do
 * @text: HAK_NL_SERVICE_TEXT bytes
 * @key: proto, addr and port count
 *
 * Return: @text.
 */
const char *hak_nl_service_text(char *text, const struct hak_service_cfg *key);

/* server.c, for who asks. */
u32 hak_nl_server_index(const struct hak_pool_cfg *cfg, const struct hak_ip *addr,
			__be16 port);

/* router.c, for vip.c: the words of a router. */
struct hak_router_cfg *hak_nl_router_defaults(void);
int hak_nl_router_words(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
			struct nlattr **tb);
int hak_nl_router_words_equal(struct hak_nl_batch *b,
			      const struct hak_router_cfg *cfg,
			      struct nlattr **tb);

/**
 * hak_nl_router_same() - are two configurations of one router the same?
 * @a: one
 * @b: the other
 *
 * Return: true when nothing that can be changed differs.
 */
bool hak_nl_router_same(const struct hak_router_cfg *a,
			const struct hak_router_cfg *b);

/* Handlers of commands. */
int hak_nl_change_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_apply_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_router_resign_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_track_report_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_server_report_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* HAK_NL_BATCH_H */
