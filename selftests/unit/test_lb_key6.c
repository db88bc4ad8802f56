// SPDX-License-Identifier: GPL-2.0-only
#include "lb_key.h"
#include "suites.h"
#include <stdlib.h>

#define HEAD	40U
#define NEXT	6U

static const u8 client[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };
static const u8 service[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x99 };

/* A packet under construction; what is not put is 0. @next is where the next header's
 * number has to go.
 */
struct packet {
	u8 data[1024];
	u32 len;
	u32 next;
};

static void put_ip6(struct packet *p)
{
	u8 *ip = p->data + p->len;

	ip[0] = 0x60;
	ip[7] = 64;
	memcpy(ip + 8, client, 16);
	memcpy(ip + 24, service, 16);
	p->next = p->len + NEXT;
	p->len += HEAD;
}

static u8 *put(struct packet *p, u8 number, u32 bytes)
{
	u8 *header = p->data + p->len;

	p->data[p->next] = number;
	p->next = p->len;
	p->len += bytes;
	return header;
}

/* Of options and routing headers; @bytes is a multiple of 8. */
static u8 *put_extension(struct packet *p, u8 number, u32 bytes)
{
	u8 *header = put(p, number, bytes);

	header[1] = (u8)(bytes / 8 - 1);
	return header;
}

static void put_fragment(struct packet *p, u16 field, u32 id)
{
	u8 *header = put(p, 44, 8);

	put_unaligned_be16(field, header + 2);
	put_unaligned_be32(id, header + 4);
}

static void put_tcp(struct packet *p, u32 payload)
{
	u8 *th = put(p, 6, 20 + payload);

	put_unaligned_be16(40000, th);
	put_unaligned_be16(443, th + 2);
	th[12] = 5 << 4;
	th[13] = 0x12;
}

static void put_udp(struct packet *p, u32 payload)
{
	u8 *uh = put(p, 17, 8 + payload);

	put_unaligned_be16(40000, uh);
	put_unaligned_be16(443, uh + 2);
	put_unaligned_be16((u16)(8 + payload), uh + 4);
}

static struct packet begin(void)
{
	struct packet p = { { 0 }, 0, 0 };

	put_ip6(&p);
	return p;
}

/* Now that all is there. */
static void end(struct packet *p)
{
	put_unaligned_be16((u16)(p->len - HEAD), p->data + 4);
}

static struct packet tcp(u32 payload)
{
	struct packet p = begin();

	put_tcp(&p, payload);
	end(&p);
	return p;
}

/* An error of @type about the first bytes of what @quote puts. */
static struct packet error(u8 type, void (*quote)(struct packet *p))
{
	struct packet p = begin();
	u8 *icmp = put(&p, 58, 8);

	icmp[0] = type;
	icmp[1] = 3;
	put_ip6(&p);
	quote(&p);
	end(&p);
	return p;
}

static void quote_tcp(struct packet *p)
{
	put_tcp(p, 0);
}

static void quote_udp_with_options(struct packet *p)
{
	put_extension(p, 0, 8);
	put_extension(p, 60, 16);
	put_udp(p, 0);
}

static void quote_first_fragment(struct packet *p)
{
	put_fragment(p, 1, 7);
	put_udp(p, 0);
}

static void quote_later_fragment(struct packet *p)
{
	put_fragment(p, 8, 7);
	put_udp(p, 0);
}

static void quote_ping(struct packet *p)
{
	put(p, 58, 8)[0] = 128;
}

/* The first @len bytes, ending where the heap block ends: ASan sees any byte too far. */
static enum hak_lb_verdict parse_part(const struct packet *p, u32 len, struct hak_lb_pkt *pkt)
{
	u8 *copy = malloc(len + !len), *data = copy + !len;
	enum hak_lb_verdict verdict;

	memcpy(data, p->data, len);
	memset(pkt, 0x5a, sizeof(*pkt));
	memset(&pkt->inner, 0, sizeof(pkt->inner));
	verdict = hak_lb_parse6(data, len, pkt);
	free(copy);
	return verdict;
}

static enum hak_lb_verdict parse(const struct packet *p, struct hak_lb_pkt *pkt)
{
	return parse_part(p, p->len, pkt);
}

