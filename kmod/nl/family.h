/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_NL_FAMILY_H
#define HAK_NL_FAMILY_H

/* Last in at load, first out at unload. */
int hak_nl_init(void);
void hak_nl_exit(void);

#endif /* HAK_NL_FAMILY_H */
