// SPDX-License-Identifier: GPL-2.0-only
/* Whole configurations: load, test, save, flush. */
#include "cmd.h"

#include "rundir.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RETRIES	20

/**
 * struct load - a file on its way into the kernel
 * @ctx: of the command
 * @path: of the file, NULL: nothing is wanted
 * @keep: delete nothing
 * @locked: the run folder is ours
 * @wanted: what the file says
 * @is: what runs
 * @checks: the check lines that run
 * @checks_err: why @checks could not be read, or 0
 * @config: generation and tag of what runs
 * @diff: the way
 */
struct load {
	struct hak_ctx *ctx;
	const char *path;
	bool keep;
	bool locked;
	struct hak_conf wanted;
	struct hak_model is;
	struct hak_checks checks;
	int checks_err;
	struct hak_config config;
	struct hak_diff diff;
};

static void load_free(struct load *l)
{
	hak_diff_free(&l->diff);
	hak_conf_free(&l->wanted);
	hak_model_free(&l->is);
	hak_checks_free(&l->checks);
}

static void move_list(struct hak_model *to, struct hak_model *from, enum hak_object_id id)
{
	while (from->list[id].first) {
		struct hak_obj *o = from->list[id].first;

		hak_model_remove(from, o);
		hak_model_add(to, o);
	}
}

/* With `keep`, what runs is wanted as well, unless the file says otherwise. */
static void keep_objects(struct load *l, bool vips)
{
	for (unsigned int id = 0; id < HAK_O_COUNT; id++) {
		if ((id == HAK_O_VIP) != vips)
			continue;
		for (struct hak_obj *o = l->is.list[id].first; o; o = o->next) {
			if (!hak_model_twin(&l->wanted.model, o))
				hak_model_add(&l->wanted.model, hak_obj_copy(o));
		}
	}
}

static int print_errors(struct load *l, const char *command)
{
	size_t n = l->wanted.errs.n;

	hak_out_errors(&l->wanted.errs, l->ctx->out.json, l->ctx->out.pretty);
	if (!l->ctx->out.json)
		fprintf(stderr, "%s: %zu error%s, nothing changed.\n", command, n,
			n == 1 ? "" : "s");
	return HAK_EXIT_WORDS;
}

static bool is_empty(const struct hak_conf *c)
{
	for (unsigned int i = 0; i < HAK_O_COUNT; i++)
		if (c->model.list[i].n)
			return false;
	return !c->n_sets && !c->n_vips && !c->errs.n;
}

static int parse_file(struct load *l, const char *command)
{
	int err;

	hak_conf_init(&l->wanted);
	if (!l->path)
		return 0;
	err = hak_conf_file(&l->wanted, l->path);
	if (err)
		return hak_usage_error(l->ctx, "missing", l->path, NULL, "%s: %s: %s", command,
				       l->path, strerror(-err));
	if (is_empty(&l->wanted))
		return hak_usage_error(l->ctx, "empty", l->path, NULL,
				       "%s: %s has no object in it; `hakadm flush` deletes everything",
				       command, l->path);
	if (l->keep) {
		keep_objects(l, false);
		hak_conf_finish(&l->wanted);
		keep_objects(l, true);
	} else {
		hak_conf_finish(&l->wanted);
	}
	return l->wanted.errs.n ? print_errors(l, command) : 0;
}

static int read_running(struct load *l)
{
	int err = hak_nl_read_all(&l->ctx->nl, &l->is, &l->config);

	if (err)
		return err;
	/* Checks that are lost are none: the new ones count as added. */
	l->checks_err = hak_checks_read(&l->checks, l->config.tag);
	move_list(&l->is, &l->checks.conf.model, HAK_O_CHECK);
	return 0;
}

static void summary(struct load *l, const char *command)
{
	struct hak_buf b = { 0 };
	struct hak_out *out = &l->ctx->out;

	hak_diff_text(&l->diff, &b);
	hak_out_open(out, NULL, '{');
	hak_out_str(out, command, NULL, b.s);
	hak_out_text(out, "%s: %s\n", command, b.s);
	hak_out_close(out, '}');
	hak_out_end(out);
	hak_buf_free(&b);
}

static int cannot_write(struct load *l, int err)
{
	char *dir = hak_rundir();

	snprintf(l->ctx->nl.error, sizeof(l->ctx->nl.error),
		 "the check lines cannot be written to %.100s: %s (a load needs root, or CAP_NET_ADMIN and this folder)",
		 dir, strerror(-err));
	free(dir);
	return err == -EAGAIN ? -EIO : err;
}

static int apply(struct load *l, const struct hak_op **bad)
{
	char hash[HAK_HASH_TEXT], tag[HAK_TAG_SIZE], full[PATH_MAX];
	const char *path = l->path && realpath(l->path, full) ? full : l->path;
	int err;

	hak_hash_text(&l->wanted.hash, hash);
	err = l->locked ? hak_checks_write(&l->wanted.model, path, hash, tag) : -EACCES;
	if (err && l->wanted.model.list[HAK_O_CHECK].n)
		return cannot_write(l, err);
	if (err)
		tag[0] = '\0';	/* no checks: nothing is lost but the name of the file */
	err = hak_nl_apply(&l->ctx->nl, &l->diff, tag, &l->config.generation, bad);
	if (!err)
		hak_checks_clean(tag);
	return err;
}

