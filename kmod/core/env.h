/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What pure code may use, in the kernel and on a host. The only place in
 * kmod/core that knows which of the two it is built for.
 */
#ifndef HAK_CORE_ENV_H
#define HAK_CORE_ENV_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

static inline u16 get_unaligned_be16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] << 8 | b[1]);
}

static inline u32 get_unaligned_be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static inline void put_unaligned_be16(u16 v, void *p)
{
	u8 *b = p;

	b[0] = (u8)(v >> 8);
	b[1] = (u8)v;
}

static inline void put_unaligned_be32(u32 v, void *p)
{
	u8 *b = p;

	b[0] = (u8)(v >> 24);
	b[1] = (u8)(v >> 16);
	b[2] = (u8)(v >> 8);
	b[3] = (u8)v;
}
#endif /* __KERNEL__ */

#define HAK_NSEC_PER_MSEC	1000000ULL
#define HAK_NSEC_PER_CSEC	10000000ULL
#define HAK_NSEC_PER_SEC	1000000000ULL

#endif /* HAK_CORE_ENV_H */
