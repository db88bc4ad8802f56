// SPDX-License-Identifier: GPL-2.0-only
#include "cmd.h"

#include "show.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

static void on_event(const struct hak_event *ev, void *arg)
{
	struct hak_ctx *ctx = arg;

	hak_show_event(&ctx->out, ev, true);
	fflush(ctx->out.f);
}

static int listen_to(struct hak_ctx *ctx)
{
	struct pollfd p = { .fd = hak_nl_fd(&ctx->nl), .events = POLLIN };
	int err;

	for (;;) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return hak_refused(ctx, -errno, ctx->at);
		err = hak_nl_events(&ctx->nl, on_event, ctx);
		if (err == -ENOBUFS)
			fputs("Warning: events were lost; their numbers show how many.\n", stderr);
		else if (err && err != -EAGAIN && err != -EINTR)
			return hak_refused(ctx, err, ctx->at);
	}
}

static int unknown_group(struct hak_ctx *ctx, const char *word)
{
	if (!strcmp(word, "check"))
		return hak_usage_error(ctx, "later", word, NULL, "%s: not in this version of hak", word);
	return hak_usage_error(ctx, "unknown-word", word, "vrrp lb",
			       "%s: not a word of `monitor`; say `monitor [vrrp|lb]...`", word);
}

int hak_cmd_monitor(struct hak_ctx *ctx, int argc, char **argv)
{
	bool vrrp = argc < 2, lb = argc < 2;
	int err;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "vrrp") && strcmp(argv[i], "lb"))
			return unknown_group(ctx, argv[i]);
		vrrp |= !strcmp(argv[i], "vrrp");
		lb |= !strcmp(argv[i], "lb");
	}
	err = hak_ctx_open(ctx, false);
	if (err)
		return err;
	err = hak_nl_join(&ctx->nl, vrrp, lb);
	return err ? hak_refused(ctx, err, ctx->at) : listen_to(ctx);
}
