/* SPDX-License-Identifier: GPL-2.0-only */
/* A server, and what its checks together say of it. */
#ifndef HAK_MEMBER_H
#define HAK_MEMBER_H

#include "runner.h"

/**
 * struct hak_member - a server that has checks
 * @server: its address and pool, owned
 * @runners: of its checks
 * @n: how many
 * @said: what the kernel knows of it, UNKNOWN before the first report
 * @tells: the check that the kernel was told of as the reason, or ""
 * @retry: when to try again to report, 0: no report has failed
 * @problem: why a check of it cannot be run, as it was logged, or NULL
 * @stale: scratch: not in the new configuration
 * @list: next
 * @same: next in the daemon's table
 */
struct hak_member {
	struct hak_obj *server;
	struct hak_runner **runners;
	size_t n;
	enum hak_check_state said;
	char tells[HAK_NAME_SIZE];
	uint64_t retry;
	char *problem;
	bool stale;
	struct hak_member *list;
	struct hak_member *same;
};

struct hak_member *hak_member_new(const struct hak_obj *server);
void hak_member_free(struct hak_member *m);
/** hak_member_check() - @r is one of its checks, each once */
void hak_member_check(struct hak_member *m, struct hak_runner *r);
/** hak_member_complain() - log why a check cannot be run, once; NULL: all can */
void hak_member_complain(struct hak_member *m, const char *problem);
/**
 * hak_member_verdict() - up when all checks are, down when one is
 * @tells: set to the check that decides, NULL without any
 *
 * Before each has had its first result, and none is down, that is unknown.
 */
enum hak_check_state hak_member_verdict(const struct hak_member *m, const struct hak_runner **tells);
/**
 * hak_member_report() - what the kernel is told, to be freed
 *
 * A server that is down because of another check than before is told of again, for
 * the reason. NULL: nothing new; then no report that failed is owed any more.
 */
struct hak_obj *hak_member_report(struct hak_member *m);
/** hak_member_told() - the kernel took that report */
void hak_member_told(struct hak_member *m);
/** hak_member_forgive() - the report for a server that is no longer checked, to be freed */
struct hak_obj *hak_member_forgive(const struct hak_member *m);

#endif /* HAK_MEMBER_H */
