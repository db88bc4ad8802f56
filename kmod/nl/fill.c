// SPDX-License-Identifier: GPL-2.0-only
#include "fill.h"

#include <linux/etherdevice.h>
#include <linux/socket.h>

#include "../pernet.h"
#include "../version.h"

/* u32, u64 with its padding, a name, a reason: with header and alignment. */
#define U32_ROOM	8
#define U64_ROOM	16
#define NAME_ROOM	(NLA_HDRLEN + HAK_NAME_SIZE)
#define TEXT_ROOM	(NLA_HDRLEN + HAK_REASON_SIZE)
#define IP_ROOM		(NLA_HDRLEN + HAK_IP6_LEN)
#define VIP_ROOM	(NLA_HDRLEN + IP_ROOM + 3 * U32_ROOM +		\
			 2 * NLA_HDRLEN + HAK_LABEL_SIZE + IFNAMSIZ)
#define USE_ROOM	(NLA_HDRLEN + NAME_ROOM + 3 * U32_ROOM)
#define STATS_ROOM	(NLA_HDRLEN + (HAK_N_STATS + __HAK_DROP_MAX) * U64_ROOM)
#define ACTIVE_ROOM(alen) (NLA_HDRLEN + 6 * U64_ROOM + IP_ROOM +		\
			   HAK_VIPS_MAX * (NLA_HDRLEN + (alen)))

size_t hak_nl_router_room(const struct hak_router_cfg *cfg)
{
	return HAK_NL_MSG_ROOM + 3 * NAME_ROOM + 23 * U32_ROOM + 8 * U64_ROOM +
	       TEXT_ROOM + 2 * IP_ROOM + NLA_HDRLEN + cfg->n_peers * IP_ROOM +
	       NLA_HDRLEN + sizeof(cfg->pass) + STATS_ROOM +
	       ACTIVE_ROOM(hak_router_alen(cfg)) +
	       NLA_HDRLEN + cfg->n_vips * VIP_ROOM +
	       NLA_HDRLEN + cfg->n_uses * USE_ROOM;
}

void *hak_nl_put(struct sk_buff *skb, const struct hak_net *hn, u32 portid,
		 u32 seq, int flags, u8 cmd)
{
	void *hdr = genlmsg_put(skb, portid, seq, &hak_nl_family, flags, cmd);

	if (!hdr)
		return NULL;
	if (!nla_put_u32(skb, HAK_A_GENERATION, READ_ONCE(hn->generation)))
		return hdr;
	genlmsg_cancel(skb, hdr);
	return NULL;
}

static int put_router_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, HAK_A_ROUTER_PAD);
}

static int put_words(struct sk_buff *skb, const struct hak_router_cfg *cfg)
{
	if (nla_put_string(skb, HAK_A_ROUTER_NAME, cfg->name) ||
	    nla_put_string(skb, HAK_A_ROUTER_DEV, cfg->dev) ||
	    nla_put_u32(skb, HAK_A_ROUTER_VRID, cfg->vrid) ||
	    nla_put_u32(skb, HAK_A_ROUTER_FAMILY, cfg->family) ||
	    nla_put_u32(skb, HAK_A_ROUTER_VERSION, cfg->version) ||
	    nla_put_u32(skb, HAK_A_ROUTER_PRIORITY, cfg->priority) ||
	    put_router_u64(skb, HAK_A_ROUTER_INTERVAL, cfg->interval) ||
	    nla_put_u32(skb, HAK_A_ROUTER_PREEMPT, cfg->preempt) ||
	    nla_put_u32(skb, HAK_A_ROUTER_DOWN_ADVERTS, cfg->down_adverts) ||
	    nla_put_u32(skb, HAK_A_ROUTER_ENABLE, cfg->enable) ||
	    nla_put_u32(skb, HAK_A_ROUTER_ACCEPT, cfg->accept) ||
	    nla_put_u32(skb, HAK_A_ROUTER_CHECKSUM, cfg->checksum) ||
	    nla_put_u32(skb, HAK_A_ROUTER_ANNOUNCE, cfg->announce) ||
	    put_router_u64(skb, HAK_A_ROUTER_ANNOUNCE_INTERVAL,
			   cfg->announce_interval) ||
	    put_router_u64(skb, HAK_A_ROUTER_PREEMPT_DELAY,
			   cfg->preempt_delay) ||
	    put_router_u64(skb, HAK_A_ROUTER_START_DELAY, cfg->start_delay) ||
	    (cfg->group[0] &&
	     nla_put_string(skb, HAK_A_ROUTER_GROUP, cfg->group)) ||
	    put_router_u64(skb, HAK_A_ROUTER_ANNOUNCE_REFRESH,
			   cfg->announce_refresh) ||
	    nla_put_u32(skb, HAK_A_ROUTER_MIN_TTL, cfg->min_ttl) ||
	    nla_put_u32(skb, HAK_A_ROUTER_VMAC, cfg->vmac) ||
	    hak_nl_put_ip(skb, HAK_A_ROUTER_SOURCE, &cfg->source) ||
	    nla_put_u32(skb, HAK_A_ROUTER_FLAGS, cfg->flags))
		return -EMSGSIZE;
	return 0;
}

