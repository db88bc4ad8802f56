// SPDX-License-Identifier: GPL-2.0-only
/*
 * late WINDOW-MS FILE: how late the machine itself is. One thread on each processor,
 * before everything that is not real-time, wants to run every millisecond; for each
 * window a line goes to FILE: its begin, in seconds since 1970, and by how many
 * microseconds the latest of them came too late. Until it is killed.
 *
 * An emulated machine stands still for milliseconds now and then: what happens in
 * such a window says nothing about what runs on it.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NS_MS	1000000ULL
#define NS_S	1000000000ULL

static _Atomic unsigned long long worst;

static unsigned long long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * NS_S + t.tv_nsec;
}

static void sleep_until(unsigned long long at)
{
	struct timespec t = { .tv_sec = at / NS_S, .tv_nsec = at % NS_S };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

static void stay_on(long cpu)
{
	struct sched_param prio = { .sched_priority = 98 };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) || sched_setscheduler(0, SCHED_FIFO, &prio)) {
		perror("late: processor or priority");
		exit(1);
	}
}

static void *probe(void *cpu)
{
	unsigned long long at, late, seen;

	stay_on((long)cpu);
	at = now(CLOCK_MONOTONIC);
	for (;;) {
		at += NS_MS;
		sleep_until(at);
		late = now(CLOCK_MONOTONIC) - at;
		seen = atomic_load(&worst);
		while (late > seen && !atomic_compare_exchange_weak(&worst, &seen, late))
			;
		/* What was missed is missed. */
		at += late / NS_MS * NS_MS;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	unsigned long long window, begin;
	pthread_t thread;
	FILE *out;

	window = argc == 3 ? strtoull(argv[1], NULL, 10) * NS_MS : 0;
	out = window ? fopen(argv[2], "w") : NULL;
	if (!out) {
		fprintf(stderr, "usage: late WINDOW-MS FILE\n");
		return 2;
	}
	mlockall(MCL_CURRENT | MCL_FUTURE);
	for (cpu = 0; cpu < cpus; cpu++) {
		errno = pthread_create(&thread, NULL, probe, (void *)cpu);
		if (errno) {
			perror("late: thread");
			return 1;
		}
	}
	stay_on(0);
	for (;;) {
		begin = now(CLOCK_REALTIME);
		sleep_until(now(CLOCK_MONOTONIC) + window);
		fprintf(out, "%llu.%06llu %llu\n", begin / NS_S, begin % NS_S / 1000,
			atomic_exchange(&worst, 0) / 1000);
		fflush(out);
	}
}
