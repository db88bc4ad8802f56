// SPDX-License-Identifier: GPL-2.0-only
#include "member.h"

#include <stdlib.h>
#include <string.h>

/* Address and pool of a server, and nothing else of it. */
static struct hak_obj *key_of(const struct hak_obj *server)
{
	struct hak_obj *o = hak_obj_new(&hak_object_server, server->name);

	hak_value_copy(&o->key, &server->key);
	hak_value_copy(&o->v[HAK_SR_POOL], &server->v[HAK_SR_POOL]);
	return o;
}

struct hak_member *hak_member_new(const struct hak_obj *server)
{
	struct hak_member *m = hak_calloc(1, sizeof(*m));

	m->server = key_of(server);
	return m;
}

void hak_member_free(struct hak_member *m)
{
	hak_obj_free(m->server);
	free(m->runners);
	free(m->problem);
	free(m);
}

void hak_member_check(struct hak_member *m, struct hak_runner *r)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->runners[i] == r)
			return;
	m->runners = hak_realloc(m->runners, m->n + 1, sizeof(struct hak_runner *));
	m->runners[m->n++] = r;
}

void hak_member_complain(struct hak_member *m, const char *problem)
{
	if (problem && (!m->problem || strcmp(m->problem, problem)))
		hak_log("pool %s server %s: %s", m->server->v[HAK_SR_POOL].text, m->server->name,
			problem);
	free(m->problem);
	m->problem = problem ? hak_strdup(problem) : NULL;
}

enum hak_check_state hak_member_verdict(const struct hak_member *m, const struct hak_runner **tells)
{
	*tells = NULL;
	for (size_t i = 0; i < m->n; i++) {
		const struct hak_runner *r = m->runners[i];

		if (r->verdict.state == HAK_CHECK_DOWN) {
			*tells = r;
			break;
		}
		if (!*tells || r->verdict.state == HAK_CHECK_UNKNOWN)
			*tells = r;
	}
	return *tells ? (*tells)->verdict.state : HAK_CHECK_UNKNOWN;
}

static struct hak_obj *report_of(const struct hak_member *m, enum hak_track_state state,
				 const char *reason)
{
	struct hak_obj *o = key_of(m->server);

	o->v[HAK_SR_REPORT] = (struct hak_value){ .set = true, .num = state };
	o->v[HAK_SR_REASON] = (struct hak_value){ .set = true, .text = hak_strdup(reason) };
	return o;
}

static bool is_new(const struct hak_member *m, enum hak_check_state says,
		   const struct hak_runner *tells)
{
	if (says == HAK_CHECK_UNKNOWN)
		return false;
	return says != m->said || (says == HAK_CHECK_DOWN && strcmp(tells->check->name, m->tells));
}

struct hak_obj *hak_member_report(struct hak_member *m)
{
	const struct hak_runner *tells;
	enum hak_check_state says = hak_member_verdict(m, &tells);
	char reason[HAK_REASON_SIZE];

	if (!is_new(m, says, tells)) {
		m->retry = 0;
		return NULL;
	}
	snprintf(reason, sizeof(reason), "check %s: %.80s", tells->check->name, tells->last.reason);
	return report_of(m, says == HAK_CHECK_UP ? HAK_TRACK_UP : HAK_TRACK_DOWN, reason);
}

void hak_member_told(struct hak_member *m)
{
	const struct hak_runner *tells;

	m->said = hak_member_verdict(m, &tells);
	hak_copy(m->tells, sizeof(m->tells), tells ? tells->check->name : "");
	m->retry = 0;
}

struct hak_obj *hak_member_forgive(const struct hak_member *m)
{
	return report_of(m, HAK_TRACK_UP, "no longer checked");
}
