// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences of refusals that carry names and numbers.
 *
 * struct netlink_ext_ack only holds a pointer, and the text is read after the
 * handler has returned: by netlink_ack() or netlink_dump() of the same task,
 * next thing. There is no hook to free it, so the texts live in slots as old as
 * the module. A task that is refused again writes over its own text, which
 * nobody reads any more; another one takes the slot that was written longest
 * ago. A text is thus safe until HAK_NL_TEXTS other tasks were refused between
 * the return of one handler and its answer. Only changes use the slots (what
 * the unprivileged may ask is refused with literals). Should it happen all the
 * same, the answer holds the sentence of another refusal: the last byte of a
 * slot is never anything but NUL.
 */
#include "extack.h"

#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define HAK_NL_TEXTS		64
#define HAK_NL_TEXT_SIZE	256

/**
 * struct text - the sentence of one refusal
 * @owner: task that was refused; only compared, never followed
 * @used: value of the clock when it was written
 * @bytes: the sentence
 */
struct text {
	const struct task_struct *owner;
	unsigned long used;
	char bytes[HAK_NL_TEXT_SIZE];
};

static struct text texts[HAK_NL_TEXTS];
static unsigned long text_clock;
static DEFINE_SPINLOCK(text_lock);

/* A slot of the current task, written longest ago if it has none. */
static char *slot(void)
{
	struct text *t, *oldest = texts;

	spin_lock(&text_lock);
	text_clock++;
	for (t = texts; t < texts + HAK_NL_TEXTS; t++) {
		if (t->owner == current)
			break;
		if (text_clock - t->used > text_clock - oldest->used)
			oldest = t;
	}
	if (t == texts + HAK_NL_TEXTS)
		t = oldest;
	t->owner = current;
	t->used = text_clock;
	spin_unlock(&text_lock);
	return t->bytes;
}

static __printf(1, 0) const char *format(const char *fmt, va_list args)
{
	char *text = slot();

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
