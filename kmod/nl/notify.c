// SPDX-License-Identifier: GPL-2.0-only
#include "notify.h"

#include <linux/ktime.h>
#include <linux/slab.h>

#include "../pernet.h"
#include "family.h"
#include "fill.h"

/**
 * struct event - one event on its way out
 * @hn: namespace
 * @cmd: HAK_CMD_*_NTF
 * @group: HAK_NL_GROUP_*
 * @room: for the object
 * @r: subject, or NULL
 * @t: subject, or NULL
 * @g: subject, or NULL
 * @route: subject, of @r, or NULL
 * @installed: that it is in its table
 * @pool: subject, or whose server is, or NULL
 * @index: of the server
 * @service: subject, or NULL
 * @rec: a change of state, or NULL
 * @alarm: or NULL
 * @info: scratch space of a router
 * @reason: one sentence
 * @buf: for a @reason that is not a constant
 * @seq: where the number goes
 */
struct event {
	struct hak_net *hn;
	u8 cmd;
	unsigned int group;
	size_t room;
	struct hak_router *r;
	struct hak_track *t;
	struct hak_group *g;
	const struct hak_vroute_cfg *route;
	bool installed;
	struct hak_pool *pool;
	u32 index;
	struct hak_service *service;
	const struct hak_change_rec *rec;
	const struct hak_alarm_rec *alarm;
	struct hak_router_info *info;
	const char *reason;
	char buf[HAK_REASON_SIZE];
	struct nlattr *seq;
};

u64 hak_notify_seq(struct hak_net *hn)
{
	u64 seq;

	spin_lock_bh(&hn->event_lock);
	seq = ++hn->event_seq;
	spin_unlock_bh(&hn->event_lock);
	return seq;
}

static const char *track_reason(struct event *ev,
				const struct hak_track_info *info)
{
	if (ev->reason)
		return ev->reason;
	if (info->expired)
		return "no report in time";
	if (info->state == HAK_TRACK_UP &&
	    hak_track_cfg(ev->t)->kind != HAK_TRACK_REPORT)
		return "it is there";
	if (info->reason[0]) {
		strscpy(ev->buf, info->reason, sizeof(ev->buf));
		return ev->buf;
	}
	switch (info->state) {
	case HAK_TRACK_UP:
		return "reported up";
	case HAK_TRACK_VALUE:
		snprintf(ev->buf, sizeof(ev->buf), "reported %d", info->value);
		return ev->buf;
	default:
		return "reported down";
	}
}

static int put_event_track(struct sk_buff *skb, struct event *ev)
{
	struct hak_track_info info;
	int err = hak_nl_fill_track(skb, ev->t, &info);

	ev->reason = track_reason(ev, &info);
	return err;
}

static int put_object(struct sk_buff *skb, struct event *ev)
{
	if (ev->alarm)
		return hak_nl_fill_alarm(skb, ev->r, ev->t, ev->alarm);
	if (ev->route)
		return hak_nl_fill_route(skb, ev->r, ev->route, ev->installed);
	if (ev->r)
		return hak_nl_fill_router(skb, ev->r, ev->info, false);
	if (ev->t)
		return put_event_track(skb, ev);
	if (ev->g)
		return hak_nl_fill_group(skb, ev->g);
	switch (ev->cmd) {
	case HAK_CMD_POOL_NTF:
		return hak_nl_fill_pool(skb, ev->pool);
	case HAK_CMD_SERVER_NTF:
		return hak_nl_fill_server(skb, ev->pool, ev->index);
	case HAK_CMD_SERVICE_NTF:
		return hak_nl_fill_service(skb, ev->service);
	case HAK_CMD_LB_NTF:
		return hak_nl_fill_lb(skb, ev->hn);
	}
	return hak_nl_fill_config(skb, ev->hn);
}

