// SPDX-License-Identifier: GPL-2.0-only
/* From one configuration to another: operations, their order, and the summary. */
#include "userspace.h"

#include "diff.h"

#include <string.h>

/* `NEW router A`, one operation a line. */
static void ops_text(const struct hak_diff *d, struct hak_buf *b)
{
	static const char *const kinds[] = { "NEW", "SET", "DEL" };

	hak_buf_add(b, "", 0);
	for (size_t i = 0; i < d->n; i++)
		hak_buf_printf(b, "%s%s %s %s", i ? ", " : "", kinds[d->ops[i].kind],
			       d->ops[i].obj->type->name, d->ops[i].obj->name);
}

static void run(const char *from, const char *to, const char *ops, const char *summary)
{
	struct hak_conf a, b;
	struct hak_buf text = { 0 }, sum = { 0 };
	struct hak_diff d;

	us_model(&a, from);
	us_model(&b, to);
	hak_diff_make(&d, &a.model, &b.model);
	ops_text(&d, &text);
	hak_diff_text(&d, &sum);
	CHECK_MSG(!strcmp(text.s, ops), "%s, not %s", text.s, ops);
	CHECK_MSG(!strcmp(sum.s, summary), "%s, not %s", sum.s, summary);
	hak_diff_free(&d);
	hak_buf_free(&text);
	hak_buf_free(&sum);
	hak_conf_free(&a);
	hak_conf_free(&b);
}

#define A	"router add A dev e vrid 1\n"
#define VA	"vip add 192.0.2.1/24 router A\n"
#define B	"router add B dev e vrid 2\n"

static void nothing(void)
{
	run("", "", "", "+0, ~0, -0; 0 unchanged");
	run(A VA, VA A, "", "+0, ~0, -0; 2 unchanged");
	run(A, "router add A dev e vrid 1 priority 100 preempt on interval default\n", "",
	    "+0, ~0, -0; 1 unchanged");
	run("check add c process x\n", "check add c process x interval 2s\n", "",
	    "+0, ~0, -0; 1 unchanged");
}

static void add_and_delete(void)
{
	run("", A VA, "NEW router A, NEW vip 192.0.2.1/24", "+1 router, +1 vip, ~0, -0; 0 unchanged");
	run(A VA B, B, "DEL router A", "+0, ~0, -1 router, -1 vip; 1 unchanged");
	run(A VA, A, "DEL vip 192.0.2.1/24", "+0, ~0, -1 vip; 1 unchanged");
	run("track add T report\n" A, A, "DEL track T", "+0, ~0, -1 track; 1 unchanged");
	run("", "vip add 192.0.2.1 dev e vrid 1\n", "NEW router e.1, NEW vip 192.0.2.1/32",
	    "+1 router, +1 vip, ~0, -0; 0 unchanged");
}

static void change(void)
{
	run(A VA, "router add A dev e vrid 1 priority 150\n" VA, "SET router A",
	    "+0, ~1 router (priority 100 -> 150), -0; 1 unchanged");
	run(A B, "router add A dev e vrid 1 priority 1 preempt off\nrouter add B dev e vrid 2 priority 3\n",
	    "SET router A, SET router B",
	    "+0, ~2 router (A: priority 100 -> 1, preempt on -> off; B: priority 100 -> 3), -0; 0 unchanged");
	run(A VA, A "vip add 192.0.2.1/32 router A label x\n", "SET vip 192.0.2.1/32",
	    "+0, ~1 vip (192.0.2.1/24 -> 192.0.2.1/32, label \"\" -> x), -0; 1 unchanged");
	run("track add T report\nrouter add A dev e vrid 1 track T weight -60\n",
	    "track add T report\n" A, "SET router A",
	    "+0, ~1 router (track T(-60) -> none), -0; 1 unchanged");
	run("track add T report\n", "track add T report lease 5s\n", "SET track T",
	    "+0, ~1 track (lease 0 -> 5s), -0; 0 unchanged");
	run("check add c process x\n", "check add c process y\n", "",
	    "+0, ~1 check (other words), -0; 0 unchanged");
}

#define A6	"router add A dev e vrid 1 family inet6\n"
#define VA6	"vip add 2001:db8::1/64 router A\n"

