// SPDX-License-Identifier: GPL-2.0-only
#include "rx.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_ipv4.h>
#include <linux/percpu.h>
#include <net/arp.h>
#include <net/ip.h>

#include "../core/vrrp_pkt.h"
#include "../pernet.h"
#include "../role.h"
#include "dev.h"
#include "router.h"

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
static DEFINE_PER_CPU(struct rx_scratch, scratch);

static const u8 *source_mac(const struct sk_buff *skb)
{
	if (!skb_mac_header_was_set(skb) ||
	    skb_network_header(skb) - skb_mac_header(skb) < ETH_HLEN)
		return NULL;
	return eth_hdr(skb)->h_source;
}

/* Our own source address: an echo of ourselves, or a second host with it. */
static enum hak_drop whose(const struct hak_dev *hd, const u8 *mac)
{
	if (!mac || ether_addr_equal(mac, hd->dev->dev_addr))
		return HAK_DROP_SELF_REFLECT;
	return HAK_DROP_DUPLICATE_PRIMARY;
}

static void rx_message(struct hak_dev *hd, struct sk_buff *skb,
		       const struct iphdr *iph, int off)
{
	struct rx_scratch *s = this_cpu_ptr(&scratch);
	struct hak_vrrp_meta meta = {
		.saddr = ntohl(iph->saddr), .daddr = ntohl(iph->daddr),
		.ttl = iph->ttl, .fragment = ip_is_fragment(iph),
		.len = ntohs(iph->tot_len) - iph->ihl * 4,
	};
	int len = min_t(int, skb->len - off, HAK_VRRP_MAX_LEN);
	const u8 *data, *mac = source_mac(skb);
	struct hak_router *r;
	enum hak_drop drop;
	u8 vrid;

	len = min_t(int, len, meta.len);
	data = len > 0 ? skb_header_pointer(skb, off, len, s->buf) : NULL;
	if (!data || !hak_vrrp_peek(data, len, &vrid))
		return;
	r = rcu_dereference(hd->by_vrid[vrid]);
	if (!r) {
		hd->vrid_errors++;
		return;
	}
	/* What is longer than any advert can only be longer by trailing bytes. */
	if (skb->len - off >= meta.len && meta.len > len)
		meta.len = len;
	drop = hak_vrrp_parse(data, len, &meta, &s->adv);
	if (!drop && meta.saddr == READ_ONCE(r->primary))
		drop = whose(hd, mac);
	if (drop)
		hak_router_dropped(r, drop, meta.saddr, mac);
	else
		hak_router_advert(r, &s->adv, mac);
}

/* An IP header with all the options it may have. */
union ip_header {
	struct iphdr iph;
	u8 bytes[60];
};

/* The IP header when this is a VRRP packet; at ingress nobody has checked it. */
static const struct iphdr *vrrp_header(const struct sk_buff *skb,
				       union ip_header *buf)
{
	int off = skb_network_offset(skb);
	const struct iphdr *iph;

	iph = skb_header_pointer(skb, off, sizeof(*iph), buf);
	if (!iph || iph->protocol != HAK_VRRP_PROTO || iph->version != 4 ||
	    iph->ihl < 5 || ntohs(iph->tot_len) < iph->ihl * 4)
		return NULL;
	iph = skb_header_pointer(skb, off, iph->ihl * 4, buf);
	if (!iph || ip_fast_csum(iph, iph->ihl))
		return NULL;
	return iph;
}

static bool seen_before(const struct rx_scratch *s, const void *header)
{
	return s->seen == header && time_in_range(jiffies, s->seen_at, s->seen_at);
}

static void take(struct hak_dev *hd, struct sk_buff *skb, const struct iphdr *iph,
		 bool by_tap)
{
	struct rx_scratch *s = this_cpu_ptr(&scratch);

	s->seen = skb_network_header(skb);
	s->seen_at = jiffies;
	s->by_tap = by_tap;
	rx_message(hd, skb, iph, skb_network_offset(skb) + iph->ihl * 4);
}

int hak_rx_tap(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt, struct net_device *orig_dev)
{
	union ip_header buf;
	const struct iphdr *iph = NULL;

	if (skb->protocol == htons(ETH_P_IP) && !skb_vlan_tag_present(skb))
		iph = vrrp_header(skb, &buf);
	if (iph) {
		struct hak_dev *hd = pt->af_packet_priv;

		WRITE_ONCE(hd->tap_seen, jiffies);
		take(hd, skb, iph, true);
	}
	consume_skb(skb);
	return 0;
}