static int put_event(struct sk_buff *skb, struct event *ev)
{
	struct nlattr *nest = nla_nest_start(skb, HAK_A_EVENT);
	u64 time = ev->rec ? ev->rec->time : ktime_get_real_ns();

	if (!nest)
		return -EMSGSIZE;
	ev->seq = nla_reserve_64bit(skb, HAK_A_EVENT_SEQ, sizeof(u64),
				    HAK_A_EVENT_PAD);
	if (!ev->seq ||
	    nla_put_u64_64bit(skb, HAK_A_EVENT_TIME, time, HAK_A_EVENT_PAD) ||
	    (ev->rec &&
	     (nla_put_u32(skb, HAK_A_EVENT_FROM, ev->rec->from) ||
	      nla_put_u32(skb, HAK_A_EVENT_TO, ev->rec->to))) ||
	    nla_put_string(skb, HAK_A_EVENT_REASON, ev->reason))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* How much the object takes; a router also needs space to look at it. */
static int prepare(struct event *ev)
{
	if (!ev->r || ev->alarm || ev->route)
		return 0;
	ev->room = hak_nl_router_room(hak_router_cfg(ev->r));
	ev->info = kmalloc(sizeof(*ev->info), GFP_ATOMIC);
	return ev->info ? 0 : -ENOMEM;
}

static struct sk_buff *build(struct event *ev)
{
	struct sk_buff *skb;
	void *hdr;

	if (prepare(ev))
		return NULL;
	skb = nlmsg_new(HAK_NL_MSG_ROOM + ev->room, GFP_ATOMIC);
	if (!skb)
		return NULL;
	hdr = hak_nl_put(skb, ev->hn, 0, 0, 0, ev->cmd);
	if (hdr && !put_object(skb, ev) && !put_event(skb, ev)) {
		genlmsg_end(skb, hdr);
		return skb;
	}
	nlmsg_free(skb);
	return NULL;
}

/*
 * The number and the multicast are one step. A change of state brings its number,
 * which was taken together with the entry of the history, under the router's lock:
 * what another CPU tells in between arrives first, with a larger number.
 */
static void publish(struct event *ev, struct sk_buff *skb, bool listeners)
{
	struct hak_net *hn = ev->hn;
	u64 seq;

	spin_lock_bh(&hn->event_lock);
	seq = ev->rec ? ev->rec->seq : ++hn->event_seq;
	if (skb) {
		memcpy(nla_data(ev->seq), &seq, sizeof(seq));
		genlmsg_multicast_netns(&hak_nl_family, hn->net, skb, 0,
					ev->group, GFP_ATOMIC);
	} else if (listeners) {
		genl_set_err(&hak_nl_family, hn->net, 0, ev->group, -ENOBUFS);
	}
	spin_unlock_bh(&hn->event_lock);
}

static void tell(struct event *ev)
{
	struct sk_buff *skb = NULL;
	bool listeners;

	/* hak_nl_exit() waits for this before the group's number is given away. */
	rcu_read_lock();
	listeners = hak_nl_registered() &&
		    genl_has_listeners(&hak_nl_family, ev->hn->net, ev->group);
	if (listeners)
		skb = build(ev);
	publish(ev, skb, listeners);
	rcu_read_unlock();
	kfree(ev->info);
}

/**
 * hak_notify_state() - a router changed its state
 * @hn: namespace
 * @r: router
 * @rec: the change; its number was taken with hak_notify_seq()
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_state(struct hak_net *hn, struct hak_router *r,
		      const struct hak_change_rec *rec)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_ROUTER_NTF,
		.r = r,
		.rec = rec,
		.reason = rec->reason,
	};

	tell(&ev);
}

static const char *op_reason(enum hak_notify_op op)
{
	switch (op) {
	case HAK_NOTIFY_NEW:
		return "added";
	case HAK_NOTIFY_SET:
		return "changed";
	case HAK_NOTIFY_DEL:
		break;
	}
	return "removed";
}

/**
 * hak_notify_router() - a router was made, changed or removed
 * @hn: namespace
 * @r: router, still or already whole
 * @op: what happened
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_router(struct hak_net *hn, struct hak_router *r,
		       enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_ROUTER_NTF,
		.r = r,
		.reason = op_reason(op),
	};

	tell(&ev);
}

/**
 * hak_notify_route() - a route of a router was made, changed or removed
 * @hn: namespace
 * @r: router, which has its configuration
 * @route: it
 * @installed: it is in its table
 * @op: what happened
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_route(struct hak_net *hn, struct hak_router *r,
		      const struct hak_vroute_cfg *route, bool installed,
		      enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_ROUTE_NTF,
		.room = HAK_NL_SMALL_ROOM,
		.r = r,
		.route = route,
		.installed = installed,
		.reason = op_reason(op),
	};

	tell(&ev);
}

/**
 * hak_notify_track() - a track was made, changed or removed
 * @hn: namespace
 * @t: track, still or already whole
 * @op: what happened
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_track(struct hak_net *hn, struct hak_track *t,
		      enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_TRACK_NTF,
		.room = HAK_NL_SMALL_ROOM,
		.t = t,
		.reason = op_reason(op),
	};

	tell(&ev);
}

/**
 * hak_notify_group() - a group was made, changed or removed
 * @hn: namespace
 * @g: group, still or already whole
 * @op: what happened
 *
 * Context: any but hard irq; no router, group, track or dirty lock held.
 */
void hak_notify_group(struct hak_net *hn, struct hak_group *g,
		      enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_GROUP_NTF,
		.room = HAK_NL_GROUP_ROOM,
		.g = g,
		.reason = op_reason(op),
	};

	tell(&ev);
}

