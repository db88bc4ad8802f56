// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <linux/err.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <net/netlink.h>

#include "../nl/notify.h"
#include "../pernet.h"
#include "../rtnl.h"
#include "addr.h"
#include "dev.h"
#include "group.h"
#include "route.h"
#include "router.h"
#include "rx.h"
#include "track.h"
#include "tx.h"
#include "vmac.h"
#include "vrrp.h"
#include "watch.h"

/**
 * struct prepared - what a router change has in hand until commit or abort
 * @r: the router, made or live
 * @made: @r is new
 * @rebind: it leaves its device for another, or for another VRID
 * @addrs: the new list
 * @fresh: which entries of @addrs were made; the others belong to the old list
 * @routes: the new list
 * @fresh_routes: which entries of @routes were made
 * @uses: the new list
 * @member: in its new group, or NULL
 * @regroup: it leaves its group, or joins @member's
 * @hd: device to bind to, with a user, or NULL
 */
struct prepared {
	struct hak_router *r;
	bool made;
	bool rebind;
	struct hak_addrs *addrs;
	unsigned long fresh[BITS_TO_LONGS(HAK_VIPS_MAX)];
	struct hak_vroutes *routes;
	unsigned long fresh_routes[BITS_TO_LONGS(HAK_ROUTER_ROUTES_MAX)];
	struct hak_uses *uses;
	struct hak_member *member;
	bool regroup;
	struct hak_dev *hd;
};

#define rcu_deref_cfg(hn, p)						\
	rcu_dereference_check(p, lockdep_is_held(&(hn)->cfg_mutex) ||	\
			      lockdep_rtnl_is_held())

struct hak_router_cfg *hak_router_cfg_new(void)
{
	return kzalloc(sizeof(struct hak_router_cfg), GFP_KERNEL_ACCOUNT);
}

struct hak_router_cfg *hak_router_cfg_dup(const struct hak_router_cfg *cfg)
{
	struct hak_router_cfg *new = kmemdup(cfg, sizeof(*cfg),
					     GFP_KERNEL_ACCOUNT);

	if (!new)
		return NULL;
	new->vips = NULL;
	new->uses = NULL;
	new->peers = NULL;
	new->routes = NULL;
	if (cfg->n_vips) {
		new->vips = kmemdup(cfg->vips, cfg->n_vips * sizeof(*cfg->vips),
				    GFP_KERNEL_ACCOUNT);
		if (!new->vips)
			goto fail;
	}
	if (cfg->n_uses) {
		new->uses = kmemdup(cfg->uses, cfg->n_uses * sizeof(*cfg->uses),
				    GFP_KERNEL_ACCOUNT);
		if (!new->uses)
			goto fail;
	}
	if (cfg->n_peers) {
		new->peers = kmemdup(cfg->peers,
				     cfg->n_peers * sizeof(*cfg->peers),
				     GFP_KERNEL_ACCOUNT);
		if (!new->peers)
			goto fail;
	}
	if (cfg->n_routes) {
		new->routes = kmemdup(cfg->routes,
				      cfg->n_routes * sizeof(*cfg->routes),
				      GFP_KERNEL_ACCOUNT);
		if (!new->routes)
			goto fail;
	}
	return new;
fail:
	hak_router_cfg_free(new);
	return NULL;
}

void hak_router_cfg_free_now(struct hak_router_cfg *cfg)
{
	if (!cfg)
		return;
	kfree(cfg->vips);
	kfree(cfg->uses);
	kfree(cfg->peers);
	kfree(cfg->routes);
	kfree(cfg);
}

static void cfg_free_rcu(struct rcu_head *rcu)
{
	hak_router_cfg_free_now(container_of(rcu, struct hak_router_cfg, rcu));
}

void hak_router_cfg_free(struct hak_router_cfg *cfg)
{
	if (cfg)
		call_rcu(&cfg->rcu, cfg_free_rcu);
}

