// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has to hold for the configuration as a whole, whatever the order of the
 * operations that led to it.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../pernet.h"
#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"

#define OWNER	255

static int check_counts(struct hak_nl_batch *b)
{
	const struct nlattr *router = NULL, *track = NULL;
	unsigned int routers = b->hn->n_routers, tracks = b->hn->n_tracks;
	const struct hak_nl_router *r;
	const struct hak_nl_track *t;

	list_for_each_entry(r, &b->routers, list) {
		routers += !!r->ch.cfg - !!r->ch.router;
		router = r->ch.router ? router : r->attr;
	}
	list_for_each_entry(t, &b->tracks, list) {
		tracks += !t->gone - !!t->ch.track;
		track = t->ch.track ? track : t->attr;
	}
	if (routers > HAK_ROUTERS_MAX)
		return hak_nl_refuse(b->extack, router, -ENOSPC,
				     "%u routers, a namespace may have %u",
				     routers, HAK_ROUTERS_MAX);
	if (tracks > HAK_TRACKS_MAX)
		return hak_nl_refuse(b->extack, track, -ENOSPC,
				     "%u tracks, a namespace may have %u",
				     tracks, HAK_TRACKS_MAX);
	return 0;
}

static int check_key(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	const struct hak_nl_router *other = hak_nl_batch_same_key(b, e);
	const struct hak_router *live;
	const char *name = NULL;

	if (other) {
		name = other->name;
	} else {
		live = hak_router_find_key(b->hn, e->dev, e->vrid, e->family);
		if (live && !hak_nl_batch_staged(b, live))
			name = hak_router_cfg(live)->name;
	}
	if (!name)
		return 0;
	return hak_nl_refuse(b->extack, e->attr, -EEXIST,
			     "router %s has dev %s vrid %u already",
			     name, e->dev, e->vrid);
}

static bool track_will_exist(struct hak_nl_batch *b, const char *name)
{
	int fate = hak_nl_batch_track_fate(b, name);

	return fate < 0 ? !!hak_track_find(b->hn, name) : fate;
}

static int check_track(struct hak_nl_batch *b, const struct nlattr *attr,
		       const char *track, const char *kind, const char *who)
{
	if (track_will_exist(b, track))
		return 0;
	if (hak_nl_batch_track_fate(b, track) == 0)
		return hak_nl_refuse(b->extack, attr, -EBUSY,
				     "track %s is used by %s %s; change or delete that first",
				     track, kind, who);
	return hak_nl_refuse(b->extack, attr, -ENOENT,
			     "track %s of %s %s: no such track", track, kind, who);
}

static int check_group_of(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	const struct hak_router_cfg *cfg = e->ch.cfg;
	const struct hak_nl_group *g;

	if (!cfg->group[0])
		return 0;
	if (cfg->priority == OWNER)
		return hak_nl_refuse(b->extack, e->attr, -EINVAL,
				     "router %s has priority 255 and owns its addresses: it cannot be in group %s",
				     cfg->name, cfg->group);
	g = hak_nl_batch_group_fate(b, cfg->group);
	if (g ? !g->gone : !!hak_group_find(b->hn, cfg->group))
		return 0;
	if (g)
		return hak_nl_refuse(b->extack, e->attr, -EBUSY,
				     "group %s is used by router %s; delete or move that first",
				     cfg->group, cfg->name);
	return hak_nl_refuse(b->extack, e->attr, -ENOENT,
			     "group %s of router %s: no such group", cfg->group,
			     cfg->name);
}

static int check_group(struct hak_nl_batch *b, const struct hak_nl_group *e)
{
	const struct hak_group_cfg *cfg = &e->ch.cfg;
	struct hak_router *r;
	int err = 0;
	u32 i;

	for (i = 0; !e->gone && i < cfg->n_uses && !err; i++)
		err = check_track(b, e->attr, cfg->uses[i].name, "group", cfg->name);
	if (!e->gone)
		return err;
	for (r = hak_router_next(b->hn, NULL); r; r = hak_router_next(b->hn, r))
		if (!strcmp(hak_router_cfg(r)->group, cfg->name) &&
		    !hak_nl_batch_staged(b, r))
			return hak_nl_refuse(b->extack, e->attr, -EBUSY,
					     "group %s is used by router %s; delete or move that first",
					     cfg->name, hak_router_cfg(r)->name);
	return 0;
}

