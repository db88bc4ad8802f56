// SPDX-License-Identifier: GPL-2.0-only
/* Version 3 in IPv6. Numbers: rows of the conformance table. */
#include "pkt_rig.h"
#include "suites.h"

#define LEN	24
/* fe80::a to ff02::12, protocol, length of one address: the pseudo-header's sum */
#define PSEUDO	(0xfe80 + 0x000a + 0xff02 + 0x0012 + 112 + LEN)

/* VRID 51, priority 100, 1 s, fe80::100; the sum worked out by hand. */
static const u8 good[LEN] = {
	0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x6c, 0xbe,
	0xfe, 0x80, [22] = 0x01, [23] = 0x00,
};

static struct hak_vrrp_meta meta_of(size_t len)
{
	return (struct hak_vrrp_meta){
		.saddr = ip6(0xfe80, 0x000a), .daddr = ip6(0xff02, 0x0012),
		.ttl = HAK_VRRP_TTL, .len = (u32)len,
	};
}

static struct hak_vrrp_rule group_rule(void)
{
	return (struct hak_vrrp_rule){
		.daddr = ip6(0xff02, 0x0012), .version = 3, .min_ttl = HAK_VRRP_TTL,
		.interval = HAK_NSEC_PER_SEC,
	};
}

/* The first address is of the link, the others need not be. */
static struct hak_vrrp_advert sample(u8 count)
{
	struct hak_vrrp_advert adv = {
		.saddr = ip6(0xfe80, 0x000a), .daddr = ip6(0xff02, 0x0012), .version = 3,
		.vrid = 51, .priority = 100, .count = count, .interval = HAK_NSEC_PER_SEC,
		.checksum = HAK_CHECKSUM_PLAIN,
	};
	u32 i;

	for (i = 0; i < count; i++) {
		struct hak_ip ip = ip6(i ? 0x2001 : 0xfe80, (u16)(0x100 + i));

		memcpy(adv.addrs + 16 * i, ip.b, 16);
	}
	return adv;
}

static enum hak_drop parse(const u8 *data, size_t len)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(len);

	return parse_by(&rule, data, len, &meta, NULL);
}

static enum hak_drop parse_with(size_t at, u8 value)
{
	u8 data[LEN];

	memcpy(data, good, LEN);
	data[at] = value;
	refill_from(data, LEN, PSEUDO);
	return parse(data, LEN);
}

/* The message from @saddr to the group, or with peers to fd00::14. */
static enum hak_drop parse_from(struct hak_ip saddr, bool unicast)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN);
	u8 data[LEN];

	if (unicast) {
		rule.unicast = true;
		rule.daddr = ip6(0xfd00, 0x0014);
	}
	meta.saddr = saddr;
	meta.daddr = rule.daddr;
	memcpy(data, good, LEN);
	refill_from(data, LEN, words(saddr.b, 16) + words(meta.daddr.b, 16) + 112 + LEN);
	return parse_by(&rule, data, LEN, &meta, NULL);
}

/* 12 */
static void known_vector(void)
{
	struct hak_vrrp_advert want = sample(1), got;
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN);
	u8 buf[LEN];

	CHECK_NUM(hak_vrrp_build(buf, LEN, &want), LEN);
	CHECK(!memcmp(buf, good, LEN));
	CHECK_NUM(hak_vrrp_build(buf, LEN - 1, &want), 0);
	CHECK_NUM(parse_by(&rule, good, LEN, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &want));
}

static void groups(void)
{
	struct hak_ip four = hak_vrrp_group(HAK_IP4_LEN), six = hak_vrrp_group(HAK_IP6_LEN);
	struct hak_ip want4 = ip4(0xe0000012), want6 = ip6(0xff02, 0x0012);

	CHECK(hak_ip_equal(&four, &want4));
	CHECK(hak_ip_equal(&six, &want6));
	CHECK(!hak_ip_equal(&four, &six));
}

