/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two or three routers on a lossy link, in one process and in invented time.
 * First disorder: loss, duplication, reordering, stalls, crashes, cuts, changes
 * of configuration, all drawn from a source of bytes. Then quiet: everything is
 * repaired and the routers must agree on one Active and stay there.
 */
#ifndef HAK_UNIT_SIM_H
#define HAK_UNIT_SIM_H

#include "fsm_model.h"

#define SIM_MAX_ROUTERS	3

/**
 * struct sim_source - where the disorder comes from
 * @data: bytes to use, or NULL for a pseudo-random sequence
 * @left: bytes not used yet; the disorder ends when there are none
 * @seed: state of the sequence, not 0
 */
struct sim_source {
	const u8 *data;
	size_t left;
	u64 seed;
};

/**
 * struct sim_result - what a run came to
 * @error: NULL, or what broke
 * @router: where, when one step broke it
 * @now: when, ns
 * @steps: of the machines
 * @takeovers: transitions to Active, over all routers
 */
struct sim_result {
	const char *error;
	unsigned int router;
	u64 now;
	unsigned long steps;
	unsigned long takeovers;
};

/**
 * sim_run() - disorder, then quiet
 * @src: used up
 * @routers: 2 or 3
 */
struct sim_result sim_run(struct sim_source *src, unsigned int routers);

#endif /* HAK_UNIT_SIM_H */
