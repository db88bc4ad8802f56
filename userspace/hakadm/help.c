// SPDX-License-Identifier: GPL-2.0-only
/* Help comes from the tables that the parser reads. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

static const char example[] =
	"Two nodes, one address (run as root; the same on both but for the priority):\n"
	"  node1# hakadm vip add 192.0.2.100/24 dev eth0 vrid 51 priority 150\n"
	"  node2# hakadm vip add 192.0.2.100/24 dev eth0 vrid 51\n"
	"  node1# hakadm status                  # Active here; node2 shows Backup\n"
	"  node1# hakadm save > /etc/hak/hak.conf\n"
	"  node1# hakadm load /etc/hak/hak.conf  # at boot; edit, load again, only changes count\n"
	"\nA service on that address, spread over two servers (the same on both nodes):\n"
	"  # hakadm pool add web scheduler wrr\n"
	"  # hakadm server add 198.51.100.11:8080 pool web weight 3\n"
	"  # hakadm server add 198.51.100.12:8080 pool web\n"
	"  # hakadm service add tcp 192.0.2.100:80 pool web\n"
	"  # hakadm server set 198.51.100.12:8080 pool web state drain   # before maintenance\n";

static void word_usage(const struct hak_word *w, struct hak_buf *b)
{
	struct hak_buf def = { 0 };
	struct hak_value v = { .num = w->def };

	if (w->rule.type == HAK_T_CHOICE) {
		bool first = true;

		hak_buf_printf(b, "%s ", w->name);
		for (int pass = 0; pass < 2; pass++)
			for (const struct hak_choice *c = w->rule.choices; c->name; c++) {
				if (c->later || (c->num == w->def) == (pass == 1))
					continue;
				hak_buf_printf(b, "%s%s", first ? "" : "|", c->name);
				first = false;
			}
		return;
	}
	hak_buf_printf(b, "%s %s", w->name, w->arg);
	if (w->flags & (HAK_W_KEY | HAK_W_NODEF | HAK_W_REPEAT | HAK_W_LIVE))
		return;
	hak_value_text(&w->rule, &v, &def);
	hak_buf_printf(b, "=%s", def.s);
	hak_buf_free(&def);
}

static void wrap(struct hak_out *out, size_t *col, const char *s)
{
	if (*col + strlen(s) + 1 > 78) {
		hak_out_text(out, "\n            ");
		*col = 12;
	}
	hak_out_text(out, " %s", s);
	*col += strlen(s) + 1;
}

static void words_usage(struct hak_out *out, const struct hak_object *o, enum hak_verb verb,
			unsigned int skip, size_t *col)
{
	for (unsigned int i = 0; i < o->n_words; i++) {
		const struct hak_word *w = &o->words[i];
		struct hak_buf one = { 0 }, b = { 0 };
		bool key = (w->flags & HAK_W_KEY) &&
			   (verb != HAK_V_SET || (w->flags & HAK_W_PART) == HAK_W_PART);

		/* Identity is for files, where it goes on top of the line before. */
		if (!hak_word_usable(w, verb) || (w->flags & skip) ||
		    (verb == HAK_V_SET && (w->flags & HAK_W_LOCAL)))
			continue;
		word_usage(w, &one);
		hak_buf_printf(&b, key ? "%s" : "[%s]%s", one.s,
			       w->flags & HAK_W_REPEAT ? "*" : "");
		wrap(out, col, b.s);
		hak_buf_free(&one);
		hak_buf_free(&b);
	}
}

static void kinds_usage(struct hak_out *out, const struct hak_object *o, size_t *col)
{
	struct hak_buf b = { 0 };

	for (const struct hak_kind *k = o->kinds; k && k->name; k++)
		if (!k->later)
			hak_buf_printf(&b, "%s%s%s%s", b.len ? "|" : "", k->name, k->arg ? " " : "",
				       k->arg ? k->arg : "");
	if (b.len)
		wrap(out, col, b.s);
	hak_buf_free(&b);
}