/* 42: the tie is broken as unsigned numbers, 89 */
static void addresses_compare_unsigned(void)
{
	struct hak_ip low = ip6(0xfe80, 0x7fff), high = ip6(0xfe80, 0x8000);

	CHECK(hak_ip_cmp(&low, &high) < 0);
	CHECK(hak_ip_cmp(&high, &low) > 0);
	CHECK_NUM(hak_ip_cmp(&low, &low), 0);
	low = ip4(0x0a00007f);
	high = ip4(0x0a000080);
	CHECK(hak_ip_cmp(&low, &high) < 0);
}

/* 84 */
static void drop_hop_limit(void)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN);
	u32 hops;

	for (hops = 0; hops < 256; hops++) {
		meta.ttl = (u8)hops;
		CHECK_NUM(parse_by(&rule, good, LEN, &meta, NULL),
			  hops < 255 ? HAK_DROP_IP_TTL : HAK_DROP_NONE);
	}
}

/* 85: one sum is right, that without the pseudo-header is not */
static void drop_checksum(void)
{
	u8 data[LEN];
	u32 sum;

	memcpy(data, good, LEN);
	for (sum = 0; sum < 0x10000; sum++) {
		put_unaligned_be16((u16)sum, data + 6);
		CHECK_NUM(parse(data, LEN), sum == 0x6cbe ? HAK_DROP_NONE : HAK_DROP_CHECKSUM);
	}
	refill_from(data, LEN, 0);
	CHECK_NUM(parse(data, LEN), HAK_DROP_CHECKSUM);
}

static void drop_checksum_of_another_source(void)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN);

	meta.saddr = ip6(0xfe80, 0x000b);
	CHECK_NUM(parse_by(&rule, good, LEN, &meta, NULL), HAK_DROP_CHECKSUM);
}

/* 13, 86 */
static void drop_first_address_not_link_local(void)
{
	CHECK_NUM(parse_with(8, 0x20), HAK_DROP_ADDRESS_LIST);
	CHECK_NUM(parse_with(8, 0xff), HAK_DROP_ADDRESS_LIST);
	CHECK_NUM(parse_with(9, 0x7f), HAK_DROP_ADDRESS_LIST);
	CHECK_NUM(parse_with(9, 0xc0), HAK_DROP_ADDRESS_LIST);
	CHECK_NUM(parse_with(9, 0xbf), HAK_DROP_NONE);
	/* fe80::/10 is what counts, also where the other addresses are not of it. */
	CHECK_NUM(parse_with(9, 0x80), HAK_DROP_NONE);
}

/* 87 */
static void source_without_peers_is_link_local(void)
{
	CHECK_NUM(parse_from(ip6(0xfe80, 1), false), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0xfebf, 1), false), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0xfe7f, 1), false), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0xfec0, 1), false), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0x2001, 1), false), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0, 0), false), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0, 1), false), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0xff02, 1), false), HAK_DROP_SOURCE);
}

static void source_with_peers(void)
{
	CHECK_NUM(parse_from(ip6(0xfe80, 1), true), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0x2001, 1), true), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0xfd00, 0), true), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0, 2), true), HAK_DROP_NONE);
	CHECK_NUM(parse_from(ip6(0, 0), true), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0, 1), true), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0xff02, 0x0012), true), HAK_DROP_SOURCE);
	CHECK_NUM(parse_from(ip6(0xff0e, 1), true), HAK_DROP_SOURCE);
}

/* 88 */
static void drop_destination(void)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN);

	meta.daddr = ip6(0xff02, 0x0001);
	CHECK_NUM(parse_by(&rule, good, LEN, &meta, NULL), HAK_DROP_DESTINATION);
	meta.daddr = ip6(0xff05, 0x0012);
	CHECK_NUM(parse_by(&rule, good, LEN, &meta, NULL), HAK_DROP_DESTINATION);
	meta.daddr = ip6(0xfe80, 0x0014);
	CHECK_NUM(parse_by(&rule, good, LEN, &meta, NULL), HAK_DROP_DESTINATION);
}

/* 88: IPv6 never carries version 2, whatever a rule says */
static void drop_version(void)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(LEN + 8);
	u8 data[LEN + 8] = { 0 };
	u32 v;

	for (v = 0; v < 16; v++)
		CHECK_NUM(parse_with(0, (u8)(v << 4 | 1)),
			  v == 3 ? HAK_DROP_NONE : HAK_DROP_VERSION);
	memcpy(data, good, LEN);
	data[0] = 0x21;
	data[5] = 1;
	refill_from(data, LEN + 8, 0);
	CHECK_NUM(parse_by(&rule, data, LEN + 8, &meta, NULL), HAK_DROP_VERSION);
	rule.version = 2;
	CHECK(parse_by(&rule, data, LEN + 8, &meta, NULL) != HAK_DROP_NONE);
}

