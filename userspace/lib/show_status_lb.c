// SPDX-License-Identifier: GPL-2.0-only
/* The lower half of the status screen: services, servers that are not up, connections. */
#include "show_lb.h"

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

/* `down  198.51.100.14:443 2m11s check web: http 503` */
static void server_line(struct hak_out *out, const struct hak_status *s, const struct hak_obj *o)
{
	const char *reason = o->v[HAK_SR_REASON].text;
	uint64_t since = o->v[HAK_SR_SINCE].num, conns = o->v[HAK_SR_CONNS].num;
	bool by_operator;
	const char *is = hak_server_is(o, &by_operator);
	char age[32];

	if (!strcmp(is, "up"))
		return;
	hak_age_text(s->now > since ? s->now - since : 0, age, sizeof(age));
	hak_out_text(out, "    ");
	hak_out_color(out, !strcmp(is, "down") ? HAK_COLOR_BAD : HAK_COLOR_DIM, "%-5s", is);
	hak_out_text(out, " %s", o->name);
	if (since)
		hak_out_text(out, " %s", age);
	if (by_operator)
		hak_out_text(out, " by operator");
	else if (!strcmp(is, "idle"))
		hak_out_text(out, " weight 0");
	else if (reason && *reason)
		hak_out_text(out, " %s", reason);
	if (conns)
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
static void servers_of(struct hak_out *out, const struct hak_status *s, struct hak_obj *pool)
{
	if (pool->mark)
		return;
	pool->mark = 1;
	for (const struct hak_obj *o = s->model.list[HAK_O_SERVER].first; o; o = o->next)
		if (!strcmp(o->v[HAK_SR_POOL].text, pool->name))
			server_line(out, s, o);
}

static void service_line(struct hak_out *out, const struct hak_status *s, const struct hak_obj *o,
			 struct columns c)
{
	struct hak_obj *pool = hak_model_find(&s->model, HAK_O_POOL, o->v[HAK_SV_POOL].text);
	char up[32] = "-", conns[32];

	if (pool)
		snprintf(up, sizeof(up), "%" PRIu64 "/%" PRIu64, pool->v[HAK_PL_UP].num,
			 pool->v[HAK_PL_SERVERS].num);
	hak_out_text(out, "%-*s %-*s %-6s ", c.service, o->name, c.pool, o->v[HAK_SV_POOL].text,
		     pool ? method(pool) : "?");
	if (pool && pool->v[HAK_PL_UP].num < hak_obj_value(pool, HAK_PL_QUORUM).num)
		hak_out_color(out, HAK_COLOR_BAD, "%5s", up);
	else
		hak_out_text(out, "%5s", up);
	hak_many_text(o->v[HAK_SV_CONNS].num, conns, sizeof(conns));
	if (o->v[HAK_SV_ACTIVE].num)
		hak_out_text(out, " %6s\n", conns);
	else
		hak_out_text(out, "  not Active here\n");
	if (pool)
		servers_of(out, s, pool);
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

void hak_show_status_lb(struct hak_out *out, const struct hak_status *s)
{
	struct columns c = widths(&s->model);

	for (struct hak_obj *o = s->model.list[HAK_O_POOL].first; o; o = o->next)
		o->mark = 0;
	if (s->model.list[HAK_O_SERVICE].n)
		hak_out_text(out, "%-*s %-*s METHOD    UP  CONNS\n", c.service, "SERVICE", c.pool,
			     "POOL");
	for (const struct hak_obj *o = s->model.list[HAK_O_SERVICE].first; o; o = o->next)
		service_line(out, s, o, c);
	conns_line(out, s);
}
