// SPDX-License-Identifier: GPL-2.0-only
#include "show_lb.h"

#include <inttypes.h>
#include <string.h>

void hak_show_history(struct hak_out *out, const struct hak_change *c)
{
	const char *from = hak_choice_name(hak_states, c->from);
	const char *to = hak_choice_name(hak_states, c->to);
	char time[40];

	hak_stamp_text(c->time, 3, time, sizeof(time));
	hak_out_open(out, NULL, '{');
	hak_out_str(out, "time", "%s", time);
	hak_out_num(out, "seq", " #%" PRIu64, c->seq);
	hak_out_str(out, "router", " router %s", c->router);
	hak_out_str(out, "from", " %s", from ? from : "none");
	hak_out_str(out, "to", " -> %s", to ? to : "none");
	hak_out_str(out, "reason", *c->reason ? ": %s" : "", c->reason);
	hak_out_text(out, "\n");
	hak_out_close(out, '}');
}

void hak_show_alarm_json(struct hak_out *out, const struct hak_alarm *a)
{
	char text[HAK_ADDR_TEXT], mac[18], stamp[40];
	const char *kind = hak_choice_name(hak_alarms, a->kind);

	hak_out_open(out, NULL, '{');
	hak_out_str_or_null(out, "kind", NULL, kind);
	hak_out_str_or_null(out, "router", NULL, a->router);
	hak_out_str_or_null(out, "track", NULL, a->track);
	hak_addr_text(&a->address, false, text);
	hak_out_str_or_null(out, "address", NULL, a->address.family ? text : NULL);
	hak_mac_text(a->mac, mac);
	hak_out_str_or_null(out, "mac", NULL, a->has_mac ? mac : NULL);
	hak_out_num(out, "count", NULL, a->count);
	hak_stamp_text(a->first, 3, stamp, sizeof(stamp));
	hak_out_str_or_null(out, "first", NULL, a->first ? stamp : NULL);
	hak_stamp_text(a->last, 3, stamp, sizeof(stamp));
	hak_out_str_or_null(out, "last", NULL, a->last ? stamp : NULL);
	hak_out_str_or_null(out, "text", NULL, a->text);
	hak_out_close(out, '}');
}

static const char *event_object(const struct hak_event *ev)
{
	if (ev->cmd == HAK_CMD_CONFIG_NTF)
		return "config";
	if (ev->cmd == HAK_CMD_ALARM_NTF)
		return "alarm";
	return ev->obj ? ev->obj->type->name : "unknown";
}

static const char *event_name(const struct hak_event *ev)
{
	if (ev->cmd == HAK_CMD_ALARM_NTF)
		return *ev->alarm.router ? ev->alarm.router : ev->alarm.track;
	return ev->obj ? ev->obj->name : "";
}

static void track_text(struct hak_out *out, const struct hak_obj *o)
{
	const char *state = hak_choice_name(hak_track_states, o->v[HAK_K_STATE].num);

	if (o->v[HAK_K_STATE].num == HAK_TRACK_VALUE)
		hak_out_text(out, " %" PRId64, (int64_t)o->v[HAK_K_VALUE].num);
	else
		hak_out_text(out, " %s", state ? state : "unknown");
	if (o->v[HAK_K_EXPIRED].num)
		hak_out_text(out, " (lease expired)");
}

static void server_text(struct hak_out *out, const struct hak_obj *o)
{
	bool by_operator;
	const char *is = hak_server_is(o, &by_operator);

	hak_out_text(out, " pool %s %s%s%s", o->v[HAK_SR_POOL].text, is,
		     by_operator ? " by operator" : "",
		     o->v[HAK_SR_AVOIDED].num ? ", avoided" : "");
}

static const char *event_state(const struct hak_obj *o)
{
	bool by_operator;

	switch (o ? o->type->id : HAK_O_LATER) {
	case HAK_O_TRACK:
		return hak_choice_name(hak_track_states, o->v[HAK_K_STATE].num);
	case HAK_O_ROUTER:
		return hak_choice_name(hak_states, o->v[HAK_R_STATE].num);
	case HAK_O_GROUP:
		return hak_choice_name(hak_states, o->v[HAK_G_STATE].num);
	case HAK_O_ROUTE:
		return o->v[HAK_RT_INSTALLED].num ? "installed" : "removed";
	case HAK_O_SERVER:
		return hak_server_is(o, &by_operator);
	case HAK_O_SERVICE:
		return o->v[HAK_SV_ACTIVE].num ? "active" : "standby";
	default:
		return NULL;
	}
}

