/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place where kmod/nl knows how the lists of kmod/vrrp hang together.
 */
#ifndef HAK_NL_WALK_H
#define HAK_NL_WALK_H

#include <linux/list.h>

#include "../pernet.h"
#include "../vrrp/router.h"
#include "../vrrp/track.h"

/* The live objects in order of creation; cfg_mutex held. */
#define hak_nl_for_each_router(r, hn) \
	list_for_each_entry(r, &(hn)->routers, list)

/* The one after @r, the first for NULL, NULL after the last; cfg_mutex held. */
static inline struct hak_router *hak_nl_next_router(struct hak_net *hn,
						    struct hak_router *r)
{
	if (!r)
		return list_first_entry_or_null(&hn->routers,
						struct hak_router, list);
	return list_is_last(&r->list, &hn->routers) ? NULL :
	       list_next_entry(r, list);
}

static inline struct hak_track *hak_nl_next_track(struct hak_net *hn,
						  struct hak_track *t)
{
	if (!t)
		return list_first_entry_or_null(&hn->tracks, struct hak_track,
						list);
	return list_is_last(&t->list, &hn->tracks) ? NULL :
	       list_next_entry(t, list);
}

#endif /* HAK_NL_WALK_H */
