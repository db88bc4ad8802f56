// SPDX-License-Identifier: GPL-2.0-only
#include "sim.h"
#include "suites.h"
#include <stdlib.h>

static unsigned long runs(void)
{
	const char *env = getenv("SIM_RUNS");
	unsigned long n = env ? strtoul(env, NULL, 0) : 0;

	return n ? n : 3000;
}

static void simulate(unsigned int routers, size_t disorder)
{
	unsigned long i, takeovers = 0;

	for (i = 1; i <= runs(); i++) {
		struct sim_source src = {
			.left = disorder,
			.seed = i * 0x9e3779b97f4a7c15ULL + routers,
		};
		struct sim_result res = sim_run(&src, routers);

		takeovers += res.takeovers;
		if (!CHECK_MSG(!res.error, "%u routers, run %lu, router %u, %llu ns, step %lu: %s",
			       routers, i, res.router, (unsigned long long)res.now, res.steps,
			       res.error))
			return;
	}
	CHECK_MSG(takeovers >= runs(), "each run has a takeover");
}

static void two_routers_agree_after_disorder(void)
{
	simulate(2, 1500);
}

static void three_routers_agree_after_disorder(void)
{
	simulate(3, 1500);
}

static void two_routers_agree_after_a_plain_start(void)
{
	simulate(2, 8);
}

static void three_routers_agree_after_a_plain_start(void)
{
	simulate(3, 12);
}

const struct tap_test sim_tests[] = {
	TAP_TEST(two_routers_agree_after_a_plain_start),
	TAP_TEST(three_routers_agree_after_a_plain_start),
	TAP_TEST(two_routers_agree_after_disorder),
	TAP_TEST(three_routers_agree_after_disorder),
};
const size_t sim_count = TAP_COUNT(sim_tests);
