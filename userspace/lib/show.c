// SPDX-License-Identifier: GPL-2.0-only
#include "show_lb.h"

#include "aim.h"
#include "live.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void hak_mac_text(const uint8_t mac[6], char out[18])
{
	snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		 mac[5]);
}

static bool match_refs(const struct hak_value *is, const struct hak_value *wanted)
{
	for (unsigned int i = 0; i < wanted->n_refs; i++)
		if (!hak_value_names(is, wanted->refs[i].name))
			return false;
	return wanted->n_refs || !is->n_refs;
}

static bool match_name(const struct hak_obj *o, const struct hak_obj *f)
{
	if (o->type->id == HAK_O_SERVER && f->key.addr.port != o->key.addr.port && f->key.addr.port)
		return false;
	if (o->type->id != HAK_O_VIP && o->type->id != HAK_O_SERVER)
		return !strcmp(o->name, f->name);
	return hak_addr_equal(&o->key.addr, &f->key.addr);
}

bool hak_match(const struct hak_obj *o, const struct hak_stmt *filter)
{
	if (filter->named && !match_name(o, filter->obj))
		return false;
	for (unsigned int i = 0; i < o->type->n_words; i++) {
		const struct hak_word *w = &o->type->words[i];
		struct hak_value is = hak_obj_value(o, i);

		if (!filter->obj->v[i].set)
			continue;
		if (hak_is_list(w->rule.type)) {
			if (!match_refs(&is, &filter->obj->v[i]))
				return false;
		} else if (!hak_value_equal(w->rule.type, &is, &filter->obj->v[i])) {
			return false;
		}
	}
	return true;
}

static void json_key(const struct hak_word *w, char key[48])
{
	snprintf(key, 48, "%s%s", w->name, w->rule.type == HAK_T_TIME ? "_ms" : "");
	for (char *p = key; *p; p++)
		if (*p == '-')
			*p = '_';
}

static void json_value(struct hak_out *out, const char *key, const struct hak_word *w,
		       const struct hak_value *v)
{
	struct hak_buf b = { 0 };

	switch (w->rule.type) {
	case HAK_T_NUM:
		hak_out_num(out, key, NULL, v->num);
		return;
	case HAK_T_INT:
		hak_out_int(out, key, NULL, (int64_t)v->num);
		return;
	case HAK_T_TIME:
		hak_out_num(out, key, NULL, v->num / HAK_NS_MS);
		return;
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		hak_out_str(out, key, NULL, v->text ? v->text : "");
		return;
	default:
		hak_value_text(&w->rule, v, &b);
		hak_out_str(out, key, NULL, b.s);
		hak_buf_free(&b);
	}
}

static bool absent(const struct hak_word *w, const struct hak_value *v)
{
	switch (w->rule.type) {
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		return !v->text || (!*v->text && (w->flags & (HAK_W_LIVE | HAK_W_NODEF)));
	case HAK_T_ADDR:
	case HAK_T_TO:
	case HAK_T_RANGE:
		return !v->addr.family;
	case HAK_T_STAMP:
		return !v->num;
	default:
		return !v->set && (w->flags & (HAK_W_LIVE | HAK_W_NODEF));
	}
}

/* Every key always, in the order of the table. */
static void json_words(struct hak_out *out, const struct hak_obj *o)
{
	for (unsigned int i = 0; i < o->type->n_words; i++) {
		const struct hak_word *w = &o->type->words[i];
		bool arg = o->kind && o->kind->attr && o->kind->attr == w->attr;
		struct hak_value v = arg ? o->arg : hak_obj_value(o, i);
		char key[48];

		if ((w->flags & (HAK_W_LATER | HAK_W_HIDDEN | HAK_W_SECRET | HAK_W_RESIGN)) ||
		    hak_is_list(w->rule.type))
			continue;
		if (o->type->id == HAK_O_ROUTER && i == HAK_R_RESIGNED)
			continue;
		json_key(w, key);
		if (absent(w, &v))
			hak_out_null(out, key);
		else
			json_value(out, key, w, &v);
	}
}

