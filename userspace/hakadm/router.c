// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "show.h"

#include <stdlib.h>

int hak_history_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	struct hak_change *list = NULL;
	size_t n = 0;
	int err = hak_ctx_open(ctx, false);

	if (err)
		return err;
	err = hak_nl_history(&ctx->nl, st->named ? st->obj->name : NULL, &list, &n);
	if (err) {
		err = hak_refused(ctx, err, ctx->at);
	} else {
		hak_out_open(&ctx->out, NULL, '[');
		for (size_t i = 0; i < n; i++)
			hak_show_history(&ctx->out, &list[i]);
		hak_out_close(&ctx->out, ']');
		hak_out_end(&ctx->out);
	}
	free(list);
	return err;
}
