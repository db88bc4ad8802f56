// SPDX-License-Identifier: GPL-2.0-only
#include "lb_key.h"
#include "suites.h"
#include <arpa/inet.h>
#include <stdlib.h>

#define CLIENT	0xc6120001U	/* 198.18.0.1 */
#define SERVICE	0xc000020aU	/* 192.0.2.10 */

/* A packet under construction; what is not put is 0. */
struct packet {
	u8 data[256];
	u32 len;
};

/* An IPv4 header of @words from @at on, and @more bytes behind it. */
static void put_ip(struct packet *p, u32 at, u32 words, u8 proto, u32 more)
{
	u8 *ip = p->data + at;

	ip[0] = (u8)(0x40 | words);
	put_unaligned_be16((u16)(words * 4 + more), ip + 2);
	ip[8] = 64;
	ip[9] = proto;
	put_unaligned_be32(CLIENT, ip + 12);
	put_unaligned_be32(SERVICE, ip + 16);
	p->len = at + words * 4 + more;
}

static void put_ports(struct packet *p, u32 at)
{
	put_unaligned_be16(40000, p->data + at);
	put_unaligned_be16(443, p->data + at + 2);
}

static struct packet tcp(u32 words, u32 tcp_words, u32 payload)
{
	struct packet p = { { 0 }, 0 };

	put_ip(&p, 0, words, 6, tcp_words * 4 + payload);
	put_ports(&p, words * 4);
	p.data[words * 4 + 12] = (u8)(tcp_words << 4);
	p.data[words * 4 + 13] = 0x12;
	return p;
}

static struct packet udp(u32 words, u32 payload)
{
	struct packet p = { { 0 }, 0 };

	put_ip(&p, 0, words, 17, 8 + payload);
	put_ports(&p, words * 4);
	put_unaligned_be16((u16)(8 + payload), p.data + words * 4 + 4);
	return p;
}

/* An error of @type about a packet of @proto, 8 bytes of whose payload it quotes. */
static struct packet icmp(u32 words, u8 type, u32 inner_words, u8 proto)
{
	struct packet p = { { 0 }, 0 };
	u32 inner = words * 4 + 8;

	put_ip(&p, inner, inner_words, proto, 8);
	put_ports(&p, inner + inner_words * 4);
	put_ip(&p, 0, words, 1, 8 + inner_words * 4 + 8);
	p.data[words * 4] = type;
	p.data[words * 4 + 1] = 4;
	return p;
}

/* The first @len bytes, ending where the heap block ends: ASan sees any byte too far. */
static enum hak_lb_verdict parse_part(const struct packet *p, u32 len, struct hak_lb_pkt *pkt)
{
	u8 *copy = malloc(len + !len), *data = copy + !len;
	struct hak_lb_pkt unused;
	enum hak_lb_verdict verdict;

	memcpy(data, p->data, len);
	pkt = pkt ? pkt : &unused;
	memset(pkt, 0x5a, sizeof(*pkt));
	memset(&pkt->inner, 0, sizeof(pkt->inner));
	verdict = hak_lb_parse4(data, len, pkt);
	free(copy);
	return verdict;
}

static enum hak_lb_verdict parse(const struct packet *p, struct hak_lb_pkt *pkt)
{
	return parse_part(p, p->len, pkt);
}

static enum hak_lb_verdict parse_with(struct packet p, u32 at, u16 value)
{
	put_unaligned_be16(value, p.data + at);
	return parse(&p, NULL);
}

static bool key_is(const struct hak_flow_key *key, u32 saddr, u32 daddr, u8 proto, u16 sport,
		   u16 dport)
{
	struct hak_flow_key want;

	memset(&want, 0, sizeof(want));
	want.saddr = htonl(saddr);
	want.daddr = htonl(daddr);
	want.sport = htons(sport);
	want.dport = htons(dport);
	want.proto = proto;
	return !memcmp(key, &want, sizeof(want));
}

static bool all_zero(const void *data, size_t len)
{
	const u8 *b = data;

	while (len && !*b)
		b++, len--;
	return !len;
}

