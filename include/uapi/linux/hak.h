/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * Control interface of hak: high availability in the kernel.
 *
 * The interface is one generic netlink family. Its full description, with the
 * ranges and the meaning of each attribute, is
 * Documentation/netlink/specs/hak.yaml; this header only gives the numbers.
 *
 * Rules that hold for every command:
 *
 *  - A change (NEW, SET, DEL, TRACK_REPORT, ROUTER_RESIGN, CONFIG_APPLY) needs
 *    CAP_NET_ADMIN in the initial user namespace, or in the user namespace that
 *    owns the network namespace when the module was loaded with userns=1.
 *  - NEW, SET and DEL of one object are a batch of one; CONFIG_APPLY carries a
 *    batch of many. A batch is validated and allocated in full before anything
 *    is published; when it is refused nothing has changed.
 *  - A refusal carries an extack sentence and, where one is at fault, the
 *    offending attribute.
 *  - Dumps carry HAK_A_GENERATION; NLM_F_DUMP_INTR says that the
 *    configuration changed meanwhile and the dump has to be repeated.
 *  - A notification has the layout of the GET reply plus HAK_A_EVENT.
 *  - All integers are u32 or u64 in host order. Addresses are binary in network
 *    order, 4 bytes for IPv4 and 16 for IPv6; their length tells the family.
 *  - Numbers are never reused; the interface only grows.
 */
#ifndef _UAPI_LINUX_HAK_H
#define _UAPI_LINUX_HAK_H

#define HAK_GENL_NAME		"hak"
#define HAK_GENL_VERSION	1
#define HAK_MCGRP_VRRP		"vrrp"
#define HAK_MCGRP_LB		"lb"

/* Lengths with the terminating NUL. */
#define HAK_NAME_SIZE		32	/* name of an object: 31 characters */
#define HAK_LABEL_SIZE		16	/* address label, IFNAMSIZ */
#define HAK_REASON_SIZE		128	/* one sentence */
#define HAK_TAG_SIZE		65	/* opaque tag of a configuration */
#define HAK_AUTH_SIZE		9	/* password of version 2: 8 bytes */

#define HAK_HISTORY_LEN		32	/* changes of state kept per router */

/**
 * enum hak_cmd - commands and notifications of the family
 *
 * An object has NEW, SET, DEL, GET for requests (the reply to GET has the same
 * id) and an id of its own for notifications. Commands without an operation in
 * the loaded module are answered with -EOPNOTSUPP.
 */
enum hak_cmd {
	HAK_CMD_CONFIG_GET = 1,
	HAK_CMD_CONFIG_APPLY,
	HAK_CMD_CONFIG_NTF,
	HAK_CMD_ALARM_GET,
	HAK_CMD_ALARM_NTF,

	HAK_CMD_ROUTER_NEW = 16,
	HAK_CMD_ROUTER_SET,
	HAK_CMD_ROUTER_DEL,
	HAK_CMD_ROUTER_GET,
	HAK_CMD_ROUTER_NTF,
	HAK_CMD_ROUTER_RESIGN,
	HAK_CMD_HISTORY_GET,

	HAK_CMD_VIP_NEW = 24,
	HAK_CMD_VIP_SET,
	HAK_CMD_VIP_DEL,
	HAK_CMD_VIP_GET,
	HAK_CMD_VIP_NTF,

	HAK_CMD_GROUP_NEW = 32,
	HAK_CMD_GROUP_SET,
	HAK_CMD_GROUP_DEL,
	HAK_CMD_GROUP_GET,
	HAK_CMD_GROUP_NTF,

	HAK_CMD_TRACK_NEW = 40,
	HAK_CMD_TRACK_SET,
	HAK_CMD_TRACK_DEL,
	HAK_CMD_TRACK_GET,
	HAK_CMD_TRACK_NTF,
	HAK_CMD_TRACK_REPORT,

	HAK_CMD_ROUTE_NEW = 48,
	HAK_CMD_ROUTE_SET,
	HAK_CMD_ROUTE_DEL,
	HAK_CMD_ROUTE_GET,
	HAK_CMD_ROUTE_NTF,

	HAK_CMD_POOL_NEW = 56,
	HAK_CMD_POOL_SET,
	HAK_CMD_POOL_DEL,
	HAK_CMD_POOL_GET,
	HAK_CMD_POOL_NTF,

	HAK_CMD_SERVER_NEW = 64,
	HAK_CMD_SERVER_SET,
	HAK_CMD_SERVER_DEL,
	HAK_CMD_SERVER_GET,
	HAK_CMD_SERVER_NTF,
	HAK_CMD_SERVER_REPORT,

	HAK_CMD_SERVICE_NEW = 72,
	HAK_CMD_SERVICE_SET,
	HAK_CMD_SERVICE_DEL,
	HAK_CMD_SERVICE_GET,
	HAK_CMD_SERVICE_NTF,

	HAK_CMD_CONN_GET = 80,
	HAK_CMD_CONN_DEL,
	HAK_CMD_CONN_NTF,

	HAK_CMD_LB_SET = 88,
	HAK_CMD_LB_GET,
	HAK_CMD_LB_NTF,

	HAK_CMD_SYNC_NEW = 96,
	HAK_CMD_SYNC_SET,
	HAK_CMD_SYNC_DEL,
	HAK_CMD_SYNC_GET,
	HAK_CMD_SYNC_NTF,

	__HAK_CMD_MAX
};
#define HAK_CMD_MAX (__HAK_CMD_MAX - 1)

/**
 * enum hak_attr - attributes at the top level of a message
 * @HAK_A_PAD: padding of 64-bit values
 * @HAK_A_GENERATION: u32, of the configuration; in every reply and dump
 * @HAK_A_EVENT: nest of &enum hak_event_attr, in notifications
 * @HAK_A_OP: nest of &enum hak_op_attr, repeated; the batch of CONFIG_APPLY, applied in order
 * @HAK_A_TAG: string, opaque to the kernel, stored with the configuration by
 *	CONFIG_APPLY and returned by CONFIG_GET; every other change clears nothing
 * @HAK_A_EXPECT_GENERATION: u32; CONFIG_APPLY is refused with -EAGAIN unless
 *	the configuration still has this generation
 * @HAK_A_CONFIG_TIME: u64, wall clock in ns since 1970 of the last CONFIG_APPLY with a tag
 * @HAK_A_VERSION: string, version of the module
 * @HAK_A_ROUTER: nest of &enum hak_router_attr
 * @HAK_A_VIP: nest of &enum hak_vip_attr
 * @HAK_A_TRACK: nest of &enum hak_track_attr
 * @HAK_A_HISTORY: nest of &enum hak_history_attr, repeated, oldest first
 * @HAK_A_ALARM: nest of &enum hak_alarm_attr
 * @HAK_A_GROUP: nest of &enum hak_group_attr
 * @HAK_A_ROUTE: nest of &enum hak_route_attr
 * @HAK_A_POOL: nest of &enum hak_pool_attr
 * @HAK_A_SERVER: nest of &enum hak_server_attr
 * @HAK_A_SERVICE: nest of &enum hak_service_attr
 * @HAK_A_CONN: nest of &enum hak_conn_attr
 * @HAK_A_LB: nest of &enum hak_lb_attr
 * @HAK_A_SYNC: nest
 */
