// SPDX-License-Identifier: GPL-2.0-only
#include "rx.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/percpu.h>
#include <net/ip.h>
#include <net/ndisc.h>

#include "../core/vrrp_pkt.h"
#include "../pernet.h"
#include "../role.h"
#include "dev.h"
#include "neigh.h"
#include "router.h"
#include "trace.h"
#include "vmac.h"

/**
 * struct rx_scratch - per CPU, used with BH off and never nested: sending, the
 *	only thing that may come back to a hook, is the last thing that is done
 * @adv: the advert in hand
 * @buf: its bytes where the skb is not linear
 * @seen: network header of the last advert that the ingress hook or the tap took
 * @seen_at: jiffies
 * @by_tap: it was the tap, and the hook has not seen it since
 */
struct rx_scratch {
	struct hak_vrrp_advert adv;
	u8 buf[HAK_VRRP_MAX_LEN];
	const void *seen;
	unsigned long seen_at;
	bool by_tap;
};
/* Too large for what a module may have of the static kind. */
static struct rx_scratch __percpu *scratch;

int hak_rx_init(void)
{
	scratch = alloc_percpu(struct rx_scratch);
	return scratch ? 0 : -ENOMEM;
}

void hak_rx_exit(void)
{
	free_percpu(scratch);
}

static const u8 *source_mac(const struct sk_buff *skb)
{
	if (!skb_mac_header_was_set(skb) ||
	    skb_network_header(skb) - skb_mac_header(skb) < ETH_HLEN)
		return NULL;
	return eth_hdr(skb)->h_source;
}

/* Of this frame, or unknown; then it may be our own. */
static bool from_us(struct hak_dev *hd, const u8 *mac)
{
	return !mac || ether_addr_equal(mac, hd->dev->dev_addr) ||
	       hak_vmac_is_own(hd, mac);
}

/**
 * struct message - a VRRP packet that was found
 * @meta: of its IP header
 * @off: where the VRRP message begins
 */
struct message {
	struct hak_vrrp_meta meta;
	int off;
};

static void rx_message(struct hak_dev *hd, struct sk_buff *skb,
		       struct message *m)
{
	struct rx_scratch *s = this_cpu_ptr(scratch);
	int len = min_t(int, skb->len - m->off, HAK_VRRP_MAX_LEN);
	const u8 *data, *mac = source_mac(skb);
	struct hak_vrrp_rule rule;
	struct hak_router *r;
	enum hak_drop drop;
	u8 vrid;

	len = min_t(int, len, m->meta.len);
	data = len > 0 ? skb_header_pointer(skb, m->off, len, s->buf) : NULL;
	if (!data || !hak_vrrp_peek(data, len, &vrid))
		return;
	r = rcu_dereference(*hak_dev_router(hd, m->meta.saddr.len, vrid));
	if (!r) {
		hd->vrid_errors++;
		trace_hak_advert_drop(hd->dev->ifindex, vrid, HAK_DROP_VRID,
				      &m->meta.saddr, mac);
		return;
	}
	/* What is longer than any advert can only be longer by trailing bytes. */
	if (skb->len - m->off >= m->meta.len && m->meta.len > len)
		m->meta.len = len;
	hak_router_rule(r, &rule);
	drop = hak_vrrp_parse(data, len, &m->meta, &rule, &s->adv);
	if (!drop)
		drop = hak_router_source(r, &s->adv, from_us(hd, mac));
	if (drop) {
		trace_hak_advert_drop(hd->dev->ifindex, vrid, drop,
				      &m->meta.saddr, mac);
		hak_router_dropped(r, drop, &m->meta.saddr, mac);
	} else {
		hak_router_advert(r, &s->adv, mac);
	}
}

/* An IP header with all the options it may have. */
union ip_header {
	struct iphdr iph;
	struct ipv6hdr iph6;
	u8 bytes[60];
};

