/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of rtnetlink inside the kernel: the only way to add an address that
 * needs no unexported symbol and that every listener of rtnetlink sees.
 */
#ifndef HAK_RTNL_H
#define HAK_RTNL_H

#include <linux/types.h>

#include "core/ip.h"

struct hak_net;

/* Marks our addresses where the kernel knows IFA_PROTO (`ip addr show proto 112`). */
#define HAK_IFA_PROTO	112

/**
 * struct hak_rtnl_addr - an address on a device
 * @ip: address
 * @plen: prefix length
 * @ifindex: device
 * @label: or empty; IPv4 only
 */
struct hak_rtnl_addr {
	struct hak_ip ip;
	u8 plen;
	int ifindex;
	const char *label;
};

/* Marks our routes (`ip route show proto 112`). */
#define HAK_RTPROT	112

/**
 * struct hak_rtnl_route - a route to one next hop
 * @dst: destination
 * @via: gateway of the same family, or none
 * @src: preferred source of the same family, or none
 * @plen: prefix length of @dst
 * @table: number
 * @metric: 0 is the default of the family
 * @ifindex: device, or 0: the one that leads to @via
 */
struct hak_rtnl_route {
	struct hak_ip dst;
	struct hak_ip via;
	struct hak_ip src;
	u8 plen;
	u32 table;
	u32 metric;
	int ifindex;
};

/**
 * hak_rtnl_open() - make the client socket of a namespace
 * @hn: namespace; its reference count is not touched
 *
 * Context: process.
 * Return: 0 or an error.
 */
int hak_rtnl_open(struct hak_net *hn);

/**
 * hak_rtnl_close() - close the client socket of a namespace
 * @hn: namespace
 *
 * Context: process; nobody uses it any more.
 */
void hak_rtnl_close(struct hak_net *hn);

/**
 * hak_rtnl_addr() - add or remove an address
 * @hn: namespace with an open client
 * @add: add or remove
 * @a: the address
 *
 * Context: process, on the namespace's ordered workqueue only: takes RTNL, and
 * address notifiers (ours too) run in this thread.
 * Return: what rtnetlink answered: 0, -EEXIST, -EADDRNOTAVAIL, -ENODEV, …
 */
int hak_rtnl_addr(struct hak_net *hn, bool add, const struct hak_rtnl_addr *a);

/**
 * hak_rtnl_route() - add or remove a route
 * @hn: namespace with an open client
 * @add: add or remove; one that somebody else has is neither replaced nor removed
 * @r: the route
 *
 * Context: as hak_rtnl_addr().
 * Return: what rtnetlink answered: 0, -EEXIST, -ESRCH, -ENETUNREACH, -ENETDOWN, …
 */
int hak_rtnl_route(struct hak_net *hn, bool add, const struct hak_rtnl_route *r);

/**
 * hak_rtnl_fdb() - add or remove a permanent local entry of a bridge
 * @hn: namespace with an open client
 * @add: add or remove
 * @ifindex: bridge
 * @mac: entry
 *
 * Context: as hak_rtnl_addr().
 * Return: what rtnetlink answered.
 */
int hak_rtnl_fdb(struct hak_net *hn, bool add, int ifindex, const u8 *mac);

#endif /* HAK_RTNL_H */
