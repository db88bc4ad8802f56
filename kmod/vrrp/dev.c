// SPDX-License-Identifier: GPL-2.0-only
#include "dev.h"

#include <linux/err.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/igmp.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "../pernet.h"
#include "addr.h"
#include "ipv6.h"
#include "route.h"
#include "router.h"
#include "rx.h"
#include "tx.h"
#include "vmac.h"
#include "watch.h"

static struct hak_dev *find(struct hak_net *hn, const struct net_device *dev)
{
	struct hak_dev *hd;

	ASSERT_RTNL();
	list_for_each_entry(hd, &hn->devs, list)
		if (hd->dev == dev)
			return hd;
	return NULL;
}

struct hak_dev *hak_dev_find_rcu(struct hak_net *hn, int ifindex)
{
	struct hak_dev *hd;

	list_for_each_entry_rcu(hd, &hn->devs, list)
		if (hd->dev->ifindex == ifindex)
			return hd;
	return NULL;
}

/* inetdev_valid_mtu() */
#define MTU_MIN		68

/* Announcements: what one costs, and how far they may run ahead. */
#define PACE_COST	(100 * NSEC_PER_USEC)
#define PACE_AHEAD	(10 * NSEC_PER_MSEC)

/* An address is being checked for duplicates, its end is not told. */
#define LOOK_AGAIN	(HZ / 20)

static void leave(struct hak_dev *hd)
{
	struct in_device *in_dev = __in_dev_get_rtnl(hd->dev);

	if (in_dev && hd->joined)
		ip_mc_dec_group(in_dev, htonl(HAK_VRRP_GROUP4));
	hd->joined = false;
}

static void leave6(struct hak_dev *hd)
{
	if (hd->joined6)
		hak_ipv6_leave(hd->dev);
	hd->joined6 = false;
}

/*
 * A device has its IPv4 half only some time after it was registered, and loses
 * it with an MTU below 68: our notifier comes before that one's.
 */
static void join(struct hak_dev *hd)
{
	struct in_device *in_dev = __in_dev_get_rtnl(hd->dev);

	if (hd->dev->mtu < MTU_MIN) {
		leave(hd);
	} else if (in_dev && !hd->joined) {
		ip_mc_inc_group(in_dev, htonl(HAK_VRRP_GROUP4));
		hd->joined = true;
	}
	if (hd->dev->mtu < IPV6_MIN_MTU)
		leave6(hd);
	else if (!hd->joined6)
		hd->joined6 = hak_ipv6_join(hd->dev);
}

/*
 * The tap goes when the hook sees the same adverts, or when it has heard none for
 * two of the longest intervals: it is dear.
 */
#define TAP_CHECK	(2 * HZ)
#define TAP_KEEP	(82 * HZ)

static bool tap_is_of_use(const struct hak_dev *hd)
{
	if (time_before(jiffies, READ_ONCE(hd->hook_seen) + TAP_CHECK))
		return false;
	return time_before(jiffies, READ_ONCE(hd->tap_seen) + TAP_KEEP);
}

static void hak_dev_tap_work(struct work_struct *work)
{
	struct hak_dev *hd = container_of(to_delayed_work(work), struct hak_dev,
					  tap_work);

	if (!hd->tap_on) {
		WRITE_ONCE(hd->tap_seen, jiffies);
		dev_add_pack(&hd->tap);
		hd->tap_on = true;
	} else if (!tap_is_of_use(hd)) {
		dev_remove_pack(&hd->tap);
		hd->tap_on = false;
		return;
	}
	queue_delayed_work(system_highpri_wq, &hd->tap_work, TAP_CHECK);
}

static void init_tap(struct hak_dev *hd)
{
	INIT_DELAYED_WORK(&hd->tap_work, hak_dev_tap_work);
	hd->hook_seen = jiffies - 2 * TAP_CHECK;
	hd->tap.type = htons(ETH_P_ALL);
	hd->tap.dev = hd->dev;
	hd->tap.func = hak_rx_tap;
	hd->tap.af_packet_priv = hd;
	hd->tap.ignore_outgoing = true;
}

static void end_tap(struct hak_dev *hd)
{
	cancel_delayed_work_sync(&hd->tap_work);
	if (hd->tap_on)
		dev_remove_pack(&hd->tap);
}

