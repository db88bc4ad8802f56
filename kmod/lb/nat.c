// SPDX-License-Identifier: GPL-2.0-only
/*
 * The methods nat and dr: rewrite addresses and ports, or for dr leave them as they are,
 * and send on without the stack.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "object.h"

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

/** enum size - what becomes of a packet on a device */
enum size {
	ONE_FRAME,	/* or the device, or software in front of it, makes several */
	FRAGMENTS,	/* of which the stack's way out makes frames */
	TOO_BIG,
};

static enum size size_of(const struct sk_buff *skb, u32 mtu)
{
	bool df = ip_hdr(skb)->frag_off & htons(IP_DF);

	/* Put together here, leaves in fragments as it came. */
	if (unlikely(IPCB(skb)->frag_max_size))
		return df && IPCB(skb)->frag_max_size > mtu ? TOO_BIG : FRAGMENTS;
	if (likely(skb->len <= mtu) ||
	    (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu)))
		return ONE_FRAME;
	return df ? TOO_BIG : FRAGMENTS;
}

/**
 * struct way - where a packet leaves
 * @dst: that of the packet
 * @size: of the packet there
 */
struct way {
	struct dst_entry *dst;
	enum size size;
};

/*
 * Send @skb, which is rewritten. What needs more than a neighbour (transformation,
 * tunnel, fragments) takes the stack's way out.
 */
static unsigned int send_on(struct hak_lb *lb, struct sk_buff *skb,
			    const struct way *way)
{
	struct dst_entry *dst = way->dst;
	struct net_device *dev = dst->dev;

	skb_orphan(skb);	/* early demux may have found a socket of this host */
	ip_decrease_ttl(ip_hdr(skb));
	nf_reset_ct(skb);
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	skb_ext_del(skb, SKB_EXT_BRIDGE_NF);	/* how it came over a bridge */
#endif
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->protocol = htons(ETH_P_IP);
	skb->ignore_df = IPCB(skb)->frag_max_size != 0;
	IPCB(skb)->flags |= IPSKB_FORWARDED;
	skb->dev = dev;
	if (likely(way->size == ONE_FRAME && !dst_xfrm(dst) && !dst->lwtstate))
		return direct(skb, dst);
	/* The host's rules for what leaves are not to take it for invalid. */
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	skb_dst_force(skb);
	dst_output(lb->hn->net, NULL, skb);
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

/*
 * What the host's policies make of the way of a packet that will answer @heard: with
 * a reference as @dst has one, which is taken over, or an error.
 */
static struct dst_entry *transform(struct net *net, struct dst_entry *dst,
				   const struct sk_buff *skb,
				   const struct hak_flow_key4 *heard)
{
	struct flowi4 fl4 = {
		.saddr = heard->daddr,
		.daddr = heard->saddr,
		.fl4_sport = heard->dport,
		.fl4_dport = heard->sport,
		.flowi4_proto = heard->proto,
		.flowi4_mark = skb->mark,
		.flowi4_tos = RT_TOS(ip_hdr(skb)->tos),
		.flowi4_oif = dst->dev->ifindex,
	};

	return xfrm_lookup(net, dst, flowi4_to_flowi(&fl4), NULL, 0);
}

static bool has_policies(const struct net *net)
{
#ifdef CONFIG_XFRM
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]);
#else
	return false;
#endif
}

/*
 * Find the way that this packet of @dir may take as an answer to @heard, and give it to the
 * packet, or say what came of it. The read side holds it, or @skb does.
 */
static bool find_way(struct hak_lb *lb, struct sk_buff *skb,
		     const struct hak_conn *conn, enum hak_dir dir,
		     const struct hak_flow_key4 *heard, struct way *way,
		     unsigned int *verdict)
{
	/* With dr what is heard has the address of the service, not of the server. */
	bool as_is = test_bit(HAK_CONN_DIRECT, &conn->flags) && dir == HAK_DIR_IN;
	__be32 to = as_is ? conn->server->addr : heard->saddr;
	struct net *net = lb->hn->net;
	struct hak_route_use use;
	struct dst_entry *dst;

	if (!xfrm4_policy_check(NULL, XFRM_POLICY_FWD, skb)) {
		*verdict = hak_lb_drop(lb, HAK_LB_DROP_POLICY);
		return false;
	}
	if (unlikely(ip_hdr(skb)->ttl <= 1)) {
		*verdict = too_far(lb, skb);
		return false;
	}
	dst = hak_route_get(&lb->routes, net, skb, heard->daddr, to, as_is, &use);
	if (unlikely(!dst)) {
		*verdict = no_way(lb, skb);
		return false;
	}
	if (unlikely(has_policies(net))) {
		if (!use.counted)
			dst_hold(dst);
		dst = transform(net, dst, skb, heard);
		if (IS_ERR(dst)) {
			*verdict = hak_lb_drop(lb, HAK_LB_DROP_POLICY);
			return false;
		}
		use.counted = true;
		use.mtu = dst_mtu(dst);
	}
	way->dst = dst;
	way->size = size_of(skb, use.mtu);
	if (unlikely(way->size == TOO_BIG)) {
		if (use.counted)
			dst_release(dst);
		*verdict = too_big(lb, skb, use.mtu);
		return false;
	}
	skb_dst_drop(skb);
	if (likely(!use.counted))
		skb_dst_set_noref(skb, dst);
	else
		skb_dst_set(skb, dst);
	return true;
}

