// SPDX-License-Identifier: GPL-2.0-only
#include "router.h"

#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "../nl/notify.h"
#include "../pernet.h"
#include "alarm.h"
#include "dev.h"
#include "drain.h"
#include "group.h"
#include "leave.h"
#include "run.h"
#include "text.h"
#include "timer.h"
#include "trace.h"
#include "track.h"
#include "tx.h"
#include "vmac.h"

/* Sends in a row that failed before somebody is told. */
#define TX_FAILED_ALARM		3

struct hak_router *hak_router_new(struct hak_net *hn)
{
	struct hak_router *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);

	if (!r)
		return NULL;
	kref_init(&r->ref);
	spin_lock_init(&r->lock);
	INIT_LIST_HEAD(&r->dev_list);
	INIT_HLIST_NODE(&r->by_name);
	r->hn = hn;
	r->since = ktime_get_real_ns();
	r->tmpl_stale = true;
	r->form = HAK_CHECKSUM_AUTO;
	atomic_set(&r->drain_pending, 0);
	hak_fsm_init(&r->fsm);
	hrtimer_setup(&r->timer, hak_timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_HARD);
	hrtimer_setup(&r->announce_timer, hak_announce_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	hak_start_init(r);
	return r;
}

static void free_rcu_cb(struct rcu_head *rcu)
{
	struct hak_router *r = container_of(rcu, struct hak_router, rcu);
	u32 i;

	hak_router_cfg_free_now(rcu_dereference_protected(r->cfg, true));
	kfree(rcu_dereference_protected(r->addrs, true));
	kfree(rcu_dereference_protected(r->routes, true));
	kfree(rcu_dereference_protected(r->uses, true));
	kfree(r->active_list.addrs);
	kfree(r->history);
	for (i = 0; i < ARRAY_SIZE(r->alarms); i++)
		kfree(r->alarms[i]);
	kfree(r);
}

static void release(struct kref *ref)
{
	struct hak_router *r = container_of(ref, struct hak_router, ref);

	call_rcu(&r->rcu, free_rcu_cb);
}

void hak_router_put(struct hak_router *r)
{
	kref_put(&r->ref, release);
}

/* The first address of IPv6 has to be link-local (erratum 8300). */
static u32 first_address(const struct hak_router_cfg *cfg)
{
	u32 i;

	for (i = 0; cfg->family == AF_INET6 && i < cfg->n_vips; i++)
		if (hak_vip_advertised(cfg, &cfg->vips[i]) &&
		    hak_ip_link_local(cfg->vips[i].ip.b))
			return i;
	return cfg->n_vips;
}

void hak_router_fill_advert(struct hak_router *r, u8 priority,
			    struct hak_vrrp_advert *adv)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));
	u8 alen = hak_router_alen(cfg);
	u32 i, first = first_address(cfg);

	adv->saddr = r->primary;
	adv->daddr = hak_vrrp_group(alen);
	adv->version = cfg->version;
	adv->vrid = cfg->vrid;
	adv->priority = priority;
	adv->interval = cfg->interval;
	adv->checksum = HAK_CHECKSUM_PLAIN;
	adv->auth = cfg->pass[0];
	memcpy(adv->pass, cfg->pass, sizeof(adv->pass));
	adv->count = 0;
	if (first < cfg->n_vips)
		memcpy(&adv->addrs[alen * adv->count++], cfg->vips[first].ip.b,
		       alen);
	for (i = 0; i < cfg->n_vips; i++)
		if (i != first && hak_vip_advertised(cfg, &cfg->vips[i]))
			memcpy(&adv->addrs[alen * adv->count++],
			       cfg->vips[i].ip.b, alen);
}

void hak_router_rule(struct hak_router *r, struct hak_vrrp_rule *rule)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);

	rule->version = cfg->version;
	rule->min_ttl = cfg->min_ttl;
	rule->unicast = cfg->n_peers;
	rule->auth = cfg->pass[0];
	memcpy(rule->pass, cfg->pass, sizeof(rule->pass));
	rule->interval = cfg->interval;
	rule->daddr = hak_vrrp_group(hak_router_alen(cfg));
	if (!cfg->n_peers)
		return;
	spin_lock_bh(&r->lock);
	rule->daddr = r->primary;
	spin_unlock_bh(&r->lock);
}

