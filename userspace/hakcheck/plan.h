/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to be run: from check lines and the running configuration. No socket. */
#ifndef HAK_PLAN_H
#define HAK_PLAN_H

#include "member.h"

#define HAK_PLAN_BUCKETS	1024

/**
 * struct hak_plan - all that is run, and for whom
 * @runners: one for each check and what it looks at, whoever needs it
 * @by_line: the same by their lines
 * @members: servers that have checks
 * @by_name: the same by address and pool
 */
struct hak_plan {
	struct hak_runner *runners;
	struct hak_runner *by_line[HAK_PLAN_BUCKETS];
	struct hak_member *members;
	struct hak_member *by_name[HAK_PLAN_BUCKETS];
};

/**
 * hak_plan_make() - take over a configuration
 * @checks: the check lines
 * @running: tracks, pools, servers and services of the kernel
 * @left: called for each server that lost its checks while they said down; it is asked
 *        again at the next call when that fails
 * @arg: for it
 *
 * Runs whose line did not change go on as if nothing had happened. Returns the last
 * error of @left, or 0.
 */
int hak_plan_make(struct hak_plan *p, const struct hak_model *checks,
		   const struct hak_model *running, uint64_t now,
		   int (*left)(const struct hak_member *m, void *arg), void *arg);
void hak_plan_free(struct hak_plan *p);

#endif /* HAK_PLAN_H */
