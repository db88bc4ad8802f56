// SPDX-License-Identifier: GPL-2.0-only
/* Messages, built and read back without a kernel. */
#include "userspace.h"

#include "live.h"
#include "nl.h"

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

static void comes_back(const struct hak_obj *o)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct hak_buf one = { 0 }, two = { 0 };
	struct hak_obj *back;

	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	hak_nl_put_obj(msg, o->type->attr, o, UINT64_MAX, HAK_PUT_SAID);
	back = hak_nl_get_obj(o->type, genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0));
	CHECK(back);
	hak_obj_line(o, "add", &one);
	if (back)
		hak_obj_line(back, "add", &two);
	CHECK_MSG(two.s && !strcmp(one.s, two.s), "%s", two.s ? two.s : "nothing");
	hak_obj_free(back);
	hak_buf_free(&one);
	hak_buf_free(&two);
	nlmsg_free(msg);
}

/* What the kernel would have after one message: objects go there and come back. */
static void objects_come_back(void)
{
	static const char lines[] =
		"track add T report lease 5s initial up\n"
		"group add G track T track a weight -253\n"
		"router add B dev eth1 vrid 2 priority 150 interval 2500ms accept always track T weight -60\n"
		"router add U dev eth1 vrid 3 version 2 interval 255s source 192.0.2.1 peer 192.0.2.7 "
		"peer 192.0.2.8 min-ttl 64 auth-pass \"a b\" announce-refresh 1m group G preempt-delay 1s "
		"start-delay 2s\n"
		"router add U6 dev eth1 vrid 3 family inet6 vmac on source fe80::1\n"
		"vip add 2001:db8::3/64 router U6\n"
		"vip add 192.0.2.3/25 router B label eth1:web advert off\n"
		"route add 0.0.0.0/0 router B via 192.0.2.9 dev eth2 src 192.0.2.3 table 9 metric 5\n"
		"lb set hook -149 maxconn 5\n"
		"pool add web scheduler mh hash-size 251 hash-port on quorum 2 check a check b\n"
		"server add 198.51.100.11:8080 pool web weight 0 state down check b\n"
		"service add udp 192.0.2.100:53 pool web firewall off timeout 30s timeout-fin 5s\n"
		"check add a process x\ncheck add b tcp\n";
	struct hak_conf c;

	us_model(&c, lines);
	for (unsigned int id = HAK_O_TRACK; id < HAK_O_CHECK; id++)
		for (const struct hak_obj *o = c.model.list[id].first; o; o = o->next)
			comes_back(o);
	hak_conf_free(&c);
}

/* What a track looks at, beside words that go by the same attributes. */
static void kinds_come_back(void)
{
	struct hak_conf c;

	us_model(&c, "track add D dev eth0\ntrack add O route 0.0.0.0/0 table 100\npool add web\n"
		     "track add S route 2001:db8::/32 dev eth1\ntrack add W pool web\n");
	for (struct hak_obj *o = c.model.list[HAK_O_TRACK].first; o; o = o->next) {
		struct hak_buf one = { 0 }, two = { 0 };
		struct nl_msg *msg = nlmsg_alloc();
		struct hak_obj *back;

		genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
		hak_nl_put_obj(msg, HAK_A_TRACK, o, UINT64_MAX, HAK_PUT_SAID);
		back = hak_nl_get_obj(o->type, genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0));
		hak_obj_line(o, "add", &one);
		if (CHECK(back))
			hak_obj_line(back, "add", &two);
		CHECK_MSG(two.s && !strcmp(one.s, two.s), "%s", two.s ? two.s : "nothing");
		hak_obj_free(back);
		hak_buf_free(&one);
		hak_buf_free(&two);
		nlmsg_free(msg);
	}
	hak_conf_free(&c);
}

/* The family of an address that came back is that of its length: it is the same object. */
static void identities_come_back(void)
{
	struct hak_conf c;

	us_model(&c, "router add A dev e vrid 1 family inet6\nvip add 2001:db8::1/64 router A\n"
		     "vip add 192.0.2.1/24 router A\n"
		     "route add ::/0 router A\nroute add ::/0 router A metric 5\n"
		     "route add 2001:db8::/32 router A\nroute add ::/0 router A table 5\n"
		     "pool add web\nserver add 198.51.100.11 pool web\nserver add 198.51.100.11:1 pool web\n"
		     "service add tcp 192.0.2.100:80 pool web\n");
	for (unsigned int id = HAK_O_ROUTER; id <= HAK_O_SERVICE; id++)
		for (struct hak_obj *o = c.model.list[id].first; o; o = o->next) {
			struct nl_msg *msg = nlmsg_alloc();
			struct hak_obj *back;

			genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
			hak_nl_put_obj(msg, o->type->attr, o, UINT64_MAX, HAK_PUT_SAID);
			back = hak_nl_get_obj(o->type, genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0));
			CHECK(back && hak_model_twin(&c.model, back) == o);
			CHECK(back && back->key.addr.len == o->key.addr.len);
			hak_obj_free(back);
			nlmsg_free(msg);
		}
	hak_conf_free(&c);
}

