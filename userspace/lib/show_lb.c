// SPDX-License-Identifier: GPL-2.0-only
/* Pools, servers, services, the balancer and connections. */
#include "show_lb.h"

#include "live.h"

#include <inttypes.h>
#include <string.h>

static const struct hak_counter counters[] = {
	{ HAK_A_LB_STAT_CONNS, "conns" },
	{ HAK_A_LB_STAT_PACKETS_IN, "packets_in" },
	{ HAK_A_LB_STAT_BYTES_IN, "bytes_in" },
	{ HAK_A_LB_STAT_PACKETS_OUT, "packets_out" },
	{ HAK_A_LB_STAT_BYTES_OUT, "bytes_out" },
};

static void show_counters(struct hak_out *out, const struct hak_live *live)
{
	if (hak_show_counters(out, live, counters, HAK_ARRAY_SIZE(counters)))
		hak_out_close(out, '}');
}

static void json_rates(struct hak_out *out, const struct hak_live *live)
{
	if (!live || !live->rated) {
		hak_out_null(out, "rates");
		return;
	}
	hak_out_open(out, "rates", '{');
	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(counters); i++)
		hak_out_num(out, counters[i].key, NULL, live->rates[counters[i].attr]);
	hak_out_close(out, '}');
}

const char *hak_server_is(const struct hak_obj *o, bool *by_operator)
{
	uint64_t state = hak_obj_value(o, HAK_SR_STATE).num;
	uint64_t report = o->v[HAK_SR_REPORT].num;
	uint64_t weight = hak_obj_value(o, HAK_SR_WEIGHT).num;
	const char *name = hak_choice_name(hak_server_states, state);

	/* A reported weight takes the place of the configured one, but not of 0. */
	if (weight && report == HAK_TRACK_VALUE)
		weight = o->v[HAK_SR_VALUE].num;
	*by_operator = state != HAK_SERVER_UP;
	if (*by_operator)
		return name ? name : "unknown";
	return report == HAK_TRACK_DOWN ? "down" : weight ? "up" : "idle";
}

bool hak_server_is_avoided(const struct hak_obj *o, char *text, size_t size)
{
	const struct hak_value *v = &o->v[HAK_SR_AVOIDED];
	char age[32];

	if (!v->set || !v->num)
		return false;
	hak_age_text(v->num, age, sizeof(age));
	snprintf(text, size, "takes no connections, avoided for %s", age);
	return true;
}

static void server_line(struct hak_out *out, const struct hak_obj *o, uint64_t now)
{
	const struct hak_value *v = o->v;
	bool by_operator;
	const char *is = hak_server_is(o, &by_operator);
	char age[32], avoided[HAK_AVOIDED_TEXT];

	hak_out_color(out, !strcmp(is, "up") ? HAK_COLOR_GOOD : !strcmp(is, "down") ? HAK_COLOR_BAD :
		      HAK_COLOR_DIM, "%s", is);
	if (by_operator)
		hak_out_text(out, " by operator");
	if (v[HAK_SR_SINCE].num) {
		hak_since_text(now, v[HAK_SR_SINCE].num, age, sizeof(age));
		hak_out_text(out, " since %s", age);
	}
	hak_out_text(out, ", %" PRIu64 " connections", v[HAK_SR_CONNS].num);
	if (hak_server_is_avoided(o, avoided, sizeof(avoided)))
		hak_out_color(out, HAK_COLOR_BAD, ", %s", avoided);
	if (!v[HAK_SR_REPORTED].set)
		return;
	hak_age_text(v[HAK_SR_REPORTED].num, age, sizeof(age));
	if (v[HAK_SR_REPORT].num == HAK_TRACK_VALUE)
		hak_out_text(out, ", reported %" PRIu64, v[HAK_SR_VALUE].num);
	else
		hak_out_text(out, ", reported %s",
			     v[HAK_SR_REPORT].num == HAK_TRACK_DOWN ? "down" : "up");
	hak_out_text(out, " %s ago%s%s", age, v[HAK_SR_REASON].text && *v[HAK_SR_REASON].text ? ": " : "",
		     v[HAK_SR_REASON].text ? v[HAK_SR_REASON].text : "");
}

void hak_show_server(struct hak_out *out, const struct hak_obj *o, uint64_t now)
{
	bool by_operator;

	if (out->brief && !out->json) {
		hak_out_text(out, "%-21s %-15s %-5s %" PRIu64 "\n", o->name, o->v[HAK_SR_POOL].text,
			     hak_server_is(o, &by_operator), o->v[HAK_SR_CONNS].num);
		return;
	}
	hak_show_words(out, o);
	if (!out->json) {
		hak_out_newline(out);
		hak_out_text(out, "    ");
		server_line(out, o, now);
	}
	hak_show_names(out, "checks", &o->v[HAK_SR_CHECK]);
	show_counters(out, o->live);
	json_rates(out, o->live);
	hak_out_text(out, "\n");
}

