// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_arp.h>
#include <linux/rcupdate.h>
#include <net/arp.h>

#include "dev.h"
#include "router.h"
#include "tx.h"

/*
 * RFC 5227 section 3: an ARP request with sender and target protocol address the
 * same. The target hardware address is ours, as erratum 7947 of RFC 9568 has it;
 * receivers ignore it.
 */
static int announce_one(struct net_device *dev, __be32 addr)
{
	struct sk_buff *skb;

	skb = arp_create(ARPOP_REQUEST, ETH_P_ARP, addr, dev, addr, NULL,
			 dev->dev_addr, dev->dev_addr);
	if (!skb)
		return -ENOMEM;
	skb->priority = TC_PRIO_CONTROL;
	return hak_tx_frame(skb);
}

void hak_announce_burst(struct hak_router *r, u32 change)
{
	struct net_device *dev = NULL;
	struct hak_addrs *addrs;
	u32 i, sent = 0;

	spin_lock_bh(&r->lock);
	if (r->hd && r->fsm.state == HAK_STATE_ACTIVE)
		dev = r->hd->dev;
	spin_unlock_bh(&r->lock);
	addrs = rcu_dereference(r->addrs);
	if (!dev || !addrs)
		return;
	for (i = 0; i < addrs->n; i++) {
		if (READ_ONCE(r->change) != change)
			break;	/* no longer ours to announce */
		if (!announce_one(dev, addrs->a[i]->role.addr))
			sent++;
	}
	spin_lock_bh(&r->lock);
	r->stats[HAK_A_STAT_ANNOUNCE] += sent;
	spin_unlock_bh(&r->lock);
}

enum hrtimer_restart hak_announce_timer(struct hrtimer *timer)
{
	struct hak_router *r = container_of(timer, struct hak_router,
					    announce_timer);
	bool burst;
	u32 change;

	rcu_read_lock();
	spin_lock_bh(&r->lock);
	burst = r->announce_left && !r->dead;
	change = r->change;
	if (burst) {
		r->announce_left--;
		hak_announce_again(r);
	}
	spin_unlock_bh(&r->lock);
	if (burst)
		hak_announce_burst(r, change);
	rcu_read_unlock();
	/* Started anew above, under the lock like every other start. */
	return HRTIMER_NORESTART;
}

void hak_announce_again(struct hak_router *r)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));

	lockdep_assert_held(&r->lock);
	if (r->announce_left && !r->dead)
		hrtimer_start(&r->announce_timer,
			      ns_to_ktime(cfg->announce_interval),
			      HRTIMER_MODE_REL_SOFT);
}
