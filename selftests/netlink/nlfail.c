// SPDX-License-Identifier: GPL-2.0-only
/*
 * Let every allocation of a request fail once, with /proc/thread-self/fail-nth
 * of the kernel's fault injection: the first, the second, and so on until the
 * request gets through without meeting the failure.
 *
 *	nlfail requests DEV	each kind of request for routers of the family hak
 *	nlfail balancer DEV	each kind of request for its balancer
 *	nlfail module HAK.KO	loading the module; it must not be loaded
 *	nlfail device DEV	a dummy device of that name coming, up, addressed
 *	-t SECONDS		at most this long for each of balancer, module and device
 *
 * A refused request must have changed nothing, an accepted one everything;
 * without an answer (that can fail too) it must be one of the two.
 */
#define _GNU_SOURCE
#include "msg.h"
#include "picture.h"

#include <linux/hak.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SITES_MAX	5000
#define N(a)		(sizeof(a) / sizeof((a)[0]))

static uint16_t family;
static int fd = -1, fail_fd = -1;
static uint32_t seq;
static struct msg m;
static uint8_t answer[1 << 18];
static const char *dev;
static double budget = 100;
static bool balancer;
static unsigned long failures, injections;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void wrong(const char *fmt, ...)
{
	va_list ap;

	failures++;
	va_start(ap, fmt);
	printf("# wrong: ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

/* ---- the failure ---- */

static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_fd, text, len, 0) != len) {
		perror("fail-nth");
		exit(2);
	}
}

/* True when the failure happened. Copies to and from us can be what fails. */
static bool disarm(void)
{
	char text[16] = "";
	ssize_t got = pread(fail_fd, text, sizeof(text) - 1, 0);
	int tries = 10;

	while (tries-- && pwrite(fail_fd, "0", 1, 0) != 1)
		;
	/* A read that failed has itself used up the count: it was still there. */
	if (got > 0 && !atoi(text)) {
		injections++;
		return true;
	}
	return false;
}

