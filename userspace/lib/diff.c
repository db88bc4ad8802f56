// SPDX-License-Identifier: GPL-2.0-only
#include "diff.h"

#include <linux/hak.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX	4

/* Marks that the steps leave on objects. */
#define NEW	(1u << 0)	/* wanted and not there */
#define SET	(1u << 1)	/* wanted otherwise */
#define GONE	(1u << 2)	/* there and not wanted */
#define REMADE	(1u << 3)	/* identity changed: DEL, then NEW */
#define MOVED	(1u << 4)	/* an address that is also added elsewhere */

static void add_op(struct hak_diff *d, enum hak_op_kind kind, const struct hak_obj *o,
		   uint64_t words)
{
	d->ops = hak_realloc(d->ops, d->n + 1, sizeof(*d->ops));
	d->ops[d->n++] = (struct hak_op){ .kind = kind, .obj = o, .words = words };
}

static bool compared(const struct hak_word *w)
{
	return !(w->flags & (HAK_W_LIVE | HAK_W_LATER | HAK_W_RESIGN));
}

static bool same_kind(const struct hak_obj *a, const struct hak_obj *b)
{
	return a->kind == b->kind &&
	       (!a->kind || !a->kind->rule ||
		hak_value_equal(a->kind->rule->type, &a->arg, &b->arg));
}

static uint64_t changed_words(const struct hak_obj *is, const struct hak_obj *wanted, bool *remake)
{
	const struct hak_object *t = wanted->type;
	uint64_t words = 0;

	*remake = !same_kind(is, wanted);
	for (unsigned int i = 0; i < t->n_words; i++) {
		if (!compared(&t->words[i]) ||
		    (hak_obj_implied(wanted, i) && hak_obj_implied(is, i)) ||
		    hak_obj_word_equal(is, wanted, i))
			continue;
		words |= UINT64_C(1) << i;
		if (t->words[i].flags & HAK_W_LOCAL)
			*remake = true;
	}
	return words;
}

/* NEW carries what differs from the defaults; the kernel has the same ones. */
static uint64_t new_words(const struct hak_obj *o)
{
	uint64_t words = 0;

	for (unsigned int i = 0; i < o->type->n_words; i++) {
		const struct hak_word *w = &o->type->words[i];
		struct hak_value def = { .num = w->def };

		if (compared(w) && o->v[i].set && !hak_obj_implied(o, i) &&
		    !hak_value_equal(w->rule.type, &o->v[i], &def))
			words |= UINT64_C(1) << i;
	}
	return words;
}

/* haproxy(-60),uplink */
static void short_refs(const struct hak_value *v, struct hak_buf *b)
{
	for (unsigned int i = 0; i < v->n_refs; i++) {
		hak_buf_printf(b, "%s%s", i ? "," : "", v->refs[i].name);
		if (v->refs[i].weighted)
			hak_buf_printf(b, "(%d)", (int)v->refs[i].weight);
	}
	if (!v->n_refs)
		hak_buf_puts(b, "none");
}

static void one_change(struct hak_buf *b, const struct hak_obj *is, const struct hak_obj *wanted,
		       unsigned int word)
{
	const struct hak_word *w = &wanted->type->words[word];
	struct hak_value from = hak_obj_value(is, word), to = hak_obj_value(wanted, word);

	hak_buf_printf(b, "%s ", w->name);
	if (w->flags & HAK_W_SECRET) {
		hak_buf_puts(b, "anew");
		return;
	}
	if (hak_is_list(w->rule.type)) {
		short_refs(&from, b);
		hak_buf_puts(b, " -> ");
		short_refs(&to, b);
		return;
	}
	hak_value_text(&w->rule, &from, b);
	hak_buf_puts(b, " -> ");
	hak_value_text(&w->rule, &to, b);
}

static void describe(struct hak_diff *d, const struct hak_obj *is, const struct hak_obj *wanted,
		     uint64_t words)
{
	struct hak_buf *b = &d->changes[wanted->type->id];
	unsigned int shown = 0;

	if (d->shown > SHOWN_MAX)
		return;
	if (d->shown++ == SHOWN_MAX) {
		hak_buf_puts(b, b->len ? "; ..." : "...");
		return;
	}
	hak_buf_printf(b, "%s%s: ", b->len ? "; " : "",
		       *wanted->name ? wanted->name : wanted->type->name);
	if (!d->prefix[wanted->type->id])
		d->prefix[wanted->type->id] = b->len;
	if (is->key.addr.len != wanted->key.addr.len) {
		hak_buf_printf(b, "%s -> %s", is->name, wanted->name);
		shown++;
	}
	for (unsigned int i = 0; i < wanted->type->n_words; i++) {
		if (!(words & (UINT64_C(1) << i)) ||
		    (wanted->type->words[i].flags & HAK_W_HIDDEN))
			continue;
		hak_buf_puts(b, shown++ ? ", " : "");
		one_change(b, is, wanted, i);
	}
	if (!shown)
		hak_buf_puts(b, "other words");
}

