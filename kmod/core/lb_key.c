// SPDX-License-Identifier: GPL-2.0-only
#include "lb_key.h"

/* Offsets in the headers: RFC 791, 792, 768 and 9293. */
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

#define FRAGMENT_MORE	0x2000
#define FRAGMENT_OFFSET	0x1fff

#define UNREACHABLE	3
#define TIME_EXCEEDED	11
#define PARAMETER	12

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

static void read_addresses(const u8 *ip, struct hak_flow_key4 *key)
{
	memcpy(&key->saddr, ip + IP_SADDR, sizeof(key->saddr));
	memcpy(&key->daddr, ip + IP_DADDR, sizeof(key->daddr));
	key->proto = ip[IP_PROTO];
}

static void read_ports(const u8 *l4, struct hak_flow_key4 *key)
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
	read_addresses(data + ip, &pkt->inner);
	read_ports(data + l4, &pkt->inner);
	pkt->inner_ip = (u16)ip;
	pkt->inner_l4 = (u16)l4;
	return HAK_LB_ICMP;
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
	if (type != UNREACHABLE && type != TIME_EXCEEDED && type != PARAMETER)
		return HAK_LB_PROTO;
	pkt->icmp_type = type;
	pkt->icmp_code = data[pkt->l4 + ICMP_CODE];
	return parse_quote(data, len, pkt);
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

static enum hak_lb_verdict parse_l4(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	switch (pkt->key.proto) {
	case HAK_PROTO_ICMP:
		return parse_icmp(data, len, pkt);
	case HAK_PROTO_TCP:
		if (pkt->fragment == HAK_LB_FRAGMENT_LATER)
			return HAK_LB_FRAGMENT;
		return parse_tcp(data, len, pkt);
	case HAK_PROTO_UDP:
		if (pkt->fragment == HAK_LB_FRAGMENT_LATER)
			return HAK_LB_FRAGMENT;
		return parse_udp(data, len, pkt);
	default:
		return HAK_LB_PROTO;
	}
}

enum hak_lb_verdict hak_lb_parse4(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	enum hak_lb_verdict verdict;

	memset(pkt, 0, sizeof(*pkt));
	verdict = parse_ip(data, len, pkt);
	if (!verdict)
		verdict = parse_l4(data, len, pkt);
	if (verdict > HAK_LB_FRAGMENT)
		memset(pkt, 0, sizeof(*pkt));
	return verdict;
}

void hak_flow_reverse4(struct hak_flow_key4 *to, const struct hak_flow_key4 *from)
{
	struct hak_flow_key4 key = *from;

	*to = key;
	to->saddr = key.daddr;
	to->daddr = key.saddr;
	to->sport = key.dport;
	to->dport = key.sport;
}
