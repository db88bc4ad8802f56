// SPDX-License-Identifier: GPL-2.0-only
/* Files: from lines to a model, and back. */
#include "userspace.h"

#include <linux/hak.h>
#include <stdlib.h>
#include <string.h>

static bool has_error(const struct hak_conf *c, unsigned int line, const char *part)
{
	for (size_t i = 0; i < c->errs.n; i++)
		if (c->errs.list[i].line == line && us_has(c->errs.list[i].text, part))
			return true;
	return false;
}

static void wrong(const char *lines, size_t n, unsigned int line, const char *part)
{
	struct hak_conf c;

	hak_conf_init(&c);
	hak_conf_text(&c, "test.conf", lines, strlen(lines));
	hak_conf_finish(&c);
	CHECK_MSG(c.errs.n == n, "%zu errors: %s", c.errs.n, lines);
	if (!CHECK_MSG(has_error(&c, line, part), "no `%s` in line %u", part, line))
		for (size_t i = 0; i < c.errs.n; i++)
			CHECK_MSG(false, "%u: %s", c.errs.list[i].line, c.errs.list[i].text);
	hak_conf_free(&c);
}

static void any_order(void)
{
	struct hak_conf c;
	const struct hak_obj *r;

	us_model(&c, "router set A priority 7\n"
		     "vip add 192.0.2.1/24 router A\n"
		     "router add A dev eth0 vrid 1 track T\n"
		     "track add T report\n");
	r = hak_model_find(&c.model, HAK_O_ROUTER, "A");
	CHECK(r && r->v[HAK_R_PRIORITY].num == 7);
	CHECK_NUM(c.model.list[HAK_O_VIP].n, 1);
	hak_conf_free(&c);
}

static void auto_routers(void)
{
	struct hak_conf c;
	const struct hak_obj *r;

	us_model(&c, "vip add 192.0.2.1/24 dev eth0 vrid 51 priority 150\n"
		     "vip add 192.0.2.2/24 dev eth0 vrid 51 preempt off\n"
		     "vip add 192.0.2.3 dev br@x vrid 2\n"
		     "router add W dev eth1 vrid 9 priority 20\n"
		     "vip add 192.0.2.4 dev eth1 vrid 9 priority 20\n"
		     "router set eth0.51 interval 2s\n");
	r = hak_model_find(&c.model, HAK_O_ROUTER, "eth0.51");
	CHECK(r && r->v[HAK_R_FLAGS].num == HAK_ROUTER_F_AUTO);
	CHECK(r && r->v[HAK_R_PRIORITY].num == 150 && r->v[HAK_R_PREEMPT].set);
	CHECK(r && r->v[HAK_R_INTERVAL].num == 2 * HAK_NS_S);
	CHECK(hak_model_find(&c.model, HAK_O_ROUTER, "br_x.2"));
	CHECK_NUM(c.model.list[HAK_O_ROUTER].n, 3);
	hak_conf_free(&c);
}

/* The same dev and vrid in both families are two routers. */
static void auto_routers_of_both_families(void)
{
	struct hak_conf c;
	const struct hak_obj *r;

	us_model(&c, "vip add 192.0.2.3/32 router eth0.51v6\n"
		     "vip add 2001:db8::1/64 dev eth0 vrid 51 priority 150\n"
		     "vip add 192.0.2.1/24 dev eth0 vrid 51\n"
		     "vip add 2001:0db8::0002/64 dev eth0 vrid 51\n"
		     "router add W6 dev eth1 vrid 9 family inet6\n"
		     "vip add 192.0.2.2 dev eth1 vrid 9\n"
		     "vip add 2001:db8::3 dev eth1 vrid 9\n");
	CHECK_NUM(c.model.list[HAK_O_ROUTER].n, 4);
	r = hak_model_find(&c.model, HAK_O_ROUTER, "eth0.51v6");
	CHECK(r && r->v[HAK_R_FAMILY].num == AF_INET6 && r->v[HAK_R_PRIORITY].num == 150);
	CHECK(r && r->v[HAK_R_FLAGS].num == HAK_ROUTER_F_AUTO);
	r = hak_model_find(&c.model, HAK_O_ROUTER, "eth0.51");
	CHECK(r && r->v[HAK_R_FAMILY].num == AF_INET && !r->v[HAK_R_PRIORITY].set);
	CHECK(hak_model_find(&c.model, HAK_O_ROUTER, "eth1.9"));
	CHECK(!hak_model_find(&c.model, HAK_O_ROUTER, "eth1.9v6"));
	hak_conf_free(&c);
}

