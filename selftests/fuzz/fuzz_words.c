// SPDX-License-Identifier: GPL-2.0-only
/*
 * One command line, words separated by newlines: whatever it is, it ends in a
 * statement or in an error; and a statement prints as words that mean the same.
 */
#include "fuzz_userspace.h"
#include "parse.h"

#include <stdlib.h>
#include <string.h>

#define WORDS	64

static void must(bool ok)
{
	if (!ok)
		abort();
}

static int words_of(char *text, char **words)
{
	int n = 0;

	for (char *p = text; p && n < WORDS; n++) {
		words[n] = p;
		p = strchr(p, '\n');
		if (p)
			*p++ = '\0';
	}
	words[n] = NULL;
	return n;
}

/* The line of an object is read back as the same object. */
static void comes_back(const struct hak_stmt *st)
{
	struct hak_errors errs = { 0 };
	struct hak_buf one = { 0 }, two = { 0 };
	struct hak_stmt *again;
	const char *why;
	char **words;
	int n;

	hak_obj_line(st->obj, hak_verb_names[st->verb], &one);
	n = hak_split(one.s, one.len, &words, &why);
	must(n > 0);
	again = hak_parse(n, words, st->at, false, &errs);
	must(again);
	hak_obj_line(again->obj, hak_verb_names[again->verb], &two);
	must(!strcmp(one.s, two.s));
	hak_stmt_free(again);
	hak_split_free(words);
	hak_buf_free(&one);
	hak_buf_free(&two);
}

static void one(int n, char **words, bool typed)
{
	struct hak_errors errs = { 0 };
	struct hak_stmt *st = hak_parse(n, words, (struct hak_at){ 0 }, typed, &errs);

	must(!st == !!errs.n);
	if (st && !typed && !st->n_router_words &&
	    (st->verb == HAK_V_ADD || st->verb == HAK_V_SET))
		comes_back(st);
	hak_stmt_free(st);
	hak_errors_free(&errs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = hak_strndup((const char *)data, size), *words[WORDS + 1];
	int n = words_of(text, words);

	one(n, words, true);
	one(n, words, false);
	free(text);
	return 0;
}
