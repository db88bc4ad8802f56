/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test is a function; it fails when one CHECK in it does. tap_run() prints
 * one TAP line a test. One plan covers all suites of the program.
 */
#ifndef HAK_UNIT_TAP_H
#define HAK_UNIT_TAP_H

#include <stdbool.h>
#include <stddef.h>

struct tap_test {
	const char *name;
	void (*fn)(void);
};

#define TAP_TEST(fn)	{ #fn, fn }
#define TAP_COUNT(list)	(sizeof(list) / sizeof((list)[0]))

/* Note a failed expectation of the running test; returns @ok. */
bool tap_check(bool ok, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#define CHECK(cond)		tap_check(cond, __FILE__, __LINE__, "%s", #cond)
#define CHECK_MSG(cond, ...)	tap_check(cond, __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_NUM(got, want) do {						\
	unsigned long long got_ = (got), want_ = (want);			\
	tap_check(got_ == want_, __FILE__, __LINE__, "%s is %llu, not %llu",	\
		  #got, got_, want_);						\
} while (0)

void tap_plan(size_t n);
void tap_run(const char *suite, const struct tap_test *tests, size_t n);
/* One test made at run time; its CHECKs come before this. */
void tap_result(const char *suite, const char *name);
int tap_exit(void);

#endif /* HAK_UNIT_TAP_H */
