/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VRRP messages: bytes to a struct or a drop reason, and back. RFC 9568 with
 * its errata. Nothing in here keeps a pointer into the packet.
 */
#ifndef HAK_CORE_VRRP_PKT_H
#define HAK_CORE_VRRP_PKT_H

#include "env.h"
#include <linux/hak.h>

#define HAK_VRRP_PROTO		112
#define HAK_VRRP_TTL		255
#define HAK_VRRP_GROUP4		0xe0000012U	/* 224.0.0.18, host order */
#define HAK_VRRP_VERSION	3
#define HAK_VRRP_TYPE_ADVERT	1
#define HAK_VRRP_HDR_LEN	8
#define HAK_VRRP_MAX_ADDRS	255
#define HAK_VRRP_MAX_LEN	(HAK_VRRP_HDR_LEN + 4 * HAK_VRRP_MAX_ADDRS)
#define HAK_VRRP_INTERVAL_MAX	4095		/* centiseconds, 12 bits */

/**
 * struct hak_vrrp_meta - what the IP header and the frame say of a message
 * @saddr: source address, host order
 * @daddr: destination address, host order
 * @ttl: time to live
 * @fragment: it is a fragment (offset or more-fragments set)
 * @len: bytes of IP payload by the IP header (total length - header length);
 *	more than the bytes at hand is a length error
 */
struct hak_vrrp_meta {
	u32 saddr;
	u32 daddr;
	u8 ttl;
	bool fragment;
	u32 len;
};

/**
 * struct hak_vrrp_advert - a valid VRRPv3 IPv4 advert
 * @saddr: source address, host order
 * @vrid: virtual router identifier, 1-255
 * @priority: 0-255
 * @count: addresses in @addrs
 * @interval: Max Advertise Interval in ns, 10 ms to 40.95 s
 * @checksum: HAK_CHECKSUM_PLAIN or HAK_CHECKSUM_PSEUDO, the form that verified
 * @addrs: the addresses as sent, network order bytes
 */
struct hak_vrrp_advert {
	u32 saddr;
	u8 vrid;
	u8 priority;
	u8 count;
	u64 interval;
	enum hak_checksum checksum;
	u8 addrs[HAK_VRRP_MAX_ADDRS * 4];
};

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
 * @adv: filled only when HAK_DROP_NONE is returned
 *
 * Checks run cheap to dear: length and fragment (V1), destination, TTL (V2),
 * CARP, version (V3), type (V4), count and length (V5), source (V10: not
 * 0.0.0.0, loopback, multicast, broadcast), interval 0 (V8, erratum 8301),
 * checksum (V6: plain first, then pseudo-header; erratum 8299 drops count 0).
 * Bytes after the last address are legal only as a whole covered by meta->len
 * and are not part of the checksum. Reserved bits are ignored.
 *
 * Return: HAK_DROP_NONE or the reason; the VRID is not looked up here.
 */
enum hak_drop hak_vrrp_parse(const u8 *data, size_t len,
			     const struct hak_vrrp_meta *meta,
			     struct hak_vrrp_advert *adv);

/**
 * hak_vrrp_build() - write an advert
 * @buf: at least HAK_VRRP_HDR_LEN + 4 * adv->count bytes
 * @size: bytes at @buf
 * @adv: what to send; @adv->saddr enters the pseudo-header form
 *
 * Return: bytes written, or 0 when @size is too small, the count is 0 or the
 * interval is out of range.
 */
size_t hak_vrrp_build(u8 *buf, size_t size, const struct hak_vrrp_advert *adv);

/**
 * hak_vrrp_set_priority() - change the priority in a built advert
 * @buf: message written by hak_vrrp_build()
 * @priority: 0-255
 *
 * The checksum is updated in place (RFC 1624).
 */
void hak_vrrp_set_priority(u8 *buf, u8 priority);

#endif /* HAK_CORE_VRRP_PKT_H */
