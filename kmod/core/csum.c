// SPDX-License-Identifier: GPL-2.0-only
#include "csum.h"

static u32 fold(u32 sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	return (sum >> 16) + (sum & 0xffff);
}

u32 hak_csum_add(u32 sum, const u8 *data, size_t len)
{
	sum = fold(sum);
	for (; len > 1; len -= 2, data += 2) {
		sum += get_unaligned_be16(data);
		/* One carry at most: the sum stays below 2^17 before it. */
		sum = (sum >> 16) + (sum & 0xffff);
	}
	if (len)
		sum += (u32)data[0] << 8;
	return fold(sum);
}

u32 hak_csum_add32(u32 sum, u32 word)
{
	return fold(fold(sum) + (word >> 16) + (word & 0xffff));
}

u16 hak_csum_update(u16 check, u16 from, u16 to)
{
	u32 sum = (u16)~check;

	sum += (u16)~from;
	sum += to;
	return (u16)~fold(sum);
}
