// SPDX-License-Identifier: GPL-2.0-only
/* The lower half of the status screen: services, servers that are not up, connections. */
#include "show_lb.h"

#include "live.h"

#include <inttypes.h>
#include <string.h>

/* Widths of the first columns; what is longer pushes the rest. */
struct columns {
	int service;
	int pool;
};

static struct columns widths(const struct hak_model *m)
{
	struct columns c = { 20, 4 };

	for (const struct hak_obj *o = m->list[HAK_O_SERVICE].first; o; o = o->next) {
		if ((int)strlen(o->name) > c.service)
			c.service = (int)strlen(o->name);
		if ((int)strlen(o->v[HAK_SV_POOL].text) > c.pool)
			c.pool = (int)strlen(o->v[HAK_SV_POOL].text);
	}
	return c;
}

/* Packets only with the counters: they are what makes the screen wider than 80. */
static const struct {
	unsigned int attr;
	const char *title;
	int width;
	bool stats;
} rates[] = {
	{ HAK_A_LB_STAT_CONNS, "NEW/s", 6, false },
	{ HAK_A_LB_STAT_BYTES_IN, "IN B/s", 7, false },
	{ HAK_A_LB_STAT_BYTES_OUT, "OUT B/s", 8, false },
	{ HAK_A_LB_STAT_PACKETS_IN, "IN p/s", 7, true },
	{ HAK_A_LB_STAT_PACKETS_OUT, "OUT p/s", 8, true },
};

/* New connections are few enough to be said as they are. */
static void rate_text(unsigned int attr, uint64_t n, char *out, size_t size)
{
	if (attr == HAK_A_LB_STAT_CONNS && n < 100000)
		snprintf(out, size, "%" PRIu64, n);
	else
		hak_many_text(n, out, size);
}

static void figures(struct hak_out *out, uint64_t conns, const struct hak_live *live)
{
	char text[32];

	hak_many_text(conns, text, sizeof(text));
	hak_out_text(out, " %6s", text);
	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(rates); i++) {
		if (rates[i].stats && !out->stats)
			continue;
		hak_copy(text, sizeof(text), "-");
		if (live && live->rated)
			rate_text(rates[i].attr, live->rates[rates[i].attr], text, sizeof(text));
		hak_out_text(out, " %*s", rates[i].width, text);
	}
}

/* `2m11s check web: http 503` */
static void why(struct hak_out *out, const struct hak_status *s, const struct hak_obj *o,
		const char *is, bool by_operator)
{
	const char *reason = o->v[HAK_SR_REASON].text;
	uint64_t since = o->v[HAK_SR_SINCE].num;
	char age[32], avoided[HAK_AVOIDED_TEXT];

	if (!strcmp(is, "up") && hak_server_is_avoided(o, avoided, sizeof(avoided))) {
		hak_out_text(out, " %s", avoided);
		return;
	}
	hak_since_text(s->now, since, age, sizeof(age));
	if (since)
		hak_out_text(out, " %s", age);
	if (by_operator)
		hak_out_text(out, " by operator");
	else if (!strcmp(is, "idle"))
		hak_out_text(out, " weight 0");
	else if (reason && *reason)
		hak_out_text(out, " %s", reason);
}

/*
 * `down  198.51.100.14:443 2m11s check web: http 503`; with counters also those that
 * are up, with figures in the columns of the service.
 */
static void server_line(struct hak_out *out, const struct hak_status *s, const struct hak_obj *o,
			struct columns c)
{
	uint64_t conns = o->v[HAK_SR_CONNS].num;
	bool by_operator;
	const char *is = hak_server_is(o, &by_operator);
	char avoided[HAK_AVOIDED_TEXT];
	bool up = !strcmp(is, "up") && !hak_server_is_avoided(o, avoided, sizeof(avoided));

