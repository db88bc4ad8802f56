// SPDX-License-Identifier: GPL-2.0-only
#include "nl.h"

#include "nl_attr.h"

#include <errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define RETRIES		20

/**
 * struct request - a request that waits for its end
 * @nl: the socket
 * @done: an acknowledgement, an error or the end of a dump has come
 * @err: 0 or -errno
 * @fn: called for each reply
 * @arg: for it
 */
struct request {
	struct hak_nl *nl;
	bool done;
	int err;
	void (*fn)(struct nlattr **tb, void *arg);
	void *arg;
};

/* What stands behind the first @skip bytes of an answer's payload. */
static void take_sentence(struct hak_nl *nl, struct nlmsghdr *nlh, size_t skip, bool success)
{
	struct nlattr *a;
	int rem;

	skip = NLMSG_ALIGN(skip);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || nlh->nlmsg_len < NLMSG_HDRLEN + skip)
		return;
	rem = (int)(nlh->nlmsg_len - NLMSG_HDRLEN - skip);
	nla_for_each_attr(a, (struct nlattr *)((char *)nlmsg_data(nlh) + skip), rem, rem) {
		if (nla_type(a) == NLMSGERR_ATTR_MSG)
			nla_strlcpy(success ? nl->warning : nl->error, a, sizeof(nl->error));
		else if (nla_type(a) == NLMSGERR_ATTR_OFFS && nla_len(a) >= 4)
			nl->offset = nla_get_u32(a);
	}
}

static void take_extack(struct hak_nl *nl, struct nlmsghdr *nlh, bool success)
{
	struct nlmsgerr *e = nlmsg_data(nlh);
	size_t skip = sizeof(*e);

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	take_sentence(nl, nlh, skip, success);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct request *rq = arg;

	(void)from;
	take_extack(rq->nl, (struct nlmsghdr *)((char *)e - NLMSG_HDRLEN), false);
	rq->err = e->error;
	rq->done = true;
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct request *rq = arg;

	take_extack(rq->nl, nlmsg_hdr(msg), true);
	rq->done = true;
	return NL_STOP;
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	struct request *rq = arg;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	if (nlmsg_datalen(nlh) >= (int)sizeof(int))
		rq->err = *(int *)nlmsg_data(nlh);
	/* A dump that is refused says why in its end. */
	if (rq->err < 0)
		take_sentence(rq->nl, nlh, sizeof(int), false);
	rq->done = true;
	return NL_OK;
}

static int on_reply(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[HAK_A_MAX + 1];
	struct request *rq = arg;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, HAK_A_MAX, NULL))
		return NL_SKIP;
	if (tb[HAK_A_GENERATION] && nla_len(tb[HAK_A_GENERATION]) >= 4)
		rq->nl->generation = nla_get_u32(tb[HAK_A_GENERATION]);
	if (rq->fn)
		rq->fn(tb, rq->arg);
	return NL_OK;
}

