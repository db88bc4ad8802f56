/* SPDX-License-Identifier: GPL-2.0-only */
/* Moved here from asm/ by 6.12; Kbuild looks. */
#ifdef HAK_HAVE_LINUX_UNALIGNED
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