static int put_secrets(struct sk_buff *skb, const struct hak_router_cfg *cfg,
		       bool secrets)
{
	if (!secrets || !cfg->pass[0])
		return 0;
	return nla_put_string(skb, HAK_A_ROUTER_AUTH_PASS, cfg->pass);
}

static int put_peers(struct sk_buff *skb, const struct hak_router_cfg *cfg)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTER_PEERS);
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_peers; i++)
		if (hak_nl_put_ip(skb, HAK_A_ROUTER_PEER, &cfg->peers[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @type: of the nest, HAK_A_ROUTER_TRACK or HAK_A_GROUP_TRACK. */
static int put_use(struct sk_buff *skb, int type, const struct hak_use_cfg *use,
		   struct hak_use_info info)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, HAK_A_ROUTER_TRACK_NAME, use->name) ||
	    (use->weighted &&
	     nla_put_s32(skb, HAK_A_ROUTER_TRACK_WEIGHT, use->weight)) ||
	    nla_put_u32(skb, HAK_A_ROUTER_TRACK_STATE, info.state) ||
	    nla_put_s32(skb, HAK_A_ROUTER_TRACK_APPLIED, info.applied))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_uses(struct sk_buff *skb, const struct hak_router *r,
		    const struct hak_router_cfg *cfg)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTER_TRACKS);
	struct hak_use_info info;
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_uses; i++) {
		hak_router_use_info(r, i, &info);
		if (put_use(skb, HAK_A_ROUTER_TRACK, &cfg->uses[i], info))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_state(struct sk_buff *skb, const struct hak_router_info *info)
{
	if (nla_put_u32(skb, HAK_A_ROUTER_STATE, info->state) ||
	    put_router_u64(skb, HAK_A_ROUTER_SINCE, info->since) ||
	    nla_put_string(skb, HAK_A_ROUTER_REASON, info->reason) ||
	    nla_put_u32(skb, HAK_A_ROUTER_EFFECTIVE_PRIORITY,
			info->effective_priority) ||
	    nla_put_u32(skb, HAK_A_ROUTER_IFINDEX, info->ifindex) ||
	    hak_nl_put_ip(skb, HAK_A_ROUTER_PRIMARY, &info->primary) ||
	    (!is_zero_ether_addr(info->mac) &&
	     nla_put(skb, HAK_A_ROUTER_MAC, ETH_ALEN, info->mac)) ||
	    nla_put_u32(skb, HAK_A_ROUTER_CHECKSUM_SENT, info->checksum_sent) ||
	    (info->resigned &&
	     put_router_u64(skb, HAK_A_ROUTER_RESIGNED, info->resigned_left)))
		return -EMSGSIZE;
	return 0;
}

static int put_active(struct sk_buff *skb, const struct hak_router_info *info)
{
	struct nlattr *nest;
	u32 i;

	if (!info->active_known)
		return 0;
	nest = nla_nest_start(skb, HAK_A_ROUTER_ACTIVE);
	if (!nest ||
	    hak_nl_put_ip(skb, HAK_A_ACTIVE_ADDRESS, &info->active_ip) ||
	    nla_put(skb, HAK_A_ACTIVE_MAC, ETH_ALEN, info->active_mac) ||
	    nla_put_u32(skb, HAK_A_ACTIVE_PRIORITY, info->active_priority) ||
	    nla_put_u64_64bit(skb, HAK_A_ACTIVE_HEARD, info->active_heard,
			      HAK_A_ACTIVE_PAD) ||
	    nla_put_u64_64bit(skb, HAK_A_ACTIVE_INTERVAL, info->active_interval,
			      HAK_A_ACTIVE_PAD) ||
	    nla_put_u32(skb, HAK_A_ACTIVE_CHECKSUM, info->active_checksum))
		return -EMSGSIZE;
	for (i = 0; i < info->active_count; i++)
		if (nla_put(skb, HAK_A_ACTIVE_VIP, info->active_ip.len,
			    &info->active_vips[i * info->active_ip.len]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_stats(struct sk_buff *skb, const struct hak_router_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTER_STATS);
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = HAK_A_STAT_PAD + 1; i < HAK_N_STATS; i++)
		if (nla_put_u64_64bit(skb, i, info->stats[i], HAK_A_STAT_PAD))
			return -EMSGSIZE;
	for (i = HAK_DROP_NONE + 1; i < __HAK_DROP_MAX; i++)
		if (nla_put_u64_64bit(skb, HAK_A_STAT_DROP_BASE + i,
				      info->drops[i], HAK_A_STAT_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What an address is, without what its router is. */
static int put_vip(struct sk_buff *skb, const struct hak_router *r,
		   const struct hak_vip_cfg *vip, u32 i, bool in_router)
{
	if (hak_nl_put_ip(skb, HAK_A_VIP_ADDRESS, &vip->ip) ||
	    nla_put_u32(skb, HAK_A_VIP_PREFIX_LEN, vip->plen) ||
	    (vip->label[0] &&
	     nla_put_string(skb, HAK_A_VIP_LABEL, vip->label)) ||
	    (vip->dev[0] && in_router &&
	     nla_put_string(skb, HAK_A_VIP_DEV, vip->dev)) ||
	    nla_put_u32(skb, HAK_A_VIP_ADVERT, vip->advert) ||
	    nla_put_u32(skb, HAK_A_VIP_INSTALLED,
			hak_router_vip_installed(r, i)))
		return -EMSGSIZE;
	return 0;
}

static int put_vips(struct sk_buff *skb, const struct hak_router *r,
		    const struct hak_router_cfg *cfg)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTER_VIPS);
	struct nlattr *vip;
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < cfg->n_vips; i++) {
		if (cfg->vips[i].made)
			continue;
		vip = nla_nest_start(skb, HAK_A_ROUTER_VIP);
		if (!vip || put_vip(skb, r, &cfg->vips[i], i, true))
			return -EMSGSIZE;
		nla_nest_end(skb, vip);
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_router() - append a router
 * @skb: message
 * @r: router
 * @info: scratch space, too large for the stack
 * @secrets: with its password; only for who may change it
 *
 * Context: any but hard irq; RCU read side or cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_router(struct sk_buff *skb, struct hak_router *r,
		       struct hak_router_info *info, bool secrets)
{
	const struct hak_router_cfg *cfg;
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTER);
	int err = -EMSGSIZE;

	if (!nest)
		return err;
	hak_router_info(r, info);
	/* From here on one configuration, whatever is published meanwhile. */
	rcu_read_lock();
	cfg = hak_router_cfg(r);
	if (!put_words(skb, cfg) && !put_secrets(skb, cfg, secrets) &&
	    !put_peers(skb, cfg) &&
	    !put_uses(skb, r, cfg) &&
	    !put_state(skb, info) && !put_active(skb, info) &&
	    !put_stats(skb, info) && !put_vips(skb, r, cfg))
		err = 0;
	rcu_read_unlock();
	if (!err)
		nla_nest_end(skb, nest);
	return err;
}

/**
 * hak_nl_fill_vip() - append one address of a router
 * @skb: message
 * @r: router
 * @i: number of the address in its configuration
 *
 * Context: cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_vip(struct sk_buff *skb, struct hak_router *r, u32 i)
{
	const struct hak_router_cfg *cfg = hak_router_cfg(r);
	struct nlattr *nest = nla_nest_start(skb, HAK_A_VIP);
	int err;

	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	err = put_vip(skb, r, &cfg->vips[i], i, false);
	rcu_read_unlock();
	if (err ||
	    nla_put_string(skb, HAK_A_VIP_ROUTER, cfg->name) ||
	    nla_put_string(skb, HAK_A_VIP_DEV, cfg->vips[i].dev[0] ?
			   cfg->vips[i].dev : cfg->dev) ||
	    nla_put_u32(skb, HAK_A_VIP_VRID, cfg->vrid))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_route() - append one route of a router
 * @skb: message
 * @r: router
 * @cfg: its route
 * @installed: it is in its table
 *
 * Context: RCU read side or cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_route(struct sk_buff *skb, const struct hak_router *r,
		      const struct hak_vroute_cfg *cfg, bool installed)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ROUTE);

	if (!nest || hak_nl_put_ip(skb, HAK_A_ROUTE_PREFIX, &cfg->prefix) ||
	    nla_put_u32(skb, HAK_A_ROUTE_PREFIX_LEN, cfg->plen) ||
	    nla_put_string(skb, HAK_A_ROUTE_ROUTER, hak_router_cfg(r)->name) ||
	    (cfg->via.len && hak_nl_put_ip(skb, HAK_A_ROUTE_VIA, &cfg->via)) ||
	    (cfg->dev[0] && nla_put_string(skb, HAK_A_ROUTE_DEV, cfg->dev)) ||
	    (cfg->src.len && hak_nl_put_ip(skb, HAK_A_ROUTE_SRC, &cfg->src)) ||
	    nla_put_u32(skb, HAK_A_ROUTE_TABLE, cfg->table) ||
	    nla_put_u32(skb, HAK_A_ROUTE_METRIC, cfg->metric) ||
	    nla_put_u32(skb, HAK_A_ROUTE_INSTALLED, installed))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What a track looks at that nobody reports on. */
static int put_target(struct sk_buff *skb, const struct hak_track_cfg *cfg)
{
	if ((cfg->dev[0] && nla_put_string(skb, HAK_A_TRACK_DEV, cfg->dev)) ||
	    (cfg->pool[0] && nla_put_string(skb, HAK_A_TRACK_POOL, cfg->pool)))
		return -EMSGSIZE;
	if (cfg->kind != HAK_TRACK_ROUTE)
		return 0;
	if (nla_put(skb, HAK_A_TRACK_PREFIX, cfg->addr_len, cfg->prefix) ||
	    nla_put_u32(skb, HAK_A_TRACK_PREFIX_LEN, cfg->plen) ||
	    nla_put_u32(skb, HAK_A_TRACK_TABLE, cfg->table))
		return -EMSGSIZE;
	return 0;
}

static int put_track(struct sk_buff *skb, const struct hak_track_cfg *cfg,
		     const struct hak_track_info *info)
{
	if (nla_put_string(skb, HAK_A_TRACK_NAME, cfg->name) ||
	    nla_put_u32(skb, HAK_A_TRACK_KIND, cfg->kind) ||
	    nla_put_u64_64bit(skb, HAK_A_TRACK_LEASE, cfg->lease,
			      HAK_A_TRACK_PAD) ||
	    nla_put_u32(skb, HAK_A_TRACK_INITIAL, cfg->initial) ||
	    nla_put_u32(skb, HAK_A_TRACK_FLAGS, cfg->flags) ||
	    nla_put_u32(skb, HAK_A_TRACK_STATE, info->state) ||
	    (info->state == HAK_TRACK_VALUE &&
	     nla_put_s32(skb, HAK_A_TRACK_VALUE, info->value)) ||
	    nla_put_string(skb, HAK_A_TRACK_REASON, info->reason) ||
	    (info->reported_known &&
	     nla_put_u64_64bit(skb, HAK_A_TRACK_REPORTED, info->reported,
			       HAK_A_TRACK_PAD)) ||
	    nla_put_u32(skb, HAK_A_TRACK_EXPIRED, info->expired) ||
	    nla_put_u32(skb, HAK_A_TRACK_USERS, info->users))
		return -EMSGSIZE;
	return put_target(skb, cfg);
}

/**
 * hak_nl_fill_track() - append a track
 * @skb: message
 * @t: track
 * @info: filled
 *
 * Context: any but hard irq; RCU read side or cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_track(struct sk_buff *skb, struct hak_track *t,
		      struct hak_track_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_TRACK);

	if (!nest)
		return -EMSGSIZE;
	hak_track_info(t, info);
	if (put_track(skb, hak_track_cfg(t), info))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_group_uses(struct sk_buff *skb, struct hak_group *g)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_GROUP_TRACKS);
	struct hak_use_info info;
	struct hak_use_cfg use;
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; hak_group_use(g, i, &use, &info); i++)
		if (put_use(skb, HAK_A_GROUP_TRACK, &use, info))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_group() - append a group
 * @skb: message
 * @g: group
 *
 * Context: any but hard irq; RCU read side or cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_group(struct sk_buff *skb, struct hak_group *g)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_GROUP);
	struct hak_group_info info;

	hak_group_info(g, &info);
	if (!nest ||
	    nla_put_string(skb, HAK_A_GROUP_NAME, hak_group_cfg(g)->name) ||
	    put_group_uses(skb, g) ||
	    (info.state && nla_put_u32(skb, HAK_A_GROUP_STATE, info.state)) ||
	    nla_put_u32(skb, HAK_A_GROUP_ROUTERS, info.routers))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_history() - append one change of state of a router
 * @skb: message
 * @r: router
 * @rec: the change
 *
 * Context: cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_history(struct sk_buff *skb, struct hak_router *r,
			const struct hak_change_rec *rec)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_HISTORY);

	if (!nest ||
	    nla_put_string(skb, HAK_A_HISTORY_ROUTER, hak_router_cfg(r)->name) ||
	    nla_put_u64_64bit(skb, HAK_A_HISTORY_SEQ, rec->seq,
			      HAK_A_HISTORY_PAD) ||
	    nla_put_u64_64bit(skb, HAK_A_HISTORY_TIME, rec->time,
			      HAK_A_HISTORY_PAD) ||
	    nla_put_u32(skb, HAK_A_HISTORY_FROM, rec->from) ||
	    nla_put_u32(skb, HAK_A_HISTORY_TO, rec->to) ||
	    nla_put_string(skb, HAK_A_HISTORY_REASON, rec->reason))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_alarm(struct sk_buff *skb, const struct hak_alarm_rec *rec)
{
	if (nla_put_u32(skb, HAK_A_ALARM_KIND, rec->kind) ||
	    hak_nl_put_ip(skb, HAK_A_ALARM_ADDRESS, &rec->ip) ||
	    (!is_zero_ether_addr(rec->mac) &&
	     nla_put(skb, HAK_A_ALARM_MAC, ETH_ALEN, rec->mac)) ||
	    nla_put_u64_64bit(skb, HAK_A_ALARM_COUNT, rec->count,
			      HAK_A_ALARM_PAD) ||
	    nla_put_u64_64bit(skb, HAK_A_ALARM_FIRST, rec->first,
			      HAK_A_ALARM_PAD) ||
	    nla_put_u64_64bit(skb, HAK_A_ALARM_LAST, rec->last,
			      HAK_A_ALARM_PAD) ||
	    nla_put_string(skb, HAK_A_ALARM_TEXT, rec->text))
		return -EMSGSIZE;
	return 0;
}

/**
 * hak_nl_fill_alarm() - append an alarm
 * @skb: message
 * @r: whose it is, or NULL
 * @t: whose it is, or NULL
 * @rec: the alarm
 *
 * Context: any; RCU read side or cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_alarm(struct sk_buff *skb, const struct hak_router *r,
		      const struct hak_track *t,
		      const struct hak_alarm_rec *rec)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_ALARM);

	if (!nest ||
	    (r && nla_put_string(skb, HAK_A_ALARM_ROUTER,
				 hak_router_cfg(r)->name)) ||
	    (t && nla_put_string(skb, HAK_A_ALARM_TRACK,
				 hak_track_cfg(t)->name)) ||
	    put_alarm(skb, rec))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * hak_nl_fill_config() - append what is known of the configuration as a whole
 * @skb: message
 * @hn: namespace
 *
 * Context: cfg_mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int hak_nl_fill_config(struct sk_buff *skb, const struct hak_net *hn)
{
	if (nla_put_string(skb, HAK_A_VERSION, HAK_VERSION))
		return -EMSGSIZE;
	if (!hn->tag[0])
		return 0;
	if (nla_put_string(skb, HAK_A_TAG, hn->tag) ||
	    nla_put_u64_64bit(skb, HAK_A_CONFIG_TIME, hn->tag_time, HAK_A_PAD))
		return -EMSGSIZE;
	return 0;
}
