/* SPDX-License-Identifier: GPL-2.0-only */
/* Since 5.14; before, the list is declared in linux/kernel.h. Kbuild looks. */
#ifdef HAK_HAVE_LINUX_PANIC_NOTIFIER
#include_next <linux/panic_notifier.h>
#else
#include <linux/kernel.h>
#endif