/* ---- rewriting ---- */

/* Nobody else's, as far as the headers reach, which are linear; with room in front. */
static int own(struct sk_buff *skb, const struct way *way)
{
	return skb_cow(skb, LL_RESERVED_SPACE(way->dst->dev));
}

/*
 * The sum of a CHECKSUM_COMPLETE packet is not kept up: skb_forward_csum() throws
 * it away. That of a CHECKSUM_PARTIAL one has the pseudo-header in it, no more.
 */
static void rewrite_l4(struct sk_buff *skb, __sum16 *sum, __wsum addresses,
		       __wsum ports)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		*sum = ~csum_fold(csum_add(csum_unfold(*sum), addresses));
	else
		csum_replace_by_diff(sum, csum_add(addresses, ports));
}

static void rewrite_udp(struct sk_buff *skb, struct udphdr *uh,
			__wsum addresses, __wsum ports)
{
	if (!uh->check && skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	rewrite_l4(skb, &uh->check, addresses, ports);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

/* It leaves as the answer to what is heard from the other side. */
static void rewrite(struct sk_buff *skb, const struct hak_conn *conn,
		    enum hak_dir dir, const struct hak_lb_pkt *pkt)
{
	const struct hak_flow_key4 *heard = &conn->node[!dir].key;
	bool tcp = pkt->key.proto == IPPROTO_TCP, in = dir == HAK_DIR_IN;
	__wsum addresses = in ? conn->address_diff : ~conn->address_diff;
	__wsum ports = in ? conn->port_diff : ~conn->port_diff;
	struct iphdr *iph = ip_hdr(skb);
	__be16 *l4 = (void *)iph + pkt->l4;

	if (tcp)
		rewrite_l4(skb, &((struct tcphdr *)l4)->check, addresses, ports);
	else
		rewrite_udp(skb, (struct udphdr *)l4, addresses, ports);
	l4[0] = heard->dport;	/* first in both */
	l4[1] = heard->sport;
	csum_replace_by_diff(&iph->check, addresses);
	iph->saddr = heard->daddr;
	iph->daddr = heard->saddr;
}

unsigned int hak_nat_forward(struct hak_lb *lb, struct hak_conn *conn,
			     enum hak_dir dir, struct sk_buff *skb,
			     const struct hak_lb_pkt *pkt)
{
	unsigned int verdict;
	u32 bytes = skb->len;
	struct way way;

	if (unlikely(!find_way(lb, skb, conn, dir, &conn->node[!dir].key, &way, &verdict)))
		return verdict;
	if (unlikely(skb_warn_if_lro(skb)))
		return hak_lb_drop(lb, HAK_LB_DROP_MALFORMED);
	if (unlikely(own(skb, &way)))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	rewrite(skb, conn, dir, pkt);
	hak_conn_touch(lb, conn, dir, pkt->tcp_flags);
	hak_lb_count(conn->service->cpu, dir, bytes);
	hak_lb_count(conn->server->cpu, dir, bytes);
	return send_on(lb, skb, &way);
}

/* ---- ICMP errors ---- */

static void rewrite_ip(struct iphdr *iph, __be32 saddr, __be32 daddr)
{
	csum_replace4(&iph->check, iph->saddr, saddr);
	csum_replace4(&iph->check, iph->daddr, daddr);
	iph->saddr = saddr;
	iph->daddr = daddr;
}

/* What is quoted was sent by us: give it back the addresses it had before. */
static void rewrite_quoted(struct sk_buff *skb, const struct hak_lb_pkt *pkt,
			   const struct hak_flow_key4 *to)
{
	struct iphdr *iph = (void *)skb_network_header(skb) + pkt->inner_ip;
	__be16 *ports = (void *)skb_network_header(skb) + pkt->inner_l4;

	rewrite_ip(iph, to->saddr, to->daddr);
	ports[0] = to->sport;
	ports[1] = to->dport;
}

static void sum_icmp(struct sk_buff *skb, u32 at)
{
	struct icmphdr *icmph = (void *)skb_network_header(skb) + at;
	u32 offset = skb_network_offset(skb) + at;

	/* It was right, or we were not here. */
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
	/* What would be heard if there were an answer to it. */
	struct hak_flow_key4 heard = {
		.saddr = sent->saddr,
		.daddr = pkt->key.saddr,
		.proto = IPPROTO_ICMP,
	};
	unsigned int verdict;
	struct way way;

	if (nf_ip_checksum(skb, NF_INET_PRE_ROUTING, pkt->l4, IPPROTO_ICMP))
		return hak_lb_drop(lb, HAK_LB_DROP_MALFORMED);
	/* The one who is hidden behind us stays so, routers keep their names. */
	if (pkt->key.saddr == conn->node[dir].key.saddr)
		heard.daddr = sent->daddr;
	if (!find_way(lb, skb, conn, dir, &heard, &way, &verdict))
		return verdict;
	if (skb_linearize(skb) || own(skb, &way))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	rewrite_quoted(skb, pkt, sent);
	sum_icmp(skb, pkt->l4);
	rewrite_ip(ip_hdr(skb), heard.daddr, heard.saddr);
	return send_on(lb, skb, &way);
}