static u32 name_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

struct hak_router *hak_router_find(struct hak_net *hn, const char *name)
{
	struct hak_router *r;

	hash_for_each_possible_rcu(hn->router_names, r, by_name, name_hash(name),
				   lockdep_is_held(&hn->cfg_mutex) ||
				   lockdep_rtnl_is_held())
		if (!strcmp(rcu_deref_cfg(hn, r->cfg)->name, name))
			return r;
	return NULL;
}

struct hak_router *hak_router_find_key(struct hak_net *hn, const char *dev,
				       u8 vrid, u8 family)
{
	struct hak_router *r;

	list_for_each_entry_rcu(r, &hn->routers, list,
				lockdep_is_held(&hn->cfg_mutex) ||
				lockdep_rtnl_is_held()) {
		const struct hak_router_cfg *cfg = rcu_deref_cfg(hn, r->cfg);

		if (cfg->vrid == vrid && cfg->family == family &&
		    !strcmp(cfg->dev, dev))
			return r;
	}
	return NULL;
}

const struct hak_router_cfg *hak_router_cfg(const struct hak_router *r)
{
	return rcu_deref_cfg(r->hn, r->cfg);
}

struct hak_router *hak_router_next(struct hak_net *hn, struct hak_router *r)
{
	lockdep_assert(lockdep_is_held(&hn->cfg_mutex) || lockdep_rtnl_is_held());
	if (!r)
		return list_first_entry_or_null(&hn->routers, typeof(*r), list);
	return list_is_last(&r->list, &hn->routers) ? NULL :
	       list_next_entry(r, list);
}

struct hak_track *hak_track_next(struct hak_net *hn, struct hak_track *t)
{
	lockdep_assert(lockdep_is_held(&hn->cfg_mutex) || lockdep_rtnl_is_held());
	if (!t)
		return list_first_entry_or_null(&hn->tracks, typeof(*t), list);
	return list_is_last(&t->list, &hn->tracks) ? NULL :
	       list_next_entry(t, list);
}

static bool vip_equal(const struct hak_vip_cfg *a, const struct hak_vip_cfg *b)
{
	return hak_ip_equal(&a->ip, &b->ip) && a->plen == b->plen &&
	       !strcmp(a->label, b->label) && !strcmp(a->dev, b->dev);
}

/* The live object of an address that stays as it is. */
static struct hak_addr *kept_addr(struct hak_router *r,
				  const struct hak_vip_cfg *vip)
{
	const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);
	struct hak_addrs *addrs = rtnl_dereference(r->addrs);
	u32 i;

	for (i = 0; cfg && i < cfg->n_vips; i++)
		if (vip_equal(&cfg->vips[i], vip))
			return addrs->a[i];
	return NULL;
}

static int prepare_addrs(struct prepared *p, const struct hak_router_cfg *cfg)
{
	u32 i;

	p->addrs = kzalloc(struct_size(p->addrs, a, cfg->n_vips),
			   GFP_KERNEL_ACCOUNT);
	if (!p->addrs)
		return -ENOMEM;
	for (i = 0; i < cfg->n_vips; i++) {
		struct hak_addr *a = kept_addr(p->r, &cfg->vips[i]);

		if (!a) {
			a = hak_addr_new(p->r, &cfg->vips[i]);
			if (!a)
				return -ENOMEM;
			__set_bit(i, p->fresh);
		}
		p->addrs->a[i] = a;
		p->addrs->n++;
	}
	return 0;
}

/* The live object of a route that stays as it is. */
static struct hak_vroute *kept_route(struct hak_router *r,
				     const struct hak_vroute_cfg *cfg)
{
	struct hak_vroutes *routes = rtnl_dereference(r->routes);
	u32 i;

	for (i = 0; routes && i < routes->n; i++)
		if (hak_vroute_cfg_same(&routes->v[i]->cfg, cfg))
			return routes->v[i];
	return NULL;
}

