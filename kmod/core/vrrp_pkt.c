// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp_pkt.h"
#include "csum.h"

/* Offsets in the message, RFC 9568 section 5.1 and RFC 3768 section 5.1. */
#define OFF_TYPE	0	/* version in the upper, type in the lower half */
#define OFF_VRID	1
#define OFF_PRIORITY	2
#define OFF_COUNT	3
#define OFF_INTERVAL	4	/* 4 reserved bits, 12 bits of centiseconds */
#define OFF_AUTH_TYPE	4	/* version 2 */
#define OFF_SECONDS	5	/* version 2 */
#define OFF_CHECKSUM	6

/* Authentication types of version 2. */
#define AUTH_NONE	0
#define AUTH_SIMPLE	1

/*
 * CARP uses the same protocol, group and TTL, and calls itself version 2 type 1
 * too. Its packet has one length and counts 7 words of authentication where
 * VRRP has the number of addresses; VRRPv2 with 7 addresses is longer.
 */
#define CARP_VERSION_TYPE	0x21
#define CARP_LEN		36
#define CARP_AUTH_WORDS		7

#define CSEC_IN_128_NS		78125	/* HAK_NSEC_PER_CSEC >> 7 */
#define SEC_IN_512_NS		1953125	/* HAK_NSEC_PER_SEC >> 9 */

struct hak_ip hak_vrrp_group(u8 len)
{
	static const u8 group6[HAK_IP6_LEN] = HAK_VRRP_GROUP6;
	u8 group4[HAK_IP4_LEN];

	put_unaligned_be32(HAK_VRRP_GROUP4, group4);
	return hak_ip_make(len == HAK_IP4_LEN ? group4 : group6, len);
}

size_t hak_vrrp_size(u8 version, u8 len, u32 count)
{
	return HAK_VRRP_HDR_LEN + (size_t)len * count +
	       (version == 2 ? HAK_VRRP_AUTH_LEN : 0);
}

static size_t message_len(const u8 *data, u8 alen)
{
	return hak_vrrp_size(data[OFF_TYPE] >> 4, alen, data[OFF_COUNT]);
}

/*
 * Sum of the pseudo-header: of IPv6, and of IPv4 as most implementations read
 * RFC 5798.
 */
static u32 pseudo_sum(const struct hak_ip *saddr, const struct hak_ip *daddr,
		      size_t len)
{
	u32 sum = hak_csum_add32(HAK_VRRP_PROTO, (u32)len);

	sum = hak_csum_add(sum, saddr->b, saddr->len);
	return hak_csum_add(sum, daddr->b, daddr->len);
}

static bool is_carp(const u8 *data, const struct hak_vrrp_meta *meta)
{
	return meta->len == CARP_LEN && data[OFF_TYPE] == CARP_VERSION_TYPE &&
	       data[OFF_COUNT] == CARP_AUTH_WORDS &&
	       meta->saddr.len == HAK_IP4_LEN;
}

static bool source4_ok(u32 saddr)
{
	return saddr != 0 &&			/* unspecified */
	       saddr >> 24 != 127 &&		/* loopback */
	       saddr >> 28 != 0xe &&		/* multicast */
	       saddr != 0xffffffffU;		/* broadcast */
}

static bool source6_ok(const u8 *saddr, bool unicast)
{
	static const u8 zero[HAK_IP6_LEN - 1];

	if (!unicast)
		return hak_ip_link_local(saddr);
	/* Neither :: nor ::1, nor multicast. */
	return saddr[0] != 0xff &&
	       (memcmp(saddr, zero, sizeof(zero)) || saddr[15] > 1);
}

static bool source_ok(const struct hak_ip *saddr, bool unicast)
{
	if (saddr->len == HAK_IP4_LEN)
		return source4_ok(get_unaligned_be32(saddr->b));
	return source6_ok(saddr->b, unicast);
}

