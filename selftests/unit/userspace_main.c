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

char *us_error(const char *line, bool typed)
{
	struct hak_errors errs = { 0 };
	struct hak_at at = { 0 };
	struct hak_stmt *st;
	const char *why;
	char **words, *text = NULL;
	int n = hak_split(line, strlen(line), &words, &why);

	if (n < 0)
		return hak_strdup(why);
	st = hak_parse(n, words, at, typed, &errs);
	CHECK_MSG(!st == !!errs.n, "`%s`: a statement and errors, or neither", line);
	if (errs.n)
		text = hak_strdup(errs.list[0].text);
	hak_errors_free(&errs);
	hak_stmt_free(st);
	hak_split_free(words);
	return text;
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
