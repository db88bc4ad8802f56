// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include "aim.h"

#include <stdlib.h>
#include <string.h>

static unsigned int bucket(const char *a, const char *b)
{
	struct hak_hash h;

	hak_hash_init(&h);
	hak_hash_add(&h, a, strlen(a));
	hak_hash_add(&h, b, strlen(b));
	return (unsigned int)(h.lane[0] ^ h.lane[0] >> 32) % HAK_PLAN_BUCKETS;
}

/* The runner of a line: the one that runs, or a new one. Takes @check. */
static struct hak_runner *want_runner(struct hak_plan *p, struct hak_obj *check, uint64_t now)
{
	struct hak_runner *r = hak_runner_new(check, now);
	struct hak_runner **b = &p->by_line[bucket(r->line, "")];

	for (struct hak_runner *old = *b; old; old = old->same)
		if (!strcmp(old->line, r->line)) {
			hak_runner_free(r);
			old->stale = false;
			return old;
		}
	r->list = p->runners;
	p->runners = r;
	r->same = *b;
	*b = r;
	return r;
}

static struct hak_member *want_member(struct hak_plan *p, const struct hak_obj *server)
{
	const char *pool = server->v[HAK_SR_POOL].text;
	struct hak_member **b = &p->by_name[bucket(server->name, pool)], *m;

	for (m = *b; m; m = m->same)
		if (!strcmp(m->server->name, server->name) &&
		    !strcmp(m->server->v[HAK_SR_POOL].text, pool))
			break;
	if (!m) {
		m = hak_member_new(server);
		m->list = p->members;
		p->members = m;
		m->same = *b;
		*b = m;
	}
	m->stale = false;
	m->n = 0;
	return m;
}

/* A number that somebody reported by hand is as good as up. */
static enum hak_check_state said_of(const struct hak_obj *server)
{
	if (!server->v[HAK_SR_REPORTED].set)
		return HAK_CHECK_UNKNOWN;
	return server->v[HAK_SR_REPORT].num == HAK_TRACK_DOWN ? HAK_CHECK_DOWN : HAK_CHECK_UP;
}

/* Down by the reason that hak_member_verdict() gives: no other reporter's word. */
static bool down_by_check(const struct hak_obj *server)
{
	const char *reason = server->v[HAK_SR_REASON].text;
	const char *colon = reason ? strstr(reason, ": ") : NULL;

	return said_of(server) == HAK_CHECK_DOWN && colon && !strncmp(reason, "check ", 6) &&
	       colon > reason + 6 && !memchr(reason + 6, ' ', (size_t)(colon - reason - 6));
}

/* A server without checks; they may have gone while no hakcheck ran. */
static void plan_unchecked(struct hak_plan *p, const struct hak_obj *server)
{
	struct hak_member *m;

	if (!down_by_check(server))
		return;
	m = want_member(p, server);
	m->said = HAK_CHECK_DOWN;
	m->stale = true;
}

static void plan_server(struct hak_plan *p, const struct hak_model *checks,
			const struct hak_model *running, const struct hak_obj *server, uint64_t now)
{
	char problem[160] = "";
	struct hak_member *m;
	struct hak_aims aims;

	hak_aims_of(&aims, running, checks, server);
	if (!aims.n && !aims.unknown) {
		plan_unchecked(p, server);
		return;
	}
	m = want_member(p, server);
	m->said = said_of(server);
	m->retry = 0;
	for (size_t i = 0; i < aims.n; i++) {
		const struct hak_aim *a = &aims.list[i];
		struct hak_runner *r;

		if (a->no_port) {
			snprintf(problem, sizeof(problem),
				 "check %s needs a port, and the pool has no service",
				 a->check->name);
			continue;
		}
		r = want_runner(p, hak_aim_take(a->check, &a->to), now);
		if (!*r->pool)
			hak_copy(r->pool, sizeof(r->pool), server->v[HAK_SR_POOL].text);
		hak_member_check(m, r);
	}
	if (aims.unknown)
		snprintf(problem, sizeof(problem), "check %s: no such check in the loaded file",
			 aims.unknown);
	hak_member_complain(m, *problem ? problem : NULL);
	free(aims.list);
}

/* A check that a router tracks, or that nobody names, is run for its track. */
static void plan_check(struct hak_plan *p, const struct hak_model *running,
		       const struct hak_obj *check, uint64_t now)
{
	const struct hak_obj *t = hak_model_find(running, HAK_O_TRACK, check->name);
	struct hak_runner *r;

	if (check->kind->num == HAK_CHECK_TCP && !check->v[HAK_C_TO].addr.port)
		return;
	if (!t && hak_names_check(running, check->name))
		return;
	r = want_runner(p, hak_obj_copy(check), now);
	r->has_track = t;
	r->lease = t ? t->v[HAK_K_LEASE].num : 0;
	r->dirty = true;
	r->retry = 0;
}

static void drop_runners(struct hak_plan *p)
{
	struct hak_runner **at = &p->runners;

	for (unsigned int i = 0; i < HAK_PLAN_BUCKETS; i++)
		p->by_line[i] = NULL;
	while (*at) {
		struct hak_runner *r = *at;

		if (r->stale) {
			*at = r->list;
			hak_runner_free(r);
		} else {
			struct hak_runner **b = &p->by_line[bucket(r->line, "")];

			r->same = *b;
			*b = r;
			at = &r->list;
		}
	}
}

static void drop_members(struct hak_plan *p)
{
	struct hak_member **at = &p->members;

	for (unsigned int i = 0; i < HAK_PLAN_BUCKETS; i++)
		p->by_name[i] = NULL;
	while (*at) {
		struct hak_member *m = *at;

		if (m->stale) {
			*at = m->list;
			hak_member_free(m);
		} else {
			struct hak_member **b;

			b = &p->by_name[bucket(m->server->name, m->server->v[HAK_SR_POOL].text)];
			m->same = *b;
			*b = m;
			at = &m->list;
		}
	}
}

static bool still_there(const struct hak_model *running, const struct hak_member *m)
{
	return hak_model_twin(running, m->server);
}

int hak_plan_make(struct hak_plan *p, const struct hak_model *checks,
		   const struct hak_model *running, uint64_t now,
		   int (*left)(const struct hak_member *m, void *arg), void *arg)
{
	int err = 0;

	for (struct hak_runner *r = p->runners; r; r = r->list) {
		r->stale = true;
		r->has_track = false;
		r->pool[0] = '\0';
	}
	for (struct hak_member *m = p->members; m; m = m->list)
		m->stale = true;
	for (struct hak_obj *o = checks->list[HAK_O_CHECK].first; o; o = o->next)
		plan_check(p, running, o, now);
	for (struct hak_obj *o = running->list[HAK_O_SERVER].first; o; o = o->next)
		plan_server(p, checks, running, o, now);
	/* What a check left behind would stay for ever. */
	for (struct hak_member *m = p->members; m; m = m->list)
		if (m->stale && m->said == HAK_CHECK_DOWN && still_there(running, m)) {
			int e = left(m, arg);

			/* Without checks it says nothing more, but it is not forgotten. */
			m->n = 0;
			m->stale = !e;
			err = e ? e : err;
		}
	drop_members(p);
	drop_runners(p);
	return err;
}

void hak_plan_free(struct hak_plan *p)
{
	for (struct hak_runner *r = p->runners; r; r = r->list)
		r->stale = true;
	for (struct hak_member *m = p->members; m; m = m->list)
		m->stale = true;
	drop_members(p);
	drop_runners(p);
}
