/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the VRRP half tells of its objects; read by kmod/nl to fill messages.
 */
#ifndef HAK_VRRP_INFO_H
#define HAK_VRRP_INFO_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include <linux/hak.h>

#include "../core/ip.h"

struct hak_group;
struct hak_net;
struct hak_router;
struct hak_track;
struct hak_use_cfg;

#define HAK_TEXT_SIZE	96	/* a reason, with NUL; fits HAK_REASON_SIZE */
#define HAK_RESIGNED_FOR_GOOD (~(u64)0)
#define HAK_N_STATS	(HAK_A_STAT_INTERVAL_DIFF + 1)
#define HAK_IP_TEXT	46	/* an address in text, with NUL */

/**
 * hak_text_ip() - an address as text
 * @ip: of either family
 * @buf: HAK_IP_TEXT bytes
 *
 * Return: @buf.
 */
const char *hak_text_ip(const struct hak_ip *ip, char *buf);

/**
 * struct hak_router_info - a consistent look at a router
 * @state: now
 * @since: wall clock ns of the last change of state
 * @reason: why it is in this state; "" never
 * @effective_priority: 0-255
 * @resigned: it has resigned and preempts nobody
 * @resigned_left: ns that it goes on so; HAK_RESIGNED_FOR_GOOD: until it is Active
 * @ifindex: or 0
 * @primary: source of adverts, or none
 * @mac: it announces its addresses with; zeroes without a device
 * @checksum_sent: PLAIN, PSEUDO, or AUTO for both
 * @active_known: the fields active_* are valid: an Active other than this node was heard
 * @active_ip: source of its adverts
 * @active_mac: source of its frames
 * @active_priority: 0-255
 * @active_heard: ns since its last advert
 * @active_interval: ns
 * @active_checksum: PLAIN or PSEUDO
 * @active_count: addresses in its list; 0 when they are not known
 * @active_vips: its list, of the family of @active_ip, network order
 * @stats: by enum hak_router_stat, index 0 and PAD unused
 * @drops: by enum hak_drop
 */
struct hak_router_info {
	enum hak_state state;
	u64 since;
	char reason[HAK_TEXT_SIZE];
	u8 effective_priority;
	bool resigned;
	u64 resigned_left;
	int ifindex;
	struct hak_ip primary;
	u8 mac[ETH_ALEN];
	enum hak_checksum checksum_sent;
	bool active_known;
	struct hak_ip active_ip;
	u8 active_mac[ETH_ALEN];
	u8 active_priority;
	u64 active_heard;
	u64 active_interval;
	enum hak_checksum active_checksum;
	u8 active_count;
	u8 active_vips[255 * HAK_IP6_LEN];
	u64 stats[HAK_N_STATS];
	u64 drops[__HAK_DROP_MAX];
};

/**
 * hak_vrrp_has_ipv6() - can this machine do IPv6?
 */
bool hak_vrrp_has_ipv6(void);

/**
 * hak_router_info() - a consistent look at a router
 * @r: router
 * @info: filled
 *
 * Context: any but hard irq.
 */
void hak_router_info(struct hak_router *r, struct hak_router_info *info);

/**
 * hak_router_resign() - let go now, and preempt nobody for a while
 * @hn: namespace
 * @name: of the router
 * @time: ns, 0 until it is Active again
 *
 * Context: process, cfg_mutex held.
 * Return: 0, -ENOENT, or -EBUSY for the owner of its addresses, whom everybody
 * reaches whether it is Active or not.
 */
int hak_router_resign(struct hak_net *hn, const char *name, u64 time);

/**
 * hak_router_vip_installed() - is an address of a router on its device?
 * @r: router
 * @i: number in its configuration
 *
 * Context: RCU read side.
 */
bool hak_router_vip_installed(const struct hak_router *r, u32 i);

/**
 * hak_router_route_installed() - is a route of a router in its table?
 * @r: router
 * @i: number in its configuration
 *
 * Context: RCU read side.
 */
bool hak_router_route_installed(const struct hak_router *r, u32 i);

