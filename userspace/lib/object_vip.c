// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

#define TYPE(t)		{ .type = HAK_T_##t }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }

static const struct hak_word words[HAK_P_COUNT] = {
	[HAK_P_ROUTER] = { "router", TYPE(NAME), HAK_W_NODEF | HAK_W_DEL, HAK_A_VIP_ROUTER, 0, "NAME" },
	[HAK_P_DEV] = { "dev", TYPE(DEV), HAK_W_NODEF | HAK_W_DEL, HAK_A_VIP_DEV, 0, "DEV" },
	[HAK_P_VRID] = { "vrid", { .type = HAK_T_NUM, .min = 1, .max = 255 },
			 HAK_W_NODEF | HAK_W_DEL,
			 HAK_A_VIP_VRID, 0, "N" },
	[HAK_P_LABEL] = { "label", TYPE(TEXT), HAK_W_NODEF, HAK_A_VIP_LABEL, 0, "L" },
	[HAK_P_ADVERT] = { "advert", CHOICE(hak_switch), 0, HAK_A_VIP_ADVERT, 1, NULL },
	[HAK_P_INSTALLED] = { "installed", CHOICE(hak_switch), HAK_W_LIVE, HAK_A_VIP_INSTALLED, 0,
			      NULL },
};

/* The address tells the family of its router; saying it, too, is no news for the kernel. */
static int own_family(struct hak_stmt *st, struct hak_errors *errs)
{
	struct hak_value *said = &st->router->v[HAK_R_FAMILY];
	uint8_t family = st->obj->key.addr.family;

	if (said->set && said->num != family)
		return hak_error_add(errs, st->at, "conflict", "family", NULL,
				     "family: %s is %s; say `router NAME` for a router of the other family",
				     st->obj->name, family == AF_INET6 ? "inet6" : "inet");
	*said = (struct hak_value){ .set = true, .num = family };
	if (hak_router_finish(st, st->router, errs) ||
	    (st->typed && hak_router_check(st->router, false, st->at, errs)))
		return -1;
	said->set = false;
	return 0;
}

static int first_form(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *v = st->obj->v;

	if (v[HAK_P_DEV].set && v[HAK_P_VRID].set)
		return own_family(st, errs);
	return hak_error_add(errs, st->at, "missing", v[HAK_P_DEV].set ? "vrid" : "dev", NULL,
			     "vip %s %s: say `dev DEV vrid N` or `router NAME`",
			     hak_verb_names[st->verb], st->obj->name);
}

static int second_form(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *v = st->obj->v;

	if (v[HAK_P_VRID].set)
		return hak_error_add(errs, st->at, "conflict", "vrid", NULL,
				     "vrid: the router is named already; say `router NAME` or `dev DEV vrid N`");
	st->obj->elsewhere = v[HAK_P_DEV].set;
	if (v[HAK_P_DEV].set && st->verb != HAK_V_ADD)
		return hak_error_add(errs, st->at, "conflict", "dev", NULL,
				     "dev: the router is named already; say `router NAME` or `dev DEV vrid N`");
	if (st->n_router_words)
		return hak_error_add(errs, st->at, "conflict", st->router_word, NULL,
				     "%s: a word of the router; say `router set %s %s …`",
				     st->router_word, v[HAK_P_ROUTER].text, st->router_word);
	return 0;
}

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *v = st->obj->v;

	if (st->verb == HAK_V_SHOW)
		return 0;
	return v[HAK_P_ROUTER].set ? second_form(st, errs) : first_form(st, errs);
}

const struct hak_object hak_object_vip = {
	.name = "vip",
	.id = HAK_O_VIP,
	.what = "an address that moves between nodes",
	.verbs = HAK_VERB(ADD) | HAK_VERB(DEL) | HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD),
	.key = TYPE(PREFIX),
	.key_arg = "ADDR[/LEN]",
	.words = words,
	.n_words = HAK_P_COUNT,
	.cmd = HAK_CMD_VIP_NEW,
	.get = HAK_CMD_VIP_GET,
	.attr = HAK_A_VIP,
	.op_attr = HAK_A_OP_VIP,
	.finish = finish,
};
