/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual router: the object, its lock, and the shell that runs the pure
 * machine (core/vrrp_fsm.h) and does what it says.
 */
#ifndef HAK_VRRP_ROUTER_H
#define HAK_VRRP_ROUTER_H

#include <linux/hrtimer.h>
#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include <linux/hak.h>

#include "../core/vrrp_fsm.h"
#include "../core/vrrp_pkt.h"
#include "addr.h"
#include "config.h"
#include "info.h"
#include "start.h"

struct hak_dev;
struct hak_fdb;
struct hak_member;
struct hak_net;
struct hak_vroutes;

/* Adverts in reserve: more than a peer misses before it takes over. */
#define HAK_TX_RESERVE	4

/* Bits of hak_router.flags. */
enum {
	HAK_ROUTER_DUE,		/* on a due list, or being run from one */
	HAK_ROUTER_ACTIVE,	/* Active: frames to its virtual MAC are ours */
};

/**
 * struct hak_addrs - the addresses of a router, in the order of its cfg
 * @rcu: freed after a grace period
 * @n: entries
 * @a: each holds a reference
 */
struct hak_addrs {
	struct rcu_head rcu;
	u32 n;
	struct hak_addr *a[];
};

/**
 * struct hak_uses - the tracks of a router, in the order of its cfg
 * @rcu: freed after a grace period
 * @n: entries
 * @t: each holds a reference
 */
struct hak_uses {
	struct rcu_head rcu;
	u32 n;
	struct hak_track *t[];
};

/**
 * struct hak_run - what a step of the machine leaves to be done without the lock
 * @out: the actions
 * @skb: adverts to send, each a chain with one for each destination
 * @n_skb: how many
 * @change: hak_router.change after the step
 * @changed: the state changed, @rec tells how
 * @announce: send a first burst
 * @vips: addresses have to follow
 * @group: its group has to look at it
 * @rec: the change
 * @alarm: to be told when its count is not 0
 */
struct hak_run {
	struct hak_fsm_out out;
	struct sk_buff *skb[4];
	u32 n_skb;
	u32 change;
	bool changed;
	bool announce;
	bool vips;
	bool group;
	struct hak_change_rec rec;
	struct hak_alarm_rec alarm;
};

/**
 * struct hak_heard - an Active router that was heard
 * @known: it was
 * @ip: source address
 * @mac: source of the frame
 * @priority: 0-255
 * @at: ktime ns
 * @interval: ns
 * @checksum: form
 */
struct hak_heard {
	bool known;
	struct hak_ip ip;
	u8 mac[ETH_ALEN];
	u8 priority;
	u64 at;
	u64 interval;
	enum hak_checksum checksum;
};

/**
 * struct hak_list - the addresses that the Active router advertises
 * @count: addresses; 0 also when there was no memory for them
 * @room: bytes at @addrs
 * @addrs: network order; kmalloc'ed or NULL
 */
struct hak_list {
	u8 count;
	u16 room;
	u8 *addrs;
};

/**
 * struct hak_alarm - one kind of alarm of a router
 * @rec: what is told
 * @at: ktime ns when last seen
 * @told_at: ktime ns of the last event
 */
struct hak_alarm {
	struct hak_alarm_rec rec;
	u64 at;
	u64 told_at;
};

