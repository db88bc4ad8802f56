// SPDX-License-Identifier: GPL-2.0-only
#include "lb_key.h"

/* Offsets in the headers: RFC 791, 792, 768, 9293, 8200 and 4443. */
#define IP_VERSION_IHL	0
#define IP_TOTAL	2
#define IP_FRAGMENT	6
#define IP_PROTO	9
#define IP_SADDR	12
#define IP_DADDR	16
#define IP_LEN		20U

#define PORT_SOURCE	0
#define PORT_DEST	2
#define PORTS_LEN	8U	/* as much as any ICMP error quotes */

#define TCP_OFFSET	12
#define TCP_FLAGS	13
#define TCP_LEN		20U

#define UDP_LENGTH	4
#define UDP_LEN		8U

#define ICMP_TYPE	0
#define ICMP_CODE	1
#define ICMP_LEN	8U

#define IP6_PAYLOAD	4
#define IP6_NEXT	6
#define IP6_SADDR	8
#define IP6_DADDR	24
#define IP6_LEN		40U

#define NEXT_OPTIONS	0	/* hop by hop */
#define NEXT_ROUTING	43
#define NEXT_FRAGMENT	44
#define NEXT_DEST	60
#define EXTENSION_UNIT	8U
#define ROUTING_LEFT	3
#define FRAGMENT6_FIELD	2
#define FRAGMENT6_ID	4
#define OPTION_JUMBO	194

#define FRAGMENT_MORE	0x2000
#define FRAGMENT_OFFSET	0x1fff

#define FRAGMENT6_MORE	0x0001
#define FRAGMENT6_OFFSET 0xfff8

#define UNREACHABLE	3
#define TIME_EXCEEDED	11
#define PARAMETER	12
#define PARAMETER6	4	/* the last of the errors, which begin with 1 */

static u16 header_len(const u8 *ip)
{
	return (ip[IP_VERSION_IHL] & 0xf) * 4;
}

static u8 fragment_of(const u8 *ip)
{
	u16 field = get_unaligned_be16(ip + IP_FRAGMENT);

	if (field & FRAGMENT_OFFSET)
		return HAK_LB_FRAGMENT_LATER;
	return field & FRAGMENT_MORE ? HAK_LB_FRAGMENT_FIRST : HAK_LB_FRAGMENT_NONE;
}

static void read_addresses(const u8 *ip, struct hak_flow_key *key)
{
	memcpy(&key->saddr, ip + IP_SADDR, sizeof(key->saddr));
	memcpy(&key->daddr, ip + IP_DADDR, sizeof(key->daddr));
	key->proto = ip[IP_PROTO];
}

static void read_ports(const u8 *l4, struct hak_flow_key *key)
{
	memcpy(&key->sport, l4 + PORT_SOURCE, sizeof(key->sport));
	memcpy(&key->dport, l4 + PORT_DEST, sizeof(key->dport));
}

static enum hak_lb_verdict parse_tcp(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u32 payload;

	if (pkt->total < pkt->l4 + TCP_LEN)
		return HAK_LB_LENGTH;
	if (len < pkt->l4 + TCP_LEN)
		return HAK_LB_SHORT;
	payload = pkt->l4 + (data[pkt->l4 + TCP_OFFSET] >> 4) * 4;
	if (payload < pkt->l4 + TCP_LEN || payload > pkt->total)
		return HAK_LB_LENGTH;
	read_ports(data + pkt->l4, &pkt->key);
	pkt->tcp_flags = data[pkt->l4 + TCP_FLAGS];
	pkt->payload = (u16)payload;
	return HAK_LB_OK;
}

static enum hak_lb_verdict parse_udp(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u16 size;

	if (pkt->total < pkt->l4 + UDP_LEN)
		return HAK_LB_LENGTH;
	if (len < pkt->l4 + UDP_LEN)
		return HAK_LB_SHORT;
	size = get_unaligned_be16(data + pkt->l4 + UDP_LENGTH);
	/* A first fragment does not have all that the length counts. */
	if (size < UDP_LEN ||
	    (pkt->fragment == HAK_LB_FRAGMENT_NONE && pkt->l4 + size > pkt->total))
		return HAK_LB_LENGTH;
	read_ports(data + pkt->l4, &pkt->key);
	pkt->payload = pkt->l4 + UDP_LEN;
	return HAK_LB_OK;
}

