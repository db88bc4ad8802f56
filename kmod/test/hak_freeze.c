// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests: the machine stands still for `ms` milliseconds, all of it, while time
 * goes on, as under a hypervisor that does not let it run. Then loading this module
 * fails with EAGAIN, so that nothing is left of it.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/stop_machine.h>

static unsigned int ms = 1000;
module_param(ms, uint, 0);
MODULE_PARM_DESC(ms, "how long, 1 to 10000 (1000)");

static int stand_still(void *unused)
{
	mdelay(ms);
	return 0;
}

static int __init freeze_init(void)
{
	if (!ms || ms > 10000)
		return -ERANGE;
	return stop_machine(stand_still, NULL, NULL) ?: -EAGAIN;
}
module_init(freeze_init);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("lets a machine stand still for a test");
