// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections, shown and ended. They are no configuration: a dump does not care
 * for the generation, and cfg_mutex only keeps the balancer from going away.
 */
#include <linux/slab.h>
#include <net/sock.h>

#include "../lb/info.h"
#include "../pernet.h"
#include "batch.h"
#include "dump.h"
#include "extack.h"
#include "family.h"
#include "fill.h"
#include "policy.h"

#define LIMIT_REACHED	(-ENOSPC)

/**
 * struct conn_cursor - where a dump of connections goes on, from its first call to
 * hak_nl_conn_get_done()
 * @filter: which are shown
 * @at: of hak_conn_walk()
 * @left: how many more may be shown, if @limited
 * @limited: there is a limit
 * @count: they are not shown, but counted
 * @done: nothing is left
 */
struct conn_cursor {
	struct hak_conn_filter filter;
	u64 at;
	u32 left;
	bool limited;
	bool count;
	bool done;
};

/* NULL before the first call. */
static struct conn_cursor **cursor(struct netlink_callback *cb)
{
	return (struct conn_cursor **)cb->ctx;
}

static int filter_service(struct netlink_ext_ack *extack,
			  const struct nlattr *nest, struct nlattr **tb,
			  struct hak_conn_filter *f)
{
	static const char text[] =
		"a service is a protocol, an address and a port";

	if (tb[HAK_A_CONN_PROTO])
		f->proto = nla_get_u32(tb[HAK_A_CONN_PROTO]);
	if (!tb[HAK_A_CONN_ADDRESS] && !tb[HAK_A_CONN_PORT])
		return 0;
	if (!tb[HAK_A_CONN_PROTO])
		return hak_nl_missing(extack, nest, HAK_A_CONN_PROTO, text);
	if (!tb[HAK_A_CONN_ADDRESS])
		return hak_nl_missing(extack, nest, HAK_A_CONN_ADDRESS, text);
	if (!tb[HAK_A_CONN_PORT])
		return hak_nl_missing(extack, nest, HAK_A_CONN_PORT, text);
	f->addr = hak_nl_ip(tb[HAK_A_CONN_ADDRESS]);
	f->port = htons(nla_get_u32(tb[HAK_A_CONN_PORT]));
	return 0;
}

static int filter_server(struct netlink_ext_ack *extack,
			 const struct nlattr *nest, struct nlattr **tb,
			 struct hak_conn_filter *f)
{
	if (tb[HAK_A_CONN_SERVER_PORT]) {
		if (!tb[HAK_A_CONN_SERVER])
			return hak_nl_missing(extack, nest, HAK_A_CONN_SERVER,
					      "the port of a server goes with its address");
		f->server_port = htons(nla_get_u32(tb[HAK_A_CONN_SERVER_PORT]));
	}
	if (tb[HAK_A_CONN_SERVER])
		f->server = hak_nl_ip(tb[HAK_A_CONN_SERVER]);
	return 0;
}

static int filter_client(struct netlink_ext_ack *extack,
			 const struct nlattr *nest, struct nlattr **tb,
			 struct hak_conn_filter *f)
{
	const struct nlattr *plen = tb[HAK_A_CONN_CLIENT_PREFIX_LEN];

	if (!tb[HAK_A_CONN_CLIENT]) {
		if (!plen)
			return 0;
		return hak_nl_missing(extack, nest, HAK_A_CONN_CLIENT,
				      "a prefix length goes with the address of a client");
	}
	f->client = hak_nl_ip(tb[HAK_A_CONN_CLIENT]);
	f->client_plen = plen ? nla_get_u32(plen) : 8 * f->client.len;
	if (f->client_plen <= 8 * f->client.len)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, plen, "a prefix of IPv4 has at most 32 bits");
	return -ERANGE;
}

static int parse(struct netlink_ext_ack *extack, const struct nlattr *nest,
		 struct nlattr **tb, struct hak_conn_filter *f)
{
	int err = filter_service(extack, nest, tb, f);

	if (!err)
		err = filter_server(extack, nest, tb, f);
	if (!err)
		err = filter_client(extack, nest, tb, f);
	if (tb[HAK_A_CONN_STATE])
		f->state = nla_get_u32(tb[HAK_A_CONN_STATE]);
	return err;
}

static int read_request(struct netlink_callback *cb, struct conn_cursor *cur)
{
	struct nlattr *tb[HAK_A_CONN_LIMIT + 1];
	const struct nlattr *nest;
	int err;

	nest = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, HAK_A_CONN);
	if (!nest)
		return 0;
	err = nla_parse_nested(tb, HAK_A_CONN_LIMIT, nest,
			       hak_nl_conn_attrs_get, cb->extack);
	if (err)
		return err;
	if (tb[HAK_A_CONN_LIMIT]) {
		cur->limited = true;
		cur->left = nla_get_u32(tb[HAK_A_CONN_LIMIT]);
		cur->count = !cur->left;
	}
	return parse(cb->extack, nest, tb, &cur->filter);
}

