// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include <linux/hak.h>

static const struct hak_word words[HAK_G_COUNT] = {
	[HAK_G_TRACK] = { "track", { .type = HAK_T_TRACKS }, HAK_W_REPEAT, HAK_A_GROUP_TRACKS, 0,
			  "NAME [weight N]" },
	[HAK_G_STATE] = { "state", { .type = HAK_T_CHOICE, .choices = hak_states }, HAK_W_LIVE,
			  HAK_A_GROUP_STATE, 0, NULL },
	[HAK_G_ROUTERS] = { "routers", { .type = HAK_T_NUM, .max = INT32_MAX }, HAK_W_LIVE,
			    HAK_A_GROUP_ROUTERS, 0, "N" },
};

const struct hak_object hak_object_group = {
	.name = "group",
	.id = HAK_O_GROUP,
	.what = "routers that move together",
	.verbs = HAK_VERB(ADD) | HAK_VERB(SET) | HAK_VERB(REPLACE) | HAK_VERB(DEL) |
		 HAK_VERB(SHOW) | HAK_VERB(HELP),
	.file_verbs = HAK_VERB(ADD) | HAK_VERB(SET),
	.key = { .type = HAK_T_NAME },
	.key_arg = "NAME",
	.words = words,
	.n_words = HAK_G_COUNT,
	.cmd = HAK_CMD_GROUP_NEW,
	.get = HAK_CMD_GROUP_GET,
	.attr = HAK_A_GROUP,
	.op_attr = HAK_A_OP_GROUP,
	.name_attr = HAK_A_GROUP_NAME,
};
