/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overlay of <net/genetlink.h>: 6.2 gave pre_doit and post_doit a pointer to
 * struct genl_split_ops instead of struct genl_ops.
 */
#ifndef HAK_COMPAT_NET_GENETLINK_H
#define HAK_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/*
 * No macro tells the two apart, and the type of the member does: a pre_doit is
 * written for genl_split_ops, must not look at it, is announced with
 * GENL_COMPAT_PRE_DOIT(fn) and installed as genl_compat_pre_doit(fn).
 */
struct genl_split_ops;

#define GENL_COMPAT_PRE_DOIT(fn)					\
static int __maybe_unused fn##_plain(const struct genl_ops *ops,	\
				     struct sk_buff *skb,		\
				     struct genl_info *info)		\
{									\
	return fn(NULL, skb, info);					\
}

#define genl_compat_pre_doit(fn)					\
	_Generic(((struct genl_family *)NULL)->pre_doit,		\
		 int (*)(const struct genl_ops *, struct sk_buff *,	\
			 struct genl_info *): fn##_plain,		\
		 default: fn)

#endif /* HAK_COMPAT_NET_GENETLINK_H */