/* An address of the other family cannot make the router again: it needs its name. */
static void save_other_family(void)
{
	struct hak_buf text = { 0 };
	struct hak_conf c;
	struct hak_obj *own;

	us_model(&c, "vip add 192.0.2.3/32 router eth0.51v6\n"
		     "vip add 2001:db8::1/64 dev eth0 vrid 51 priority 150\n");
	hak_model_save(&c.model, &text);
	CHECK_MSG(!strcmp(text.s, "vip add 192.0.2.3/32 router eth0.51v6\n"
			  "vip add 2001:db8::1/64 dev eth0 vrid 51 priority 150\n"), "%s", text.s);
	hak_buf_free(&text);
	own = c.model.list[HAK_O_VIP].last;
	hak_model_remove(&c.model, own);
	hak_obj_free(own);
	hak_model_save(&c.model, &text);
	CHECK_MSG(!strcmp(text.s, "router add eth0.51v6 dev eth0 vrid 51 family inet6 priority 150\n"
			  "vip add 192.0.2.3/32 router eth0.51v6\n"), "%s", text.s);
	hak_buf_free(&text);
	hak_conf_free(&c);
}

/* What is wrong in an `add` line may be right with the `set` line on top. */
static void set_makes_right(void)
{
	struct hak_conf c;
	const struct hak_obj *r;

	us_model(&c, "router add A dev e vrid 1 version 2 interval 100ms\nrouter set A interval 1s\n"
		     "router add B dev e vrid 2 min-ttl 64 auth-pass x\n"
		     "router set B peer 192.0.2.2 peer 192.0.2.3 version 2\n");
	r = hak_model_find(&c.model, HAK_O_ROUTER, "B");
	CHECK(r && r->v[HAK_R_PEER].n_refs == 2 && !strcmp(r->v[HAK_R_AUTH_PASS].text, "x"));
	hak_conf_free(&c);
}

static void check_tracks(void)
{
	struct hak_conf c;
	const struct hak_obj *t;

	us_model(&c, "check add a process x\ncheck add b process y\ntrack add b report lease 1s\n"
		     "router add A dev eth0 vrid 1 track a track b weight -3\n"
		     "check add s tcp to 127.0.0.1:1\npool add p check s\ngroup add G track s\n");
	CHECK(hak_model_find(&c.model, HAK_O_TRACK, "s"));
	t = hak_model_find(&c.model, HAK_O_TRACK, "a");
	CHECK(t && t->v[HAK_K_FLAGS].num == HAK_TRACK_F_CHECK);
	t = hak_model_find(&c.model, HAK_O_TRACK, "b");
	CHECK(t && !t->v[HAK_K_FLAGS].num && t->v[HAK_K_LEASE].num == HAK_NS_S);
	hak_conf_free(&c);
}