/* CARP is told apart in IPv4 only: here its bytes are a wrong version. */
static void carp_bytes_are_a_wrong_version(void)
{
	u8 carp[36] = { 0x21, 51, 100, 7, 0, 1 };

	CHECK_NUM(parse(carp, 36), HAK_DROP_VERSION);
}

/* 57, 59, 88: count 0 too */
static void drop_count(void)
{
	u32 count;

	for (count = 0; count < 256; count++)
		CHECK_NUM(parse_with(3, (u8)count),
			  count == 1 ? HAK_DROP_NONE : HAK_DROP_ADDRESS_LIST);
}

/* 60, 88 */
static void drop_length(void)
{
	u32 len;

	for (len = 0; len < LEN; len++)
		CHECK_NUM(parse(good, len),
			  len < 8 ? HAK_DROP_PACKET_LENGTH : HAK_DROP_ADDRESS_LIST);
}

static void drop_interval_zero(void)
{
	CHECK_NUM(parse_with(5, 0), HAK_DROP_INTERVAL);
	CHECK_NUM(parse_with(5, 1), HAK_DROP_NONE);
}

/* 61: 4,088 bytes, and one less */
static void addresses_255(void)
{
	struct hak_vrrp_advert want = sample(255), got;
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_meta meta = meta_of(4088);
	u8 buf[4088];

	CHECK_NUM(HAK_VRRP_MAX_LEN, 4088);
	CHECK_NUM(hak_vrrp_build(buf, 4087, &want), 0);
	CHECK_NUM(hak_vrrp_build(buf, 4088, &want), 4088);
	CHECK_NUM(parse_by(&rule, buf, 4088, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &want));
	CHECK_NUM(parse(buf, 4087), HAK_DROP_ADDRESS_LIST);
}

static void round_trip_of(u8 count, struct hak_ip daddr)
{
	struct hak_vrrp_rule rule = group_rule();
	struct hak_vrrp_advert adv = sample(count), got;
	u8 buf[HAK_VRRP_MAX_LEN];
	struct hak_vrrp_meta meta;
	size_t len;

	adv.vrid = count;
	adv.priority = (u8)(255 - count);
	adv.interval = (1 + count * 16 % 4095) * HAK_NSEC_PER_CSEC;
	adv.daddr = daddr;
	len = hak_vrrp_build(buf, sizeof(buf), &adv);
	CHECK_NUM(len, 8 + 16 * (size_t)count);
	meta = meta_of(len);
	meta.daddr = daddr;
	rule.daddr = daddr;
	CHECK_NUM(parse_by(&rule, buf, len, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &adv));
}

static void round_trip(void)
{
	u32 count;

	for (count = 1; count < 256; count++) {
		round_trip_of((u8)count, ip6(0xff02, 0x0012));
		round_trip_of((u8)count, ip6(0x2001, 0x0014));
	}
}

const struct tap_test pkt_v6_tests[] = {
	TAP_TEST(known_vector),
	TAP_TEST(groups),
	TAP_TEST(addresses_compare_unsigned),
	TAP_TEST(drop_hop_limit),
	TAP_TEST(drop_checksum),
	TAP_TEST(drop_checksum_of_another_source),
	TAP_TEST(drop_first_address_not_link_local),
	TAP_TEST(source_without_peers_is_link_local),
	TAP_TEST(source_with_peers),
	TAP_TEST(drop_destination),
	TAP_TEST(drop_version),
	TAP_TEST(carp_bytes_are_a_wrong_version),
	TAP_TEST(drop_count),
	TAP_TEST(drop_length),
	TAP_TEST(drop_interval_zero),
	TAP_TEST(addresses_255),
	TAP_TEST(round_trip),
};
const size_t pkt_v6_count = TAP_COUNT(pkt_v6_tests);
