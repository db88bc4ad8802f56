// SPDX-License-Identifier: GPL-2.0-only
#include "family.h"

#include <linux/capability.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>

#include "../pernet.h"
#include "batch.h"
#include "fill.h"
#include "policy.h"

static bool userns;
module_param(userns, bool, 0444);
MODULE_PARM_DESC(userns, "let root of a user namespace change hak in the network namespaces that it owns");

/* Told only while the numbers of the multicast groups are ours. */
static bool registered;

/*
 * Whatever is not known to only read is a change. Dumps are not asked here:
 * the one that needs a privilege sees to it (conn.c).
 */
static bool reads_only(u8 cmd)
{
	switch (cmd) {
	case HAK_CMD_CONFIG_GET:
	case HAK_CMD_ALARM_GET:
	case HAK_CMD_ROUTER_GET:
	case HAK_CMD_HISTORY_GET:
	case HAK_CMD_VIP_GET:
	case HAK_CMD_TRACK_GET:
	case HAK_CMD_GROUP_GET:
	case HAK_CMD_ROUTE_GET:
	case HAK_CMD_POOL_GET:
	case HAK_CMD_SERVER_GET:
	case HAK_CMD_SERVICE_GET:
	case HAK_CMD_LB_GET:
		return true;
	}
	return false;
}

bool hak_nl_may_change(struct sk_buff *skb, const struct net *net)
{
	if (userns)
		return netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN);
	return netlink_capable(skb, CAP_NET_ADMIN);
}

static int hak_nl_pre_doit(const struct genl_split_ops *ops,
			   struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);

	if (!reads_only(info->genlhdr->cmd) && !hak_nl_may_change(skb, net)) {
		NL_SET_ERR_MSG(info->extack,
			       "changing hak needs CAP_NET_ADMIN in the initial user namespace (module parameter userns=1 relaxes it)");
		return -EPERM;
	}
	info->user_ptr[0] = hak_pernet(net);
	return 0;
}

GENL_COMPAT_PRE_DOIT(hak_nl_pre_doit)

#define POLICY(name) .policy = name, .maxattr = ARRAY_SIZE(name) - 1

