/* SPDX-License-Identifier: GPL-2.0-only */
/* An address of either family; its length tells which, as in the netlink interface. */
#ifndef HAK_CORE_IP_H
#define HAK_CORE_IP_H

#include "env.h"

#define HAK_IP4_LEN	4
#define HAK_IP6_LEN	16

/**
 * struct hak_ip - an address
 * @b: network order, zero behind @len
 * @w: the same, for alignment and hashing
 * @len: HAK_IP4_LEN, HAK_IP6_LEN, or 0: none
 */
struct hak_ip {
	union {
		u8 b[HAK_IP6_LEN];
		u32 w[4];
	};
	u8 len;
};

/**
 * hak_ip_make() - an address from its bytes
 * @bytes: network order
 * @len: HAK_IP4_LEN or HAK_IP6_LEN, or 0: none
 */
static inline struct hak_ip hak_ip_make(const void *bytes, u8 len)
{
	struct hak_ip ip = { .len = len };

	/* Two constants, so that the compiler sees how little that is. */
	if (len == HAK_IP4_LEN)
		memcpy(ip.b, bytes, HAK_IP4_LEN);
	else if (len)
		memcpy(ip.b, bytes, HAK_IP6_LEN);
	return ip;
}

/**
 * hak_ip_cmp() - compare two addresses
 * @a: one
 * @b: the other, of the same family
 *
 * As unsigned numbers in network order, which is what breaks a tie between two
 * routers (RFC 9568 section 6.4.3).
 *
 * Return: <0, 0, >0.
 */
static inline int hak_ip_cmp(const struct hak_ip *a, const struct hak_ip *b)
{
	return memcmp(a->b, b->b, sizeof(a->b));
}

/**
 * hak_ip_equal() - is it the same address?
 * @a: one
 * @b: the other
 */
static inline bool hak_ip_equal(const struct hak_ip *a, const struct hak_ip *b)
{
	return a->len == b->len && !hak_ip_cmp(a, b);
}

/**
 * hak_ip_same_net() - do two addresses begin with the same bits?
 * @a: one
 * @b: the other, of the same family
 * @plen: so many bits; those beyond the address are the same
 */
static inline bool hak_ip_same_net(const struct hak_ip *a, const struct hak_ip *b, u32 plen)
{
	u32 bytes = plen / 8, bits = plen % 8;

	if (bytes >= a->len)
		return !memcmp(a->b, b->b, a->len);
	return !memcmp(a->b, b->b, bytes) && !((a->b[bytes] ^ b->b[bytes]) >> (8 - bits));
}

/**
 * hak_ip_mask() - the network of an address
 * @ip: all bits but the first become 0
 * @plen: so many first ones stay; all of them when it has fewer
 */
static inline void hak_ip_mask(struct hak_ip *ip, u32 plen)
{
	u32 i;

	for (i = 0; i < ip->len; i++, plen -= plen < 8 ? plen : 8)
		if (plen < 8)
			ip->b[i] &= (u8)(0xff00 >> plen);
}

/**
 * hak_ip_distance() - how many addresses come before another
 * @first: the one
 * @last: the other, of the same family, not before @first
 *
 * Return: 0 when they are the same, 0xffffffff for as many and more.
 */
static inline u32 hak_ip_distance(const struct hak_ip *first, const struct hak_ip *last)
{
	u32 low = first->len - 4U;

	if (memcmp(first->b, last->b, low))
		return 0xffffffff;
	return get_unaligned_be32(last->b + low) - get_unaligned_be32(first->b + low);
}

/**
 * hak_ip_add() - the address that so many others come before
 * @ip: from here on, changed
 * @n: so many; fewer than hak_ip_distance() tells of the last one
 */
static inline void hak_ip_add(struct hak_ip *ip, u32 n)
{
	u32 low = ip->len - 4U;

	put_unaligned_be32(get_unaligned_be32(ip->b + low) + n, ip->b + low);
}

/**
 * hak_ip_link_local() - is it an IPv6 address of one link, fe80::/10?
 * @bytes: 16
 */
static inline bool hak_ip_link_local(const u8 *bytes)
{
	return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

#endif /* HAK_CORE_IP_H */
