/* SPDX-License-Identifier: GPL-2.0-only */
/* The balancer of the module: what begins and ends it. */
#ifndef HAK_LB_LB_H
#define HAK_LB_LB_H

struct hak_net;

/**
 * hak_lb_init() - caches and keys that all namespaces share
 *
 * Context: process. Return: 0 or an error.
 */
int hak_lb_init(void);

/**
 * hak_lb_exit() - give back what hak_lb_init() took
 *
 * Waits for what was freed after a grace period. Context: process.
 */
void hak_lb_exit(void);

/**
 * hak_lb_remove_all() - remove services, pools and connections of a namespace
 * @hn: namespace, dying
 *
 * Context: process, RTNL and cfg_mutex held; waits for a grace period.
 */
void hak_lb_remove_all(struct hak_net *hn);

/**
 * hak_lb_net_init() - a namespace comes
 * @hn: namespace
 *
 * Context: process, without RTNL. Return: 0 or an error.
 */
int hak_lb_net_init(struct hak_net *hn);

/**
 * hak_lb_net_exit() - the namespace goes
 * @hn: namespace, after hak_lb_remove_all()
 *
 * Context: process, without RTNL.
 */
void hak_lb_net_exit(struct hak_net *hn);

#endif /* HAK_LB_LB_H */
