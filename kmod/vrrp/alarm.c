// SPDX-License-Identifier: GPL-2.0-only
#include "alarm.h"

#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#define TELL_AGAIN	(60 * NSEC_PER_SEC)
/* An alarm is over when nothing was seen for this long at least. */
#define OVER_AFTER	(3 * NSEC_PER_SEC)

static bool over(const struct hak_router *r, const struct hak_alarm *a, u64 now)
{
	u64 limit = 2 * hak_fsm_down_time(&r->fcfg, r->fcfg.interval);

	return !a->rec.count || now - a->at > max_t(u64, limit, OVER_AFTER);
}

void hak_alarm_raise(struct hak_router *r, struct hak_run *run,
		     enum hak_alarm_kind kind,
		     const struct hak_ip *saddr, const u8 *mac,
		     const char *fmt, ...)
{
	u64 now = ktime_get_ns();
	struct hak_alarm *a;
	va_list args;

	lockdep_assert_held(&r->lock);
	if (!r->alarms[kind])
		r->alarms[kind] = kzalloc(sizeof(*a), GFP_ATOMIC | __GFP_NOWARN);
	a = r->alarms[kind];
	if (!a)
		return;		/* what is wrong will be seen again */
	if (over(r, a, now)) {
		memset(a, 0, sizeof(*a));
		a->rec.kind = kind;
		a->rec.first = ktime_get_real_ns();
	}
	a->at = now;
	a->rec.last = ktime_get_real_ns();
	if (a->rec.count++ && now - a->told_at < TELL_AGAIN)
		return;
	a->told_at = now;
	if (saddr)
		a->rec.ip = *saddr;
	if (mac)
		ether_addr_copy(a->rec.mac, mac);
	va_start(args, fmt);
	vsnprintf(a->rec.text, sizeof(a->rec.text), fmt, args);
	va_end(args);
	run->alarm = a->rec;
}

bool hak_router_alarm(struct hak_router *r, enum hak_alarm_kind kind,
		      struct hak_alarm_rec *rec)
{
	bool on;

	spin_lock_bh(&r->lock);
	on = r->alarms[kind] && !over(r, r->alarms[kind], ktime_get_ns());
	if (on)
		*rec = r->alarms[kind]->rec;
	spin_unlock_bh(&r->lock);
	return on;
}

const char *hak_alarm_name(enum hak_alarm_kind kind)
{
	static const char *const names[__HAK_ALARM_MAX] = {
		[HAK_ALARM_DUAL_ACTIVE] = "dual-active",
		[HAK_ALARM_IP_CONFLICT] = "ip-conflict",
		[HAK_ALARM_DUPLICATE_PRIMARY] = "duplicate-primary",
		[HAK_ALARM_PEER_INCOMPATIBLE] = "peer-incompatible",
		[HAK_ALARM_ADDRESS_MISMATCH] = "address-mismatch",
		[HAK_ALARM_TX_BLOCKED] = "tx-blocked",
		[HAK_ALARM_REPORTER_LOST] = "reporter-lost",
	};

	return names[kind];
}
