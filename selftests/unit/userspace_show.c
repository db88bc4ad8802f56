// SPDX-License-Identifier: GPL-2.0-only
/* What people and scripts see, to the letter. */
#include "userspace.h"

#include "live.h"
#include "show_lb.h"

#include <linux/hak.h>
#include <stdlib.h>
#include <string.h>

#define NOW	(UINT64_C(1795316327) * HAK_NS_S)

static void set_num(struct hak_obj *o, unsigned int word, uint64_t num)
{
	o->v[word].set = true;
	o->v[word].num = num;
}

static void set_text(struct hak_obj *o, unsigned int word, const char *text)
{
	hak_value_free(&o->v[word]);
	o->v[word].set = true;
	o->v[word].text = hak_strdup(text);
}

/* As the kernel would reply: WEB is Active, API is Backup with a check down. */
static void replies(struct hak_conf *c)
{
	struct hak_obj *web, *api, *t;

	us_model(c, "router add WEB dev eth0 vrid 51 priority 150\n"
		    "vip add 192.0.2.100/24 router WEB\nvip add 192.0.2.101/24 router WEB\n"
		    "router add API dev eth0 vrid 52 priority 150 track haproxy weight -60\n"
		    "vip add 192.0.2.110/24 router API\ntrack add haproxy report\n");
	web = hak_model_find(&c->model, HAK_O_ROUTER, "WEB");
	api = hak_model_find(&c->model, HAK_O_ROUTER, "API");
	t = hak_model_find(&c->model, HAK_O_TRACK, "haproxy");
	set_num(web, HAK_R_STATE, HAK_STATE_ACTIVE);
	set_num(web, HAK_R_SINCE, NOW - (12 * 86400 + 4 * 3600) * HAK_NS_S);
	set_num(web, HAK_R_EFFECTIVE_PRIORITY, 150);
	set_text(web, HAK_R_REASON, "no advert heard");
	set_num(api, HAK_R_STATE, HAK_STATE_BACKUP);
	set_num(api, HAK_R_SINCE, NOW - 131 * HAK_NS_S);
	set_num(api, HAK_R_EFFECTIVE_PRIORITY, 90);
	set_text(api, HAK_R_REASON, "preempted by 192.0.2.3");
	api->v[HAK_R_TRACK].refs[0].live = true;
	api->v[HAK_R_TRACK].refs[0].state = HAK_TRACK_DOWN;
	api->v[HAK_R_TRACK].refs[0].applied = -60;
	set_num(t, HAK_K_STATE, HAK_TRACK_DOWN);
	set_num(t, HAK_K_REPORTED, 131 * HAK_NS_S);
	set_text(t, HAK_K_REASON, "exit 1 \"cannot bind :443\"");
	web->live = hak_calloc(1, sizeof(*web->live));
	api->live = hak_calloc(1, sizeof(*api->live));
	api->live->active = true;
	hak_addr_set(&api->live->address, "\xc0\x00\x02\x03", 4);
	memcpy(api->live->mac, "\x00\x00\x5e\x00\x53\x03", 6);
	api->live->has_mac = true;
	api->live->priority = 100;
	api->live->heard = 400 * HAK_NS_MS;
	api->live->interval = HAK_NS_S;
	api->live->checksum = HAK_CHECKSUM_PLAIN;
	api->live->stats[HAK_A_STAT_RX] = 17;
	api->live->stats[HAK_A_STAT_DROP_BASE + HAK_DROP_IP_TTL] = 3;
}

/* What @fn prints, to be freed. */
static char *printed(struct hak_out *out, void (*fn)(struct hak_out *out, void *arg), void *arg)
{
	char *text = NULL;
	size_t size;

	out->f = open_memstream(&text, &size);
	fn(out, arg);
	fclose(out->f);
	return text;
}

static void expect(struct hak_out out, void (*fn)(struct hak_out *out, void *arg), void *arg,
		   const char *text)
{
	char *got = printed(&out, fn, arg);

	CHECK_MSG(!strcmp(got, text), "got:\n%s\nwanted:\n%s", got, text);
	free(got);
}

static void show_api(struct hak_out *out, void *arg)
{
	struct hak_conf *c = arg;

	hak_show(out, &c->model, hak_model_find(&c->model, HAK_O_ROUTER, "API"), NOW);
}

static void router_text(void)
{
	struct hak_conf c;

	replies(&c);
	expect((struct hak_out){ 0 }, show_api, &c,
	       "API dev eth0 vrid 52 priority 150 track haproxy weight -60\n"
	       "    state Backup since 2m11s effective-priority 90: preempted by 192.0.2.3\n"
	       "    vip 192.0.2.110/24\n"
	       "    track haproxy down weight -60 applied -60: exit 1 \"cannot bind :443\" (reported 2m11s ago)\n"
	       "    active 192.0.2.3 mac 00:00:5e:00:53:03 priority 100 heard 0.4s ago\n");
	expect((struct hak_out){ .brief = true }, show_api, &c,
	       "API             Backup      90  192.0.2.110/24\n");
	hak_conf_free(&c);
}

/* The password goes to `save` only; all else of a unicast router is shown. */
static void router_secret(void)
{
	static const char words[] = "API dev eth0 vrid 52 version 2 source 192.0.2.9 peer 192.0.2.7 "
				    "peer 192.0.2.8 min-ttl 64\n";
	struct hak_out text = { 0 }, json = { .json = true };
	struct hak_buf saved = { 0 };
	struct hak_conf c;
	char *got;

	us_model(&c, "router add API dev eth0 vrid 52 version 2 source 192.0.2.9 peer 192.0.2.7 "
		     "peer 192.0.2.8 min-ttl 64 auth-pass Sesame\n");
	got = printed(&text, show_api, &c);
	CHECK_MSG(us_has(got, words) && !us_has(got, "auth"), "%s", got);
	free(got);
	got = printed(&json, show_api, &c);
	CHECK_MSG(us_has(got, "\"peers\":[\"192.0.2.7\",\"192.0.2.8\"]") &&
		  us_has(got, "\"source\":\"192.0.2.9\"") && us_has(got, "\"min_ttl\":64"), "%s", got);
	CHECK(!us_has(got, "auth_") && !us_has(got, "Sesame"));
	free(got);
	hak_model_save(&c.model, &saved);
	CHECK(us_has(saved.s, " auth-pass Sesame\n"));
	hak_buf_free(&saved);
	hak_conf_free(&c);
}

