// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv6 packets in fragments are passed on as they come, for only their sender may make
 * other ones of them. The first one tells the ports, so that it has to be remembered
 * for those that follow.
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>

#include "object.h"

#define FRAG_TIME	(2 * HZ)

static struct hak_frag *slot_of(struct hak_lb *lb, const struct hak_lb_pkt *pkt)
{
	u32 hash = jhash2((const u32 *)pkt->key.saddr6, 8, (__force u32)pkt->frag_id);

	return &lb->frags.slot[hash >> (32 - HAK_FRAG_BITS)];
}

void hak_frag_note(struct hak_lb *lb, const struct hak_lb_pkt *pkt,
		   const struct hak_server *server)
{
	struct hak_frag *frag = slot_of(lb, pkt);

	spin_lock(&lb->frags.lock);
	frag->key = pkt->key;
	frag->id = pkt->frag_id;
	frag->server = server->addr;
	frag->port = server->port;
	frag->expires = (jiffies + FRAG_TIME) ?: 1;
	spin_unlock(&lb->frags.lock);
}

static bool is_of(const struct hak_frag *frag, const struct hak_lb_pkt *pkt)
{
	struct hak_flow_key key = pkt->key;

	key.sport = frag->key.sport;
	key.dport = frag->key.dport;
	return frag->expires && time_before(jiffies, frag->expires) &&
	       frag->id == pkt->frag_id && hak_flow_same(&frag->key, &key);
}

struct hak_server *hak_frag_find(struct hak_lb *lb, struct hak_lb_pkt *pkt)
{
	struct hak_frag *frag = slot_of(lb, pkt);
	struct hak_server *server = NULL;

	spin_lock(&lb->frags.lock);
	if (is_of(frag, pkt)) {
		pkt->key = frag->key;
		server = hak_server_reach(lb, &frag->server, frag->port);
	}
	spin_unlock(&lb->frags.lock);
	return server;
}
