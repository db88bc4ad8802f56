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

const char *hak_text_ip(const struct hak_ip *ip, char *buf)
{
	if (ip->len == HAK_IP4_LEN)
		snprintf(buf, HAK_IP_TEXT, "%pI4", ip->b);
	else
		snprintf(buf, HAK_IP_TEXT, "%pI6c", ip->b);
	return buf;
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
	char ip[HAK_IP_TEXT], t[16];

	if (heard) {
		duration(now - r->active.at, t, sizeof(t));
		snprintf(buf, HAK_TEXT_SIZE, "no advert from %s for %s",
			 hak_text_ip(&r->active.ip, ip), t);
	} else {
		duration(hak_fsm_down_time(&r->fcfg, r->fcfg.interval), t,
			 sizeof(t));
		snprintf(buf, HAK_TEXT_SIZE, "no Active router heard for %s", t);
	}
}

void hak_text_reason(const struct hak_router *r, enum hak_fsm_why why,
		     const char *stopped, u64 now, char *buf)
{
	char ip[HAK_IP_TEXT];

	switch (why) {
	case HAK_WHY_NO_ADVERT:
	case HAK_WHY_NOBODY:
		silence(r, why == HAK_WHY_NO_ADVERT && r->active.known, now, buf);
		break;
	case HAK_WHY_RELEASED:
		snprintf(buf, HAK_TEXT_SIZE, "%s let go (priority 0)",
			 hak_text_ip(&r->active.ip, ip));
		break;
	case HAK_WHY_PREEMPTED:
		snprintf(buf, HAK_TEXT_SIZE,
			 "preempted %s (its priority %u < ours %u)",
			 hak_text_ip(&r->lower.ip, ip), r->lower.priority, r->fcfg.priority);
		break;
	case HAK_WHY_HIGHER_PRIORITY:
		snprintf(buf, HAK_TEXT_SIZE, "%s has priority %u, ours is %u",
			 hak_text_ip(&r->last, ip), r->last_priority, r->fcfg.priority);
		break;
	case HAK_WHY_HIGHER_ADDRESS:
		snprintf(buf, HAK_TEXT_SIZE,
			 "%s has the same priority %u and the higher address",
			 hak_text_ip(&r->last, ip), r->last_priority);
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
