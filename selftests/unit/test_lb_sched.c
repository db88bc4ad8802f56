// SPDX-License-Identifier: GPL-2.0-only
#include "lb_sched.h"
#include "suites.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#define MANY	4096
#define BIG	131071

static struct hak_sched_server servers[HAK_SCHED_SERVERS_MAX];
static u16 table[BIG + 1], other[BIG + 1];

/* Server @i is 10.0.0.0 + i, port 80. */
static u64 id_of(u32 i)
{
	return hak_sched_id4(htonl(0x0a000000 + i), htons(80));
}

static void make(u32 n, u32 weight)
{
	u32 i;

	for (i = 0; i < n; i++)
		servers[i] = (struct hak_sched_server){ weight, id_of(i) };
}

static void make_weights(const u32 *weights, u32 n)
{
	u32 i;

	make(n, 0);
	for (i = 0; i < n; i++)
		servers[i].weight = weights[i];
}

/* A random number from a fixed sequence, below @limit. */
static u32 next_random(u32 limit)
{
	static u32 state = 1;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

/* Scratch memory of just the size, for ASan to guard, and full of rubbish. */
static void *new_scratch(u32 n)
{
	size_t size = (size_t)n * HAK_SCHED_SCRATCH;
	void *scratch = malloc(size + !size);

	memset(scratch, 0xa5, size);
	return scratch;
}

static bool wrr(u32 n)
{
	u32 size = hak_sched_wrr_size(servers, n);
	void *scratch = new_scratch(n);
	u16 *exact = malloc(size * sizeof(*exact) + !size);
	bool ok = hak_sched_wrr_build(exact, size, servers, n, scratch);

	if (ok)
		memcpy(table, exact, size * sizeof(*exact));
	free(exact);
	free(scratch);
	return ok;
}

static bool mh(u16 *into, u32 size, u32 n)
{
	void *scratch = new_scratch(n);
	bool ok = hak_sched_mh_build(into, size, servers, n, scratch);

	free(scratch);
	return ok;
}

static u32 count(u32 size, u32 server)
{
	u32 i, found = 0;

	for (i = 0; i < size; i++)
		found += table[i] == server;
	return found;
}

static void rr_takes_each_once(void)
{
	static const u32 weights[] = { 5, 0, 1, 65535, 0 };

	make_weights(weights, 5);
	CHECK_NUM(hak_sched_rr_size(servers, 5), 3);
	table[3] = 0xbeef;
	hak_sched_rr_build(table, 3, servers, 5);
	CHECK(table[0] == 0 && table[1] == 2 && table[2] == 3 && table[3] == 0xbeef);
	/* No further than the table. */
	table[1] = 0xbeef;
	hak_sched_rr_build(table, 1, servers, 5);
	CHECK(table[0] == 0 && table[1] == 0xbeef);
	/* Nor than the servers. */
	hak_sched_rr_build(table, 4, servers, 5);
	CHECK(table[2] == 3 && table[3] == 0xbeef);
	CHECK_NUM(hak_sched_rr_size(servers, 0), 0);
}

static void wrr_size_is_reduced(void)
{
	static const u32 weights[] = { 100, 0, 200, 300 };

	make_weights(weights, 4);
	CHECK_NUM(hak_sched_wrr_size(servers, 4), 6);
	make(1, 65535);
	CHECK_NUM(hak_sched_wrr_size(servers, 1), 1);
	make(3, 0);
	CHECK_NUM(hak_sched_wrr_size(servers, 3), 0);
	CHECK_NUM(hak_sched_wrr_size(servers, 0), 0);
	make(MANY, 7);
	CHECK_NUM(hak_sched_wrr_size(servers, MANY), MANY);
}

static void wrr_123_is_smooth(void)
{
	static const u32 weights[] = { 1, 2, 3 };

	make_weights(weights, 3);
	CHECK(wrr(3));
	CHECK(!memcmp(table, (const u16[]){ 2, 1, 2, 1, 2, 0 }, 6 * sizeof(u16)));
}

static void wrr_of_equals_is_rr(void)
{
	u32 i;

	make(50, 3);
	CHECK(wrr(50));
	for (i = 0; i < 50; i++)
		CHECK_NUM(table[i], i);
}

static void wrr_refuses_wrong_sizes(void)
{
	static const u32 weights[] = { 1, 2, 3 };
	void *scratch = new_scratch(3);

	make_weights(weights, 3);
	table[0] = 0xbeef;
	CHECK(!hak_sched_wrr_build(table, 5, servers, 3, scratch));
	CHECK(!hak_sched_wrr_build(table, 7, servers, 3, scratch));
	make(3, 0);
	CHECK(!hak_sched_wrr_build(table, 0, servers, 3, scratch));
	CHECK_NUM(table[0], 0xbeef);
	free(scratch);
}

/*
 * Among the first t entries server i has t * turns / size, give or take less
 * than one, for all i and t. With t = size that is the share itself; and two
 * prefixes make any stretch, which is less than two off.
 */
static void check_prefixes(u32 n, const char *what)
{
	u32 size = hak_sched_wrr_size(servers, n), t, i;
	u32 *turns = calloc(n, sizeof(*turns)), *had = calloc(n, sizeof(*had));

	CHECK_MSG(wrr(n), "%s: not built", what);
	for (t = 0; t < size; t++) {
		if (!CHECK_MSG(table[t] < n, "%s: entry %u is %u", what, t, table[t]))
			goto out;
		turns[table[t]]++;
	}
	for (t = 0; t < size; t++) {
		had[table[t]]++;
		/* Others only fall behind, and not far: look at all now and then. */
		for (i = 0; i < n; i++) {
			s64 off = (s64)had[i] * size - (s64)(t + 1) * turns[i];

			if (n > 64 && i != table[t] && t % 256)
				continue;
			if (!CHECK_MSG(off < size && -off < (s64)size,
				       "%s: %u has %u of %u after %u of %u", what, i,
				       had[i], turns[i], t + 1, size))
				goto out;
		}
	}
	for (i = 0; i < n; i++)
		CHECK_MSG(!turns[i] == !servers[i].weight, "%s: %u of weight %u has %u", what,
			  i, servers[i].weight, turns[i]);
out:
	free(turns);
	free(had);
}

static void wrr_prefixes_differ_by_less_than_one(void)
{
	static const u32 odd[] = { 0, 17, 1, 101, 5, 0, 3 };
	u32 round, i, n;

	make_weights(odd, 7);
	check_prefixes(7, "odd");
	make(101, 1);
	servers[50].weight = 100;
	check_prefixes(101, "one heavy among light");
	for (round = 0; round < 60; round++) {
		n = 1 + next_random(40);
		make(n, 0);
		for (i = 0; i < n; i++)
			servers[i].weight = next_random(round % 2 ? 20 : 1000);
		servers[n - 1].weight |= 1;
		check_prefixes(n, "random");
	}
	make(300, 1);
	for (i = 0; i < 300; i++)
		servers[i].weight = 1 + next_random(200);
	check_prefixes(300, "many");
}

static void wrr_scales_down(void)
{
	u32 i, size;

	make(3, 65535);
	servers[0].weight = 65534;
	servers[2].weight = 1;
	size = hak_sched_wrr_size(servers, 3);
	CHECK(size <= HAK_SCHED_WRR_MAX && size > HAK_SCHED_WRR_MAX - 4);
	check_prefixes(3, "heavy");
	CHECK_NUM(count(size, 2), 1);
	CHECK(abs((int)count(size, 0) - (int)count(size, 1)) <= 1);

	make(1000, 1);
	for (i = 0; i < 1000; i++)
		servers[i].weight = i % 10 ? 1 : 65535;
	size = hak_sched_wrr_size(servers, 1000);
	CHECK(size <= HAK_SCHED_WRR_MAX && size > HAK_SCHED_WRR_MAX - 1000);
	check_prefixes(1000, "heavy and light");
	CHECK_NUM(count(size, 1), 1);
}

static void wrr_at_its_limits(void)
{
	u32 i, size;

	make(HAK_SCHED_SERVERS_MAX, 65535);
	CHECK_NUM(hak_sched_wrr_size(servers, HAK_SCHED_SERVERS_MAX), HAK_SCHED_SERVERS_MAX);
	servers[0].weight = 65534;
	size = hak_sched_wrr_size(servers, HAK_SCHED_SERVERS_MAX);
	CHECK(size >= HAK_SCHED_SERVERS_MAX && size <= HAK_SCHED_WRR_MAX);
	CHECK(wrr(HAK_SCHED_SERVERS_MAX));
	memset(other, 0, sizeof(other));
	for (i = 0; i < size; i++)
		other[table[i]]++;
	for (i = 0; i < HAK_SCHED_SERVERS_MAX; i++)
		CHECK_MSG(other[i] >= 1, "%u has nothing", i);
}

static void mh_sizes(void)
{
	static const u32 good[] = {
		251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 65537, 131071,
	};
	u32 i, d, found = 0;

	for (i = 0; i <= 131072; i++)
		found += hak_sched_mh_size_ok(i);
	CHECK_NUM(found, TAP_COUNT(good));
	for (i = 0; i < TAP_COUNT(good); i++) {
		CHECK(hak_sched_mh_size_ok(good[i]));
		for (d = 2; d * d <= good[i]; d++)
			CHECK_MSG(good[i] % d, "%u is no prime", good[i]);
	}
	CHECK(hak_sched_mh_size_ok(HAK_SCHED_MH_SIZE));
}

static void mh_refuses(void)
{
	make(3, 1);
	table[0] = 0xbeef;
	CHECK(!mh(table, 250, 3));
	CHECK(!mh(table, 0, 3));
	CHECK(!mh(table, 251, 0));
	make(3, 0);
	CHECK(!mh(table, 251, 3));
	CHECK_NUM(table[0], 0xbeef);
}

static void mh_fills_every_entry(void)
{
	static const u32 sizes[] = { 251, 509, 4093, 65521, 65537, 131071 };
	u32 i, k, n;

	for (i = 0; i < TAP_COUNT(sizes); i++) {
		for (n = 1; n <= 1000; n *= 10) {
			make(n, 1);
			servers[0].weight = n == 1;
			table[sizes[i]] = 0xbeef;
			CHECK(mh(table, sizes[i], n));
			for (k = 0; k < sizes[i]; k++)
				if (!CHECK_MSG(table[k] < n && servers[table[k]].weight,
					       "entry %u is %u", k, table[k]))
					return;
			CHECK_NUM(table[sizes[i]], 0xbeef);
		}
	}
}

/* Turns are given out one by one: nobody has more than one above the others. */
static void mh_equals_get_the_same(void)
{
	u32 i, got;

	make(100, 1);
	CHECK(mh(table, HAK_SCHED_MH_SIZE, 100));
	for (i = 0; i < 100; i++) {
		got = count(HAK_SCHED_MH_SIZE, i);
		CHECK_MSG(got == 655 || got == 656, "%u has %u", i, got);
	}
}

/* Within one entry and a 2000th of the share. */
static void mh_obeys_weights(void)
{
	u32 i, sum = 0;

	make(100, 0);
	for (i = 0; i < 100; i++)
		sum += servers[i].weight = 1 + i * 7;
	CHECK(mh(table, HAK_SCHED_MH_SIZE, 100));
	for (i = 0; i < 100; i++) {
		double share = (double)HAK_SCHED_MH_SIZE * servers[i].weight / sum;
		double off = (double)count(HAK_SCHED_MH_SIZE, i) - share;

		CHECK_MSG(off < 1 + share / 2000 && -off < 1 + share / 2000,
			  "weight %u is off by %f of %f", servers[i].weight, off, share);
	}
}

/* Who has a share below one entry gets one or none, all of them about their sum. */
static void mh_is_fair_to_the_light(void)
{
	u32 i, light = 0;

	make(MANY, 1);
	servers[9].weight = 65535;
	CHECK(mh(table, 16381, MANY));
	for (i = 0; i < 16381; i++)
		light += table[i] != 9;
	/* 4095 of 69630 is 963 entries. */
	CHECK_MSG(light > 963 * 9 / 10 && light < 963 * 11 / 10, "%u entries", light);
}

static void mh_order_does_not_matter(void)
{
	struct hak_sched_server keep;
	u64 was[300];
	u32 i, k, round;

	make(300, 1);
	for (i = 0; i < 300; i++)
		servers[i].weight = next_random(4);
	CHECK(mh(table, 65537, 300));
	memcpy(other, table, sizeof(other));
	for (i = 0; i < 300; i++)
		was[i] = servers[i].id;
	for (round = 0; round < 5; round++) {
		for (i = 299; i; i--) {
			k = next_random(i + 1);
			keep = servers[i];
			servers[i] = servers[k];
			servers[k] = keep;
		}
		CHECK(mh(table, 65537, 300));
		for (i = 0; i < 65537; i++)
			if (!CHECK_MSG(servers[table[i]].id == was[other[i]], "entry %u", i))
				return;
	}
}

/* How many entries of others move when server @gone goes. */
static u32 moved(u32 size, u32 n, u32 gone)
{
	u32 i, weight = servers[gone].weight, moves = 0;

	CHECK(mh(table, size, n));
	servers[gone].weight = 0;
	CHECK(mh(other, size, n));
	servers[gone].weight = weight;
	for (i = 0; i < size; i++) {
		CHECK_MSG(other[i] != gone, "%u is still there", gone);
		moves += table[i] != gone && table[i] != other[i];
	}
	return moves;
}

static void mh_removal_moves_little(void)
{
	u32 i, sum = 0, worst = 0, moves;

	make(100, 1);
	for (i = 0; i < 100; i += 7) {
		moves = moved(HAK_SCHED_MH_SIZE, 100, i);
		worst = moves > worst ? moves : worst;
		sum += moves;
	}
	printf("# mh: one of 100 goes, of the others' entries move %.2f %%, at most %.2f %%\n",
	       sum * 100.0 / 15 / (HAK_SCHED_MH_SIZE * 0.99),
	       worst * 100.0 / (HAK_SCHED_MH_SIZE * 0.99));
	CHECK_MSG(worst < HAK_SCHED_MH_SIZE / 100, "%u move", worst);
}

/* Also when the heaviest goes, by which the time of all others is measured. */
static void mh_removal_of_the_heaviest(void)
{
	u32 i;

	make(100, 1);
	for (i = 0; i < 100; i++)
		servers[i].weight = 10 + i % 10;
	servers[42].weight = 40;
	i = moved(HAK_SCHED_MH_SIZE, 100, 42);
	CHECK_MSG(i < HAK_SCHED_MH_SIZE / 25, "%u move", i);
}

static void mh_return_restores(void)
{
	make(100, 1);
	CHECK(mh(table, HAK_SCHED_MH_SIZE, 100));
	servers[31].weight = 0;
	CHECK(mh(other, HAK_SCHED_MH_SIZE, 100));
	CHECK(memcmp(table, other, HAK_SCHED_MH_SIZE * sizeof(u16)));
	servers[31].weight = 1;
	CHECK(mh(other, HAK_SCHED_MH_SIZE, 100));
	CHECK(!memcmp(table, other, HAK_SCHED_MH_SIZE * sizeof(u16)));
	/* The unit of weights does not matter either. */
	make(100, 999);
	CHECK(mh(other, HAK_SCHED_MH_SIZE, 100));
	CHECK(!memcmp(table, other, HAK_SCHED_MH_SIZE * sizeof(u16)));
}

static void mh_same_id_ends(void)
{
	u32 i;

	make(5, 1);
	for (i = 0; i < 5; i++)
		servers[i].id = 77;
	CHECK(mh(table, 65537, 5));
	for (i = 0; i < 5; i++)
		CHECK(count(65537, i) >= 65537 / 5);
}

static void mh_more_servers_than_entries(void)
{
	u32 i;

	make(HAK_SCHED_SERVERS_MAX, 3);
	CHECK(mh(table, 251, HAK_SCHED_SERVERS_MAX));
	memset(other, 0, sizeof(other));
	for (i = 0; i < 251; i++)
		CHECK(table[i] < HAK_SCHED_SERVERS_MAX && !other[table[i]]++);
}

static u32 fnv(const u16 *entries, u32 size)
{
	u32 i, hash = 0x811c9dc5;

	for (i = 0; i < size; i++) {
		hash = (hash ^ (entries[i] & 0xff)) * 0x01000193;
		hash = (hash ^ entries[i] >> 8) * 0x01000193;
	}
	return hash;
}

/* Nodes of different versions and machines must agree: these never change. */
static void mh_golden(void)
{
	static const u16 first[] = { 4, 1, 3, 1, 1, 3, 1, 4, 3, 4, 1, 0, 0, 0, 3, 1 };

	make(5, 1);
	CHECK(mh(table, 251, 5));
	CHECK(!memcmp(table, first, sizeof(first)));
	CHECK_NUM(fnv(table, 251), 0xaca160f1);
	make(100, 0);
	for (u32 i = 0; i < 100; i++)
		servers[i].weight = i * 655;
	CHECK(mh(table, 65537, 100));
	CHECK_NUM(fnv(table, 65537), 0xb850302e);
}

static bool sh(u16 *into, u32 n)
{
	void *scratch = new_scratch(n);
	bool ok = hak_sched_sh_build(into, hak_sched_sh_size(servers, n), servers, n, scratch);

	free(scratch);
	return ok;
}

static void sh_sizes(void)
{
	make_weights((const u32[]){ 1, 2, 3 }, 3);
	CHECK_NUM(hak_sched_sh_size(servers, 3), 1026);
	make(1, 7);
	CHECK_NUM(hak_sched_sh_size(servers, 1), 1024);
	make_weights((const u32[]){ 1, 2000 }, 2);
	CHECK_NUM(hak_sched_sh_size(servers, 2), 2001);
	make(3, 0);
	CHECK_NUM(hak_sched_sh_size(servers, 3), 0);
	CHECK(!sh(table, 3));
	make(1, 1);
	CHECK(!hak_sched_sh_build(table, 1, servers, 1, NULL));
}

static void sh_obeys_weights(void)
{
	u32 i, got[3] = { 0 };

	make_weights((const u32[]){ 1, 2, 3 }, 3);
	CHECK(sh(table, 3));
	for (i = 0; i < 1026; i++)
		got[table[i]]++;
	CHECK_NUM(got[0], 171);
	CHECK_NUM(got[1], 342);
	CHECK_NUM(got[2], 513);
}

/* Only the clients of who is absent move, to all of the others, and back. */
static void sh_stands_in(void)
{
	u32 i, size, moved = 0, got[5] = { 0 };

	make(5, 1);
	size = hak_sched_sh_size(servers, 5);
	CHECK(sh(table, 5));
	servers[2].absent = true;
	CHECK(sh(other, 5));
	for (i = 0; i < size; i++) {
		CHECK(table[i] == 2 ? other[i] != 2 : other[i] == table[i]);
		moved += table[i] == 2;
		if (table[i] == 2)
			got[other[i]]++;
	}
	CHECK_NUM(moved, size / 5);
	for (i = 0; i < 5; i++)
		CHECK_MSG(i == 2 ? !got[i] : got[i] > 35 && got[i] < 68, "%u: %u", i, got[i]);
	servers[2].absent = false;
	CHECK(sh(other, 5));
	CHECK(!memcmp(table, other, size * sizeof(*table)));
}

static void sh_with_few_left(void)
{
	u32 i, size;

	/* One entry in 65,535 is left: found, though not by a hash. */
	make_weights((const u32[]){ 65534, 1 }, 2);
	servers[0].absent = true;
	size = hak_sched_sh_size(servers, 2);
	CHECK_NUM(size, 65535);
	CHECK(sh(table, 2));
	for (i = 0; i < size; i++)
		CHECK(table[i] == 1);
	servers[1].absent = true;
	CHECK(sh(table, 2));
	for (i = 0; i < size; i++)
		CHECK(table[i] == HAK_SCHED_NOBODY);
}

static void hash_golden(void)
{
	__be32 addr = htonl(0xc0000201);

	CHECK_NUM(hak_sched_id4(addr, htons(0x1234)), 0xc00002011234);
	CHECK_NUM(hak_sched_hash4(addr, 0), 0x5e2df001);
	CHECK_NUM(hak_sched_hash4(addr, htons(0x1234)), 0xd3d28d0d);
	CHECK_NUM(hak_sched_hash4(0, 0), 0x8aad5d95);
}

/* Neighbours, and the ports of one client, over all of a table. */
static void hash_spreads(void)
{
	u32 i, k, hits[2][64] = { { 0 } };

	for (i = 0; i < 64000; i++) {
		hits[0][hak_sched_index(hak_sched_hash4(htonl(0xc6120000 + i), 0), 64)]++;
		hits[1][hak_sched_index(hak_sched_hash4(htonl(0xc6120000), htons((u16)i)),
					64)]++;
	}
	for (i = 0; i < 2; i++)
		for (k = 0; k < 64; k++)
			CHECK_MSG(hits[i][k] > 850 && hits[i][k] < 1150, "%u %u: %u", i, k,
				  hits[i][k]);
}

static void index_stays_inside(void)
{
	CHECK_NUM(hak_sched_index(0, 65537), 0);
	CHECK_NUM(hak_sched_index(0xffffffff, 65537), 65536);
	CHECK_NUM(hak_sched_index(0xffffffff, 1), 0);
	CHECK_NUM(hak_sched_index(0x80000000, 10), 5);
}

const struct tap_test lb_sched_tests[] = {
	TAP_TEST(rr_takes_each_once),
	TAP_TEST(wrr_size_is_reduced),
	TAP_TEST(wrr_123_is_smooth),
	TAP_TEST(wrr_of_equals_is_rr),
	TAP_TEST(wrr_refuses_wrong_sizes),
	TAP_TEST(wrr_prefixes_differ_by_less_than_one),
	TAP_TEST(wrr_scales_down),
	TAP_TEST(wrr_at_its_limits),
	TAP_TEST(mh_sizes),
	TAP_TEST(mh_refuses),
	TAP_TEST(mh_fills_every_entry),
	TAP_TEST(mh_equals_get_the_same),
	TAP_TEST(mh_obeys_weights),
	TAP_TEST(mh_is_fair_to_the_light),
	TAP_TEST(mh_order_does_not_matter),
	TAP_TEST(mh_removal_moves_little),
	TAP_TEST(mh_removal_of_the_heaviest),
	TAP_TEST(mh_return_restores),
	TAP_TEST(mh_same_id_ends),
	TAP_TEST(mh_more_servers_than_entries),
	TAP_TEST(mh_golden),
	TAP_TEST(sh_sizes),
	TAP_TEST(sh_obeys_weights),
	TAP_TEST(sh_stands_in),
	TAP_TEST(sh_with_few_left),
	TAP_TEST(hash_golden),
	TAP_TEST(hash_spreads),
	TAP_TEST(index_stays_inside),
};
const size_t lb_sched_count = TAP_COUNT(lb_sched_tests);
