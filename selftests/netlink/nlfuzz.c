// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random netlink for the family hak: valid, nearly valid and wild messages,
 * drawn from the specification, from two threads on two CPUs, with dumps and
 * a listener beside them. First, one thread alone proves that a refused
 * message changes nothing.
 *
 *	nlfuzz [-s SEED] [-t SECONDS] [-d DEV,DEV…] [-v]
 *
 * Ends with 0 when the kernel answered everything, every refusal said why, no
 * event was lost in silence, and enough was accepted for this to be a test.
 */
#define _GNU_SOURCE
#include "msg.h"
#include "picture.h"

#include <linux/hak.h>

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum kind {
	K_PAD, K_U8, K_U16, K_U32, K_U64, K_S32, K_S64, K_STRING, K_BINARY, K_FLAG, K_NEST,
};

struct attr_desc {
	const char *name;
	uint16_t id;
	enum kind kind;
	int nest;
	uint64_t min, max;
	uint32_t len;
};

struct set_desc {
	const char *name;
	const struct attr_desc *attrs;
};

struct op_desc {
	const char *name;
	uint8_t cmd;
	int set;
	bool can_do, can_dump;
	const uint16_t *request;
};

#include "table.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define RECORDS		8192
#define TEXTS		1024
#define VIPS		8
#define ANSWER_SIZE	(1 << 18)

enum mood { VALID, NEAR, WILD };

/* What was sent under a sequence number. */
struct record {
	uint8_t cmd;
	bool core;	/* broken on purpose where only the netlink core looks */
	bool dump;
};

struct text {
	char *text;
	unsigned long count;
};

/* An address that was asked for, so that a later message can name it again. */
struct vip {
	uint8_t address[16];
	size_t len;
	char router[HAK_NAME_SIZE];	/* empty: by device and VRID */
	const char *dev;
	uint32_t vrid;
};

struct worker {
	pthread_t thread;
	int cpu;
	int fd;
	uint64_t random;
	uint32_t seq;
	uint32_t batch;
	struct msg m;
	uint8_t *answer;
	struct record sent[RECORDS];
	struct text texts[TEXTS];
	struct vip vips[VIPS];
	unsigned int n_vips;
	unsigned long accepted[256], refused[256], mute[256], located;
	bool was_refused;
	bool astray;	/* a wrong length: what comes after may be read as a header */
	unsigned long dumps, messages, failures;
};

