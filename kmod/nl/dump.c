// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is asked; dump_lb.c has the balancer's. Nothing here needs a privilege,
 * but the passwords of routers, so refusals are literals (see extack.c).
 */
#include "dump.h"

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>

#include "../pernet.h"
#include "extack.h"
#include "family.h"
#include "fill.h"

static struct hak_nl_cursor *cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct hak_nl_cursor) > sizeof(cb->ctx));
	return (struct hak_nl_cursor *)cb->ctx;
}

void hak_nl_walk_init(struct hak_nl_walk *w, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd)
{
	*w = (struct hak_nl_walk) {
		.skb = skb,
		.cb = cb,
		.hn = hak_pernet(sock_net(skb->sk)),
		.cur = cursor(cb),
		.cmd = cmd,
	};
}

void *hak_nl_walk_put(struct hak_nl_walk *w)
{
	void *hdr = hak_nl_put(w->skb, w->hn, NETLINK_CB(w->cb->skb).portid,
			       w->cb->nlh->nlmsg_seq, NLM_F_MULTI, w->cmd);

	if (hdr)
		genl_dump_check_consistent(w->cb, hdr);
	return hdr;
}

int hak_nl_walk_end(struct hak_nl_walk *w, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(w->skb, hdr);
	else
		genlmsg_end(w->skb, hdr);
	return err;
}

const struct nlattr *hak_nl_walk_filter(struct netlink_callback *cb, int type,
					int attr)
{
	const struct nlattr *nest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, type);

	return nest ? nla_find_nested(nest, attr) : NULL;
}

/* The name a dump is narrowed to, or NULL. */
static const char *filter(struct netlink_callback *cb, int type, int name)
{
	const struct nlattr *attr = hak_nl_walk_filter(cb, type, name);

	return attr ? nla_data(attr) : NULL;
}

void hak_nl_walk_move(struct hak_nl_cursor *cur, const char *name)
{
	if (!strcmp(cur->name, name))
		return;
	memset(cur, 0, offsetof(struct hak_nl_cursor, tracks));
	cur->seq = 0;
	strscpy(cur->name, name, sizeof(cur->name));
}

typedef int router_fn(struct hak_nl_walk *w, struct hak_router *r);

/* All routers, or the one that is asked for; cfg_mutex held. */
static int walk_routers(struct hak_nl_walk *w, const char *only, router_fn *show)
{
	struct hak_nl_cursor *cur = w->cur;
	struct hak_router *r;
	int err = 0;

	if (only && !cur->name[0]) {
		if (!hak_router_find(w->hn, only)) {
			NL_SET_ERR_MSG(w->cb->extack, "no such router");
			return -ENOENT;
		}
		strscpy(cur->name, only, sizeof(cur->name));
	}
	r = cur->name[0] ? hak_router_find(w->hn, cur->name) :
			   hak_router_next(w->hn, NULL);
	while (r && !err) {
		hak_nl_walk_move(cur, hak_router_cfg(r)->name);
		err = show(w, r);
		r = only ? NULL : hak_router_next(w->hn, r);
	}
	return err;
}

/*
 * A dump that filled its buffer goes on in the next call. When the next object
 * does not even fit an empty buffer, because it grew or changed places after
 * the buffer was allocated, the call is filled with a message that readers skip
 * (RFC 3549, NLMSG_NOOP): returning nothing would end the dump.
 */
static int result(struct hak_nl_walk *w, int err)
{
	if (err == -EMSGSIZE && !w->skb->len && w->grow)
		nlmsg_put(w->skb, NETLINK_CB(w->cb->skb).portid,
			  w->cb->nlh->nlmsg_seq, NLMSG_NOOP, 0, NLM_F_MULTI);
	if (err == -EMSGSIZE && w->skb->len)
		return w->skb->len;
	w->cur->done = true;
	return err ?: w->skb->len;
}

bool hak_nl_walk_lock(struct hak_nl_walk *w)
{
	if (w->cur->done)
		return false;
	mutex_lock(&w->hn->cfg_mutex);
	/* 0 would mean: no call before this one. */
	w->cb->seq = w->hn->generation + 1 ?: 1;
	return true;
}

int hak_nl_walk_unlock(struct hak_nl_walk *w, int err)
{
	mutex_unlock(&w->hn->cfg_mutex);
	return result(w, err);
}

static int dump_routers(struct hak_nl_walk *w, const char *only, router_fn *show)
{
	if (!hak_nl_walk_lock(w))
		return 0;
	return hak_nl_walk_unlock(w, walk_routers(w, only, show));
}