static bool is_peer(const struct hak_router_cfg *cfg, const struct hak_ip *ip)
{
	u32 i;

	for (i = 0; i < cfg->n_peers; i++)
		if (hak_ip_equal(&cfg->peers[i], ip))
			return true;
	return !cfg->n_peers;
}

enum hak_drop hak_router_source(struct hak_router *r,
				const struct hak_vrrp_advert *adv, bool own_frame)
{
	const struct hak_ip *saddr = &adv->saddr;
	bool own, echo;

	spin_lock_bh(&r->lock);
	own = hak_ip_equal(saddr, &r->primary);
	/* A second host may have our virtual MAC, too, but hardly our words. */
	echo = own_frame && (!adv->priority || adv->priority == r->fcfg.priority);
	spin_unlock_bh(&r->lock);
	if (own)
		return echo ? HAK_DROP_SELF_REFLECT :
				   HAK_DROP_DUPLICATE_PRIMARY;
	return is_peer(rcu_dereference(r->cfg), saddr) ? HAK_DROP_NONE :
							 HAK_DROP_PEER;
}

static void note_change(struct hak_router *r, const struct hak_fsm_action *act,
			const char *stopped, u64 now, struct hak_run *run)
{
	r->change++;
	r->since = ktime_get_real_ns();
	r->stats[HAK_A_STAT_TO_INITIALIZE + act->to - HAK_STATE_INITIALIZE]++;
	r->lower_count = 0;
	r->tx_failed = 0;
	r->lost |= act->from == HAK_STATE_ACTIVE && act->to == HAK_STATE_BACKUP &&
		   act->why != HAK_WHY_GROUP;
	run->group = true;
	if (act->to == HAK_STATE_ACTIVE)
		r->active_at = now;
	hak_text_reason(r, act->why, stopped, now, r->reason);
	run->changed = true;
	run->rec.time = r->since;
	run->rec.from = act->from;
	run->rec.to = act->to;
	strscpy(run->rec.reason, r->reason, sizeof(run->rec.reason));
}

static void take_form(struct hak_router *r, enum hak_checksum form,
		      u8 priority, struct hak_run *run)
{
	struct sk_buff *skb;

	if (WARN_ON_ONCE(run->n_skb == ARRAY_SIZE(run->skb)))
		return;
	skb = hak_tx_take(r, form, !priority);
	if (skb)
		run->skb[run->n_skb++] = skb;
	else
		r->stats[HAK_A_STAT_TX_ERROR]++;
}

void hak_run_take_advert(struct hak_router *r, u8 priority, struct hak_run *run)
{
	/* There are two forms of version 3 and IPv4 only; see hak_router_form(). */
	if (r->form != HAK_CHECKSUM_PSEUDO)
		take_form(r, HAK_CHECKSUM_PLAIN, priority, run);
	if (r->form != HAK_CHECKSUM_PLAIN)
		take_form(r, HAK_CHECKSUM_PSEUDO, priority, run);
	r->stats[HAK_A_STAT_TX]++;
	if (!priority)
		r->stats[HAK_A_STAT_TX_ZERO]++;
}

/*
 * When to look next: a Backup wants to know one and a half intervals before its
 * time is over that adverts are missing, to listen where no rule of the host's
 * can be in the way.
 */
static u64 wake_at(const struct hak_router *r, u64 now)
{
	u64 early = r->fsm.deadline - r->fsm.interval - (r->fsm.interval >> 1);

	if (r->fsm.state == HAK_STATE_BACKUP && !r->fsm.released &&
	    early > now && early < r->fsm.deadline)
		return early;
	return r->fsm.deadline;
}

