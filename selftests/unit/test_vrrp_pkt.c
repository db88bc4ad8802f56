// SPDX-License-Identifier: GPL-2.0-only
/* Numbers in comments are rows of the conformance table: an advert with ... must ... */
#include "pkt_rig.h"
#include "suites.h"

#define MS(n)	((n) * HAK_NSEC_PER_MSEC)
#define SRC	0x0a00000aU	/* 10.0.0.10 */
#define OWN	0x0a000014U	/* 10.0.0.20, where unicast adverts go */
#define VIP	0x0a000064U	/* 10.0.0.100 */

/* 10.0.0.10 and 224.0.0.18 */
static const struct hak_vrrp_meta good_meta = {
	.saddr = { .b = { 10, 0, 0, 10 }, .len = 4 },
	.daddr = { .b = { 224, 0, 0, 18 }, .len = 4 },
	.ttl = HAK_VRRP_TTL, .len = 12,
};

static const struct hak_vrrp_rule rule = {
	.daddr = { .b = { 224, 0, 0, 18 }, .len = 4 },
	.version = 3, .min_ttl = HAK_VRRP_TTL, .interval = HAK_NSEC_PER_SEC,
};

/* VRID 51, priority 100, 1 s, 10.0.0.100; both sums worked out by hand. */
static const u8 plain[12] = {
	0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x60, 0x03, 0x0a, 0x00, 0x00, 0x64,
};
static const u8 pseudo[12] = {
	0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x75, 0x6a, 0x0a, 0x00, 0x00, 0x64,
};

static enum hak_drop parse_exact(const u8 *data, size_t len, const struct hak_vrrp_meta *meta,
				 struct hak_vrrp_advert *adv)
{
	return parse_by(&rule, data, len, meta, adv);
}

static void refill_checksum(u8 *data, size_t len)
{
	refill_from(data, len, 0);
}

/* The good message with one byte changed and the sum made right again. */
static enum hak_drop parse_with(size_t at, u8 value)
{
	u8 data[12];

	memcpy(data, plain, sizeof(data));
	data[at] = value;
	refill_checksum(data, sizeof(data));
	return parse_exact(data, sizeof(data), &good_meta, NULL);
}

static struct hak_vrrp_advert sample(u8 count, enum hak_checksum form)
{
	struct hak_vrrp_advert adv = {
		.saddr = ip4(SRC), .daddr = ip4(HAK_VRRP_GROUP4), .version = 3,
		.vrid = 51, .priority = 100, .count = count,
		.interval = HAK_NSEC_PER_SEC, .checksum = form,
	};
	u32 i;

	for (i = 0; i < count; i++)
		put_unaligned_be32(VIP + i, adv.addrs + 4 * i);
	return adv;
}

/* 2, 3 */
static void known_vectors_parse(void)
{
	struct hak_vrrp_advert adv;
	struct hak_vrrp_advert want = sample(1, HAK_CHECKSUM_PLAIN);

	CHECK_NUM(parse_exact(plain, 12, &good_meta, &adv), HAK_DROP_NONE);
	CHECK(same_advert(&adv, &want));
	want.checksum = HAK_CHECKSUM_PSEUDO;
	CHECK_NUM(parse_exact(pseudo, 12, &good_meta, &adv), HAK_DROP_NONE);
	CHECK(same_advert(&adv, &want));
}

static void known_vectors_build(void)
{
	struct hak_vrrp_advert adv = sample(1, HAK_CHECKSUM_PLAIN);
	u8 buf[12];

	CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 12);
	CHECK(!memcmp(buf, plain, 12));
	adv.checksum = HAK_CHECKSUM_PSEUDO;
	CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 12);
	CHECK(!memcmp(buf, pseudo, 12));
}

/* 5 */
static void forty_addresses_in_order(void)
{
	struct hak_vrrp_advert adv = sample(40, HAK_CHECKSUM_PLAIN);
	u8 buf[168];
	u32 i;

	CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 168);
	CHECK_NUM(buf[3], 40);
	for (i = 0; i < 40; i++)
		CHECK_NUM(get_unaligned_be32(buf + 8 + 4 * i), VIP + i);
}

/* 6 */
static void interval_field_is_centiseconds(void)
{
	static const u32 csec[] = { 1, 2, 20, 99, 100, 255, 256, 1000, 4094, 4095 };
	struct hak_vrrp_advert adv = sample(1, HAK_CHECKSUM_PLAIN);
	u8 buf[12];
	size_t i;

	for (i = 0; i < TAP_COUNT(csec); i++) {
		adv.interval = csec[i] * HAK_NSEC_PER_CSEC;
		CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 12);
		CHECK_NUM(get_unaligned_be16(buf + 4), csec[i]);
		adv.interval += HAK_NSEC_PER_CSEC - 1;	/* not whole: down */
		if (csec[i] == HAK_VRRP_INTERVAL_MAX)
			continue;
		CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 12);
		CHECK_NUM(get_unaligned_be16(buf + 4), csec[i]);
	}
}

