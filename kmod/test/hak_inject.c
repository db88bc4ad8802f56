// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet injector of the benchmark: gives a device of the writer's namespace
 * a packet as often as wanted, in an skb of its own each time, as a driver does,
 * and tells how many cycles each took. Under QEMU's -icount a cycle of the time
 * stamp counter is an instruction.
 *
 * Not a part of hak.ko. Everything is a module parameter:
 *
 *	dev	device that "receives"
 *	packet	an IPv4 or IPv6 packet with valid checksums, in hex
 *	count	packets in a batch
 *	batches	how many batches
 *	vary	1: each packet has the next source port
 *	drop	1: a hook at the device's ingress drops them, which is the floor
 *	run	written: do it
 *	result	read: cycles a packet, least, median and most of the batches
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/sort.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/net_namespace.h>

#define PACKET_MAX	1600
#define BATCHES_MAX	1000

static char dev[IFNAMSIZ];
module_param_string(dev, dev, sizeof(dev), 0600);
static unsigned int count = 64;
module_param(count, uint, 0600);
static unsigned int batches = 51;
module_param(batches, uint, 0600);
static bool vary;
module_param(vary, bool, 0600);
static bool drop;
module_param(drop, bool, 0600);

/* kernel_param_lock() serialises what follows. */
static u8 packet[PACKET_MAX];
static unsigned int packet_len;
static u64 cycles[BATCHES_MAX];
static char result[80] = "nothing measured";

static int packet_set(const char *val, const struct kernel_param *kp)
{
	size_t digits = strcspn(val, "\n");

	packet_len = 0;
	if (digits % 2 || digits / 2 > sizeof(packet) ||
	    digits / 2 < sizeof(struct iphdr) || hex2bin(packet, val, digits / 2))
		return -EINVAL;
	packet_len = digits / 2;
	return 0;
}

static const struct kernel_param_ops packet_ops = { .set = packet_set };
module_param_cb(packet, &packet_ops, NULL, 0200);

static bool is_v6(void)
{
	return packet[0] >> 4 == 6;
}

/* TCP and UDP have the source port in the same place. */
static int next_port(void)
{
	const struct ipv6hdr *ip6h = (void *)packet;
	const struct iphdr *iph = (void *)packet;
	unsigned int l4 = is_v6() ? sizeof(*ip6h) : iph->ihl * 4, at;
	u8 proto = is_v6() ? ip6h->nexthdr : iph->protocol;
	__be16 *port = (void *)packet + l4, next;

	at = proto == IPPROTO_TCP ? offsetof(struct tcphdr, check) :
				    offsetof(struct udphdr, check);
	if (l4 + at + sizeof(__sum16) > packet_len)
		return -EINVAL;
	next = htons(ntohs(*port) + 1);
	csum_replace2((void *)packet + l4 + at, *port, next);
	*port = next;
	return 0;
}

static int inject(struct net_device *nd)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(nd, ETH_HLEN + packet_len);
	struct ethhdr *eth;

	if (!skb)
		return -ENOMEM;
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, nd->dev_addr);
	eth_zero_addr(eth->h_source);
	eth->h_proto = htons(is_v6() ? ETH_P_IPV6 : ETH_P_IP);
	skb_put_data(skb, packet, packet_len);
	skb->protocol = eth_type_trans(skb, nd);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	netif_receive_skb(skb);
	return vary ? next_port() : 0;
}

static int batch(struct net_device *nd, u64 *took)
{
	unsigned int i;
	u64 begin;
	int err = 0;

	local_bh_disable();
	begin = get_cycles();
	for (i = 0; !err && i < count; i++)
		err = inject(nd);
	*took = get_cycles() - begin;
	local_bh_enable();
	cond_resched();
	return err;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 each(u64 took)
{
	return div_u64(took + count / 2, count);
}

static int measure(struct net_device *nd)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < batches; i++)
		err = batch(nd, &cycles[i]);
	if (err)
		return err;
	sort(cycles, batches, sizeof(*cycles), compare, NULL);
	snprintf(result, sizeof(result), "%llu %llu %llu", each(cycles[0]),
		 each(cycles[batches / 2]), each(cycles[batches - 1]));
	return 0;
}

static unsigned int drop_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_DROP;
}

static int with_drop(struct net_device *nd)
{
	struct nf_hook_ops ops = {
		.hook = drop_hook,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = INT_MIN,
		.dev = nd,
	};
	int err = nf_register_net_hook(dev_net(nd), &ops);

	if (err)
		return err;
	err = measure(nd);
	nf_unregister_net_hook(dev_net(nd), &ops);
	return err;
}

static int run_set(const char *val, const struct kernel_param *kp)
{
	struct net_device *nd;
	int err;

	if (!packet_len || !count || !batches || batches > BATCHES_MAX)
		return -EINVAL;
	nd = dev_get_by_name(current->nsproxy->net_ns, dev);
	if (!nd)
		return -ENODEV;
	err = drop ? with_drop(nd) : measure(nd);
	dev_put(nd);
	return err;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);
module_param_string(result, result, sizeof(result), 0400);

static int __init inject_init(void)
{
	return 0;
}
module_init(inject_init);

static void __exit inject_exit(void)
{
}
module_exit(inject_exit);

MODULE_DESCRIPTION("packet injector of hak's benchmark");
MODULE_LICENSE("GPL");
