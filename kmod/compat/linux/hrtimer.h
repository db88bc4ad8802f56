/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_COMPAT_LINUX_HRTIMER_H
#define HAK_COMPAT_LINUX_HRTIMER_H

#include_next <linux/hrtimer.h>

/* The header has it since 6.13; Kbuild looks. */
#ifndef HAK_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

#endif /* HAK_COMPAT_LINUX_HRTIMER_H */