static int show_router(struct hak_nl_walk *w, struct hak_router *r)
{
	u32 room = hak_nl_router_room(hak_router_cfg(r));
	bool secrets = hak_nl_may_change(w->cb->skb, w->hn->net);
	void *hdr = hak_nl_walk_put(w);
	int err = -EMSGSIZE;

	if (hdr)
		err = hak_nl_walk_end(w, hdr,
				      hak_nl_fill_router(w->skb, r, w->info, secrets));
	if (err && room > w->cb->min_dump_alloc) {
		w->cb->min_dump_alloc = room;	/* the next buffer's size */
		w->grow = true;
	}
	return err;
}

/**
 * hak_nl_router_get_start() - the first buffer of a dump has to hold a router
 * @cb: of the dump
 *
 * Return: 0.
 */
int hak_nl_router_get_start(struct netlink_callback *cb)
{
	struct hak_net *hn = hak_pernet(sock_net(cb->skb->sk));
	const char *only = filter(cb, HAK_A_ROUTER, HAK_A_ROUTER_NAME);
	struct hak_router *r;

	mutex_lock(&hn->cfg_mutex);
	r = only ? hak_router_find(hn, only) : hak_router_next(hn, NULL);
	if (r)
		cb->min_dump_alloc = hak_nl_router_room(hak_router_cfg(r));
	mutex_unlock(&hn->cfg_mutex);
	return 0;
}

/**
 * hak_nl_router_get_dumpit() - all routers, or the one named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_router_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;
	int err;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_ROUTER_GET);
	w.info = kmalloc(sizeof(*w.info), GFP_KERNEL_ACCOUNT);
	if (!w.info)
		return -ENOMEM;
	err = dump_routers(&w, filter(cb, HAK_A_ROUTER, HAK_A_ROUTER_NAME),
			   show_router);
	kfree(w.info);
	return err;
}

static int show_vips(struct hak_nl_walk *w, struct hak_router *r)
{
	const struct hak_router_cfg *cfg = hak_router_cfg(r);
	void *hdr;
	int err;

	for (; w->cur->index < cfg->n_vips; w->cur->index++) {
		if (cfg->vips[w->cur->index].made)
			continue;
		hdr = hak_nl_walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		err = hak_nl_walk_end(w, hdr,
				      hak_nl_fill_vip(w->skb, r,
						      w->cur->index));
		if (err)
			return err;
	}
	return 0;
}

/**
 * hak_nl_vip_get_dumpit() - all addresses, or those of the router named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_vip_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_VIP_GET);
	return dump_routers(&w, filter(cb, HAK_A_VIP, HAK_A_VIP_ROUTER),
			    show_vips);
}

static int show_routes(struct hak_nl_walk *w, struct hak_router *r)
{
	const struct hak_router_cfg *cfg = hak_router_cfg(r);
	bool installed;
	void *hdr;
	int err;

	for (; w->cur->index < cfg->n_routes; w->cur->index++) {
		hdr = hak_nl_walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		rcu_read_lock();
		installed = hak_router_route_installed(r, w->cur->index);
		rcu_read_unlock();
		err = hak_nl_walk_end(w, hdr,
				      hak_nl_fill_route(w->skb, r,
							&cfg->routes[w->cur->index],
							installed));
		if (err)
			return err;
	}
	return 0;
}

/**
 * hak_nl_route_get_dumpit() - all routes, or those of the router named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_ROUTE_GET);
	return dump_routers(&w, filter(cb, HAK_A_ROUTE, HAK_A_ROUTE_ROUTER),
			    show_routes);
}

static int show_history(struct hak_nl_walk *w, struct hak_router *r)
{
	struct hak_change_rec rec;
	void *hdr;
	int err;

	while (hak_router_history(r, w->cur->seq, &rec)) {
		hdr = hak_nl_walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		err = hak_nl_walk_end(w, hdr, hak_nl_fill_history(w->skb, r, &rec));
		if (err)
			return err;
		w->cur->seq = rec.seq;
	}
	return 0;
}

/**
 * hak_nl_history_get_dumpit() - last changes of all routers, or of the one named
 * @skb: to fill
 * @cb: of the dump
 *
 * One entry to a message, router by router, oldest first.
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_history_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_HISTORY_GET);
	return dump_routers(&w, filter(cb, HAK_A_ROUTER, HAK_A_ROUTER_NAME),
			    show_history);
}

static int show_alarm(struct hak_nl_walk *w, struct hak_router *r,
		      struct hak_track *t, const struct hak_alarm_rec *rec)
{
	void *hdr = hak_nl_walk_put(w);

	if (!hdr)
		return -EMSGSIZE;
	return hak_nl_walk_end(w, hdr, hak_nl_fill_alarm(w->skb, r, t, rec));
}

static int show_alarms(struct hak_nl_walk *w, struct hak_router *r)
{
	struct hak_alarm_rec rec;
	int err;

	for (; w->cur->index < HAK_ALARM_MAX; w->cur->index++) {
		if (!hak_router_alarm(r, w->cur->index + 1, &rec))
			continue;
		err = show_alarm(w, r, NULL, &rec);
		if (err)
			return err;
	}
	return 0;
}

/* A lease that ran out is the one alarm a track has; it is not kept as such. */
static int show_track_alarm(struct hak_nl_walk *w, struct hak_track *t)
{
	struct hak_alarm_rec rec = {
		.kind = HAK_ALARM_REPORTER_LOST,
		.count = 1,
	};
	struct hak_track_info info;
	u64 lease = hak_track_cfg(t)->lease;

	hak_track_info(t, &info);
	if (!info.expired)
		return 0;
	rec.last = ktime_get_real_ns();
	rec.first = rec.last - info.reported + min(lease, info.reported);
	snprintf(rec.text, sizeof(rec.text), "no report for %llus",
		 div_u64(info.reported, NSEC_PER_SEC));
	return show_alarm(w, NULL, t, &rec);
}