enum hak_attr {
	HAK_A_PAD = 1,
	HAK_A_GENERATION,
	HAK_A_EVENT,
	HAK_A_OP,
	HAK_A_TAG,
	HAK_A_EXPECT_GENERATION,
	HAK_A_CONFIG_TIME,
	HAK_A_VERSION,
	HAK_A_ROUTER,
	HAK_A_VIP,
	HAK_A_TRACK,
	HAK_A_HISTORY,
	HAK_A_ALARM,
	HAK_A_GROUP,
	HAK_A_ROUTE,
	HAK_A_POOL,
	HAK_A_SERVER,
	HAK_A_SERVICE,
	HAK_A_CONN,
	HAK_A_LB,
	HAK_A_SYNC,

	__HAK_A_MAX
};
#define HAK_A_MAX (__HAK_A_MAX - 1)

/**
 * enum hak_op_attr - one operation of a batch
 * @HAK_A_OP_CMD: u32, HAK_CMD_<object>_{NEW,SET,DEL}
 * @HAK_A_OP_ROUTER: nest of &enum hak_router_attr, as HAK_A_ROUTER of that command
 * @HAK_A_OP_VIP: nest of &enum hak_vip_attr
 * @HAK_A_OP_TRACK: nest of &enum hak_track_attr
 * @HAK_A_OP_POOL: nest of &enum hak_pool_attr
 * @HAK_A_OP_SERVER: nest of &enum hak_server_attr
 * @HAK_A_OP_SERVICE: nest of &enum hak_service_attr
 * @HAK_A_OP_LB: nest of &enum hak_lb_attr
 * @HAK_A_OP_GROUP: nest of &enum hak_group_attr
 * @HAK_A_OP_ROUTE: nest of &enum hak_route_attr
 */
enum hak_op_attr {
	HAK_A_OP_CMD = 1,
	HAK_A_OP_ROUTER,
	HAK_A_OP_VIP,
	HAK_A_OP_TRACK,
	HAK_A_OP_POOL,
	HAK_A_OP_SERVER,
	HAK_A_OP_SERVICE,
	HAK_A_OP_LB,
	HAK_A_OP_GROUP,
	HAK_A_OP_ROUTE,

	__HAK_A_OP_MAX
};
#define HAK_A_OP_MAX (__HAK_A_OP_MAX - 1)

/**
 * enum hak_event_attr - what happened
 * @HAK_A_EVENT_SEQ: u64, grows by one for each event of the namespace; two that
 *	happen at once on two CPUs may arrive in either order
 * @HAK_A_EVENT_TIME: u64, wall clock in ns since 1970
 * @HAK_A_EVENT_FROM: u32, &enum hak_state, changes of state only
 * @HAK_A_EVENT_TO: u32, &enum hak_state, changes of state only
 * @HAK_A_EVENT_REASON: string, one sentence
 */
enum hak_event_attr {
	HAK_A_EVENT_PAD = 1,
	HAK_A_EVENT_SEQ,
	HAK_A_EVENT_TIME,
	HAK_A_EVENT_FROM,
	HAK_A_EVENT_TO,
	HAK_A_EVENT_REASON,

	__HAK_A_EVENT_MAX
};
#define HAK_A_EVENT_MAX (__HAK_A_EVENT_MAX - 1)

/** enum hak_state - state of a virtual router, RFC 9568 section 6.4 */
enum hak_state {
	HAK_STATE_INITIALIZE = 1,
	HAK_STATE_BACKUP,
	HAK_STATE_ACTIVE,

	__HAK_STATE_MAX
};
#define HAK_STATE_MAX (__HAK_STATE_MAX - 1)

/** enum hak_accept - who takes packets to the addresses of a router */
enum hak_accept {
	HAK_ACCEPT_ON = 1,	/* while Active */
	HAK_ACCEPT_OFF,		/* nobody but an owner; RFC 9568 Accept_Mode False */
	HAK_ACCEPT_ALWAYS,	/* also in Backup, where nothing answers for them */

	__HAK_ACCEPT_MAX
};
#define HAK_ACCEPT_MAX (__HAK_ACCEPT_MAX - 1)

/** enum hak_checksum - checksum form of IPv4 VRRPv3, RFC 9568 section 5.2.8 */
enum hak_checksum {
	HAK_CHECKSUM_AUTO = 1,	/* both until a peer is heard, then the peer's */
	HAK_CHECKSUM_PLAIN,	/* over the message only, RFC 9568 */
	HAK_CHECKSUM_PSEUDO,	/* with the pseudo-header, as keepalived and FRR send it */

	__HAK_CHECKSUM_MAX
};
#define HAK_CHECKSUM_MAX (__HAK_CHECKSUM_MAX - 1)

#define HAK_ROUTER_F_AUTO	(1 << 0)	/* made by its first address, goes with the last */
#define HAK_ROUTER_F_ALL	HAK_ROUTER_F_AUTO