static void key_has_no_holes(void)
{
	CHECK_NUM(sizeof(struct hak_flow_key), HAK_FLOW_KEY6_SIZE);
	CHECK_NUM(offsetof(struct hak_flow_key, pad), 6);
	CHECK_NUM(offsetof(struct hak_flow_key, saddr), 8);
	CHECK_NUM(offsetof(struct hak_flow_key, saddr6), 8);
	CHECK_NUM(offsetof(struct hak_flow_key, daddr) + 4, HAK_FLOW_KEY4_SIZE);
}

static void tcp_is_read(void)
{
	struct packet p = tcp(5, 8, 10);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK(key_is(&pkt.key, CLIENT, SERVICE, 6, 40000, 443));
	CHECK(all_zero(&pkt.inner, sizeof(pkt.inner)));
	CHECK_NUM(pkt.total, 62);
	CHECK_NUM(pkt.l4, 20);
	CHECK_NUM(pkt.payload, 52);
	CHECK_NUM(pkt.tcp_flags, 0x12);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_NONE);
	CHECK(!pkt.inner_ip && !pkt.inner_l4 && !pkt.icmp_type && !pkt.icmp_code);
}

static void udp_is_read(void)
{
	struct packet p = udp(7, 3);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK(key_is(&pkt.key, CLIENT, SERVICE, 17, 40000, 443));
	CHECK_NUM(pkt.total, 39);
	CHECK_NUM(pkt.l4, 28);
	CHECK_NUM(pkt.payload, 36);
	CHECK_NUM(pkt.tcp_flags, 0);
}

static void icmp_errors_are_read(void)
{
	static const u8 types[] = { 3, 11, 12 };
	struct hak_lb_pkt pkt;
	u32 i;

	for (i = 0; i < TAP_COUNT(types); i++) {
		struct packet p = icmp(6, types[i], 7, i % 2 ? 6 : 17);

		CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
		CHECK(key_is(&pkt.key, CLIENT, SERVICE, 1, 0, 0));
		CHECK(key_is(&pkt.inner, CLIENT, SERVICE, i % 2 ? 6 : 17, 40000, 443));
		CHECK_NUM(pkt.l4, 24);
		CHECK_NUM(pkt.inner_ip, 32);
		CHECK_NUM(pkt.inner_l4, 60);
		CHECK_NUM(pkt.payload, 0);
		CHECK_NUM(pkt.icmp_type, types[i]);
		CHECK_NUM(pkt.icmp_code, 4);
	}
}

static void other_icmp_is_not(void)
{
	struct hak_lb_pkt pkt;
	u32 type;

	for (type = 0; type < 256; type++) {
		struct packet p = icmp(5, (u8)type, 5, 6);

		if (type == 3 || type == 11 || type == 12)
			continue;
		CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
		CHECK(key_is(&pkt.key, CLIENT, SERVICE, 1, 0, 0));
		CHECK(!pkt.icmp_type && all_zero(&pkt.inner, sizeof(pkt.inner)));
	}
}

static void quotes_of_others(void)
{
	struct packet p = icmp(5, 3, 5, 6);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse_with(p, 28, 0x6500), HAK_LB_QUOTE);	/* version */
	CHECK_NUM(parse_with(p, 28, 0x4400), HAK_LB_QUOTE);	/* header length */
	CHECK_NUM(parse_with(p, 28 + 6, 0x0001), HAK_LB_QUOTE);	/* later fragment */
	CHECK_NUM(parse_with(p, 28 + 6, 0x2000), HAK_LB_ICMP);	/* first fragment */
	CHECK_NUM(parse_with(p, 28 + 8, 0x4001), HAK_LB_QUOTE);	/* ICMP */
	CHECK_NUM(parse_with(p, 28 + 2, 0x0001), HAK_LB_ICMP);	/* any total length */
	CHECK_NUM(parse_with(p, 2, 20 + 8 + 19), HAK_LB_QUOTE);	/* no whole IP header */
	CHECK_NUM(parse_with(p, 2, 20 + 8 + 20 + 7), HAK_LB_QUOTE);	/* no 8 bytes more */
	p.data[28] = 0x46;
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
	CHECK_NUM(pkt.icmp_type, 3);
	CHECK(all_zero(&pkt.inner, sizeof(pkt.inner)));
}

