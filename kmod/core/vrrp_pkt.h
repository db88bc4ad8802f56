/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VRRP messages: bytes to a struct or a drop reason, and back. Version 3 for
 * IPv4 and IPv6 as RFC 9568 with its errata has it, version 2 as RFC 3768, with
 * the simple password of RFC 2338. Nothing in here keeps a pointer into the
 * packet.
 */
#ifndef HAK_CORE_VRRP_PKT_H
#define HAK_CORE_VRRP_PKT_H

#include "env.h"
#include "ip.h"
#include <linux/hak.h>

#define HAK_VRRP_PROTO		112
#define HAK_VRRP_TTL		255
#define HAK_VRRP_GROUP4		0xe0000012U	/* 224.0.0.18, host order */
#define HAK_VRRP_GROUP6		{ 0xff, 0x02, [15] = 0x12 }	/* ff02::12 */
#define HAK_VRRP_TYPE_ADVERT	1
#define HAK_VRRP_HDR_LEN	8
#define HAK_VRRP_AUTH_LEN	8	/* behind the addresses of version 2 */
#define HAK_VRRP_MAX_ADDRS	255
#define HAK_VRRP_MAX_LEN	(HAK_VRRP_HDR_LEN + HAK_IP6_LEN * HAK_VRRP_MAX_ADDRS)
#define HAK_VRRP_INTERVAL_MAX	4095		/* version 3: centiseconds, 12 bits */
#define HAK_VRRP2_INTERVAL_MAX	255		/* version 2: seconds */

/**
 * struct hak_vrrp_meta - what the IP header and the frame say of a message
 * @saddr: source address
 * @daddr: destination address
 * @ttl: time to live or hop limit
 * @fragment: it is a fragment (offset or more-fragments set)
 * @len: bytes of IP payload by the IP header; more than the bytes at hand is a
 *	length error
 */
struct hak_vrrp_meta {
	struct hak_ip saddr;
	struct hak_ip daddr;
	u8 ttl;
	bool fragment;
	u32 len;
};

/**
 * struct hak_vrrp_rule - what a router takes; its family is that of @daddr
 * @daddr: where adverts for it go: the group, or with peers its own address
 * @version: 2 or 3
 * @min_ttl: 1-255; less than 255 only with peers
 * @unicast: it has peers: an IPv6 source need not be link-local
 * @auth: version 2: it has a password
 * @pass: that, zero behind its end
 * @interval: ns; version 2: the only one that is taken
 */
struct hak_vrrp_rule {
	struct hak_ip daddr;
	u8 version;
	u8 min_ttl;
	bool unicast;
	bool auth;
	u8 pass[HAK_VRRP_AUTH_LEN];
	u64 interval;
};

/**
 * struct hak_vrrp_advert - a valid advert
 * @saddr: source address; its family is that of the advert
 * @daddr: destination address
 * @version: 2 or 3
 * @vrid: virtual router identifier, 1-255
 * @priority: 0-255
 * @count: addresses in @addrs
 * @auth: version 2: @pass is sent
 * @pass: simple password
 * @interval: Max Advertise Interval in ns, 10 ms to 40.95 s; version 2: whole
 *	seconds to 255 s
 * @checksum: of version 3 and IPv4: HAK_CHECKSUM_PLAIN or HAK_CHECKSUM_PSEUDO, the
 *	form that verified; else HAK_CHECKSUM_PLAIN
 * @addrs: the addresses as sent, network order bytes
 */
struct hak_vrrp_advert {
	struct hak_ip saddr;
	struct hak_ip daddr;
	u8 version;
	u8 vrid;
	u8 priority;
	u8 count;
	bool auth;
	u8 pass[HAK_VRRP_AUTH_LEN];
	u64 interval;
	enum hak_checksum checksum;
	u8 addrs[HAK_VRRP_MAX_ADDRS * HAK_IP6_LEN];
};

/**
 * hak_vrrp_group() - the group that adverts of a family go to
 * @len: HAK_IP4_LEN or HAK_IP6_LEN
 */
struct hak_ip hak_vrrp_group(u8 len);

/**
 * hak_vrrp_size() - length of a message
 * @version: 2 or 3
 * @len: of an address, HAK_IP4_LEN or HAK_IP6_LEN
 * @count: addresses
 *
 * Return: bytes.
 */
size_t hak_vrrp_size(u8 version, u8 len, u32 count);

/**
 * hak_vrrp_peek() - tell whose message this is without trusting it
 * @data: IP payload
 * @len: bytes at @data
 * @vrid: set to the VRID field when there is one
 *
 * Lets the caller count a later drop at the router it was meant for.
 *
 * Return: true when the bytes reach as far as the VRID.
 */
bool hak_vrrp_peek(const u8 *data, size_t len, u8 *vrid);

/**
 * hak_vrrp_parse() - check an advert in full and read it
 * @data: IP payload, linear
 * @len: bytes at @data
 * @meta: of its IP header
 * @rule: of the router that has its VRID
 * @adv: filled only when HAK_DROP_NONE is returned
 *
 * Checks run cheap to dear: length and fragment (V1), destination, TTL (V2),
 * CARP, version (V3), type (V4), count and length (V5), source (V10: not
 * unspecified, loopback, multicast, broadcast; IPv6: link-local, unless there
 * are peers), the first IPv6 address link-local (V9, erratum 8300), interval 0
 * (V8, erratum 8301) or, in version 2, unlike ours (V12), checksum (V6: plain
 * first, then pseudo-header; erratum 8299 drops count 0), authentication (V13).
 * Bytes after the message are legal only as a whole covered by meta->len and
 * are not part of the checksum. Reserved bits are ignored.
 *
 * Return: HAK_DROP_NONE or the reason; the VRID is not looked up here.
 */
enum hak_drop hak_vrrp_parse(const u8 *data, size_t len,
			     const struct hak_vrrp_meta *meta,
			     const struct hak_vrrp_rule *rule,
			     struct hak_vrrp_advert *adv);

/**
 * hak_vrrp_build() - write an advert
 * @buf: at least hak_vrrp_size() bytes
 * @size: bytes at @buf
 * @adv: what to send; its addresses enter the pseudo-header
 *
 * Return: bytes written, or 0 when @size is too small, the count is 0 or the
 * interval is out of range.
 */
size_t hak_vrrp_build(u8 *buf, size_t size, const struct hak_vrrp_advert *adv);

#endif /* HAK_CORE_VRRP_PKT_H */