/* A track that comes with its check is not counted beside it. */
static bool counted(const struct hak_obj *o)
{
	return !(o->type->id == HAK_O_TRACK && (o->v[HAK_K_FLAGS].num & HAK_TRACK_F_CHECK));
}

static void count(struct hak_diff *d, const struct hak_obj *o, enum hak_op_kind kind)
{
	if (counted(o))
		d->count[o->type->id][kind]++;
}

static bool router_remade(const struct hak_model *m, const struct hak_obj *o)
{
	const char *name = o->type->id == HAK_O_VIP ? o->v[HAK_P_ROUTER].text :
			   o->type->id == HAK_O_ROUTE ? o->v[HAK_RT_ROUTER].text : NULL;
	const struct hak_obj *r;

	if (!name)
		return false;
	r = hak_model_find(m, HAK_O_ROUTER, name);
	return r && (r->mark & REMADE);
}

static void compare(struct hak_diff *d, const struct hak_model *is_model,
		    const struct hak_model *wanted_model, struct hak_obj *wanted)
{
	struct hak_obj *is = hak_model_twin(is_model, wanted);
	uint64_t words;
	bool remake, resized;

	if (!is) {
		wanted->mark = NEW;
		count(d, wanted, HAK_OP_NEW);
		return;
	}
	words = changed_words(is, wanted, &remake);
	resized = is->key.addr.len != wanted->key.addr.len;
	if (remake) {
		wanted->mark = NEW | REMADE;
		is->mark = GONE | REMADE;
	} else if (router_remade(wanted_model, wanted)) {
		wanted->mark = NEW | REMADE;
		is->mark = wanted->type->id == HAK_O_ROUTE ? GONE | REMADE : 0;
	} else if (words || resized) {
		wanted->mark = SET;
	}
	if (remake || words || resized) {
		count(d, wanted, HAK_OP_SET);
		describe(d, is, wanted, words);
	} else if (counted(wanted)) {
		d->same++;
	}
}

static void mark_gone(struct hak_diff *d, const struct hak_model *wanted, struct hak_obj *is)
{
	if (hak_model_twin(wanted, is))
		return;
	is->mark |= GONE;
	count(d, is, HAK_OP_DEL);
}

/* An address that goes here and comes elsewhere has to go first. */
static void mark_moved(struct hak_model *wanted, struct hak_obj *vip)
{
	for (struct hak_obj *o = wanted->list[HAK_O_VIP].first; o; o = o->next)
		if ((o->mark & NEW) && hak_addr_equal(&o->key.addr, &vip->key.addr))
			vip->mark |= MOVED;
}

/* Addresses of a router that goes, go with it. */
static bool goes_with_router(const struct hak_model *is, const struct hak_obj *vip)
{
	const struct hak_obj *r;

	if (!vip->v[HAK_P_ROUTER].text)
		return false;
	r = hak_model_find(is, HAK_O_ROUTER, vip->v[HAK_P_ROUTER].text);
	return r && (r->mark & GONE);
}

static void ops_new(struct hak_diff *d, const struct hak_model *is, const struct hak_model *wanted,
		    enum hak_object_id id)
{
	for (struct hak_obj *o = wanted->list[id].first; o; o = o->next) {
		bool remake;

		if (o->mark & NEW)
			add_op(d, HAK_OP_NEW, o, new_words(o));
		else if (o->mark & SET)
			add_op(d, HAK_OP_SET, o, changed_words(hak_model_twin(is, o), o, &remake));
	}
}

static void ops_gone(struct hak_diff *d, const struct hak_model *is, enum hak_object_id id,
		     unsigned int mask, unsigned int marks)
{
	for (struct hak_obj *o = is->list[id].first; o; o = o->next) {
		if ((o->mark & mask) != marks)
			continue;
		if (id == HAK_O_VIP && goes_with_router(is, o))
			continue;
		add_op(d, HAK_OP_DEL, o, 0);
	}
}

/* The balancer is always there; without a line it is as it always was. */
static void diff_lb(struct hak_diff *d, const struct hak_model *is_model,
		    const struct hak_model *wanted_model)
{
	static char no_name[] = "";
	static const struct hak_obj plain = { .type = &hak_object_lb, .name = no_name };
	const struct hak_obj *is = is_model->list[HAK_O_LB].first;
	const struct hak_obj *wanted = wanted_model->list[HAK_O_LB].first;
	uint64_t words;
	bool remake;

	is = is ? is : &plain;
	wanted = wanted ? wanted : &plain;
	words = changed_words(is, wanted, &remake);
	if (!words)
		return;
	count(d, wanted, HAK_OP_SET);
	describe(d, is, wanted, words);
	add_op(d, HAK_OP_SET, wanted, words);
}

