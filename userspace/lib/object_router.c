// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>
#include <sys/socket.h>

static const struct hak_choice families[] = {
	{ .name = "inet", .num = AF_INET },
	{ .name = "inet6", .num = AF_INET6 },
	{ .name = NULL },
};

static const struct hak_choice versions[] = {
	{ .name = "3", .num = 3 },
	{ .name = "2", .num = 2 },
	{ .name = NULL },
};

static const struct hak_choice vmacs[] = {
	{ .name = "off", .num = 0 },
	{ .name = "on", .num = 1 },
	{ .name = NULL },
};

static const struct hak_choice accepts[] = {
	{ .name = "on", .num = HAK_ACCEPT_ON },
	{ .name = "off", .num = HAK_ACCEPT_OFF },
	{ .name = "always", .num = HAK_ACCEPT_ALWAYS },
	{ .name = NULL },
};

#define NUM(lo, hi)	{ .type = HAK_T_NUM, .min = lo, .max = hi }
#define TIME(lo, hi)	{ .type = HAK_T_TIME, .min = (int64_t)(lo), .max = (int64_t)(hi) }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }
#define TYPE(t)		{ .type = HAK_T_##t }
#define DAY		TIME(0, 86400 * HAK_NS_S)

static const struct hak_word words[HAK_R_COUNT] = {
	[HAK_R_DEV] = { "dev", TYPE(DEV), HAK_W_KEY | HAK_W_LOCAL, HAK_A_ROUTER_DEV, 0, "DEV" },
	[HAK_R_VRID] = { "vrid", NUM(1, 255), HAK_W_KEY | HAK_W_LOCAL, HAK_A_ROUTER_VRID, 0, "N" },
	[HAK_R_FAMILY] = { "family", CHOICE(families), HAK_W_LOCAL, HAK_A_ROUTER_FAMILY,
			   AF_INET, NULL },
	[HAK_R_VERSION] = { "version", CHOICE(versions), 0, HAK_A_ROUTER_VERSION, 3, NULL },
	[HAK_R_PRIORITY] = { "priority", NUM(1, 255), 0, HAK_A_ROUTER_PRIORITY, 100, "N" },
	[HAK_R_INTERVAL] = { "interval",
			     { .type = HAK_T_TIME, .min = 10 * HAK_NS_MS, .max = 255 * HAK_NS_S,
			       .step = 10 * HAK_NS_MS },
			     0, HAK_A_ROUTER_INTERVAL, HAK_NS_S, "TIME" },
	[HAK_R_PREEMPT] = { "preempt", CHOICE(hak_switch), 0, HAK_A_ROUTER_PREEMPT, 1, NULL },
	[HAK_R_PREEMPT_DELAY] = { "preempt-delay", DAY, 0, HAK_A_ROUTER_PREEMPT_DELAY, 0,
				  "TIME" },
	[HAK_R_START_DELAY] = { "start-delay", DAY, 0, HAK_A_ROUTER_START_DELAY, 0, "TIME" },
	[HAK_R_DOWN_ADVERTS] = { "down-adverts", NUM(1, 100), 0, HAK_A_ROUTER_DOWN_ADVERTS, 3,
				 "N" },
	[HAK_R_ENABLE] = { "enable", CHOICE(hak_switch), 0, HAK_A_ROUTER_ENABLE, 1, NULL },
	[HAK_R_ACCEPT] = { "accept", CHOICE(accepts), 0, HAK_A_ROUTER_ACCEPT, HAK_ACCEPT_ON, NULL },
	[HAK_R_VMAC] = { "vmac", CHOICE(vmacs), 0, HAK_A_ROUTER_VMAC, 0, NULL },
	[HAK_R_SOURCE] = { "source", TYPE(ADDR), HAK_W_NODEF, HAK_A_ROUTER_SOURCE, 0, "ADDR" },
	[HAK_R_PEER] = { "peer", TYPE(PEERS), HAK_W_REPEAT, HAK_A_ROUTER_PEERS, 0, "ADDR" },
	[HAK_R_MIN_TTL] = { "min-ttl", NUM(1, 255), 0, HAK_A_ROUTER_MIN_TTL, 255, "N" },
	[HAK_R_AUTH_PASS] = { "auth-pass", { .type = HAK_T_TEXT, .max = HAK_AUTH_SIZE - 1 },
			      HAK_W_NODEF | HAK_W_SECRET, HAK_A_ROUTER_AUTH_PASS, 0, "SECRET" },
	[HAK_R_AUTH_FILE] = { "auth-file", TYPE(TEXT), HAK_W_NODEF | HAK_W_SECRET, 0, 0, "PATH" },
	[HAK_R_CHECKSUM] = { "checksum", CHOICE(hak_checksums), 0, HAK_A_ROUTER_CHECKSUM,
			     HAK_CHECKSUM_AUTO, NULL },
	[HAK_R_ANNOUNCE] = { "announce", NUM(0, 100), 0, HAK_A_ROUTER_ANNOUNCE, 4, "N" },
	[HAK_R_ANNOUNCE_INTERVAL] = { "announce-interval", TIME(10 * HAK_NS_MS, 60 * HAK_NS_S), 0,
				      HAK_A_ROUTER_ANNOUNCE_INTERVAL, 500 * HAK_NS_MS, "TIME" },
	[HAK_R_ANNOUNCE_REFRESH] = { "announce-refresh", DAY, 0, HAK_A_ROUTER_ANNOUNCE_REFRESH,
				     0, "TIME" },
	[HAK_R_GROUP] = { "group", TYPE(NAME), HAK_W_NODEF, HAK_A_ROUTER_GROUP, 0, "NAME" },
	[HAK_R_TRACK] = { "track", TYPE(TRACKS), HAK_W_REPEAT, HAK_A_ROUTER_TRACKS, 0,
			  "NAME [weight N]" },
	[HAK_R_FLAGS] = { "auto", NUM(0, 1), HAK_W_HIDDEN, HAK_A_ROUTER_FLAGS, 0, NULL },
	[HAK_R_STATE] = { "state", CHOICE(hak_states), HAK_W_LIVE, HAK_A_ROUTER_STATE, 0, NULL },
	[HAK_R_SINCE] = { "since", TYPE(STAMP), HAK_W_LIVE, HAK_A_ROUTER_SINCE, 0, NULL },
	[HAK_R_REASON] = { "reason", TYPE(TEXT), HAK_W_LIVE, HAK_A_ROUTER_REASON, 0, "TEXT" },
	[HAK_R_EFFECTIVE_PRIORITY] = { "effective-priority", NUM(0, 255), HAK_W_LIVE,
				       HAK_A_ROUTER_EFFECTIVE_PRIORITY, 0, "N" },
	[HAK_R_IFINDEX] = { "ifindex", NUM(0, INT32_MAX), HAK_W_LIVE, HAK_A_ROUTER_IFINDEX, 0,
			    "N" },
	[HAK_R_PRIMARY] = { "primary", TYPE(ADDR), HAK_W_LIVE, HAK_A_ROUTER_PRIMARY, 0, "ADDR" },
	[HAK_R_CHECKSUM_SENT] = { "checksum-sent", CHOICE(hak_checksums), HAK_W_LIVE,
				  HAK_A_ROUTER_CHECKSUM_SENT, 0, NULL },
	[HAK_R_RESIGNED] = { "resigned", TYPE(TIME), HAK_W_LIVE, HAK_A_ROUTER_RESIGNED, 0,
			     "TIME" },
	[HAK_R_FOR] = { "for", TIME(10 * HAK_NS_MS, 7 * 86400 * HAK_NS_S),
			HAK_W_NODEF | HAK_W_RESIGN, HAK_A_ROUTER_RESIGN_FOR, 0, "TIME" },
};

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	bool whole = st->verb == HAK_V_ADD || st->verb == HAK_V_REPLACE;

	if (hak_router_finish(st, st->obj, errs))
		return -1;
	/* In a file `set` lines may still come on top. */
	return st->typed && st->verb != HAK_V_RESIGN ? hak_router_check(st->obj, whole, st->at, errs) : 0;
}

const struct hak_object hak_object_router = {
	.name = "router",
	.id = HAK_O_ROUTER,
	.what = "a virtual router: the addresses that one of several nodes holds",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(REPLACE) | HAK_VERB(DEL) |
		 HAK_VERB(SHOW) | HAK_VERB(HISTORY) | HAK_VERB(RESIGN) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = TYPE(NAME),
	.key_arg = "NAME",
	.words = words,
	.n_words = HAK_R_COUNT,
	.cmd = HAK_CMD_ROUTER_NEW,
	.get = HAK_CMD_ROUTER_GET,
	.attr = HAK_A_ROUTER,
	.op_attr = HAK_A_OP_ROUTER,
	.name_attr = HAK_A_ROUTER_NAME,
	.finish = finish,
};
