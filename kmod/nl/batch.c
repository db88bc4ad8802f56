// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"

#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../pernet.h"
#include "extack.h"
#include "notify.h"

#define BITS_MIN	2
#define BITS_MAX	14	/* 16,384 services, one to a bucket */

struct hlist_head *hak_nl_batch_bucket(struct hak_nl_batch *b,
				       enum hak_nl_part part, u32 hash)
{
	return &b->hash[(part << b->bits) + (hash & ((1U << b->bits) - 1))];
}

static struct hlist_head *by_name(struct hak_nl_batch *b, const char *name)
{
	return hak_nl_batch_bucket(b, HAK_NL_ROUTER_NAMES,
				   jhash(name, strlen(name), 0));
}

static struct hlist_head *by_key(struct hak_nl_batch *b, const char *dev,
				 u8 vrid, u8 family)
{
	return hak_nl_batch_bucket(b, HAK_NL_ROUTER_KEYS,
				   jhash(dev, strlen(dev), family << 8 | vrid));
}

static struct hlist_head *by_track(struct hak_nl_batch *b, const char *name)
{
	return hak_nl_batch_bucket(b, HAK_NL_TRACK_NAMES,
				   jhash(name, strlen(name), 0));
}

static struct hak_nl_router *entry_new(struct hak_nl_batch *b,
				       struct hak_router *live,
				       struct hak_router_cfg *cfg)
{
	struct hak_nl_router *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e) {
		hak_router_cfg_free(cfg);
		return NULL;
	}
	e->ch.router = live;
	e->ch.cfg = cfg;
	strscpy(e->name, cfg->name, sizeof(e->name));
	strscpy(e->dev, cfg->dev, sizeof(e->dev));
	e->vrid = cfg->vrid;
	e->family = cfg->family;
	list_add_tail(&e->list, &b->routers);
	hlist_add_head(&e->by_name, by_name(b, e->name));
	hlist_add_head(&e->by_key, by_key(b, e->dev, e->vrid, e->family));
	return e;
}

/* Bring a live router into the batch. */
static struct hak_nl_router *stage(struct hak_nl_batch *b,
				   struct hak_router *live)
{
	struct hak_router_cfg *cfg = hak_router_cfg_dup(hak_router_cfg(live));
	struct hak_nl_router *e = cfg ? entry_new(b, live, cfg) : NULL;

	return e ?: ERR_PTR(-ENOMEM);
}

struct hak_nl_router *hak_nl_batch_router(struct hak_nl_batch *b,
					  const char *name)
{
	struct hak_nl_router *e;
	struct hak_router *live;
	bool deleted = false;

	hlist_for_each_entry(e, by_name(b, name), by_name) {
		if (strcmp(e->name, name))
			continue;
		if (e->ch.cfg)
			return e;
		deleted = true;
	}
	live = deleted ? NULL : hak_router_find(b->hn, name);
	return live ? stage(b, live) : NULL;
}

struct hak_nl_router *hak_nl_batch_router_key(struct hak_nl_batch *b,
					      const char *dev, u8 vrid, u8 family)
{
	struct hak_nl_router *e;
	struct hak_router *live;
	bool deleted = false;

	hlist_for_each_entry(e, by_key(b, dev, vrid, family), by_key) {
		if (e->vrid != vrid || e->family != family || strcmp(e->dev, dev))
			continue;
		if (e->ch.cfg)
			return e;
		deleted = true;
	}
	live = deleted ? NULL : hak_router_find_key(b->hn, dev, vrid, family);
	return live ? stage(b, live) : NULL;
}

struct hak_nl_router *hak_nl_batch_router_add(struct hak_nl_batch *b,
					      struct hak_router_cfg *cfg)
{
	return entry_new(b, NULL, cfg);
}

void hak_nl_batch_router_del(struct hak_nl_router *e)
{
	hak_router_cfg_free(e->ch.cfg);
	e->ch.cfg = NULL;
	if (e->ch.router)
		return;	/* its entry hides the live one */
	hlist_del_init(&e->by_name);
	hlist_del_init(&e->by_key);
}

