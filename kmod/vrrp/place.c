// SPDX-License-Identifier: GPL-2.0-only
/* Where the addresses and routes of a router belong, and what it is for them now. */
#include <linux/etherdevice.h>

#include "../pernet.h"
#include "dev.h"
#include "route.h"
#include "router.h"
#include "run.h"
#include "vmac.h"

/* What this machine is for its addresses now. */
static u32 role_of(const struct hak_router *r, const struct hak_router_cfg *cfg)
{
	bool active = r->fsm.state == HAK_STATE_ACTIVE;
	u32 flags = active ? HAK_ROLE_ACTIVE | HAK_ROLE_ANSWER : 0;

	/* An owner's address is the host's own, with or without us. */
	if (cfg->priority == HAK_FSM_OWNER &&
	    r->fsm.state == HAK_STATE_INITIALIZE)
		return HAK_ROLE_ACTIVE | HAK_ROLE_DELIVER;

	if (cfg->accept == HAK_ACCEPT_ALWAYS ||
	    (active && (cfg->accept == HAK_ACCEPT_ON ||
			cfg->priority == HAK_FSM_OWNER)))
		flags |= HAK_ROLE_DELIVER;
	return flags;
}

void hak_router_publish_roles(struct hak_router *r, const struct hak_router_cfg *cfg)
{
	const struct hak_addrs *addrs =
		rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	u32 flags = role_of(r, cfg);
	u32 i;

	lockdep_assert_held(&r->lock);
	if (r->fsm.state == HAK_STATE_ACTIVE)
		set_bit(HAK_ROUTER_ACTIVE, &r->flags);
	else
		clear_bit(HAK_ROUTER_ACTIVE, &r->flags);
	hak_vmac_follow(r);
	for (i = 0; addrs && i < addrs->n; i++)
		hak_role_set(&addrs->a[i]->role, flags);
}

/* On another device than its router's an address has the MAC of that. */
static void place(struct hak_router *r, struct hak_addr *a,
		  const struct hak_vip_cfg *vip, bool on, bool owner)
{
	const struct net_device *dev = NULL;
	u8 mac[ETH_ALEN];

	if (vip->dev[0]) {
		dev = dev_get_by_name_rcu(r->hn->net, vip->dev);
		if (dev)
			ether_addr_copy(mac, dev->dev_addr);
	} else if (r->hd) {
		dev = r->hd->dev;
		hak_vmac_get(r, mac);
	}
	hak_addr_want(a, dev ? dev->ifindex : 0, dev ? mac : NULL, on, owner);
}

static void place_routes(struct hak_router *r)
{
	const struct hak_vroutes *routes =
		rcu_dereference_check(r->routes, lockdep_is_held(&r->lock));
	bool on = r->fsm.state == HAK_STATE_ACTIVE;
	u32 i;

	if (r->dead)
		return;		/* dropped, or about to be */
	for (i = 0; routes && i < routes->n; i++) {
		const char *name = routes->v[i]->cfg.dev;
		const struct net_device *dev = r->hd ? r->hd->dev : NULL;

		if (name[0])
			dev = dev_get_by_name_rcu(r->hn->net, name);
		hak_vroute_want(routes->v[i], dev, on);
	}
}

void hak_router_place(struct hak_router *r)
{
	const struct hak_router_cfg *cfg;
	const struct hak_addrs *addrs;
	bool on, owner;
	u32 i;

	rcu_read_lock();
	spin_lock_bh(&r->lock);
	cfg = rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));
	owner = cfg->priority == HAK_FSM_OWNER;
	addrs = rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	on = !r->dead && (r->fsm.state == HAK_STATE_ACTIVE ||
			  cfg->accept == HAK_ACCEPT_ALWAYS);
	for (i = 0; addrs && i < addrs->n; i++)
		place(r, addrs->a[i], &cfg->vips[i], on, owner);
	place_routes(r);
	spin_unlock_bh(&r->lock);
	rcu_read_unlock();
}
