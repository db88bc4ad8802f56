// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any events in any order, with times that jump, against every promise of
 * fsm_model.c. Values are not limited to those a configuration allows.
 */
#include "fuzz.h"
#include "fsm_model.h"

static u64 take_time(struct bytes *in, u64 now, const struct hak_fsm_state *st)
{
	switch (take8(in) % 6) {
	case 0:
		return now;
	case 1:
		return now + take8(in) * HAK_NSEC_PER_MSEC;
	case 2:
		return st->deadline;
	case 3:
		return st->deadline - 1;
	case 4:
		return st->deadline + take32(in);
	default:
		return take64(in);
	}
}

static u64 take_interval(struct bytes *in)
{
	u8 b = take8(in);

	if (b == 255)
		return take64(in);
	if (b == 254)
		return 1;
	return (b + 1) * HAK_NSEC_PER_CSEC;
}

static void take_config(struct bytes *in, struct hak_fsm_cfg *cfg)
{
	u8 modes;

	cfg->priority = (u8)(take8(in) | !in->left);
	if (!cfg->priority)
		cfg->priority = HAK_FSM_OWNER;
	cfg->interval = take_interval(in);
	modes = take8(in);
	cfg->preempt = modes & 1;
	cfg->version = modes & 2 ? 2 : 3;
	cfg->grouped = modes & 4;
	cfg->preempt_delay = modes & 8 ? take_interval(in) : 0;
	cfg->down_adverts = take8(in);
}

static struct hak_fsm_event take_event(struct bytes *in, u64 now, const struct hak_fsm_state *st)
{
	struct hak_fsm_event ev = { .type = take8(in) % (HAK_EV_GROUP_OFF + 1) };

	ev.now = take_time(in, now, st);
	if (ev.type == HAK_EV_ADVERT) {
		ev.priority = take8(in);
		ev.src_cmp = (int)(take8(in) % 3) - 1;
		ev.interval = take_interval(in);
	}
	if (ev.type == HAK_EV_RESIGN)
		ev.until = take8(in) & 1 ? HAK_FSM_NEVER : ev.now + take_interval(in);
	if (ev.type == HAK_EV_TIMER)
		ev.epoch = st->epoch - (take8(in) % 4 == 3);
	return ev;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	struct hak_fsm_cfg cfg;
	struct hak_fsm_state st;
	struct hak_fsm_event ev = { 0 };
	struct hak_fsm_out out;
	const char *bad;

	hak_fsm_init(&st);
	take_config(&in, &cfg);
	while (in.left) {
		ev = take_event(&in, ev.now, &st);
		if (ev.type == HAK_EV_CONFIG)
			take_config(&in, &cfg);
		bad = fsm_step_checked(&cfg, &st, &ev, &out);
		if (bad)
			fprintf(stderr, "in %s: %s\n", fsm_state_name(st.state), bad);
		MUST(!bad);
	}
	return 0;
}
