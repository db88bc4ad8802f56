// SPDX-License-Identifier: GPL-2.0-only
/*
 * The methods nat and dr: rewrite addresses and ports, or for dr leave them as they are,
 * and send on without the stack.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "ip6.h"
#include "object.h"

static const struct in6_addr *in6(const __be32 *addr)
{
	return (const struct in6_addr *)addr;
}

static bool is_v6(const struct sk_buff *skb)
{
	return ip_hdr(skb)->version == 6;
}

/* ---- out ---- */
/* What every packet passes is compiled for each family, as in hook.c. */

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

static __always_inline enum size
size_of(const struct sk_buff *skb, u32 mtu, const bool v6)
{
	bool df = v6 || ip_hdr(skb)->frag_off & htons(IP_DF);
	u32 came = v6 ? IP6CB(skb)->frag_max_size : IPCB(skb)->frag_max_size;

	/* Put together here, leaves in fragments as it came. */
	if (unlikely(came))
		return df && came > mtu ? TOO_BIG : FRAGMENTS;
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

static __always_inline void
mark_forwarded(struct sk_buff *skb, const bool v6)
{
	if (v6) {
		ipv6_hdr(skb)->hop_limit--;
		skb->protocol = htons(ETH_P_IPV6);
		skb->ignore_df = IP6CB(skb)->frag_max_size != 0;
		IP6CB(skb)->flags |= IP6SKB_FORWARDED;
		return;
	}
	ip_decrease_ttl(ip_hdr(skb));
	skb->protocol = htons(ETH_P_IP);
	skb->ignore_df = IPCB(skb)->frag_max_size != 0;
	IPCB(skb)->flags |= IPSKB_FORWARDED;
}

/*
 * Send @skb, which is rewritten. What needs more than a neighbour (transformation,
 * tunnel, fragments) takes the stack's way out.
 */
static __always_inline unsigned int
send_on(struct hak_lb *lb, struct sk_buff *skb, const struct way *way, const bool v6)
{
	struct dst_entry *dst = way->dst;
	struct net_device *dev = dst->dev;

	skb_orphan(skb);	/* early demux may have found a socket of this host */
	mark_forwarded(skb, v6);
	nf_reset_ct(skb);
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	skb_ext_del(skb, SKB_EXT_BRIDGE_NF);	/* how it came over a bridge */
#endif
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	skb->dev = dev;
	if (likely(way->size == ONE_FRAME && !dst_xfrm(dst) && !dst->lwtstate)) {
		if (likely(!v6))
			return direct(skb, dst);
		hak_ip6_send(skb);
		return NF_STOLEN;
	}
	/* The host's rules for what leaves are not to take it for invalid. */
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	skb_dst_force(skb);
	dst_output(lb->hn->net, NULL, skb);
	return NF_STOLEN;
}

static void error4(struct sk_buff *skb, enum hak_lb_error what, u32 mtu)
{
	switch (what) {
	case HAK_ERROR_TTL:
		return icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	case HAK_ERROR_SIZE:
		return icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	case HAK_ERROR_HOST:
		return icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	case HAK_ERROR_PORT:
		return icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	}
}

/* ICMP quotes the packet as its sender knows it: before anything is rewritten. */
void hak_lb_error(struct sk_buff *skb, enum hak_lb_error what, u32 mtu)
{
	if (!hak_lb_route_in(skb))
		return;
	if (is_v6(skb))
		hak_ip6_error(skb, what, mtu);
	else
		error4(skb, what, mtu);
}

static unsigned int too_far(struct hak_lb *lb, struct sk_buff *skb)
{
	hak_lb_error(skb, HAK_ERROR_TTL, 0);
	return hak_lb_drop(lb, HAK_LB_DROP_TTL);
}

static unsigned int too_big(struct hak_lb *lb, struct sk_buff *skb, u32 mtu)
{
	hak_lb_error(skb, HAK_ERROR_SIZE, mtu);
	return hak_lb_drop(lb, HAK_LB_DROP_MTU);
}

static unsigned int no_way(struct hak_lb *lb, struct sk_buff *skb)
{
	hak_lb_error(skb, HAK_ERROR_HOST, 0);
	return hak_lb_drop(lb, HAK_LB_DROP_NO_ROUTE);
}

/*
 * What the host's policies make of the way of a packet that will answer @heard: with
 * a reference as @dst has one, which is taken over, or an error.
 */
static struct dst_entry *transform6(struct net *net, struct dst_entry *dst,
				    const struct sk_buff *skb,
				    const struct hak_flow_key *heard)
{
	struct flowi6 fl6 = {
		.saddr = *in6(heard->daddr6),
		.daddr = *in6(heard->saddr6),
		.fl6_sport = heard->dport,
		.fl6_dport = heard->sport,
		.flowi6_proto = heard->proto,
		.flowi6_mark = skb->mark,
		.flowi6_oif = dst->dev->ifindex,
	};

	return xfrm_lookup(net, dst, flowi6_to_flowi(&fl6), NULL, 0);
}

static struct dst_entry *transform(struct net *net, struct dst_entry *dst,
				   const struct sk_buff *skb,
				   const struct hak_flow_key *heard)
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

	if (heard->v6)
		return transform6(net, dst, skb, heard);
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

static __always_inline struct dst_entry
*route_of(struct hak_lb *lb, const struct sk_buff *skb, const struct hak_conn *conn,
	  enum hak_dir dir, const struct hak_flow_key *heard, struct hak_route_use *use,
	  const bool v6)
{
	/* With dr what is heard has the address of the service, not of the server. */
	bool as_is = test_bit(HAK_CONN_DIRECT, &conn->flags) && dir == HAK_DIR_IN;
	const struct hak_ip *server = &conn->server->addr;

	if (!v6)
		return hak_route_get(&lb->routes, lb->hn->net, skb, heard->daddr,
				     as_is ? (__force __be32)server->w[0] : heard->saddr,
				     as_is, use);
	return hak_route_get6(&lb->routes, lb->hn->net, skb, in6(heard->daddr6),
			      as_is ? (const struct in6_addr *)server->b :
				      in6(heard->saddr6), as_is, use);
}

static __always_inline bool
may_pass(struct sk_buff *skb, const bool v6)
{
	return v6 ? xfrm6_policy_check(NULL, XFRM_POLICY_FWD, skb) :
		    xfrm4_policy_check(NULL, XFRM_POLICY_FWD, skb);
}

static __always_inline bool
has_come_far(const struct sk_buff *skb, const bool v6)
{
	return (v6 ? ipv6_hdr(skb)->hop_limit : ip_hdr(skb)->ttl) <= 1;
}

/*
 * Find the way that this packet of @dir may take as an answer to @heard, and give it to the
 * packet, or say what came of it. The read side holds it, or @skb does.
 */
static __always_inline bool
find_way(struct hak_lb *lb, struct sk_buff *skb, const struct hak_conn *conn,
	 enum hak_dir dir, const struct hak_flow_key *heard, struct way *way,
	 unsigned int *verdict, const bool v6)
{
	struct net *net = lb->hn->net;
	struct hak_route_use use;
	struct dst_entry *dst;

	if (!may_pass(skb, v6)) {
		*verdict = hak_lb_drop(lb, HAK_LB_DROP_POLICY);
		return false;
	}
	if (unlikely(has_come_far(skb, v6))) {
		*verdict = too_far(lb, skb);
		return false;
	}
	dst = route_of(lb, skb, conn, dir, heard, &use, v6);
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
	way->size = size_of(skb, use.mtu, v6);
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

static void rewrite_ip6(struct ipv6hdr *iph, const struct hak_flow_key *heard)
{
	iph->saddr = *in6(heard->daddr6);
	iph->daddr = *in6(heard->saddr6);
}

/* It leaves as the answer to what is heard from the other side. */
static __always_inline void
rewrite(struct sk_buff *skb, const struct hak_conn *conn, enum hak_dir dir,
	const struct hak_lb_pkt *pkt, const struct hak_flow_key *heard, const bool v6)
{
	bool tcp = pkt->key.proto == IPPROTO_TCP, in = dir == HAK_DIR_IN;
	__wsum addresses = in ? conn->address_diff : ~conn->address_diff;
	__wsum ports = in ? conn->port_diff : ~conn->port_diff;
	struct iphdr *iph = ip_hdr(skb);
	__be16 *l4 = (void *)iph + pkt->l4;

	if (v6 && unlikely(pkt->fragment == HAK_LB_FRAGMENT_LATER))
		return rewrite_ip6(ipv6_hdr(skb), heard);
	if (tcp)
		rewrite_l4(skb, &((struct tcphdr *)l4)->check, addresses, ports);
	else
		rewrite_udp(skb, (struct udphdr *)l4, addresses, ports);
	l4[0] = heard->dport;	/* first in both */
	l4[1] = heard->sport;
	if (v6)
		return rewrite_ip6(ipv6_hdr(skb), heard);
	csum_replace_by_diff(&iph->check, addresses);
	iph->saddr = heard->daddr;
	iph->daddr = heard->saddr;
}

static __always_inline unsigned int
forward(struct hak_lb *lb, struct hak_conn *conn, enum hak_dir dir, struct sk_buff *skb,
	const struct hak_lb_pkt *pkt, const bool v6)
{
	const struct hak_flow_key *heard = hak_conn_key(conn, !dir);
	unsigned int verdict;
	u32 bytes = skb->len;
	struct way way;

	if (unlikely(!find_way(lb, skb, conn, dir, heard, &way, &verdict, v6)))
		return verdict;
	if (v6 && unlikely(pkt->fragment == HAK_LB_FRAGMENT_FIRST))
		hak_frag_note(lb, pkt, conn->server);
	if (unlikely(skb_warn_if_lro(skb)))
		return hak_lb_drop(lb, HAK_LB_DROP_MALFORMED);
	if (unlikely(own(skb, &way)))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	rewrite(skb, conn, dir, pkt, heard, v6);
	hak_conn_touch(lb, conn, dir, pkt->tcp_flags);
	hak_lb_count(conn->service->cpu, dir, bytes);
	hak_lb_count(conn->server->cpu, dir, bytes);
	return send_on(lb, skb, &way, v6);
}

unsigned int hak_nat_forward(struct hak_lb *lb, struct hak_conn *conn,
			     enum hak_dir dir, struct sk_buff *skb,
			     const struct hak_lb_pkt *pkt)
{
	return likely(!conn->v6) ? forward(lb, conn, dir, skb, pkt, false) :
				   forward(lb, conn, dir, skb, pkt, true);
}

/* ---- ICMP errors ---- */

static void rewrite_ip(struct iphdr *iph, __be32 saddr, __be32 daddr)
{
	csum_replace4(&iph->check, iph->saddr, saddr);
	csum_replace4(&iph->check, iph->daddr, daddr);
	iph->saddr = saddr;
	iph->daddr = daddr;
}

/* The addresses of the header at @iph become those that answer @heard. */
static void turn_ip(void *iph, const struct hak_flow_key *heard)
{
	if (heard->v6)
		rewrite_ip6(iph, heard);
	else
		rewrite_ip(iph, heard->daddr, heard->saddr);
}

/* What is quoted was sent by us: give it back the addresses it had before. */
static void rewrite_quoted(struct sk_buff *skb, const struct hak_lb_pkt *pkt,
			   const struct hak_flow_key *to)
{
	__be16 *ports = (void *)skb_network_header(skb) + pkt->inner_l4;
	struct hak_flow_key answered;

	hak_flow_reverse(&answered, to);
	turn_ip(skb_network_header(skb) + pkt->inner_ip, &answered);
	ports[0] = to->sport;
	ports[1] = to->dport;
}

/* The sum of ICMPv6 covers the addresses, which are as they will be. */
static void sum_icmp(struct sk_buff *skb, u32 at)
{
	struct icmphdr *icmph = (void *)skb_network_header(skb) + at;
	u32 offset = skb_network_offset(skb) + at, len = skb->len - offset;
	__wsum sum;

	/* It was right, or we were not here. */
	icmph->checksum = 0;
	sum = skb_checksum(skb, offset, len, 0);
	icmph->checksum = is_v6(skb) ?
			  csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
					  len, IPPROTO_ICMPV6, sum) : csum_fold(sum);
	skb->ip_summed = CHECKSUM_NONE;
}

static bool same_source(const struct hak_flow_key *a, const struct hak_flow_key *b)
{
	return a->v6 ? ipv6_addr_equal(in6(a->saddr6), in6(b->saddr6)) :
		       a->saddr == b->saddr;
}

/*
 * What would be heard if there were an answer to the error: @sent is what the other
 * side sent, before it was rewritten. The one who is hidden behind us stays so, routers
 * keep their names.
 */
static void answer_to(struct hak_flow_key *heard, const struct hak_flow_key *sent,
		      const struct hak_lb_pkt *pkt, bool hidden)
{
	*heard = (struct hak_flow_key) {
		.proto = pkt->key.proto, .v6 = sent->v6,
	};
	if (!sent->v6) {
		heard->saddr = sent->saddr;
		heard->daddr = hidden ? sent->daddr : pkt->key.saddr;
		return;
	}
	memcpy(heard->saddr6, sent->saddr6, sizeof(heard->saddr6));
	memcpy(heard->daddr6, hidden ? sent->daddr6 : pkt->key.saddr6,
	       sizeof(heard->daddr6));
}

unsigned int hak_nat_icmp(struct hak_lb *lb, struct hak_conn *conn,
			  enum hak_dir dir, struct sk_buff *skb,
			  const struct hak_lb_pkt *pkt)
{
	const struct hak_flow_key *sent = hak_conn_key(conn, !dir);
	struct hak_flow_key heard;
	unsigned int verdict;
	struct way way;

	if (nf_checksum(skb, NF_INET_PRE_ROUTING, pkt->l4, pkt->key.proto,
			conn->v6 ? AF_INET6 : AF_INET))
		return hak_lb_drop(lb, HAK_LB_DROP_MALFORMED);
	answer_to(&heard, sent, pkt, same_source(&pkt->key, hak_conn_key(conn, dir)));
	if (!(conn->v6 ? find_way(lb, skb, conn, dir, &heard, &way, &verdict, true) :
			 find_way(lb, skb, conn, dir, &heard, &way, &verdict, false)))
		return verdict;
	if (skb_linearize(skb) || own(skb, &way))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY);
	rewrite_quoted(skb, pkt, sent);
	turn_ip(skb_network_header(skb), &heard);
	sum_icmp(skb, pkt->l4);
	return conn->v6 ? send_on(lb, skb, &way, true) : send_on(lb, skb, &way, false);
}