/**
 * enum hak_router_attr - a virtual router
 *
 * Words of the configuration come first, then what only the kernel tells.
 * Times are in nanoseconds.
 *
 * @HAK_A_ROUTER_NAME: string
 * @HAK_A_ROUTER_DEV: string, name of the device; it need not exist yet
 * @HAK_A_ROUTER_VRID: u32, 1-255
 * @HAK_A_ROUTER_FAMILY: u32, AF_INET or AF_INET6
 * @HAK_A_ROUTER_VERSION: u32, 2 or 3, default 3
 * @HAK_A_ROUTER_PRIORITY: u32, 1-255, default 100; 255 is the owner of the addresses
 * @HAK_A_ROUTER_INTERVAL: u64 ns, whole centiseconds, 10 ms to 40.95 s, default 1 s
 * @HAK_A_ROUTER_PREEMPT: u32, 0 or 1, default 1
 * @HAK_A_ROUTER_DOWN_ADVERTS: u32, 1-100, adverts missed before takeover, default 3
 * @HAK_A_ROUTER_ENABLE: u32, 0 or 1, default 1
 * @HAK_A_ROUTER_ACCEPT: u32, &enum hak_accept
 * @HAK_A_ROUTER_CHECKSUM: u32, &enum hak_checksum
 * @HAK_A_ROUTER_ANNOUNCE: u32, 0-100, gratuitous ARPs per address on takeover, default 4
 * @HAK_A_ROUTER_ANNOUNCE_INTERVAL: u64 ns between them, 10 ms to 60 s, default 500 ms
 * @HAK_A_ROUTER_TRACKS: nest of HAK_A_ROUTER_TRACK; replaces the list; empty: none
 * @HAK_A_ROUTER_TRACK: nest of &enum hak_router_track_attr, only in HAK_A_ROUTER_TRACKS
 * @HAK_A_ROUTER_PREEMPT_DELAY: u64 ns, 0 to 1 day, a lower Active is heard this
 *	long before it is preempted; default 0
 * @HAK_A_ROUTER_START_DELAY: u64 ns, 0 to 1 day, the device is up, with carrier
 *	and forwarding as a port of a bridge, this long before the router starts;
 *	default 0
 * @HAK_A_ROUTER_VMAC: u32, 0 or 1, adverts and addresses carry the virtual MAC
 *	00:00:5e:00:01:VRID (IPv6 00:00:5e:00:02:VRID); default 0
 * @HAK_A_ROUTER_SOURCE: binary address adverts are sent from; empty: the first
 *	of the device (IPv6: its link-local one)
 * @HAK_A_ROUTER_PEERS: nest of HAK_A_ROUTER_PEER; replaces the list; empty:
 *	multicast
 * @HAK_A_ROUTER_PEER: binary address; adverts go there one by one, and are taken
 *	from there only
 * @HAK_A_ROUTER_MIN_TTL: u32, 1-255, default 255; below that, with peers only
 * @HAK_A_ROUTER_AUTH_PASS: string, 1-8 bytes, version 2 only; empty: none. In
 *	replies to callers that may change the configuration only
 * @HAK_A_ROUTER_ANNOUNCE_REFRESH: u64 ns, 1 s to 1 day, an Active announces its
 *	addresses anew; default 0, never
 * @HAK_A_ROUTER_GROUP: string, sync group; empty: none
 * @HAK_A_ROUTER_RESIGN_FOR: u64 ns, ROUTER_RESIGN only; 0 or absent: until
 *	it is Active again
 * @HAK_A_ROUTER_FLAGS: u32, HAK_ROUTER_F_*
 * @HAK_A_ROUTER_STATE: u32, &enum hak_state
 * @HAK_A_ROUTER_SINCE: u64, wall clock in ns since 1970 of the last change of state
 * @HAK_A_ROUTER_REASON: string, why it is in this state
 * @HAK_A_ROUTER_EFFECTIVE_PRIORITY: u32, 0-255 after tracks; 0 while a track without weight is down
 * @HAK_A_ROUTER_IFINDEX: u32, 0 while there is no such device
 * @HAK_A_ROUTER_PRIMARY: binary address adverts are sent from; absent without one
 * @HAK_A_ROUTER_CHECKSUM_SENT: u32, &enum hak_checksum, form sent now; AUTO: both
 * @HAK_A_ROUTER_ACTIVE: nest of &enum hak_active_attr, the Active router heard
 * @HAK_A_ROUTER_STATS: nest of &enum hak_router_stat
 * @HAK_A_ROUTER_VIPS: nest of HAK_A_ROUTER_VIP, GET replies, in configured order
 * @HAK_A_ROUTER_VIP: nest of &enum hak_vip_attr
 * @HAK_A_ROUTER_RESIGNED: u64 ns that it goes on preempting nobody, all bits set:
 *	until it is Active again; absent unless it has resigned
 * @HAK_A_ROUTER_MAC: binary, 6 bytes, what it announces its addresses with when
 *	Active; absent without a device
 */
enum hak_router_attr {
	HAK_A_ROUTER_PAD = 1,
	HAK_A_ROUTER_NAME,
	HAK_A_ROUTER_DEV,
	HAK_A_ROUTER_VRID,
	HAK_A_ROUTER_FAMILY,
	HAK_A_ROUTER_VERSION,
	HAK_A_ROUTER_PRIORITY,
	HAK_A_ROUTER_INTERVAL,
	HAK_A_ROUTER_PREEMPT,
	HAK_A_ROUTER_DOWN_ADVERTS,
	HAK_A_ROUTER_ENABLE,
	HAK_A_ROUTER_ACCEPT,
	HAK_A_ROUTER_CHECKSUM,
	HAK_A_ROUTER_ANNOUNCE,
	HAK_A_ROUTER_ANNOUNCE_INTERVAL,
	HAK_A_ROUTER_TRACKS,
	HAK_A_ROUTER_TRACK,
	HAK_A_ROUTER_PREEMPT_DELAY,
	HAK_A_ROUTER_START_DELAY,
	HAK_A_ROUTER_VMAC,
	HAK_A_ROUTER_SOURCE,
	HAK_A_ROUTER_PEERS,
	HAK_A_ROUTER_PEER,
	HAK_A_ROUTER_MIN_TTL,
	HAK_A_ROUTER_AUTH_PASS,
	HAK_A_ROUTER_ANNOUNCE_REFRESH,
	HAK_A_ROUTER_GROUP,
	HAK_A_ROUTER_RESIGN_FOR,
	HAK_A_ROUTER_FLAGS,

	HAK_A_ROUTER_STATE,
	HAK_A_ROUTER_SINCE,
	HAK_A_ROUTER_REASON,
	HAK_A_ROUTER_EFFECTIVE_PRIORITY,
	HAK_A_ROUTER_IFINDEX,
	HAK_A_ROUTER_PRIMARY,
	HAK_A_ROUTER_CHECKSUM_SENT,
	HAK_A_ROUTER_ACTIVE,
	HAK_A_ROUTER_STATS,
	HAK_A_ROUTER_VIPS,
	HAK_A_ROUTER_VIP,
	HAK_A_ROUTER_RESIGNED,
	HAK_A_ROUTER_MAC,

	__HAK_A_ROUTER_MAX
};
#define HAK_A_ROUTER_MAX (__HAK_A_ROUTER_MAX - 1)

/**
 * enum hak_router_track_attr - a track of a router and, in replies, what it does
 * @HAK_A_ROUTER_TRACK_NAME: string
 * @HAK_A_ROUTER_TRACK_WEIGHT: s32 in a u32, -253 to 253; absent: down means let go
 * @HAK_A_ROUTER_TRACK_STATE: u32, &enum hak_track_state
 * @HAK_A_ROUTER_TRACK_APPLIED: s32 in a u32, what it adds to the priority now
 */