static struct nlattr *inner(struct nlattr *nest, int type)
{
	return nla_find(nla_data(nest), nla_len(nest), type);
}

static void batch_in_order(void)
{
	struct hak_conf a, b;
	struct nlattr *op, *router;
	uint32_t offsets[8] = { 0 }, generation = 7;
	struct hak_diff d;
	struct nl_msg *msg;
	char *base;

	us_model(&a, "track add T report\nrouter add A dev e vrid 1 priority 9 track T\n"
		     "vip add 192.0.2.1 router A\n");
	us_model(&b, "router add A dev e vrid 1\nvip add 192.0.2.2/24 router A\n");
	hak_diff_make(&d, &a.model, &b.model);
	if (!CHECK(d.n == 4))
		return;
	msg = hak_nl_apply_msg(&d, "tag", &generation, offsets);
	base = (char *)nlmsg_hdr(msg);
	for (size_t i = 0; i < d.n; i++) {
		op = (struct nlattr *)(base + offsets[i]);
		CHECK(nla_type(op) == HAK_A_OP && (op->nla_type & NLA_F_NESTED));
		CHECK_NUM(nla_get_u32(inner(op, HAK_A_OP_CMD)), d.ops[i].obj->type->cmd + d.ops[i].kind);
	}
	/* SET says the default where a word went back to it, and nothing else. */
	op = (struct nlattr *)(base + offsets[0]);
	router = inner(op, HAK_A_OP_ROUTER);
	CHECK(router && inner(router, HAK_A_ROUTER_NAME));
	CHECK_NUM(nla_get_u32(inner(router, HAK_A_ROUTER_PRIORITY)), 100);
	CHECK(inner(router, HAK_A_ROUTER_TRACKS) && !nla_len(inner(router, HAK_A_ROUTER_TRACKS)));
	CHECK(!inner(router, HAK_A_ROUTER_DEV) && !inner(router, HAK_A_ROUTER_INTERVAL));
	/* DEL of one host leaves the length open. */
	op = (struct nlattr *)(base + offsets[2]);
	CHECK(!inner(inner(op, HAK_A_OP_VIP), HAK_A_VIP_PREFIX_LEN));
	nlmsg_free(msg);
	hak_diff_free(&d);
	hak_conf_free(&a);
	hak_conf_free(&b);
}

/* Back to the default is said with nothing in it. */
static void emptied(void)
{
	struct hak_conf a, b;
	uint32_t offsets[4] = { 0 };
	struct hak_diff d;
	struct nl_msg *msg;

	us_model(&a, "router add A dev e vrid 1 version 2 source 192.0.2.1 peer 192.0.2.2 auth-pass x "
		     "group G preempt-delay 5s vmac off\ngroup add G\n");
	us_model(&b, "router add A dev e vrid 1\n");
	hak_diff_make(&d, &a.model, &b.model);
	if (CHECK(d.n == 2)) {
		struct nlattr *router;

		msg = hak_nl_apply_msg(&d, NULL, NULL, offsets);
		router = inner((struct nlattr *)((char *)nlmsg_hdr(msg) + offsets[0]), HAK_A_OP_ROUTER);
		CHECK(inner(router, HAK_A_ROUTER_SOURCE) && !nla_len(inner(router, HAK_A_ROUTER_SOURCE)));
		CHECK(inner(router, HAK_A_ROUTER_PEERS) && !nla_len(inner(router, HAK_A_ROUTER_PEERS)));
		CHECK(!strcmp(nla_get_string(inner(router, HAK_A_ROUTER_AUTH_PASS)), ""));
		CHECK(!strcmp(nla_get_string(inner(router, HAK_A_ROUTER_GROUP)), ""));
		CHECK_NUM(nla_get_u64(inner(router, HAK_A_ROUTER_PREEMPT_DELAY)), 0);
		CHECK_NUM(nla_get_u32(inner(router, HAK_A_ROUTER_VERSION)), 3);
		CHECK(!inner(router, HAK_A_ROUTER_VMAC) && !inner(router, HAK_A_ROUTER_MIN_TTL));
		nlmsg_free(msg);
	}
	hak_diff_free(&d);
	hak_conf_free(&a);
	hak_conf_free(&b);
}

