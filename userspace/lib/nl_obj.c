// SPDX-License-Identifier: GPL-2.0-only
/* Objects to netlink attributes and back, by the tables. No socket. */
#include "nl.h"

#include "live.h"
#include "nl_attr.h"

#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

static void put_track(struct nl_msg *msg, int attr, const struct hak_ref *ref)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	nla_put_string(msg, HAK_A_ROUTER_TRACK_NAME, ref->name);
	if (ref->weighted)
		nla_put_u32(msg, HAK_A_ROUTER_TRACK_WEIGHT, (uint32_t)ref->weight);
	nla_nest_end(msg, nest);
}

/* A track is the attribute behind that of the list. */
static void put_tracks(struct nl_msg *msg, int attr, const struct hak_value *v)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	_Static_assert(HAK_A_ROUTER_TRACK - HAK_A_ROUTER_TRACKS == 1 &&
		       HAK_A_GROUP_TRACK - HAK_A_GROUP_TRACKS == 1, "not behind the list");
	for (unsigned int i = 0; i < v->n_refs; i++)
		put_track(msg, attr + 1, &v->refs[i]);
	nla_nest_end_keep_empty(msg, nest);
}

static void put_peers(struct nl_msg *msg, int attr, const struct hak_value *v)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	for (unsigned int i = 0; i < v->n_refs; i++)
		hak_nl_put_addr(msg, HAK_A_ROUTER_PEER, &v->refs[i].addr);
	nla_nest_end_keep_empty(msg, nest);
}

/* The name of a check is the attribute behind that of the list. */
static void put_checks(struct nl_msg *msg, int attr, const struct hak_value *v)
{
	struct nlattr *nest = nla_nest_start(msg, attr | NLA_F_NESTED);

	_Static_assert(HAK_A_POOL_CHECK - HAK_A_POOL_CHECKS == 1 &&
		       HAK_A_SERVER_CHECK - HAK_A_SERVER_CHECKS == 1, "not behind the list");
	for (unsigned int i = 0; i < v->n_refs; i++)
		nla_put_string(msg, attr + 1, v->refs[i].name);
	nla_nest_end_keep_empty(msg, nest);
}

/* One address, or two; none empties it. */
static void put_range(struct nl_msg *msg, int attr, const struct hak_value *v)
{
	int size = v->addr.family == AF_INET6 ? 16 : 4;
	uint8_t both[32];

	memcpy(both, v->addr.b, (size_t)size);
	memcpy(both + size, v->last.b, (size_t)size);
	nla_put(msg, attr, !v->addr.family ? 0 :
		hak_addr_equal(&v->addr, &v->last) ? size : 2 * size, both);
}

static bool get_range(const struct nlattr *a, struct hak_value *v)
{
	size_t len = (size_t)nla_len(a), size = len % 16 ? 4 : 16;

	return len >= size && hak_addr_set(&v->addr, nla_data(a), size) &&
	       hak_addr_set(&v->last, (const uint8_t *)nla_data(a) + len - size, size);
}

static void put_value(struct nl_msg *msg, const struct hak_word *w, const struct hak_value *v)
{
	int attr = (int)w->attr;

	switch (w->rule.type) {
	case HAK_T_NUM:
	case HAK_T_INT:
	case HAK_T_CHOICE:
		nla_put_u32(msg, attr, (uint32_t)v->num);
		break;
	case HAK_T_TIME:
	case HAK_T_STAMP:
		nla_put_u64(msg, attr, v->num);
		break;
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		nla_put_string(msg, attr, v->text ? v->text : "");
		break;
	case HAK_T_ADDR:
	case HAK_T_PREFIX:
	case HAK_T_TO:
	case HAK_T_NET:
		if (v->addr.family)
			hak_nl_put_addr(msg, attr, &v->addr);
		else
			nla_put(msg, attr, 0, NULL);	/* empties it */
		break;
	case HAK_T_RANGE:
		put_range(msg, attr, v);
		break;
	case HAK_T_TRACKS:
		put_tracks(msg, attr, v);
		break;
	case HAK_T_CHECKS:
		put_checks(msg, attr, v);
		break;
	case HAK_T_PEERS:
		put_peers(msg, attr, v);
		break;
	case HAK_T_SERVICE:
		break;	/* several attributes: see put_key() and nl_conn.c */
	}
}