void hak_show_words(struct hak_out *out, const struct hak_obj *o)
{
	struct hak_buf b = { 0 };

	if (out->json)
		return;
	hak_buf_puts(&b, o->name);
	if (o->kind) {
		hak_buf_printf(&b, " %s", o->kind->name);
		if (o->kind->rule) {
			hak_buf_puts(&b, " ");
			hak_value_text(o->kind->rule, &o->arg, &b);
		}
	}
	hak_obj_words(o, HAK_W_SECRET, &b);
	hak_out_text(out, "%s", b.s);
	hak_buf_free(&b);
}

void hak_show_names(struct hak_out *out, const char *key, const struct hak_value *v)
{
	hak_out_open(out, key, '[');
	for (unsigned int i = 0; i < v->n_refs; i++)
		hak_out_str(out, "", NULL, v->refs[i].name);
	hak_out_close(out, ']');
}

static const struct hak_value *track_live(const struct hak_model *m, const char *name)
{
	const struct hak_obj *t = hak_model_find(m, HAK_O_TRACK, name);

	return t ? t->v : NULL;
}

static void show_ref(struct hak_out *out, const struct hak_model *m, const struct hak_ref *ref)
{
	const struct hak_value *t = track_live(m, ref->name);
	const char *state = hak_choice_name(hak_track_states, ref->state);
	char age[32];

	hak_out_open(out, NULL, '{');
	hak_out_newline(out);
	hak_out_str(out, "name", "    track %s", ref->name);
	hak_out_str(out, "state", " %s", ref->live && state ? state : "unknown");
	if (ref->weighted)
		hak_out_int(out, "weight", " weight %" PRId64, ref->weight);
	else
		hak_out_null(out, "weight");
	hak_out_int(out, "applied", ref->applied ? " applied %" PRId64 : NULL, ref->applied);
	hak_out_str_or_null(out, "reason", ": %s", t ? t[HAK_K_REASON].text : NULL);
	if (t && t[HAK_K_REPORTED].set) {
		hak_age_text(t[HAK_K_REPORTED].num, age, sizeof(age));
		hak_out_text(out, " (reported %s ago)", age);
		hak_out_num(out, "reported_ms", NULL, t[HAK_K_REPORTED].num / HAK_NS_MS);
	} else {
		hak_out_null(out, "reported_ms");
	}
	hak_out_close(out, '}');
}

static void show_tracks(struct hak_out *out, const struct hak_model *m, const struct hak_value *v)
{
	hak_out_open(out, "tracks", '[');
	for (unsigned int i = 0; i < v->n_refs; i++)
		show_ref(out, m, &v->refs[i]);
	hak_out_close(out, ']');
}

static void show_active(struct hak_out *out, const struct hak_live *live)
{
	char text[HAK_ADDR_TEXT], mac[18], age[32];

	if (!live || !live->active) {
		hak_out_null(out, "active");
		return;
	}
	hak_out_open(out, "active", '{');
	hak_out_newline(out);
	hak_addr_text(&live->address, false, text);
	hak_out_str(out, "address", "    active %s", text);
	hak_mac_text(live->mac, mac);
	hak_out_str_or_null(out, "mac", " mac %s", live->has_mac ? mac : NULL);
	hak_out_num(out, "priority", " priority %" PRIu64, live->priority);
	hak_age_text(live->heard, age, sizeof(age));
	hak_out_text(out, " heard %s ago", age);
	hak_out_num(out, "heard_ms", NULL, live->heard / HAK_NS_MS);
	hak_out_num(out, "interval_ms", NULL, live->interval / HAK_NS_MS);
	if (hak_choice_name(hak_checksums, live->checksum))
		hak_out_str(out, "checksum", NULL, hak_choice_name(hak_checksums, live->checksum));
	else
		hak_out_null(out, "checksum");
	hak_out_open(out, "addresses", '[');
	for (unsigned int i = 0; i < live->n_vips; i++) {
		hak_addr_text(&live->vips[i], false, text);
		hak_out_str(out, "", NULL, text);
	}
	hak_out_close(out, ']');
	hak_out_close(out, '}');
}

