/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_NL_POLICY_H
#define HAK_NL_POLICY_H

#include <net/netlink.h>

#include <linux/hak.h>

/* What each command may carry at the top level. */
extern const struct nla_policy hak_nl_config_apply_policy[HAK_A_EXPECT_GENERATION + 1];
extern const struct nla_policy hak_nl_router_new_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_router_set_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_router_del_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_router_get_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_router_resign_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_vip_new_policy[HAK_A_VIP + 1];
extern const struct nla_policy hak_nl_vip_set_policy[HAK_A_VIP + 1];
extern const struct nla_policy hak_nl_vip_del_policy[HAK_A_VIP + 1];
extern const struct nla_policy hak_nl_vip_get_policy[HAK_A_VIP + 1];
extern const struct nla_policy hak_nl_track_new_policy[HAK_A_TRACK + 1];
extern const struct nla_policy hak_nl_track_set_policy[HAK_A_TRACK + 1];
extern const struct nla_policy hak_nl_track_del_policy[HAK_A_TRACK + 1];
extern const struct nla_policy hak_nl_track_get_policy[HAK_A_TRACK + 1];
extern const struct nla_policy hak_nl_track_report_policy[HAK_A_TRACK + 1];
extern const struct nla_policy hak_nl_group_new_policy[HAK_A_GROUP + 1];
extern const struct nla_policy hak_nl_group_set_policy[HAK_A_GROUP + 1];
extern const struct nla_policy hak_nl_group_del_policy[HAK_A_GROUP + 1];
extern const struct nla_policy hak_nl_group_get_policy[HAK_A_GROUP + 1];
extern const struct nla_policy hak_nl_route_new_policy[HAK_A_ROUTE + 1];
extern const struct nla_policy hak_nl_route_set_policy[HAK_A_ROUTE + 1];
extern const struct nla_policy hak_nl_route_del_policy[HAK_A_ROUTE + 1];
extern const struct nla_policy hak_nl_route_get_policy[HAK_A_ROUTE + 1];
extern const struct nla_policy hak_nl_history_get_policy[HAK_A_ROUTER + 1];
extern const struct nla_policy hak_nl_pool_new_policy[HAK_A_POOL + 1];
extern const struct nla_policy hak_nl_pool_set_policy[HAK_A_POOL + 1];
extern const struct nla_policy hak_nl_pool_del_policy[HAK_A_POOL + 1];
extern const struct nla_policy hak_nl_pool_get_policy[HAK_A_POOL + 1];
extern const struct nla_policy hak_nl_server_new_policy[HAK_A_SERVER + 1];
extern const struct nla_policy hak_nl_server_set_policy[HAK_A_SERVER + 1];
extern const struct nla_policy hak_nl_server_del_policy[HAK_A_SERVER + 1];
extern const struct nla_policy hak_nl_server_get_policy[HAK_A_SERVER + 1];
extern const struct nla_policy hak_nl_server_report_policy[HAK_A_SERVER + 1];
extern const struct nla_policy hak_nl_service_new_policy[HAK_A_SERVICE + 1];
extern const struct nla_policy hak_nl_service_set_policy[HAK_A_SERVICE + 1];
extern const struct nla_policy hak_nl_service_del_policy[HAK_A_SERVICE + 1];
extern const struct nla_policy hak_nl_service_get_policy[HAK_A_SERVICE + 1];
extern const struct nla_policy hak_nl_conn_get_policy[HAK_A_CONN + 1];
extern const struct nla_policy hak_nl_conn_del_policy[HAK_A_CONN + 1];
extern const struct nla_policy hak_nl_lb_set_policy[HAK_A_LB + 1];

/* What each command may carry in the nest of its object. */
extern const struct nla_policy hak_nl_router_attrs_new[HAK_A_ROUTER_FLAGS + 1];
extern const struct nla_policy hak_nl_router_attrs_set[HAK_A_ROUTER_FLAGS + 1];
extern const struct nla_policy hak_nl_router_attrs_words[HAK_A_ROUTER_RESIGN_FOR + 1];
extern const struct nla_policy hak_nl_router_attrs_name[HAK_A_ROUTER_NAME + 1];
extern const struct nla_policy hak_nl_router_attrs_resign[HAK_A_ROUTER_RESIGN_FOR + 1];
extern const struct nla_policy hak_nl_router_attrs_track[HAK_A_ROUTER_TRACK + 1];
extern const struct nla_policy hak_nl_router_attrs_peer[HAK_A_ROUTER_PEER + 1];
extern const struct nla_policy hak_nl_router_track_attrs[HAK_A_ROUTER_TRACK_WEIGHT + 1];
extern const struct nla_policy hak_nl_vip_attrs_new[HAK_A_VIP_ADVERT + 1];
extern const struct nla_policy hak_nl_vip_attrs_del[HAK_A_VIP_VRID + 1];
extern const struct nla_policy hak_nl_vip_attrs_get[HAK_A_VIP_ROUTER + 1];
extern const struct nla_policy hak_nl_track_attrs_new[HAK_A_TRACK_POOL + 1];
extern const struct nla_policy hak_nl_track_attrs_set[HAK_A_TRACK_POOL + 1];
extern const struct nla_policy hak_nl_track_attrs_name[HAK_A_TRACK_NAME + 1];
extern const struct nla_policy hak_nl_track_attrs_report[HAK_A_TRACK_REASON + 1];
extern const struct nla_policy hak_nl_group_attrs_new[HAK_A_GROUP_TRACKS + 1];
extern const struct nla_policy hak_nl_group_attrs_name[HAK_A_GROUP_NAME + 1];
extern const struct nla_policy hak_nl_group_attrs_tracks[HAK_A_GROUP_TRACK + 1];
extern const struct nla_policy hak_nl_route_attrs_new[HAK_A_ROUTE_METRIC + 1];
extern const struct nla_policy hak_nl_route_attrs_key[HAK_A_ROUTE_METRIC + 1];
extern const struct nla_policy hak_nl_route_attrs_get[HAK_A_ROUTE_ROUTER + 1];
extern const struct nla_policy hak_nl_pool_attrs_new[HAK_A_POOL_SOURCE + 1];
extern const struct nla_policy hak_nl_pool_attrs_name[HAK_A_POOL_NAME + 1];
extern const struct nla_policy hak_nl_pool_attrs_checks[HAK_A_POOL_CHECK + 1];
extern const struct nla_policy hak_nl_server_attrs_new[HAK_A_SERVER_SLOW_START + 1];
extern const struct nla_policy hak_nl_server_attrs_key[HAK_A_SERVER_PORT + 1];
extern const struct nla_policy hak_nl_server_attrs_report[HAK_A_SERVER_REASON + 1];
extern const struct nla_policy hak_nl_server_attrs_checks[HAK_A_SERVER_CHECK + 1];
extern const struct nla_policy hak_nl_service_attrs_new[HAK_A_SERVICE_ONE_PACKET + 1];
extern const struct nla_policy hak_nl_service_attrs_key[HAK_A_SERVICE_PORT + 1];
extern const struct nla_policy hak_nl_conn_attrs_get[HAK_A_CONN_LIMIT + 1];
extern const struct nla_policy hak_nl_conn_attrs_del[HAK_A_CONN_STATE + 1];
extern const struct nla_policy hak_nl_lb_attrs[HAK_A_LB_MAXCONN + 1];

#endif /* HAK_NL_POLICY_H */