static void router_resigned(void)
{
	static const struct {
		uint64_t left;
		const char *text, *json;
	} rows[] = {
		{ 299 * HAK_NS_S, "\n    resigned for 4m59s more\n",
		  "\"resigned\":true,\"resigned_ms\":299000,\"mac\":\"00:00:5e:00:01:34\"" },
		{ UINT64_MAX, "\n    resigned until Active again\n",
		  "\"resigned\":true,\"resigned_ms\":null,\"mac\":\"00:00:5e:00:01:34\"" },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_out text = { 0 }, json = { .json = true };
		struct hak_conf c;
		struct hak_obj *api;
		char *got;

		replies(&c);
		api = hak_model_find(&c.model, HAK_O_ROUTER, "API");
		set_num(api, HAK_R_RESIGNED, rows[i].left);
		api->live->has_own_mac = true;
		memcpy(api->live->own_mac, "\x00\x00\x5e\x00\x01\x34", 6);
		got = printed(&text, show_api, &c);
		CHECK_MSG(us_has(got, rows[i].text), "%s", got);
		free(got);
		got = printed(&json, show_api, &c);
		CHECK_MSG(us_has(got, rows[i].json), "%s", got);
		free(got);
		hak_conf_free(&c);
	}
}

static void oneline(void)
{
	struct hak_out out = { .oneline = true };
	struct hak_conf c;
	char *text;

	replies(&c);
	text = printed(&out, show_api, &c);
	CHECK(strchr(text, '\n') == text + strlen(text) - 1 && us_has(text, "\\    state Backup"));
	free(text);
	hak_conf_free(&c);
}

static void router_json(void)
{
	struct hak_conf c;

	replies(&c);
	expect((struct hak_out){ .json = true }, show_api, &c,
	       "{\"name\":\"API\",\"dev\":\"eth0\",\"vrid\":52,\"family\":\"inet\",\"version\":\"3\","
	       "\"priority\":150,\"interval_ms\":1000,\"preempt\":\"on\",\"preempt_delay_ms\":0,"
	       "\"start_delay_ms\":0,\"down_adverts\":3,"
	       "\"enable\":\"on\",\"accept\":\"on\",\"vmac\":\"off\",\"source\":null,"
	       "\"min_ttl\":255,\"checksum\":\"auto\","
	       "\"announce\":4,\"announce_interval_ms\":500,\"announce_refresh_ms\":0,"
	       "\"group\":null,\"state\":\"Backup\","
	       "\"since\":\"2026-11-22T02:56:36.000Z\",\"reason\":\"preempted by 192.0.2.3\","
	       "\"effective_priority\":90,\"ifindex\":null,\"primary\":null,\"checksum_sent\":null,"
	       "\"auto\":false,\"resigned\":false,\"resigned_ms\":null,\"mac\":null,\"peers\":[],"
	       "\"addresses\":[\"192.0.2.110/24\"],\"tracks\":[{\"name\":\"haproxy\","
	       "\"state\":\"down\",\"weight\":-60,\"applied\":-60,"
	       "\"reason\":\"exit 1 \\\"cannot bind :443\\\"\",\"reported_ms\":131000}],"
	       "\"active\":{\"address\":\"192.0.2.3\",\"mac\":\"00:00:5e:00:53:03\",\"priority\":100,"
	       "\"heard_ms\":400,\"interval_ms\":1000,\"checksum\":\"plain\",\"addresses\":[]},"
	       "\"counters\":{\"rx\":17,\"rx_zero\":0,\"rx_lower\":0,\"tx\":0,\"tx_zero\":0,"
	       "\"tx_error\":0,\"tx_late_max_ns\":0,\"announce\":0,\"to_initialize\":0,"
	       "\"to_backup\":0,\"to_active\":0,\"vip_restored\":0,\"address_diff\":0,"
	       "\"interval_diff\":0,\"dropped\":{\"packet_length\":0,\"ip_ttl\":3,\"version\":0,"
	       "\"invalid_type\":0,\"address_list\":0,\"checksum\":0,\"vrid\":0,\"interval\":0,"
	       "\"source\":0,\"destination\":0,\"self_reflect\":0,\"duplicate_primary\":0,"
	       "\"auth\":0,\"carp\":0,\"not_running\":0,\"peer\":0}}}");
	hak_conf_free(&c);
}

static void show_track(struct hak_out *out, void *arg)
{
	struct hak_conf *c = arg;

	hak_show(out, &c->model, c->model.list[HAK_O_TRACK].first, NOW);
}

static void show_vip(struct hak_out *out, void *arg)
{
	struct hak_conf *c = arg;

	hak_show(out, &c->model, c->model.list[HAK_O_VIP].first, NOW);
}

static void tracks_and_vips(void)
{
	struct hak_conf c;

	replies(&c);
	expect((struct hak_out){ 0 }, show_track, &c,
	       "haproxy report is down reported 2m11s ago: exit 1 \"cannot bind :443\"\n");
	expect((struct hak_out){ .json = true }, show_track, &c,
	       "{\"name\":\"haproxy\",\"kind\":\"report\",\"lease_ms\":0,\"initial\":\"down\","
	       "\"dev\":null,\"table\":null,"
	       "\"state\":\"down\",\"value\":null,\"reason\":\"exit 1 \\\"cannot bind :443\\\"\","
	       "\"reported_ms\":131000,\"expired\":null,\"users\":null,\"check\":false,\"prefix\":null,\"pool\":null}");
	expect((struct hak_out){ 0 }, show_vip, &c, "192.0.2.100/24 router WEB\n");
	expect((struct hak_out){ .json = true }, show_vip, &c,
	       "{\"address\":\"192.0.2.100/24\",\"router\":\"WEB\",\"dev\":\"eth0\",\"vrid\":null,"
	       "\"label\":null,\"advert\":\"on\",\"installed\":null}");
	hak_conf_free(&c);
}

static void show_status(struct hak_out *out, void *arg)
{
	hak_show_status(out, arg);
}

static struct hak_alarm alarm_of(void)
{
	struct hak_alarm a = { .kind = HAK_ALARM_ADDRESS_MISMATCH, .count = 31 };

	hak_copy(a.router, sizeof(a.router), "WEB");
	hak_copy(a.text, sizeof(a.text), "192.0.2.3 (00:00:5e:00:53:03) lacks 192.0.2.102");
	hak_addr_set(&a.address, "\xc0\x00\x02\x03", 4);
	a.first = NOW - 240 * HAK_NS_S;
	a.last = NOW;
	return a;
}

