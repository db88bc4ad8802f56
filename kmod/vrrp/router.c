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
#include "route.h"
#include "text.h"
#include "timer.h"
#include "trace.h"
#include "track.h"
#include "tx.h"
#include "vmac.h"

/* Sends in a row that failed before somebody is told. */
#define TX_FAILED_ALARM		3
/* Inferior adverts within two Active_Down_Intervals: they do not hear us. */
#define LOWER_ALARM		3
/* Announcements that answer an inferior Active. */
#define HEAL_GAP		NSEC_PER_SEC
#define HEAL_GAP_MAX		(60 * NSEC_PER_SEC)
/* Announcements against who claims an address, RFC 5227 section 2.4. */
#define DEFEND_GAP		(10 * NSEC_PER_SEC)
/* What the Active before us had sent may still be under way. */
#define RIVAL_GRACE		(50 * NSEC_PER_MSEC)
/* Address lists are compared this often at most. */
#define LIST_CHECK_GAP		(100 * NSEC_PER_MSEC)

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

/* What this machine is for its addresses now. */
static u32 role_of(const struct hak_router *r, const struct hak_router_cfg *cfg)
{
	bool active = r->fsm.state == HAK_STATE_ACTIVE;
	u32 flags = active ? HAK_ROLE_ACTIVE | HAK_ROLE_ANSWER : 0;

	/* An owner's address is the host's own, with or without us. */
	if (cfg->priority == HAK_FSM_OWNER &&
	    r->fsm.state == HAK_STATE_INITIALIZE)
		return HAK_ROLE_ACTIVE | HAK_ROLE_DELIVER;

	if (cfg->accept == HAK_ACCEPT_ALWAYS ||
	    (active && (cfg->accept == HAK_ACCEPT_ON ||
			cfg->priority == HAK_FSM_OWNER)))
		flags |= HAK_ROLE_DELIVER;
	return flags;
}

static void publish_roles(struct hak_router *r, const struct hak_router_cfg *cfg)
{
	const struct hak_addrs *addrs =
		rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	u32 flags = role_of(r, cfg);
	u32 i;

	lockdep_assert_held(&r->lock);
	if (r->fsm.state == HAK_STATE_ACTIVE)
		set_bit(HAK_ROUTER_ACTIVE, &r->flags);
	else
		clear_bit(HAK_ROUTER_ACTIVE, &r->flags);
	hak_vmac_follow(r);
	for (i = 0; addrs && i < addrs->n; i++)
		hak_role_set(&addrs->a[i]->role, flags);
}

/* On another device than its router's an address has the MAC of that. */
static void place(struct hak_router *r, struct hak_addr *a,
		  const struct hak_vip_cfg *vip, bool on, bool owner)
{
	const struct net_device *dev = NULL;
	u8 mac[ETH_ALEN];

	if (vip->dev[0]) {
		dev = dev_get_by_name_rcu(r->hn->net, vip->dev);
		if (dev)
			ether_addr_copy(mac, dev->dev_addr);
	} else if (r->hd) {
		dev = r->hd->dev;
		hak_vmac_get(r, mac);
	}
	hak_addr_want(a, dev ? dev->ifindex : 0, dev ? mac : NULL, on, owner);
}

static void place_routes(struct hak_router *r)
{
	const struct hak_vroutes *routes =
		rcu_dereference_check(r->routes, lockdep_is_held(&r->lock));
	bool on = r->fsm.state == HAK_STATE_ACTIVE;
	u32 i;

	if (r->dead)
		return;		/* dropped, or about to be */
	for (i = 0; routes && i < routes->n; i++) {
		const char *name = routes->v[i]->cfg.dev;
		const struct net_device *dev = r->hd ? r->hd->dev : NULL;

		if (name[0])
			dev = dev_get_by_name_rcu(r->hn->net, name);
		hak_vroute_want(routes->v[i], dev, on);
	}
}

