/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the output have in common; for lib/show*.c only. */
#ifndef HAK_SHOW_LB_H
#define HAK_SHOW_LB_H

#include "show.h"

/* show.c */
/** hak_resigned_text() - how long a router goes on preempting nobody; false: it does not */
bool hak_resigned_text(const struct hak_obj *r, char *out, size_t size);
/** hak_show_names() - a list of names, in JSON only */
void hak_show_names(struct hak_out *out, const char *key, const struct hak_value *v);
/** hak_show_words() - the words of a line, in text only */
void hak_show_words(struct hak_out *out, const struct hak_obj *o);

/** struct hak_counter - one of `counters` */
struct hak_counter {
	unsigned int attr;
	const char *key;
};

/**
 * hak_show_counters() - those of the table, where counters are wanted
 * @live: where they are, NULL: all are 0
 *
 * Returns false when they are not; otherwise `counters` is left open for more.
 */
bool hak_show_counters(struct hak_out *out, const struct hak_live *live,
		       const struct hak_counter *counters, size_t n);

/* show_lb.c */
/**
 * hak_server_is() - the one word for how a server is: up, drain, down, or idle for
 * one without weight
 * @by_operator: set when it is the operator who wants it so
 */
const char *hak_server_is(const struct hak_obj *o, bool *by_operator);
#define HAK_AVOIDED_TEXT	80
/** hak_server_is_avoided() - for how long, and why; false: it is not */
bool hak_server_is_avoided(const struct hak_obj *o, char *text, size_t size);
void hak_show_pool(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o,
		   uint64_t now);
void hak_show_server(struct hak_out *out, const struct hak_obj *o, uint64_t now);
void hak_show_service(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o);
void hak_show_lb(struct hak_out *out, const struct hak_obj *o);

/* show_status_lb.c */
void hak_show_status_lb(struct hak_out *out, const struct hak_status *s);

#endif /* HAK_SHOW_LB_H */
