// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "rundir.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads the loaded file again, only for its fingerprint. */
static const char *file_state(const struct hak_checks *c)
{
	struct hak_conf conf;
	char hash[HAK_HASH_TEXT];
	int err;

	hak_conf_init(&conf);
	err = hak_conf_file(&conf, c->file);
	hak_hash_text(&conf.hash, hash);
	hak_conf_free(&conf);
	return err ? "missing" : strcmp(hash, c->hash) ? "changed" : "unchanged";
}

static int collect(struct hak_ctx *ctx, struct hak_status *s, struct hak_checks *checks)
{
	int err = hak_nl_read_all(&ctx->nl, &s->model, &s->config);

	if (!err)
		err = hak_nl_alarms(&ctx->nl, &s->alarms, &s->n_alarms);
	if (err)
		return err;
	s->now = hak_now_wall();
	s->hakcheck = hak_hakcheck_pid();
	if (gethostname(s->host, sizeof(s->host) - 1))
		hak_copy(s->host, sizeof(s->host), "?");
	hak_checks_read(checks, s->config.tag);
	while (checks->conf.model.list[HAK_O_CHECK].first) {
		struct hak_obj *o = checks->conf.model.list[HAK_O_CHECK].first;

		hak_model_remove(&checks->conf.model, o);
		hak_model_add(&s->model, o);
	}
	if (checks->file) {
		s->file = checks->file;
		s->file_state = file_state(checks);
	}
	return 0;
}

static int once(struct hak_ctx *ctx)
{
	struct hak_status s = { 0 };
	struct hak_checks checks = { 0 };
	int err = collect(ctx, &s, &checks);

	if (err)
		err = hak_refused(ctx, err, ctx->at);
	else
		hak_show_status(&ctx->out, &s);
	free(s.alarms);
	hak_model_free(&s.model);
	hak_checks_free(&checks);
	return err;
}

int hak_cmd_status(struct hak_ctx *ctx, int argc, char **argv)
{
	bool watch = argc == 2 && !strcmp(argv[1], "watch");
	int err;

	if (argc > 1 && !watch)
		return hak_usage_error(ctx, "unknown-word", argv[1], "watch",
				       "%s: not a word of `status`; say `status` or `status watch`",
				       argv[1]);
	err = hak_ctx_open(ctx, false);
	while (!err) {
		if (watch && !ctx->out.json)
			fputs("\033[H\033[2J", ctx->out.f);
		err = once(ctx);
		fflush(ctx->out.f);
		if (!watch)
			break;
		sleep(1);
	}
	return err;
}
