// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where packets come in. Connections that are known are taken at PRE_ROUTING,
 * before conntrack and the host's rules. New ones are made at LOCAL_IN, after
 * the host's input rules, or with `firewall off' at PRE_ROUTING.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/if_vlan.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/route.h>

#include "../role.h"
#include "object.h"

#define DEFRAG_USER	0x68616b	/* a queue of fragments of our own */

unsigned int hak_lb_drop(struct hak_lb *lb, enum hak_lb_drop why)
{
	this_cpu_inc(lb->drops[why]);
	return NF_DROP;
}

/* A route makes icmp_send() work: where to, and from which address of ours. */
bool hak_lb_route_in(struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->version == 6)
		return hak_ip6_route_in(skb);
	return skb_dst(skb) ||
	       !ip_route_input_noref(skb, iph->daddr, iph->saddr, iph->tos,
				     skb->dev);
}

/*
 * What every packet passes is compiled for each family, where it knows which: shared,
 * it costs IPv4 a tenth more.
 */
static __always_inline enum hak_lb_verdict
parse_head(const struct sk_buff *skb, struct hak_lb_pkt *pkt, const bool v6)
{
	unsigned int have = skb_headlen(skb) - skb_network_offset(skb);

	return v6 ? hak_lb_parse6(skb_network_header(skb), have, pkt) :
		    hak_lb_parse4(skb_network_header(skb), have, pkt);
}

/* The headers, linear; what is behind them is nobody's business here. */
static __always_inline enum hak_lb_verdict
parse(struct sk_buff *skb, struct hak_lb_pkt *pkt, const bool v6)
{
	unsigned int most = v6 ? HAK_LB_HEAD6_MAX : HAK_LB_HEAD_MAX;
	enum hak_lb_verdict verdict = parse_head(skb, pkt, v6);

	if (likely(verdict != HAK_LB_SHORT) || !skb_is_nonlinear(skb))
		return verdict;
	if (!pskb_may_pull(skb, min_t(unsigned int, skb->len, most)))
		return verdict;
	return parse_head(skb, pkt, v6);
}

static bool is_new(const struct hak_lb_pkt *pkt)
{
	return pkt->key.proto != IPPROTO_TCP ||
	       (pkt->tcp_flags & (HAK_TCP_FLAG_SYN | HAK_TCP_FLAG_ACK |
				  HAK_TCP_FLAG_RST | HAK_TCP_FLAG_FIN)) ==
	       HAK_TCP_FLAG_SYN;
}

/* Without a router of its address a service works everywhere. */
bool hak_lb_works_here(const struct hak_lb *lb, const struct hak_flow_key *key)
{
	struct hak_ip ip;
	u32 role;

	if (key->v6) {
		ip = hak_ip_make(key->daddr6, HAK_IP6_LEN);
		role = hak_role_lookup(lb->hn, &ip);
	} else {
		role = hak_role_lookup4(lb->hn, key->daddr);
	}
	return !role || role & HAK_ROLE_ACTIVE;
}

static unsigned int refuse(struct hak_lb *lb, struct sk_buff *skb,
			   enum hak_lb_drop why)
{
	if (why == HAK_LB_DROP_NO_SERVER)
		hak_lb_error(skb, HAK_ERROR_PORT, 0);
	return hak_lb_drop(lb, why);
}

static enum hak_lb_drop nobody(const struct hak_pool *pool)
{
	return hak_sched_full(pool) ? HAK_LB_DROP_SERVERS_FULL : HAK_LB_DROP_NO_SERVER;
}

/* The answers go another way, and the next datagram to anybody. */
static bool nobody_finds(const struct hak_conn *conn)
{
	const unsigned long both = BIT(HAK_CONN_ONE) | BIT(HAK_CONN_DIRECT);

	return unlikely((READ_ONCE(conn->flags) & both) == both);
}

static unsigned int pass(struct hak_lb *lb, struct hak_conn *conn, enum hak_dir dir,
			 struct sk_buff *skb, const struct hak_lb_pkt *pkt)
{
	unsigned int verdict = hak_nat_forward(lb, conn, dir, skb, pkt);