static uint16_t family;
static uint32_t groups[2];
static const char *const group_names[] = { HAK_MCGRP_VRRP, HAK_MCGRP_LB };
static const char *devs[16] = { "hf0", "hf1" };
static size_t n_devs = 2;
static double deadline;
static bool verbose;
static volatile bool stop;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void complain(struct worker *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(struct worker *w, const char *fmt, ...)
{
	va_list ap;

	if (w->failures++ >= 20)
		return;
	va_start(ap, fmt);
	printf("# wrong: ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	fflush(stdout);
}

static uint64_t next_random(struct worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return w->random;
}

static uint32_t below(struct worker *w, uint32_t n)
{
	return next_random(w) % n;
}

/* True @percent times in a hundred. */
static bool chance(struct worker *w, uint32_t percent)
{
	return below(w, 100) < percent;
}

static const char *cmd_name(uint8_t cmd)
{
	size_t i;

	for (i = 0; i < N(ops); i++)
		if (ops[i].cmd == cmd)
			return ops[i].name;
	return "unknown";
}

/* ---- values ---- */

static const char *pick_name(struct worker *w, char letter, enum mood mood)
{
	static const char *const odd[] = {
		"", "all", "any", "none", "default", "-x", "a b", "a/b", "\xff\xfe", ".x",
		"abcdefghijklmnopqrstuvwxyz01234", "abcdefghijklmnopqrstuvwxyz012345",
		"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789",
	};
	static __thread char text[16];

	if (mood != VALID && chance(w, mood == WILD ? 30 : 10))
		return odd[below(w, N(odd))];
	snprintf(text, sizeof(text), "%c%u", letter, below(w, 6));
	return text;
}

static const char *pick_dev(struct worker *w, enum mood mood)
{
	static const char *const odd[] = {
		"", ".", "..", "a/b", "a:b", "a b", "lo", "nosuch", "abcdefghijklmno",
		"abcdefghijklmnop",
	};

	if (chance(w, mood == VALID ? 0 : 20))
		return odd[below(w, N(odd))];
	return devs[below(w, n_devs)];
}

static size_t pick_address(struct worker *w, uint8_t *out, enum mood mood)
{
	static const char *const odd[] = {
		"0.0.0.0", "255.255.255.255", "224.0.0.18", "127.0.0.1", "240.0.0.1",
		"192.0.2.1", "0.0.0.1",
	};
	char text[32];
	size_t i;

	if (mood != VALID && chance(w, 20)) {
		inet_pton(AF_INET, odd[below(w, N(odd))], out);
		return 4;
	}
	if (mood != VALID && chance(w, 15)) {
		static const size_t lens[] = { 0, 1, 3, 5, 8, 15, 16, 16, 16, 17, 32 };
		size_t len = lens[below(w, N(lens))];

		for (i = 0; i < len; i++)
			out[i] = next_random(w);
		return len;
	}
	snprintf(text, sizeof(text), "192.0.2.%u", 100 + below(w, 150));
	inet_pton(AF_INET, text, out);
	return 4;
}

static uint64_t pick_number(struct worker *w, const struct attr_desc *a, enum mood mood)
{
	uint64_t span = a->max - a->min, value;

	if (mood != VALID && chance(w, 30)) {
		const uint64_t edge[] = {
			a->min - 1, a->max + 1, 0, 1, ~0ull, 1ull << 31, 1ull << 32, 1ull << 63,
			next_random(w),
		};

		return edge[below(w, N(edge))];
	}
	switch (below(w, 4)) {
	case 0:
		value = a->min;
		break;
	case 1:
		value = a->max;
		break;
	default:
		value = a->min + (span == ~0ull ? next_random(w) : next_random(w) % (span + 1));
	}
	/* Times are whole centiseconds; a fuzzer that never hits one tests little. */
	if (a->kind == K_U64 && mood == VALID)
		value = value / 10000000 * 10000000;
	return a->kind == K_U64 && value < a->min && mood == VALID ? a->min : value;
}

static const char *pick_text(struct worker *w, const struct set_desc *set,
			     const struct attr_desc *a, enum mood mood)
{
	if (strstr(a->name, "dev"))
		return pick_dev(w, mood);
	if (!strcmp(a->name, "name"))
		return pick_name(w, strstr(set->name, "track") ? 't' :
				 strstr(set->name, "pool") ? 'p' : 'r', mood);
	if (!strcmp(a->name, "pool"))
		return pick_name(w, 'p', mood);
	if (!strcmp(a->name, "check"))
		return pick_name(w, 'c', mood);
	if (strstr(a->name, "router"))
		return pick_name(w, 'r', mood);
	if (strstr(a->name, "track"))
		return pick_name(w, 't', mood);
	return pick_name(w, 'x', mood);
}

static void put_set(struct worker *w, int set, enum mood mood, int depth);

static void put_value(struct worker *w, const struct set_desc *set, const struct attr_desc *a,
		      enum mood mood, int depth)
{
	uint8_t bytes[64];
	size_t at;

	if (!msg_room(&w->m, 65536))
		return;
	switch (a->kind) {
	case K_STRING:
		msg_put_string(&w->m, a->id, pick_text(w, set, a, mood));
		break;
	case K_BINARY:
	case K_PAD:
		msg_put(&w->m, a->id, bytes, pick_address(w, bytes, mood));
		break;
	case K_FLAG:
		msg_put(&w->m, a->id, NULL, 0);
		break;
	case K_NEST:
		at = msg_nest(&w->m, a->id);
		if (a->nest >= 0 && depth < 6)
			put_set(w, a->nest, mood, depth + 1);
		msg_nest_end(&w->m, at);
		break;
	case K_U64:
	case K_S64:
		msg_put_u64(&w->m, a->id, pick_number(w, a, mood));
		break;
	default:
		msg_put_u32(&w->m, a->id, pick_number(w, a, mood));
	}
}

/* Any attributes of a set, each at most a few times. */
static void put_set(struct worker *w, int set, enum mood mood, int depth)
{
	const struct attr_desc *a;
	uint32_t percent = 10 + below(w, 60);

	for (a = sets[set].attrs; a->name; a++) {
		while (chance(w, percent / (depth + 1))) {
			put_value(w, &sets[set], a, mood, depth);
			if (!chance(w, mood == WILD ? 20 : 2))
				break;
		}
	}
}

static const struct attr_desc *find_attr(const char *set, uint16_t id)
{
	const struct attr_desc *a;
	size_t i;

	for (i = 0; i < N(sets); i++) {
		if (strcmp(sets[i].name, set))
			continue;
		for (a = sets[i].attrs; a->name; a++)
			if (a->id == id)
				return a;
	}
	return NULL;
}

/* ---- messages that make sense ---- */

/* Of a router or a group: one list of one kind of nest. */
static void put_tracks(struct worker *w, uint16_t list, uint16_t entry)
{
	size_t at = msg_nest(&w->m, list), use;
	uint32_t n = below(w, 3), first = below(w, 6), i;
	char name[8];

	for (i = 0; i < n; i++) {
		use = msg_nest(&w->m, entry);
		snprintf(name, sizeof(name), "t%u", (first + i) % 6);
		msg_put_string(&w->m, HAK_A_ROUTER_TRACK_NAME, name);
		if (chance(w, 50))
			msg_put_u32(&w->m, HAK_A_ROUTER_TRACK_WEIGHT, (int)below(w, 507) - 253);
		msg_nest_end(&w->m, use);
	}
	msg_nest_end(&w->m, at);
}

static void put_peers(struct worker *w)
{
	size_t at = msg_nest(&w->m, HAK_A_ROUTER_PEERS);
	uint32_t n = below(w, 3), address;

	while (n--) {
		address = htonl(0xc0000200u + 1 + below(w, 50));
		msg_put(&w->m, HAK_A_ROUTER_PEER, &address, sizeof(address));
	}
	msg_nest_end(&w->m, at);
}

/* Words that this version has; an advert rate that two CPUs can stand. */
static void put_router_words(struct worker *w)
{
	static const uint16_t words[] = {
		HAK_A_ROUTER_PRIORITY, HAK_A_ROUTER_PREEMPT, HAK_A_ROUTER_DOWN_ADVERTS,
		HAK_A_ROUTER_ENABLE, HAK_A_ROUTER_ACCEPT, HAK_A_ROUTER_CHECKSUM,
		HAK_A_ROUTER_ANNOUNCE, HAK_A_ROUTER_ANNOUNCE_INTERVAL,
		HAK_A_ROUTER_VMAC, HAK_A_ROUTER_ANNOUNCE_REFRESH,
	};
	const struct attr_desc *a;
	size_t i;

	for (i = 0; i < N(words); i++) {
		a = find_attr("router", words[i]);
		if (a && chance(w, 25))
			put_value(w, NULL, a, VALID, 0);
	}
	if (chance(w, 60))
		msg_put_u64(&w->m, HAK_A_ROUTER_INTERVAL, (1 + below(w, 100)) * 10000000ull);
	if (chance(w, 20))
		put_tracks(w, HAK_A_ROUTER_TRACKS, HAK_A_ROUTER_TRACK);
	if (chance(w, 20))
		msg_put_u64(&w->m, HAK_A_ROUTER_PREEMPT_DELAY, below(w, 3) * 300000000ull);
	if (chance(w, 10))
		msg_put_u64(&w->m, HAK_A_ROUTER_START_DELAY, below(w, 3) * 300000000ull);
	if (chance(w, 20))
		msg_put_string(&w->m, HAK_A_ROUTER_GROUP,
			       chance(w, 70) ? pick_name(w, 'g', VALID) : "");
	if (chance(w, 10))
		put_peers(w);
	if (chance(w, 10))
		msg_put_u32(&w->m, HAK_A_ROUTER_VERSION, 2 + below(w, 2));
	if (chance(w, 5))
		msg_put_string(&w->m, HAK_A_ROUTER_AUTH_PASS, chance(w, 50) ? "secret" : "");
}

static void put_router(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);
	const char *name = pick_name(w, 'r', VALID);

	msg_put_string(&w->m, HAK_A_ROUTER_NAME, name);
	if (cmd == HAK_CMD_ROUTER_NEW) {
		msg_put_string(&w->m, HAK_A_ROUTER_DEV, pick_dev(w, VALID));
		msg_put_u32(&w->m, HAK_A_ROUTER_VRID, name[1] - '0' + 1 + 10 * below(w, 2));
	}
	if (cmd == HAK_CMD_ROUTER_NEW || cmd == HAK_CMD_ROUTER_SET)
		put_router_words(w);
	msg_nest_end(&w->m, at);
}

static struct vip random_vip(struct worker *w)
{
	struct vip vip = { .dev = pick_dev(w, VALID), .vrid = 100 + below(w, 5) };
	uint8_t bytes[64];

	vip.len = pick_address(w, bytes, VALID);
	memcpy(vip.address, bytes, vip.len);
	if (chance(w, 60))
		strcpy(vip.router, pick_name(w, 'r', VALID));
	return vip;
}

/* What is changed or taken away is mostly one of the last that were added. */
static struct vip pick_vip(struct worker *w, uint8_t cmd)
{
	struct vip vip;

	if (cmd != HAK_CMD_VIP_NEW && w->n_vips && chance(w, 60))
		return w->vips[below(w, w->n_vips < VIPS ? w->n_vips : VIPS)];
	vip = random_vip(w);
	if (cmd == HAK_CMD_VIP_NEW)
		w->vips[w->n_vips++ % VIPS] = vip;
	return vip;
}

static void put_vip(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);
	struct vip vip = pick_vip(w, cmd);

	msg_put(&w->m, HAK_A_VIP_ADDRESS, vip.address, vip.len);
	if (*vip.router) {
		msg_put_string(&w->m, HAK_A_VIP_ROUTER, vip.router);
	} else {
		msg_put_string(&w->m, HAK_A_VIP_DEV, vip.dev);
		msg_put_u32(&w->m, HAK_A_VIP_VRID, vip.vrid);
	}
	if (cmd != HAK_CMD_VIP_DEL && chance(w, 60))
		msg_put_u32(&w->m, HAK_A_VIP_PREFIX_LEN, 1 + below(w, 32));
	if (cmd != HAK_CMD_VIP_DEL && chance(w, 20))
		msg_put_u32(&w->m, HAK_A_VIP_ADVERT, below(w, 2));
	msg_nest_end(&w->m, at);
}

