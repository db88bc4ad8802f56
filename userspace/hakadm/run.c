// SPDX-License-Identifier: GPL-2.0-only
/* From words to the command that they mean, and what all commands share. */
#include "cmd.h"

#include "kmod.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct hak_command hak_commands[] = {
	{ "status", "status [watch]", "what goes on here, on one screen",
	  HAK_OPT_COLOR | HAK_OPT_STATS, hak_cmd_status },
	{ "monitor", "monitor [vrrp|lb]...", "events as they happen", HAK_OPT_COLOR | HAK_OPT_STAMP,
	  hak_cmd_monitor },
	{ "save", "save", "print the running configuration as a file", 0, hak_cmd_save },
	{ "test", "test FILE", "say what `load` would do", 0, hak_cmd_test },
	{ "load", "load FILE [keep]", "make the configuration exactly this file", 0, hak_cmd_load },
	{ "flush", "flush", "delete everything", 0, hak_cmd_flush },
	{ "module", "module load|unload|show", "the kernel module", 0, hak_cmd_module },
	{ "help", "help [OBJECT]", "the words, and an example", 0, hak_cmd_help },
	{ "metrics", "metrics", "figures for Prometheus", 0, NULL },
	{ "convert", "convert FILE", "from other programs' files", 0, NULL },
};

const unsigned int hak_n_commands = HAK_ARRAY_SIZE(hak_commands);

int hak_errors_print(struct hak_ctx *ctx, struct hak_errors *errs)
{
	hak_out_errors(errs, ctx->out.json, ctx->out.pretty);
	hak_errors_free(errs);
	return HAK_EXIT_WORDS;
}

int hak_usage_error(struct hak_ctx *ctx, const char *code, const char *word, const char *choices,
		    const char *fmt, ...)
{
	struct hak_errors errs = { 0 };
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	hak_error_add(&errs, ctx->at, code, word, choices, "%s", text);
	free(text);
	return hak_errors_print(ctx, &errs);
}

static void print_one(struct hak_ctx *ctx, struct hak_at at, const char *code, const char *prefix,
		      const char *text)
{
	struct hak_errors errs = { 0 };

	if (ctx->out.json) {
		hak_error_add(&errs, at, code, NULL, NULL, "%s", text);
		hak_errors_print(ctx, &errs);
		return;
	}
	fprintf(stderr, "%s: %s", prefix, text);
	if (at.file)
		fprintf(stderr, " (%s:%u)", at.file, at.line);
	fputc('\n', stderr);
}

int hak_absent(struct hak_ctx *ctx, const char *why)
{
	print_one(ctx, ctx->at, "absent", "hak", why);
	return HAK_EXIT_ABSENT;
}

int hak_refused(struct hak_ctx *ctx, int err, struct hak_at at)
{
	const char *text = ctx->nl.error[0] ? ctx->nl.error : strerror(-err);

	if (err == -EPERM && !ctx->nl.error[0])
		text = "this needs CAP_NET_ADMIN in the initial user namespace";
	if (err == -EOPNOTSUPP && !ctx->nl.error[0])
		text = "the running module does not know this; it is older than hakadm";
	print_one(ctx, at, "kernel", "Error", text);
	return HAK_EXIT_KERNEL;
}

void hak_warned(struct hak_ctx *ctx)
{
	if (ctx->nl.warning[0])
		fprintf(stderr, "Warning: %s\n", ctx->nl.warning);
}

int hak_ctx_open(struct hak_ctx *ctx, bool change)
{
	char why[256] = "the module is not loaded; `hakadm module load` loads it";
	int err;

	if (ctx->open)
		return 0;
	err = hak_nl_open(&ctx->nl);
	if (err == -ENOENT && change) {
		if (hak_kmod_load(why, sizeof(why)))
			return hak_absent(ctx, why);
		hak_copy(why, sizeof(why), "the module is loaded but the family `hak` is not there");
		err = hak_nl_open(&ctx->nl);
	}
	if (err == -ENOENT)
		return hak_absent(ctx, why);
	if (err) {
		ctx->nl.error[0] = '\0';
		return hak_refused(ctx, err, ctx->at);
	}
	ctx->open = true;
	return 0;
}

