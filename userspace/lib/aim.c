// SPDX-License-Identifier: GPL-2.0-only
#include "aim.h"

#include <string.h>

/* The port of the first service of a pool, 0 without one. */
static uint16_t service_port(const struct hak_model *m, const char *pool)
{
	for (const struct hak_obj *o = m->list[HAK_O_SERVICE].first; o; o = o->next)
		if (!strcmp(o->v[HAK_SV_POOL].text, pool))
			return o->key.addr.port;
	return 0;
}

static void aim(struct hak_aim *a, const struct hak_model *m, const struct hak_obj *server)
{
	const struct hak_addr *to = &a->check->v[HAK_C_TO].addr;

	if (a->check->kind->num == HAK_CHECK_PROCESS)
		return;
	a->to = to->family ? *to : server->key.addr;
	if (!a->to.port)
		a->to.port = server->key.addr.port;
	if (!a->to.port)
		a->to.port = service_port(m, server->v[HAK_SR_POOL].text);
	a->no_port = !a->to.port && a->check->kind->num == HAK_CHECK_TCP;
}

static void add(struct hak_aims *as, const struct hak_model *m, const struct hak_model *checks,
		const struct hak_obj *server, const char *name)
{
	const struct hak_obj *check = hak_model_find(checks, HAK_O_CHECK, name);
	struct hak_aim *a;

	if (!check) {
		as->unknown = name;
		return;
	}
	as->list = hak_realloc(as->list, as->n + 1, sizeof(*as->list));
	a = &as->list[as->n++];
	*a = (struct hak_aim){ .check = check };
	aim(a, m, server);
}

void hak_aims_of(struct hak_aims *a, const struct hak_model *m, const struct hak_model *checks,
		 const struct hak_obj *server)
{
	const struct hak_obj *pool = hak_model_find(m, HAK_O_POOL, server->v[HAK_SR_POOL].text);
	const struct hak_value *own = &server->v[HAK_SR_CHECK];
	const struct hak_value none = { 0 }, *all = pool ? &pool->v[HAK_PL_CHECK] : &none;

	memset(a, 0, sizeof(*a));
	for (unsigned int i = 0; i < all->n_refs; i++)
		add(a, m, checks, server, all->refs[i].name);
	for (unsigned int i = 0; i < own->n_refs; i++)
		if (!hak_value_names(all, own->refs[i].name))
			add(a, m, checks, server, own->refs[i].name);
}

struct hak_obj *hak_aim_take(const struct hak_obj *check, const struct hak_addr *to)
{
	struct hak_obj *o = hak_obj_copy(check);

	if (to->family)
		o->v[HAK_C_TO] = (struct hak_value){ .set = true, .addr = *to };
	return o;
}

bool hak_has_check(const struct hak_model *m, const struct hak_obj *server, const char *check)
{
	const struct hak_obj *pool = hak_model_find(m, HAK_O_POOL, server->v[HAK_SR_POOL].text);

	return hak_value_names(&server->v[HAK_SR_CHECK], check) ||
	       (pool && hak_value_names(&pool->v[HAK_PL_CHECK], check));
}

bool hak_names_check(const struct hak_model *m, const char *check)
{
	for (const struct hak_obj *o = m->list[HAK_O_POOL].first; o; o = o->next)
		if (hak_value_names(&o->v[HAK_PL_CHECK], check))
			return true;
	for (const struct hak_obj *o = m->list[HAK_O_SERVER].first; o; o = o->next)
		if (hak_value_names(&o->v[HAK_SR_CHECK], check))
			return true;
	return false;
}
