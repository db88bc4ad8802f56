// SPDX-License-Identifier: GPL-2.0-only
#include "track.h"

#include <linux/math64.h>
#include <linux/net.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "../nl/notify.h"
#include "../pernet.h"
#include "group.h"
#include "router.h"

/* Every router that uses @t looks at its tracks again. */
static void refresh_users(struct hak_track *t)
{
	struct hak_router *r;
	u32 i;

	rcu_read_lock();
	list_for_each_entry_rcu(r, &t->hn->routers, list) {
		const struct hak_uses *uses = rcu_dereference(r->uses);
		bool looks = hak_group_has_track(r, t);

		for (i = 0; uses && i < uses->n && !looks; i++)
			looks = uses->t[i] == t;
		if (looks)
			hak_router_refresh(r);
	}
	rcu_read_unlock();
}

static void tell_lost(struct hak_track *t)
{
	struct hak_alarm_rec rec = { .kind = HAK_ALARM_REPORTER_LOST, .count = 1 };
	u32 ms;

	rec.first = rec.last = ktime_get_real_ns();
	spin_lock_bh(&t->lock);
	ms = (u32)div_u64(t->cfg.lease, NSEC_PER_MSEC);
	spin_unlock_bh(&t->lock);
	snprintf(rec.text, sizeof(rec.text), "no report on track for %u.%us",
		 ms / 1000, ms / 100 % 10);
	hak_notify_report(t->hn, t);
	hak_notify_alarm(t->hn, NULL, t, &rec);
	net_warn_ratelimited("track %s: %s\n", t->cfg.name, rec.text);
}

static enum hrtimer_restart hak_track_lease_fn(struct hrtimer *timer)
{
	struct hak_track *t = container_of(timer, struct hak_track, lease);
	u64 now = ktime_get_boottime_ns();
	bool lost;
	u64 due;

	spin_lock_bh(&t->lock);
	due = t->reported_at + t->cfg.lease;
	/* A report that came after this expiry has set the timer anew. */
	lost = !t->dead && t->cfg.lease && !t->expired && now >= due;
	if (lost) {
		t->expired = true;
		WRITE_ONCE(t->state, HAK_TRACK_DOWN);
	}
	spin_unlock_bh(&t->lock);
	if (lost) {
		refresh_users(t);
		tell_lost(t);
	}
	return HRTIMER_NORESTART;
}

struct hak_track *hak_track_new(struct hak_net *hn,
				const struct hak_track_cfg *cfg)
{
	struct hak_track *t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);

	if (!t)
		return NULL;
	kref_init(&t->ref);
	spin_lock_init(&t->lock);
	t->hn = hn;
	t->cfg = *cfg;
	t->state = cfg->initial;
	hrtimer_setup(&t->lease, hak_track_lease_fn, CLOCK_BOOTTIME,
		      HRTIMER_MODE_ABS_SOFT);
	return t;
}

static void release(struct kref *ref)
{
	struct hak_track *t = container_of(ref, struct hak_track, ref);

	kfree_rcu(t, rcu);
}

void hak_track_put(struct hak_track *t)
{
	kref_put(&t->ref, release);
}

static void arm_lease_locked(struct hak_track *t)
{
	lockdep_assert_held(&t->lock);
	if (t->cfg.lease && !t->dead)
		hrtimer_start(&t->lease,
			      ns_to_ktime(t->reported_at + t->cfg.lease),
			      HRTIMER_MODE_ABS_SOFT);
}

void hak_track_watched(struct hak_track *t, bool up, const char *reason)
{
	enum hak_track_state state = up ? HAK_TRACK_UP : HAK_TRACK_DOWN;
	bool moved, news;

	spin_lock_bh(&t->lock);
	moved = t->state != state;
	news = moved || strcmp(t->reason, reason);
	WRITE_ONCE(t->state, state);
	strscpy(t->reason, reason, sizeof(t->reason));
	spin_unlock_bh(&t->lock);
	if (moved)
		refresh_users(t);
	if (news)
		hak_notify_report(t->hn, t);
}

