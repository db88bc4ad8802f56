// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file: whatever it is, it ends in errors or in a model; a model that is
 * saved and read again is the same, and the way from it to itself is empty.
 * Two files in one input (separated by a form feed): the way between them.
 */
#include "diff.h"
#include "fuzz_userspace.h"

#include <stdlib.h>
#include <string.h>

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool read_text(struct hak_conf *c, const char *text, size_t len)
{
	hak_conf_init(c);
	hak_conf_text(c, "file", text, len);
	hak_conf_finish(c);
	return !c->errs.n;
}

static void saved_is_same(struct hak_conf *c)
{
	struct hak_buf one = { 0 }, two = { 0 };
	struct hak_conf again;
	struct hak_diff d;

	hak_buf_add(&one, "", 0);
	hak_buf_add(&two, "", 0);
	hak_model_save(&c->model, &one);
	must(read_text(&again, one.s, one.len));
	hak_model_save(&again.model, &two);
	must(!strcmp(one.s, two.s));
	hak_diff_make(&d, &c->model, &again.model);
	must(!d.n);
	hak_diff_free(&d);
	hak_conf_free(&again);
	hak_buf_free(&one);
	hak_buf_free(&two);
}

static void between(struct hak_conf *a, struct hak_conf *b)
{
	struct hak_buf sum = { 0 };
	struct hak_diff d;

	hak_diff_make(&d, &a->model, &b->model);
	hak_diff_text(&d, &sum);
	must(sum.len);
	hak_buf_free(&sum);
	hak_diff_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *cut = size ? memchr(text, '\f', size) : NULL;
	size_t len = cut ? (size_t)(cut - text) : size;
	struct hak_conf a, b;
	bool ok = read_text(&a, text, len);

	if (ok)
		saved_is_same(&a);
	if (cut) {
		if (read_text(&b, cut + 1, size - len - 1) && ok)
			between(&a, &b);
		hak_conf_free(&b);
	}
	hak_conf_free(&a);
	return 0;
}
