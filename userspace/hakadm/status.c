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

/**
 * struct view - one look at all there is
 * @s: what is shown
 * @checks: what @s->file is a part of
 * @taken: when its counters were read, ns of the monotonic clock; 0: never
 */
struct view {
	struct hak_status s;
	struct hak_checks checks;
	uint64_t taken;
};

static int collect(struct hak_ctx *ctx, struct view *v)
{
	struct hak_status *s = &v->s;
	struct hak_checks *checks = &v->checks;
	int err;

	v->taken = hak_now_mono();
	err = hak_nl_read_all(&ctx->nl, &s->model, &s->config);
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

static void forget(struct view *v)
{
	free(v->s.alarms);
	hak_model_free(&v->s.model);
	hak_checks_free(&v->checks);
}

/* The rates come from the counters of @before, if there are any. */
static int look(struct hak_ctx *ctx, struct view *v, const struct view *before)
{
	int err;

	*v = (struct view){ 0 };
	err = collect(ctx, v);
	if (err) {
		forget(v);
		return hak_refused(ctx, err, ctx->at);
	}
	if (before->taken)
		hak_rates(&v->s.model, &before->s.model, v->taken - before->taken);
	return 0;
}

/* Are there rates to wait for? Scripts have the counters, and wait with -s only. */
static bool worth_waiting(const struct hak_ctx *ctx, const struct hak_status *s)
{
	if (ctx->out.json && !ctx->out.stats)
		return false;
	for (const struct hak_obj *o = s->model.list[HAK_O_SERVICE].first; o; o = o->next)
		if (o->v[HAK_SV_ACTIVE].num)
			return true;
	return false;
}

static int once(struct hak_ctx *ctx)
{
	struct view before = { 0 }, now;
	int err = look(ctx, &now, &before);

	if (err)
		return err;
	if (worth_waiting(ctx, &now.s)) {
		before = now;
		sleep(1);
		err = look(ctx, &now, &before);
		forget(&before);
		if (err)
			return err;
	}
	hak_show_status(&ctx->out, &now.s);
	forget(&now);
	return 0;
}

static int watch(struct hak_ctx *ctx)
{
	struct view before = { 0 }, now;
	int err;

	while (!(err = look(ctx, &now, &before))) {
		if (!ctx->out.json)
			fputs("\033[H\033[2J", ctx->out.f);
		hak_show_status(&ctx->out, &now.s);
		fflush(ctx->out.f);
		forget(&before);
		before = now;
		sleep(1);
	}
	forget(&before);
	return err;
}

int hak_cmd_status(struct hak_ctx *ctx, int argc, char **argv)
{
	bool watches = argc == 2 && !strcmp(argv[1], "watch");
	int err;

	if (argc > 1 && !watches)
		return hak_usage_error(ctx, "unknown-word", argv[1], "watch",
				       "%s: not a word of `status`; say `status` or `status watch`",
				       argv[1]);
	err = hak_ctx_open(ctx, false);
	if (err)
		return err;
	return watches ? watch(ctx) : once(ctx);
}
