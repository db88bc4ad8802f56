/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the parser share. */
#ifndef HAK_UNIT_PKT_RIG_H
#define HAK_UNIT_PKT_RIG_H

#include "vrrp_pkt.h"
#include <stdlib.h>

static inline struct hak_ip ip4(u32 host_order)
{
	u8 b[HAK_IP4_LEN];

	put_unaligned_be32(host_order, b);
	return hak_ip_make(b, sizeof(b));
}

/* An address of 16 bytes: its first two and its last two. */
static inline struct hak_ip ip6(u16 first, u16 last)
{
	u8 b[HAK_IP6_LEN] = { 0 };

	put_unaligned_be16(first, b);
	put_unaligned_be16(last, b + 14);
	return hak_ip_make(b, sizeof(b));
}

/* Parse a copy that ends where the heap block ends: ASan sees any byte too far. */
static inline enum hak_drop parse_by(const struct hak_vrrp_rule *rule, const u8 *data, size_t len,
				     const struct hak_vrrp_meta *meta,
				     struct hak_vrrp_advert *adv)
{
	u8 *copy = malloc(len ? len : 1);
	struct hak_vrrp_advert unused;
	enum hak_drop drop;

	memcpy(copy + (len ? 0 : 1), data, len);
	drop = hak_vrrp_parse(copy + (len ? 0 : 1), len, meta, rule, adv ? adv : &unused);
	free(copy);
	return drop;
}

/* Not the code under test: words of 16 bits, then the carries. */
static inline u32 words(const u8 *data, size_t len)
{
	u32 sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (u32)data[i] << 8 | data[i + 1];
	return sum;
}

/* Make the sum right: over the message, after @start for a pseudo-header. */
static inline void refill_from(u8 *data, size_t len, u32 start)
{
	u32 sum;

	data[6] = 0;
	data[7] = 0;
	sum = start + words(data, len);
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	data[6] = (u8)(~sum >> 8);
	data[7] = (u8)~sum;
}

static inline bool same_advert(const struct hak_vrrp_advert *a, const struct hak_vrrp_advert *b)
{
	return hak_ip_equal(&a->saddr, &b->saddr) && hak_ip_equal(&a->daddr, &b->daddr) &&
	       a->version == b->version && a->vrid == b->vrid && a->priority == b->priority &&
	       a->count == b->count && a->interval == b->interval && a->auth == b->auth &&
	       (!a->auth || !memcmp(a->pass, b->pass, sizeof(a->pass))) &&
	       a->checksum == b->checksum &&
	       !memcmp(a->addrs, b->addrs, (size_t)a->saddr.len * a->count);
}

#endif /* HAK_UNIT_PKT_RIG_H */
