// SPDX-License-Identifier: GPL-2.0-only
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/rcupdate.h>
#include <net/arp.h>

#include "../pernet.h"
#include "dev.h"
#include "ipv6.h"
#include "router.h"
#include "tx.h"

/*
 * RFC 5227 section 3: an ARP request with sender and target protocol address the
 * same. The target hardware address is ours, as erratum 7947 of RFC 9568 has it;
 * receivers ignore it.
 */
static int announce4(struct net_device *dev, const struct hak_ip *ip,
		     const u8 *mac)
{
	__be32 addr = (__force __be32)ip->w[0];
	struct sk_buff *skb;

	skb = arp_create(ARPOP_REQUEST, ETH_P_ARP, addr, dev, addr, NULL, mac,
			 mac);
	if (!skb)
		return -ENOMEM;
	skb->priority = TC_PRIO_CONTROL;
	return hak_tx_frame(skb);
}

/**
 * struct announcement - one address to be announced
 * @dev: where
 * @ip: which
 * @source: where a neighbour advertisement is sent from
 * @mac: to announce it with
 */
struct announcement {
	struct net_device *dev;
	struct hak_ip ip;
	struct hak_ip source;
	u8 mac[ETH_ALEN];
};

static int announce_one(const struct announcement *an)
{
	if (an->ip.len == HAK_IP4_LEN)
		return announce4(an->dev, &an->ip, an->mac);
	return hak_ipv6_advertise(an->dev, &an->ip, &an->source, an->mac, NULL,
				  NULL);
}

/* Never 0: that is no time at all to hak_announce_plan(). */
static u64 until(u64 at, u64 now)
{
	return at > now ? at - now : 1;
}

void hak_announce_heal(struct hak_router *r, u64 now)
{
	u64 after = until(r->heal_at, now);

	lockdep_assert_held(&r->lock);
	if (r->dead || (hrtimer_is_queued(&r->announce_timer) &&
			hrtimer_get_remaining(&r->announce_timer) <= (s64)after))
		return;
	hrtimer_start(&r->announce_timer, ns_to_ktime(after),
		      HRTIMER_MODE_REL_SOFT);
}

void hak_announce_plan(struct hak_router *r)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));
	u64 after = r->announce_left ? cfg->announce_interval :
				       cfg->announce_refresh;

	lockdep_assert_held(&r->lock);
	if (r->heal_at)
		after = min_not_zero(after, until(r->heal_at, ktime_get_ns()));
	if (after && !r->dead)
		hrtimer_start(&r->announce_timer, ns_to_ktime(after),
			      HRTIMER_MODE_REL_SOFT);
}

/*
 * The next address of the burst. Returns false at its end, and when it has to
 * wait: a device takes only so many announcements a second, so that neighbours
 * are not flooded and adverts not delayed.
 */
static bool next_locked(struct hak_router *r, struct announcement *an)
{
	const struct hak_addrs *addrs =
		rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	const struct hak_addr *a;
	u64 wait;

	while (addrs && r->announce_next < addrs->n) {
		a = addrs->a[r->announce_next];
		an->dev = dev_get_by_index_rcu(dev_net(r->hd->dev),
					       READ_ONCE(a->ifindex));
		if (!an->dev) {
			r->announce_next++;
			continue;
		}
		wait = hak_dev_pace(r->hd);
		if (wait) {
			hrtimer_start(&r->announce_timer, ns_to_ktime(wait),
				      HRTIMER_MODE_REL_SOFT);
			return false;
		}
		an->ip = a->role.ip;
		ether_addr_copy(an->mac, a->mac);
		an->source = r->primary.len == HAK_IP6_LEN ? r->primary : an->ip;
		r->announce_next++;
		return true;
	}
	r->announce_next = 0;
	if (r->announce_left)
		r->announce_left--;
	if (r->heal_at && ktime_get_ns() >= r->heal_at) {
		r->healed_at = r->heal_at;
		r->heal_at = 0;
	}
	hak_announce_plan(r);
	return false;
}

void hak_announce_burst(struct hak_router *r, u32 change)
{
	struct announcement an;
	bool more;

	do {
		spin_lock_bh(&r->lock);
		more = r->change == change && !r->dead && r->hd &&
		       r->fsm.state == HAK_STATE_ACTIVE && next_locked(r, &an);
		spin_unlock_bh(&r->lock);
		if (more && !announce_one(&an)) {
			spin_lock_bh(&r->lock);
			r->stats[HAK_A_STAT_ANNOUNCE]++;
			spin_unlock_bh(&r->lock);
		}
	} while (more);
}

enum hrtimer_restart hak_announce_timer(struct hrtimer *timer)
{
	struct hak_router *r = container_of(timer, struct hak_router,
					    announce_timer);

	rcu_read_lock();
	hak_announce_burst(r, READ_ONCE(r->change));
	rcu_read_unlock();
	/* Started anew above, under the lock like every other start. */
	return HRTIMER_NORESTART;
}