static bool key_is(const struct hak_flow_key *key, u8 proto, u16 sport, u16 dport)
{
	struct hak_flow_key want;

	memset(&want, 0, sizeof(want));
	memcpy(want.saddr6, client, 16);
	memcpy(want.daddr6, service, 16);
	put_unaligned_be16(sport, &want.sport);
	put_unaligned_be16(dport, &want.dport);
	want.proto = proto;
	want.v6 = 1;
	return !memcmp(key, &want, sizeof(want));
}

static bool all_zero(const void *data, size_t len)
{
	const u8 *b = data;

	while (len && !*b)
		b++, len--;
	return !len;
}

static void tcp_is_read(void)
{
	struct packet p = tcp(10);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK(key_is(&pkt.key, 6, 40000, 443));
	CHECK_NUM(pkt.total, 70);
	CHECK_NUM(pkt.l4, 40);
	CHECK_NUM(pkt.payload, 60);
	CHECK_NUM(pkt.tcp_flags, 0x12);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_NONE);
	CHECK(!pkt.inner_ip && !pkt.inner_l4 && !pkt.icmp_type && !pkt.icmp_code && !pkt.frag_id);
}

static void udp_is_read(void)
{
	struct packet p = begin();
	struct hak_lb_pkt pkt;

	put_udp(&p, 3);
	end(&p);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK(key_is(&pkt.key, 17, 40000, 443));
	CHECK_NUM(pkt.total, 51);
	CHECK_NUM(pkt.payload, 48);
	CHECK_NUM(pkt.tcp_flags, 0);
}

static void extensions_are_passed_over(void)
{
	struct packet p = begin();
	struct hak_lb_pkt pkt;

	put_extension(&p, 0, 8);
	put_extension(&p, 60, 24);
	put_extension(&p, 43, 24);
	put_fragment(&p, 0, 99);
	put_extension(&p, 60, 64);
	put_tcp(&p, 1);
	end(&p);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK(key_is(&pkt.key, 6, 40000, 443));
	CHECK_NUM(pkt.l4, HEAD + HAK_LB_EXTENSIONS_MAX);
	CHECK_NUM(pkt.payload, HEAD + HAK_LB_EXTENSIONS_MAX + 20);
	/* A fragment that is all of it. */
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_NONE);
}

/* By one long one, and by one more that would be short. */
static void too_many_extensions(void)
{
	struct packet p = begin();
	struct hak_lb_pkt pkt;

	put_extension(&p, 60, HAK_LB_EXTENSIONS_MAX + 8);
	put_tcp(&p, 0);
	end(&p);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
	p = begin();
	put_extension(&p, 60, HAK_LB_EXTENSIONS_MAX);
	put_extension(&p, 60, 8);
	put_tcp(&p, 0);
	end(&p);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
}

/* It is on its way to somebody else. */
static void routing_with_places_left(void)
{
	struct packet p = begin();
	struct hak_lb_pkt pkt;

	put_extension(&p, 43, 24)[3] = 1;
	put_tcp(&p, 0);
	end(&p);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
}

static struct packet fragment(u16 field, u8 proto)
{
	struct packet p = begin();

	put_fragment(&p, field, 0x01020304);
	if (proto == 6)
		put_tcp(&p, 12);
	else if (proto == 17)
		put_udp(&p, 100);
	else
		put(&p, proto, 32);
	end(&p);
	return p;
}

static void fragments(void)
{
	struct packet first = fragment(1, 17), later = fragment(0x0581, 17), p;
	struct hak_lb_pkt pkt;

	/* The UDP length is that of the whole. */
	put_unaligned_be16(1400, first.data + 48 + 4);
	CHECK_NUM(parse(&first, &pkt), HAK_LB_OK);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_FIRST);
	CHECK_NUM(get_unaligned_be32(&pkt.frag_id), 0x01020304);
	CHECK(key_is(&pkt.key, 17, 40000, 443));
	CHECK_NUM(parse(&later, &pkt), HAK_LB_FRAGMENT);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_LATER);
	CHECK_NUM(get_unaligned_be32(&pkt.frag_id), 0x01020304);
	CHECK(key_is(&pkt.key, 17, 0, 0));
	CHECK_NUM(pkt.l4, 48);
	p = fragment(0x0580, 6);	/* the last one */
	CHECK_NUM(parse(&p, &pkt), HAK_LB_FRAGMENT);
	CHECK(key_is(&pkt.key, 6, 0, 0));
	p = fragment(0x0580, 58);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_FRAGMENT);
	p = fragment(1, 58);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_FRAGMENT);
	/* What it is said to begin with is its own payload. */
	p = fragment(0x0580, 60);
	p.data[48 + 1] = 200;
	CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
	CHECK_NUM(pkt.l4, 48);
}