static int check_groups(struct hak_nl_batch *b)
{
	unsigned int groups = b->hn->n_groups;
	const struct nlattr *attr = NULL;
	const struct hak_nl_group *e;
	int err;

	list_for_each_entry(e, &b->groups, list) {
		err = check_group(b, e);
		if (err)
			return err;
		groups += !e->gone - !!e->ch.group;
		attr = e->ch.group ? attr : e->attr;
	}
	if (groups <= HAK_GROUPS_MAX)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ENOSPC,
			     "%u groups, a namespace may have %u", groups,
			     HAK_GROUPS_MAX);
}

static int check_uses(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	const struct hak_router_cfg *cfg = e->ch.cfg;
	const struct hak_use_cfg *use;
	int err;
	u32 i;

	for (i = 0; i < cfg->n_uses; i++) {
		use = &cfg->uses[i];
		err = check_track(b, e->attr, use->name, "router", cfg->name);
		if (err)
			return err;
		/* 255 means that the addresses are ours: nothing to weigh. */
		if (use->weighted && cfg->priority == OWNER)
			return hak_nl_refuse(b->extack, e->attr, -EINVAL,
					     "router %s has priority 255 and owns its addresses: track %s cannot have a weight",
					     cfg->name, use->name);
	}
	return 0;
}

/* A live router that the batch leaves alone and that uses a track which goes. */
static int check_bystander(struct hak_nl_batch *b, const struct hak_nl_track *t)
{
	const struct hak_router_cfg *cfg;
	const struct hak_group_cfg *gcfg;
	struct hak_router *r;
	struct hak_group *g;
	u32 i;

	for (g = hak_group_next(b->hn, NULL); g; g = hak_group_next(b->hn, g)) {
		gcfg = hak_group_cfg(g);
		for (i = 0; i < gcfg->n_uses; i++)
			if (!strcmp(gcfg->uses[i].name, t->ch.cfg.name))
				break;
		if (i < gcfg->n_uses && !hak_nl_batch_group_fate(b, gcfg->name))
			return hak_nl_refuse(b->extack, t->attr, -EBUSY,
					     "track %s is used by group %s; change or delete that first",
					     t->ch.cfg.name, gcfg->name);
	}
	for (r = hak_router_next(b->hn, NULL); r; r = hak_router_next(b->hn, r)) {
		cfg = hak_router_cfg(r);
		for (i = 0; i < cfg->n_uses; i++)
			if (!strcmp(cfg->uses[i].name, t->ch.cfg.name))
				break;
		if (i < cfg->n_uses && !hak_nl_batch_staged(b, r))
			return hak_nl_refuse(b->extack, t->attr, -EBUSY,
					     "track %s is used by router %s; change or delete that first",
					     t->ch.cfg.name, cfg->name);
	}
	return 0;
}

