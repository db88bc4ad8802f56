// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

#include "live.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct hak_obj *hak_obj_new(const struct hak_object *type, const char *name)
{
	struct hak_obj *o = hak_calloc(1, sizeof(*o));

	o->type = type;
	o->name = hak_strdup(name);
	return o;
}

struct hak_obj *hak_obj_copy(const struct hak_obj *o)
{
	struct hak_obj *c = hak_obj_new(o->type, o->name);

	c->kind = o->kind;
	c->at = o->at;
	c->elsewhere = o->elsewhere;
	hak_value_copy(&c->key, &o->key);
	hak_value_copy(&c->arg, &o->arg);
	for (unsigned int i = 0; i < o->type->n_words; i++)
		hak_value_copy(&c->v[i], &o->v[i]);
	return c;
}

void hak_obj_free(struct hak_obj *o)
{
	if (!o)
		return;
	for (unsigned int i = 0; i < o->type->n_words; i++)
		hak_value_free(&o->v[i]);
	hak_value_free(&o->key);
	hak_value_free(&o->arg);
	if (o->live)
		free(o->live->vips);
	free(o->live);
	free(o->name);
	free(o);
}

struct hak_value hak_obj_value(const struct hak_obj *o, unsigned int word)
{
	struct hak_value def = { .num = o->type->words[word].def };

	return o->v[word].set ? o->v[word] : def;
}

bool hak_obj_word_equal(const struct hak_obj *a, const struct hak_obj *b, unsigned int word)
{
	struct hak_value va = hak_obj_value(a, word), vb = hak_obj_value(b, word);

	return hak_value_equal(a->type->words[word].rule.type, &va, &vb);
}

bool hak_obj_implied(const struct hak_obj *o, unsigned int word)
{
	return o->type->id == HAK_O_VIP && o->v[HAK_P_ROUTER].set &&
	       ((word == HAK_P_DEV && !o->elsewhere) || word == HAK_P_VRID);
}

static bool is_default(const struct hak_obj *o, unsigned int word)
{
	const struct hak_word *w = &o->type->words[word];
	struct hak_value def = { .num = w->def };

	return !o->v[word].set ||
	       (!(w->flags & HAK_W_KEY) && hak_value_equal(w->rule.type, &o->v[word], &def));
}

void hak_obj_words(const struct hak_obj *o, unsigned int skip_flags, struct hak_buf *out)
{
	for (unsigned int i = 0; i < o->type->n_words; i++) {
		const struct hak_word *w = &o->type->words[i];

		if (w->flags & (skip_flags | HAK_W_LIVE | HAK_W_HIDDEN | HAK_W_LATER | HAK_W_RESIGN))
			continue;
		if (is_default(o, i) || hak_obj_implied(o, i))
			continue;
		hak_buf_printf(out, " %s ", w->name);
		hak_value_text(&w->rule, &o->v[i], out);
	}
}

void hak_obj_line(const struct hak_obj *o, const char *verb, struct hak_buf *out)
{
	hak_buf_printf(out, "%s %s%s%s", o->type->name, verb, *o->name ? " " : "", o->name);
	if (o->kind) {
		hak_buf_printf(out, " %s", o->kind->name);
		if (o->kind->rule) {
			hak_buf_puts(out, " ");
			hak_value_text(o->kind->rule, &o->arg, out);
		}
	}
	hak_obj_words(o, 0, out);
}

/**
 * struct identity - what makes an object unique in its type
 * @id: the type
 * @name: its name, or NULL for
 * @addr: its address
 * @part: the other half of the name: router or pool, or ""
 * @table: of a route
 * @metric: of a route
 */
struct identity {
	enum hak_object_id id;
	const char *name;
	const struct hak_addr *addr;
	const char *part;
	uint64_t table;
	uint64_t metric;
};

static struct identity identity_of(const struct hak_obj *o)
{
	struct identity i = { .id = o->type->id, .name = o->name, .part = "" };

	if (i.id == HAK_O_VIP) {
		i.name = NULL;
		i.addr = &o->key.addr;
		i.part = o->v[HAK_P_ROUTER].text;
	} else if (i.id == HAK_O_SERVER) {
		i.part = o->v[HAK_SR_POOL].text;
	}
	if (i.id == HAK_O_ROUTE) {
		i.part = o->v[HAK_RT_ROUTER].text;
		i.table = hak_obj_value(o, HAK_RT_TABLE).num;
		i.metric = hak_obj_value(o, HAK_RT_METRIC).num;
	}
	if (!i.part)
		i.part = "";
	return i;
}

static uint32_t hash_of(const struct identity *i)
{
	struct hak_hash h;

	hak_hash_init(&h);
	hak_hash_add(&h, &i->id, sizeof(i->id));
	if (i->name)
		hak_hash_add(&h, i->name, strlen(i->name));
	else
		hak_hash_add(&h, i->addr->b, sizeof(i->addr->b));
	hak_hash_add(&h, i->part, strlen(i->part));
	return (uint32_t)(h.lane[0] ^ h.lane[0] >> 32);
}