static void errors(void)
{
	wrong("frob\n", 1, 1, "frob: not a word of `a file`");
	wrong("router add A dev e vrid 1\nrouter add A dev e vrid 2\n", 1, 2,
	      "router A: is there already, see test.conf:1");
	wrong("router add A dev e vrid 1\nrouter add B dev e vrid 1\n", 1, 2,
	      "router A has dev e vrid 1 already, see test.conf:1");
	wrong("vip add 192.0.2.1 router NOPE\n", 1, 1, "router NOPE: no such router");
	wrong("router add EDGE dev e vrid 1\nvip add 192.0.2.1 router EGDE\n", 1, 2,
	      "did you mean `EDGE`");
	wrong("router add A dev e vrid 1 track NOPE\n", 1, 1, "track NOPE: no such track or check");
	wrong("router set NOPE priority 1\nrouter add A dev e vrid 1\n", 1, 1, "NOPE: no such router");
	wrong("router add A dev e vrid 1\nvip add 192.0.2.1 router A\nvip add 192.0.2.1/24 router A\n",
	      1, 3, "is there already, see test.conf:2");
	wrong("vip add 192.0.2.1 dev e vrid 1 priority 3\nvip add 192.0.2.2 dev e vrid 1 priority 4\n",
	      1, 2, "router e.1 has 3, this line says 4, see test.conf:1");
	wrong("router add A dev e vrid 1\nvip add 192.0.2.2 dev e vrid 1 priority 4\n", 1, 2,
	      "router A has 100, this line says 4");
	wrong("router add e.1 dev f vrid 1\nvip add 192.0.2.2 dev e vrid 1\n", 1, 2,
	      "router e.1 is there already with another dev, vrid or family");
	wrong("vip add 2001:db8::1 dev e vrid 1 priority 3\nvip add 2001:db8::2 dev e vrid 1 priority 4\n",
	      1, 2, "router e.1v6 has 3, this line says 4, see test.conf:1");
	wrong("router add A dev e vrid 1 family inet6\nrouter add B dev e vrid 1 family inet6\n", 1, 2,
	      "router A has dev e vrid 1 already");
	wrong("router add A dev e vrid 1\nvip add 2001:db8::1 router A\nvip add 2001:DB8:0::1/64 router A\n",
	      1, 3, "vip 2001:db8::1/64: is there already, see test.conf:2");
	wrong("router add A dev e vrid 1 version 2\nrouter set A interval 100ms\n", 1, 1,
	      "version 2 needs whole seconds, interval is 100ms");
	wrong("vip add 192.0.2.1 dev e vrid 1 version 2\nvip add 192.0.2.2 dev e vrid 1 interval 100ms\n",
	      1, 1, "version 2 needs whole seconds, interval is 100ms");
	wrong("router add A dev e vrid 1 family inet6\nrouter set A peer 192.0.2.2\n", 1, 1,
	      "peer: 192.0.2.2 is not of the router's family inet6");
	wrong("router add A dev e vrid 1 auth-pass x\n", 1, 1, "auth-pass needs `version 2`");
	wrong("router add A dev e vrid 1 version 2 auth-pass Sesame\n"
	      "vip add 192.0.2.1 dev e vrid 1 auth-pass sesame\n", 1, 2,
	      "auth-pass: router A has another one, see test.conf:1");
	wrong("group add EDGE\nrouter add A dev e vrid 1 group EGDE\n", 1, 2,
	      "group EGDE: no such group; groups: EDGE; did you mean `EDGE`?");
	wrong("router add A dev e vrid 1\nrouter set A group X\n", 1, 1, "group X: no such group; groups: none");
	wrong("vip add 192.0.2.1 dev e vrid 1 group X\n", 1, 1, "group X: no such group");
	wrong("group add G track NOPE\n", 1, 1, "track NOPE: no such track or check");
	wrong("group add G\ngroup add G\n", 1, 2, "group G: is there already, see test.conf:1");
	wrong("group set H track none\ngroup add G\n", 1, 1, "group H: no such group; groups: G");
	wrong("router add WAN dev e vrid 1\nroute add ::/0 router WNA\n", 1, 2,
	      "router WNA: no such router; routers: WAN; did you mean `WAN`?");
	wrong("router add A dev e vrid 1\nroute add ::/0 router A\nroute add 0::/0 router A via fe80::1\n", 1,
	      3, "route ::/0: is there already, see test.conf:2");
	wrong("route set ::/0 router A metric 5\n", 1, 1, "not a command of `route`");
	wrong("track add T pool wbe\npool add web\n", 1, 1,
	      "pool wbe: no such pool; pools: web; did you mean `web`?");
	wrong("track add T dev e\ncheck add T process x\n", 1, 2,
	      "check T: the track of its name looks at a dev, see test.conf:1; say `track add T report`");
	wrong("track add T dev e\ntrack set T lease 5s\n", 1, 1, "lease: means nothing to a `dev` track");
	wrong("group add G trakc x\nrouter add A dev e vrid 1 group G\n", 1, 1, "trakc: not a word");
	wrong("check add x script \"a\n", 1, 1, "quote is not closed");
	wrong("include x\n", 1, 1, "include: stands in files only");
}