	if (nobody_finds(conn))
		hak_conn_kill(lb, conn);
	return verdict;
}

/* @tried: who has just failed this client, or NULL. */
static unsigned int begin(struct hak_lb *lb, struct sk_buff *skb,
			  const struct hak_lb_pkt *pkt, bool local_in,
			  const struct hak_server *tried)
{
	enum hak_lb_drop why;
	struct hak_conn_node *node;
	struct hak_service *service;
	struct hak_server *server;
	struct hak_conn *conn;
	struct hak_pool *pool;
	bool firewall;

	service = hak_service_lookup(lb, &pkt->key);
	firewall = service && READ_ONCE(service->firewall);
	if (!service || (firewall && !local_in) ||
	    !hak_lb_works_here(lb, &pkt->key))
		return NF_ACCEPT;
	/* Without `firewall' only what was in fragments gets as far as LOCAL_IN. */
	if (!is_new(pkt)) {
		/* The host answers with a reset: the client knows at once. */
		if (firewall == local_in)
			this_cpu_inc(lb->drops[HAK_LB_DROP_NOT_SYN]);
		return NF_ACCEPT;
	}
	/* Martians, and what rp_filter is against; later the host has done it. */
	if (!local_in && !hak_lb_route_in(skb))
		return hak_lb_drop(lb, HAK_LB_DROP_NO_ROUTE);
	pool = rcu_dereference(service->pool);
	server = hak_persist_pick(lb, pool, &pkt->key, tried);
	if (!server)
		return refuse(lb, skb, nobody(pool));
	conn = hak_conn_new(lb, service, server, &pkt->key, tried, &why);
	/* Another CPU was faster with the same one? */
	node = !conn && why == HAK_LB_DROP_COLLISION ?
	       hak_conn_lookup(lb, &pkt->key) : NULL;
	if (node)
		conn = hak_conn_of(node);
	if (!conn)
		return refuse(lb, skb, why);
	return pass(lb, conn, HAK_DIR_IN, skb, pkt);
}

/* ---- servers that do not take a connection ---- */

/* Twice the same packet on the way is no second try. */
#define TRY_AGAIN	(HZ / 2)

/*
 * A client does not learn that its server refuses while somebody else is there: it
 * asks again, and finds them. Once; then the truth.
 */
static bool has_another_try(const struct hak_conn *conn)
{
	struct hak_pool *pool = rcu_dereference(conn->service->pool);

	return !test_bit(HAK_CONN_AGAIN, &conn->flags) && pool &&
	       hak_sched_has_other(pool, conn->server);
}

/* The client asks again: has the server let it wait? */
static bool unanswered(struct hak_lb *lb, struct hak_conn *conn, struct sk_buff *skb,
		       const struct hak_lb_pkt *pkt)
{
	if ((u32)jiffies - READ_ONCE(conn->touched) < TRY_AGAIN)
		return false;
	/* What no server takes is no server's fault. */
	return !nf_checksum(skb, NF_INET_PRE_ROUTING, pkt->l4, IPPROTO_TCP,
			    pkt->key.v6 ? AF_INET6 : AF_INET);
}

/* A reset, or a SYN, of a connection that its server has said nothing to so far. */
static bool opening(const struct hak_conn *conn, const struct hak_lb_pkt *pkt)
{
	return hak_tcp_opening(READ_ONCE(conn->state), pkt->tcp_flags) &&
	       READ_ONCE(conn->server->passive);
}

/**
 * enum turn - what becomes of a packet with SYN or RST of a known connection
 * @TURN_GO: it is passed on like others
 * @TURN_LATER: it is the host's turn, and comes back
 * @TURN_NEW: it begins a new connection instead
 * @TURN_DROP: nobody is to see it
 */
enum turn {
	TURN_GO,
	TURN_LATER,
	TURN_NEW,
	TURN_DROP,
};

