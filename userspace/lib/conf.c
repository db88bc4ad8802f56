// SPDX-License-Identifier: GPL-2.0-only
#include "parse.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX	8
#define FILE_MAX	(16u << 20)

void hak_conf_init(struct hak_conf *c)
{
	memset(c, 0, sizeof(*c));
	hak_hash_init(&c->hash);
}

static const char *keep_name(struct hak_conf *c, const char *name)
{
	c->names = hak_realloc(c->names, c->n_names + 1, sizeof(*c->names));
	c->names[c->n_names] = hak_strdup(name);
	return c->names[c->n_names++];
}

static void keep_stmt(struct hak_stmt ***list, size_t *n, struct hak_stmt *st)
{
	*list = hak_realloc(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = st;
}

static void add_obj(struct hak_conf *c, struct hak_stmt *st)
{
	const struct hak_obj *old = hak_model_twin(&c->model, st->obj);
	char see[HAK_AT_TEXT];

	if (old) {
		hak_error_add(&c->errs, st->at, "duplicate", st->obj->name, NULL,
			      "%s %s: is there already%s", st->object->name, st->obj->name,
			      hak_at_text(old->at, see));
	} else {
		hak_model_add(&c->model, st->obj);
		st->obj = NULL;
	}
	hak_stmt_free(st);
}

static void take_stmt(struct hak_conf *c, struct hak_stmt *st)
{
	if (st->verb == HAK_V_SET)
		keep_stmt(&c->sets, &c->n_sets, st);
	else if (st->object->id == HAK_O_VIP)
		keep_stmt(&c->vips, &c->n_vips, st);
	else
		add_obj(c, st);
}

/* The pattern of an include line, seen from the folder of the including file. */
static char *include_path(const char *from, const char *pattern)
{
	const char *slash = strrchr(from, '/');

	if (*pattern == '/' || !slash)
		return hak_strdup(pattern);
	return hak_printf("%.*s%s", (int)(slash - from + 1), from, pattern);
}

static void include(struct hak_conf *c, struct hak_at at, int argc, char *const *argv)
{
	glob_t g = { 0 };
	char *path;
	int err;

	if (argc != 2 || !c->files) {
		hak_error_add(&c->errs, at, "bad-value", "include", NULL,
			      c->files ? "include: takes one file or pattern" :
			      "include: stands in files only");
		return;
	}
	if (c->depth >= DEPTH_MAX) {
		hak_error_add(&c->errs, at, "bad-value", "include", NULL,
			      "include: more than %d files deep; does a file include itself?",
			      DEPTH_MAX);
		return;
	}
	path = include_path(at.file, argv[1]);
	err = glob(path, GLOB_ERR, NULL, &g);
	if (err && !(err == GLOB_NOMATCH && strpbrk(path, "*?[")))
		hak_error_add(&c->errs, at, "missing", "include", NULL,
			      "include: %s: no such file", path);
	for (size_t i = 0; !err && i < g.gl_pathc; i++) {
		int e = hak_conf_file(c, g.gl_pathv[i]);

		if (e)
			hak_error_add(&c->errs, at, "missing", "include", NULL, "include: %s: %s",
				      g.gl_pathv[i], strerror(-e));
	}
	globfree(&g);
	free(path);
}

/* `OBJECT NAME` of an `add` line that is wrong; a NAME may be of two words. */
static void keep_failed(struct hak_conf *c, int n, char *const *words)
{
	const struct hak_object *o = hak_object_find(words[0]);
	bool two = n > 3 && o && hak_value_words(o->key.type) == 2;

	hak_buf_printf(&c->failed, "%s %s%s%s\n", words[0], words[2], two ? " " : "",
		       two ? words[3] : "");
}

static void one_line(struct hak_conf *c, struct hak_at at, const char *line, size_t len)
{
	struct hak_stmt *st;
	const char *why;
	char **words;
	int n;

	n = hak_split(line, len, &words, &why);
	if (n < 0) {
		hak_error_add(&c->errs, at, "bad-line", NULL, NULL, "%s", why);
		return;
	}
	if (n && !strcmp(words[0], "include")) {
		include(c, at, n, words);
	} else if (n) {
		st = hak_parse(n, words, at, false, &c->errs);
		if (st)
			take_stmt(c, st);
		else if (n > 2 && !strcmp(words[1], "add"))
			keep_failed(c, n, words);
	}
	hak_split_free(words);
}

void hak_conf_text(struct hak_conf *c, const char *name, const char *text, size_t len)
{
	struct hak_at at = { .file = keep_name(c, name) };
	struct hak_buf line = { 0 };
	unsigned int number = 0;
	size_t pos = 0;

	hak_hash_add(&c->hash, text, len);
	hak_hash_add(&c->hash, "\n#", 2);
	while (pos < len) {
		const char *nl = memchr(text + pos, '\n', len - pos);
		size_t end = nl ? (size_t)(nl - text) : len;
		bool more = end > pos && text[end - 1] == '\\';

		number++;
		if (!line.len)
			at.line = number;
		hak_buf_add(&line, text + pos, end - pos - more);
		if (more)
			hak_buf_puts(&line, " ");
		pos = end + 1;
		if (more && pos < len)
			continue;
		one_line(c, at, line.s, line.len);
		hak_buf_free(&line);
	}
	hak_buf_free(&line);
}

static int read_all(const char *path, struct hak_buf *b)
{
	char chunk[4096];
	FILE *f = fopen(path, "re");
	size_t n;
	int err = 0;

	if (!f)
		return -errno;
	hak_buf_add(b, "", 0);
	while (!err && (n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		hak_buf_add(b, chunk, n);
		if (b->len > FILE_MAX)
			err = -EFBIG;
	}
	if (!err && ferror(f))
		err = errno ? -errno : -EIO;
	fclose(f);
	return err;
}

int hak_conf_file(struct hak_conf *c, const char *path)
{
	struct hak_buf b = { 0 };
	bool files = c->files;
	int err;

	err = read_all(path, &b);
	if (!err) {
		c->files = true;
		c->depth++;
		hak_conf_text(c, path, b.s, b.len);
		c->depth--;
		c->files = files;
	}
	hak_buf_free(&b);
	return err;
}

void hak_conf_free(struct hak_conf *c)
{
	for (size_t i = 0; i < c->n_sets; i++)
		hak_stmt_free(c->sets[i]);
	for (size_t i = 0; i < c->n_vips; i++)
		hak_stmt_free(c->vips[i]);
	for (size_t i = 0; i < c->n_names; i++)
		free(c->names[i]);
	free(c->sets);
	free(c->vips);
	free(c->names);
	hak_buf_free(&c->failed);
	hak_model_free(&c->model);
	hak_errors_free(&c->errs);
	memset(c, 0, sizeof(*c));
}
