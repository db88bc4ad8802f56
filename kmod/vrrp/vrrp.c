// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp.h"

#include <linux/inetdevice.h>
#include <linux/netdevice.h>

#include "../pernet.h"
#include "../rtnl.h"
#include "addr.h"
#include "dev.h"
#include "start.h"
#include "timer.h"
#include "watch.h"

static int hak_vrrp_inetaddr_event(struct notifier_block *nb,
				   unsigned long event, void *ptr)
{
	struct in_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->ifa_dev->dev;
	struct hak_net *hn = hak_pernet(dev_net(dev));

	hak_addr_event(hn, ifa, event == NETDEV_DOWN);
	/* Ours are never the source of adverts. */
	if (!hak_addr_is_own_change(hn, ifa))
		hak_dev_addr_changed(hn, dev);
	return NOTIFY_DONE;
}

static struct notifier_block inetaddr_nb = {
	.notifier_call = hak_vrrp_inetaddr_event,
};

int hak_vrrp_init(void)
{
	return hak_timer_init();
}

int hak_vrrp_listen(void)
{
	return register_inetaddr_notifier(&inetaddr_nb);
}

void hak_vrrp_unlisten(void)
{
	unregister_inetaddr_notifier(&inetaddr_nb);
}

void hak_vrrp_exit(void)
{
	hak_timer_exit();
}

int hak_vrrp_net_init(struct hak_net *hn)
{
	INIT_LIST_HEAD(&hn->routers);
	INIT_LIST_HEAD(&hn->tracks);
	INIT_LIST_HEAD(&hn->groups);
	INIT_LIST_HEAD(&hn->devs);
	INIT_LIST_HEAD(&hn->dirty);
	hash_init(hn->router_names);
	hash_init(hn->roles);
	spin_lock_init(&hn->role_lock);
	spin_lock_init(&hn->dirty_lock);
	INIT_DELAYED_WORK(&hn->addr_work, hak_addr_work);
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
	hak_addr_flush(hn);
	cancel_delayed_work_sync(&hn->addr_work);
	destroy_workqueue(hn->wq);
	hn->wq = NULL;
	hak_rtnl_close(hn);
}
