/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run of a check: started, moved on whenever something may have happened,
 * never waiting. hakcheck runs many at a time, `hakadm check run` one.
 */
#ifndef HAK_PROBE_H
#define HAK_PROBE_H

#include "parse.h"

#include <linux/hak.h>
#include <sys/types.h>

/** struct hak_result - what a run said */
struct hak_result {
	bool ok;
	bool valued;
	int32_t value;
	char reason[HAK_REASON_SIZE];
};

/**
 * struct hak_probe - a run
 * @check: what is run
 * @running: it has not ended; a killed script may outlive its result
 * @ready: the result is there and was not taken yet
 * @pid: of the script, 0: none
 * @fd: its output, or the connection; -1: none
 * @deadline: when the run is overdue, then when the script is killed
 * @terminated: it was asked to end
 * @line: last line of output
 * @len: bytes of it
 * @ended: a newline was seen: the next byte starts a new line
 * @result: valid with @ready
 */
struct hak_probe {
	const struct hak_obj *check;
	bool running;
	bool ready;
	pid_t pid;
	int fd;
	uint64_t deadline;
	bool terminated;
	char line[HAK_REASON_SIZE];
	size_t len;
	bool ended;
	struct hak_result result;
};

/**
 * hak_probe_start() - begin a run
 * @pool: that a script is told of, or NULL
 */
void hak_probe_start(struct hak_probe *p, const struct hak_obj *check, const char *pool,
		     uint64_t now);
/** hak_probe_step() - look again: after SIGCHLD, when @fd is ready, at @deadline */
void hak_probe_step(struct hak_probe *p, uint64_t now);
/** hak_probe_stop() - end it at once */
void hak_probe_stop(struct hak_probe *p);

/** hak_spawn() - run CMD without a shell in its own process group; -errno, or the pid
 *
 * @user: to run as, or NULL
 * @out: where its output goes, -1: nowhere
 * @env: of hak_probe_env(), or NULL
 */
pid_t hak_spawn(const char *cmd, const char *user, int out, char **env);
/**
 * hak_probe_env() - what the commands of a check are told, as NAME=VALUE
 *
 * HAK_TARGET_ADDRESS and, when it is known, HAK_TARGET_PORT of what the check looks
 * at, and HAK_POOL. NULL for a check that looks at nothing. Free with
 * hak_split_free().
 */
char **hak_probe_env(const struct hak_obj *check, const char *pool);

/** enum hak_check_state - what a check says after several runs */
enum hak_check_state {
	HAK_CHECK_UNKNOWN,
	HAK_CHECK_UP,
	HAK_CHECK_DOWN,
};

/**
 * struct hak_verdict - rise and fall
 * @state: the verdict
 * @same: runs in a row that said otherwise
 */
struct hak_verdict {
	enum hak_check_state state;
	unsigned int same;
};

/** hak_verdict_step() - take one result; true when the verdict changed. Pure. */
bool hak_verdict_step(struct hak_verdict *v, bool ok, unsigned int rise, unsigned int fall);

/** hak_process_runs() - is there a process of this name in our network namespace? */
bool hak_process_runs(const char *name);

#endif /* HAK_PROBE_H */
