// SPDX-License-Identifier: GPL-2.0-only
#include "quorum.h"

#include <linux/string.h>

#include "pernet.h"

void hak_quorum_set(struct hak_net *hn, struct hak_quorum *q, const char *name,
		    bool met)
{
	lockdep_assert_held(&hn->cfg_mutex);
	if (q->name[0] && q->met == met)
		return;
	if (!q->name[0]) {
		strscpy(q->name, name, sizeof(q->name));
		list_add_tail(&q->list, &hn->quorums);
	}
	q->met = met;
	hn->quorum_changed(hn);
}

void hak_quorum_drop(struct hak_net *hn, struct hak_quorum *q)
{
	lockdep_assert_held(&hn->cfg_mutex);
	if (!q->name[0])
		return;
	list_del(&q->list);
	q->name[0] = '\0';
	hn->quorum_changed(hn);
}

const struct hak_quorum *hak_quorum_find(const struct hak_net *hn, const char *name)
{
	const struct hak_quorum *q;

	lockdep_assert_held(&hn->cfg_mutex);
	list_for_each_entry(q, &hn->quorums, list)
		if (!strcmp(q->name, name))
			return q;
	return NULL;
}