static const struct hak_counter counters[] = {
	{ HAK_A_STAT_RX, "rx" },
	{ HAK_A_STAT_RX_ZERO, "rx_zero" },
	{ HAK_A_STAT_RX_LOWER, "rx_lower" },
	{ HAK_A_STAT_TX, "tx" },
	{ HAK_A_STAT_TX_ZERO, "tx_zero" },
	{ HAK_A_STAT_TX_ERROR, "tx_error" },
	{ HAK_A_STAT_TX_LATE_MAX, "tx_late_max_ns" },
	{ HAK_A_STAT_ANNOUNCE, "announce" },
	{ HAK_A_STAT_TO_INITIALIZE, "to_initialize" },
	{ HAK_A_STAT_TO_BACKUP, "to_backup" },
	{ HAK_A_STAT_TO_ACTIVE, "to_active" },
	{ HAK_A_STAT_VIP_RESTORED, "vip_restored" },
	{ HAK_A_STAT_ADDRESS_DIFF, "address_diff" },
	{ HAK_A_STAT_INTERVAL_DIFF, "interval_diff" },
};

bool hak_show_counters(struct hak_out *out, const struct hak_live *live,
		       const struct hak_counter *list, size_t n)
{
	if (!out->json && !out->stats)
		return false;
	hak_out_open(out, "counters", '{');
	hak_out_newline(out);
	hak_out_text(out, "    counters");
	for (size_t i = 0; i < n; i++) {
		hak_out_text(out, " %s", list[i].key);
		hak_out_num(out, list[i].key, " %" PRIu64, live ? live->stats[list[i].attr] : 0);
	}
	return true;
}

static void show_counters(struct hak_out *out, const struct hak_live *live)
{
	if (!live || !hak_show_counters(out, live, counters, HAK_ARRAY_SIZE(counters)))
		return;
	hak_out_open(out, "dropped", '{');
	hak_out_newline(out);
	hak_out_text(out, "    dropped");
	for (unsigned int r = 1; r <= HAK_DROP_MAX; r++) {
		uint64_t n = live->stats[HAK_A_STAT_DROP_BASE + r];

		hak_out_text(out, " %s", hak_drops[r]);
		hak_out_num(out, hak_drops[r], " %" PRIu64, n);
	}
	hak_out_close(out, '}');
	hak_out_close(out, '}');
}

static void show_vips(struct hak_out *out, const struct hak_model *m, const struct hak_obj *r)
{
	bool any = false;

	hak_out_open(out, "addresses", '[');
	for (const struct hak_obj *o = m->list[HAK_O_VIP].first; o; o = o->next) {
		if (!o->v[HAK_P_ROUTER].text || strcmp(o->v[HAK_P_ROUTER].text, r->name))
			continue;
		if (!any)
			hak_out_newline(out);
		hak_out_text(out, any ? "" : "    vip");
		hak_out_str(out, "", " %s", o->name);
		any = true;
	}
	hak_out_close(out, ']');
}

bool hak_resigned_text(const struct hak_obj *r, char *out, size_t size)
{
	const struct hak_value *v = &r->v[HAK_R_RESIGNED];
	char age[32];

	if (!v->set)
		return false;
	hak_age_text(v->num, age, sizeof(age));
	if (v->num == UINT64_MAX)
		snprintf(out, size, "resigned until Active again");
	else
		snprintf(out, size, "resigned for %s more", age);
	return true;
}