static void other_protocols(void)
{
	struct hak_lb_pkt pkt;
	u32 proto;

	for (proto = 0; proto < 256; proto++) {
		struct packet p = tcp(5, 5, 0);

		if (proto == 1 || proto == 6 || proto == 17)
			continue;
		p.data[9] = (u8)proto;
		CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
		CHECK(key_is(&pkt.key, CLIENT, SERVICE, (u8)proto, 0, 0));
		CHECK_NUM(parse_part(&p, 20, NULL), HAK_LB_PROTO);
	}
}

static void malformed(const struct packet *p, u32 at, u16 value, enum hak_lb_verdict want)
{
	struct packet copy = *p;
	struct hak_lb_pkt pkt;

	put_unaligned_be16(value, copy.data + at);
	CHECK_NUM(parse(&copy, &pkt), want);
	CHECK_MSG(all_zero(&pkt, sizeof(pkt)), "%u: %04x leaves something", at, value);
}

static void headers_that_cannot_be(void)
{
	struct packet t = tcp(5, 5, 4), u = udp(5, 4), i = icmp(5, 3, 5, 6);

	malformed(&t, 0, 0x6500, HAK_LB_VERSION);
	malformed(&t, 0, 0x0500, HAK_LB_VERSION);
	malformed(&t, 0, 0x4400, HAK_LB_LENGTH);
	malformed(&t, 0, 0x4000, HAK_LB_LENGTH);
	malformed(&t, 2, 19, HAK_LB_LENGTH);
	malformed(&t, 2, 0, HAK_LB_LENGTH);
	malformed(&t, 2, 39, HAK_LB_LENGTH);
	malformed(&t, 32, 0x4000, HAK_LB_LENGTH);
	malformed(&t, 32, 0x7000, HAK_LB_LENGTH);
	malformed(&u, 2, 27, HAK_LB_LENGTH);
	malformed(&u, 24, 7, HAK_LB_LENGTH);
	malformed(&u, 24, 0, HAK_LB_LENGTH);
	malformed(&u, 24, 13, HAK_LB_LENGTH);
	malformed(&i, 2, 27, HAK_LB_LENGTH);
	CHECK_NUM(parse_with(t, 32, 0x6000), HAK_LB_OK);
	CHECK_NUM(parse_with(u, 24, 11), HAK_LB_OK);
}

static void fragments(void)
{
	struct packet t = tcp(5, 5, 20), u = udp(5, 16), i = icmp(5, 3, 5, 6);
	struct hak_lb_pkt pkt;

	put_unaligned_be16(0x2000, t.data + 6);
	CHECK_NUM(parse(&t, &pkt), HAK_LB_OK);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_FIRST);
	CHECK(key_is(&pkt.key, CLIENT, SERVICE, 6, 40000, 443));
	put_unaligned_be16(0x4000, t.data + 6);
	CHECK_NUM(parse(&t, &pkt), HAK_LB_OK);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_NONE);
	put_unaligned_be16(0x2001, t.data + 6);
	CHECK_NUM(parse(&t, &pkt), HAK_LB_FRAGMENT);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_LATER);
	CHECK(key_is(&pkt.key, CLIENT, SERVICE, 6, 0, 0));
	CHECK_NUM(parse_with(u, 6, 0x1fff), HAK_LB_FRAGMENT);
	CHECK_NUM(parse_with(i, 6, 0x0002), HAK_LB_FRAGMENT);
	CHECK_NUM(parse_with(i, 6, 0x2000), HAK_LB_FRAGMENT);
	/* The UDP length is that of the whole. */
	put_unaligned_be16(1400, u.data + 24);
	CHECK_NUM(parse_with(u, 6, 0x2000), HAK_LB_OK);
	CHECK_NUM(parse_with(u, 6, 0), HAK_LB_LENGTH);
}

/* RFC 1858: flags that only come with the second fragment. */
static void tiny_fragment(void)
{
	struct packet t = tcp(5, 5, 0);

	put_unaligned_be16(28, t.data + 2);
	CHECK_NUM(parse_with(t, 6, 0x2000), HAK_LB_LENGTH);
}