static void put_prefix(struct worker *w, uint16_t prefix, uint16_t len)
{
	uint32_t plen = 8 * below(w, 5);
	uint32_t address = htonl(plen ? 0xcb007100u & ~0u << (32 - plen) : 0);

	msg_put(&w->m, prefix, &address, sizeof(address));
	msg_put_u32(&w->m, len, plen);
}

/* What nobody has to report on. */
static void put_target(struct worker *w, uint32_t kind)
{
	msg_put_u32(&w->m, HAK_A_TRACK_KIND, kind);
	if (kind == HAK_TRACK_DEV)
		msg_put_string(&w->m, HAK_A_TRACK_DEV, pick_dev(w, VALID));
	else if (kind == HAK_TRACK_POOL)
		msg_put_string(&w->m, HAK_A_TRACK_POOL, pick_name(w, 'p', VALID));
	else
		put_prefix(w, HAK_A_TRACK_PREFIX, HAK_A_TRACK_PREFIX_LEN);
}

static void put_track(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);
	uint32_t state;

	msg_put_string(&w->m, HAK_A_TRACK_NAME, pick_name(w, 't', VALID));
	if (cmd == HAK_CMD_TRACK_NEW && chance(w, 40)) {
		put_target(w, HAK_TRACK_REPORT + 1 + below(w, 3));
		msg_nest_end(&w->m, at);
		return;
	}
	if (cmd == HAK_CMD_TRACK_NEW)
		msg_put_u32(&w->m, HAK_A_TRACK_KIND, HAK_TRACK_REPORT);
	if (cmd == HAK_CMD_TRACK_NEW || cmd == HAK_CMD_TRACK_SET) {
		if (chance(w, 40))
			msg_put_u64(&w->m, HAK_A_TRACK_LEASE, (1 + below(w, 30)) * 100000000ull);
		if (chance(w, 40))
			msg_put_u32(&w->m, HAK_A_TRACK_INITIAL, HAK_TRACK_DOWN + below(w, 2));
	}
	if (cmd == HAK_CMD_TRACK_REPORT) {
		state = HAK_TRACK_DOWN + below(w, 3);
		msg_put_u32(&w->m, HAK_A_TRACK_STATE, state);
		if (state == HAK_TRACK_VALUE)
			msg_put_u32(&w->m, HAK_A_TRACK_VALUE, (int)below(w, 507) - 253);
		if (chance(w, 50))
			msg_put_string(&w->m, HAK_A_TRACK_REASON, "exit 1");
	}
	msg_nest_end(&w->m, at);
}

static void put_group(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);

	msg_put_string(&w->m, HAK_A_GROUP_NAME, pick_name(w, 'g', VALID));
	if ((cmd == HAK_CMD_GROUP_NEW || cmd == HAK_CMD_GROUP_SET) && chance(w, 50))
		put_tracks(w, HAK_A_GROUP_TRACKS, HAK_A_GROUP_TRACK);
	msg_nest_end(&w->m, at);
}

static void put_route(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);
	uint32_t address = htonl(0xc0000200u + 1 + below(w, 50));

	put_prefix(w, HAK_A_ROUTE_PREFIX, HAK_A_ROUTE_PREFIX_LEN);
	msg_put_string(&w->m, HAK_A_ROUTE_ROUTER, pick_name(w, 'r', VALID));
	if (chance(w, 30))
		msg_put_u32(&w->m, HAK_A_ROUTE_METRIC, below(w, 3));
	if (chance(w, 30))
		msg_put_u32(&w->m, HAK_A_ROUTE_TABLE, 100 + below(w, 2));
	if (cmd != HAK_CMD_ROUTE_DEL && chance(w, 40))
		msg_put(&w->m, HAK_A_ROUTE_VIA, &address, sizeof(address));
	if (cmd != HAK_CMD_ROUTE_DEL && chance(w, 30))
		msg_put_string(&w->m, HAK_A_ROUTE_DEV, pick_dev(w, VALID));
	if (cmd != HAK_CMD_ROUTE_DEL && chance(w, 20))
		msg_put(&w->m, HAK_A_ROUTE_SRC, &address, sizeof(address));
	msg_nest_end(&w->m, at);
}

/* One of these attributes of a set, now and then. */
static void put_words(struct worker *w, const char *set, uint16_t first, uint16_t last)
{
	const struct attr_desc *a;
	uint16_t id;

	for (id = first; id <= last; id++) {
		a = find_attr(set, id);
		if (a && a->kind != K_NEST && chance(w, 25))
			put_value(w, NULL, a, VALID, 0);
	}
}

static void put_pool(struct worker *w, uint8_t cmd, uint16_t type)
{
	static const uint32_t sizes[] = { 251, 509, 1021, 65537 };
	size_t at = msg_nest(&w->m, type);

	msg_put_string(&w->m, HAK_A_POOL_NAME, pick_name(w, 'p', VALID));
	if (cmd == HAK_CMD_POOL_NEW || cmd == HAK_CMD_POOL_SET) {
		put_words(w, "pool", HAK_A_POOL_SCHEDULER, HAK_A_POOL_SCHEDULER);
		put_words(w, "pool", HAK_A_POOL_HASH_PORT, HAK_A_POOL_QUORUM);
		if (chance(w, 25))
			msg_put_u32(&w->m, HAK_A_POOL_HASH_SIZE, sizes[below(w, N(sizes))]);
		if (chance(w, 20))
			msg_put_u32(&w->m, HAK_A_POOL_METHOD,
				    HAK_METHOD_NAT + below(w, 3));
		if (chance(w, 10))
			msg_put(&w->m, HAK_A_POOL_SOURCE, "\xc6\x33\x64\x01\xc6\x33\x64\x05",
				chance(w, 50) ? 8 : 4);
		put_words(w, "pool", HAK_A_POOL_PASSIVE, HAK_A_POOL_PASSIVE);
		put_words(w, "pool", HAK_A_POOL_ON_DOWN, HAK_A_POOL_ON_DOWN);
		if (chance(w, 20))
			msg_put_u64(&w->m, HAK_A_POOL_PERSIST, below(w, 100) * 1000000000ULL);
		put_words(w, "pool", HAK_A_POOL_PERSIST_PREFIX_LEN, HAK_A_POOL_PERSIST_PREFIX_LEN);
		if (chance(w, 20))
			msg_put_string(&w->m, HAK_A_POOL_BACKUP,
				       chance(w, 30) ? "" : pick_name(w, 'p', VALID));
	}
	msg_nest_end(&w->m, at);
}

/* One of IPv4, or now and then of IPv6; the last byte tells them apart. */
static void put_end(struct worker *w, uint16_t type, uint32_t net, uint8_t host)
{
	uint32_t address = htonl(net + host);
	uint8_t address6[16] = { 0x20, 0x01, 0x0d, 0xb8 };

	address6[15] = host;
	if (chance(w, 20))
		msg_put(&w->m, type, address6, sizeof(address6));
	else
		msg_put(&w->m, type, &address, sizeof(address));
}

