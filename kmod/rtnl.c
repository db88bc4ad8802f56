// SPDX-License-Identifier: GPL-2.0-only
#include "rtnl.h"

#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/inetdevice.h>
#include <linux/neighbour.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/uio.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "pernet.h"

/* A route with all its attributes takes 112 bytes. */
#define RTNL_MSG_MAX	128

int hak_rtnl_open(struct hak_net *hn)
{
	int err;

	if (hn->rtnl_sock)
		return 0;
	err = sock_create_kern(hn->net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
			       &hn->rtnl_sock);
	if (err)
		hn->rtnl_sock = NULL;
	return err;
}

void hak_rtnl_close(struct hak_net *hn)
{
	if (!hn->rtnl_sock)
		return;
	sock_release(hn->rtnl_sock);
	hn->rtnl_sock = NULL;
}

static void *put_attr(struct nlmsghdr *nlh, int type, const void *data, int len)
{
	struct nlattr *nla = (void *)nlh + NLMSG_ALIGN(nlh->nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	memcpy(nla_data(nla), data, len);
	nlh->nlmsg_len = NLMSG_ALIGN(nlh->nlmsg_len) + nla_total_size(len);
	return nla;
}

static void fill_addr4(struct nlmsghdr *nlh, const struct hak_rtnl_addr *a)
{
	__be32 brd;

	if (a->plen < 31) {
		brd = (__force __be32)a->ip.w[0] | ~inet_make_mask(a->plen);
		put_attr(nlh, IFA_BROADCAST, &brd, sizeof(brd));
	}
	if (a->label[0])
		put_attr(nlh, IFA_LABEL, a->label, strlen(a->label) + 1);
}

/* No duplicate address detection: the election has decided whose it is. */
static void fill_addr6(struct nlmsghdr *nlh, struct ifaddrmsg *ifm,
		       const struct hak_rtnl_addr *a)
{
	u32 flags = IFA_F_NODAD;

	ifm->ifa_flags = IFA_F_NODAD;
	if (hak_ip_link_local(a->ip.b))
		ifm->ifa_scope = RT_SCOPE_LINK;
	put_attr(nlh, IFA_FLAGS, &flags, sizeof(flags));
}

static void fill_addr(struct nlmsghdr *nlh, bool add,
		      const struct hak_rtnl_addr *a)
{
	struct ifaddrmsg *ifm;
	u8 proto = HAK_IFA_PROTO;

	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*ifm));
	nlh->nlmsg_type = add ? RTM_NEWADDR : RTM_DELADDR;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (add)
		nlh->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	ifm = nlmsg_data(nlh);
	ifm->ifa_family = a->ip.len == HAK_IP4_LEN ? AF_INET : AF_INET6;
	ifm->ifa_prefixlen = a->plen;
	ifm->ifa_scope = RT_SCOPE_UNIVERSE;
	ifm->ifa_index = a->ifindex;
	put_attr(nlh, IFA_LOCAL, a->ip.b, a->ip.len);
	put_attr(nlh, IFA_ADDRESS, a->ip.b, a->ip.len);
	if (!add)
		return;
	put_attr(nlh, IFA_PROTO, &proto, sizeof(proto));
	if (a->ip.len == HAK_IP4_LEN)
		fill_addr4(nlh, a);
	else
		fill_addr6(nlh, ifm, a);
}

/* Read what is queued; the last acknowledgement wins. */
static int read_ack(struct socket *sock, u32 seq)
{
	union {
		struct nlmsghdr nlh;
		u8 bytes[256];
	} buf;
	int ret = -EAGAIN;

	for (;;) {
		struct msghdr msg = {};
		struct kvec iov = { .iov_base = &buf, .iov_len = sizeof(buf) };
		int len = kernel_recvmsg(sock, &msg, &iov, 1, sizeof(buf),
					 MSG_DONTWAIT);

		if (len == -ENOBUFS)
			continue;	/* the error is cleared by reading it */
		if (len < (int)NLMSG_LENGTH(sizeof(struct nlmsgerr)))
			return ret;
		if (buf.nlh.nlmsg_type == NLMSG_ERROR &&
		    buf.nlh.nlmsg_seq == seq)
			ret = ((struct nlmsgerr *)nlmsg_data(&buf.nlh))->error;
	}
}

