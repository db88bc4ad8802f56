// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/**
 * struct parser - a line that is being read
 * @argc: words left
 * @argv: the next of them
 * @st: what was understood
 * @typed: on the command line
 * @errs: where errors go
 */
struct parser {
	int argc;
	char *const *argv;
	struct hak_stmt *st;
	bool typed;
	struct hak_errors *errs;
};

static const struct {
	const char *name;
	enum hak_verb verb;
} aliases[] = {
	{ "delete", HAK_V_DEL },
	{ "list", HAK_V_SHOW },
	{ "ls", HAK_V_SHOW },
};

/* Words that are neither here nor a slip are shown as they are, within reason. */
static int unknown(struct parser *p, const char *word, const char *where, const char *choices)
{
	const char *foreign = hak_suggest_foreign(word, p->st->object);
	char *near = foreign ? NULL : hak_suggest(word, choices);

	if (foreign)
		hak_error_add(p->errs, p->st->at, "unknown-word", word, choices,
			      "%.60s: not a word of `%s`; %s", word, where, foreign);
	else if (near)
		hak_error_add(p->errs, p->st->at, "unknown-word", word, choices,
			      "%.60s: not a word of `%s`; did you mean `%s`?", word, where, near);
	else
		hak_error_add(p->errs, p->st->at, "unknown-word", word, choices,
			      "%.60s: not a word of `%s`; words: %s", word, where, choices);
	free(near);
	return -1;
}

static int later(struct parser *p, const char *word)
{
	return hak_error_add(p->errs, p->st->at, "later", word, NULL,
			     "%s: not in this version of hak", word);
}

static const char *where(const struct parser *p, char buf[64])
{
	snprintf(buf, 64, "%s %s", p->st->object->name, hak_verb_names[p->st->verb]);
	return buf;
}

static unsigned int verbs_of(const struct parser *p)
{
	return p->typed ? p->st->object->verbs : p->st->object->file_verbs;
}

static void verb_list(unsigned int verbs, struct hak_buf *out)
{
	for (unsigned int v = 0; v < HAK_V_COUNT; v++)
		if (verbs & (1u << v))
			hak_buf_printf(out, "%s%s", out->len ? " " : "", hak_verb_names[v]);
}

static int bad_verb(struct parser *p, const char *word, const char *problem)
{
	const char *foreign = hak_suggest_foreign(word, p->st->object);
	struct hak_buf choices = { 0 };
	char *near;

	verb_list(verbs_of(p), &choices);
	near = foreign ? NULL : hak_suggest(word, choices.s);
	if (foreign || near)
		hak_error_add(p->errs, p->st->at, "unknown-command", word, choices.s,
			      foreign ? "%.60s: %s of `%s`; %s%s" :
			      "%.60s: %s of `%s`; did you mean `%s`%s", word, problem,
			      p->st->object->name, foreign ? foreign : near, foreign ? "" : "?");
	else
		hak_error_add(p->errs, p->st->at, "unknown-command", word, choices.s,
			      "%.60s: %s of `%s`; commands: %s", word, problem,
			      p->st->object->name, choices.s);
	free(near);
	hak_buf_free(&choices);
	return -1;
}

/* A whole name, an alias, or on the command line a unique beginning of either. */
static int find_verb(struct parser *p, const char *word, bool *found)
{
	unsigned int all = verbs_of(p) | p->st->object->later_verbs;
	size_t n = strlen(word);
	int hits = 0;

	*found = false;
	for (unsigned int v = 0; v < HAK_V_COUNT; v++) {
		if (!(all & (1u << v)))
			continue;
		if (!strcmp(hak_verb_names[v], word)) {
			p->st->verb = v;
			*found = true;
			return 0;
		}
		if (p->typed && n && !strncmp(hak_verb_names[v], word, n)) {
			p->st->verb = v;
			hits++;
		}
	}
	for (unsigned int i = 0; p->typed && !hits && i < HAK_ARRAY_SIZE(aliases); i++)
		if (n && !strncmp(aliases[i].name, word, n) && (all & (1u << aliases[i].verb))) {
			p->st->verb = aliases[i].verb;
			hits = 1;
			break;
		}
	if (hits > 1)
		return bad_verb(p, word, "more than one command begins so");
	*found = hits == 1;
	return 0;
}

