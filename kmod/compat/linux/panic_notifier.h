/* SPDX-License-Identifier: GPL-2.0-only */
/* Since 5.14; before, the list is declared in linux/kernel.h. */
#if __has_include_next(<linux/panic_notifier.h>)
#include_next <linux/panic_notifier.h>
#else
#include <linux/kernel.h>
#endif
