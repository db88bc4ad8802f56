// SPDX-License-Identifier: GPL-2.0-only
/* The grammar, line by line: what is taken, and what is said about the rest. */
#include "userspace.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *words;
	const char *says;	/* NULL: taken */
};

static void run(const struct row *rows, size_t n, bool typed)
{
	for (size_t i = 0; i < n; i++) {
		char *error = us_error(rows[i].words, typed);

		if (rows[i].says)
			CHECK_MSG(us_has(error, rows[i].says), "`%s`: %s", rows[i].words,
				  error ? error : "taken");
		else
			CHECK_MSG(!error, "`%s`: %s", rows[i].words, error);
		free(error);
	}
}

#define RUN(rows, typed) run(rows, TAP_COUNT(rows), typed)

static void routers(void)
{
	static const struct row rows[] = {
		{ "router add W dev eth0 vrid 51", NULL },
		{ "router add W vrid 51 dev eth0 family inet version 3 priority 255 interval 10ms "
		  "preempt off down-adverts 100 enable off accept always vmac off checksum pseudo "
		  "announce 0 announce-interval 60s track A track B weight -60 track C weight 253",
		  NULL },
		{ "router set W priority default interval default track none", NULL },
		{ "router set W dev default", "dev: has no default" },
		{ "router replace W dev eth0 vrid 1", NULL },
		{ "router replace W vrid 1", "`dev DEV` is missing" },
		{ "router del W", NULL },
		{ "router delete W", NULL },
		{ "router", NULL },
		{ "router show", NULL },
		{ "router ls", NULL },
		{ "router list W", NULL },
		{ "router state Active", NULL },
		{ "router show W state active", NULL },
		{ "router show state Active vrid 51", NULL },
		{ "router show W effective-priority 100", NULL },
		{ "router show W state", "state: its VALUE is missing" },
		{ "router history", NULL },
		{ "router hist W", NULL },
		{ "router s", "more than one command begins so" },
		{ "router shwo", "did you mean `show`" },
		{ "router add", "NAME is missing" },
		{ "router add dev eth0 vrid 1", "wants NAME before its words" },
		{ "router add W", "`dev DEV` is missing" },
		{ "router add W dev eth0", "`vrid N` is missing" },
		{ "router add W dev eth0 vrid 0", "vrid: 0 is not between 1 and 255" },
		{ "router add W dev eth0 vrid 256", "vrid: 256 is not between 1 and 255" },
		{ "router add W dev eth0 vrid 0x1", "vrid: `0x1` is no number" },
		{ "router add W dev eth0 vrid 1 vrid 1", "vrid: is said twice" },
		{ "router add W dev eth0/1 vrid 1", "dev: `eth0/1` is no name of a device" },
		{ "router add W dev abcdefghijklmnop vrid 1", "no name of a device" },
		{ "router add all dev eth0 vrid 1", "`all` is no NAME" },
		{ "router add W dev eth0 vrid 1 family inet6", "family: `inet6` is not in this version" },
		{ "router add W dev eth0 vrid 1 version 2", "version: `2` is not in this version" },
		{ "router add W dev eth0 vrid 1 version 4", "version: `4` is none of: 3" },
		{ "router add W dev eth0 vrid 1 interval 15ms", "no multiple of 10ms" },
		{ "router add W dev eth0 vrid 1 interval 41s", "is not between 10ms and 40950ms" },
		{ "router add W dev eth0 vrid 1 accept maybe", "is none of: on off always" },
		{ "router add W dev eth0 vrid 1 preempt yes", "is none of: on off" },
		{ "router add W dev eth0 vrid 1 weigth 3", "did you mean `weight`" },
		{ "router add W dev eth0 vrid 1 weight 3", "stands right behind `track NAME`" },
		{ "router add W dev eth0 vrid 1 preempt_delay 3",
		  "preempt_delay: `preempt-delay` is not in this version" },
		{ "router add W dev eth0 vrid 1 nopreempt", "say `preempt off`" },
		{ "router add W dev eth0 vrid 1 virtual_router_id 3", "say `vrid N`" },
		{ "router add W dev eth0 vrid 1 track A track A", "A is said twice" },
		{ "router add W dev eth0 vrid 1 track A track none", "`none` and a NAME" },
		{ "router add W dev eth0 vrid 1 track A weight 254", "not between -253 and 253" },
		{ "router add W dev eth0 vrid 1 track A weight", "weight: its N is missing" },
		{ "router add W dev eth0 vrid 1 track a/b", "`a/b` is no NAME" },
		{ "router set W state Active", "state: not a word of `router set`" },
		{ "router del W extra", "extra: not a word of `router del`" },
		{ "router resign W", "resign: not in this version" },
		{ "router report W up", "not a command of `router`" },
	};

	RUN(rows, true);
}

