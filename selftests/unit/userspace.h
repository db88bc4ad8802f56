/* SPDX-License-Identifier: GPL-2.0-only */
/* Suites of the unit tests of userspace/. */
#ifndef HAK_UNIT_USERSPACE_H
#define HAK_UNIT_USERSPACE_H

#include "parse.h"
#include "tap.h"

/** struct us_suite - tests of one file */
struct us_suite {
	const char *name;
	const struct tap_test *tests;
	size_t n;
};

extern const struct us_suite us_value, us_words, us_conf, us_diff, us_show, us_nl, us_check;
/** us_fixtures - folder of the fixtures */
extern const char *us_fixtures;

/** us_model() - a model from lines; the test fails when they have errors */
void us_model(struct hak_conf *c, const char *lines);
/** us_error() - a statement from words separated by spaces; NULL, or its error, to be freed */
char *us_error(const char *words, bool typed);
/** us_stmt() - a statement as it is typed, to be freed; the test fails when there is none */
struct hak_stmt *us_stmt(const char *words);
bool us_has(const char *text, const char *part);

#endif /* HAK_UNIT_USERSPACE_H */