static const char *file_verb(const struct hak_object *o)
{
	return hak_verb_names[o->file_verbs & HAK_VERB(ADD) ? HAK_V_ADD : HAK_V_SET];
}

static int typed_only(struct parser *p, const char *word)
{
	const struct hak_object *o = p->st->object;
	bool was_typed = p->typed, found;

	p->typed = true;
	find_verb(p, word, &found);
	p->typed = was_typed;
	if (!found)
		return bad_verb(p, word, "not a command");
	if (!o->file_verbs)
		return hak_error_add(p->errs, p->st->at, "typed-only", o->name, NULL,
				     "%s: is typed only", o->name);
	return hak_error_add(p->errs, p->st->at, "typed-only", word, NULL,
			     "%s: is typed only; a file says what is wanted with `%s %s` lines",
			     word, o->name, file_verb(o));
}

static int file_only(struct parser *p, const char *word)
{
	return hak_error_add(p->errs, p->st->at, "file-only", word, NULL,
			     "%s: `%s` lines stand in hak.conf only; write the line there, then `hakadm load FILE`",
			     word, p->st->object->name);
}

static int parse_verb(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	const char *word = p->argc ? p->argv[0] : NULL;
	const struct hak_word *w;
	bool found;

	if (!word && p->typed) {
		p->st->verb = HAK_V_SHOW;
		return 0;
	}
	if (!word)
		return hak_error_add(p->errs, p->st->at, "missing", o->name, NULL,
				     "%s: what about it? say `%s %s`", o->name, o->name, file_verb(o));
	if (find_verb(p, word, &found))
		return -1;
	w = hak_word_find(o, word);
	if (!found && p->typed && w && p->argc > 1 && hak_word_usable(w, HAK_V_SHOW)) {
		p->st->verb = HAK_V_SHOW;
		return 0;
	}
	if (!found && p->typed && (o->file_verbs & HAK_VERB(ADD)) && !(o->verbs & HAK_VERB(ADD)) &&
	    !strcmp(word, "add"))
		return file_only(p, word);
	if (!found)
		return p->typed ? bad_verb(p, word, "not a command") : typed_only(p, word);
	p->argc--;
	p->argv++;
	if (o->later_verbs & (1u << p->st->verb))
		return later(p, hak_verb_names[p->st->verb]);
	return 0;
}

static void object_list(bool typed, struct hak_buf *out)
{
	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (hak_objects[i]->id != HAK_O_LATER &&
		    (typed || hak_objects[i]->file_verbs))
			hak_buf_printf(out, "%s%s", out->len ? " " : "", hak_objects[i]->name);
}

static int parse_object(struct parser *p)
{
	const char *word = p->argv[0];
	struct hak_buf choices = { 0 };

	p->st->object = hak_object_find(word);
	if (p->st->object && p->st->object->id == HAK_O_LATER)
		return later(p, word);
	if (p->st->object) {
		p->argc--;
		p->argv++;
		return 0;
	}
	object_list(p->typed, &choices);
	unknown(p, word, p->typed ? "hakadm" : "a file", choices.s);
	hak_buf_free(&choices);
	return -1;
}

/* The words of one VALUE as one string, to be freed. */
static char *take_value(struct parser *p, enum hak_type type)
{
	bool two = hak_value_words(type) == 2 && p->argc > 1;
	char *s = two ? hak_printf("%s %s", p->argv[0], p->argv[1]) : hak_strdup(p->argv[0]);

	p->argc -= two ? 2 : 1;
	p->argv += two ? 2 : 1;
	return s;
}

static int bad_key(struct parser *p, const char *word, enum hak_value_error err, const char *why)
{
	const struct hak_object *o = p->st->object;
	const struct hak_word *w = hak_word_find(o, word);

	if (w)
		return hak_error_add(p->errs, p->st->at, "missing", word, NULL,
				     "%s: `%s %s` wants %s before its words", word, o->name,
				     hak_verb_names[p->st->verb], o->key_arg);
	return hak_error_add(p->errs, p->st->at, err == HAK_VALUE_LATER ? "later" : "bad-value", word,
			     NULL, "%s: %s%s", o->name, why, o->id == HAK_O_SERVER && hak_is_name(word) ?
			     "; servers are named by their address" : "");
}