/* No later word is silently ignored, wherever it stands. */
static void later_words(void)
{
	static const char *const words[] = {
		"preempt-delay 60", "start-delay 3s", "source 192.0.2.1", "peer 192.0.2.1",
		"min-ttl 1", "auth-pass x", "auth-file /x", "announce-refresh 5s", "group G",
		"vmac on",
	};
	static const char *const objects[] = {
		"group", "route", "pool", "server", "service", "conn", "lb", "sync", "notify",
	};

	for (size_t i = 0; i < TAP_COUNT(words); i++)
		for (int where = 0; where < 3; where++) {
			static const char *const lines[] = {
				"router add W dev eth0 vrid 1 %s", "router set W %s",
				"vip add 192.0.2.1 dev eth0 vrid 1 %s",
			};
			char *line = hak_printf(lines[where], words[i]);
			char *error = us_error(line, where == 0);

			CHECK_MSG(us_has(error, "not in this version of hak"), "`%s`: %s", line,
				  error ? error : "taken");
			free(error);
			free(line);
		}
	for (size_t i = 0; i < TAP_COUNT(objects); i++) {
		char *line = hak_printf("%s add x", objects[i]), *error = us_error(line, false);

		CHECK_MSG(us_has(error, "not in this version of hak"), "%s: %s", line, error);
		CHECK(!strncmp(error, objects[i], strlen(objects[i])));
		free(error);
		free(line);
	}
}

static void vips(void)
{
	static const struct row rows[] = {
		{ "vip add 192.0.2.1/24 router W label eth0:1 advert off", NULL },
		{ "vip add 192.0.2.1/24 dev eth0 vrid 51 priority 150 preempt off", NULL },
		{ "vip del 192.0.2.1 dev eth0 vrid 51", NULL },
		{ "vip del 192.0.2.1 router W", NULL },
		{ "vip show router W", NULL },
		{ "vip show 192.0.2.1", NULL },
		{ "vip show 192.0.2.1 installed on", NULL },
		{ "vip add", "ADDR[/LEN] is missing" },
		{ "vip add 192.0.2.1", "say `dev DEV vrid N` or `router NAME`" },
		{ "vip add 192.0.2.1 dev eth0", "say `dev DEV vrid N`" },
		{ "vip add 192.0.2.1 vrid 1", "say `dev DEV vrid N`" },
		{ "vip add 192.0.2.1 router W dev eth1", "dev: another device" },
		{ "vip add 192.0.2.1 router W vrid 1", "vrid: the router is named already" },
		{ "vip add 192.0.2.1 router W priority 10", "say `router set W priority" },
		{ "vip add 2001:db8::1 router W", "IPv6 is not in this version" },
		{ "vip add nowhere router W", "`nowhere` is no address" },
		{ "vip add 192.0.2.1 router W installed on", "installed: not a word" },
		{ "vip add 192.0.2.1 router W mask 24", "mask: not a word of `vip add`" },
		{ "vip add 192.0.2.1 dev eth0 vrid 1 priority 300", "priority: 300 is not between" },
		{ "vip del 192.0.2.1", "say `dev DEV vrid N`" },
		{ "vip del 192.0.2.1 router W advert on", "advert: not a word of `vip del`" },
		{ "vip set 192.0.2.1 router W", "not a command of `vip`" },
	};

	RUN(rows, true);
}

static void tracks(void)
{
	static const struct row rows[] = {
		{ "track add T report", NULL },
		{ "track add T report lease 100ms initial up", NULL },
		{ "track add T report lease 0", NULL },
		{ "track set T lease default", NULL },
		{ "track del T", NULL },
		{ "track report T up", NULL },
		{ "track report T down reason \"it broke\"", NULL },
		{ "track report T -60", NULL },
		{ "track show T state down", NULL },
		{ "track show state value", NULL },
		{ "track add T", "what kind? say one of: report" },
		{ "track add T dev eth0", "dev: not in this version" },
		{ "track add T route 192.0.2.0/24", "route: not in this version" },
		{ "track add T pool web", "pool: not in this version" },
		{ "track add T frob", "frob: not a word" },
		{ "track add T report lease 99ms", "between 100ms and 1d" },
		{ "track add T report lease 2d", "not between" },
		{ "track add T report initial value", "is none of: down up" },
		{ "track report T", "none of: up, down" },
		{ "track report T sideways", "`sideways` is none of" },
		{ "track report T 254", "`254` is none of" },
		{ "track report T up lease 1s", "lease: not a word of `track report`" },
		{ "track replace T report", "not a command of `track`" },
	};

	RUN(rows, true);
}