static enum turn turn_of_client(struct hak_lb *lb, struct hak_conn *conn,
				struct sk_buff *skb, const struct hak_lb_pkt *pkt,
				bool local_in, const struct hak_server **tried)
{
	bool refused = test_bit(HAK_CONN_REFUSED, &conn->flags), failed;

	if (!is_new(pkt))
		return TURN_GO;
	failed = opening(conn, pkt) && unanswered(lb, conn, skb, pkt);
	if (!failed && !hak_tcp_reusable(READ_ONCE(conn->state), pkt->tcp_flags))
		return TURN_GO;
	/* The host's rules come first: a SYN they drop ends nothing. */
	if (!local_in && READ_ONCE(conn->service->firewall))
		return TURN_LATER;
	if (failed)
		hak_life_failed(lb, conn->server);
	*tried = failed || refused ? conn->server : NULL;
	return TURN_NEW;
}

static enum turn turn_of_server(struct hak_lb *lb, struct hak_conn *conn,
				const struct hak_lb_pkt *pkt)
{
	if (!(pkt->tcp_flags & HAK_TCP_FLAG_RST) || !opening(conn, pkt))
		return TURN_GO;
	hak_life_failed(lb, conn->server);
	if (!has_another_try(conn))
		return TURN_GO;
	set_bit(HAK_CONN_REFUSED, &conn->flags);
	hak_conn_touch(lb, conn, HAK_DIR_OUT, pkt->tcp_flags);
	return TURN_DROP;
}

/*
 * An error instead of an answer to a SYN, which is easier to forge than a reset: it
 * ends nothing. If the client asks again, that counts.
 */
static bool hides_error(const struct hak_conn *conn, enum hak_dir dir,
			const struct hak_lb_pkt *pkt)
{
	bool unreachable = conn->v6 ? pkt->icmp_type == ICMPV6_DEST_UNREACH :
				      pkt->icmp_type == ICMP_DEST_UNREACH &&
				      pkt->icmp_code != ICMP_FRAG_NEEDED;

	return dir == HAK_DIR_OUT && pkt->inner.proto == IPPROTO_TCP &&
	       READ_ONCE(conn->state) == HAK_TCP_SYN_SENT &&
	       READ_ONCE(conn->server->passive) && unreachable &&
	       has_another_try(conn);
}

static noinline unsigned int take_turn(struct hak_lb *lb, struct hak_conn *conn,
				       enum hak_dir dir, struct sk_buff *skb,
				       const struct hak_lb_pkt *pkt, bool local_in)
{
	const struct hak_server *tried = NULL;
	enum turn turn;

	turn = dir == HAK_DIR_IN ?
	       turn_of_client(lb, conn, skb, pkt, local_in, &tried) :
	       turn_of_server(lb, conn, pkt);
	switch (turn) {
	case TURN_LATER:
		return NF_ACCEPT;
	case TURN_NEW:
		hak_conn_kill(lb, conn);	/* the read side holds its server */
		return begin(lb, skb, pkt, local_in, tried);
	case TURN_DROP:
		return hak_lb_drop(lb, HAK_LB_DROP_REFUSED);
	default:
		return hak_nat_forward(lb, conn, dir, skb, pkt);
	}
}

static bool same_destination(const struct hak_flow_key *a, const struct hak_flow_key *b)
{
	return a->v6 ? !memcmp(a->daddr6, b->daddr6, sizeof(a->daddr6)) :
		       a->daddr == b->daddr;
}

static unsigned int on_icmp(struct hak_lb *lb, struct sk_buff *skb,
			    const struct hak_lb_pkt *pkt)
{
	struct hak_flow_key key;
	struct hak_conn_node *node;

	/* It quotes what we or the other side sent: turned round, what is heard. */
	hak_flow_reverse(&key, &pkt->inner);
	node = hak_conn_lookup(lb, &key);
	/* It comes to whoever sent what it quotes, or it is forged. */
	if (!node || !same_destination(&pkt->key, &key))
		return NF_ACCEPT;
	if (hides_error(hak_conn_of(node), node->dir, pkt))
		return hak_lb_drop(lb, HAK_LB_DROP_REFUSED);
	return hak_nat_icmp(lb, hak_conn_of(node), node->dir, skb, pkt);
}

/* What no client's key finds: where the first fragment went. */
static struct hak_conn *again_to(struct hak_lb *lb, struct hak_server *server,
				 const struct hak_flow_key *key)
{
	struct hak_service *service = hak_service_lookup(lb, key);
	enum hak_lb_drop why;

	if (!service || !READ_ONCE(service->one_packet))
		return NULL;
	return hak_conn_new(lb, service, server, key, false, &why);
}