static void object_text(struct hak_out *out, const struct hak_obj *o)
{
	switch (o->type->id) {
	case HAK_O_TRACK:
		track_text(out, o);
		break;
	case HAK_O_ROUTE:
		hak_out_text(out, " router %s %s", o->v[HAK_RT_ROUTER].text, event_state(o));
		break;
	case HAK_O_GROUP:
		if (event_state(o))
			hak_out_text(out, " %s", event_state(o));
		break;
	case HAK_O_SERVER:
		server_text(out, o);
		break;
	case HAK_O_POOL:
		hak_out_text(out, " up %" PRIu64 "/%" PRIu64, o->v[HAK_PL_UP].num,
			     o->v[HAK_PL_SERVERS].num);
		break;
	case HAK_O_SERVICE:
		hak_out_text(out, " pool %s%s", o->v[HAK_SV_POOL].text,
			     o->v[HAK_SV_ACTIVE].num ? "" : " not Active here");
		break;
	default:
		break;
	}
}

/* What the object says itself, where the event has no sentence. */
static void event_text(struct hak_out *out, const struct hak_event *ev)
{
	const struct hak_change *c = &ev->change;
	const char *from = hak_choice_name(hak_states, c->from);
	const char *to = hak_choice_name(hak_states, c->to);
	const char *kind = hak_choice_name(hak_alarms, ev->alarm.kind);

	if (from && to)
		hak_out_text(out, " %s -> %s", from, to);
	else if (ev->cmd == HAK_CMD_ALARM_NTF)
		hak_out_text(out, " %s", kind ? kind : "unknown");
	else if (ev->cmd == HAK_CMD_CONFIG_NTF)
		hak_out_text(out, " generation %u", ev->config.generation);
	else if (ev->obj)
		object_text(out, ev->obj);
	if (*c->reason)
		hak_out_text(out, ": %s", c->reason);
	else if (ev->cmd == HAK_CMD_ALARM_NTF && *ev->alarm.text)
		hak_out_text(out, ": %s", ev->alarm.text);
}

static const char *event_pool(const struct hak_obj *o)
{
	switch (o ? o->type->id : HAK_O_LATER) {
	case HAK_O_SERVER:
		return o->v[HAK_SR_POOL].text;
	case HAK_O_SERVICE:
		return o->v[HAK_SV_POOL].text;
	default:
		return NULL;
	}
}

/* Whose address or route it is. */
static const char *event_router(const struct hak_obj *o)
{
	switch (o ? o->type->id : HAK_O_LATER) {
	case HAK_O_VIP:
		return o->v[HAK_P_ROUTER].text;
	case HAK_O_ROUTE:
		return o->v[HAK_RT_ROUTER].text;
	default:
		return NULL;
	}
}

static void event_servers(struct hak_out *out, const struct hak_obj *o)
{
	if (o && o->type->id == HAK_O_POOL) {
		hak_out_num(out, "up", NULL, o->v[HAK_PL_UP].num);
		hak_out_num(out, "servers", NULL, o->v[HAK_PL_SERVERS].num);
	} else {
		hak_out_null(out, "up");
		hak_out_null(out, "servers");
	}
}

static void event_json(struct hak_out *out, const struct hak_event *ev)
{
	hak_out_str_or_null(out, "from", NULL, hak_choice_name(hak_states, ev->change.from));
	hak_out_str_or_null(out, "to", NULL, hak_choice_name(hak_states, ev->change.to));
	hak_out_str_or_null(out, "state", NULL, event_state(ev->obj));
	hak_out_str_or_null(out, "router", NULL, event_router(ev->obj));
	hak_out_str_or_null(out, "pool", NULL, event_pool(ev->obj));
	event_servers(out, ev->obj);
	hak_out_str_or_null(out, "reason", NULL, *ev->change.reason ? ev->change.reason : ev->alarm.text);
	hak_out_str_or_null(out, "alarm", NULL, hak_choice_name(hak_alarms, ev->alarm.kind));
	if (ev->cmd == HAK_CMD_CONFIG_NTF)
		hak_out_num(out, "generation", NULL, ev->config.generation);
	else
		hak_out_null(out, "generation");
}

void hak_show_event(struct hak_out *out, const struct hak_event *ev, bool stamp)
{
	uint64_t t = ev->change.time ? ev->change.time : hak_now_wall();
	char time[40];

	hak_stamp_text(t, 3, time, sizeof(time));
	hak_out_open(out, NULL, '{');
	hak_out_str(out, "time", stamp ? "%s " : NULL, time);
	hak_out_num(out, "seq", "#%" PRIu64, ev->change.seq);
	hak_out_str(out, "object", " %s", event_object(ev));
	hak_out_str(out, "name", *event_name(ev) ? " %s" : NULL, event_name(ev));
	if (out->json)
		event_json(out, ev);
	event_text(out, ev);
	hak_out_text(out, "\n");
	hak_out_close(out, '}');
	hak_out_end(out);
}