/**
 * struct hak_router - a virtual router
 * @list: in hak_net.routers
 * @by_name: in hak_net.router_names
 * @dev_list: in hak_dev.routers while bound; RTNL
 * @ref: the lists, the due list, markers under way and running timers
 * @rcu: freed after a grace period
 * @hn: namespace, outlives the router
 * @cfg: configuration; written under RTNL + cfg_mutex + @lock
 * @addrs: parallel to cfg->vips; written as @cfg
 * @routes: parallel to cfg->routes, NULL without; written as @cfg
 * @uses: parallel to cfg->uses; written as @cfg
 * @member: that it is in a group, or NULL; written under RTNL + cfg_mutex + @lock
 * @lock: protects everything below unless said otherwise; softirq safe; taken
 *	after RTNL and cfg_mutex, nothing but dirty_lock, role_lock,
 *	hak_group.lock and hak_track.lock is taken inside
 * @dead: unpublished, nothing may start any more
 * @stop_why: why it shall not run although all else is well, or NULL (removed,
 *	unloaded); a constant string
 * @hd: device, NULL while there is none; written under RTNL + @lock
 * @vmac_on: the device takes its virtual MAC; written under RTNL + @lock
 * @fdb: that on a bridge, or NULL; written under RTNL + @lock
 * @active_at: ktime ns of the last transition to Active
 * @defended_at: ktime ns when an address was last announced against a claim
 * @primary: source of our adverts, or none
 * @fsm: the machine's state
 * @fcfg: the machine's configuration: cfg with the effective priority
 * @ran_cfg: @fcfg as the machine saw it last
 * @effective: priority after tracks, 0 with a fault
 * @looked: @own_fault and @own_priority are known
 * @own_fault: it cannot run, whatever its group does
 * @own_reason: why, with @own_fault
 * @own_priority: @effective without its group
 * @lost: it left Active on its own, and its group has not seen it
 * @change: one more than the transitions so far; READ_ONCE without the lock to
 *	see that a deferred send is stale
 * @since: wall clock ns of the last transition
 * @reason: why it is in this state
 * @learned: checksum form of the peer heard last; 0 before, or when it sends both
 * @learned_at: ktime ns when @learned changed
 * @form_src: whose adverts @form_at is about
 * @form_at: ktime ns when the form HAK_CHECKSUM_PLAIN + index was heard last
 * @form: checksum form that is sent; HAK_CHECKSUM_AUTO is both, each interval
 * @list_checked: ktime ns when an address list was last compared with ours
 * @last: sender of the advert in hand
 * @last_priority: its priority
 * @active: the Active router that was accepted last
 * @active_list: its addresses
 * @lower: the last Active that was heard and not accepted
 * @lower_since: ktime ns, start of the present series of inferior adverts
 * @lower_count: adverts in it
 * @healed_at: ktime ns when addresses were last announced against a rival
 * @heal_at: ktime ns when they will be once more, 0: not planned
 * @tx_failed: sends that failed in a row
 * @tmpl: adverts, ready to be cloned, a chain with one for each destination;
 *	[form][0] with our priority, [form][1] with priority 0; form 0 is plain, 1
 *	with the pseudo-header
 * @tmpl_stale: @tmpl is not what it should be, build it anew
 * @reserve: clones of tmpl[0][0] or tmpl[1][0], the first form sent, for when there is no memory
 * @n_reserve: entries in @reserve
 * @announce_left: bursts still to be sent
 * @announce_next: address that the present burst goes on with
 * @timer: fires at fsm.deadline or at @drain_until
 * @announce_timer: next burst
 * @start: start-delay
 * @flags: bit operations, no lock
 * @due: in a due list while HAK_ROUTER_DUE
 * @drain_epoch: the epoch a drain was started for
 * @drain_until: wait no longer, ktime ns
 * @drain_pending: markers under way; no lock
 * @stats: by enum hak_router_stat
 * @drops: by enum hak_drop
 * @alarms: by enum hak_alarm_kind, NULL before the first of its kind
 * @history: the last changes, a ring once it has HAK_HISTORY_LEN entries; kmalloc'ed
 * @history_room: entries there is room for, 0 to HAK_HISTORY_LEN
 * @history_n: changes ever recorded
 */
struct hak_router {
	struct list_head list;
	struct hlist_node by_name;
	struct list_head dev_list;
	struct kref ref;
	struct rcu_head rcu;
	struct hak_net *hn;
	struct hak_router_cfg __rcu *cfg;
	struct hak_addrs __rcu *addrs;
	struct hak_vroutes __rcu *routes;
	struct hak_uses __rcu *uses;
	struct hak_member __rcu *member;

	spinlock_t lock;
	bool dead;
	const char *stop_why;
	struct hak_dev *hd;
	bool vmac_on;
	struct hak_fdb *fdb;
	u64 active_at;
	u64 defended_at;
	struct hak_ip primary;
	struct hak_fsm_state fsm;
	struct hak_fsm_cfg fcfg;
	struct hak_fsm_cfg ran_cfg;
	u8 effective;
	bool looked;
	bool own_fault;
	char own_reason[HAK_TEXT_SIZE];
	u8 own_priority;
	bool lost;
	u32 change;
	u64 since;
	char reason[HAK_TEXT_SIZE];
	enum hak_checksum learned;
	u64 learned_at;
	struct hak_ip form_src;
	u64 form_at[2];
	enum hak_checksum form;
	u64 list_checked;
	struct hak_ip last;
	u8 last_priority;
	struct hak_heard active;
	struct hak_list active_list;
	struct hak_heard lower;
	u64 lower_since;
	u32 lower_count;
	u64 healed_at;
	u64 heal_at;
	u32 tx_failed;
	struct sk_buff *tmpl[2][2];
	bool tmpl_stale;
	struct sk_buff *reserve[HAK_TX_RESERVE];
	u32 n_reserve;
	u32 announce_left;
	u32 announce_next;

	struct hrtimer timer;
	struct hrtimer announce_timer;
	struct hak_start start;
	unsigned long flags;
	struct llist_node due;
	u32 drain_epoch;
	u64 drain_until;
	atomic_t drain_pending;

	u64 stats[HAK_N_STATS];
	u64 drops[__HAK_DROP_MAX];
	struct hak_alarm *alarms[__HAK_ALARM_MAX];
	struct hak_change_rec *history;
	u32 history_room;
	u32 history_n;
};

/**
 * hak_router_new() - make a router in Initialize
 * @hn: namespace
 *
 * Context: process.
 * Return: NULL without memory.
 */
struct hak_router *hak_router_new(struct hak_net *hn);

