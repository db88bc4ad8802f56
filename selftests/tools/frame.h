/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames as the judges see them: capture with kernel time, and parsing that
 * shares nothing with the code under test.
 */
#ifndef HAK_SELFTESTS_FRAME_H
#define HAK_SELFTESTS_FRAME_H

#include "base.h"

enum kind {
	K_OTHER, K_ADVERT, K_GARP, K_ARP, K_ARPREPLY, K_IGMP, K_MLD, K_NS, K_NA, K_RA, K_ECHO, K_ECHOREPLY,
	K_ANY
};

static const char *const kind_name[] = {
	"other", "advert", "garp", "arp", "arpreply", "igmp", "mld", "ns", "na", "ra", "echo", "echoreply",
	"any",
};

/* What the checksum of an advert verifies as; in IPv6 only pseudo is right. */
enum sum { S_BAD, S_PLAIN, S_PSEUDO };

static const char *const sum_name[] = { "bad", "plain", "pseudo" };

/* An address of either family, zero beyond its length. */
struct addr {
	int len;		/* 4, 16, or 0: none */
	uint8_t b[16];
};

#define MAX_ADDRS 256

struct frame {
	int64_t ts;		/* ns, CLOCK_REALTIME, by the kernel */
	bool out;		/* sent from here */
	uint8_t kind;
	uint8_t smac[6], dmac[6];
	struct addr src, dst;	/* ARP: spa and tpa */
	struct addr target;	/* NS and NA */
	uint8_t tha[6], sha[6];	/* NS and NA: sha is the link-layer address option */
	int op, ihl, flags;	/* flags of an NA: Router 4, Solicited 2, Override 1 */
	int tos, ttl, proto, off, len;	/* len: bytes after the IP header by total length */
	int ver, type, vrid, prio, cnt, rsvd, ival, sum, atype, auth, naddr;
	struct addr *addrs;	/* advert: the list; IGMP and MLD: the groups */
};

static inline struct addr addr_of(const uint8_t *p, int len)
{
	struct addr a = { .len = len };

	memcpy(a.b, p, (size_t)len);
	return a;
}

static inline bool addr_same(const struct addr *a, const struct addr *b)
{
	return a->len == b->len && !memcmp(a->b, b->b, sizeof(a->b));
}

/* Of either family; false: it is none. */
static inline bool addr_parse(const char *s, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	a->len = strchr(s, ':') ? 16 : 4;
	return inet_pton(a->len == 4 ? AF_INET : AF_INET6, s, a->b) == 1;
}

static inline const char *addr_str(const struct addr *a)
{
	static char buf[4][46];
	static int i;

	i = (i + 1) & 3;
	if (!a->len || !inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->b, buf[i], sizeof(buf[i])))
		strcpy(buf[i], "none");
	return buf[i];
}

/* The sum of a pseudo-header, RFC 793 or RFC 8200. */
static inline uint32_t csum_pseudo_addr(const struct addr *src, const struct addr *dst, int proto, int len)
{
	return csum_add(csum_add((uint32_t)(proto + len), src->b, 16), dst->b, 16);
}

static inline void add_addr(struct frame *f, const uint8_t *p, int len)
{
	if (f->naddr == MAX_ADDRS)
		return;
	if (!(f->naddr & (f->naddr - 1)))
		f->addrs = realloc(f->addrs, sizeof(*f->addrs) * (size_t)(f->naddr ? f->naddr * 2 : 1));
	if (!f->addrs)
		die("no memory");
	f->addrs[f->naddr++] = addr_of(p, len);
}

static inline void parse_arp(struct frame *f, const uint8_t *p, int len)
{
	if (len < 28 || get16(p) != 1 || get16(p + 2) != 0x0800)
		return;
	f->op = get16(p + 6);
	memcpy(f->sha, p + 8, 6);
	f->src = addr_of(p + 14, 4);
	memcpy(f->tha, p + 18, 6);
	f->dst = addr_of(p + 24, 4);
	if (addr_same(&f->src, &f->dst))
		f->kind = K_GARP;
	else
		f->kind = f->op == 1 ? K_ARP : K_ARPREPLY;
}

