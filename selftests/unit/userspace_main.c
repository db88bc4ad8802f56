// SPDX-License-Identifier: GPL-2.0-only
#include "userspace.h"

#include <stdlib.h>
#include <string.h>

const char *us_fixtures = "fixtures";

bool us_has(const char *text, const char *part)
{
	return text && strstr(text, part);
}

void us_model(struct hak_conf *c, const char *lines)
{
	hak_conf_init(c);
	hak_conf_text(c, "test.conf", lines, strlen(lines));
	hak_conf_finish(c);
	for (size_t i = 0; i < c->errs.n; i++)
		CHECK_MSG(false, "line %u: %s", c->errs.list[i].line, c->errs.list[i].text);
}

/* NULL without an error: the words could not be split. */
static struct hak_stmt *parse(const char *line, bool typed, struct hak_errors *errs, const char **why)
{
	struct hak_stmt *st;
	char **words;
	int n = hak_split(line, strlen(line), &words, why);

	if (n < 0)
		return NULL;
	st = hak_parse(n, words, (struct hak_at){ 0 }, typed, errs);
	CHECK_MSG(!st == !!errs->n, "`%s`: a statement and errors, or neither", line);
	hak_split_free(words);
	return st;
}

char *us_error(const char *line, bool typed)
{
	struct hak_errors errs = { 0 };
	const char *why = NULL;
	struct hak_stmt *st = parse(line, typed, &errs, &why);
	const char *text = errs.n ? errs.list[0].text : why;
	char *copy = !st && text ? hak_strdup(text) : NULL;

	hak_errors_free(&errs);
	hak_stmt_free(st);
	return copy;
}

struct hak_stmt *us_stmt(const char *line)
{
	struct hak_errors errs = { 0 };
	const char *why = "";
	struct hak_stmt *st = parse(line, true, &errs, &why);

	CHECK_MSG(st, "`%s`: %s", line, errs.n ? errs.list[0].text : why);
	hak_errors_free(&errs);
	return st;
}

int main(int argc, char **argv)
{
	const struct us_suite *suites[] = {
		&us_value, &us_words, &us_conf, &us_diff, &us_show, &us_nl, &us_check,
	};
	size_t n = 0;

	if (argc > 1)
		us_fixtures = argv[1];
	for (size_t i = 0; i < TAP_COUNT(suites); i++)
		n += suites[i]->n;
	tap_plan(n);
	for (size_t i = 0; i < TAP_COUNT(suites); i++)
		tap_run(suites[i]->name, suites[i]->tests, suites[i]->n);
	return tap_exit();
}
