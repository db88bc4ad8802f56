/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events towards userspace. May be called from softirq; nothing in the kernel
 * depends on their delivery. No router, track or dirty lock may be held.
 */
#ifndef HAK_NL_NOTIFY_H
#define HAK_NL_NOTIFY_H

#include <linux/types.h>

#include <linux/hak.h>

struct hak_group;
struct hak_net;
struct hak_pool;
struct hak_router;
struct hak_service;
struct hak_track;
struct hak_vroute_cfg;
struct hak_change_rec;
struct hak_alarm_rec;

/**
 * hak_notify_seq() - take the next event number of a namespace
 * @hn: namespace
 *
 * For events whose number is also kept elsewhere (history).
 * Context: any but hard irq.
 */
u64 hak_notify_seq(struct hak_net *hn);

/* A change of state, HAK_CMD_ROUTER_NTF; rec->seq was taken with hak_notify_seq(). */
void hak_notify_state(struct hak_net *hn, struct hak_router *r,
		      const struct hak_change_rec *rec);

/**
 * enum hak_notify_op - what happened to a configured object
 * @HAK_NOTIFY_NEW: made
 * @HAK_NOTIFY_SET: changed
 * @HAK_NOTIFY_DEL: removed
 */
enum hak_notify_op {
	HAK_NOTIFY_NEW,
	HAK_NOTIFY_SET,
	HAK_NOTIFY_DEL,
};

/* The reason of these events is "added", "changed" or "removed". Process context. */
void hak_notify_router(struct hak_net *hn, struct hak_router *r,
		       enum hak_notify_op op);
void hak_notify_track(struct hak_net *hn, struct hak_track *t,
		      enum hak_notify_op op);

void hak_notify_route(struct hak_net *hn, struct hak_router *r,
		      const struct hak_vroute_cfg *route, bool installed,
		      enum hak_notify_op op);
void hak_notify_group(struct hak_net *hn, struct hak_group *g,
		      enum hak_notify_op op);

/* All members of a group have another state than before, HAK_CMD_GROUP_NTF. */
void hak_notify_group_state(struct hak_net *hn, struct hak_group *g);

/* A report changed what a track says, or its lease ran out, HAK_CMD_TRACK_NTF. */
void hak_notify_report(struct hak_net *hn, struct hak_track *t);

/* An alarm was raised, or is raised again after some time. @r or @t is set. */
void hak_notify_alarm(struct hak_net *hn, struct hak_router *r,
		      struct hak_track *t, const struct hak_alarm_rec *rec);

/**
 * hak_notify_pool() - something happened to a pool, HAK_CMD_POOL_NTF
 * @hn: namespace
 * @pool: still or already whole
 * @op: what happened
 *
 * To the group HAK_MCGRP_LB. Calls hak_pool_info(), which must not sleep.
 * Context: process, cfg_mutex held, and no lock that hak_pool_info() takes.
 */
void hak_notify_pool(struct hak_net *hn, struct hak_pool *pool,
		     enum hak_notify_op op);

/**
 * hak_notify_server() - something happened to a server, HAK_CMD_SERVER_NTF
 * @hn: namespace
 * @pool: its pool
 * @index: in the servers of hak_pool_cfg() as that is now: before the new
 *	configuration is published for one that is removed, afterwards for the others
 * @op: what happened; SET for a report and when it came into or went out of
 *	service, too
 * @reason: one sentence, or NULL: "added", "changed" or "removed"
 *
 * To the group HAK_MCGRP_LB. Calls hak_server_info(), which must not sleep.
 * Context: process, cfg_mutex held, and no lock that hak_server_info() takes.
 */
void hak_notify_server(struct hak_net *hn, struct hak_pool *pool, u32 index,
		       enum hak_notify_op op, const char *reason);

/**
 * hak_notify_service() - something happened to a service, HAK_CMD_SERVICE_NTF
 * @hn: namespace
 * @service: still or already whole
 * @op: what happened
 *
 * To the group HAK_MCGRP_LB. Calls hak_service_info(), which must not sleep.
 * Context: process, cfg_mutex held, and no lock that hak_service_info() takes.
 */
void hak_notify_service(struct hak_net *hn, struct hak_service *service,
			enum hak_notify_op op);

/**
 * hak_notify_lb() - the configuration of the balancer changed, HAK_CMD_LB_NTF
 * @hn: namespace
 *
 * To the group HAK_MCGRP_LB. Calls hak_lb_info(), which must not sleep.
 * Context: process, cfg_mutex held, and no lock that hak_lb_info() takes.
 */
void hak_notify_lb(struct hak_net *hn);

/* The configuration has a new generation or tag, HAK_CMD_CONFIG_NTF. cfg_mutex held. */
void hak_notify_config(struct hak_net *hn);

#endif /* HAK_NL_NOTIFY_H */