static int set_key(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	struct hak_obj *obj = p->st->obj;
	const char *first = p->argv[0];
	char *word = take_value(p, o->key.type);
	struct hak_buf name = { 0 };
	char why[HAK_WHY_SIZE];
	enum hak_value_error err = hak_value_parse(&o->key, word, &obj->key, why);

	free(word);
	if (err)
		return bad_key(p, first, err, why);
	obj->key.set = true;
	hak_value_text(&o->key, &obj->key, &name);
	free(obj->name);
	obj->name = name.s;
	p->st->named = true;
	return 0;
}

/* `show state Active` has pairs only, `show WEB state Active` one word more. */
static int parse_key(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	enum hak_verb verb = p->st->verb;

	if (verb == HAK_V_HELP || !o->key_arg)
		return 0;
	if (verb == HAK_V_SHOW || verb == HAK_V_HISTORY) {
		bool word = p->argc && hak_word_find(o, p->argv[0]);

		if (!p->argc || (word && p->argc % 2 == 0))
			return 0;
		return set_key(p);
	}
	if (!p->argc)
		return hak_error_add(p->errs, p->st->at, "missing", o->name, NULL,
				     "%s %s: %s is missing", o->name, hak_verb_names[verb],
				     o->key_arg);
	/* What follows a NAME are pairs: here the NAME was left out. */
	if (!o->kinds && verb != HAK_V_DEL && p->argc % 2 == 0 && hak_word_find(o, p->argv[0]))
		return bad_key(p, p->argv[0], HAK_VALUE_BAD, "");
	return set_key(p);
}

static void kind_list(const struct hak_object *o, struct hak_buf *out)
{
	for (const struct hak_kind *k = o->kinds; k->name; k++)
		if (!k->later)
			hak_buf_printf(out, "%s%s", out->len ? " " : "", k->name);
}

static int parse_kind_arg(struct parser *p)
{
	struct hak_obj *obj = p->st->obj;
	char why[HAK_WHY_SIZE];

	if (!obj->kind->rule)
		return 0;
	if (!p->argc)
		return hak_error_add(p->errs, p->st->at, "missing", obj->kind->name, NULL,
				     "%s: its %s is missing", obj->kind->name, obj->kind->arg);
	if (hak_value_parse(obj->kind->rule, p->argv[0], &obj->arg, why))
		return hak_error_add(p->errs, p->st->at, "bad-value", obj->kind->name, NULL,
				     "%s: %s", obj->kind->name, why);
	obj->arg.set = true;
	p->argc--;
	p->argv++;
	return 0;
}

static int parse_kind(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	struct hak_buf choices = { 0 };
	char buf[64];

	if (!o->kinds || p->st->verb != HAK_V_ADD)
		return 0;
	for (const struct hak_kind *k = o->kinds; p->argc && k->name; k++)
		if (!strcmp(k->name, p->argv[0])) {
			p->st->obj->kind = k;
			p->argc--;
			p->argv++;
			return k->later ? later(p, k->name) : parse_kind_arg(p);
		}
	kind_list(o, &choices);
	if (p->argc)
		unknown(p, p->argv[0], where(p, buf), choices.s);
	else
		hak_error_add(p->errs, p->st->at, "missing", p->st->obj->name, choices.s,
			      "%s: what kind? say one of: %s", p->st->obj->name, choices.s);
	hak_buf_free(&choices);
	return -1;
}

static void word_list(const struct parser *p, struct hak_buf *out)
{
	const struct hak_object *o = p->st->object;

	for (unsigned int i = 0; i < o->n_words; i++)
		if (hak_word_usable(&o->words[i], p->st->verb))
			hak_buf_printf(out, "%s%s%s", out->len ? " " : "", o->words[i].name,
				       o->words[i].rule.type == HAK_T_TRACKS ? " weight" : "");
	if (o->id != HAK_O_VIP || p->st->verb != HAK_V_ADD)
		return;
	o = &hak_object_router;
	for (unsigned int i = 0; i < o->n_words; i++)
		if (hak_word_usable(&o->words[i], p->st->verb) &&
		    !(o->words[i].flags & HAK_W_KEY))
			hak_buf_printf(out, " %s%s", o->words[i].name,
				       o->words[i].rule.type == HAK_T_TRACKS ? " weight" : "");
}

