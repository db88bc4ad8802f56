// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arbitrary messages under arbitrary IP headers. The first byte says what is
 * repaired, so that the input need not guess checksums:
 *	1 destination, 2 TTL and no fragment, 4 length, 8 plain sum, 16 pseudo sum
 * and, with 32, 64 and 128, what the rule is: IPv6, version 2, peers. Then the
 * least TTL or the seconds of version 2, source, destination, TTL, fragment,
 * length; the rest is the message.
 */
#include "fuzz.h"
#include "vrrp_pkt.h"

#define FIX_DESTINATION	1
#define FIX_TTL		2
#define FIX_LENGTH	4
#define FIX_PLAIN	8
#define FIX_PSEUDO	16
#define RULE_IP6	32
#define RULE_V2		64
#define RULE_UNICAST	128

/* Not the code under test: big-endian words into a wide sum. */
static u64 wide_sum(const u8 *data, size_t len)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += (u64)data[i] << (i % 2 ? 0 : 8);
	return sum;
}

static u64 wide_pseudo(const struct hak_vrrp_meta *meta, size_t len)
{
	return wide_sum(meta->saddr.b, meta->saddr.len) +
	       wide_sum(meta->daddr.b, meta->daddr.len) + 112 + len;
}

static size_t listed_len(const u8 *msg, u8 alen)
{
	return 8 + alen * (size_t)msg[3] + (msg[0] >> 4 == 2 ? 8 : 0);
}

static void repair_sum(u8 *msg, size_t len, const struct hak_vrrp_meta *meta, bool pseudo)
{
	u8 alen = meta->saddr.len;
	u64 sum;

	if (len < 8 || len < listed_len(msg, alen))
		return;
	msg[6] = 0;
	msg[7] = 0;
	sum = wide_sum(msg, listed_len(msg, alen));
	if (pseudo)
		sum += wide_pseudo(meta, listed_len(msg, alen));
	sum = 0xffff - sum % 0xffff;
	msg[6] = (u8)(sum >> 8);
	msg[7] = (u8)sum;
}

static void check_source(const struct hak_ip *ip, bool unicast)
{
	static const u8 zero[15];

	if (ip->len == 4) {
		MUST(memcmp(ip->b, zero, 4) && ip->b[0] != 127 && ip->b[0] >> 4 != 14);
	} else {
		MUST(ip->b[0] != 0xff && (memcmp(ip->b, zero, 15) || ip->b[15] > 1));
		MUST(unicast || (ip->b[0] == 0xfe && ip->b[1] >> 6 == 2));
	}
}

static void check_v2(const u8 *msg, const struct hak_vrrp_rule *rule,
		     const struct hak_vrrp_advert *adv)
{
	MUST(adv->saddr.len == 4 && adv->checksum == HAK_CHECKSUM_PLAIN);
	MUST(msg[4] == rule->auth && adv->auth == rule->auth);
	MUST(!rule->auth || !memcmp(msg + 8 + 4 * (size_t)msg[3], rule->pass, 8));
	MUST(adv->interval == msg[5] * HAK_NSEC_PER_SEC && adv->interval == rule->interval);
}

static void check_v3(const u8 *msg, const struct hak_vrrp_advert *adv)
{
	MUST(adv->interval == ((msg[4] & 15) * 256ULL + msg[5]) * 10000000);
	MUST(adv->interval >= HAK_NSEC_PER_CSEC && !adv->auth);
	MUST(adv->saddr.len == 4 || (msg[8] == 0xfe && msg[9] >> 6 == 2));
}

static void check_taken(const u8 *msg, size_t len, const struct hak_vrrp_meta *meta,
			const struct hak_vrrp_rule *rule, const struct hak_vrrp_advert *adv)
{
	u8 alen = meta->saddr.len;
	size_t listed = listed_len(msg, alen);
	u64 sum = wide_sum(msg, listed);

	MUST(len >= 8 && meta->len <= len && listed <= meta->len);
	MUST(meta->ttl >= rule->min_ttl && !meta->fragment);
	MUST(!memcmp(meta->daddr.b, rule->daddr.b, 16));
	check_source(&meta->saddr, rule->unicast);
	MUST(msg[0] == (rule->version << 4 | 1) && adv->version == rule->version);
	MUST(!memcmp(&adv->saddr, &meta->saddr, sizeof(adv->saddr)));
	MUST(!memcmp(&adv->daddr, &meta->daddr, sizeof(adv->daddr)));
	MUST(adv->vrid == msg[1] && adv->vrid);
	MUST(adv->priority == msg[2] && adv->count == msg[3] && adv->count);
	MUST(!memcmp(adv->addrs, msg + 8, alen * (size_t)adv->count));
	MUST(adv->checksum == HAK_CHECKSUM_PLAIN || adv->checksum == HAK_CHECKSUM_PSEUDO);
	if (rule->version == 2)
		check_v2(msg, rule, adv);
	else
		check_v3(msg, adv);
	if (alen == 16 || adv->checksum == HAK_CHECKSUM_PSEUDO)
		sum += wide_pseudo(meta, listed);
	MUST(sum % 0xffff == 0);
}

