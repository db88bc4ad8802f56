/* SPDX-License-Identifier: GPL-2.0-only */
/* Which checks a server has, and what each of them looks at. Pure. */
#ifndef HAK_AIM_H
#define HAK_AIM_H

#include "parse.h"

/**
 * struct hak_aim - a check of a server
 * @check: its line
 * @to: address and port that it looks at; family 0: nothing, as for `process`
 * @no_port: it needs a port and there is none
 */
struct hak_aim {
	const struct hak_obj *check;
	struct hak_addr to;
	bool no_port;
};

/**
 * struct hak_aims - all checks of a server
 * @list: each check once, those of the pool first
 * @n: how many
 * @unknown: a name without a check line, or NULL
 */
struct hak_aims {
	struct hak_aim *list;
	size_t n;
	const char *unknown;
};

/** hak_aims_of() - the checks of @server; pools and services are in @m, check lines in @checks */
void hak_aims_of(struct hak_aims *a, const struct hak_model *m, const struct hak_model *checks,
		 const struct hak_obj *server);
/** hak_aim_take() - a check of its own that looks at @to */
struct hak_obj *hak_aim_take(const struct hak_obj *check, const struct hak_addr *to);
/** hak_has_check() - does @server or its pool name @check? */
bool hak_has_check(const struct hak_model *m, const struct hak_obj *server, const char *check);
/** hak_names_check() - does a pool or a server name @check? */
bool hak_names_check(const struct hak_model *m, const char *check);

#endif /* HAK_AIM_H */
