/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tools share: time, checksums, packet sockets.
 */
#ifndef HAK_SELFTESTS_BASE_H
#define HAK_SELFTESTS_BASE_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SEC 1000000000LL

static inline int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
}

static inline void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fflush(stdout);
	fprintf(stderr, "# tool: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
	exit(2);
}

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t csum_add(uint32_t sum, const uint8_t *p, int len)
{
	for (; len > 1; len -= 2, p += 2)
		sum += get16(p);
	if (len)
		sum += (uint32_t)p[0] << 8;
	return sum;
}

static inline uint16_t csum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static inline uint32_t csum_pseudo(uint32_t src, uint32_t dst, int proto, int len)
{
	uint32_t sum = (uint32_t)(proto + len);

	sum = csum_add(sum, (const uint8_t *)&src, 4);
	return csum_add(sum, (const uint8_t *)&dst, 4);
}

static inline const char *mac_str(const uint8_t *m)
{
	static char buf[4][18];
	static int i;

	i = (i + 1) & 3;
	snprintf(buf[i], sizeof(buf[i]), "%02x:%02x:%02x:%02x:%02x:%02x",
		 m[0], m[1], m[2], m[3], m[4], m[5]);
	return buf[i];
}

static inline int packet_socket(const char *dev)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd, on = 1, size = 64 << 20;

	ll.sll_ifindex = (int)if_nametoindex(dev);
	if (!ll.sll_ifindex)
		die("%s: no such device", dev);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("packet socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		die("SO_TIMESTAMPNS: %s", strerror(errno));
	if (bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		die("bind to %s: %s", dev, strerror(errno));
	return fd;
}

/* A second socket, so that the first one sees what is sent; it hears nothing. */
static inline int packet_tx_socket(const char *dev)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	ll.sll_ifindex = (int)if_nametoindex(dev);
	if (fd < 0 || bind(fd, (struct sockaddr *)&ll, sizeof(ll)))
		die("%s: %s", dev, strerror(errno));
	return fd;
}

/* Time matters here more than elsewhere in the guest. */
static inline void be_quick(void)
{
	struct sched_param sp = { .sched_priority = 10 };

	prctl(PR_SET_TIMERSLACK, 1);
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &sp);
}

/* 10ms 1.5s 300us, bare = ms; "-" in front allowed */
static inline int64_t parse_time(const char *s)
{
	char *e;
	double v = strtod(s, &e);

	if (e == s)
		die("not a time: %s", s);
	if (!strcmp(e, "s"))
		v *= 1e9;
	else if (!strcmp(e, "us"))
		v *= 1e3;
	else if (!strcmp(e, "ms") || !*e)
		v *= 1e6;
	else
		die("not a time: %s", s);
	return (int64_t)v;
}

#endif