/* What may follow a NAME of a list of tracks. */
static int parse_ref_weight(struct parser *p, struct hak_ref *ref)
{
	static const struct hak_value_rule rule = { .type = HAK_T_INT, .min = -253, .max = 253 };
	struct hak_value weight = { 0 };
	char why[HAK_WHY_SIZE];

	if (p->argc < 1 || strcmp(p->argv[0], "weight"))
		return 0;
	if (p->argc < 2)
		return hak_error_add(p->errs, p->st->at, "missing", "weight", NULL,
				     "weight: its N is missing");
	if (hak_value_parse(&rule, p->argv[1], &weight, why))
		return hak_error_add(p->errs, p->st->at, "bad-value", "weight", NULL,
				     "weight: %s", why);
	ref->weighted = true;
	ref->weight = (int32_t)weight.num;
	p->argc -= 2;
	p->argv += 2;
	return 0;
}

/* The NAME of a track or check; the ADDR of a peer, in the way all addresses are printed. */
static bool ref_name(const struct hak_word *w, const char *word, struct hak_ref *ref,
		     char why[HAK_WHY_SIZE])
{
	static const struct hak_value_rule addr = { .type = HAK_T_ADDR };
	static const struct hak_value_rule name = { .type = HAK_T_NAME };
	bool peer = w->rule.type == HAK_T_PEERS;
	struct hak_value v = { 0 };
	char text[HAK_ADDR_TEXT];

	if (hak_value_parse(peer ? &addr : &name, word, &v, why))
		return false;
	ref->addr = v.addr;
	if (peer)
		hak_addr_text(&v.addr, false, text);
	ref->name = peer ? hak_strdup(text) : v.text;
	return true;
}

/*
 * One `track NAME [weight N]`, `check NAME` or `peer ADDR`; `none` and `default` empty
 * the list.
 */
static int parse_ref(struct parser *p, const struct hak_word *w, struct hak_value *v)
{
	const char *name = p->argv[0];
	struct hak_ref ref = { 0 };
	char why[HAK_WHY_SIZE];
	int err;

	p->argc--;
	p->argv++;
	v->set = true;
	if (!strcmp(name, "none") || !strcmp(name, "default"))
		return v->n_refs ? hak_error_add(p->errs, p->st->at, "conflict", w->name, NULL,
						 "%s: `%s` and a NAME", w->name, name) : 0;
	if (!ref_name(w, name, &ref, why))
		return hak_error_add(p->errs, p->st->at, "bad-value", w->name, NULL, "%s: %s",
				     w->name, why);
	if (hak_value_names(v, ref.name)) {
		err = hak_error_add(p->errs, p->st->at, "duplicate", w->name, NULL,
				    "%s: %s is said twice", w->name, ref.name);
		free(ref.name);
		return err;
	}
	v->refs = hak_realloc(v->refs, v->n_refs + 1, sizeof(*v->refs));
	v->refs[v->n_refs++] = ref;
	return w->rule.type == HAK_T_TRACKS ? parse_ref_weight(p, &v->refs[v->n_refs - 1]) : 0;
}

static enum hak_value_error filter_value(const struct hak_word *w, const char *s,
					 struct hak_value *v, char why[HAK_WHY_SIZE])
{
	for (const struct hak_choice *c = w->rule.choices; c && c->name; c++)
		if (!strcasecmp(c->name, s)) {
			v->num = c->num;
			return HAK_VALUE_OK;
		}
	return hak_value_parse(&w->rule, s, v, why);
}

static int parse_plain(struct parser *p, const struct hak_word *w, const char *s,
		       struct hak_value *v)
{
	bool filter = p->st->verb == HAK_V_SHOW;
	char why[HAK_WHY_SIZE];
	enum hak_value_error err;

