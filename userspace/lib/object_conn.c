// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

const struct hak_choice hak_conn_states[] = {
	{ .name = "none", .num = HAK_CONN_NONE },
	{ .name = "syn-sent", .num = HAK_CONN_SYN_SENT },
	{ .name = "syn-recv", .num = HAK_CONN_SYN_RECV },
	{ .name = "established", .num = HAK_CONN_ESTABLISHED },
	{ .name = "fin-wait", .num = HAK_CONN_FIN_WAIT },
	{ .name = "closing", .num = HAK_CONN_CLOSING },
	{ .name = "time-wait", .num = HAK_CONN_TIME_WAIT },
	{ .name = "close", .num = HAK_CONN_CLOSE },
	{ .name = NULL },
};

#define FILTER	(HAK_W_LIVE | HAK_W_FILTER)

/* Which attributes say these is no matter of one word each: see nl_conn.c. */
static const struct hak_word words[HAK_CN_COUNT] = {
	[HAK_CN_SERVICE] = { "service", { .type = HAK_T_SERVICE, .choices = hak_protos }, FILTER, 0,
			     0, "tcp|udp ADDR:PORT" },
	[HAK_CN_SERVER] = { "server", { .type = HAK_T_TO }, FILTER, 0, 0, "ADDR[:PORT]" },
	[HAK_CN_CLIENT] = { "client", { .type = HAK_T_PREFIX }, FILTER, 0, 0, "ADDR[/LEN]" },
	[HAK_CN_STATE] = { "state", { .type = HAK_T_CHOICE, .choices = hak_conn_states }, FILTER, 0,
			   0, NULL },
	[HAK_CN_LIMIT] = { "limit", { .type = HAK_T_NUM, .min = 1, .max = INT32_MAX }, HAK_W_LIVE,
			   0, 0, "N" },
};

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *v = st->obj->v;
	bool any = st->all;

	for (unsigned int i = 0; i < HAK_CN_LIMIT; i++)
		any |= v[i].set;
	if (any || st->verb != HAK_V_FLUSH)
		return 0;
	return hak_error_add(errs, st->at, "missing", "flush", "all service server client state",
			     "conn flush: which ones? say `all`, or what they have in common: service server client state");
}

const struct hak_object hak_object_conn = {
	.name = "conn",
	.id = HAK_O_CONN,
	.what = "connections",
	.verbs = HAK_VERB(SHOW) | HAK_VERB(HOW_MANY) | HAK_VERB(FLUSH) | HAK_VERB(HELP),
	.words = words,
	.n_words = HAK_CN_COUNT,
	.attr = HAK_A_CONN,
	.get = HAK_CMD_CONN_GET,
	.finish = finish,
};
