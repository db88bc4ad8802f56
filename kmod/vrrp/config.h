/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of the VRRP half and how a new one is taken over: prepare
 * everything (may fail, changes nothing), then commit everything (cannot fail).
 * This is the only way in; kmod/nl makes the changes, kmod/vrrp lives by them.
 */
#ifndef HAK_VRRP_CONFIG_H
#define HAK_VRRP_CONFIG_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>

#include <linux/hak.h>

#include "../core/ip.h"
#include "../core/vrrp_pkt.h"

struct hak_group;
struct hak_net;
struct hak_router;
struct hak_track;

#define HAK_ROUTERS_MAX		4096	/* per namespace */
#define HAK_TRACKS_MAX		4096	/* per namespace */
#define HAK_GROUPS_MAX		1024	/* per namespace */
#define HAK_VIPS_MAX		255	/* per router: the count field of an advert */
#define HAK_ROUTER_TRACKS_MAX	32	/* per router or group */
#define HAK_ROUTER_PEERS_MAX	32	/* per router */
#define HAK_ROUTER_ROUTES_MAX	64	/* per router */
/* Adverts a second that the routers of one namespace may send together. */
#define HAK_ADVERT_RATE_MAX	100000

/**
 * struct hak_vip_cfg - an address of a router
 * @ip: address, of either family
 * @plen: prefix length
 * @advert: it is in the adverts, if it has the router's family
 * @made: the link-local address that an IPv6 router without one gets; not shown
 * @label: or empty
 * @dev: name of the device it belongs to, or empty: the router's
 */
struct hak_vip_cfg {
	struct hak_ip ip;
	u8 plen;
	bool advert;
	bool made;
	char label[HAK_LABEL_SIZE];
	char dev[IFNAMSIZ];
};

/**
 * struct hak_vroute_cfg - a route of a router
 * @prefix: destination, of either family, nothing set behind @plen
 * @via: gateway of the same family, or none
 * @src: preferred source of the same family, or none
 * @table: number
 * @metric: 0 is the default of the family
 * @plen: prefix length
 * @dev: name of the device it leads to, or empty: with @via whatever leads there,
 *	otherwise the router's
 */
struct hak_vroute_cfg {
	struct hak_ip prefix;
	struct hak_ip via;
	struct hak_ip src;
	u32 table;
	u32 metric;
	u8 plen;
	char dev[IFNAMSIZ];
};

/**
 * struct hak_use_cfg - a router's use of a track
 * @name: of the track
 * @weighted: false: down means let go
 * @weight: -253 to 253
 */
struct hak_use_cfg {
	char name[HAK_NAME_SIZE];
	bool weighted;
	s32 weight;
};

/**
 * struct hak_router_cfg - a router as configured; immutable once published
 * @rcu: for kfree_rcu by hak_router_cfg_free()
 * @name: 1-31 characters
 * @dev: name of the device, which need not exist
 * @flags: HAK_ROUTER_F_*
 * @interval: ns
 * @announce_interval: ns
 * @group: sync group, or empty
 * @preempt_delay: ns
 * @start_delay: ns
 * @down_adverts: 1-100
 * @announce_refresh: ns, 0 never
 * @announce: gratuitous ARPs per address on takeover
 * @family: AF_INET or AF_INET6
 * @version: 2 or 3
 * @vrid: 1-255
 * @priority: 1-255 as configured
 * @preempt: Preempt_Mode
 * @enable: administrative state
 * @accept: who takes packets to the addresses
 * @checksum: form to send
 * @vmac: speak with the virtual MAC
 * @min_ttl: 1-255; less than 255 with peers only
 * @pass: version 2: password, or empty
 * @source: where adverts are sent from, or none: the device's first
 * @n_vips: entries in @vips, 0 to HAK_VIPS_MAX
 * @n_uses: entries in @uses, 0 to HAK_ROUTER_TRACKS_MAX
 * @n_peers: entries in @peers, 0 to HAK_ROUTER_PEERS_MAX; 0: multicast
 * @n_routes: entries in @routes, 0 to HAK_ROUTER_ROUTES_MAX
 * @vips: kmalloc'ed array or NULL
 * @uses: kmalloc'ed array or NULL
 * @peers: kmalloc'ed array or NULL
 * @routes: kmalloc'ed array or NULL
 */
struct hak_router_cfg {
	struct rcu_head rcu;
	char name[HAK_NAME_SIZE];
	char dev[IFNAMSIZ];
	char group[HAK_NAME_SIZE];
	u32 flags;
	u64 interval;
	u64 announce_interval;
	u64 preempt_delay;
	u64 start_delay;
	u64 announce_refresh;
	u32 down_adverts;
	u32 announce;
	u8 family;
	u8 version;
	u8 vrid;
	u8 priority;
	bool preempt;
	bool enable;
	enum hak_accept accept;
	enum hak_checksum checksum;
	bool vmac;
	u8 min_ttl;
	char pass[HAK_AUTH_SIZE];
	struct hak_ip source;
	u32 n_vips;
	u32 n_uses;
	u32 n_peers;
	u32 n_routes;
	struct hak_vip_cfg *vips;
	struct hak_use_cfg *uses;
	struct hak_ip *peers;
	struct hak_vroute_cfg *routes;
};