#define POOL	"pool add web\n"

static void balancer(void)
{
	struct hak_conf c;
	const struct hak_obj *o;

	us_model(&c, "service add tcp 192.0.2.100:80 pool web\nlb set hook -149\n"
		     "server set 198.51.100.11 pool web weight 3 state drain\n"
		     "server add 198.51.100.11 pool web\nserver add 198.51.100.11:80 pool web\n"
		     "server add 198.51.100.11 pool dns\npool add dns\n" POOL
		     "service set tcp 192.0.2.100:80 firewall off\nlb set maxconn 1000\n");
	o = hak_model_server(&c.model, "web", "198.51.100.11");
	CHECK(o && o->v[HAK_SR_WEIGHT].num == 3 && o->v[HAK_SR_STATE].num == HAK_SERVER_DRAIN);
	o = hak_model_server(&c.model, "dns", "198.51.100.11");
	CHECK(o && !o->v[HAK_SR_WEIGHT].set);
	o = hak_model_find(&c.model, HAK_O_SERVICE, "tcp 192.0.2.100:80");
	CHECK(o && o->v[HAK_SV_FIREWALL].set && !o->v[HAK_SV_FIREWALL].num);
	o = c.model.list[HAK_O_LB].first;
	CHECK(o && o == c.model.list[HAK_O_LB].last && (int64_t)o->v[HAK_BL_HOOK].num == -149 &&
	      o->v[HAK_BL_MAXCONN].num == 1000);
	CHECK_NUM(c.model.list[HAK_O_SERVER].n, 3);
	hak_conf_free(&c);
}

static void balancer_errors(void)
{
	wrong("pool add web\npool add dns\nserver add 198.51.100.11 pool wbe\n", 1, 3,
	      "pool wbe: no such pool; pools: web, dns; did you mean `web`?");
	wrong("service add tcp 192.0.2.100:80 pool web\n", 1, 1, "pool web: no such pool; pools: none");
	wrong(POOL POOL, 1, 2, "pool web: is there already, see test.conf:1");
	wrong(POOL "server add 198.51.100.11:80 pool web\nserver add 198.51.100.11:80 pool web weight 2\n",
	      1, 3, "server 198.51.100.11:80: is there already, see test.conf:2");
	wrong(POOL "service add tcp 192.0.2.100:80 pool web\nservice add tcp 192.0.2.100:80 pool web\n",
	      1, 3, "service tcp 192.0.2.100:80: is there already, see test.conf:2");
	wrong(POOL "server add 198.51.100.12 pool web\nserver set 198.51.100.11 pool web weight 2\n", 1,
	      3, "server 198.51.100.11: pool web has no such server; servers: 198.51.100.12");
	wrong(POOL "server set 198.51.100.11 pool dns weight 2\n", 1, 2, "pool dns: no such pool");
	wrong("service set tcp 192.0.2.100:80 firewall off\n" POOL, 1, 1,
	      "service tcp 192.0.2.100:80: no such service");
	wrong("pool add web check http\ncheck add tcp tcp\nserver add 198.51.100.11:1 pool web check tcp\n",
	      1, 1, "check http: no such check; checks: tcp");
	wrong(POOL "server add 198.51.100.11 pool web check x\n", 1, 2, "check x: no such check");
	wrong("pool add web method ipip\nserver add 198.51.100.11 pool web\nservice add tcp 192.0.2.100:80 pool web\n",
	      1, 1, "`ipip` is not in this version");
	wrong("conn flush all\n" POOL, 1, 1, "conn: is typed only");
}