static int prepare_routes(struct prepared *p, const struct hak_router_cfg *cfg)
{
	u32 i;

	if (!cfg->n_routes)
		return 0;
	p->routes = kzalloc(struct_size(p->routes, v, cfg->n_routes),
			    GFP_KERNEL_ACCOUNT);
	if (!p->routes)
		return -ENOMEM;
	for (i = 0; i < cfg->n_routes; i++) {
		struct hak_vroute *v = kept_route(p->r, &cfg->routes[i]);

		if (!v) {
			v = hak_vroute_new(p->r->hn, &cfg->routes[i]);
			if (!v)
				return -ENOMEM;
			__set_bit(i, p->fresh_routes);
		}
		p->routes->v[i] = v;
		p->routes->n++;
	}
	return 0;
}

static struct hak_track *track_after(struct hak_net *hn, struct hak_changes *ch,
				     const char *name)
{
	struct hak_track_change *tc;

	list_for_each_entry(tc, &ch->tracks, list)
		if (!tc->remove && !strcmp(tc->cfg.name, name))
			return tc->track ?: tc->prepared;
	return hak_track_find(hn, name);
}

static int prepare_uses(struct prepared *p, struct hak_changes *ch,
			const struct hak_router_cfg *cfg)
{
	u32 i;

	p->uses = kzalloc(struct_size(p->uses, t, cfg->n_uses),
			  GFP_KERNEL_ACCOUNT);
	if (!p->uses)
		return -ENOMEM;
	for (i = 0; i < cfg->n_uses; i++) {
		struct hak_track *t = track_after(p->r->hn, ch, cfg->uses[i].name);

		if (WARN_ON_ONCE(!t))
			return -ENOENT;
		kref_get(&t->ref);
		p->uses->t[i] = t;
		p->uses->n++;
	}
	return 0;
}

static struct hak_group *group_after(struct hak_net *hn, struct hak_changes *ch,
				     const char *name)
{
	struct hak_group_change *gc;

	list_for_each_entry(gc, &ch->groups, list)
		if (!gc->remove && !strcmp(gc->cfg.name, name))
			return gc->group ?: gc->prepared;
	return hak_group_find(hn, name);
}

static int prepare_member(struct prepared *p, struct hak_changes *ch,
			  const struct hak_router_cfg *cfg)
{
	const struct hak_router_cfg *old = rtnl_dereference(p->r->cfg);

	p->regroup = strcmp(old ? old->group : "", cfg->group);
	if (!p->regroup || !cfg->group[0])
		return 0;
	p->member = kzalloc(sizeof(*p->member), GFP_KERNEL_ACCOUNT);
	if (!p->member)
		return -ENOMEM;
	p->member->g = group_after(p->r->hn, ch, cfg->group);
	return WARN_ON_ONCE(!p->member->g) ? -ENOENT : 0;
}

/* The whole list has to fit into one frame. */
static bool fits(const struct net_device *dev, const struct hak_router_cfg *cfg)
{
	u8 alen = hak_router_alen(cfg);
	u32 i, n = 0;

	for (i = 0; i < cfg->n_vips; i++)
		n += hak_vip_advertised(cfg, &cfg->vips[i]);
	return (alen == HAK_IP4_LEN ? sizeof(struct iphdr) :
				      sizeof(struct ipv6hdr)) +
	       hak_vrrp_size(cfg->version, alen, n) <= READ_ONCE(dev->mtu);
}

static int prepare_dev(struct prepared *p, const struct hak_router_cfg *cfg,
		       struct netlink_ext_ack *extack)
{
	const char *why;
	struct hak_dev *hd = p->r->hd;

