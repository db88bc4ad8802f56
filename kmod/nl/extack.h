/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_NL_EXTACK_H
#define HAK_NL_EXTACK_H

#include <linux/netlink.h>

/**
 * hak_nl_text() - a formatted sentence that outlives the request
 * @fmt: as printk
 *
 * Context: process; does not sleep.
 * Return: never NULL; valid as long as extack.c says.
 */
const char *hak_nl_text(const char *fmt, ...) __printf(1, 2);

/**
 * hak_nl_refuse() - refuse a request with a sentence
 * @extack: may be NULL
 * @attr: the attribute at fault, or NULL
 * @err: negative errno
 * @fmt: the sentence, without a full stop
 *
 * Unlike NL_SET_ERR_MSG_ATTR_FMT() a sentence may be longer than 79 bytes on
 * every kernel.
 *
 * Return: @err.
 */
int hak_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		  int err, const char *fmt, ...) __printf(4, 5);

/**
 * hak_nl_missing() - refuse a request that lacks an attribute
 * @extack: may be NULL
 * @nest: where it is missing, NULL for the top level
 * @type: of the attribute
 * @text: literal sentence
 *
 * Return: -EINVAL.
 */
int hak_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		   u16 type, const char *text);

#endif /* HAK_NL_EXTACK_H */
