// SPDX-License-Identifier: GPL-2.0-only
/* Version 2, RFC 3768 with the password of RFC 2338. Numbers: rows of the conformance table. */
#include "pkt_rig.h"
#include "suites.h"

#define SRC	0x0a00000aU	/* 10.0.0.10 */
#define VIP	0x0a000064U	/* 10.0.0.100 */
#define LEN	20

/* VRID 51, priority 100, 1 s, 10.0.0.100; the sums worked out by hand. */
static const u8 open_msg[LEN] = {
	0x21, 0x33, 0x64, 0x01, 0x00, 0x01, 0x70, 0x66, 0x0a, 0x00, 0x00, 0x64,
};
static const u8 secret_msg[LEN] = {
	0x21, 0x33, 0x64, 0x01, 0x01, 0x01, 0x33, 0x1a, 0x0a, 0x00, 0x00, 0x64,
	's', 'e', 'c', 'r', 'e', 't', 0, 0,
};

static struct hak_vrrp_meta meta_of(size_t len)
{
	return (struct hak_vrrp_meta){
		.saddr = ip4(SRC), .daddr = ip4(HAK_VRRP_GROUP4),
		.ttl = HAK_VRRP_TTL, .len = (u32)len,
	};
}

static struct hak_vrrp_rule rule_of(const char *pass)
{
	struct hak_vrrp_rule rule = {
		.daddr = ip4(HAK_VRRP_GROUP4), .version = 2, .min_ttl = HAK_VRRP_TTL,
		.auth = pass, .interval = HAK_NSEC_PER_SEC,
	};

	if (pass)
		memcpy(rule.pass, pass, strlen(pass));
	return rule;
}

static struct hak_vrrp_advert sample(u8 count, const char *pass)
{
	struct hak_vrrp_advert adv = {
		.saddr = ip4(SRC), .daddr = ip4(HAK_VRRP_GROUP4), .version = 2, .vrid = 51,
		.priority = 100, .count = count, .auth = pass, .interval = HAK_NSEC_PER_SEC,
		.checksum = HAK_CHECKSUM_PLAIN,
	};
	u32 i;

	if (pass)
		memcpy(adv.pass, pass, strlen(pass));
	for (i = 0; i < count; i++)
		put_unaligned_be32(VIP + i, adv.addrs + 4 * i);
	return adv;
}

static enum hak_drop parse(const u8 *data, size_t len, const char *pass)
{
	struct hak_vrrp_rule rule = rule_of(pass);
	struct hak_vrrp_meta meta = meta_of(len);

	return parse_by(&rule, data, len, &meta, NULL);
}

/* A good message with one byte changed and the sum made right again. */
static enum hak_drop parse_with(const u8 *good, size_t at, u8 value, const char *pass)
{
	u8 data[LEN];

	memcpy(data, good, LEN);
	data[at] = value;
	refill_from(data, LEN, 0);
	return parse(data, LEN, pass);
}

static void vector(const u8 *msg, const char *pass)
{
	struct hak_vrrp_advert want = sample(1, pass), got;
	struct hak_vrrp_rule rule = rule_of(pass);
	struct hak_vrrp_meta meta = meta_of(LEN);
	u8 buf[LEN];

	memset(buf, 0xa5, LEN);
	CHECK_NUM(hak_vrrp_build(buf, LEN, &want), LEN);
	CHECK(!memcmp(buf, msg, LEN));
	CHECK_NUM(hak_vrrp_build(buf, LEN - 1, &want), 0);
	CHECK_NUM(parse_by(&rule, msg, LEN, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &want));
	CHECK_NUM(got.checksum, HAK_CHECKSUM_PLAIN);
}

/* 7 */
static void known_vectors(void)
{
	vector(open_msg, NULL);
	vector(secret_msg, "secret");
}

/* What the sender asks for as a form does not touch version 2: it has one. */
static void never_a_pseudo_header(void)
{
	struct hak_vrrp_advert adv = sample(1, NULL);
	u8 data[LEN];

	adv.checksum = HAK_CHECKSUM_PSEUDO;
	CHECK_NUM(hak_vrrp_build(data, LEN, &adv), LEN);
	CHECK(!memcmp(data, open_msg, LEN));
	/* 10.0.0.10, 224.0.0.18, protocol, length */
	refill_from(data, LEN, 0x0a00 + 0x000a + 0xe000 + 0x0012 + 112 + LEN);
	CHECK_NUM(parse(data, LEN, NULL), HAK_DROP_CHECKSUM);
}

