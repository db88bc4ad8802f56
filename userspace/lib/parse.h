/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words to statements, files to a model of what is wanted. Pure but for reading
 * the files: no socket, no kernel.
 */
#ifndef HAK_PARSE_H
#define HAK_PARSE_H

#include "object.h"

/**
 * struct hak_obj - one object, wanted or replied
 * @type: its table
 * @name: its NAME or address, as printed
 * @key: the NAME or address as a VALUE
 * @kind: row of the kinds, or NULL
 * @arg: argument of the kind
 * @v: VALUEs, indexed as the table
 * @at: where it was said
 * @live: what only replies have, or NULL
 * @elsewhere: an address on another device than its router's
 * @mark: scratch for whoever walks the list
 * @hash: of what makes it unique, for the model
 * @same: next of the model's objects with such a hash
 * @next: in the list of its type
 */
struct hak_obj {
	const struct hak_object *type;
	char *name;
	struct hak_value key;
	const struct hak_kind *kind;
	struct hak_value arg;
	struct hak_value v[HAK_WORDS_MAX];
	struct hak_at at;
	struct hak_live *live;
	bool elsewhere;
	unsigned int mark;
	uint32_t hash;
	struct hak_obj *same;
	struct hak_obj *next;
};

/**
 * struct hak_stmt - a parsed line
 * @object: the OBJECT
 * @verb: the COMMAND
 * @named: a NAME was said
 * @all: `flush all`
 * @typed: on the command line and not in a file
 * @obj: NAME and WORDs
 * @router: ROUTER-WORDs of `vip add ADDR dev DEV vrid N`
 * @n_router_words: how many
 * @router_word: the first of them
 * @at: where it stands
 */
struct hak_stmt {
	const struct hak_object *object;
	enum hak_verb verb;
	bool named;
	bool all;
	bool typed;
	struct hak_obj *obj;
	struct hak_obj *router;
	unsigned int n_router_words;
	const char *router_word;
	struct hak_at at;
};

/** struct hak_list - objects of one type, in order */
struct hak_list {
	struct hak_obj *first;
	struct hak_obj *last;
	unsigned int n;
};

/**
 * struct hak_model - a configuration, wanted or running
 * @list: objects by type
 * @n: all objects
 * @buckets: of the hash table over them
 * @n_buckets: a power of two, or 0
 */
struct hak_model {
	struct hak_list list[HAK_O_COUNT];
	unsigned int n;
	struct hak_obj **buckets;
	unsigned int n_buckets;
};

struct hak_obj *hak_obj_new(const struct hak_object *type, const char *name);
void hak_obj_free(struct hak_obj *o);
/** hak_obj_copy() - without what only replies have */
struct hak_obj *hak_obj_copy(const struct hak_obj *o);
/** hak_obj_value() - the VALUE of a word, the default when it was not said */
struct hak_value hak_obj_value(const struct hak_obj *o, unsigned int word);
bool hak_obj_word_equal(const struct hak_obj *a, const struct hak_obj *b, unsigned int word);
/** hak_obj_line() - append the line of a file that makes this object; @verb is "add" or "set" */
void hak_obj_line(const struct hak_obj *o, const char *verb, struct hak_buf *out);
/** hak_obj_words() - append the words of @o that are not at their default */
void hak_obj_words(const struct hak_obj *o, unsigned int skip_flags, struct hak_buf *out);

/** hak_obj_implied() - vrid and the same dev say nothing new of an address whose router is named */
bool hak_obj_implied(const struct hak_obj *o, unsigned int word);

void hak_model_add(struct hak_model *m, struct hak_obj *o);
void hak_model_remove(struct hak_model *m, struct hak_obj *o);
struct hak_obj *hak_model_find(const struct hak_model *m, enum hak_object_id id, const char *name);
/**
 * hak_model_twin() - the object of @m that is the same as @o
 *
 * An address is the same when its router is, a server when its pool is, a route when its
 * router, table and metric are, all else by name.
 */
struct hak_obj *hak_model_twin(const struct hak_model *m, const struct hak_obj *o);
/** hak_server_in() - is it a server of that pool? */
bool hak_server_in(const struct hak_obj *server, const char *pool);
/** hak_model_server() - a server of a pool by its name */
struct hak_obj *hak_model_server(const struct hak_model *m, const char *pool, const char *name);
struct hak_obj *hak_model_router_at(const struct hak_model *m, const char *dev, uint64_t vrid,
				    uint64_t family);