/* A VRRP packet in IPv4? At ingress nobody has checked its header. */
static bool find4(const struct sk_buff *skb, struct message *m)
{
	int off = skb_network_offset(skb);
	const struct iphdr *iph;
	union ip_header buf;

	iph = skb_header_pointer(skb, off, sizeof(*iph), &buf);
	if (!iph || iph->protocol != HAK_VRRP_PROTO || iph->version != 4 ||
	    iph->ihl < 5 || ntohs(iph->tot_len) < iph->ihl * 4)
		return false;
	iph = skb_header_pointer(skb, off, iph->ihl * 4, &buf);
	if (!iph || ip_fast_csum(iph, iph->ihl))
		return false;
	m->meta = (struct hak_vrrp_meta) {
		.saddr = hak_ip_make(&iph->saddr, HAK_IP4_LEN),
		.daddr = hak_ip_make(&iph->daddr, HAK_IP4_LEN),
		.ttl = iph->ttl, .fragment = ip_is_fragment(iph),
		.len = ntohs(iph->tot_len) - iph->ihl * 4,
	};
	m->off = off + iph->ihl * 4;
	return true;
}

/* And in IPv6? Extension headers are nothing an advert has. */
static bool find6(const struct sk_buff *skb, struct message *m)
{
	int off = skb_network_offset(skb);
	const struct ipv6hdr *iph;
	union ip_header buf;

	iph = skb_header_pointer(skb, off, sizeof(*iph), &buf);
	if (!iph || iph->nexthdr != HAK_VRRP_PROTO || iph->version != 6)
		return false;
	m->meta = (struct hak_vrrp_meta) {
		.saddr = hak_ip_make(&iph->saddr, HAK_IP6_LEN),
		.daddr = hak_ip_make(&iph->daddr, HAK_IP6_LEN),
		.ttl = iph->hop_limit, .len = ntohs(iph->payload_len),
	};
	m->off = off + sizeof(*iph);
	return true;
}

static bool find(const struct sk_buff *skb, struct message *m)
{
	if (skb->protocol == htons(ETH_P_IP))
		return find4(skb, m);
	return skb->protocol == htons(ETH_P_IPV6) && find6(skb, m);
}

static bool seen_before(const struct rx_scratch *s, const void *header)
{
	return s->seen == header && time_in_range(jiffies, s->seen_at, s->seen_at);
}

static void take(struct hak_dev *hd, struct sk_buff *skb, struct message *m,
		 bool by_tap)
{
	struct rx_scratch *s = this_cpu_ptr(scratch);

	s->seen = skb_network_header(skb);
	s->seen_at = jiffies;
	s->by_tap = by_tap;
	rx_message(hd, skb, m);
}

int hak_rx_tap(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt, struct net_device *orig_dev)
{
	struct message m;

	if (!skb_vlan_tag_present(skb) && find(skb, &m)) {
		struct hak_dev *hd = pt->af_packet_priv;

		WRITE_ONCE(hd->tap_seen, jiffies);
		take(hd, skb, &m, true);
	}
	consume_skb(skb);
	return 0;
}

static noinline unsigned int ingress(void *priv, struct sk_buff *skb)
{
	struct rx_scratch *s;
	struct message m;

	/* A tagged frame belongs to the VLAN device, which has its own hook. */
	if (skb_vlan_tag_present(skb) || !find(skb, &m))
		return NF_ACCEPT;
	s = this_cpu_ptr(scratch);
	if (s->by_tap && seen_before(s, skb_network_header(skb))) {
		struct hak_dev *hd = priv;

		s->by_tap = false;
		WRITE_ONCE(hd->hook_seen, jiffies);
		return NF_ACCEPT;
	}
	take(priv, skb, &m, false);
	/* Others may want to hear it: a bridge, a daemon with another VRID. */
	return NF_ACCEPT;
}

/*
 * Every packet comes here: those of others leave at once, without the stack frame
 * that the rest needs.
 */
unsigned int hak_rx_ingress(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct hak_dev *hd = priv;

	if (unlikely(READ_ONCE(hd->n_vmac)) && !hak_vmac_ingress(hd, skb))
		return NF_DROP;
	if (likely(skb->protocol == htons(ETH_P_IP))) {
		if (likely(skb_headlen(skb) >= sizeof(struct iphdr) &&
			   ip_hdr(skb)->protocol != HAK_VRRP_PROTO))
			return NF_ACCEPT;
	} else if (skb->protocol != htons(ETH_P_IPV6) ||
		   (skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
		    ipv6_hdr(skb)->nexthdr != HAK_VRRP_PROTO)) {
		return NF_ACCEPT;
	}
	return ingress(priv, skb);
}

/*
 * Adverts that tc redirected to an ifb and back skip the ingress hook; they are
 * seen here, still before conntrack and the host's rules. What the ingress hook
 * had is known by the place of its header, which a clone shares.
 */
