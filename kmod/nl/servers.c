// SPDX-License-Identifier: GPL-2.0-only
/*
 * The servers of a pool while a batch is put together. The array grows by
 * doubling and is indexed by a table with open addressing, so that a pool of n
 * servers is made in O(n). One that is removed keeps its place until the end,
 * without an address: what stands after it need not move each time.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "batch.h"

#define ROOM_MIN	8U

/* The slot of a server, or the free one that it would get. */
static u32 *find_slot(struct hak_nl_pool *e, const struct hak_ip *addr, __be16 port)
{
	u32 i = jhash2(addr->w, ARRAY_SIZE(addr->w), (__force u32)port);
	const struct hak_server_cfg *s;
	u32 *slot;

	/* Ends: at most half of the slots are taken. */
	for (;; i++) {
		slot = &e->slots[i & (e->n_slots - 1)];
		if (!*slot)
			return slot;
		s = &e->ch.cfg->servers[*slot - 1];
		if (s->port == port && hak_ip_equal(&s->addr, addr))
			return slot;
	}
}

/* An index for as many servers as there is room for. */
static int make_index(struct hak_nl_pool *e)
{
	const struct hak_pool_cfg *cfg = e->ch.cfg;
	const struct hak_server_cfg *s;
	u32 i;

	e->n_slots = 2 * roundup_pow_of_two(max(e->room, ROOM_MIN));
	e->slots = kvcalloc(e->n_slots, sizeof(*e->slots), GFP_KERNEL_ACCOUNT);
	if (!e->slots)
		return -ENOMEM;
	for (i = 0; i < cfg->n_servers; i++) {
		s = &cfg->servers[i];
		if (s->addr.len)
			*find_slot(e, &s->addr, s->port) = i + 1;
	}
	return 0;
}

void hak_nl_batch_servers_settle(struct hak_nl_pool *e)
{
	struct hak_pool_cfg *cfg = e->ch.cfg;
	u32 i, n = 0;

	kvfree(e->slots);
	e->slots = NULL;
	if (!cfg || cfg->n_servers == e->n_live)
		return;
	for (i = 0; i < cfg->n_servers; i++)
		if (cfg->servers[i].addr.len)
			cfg->servers[n++] = cfg->servers[i];
	cfg->n_servers = n;
}

static int grow(struct hak_nl_pool *e)
{
	struct hak_pool_cfg *cfg = e->ch.cfg;
	u32 room = max(2 * e->room, ROOM_MIN);
	struct hak_server_cfg *servers;

	servers = kvmalloc_array(room, sizeof(*servers), GFP_KERNEL_ACCOUNT);
	if (!servers)
		return -ENOMEM;
	if (cfg->n_servers)
		memcpy(servers, cfg->servers, cfg->n_servers * sizeof(*servers));
	kvfree(cfg->servers);
	cfg->servers = servers;
	e->room = room;
	return 0;
}

static int room_for_one(struct hak_nl_pool *e)
{
	int err;

	if (e->ch.cfg->n_servers < e->room)
		return 0;
	hak_nl_batch_servers_settle(e);
	err = e->n_live >= e->room / 2 ? grow(e) : 0;
	return err ?: make_index(e);
}

struct hak_server_cfg *hak_nl_batch_server(struct hak_nl_pool *e,
					   const struct hak_ip *addr, __be16 port)
{
	u32 *slot;

	if (!e->slots && make_index(e))
		return ERR_PTR(-ENOMEM);
	slot = find_slot(e, addr, port);
	return *slot ? &e->ch.cfg->servers[*slot - 1] : NULL;
}

struct hak_server_cfg *hak_nl_batch_server_add(struct hak_nl_pool *e,
					       const struct hak_ip *addr, __be16 port)
{
	struct hak_pool_cfg *cfg = e->ch.cfg;
	struct hak_server_cfg *s;
	u32 *slot;

	if (room_for_one(e))
		return ERR_PTR(-ENOMEM);
	slot = find_slot(e, addr, port);
	s = &cfg->servers[cfg->n_servers++];
	*s = (struct hak_server_cfg) {
		.addr = *addr,
		.port = port,
		.weight = 1,
		.state = HAK_SERVER_UP,
	};
	*slot = cfg->n_servers;
	e->n_live++;
	return s;
}

void hak_nl_batch_server_del(struct hak_nl_pool *e, struct hak_server_cfg *s)
{
	kfree(s->checks);
	memset(s, 0, sizeof(*s));
	e->n_live--;
}