/* Version 2 has 8 bytes behind the list: of what kind, and whether all are zero */
static inline void parse_auth(struct frame *f, const uint8_t *p, int len, int size)
{
	int i;

	f->atype = p[4];
	f->ival = p[5] * 100;
	f->auth = len >= size ? 0 : -1;
	for (i = size - 8; i < size && i < len; i++)
		if (p[i])
			f->auth = 1;
}

static inline void parse_advert(struct frame *f, const uint8_t *p, int len)
{
	int one = f->src.len, size, i;

	f->kind = K_ADVERT;
	if (len < 8)
		return;
	f->ver = p[0] >> 4;
	f->type = p[0] & 15;
	f->vrid = p[1];
	f->prio = p[2];
	f->cnt = p[3];
	size = 8 + one * f->cnt + (f->ver == 2 ? 8 : 0);
	if (f->ver == 2) {
		parse_auth(f, p, len, size);
	} else {
		f->rsvd = p[4] >> 4;
		f->ival = get16(p + 4) & 0xfff;
	}
	if (size > len)
		size = len;
	if (!csum_fold(csum_add(0, p, size)))
		f->sum = S_PLAIN;
	else if (!csum_fold(csum_add(csum_pseudo_addr(&f->src, &f->dst, 112, size), p, size)))
		f->sum = S_PSEUDO;
	for (i = 0; i < f->cnt && 8 + one * (i + 1) <= len; i++)
		add_addr(f, p + 8 + one * i, one);
}

static inline void parse_igmp(struct frame *f, const uint8_t *p, int len)
{
	int n, at = 8;

	if (len < 8)
		return;
	f->type = p[0];
	if (p[0] == 0x22) {
		f->kind = K_IGMP;
		for (n = get16(p + 6); n && at + 8 <= len; n--) {
			add_addr(f, p + at + 4, 4);
			at += 8 + 4 * get16(p + at + 2) + 4 * p[at + 1];
		}
	} else if (p[0] == 0x16 || p[0] == 0x12) {
		f->kind = K_IGMP;
		add_addr(f, p + 4, 4);
	}
}

static inline void parse_mld(struct frame *f, const uint8_t *p, int len)
{
	int n, at = 8;

	f->kind = K_MLD;
	if (f->type == 131) {
		if (len >= 24)
			add_addr(f, p + 8, 16);
		return;
	}
	for (n = get16(p + 6); n && at + 20 <= len; n--) {
		add_addr(f, p + at + 4, 16);
		at += 20 + 16 * get16(p + at + 2) + 4 * p[at + 1];
	}
}

/* The source or target link-layer address option, whichever there is. */
static inline void parse_nd(struct frame *f, const uint8_t *p, int len)
{
	int at = 24;

	if (len < 24)
		return;
	f->kind = f->type == 135 ? K_NS : K_NA;
	f->flags = p[4] >> 5;
	f->target = addr_of(p + 8, 16);
	while (at + 8 <= len && p[at + 1]) {
		if (p[at] == (f->type == 135 ? 1 : 2))
			memcpy(f->sha, p + at + 2, 6);
		at += 8 * p[at + 1];
	}
}

static inline void parse_icmp6(struct frame *f, const uint8_t *p, int len)
{
	if (len < 8)
		return;
	f->type = p[0];
	switch (p[0]) {
	case 128:
		f->kind = K_ECHO;
		break;
	case 129:
		f->kind = K_ECHOREPLY;
		break;
	case 131:
	case 143:
		parse_mld(f, p, len);
		break;
	case 134:
		f->kind = K_RA;
		break;
	case 135:
	case 136:
		parse_nd(f, p, len);
		break;
	}
}

static inline void parse_ip4(struct frame *f, const uint8_t *ip, int n)
{
	int tot = get16(ip + 2);

	f->ihl = (ip[0] & 15) * 4;
	if (tot > n)
		tot = n;
	if (f->ihl < 20 || f->ihl > tot)
		return;
	f->tos = ip[1];
	f->off = get16(ip + 6);
	f->ttl = ip[8];
	f->proto = ip[9];
	f->src = addr_of(ip + 12, 4);
	f->dst = addr_of(ip + 16, 4);
	f->len = tot - f->ihl;
	if (f->proto == 112)
		parse_advert(f, ip + f->ihl, f->len);
	else if (f->proto == 2)
		parse_igmp(f, ip + f->ihl, f->len);
	else if (f->proto == 1 && f->len >= 8 && (ip[f->ihl] == 8 || ip[f->ihl] == 0))
		f->kind = ip[f->ihl] ? K_ECHO : K_ECHOREPLY;
}