static void put_key(struct nl_msg *msg, const struct hak_obj *o, enum hak_put how)
{
	const struct hak_addr *a = &o->key.addr;

	if (o->type->name_attr && *o->name)
		nla_put_string(msg, (int)o->type->name_attr, o->name);
	if (o->type->id == HAK_O_SERVER) {
		hak_nl_put_end(msg, HAK_A_SERVER_ADDRESS, HAK_A_SERVER_PORT, a);
	} else if (o->type->id == HAK_O_SERVICE) {
		nla_put_u32(msg, HAK_A_SERVICE_PROTO, (uint32_t)o->key.num);
		hak_nl_put_addr(msg, HAK_A_SERVICE_ADDRESS, a);
		nla_put_u32(msg, HAK_A_SERVICE_PORT, a->port);
	}
	if (o->type->id == HAK_O_ROUTE) {
		hak_nl_put_addr(msg, HAK_A_ROUTE_PREFIX, a);
		nla_put_u32(msg, HAK_A_ROUTE_PREFIX_LEN, a->len);
	}
	if (o->type->id != HAK_O_VIP)
		return;
	hak_nl_put_addr(msg, HAK_A_VIP_ADDRESS, a);
	/* `del` without a length takes any. */
	if (how != HAK_PUT_KEY || a->len != (a->family == AF_INET6 ? 128 : 32))
		nla_put_u32(msg, HAK_A_VIP_PREFIX_LEN, a->len);
}

static void put_kind(struct nl_msg *msg, const struct hak_obj *o)
{
	const struct hak_word arg = {
		.rule = { .type = o->kind->rule ? o->kind->rule->type : HAK_T_TEXT },
		.attr = o->kind->attr,
	};

	if (!o->type->kind_attr)
		return;
	nla_put_u32(msg, (int)o->type->kind_attr, o->kind->num);
	if (!arg.attr)
		return;
	put_value(msg, &arg, &o->arg);
	/* The length of a prefix is the attribute behind it. */
	_Static_assert(HAK_A_TRACK_PREFIX_LEN - HAK_A_TRACK_PREFIX == 1, "not behind it");
	if (arg.rule.type == HAK_T_NET)
		nla_put_u32(msg, (int)arg.attr + 1, o->arg.addr.len);
}

void hak_nl_put_obj(struct nl_msg *msg, unsigned int attr, const struct hak_obj *obj,
		    uint64_t words, enum hak_put how)
{
	struct nlattr *nest = nla_nest_start(msg, (int)(attr | NLA_F_NESTED));

	put_key(msg, obj, how);
	if (how == HAK_PUT_SAID && obj->kind)
		put_kind(msg, obj);
	if (how == HAK_PUT_KEY)
		words = 0;
	for (unsigned int i = 0; i < obj->type->n_words; i++) {
		const struct hak_word *w = &obj->type->words[i];
		struct hak_value v = hak_obj_value(obj, i);
		bool all = words == UINT64_MAX;
		bool key = (w->flags & HAK_W_DEL) && v.set;

		/* An address that goes back to its router's device has to say so. */
		if (hak_obj_implied(obj, i) && (all || !(words >> i & 1)))
			continue;
		if (w->attr && (key || ((words >> i & 1) && (v.set || !all))))
			put_value(msg, w, &v);
	}
	nla_nest_end_keep_empty(msg, nest);
}

static size_t op_size(const struct hak_op *op)
{
	const struct hak_obj *o = op->obj;

	switch (o->type->id) {
	case HAK_O_ROUTER:
		return 2048 + (o->v[HAK_R_TRACK].n_refs + o->v[HAK_R_PEER].n_refs) * 64u;
	case HAK_O_GROUP:
		return 512 + o->v[HAK_G_TRACK].n_refs * 64u;
	case HAK_O_POOL:
		return 512 + o->v[HAK_PL_CHECK].n_refs * 64u;
	case HAK_O_SERVER:
		return 512 + o->v[HAK_SR_CHECK].n_refs * 64u;
	default:
		return 2048;
	}
}