/* A check without `to` looks at servers; one with a track at one place. */
static void checks_of_servers(void)
{
	struct hak_conf c;

	us_model(&c, "pool add web check a\nserver add 198.51.100.11:80 pool web check b\n"
		     "check add a tcp\ncheck add b process x\ncheck add c process y\n"
		     "router add A dev e vrid 1 track b\n");
	CHECK(!hak_model_find(&c.model, HAK_O_TRACK, "a"));
	CHECK(hak_model_find(&c.model, HAK_O_TRACK, "b"));
	CHECK(hak_model_find(&c.model, HAK_O_TRACK, "c"));
	hak_conf_free(&c);
	wrong("check add a tcp\n", 1, 1, "`to ADDR:PORT` is missing, and no pool or server names it");
	wrong("check add a tcp to 127.0.0.1\n", 1, 1, "to: the port is missing in check a");
	wrong("check add a tcp\npool add web check a\nrouter add A dev e vrid 1 track a\n", 1, 1,
	      "`to ADDR:PORT` is missing, a router tracks it");
	wrong("check add a script x weight-from exit\npool add web check a\n", 1, 1,
	      "weight-from: for a check of servers it is not in this version of hak");
	wrong("check add a tcp\npool add web check a\nserver add 198.51.100.11 pool web\n", 1, 3,
	      "check a needs a port, and pool web has no service");
	us_model(&c, "check add a tcp\npool add web check a\nserver add 198.51.100.11 pool web\n"
		     "service add udp 192.0.2.100:53 pool web\ncheck add b script x\n"
		     "pool add dns check b\nserver add 198.51.100.11 pool dns\n");
	hak_conf_free(&c);
}

/* One error is enough for an object whose own line is wrong. */
static void no_follow_up_errors(void)
{
	wrong("router add A dev e vrid 500\nvip add 192.0.2.1 router A\nrouter set A priority 1\n", 1,
	      1, "vrid: 500");
	wrong("check add c http path /\nrouter add A dev e vrid 1 track c\n", 1, 1, "http");
	wrong("track add c dev eth0 frob 1\nrouter add A dev e vrid 1 track c\n", 1, 1, "frob: not a");
	wrong("pool add web frob 1\ntrack add c pool web\n", 1, 1, "frob: not a");
	wrong("pool add web chekc alive\ncheck add alive tcp\n", 1, 1, "chekc: not a word");
	wrong(POOL "server add 198.51.100.11 pool web wieght 2 check alive\ncheck add alive tcp\n", 1, 2,
	      "wieght: not a word");
	wrong(POOL "service add tcp 192.0.2.1:80 pool web frob 1\nservice set tcp 192.0.2.1:80 timeout 5s\n",
	      1, 2, "frob: not a word");
	/* What the wrong line did not make is still missed where it cannot be the cause. */
	wrong("pool add web frob 1\ncheck add a tcp\nrouter add A dev e vrid 1 track a\n", 2, 2,
	      "`to ADDR:PORT` is missing, a router tracks it");
	wrong(POOL "service add tcp 192.0.2.1:80 pool web frob 1\nservice set tcp 192.0.2.1:81 timeout 5s\n",
	      2, 3, "no such service");
}

static void lines_and_places(void)
{
	wrong("router add A dev e \\\n vrid 1\nrouter add B \\\n dev e \\\n vrid 0\n", 1, 3, "vrid: 0");
	wrong("router add A dev e vrid 1\r\nfrob", 1, 2, "frob");
	wrong("router add A dev e vrid 1\nfrob \\", 1, 2, "frob");
	wrong("# c \\\nfrob\nfrob\n", 1, 3, "frob");
}

static void nul_and_noise(void)
{
	static const char noise[] = "router add A dev e vrid 1\nrouter add B\0C dev e vrid 2\n\xff\xfe\n";
	struct hak_conf c;

	hak_conf_init(&c);
	hak_conf_text(&c, "t", noise, sizeof(noise) - 1);
	hak_conf_finish(&c);
	CHECK_NUM(c.errs.n, 2);
	CHECK(has_error(&c, 2, "NUL"));
	CHECK(has_error(&c, 3, "not a word"));
	hak_conf_free(&c);
}

static void load_fixture(struct hak_conf *c, const char *name)
{
	char *path = hak_printf("%s/%s", us_fixtures, name);

	hak_conf_init(c);
	CHECK_MSG(!hak_conf_file(c, path), "%s", path);
	hak_conf_finish(c);
	free(path);
}

