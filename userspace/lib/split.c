// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX	512

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Copies one quoted part; returns the place behind it, or NULL without an end. */
static const char *quoted(const char *p, const char *end, struct hak_buf *word)
{
	char quote = *p++;

	for (; p < end && *p != quote; p++) {
		if (quote == '"' && *p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
			p++;
		hak_buf_add(word, p, 1);
	}
	return p < end ? p + 1 : NULL;
}

static const char *one_word(const char *p, const char *end, struct hak_buf *word)
{
	hak_buf_add(word, "", 0);
	while (p && p < end && !is_space(*p)) {
		if (*p == '"' || *p == '\'')
			p = quoted(p, end, word);
		else
			hak_buf_add(word, p++, 1);
	}
	return p;
}

int hak_split(const char *line, size_t len, char ***words, const char **why)
{
	const char *p = line, *end = line + len;
	int n = 0;

	*why = NULL;
	*words = hak_calloc(1, sizeof(**words));
	if (memchr(line, '\0', len))
		*why = "the line has a NUL byte";
	while (!*why) {
		struct hak_buf word = { 0 };

		while (p < end && is_space(*p))
			p++;
		if (p == end || *p == '#')
			return n;
		p = one_word(p, end, &word);
		*words = hak_realloc(*words, (size_t)n + 2, sizeof(**words));
		(*words)[n++] = word.s;
		(*words)[n] = NULL;
		if (!p)
			*why = "a quote is not closed";
		else if (n == WORDS_MAX)
			*why = "the line has too many words";
	}
	hak_split_free(*words);
	*words = NULL;
	return -1;
}

void hak_split_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}