/*
 * Pools are there already; servers before the service; what goes, the other way
 * round.
 */
static void ops_lb(struct hak_diff *d, const struct hak_model *is, const struct hak_model *wanted)
{
	diff_lb(d, is, wanted);
	ops_gone(d, is, HAK_O_SERVICE, GONE, GONE);
	ops_gone(d, is, HAK_O_SERVER, GONE, GONE);
	ops_new(d, is, wanted, HAK_O_SERVER);
	ops_new(d, is, wanted, HAK_O_SERVICE);
	ops_gone(d, is, HAK_O_POOL, GONE, GONE);
}

void hak_diff_make(struct hak_diff *d, struct hak_model *is, struct hak_model *wanted)
{
	memset(d, 0, sizeof(*d));
	for (unsigned int i = 0; i < HAK_O_COUNT; i++) {
		if (i == HAK_O_LB)
			continue;
		for (struct hak_obj *o = is->list[i].first; o; o = o->next)
			o->mark = 0;
		for (struct hak_obj *o = wanted->list[i].first; o; o = o->next)
			o->mark = 0;
		for (struct hak_obj *o = wanted->list[i].first; o; o = o->next)
			compare(d, is, wanted, o);
		for (struct hak_obj *o = is->list[i].first; o; o = o->next)
			mark_gone(d, wanted, o);
	}
	for (struct hak_obj *o = is->list[HAK_O_VIP].first; o; o = o->next)
		if (o->mark & GONE)
			mark_moved(wanted, o);
	/* Routes lead over addresses: they go before them and come after them. */
	ops_gone(d, is, HAK_O_ROUTE, GONE, GONE);
	ops_gone(d, is, HAK_O_ROUTER, GONE, GONE);
	ops_gone(d, is, HAK_O_TRACK, GONE | REMADE, GONE | REMADE);
	ops_new(d, is, wanted, HAK_O_POOL);	/* tracks may look at them */
	ops_new(d, is, wanted, HAK_O_TRACK);
	ops_new(d, is, wanted, HAK_O_GROUP);
	ops_new(d, is, wanted, HAK_O_ROUTER);
	ops_gone(d, is, HAK_O_GROUP, GONE, GONE);
	ops_gone(d, is, HAK_O_VIP, GONE | MOVED, GONE | MOVED);
	ops_new(d, is, wanted, HAK_O_VIP);
	ops_gone(d, is, HAK_O_VIP, GONE | MOVED, GONE);
	ops_new(d, is, wanted, HAK_O_ROUTE);
	ops_gone(d, is, HAK_O_TRACK, GONE | REMADE, GONE);
	ops_lb(d, is, wanted);
}

static void text_of(const struct hak_diff *d, enum hak_op_kind kind, char sign,
		    struct hak_buf *out)
{
	static const enum hak_object_id order[] = {
		HAK_O_GROUP, HAK_O_ROUTER, HAK_O_VIP, HAK_O_ROUTE, HAK_O_TRACK, HAK_O_LB,
		HAK_O_POOL, HAK_O_SERVER, HAK_O_SERVICE, HAK_O_CHECK,
	};
	bool any = false;

	for (unsigned int i = 0; i < HAK_ARRAY_SIZE(order); i++) {
		unsigned int n = d->count[order[i]][kind];

		if (!n)
			continue;
		hak_buf_printf(out, "%s%c%u %s", any ? ", " : "", sign, n,
			       hak_object_by_id(order[i])->name);
		if (kind == HAK_OP_SET && d->changes[order[i]].len)
			hak_buf_printf(out, " (%s)",
				       d->changes[order[i]].s + (n == 1 ? d->prefix[order[i]] : 0));
		any = true;
	}
	if (!any)
		hak_buf_printf(out, "%c0", sign);
}

void hak_diff_text(const struct hak_diff *d, struct hak_buf *out)
{
	text_of(d, HAK_OP_NEW, '+', out);
	hak_buf_puts(out, ", ");
	text_of(d, HAK_OP_SET, '~', out);
	hak_buf_puts(out, ", ");
	text_of(d, HAK_OP_DEL, '-', out);
	hak_buf_printf(out, "; %u unchanged", d->same);
}

void hak_diff_free(struct hak_diff *d)
{
	for (unsigned int i = 0; i < HAK_O_COUNT; i++)
		hak_buf_free(&d->changes[i]);
	free(d->ops);
	memset(d, 0, sizeof(*d));
}
