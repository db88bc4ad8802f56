// SPDX-License-Identifier: GPL-2.0-only
/* The last step from lines to a model: what names what. */
#include "aim.h"

#include <linux/hak.h>
#include <stdlib.h>
#include <string.h>

/* One error is enough for a router whose own line is wrong. */
static bool has_failed(const struct hak_conf *c, enum hak_object_id id, const char *name)
{
	const char *objects[] = { hak_object_by_id(id)->name, id == HAK_O_TRACK ? "check" : NULL };
	bool found = false;

	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(objects) && objects[i] && !found; i++) {
		char *line = hak_printf("%s %s\n", objects[i], name);

		found = c->failed.s && strstr(c->failed.s, line);
		free(line);
	}
	return found;
}

/* What its own line would have said is not known, whatever is missing elsewhere. */
static bool any_failed(const struct hak_conf *c, enum hak_object_id id)
{
	const char *object = hak_object_by_id(id)->name;
	size_t len = strlen(object);

	for (const char *line = c->failed.s; line && *line; line = strchr(line, '\n') + 1)
		if (!strncmp(line, object, len) && line[len] == ' ')
			return true;
	return false;
}

#define LISTED_MAX	12

/* `web, dns`, and `...` when there are more than anybody reads. */
static void short_list(const char *names, struct hak_buf *out)
{
	unsigned int n = 0;

	hak_buf_puts(out, names && *names ? "" : "none");
	while (names && *names) {
		size_t len = strcspn(names, " ");

		if (n++ == LISTED_MAX) {
			hak_buf_puts(out, ", ...");
			return;
		}
		hak_buf_puts(out, n > 1 ? ", " : "");
		hak_buf_add(out, names, len);
		names += len + (names[len] == ' ');
	}
}