/* Both nodes of an IPv6 router, one of which has resigned. */
static void status_ipv6(void)
{
	static const uint8_t peer[16] = { 0xfe, 0x80, [15] = 2 };
	struct hak_status s = { .now = NOW, .config = { .version = "1.0" }, .host = "lb1" };
	struct hak_out out = { 0 };
	struct hak_conf c;
	struct hak_obj *r;
	char *got;

	us_model(&c, "router add WEB6 dev eth0 vrid 51 family inet6\nrouter add API6 dev eth0 vrid 52 family inet6\n"
		     "vip add 2001:0db8::0100/64 router WEB6\nvip add 2001:db8::101/64 router WEB6\n"
		     "vip add 2001:db8::110/64 router API6\n");
	r = hak_model_find(&c.model, HAK_O_ROUTER, "WEB6");
	set_num(r, HAK_R_STATE, HAK_STATE_ACTIVE);
	set_num(r, HAK_R_SINCE, NOW - 7200 * HAK_NS_S);
	r = hak_model_find(&c.model, HAK_O_ROUTER, "API6");
	set_num(r, HAK_R_STATE, HAK_STATE_BACKUP);
	set_num(r, HAK_R_SINCE, NOW - 7200 * HAK_NS_S);
	set_num(r, HAK_R_RESIGNED, UINT64_MAX);
	r->live = hak_calloc(1, sizeof(*r->live));
	r->live->active = true;
	hak_addr_set(&r->live->address, peer, 16);
	r->live->priority = 90;
	r->live->heard = 700 * HAK_NS_MS;
	s.model = c.model;
	got = printed(&out, show_status, &s);
	CHECK_MSG(us_has(got, "\nWEB6   Active  100   2h     2001:db8::100/64 +1        this node\n"
			 "API6   Backup  100   2h     2001:db8::110/64           fe80::2 prio 90 0.7s\n"
			 "       resigned until Active again\n"), "%s", got);
	free(got);
	hak_conf_free(&c);
}

static void status(void)
{
	struct hak_alarm alarm = alarm_of();
	struct hak_status s = { .alarms = &alarm, .n_alarms = 1, .hakcheck = 7, .now = NOW };
	char file[] = "/etc/hak/hak.conf";
	struct hak_conf c;
	char *text;
	struct hak_out json = { .json = true };

	replies(&c);
	s.model = c.model;
	hak_copy(s.host, sizeof(s.host), "lb1");
	hak_copy(s.config.version, sizeof(s.config.version), "1.0");
	s.config.time = NOW - 3 * 3600 * HAK_NS_S;
	s.file = file;
	s.file_state = "changed";
	expect((struct hak_out){ 0 }, show_status, &s,
	       "lb1  hak 1.0  hakcheck ok  hak.conf loaded 3h ago, file CHANGED SINCE   1 ALARM\n"
	       "! WEB  address-mismatch: 192.0.2.3 (00:00:5e:00:53:03) lacks 192.0.2.102, 4m x31\n"
	       "ROUTER STATE   PRIO  SINCE  ADDRESSES                  ACTIVE ROUTER\n"
	       "WEB    Active  150   12d4h  192.0.2.100/24 +1          this node\n"
	       "API    Backup  90    2m11s  192.0.2.110/24             192.0.2.3 prio 100 0.4s\n"
	       "       150 -60 haproxy, down 2m11s: exit 1 \"cannot bind :443\"\n");
	text = printed(&json, show_status, &s);
	CHECK(us_has(text, "\"alarms\":[{\"kind\":\"address-mismatch\",\"router\":\"WEB\",\"track\":null,"));
	CHECK(us_has(text, "\"services\":[],\"pools\":[],\"conns\":null,\"hakcheck\":{\"running\":true,\"pid\":7}}"));
	CHECK(us_has(text, "\"file\":\"/etc/hak/hak.conf\",\"file_state\":\"changed\""));
	free(text);
	hak_conf_free(&c);
}

static void show_event(struct hak_out *out, void *arg)
{
	hak_show_event(out, arg, true);
}

static void show_change(struct hak_out *out, void *arg)
{
	hak_show_history(out, arg);
}

static void events(void)
{
	struct hak_event ev = { .cmd = HAK_CMD_ROUTER_NTF };
	struct hak_change *ch = &ev.change;
	struct hak_conf c;

	replies(&c);
	ev.obj = hak_model_find(&c.model, HAK_O_ROUTER, "WEB");
	*ch = (struct hak_change){ .seq = 8812, .time = NOW + 412 * HAK_NS_MS,
				   .from = HAK_STATE_BACKUP, .to = HAK_STATE_ACTIVE };
	hak_copy(ch->reason, sizeof(ch->reason), "no advert from 192.0.2.2 for 3.61s");
	hak_copy(ch->router, sizeof(ch->router), "WEB");
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.412Z #8812 router WEB Backup -> Active: no advert from 192.0.2.2 for 3.61s\n");
	expect((struct hak_out){ .json = true }, show_event, &ev,
	       "{\"time\":\"2026-11-22T02:58:47.412Z\",\"seq\":8812,\"object\":\"router\",\"name\":\"WEB\","
	       "\"from\":\"Backup\",\"to\":\"Active\",\"state\":\"Active\",\"router\":null,\"pool\":null,"
	       "\"up\":null,\"servers\":null,"
	       "\"reason\":\"no advert from 192.0.2.2 for 3.61s\",\"alarm\":null,\"generation\":null}\n");
	expect((struct hak_out){ 0 }, show_change, ch,
	       "2026-11-22T02:58:47.412Z #8812 router WEB Backup -> Active: no advert from 192.0.2.2 for 3.61s\n");
	hak_conf_free(&c);
}