void hak_show_pool(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o,
		   uint64_t now)
{
	const struct hak_value *v = o->v;
	const struct hak_value scheduler = hak_obj_value(o, HAK_PL_SCHEDULER);

	if (out->brief && !out->json) {
		hak_out_text(out, "%-15s %-4s %" PRIu64 "/%" PRIu64 "\n", o->name,
			     hak_choice_name(o->type->words[HAK_PL_SCHEDULER].rule.choices,
					     scheduler.num) ?: "?",
			     v[HAK_PL_UP].num, v[HAK_PL_SERVERS].num);
		return;
	}
	hak_show_words(out, o);
	hak_out_newline(out);
	hak_out_text(out, "    up %" PRIu64 "/%" PRIu64 ", named by %" PRIu64 " service%s",
		     v[HAK_PL_UP].num, v[HAK_PL_SERVERS].num, v[HAK_PL_USERS].num,
		     v[HAK_PL_USERS].num == 1 ? "" : "s");
	hak_show_names(out, "checks", &v[HAK_PL_CHECK]);
	hak_out_open(out, "servers", '[');
	for (const struct hak_obj *s = m->list[HAK_O_SERVER].first; s; s = s->next) {
		if (!hak_server_in(s, o->name))
			continue;
		if (out->json) {
			hak_show(out, m, s, now);
			continue;
		}
		hak_out_newline(out);
		hak_out_text(out, "    server %s ", s->name);
		server_line(out, s, now);
	}
	hak_out_close(out, ']');
	hak_out_text(out, "\n");
}

static void service_hook(struct hak_out *out, const struct hak_model *m)
{
	const struct hak_obj *lb = m->list[HAK_O_LB].first;

	if (lb)
		hak_out_int(out, "hook", " hook %" PRId64,
			    (int64_t)hak_obj_value(lb, HAK_BL_HOOK).num);
	else
		hak_out_null(out, "hook");
}

/* `firewall` is said even where it is as always: it surprises people either way. */
void hak_show_service(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o)
{
	const struct hak_value *v = o->v;
	const char *active = v[HAK_SV_ACTIVE].num ? "active" : "not Active here";

	if (out->brief && !out->json) {
		hak_out_text(out, "%-25s %-15s %s %" PRIu64 "\n", o->name, v[HAK_SV_POOL].text,
			     v[HAK_SV_ACTIVE].num ? "active" : "standby", v[HAK_SV_CONNS].num);
		return;
	}
	hak_show_words(out, o);
	if (hak_obj_value(o, HAK_SV_FIREWALL).num)
		hak_out_text(out, " firewall on");
	service_hook(out, m);
	if (!out->json) {
		hak_out_newline(out);
		hak_out_text(out, "    ");
		hak_out_color(out, v[HAK_SV_ACTIVE].num ? HAK_COLOR_GOOD : HAK_COLOR_DIM, "%s", active);
		hak_out_text(out, ", %" PRIu64 " connections", v[HAK_SV_CONNS].num);
	}
	show_counters(out, o->live);
	json_rates(out, o->live);
	hak_out_text(out, "\n");
}

/* Brief is without the drops; those that are not 0 are of interest always. */
void hak_show_lb(struct hak_out *out, const struct hak_obj *o)
{
	const struct hak_value hook = hak_obj_value(o, HAK_BL_HOOK);
	const struct hak_value maxconn = hak_obj_value(o, HAK_BL_MAXCONN);
	bool any = false;

	hak_out_text(out, "hook %" PRId64 " maxconn %" PRIu64 ", %" PRIu64 " connections",
		     (int64_t)hook.num, maxconn.num, o->v[HAK_BL_CONNS].num);
	if (o->v[HAK_BL_PERSISTENT].num)
		hak_out_text(out, ", %" PRIu64 " persistent client%s", o->v[HAK_BL_PERSISTENT].num,
			     o->v[HAK_BL_PERSISTENT].num == 1 ? "" : "s");
	hak_out_open(out, "drops", '{');
	for (unsigned int r = HAK_LB_DROP_PAD + 1; r <= HAK_LB_DROP_MAX; r++) {
		uint64_t n = o->live ? o->live->stats[r] : 0;
		bool shown = out->json || out->stats || (n && !out->brief);

		if (!shown)
			continue;
		if (!any) {
			hak_out_newline(out);
			hak_out_text(out, "    dropped");
		}
		any = true;
		hak_out_text(out, " %s", hak_lb_drops[r]);
		hak_out_num(out, hak_lb_drops[r], " %" PRIu64, n);
	}
	hak_out_close(out, '}');
	hak_out_text(out, "\n");
}

static void conn_end(struct hak_out *out, const char *key, const char *port_key,
		     const struct hak_addr *a)
{
	char text[HAK_ADDR_TEXT];
	struct hak_addr host = *a;

	if (!out->json) {
		hak_addr_text(a, false, text);
		hak_out_text(out, " %s", text);
		return;
	}
	host.port = 0;
	hak_addr_text(&host, false, text);
	hak_out_str(out, key, NULL, text);
	hak_out_num(out, port_key, NULL, a->port);
}

void hak_show_conn(struct hak_out *out, const struct hak_conn *c)
{
	const char *proto = hak_choice_name(hak_protos, c->proto);
	const char *state = hak_choice_name(hak_conn_states, c->state);
	char age[32];

	hak_out_open(out, NULL, '{');
	hak_out_str(out, "proto", "%s", proto ? proto : "?");
	conn_end(out, "address", "port", &c->service);
	hak_out_text(out, " client");
	conn_end(out, "client", "client_port", &c->client);
	hak_out_text(out, " server");
	conn_end(out, "server", "server_port", &c->server);
	hak_out_str(out, "state", " %s", state ? state : "unknown");
	hak_age_text(c->expires, age, sizeof(age));
	hak_out_text(out, " expires %s\n", age);
	hak_out_num(out, "expires_ms", NULL, c->expires / HAK_NS_MS);
	hak_out_close(out, '}');
}
