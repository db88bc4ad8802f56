/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A batch: the one way in. Operations are applied in order to an overlay of
 * the live configuration; what has changed in the end is checked as a whole,
 * prepared, and published or thrown away.
 */
#ifndef HAK_NL_BATCH_H
#define HAK_NL_BATCH_H

#include <linux/list.h>
#include <net/genetlink.h>

#include <linux/hak.h>

#include "../vrrp/config.h"

struct hak_net;

/**
 * struct hak_nl_op - one operation of a batch
 * @cmd: HAK_CMD_<object>_{NEW,SET,DEL}
 * @attr: the operation as a whole, or NULL
 * @router: nest or NULL
 * @vip: nest or NULL
 * @track: nest or NULL
 */
struct hak_nl_op {
	u32 cmd;
	const struct nlattr *attr;
	const struct nlattr *router;
	const struct nlattr *vip;
	const struct nlattr *track;
};

/**
 * struct hak_nl_router - a router as the batch sees it
 * @ch: the live one and what it shall be; without a cfg it does not exist
 * @list: in hak_nl_batch.routers, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @by_key: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @name: kept for when there is no cfg
 * @dev: as @name
 * @vrid: as @name
 * @bereft: an address was deleted
 */
struct hak_nl_router {
	struct hak_router_change ch;
	struct list_head list;
	struct hlist_node by_name;
	struct hlist_node by_key;
	const struct nlattr *attr;
	char name[HAK_NAME_SIZE];
	char dev[IFNAMSIZ];
	u8 vrid;
	bool bereft;
};

/**
 * struct hak_nl_track - a track as the batch sees it
 * @ch: the live one and what it shall be
 * @list: in hak_nl_batch.tracks, in order of first touch
 * @by_name: in hak_nl_batch.hash
 * @attr: of the last operation that touched it
 * @gone: it does not exist, or no more
 */
struct hak_nl_track {
	struct hak_track_change ch;
	struct list_head list;
	struct hlist_node by_name;
	const struct nlattr *attr;
	bool gone;
};

/**
 * struct hak_nl_batch - a batch while it is put together; RTNL and cfg_mutex held
 * @hn: namespace
 * @extack: for refusals
 * @routers: struct hak_nl_router.list
 * @tracks: struct hak_nl_track.list
 * @bits: log2 of the buckets in each of the three parts of @hash
 * @hash: routers by name, routers by key, tracks by name
 * @ch: what is handed to kmod/vrrp
 */
struct hak_nl_batch {
	struct hak_net *hn;
	struct netlink_ext_ack *extack;
	struct list_head routers;
	struct list_head tracks;
	unsigned int bits;
	struct hlist_head *hash;
	struct hak_changes ch;
};

/**
 * hak_nl_batch_router() - a router by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry with a cfg, NULL when there is no such router, or -ENOMEM.
 */
struct hak_nl_router *hak_nl_batch_router(struct hak_nl_batch *b,
					  const char *name);

/**
 * hak_nl_batch_router_key() - a router by what makes it unique
 * @b: batch
 * @dev: name of its device
 * @vrid: 1-255
 *
 * Return: as hak_nl_batch_router().
 */
struct hak_nl_router *hak_nl_batch_router_key(struct hak_nl_batch *b,
					      const char *dev, u8 vrid);

/**
 * hak_nl_batch_router_add() - stage a router that does not exist yet
 * @b: batch
 * @cfg: with name, device and VRID; belongs to the batch now, whatever happens
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_router *hak_nl_batch_router_add(struct hak_nl_batch *b,
					      struct hak_router_cfg *cfg);

/**
 * hak_nl_batch_router_del() - remove a router in this batch
 * @e: its entry, with a cfg
 */
void hak_nl_batch_router_del(struct hak_nl_router *e);

/**
 * hak_nl_batch_track() - a track by name, ready to be changed
 * @b: batch
 * @name: exact
 *
 * Return: an entry that is not gone, NULL when there is no such track, or
 * -ENOMEM.
 */
struct hak_nl_track *hak_nl_batch_track(struct hak_nl_batch *b,
					const char *name);

/**
 * hak_nl_batch_track_add() - stage a track that does not exist yet
 * @b: batch
 * @cfg: copied
 *
 * Return: its entry or NULL without memory.
 */
struct hak_nl_track *hak_nl_batch_track_add(struct hak_nl_batch *b,
					    const struct hak_track_cfg *cfg);

/**
 * hak_nl_batch_track_del() - remove a track in this batch
 * @e: its entry
 */
void hak_nl_batch_track_del(struct hak_nl_track *e);

/**
 * hak_nl_batch_staged() - what the batch makes of a live router
 * @b: batch
 * @r: the router
 *
 * Return: its entry, with or without a cfg, or NULL when it is left alone.
 */
struct hak_nl_router *hak_nl_batch_staged(struct hak_nl_batch *b,
					  const struct hak_router *r);

/**
 * hak_nl_batch_same_key() - another router of the batch with the same dev and vrid
 * @b: batch
 * @e: a router of it
 *
 * Return: one that will exist, or NULL.
 */
struct hak_nl_router *hak_nl_batch_same_key(struct hak_nl_batch *b,
					    const struct hak_nl_router *e);

/**
 * hak_nl_batch_track_fate() - what the batch makes of a track
 * @b: batch
 * @name: exact
 *
 * Return: 1 when it will exist, 0 when not, -1 when the batch leaves it alone.
 */
int hak_nl_batch_track_fate(struct hak_nl_batch *b, const char *name);

/**
 * hak_nl_check() - is the end state of a batch a configuration?
 * @b: batch, without operations that change nothing
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_check(struct hak_nl_batch *b);

/**
 * hak_nl_router_new() - make a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_router_set() - change the words of a router
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_router_del() - remove a router and its addresses
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_new() - add an address, to a router that is named or found or made
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_set() - change what was said of an address
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_vip_del() - remove an address
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_vip_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_new() - make a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_new(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_set() - change a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_set(struct hak_nl_batch *b, const struct hak_nl_op *op);

/**
 * hak_nl_track_del() - remove a track
 * @b: batch
 * @op: the operation
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_track_del(struct hak_nl_batch *b, const struct hak_nl_op *op);

/* router.c, for vip.c: the words of a router. */
struct hak_router_cfg *hak_nl_router_defaults(void);
int hak_nl_router_words(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
			struct nlattr **tb);
int hak_nl_router_words_equal(struct hak_nl_batch *b,
			      const struct hak_router_cfg *cfg,
			      struct nlattr **tb);

/**
 * hak_nl_router_same() - are two configurations of one router the same?
 * @a: one
 * @b: the other
 *
 * Return: true when nothing that can be changed differs.
 */
bool hak_nl_router_same(const struct hak_router_cfg *a,
			const struct hak_router_cfg *b);

/* Handlers of commands. */
int hak_nl_change_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_apply_doit(struct sk_buff *skb, struct genl_info *info);
int hak_nl_track_report_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* HAK_NL_BATCH_H */
