// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hole that a client sees: a UDP echo, 1 kHz or as HAK_ECHO_US says, across a failure.
 *
 *	udpgap server ADDRESS PORT
 *	udpgap client DEV ADDRESS PORT FROM INTERVAL RUNS CRASH RESTORE
 *
 * The client listens to adverts on DEV to know the phase. For each run it
 * waits until only FROM (an address) advertises and echoes flow, then runs
 * the shell command CRASH at phase run/RUNS of INTERVAL, measures the largest
 * distance between the arrivals of two echoes, and runs RESTORE. Resolution:
 * the echo period. Ends with a line
 *
 *	hole min M median M max M runs N
 */
#include <signal.h>
#include <sys/wait.h>

#include "frame.h"

#define MS (NS_PER_SEC / 1000)

static int64_t period = MS;
static int echo_fd, raw_fd;
static struct addr from;
static int64_t interval;
static int64_t next_send, last_rx, hole;	/* hole: largest since reset */
static int64_t last_adv, last_other, first_other, first_garp;
static uint64_t seq, seen;
static int streak;				/* answered in a row, each within 5 ms */
static int64_t sent_at[4096];
static int64_t hole_from;

static void server(const char *addr, int port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) }, peer;
	socklen_t len;
	char buf[2048];
	ssize_t n;
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	inet_pton(AF_INET, addr, &sa.sin_addr);
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)))
		die("bind %s: %s", addr, strerror(errno));
	be_quick();
	for (;;) {
		len = sizeof(peer);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&peer, &len);
		if (n >= 0)
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&peer, len);
	}
}

static void take_echo(int64_t now)
{
	uint64_t s;

	while (recv(echo_fd, &s, sizeof(s), MSG_DONTWAIT) == sizeof(s)) {
		if (now - last_rx > hole) {
			hole = now - last_rx;
			hole_from = last_rx;
		}
		last_rx = now;
		if (s == seen + 1 && now - sent_at[s & 4095] < 5 * MS)
			streak++;
		else
			streak = 0;
		seen = s;
	}
}

static void take_adverts(void)
{
	static uint8_t buf[65536];
	struct frame f;

	while (frame_recv(raw_fd, &f, buf, sizeof(buf))) {
		if (f.kind == K_GARP && !f.out && !first_garp)
			first_garp = f.ts;
		if (f.kind == K_ADVERT && !f.out && f.prio) {
			if (addr_same(&f.src, &from))
				last_adv = f.ts;
			else {
				last_other = f.ts;
				if (!first_other)
					first_other = f.ts;
			}
		}
		free(f.addrs);
	}
}

/* Echoes until @t. */
static void pump(int64_t t)
{
	struct pollfd p[2] = { { echo_fd, POLLIN, 0 }, { raw_fd, POLLIN, 0 } };
	struct timespec ts;
	int64_t now, left;

	for (;;) {
		now = now_ns();
		take_echo(now);
		take_adverts();
		if (now - last_rx > hole) {
			hole = now - last_rx;
			hole_from = last_rx;
		}
		if (now >= next_send) {
			seq++;
			sent_at[seq & 4095] = now;
			send(echo_fd, &seq, sizeof(seq), MSG_DONTWAIT);
			next_send += period;
			if (next_send < now)
				next_send = now + period;
		}
		if (now >= t)
			return;
		left = (next_send < t ? next_send : t) - now_ns();
		if (left < 0)
			left = 0;
		ts.tv_sec = left / NS_PER_SEC;
		ts.tv_nsec = left % NS_PER_SEC;
		ppoll(p, 2, &ts, NULL);
	}
}

static void spawn(const char *cmd)
{
	if (!fork()) {
		execl("/bin/bash", "bash", "-c", cmd, NULL);
		_exit(127);
	}
}

static void wait_healthy(int run)
{
	int64_t end = now_ns() + 30 * NS_PER_SEC, now;

	for (;;) {
		pump(now_ns() + MS);
		now = now_ns();
		if (now - last_adv < 2 * interval && now - last_other > 10 * interval && streak > 30 &&
		    now - last_rx < 3 * MS)
			return;
		if (now > end) {
			printf("# run %d: not healthy: %s advertised %.3f ms ago, others %.3f, %d echoes in a row\n",
			       run, addr_str(&from), (double)(now - last_adv) / 1e6,
			       (double)(now - last_other) / 1e6, streak);
			exit(1);
		}
	}
}

static int64_t one_run(int run, int runs, const char *crash, const char *restore)
{
	int64_t t0, end, adv, result;

	wait_healthy(run);
	if (run)
		printf("# run %2d: hole of %.3f ms when FROM came back\n", run - 1, (double)hole / 1e6);
	adv = last_adv;
	pump(adv + 3 * interval + interval * run / runs);
	hole = 0;
	first_other = 0;
	first_garp = 0;
	t0 = now_ns();
	spawn(crash);
	/* The end is when nothing went missing for a while, but not at once. */
	streak = 0;
	pump(t0 + 8 * interval + 50 * MS);
	end = t0 + 5 * NS_PER_SEC;
	while ((streak < 50 || !first_other) && now_ns() < end)
		pump(now_ns() + MS);
	result = hole;
	printf("# run %2d phase %5.2f ms: hole %7.3f ms from %.3f after the order, the last advert to the other's %.3f, to an announcement %.3f ms\n",
	       run, (double)(interval * run / runs) / 1e6, (double)result / 1e6,
	       (double)(hole_from - t0) / 1e6,
	       first_other ? (double)(first_other - last_adv) / 1e6 : -1.0,
	       first_garp ? (double)(first_garp - last_adv) / 1e6 : -1.0);
	if (streak < 50 || !first_other) {
		printf("# run %d: service did not come back\n", run);
		exit(1);
	}
	hole = 0;
	streak = 0;
	spawn(restore);
	pump(now_ns() + 5 * interval);
	return result;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void client(char **v)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(v[2])) };
	int runs = atoi(v[5]), i;
	int64_t *h = calloc((size_t)runs, sizeof(*h));

	inet_pton(AF_INET, v[1], &sa.sin_addr);
	if (!addr_parse(v[3], &from))
		die("not an address: %s", v[3]);
	interval = parse_time(v[4]);
	raw_fd = packet_socket(v[0]);
	echo_fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(echo_fd, (struct sockaddr *)&sa, sizeof(sa)))
		die("connect: %s", strerror(errno));
	be_quick();
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGCHLD, SIG_IGN);
	last_rx = now_ns();
	next_send = last_rx;
	for (i = 0; i < runs; i++)
		h[i] = one_run(i, runs, v[6], v[7]);
	qsort(h, (size_t)runs, sizeof(*h), by_size);
	printf("hole min %.3f median %.3f max %.3f runs %d\n", (double)h[0] / 1e6,
	       (double)h[runs / 2] / 1e6, (double)h[runs - 1] / 1e6, runs);
}

int main(int argc, char **argv)
{
	const char *us = getenv("HAK_ECHO_US");

	if (us && atoi(us) > 0)
		period = atoi(us) * (MS / 1000);
	if (argc == 4 && !strcmp(argv[1], "server"))
		server(argv[2], atoi(argv[3]));
	else if (argc == 10 && !strcmp(argv[1], "client"))
		client(argv + 2);
	else
		die("udpgap server ADDRESS PORT | udpgap client DEV ADDRESS PORT FROM INTERVAL RUNS CRASH RESTORE");
	return 0;
}
