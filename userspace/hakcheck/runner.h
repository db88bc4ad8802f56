/* SPDX-License-Identifier: GPL-2.0-only */
/* A check that is run again and again. */
#ifndef HAK_RUNNER_H
#define HAK_RUNNER_H

#include "probe.h"

/**
 * struct hak_runner - one check of the running configuration
 * @check: its line, aimed at what it looks at; owned
 * @pool: first pool whose servers it is run for, or ""
 * @line: as text, to recognise it after a load
 * @probe: the run that is going on
 * @runs: started so far
 * @watched: the run whose descriptor the loop waits for
 * @verdict: after rise and fall
 * @last: the last result
 * @next: when the next run is due
 * @action: on-fail or on-recover that runs, 0: none
 * @action_next: earliest time of the next on-fail
 * @action_pause: grows while runs fail
 * @failing: on-fail was run, on-recover is owed
 * @dirty: the kernel does not know the verdict yet
 * @retry: not before this
 * @reported: time of the last report
 * @lease: of the track, 0: none
 * @has_track: the kernel has a track of this name
 * @stale: scratch: not in the new configuration
 * @list: next
 * @same: next with such a line
 */
struct hak_runner {
	struct hak_obj *check;
	char pool[HAK_NAME_SIZE];
	char *line;
	struct hak_probe probe;
	unsigned int runs;
	unsigned int watched;
	struct hak_verdict verdict;
	struct hak_result last;
	uint64_t next;
	pid_t action;
	uint64_t action_next;
	uint64_t action_pause;
	bool failing;
	bool dirty;
	uint64_t retry;
	uint64_t reported;
	uint64_t lease;
	bool has_track;
	bool stale;
	struct hak_runner *list;
	struct hak_runner *same;
};

struct hak_runner *hak_runner_new(struct hak_obj *check, uint64_t now);
/** hak_runner_free() - ends what it started */
void hak_runner_free(struct hak_runner *r);
/** hak_runner_step() - take results, start what is due */
void hak_runner_step(struct hak_runner *r, uint64_t now);
/** hak_runner_due() - when hak_runner_step() has to be called again at the latest */
uint64_t hak_runner_due(const struct hak_runner *r);
/** hak_runner_report_due() - when the kernel has to hear of it; UINT64_MAX: nothing to say */
uint64_t hak_runner_report_due(const struct hak_runner *r);

void hak_log(const char *fmt, ...) HAK_PRINTF(1, 2);

#endif /* HAK_RUNNER_H */
