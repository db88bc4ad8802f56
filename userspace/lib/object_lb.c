// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include <linux/hak.h>

#define LATER_WORD(n)	{ .name = n, .flags = HAK_W_LATER }

static const struct hak_word words[HAK_BL_COUNT] = {
	[HAK_BL_HOOK] = { "hook", { .type = HAK_T_INT, .min = -1000, .max = 1000 }, 0,
			  HAK_A_LB_HOOK, (uint64_t)-450, "N" },
	[HAK_BL_MAXCONN] = { "maxconn", { .type = HAK_T_NUM, .min = 1, .max = 1 << 26 }, 0,
			     HAK_A_LB_MAXCONN, 1 << 20, "N" },
	[HAK_BL_INGRESS] = LATER_WORD("ingress"),
	[HAK_BL_PERSISTENT] = { "persistent", { .type = HAK_T_NUM, .max = UINT32_MAX }, HAK_W_LIVE,
				HAK_A_LB_PERSISTENT, 0, "N" },
	[HAK_BL_CONNS] = { "conns", { .type = HAK_T_NUM, .max = UINT32_MAX }, HAK_W_LIVE,
			   HAK_A_LB_CONNS, 0, "N" },
};

const struct hak_object hak_object_lb = {
	.name = "lb",
	.id = HAK_O_LB,
	.what = "the balancer of the namespace",
	.verbs = HAK_VERB(SET) | HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(SET),
	.words = words,
	.n_words = HAK_BL_COUNT,
	.cmd = HAK_CMD_LB_SET - 1,	/* there is no NEW */
	.get = HAK_CMD_LB_GET,
	.attr = HAK_A_LB,
	.op_attr = HAK_A_OP_LB,
};