static void put_server(struct worker *w, uint8_t cmd, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);
	uint32_t report;

	msg_put_string(&w->m, HAK_A_SERVER_POOL, pick_name(w, 'p', VALID));
	put_end(w, HAK_A_SERVER_ADDRESS, 0xc6336400u, (uint8_t)(1 + below(w, 20)));
	if (chance(w, 50))
		msg_put_u32(&w->m, HAK_A_SERVER_PORT, 80 * below(w, 3));
	if (cmd == HAK_CMD_SERVER_NEW || cmd == HAK_CMD_SERVER_SET)
		put_words(w, "server", HAK_A_SERVER_WEIGHT, HAK_A_SERVER_STATE);
	if (cmd == HAK_CMD_SERVER_NEW || cmd == HAK_CMD_SERVER_SET)
		put_words(w, "server", HAK_A_SERVER_MAXCONN, HAK_A_SERVER_SLOW_START);
	if (cmd == HAK_CMD_SERVER_REPORT) {
		report = HAK_TRACK_DOWN + below(w, 3);
		msg_put_u32(&w->m, HAK_A_SERVER_REPORT, report);
		if (report == HAK_TRACK_VALUE)
			msg_put_u32(&w->m, HAK_A_SERVER_VALUE, below(w, 65536));
		if (chance(w, 50))
			msg_put_string(&w->m, HAK_A_SERVER_REASON, "http 503");
	}
	msg_nest_end(&w->m, at);
}

static void put_service(struct worker *w, uint8_t cmd, uint16_t type)
{
	bool udp = chance(w, 30), words = cmd == HAK_CMD_SERVICE_NEW || cmd == HAK_CMD_SERVICE_SET;
	size_t at = msg_nest(&w->m, type);

	msg_put_u32(&w->m, HAK_A_SERVICE_PROTO, udp ? IPPROTO_UDP : IPPROTO_TCP);
	put_end(w, HAK_A_SERVICE_ADDRESS, 0xc0000200u, (uint8_t)(100 + below(w, 10)));
	msg_put_u32(&w->m, HAK_A_SERVICE_PORT, 80 + below(w, 3));
	if (cmd == HAK_CMD_SERVICE_NEW || (words && chance(w, 30)))
		msg_put_string(&w->m, HAK_A_SERVICE_POOL, pick_name(w, 'p', VALID));
	if (words && chance(w, 30))
		msg_put_u32(&w->m, HAK_A_SERVICE_FIREWALL, below(w, 2));
	if (words && chance(w, udp ? 30 : 3))
		msg_put_u32(&w->m, HAK_A_SERVICE_ONE_PACKET, below(w, 2));
	if (words && chance(w, 30))
		msg_put_u64(&w->m, HAK_A_SERVICE_TIMEOUT, below(w, 60) * 1000000000ull);
	msg_nest_end(&w->m, at);
}

static void put_conn(struct worker *w, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);

	if (chance(w, 50))
		msg_put_u32(&w->m, HAK_A_CONN_PROTO, IPPROTO_TCP);
	msg_nest_end(&w->m, at);
}

static void put_lb(struct worker *w, uint16_t type)
{
	size_t at = msg_nest(&w->m, type);

	if (chance(w, 60))
		msg_put_u32(&w->m, HAK_A_LB_HOOK, (int)below(w, 2001) - 1000);
	if (chance(w, 60))
		msg_put_u32(&w->m, HAK_A_LB_MAXCONN, 1 + below(w, 100000));
	msg_nest_end(&w->m, at);
}

static const uint8_t changes[] = {
	HAK_CMD_ROUTER_NEW, HAK_CMD_ROUTER_NEW, HAK_CMD_ROUTER_SET, HAK_CMD_ROUTER_SET,
	HAK_CMD_ROUTER_DEL, HAK_CMD_VIP_NEW, HAK_CMD_VIP_NEW, HAK_CMD_VIP_NEW, HAK_CMD_VIP_SET,
	HAK_CMD_VIP_DEL, HAK_CMD_TRACK_NEW, HAK_CMD_TRACK_NEW, HAK_CMD_TRACK_SET,
	HAK_CMD_TRACK_DEL, HAK_CMD_POOL_NEW, HAK_CMD_POOL_NEW, HAK_CMD_POOL_SET,
	HAK_CMD_POOL_DEL, HAK_CMD_SERVER_NEW, HAK_CMD_SERVER_NEW, HAK_CMD_SERVER_NEW,
	HAK_CMD_SERVER_SET, HAK_CMD_SERVER_DEL, HAK_CMD_SERVICE_NEW, HAK_CMD_SERVICE_NEW,
	HAK_CMD_SERVICE_SET, HAK_CMD_SERVICE_DEL, HAK_CMD_LB_SET,
	HAK_CMD_GROUP_NEW, HAK_CMD_GROUP_SET, HAK_CMD_GROUP_DEL,
	HAK_CMD_ROUTE_NEW, HAK_CMD_ROUTE_NEW, HAK_CMD_ROUTE_SET, HAK_CMD_ROUTE_DEL,
};

static void put_object(struct worker *w, uint8_t cmd, bool in_op)
{
	if (cmd >= HAK_CMD_TRACK_NEW && cmd <= HAK_CMD_TRACK_REPORT)
		put_track(w, cmd, in_op ? HAK_A_OP_TRACK : HAK_A_TRACK);
	else if (cmd >= HAK_CMD_VIP_NEW && cmd <= HAK_CMD_VIP_GET)
		put_vip(w, cmd, in_op ? HAK_A_OP_VIP : HAK_A_VIP);
	else if (cmd >= HAK_CMD_GROUP_NEW && cmd <= HAK_CMD_GROUP_GET)
		put_group(w, cmd, in_op ? HAK_A_OP_GROUP : HAK_A_GROUP);
	else if (cmd >= HAK_CMD_ROUTE_NEW && cmd <= HAK_CMD_ROUTE_DEL)
		put_route(w, cmd, in_op ? HAK_A_OP_ROUTE : HAK_A_ROUTE);
	else if (cmd >= HAK_CMD_POOL_NEW && cmd <= HAK_CMD_POOL_GET)
		put_pool(w, cmd, in_op ? HAK_A_OP_POOL : HAK_A_POOL);
	else if (cmd >= HAK_CMD_SERVER_NEW && cmd <= HAK_CMD_SERVER_REPORT)
		put_server(w, cmd, in_op ? HAK_A_OP_SERVER : HAK_A_SERVER);
	else if (cmd >= HAK_CMD_SERVICE_NEW && cmd <= HAK_CMD_SERVICE_GET)
		put_service(w, cmd, in_op ? HAK_A_OP_SERVICE : HAK_A_SERVICE);
	else if (cmd == HAK_CMD_CONN_DEL)
		put_conn(w, HAK_A_CONN);
	else if (cmd == HAK_CMD_LB_SET)
		put_lb(w, in_op ? HAK_A_OP_LB : HAK_A_LB);
	else
		put_router(w, cmd, in_op ? HAK_A_OP_ROUTER : HAK_A_ROUTER);
}

static void put_op(struct worker *w, uint8_t cmd)
{
	size_t at = msg_nest(&w->m, HAK_A_OP);

	msg_put_u32(&w->m, HAK_A_OP_CMD, cmd);
	put_object(w, cmd, true);
	msg_nest_end(&w->m, at);
}

static void begin(struct worker *w, uint8_t cmd, uint16_t flags)
{
	struct record *r = &w->sent[++w->seq % RECORDS];

	memset(r, 0, sizeof(*r));
	r->cmd = cmd;
	r->dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	msg_begin(&w->m, family, NLM_F_REQUEST | flags, w->seq, cmd, HAK_GENL_VERSION);
	w->messages++;
}