static void put_file(const char *path, const char *text)
{
	int f = open(path, O_WRONLY | O_CLOEXEC);

	if (f < 0 || write(f, text, strlen(text)) < 0) {
		fprintf(stderr, "nlfail: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	close(f);
}

/* Fail allocations that may sleep as well, and do not print a trace of each. */
static void setup_injection(void)
{
	static const char *const off[] = {
		"failslab/ignore-gfp-wait", "failslab/verbose", "fail_page_alloc/ignore-gfp-wait",
		"fail_page_alloc/ignore-gfp-highmem", "fail_page_alloc/min-order",
		"fail_page_alloc/verbose", "fail_usercopy/verbose",
	};
	char path[128];
	size_t i;

	/* ip netns exec gives us a /sys of our own, without it. */
	if (access("/sys/kernel/debug/failslab", F_OK))
		mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	for (i = 0; i < N(off); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", off[i]);
		put_file(path, strstr(off[i], "ignore") ? "N" : "0");
	}
	fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_fd < 0) {
		perror("/proc/thread-self/fail-nth");
		exit(2);
	}
}

/* ---- requests ---- */

static void request(uint8_t cmd, uint16_t flags)
{
	msg_reset(&m);
	msg_begin(&m, family, NLM_F_REQUEST | flags, ++seq, cmd, HAK_GENL_VERSION);
}

/* Inside a nest of router, vip or track; @op wraps it for a batch. */
struct object {
	size_t op, at;
};

static struct object object_begin(bool op, uint8_t cmd, uint16_t type, uint16_t op_type)
{
	struct object o = { 0 };

	if (op) {
		o.op = msg_nest(&m, HAK_A_OP);
		msg_put_u32(&m, HAK_A_OP_CMD, cmd);
	}
	o.at = msg_nest(&m, op ? op_type : type);
	return o;
}

static void object_end(struct object o)
{
	msg_nest_end(&m, o.at);
	if (o.op)
		msg_nest_end(&m, o.op);
	msg_end(&m);
}

static void router(bool op, uint8_t cmd, const char *name, uint32_t vrid, uint32_t priority)
{
	struct object o = object_begin(op, cmd, HAK_A_ROUTER, HAK_A_OP_ROUTER);

	msg_put_string(&m, HAK_A_ROUTER_NAME, name);
	if (cmd == HAK_CMD_ROUTER_NEW) {
		msg_put_string(&m, HAK_A_ROUTER_DEV, dev);
		msg_put_u32(&m, HAK_A_ROUTER_VRID, vrid);
		msg_put_u64(&m, HAK_A_ROUTER_INTERVAL, 100000000);
	}
	if (priority)
		msg_put_u32(&m, HAK_A_ROUTER_PRIORITY, priority);
	object_end(o);
}

static void vip(bool op, uint8_t cmd, uint32_t host, const char *name, uint32_t vrid,
		uint32_t advert)
{
	struct object o = object_begin(op, cmd, HAK_A_VIP, HAK_A_OP_VIP);
	uint32_t address = htonl(0xc6336400 + host);

	msg_put(&m, HAK_A_VIP_ADDRESS, &address, sizeof(address));
	if (name) {
		msg_put_string(&m, HAK_A_VIP_ROUTER, name);
	} else {
		msg_put_string(&m, HAK_A_VIP_DEV, dev);
		msg_put_u32(&m, HAK_A_VIP_VRID, vrid);
	}
	if (cmd == HAK_CMD_VIP_SET)
		msg_put_u32(&m, HAK_A_VIP_ADVERT, advert);
	object_end(o);
}

static void track(bool op, uint8_t cmd, const char *name, uint64_t lease, uint32_t state)
{
	struct object o = object_begin(op, cmd, HAK_A_TRACK, HAK_A_OP_TRACK);

	msg_put_string(&m, HAK_A_TRACK_NAME, name);
	if (cmd == HAK_CMD_TRACK_NEW)
		msg_put_u32(&m, HAK_A_TRACK_KIND, HAK_TRACK_REPORT);
	if (cmd == HAK_CMD_TRACK_NEW || cmd == HAK_CMD_TRACK_SET)
		msg_put_u64(&m, HAK_A_TRACK_LEASE, lease);
	if (cmd == HAK_CMD_TRACK_REPORT)
		msg_put_u32(&m, HAK_A_TRACK_STATE, state);
	object_end(o);
}

static void use_tracks(bool some)
{
	struct object o = object_begin(false, HAK_CMD_ROUTER_SET, HAK_A_ROUTER, 0);
	size_t list, use;

	msg_put_string(&m, HAK_A_ROUTER_NAME, "base");
	list = msg_nest(&m, HAK_A_ROUTER_TRACKS);
	if (some) {
		use = msg_nest(&m, HAK_A_ROUTER_TRACK);
		msg_put_string(&m, HAK_A_ROUTER_TRACK_NAME, "used");
		msg_put_u32(&m, HAK_A_ROUTER_TRACK_WEIGHT, -60);
		msg_nest_end(&m, use);
	}
	msg_nest_end(&m, list);
	object_end(o);
}

static void group(bool op, uint8_t cmd, const char *name, const char *of)
{
	struct object o = object_begin(op, cmd, HAK_A_GROUP, HAK_A_OP_GROUP);
	size_t list, use;

	msg_put_string(&m, HAK_A_GROUP_NAME, name);
	if (cmd != HAK_CMD_GROUP_DEL) {
		list = msg_nest(&m, HAK_A_GROUP_TRACKS);
		if (of) {
			use = msg_nest(&m, HAK_A_GROUP_TRACK);
			msg_put_string(&m, HAK_A_ROUTER_TRACK_NAME, of);
			msg_put_u32(&m, HAK_A_ROUTER_TRACK_WEIGHT, -60);
			msg_nest_end(&m, use);
		}
		msg_nest_end(&m, list);
	}
	object_end(o);
}

static void join(const char *name)
{
	struct object o = object_begin(false, HAK_CMD_ROUTER_SET, HAK_A_ROUTER, 0);

	msg_put_string(&m, HAK_A_ROUTER_NAME, "base");
	msg_put_string(&m, HAK_A_ROUTER_GROUP, name);
	object_end(o);
}

static void route(bool op, uint8_t cmd, uint32_t net, uint32_t host)
{
	struct object o = object_begin(op, cmd, HAK_A_ROUTE, HAK_A_OP_ROUTE);
	uint32_t prefix = htonl(0x0a000000 + (net << 8)), via = htonl(0xc6336400 + host);

	msg_put(&m, HAK_A_ROUTE_PREFIX, &prefix, sizeof(prefix));
	msg_put_u32(&m, HAK_A_ROUTE_PREFIX_LEN, 24);
	msg_put_string(&m, HAK_A_ROUTE_ROUTER, "base");
	if (cmd != HAK_CMD_ROUTE_DEL)
		msg_put(&m, HAK_A_ROUTE_VIA, &via, sizeof(via));
	object_end(o);
}

static void peers(const char *name, uint32_t n)
{
	struct object o = object_begin(false, HAK_CMD_ROUTER_SET, HAK_A_ROUTER, 0);
	uint32_t peer;
	size_t list;

	msg_put_string(&m, HAK_A_ROUTER_NAME, name);
	list = msg_nest(&m, HAK_A_ROUTER_PEERS);
	while (n--) {
		peer = htonl(0xc6336400 + 200 + n);
		msg_put(&m, HAK_A_ROUTER_PEER, &peer, sizeof(peer));
	}
	msg_nest_end(&m, list);
	object_end(o);
}

static void router6(uint8_t cmd)
{
	struct object o = object_begin(true, cmd, HAK_A_ROUTER, HAK_A_OP_ROUTER);

	msg_put_string(&m, HAK_A_ROUTER_NAME, "six");
	if (cmd == HAK_CMD_ROUTER_NEW) {
		msg_put_string(&m, HAK_A_ROUTER_DEV, dev);
		msg_put_u32(&m, HAK_A_ROUTER_VRID, 60);
		msg_put_u32(&m, HAK_A_ROUTER_FAMILY, AF_INET6);
		msg_put_u32(&m, HAK_A_ROUTER_VMAC, 1);
	}
	object_end(o);
}

static void vip6(void)
{
	static const uint8_t address[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct object o = object_begin(true, HAK_CMD_VIP_NEW, HAK_A_VIP, HAK_A_OP_VIP);

	msg_put(&m, HAK_A_VIP_ADDRESS, address, sizeof(address));
	msg_put_string(&m, HAK_A_VIP_ROUTER, "six");
	object_end(o);
}

static void pool(bool op, uint8_t cmd, const char *name, uint32_t scheduler)
{
	struct object o = object_begin(op, cmd, HAK_A_POOL, HAK_A_OP_POOL);

	msg_put_string(&m, HAK_A_POOL_NAME, name);
	if (scheduler) {
		msg_put_u32(&m, HAK_A_POOL_SCHEDULER, scheduler);
		msg_put_u32(&m, HAK_A_POOL_HASH_SIZE, 251);
	}
	object_end(o);
}

static void server(bool op, uint8_t cmd, const char *of, uint32_t host, uint32_t value)
{
	struct object o = object_begin(op, cmd, HAK_A_SERVER, HAK_A_OP_SERVER);
	uint32_t address = htonl(0xcb007100 + host);

	msg_put_string(&m, HAK_A_SERVER_POOL, of);
	msg_put(&m, HAK_A_SERVER_ADDRESS, &address, sizeof(address));
	msg_put_u32(&m, HAK_A_SERVER_PORT, 8080);
	if (cmd == HAK_CMD_SERVER_REPORT)
		msg_put_u32(&m, HAK_A_SERVER_REPORT, value);
	else if (value)
		msg_put_u32(&m, HAK_A_SERVER_WEIGHT, value);
	/* Backups have a table of their own. */
	if (value && cmd == HAK_CMD_SERVER_NEW)
		msg_put_u32(&m, HAK_A_SERVER_BACKUP, value % 2);
	object_end(o);
}

static void service(bool op, uint8_t cmd, uint32_t port, const char *of, uint32_t firewall)
{
	struct object o = object_begin(op, cmd, HAK_A_SERVICE, HAK_A_OP_SERVICE);
	uint32_t address = htonl(0xc6336400 + 10);

	msg_put_u32(&m, HAK_A_SERVICE_PROTO, IPPROTO_TCP);
	msg_put(&m, HAK_A_SERVICE_ADDRESS, &address, sizeof(address));
	msg_put_u32(&m, HAK_A_SERVICE_PORT, port);
	if (of)
		msg_put_string(&m, HAK_A_SERVICE_POOL, of);
	if (cmd == HAK_CMD_SERVICE_SET)
		msg_put_u32(&m, HAK_A_SERVICE_FIREWALL, firewall);
	object_end(o);
}

/* Forward or back again. */
static void ask_router(bool back)
{
	request(back ? HAK_CMD_ROUTER_DEL : HAK_CMD_ROUTER_NEW, NLM_F_ACK);
	router(false, back ? HAK_CMD_ROUTER_DEL : HAK_CMD_ROUTER_NEW, "new", 20, 0);
}

static void ask_priority(bool back)
{
	request(HAK_CMD_ROUTER_SET, NLM_F_ACK);
	router(false, HAK_CMD_ROUTER_SET, "base", 0, back ? 100 : 150);
}

static void ask_tracks(bool back)
{
	request(HAK_CMD_ROUTER_SET, NLM_F_ACK);
	use_tracks(!back);
}

static void ask_router_del(bool back)
{
	request(back ? HAK_CMD_CONFIG_APPLY : HAK_CMD_ROUTER_DEL, NLM_F_ACK);
	if (!back) {
		router(false, HAK_CMD_ROUTER_DEL, "gone", 0, 0);
		return;
	}
	router(true, HAK_CMD_ROUTER_NEW, "gone", 30, 100);
	vip(true, HAK_CMD_VIP_NEW, 31, "gone", 0, 0);
	vip(true, HAK_CMD_VIP_NEW, 32, "gone", 0, 0);
}

static void ask_vip(bool back)
{
	request(back ? HAK_CMD_VIP_DEL : HAK_CMD_VIP_NEW, NLM_F_ACK);
	vip(false, back ? HAK_CMD_VIP_DEL : HAK_CMD_VIP_NEW, 12, "base", 0, 0);
}

static void ask_vip_alone(bool back)
{
	request(back ? HAK_CMD_VIP_DEL : HAK_CMD_VIP_NEW, NLM_F_ACK);
	vip(false, back ? HAK_CMD_VIP_DEL : HAK_CMD_VIP_NEW, 40, NULL, 40, 0);
}

static void ask_vip_set(bool back)
{
	request(HAK_CMD_VIP_SET, NLM_F_ACK);
	vip(false, HAK_CMD_VIP_SET, 11, "base", 0, back);
}

static void ask_vip_del(bool back)
{
	request(back ? HAK_CMD_VIP_NEW : HAK_CMD_VIP_DEL, NLM_F_ACK);
	vip(false, back ? HAK_CMD_VIP_NEW : HAK_CMD_VIP_DEL, 32, "gone", 0, 0);
}

static void ask_track(bool back)
{
	request(back ? HAK_CMD_TRACK_DEL : HAK_CMD_TRACK_NEW, NLM_F_ACK);
	track(false, back ? HAK_CMD_TRACK_DEL : HAK_CMD_TRACK_NEW, "new", 5000000000, 0);
}

static void ask_track_set(bool back)
{
	request(HAK_CMD_TRACK_SET, NLM_F_ACK);
	track(false, HAK_CMD_TRACK_SET, "used", back ? 0 : 86400000000000, 0);
}

static void ask_report(bool back)
{
	request(HAK_CMD_TRACK_REPORT, NLM_F_ACK);
	track(false, HAK_CMD_TRACK_REPORT, "used", 0, back ? HAK_TRACK_UP : HAK_TRACK_DOWN);
}

static void ask_resign(bool back)
{
	request(back ? HAK_CMD_CONFIG_GET : HAK_CMD_ROUTER_RESIGN, NLM_F_ACK);
	if (!back)
		router(false, HAK_CMD_ROUTER_RESIGN, "base", 0, 0);
}

static void ask_group(bool back)
{
	request(back ? HAK_CMD_GROUP_DEL : HAK_CMD_GROUP_NEW, NLM_F_ACK);
	group(false, back ? HAK_CMD_GROUP_DEL : HAK_CMD_GROUP_NEW, "new", "used");
}

static void ask_group_set(bool back)
{
	request(HAK_CMD_GROUP_SET, NLM_F_ACK);
	group(false, HAK_CMD_GROUP_SET, "base", back ? NULL : "used");
}

static void ask_join(bool back)
{
	request(HAK_CMD_ROUTER_SET, NLM_F_ACK);
	join(back ? "" : "base");
}

static void ask_route(bool back)
{
	request(back ? HAK_CMD_ROUTE_DEL : HAK_CMD_ROUTE_NEW, NLM_F_ACK);
	route(false, back ? HAK_CMD_ROUTE_DEL : HAK_CMD_ROUTE_NEW, 2, 10);
}

static void ask_route_set(bool back)
{
	request(HAK_CMD_ROUTE_SET, NLM_F_ACK);
	route(false, HAK_CMD_ROUTE_SET, 1, back ? 10 : 11);
}

static void ask_peers(bool back)
{
	request(HAK_CMD_ROUTER_SET, NLM_F_ACK);
	peers("base", back ? 0 : 3);
}

static void ask_six(bool back)
{
	request(HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	router6(back ? HAK_CMD_ROUTER_DEL : HAK_CMD_ROUTER_NEW);
	if (!back)
		vip6();
}

/* 20 objects at once, as `load` sends them, some of them changes and removals. */
static void ask_batch(bool back)
{
	char name[16];
	int i;

	request(HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "batch%d", i);
		if (back) {
			router(true, HAK_CMD_ROUTER_DEL, name, 0, 0);
			track(true, HAK_CMD_TRACK_DEL, name, 0, 0);
			continue;
		}
		track(true, HAK_CMD_TRACK_NEW, name, 0, 0);
		router(true, HAK_CMD_ROUTER_NEW, name, 100 + i, 90);
		vip(true, HAK_CMD_VIP_NEW, 100 + 2 * i, name, 0, 0);
		vip(true, HAK_CMD_VIP_NEW, 101 + 2 * i, name, 0, 0);
	}
	if (back) {
		router(true, HAK_CMD_ROUTER_NEW, "gone", 30, 100);
		vip(true, HAK_CMD_VIP_NEW, 31, "gone", 0, 0);
		vip(true, HAK_CMD_VIP_NEW, 32, "gone", 0, 0);
	} else {
		router(true, HAK_CMD_ROUTER_DEL, "gone", 0, 0);
		vip(true, HAK_CMD_VIP_NEW, 12, "base", 0, 0);
	}
	router(true, HAK_CMD_ROUTER_SET, "base", 0, back ? 100 : 120);
	if (back)
		vip(true, HAK_CMD_VIP_DEL, 12, "base", 0, 0);
}

static void ask_pool(bool back)
{
	request(back ? HAK_CMD_POOL_DEL : HAK_CMD_POOL_NEW, NLM_F_ACK);
	pool(false, back ? HAK_CMD_POOL_DEL : HAK_CMD_POOL_NEW, "new", 0);
}

static void ask_pool_set(bool back)
{
	request(HAK_CMD_POOL_SET, NLM_F_ACK);
	pool(false, HAK_CMD_POOL_SET, "base", back ? HAK_SCHED_WRR : HAK_SCHED_MH);
}

static void ask_server(bool back)
{
	request(back ? HAK_CMD_SERVER_DEL : HAK_CMD_SERVER_NEW, NLM_F_ACK);
	server(false, back ? HAK_CMD_SERVER_DEL : HAK_CMD_SERVER_NEW, "base", 9, 0);
}

static void ask_server_set(bool back)
{
	request(HAK_CMD_SERVER_SET, NLM_F_ACK);
	server(false, HAK_CMD_SERVER_SET, "base", 1, back ? 1 : 7);
}

static void ask_server_report(bool back)
{
	request(HAK_CMD_SERVER_REPORT, NLM_F_ACK);
	server(false, HAK_CMD_SERVER_REPORT, "base", 1, back ? HAK_TRACK_UP : HAK_TRACK_DOWN);
}

static void ask_service(bool back)
{
	request(back ? HAK_CMD_SERVICE_DEL : HAK_CMD_SERVICE_NEW, NLM_F_ACK);
	service(false, back ? HAK_CMD_SERVICE_DEL : HAK_CMD_SERVICE_NEW, 81, back ? NULL : "base",
		0);
}

static void ask_service_set(bool back)
{
	request(HAK_CMD_SERVICE_SET, NLM_F_ACK);
	service(false, HAK_CMD_SERVICE_SET, 80, NULL, back);
}

static void ask_service_del(bool back)
{
	request(back ? HAK_CMD_SERVICE_NEW : HAK_CMD_SERVICE_DEL, NLM_F_ACK);
	service(false, back ? HAK_CMD_SERVICE_NEW : HAK_CMD_SERVICE_DEL, 80, back ? "base" : NULL,
		0);
}

static void make_gone(void)
{
	pool(true, HAK_CMD_POOL_NEW, "gone", HAK_SCHED_RR);
	server(true, HAK_CMD_SERVER_NEW, "gone", 1, 0);
	server(true, HAK_CMD_SERVER_NEW, "gone", 2, 0);
}

static void ask_pool_del(bool back)
{
	request(back ? HAK_CMD_CONFIG_APPLY : HAK_CMD_POOL_DEL, NLM_F_ACK);
	if (back)
		make_gone();
	else
		pool(false, HAK_CMD_POOL_DEL, "gone", 0);
}

/* Other hooks are there before the old ones go. */
static void ask_hook(bool back)
{
	struct object o;

	request(HAK_CMD_LB_SET, NLM_F_ACK);
	o = object_begin(false, HAK_CMD_LB_SET, HAK_A_LB, 0);
	msg_put_u32(&m, HAK_A_LB_HOOK, back ? -450 : -300);
	object_end(o);
}

/* Both halves at once: a router with an address, and what is balanced there. */
static void ask_both(bool back)
{
	uint32_t i;

	request(HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	if (back) {
		service(true, HAK_CMD_SERVICE_DEL, 82, NULL, 0);
		pool(true, HAK_CMD_POOL_DEL, "both", 0);
		router(true, HAK_CMD_ROUTER_DEL, "both", 0, 0);
		server(true, HAK_CMD_SERVER_DEL, "base", 9, 0);
		return;
	}
	router(true, HAK_CMD_ROUTER_NEW, "both", 50, 90);
	vip(true, HAK_CMD_VIP_NEW, 50, "both", 0, 0);
	pool(true, HAK_CMD_POOL_NEW, "both", HAK_SCHED_MH);
	for (i = 1; i < 4; i++)
		server(true, HAK_CMD_SERVER_NEW, "both", i, i);
	server(true, HAK_CMD_SERVER_NEW, "base", 9, 0);
	service(true, HAK_CMD_SERVICE_NEW, 82, "both", 0);
}

static void ask_dump(uint8_t cmd, bool back)
{
	request(cmd, back ? NLM_F_ACK | NLM_F_DUMP : NLM_F_DUMP);
}

static void ask_dump_pools(bool back)
{
	ask_dump(HAK_CMD_POOL_GET, back);
}

static void ask_dump_servers(bool back)
{
	ask_dump(HAK_CMD_SERVER_GET, back);
}

static void ask_dump_services(bool back)
{
	ask_dump(HAK_CMD_SERVICE_GET, back);
}

static void ask_one_server(bool back)
{
	(void)back;
	request(HAK_CMD_SERVER_GET, NLM_F_ACK);
	server(false, HAK_CMD_SERVER_GET, "base", 1, 0);
}

static void ask_dump_routers(bool back)
{
	ask_dump(HAK_CMD_ROUTER_GET, back);
}

static void ask_dump_vips(bool back)
{
	ask_dump(HAK_CMD_VIP_GET, back);
}

static void ask_dump_tracks(bool back)
{
	ask_dump(HAK_CMD_TRACK_GET, back);
}

static void ask_dump_groups(bool back)
{
	ask_dump(HAK_CMD_GROUP_GET, back);
}

static void ask_dump_routes(bool back)
{
	ask_dump(HAK_CMD_ROUTE_GET, back);
}

static void ask_one_router(bool back)
{
	(void)back;
	request(HAK_CMD_ROUTER_GET, NLM_F_ACK);
	router(false, HAK_CMD_ROUTER_GET, "base", 0, 0);
}

static void ask_config(bool back)
{
	(void)back;
	request(HAK_CMD_CONFIG_GET, NLM_F_ACK);
}

static const struct kind {
	const char *name;
	void (*ask)(bool back);
} kinds[] = {
	{ "router add", ask_router },
	{ "router set priority", ask_priority },
	{ "router set track", ask_tracks },
	{ "router del with addresses", ask_router_del },
	{ "vip add router", ask_vip },
	{ "vip add dev vrid", ask_vip_alone },
	{ "vip set", ask_vip_set },
	{ "vip del", ask_vip_del },
	{ "track add", ask_track },
	{ "track set", ask_track_set },
	{ "track report", ask_report },
	{ "router resign", ask_resign },
	{ "router set group", ask_join },
	{ "router set peers", ask_peers },
	{ "router of IPv6", ask_six },
	{ "group add", ask_group },
	{ "group set", ask_group_set },
	{ "route add", ask_route },
	{ "route set", ask_route_set },
	{ "batch of 20", ask_batch },
	{ "dump routers", ask_dump_routers },
	{ "dump addresses", ask_dump_vips },
	{ "dump tracks", ask_dump_tracks },
	{ "dump groups", ask_dump_groups },
	{ "dump routes", ask_dump_routes },
	{ "get router", ask_one_router },
	{ "get config", ask_config },
};

/* Those that are quickly done come first. */
static const struct kind lb_kinds[] = {
	{ "dump pools", ask_dump_pools },
	{ "dump servers", ask_dump_servers },
	{ "dump services", ask_dump_services },
	{ "get server", ask_one_server },
	{ "server report", ask_server_report },
	{ "service add", ask_service },
	{ "service set firewall", ask_service_set },
	{ "service del", ask_service_del },
	{ "lb set hook", ask_hook },
	{ "pool add", ask_pool },
	{ "pool set scheduler", ask_pool_set },
	{ "pool del with servers", ask_pool_del },
	{ "server add", ask_server },
	{ "server set weight", ask_server_set },
	{ "batch of both halves", ask_both },
};

/* ---- answers ---- */

enum outcome { TAKEN, REFUSED, SILENT };

/* Also a kernel that refuses to begin a dump answers with an error. */
static enum outcome read_answer(int from, struct picture *p, int *error)
{
	for (;;) {
		ssize_t got = recv(from, answer, sizeof(answer), 0);
		struct nlmsghdr *h = (struct nlmsghdr *)answer;
		size_t left;

		if (got < 0)
			return SILENT;
		for (left = got; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_seq != seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
				*error = -*(int *)NLMSG_DATA(h);
				return *error > 0 ? REFUSED : TAKEN;
			}
			if (p)
				picture_add(p, h);
		}
	}
}

static int open_socket(int protocol)
{
	struct timeval patience = { .tv_sec = 2 };
	int s = nl_open(protocol);

	if (s < 0) {
		perror("socket");
		exit(2);
	}
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return s;
}

static struct picture take_picture(void)
{
	static const uint8_t dumps[] = {
		HAK_CMD_ROUTER_GET, HAK_CMD_VIP_GET, HAK_CMD_TRACK_GET, HAK_CMD_GROUP_GET,
		HAK_CMD_ROUTE_GET,
		/* of the balancer */
		HAK_CMD_POOL_GET, HAK_CMD_SERVER_GET, HAK_CMD_SERVICE_GET, HAK_CMD_LB_GET,
	};
	struct picture p = { .reports = true };
	int error = 0, s;
	size_t i;

	for (i = 0; i < (balancer ? N(dumps) : 5); i++) {
		s = open_socket(NETLINK_GENERIC);
		request(dumps[i], NLM_F_DUMP);
		if (nl_send(s, m.buf, m.len) || read_answer(s, &p, &error) != TAKEN)
			wrong("dump %u without failure: %s", dumps[i], strerror(error));
		close(s);
	}
	return p;
}

/* What is in @m, without failures. */
static bool send_plain(const char *what)
{
	int error = 0;

	if (nl_send(fd, m.buf, m.len) || read_answer(fd, NULL, &error) != TAKEN) {
		wrong("%s, without failure: %s", what, strerror(error));
		return false;
	}
	return true;
}

static enum outcome send_failing(unsigned int nth, bool *hit, int *error)
{
	int bad;

	arm(nth);
	bad = nl_send(fd, m.buf, m.len);
	*hit = disarm();
	if (bad) {
		/* It never got to the family. */
		*error = errno;
		return REFUSED;
	}
	return read_answer(fd, NULL, error);
}

static void fresh_socket(void)
{
	if (fd >= 0)
		close(fd);
	fd = open_socket(NETLINK_GENERIC);
}

static void walk(const struct kind *k, double until)
{
	unsigned int nth, refused = 0, taken = 0, silent = 0;
	struct picture before = take_picture(), after, got;
	bool hit = false;
	int error = 0;

	k->ask(false);
	if (nl_send(fd, m.buf, m.len) || read_answer(fd, NULL, &error) != TAKEN) {
		if (error == EOPNOTSUPP)
			printf("# %-26s not in this module\n", k->name);
		else
			wrong("%s, without failure: %s", k->name, strerror(error));
		return;
	}
	after = take_picture();
	k->ask(true);
	if (!send_plain("back"))
		return;
	got = take_picture();
	if (got.hash != before.hash) {
		wrong("%s: there and back is not the same", k->name);
		return;
	}
	for (nth = 1; nth < SITES_MAX && failures < 20 && now() < until; nth++) {
		enum outcome how;

		error = 0;
		fresh_socket();
		k->ask(false);
		how = send_failing(nth, &hit, &error);
		got = take_picture();
		refused += hit && how == REFUSED;
		taken += hit && how == TAKEN;
		silent += hit && how == SILENT;
		if (how == REFUSED && got.hash != before.hash)
			wrong("%s, allocation %u: refused (%s), but something changed", k->name, nth,
			      strerror(error));
		if (how == TAKEN && got.hash != after.hash)
			wrong("%s, allocation %u: accepted, but not done", k->name, nth);
		if (how == SILENT && got.hash != before.hash && got.hash != after.hash)
			wrong("%s, allocation %u: half done", k->name, nth);
		if (how == REFUSED && !hit)
			wrong("%s, allocation %u did not fail, still: %s", k->name, nth,
			      strerror(error));
		if (how == TAKEN || got.hash == after.hash) {
			fresh_socket();
			k->ask(true);
			if (before.hash != after.hash || how == TAKEN)
				send_plain("back");
			got = take_picture();
		}
		if (got.hash != before.hash)
			return;
		if (!hit)
			break;
	}
	printf("# %-26s %4u allocations: %u refused, %u done without, %u unanswered%s\n", k->name,
	       nth - 1, refused, taken, silent, hit ? ", not all of them: out of time" : "");
}

/*
 * The first request of a namespace makes its balancer: each time in a new one, so
 * that namespaces go in which it was made or not.
 */
static void walk_first(double until)
{
	unsigned int nth = 0, refused = 0, taken = 0;
	bool hit = true;

	while (hit && nth++ < SITES_MAX && failures < 20 && now() < until) {
		struct picture before, got;
		enum outcome how;
		int error = 0;

		if (unshare(CLONE_NEWNET)) {
			wrong("no new namespace: %s", strerror(errno));
			return;
		}
		fresh_socket();
		before = take_picture();
		ask_hook(false);
		how = send_failing(nth, &hit, &error);
		got = take_picture();
		refused += hit && how == REFUSED;
		taken += hit && how == TAKEN;
		if (how == REFUSED && got.hash != before.hash)
			wrong("first, allocation %u: refused (%s), but something changed", nth,
			      strerror(error));
		if (how == TAKEN && got.hash == before.hash)
			wrong("first, allocation %u: accepted, but not done", nth);
		if (how == REFUSED && !hit)
			wrong("first, allocation %u did not fail, still: %s", nth, strerror(error));
	}
	printf("# %-26s %4u allocations: %u refused, %u done without%s\n", "first of a namespace",
	       nth - 1, refused, taken, hit ? ", not all of them: out of time" : "");
}

static void make_base(void)
{
	request(HAK_CMD_CONFIG_APPLY, NLM_F_ACK);
	track(true, HAK_CMD_TRACK_NEW, "used", 0, 0);
	router(true, HAK_CMD_ROUTER_NEW, "base", 10, 100);
	vip(true, HAK_CMD_VIP_NEW, 10, "base", 0, 0);
	vip(true, HAK_CMD_VIP_NEW, 11, "base", 0, 0);
	group(true, HAK_CMD_GROUP_NEW, "base", NULL);
	route(true, HAK_CMD_ROUTE_NEW, 1, 10);
	router(true, HAK_CMD_ROUTER_NEW, "gone", 30, 100);
	vip(true, HAK_CMD_VIP_NEW, 31, "gone", 0, 0);
	vip(true, HAK_CMD_VIP_NEW, 32, "gone", 0, 0);
	if (balancer) {
		pool(true, HAK_CMD_POOL_NEW, "base", HAK_SCHED_WRR);
		server(true, HAK_CMD_SERVER_NEW, "base", 1, 0);
		server(true, HAK_CMD_SERVER_NEW, "base", 2, 3);
		service(true, HAK_CMD_SERVICE_NEW, 80, "base", 0);
		make_gone();
	}
	if (!send_plain("base"))
		exit(1);
	ask_report(true);
	send_plain("report");
}

static void walk_requests(void)
{
	static const char *const names[] = { HAK_MCGRP_VRRP, HAK_MCGRP_LB };
	const struct kind *k = balancer ? lb_kinds : kinds;
	size_t n = balancer ? N(lb_kinds) : N(kinds), i;
	double end = now() + budget;
	uint32_t groups[N(names)];
	int listener, err;

	fresh_socket();
	err = nl_family(fd, HAK_GENL_NAME, names, groups, N(names));
	if (err < 0) {
		fprintf(stderr, "nlfail: no family %s\n", HAK_GENL_NAME);
		exit(2);
	}
	family = err;
	/* With a listener, events are built, and can fail to be. */
	listener = open_socket(NETLINK_GENERIC);
	for (i = 0; i < N(names); i++)
		setsockopt(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			   sizeof(groups[i]));
	make_base();
	/* What a kind leaves of its share of the time is for those after it. */
	for (i = 0; i < n; i++)
		walk(&k[i], balancer ? now() + (end - now()) / (n + 1 - i) : now() + 1e9);
	close(listener);
	if (balancer)
		walk_first(end);
}

/* ---- the module ---- */

static bool load(int module, unsigned int nth, bool *hit)
{
	int bad;

	if (nth)
		arm(nth);
	bad = syscall(SYS_finit_module, module, "", 0);
	*hit = nth && disarm();
	if (bad)
		return false;
	if (syscall(SYS_delete_module, "hak", O_NONBLOCK))
		wrong("loaded in spite of failure %u, but cannot be removed: %s", nth,
		      strerror(errno));
	return true;
}

/*
 * Most allocations of a load are the module loader's, and come first: walk
 * backwards from the last, so that those of the module come first.
 */
static void walk_module(const char *path)
{
	int module = open(path, O_RDONLY | O_CLOEXEC);
	unsigned int low = 0, high = 1, nth, refused = 0, taken = 0;
	double until;
	bool hit;

	if (module < 0 || !load(module, 0, &hit)) {
		wrong("%s does not load: %s", path, strerror(errno));
		return;
	}
	do {
		high *= 2;
		load(module, high, &hit);
	} while (hit && high < 1 << 20);
	while (high - low > 1) {
		unsigned int middle = (low + high) / 2;

		load(module, middle, &hit);
		if (hit)
			low = middle;
		else
			high = middle;
	}
	until = now() + budget;
	for (nth = low + 5; nth && now() < until && failures < 20; nth--) {
		bool loaded = load(module, nth, &hit);

		refused += hit && !loaded;
		taken += hit && loaded;
		if (!hit && !loaded)
			wrong("allocation %u did not fail, the load did: %s", nth, strerror(errno));
	}
	if (!load(module, 0, &hit))
		wrong("after all that, %s does not load: %s", path, strerror(errno));
	printf("# load: about %u allocations, down to %u: %u refused, %u loaded without\n", low, nth,
	       refused, taken);
	close(module);
}

/* ---- the device ---- */

static void link_add(void)
{
	const struct ifinfomsg header = { 0 };
	size_t info;

	msg_reset(&m);
	msg_begin_raw(&m, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, ++seq,
		      &header, sizeof(header));
	msg_put_string(&m, IFLA_IFNAME, dev);
	info = msg_nest(&m, IFLA_LINKINFO);
	msg_put_string(&m, IFLA_INFO_KIND, "dummy");
	msg_nest_end(&m, info);
	msg_end(&m);
}

static void link_up(void)
{
	const struct ifinfomsg header = {
		.ifi_index = if_nametoindex(dev), .ifi_flags = IFF_UP, .ifi_change = IFF_UP,
	};

	msg_reset(&m);
	msg_begin_raw(&m, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, ++seq, &header, sizeof(header));
}

static void link_address(void)
{
	const struct ifaddrmsg header = {
		.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = if_nametoindex(dev),
	};
	uint32_t address = htonl(0xc0000207);

	msg_reset(&m);
	msg_begin_raw(&m, RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, ++seq, &header,
		      sizeof(header));
	msg_put(&m, IFA_LOCAL, &address, sizeof(address));
	msg_put(&m, IFA_ADDRESS, &address, sizeof(address));
	msg_end(&m);
}

static void link_del(void)
{
	const struct ifinfomsg header = { .ifi_index = if_nametoindex(dev) };
	int error;

	if (!header.ifi_index)
		return;
	msg_reset(&m);
	msg_begin_raw(&m, RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK, ++seq, &header, sizeof(header));
	if (nl_send(fd, m.buf, m.len) || read_answer(fd, NULL, &error) != TAKEN)
		wrong("device %s cannot be removed", dev);
}

static void walk_device(void)
{
	static void (*const steps[])(void) = { link_add, link_up, link_address };
	static const char *const names[] = { "device comes", "device up", "address" };
	unsigned int nth;
	size_t step, i;

	for (step = 0; step < N(steps); step++) {
		double until = now() + budget / N(steps);
		bool hit = true;

		for (nth = 1; hit && nth < SITES_MAX && now() < until; nth++) {
			int error;

			fd = open_socket(NETLINK_ROUTE);
			for (i = 0; i < step; i++) {
				steps[i]();
				if (nl_send(fd, m.buf, m.len) ||
				    read_answer(fd, NULL, &error) != TAKEN)
					wrong("%s, without failure", names[i]);
			}
			steps[step]();
			send_failing(nth, &hit, &error);
			close(fd);
			fd = open_socket(NETLINK_ROUTE);
			/* The rest, unless it is there, and away with it. */
			for (i = step; i < N(steps) && (i == 0 || if_nametoindex(dev)); i++) {
				steps[i]();
				if (!nl_send(fd, m.buf, m.len))
					read_answer(fd, NULL, &error);
			}
			link_del();
			close(fd);
		}
		printf("# %-14s %u allocations%s\n", names[step], nth - 1,
		       hit ? ", not all of them: out of time" : "");
	}
	fd = -1;
}

static int usage(void)
{
	fprintf(stderr, "usage: nlfail [-t SECONDS] requests DEV | balancer DEV | module HAK.KO | device DEV\n");
	return 2;
}

int main(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "t:")) != -1) {
		if (opt != 't')
			return usage();
		budget = strtod(optarg, NULL);
	}
	if (argc - optind != 2)
		return usage();
	setvbuf(stdout, NULL, _IOLBF, 0);
	msg_init(&m);
	setup_injection();
	dev = argv[optind + 1];
	balancer = !strcmp(argv[optind], "balancer");
	if (balancer || !strcmp(argv[optind], "requests"))
		walk_requests();
	else if (!strcmp(argv[optind], "module"))
		walk_module(dev);
	else if (!strcmp(argv[optind], "device"))
		walk_device();
	else
		return usage();
	if (!injections)
		wrong("not one allocation failed: is fault injection in this kernel?");
	printf("# %lu failures injected, %lu things wrong\n", injections, failures);
	return failures ? 1 : 0;
}
