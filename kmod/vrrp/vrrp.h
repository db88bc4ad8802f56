/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_VRRP_H
#define HAK_VRRP_VRRP_H

struct hak_net;

/* Timers' CPUs and thread. Process context. */
int hak_vrrp_init(void);
/* Listen to addresses; the namespaces' state is there. */
int hak_vrrp_listen(void);
/* Stop listening to addresses; the namespaces are still there. */
void hak_vrrp_unlisten(void);
/* All routers of all namespaces are gone. */
void hak_vrrp_exit(void);

/* State of a namespace. */
int hak_vrrp_net_init(struct hak_net *hn);

/**
 * hak_vrrp_remove_all() - let go of everything in a namespace
 * @hn: namespace
 * @why: a constant string, the reason told
 *
 * Context: process, RTNL and cfg_mutex held. Addresses are still to be flushed.
 */
void hak_vrrp_remove_all(struct hak_net *hn, const char *why);

/* Addresses off, queue and sockets closed. Process context, no lock held. */
void hak_vrrp_net_exit(struct hak_net *hn);

#endif /* HAK_VRRP_VRRP_H */