struct hak_nl_router *hak_nl_batch_staged(struct hak_nl_batch *b,
					  const struct hak_router *r)
{
	const char *name = hak_router_cfg(r)->name;
	struct hak_nl_router *e;

	hlist_for_each_entry(e, by_name(b, name), by_name)
		if (e->ch.router == r)
			return e;
	return NULL;
}

struct hak_nl_router *hak_nl_batch_same_key(struct hak_nl_batch *b,
					    const struct hak_nl_router *e)
{
	struct hak_nl_router *i;

	hlist_for_each_entry(i, by_key(b, e->dev, e->vrid, e->family), by_key)
		if (i != e && i->ch.cfg && i->vrid == e->vrid &&
		    i->family == e->family && !strcmp(i->dev, e->dev))
			return i;
	return NULL;
}

static struct hak_nl_track *track_staged(struct hak_nl_batch *b,
					 const char *name)
{
	struct hak_nl_track *e;

	hlist_for_each_entry(e, by_track(b, name), by_name)
		if (!strcmp(e->ch.cfg.name, name))
			return e;
	return NULL;
}

static struct hak_nl_track *track_entry(struct hak_nl_batch *b,
					struct hak_track *live,
					const struct hak_track_cfg *cfg)
{
	struct hak_nl_track *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return NULL;
	e->ch.track = live;
	e->ch.cfg = *cfg;
	list_add_tail(&e->list, &b->tracks);
	hlist_add_head(&e->by_name, by_track(b, cfg->name));
	return e;
}

struct hak_nl_track *hak_nl_batch_track(struct hak_nl_batch *b,
					const char *name)
{
	struct hak_nl_track *e = track_staged(b, name);
	struct hak_track *live;

	if (e)
		return e->gone ? NULL : e;
	live = hak_track_find(b->hn, name);
	if (!live)
		return NULL;
	return track_entry(b, live, hak_track_cfg(live)) ?: ERR_PTR(-ENOMEM);
}

/*
 * A track that was deleted and comes back in the same batch is the old one,
 * changed: tracks have nothing but their name in common with what uses them.
 */
struct hak_nl_track *hak_nl_batch_track_add(struct hak_nl_batch *b,
					    const struct hak_track_cfg *cfg)
{
	struct hak_nl_track *e = track_staged(b, cfg->name);

	if (!e)
		return track_entry(b, NULL, cfg);
	e->ch.cfg = *cfg;
	e->gone = false;
	return e;
}

void hak_nl_batch_track_del(struct hak_nl_track *e)
{
	e->gone = true;
}

int hak_nl_batch_track_fate(struct hak_nl_batch *b, const char *name)
{
	const struct hak_nl_track *e = track_staged(b, name);

	return e ? !e->gone : -1;
}

static struct hlist_head *by_group(struct hak_nl_batch *b, const char *name)
{
	return hak_nl_batch_bucket(b, HAK_NL_GROUP_NAMES,
				   jhash(name, strlen(name), 0));
}

struct hak_nl_group *hak_nl_batch_group_fate(struct hak_nl_batch *b,
					     const char *name)
{
	struct hak_nl_group *e;

	hlist_for_each_entry(e, by_group(b, name), by_name)
		if (!strcmp(e->ch.cfg.name, name))
			return e;
	return NULL;
}

static struct hak_nl_group *group_entry(struct hak_nl_batch *b,
					struct hak_group *live, const char *name)
{
	struct hak_nl_group *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return NULL;
	e->ch.group = live;
	strscpy(e->ch.cfg.name, name, sizeof(e->ch.cfg.name));
	list_add_tail(&e->list, &b->groups);
	hlist_add_head(&e->by_name, by_group(b, name));
	return e;
}

struct hak_nl_group *hak_nl_batch_group(struct hak_nl_batch *b, const char *name)
{
	struct hak_nl_group *e = hak_nl_batch_group_fate(b, name);
	struct hak_group *live;

	if (e)
		return e->gone ? NULL : e;
	live = hak_group_find(b->hn, name);
	if (!live)
		return NULL;
	e = group_entry(b, live, name);
	if (!e)
		return ERR_PTR(-ENOMEM);
	e->ch.cfg = *hak_group_cfg(live);
	return e;
}

