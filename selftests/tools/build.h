/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames made by hand, right and wrong ones: adverts of both versions and
 * families, ARP, neighbour discovery, echo requests.
 */
#ifndef HAK_SELFTESTS_BUILD_H
#define HAK_SELFTESTS_BUILD_H

#include "frame.h"

#include <stddef.h>

/* Zero or -1 where nothing was said: what is right for the rest is taken. */
struct advert {
	uint8_t smac[6], dmac[6];
	struct addr src, dst;
	int ttl, proto, ver, type, vrid, prio, cnt, ival, rsvd, trail, cut, off, opt, carp, totlen;
	int atype, trailer, vmac;
	char auth[9];
	enum { F_RIGHT, F_PLAIN, F_PSEUDO, F_WRONG, F_ZERO } sum;
	struct addr addrs[MAX_ADDRS];
	int naddr;
};

static inline void put16(uint8_t *p, int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline struct addr need_addr(const char *s)
{
	struct addr a;

	if (!addr_parse(s, &a))
		die("not an address: %s", s);
	return a;
}

static inline void need_mac(const char *s, uint8_t *m)
{
	if (sscanf(s, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
		die("not a MAC: %s", s);
}

/* Where multicasts to @dst go on Ethernet. */
static inline void multicast_mac(const struct addr *dst, uint8_t *mac)
{
	if (dst->len == 16) {
		memcpy(mac, "\x33\x33", 2);
		memcpy(mac + 2, dst->b + 12, 4);
	} else {
		memcpy(mac, "\x01\x00\x5e", 3);
		mac[3] = dst->b[1] & 0x7f;
		memcpy(mac + 4, dst->b + 2, 2);
	}
}

/* addrs=A,B,... or addrs=A*N: N addresses counting up in the last two bytes */
static inline void need_addrs(struct advert *a, const char *v)
{
	char buf[8192], *s, *save, *star;
	struct addr first;
	int i, n;

	a->naddr = 0;
	snprintf(buf, sizeof(buf), "%s", v);
	for (s = strtok_r(buf, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		star = strchr(s, '*');
		n = 1;
		if (star) {
			*star = 0;
			n = atoi(star + 1);
		}
		first = need_addr(s);
		for (i = 0; i < n && a->naddr < MAX_ADDRS; i++) {
			a->addrs[a->naddr++] = first;
			put16(first.b + first.len - 2, get16(first.b + first.len - 2) + 1);
		}
	}
}

static inline int sum_of_name(const char *v)
{
	static const char *const names[] = { "right", "plain", "pseudo", "wrong", "zero" };
	int i;

	for (i = 0; i < 5; i++)
		if (!strcmp(v, names[i]))
			return i;
	die("%s: no such checksum", v);
	return 0;
}

/* One KEY=VALUE; false: no such key */
static inline bool advert_set(struct advert *a, const char *k, const char *v)
{
	static const struct { const char *k; size_t off; } ints[] = {
#define I(f) { #f, offsetof(struct advert, f) }
		I(ttl), I(proto), I(ver), I(type), I(vrid), I(prio), I(cnt), I(rsvd), I(trail), I(atype),
		I(cut), I(off), I(opt), I(carp), I(totlen), I(trailer), I(vmac), { "int", offsetof(struct advert, ival) },
#undef I
	};
	size_t i;

	for (i = 0; i < sizeof(ints) / sizeof(*ints); i++)
		if (!strcmp(k, ints[i].k)) {
			*(int *)((char *)a + ints[i].off) = (int)strtol(v, NULL, 0);
			return true;
		}
	if (!strcmp(k, "smac"))
		need_mac(v, a->smac);
	else if (!strcmp(k, "dmac"))
		need_mac(v, a->dmac);
	else if (!strcmp(k, "src"))
		a->src = need_addr(v);
	else if (!strcmp(k, "dst"))
		a->dst = need_addr(v);
	else if (!strcmp(k, "addrs"))
		need_addrs(a, v);
	else if (!strcmp(k, "auth"))
		snprintf(a->auth, sizeof(a->auth), "%s", v);
	else if (!strcmp(k, "sum"))
		a->sum = sum_of_name(v);
	else
		return false;
	return true;
}

/* version 2, type 1, vhid, advskew, authlen 7, advbase */
static inline int build_carp(const struct advert *a, uint8_t *p)
{
	int i;

	memcpy(p, "\x21\x00\x00\x07\x00\x01", 6);
	p[1] = (uint8_t)a->vrid;
	for (i = 8; i < 36; i++)
		p[i] = (uint8_t)(i * 37);
	put16(p + 6, csum_fold(csum_add(0, p, 36)));
	return 36;
}

/* Header and list; returns the length that the checksum covers. */
static inline int build_fields(const struct advert *a, uint8_t *p)
{
	int i, len = 8;

	p[0] = (uint8_t)(a->ver << 4 | a->type);
	p[1] = (uint8_t)a->vrid;
	p[2] = (uint8_t)a->prio;
	p[3] = (uint8_t)(a->cnt >= 0 ? a->cnt : a->naddr);
	put16(p + 4, a->ver == 2 ? a->atype << 8 | ((a->ival / 100) & 0xff) : a->rsvd << 12 | (a->ival & 0xfff));
	for (i = 0; i < a->naddr; i++) {
		memcpy(p + len, a->addrs[i].b, (size_t)a->addrs[i].len);
		len += a->addrs[i].len;
	}
	if (a->ver == 2 && a->trailer) {
		memcpy(p + len, a->auth, 8);
		len += 8;
	}
	return len;
}

static inline bool with_pseudo(const struct advert *a)
{
	return a->sum == F_PSEUDO || (a->src.len == 16 && a->sum != F_PLAIN);
}

/* The VRRP message; returns its length. */
static inline int build_message(const struct advert *a, const struct addr *dst, uint8_t *p)
{
	int sum, len, sumlen;

	memset(p, 0, 4400);
	if (a->carp)
		return build_carp(a, p);
	sumlen = build_fields(a, p);
	len = sumlen + a->trail;
	if (a->cut >= 0)
		len = a->cut;
	if (a->cut >= 0 && a->cut < sumlen)
		sumlen = a->cut;
	sum = csum_fold(csum_add(with_pseudo(a) ? csum_pseudo_addr(&a->src, dst, a->proto, len) : 0, p, sumlen));
	if (a->sum == F_WRONG)
		sum ^= 0x5555;
	if (a->sum != F_ZERO && len >= 8)
		put16(p + 6, sum);
	return len;
}

static inline int build_ip4(const struct advert *a, const struct addr *dst, uint8_t *ip)
{
	static uint16_t id;
	int ihl = 20 + (a->opt ? 4 : 0), n;

	n = build_message(a, dst, ip + ihl);
	memset(ip, 0, (size_t)ihl);
	ip[0] = (uint8_t)(0x40 | ihl / 4);
	ip[1] = 0xc0;
	put16(ip + 2, ihl + n + a->totlen);
	put16(ip + 4, ++id);
	put16(ip + 6, a->off);
	ip[8] = (uint8_t)a->ttl;
	ip[9] = (uint8_t)a->proto;
	memcpy(ip + 12, a->src.b, 4);
	memcpy(ip + 16, dst->b, 4);
	if (a->opt)
		memcpy(ip + 20, "\x94\x04\x00\x00", 4);	/* router alert */
	put16(ip + 10, csum_fold(csum_add(0, ip, ihl)));
	return ihl + n;
}

static inline int build_ip6(const struct advert *a, const struct addr *dst, uint8_t *ip)
{
	int n = build_message(a, dst, ip + 40);

	memset(ip, 0, 40);
	put16(ip, 0x6c00);
	put16(ip + 4, n + a->totlen);
	ip[6] = (uint8_t)a->proto;
	ip[7] = (uint8_t)a->ttl;
	memcpy(ip + 8, a->src.b, 16);
	memcpy(ip + 24, dst->b, 16);
	return 40 + n;
}

static inline int pad(uint8_t *b, int n)
{
	if (n < 60) {
		memset(b + n, 0, (size_t)(60 - n));
		n = 60;
	}
	return n;
}

static inline int build_frame(const struct advert *a, uint8_t *b)
{
	struct addr group = need_addr(a->src.len == 16 ? "ff02::12" : "224.0.0.18");
	struct addr dst = a->dst.len ? a->dst : group;
	int n;

	memcpy(b, a->dmac, 6);
	if (!memcmp(b, "\0\0\0\0\0\0", 6))
		multicast_mac(&group, b);
	memcpy(b + 6, a->smac, 6);
	if (a->vmac || !memcmp(a->smac, "\0\0\0\0\0\0", 6)) {
		memcpy(b + 6, a->src.len == 16 ? "\x00\x00\x5e\x00\x02" : "\x00\x00\x5e\x00\x01", 5);
		b[11] = (uint8_t)a->vrid;
	}
	if (a->src.len == 16) {
		put16(b + 12, ETH_P_IPV6);
		n = build_ip6(a, &dst, b + 14);
	} else {
		put16(b + 12, ETH_P_IP);
		n = build_ip4(a, &dst, b + 14);
	}
	return pad(b, n + 14);
}

/* ARP for @target from @spa, by @mac. */
static inline int build_arp(uint8_t *b, int op, const uint8_t *mac, const struct addr *spa,
			    const struct addr *target)
{
	memset(b, 0, 60);
	memset(b, 0xff, 6);
	memcpy(b + 6, mac, 6);
	put16(b + 12, ETH_P_ARP);
	memcpy(b + 14, "\x00\x01\x08\x00\x06\x04\x00", 7);
	b[21] = (uint8_t)op;
	memcpy(b + 22, mac, 6);
	memcpy(b + 28, spa->b, 4);
	memcpy(b + 38, target->b, 4);
	return 60;
}

/* An IPv6 header and the ICMPv6 checksum around @len bytes at @b + 54. */
static inline int wrap_icmp6(uint8_t *b, const uint8_t *mac, const struct addr *src, const struct addr *dst,
			     int ttl, int len)
{
	uint8_t *ip = b + 14, *ic = ip + 40;

	memcpy(b + 6, mac, 6);
	put16(b + 12, ETH_P_IPV6);
	memset(ip, 0, 40);
	ip[0] = 0x60;
	put16(ip + 4, len);
	ip[6] = 58;
	ip[7] = (uint8_t)ttl;
	memcpy(ip + 8, src->b, 16);
	memcpy(ip + 24, dst->b, 16);
	put16(ic + 2, 0);
	put16(ic + 2, csum_fold(csum_add(csum_pseudo_addr(src, dst, 58, len), ic, len)));
	return pad(b, 54 + len);
}

/* A neighbour solicitation for @target, from @src or, with @dad, from no address. */
static inline int build_ns(uint8_t *b, const uint8_t *mac, const struct addr *src, const struct addr *target,
			   bool dad)
{
	struct addr none = { .len = 16 }, dst = need_addr("ff02::1:ff00:0");
	uint8_t *ic = b + 54;

	memcpy(dst.b + 13, target->b + 13, 3);
	multicast_mac(&dst, b);
	memset(ic, 0, 32);
	ic[0] = 135;
	memcpy(ic + 8, target->b, 16);
	ic[24] = 1;
	ic[25] = 1;
	memcpy(ic + 26, mac, 6);
	return wrap_icmp6(b, mac, dad ? &none : src, &dst, 255, dad ? 24 : 32);
}

/* An unsolicited neighbour advertisement: @mac has @target. */
static inline int build_na(uint8_t *b, const uint8_t *mac, const struct addr *src, const struct addr *target)
{
	struct addr dst = need_addr("ff02::1");
	uint8_t *ic = b + 54;

	multicast_mac(&dst, b);
	memset(ic, 0, 32);
	ic[0] = 136;
	ic[4] = 0xa0;
	memcpy(ic + 8, target->b, 16);
	ic[24] = 2;
	ic[25] = 1;
	memcpy(ic + 26, mac, 6);
	return wrap_icmp6(b, mac, src, &dst, 255, 32);
}

/* An echo request of 56 bytes to @dst through @dmac. */
static inline int build_ping(uint8_t *b, const uint8_t *dmac, const uint8_t *smac, const struct addr *src,
			     const struct addr *dst)
{
	static uint16_t seq;
	uint8_t *ip = b + 14, *ic;

	memset(b, 0, 118);
	memcpy(b, dmac, 6);
	if (dst->len == 16) {
		ic = ip + 40;
		ic[0] = 128;
		put16(ic + 6, ++seq);
		return wrap_icmp6(b, smac, src, dst, 64, 64);
	}
	ic = ip + 20;
	memcpy(b + 6, smac, 6);
	put16(b + 12, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, 84);
	ip[8] = 64;
	ip[9] = 1;
	memcpy(ip + 12, src->b, 4);
	memcpy(ip + 16, dst->b, 4);
	put16(ip + 10, csum_fold(csum_add(0, ip, 20)));
	ic[0] = 8;
	put16(ic + 6, ++seq);
	put16(ic + 2, csum_fold(csum_add(0, ic, 64)));
	return 98;
}

#endif