	if (!strcmp(s, "default") && (w->flags & HAK_W_KEY) && !filter)
		return hak_error_add(p->errs, p->st->at, "bad-value", w->name, NULL,
				     "%s: has no default; say `%s %s`", w->name, w->name, w->arg);
	if (!strcmp(s, "default") && !(w->flags & (HAK_W_KEY | HAK_W_LIVE))) {
		v->num = w->def;
		v->set = true;
		return 0;
	}
	err = filter ? filter_value(w, s, v, why) : hak_value_parse(&w->rule, s, v, why);
	if (err)
		return hak_error_add(p->errs, p->st->at, err == HAK_VALUE_LATER ? "later" : "bad-value",
				     w->name, NULL, "%s: %s", w->name, why);
	v->set = true;
	return 0;
}

static int parse_value(struct parser *p, const struct hak_word *w, struct hak_value *v)
{
	char *s;
	int err;

	if (hak_is_list(w->rule.type))
		return parse_ref(p, w, v);
	s = take_value(p, w->rule.type);
	err = parse_plain(p, w, s, v);
	free(s);
	return err;
}

/* The table and the object a word belongs to: the vip's own, or its router's. */
static struct hak_obj *target(struct parser *p, const char *word, const struct hak_word **w)
{
	struct hak_stmt *st = p->st;

	*w = hak_word_find(st->object, word);
	if (*w || st->object->id != HAK_O_VIP || st->verb != HAK_V_ADD)
		return st->obj;
	*w = hak_word_find(&hak_object_router, word);
	if (!*w)
		return st->obj;
	if (!st->n_router_words++)
		st->router_word = (*w)->name;
	return st->router;
}

/* A later word with `_` for `-`: say so at once. */
static const struct hak_word *find_with_dashes(struct parser *p, const char *word)
{
	const struct hak_word *w = NULL;
	char *dashes = hak_strdup(word);

	for (char *c = dashes; *c; c++)
		if (*c == '_')
			*c = '-';
	target(p, dashes, &w);
	free(dashes);
	return w;
}

/* A known word that comes later: go on behind its VALUE, there may be more to say. */
static int later_word(struct parser *p, const char *word, const char *name)
{
	if (strcmp(word, name))
		hak_error_add(p->errs, p->st->at, "later", word, NULL,
			      "%s: `%s` is not in this version of hak", word, name);
	else
		later(p, word);
	p->argc -= p->argc > 1 ? 2 : 1;
	p->argv += 2;
	return 0;
}

/* Returns -1 when what follows cannot be understood any more; errors are in p->errs. */
static int parse_word(struct parser *p)
{
	const char *word = p->argv[0];
	const struct hak_word *w;
	struct hak_obj *obj = target(p, word, &w);
	struct hak_buf choices = { 0 };
	unsigned int i;
	char buf[64];

	if (!w)
		w = find_with_dashes(p, word);
	if (w && (w->flags & HAK_W_LATER))
		return later_word(p, word, w->name);
	if (w && strcmp(w->name, word))
		w = NULL;
	if (!w && !strcmp(word, "weight") && p->st->verb != HAK_V_SHOW &&
	    (p->st->object->id == HAK_O_ROUTER || p->st->object->id == HAK_O_VIP ||
	     p->st->object->id == HAK_O_GROUP))
		return hak_error_add(p->errs, p->st->at, "conflict", word, NULL,
				     "weight: stands right behind `track NAME`");
	if (!w || !hak_word_usable(w, p->st->verb)) {
		word_list(p, &choices);
		unknown(p, word, where(p, buf), choices.s ? choices.s : "none");
		hak_buf_free(&choices);
		return -1;
	}
	p->argc--;
	p->argv++;
	i = (unsigned int)(w - obj->type->words);
	if (!p->argc)
		return hak_error_add(p->errs, p->st->at, "missing", word, NULL,
				     "%s: its VALUE is missing", word);
	if (obj->v[i].set && !(w->flags & HAK_W_REPEAT))
		return hak_error_add(p->errs, p->st->at, "duplicate", word, NULL,
				     "%s: is said twice", word);
	parse_value(p, w, &obj->v[i]);
	obj->v[i].set = true;
	return 0;
}