static void act_locked(struct hak_router *r, const struct hak_router_cfg *cfg,
		       const struct hak_fsm_action *act, const char *stopped,
		       u64 now, struct hak_run *run)
{
	switch (act->type) {
	case HAK_ACT_VIPS:
		hak_router_publish_roles(r, cfg);
		run->vips = true;
		break;
	case HAK_ACT_SEND_ADVERT:
		hak_run_take_advert(r, act->priority, run);
		break;
	case HAK_ACT_ANNOUNCE:
		r->announce_left = act->on ? cfg->announce : 0;
		r->announce_next = 0;
		r->heal_at = 0;
		run->announce = act->on && cfg->announce;
		if (act->on && !cfg->announce)
			hak_announce_plan(r);
		break;
	case HAK_ACT_ARM:
		hak_timer_set(r, wake_at(r, now));
		break;
	case HAK_ACT_CANCEL:
		hak_timer_clear(r);
		break;
	case HAK_ACT_NOTIFY:
		note_change(r, act, stopped, now, run);
		break;
	case HAK_ACT_COUNT:
		r->stats[act->stat]++;
		break;
	case HAK_ACT_READY:
		run->group = true;
		break;
	}
}

void hak_run_step(struct hak_router *r, const struct hak_router_cfg *cfg,
		  const struct hak_fsm_event *ev, const char *stopped,
		  struct hak_run *run)
{
	u32 i;

	lockdep_assert_held(&r->lock);
	hak_fsm_step(&r->fcfg, &r->fsm, ev, &run->out);
	r->ran_cfg = r->fcfg;
	WARN_ON_ONCE(run->out.overflow);
	for (i = 0; i < run->out.n; i++)
		act_locked(r, cfg, &run->out.act[i], stopped, ev->now, run);
	run->change = r->change;
}

void hak_run_init(struct hak_run *run)
{
	run->n_skb = 0;
	run->changed = false;
	run->announce = false;
	run->vips = false;
	run->group = false;
	run->alarm.count = 0;
}

static void send_adverts(struct hak_router *r, struct hak_run *run)
{
	u32 i;

	for (i = 0; i < run->n_skb; i++) {
		bool failed = hak_tx_advert(r, run->skb[i]);

		spin_lock_bh(&r->lock);
		r->tx_failed = failed ? r->tx_failed + 1 : 0;
		r->stats[HAK_A_STAT_TX_ERROR] += failed;
		if (r->tx_failed >= TX_FAILED_ALARM)
			hak_alarm_raise(r, run, HAK_ALARM_TX_BLOCKED, NULL, NULL,
					"%u adverts in a row did not leave",
					r->tx_failed);
		spin_unlock_bh(&r->lock);
	}
}

static void announce(struct hak_router *r, struct hak_run *run)
{
	hak_announce_burst(r, run->change);
}

/* Most routers change a few times only. Without memory the last entry is lost. */
static void keep_change(struct hak_router *r, const struct hak_change_rec *rec)
{
	u32 room = clamp_t(u32, 2 * r->history_room, 4, HAK_HISTORY_LEN);
	struct hak_change_rec *more;

	lockdep_assert_held(&r->lock);
	if (r->history_n >= r->history_room && r->history_room < HAK_HISTORY_LEN) {
		more = krealloc(r->history, room * sizeof(*more),
				GFP_ATOMIC | __GFP_NOWARN);
		if (more) {
			r->history = more;
			r->history_room = room;
		} else if (r->history_room) {
			r->history_n = r->history_room - 1;
		} else {
			return;
		}
	}
	r->history[r->history_n++ % HAK_HISTORY_LEN] = *rec;
}

static void tell_change(struct hak_router *r, const struct hak_router_cfg *cfg,
			struct hak_run *run)
{
	struct hak_change_rec *rec = &run->rec;

	rec->seq = hak_notify_seq(r->hn);
	spin_lock_bh(&r->lock);
	keep_change(r, rec);
	spin_unlock_bh(&r->lock);
	hak_notify_state(r->hn, r, rec);
	trace_hak_router_state(cfg->name, rec);
	net_info_ratelimited("router %s %s -> %s: %s\n", cfg->name,
			     hak_state_name(rec->from), hak_state_name(rec->to),
			     rec->reason);
}

