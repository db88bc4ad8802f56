// SPDX-License-Identifier: GPL-2.0-only
#include "neigh.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <net/arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "../pernet.h"
#include "addr.h"
#include "dev.h"
#include "ipv6.h"
#include "router.h"
#include "tx.h"
#include "vmac.h"

/* An address that this host is asked for, on the device it belongs to. RCU. */
static struct hak_addr *answered(struct hak_net *hn, const struct hak_ip *ip,
				 const struct net_device *dev)
{
	struct hak_addr *a;

	hlist_for_each_entry_rcu(a, &hn->roles[hak_role_hash(ip)], role.node)
		if (hak_ip_equal(&a->role.ip, ip) &&
		    READ_ONCE(a->role.flags) & HAK_ROLE_ANSWER &&
		    READ_ONCE(a->ifindex) == dev->ifindex)
			return a;
	return NULL;
}

/* A host with two cards in one segment hears itself. */
static bool is_this_host(const struct hak_net *hn, const u8 *mac)
{
	return dev_getbyhwaddr_rcu(hn->net, ARPHRD_ETHER, (const char *)mac);
}

/* Somebody else says that an address of ours is his. */
static void claimed(struct hak_addr *a, const u8 *mac)
{
	if (!ether_addr_equal(mac, a->mac) && !is_this_host(a->hn, mac))
		hak_router_rival(a->router, HAK_ALARM_IP_CONFLICT, &a->role.ip,
				 mac);
}

/**
 * struct arp_words - an ARP packet of Ethernet and IPv4
 * @op: ARPOP_*
 * @sha: sender hardware address
 * @spa: sender protocol address
 * @tpa: target protocol address
 */
struct arp_words {
	u16 op;
	u8 sha[ETH_ALEN];
	struct hak_ip spa;
	struct hak_ip tpa;
};

static bool read_arp(struct sk_buff *skb, const struct net_device *dev,
		     struct arp_words *w)
{
	const struct arphdr *arp;
	const u8 *p;

	if (!pskb_may_pull(skb, arp_hdr_len((struct net_device *)dev)))
		return false;
	arp = arp_hdr(skb);
	if (arp->ar_pln != HAK_IP4_LEN || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pro != htons(ETH_P_IP) ||
	    (arp->ar_hrd != htons(ARPHRD_ETHER) &&
	     arp->ar_hrd != htons(ARPHRD_IEEE802)))
		return false;
	p = (const u8 *)(arp + 1);
	w->op = ntohs(arp->ar_op);
	ether_addr_copy(w->sha, p);
	w->spa = hak_ip_make(p + ETH_ALEN, HAK_IP4_LEN);
	w->tpa = hak_ip_make(p + 2 * ETH_ALEN + HAK_IP4_LEN, HAK_IP4_LEN);
	return true;
}

static void answer_arp(struct net_device *dev, const struct hak_addr *a,
		       const struct arp_words *w)
{
	struct sk_buff *skb;

	skb = arp_create(ARPOP_REPLY, ETH_P_ARP, (__force __be32)w->spa.w[0], dev,
			 (__force __be32)w->tpa.w[0], w->sha, a->mac, w->sha);
	if (skb)
		hak_tx_frame(skb);
}

static bool dev_has(struct in_device *in_dev, const struct hak_ip *ip)
{
	struct in_ifaddr *ifa;

	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if ((__force u32)ifa->ifa_local == ip->w[0])
			return true;
	return false;
}

static bool seen_now(unsigned long at)
{
	return time_in_range(jiffies, at, at);
}

/* The address that adverts are sent from may be another host's as well. */
static void check_primary(struct hak_net *hn, const struct net_device *dev,
			  const struct arp_words *w)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct hak_dev *hd;

	if (!in_dev || ether_addr_equal(w->sha, dev->dev_addr) ||
	    !dev_has(in_dev, &w->spa))
		return;
	hd = hak_dev_find_rcu(hn, dev->ifindex);
	/* It looks at all routers: once a tick tells as much as each frame. */
	if (!hd || seen_now(READ_ONCE(hd->primary_seen)) ||
	    hak_vmac_is_own(hd, w->sha))
		return;
	WRITE_ONCE(hd->primary_seen, jiffies);
	if (!is_this_host(hn, w->sha))
		hak_router_same_primary(hn, dev->ifindex, &w->spa, w->sha);
}

unsigned int hak_neigh_arp_in(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct hak_net *hn = priv;
	struct arp_words w;
	struct hak_addr *a;
	u32 role;

	if (!read_arp(skb, state->in, &w))
		return NF_ACCEPT;
	a = answered(hn, &w.spa, state->in);
	if (a)
		claimed(a, w.sha);
	else
		check_primary(hn, state->in, &w);
	if (w.op != ARPOP_REQUEST)
		return NF_ACCEPT;
	a = answered(hn, &w.tpa, state->in);
	if (a) {
		/* An announcement is no question. */
		if (!hak_ip_equal(&w.spa, &w.tpa))
			answer_arp(state->in, a, &w);
		return NF_DROP;
	}
	/* On another device the host answers, if it has the address. */
	role = hak_role_lookup(hn, &w.tpa);
	return role && !(role & HAK_ROLE_ACTIVE) ? NF_DROP : NF_ACCEPT;
}

/* An address of the device that is not one of ours. RCU. */
static __be32 other_addr(struct hak_net *hn, const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct in_ifaddr *ifa;

	if (in_dev)
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			if (!hak_role_lookup4(hn, ifa->ifa_local))
				return ifa->ifa_local;
	return 0;
}

/*
 * What the host says of an address of ours, in words and in the Ethernet header,
 * teaches neighbours: it has to be the MAC that we announce.
 */