void hak_router_place(struct hak_router *r)
{
	const struct hak_router_cfg *cfg;
	const struct hak_addrs *addrs;
	bool on, owner;
	u32 i;

	rcu_read_lock();
	spin_lock_bh(&r->lock);
	cfg = rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));
	owner = cfg->priority == HAK_FSM_OWNER;
	addrs = rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	on = !r->dead && (r->fsm.state == HAK_STATE_ACTIVE ||
			  cfg->accept == HAK_ACCEPT_ALWAYS);
	for (i = 0; addrs && i < addrs->n; i++)
		place(r, addrs->a[i], &cfg->vips[i], on, owner);
	place_routes(r);
	spin_unlock_bh(&r->lock);
	rcu_read_unlock();
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

static void take_advert(struct hak_router *r, u8 priority, struct hak_run *run)
{
	/* There are two forms of version 3 and IPv4 only; see form_to_send(). */
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
		publish_roles(r, cfg);
		run->vips = true;
		break;
	case HAK_ACT_SEND_ADVERT:
		take_advert(r, act->priority, run);
		break;
	case HAK_ACT_ANNOUNCE:
		r->announce_left = act->on ? cfg->announce : 0;
		r->announce_next = 0;
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

/* Run the machine; what may not be done under the lock is left in @run. */
static void step_locked(struct hak_router *r, const struct hak_router_cfg *cfg,
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

static void run_init(struct hak_run *run)
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

/*
 * The rest of a step, in the order of a takeover: adverts, announcements,
 * events, and last the local addresses, which wait for RTNL.
 */
static void finish(struct hak_router *r, const struct hak_router_cfg *cfg,
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

static enum hak_checksum form_to_send(const struct hak_router *r,
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
	enum hak_checksum form = form_to_send(r, cfg);
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

	run_init(&run);
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
		step_locked(r, cfg, &ev, why, &run);
	else if (why)
		strscpy(r->reason, why, sizeof(r->reason));
	publish_roles(r, cfg);
	hak_tx_prepare(r);
	spin_unlock_bh(&r->lock);
	run.vips = true;
	run.group = true;
	local_bh_disable();
	finish(r, cfg, &run);
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

	run_init(&run);
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
		step_locked(r, cfg, &ev, NULL, &run);
	}
	spin_unlock_bh(&r->lock);
	if (drain)
		hak_drain_start(r);
	if (due && !carrier)
		hak_router_refresh(r);
	else if (due)
		finish(r, cfg, &run);
}

static void note_heard(struct hak_heard *h, const struct hak_vrrp_advert *adv,
		       const u8 *mac, u64 now)
{
	h->known = true;
	h->ip = adv->saddr;
	if (mac)
		ether_addr_copy(h->mac, mac);
	else
		eth_zero_addr(h->mac);
	h->priority = adv->priority;
	h->at = now;
	h->interval = adv->interval;
	h->checksum = adv->checksum;
}

/* Without memory it is not known. */
static void note_list(struct hak_list *list, const struct hak_vrrp_advert *adv)
{
	u16 len = adv->saddr.len * adv->count;
	u8 *more;

	list->count = 0;
	if (len > list->room) {
		more = krealloc(list->addrs, len, GFP_ATOMIC | __GFP_NOWARN);
		if (!more)
			return;
		list->addrs = more;
		list->room = len;
	}
	memcpy(list->addrs, adv->addrs, len);
	list->count = adv->count;
}

static bool has_addr(const struct hak_vrrp_advert *adv, const struct hak_ip *ip)
{
	u32 i;

	for (i = 0; i < adv->count; i++)
		if (!memcmp(&adv->addrs[ip->len * i], ip->b, ip->len))
			return true;
	return false;
}

static bool is_advertised(const struct hak_router_cfg *cfg, const u8 *addr)
{
	u32 i;

	for (i = 0; i < cfg->n_vips; i++)
		if (hak_vip_advertised(cfg, &cfg->vips[i]) &&
		    !memcmp(cfg->vips[i].ip.b, addr, cfg->vips[i].ip.len))
			return true;
	return false;
}

/* The first address that only one of the two lists has, or NULL. */
static const u8 *odd_address(const struct hak_router_cfg *cfg,
			     const struct hak_vrrp_advert *adv, bool *lacks)
{
	u8 alen = adv->saddr.len;
	u32 i;

	*lacks = true;
	for (i = 0; i < cfg->n_vips; i++)
		if (hak_vip_advertised(cfg, &cfg->vips[i]) &&
		    !has_addr(adv, &cfg->vips[i].ip))
			return cfg->vips[i].ip.b;
	*lacks = false;
	for (i = 0; i < adv->count; i++)
		if (!is_advertised(cfg, &adv->addrs[alen * i]))
			return &adv->addrs[alen * i];
	return NULL;
}

/*
 * V14: in version 3 a list unlike ours is told, not fatal. RFC 3768 section 7.1
 * lets version 2 discard it, but for that of an owner: returns false then.
 */
static bool compare_lists(struct hak_router *r, const struct hak_router_cfg *cfg,
			  const struct hak_vrrp_advert *adv, const u8 *mac,
			  u64 now, struct hak_run *run)
{
	bool strict = adv->version == 2 && adv->priority != HAK_FSM_OWNER;
	char text[HAK_IP_TEXT];
	struct hak_ip odd_ip;
	const u8 *odd;
	bool lacks;

	if (!strict && r->list_checked && now - r->list_checked < LIST_CHECK_GAP)
		return true;
	r->list_checked = now;
	odd = odd_address(cfg, adv, &lacks);
	if (!odd)
		return true;
	odd_ip = hak_ip_make(odd, adv->saddr.len);
	r->stats[HAK_A_STAT_ADDRESS_DIFF]++;
	hak_alarm_raise(r, run, HAK_ALARM_ADDRESS_MISMATCH, &adv->saddr, mac,
			"%s %s", lacks ? "lacks" : "adds",
			hak_text_ip(&odd_ip, text));
	return !strict;
}

/* An Active less than us goes on although we answer: it does not hear us. */
static void count_lower(struct hak_router *r, const struct hak_vrrp_advert *adv,
			const u8 *mac, u64 now, struct hak_run *run)
{
	u64 window = 2 * hak_fsm_down_time(&r->fcfg, r->fcfg.interval);

	if (!r->lower_count || now - r->lower_since > window) {
		r->lower_since = now;
		r->lower_count = 0;
	}
	if (++r->lower_count >= LOWER_ALARM)
		hak_alarm_raise(r, run, HAK_ALARM_DUAL_ACTIVE, &adv->saddr, mac,
				"is Active too, with priority %u, and does not hear us",
				adv->priority);
}

/*
 * A rival was Active too: it yields to our answer, but hosts and switches may
 * have learned its MAC. Announce anew, not more than once a second, and ever less
 * while it goes on.
 */
static void heal(struct hak_router *r, const struct hak_router_cfg *cfg, u64 now,
		 struct hak_run *run)
{
	u64 since = now - r->healed_at;

	if (r->healed_at && since < r->heal_gap)
		return;
	if (!r->healed_at || since > 2 * r->heal_gap + HEAL_GAP_MAX)
		r->heal_gap = HEAL_GAP;
	else
		r->heal_gap = min_t(u64, 2 * r->heal_gap, HEAL_GAP_MAX);
	r->healed_at = now;
	/* Now, and once more when what the rival has sent has arrived. */
	r->announce_left = min(cfg->announce, 2U);
	r->announce_next = 0;
	run->announce = cfg->announce;
}

/* The form of the advert in hand, or 0 when its sender sends both. */
static enum hak_checksum form_heard(struct hak_router *r,
				    const struct hak_vrrp_advert *adv, u64 now)
{
	u32 this = adv->checksum - HAK_CHECKSUM_PLAIN;
	u64 other;

	if (!hak_ip_equal(&r->form_src, &adv->saddr))
		memset(r->form_at, 0, sizeof(r->form_at));
	r->form_src = adv->saddr;
	r->form_at[this] = now;
	other = r->form_at[!this];
	return other && now - other < 2 * adv->interval ? 0 : adv->checksum;
}

/* Not more than once a second, so that peers that differ do not make us flap. */
static void learn_form(struct hak_router *r, const struct hak_router_cfg *cfg,
		       const struct hak_vrrp_advert *adv, u64 now)
{
	enum hak_checksum form = form_heard(r, adv, now);

	if (r->learned == form ||
	    (form && r->learned && now - r->learned_at < NSEC_PER_SEC))
		return;
	r->learned = form;
	r->learned_at = now;
	if (r->form != form_to_send(r, cfg)) {
		r->form = form_to_send(r, cfg);
		hak_tx_drop_reserve(r);
	}
}

static void advert_locked(struct hak_router *r, const struct hak_router_cfg *cfg,
			  const struct hak_vrrp_advert *adv, const u8 *mac,
			  struct hak_run *run)
{
	struct hak_fsm_event ev = {
		.type = HAK_EV_ADVERT, .now = ktime_get_ns(),
		.priority = adv->priority, .interval = adv->interval,
		.src_cmp = hak_ip_cmp(&adv->saddr, &r->primary),
	};
	bool was_active = r->fsm.state == HAK_STATE_ACTIVE;

	if (!compare_lists(r, cfg, adv, mac, ev.now, run)) {
		r->drops[HAK_DROP_ADDRESS_LIST]++;
		return;
	}
	r->stats[HAK_A_STAT_RX]++;
	if (!adv->priority)
		r->stats[HAK_A_STAT_RX_ZERO]++;
	if (adv->interval != cfg->interval)
		r->stats[HAK_A_STAT_INTERVAL_DIFF]++;
	r->last = adv->saddr;
	r->last_priority = adv->priority;
	learn_form(r, cfg, adv, ev.now);
	step_locked(r, cfg, &ev, NULL, run);
	/*
	 * Speak once more when yielding: without a virtual MAC the winner has to
	 * know that there was a rival, to announce its addresses anew.
	 */
	if (was_active && r->fsm.state == HAK_STATE_BACKUP)
		take_advert(r, r->fcfg.priority, run);
	if (r->fsm.state == HAK_STATE_BACKUP && r->fsm.heard_at == ev.now) {
		note_heard(&r->active, adv, mac, ev.now);
		note_list(&r->active_list, adv);
	}
	if (r->fsm.state != HAK_STATE_BACKUP || r->fsm.heard_at != ev.now ||
	    r->fsm.waiting) {
		note_heard(&r->lower, adv, mac, ev.now);
	}
	if (was_active && r->fsm.state == HAK_STATE_ACTIVE && adv->priority) {
		heal(r, cfg, ev.now, run);
		count_lower(r, adv, mac, ev.now, run);
	}
}

void hak_router_advert(struct hak_router *r, const struct hak_vrrp_advert *adv,
		       const u8 *mac)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	struct hak_run run;

	run_init(&run);
	spin_lock_bh(&r->lock);
	if (r->dead || r->fsm.state == HAK_STATE_INITIALIZE)
		r->drops[HAK_DROP_NOT_RUNNING]++;
	else
		advert_locked(r, cfg, adv, mac, &run);
	spin_unlock_bh(&r->lock);
	finish(r, cfg, &run);
}

static const char *const drop_text[__HAK_DROP_MAX] = {
	[HAK_DROP_PACKET_LENGTH] = "wrong length",
	[HAK_DROP_IP_TTL] = "TTL is too low",
	[HAK_DROP_INVALID_TYPE] = "unknown type",
	[HAK_DROP_ADDRESS_LIST] = "broken address list",
	[HAK_DROP_CHECKSUM] = "wrong checksum",
	[HAK_DROP_AUTH] = "wrong authentication",
};

/* What is wrong with an advert that was dropped, or NULL: nothing to tell. */
static const char *drop_reason(const struct hak_router_cfg *cfg,
			       enum hak_drop why, char *buf)
{
	switch (why) {
	case HAK_DROP_VERSION:
		snprintf(buf, HAK_TEXT_SIZE,
			 "not VRRP version %u; try: router set %s version %u",
			 cfg->version, cfg->name, 5 - cfg->version);
		return buf;
	case HAK_DROP_INTERVAL:
		return cfg->version == 2 ? "its interval is not ours" :
					   "interval 0";
	default:
		return drop_text[why];
	}
}

void hak_router_dropped(struct hak_router *r, enum hak_drop why,
			const struct hak_ip *saddr, const u8 *mac)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	char buf[HAK_TEXT_SIZE];
	const char *reason;
	struct hak_run run;

	run_init(&run);
	spin_lock_bh(&r->lock);
	r->drops[why]++;
	if (why == HAK_DROP_DUPLICATE_PRIMARY)
		hak_alarm_raise(r, &run, HAK_ALARM_DUPLICATE_PRIMARY, saddr, mac,
				"sends adverts from our own address");
	reason = drop_reason(cfg, why, buf);
	if (reason)
		hak_alarm_raise(r, &run, HAK_ALARM_PEER_INCOMPATIBLE, saddr, mac,
				"adverts for our VRID are dropped: %s", reason);
	spin_unlock_bh(&r->lock);
	finish(r, cfg, &run);
}