struct hak_nl_group *hak_nl_batch_group_add(struct hak_nl_batch *b,
					    const char *name)
{
	struct hak_nl_group *e = hak_nl_batch_group_fate(b, name);

	if (!e)
		return group_entry(b, NULL, name);
	e->ch.cfg.n_uses = 0;
	e->gone = false;
	return e;
}

static int batch_init(struct hak_nl_batch *b, struct hak_net *hn,
		      struct netlink_ext_ack *extack, unsigned int n_ops)
{
	memset(b, 0, sizeof(*b));
	b->hn = hn;
	b->extack = extack;
	INIT_LIST_HEAD(&b->routers);
	INIT_LIST_HEAD(&b->tracks);
	INIT_LIST_HEAD(&b->groups);
	INIT_LIST_HEAD(&b->ch.groups);
	INIT_LIST_HEAD(&b->ch.routers);
	INIT_LIST_HEAD(&b->ch.tracks);
	hak_nl_batch_lb_init(b);
	b->bits = clamp_t(unsigned int, fls(n_ops), BITS_MIN, BITS_MAX);
	b->hash = kvcalloc(HAK_NL_N_PARTS << b->bits, sizeof(*b->hash),
			   GFP_KERNEL_ACCOUNT);
	return b->hash ? 0 : -ENOMEM;
}

static void router_forget(struct hak_nl_router *e)
{
	hak_router_cfg_free(e->ch.cfg);
	list_del(&e->list);
	hlist_del_init(&e->by_name);
	hlist_del_init(&e->by_key);
	kfree(e);
}

static void track_forget(struct hak_nl_track *e)
{
	list_del(&e->list);
	hlist_del(&e->by_name);
	kfree(e);
}

static void group_forget(struct hak_nl_group *e)
{
	list_del(&e->list);
	hlist_del(&e->by_name);
	kfree(e);
}

static void batch_free(struct hak_nl_batch *b)
{
	struct hak_nl_router *r, *nr;
	struct hak_nl_track *t, *nt;
	struct hak_nl_group *g, *ng;

	list_for_each_entry_safe(r, nr, &b->routers, list)
		router_forget(r);
	list_for_each_entry_safe(t, nt, &b->tracks, list)
		track_forget(t);
	list_for_each_entry_safe(g, ng, &b->groups, list)
		group_forget(g);
	hak_nl_batch_lb_free(b);
	kvfree(b->hash);
}

static bool track_same(const struct hak_track_cfg *a,
		       const struct hak_track_cfg *b)
{
	return a->kind == b->kind && a->lease == b->lease &&
	       a->initial == b->initial && a->flags == b->flags &&
	       !strcmp(a->dev, b->dev) && !strcmp(a->pool, b->pool) &&
	       a->addr_len == b->addr_len && a->plen == b->plen &&
	       a->table == b->table &&
	       !memcmp(a->prefix, b->prefix, sizeof(a->prefix));
}

static bool router_idle(const struct hak_nl_router *e)
{
	if (!e->ch.router)
		return !e->ch.cfg;
	return e->ch.cfg && hak_nl_router_same(hak_router_cfg(e->ch.router),
					       e->ch.cfg);
}

static bool track_idle(const struct hak_nl_track *e)
{
	if (!e->ch.track)
		return e->gone;
	return !e->gone && track_same(hak_track_cfg(e->ch.track), &e->ch.cfg);
}

static bool group_idle(const struct hak_nl_group *e)
{
	const struct hak_group_cfg *cfg;

	if (!e->ch.group)
		return e->gone;
	cfg = hak_group_cfg(e->ch.group);
	return !e->gone && hak_nl_uses_same(cfg->uses, cfg->n_uses,
					    e->ch.cfg.uses, e->ch.cfg.n_uses);
}

/* Leave only what makes a difference. */
static void batch_reduce(struct hak_nl_batch *b)
{
	struct hak_nl_router *r, *nr;
	struct hak_nl_track *t, *nt;
	struct hak_nl_group *g, *ng;

	list_for_each_entry_safe(r, nr, &b->routers, list) {
		/* What an address made goes with the last one. */
		if (r->bereft && r->ch.cfg && !r->ch.cfg->n_vips &&
		    r->ch.cfg->flags & HAK_ROUTER_F_AUTO)
			hak_nl_batch_router_del(r);
		if (router_idle(r))
			router_forget(r);
	}
	list_for_each_entry_safe(t, nt, &b->tracks, list)
		if (track_idle(t))
			track_forget(t);
	list_for_each_entry_safe(g, ng, &b->groups, list)
		if (group_idle(g))
			group_forget(g);
	hak_nl_batch_lb_reduce(b);
}