static bool quote_ok(const u8 *ip)
{
	return ip[IP_VERSION_IHL] >> 4 == 4 && header_len(ip) >= IP_LEN &&
	       fragment_of(ip) != HAK_LB_FRAGMENT_LATER &&
	       (ip[IP_PROTO] == HAK_PROTO_TCP || ip[IP_PROTO] == HAK_PROTO_UDP);
}

/* The quoted total length is not looked at: some systems have changed it by then. */
static enum hak_lb_verdict parse_quote(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u32 ip = pkt->l4 + ICMP_LEN, l4;

	if (pkt->total < ip + IP_LEN)
		return HAK_LB_QUOTE;
	if (len < ip + IP_LEN)
		return HAK_LB_SHORT;
	l4 = ip + header_len(data + ip);
	if (!quote_ok(data + ip) || pkt->total < l4 + PORTS_LEN)
		return HAK_LB_QUOTE;
	if (len < l4 + PORTS_LEN)
		return HAK_LB_SHORT;
	memset(&pkt->inner, 0, sizeof(pkt->inner));
	read_addresses(data + ip, &pkt->inner);
	read_ports(data + l4, &pkt->inner);
	pkt->inner_ip = (u16)ip;
	pkt->inner_l4 = (u16)l4;
	return HAK_LB_ICMP;
}

static enum hak_lb_verdict parse_ip(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	if (len < IP_LEN)
		return HAK_LB_SHORT;
	if (data[IP_VERSION_IHL] >> 4 != 4)
		return HAK_LB_VERSION;
	pkt->l4 = header_len(data);
	pkt->total = get_unaligned_be16(data + IP_TOTAL);
	if (pkt->l4 < IP_LEN || pkt->total < pkt->l4)
		return HAK_LB_LENGTH;
	pkt->fragment = fragment_of(data);
	read_addresses(data, &pkt->key);
	return HAK_LB_OK;
}

/* ---- IPv6 ---- */

/**
 * struct walk6 - on the way through the headers of an IPv6 packet
 * @at: offset of the header that @next says
 * @end: offset of the end of the packet, as far as anything says so
 * @limit: offset that no extension header may go beyond
 * @next: what follows
 * @fragment: &enum hak_lb_fragment
 * @frag_id: network order
 */
struct walk6 {
	u32 at;
	u32 end;
	u32 limit;
	u8 next;
	u8 fragment;
	__be32 frag_id;
};

static bool is_extension(u8 next)
{
	return next == NEXT_OPTIONS || next == NEXT_DEST || next == NEXT_ROUTING ||
	       next == NEXT_FRAGMENT;
}

static void read_fragment(const u8 *header, struct walk6 *w)
{
	u16 field = get_unaligned_be16(header + FRAGMENT6_FIELD);

	memcpy(&w->frag_id, header + FRAGMENT6_ID, sizeof(w->frag_id));
	if (field & FRAGMENT6_OFFSET)
		w->fragment = HAK_LB_FRAGMENT_LATER;
	else if (field & FRAGMENT6_MORE)
		w->fragment = HAK_LB_FRAGMENT_FIRST;
}

/* One extension header; OK when there may be another. */
static enum hak_lb_verdict step6(const u8 *data, u32 len, struct walk6 *w)
{
	const u8 *header = data + w->at;
	u32 size = EXTENSION_UNIT;