/* A claim is defended by one more announcement. */
static void defend(struct hak_router *r, const struct hak_router_cfg *cfg,
		   u64 now, struct hak_run *run)
{
	if (r->defended_at && now - r->defended_at < DEFEND_GAP)
		return;
	r->defended_at = now;
	r->announce_left = max(r->announce_left, 1U);
	r->announce_next = 0;
	run->announce = cfg->announce;
}

static void same_primary(struct hak_router *r, int ifindex,
			 const struct hak_ip *ip, const u8 *mac)
{
	struct hak_run run;

	run_init(&run);
	spin_lock_bh(&r->lock);
	if (!r->dead && r->hd && r->hd->dev->ifindex == ifindex &&
	    hak_ip_equal(&r->primary, ip))
		hak_alarm_raise(r, &run, HAK_ALARM_DUPLICATE_PRIMARY, ip, mac,
				"%pM has our own address", mac);
	run.change = r->change;
	spin_unlock_bh(&r->lock);
	finish(r, rcu_dereference(r->cfg), &run);
}

void hak_router_same_primary(struct hak_net *hn, int ifindex,
			     const struct hak_ip *ip, const u8 *mac)
{
	struct hak_router *r;

	list_for_each_entry_rcu(r, &hn->routers, list)
		same_primary(r, ifindex, ip, mac);
}