/*
 * Hand over what is left. Removals come first: a router may be deleted and
 * another of the same name or with the same device and VRID made.
 */
static void batch_list(struct hak_nl_batch *b)
{
	struct hak_nl_router *r;
	struct hak_nl_track *t;
	struct hak_nl_group *g;

	list_for_each_entry(g, &b->groups, list) {
		g->ch.remove = g->gone;
		list_add_tail(&g->ch.list, &b->ch.groups);
	}
	list_for_each_entry(r, &b->routers, list)
		if (r->ch.cfg)
			list_add_tail(&r->ch.list, &b->ch.routers);
	list_for_each_entry_reverse(r, &b->routers, list)
		if (!r->ch.cfg)
			list_add(&r->ch.list, &b->ch.routers);
	list_for_each_entry(t, &b->tracks, list) {
		t->ch.remove = t->gone;
		list_add_tail(&t->ch.list, &b->ch.tracks);
	}
}

static bool vrrp_changed(const struct hak_nl_batch *b)
{
	return !list_empty(&b->routers) || !list_empty(&b->tracks) ||
	       !list_empty(&b->groups);
}

/* Both halves or none. */
static int batch_prepare(struct hak_nl_batch *b)
{
	int err = 0;

	if (vrrp_changed(b)) {
		batch_list(b);
		err = hak_vrrp_prepare(b->hn, &b->ch, b->extack);
	}
	if (err || !hak_nl_batch_lb_changed(b))
		return err;
	hak_nl_batch_lb_list(b);
	err = hak_lb_prepare(b->hn, &b->lb_ch, b->extack);
	if (err && vrrp_changed(b))
		hak_vrrp_abort(b->hn, &b->ch);
	return err;
}

static void batch_publish(struct hak_nl_batch *b)
{
	struct hak_nl_router *r;

	if (vrrp_changed(b)) {
		hak_vrrp_commit(b->hn, &b->ch);
		list_for_each_entry(r, &b->routers, list)
			r->ch.cfg = NULL;	/* the router's now */
	}
	if (hak_nl_batch_lb_changed(b)) {
		hak_lb_commit(b->hn, &b->lb_ch);
		hak_nl_batch_lb_taken(b);
	}
}

static int batch_commit(struct hak_nl_batch *b, const char *tag)
{
	struct hak_net *hn = b->hn;
	int err;

	if (!vrrp_changed(b) && !hak_nl_batch_lb_changed(b) && !tag)
		return 0;
	err = batch_prepare(b);
	if (err)
		return err;
	/* Events of the commit already tell the new generation. */
	WRITE_ONCE(hn->generation, hn->generation + 1);
	if (tag) {
		strscpy(hn->tag, tag, sizeof(hn->tag));
		hn->tag_time = ktime_get_real_ns();
	}
	batch_publish(b);
	hak_notify_config(hn);
	return 0;
}