enum hak_router_track_attr {
	HAK_A_ROUTER_TRACK_NAME = 1,
	HAK_A_ROUTER_TRACK_WEIGHT,
	HAK_A_ROUTER_TRACK_STATE,
	HAK_A_ROUTER_TRACK_APPLIED,

	__HAK_A_ROUTER_TRACK_MAX
};
#define HAK_A_ROUTER_TRACK_MAX (__HAK_A_ROUTER_TRACK_MAX - 1)

/**
 * enum hak_active_attr - the Active router that was heard last
 * @HAK_A_ACTIVE_ADDRESS: binary address, source of its adverts
 * @HAK_A_ACTIVE_MAC: binary, 6 bytes, source of its frames
 * @HAK_A_ACTIVE_PRIORITY: u32, 0-255
 * @HAK_A_ACTIVE_HEARD: u64 ns since its last advert
 * @HAK_A_ACTIVE_INTERVAL: u64 ns, its Max Advertise Interval
 * @HAK_A_ACTIVE_CHECKSUM: u32, &enum hak_checksum, PLAIN or PSEUDO
 * @HAK_A_ACTIVE_VIP: binary address, repeated, what it advertises
 */
enum hak_active_attr {
	HAK_A_ACTIVE_PAD = 1,
	HAK_A_ACTIVE_ADDRESS,
	HAK_A_ACTIVE_MAC,
	HAK_A_ACTIVE_PRIORITY,
	HAK_A_ACTIVE_HEARD,
	HAK_A_ACTIVE_INTERVAL,
	HAK_A_ACTIVE_CHECKSUM,
	HAK_A_ACTIVE_VIP,

	__HAK_A_ACTIVE_MAX
};
#define HAK_A_ACTIVE_MAX (__HAK_A_ACTIVE_MAX - 1)

/**
 * enum hak_drop - why an advert was not taken; one counter each
 *
 * Names follow RFC 8347 where it has one. A dropped advert changes no state and
 * no timer of a router. The number of reason R is sent in the attribute
 * HAK_A_STAT_DROP_BASE + R of the statistics nest.
 */
enum hak_drop {
	HAK_DROP_NONE = 0,
	HAK_DROP_PACKET_LENGTH,		/* short, fragment, or total length wrong */
	HAK_DROP_IP_TTL,		/* TTL or hop limit is below min-ttl (255) */
	HAK_DROP_VERSION,		/* not the router's version */
	HAK_DROP_INVALID_TYPE,		/* type is not 1 */
	HAK_DROP_ADDRESS_LIST,		/* count 0, or more addresses than bytes */
	HAK_DROP_CHECKSUM,
	HAK_DROP_VRID,			/* no such router here */
	HAK_DROP_INTERVAL,		/* Max Advertise Interval 0; version 2: not ours */
	HAK_DROP_SOURCE,		/* unspecified, multicast, broadcast, loopback; IPv6: not link-local */
	HAK_DROP_DESTINATION,		/* not 224.0.0.18 or ff02::12 */
	HAK_DROP_SELF_REFLECT,		/* our own advert came back */
	HAK_DROP_DUPLICATE_PRIMARY,	/* another host's advert with our source address */
	HAK_DROP_AUTH,			/* VRRPv2 authentication type or data */
	HAK_DROP_CARP,			/* a CARP packet */
	HAK_DROP_NOT_RUNNING,		/* the router is in Initialize */
	HAK_DROP_PEER,			/* unicast, and not from one of our peers, or multicast with peers */

	__HAK_DROP_MAX
};
#define HAK_DROP_MAX (__HAK_DROP_MAX - 1)

/**
 * enum hak_router_stat - counters of a router, all u64 (HAK_A_ROUTER_STATS)
 * @HAK_A_STAT_RX: adverts taken
 * @HAK_A_STAT_RX_ZERO: of these, with priority 0
 * @HAK_A_STAT_RX_LOWER: of these, less than ours and answered or ignored
 * @HAK_A_STAT_TX: adverts sent
 * @HAK_A_STAT_TX_ZERO: of these, with priority 0
 * @HAK_A_STAT_TX_ERROR: adverts that could not be handed to the device
 * @HAK_A_STAT_TX_LATE_MAX: ns, the largest delay of a periodic advert
 * @HAK_A_STAT_ANNOUNCE: gratuitous ARPs and unsolicited NAs sent
 * @HAK_A_STAT_TO_INITIALIZE: transitions
 * @HAK_A_STAT_TO_BACKUP: transitions
 * @HAK_A_STAT_TO_ACTIVE: transitions
 * @HAK_A_STAT_VIP_RESTORED: addresses removed by somebody else and put back
 * @HAK_A_STAT_ADDRESS_DIFF: adverts taken whose address list is not ours
 * @HAK_A_STAT_INTERVAL_DIFF: adverts taken whose interval is not ours
 * @HAK_A_STAT_DROP_BASE: start of the counters of &enum hak_drop
 */
enum hak_router_stat {
	HAK_A_STAT_PAD = 1,
	HAK_A_STAT_RX,
	HAK_A_STAT_RX_ZERO,
	HAK_A_STAT_RX_LOWER,
	HAK_A_STAT_TX,
	HAK_A_STAT_TX_ZERO,
	HAK_A_STAT_TX_ERROR,
	HAK_A_STAT_TX_LATE_MAX,
	HAK_A_STAT_ANNOUNCE,
	HAK_A_STAT_TO_INITIALIZE,
	HAK_A_STAT_TO_BACKUP,
	HAK_A_STAT_TO_ACTIVE,
	HAK_A_STAT_VIP_RESTORED,
	HAK_A_STAT_ADDRESS_DIFF,
	HAK_A_STAT_INTERVAL_DIFF,

	HAK_A_STAT_DROP_BASE = 64,
	__HAK_A_STAT_MAX = HAK_A_STAT_DROP_BASE + __HAK_DROP_MAX
};
#define HAK_A_STAT_MAX (__HAK_A_STAT_MAX - 1)

/**
 * enum hak_vip_attr - an address of a router
 * @HAK_A_VIP_ADDRESS: binary address
 * @HAK_A_VIP_PREFIX_LEN: u32, 0-32 or 0-128; default one host
 * @HAK_A_VIP_ROUTER: string, name of its router. Either this, or DEV and VRID
 * @HAK_A_VIP_DEV: string, with ROUTER: another device to put the address on;
 *	without: the device of the router
 * @HAK_A_VIP_VRID: u32, finds or makes the router on DEV
 * @HAK_A_VIP_LABEL: string, label of the address
 * @HAK_A_VIP_ADVERT: u32, 0 or 1, is it in the adverts; default 1
 * @HAK_A_VIP_INSTALLED: u32, 0 or 1, replies only
 */
