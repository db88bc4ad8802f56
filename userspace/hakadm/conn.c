// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "show.h"

#include <inttypes.h>

/**
 * struct listing - connections on their way to the screen
 * @out: where they go
 * @left: how many more are wanted
 */
struct listing {
	struct hak_out *out;
	uint64_t left;
};

static void show_one(const struct hak_conn *c, void *arg)
{
	struct listing *l = arg;

	if (!l->left)
		return;
	l->left--;
	hak_show_conn(l->out, c);
}

/* There may be a million: each is printed as it comes. */
static int show(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	const struct hak_value *limit = &st->obj->v[HAK_CN_LIMIT];
	struct listing l = { .out = &ctx->out, .left = limit->set ? limit->num : UINT64_MAX };
	uint32_t n;
	int err;

	hak_out_open(&ctx->out, NULL, '[');
	err = hak_nl_conns(&ctx->nl, st->obj, false, show_one, &l, &n);
	hak_out_close(&ctx->out, ']');
	hak_out_end(&ctx->out);
	return err ? hak_refused(ctx, err, ctx->at) : 0;
}

static int count(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	uint32_t n;
	int err = hak_nl_conns(&ctx->nl, st->obj, true, NULL, NULL, &n);

	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_out_open(&ctx->out, NULL, '{');
	hak_out_num(&ctx->out, "count", "%" PRIu64 "\n", n);
	hak_out_close(&ctx->out, '}');
	hak_out_end(&ctx->out);
	return 0;
}

static int flush(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	uint32_t n;
	int err = hak_nl_flush(&ctx->nl, st->obj, &n);

	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_out_open(&ctx->out, NULL, '{');
	hak_out_num(&ctx->out, "flushed", "flush: %" PRIu64 " connections\n", n);
	hak_out_close(&ctx->out, '}');
	hak_out_end(&ctx->out);
	return 0;
}

int hak_conn_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	int err = hak_ctx_open(ctx, false);

	if (err)
		return err;
	if (st->verb == HAK_V_FLUSH)
		return flush(ctx, st);
	return st->verb == HAK_V_HOW_MANY ? count(ctx, st) : show(ctx, st);
}