/* What was taken can be sent, and arrives as the same. */
static void check_round_trip(const struct hak_vrrp_meta *meta, const struct hak_vrrp_rule *rule,
			     const struct hak_vrrp_advert *adv)
{
	struct hak_vrrp_meta again = *meta;
	struct hak_vrrp_advert got;
	u8 buf[HAK_VRRP_MAX_LEN], other[HAK_VRRP_MAX_LEN];
	size_t len = hak_vrrp_build(buf, sizeof(buf), adv);

	MUST(len == hak_vrrp_size(adv->version, adv->saddr.len, adv->count));
	MUST(!hak_vrrp_build(other, len - 1, adv));
	again.len = (u32)len;
	MUST(hak_vrrp_parse(buf, len, &again, rule, &got) == HAK_DROP_NONE);
	/* A plain sum may verify where the pseudo sum was meant, when both do. */
	MUST(got.checksum == adv->checksum || got.checksum == HAK_CHECKSUM_PLAIN);
	MUST(got.vrid == adv->vrid && got.priority == adv->priority &&
	     got.count == adv->count && got.interval == adv->interval &&
	     !memcmp(got.addrs, adv->addrs, adv->saddr.len * (size_t)adv->count));
}

static struct hak_ip take_ip(struct bytes *in, u8 len)
{
	u8 b[HAK_IP6_LEN];
	u8 i;

	for (i = 0; i < len; i++)
		b[i] = take8(in);
	return hak_ip_make(b, len);
}

static struct hak_vrrp_rule take_rule(struct bytes *in, u8 mode)
{
	struct hak_vrrp_rule rule = {
		.version = mode & RULE_V2 ? 2 : 3, .min_ttl = HAK_VRRP_TTL,
		.unicast = mode & RULE_UNICAST, .interval = HAK_NSEC_PER_SEC,
	};
	static const u8 own[HAK_IP6_LEN] = { 10, 0, 0, 20 };
	u8 len = mode & RULE_IP6 ? HAK_IP6_LEN : HAK_IP4_LEN;
	u8 b = take8(in);

	rule.daddr = rule.unicast ? hak_ip_make(own, len) : hak_vrrp_group(len);
	if (rule.unicast)
		rule.min_ttl = b | 1;
	rule.auth = rule.version == 2 && b & 0x80;
	rule.interval = (1 + b % 8) * HAK_NSEC_PER_SEC;
	if (rule.auth)
		memcpy(rule.pass, "secret", 6);
	return rule;
}

static struct hak_vrrp_meta take_meta(struct bytes *in, u8 len)
{
	struct hak_vrrp_meta meta;

	meta.saddr = take_ip(in, len);
	meta.daddr = take_ip(in, len);
	meta.ttl = take8(in);
	meta.fragment = take8(in) & 1;
	meta.len = take32(in);
	return meta;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	u8 fix = take8(&in), vrid;
	struct hak_vrrp_rule rule = take_rule(&in, fix);
	struct hak_vrrp_meta meta = take_meta(&in, rule.daddr.len);
	struct hak_vrrp_advert adv, poison;
	size_t len = in.left;
	u8 *msg = malloc(len + !len);	/* ASan guards its end */
	enum hak_drop drop;

	if (len)
		memcpy(msg, in.data, len);
	if (fix & FIX_DESTINATION)
		meta.daddr = rule.daddr;
	if (fix & FIX_TTL) {
		meta.ttl = HAK_VRRP_TTL;
		meta.fragment = false;
	}
	if (fix & FIX_LENGTH)
		meta.len = (u32)len;
	if (fix & (FIX_PLAIN | FIX_PSEUDO))
		repair_sum(msg, len, &meta, fix & FIX_PSEUDO);

	memset(&adv, 0x5a, sizeof(adv));
	memset(&poison, 0x5a, sizeof(poison));
	MUST(hak_vrrp_peek(msg, len, &vrid) == (len >= 2));
	MUST(len < 2 || vrid == msg[1]);
	drop = hak_vrrp_parse(msg, len, &meta, &rule, &adv);
	MUST(drop >= HAK_DROP_NONE && drop <= HAK_DROP_MAX);
	if (drop) {
		MUST(!memcmp(&adv, &poison, sizeof(adv)));
	} else {
		check_taken(msg, len, &meta, &rule, &adv);
		check_round_trip(&meta, &rule, &adv);
	}
	free(msg);
	return 0;
}