static const struct genl_ops ops[] = {
	{
		.cmd = HAK_CMD_CONFIG_GET,
		.doit = hak_nl_config_get_doit,
	}, {
		.cmd = HAK_CMD_CONFIG_APPLY,
		.doit = hak_nl_apply_doit,
		POLICY(hak_nl_config_apply_policy),
	}, {
		.cmd = HAK_CMD_ALARM_GET,
		.dumpit = hak_nl_alarm_get_dumpit,
	}, {
		.cmd = HAK_CMD_ROUTER_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_router_new_policy),
	}, {
		.cmd = HAK_CMD_ROUTER_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_router_set_policy),
	}, {
		.cmd = HAK_CMD_ROUTER_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_router_del_policy),
	}, {
		.cmd = HAK_CMD_ROUTER_GET,
		.doit = hak_nl_router_get_doit,
		.start = hak_nl_router_get_start,
		.dumpit = hak_nl_router_get_dumpit,
		POLICY(hak_nl_router_get_policy),
	}, {
		.cmd = HAK_CMD_ROUTER_RESIGN,
		.doit = hak_nl_router_resign_doit,
		POLICY(hak_nl_router_resign_policy),
	}, {
		.cmd = HAK_CMD_HISTORY_GET,
		.dumpit = hak_nl_history_get_dumpit,
		POLICY(hak_nl_history_get_policy),
	}, {
		.cmd = HAK_CMD_VIP_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_vip_new_policy),
	}, {
		.cmd = HAK_CMD_VIP_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_vip_set_policy),
	}, {
		.cmd = HAK_CMD_VIP_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_vip_del_policy),
	}, {
		.cmd = HAK_CMD_VIP_GET,
		.dumpit = hak_nl_vip_get_dumpit,
		POLICY(hak_nl_vip_get_policy),
	}, {
		.cmd = HAK_CMD_GROUP_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_group_new_policy),
	}, {
		.cmd = HAK_CMD_GROUP_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_group_set_policy),
	}, {
		.cmd = HAK_CMD_GROUP_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_group_del_policy),
	}, {
		.cmd = HAK_CMD_GROUP_GET,
		.doit = hak_nl_group_get_doit,
		.dumpit = hak_nl_group_get_dumpit,
		POLICY(hak_nl_group_get_policy),
	}, {
		.cmd = HAK_CMD_TRACK_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_track_new_policy),
	}, {
		.cmd = HAK_CMD_TRACK_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_track_set_policy),
	}, {
		.cmd = HAK_CMD_TRACK_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_track_del_policy),
	}, {
		.cmd = HAK_CMD_TRACK_GET,
		.doit = hak_nl_track_get_doit,
		.dumpit = hak_nl_track_get_dumpit,
		POLICY(hak_nl_track_get_policy),
	}, {
		.cmd = HAK_CMD_TRACK_REPORT,
		.doit = hak_nl_track_report_doit,
		POLICY(hak_nl_track_report_policy),
	}, {
		.cmd = HAK_CMD_ROUTE_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_route_new_policy),
	}, {
		.cmd = HAK_CMD_ROUTE_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_route_set_policy),
	}, {
		.cmd = HAK_CMD_ROUTE_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_route_del_policy),
	}, {
		.cmd = HAK_CMD_ROUTE_GET,
		.dumpit = hak_nl_route_get_dumpit,
		POLICY(hak_nl_route_get_policy),
	}, {
		.cmd = HAK_CMD_POOL_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_pool_new_policy),
	}, {
		.cmd = HAK_CMD_POOL_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_pool_set_policy),
	}, {
		.cmd = HAK_CMD_POOL_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_pool_del_policy),
	}, {
		.cmd = HAK_CMD_POOL_GET,
		.doit = hak_nl_pool_get_doit,
		.dumpit = hak_nl_pool_get_dumpit,
		POLICY(hak_nl_pool_get_policy),
	}, {
		.cmd = HAK_CMD_SERVER_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_server_new_policy),
	}, {
		.cmd = HAK_CMD_SERVER_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_server_set_policy),
	}, {
		.cmd = HAK_CMD_SERVER_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_server_del_policy),
	}, {
		.cmd = HAK_CMD_SERVER_GET,
		.doit = hak_nl_server_get_doit,
		.dumpit = hak_nl_server_get_dumpit,
		POLICY(hak_nl_server_get_policy),
	}, {
		.cmd = HAK_CMD_SERVER_REPORT,
		.doit = hak_nl_server_report_doit,
		POLICY(hak_nl_server_report_policy),
	}, {
		.cmd = HAK_CMD_SERVICE_NEW,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_service_new_policy),
	}, {
		.cmd = HAK_CMD_SERVICE_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_service_set_policy),
	}, {
		.cmd = HAK_CMD_SERVICE_DEL,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_service_del_policy),
	}, {
		.cmd = HAK_CMD_SERVICE_GET,
		.doit = hak_nl_service_get_doit,
		.dumpit = hak_nl_service_get_dumpit,
		POLICY(hak_nl_service_get_policy),
	}, {
		.cmd = HAK_CMD_CONN_GET,
		.dumpit = hak_nl_conn_get_dumpit,
		.done = hak_nl_conn_get_done,
		POLICY(hak_nl_conn_get_policy),
	}, {
		.cmd = HAK_CMD_CONN_DEL,
		.doit = hak_nl_conn_del_doit,
		POLICY(hak_nl_conn_del_policy),
	}, {
		.cmd = HAK_CMD_LB_SET,
		.doit = hak_nl_change_doit,
		POLICY(hak_nl_lb_set_policy),
	}, {
		.cmd = HAK_CMD_LB_GET,
		.doit = hak_nl_lb_get_doit,
		.dumpit = hak_nl_lb_get_dumpit,
	},
};

static const struct genl_multicast_group groups[] = {
	[HAK_NL_GROUP_VRRP] = { .name = HAK_MCGRP_VRRP },
	[HAK_NL_GROUP_LB] = { .name = HAK_MCGRP_LB },
};

/* resv_start_op stays 0, where there is one: everything is strict. */
struct genl_family hak_nl_family __ro_after_init = {
	.name = HAK_GENL_NAME,
	.version = HAK_GENL_VERSION,
	.netnsok = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
	.pre_doit = genl_compat_pre_doit(hak_nl_pre_doit),
};

bool hak_nl_registered(void)
{
	return READ_ONCE(registered);
}

/**
 * hak_nl_init() - let userspace in; everything else exists by now
 *
 * Return: 0 or an error.
 */
int __init hak_nl_init(void)
{
	int err = genl_register_family(&hak_nl_family);

	if (!err)
		WRITE_ONCE(registered, true);
	return err;
}

/**
 * hak_nl_exit() - nobody asks any more, and nobody is told
 *
 * Context: process; waits for a grace period.
 */
void hak_nl_exit(void)
{
	WRITE_ONCE(registered, false);
	synchronize_net();
	genl_unregister_family(&hak_nl_family);
}