static int batch_op(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	switch (op->cmd) {
	case HAK_CMD_ROUTER_NEW:
		return hak_nl_router_new(b, op);
	case HAK_CMD_ROUTER_SET:
		return hak_nl_router_set(b, op);
	case HAK_CMD_ROUTER_DEL:
		return hak_nl_router_del(b, op);
	case HAK_CMD_VIP_NEW:
		return hak_nl_vip_new(b, op);
	case HAK_CMD_VIP_SET:
		return hak_nl_vip_set(b, op);
	case HAK_CMD_VIP_DEL:
		return hak_nl_vip_del(b, op);
	case HAK_CMD_TRACK_NEW:
		return hak_nl_track_new(b, op);
	case HAK_CMD_TRACK_SET:
		return hak_nl_track_set(b, op);
	case HAK_CMD_TRACK_DEL:
		return hak_nl_track_del(b, op);
	case HAK_CMD_GROUP_NEW:
		return hak_nl_group_new(b, op);
	case HAK_CMD_GROUP_SET:
		return hak_nl_group_set(b, op);
	case HAK_CMD_GROUP_DEL:
		return hak_nl_group_del(b, op);
	case HAK_CMD_ROUTE_NEW:
		return hak_nl_route_new(b, op);
	case HAK_CMD_ROUTE_SET:
		return hak_nl_route_set(b, op);
	case HAK_CMD_ROUTE_DEL:
		return hak_nl_route_del(b, op);
	case HAK_CMD_POOL_NEW:
		return hak_nl_pool_new(b, op);
	case HAK_CMD_POOL_SET:
		return hak_nl_pool_set(b, op);
	case HAK_CMD_POOL_DEL:
		return hak_nl_pool_del(b, op);
	case HAK_CMD_SERVER_NEW:
		return hak_nl_server_new(b, op);
	case HAK_CMD_SERVER_SET:
		return hak_nl_server_set(b, op);
	case HAK_CMD_SERVER_DEL:
		return hak_nl_server_del(b, op);
	case HAK_CMD_SERVICE_NEW:
		return hak_nl_service_new(b, op);
	case HAK_CMD_SERVICE_SET:
		return hak_nl_service_set(b, op);
	case HAK_CMD_SERVICE_DEL:
		return hak_nl_service_del(b, op);
	case HAK_CMD_LB_SET:
		return hak_nl_lb_set(b, op);
	}
	return hak_nl_refuse(b->extack, op->attr, -EOPNOTSUPP,
			     "command %u is not in this version of hak or not for a batch",
			     op->cmd);
}

static int batch_finish(struct hak_nl_batch *b, const char *tag)
{
	struct hak_nl_router *r;
	int err = 0;

	list_for_each_entry(r, &b->routers, list)
		if (!err && r->ch.cfg)
			err = hak_nl_vip_settle(r->ch.cfg);
	if (err)
		return err;
	batch_reduce(b);
	err = hak_nl_check(b);
	return err ?: batch_commit(b, tag);
}

static int usable(const struct hak_net *hn, struct netlink_ext_ack *extack)
{
	if (!hn->dying)
		return 0;
	NL_SET_ERR_MSG(extack, "hak is being unloaded");
	return -ESHUTDOWN;
}

/* Take the locks, make the change, and leave no refusal without a sentence. */
static int locked(struct genl_info *info,
		  int (*change)(struct hak_net *hn, struct genl_info *info))
{
	struct hak_net *hn = info->user_ptr[0];
	int err;

	rtnl_lock();
	mutex_lock(&hn->cfg_mutex);
	err = usable(hn, info->extack);
	if (!err)
		err = change(hn, info);
	mutex_unlock(&hn->cfg_mutex);
	rtnl_unlock();
	if (err == -ENOMEM && info->extack && !info->extack->_msg)
		NL_SET_ERR_MSG(info->extack, "out of memory");
	return err;
}

/*
 * The nests of a single command are at the top level; attrs ends with the last
 * one that the command's policy knows.
 */
static void pick_nests(struct hak_nl_op *op, struct nlattr **attrs)
{
	switch (op->cmd) {
	case HAK_CMD_VIP_NEW:
		op->router = attrs[HAK_A_ROUTER];
		fallthrough;
	case HAK_CMD_VIP_SET:
	case HAK_CMD_VIP_DEL:
		op->vip = attrs[HAK_A_VIP];
		break;
	case HAK_CMD_TRACK_NEW:
	case HAK_CMD_TRACK_SET:
	case HAK_CMD_TRACK_DEL:
		op->track = attrs[HAK_A_TRACK];
		break;
	case HAK_CMD_GROUP_NEW:
	case HAK_CMD_GROUP_SET:
	case HAK_CMD_GROUP_DEL:
		op->group = attrs[HAK_A_GROUP];
		break;
	case HAK_CMD_ROUTE_NEW:
	case HAK_CMD_ROUTE_SET:
	case HAK_CMD_ROUTE_DEL:
		op->route = attrs[HAK_A_ROUTE];
		break;
	case HAK_CMD_POOL_NEW:
	case HAK_CMD_POOL_SET:
	case HAK_CMD_POOL_DEL:
		op->pool = attrs[HAK_A_POOL];
		break;
	case HAK_CMD_SERVER_NEW:
	case HAK_CMD_SERVER_SET:
	case HAK_CMD_SERVER_DEL:
		op->server = attrs[HAK_A_SERVER];
		break;
	case HAK_CMD_SERVICE_NEW:
	case HAK_CMD_SERVICE_SET:
	case HAK_CMD_SERVICE_DEL:
		op->service = attrs[HAK_A_SERVICE];
		break;
	case HAK_CMD_LB_SET:
		op->lb = attrs[HAK_A_LB];
		break;
	default:
		op->router = attrs[HAK_A_ROUTER];
	}
}

