// SPDX-License-Identifier: GPL-2.0-only
#include "pernet.h"

#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "lb/lb.h"
#include "vrrp/vrrp.h"

static unsigned int pernet_id __read_mostly;

struct hak_net *hak_pernet(const struct net *net)
{
	return net_generic(net, pernet_id);
}

static int __net_init hak_pernet_net_init(struct net *net)
{
	struct hak_net *hn = hak_pernet(net);
	int err;

	hn->net = net;
	hn->generation = 1;
	mutex_init(&hn->cfg_mutex);
	spin_lock_init(&hn->event_lock);
	err = hak_lb_net_init(hn);
	if (err)
		return err;
	err = hak_vrrp_net_init(hn);
	if (err)
		hak_lb_net_exit(hn);
	return err;
}

static void shutdown(struct hak_net *hn, const char *why)
{
	ASSERT_RTNL();
	mutex_lock(&hn->cfg_mutex);
	hn->dying = true;
	hak_vrrp_remove_all(hn, why);
	hak_lb_remove_all(hn);
	mutex_unlock(&hn->cfg_mutex);
}

/* The devices are still there: say goodbye on them, take the addresses off. */
static void __net_exit hak_pernet_pre_exit(struct net *net)
{
	struct hak_net *hn = hak_pernet(net);

	rtnl_lock();
	shutdown(hn, "the namespace is removed");
	rtnl_unlock();
	hak_vrrp_net_exit(hn);
	hak_lb_net_exit(hn);
}

/* Nothing is left; the memory is the core's. A grace period has passed. */
static void __net_exit hak_pernet_exit_batch(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		WARN_ON_ONCE(hak_pernet(net)->n_routers);
}

static struct pernet_operations hak_pernet_ops = {
	.init = hak_pernet_net_init,
	.pre_exit = hak_pernet_pre_exit,
	.exit_batch = hak_pernet_exit_batch,
	.id = &pernet_id,
	.size = sizeof(struct hak_net),
};

int hak_pernet_init(void)
{
	return register_pernet_subsys(&hak_pernet_ops);
}

void hak_pernet_exit(void)
{
	unregister_pernet_subsys(&hak_pernet_ops);
}

void hak_pernet_shutdown_all(void)
{
	struct net *net;

	/*
	 * A namespace made from now on is empty and stays so: whoever would fill
	 * it needs the family, which holds a reference to the module in use.
	 */
	rtnl_lock();
	down_read(&net_rwsem);
	for_each_net(net)
		shutdown(hak_pernet(net), "the module is unloaded");
	up_read(&net_rwsem);
	rtnl_unlock();
}
