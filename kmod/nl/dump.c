// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is asked. Nothing here needs a privilege, so refusals are literals
 * (see extack.c).
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>

#include "../pernet.h"
#include "extack.h"
#include "fill.h"
#include "policy.h"

/**
 * struct cursor - where a dump goes on, in netlink_callback.ctx
 * @name: object to be shown next, or of which a part was shown; "" is the first
 * @index: the next part of it
 * @tracks: routers are done, tracks follow (alarms)
 * @done: nothing is left
 * @seq: last entry of the history shown
 *
 * Names stay put in their list for as long as the generation stays the same.
 * When it changed, the reader is told with NLM_F_DUMP_INTR and asks again;
 * should the object be gone, the dump ends there.
 */
struct cursor {
	char name[HAK_NAME_SIZE];
	u32 index;
	bool tracks;
	bool done;
	u64 seq;
};

/**
 * struct walk - one call of a dump
 * @skb: to fill
 * @cb: of the dump
 * @hn: namespace
 * @cur: in @cb
 * @cmd: HAK_CMD_*
 * @info: scratch space for routers, or NULL
 * @grow: nothing fitted; the next buffer will be larger
 */
struct walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct hak_net *hn;
	struct cursor *cur;
	u8 cmd;
	struct hak_router_info *info;
	bool grow;
};

static struct cursor *cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));
	return (struct cursor *)cb->ctx;
}

static void walk_init(struct walk *w, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd)
{
	*w = (struct walk) {
		.skb = skb,
		.cb = cb,
		.hn = hak_pernet(sock_net(skb->sk)),
		.cur = cursor(cb),
		.cmd = cmd,
	};
}

static void *walk_put(struct walk *w)
{
	void *hdr = hak_nl_put(w->skb, w->hn, NETLINK_CB(w->cb->skb).portid,
			       w->cb->nlh->nlmsg_seq, NLM_F_MULTI, w->cmd);

	if (hdr)
		genl_dump_check_consistent(w->cb, hdr);
	return hdr;
}

static int walk_end(struct walk *w, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(w->skb, hdr);
	else
		genlmsg_end(w->skb, hdr);
	return err;
}

/* The name a dump is narrowed to, or NULL; the policy has been checked. */
static const char *filter(struct netlink_callback *cb, int type, int name)
{
	const struct nlattr *nest, *attr;

	nest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, type);
	attr = nest ? nla_find_nested(nest, name) : NULL;
	return attr ? nla_data(attr) : NULL;
}

static void cursor_move(struct cursor *cur, const char *name)
{
	if (!strcmp(cur->name, name))
		return;
	memset(cur, 0, offsetof(struct cursor, tracks));
	cur->seq = 0;
	strscpy(cur->name, name, sizeof(cur->name));
}

typedef int router_fn(struct walk *w, struct hak_router *r);

