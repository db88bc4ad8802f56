// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }
#define TYPE(t)		{ .type = HAK_T_##t }
#define WEEK		{ .type = HAK_T_TIME, .max = 7 * 86400 * (int64_t)HAK_NS_S }
#define LATER_WORD(n)	{ .name = n, .flags = HAK_W_LATER }

static const struct hak_word words[HAK_SV_COUNT] = {
	[HAK_SV_POOL] = { "pool", TYPE(NAME), HAK_W_KEY, HAK_A_SERVICE_POOL, 0, "NAME" },
	[HAK_SV_FIREWALL] = { "firewall", CHOICE(hak_switch), 0, HAK_A_SERVICE_FIREWALL, 1, NULL },
	[HAK_SV_TIMEOUT] = { "timeout", WEEK, 0, HAK_A_SERVICE_TIMEOUT, 0, "TIME" },
	[HAK_SV_TIMEOUT_FIN] = { "timeout-fin", WEEK, 0, HAK_A_SERVICE_TIMEOUT_FIN, 0, "TIME" },
	[HAK_SV_ON_EXPIRE] = LATER_WORD("on-expire"),
	[HAK_SV_ONE_PACKET] = { "one-packet", CHOICE(hak_switch), 0, HAK_A_SERVICE_ONE_PACKET, 0,
				NULL },
	[HAK_SV_SYN_PROXY] = LATER_WORD("syn-proxy"),
	[HAK_SV_ACTIVE] = { "active", CHOICE(hak_switch), HAK_W_LIVE, HAK_A_SERVICE_ACTIVE, 0,
			    NULL },
	[HAK_SV_CONNS] = { "conns", { .type = HAK_T_NUM, .max = INT32_MAX }, HAK_W_LIVE,
			   HAK_A_SERVICE_CONNS, 0, "N" },
};

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	static const unsigned int times[] = { HAK_SV_TIMEOUT, HAK_SV_TIMEOUT_FIN };
	const struct hak_value *v = st->obj->v;

	if (st->verb == HAK_V_SHOW)
		return 0;
	if (v[HAK_SV_ONE_PACKET].num && st->obj->key.num != IPPROTO_UDP)
		return hak_error_add(errs, st->at, "bad-value", "one-packet", "off",
				     "one-packet: is for udp, which has no connections");
	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(times); i++)
		if (v[times[i]].num && v[times[i]].num < HAK_NS_S)
			return hak_error_add(errs, st->at, "bad-value", words[times[i]].name, NULL,
					     "%s: is 0 (the protocol's) or between 1s and 7d",
					     words[times[i]].name);
	return 0;
}

const struct hak_object hak_object_service = {
	.name = "service",
	.id = HAK_O_SERVICE,
	.what = "an address and port that a pool serves",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(REPLACE) | HAK_VERB(DEL) |
		 HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = { .type = HAK_T_SERVICE, .choices = hak_protos },
	.key_arg = "tcp|udp ADDR:PORT",
	.words = words,
	.n_words = HAK_SV_COUNT,
	.cmd = HAK_CMD_SERVICE_NEW,
	.get = HAK_CMD_SERVICE_GET,
	.attr = HAK_A_SERVICE,
	.op_attr = HAK_A_OP_SERVICE,
	.finish = finish,
};