static void missing(struct hak_conf *c, struct hak_at at, enum hak_object_id id, const char *word,
		    const char *name)
{
	const struct hak_object *o = hak_object_by_id(id);
	struct hak_buf names = { 0 }, list = { 0 };
	char *near;

	if (has_failed(c, id, name))
		return;
	hak_model_names(&c->model, id, &names);
	short_list(names.s, &list);
	near = hak_suggest(name, names.s);
	hak_error_add(&c->errs, at, "missing", word, names.s, "%s %s: no such %s%s; %ss: %s%s%s%s",
		      word, name, o->name, id == HAK_O_TRACK ? " or check" : "", o->name, list.s,
		      near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
	free(near);
	hak_buf_free(&names);
	hak_buf_free(&list);
}

/* `server set` of one that its pool has not. */
static void missing_server(struct hak_conf *c, const struct hak_stmt *st)
{
	const char *pool = st->obj->v[HAK_SR_POOL].text;
	struct hak_buf names = { 0 }, list = { 0 };

	if (!hak_model_find(&c->model, HAK_O_POOL, pool)) {
		missing(c, st->at, HAK_O_POOL, "pool", pool);
		return;
	}
	if (has_failed(c, HAK_O_SERVER, st->obj->name))
		return;
	for (struct hak_obj *o = c->model.list[HAK_O_SERVER].first; o; o = o->next)
		if (hak_server_in(o, pool))
			hak_buf_printf(&names, "%s%s", names.len ? " " : "", o->name);
	short_list(names.s, &list);
	hak_error_add(&c->errs, st->at, "missing", "server", names.s,
		      "server %s: pool %s has no such server; servers: %s", st->obj->name, pool,
		      list.s);
	hak_buf_free(&names);
	hak_buf_free(&list);
}

static void take_word(struct hak_obj *to, const struct hak_obj *from, unsigned int word)
{
	hak_value_free(&to->v[word]);
	hak_value_copy(&to->v[word], &from->v[word]);
}

/* The router of `vip add A dev DEV vrid N`: found, or made. */
static struct hak_obj *auto_router(struct hak_conf *c, const struct hak_stmt *st)
{
	const char *dev = st->obj->v[HAK_P_DEV].text;
	struct hak_value vrid = st->obj->v[HAK_P_VRID];
	uint8_t family = st->obj->key.addr.family;
	char name[HAK_AUTO_NAME], see[HAK_AT_TEXT];
	struct hak_obj *r = hak_model_router_at(&c->model, dev, vrid.num, family);

	if (r)
		return r;
	hak_auto_name(dev, vrid.num, family, name);
	r = hak_model_find(&c->model, HAK_O_ROUTER, name);
	if (r) {
		hak_error_add(&c->errs, st->at, "conflict", "vrid", NULL,
			      "vrid: router %s is there already with another dev, vrid or family%s", name,
			      hak_at_text(r->at, see));
		return NULL;
	}
	r = hak_obj_new(&hak_object_router, name);
	r->at = st->at;
	r->v[HAK_R_DEV] = (struct hak_value){ .set = true, .text = hak_strdup(dev) };
	r->v[HAK_R_VRID] = vrid;
	r->v[HAK_R_FAMILY] = (struct hak_value){ .set = true, .num = family };
	r->v[HAK_R_FLAGS] = (struct hak_value){ .set = true, .num = HAK_ROUTER_F_AUTO };
	hak_model_add(&c->model, r);
	return r;
}

/* ROUTER-WORDs of a vip line: they make an own router, or must agree with the one found. */
static void merge_words(struct hak_conf *c, const struct hak_stmt *st, struct hak_obj *r)
{
	bool own = r->v[HAK_R_FLAGS].num & HAK_ROUTER_F_AUTO;

	for (unsigned int i = 0; i < HAK_R_COUNT; i++) {
		const struct hak_word *w = &hak_object_router.words[i];
		struct hak_buf is = { 0 }, says = { 0 };
		struct hak_value v = hak_obj_value(r, i);
		char see[HAK_AT_TEXT];

		if (!st->router->v[i].set)
			continue;
		if (own && !r->v[i].set) {
			take_word(r, st->router, i);
			continue;
		}
		if (hak_obj_word_equal(st->router, r, i))
			continue;
		if (w->flags & HAK_W_SECRET) {
			hak_error_add(&c->errs, st->at, "conflict", w->name, NULL,
				      "%s: router %s has another one%s", w->name, r->name,
				      hak_at_text(r->at, see));
			continue;
		}
		hak_value_text(&w->rule, &v, &is);
		hak_value_text(&w->rule, &st->router->v[i], &says);
		hak_error_add(&c->errs, st->at, "conflict", w->name, NULL,
			      "%s: router %s has %s, this line says %s%s", w->name, r->name, is.s,
			      says.s, hak_at_text(r->at, see));
		hak_buf_free(&is);
		hak_buf_free(&says);
	}
}

static void bind_vip(struct hak_conf *c, struct hak_stmt *st)
{
	struct hak_obj *vip = st->obj;
	const struct hak_obj *old;
	char see[HAK_AT_TEXT];

	/* These found the router; without a vrid it is where the address is to be. */
	if (vip->v[HAK_P_VRID].set)
		hak_value_free(&vip->v[HAK_P_DEV]);
	hak_value_free(&vip->v[HAK_P_VRID]);
	old = hak_model_twin(&c->model, vip);
	if (old) {
		hak_error_add(&c->errs, st->at, "duplicate", vip->name, NULL,
			      "vip %s: is there already%s", vip->name, hak_at_text(old->at, see));
		return;
	}
	hak_model_add(&c->model, vip);
	st->obj = NULL;
}

/* Routers that addresses make are there for all others, whatever the order of the lines. */
static void make_router(struct hak_conf *c, struct hak_stmt *st)
{
	struct hak_obj *r;

	if (st->obj->v[HAK_P_ROUTER].set)
		return;
	r = auto_router(c, st);
	if (!r)
		return;
	merge_words(c, st, r);
	st->obj->v[HAK_P_ROUTER] = (struct hak_value){ .set = true, .text = hak_strdup(r->name) };
}

static void finish_vip(struct hak_conf *c, struct hak_stmt *st)
{
	const char *name = st->obj->v[HAK_P_ROUTER].text;
	struct hak_obj *r = name ? hak_model_find(&c->model, HAK_O_ROUTER, name) : NULL;

	if (r)
		bind_vip(c, st);
	else if (name)
		missing(c, st->at, HAK_O_ROUTER, "router", name);
}

static void apply_set(struct hak_conf *c, const struct hak_stmt *st)
{
	struct hak_obj *o = hak_model_twin(&c->model, st->obj);

	if (!o && st->object->id == HAK_O_LB) {
		o = hak_obj_new(st->object, "");
		o->at = st->at;
		hak_model_add(&c->model, o);
	} else if (!o && st->object->id == HAK_O_SERVER) {
		missing_server(c, st);
	} else if (!o) {
		missing(c, st->at, st->object->id, st->object->name, st->obj->name);
	}
	if (!o)
		return;
	for (unsigned int i = 0; i < st->object->n_words; i++)
		if (st->obj->v[i].set)
			take_word(o, st->obj, i);
}

#define TRACKED	(1u << 0)	/* a router names the check, */
#define SERVES	(1u << 1)	/* a pool or a server does */

static void mark_named(struct hak_conf *c, const struct hak_value *v, unsigned int mark)
{
	for (unsigned int i = 0; i < v->n_refs; i++) {
		struct hak_obj *o = hak_model_find(&c->model, HAK_O_CHECK, v->refs[i].name);

		if (o)
			o->mark |= mark;
	}
}

static void mark_checks(struct hak_conf *c)
{
	for (struct hak_obj *o = c->model.list[HAK_O_CHECK].first; o; o = o->next)
		o->mark = hak_model_find(&c->model, HAK_O_TRACK, o->name) ? TRACKED : 0;
	for (struct hak_obj *o = c->model.list[HAK_O_ROUTER].first; o; o = o->next)
		mark_named(c, &o->v[HAK_R_TRACK], TRACKED);
	for (struct hak_obj *o = c->model.list[HAK_O_GROUP].first; o; o = o->next)
		mark_named(c, &o->v[HAK_G_TRACK], TRACKED);
	for (struct hak_obj *o = c->model.list[HAK_O_POOL].first; o; o = o->next)
		mark_named(c, &o->v[HAK_PL_CHECK], SERVES);
	for (struct hak_obj *o = c->model.list[HAK_O_SERVER].first; o; o = o->next)
		mark_named(c, &o->v[HAK_SR_CHECK], SERVES);
}

/*
 * Every check without a `track add` line gets a track of its name, so that routers
 * may track it; but not a check that is there for servers only.
 */
static void check_tracks(struct hak_conf *c)
{
	for (struct hak_obj *o = c->model.list[HAK_O_CHECK].first; o; o = o->next) {
		struct hak_obj *t;

		if (o->mark == SERVES || hak_model_find(&c->model, HAK_O_TRACK, o->name))
			continue;
		t = hak_obj_new(&hak_object_track, o->name);
		t->at = o->at;
		t->kind = &hak_object_track.kinds[0];
		t->v[HAK_K_FLAGS] = (struct hak_value){ .set = true, .num = HAK_TRACK_F_CHECK };
		hak_model_add(&c->model, t);
	}
}

static void verify_track(struct hak_conf *c, const struct hak_obj *t)
{
	if (t->kind && t->kind->num == HAK_TRACK_POOL && t->arg.text &&
	    !hak_model_find(&c->model, HAK_O_POOL, t->arg.text))
		missing(c, t->at, HAK_O_POOL, "pool", t->arg.text);
	/* `set` lines may say what goes with another kind only. */
	hak_track_check(t, t->at, &c->errs);
}

static void verify_tracks_of(struct hak_conf *c, const struct hak_obj *o, unsigned int word)
{
	const struct hak_value *v = &o->v[word];

	for (unsigned int i = 0; i < v->n_refs; i++)
		if (!hak_model_find(&c->model, HAK_O_TRACK, v->refs[i].name))
			missing(c, o->at, HAK_O_TRACK, "track", v->refs[i].name);
}

static void verify_route(struct hak_conf *c, const struct hak_obj *o)
{
	const char *router = o->v[HAK_RT_ROUTER].text;

	if (!hak_model_find(&c->model, HAK_O_ROUTER, router))
		missing(c, o->at, HAK_O_ROUTER, "router", router);
}

static void verify_router(struct hak_conf *c, const struct hak_obj *r)
{
	const char *group = r->v[HAK_R_GROUP].text;
	char see[HAK_AT_TEXT];
	const struct hak_obj *other;

	verify_tracks_of(c, r, HAK_R_TRACK);
	if (group && *group && !hak_model_find(&c->model, HAK_O_GROUP, group))
		missing(c, r->at, HAK_O_GROUP, "group", group);
	hak_router_check(r, true, r->at, &c->errs);
	other = hak_model_router_at(&c->model, r->v[HAK_R_DEV].text, r->v[HAK_R_VRID].num,
				    hak_obj_value(r, HAK_R_FAMILY).num);
	if (other != r)
		hak_error_add(&c->errs, r->at, "duplicate", "vrid", NULL,
			      "vrid: router %s has dev %s vrid %u already%s", other->name,
			      r->v[HAK_R_DEV].text, (unsigned int)r->v[HAK_R_VRID].num,
			      hak_at_text(other->at, see));
}

/* A check for a track looks at one place, which has to be said. */
static void verify_check(struct hak_conf *c, const struct hak_obj *o)
{
	const struct hak_obj *t = hak_model_find(&c->model, HAK_O_TRACK, o->name);
	const struct hak_value *to = &o->v[HAK_C_TO];
	char see[HAK_AT_TEXT];

	if (t && t->kind && t->kind->num != HAK_TRACK_REPORT)
		hak_error_add(&c->errs, o->at, "conflict", o->name, NULL,
			      "check %s: the track of its name looks at a %s%s; say `track add %s report`",
			      o->name, t->kind->name, hak_at_text(t->at, see), o->name);
	if ((o->mark & SERVES) && o->v[HAK_C_WEIGHT_FROM].num)
		hak_error_add(&c->errs, o->at, "later", "weight-from", NULL,
			      "weight-from: for a check of servers it is not in this version of hak");
	if (o->kind->num != HAK_CHECK_TCP || o->mark == SERVES || to->addr.port)
		return;
	/* The line that names it may be a wrong one. */
	if (!o->mark && (any_failed(c, HAK_O_POOL) || any_failed(c, HAK_O_SERVER)))
		return;
	hak_error_add(&c->errs, o->at, "missing", "to", NULL,
		      to->set ? "to: the port is missing in check %s; say `to ADDR:PORT`" :
		      o->mark & TRACKED ? "check %s: `to ADDR:PORT` is missing, a router tracks it" :
		      "check %s: `to ADDR:PORT` is missing, and no pool or server names it", o->name);
}

static void verify_checks_of(struct hak_conf *c, const struct hak_obj *o, unsigned int word)
{
	const struct hak_value *v = &o->v[word];

	for (unsigned int i = 0; i < v->n_refs; i++)
		if (!hak_model_find(&c->model, HAK_O_CHECK, v->refs[i].name))
			missing(c, o->at, HAK_O_CHECK, "check", v->refs[i].name);
}

/* A server without a port has that of a service, or its checks say one. */
static void verify_port(struct hak_conf *c, const struct hak_obj *server)
{
	struct hak_aims aims;

	/* One error is enough when the service's own line is wrong. */
	if (any_failed(c, HAK_O_SERVICE))
		return;
	hak_aims_of(&aims, &c->model, &c->model, server);
	for (size_t i = 0; i < aims.n; i++)
		if (aims.list[i].no_port)
			hak_error_add(&c->errs, server->at, "missing", "port", NULL,
				      "server %s: check %s needs a port, and pool %s has no service; say %s:PORT",
				      server->name, aims.list[i].check->name,
				      server->v[HAK_SR_POOL].text, server->name);
	free(aims.list);
}

/* With the method dr nobody rewrites the port. */
static void verify_kept_port(struct hak_conf *c, const struct hak_obj *service,
			     const struct hak_obj *pool)
{
	if (hak_obj_value(pool, HAK_PL_METHOD).num != HAK_METHOD_DR)
		return;
	for (struct hak_obj *s = c->model.list[HAK_O_SERVER].first; s; s = s->next)
		if (hak_server_in(s, pool->name) && s->key.addr.port &&
		    s->key.addr.port != service->key.addr.port)
			hak_error_add(&c->errs, s->at, "conflict", "method", NULL,
				      "method dr of pool %s keeps the port; server %s, service port %u",
				      pool->name, s->name, (unsigned int)service->key.addr.port);
}

static void verify_in_pool(struct hak_conf *c, const struct hak_obj *o, unsigned int word)
{
	const char *name = o->v[word].text;
	const struct hak_obj *pool = hak_model_find(&c->model, HAK_O_POOL, name);

	if (!pool)
		missing(c, o->at, HAK_O_POOL, "pool", name);
	else if (o->type->id == HAK_O_SERVER)
		verify_port(c, o);
	else
		verify_kept_port(c, o, pool);
}

/* One pool may stand in for another, and nobody for that one. */
static void verify_backup(struct hak_conf *c, const struct hak_obj *o)
{
	const char *name = o->v[HAK_PL_BACKUP_POOL].text;
	const struct hak_obj *backup;
	char see[HAK_AT_TEXT];

	if (!name || !*name)
		return;
	backup = hak_model_find(&c->model, HAK_O_POOL, name);
	if (!backup)
		missing(c, o->at, HAK_O_POOL, "backup-pool", name);
	else if (backup == o)
		hak_error_add(&c->errs, o->at, "conflict", "backup-pool", NULL,
			      "backup-pool: pool %s cannot be its own", name);
	else if (backup->v[HAK_PL_BACKUP_POOL].text && *backup->v[HAK_PL_BACKUP_POOL].text)
		hak_error_add(&c->errs, o->at, "conflict", "backup-pool", NULL,
			      "backup-pool: pool %s has one itself and cannot be one%s", name,
			      hak_at_text(backup->at, see));
}

static void verify_lb(struct hak_conf *c)
{
	for (struct hak_obj *o = c->model.list[HAK_O_POOL].first; o; o = o->next) {
		verify_checks_of(c, o, HAK_PL_CHECK);
		verify_backup(c, o);
	}
	for (struct hak_obj *o = c->model.list[HAK_O_SERVER].first; o; o = o->next) {
		verify_checks_of(c, o, HAK_SR_CHECK);
		verify_in_pool(c, o, HAK_SR_POOL);
	}
	for (struct hak_obj *o = c->model.list[HAK_O_SERVICE].first; o; o = o->next)
		verify_in_pool(c, o, HAK_SV_POOL);
	for (struct hak_obj *o = c->model.list[HAK_O_CHECK].first; o; o = o->next)
		verify_check(c, o);
}

void hak_conf_finish(struct hak_conf *c)
{
	for (size_t i = 0; i < c->n_vips; i++)
		make_router(c, c->vips[i]);
	for (size_t i = 0; i < c->n_vips; i++)
		finish_vip(c, c->vips[i]);
	for (size_t i = 0; i < c->n_sets; i++)
		apply_set(c, c->sets[i]);
	hak_model_settle(&c->model);
	mark_checks(c);
	check_tracks(c);
	for (struct hak_obj *o = c->model.list[HAK_O_TRACK].first; o; o = o->next)
		verify_track(c, o);
	for (struct hak_obj *o = c->model.list[HAK_O_GROUP].first; o; o = o->next)
		verify_tracks_of(c, o, HAK_G_TRACK);
	for (struct hak_obj *r = c->model.list[HAK_O_ROUTER].first; r; r = r->next)
		verify_router(c, r);
	for (struct hak_obj *o = c->model.list[HAK_O_ROUTE].first; o; o = o->next)
		verify_route(c, o);
	verify_lb(c);
	hak_errors_sort(&c->errs);
}