void hak_router_rival(struct hak_router *r, enum hak_alarm_kind kind,
		      const struct hak_ip *ip, const u8 *mac)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	u64 now = ktime_get_ns();
	char text[HAK_IP_TEXT];
	struct hak_run run;

	run_init(&run);
	spin_lock_bh(&r->lock);
	run.change = r->change;
	if (r->dead || r->fsm.state != HAK_STATE_ACTIVE ||
	    now - r->active_at < min_t(u64, cfg->interval, RIVAL_GRACE)) {
		spin_unlock_bh(&r->lock);
		return;
	}
	if (kind == HAK_ALARM_IP_CONFLICT) {
		hak_alarm_raise(r, &run, kind, ip, mac, "%pM claims %s", mac,
				hak_text_ip(ip, text));
		defend(r, cfg, now, &run);
	} else {
		hak_alarm_raise(r, &run, kind, NULL, mac,
				"a frame came with our virtual MAC as its source");
	}
	spin_unlock_bh(&r->lock);
	finish(r, cfg, &run);
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

	run_init(&run);
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
	finish(r, cfg, &run);
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

	run_init(&run);
	spin_lock_bh(&r->lock);
	ev.now = ktime_get_ns();
	if (!r->dead)
		step_locked(r, cfg, &ev, why, &run);
	run.change = r->change;
	spin_unlock_bh(&r->lock);
	finish(r, cfg, &run);
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
	run_init(&run);
	rcu_read_lock();
	local_bh_disable();
	spin_lock(&r->lock);
	cfg = rcu_dereference(r->cfg);
	ev.now = ktime_get_ns();
	ev.until = time ? ev.now + time : HAK_FSM_NEVER;
	step_locked(r, cfg, &ev, NULL, &run);
	spin_unlock(&r->lock);
	finish(r, cfg, &run);
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
