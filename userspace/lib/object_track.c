// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

static const struct hak_choice initials[] = {
	{ .name = "down", .num = HAK_TRACK_DOWN },
	{ .name = "up", .num = HAK_TRACK_UP },
	{ .name = NULL },
};

static const struct hak_value_rule dev_rule = { .type = HAK_T_DEV };
static const struct hak_value_rule name_rule = { .type = HAK_T_NAME };
static const struct hak_value_rule prefix_rule = { .type = HAK_T_PREFIX };

static const struct hak_kind kinds[] = {
	{ "report", NULL, NULL, HAK_TRACK_REPORT, false },
	{ "dev", &dev_rule, "DEV", HAK_TRACK_DEV, true },
	{ "route", &prefix_rule, "PREFIX", HAK_TRACK_ROUTE, true },
	{ "pool", &name_rule, "NAME", HAK_TRACK_POOL, true },
	{ NULL, NULL, NULL, 0, false },
};

#define TYPE(t)		{ .type = HAK_T_##t }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }

static const struct hak_word words[HAK_K_COUNT] = {
	[HAK_K_LEASE] = { "lease", { .type = HAK_T_TIME, .max = 86400 * HAK_NS_S }, 0,
			  HAK_A_TRACK_LEASE, 0, "TIME" },
	[HAK_K_INITIAL] = { "initial", CHOICE(initials), 0, HAK_A_TRACK_INITIAL, HAK_TRACK_DOWN,
			    NULL },
	[HAK_K_FLAGS] = { "check", { .type = HAK_T_NUM, .max = 1 }, HAK_W_HIDDEN,
			  HAK_A_TRACK_FLAGS, 0, NULL },
	[HAK_K_STATE] = { "state", CHOICE(hak_track_states), HAK_W_LIVE, HAK_A_TRACK_STATE, 0,
			  NULL },
	[HAK_K_VALUE] = { "value", { .type = HAK_T_INT, .min = -253, .max = 253 }, HAK_W_LIVE,
			  HAK_A_TRACK_VALUE, 0, "N" },
	[HAK_K_REASON] = { "reason", { .type = HAK_T_TEXT, .max = HAK_REASON_SIZE - 1 },
			   HAK_W_LIVE | HAK_W_REPORT, HAK_A_TRACK_REASON, 0, "TEXT" },
	[HAK_K_REPORTED] = { "reported", TYPE(TIME), HAK_W_LIVE, HAK_A_TRACK_REPORTED, 0, NULL },
	[HAK_K_EXPIRED] = { "expired", CHOICE(hak_switch), HAK_W_LIVE, HAK_A_TRACK_EXPIRED, 0,
			    NULL },
	[HAK_K_USERS] = { "users", { .type = HAK_T_NUM, .max = INT32_MAX }, HAK_W_LIVE,
			  HAK_A_TRACK_USERS, 0, "N" },
};

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *lease = &st->obj->v[HAK_K_LEASE];

	if (st->verb == HAK_V_SHOW || !lease->num || lease->num >= 100 * HAK_NS_MS)
		return 0;
	return hak_error_add(errs, st->at, "bad-value", "lease", NULL,
			     "lease: is 0 (none) or between 100ms and 1d");
}

const struct hak_object hak_object_track = {
	.name = "track",
	.id = HAK_O_TRACK,
	.what = "something that a router depends on",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(DEL) | HAK_VERB(SHOW) |
		 HAK_VERB(REPORT) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = TYPE(NAME),
	.key_arg = "NAME",
	.kinds = kinds,
	.kind_attr = HAK_A_TRACK_KIND,
	.words = words,
	.n_words = HAK_K_COUNT,
	.cmd = HAK_CMD_TRACK_NEW,
	.get = HAK_CMD_TRACK_GET,
	.tell = HAK_CMD_TRACK_REPORT,
	.attr = HAK_A_TRACK,
	.op_attr = HAK_A_OP_TRACK,
	.name_attr = HAK_A_TRACK_NAME,
	.told = HAK_K_STATE,
	.told_value = HAK_K_VALUE,
	.finish = finish,
};
