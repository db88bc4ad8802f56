// SPDX-License-Identifier: GPL-2.0-only
#include "lb_sched.h"

#define NOBODY		HAK_SCHED_NOBODY	/* see HAK_SCHED_SERVERS_MAX */

/* What separates the uses of mix(); digits of pi. */
#define SALT_OFFSET	0x243f6a8885a308d3ULL
#define SALT_SKIP	0x13198a2e03707344ULL
#define SALT_CLIENT	0xa4093822299f31d0ULL
#define SALT_STAND_IN	0x082efa98ec4e6c89ULL
#define SALT_ADDRESS	0x452821e638d01377ULL

#define SH_SPREAD	1024	/* entries at least, so that many stand in for one */
#define STAND_IN_TRIES	64	/* by hash, before it is whoever comes first */

/*
 * The next turn of a server, kept at its index. The heap of those that wait for
 * a turn lies in the same memory: turns[i].heap is the server at node i. All of
 * it is HAK_SCHED_SCRATCH bytes.
 */
struct turn {
	u64 when;	/* the smallest is next */
	u64 tie;	/* and of equals, the one with the smallest of these */
	union {
		struct {
			u32 weight;	/* turns in the table */
			u32 end;	/* of this turn's window, rounded down */
			u32 rest;	/* in 1 / weight */
		};
		struct {
			u32 pos;	/* in the permutation */
			u32 skip;	/* to the next position */
			u32 step;	/* to the next turn */
		};
	};
	u16 heap;
	u16 next;	/* in the list of those that start in the same slot */
};

struct queue {
	struct turn *turns;
	u32 n;
};

static bool sooner(const struct turn *a, const struct turn *b)
{
	return a->when != b->when ? a->when < b->when : a->tie < b->tie;
}

static void queue_push(struct queue *q, u16 server)
{
	struct turn *t = q->turns;
	u32 i = q->n++;

	while (i && sooner(&t[server], &t[t[(i - 1) / 2].heap])) {
		t[i].heap = t[(i - 1) / 2].heap;
		i = (i - 1) / 2;
	}
	t[i].heap = server;
}

static u16 queue_pop(struct queue *q)
{
	struct turn *t = q->turns;
	u16 first = t[0].heap, last = t[--q->n].heap;
	u32 i = 0, child;

	for (child = 1; child < q->n; child = 2 * i + 1) {
		if (child + 1 < q->n && sooner(&t[t[child + 1].heap], &t[t[child].heap]))
			child++;
		if (sooner(&t[last], &t[t[child].heap]))
			break;
		t[i].heap = t[child].heap;
		i = child;
	}
	t[i].heap = last;
	return first;
}

u32 hak_sched_rr_size(const struct hak_sched_server *servers, u32 n)
{
	u32 i, size = 0;

	for (i = 0; i < n; i++)
		size += servers[i].weight != 0;
	return size;
}

void hak_sched_rr_build(u16 *table, u32 size,
			const struct hak_sched_server *servers, u32 n)
{
	u32 i, filled = 0;

	for (i = 0; i < n && filled < size; i++) {
		if (servers[i].weight)
			table[filled++] = (u16)i;
	}
}

/* How weights become turns. */
struct scale {
	u32 gcd;
	u32 total;	/* of the weights by @gcd; below 2^32 for all servers */
	u32 room;	/* what to bring @total down to, if it is too much */
};