/* The device of an address is said when it is another one, and when it is so no more. */
static void other_device(void)
{
	static const struct {
		const char *from, *to, *dev;
	} rows[] = {
		{ "", "", NULL },
		{ "", " dev f", "f" },
		{ " dev f", "", "e" },
		{ " dev f", " dev f advert off", "f" },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		char *from = hak_printf("router add A dev e vrid 1\nvip add 192.0.2.1 router A advert off label x%s\n",
					rows[i].from);
		char *to = hak_printf("router add A dev e vrid 1\nvip add 192.0.2.1 router A%s\n",
				      rows[i].to);
		struct nlattr *vip, *dev;
		uint32_t offsets[4] = { 0 };
		struct hak_conf a, b;
		struct hak_diff d;
		struct nl_msg *msg;

		us_model(&a, from);
		us_model(&b, to);
		hak_diff_make(&d, &a.model, &b.model);
		msg = hak_nl_apply_msg(&d, NULL, NULL, offsets);
		vip = inner((struct nlattr *)((char *)nlmsg_hdr(msg) + offsets[0]), HAK_A_OP_VIP);
		dev = vip ? inner(vip, HAK_A_VIP_DEV) : NULL;
		CHECK_MSG(d.n == 1 && vip && !dev == !rows[i].dev, "row %zu", i);
		CHECK(!dev || !rows[i].dev || !strcmp(nla_get_string(dev), rows[i].dev));
		CHECK(vip && inner(vip, HAK_A_VIP_ROUTER) && !inner(vip, HAK_A_VIP_VRID));
		nlmsg_free(msg);
		hak_diff_free(&d);
		hak_conf_free(&a);
		hak_conf_free(&b);
		free(from);
		free(to);
	}
}

/* The name, and how long; nothing else is known or said. */
static void resign(void)
{
	static const char *const lines[] = { "router resign W", "router resign W for 5m" };

	for (size_t i = 0; i < TAP_COUNT(lines); i++) {
		struct hak_stmt *st = us_stmt(lines[i]);
		struct nl_msg *msg = nlmsg_alloc();
		struct nlattr *nest, *a;
		int rem, n = 0;

		if (!st)
			return;
		genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
		hak_nl_put_obj(msg, HAK_A_ROUTER, st->obj, UINT64_MAX, HAK_PUT_SAID);
		nest = genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0);
		nla_for_each_nested(a, nest, rem)
			n++;
		CHECK_NUM(n, 1 + (int)i);
		CHECK(!strcmp(nla_get_string(inner(nest, HAK_A_ROUTER_NAME)), "W"));
		a = inner(nest, HAK_A_ROUTER_RESIGN_FOR);
		CHECK(!a == !i && (!a || nla_get_u64(a) == 300 * HAK_NS_S));
		nlmsg_free(msg);
		hak_stmt_free(st);
	}
}

static void report(void)
{
	struct hak_stmt *st = us_stmt("track report T -60 reason \"it broke\"");
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	if (!st)
		return;
	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	hak_nl_put_obj(msg, HAK_A_TRACK, st->obj, UINT64_MAX, HAK_PUT_SAID);
	nest = genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_TRACK_STATE)), HAK_TRACK_VALUE);
	CHECK((int32_t)nla_get_u32(inner(nest, HAK_A_TRACK_VALUE)) == -60);
	CHECK(!strcmp(nla_get_string(inner(nest, HAK_A_TRACK_REASON)), "it broke"));
	CHECK(!inner(nest, HAK_A_TRACK_KIND) && !inner(nest, HAK_A_TRACK_LEASE));
	nlmsg_free(msg);
	hak_stmt_free(st);
}

static void server_report(void)
{
	struct hak_stmt *st = us_stmt("server report 198.51.100.11:80 pool web 20 reason busy");
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	if (!st)
		return;
	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	hak_nl_put_obj(msg, HAK_A_SERVER, st->obj, UINT64_MAX, HAK_PUT_SAID);
	nest = genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0);
	CHECK(!strcmp(nla_get_string(inner(nest, HAK_A_SERVER_POOL)), "web"));
	CHECK_NUM(nla_len(inner(nest, HAK_A_SERVER_ADDRESS)), 4);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_SERVER_PORT)), 80);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_SERVER_REPORT)), HAK_TRACK_VALUE);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_SERVER_VALUE)), 20);
	CHECK(!strcmp(nla_get_string(inner(nest, HAK_A_SERVER_REASON)), "busy"));
	CHECK(!inner(nest, HAK_A_SERVER_STATE) && !inner(nest, HAK_A_SERVER_WEIGHT));
	nlmsg_free(msg);
	hak_stmt_free(st);
}