enum hak_vip_attr {
	HAK_A_VIP_ADDRESS = 1,
	HAK_A_VIP_PREFIX_LEN,
	HAK_A_VIP_ROUTER,
	HAK_A_VIP_DEV,
	HAK_A_VIP_VRID,
	HAK_A_VIP_LABEL,
	HAK_A_VIP_ADVERT,
	HAK_A_VIP_INSTALLED,

	__HAK_A_VIP_MAX
};
#define HAK_A_VIP_MAX (__HAK_A_VIP_MAX - 1)

/** enum hak_track_kind - what a track looks at */
enum hak_track_kind {
	HAK_TRACK_REPORT = 1,	/* somebody reports it */
	HAK_TRACK_DEV,		/* a device */
	HAK_TRACK_ROUTE,	/* a route */
	HAK_TRACK_POOL,		/* the quorum of a pool */

	__HAK_TRACK_KIND_MAX
};
#define HAK_TRACK_KIND_MAX (__HAK_TRACK_KIND_MAX - 1)

/** enum hak_track_state - what a track says */
enum hak_track_state {
	HAK_TRACK_DOWN = 1,
	HAK_TRACK_UP,
	HAK_TRACK_VALUE,	/* a number that is itself the weight */

	__HAK_TRACK_STATE_MAX
};
#define HAK_TRACK_STATE_MAX (__HAK_TRACK_STATE_MAX - 1)

#define HAK_TRACK_F_CHECK	(1 << 0)	/* made for a check of hakcheck, not by a `track add` line */
#define HAK_TRACK_F_ALL		HAK_TRACK_F_CHECK

/**
 * enum hak_track_attr - a track
 * @HAK_A_TRACK_NAME: string
 * @HAK_A_TRACK_KIND: u32, &enum hak_track_kind
 * @HAK_A_TRACK_LEASE: u64 ns, 0 none, 100 ms to 1 day; a report older than this counts as down
 * @HAK_A_TRACK_INITIAL: u32, DOWN (default) or UP, until the first report
 * @HAK_A_TRACK_FLAGS: u32, HAK_TRACK_F_*
 * @HAK_A_TRACK_STATE: u32, &enum hak_track_state; TRACK_REPORT and replies
 * @HAK_A_TRACK_VALUE: s32 in a u32, -253 to 253, with state VALUE
 * @HAK_A_TRACK_REASON: string; TRACK_REPORT and replies
 * @HAK_A_TRACK_REPORTED: u64 ns since the last report; absent before the first
 * @HAK_A_TRACK_EXPIRED: u32, 1 when the lease ran out
 * @HAK_A_TRACK_USERS: u32, routers and groups that name it
 * @HAK_A_TRACK_DEV: string, kind DEV: up while the device is there, up and has
 *	carrier. Kind ROUTE: the route has to lead there
 * @HAK_A_TRACK_PREFIX: binary address, kind ROUTE: up while there is a route to
 *	exactly this prefix
 * @HAK_A_TRACK_PREFIX_LEN: u32, kind ROUTE; default one host
 * @HAK_A_TRACK_TABLE: u32, kind ROUTE; default 254, main
 * @HAK_A_TRACK_POOL: string, kind POOL: up while as many servers as its quorum
 *	take new connections
 */
enum hak_track_attr {
	HAK_A_TRACK_PAD = 1,
	HAK_A_TRACK_NAME,
	HAK_A_TRACK_KIND,
	HAK_A_TRACK_LEASE,
	HAK_A_TRACK_INITIAL,
	HAK_A_TRACK_FLAGS,
	HAK_A_TRACK_STATE,
	HAK_A_TRACK_VALUE,
	HAK_A_TRACK_REASON,
	HAK_A_TRACK_REPORTED,
	HAK_A_TRACK_EXPIRED,
	HAK_A_TRACK_USERS,
	HAK_A_TRACK_DEV,
	HAK_A_TRACK_PREFIX,
	HAK_A_TRACK_PREFIX_LEN,
	HAK_A_TRACK_TABLE,
	HAK_A_TRACK_POOL,

	__HAK_A_TRACK_MAX
};
#define HAK_A_TRACK_MAX (__HAK_A_TRACK_MAX - 1)

/**
 * enum hak_group_attr - a sync group: all its routers are Active, or none
 * @HAK_A_GROUP_NAME: string
 * @HAK_A_GROUP_TRACKS: nest of HAK_A_GROUP_TRACK; replaces the list; empty: none
 * @HAK_A_GROUP_TRACK: nest of &enum hak_router_track_attr; it counts for each member
 * @HAK_A_GROUP_STATE: u32, &enum hak_state that all members have; absent while
 *	they differ and without members; replies
 * @HAK_A_GROUP_ROUTERS: u32, how many routers name it; replies
 */
enum hak_group_attr {
	HAK_A_GROUP_NAME = 1,
	HAK_A_GROUP_TRACKS,
	HAK_A_GROUP_TRACK,

	HAK_A_GROUP_STATE,
	HAK_A_GROUP_ROUTERS,

	__HAK_A_GROUP_MAX
};
#define HAK_A_GROUP_MAX (__HAK_A_GROUP_MAX - 1)

/**
 * enum hak_route_attr - a route that exists while its router is Active
 *
 * Its prefix, router, table and metric name it.
 *
 * @HAK_A_ROUTE_PREFIX: binary address
 * @HAK_A_ROUTE_PREFIX_LEN: u32, 0-32 or 0-128; default one host
 * @HAK_A_ROUTE_ROUTER: string
 * @HAK_A_ROUTE_VIA: binary address of the gateway; empty or absent: none
 * @HAK_A_ROUTE_DEV: string; default the device of the router, with VIA whatever leads there
 * @HAK_A_ROUTE_SRC: binary address, preferred source; empty or absent: none
 * @HAK_A_ROUTE_TABLE: u32; default 254, main
 * @HAK_A_ROUTE_METRIC: u32; default 0
 * @HAK_A_ROUTE_INSTALLED: u32, 0 or 1, replies only
 */
enum hak_route_attr {
	HAK_A_ROUTE_PREFIX = 1,
	HAK_A_ROUTE_PREFIX_LEN,
	HAK_A_ROUTE_ROUTER,
	HAK_A_ROUTE_VIA,
	HAK_A_ROUTE_DEV,
	HAK_A_ROUTE_SRC,
	HAK_A_ROUTE_TABLE,
	HAK_A_ROUTE_METRIC,