/* The verdict over the first bytes is SHORT, then from @enough bytes on it is @want. */
static void check_parts(const struct packet *p, u32 enough, enum hak_lb_verdict want)
{
	struct hak_lb_pkt pkt;
	u32 len;

	for (len = 0; len <= p->len; len++) {
		CHECK_MSG(parse_part(p, len, &pkt) == (len < enough ? HAK_LB_SHORT : want),
			  "%u of %u bytes: %u", len, p->len, parse_part(p, len, NULL));
		CHECK(len >= enough || all_zero(&pkt, sizeof(pkt)));
	}
}

static void headers_are_enough(void)
{
	struct packet t = tcp(15, 15, 50), u = udp(5, 50), i = icmp(15, 12, 15, 17);

	check_parts(&t, 80, HAK_LB_OK);
	check_parts(&u, 28, HAK_LB_OK);
	check_parts(&i, HAK_LB_HEAD_MAX, HAK_LB_ICMP);
}

/* What the frame has beyond the packet, such as padding of Ethernet, is not read. */
static void trailer_is_not_read(void)
{
	struct packet u = udp(5, 0);

	u.len = 46;
	CHECK_NUM(parse(&u, NULL), HAK_LB_OK);
	CHECK_NUM(parse_with(u, 24, 20), HAK_LB_LENGTH);
	put_unaligned_be16(27, u.data + 2);
	CHECK_NUM(parse(&u, NULL), HAK_LB_LENGTH);
}

static void unaligned_is_the_same(void)
{
	struct packet p = tcp(5, 5, 0);
	struct hak_lb_pkt want, pkt;
	u8 moved[128];
	u32 i;

	CHECK_NUM(parse(&p, &want), HAK_LB_OK);
	for (i = 0; i < 8; i++) {
		memcpy(moved + i, p.data, p.len);
		memset(&pkt, 0, sizeof(pkt));
		CHECK_NUM(hak_lb_parse4(moved + i, p.len, &pkt), HAK_LB_OK);
		CHECK(!memcmp(&pkt, &want, sizeof(pkt)));
	}
}

static void reverse(void)
{
	struct packet p = tcp(5, 5, 0);
	struct hak_flow_key key, back;
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	memset(&key, 0, sizeof(key));
	memset(&back, 0, sizeof(back));
	hak_flow_reverse(&key, &pkt.key);
	CHECK(key_is(&key, SERVICE, CLIENT, 6, 443, 40000));
	CHECK(!hak_flow_same(&key, &pkt.key));
	hak_flow_reverse(&back, &key);
	CHECK(!memcmp(&back, &pkt.key, sizeof(back)));
	hak_flow_reverse(&key, &key);
	CHECK(!memcmp(&key, &pkt.key, sizeof(key)));
}

/* The compact form that connections keep ends with its allocation: ASan looks on. */
static void compact_keys(void)
{
	volatile size_t size = HAK_FLOW_KEY4_SIZE;	/* or the compiler sees it, too */
	struct hak_flow_key *a = malloc(size), *b = malloc(size);
	struct packet p = tcp(5, 5, 0);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	memcpy(a, &pkt.key, HAK_FLOW_KEY4_SIZE);
	CHECK(hak_flow_same(a, &pkt.key));
	CHECK(hak_flow_same(&pkt.key, a));
	hak_flow_reverse(b, a);
	CHECK(!hak_flow_same(a, b));
	hak_flow_reverse(b, b);
	CHECK(hak_flow_same(a, b));
	b->sport ^= 1;
	CHECK(!hak_flow_same(a, b));
	free(a);
	free(b);
}

const struct tap_test lb_key_tests[] = {
	TAP_TEST(compact_keys),
	TAP_TEST(key_has_no_holes),
	TAP_TEST(tcp_is_read),
	TAP_TEST(udp_is_read),
	TAP_TEST(icmp_errors_are_read),
	TAP_TEST(other_icmp_is_not),
	TAP_TEST(quotes_of_others),
	TAP_TEST(other_protocols),
	TAP_TEST(headers_that_cannot_be),
	TAP_TEST(fragments),
	TAP_TEST(tiny_fragment),
	TAP_TEST(headers_are_enough),
	TAP_TEST(trailer_is_not_read),
	TAP_TEST(unaligned_is_the_same),
	TAP_TEST(reverse),
};
const size_t lb_key_count = TAP_COUNT(lb_key_tests);