/* As the kernel would reply: four servers, one failed its check, one is drained, one idle. */
static void balancer(struct hak_conf *c)
{
	struct hak_obj *o;

	us_model(c, "lb set hook -450\npool add web check web quorum 2\npool add api\n"
		    "server add 198.51.100.11:443 pool web weight 3 check disk\n"
		    "server add 198.51.100.13:443 pool web state drain\n"
		    "server add 198.51.100.14:443 pool web\nserver add 198.51.100.15 pool web weight 0\n"
		    "server add 198.51.100.21 pool api\n"
		    "service add tcp 192.0.2.100:443 pool web\n"
		    "service add tcp 192.0.2.110:80 pool api firewall off timeout 1h\n"
		    "check add web tcp\ncheck add disk script x\n");
	o = c->model.list[HAK_O_LB].first;
	set_num(o, HAK_BL_CONNS, 18644);
	o->live = hak_calloc(1, sizeof(*o->live));
	o->live->stats[HAK_LB_DROP_MTU] = 7;
	for (o = c->model.list[HAK_O_SERVER].first; o; o = o->next) {
		set_num(o, HAK_SR_REPORT, HAK_TRACK_UP);
		set_num(o, HAK_SR_SINCE, NOW - 131 * HAK_NS_S);
		set_num(o, HAK_SR_CONNS, 0);
	}
	o = hak_model_server(&c->model, "web", "198.51.100.11:443");
	o->live = hak_calloc(1, sizeof(*o->live));
	o->live->stats[HAK_A_LB_STAT_CONNS] = 5;
	o->live->stats[HAK_A_LB_STAT_BYTES_OUT] = 1234;
	set_num(hak_model_server(&c->model, "api", "198.51.100.21"), HAK_SR_AVOIDED, 8 * HAK_NS_S);
	o = hak_model_server(&c->model, "web", "198.51.100.13:443");
	set_num(o, HAK_SR_CONNS, 212);
	set_num(o, HAK_SR_SINCE, NOW - 40 * HAK_NS_S);
	o = hak_model_server(&c->model, "web", "198.51.100.14:443");
	set_num(o, HAK_SR_REPORT, HAK_TRACK_DOWN);
	set_num(o, HAK_SR_REPORTED, 131 * HAK_NS_S);
	set_text(o, HAK_SR_REASON, "check web: http 503");
	o = hak_model_find(&c->model, HAK_O_POOL, "web");
	set_num(o, HAK_PL_UP, 1);
	set_num(o, HAK_PL_SERVERS, 4);
	set_num(o, HAK_PL_USERS, 1);
	o = hak_model_find(&c->model, HAK_O_POOL, "api");
	set_num(o, HAK_PL_UP, 1);
	set_num(o, HAK_PL_SERVERS, 1);
	o = hak_model_find(&c->model, HAK_O_SERVICE, "tcp 192.0.2.100:443");
	set_num(o, HAK_SV_ACTIVE, 1);
	set_num(o, HAK_SV_CONNS, 18432);
	o = hak_model_find(&c->model, HAK_O_SERVICE, "tcp 192.0.2.110:80");
	set_num(o, HAK_SV_ACTIVE, 0);
	set_num(o, HAK_SV_CONNS, 0);
}

struct one {
	struct hak_conf *c;
	enum hak_object_id id;
	unsigned int nth;
};

static void show_nth(struct hak_out *out, void *arg)
{
	struct one *one = arg;
	struct hak_obj *o = one->c->model.list[one->id].first;

	for (unsigned int i = 0; i < one->nth; i++)
		o = o->next;
	hak_show(out, &one->c->model, o, NOW);
}

static void balancer_text(void)
{
	static const struct {
		enum hak_object_id id;
		unsigned int nth;
		bool brief, stats;
		const char *text;
	} rows[] = {
		{ HAK_O_SERVER, 0, false, true,
		  "198.51.100.11:443 pool web weight 3 check disk\n"
		  "    up since 2m11s, 0 connections\n"
		  "    counters conns 5 packets_in 0 bytes_in 0 packets_out 0 bytes_out 1234\n" },
		{ HAK_O_SERVER, 1, false, false,
		  "198.51.100.13:443 pool web state drain\n"
		  "    drain by operator since 40s, 212 connections\n" },
		{ HAK_O_SERVER, 2, false, false,
		  "198.51.100.14:443 pool web\n"
		  "    down since 2m11s, 0 connections, reported down 2m11s ago: check web: http 503\n" },
		{ HAK_O_SERVER, 2, true, false, "198.51.100.14:443     web             down  0\n" },
		{ HAK_O_SERVER, 4, false, false,
		  "198.51.100.21 pool api\n"
		  "    up since 2m11s, 0 connections, takes no connections, avoided for 8.0s\n" },
		{ HAK_O_SERVER, 3, false, false,
		  "198.51.100.15 pool web weight 0\n"
		  "    idle since 2m11s, 0 connections\n" },
		{ HAK_O_POOL, 0, false, false,
		  "web quorum 2 check web\n"
		  "    up 1/4, named by 1 service\n"
		  "    server 198.51.100.11:443 up since 2m11s, 0 connections\n"
		  "    server 198.51.100.13:443 drain by operator since 40s, 212 connections\n"
		  "    server 198.51.100.14:443 down since 2m11s, 0 connections,"
		  " reported down 2m11s ago: check web: http 503\n"
		  "    server 198.51.100.15 idle since 2m11s, 0 connections\n" },
		{ HAK_O_POOL, 0, true, false, "web             wrr  1/4\n" },
		{ HAK_O_SERVICE, 0, false, false,
		  "tcp 192.0.2.100:443 pool web firewall on hook -450\n"
		  "    active, 18432 connections\n" },
		{ HAK_O_SERVICE, 1, false, false,
		  "tcp 192.0.2.110:80 pool api firewall off timeout 1h hook -450\n"
		  "    not Active here, 0 connections\n" },
		{ HAK_O_SERVICE, 1, true, false, "tcp 192.0.2.110:80        api             standby 0\n" },
		{ HAK_O_LB, 0, false, false,
		  "hook -450 maxconn 1048576, 18644 connections\n"
		  "    dropped mtu 7\n" },
	};
	struct hak_conf c;

	balancer(&c);
	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct one one = { &c, rows[i].id, rows[i].nth };

		expect((struct hak_out){ .brief = rows[i].brief, .stats = rows[i].stats }, show_nth,
		       &one, rows[i].text);
	}
	hak_conf_free(&c);
}

/* One word, as the kernel chooses: weight 0 takes nothing, whatever is reported. */
static void servers_are(void)
{
	static const struct {
		uint64_t state, weight, report, value;
		const char *is;
	} rows[] = {
		{ HAK_SERVER_UP, 3, HAK_TRACK_UP, 0, "up" },
		{ HAK_SERVER_UP, 3, HAK_TRACK_VALUE, 20, "up" },
		{ HAK_SERVER_UP, 3, HAK_TRACK_VALUE, 0, "idle" },
		{ HAK_SERVER_UP, 0, HAK_TRACK_VALUE, 20, "idle" },
		{ HAK_SERVER_UP, 0, HAK_TRACK_UP, 0, "idle" },
		{ HAK_SERVER_UP, 0, HAK_TRACK_DOWN, 0, "down" },
		{ HAK_SERVER_DRAIN, 3, HAK_TRACK_DOWN, 0, "drain" },
		{ HAK_SERVER_DOWN, 3, HAK_TRACK_VALUE, 20, "down" },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_obj *o = hak_obj_new(&hak_object_server, "198.51.100.11");
		bool by_operator;
		const char *is;

		set_num(o, HAK_SR_STATE, rows[i].state);
		set_num(o, HAK_SR_WEIGHT, rows[i].weight);
		set_num(o, HAK_SR_REPORT, rows[i].report);
		set_num(o, HAK_SR_VALUE, rows[i].value);
		is = hak_server_is(o, &by_operator);
		CHECK_MSG(!strcmp(is, rows[i].is), "row %zu: %s", i, is);
		CHECK(by_operator == (rows[i].state != HAK_SERVER_UP));
		hak_obj_free(o);
	}
}

