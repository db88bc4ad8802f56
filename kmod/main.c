// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "lb/lb.h"
#include "nl/family.h"
#include "pernet.h"
#include "version.h"
#include "vrrp/vrrp.h"

static int __init hak_init(void)
{
	int err;

	err = hak_vrrp_init();
	if (err)
		return err;
	err = hak_lb_init();
	if (err)
		goto err_vrrp;
	err = hak_pernet_init();
	if (err)
		goto err_lb;
	err = hak_vrrp_listen();
	if (err)
		goto err_pernet;
	err = hak_nl_init();
	if (err)
		goto err_listen;
	return 0;

err_listen:
	hak_vrrp_unlisten();
err_pernet:
	hak_pernet_exit();
err_lb:
	hak_lb_exit();
err_vrrp:
	hak_vrrp_exit();
	rcu_barrier();
	return err;
}

static void __exit hak_exit(void)
{
	/* Say goodbye while there is a family to tell it by. */
	hak_pernet_shutdown_all();
	hak_nl_exit();
	hak_vrrp_unlisten();
	hak_pernet_exit();
	hak_lb_exit();
	hak_vrrp_exit();
	rcu_barrier();	/* callbacks of ours that still wait for a grace period */
}

module_init(hak_init);
module_exit(hak_exit);

MODULE_DESCRIPTION("High availability in the kernel: VRRP and L4 balancing");
MODULE_VERSION(HAK_VERSION);
MODULE_LICENSE("GPL");