static int no_seq_check(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

static int errno_of(int nl_err)
{
	switch (-nl_err) {
	case 0:
		return 0;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_NOMEM:
		return errno == ENOBUFS ? -ENOBUFS : -ENOMEM;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_PERM:
		return -EPERM;
	case NLE_DUMP_INTR:
		return -EINTR;
	default:
		return errno ? -errno : -EIO;
	}
}

int hak_nl_open(struct hak_nl *nl)
{
	int one = 1, fd, err;

	memset(nl, 0, sizeof(*nl));
	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		return -ENOMEM;
	err = genl_connect(nl->sk);
	if (err) {
		hak_nl_close(nl);
		return errno_of(err);
	}
	fd = nl_socket_get_fd(nl->sk);
	/* An old kernel without these only says less. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	nl->family = genl_ctrl_resolve(nl->sk, HAK_GENL_NAME);
	if (nl->family < 0) {
		hak_nl_close(nl);
		return -ENOENT;
	}
	return 0;
}

void hak_nl_close(struct hak_nl *nl)
{
	nl_socket_free(nl->sk);
	nl->sk = NULL;
}

int hak_nl_fd(const struct hak_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

int hak_nl_join(struct hak_nl *nl, bool vrrp, bool lb)
{
	/* Before the first event comes: the answers use the same socket. */
	int v = vrrp ? genl_ctrl_resolve_grp(nl->sk, HAK_GENL_NAME, HAK_MCGRP_VRRP) : 0;
	int l = lb ? genl_ctrl_resolve_grp(nl->sk, HAK_GENL_NAME, HAK_MCGRP_LB) : 0;

	if (v < 0 || l < 0)
		return -ENOENT;
	nl_socket_set_buffer_size(nl->sk, 1 << 20, 0);
	nl_socket_disable_seq_check(nl->sk);
	if ((vrrp && nl_socket_add_membership(nl->sk, v)) ||
	    (lb && nl_socket_add_membership(nl->sk, l)))
		return -EIO;
	return nl_socket_set_nonblocking(nl->sk) ? -EIO : 0;
}

/* A batch may be larger than the default send buffer. */
static void fit_buffer(struct hak_nl *nl, size_t len)
{
	int size = (int)(len * 2 + 4096), fd = hak_nl_fd(nl);

	if (len < 100000)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static struct nl_cb *callbacks(struct request *rq)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, rq);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, rq);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, rq);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_reply, rq);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, no_seq_check, rq);
	return cb;
}

/* Sends the message, frees it, and waits for the end of the answer. */
static int transact(struct hak_nl *nl, struct nl_msg *msg,
		    void (*fn)(struct nlattr **tb, void *arg), void *arg)
{
	struct request rq = { .nl = nl, .fn = fn, .arg = arg };
	struct nl_cb *cb = callbacks(&rq);
	int err;

	nl->error[0] = nl->warning[0] = '\0';
	nl->offset = 0;
	fit_buffer(nl, nlmsg_hdr(msg)->nlmsg_len);
	errno = 0;
	err = cb ? nl_send_auto(nl->sk, msg) : -NLE_NOMEM;
	nlmsg_free(msg);
	while (err >= 0 && !rq.done) {
		errno = 0;
		err = nl_recvmsgs(nl->sk, cb);
	}
	nl_cb_put(cb);
	return rq.err ? rq.err : rq.done && err == -NLE_DUMP_INTR ? -EINTR :
	       rq.done && err >= 0 ? 0 : errno_of(err);
}

static struct nl_msg *message(size_t size)
{
	struct nl_msg *msg = nlmsg_alloc_size(size);

	if (!msg)
		abort();
	return msg;
}

static struct nl_msg *request(struct hak_nl *nl, unsigned int cmd, int flags, size_t size)
{
	struct nl_msg *msg = message(size);

	genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags, (uint8_t)cmd,
		    HAK_GENL_VERSION);
	return msg;
}

int hak_nl_change(struct hak_nl *nl, unsigned int cmd, const struct hak_obj *obj,
		  const struct hak_obj *router, enum hak_put how)
{
	struct nl_msg *msg = request(nl, cmd, NLM_F_REQUEST | NLM_F_ACK, 65536);

	hak_nl_put_obj(msg, obj->type->attr, obj, UINT64_MAX, how);
	if (router)
		hak_nl_put_obj(msg, HAK_A_ROUTER, router, UINT64_MAX, HAK_PUT_SAID);
	return transact(nl, msg, NULL, NULL);
}

static const struct hak_op *op_at(const struct hak_diff *d, const uint32_t *offsets,
				  uint32_t offset)
{
	const struct hak_op *op = NULL;

	for (size_t i = 0; i < d->n && offset && offsets[i] <= offset; i++)
		op = &d->ops[i];
	return op;
}

int hak_nl_apply(struct hak_nl *nl, const struct hak_diff *d, const char *tag,
		 const uint32_t *generation, const struct hak_op **bad)
{
	uint32_t *offsets = hak_calloc(d->n, sizeof(*offsets));
	struct nl_msg *msg = hak_nl_apply_msg(d, tag, generation, offsets);
	int err;

	nlmsg_hdr(msg)->nlmsg_type = (uint16_t)nl->family;
	err = transact(nl, msg, NULL, NULL);
	*bad = err ? op_at(d, offsets, nl->offset) : NULL;
	free(offsets);
	return err;
}

