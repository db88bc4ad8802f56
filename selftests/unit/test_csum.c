// SPDX-License-Identifier: GPL-2.0-only
#include "csum.h"
#include "suites.h"
#include <stdlib.h>

/* Section 3 of RFC 1071 works this one out. */
static void rfc1071_example(void)
{
	static const u8 data[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	CHECK_NUM(hak_csum_add(0, data, sizeof(data)), 0xddf2);
}

/* Section 4 of RFC 1624: the method of RFC 1141 gives ffff here. */
static void rfc1624_example(void)
{
	CHECK_NUM(hak_csum_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}

static void odd_byte_is_upper_half(void)
{
	static const u8 data[] = { 0x12, 0x34, 0x56 };

	CHECK_NUM(hak_csum_add(0, data, 3), 0x1234 + 0x5600);
	CHECK_NUM(hak_csum_add(0, data, 1), 0x1200);
	CHECK_NUM(hak_csum_add(7, data, 0), 7);
}

static void carries_fold(void)
{
	u8 *data = malloc(65536);

	memset(data, 0xff, 65536);
	CHECK_NUM(hak_csum_add(0, data, 65536), 0xffff);
	CHECK_NUM(hak_csum_add(0xffffffff, data, 65535), 0xff00);
	CHECK_NUM(hak_csum_add32(0xffffffff, 0xffffffff), 0xffff);
	CHECK_NUM(hak_csum_add32(0xffff, 1), 1);
	/* The carry of the first fold carries again. */
	CHECK_NUM(hak_csum_add32(0xffff, 0xffff0001), 1);
	CHECK_NUM(hak_csum_update(0, 0, 1), 0xfffe);
	free(data);
}

static void unaligned_is_the_same(void)
{
	u8 data[33];
	u32 i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (u8)(i * 37 + 5);
	for (i = 0; i < 8; i++) {
		u8 moved[64];

		memcpy(moved + i, data, sizeof(data));
		CHECK_NUM(hak_csum_add(0, moved + i, sizeof(data)),
			  hak_csum_add(0, data, sizeof(data)));
	}
}

/* Against the definition, in arithmetic modulo 65535, for many words. */
static void update_equals_recompute(void)
{
	u32 from, to;

	for (from = 0; from < 0x10000; from += 251) {
		for (to = 0; to < 0x10000; to += 257) {
			u8 before[4] = { 0x31, 0x33, (u8)(from >> 8), (u8)from };
			u8 after[4] = { 0x31, 0x33, (u8)(to >> 8), (u8)to };
			u16 old = (u16)~hak_csum_add(0, before, 4);
			u16 new = (u16)~hak_csum_add(0, after, 4);

			if (!CHECK_MSG(hak_csum_update(old, (u16)from, (u16)to) == new,
				       "from %04x to %04x", from, to))
				return;
		}
	}
}

const struct tap_test csum_tests[] = {
	TAP_TEST(rfc1071_example),
	TAP_TEST(rfc1624_example),
	TAP_TEST(odd_byte_is_upper_half),
	TAP_TEST(carries_fold),
	TAP_TEST(unaligned_is_the_same),
	TAP_TEST(update_equals_recompute),
};
const size_t csum_count = TAP_COUNT(csum_tests);