static void put_sender(struct sk_buff *skb, const struct hak_addr *a)
{
	ether_addr_copy((u8 *)(arp_hdr(skb) + 1), a->mac);
	if (skb_network_offset(skb) >= ETH_HLEN)
		ether_addr_copy(skb->data + ETH_ALEN, a->mac);
}

unsigned int hak_neigh_arp_out(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct hak_net *hn = priv;
	struct arp_words w;
	struct hak_addr *a;
	__be32 sender;
	u32 role;

	if (skb_ensure_writable(skb, skb_network_offset(skb) +
				arp_hdr_len(state->out)) ||
	    !read_arp(skb, state->out, &w))
		return NF_ACCEPT;
	a = answered(hn, &w.spa, state->out);
	if (a) {
		put_sender(skb, a);
		return NF_ACCEPT;
	}
	role = hak_role_lookup(hn, &w.spa);
	if (!role || role & HAK_ROLE_ACTIVE)
		return NF_ACCEPT;
	/*
	 * With `accept always' a Backup has the address and answers clients from
	 * it. Asking for their MAC it must not name it as sender: they would learn
	 * ours.
	 */
	sender = other_addr(hn, state->out);
	if (w.op != ARPOP_REQUEST || !sender)
		return NF_DROP;
	memcpy((u8 *)(arp_hdr(skb) + 1) + ETH_ALEN, &sender, sizeof(sender));
	return NF_ACCEPT;
}

/* Room for a neighbour message with one option. */
struct nd_words {
	struct nd_msg msg;
	u8 opt[8];
};

/* A neighbour solicitation or advertisement, or NULL. */
static const struct nd_words *read_nd(const struct sk_buff *skb,
				      struct nd_words *buf)
{
	int off = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	const struct nd_words *w;

	/* With less it is one without options. */
	w = skb_header_pointer(skb, off, sizeof(*w), buf);
	if (!w) {
		memset(buf, 0, sizeof(*buf));
		if (skb_copy_bits(skb, off, buf, sizeof(buf->msg)))
			return NULL;
		w = buf;
	}
	if (ipv6_hdr(skb)->hop_limit != 255 || w->msg.icmph.icmp6_code ||
	    (w->msg.icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION &&
	     w->msg.icmph.icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT))
		return NULL;
	return w;
}

static const u8 *link_address(const struct sk_buff *skb,
			      const struct nd_words *w, u8 type)
{
	if (w->opt[0] == type && w->opt[1] == 1)
		return w->opt + 2;
	return skb_mac_header_was_set(skb) ? eth_hdr(skb)->h_source : NULL;
}

/* RFC 4861 section 7.2.4; to all nodes when the asker has no address yet. */
static void answer_nd(struct net_device *dev, const struct hak_addr *a,
		      const struct sk_buff *skb, const struct nd_words *w)
{
	struct hak_ip asker = hak_ip_make(&ipv6_hdr(skb)->saddr, HAK_IP6_LEN);
	const u8 *mac = link_address(skb, w, ND_OPT_SOURCE_LL_ADDR);

	if (ipv6_addr_any(&ipv6_hdr(skb)->saddr))
		hak_ipv6_advertise(dev, &a->role.ip, &a->role.ip, a->mac, NULL,
				   NULL);
	else if (mac)
		hak_ipv6_advertise(dev, &a->role.ip, &a->role.ip, a->mac, &asker,
				   mac);
}

unsigned int hak_neigh_nd_in(void *priv, struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	const struct nd_words *w;
	struct hak_addr *a;
	struct nd_words buf;
	struct hak_ip ip;
	const u8 *mac;
	u32 role;

	w = read_nd(skb, &buf);
	if (!w)
		return NF_ACCEPT;
	ip = hak_ip_make(&w->msg.target, HAK_IP6_LEN);
	a = answered(priv, &ip, state->in);
	if (w->msg.icmph.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT) {
		mac = link_address(skb, w, ND_OPT_TARGET_LL_ADDR);
		if (a && mac)
			claimed(a, mac);
		return NF_ACCEPT;
	}
	if (a) {
		answer_nd(state->in, a, skb, w);
		return NF_DROP;
	}
	role = hak_role_lookup(priv, &ip);
	return role && !(role & HAK_ROLE_ACTIVE) ? NF_DROP : NF_ACCEPT;
}

/* The MAC in an option of a message of ours, with its checksum. */
static void put_option(struct sk_buff *skb, const u8 *mac)
{
	struct nd_words *w = (void *)(ipv6_hdr(skb) + 1);
	__be16 to[3], from[3];
	int i;

	memcpy(from, w->opt + 2, ETH_ALEN);
	memcpy(to, mac, ETH_ALEN);
	for (i = 0; i < 3; i++)
		csum_replace2(&w->msg.icmph.icmp6_cksum, from[i], to[i]);
	memcpy(w->opt + 2, mac, ETH_ALEN);
}

unsigned int hak_neigh_nd_out(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const int len = sizeof(struct ipv6hdr) + sizeof(struct nd_words);
	const struct nd_words *w;
	struct hak_addr *a;
	struct nd_words buf;
	struct hak_ip ip;

	if (likely(ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6))
		return NF_ACCEPT;
	w = read_nd(skb, &buf);
	if (!w || skb->ip_summed == CHECKSUM_PARTIAL || w->opt[1] != 1 ||
	    (w->opt[0] != ND_OPT_SOURCE_LL_ADDR &&
	     w->opt[0] != ND_OPT_TARGET_LL_ADDR))
		return NF_ACCEPT;
	ip = hak_ip_make(&ipv6_hdr(skb)->saddr, HAK_IP6_LEN);
	a = answered(priv, &ip, state->out);
	if (a && !skb_ensure_writable(skb, skb_network_offset(skb) + len))
		put_option(skb, a->mac);
	return NF_ACCEPT;
}
