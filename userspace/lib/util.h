/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that does not fail, strings, and the clock. */
#ifndef HAK_UTIL_H
#define HAK_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HAK_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define HAK_PRINTF(f, a)	__attribute__((format(printf, f, a)))

#define HAK_NS_MS	UINT64_C(1000000)
#define HAK_NS_S	UINT64_C(1000000000)

/** struct hak_buf - a string that grows; @s is never NULL after the first write */
struct hak_buf {
	char *s;
	size_t len;
	size_t size;
};

/* These end the process when memory is out: nothing useful could follow. */
void *hak_calloc(size_t n, size_t size);
void *hak_realloc(void *p, size_t n, size_t size);
char *hak_strdup(const char *s);
char *hak_strndup(const char *s, size_t n);
char *hak_printf(const char *fmt, ...) HAK_PRINTF(1, 2);

void hak_buf_add(struct hak_buf *b, const char *s, size_t n);
void hak_buf_puts(struct hak_buf *b, const char *s);
void hak_buf_printf(struct hak_buf *b, const char *fmt, ...) HAK_PRINTF(2, 3);
void hak_buf_free(struct hak_buf *b);

/** hak_copy() - strcpy with a bound; what does not fit is cut */
void hak_copy(char *dst, size_t size, const char *src);

uint64_t hak_now_mono(void);	/* ns */
uint64_t hak_now_wall(void);	/* ns since 1970 */

/** struct hak_hash - 128 bit fingerprint (two FNV-1a lanes), not cryptographic */
struct hak_hash {
	uint64_t lane[2];
};

#define HAK_HASH_TEXT	33

void hak_hash_init(struct hak_hash *h);
void hak_hash_add(struct hak_hash *h, const void *data, size_t len);
void hak_hash_text(const struct hak_hash *h, char out[HAK_HASH_TEXT]);

#endif /* HAK_UTIL_H */
