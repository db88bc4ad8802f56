// SPDX-License-Identifier: GPL-2.0-only
/* The input is the disorder of a closed simulation of two or three routers. */
#include "fuzz.h"
#include "sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_source src = { .data = data, .left = size };
	struct sim_result res;

	if (!size)
		return 0;
	src.data++;
	src.left--;
	res = sim_run(&src, 2 + (data[0] & 1));
	if (res.error)
		fprintf(stderr, "router %u, %llu ns, step %lu: %s\n", res.router,
			(unsigned long long)res.now, res.steps, res.error);
	MUST(!res.error);
	return 0;
}
