/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_COMPAT_LINUX_SMP_H
#define HAK_COMPAT_LINUX_SMP_H

#include_next <linux/smp.h>

/* Since 5.11. */
#ifndef INIT_CSD
#define INIT_CSD(_csd, _func, _info)					\
	do {								\
		(_csd)->func = (_func);					\
		(_csd)->info = (_info);					\
	} while (0)
#endif

#endif /* HAK_COMPAT_LINUX_SMP_H */