/* The sum covers the authentication data too. */
static void any_wrong_bit_is_dropped(void)
{
	u8 data[LEN];
	u32 bit;

	for (bit = 0; bit < LEN * 8; bit++) {
		memcpy(data, secret_msg, LEN);
		data[bit / 8] ^= (u8)(1 << bit % 8);
		CHECK_MSG(parse(data, LEN, "secret") != HAK_DROP_NONE, "bit %u", bit);
	}
	memcpy(data, open_msg, LEN);
	data[19] = 1;
	CHECK_NUM(parse(data, LEN, NULL), HAK_DROP_CHECKSUM);
}

/* 53 */
static void version_must_be_the_routers(void)
{
	static const u8 v3[12] = {
		0x31, 0x33, 0x64, 0x01, 0x00, 0x64, 0x60, 0x03, 0x0a, 0x00, 0x00, 0x64,
	};
	struct hak_vrrp_rule rule = rule_of(NULL);
	struct hak_vrrp_meta meta = meta_of(LEN);
	u32 v;

	CHECK_NUM(parse(v3, 12, NULL), HAK_DROP_VERSION);
	for (v = 0; v < 16; v++)
		CHECK_NUM(parse_with(open_msg, 0, (u8)(v << 4 | 1), NULL),
			  v == 2 ? HAK_DROP_NONE : HAK_DROP_VERSION);
	rule.version = 3;
	CHECK_NUM(parse_by(&rule, open_msg, LEN, &meta, NULL), HAK_DROP_VERSION);
}

/* 58, 59 */
static void count_needs_its_bytes(void)
{
	u32 count;

	for (count = 0; count < 256; count++)
		CHECK_NUM(parse_with(open_msg, 3, (u8)count, NULL),
			  count == 1 ? HAK_DROP_NONE : HAK_DROP_ADDRESS_LIST);
}

/* 60, 73: also without a part of the trailer */
static void trailer_must_be_there(void)
{
	u8 data[LEN];
	u32 len;

	for (len = 0; len < LEN; len++) {
		memcpy(data, open_msg, LEN);
		if (len >= 12)
			refill_from(data, len, 0);
		CHECK_NUM(parse(data, len, NULL),
			  len < 8 ? HAK_DROP_PACKET_LENGTH : HAK_DROP_ADDRESS_LIST);
	}
}

/* 70 */
static void interval_must_be_ours(void)
{
	u32 ours, theirs;

	for (ours = 1; ours < 256; ours += ours < 4 ? 1 : 63) {
		struct hak_vrrp_rule rule = rule_of(NULL);
		struct hak_vrrp_meta meta = meta_of(LEN);

		rule.interval = ours * HAK_NSEC_PER_SEC;
		for (theirs = 0; theirs < 256; theirs++) {
			u8 data[LEN];

			memcpy(data, open_msg, LEN);
			data[5] = (u8)theirs;
			refill_from(data, LEN, 0);
			CHECK_NUM(parse_by(&rule, data, LEN, &meta, NULL),
				  ours == theirs ? HAK_DROP_NONE : HAK_DROP_INTERVAL);
		}
	}
}

static void interval_range_of_build(void)
{
	struct hak_vrrp_advert adv = sample(1, NULL);
	u8 buf[LEN];
	u32 s;

	for (s = 1; s < 256; s++) {
		adv.interval = s * HAK_NSEC_PER_SEC;
		CHECK_NUM(hak_vrrp_build(buf, LEN, &adv), LEN);
		CHECK_NUM(buf[5], s);
		CHECK_NUM(buf[4], 0);
	}
	adv.interval++;
	CHECK_NUM(hak_vrrp_build(buf, LEN, &adv), 0);
	adv.interval = HAK_NSEC_PER_SEC - 1;
	CHECK_NUM(hak_vrrp_build(buf, LEN, &adv), 0);
	adv.interval = ~(u64)0;
	CHECK_NUM(hak_vrrp_build(buf, LEN, &adv), 0);
}

/* 71 */
static void auth_type_must_be_ours(void)
{
	u32 type;

	for (type = 0; type < 256; type++) {
		CHECK_NUM(parse_with(open_msg, 4, (u8)type, NULL),
			  type == 0 ? HAK_DROP_NONE : HAK_DROP_AUTH);
		CHECK_NUM(parse_with(secret_msg, 4, (u8)type, "secret"),
			  type == 1 ? HAK_DROP_NONE : HAK_DROP_AUTH);
	}
}

