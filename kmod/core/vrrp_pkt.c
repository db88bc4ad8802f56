// SPDX-License-Identifier: GPL-2.0-only
#include "vrrp_pkt.h"
#include "csum.h"

/* Offsets in the message, RFC 9568 section 5.1. */
#define OFF_TYPE	0	/* version in the upper, type in the lower half */
#define OFF_VRID	1
#define OFF_PRIORITY	2
#define OFF_COUNT	3
#define OFF_INTERVAL	4	/* 4 reserved bits, 12 bits of centiseconds */
#define OFF_CHECKSUM	6

/*
 * CARP uses the same protocol, group and TTL, and calls itself version 2 type 1
 * too. Its packet has one length and counts 7 words of authentication where
 * VRRP has the number of addresses; VRRPv2 with 7 addresses is longer.
 */
#define CARP_VERSION_TYPE	0x21
#define CARP_LEN		36
#define CARP_AUTH_WORDS		7

#define CSEC_IN_128_NS		78125	/* HAK_NSEC_PER_CSEC >> 7 */

static size_t message_len(const u8 *data)
{
	return HAK_VRRP_HDR_LEN + 4 * (size_t)data[OFF_COUNT];
}

/* Sum of the pseudo-header of RFC 5798 as most implementations read it. */
static u32 pseudo_sum(u32 saddr, size_t len)
{
	u32 sum = hak_csum_add32(HAK_VRRP_PROTO, (u32)len);

	sum = hak_csum_add32(sum, saddr);
	return hak_csum_add32(sum, HAK_VRRP_GROUP4);
}

static bool is_carp(const u8 *data, u32 len)
{
	return len == CARP_LEN && data[OFF_TYPE] == CARP_VERSION_TYPE &&
	       data[OFF_COUNT] == CARP_AUTH_WORDS;
}

static bool source_ok(u32 saddr)
{
	return saddr != 0 &&			/* unspecified */
	       saddr >> 24 != 127 &&		/* loopback */
	       saddr >> 28 != 0xe &&		/* multicast */
	       saddr != 0xffffffffU;		/* broadcast */
}

static enum hak_drop check_ip(size_t len, const struct hak_vrrp_meta *meta)
{
	if (meta->fragment || meta->len > len || meta->len < HAK_VRRP_HDR_LEN)
		return HAK_DROP_PACKET_LENGTH;
	if (meta->daddr != HAK_VRRP_GROUP4)
		return HAK_DROP_DESTINATION;
	if (meta->ttl != HAK_VRRP_TTL)
		return HAK_DROP_IP_TTL;
	return HAK_DROP_NONE;
}

static enum hak_drop check_fields(const u8 *data, const struct hak_vrrp_meta *meta)
{
	if (is_carp(data, meta->len))
		return HAK_DROP_CARP;
	if (data[OFF_TYPE] >> 4 != HAK_VRRP_VERSION)
		return HAK_DROP_VERSION;
	if ((data[OFF_TYPE] & 0xf) != HAK_VRRP_TYPE_ADVERT)
		return HAK_DROP_INVALID_TYPE;
	if (!data[OFF_VRID])
		return HAK_DROP_VRID;
	if (!data[OFF_COUNT] || message_len(data) > meta->len)
		return HAK_DROP_ADDRESS_LIST;
	if (!source_ok(meta->saddr))
		return HAK_DROP_SOURCE;
	if (!(get_unaligned_be16(data + OFF_INTERVAL) & HAK_VRRP_INTERVAL_MAX))
		return HAK_DROP_INTERVAL;
	return HAK_DROP_NONE;
}

static enum hak_drop check_sum(const u8 *data, u32 saddr, enum hak_checksum *form)
{
	size_t len = message_len(data);
	u32 sum = hak_csum_add(0, data, len);

	*form = HAK_CHECKSUM_PLAIN;
	if (sum == 0xffff)
		return HAK_DROP_NONE;
	*form = HAK_CHECKSUM_PSEUDO;
	if (hak_csum_add32(sum, pseudo_sum(saddr, len)) == 0xffff)
		return HAK_DROP_NONE;
	return HAK_DROP_CHECKSUM;
}

bool hak_vrrp_peek(const u8 *data, size_t len, u8 *vrid)
{
	if (len <= OFF_VRID)
		return false;
	*vrid = data[OFF_VRID];
	return true;
}

enum hak_drop hak_vrrp_parse(const u8 *data, size_t len,
			     const struct hak_vrrp_meta *meta,
			     struct hak_vrrp_advert *adv)
{
	enum hak_checksum form;
	enum hak_drop drop;

	drop = check_ip(len, meta);
	if (!drop)
		drop = check_fields(data, meta);
	if (!drop)
		drop = check_sum(data, meta->saddr, &form);
	if (drop)
		return drop;

	adv->saddr = meta->saddr;
	adv->vrid = data[OFF_VRID];
	adv->priority = data[OFF_PRIORITY];
	adv->count = data[OFF_COUNT];
	adv->interval = (get_unaligned_be16(data + OFF_INTERVAL) & HAK_VRRP_INTERVAL_MAX) *
			HAK_NSEC_PER_CSEC;
	adv->checksum = form;
	memcpy(adv->addrs, data + HAK_VRRP_HDR_LEN, 4 * (size_t)adv->count);
	return HAK_DROP_NONE;
}

/* Whole centiseconds in @ns, or 0 when that does not fit the field. */
static u16 interval_field(u64 ns)
{
	if (ns > HAK_VRRP_INTERVAL_MAX * HAK_NSEC_PER_CSEC)
		return 0;
	/* 128 divides a centisecond: what is left fits 32 bits, no u64 division. */
	return (u16)((u32)(ns >> 7) / CSEC_IN_128_NS);
}

size_t hak_vrrp_build(u8 *buf, size_t size, const struct hak_vrrp_advert *adv)
{
	size_t len = HAK_VRRP_HDR_LEN + 4 * (size_t)adv->count;
	u16 interval = interval_field(adv->interval);
	u32 sum = 0;

	if (!adv->count || !interval || size < len)
		return 0;

	buf[OFF_TYPE] = HAK_VRRP_VERSION << 4 | HAK_VRRP_TYPE_ADVERT;
	buf[OFF_VRID] = adv->vrid;
	buf[OFF_PRIORITY] = adv->priority;
	buf[OFF_COUNT] = adv->count;
	put_unaligned_be16(interval, buf + OFF_INTERVAL);
	put_unaligned_be16(0, buf + OFF_CHECKSUM);
	memcpy(buf + HAK_VRRP_HDR_LEN, adv->addrs, 4 * (size_t)adv->count);

	if (adv->checksum == HAK_CHECKSUM_PSEUDO)
		sum = pseudo_sum(adv->saddr, len);
	sum = hak_csum_add(sum, buf, len);
	put_unaligned_be16((u16)~sum, buf + OFF_CHECKSUM);
	return len;
}

void hak_vrrp_set_priority(u8 *buf, u8 priority)
{
	u16 from = get_unaligned_be16(buf + OFF_PRIORITY);
	u16 check = get_unaligned_be16(buf + OFF_CHECKSUM);

	buf[OFF_PRIORITY] = priority;
	check = hak_csum_update(check, from, get_unaligned_be16(buf + OFF_PRIORITY));
	put_unaligned_be16(check, buf + OFF_CHECKSUM);
}
