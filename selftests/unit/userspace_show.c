// SPDX-License-Identifier: GPL-2.0-only
/* What people and scripts see, to the letter. */
#include "userspace.h"

#include "live.h"
#include "show.h"

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
	       "\"priority\":150,\"interval_ms\":1000,\"preempt\":\"on\",\"down_adverts\":3,"
	       "\"enable\":\"on\",\"accept\":\"on\",\"vmac\":\"off\",\"checksum\":\"auto\","
	       "\"announce\":4,\"announce_interval_ms\":500,\"state\":\"Backup\","
	       "\"since\":\"2026-11-22T02:56:36.000Z\",\"reason\":\"preempted by 192.0.2.3\","
	       "\"effective_priority\":90,\"ifindex\":null,\"primary\":null,\"checksum_sent\":null,"
	       "\"auto\":false,\"addresses\":[\"192.0.2.110/24\"],\"tracks\":[{\"name\":\"haproxy\","
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
	       "\"auth\":0,\"carp\":0,\"not_running\":0}}}");
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
	       "\"state\":\"down\",\"value\":null,\"reason\":\"exit 1 \\\"cannot bind :443\\\"\","
	       "\"reported_ms\":131000,\"expired\":null,\"users\":null,\"check\":false}");
	expect((struct hak_out){ 0 }, show_vip, &c, "192.0.2.100/24 router WEB\n");
	expect((struct hak_out){ .json = true }, show_vip, &c,
	       "{\"address\":\"192.0.2.100/24\",\"router\":\"WEB\",\"dev\":null,\"vrid\":null,"
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
	       "\"from\":\"Backup\",\"to\":\"Active\",\"state\":\"Active\",\"pool\":null,"
	       "\"reason\":\"no advert from 192.0.2.2 for 3.61s\",\"alarm\":null,\"generation\":null}\n");
	expect((struct hak_out){ 0 }, show_change, ch,
	       "2026-11-22T02:58:47.412Z #8812 router WEB Backup -> Active: no advert from 192.0.2.2 for 3.61s\n");
	hak_conf_free(&c);
}

static struct hak_stmt *filter_of(const char *line)
{
	struct hak_errors errs = { 0 };
	const char *why;
	char **words;
	int n = hak_split(line, strlen(line), &words, &why);
	struct hak_stmt *st = hak_parse(n, words, (struct hak_at){ 0 }, true, &errs);

	CHECK_MSG(st, "%s", line);
	hak_errors_free(&errs);
	hak_split_free(words);
	return st;
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
		struct hak_stmt *st = filter_of(rows[i].words);
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

static const struct tap_test tests[] = {
	TAP_TEST(router_text), TAP_TEST(oneline), TAP_TEST(router_json), TAP_TEST(tracks_and_vips),
	TAP_TEST(status), TAP_TEST(events), TAP_TEST(filters), TAP_TEST(json_strings),
};

const struct us_suite us_show = { "show", tests, TAP_COUNT(tests) };