	if (w->end < w->at + EXTENSION_UNIT)
		return HAK_LB_LENGTH;
	if (w->at + EXTENSION_UNIT > w->limit)
		return HAK_LB_PROTO;
	if (len < w->at + EXTENSION_UNIT)
		return HAK_LB_SHORT;
	if (w->next == NEXT_FRAGMENT)
		read_fragment(header, w);
	else
		size = (header[1] + 1U) * EXTENSION_UNIT;
	/* It has to visit somebody else first. */
	if (w->next == NEXT_ROUTING && header[ROUTING_LEFT])
		return HAK_LB_PROTO;
	if (w->end < w->at + size)
		return HAK_LB_LENGTH;
	w->next = header[0];
	w->at += size;
	return HAK_LB_OK;
}

static enum hak_lb_verdict walk6(const u8 *data, u32 len, struct walk6 *w)
{
	enum hak_lb_verdict verdict = HAK_LB_OK;

	/* What follows a later fragment's header is its payload. */
	while (!verdict && is_extension(w->next) && w->fragment != HAK_LB_FRAGMENT_LATER)
		verdict = step6(data, len, w);
	if (!verdict && w->at > w->limit)
		return HAK_LB_PROTO;
	return verdict;
}

static void read_addresses6(const u8 *ip, struct hak_flow_key *key)
{
	memcpy(key->saddr6, ip + IP6_SADDR, sizeof(key->saddr6));
	memcpy(key->daddr6, ip + IP6_DADDR, sizeof(key->daddr6));
	key->v6 = 1;
}

/* The jumbo payload option comes first, where devices of Linux put it. */
static enum hak_lb_verdict length6(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u32 payload = get_unaligned_be16(data + IP6_PAYLOAD);

	pkt->total = IP6_LEN + payload;
	if (payload || data[IP6_NEXT] != NEXT_OPTIONS)
		return HAK_LB_OK;
	if (len < IP6_LEN + EXTENSION_UNIT)
		return HAK_LB_SHORT;
	if (data[IP6_LEN + 2] != OPTION_JUMBO || data[IP6_LEN + 3] != 4)
		return HAK_LB_LENGTH;
	payload = get_unaligned_be32(data + IP6_LEN + 4);
	if (payload <= 0xffff || payload > 0x7fffffff)
		return HAK_LB_LENGTH;
	pkt->total = IP6_LEN + payload;
	return HAK_LB_OK;
}

static enum hak_lb_verdict parse_ip6(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	enum hak_lb_verdict verdict;
	struct walk6 w;

	if (len < IP6_LEN)
		return HAK_LB_SHORT;
	if (data[IP_VERSION_IHL] >> 4 != 6)
		return HAK_LB_VERSION;
	verdict = length6(data, len, pkt);
	if (verdict)
		return verdict;
	w = (struct walk6) {
		.at = IP6_LEN,
		.end = pkt->total,
		.limit = IP6_LEN + HAK_LB_EXTENSIONS_MAX,
		.next = data[IP6_NEXT],
	};
	if (is_extension(w.next))
		verdict = walk6(data, len, &w);
	read_addresses6(data, &pkt->key);
	pkt->key.proto = w.next;
	pkt->fragment = w.fragment;
	pkt->frag_id = w.frag_id;
	pkt->l4 = (u16)w.at;
	return verdict;
}

/* Lengths of the quoted packet are not looked at: it may be cut off. */
static enum hak_lb_verdict parse_quote6(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u32 ip = pkt->l4 + ICMP_LEN;
	enum hak_lb_verdict verdict;
	struct walk6 w;

	if (pkt->total < ip + IP6_LEN)
		return HAK_LB_QUOTE;
	if (len < ip + IP6_LEN)
		return HAK_LB_SHORT;
	w = (struct walk6) {
		.at = ip + IP6_LEN,
		.end = pkt->total,
		.limit = ip + IP6_LEN + HAK_LB_EXTENSIONS_MAX,
		.next = data[ip + IP6_NEXT],
	};
	verdict = walk6(data, len, &w);
	if (verdict)
		return verdict == HAK_LB_SHORT ? HAK_LB_SHORT : HAK_LB_QUOTE;
	if (data[ip] >> 4 != 6 || w.fragment == HAK_LB_FRAGMENT_LATER ||
	    (w.next != HAK_PROTO_TCP && w.next != HAK_PROTO_UDP) ||
	    pkt->total < w.at + PORTS_LEN)
		return HAK_LB_QUOTE;
	if (len < w.at + PORTS_LEN)
		return HAK_LB_SHORT;
	memset(&pkt->inner, 0, sizeof(pkt->inner));
	read_addresses6(data + ip, &pkt->inner);
	pkt->inner.proto = w.next;
	read_ports(data + w.at, &pkt->inner);
	pkt->inner_ip = (u16)ip;
	pkt->inner_l4 = (u16)w.at;
	return HAK_LB_ICMP;
}