void hak_run_finish(struct hak_router *r, const struct hak_router_cfg *cfg,
		    struct hak_run *run)
{
	send_adverts(r, run);
	if (run->announce)
		announce(r, run);
	if (run->changed)
		tell_change(r, cfg, run);
	if (run->vips)
		hak_router_place(r);
	if (run->alarm.count) {
		hak_notify_alarm(r->hn, r, NULL, &run->alarm);
		net_warn_ratelimited("router %s alarm %s: %s\n", cfg->name,
				     hak_alarm_name(run->alarm.kind),
				     run->alarm.text);
	}
	if (run->group)
		hak_group_run(r);
}

static bool advertises(const struct hak_router_cfg *cfg)
{
	u32 i;

	for (i = 0; i < cfg->n_vips; i++)
		if (hak_vip_advertised(cfg, &cfg->vips[i]) && !cfg->vips[i].made)
			return true;
	return false;
}

/* What is wrong with the device, as a format for its name. */
static const char *blocked_by_dev(const struct hak_router *r,
				  const struct hak_router_cfg *cfg)
{
	const struct hak_dev *hd = r->hd;

	if (!hd)
		return "there is no device %s";
	if (READ_ONCE(hd->going_down) || !netif_running(hd->dev))
		return "%s is down";
	if (!netif_carrier_ok(hd->dev))
		return "no carrier on %s";
	if (!r->primary.len && cfg->source.len)
		return "%s does not have the source address";
	if (!r->primary.len && cfg->family == AF_INET6)
		return "%s has no link-local address of its own to send from";
	if (!r->primary.len)
		return "%s has no address of its own to send from";
	return NULL;
}

/* Why the router cannot run; NULL when it can. */
static const char *blocked(struct hak_router *r,
			   const struct hak_router_cfg *cfg, const char *fault,
			   char *buf)
{
	const char *start = hak_start_blocked(r, cfg);
	const char *arg = cfg->dev, *fmt;

	if (r->stop_why || hak_leave_reason() || !cfg->enable) {
		r->start.until = 0;
		return r->stop_why ?: hak_leave_reason() ?: "disabled by the operator";
	}
	fmt = blocked_by_dev(r, cfg);
	if (!fmt && r->start.until) {
		hak_start_text(r, buf);
		return buf;
	}
	fmt = fmt ?: start;
	if (!fmt && !advertises(cfg))
		return "no address to advertise";
	if (!fmt && fault) {
		fmt = "track %s is down";
		arg = fault;
	}
	if (!fmt)
		return NULL;
	snprintf(buf, HAK_TEXT_SIZE, fmt, arg);
	return buf;
}

/* The priority after tracks; *fault names a track that makes the router let go. */
static u8 effective_priority(struct hak_router *r,
			     const struct hak_router_cfg *cfg, const char **fault)
{
	const struct hak_uses *uses =
		rcu_dereference_check(r->uses, lockdep_is_held(&r->lock));
	s32 sum = cfg->priority;
	u32 i;

	*fault = NULL;
	for (i = 0; uses && i < uses->n; i++) {
		bool down = false;

		sum += hak_track_apply(&cfg->uses[i], hak_track_read(uses->t[i]),
				       &down);
		if (down && !*fault)
			*fault = cfg->uses[i].name;
	}
	sum += hak_group_tracks(r, fault);
	/* The owner of the addresses stays the owner. */
	if (cfg->priority == HAK_FSM_OWNER)
		return HAK_FSM_OWNER;
	return clamp(sum, 1, 254);
}

static bool fcfg_differ(const struct hak_fsm_cfg *a, const struct hak_fsm_cfg *b)
{
	return a->priority != b->priority || a->interval != b->interval ||
	       a->down_adverts != b->down_adverts || a->preempt != b->preempt ||
	       a->preempt_delay != b->preempt_delay ||
	       a->grouped != b->grouped || a->version != b->version;
}

enum hak_checksum hak_router_form(const struct hak_router *r,
				  const struct hak_router_cfg *cfg)
{
	if (cfg->version == 2 || cfg->family == AF_INET6)
		return HAK_CHECKSUM_PLAIN;	/* the only one */
	if (cfg->checksum != HAK_CHECKSUM_AUTO)
		return cfg->checksum;
	return r->learned ?: HAK_CHECKSUM_AUTO;
}

