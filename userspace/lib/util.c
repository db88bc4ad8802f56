// SPDX-License-Identifier: GPL-2.0-only
#include "util.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void out_of_memory(void)
{
	fputs("hak: out of memory\n", stderr);
	abort();
}

void *hak_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *hak_realloc(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n ? n : 1, size);
	if (!p)
		out_of_memory();
	return p;
}

char *hak_strndup(const char *s, size_t n)
{
	char *p = strndup(s, n);

	if (!p)
		out_of_memory();
	return p;
}

char *hak_strdup(const char *s)
{
	return hak_strndup(s, strlen(s));
}

static char *vprintf_alloc(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		out_of_memory();
	return s;
}

char *hak_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vprintf_alloc(fmt, ap);
	va_end(ap);
	return s;
}

void hak_buf_add(struct hak_buf *b, const char *s, size_t n)
{
	if (b->size - b->len < n + 1) {
		b->size = (b->len + n + 1) * 2;
		b->s = hak_realloc(b->s, b->size, 1);
	}
	if (n)
		memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void hak_buf_puts(struct hak_buf *b, const char *s)
{
	hak_buf_add(b, s, strlen(s));
}

void hak_buf_printf(struct hak_buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = vprintf_alloc(fmt, ap);
	va_end(ap);
	hak_buf_puts(b, s);
	free(s);
}

void hak_buf_free(struct hak_buf *b)
{
	free(b->s);
	memset(b, 0, sizeof(*b));
}

void hak_copy(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src);

	if (!size)
		return;
	if (n >= size)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
}

static uint64_t now(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts))
		return 0;
	return (uint64_t)ts.tv_sec * HAK_NS_S + (uint64_t)ts.tv_nsec;
}

uint64_t hak_now_mono(void)
{
	return now(CLOCK_MONOTONIC);
}

uint64_t hak_now_wall(void)
{
	return now(CLOCK_REALTIME);
}

void hak_hash_init(struct hak_hash *h)
{
	h->lane[0] = 0xcbf29ce484222325ull;
	h->lane[1] = 0x9ae16a3b2f90404full;
}

void hak_hash_add(struct hak_hash *h, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++) {
		h->lane[0] = (h->lane[0] ^ p[i]) * 0x100000001b3ull;
		h->lane[1] = (h->lane[1] ^ (uint8_t)(p[i] + i)) * 0x100000001b3ull;
	}
}

void hak_hash_text(const struct hak_hash *h, char out[HAK_HASH_TEXT])
{
	snprintf(out, HAK_HASH_TEXT, "%016" PRIx64 "%016" PRIx64, h->lane[0], h->lane[1]);
}
