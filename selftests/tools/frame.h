/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames as the judges see them: capture with kernel time, and parsing that
 * shares nothing with the code under test.
 */
#ifndef HAK_SELFTESTS_FRAME_H
#define HAK_SELFTESTS_FRAME_H


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

enum kind { K_OTHER, K_ADVERT, K_GARP, K_ARP, K_ARPREPLY, K_IGMP, K_ECHO, K_ECHOREPLY, K_ANY };

static const char *const kind_name[] = {
	"other", "advert", "garp", "arp", "arpreply", "igmp", "echo", "echoreply", "any",
};

/* What the checksum of an advert verifies as. */
enum sum { S_BAD, S_PLAIN, S_PSEUDO };

static const char *const sum_name[] = { "bad", "plain", "pseudo" };

struct frame {
	int64_t ts;		/* ns, CLOCK_REALTIME, by the kernel */
	bool out;		/* sent from here */
	uint8_t kind;
	uint8_t smac[6], dmac[6];
	uint32_t src, dst;	/* network order; ARP: spa and tpa; IGMP: dst is the group */
	uint8_t tha[6], sha[6];
	int op, ihl;
	int tos, ttl, proto, off, len;	/* len: bytes after the IP header by total length */
	int ver, type, vrid, prio, cnt, rsvd, ival, sum, naddr;
	uint32_t *addrs;
};

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

static inline const char *ip_str(uint32_t a)
{
	static char buf[4][16];
	static int i;

	i = (i + 1) & 3;
	inet_ntop(AF_INET, &a, buf[i], sizeof(buf[i]));
	return buf[i];
}

static inline void parse_arp(struct frame *f, const uint8_t *p, int len)
{
	if (len < 28 || get16(p) != 1 || get16(p + 2) != 0x0800)
		return;
	f->op = get16(p + 6);
	memcpy(f->sha, p + 8, 6);
	memcpy(&f->src, p + 14, 4);
	memcpy(f->tha, p + 18, 6);
	memcpy(&f->dst, p + 24, 4);
	if (f->src == f->dst)
		f->kind = K_GARP;
	else
		f->kind = f->op == 1 ? K_ARP : K_ARPREPLY;
}

static inline void parse_advert(struct frame *f, const uint8_t *p, int len)
{
	int size, i;

	f->kind = K_ADVERT;
	if (len < 8)
		return;
	f->ver = p[0] >> 4;
	f->type = p[0] & 15;
	f->vrid = p[1];
	f->prio = p[2];
	f->cnt = p[3];
	if (f->ver == 2) {
		f->rsvd = p[4];
		f->ival = p[5] * 100;
	} else {
		f->rsvd = p[4] >> 4;
		f->ival = get16(p + 4) & 0xfff;
	}
	size = 8 + 4 * f->cnt + (f->ver == 2 ? 8 : 0);
	if (size > len)
		size = len;
	if (!csum_fold(csum_add(0, p, size)))
		f->sum = S_PLAIN;
	else if (!csum_fold(csum_add(csum_pseudo(f->src, f->dst, 112, size), p, size)))
		f->sum = S_PSEUDO;
	f->naddr = f->cnt;
	if (8 + 4 * f->naddr > len)
		f->naddr = (len - 8) / 4;
	f->addrs = malloc((size_t)f->naddr * 4 + 1);
	for (i = 0; i < f->naddr; i++)
		memcpy(&f->addrs[i], p + 8 + 4 * i, 4);
}

static inline void parse_igmp(struct frame *f, const uint8_t *p, int len)
{
	if (len < 8)
		return;
	if (p[0] == 0x22 && len >= 16) {	/* v3 report: first record */
		f->type = p[0];
		memcpy(&f->dst, p + 12, 4);
		f->kind = K_IGMP;
	} else if (p[0] == 0x16 || p[0] == 0x12) {
		f->type = p[0];
		memcpy(&f->dst, p + 4, 4);
		f->kind = K_IGMP;
	}
}

