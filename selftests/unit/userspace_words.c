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
		{ "router add W dev eth0 vrid 1 family inet6", NULL },
		{ "router add W dev eth0 vrid 1 family ipv6", "is none of: inet inet6" },
		{ "router add W dev eth0 vrid 1 version 4", "version: `4` is none of: 3 2" },
		{ "router add W dev eth0 vrid 1 interval 15ms", "no multiple of 10ms" },
		{ "router add W dev eth0 vrid 1 interval 41s", "version 3 goes up to 40.95s, interval is 41s" },
		{ "router add W dev eth0 vrid 1 accept maybe", "is none of: on off always" },
		{ "router add W dev eth0 vrid 1 preempt yes", "is none of: on off" },
		{ "router add W dev eth0 vrid 1 weigth 3", "did you mean `weight`" },
		{ "router add W dev eth0 vrid 1 weight 3", "stands right behind `track NAME`" },
		{ "router add W dev eth0 vrid 1 preempt_delay 3", "did you mean `preempt-delay`" },
		{ "router add W dev eth0 vrid 1 nopreempt", "say `preempt off`" },
		{ "router add W dev eth0 vrid 1 virtual_router_id 3", "say `vrid N`" },
		{ "router add W dev eth0 vrid 1 track A track A", "A is said twice" },
		{ "router add W dev eth0 vrid 1 track A track none", "`none` and a NAME" },
		{ "router add W dev eth0 vrid 1 track A weight 254", "not between -253 and 253" },
		{ "router add W dev eth0 vrid 1 track A weight", "weight: its N is missing" },
		{ "router add W dev eth0 vrid 1 track a/b", "`a/b` is no NAME" },
		{ "router set W state Active", "state: not a word of `router set`" },
		{ "router del W extra", "extra: not a word of `router del`" },
		{ "router resign W", NULL },
		{ "router resign W for 5m", NULL },
		{ "router res W for 10ms", NULL },
		{ "router resign", "NAME is missing" },
		{ "router resign for 5m", "wants NAME before its words" },
		{ "router resign W for", "for: its VALUE is missing" },
		{ "router resign W for 0", "for: 0 is not between 10ms and 7d" },
		{ "router resign W for ever", "for: `ever` is no TIME" },
		{ "router resign W until 5m", "until: not a word of `router resign`; words: for" },
		{ "router resign W priority 5", "priority: not a word of `router resign`" },
		{ "router set W for 5m", "for: not a word of `router set`" },
		{ "router show for 5m", "for: not a word of `router show`" },
		{ "router set W resigned 5m", "resigned: not a word of `router set`" },
		{ "router report W up", "not a command of `router`" },
	};

	RUN(rows, true);
}

#define NEW	"router add W dev eth0 vrid 1 "
#define NEW6	NEW "family inet6 "
#define VIP	"vip add 192.0.2.9 dev eth0 vrid 1 "
#define VIP6	"vip add 2001:db8::9 dev eth0 vrid 1 "

