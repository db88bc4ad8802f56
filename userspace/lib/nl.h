/* SPDX-License-Identifier: GPL-2.0-only */
/* The netlink family hak: sockets, refusals, dumps. No text is parsed here. */
#ifndef HAK_NL_H
#define HAK_NL_H

#include "diff.h"
#include "parse.h"

#include <linux/hak.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

/**
 * struct hak_nl - a socket of the family
 * @sk: of libnl
 * @family: number of the family
 * @error: sentence of the last refusal, "" when the kernel gave none
 * @warning: sentence that came with the last success, or ""
 * @offset: of the attribute at fault in the last request, 0: unknown
 * @generation: of the configuration, from the last reply that had one
 */
struct hak_nl {
	struct nl_sock *sk;
	int family;
	char error[256];
	char warning[256];
	uint32_t offset;
	uint32_t generation;
};

/** struct hak_config - what CONFIG_GET says */
struct hak_config {
	uint32_t generation;
	char tag[HAK_TAG_SIZE];
	char version[64];
	uint64_t time;
};

/** struct hak_change - a change of state: history, or part of an event */
struct hak_change {
	char router[HAK_NAME_SIZE];
	uint64_t seq;
	uint64_t time;
	uint32_t from;
	uint32_t to;
	char reason[HAK_REASON_SIZE];
};

/** struct hak_alarm - an alarm */
struct hak_alarm {
	uint32_t kind;
	char router[HAK_NAME_SIZE];
	char track[HAK_NAME_SIZE];
	struct hak_addr address;
	uint8_t mac[6];
	bool has_mac;
	uint64_t count;
	uint64_t first;
	uint64_t last;
	char text[HAK_REASON_SIZE * 2];
};

/**
 * struct hak_event - a notification
 * @cmd: HAK_CMD_…_NTF
 * @change: sequence number, time, from, to, reason
 * @obj: router, vip, track, group, route, pool, server, service or the balancer, or NULL
 * @alarm: of ALARM_NTF
 * @config: of CONFIG_NTF
 */
struct hak_event {
	unsigned int cmd;
	struct hak_change change;
	struct hak_obj *obj;
	struct hak_alarm alarm;
	struct hak_config config;
};

/** hak_nl_open() - 0, -ENOENT when there is no family, or another -errno */
int hak_nl_open(struct hak_nl *nl);
void hak_nl_close(struct hak_nl *nl);
/** hak_nl_join() - hear the events of the multicast groups; non-blocking from then on */
int hak_nl_join(struct hak_nl *nl, bool vrrp, bool lb);
int hak_nl_fd(const struct hak_nl *nl);

/** enum hak_put - how much of an object goes into a message */
enum hak_put {
	HAK_PUT_KEY,	/* what identifies it */
	HAK_PUT_SAID,	/* and the words that were said */
};

/** hak_nl_change() - NEW, SET, DEL or REPORT of one object; 0 or -errno */
int hak_nl_change(struct hak_nl *nl, unsigned int cmd, const struct hak_obj *obj,
		  const struct hak_obj *router, enum hak_put how);
/**
 * hak_nl_apply() - a batch
 * @tag: of the configuration, NULL: leave it
 * @generation: the one it was computed from, NULL: any
 * @bad: set to the operation at fault, or NULL
 */
int hak_nl_apply(struct hak_nl *nl, const struct hak_diff *d, const char *tag,
		 const uint32_t *generation, const struct hak_op **bad);

/* Messages without a socket, for the above and for tests. */
void hak_nl_put_obj(struct nl_msg *msg, unsigned int attr, const struct hak_obj *obj,
		    uint64_t words, enum hak_put how);
struct hak_obj *hak_nl_get_obj(const struct hak_object *type, struct nlattr *nest);
struct nl_msg *hak_nl_apply_msg(const struct hak_diff *d, const char *tag,
				const uint32_t *generation, uint32_t *offsets);

/**
 * struct hak_conn - a connection
 * @proto: IPPROTO_*
 * @client: address and port
 * @service: address and port
 * @server: address and port
 * @state: enum hak_conn_state
 * @expires: ns from now
 * @counted: it is no connection: @count says how many there were
 * @count: with @counted
 */
struct hak_conn {
	uint32_t proto;
	struct hak_addr client;
	struct hak_addr service;
	struct hak_addr server;
	uint32_t state;
	uint64_t expires;
	bool counted;
	uint32_t count;
};

/**
 * hak_nl_conns() - show or count connections; 0 or -errno
 * @filter: a `conn` with the words that were said
 * @count: only count them
 * @fn: called for each
 * @arg: for it
 * @n: set to how many, with @count
 */
int hak_nl_conns(struct hak_nl *nl, const struct hak_obj *filter, bool count,
		 void (*fn)(const struct hak_conn *c, void *arg), void *arg, uint32_t *n);
/** hak_nl_flush() - end connections; 0 or -errno */
int hak_nl_flush(struct hak_nl *nl, const struct hak_obj *filter, uint32_t *n);
/** hak_nl_put_filter() - what CONN_GET and CONN_DEL look for */
void hak_nl_put_filter(struct nl_msg *msg, const struct hak_obj *filter, bool count);
/** hak_nl_get_conn() - 0, or -EINVAL when it is none */
int hak_nl_get_conn(struct nlattr *nest, struct hak_conn *c);

/** hak_nl_read() - dump objects of one type into a model; 0 or -errno */
int hak_nl_read(struct hak_nl *nl, enum hak_object_id id, struct hak_model *m);
/** hak_nl_read_all() - a consistent picture of the configuration */
int hak_nl_read_all(struct hak_nl *nl, struct hak_model *m, struct hak_config *c);
int hak_nl_config(struct hak_nl *nl, struct hak_config *c);
int hak_nl_history(struct hak_nl *nl, const char *router, struct hak_change **list, size_t *n);
int hak_nl_alarms(struct hak_nl *nl, struct hak_alarm **list, size_t *n);
/**
 * hak_nl_events() - handle what has arrived
 *
 * Returns 0, -EAGAIN when nothing is there, -ENOBUFS when events were lost.
 */
int hak_nl_events(struct hak_nl *nl, void (*fn)(const struct hak_event *ev, void *arg), void *arg);

#endif /* HAK_NL_H */