	HAK_A_ROUTE_INSTALLED,

	__HAK_A_ROUTE_MAX
};
#define HAK_A_ROUTE_MAX (__HAK_A_ROUTE_MAX - 1)

/**
 * enum hak_history_attr - one change of state
 * @HAK_A_HISTORY_ROUTER: string
 * @HAK_A_HISTORY_SEQ: u64, of the event
 * @HAK_A_HISTORY_TIME: u64, wall clock in ns since 1970
 * @HAK_A_HISTORY_FROM: u32, &enum hak_state
 * @HAK_A_HISTORY_TO: u32, &enum hak_state
 * @HAK_A_HISTORY_REASON: string
 */
enum hak_history_attr {
	HAK_A_HISTORY_PAD = 1,
	HAK_A_HISTORY_ROUTER,
	HAK_A_HISTORY_SEQ,
	HAK_A_HISTORY_TIME,
	HAK_A_HISTORY_FROM,
	HAK_A_HISTORY_TO,
	HAK_A_HISTORY_REASON,

	__HAK_A_HISTORY_MAX
};
#define HAK_A_HISTORY_MAX (__HAK_A_HISTORY_MAX - 1)

/** enum hak_scheduler - how a pool picks a server for a new connection */
enum hak_scheduler {
	HAK_SCHED_WRR = 1,	/* in turn, as often as the weight says */
	HAK_SCHED_RR,		/* in turn */
	HAK_SCHED_MH,		/* Maglev: by a hash of the client, the same on every node */
	HAK_SCHED_WLC,		/* the fewest connections for its weight */
	HAK_SCHED_LC,		/* the fewest connections */
	HAK_SCHED_SED,		/* the fewest active for its weight, with this one */
	HAK_SCHED_NQ,		/* one without active connections, or as SED */
	HAK_SCHED_FO,		/* the greatest weight */
	HAK_SCHED_OVF,		/* the greatest weight until it has as many active */
	HAK_SCHED_SH,		/* by a hash of the client's address */
	HAK_SCHED_DH,		/* by a hash of the address that was asked for */
	HAK_SCHED_TWOS,		/* of two at random the one with fewer for its weight */
	HAK_SCHED_RANDOM,	/* at random, as often as the weight says */

	__HAK_SCHED_MAX
};
#define HAK_SCHED_MAX (__HAK_SCHED_MAX - 1)

/** enum hak_method - how packets reach a server */
enum hak_method {
	HAK_METHOD_NAT = 1,	/* destination rewritten; replies pass here */
	HAK_METHOD_FNAT,	/* the source, too: replies come here by themselves */
	HAK_METHOD_DR,
	HAK_METHOD_IPIP,
	HAK_METHOD_GRE,
	HAK_METHOD_GUE,

	__HAK_METHOD_MAX
};
#define HAK_METHOD_MAX (__HAK_METHOD_MAX - 1)

/** enum hak_on_down - what becomes of the connections of a server that is reported down */
enum hak_on_down {
	HAK_ON_DOWN_WAIT = 1,	/* they go on, if they can */
	HAK_ON_DOWN_RESET,	/* they end */
	HAK_ON_DOWN_REROUTE,	/* what can begin anew with another server does: UDP */

	__HAK_ON_DOWN_MAX
};
#define HAK_ON_DOWN_MAX (__HAK_ON_DOWN_MAX - 1)

/** enum hak_server_state - what the operator wants of a server */
enum hak_server_state {
	HAK_SERVER_UP = 1,
	HAK_SERVER_DRAIN,	/* no new connections; those it has go on */
	HAK_SERVER_DOWN,	/* the same, and its connections end */

	__HAK_SERVER_STATE_MAX
};
#define HAK_SERVER_STATE_MAX (__HAK_SERVER_STATE_MAX - 1)

/** enum hak_conn_state - state of a connection */
enum hak_conn_state {
	HAK_CONN_NONE = 1,	/* no state is kept: UDP */
	HAK_CONN_SYN_SENT,	/* the client's SYN was seen */
	HAK_CONN_SYN_RECV,	/* and the server's */
	HAK_CONN_ESTABLISHED,
	HAK_CONN_FIN_WAIT,	/* one side has closed */
	HAK_CONN_CLOSING,	/* both have */
	HAK_CONN_TIME_WAIT,
	HAK_CONN_CLOSE,		/* reset */

	__HAK_CONN_STATE_MAX
};
#define HAK_CONN_STATE_MAX (__HAK_CONN_STATE_MAX - 1)

/**
 * enum hak_lb_stat - counters of a server or a service, all u64
 * @HAK_A_LB_STAT_CONNS: connections made
 * @HAK_A_LB_STAT_PACKETS_IN: from clients
 * @HAK_A_LB_STAT_BYTES_IN: of IP, from clients
 * @HAK_A_LB_STAT_PACKETS_OUT: to clients
 * @HAK_A_LB_STAT_BYTES_OUT: of IP, to clients
 */
enum hak_lb_stat {
	HAK_A_LB_STAT_PAD = 1,
	HAK_A_LB_STAT_CONNS,
	HAK_A_LB_STAT_PACKETS_IN,
	HAK_A_LB_STAT_BYTES_IN,
	HAK_A_LB_STAT_PACKETS_OUT,
	HAK_A_LB_STAT_BYTES_OUT,

	__HAK_A_LB_STAT_MAX
};
#define HAK_A_LB_STAT_MAX (__HAK_A_LB_STAT_MAX - 1)

/**
 * enum hak_pool_attr - a pool of servers
 * @HAK_A_POOL_NAME: string
 * @HAK_A_POOL_SCHEDULER: u32, &enum hak_scheduler
 * @HAK_A_POOL_METHOD: u32, &enum hak_method
 * @HAK_A_POOL_HASH_SIZE: u32, entries of the table of mh, a prime, default 65537
 * @HAK_A_POOL_HASH_PORT: u32, 0 or 1, mh looks at the client's port too
 * @HAK_A_POOL_QUORUM: u32, servers that must be up, 1-65535, default 1
 * @HAK_A_POOL_CHECKS: nest of HAK_A_POOL_CHECK; replaces the list; empty: none
 * @HAK_A_POOL_CHECK: string, name of a check that hakcheck runs for each of its servers
 * @HAK_A_POOL_SERVERS: u32, how many it has; replies
 * @HAK_A_POOL_UP: u32, of these, how many take new connections; replies
 * @HAK_A_POOL_USERS: u32, services that name it; replies
 * @HAK_A_POOL_PASSIVE: u32, 0 or 1, servers that do not take connections are noticed;
 *	default 1
 * @HAK_A_POOL_BACKUP: string, the pool that stands in while no server of this one can
 *	take a connection; empty: none
 * @HAK_A_POOL_ON_DOWN: u32, &enum hak_on_down, default wait
 * @HAK_A_POOL_PERSIST: u64 ns, 1 s to 7 days, a client comes back to its server for so
 *	long after its last new connection; 0: it does not; default 0
 * @HAK_A_POOL_PERSIST_PREFIX_LEN: u32, 1-128, bits of the address that make a client;
 *	default 128, all it has
 * @HAK_A_POOL_SOURCE: an address, or two: the first and the last, up to 65536 of one
 *	family, that method fnat comes to the servers with; empty, the default: that of
 *	this host
 */