static void balancer_json(void)
{
	static const struct {
		enum hak_object_id id;
		unsigned int nth;
		const char *text;
	} rows[] = {
		{ HAK_O_SERVER, 0,
		  "{\"address\":\"198.51.100.11\",\"port\":443,\"pool\":\"web\",\"weight\":3,"
		  "\"state\":\"up\",\"maxconn\":0,\"backup\":\"off\",\"slow_start_ms\":0,"
		  "\"report\":\"up\",\"value\":null,\"reason\":null,\"reported_ms\":null,"
		  "\"since\":\"2026-11-22T02:56:36.000Z\",\"conns\":0,\"active\":null,\"avoided_ms\":null,"
		  "\"checks\":[\"disk\"],"
		  "\"counters\":{\"conns\":5,\"packets_in\":0,\"bytes_in\":0,\"packets_out\":0,"
		  "\"bytes_out\":1234},\"rates\":null}" },
		{ HAK_O_SERVER, 3,
		  "{\"address\":\"198.51.100.15\",\"port\":null,\"pool\":\"web\",\"weight\":0,"
		  "\"state\":\"up\",\"maxconn\":0,\"backup\":\"off\",\"slow_start_ms\":0,"
		  "\"report\":\"up\",\"value\":null,\"reason\":null,\"reported_ms\":null,"
		  "\"since\":\"2026-11-22T02:56:36.000Z\",\"conns\":0,\"active\":null,\"avoided_ms\":null,"
		  "\"checks\":[],"
		  "\"counters\":{\"conns\":0,\"packets_in\":0,\"bytes_in\":0,\"packets_out\":0,"
		  "\"bytes_out\":0},\"rates\":null}" },
		{ HAK_O_POOL, 1,
		  "{\"name\":\"api\",\"scheduler\":\"wrr\",\"method\":\"nat\",\"hash_size\":65537,"
		  "\"hash_port\":\"off\",\"quorum\":1,\"source\":null,\"persist_ms\":0,"
		  "\"persist_mask\":128,\"passive\":\"on\",\"backup_pool\":null,"
		  "\"on_down\":\"wait\",\"up\":1,\"users\":null,\"checks\":[],"
		  "\"servers\":[{\"address\":\"198.51.100.21\",\"port\":null,\"pool\":\"api\",\"weight\":1,"
		  "\"state\":\"up\",\"maxconn\":0,\"backup\":\"off\",\"slow_start_ms\":0,"
		  "\"report\":\"up\",\"value\":null,\"reason\":null,\"reported_ms\":null,"
		  "\"since\":\"2026-11-22T02:56:36.000Z\",\"conns\":0,\"active\":null,\"avoided_ms\":8000,"
		  "\"checks\":[],"
		  "\"counters\":{\"conns\":0,\"packets_in\":0,\"bytes_in\":0,\"packets_out\":0,"
		  "\"bytes_out\":0},\"rates\":null}]}" },
		{ HAK_O_SERVICE, 0,
		  "{\"proto\":\"tcp\",\"address\":\"192.0.2.100\",\"port\":443,\"pool\":\"web\","
		  "\"firewall\":\"on\",\"timeout_ms\":0,\"timeout_fin_ms\":0,\"one_packet\":\"off\",\"active\":\"on\","
		  "\"conns\":18432,\"hook\":-450,\"counters\":{\"conns\":0,\"packets_in\":0,\"bytes_in\":0,"
		  "\"packets_out\":0,\"bytes_out\":0},\"rates\":null}" },
		{ HAK_O_LB, 0,
		  "{\"hook\":-450,\"maxconn\":1048576,\"conns\":18644,\"persistent\":null,\"drops\":{\"no_server\":0,"
		  "\"maxconn\":0,\"no_memory\":0,\"collision\":0,\"malformed\":0,\"no_route\":0,\"ttl\":0,"
		  "\"mtu\":7,\"policy\":0,\"not_syn\":0,\"servers_full\":0,\"refused\":0}}" },
	};
	struct hak_conf c;

	balancer(&c);
	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct one one = { &c, rows[i].id, rows[i].nth };

		expect((struct hak_out){ .json = true }, show_nth, &one, rows[i].text);
	}
	hak_conf_free(&c);
}

/* @o has counted @n connections, and twice, three times ... @n of what comes after them. */
static void counted(struct hak_obj *o, uint64_t n)
{
	if (!o->live)
		o->live = hak_calloc(1, sizeof(*o->live));
	for (unsigned int a = HAK_A_LB_STAT_CONNS; a <= HAK_A_LB_STAT_MAX; a++)
		o->live->stats[a] = n * (1 + a - HAK_A_LB_STAT_CONNS);
}

static const struct hak_live *live_of(const struct hak_conf *c, const char *pool, const char *name)
{
	return hak_model_server(&c->model, pool, name)->live;
}

/* Two samples; of the servers one is new, one made anew, one as idle as it was. */
static void two_samples(struct hak_conf *before, struct hak_conf *now)
{
	balancer(before);
	balancer(now);
	counted(hak_model_find(&before->model, HAK_O_SERVICE, "tcp 192.0.2.100:443"), 1000);
	counted(hak_model_find(&now->model, HAK_O_SERVICE, "tcp 192.0.2.100:443"), 2815);
	counted(hak_model_server(&before->model, "web", "198.51.100.11:443"), 7);
	counted(hak_model_server(&now->model, "web", "198.51.100.11:443"), 1822);
	counted(hak_model_server(&before->model, "web", "198.51.100.13:443"), 9);
	counted(hak_model_server(&now->model, "web", "198.51.100.13:443"), 8);
	counted(hak_model_server(&before->model, "web", "198.51.100.14:443"), 5);
	counted(hak_model_server(&now->model, "web", "198.51.100.14:443"), 5);
	counted(hak_model_server(&now->model, "web", "198.51.100.15"), 1);
}