static int check_removed_tracks(struct hak_nl_batch *b)
{
	const struct hak_nl_track *t;
	struct hak_track_info info;
	int err;

	list_for_each_entry(t, &b->tracks, list) {
		if (!t->gone)
			continue;
		hak_track_info(t->ch.track, &info);
		err = info.users ? check_bystander(b, t) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* In thousandths of an advert a second. */
static u64 rate(const struct hak_router_cfg *cfg)
{
	return div64_u64(1000ULL * NSEC_PER_SEC, cfg->interval);
}

static int check_rate(struct hak_nl_batch *b)
{
	const struct hak_nl_router *e;
	const struct nlattr *attr = NULL;
	struct hak_router *r;
	u64 sum = 0;

	for (r = hak_router_next(b->hn, NULL); r; r = hak_router_next(b->hn, r))
		sum += rate(hak_router_cfg(r));
	list_for_each_entry(e, &b->routers, list) {
		if (e->ch.router)
			sum -= rate(hak_router_cfg(e->ch.router));
		if (e->ch.cfg) {
			sum += rate(e->ch.cfg);
			attr = e->attr;
		}
	}
	if (!attr || sum <= 1000ULL * HAK_ADVERT_RATE_MAX)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ENOSPC,
			     "the routers of this namespace would send %llu adverts a second, the limit is %u",
			     div_u64(sum + 999, 1000), HAK_ADVERT_RATE_MAX);
}

/**
 * struct addr_entry - an address of a router that the batch makes or changes
 * @node: in addr_table.buckets
 * @router: its router
 * @ip: address
 */
struct addr_entry {
	struct hlist_node node;
	const struct hak_nl_router *router;
	struct hak_ip ip;
};

/**
 * struct addr_table - all of them
 * @bits: log2 of the number of buckets
 * @n: entries used
 * @buckets: by address
 * @entries: room for them
 */
struct addr_table {
	unsigned int bits;
	u32 n;
	struct hlist_head *buckets;
	struct addr_entry *entries;
};

static struct hlist_head *addr_bucket(struct addr_table *t,
				      const struct hak_ip *ip)
{
	return &t->buckets[hash_32(jhash2(ip->w, 4, 0), t->bits)];
}

static const struct addr_entry *addr_find(struct addr_table *t,
					  const struct hak_ip *ip)
{
	const struct addr_entry *e;

	hlist_for_each_entry(e, addr_bucket(t, ip), node)
		if (hak_ip_equal(&e->ip, ip))
			return e;
	return NULL;
}

static int addr_twice(struct hak_nl_batch *b, const struct nlattr *attr,
		      const struct hak_ip *ip, const char *one,
		      const char *other)
{
	char text[HAK_IP_TEXT];

	return hak_nl_refuse(b->extack, attr, -EEXIST,
			     "%s of router %s is an address of router %s already",
			     hak_text_ip(ip, text), one, other);
}

static int addr_collect(struct hak_nl_batch *b, struct addr_table *t)
{
	const struct hak_nl_router *r;
	const struct addr_entry *other;
	struct addr_entry *e;
	u32 i;

	list_for_each_entry(r, &b->routers, list) {
		for (i = 0; r->ch.cfg && i < r->ch.cfg->n_vips; i++) {
			if (r->ch.cfg->vips[i].made)
				continue;
			e = &t->entries[t->n++];
			e->router = r;
			e->ip = r->ch.cfg->vips[i].ip;
			other = addr_find(t, &e->ip);
			if (other)
				return addr_twice(b, r->attr, &e->ip, r->name,
						  other->router->name);
			hlist_add_head(&e->node, addr_bucket(t, &e->ip));
		}
		cond_resched();
	}
	return 0;
}

static int addr_compare(struct hak_nl_batch *b, struct addr_table *t)
{
	const struct hak_router_cfg *cfg;
	const struct addr_entry *e;
	struct hak_router *r;
	u32 i;

	for (r = hak_router_next(b->hn, NULL); r; r = hak_router_next(b->hn, r)) {
		if (hak_nl_batch_staged(b, r))
			continue;
		cfg = hak_router_cfg(r);
		for (i = 0; i < cfg->n_vips; i++) {
			e = addr_find(t, &cfg->vips[i].ip);
			if (e)
				return addr_twice(b, e->router->attr, &e->ip,
						  e->router->name, cfg->name);
		}
		cond_resched();
	}
	return 0;
}

/* No address may be on two routers, or two Active routers answer for it. */
static int check_addresses(struct hak_nl_batch *b)
{
	const struct hak_nl_router *r;
	struct addr_table t = {};
	u32 n = 0;
	int err = -ENOMEM;

	list_for_each_entry(r, &b->routers, list)
		n += r->ch.cfg ? r->ch.cfg->n_vips : 0;
	if (!n)
		return 0;
	t.bits = clamp_t(unsigned int, fls(n), 2, 16);
	t.buckets = kvcalloc(1U << t.bits, sizeof(*t.buckets), GFP_KERNEL_ACCOUNT);
	t.entries = kvcalloc(n, sizeof(*t.entries), GFP_KERNEL_ACCOUNT);
	if (t.buckets && t.entries) {
		err = addr_collect(b, &t);
		if (!err)
			err = addr_compare(b, &t);
	}
	kvfree(t.entries);
	kvfree(t.buckets);
	return err;
}

static int check_interval(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	const struct hak_router_cfg *cfg = e->ch.cfg;
	u32 rest;

	if (cfg->version == 3 &&
	    cfg->interval > HAK_VRRP_INTERVAL_MAX * HAK_NSEC_PER_CSEC)
		return hak_nl_refuse(b->extack, e->attr, -ERANGE,
				     "the interval of router %s is 10 ms to 40.95 s",
				     cfg->name);
	div_u64_rem(cfg->interval, NSEC_PER_SEC, &rest);
	if (cfg->version == 3 || !rest)
		return 0;
	return hak_nl_refuse(b->extack, e->attr, -EINVAL,
			     "version 2 needs whole seconds, the interval of router %s is %llu ms",
			     cfg->name, div_u64(cfg->interval, NSEC_PER_MSEC));
}

static const char *bad_peers(const struct hak_router_cfg *cfg)
{
	u8 alen = hak_router_alen(cfg);
	u32 i;

	for (i = 0; i < cfg->n_peers; i++)
		if (cfg->peers[i].len != alen)
			return "a peer of router %s has not its family";
	if (cfg->source.len && cfg->source.len != alen)
		return "the source of router %s has not its family";
	if (cfg->source.len == HAK_IP6_LEN && !cfg->n_peers &&
	    !hak_ip_link_local(cfg->source.b))
		return "the source of router %s has to be link-local, or it needs peers";
	if (cfg->vmac && cfg->n_peers)
		return "router %s: peers get adverts from the device's own MAC, not with vmac on";
	if (cfg->min_ttl < HAK_VRRP_TTL && !cfg->n_peers)
		return "router %s needs peers for a min-ttl below 255";
	return NULL;
}

/* What the words of a router say together; a format for its name, or NULL. */
static const char *bad_words(const struct hak_router_cfg *cfg)
{
	if (cfg->version == 2 && cfg->family == AF_INET6)
		return "router %s: version 2 has no IPv6";
	if (cfg->version == 3 && cfg->pass[0])
		return "router %s: auth-pass needs version 2";
	if (cfg->checksum != HAK_CHECKSUM_AUTO &&
	    (cfg->version == 2 || cfg->family == AF_INET6))
		return "router %s: only version 3 of IPv4 has a choice of checksum";
	return bad_peers(cfg);
}

/* Is there anything of IPv6 about a router? */
static bool wants_ipv6(const struct hak_router_cfg *cfg)
{
	u32 i;

	for (i = 0; i < cfg->n_vips; i++)
		if (cfg->vips[i].ip.len == HAK_IP6_LEN)
			return true;
	for (i = 0; i < cfg->n_routes; i++)
		if (cfg->routes[i].prefix.len == HAK_IP6_LEN)
			return true;
	return cfg->family == AF_INET6;
}

static int check_words(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	const char *bad = bad_words(e->ch.cfg);
	char text[128];

	if (!bad && !hak_vrrp_has_ipv6() && wants_ipv6(e->ch.cfg))
		return hak_nl_refuse(b->extack, e->attr, -EAFNOSUPPORT,
				     "router %s: IPv6 is switched off on this machine",
				     e->name);
	if (!bad)
		return check_interval(b, e);
	snprintf(text, sizeof(text), bad, e->name);
	return hak_nl_refuse(b->extack, e->attr, -EINVAL, "%s", text);
}

static int check_router(struct hak_nl_batch *b, const struct hak_nl_router *e)
{
	int err = 0;

	if (!e->ch.cfg)
		return 0;
	if (!e->ch.router)
		err = check_key(b, e);
	if (!err)
		err = check_group_of(b, e);
	if (!err)
		err = check_words(b, e);
	return err ?: check_uses(b, e);
}

int hak_nl_check(struct hak_nl_batch *b)
{
	const struct hak_nl_router *e;
	int err;

	list_for_each_entry(e, &b->routers, list) {
		err = check_router(b, e);
		if (err)
			return err;
	}
	err = check_removed_tracks(b);
	if (!err)
		err = check_groups(b);
	if (!err)
		err = check_counts(b);
	if (!err && !list_empty(&b->routers))
		err = check_rate(b);
	if (!err)
		err = check_addresses(b);
	return err ?: hak_nl_check_lb(b);
}