static u32 gcd(u32 a, u32 b)
{
	while (b) {
		u32 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static struct scale scale_of(const struct hak_sched_server *servers, u32 n)
{
	struct scale s = { 0, 0, HAK_SCHED_WRR_MAX - hak_sched_rr_size(servers, n) };
	u32 i;

	for (i = 0; i < n; i++) {
		s.gcd = gcd(s.gcd, servers[i].weight);
		s.total += servers[i].weight;
	}
	if (s.gcd)
		s.total /= s.gcd;
	return s;
}

/*
 * Rounded to the nearest. That adds one turn to a server at most, for which
 * @room leaves space: the sum stays within HAK_SCHED_WRR_MAX.
 */
static u32 turns_of(u32 weight, const struct scale *s)
{
	u32 turns, rest;

	if (!weight)
		return 0;
	weight /= s->gcd;
	if (s->total <= HAK_SCHED_WRR_MAX)
		return weight;
	turns = weight * s->room / s->total;
	rest = weight * s->room % s->total;
	if (!turns || rest >= s->total - rest)
		turns++;
	return turns;
}

u32 hak_sched_wrr_size(const struct hak_sched_server *servers, u32 n)
{
	struct scale scale = scale_of(servers, n);
	u32 i, size = 0;

	for (i = 0; i < n; i++)
		size += turns_of(servers[i].weight, &scale);
	return size;
}

/* The window of the next turn begins, rounded down, where this one ends. */
static void wrr_window(struct turn *t, u32 size)
{
	t->end += size / t->weight;
	t->rest += size % t->weight;
	if (t->rest >= t->weight) {
		t->rest -= t->weight;
		t->end++;
	}
	t->when = t->end + (t->rest != 0);
}

/* The lists of who starts in a slot begin in the table itself, ahead of the picks. */
static void wrr_wait(u16 *table, u32 slot, struct turn *turns, u16 server)
{
	turns[server].next = table[slot];
	table[slot] = server;
}

static void wrr_start(u16 *table, u32 size, const struct hak_sched_server *servers, u32 n,
		      struct turn *turns)
{
	struct scale scale = scale_of(servers, n);
	u32 i;

	for (i = 0; i < n; i++) {
		u32 weight = turns_of(servers[i].weight, &scale);

		if (!weight)
			continue;
		/* Of two windows that end together, first who has to come again sooner. */
		turns[i] = (struct turn){
			.weight = weight,
			.tie = (u64)(size - weight) << 32 | i,
		};
		wrr_window(&turns[i], size);
		wrr_wait(table, 0, turns, (u16)i);
	}
}

/*
 * Turn k of w has the window from floor(k * size / w) to ceil((k + 1) * size / w).
 * Giving each slot the turn, of those whose window has begun, whose window ends
 * first keeps all within their windows: a slot shared out by weight would, and
 * this order does where any does. So there always is a turn to give. None waits
 * until a slot that its window covers in part only, for fewer turns than slots
 * have to be given before: where one window ends, rounded down, the next begins
 * and is still ahead.
 */
bool hak_sched_wrr_build(u16 *table, u32 size,
			 const struct hak_sched_server *servers, u32 n, void *scratch)
{
	struct queue q = { .turns = scratch };
	u32 slot, start;
	u16 i, next;

	if (!size || size != hak_sched_wrr_size(servers, n))
		return false;
	memset(table, 0xff, size * sizeof(*table));
	wrr_start(table, size, servers, n, q.turns);
	for (slot = 0; slot < size; slot++) {
		for (i = table[slot]; i != NOBODY; i = next) {
			next = q.turns[i].next;
			queue_push(&q, i);
		}
		i = queue_pop(&q);
		table[slot] = i;
		start = q.turns[i].end;
		wrr_window(&q.turns[i], size);
		if (start < size)
			wrr_wait(table, start, q.turns, i);
	}
	return true;
}

/* The output function of splitmix64: every bit depends on every bit. */
static u64 mix(u64 value, u64 salt)
{
	value += salt;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
	return value ^ (value >> 31);
}

/* Who has the entry that a hash finds for another; @spare when it finds nobody. */
static u16 stand_in(const u16 *table, u32 size, const struct hak_sched_server *servers,
		    u32 entry, u16 spare)
{
	u32 i, try;

	for (try = 0; try < STAND_IN_TRIES; try++) {
		i = hak_sched_index((u32)(mix((u64)entry << 32 | try, SALT_STAND_IN) >> 32),
				    size);
		if (!servers[table[i]].absent)
			return table[i];
	}
	return spare;
}

static void stand_ins(u16 *table, u32 size, const struct hak_sched_server *servers)
{
	u16 spare = NOBODY;
	u32 i;

	for (i = 0; i < size && spare == NOBODY; i++)
		if (!servers[table[i]].absent)
			spare = table[i];
	for (i = 0; i < size; i++) {
		if (spare == NOBODY)
			table[i] = NOBODY;
		else if (servers[table[i]].absent)
			table[i] = stand_in(table, size, servers, i, spare);
	}
}

u32 hak_sched_sh_size(const struct hak_sched_server *servers, u32 n)
{
	u32 size = hak_sched_wrr_size(servers, n);

	return size && size < SH_SPREAD ? (SH_SPREAD + size - 1) / size * size : size;
}

bool hak_sched_sh_build(u16 *table, u32 size, const struct hak_sched_server *servers,
			u32 n, void *scratch)
{
	u32 once = hak_sched_wrr_size(servers, n), i;

	if (size != hak_sched_sh_size(servers, n) ||
	    !hak_sched_wrr_build(table, once, servers, n, scratch))
		return false;
	for (i = once; i < size; i++)
		table[i] = table[i - once];
	stand_ins(table, size, servers);
	return true;
}

bool hak_sched_mh_size_ok(u32 size)
{
	switch (size) {
	case 251:
	case 509:
	case 1021:
	case 2039:
	case 4093:
	case 8191:
	case 16381:
	case 32749:
	case 65521:
	case 65537:
	case 131071:
		return true;
	default:
		return false;
	}
}

static u32 heaviest(const struct hak_sched_server *servers, u32 n)
{
	u32 i, top = 0;

	for (i = 0; i < n; i++) {
		if (servers[i].weight > top)
			top = servers[i].weight;
	}
	return top;
}

/*
 * Time is in 1/65536 of what the heaviest server waits between two turns. The
 * first turn is at a random time within the own interval: without that, all the
 * light ones would come late, and get nothing from a table that is full by then.
 */
static void mh_start(struct turn *t, const struct hak_sched_server *server, u32 top, u32 size)
{
	u64 offset = mix(server->id, SALT_OFFSET);
	u64 skip = mix(server->id, SALT_SKIP);

	t->when = (u32)(offset >> 48) * top / server->weight;
	t->tie = server->id;
	t->step = (top << 16) / server->weight;
	t->pos = hak_sched_index((u32)offset, size);
	t->skip = 1 + hak_sched_index((u32)skip, size - 1);
}

/* The size is prime: a server comes past every entry before any a second time. */
static u32 mh_take(struct turn *t, const u16 *table, u32 size)
{
	while (table[t->pos] != NOBODY) {
		t->pos += t->skip;
		if (t->pos >= size)
			t->pos -= size;
	}
	return t->pos;
}

bool hak_sched_mh_build(u16 *table, u32 size,
			const struct hak_sched_server *servers, u32 n, void *scratch)
{
	struct queue q = { .turns = scratch };
	u32 top = heaviest(servers, n), i, filled;
	u16 server;

	if (!top || !hak_sched_mh_size_ok(size))
		return false;
	for (i = 0; i < n; i++) {
		if (!servers[i].weight)
			continue;
		mh_start(&q.turns[i], &servers[i], top, size);
		queue_push(&q, (u16)i);
	}
	memset(table, 0xff, size * sizeof(*table));
	for (filled = 0; filled < size; filled++) {
		server = queue_pop(&q);
		table[mh_take(&q.turns[server], table, size)] = server;
		q.turns[server].when += q.turns[server].step;
		queue_push(&q, server);
	}
	return true;
}

u64 hak_sched_id4(__be32 addr, __be16 port)
{
	return (u64)get_unaligned_be32(&addr) << 16 | get_unaligned_be16(&port);
}

u32 hak_sched_hash4(__be32 addr, __be16 port)
{
	return (u32)(mix(hak_sched_id4(addr, port), SALT_CLIENT) >> 32);
}

/* Of 16 bytes 8: two servers that share it are improbable, and do no harm. */
u64 hak_sched_id6(const u8 *addr, __be16 port)
{
	u64 high = (u64)get_unaligned_be32(addr) << 32 | get_unaligned_be32(addr + 4);
	u64 low = (u64)get_unaligned_be32(addr + 8) << 32 | get_unaligned_be32(addr + 12);

	return mix(mix(high, SALT_ADDRESS) ^ low, SALT_ADDRESS) ^ get_unaligned_be16(&port);
}

u32 hak_sched_hash6(const u8 *addr, __be16 port)
{
	return (u32)(mix(hak_sched_id6(addr, port), SALT_CLIENT) >> 32);
}
