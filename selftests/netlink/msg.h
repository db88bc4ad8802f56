/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink messages by hand: what a library would refuse to build is the point. */
#ifndef NLFUZZ_MSG_H
#define NLFUZZ_MSG_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MSG_SIZE	(1 << 20)

/* A buffer of one or more messages; @start is where the last one begins. */
struct msg {
	uint8_t *buf;
	size_t len;
	size_t start;
};

void msg_init(struct msg *m);
void msg_reset(struct msg *m);
void msg_begin(struct msg *m, uint16_t type, uint16_t flags, uint32_t seq, uint8_t cmd,
	       uint8_t version);
/* The same with another header than that of generic netlink. */
void msg_begin_raw(struct msg *m, uint16_t type, uint16_t flags, uint32_t seq, const void *header,
		   size_t len);
void msg_end(struct msg *m);
bool msg_room(const struct msg *m, size_t more);
void msg_put(struct msg *m, uint16_t type, const void *data, size_t len);
void msg_put_u32(struct msg *m, uint16_t type, uint32_t value);
void msg_put_u64(struct msg *m, uint16_t type, uint64_t value);
void msg_put_string(struct msg *m, uint16_t type, const char *text);
/* Offset of the nest, to be handed to msg_nest_end(). */
size_t msg_nest(struct msg *m, uint16_t type);
void msg_nest_end(struct msg *m, size_t at);

/* Offsets of the attributes of the last message, nests before what they hold. */
size_t msg_attrs(const struct msg *m, size_t *at, size_t max);
/* Insert @len bytes at @at (data may be NULL: zeros), or remove that many. */
void msg_splice(struct msg *m, size_t at, const void *data, long len);

static inline struct nlmsghdr *msg_header(const struct msg *m)
{
	return (struct nlmsghdr *)(m->buf + m->start);
}

static inline struct nlattr *attr_at(const struct msg *m, size_t at)
{
	return (struct nlattr *)(m->buf + at);
}

static inline uint16_t attr_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

static inline const void *attr_data(const struct nlattr *a)
{
	return (const uint8_t *)a + NLA_HDRLEN;
}

static inline size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

/* for (a = attr_first(data, len); a; a = attr_next(a, data, len)) */
const struct nlattr *attr_first(const void *data, size_t len);
const struct nlattr *attr_next(const struct nlattr *a, const void *data, size_t len);
const struct nlattr *attr_find(const void *data, size_t len, uint16_t type);
uint32_t attr_u32(const struct nlattr *a);
uint64_t attr_u64(const struct nlattr *a);

/* A netlink socket with extended errors; -1 and errno. */
int nl_open(int protocol);
/* Family id, or -1; ids of its multicast groups by name, 0: none. */
int nl_family(int fd, const char *name, const char *const *groups, uint32_t *ids, size_t n);
int nl_send(int fd, const void *data, size_t len);

#endif /* NLFUZZ_MSG_H */
