// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include <linux/hak.h>
#include <netinet/in.h>
#include <string.h>

const struct hak_choice hak_switch[] = {
	{ .name = "on", .num = 1 },
	{ .name = "off", .num = 0 },
	{ .name = NULL },
};

const struct hak_choice hak_states[] = {
	{ .name = "Initialize", .num = HAK_STATE_INITIALIZE },
	{ .name = "Backup", .num = HAK_STATE_BACKUP },
	{ .name = "Active", .num = HAK_STATE_ACTIVE },
	{ .name = NULL },
};

const struct hak_choice hak_track_states[] = {
	{ .name = "down", .num = HAK_TRACK_DOWN },
	{ .name = "up", .num = HAK_TRACK_UP },
	{ .name = "value", .num = HAK_TRACK_VALUE },
	{ .name = NULL },
};

const struct hak_choice hak_checksums[] = {
	{ .name = "auto", .num = HAK_CHECKSUM_AUTO },
	{ .name = "plain", .num = HAK_CHECKSUM_PLAIN },
	{ .name = "pseudo", .num = HAK_CHECKSUM_PSEUDO },
	{ .name = NULL },
};

const struct hak_choice hak_protos[] = {
	{ .name = "tcp", .num = IPPROTO_TCP },
	{ .name = "udp", .num = IPPROTO_UDP },
	{ .name = "sctp", .num = IPPROTO_SCTP, .later = true },
	{ .name = "fwmark", .num = 0, .later = true },
	{ .name = NULL },
};

const struct hak_choice hak_alarms[] = {
	{ .name = "dual-active", .num = HAK_ALARM_DUAL_ACTIVE },
	{ .name = "ip-conflict", .num = HAK_ALARM_IP_CONFLICT },
	{ .name = "duplicate-primary", .num = HAK_ALARM_DUPLICATE_PRIMARY },
	{ .name = "peer-incompatible", .num = HAK_ALARM_PEER_INCOMPATIBLE },
	{ .name = "address-mismatch", .num = HAK_ALARM_ADDRESS_MISMATCH },
	{ .name = "tx-blocked", .num = HAK_ALARM_TX_BLOCKED },
	{ .name = "reporter-lost", .num = HAK_ALARM_REPORTER_LOST },
	{ .name = NULL },
};

const char *const hak_drops[HAK_DROP_MAX + 1] = {
	[HAK_DROP_NONE] = "none",
	[HAK_DROP_PACKET_LENGTH] = "packet_length",
	[HAK_DROP_IP_TTL] = "ip_ttl",
	[HAK_DROP_VERSION] = "version",
	[HAK_DROP_INVALID_TYPE] = "invalid_type",
	[HAK_DROP_ADDRESS_LIST] = "address_list",
	[HAK_DROP_CHECKSUM] = "checksum",
	[HAK_DROP_VRID] = "vrid",
	[HAK_DROP_INTERVAL] = "interval",
	[HAK_DROP_SOURCE] = "source",
	[HAK_DROP_DESTINATION] = "destination",
	[HAK_DROP_SELF_REFLECT] = "self_reflect",
	[HAK_DROP_DUPLICATE_PRIMARY] = "duplicate_primary",
	[HAK_DROP_AUTH] = "auth",
	[HAK_DROP_CARP] = "carp",
	[HAK_DROP_NOT_RUNNING] = "not_running",
	[HAK_DROP_PEER] = "peer",
};

const char *const hak_lb_drops[HAK_LB_DROP_MAX + 1] = {
	[HAK_LB_DROP_NO_SERVER] = "no_server",
	[HAK_LB_DROP_MAXCONN] = "maxconn",
	[HAK_LB_DROP_NO_MEMORY] = "no_memory",
	[HAK_LB_DROP_COLLISION] = "collision",
	[HAK_LB_DROP_MALFORMED] = "malformed",
	[HAK_LB_DROP_NO_ROUTE] = "no_route",
	[HAK_LB_DROP_TTL] = "ttl",
	[HAK_LB_DROP_MTU] = "mtu",
	[HAK_LB_DROP_POLICY] = "policy",
	[HAK_LB_DROP_NOT_SYN] = "not_syn",
	[HAK_LB_DROP_SERVERS_FULL] = "servers_full",
	[HAK_LB_DROP_REFUSED] = "refused",
};

const char *const hak_verb_names[HAK_V_COUNT] = {
	[HAK_V_ADD] = "add",
	[HAK_V_SET] = "set",
	[HAK_V_REPLACE] = "replace",
	[HAK_V_DEL] = "del",
	[HAK_V_SHOW] = "show",
	[HAK_V_REPORT] = "report",
	[HAK_V_HISTORY] = "history",
	[HAK_V_RESIGN] = "resign",
	[HAK_V_RUN] = "run",
	[HAK_V_HOW_MANY] = "count",
	[HAK_V_FLUSH] = "flush",
	[HAK_V_HELP] = "help",
};

#define LATER(o, w) { .name = o, .id = HAK_O_LATER, .what = w }

static const struct hak_object later[] = {
	LATER("sync", "hand-over of connections"),
	LATER("notify", "what to run when something happens"),
};

const struct hak_object *const hak_objects[] = {
	&hak_object_router,
	&hak_object_vip,
	&hak_object_route,
	&hak_object_group,
	&hak_object_track,
	&hak_object_pool,
	&hak_object_server,
	&hak_object_service,
	&hak_object_conn,
	&hak_object_lb,
	&hak_object_check,
	&later[0],
	&later[1],
};

const unsigned int hak_n_objects = HAK_ARRAY_SIZE(hak_objects);

const struct hak_object *hak_object_by_id(enum hak_object_id id)
{
	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (hak_objects[i]->id == id)
			return hak_objects[i];
	return NULL;
}

const struct hak_object *hak_object_find(const char *name)
{
	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (!strcmp(hak_objects[i]->name, name))
			return hak_objects[i];
	return NULL;
}

const struct hak_word *hak_word_find(const struct hak_object *o, const char *name)
{
	for (unsigned int i = 0; i < o->n_words; i++)
		if (!(o->words[i].flags & HAK_W_HIDDEN) && !strcmp(o->words[i].name, name))
			return &o->words[i];
	return NULL;
}

bool hak_word_usable(const struct hak_word *w, enum hak_verb verb)
{
	if (w->flags & (HAK_W_HIDDEN | HAK_W_LATER))
		return false;
	switch (verb) {
	case HAK_V_SHOW:
		return !(w->flags & (HAK_W_SECRET | HAK_W_RESIGN));
	case HAK_V_REPORT:
		return w->flags & HAK_W_REPORT;
	case HAK_V_DEL:
		return w->flags & HAK_W_DEL;
	case HAK_V_HOW_MANY:
	case HAK_V_FLUSH:
		return w->flags & HAK_W_FILTER;
	case HAK_V_ADD:
	case HAK_V_SET:
	case HAK_V_REPLACE:
		return !(w->flags & (HAK_W_LIVE | HAK_W_RESIGN));
	case HAK_V_RESIGN:
		return w->flags & HAK_W_RESIGN;
	default:
		return false;
	}
}