static void router_modes(void)
{
	static const struct row rows[] = {
		{ NEW "version 2 interval 255s auth-pass secret_8", NULL },
		{ NEW "peer 192.0.2.2 peer 192.0.2.3 source 192.0.2.1 min-ttl 1", NULL },
		{ NEW6 "peer 2001:db8::2 source 2001:db8::1 min-ttl 64", NULL },
		{ NEW6 "source fe80::1", NULL },
		{ NEW "vmac on preempt-delay 1d start-delay 3s announce-refresh 1s group EDGE", NULL },
		{ "router set W peer none source default auth-pass default group default", NULL },
		{ "router set W preempt-delay 0 start-delay 0 announce-refresh 0 vmac off", NULL },
		{ "router show peer 192.0.2.2", NULL },
		{ "router show source 192.0.2.2 group EDGE version 2", NULL },
		{ "router show auth-pass x", "auth-pass: not a word of `router show`" },
		{ "router set W version 2", NULL },
		{ "router set W min-ttl 64", NULL },
		{ "router set W auth-pass x", NULL },
		{ "router set W interval 100ms", NULL },
		{ "router set W checksum plain", NULL },
		{ "router set W source 2001:db8::1", NULL },
		{ VIP "version 2 peer 192.0.2.2", NULL },
		{ VIP6 "peer 2001:db8::2", NULL },
		{ VIP "min-ttl 64", NULL },
		{ NEW "version 2 interval 100ms", "version 2 needs whole seconds, interval is 100ms" },
		{ "router set W version 2 interval 1500ms",
		  "version 2 needs whole seconds, interval is 1500ms" },
		{ VIP "version 2 interval 10ms", "version 2 needs whole seconds, interval is 10ms" },
		{ NEW "interval 256s", "256s is not between 10ms and 255s" },
		{ NEW "interval 40960ms", "version 3 goes up to 40.95s, interval is 40960ms" },
		{ "router set W version 3 interval 60s", "version 3 goes up to 40.95s, interval is 1m" },
		{ NEW6 "version 2", "version 2 has no IPv6, family is inet6" },
		{ VIP6 "version 2", "version 2 has no IPv6" },
		{ NEW "auth-pass x", "auth-pass needs `version 2`" },
		{ "router set W version 3 auth-pass x", "auth-pass needs `version 2`" },
		{ NEW "version 2 auth-pass 123456789", "auth-pass: the text is longer than 8 bytes" },
		{ NEW "version 2 auth-pass x auth-file /x", "`auth-pass` says the password already" },
		{ NEW "version 2 auth-file /nowhere/at/all", "auth-file: /nowhere/at/all: No such file" },
		{ NEW "version 2 auth-file /dev/zero", "auth-file: /dev/zero: not a file" },
		{ NEW "min-ttl 254", "min-ttl: below 255 it needs `peer ADDR`" },
		{ "router set W peer none min-ttl 254", "min-ttl: below 255 it needs `peer ADDR`" },
		{ NEW "min-ttl 0", "min-ttl: 0 is not between 1 and 255" },
		{ NEW "peer 2001:db8::2", "peer: 2001:db8::2 is not of the router's family inet" },
		{ NEW6 "peer 192.0.2.2", "peer: 192.0.2.2 is not of the router's family inet6" },
		{ VIP6 "peer 192.0.2.2", "peer: 192.0.2.2 is not of the router's family inet6" },
		{ NEW "source fe80::1", "source: fe80::1 is not of the router's family inet" },
		{ NEW6 "source 2001:db8::1", "source: without `peer ADDR` it has to be a link-local" },
		{ NEW "peer 192.0.2.2 peer 192.0.2.2", "peer: 192.0.2.2 is said twice" },
		{ NEW6 "peer 2001:db8::2 peer 2001:0DB8:0::2", "peer: 2001:db8::2 is said twice" },
		{ NEW "peer 192.0.2.2 peer none", "peer: `none` and a NAME" },
		{ NEW "peer eth0", "peer: `eth0` is no address" },
		{ NEW "peer 192.0.2.2/24", "peer: `192.0.2.2/24` is no address" },
		{ NEW "vmac on peer 192.0.2.2", "vmac: `vmac on` does not go with `peer ADDR`" },
		{ NEW "version 2 checksum plain", "checksum: only version 3 of IPv4 has a choice" },
		{ NEW6 "checksum pseudo", "checksum: only version 3 of IPv4 has a choice" },
		{ NEW "announce-refresh 999ms", "announce-refresh: is 0 (never) or between 1s and 1d" },
		{ VIP "announce-refresh 10ms", "announce-refresh: is 0 (never) or between 1s and 1d" },
		{ NEW "announce-refresh 25h", "is not between 0 and 1d" },
		{ NEW "preempt-delay 25h", "is not between 0 and 1d" },
		{ NEW "start-delay -1", "`-1` is no TIME" },
		{ NEW "group none", "group: `none` is no NAME" },
		{ NEW "group a group b", "group: is said twice" },
	};

	RUN(rows, true);
}