/* Without an end there is no number to say. */
static void json_resigned(struct hak_out *out, const struct hak_obj *r)
{
	const struct hak_value *v = &r->v[HAK_R_RESIGNED];

	hak_out_bool(out, "resigned", v->set);
	if (v->set && v->num != UINT64_MAX)
		hak_out_num(out, "resigned_ms", NULL, v->num / HAK_NS_MS);
	else
		hak_out_null(out, "resigned_ms");
}

static void show_mac(struct hak_out *out, const struct hak_live *live)
{
	char mac[18];

	if (live)
		hak_mac_text(live->own_mac, mac);
	hak_out_str_or_null(out, "mac", NULL, live && live->has_own_mac ? mac : NULL);
}

static void text_state(struct hak_out *out, const struct hak_obj *r, uint64_t now)
{
	const struct hak_value *v = r->v;
	const char *state = hak_choice_name(hak_states, v[HAK_R_STATE].num);
	uint64_t effective = v[HAK_R_EFFECTIVE_PRIORITY].num;
	char age[32], resigned[64];

	if (out->json)
		return;
	hak_out_newline(out);
	hak_out_text(out, "    state ");
	hak_out_color(out, v[HAK_R_STATE].num == HAK_STATE_ACTIVE ? HAK_COLOR_GOOD : HAK_COLOR_DIM,
		      "%s", state ? state : "unknown");
	if (v[HAK_R_SINCE].num) {
		hak_since_text(now, v[HAK_R_SINCE].num, age, sizeof(age));
		hak_out_text(out, " since %s", age);
	}
	if (v[HAK_R_EFFECTIVE_PRIORITY].set && effective != hak_obj_value(r, HAK_R_PRIORITY).num)
		hak_out_text(out, " effective-priority %" PRIu64, effective);
	if (v[HAK_R_REASON].text && *v[HAK_R_REASON].text)
		hak_out_text(out, ": %s", v[HAK_R_REASON].text);
	if (hak_resigned_text(r, resigned, sizeof(resigned))) {
		hak_out_newline(out);
		hak_out_text(out, "    %s", resigned);
	}
}

static void brief_router(struct hak_out *out, const struct hak_model *m, const struct hak_obj *r)
{
	const char *state = hak_choice_name(hak_states, r->v[HAK_R_STATE].num);

	hak_out_text(out, "%-15s %-10s %3u ", r->name, state ? state : "unknown",
		     (unsigned int)r->v[HAK_R_EFFECTIVE_PRIORITY].num);
	for (const struct hak_obj *o = m->list[HAK_O_VIP].first; o; o = o->next)
		if (o->v[HAK_P_ROUTER].text && !strcmp(o->v[HAK_P_ROUTER].text, r->name))
			hak_out_text(out, " %s", o->name);
	hak_out_text(out, "\n");
}

static void show_router(struct hak_out *out, const struct hak_model *m, const struct hak_obj *r,
			uint64_t now)
{
	if (out->brief && !out->json) {
		brief_router(out, m, r);
		return;
	}
	hak_show_words(out, r);
	hak_out_bool(out, "auto", r->v[HAK_R_FLAGS].num & HAK_ROUTER_F_AUTO);
	json_resigned(out, r);
	show_mac(out, r->live);
	text_state(out, r, now);
	hak_show_names(out, "peers", &r->v[HAK_R_PEER]);
	show_vips(out, m, r);
	show_tracks(out, m, &r->v[HAK_R_TRACK]);
	show_active(out, r->live);
	show_counters(out, r->live);
	hak_out_text(out, "\n");
}

static void show_members(struct hak_out *out, const struct hak_model *m, const struct hak_obj *g)
{
	bool any = false;

	hak_out_open(out, "members", '[');
	for (const struct hak_obj *r = m->list[HAK_O_ROUTER].first; r; r = r->next) {
		const char *group = r->v[HAK_R_GROUP].text;

		if (!group || strcmp(group, g->name))
			continue;
		if (!any)
			hak_out_newline(out);
		hak_out_text(out, any ? "" : "    router");
		hak_out_str(out, "", " %s", r->name);
		any = true;
	}
	hak_out_close(out, ']');
}