static void sensible(struct worker *w)
{
	static const uint8_t gets[] = {
		HAK_CMD_ROUTER_GET, HAK_CMD_VIP_GET, HAK_CMD_TRACK_GET, HAK_CMD_HISTORY_GET,
		HAK_CMD_POOL_GET, HAK_CMD_SERVER_GET, HAK_CMD_SERVICE_GET, HAK_CMD_GROUP_GET,
	};
	uint8_t cmd;

	if (chance(w, 15))
		cmd = chance(w, 50) ? HAK_CMD_TRACK_REPORT : HAK_CMD_SERVER_REPORT;
	else if (chance(w, 2))
		cmd = HAK_CMD_CONN_DEL;
	else if (chance(w, 5))
		cmd = HAK_CMD_ROUTER_RESIGN;
	else if (chance(w, 5))
		cmd = gets[below(w, N(gets))];
	else
		cmd = changes[below(w, N(changes))];
	begin(w, cmd, NLM_F_ACK);
	put_object(w, cmd, false);
	msg_end(&w->m);
}

/* A few random operations: mostly refused, because one of them is wrong. */
static void small_batch(struct worker *w)
{
	uint32_t n = 1 + below(w, 8);

	begin(w, HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	if (chance(w, 30))
		msg_put_string(&w->m, HAK_A_TAG, "nlfuzz");
	if (chance(w, 10))
		msg_put_u32(&w->m, HAK_A_EXPECT_GENERATION, below(w, 1000));
	while (n--)
		put_op(w, changes[below(w, N(changes))]);
	msg_end(&w->m);
}

static void put_own_name(struct worker *w, uint16_t type, uint32_t i)
{
	char name[HAK_NAME_SIZE];

	snprintf(name, sizeof(name), "b%d-%u-%u", w->cpu, w->batch, i);
	msg_put_string(&w->m, type, name);
}

static void own_router(struct worker *w, uint8_t cmd, uint16_t type, uint32_t i)
{
	size_t at = msg_nest(&w->m, type);
	char dev[16];

	put_own_name(w, HAK_A_ROUTER_NAME, i);
	if (cmd == HAK_CMD_ROUTER_NEW) {
		snprintf(dev, sizeof(dev), "b%d_%u_%u", w->cpu, w->batch % 1000, i / 200);
		msg_put_string(&w->m, HAK_A_ROUTER_DEV, dev);
		msg_put_u32(&w->m, HAK_A_ROUTER_VRID, i % 200 + 1);
	}
	if (cmd == HAK_CMD_ROUTER_SET)
		msg_put_u32(&w->m, HAK_A_ROUTER_PRIORITY, 1 + below(w, 254));
	msg_nest_end(&w->m, at);
}

static void own_vip(struct worker *w, uint16_t type, uint32_t i)
{
	size_t at = msg_nest(&w->m, type);
	/* 198.18.0.0/15: one address is that of one router only. */
	uint32_t address = htonl(0xc6120000u + ((uint32_t)w->cpu << 16) + i + 1);

	msg_put(&w->m, HAK_A_VIP_ADDRESS, &address, sizeof(address));
	put_own_name(w, HAK_A_VIP_ROUTER, i);
	msg_nest_end(&w->m, at);
}

static void put_own_op(struct worker *w, uint8_t cmd, uint32_t i)
{
	size_t at = msg_nest(&w->m, HAK_A_OP);

	msg_put_u32(&w->m, HAK_A_OP_CMD, cmd);
	if (cmd == HAK_CMD_VIP_NEW)
		own_vip(w, HAK_A_OP_VIP, i);
	else
		own_router(w, cmd, HAK_A_OP_ROUTER, i);
	msg_nest_end(&w->m, at);
}

static void own_track(struct worker *w, uint8_t cmd)
{
	size_t at = msg_nest(&w->m, HAK_A_TRACK);

	put_own_name(w, HAK_A_TRACK_NAME, 0);
	if (cmd == HAK_CMD_TRACK_NEW)
		msg_put_u32(&w->m, HAK_A_TRACK_KIND, HAK_TRACK_REPORT);
	if (cmd == HAK_CMD_TRACK_SET)
		msg_put_u64(&w->m, HAK_A_TRACK_LEASE, 1000000000ull);
	if (cmd == HAK_CMD_TRACK_REPORT)
		msg_put_u32(&w->m, HAK_A_TRACK_STATE, HAK_TRACK_UP);
	msg_nest_end(&w->m, at);
}

static void own_group(struct worker *w)
{
	size_t at = msg_nest(&w->m, HAK_A_GROUP);

	put_own_name(w, HAK_A_GROUP_NAME, 0);
	msg_nest_end(&w->m, at);
}

static void own_route(struct worker *w)
{
	size_t at = msg_nest(&w->m, HAK_A_ROUTE);
	uint32_t prefix = htonl(0xc6336400u);

	msg_put(&w->m, HAK_A_ROUTE_PREFIX, &prefix, sizeof(prefix));
	msg_put_u32(&w->m, HAK_A_ROUTE_PREFIX_LEN, 24);
	put_own_name(w, HAK_A_ROUTE_ROUTER, 0);
	msg_nest_end(&w->m, at);
}

static bool exchange(struct worker *w);

static bool own_request(struct worker *w, uint8_t cmd)
{
	msg_reset(&w->m);
	begin(w, cmd, NLM_F_ACK);
	if (cmd >= HAK_CMD_TRACK_NEW && cmd <= HAK_CMD_TRACK_REPORT)
		own_track(w, cmd);
	else if (cmd >= HAK_CMD_VIP_NEW && cmd <= HAK_CMD_VIP_GET)
		own_vip(w, HAK_A_VIP, 0);
	else if (cmd >= HAK_CMD_GROUP_NEW && cmd <= HAK_CMD_GROUP_GET)
		own_group(w);
	else if (cmd >= HAK_CMD_ROUTE_NEW && cmd <= HAK_CMD_ROUTE_DEL)
		own_route(w);
	else
		own_router(w, cmd, HAK_A_ROUTER, 0);
	msg_end(&w->m);
	if (!exchange(w))
		return false;
	if (w->was_refused)
		complain(w, "a correct %s was refused", cmd_name(cmd));
	return true;
}

/* Of each kind one of our own, which must be taken, changed and removed. */
static bool whole_life(struct worker *w)
{
	static const uint8_t life[] = {
		HAK_CMD_ROUTER_NEW, HAK_CMD_ROUTER_SET, HAK_CMD_VIP_NEW, HAK_CMD_VIP_SET,
		HAK_CMD_TRACK_NEW, HAK_CMD_TRACK_SET, HAK_CMD_TRACK_REPORT, HAK_CMD_GROUP_NEW,
		HAK_CMD_ROUTE_NEW, HAK_CMD_ROUTE_DEL, HAK_CMD_GROUP_DEL, HAK_CMD_TRACK_DEL,
		HAK_CMD_VIP_DEL, HAK_CMD_ROUTER_DEL,
	};
	size_t i;

	w->batch++;
	for (i = 0; i < N(life); i++)
		if (!own_request(w, life[i]))
			return false;
	return true;
}

/* A big batch of names of our own, which must be taken, then its removal. */
static void big_batch(struct worker *w)
{
	uint32_t n = chance(w, 5) ? 1000 : 1 + below(w, 100), i;

	w->batch++;
	begin(w, HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	for (i = 0; i < n; i++) {
		put_own_op(w, HAK_CMD_ROUTER_NEW, i);
		put_own_op(w, HAK_CMD_VIP_NEW, i);
	}
	msg_end(&w->m);
	if (!exchange(w))
		return;
	if (w->was_refused)
		complain(w, "a correct batch of %u routers was refused", n);
	msg_reset(&w->m);
	begin(w, HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	for (i = 0; i < n; i++)
		put_own_op(w, HAK_CMD_ROUTER_DEL, i);
	msg_end(&w->m);
	if (exchange(w) && w->was_refused)
		complain(w, "the removal of %u routers was refused", n);
	msg_reset(&w->m);
}

/* Mostly one that this version has. */
static const struct op_desc *pick_op(struct worker *w)
{
	bool any = chance(w, 10);
	const struct op_desc *op;

	do {
		op = &ops[below(w, N(ops))];
	} while (!any && !op->can_do && !op->can_dump);
	return op;
}

/* A message as the specification allows it, values anything. */
static void from_spec(struct worker *w, enum mood mood)
{
	const struct op_desc *op = pick_op(w);
	const struct attr_desc *a;
	uint16_t flags = NLM_F_ACK;
	uint8_t cmd = op->cmd;
	const uint16_t *id;

	if (chance(w, 3))
		cmd = next_random(w);
	if (op->can_dump && chance(w, 20))
		flags |= NLM_F_DUMP;
	begin(w, cmd, flags);
	for (id = op->request; *id; id++)
		for (a = sets[op->set].attrs; a->name; a++)
			if (a->id == *id && chance(w, 90))
				put_value(w, &sets[op->set], a, mood, 0);
	if (mood == WILD && chance(w, 30))
		put_set(w, op->set, WILD, 2);
	msg_end(&w->m);
}

/* ---- breaking them ---- */

static void resize_attr(struct worker *w, size_t at)
{
	struct nlattr *a = attr_at(&w->m, at);
	const uint16_t lens[] = { 0, 1, 3, 4, 5, 7, 8, 12, 0xffff, 0x8000, a->nla_len + 1,
				  a->nla_len - 1, a->nla_len + 4, a->nla_len - 4 };
	uint16_t len = lens[below(w, N(lens))];

	a->nla_len = len;
}

static void retype_attr(struct worker *w, size_t at)
{
	struct nlattr *a = attr_at(&w->m, at);

	switch (below(w, 4)) {
	case 0:
		a->nla_type ^= NLA_F_NESTED;
		break;
	case 1:
		a->nla_type ^= NLA_F_NET_BYTEORDER;
		break;
	case 2:
		a->nla_type = (a->nla_type & ~NLA_TYPE_MASK) | below(w, 80);
		break;
	default:
		a->nla_type = next_random(w);
	}
}

static void duplicate_attr(struct worker *w, size_t at)
{
	size_t len = NLA_ALIGN(attr_at(&w->m, at)->nla_len);
	uint8_t *copy;

	if (len < NLA_HDRLEN || at + len > w->m.len || !msg_room(&w->m, len))
		return;
	copy = malloc(len);
	memcpy(copy, w->m.buf + at, len);
	msg_splice(&w->m, at, copy, len);
	free(copy);
}

static void remove_attr(struct worker *w, size_t at)
{
	size_t len = NLA_ALIGN(attr_at(&w->m, at)->nla_len);

	if (len >= NLA_HDRLEN && at + len <= w->m.len)
		msg_splice(&w->m, at, NULL, -(long)len);
}

static void scribble(struct worker *w, size_t at)
{
	size_t len = attr_at(&w->m, at)->nla_len;

	if (len > NLA_HDRLEN && at + len <= w->m.len)
		w->m.buf[at + NLA_HDRLEN + below(w, len - NLA_HDRLEN)] = next_random(w);
}

/* Damage to what the netlink core reads: its refusals need no sentence. */
static void break_header(struct worker *w)
{
	struct nlmsghdr *h = msg_header(&w->m);
	struct genlmsghdr *genl = NLMSG_DATA(h);

	w->sent[w->seq % RECORDS].core = true;
	switch (below(w, 5)) {
	case 0:
		h->nlmsg_len = below(w, 2 * h->nlmsg_len);
		w->astray = true;
		break;
	case 1:
		h->nlmsg_flags = next_random(w) | NLM_F_REQUEST;
		break;
	case 2:
		genl->version = next_random(w);
		break;
	case 3:
		genl->reserved = next_random(w);
		break;
	default:
		genl->cmd = next_random(w);
	}
}

static void mutate(struct worker *w)
{
	static __thread size_t at[4096];
	uint32_t times = 1 + below(w, 3);

	while (times--) {
		size_t n = msg_attrs(&w->m, at, N(at)), one;

		if (!n)
			break;
		one = at[below(w, n)];
		switch (below(w, 6)) {
		case 0:
			resize_attr(w, one);
			break;
		case 1:
			retype_attr(w, one);
			break;
		case 2:
			duplicate_attr(w, one);
			break;
		case 3:
			remove_attr(w, one);
			break;
		default:
			scribble(w, one);
		}
		/* Nests keep the length they had: one more kind of damage. */
		msg_end(&w->m);
	}
	if (chance(w, 10) && w->m.len - w->m.start > 40) {
		w->m.len -= 1 + below(w, 19);
		msg_end(&w->m);
	}
	if (chance(w, 5))
		break_header(w);
}

/* ---- answers ---- */

static void note_text(struct worker *w, const char *text)
{
	size_t i;

	for (i = 0; i < TEXTS && w->texts[i].text; i++) {
		if (!strcmp(w->texts[i].text, text)) {
			w->texts[i].count++;
			return;
		}
	}
	if (i < TEXTS) {
		w->texts[i].text = strdup(text);
		w->texts[i].count = 1;
	}
}

/* What the netlink core answers by itself, without a sentence. */
static bool core_refusal(const struct record *r, int error)
{
	switch (error) {
	case EOPNOTSUPP:	/* a command without an operation */
	case ENOMEM:
	case ENOBUFS:
		return true;
	case EBUSY:		/* a dump is still under way on this socket */
		return r->dump || r->core;
	default:
		return r->core;
	}
}

static void note_refusal(struct worker *w, uint32_t seq, int error, const void *tlvs, size_t len)
{
	const struct record *r = &w->sent[seq % RECORDS];
	const struct nlattr *text = attr_find(tlvs, len, NLMSGERR_ATTR_MSG);

	w->refused[r->cmd]++;
	if (attr_find(tlvs, len, NLMSGERR_ATTR_OFFS) ||
	    attr_find(tlvs, len, NLMSGERR_ATTR_MISS_TYPE))
		w->located++;
	if (text && attr_len(text) > 1) {
		note_text(w, attr_data(text));
		return;
	}
	if (w->astray || core_refusal(r, error))
		return;
	w->mute[r->cmd]++;
	complain(w, "%s refused without a sentence: %s", cmd_name(r->cmd), strerror(error));
}

static void on_ack(struct worker *w, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	const uint8_t *tlvs = (const uint8_t *)(e + 1);
	size_t len = h->nlmsg_len - NLMSG_LENGTH(sizeof(*e));

	if (!(h->nlmsg_flags & NLM_F_CAPPED)) {
		size_t payload = e->error ? NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN : 0;

		payload = payload > len ? len : payload;
		tlvs += payload;
		len -= payload;
	}
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		len = 0;
	if (e->error) {
		w->was_refused = true;
		note_refusal(w, h->nlmsg_seq, -e->error, tlvs, len);
	} else {
		w->accepted[w->sent[h->nlmsg_seq % RECORDS].cmd]++;
	}
}

static void on_done(struct worker *w, const struct nlmsghdr *h)
{
	int error = 0;

	w->dumps++;
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(error)))
		return;
	memcpy(&error, NLMSG_DATA(h), sizeof(error));
	if (error < 0)
		note_refusal(w, h->nlmsg_seq, -error,
			     (const uint8_t *)NLMSG_DATA(h) + sizeof(error),
			     h->nlmsg_flags & NLM_F_ACK_TLVS ?
			     h->nlmsg_len - NLMSG_LENGTH(sizeof(error)) : 0);
}

typedef void (*on_reply)(void *arg, const struct nlmsghdr *h);

/*
 * Read until the message with sequence number @last is answered. False when
 * the kernel does not answer.
 */
static bool drain(struct worker *w, int fd, uint32_t last, on_reply reply, void *arg)
{
	for (;;) {
		ssize_t got = recv(fd, w->answer, ANSWER_SIZE, 0);
		struct nlmsghdr *h = (struct nlmsghdr *)w->answer;
		bool done = false;
		size_t left;

		if (got < 0 && (errno == EINTR || errno == ENOBUFS))
			continue;
		if (got < 0) {
			complain(w, "no answer: %s", strerror(errno));
			return false;
		}
		for (left = got; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_ERROR)
				on_ack(w, h);
			else if (h->nlmsg_type == NLMSG_DONE)
				on_done(w, h);
			else if (reply)
				reply(arg, h);
			if (h->nlmsg_seq == last &&
			    (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE))
				done = true;
		}
		if (done)
			return true;
	}
}

