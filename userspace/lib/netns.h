/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_NETNS_H
#define HAK_NETNS_H

/** hak_netns_enter() - go into a namespace that `ip netns` knows; 0 or -errno */
int hak_netns_enter(const char *name);
/** hak_netns_inode() - what names the own namespace, 0 on failure */
unsigned long hak_netns_inode(void);

#endif /* HAK_NETNS_H */
