/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets as the balancer sees them: bytes to a flow key and offsets. */
#ifndef HAK_CORE_LB_KEY_H
#define HAK_CORE_LB_KEY_H

#include "env.h"

#define HAK_PROTO_ICMP		1
#define HAK_PROTO_TCP		6
#define HAK_PROTO_UDP		17
#define HAK_PROTO_ICMPV6	58

/* Of IPv6 so many bytes of extension headers are read; with more it is not ours. */
#define HAK_LB_EXTENSIONS_MAX	128

/* With so many bytes of a packet, or all it has, hak_lb_parse4() needs no more. */
#define HAK_LB_HEAD_MAX		(60 + 8 + 60 + 8)
/* Nor does hak_lb_parse6() with so many. */
#define HAK_LB_HEAD6_MAX	(2 * (40 + HAK_LB_EXTENSIONS_MAX + 8) + 20)

/**
 * struct hak_flow_key - what makes a packet one of a flow
 * @sport: source port, 0 where there is none
 * @dport: destination port, 0 where there is none
 * @proto: HAK_PROTO_*, or another
 * @v6: 1 with IPv6, 0 with IPv4
 * @pad: 0, so that keys compare and hash as memory
 * @saddr: source address, IPv4
 * @daddr: destination address, IPv4
 * @saddr6: source address, IPv6
 * @daddr6: destination address, IPv6
 *
 * Where memory counts only the first HAK_FLOW_KEY4_SIZE bytes of one of IPv4 are there.
 */
struct hak_flow_key {
	__be16 sport;
	__be16 dport;
	u8 proto;
	u8 v6;
	u8 pad[2];
	union {
		struct {
			__be32 saddr;
			__be32 daddr;
		};
		struct {
			__be32 saddr6[4];
			__be32 daddr6[4];
		};
	};
};

#define HAK_FLOW_KEY4_SIZE	16
#define HAK_FLOW_KEY6_SIZE	40

/** enum hak_lb_fragment - which fragment a packet is */
enum hak_lb_fragment {
	HAK_LB_FRAGMENT_NONE = 0,	/* a whole packet */
	HAK_LB_FRAGMENT_FIRST,		/* has the transport header */
	HAK_LB_FRAGMENT_LATER,		/* has not */
};

/** enum hak_lb_verdict - what hak_lb_parse4() or hak_lb_parse6() found */
enum hak_lb_verdict {
	HAK_LB_OK = 0,		/* TCP or UDP, with ports */
	HAK_LB_ICMP,		/* an error about such a packet */
	HAK_LB_QUOTE,		/* an ICMP error about something else, or nothing useful */
	HAK_LB_PROTO,		/* another protocol or kind of ICMP */
	HAK_LB_FRAGMENT,	/* has no ports, or is a part of an ICMP message */
	HAK_LB_SHORT,		/* the bytes at hand end before the headers do */
	HAK_LB_VERSION,		/* not of this version of IP */
	HAK_LB_LENGTH,		/* malformed: lengths in the headers that cannot be */
};

/**
 * struct hak_lb_pkt - a packet, read
 * @key: addresses and protocol unless the verdict is SHORT, VERSION or LENGTH;
 *	ports with OK
 * @total: bytes of the packet by its header; with a verdict up to FRAGMENT
 * @frag_id: of an IPv6 fragment, network order; with a verdict up to FRAGMENT
 * @l4: offset of the header after IP's and its extensions, likewise; 20 or 40 when
 *	there are none
 * @payload: with OK, offset of what follows the TCP or UDP header
 * @inner_ip: with ICMP, offset of the quoted IP header
 * @inner_l4: with ICMP, offset of the quoted TCP or UDP header, 8 bytes of
 *	which are there
 * @fragment: &enum hak_lb_fragment; with a verdict up to FRAGMENT
 * @tcp_flags: with OK and TCP, from FIN as the lowest bit to CWR
 * @icmp_type: with ICMP and QUOTE
 * @icmp_code: with ICMP and QUOTE
 * @inner: with ICMP, the key of the quoted packet in the direction it was going; with
 *	other verdicts whatever it was
 *
 * What is not said to be there is 0. Offsets count from the IP header.
 */
struct hak_lb_pkt {
	struct hak_flow_key key;
	u32 total;
	__be32 frag_id;
	u16 l4;
	u16 payload;
	u16 inner_ip;
	u16 inner_l4;
	u8 fragment;
	u8 tcp_flags;
	u8 icmp_type;
	u8 icmp_code;
	struct hak_flow_key inner;
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
 * hak_lb_parse6() - read the headers of a packet
 * @data: from the IPv6 header on, at any alignment
 * @len: bytes at hand, as for hak_lb_parse4()
 * @pkt: filled, whatever the verdict
 *
 * Extension headers are passed over: options, routing headers with nothing left to
 * visit, and a fragment header. ICMPv6 errors are Destination Unreachable, Packet Too
 * Big, Time Exceeded and Parameter Problem (RFC 4443). A length of 0 is that of the
 * jumbo payload option (RFC 2675), which large packets have between devices of Linux.
 * The rest is as with IPv4.
 */
enum hak_lb_verdict hak_lb_parse6(const u8 *data, u32 len, struct hak_lb_pkt *pkt);

/**
 * hak_flow_reverse() - the key of the packets in the other direction
 * @to: filled; may be @from. With IPv4 up to HAK_FLOW_KEY4_SIZE
 * @from: key
 */
void hak_flow_reverse(struct hak_flow_key *to, const struct hak_flow_key *from);

/**
 * hak_flow_same() - are two keys the same
 * @a: one
 * @b: the other
 *
 * Return: true when they are.
 */
static inline bool hak_flow_same(const struct hak_flow_key *a,
				 const struct hak_flow_key *b)
{
	u64 wa[2], wb[2];

	memcpy(wa, a, HAK_FLOW_KEY4_SIZE);
	memcpy(wb, b, HAK_FLOW_KEY4_SIZE);
	if ((wa[0] ^ wb[0]) | (wa[1] ^ wb[1]))
		return false;
	return !a->v6 || !memcmp((const u8 *)a + HAK_FLOW_KEY4_SIZE,
				 (const u8 *)b + HAK_FLOW_KEY4_SIZE,
				 HAK_FLOW_KEY6_SIZE - HAK_FLOW_KEY4_SIZE);
}

#endif /* HAK_CORE_LB_KEY_H */