/* A fixture is right, or every error says that it comes later. */
static void fixtures(void)
{
	static const struct {
		const char *name;
		size_t errors;
	} rows[] = {
		{ "haproxy-pair.conf", 0 }, { "postgres.conf", 0 }, { "gateway.conf", 1 },
		{ "balancer.conf", 3 }, { "balanced.conf", 0 },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_conf c;

		load_fixture(&c, rows[i].name);
		CHECK_MSG(c.errs.n == rows[i].errors, "%s: %zu errors", rows[i].name, c.errs.n);
		for (size_t e = 0; e < c.errs.n; e++)
			CHECK_MSG(us_has(c.errs.list[e].text, "not in this version of hak"), "%s: %s",
				  rows[i].name, c.errs.list[e].text);
		hak_conf_free(&c);
	}
}

/* Is a line of this file one of VRRP? */
static bool of_vrrp(const char *path, unsigned int line)
{
	static const char *const objects[] = { "router ", "vip ", "group ", "track ", "route " };
	FILE *f = fopen(path, "re");
	char text[512] = "";

	if (!CHECK_MSG(f, "%s", path))
		return false;
	while (line-- && fgets(text, sizeof(text), f))
		;
	fclose(f);
	for (size_t i = 0; i < TAP_COUNT(objects); i++)
		if (!strncmp(text, objects[i], strlen(objects[i])))
			return true;
	return false;
}

/* The examples of the documentation: no line of VRRP is refused any more. */
static void examples(void)
{
	static const struct {
		const char *name;
		unsigned int routers, vips, groups, tracks, routes;
	} rows[] = {
		{ "01-haproxy-pair", 1, 1, 0, 1, 0 }, { "02-active-active", 2, 2, 0, 1, 0 },
		{ "03-gateway", 3, 4, 1, 1, 1 }, { "04-postgres", 1, 1, 0, 1, 0 },
		{ "05-lvs-dr", 1, 1, 0, 0, 0 }, { "06-dns", 2, 2, 0, 0, 0 },
		{ "07-cloud", 1, 1, 0, 0, 0 }, { "08-three", 1, 1, 0, 1, 0 },
		{ "09-mysql", 1, 1, 0, 3, 0 }, { "10-openwrt", 2, 2, 0, 0, 0 },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		char *path = hak_printf("%s/examples/%s.conf", us_fixtures, rows[i].name);
		struct hak_conf c;

		hak_conf_init(&c);
		CHECK_MSG(!hak_conf_file(&c, path), "%s", path);
		hak_conf_finish(&c);
		for (size_t e = 0; e < c.errs.n; e++)
			CHECK_MSG(!of_vrrp(path, c.errs.list[e].line), "%s:%u: %s", path,
				  c.errs.list[e].line, c.errs.list[e].text);
		/* All but its check of HTTP. */
		if (!strcmp(rows[i].name, "05-lvs-dr"))
			CHECK_NUM(c.errs.n, 1);
		CHECK_NUM(c.model.list[HAK_O_ROUTER].n, rows[i].routers);
		CHECK_NUM(c.model.list[HAK_O_VIP].n, rows[i].vips);
		CHECK_NUM(c.model.list[HAK_O_GROUP].n, rows[i].groups);
		CHECK_NUM(c.model.list[HAK_O_TRACK].n, rows[i].tracks);
		CHECK_NUM(c.model.list[HAK_O_ROUTE].n, rows[i].routes);
		hak_conf_free(&c);
		free(path);
	}
}

static void includes(void)
{
	struct hak_conf c;
	const struct hak_obj *r;

	load_fixture(&c, "haproxy-pair.conf");
	r = hak_model_find(&c.model, HAK_O_ROUTER, "WEB");
	CHECK(r && r->v[HAK_R_PRIORITY].num == 150);
	hak_conf_free(&c);
	load_fixture(&c, "loop.conf");
	CHECK(c.errs.n == 1 && us_has(c.errs.list[0].text, "does a file include itself?"));
	hak_conf_free(&c);
	load_fixture(&c, "missing.conf");
	CHECK(c.errs.n == 1 && us_has(c.errs.list[0].text, "no such file"));
	hak_conf_free(&c);
}