/* Read everything anew; returns why the router cannot run, or NULL. */
static const char *look_locked(struct hak_router *r,
			       const struct hak_router_cfg *cfg, char *buf)
{
	struct hak_ip primary = {};
	bool moved;
	enum hak_checksum form = hak_router_form(r, cfg);
	const char *fault, *why;
	u8 prio;

	if (r->hd)
		primary = hak_dev_primary(r->hd, cfg);
	prio = effective_priority(r, cfg, &fault);
	moved = !hak_ip_equal(&primary, &r->primary);
	r->primary = primary;
	why = blocked(r, cfg, fault, buf);
	r->looked = true;
	r->own_fault = why;
	r->own_priority = prio;
	if (why)
		strscpy(r->own_reason, why, sizeof(r->own_reason));
	why = hak_group_look(r, &prio, why, buf);
	r->effective = fault ? 0 : prio;
	r->tmpl_stale |= moved || prio != r->fcfg.priority;
	r->form = form;
	r->fcfg.priority = prio;
	r->fcfg.interval = cfg->interval;
	r->fcfg.down_adverts = cfg->down_adverts;
	r->fcfg.preempt = cfg->preempt;
	r->fcfg.version = cfg->version;
	r->fcfg.preempt_delay = cfg->preempt_delay;
	r->fcfg.grouped = cfg->group[0];
	return why;
}

/* What the machine has to be told after a look. Returns false for nothing. */
static bool event_after_look(struct hak_router *r, const char *why,
			     struct hak_fsm_event *ev)
{
	bool running = r->fsm.state != HAK_STATE_INITIALIZE;
	bool link = r->hd && netif_running(r->hd->dev) &&
		    netif_carrier_ok(r->hd->dev);

	ev->now = ktime_get_ns();
	if (why && running)
		ev->type = link ? HAK_EV_SHUTDOWN : HAK_EV_LINK_DOWN;
	else if (!why && !running)
		ev->type = HAK_EV_STARTUP;
	else if (!why && fcfg_differ(&r->fcfg, &r->ran_cfg))
		ev->type = HAK_EV_CONFIG;
	else
		return false;
	return true;
}

void hak_router_refresh(struct hak_router *r)
{
	const struct hak_router_cfg *cfg;
	struct hak_fsm_event ev = {};
	char buf[HAK_TEXT_SIZE];
	struct hak_run run;
	const char *why;

	hak_run_init(&run);
	rcu_read_lock();
	spin_lock_bh(&r->lock);
	cfg = rcu_dereference(r->cfg);
	if (r->dead) {
		spin_unlock_bh(&r->lock);
		rcu_read_unlock();
		return;
	}
	why = look_locked(r, cfg, buf);
	if (event_after_look(r, why, &ev))
		hak_run_step(r, cfg, &ev, why, &run);
	else if (why)
		strscpy(r->reason, why, sizeof(r->reason));
	hak_router_publish_roles(r, cfg);
	hak_tx_prepare(r);
	spin_unlock_bh(&r->lock);
	run.vips = true;
	run.group = true;
	local_bh_disable();
	hak_run_finish(r, cfg, &run);
	local_bh_enable();
	rcu_read_unlock();
}

/* Start a drain or wait for it. Returns true when the takeover may go on. */
static bool drained_locked(struct hak_router *r, u64 now, bool *start)
{
	if (r->drain_epoch != r->fsm.epoch) {
		r->drain_epoch = r->fsm.epoch;
		r->drain_until = now + r->fsm.interval;
		atomic_inc(&r->drain_pending);
		*start = true;
	} else if (!atomic_read(&r->drain_pending) || now >= r->drain_until) {
		return true;
	}
	hak_timer_set(r, r->drain_until);
	return false;
}

/* Is there anything to do for the timer now? */
static bool timer_due_locked(struct hak_router *r, u64 now, bool *drain)
{
	if (r->dead || !r->fsm.armed)
		return false;
	if (now < r->fsm.deadline) {
		/* Early, or heard something meanwhile: the deadline has moved. */
		u64 at = wake_at(r, now);

		if (at == r->fsm.deadline && r->hd &&
		    r->fsm.state == HAK_STATE_BACKUP)
			hak_dev_listen_early(r->hd);
		hak_timer_set(r, at);
		return false;
	}
	return r->fsm.state == HAK_STATE_ACTIVE || drained_locked(r, now, drain);
}