static void build_refuses(void)
{
	struct hak_vrrp_advert adv = sample(3, HAK_CHECKSUM_PLAIN);
	u8 buf[20];

	CHECK_NUM(hak_vrrp_build(buf, 19, &adv), 0);
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 20);
	adv.interval = 0;
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 0);
	adv.interval = HAK_NSEC_PER_CSEC - 1;
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 0);
	adv.interval = HAK_VRRP_INTERVAL_MAX * HAK_NSEC_PER_CSEC + 1;
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 0);
	adv.interval = ~(u64)0;
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 0);
	adv = sample(0, HAK_CHECKSUM_PLAIN);
	CHECK_NUM(hak_vrrp_build(buf, 20, &adv), 0);
}

static void round_trip_of(const struct hak_vrrp_advert *adv)
{
	struct hak_vrrp_meta meta = good_meta;
	struct hak_vrrp_advert got;
	u8 buf[HAK_VRRP_MAX_LEN];
	size_t len = hak_vrrp_build(buf, sizeof(buf), adv);

	meta.len = (u32)len;
	CHECK_NUM(len, 8 + 4 * (size_t)adv->count);
	CHECK_NUM(parse_exact(buf, len, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, adv));
}

/* 61 with it: 255 addresses */
static void round_trip(void)
{
	u32 count, form;

	for (count = 1; count <= 255; count++) {
		for (form = HAK_CHECKSUM_PLAIN; form <= HAK_CHECKSUM_PSEUDO; form++) {
			struct hak_vrrp_advert adv = sample((u8)count, form);

			adv.vrid = (u8)count;
			adv.priority = (u8)(255 - count);
			adv.interval = (1 + count * 16 % 4095) * HAK_NSEC_PER_CSEC;
			round_trip_of(&adv);
		}
	}
}

static void peek_reads_no_further_than_it_may(void)
{
	u8 one = 0x31, two[2] = { 0, 77 }, vrid = 9;

	CHECK(!hak_vrrp_peek(&one, 0, &vrid));
	CHECK(!hak_vrrp_peek(&one, 1, &vrid));
	CHECK_NUM(vrid, 9);
	CHECK(hak_vrrp_peek(two, 2, &vrid));
	CHECK_NUM(vrid, 77);
}

/* 52 */
static void drop_ttl(void)
{
	struct hak_vrrp_meta meta = good_meta;
	u32 ttl;

	for (ttl = 0; ttl < 255; ttl++) {
		meta.ttl = (u8)ttl;
		CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_IP_TTL);
	}
}

/* 53 */
static void drop_version(void)
{
	u32 v;

	for (v = 0; v < 16; v++)
		CHECK_NUM(parse_with(0, (u8)(v << 4 | 1)),
			  v == 3 ? HAK_DROP_NONE : HAK_DROP_VERSION);
}

/* 54 */
static void drop_type(void)
{
	u32 t;

	for (t = 0; t < 16; t++)
		CHECK_NUM(parse_with(0, (u8)(0x30 | t)),
			  t == 1 ? HAK_DROP_NONE : HAK_DROP_INVALID_TYPE);
}

/* 55: any one bit, any wrong sum, and a sum of 0 */
static void drop_checksum(void)
{
	u8 data[12];
	u32 sum, bit;

	memcpy(data, plain, 12);
	for (sum = 0; sum < 0x10000; sum++) {
		bool right = sum == 0x6003 || sum == 0x756a;

		put_unaligned_be16((u16)sum, data + 6);
		CHECK_NUM(hak_vrrp_parse(data, 12, &good_meta, &rule,
					 &(struct hak_vrrp_advert){ 0 }),
			  right ? HAK_DROP_NONE : HAK_DROP_CHECKSUM);
	}
	for (bit = 0; bit < 96; bit++) {
		memcpy(data, plain, 12);
		data[bit / 8] ^= (u8)(1 << bit % 8);
		CHECK_MSG(parse_exact(data, 12, &good_meta, NULL) != HAK_DROP_NONE, "bit %u", bit);
	}
}