static void checks(void)
{
	static const struct row rows[] = {
		{ "check add c script true", NULL },
		{ "check add c script \"a b 'c d'\" interval 1s fast-interval 100ms timeout 500ms "
		  "rise 1 fall 2 weight-from exit user nobody on-fail \"x y\" on-recover z", NULL },
		{ "check add c process haproxy", NULL },
		{ "check add c tcp to 127.0.0.1:80 dev eth0 source 127.0.0.2", NULL },
		{ "check add c tcp to [::1]:80", NULL },
		{ "check add c", "what kind? say one of: script process tcp" },
		{ "check add c script", "script: its CMD is missing" },
		{ "check add c tcp", "`to ADDR:PORT` is missing" },
		{ "check add c tcp to 127.0.0.1", "the port is missing" },
		{ "check add c script true to 127.0.0.1:1", "means nothing to a `script` check" },
		{ "check add c process x weight-from exit", "means nothing to a `process` check" },
		{ "check add c icmp", "icmp: not in this version" },
		{ "check add c http path /", "http: not in this version" },
		{ "check add c dns name x", "dns: not in this version" },
		{ "check add c tcp to 127.0.0.1:1 expect x", "expect: not in this version" },
		{ "check add c script true rise 0", "rise: 0 is not between" },
		{ "check set c rise 1", "not a command of `check`" },
		{ "check run c", "is typed only" },
	};
	static const struct row typed[] = {
		{ "check", NULL },
		{ "check show c", NULL },
		{ "check run c", NULL },
		{ "check run", "NAME is missing" },
		{ "check add c script true", "stand in hak.conf only" },
	};

	RUN(rows, false);
	RUN(typed, true);
}

/* Shortened words and commands that only look are typed, not filed. */
static void file_words(void)
{
	static const struct row rows[] = {
		{ "router add W dev eth0 vrid 51", NULL },
		{ "router set W priority 3", NULL },
		{ "router show", "show: is typed only" },
		{ "router list", "list: is typed only" },
		{ "router del W", "del: is typed only" },
		{ "router ad W dev eth0 vrid 1", "ad: is typed only" },
		{ "router", "what about it" },
		{ "rou add W dev eth0 vrid 1", "rou: not a word of `a file`" },
		{ "status", "status: not a word" },
		{ "vrrp_instance VI_1", "say `router add NAME" },
	};

	RUN(rows, false);
}

/* Every word of every table prints as it is read. */
static void every_word_comes_back(void)
{
	static const char *const lines[] = {
		"router add W dev eth0 vrid 51 priority 150 interval 200ms preempt off "
		"down-adverts 5 enable off accept always checksum pseudo announce 0 "
		"announce-interval 1s track a track b weight -60",
		"track add T report lease 5s initial up",
		"check add c script \"a \\\"b\\\" c\" interval 1s fast-interval 100ms timeout 500ms "
		"rise 1 fall 2 weight-from output user nobody on-fail \"x y\" on-recover z",
		"check add c tcp to 127.0.0.1:80 dev eth0 source 127.0.0.2",
		"check add c process haproxy",
	};

	for (size_t i = 0; i < TAP_COUNT(lines); i++) {
		struct hak_errors errs = { 0 };
		struct hak_buf b = { 0 };
		struct hak_stmt *st;
		const char *why;
		char **words;
		int n = hak_split(lines[i], strlen(lines[i]), &words, &why);

		st = hak_parse(n, words, (struct hak_at){ 0 }, false, &errs);
		CHECK_MSG(st, "%s", errs.n ? errs.list[0].text : "?");
		if (st) {
			hak_obj_line(st->obj, "add", &b);
			CHECK_MSG(!strcmp(b.s, lines[i]), "%s", b.s);
		}
		hak_stmt_free(st);
		hak_errors_free(&errs);
		hak_split_free(words);
		hak_buf_free(&b);
	}
}

static void all_errors_of_a_line(void)
{
	char *argv[] = { "router", "add", "W", "dev", "eth0", "vrid", "500", "interval", "1x",
			 "preempt-delay", "3", "priority", "0", NULL };
	struct hak_errors errs = { 0 };
	struct hak_at at = { .file = "f", .line = 7 };

	CHECK(!hak_parse(13, argv, at, false, &errs));
	CHECK_NUM(errs.n, 4);
	for (size_t i = 0; i < errs.n; i++) {
		CHECK(errs.list[i].line == 7 && !strcmp(errs.list[i].file, "f"));
		CHECK(errs.list[i].word && errs.list[i].code);
	}
	hak_errors_free(&errs);
}

static const struct tap_test tests[] = {
	TAP_TEST(routers), TAP_TEST(later_words), TAP_TEST(vips), TAP_TEST(tracks),
	TAP_TEST(checks), TAP_TEST(file_words), TAP_TEST(every_word_comes_back),
	TAP_TEST(all_errors_of_a_line),
};

const struct us_suite us_words = { "words", tests, TAP_COUNT(tests) };
