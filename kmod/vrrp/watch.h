/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracks that nobody has to report on: a device, a route, the quorum of a pool.
 */
#ifndef HAK_VRRP_WATCH_H
#define HAK_VRRP_WATCH_H

#include <linux/notifier.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct hak_net;
struct hak_track;
struct net_device;

/**
 * hak_watch_init() - a namespace where nothing is watched yet
 * @hn: namespace
 */
void hak_watch_init(struct hak_net *hn);

/**
 * hak_watch_exit() - watch nothing any more
 * @hn: namespace, all its tracks are gone
 *
 * Context: process, no lock held.
 */
void hak_watch_exit(struct hak_net *hn);

/**
 * hak_watch_track() - a track was made or changed: see how it is
 * @t: track
 *
 * Context: process, RTNL and cfg_mutex held.
 */
void hak_watch_track(struct hak_track *t);

/**
 * struct hak_fib_event - what an event of the routing tables is about
 * @addr: destination
 * @len: bytes of @addr
 * @plen: prefix length
 * @table: number
 * @metric: of the route that is there
 * @proto: RTPROT_* of the route that is there
 * @dev: where that leads, or NULL
 */
struct hak_fib_event {
	const void *addr;
	u32 len;
	u32 plen;
	u32 table;
	u32 metric;
	u8 proto;
	const struct net_device *dev;
};

/**
 * hak_watch_fib_start() - somebody wants to hear of the routing tables
 * @hn: namespace
 *
 * Context: any.
 */
void hak_watch_fib_start(struct hak_net *hn);

/**
 * hak_watch_devs() - something happened to a device
 * @hn: namespace
 *
 * Context: process, RTNL held.
 */
void hak_watch_devs(struct hak_net *hn);

#endif /* HAK_VRRP_WATCH_H */