/* The pseudo-header holds the source: from another address the sum is wrong. */
static void drop_pseudo_checksum_of_another_source(void)
{
	struct hak_vrrp_meta meta = good_meta;

	meta.saddr = ip4(SRC + 1);
	CHECK_NUM(parse_exact(pseudo, 12, &meta, NULL), HAK_DROP_CHECKSUM);
	CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_NONE);
}

/* 56: which VRIDs exist is not known here, but 0 is none */
static void drop_vrid_zero(void)
{
	u32 vrid;

	CHECK_NUM(parse_with(1, 0), HAK_DROP_VRID);
	for (vrid = 1; vrid < 256; vrid++)
		CHECK_NUM(parse_with(1, (u8)vrid), HAK_DROP_NONE);
}

/* 57, 59 */
static void drop_count(void)
{
	u32 count;

	for (count = 0; count < 256; count++)
		CHECK_NUM(parse_with(3, (u8)count),
			  count == 1 ? HAK_DROP_NONE : HAK_DROP_ADDRESS_LIST);
}

/* 60: every length that is too short, with the bytes really absent */
static void drop_length(void)
{
	struct hak_vrrp_meta meta = good_meta;
	u8 data[20] = { 0 };
	u32 len;

	for (len = 0; len < 12; len++) {
		meta.len = len;
		CHECK_NUM(parse_exact(plain, len, &meta, NULL),
			  len < 8 ? HAK_DROP_PACKET_LENGTH : HAK_DROP_ADDRESS_LIST);
	}
	/* The IP header promises more than came, or less than is there. */
	meta.len = 13;
	CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_PACKET_LENGTH);
	meta.len = ~0U;
	CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_PACKET_LENGTH);
	memcpy(data, plain, 12);
	meta.len = 7;
	CHECK_NUM(parse_exact(data, 20, &meta, NULL), HAK_DROP_PACKET_LENGTH);
	meta.len = 12;	/* Ethernet padding */
	CHECK_NUM(parse_exact(data, 20, &meta, NULL), HAK_DROP_NONE);
}

/* 59, 61: a count of 255 is read in full or not at all */
static void drop_count_255_with_one_byte_less(void)
{
	struct hak_vrrp_advert adv = sample(255, HAK_CHECKSUM_PLAIN);
	struct hak_vrrp_meta meta = good_meta;
	u8 buf[HAK_VRRP_MAX_LEN];

	CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &adv), 1028);
	meta.len = 1027;
	CHECK_NUM(parse_exact(buf, 1027, &meta, NULL), HAK_DROP_ADDRESS_LIST);
	meta.len = 1028;
	CHECK_NUM(parse_exact(buf, 1028, &meta, NULL), HAK_DROP_NONE);
}

/* 62: also where only reserved bits are set */
static void drop_interval_zero(void)
{
	u32 reserved;

	CHECK_NUM(parse_with(5, 0), HAK_DROP_INTERVAL);
	for (reserved = 0; reserved < 16; reserved++) {
		u8 data[12];

		memcpy(data, plain, 12);
		put_unaligned_be16((u16)(reserved << 12), data + 4);
		refill_checksum(data, 12);
		CHECK_NUM(parse_exact(data, 12, &good_meta, NULL), HAK_DROP_INTERVAL);
	}
}

/* 31, 66 */
static void reserved_bits_are_ignored(void)
{
	struct hak_vrrp_advert adv;
	u8 data[12];

	memcpy(data, plain, 12);
	put_unaligned_be16(0xf014, data + 4);
	refill_checksum(data, 12);
	CHECK_NUM(parse_exact(data, 12, &good_meta, &adv), HAK_DROP_NONE);
	CHECK_NUM(adv.interval, MS(200));
}

static void interval_range(void)
{
	struct hak_vrrp_advert adv;
	u32 csec;

	for (csec = 1; csec < 4096; csec++) {
		u8 data[12];

		memcpy(data, plain, 12);
		put_unaligned_be16((u16)csec, data + 4);
		refill_checksum(data, 12);
		CHECK_NUM(parse_exact(data, 12, &good_meta, &adv), HAK_DROP_NONE);
		CHECK_NUM(adv.interval, csec * HAK_NSEC_PER_CSEC);
	}
}

/* 78, 79 */
static void drop_destination(void)
{
	static const u32 wrong[] = { 0, SRC, VIP, 0xe0000013, 0xe0000011, 0xffffffff, 0x120000e0 };
	struct hak_vrrp_meta meta = good_meta;
	size_t i;

	for (i = 0; i < TAP_COUNT(wrong); i++) {
		meta.daddr = ip4(wrong[i]);
		CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_DESTINATION);
	}
}

