// SPDX-License-Identifier: GPL-2.0-only
#include "msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

void msg_init(struct msg *m)
{
	m->buf = calloc(1, MSG_SIZE);
	if (!m->buf)
		abort();
	msg_reset(m);
}

void msg_reset(struct msg *m)
{
	m->len = 0;
	m->start = 0;
}

static void grow(struct msg *m, size_t len)
{
	if (m->len + len > MSG_SIZE)
		abort();
	memset(m->buf + m->len, 0, len);
	m->len += len;
}

bool msg_room(const struct msg *m, size_t more)
{
	return m->len + more + 4096 < MSG_SIZE;
}

void msg_begin_raw(struct msg *m, uint16_t type, uint16_t flags, uint32_t seq, const void *header,
		   size_t len)
{
	struct nlmsghdr *h;

	m->start = m->len;
	grow(m, NLMSG_HDRLEN + NLMSG_ALIGN(len));
	h = msg_header(m);
	h->nlmsg_type = type;
	h->nlmsg_flags = flags;
	h->nlmsg_seq = seq;
	memcpy(NLMSG_DATA(h), header, len);
	msg_end(m);
}

void msg_begin(struct msg *m, uint16_t type, uint16_t flags, uint32_t seq, uint8_t cmd,
	       uint8_t version)
{
	const struct genlmsghdr genl = { .cmd = cmd, .version = version };

	msg_begin_raw(m, type, flags, seq, &genl, sizeof(genl));
}

void msg_end(struct msg *m)
{
	msg_header(m)->nlmsg_len = m->len - m->start;
}

void msg_put(struct msg *m, uint16_t type, const void *data, size_t len)
{
	size_t at = m->len;

	grow(m, NLA_HDRLEN + NLA_ALIGN(len));
	attr_at(m, at)->nla_type = type;
	attr_at(m, at)->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy(m->buf + at + NLA_HDRLEN, data, len);
}

void msg_put_u32(struct msg *m, uint16_t type, uint32_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

void msg_put_u64(struct msg *m, uint16_t type, uint64_t value)
{
	msg_put(m, type, &value, sizeof(value));
}

void msg_put_string(struct msg *m, uint16_t type, const char *text)
{
	msg_put(m, type, text, strlen(text) + 1);
}

size_t msg_nest(struct msg *m, uint16_t type)
{
	size_t at = m->len;

	msg_put(m, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void msg_nest_end(struct msg *m, size_t at)
{
	/* What does not fit in 16 bits wraps: one more wrong length. */
	attr_at(m, at)->nla_len = m->len - at;
}

static size_t walk(const struct msg *m, size_t from, size_t to, size_t *at, size_t n, size_t max)
{
	while (from + NLA_HDRLEN <= to && n < max) {
		const struct nlattr *a = attr_at(m, from);
		size_t len = a->nla_len;

		if (len < NLA_HDRLEN || from + len > to)
			break;
		at[n++] = from;
		if (a->nla_type & NLA_F_NESTED)
			n = walk(m, from + NLA_HDRLEN, from + len, at, n, max);
		from += NLA_ALIGN(len);
	}
	return n;
}

size_t msg_attrs(const struct msg *m, size_t *at, size_t max)
{
	return walk(m, m->start + NLMSG_HDRLEN + GENL_HDRLEN, m->len, at, 0, max);
}

void msg_splice(struct msg *m, size_t at, const void *data, long len)
{
	if (len >= 0) {
		grow(m, len);
		memmove(m->buf + at + len, m->buf + at, m->len - len - at);
		if (data)
			memcpy(m->buf + at, data, len);
		else
			memset(m->buf + at, 0, len);
		return;
	}
	memmove(m->buf + at, m->buf + at - len, m->len - at + len);
	m->len += len;
}

static const struct nlattr *attr_check(const uint8_t *p, const uint8_t *end)
{
	const struct nlattr *a = (const struct nlattr *)p;

	if (p + NLA_HDRLEN > end || a->nla_len < NLA_HDRLEN || p + a->nla_len > end)
		return NULL;
	return a;
}

const struct nlattr *attr_first(const void *data, size_t len)
{
	return attr_check(data, (const uint8_t *)data + len);
}

const struct nlattr *attr_next(const struct nlattr *a, const void *data, size_t len)
{
	return attr_check((const uint8_t *)a + NLA_ALIGN(a->nla_len), (const uint8_t *)data + len);
}

const struct nlattr *attr_find(const void *data, size_t len, uint16_t type)
{
	const struct nlattr *a;

	for (a = attr_first(data, len); a; a = attr_next(a, data, len))
		if (attr_type(a) == type)
			return a;
	return NULL;
}

uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t value = 0;

	if (a && attr_len(a) >= sizeof(value))
		memcpy(&value, attr_data(a), sizeof(value));
	return value;
}

uint64_t attr_u64(const struct nlattr *a)
{
	uint64_t value = 0;

	if (a && attr_len(a) >= sizeof(value))
		memcpy(&value, attr_data(a), sizeof(value));
	return value;
}

int nl_open(int protocol)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 60 };
	int one = 1, big = 4 << 20;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof(big));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any))) {
		close(fd);
		return -1;
	}
	return fd;
}

int nl_send(int fd, const void *data, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(fd, data, len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ? -1 : 0;
}

static void read_groups(const struct nlattr *list, const char *const *groups, uint32_t *ids,
			size_t n)
{
	const struct nlattr *g;
	size_t i;

	for (g = attr_first(attr_data(list), attr_len(list)); g;
	     g = attr_next(g, attr_data(list), attr_len(list))) {
		const struct nlattr *name, *id;

		name = attr_find(attr_data(g), attr_len(g), CTRL_ATTR_MCAST_GRP_NAME);
		id = attr_find(attr_data(g), attr_len(g), CTRL_ATTR_MCAST_GRP_ID);
		for (i = 0; name && i < n; i++)
			if (!strcmp(attr_data(name), groups[i]))
				ids[i] = attr_u32(id);
	}
}

int nl_family(int fd, const char *name, const char *const *groups, uint32_t *ids, size_t n)
{
	const struct nlattr *id, *list;
	const struct nlmsghdr *h;
	uint8_t answer[8192];
	const uint8_t *attrs;
	struct msg m;
	ssize_t got;
	size_t len;

	msg_init(&m);
	msg_begin(&m, GENL_ID_CTRL, NLM_F_REQUEST, 1, CTRL_CMD_GETFAMILY, 1);
	msg_put_string(&m, CTRL_ATTR_FAMILY_NAME, name);
	msg_end(&m);
	if (nl_send(fd, m.buf, m.len))
		got = -1;
	else
		got = recv(fd, answer, sizeof(answer), 0);
	free(m.buf);
	h = (const struct nlmsghdr *)answer;
	if (got < NLMSG_HDRLEN || h->nlmsg_type == NLMSG_ERROR) {
		errno = ENOENT;
		return -1;
	}
	attrs = (const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN;
	len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	list = attr_find(attrs, len, CTRL_ATTR_MCAST_GROUPS);
	memset(ids, 0, n * sizeof(*ids));
	if (list)
		read_groups(list, groups, ids, n);
	id = attr_find(attrs, len, CTRL_ATTR_FAMILY_ID);
	return id ? *(const uint16_t *)attr_data(id) : -1;
}