/* A message with room for its attributes. */
union rtnl_msg {
	struct nlmsghdr nlh;
	u8 bytes[RTNL_MSG_MAX];
};

static int ask(struct hak_net *hn, union rtnl_msg *buf)
{
	/*
	 * The explicit address is needed: with it netlink takes the sender's
	 * capabilities from the message; without it, it would look for them in
	 * the socket's file, and a kernel socket has none.
	 */
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel, .msg_namelen = sizeof(kernel) };
	static atomic_t seq = ATOMIC_INIT(0);
	struct kvec iov;
	int err;

	buf->nlh.nlmsg_seq = atomic_inc_return(&seq);
	iov.iov_base = buf;
	iov.iov_len = buf->nlh.nlmsg_len;
	err = kernel_sendmsg(hn->rtnl_sock, &msg, &iov, 1, iov.iov_len);
	if (err < 0)
		return err;
	return read_ack(hn->rtnl_sock, buf->nlh.nlmsg_seq);
}

int hak_rtnl_addr(struct hak_net *hn, bool add, const struct hak_rtnl_addr *a)
{
	union rtnl_msg buf = {};

	fill_addr(&buf.nlh, add, a);
	return ask(hn, &buf);
}

static void fill_route(struct nlmsghdr *nlh, bool add,
		       const struct hak_rtnl_route *r)
{
	struct rtmsg *rtm;

	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*rtm));
	nlh->nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (add)
		nlh->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	rtm = nlmsg_data(nlh);
	rtm->rtm_family = r->dst.len == HAK_IP4_LEN ? AF_INET : AF_INET6;
	rtm->rtm_dst_len = r->plen;
	rtm->rtm_table = RT_TABLE_UNSPEC;	/* RTA_TABLE has room for it */
	rtm->rtm_protocol = HAK_RTPROT;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	if (r->dst.len == HAK_IP4_LEN && !r->via.len)
		rtm->rtm_scope = RT_SCOPE_LINK;
	put_attr(nlh, RTA_TABLE, &r->table, sizeof(r->table));
	put_attr(nlh, RTA_DST, r->dst.b, r->dst.len);
	if (r->metric)
		put_attr(nlh, RTA_PRIORITY, &r->metric, sizeof(r->metric));
	if (r->via.len)
		put_attr(nlh, RTA_GATEWAY, r->via.b, r->via.len);
	if (r->ifindex)
		put_attr(nlh, RTA_OIF, &r->ifindex, sizeof(r->ifindex));
	if (r->src.len)
		put_attr(nlh, RTA_PREFSRC, r->src.b, r->src.len);
}

int hak_rtnl_route(struct hak_net *hn, bool add, const struct hak_rtnl_route *r)
{
	union rtnl_msg buf = {};

	fill_route(&buf.nlh, add, r);
	return ask(hn, &buf);
}

int hak_rtnl_fdb(struct hak_net *hn, bool add, int ifindex, const u8 *mac)
{
	union rtnl_msg buf = {};
	struct ndmsg *ndm = nlmsg_data(&buf.nlh);

	buf.nlh.nlmsg_len = NLMSG_LENGTH(sizeof(*ndm));
	buf.nlh.nlmsg_type = add ? RTM_NEWNEIGH : RTM_DELNEIGH;
	buf.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (add)
		buf.nlh.nlmsg_flags |= NLM_F_CREATE;
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_ifindex = ifindex;
	ndm->ndm_state = NUD_PERMANENT;
	ndm->ndm_flags = NTF_SELF;
	put_attr(&buf.nlh, NDA_LLADDR, mac, ETH_ALEN);
	return ask(hn, &buf);
}
