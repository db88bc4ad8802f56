// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "aim.h"
#include "probe.h"
#include "rundir.h"
#include "show.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
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
static void run_to_end(struct hak_probe *p, const struct hak_obj *check, const char *pool)
{
	hak_probe_start(p, check, pool, hak_now_mono());
	while (p->running && !p->ready) {
		struct pollfd f = { .fd = p->fd, .events = p->pid ? POLLIN : POLLOUT };

		poll(&f, 1, 10);
		hak_probe_step(p, hak_now_mono());
	}
}

static void show_result(struct hak_out *out, const struct hak_obj *check,
			const struct hak_result *r, uint64_t ms)
{
	char text[HAK_ADDR_TEXT];

	hak_out_open(out, NULL, '{');
	hak_out_str(out, "name", "%s", check->name);
	hak_addr_text(&check->v[HAK_C_TO].addr, false, text);
	hak_out_str_or_null(out, "to", " to %s", check->v[HAK_C_TO].addr.family ? text : NULL);
	hak_out_str(out, "state", ": %s", r->ok ? "up" : "down");
	if (r->valued)
		hak_out_int(out, "value", " %" PRId64, r->value);
	else
		hak_out_null(out, "value");
	hak_out_str(out, "reason", ": %s", r->reason);
	hak_out_num(out, "took_ms", " (%" PRIu64 "ms)\n", ms);
	hak_out_close(out, '}');
}

/* Takes @check. */
static void run_one(struct hak_ctx *ctx, struct hak_obj *check, const char *pool)
{
	uint64_t start = hak_now_mono();
	struct hak_probe p;

	run_to_end(&p, check, pool);
	show_result(&ctx->out, check, &p.result, (hak_now_mono() - start) / HAK_NS_MS);
	hak_probe_stop(&p);
	hak_obj_free(check);
}

/* Places that were looked at. */
struct places {
	struct hak_addr *list;
	size_t n;
};

static bool is_new(struct places *seen, const struct hak_addr *to)
{
	for (size_t i = 0; i < seen->n; i++)
		if (hak_addr_equal(&seen->list[i], to) && seen->list[i].port == to->port)
			return false;
	seen->list = hak_realloc(seen->list, seen->n + 1, sizeof(*seen->list));
	seen->list[seen->n++] = *to;
	return true;
}

/* Once for each place that it looks at; returns how many. */
static unsigned int run_for_servers(struct hak_ctx *ctx, const struct hak_model *m,
				    const struct hak_model *checks, const char *name)
{
	struct places seen = { 0 };
	unsigned int n;

	for (struct hak_obj *s = m->list[HAK_O_SERVER].first; s; s = s->next) {
		struct hak_aims aims;

		if (!hak_has_check(m, s, name))
			continue;
		hak_aims_of(&aims, m, checks, s);
		for (size_t i = 0; i < aims.n; i++) {
			const struct hak_aim *a = &aims.list[i];

			if (!strcmp(a->check->name, name) && !a->no_port && is_new(&seen, &a->to))
				run_one(ctx, hak_aim_take(a->check, &a->to), s->v[HAK_SR_POOL].text);
		}
		free(aims.list);
	}
	n = (unsigned int)seen.n;
	free(seen.list);
	return n;
}

/* A check of servers at each of them, any other at its one place. */
static int run_all(struct hak_ctx *ctx, const struct hak_model *running, const struct hak_model *m,
		   const struct hak_obj *check)
{
	if (run_for_servers(ctx, running, m, check->name))
		return 0;
	if (check->kind->num == HAK_CHECK_TCP && !check->v[HAK_C_TO].addr.port)
		return hak_usage_error(ctx, "missing", check->name, NULL,
				       "check %s: has no `to`, and no server with a port names it",
				       check->name);
	run_one(ctx, hak_obj_copy(check), NULL);
	return 0;
}

static int run(struct hak_ctx *ctx, const struct hak_stmt *st, const struct hak_model *running,
	       const struct hak_checks *checks)
{
	const struct hak_model *m = &checks->conf.model;
	const char *name = st->obj->name;
	const struct hak_obj *check = hak_model_find(m, HAK_O_CHECK, name);
	struct hak_buf names = { 0 };
	int err;

	if (!check) {
		hak_model_names(m, HAK_O_CHECK, &names);
		err = hak_usage_error(ctx, "missing", name, names.s,
				      "check %s: no such check; checks: %s", name,
				      names.s ? names.s : "none");
		hak_buf_free(&names);
		return err;
	}
	hak_out_open(&ctx->out, NULL, '[');
	err = run_all(ctx, running, m, check);
	hak_out_close(&ctx->out, ']');
	hak_out_end(&ctx->out);
	return err;
}

int hak_check_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	struct hak_checks checks = { 0 };
	struct hak_model m = { 0 };
	int err = read_checks(ctx, &m, &checks);

	if (!err && st->verb == HAK_V_RUN)
		err = run(ctx, st, &m, &checks);
	else if (!err)
		show(ctx, st, &m, &checks);
	hak_checks_free(&checks);
	hak_model_free(&m);
	return err;
}