static int missing_keys(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	bool whole = p->st->verb == HAK_V_ADD || p->st->verb == HAK_V_REPLACE;
	unsigned int needed = whole ? HAK_W_KEY : HAK_W_PART;

	if (p->st->verb == HAK_V_SHOW || p->st->verb == HAK_V_HELP)
		return 0;
	for (unsigned int i = 0; i < o->n_words; i++)
		if ((o->words[i].flags & needed) == needed && !p->st->obj->v[i].set)
			return hak_error_add(p->errs, p->st->at, "missing", o->words[i].name, NULL,
					     "%s: `%s %s` is missing in `%s %s %s`",
					     o->words[i].name, o->words[i].name, o->words[i].arg,
					     o->name, hak_verb_names[p->st->verb],
					     p->st->obj->name);
	return 0;
}

/* What says which one is meant stands before what is reported. */
static int parse_parts(struct parser *p)
{
	const struct hak_object *o = p->st->object;

	while (p->argc) {
		const struct hak_word *w = hak_word_find(o, p->argv[0]);

		if (!w || (w->flags & HAK_W_PART) != HAK_W_PART)
			return 0;
		if (parse_word(p))
			return -1;
	}
	return 0;
}

/* `track report NAME up|down|N`, `server report ADDR pool NAME up|down|N` */
static int parse_report(struct parser *p)
{
	const struct hak_object *o = p->st->object;
	const struct hak_value_rule *rule = &o->words[o->told_value].rule;
	struct hak_value *state = &p->st->obj->v[o->told], *value = &p->st->obj->v[o->told_value];
	char why[HAK_WHY_SIZE];
	const char *s;

	if (parse_parts(p))
		return -1;
	s = p->argc ? p->argv[0] : "";
	state->set = true;
	state->num = 3;
	if (!strcmp(s, "down") || !strcmp(s, "up")) {
		state->num = !strcmp(s, "up") ? 2 : 1;
	} else if (hak_value_parse(rule, s, value, why)) {
		return hak_error_add(p->errs, p->st->at, *s ? "bad-value" : "missing", "report",
				     "up down",
				     "report: `%.40s` is none of: up, down, %" PRId64 " to %" PRId64,
				     s, rule->min, rule->max);
	} else {
		value->set = true;
	}
	p->argc--;
	p->argv++;
	return 0;
}

/* `flush all`, and nothing else */
static void parse_all_of_them(struct parser *p)
{
	if (p->st->verb != HAK_V_FLUSH || p->argc != 1 || strcmp(p->argv[0], "all"))
		return;
	p->st->all = true;
	p->argc--;
	p->argv++;
}

static int parse_all(struct parser *p)
{
	struct hak_stmt *st = p->st;
	size_t before = p->errs->n;

	if (parse_object(p) || parse_verb(p))
		return -1;
	st->obj = hak_obj_new(st->object, "");
	st->obj->at = st->at;
	if (st->object->id == HAK_O_VIP)
		st->router = hak_obj_new(&hak_object_router, "");
	if (parse_key(p) || parse_kind(p))
		return -1;
	if (st->verb == HAK_V_REPORT && parse_report(p))
		return -1;
	parse_all_of_them(p);
	while (p->argc && st->verb != HAK_V_HELP)
		if (parse_word(p))
			return -1;
	missing_keys(p);
	if (p->errs->n == before && st->object->finish)
		st->object->finish(st, p->errs);
	return p->errs->n == before ? 0 : -1;
}

struct hak_stmt *hak_parse(int argc, char *const *argv, struct hak_at at, bool typed,
			   struct hak_errors *errs)
{
	struct parser p = { .argc = argc, .argv = argv, .typed = typed, .errs = errs };

	p.st = hak_calloc(1, sizeof(*p.st));
	p.st->at = at;
	p.st->typed = typed;
	if (argc < 1)
		hak_error_add(errs, at, "missing", NULL, NULL, "no words");
	else if (!parse_all(&p))
		return p.st;
	hak_stmt_free(p.st);
	return NULL;
}

void hak_stmt_free(struct hak_stmt *st)
{
	if (!st)
		return;
	hak_obj_free(st->obj);
	hak_obj_free(st->router);
	free(st);
}
