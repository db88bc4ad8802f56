/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold for every step of the VRRP machine, and its actions in words.
 * Shared by the unit tests, the traces, the simulation and the fuzzers.
 */
#ifndef HAK_UNIT_FSM_MODEL_H
#define HAK_UNIT_FSM_MODEL_H

#include "vrrp_fsm.h"

#define FSM_TEXT_SIZE	1024

/* One action a line, as in selftests/traces. */
void fsm_text(const struct hak_fsm_out *out, char *buf, size_t size);

const char *fsm_state_name(enum hak_state state);

/* NULL, or the promise that the step from @was to @is broke. */
const char *fsm_check(const struct hak_fsm_cfg *cfg, const struct hak_fsm_state *was,
		      const struct hak_fsm_event *ev, const struct hak_fsm_state *is,
		      const struct hak_fsm_out *out);

/* hak_fsm_step() followed by fsm_check(). */
const char *fsm_step_checked(const struct hak_fsm_cfg *cfg, struct hak_fsm_state *st,
			     const struct hak_fsm_event *ev, struct hak_fsm_out *out);

#endif /* HAK_UNIT_FSM_MODEL_H */