static enum hak_drop check_ip(size_t len, const struct hak_vrrp_meta *meta,
			      const struct hak_vrrp_rule *rule)
{
	if (meta->fragment || meta->len > len || meta->len < HAK_VRRP_HDR_LEN)
		return HAK_DROP_PACKET_LENGTH;
	if (!hak_ip_equal(&meta->daddr, &rule->daddr))
		return HAK_DROP_DESTINATION;
	if (meta->ttl < rule->min_ttl)
		return HAK_DROP_IP_TTL;
	return HAK_DROP_NONE;
}

static enum hak_drop check_interval(const u8 *data,
				    const struct hak_vrrp_rule *rule)
{
	if (rule->version == 2)
		return data[OFF_SECONDS] * HAK_NSEC_PER_SEC == rule->interval ?
		       HAK_DROP_NONE : HAK_DROP_INTERVAL;
	return get_unaligned_be16(data + OFF_INTERVAL) & HAK_VRRP_INTERVAL_MAX ?
	       HAK_DROP_NONE : HAK_DROP_INTERVAL;
}

static enum hak_drop check_fields(const u8 *data,
				  const struct hak_vrrp_meta *meta,
				  const struct hak_vrrp_rule *rule)
{
	if (is_carp(data, meta))
		return HAK_DROP_CARP;
	if (data[OFF_TYPE] >> 4 != rule->version)
		return HAK_DROP_VERSION;
	if ((data[OFF_TYPE] & 0xf) != HAK_VRRP_TYPE_ADVERT)
		return HAK_DROP_INVALID_TYPE;
	if (!data[OFF_VRID])
		return HAK_DROP_VRID;
	if (!data[OFF_COUNT] || message_len(data, meta->saddr.len) > meta->len)
		return HAK_DROP_ADDRESS_LIST;
	if (!source_ok(&meta->saddr, rule->unicast))
		return HAK_DROP_SOURCE;
	if (meta->saddr.len == HAK_IP6_LEN &&
	    !hak_ip_link_local(data + HAK_VRRP_HDR_LEN))
		return HAK_DROP_ADDRESS_LIST;
	return check_interval(data, rule);
}

static enum hak_drop check_sum(const u8 *data, const struct hak_vrrp_meta *meta,
			       const struct hak_vrrp_rule *rule,
			       enum hak_checksum *form)
{
	size_t len = message_len(data, meta->saddr.len);
	u32 sum = hak_csum_add(0, data, len);

	*form = HAK_CHECKSUM_PLAIN;
	if (meta->saddr.len == HAK_IP4_LEN && sum == 0xffff)
		return HAK_DROP_NONE;
	if (rule->version == 2)
		return HAK_DROP_CHECKSUM;
	if (meta->saddr.len == HAK_IP4_LEN)
		*form = HAK_CHECKSUM_PSEUDO;
	sum = hak_csum_add32(sum, pseudo_sum(&meta->saddr, &meta->daddr, len));
	return sum == 0xffff ? HAK_DROP_NONE : HAK_DROP_CHECKSUM;
}

static const u8 *auth_data(const u8 *data)
{
	return data + HAK_VRRP_HDR_LEN + HAK_IP4_LEN * (size_t)data[OFF_COUNT];
}

/* What follows the addresses counts only with a password. */
static enum hak_drop check_auth(const u8 *data, const struct hak_vrrp_rule *rule)
{
	if (rule->version != 2)
		return HAK_DROP_NONE;
	if (data[OFF_AUTH_TYPE] != (rule->auth ? AUTH_SIMPLE : AUTH_NONE))
		return HAK_DROP_AUTH;
	if (rule->auth &&
	    memcmp(auth_data(data), rule->pass, HAK_VRRP_AUTH_LEN))
		return HAK_DROP_AUTH;
	return HAK_DROP_NONE;
}

bool hak_vrrp_peek(const u8 *data, size_t len, u8 *vrid)
{
	if (len <= OFF_VRID)
		return false;
	*vrid = data[OFF_VRID];
	return true;
}

static u64 read_interval(const u8 *data, u8 version)
{
	if (version == 2)
		return data[OFF_SECONDS] * HAK_NSEC_PER_SEC;
	return (get_unaligned_be16(data + OFF_INTERVAL) & HAK_VRRP_INTERVAL_MAX) *
	       HAK_NSEC_PER_CSEC;
}