/* All routers, or the one that is asked for; cfg_mutex held. */
static int walk_routers(struct walk *w, const char *only, router_fn *show)
{
	struct cursor *cur = w->cur;
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
		cursor_move(cur, hak_router_cfg(r)->name);
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
static int dump_result(struct walk *w, int err)
{
	if (err == -EMSGSIZE && !w->skb->len && w->grow)
		nlmsg_put(w->skb, NETLINK_CB(w->cb->skb).portid,
			  w->cb->nlh->nlmsg_seq, NLMSG_NOOP, 0, NLM_F_MULTI);
	if (err == -EMSGSIZE && w->skb->len)
		return w->skb->len;
	w->cur->done = true;
	return err ?: w->skb->len;
}

static int dump_routers(struct walk *w, const char *only, router_fn *show)
{
	int err;

	if (w->cur->done)
		return 0;
	mutex_lock(&w->hn->cfg_mutex);
	/* 0 would mean: no call before this one. */
	w->cb->seq = w->hn->generation + 1 ?: 1;
	err = walk_routers(w, only, show);
	mutex_unlock(&w->hn->cfg_mutex);
	return dump_result(w, err);
}

static int show_router(struct walk *w, struct hak_router *r)
{
	u32 room = hak_nl_router_room(hak_router_cfg(r));
	void *hdr = walk_put(w);
	int err = -EMSGSIZE;

	if (hdr)
		err = walk_end(w, hdr, hak_nl_fill_router(w->skb, r, w->info));
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
	struct walk w;
	int err;

	walk_init(&w, skb, cb, HAK_CMD_ROUTER_GET);
	w.info = kmalloc(sizeof(*w.info), GFP_KERNEL_ACCOUNT);
	if (!w.info)
		return -ENOMEM;
	err = dump_routers(&w, filter(cb, HAK_A_ROUTER, HAK_A_ROUTER_NAME),
			   show_router);
	kfree(w.info);
	return err;
}

static int show_vips(struct walk *w, struct hak_router *r)
{
	u32 n = hak_router_cfg(r)->n_vips;
	void *hdr;
	int err;

	for (; w->cur->index < n; w->cur->index++) {
		hdr = walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		err = walk_end(w, hdr,
			       hak_nl_fill_vip(w->skb, r, w->cur->index));
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
	struct walk w;

	walk_init(&w, skb, cb, HAK_CMD_VIP_GET);
	return dump_routers(&w, filter(cb, HAK_A_VIP, HAK_A_VIP_ROUTER),
			    show_vips);
}

static int show_history(struct walk *w, struct hak_router *r)
{
	struct hak_change_rec rec;
	void *hdr;
	int err;

	while (hak_router_history(r, w->cur->seq, &rec)) {
		hdr = walk_put(w);
		if (!hdr)
			return -EMSGSIZE;
		err = walk_end(w, hdr, hak_nl_fill_history(w->skb, r, &rec));
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
	struct walk w;

	walk_init(&w, skb, cb, HAK_CMD_HISTORY_GET);
	return dump_routers(&w, filter(cb, HAK_A_ROUTER, HAK_A_ROUTER_NAME),
			    show_history);
}

static int show_alarm(struct walk *w, struct hak_router *r,
		      struct hak_track *t, const struct hak_alarm_rec *rec)
{
	void *hdr = walk_put(w);

	if (!hdr)
		return -EMSGSIZE;
	return walk_end(w, hdr, hak_nl_fill_alarm(w->skb, r, t, rec));
}

static int show_alarms(struct walk *w, struct hak_router *r)
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
static int show_track_alarm(struct walk *w, struct hak_track *t)
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

typedef int track_fn(struct walk *w, struct hak_track *t);

/* All tracks, or the one that is asked for; cfg_mutex held. */
static int walk_tracks(struct walk *w, const char *only, track_fn *show)
{
	struct cursor *cur = w->cur;
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
		cursor_move(cur, hak_track_cfg(t)->name);
		err = show(w, t);
		t = only ? NULL : hak_track_next(w->hn, t);
	}
	return err;
}

static int walk_alarms(struct walk *w)
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
	struct walk w;
	int err;

	walk_init(&w, skb, cb, HAK_CMD_ALARM_GET);
	if (w.cur->done)
		return 0;
	mutex_lock(&w.hn->cfg_mutex);
	cb->seq = w.hn->generation + 1 ?: 1;
	err = walk_alarms(&w);
	mutex_unlock(&w.hn->cfg_mutex);
	return dump_result(&w, err);
}

static int show_track(struct walk *w, struct hak_track *t)
{
	struct hak_track_info info;
	void *hdr = walk_put(w);

	if (!hdr)
		return -EMSGSIZE;
	return walk_end(w, hdr, hak_nl_fill_track(w->skb, t, &info));
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
	struct walk w;
	int err;

	walk_init(&w, skb, cb, HAK_CMD_TRACK_GET);
	if (w.cur->done)
		return 0;
	mutex_lock(&w.hn->cfg_mutex);
	cb->seq = w.hn->generation + 1 ?: 1;
	err = walk_tracks(&w, filter(cb, HAK_A_TRACK, HAK_A_TRACK_NAME),
			  show_track);
	mutex_unlock(&w.hn->cfg_mutex);
	return dump_result(&w, err);
}

/**
 * struct reply - the answer to a GET of one object
 * @skb: message
 * @hdr: in @skb
 */
struct reply {
	struct sk_buff *skb;
	void *hdr;
};

static int reply_new(struct reply *re, struct genl_info *info, size_t room)
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

static int reply_send(struct reply *re, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(re->skb);
		return err;
	}
	genlmsg_end(re->skb, re->hdr);
	return genlmsg_reply(re->skb, info);
}

/* The name of the object that is asked for, or NULL, refused. */
static const char *asked(struct genl_info *info, int type, int name,
			 const char *text)
{
	const struct nlattr *nest = info->attrs[type];
	const struct nlattr *attr = nest ? nla_find_nested(nest, name) : NULL;

	if (attr)
		return nla_data(attr);
	hak_nl_missing(info->extack, nest, nest ? name : type, text);
	return NULL;
}

static int router_get(struct genl_info *info, const char *name,
		      struct hak_router_info *scratch)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_router *r = hak_router_find(hn, name);
	struct reply re;
	int err;

	if (!r) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HAK_A_ROUTER],
				    "no such router");
		return -ENOENT;
	}
	err = reply_new(&re, info, hak_nl_router_room(hak_router_cfg(r)));
	if (err)
		return err;
	return reply_send(&re, info, hak_nl_fill_router(re.skb, r, scratch));
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

	name = asked(info, HAK_A_ROUTER, HAK_A_ROUTER_NAME, "which router?");
	if (!name)
		return -EINVAL;
	scratch = kmalloc(sizeof(*scratch), GFP_KERNEL_ACCOUNT);
	if (!scratch)
		return -ENOMEM;
	mutex_lock(&hn->cfg_mutex);
	err = router_get(info, name, scratch);
	mutex_unlock(&hn->cfg_mutex);
	kfree(scratch);
	return err;
}

static int track_get(struct genl_info *info, const char *name)
{
	struct hak_net *hn = info->user_ptr[0];
	struct hak_track *t = hak_track_find(hn, name);
	struct hak_track_info ti;
	struct reply re;
	int err;

	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HAK_A_TRACK],
				    "no such track");
		return -ENOENT;
	}
	err = reply_new(&re, info, HAK_NL_SMALL_ROOM);
	if (err)
		return err;
	return reply_send(&re, info, hak_nl_fill_track(re.skb, t, &ti));
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

	name = asked(info, HAK_A_TRACK, HAK_A_TRACK_NAME, "which track?");
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
	struct reply re;
	int err;

	mutex_lock(&hn->cfg_mutex);
	err = reply_new(&re, info, HAK_NL_SMALL_ROOM);
	if (!err)
		err = reply_send(&re, info, hak_nl_fill_config(re.skb, hn));
	mutex_unlock(&hn->cfg_mutex);
	return err;
}