/* ---- either ---- */

static bool is_error(const struct hak_lb_pkt *pkt, u8 type)
{
	if (pkt->key.v6)
		return type && type <= PARAMETER6;
	return type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER;
}

static enum hak_lb_verdict parse_icmp(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u8 type;

	if (pkt->fragment)
		return HAK_LB_FRAGMENT;
	if (pkt->total < pkt->l4 + ICMP_LEN)
		return HAK_LB_LENGTH;
	if (len < pkt->l4 + ICMP_LEN)
		return HAK_LB_SHORT;
	type = data[pkt->l4 + ICMP_TYPE];
	if (!is_error(pkt, type))
		return HAK_LB_PROTO;
	pkt->icmp_type = type;
	pkt->icmp_code = data[pkt->l4 + ICMP_CODE];
	return pkt->key.v6 ? parse_quote6(data, len, pkt) : parse_quote(data, len, pkt);
}

static enum hak_lb_verdict parse_l4(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	switch (pkt->key.proto) {
	case HAK_PROTO_TCP:
		if (pkt->fragment == HAK_LB_FRAGMENT_LATER)
			return HAK_LB_FRAGMENT;
		return parse_tcp(data, len, pkt);
	case HAK_PROTO_UDP:
		if (pkt->fragment == HAK_LB_FRAGMENT_LATER)
			return HAK_LB_FRAGMENT;
		return parse_udp(data, len, pkt);
	default:
		if (pkt->key.proto == (pkt->key.v6 ? HAK_PROTO_ICMPV6 : HAK_PROTO_ICMP))
			return parse_icmp(data, len, pkt);
		return HAK_LB_PROTO;
	}
}

/* Of most packets nothing is quoted. */
static void clear(struct hak_lb_pkt *pkt)
{
	memset(pkt, 0, offsetof(struct hak_lb_pkt, inner));
}

static enum hak_lb_verdict finish(enum hak_lb_verdict verdict, struct hak_lb_pkt *pkt)
{
	if (verdict > HAK_LB_FRAGMENT)
		clear(pkt);
	return verdict;
}

enum hak_lb_verdict hak_lb_parse4(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	enum hak_lb_verdict verdict;

	clear(pkt);
	verdict = parse_ip(data, len, pkt);
	return finish(verdict ?: parse_l4(data, len, pkt), pkt);
}

enum hak_lb_verdict hak_lb_parse6(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	enum hak_lb_verdict verdict;

	clear(pkt);
	verdict = parse_ip6(data, len, pkt);
	return finish(verdict ?: parse_l4(data, len, pkt), pkt);
}

void hak_flow_reverse(struct hak_flow_key *to, const struct hak_flow_key *from)
{
	struct hak_flow_key key;

	memcpy(&key, from, from->v6 ? HAK_FLOW_KEY6_SIZE : HAK_FLOW_KEY4_SIZE);
	memcpy(to, &key, key.v6 ? HAK_FLOW_KEY6_SIZE : HAK_FLOW_KEY4_SIZE);
	to->sport = key.dport;
	to->dport = key.sport;
	if (key.v6) {
		memcpy(to->saddr6, key.daddr6, sizeof(to->saddr6));
		memcpy(to->daddr6, key.saddr6, sizeof(to->daddr6));
	} else {
		to->saddr = key.daddr;
		to->daddr = key.saddr;
	}
}
