// SPDX-License-Identifier: GPL-2.0-only
#include "error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int hak_error_add(struct hak_errors *errs, struct hak_at at, const char *code, const char *word,
		  const char *choices, const char *fmt, ...)
{
	struct hak_error *e;
	va_list ap;

	errs->list = hak_realloc(errs->list, errs->n + 1, sizeof(*errs->list));
	e = &errs->list[errs->n++];
	memset(e, 0, sizeof(*e));
	e->file = at.file ? hak_strdup(at.file) : NULL;
	e->line = at.line;
	e->word = word ? hak_strdup(word) : NULL;
	e->code = code;
	e->choices = choices && *choices ? hak_strdup(choices) : NULL;
	va_start(ap, fmt);
	if (vasprintf(&e->text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return -1;
}

/* Insertion sort: stable, and errors are few. Lines of one file come in order. */
void hak_errors_sort(struct hak_errors *errs)
{
	for (size_t i = 1; i < errs->n; i++) {
		struct hak_error e = errs->list[i];
		size_t j = i;

		while (j && e.file && errs->list[j - 1].file &&
		       !strcmp(e.file, errs->list[j - 1].file) &&
		       errs->list[j - 1].line > e.line) {
			errs->list[j] = errs->list[j - 1];
			j--;
		}
		errs->list[j] = e;
	}
}

void hak_errors_free(struct hak_errors *errs)
{
	for (size_t i = 0; i < errs->n; i++) {
		free(errs->list[i].file);
		free(errs->list[i].word);
		free(errs->list[i].text);
		free(errs->list[i].choices);
	}
	free(errs->list);
	memset(errs, 0, sizeof(*errs));
}