void hak_dev_listen_early(struct hak_dev *hd)
{
	/* Does nothing when it is queued, as it is while the tap is there. */
	queue_delayed_work(system_highpri_wq, &hd->tap_work, 0);
}

/* Routers of the device, without RTNL. */
static void hak_dev_look_work(struct work_struct *work)
{
	struct hak_dev *hd = container_of(to_delayed_work(work), struct hak_dev,
					  look_work);
	struct hak_router *r;

	rcu_read_lock();
	list_for_each_entry_rcu(r, &hd->hn->routers, list)
		if (READ_ONCE(r->hd) == hd)
			hak_router_refresh(r);
	rcu_read_unlock();
}

static void look_in(struct hak_dev *hd, unsigned long delay)
{
	/* A reader of the list may have found it just before it was taken off. */
	spin_lock_bh(&hd->pace_lock);
	if (!hd->gone)
		mod_delayed_work(system_highpri_wq, &hd->look_work, delay);
	spin_unlock_bh(&hd->pace_lock);
}

void hak_dev_look(struct hak_net *hn, int ifindex)
{
	struct hak_dev *hd = hak_dev_find_rcu(hn, ifindex);

	if (hd)
		look_in(hd, 0);
}

u64 hak_dev_pace(struct hak_dev *hd)
{
	u64 now = ktime_get_ns(), wait = 0;

	spin_lock_bh(&hd->pace_lock);
	if (hd->paced < now)
		hd->paced = now;
	if (hd->paced - now >= PACE_AHEAD)
		wait = PACE_AHEAD / 2;
	else
		hd->paced += PACE_COST;
	spin_unlock_bh(&hd->pace_lock);
	return wait;
}

static struct hak_dev *make(struct hak_net *hn, struct net_device *dev)
{
	struct hak_dev *hd = kzalloc(sizeof(*hd), GFP_KERNEL_ACCOUNT);
	int err;

	if (!hd)
		return ERR_PTR(-ENOMEM);
	hd->hn = hn;
	hd->dev = dev;
	hd->going_down = !netif_running(dev);
	INIT_LIST_HEAD(&hd->routers);
	init_tap(hd);
	INIT_DELAYED_WORK(&hd->look_work, hak_dev_look_work);
	spin_lock_init(&hd->pace_lock);
	hd->hook.hook = hak_rx_ingress;
	hd->hook.priv = hd;
	hd->hook.dev = dev;
	hd->hook.pf = NFPROTO_NETDEV;
	hd->hook.hooknum = NF_NETDEV_INGRESS;
	/* Before every rule of the host's: no firewall cuts off an advert. */
	hd->hook.priority = INT_MIN;
	err = nf_register_net_hook(hn->net, &hd->hook);
	if (err) {
		kfree(hd);
		return ERR_PTR(err);
	}
	dev_hold(dev);
	join(hd);
	list_add_rcu(&hd->list, &hn->devs);
	return hd;
}

struct hak_dev *hak_dev_get(struct hak_net *hn, const char *name, const char **why)
{
	struct net_device *dev = __dev_get_by_name(hn->net, name);
	struct hak_dev *hd;

	ASSERT_RTNL();
	*why = "there is no such device";
	/* No alternative names: events speak of the one name only. */
	if (!dev || strcmp(dev->name, name) ||
	    dev->reg_state != NETREG_REGISTERED)
		return ERR_PTR(-ENODEV);
	*why = "it is no Ethernet device";
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    dev->flags & (IFF_LOOPBACK | IFF_NOARP))
		return ERR_PTR(-EOPNOTSUPP);
	hd = find(hn, dev);
	if (!hd)
		hd = make(hn, dev);
	*why = PTR_ERR_OR_ZERO(hd) == -ENOMEM ? "out of memory" :
	       "its ingress cannot be hooked";
	if (!IS_ERR(hd))
		hd->users++;
	return hd;
}

