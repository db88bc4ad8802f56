/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands of hakadm share. */
#ifndef HAK_CMD_H
#define HAK_CMD_H

#include "nl.h"
#include "parse.h"
#include "print.h"

#define HAK_OPT_JSON	(1u << 0)
#define HAK_OPT_PRETTY	(1u << 1)
#define HAK_OPT_STATS	(1u << 2)
#define HAK_OPT_ONELINE	(1u << 3)
#define HAK_OPT_BRIEF	(1u << 4)
#define HAK_OPT_NETNS	(1u << 5)
#define HAK_OPT_COLOR	(1u << 6)
#define HAK_OPT_STAMP	(1u << 7)
#define HAK_OPT_BATCH	(1u << 8)

#define HAK_OPT_ALWAYS	(HAK_OPT_JSON | HAK_OPT_PRETTY | HAK_OPT_NETNS | HAK_OPT_BATCH)
#define HAK_OPT_SHOW	(HAK_OPT_STATS | HAK_OPT_ONELINE | HAK_OPT_BRIEF | HAK_OPT_COLOR)

/**
 * struct hak_ctx - one run of hakadm
 * @out: where output goes
 * @options: HAK_OPT_* that were given
 * @at: place of the command that runs, with -b
 * @nl: socket, once hak_ctx_open() was called
 * @open: it is
 */
struct hak_ctx {
	struct hak_out out;
	unsigned int options;
	struct hak_at at;
	struct hak_nl nl;
	bool open;
};

/**
 * struct hak_command - a command that is no object
 * @name: as it is typed
 * @usage: its words
 * @what: one line for the help
 * @options: HAK_OPT_* it uses beside HAK_OPT_ALWAYS
 * @run: returns an exit status; NULL: not in this version
 */
struct hak_command {
	const char *name;
	const char *usage;
	const char *what;
	unsigned int options;
	int (*run)(struct hak_ctx *ctx, int argc, char **argv);
};

extern const struct hak_command hak_commands[];
extern const unsigned int hak_n_commands;

int hak_run(struct hak_ctx *ctx, int argc, char **argv);
/** hak_usage_error() - print one error about the words; returns HAK_EXIT_WORDS */
int hak_usage_error(struct hak_ctx *ctx, const char *code, const char *word, const char *choices,
		    const char *fmt, ...) HAK_PRINTF(5, 6);
/** hak_errors_print() - print and free them; returns HAK_EXIT_WORDS */
int hak_errors_print(struct hak_ctx *ctx, struct hak_errors *errs);
/** hak_ctx_open() - open the family, loading the module first for a change; 0 or an exit status */
int hak_ctx_open(struct hak_ctx *ctx, bool change);
/** hak_refused() - print why the kernel refused; returns an exit status */
int hak_refused(struct hak_ctx *ctx, int err, struct hak_at at);
void hak_warned(struct hak_ctx *ctx);
int hak_absent(struct hak_ctx *ctx, const char *why);
/** hak_options_ok() - 0, or an exit status when an option means nothing here */
int hak_options_ok(struct hak_ctx *ctx, unsigned int used, const char *command);
/** hak_full_name() - the word that @word is a unique beginning of, or NULL */
const char *hak_full_name(const char *word, struct hak_buf *matches);

int hak_object_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_history_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_replace_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_conn_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_check_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_show_run(struct hak_ctx *ctx, const struct hak_stmt *st);
int hak_change_run(struct hak_ctx *ctx, const struct hak_stmt *st);

int hak_cmd_status(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_monitor(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_save(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_test(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_load(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_flush(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_module(struct hak_ctx *ctx, int argc, char **argv);
int hak_cmd_help(struct hak_ctx *ctx, int argc, char **argv);

void hak_help_object(struct hak_out *out, const struct hak_object *o);
void hak_help(struct hak_out *out);

#endif /* HAK_CMD_H */