static bool is_same(const struct hak_obj *o, const struct identity *i)
{
	struct identity x = identity_of(o);

	return x.id == i->id && !strcmp(x.part, i->part) && x.table == i->table &&
	       x.metric == i->metric &&
	       (i->name ? x.name && !strcmp(x.name, i->name) :
			  x.addr && hak_addr_equal(x.addr, i->addr));
}

/* The first that was added, as a walk of the list would find it. */
static struct hak_obj *look_up(const struct hak_model *m, const struct identity *i)
{
	uint32_t hash = hash_of(i);
	struct hak_obj *o = m->n_buckets ? m->buckets[hash & (m->n_buckets - 1)] : NULL;

	while (o && (o->hash != hash || !is_same(o, i)))
		o = o->same;
	return o;
}

static void put_in_table(struct hak_model *m, struct hak_obj *o)
{
	struct hak_obj **p = &m->buckets[o->hash & (m->n_buckets - 1)];

	while (*p)
		p = &(*p)->same;
	o->same = NULL;
	*p = o;
}

static void take_from_table(struct hak_model *m, struct hak_obj *o)
{
	struct hak_obj **p = &m->buckets[o->hash & (m->n_buckets - 1)];

	while (*p && *p != o)
		p = &(*p)->same;
	if (*p)
		*p = o->same;
}

static void grow_table(struct hak_model *m)
{
	m->n_buckets = m->n_buckets ? m->n_buckets * 2 : 64;
	free(m->buckets);
	m->buckets = hak_calloc(m->n_buckets, sizeof(struct hak_obj *));
	for (unsigned int id = 0; id < HAK_O_COUNT; id++)
		for (struct hak_obj *o = m->list[id].first; o; o = o->next)
			put_in_table(m, o);
}

void hak_model_add(struct hak_model *m, struct hak_obj *o)
{
	struct hak_list *l = &m->list[o->type->id];
	struct identity i = identity_of(o);

	o->hash = hash_of(&i);
	if (m->n++ >= m->n_buckets)
		grow_table(m);
	put_in_table(m, o);
	o->next = NULL;
	if (l->last)
		l->last->next = o;
	else
		l->first = o;
	l->last = o;
	l->n++;
}

void hak_model_remove(struct hak_model *m, struct hak_obj *o)
{
	struct hak_list *l = &m->list[o->type->id];
	struct hak_obj **p = &l->first, *prev = NULL;

	for (; *p && *p != o; p = &(*p)->next)
		prev = *p;
	if (!*p)
		return;
	*p = o->next;
	if (l->last == o)
		l->last = prev;
	o->next = NULL;
	l->n--;
	m->n--;
	take_from_table(m, o);
}

struct hak_obj *hak_model_find(const struct hak_model *m, enum hak_object_id id, const char *name)
{
	struct identity i = { .id = id, .name = name, .part = "" };

	return look_up(m, &i);
}

struct hak_obj *hak_model_twin(const struct hak_model *m, const struct hak_obj *o)
{
	struct identity i = identity_of(o);

	return look_up(m, &i);
}

bool hak_server_in(const struct hak_obj *server, const char *pool)
{
	return server->v[HAK_SR_POOL].text && !strcmp(server->v[HAK_SR_POOL].text, pool);
}

struct hak_obj *hak_model_server(const struct hak_model *m, const char *pool, const char *name)
{
	struct identity i = { .id = HAK_O_SERVER, .name = name, .part = pool };

	return look_up(m, &i);
}

struct hak_obj *hak_model_router_at(const struct hak_model *m, const char *dev, uint64_t vrid,
				    uint64_t family)
{
	for (struct hak_obj *o = m->list[HAK_O_ROUTER].first; o; o = o->next)
		if (o->v[HAK_R_DEV].text && !strcmp(o->v[HAK_R_DEV].text, dev) &&
		    o->v[HAK_R_VRID].num == vrid &&
		    hak_obj_value(o, HAK_R_FAMILY).num == family)
			return o;
	return NULL;
}

static void settle_vip(const struct hak_model *m, struct hak_obj *vip)
{
	const char *name = vip->v[HAK_P_ROUTER].text;
	const struct hak_obj *r = name ? hak_model_find(m, HAK_O_ROUTER, name) : NULL;
	struct hak_value *dev = &vip->v[HAK_P_DEV];

	if (!r || !r->v[HAK_R_DEV].text)
		return;
	if (!dev->text)
		hak_value_copy(dev, &r->v[HAK_R_DEV]);
	vip->elsewhere = strcmp(dev->text, r->v[HAK_R_DEV].text);
}

void hak_model_settle(struct hak_model *m)
{
	for (struct hak_obj *o = m->list[HAK_O_VIP].first; o; o = o->next)
		settle_vip(m, o);
}

