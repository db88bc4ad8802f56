/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all dumps and all replies to a GET have in common.
 */
#ifndef HAK_NL_DUMP_H
#define HAK_NL_DUMP_H

#include <net/genetlink.h>

#include <linux/hak.h>

struct hak_net;
struct hak_router_info;

/**
 * struct hak_nl_cursor - where a dump goes on, in netlink_callback.ctx
 * @name: object to be shown next, or of which a part was shown; "" is the first
 * @index: the next part of it
 * @tracks: routers are done, tracks follow (alarms)
 * @done: nothing is left
 * @seq: last entry of the history shown, or with @name the service to be shown next
 *
 * Names stay put in their list for as long as the generation stays the same.
 * When it changed, the reader is told with NLM_F_DUMP_INTR and asks again;
 * should the object be gone, the dump ends there.
 */
struct hak_nl_cursor {
	char name[HAK_NAME_SIZE];
	u32 index;
	bool tracks;
	bool done;
	u64 seq;
};

/**
 * struct hak_nl_walk - one call of a dump
 * @skb: to fill
 * @cb: of the dump
 * @hn: namespace
 * @cur: in @cb
 * @cmd: HAK_CMD_*
 * @info: scratch space for routers, or NULL
 * @grow: nothing fitted; the next buffer will be larger
 */
struct hak_nl_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct hak_net *hn;
	struct hak_nl_cursor *cur;
	u8 cmd;
	struct hak_router_info *info;
	bool grow;
};

/**
 * hak_nl_walk_init() - begin one call of a dump
 * @w: filled
 * @skb: to fill
 * @cb: of the dump
 * @cmd: of the messages
 */
void hak_nl_walk_init(struct hak_nl_walk *w, struct sk_buff *skb,
		      struct netlink_callback *cb, u8 cmd);

/**
 * hak_nl_walk_put() - begin a message of a dump
 * @w: dump
 *
 * Return: for hak_nl_walk_end(), NULL without room.
 */
void *hak_nl_walk_put(struct hak_nl_walk *w);

/**
 * hak_nl_walk_end() - end a message of a dump, or take it back
 * @w: dump
 * @hdr: of hak_nl_walk_put()
 * @err: 0, or why it cannot be ended
 *
 * Return: @err.
 */
int hak_nl_walk_end(struct hak_nl_walk *w, void *hdr, int err);

/**
 * hak_nl_walk_lock() - hold the configuration during one call of a dump
 * @w: dump
 *
 * Return: false when nothing is left to be shown, without the lock.
 */
bool hak_nl_walk_lock(struct hak_nl_walk *w);

/**
 * hak_nl_walk_unlock() - the opposite, and the result of the call
 * @w: dump
 * @err: 0 when everything has been shown, or why not
 *
 * Return: what a dumpit returns.
 */
int hak_nl_walk_unlock(struct hak_nl_walk *w, int err);

/**
 * hak_nl_walk_move() - an object is about to be shown
 * @cur: cursor
 * @name: of the object
 */
void hak_nl_walk_move(struct hak_nl_cursor *cur, const char *name);

/**
 * hak_nl_walk_filter() - what a dump is narrowed to
 * @cb: of the dump
 * @type: nest at the top level
 * @attr: in the nest; the policy has been checked
 *
 * Return: the attribute or NULL.
 */
const struct nlattr *hak_nl_walk_filter(struct netlink_callback *cb, int type,
					int attr);

/**
 * struct hak_nl_reply - the answer to a request that is no dump
 * @skb: message
 * @hdr: in @skb
 */
struct hak_nl_reply {
	struct sk_buff *skb;
	void *hdr;
};

/**
 * hak_nl_reply_new() - begin an answer
 * @re: filled
 * @info: request
 * @room: for the object
 *
 * Return: 0 or an error.
 */
int hak_nl_reply_new(struct hak_nl_reply *re, struct genl_info *info,
		     size_t room);

/**
 * hak_nl_reply_send() - send an answer, or throw it away
 * @re: answer
 * @info: request
 * @err: 0, or why it cannot be sent
 *
 * Return: 0 or an error.
 */
int hak_nl_reply_send(struct hak_nl_reply *re, struct genl_info *info, int err);

/**
 * hak_nl_reply_name() - the name of the object that is asked for
 * @info: request
 * @type: nest at the top level
 * @name: in the nest
 * @text: literal sentence if there is none
 *
 * Return: the name, or NULL, refused.
 */
const char *hak_nl_reply_name(struct genl_info *info, int type, int name,
			      const char *text);

#endif /* HAK_NL_DUMP_H */
