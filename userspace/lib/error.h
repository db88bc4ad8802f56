/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong, where, and the way out: the same facts for people and for JSON. */
#ifndef HAK_ERROR_H
#define HAK_ERROR_H

#include "util.h"

/** struct hak_at - where a word stands; @file is NULL on the command line */
struct hak_at {
	const char *file;
	unsigned int line;
};

/** enum hak_exit - exit status of the tools */
enum hak_exit {
	HAK_EXIT_OK = 0,
	HAK_EXIT_WORDS = 1,	/* the words are wrong, nothing was sent */
	HAK_EXIT_KERNEL = 2,	/* the kernel refused */
	HAK_EXIT_ABSENT = 3,	/* no module, no family */
};

/**
 * struct hak_error - one error
 * @file: where it stands, or NULL
 * @line: from 1, 0 without a file
 * @word: the word at fault, or NULL
 * @code: short constant for scripts
 * @text: the sentence, without the place
 * @choices: words that are possible there, separated by spaces, or NULL
 */
struct hak_error {
	char *file;
	unsigned int line;
	char *word;
	const char *code;
	char *text;
	char *choices;
};

/** struct hak_errors - all errors of a command or a file */
struct hak_errors {
	struct hak_error *list;
	size_t n;
};

/** hak_error_add() - append an error; returns -1 so that callers can return it */
int hak_error_add(struct hak_errors *errs, struct hak_at at, const char *code, const char *word,
		  const char *choices, const char *fmt, ...) HAK_PRINTF(6, 7);
void hak_errors_sort(struct hak_errors *errs);
void hak_errors_free(struct hak_errors *errs);

#endif /* HAK_ERROR_H */
