/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv4 packets as the balancer sees them: bytes to a flow key and offsets. */
#ifndef HAK_CORE_LB_KEY_H
#define HAK_CORE_LB_KEY_H

#include "env.h"

#define HAK_PROTO_ICMP		1
#define HAK_PROTO_TCP		6
#define HAK_PROTO_UDP		17

/* With so many bytes of a packet, or all it has, hak_lb_parse4() needs no more. */
#define HAK_LB_HEAD_MAX		(60 + 8 + 60 + 8)

/**
 * struct hak_flow_key4 - what makes a packet one of a flow
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port, 0 where there is none
 * @dport: destination port, 0 where there is none
 * @proto: HAK_PROTO_*, or another
 * @pad: 0, so that keys compare and hash as memory
 */
struct hak_flow_key4 {
	__be32 saddr;
	__be32 daddr;
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 pad[3];
};

/** enum hak_lb_fragment - which fragment a packet is */
enum hak_lb_fragment {
	HAK_LB_FRAGMENT_NONE = 0,	/* a whole packet */
	HAK_LB_FRAGMENT_FIRST,		/* has the transport header */
	HAK_LB_FRAGMENT_LATER,		/* has not */
};

/** enum hak_lb_verdict - what hak_lb_parse4() found */
enum hak_lb_verdict {
	HAK_LB_OK = 0,		/* TCP or UDP, with ports */
	HAK_LB_ICMP,		/* an error about such a packet */
	HAK_LB_QUOTE,		/* an ICMP error about something else, or nothing useful */
	HAK_LB_PROTO,		/* another protocol or kind of ICMP */
	HAK_LB_FRAGMENT,	/* must be put together first: it has no ports, or it is ICMP */
	HAK_LB_SHORT,		/* the bytes at hand end before the headers do */
	HAK_LB_VERSION,		/* not IPv4 */
	HAK_LB_LENGTH,		/* malformed: lengths in the headers that cannot be */
};

/**
 * struct hak_lb_pkt - a packet, read
 * @key: addresses and protocol unless the verdict is SHORT, VERSION or LENGTH;
 *	ports with OK
 * @inner: with ICMP, the key of the quoted packet in the direction it was going
 * @total: bytes of the packet by its header; with a verdict up to FRAGMENT
 * @l4: offset of the header after IP's, likewise; 20 when there are no options
 * @payload: with OK, offset of what follows the TCP or UDP header
 * @inner_ip: with ICMP, offset of the quoted IP header
 * @inner_l4: with ICMP, offset of the quoted TCP or UDP header, 8 bytes of
 *	which are there
 * @fragment: &enum hak_lb_fragment; with a verdict up to FRAGMENT
 * @tcp_flags: with OK and TCP, from FIN as the lowest bit to CWR
 * @icmp_type: with ICMP and QUOTE
 * @icmp_code: with ICMP and QUOTE
 *
 * What is not said to be there is 0. Offsets count from the IP header.
 */
struct hak_lb_pkt {
	struct hak_flow_key4 key;
	struct hak_flow_key4 inner;
	u16 total;
	u16 l4;
	u16 payload;
	u16 inner_ip;
	u16 inner_l4;
	u8 fragment;
	u8 tcp_flags;
	u8 icmp_type;
	u8 icmp_code;
};

/**
 * hak_lb_parse4() - read the headers of a packet
 * @data: from the IPv4 header on, at any alignment
 * @len: bytes at hand; fewer than the packet has will do if they hold its
 *	headers, and those beyond its total length are not looked at
 * @pkt: filled, whatever the verdict
 *
 * ICMP errors are Destination Unreachable, Time Exceeded and Parameter Problem;
 * Source Quench is obsolete (RFC 6633). A first fragment without a whole TCP
 * header is malformed (RFC 1858). No checksum is verified.
 */
enum hak_lb_verdict hak_lb_parse4(const u8 *data, u32 len, struct hak_lb_pkt *pkt);

/**
 * hak_flow_reverse4() - the key of the packets in the other direction
 * @to: filled; may be @from
 * @from: key
 */
void hak_flow_reverse4(struct hak_flow_key4 *to, const struct hak_flow_key4 *from);

#endif /* HAK_CORE_LB_KEY_H */