static void rates(void)
{
	struct hak_conf before, now;
	const struct hak_live *l;

	two_samples(&before, &now);
	hak_rates(&now.model, &before.model, 0);
	CHECK(!live_of(&now, "web", "198.51.100.11:443")->rated);
	hak_rates(&now.model, &before.model, 1500 * HAK_NS_MS);
	l = live_of(&now, "web", "198.51.100.11:443");
	CHECK(l->rated && l->rates[HAK_A_LB_STAT_CONNS] == 1210);
	CHECK(l->rates[HAK_A_LB_STAT_BYTES_OUT] == 6050);
	CHECK(!live_of(&now, "web", "198.51.100.13:443")->rated);
	l = live_of(&now, "web", "198.51.100.14:443");
	CHECK(l->rated && !l->rates[HAK_A_LB_STAT_CONNS]);
	CHECK(!live_of(&now, "web", "198.51.100.15")->rated);
	CHECK(!live_of(&now, "api", "198.51.100.21"));
	/* 2 of 3 seconds are 1 of 1: nearest, not cut off. */
	counted(hak_model_server(&now.model, "web", "198.51.100.14:443"), 7);
	hak_rates(&now.model, &before.model, 3 * HAK_NS_S);
	CHECK(live_of(&now, "web", "198.51.100.14:443")->rates[HAK_A_LB_STAT_CONNS] == 1);
	/* What a 400 Gbit/s link counts in a year, and more than 64 bits of ns. */
	l = live_of(&now, "web", "198.51.100.14:443");
	hak_model_server(&now.model, "web", "198.51.100.14:443")->live->stats[HAK_A_LB_STAT_BYTES_IN] =
		UINT64_C(1576800000000000015);
	hak_rates(&now.model, &before.model, HAK_NS_S);
	CHECK(l->rates[HAK_A_LB_STAT_BYTES_IN] == UINT64_C(1576800000000000000));
	hak_conf_free(&before);
	hak_conf_free(&now);
}

/* With counters: each server with its figures, and packets. */
static void balancer_status_stats(void)
{
	struct hak_status s = { .hakcheck = 7, .now = NOW };
	struct hak_out json = { .json = true };
	struct hak_conf before, now;
	char *text;

	two_samples(&before, &now);
	hak_rates(&now.model, &before.model, 1500 * HAK_NS_MS);
	s.model = now.model;
	hak_copy(s.host, sizeof(s.host), "lb1");
	hak_copy(s.config.version, sizeof(s.config.version), "1.0");
	expect((struct hak_out){ .stats = true }, show_status, &s,
	       "lb1  hak 1.0  hakcheck ok  no file loaded\n"
	       "SERVICE              POOL METHOD    UP  CONNS  NEW/s  IN B/s  OUT B/s  IN p/s  OUT p/s\n"
	       "tcp 192.0.2.100:443  web  nat      1/4  18.4k   1210    3.6k       6k    2.4k     4.8k\n"
	       "    up    198.51.100.11:443                 0   1210    3.6k       6k    2.4k     4.8k\n"
	       "    drain 198.51.100.13:443               212      -       -        -       -        -"
	       " 40s by operator\n"
	       "    down  198.51.100.14:443                 0      0       0        0       0        0"
	       " 2m11s check web: http 503\n"
	       "    idle  198.51.100.15                     0      -       -        -       -        -"
	       " 2m11s weight 0\n"
	       "tcp 192.0.2.110:80   api  nat      1/1  not Active here\n"
	       "    up    198.51.100.21                     0      -       -        -       -        -"
	       " takes no connections, avoided for 8.0s\n"
	       "CONNS 18.6k of 1M   hook -450\n");
	text = printed(&json, show_status, &s);
	CHECK(us_has(text, "\"bytes_out\":14075},\"rates\":{\"conns\":1210,\"packets_in\":2420,"
			   "\"bytes_in\":3630,\"packets_out\":4840,\"bytes_out\":6050}},"));
	CHECK(us_has(text, "\"rates\":null}"));
	free(text);
	hak_conf_free(&before);
	hak_conf_free(&now);
}

static void balancer_status(void)
{
	struct hak_status s = { .hakcheck = 7, .now = NOW };
	struct hak_out json = { .json = true };
	struct hak_conf c;
	char *text;

	balancer(&c);
	s.model = c.model;
	hak_copy(s.host, sizeof(s.host), "lb1");
	hak_copy(s.config.version, sizeof(s.config.version), "1.0");
	expect((struct hak_out){ 0 }, show_status, &s,
	       "lb1  hak 1.0  hakcheck ok  no file loaded\n"
	       "SERVICE              POOL METHOD    UP  CONNS  NEW/s  IN B/s  OUT B/s\n"
	       "tcp 192.0.2.100:443  web  nat      1/4  18.4k      -       -        -\n"
	       "    drain 198.51.100.13:443 40s by operator, 212 connections left\n"
	       "    down  198.51.100.14:443 2m11s check web: http 503\n"
	       "    idle  198.51.100.15 2m11s weight 0\n"
	       "tcp 192.0.2.110:80   api  nat      1/1  not Active here\n"
	       "    up    198.51.100.21 takes no connections, avoided for 8.0s\n"
	       "CONNS 18.6k of 1M   hook -450\n");
	text = printed(&json, show_status, &s);
	CHECK(us_has(text, "\"services\":[{\"proto\":\"tcp\",\"address\":\"192.0.2.100\",\"port\":443,"));
	CHECK(us_has(text, "}],\"pools\":[{\"name\":\"web\","));
	CHECK(us_has(text, "],\"conns\":{\"conns\":18644,\"maxconn\":1048576},\"hakcheck\""));
	free(text);
	hak_conf_free(&c);
}

static void show_conn(struct hak_out *out, void *arg)
{
	hak_show_conn(out, arg);
}

static void connections(void)
{
	struct hak_conn c = { .proto = 6, .state = HAK_CONN_ESTABLISHED, .expires = 899 * HAK_NS_S };

	hak_addr_set(&c.client, "\xcb\x00\x71\x07", 4);
	hak_addr_set(&c.service, "\xc0\x00\x02\x64", 4);
	hak_addr_set(&c.server, "\xc6\x33\x64\x0b", 4);
	c.client.port = 51234;
	c.service.port = 443;
	c.server.port = 8443;
	expect((struct hak_out){ 0 }, show_conn, &c,
	       "tcp 192.0.2.100:443 client 203.0.113.7:51234 server 198.51.100.11:8443 established "
	       "expires 14m59s\n");
	expect((struct hak_out){ .json = true }, show_conn, &c,
	       "{\"proto\":\"tcp\",\"address\":\"192.0.2.100\",\"port\":443,\"client\":\"203.0.113.7\","
	       "\"client_port\":51234,\"server\":\"198.51.100.11\",\"server_port\":8443,"
	       "\"state\":\"established\",\"expires_ms\":899000}");
}

