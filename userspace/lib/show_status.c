// SPDX-License-Identifier: GPL-2.0-only
/* The status screen, 80 columns: alarms, routers, and why what is not normal. */
#include "show_lb.h"

#include "live.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void head(struct hak_out *out, const struct hak_status *s)
{
	struct hak_buf b = { 0 };
	char age[32];

	hak_buf_printf(&b, "%s  hak %s  hakcheck %s", s->host, s->config.version,
		       s->hakcheck ? "ok" : s->model.list[HAK_O_CHECK].n ? "NOT RUNNING" :
		       "not running");
	if (s->file && s->config.time) {
		const char *base = strrchr(s->file, '/');

		hak_since_text(s->now, s->config.time, age, sizeof(age));
		hak_buf_printf(&b, "  %s loaded %s ago, file %s", base ? base + 1 : s->file, age,
			       !strcmp(s->file_state, "changed") ? "CHANGED SINCE" : s->file_state);
	} else {
		hak_buf_puts(&b, "  no file loaded");
	}
	hak_out_text(out, "%s", b.s);
	if (s->n_alarms) {
		int pad = 72 - (int)b.len;

		hak_out_text(out, "%*s", pad > 2 ? pad : 2, "");
		hak_out_text(out, "%zu ALARM%s", s->n_alarms, s->n_alarms == 1 ? "" : "S");
	}
	hak_out_text(out, "\n");
	hak_buf_free(&b);
}

static void alarm_line(struct hak_out *out, const struct hak_status *s, const struct hak_alarm *a)
{
	const char *kind = hak_choice_name(hak_alarms, a->kind);
	struct hak_buf b = { 0 };
	char age[32];

	hak_since_text(s->now, a->first, age, sizeof(age));
	hak_buf_printf(&b, "! %s  %s: %s, %s x%" PRIu64, *a->router ? a->router : a->track,
		       kind ? kind : "unknown", a->text, age, a->count);
	hak_out_color(out, HAK_COLOR_BAD, "%s\n", b.s);
	hak_buf_free(&b);
}

static void addresses(const struct hak_status *s, const struct hak_obj *r, struct hak_buf *b)
{
	const struct hak_obj *first = NULL;
	unsigned int more = 0;

	for (const struct hak_obj *o = s->model.list[HAK_O_VIP].first; o; o = o->next) {
		if (!o->v[HAK_P_ROUTER].text || strcmp(o->v[HAK_P_ROUTER].text, r->name))
			continue;
		if (first)
			more++;
		else
			first = o;
	}
	hak_buf_puts(b, first ? first->name : "none");
	if (more)
		hak_buf_printf(b, " +%u", more);
}

static void active_router(const struct hak_obj *r, struct hak_buf *b)
{
	const struct hak_live *l = r->live;
	char text[HAK_ADDR_TEXT], age[32];

	if (r->v[HAK_R_STATE].num == HAK_STATE_ACTIVE) {
		hak_buf_puts(b, "this node");
	} else if (l && l->active) {
		hak_addr_text(&l->address, false, text);
		hak_age_text(l->heard, age, sizeof(age));
		hak_buf_printf(b, "%s prio %u %s", text, l->priority, age);
	} else {
		hak_buf_puts(b, "none heard");
	}
}

static void why(struct hak_out *out, const char *fmt, ...) HAK_PRINTF(2, 3);

static void why(struct hak_out *out, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		abort();
	va_end(ap);
	hak_out_text(out, "       %s\n", s);
	free(s);
}

static bool is_report(const struct hak_obj *track)
{
	return !track || !track->kind || track->kind->num == HAK_TRACK_REPORT;
}