/* save, read, save: the same text. */
static void save_and_read(void)
{
	static const char lines[] =
		"track add T report lease 5s initial up\n"
		"track add D dev eth0\n"
		"track add O route 0.0.0.0/0 table 100\n"
		"track add S route 2001:db8::/32 dev eth0\n"
		"track add W pool web\n"
		"group add G track c\n"
		"group add H\n"
		"router add C dev eth2 vrid 3 group H\n"
		"router add B dev eth1 vrid 2 priority 150 interval 2500ms accept always track T weight -60 track c\n"
		"router add U dev eth1 vrid 3 version 2 peer 192.0.2.7 peer 192.0.2.8 min-ttl 64 auth-pass \"a b\"\n"
		"vip add 192.0.2.3/25 router B label eth1:web advert off\n"
		"vip add 192.0.2.1/32 dev eth0 vrid 1 priority 7 enable off\n"
		"vip add 192.0.2.2/32 dev eth0 vrid 1\n"
		"vip add 2001:db8::1/64 dev eth0 vrid 1 priority 8\n"
		"vip add 2001:db8::2/128 router B\n"
		"vip add 192.0.2.9/32 router B dev eth5 advert off\n"
		"vip add 2001:db8::9/128 router eth0.1 dev eth5\n"
		"vip add 192.0.2.10/32 router eth0.1 dev eth6\n"
		"route add 0.0.0.0/0 router B via 192.0.2.9 src 192.0.2.3\n"
		"route add 0.0.0.0/0 router B metric 5\n"
		"route add 0.0.0.0/0 router B table 100\n"
		"route add 2001:db8::/32 router C dev eth9\n"
		"lb set hook -149\n"
		"pool add web scheduler mh hash-size 251 hash-port on quorum 2 check d\n"
		"pool add empty\n"
		"server add 198.51.100.11:8080 pool web weight 3 state drain check c check d\n"
		"server add 198.51.100.11 pool web\n"
		"service add tcp 192.0.2.1:80 pool web firewall off timeout 1h\n"
		"service add udp 192.0.2.1:80 pool web\n"
		"check add c script \"test -e '/tmp/a b'\" interval 1s\n"
		"check add d tcp\n";
	struct hak_conf c, again;
	struct hak_buf one = { 0 }, two = { 0 };

	us_model(&c, lines);
	hak_model_save(&c.model, &one);
	CHECK_MSG(!strcmp(one.s, lines), "%s", one.s);
	us_model(&again, one.s);
	hak_model_save(&again.model, &two);
	CHECK(!strcmp(one.s, two.s));
	hak_buf_free(&one);
	hak_buf_free(&two);
	hak_conf_free(&c);
	hak_conf_free(&again);
}

static void fingerprint(void)
{
	char a[HAK_HASH_TEXT], b[HAK_HASH_TEXT];
	struct hak_conf c;

	us_model(&c, "router add A dev e vrid 1\n");
	hak_hash_text(&c.hash, a);
	hak_conf_free(&c);
	us_model(&c, "router add A dev e vrid 2\n");
	hak_hash_text(&c.hash, b);
	CHECK(strcmp(a, b) && strlen(a) == 32);
	hak_conf_free(&c);
}

static const struct tap_test tests[] = {
	TAP_TEST(any_order), TAP_TEST(auto_routers), TAP_TEST(check_tracks), TAP_TEST(errors),
	TAP_TEST(auto_routers_of_both_families), TAP_TEST(save_other_family), TAP_TEST(set_makes_right),
	TAP_TEST(balancer), TAP_TEST(balancer_errors), TAP_TEST(checks_of_servers),
	TAP_TEST(no_follow_up_errors), TAP_TEST(lines_and_places), TAP_TEST(nul_and_noise),
	TAP_TEST(fixtures), TAP_TEST(examples), TAP_TEST(includes), TAP_TEST(save_and_read), TAP_TEST(fingerprint),
};

const struct us_suite us_conf = { "conf", tests, TAP_COUNT(tests) };
