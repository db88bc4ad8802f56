// SPDX-License-Identifier: GPL-2.0-only
/* hakadm: options, batch files, the first word. */
#include "cmd.h"

#include "netns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	const char *long_name;
	unsigned int option;
	bool value;
} options[] = {
	{ "-j", "--json", HAK_OPT_JSON, false },
	{ "-p", "--pretty", HAK_OPT_PRETTY, false },
	{ "-s", "--stats", HAK_OPT_STATS, false },
	{ "-o", "--oneline", HAK_OPT_ONELINE, false },
	{ "-br", "--brief", HAK_OPT_BRIEF, false },
	{ "-n", "--netns", HAK_OPT_NETNS, true },
	{ "-c", "--color", HAK_OPT_COLOR, false },
	{ "-t", "--timestamp", HAK_OPT_STAMP, false },
	{ "-b", "--batch", HAK_OPT_BATCH, true },
};

/**
 * struct arguments - what stands before OBJECT
 * @netns: of -n
 * @batch: of -b
 * @next: index of OBJECT
 */
struct arguments {
	const char *netns;
	const char *batch;
	int next;
};

static int option_index(const char *word)
{
	for (size_t i = 0; i < HAK_ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].name, word) || !strcmp(options[i].long_name, word))
			return (int)i;
	return -1;
}

/* Options end at the first word that is none. Returns an exit status, or -1 to go on. */
static int read_options(struct hak_ctx *ctx, struct arguments *a, int argc, char **argv)
{
	for (a->next = 1; a->next < argc && argv[a->next][0] == '-'; a->next++) {
		const char *word = argv[a->next];
		int i = option_index(word);

		if (!strcmp(word, "-h") || !strcmp(word, "--help")) {
			hak_help(&ctx->out);
			return HAK_EXIT_OK;
		}
		if (!strcmp(word, "-V") || !strcmp(word, "--version")) {
			printf("hakadm %s\n", HAK_VERSION);
			return HAK_EXIT_OK;
		}
		if (i < 0)
			return hak_usage_error(ctx, "unknown-option", word,
					       "-j -p -s -o -br -n -c -t -b -V -h",
					       "%s: no such option; options: -j -p -s -o -br -n NETNS -c -t -b FILE -V -h",
					       word);
		ctx->options |= options[i].option;
		if (!options[i].value)
			continue;
		if (++a->next == argc)
			return hak_usage_error(ctx, "missing", word, NULL, "%s: its VALUE is missing",
					       word);
		*(options[i].option == HAK_OPT_NETNS ? &a->netns : &a->batch) = argv[a->next];
	}
	return -1;
}

static void set_output(struct hak_ctx *ctx)
{
	ctx->out.json = ctx->options & HAK_OPT_JSON;
	ctx->out.pretty = ctx->options & HAK_OPT_PRETTY;
	ctx->out.stats = ctx->options & HAK_OPT_STATS;
	ctx->out.oneline = ctx->options & HAK_OPT_ONELINE;
	ctx->out.brief = ctx->options & HAK_OPT_BRIEF;
	ctx->out.color = (ctx->options & HAK_OPT_COLOR) ||
			 (isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
}

static int enter_netns(struct hak_ctx *ctx, const char *name)
{
	struct hak_buf matches = { 0 };
	const char *object;
	int err = hak_netns_enter(name);

	if (!err)
		return 0;
	object = err == -ENOENT ? hak_full_name(name, &matches) : NULL;
	hak_buf_free(&matches);
	if (object)
		return hak_usage_error(ctx, "missing", name, NULL,
				       "-n: no namespace `%s`; did you mean `hakadm %s%s`?", name,
				       object, hak_object_find(object) ? " show" : "");
	return hak_usage_error(ctx, "missing", name, NULL, "-n: namespace `%s`: %s", name,
			       err == -ENOENT ? "there is none of this name" : strerror(-err));
}

static int batch_line(struct hak_ctx *ctx, const char *line, size_t len)
{
	struct hak_errors errs = { 0 };
	const char *why;
	char **words;
	int n = hak_split(line, len, &words, &why), err = 0;

	if (n < 0) {
		hak_error_add(&errs, ctx->at, "bad-line", NULL, NULL, "%s", why);
		return hak_errors_print(ctx, &errs);
	}
	if (n)
		err = hak_run(ctx, n, words);
	hak_split_free(words);
	return err;
}

static int run_batch(struct hak_ctx *ctx, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int err = 0;

	if (!f)
		return hak_usage_error(ctx, "missing", path, NULL, "-b: %s: %s", path,
				       strerror(errno));
	ctx->at.file = f == stdin ? "stdin" : path;
	while (!err && (len = getline(&line, &size, f)) >= 0) {
		ctx->at.line++;
		err = batch_line(ctx, line, (size_t)len);
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return err;
}

int main(int argc, char **argv)
{
	struct hak_ctx ctx = { .out = { .f = stdout } };
	struct arguments a = { 0 };
	int err;

	for (int i = 1; i < argc && argv[i][0] == '-'; i++)
		ctx.out.json |= !strcmp(argv[i], "-j") || !strcmp(argv[i], "--json");
	err = read_options(&ctx, &a, argc, argv);
	if (err >= 0)
		return err;
	set_output(&ctx);
	if (ctx.out.pretty && !ctx.out.json)
		return hak_usage_error(&ctx, "unused-option", "-p", NULL, "-p: goes with -j");
	if (a.netns) {
		err = enter_netns(&ctx, a.netns);
		if (err > 0)
			return err;
	}
	if (a.batch && a.next < argc)
		err = hak_usage_error(&ctx, "conflict", "-b", NULL,
				      "-b: the commands stand in the file; say nothing behind it");
	else if (a.batch)
		err = run_batch(&ctx, a.batch);
	else if (a.next == argc)
		err = hak_usage_error(&ctx, "missing", NULL, NULL,
				      "say what to do; `hakadm help` shows how");
	else
		err = hak_run(&ctx, argc - a.next, argv + a.next);
	if (ctx.open)
		hak_nl_close(&ctx.nl);
	if (fflush(stdout) && !err)
		err = HAK_EXIT_WORDS;
	return err;
}