enum hak_pool_attr {
	HAK_A_POOL_NAME = 1,
	HAK_A_POOL_SCHEDULER,
	HAK_A_POOL_METHOD,
	HAK_A_POOL_HASH_SIZE,
	HAK_A_POOL_HASH_PORT,
	HAK_A_POOL_QUORUM,
	HAK_A_POOL_CHECKS,
	HAK_A_POOL_CHECK,

	HAK_A_POOL_SERVERS,
	HAK_A_POOL_UP,
	HAK_A_POOL_USERS,

	HAK_A_POOL_PASSIVE,
	HAK_A_POOL_BACKUP,
	HAK_A_POOL_ON_DOWN,
	HAK_A_POOL_PERSIST,
	HAK_A_POOL_PERSIST_PREFIX_LEN,
	HAK_A_POOL_PAD,
	HAK_A_POOL_SOURCE,

	__HAK_A_POOL_MAX
};
#define HAK_A_POOL_MAX (__HAK_A_POOL_MAX - 1)

/**
 * enum hak_server_attr - a server of a pool
 *
 * Its pool, address and port name it.
 *
 * @HAK_A_SERVER_POOL: string
 * @HAK_A_SERVER_ADDRESS: binary address
 * @HAK_A_SERVER_PORT: u32, 0: the port of the service; default 0
 * @HAK_A_SERVER_WEIGHT: u32, 0-65535, default 1
 * @HAK_A_SERVER_STATE: u32, &enum hak_server_state, the operator's
 * @HAK_A_SERVER_CHECKS: nest of HAK_A_SERVER_CHECK; replaces the list; empty: none
 * @HAK_A_SERVER_CHECK: string, name of a check
 * @HAK_A_SERVER_REPORT: u32, &enum hak_track_state, the checks'; SERVER_REPORT
 *	and replies. VALUE: up, with HAK_A_SERVER_VALUE as its weight
 * @HAK_A_SERVER_VALUE: u32, 0-65535, with report VALUE
 * @HAK_A_SERVER_REASON: string; SERVER_REPORT and replies
 * @HAK_A_SERVER_REPORTED: u64 ns since the last report; absent before the first
 * @HAK_A_SERVER_SINCE: u64, wall clock in ns since 1970, when it came into or
 *	went out of service; replies
 * @HAK_A_SERVER_CONNS: u32, connections it has; replies
 * @HAK_A_SERVER_STATS: nest of &enum hak_lb_stat
 * @HAK_A_SERVER_ACTIVE: u32, those of its connections that are being opened or are
 *	open; replies
 * @HAK_A_SERVER_MAXCONN: u32, up to 2^31 - 1, most of these; 0: no limit; default 0
 * @HAK_A_SERVER_BACKUP: u32, 0 or 1, gets connections while no other server of its
 *	pool can take them; default 0
 * @HAK_A_SERVER_SLOW_START: u64 ns, 0 to 1 day, from when it comes into service to its
 *	full weight; default 0
 * @HAK_A_SERVER_AVOIDED: u64 ns for which it gets no connections, as it did not take
 *	some; absent: it gets them; replies
 */
enum hak_server_attr {
	HAK_A_SERVER_PAD = 1,
	HAK_A_SERVER_POOL,
	HAK_A_SERVER_ADDRESS,
	HAK_A_SERVER_PORT,
	HAK_A_SERVER_WEIGHT,
	HAK_A_SERVER_STATE,
	HAK_A_SERVER_CHECKS,
	HAK_A_SERVER_CHECK,

	HAK_A_SERVER_REPORT,
	HAK_A_SERVER_VALUE,
	HAK_A_SERVER_REASON,
	HAK_A_SERVER_REPORTED,
	HAK_A_SERVER_SINCE,
	HAK_A_SERVER_CONNS,
	HAK_A_SERVER_STATS,
	HAK_A_SERVER_ACTIVE,

	HAK_A_SERVER_MAXCONN,
	HAK_A_SERVER_BACKUP,
	HAK_A_SERVER_SLOW_START,
	HAK_A_SERVER_AVOIDED,

	__HAK_A_SERVER_MAX
};
#define HAK_A_SERVER_MAX (__HAK_A_SERVER_MAX - 1)

/**
 * enum hak_service_attr - an address and port that is balanced
 *
 * Its protocol, address and port name it.
 *
 * @HAK_A_SERVICE_PROTO: u32, IPPROTO_TCP or IPPROTO_UDP
 * @HAK_A_SERVICE_ADDRESS: binary address
 * @HAK_A_SERVICE_PORT: u32, 1-65535
 * @HAK_A_SERVICE_POOL: string
 * @HAK_A_SERVICE_FIREWALL: u32, 0 or 1, new connections pass the host's input
 *	rules first; default 1
 * @HAK_A_SERVICE_TIMEOUT: u64 ns, 1 s to 7 days, idle connections; 0: the
 *	default of the protocol, 15 minutes for TCP, 5 minutes for UDP
 * @HAK_A_SERVICE_TIMEOUT_FIN: u64 ns, 1 s to 7 days, TCP after a FIN; 0: 2 minutes
 * @HAK_A_SERVICE_ACTIVE: u32, 0 or 1, it works here now: the router of its
 *	address is Active here, or no router has it; replies
 * @HAK_A_SERVICE_CONNS: u32, connections it has; replies
 * @HAK_A_SERVICE_STATS: nest of &enum hak_lb_stat
 * @HAK_A_SERVICE_ONE_PACKET: u32, 0 or 1, each datagram is given to a server by itself;
 *	UDP, default 0
 */
enum hak_service_attr {
	HAK_A_SERVICE_PAD = 1,
	HAK_A_SERVICE_PROTO,
	HAK_A_SERVICE_ADDRESS,
	HAK_A_SERVICE_PORT,
	HAK_A_SERVICE_POOL,
	HAK_A_SERVICE_FIREWALL,
	HAK_A_SERVICE_TIMEOUT,
	HAK_A_SERVICE_TIMEOUT_FIN,

