/* SPDX-License-Identifier: GPL-2.0-only */
/* What the balancer tells of itself, and what may be said to it without a batch. */
#ifndef HAK_LB_INFO_H
#define HAK_LB_INFO_H

#include <linux/types.h>

#include <linux/hak.h>

#include "../core/ip.h"

struct hak_net;
struct hak_pool;
struct hak_service;

/**
 * struct hak_lb_counts - counters of a server or a service
 * @conns: connections made
 * @packets: by direction, 0 from clients, 1 to clients
 * @bytes: of IP, by direction
 */
struct hak_lb_counts {
	u64 conns;
	u64 packets[2];
	u64 bytes[2];
};

/**
 * struct hak_pool_info - a pool now
 * @up: servers that take new connections, backups too
 * @quorate: those of them that are no backups
 * @users: services that name it
 */
struct hak_pool_info {
	u32 up;
	u32 quorate;
	u32 users;
};

/**
 * struct hak_server_info - a server now
 * @report: the checks' word: UP until the first report
 * @value: weight with report VALUE
 * @reported: ns since the last report, 0 before the first
 * @since: wall clock, ns, when it came into or went out of service
 * @conns: connections it has
 * @active: those of them that are being opened or are open
 * @serving: it takes new connections: operator and checks agree, weight above 0
 * @avoided: ns for which new connections go elsewhere, as it did not answer; 0: not
 * @reason: of the last report, or empty
 * @counts: counters
 */
struct hak_server_info {
	enum hak_track_state report;
	u32 value;
	u64 reported;
	u64 since;
	u32 conns;
	u32 active;
	bool serving;
	u64 avoided;
	char reason[HAK_REASON_SIZE];
	struct hak_lb_counts counts;
};

/**
 * struct hak_service_info - a service now
 * @active: it works here
 * @conns: connections it has
 * @counts: counters
 */
struct hak_service_info {
	bool active;
	u32 conns;
	struct hak_lb_counts counts;
};

/**
 * struct hak_lb_info - the balancer of a namespace now
 * @conns: connections
 * @persistent: clients whose server is remembered
 * @drops: by &enum hak_lb_drop
 */
struct hak_lb_info {
	u32 conns;
	u32 persistent;
	u64 drops[HAK_LB_DROP_MAX + 1];
};

#define HAK_SERVER_TEXT		56	/* bytes of an address and a port as text */

/**
 * hak_server_text() - an address, and a port if there is one, as people write it
 * @text: HAK_SERVER_TEXT bytes
 * @addr: address
 * @port: network order, 0: none
 *
 * Context: any. Return: @text.
 */
const char *hak_server_text(char *text, const struct hak_ip *addr, __be16 port);

/**
 * struct hak_conn_info - a connection now
 * @proto: IPPROTO_*
 * @client: address
 * @addr: of the service
 * @server: address
 * @client_port: network order
 * @port: of the service, network order
 * @server_port: network order
 * @state: of the connection
 * @expires: ns from now
 */
struct hak_conn_info {
	u8 proto;
	struct hak_ip client;
	struct hak_ip addr;
	struct hak_ip server;
	__be16 client_port;
	__be16 port;
	__be16 server_port;
	enum hak_conn_state state;
	u64 expires;
};

/**
 * struct hak_conn_filter - which connections
 * @proto: 0 any
 * @client: address, none: any
 * @client_plen: so many bits of it
 * @addr: none: any; else @proto, @addr and @port say which service
 * @port: network order
 * @server: address, none: any
 * @server_port: network order, 0 any
 * @state: 0 any
 */
struct hak_conn_filter {
	u8 proto;
	struct hak_ip client;
	u8 client_plen;
	struct hak_ip addr;
	__be16 port;
	struct hak_ip server;
	__be16 server_port;
	u32 state;
};

/**
 * hak_lb_has_ipv6() - can the balancer do IPv6 on this machine
 *
 * Context: any.
 */
bool hak_lb_has_ipv6(void);

/**
 * hak_pool_info() - what a pool is now
 * @pool: pool
 * @info: filled
 *
 * Context: cfg_mutex held.
 */
void hak_pool_info(const struct hak_pool *pool, struct hak_pool_info *info);

/**
 * hak_server_info() - what a server is now
 * @pool: its pool
 * @index: in the servers of hak_pool_cfg()
 * @info: filled
 *
 * Context: cfg_mutex held.
 */
void hak_server_info(const struct hak_pool *pool, u32 index,
		     struct hak_server_info *info);

/**
 * hak_service_info() - what a service is now
 * @service: service
 * @info: filled
 *
 * Context: cfg_mutex held.
 */
void hak_service_info(const struct hak_service *service,
		      struct hak_service_info *info);

/**
 * hak_lb_info() - what the balancer is now
 * @hn: namespace
 * @info: filled
 *
 * Context: cfg_mutex held.
 */
void hak_lb_info(const struct hak_net *hn, struct hak_lb_info *info);

/**
 * hak_server_report() - a check reports on a server
 * @hn: namespace
 * @pool: its pool
 * @index: in the servers of hak_pool_cfg()
 * @state: DOWN, UP or VALUE
 * @value: weight with VALUE, 0-65535
 * @reason: one sentence or NULL
 *
 * Context: process, cfg_mutex held. Return: 0 or -ENOMEM, with nothing changed.
 */
int hak_server_report(struct hak_net *hn, struct hak_pool *pool, u32 index,
		      enum hak_track_state state, u32 value,
		      const char *reason);

/**
 * typedef hak_conn_fn - shown one connection
 * @info: the connection
 * @data: of the caller
 *
 * Context: RCU read side, may not sleep. Return: 0, or an error that ends the walk
 * before this connection.
 */
typedef int hak_conn_fn(const struct hak_conn_info *info, void *data);

/**
 * hak_conn_walk() - show connections
 * @hn: namespace
 * @filter: which
 * @cursor: 0 at first; where to go on, afterwards
 * @fn: called for each
 * @data: handed on
 *
 * Connections that come or go meanwhile may be missed, or when the table grew
 * be shown twice.
 * Context: process; sleeps between buckets.
 * Return: 0 at the end, or what @fn returned.
 */
int hak_conn_walk(struct hak_net *hn, const struct hak_conn_filter *filter,
		  u64 *cursor, hak_conn_fn *fn, void *data);

/**
 * hak_conn_flush() - end connections
 * @hn: namespace
 * @filter: which
 *
 * Context: process. Return: how many.
 */
u32 hak_conn_flush(struct hak_net *hn, const struct hak_conn_filter *filter);

#endif /* HAK_LB_INFO_H */