/** hak_model_settle() - every address knows its device, and whether that is its router's */
void hak_model_settle(struct hak_model *m);
/** hak_model_names() - append the names of all objects of a type, separated by spaces */
void hak_model_names(const struct hak_model *m, enum hak_object_id id, struct hak_buf *out);
/** hak_model_copy() - add copies of all objects of @from to @to */
void hak_model_copy(struct hak_model *to, const struct hak_model *from);
void hak_model_free(struct hak_model *m);
#define HAK_AT_TEXT	128
/** hak_at_text() - `, see FILE:LINE`, or `` for what the kernel has */
const char *hak_at_text(struct hak_at at, char out[HAK_AT_TEXT]);
/** hak_model_save() - append the lines that make this configuration */
void hak_model_save(const struct hak_model *m, struct hak_buf *out);

/**
 * hak_split() - split one line into words
 *
 * "…" knows \" and \\, '…' nothing, # starts a comment where a word could.
 * Returns the number of words, or -1 with a reason in @why. Free with
 * hak_split_free().
 */
int hak_split(const char *line, size_t len, char ***words, const char **why);
void hak_split_free(char **words);

/**
 * hak_parse() - words to a statement
 * @typed: on the command line (shortened words) and not in a file
 *
 * Returns NULL with at least one error in @errs.
 */
struct hak_stmt *hak_parse(int argc, char *const *argv, struct hak_at at, bool typed,
			   struct hak_errors *errs);
void hak_stmt_free(struct hak_stmt *st);

/** hak_track_check() - do the words of a track go with its kind? 0, or -1 with an error */
int hak_track_check(const struct hak_obj *t, struct hak_at at, struct hak_errors *errs);

/**
 * hak_router_check() - do the words of a router go together? 0, or -1 with an error
 * @whole: what was not said is at its default; without, it is not known
 */
int hak_router_check(const struct hak_obj *r, bool whole, struct hak_at at,
		     struct hak_errors *errs);
/**
 * hak_router_finish() - the words of a router that need more than a table
 * @r: of a line `router` or of `vip add ADDR dev DEV vrid N`
 */
int hak_router_finish(struct hak_stmt *st, struct hak_obj *r, struct hak_errors *errs);

/**
 * struct hak_conf - a file on its way to a model
 * @model: what it wants
 * @errs: all that is wrong with it
 * @hash: of the bytes of all files read
 * @sets: `set` lines, kept for the end
 * @n_sets: how many
 * @vips: `vip` lines, kept until all routers are known
 * @n_vips: how many
 * @failed: `OBJECT NAME` of `add` lines with errors: no follow-up errors about them
 * @names: names of the files, for struct hak_at
 * @n_names: how many
 * @depth: of includes
 * @files: lines come from a file and may include others
 */
struct hak_conf {
	struct hak_model model;
	struct hak_errors errs;
	struct hak_hash hash;
	struct hak_stmt **sets;
	size_t n_sets;
	struct hak_stmt **vips;
	size_t n_vips;
	struct hak_buf failed;
	char **names;
	size_t n_names;
	unsigned int depth;
	bool files;
};

void hak_conf_init(struct hak_conf *c);
/** hak_conf_text() - read lines from memory; @name is what errors call it */
void hak_conf_text(struct hak_conf *c, const char *name, const char *text, size_t len);
/** hak_conf_file() - read a file and what it includes; -errno if it cannot be read */
int hak_conf_file(struct hak_conf *c, const char *path);
/** hak_conf_finish() - apply `set` lines, find routers and tracks; errors are in @c->errs */
void hak_conf_finish(struct hak_conf *c);
void hak_conf_free(struct hak_conf *c);

#define HAK_AUTO_NAME	32
/** hak_auto_name() - DEV.VRID, IPv6 DEV.VRIDv6, with `_` for what no NAME may have */
void hak_auto_name(const char *dev, uint64_t vrid, uint64_t family, char out[HAK_AUTO_NAME]);

#endif /* HAK_PARSE_H */