/* The first line of a file becomes the password, beside the file that names it. */
static void auth_files(void)
{
	static const struct {
		const char *content, *pass, *says;
	} rows[] = {
		{ "secret\nsecond line\n", "secret", NULL },
		{ "12345678", "12345678", NULL },
		{ "a b#\"\n", "a b#\"", NULL },
		{ "", NULL, "is no password: the text is empty" },
		{ "\nx\n", NULL, "is no password: the text is empty" },
		{ "123456789\n", NULL, "is no password: the text is longer than 8 bytes" },
		{ "tab\t\n", NULL, "is no password: the text has a control character" },
	};
	char dir[] = "/tmp/hak-auth-XXXXXX";
	char *pass, *conf;

	if (!CHECK(mkdtemp(dir)))
		return;
	pass = hak_printf("%s/pass", dir);
	conf = hak_printf("%s/hak.conf", dir);
	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		char *argv[] = { "router", "set", "W", "auth-file", "pass", NULL };
		struct hak_errors errs = { 0 };
		struct hak_stmt *st;
		FILE *f = fopen(pass, "we");

		if (!CHECK(f))
			break;
		fputs(rows[i].content, f);
		fclose(f);
		st = hak_parse(5, argv, (struct hak_at){ .file = conf, .line = 1 }, false, &errs);
		CHECK_MSG(!st == !rows[i].pass, "row %zu", i);
		if (st)
			CHECK(!strcmp(st->obj->v[HAK_R_AUTH_PASS].text, rows[i].pass) &&
			      !st->obj->v[HAK_R_AUTH_FILE].set);
		else
			CHECK_MSG(us_has(errs.list[0].text, rows[i].says), "%s", errs.list[0].text);
		hak_stmt_free(st);
		hak_errors_free(&errs);
	}
	remove(pass);
	remove(dir);
	free(pass);
	free(conf);
}