/*
 * Send what is in @w->m, then ask for something harmless: once that is
 * answered, so is everything before. @w->was_refused tells how it went.
 */
static bool exchange(struct worker *w)
{
	bool refused;

	w->was_refused = false;
	if (nl_send(w->fd, w->m.buf, w->m.len) && errno != EMSGSIZE)
		complain(w, "send of %zu bytes: %s", w->m.len, strerror(errno));
	msg_reset(&w->m);
	begin(w, HAK_CMD_CONFIG_GET, NLM_F_ACK);
	msg_end(&w->m);
	if (nl_send(w->fd, w->m.buf, w->m.len)) {
		complain(w, "send: %s", strerror(errno));
		return false;
	}
	/* The ack of CONFIG_GET comes last and is never an error. */
	if (!drain(w, w->fd, w->seq, NULL, NULL))
		return false;
	refused = w->was_refused;
	w->astray = false;
	msg_reset(&w->m);
	w->was_refused = refused;
	return true;
}

static bool ask(struct worker *w, uint8_t cmd, uint16_t flags, on_reply reply, void *arg)
{
	int fd = nl_open(NETLINK_GENERIC);
	bool ok;

	if (fd < 0)
		return false;
	msg_reset(&w->m);
	begin(w, cmd, flags);
	msg_end(&w->m);
	ok = !nl_send(fd, w->m.buf, w->m.len) && drain(w, fd, w->seq, reply, arg);
	close(fd);
	msg_reset(&w->m);
	return ok;
}