static void verb_usage(struct hak_out *out, const struct hak_object *o, enum hak_verb verb)
{
	size_t col = strlen(o->name) + strlen(hak_verb_names[verb]) + 3;
	bool optional = verb == HAK_V_SHOW || verb == HAK_V_HISTORY;

	hak_out_text(out, "  %s %s", o->name, hak_verb_names[verb]);
	if (o->key_arg) {
		hak_out_text(out, optional ? " [%s]" : " %s", o->key_arg);
		col += strlen(o->key_arg) + 1;
	}
	if (verb == HAK_V_SHOW && o->id != HAK_O_CONN) {
		hak_out_text(out, " [WORD VALUE]...      only those that match\n");
		return;
	}
	if (verb == HAK_V_REPORT && o->id == HAK_O_SERVER)
		wrap(out, &col, "pool NAME");
	if (verb == HAK_V_REPORT)
		wrap(out, &col, "up|down|N");
	if (verb == HAK_V_FLUSH)
		wrap(out, &col, "all |");
	if (verb == HAK_V_ADD)
		kinds_usage(out, o, &col);
	if (o->id == HAK_O_VIP) {
		wrap(out, &col, verb == HAK_V_ADD ? "dev DEV vrid N | router NAME [dev DEV]" :
						    "dev DEV vrid N | router NAME");
		if (verb == HAK_V_ADD) {
			wrap(out, &col, "[label L]");
			wrap(out, &col, "[advert on|off]");
			wrap(out, &col, "[ROUTER-WORD]...");
		}
	} else if (verb != HAK_V_HISTORY && verb != HAK_V_RUN) {
		words_usage(out, o, verb, verb == HAK_V_REPORT ? HAK_W_KEY : 0, &col);
	}
	hak_out_text(out, "\n");
}

void hak_help_object(struct hak_out *out, const struct hak_object *o)
{
	unsigned int verbs = o->verbs | o->file_verbs;

	out->json = false;	/* help is for people */

	hak_out_text(out, "%s: %s\n", o->name, o->what);
	for (unsigned int v = 0; v < HAK_V_HELP; v++)
		if (verbs & (1u << v))
			verb_usage(out, o, v);
	if ((o->file_verbs & ~o->verbs) & HAK_VERB(ADD))
		hak_out_text(out, "`%s add` stands in hak.conf only.\n", o->name);
	hak_out_text(out, "TIME is 10ms 1.5s 2m 8h 7d; `default` is a value of every word.\n");
}

void hak_help(struct hak_out *out)
{
	out->json = false;
	hak_out_text(out, "hakadm [OPTIONS] OBJECT COMMAND [NAME] [WORD VALUE]...\n"
		     "hakadm [OPTIONS] COMMAND\n\nOBJECT\n");
	for (unsigned int i = 0; i < hak_n_objects; i++)
		if (hak_objects[i]->id != HAK_O_LATER)
			hak_out_text(out, "  %-26s %s\n", hak_objects[i]->name,
				     hak_objects[i]->what);
	hak_out_text(out, "COMMAND\n");
	for (unsigned int i = 0; i < hak_n_commands; i++)
		if (hak_commands[i].run)
			hak_out_text(out, "  %-26s %s\n", hak_commands[i].usage,
				     hak_commands[i].what);
	hak_out_text(out, "OPTIONS\n"
		     "  -j JSON  -p pretty JSON  -s with counters  -o one line per object  -br brief\n"
		     "  -n NETNS  -c colour  -t timestamps (monitor)  -b FILE batch  -V version  -h help\n"
		     "`hakadm help OBJECT` shows the words of an object.\n\n%s", example);
}

int hak_cmd_help(struct hak_ctx *ctx, int argc, char **argv)
{
	const struct hak_object *o;
	const char *name;
	struct hak_buf matches = { 0 }, names = { 0 };
	int err;

	if (argc < 2) {
		hak_help(&ctx->out);
		return 0;
	}
	name = hak_full_name(argv[1], &matches);
	hak_buf_free(&matches);
	o = name ? hak_object_find(name) : NULL;
	if (o && o->id == HAK_O_LATER)
		return hak_usage_error(ctx, "later", o->name, NULL, "%s: not in this version of hak",
				       o->name);
	if (!o) {
		for (unsigned int i = 0; i < hak_n_objects; i++)
			if (hak_objects[i]->id != HAK_O_LATER)
				hak_buf_printf(&names, "%s%s", names.len ? " " : "",
					       hak_objects[i]->name);
		err = hak_usage_error(ctx, "unknown-word", argv[1], names.s,
				      "%s: no such OBJECT; objects: %s", argv[1], names.s);
		hak_buf_free(&names);
		return err;
	}
	hak_help_object(&ctx->out, o);
	return 0;
}
