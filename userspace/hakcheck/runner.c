// SPDX-License-Identifier: GPL-2.0-only
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PAUSE_MIN	HAK_NS_S
#define PAUSE_MAX	(300 * HAK_NS_S)

static uint64_t word(const struct hak_runner *r, unsigned int w)
{
	return hak_obj_value(r->check, w).num;
}

struct hak_runner *hak_runner_new(struct hak_obj *check, uint64_t now)
{
	struct hak_runner *r = hak_calloc(1, sizeof(*r));
	struct hak_buf line = { 0 };

	hak_obj_line(check, "add", &line);
	r->check = check;
	r->line = line.s;
	r->next = now;
	r->probe.fd = -1;
	return r;
}

static void stop_action(struct hak_runner *r)
{
	if (!r->action)
		return;
	kill(-r->action, SIGTERM);
	/* init takes it over when it needs longer than we live */
	waitpid(r->action, NULL, WNOHANG);
	r->action = 0;
}

void hak_runner_free(struct hak_runner *r)
{
	hak_probe_stop(&r->probe);
	stop_action(r);
	hak_obj_free(r->check);
	free(r->line);
	free(r);
}

static void run_action(struct hak_runner *r, unsigned int which)
{
	const char *cmd = r->check->v[which].text;
	char **env;
	pid_t pid;

	if (!cmd || r->action)
		return;
	env = hak_probe_env(r->check, *r->pool ? r->pool : NULL);
	pid = hak_spawn(cmd, r->check->v[HAK_C_USER].text, -1, env);
	hak_split_free(env);
	if (pid < 0)
		hak_log("%s: %s: %s", r->check->name, r->check->type->words[which].name,
			strerror((int)-pid));
	else
		r->action = pid;
	hak_log("%s: runs %s: %s", r->check->name, r->check->type->words[which].name, cmd);
}

/* At the first failed run, then after growing pauses while runs fail. */
static void on_fail(struct hak_runner *r, uint64_t now)
{
	if (!r->failing) {
		uint64_t interval = word(r, HAK_C_INTERVAL);

		r->failing = true;
		r->action_pause = interval > PAUSE_MIN ? interval : PAUSE_MIN;
		r->action_next = now;
	}
	if (now < r->action_next || r->action)
		return;
	run_action(r, HAK_C_ON_FAIL);
	r->action_next = now + r->action_pause;
	r->action_pause = r->action_pause * 2 > PAUSE_MAX ? PAUSE_MAX : r->action_pause * 2;
}

static void on_recover(struct hak_runner *r)
{
	if (!r->failing || r->verdict.state != HAK_CHECK_UP || r->action)
		return;
	r->failing = false;
	run_action(r, HAK_C_ON_RECOVER);
}

static bool same_value(const struct hak_result *a, const struct hak_result *b)
{
	return a->valued == b->valued && a->value == b->value;
}

static void log_verdict(const struct hak_runner *r, const char *reason)
{
	const struct hak_addr *to = &r->check->v[HAK_C_TO].addr;
	char text[HAK_ADDR_TEXT] = "";

	if (to->family)
		hak_addr_text(to, false, text);
	hak_log("%s%s%s: %s: %s", r->check->name, *text ? " " : "", text,
		r->verdict.state == HAK_CHECK_UP ? "up" : "down", reason);
}

static void take_result(struct hak_runner *r, uint64_t now)
{
	struct hak_result result = r->probe.result;
	bool changed;

	r->probe.ready = false;
	changed = hak_verdict_step(&r->verdict, result.ok, (unsigned int)word(r, HAK_C_RISE),
				   (unsigned int)word(r, HAK_C_FALL));
	if (changed)
		log_verdict(r, result.reason);
	if (changed || (r->verdict.state == HAK_CHECK_UP && result.ok &&
			!same_value(&result, &r->last)))
		r->dirty = true;
	/* What is reported explains the verdict, not a single run against it. */
	if (result.ok == (r->verdict.state == HAK_CHECK_UP))
		r->last = result;
	if (result.ok)
		on_recover(r);
	else
		on_fail(r, now);
}

/* While the verdict is in doubt it may be asked for more often. */
static uint64_t interval(const struct hak_runner *r)
{
	const struct hak_value *fast = &r->check->v[HAK_C_FAST_INTERVAL];

	return fast->set && fast->num && r->verdict.same ? fast->num : word(r, HAK_C_INTERVAL);
}

static void reap_action(struct hak_runner *r)
{
	if (r->action && waitpid(r->action, NULL, WNOHANG) != 0)
		r->action = 0;
}

void hak_runner_step(struct hak_runner *r, uint64_t now)
{
	reap_action(r);
	hak_probe_step(&r->probe, now);
	if (r->probe.ready)
		take_result(r, now);
	if (r->probe.running || now < r->next)
		return;
	r->next += interval(r);
	if (r->next <= now)
		r->next = now + interval(r);
	r->runs++;
	hak_probe_start(&r->probe, r->check, *r->pool ? r->pool : NULL, now);
	if (r->probe.ready)
		take_result(r, now);
}

uint64_t hak_runner_due(const struct hak_runner *r)
{
	return r->probe.running ? r->probe.deadline : r->next;
}

uint64_t hak_runner_report_due(const struct hak_runner *r)
{
	uint64_t due = UINT64_MAX;

	if (!r->has_track || r->verdict.state == HAK_CHECK_UNKNOWN)
		return UINT64_MAX;
	if (r->dirty)
		due = 0;
	else if (r->lease)
		due = r->reported + r->lease / 3;
	return due > r->retry ? due : r->retry;
}
