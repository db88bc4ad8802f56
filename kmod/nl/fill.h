/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How objects look in messages: replies, dumps and events share these.
 */
#ifndef HAK_NL_FILL_H
#define HAK_NL_FILL_H

#include <net/genetlink.h>

#include <linux/hak.h>

#include "../vrrp/config.h"
#include "../vrrp/info.h"

struct hak_conn_info;
struct hak_net;
struct hak_pool;
struct hak_service;

extern struct genl_family hak_nl_family;

/**
 * hak_nl_put_ip() - append an address, none if there is none
 * @skb: message
 * @type: attribute
 * @ip: address
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
static inline int hak_nl_put_ip(struct sk_buff *skb, int type, const struct hak_ip *ip)
{
	return ip->len ? nla_put(skb, type, ip->len, ip->b) : 0;
}

/**
 * hak_nl_registered() - are the multicast groups ours?
 *
 * Context: RCU read side, and what is done upon the answer too: hak_nl_exit()
 * waits for it.
 * Return: true between registering the family and unregistering it.
 */
bool hak_nl_registered(void);

/* Offsets in the family's table of multicast groups. */
enum {
	HAK_NL_GROUP_VRRP,
	HAK_NL_GROUP_LB,
};

/* Room for the headers, the generation and an event of any kind. */
#define HAK_NL_MSG_ROOM		384
/* Room for one track, one route, one alarm, one entry of a history or the configuration. */
#define HAK_NL_SMALL_ROOM	512
/* Room for one group with all the tracks it may have. */
#define HAK_NL_GROUP_ROOM	(256 + HAK_ROUTER_TRACKS_MAX * 80)
/* Room for one pool, one server, one service or the balancer. */
#define HAK_NL_LB_ROOM		896

/**
 * hak_nl_router_room() - space that the message of a router takes, at most
 * @cfg: its configuration
 *
 * Context: RCU read side or cfg_mutex held.
 * Return: bytes, with headers and an event.
 */
size_t hak_nl_router_room(const struct hak_router_cfg *cfg);

/**
 * hak_nl_put() - begin a message
 * @skb: to append to
 * @hn: namespace
 * @portid: of the receiver or 0
 * @seq: of the request or 0
 * @flags: NLM_F_*
 * @cmd: HAK_CMD_*
 *
 * Return: for genlmsg_end() and genlmsg_cancel(), NULL without room.
 */
void *hak_nl_put(struct sk_buff *skb, const struct hak_net *hn, u32 portid,
		 u32 seq, int flags, u8 cmd);

/*
 * The objects; 0 or -EMSGSIZE, upon which the caller cancels the message.
 * RCU read side or cfg_mutex.
 */
int hak_nl_fill_router(struct sk_buff *skb, struct hak_router *r,
		       struct hak_router_info *info, bool secrets);
int hak_nl_fill_vip(struct sk_buff *skb, struct hak_router *r, u32 i);
int hak_nl_fill_route(struct sk_buff *skb, const struct hak_router *r,
		      const struct hak_vroute_cfg *cfg, bool installed);
int hak_nl_fill_track(struct sk_buff *skb, struct hak_track *t,
		      struct hak_track_info *info);
int hak_nl_fill_group(struct sk_buff *skb, struct hak_group *g);
int hak_nl_fill_history(struct sk_buff *skb, struct hak_router *r,
			const struct hak_change_rec *rec);
/* @r or @t is set. */
int hak_nl_fill_alarm(struct sk_buff *skb, const struct hak_router *r,
		      const struct hak_track *t,
		      const struct hak_alarm_rec *rec);
/* cfg_mutex held. */
int hak_nl_fill_config(struct sk_buff *skb, const struct hak_net *hn);

/* The balancer's; cfg_mutex held, they do not sleep. */
int hak_nl_fill_pool(struct sk_buff *skb, const struct hak_pool *pool);
int hak_nl_fill_server(struct sk_buff *skb, const struct hak_pool *pool,
		       u32 index);
int hak_nl_fill_service(struct sk_buff *skb, const struct hak_service *service);
int hak_nl_fill_lb(struct sk_buff *skb, const struct hak_net *hn);
/* Without a lock. */
int hak_nl_fill_conn(struct sk_buff *skb, const struct hak_conn_info *info);
int hak_nl_fill_conn_count(struct sk_buff *skb, u32 count);

/* Handlers of commands; dump.c, dump_lb.c and conn.c. */
int hak_nl_config_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_router_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_router_get_start(struct netlink_callback *cb);
int hak_nl_router_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_vip_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_track_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_track_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_history_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_alarm_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_pool_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_pool_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_server_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_server_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_service_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_service_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_lb_get_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_lb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hak_nl_conn_get_done(struct netlink_callback *cb);
int hak_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* HAK_NL_FILL_H */
