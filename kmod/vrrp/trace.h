/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: changes of state, and adverts that were not taken. Beside the event
 * and the counter for who has to see each of them, with its time.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hak

#if !defined(HAK_VRRP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define HAK_VRRP_TRACE_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include <linux/hak.h>

#include "info.h"

#ifndef HAK_VRRP_TRACE_SADDR
#define HAK_VRRP_TRACE_SADDR
/* One field for both families: an IPv4 address is ::ffff:192.0.2.1. */
static inline void hak_trace_saddr(u8 *to, const struct hak_ip *ip)
{
	if (ip->len == HAK_IP6_LEN) {
		memcpy(to, ip->b, HAK_IP6_LEN);
		return;
	}
	memset(to, 0, HAK_IP6_LEN);
	memset(to + 10, 0xff, 2);
	memcpy(to + 12, ip->b, HAK_IP4_LEN);
}
#endif

TRACE_EVENT(hak_router_state,
	TP_PROTO(const char *router, const struct hak_change_rec *rec),
	TP_ARGS(router, rec),
	TP_STRUCT__entry(
		__array(char, router, HAK_NAME_SIZE)
		__field(u64, seq)
		__field(u32, from)
		__field(u32, to)
		__array(char, reason, HAK_TEXT_SIZE)
	),
	TP_fast_assign(
		strscpy(__entry->router, router, HAK_NAME_SIZE);
		__entry->seq = rec->seq;
		__entry->from = rec->from;
		__entry->to = rec->to;
		strscpy(__entry->reason, rec->reason, HAK_TEXT_SIZE);
	),
	TP_printk("router=%s seq=%llu %s -> %s: %s", __entry->router,
		  __entry->seq,
		  __print_symbolic(__entry->from,
				   { HAK_STATE_INITIALIZE, "Initialize" },
				   { HAK_STATE_BACKUP, "Backup" },
				   { HAK_STATE_ACTIVE, "Active" }),
		  __print_symbolic(__entry->to,
				   { HAK_STATE_INITIALIZE, "Initialize" },
				   { HAK_STATE_BACKUP, "Backup" },
				   { HAK_STATE_ACTIVE, "Active" }),
		  __entry->reason)
);

TRACE_EVENT(hak_advert_drop,
	TP_PROTO(int ifindex, u8 vrid, enum hak_drop why,
		 const struct hak_ip *saddr, const u8 *mac),
	TP_ARGS(ifindex, vrid, why, saddr, mac),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u32, vrid)
		__field(u32, why)
		__array(u8, saddr, HAK_IP6_LEN)
		__array(u8, mac, ETH_ALEN)
	),
	TP_fast_assign(
		__entry->ifindex = ifindex;
		__entry->vrid = vrid;
		__entry->why = why;
		hak_trace_saddr(__entry->saddr, saddr);
		if (mac)
			ether_addr_copy(__entry->mac, mac);
		else
			eth_zero_addr(__entry->mac);
	),
	TP_printk("ifindex=%d vrid=%u reason=%s saddr=%pI6c mac=%pM",
		  __entry->ifindex, __entry->vrid,
		  __print_symbolic(__entry->why,
				   { HAK_DROP_PACKET_LENGTH, "packet_length" },
				   { HAK_DROP_IP_TTL, "ip_ttl" },
				   { HAK_DROP_VERSION, "version" },
				   { HAK_DROP_INVALID_TYPE, "invalid_type" },
				   { HAK_DROP_ADDRESS_LIST, "address_list" },
				   { HAK_DROP_CHECKSUM, "checksum" },
				   { HAK_DROP_VRID, "vrid" },
				   { HAK_DROP_INTERVAL, "interval" },
				   { HAK_DROP_SOURCE, "source" },
				   { HAK_DROP_DESTINATION, "destination" },
				   { HAK_DROP_SELF_REFLECT, "self_reflect" },
				   { HAK_DROP_DUPLICATE_PRIMARY, "duplicate_primary" },
				   { HAK_DROP_AUTH, "auth" },
				   { HAK_DROP_CARP, "carp" },
				   { HAK_DROP_NOT_RUNNING, "not_running" },
				   { HAK_DROP_PEER, "peer" }),
		  __entry->saddr, __entry->mac)
);

#endif /* HAK_VRRP_TRACE_H */

/* Out of the kernel's tree: beside this file, see kmod/Kbuild. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
