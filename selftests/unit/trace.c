// SPDX-License-Identifier: GPL-2.0-only
/*
 * Golden traces: selftests/traces/README tells the format. A step begins at the
 * left margin, the actions it must bring follow indented.
 */
#include "fsm_model.h"
#include "suites.h"
#include <stdio.h>
#include <stdlib.h>

struct trace {
	const char *path;
	int line;		/* being read */
	int step_line;		/* of the last step */
	struct hak_fsm_cfg cfg;
	struct hak_fsm_state st;
	char did[FSM_TEXT_SIZE];
	char want[FSM_TEXT_SIZE];
	u64 now;
	unsigned int steps;
	bool bad;
};

static void complain(struct trace *t, const char *what, const char *word)
{
	t->bad = true;
	tap_check(false, t->path, t->line, "%s: %s", what, word ? word : "(nothing)");
}

/* Milliseconds with up to six decimals. */
static bool parse_ms(const char *word, u64 *ns)
{
	u64 unit = HAK_NSEC_PER_MSEC;
	char *end;

	if (!word || *word < '0' || *word > '9')
		return false;
	*ns = strtoull(word, &end, 10) * unit;
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9' && unit > 1; end++) {
			unit /= 10;
			*ns += (u64)(*end - '0') * unit;
		}
	return !*end;
}

static bool parse_word(struct hak_fsm_cfg *cfg, const char *word, const char *value)
{
	if (!strcmp(word, "interval"))
		return parse_ms(value, &cfg->interval);
	if (!value)
		return false;
	if (!strcmp(word, "priority"))
		cfg->priority = (u8)atoi(value);
	else if (!strcmp(word, "down"))
		cfg->down_adverts = (u32)atoi(value);
	else if (!strcmp(word, "version"))
		cfg->version = (u8)atoi(value);
	else if (!strcmp(word, "preempt"))
		cfg->preempt = !strcmp(value, "on");
	else
		return false;
	return true;
}

static void parse_config(struct trace *t)
{
	char *word;

	while ((word = strtok(NULL, " ")))
		if (!parse_word(&t->cfg, word, strtok(NULL, " ")))
			complain(t, "no such setting", word);
}

/* advert PRIORITY higher|lower|self [INTERVAL] */
static void parse_advert(struct trace *t, struct hak_fsm_event *ev)
{
	char *priority = strtok(NULL, " ");
	char *from = strtok(NULL, " ");
	char *interval = strtok(NULL, " ");

	if (!priority || !from) {
		complain(t, "advert PRIORITY higher|lower|self [INTERVAL]", NULL);
		return;
	}
	ev->type = HAK_EV_ADVERT;
	ev->priority = (u8)atoi(priority);
	ev->src_cmp = !strcmp(from, "higher") - !strcmp(from, "lower");
	ev->interval = t->cfg.interval;
	if (interval && !parse_ms(interval, &ev->interval))
		complain(t, "no interval", interval);
}

static bool parse_event(struct trace *t, const char *word, struct hak_fsm_event *ev)
{
	const char *stale;

	if (!word)
		return false;
	if (!strcmp(word, "startup")) {
		ev->type = HAK_EV_STARTUP;
	} else if (!strcmp(word, "shutdown")) {
		ev->type = HAK_EV_SHUTDOWN;
	} else if (!strcmp(word, "link-down")) {
		ev->type = HAK_EV_LINK_DOWN;
	} else if (!strcmp(word, "advert")) {
		parse_advert(t, ev);
	} else if (!strcmp(word, "timer")) {
		ev->type = HAK_EV_TIMER;
		stale = strtok(NULL, " ");
		ev->epoch = t->st.epoch - (stale && !strcmp(stale, "stale"));
	} else if (!strcmp(word, "config")) {
		ev->type = HAK_EV_CONFIG;
		parse_config(t);
	} else {
		return false;
	}
	return true;
}

/* What the last step did against what the file says. */
static void settle(struct trace *t)
{
	if (strcmp(t->did, t->want)) {
		t->bad = true;
		tap_check(false, t->path, t->step_line, "did:\n%s# not:\n%s", t->did, t->want);
	}
	t->did[0] = '\0';
	t->want[0] = '\0';
}

static void run_step(struct trace *t, const char *time, const char *word)
{
	struct hak_fsm_event ev = { 0 };
	struct hak_fsm_out out;
	const char *bad;
	u64 now;

	if (!parse_ms(time, &now) || now < t->now || !parse_event(t, word, &ev)) {
		complain(t, "no event, or time goes back", word);
		return;
	}
	ev.now = now;
	t->now = now;
	t->step_line = t->line;
	t->steps++;
	bad = fsm_step_checked(&t->cfg, &t->st, &ev, &out);
	if (bad)
		complain(t, "broken promise", bad);
	fsm_text(&out, t->did, sizeof(t->did));
}

static void end_state(struct trace *t, const char *name)
{
	if (!name || strcmp(name, fsm_state_name(t->st.state)))
		complain(t, "ends in", fsm_state_name(t->st.state));
}

static void read_line(struct trace *t, char *line)
{
	char *word;

	line[strcspn(line, "#\n")] = '\0';
	if (line[0] == ' ' || line[0] == '\t') {
		line += strspn(line, " \t");
		if (*line && strlen(t->want) + strlen(line) + 2 < sizeof(t->want))
			strcat(strcat(t->want, line), "\n");
		return;
	}
	word = strtok(line, " ");
	if (!word)
		return;
	settle(t);
	if (!strcmp(word, "router"))
		parse_config(t);
	else if (!strcmp(word, "end"))
		end_state(t, strtok(NULL, " "));
	else
		run_step(t, word, strtok(NULL, " "));
}

void trace_run(const char *path)
{
	struct trace t = { .path = path, .cfg = { .version = 3, .down_adverts = 3, .preempt = true } };
	FILE *f = fopen(path, "r");
	char line[256];

	if (!f) {
		CHECK_MSG(false, "%s: cannot be read", path);
		return;
	}
	hak_fsm_init(&t.st);
	while (!t.bad && fgets(line, sizeof(line), f)) {
		t.line++;
		read_line(&t, line);
	}
	fclose(f);
	settle(&t);
	CHECK_MSG(t.steps || t.bad, "%s: no step in it", path);
}
