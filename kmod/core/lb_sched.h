/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedulers as tables: the order in which servers get connections (rr, wrr),
 * or the server of each value of a hash (mh). Tables are built from a snapshot
 * of the servers and read without a lock; an entry is an index of the snapshot.
 * Nothing in here allocates, and nothing depends on the machine.
 */
#ifndef HAK_CORE_LB_SCHED_H
#define HAK_CORE_LB_SCHED_H

#include "env.h"

#define HAK_SCHED_SERVERS_MAX	65534	/* of a snapshot, so that an index fits u16 */
#define HAK_SCHED_WEIGHT_MAX	65535
#define HAK_SCHED_WRR_MAX	65535	/* entries of a table of wrr */
#define HAK_SCHED_MH_SIZE	65537	/* entries of a table of mh unless said */
#define HAK_SCHED_SCRATCH	32	/* bytes of scratch memory per server */
#define HAK_SCHED_NOBODY	0xffff	/* no index of a snapshot */

/**
 * struct hak_sched_server - a server of a snapshot
 * @weight: 0 to HAK_SCHED_WEIGHT_MAX; 0 gets nothing
 * @id: the same on every node and no other's, see hak_sched_id4() and hak_sched_id6()
 * @absent: it is to have its entries, but others stand in; of sh only
 */
struct hak_sched_server {
	u32 weight;
	u64 id;
	bool absent;
};

/**
 * hak_sched_rr_size() - entries that a table of rr needs
 * @servers: the snapshot
 * @n: how many
 *
 * Return: the servers with a weight above 0.
 */
u32 hak_sched_rr_size(const struct hak_sched_server *servers, u32 n);

/**
 * hak_sched_rr_build() - fill a table of rr
 * @table: @size entries
 * @size: what hak_sched_rr_size() says
 * @servers: the snapshot
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 *
 * Each server with a weight above 0 once, in their order.
 */
void hak_sched_rr_build(u16 *table, u32 size,
			const struct hak_sched_server *servers, u32 n);

/**
 * hak_sched_wrr_size() - entries that a table of wrr needs
 * @servers: the snapshot
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 *
 * The sum of the weights by their greatest common divisor. When that is above
 * HAK_SCHED_WRR_MAX they are scaled down to fit, those above 0 to 1 at least.
 *
 * Return: 1 to HAK_SCHED_WRR_MAX, or 0 when all weights are 0.
 */
u32 hak_sched_wrr_size(const struct hak_sched_server *servers, u32 n);

/**
 * hak_sched_wrr_build() - fill a table of wrr
 * @table: @size entries
 * @size: what hak_sched_wrr_size() says
 * @servers: the snapshot
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 * @scratch: @n * HAK_SCHED_SCRATCH bytes, aligned as a u64
 *
 * Interleaved as evenly as can be: among the first so many entries, those of a
 * server differ from its share by less than one, for every server and every
 * number of entries. O(size log n).
 *
 * Return: false, with nothing written, when @size is 0 or not what
 * hak_sched_wrr_size() says.
 */
bool hak_sched_wrr_build(u16 *table, u32 size,
			 const struct hak_sched_server *servers, u32 n, void *scratch);

/**
 * hak_sched_sh_size() - entries that a table of sh or dh needs
 * @servers: the snapshot
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 *
 * Return: a multiple of what hak_sched_wrr_size() says, 1,024 or more.
 */
u32 hak_sched_sh_size(const struct hak_sched_server *servers, u32 n);

/**
 * hak_sched_sh_build() - fill a table of sh or dh
 * @table: @size entries
 * @size: what hak_sched_sh_size() says
 * @servers: the snapshot
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 * @scratch: @n * HAK_SCHED_SCRATCH bytes, aligned as a u64
 *
 * That of wrr, again and again. Each entry of an absent server goes to that of
 * another entry, found by a hash: its clients are spread over the others and come
 * back when it does, and no other client is moved. When all are absent all is
 * HAK_SCHED_NOBODY.
 *
 * Return: false when @size is 0 or not what hak_sched_sh_size() says.
 */
bool hak_sched_sh_build(u16 *table, u32 size, const struct hak_sched_server *servers,
			u32 n, void *scratch);

/**
 * hak_sched_mh_size_ok() - may a table of mh have this size
 * @size: entries
 *
 * Return: true for 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521,
 * 65537 and 131071, which are primes.
 */
bool hak_sched_mh_size_ok(u32 size);

/**
 * hak_sched_mh_build() - fill a table of mh
 * @table: @size entries
 * @size: one that hak_sched_mh_size_ok() takes; a hundred entries per server
 *	and more keep the shares and the disruption small
 * @servers: the snapshot, in any order: it does not matter for which server an
 *	entry gets
 * @n: how many, up to HAK_SCHED_SERVERS_MAX
 * @scratch: @n * HAK_SCHED_SCRATCH bytes, aligned as a u64
 *
 * Maglev hashing: each server takes entries along a permutation of its own,
 * derived from its id, in turns whose number is in proportion to its weight.
 * O(size log size) expected. Two servers with the same id do no harm, but
 * which of them gets an entry depends on their order.
 *
 * Return: false, with nothing written, when all weights are 0 or @size is none.
 */
bool hak_sched_mh_build(u16 *table, u32 size,
			const struct hak_sched_server *servers, u32 n, void *scratch);

/**
 * hak_sched_id4() - identity of a server
 * @addr: address
 * @port: port, or 0
 */
u64 hak_sched_id4(__be32 addr, __be16 port);

/**
 * hak_sched_id6() - identity of a server with an IPv6 address
 * @addr: address, 16 bytes
 * @port: port, or 0
 */
u64 hak_sched_id6(const u8 *addr, __be16 port);

/**
 * hak_sched_hash6() - hash of an IPv6 client, as hak_sched_hash4()
 * @addr: address, 16 bytes
 * @port: port, or 0
 */
u32 hak_sched_hash6(const u8 *addr, __be16 port);

/**
 * hak_sched_hash4() - hash of a client for mh
 * @addr: address
 * @port: port, or 0 when all connections of a client go to one server
 *
 * The same on every node: no key, so whoever chooses ports chooses servers.
 */
u32 hak_sched_hash4(__be32 addr, __be16 port);

/**
 * hak_sched_index() - where a hash falls in a table
 * @hash: all 32 bits in use
 * @size: entries
 *
 * Return: 0 to @size - 1, without a division.
 */
static inline u32 hak_sched_index(u32 hash, u32 size)
{
	return (u32)((u64)hash * size >> 32);
}

#endif /* HAK_CORE_LB_SCHED_H */