static void show_one_check(struct hak_out *out, void *arg)
{
	struct hak_conf *c = arg;

	hak_show_check(out, &c->model, hak_model_find(&c->model, HAK_O_CHECK, "disk"));
}

static void balancer_events(void)
{
	struct hak_event ev = { .cmd = HAK_CMD_SERVER_NTF };
	struct hak_conf c;

	balancer(&c);
	ev.change.seq = 9;
	ev.change.time = NOW;
	ev.obj = hak_model_server(&c.model, "web", "198.51.100.14:443");
	hak_copy(ev.change.reason, sizeof(ev.change.reason), "check web: http 503");
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.000Z #9 server 198.51.100.14:443 pool web down: check web: http 503"
	       "\n");
	expect((struct hak_out){ .json = true }, show_event, &ev,
	       "{\"time\":\"2026-11-22T02:58:47.000Z\",\"seq\":9,\"object\":\"server\","
	       "\"name\":\"198.51.100.14:443\",\"from\":null,\"to\":null,\"state\":\"down\",\"router\":null,"
	       "\"pool\":\"web\",\"up\":null,\"servers\":null,"
	       "\"reason\":\"check web: http 503\",\"alarm\":null,"
	       "\"generation\":null}\n");
	ev.cmd = HAK_CMD_SERVICE_NTF;
	ev.change.reason[0] = '\0';
	ev.obj = c.model.list[HAK_O_SERVICE].last;
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.000Z #9 service tcp 192.0.2.110:80 pool api not Active here\n");
	expect((struct hak_out){ .json = true }, show_event, &ev,
	       "{\"time\":\"2026-11-22T02:58:47.000Z\",\"seq\":9,\"object\":\"service\","
	       "\"name\":\"tcp 192.0.2.110:80\",\"from\":null,\"to\":null,\"state\":\"standby\",\"router\":null,"
	       "\"pool\":\"api\",\"up\":null,\"servers\":null,\"reason\":null,\"alarm\":null,"
	       "\"generation\":null}\n");
	ev.cmd = HAK_CMD_POOL_NTF;
	ev.obj = c.model.list[HAK_O_POOL].first;
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.000Z #9 pool web up 1/4\n");
	expect((struct hak_out){ .json = true }, show_event, &ev,
	       "{\"time\":\"2026-11-22T02:58:47.000Z\",\"seq\":9,\"object\":\"pool\","
	       "\"name\":\"web\",\"from\":null,\"to\":null,\"state\":null,\"router\":null,"
	       "\"pool\":null,\"up\":1,\"servers\":4,\"reason\":null,\"alarm\":null,"
	       "\"generation\":null}\n");
	ev.cmd = HAK_CMD_LB_NTF;
	ev.obj = c.model.list[HAK_O_LB].first;
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.000Z #9 lb\n");
	expect((struct hak_out){ 0 }, show_one_check, &c,
	       "disk script x\n"
	       "    once for each server\n"
	       "    server 198.51.100.11:443 pool web unknown\n");
	expect((struct hak_out){ .json = true }, show_one_check, &c,
	       "{\"name\":\"disk\",\"kind\":\"script\",\"arg\":\"x\",\"to\":null,\"dev\":null,"
	       "\"source\":null,\"interval_ms\":2000,\"fast_interval_ms\":null,\"timeout_ms\":1000,"
	       "\"rise\":2,\"fall\":3,\"weight_from\":\"none\",\"user\":null,\"on_fail\":null,"
	       "\"on_recover\":null,\"state\":null,\"reason\":null,\"reported_ms\":null,"
	       "\"servers\":[{\"address\":\"198.51.100.11\",\"port\":443,\"pool\":\"web\","
	       "\"report\":\"unknown\",\"reason\":null}]}");
	hak_conf_free(&c);
}

static void filters(void)
{
	static const struct {
		const char *words;
		bool web, api;
	} rows[] = {
		{ "router show", true, true },
		{ "router show WEB", true, false },
		{ "router show WEB state Active", true, false },
		{ "router show WEB state Backup", false, false },
		{ "router show state backup", false, true },
		{ "router show priority 150", true, true },
		{ "router show effective-priority 90", false, true },
		{ "router show track haproxy", false, true },
		{ "router show track none", true, false },
		{ "router show interval 1s", true, true },
		{ "router show dev eth1", false, false },
	};
	struct hak_conf c;

	replies(&c);
	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_stmt *st = us_stmt(rows[i].words);
		const struct hak_model *m = &c.model;

		if (!st)
			continue;
		CHECK_MSG(hak_match(hak_model_find(m, HAK_O_ROUTER, "WEB"), st) == rows[i].web &&
			  hak_match(hak_model_find(m, HAK_O_ROUTER, "API"), st) == rows[i].api, "%s",
			  rows[i].words);
		hak_stmt_free(st);
	}
	hak_conf_free(&c);
}

static void show_strings(struct hak_out *out, void *arg)
{
	(void)arg;
	hak_out_open(out, NULL, '[');
	hak_out_str(out, "", NULL, "a\"b\\c\n\t\x7f");
	hak_out_str(out, "", NULL, "\xc3\xa4 \xff \xed\xa0\x80 \xf0\x9f\x98\x80");
	hak_out_open(out, "", '{');
	hak_out_num(out, "n", NULL, UINT64_MAX);
	hak_out_null(out, "z");
	hak_out_close(out, '}');
	hak_out_close(out, ']');
	hak_out_end(out);
}

static void json_strings(void)
{
	expect((struct hak_out){ .json = true }, show_strings, NULL,
	       "[\"a\\\"b\\\\c\\n\\u0009\\u007f\",\"\xc3\xa4 \\ufffd \\ufffd\\ufffd\\ufffd \xf0\x9f\x98\x80\","
	       "{\"n\":18446744073709551615,\"z\":null}]\n");
	expect((struct hak_out){ .json = true, .pretty = true }, show_strings, NULL,
	       "[\n  \"a\\\"b\\\\c\\n\\u0009\\u007f\",\n"
	       "  \"\xc3\xa4 \\ufffd \\ufffd\\ufffd\\ufffd \xf0\x9f\x98\x80\",\n"
	       "  {\n    \"n\": 18446744073709551615,\n    \"z\": null\n  }\n]\n");
}

static void show_group(struct hak_out *out, void *arg)
{
	struct hak_conf *c = arg;

	hak_show(out, &c->model, c->model.list[HAK_O_GROUP].first, NOW);
}

