/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and addresses in attributes; for lib/nl*.c only. */
#ifndef HAK_NL_ATTR_H
#define HAK_NL_ATTR_H

#include "value.h"

#include <netlink/attr.h>
#include <netlink/msg.h>

/* nl_attr.c */
/** hak_nl_num() - a number of 32 or 64 bits, 0 when it is not there */
uint64_t hak_nl_num(const struct nlattr *a);
/** hak_nl_addr() - false when it is not there, or no address */
bool hak_nl_addr(const struct nlattr *a, struct hak_addr *addr);
/** hak_nl_end() - the same with a port, which may be missing */
bool hak_nl_end(const struct nlattr *a, const struct nlattr *port, struct hak_addr *addr);
/** hak_nl_put_addr() - nothing when there is none */
void hak_nl_put_addr(struct nl_msg *msg, int attr, const struct hak_addr *a);
/** hak_nl_put_end() - the same with a port, when it has one */
void hak_nl_put_end(struct nl_msg *msg, int attr, int port, const struct hak_addr *a);

#endif /* HAK_NL_ATTR_H */