/* One dump, as a whole: repeated from the start when the configuration changed. */
static int dump(struct hak_nl *nl, unsigned int cmd, const char *router,
		void (*fn)(struct nlattr **tb, void *arg), void (*reset)(void *arg), void *arg)
{
	int err = -EINTR;

	for (int i = 0; i < RETRIES && err == -EINTR; i++) {
		struct nl_msg *msg = request(nl, cmd, NLM_F_REQUEST | NLM_F_DUMP, 1024);

		if (router) {
			struct nlattr *nest = nla_nest_start(msg, HAK_A_ROUTER | NLA_F_NESTED);

			nla_put_string(msg, HAK_A_ROUTER_NAME, router);
			nla_nest_end(msg, nest);
		}
		reset(arg);
		err = transact(nl, msg, fn, arg);
	}
	return err;
}

struct conn_arg {
	void (*fn)(const struct hak_conn *c, void *arg);
	void *arg;
	uint32_t count;
};

static void conn_one(struct nlattr **tb, void *arg)
{
	struct conn_arg *a = arg;
	struct hak_conn c;

	if (!tb[HAK_A_CONN] || hak_nl_get_conn(tb[HAK_A_CONN], &c))
		return;
	if (c.counted)
		a->count = c.count;
	else if (a->fn)
		a->fn(&c, a->arg);
}

/* Connections come and go: a dump of them is never a whole, so it is never repeated. */
int hak_nl_conns(struct hak_nl *nl, const struct hak_obj *filter, bool count,
		 void (*fn)(const struct hak_conn *c, void *arg), void *arg, uint32_t *n)
{
	struct nl_msg *msg = request(nl, HAK_CMD_CONN_GET, NLM_F_REQUEST | NLM_F_DUMP, 1024);
	struct conn_arg a = { .fn = fn, .arg = arg };
	int err;

	hak_nl_put_filter(msg, filter, count);
	err = transact(nl, msg, conn_one, &a);
	*n = a.count;
	return err == -EINTR ? 0 : err;
}

int hak_nl_flush(struct hak_nl *nl, const struct hak_obj *filter, uint32_t *n)
{
	struct nl_msg *msg = request(nl, HAK_CMD_CONN_DEL, NLM_F_REQUEST | NLM_F_ACK, 1024);
	struct conn_arg a = { 0 };
	int err;

	hak_nl_put_filter(msg, filter, false);
	err = transact(nl, msg, conn_one, &a);
	*n = a.count;
	return err;
}

struct read_arg {
	const struct hak_object *type;
	struct hak_model *m;
};

static void read_reset(void *arg)
{
	struct read_arg *a = arg;
	struct hak_list *l = &a->m->list[a->type->id];

	while (l->first) {
		struct hak_obj *o = l->first;

		hak_model_remove(a->m, o);
		hak_obj_free(o);
	}
}

static void read_one(struct nlattr **tb, void *arg)
{
	struct read_arg *a = arg;
	struct hak_obj *o;

	if (!tb[a->type->attr])
		return;
	o = hak_nl_get_obj(a->type, tb[a->type->attr]);
	if (o)
		hak_model_add(a->m, o);
}

int hak_nl_read(struct hak_nl *nl, enum hak_object_id id, struct hak_model *m)
{
	struct read_arg a = { .type = hak_object_by_id(id), .m = m };

	/* The balancer is one: it is asked for, not listed. */
	if (id == HAK_O_LB) {
		read_reset(&a);
		return transact(nl, request(nl, a.type->get, NLM_F_REQUEST | NLM_F_ACK, 1024),
				read_one, &a);
	}
	return dump(nl, a.type->get, NULL, read_one, read_reset, &a);
}

static void get_string(char *out, size_t size, const struct nlattr *a)
{
	out[0] = '\0';
	if (a)
		nla_strlcpy(out, a, size);
}