typedef int track_fn(struct hak_nl_walk *w, struct hak_track *t);

/* All tracks, or the one that is asked for; cfg_mutex held. */
static int walk_tracks(struct hak_nl_walk *w, const char *only, track_fn *show)
{
	struct hak_nl_cursor *cur = w->cur;
	struct hak_track *t;
	int err = 0;

	if (only && !cur->name[0]) {
		if (!hak_track_find(w->hn, only)) {
			NL_SET_ERR_MSG(w->cb->extack, "no such track");
			return -ENOENT;
		}
		strscpy(cur->name, only, sizeof(cur->name));
	}
	t = cur->name[0] ? hak_track_find(w->hn, cur->name) :
			   hak_track_next(w->hn, NULL);
	while (t && !err) {
		hak_nl_walk_move(cur, hak_track_cfg(t)->name);
		err = show(w, t);
		t = only ? NULL : hak_track_next(w->hn, t);
	}
	return err;
}

static int walk_alarms(struct hak_nl_walk *w)
{
	int err;

	if (!w->cur->tracks) {
		err = walk_routers(w, NULL, show_alarms);
		if (err)
			return err;
		memset(w->cur, 0, sizeof(*w->cur));
		w->cur->tracks = true;
	}
	return walk_tracks(w, NULL, show_track_alarm);
}

/**
 * hak_nl_alarm_get_dumpit() - what is wrong now
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_alarm_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_ALARM_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_alarms(&w));
}

static int show_group(struct hak_nl_walk *w, struct hak_group *g)
{
	void *hdr = hak_nl_walk_put(w);
	int err = -EMSGSIZE;

	if (hdr)
		err = hak_nl_walk_end(w, hdr, hak_nl_fill_group(w->skb, g));
	return err;
}

/* All groups, or the one that is asked for; cfg_mutex held. */
static int walk_groups(struct hak_nl_walk *w, const char *only)
{
	struct hak_nl_cursor *cur = w->cur;
	struct hak_group *g;
	int err = 0;

	if (only && !cur->name[0]) {
		if (!hak_group_find(w->hn, only)) {
			NL_SET_ERR_MSG(w->cb->extack, "no such group");
			return -ENOENT;
		}
		strscpy(cur->name, only, sizeof(cur->name));
	}
	g = cur->name[0] ? hak_group_find(w->hn, cur->name) :
			   hak_group_next(w->hn, NULL);
	while (g && !err) {
		hak_nl_walk_move(cur, hak_group_cfg(g)->name);
		err = show_group(w, g);
		g = only ? NULL : hak_group_next(w->hn, g);
	}
	return err;
}