enum hak_drop hak_vrrp_parse(const u8 *data, size_t len,
			     const struct hak_vrrp_meta *meta,
			     const struct hak_vrrp_rule *rule,
			     struct hak_vrrp_advert *adv)
{
	enum hak_checksum form;
	enum hak_drop drop;

	drop = check_ip(len, meta, rule);
	if (!drop)
		drop = check_fields(data, meta, rule);
	if (!drop)
		drop = check_sum(data, meta, rule, &form);
	if (!drop)
		drop = check_auth(data, rule);
	if (drop)
		return drop;

	adv->saddr = meta->saddr;
	adv->daddr = meta->daddr;
	adv->version = rule->version;
	adv->vrid = data[OFF_VRID];
	adv->priority = data[OFF_PRIORITY];
	adv->count = data[OFF_COUNT];
	adv->auth = rule->version == 2 && rule->auth;
	memcpy(adv->pass, rule->pass, sizeof(adv->pass));
	adv->interval = read_interval(data, rule->version);
	adv->checksum = form;
	memcpy(adv->addrs, data + HAK_VRRP_HDR_LEN,
	       (meta->saddr.len == HAK_IP4_LEN ? HAK_IP4_LEN : HAK_IP6_LEN) *
	       (size_t)adv->count);
	return HAK_DROP_NONE;
}

/* Whole centiseconds in @ns, or 0 when that does not fit the field. */
static u16 csec_field(u64 ns)
{
	if (ns > HAK_VRRP_INTERVAL_MAX * HAK_NSEC_PER_CSEC)
		return 0;
	/* 128 divides a centisecond: what is left fits 32 bits, no u64 division. */
	return (u16)((u32)(ns >> 7) / CSEC_IN_128_NS);
}

/* Whole seconds in @ns, or 0 when that does not fit the field. */
static u16 second_field(u64 ns)
{
	if (ns > HAK_VRRP2_INTERVAL_MAX * HAK_NSEC_PER_SEC)
		return 0;
	return (u16)((u32)(ns >> 9) / SEC_IN_512_NS);
}

static u32 sum_to_send(const u8 *buf, size_t len,
		       const struct hak_vrrp_advert *adv)
{
	bool pseudo = adv->saddr.len == HAK_IP6_LEN ||
		      adv->checksum == HAK_CHECKSUM_PSEUDO;
	u32 sum = 0;

	if (adv->version == 3 && pseudo)
		sum = pseudo_sum(&adv->saddr, &adv->daddr, len);
	return hak_csum_add(sum, buf, len);
}

size_t hak_vrrp_build(u8 *buf, size_t size, const struct hak_vrrp_advert *adv)
{
	size_t alen = (size_t)adv->saddr.len * adv->count;
	size_t len = hak_vrrp_size(adv->version, adv->saddr.len, adv->count);
	u16 interval = adv->version == 2 ? second_field(adv->interval) :
					   csec_field(adv->interval);

	if (!adv->count || !interval || size < len)
		return 0;

	buf[OFF_TYPE] = (u8)(adv->version << 4 | HAK_VRRP_TYPE_ADVERT);
	buf[OFF_VRID] = adv->vrid;
	buf[OFF_PRIORITY] = adv->priority;
	buf[OFF_COUNT] = adv->count;
	put_unaligned_be16(interval, buf + OFF_INTERVAL);
	put_unaligned_be16(0, buf + OFF_CHECKSUM);
	memcpy(buf + HAK_VRRP_HDR_LEN, adv->addrs, alen);
	if (adv->version == 2) {
		buf[OFF_AUTH_TYPE] = adv->auth ? AUTH_SIMPLE : AUTH_NONE;
		memset(buf + HAK_VRRP_HDR_LEN + alen, 0, HAK_VRRP_AUTH_LEN);
		if (adv->auth)
			memcpy(buf + HAK_VRRP_HDR_LEN + alen, adv->pass,
			       HAK_VRRP_AUTH_LEN);
	}
	put_unaligned_be16((u16)~sum_to_send(buf, len, adv), buf + OFF_CHECKSUM);
	return len;
}