/* Of an IPv6 packet whose first fragment has gone where this one is to go. */
static unsigned int on_fragment(struct hak_lb *lb, struct sk_buff *skb,
				struct hak_lb_pkt *pkt)
{
	struct hak_server *server = pkt->key.v6 ? hak_frag_find(lb, pkt) : NULL;
	enum hak_dir dir = HAK_DIR_IN;
	struct hak_conn_node *node;
	struct hak_conn *conn;

	if (!server)
		return NF_ACCEPT;
	node = hak_conn_lookup(lb, &pkt->key);
	if (node)
		dir = node->dir;
	conn = node ? hak_conn_of(node) : again_to(lb, server, &pkt->key);
	return conn ? pass(lb, conn, dir, skb, pkt) : NF_ACCEPT;
}

static __always_inline unsigned int
take(struct hak_lb *lb, struct sk_buff *skb, const bool v6, bool local_in)
{
	struct hak_conn_node *node;
	struct hak_conn *conn;
	struct hak_lb_pkt pkt __uninitialized;	/* hak_lb_parse4() fills it */

	switch (parse(skb, &pkt, v6)) {
	case HAK_LB_OK:
		break;
	case HAK_LB_ICMP:
		return on_icmp(lb, skb, &pkt);
	case HAK_LB_FRAGMENT:
		return on_fragment(lb, skb, &pkt);
	case HAK_LB_SHORT:
		/* No memory to pull the headers, whoever's they are. */
		return skb_is_nonlinear(skb) ?
		       hak_lb_drop(lb, HAK_LB_DROP_NO_MEMORY) : NF_ACCEPT;
	default:
		return NF_ACCEPT;
	}
	node = hak_conn_lookup(lb, &pkt.key);
	if (unlikely(!node))
		return begin(lb, skb, &pkt, local_in, NULL);
	conn = hak_conn_of(node);
	if (unlikely(pkt.tcp_flags & (HAK_TCP_FLAG_SYN | HAK_TCP_FLAG_RST)))
		return take_turn(lb, conn, node->dir, skb, &pkt, local_in);
	return hak_nat_forward(lb, conn, node->dir, skb, &pkt);
}

/*
 * Most packets of a host are no business of ours; this says so at once. What comes
 * from a service's clients goes to its address, what comes from a server has the
 * server's.
 */
static bool concerns(const struct hak_lb *lb, const struct iphdr *iph)
{
	return hak_lb_filter_has(&lb->service_filter, (__force u32)iph->daddr) ||
	       hak_lb_filter_has(&lb->server_filter, (__force u32)iph->saddr);
}

static bool concerns6(const struct hak_lb *lb, const struct ipv6hdr *iph)
{
	return hak_lb_filter_has(&lb->service_filter,
				 hak_lb_word((__force const u32 *)iph->daddr.s6_addr32)) ||
	       hak_lb_filter_has(&lb->server_filter,
				 hak_lb_word((__force const u32 *)iph->saddr.s6_addr32));
}

/*
 * Frames that a bridge only passes on are not for us, those for itself are; its
 * address need not be that of the port, so that `other host' says little. The
 * extension is br_netfilter's until the packet is known to be ours: it throws away
 * what comes back without.
 */
static bool bridged(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	const struct nf_bridge_info *info = nf_bridge_info_get(skb);

	return info && info->pkt_otherhost &&
	       (skb_vlan_tag_present(skb) ||
		!ether_addr_equal(eth_hdr(skb)->h_dest, skb->dev->dev_addr));
#else
	return false;
#endif
}

/*
 * Only the first fragment tells the connection, so that with IPv4 they are put together
 * first. Of an ICMP error in fragments that has no address of ours nothing is known.
 */
static __always_inline unsigned int
arrive(struct hak_lb *lb, struct sk_buff *skb, const bool v6, bool ours)
{
	if (v6 || likely(!ip_is_fragment(ip_hdr(skb))))
		return take(lb, skb, v6, false);
	if (!ours)
		return NF_ACCEPT;
	if (ip_defrag(dev_net(skb->dev), skb, DEFRAG_USER))
		return NF_STOLEN;
	return take(lb, skb, false, false);
}

