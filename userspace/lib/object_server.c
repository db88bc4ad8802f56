// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

const struct hak_choice hak_server_states[] = {
	{ .name = "up", .num = HAK_SERVER_UP },
	{ .name = "drain", .num = HAK_SERVER_DRAIN },
	{ .name = "down", .num = HAK_SERVER_DOWN },
	{ .name = NULL },
};

#define NUM(lo, hi)	{ .type = HAK_T_NUM, .min = lo, .max = hi }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }
#define TYPE(t)		{ .type = HAK_T_##t }
#define LATER_WORD(n)	{ .name = n, .flags = HAK_W_LATER }

static const struct hak_word words[HAK_SR_COUNT] = {
	[HAK_SR_POOL] = { "pool", TYPE(NAME), HAK_W_PART, HAK_A_SERVER_POOL, 0, "NAME" },
	[HAK_SR_WEIGHT] = { "weight", NUM(0, 65535), 0, HAK_A_SERVER_WEIGHT, 1, "N" },
	[HAK_SR_STATE] = { "state", CHOICE(hak_server_states), 0, HAK_A_SERVER_STATE,
			   HAK_SERVER_UP, NULL },
	[HAK_SR_FOR] = LATER_WORD("for"),
	[HAK_SR_CHECK] = { "check", TYPE(CHECKS), HAK_W_REPEAT, HAK_A_SERVER_CHECKS, 0, "NAME" },
	[HAK_SR_METHOD] = LATER_WORD("method"),
	[HAK_SR_MAXCONN] = { "maxconn", NUM(0, INT32_MAX), 0, HAK_A_SERVER_MAXCONN, 0, "N" },
	[HAK_SR_BACKUP] = { "backup", CHOICE(hak_switch), 0, HAK_A_SERVER_BACKUP, 0, NULL },
	[HAK_SR_SLOW_START] = { "slow-start",
				{ .type = HAK_T_TIME, .min = 0, .max = 86400 * HAK_NS_S },
				0, HAK_A_SERVER_SLOW_START, 0, "TIME" },
	[HAK_SR_REPORT] = { "report", CHOICE(hak_track_states), HAK_W_LIVE, HAK_A_SERVER_REPORT, 0,
			    NULL },
	[HAK_SR_VALUE] = { "value", NUM(0, 65535), HAK_W_LIVE, HAK_A_SERVER_VALUE, 0, "N" },
	[HAK_SR_REASON] = { "reason", { .type = HAK_T_TEXT, .max = HAK_REASON_SIZE - 1 },
			    HAK_W_LIVE | HAK_W_REPORT, HAK_A_SERVER_REASON, 0, "TEXT" },
	[HAK_SR_REPORTED] = { "reported", TYPE(TIME), HAK_W_LIVE, HAK_A_SERVER_REPORTED, 0, NULL },
	[HAK_SR_SINCE] = { "since", TYPE(STAMP), HAK_W_LIVE, HAK_A_SERVER_SINCE, 0, NULL },
	[HAK_SR_CONNS] = { "conns", NUM(0, INT32_MAX), HAK_W_LIVE, HAK_A_SERVER_CONNS, 0, "N" },
	[HAK_SR_ACTIVE] = { "active", NUM(0, INT32_MAX), HAK_W_LIVE, HAK_A_SERVER_ACTIVE, 0, "N" },
	[HAK_SR_AVOIDED] = { "avoided", TYPE(TIME), HAK_W_LIVE, HAK_A_SERVER_AVOIDED, 0, NULL },
};

const struct hak_object hak_object_server = {
	.name = "server",
	.id = HAK_O_SERVER,
	.what = "a server of a pool",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(REPLACE) | HAK_VERB(DEL) |
		 HAK_VERB(SHOW) | HAK_VERB(REPORT) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = TYPE(TO),
	.key_arg = "ADDR[:PORT]",
	.words = words,
	.n_words = HAK_SR_COUNT,
	.cmd = HAK_CMD_SERVER_NEW,
	.get = HAK_CMD_SERVER_GET,
	.tell = HAK_CMD_SERVER_REPORT,
	.attr = HAK_A_SERVER,
	.op_attr = HAK_A_OP_SERVER,
	.told = HAK_SR_REPORT,
	.told_value = HAK_SR_VALUE,
};