static void show_group(struct hak_out *out, const struct hak_model *m, const struct hak_obj *g)
{
	const char *state = hak_choice_name(hak_states, g->v[HAK_G_STATE].num);
	unsigned int n = (unsigned int)g->v[HAK_G_ROUTERS].num;

	if (out->brief && !out->json) {
		hak_out_text(out, "%-15s %-10s %u\n", g->name, state ? state : "-", n);
		return;
	}
	hak_show_words(out, g);
	if (!out->json) {
		hak_out_newline(out);
		hak_out_text(out, "    %s, %u router%s", state ? state :
			     n ? "its routers differ" : "empty", n, n == 1 ? "" : "s");
	}
	show_members(out, m, g);
	show_tracks(out, m, &g->v[HAK_G_TRACK]);
	hak_out_text(out, "\n");
}

static void show_route(struct hak_out *out, const struct hak_obj *o)
{
	hak_show_words(out, o);
	if (o->v[HAK_RT_INSTALLED].num)
		hak_out_text(out, " installed");
	hak_out_text(out, "\n");
}

static void show_vip(struct hak_out *out, const struct hak_obj *o)
{
	hak_show_words(out, o);
	if (o->v[HAK_P_INSTALLED].num)
		hak_out_text(out, " installed");
	hak_out_text(out, "\n");
}

/* What a track of another kind looks at is null. */
static void json_track_arg(struct hak_out *out, const struct hak_obj *o, const char *key,
			   unsigned int attr)
{
	struct hak_buf b = { 0 };

	if (o->kind && o->kind->attr == attr)
		hak_value_text(o->kind->rule, &o->arg, &b);
	hak_out_str_or_null(out, key, NULL, b.s);
	hak_buf_free(&b);
}

static void show_track(struct hak_out *out, const struct hak_obj *o)
{
	const struct hak_value *v = o->v;
	const char *state = hak_choice_name(hak_track_states, v[HAK_K_STATE].num);
	char age[32];

	bool report = !o->kind || o->kind->num == HAK_TRACK_REPORT;

	hak_out_bool(out, "check", v[HAK_K_FLAGS].num & HAK_TRACK_F_CHECK);
	json_track_arg(out, o, "prefix", HAK_A_TRACK_PREFIX);
	json_track_arg(out, o, "pool", HAK_A_TRACK_POOL);
	hak_show_words(out, o);
	if (v[HAK_K_STATE].num == HAK_TRACK_VALUE)
		hak_out_text(out, " is %" PRId64, (int64_t)v[HAK_K_VALUE].num);
	else
		hak_out_text(out, " is %s", state ? state : "unknown");
	if (v[HAK_K_EXPIRED].num)
		hak_out_text(out, " (lease expired)");
	if (v[HAK_K_REPORTED].set) {
		hak_age_text(v[HAK_K_REPORTED].num, age, sizeof(age));
		hak_out_text(out, report ? " reported %s ago" : " since %s", age);
	} else if (report) {
		hak_out_text(out, " never reported");
	}
	if (v[HAK_K_REASON].text && *v[HAK_K_REASON].text)
		hak_out_text(out, ": %s", v[HAK_K_REASON].text);
	hak_out_text(out, "\n");
}

static void json_identity(struct hak_out *out, const struct hak_obj *o)
{
	const struct hak_addr *a = &o->key.addr;
	struct hak_addr host = *a;
	char text[HAK_ADDR_TEXT];

	switch (o->type->id) {
	case HAK_O_LB:
		return;
	case HAK_O_SERVICE:
		hak_out_str(out, "proto", NULL, hak_choice_name(hak_protos, o->key.num) ?: "?");
		/* fall through */
	case HAK_O_SERVER:
		host.port = 0;
		hak_addr_text(&host, false, text);
		hak_out_str(out, "address", NULL, text);
		if (a->port)
			hak_out_num(out, "port", NULL, a->port);
		else
			hak_out_null(out, "port");
		return;
	default:
		hak_out_str(out, o->type->id == HAK_O_VIP ? "address" :
			    o->type->id == HAK_O_ROUTE ? "prefix" : "name", NULL, o->name);
	}
	if (o->type->kinds)
		hak_out_str(out, "kind", NULL, o->kind ? o->kind->name : "unknown");
}