static void put_op(struct nl_msg *msg, const struct hak_op *op)
{
	struct nlattr *nest = nla_nest_start(msg, HAK_A_OP | NLA_F_NESTED);
	const struct hak_object *type = op->obj->type;

	nla_put_u32(msg, HAK_A_OP_CMD, type->cmd + op->kind);
	if (op->kind == HAK_OP_SET) {
		/* The kind of an object is fixed; SET does not say it. */
		struct hak_obj o = *op->obj;

		o.kind = NULL;
		hak_nl_put_obj(msg, type->op_attr, &o, op->words, HAK_PUT_SAID);
	} else {
		hak_nl_put_obj(msg, type->op_attr, op->obj, op->words,
			       op->kind == HAK_OP_DEL ? HAK_PUT_KEY : HAK_PUT_SAID);
	}
	nla_nest_end(msg, nest);
}

struct nl_msg *hak_nl_apply_msg(const struct hak_diff *d, const char *tag,
				const uint32_t *generation, uint32_t *offsets)
{
	struct nl_msg *msg;
	size_t size = 4096;

	for (size_t i = 0; i < d->n; i++)
		size += op_size(&d->ops[i]);
	msg = nlmsg_alloc_size(size);
	if (!msg)
		abort();
	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, 0, 0, NLM_F_REQUEST | NLM_F_ACK,
		    HAK_CMD_CONFIG_APPLY, HAK_GENL_VERSION);
	if (generation)
		nla_put_u32(msg, HAK_A_EXPECT_GENERATION, *generation);
	if (tag)
		nla_put_string(msg, HAK_A_TAG, tag);
	for (size_t i = 0; i < d->n; i++) {
		offsets[i] = nlmsg_hdr(msg)->nlmsg_len;
		put_op(msg, &d->ops[i]);
	}
	return msg;
}

/* --- replies --- */

static char *get_string(const struct nlattr *a)
{
	return hak_strndup(nla_data(a), (size_t)nla_len(a));
}

static void get_track(struct nlattr *nest, struct hak_value *v)
{
	struct nlattr *tb[HAK_A_ROUTER_TRACK_MAX + 1];
	struct hak_ref *ref;

	if (nla_parse_nested(tb, HAK_A_ROUTER_TRACK_MAX, nest, NULL) ||
	    !tb[HAK_A_ROUTER_TRACK_NAME])
		return;
	v->refs = hak_realloc(v->refs, v->n_refs + 1, sizeof(*v->refs));
	ref = &v->refs[v->n_refs++];
	memset(ref, 0, sizeof(*ref));
	ref->name = get_string(tb[HAK_A_ROUTER_TRACK_NAME]);
	ref->weighted = tb[HAK_A_ROUTER_TRACK_WEIGHT];
	ref->weight = (int32_t)hak_nl_num(tb[HAK_A_ROUTER_TRACK_WEIGHT]);
	ref->state = (uint32_t)hak_nl_num(tb[HAK_A_ROUTER_TRACK_STATE]);
	ref->live = tb[HAK_A_ROUTER_TRACK_STATE];
	ref->applied = (int32_t)hak_nl_num(tb[HAK_A_ROUTER_TRACK_APPLIED]);
}

static void get_tracks(struct nlattr *nest, int attr, struct hak_value *v)
{
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, nest, rem)
		if (nla_type(a) == attr)
			get_track(a, v);
}

static void get_checks(struct nlattr *nest, int attr, struct hak_value *v)
{
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, nest, rem) {
		if (nla_type(a) != attr)
			continue;
		v->refs = hak_realloc(v->refs, v->n_refs + 1, sizeof(*v->refs));
		memset(&v->refs[v->n_refs], 0, sizeof(*v->refs));
		v->refs[v->n_refs++].name = get_string(a);
	}
}

static void get_peers(struct nlattr *nest, struct hak_value *v)
{
	struct hak_addr addr;
	char text[HAK_ADDR_TEXT];
	struct nlattr *a;
	int rem;

	nla_for_each_nested(a, nest, rem) {
		if (nla_type(a) != HAK_A_ROUTER_PEER || !hak_nl_addr(a, &addr))
			continue;
		hak_addr_text(&addr, false, text);
		v->refs = hak_realloc(v->refs, v->n_refs + 1, sizeof(*v->refs));
		v->refs[v->n_refs++] = (struct hak_ref){ .name = hak_strdup(text), .addr = addr };
	}
}