	if (p->rebind || !hd) {
		hd = hak_dev_get(p->r->hn, cfg->dev, &why);
		if (PTR_ERR_OR_ZERO(hd) == -ENODEV) {
			NL_SET_ERR_MSG_FMT(extack,
					   "no device %s yet; router %s waits",
					   cfg->dev, cfg->name);
			return 0;
		}
		if (IS_ERR(hd)) {
			NL_SET_ERR_MSG_FMT(extack, "router %s cannot use %s: %s",
					   cfg->name, cfg->dev, why);
			return PTR_ERR(hd);
		}
		p->hd = hd;
	}
	if (fits(hd->dev, cfg))
		return 0;
	NL_SET_ERR_MSG_FMT(extack,
			   "the addresses of router %s do not fit into one frame of %s (MTU %u)",
			   cfg->name, cfg->dev, hd->dev->mtu);
	return -EMSGSIZE;
}

static int prepare_net(struct hak_net *hn)
{
	if (!hn->wq) {
		hn->wq = alloc_ordered_workqueue("hak", WQ_MEM_RECLAIM);
		if (!hn->wq)
			return -ENOMEM;
	}
	return hak_rtnl_open(hn);
}

static void undo(struct hak_router_change *rc)
{
	struct prepared *p = rc->prepared;
	u32 i;

	rc->prepared = NULL;
	for (i = 0; p->addrs && i < p->addrs->n; i++)
		if (test_bit(i, p->fresh))
			hak_addr_discard(p->addrs->a[i]);
	for (i = 0; p->routes && i < p->routes->n; i++)
		if (test_bit(i, p->fresh_routes))
			kfree(p->routes->v[i]);
	for (i = 0; p->uses && i < p->uses->n; i++)
		hak_track_put(p->uses->t[i]);
	kfree(p->addrs);
	kfree(p->routes);
	kfree(p->uses);
	kfree(p->member);
	if (p->hd)
		hak_dev_put(p->hd);
	if (p->made)
		hak_rx_put_hooks(p->r->hn);
	if (p->r && !rc->router)
		hak_router_put(p->r);
	kfree(p);
}

static int prepare_new(struct hak_net *hn, struct prepared *p)
{
	int err = prepare_net(hn);

	if (err)
		return err;
	p->r = hak_router_new(hn);
	if (!p->r)
		return -ENOMEM;
	err = hak_rx_get_hooks(hn);
	p->made = !err;
	return err;
}

static int prepare_router(struct hak_net *hn, struct hak_changes *ch,
			  struct hak_router_change *rc,
			  struct netlink_ext_ack *extack)
{
	struct prepared *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	const struct hak_router_cfg *old;
	int err = 0;

	if (!p)
		return -ENOMEM;
	rc->prepared = p;
	p->r = rc->router;
	if (!p->r)
		err = prepare_new(hn, p);
	if (err || !rc->cfg)
		return err;
	old = rtnl_dereference(p->r->cfg);
	p->rebind = old && (strcmp(old->dev, rc->cfg->dev) ||
			    old->vrid != rc->cfg->vrid);
	err = prepare_addrs(p, rc->cfg);
	if (!err)
		err = prepare_routes(p, rc->cfg);
	if (!err)
		err = prepare_uses(p, ch, rc->cfg);
	if (!err)
		err = prepare_member(p, ch, rc->cfg);
	if (!err)
		err = prepare_dev(p, rc->cfg, extack);
	return err;
}

static int prepare_track(struct hak_net *hn, struct hak_track_change *tc)
{
	if (tc->remove || tc->track)
		return 0;
	tc->prepared = hak_track_new(hn, &tc->cfg);
	return tc->prepared ? 0 : -ENOMEM;
}

static int prepare_group(struct hak_net *hn, struct hak_group_change *gc)
{
	if (gc->remove || gc->group)
		return 0;
	gc->prepared = hak_group_new(hn, &gc->cfg);
	return gc->prepared ? 0 : -ENOMEM;
}

