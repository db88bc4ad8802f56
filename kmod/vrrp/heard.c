// SPDX-License-Identifier: GPL-2.0-only
/* What a router hears of others: adverts, rivals, and what is wrong with them. */
#include <linux/etherdevice.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "../pernet.h"
#include "alarm.h"
#include "dev.h"
#include "router.h"
#include "run.h"
#include "text.h"
#include "tx.h"

/* Inferior adverts within two Active_Down_Intervals: they do not hear us. */
#define LOWER_ALARM		3
/* Announcements that answer an inferior Active. */
#define HEAL_GAP		NSEC_PER_SEC
/* Announcements against who claims an address, RFC 5227 section 2.4. */
#define DEFEND_GAP		(10 * NSEC_PER_SEC)
/* What the Active before us had sent may still be under way. */
#define RIVAL_GRACE		(50 * NSEC_PER_MSEC)
/* Address lists are compared this often at most. */
#define LIST_CHECK_GAP		(100 * NSEC_PER_MSEC)

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
 * have learned its MAC. Announce anew, not more than once a second: what is heard
 * meanwhile is answered when the second is over.
 */
static void heal(struct hak_router *r, const struct hak_router_cfg *cfg, u64 now,
		 struct hak_run *run)
{
	if (!cfg->announce || r->heal_at)
		return;
	if (r->healed_at && now - r->healed_at < HEAL_GAP) {
		r->heal_at = r->healed_at + HEAL_GAP;
		hak_announce_heal(r, now);
		return;
	}
	r->healed_at = now;
	/* Now, and once more when what the rival has sent has arrived. */
	r->announce_left = min(cfg->announce, 2U);
	r->announce_next = 0;
	run->announce = true;
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
	if (r->form != hak_router_form(r, cfg)) {
		r->form = hak_router_form(r, cfg);
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
	hak_run_step(r, cfg, &ev, NULL, run);
	/*
	 * Speak once more when yielding: without a virtual MAC the winner has to
	 * know that there was a rival, to announce its addresses anew.
	 */
	if (was_active && r->fsm.state == HAK_STATE_BACKUP)
		hak_run_take_advert(r, r->fcfg.priority, run);
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

	hak_run_init(&run);
	spin_lock_bh(&r->lock);
	if (r->dead || r->fsm.state == HAK_STATE_INITIALIZE)
		r->drops[HAK_DROP_NOT_RUNNING]++;
	else
		advert_locked(r, cfg, adv, mac, &run);
	spin_unlock_bh(&r->lock);
	hak_run_finish(r, cfg, &run);
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

	hak_run_init(&run);
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
	hak_run_finish(r, cfg, &run);
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

	hak_run_init(&run);
	spin_lock_bh(&r->lock);
	if (!r->dead && r->hd && r->hd->dev->ifindex == ifindex &&
	    hak_ip_equal(&r->primary, ip))
		hak_alarm_raise(r, &run, HAK_ALARM_DUPLICATE_PRIMARY, ip, mac,
				"%pM has our own address", mac);
	run.change = r->change;
	spin_unlock_bh(&r->lock);
	hak_run_finish(r, rcu_dereference(r->cfg), &run);
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

	hak_run_init(&run);
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
	hak_run_finish(r, cfg, &run);
}