void hak_show(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o,
	      uint64_t now_wall)
{
	hak_out_open(out, NULL, '{');
	json_identity(out, o);
	if (out->json)
		json_words(out, o);
	switch (o->type->id) {
	case HAK_O_ROUTER:
		show_router(out, m, o, now_wall);
		break;
	case HAK_O_GROUP:
		show_group(out, m, o);
		break;
	case HAK_O_ROUTE:
		show_route(out, o);
		break;
	case HAK_O_VIP:
		show_vip(out, o);
		break;
	case HAK_O_TRACK:
		show_track(out, o);
		break;
	case HAK_O_POOL:
		hak_show_pool(out, m, o, now_wall);
		break;
	case HAK_O_SERVER:
		hak_show_server(out, o, now_wall);
		break;
	case HAK_O_SERVICE:
		hak_show_service(out, m, o);
		break;
	case HAK_O_LB:
		hak_show_lb(out, o);
		break;
	default:
		break;
	}
	hak_out_close(out, '}');
}

/* The servers whose checks this is one of. */
static void show_checked(struct hak_out *out, const struct hak_model *m, const struct hak_obj *check)
{
	hak_out_open(out, "servers", '[');
	for (const struct hak_obj *s = m->list[HAK_O_SERVER].first; s; s = s->next) {
		const struct hak_value *v = s->v;
		const char *report = hak_choice_name(hak_track_states, v[HAK_SR_REPORT].num);

		if (!hak_has_check(m, s, check->name))
			continue;
		hak_out_open(out, NULL, '{');
		hak_out_newline(out);
		hak_out_text(out, "    server %s", s->name);
		json_identity(out, s);
		hak_out_str(out, "pool", " pool %s", v[HAK_SR_POOL].text);
		hak_out_str(out, "report", " %s", v[HAK_SR_REPORTED].set && report ? report : "unknown");
		hak_out_str_or_null(out, "reason", ": %s", v[HAK_SR_REASON].text);
		hak_out_close(out, '}');
	}
	hak_out_close(out, ']');
}

void hak_show_check(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o)
{
	const struct hak_value *t = track_live(m, o->name);
	const char *state = t ? hak_choice_name(hak_track_states, t[HAK_K_STATE].num) : NULL;
	char age[32];

	hak_out_open(out, NULL, '{');
	json_identity(out, o);
	if (o->arg.set)
		hak_out_str(out, "arg", NULL, o->arg.text ? o->arg.text : "");
	else
		hak_out_null(out, "arg");
	if (out->json)
		json_words(out, o);
	hak_show_words(out, o);
	if (!t || !t[HAK_K_REPORTED].set)
		state = "unknown";
	hak_out_newline(out);
	/* One that is there for servers only has no state of its own. */
	if (!t && hak_names_check(m, o->name)) {
		hak_out_text(out, "    once for each server");
		hak_out_null(out, "state");
	} else {
		hak_out_str(out, "state", "    %s", state ? state : "unknown");
	}
	hak_out_str_or_null(out, "reason", ": %s", t ? t[HAK_K_REASON].text : NULL);
	if (t && t[HAK_K_REPORTED].set) {
		hak_age_text(t[HAK_K_REPORTED].num, age, sizeof(age));
		hak_out_text(out, " (reported %s ago)", age);
		hak_out_num(out, "reported_ms", NULL, t[HAK_K_REPORTED].num / HAK_NS_MS);
	} else {
		hak_out_null(out, "reported_ms");
	}
	show_checked(out, m, o);
	hak_out_text(out, "\n");
	hak_out_close(out, '}');
}