static struct hak_at bad_at(const struct load *l, const struct hak_op *bad)
{
	struct hak_at none = l->ctx->at;

	return bad && bad->obj->at.line ? bad->obj->at : none;
}

/* Returns an exit status, or -EAGAIN when somebody else changed something. */
static int load_once(struct load *l, const char *command)
{
	const struct hak_op *bad = NULL;
	int err;

	err = read_running(l);
	if (err)
		return hak_refused(l->ctx, err, l->ctx->at);
	err = parse_file(l, command);
	if (err)
		return err;
	hak_diff_make(&l->diff, &l->is, &l->wanted.model);
	err = apply(l, &bad);
	if (err == -EAGAIN)
		return err;
	if (err)
		return hak_refused(l->ctx, err, bad_at(l, bad));
	hak_warned(l->ctx);
	summary(l, command);
	return 0;
}

static int load_locked(struct hak_ctx *ctx, const char *path, bool keep, bool locked,
		       const char *command)
{
	int err = -EAGAIN;

	for (int i = 0; i < RETRIES && err == -EAGAIN; i++) {
		struct load l = { .ctx = ctx, .path = path, .keep = keep, .locked = locked };

		err = load_once(&l, command);
		load_free(&l);
	}
	return err == -EAGAIN ? hak_refused(ctx, err, ctx->at) : err;
}

/* Words first: a file that is wrong does not even load the module. */
static int check_words(struct hak_ctx *ctx, const char *path, const char *command)
{
	struct load l = { .ctx = ctx, .path = path };
	int err = parse_file(&l, command);

	load_free(&l);
	return err;
}

static int load(struct hak_ctx *ctx, const char *path, bool keep, const char *command)
{
	int err = path && !keep ? check_words(ctx, path, command) : 0, lock;

	if (!err)
		err = hak_ctx_open(ctx, true);
	if (err)
		return err;
	lock = hak_rundir_lock();
	err = load_locked(ctx, path, keep, lock >= 0, command);
	if (lock >= 0)
		close(lock);
	return err;
}

int hak_cmd_load(struct hak_ctx *ctx, int argc, char **argv)
{
	if (argc < 2)
		return hak_usage_error(ctx, "missing", "load", NULL, "load: FILE is missing");
	if (argc > 3 || (argc == 3 && strcmp(argv[2], "keep")))
		return hak_usage_error(ctx, "unknown-word", argv[2], "keep",
				       "%s: not a word of `load`; say `load FILE [keep]`", argv[2]);
	return load(ctx, argv[1], argc == 3, "load");
}

int hak_cmd_flush(struct hak_ctx *ctx, int argc, char **argv)
{
	if (argc > 1)
		return hak_usage_error(ctx, "unknown-word", argv[1], NULL,
				       "%s: `flush` takes no words", argv[1]);
	return load(ctx, NULL, false, "flush");
}

int hak_cmd_test(struct hak_ctx *ctx, int argc, char **argv)
{
	struct load l = { .ctx = ctx, .path = argc > 1 ? argv[1] : NULL };
	int err;

	if (argc != 2)
		return hak_usage_error(ctx, argc < 2 ? "missing" : "unknown-word",
				       argc < 2 ? "test" : argv[2], NULL, argc < 2 ?
				       "test: FILE is missing" : "%s: `test` takes one FILE", argv[2]);
	err = parse_file(&l, "test");
	if (!err)
		err = hak_ctx_open(ctx, false);
	if (!err) {
		err = read_running(&l);
		if (err)
			err = hak_refused(ctx, err, ctx->at);
	}
	if (!err) {
		hak_diff_make(&l.diff, &l.is, &l.wanted.model);
		summary(&l, "test");
	}
	load_free(&l);
	return err;
}

int hak_cmd_save(struct hak_ctx *ctx, int argc, char **argv)
{
	struct load l = { .ctx = ctx };
	struct hak_buf b = { 0 };
	int err;

	if (argc > 1)
		return hak_usage_error(ctx, "unknown-word", argv[1], NULL,
				       "%s: `save` takes no words; it prints", argv[1]);
	err = hak_ctx_open(ctx, false);
	if (err)
		return err;
	err = read_running(&l);
	if (err) {
		err = hak_refused(ctx, err, ctx->at);
	} else {
		hak_model_save(&l.is, &b);
		fputs(b.s ? b.s : "", ctx->out.f);
		if (l.checks_err)
			fprintf(stderr, "Warning: the check lines of this configuration cannot be read: %s.\n",
				strerror(-l.checks_err));
	}
	hak_buf_free(&b);
	load_free(&l);
	return err;
}