static void errors_are_read(void)
{
	struct hak_lb_pkt pkt;
	struct packet p;
	u32 type;

	for (type = 0; type < 256; type++) {
		p = error((u8)type, quote_tcp);
		if (type < 1 || type > 4) {
			CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
			CHECK(!pkt.icmp_type);
			continue;
		}
		CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
		CHECK(key_is(&pkt.key, 58, 0, 0));
		CHECK(key_is(&pkt.inner, 6, 40000, 443));
		CHECK_NUM(pkt.icmp_type, type);
		CHECK_NUM(pkt.icmp_code, 3);
		CHECK_NUM(pkt.inner_ip, 48);
		CHECK_NUM(pkt.inner_l4, 88);
	}
	/* With IPv4's number it is none. */
	p.data[NEXT] = 1;
	CHECK_NUM(parse(&p, &pkt), HAK_LB_PROTO);
}

static void quotes(void)
{
	struct packet p = error(2, quote_udp_with_options);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
	CHECK(key_is(&pkt.inner, 17, 40000, 443));
	CHECK_NUM(pkt.inner_l4, 88 + 24);
	p = error(1, quote_first_fragment);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
	CHECK_NUM(pkt.fragment, HAK_LB_FRAGMENT_NONE);
	p = error(1, quote_later_fragment);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
	CHECK_NUM(pkt.icmp_type, 1);
	p = error(1, quote_ping);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
	p = error(1, quote_tcp);
	p.data[48] = 0x45;
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
	/* Whatever its length is said to be. */
	p.data[48] = 0x60;
	put_unaligned_be16(9000, p.data + 48 + 4);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
	/* Cut off: with 8 bytes of the transport header, with less, with no whole header. */
	put_unaligned_be16(8 + 40 + 8, p.data + 4);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_ICMP);
	put_unaligned_be16(8 + 40 + 7, p.data + 4);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
	put_unaligned_be16(8 + 39, p.data + 4);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_QUOTE);
}

/* A packet of more than 65,535 bytes, of which the headers are here. */
static struct packet jumbo(u32 payload)
{
	struct packet p = begin();
	u8 *options = put_extension(&p, 0, 8);

	options[2] = 194;
	options[3] = 4;
	put_unaligned_be32(payload, options + 4);
	put_tcp(&p, 100);
	return p;
}

static void jumbo_payload(void)
{
	struct packet p = jumbo(70000);
	struct hak_lb_pkt pkt;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	CHECK_NUM(pkt.total, 70040);
	CHECK(key_is(&pkt.key, 6, 40000, 443));
	p = jumbo(65535);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_LENGTH);
	p = jumbo(0xffffffff);
	CHECK_NUM(parse(&p, &pkt), HAK_LB_LENGTH);
	p = jumbo(70000);
	p.data[HEAD + 2] = 1;	/* another option */
	CHECK_NUM(parse(&p, &pkt), HAK_LB_LENGTH);
}

static void malformed(const struct packet *p, u32 at, u8 value, enum hak_lb_verdict want)
{
	struct packet copy = *p;
	struct hak_lb_pkt pkt;

	copy.data[at] = value;
	CHECK_NUM(parse(&copy, &pkt), want);
	CHECK_MSG(all_zero(&pkt, sizeof(pkt)), "%u: %02x leaves something", at, value);
}