void hak_router_timer(struct hak_router *r)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	struct hak_fsm_event ev = { .type = HAK_EV_TIMER };
	bool due, drain = false, carrier = true;
	struct hak_run run;
	u64 now;

	hak_run_init(&run);
	spin_lock_bh(&r->lock);
	now = ktime_get_ns();
	due = timer_due_locked(r, now, &drain);
	if (due) {
		/* Its event comes up to a second late. */
		carrier = r->hd && netif_carrier_ok(r->hd->dev);
		if (r->fsm.state == HAK_STATE_ACTIVE)
			r->stats[HAK_A_STAT_TX_LATE_MAX] =
				max(r->stats[HAK_A_STAT_TX_LATE_MAX],
				    now - r->fsm.deadline);
	}
	if (due && carrier) {
		ev.now = now;
		ev.epoch = r->fsm.epoch;
		hak_run_step(r, cfg, &ev, NULL, &run);
	}
	spin_unlock_bh(&r->lock);
	if (drain)
		hak_drain_start(r);
	if (due && !carrier)
		hak_router_refresh(r);
	else if (due)
		hak_run_finish(r, cfg, &run);
}

void hak_router_stop(struct hak_router *r, const char *why)
{
	spin_lock_bh(&r->lock);
	r->stop_why = why;
	spin_unlock_bh(&r->lock);
	hak_router_refresh(r);
	spin_lock_bh(&r->lock);
	r->dead = true;
	r->announce_left = 0;
	hak_timer_clear(r);
	spin_unlock_bh(&r->lock);
}

void hak_router_announce(struct hak_router *r)
{
	const struct hak_router_cfg *cfg;
	struct hak_run run;

	hak_run_init(&run);
	rcu_read_lock();
	local_bh_disable();
	spin_lock(&r->lock);
	cfg = rcu_dereference(r->cfg);
	if (r->fsm.state == HAK_STATE_ACTIVE && !r->dead) {
		r->announce_left = cfg->announce;
		r->announce_next = 0;
		run.announce = cfg->announce;
	}
	run.change = r->change;
	spin_unlock(&r->lock);
	hak_run_finish(r, cfg, &run);
	local_bh_enable();
	rcu_read_unlock();
}

void hak_router_group(struct hak_router *r, bool on, const char *why)
{
	struct hak_fsm_event ev = {
		.type = on ? HAK_EV_GROUP_ON : HAK_EV_GROUP_OFF,
	};
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	struct hak_run run;

	hak_run_init(&run);
	spin_lock_bh(&r->lock);
	ev.now = ktime_get_ns();
	if (!r->dead)
		hak_run_step(r, cfg, &ev, why, &run);
	run.change = r->change;
	spin_unlock_bh(&r->lock);
	hak_run_finish(r, cfg, &run);
}

int hak_router_resign(struct hak_net *hn, const char *name, u64 time)
{
	struct hak_router *r = hak_router_find(hn, name);
	struct hak_fsm_event ev = { .type = HAK_EV_RESIGN };
	const struct hak_router_cfg *cfg;
	struct hak_run run;

	if (!r)
		return -ENOENT;
	if (hak_router_cfg(r)->priority == HAK_FSM_OWNER)
		return -EBUSY;
	hak_run_init(&run);
	rcu_read_lock();
	local_bh_disable();
	spin_lock(&r->lock);
	cfg = rcu_dereference(r->cfg);
	ev.now = ktime_get_ns();
	ev.until = time ? ev.now + time : HAK_FSM_NEVER;
	hak_run_step(r, cfg, &ev, NULL, &run);
	spin_unlock(&r->lock);
	hak_run_finish(r, cfg, &run);
	local_bh_enable();
	rcu_read_unlock();
	return 0;
}

void hak_router_cancel(struct hak_router *r)
{
	hrtimer_cancel(&r->timer);
	hrtimer_cancel(&r->announce_timer);
	hrtimer_cancel(&r->start.timer);
	/* Markers under way refer to code of ours; they end by themselves. */
	while (atomic_read(&r->drain_pending))
		usleep_range(500, 1000);
}
