// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arbitrary servers: the size of the table of mh, then weight and id of each. A
 * weight is a byte, or two after 255; an id is a byte, so that some are equal.
 */
#include "fuzz.h"
#include "lb_sched.h"

#define SERVERS	32

static void check_wrr(const struct hak_sched_server *servers, u32 n, void *scratch)
{
	u32 size = hak_sched_wrr_size(servers, n), i;
	u32 had[SERVERS] = { 0 };
	u16 *table;

	MUST(size <= HAK_SCHED_WRR_MAX && !size == !hak_sched_rr_size(servers, n));
	/* Large ones take too long for many inputs, and are no different. */
	if (size > 4096)
		return;
	table = malloc(size * sizeof(*table) + !size);
	MUST(hak_sched_wrr_build(table, size, servers, n, scratch) == (size != 0));
	for (i = 0; i < size; i++) {
		MUST(table[i] < n);
		had[table[i]]++;
	}
	for (i = 0; i < n; i++)
		MUST(!had[i] == !servers[i].weight);
	free(table);
}

static void check_mh(u32 size, const struct hak_sched_server *servers, u32 n, void *scratch)
{
	u16 *table = malloc(size * sizeof(*table));
	bool ok = hak_sched_mh_build(table, size, servers, n, scratch);
	u32 i;

	MUST(ok == (hak_sched_rr_size(servers, n) != 0));
	for (i = 0; ok && i < size; i++)
		MUST(table[i] < n && servers[table[i]].weight);
	free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const u32 sizes[] = { 251, 251, 509, 1021 };
	struct hak_sched_server servers[SERVERS];
	struct bytes in = { data, size };
	u32 entries = sizes[take8(&in) % 4], n;
	void *scratch;

	for (n = 0; n < SERVERS && in.left; n++) {
		servers[n].weight = take8(&in);
		if (servers[n].weight == 255)
			servers[n].weight = (u32)take8(&in) << 8 | take8(&in);
		servers[n].id = take8(&in);
	}
	scratch = malloc((size_t)n * HAK_SCHED_SCRATCH + !n);
	check_wrr(servers, n, scratch);
	check_mh(entries, servers, n, scratch);
	free(scratch);
	return 0;
}