/**
 * hak_router_put() - give back a reference
 * @r: router
 *
 * Context: any.
 */
void hak_router_put(struct hak_router *r);

/**
 * hak_router_refresh() - look at everything a router depends on, and act
 * @r: router
 *
 * Device, carrier, primary address, tracks and configuration are read anew;
 * what follows from them is given to the machine. Called after each of them
 * may have changed.
 * Context: any but hard irq; no lock held but RTNL or cfg_mutex.
 */
void hak_router_refresh(struct hak_router *r);

/**
 * hak_router_place() - let the addresses of a router know their device and what is wanted
 * @r: router
 *
 * Context: any but hard irq.
 */
void hak_router_place(struct hak_router *r);

/**
 * hak_router_announce() - announce the addresses of an Active router anew
 * @r: router
 *
 * Context: any but hard irq.
 */
void hak_router_announce(struct hak_router *r);

/**
 * hak_router_timer() - the router's timer ran out or its drain is done
 * @r: router
 *
 * Context: softirq or the late thread with BH off; RCU read side.
 */
void hak_router_timer(struct hak_router *r);

/**
 * hak_router_advert() - a valid advert of somebody else
 * @r: router
 * @adv: it
 * @mac: source of the frame or NULL
 *
 * Context: softirq, RCU read side. @adv is not used after the machine ran.
 */
void hak_router_advert(struct hak_router *r, const struct hak_vrrp_advert *adv,
		       const u8 *mac);

/**
 * hak_router_group() - the group of a router has decided
 * @r: router
 * @on: become Active; off: let go
 * @why: one sentence
 *
 * Context: BH off, RCU read side, no lock of a router, group or track held.
 */
void hak_router_group(struct hak_router *r, bool on, const char *why);

/**
 * hak_router_dropped() - an advert for this router was not taken
 * @r: router
 * @why: reason
 * @saddr: source
 * @mac: source of the frame or NULL
 *
 * Counts, and raises an alarm where it tells of a wrong peer; touches neither
 * state nor timers (rule R0).
 * Context: softirq.
 */
void hak_router_dropped(struct hak_router *r, enum hak_drop why,
			const struct hak_ip *saddr, const u8 *mac);

/**
 * hak_router_same_primary() - another host says that it has our primary address
 * @hn: namespace
 * @ifindex: device where it was heard
 * @ip: the address
 * @mac: of the sender
 *
 * Raises the alarm of the routers there that send from it; touches neither state
 * nor timers.
 * Context: softirq, RCU read side.
 */
void hak_router_same_primary(struct hak_net *hn, int ifindex,
			     const struct hak_ip *ip, const u8 *mac);

/**
 * hak_router_rival() - somebody else acts as the Active router, without adverts
 * @r: router
 * @kind: DUAL_ACTIVE: speaks with our virtual MAC; IP_CONFLICT: claims an address
 * @ip: the address claimed, or NULL
 * @mac: of the sender
 *
 * Raises the alarm; a claim is answered with an announcement, once in 10 s (RFC
 * 5227 section 2.4). Touches neither state nor timers.
 * Context: softirq, RCU read side.
 */
void hak_router_rival(struct hak_router *r, enum hak_alarm_kind kind,
		      const struct hak_ip *ip, const u8 *mac);

/**
 * hak_router_stop() - leave for good
 * @r: router, unpublished
 * @why: a constant string, the reason told
 *
 * Context: process, RTNL and cfg_mutex. Afterwards no new timer starts; those
 * that run are waited for in hak_router_cancel().
 */
void hak_router_stop(struct hak_router *r, const char *why);

/**
 * hak_router_cancel() - wait for timers and markers of a stopped router
 * @r: router
 *
 * Context: process; after a grace period since it was unpublished.
 */
void hak_router_cancel(struct hak_router *r);

/**
 * hak_router_rule() - what a router takes
 * @r: router
 * @rule: filled
 *
 * Context: softirq, RCU read side.
 */
void hak_router_rule(struct hak_router *r, struct hak_vrrp_rule *rule);

/**
 * hak_router_source() - may an advert come from there?
 * @r: router
 * @adv: the advert
 * @own_frame: the frame has our own MAC, or none is known
 *
 * Context: softirq, RCU read side.
 * Return: HAK_DROP_NONE; our own address: SELF_REFLECT, an echo of ourselves, or
 * DUPLICATE_PRIMARY, a second host with it; PEER: it is none of our peers.
 */
enum hak_drop hak_router_source(struct hak_router *r,
				const struct hak_vrrp_advert *adv, bool own_frame);

/**
 * hak_router_fill_advert() - what would be sent now to the group, in plain form
 * @r: router
 * @priority: 0-255
 * @adv: filled
 *
 * Context: r->lock held.
 */
void hak_router_fill_advert(struct hak_router *r, u8 priority,
			    struct hak_vrrp_advert *adv);

#endif /* HAK_VRRP_ROUTER_H */