static void headers_that_cannot_be(void)
{
	struct packet t = tcp(4), u = begin(), e = begin(), i = error(1, quote_tcp);

	put_udp(&u, 4);
	end(&u);
	put_extension(&e, 60, 16);
	put_tcp(&e, 0);
	end(&e);
	malformed(&t, 0, 0x45, HAK_LB_VERSION);
	malformed(&t, 5, 19, HAK_LB_LENGTH);
	malformed(&t, 5, 0, HAK_LB_LENGTH);
	malformed(&t, HEAD + 12, 0x40, HAK_LB_LENGTH);
	malformed(&t, HEAD + 12, 0x70, HAK_LB_LENGTH);
	malformed(&u, 5, 7, HAK_LB_LENGTH);
	malformed(&u, HEAD + 5, 7, HAK_LB_LENGTH);
	malformed(&u, HEAD + 5, 13, HAK_LB_LENGTH);
	malformed(&e, 5, 7, HAK_LB_LENGTH);
	malformed(&e, 5, 15, HAK_LB_LENGTH);
	malformed(&e, HEAD + 1, 10, HAK_LB_LENGTH);
	malformed(&i, 5, 7, HAK_LB_LENGTH);
}

/* The verdict over the first bytes is SHORT, then from @enough bytes on it is @want. */
static void check_parts(const struct packet *p, u32 enough, enum hak_lb_verdict want)
{
	struct hak_lb_pkt pkt;
	u32 len;

	for (len = 0; len <= p->len; len++) {
		CHECK_NUM(parse_part(p, len, &pkt), len < enough ? HAK_LB_SHORT : want);
		CHECK(len >= enough || all_zero(&pkt, sizeof(pkt)));
	}
}

static void headers_are_enough(void)
{
	struct packet t = tcp(50), e = begin(), i = error(4, quote_udp_with_options);

	check_parts(&t, 60, HAK_LB_OK);
	put_extension(&e, 0, HAK_LB_EXTENSIONS_MAX);
	put_tcp(&e, 50);
	end(&e);
	check_parts(&e, HEAD + HAK_LB_EXTENSIONS_MAX + 20, HAK_LB_OK);
	check_parts(&i, 88 + 24 + 8, HAK_LB_ICMP);
	CHECK(HEAD + HAK_LB_EXTENSIONS_MAX + 20 <= HAK_LB_HEAD6_MAX);
}

static void unaligned_is_the_same(void)
{
	struct packet p = tcp(0);
	struct hak_lb_pkt want, pkt;
	u8 moved[128];
	u32 i;

	CHECK_NUM(parse(&p, &want), HAK_LB_OK);
	for (i = 0; i < 8; i++) {
		memcpy(moved + i, p.data, p.len);
		memset(&pkt, 0, sizeof(pkt));
		CHECK_NUM(hak_lb_parse6(moved + i, p.len, &pkt), HAK_LB_OK);
		CHECK(!memcmp(&pkt, &want, sizeof(pkt)));
	}
}

static void keys(void)
{
	struct packet p = tcp(0);
	struct hak_flow_key back, other;
	struct hak_lb_pkt pkt;
	u32 i;

	CHECK_NUM(parse(&p, &pkt), HAK_LB_OK);
	hak_flow_reverse(&back, &pkt.key);
	CHECK(!memcmp(back.saddr6, service, 16) && !memcmp(back.daddr6, client, 16));
	CHECK(back.sport == pkt.key.dport && back.dport == pkt.key.sport && back.v6);
	CHECK(!hak_flow_same(&back, &pkt.key));
	hak_flow_reverse(&back, &back);
	CHECK(hak_flow_same(&back, &pkt.key));
	/* Every bit of it counts. */
	for (i = 0; i < 8 * sizeof(other); i++) {
		other = pkt.key;
		((u8 *)&other)[i / 8] ^= (u8)(1 << i % 8);
		CHECK_MSG(!hak_flow_same(&other, &pkt.key), "bit %u", i);
	}
}

const struct tap_test lb_key6_tests[] = {
	TAP_TEST(tcp_is_read),
	TAP_TEST(udp_is_read),
	TAP_TEST(extensions_are_passed_over),
	TAP_TEST(too_many_extensions),
	TAP_TEST(routing_with_places_left),
	TAP_TEST(fragments),
	TAP_TEST(errors_are_read),
	TAP_TEST(quotes),
	TAP_TEST(jumbo_payload),
	TAP_TEST(headers_that_cannot_be),
	TAP_TEST(headers_are_enough),
	TAP_TEST(unaligned_is_the_same),
	TAP_TEST(keys),
};
const size_t lb_key6_count = TAP_COUNT(lb_key6_tests);