	if (up && !out->stats)
		return;
	hak_out_text(out, "    ");
	hak_out_color(out, up ? HAK_COLOR_GOOD : !strcmp(is, "down") || !strcmp(is, "up") ?
		      HAK_COLOR_BAD : HAK_COLOR_DIM, "%-5s", is);
	hak_out_text(out, " %s", o->name);
	if (out->stats) {
		int used = 10 + (int)strlen(o->name), wanted = c.service + c.pool + 14;

		hak_out_text(out, "%*s", wanted > used ? wanted - used : 0, "");
		figures(out, conns, o->live);
	}
	if (!up)
		why(out, s, o, is, by_operator);
	if (conns && !up && !out->stats)
		hak_out_text(out, ", %" PRIu64 " connections left", conns);
	hak_out_text(out, "\n");
}

static const char *method(const struct hak_obj *pool)
{
	const struct hak_value v = hak_obj_value(pool, HAK_PL_METHOD);
	const char *name = hak_choice_name(pool->type->words[HAK_PL_METHOD].rule.choices, v.num);

	return name ? name : "?";
}

/* A pool of several services tells about its servers under the first of them. */
static void servers_of(struct hak_out *out, const struct hak_status *s, struct hak_obj *pool,
		       struct columns c)
{
	if (pool->mark)
		return;
	pool->mark = 1;
	for (const struct hak_obj *o = s->model.list[HAK_O_SERVER].first; o; o = o->next)
		if (hak_server_in(o, pool->name))
			server_line(out, s, o, c);
}

static void service_line(struct hak_out *out, const struct hak_status *s, const struct hak_obj *o,
			 struct columns c)
{
	struct hak_obj *pool = hak_model_find(&s->model, HAK_O_POOL, o->v[HAK_SV_POOL].text);
	char up[32] = "-";

	if (pool)
		snprintf(up, sizeof(up), "%" PRIu64 "/%" PRIu64, pool->v[HAK_PL_UP].num,
			 pool->v[HAK_PL_SERVERS].num);
	hak_out_text(out, "%-*s %-*s %-6s ", c.service, o->name, c.pool, o->v[HAK_SV_POOL].text,
		     pool ? method(pool) : "?");
	if (pool && pool->v[HAK_PL_UP].num < hak_obj_value(pool, HAK_PL_QUORUM).num)
		hak_out_color(out, HAK_COLOR_BAD, "%5s", up);
	else
		hak_out_text(out, "%5s", up);
	if (o->v[HAK_SV_ACTIVE].num)
		figures(out, o->v[HAK_SV_CONNS].num, o->live);
	else
		hak_out_text(out, "  not Active here");
	hak_out_text(out, "\n");
	if (pool)
		servers_of(out, s, pool, c);
}

static void conns_line(struct hak_out *out, const struct hak_status *s)
{
	const struct hak_obj *lb = s->model.list[HAK_O_LB].first;
	char conns[32], limit[32];

	if (!lb || (!s->model.list[HAK_O_SERVICE].n && !lb->v[HAK_BL_CONNS].num))
		return;
	hak_many_text(lb->v[HAK_BL_CONNS].num, conns, sizeof(conns));
	hak_many_text(hak_obj_value(lb, HAK_BL_MAXCONN).num, limit, sizeof(limit));
	hak_out_text(out, "CONNS %s of %s   hook %" PRId64 "\n", conns, limit,
		     (int64_t)hak_obj_value(lb, HAK_BL_HOOK).num);
}

static void head(struct hak_out *out, struct columns c)
{
	hak_out_text(out, "%-*s %-*s METHOD    UP  CONNS", c.service, "SERVICE", c.pool, "POOL");
	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(rates); i++)
		if (!rates[i].stats || out->stats)
			hak_out_text(out, " %*s", rates[i].width, rates[i].title);
	hak_out_text(out, "\n");
}

void hak_show_status_lb(struct hak_out *out, const struct hak_status *s)
{
	struct columns c = widths(&s->model);

	for (struct hak_obj *o = s->model.list[HAK_O_POOL].first; o; o = o->next)
		o->mark = 0;
	if (s->model.list[HAK_O_SERVICE].n)
		head(out, c);
	for (const struct hak_obj *o = s->model.list[HAK_O_SERVICE].first; o; o = o->next)
		service_line(out, s, o, c);
	conns_line(out, s);
}
