// SPDX-License-Identifier: GPL-2.0-only
#include "userspace.h"

#include <stdlib.h>
#include <string.h>

static void times(void)
{
	static const struct {
		const char *text;
		uint64_t ns;
		const char *back;
	} good[] = {
		{ "0", 0, "0" },
		{ "1", HAK_NS_S, "1s" },
		{ "10ms", 10 * HAK_NS_MS, "10ms" },
		{ "1.5s", 1500 * HAK_NS_MS, "1500ms" },
		{ "0.1", 100 * HAK_NS_MS, "100ms" },
		{ "2m", 120 * HAK_NS_S, "2m" },
		{ "60s", 60 * HAK_NS_S, "1m" },
		{ "90s", 90 * HAK_NS_S, "90s" },
		{ "8h", 28800 * HAK_NS_S, "8h" },
		{ "7d", 604800 * HAK_NS_S, "7d" },
		{ "0.5d", 43200 * HAK_NS_S, "12h" },
		{ "1.000001s", 1000001000, "1000.001000ms" },
	};
	static const char *const bad[] = {
		"", "s", "1x", "1 s", "-1", "+1", "1.", ".5", "1.5.5s", "1s1", "1e3", "0x1", "1S",
		"99999999999999999999s", "1.1234567s", "9999999999999999d", "ms",
	};

	for (size_t i = 0; i < TAP_COUNT(good); i++) {
		struct hak_buf b = { 0 };
		uint64_t ns = 1;

		CHECK_MSG(hak_time_parse(good[i].text, &ns), "%s", good[i].text);
		CHECK_NUM(ns, good[i].ns);
		hak_time_text(ns, &b);
		CHECK_MSG(!strcmp(b.s, good[i].back), "%s is printed as %s", good[i].text, b.s);
		CHECK(hak_time_parse(b.s, &ns) && ns == good[i].ns);
		hak_buf_free(&b);
	}
	for (size_t i = 0; i < TAP_COUNT(bad); i++) {
		uint64_t ns;

		CHECK_MSG(!hak_time_parse(bad[i], &ns), "`%s` is taken", bad[i]);
	}
}

static void names(void)
{
	static const char *const good[] = {
		"A", "eth0.51", "_x", "0", "a-b.c_d", "abcdefghijklmnopqrstuvwxyz01234",
	};
	static const char *const bad[] = {
		"", "-a", ".a", "a b", "a/b", "all", "any", "none", "default", "\xc3\xa4",
		"abcdefghijklmnopqrstuvwxyz012345", "a\n",
	};

	for (size_t i = 0; i < TAP_COUNT(good); i++)
		CHECK_MSG(hak_is_name(good[i]), "%s", good[i]);
	for (size_t i = 0; i < TAP_COUNT(bad); i++)
		CHECK_MSG(!hak_is_name(bad[i]), "%s", bad[i]);
}

static void addresses(void)
{
	static const struct {
		enum hak_type type;
		const char *text;
		const char *back;	/* NULL: refused */
	} rows[] = {
		{ HAK_T_PREFIX, "192.0.2.1", "192.0.2.1/32" },
		{ HAK_T_PREFIX, "192.0.2.1/24", "192.0.2.1/24" },
		{ HAK_T_PREFIX, "192.0.2.1/0", "192.0.2.1/0" },
		{ HAK_T_PREFIX, "2001:DB8::1", "2001:db8::1/128" },
		{ HAK_T_PREFIX, "192.0.2.1/33", NULL },
		{ HAK_T_PREFIX, "192.0.2.1/", NULL },
		{ HAK_T_PREFIX, "192.0.2.1/-1", NULL },
		{ HAK_T_PREFIX, "192.0.2.1/2 4", NULL },
		{ HAK_T_PREFIX, "192.0.2", NULL },
		{ HAK_T_PREFIX, "192.0.2.256", NULL },
		{ HAK_T_PREFIX, "192.0.2.1:80", NULL },
		{ HAK_T_PREFIX, "2001:db8::1/129", NULL },
		{ HAK_T_PREFIX, "", NULL },
		{ HAK_T_ADDR, "192.0.2.1", "192.0.2.1" },
		{ HAK_T_ADDR, "192.0.2.1/24", NULL },
		{ HAK_T_TO, "192.0.2.1:80", "192.0.2.1:80" },
		{ HAK_T_TO, "192.0.2.1", "192.0.2.1" },
		{ HAK_T_TO, "[2001:db8::1]:80", "[2001:db8::1]:80" },
		{ HAK_T_TO, "[2001:db8::1]", "2001:db8::1" },
		{ HAK_T_TO, "2001:db8::1", "2001:db8::1" },
		{ HAK_T_TO, "[192.0.2.1]:80", NULL },
		{ HAK_T_TO, "[2001:db8::1", NULL },
		{ HAK_T_TO, "[2001:db8::1]80", NULL },
		{ HAK_T_TO, "192.0.2.1:0", NULL },
		{ HAK_T_TO, "192.0.2.1:65536", NULL },
		{ HAK_T_TO, "192.0.2.1:", NULL },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_value_rule rule = { .type = rows[i].type };
		struct hak_value v = { 0 };
		struct hak_buf b = { 0 };
		char why[HAK_WHY_SIZE] = "";
		bool ok = !hak_value_parse(&rule, rows[i].text, &v, why);

		CHECK_MSG(ok == !!rows[i].back, "`%s`: %s", rows[i].text, why);
		if (ok)
			hak_value_text(&rule, &v, &b);
		CHECK_MSG(!ok || !strcmp(b.s, rows[i].back), "%s is printed as %s", rows[i].text, b.s);
		CHECK_MSG(ok || us_has(why, "no address"), "%s: %s", rows[i].text, why);
		hak_buf_free(&b);
	}
}

