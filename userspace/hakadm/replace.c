// SPDX-License-Identifier: GPL-2.0-only
/* `replace`: add it, or make it exactly this. */
#include "cmd.h"

#include <errno.h>

#define RETRIES	10

/* What is wanted: every word that was not said is at its default. */
static void put_wanted(struct hak_model *m, const struct hak_stmt *st)
{
	struct hak_obj *o = hak_model_twin(m, st->obj);

	if (!o) {
		hak_model_add(m, hak_obj_copy(st->obj));
		return;
	}
	for (unsigned int i = 0; i < o->type->n_words; i++) {
		if (o->type->words[i].flags & HAK_W_HIDDEN)
			continue;
		hak_value_free(&o->v[i]);
		hak_value_copy(&o->v[i], &st->obj->v[i]);
	}
}

static int replace_once(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	struct hak_model is = { 0 }, wanted = { 0 };
	struct hak_config c;
	const struct hak_op *bad;
	struct hak_diff d;
	int err;

	err = hak_nl_read_all(&ctx->nl, &is, &c);
	if (!err) {
		hak_model_copy(&wanted, &is);
		put_wanted(&wanted, st);
		hak_diff_make(&d, &is, &wanted);
		if (d.n)
			err = hak_nl_apply(&ctx->nl, &d, NULL, &c.generation, &bad);
		hak_diff_free(&d);
	}
	hak_model_free(&is);
	hak_model_free(&wanted);
	return err;
}

int hak_replace_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	int err = hak_ctx_open(ctx, true);

	if (err)
		return err;
	err = -EAGAIN;
	for (int i = 0; i < RETRIES && err == -EAGAIN; i++)
		err = replace_once(ctx, st);
	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_warned(ctx);
	return 0;
}