void hak_vrrp_abort(struct hak_net *hn, struct hak_changes *ch)
{
	struct hak_router_change *rc;
	struct hak_track_change *tc;
	struct hak_group_change *gc;

	list_for_each_entry(rc, &ch->routers, list)
		if (rc->prepared)
			undo(rc);
	list_for_each_entry(gc, &ch->groups, list)
		kfree(gc->prepared);
	list_for_each_entry(tc, &ch->tracks, list)
		if (tc->prepared)
			hak_track_put(tc->prepared);
}

int hak_vrrp_prepare(struct hak_net *hn, struct hak_changes *ch,
		     struct netlink_ext_ack *extack)
{
	struct hak_router_change *rc;
	struct hak_track_change *tc;
	struct hak_group_change *gc;
	int err = 0;

	ASSERT_RTNL();
	lockdep_assert_held(&hn->cfg_mutex);
	list_for_each_entry(tc, &ch->tracks, list) {
		err = prepare_track(hn, tc);
		if (err)
			goto fail;
	}
	list_for_each_entry(gc, &ch->groups, list) {
		err = prepare_group(hn, gc);
		if (err)
			goto fail;
	}
	list_for_each_entry(rc, &ch->routers, list) {
		err = prepare_router(hn, ch, rc, extack);
		if (err)
			goto fail;
	}
	return 0;
fail:
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "out of memory, nothing changed");
	hak_vrrp_abort(hn, ch);
	return err;
}

static void drop_uses(struct hak_uses *uses)
{
	u32 i;

	for (i = 0; uses && i < uses->n; i++) {
		uses->t[i]->users--;
		hak_track_put(uses->t[i]);
	}
}

/* Addresses of the old list that the new one has not taken over. */
static void drop_addrs(const struct hak_addrs *old, const struct prepared *p)
{
	u32 i, j;

	for (i = 0; old && i < old->n; i++) {
		bool kept = false;

		for (j = 0; p && j < p->addrs->n && !kept; j++)
			kept = p->addrs->a[j] == old->a[i];
		if (!kept)
			hak_addr_drop(old->a[i]);
	}
}

/* The same, of routes; one that goes another way from now on is dropped, too. */
static void drop_routes(struct hak_router *r, const struct hak_vroutes *old,
			const struct prepared *p)
{
	u32 i, j;

	for (i = 0; old && i < old->n; i++) {
		const struct hak_vroutes *new = p ? p->routes : NULL;
		bool kept = false, changed = false;

		for (j = 0; new && j < new->n && !kept; j++) {
			kept = new->v[j] == old->v[i];
			changed |= hak_vroute_cfg_is(&new->v[j]->cfg, &old->v[i]->cfg);
		}
		if (kept)
			continue;
		if (p && !changed)
			hak_notify_route(r->hn, r, &old->v[i]->cfg,
					 READ_ONCE(old->v[i]->installed),
					 HAK_NOTIFY_DEL);
		hak_vroute_drop(old->v[i]);
	}
}

static bool had_route(const struct hak_vroutes *old, const struct hak_vroute *v)
{
	u32 i;

	for (i = 0; old && i < old->n; i++)
		if (hak_vroute_cfg_is(&old->v[i]->cfg, &v->cfg))
			return true;
	return false;
}

static void publish_routes(struct hak_router *r, const struct hak_vroutes *old,
			   const struct prepared *p)
{
	u32 i;

	for (i = 0; p->routes && i < p->routes->n; i++) {
		struct hak_vroute *v = p->routes->v[i];

		if (!test_bit(i, p->fresh_routes))
			continue;
		hak_vroute_publish(v);
		hak_notify_route(r->hn, r, &v->cfg, false,
				 had_route(old, v) ? HAK_NOTIFY_SET :
						     HAK_NOTIFY_NEW);
	}
}

static void leave_dev(struct hak_router *r)
{
	spin_lock_bh(&r->lock);
	r->stop_why = "moved to another device or VRID";
	spin_unlock_bh(&r->lock);
	hak_router_refresh(r);
	hak_dev_unbind(r);
	spin_lock_bh(&r->lock);
	r->stop_why = NULL;
	spin_unlock_bh(&r->lock);
}