	HAK_A_SERVICE_ACTIVE,
	HAK_A_SERVICE_CONNS,
	HAK_A_SERVICE_STATS,
	HAK_A_SERVICE_ONE_PACKET,

	__HAK_A_SERVICE_MAX
};
#define HAK_A_SERVICE_MAX (__HAK_A_SERVICE_MAX - 1)

/**
 * enum hak_conn_attr - a connection; in requests, what to look for
 * @HAK_A_CONN_PROTO: u32
 * @HAK_A_CONN_CLIENT: binary address
 * @HAK_A_CONN_CLIENT_PREFIX_LEN: u32, 0-32, requests; default one host
 * @HAK_A_CONN_CLIENT_PORT: u32; replies
 * @HAK_A_CONN_ADDRESS: binary address, of the service
 * @HAK_A_CONN_PORT: u32, of the service
 * @HAK_A_CONN_SERVER: binary address
 * @HAK_A_CONN_SERVER_PORT: u32; in requests 0 or absent: any
 * @HAK_A_CONN_STATE: u32, &enum hak_conn_state
 * @HAK_A_CONN_LIMIT: u32, at most so many; requests
 * @HAK_A_CONN_COUNT: u32, how many there were; the last message of CONN_GET with
 *	a limit of 0, and the reply of CONN_DEL
 * @HAK_A_CONN_EXPIRES: u64 ns; replies
 */
enum hak_conn_attr {
	HAK_A_CONN_PAD = 1,
	HAK_A_CONN_PROTO,
	HAK_A_CONN_CLIENT,
	HAK_A_CONN_CLIENT_PREFIX_LEN,
	HAK_A_CONN_CLIENT_PORT,
	HAK_A_CONN_ADDRESS,
	HAK_A_CONN_PORT,
	HAK_A_CONN_SERVER,
	HAK_A_CONN_SERVER_PORT,
	HAK_A_CONN_STATE,
	HAK_A_CONN_LIMIT,
	HAK_A_CONN_COUNT,
	HAK_A_CONN_EXPIRES,

	__HAK_A_CONN_MAX
};
#define HAK_A_CONN_MAX (__HAK_A_CONN_MAX - 1)

/**
 * enum hak_lb_attr - the balancer of a namespace
 * @HAK_A_LB_HOOK: s32 in a u32, priority at PRE_ROUTING, default -450
 * @HAK_A_LB_MAXCONN: u32, most connections, default 1,048,576
 * @HAK_A_LB_CONNS: u32, connections now; replies
 * @HAK_A_LB_DROPS: nest of &enum hak_lb_drop, u64 each; replies
 * @HAK_A_LB_PERSISTENT: u32, clients whose server is remembered; replies
 */
enum hak_lb_attr {
	HAK_A_LB_HOOK = 1,
	HAK_A_LB_MAXCONN,

	HAK_A_LB_CONNS,
	HAK_A_LB_DROPS,
	HAK_A_LB_PERSISTENT,

	__HAK_A_LB_MAX
};
#define HAK_A_LB_MAX (__HAK_A_LB_MAX - 1)

/** enum hak_lb_drop - why a packet of the balancer was dropped; one counter each */
enum hak_lb_drop {
	HAK_LB_DROP_PAD = 1,
	HAK_LB_DROP_NO_SERVER,		/* nobody in the pool takes connections */
	HAK_LB_DROP_MAXCONN,		/* the table is full */
	HAK_LB_DROP_NO_MEMORY,
	HAK_LB_DROP_COLLISION,		/* the server sees that client port already */
	HAK_LB_DROP_MALFORMED,		/* header lengths that cannot be */
	HAK_LB_DROP_NO_ROUTE,		/* to the server or the client */
	HAK_LB_DROP_TTL,		/* expired here, ICMP sent */
	HAK_LB_DROP_MTU,		/* too big and DF, ICMP sent */
	HAK_LB_DROP_POLICY,		/* xfrm */
	HAK_LB_DROP_NOT_SYN,		/* a TCP packet of no connection */
	HAK_LB_DROP_SERVERS_FULL,	/* all servers have their maxconn */
	HAK_LB_DROP_REFUSED,		/* a server refused; the client tries another */

	__HAK_LB_DROP_MAX
};
#define HAK_LB_DROP_MAX (__HAK_LB_DROP_MAX - 1)

/** enum hak_alarm_kind - what is wrong */
enum hak_alarm_kind {
	HAK_ALARM_DUAL_ACTIVE = 1,	/* an inferior Active keeps sending although we answer */
	HAK_ALARM_IP_CONFLICT,		/* somebody else answers for one of our addresses */
	HAK_ALARM_DUPLICATE_PRIMARY,	/* another host sends adverts from our own address */
	HAK_ALARM_PEER_INCOMPATIBLE,	/* adverts for our VRID that we must drop */
	HAK_ALARM_ADDRESS_MISMATCH,	/* the peer has other addresses */
	HAK_ALARM_TX_BLOCKED,		/* our adverts do not leave */
	HAK_ALARM_REPORTER_LOST,	/* a lease ran out */

	__HAK_ALARM_MAX
};
#define HAK_ALARM_MAX (__HAK_ALARM_MAX - 1)

/**
 * enum hak_alarm_attr - an alarm of a router (or of a track)
 * @HAK_A_ALARM_KIND: u32, &enum hak_alarm_kind
 * @HAK_A_ALARM_ROUTER: string, or
 * @HAK_A_ALARM_TRACK: string
 * @HAK_A_ALARM_ADDRESS: binary address of the sender
 * @HAK_A_ALARM_MAC: binary, 6 bytes, of the sender
 * @HAK_A_ALARM_COUNT: u64, times seen
 * @HAK_A_ALARM_FIRST: u64, wall clock in ns since 1970
 * @HAK_A_ALARM_LAST: u64, wall clock in ns since 1970
 * @HAK_A_ALARM_TEXT: string, one sentence
 */
enum hak_alarm_attr {
	HAK_A_ALARM_PAD = 1,
	HAK_A_ALARM_KIND,
	HAK_A_ALARM_ROUTER,
	HAK_A_ALARM_TRACK,
	HAK_A_ALARM_ADDRESS,
	HAK_A_ALARM_MAC,
	HAK_A_ALARM_COUNT,
	HAK_A_ALARM_FIRST,
	HAK_A_ALARM_LAST,
	HAK_A_ALARM_TEXT,

	__HAK_A_ALARM_MAX
};
#define HAK_A_ALARM_MAX (__HAK_A_ALARM_MAX - 1)

#endif /* _UAPI_LINUX_HAK_H */
