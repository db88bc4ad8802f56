/* SPDX-License-Identifier: GPL-2.0-only */
/* What the targets share: bytes to numbers, and a way to fail. */
#ifndef HAK_FUZZ_FUZZ_H
#define HAK_FUZZ_FUZZ_H

#include "env.h"
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(cond) do {								\
	if (!(cond)) {								\
		fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #cond); \
		abort();							\
	}									\
} while (0)

/* The input, used up from the front; zeros when there is no more. */
struct bytes {
	const u8 *data;
	size_t left;
};

static inline u8 take8(struct bytes *b)
{
	if (!b->left)
		return 0;
	b->left--;
	return *b->data++;
}

static inline u32 take32(struct bytes *b)
{
	u32 v = 0;
	int i;

	for (i = 0; i < 4; i++)
		v = v << 8 | take8(b);
	return v;
}

static inline u64 take64(struct bytes *b)
{
	u64 hi = take32(b);

	return hi << 32 | take32(b);
}

#endif /* HAK_FUZZ_FUZZ_H */