/* In softirq, if it was not with an NFQUEUE before, with a hook set so late. */
static __always_inline unsigned int
arrived(struct hak_lb *lb, struct sk_buff *skb, const bool v6, bool ours)
{
	unsigned int verdict;

	if (skb->pkt_type != PACKET_HOST || bridged(skb))
		return NF_ACCEPT;
	if (likely(softirq_count()))
		return arrive(lb, skb, v6, ours);
	local_bh_disable();
	verdict = arrive(lb, skb, v6, ours);
	local_bh_enable();
	return verdict;
}

/* Out of the way of those that have no business here. */
static noinline unsigned int arrived4(struct hak_lb *lb, struct sk_buff *skb, bool ours)
{
	return arrived(lb, skb, false, ours);
}

static noinline unsigned int arrived6(struct hak_lb *lb, struct sk_buff *skb, bool ours)
{
	return arrived(lb, skb, true, ours);
}

static unsigned int hak_lb_prerouting(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct hak_lb *lb = priv;
	bool ours = concerns(lb, iph);

	/* An ICMP error tells its connection only further in. */
	if (likely(!ours && iph->protocol != IPPROTO_ICMP))
		return NF_ACCEPT;
	return arrived4(lb, skb, ours);
}

static unsigned int hak_lb_prerouting6(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct hak_lb *lb = priv;
	bool ours = concerns6(lb, iph);

	if (likely(!ours && iph->nexthdr != IPPROTO_ICMPV6))
		return NF_ACCEPT;
	return arrived6(lb, skb, ours);
}

static __always_inline unsigned int
delivered(struct hak_lb *lb, struct sk_buff *skb, const bool v6)
{
	unsigned int verdict;

	/* What this host sends to itself is not balanced. */
	if (!skb->dev || skb->dev->flags & IFF_LOOPBACK)
		return NF_ACCEPT;
	/* A packet that was with an NFQUEUE comes back in process context. */
	local_bh_disable();
	verdict = take(lb, skb, v6, true);
	local_bh_enable();
	return verdict;
}

/* What servers send, and errors, was taken before. */
static unsigned int hak_lb_local_in(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct hak_lb *lb = priv;

	if (likely(!hak_lb_filter_has(&lb->service_filter, (__force u32)iph->daddr)))
		return NF_ACCEPT;
	return delivered(lb, skb, false);
}

static unsigned int hak_lb_local_in6(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct hak_lb *lb = priv;

	if (likely(!hak_lb_filter_has(&lb->service_filter,
				      hak_lb_word((__force const u32 *)iph->daddr.s6_addr32))))
		return NF_ACCEPT;
	return delivered(lb, skb, true);
}

static const struct nf_hook_ops templates[] = {
	{
		.hook = hak_lb_prerouting,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
	},
	{
		/* after the host's rules, before conntrack confirms */
		.hook = hak_lb_local_in,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_LAST - 1,
	},
	{
		.hook = hak_lb_prerouting6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
	},
	{
		.hook = hak_lb_local_in6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST - 1,
	},
};

/* Those of IPv6 come last. */
static unsigned int n_templates(void)
{
	return hak_lb_has_ipv6() ? ARRAY_SIZE(templates) : 2;
}

int hak_lb_hook(struct hak_lb *lb, unsigned int set, s32 priority)
{
	struct nf_hook_ops *ops = lb->hooks[set];
	int err;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(templates); i++) {
		ops[i] = templates[i];
		ops[i].priv = lb;
	}
	ops[0].priority = priority;
	ops[2].priority = priority;
	err = nf_register_net_hooks(lb->hn->net, ops, n_templates());
	if (!err)
		lb->hooked |= BIT(set);
	return err;
}

void hak_lb_unhook(struct hak_lb *lb, unsigned int set)
{
	if (lb->hooked & BIT(set))
		nf_unregister_net_hooks(lb->hn->net, lb->hooks[set],
					n_templates());
	lb->hooked &= ~BIT(set);
}