/* DEL and SET name a server by its pool, too; DEL says nothing else. */
static void server_keys(void)
{
	struct hak_conf a, b;
	uint32_t offsets[8] = { 0 };
	struct hak_diff d;
	struct nl_msg *msg;

	us_model(&a, "pool add p\nserver add 198.51.100.1 pool p weight 3\nserver add 198.51.100.2:5 pool p\n"
		     "service add tcp 192.0.2.1:80 pool p timeout 5s\n");
	us_model(&b, "pool add p\nserver add 198.51.100.1 pool p\n");
	hak_diff_make(&d, &a.model, &b.model);
	if (!CHECK(d.n == 3))
		return;
	msg = hak_nl_apply_msg(&d, NULL, NULL, offsets);
	for (size_t i = 0; i < d.n; i++) {
		struct nlattr *op = (struct nlattr *)((char *)nlmsg_hdr(msg) + offsets[i]);
		struct nlattr *server = inner(op, HAK_A_OP_SERVER);
		struct nlattr *service = inner(op, HAK_A_OP_SERVICE);

		if (service) {
			CHECK_NUM(nla_get_u32(inner(service, HAK_A_SERVICE_PROTO)), 6);
			CHECK_NUM(nla_get_u32(inner(service, HAK_A_SERVICE_PORT)), 80);
			CHECK(!inner(service, HAK_A_SERVICE_POOL));
			continue;
		}
		CHECK(server && inner(server, HAK_A_SERVER_POOL));
		CHECK(!!inner(server, HAK_A_SERVER_PORT) == (d.ops[i].kind == HAK_OP_DEL));
		CHECK(!!inner(server, HAK_A_SERVER_WEIGHT) == (d.ops[i].kind == HAK_OP_SET));
	}
	nlmsg_free(msg);
	hak_diff_free(&d);
	hak_conf_free(&a);
	hak_conf_free(&b);
}

static void connections(void)
{
	struct hak_stmt *st = us_stmt("conn show service udp 192.0.2.100:53 server 198.51.100.11 "
				      "client 203.0.113.0/24 state none limit 9");
	struct nl_msg *msg = nlmsg_alloc();
	struct hak_conn c;
	struct nlattr *nest;

	if (!st)
		return;
	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	hak_nl_put_filter(msg, st->obj, false);
	nest = genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_CONN_PROTO)), 17);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_CONN_PORT)), 53);
	CHECK(inner(nest, HAK_A_CONN_SERVER) && !inner(nest, HAK_A_CONN_SERVER_PORT));
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_CONN_CLIENT_PREFIX_LEN)), 24);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_CONN_STATE)), HAK_CONN_NONE);
	CHECK_NUM(nla_get_u32(inner(nest, HAK_A_CONN_LIMIT)), 9);
	CHECK(!hak_nl_get_conn(nest, &c) && c.proto == 17 && c.service.port == 53 && !c.counted);
	nlmsg_free(msg);
	msg = nlmsg_alloc();
	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	nest = nla_nest_start(msg, HAK_A_CONN | NLA_F_NESTED);
	nla_put_u32(msg, HAK_A_CONN_COUNT, 1234);
	nla_nest_end(msg, nest);
	CHECK(!hak_nl_get_conn(nest, &c) && c.counted && c.count == 1234);
	nlmsg_free(msg);
	hak_stmt_free(st);
}