static inline void parse_ip6(struct frame *f, const uint8_t *ip, int n)
{
	int tot = get16(ip + 4) + 40;

	if (tot > n)
		tot = n;
	f->ihl = 40;
	f->tos = (get16(ip) >> 4) & 0xff;
	f->proto = ip[6];
	f->ttl = ip[7];
	f->src = addr_of(ip + 8, 16);
	f->dst = addr_of(ip + 24, 16);
	/* hop-by-hop options are in front of MLD */
	if (f->proto == 0 && tot >= f->ihl + 8) {
		f->proto = ip[40];
		f->ihl += 8 + 8 * ip[41];
	}
	if (f->ihl > tot)
		return;
	f->len = tot - f->ihl;
	if (f->proto == 112)
		parse_advert(f, ip + f->ihl, f->len);
	else if (f->proto == 58)
		parse_icmp6(f, ip + f->ihl, f->len);
}

/* Fills @f from a frame; what is not known is K_OTHER. */
static inline void frame_parse(struct frame *f, const uint8_t *b, int n)
{
	f->kind = K_OTHER;
	if (n < 14)
		return;
	memcpy(f->dmac, b, 6);
	memcpy(f->smac, b + 6, 6);
	if (get16(b + 12) == ETH_P_ARP)
		parse_arp(f, b + 14, n - 14);
	else if (get16(b + 12) == ETH_P_IP && n >= 34)
		parse_ip4(f, b + 14, n - 14);
	else if (get16(b + 12) == ETH_P_IPV6 && n >= 54)
		parse_ip6(f, b + 14, n - 14);
}

static inline void print_addrs(FILE *o, const char *key, const struct frame *f)
{
	int i;

	fprintf(o, " %s=", key);
	for (i = 0; i < f->naddr; i++)
		fprintf(o, "%s%s", i ? "," : "", addr_str(&f->addrs[i]));
}

static inline void print_advert(FILE *o, const struct frame *f)
{
	fprintf(o, " src=%s dst=%s smac=%s dmac=%s ttl=%d ver=%d type=%d vrid=%d prio=%d int=%d",
		addr_str(&f->src), addr_str(&f->dst), mac_str(f->smac), mac_str(f->dmac), f->ttl, f->ver,
		f->type, f->vrid, f->prio, f->ival);
	if (f->ver == 2)
		fprintf(o, " atype=%d auth=%s", f->atype, f->auth < 0 ? "none" : f->auth ? "data" : "zero");
	else
		fprintf(o, " rsvd=%d", f->rsvd);
	fprintf(o, " cnt=%d len=%d sum=%s", f->cnt, f->len, sum_name[f->sum]);
	print_addrs(o, "addrs", f);
}

static inline void frame_print(FILE *o, const struct frame *f)
{
	fprintf(o, "%s", kind_name[f->kind]);
	switch (f->kind) {
	case K_ADVERT:
		print_advert(o, f);
		break;
	case K_GARP:
	case K_ARP:
	case K_ARPREPLY:
		fprintf(o, " op=%d spa=%s tpa=%s sha=%s tha=%s smac=%s dmac=%s", f->op, addr_str(&f->src),
			addr_str(&f->dst), mac_str(f->sha), mac_str(f->tha), mac_str(f->smac), mac_str(f->dmac));
		break;
	case K_IGMP:
	case K_MLD:
		fprintf(o, " src=%s smac=%s ttl=%d type=%d", addr_str(&f->src), mac_str(f->smac), f->ttl, f->type);
		print_addrs(o, "group", f);
		break;
	case K_NS:
	case K_NA:
		fprintf(o, " src=%s dst=%s target=%s lladdr=%s r=%d s=%d o=%d ttl=%d smac=%s dmac=%s",
			addr_str(&f->src), addr_str(&f->dst), addr_str(&f->target), mac_str(f->sha),
			f->flags >> 2, f->flags >> 1 & 1, f->flags & 1, f->ttl, mac_str(f->smac), mac_str(f->dmac));
		break;
	default:
		fprintf(o, " src=%s dst=%s ttl=%d smac=%s dmac=%s", addr_str(&f->src), addr_str(&f->dst),
			f->ttl, mac_str(f->smac), mac_str(f->dmac));
	}
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

#endif