/**
 * struct hak_use_info - what a track does to a router now
 * @state: of the track
 * @applied: added to the priority now
 */
struct hak_use_info {
	enum hak_track_state state;
	s32 applied;
};

/**
 * hak_router_use_info() - what a track does to a router now
 * @r: router
 * @i: number in its configuration
 * @info: filled
 *
 * Context: RCU read side.
 */
void hak_router_use_info(const struct hak_router *r, u32 i,
			 struct hak_use_info *info);

/**
 * struct hak_group_info - a look at a group
 * @state: that all members have, 0 while they differ and without members
 * @routers: members
 */
struct hak_group_info {
	u32 state;
	u32 routers;
};

/**
 * hak_group_info() - a look at a group
 * @g: group
 * @info: filled
 *
 * Context: any.
 */
void hak_group_info(struct hak_group *g, struct hak_group_info *info);

/**
 * hak_group_use() - what a track of a group does to its members now
 * @g: group
 * @i: number in its configuration
 * @use: filled
 * @info: filled
 *
 * Context: any but hard irq.
 * Return: false when there are not so many.
 */
bool hak_group_use(struct hak_group *g, u32 i, struct hak_use_cfg *use,
		   struct hak_use_info *info);

/**
 * struct hak_change_rec - one change of state, kept and told
 * @seq: of its event
 * @time: wall clock ns
 * @from: state
 * @to: state
 * @reason: one sentence
 */
struct hak_change_rec {
	u64 seq;
	u64 time;
	enum hak_state from;
	enum hak_state to;
	char reason[HAK_TEXT_SIZE];
};

/**
 * hak_router_history() - entry of the history of a router
 * @r: router
 * @after: seq of the entry returned before, 0 for the oldest kept
 * @rec: filled
 *
 * Return: false when there is no later one. Any context but hard irq.
 */
bool hak_router_history(struct hak_router *r, u64 after,
			struct hak_change_rec *rec);

/**
 * struct hak_alarm_rec - an alarm
 * @kind: which
 * @count: times seen since @first; 0: not raised
 * @first: wall clock ns
 * @last: wall clock ns
 * @ip: of the sender, or none
 * @mac: of the sender or zeroes
 * @text: one sentence
 */
struct hak_alarm_rec {
	enum hak_alarm_kind kind;
	u64 count;
	u64 first;
	u64 last;
	struct hak_ip ip;
	u8 mac[ETH_ALEN];
	char text[HAK_TEXT_SIZE];
};

/**
 * hak_router_alarm() - an alarm of a router as it stands
 * @r: router
 * @kind: which
 * @rec: filled
 *
 * Context: any but hard irq.
 * Return: false when it is not raised.
 */
bool hak_router_alarm(struct hak_router *r, enum hak_alarm_kind kind,
		      struct hak_alarm_rec *rec);

/**
 * struct hak_track_info - a consistent look at a track
 * @state: what it counts as now (initial, last report, or DOWN after its lease)
 * @value: with VALUE
 * @reason: of the last report, or ""
 * @reported: ns since the last report
 * @reported_known: there was one
 * @expired: the lease ran out
 * @users: routers that use it
 */
struct hak_track_info {
	enum hak_track_state state;
	s32 value;
	char reason[HAK_REASON_SIZE];
	u64 reported;
	bool reported_known;
	bool expired;
	u32 users;
};

/**
 * hak_track_info() - a consistent look at a track
 * @t: track
 * @info: filled
 *
 * Context: any but hard irq.
 */
void hak_track_info(struct hak_track *t, struct hak_track_info *info);

/**
 * hak_track_report() - somebody reports on a track
 * @hn: namespace
 * @name: of the track
 * @state: what is reported
 * @value: with VALUE, -253 to 253
 * @reason: or NULL
 *
 * Context: process, cfg_mutex held.
 * Return: 0, -ENOENT, or -EOPNOTSUPP for a track that needs no reports.
 */
int hak_track_report(struct hak_net *hn, const char *name,
		     enum hak_track_state state, s32 value, const char *reason);

#endif /* HAK_VRRP_INFO_H */