/* 72: a short password is filled with zeros */
static void password_must_be_ours(void)
{
	u8 full[LEN];
	u32 at;

	CHECK_NUM(parse(secret_msg, LEN, "secret"), HAK_DROP_NONE);
	CHECK_NUM(parse(secret_msg, LEN, "Secret"), HAK_DROP_AUTH);
	CHECK_NUM(parse(secret_msg, LEN, "secre"), HAK_DROP_AUTH);
	CHECK_NUM(parse(secret_msg, LEN, "secret1"), HAK_DROP_AUTH);
	CHECK_NUM(parse(secret_msg, LEN, NULL), HAK_DROP_AUTH);
	CHECK_NUM(parse(open_msg, LEN, "secret"), HAK_DROP_AUTH);
	for (at = 12; at < LEN; at++)
		CHECK_NUM(parse_with(secret_msg, at, 'x', "secret"), HAK_DROP_AUTH);
	memcpy(full, secret_msg, LEN);
	memcpy(full + 12, "12345678", 8);
	refill_from(full, LEN, 0);
	CHECK_NUM(parse(full, LEN, "12345678"), HAK_DROP_NONE);
	CHECK_NUM(parse(full, LEN, "1234567"), HAK_DROP_AUTH);
}

/* 74 */
static void auth_data_without_password_is_ignored(void)
{
	u32 at;

	for (at = 12; at < LEN; at++)
		CHECK_NUM(parse_with(open_msg, at, 0xff, NULL), HAK_DROP_NONE);
}

/* 82: beside VRRPv2 with seven addresses, which is 44 bytes */
static void carp_is_told_apart(void)
{
	struct hak_vrrp_advert adv = sample(7, NULL);
	u8 carp[36] = { 0x21, 51, 100, 7, 0, 1 }, data[44];

	refill_from(carp, 36, 0);
	CHECK_NUM(parse(carp, 36, NULL), HAK_DROP_CARP);
	CHECK_NUM(hak_vrrp_build(data, 44, &adv), 44);
	CHECK_NUM(parse(data, 44, NULL), HAK_DROP_NONE);
	adv.count = 5;	/* the length of CARP, another count */
	CHECK_NUM(hak_vrrp_build(data, 44, &adv), 36);
	CHECK_NUM(parse(data, 36, NULL), HAK_DROP_NONE);
}

static void trailing_bytes_are_not_summed(void)
{
	u8 data[LEN + 4];

	memset(data, 0xa5, sizeof(data));
	memcpy(data, secret_msg, LEN);
	CHECK_NUM(parse(data, LEN + 4, "secret"), HAK_DROP_NONE);
}

/* Of a wrong interval, sum and password the first in order is named. */
static void order_of_checks(void)
{
	u8 data[LEN];

	memcpy(data, secret_msg, LEN);
	data[5] = 2;
	data[6] ^= 1;
	CHECK_NUM(parse(data, LEN, "other"), HAK_DROP_INTERVAL);
	data[5] = 1;
	CHECK_NUM(parse(data, LEN, "other"), HAK_DROP_CHECKSUM);
	data[6] ^= 1;
	CHECK_NUM(parse(data, LEN, "other"), HAK_DROP_AUTH);
}

static void round_trip_of(u8 count, const char *pass)
{
	struct hak_vrrp_advert adv = sample(count, pass), got;
	struct hak_vrrp_rule rule = rule_of(pass);
	u8 buf[HAK_VRRP_MAX_LEN];
	struct hak_vrrp_meta meta;
	size_t len;

	adv.vrid = count;
	adv.priority = (u8)(255 - count);
	adv.interval = count * HAK_NSEC_PER_SEC;
	rule.interval = adv.interval;
	len = hak_vrrp_build(buf, sizeof(buf), &adv);
	meta = meta_of(len);
	CHECK_NUM(len, 16 + 4 * (size_t)count);
	CHECK_NUM(parse_by(&rule, buf, len, &meta, &got), HAK_DROP_NONE);
	CHECK(same_advert(&got, &adv));
}

static void round_trip(void)
{
	u32 count;

	for (count = 1; count < 256; count++) {
		round_trip_of((u8)count, NULL);
		round_trip_of((u8)count, "a");
		round_trip_of((u8)count, "12345678");
	}
}

const struct tap_test pkt_v2_tests[] = {
	TAP_TEST(known_vectors),
	TAP_TEST(never_a_pseudo_header),
	TAP_TEST(any_wrong_bit_is_dropped),
	TAP_TEST(version_must_be_the_routers),
	TAP_TEST(count_needs_its_bytes),
	TAP_TEST(trailer_must_be_there),
	TAP_TEST(interval_must_be_ours),
	TAP_TEST(interval_range_of_build),
	TAP_TEST(auth_type_must_be_ours),
	TAP_TEST(password_must_be_ours),
	TAP_TEST(auth_data_without_password_is_ignored),
	TAP_TEST(carp_is_told_apart),
	TAP_TEST(trailing_bytes_are_not_summed),
	TAP_TEST(order_of_checks),
	TAP_TEST(round_trip),
};
const size_t pkt_v2_count = TAP_COUNT(pkt_v2_tests);
