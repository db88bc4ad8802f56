/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Overlay of <linux/netlink.h>: formatted extended ACK text for kernels whose
 * struct netlink_ext_ack has no buffer of its own (before 6.2).
 */
#ifndef HAK_COMPAT_LINUX_NETLINK_H
#define HAK_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NL_SET_ERR_MSG_FMT
/* In kmod/nl/extack.c, which says why the text lives long enough. */
const char *hak_nl_text(const char *fmt, ...) __printf(1, 2);

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {		\
	struct netlink_ext_ack *__extack = (extack);		\
								\
	if (__extack)						\
		__extack->_msg = hak_nl_text(fmt, ##args);	\
} while (0)
#endif

#ifndef NL_SET_ERR_MSG_ATTR_FMT
#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, msg, args...) do {	\
	NL_SET_ERR_MSG_FMT(extack, msg, ##args);			\
	NL_SET_BAD_ATTR(extack, attr);					\
} while (0)
#endif

#ifndef NL_SET_ERR_ATTR_MISS
#define NL_SET_ERR_ATTR_MISS(extack, nest, type) do {	\
	(void)(extack);					\
	(void)(nest);					\
} while (0)
#endif

#endif /* HAK_COMPAT_LINUX_NETLINK_H */
