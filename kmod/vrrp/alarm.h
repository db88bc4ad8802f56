/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_ALARM_H
#define HAK_VRRP_ALARM_H

#include "router.h"

/**
 * hak_alarm_name() - name of an alarm as people type it
 * @kind: which
 */
const char *hak_alarm_name(enum hak_alarm_kind kind);

/**
 * hak_alarm_raise() - note that something is wrong
 * @r: router, r->lock held
 * @run: gets the alarm when it is to be told: at first, then once a minute
 * @kind: which
 * @saddr: of the sender, or NULL
 * @mac: of the sender or NULL
 * @fmt: what about the sender, e.g. "lacks 192.0.2.102"
 */
__printf(6, 7)
void hak_alarm_raise(struct hak_router *r, struct hak_run *run,
		     enum hak_alarm_kind kind,
		     const struct hak_ip *saddr, const u8 *mac,
		     const char *fmt, ...);

#endif /* HAK_VRRP_ALARM_H */