static void both_families(void)
{
	run(A6 VA6, A6 "vip add 2001:0DB8:0::1/64 router A\n", "", "+0, ~0, -0; 2 unchanged");
	run(A VA, A VA VA6, "NEW vip 2001:db8::1/64", "+1 vip, ~0, -0; 2 unchanged");
	run(A6 VA6, A6 "vip add 2001:db8::1/128 router A\n", "SET vip 2001:db8::1/128",
	    "+0, ~1 vip (2001:db8::1/64 -> 2001:db8::1/128), -0; 1 unchanged");
	run(A VA6, A6 VA6, "DEL router A, NEW router A, NEW vip 2001:db8::1/64",
	    "+0, ~1 router (family inet -> inet6), -0; 1 unchanged");
	run("vip add 192.0.2.1 dev e vrid 1\n",
	    "vip add 192.0.2.1 dev e vrid 1\nvip add 2001:db8::1 dev e vrid 1\n",
	    "NEW router e.1v6, NEW vip 2001:db8::1/128", "+1 router, +1 vip, ~0, -0; 2 unchanged");
}

/* The router's own device is none of its address's words; another one is. */
static void other_device(void)
{
	run(A VA, A "vip add 192.0.2.1/24 router A dev e\n", "", "+0, ~0, -0; 2 unchanged");
	run(A VA, A "vip add 192.0.2.1/24 router A dev f\n", "SET vip 192.0.2.1/24",
	    "+0, ~1 vip (dev e -> f), -0; 1 unchanged");
	run(A "vip add 192.0.2.1/24 router A dev f\n", A VA, "SET vip 192.0.2.1/24",
	    "+0, ~1 vip (dev f -> e), -0; 1 unchanged");
	run(A "vip add 192.0.2.1/24 router A dev f\n", A "vip add 192.0.2.1/24 router A dev f\n", "",
	    "+0, ~0, -0; 2 unchanged");
	run(A VA, "router add A dev f vrid 1\nvip add 192.0.2.1/24 router A dev f\n",
	    "DEL router A, NEW router A, NEW vip 192.0.2.1/24",
	    "+0, ~1 router (dev e -> f), -0; 1 unchanged");
}

/* A list is another one when its order is; a password is never told. */
static void modes(void)
{
	run(A, "router add A dev e vrid 1 peer 192.0.2.2 peer 192.0.2.3 min-ttl 64\n", "SET router A",
	    "+0, ~1 router (peer none -> 192.0.2.2,192.0.2.3, min-ttl 255 -> 64), -0; 0 unchanged");
	run("router add A dev e vrid 1 peer 192.0.2.2 peer 192.0.2.3\n",
	    "router add A dev e vrid 1 peer 192.0.2.2 peer 192.0.2.3 min-ttl default\n", "",
	    "+0, ~0, -0; 1 unchanged");
	run(A, "router add A dev e vrid 1 version 2 auth-pass sesame\n", "SET router A",
	    "+0, ~1 router (version 3 -> 2, auth-pass anew), -0; 0 unchanged");
	run("router add A dev e vrid 1 version 2 auth-pass sesame\n",
	    "router add A dev e vrid 1 version 2 auth-pass Sesame\n", "SET router A",
	    "+0, ~1 router (auth-pass anew), -0; 0 unchanged");
}

/* Another device or vrid makes the router anew, with its addresses. */
static void remake(void)
{
	run(A VA, "router add A dev f vrid 1\n" VA, "DEL router A, NEW router A, NEW vip 192.0.2.1/24",
	    "+0, ~1 router (dev e -> f), -0; 1 unchanged");
	run(A VA, "router add Z dev e vrid 1\nvip add 192.0.2.1/24 router Z\n",
	    "DEL router A, NEW router Z, NEW vip 192.0.2.1/24",
	    "+1 router, +1 vip, ~0, -1 router, -1 vip; 0 unchanged");
}

/* An address that moves goes first, so that it is never there twice. */
static void move(void)
{
	run(A VA B, A B "vip add 192.0.2.1/24 router B\n",
	    "DEL vip 192.0.2.1/24, NEW vip 192.0.2.1/24", "+1 vip, ~0, -1 vip; 2 unchanged");
	run(A VA, A "vip add 192.0.2.9 router A\n", "NEW vip 192.0.2.9/32, DEL vip 192.0.2.1/24",
	    "+1 vip, ~0, -1 vip; 1 unchanged");
}