static bool dump(struct worker *w, uint8_t cmd, on_reply reply, void *arg)
{
	return ask(w, cmd, NLM_F_DUMP, reply, arg);
}

/* A dump that is left half read, on a socket that listens as well. */
static void abandon(struct worker *w)
{
	static const uint8_t gets[] = {
		HAK_CMD_ROUTER_GET, HAK_CMD_VIP_GET, HAK_CMD_TRACK_GET, HAK_CMD_ALARM_GET,
		HAK_CMD_POOL_GET, HAK_CMD_SERVER_GET, HAK_CMD_SERVICE_GET, HAK_CMD_CONN_GET,
	};
	int fd = nl_open(NETLINK_GENERIC);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[0], sizeof(groups[0]));
	msg_reset(&w->m);
	begin(w, gets[below(w, N(gets))], NLM_F_DUMP);
	msg_end(&w->m);
	nl_send(fd, w->m.buf, w->m.len);
	if (chance(w, 50))
		(void)!recv(fd, w->answer, 64, MSG_DONTWAIT);
	close(fd);
	msg_reset(&w->m);
}

/* ---- refused means unchanged ---- */

static bool take_picture(struct worker *w, struct picture *p)
{
	memset(p, 0, sizeof(*p));
	return ask(w, HAK_CMD_CONFIG_GET, NLM_F_ACK, picture_add, p) &&
	       dump(w, HAK_CMD_ROUTER_GET, picture_add, p) &&
	       dump(w, HAK_CMD_VIP_GET, picture_add, p) &&
	       dump(w, HAK_CMD_TRACK_GET, picture_add, p) &&
	       dump(w, HAK_CMD_GROUP_GET, picture_add, p) &&
	       dump(w, HAK_CMD_ROUTE_GET, picture_add, p) &&
	       dump(w, HAK_CMD_POOL_GET, picture_add, p) &&
	       dump(w, HAK_CMD_SERVER_GET, picture_add, p) &&
	       dump(w, HAK_CMD_SERVICE_GET, picture_add, p) &&
	       ask(w, HAK_CMD_LB_GET, NLM_F_ACK, picture_add, p);
}

static void one_message(struct worker *w)
{
	uint32_t what = below(w, 100);

	msg_reset(&w->m);
	if (what < 40)
		sensible(w);
	else if (what < 60)
		small_batch(w);
	else if (what < 80)
		from_spec(w, NEAR);
	else
		from_spec(w, WILD);
	if (chance(w, 40))
		mutate(w);
}

static unsigned long atomic_phase(struct worker *w, double until)
{
	struct picture before, after;
	unsigned long refusals = 0;
	uint32_t seq;

	if (!take_picture(w, &before))
		return 0;
	while (now() < until && w->failures < 20) {
		one_message(w);
		seq = w->seq;
		if (!exchange(w))
			break;
		if (!w->was_refused) {
			if (!take_picture(w, &before))
				break;
			continue;
		}
		refusals++;
		if (!take_picture(w, &after))
			break;
		if (before.hash != after.hash || before.generation != after.generation)
			complain(w, "%s (message %u) was refused and changed something: generation %u and %u objects before, %u and %u after",
				 cmd_name(w->sent[seq % RECORDS].cmd), seq,
				 before.generation, before.objects, after.generation,
				 after.objects);
		before = after;
	}
	return refusals;
}

/* ---- two threads and a listener ---- */

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* With one CPU only, both threads share it. */
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

static void *work(void *arg)
{
	static const uint8_t dumps[] = {
		HAK_CMD_ROUTER_GET, HAK_CMD_VIP_GET, HAK_CMD_TRACK_GET, HAK_CMD_HISTORY_GET,
		HAK_CMD_ALARM_GET, HAK_CMD_GROUP_GET, HAK_CMD_ROUTE_GET,
	};
	struct worker *w = arg;
	int i, n;

	pin(w->cpu);
	if (!whole_life(w))
		return NULL;
	while (now() < deadline && !stop && w->failures < 20) {
		uint32_t what = below(w, 100);

		if (what < 6) {
			dump(w, dumps[below(w, N(dumps))], NULL, NULL);
			continue;
		}
		if (what < 9) {
			abandon(w);
			continue;
		}
		if (what < 11) {
			msg_reset(&w->m);
			big_batch(w);
			continue;
		}
		if (what < 12) {
			whole_life(w);
			continue;
		}
		n = what < 20 ? 1 + below(w, 20) : 1;
		one_message(w);
		for (i = 1; i < n && msg_room(&w->m, 65536); i++) {
			/* The next one has to start where the kernel looks for it. */
			while (w->m.len % NLMSG_ALIGNTO)
				w->m.buf[w->m.len++] = 0;
			sensible(w);
		}
		if (!exchange(w))
			break;
	}
	return NULL;
}

