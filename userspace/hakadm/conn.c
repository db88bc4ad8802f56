// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "show.h"

#include <inttypes.h>

static void show_one(const struct hak_conn *c, void *arg)
{
	hak_show_conn(arg, c);
}

/* There may be a million: each is printed as it comes. The kernel keeps to the limit. */
static int show(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	uint32_t n;
	int err;

	hak_out_open(&ctx->out, NULL, '[');
	err = hak_nl_conns(&ctx->nl, st->obj, false, show_one, &ctx->out, &n);
	hak_out_close(&ctx->out, ']');
	hak_out_end(&ctx->out);
	return err ? hak_refused(ctx, err, ctx->at) : 0;
}

static int say_number(struct hak_ctx *ctx, int err, const char *key, const char *fmt, uint32_t n)
{
	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_out_open(&ctx->out, NULL, '{');
	hak_out_num(&ctx->out, key, fmt, n);
	hak_out_close(&ctx->out, '}');
	hak_out_end(&ctx->out);
	return 0;
}

static int count(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	uint32_t n;
	int err = hak_nl_conns(&ctx->nl, st->obj, true, NULL, NULL, &n);

	return say_number(ctx, err, "count", "%" PRIu64 "\n", n);
}

static int flush(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	uint32_t n;
	int err = hak_nl_flush(&ctx->nl, st->obj, &n);

	return say_number(ctx, err, "flushed", "flush: %" PRIu64 " connections\n", n);
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