static void get_value(const struct hak_word *w, struct nlattr *a, struct hak_value *v)
{
	v->set = true;
	switch (w->rule.type) {
	case HAK_T_INT:
		v->num = (uint64_t)(int64_t)(int32_t)hak_nl_num(a);
		break;
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		v->text = get_string(a);
		break;
	case HAK_T_ADDR:
	case HAK_T_PREFIX:
	case HAK_T_TO:
	case HAK_T_NET:
		v->set = hak_nl_addr(a, &v->addr);
		break;
	case HAK_T_RANGE:
		v->set = get_range(a, v);
		break;
	case HAK_T_TRACKS:
		get_tracks(a, (int)w->attr + 1, v);
		break;
	case HAK_T_CHECKS:
		get_checks(a, (int)w->attr + 1, v);
		break;
	case HAK_T_PEERS:
		get_peers(a, v);
		break;
	default:
		v->num = hak_nl_num(a);
		break;
	}
}

static void get_active(struct nlattr *nest, struct hak_live *live)
{
	struct nlattr *tb[HAK_A_ACTIVE_MAX + 1], *a;
	int rem;

	if (nla_parse_nested(tb, HAK_A_ACTIVE_MAX, nest, NULL) || !tb[HAK_A_ACTIVE_ADDRESS])
		return;
	live->active = hak_nl_addr(tb[HAK_A_ACTIVE_ADDRESS], &live->address);
	live->has_mac = tb[HAK_A_ACTIVE_MAC] && nla_len(tb[HAK_A_ACTIVE_MAC]) == 6;
	if (live->has_mac)
		memcpy(live->mac, nla_data(tb[HAK_A_ACTIVE_MAC]), 6);
	live->priority = (uint32_t)hak_nl_num(tb[HAK_A_ACTIVE_PRIORITY]);
	live->heard = hak_nl_num(tb[HAK_A_ACTIVE_HEARD]);
	live->interval = hak_nl_num(tb[HAK_A_ACTIVE_INTERVAL]);
	live->checksum = (uint32_t)hak_nl_num(tb[HAK_A_ACTIVE_CHECKSUM]);
	nla_for_each_nested(a, nest, rem) {
		if (nla_type(a) != HAK_A_ACTIVE_VIP)
			continue;
		live->vips = hak_realloc(live->vips, live->n_vips + 1, sizeof(*live->vips));
		if (hak_nl_addr(a, &live->vips[live->n_vips]))
			live->n_vips++;
	}
}

static void get_router(struct nlattr **tb, struct hak_live *live)
{
	const struct nlattr *mac = tb[HAK_A_ROUTER_MAC];

	live->has_own_mac = mac && nla_len(mac) == 6;
	if (live->has_own_mac)
		memcpy(live->own_mac, nla_data(mac), 6);
	if (tb[HAK_A_ROUTER_ACTIVE])
		get_active(tb[HAK_A_ROUTER_ACTIVE], live);
}

/* The nest of counters of a type, 0: it has none. */
static unsigned int stats_attr(const struct hak_object *type)
{
	switch (type->id) {
	case HAK_O_ROUTER:
		return HAK_A_ROUTER_STATS;
	case HAK_O_SERVER:
		return HAK_A_SERVER_STATS;
	case HAK_O_SERVICE:
		return HAK_A_SERVICE_STATS;
	case HAK_O_LB:
		return HAK_A_LB_DROPS;
	default:
		return 0;
	}
}

static void get_live(struct nlattr **tb, struct hak_obj *o)
{
	unsigned int stats = stats_attr(o->type);
	struct nlattr *a;
	int rem;

	_Static_assert(HAK_A_LB_STAT_MAX <= HAK_A_STAT_MAX && HAK_LB_DROP_MAX <= HAK_A_STAT_MAX,
		       "no room for them");
	if (!stats)
		return;
	o->live = hak_calloc(1, sizeof(*o->live));
	if (o->type->id == HAK_O_ROUTER)
		get_router(tb, o->live);
	if (!tb[stats])
		return;
	nla_for_each_nested(a, tb[stats], rem)
		if (nla_type(a) <= HAK_A_STAT_MAX)
			o->live->stats[nla_type(a)] = hak_nl_num(a);
}