/* Swap configuration and lists; the old ones are still read under RCU. */
static void swap_config(struct hak_router *r, struct hak_router_cfg *cfg,
			struct prepared *p)
{
	struct hak_router_cfg *old_cfg = rtnl_dereference(r->cfg);
	struct hak_addrs *old_addrs = rtnl_dereference(r->addrs);
	struct hak_vroutes *old_routes = rtnl_dereference(r->routes);
	struct hak_uses *old_uses = rtnl_dereference(r->uses);
	u32 i;

	for (i = 0; i < p->addrs->n; i++)
		if (test_bit(i, p->fresh))
			hak_addr_publish(p->addrs->a[i]);
	for (i = 0; i < p->uses->n; i++)
		p->uses->t[i]->users++;
	spin_lock_bh(&r->lock);
	rcu_assign_pointer(r->cfg, cfg);
	rcu_assign_pointer(r->addrs, p->addrs);
	rcu_assign_pointer(r->routes, p->routes);
	rcu_assign_pointer(r->uses, p->uses);
	r->tmpl_stale = true;
	spin_unlock_bh(&r->lock);
	if (p->regroup)
		hak_group_join(r, p->member);
	/* The old way is removed before the new one is added: one queue, in order. */
	drop_routes(r, old_routes, p);
	publish_routes(r, old_routes, p);
	drop_addrs(old_addrs, p);
	drop_uses(old_uses);
	if (old_addrs)
		kfree_rcu(old_addrs, rcu);
	if (old_routes)
		kfree_rcu(old_routes, rcu);
	if (old_uses)
		kfree_rcu(old_uses, rcu);
	hak_router_cfg_free(old_cfg);
}

static void publish(struct hak_net *hn, struct hak_router *r, const char *name)
{
	list_add_tail_rcu(&r->list, &hn->routers);
	hash_add_rcu(hn->router_names, &r->by_name, name_hash(name));
	hn->n_routers++;
}

static void commit_router(struct hak_net *hn, struct hak_router_change *rc)
{
	struct prepared *p = rc->prepared;
	struct hak_router *r = p->r;
	bool again;

	if (p->rebind)
		leave_dev(r);
	swap_config(r, rc->cfg, p);
	if (p->made)
		publish(hn, r, rc->cfg->name);
	if (p->hd)
		hak_dev_bind(r, p->hd);
	again = hak_vmac_update(r);
	hak_router_place(r);
	hak_router_refresh(r);
	if (!p->made && (again || !bitmap_empty(p->fresh, HAK_VIPS_MAX)))
		hak_router_announce(r);
	hak_notify_router(hn, r, p->made ? HAK_NOTIFY_NEW : HAK_NOTIFY_SET);
	rc->cfg = NULL;
	rc->prepared = NULL;
	kfree(p);
}

/* First phase of removal: nobody finds it any more, its addresses go. */
static void retire(struct hak_net *hn, struct hak_router *r, const char *why)
{
	hak_group_join(r, NULL);
	hak_router_stop(r, why);
	hak_notify_router(hn, r, HAK_NOTIFY_DEL);
	hak_dev_unbind(r);
	list_del_rcu(&r->list);
	hash_del_rcu(&r->by_name);
	hn->n_routers--;
	drop_routes(r, rtnl_dereference(r->routes), NULL);
	drop_addrs(rtnl_dereference(r->addrs), NULL);
}

/* Last phase, after a grace period: wait for what still runs, let it be freed. */
static void bury(struct hak_router *r)
{
	hak_router_cancel(r);
	drop_uses(rtnl_dereference(r->uses));
	hak_rx_put_hooks(r->hn);
	hak_router_put(r);
}

