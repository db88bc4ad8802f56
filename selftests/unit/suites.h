/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_UNIT_SUITES_H
#define HAK_UNIT_SUITES_H

#include "tap.h"

extern const struct tap_test csum_tests[];
extern const size_t csum_count;
extern const struct tap_test pkt_tests[];
extern const size_t pkt_count;
extern const struct tap_test pkt_v2_tests[];
extern const size_t pkt_v2_count;
extern const struct tap_test pkt_v6_tests[];
extern const size_t pkt_v6_count;
extern const struct tap_test fsm_tests[];
extern const size_t fsm_count;
extern const struct tap_test group_tests[];
extern const size_t group_count;
extern const struct tap_test sim_tests[];
extern const size_t sim_count;
extern const struct tap_test lb_key_tests[];
extern const size_t lb_key_count;
extern const struct tap_test lb_key6_tests[];
extern const size_t lb_key6_count;
extern const struct tap_test lb_pick_tests[];
extern const size_t lb_pick_count;
extern const struct tap_test lb_sched_tests[];
extern const size_t lb_sched_count;
extern const struct tap_test lb_tcp_tests[];
extern const size_t lb_tcp_count;

/* One test: what the file says must happen happens. */
void trace_run(const char *path);

#endif /* HAK_UNIT_SUITES_H */