static bool get_addr_key(struct nlattr **tb, struct hak_obj *o)
{
	struct hak_addr *addr = &o->key.addr;
	struct hak_buf name = { 0 };
	bool ok;

	if (o->type->id == HAK_O_VIP) {
		ok = hak_nl_addr(tb[HAK_A_VIP_ADDRESS], addr);
		if (tb[HAK_A_VIP_PREFIX_LEN])
			addr->len = (uint8_t)hak_nl_num(tb[HAK_A_VIP_PREFIX_LEN]);
	} else if (o->type->id == HAK_O_ROUTE) {
		ok = hak_nl_addr(tb[HAK_A_ROUTE_PREFIX], addr) && tb[HAK_A_ROUTE_ROUTER];
		if (tb[HAK_A_ROUTE_PREFIX_LEN])
			addr->len = (uint8_t)hak_nl_num(tb[HAK_A_ROUTE_PREFIX_LEN]);
	} else if (o->type->id == HAK_O_SERVER) {
		ok = hak_nl_end(tb[HAK_A_SERVER_ADDRESS], tb[HAK_A_SERVER_PORT], addr) &&
		     tb[HAK_A_SERVER_POOL];
	} else {
		ok = hak_nl_end(tb[HAK_A_SERVICE_ADDRESS], tb[HAK_A_SERVICE_PORT], addr) &&
		     tb[HAK_A_SERVICE_POOL];
		o->key.num = hak_nl_num(tb[HAK_A_SERVICE_PROTO]);
	}
	if (!ok)
		return false;
	o->key.set = true;
	hak_value_text(&o->type->key, &o->key, &name);
	free(o->name);
	o->name = name.s;
	return true;
}

static bool get_key(struct nlattr **tb, struct hak_obj *o)
{
	const struct nlattr *a = tb[o->type->name_attr];

	if (!o->type->key_arg)
		return true;	/* there is only one */
	if (!o->type->name_attr)
		return get_addr_key(tb, o);
	if (!a)
		return false;
	free(o->name);
	o->name = get_string(a);
	o->key.set = true;
	o->key.text = hak_strdup(o->name);
	return true;
}

static void get_arg(struct nlattr **tb, struct hak_obj *o)
{
	const struct hak_word arg = { .rule = *o->kind->rule, .attr = o->kind->attr };

	get_value(&arg, tb[arg.attr], &o->arg);
	if (arg.rule.type == HAK_T_NET && tb[arg.attr + 1])
		o->arg.addr.len = (uint8_t)hak_nl_num(tb[arg.attr + 1]);
}

static void get_kind(struct nlattr **tb, struct hak_obj *o)
{
	uint64_t num;

	if (!o->type->kinds || !tb[o->type->kind_attr])
		return;
	num = hak_nl_num(tb[o->type->kind_attr]);
	for (const struct hak_kind *k = o->type->kinds; k->name; k++)
		if (k->num == num)
			o->kind = k;
	if (o->kind && o->kind->attr && tb[o->kind->attr])
		get_arg(tb, o);
}

#define TB_MAX	63

struct hak_obj *hak_nl_get_obj(const struct hak_object *type, struct nlattr *nest)
{
	struct nlattr *tb[TB_MAX + 1];
	struct hak_obj *o;

	_Static_assert(HAK_A_ROUTER_MAX <= TB_MAX && HAK_A_TRACK_MAX <= TB_MAX &&
		       HAK_A_GROUP_MAX <= TB_MAX && HAK_A_ROUTE_MAX <= TB_MAX &&
		       HAK_A_POOL_MAX <= TB_MAX && HAK_A_SERVER_MAX <= TB_MAX &&
		       HAK_A_SERVICE_MAX <= TB_MAX && HAK_A_LB_MAX <= TB_MAX,
		       "table too small");
	if (nla_parse_nested(tb, TB_MAX, nest, NULL))
		return NULL;
	o = hak_obj_new(type, "");
	if (!get_key(tb, o)) {
		hak_obj_free(o);
		return NULL;
	}
	get_kind(tb, o);
	for (unsigned int i = 0; i < type->n_words; i++)
		if (type->words[i].attr && tb[type->words[i].attr] &&
		    !(o->kind && o->kind->attr == type->words[i].attr))
			get_value(&type->words[i], tb[type->words[i].attr], &o->v[i]);
	get_live(tb, o);
	return o;
}