/**
 * hak_nl_group_get_dumpit() - all groups, or the one named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const char *only = filter(cb, HAK_A_GROUP, HAK_A_GROUP_NAME);
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_GROUP_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_groups(&w, only));
}

static int show_track(struct hak_nl_walk *w, struct hak_track *t)
{
	struct hak_track_info info;
	void *hdr = hak_nl_walk_put(w);

	if (!hdr)
		return -EMSGSIZE;
	return hak_nl_walk_end(w, hdr, hak_nl_fill_track(w->skb, t, &info));
}

/**
 * hak_nl_track_get_dumpit() - all tracks, or the one named
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_track_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const char *only = filter(cb, HAK_A_TRACK, HAK_A_TRACK_NAME);
	struct hak_nl_walk w;

	hak_nl_walk_init(&w, skb, cb, HAK_CMD_TRACK_GET);
	if (!hak_nl_walk_lock(&w))
		return 0;
	return hak_nl_walk_unlock(&w, walk_tracks(&w, only, show_track));
}

int hak_nl_reply_new(struct hak_nl_reply *re, struct genl_info *info,
		     size_t room)
{
	struct hak_net *hn = info->user_ptr[0];

	re->skb = nlmsg_new(HAK_NL_MSG_ROOM + room, GFP_KERNEL);
	if (!re->skb)
		return -ENOMEM;
	re->hdr = hak_nl_put(re->skb, hn, info->snd_portid, info->snd_seq, 0,
			     info->genlhdr->cmd);
	if (re->hdr)
		return 0;
	nlmsg_free(re->skb);
	return -EMSGSIZE;
}

int hak_nl_reply_send(struct hak_nl_reply *re, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(re->skb);
		return err;
	}
	genlmsg_end(re->skb, re->hdr);
	return genlmsg_reply(re->skb, info);
}

const char *hak_nl_reply_name(struct genl_info *info, int type, int name,
			      const char *text)
{
	const struct nlattr *nest = info->attrs[type];
	const struct nlattr *attr = nest ? nla_find_nested(nest, name) : NULL;

	if (attr)
		return nla_data(attr);
	hak_nl_missing(info->extack, nest, nest ? name : type, text);
	return NULL;
}

static int router_get(struct sk_buff *skb, struct genl_info *info,
		      const char *name, struct hak_router_info *scratch)
{
	struct hak_net *hn = info->user_ptr[0];
	bool secrets = hak_nl_may_change(skb, hn->net);
	struct hak_router *r = hak_router_find(hn, name);
	struct hak_nl_reply re;
	int err;

	if (!r) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HAK_A_ROUTER],
				    "no such router");
		return -ENOENT;
	}
	err = hak_nl_reply_new(&re, info, hak_nl_router_room(hak_router_cfg(r)));
	if (err)
		return err;
	return hak_nl_reply_send(&re, info,
				 hak_nl_fill_router(re.skb, r, scratch,
						    secrets));
}

/**
 * hak_nl_router_get_doit() - one router
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_router_info *scratch;
	const char *name;
	int err;

	name = hak_nl_reply_name(info, HAK_A_ROUTER, HAK_A_ROUTER_NAME,
				 "which router?");
	if (!name)
		return -EINVAL;
	scratch = kmalloc(sizeof(*scratch), GFP_KERNEL_ACCOUNT);
	if (!scratch)
		return -ENOMEM;
	mutex_lock(&hn->cfg_mutex);
	err = router_get(skb, info, name, scratch);
	mutex_unlock(&hn->cfg_mutex);
	kfree(scratch);
	return err;
}

static int group_get(struct genl_info *info, const char *name)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_group *g = hak_group_find(hn, name);
	struct hak_nl_reply re;
	int err;

	if (!g) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HAK_A_GROUP],
				    "no such group");
		return -ENOENT;
	}
	err = hak_nl_reply_new(&re, info, HAK_NL_GROUP_ROOM);
	if (err)
		return err;
	return hak_nl_reply_send(&re, info, hak_nl_fill_group(re.skb, g));
}

/**
 * hak_nl_group_get_doit() - one group
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	const char *name;
	int err;

	name = hak_nl_reply_name(info, HAK_A_GROUP, HAK_A_GROUP_NAME,
				 "which group?");
	if (!name)
		return -EINVAL;
	mutex_lock(&hn->cfg_mutex);
	err = group_get(info, name);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

static int track_get(struct genl_info *info, const char *name)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_track *t = hak_track_find(hn, name);
	struct hak_track_info ti;
	struct hak_nl_reply re;
	int err;

	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HAK_A_TRACK],
				    "no such track");
		return -ENOENT;
	}
	err = hak_nl_reply_new(&re, info, HAK_NL_SMALL_ROOM);
	if (err)
		return err;
	return hak_nl_reply_send(&re, info, hak_nl_fill_track(re.skb, t, &ti));
}

/**
 * hak_nl_track_get_doit() - one track
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	const char *name;
	int err;

	name = hak_nl_reply_name(info, HAK_A_TRACK, HAK_A_TRACK_NAME,
				 "which track?");
	if (!name)
		return -EINVAL;
	mutex_lock(&hn->cfg_mutex);
	err = track_get(info, name);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}

/**
 * hak_nl_config_get_doit() - the configuration as a whole
 * @skb: request
 * @info: without attributes
 *
 * Return: 0 or an error.
 */
int hak_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_nl_reply re;
	int err;

	mutex_lock(&hn->cfg_mutex);
	err = hak_nl_reply_new(&re, info, HAK_NL_SMALL_ROOM);
	if (!err)
		err = hak_nl_reply_send(&re, info, hak_nl_fill_config(re.skb, hn));
	mutex_unlock(&hn->cfg_mutex);
	return err;
}
