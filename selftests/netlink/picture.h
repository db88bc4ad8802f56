/* SPDX-License-Identifier: GPL-2.0-only */
/* What is configured, as one number: to see that a refused request changed nothing. */
#ifndef NLFUZZ_PICTURE_H
#define NLFUZZ_PICTURE_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

struct picture {
	uint64_t hash;
	uint32_t objects;
	uint32_t generation;	/* of CONFIG_GET, when that was added */
	bool reports;		/* set before: with what is reported of servers */
};

/* Add a reply of a dump; @arg is the picture. */
void picture_add(void *arg, const struct nlmsghdr *h);

#endif /* NLFUZZ_PICTURE_H */