/* `150 -60 haproxy, down 2m11s: exit 1 "cannot bind :443"` */
static bool why_track(struct hak_out *out, const struct hak_status *s, const struct hak_obj *r,
		      const struct hak_ref *ref)
{
	const struct hak_obj *t = hak_model_find(&s->model, HAK_O_TRACK, ref->name);
	const char *state = hak_choice_name(hak_track_states, ref->state);
	const char *reason = t && t->v[HAK_K_REASON].text ? t->v[HAK_K_REASON].text : "";
	unsigned int priority = (unsigned int)hak_obj_value(r, HAK_R_PRIORITY).num;
	char age[32] = "";

	if (t && t->v[HAK_K_REPORTED].set)
		hak_age_text(t->v[HAK_K_REPORTED].num, age, sizeof(age));
	if (ref->applied)
		why(out, "%u %+" PRId32 " %s, %s%s%s%s%s", priority, ref->applied, ref->name,
		    state ? state : "unknown", *age ? " " : "", age, *reason ? ": " : "", reason);
	else if (t && t->v[HAK_K_EXPIRED].num && !ref->weighted)
		why(out, "let go: %s, no report for %s", ref->name, age);
	else if (ref->live && ref->state == HAK_TRACK_DOWN && !ref->weighted)
		why(out, "let go: %s, %s%s%s%s%s", ref->name,
		    *age || !is_report(t) ? "down" : "never reported", *age ? " " : "", age, *reason ? ": " : "",
		    reason);
	else
		return false;
	return true;
}

static bool fresh(const struct hak_status *s, const struct hak_obj *r)
{
	uint64_t since = r->v[HAK_R_SINCE].num;

	return since && s->now > since && s->now - since < 600 * HAK_NS_S;
}

/* Widths of the first columns; names and states may be long. */
struct columns {
	int name;
	int state;
};

static struct columns widths(const struct hak_status *s)
{
	struct columns c = { 6, 7 };

	for (const struct hak_obj *r = s->model.list[HAK_O_ROUTER].first; r; r = r->next) {
		const char *state = hak_choice_name(hak_states, r->v[HAK_R_STATE].num);

		if ((int)strlen(r->name) > c.name)
			c.name = (int)strlen(r->name);
		if (state && (int)strlen(state) > c.state)
			c.state = (int)strlen(state);
	}
	return c;
}

/* Those of its group count for it as its own do. */
static bool why_tracks(struct hak_out *out, const struct hak_status *s, const struct hak_obj *r)
{
	const char *name = r->v[HAK_R_GROUP].text;
	const struct hak_obj *g = name ? hak_model_find(&s->model, HAK_O_GROUP, name) : NULL;
	const struct hak_value *own = &r->v[HAK_R_TRACK], *all = g ? &g->v[HAK_G_TRACK] : NULL;
	bool told = false;

	for (unsigned int i = 0; i < own->n_refs; i++)
		told |= why_track(out, s, r, &own->refs[i]);
	for (unsigned int i = 0; all && i < all->n_refs; i++)
		told |= why_track(out, s, r, &all->refs[i]);
	return told;
}

/* Why it is where it is: when that is bad or new, and not told by a track. */
static bool wants_reason(const struct hak_status *s, const struct hak_obj *r, bool told)
{
	const char *reason = r->v[HAK_R_REASON].text;

	if (!reason || !*reason || (told && r->v[HAK_R_STATE].num == HAK_STATE_BACKUP))
		return false;
	if (told && strstr(reason, "track "))
		return false;
	return r->v[HAK_R_STATE].num == HAK_STATE_INITIALIZE || fresh(s, r);
}

static void router_line(struct hak_out *out, const struct hak_status *s, const struct hak_obj *r,
			struct columns c)
{
	const struct hak_value *v = r->v;
	const char *state = hak_choice_name(hak_states, v[HAK_R_STATE].num);
	struct hak_buf addrs = { 0 }, active = { 0 };
	uint64_t prio = v[HAK_R_EFFECTIVE_PRIORITY].set ? v[HAK_R_EFFECTIVE_PRIORITY].num :
							  hak_obj_value(r, HAK_R_PRIORITY).num;
	char age[32] = "-", resigned[64];
	bool told;

	if (v[HAK_R_SINCE].num)
		hak_since_text(s->now, v[HAK_R_SINCE].num, age, sizeof(age));
	addresses(s, r, &addrs);
	active_router(r, &active);
	hak_out_text(out, "%-*s ", c.name, r->name);
	hak_out_color(out, v[HAK_R_STATE].num == HAK_STATE_ACTIVE ? HAK_COLOR_GOOD :
		      v[HAK_R_STATE].num == HAK_STATE_BACKUP ? HAK_COLOR_DIM : HAK_COLOR_BAD,
		      "%s", state ? state : "unknown");
	hak_out_text(out, "%*s %-5" PRIu64 " %-6s %-26s %s\n",
		     c.state - (int)strlen(state ? state : "unknown"), "", prio, age, addrs.s,
		     active.s);
	hak_buf_free(&addrs);
	hak_buf_free(&active);
	if (hak_resigned_text(r, resigned, sizeof(resigned)))
		why(out, "%s", resigned);
	told = why_tracks(out, s, r);
	if (wants_reason(s, r, told))
		why(out, "%s%s", v[HAK_R_STATE].num == HAK_STATE_ACTIVE ? "took over: " : "",
		    v[HAK_R_REASON].text);
}

