// SPDX-License-Identifier: GPL-2.0-only
/* The method nat: rewrite addresses and ports, and send on without the stack. */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "object.h"

void hak_conn_target(const struct hak_conn *conn, enum hak_dir dir,
		     struct hak_flow_key4 *to)
{
	/* It leaves as the answer to what the other side sends. */
	hak_flow_reverse4(to, &conn->node[!dir].key);
}

/* ---- out ---- */

static unsigned int direct(struct sk_buff *skb, struct dst_entry *dst)
{
	struct rtable *rt = (struct rtable *)dst;
	struct neighbour *neigh;
	bool v6 = false;

	neigh = ip_neigh_for_gw(rt, skb, &v6);
	if (IS_ERR(neigh)) {
		kfree_skb(skb);
		return NF_STOLEN;
	}
	sock_confirm_neigh(skb, neigh);
	neigh_output(neigh, skb, v6);
	return NF_STOLEN;
}

static bool fits(const struct sk_buff *skb, const struct dst_entry *dst)
{
	u32 mtu = dst_mtu(dst);

	if (skb->len <= mtu || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return true;
	if (IPCB(skb)->frag_max_size)	/* put together here, leaves as it came */
		return IPCB(skb)->frag_max_size <= mtu;
	return skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu);
}

/* The device, or software right in front of it, makes frames of it. */
static bool one_frame(const struct sk_buff *skb, const struct dst_entry *dst)
{
	u32 mtu = dst_mtu(dst);

	return skb->len <= mtu ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

/*
 * Send @skb, which is rewritten, over @dst, which is held by the read side. What
 * needs more than a neighbour (transformation, tunnel, fragments, software GSO)
 * takes the stack's way out.
 */
unsigned int hak_lb_send(struct hak_lb *lb, struct sk_buff *skb,
			 struct dst_entry *dst)
{
	struct net *net = lb->hn->net;
	struct net_device *dev = dst->dev;

	if (skb_cow(skb, LL_RESERVED_SPACE(dev)))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	ip_decrease_ttl(ip_hdr(skb));
	nf_reset_ct(skb);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->protocol = htons(ETH_P_IP);
	skb->ignore_df = IPCB(skb)->frag_max_size != 0;
	IPCB(skb)->flags |= IPSKB_FORWARDED;
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	skb->dev = dev;
	if (likely(one_frame(skb, dst) && !dst_xfrm(dst) && !dst->lwtstate))
		return direct(skb, dst);
	skb_dst_force(skb);
	dst_output(net, NULL, skb);
	return NF_STOLEN;
}

/* ICMP quotes the packet as its sender knows it: before anything is rewritten. */
static unsigned int too_far(struct hak_lb *lb, struct sk_buff *skb)
{
	if (hak_lb_route_in(skb))
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	return hak_lb_drop(lb, HAK_LB_DROP_TTL);
}

static unsigned int too_big(struct hak_lb *lb, struct sk_buff *skb, u32 mtu)
{
	if (hak_lb_route_in(skb))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return hak_lb_drop(lb, HAK_LB_DROP_MTU);
}

static unsigned int no_way(struct hak_lb *lb, struct sk_buff *skb)
{
	if (hak_lb_route_in(skb))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	return hak_lb_drop(lb, HAK_LB_DROP_NO_ROUTE);
}

/* A way to @daddr that this packet may take, or NULL and what came of it. */
static struct dst_entry *way(struct hak_lb *lb, struct sk_buff *skb,
			     __be32 daddr, unsigned int *verdict)
{
	struct net *net = lb->hn->net;
	struct dst_entry *dst;

	*verdict = NF_DROP;
	if (!xfrm4_policy_check(NULL, XFRM_POLICY_FWD, skb)) {
		hak_lb_drop(lb, HAK_LB_DROP_POLICY);
		return NULL;
	}
	if (ip_hdr(skb)->ttl <= 1) {
		*verdict = too_far(lb, skb);
		return NULL;
	}
	dst = hak_route_get(&lb->routes, net, skb, daddr);
	if (!dst) {
		*verdict = no_way(lb, skb);
		return NULL;
	}
	if (fits(skb, dst))
		return dst;
	*verdict = too_big(lb, skb, dst_mtu(dst));
	return NULL;
}

/* ---- rewriting ---- */

static void new_port(struct sk_buff *skb, __sum16 *sum, __be16 *port, __be16 to)
{
	if (*port == to)
		return;
	inet_proto_csum_replace2(sum, skb, *port, to, false);
	*port = to;
}

static void new_address(struct sk_buff *skb, __sum16 *sum, __be32 from,
			__be32 to)
{
	if (from != to)
		inet_proto_csum_replace4(sum, skb, from, to, true);
}

static void rewrite_tcp(struct sk_buff *skb, u32 at,
			const struct hak_flow_key4 *from,
			const struct hak_flow_key4 *to)
{
	struct tcphdr *th = (void *)skb_network_header(skb) + at;

	new_address(skb, &th->check, from->saddr, to->saddr);
	new_address(skb, &th->check, from->daddr, to->daddr);
	new_port(skb, &th->check, &th->source, to->sport);
	new_port(skb, &th->check, &th->dest, to->dport);
}

static void rewrite_udp(struct sk_buff *skb, u32 at,
			const struct hak_flow_key4 *from,
			const struct hak_flow_key4 *to)
{
	struct udphdr *uh = (void *)skb_network_header(skb) + at;
	bool sum = uh->check || skb->ip_summed == CHECKSUM_PARTIAL;

	if (!sum) {
		uh->source = to->sport;
		uh->dest = to->dport;
		return;
	}
	new_address(skb, &uh->check, from->saddr, to->saddr);
	new_address(skb, &uh->check, from->daddr, to->daddr);
	new_port(skb, &uh->check, &uh->source, to->sport);
	new_port(skb, &uh->check, &uh->dest, to->dport);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

static void rewrite_ip(struct iphdr *iph, const struct hak_flow_key4 *to)
{
	csum_replace4(&iph->check, iph->saddr, to->saddr);
	csum_replace4(&iph->check, iph->daddr, to->daddr);
	iph->saddr = to->saddr;
	iph->daddr = to->daddr;
}

static int rewrite(struct sk_buff *skb, const struct hak_lb_pkt *pkt,
		   const struct hak_flow_key4 *to)
{
	bool tcp = pkt->key.proto == IPPROTO_TCP;
	u32 end = pkt->l4 + (tcp ? sizeof(struct tcphdr) : sizeof(struct udphdr));

	if (skb_ensure_writable(skb, skb_network_offset(skb) + end))
		return -ENOMEM;
	if (tcp)
		rewrite_tcp(skb, pkt->l4, &pkt->key, to);
	else
		rewrite_udp(skb, pkt->l4, &pkt->key, to);
	rewrite_ip(ip_hdr(skb), to);
	return 0;
}

unsigned int hak_nat_forward(struct hak_lb *lb, struct hak_conn *conn,
			     enum hak_dir dir, struct sk_buff *skb,
			     const struct hak_lb_pkt *pkt)
{
	struct hak_flow_key4 to;
	struct dst_entry *dst;
	unsigned int verdict;
	u32 bytes = skb->len;

	hak_conn_target(conn, dir, &to);
	dst = way(lb, skb, to.daddr, &verdict);
	if (unlikely(!dst))
		return verdict;
	if (unlikely(skb_warn_if_lro(skb)))
		return hak_lb_drop(lb, HAK_LB_DROP_MALFORMED);
	if (rewrite(skb, pkt, &to))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	hak_conn_touch(conn, dir, pkt->tcp_flags);
	hak_lb_count(conn->service->cpu, dir, bytes);
	hak_lb_count(conn->server->cpu, dir, bytes);
	return hak_lb_send(lb, skb, dst);
}

/* ---- ICMP errors ---- */

/* What is quoted was sent by us: give it back the addresses it had before. */
static void rewrite_quoted(struct sk_buff *skb, const struct hak_lb_pkt *pkt,
			   const struct hak_flow_key4 *to)
{
	struct iphdr *iph = (void *)skb_network_header(skb) + pkt->l4 +
			    sizeof(struct icmphdr);
	__be16 *ports = (void *)skb_network_header(skb) + pkt->inner_l4;

	rewrite_ip(iph, to);
	ports[0] = to->sport;
	ports[1] = to->dport;
}

static void sum_icmp(struct sk_buff *skb, u32 at)
{
	struct icmphdr *icmph = (void *)skb_network_header(skb) + at;
	u32 offset = skb_network_offset(skb) + at;

	icmph->checksum = 0;
	icmph->checksum = csum_fold(skb_checksum(skb, offset, skb->len - offset, 0));
	skb->ip_summed = CHECKSUM_NONE;
}

unsigned int hak_nat_icmp(struct hak_lb *lb, struct hak_conn *conn,
			  enum hak_dir dir, struct sk_buff *skb,
			  const struct hak_lb_pkt *pkt)
{
	/* What the other side sent, before it was rewritten. */
	const struct hak_flow_key4 *sent = &conn->node[!dir].key;
	struct hak_flow_key4 outer = {
		.saddr = pkt->key.saddr,
		.daddr = sent->saddr,
	};
	struct dst_entry *dst;
	unsigned int verdict;
	u32 end = pkt->inner_l4 + 2 * sizeof(__be16);

	/* The one who is hidden behind us stays so, routers keep their names. */
	if (pkt->key.saddr == conn->node[dir].key.saddr)
		outer.saddr = sent->daddr;
	dst = way(lb, skb, outer.daddr, &verdict);
	if (!dst)
		return verdict;
	if (skb_linearize(skb) ||
	    skb_ensure_writable(skb, skb_network_offset(skb) + end))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	rewrite_quoted(skb, pkt, sent);
	sum_icmp(skb, pkt->l4);
	rewrite_ip(ip_hdr(skb), &outer);
	return hak_lb_send(lb, skb, dst);
}