/**
 * hak_router_alen() - length of the addresses that a router advertises
 * @cfg: of the router
 */
static inline u8 hak_router_alen(const struct hak_router_cfg *cfg)
{
	return cfg->family == AF_INET ? HAK_IP4_LEN : HAK_IP6_LEN;
}

/**
 * hak_vip_advertised() - is an address in the adverts of its router?
 * @cfg: of the router
 * @vip: one of its addresses
 */
static inline bool hak_vip_advertised(const struct hak_router_cfg *cfg,
				      const struct hak_vip_cfg *vip)
{
	return vip->advert && vip->ip.len == hak_router_alen(cfg);
}

/**
 * hak_vroute_cfg_is() - is it the same route, whatever way it takes?
 * @a: one
 * @b: the other, of the same router
 */
static inline bool hak_vroute_cfg_is(const struct hak_vroute_cfg *a,
				     const struct hak_vroute_cfg *b)
{
	return hak_ip_equal(&a->prefix, &b->prefix) && a->plen == b->plen &&
	       a->table == b->table && a->metric == b->metric;
}

/**
 * hak_vroute_cfg_same() - are two routes the same in every word?
 * @a: one
 * @b: the other, of the same router
 */
static inline bool hak_vroute_cfg_same(const struct hak_vroute_cfg *a,
				       const struct hak_vroute_cfg *b)
{
	return hak_vroute_cfg_is(a, b) && hak_ip_equal(&a->via, &b->via) &&
	       hak_ip_equal(&a->src, &b->src) && !strcmp(a->dev, b->dev);
}

/**
 * struct hak_track_cfg - a track as configured
 * @name: 1-31 characters
 * @kind: what it looks at
 * @lease: ns, 0 none
 * @initial: DOWN or UP
 * @flags: HAK_TRACK_F_*
 * @dev: kind DEV; kind ROUTE: where it has to lead, or empty
 * @pool: kind POOL
 * @prefix: kind ROUTE: network order
 * @addr_len: bytes of @prefix
 * @plen: kind ROUTE: prefix length
 * @table: kind ROUTE
 */
struct hak_track_cfg {
	char name[HAK_NAME_SIZE];
	enum hak_track_kind kind;
	u64 lease;
	enum hak_track_state initial;
	u32 flags;
	char dev[IFNAMSIZ];
	char pool[HAK_NAME_SIZE];
	u8 prefix[16];
	u8 addr_len;
	u8 plen;
	u32 table;
};

/**
 * struct hak_group_cfg - a sync group as configured
 * @name: 1-31 characters
 * @n_uses: entries in @uses
 * @uses: its tracks
 */
struct hak_group_cfg {
	char name[HAK_NAME_SIZE];
	u32 n_uses;
	struct hak_use_cfg uses[HAK_ROUTER_TRACKS_MAX];
};

/**
 * struct hak_router_change - one router that a batch makes, changes or removes
 * @list: in struct hak_changes.routers
 * @router: the live one, or NULL to make one
 * @cfg: what it shall be, owned by the change until commit; NULL removes it
 * @prepared: private to kmod/vrrp, NULL before hak_vrrp_prepare()
 */
struct hak_router_change {
	struct list_head list;
	struct hak_router *router;
	struct hak_router_cfg *cfg;
	void *prepared;
};

/**
 * struct hak_track_change - one track that a batch makes, changes or removes
 * @list: in struct hak_changes.tracks
 * @track: the live one, or NULL to make one
 * @cfg: what it shall be
 * @remove: remove @track
 * @prepared: private to kmod/vrrp
 */
struct hak_track_change {
	struct list_head list;
	struct hak_track *track;
	struct hak_track_cfg cfg;
	bool remove;
	void *prepared;
};

/**
 * struct hak_group_change - one group that a batch makes, changes or removes
 * @list: in struct hak_changes.groups
 * @group: the live one, or NULL to make one
 * @cfg: what it shall be
 * @remove: remove @group
 * @prepared: private to kmod/vrrp
 */
struct hak_group_change {
	struct list_head list;
	struct hak_group *group;
	struct hak_group_cfg cfg;
	bool remove;
	void *prepared;
};

/**
 * struct hak_changes - a batch, staged and consistent in itself
 * @routers: struct hak_router_change.list; each router at most once
 * @tracks: struct hak_track_change.list; each track at most once
 * @groups: struct hak_group_change.list; each group at most once
 *
 * The maker has checked: names unique, (device, VRID, family) unique, every
 * track that a router or a group uses, and every group that a router is in,
 * exists afterwards, ranges, limits.
 */