/**
 * hak_notify_group_state() - all members of a group have another state
 * @hn: namespace
 * @g: group
 *
 * Context: any but hard irq; no router, group, track or dirty lock held.
 */
void hak_notify_group_state(struct hak_net *hn, struct hak_group *g)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_GROUP_NTF,
		.room = HAK_NL_GROUP_ROOM,
		.g = g,
		.reason = "all routers of the group have changed their state",
	};

	tell(&ev);
}

/**
 * hak_notify_report() - a track says something else now
 * @hn: namespace
 * @t: track
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_report(struct hak_net *hn, struct hak_track *t)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_TRACK_NTF,
		.room = HAK_NL_SMALL_ROOM,
		.t = t,
	};

	tell(&ev);
}

/**
 * hak_notify_alarm() - an alarm was raised
 * @hn: namespace
 * @r: whose it is, or NULL
 * @t: whose it is, or NULL
 * @rec: the alarm
 *
 * Context: any but hard irq; no router, track or dirty lock held.
 */
void hak_notify_alarm(struct hak_net *hn, struct hak_router *r,
		      struct hak_track *t, const struct hak_alarm_rec *rec)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_ALARM_NTF,
		.room = HAK_NL_SMALL_ROOM,
		.r = r,
		.t = t,
		.alarm = rec,
		.reason = rec->text,
	};

	tell(&ev);
}

void hak_notify_pool(struct hak_net *hn, struct hak_pool *pool,
		     enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_POOL_NTF,
		.group = HAK_NL_GROUP_LB,
		.room = HAK_NL_LB_ROOM,
		.pool = pool,
		.reason = op_reason(op),
	};

	tell(&ev);
}

void hak_notify_server(struct hak_net *hn, struct hak_pool *pool, u32 index,
		       enum hak_notify_op op, const char *reason)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_SERVER_NTF,
		.group = HAK_NL_GROUP_LB,
		.room = HAK_NL_LB_ROOM,
		.pool = pool,
		.index = index,
		.reason = reason ?: op_reason(op),
	};

	tell(&ev);
}

void hak_notify_service(struct hak_net *hn, struct hak_service *service,
			enum hak_notify_op op)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_SERVICE_NTF,
		.group = HAK_NL_GROUP_LB,
		.room = HAK_NL_LB_ROOM,
		.service = service,
		.reason = op_reason(op),
	};

	tell(&ev);
}

void hak_notify_lb(struct hak_net *hn)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_LB_NTF,
		.group = HAK_NL_GROUP_LB,
		.room = HAK_NL_LB_ROOM,
		.reason = op_reason(HAK_NOTIFY_SET),
	};

	tell(&ev);
}

/**
 * hak_notify_config() - the configuration has a new generation or tag
 * @hn: namespace
 *
 * Context: process, cfg_mutex held.
 */
void hak_notify_config(struct hak_net *hn)
{
	struct event ev = {
		.hn = hn,
		.cmd = HAK_CMD_CONFIG_NTF,
		.room = HAK_NL_SMALL_ROOM,
		.reason = "configuration changed",
	};

	tell(&ev);
}
