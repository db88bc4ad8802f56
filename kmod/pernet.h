/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_PERNET_H
#define HAK_PERNET_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/notifier.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include <linux/hak.h>

struct hak_lb;
struct hak_rtnl_addr;

#define HAK_NAME_HASH_BITS	8
#define HAK_ROLE_HASH_BITS	8

/**
 * struct hak_net - everything hak keeps for one network namespace
 * @net: the namespace; hak_net lives and dies with it
 * @cfg_mutex: serialises the configuration; taken after RTNL. Writers of all
 *	lists and of the configuration hold both, so that a reader may hold either
 * @generation: grows with each change of the configuration; cfg_mutex
 * @tag: of the last CONFIG_APPLY that had one, else empty; cfg_mutex
 * @tag_time: its wall clock time, ns; cfg_mutex
 * @dying: no change is taken any more; set under RTNL and cfg_mutex
 * @hooked: number of users of @hooks; RTNL
 * @hooks: netfilter hooks of a namespace with routers
 * @routers: struct hak_router.list, in order of creation; RTNL + cfg_mutex, RCU
 * @n_routers: entries in @routers
 * @router_names: struct hak_router.by_name; RTNL + cfg_mutex, RCU
 * @tracks: struct hak_track.list; RTNL + cfg_mutex, RCU
 * @n_tracks: entries in @tracks
 * @groups: struct hak_group.list; RTNL + cfg_mutex, RCU
 * @n_groups: entries in @groups
 * @devs: struct hak_dev.list; RTNL, RCU
 * @quorums: struct hak_quorum.list; cfg_mutex
 * @quorum_changed: called when one of @quorums did
 * @fib_nb: changes of the routing tables, for tracks and @vroutes
 * @fib_work: lets tracks follow them; the only one to touch @fib_listens
 * @fib_listens: @fib_nb is registered
 * @fib_rescan: a track of a route is new: it has to see what is there
 * @roles: struct hak_role.node by address; role_lock, RCU
 * @role_lock: protects writing of @roles
 * @wq: the one ordered queue that touches addresses; made with the first router
 * @addr_work: brings addresses to what @dirty says; takes RTNL through rtnetlink
 * @route_work: brings @vroutes to what is wanted; as @addr_work, after it
 * @vroutes: struct hak_vroute.list; dirty_lock
 * @port_work: looks at bridge ports that routers with start-delay wait for; on @wq
 * @dirty: struct hak_addr.dirty, first come first served; dirty_lock
 * @dirty_lock: protects @dirty, @vroutes and the wanted/installed words of addresses
 *	and routes
 * @addr_task: the task that runs @addr_work
 * @addr_busy: the address that it adds or removes now, so that the address
 *	notifier knows our own changes from those that follow from them (a primary
 *	that takes its secondaries along); that task only
 * @rtnl_sock: rtnetlink client; used by what runs on @wq only
 * @event_lock: orders events: number and multicast are one step
 * @event_seq: number of the last event; event_lock
 * @netdev_nb: device events of this namespace, for VRRP
 * @lb: balancer, once something of it was configured; RTNL + cfg_mutex
 * @lb_nb: device events of this namespace, for @lb
 */
struct hak_net {
	struct net *net;
	struct mutex cfg_mutex;
	u32 generation;
	char tag[HAK_TAG_SIZE];
	u64 tag_time;
	bool dying;
	unsigned int hooked;
	struct nf_hook_ops hooks[8];

	struct list_head routers;
	unsigned int n_routers;
	DECLARE_HASHTABLE(router_names, HAK_NAME_HASH_BITS);
	struct list_head tracks;
	unsigned int n_tracks;
	struct list_head groups;
	unsigned int n_groups;
	struct list_head devs;

	struct list_head quorums;
	void (*quorum_changed)(struct hak_net *hn);
	struct notifier_block fib_nb;
	struct work_struct fib_work;
	bool fib_listens;
	bool fib_rescan;

	DECLARE_HASHTABLE(roles, HAK_ROLE_HASH_BITS);
	spinlock_t role_lock;

	struct workqueue_struct *wq;
	struct delayed_work addr_work;
	struct delayed_work route_work;
	struct list_head vroutes;
	struct delayed_work port_work;
	struct list_head dirty;
	spinlock_t dirty_lock;
	struct task_struct *addr_task;
	const struct hak_rtnl_addr *addr_busy;
	struct socket *rtnl_sock;

	spinlock_t event_lock;
	u64 event_seq;
	struct notifier_block netdev_nb;

	struct hak_lb *lb;
	struct notifier_block lb_nb;
};

/**
 * hak_pernet() - state of a namespace
 * @net: the namespace
 *
 * Return: never NULL while the module is loaded.
 */
struct hak_net *hak_pernet(const struct net *net);

/**
 * hak_pernet_init() - register the state of namespaces
 *
 * Context: process. Return: 0 or an error.
 */
int hak_pernet_init(void);

/**
 * hak_pernet_exit() - let go of all namespaces
 *
 * Context: process; may wait for grace periods and for the address queues.
 */
void hak_pernet_exit(void);

/**
 * hak_pernet_shutdown_all() - let go of everything in all namespaces
 *
 * Unload: routers are shut down with their events and priority 0 while the
 * family is still there to tell; from now on changes are refused.
 * Context: process, takes RTNL and cfg_mutex.
 */
void hak_pernet_shutdown_all(void);

#endif /* HAK_PERNET_H */
