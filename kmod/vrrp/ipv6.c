// SPDX-License-Identifier: GPL-2.0-only
#include "ipv6.h"

#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ip6_checksum.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6_stubs.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "../core/vrrp_pkt.h"
#include "../pernet.h"
#include "addr.h"
#include "config.h"
#include "dev.h"
#include "tx.h"

#if IS_ENABLED(CONFIG_IPV6)

static const struct in6_addr group = { .s6_addr = HAK_VRRP_GROUP6 };

bool hak_ipv6_enabled(void)
{
	return ipv6_mod_enabled();
}

bool hak_ipv6_join(struct net_device *dev)
{
	return hak_ipv6_enabled() && dev->mtu >= IPV6_MIN_MTU &&
	       !ipv6_dev_mc_inc(dev, &group);
}

void hak_ipv6_leave(struct net_device *dev)
{
	ipv6_dev_mc_dec(dev, &group);
}

static bool may_send_from(const struct hak_dev *hd,
			  const struct hak_router_cfg *cfg,
			  const struct hak_ip *ip)
{
	if (cfg->source.len)
		return hak_ip_equal(ip, &cfg->source);
	return hak_ip_link_local(ip->b) &&
	       !hak_addr_is_ours(hd->hn, hd->dev->ifindex, ip);
}

struct hak_ip hak_ipv6_primary(const struct hak_dev *hd,
			       const struct hak_router_cfg *cfg, bool *pending)
{
	struct inet6_dev *idev = __in6_dev_get(hd->dev);
	const struct inet6_ifaddr *ifa;
	struct hak_ip found = {};

	*pending = false;
	if (!idev)
		return found;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		struct hak_ip ip = hak_ip_make(&ifa->addr, HAK_IP6_LEN);
		u32 tentative = ifa->flags & IFA_F_TENTATIVE;

		if (ifa->flags & IFA_F_DADFAILED || !may_send_from(hd, cfg, &ip))
			continue;
		if (tentative && !(ifa->flags & IFA_F_OPTIMISTIC))
			*pending = true;
		else
			found = ip;	/* the list begins with the latest */
	}
	read_unlock_bh(&idev->lock);
	return found;
}

bool hak_ipv6_present(const struct net_device *dev, const struct hak_ip *ip,
		      int plen)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	bool found = false;

	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list)
		found |= !memcmp(&ifa->addr, ip->b, HAK_IP6_LEN) &&
			 (plen < 0 || ifa->prefix_len == plen);
	read_unlock_bh(&idev->lock);
	return found;
}

int hak_ipv6_send(struct net *net, struct sk_buff *skb)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.daddr = iph->daddr, .saddr = iph->saddr,
		.flowi6_oif = skb->dev->ifindex, .flowi6_proto = HAK_VRRP_PROTO,
	};
	struct dst_entry *dst;
	struct neighbour *neigh;

	dst = ipv6_stub->ipv6_dst_lookup_flow(net, NULL, &fl6, NULL);
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	skb_dst_set(skb, dst);
	if (((struct rt6_info *)dst)->rt6i_flags & RTF_LOCAL) {
		kfree_skb(skb);		/* a list of peers that is the same on all nodes */
		return 0;
	}
	neigh = ip_neigh_gw6(dst->dev, rt6_nexthop((struct rt6_info *)dst,
						   &fl6.daddr));
	if (!IS_ERR(neigh))
		return neigh_output(neigh, skb, false);
	kfree_skb(skb);
	return PTR_ERR(neigh);
}

/* RFC 4861 section 4.4; the flags are those of RFC 9568 section 6.4.2. */
static void put_na(struct sk_buff *skb, const struct in6_addr *target,
		   const u8 *mac, bool solicited)
{
	struct nd_msg *msg = skb_put_zero(skb, sizeof(*msg));
	u8 *opt = skb_put(skb, 8);

	msg->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	msg->icmph.icmp6_router = 1;
	msg->icmph.icmp6_solicited = solicited;
	msg->icmph.icmp6_override = 1;
	msg->target = *target;
	opt[0] = ND_OPT_TARGET_LL_ADDR;
	opt[1] = 1;	/* in units of 8 bytes */
	ether_addr_copy(opt + 2, mac);
}

static void put_ip6(struct sk_buff *skb, const struct hak_ip *source,
		    const struct hak_ip *asker, u16 len)
{
	struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 6;
	iph->payload_len = htons(len);
	iph->nexthdr = IPPROTO_ICMPV6;
	iph->hop_limit = 255;
	memcpy(&iph->saddr, source->b, sizeof(iph->saddr));
	iph->daddr = in6addr_linklocal_allnodes;
	if (asker)
		memcpy(&iph->daddr, asker->b, sizeof(iph->daddr));
}

int hak_ipv6_advertise(struct net_device *dev, const struct hak_ip *ip,
		       const struct hak_ip *source, const u8 *mac,
		       const struct hak_ip *asker, const u8 *asker_mac)
{
	static const u8 all_nodes[ETH_ALEN] = { 0x33, 0x33, 0, 0, 0, 1 };
	const u16 len = sizeof(struct nd_msg) + 8;
	struct sk_buff *skb;
	struct nd_msg *msg;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(struct ipv6hdr) + len +
			dev->needed_tailroom, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
	skb_reset_network_header(skb);
	put_ip6(skb, source, asker, len);
	skb_set_transport_header(skb, sizeof(struct ipv6hdr));
	put_na(skb, (const struct in6_addr *)ip->b, mac, asker);
	msg = (struct nd_msg *)skb_transport_header(skb);
	msg->icmph.icmp6_cksum =
		csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, len,
				IPPROTO_ICMPV6, csum_partial(msg, len, 0));
	if (dev_hard_header(skb, dev, ETH_P_IPV6, asker ? asker_mac : all_nodes,
			    mac, skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	skb_reset_mac_header(skb);
	return hak_tx_frame(skb);
}

#else /* no IPv6 in this kernel */

bool hak_ipv6_enabled(void)
{
	return false;
}

bool hak_ipv6_join(struct net_device *dev)
{
	return false;
}

void hak_ipv6_leave(struct net_device *dev)
{
}

struct hak_ip hak_ipv6_primary(const struct hak_dev *hd,
			       const struct hak_router_cfg *cfg, bool *pending)
{
	*pending = false;
	return (struct hak_ip){};
}

bool hak_ipv6_present(const struct net_device *dev, const struct hak_ip *ip,
		      int plen)
{
	return false;
}

int hak_ipv6_send(struct net *net, struct sk_buff *skb)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}

int hak_ipv6_advertise(struct net_device *dev, const struct hak_ip *ip,
		       const struct hak_ip *source, const u8 *mac,
		       const struct hak_ip *asker, const u8 *asker_mac)
{
	return -EAFNOSUPPORT;
}

#endif
