/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other bridge between the balancer and VRRP: which pools have as many
 * servers as their quorum says? The balancer publishes, tracks read.
 */
#ifndef HAK_QUORUM_H
#define HAK_QUORUM_H

#include <linux/list.h>
#include <linux/types.h>

#include <linux/hak.h>

struct hak_net;

/**
 * struct hak_quorum - of one pool
 * @list: in hak_net.quorums once published; cfg_mutex
 * @name: of the pool
 * @met: enough of its servers take new connections; cfg_mutex
 */
struct hak_quorum {
	struct list_head list;
	char name[HAK_NAME_SIZE];
	bool met;
};

/**
 * hak_quorum_set() - a pool has or has not its quorum
 * @hn: namespace
 * @q: of the pool, zeroed before the first time; published by this
 * @name: of the pool
 * @met: it has
 *
 * Context: process, cfg_mutex held.
 */
void hak_quorum_set(struct hak_net *hn, struct hak_quorum *q, const char *name,
		    bool met);

/**
 * hak_quorum_drop() - a pool is no more
 * @hn: namespace
 * @q: of the pool, perhaps never published
 *
 * Context: process, cfg_mutex held.
 */
void hak_quorum_drop(struct hak_net *hn, struct hak_quorum *q);

/**
 * hak_quorum_find() - the quorum of a pool
 * @hn: namespace
 * @name: of the pool
 *
 * Context: process, cfg_mutex held.
 * Return: NULL when there is no such pool.
 */
const struct hak_quorum *hak_quorum_find(const struct hak_net *hn, const char *name);

#endif /* HAK_QUORUM_H */