static void tracks_around_routers(void)
{
	run(A, "track add T report\nrouter add A dev e vrid 1 track T\n", "NEW track T, SET router A",
	    "+1 track, ~1 router (track none -> T), -0; 0 unchanged");
	run("track add T report\nrouter add A dev e vrid 1 track T\n", A, "SET router A, DEL track T",
	    "+0, ~1 router (track T -> none), -1 track; 0 unchanged");
	/* What a track looks at is fixed: it is made anew, with its users as they are. */
	run("track add T dev eth0\nrouter add A dev e vrid 1 track T\n",
	    "track add T dev eth1\nrouter add A dev e vrid 1 track T\n", "DEL track T, NEW track T",
	    "+0, ~1 track (other words), -0; 1 unchanged");
	run("track add T route ::/0\n", "track add T route ::/0 table 5\n", "DEL track T, NEW track T",
	    "+0, ~1 track (table 254 -> 5), -0; 0 unchanged");
	run("", "track add T pool web\npool add web\n", "NEW pool web, NEW track T",
	    "+1 track, +1 pool, ~0, -0; 0 unchanged");
	run("track add T pool web\npool add web\n", A, "NEW router A, DEL track T, DEL pool web",
	    "+1 router, ~0, -1 track, -1 pool; 0 unchanged");
	/* The track of a check comes and goes with it and is not counted. */
	run(A, "check add c process x\nrouter add A dev e vrid 1 track c\n",
	    "NEW track c, SET router A",
	    "+1 check, ~1 router (track none -> c), -0; 0 unchanged");
}

/* A group is there before its routers, and goes after they let go of it. */
static void groups(void)
{
	run(A, "router add A dev e vrid 1 group G\ngroup add G\n", "NEW group G, SET router A",
	    "+1 group, ~1 router (group \"\" -> G), -0; 0 unchanged");
	run("router add A dev e vrid 1 group G\ngroup add G\n", A, "SET router A, DEL group G",
	    "+0, ~1 router (group G -> \"\"), -1 group; 0 unchanged");
	run("group add G\n", "group add G track T weight -5\ntrack add T report\n",
	    "NEW track T, SET group G",
	    "+1 track, ~1 group (track none -> T(-5)), -0; 0 unchanged");
	run("group add G track T\ntrack add T report\n", "group add G\n", "SET group G, DEL track T",
	    "+0, ~1 group (track T -> none), -1 track; 0 unchanged");
}

#define R	"route add ::/0 router A via fe80::1\n"

/* Router, prefix, table and metric name a route; it comes last and goes first. */
static void routes(void)
{
	run("", R VA A, "NEW router A, NEW vip 192.0.2.1/24, NEW route ::/0",
	    "+1 router, +1 vip, +1 route, ~0, -0; 0 unchanged");
	run(A VA R, R VA A, "", "+0, ~0, -0; 3 unchanged");
	run(A VA R, B, "DEL route ::/0, DEL router A, NEW router B",
	    "+1 router, ~0, -1 router, -1 vip, -1 route; 0 unchanged");
	run(A R, A "route add ::/0 router A via fe80::2\n", "SET route ::/0",
	    "+0, ~1 route (via fe80::1 -> fe80::2), -0; 1 unchanged");
	run(A R, A "route add ::/0 router A via fe80::1 dev f\n", "DEL route ::/0, NEW route ::/0",
	    "+0, ~1 route (dev \"\" -> f), -0; 1 unchanged");
	run(A R, A R "route add ::/0 router A metric 7\n", "NEW route ::/0",
	    "+1 route, ~0, -0; 2 unchanged");
	run(A R, A "route add ::/0 router A via fe80::1 table 7\n", "DEL route ::/0, NEW route ::/0",
	    "+1 route, ~0, -1 route; 1 unchanged");
	run(A R, A "route add ::/0 router A via fe80::1 table 254 metric 0\n", "",
	    "+0, ~0, -0; 2 unchanged");
	run(A R, "router add A dev f vrid 1\n" R, "DEL route ::/0, DEL router A, NEW router A, NEW route ::/0",
	    "+0, ~1 router (dev e -> f), -0; 1 unchanged");
}

#define P	"pool add web\n"
#define S1	"server add 198.51.100.11:80 pool web\n"
#define S2	"server add 198.51.100.12:80 pool web\n"
#define V	"service add tcp 192.0.2.100:80 pool web\n"

