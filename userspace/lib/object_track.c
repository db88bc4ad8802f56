// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>
#include <linux/rtnetlink.h>

static const struct hak_choice initials[] = {
	{ .name = "down", .num = HAK_TRACK_DOWN },
	{ .name = "up", .num = HAK_TRACK_UP },
	{ .name = NULL },
};

static const struct hak_value_rule dev_rule = { .type = HAK_T_DEV };
static const struct hak_value_rule name_rule = { .type = HAK_T_NAME };
static const struct hak_value_rule prefix_rule = { .type = HAK_T_NET };

static const struct hak_kind kinds[] = {
	{ "report", NULL, NULL, HAK_TRACK_REPORT, false, 0 },
	{ "dev", &dev_rule, "DEV", HAK_TRACK_DEV, false, HAK_A_TRACK_DEV },
	{ "route", &prefix_rule, "PREFIX", HAK_TRACK_ROUTE, false, HAK_A_TRACK_PREFIX },
	{ "pool", &name_rule, "NAME", HAK_TRACK_POOL, false, HAK_A_TRACK_POOL },
	{ NULL, NULL, NULL, 0, false, 0 },
};

#define TYPE(t)		{ .type = HAK_T_##t }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }

static const struct hak_word words[HAK_K_COUNT] = {
	[HAK_K_LEASE] = { "lease", { .type = HAK_T_TIME, .max = 86400 * HAK_NS_S }, 0,
			  HAK_A_TRACK_LEASE, 0, "TIME" },
	[HAK_K_INITIAL] = { "initial", CHOICE(initials), 0, HAK_A_TRACK_INITIAL, HAK_TRACK_DOWN,
			    NULL },
	[HAK_K_DEV] = { "dev", TYPE(DEV), HAK_W_NODEF | HAK_W_LOCAL, HAK_A_TRACK_DEV, 0, "DEV" },
	[HAK_K_TABLE] = { "table", { .type = HAK_T_NUM, .min = 1, .max = UINT32_MAX },
			  HAK_W_NODEF | HAK_W_LOCAL, HAK_A_TRACK_TABLE, RT_TABLE_MAIN, "N" },
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

int hak_track_check(const struct hak_obj *t, struct hak_at at, struct hak_errors *errs)
{
	static const struct {
		unsigned int word;
		uint32_t kind;
	} only[] = {
		{ HAK_K_LEASE, HAK_TRACK_REPORT },
		{ HAK_K_INITIAL, HAK_TRACK_REPORT },
		{ HAK_K_DEV, HAK_TRACK_ROUTE },
		{ HAK_K_TABLE, HAK_TRACK_ROUTE },
	};

	for (unsigned int i = 0; t->kind && i < HAK_ARRAY_SIZE(only); i++) {
		const struct hak_word *w = &words[only[i].word];
		struct hak_value def = { .num = w->def };

		/* The kernel tells the defaults of all kinds. */
		if (t->kind->num == only[i].kind || !t->v[only[i].word].set ||
		    hak_value_equal(w->rule.type, &t->v[only[i].word], &def))
			continue;
		return hak_error_add(errs, at, "conflict", w->name, NULL,
				     "%s: means nothing to a `%s` track", w->name, t->kind->name);
	}
	return 0;
}

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *lease = &st->obj->v[HAK_K_LEASE];

	if (st->verb == HAK_V_SHOW)
		return 0;
	if (lease->num && lease->num < 100 * HAK_NS_MS)
		return hak_error_add(errs, st->at, "bad-value", "lease", NULL,
				     "lease: is 0 (none) or between 100ms and 1d");
	if (st->verb == HAK_V_SET && (st->obj->v[HAK_K_DEV].set || st->obj->v[HAK_K_TABLE].set))
		return hak_error_add(errs, st->at, "conflict", "set", NULL,
				     "set: what a track looks at is fixed; delete it and add it anew");
	return hak_track_check(st->obj, st->at, errs);
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
