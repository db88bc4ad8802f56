// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "rundir.h"
#include "show.h"

#include <errno.h>
#include <string.h>

/* The checks of the running configuration, and the tracks that tell their state. */
static int read_checks(struct hak_ctx *ctx, struct hak_model *m, struct hak_checks *checks)
{
	struct hak_config c;
	int err = hak_ctx_open(ctx, false);

	if (err)
		return err;
	err = hak_nl_read_all(&ctx->nl, m, &c);
	if (err)
		return hak_refused(ctx, err, ctx->at);
	err = hak_checks_read(checks, c.tag);
	if (!err)
		return 0;
	snprintf(ctx->nl.error, sizeof(ctx->nl.error),
		 "the check lines of the running configuration cannot be read: %s; load it again",
		 strerror(-err));
	return hak_refused(ctx, err, ctx->at);
}

static void show(struct hak_ctx *ctx, const struct hak_stmt *st, const struct hak_model *m,
		 const struct hak_checks *checks)
{
	hak_out_open(&ctx->out, NULL, '[');
	for (struct hak_obj *o = checks->conf.model.list[HAK_O_CHECK].first; o; o = o->next)
		if (hak_match(o, st))
			hak_show_check(&ctx->out, m, o);
	hak_out_close(&ctx->out, ']');
	hak_out_end(&ctx->out);
}

int hak_check_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	struct hak_checks checks = { 0 };
	struct hak_model m = { 0 };
	int err = read_checks(ctx, &m, &checks);

	if (!err)
		show(ctx, st, &m, &checks);
	hak_checks_free(&checks);
	hak_model_free(&m);
	return err;
}