/* What an IPv6 router hears; the other family's address has no place there but is shown. */
static void active_of_ipv6(void)
{
	static const uint8_t peer[16] = { 0xfe, 0x80, [15] = 2 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest, *active;
	struct hak_obj *o;
	char text[HAK_ADDR_TEXT];

	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	nest = nla_nest_start(msg, HAK_A_ROUTER | NLA_F_NESTED);
	nla_put_string(msg, HAK_A_ROUTER_NAME, "WEB6");
	nla_put_u32(msg, HAK_A_ROUTER_FAMILY, AF_INET6);
	nla_put(msg, HAK_A_ROUTER_PRIMARY, 16, peer);
	active = nla_nest_start(msg, HAK_A_ROUTER_ACTIVE | NLA_F_NESTED);
	nla_put(msg, HAK_A_ACTIVE_ADDRESS, 16, peer);
	nla_put(msg, HAK_A_ACTIVE_VIP, 16, peer);
	nla_nest_end(msg, active);
	nla_nest_end(msg, nest);
	o = hak_nl_get_obj(&hak_object_router, genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0));
	if (CHECK(o && o->live && o->live->active && o->live->n_vips == 1)) {
		hak_addr_text(&o->live->address, false, text);
		CHECK(!strcmp(text, "fe80::2") && hak_addr_equal(&o->live->address, &o->live->vips[0]));
		CHECK(hak_addr_equal(&o->live->address, &o->v[HAK_R_PRIMARY].addr));
	}
	hak_obj_free(o);
	nlmsg_free(msg);
}

static void put_active(struct nl_msg *msg)
{
	struct nlattr *nest = nla_nest_start(msg, HAK_A_ROUTER_ACTIVE | NLA_F_NESTED);

	nla_put(msg, HAK_A_ACTIVE_ADDRESS, 4, "\xc0\x00\x02\x03");
	nla_put(msg, HAK_A_ACTIVE_MAC, 6, "\x00\x00\x5e\x00\x53\x03");
	nla_put_u32(msg, HAK_A_ACTIVE_PRIORITY, 100);
	nla_put_u64(msg, HAK_A_ACTIVE_HEARD, 400 * HAK_NS_MS);
	nla_put(msg, HAK_A_ACTIVE_VIP, 4, "\xc0\x00\x02\x64");
	nla_put(msg, HAK_A_ACTIVE_VIP, 3, "bad");
	nla_nest_end(msg, nest);
}

/* A reply with attributes of a newer kernel, and some of a wrong size. */
static void replies(void)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest, *stats;
	struct hak_obj *o;

	genlmsg_put(msg, 0, 0, 0, 0, 0, 1, 1);
	nest = nla_nest_start(msg, HAK_A_ROUTER | NLA_F_NESTED);
	nla_put_string(msg, HAK_A_ROUTER_NAME, "WEB");
	nla_put_u32(msg, HAK_A_ROUTER_STATE, HAK_STATE_BACKUP);
	nla_put(msg, HAK_A_ROUTER_PRIORITY, 2, "xx");
	nla_put_u32(msg, 60, 1);
	nla_put_u64(msg, HAK_A_ROUTER_RESIGNED, UINT64_MAX);
	nla_put(msg, HAK_A_ROUTER_MAC, 6, "\x00\x00\x5e\x00\x02\x33");
	put_active(msg);
	stats = nla_nest_start(msg, HAK_A_ROUTER_STATS | NLA_F_NESTED);
	nla_put_u64(msg, HAK_A_STAT_RX, 5);
	nla_put_u64(msg, HAK_A_STAT_DROP_BASE + HAK_DROP_CHECKSUM, 6);
	nla_put_u64(msg, HAK_A_STAT_MAX + 40, 7);
	nla_nest_end(msg, stats);
	nla_nest_end(msg, nest);
	o = hak_nl_get_obj(&hak_object_router, genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0));
	if (CHECK(o && o->live)) {
		CHECK(!strcmp(o->name, "WEB") && o->v[HAK_R_STATE].num == HAK_STATE_BACKUP);
		CHECK(o->live->active && o->live->priority == 100 && o->live->n_vips == 1);
		CHECK(o->live->has_own_mac && o->live->own_mac[5] == 0x33);
		CHECK(o->v[HAK_R_RESIGNED].set && o->v[HAK_R_RESIGNED].num == UINT64_MAX);
		CHECK_NUM(o->live->stats[HAK_A_STAT_RX], 5);
		CHECK_NUM(o->live->stats[HAK_A_STAT_DROP_BASE + HAK_DROP_CHECKSUM], 6);
	}
	hak_obj_free(o);
	nlmsg_free(msg);
}

static const struct tap_test tests[] = {
	TAP_TEST(objects_come_back), TAP_TEST(batch_in_order), TAP_TEST(report), TAP_TEST(replies),
	TAP_TEST(identities_come_back), TAP_TEST(server_report), TAP_TEST(server_keys),
	TAP_TEST(connections), TAP_TEST(active_of_ipv6), TAP_TEST(emptied), TAP_TEST(other_device),
	TAP_TEST(kinds_come_back), TAP_TEST(resign),
};

const struct us_suite us_nl = { "nl", tests, TAP_COUNT(tests) };
