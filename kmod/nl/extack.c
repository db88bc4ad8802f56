// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences of refusals that carry names and numbers.
 *
 * struct netlink_ext_ack only holds a pointer, and the text is read after the
 * handler has returned: by netlink_ack() or netlink_dump() of the same task,
 * next thing. There is no hook to free it, so the texts live in a ring as old
 * as the module. A slot is written again only after HAK_NL_TEXTS further
 * refusals; all of them would have to happen between the return of one handler
 * and its answer. Only changes use the ring (what the unprivileged may ask is
 * refused with literals) and the family runs one handler at a time. Should it
 * happen all the same, the answer holds the sentence of another refusal:
 * the last byte of a slot is never anything but NUL.
 */
#include "extack.h"

#include <linux/atomic.h>
#include <linux/kernel.h>

#define HAK_NL_TEXTS		64	/* a power of two: the index wraps */
#define HAK_NL_TEXT_SIZE	256

static char texts[HAK_NL_TEXTS][HAK_NL_TEXT_SIZE];
static atomic_t next_text = ATOMIC_INIT(0);

static __printf(1, 0) const char *format(const char *fmt, va_list args)
{
	char *text = texts[(u32)atomic_inc_return(&next_text) % HAK_NL_TEXTS];

	/* One byte less: the last one stays what it was at load, NUL. */
	vsnprintf(text, HAK_NL_TEXT_SIZE - 1, fmt, args);
	return text;
}

const char *hak_nl_text(const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = format(fmt, args);
	va_end(args);
	return text;
}

int hak_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		  int err, const char *fmt, ...)
{
	va_list args;

	if (!extack)
		return err;
	va_start(args, fmt);
	extack->_msg = format(fmt, args);
	va_end(args);
	NL_SET_BAD_ATTR(extack, attr);
	return err;
}

int hak_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		   u16 type, const char *text)
{
	if (extack) {
		extack->_msg = text;
		NL_SET_ERR_ATTR_MISS(extack, nest, type);
	}
	return -EINVAL;
}