/* 79 */
static void drop_fragment(void)
{
	struct hak_vrrp_meta meta = good_meta;

	meta.fragment = true;
	CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_PACKET_LENGTH);
}

/* 80 */
static void drop_source(void)
{
	static const u32 wrong[] = {
		0, 0x7f000001, 0x7fffffff, 0xe0000000, 0xe0000012, 0xefffffff, 0xffffffff,
	};
	struct hak_vrrp_meta meta = good_meta;
	size_t i;

	for (i = 0; i < TAP_COUNT(wrong); i++) {
		meta.saddr = ip4(wrong[i]);
		CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_SOURCE);
	}
}

/* 81: and the neighbours of what is wrong */
static void any_unicast_source_is_taken(void)
{
	static const u32 right[] = {
		1, 0x7effffff, 0x80000000, 0xc0000201, 0xdfffffff, 0xfe000001,
	};
	struct hak_vrrp_meta meta = good_meta;
	size_t i;

	for (i = 0; i < TAP_COUNT(right); i++) {
		meta.saddr = ip4(right[i]);
		CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_NONE);
	}
}

/* 82: and VRRPv2 that only looks like it */
static void drop_carp(void)
{
	struct hak_vrrp_meta meta = good_meta;
	u8 data[44] = { 0x21, 51, 100, 7, 0, 1 };

	meta.len = 36;
	CHECK_NUM(parse_exact(data, 36, &meta, NULL), HAK_DROP_CARP);
	meta.len = 44;
	CHECK_NUM(parse_exact(data, 44, &meta, NULL), HAK_DROP_VERSION);
	meta.len = 36;
	data[3] = 5;
	CHECK_NUM(parse_exact(data, 36, &meta, NULL), HAK_DROP_VERSION);
	data[3] = 7;
	data[0] = 0x31;
	CHECK_NUM(parse_exact(data, 36, &meta, NULL), HAK_DROP_CHECKSUM);
}

/* 83: bytes after the list are legal and not covered by the sum */
static void trailing_bytes_are_not_summed(void)
{
	struct hak_vrrp_meta meta = good_meta;
	struct hak_vrrp_advert adv;
	u8 data[20];

	memset(data, 0xa5, sizeof(data));
	memcpy(data, plain, 12);
	meta.len = 20;
	CHECK_NUM(parse_exact(data, 20, &meta, &adv), HAK_DROP_NONE);
	CHECK_NUM(adv.count, 1);
	CHECK_NUM(adv.checksum, HAK_CHECKSUM_PLAIN);
	memcpy(data, pseudo, 12);
	CHECK_NUM(parse_exact(data, 20, &meta, &adv), HAK_DROP_NONE);
	CHECK_NUM(adv.checksum, HAK_CHECKSUM_PSEUDO);
}

/* A drop leaves the result alone: nobody reads half an advert. */
static void drop_fills_nothing(void)
{
	struct hak_vrrp_advert adv, poison;
	u8 data[12];

	memset(&adv, 0x5a, sizeof(adv));
	memset(&poison, 0x5a, sizeof(poison));
	memcpy(data, plain, 12);
	data[7] ^= 1;
	CHECK_NUM(parse_exact(data, 12, &good_meta, &adv), HAK_DROP_CHECKSUM);
	CHECK(!memcmp(&adv, &poison, sizeof(adv)));
}

/* Of several faults the first in order is named: counters stay comparable. */
static void order_of_checks(void)
{
	struct hak_vrrp_meta meta = {
		.saddr = ip4(0), .daddr = ip4(0), .ttl = 1, .fragment = true, .len = 12,
	};
	u8 data[12] = { 0x42, 0, 100, 0, 0, 0, 0, 0 };

	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_PACKET_LENGTH);
	meta.fragment = false;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_DESTINATION);
	meta.daddr = ip4(HAK_VRRP_GROUP4);
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_IP_TTL);
	meta.ttl = 255;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_VERSION);
	data[0] = 0x32;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_INVALID_TYPE);
	data[0] = 0x31;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_VRID);
	data[1] = 51;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_ADDRESS_LIST);
	data[3] = 1;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_SOURCE);
	meta.saddr = ip4(SRC);
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_INTERVAL);
	data[5] = 100;
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_CHECKSUM);
	refill_checksum(data, 12);
	CHECK_NUM(parse_exact(data, 12, &meta, NULL), HAK_DROP_NONE);
}

/*
 * With peers: adverts come to our own address, from not further than min-ttl
 * says. The second sum has the peer's destination 10.0.0.20 in its pseudo-header.
 */