void hak_track_configure(struct hak_track *t, const struct hak_track_cfg *cfg)
{
	hrtimer_cancel(&t->lease);
	spin_lock_bh(&t->lock);
	if (t->cfg.kind != cfg->kind) {
		t->reported_at = 0;
		t->expired = false;
		t->reason[0] = '\0';
	}
	t->cfg = *cfg;
	if (cfg->kind != HAK_TRACK_REPORT) {
		spin_unlock_bh(&t->lock);
		return;
	}
	if (!t->reported_at) {
		WRITE_ONCE(t->state, cfg->initial);
		spin_unlock_bh(&t->lock);
	} else {
		arm_lease_locked(t);
		spin_unlock_bh(&t->lock);
	}
	refresh_users(t);
}

void hak_track_stop(struct hak_track *t)
{
	spin_lock_bh(&t->lock);
	t->dead = true;
	spin_unlock_bh(&t->lock);
	hrtimer_cancel(&t->lease);
}

struct hak_track_word hak_track_read(struct hak_track *t)
{
	struct hak_track_word w;

	spin_lock_bh(&t->lock);
	w.state = t->state;
	w.value = t->value;
	spin_unlock_bh(&t->lock);
	return w;
}

s32 hak_track_apply(const struct hak_use_cfg *use, struct hak_track_word w,
		    bool *fault)
{
	if (w.state == HAK_TRACK_VALUE)
		return w.value;
	if (!use->weighted) {
		*fault |= w.state == HAK_TRACK_DOWN;
		return 0;
	}
	if (use->weight < 0)
		return w.state == HAK_TRACK_DOWN ? use->weight : 0;
	return w.state == HAK_TRACK_UP ? use->weight : 0;
}

struct hak_track *hak_track_find(struct hak_net *hn, const char *name)
{
	struct hak_track *t;

	list_for_each_entry_rcu(t, &hn->tracks, list,
				lockdep_is_held(&hn->cfg_mutex) ||
				lockdep_rtnl_is_held())
		if (!strcmp(t->cfg.name, name))
			return t;
	return NULL;
}

const struct hak_track_cfg *hak_track_cfg(const struct hak_track *t)
{
	return &t->cfg;
}

int hak_track_report(struct hak_net *hn, const char *name,
		     enum hak_track_state state, s32 value, const char *reason)
{
	struct hak_track *t = hak_track_find(hn, name);
	bool changed;

	if (!t)
		return -ENOENT;
	if (t->cfg.kind != HAK_TRACK_REPORT)
		return -EOPNOTSUPP;
	spin_lock_bh(&t->lock);
	changed = t->state != state || t->expired || !t->reported_at ||
		  (state == HAK_TRACK_VALUE && t->value != value) ||
		  (reason && strcmp(t->reason, reason));
	WRITE_ONCE(t->state, state);
	WRITE_ONCE(t->value, value);
	t->expired = false;
	t->reported_at = ktime_get_boottime_ns();
	strscpy(t->reason, reason ?: "", sizeof(t->reason));
	arm_lease_locked(t);
	spin_unlock_bh(&t->lock);
	if (changed) {
		refresh_users(t);
		hak_notify_report(hn, t);
	}
	return 0;
}

void hak_track_info(struct hak_track *t, struct hak_track_info *info)
{
	memset(info, 0, sizeof(*info));
	spin_lock_bh(&t->lock);
	info->state = t->state;
	info->value = t->value;
	info->reported_known = t->reported_at;
	if (t->reported_at)
		info->reported = ktime_get_boottime_ns() - t->reported_at;
	info->expired = t->expired;
	strscpy(info->reason, t->reason, sizeof(info->reason));
	spin_unlock_bh(&t->lock);
	info->users = READ_ONCE(t->users);
}