void hak_dev_put(struct hak_dev *hd)
{
	ASSERT_RTNL();
	if (--hd->users)
		return;
	list_del_rcu(&hd->list);
	end_tap(hd);	/* no router is bound that could start it */
	nf_unregister_net_hook(hd->hn->net, &hd->hook);
	leave(hd);
	leave6(hd);
	spin_lock_bh(&hd->pace_lock);
	hd->gone = true;
	spin_unlock_bh(&hd->pace_lock);
	cancel_delayed_work_sync(&hd->look_work);
	dev_put(hd->dev);
	/* Hooks that run now and readers of the list end with a grace period. */
	kfree_rcu(hd, rcu);
}

static bool may_send_from(const struct hak_dev *hd,
			  const struct hak_router_cfg *cfg,
			  const struct in_ifaddr *ifa, const struct hak_ip *ip)
{
	if (cfg->source.len)
		return hak_ip_equal(ip, &cfg->source);
	return ifa->ifa_scope < RT_SCOPE_LINK &&
	       !hak_addr_is_ours(hd->hn, hd->dev->ifindex, ip);
}

static struct hak_ip primary4(const struct hak_dev *hd,
			      const struct hak_router_cfg *cfg)
{
	struct in_device *in_dev = __in_dev_get_rcu(hd->dev);
	struct in_ifaddr *ifa;
	struct hak_ip ip;

	if (in_dev)
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			ip = hak_ip_make(&ifa->ifa_local, HAK_IP4_LEN);
			if (may_send_from(hd, cfg, ifa, &ip))
				return ip;
		}
	return (struct hak_ip){};
}

struct hak_ip hak_dev_primary(struct hak_dev *hd,
			      const struct hak_router_cfg *cfg)
{
	struct hak_ip ip;
	bool pending;

	if (cfg->family == AF_INET)
		return primary4(hd, cfg);
	ip = hak_ipv6_primary(hd, cfg, &pending);
	if (!ip.len && pending)
		look_in(hd, LOOK_AGAIN);
	return ip;
}

void hak_dev_bind(struct hak_router *r, struct hak_dev *hd)
{
	const struct hak_router_cfg *cfg = rcu_dereference_rtnl(r->cfg);
	struct hak_router __rcu **place =
		hak_dev_router(hd, hak_router_alen(cfg), cfg->vrid);

	ASSERT_RTNL();
	if (rtnl_dereference(*place)) {
		/* Two names of one device. The router waits. */
		hak_dev_put(hd);
		return;
	}
	list_add_tail(&r->dev_list, &hd->routers);
	spin_lock_bh(&r->lock);
	r->hd = hd;
	r->tmpl_stale = true;
	spin_unlock_bh(&r->lock);
	rcu_assign_pointer(*place, r);
	hak_vmac_update(r);
	hak_router_place(r);
}

void hak_dev_unbind(struct hak_router *r)
{
	struct hak_dev *hd = r->hd;
	int i;

	ASSERT_RTNL();
	if (!hd)
		return;
	hak_vmac_remove(r);
	for (i = 0; i < 2 * 256; i++)
		if (rtnl_dereference(hd->by_vrid[i / 256][i % 256]) == r)
			RCU_INIT_POINTER(hd->by_vrid[i / 256][i % 256], NULL);
	list_del_init(&r->dev_list);
	spin_lock_bh(&r->lock);
	r->hd = NULL;
	r->primary = (struct hak_ip){};
	spin_unlock_bh(&r->lock);
	hak_tx_discard(r);
	hak_dev_put(hd);
}

static void refresh_all(struct hak_dev *hd)
{
	struct hak_router *r;

	list_for_each_entry(r, &hd->routers, dev_list)
		hak_router_refresh(r);
}

static void restale_all(struct hak_dev *hd)
{
	struct hak_router *r;

	list_for_each_entry(r, &hd->routers, dev_list) {
		spin_lock_bh(&r->lock);
		r->tmpl_stale = true;
		spin_unlock_bh(&r->lock);
	}
}

void hak_dev_addr_changed(struct hak_net *hn, const struct net_device *dev)
{
	struct hak_dev *hd = find(hn, dev);

	if (!hd)
		return;
	join(hd);
	refresh_all(hd);
}

