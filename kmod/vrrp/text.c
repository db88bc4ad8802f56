// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <linux/kernel.h>
#include <linux/math64.h>

const char *hak_state_name(enum hak_state state)
{
	switch (state) {
	case HAK_STATE_BACKUP:
		return "Backup";
	case HAK_STATE_ACTIVE:
		return "Active";
	default:
		return "Initialize";
	}
}

/* "3.61s", "36.1ms" */
static void duration(u64 ns, char *buf, size_t size)
{
	u32 us = (u32)min_t(u64, div_u64(ns, NSEC_PER_USEC), U32_MAX);

	if (us < USEC_PER_SEC)
		snprintf(buf, size, "%u.%ums", us / 1000, us / 100 % 10);
	else
		snprintf(buf, size, "%u.%02us", us / 1000000, us / 10000 % 100);
}

static void silence(const struct hak_router *r, bool heard, u64 now, char *buf)
{
	__be32 addr = htonl(r->active.addr);
	char t[16];

	if (heard) {
		duration(now - r->active.at, t, sizeof(t));
		snprintf(buf, HAK_TEXT_SIZE, "no advert from %pI4 for %s",
			 &addr, t);
	} else {
		duration(hak_fsm_down_time(&r->fcfg, r->fcfg.interval), t,
			 sizeof(t));
		snprintf(buf, HAK_TEXT_SIZE, "no Active router heard for %s", t);
	}
}

void hak_text_reason(const struct hak_router *r, enum hak_fsm_why why,
		     const char *stopped, u64 now, char *buf)
{
	__be32 addr = htonl(r->active.addr), lower = htonl(r->lower.addr);
	__be32 last = htonl(r->last);

	switch (why) {
	case HAK_WHY_NO_ADVERT:
	case HAK_WHY_NOBODY:
		silence(r, why == HAK_WHY_NO_ADVERT && r->active.known, now, buf);
		break;
	case HAK_WHY_RELEASED:
		snprintf(buf, HAK_TEXT_SIZE, "%pI4 let go (priority 0)", &addr);
		break;
	case HAK_WHY_PREEMPTED:
		snprintf(buf, HAK_TEXT_SIZE,
			 "preempted %pI4 (its priority %u < ours %u)", &lower,
			 r->lower.priority, r->fcfg.priority);
		break;
	case HAK_WHY_HIGHER_PRIORITY:
		snprintf(buf, HAK_TEXT_SIZE, "%pI4 has priority %u, ours is %u",
			 &last, r->last_priority, r->fcfg.priority);
		break;
	case HAK_WHY_HIGHER_ADDRESS:
		snprintf(buf, HAK_TEXT_SIZE,
			 "%pI4 has the same priority %u and the higher address",
			 &last, r->last_priority);
		break;
	case HAK_WHY_STARTUP:
		strscpy(buf, r->fcfg.priority == HAK_FSM_OWNER ?
			"started as the owner of the addresses" : "started",
			HAK_TEXT_SIZE);
		break;
	case HAK_WHY_RESIGNED:
		strscpy(buf, "resigned by the operator", HAK_TEXT_SIZE);
		break;
	default:	/* SHUTDOWN, GROUP */
		strscpy(buf, stopped && *stopped ? stopped : "stopped",
			HAK_TEXT_SIZE);
	}
}