/* Fills @f from a frame; what is not known is K_OTHER. */
static inline void frame_parse(struct frame *f, const uint8_t *b, int n)
{
	const uint8_t *ip = b + 14;
	int tot;

	f->kind = K_OTHER;
	if (n < 14)
		return;
	memcpy(f->dmac, b, 6);
	memcpy(f->smac, b + 6, 6);
	if (get16(b + 12) == ETH_P_ARP) {
		parse_arp(f, b + 14, n - 14);
		return;
	}
	if (get16(b + 12) != ETH_P_IP || n < 34)
		return;
	f->ihl = (ip[0] & 15) * 4;
	tot = get16(ip + 2);
	if (tot > n - 14)
		tot = n - 14;
	if (f->ihl < 20 || f->ihl > tot)
		return;
	f->tos = ip[1];
	f->off = get16(ip + 6);
	f->ttl = ip[8];
	f->proto = ip[9];
	memcpy(&f->src, ip + 12, 4);
	memcpy(&f->dst, ip + 16, 4);
	f->len = tot - f->ihl;
	if (f->proto == 112)
		parse_advert(f, ip + f->ihl, f->len);
	else if (f->proto == 2)
		parse_igmp(f, ip + f->ihl, f->len);
	else if (f->proto == 1 && f->len >= 8 && (ip[f->ihl] == 8 || ip[f->ihl] == 0))
		f->kind = ip[f->ihl] ? K_ECHO : K_ECHOREPLY;
}

static inline void frame_print(FILE *o, const struct frame *f)
{
	int i;

	fprintf(o, "%s", kind_name[f->kind]);
	switch (f->kind) {
	case K_ADVERT:
		fprintf(o, " src=%s dst=%s smac=%s dmac=%s ttl=%d ver=%d type=%d vrid=%d prio=%d int=%d rsvd=%d cnt=%d len=%d sum=%s addrs=",
			ip_str(f->src), ip_str(f->dst), mac_str(f->smac), mac_str(f->dmac), f->ttl,
			f->ver, f->type, f->vrid, f->prio, f->ival, f->rsvd, f->cnt, f->len, sum_name[f->sum]);
		for (i = 0; i < f->naddr; i++)
			fprintf(o, "%s%s", i ? "," : "", ip_str(f->addrs[i]));
		break;
	case K_GARP:
	case K_ARP:
	case K_ARPREPLY:
		fprintf(o, " op=%d spa=%s tpa=%s sha=%s tha=%s smac=%s dmac=%s", f->op, ip_str(f->src),
			ip_str(f->dst), mac_str(f->sha), mac_str(f->tha), mac_str(f->smac), mac_str(f->dmac));
		break;
	case K_IGMP:
		fprintf(o, " src=%s group=%s smac=%s", ip_str(f->src), ip_str(f->dst), mac_str(f->smac));
		break;
	default:
		fprintf(o, " src=%s dst=%s smac=%s dmac=%s", ip_str(f->src), ip_str(f->dst),
			mac_str(f->smac), mac_str(f->dmac));
	}
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

/* One frame if there is one; its bytes stay in @buf. 0 when none. */
static inline int frame_recv(int fd, struct frame *f, uint8_t *buf, int size)
{
	char ctl[256];
	struct sockaddr_ll ll;
	struct iovec iov = { buf, (size_t)size };
	struct msghdr m = {
		.msg_name = &ll, .msg_namelen = sizeof(ll), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = ctl, .msg_controllen = sizeof(ctl),
	};
	struct cmsghdr *c;
	int n = (int)recvmsg(fd, &m, MSG_DONTWAIT);

	if (n <= 0)
		return 0;
	memset(f, 0, sizeof(*f));
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			struct timespec ts;

			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			f->ts = ts.tv_sec * NS_PER_SEC + ts.tv_nsec;
		}
	if (!f->ts)
		f->ts = now_ns();
	f->out = ll.sll_pkttype == PACKET_OUTGOING;
	frame_parse(f, buf, n);
	return n;
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
