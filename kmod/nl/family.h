/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_NL_FAMILY_H
#define HAK_NL_FAMILY_H

#include <linux/types.h>

struct net;
struct sk_buff;

/**
 * hak_nl_may_change() - may a request change hak?
 * @skb: request
 * @net: namespace it is about
 *
 * Return: true with CAP_NET_ADMIN where it counts.
 */
bool hak_nl_may_change(struct sk_buff *skb, const struct net *net);

/* Last in at load, first out at unload. */
int hak_nl_init(void);
void hak_nl_exit(void);

#endif /* HAK_NL_FAMILY_H */