static void get_config(struct nlattr **tb, void *arg)
{
	struct hak_config *c = arg;

	c->generation = (uint32_t)hak_nl_num(tb[HAK_A_GENERATION]);
	c->time = hak_nl_num(tb[HAK_A_CONFIG_TIME]);
	get_string(c->tag, sizeof(c->tag), tb[HAK_A_TAG]);
	get_string(c->version, sizeof(c->version), tb[HAK_A_VERSION]);
}

int hak_nl_config(struct hak_nl *nl, struct hak_config *c)
{
	struct nl_msg *msg = request(nl, HAK_CMD_CONFIG_GET, NLM_F_REQUEST | NLM_F_ACK, 1024);

	memset(c, 0, sizeof(*c));
	return transact(nl, msg, get_config, c);
}

/* What an older module knows nothing of: then there is nothing of it. */
static int read_if_known(struct hak_nl *nl, enum hak_object_id id, struct hak_model *m)
{
	bool newer = id != HAK_O_TRACK && id != HAK_O_ROUTER && id != HAK_O_VIP;
	int err = hak_nl_read(nl, id, m);

	return newer && err == -EOPNOTSUPP ? 0 : err;
}

/* Several dumps belong together when the generation is the same before and after. */
int hak_nl_read_all(struct hak_nl *nl, struct hak_model *m, struct hak_config *c)
{
	struct hak_config after;
	int err;

	for (int i = 0; i < RETRIES; i++) {
		err = hak_nl_config(nl, c);
		for (unsigned int id = 0; !err && id < HAK_O_COUNT; id++)
			if (hak_object_by_id(id)->cmd)
				err = read_if_known(nl, id, m);
		if (!err)
			err = hak_nl_config(nl, &after);
		if (!err && after.generation == c->generation)
			hak_model_settle(m);
		if (err || after.generation == c->generation)
			return err;
	}
	return -EINTR;
}

static void get_change(struct nlattr *nest, struct hak_change *c)
{
	struct nlattr *tb[HAK_A_HISTORY_MAX + 1];

	memset(c, 0, sizeof(*c));
	if (nla_parse_nested(tb, HAK_A_HISTORY_MAX, nest, NULL))
		return;
	get_string(c->router, sizeof(c->router), tb[HAK_A_HISTORY_ROUTER]);
	get_string(c->reason, sizeof(c->reason), tb[HAK_A_HISTORY_REASON]);
	c->seq = hak_nl_num(tb[HAK_A_HISTORY_SEQ]);
	c->time = hak_nl_num(tb[HAK_A_HISTORY_TIME]);
	c->from = (uint32_t)hak_nl_num(tb[HAK_A_HISTORY_FROM]);
	c->to = (uint32_t)hak_nl_num(tb[HAK_A_HISTORY_TO]);
}

struct history_arg {
	struct hak_change *list;
	size_t n;
};

static void history_reset(void *arg)
{
	struct history_arg *a = arg;

	free(a->list);
	a->list = NULL;
	a->n = 0;
}

static void history_one(struct nlattr **tb, void *arg)
{
	struct history_arg *a = arg;

	if (!tb[HAK_A_HISTORY])
		return;
	a->list = hak_realloc(a->list, a->n + 1, sizeof(*a->list));
	get_change(tb[HAK_A_HISTORY], &a->list[a->n++]);
}

int hak_nl_history(struct hak_nl *nl, const char *router, struct hak_change **list, size_t *n)
{
	struct history_arg a = { 0 };
	int err = dump(nl, HAK_CMD_HISTORY_GET, router, history_one, history_reset, &a);

	*list = a.list;
	*n = a.n;
	return err;
}