static noinline unsigned int ingress(void *priv, struct sk_buff *skb)
{
	const struct iphdr *iph;
	struct rx_scratch *s;
	union ip_header buf;

	iph = vrrp_header(skb, &buf);
	/* A tagged frame belongs to the VLAN device, which has its own hook. */
	if (!iph || skb_vlan_tag_present(skb))
		return NF_ACCEPT;
	s = this_cpu_ptr(&scratch);
	if (s->by_tap && seen_before(s, skb_network_header(skb))) {
		struct hak_dev *hd = priv;

		s->by_tap = false;
		WRITE_ONCE(hd->hook_seen, jiffies);
		return NF_ACCEPT;
	}
	take(priv, skb, iph, false);
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
	if (skb->protocol != htons(ETH_P_IP) ||
	    likely(skb_headlen(skb) >= sizeof(struct iphdr) &&
		   ip_hdr(skb)->protocol != HAK_VRRP_PROTO))
		return NF_ACCEPT;
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
	const struct iphdr *iph = ip_hdr(skb);
	struct rx_scratch *s;
	struct hak_dev *hd;
	union ip_header buf;

	s = this_cpu_ptr(&scratch);
	if (seen_before(s, iph)) {
		s->seen = NULL;
		return NF_ACCEPT;
	}
	hd = hak_dev_find_rcu(hn, state->in->ifindex);
	iph = hd ? vrrp_header(skb, &buf) : NULL;
	if (iph)
		rx_message(hd, skb, iph, skb_network_offset(skb) + iph->ihl * 4);
	return NF_ACCEPT;
}

static unsigned int hak_rx_prerouting(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	if (likely(ip_hdr(skb)->protocol != HAK_VRRP_PROTO))
		return NF_ACCEPT;
	return prerouting(priv, skb, state);
}

/* An address of ours that is not Active here, or is not to be accepted. */
static unsigned int hak_rx_local_in(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	u32 role = hak_role_lookup(priv, ip_hdr(skb)->daddr);

	if (!role || role & HAK_ROLE_DELIVER)
		return NF_ACCEPT;
	if (role & HAK_ROLE_ACTIVE && state->in->flags & IFF_LOOPBACK)
		return NF_ACCEPT;	/* the host itself may always ask */
	return NF_DROP;
}

/* Only the Active router answers for an address, on whatever device it is asked. */
static unsigned int hak_rx_arp(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	const struct arphdr *arp = arp_hdr(skb);
	__be32 target;
	u32 role;

	if (arp->ar_op != htons(ARPOP_REQUEST) || arp->ar_pln != sizeof(target) ||
	    !pskb_may_pull(skb, arp_hdr_len(state->in)))
		return NF_ACCEPT;
	arp = arp_hdr(skb);
	memcpy(&target, (u8 *)(arp + 1) + 2 * arp->ar_hln + sizeof(target),
	       sizeof(target));
	role = hak_role_lookup(priv, target);
	return role && !(role & HAK_ROLE_ACTIVE) ? NF_DROP : NF_ACCEPT;
}

/* An address of the device that is not one of ours. RCU. */
static __be32 other_addr(struct hak_net *hn, const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct in_ifaddr *ifa;

	if (in_dev)
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			if (!hak_role_lookup(hn, ifa->ifa_local))
				return ifa->ifa_local;
	return 0;
}

/*
 * With `accept always` a Backup has the address and answers clients from it.
 * Asking for their MAC it must not name it as sender: they would learn ours.
 */
static unsigned int hak_rx_arp_out(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct hak_net *hn = priv;
	struct arphdr *arp = arp_hdr(skb);
	__be32 sender;
	u32 role;
	int off;

	if (arp->ar_pln != sizeof(sender) ||
	    skb_ensure_writable(skb, arp_hdr_len(state->out)))
		return NF_ACCEPT;
	arp = arp_hdr(skb);
	off = arp->ar_hln;
	memcpy(&sender, (u8 *)(arp + 1) + off, sizeof(sender));
	role = hak_role_lookup(hn, sender);
	if (!role || role & HAK_ROLE_ACTIVE)
		return NF_ACCEPT;
	sender = other_addr(hn, state->out);
	if (arp->ar_op != htons(ARPOP_REQUEST) || !sender)
		return NF_DROP;
	memcpy((u8 *)(arp + 1) + off, &sender, sizeof(sender));
	return NF_ACCEPT;
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
#if IS_ENABLED(CONFIG_NETFILTER_FAMILY_ARP)
	{
		.hook = hak_rx_arp,
		.pf = NFPROTO_ARP,
		.hooknum = NF_ARP_IN,
		.priority = INT_MIN,
	},
	{
		.hook = hak_rx_arp_out,
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
