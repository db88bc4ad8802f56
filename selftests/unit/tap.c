// SPDX-License-Identifier: GPL-2.0-only
#include "tap.h"
#include <stdarg.h>
#include <stdio.h>

#define MAX_NOTES	5	/* of one test, so that a loop does not flood */

static size_t planned, done, failed, notes;

bool tap_check(bool ok, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	if (ok)
		return true;
	if (notes++ >= MAX_NOTES)
		return false;
	printf("# %s:%d: ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return false;
}

void tap_plan(size_t n)
{
	planned = n;
	printf("TAP version 13\n1..%zu\n", n);
}

void tap_result(const char *suite, const char *name)
{
	printf("%sok %zu - %s %s\n", notes ? "not " : "", ++done, suite, name);
	fflush(stdout);
	failed += notes != 0;
	notes = 0;
}

void tap_run(const char *suite, const struct tap_test *tests, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tests[i].fn();
		tap_result(suite, tests[i].name);
	}
}

int tap_exit(void)
{
	if (done != planned)
		printf("# planned %zu tests, ran %zu\n", planned, done);
	printf("# %zu passed, %zu failed\n", done - failed, failed);
	return failed || done != planned;
}
