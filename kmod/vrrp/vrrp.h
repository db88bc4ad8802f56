/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_VRRP_H
#define HAK_VRRP_VRRP_H

struct hak_net;

/**
 * hak_vrrp_init() - prepare timers
 *
 * Context: process. Return: 0 or an error.
 */
int hak_vrrp_init(void);

/**
 * hak_vrrp_listen() - listen to addresses; the state of namespaces is there
 *
 * Context: process. Return: 0 or an error.
 */
int hak_vrrp_listen(void);

/**
 * hak_vrrp_unlisten() - stop listening to addresses; the namespaces are still there
 *
 * Context: process.
 */
void hak_vrrp_unlisten(void);

/**
 * hak_vrrp_exit() - stop timers; all routers of all namespaces are gone
 *
 * Context: process.
 */
void hak_vrrp_exit(void);

/**
 * hak_vrrp_net_init() - state of a namespace
 * @hn: namespace, zeroed
 *
 * Context: process. Return: 0 or an error.
 */
int hak_vrrp_net_init(struct hak_net *hn);

/**
 * hak_vrrp_remove_all() - let go of everything in a namespace
 * @hn: namespace
 * @why: a constant string, the reason told
 *
 * Context: process, RTNL and cfg_mutex held. Addresses are still to be flushed.
 */
void hak_vrrp_remove_all(struct hak_net *hn, const char *why);

/**
 * hak_vrrp_net_exit() - addresses off, queue and socket closed
 * @hn: namespace
 *
 * Context: process, no lock held.
 */
void hak_vrrp_net_exit(struct hak_net *hn);

#endif /* HAK_VRRP_VRRP_H */
