// SPDX-License-Identifier: GPL-2.0-only
/* Commands that work alike for every object: show, and the single changes. */
#include "cmd.h"

#include "show.h"

#include <string.h>

static int read_shown(struct hak_ctx *ctx, enum hak_object_id id, struct hak_model *m)
{
	int err = hak_nl_read(&ctx->nl, id, m);

	if (!err && id == HAK_O_ROUTER)
		err = hak_nl_read(&ctx->nl, HAK_O_VIP, m);
	if (!err && id == HAK_O_GROUP)
		err = hak_nl_read(&ctx->nl, HAK_O_ROUTER, m);
	if (!err && (id == HAK_O_ROUTER || id == HAK_O_GROUP))
		err = hak_nl_read(&ctx->nl, HAK_O_TRACK, m);
	if (!err && id == HAK_O_VIP)
		err = hak_nl_read(&ctx->nl, HAK_O_ROUTER, m);
	if (!err && id == HAK_O_POOL)
		err = hak_nl_read(&ctx->nl, HAK_O_SERVER, m);
	if (!err && id == HAK_O_SERVICE)
		err = hak_nl_read(&ctx->nl, HAK_O_LB, m);
	return err;
}

int hak_show_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	enum hak_object_id id = st->object->id;
	struct hak_model m = { 0 };
	int err = hak_ctx_open(ctx, false);

	if (err)
		return err;
	err = read_shown(ctx, id, &m);
	if (err) {
		err = hak_refused(ctx, err, ctx->at);
	} else {
		hak_model_settle(&m);
		hak_out_open(&ctx->out, NULL, '[');
		for (struct hak_obj *o = m.list[id].first; o; o = o->next)
			if (hak_match(o, st))
				hak_show(&ctx->out, &m, o, hak_now_wall());
		hak_out_close(&ctx->out, ']');
		hak_out_end(&ctx->out);
	}
	hak_model_free(&m);
	return err;
}

static unsigned int netlink_cmd(const struct hak_stmt *st)
{
	switch (st->verb) {
	case HAK_V_SET:
		return st->object->cmd + 1;
	case HAK_V_DEL:
		return st->object->cmd + 2;
	case HAK_V_REPORT:
		return st->object->tell;
	case HAK_V_RESIGN:
		return HAK_CMD_ROUTER_RESIGN;
	default:
		return st->object->cmd;
	}
}

int hak_change_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	const struct hak_obj *router = st->n_router_words ? st->router : NULL;
	int err = hak_ctx_open(ctx, true);

	if (err)
		return err;
	err = hak_nl_change(&ctx->nl, netlink_cmd(st), st->obj, router,
			    st->verb == HAK_V_DEL ? HAK_PUT_KEY : HAK_PUT_SAID);
	if (err)
		return hak_refused(ctx, err, ctx->at);
	hak_warned(ctx);
	return 0;
}

int hak_object_run(struct hak_ctx *ctx, const struct hak_stmt *st)
{
	bool shows = st->verb == HAK_V_SHOW || st->verb == HAK_V_HISTORY;
	char name[64];
	int err;

	snprintf(name, sizeof(name), "%s %s", st->object->name, hak_verb_names[st->verb]);
	err = hak_options_ok(ctx, shows ? HAK_OPT_SHOW : 0, name);
	if (err)
		return err;
	if (st->verb == HAK_V_HELP) {
		hak_help_object(&ctx->out, st->object);
		return 0;
	}
	if (st->object->id == HAK_O_CHECK)
		return hak_check_run(ctx, st);
	if (st->object->id == HAK_O_CONN)
		return hak_conn_run(ctx, st);
	if (st->verb == HAK_V_HISTORY)
		return hak_history_run(ctx, st);
	if (st->verb == HAK_V_REPLACE)
		return hak_replace_run(ctx, st);
	return shows ? hak_show_run(ctx, st) : hak_change_run(ctx, st);
}
