// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of kmod/core. Arguments: trace files. */
#include "suites.h"
#include <string.h>

int main(int argc, char **argv)
{
	const char *base;
	int i;

	tap_plan(csum_count + pkt_count + pkt_v2_count + pkt_v6_count + fsm_count + group_count +
		 sim_count + lb_key_count + lb_key6_count + lb_pick_count + lb_sched_count + lb_tcp_count + (size_t)(argc - 1));
	tap_run("csum", csum_tests, csum_count);
	tap_run("vrrp_pkt", pkt_tests, pkt_count);
	tap_run("vrrp_pkt_v2", pkt_v2_tests, pkt_v2_count);
	tap_run("vrrp_pkt_v6", pkt_v6_tests, pkt_v6_count);
	tap_run("vrrp_fsm", fsm_tests, fsm_count);
	tap_run("vrrp_group", group_tests, group_count);
	tap_run("sim", sim_tests, sim_count);
	tap_run("lb_key", lb_key_tests, lb_key_count);
	tap_run("lb_key6", lb_key6_tests, lb_key6_count);
	tap_run("lb_pick", lb_pick_tests, lb_pick_count);
	tap_run("lb_sched", lb_sched_tests, lb_sched_count);
	tap_run("lb_tcp", lb_tcp_tests, lb_tcp_count);
	for (i = 1; i < argc; i++) {
		base = strrchr(argv[i], '/');
		trace_run(argv[i]);
		tap_result("trace", base ? base + 1 : argv[i]);
	}
	return tap_exit();
}
