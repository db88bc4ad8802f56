// SPDX-License-Identifier: GPL-2.0-only
#include "start.h"

#include <linux/if_bridge.h>
#include <linux/math64.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>

#include "../pernet.h"
#include "dev.h"
#include "router.h"

/* Nobody tells when a port of a bridge begins to forward. */
#define PORT_POLL	(HZ / 5)

static enum hrtimer_restart hak_start_timer(struct hrtimer *timer)
{
	hak_router_refresh(container_of(timer, struct hak_router, start.timer));
	return HRTIMER_NORESTART;
}

void hak_start_init(struct hak_router *r)
{
	hrtimer_setup(&r->start.timer, hak_start_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

/* Why a device is not fit, or NULL. That it is up has been seen to. */
static const char *unfit(struct hak_dev *hd)
{
	if (!netif_is_bridge_port(hd->dev) || READ_ONCE(hd->forwarding))
		return NULL;
	queue_delayed_work(hd->hn->wq, &hd->hn->port_work, PORT_POLL);
	return "%s does not forward yet as a port of its bridge";
}

static bool link_ok(const struct hak_dev *hd)
{
	return hd && !READ_ONCE(hd->going_down) && netif_running(hd->dev) &&
	       netif_carrier_ok(hd->dev);
}

static const char *look(struct hak_router *r, u64 now)
{
	struct hak_start *s = &r->start;
	const char *why;
	int downs;

	if (!link_ok(r->hd)) {
		s->fit_since = 0;
		if (r->hd)
			WRITE_ONCE(r->hd->forwarding, false);
		return NULL;	/* whoever asks knows */
	}
	why = unfit(r->hd);
	downs = atomic_read(&r->hd->dev->carrier_down_count);
	if (why)
		s->fit_since = 0;
	else if (!s->fit_since || s->downs != downs)
		s->fit_since = now;
	s->downs = downs;
	return why;
}

const char *hak_start_blocked(struct hak_router *r, const struct hak_router_cfg *cfg)
{
	struct hak_start *s = &r->start;
	u64 now = ktime_get_ns();
	const char *why;

	lockdep_assert_held(&r->lock);
	s->until = 0;
	if (!cfg->start_delay) {
		s->fit_since = 0;
		return NULL;
	}
	why = look(r, now);
	if (why && r->fsm.state == HAK_STATE_INITIALIZE)
		return why;
	if (!s->fit_since || r->fsm.state != HAK_STATE_INITIALIZE ||
	    now - s->fit_since >= cfg->start_delay)
		return NULL;
	s->until = s->fit_since + cfg->start_delay;
	if (!r->dead)
		hrtimer_start(&s->timer, ns_to_ktime(s->until),
			      HRTIMER_MODE_ABS_SOFT);
	return "start-delay on %s";
}

void hak_start_text(const struct hak_router *r, char *buf)
{
	u64 now = ktime_get_ns();
	u32 tenths;

	if (!r->start.until)
		return;
	tenths = r->start.until <= now ? 0 :
		 (u32)div_u64(r->start.until - now, NSEC_PER_SEC / 10);
	snprintf(buf, HAK_TEXT_SIZE, "start-delay, %u.%us left", tenths / 10,
		 tenths % 10);
}

/*
 * What "bridge -d link" would show. br_port_get_stp_state() is of a module on
 * many kernels, but the bridge tells everybody who asks as rtnetlink does.
 */
static bool forwards(struct net_device *dev)
{
	struct net_device *br = netdev_master_upper_dev_get(dev);
	const struct nlattr *state;
	struct sk_buff *skb;
	bool ret = false;

	ASSERT_RTNL();
	if (!br || !br->rtnl_link_ops || !br->rtnl_link_ops->fill_slave_info)
		return true;	/* no bridge as we know it: nothing to wait for */
	skb = alloc_skb(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return false;
	if (!br->rtnl_link_ops->fill_slave_info(skb, br, dev)) {
		state = nla_find((struct nlattr *)skb->data, skb->len,
				 IFLA_BRPORT_STATE);
		ret = !state || nla_get_u8(state) == BR_STATE_FORWARDING;
	}
	kfree_skb(skb);
	return ret;
}

static void port_look(struct hak_dev *hd)
{
	struct hak_router *r;

	if (!netif_is_bridge_port(hd->dev) || hd->forwarding ||
	    !netif_carrier_ok(hd->dev))
		return;
	WRITE_ONCE(hd->forwarding, forwards(hd->dev));
	/* Those that still wait queue the work anew. */
	list_for_each_entry(r, &hd->routers, dev_list)
		hak_router_refresh(r);
}

void hak_start_work(struct work_struct *work)
{
	struct hak_net *hn = container_of(to_delayed_work(work), struct hak_net,
					  port_work);
	struct hak_dev *hd;

	if (!rtnl_trylock()) {
		queue_delayed_work(hn->wq, &hn->port_work, 1);
		return;
	}
	list_for_each_entry(hd, &hn->devs, list)
		port_look(hd);
	rtnl_unlock();
}
