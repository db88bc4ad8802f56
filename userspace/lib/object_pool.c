// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include "parse.h"

#include <linux/hak.h>

static const struct hak_choice schedulers[] = {
	{ .name = "wrr", .num = HAK_SCHED_WRR },
	{ .name = "rr", .num = HAK_SCHED_RR },
	{ .name = "mh", .num = HAK_SCHED_MH },
	{ .name = "wlc", .num = HAK_SCHED_WLC },
	{ .name = "lc", .num = HAK_SCHED_LC },
	{ .name = "sed", .num = HAK_SCHED_SED },
	{ .name = "nq", .num = HAK_SCHED_NQ },
	{ .name = "fo", .num = HAK_SCHED_FO },
	{ .name = "ovf", .num = HAK_SCHED_OVF },
	{ .name = "sh", .num = HAK_SCHED_SH },
	{ .name = "dh", .num = HAK_SCHED_DH },
	{ .name = "twos", .num = HAK_SCHED_TWOS },
	{ .name = "random", .num = HAK_SCHED_RANDOM },
	{ .name = NULL },
};

static const struct hak_choice on_down[] = {
	{ .name = "wait", .num = HAK_ON_DOWN_WAIT },
	{ .name = "reset", .num = HAK_ON_DOWN_RESET },
	{ .name = "reroute", .num = HAK_ON_DOWN_REROUTE },
	{ .name = NULL },
};

static const struct hak_choice methods[] = {
	{ .name = "nat", .num = HAK_METHOD_NAT },
	{ .name = "fnat", .num = HAK_METHOD_FNAT },
	{ .name = "dr", .num = HAK_METHOD_DR },
	{ .name = "ipip", .num = HAK_METHOD_IPIP, .later = true },
	{ .name = "gre", .num = HAK_METHOD_GRE, .later = true },
	{ .name = "gue", .num = HAK_METHOD_GUE, .later = true },
	{ .name = NULL },
};

#define NUM(lo, hi)	{ .type = HAK_T_NUM, .min = lo, .max = hi }
#define TIME(lo, hi)	{ .type = HAK_T_TIME, .min = (int64_t)(lo), .max = (int64_t)(hi) }
#define CHOICE(c)	{ .type = HAK_T_CHOICE, .choices = c }
#define TYPE(t)		{ .type = HAK_T_##t }
#define LATER_WORD(n)	{ .name = n, .flags = HAK_W_LATER }

static const struct hak_word words[HAK_PL_COUNT] = {
	[HAK_PL_SCHEDULER] = { "scheduler", CHOICE(schedulers), 0, HAK_A_POOL_SCHEDULER,
			       HAK_SCHED_WRR, NULL },
	[HAK_PL_METHOD] = { "method", CHOICE(methods), 0, HAK_A_POOL_METHOD, HAK_METHOD_NAT,
			    NULL },
	[HAK_PL_HASH_SIZE] = { "hash-size", NUM(251, 131071), 0, HAK_A_POOL_HASH_SIZE, 65537,
			       "N" },
	[HAK_PL_HASH_PORT] = { "hash-port", CHOICE(hak_switch), 0, HAK_A_POOL_HASH_PORT, 0, NULL },
	[HAK_PL_QUORUM] = { "quorum", NUM(1, 65535), 0, HAK_A_POOL_QUORUM, 1, "N" },
	[HAK_PL_CHECK] = { "check", TYPE(CHECKS), HAK_W_REPEAT, HAK_A_POOL_CHECKS, 0, "NAME" },
	[HAK_PL_SOURCE] = { "source", TYPE(RANGE), HAK_W_NODEF, HAK_A_POOL_SOURCE, 0,
			    "ADDR[-ADDR]" },
	[HAK_PL_TUNNEL_PORT] = LATER_WORD("tunnel-port"),
	[HAK_PL_MSS_CLAMP] = LATER_WORD("mss-clamp"),
	[HAK_PL_HASH_FALLBACK] = LATER_WORD("hash-fallback"),
	[HAK_PL_HASH_LOAD] = LATER_WORD("hash-load"),
	[HAK_PL_PERSIST] = { "persist", TIME(0, 7 * 86400 * HAK_NS_S), 0, HAK_A_POOL_PERSIST, 0,
			     "TIME" },
	[HAK_PL_PERSIST_MASK] = { "persist-mask", NUM(1, 128), 0, HAK_A_POOL_PERSIST_PREFIX_LEN, 128,
				  "LEN" },
	[HAK_PL_PASSIVE] = { "passive", CHOICE(hak_switch), 0, HAK_A_POOL_PASSIVE, 1, NULL },
	[HAK_PL_BACKUP_POOL] = { "backup-pool", TYPE(NAME), HAK_W_NODEF, HAK_A_POOL_BACKUP, 0,
				 "NAME" },
	[HAK_PL_ON_DOWN] = { "on-down", CHOICE(on_down), 0, HAK_A_POOL_ON_DOWN, HAK_ON_DOWN_WAIT,
			     NULL },
	[HAK_PL_SERVERS] = { "servers", NUM(0, INT32_MAX), HAK_W_HIDDEN | HAK_W_LIVE,
			     HAK_A_POOL_SERVERS, 0, "N" },
	[HAK_PL_UP] = { "up", NUM(0, INT32_MAX), HAK_W_LIVE, HAK_A_POOL_UP, 0, "N" },
	[HAK_PL_USERS] = { "users", NUM(0, INT32_MAX), HAK_W_LIVE, HAK_A_POOL_USERS, 0, "N" },
};

/* The primes that the kernel has; the same on every node. */
static bool is_hash_size(uint64_t n)
{
	static const uint32_t sizes[] = {
		251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 65537, 131071,
	};

	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(sizes); i++)
		if (sizes[i] == n)
			return true;
	return false;
}

static int finish_persist(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *persist = &st->obj->v[HAK_PL_PERSIST];

	if (!persist->set || !persist->num || persist->num >= HAK_NS_S)
		return 0;
	return hak_error_add(errs, st->at, "bad-value", "persist", NULL,
			     "persist: at least 1s, or 0 for none");
}

static int finish(struct hak_stmt *st, struct hak_errors *errs)
{
	const struct hak_value *size = &st->obj->v[HAK_PL_HASH_SIZE];

	if (st->verb == HAK_V_SHOW)
		return 0;
	if (!size->set || is_hash_size(size->num))
		return finish_persist(st, errs);
	return hak_error_add(errs, st->at, "bad-value", "hash-size",
			     "251 509 1021 2039 4093 8191 16381 32749 65521 65537 131071",
			     "hash-size: %u is none of: 251 509 1021 2039 4093 8191 16381 32749 65521 65537 131071",
			     (unsigned int)size->num);
}

const struct hak_object hak_object_pool = {
	.name = "pool",
	.id = HAK_O_POOL,
	.what = "servers that share the work",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(REPLACE) | HAK_VERB(DEL) |
		 HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = TYPE(NAME),
	.key_arg = "NAME",
	.words = words,
	.n_words = HAK_PL_COUNT,
	.cmd = HAK_CMD_POOL_NEW,
	.get = HAK_CMD_POOL_GET,
	.attr = HAK_A_POOL,
	.op_attr = HAK_A_OP_POOL,
	.name_attr = HAK_A_POOL_NAME,
	.finish = finish,
};
