/* SPDX-License-Identifier: GPL-2.0-only */
/* The module hak: loading it, and asking whether it is there. */
#ifndef HAK_KMOD_H
#define HAK_KMOD_H

#include "util.h"

/** hak_kmod_loaded() - is it in the kernel? */
bool hak_kmod_loaded(void);
/**
 * hak_kmod_load() - load it: from the file that HAK_MODULE names, by libkmod,
 * or by running modprobe
 *
 * Returns 0, or -1 with a sentence in @why.
 */
int hak_kmod_load(char *why, size_t size);
int hak_kmod_unload(char *why, size_t size);

#endif /* HAK_KMOD_H */