static void get_alarm(struct nlattr *nest, struct hak_alarm *al)
{
	struct nlattr *tb[HAK_A_ALARM_MAX + 1];

	memset(al, 0, sizeof(*al));
	if (nla_parse_nested(tb, HAK_A_ALARM_MAX, nest, NULL))
		return;
	al->kind = (uint32_t)hak_nl_num(tb[HAK_A_ALARM_KIND]);
	get_string(al->router, sizeof(al->router), tb[HAK_A_ALARM_ROUTER]);
	get_string(al->track, sizeof(al->track), tb[HAK_A_ALARM_TRACK]);
	get_string(al->text, sizeof(al->text), tb[HAK_A_ALARM_TEXT]);
	al->count = hak_nl_num(tb[HAK_A_ALARM_COUNT]);
	al->first = hak_nl_num(tb[HAK_A_ALARM_FIRST]);
	al->last = hak_nl_num(tb[HAK_A_ALARM_LAST]);
	hak_nl_addr(tb[HAK_A_ALARM_ADDRESS], &al->address);
	al->has_mac = tb[HAK_A_ALARM_MAC] && nla_len(tb[HAK_A_ALARM_MAC]) == 6;
	if (al->has_mac)
		memcpy(al->mac, nla_data(tb[HAK_A_ALARM_MAC]), 6);
}

struct alarm_arg {
	struct hak_alarm *list;
	size_t n;
};

static void alarm_reset(void *arg)
{
	struct alarm_arg *a = arg;

	free(a->list);
	a->list = NULL;
	a->n = 0;
}

static void alarm_one(struct nlattr **tb, void *arg)
{
	struct alarm_arg *a = arg;

	if (!tb[HAK_A_ALARM])
		return;
	a->list = hak_realloc(a->list, a->n + 1, sizeof(*a->list));
	get_alarm(tb[HAK_A_ALARM], &a->list[a->n++]);
}

int hak_nl_alarms(struct hak_nl *nl, struct hak_alarm **list, size_t *n)
{
	struct alarm_arg a = { 0 };
	int err = dump(nl, HAK_CMD_ALARM_GET, NULL, alarm_one, alarm_reset, &a);

	*list = a.list;
	*n = a.n;
	return err;
}

struct event_arg {
	void (*fn)(const struct hak_event *ev, void *arg);
	void *arg;
};

static void get_event(struct nlattr *nest, struct hak_change *c)
{
	struct nlattr *tb[HAK_A_EVENT_MAX + 1];

	if (nla_parse_nested(tb, HAK_A_EVENT_MAX, nest, NULL))
		return;
	c->seq = hak_nl_num(tb[HAK_A_EVENT_SEQ]);
	c->time = hak_nl_num(tb[HAK_A_EVENT_TIME]);
	c->from = (uint32_t)hak_nl_num(tb[HAK_A_EVENT_FROM]);
	c->to = (uint32_t)hak_nl_num(tb[HAK_A_EVENT_TO]);
	get_string(c->reason, sizeof(c->reason), tb[HAK_A_EVENT_REASON]);
}

static struct hak_obj *event_obj(struct nlattr **tb)
{
	for (unsigned int id = 0; id < HAK_O_COUNT; id++) {
		const struct hak_object *type = hak_object_by_id(id);

		if (type->attr && tb[type->attr])
			return hak_nl_get_obj(type, tb[type->attr]);
	}
	return NULL;
}

static int on_event(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *gh = genlmsg_hdr(nlmsg_hdr(msg));
	struct nlattr *tb[HAK_A_MAX + 1];
	struct event_arg *a = arg;
	struct hak_event ev;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, HAK_A_MAX, NULL))
		return NL_SKIP;
	memset(&ev, 0, sizeof(ev));
	ev.cmd = gh->cmd;
	if (tb[HAK_A_EVENT])
		get_event(tb[HAK_A_EVENT], &ev.change);
	if (tb[HAK_A_ALARM])
		get_alarm(tb[HAK_A_ALARM], &ev.alarm);
	get_config(tb, &ev.config);
	ev.obj = event_obj(tb);
	a->fn(&ev, a->arg);
	hak_obj_free(ev.obj);
	return NL_OK;
}

int hak_nl_events(struct hak_nl *nl, void (*fn)(const struct hak_event *ev, void *arg), void *arg)
{
	struct event_arg a = { .fn = fn, .arg = arg };
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_event, &a);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, no_seq_check, NULL);
	errno = 0;
	err = nl_recvmsgs(nl->sk, cb);
	nl_cb_put(cb);
	return err < 0 ? errno_of(err) : 0;
}
