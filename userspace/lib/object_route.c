// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>
#include <linux/rtnetlink.h>

#define TYPE(t)		{ .type = HAK_T_##t }
#define NUM(lo)		{ .type = HAK_T_NUM, .min = lo, .max = UINT32_MAX }

static const struct hak_word words[HAK_RT_COUNT] = {
	[HAK_RT_ROUTER] = { "router", TYPE(NAME), HAK_W_PART, HAK_A_ROUTE_ROUTER, 0, "NAME" },
	[HAK_RT_VIA] = { "via", TYPE(ADDR), HAK_W_NODEF, HAK_A_ROUTE_VIA, 0, "ADDR" },
	[HAK_RT_DEV] = { "dev", TYPE(DEV), HAK_W_NODEF | HAK_W_LOCAL, HAK_A_ROUTE_DEV, 0, "DEV" },
	[HAK_RT_SRC] = { "src", TYPE(ADDR), HAK_W_NODEF, HAK_A_ROUTE_SRC, 0, "ADDR" },
	[HAK_RT_TABLE] = { "table", NUM(1), HAK_W_DEL, HAK_A_ROUTE_TABLE, RT_TABLE_MAIN, "N" },
	[HAK_RT_METRIC] = { "metric", NUM(0), HAK_W_DEL, HAK_A_ROUTE_METRIC, 0, "N" },
	[HAK_RT_INSTALLED] = { "installed", { .type = HAK_T_CHOICE, .choices = hak_switch },
			       HAK_W_LIVE, HAK_A_ROUTE_INSTALLED, 0, NULL },
};

static int check_family(const struct hak_stmt *st, unsigned int word, struct hak_errors *errs)
{
	const struct hak_addr *a = &st->obj->v[word].addr;

	if (!a->family || a->family == st->obj->key.addr.family)
		return 0;
	return hak_error_add(errs, st->at, "conflict", words[word].name, NULL,
			     "%s: is of the other family than %s", words[word].name,
			     st->obj->name);
}

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	if (st->verb == HAK_V_SHOW)
		return 0;
	return check_family(st, HAK_RT_VIA, errs) || check_family(st, HAK_RT_SRC, errs) ? -1 : 0;
}

const struct hak_object hak_object_route = {
	.name = "route",
	.id = HAK_O_ROUTE,
	.what = "a route that exists while a router is Active",
	.verbs = HAK_VERB(ADD) | HAK_VERB(DEL) | HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD),
	.key = TYPE(NET),
	.key_arg = "PREFIX",
	.words = words,
	.n_words = HAK_RT_COUNT,
	.cmd = HAK_CMD_ROUTE_NEW,
	.get = HAK_CMD_ROUTE_GET,
	.attr = HAK_A_ROUTE,
	.op_attr = HAK_A_OP_ROUTE,
	.finish = finish,
};