struct hak_changes {
	struct list_head routers;
	struct list_head tracks;
	struct list_head groups;
};

/**
 * hak_router_cfg_new() - an empty configuration
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_router_cfg *hak_router_cfg_new(void);

/**
 * hak_router_cfg_dup() - a copy of a configuration
 * @cfg: to copy
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_router_cfg *hak_router_cfg_dup(const struct hak_router_cfg *cfg);

/**
 * hak_router_cfg_free() - free a configuration after a grace period
 * @cfg: or NULL
 *
 * Context: any.
 */
void hak_router_cfg_free(struct hak_router_cfg *cfg);

/**
 * hak_router_cfg_free_now() - free a configuration that nobody can see any more
 * @cfg: or NULL
 *
 * Context: any.
 */
void hak_router_cfg_free_now(struct hak_router_cfg *cfg);

/**
 * hak_vrrp_prepare() - get everything that a batch needs
 * @hn: namespace
 * @ch: the batch
 * @extack: sentence on failure (device without Ethernet, MTU too small for the
 *	address list, out of memory); a warning when a device is not there yet
 *
 * Context: process, RTNL and cfg_mutex held.
 * Return: 0, then exactly one of hak_vrrp_commit() and hak_vrrp_abort() has to
 * follow under the same locks; or an error, with nothing left behind but the
 * cfgs, which the caller still owns.
 */
int hak_vrrp_prepare(struct hak_net *hn, struct hak_changes *ch,
		     struct netlink_ext_ack *extack);

/**
 * hak_vrrp_commit() - publish a prepared batch
 * @hn: namespace
 * @ch: the batch; its cfgs belong to the routers now, the change structs still
 *	to the caller
 *
 * Sends the notifications of what it made, changed and removed.
 * Context: process, RTNL and cfg_mutex held; may wait for a grace period when
 * something is removed.
 */
void hak_vrrp_commit(struct hak_net *hn, struct hak_changes *ch);

/**
 * hak_vrrp_abort() - give back all that was prepared
 * @hn: namespace
 * @ch: the batch; its cfgs stay the caller's
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_vrrp_abort(struct hak_net *hn, struct hak_changes *ch);

/**
 * hak_router_find() - a live router by name
 * @hn: namespace
 * @name: exact
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 */
struct hak_router *hak_router_find(struct hak_net *hn, const char *name);

/**
 * hak_router_find_key() - a live router by what makes it unique
 * @hn: namespace
 * @dev: configured name of the device
 * @vrid: 1-255
 * @family: AF_INET or AF_INET6
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 */
struct hak_router *hak_router_find_key(struct hak_net *hn, const char *dev,
				       u8 vrid, u8 family);

/**
 * hak_router_next() - the routers in order of creation
 * @hn: namespace
 * @r: the one before, NULL for the first
 *
 * Context: cfg_mutex or RTNL held.
 * Return: NULL after the last.
 */
struct hak_router *hak_router_next(struct hak_net *hn, struct hak_router *r);

/**
 * hak_track_next() - the tracks in order of creation
 * @hn: namespace
 * @t: the one before, NULL for the first
 *
 * Context: cfg_mutex or RTNL held.
 * Return: NULL after the last.
 */
struct hak_track *hak_track_next(struct hak_net *hn, struct hak_track *t);

/**
 * hak_router_cfg() - configuration of a live router
 * @r: router
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 */
const struct hak_router_cfg *hak_router_cfg(const struct hak_router *r);

/**
 * hak_track_find() - a live track by name
 * @hn: namespace
 * @name: exact
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 * Return: NULL when there is none.
 */
struct hak_track *hak_track_find(struct hak_net *hn, const char *name);

/**
 * hak_track_cfg() - configuration of a live track
 * @t: track
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 */
const struct hak_track_cfg *hak_track_cfg(const struct hak_track *t);

/**
 * hak_group_find() - a live group by name
 * @hn: namespace
 * @name: exact
 *
 * Context: cfg_mutex or RTNL held, or RCU read side.
 * Return: NULL when there is none.
 */
struct hak_group *hak_group_find(struct hak_net *hn, const char *name);

/**
 * hak_group_next() - the groups in order of creation
 * @hn: namespace
 * @g: the one before, NULL for the first
 *
 * Context: cfg_mutex or RTNL held.
 * Return: NULL after the last.
 */
struct hak_group *hak_group_next(struct hak_net *hn, struct hak_group *g);

/**
 * hak_group_cfg() - configuration of a live group
 * @g: group
 *
 * Context: cfg_mutex or RTNL held; the name alone under RCU, too.
 */
const struct hak_group_cfg *hak_group_cfg(const struct hak_group *g);

#endif /* HAK_VRRP_CONFIG_H */
