/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one bridge between VRRP and the balancer: which addresses does this
 * machine hold now? VRRP publishes, everybody else only reads.
 */
#ifndef HAK_ROLE_H
#define HAK_ROLE_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/types.h>

#include "core/ip.h"

struct hak_net;

#define HAK_ROLE_KNOWN		BIT(0)	/* some router has this address */
#define HAK_ROLE_ACTIVE		BIT(1)	/* and is Active: we answer for it */
#define HAK_ROLE_DELIVER	BIT(2)	/* packets to it go to the local host */
#define HAK_ROLE_ANSWER		BIT(3)	/* hak answers ARP and ND for it */

/**
 * struct hak_role - what this machine is for one address
 * @node: in hak_net.roles; role_lock, RCU
 * @ip: the address
 * @flags: HAK_ROLE_*; one word, so that a reader sees a whole role
 */
struct hak_role {
	struct hlist_node node;
	struct hak_ip ip;
	u32 flags;
};

/**
 * hak_role_publish() - make the role of an address known
 * @hn: namespace
 * @role: of one address
 *
 * Context: any but hard irq.
 */
void hak_role_publish(struct hak_net *hn, struct hak_role *role);

/**
 * hak_role_unpublish() - forget the role of an address
 * @hn: namespace
 * @role: freed by the caller after a grace period
 *
 * Context: any but hard irq.
 */
void hak_role_unpublish(struct hak_net *hn, struct hak_role *role);

/**
 * hak_role_set() - change a role
 * @role: of one address
 * @flags: HAK_ROLE_ACTIVE, HAK_ROLE_DELIVER, HAK_ROLE_ANSWER or 0
 *
 * Context: any.
 */
void hak_role_set(struct hak_role *role, u32 flags);

/**
 * hak_role_hash() - where the role of an address is
 * @ip: address
 *
 * Return: an index into hak_net.roles.
 */
u32 hak_role_hash(const struct hak_ip *ip);

/**
 * hak_role_lookup() - the role of an address
 * @hn: namespace
 * @ip: address
 *
 * An address that moves from one router to another may be published twice for
 * a moment; the flags of both are united.
 *
 * Context: RCU read side.
 * Return: HAK_ROLE_* flags, 0 for an address that is not ours.
 */
u32 hak_role_lookup(const struct hak_net *hn, const struct hak_ip *ip);

/**
 * hak_role_lookup4() - the role of an IPv4 address
 * @hn: namespace
 * @addr: network order
 *
 * Context: RCU read side.
 * Return: as hak_role_lookup().
 */
u32 hak_role_lookup4(const struct hak_net *hn, __be32 addr);

#endif /* HAK_ROLE_H */