/* Two members, and a track of the group that both of them suffer from. */
static void groups(void)
{
	struct hak_status s = { .now = NOW };
	struct hak_event ev = { .cmd = HAK_CMD_GROUP_NTF, .change = { .seq = 3, .time = NOW } };
	struct hak_obj *g;
	struct hak_conf c;
	char *text;

	us_model(&c, "group add GW track up weight -10\ntrack add up report\n"
		     "router add LAN dev eth1 vrid 1 group GW\nrouter add WAN dev eth0 vrid 2 group GW\n"
		     "router add X dev eth0 vrid 3\n");
	g = c.model.list[HAK_O_GROUP].first;
	g->v[HAK_G_TRACK].refs[0].live = true;
	g->v[HAK_G_TRACK].refs[0].state = HAK_TRACK_DOWN;
	g->v[HAK_G_TRACK].refs[0].applied = -10;
	set_text(c.model.list[HAK_O_TRACK].first, HAK_K_REASON, "no carrier");
	set_num(g, HAK_G_ROUTERS, 2);
	expect((struct hak_out){ 0 }, show_group, &c,
	       "GW track up weight -10\n    its routers differ, 2 routers\n    router LAN WAN\n"
	       "    track up down weight -10 applied -10: no carrier\n");
	set_num(g, HAK_G_STATE, HAK_STATE_BACKUP);
	expect((struct hak_out){ .json = true }, show_group, &c,
	       "{\"name\":\"GW\",\"state\":\"Backup\",\"routers\":2,\"members\":[\"LAN\",\"WAN\"],"
	       "\"tracks\":[{\"name\":\"up\",\"state\":\"down\",\"weight\":-10,\"applied\":-10,"
	       "\"reason\":\"no carrier\",\"reported_ms\":null}]}");
	expect((struct hak_out){ .brief = true }, show_group, &c, "GW              Backup     2\n");
	ev.obj = g;
	expect((struct hak_out){ 0 }, show_event, &ev, "2026-11-22T02:58:47.000Z #3 group GW Backup\n");
	s.model = c.model;
	text = printed(&(struct hak_out){ 0 }, show_status, &s);
	CHECK_MSG(us_has(text, "none heard\n       100 -10 up, down: no carrier\nWAN") &&
		  us_has(text, "none heard\n       100 -10 up, down: no carrier\nX"), "%s", text);
	free(text);
	text = printed(&(struct hak_out){ .json = true }, show_status, &s);
	CHECK(us_has(text, "\"groups\":[{\"name\":\"GW\""));
	free(text);
	hak_conf_free(&c);
}

/* What the kernel looks at itself was never reported, and says since when. */
static void tracks_of_the_kernel(void)
{
	struct hak_conf c;
	struct hak_obj *t;

	us_model(&c, "track add D dev eth0\n");
	t = c.model.list[HAK_O_TRACK].first;
	set_num(t, HAK_K_STATE, HAK_TRACK_DOWN);
	set_text(t, HAK_K_REASON, "no carrier");
	expect((struct hak_out){ 0 }, show_track, &c, "D dev eth0 is down: no carrier\n");
	set_num(t, HAK_K_REPORTED, 131 * HAK_NS_S);
	expect((struct hak_out){ 0 }, show_track, &c, "D dev eth0 is down since 2m11s: no carrier\n");
	hak_conf_free(&c);
	us_model(&c, "track add D dev eth0\ntrack add O route ::/0 table 7\ntrack add W pool web\npool add web\n");
	for (t = c.model.list[HAK_O_TRACK].first; t; t = c.model.list[HAK_O_TRACK].first) {
		char *text = printed(&(struct hak_out){ .json = true }, show_track, &c);

		CHECK_MSG(us_has(text, !strcmp(t->name, "D") ? "\"kind\":\"dev\"," :
				 !strcmp(t->name, "O") ? "\"prefix\":\"::/0\",\"pool\":null" :
				 "\"prefix\":null,\"pool\":\"web\""), "%s", text);
		CHECK_MSG(us_has(text, !strcmp(t->name, "D") ? "\"dev\":\"eth0\"" : "\"dev\":null"),
			  "%s", text);
		CHECK_MSG(us_has(text, !strcmp(t->name, "O") ? "\"table\":7," : "\"table\":null,"),
			  "%s", text);
		free(text);
		hak_model_remove(&c.model, t);
		hak_obj_free(t);
	}
	hak_conf_free(&c);
}

static void routes(void)
{
	struct hak_event ev = { .cmd = HAK_CMD_ROUTE_NTF, .change = { .seq = 4, .time = NOW } };
	struct hak_conf c;
	struct hak_obj *o;
	char *text;

	us_model(&c, "router add W dev eth0 vrid 1\nroute add ::/0 router W via fe80::1 metric 5\n");
	o = c.model.list[HAK_O_ROUTE].first;
	set_num(o, HAK_RT_INSTALLED, 1);
	expect((struct hak_out){ 0 }, show_nth, &(struct one){ &c, HAK_O_ROUTE, 0 },
	       "::/0 router W via fe80::1 metric 5 installed\n");
	expect((struct hak_out){ .json = true }, show_nth, &(struct one){ &c, HAK_O_ROUTE, 0 },
	       "{\"prefix\":\"::/0\",\"router\":\"W\",\"via\":\"fe80::1\",\"dev\":null,\"src\":null,"
	       "\"table\":254,\"metric\":5,\"installed\":\"on\"}");
	ev.obj = o;
	expect((struct hak_out){ 0 }, show_event, &ev,
	       "2026-11-22T02:58:47.000Z #4 route ::/0 router W installed\n");
	set_num(o, HAK_RT_INSTALLED, 0);
	text = printed(&(struct hak_out){ .json = true }, show_event, &ev);
	CHECK_MSG(us_has(text, "\"object\":\"route\",\"name\":\"::/0\"") &&
		  us_has(text, "\"state\":\"removed\",\"router\":\"W\","), "%s", text);
	free(text);
	hak_conf_free(&c);
}

static const struct tap_test tests[] = {
	TAP_TEST(router_text), TAP_TEST(oneline), TAP_TEST(status_ipv6), TAP_TEST(router_secret), TAP_TEST(router_resigned), TAP_TEST(router_json), TAP_TEST(tracks_and_vips),
	TAP_TEST(status), TAP_TEST(events), TAP_TEST(filters), TAP_TEST(balancer_text),
	TAP_TEST(servers_are), TAP_TEST(balancer_json), TAP_TEST(balancer_status), TAP_TEST(rates),
	TAP_TEST(balancer_status_stats), TAP_TEST(connections), TAP_TEST(groups), TAP_TEST(routes),
	TAP_TEST(tracks_of_the_kernel),
	TAP_TEST(balancer_events), TAP_TEST(json_strings),
};

const struct us_suite us_show = { "show", tests, TAP_COUNT(tests) };