static int change_locked(struct hak_net *hn, struct genl_info *info)
{
	struct hak_nl_op op = {
		.cmd = info->genlhdr->cmd,
	};
	struct hak_nl_batch b;
	int err;

	pick_nests(&op, info->attrs);
	err = batch_init(&b, hn, info->extack, 1);
	if (!err)
		err = batch_op(&b, &op);
	if (!err)
		err = batch_finish(&b, NULL);
	batch_free(&b);
	return err;
}

/**
 * hak_nl_change_doit() - NEW, SET or DEL of one object: a batch of one
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_change_doit(struct sk_buff *skb, struct genl_info *info)
{
	return locked(info, change_locked);
}

/* The policy has been checked when the message was; this only picks. */
static int apply_op(struct hak_nl_batch *b, const struct nlattr *attr)
{
	struct hak_nl_op op = {
		.attr = attr,
	};
	const struct nlattr *a;
	int rem;

	nla_for_each_nested(a, attr, rem) {
		switch (nla_type(a)) {
		case HAK_A_OP_CMD:
			op.cmd = nla_get_u32(a);
			break;
		case HAK_A_OP_ROUTER:
			op.router = a;
			break;
		case HAK_A_OP_VIP:
			op.vip = a;
			break;
		case HAK_A_OP_TRACK:
			op.track = a;
			break;
		case HAK_A_OP_POOL:
			op.pool = a;
			break;
		case HAK_A_OP_SERVER:
			op.server = a;
			break;
		case HAK_A_OP_SERVICE:
			op.service = a;
			break;
		case HAK_A_OP_LB:
			op.lb = a;
			break;
		case HAK_A_OP_GROUP:
			op.group = a;
			break;
		case HAK_A_OP_ROUTE:
			op.route = a;
			break;
		}
	}
	if (!op.cmd)
		return hak_nl_missing(b->extack, attr, HAK_A_OP_CMD,
				      "an operation needs a command");
	return batch_op(b, &op);
}

static const struct nlattr *first_attr(const struct genl_info *info)
{
	return genlmsg_data(info->genlhdr);
}

static int apply_ops(struct hak_nl_batch *b, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	nla_for_each_attr(attr, first_attr(info),
			  genlmsg_len(info->genlhdr), rem) {
		err = nla_type(attr) == HAK_A_OP ? apply_op(b, attr) : 0;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static unsigned int count_ops(struct genl_info *info)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem;

	nla_for_each_attr(attr, first_attr(info),
			  genlmsg_len(info->genlhdr), rem)
		n += nla_type(attr) == HAK_A_OP;
	return n;
}

static int apply_locked(struct hak_net *hn, struct genl_info *info)
{
	const struct nlattr *expect = info->attrs[HAK_A_EXPECT_GENERATION];
	const struct nlattr *tag = info->attrs[HAK_A_TAG];
	struct hak_nl_batch b;
	int err;

	if (expect && nla_get_u32(expect) != hn->generation)
		return hak_nl_refuse(info->extack, expect, -EAGAIN,
				     "the configuration has changed meanwhile: generation %u, expected %u",
				     hn->generation, nla_get_u32(expect));
	err = batch_init(&b, hn, info->extack, count_ops(info));
	if (!err)
		err = apply_ops(&b, info);
	if (!err)
		err = batch_finish(&b, tag ? nla_data(tag) : NULL);
	batch_free(&b);
	return err;
}

/**
 * hak_nl_apply_doit() - CONFIG_APPLY: many operations, all or none
 * @skb: request
 * @info: its attributes
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_apply_doit(struct sk_buff *skb, struct genl_info *info)
{
	return locked(info, apply_locked);
}