static const u8 pseudo_unicast[12] = {
	0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x4b, 0x69, 0x0a, 0x00, 0x00, 0x64,
};

static struct hak_vrrp_rule unicast_rule(u8 min_ttl)
{
	struct hak_vrrp_rule r = rule;

	r.daddr = ip4(OWN);
	r.min_ttl = min_ttl;
	r.unicast = true;
	return r;
}

static void unicast_known_vector(void)
{
	struct hak_vrrp_rule r = unicast_rule(255);
	struct hak_vrrp_meta meta = good_meta;
	struct hak_vrrp_advert want = sample(1, HAK_CHECKSUM_PSEUDO), got;
	u8 buf[12];

	meta.daddr = ip4(OWN);
	want.daddr = ip4(OWN);
	CHECK_NUM(hak_vrrp_build(buf, sizeof(buf), &want), 12);
	CHECK(!memcmp(buf, pseudo_unicast, 12));
	CHECK_NUM(parse_by(&r, pseudo_unicast, 12, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &want));
	CHECK_NUM(parse_by(&r, pseudo, 12, &meta, NULL), HAK_DROP_CHECKSUM);
	CHECK_NUM(parse_exact(pseudo_unicast, 12, &good_meta, NULL), HAK_DROP_CHECKSUM);
}

static void unicast_destination(void)
{
	struct hak_vrrp_rule r = unicast_rule(255);
	struct hak_vrrp_meta meta = good_meta;

	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_DESTINATION);
	meta.daddr = ip4(OWN);
	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_NONE);
	CHECK_NUM(parse_exact(plain, 12, &meta, NULL), HAK_DROP_DESTINATION);
	meta.daddr = ip4(OWN + 1);
	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_DESTINATION);
	/* Four equal bytes at the start of an IPv6 address are no match. */
	meta.daddr = ip4(OWN);
	meta.daddr.len = HAK_IP6_LEN;
	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_DESTINATION);
}

static void unicast_min_ttl(void)
{
	static const u8 least[] = { 1, 64, 254, 255 };
	struct hak_vrrp_meta meta = good_meta;
	u32 ttl;
	size_t i;

	meta.daddr = ip4(OWN);
	for (i = 0; i < TAP_COUNT(least); i++) {
		struct hak_vrrp_rule r = unicast_rule(least[i]);

		for (ttl = 0; ttl < 256; ttl++) {
			meta.ttl = (u8)ttl;
			CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL),
				  ttl < least[i] ? HAK_DROP_IP_TTL : HAK_DROP_NONE);
		}
	}
}

static void unicast_source_is_checked_too(void)
{
	struct hak_vrrp_rule r = unicast_rule(255);
	struct hak_vrrp_meta meta = good_meta;

	meta.daddr = ip4(OWN);
	meta.saddr = ip4(0);
	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_SOURCE);
	meta.saddr = ip4(HAK_VRRP_GROUP4);
	CHECK_NUM(parse_by(&r, plain, 12, &meta, NULL), HAK_DROP_SOURCE);
}

const struct tap_test pkt_tests[] = {
	TAP_TEST(known_vectors_parse),
	TAP_TEST(known_vectors_build),
	TAP_TEST(forty_addresses_in_order),
	TAP_TEST(interval_field_is_centiseconds),
	TAP_TEST(build_refuses),
	TAP_TEST(round_trip),
	TAP_TEST(peek_reads_no_further_than_it_may),
	TAP_TEST(drop_ttl),
	TAP_TEST(drop_version),
	TAP_TEST(drop_type),
	TAP_TEST(drop_checksum),
	TAP_TEST(drop_pseudo_checksum_of_another_source),
	TAP_TEST(drop_vrid_zero),
	TAP_TEST(drop_count),
	TAP_TEST(drop_length),
	TAP_TEST(drop_count_255_with_one_byte_less),
	TAP_TEST(drop_interval_zero),
	TAP_TEST(reserved_bits_are_ignored),
	TAP_TEST(interval_range),
	TAP_TEST(drop_destination),
	TAP_TEST(drop_fragment),
	TAP_TEST(drop_source),
	TAP_TEST(any_unicast_source_is_taken),
	TAP_TEST(drop_carp),
	TAP_TEST(trailing_bytes_are_not_summed),
	TAP_TEST(drop_fills_nothing),
	TAP_TEST(order_of_checks),
	TAP_TEST(unicast_known_vector),
	TAP_TEST(unicast_destination),
	TAP_TEST(unicast_min_ttl),
	TAP_TEST(unicast_source_is_checked_too),
};
const size_t pkt_count = TAP_COUNT(pkt_tests);