void hak_model_names(const struct hak_model *m, enum hak_object_id id, struct hak_buf *out)
{
	for (const struct hak_obj *o = m->list[id].first; o; o = o->next)
		hak_buf_printf(out, "%s%s", out->len ? " " : "", o->name);
}

void hak_model_copy(struct hak_model *to, const struct hak_model *from)
{
	for (unsigned int i = 0; i < HAK_O_COUNT; i++)
		for (const struct hak_obj *o = from->list[i].first; o; o = o->next)
			hak_model_add(to, hak_obj_copy(o));
}

void hak_model_free(struct hak_model *m)
{
	for (unsigned int i = 0; i < HAK_O_COUNT; i++) {
		struct hak_obj *next;

		for (struct hak_obj *o = m->list[i].first; o; o = next) {
			next = o->next;
			hak_obj_free(o);
		}
	}
	free(m->buckets);
	memset(m, 0, sizeof(*m));
}

void hak_auto_name(const char *dev, uint64_t vrid, uint64_t family, char out[HAK_AUTO_NAME])
{
	snprintf(out, HAK_AUTO_NAME, "%.15s.%u%s", dev, (unsigned int)vrid,
		 family == AF_INET6 ? "v6" : "");
	for (char *p = out; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_' &&
		    (p == out || (*p != '.' && *p != '-')))
			*p = '_';
}

/* An address that finds or makes its router by dev and vrid: of its family, and on its device. */
static bool finds_router(const struct hak_obj *vip, const struct hak_obj *router)
{
	return !vip->elsewhere && vip->v[HAK_P_ROUTER].text &&
	       !strcmp(vip->v[HAK_P_ROUTER].text, router->name) &&
	       vip->key.addr.family == hak_obj_value(router, HAK_R_FAMILY).num;
}

/* Made by an address, and one that would make it again is still there. */
static bool made_by_vip(const struct hak_model *m, const struct hak_obj *router)
{
	if (!router->v[HAK_R_FLAGS].num || !router->v[HAK_R_DEV].text)
		return false;
	for (const struct hak_obj *o = m->list[HAK_O_VIP].first; o; o = o->next)
		if (finds_router(o, router))
			return true;
	return false;
}

/* `vip add A dev DEV vrid N [ROUTER-WORD]…`: the first address carries the words. */
static void save_auto_vip(const struct hak_obj *vip, struct hak_obj *router, struct hak_buf *out)
{
	hak_buf_printf(out, "vip add %s dev %s vrid %u", vip->name, router->v[HAK_R_DEV].text,
		       (unsigned int)router->v[HAK_R_VRID].num);
	for (unsigned int i = HAK_P_LABEL; i <= HAK_P_ADVERT; i++) {
		const struct hak_word *w = &vip->type->words[i];

		if (is_default(vip, i))
			continue;
		hak_buf_printf(out, " %s ", w->name);
		hak_value_text(&w->rule, &vip->v[i], out);
	}
	if (!router->mark)
		hak_obj_words(router, HAK_W_LOCAL, out);
	router->mark = 1;
	hak_buf_puts(out, "\n");
}

/* It is always there; only what is not as always is worth a line. */
static void save_lb(const struct hak_obj *o, struct hak_buf *out)
{
	struct hak_buf words = { 0 };

	hak_obj_words(o, 0, &words);
	if (words.len)
		hak_buf_printf(out, "lb set%s\n", words.s);
	hak_buf_free(&words);
}

static void save_obj(const struct hak_model *m, const struct hak_obj *o, struct hak_buf *out)
{
	struct hak_obj *router = NULL;

	if (o->type->id == HAK_O_TRACK && o->v[HAK_K_FLAGS].num)
		return;
	if (o->type->id == HAK_O_ROUTER && made_by_vip(m, o))
		return;
	if (o->type->id == HAK_O_VIP && o->v[HAK_P_ROUTER].text)
		router = hak_model_find(m, HAK_O_ROUTER, o->v[HAK_P_ROUTER].text);
	if (router && router->v[HAK_R_FLAGS].num && finds_router(o, router)) {
		save_auto_vip(o, router, out);
		return;
	}
	if (o->type->id == HAK_O_LB) {
		save_lb(o, out);
		return;
	}
	hak_obj_line(o, "add", out);
	hak_buf_puts(out, "\n");
}

void hak_model_save(const struct hak_model *m, struct hak_buf *out)
{
	for (struct hak_obj *o = m->list[HAK_O_ROUTER].first; o; o = o->next)
		o->mark = 0;
	for (unsigned int i = 0; i < HAK_O_COUNT; i++)
		for (struct hak_obj *o = m->list[i].first; o; o = o->next)
			save_obj(m, o, out);
}

const char *hak_at_text(struct hak_at at, char out[HAK_AT_TEXT])
{
	out[0] = '\0';
	if (at.file && at.line)
		snprintf(out, HAK_AT_TEXT, ", see %.100s:%u", at.file, at.line);
	return out;
}
