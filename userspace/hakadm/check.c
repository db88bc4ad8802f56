// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "probe.h"
#include "rundir.h"
#include "show.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
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

/* Waits in short steps: a script may end without a word on its pipe. */
static void run_to_end(struct hak_probe *p, const struct hak_obj *check)
{
	hak_probe_start(p, check, hak_now_mono());
	while (p->running && !p->ready) {
		struct pollfd f = { .fd = p->fd, .events = p->pid ? POLLIN : POLLOUT };

		poll(&f, 1, 10);
		hak_probe_step(p, hak_now_mono());
	}
}

static void show_result(struct hak_out *out, const struct hak_obj *check,
			const struct hak_result *r, uint64_t ms)
{
	hak_out_open(out, NULL, '{');
	hak_out_str(out, "name", "%s", check->name);
	hak_out_str(out, "state", ": %s", r->ok ? "up" : "down");
	if (r->valued)
		hak_out_int(out, "value", " %" PRId64, r->value);
	else
		hak_out_null(out, "value");
	hak_out_str(out, "reason", ": %s", r->reason);
	hak_out_num(out, "took_ms", " (%" PRIu64 "ms)\n", ms);
	hak_out_close(out, '}');
	hak_out_end(out);
}

static int run(struct hak_ctx *ctx, const struct hak_stmt *st, const struct hak_checks *checks)
{
	const struct hak_model *m = &checks->conf.model;
	const struct hak_obj *check = hak_model_find(m, HAK_O_CHECK, st->obj->name);
	uint64_t start = hak_now_mono();
	struct hak_buf names = { 0 };
	struct hak_probe p;
	int err = 0;

	if (check) {
		run_to_end(&p, check);
		show_result(&ctx->out, check, &p.result, (hak_now_mono() - start) / HAK_NS_MS);
		hak_probe_stop(&p);
	} else {
		hak_model_names(m, HAK_O_CHECK, &names);
		err = hak_usage_error(ctx, "missing", st->obj->name, names.s,
				      "check %s: no such check; checks: %s", st->obj->name,
				      names.s ? names.s : "none");
	}
	hak_buf_free(&names);
	return err;
}

int hak_check_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	struct hak_checks checks = { 0 };
	struct hak_model m = { 0 };
	int err = read_checks(ctx, &m, &checks);

	if (!err && st->verb == HAK_V_RUN)
		err = run(ctx, st, &checks);
	else if (!err)
		show(ctx, st, &m, &checks);
	hak_checks_free(&checks);
	hak_model_free(&m);
	return err;
}
