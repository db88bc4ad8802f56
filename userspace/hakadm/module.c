// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "kmod.h"

#include <inttypes.h>
#include <string.h>

static int show(struct hak_ctx *ctx)
{
	struct hak_config c;
	int err = hak_ctx_open(ctx, false);

	if (err)
		return err;
	err = hak_nl_config(&ctx->nl, &c);
	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_out_open(&ctx->out, NULL, '{');
	hak_out_str(&ctx->out, "module", "%s", "hak");
	hak_out_str(&ctx->out, "version", " version %s", c.version);
	hak_out_num(&ctx->out, "generation", " generation %" PRIu64 "\n", c.generation);
	hak_out_close(&ctx->out, '}');
	hak_out_end(&ctx->out);
	return 0;
}

static int load(struct hak_ctx *ctx)
{
	char why[256];

	if (!hak_kmod_loaded() && hak_kmod_load(why, sizeof(why)))
		return hak_absent(ctx, why);
	return hak_ctx_open(ctx, false);
}

static int unload(struct hak_ctx *ctx)
{
	char why[256];

	if (!hak_kmod_loaded())
		return hak_absent(ctx, "the module is not loaded");
	if (!hak_kmod_unload(why, sizeof(why)))
		return 0;
	hak_copy(ctx->nl.error, sizeof(ctx->nl.error), why);
	return hak_refused(ctx, -1, ctx->at);
}

int hak_cmd_module(struct hak_ctx *ctx, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "show";

	if (argc > 2)
		return hak_usage_error(ctx, "unknown-word", argv[2], NULL,
				       "%s: `module %s` takes no words", argv[2], verb);
	if (!strcmp(verb, "show"))
		return show(ctx);
	if (!strcmp(verb, "load"))
		return load(ctx);
	if (!strcmp(verb, "unload"))
		return unload(ctx);
	return hak_usage_error(ctx, "unknown-command", verb, "load unload show",
			       "%s: not a command of `module`; commands: load unload show", verb);
}
