// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

static const struct hak_value_rule cmd_rule = { .type = HAK_T_CMD, .max = 4000 };
static const struct hak_value_rule process_rule = { .type = HAK_T_TEXT, .max = 255 };
static const struct hak_value_rule path_rule = { .type = HAK_T_TEXT, .max = 4000 };

static const struct hak_kind kinds[] = {
	{ "script", &cmd_rule, "CMD", HAK_CHECK_SCRIPT, false, 0 },
	{ "process", &process_rule, "NAME", HAK_CHECK_PROCESS, false, 0 },
	{ "tcp", NULL, NULL, HAK_CHECK_TCP, false, 0 },
	{ "file", &path_rule, "PATH", HAK_CHECK_LATER, true, 0 },
	{ "icmp", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "udp", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "dns", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "tls", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "http", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "https", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ "smtp", NULL, NULL, HAK_CHECK_LATER, true, 0 },
	{ NULL, NULL, NULL, 0, false, 0 },
};

static const struct hak_choice weights[] = {
	{ .name = "none", .num = HAK_WEIGHT_NONE },
	{ .name = "exit", .num = HAK_WEIGHT_EXIT },
	{ .name = "output", .num = HAK_WEIGHT_OUTPUT },
	{ .name = NULL },
};

#define TYPE(t)		{ .type = HAK_T_##t }
#define NUM(lo, hi)	{ .type = HAK_T_NUM, .min = lo, .max = hi }
#define TIME(lo, hi)	{ .type = HAK_T_TIME, .min = (int64_t)(lo), .max = (int64_t)(hi) }
#define CMD		{ .type = HAK_T_CMD, .max = 4000 }
#define LATER_WORD(n)	{ .name = n, .flags = HAK_W_LATER }

static const struct hak_word words[HAK_C_COUNT] = {
	[HAK_C_TO] = { "to", TYPE(TO), HAK_W_NODEF, 0, 0, "ADDR[:PORT]" },
	[HAK_C_DEV] = { "dev", TYPE(DEV), HAK_W_NODEF, 0, 0, "DEV" },
	[HAK_C_SOURCE] = { "source", TYPE(ADDR), HAK_W_NODEF, 0, 0, "ADDR" },
	[HAK_C_INTERVAL] = { "interval", TIME(10 * HAK_NS_MS, 86400 * HAK_NS_S), 0, 0,
			     2 * HAK_NS_S, "TIME" },
	[HAK_C_FAST_INTERVAL] = { "fast-interval", TIME(10 * HAK_NS_MS, 86400 * HAK_NS_S),
				  HAK_W_NODEF, 0, 0, "TIME" },
	[HAK_C_TIMEOUT] = { "timeout", TIME(HAK_NS_MS, 86400 * HAK_NS_S), 0, 0, HAK_NS_S, "TIME" },
	[HAK_C_RISE] = { "rise", NUM(1, 1000), 0, 0, 2, "N" },
	[HAK_C_FALL] = { "fall", NUM(1, 1000), 0, 0, 3, "N" },
	[HAK_C_WEIGHT_FROM] = { "weight-from", { .type = HAK_T_CHOICE, .choices = weights }, 0, 0,
				HAK_WEIGHT_NONE, NULL },
	[HAK_C_USER] = { "user", { .type = HAK_T_TEXT, .max = 32 }, HAK_W_NODEF, 0, 0, "U" },
	[HAK_C_ON_FAIL] = { "on-fail", CMD, HAK_W_NODEF, 0, 0, "CMD" },
	[HAK_C_ON_RECOVER] = { "on-recover", CMD, HAK_W_NODEF, 0, 0, "CMD" },
	[HAK_C_PATH] = LATER_WORD("path"),
	[HAK_C_HOST] = LATER_WORD("host"),
	[HAK_C_STATUS] = LATER_WORD("status"),
	[HAK_C_BODY] = LATER_WORD("body"),
	[HAK_C_SEND] = LATER_WORD("send"),
	[HAK_C_EXPECT] = LATER_WORD("expect"),
	[HAK_C_NAME] = LATER_WORD("name"),
};

static int misplaced(struct hak_stmt *st, struct hak_errors *errs, unsigned int word,
		     const char *kind)
{
	const char *name = words[word].name;

	return hak_error_add(errs, st->at, "conflict", name, NULL,
			     "%s: means nothing to a `%s` check, only to `%s`", name,
			     st->obj->kind->name, kind);
}

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	static const unsigned int net[] = { HAK_C_TO, HAK_C_DEV, HAK_C_SOURCE };
	const struct hak_value *v = st->obj->v;

	if (st->verb != HAK_V_ADD)
		return 0;
	if (v[HAK_C_WEIGHT_FROM].num && st->obj->kind->num != HAK_CHECK_SCRIPT)
		return misplaced(st, errs, HAK_C_WEIGHT_FROM, "script");
	if (st->obj->kind->num == HAK_CHECK_TCP)
		return 0;
	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(net); i++)
		if (v[net[i]].set)
			return misplaced(st, errs, net[i], "tcp");
	return 0;
}

const struct hak_object hak_object_check = {
	.name = "check",
	.id = HAK_O_CHECK,
	.what = "a health check that hakcheck runs",
	.verbs = HAK_VERB(SHOW) | HAK_VERB(RUN) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD),
	.key = TYPE(NAME),
	.key_arg = "NAME",
	.kinds = kinds,
	.words = words,
	.n_words = HAK_C_COUNT,
	.finish = finish,
};
