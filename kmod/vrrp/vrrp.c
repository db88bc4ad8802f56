// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp.h"

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "../pernet.h"
#include "../rtnl.h"
#include "addr.h"
#include "dev.h"
#include "leave.h"
#include "route.h"
#include "rx.h"
#include "start.h"
#include "timer.h"
#include "watch.h"

static int hak_vrrp_inetaddr_event(struct notifier_block *nb,
				   unsigned long event, void *ptr)
{
	struct in_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->ifa_dev->dev;
	struct hak_net *hn = hak_pernet(dev_net(dev));
	const struct hak_rtnl_addr which = {
		.ip = hak_ip_make(&ifa->ifa_local, HAK_IP4_LEN),
		.plen = ifa->ifa_prefixlen, .ifindex = dev->ifindex,
	};

	if (event == NETDEV_DOWN)
		hak_addr_event(hn, &which);
	/* Ours are never the source of adverts. */
	if (!hak_addr_is_own_change(hn, &which))
		hak_dev_addr_changed(hn, dev);
	return NOTIFY_DONE;
}

#if IS_ENABLED(CONFIG_IPV6)
/* With or without RTNL, from a task or softirq. */
static int hak_vrrp_inet6addr_event(struct notifier_block *nb,
				    unsigned long event, void *ptr)
{
	struct inet6_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->idev->dev;
	struct hak_net *hn = hak_pernet(dev_net(dev));
	const struct hak_rtnl_addr which = {
		.ip = hak_ip_make(&ifa->addr, HAK_IP6_LEN),
		.plen = ifa->prefix_len, .ifindex = dev->ifindex,
	};

	if (event == NETDEV_DOWN)
		hak_addr_event(hn, &which);
	if (!hak_addr_is_own_change(hn, &which)) {
		rcu_read_lock();
		hak_dev_look(hn, dev->ifindex);
		rcu_read_unlock();
	}
	return NOTIFY_DONE;
}

static struct notifier_block inet6addr_nb = {
	.notifier_call = hak_vrrp_inet6addr_event,
};
#endif

static struct notifier_block inetaddr_nb = {
	.notifier_call = hak_vrrp_inetaddr_event,
};

int hak_vrrp_init(void)
{
	int err = hak_rx_init();

	if (!err) {
		err = hak_timer_init();
		if (err)
			hak_rx_exit();
	}
	return err;
}

int hak_vrrp_listen(void)
{
	int err = register_inetaddr_notifier(&inetaddr_nb);

	if (err)
		return err;
#if IS_ENABLED(CONFIG_IPV6)
	err = register_inet6addr_notifier(&inet6addr_nb);
	if (err)
		goto fail_inet6;
#endif
	err = hak_leave_init();
	if (!err)
		return 0;
#if IS_ENABLED(CONFIG_IPV6)
	unregister_inet6addr_notifier(&inet6addr_nb);
fail_inet6:
#endif
	unregister_inetaddr_notifier(&inetaddr_nb);
	return err;
}

void hak_vrrp_unlisten(void)
{
	hak_leave_exit();
#if IS_ENABLED(CONFIG_IPV6)
	unregister_inet6addr_notifier(&inet6addr_nb);
#endif
	unregister_inetaddr_notifier(&inetaddr_nb);
}

void hak_vrrp_exit(void)
{
	hak_timer_exit();
	hak_rx_exit();
}

int hak_vrrp_net_init(struct hak_net *hn)
{
	INIT_LIST_HEAD(&hn->routers);
	INIT_LIST_HEAD(&hn->tracks);
	INIT_LIST_HEAD(&hn->groups);
	INIT_LIST_HEAD(&hn->devs);
	INIT_LIST_HEAD(&hn->dirty);
	INIT_LIST_HEAD(&hn->vroutes);
	hash_init(hn->router_names);
	hash_init(hn->roles);
	spin_lock_init(&hn->role_lock);
	spin_lock_init(&hn->dirty_lock);
	INIT_DELAYED_WORK(&hn->addr_work, hak_addr_work);
	INIT_DELAYED_WORK(&hn->route_work, hak_vroute_work);
	INIT_DELAYED_WORK(&hn->port_work, hak_start_work);
	hak_watch_init(hn);
	hn->netdev_nb.notifier_call = hak_dev_netdev_event;
	return register_netdevice_notifier_net(hn->net, &hn->netdev_nb);
}

void hak_vrrp_net_exit(struct hak_net *hn)
{
	unregister_netdevice_notifier_net(hn->net, &hn->netdev_nb);
	hak_watch_exit(hn);
	if (!hn->wq)
		return;
	cancel_delayed_work_sync(&hn->port_work);
	hak_vroute_flush(hn);
	cancel_delayed_work_sync(&hn->route_work);
	hak_addr_flush(hn);
	cancel_delayed_work_sync(&hn->addr_work);
	destroy_workqueue(hn->wq);
	hn->wq = NULL;
	hak_rtnl_close(hn);
}