/*
 * Events that were heard. Two that happen at once on two CPUs may arrive in either
 * order, but none twice, and none is missing unless the socket said so.
 */
struct heard {
	uint64_t next;	/* smallest that is still to come, 0: any may be the first */
	uint64_t first;	/* after a loss: older ones are nobody's business */
	uint64_t bits;	/* bit i: next + i was heard already */
};

static void hear(struct worker *w, struct heard *heard, uint64_t got)
{
	if (!heard->next) {
		*heard = (struct heard){ .next = got + 1, .first = got };
		return;
	}
	if (got < heard->first)
		return;
	if (got < heard->next || (got < heard->next + 64 && heard->bits >> (got - heard->next) & 1)) {
		complain(w, "event %llu came twice", (unsigned long long)got);
		return;
	}
	if (got >= heard->next + 64) {
		complain(w, "event %llu is missing, and the socket was not full",
			 (unsigned long long)heard->next);
		heard->next = 0;
		return;
	}
	heard->bits |= 1ull << (got - heard->next);
	for (; heard->bits & 1; heard->bits >>= 1)
		heard->next++;
}

static void check_event(struct worker *w, const struct nlmsghdr *h, struct heard *heard)
{
	const uint8_t *data = (const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN;
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct nlattr *event = attr_find(data, len, HAK_A_EVENT), *number;

	w->messages++;
	if (h->nlmsg_type != family)
		return;
	if (!event) {
		complain(w, "a notification without HAK_A_EVENT");
		return;
	}
	number = attr_find(attr_data(event), attr_len(event), HAK_A_EVENT_SEQ);
	if (number)
		hear(w, heard, attr_u64(number));
	else
		complain(w, "an event without a number");
}

static void *listen_to_events(void *arg)
{
	struct timeval patience = { .tv_usec = 200000 };
	struct heard heard = { 0 };
	struct worker *w = arg;
	size_t i;

	setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	/* The events of all groups are numbered together. */
	for (i = 0; i < N(groups); i++)
		if (setsockopt(w->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])))
			complain(w, "cannot join group %s", group_names[i]);
	for (;;) {
		ssize_t got = recv(w->fd, w->answer, ANSWER_SIZE, 0);
		struct nlmsghdr *h = (struct nlmsghdr *)w->answer;
		size_t left;

		if (got < 0 && errno == ENOBUFS) {
			heard.next = 0;
			continue;
		}
		if (got < 0 && stop && heard.next && heard.bits)
			complain(w, "event %llu is missing", (unsigned long long)heard.next);
		if (got < 0 && stop)
			return NULL;
		for (left = got < 0 ? 0 : got; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left))
			check_event(w, h, &heard);
	}
}

static bool worker_init(struct worker *w, int cpu, uint64_t seed)
{
	w->cpu = cpu;
	w->random = seed * 0x9e3779b97f4a7c15ull + cpu + 1;
	w->answer = malloc(ANSWER_SIZE);
	w->fd = nl_open(NETLINK_GENERIC);
	msg_init(&w->m);
	return w->answer && w->fd >= 0;
}

/* ---- what came of it ---- */

static unsigned long sum(const struct worker *w, size_t n, uint8_t cmd, bool refused)
{
	unsigned long total = 0;

	while (n--)
		total += refused ? w[n].refused[cmd] : w[n].accepted[cmd];
	return total;
}

static int report(struct worker *w, size_t n)
{
	unsigned long messages = 0, failures = 0, mute = 0, dumps = 0, located = 0, refused = 0;
	size_t i, j;

	for (i = 0; i < N(ops); i++) {
		unsigned long yes = sum(w, n, ops[i].cmd, false), no = sum(w, n, ops[i].cmd, true);

		refused += no;
		printf("# %-16s %7lu accepted %7lu refused\n", ops[i].name, yes, no);
	}
	for (i = 0; i < n; i++) {
		messages += w[i].messages;
		failures += w[i].failures;
		dumps += w[i].dumps;
		located += w[i].located;
		for (j = 0; j < 256; j++)
			mute += w[i].mute[j];
		for (j = 0; verbose && j < TEXTS && w[i].texts[j].text; j++)
			printf("# text %6lu %s\n", w[i].texts[j].count, w[i].texts[j].text);
	}
	printf("# %lu messages, %lu dumps, %lu refusals, %lu of them name the attribute, %lu without a sentence\n",
	       messages, dumps, refused, located, mute);
	return failures ? 1 : 0;
}

static void read_devs(char *list)
{
	char *save, *name;

	n_devs = 0;
	for (name = strtok_r(list, ",", &save); name && n_devs < N(devs);
	     name = strtok_r(NULL, ",", &save))
		devs[n_devs++] = name;
}

int main(int argc, char **argv)
{
	static struct worker workers[3], listener;
	unsigned long seed = time(NULL), refusals;
	double seconds = 60;
	int opt;

	while ((opt = getopt(argc, argv, "s:t:d:v")) != -1) {
		switch (opt) {
		case 's':
			seed = strtoul(optarg, NULL, 0);
			break;
		case 't':
			seconds = strtod(optarg, NULL);
			break;
		case 'd':
			read_devs(optarg);
			break;
		case 'v':
			verbose = true;
			break;
		default:
			fprintf(stderr, "usage: nlfuzz [-s SEED] [-t SECONDS] [-d DEV,DEV] [-v]\n");
			return 2;
		}
	}
	/* The kernel that does not answer must not hang the test. */
	alarm(seconds * 2 + 180);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %lu, %.0f s\n", seed, seconds);
	if (!worker_init(&workers[0], 0, seed) || !worker_init(&workers[1], 1, seed) ||
	    !worker_init(&workers[2], 0, seed + 1) || !worker_init(&listener, 0, seed)) {
		perror("nlfuzz");
		return 2;
	}
	opt = nl_family(workers[0].fd, HAK_GENL_NAME, group_names, groups, N(groups));
	if (opt < 0) {
		fprintf(stderr, "nlfuzz: no family %s\n", HAK_GENL_NAME);
		return 2;
	}
	family = opt;
	refusals = atomic_phase(&workers[2], now() + seconds / 4);
	printf("# alone: %lu refusals changed nothing that was configured\n", refusals);
	if (!refusals)
		complain(&workers[2], "nothing was refused, so nothing was compared");
	deadline = now() + seconds * 3 / 4;
	pthread_create(&listener.thread, NULL, listen_to_events, &listener);
	pthread_create(&workers[0].thread, NULL, work, &workers[0]);
	pthread_create(&workers[1].thread, NULL, work, &workers[1]);
	pthread_join(workers[0].thread, NULL);
	pthread_join(workers[1].thread, NULL);
	stop = true;
	pthread_join(listener.thread, NULL);
	printf("# %lu events heard\n", listener.messages);
	if (!listener.messages)
		complain(&listener, "no event was heard");
	workers[0].failures += listener.failures;
	return report(workers, N(workers));
}
