/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VRRP_TEXT_H
#define HAK_VRRP_TEXT_H

#include "router.h"

/**
 * hak_state_name() - name of a state, RFC 9568
 * @state: which
 */
const char *hak_state_name(enum hak_state state);

/**
 * hak_text_reason() - why a router changed its state, as a sentence
 * @r: router, after the change; r->lock held
 * @why: what the machine says
 * @stopped: for HAK_WHY_SHUTDOWN: the reason
 * @now: ktime ns of the event
 * @buf: HAK_TEXT_SIZE bytes
 */
void hak_text_reason(const struct hak_router *r, enum hak_fsm_why why,
		     const char *stopped, u64 now, char *buf);

#endif /* HAK_VRRP_TEXT_H */