static void status_text(struct hak_out *out, const struct hak_status *s)
{
	struct columns c = widths(s);

	head(out, s);
	for (size_t i = 0; i < s->n_alarms; i++)
		alarm_line(out, s, &s->alarms[i]);
	if (!s->model.list[HAK_O_ROUTER].n && !s->model.list[HAK_O_SERVICE].n)
		hak_out_text(out, "no routers; `hakadm help` shows how to make one\n");
	if (s->model.list[HAK_O_ROUTER].n)
		hak_out_text(out, "%-*s %-*s PRIO  SINCE  %-26s ACTIVE ROUTER\n", c.name, "ROUTER",
			     c.state, "STATE", "ADDRESSES");
	for (const struct hak_obj *r = s->model.list[HAK_O_ROUTER].first; r; r = r->next)
		router_line(out, s, r, c);
	hak_show_status_lb(out, s);
}

static void json_hak(struct hak_out *out, const struct hak_status *s)
{
	char stamp[40];

	hak_out_open(out, "hak", '{');
	hak_out_str(out, "host", NULL, s->host);
	hak_out_str(out, "version", NULL, s->config.version);
	hak_out_num(out, "generation", NULL, s->config.generation);
	hak_out_str_or_null(out, "file", NULL, s->file);
	hak_out_str_or_null(out, "file_state", NULL, s->file ? s->file_state : NULL);
	hak_stamp_text(s->config.time, 3, stamp, sizeof(stamp));
	hak_out_str_or_null(out, "loaded", NULL, s->config.time ? stamp : NULL);
	hak_out_close(out, '}');
}

static void json_list(struct hak_out *out, const struct hak_status *s, const char *key,
		      enum hak_object_id id)
{
	hak_out_open(out, key, '[');
	for (const struct hak_obj *o = s->model.list[id].first; o; o = o->next)
		hak_show(out, &s->model, o, s->now);
	hak_out_close(out, ']');
}

static void json_conns(struct hak_out *out, const struct hak_status *s)
{
	const struct hak_obj *lb = s->model.list[HAK_O_LB].first;

	if (!lb) {
		hak_out_null(out, "conns");
		return;
	}
	hak_out_open(out, "conns", '{');
	hak_out_num(out, "conns", NULL, lb->v[HAK_BL_CONNS].num);
	hak_out_num(out, "maxconn", NULL, hak_obj_value(lb, HAK_BL_MAXCONN).num);
	hak_out_close(out, '}');
}

static void status_json(struct hak_out *out, const struct hak_status *s)
{
	hak_out_open(out, NULL, '{');
	json_hak(out, s);
	hak_out_open(out, "alarms", '[');
	for (size_t i = 0; i < s->n_alarms; i++)
		hak_show_alarm_json(out, &s->alarms[i]);
	hak_out_close(out, ']');
	json_list(out, s, "routers", HAK_O_ROUTER);
	json_list(out, s, "groups", HAK_O_GROUP);
	json_list(out, s, "routes", HAK_O_ROUTE);
	json_list(out, s, "tracks", HAK_O_TRACK);
	json_list(out, s, "services", HAK_O_SERVICE);
	json_list(out, s, "pools", HAK_O_POOL);
	json_conns(out, s);
	hak_out_open(out, "hakcheck", '{');
	hak_out_bool(out, "running", s->hakcheck);
	if (s->hakcheck)
		hak_out_int(out, "pid", NULL, s->hakcheck);
	else
		hak_out_null(out, "pid");
	hak_out_close(out, '}');
	hak_out_close(out, '}');
	hak_out_end(out);
}

void hak_show_status(struct hak_out *out, const struct hak_status *s)
{
	if (out->json)
		status_json(out, s);
	else
		status_text(out, s);
}