static noinline unsigned int prerouting(struct hak_net *hn, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct rx_scratch *s = this_cpu_ptr(scratch);
	struct hak_dev *hd;
	struct message m;

	if (seen_before(s, skb_network_header(skb))) {
		s->seen = NULL;
		return NF_ACCEPT;
	}
	hd = hak_dev_find_rcu(hn, state->in->ifindex);
	if (hd && find(skb, &m))
		rx_message(hd, skb, &m);
	return NF_ACCEPT;
}

static unsigned int hak_rx_prerouting(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	if (likely(ip_hdr(skb)->protocol != HAK_VRRP_PROTO))
		return NF_ACCEPT;
	return prerouting(priv, skb, state);
}

static unsigned int hak_rx_prerouting6(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	u8 proto = ipv6_hdr(skb)->nexthdr;

	if (proto == IPPROTO_ICMPV6)
		return hak_neigh_nd_in(priv, skb, state);
	if (likely(proto != HAK_VRRP_PROTO))
		return NF_ACCEPT;
	return prerouting(priv, skb, state);
}

static bool may_deliver(u32 role, const struct net_device *in)
{
	if (!role || role & HAK_ROLE_DELIVER)
		return true;
	/* The host itself may always ask. */
	return role & HAK_ROLE_ACTIVE && in->flags & IFF_LOOPBACK;
}

/* An address of ours that is not Active here, or is not to be accepted. */
static unsigned int hak_rx_local_in(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	u32 role = hak_role_lookup4(priv, ip_hdr(skb)->daddr);

	return may_deliver(role, state->in) ? NF_ACCEPT : NF_DROP;
}

/* Neighbour discovery is not dropped for its destination, RFC 9568 section 6.4.3. */
static bool is_discovery(const struct sk_buff *skb)
{
	int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	const u8 *type;
	u8 buf;

	if (ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6)
		return false;
	type = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return type && (*type == NDISC_NEIGHBOUR_SOLICITATION ||
			*type == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

static unsigned int hak_rx_local_in6(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct hak_ip ip = hak_ip_make(&ipv6_hdr(skb)->daddr, HAK_IP6_LEN);
	u32 role = hak_role_lookup(priv, &ip);

	if (may_deliver(role, state->in) || is_discovery(skb))
		return NF_ACCEPT;
	return NF_DROP;
}

static const struct nf_hook_ops templates[] = {
	{
		/* before defragmentation, conntrack and raw rules */
		.hook = hak_rx_prerouting,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_FIRST,
	},
	{
		/* before the host's input rules: they need not know */
		.hook = hak_rx_local_in,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_FIRST,
	},
#if IS_ENABLED(CONFIG_IPV6)
	{
		.hook = hak_rx_prerouting6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_FIRST,
	},
	{
		.hook = hak_rx_local_in6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_FIRST,
	},
	{
		.hook = hak_neigh_nd_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_LAST,
	},
#endif
#if IS_ENABLED(CONFIG_NETFILTER_FAMILY_ARP)
	{
		.hook = hak_neigh_arp_in,
		.pf = NFPROTO_ARP,
		.hooknum = NF_ARP_IN,
		.priority = INT_MIN,
	},
	{
		.hook = hak_neigh_arp_out,
		.pf = NFPROTO_ARP,
		.hooknum = NF_ARP_OUT,
		.priority = INT_MIN,
	},
#endif
};

int hak_rx_get_hooks(struct hak_net *hn)
{
	int err;
	u32 i;

	ASSERT_RTNL();
	if (hn->hooked) {
		hn->hooked++;
		return 0;
	}
	BUILD_BUG_ON(ARRAY_SIZE(templates) > ARRAY_SIZE(hn->hooks));
	for (i = 0; i < ARRAY_SIZE(templates); i++) {
		hn->hooks[i] = templates[i];
		hn->hooks[i].priv = hn;
	}
	err = nf_register_net_hooks(hn->net, hn->hooks, ARRAY_SIZE(templates));
	if (!err)
		hn->hooked = 1;
	return err;
}

void hak_rx_put_hooks(struct hak_net *hn)
{
	ASSERT_RTNL();
	if (--hn->hooked)
		return;
	nf_unregister_net_hooks(hn->net, hn->hooks, ARRAY_SIZE(templates));
}
