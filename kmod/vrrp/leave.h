/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine goes: let go of everything while the network still works. */
#ifndef HAK_VRRP_LEAVE_H
#define HAK_VRRP_LEAVE_H

/**
 * hak_leave_reason() - why no router of this machine shall run
 *
 * Context: any.
 * Return: a sentence, or NULL.
 */
const char *hak_leave_reason(void);

/**
 * hak_leave_init() - be told of reboot, suspend and panic
 *
 * Context: process; the state of namespaces is there.
 * Return: 0 or an error.
 */
int hak_leave_init(void);

/**
 * hak_leave_exit() - no longer
 *
 * Context: process; the namespaces are still there.
 */
void hak_leave_exit(void);

#endif /* HAK_VRRP_LEAVE_H */