static void commit_track(struct hak_net *hn, struct hak_track_change *tc)
{
	struct hak_track *t = tc->prepared;

	if (t) {
		tc->prepared = NULL;
		list_add_tail_rcu(&t->list, &hn->tracks);
		hn->n_tracks++;
		hak_watch_track(t);
		hak_notify_track(hn, t, HAK_NOTIFY_NEW);
	} else if (!tc->remove) {
		hak_track_configure(tc->track, &tc->cfg);
		hak_watch_track(tc->track);
		hak_notify_track(hn, tc->track, HAK_NOTIFY_SET);
	}
}

static void remove_track(struct hak_net *hn, struct hak_track *t)
{
	hak_notify_track(hn, t, HAK_NOTIFY_DEL);
	list_del_rcu(&t->list);
	hn->n_tracks--;
	hak_track_stop(t);
	hak_track_put(t);
}

static void commit_group(struct hak_net *hn, struct hak_group_change *gc)
{
	struct hak_group *g = gc->prepared ?: gc->group;

	if (gc->remove)
		return;
	hak_group_configure(g, &gc->cfg);
	if (gc->prepared) {
		list_add_tail_rcu(&g->list, &hn->groups);
		hn->n_groups++;
	}
	hak_notify_group(hn, g, gc->prepared ? HAK_NOTIFY_NEW : HAK_NOTIFY_SET);
	gc->prepared = NULL;
}

static void remove_group(struct hak_net *hn, struct hak_group *g)
{
	hak_notify_group(hn, g, HAK_NOTIFY_DEL);
	list_del_rcu(&g->list);
	hn->n_groups--;
	hak_group_free(g);
}

void hak_vrrp_commit(struct hak_net *hn, struct hak_changes *ch)
{
	struct hak_router_change *rc;
	struct hak_track_change *tc;
	struct hak_group_change *gc;
	bool wait = false;

	ASSERT_RTNL();
	lockdep_assert_held(&hn->cfg_mutex);
	list_for_each_entry(tc, &ch->tracks, list)
		commit_track(hn, tc);
	list_for_each_entry(gc, &ch->groups, list)
		commit_group(hn, gc);
	list_for_each_entry(rc, &ch->routers, list) {
		if (rc->cfg)
			continue;
		retire(hn, rc->router, "removed");
		wait = true;
	}
	list_for_each_entry(rc, &ch->routers, list)
		if (rc->cfg)
			commit_router(hn, rc);
	hak_group_run_all(hn);
	if (wait)
		synchronize_net();
	list_for_each_entry(rc, &ch->routers, list) {
		if (!rc->prepared)
			continue;
		kfree(rc->prepared);
		rc->prepared = NULL;
		bury(rc->router);
	}
	list_for_each_entry(gc, &ch->groups, list)
		if (gc->remove)
			remove_group(hn, gc->group);
	list_for_each_entry(tc, &ch->tracks, list)
		if (tc->remove)
			remove_track(hn, tc->track);
}

void hak_vrrp_remove_all(struct hak_net *hn, const char *why)
{
	struct hak_router *r, *tmp;
	struct hak_track *t, *t_tmp;
	struct hak_group *g, *g_tmp;
	LIST_HEAD(dead);

	ASSERT_RTNL();
	lockdep_assert_held(&hn->cfg_mutex);
	if (!hn->n_routers && !hn->n_tracks && !hn->n_groups)
		return;
	list_for_each_entry_safe(r, tmp, &hn->routers, list) {
		retire(hn, r, why);
		/* It has left its device: dev_list is free for this. */
		list_add_tail(&r->dev_list, &dead);
	}
	synchronize_net();
	list_for_each_entry_safe(r, tmp, &dead, dev_list) {
		list_del_init(&r->dev_list);
		bury(r);
	}
	list_for_each_entry_safe(g, g_tmp, &hn->groups, list)
		remove_group(hn, g);
	list_for_each_entry_safe(t, t_tmp, &hn->tracks, list)
		remove_track(hn, t);
}