static void balancer(void)
{
	run("", V S1 P, "NEW pool web, NEW server 198.51.100.11:80, NEW service tcp 192.0.2.100:80",
	    "+1 pool, +1 server, +1 service, ~0, -0; 0 unchanged");
	run(P S1 S2 V, S2 V S1 P, "", "+0, ~0, -0; 4 unchanged");
	run(P S1 V, B, "NEW router B, DEL service tcp 192.0.2.100:80, DEL server 198.51.100.11:80, DEL pool web",
	    "+1 router, ~0, -1 pool, -1 server, -1 service; 0 unchanged");
	run(P S1 S2 V, P S2 V, "DEL server 198.51.100.11:80", "+0, ~0, -1 server; 3 unchanged");
	run(P S1 V, P "server add 198.51.100.11:80 pool web weight 3 state drain\n" V,
	    "SET server 198.51.100.11:80",
	    "+0, ~1 server (weight 1 -> 3, state up -> drain), -0; 2 unchanged");
	run(P S1 V, "pool add web scheduler mh check c check d\ncheck add c process x\ncheck add d tcp\n" S1 V,
	    "SET pool web", "+2 check, ~1 pool (scheduler wrr -> mh, check none -> c,d), -0; 2 unchanged");
	/* Another pool under the service, and the old one goes last. */
	run(P S1 V, "pool add b\nserver add 198.51.100.11:80 pool b\nservice add tcp 192.0.2.100:80 pool b\n",
	    "NEW pool b, DEL server 198.51.100.11:80, NEW server 198.51.100.11:80, "
	    "SET service tcp 192.0.2.100:80, DEL pool web",
	    "+1 pool, +1 server, ~1 service (pool web -> b), -1 pool, -1 server; 0 unchanged");
	/* A server with another port is another server. */
	run(P S1, P "server add 198.51.100.11 pool web\n",
	    "DEL server 198.51.100.11:80, NEW server 198.51.100.11",
	    "+1 server, ~0, -1 server; 1 unchanged");
}

/* The balancer is always there: without a line it goes back to what it always was. */
static void balancer_itself(void)
{
	run("", "lb set hook -149\n", "SET lb ", "+0, ~1 lb (hook -450 -> -149), -0; 0 unchanged");
	run("lb set hook -149 maxconn 5\n", A, "NEW router A, SET lb ",
	    "+1 router, ~1 lb (hook -149 -> -450, maxconn 5 -> 1048576), -0; 0 unchanged");
	run("lb set hook -149\n" A, A "lb set hook -149\n", "", "+0, ~0, -0; 1 unchanged");
	run(A, A "lb set hook default\n", "", "+0, ~0, -0; 1 unchanged");
}

static void many_changes(void)
{
	struct hak_buf from = { 0 }, to = { 0 }, sum = { 0 };
	struct hak_conf a, b;
	struct hak_diff d;

	for (int i = 1; i <= 20; i++) {
		hak_buf_printf(&from, "router add R%d dev e vrid %d\n", i, i);
		hak_buf_printf(&to, "router add R%d dev e vrid %d priority 9\n", i, i);
	}
	us_model(&a, from.s);
	us_model(&b, to.s);
	hak_diff_make(&d, &a.model, &b.model);
	hak_diff_text(&d, &sum);
	CHECK_NUM(d.n, 20);
	CHECK_MSG(us_has(sum.s, "~20 router (R1: priority 100 -> 9;") && us_has(sum.s, "; ...)"),
		  "%s", sum.s);
	hak_diff_free(&d);
	hak_buf_free(&from);
	hak_buf_free(&to);
	hak_buf_free(&sum);
	hak_conf_free(&a);
	hak_conf_free(&b);
}

static void a_copy_is_the_same(void)
{
	struct hak_model copy = { 0 };
	struct hak_diff d;
	struct hak_conf c;

	us_model(&c, A VA B P S1 S2 V "lb set hook -149\ntrack add T report\n");
	hak_model_copy(&copy, &c.model);
	CHECK_NUM(copy.n, c.model.n);
	CHECK(hak_model_find(&copy, HAK_O_ROUTER, "A") &&
	      hak_model_find(&copy, HAK_O_ROUTER, "A") != hak_model_find(&c.model, HAK_O_ROUTER, "A"));
	hak_diff_make(&d, &c.model, &copy);
	CHECK_NUM(d.n, 0);
	hak_diff_free(&d);
	hak_model_free(&copy);
	hak_conf_free(&c);
}

static const struct tap_test tests[] = {
	TAP_TEST(nothing), TAP_TEST(add_and_delete), TAP_TEST(change), TAP_TEST(remake),
	TAP_TEST(both_families), TAP_TEST(modes), TAP_TEST(other_device),
	TAP_TEST(move), TAP_TEST(tracks_around_routers), TAP_TEST(groups), TAP_TEST(routes), TAP_TEST(balancer),
	TAP_TEST(balancer_itself), TAP_TEST(many_changes), TAP_TEST(a_copy_is_the_same),
};

const struct us_suite us_diff = { "diff", tests, TAP_COUNT(tests) };