int hak_options_ok(struct hak_ctx *ctx, unsigned int used, const char *command)
{
	static const struct {
		unsigned int option;
		const char *name;
	} names[] = {
		{ HAK_OPT_STATS, "-s" }, { HAK_OPT_ONELINE, "-o" }, { HAK_OPT_BRIEF, "-br" },
		{ HAK_OPT_COLOR, "-c" }, { HAK_OPT_STAMP, "-t" },
	};
	unsigned int unused = ctx->options & ~(used | HAK_OPT_ALWAYS);

	for (size_t i = 0; i < HAK_ARRAY_SIZE(names); i++)
		if (unused & names[i].option)
			return hak_usage_error(ctx, "unused-option", names[i].name, NULL,
					       "%s: means nothing to `%s`%s", names[i].name, command,
					       names[i].option == HAK_OPT_STAMP &&
					       !strcmp(command, "load") ?
					       "; to try a file say `hakadm test FILE`" : "");
	return 0;
}

static void add_match(const char *name, const char *word, const char **hit, struct hak_buf *all)
{
	if (strncmp(name, word, strlen(word)))
		return;
	*hit = all->len ? NULL : name;
	hak_buf_printf(all, "%s%s", all->len ? " " : "", name);
}

const char *hak_full_name(const char *word, struct hak_buf *matches)
{
	const char *hit = NULL;

	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (!strcmp(hak_objects[i]->name, word))
			return hak_objects[i]->name;
	for (unsigned int i = 0; i < hak_n_commands; i++)
		if (!strcmp(hak_commands[i].name, word))
			return hak_commands[i].name;
	for (unsigned int i = 0; i < hak_n_objects; i++)
		add_match(hak_objects[i]->name, word, &hit, matches);
	for (unsigned int i = 0; i < hak_n_commands; i++)
		add_match(hak_commands[i].name, word, &hit, matches);
	return hit;
}

static const struct hak_command *command(const char *name)
{
	for (unsigned int i = 0; i < hak_n_commands; i++)
		if (!strcmp(hak_commands[i].name, name))
			return &hak_commands[i];
	return NULL;
}

static int unknown_word(struct hak_ctx *ctx, const char *word)
{
	const char *foreign = hak_suggest_foreign(word, NULL);
	struct hak_buf all = { 0 };
	char *near;
	int err;

	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (hak_objects[i]->id != HAK_O_LATER)
			hak_buf_printf(&all, "%s ", hak_objects[i]->name);
	for (unsigned int i = 0; i < hak_n_commands; i++)
		if (hak_commands[i].run)
			hak_buf_printf(&all, "%s ", hak_commands[i].name);
	all.s[--all.len] = '\0';
	near = foreign ? NULL : hak_suggest(word, all.s);
	if (foreign)
		err = hak_usage_error(ctx, "unknown-word", word, all.s,
				      "%.60s: not a word of `hakadm`; %s", word, foreign);
	else if (near)
		err = hak_usage_error(ctx, "unknown-word", word, all.s,
				      "%.60s: not a word of `hakadm`; did you mean `%s`?", word, near);
	else
		err = hak_usage_error(ctx, "unknown-word", word, all.s,
				      "%.60s: not a word of `hakadm`; words: %s", word, all.s);
	free(near);
	hak_buf_free(&all);
	return err;
}

static int run_object(struct hak_ctx *ctx, int argc, char **argv, const char *name)
{
	char *const *rest = argv + 1;
	const char **words = hak_calloc((size_t)argc + 1, sizeof(*words));
	struct hak_errors errs = { 0 };
	struct hak_stmt *st;
	int err;

	words[0] = name;
	for (int i = 1; i < argc; i++)
		words[i] = rest[i - 1];
	st = hak_parse(argc, (char *const *)words, ctx->at, true, &errs);
	err = st ? hak_object_run(ctx, st) : hak_errors_print(ctx, &errs);
	hak_stmt_free(st);
	hak_errors_free(&errs);
	free(words);
	return err;
}

static int run_command(struct hak_ctx *ctx, int argc, char **argv, const struct hak_command *c)
{
	int err;

	if (!c->run)
		return hak_usage_error(ctx, "later", c->name, NULL,
				       "%s: not in this version of hak", c->name);
	err = hak_options_ok(ctx, c->options, c->name);
	return err ? err : c->run(ctx, argc, argv);
}

int hak_run(struct hak_ctx *ctx, int argc, char **argv)
{
	struct hak_buf matches = { 0 };
	const char *name = hak_full_name(argv[0], &matches);
	int err;

	if (!name && matches.len)
		err = hak_usage_error(ctx, "ambiguous", argv[0], matches.s,
				      "%s: more than one word begins so: %s", argv[0], matches.s);
	else if (!name)
		err = unknown_word(ctx, argv[0]);
	else if (hak_object_find(name))
		err = run_object(ctx, argc, argv, name);
	else
		err = run_command(ctx, argc, argv, command(name));
	hak_buf_free(&matches);
	return err;
}