/*
 * The first call of a dump, which comes straight from the request. On 6.1 a
 * refusal in .start cannot say why, and pre_doit is not asked before a dump: the
 * addresses of clients are nobody's business but the administrator's.
 */
static int first_call(struct netlink_callback *cb)
{
	*cursor(cb) = kzalloc(sizeof(struct conn_cursor), GFP_KERNEL_ACCOUNT);
	if (!*cursor(cb)) {
		NL_SET_ERR_MSG(cb->extack, "out of memory");
		return -ENOMEM;
	}
	if (hak_nl_may_change(cb->skb, sock_net(cb->skb->sk)))
		return read_request(cb, *cursor(cb));
	NL_SET_ERR_MSG(cb->extack,
		       "showing connections needs CAP_NET_ADMIN in the initial user namespace (module parameter userns=1 relaxes it)");
	return -EPERM;
}

static int hak_nl_conn_show(const struct hak_conn_info *info, void *data)
{
	struct hak_nl_walk *w = data;
	struct conn_cursor *cur = *cursor(w->cb);
	void *hdr;
	int err;

	if (cur->limited && !cur->left)
		return LIMIT_REACHED;
	hdr = hak_nl_walk_put(w);
	if (!hdr)
		return -EMSGSIZE;
	err = hak_nl_walk_end(w, hdr, hak_nl_fill_conn(w->skb, info));
	if (!err && cur->limited)
		cur->left--;
	return err;
}

static int hak_nl_conn_count(const struct hak_conn_info *info, void *data)
{
	u32 *count = data;

	++*count;
	return 0;
}

static int show_count(struct hak_nl_walk *w, struct conn_cursor *cur)
{
	u32 count = 0;
	void *hdr;
	int err;

	err = hak_conn_walk(w->hn, &cur->filter, &cur->at, hak_nl_conn_count,
			    &count);
	if (err)
		return err;
	hdr = hak_nl_walk_put(w);
	if (!hdr)
		return -EMSGSIZE;
	return hak_nl_walk_end(w, hdr, hak_nl_fill_conn_count(w->skb, count));
}

static int show(struct hak_nl_walk *w)
{
	struct conn_cursor *cur = *cursor(w->cb);
	int err;

	mutex_lock(&w->hn->cfg_mutex);
	if (cur->count)
		err = show_count(w, cur);
	else
		err = hak_conn_walk(w->hn, &cur->filter, &cur->at, hak_nl_conn_show, w);
	mutex_unlock(&w->hn->cfg_mutex);
	return err;
}

/**
 * hak_nl_conn_get_dumpit() - the connections that are asked for
 * @skb: to fill
 * @cb: of the dump
 *
 * Return: length, 0 at the end, or an error.
 */
int hak_nl_conn_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hak_nl_walk w;
	int err = 0;

	if (!*cursor(cb))
		err = first_call(cb);
	else if ((*cursor(cb))->done)
		return 0;
	if (!*cursor(cb))
		return err;
	hak_nl_walk_init(&w, skb, cb, HAK_CMD_CONN_GET);
	err = err ?: show(&w);
	if (err == -EMSGSIZE && skb->len)
		return skb->len;
	(*cursor(cb))->done = true;
	return err && err != LIMIT_REACHED ? err : skb->len;
}

/**
 * hak_nl_conn_get_done() - the dump is over, or who asked is gone
 * @cb: of the dump
 *
 * Return: 0.
 */
int hak_nl_conn_get_done(struct netlink_callback *cb)
{
	kfree(*cursor(cb));
	return 0;
}

/**
 * hak_nl_conn_del_doit() - end the connections that are named
 * @skb: request
 * @info: its attributes
 *
 * An empty nest means all of them, and no nest nothing.
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[HAK_A_CONN];
	struct nlattr *tb[HAK_A_CONN_STATE + 1];
	struct hak_net *hn = info->user_ptr[0];
	struct hak_conn_filter filter = {};
	struct hak_nl_reply re;
	u32 count;
	int err;

	if (!nest)
		return hak_nl_missing(info->extack, NULL, HAK_A_CONN,
				      "which connections? an empty conn means all");
	err = nla_parse_nested(tb, HAK_A_CONN_STATE, nest,
			       hak_nl_conn_attrs_del, info->extack);
	if (!err)
		err = parse(info->extack, nest, tb, &filter);
	/* What cannot be told is not done. */
	if (!err)
		err = hak_nl_reply_new(&re, info, HAK_NL_SMALL_ROOM);
	if (err)
		return err;
	mutex_lock(&hn->cfg_mutex);
	count = hak_conn_flush(hn, &filter);
	mutex_unlock(&hn->cfg_mutex);
	return hak_nl_reply_send(&re, info,
				 hak_nl_fill_conn_count(re.skb, count));
}