/* Routers that wait for a device of this name. */
static void bind_waiting(struct hak_net *hn, struct net_device *dev, bool warn)
{
	struct hak_router *r;

	list_for_each_entry(r, &hn->routers, list) {
		const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);
		const char *why;
		struct hak_dev *hd;

		if (r->hd || strcmp(cfg->dev, dev->name))
			continue;
		hd = hak_dev_get(hn, cfg->dev, &why);
		if (IS_ERR(hd)) {
			if (warn)
				pr_warn("router %s cannot use %s: %s\n",
					cfg->name, cfg->dev, why);
			continue;
		}
		hak_dev_bind(r, hd);
		hak_router_refresh(r);
	}
}

/* Addresses and routes that routers have on other devices than their own. */
static void place_far(struct hak_net *hn)
{
	struct hak_router *r;
	u32 i;

	list_for_each_entry(r, &hn->routers, list) {
		const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);

		for (i = 0; i < cfg->n_vips; i++)
			if (cfg->vips[i].dev[0])
				break;
		if (i < cfg->n_vips || cfg->n_routes)
			hak_router_place(r);
	}
}

/* The device leaves the namespace, or one of its routers' names. */
static void unbind_device(struct hak_net *hn, struct net_device *dev,
			  bool only_renamed)
{
	struct hak_dev *hd = find(hn, dev);
	struct hak_router *r, *tmp;

	if (!hd)
		return;
	hd->users++;	/* keep it over the last unbind */
	list_for_each_entry_safe(r, tmp, &hd->routers, dev_list) {
		const struct hak_router_cfg *cfg = rtnl_dereference(r->cfg);

		if (only_renamed && !strcmp(cfg->dev, dev->name))
			continue;
		hak_dev_unbind(r);
		hak_router_refresh(r);
	}
	hak_dev_put(hd);
}

static void set_going_down(struct hak_net *hn, struct net_device *dev, bool on)
{
	struct hak_dev *hd = find(hn, dev);

	if (!hd)
		return;
	WRITE_ONCE(hd->going_down, on);
	join(hd);
	refresh_all(hd);
}

/* VLANs close after their parent has stopped: too late for priority 0. */
static void lower_going_down(struct hak_net *hn, struct net_device *lower, bool on)
{
	struct hak_dev *hd;

	list_for_each_entry(hd, &hn->devs, list)
		if (is_vlan_dev(hd->dev) && vlan_dev_real_dev(hd->dev) == lower)
			set_going_down(hn, hd->dev, on || !netif_running(hd->dev));
}

static void moved(struct hak_net *hn, struct net_device *dev)
{
	struct hak_dev *hd = find(hn, dev);
	struct hak_router *r;

	if (!hd)
		return;
	restale_all(hd);
	list_for_each_entry(r, &hd->routers, dev_list) {
		hak_router_place(r);
		hak_router_announce(r);
	}
}

int hak_dev_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct hak_net *hn = container_of(nb, struct hak_net, netdev_nb);
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_GOING_DOWN:
		/* The queue still runs: priority 0 leaves before the link goes. */
		set_going_down(hn, dev, true);
		lower_going_down(hn, dev, true);
		break;
	case NETDEV_UP:
		place_far(hn);
		bind_waiting(hn, dev, false);
		set_going_down(hn, dev, false);
		lower_going_down(hn, dev, false);
		hak_vroute_hurry(hn);
		break;
	case NETDEV_CHANGE:
		/* It may have become one that can carry VRRP. */
		bind_waiting(hn, dev, false);
		fallthrough;
	case NETDEV_DOWN:
		hak_dev_addr_changed(hn, dev);
		break;
	case NETDEV_CHANGEMTU:
		hak_dev_addr_changed(hn, dev);
		break;
	case NETDEV_CHANGEADDR:
	case NETDEV_NOTIFY_PEERS:
		moved(hn, dev);
		break;
	case NETDEV_REGISTER:
		bind_waiting(hn, dev, true);
		place_far(hn);
		break;
	case NETDEV_CHANGENAME:
		unbind_device(hn, dev, true);
		bind_waiting(hn, dev, true);
		place_far(hn);
		break;
	case NETDEV_UNREGISTER:
		/* Also sent when it moves to another namespace. */
		unbind_device(hn, dev, false);
		place_far(hn);
		break;
	}
	hak_watch_devs(hn);
	return NOTIFY_DONE;
}
