/* SPDX-License-Identifier: GPL-2.0-only */
/* What only replies of the kernel have, beside the words of the tables. */
#ifndef HAK_LIVE_H
#define HAK_LIVE_H

#include "value.h"

#include <linux/hak.h>

/**
 * struct hak_live - of a router; of servers, services and the balancer only @stats and rates
 * @own_mac: what it announces its own addresses with
 * @has_own_mac: that is known
 * @active: an Active router was heard
 * @address: its address
 * @mac: source of its frames
 * @has_mac: that is known
 * @priority: its priority
 * @heard: ns since its last advert
 * @interval: ns
 * @checksum: form it sends
 * @vips: what it advertises
 * @n_vips: how many
 * @stats: counters by attribute number: &enum hak_router_stat, &enum hak_lb_stat,
 *	&enum hak_lb_drop
 * @rated: @rates are known: two samples were taken, see hak_rates()
 * @rates: of servers and services, how much @stats grew in a second
 */
struct hak_live {
	uint8_t own_mac[6];
	bool has_own_mac;
	bool active;
	struct hak_addr address;
	uint8_t mac[6];
	bool has_mac;
	uint32_t priority;
	uint64_t heard;
	uint64_t interval;
	uint32_t checksum;
	struct hak_addr *vips;
	unsigned int n_vips;
	uint64_t stats[HAK_A_STAT_MAX + 1];
	bool rated;
	uint64_t rates[HAK_A_LB_STAT_MAX + 1];
};

#endif /* HAK_LIVE_H */