static void ages(void)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0.0s" }, { 400 * HAK_NS_MS, "0.4s" }, { 40 * HAK_NS_S, "40s" },
		{ 131 * HAK_NS_S, "2m11s" }, { 3 * 3600 * HAK_NS_S, "3h" },
		{ (12 * 86400 + 4 * 3600) * HAK_NS_S, "12d4h" },
	};
	char text[32];

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		hak_age_text(rows[i].ns, text, sizeof(text));
		CHECK_MSG(!strcmp(text, rows[i].text), "%s, not %s", text, rows[i].text);
	}
	hak_stamp_text(UINT64_C(1795316327412000000), 3, text, sizeof(text));
	CHECK_MSG(!strcmp(text, "2026-11-22T03:12:07.412Z") || us_has(text, "T"), "%s", text);
}

static void splitting(void)
{
	static const struct {
		const char *line;
		int n;
		const char *last;
	} rows[] = {
		{ "", 0, NULL },
		{ "   # nothing", 0, NULL },
		{ "a b\tc\r", 3, "c" },
		{ "a b#c", 2, "b#c" },
		{ "a #c", 1, "a" },
		{ "a \"b c\"", 2, "b c" },
		{ "a \"b \\\"c\\\\\"", 2, "b \"c\\" },
		{ "a 'b \\\" c'", 2, "b \\\" c" },
		{ "a ''", 2, "" },
		{ "a b'c d'e", 2, "bc de" },
		{ "a \"# b\"", 2, "# b" },
		{ "a \"b", -1, NULL },
		{ "a 'b", -1, NULL },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		const char *why;
		char **words;
		int n = hak_split(rows[i].line, strlen(rows[i].line), &words, &why);

		CHECK_MSG(n == rows[i].n, "`%s` has %d words", rows[i].line, n);
		if (n > 0 && rows[i].last)
			CHECK_MSG(!strcmp(words[n - 1], rows[i].last), "`%s`", words[n - 1]);
		if (n >= 0)
			hak_split_free(words);
		CHECK(n >= 0 || us_has(why, "quote"));
	}
}

static void quoting(void)
{
	static const char *const words[] = {
		"plain", "two words", "\"", "a\\b", "it's", "#x", "", "tab\there", "\\", "a\"b\\c 'd'",
	};

	for (size_t i = 0; i < TAP_COUNT(words); i++) {
		struct hak_buf b = { 0 };
		const char *why;
		char **back;
		int n;

		hak_quote(words[i], &b);
		n = hak_split(b.s, b.len, &back, &why);
		CHECK_MSG(n == 1 && !strcmp(back[0], words[i]), "%s", b.s);
		if (n >= 0)
			hak_split_free(back);
		hak_buf_free(&b);
	}
}

static void suggestions(void)
{
	static const char choices[] = "priority interval preempt track weight";
	static const struct {
		const char *word;
		const char *near;
	} rows[] = {
		{ "weigth", "weight" }, { "priorty", "priority" }, { "pre_empt", "preempt" },
		{ "INTERVAL", "interval" }, { "x", NULL }, { "frobnicate", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		char *near = hak_suggest(rows[i].word, choices);

		CHECK_MSG(!near == !rows[i].near && (!near || !strcmp(near, rows[i].near)),
			  "%s: %s", rows[i].word, near ? near : "nothing");
		free(near);
	}
	CHECK(us_has(hak_suggest_foreign("nopreempt", NULL), "preempt off"));
	CHECK(us_has(hak_suggest_foreign("virtual_router_id", NULL), "vrid N"));
	CHECK(us_has(hak_suggest_foreign("advert_int", NULL), "interval"));
	CHECK(!hak_suggest_foreign("weigth", NULL));
	/* What a word means may depend on where it stands. */
	CHECK(us_has(hak_suggest_foreign("down", &hak_object_router), "enable off"));
	CHECK(us_has(hak_suggest_foreign("down", &hak_object_server), "state down"));
	CHECK(!hak_suggest_foreign("down", &hak_object_pool) && !hak_suggest_foreign("down", NULL));
}

static const struct tap_test tests[] = {
	TAP_TEST(times), TAP_TEST(names), TAP_TEST(addresses), TAP_TEST(ages), TAP_TEST(splitting),
	TAP_TEST(quoting), TAP_TEST(suggestions),
};

const struct us_suite us_value = { "value", tests, TAP_COUNT(tests) };
