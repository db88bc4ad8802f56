// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* Bytes of a well-formed UTF-8 sequence at @s, 0 when it is none. */
static size_t utf8_len(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 :
		   (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong, surrogate, beyond Unicode. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return n;
}

static void json_string(FILE *f, const char *s)
{
	fputc('"', f);
	while (*s) {
		size_t n = utf8_len((const unsigned char *)s);

		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s == '\n')
			fputs("\\n", f);
		else if (n == 1 && ((unsigned char)*s < 0x20 || *s == 0x7f))
			fprintf(f, "\\u%04x", (unsigned int)*s);
		else if (n)
			fwrite(s, 1, n, f);
		else
			fputs("\\ufffd", f);
		s += n ? n : 1;
	}
	fputc('"', f);
}

static void indent(const struct hak_out *o)
{
	if (!o->pretty)
		return;
	fputc('\n', o->f);
	for (unsigned int i = 0; i < o->depth; i++)
		fputs("  ", o->f);
}

static void json_key(struct hak_out *o, const char *key)
{
	if (o->filled[o->depth])
		fputc(',', o->f);
	o->filled[o->depth] = true;
	if (o->depth)
		indent(o);
	if (!*key)
		return;
	json_string(o->f, key);
	fputs(o->pretty ? ": " : ":", o->f);
}

void hak_out_open(struct hak_out *o, const char *key, char bracket)
{
	if (!o->json || o->depth + 1 >= HAK_OUT_DEPTH)
		return;
	json_key(o, key ? key : "");
	fputc(bracket, o->f);
	o->filled[++o->depth] = false;
}

void hak_out_close(struct hak_out *o, char bracket)
{
	if (!o->json || !o->depth)
		return;
	if (o->filled[o->depth--])
		indent(o);
	fputc(bracket, o->f);
}

void hak_out_end(struct hak_out *o)
{
	if (!o->json)
		return;
	fputc('\n', o->f);
	o->filled[0] = false;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

void hak_out_str(struct hak_out *o, const char *key, const char *fmt, const char *s)
{
	if (!o->json) {
		if (fmt)
			fprintf(o->f, fmt, s);
		return;
	}
	if (!key)
		return;
	json_key(o, key);
	json_string(o->f, s);
}

void hak_out_num(struct hak_out *o, const char *key, const char *fmt, uint64_t n)
{
	if (!o->json) {
		if (fmt)
			fprintf(o->f, fmt, n);
		return;
	}
	if (!key)
		return;
	json_key(o, key);
	fprintf(o->f, "%" PRIu64, n);
}

void hak_out_int(struct hak_out *o, const char *key, const char *fmt, int64_t n)
{
	if (!o->json) {
		if (fmt)
			fprintf(o->f, fmt, n);
		return;
	}
	if (!key)
		return;
	json_key(o, key);
	fprintf(o->f, "%" PRId64, n);
}

void hak_out_color(struct hak_out *o, enum hak_color color, const char *fmt, const char *s)
{
	static const char *const codes[] = {
		[HAK_COLOR_GOOD] = "\033[32m",
		[HAK_COLOR_BAD] = "\033[1;31m",
		[HAK_COLOR_DIM] = "\033[2m",
	};

	if (o->json)
		return;
	if (o->color)
		fputs(codes[color], o->f);
	fprintf(o->f, fmt, s);
	if (o->color)
		fputs("\033[0m", o->f);
}

#pragma GCC diagnostic pop

void hak_out_bool(struct hak_out *o, const char *key, bool b)
{
	if (!o->json)
		return;
	json_key(o, key);
	fputs(b ? "true" : "false", o->f);
}

void hak_out_null(struct hak_out *o, const char *key)
{
	if (!o->json)
		return;
	json_key(o, key);
	fputs("null", o->f);
}

void hak_out_str_or_null(struct hak_out *o, const char *key, const char *fmt, const char *s)
{
	if (s && *s)
		hak_out_str(o, key, fmt, s);
	else
		hak_out_null(o, key);
}

void hak_out_text(struct hak_out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->json)
		return;
	va_start(ap, fmt);
	vfprintf(o->f, fmt, ap);
	va_end(ap);
}

void hak_out_newline(struct hak_out *o)
{
	hak_out_text(o, o->oneline ? "\\" : "\n");
}

static void error_key(struct hak_out *o, const char *key, const char *s)
{
	if (s)
		hak_out_str(o, key, NULL, s);
	else
		hak_out_null(o, key);
}

static void error_json(struct hak_out *o, const struct hak_error *e)
{
	const char *p = e->choices;
	char word[64];

	hak_out_open(o, NULL, '{');
	hak_out_open(o, "error", '{');
	error_key(o, "file", e->file);
	if (e->line)
		hak_out_num(o, "line", NULL, e->line);
	else
		hak_out_null(o, "line");
	error_key(o, "word", e->word);
	hak_out_str(o, "code", NULL, e->code);
	hak_out_str(o, "text", NULL, e->text);
	hak_out_open(o, "choices", '[');
	while (p && *p) {
		size_t n = strcspn(p, " ");

		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		hak_out_str(o, "", NULL, word);
		p += n + (p[n] == ' ');
	}
	hak_out_close(o, ']');
	hak_out_close(o, '}');
	hak_out_close(o, '}');
	hak_out_end(o);
}

static void error_line(const struct hak_error *e)
{
	if (e->file && e->line)
		fprintf(stderr, "%s:%u: ", e->file, e->line);
	else if (e->file)
		fprintf(stderr, "%s: ", e->file);
	/* What was typed comes back, but it must not steer a terminal. */
	for (const char *p = e->text; *p; p++)
		fputc(iscntrl((unsigned char)*p) ? '?' : *p, stderr);
	fputc('\n', stderr);
}

void hak_out_errors(const struct hak_errors *errs, bool json, bool pretty)
{
	struct hak_out o = { .f = stderr, .json = true, .pretty = pretty };

	for (size_t i = 0; i < errs->n; i++) {
		if (json)
			error_json(&o, &errs->list[i]);
		else
			error_line(&errs->list[i]);
	}
}
