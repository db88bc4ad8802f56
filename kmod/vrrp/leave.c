// SPDX-License-Identifier: GPL-2.0-only
#include "leave.h"

#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/rculist.h>
#include <linux/reboot.h>
#include <linux/sched/clock.h>
#include <linux/suspend.h>
#include <net/net_namespace.h>

#include "../pernet.h"
#include "dev.h"
#include "router.h"

/* A panic shall not last longer for our sake. */
#define PANIC_NS	(20 * NSEC_PER_MSEC)

static const char *leaving;

const char *hak_leave_reason(void)
{
	return READ_ONCE(leaving);
}

/* Neither RTNL nor a mutex: whoever holds them may never let go again. */
static void leave(const char *why)
{
	struct hak_router *r;
	struct net *net;

	WRITE_ONCE(leaving, why);
	rcu_read_lock();
	for_each_net_rcu(net)
		list_for_each_entry_rcu(r, &hak_pernet(net)->routers, list)
			hak_router_refresh(r);
	rcu_read_unlock();
}

static int hak_leave_reboot(struct notifier_block *nb, unsigned long event,
			    void *unused)
{
	leave("the machine is shut down");
	return NOTIFY_DONE;
}

static int hak_leave_pm(struct notifier_block *nb, unsigned long event,
			void *unused)
{
	switch (event) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
		leave("the machine is suspended");
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		leave(NULL);
		break;
	}
	return NOTIFY_DONE;
}

/* Straight to the driver, if it is not busy: nothing that holds a lock runs on. */
static void throw(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	skb_set_queue_mapping(skb, 0);
	if (!__netif_tx_trylock(txq))
		return;
	if (!netif_xmit_frozen_or_stopped(txq))
		netdev_start_xmit(skb, dev, txq, false);
	__netif_tx_unlock(txq);
}

static void let_go_in_panic(struct hak_router *r)
{
	struct sk_buff *skb;

	if (!spin_trylock(&r->lock))
		return;
	skb = r->tmpl[r->form == HAK_CHECKSUM_PSEUDO][true];
	/* One frame, and only to a group: a peer's neighbour cannot be asked. */
	if (r->fsm.state == HAK_STATE_ACTIVE && skb &&
	    skb_mac_header_was_set(skb) && netif_running(skb->dev))
		throw(skb_get(skb));
	spin_unlock(&r->lock);
}

/*
 * Best effort: interrupts are off, the other CPUs have stopped wherever they
 * were. With a kdump kernel loaded this is not called.
 */
static int hak_leave_panic(struct notifier_block *nb, unsigned long event,
			   void *unused)
{
	u64 end = local_clock() + PANIC_NS;
	struct hak_router *r;
	struct net *net;

	rcu_read_lock();
	for_each_net_rcu(net)
		list_for_each_entry_rcu(r, &hak_pernet(net)->routers, list)
			if (local_clock() < end)
				let_go_in_panic(r);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block reboot_nb = {
	.notifier_call = hak_leave_reboot,
};

static struct notifier_block pm_nb = {
	.notifier_call = hak_leave_pm,
};

static struct notifier_block panic_nb = {
	.notifier_call = hak_leave_panic,
	.priority = INT_MAX,	/* before those that may take long */
};

int hak_leave_init(void)
{
	int err = register_reboot_notifier(&reboot_nb);

	if (err)
		return err;
	err = register_pm_notifier(&pm_nb);
	if (err) {
		unregister_reboot_notifier(&reboot_nb);
		return err;
	}
	atomic_notifier_chain_register(&panic_notifier_list, &panic_nb);
	return 0;
}

void hak_leave_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &panic_nb);
	unregister_pm_notifier(&pm_nb);
	unregister_reboot_notifier(&reboot_nb);
	WRITE_ONCE(leaving, NULL);
}