/* No later word is silently ignored, wherever it stands. */
static void later_words(void)
{
	static const char *const words[] = {
		"tunnel-port 1", "mss-clamp on",
		"hash-fallback on", "hash-load 120",
	};
	static const char *const objects[] = {
		"sync", "notify",
	};

	for (size_t i = 0; i < TAP_COUNT(words); i++)
		for (int where = 0; where < 2; where++) {
			static const char *const lines[] = { "pool add web %s", "pool set web %s" };
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
		{ "vip add 192.0.2.1 router W dev eth1", NULL },
		{ "vip del 192.0.2.1 router W dev eth1", "dev: the router is named already" },
		{ "vip add 192.0.2.1 router W vrid 1", "vrid: the router is named already" },
		{ "vip add 192.0.2.1 router W priority 10", "say `router set W priority" },
		{ "vip add 2001:db8::1 router W", NULL },
		{ "vip add 2001:DB8::100/64 dev eth0 vrid 51 priority 150 family inet6", NULL },
		{ "vip add 2001:db8::1 dev eth0 vrid 51 family inet", "2001:db8::1/128 is inet6" },
		{ "vip add 192.0.2.1 dev eth0 vrid 51 family inet6", "192.0.2.1/32 is inet;" },
		{ "vip add 2001:db8::1/129 router W", "`2001:db8::1/129` is no address" },
		{ "vip del 2001:db8::1 dev eth0 vrid 51", NULL },
		{ "vip show 2001:db8::1", NULL },
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

static void groups(void)
{
	static const struct row rows[] = {
		{ "group add G", NULL },
		{ "group add G track A track B weight -60 track C weight 253", NULL },
		{ "group set G track none", NULL },
		{ "group replace G track A", NULL },
		{ "group del G", NULL },
		{ "group", NULL },
		{ "group show G", NULL },
		{ "group show state active", NULL },
		{ "group show track A", NULL },
		{ "group add", "NAME is missing" },
		{ "group add any", "`any` is no NAME" },
		{ "group add G track A track A", "A is said twice" },
		{ "group add G track A track none", "`none` and a NAME" },
		{ "group add G track A weight 254", "not between -253 and 253" },
		{ "group add G weight 3", "stands right behind `track NAME`" },
		{ "group add G state Active", "state: not a word of `group add`" },
		{ "group add G priority 3", "priority: not a word of `group add`; words: track weight" },
		{ "group add G track_script x", "say `check add NAME script CMD` and `track NAME`" },
		{ "group resign G", "not a command of `group`" },
		{ "router set W group G", NULL },
		{ "router set W group default", NULL },
		{ "router set W group a/b", "`a/b` is no NAME" },
	};

	RUN(rows, true);
}

static void routes(void)
{
	static const struct row rows[] = {
		{ "route add 0.0.0.0/0 router W via 203.0.113.1 src 203.0.113.6", NULL },
		{ "route add 2001:db8::/32 router W via fe80::1 dev eth1 table 100 metric 5", NULL },
		{ "route add 192.0.2.9 router W", NULL },
		{ "route del 0.0.0.0/0 router W", NULL },
		{ "route del 0.0.0.0/0 router W table 100 metric 5", NULL },
		{ "route", NULL },
		{ "route show 0.0.0.0/0", NULL },
		{ "route show router W installed on", NULL },
		{ "route table 100", NULL },
		{ "route add", "PREFIX is missing" },
		{ "route add router W", "wants PREFIX before its words" },
		{ "route add 0.0.0.0/0", "`router NAME` is missing" },
		{ "route del 0.0.0.0/0", "`router NAME` is missing" },
		{ "route add nowhere router W", "`nowhere` is no address; say 192.0.2.0/24" },
		{ "route add 192.0.2.1/24 router W", "has bits behind its length; say 192.0.2.0/24" },
		{ "route add 0.0.0.0/0 router W via 203.0.113.1/24", "via: `203.0.113.1/24` is no" },
		{ "route add 0.0.0.0/0 router W via fe80::1", "via: is of the other family than 0.0.0.0/0" },
		{ "route add ::/0 router W src 192.0.2.1", "src: is of the other family than ::/0" },
		{ "route add ::/0 router W table 0", "table: 0 is not between 1 and 4294967295" },
		{ "route add ::/0 router W table main", "table: `main` is no number" },
		{ "route add ::/0 router W metric -1", "metric: `-1` is no number" },
		{ "route add ::/0 router W gateway fe80::1", "gateway: not a word of `route add`" },
		{ "route add ::/0 router W installed on", "installed: not a word of `route add`" },
		{ "route del ::/0 router W via fe80::1", "via: not a word of `route del`" },
		{ "route set ::/0 router W", "not a command of `route`" },
		{ "router add W dev eth0 vrid 1 virtual_ipaddress_excluded x", "advert off`" },
		{ "router add W dev eth0 vrid 1 vrrp_startup_delay 5", "say `start-delay TIME`" },
		{ "router add W dev eth0 vrid 1 track_file x", "say `track add NAME report`" },
		{ "router add W dev eth0 vrid 1 track_interface x", "`track add NAME dev DEV`" },
		{ "router add W dev eth0 vrid 1 unicast_peer x", "say `peer ADDR`" },
		{ "router add W dev eth0 vrid 1 virtual_routes x", "say `route add PREFIX router NAME`" },
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
		{ "track add T", "what kind? say one of: report dev route pool" },
		{ "track add T dev eth0", NULL },
		{ "track add T route 192.0.2.0/24 dev eth0 table 100", NULL },
		{ "track add T route 2001:db8::/32", NULL },
		{ "track add T route 0.0.0.0/0 table default", NULL },
		{ "track add T route ::/0", NULL },
		{ "track add T pool web", NULL },
		{ "track add T dev", "dev: its DEV is missing" },
		{ "track add T dev a/b", "dev: `a/b` is no name of a device" },
		{ "track add T route", "route: its PREFIX is missing" },
		{ "track add T route nowhere", "route: `nowhere` is no address; say 192.0.2.0/24" },
		{ "track add T route 192.0.2.1/24", "has bits behind its length; say 192.0.2.0/24" },
		{ "track add T route 2001:db8::1/64", "say 2001:db8::/64" },
		{ "track add T route 192.0.2.0/33", "`192.0.2.0/33` is no address" },
		{ "track add T route 192.0.2.0/24 table 0", "table: 0 is not between 1 and" },
		{ "track add T route 192.0.2.0/24 via 192.0.2.1", "via: not a word" },
		{ "track add T pool", "pool: its NAME is missing" },
		{ "track add T pool any", "pool: `any` is no NAME" },
		{ "track add T dev eth0 lease 5s", "lease: means nothing to a `dev` track" },
		{ "track add T dev eth0 table 5", "table: means nothing to a `dev` track" },
		{ "track add T pool web dev eth0", "dev: means nothing to a `pool` track" },
		{ "track add T route 192.0.2.0/24 initial up", "initial: means nothing to a `route`" },
		{ "track add T report table 5", "table: means nothing to a `report` track" },
		{ "track set T dev eth1", "what a track looks at is fixed" },
		{ "track set T table 5", "what a track looks at is fixed" },
		{ "track show dev eth0", NULL },
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
		{ "check add c tcp", NULL },
		{ "check add c tcp to 127.0.0.1", NULL },
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

static void pools(void)
{
	static const struct row rows[] = {
		{ "pool add web", NULL },
		{ "pool add web scheduler wrr method nat hash-size 65537 hash-port on quorum 3 "
		  "check a check b", NULL },
		{ "pool set web check none scheduler default", NULL },
		{ "pool replace web scheduler mh", NULL },
		{ "pool del web", NULL },
		{ "pool", NULL },
		{ "pool show up 0", NULL },
		{ "pool show check a", NULL },
		{ "pool add", "NAME is missing" },
		{ "pool add web scheduler wlc", NULL },
		{ "pool add web scheduler twos", NULL },
		{ "pool add web scheduler best", "is none of: wrr rr mh wlc lc sed nq fo ovf sh dh twos random" },
		{ "pool add web method dr", NULL },
		{ "pool add web method fnat", NULL },
		{ "pool add web method fnat source 198.51.100.5-198.51.100.8", NULL },
		{ "pool set web source 2001:db8::5", NULL },
		{ "pool set web source default", NULL },
		{ "pool add web source 198.51.100.8-198.51.100.5", "nor the first and the last" },
		{ "pool add web source 198.51.100.8-2001:db8::1", "nor the first and the last" },
		{ "pool add web source 198.51.100.0/24", "is no address" },
		{ "pool add web method ipip", "method: `ipip` is not in this version" },
		{ "pool add web hash-size 65536", "hash-size: 65536 is none of: 251 509" },
		{ "pool add web hash-size 1", "hash-size: 1 is not between 251 and 131071" },
		{ "pool add web quorum 0", "quorum: 0 is not between 1 and 65535" },
		{ "pool add web check a check a", "a is said twice" },
		{ "pool add web check a check none", "`none` and a NAME" },
		{ "pool add web check a/b", "`a/b` is no NAME" },
		{ "pool add web up 3", "up: not a word of `pool add`" },
		{ "pool add web servers 3", "servers: not a word of `pool add`" },
		{ "pool add web hash-load 120", "hash-load: not in this version" },
		{ "pool add web persist 5m persist-mask 24", NULL },
		{ "pool add web persist 999ms", "persist: at least 1s" },
		{ "pool add web persist 8d", "persist: " },
		{ "pool add web persist 5m persist-mask 64", NULL },
		{ "pool add web persist-mask 129", "persist-mask: 129 is not between 1 and 128" },
		{ "pool add web backup_pool x", "did you mean `backup-pool`" },
		{ "pool add web backup-pool none", "`none` is no NAME" },
		{ "pool set web backup-pool default passive off on-down reroute", NULL },
		{ "pool add web on-down drain", "on-down: `drain` is none of: wait reset reroute" },
		{ "pool set web down", "words: " },
		{ "pool add web lb_algo rr", "say `scheduler wrr`" },
		{ "pool report web up", "not a command of `pool`" },
	};

	RUN(rows, true);
}

static void servers(void)
{
	static const struct row rows[] = {
		{ "server add 198.51.100.11:8080 pool web", NULL },
		{ "server add 198.51.100.11 pool web weight 65535 state drain check a", NULL },
		{ "server set 198.51.100.11 pool web state down", NULL },
		{ "server set 198.51.100.11 pool web weight default check none", NULL },
		{ "server replace 198.51.100.11 pool web", NULL },
		{ "server del 198.51.100.11:80 pool web", NULL },
		{ "server show", NULL },
		{ "server pool web", NULL },
		{ "server show 198.51.100.11 pool web state drain", NULL },
		{ "server show report down", NULL },
		{ "server report 198.51.100.11 pool web up", NULL },
		{ "server report 198.51.100.11 pool web down reason \"http 503\"", NULL },
		{ "server report 198.51.100.11 pool web 100", NULL },
		{ "server report 198.51.100.11 pool web 65536", "none of: up, down, 0 to 65535" },
		{ "server report 198.51.100.11 pool web -1", "none of: up, down, 0 to 65535" },
		{ "server report 198.51.100.11 pool web", "none of: up, down" },
		{ "server report 198.51.100.11 up", "`pool NAME` is missing" },
		{ "server report 198.51.100.11 pool web up weight 1", "weight: not a word" },
		{ "server add", "ADDR[:PORT] is missing" },
		{ "server add 198.51.100.11", "`pool NAME` is missing" },
		{ "server set 198.51.100.11 weight 1", "`pool NAME` is missing" },
		{ "server del 198.51.100.11", "`pool NAME` is missing" },
		{ "server add pool web", "wants ADDR[:PORT] before its words" },
		{ "server add web1 198.51.100.11:80 pool web", "servers are named by their address" },
		{ "server add 198.51.100.11/24 pool web", "is no address" },
		{ "server add 198.51.100.11:0 pool web", "is no address" },
		{ "server add 2001:db8::11 pool web", NULL },
		{ "server add [2001:db8::11]:80 pool web", NULL },
		{ "server add [2001:db8::11 pool web", "is no address" },
		{ "server add [198.51.100.11]:80 pool web", "is no address" },
		{ "server add 198.51.100.11 pool web weight 65536", "not between 0 and 65535" },
		{ "server add 198.51.100.11 pool web state maint", "none of: up drain down" },
		{ "server add 198.51.100.11 pool web report down", "report: not a word" },
		{ "server set 198.51.100.11 pool web state down for 5m", "for: not in this version" },
		{ "server set 198.51.100.11 pool web down", "say `state down`" },
		{ "server down 198.51.100.11 pool web", "say `state down`" },
		{ "server drain 198.51.100.11 pool web", "say `state drain`" },
		{ "server set 198.51.100.11 pool web disabled", "say `state down`" },
		{ "server add 198.51.100.11 pool web maxconn 5 slow-start 5s backup on", NULL },
		{ "server add 198.51.100.11 pool web maxconn -1", "maxconn: " },
		{ "server add 198.51.100.11 pool web slow-start 25h", "slow-start: " },
		{ "server add 198.51.100.11 pool web backup yes", "backup: " },
		{ "server add 198.51.100.11 pool web avoided 5s", "avoided: not a word" },
		{ "server add 198.51.100.11 pool web slowstart 5s", "say `slow-start TIME`" },
		{ "server add 198.51.100.11 pool web method dr", "method: not in this version" },
	};

	RUN(rows, true);
}

static void services(void)
{
	static const struct row rows[] = {
		{ "service add tcp 192.0.2.100:80 pool web", NULL },
		{ "service add udp 192.0.2.100:53 pool dns firewall off timeout 30s timeout-fin 1s",
		  NULL },
		{ "service set tcp 192.0.2.100:80 pool other timeout 0", NULL },
		{ "service set tcp 192.0.2.100:80 firewall default", NULL },
		{ "service replace tcp 192.0.2.100:80 pool web", NULL },
		{ "service del tcp 192.0.2.100:80", NULL },
		{ "service show tcp 192.0.2.100:80", NULL },
		{ "service show tcp 192.0.2.100:80 active on", NULL },
		{ "service pool web", NULL },
		{ "service add", "tcp|udp ADDR:PORT is missing" },
		{ "service add tcp", "`tcp` is no service" },
		{ "service add tcp 192.0.2.100:80", "`pool NAME` is missing" },
		{ "service add pool web", "wants tcp|udp ADDR:PORT before its words" },
		{ "service add 192.0.2.100:80 pool web", "`192.0.2.100:80` is none of: tcp udp" },
		{ "service add tcp nowhere pool web", "is no service; say tcp" },
		{ "service add tcp 192.0.2.100 pool web", "a service without a port is not in" },
		{ "service add tcp 192.0.2.100:80-90 pool web", "a range of ports is not in this" },
		{ "service add tcp [2001:db8::1]:80 pool web", NULL },
		{ "service add tcp 2001:db8::1 pool web", "a service without a port is not in" },
		{ "service add sctp 192.0.2.100:80 pool web", "`sctp` is not in this version" },
		{ "service add fwmark 5 pool web", "`fwmark` is not in this version" },
		{ "service add tcp 192.0.2.100:80 pool web timeout 10ms", "is 0 (the protocol's) or" },
		{ "service add tcp 192.0.2.100:80 pool web timeout 8d", "is not between" },
		{ "service add udp 192.0.2.100:53 pool dns one-packet on", NULL },
		{ "service add tcp 192.0.2.100:80 pool web one-packet on", "one-packet: is for udp" },
		{ "service add tcp 192.0.2.100:80 pool web syn-proxy on", "not in this version" },
		{ "service add tcp 192.0.2.100:80 pool web on-expire reset", "not in this version" },
		{ "service add tcp 192.0.2.100:80 pool web active on", "active: not a word" },
		{ "service del tcp 192.0.2.100:80 pool web", "pool: not a word of `service del`" },
	};

	RUN(rows, true);
}

static void balancer_and_conns(void)
{
	static const struct row rows[] = {
		{ "lb", NULL },
		{ "lb show", NULL },
		{ "lb set hook -149", NULL },
		{ "lb set maxconn 65536 hook default", NULL },
		{ "lb set hook 1001", "hook: 1001 is not between -1000 and 1000" },
		{ "lb set maxconn 0", "maxconn: 0 is not between" },
		{ "lb set ingress eth0", "ingress: not in this version" },
		{ "lb set conns 1", "conns: not a word" },
		{ "lb add", "not a command of `lb`" },
		{ "conn", NULL },
		{ "conn show service tcp 192.0.2.100:80 server 198.51.100.11 client 203.0.113.0/24 "
		  "state established limit 10", NULL },
		{ "conn client 203.0.113.7", NULL },
		{ "conn count", NULL },
		{ "conn count state syn-sent", NULL },
		{ "conn flush all", NULL },
		{ "conn flush server 198.51.100.11:8080", NULL },
		{ "conn flush", "which ones? say `all`" },
		{ "conn flush all state close", "all: not a word of `conn flush`" },
		{ "conn flush limit 5", "limit: not a word of `conn flush`" },
		{ "conn show service tcp 192.0.2.100", "a service without a port is not in" },
		{ "conn show service 192.0.2.100:80", "is none of: tcp udp" },
		{ "conn show state open", "is none of: none syn-sent" },
		{ "conn show client 2001:db8::/32 server [2001:db8::11]:80", NULL },
		{ "conn count service tcp [2001:db8::1]:80", NULL },
		{ "conn del all", "not a command of `conn`" },
	};
	static const struct row file[] = {
		{ "lb set hook -149", NULL },
		{ "lb", "say `lb set`" },
		{ "lb show", "with `lb set` lines" },
		{ "conn show", "conn: is typed only" },
		{ "server report 198.51.100.11 pool web up", "report: is typed only" },
	};

	RUN(rows, true);
	RUN(file, false);
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
		{ "vrrp_sync_group G", "say `group add NAME`" },
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
		"router add W dev eth0 vrid 51 version 2 interval 255s preempt-delay 1m start-delay 10s "
		"source 192.0.2.1 peer 192.0.2.2 peer 192.0.2.3 min-ttl 64 auth-pass \"a \\\"b#\" "
		"announce-refresh 5m group EDGE",
		"router add W6 dev eth0 vrid 51 family inet6 vmac on source fe80::1",
		"router add U6 dev eth0 vrid 51 family inet6 source 2001:db8::1 peer 2001:db8::2",
		"track add T report lease 5s initial up",
		"track add D dev eth0",
		"track add O route 0.0.0.0/0 dev eth0 table 100",
		"track add S route 2001:db8::/32",
		"track add P pool web",
		"group add G track a track b weight -60",
		"route add 0.0.0.0/0 router W via 203.0.113.1 dev eth1 src 203.0.113.6 table 100 metric 5",
		"route add 2001:db8::1/128 router W",
		"check add c script \"a \\\"b\\\" c\" interval 1s fast-interval 100ms timeout 500ms "
		"rise 1 fall 2 weight-from output user nobody on-fail \"x y\" on-recover z",
		"check add c tcp to 127.0.0.1:80 dev eth0 source 127.0.0.2",
		"check add c process haproxy",
		"pool add web scheduler mh hash-size 251 hash-port on quorum 2 check a check b",
		"server add 198.51.100.11:8080 pool web weight 0 state drain check a check b",
		"pool add web persist 5m persist-mask 24 passive off backup-pool sorry on-down reroute",
		"server add 198.51.100.11 pool web",
		"server add 198.51.100.11 pool web maxconn 100 backup on slow-start 30s",
		"service add tcp 192.0.2.100:80 pool web firewall off timeout 1h timeout-fin 10s",
		"service add udp 192.0.2.100:53 pool dns",
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
			 "preempt-delay", "2d", "priority", "0", NULL };
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
	TAP_TEST(routers), TAP_TEST(later_words), TAP_TEST(router_modes),
	TAP_TEST(auth_files), TAP_TEST(vips), TAP_TEST(groups), TAP_TEST(routes), TAP_TEST(tracks),
	TAP_TEST(checks), TAP_TEST(pools), TAP_TEST(servers), TAP_TEST(services),
	TAP_TEST(balancer_and_conns), TAP_TEST(file_words), TAP_TEST(every_word_comes_back),
	TAP_TEST(all_errors_of_a_line),
};

const struct us_suite us_words = { "words", tests, TAP_COUNT(tests) };
