/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output: text and JSON from one call. A NULL format says nothing in text; a
 * NULL key says nothing in JSON.
 */
#ifndef HAK_PRINT_H
#define HAK_PRINT_H

#include "error.h"

#define HAK_OUT_DEPTH	16

/**
 * struct hak_out - where output goes, and how
 * @f: stream
 * @json: JSON instead of text
 * @pretty: JSON with line breaks
 * @stats: with counters
 * @oneline: one line per object
 * @brief: only the most important
 * @color: with colours
 * @depth: open objects and arrays
 * @filled: something was written at this depth
 */
struct hak_out {
	FILE *f;
	bool json;
	bool pretty;
	bool stats;
	bool oneline;
	bool brief;
	bool color;
	unsigned int depth;
	bool filled[HAK_OUT_DEPTH];
};

void hak_out_open(struct hak_out *o, const char *key, char bracket);
void hak_out_close(struct hak_out *o, char bracket);
/** hak_out_end() - ends a JSON document with a newline */
void hak_out_end(struct hak_out *o);

void hak_out_str(struct hak_out *o, const char *key, const char *fmt, const char *s);
void hak_out_num(struct hak_out *o, const char *key, const char *fmt, uint64_t n);
void hak_out_int(struct hak_out *o, const char *key, const char *fmt, int64_t n);
void hak_out_bool(struct hak_out *o, const char *key, bool b);
void hak_out_null(struct hak_out *o, const char *key);
/** hak_out_str_or_null() - without a string, or with an empty one: null, and no text */
void hak_out_str_or_null(struct hak_out *o, const char *key, const char *fmt, const char *s);
void hak_out_text(struct hak_out *o, const char *fmt, ...) HAK_PRINTF(2, 3);
/** hak_out_newline() - a break inside an object: `\` with -o */
void hak_out_newline(struct hak_out *o);

enum hak_color {
	HAK_COLOR_GOOD,
	HAK_COLOR_BAD,
	HAK_COLOR_DIM,
};

void hak_out_color(struct hak_out *o, enum hak_color color, const char *fmt, const char *s);

/** hak_out_errors() - all errors, as lines or as JSON objects */
void hak_out_errors(const struct hak_errors *errs, bool json, bool pretty);

#endif /* HAK_PRINT_H */
