// SPDX-License-Identifier: GPL-2.0-only
/* Connections and what to look for in netlink attributes. No socket. */
#include "nl.h"

#include <errno.h>
#include <netlink/msg.h>
#include <string.h>

static void put_addr(struct nl_msg *msg, int addr, int port, const struct hak_addr *a)
{
	nla_put(msg, addr, a->family == AF_INET6 ? 16 : 4, a->b);
	if (a->port)
		nla_put_u32(msg, port, a->port);
}

void hak_nl_put_filter(struct nl_msg *msg, const struct hak_obj *filter, bool count)
{
	struct nlattr *nest = nla_nest_start(msg, HAK_A_CONN | NLA_F_NESTED);
	const struct hak_value *v = filter->v;

	if (v[HAK_CN_SERVICE].set) {
		nla_put_u32(msg, HAK_A_CONN_PROTO, (uint32_t)v[HAK_CN_SERVICE].num);
		put_addr(msg, HAK_A_CONN_ADDRESS, HAK_A_CONN_PORT, &v[HAK_CN_SERVICE].addr);
	}
	if (v[HAK_CN_SERVER].set)
		put_addr(msg, HAK_A_CONN_SERVER, HAK_A_CONN_SERVER_PORT, &v[HAK_CN_SERVER].addr);
	if (v[HAK_CN_CLIENT].set) {
		put_addr(msg, HAK_A_CONN_CLIENT, 0, &v[HAK_CN_CLIENT].addr);
		nla_put_u32(msg, HAK_A_CONN_CLIENT_PREFIX_LEN, v[HAK_CN_CLIENT].addr.len);
	}
	if (v[HAK_CN_STATE].set)
		nla_put_u32(msg, HAK_A_CONN_STATE, (uint32_t)v[HAK_CN_STATE].num);
	if (count || v[HAK_CN_LIMIT].set)
		nla_put_u32(msg, HAK_A_CONN_LIMIT, count ? 0 : (uint32_t)v[HAK_CN_LIMIT].num);
	nla_nest_end_keep_empty(msg, nest);
}

static uint64_t get_num(const struct nlattr *a)
{
	if (a && nla_len(a) >= 8)
		return nla_get_u64(a);
	return a && nla_len(a) >= 4 ? nla_get_u32(a) : 0;
}

static bool get_addr(const struct nlattr *addr, const struct nlattr *port, struct hak_addr *a)
{
	if (!addr || !hak_addr_set(a, nla_data(addr), (size_t)nla_len(addr)))
		return false;
	a->port = (uint16_t)get_num(port);
	return true;
}

int hak_nl_get_conn(struct nlattr *nest, struct hak_conn *c)
{
	struct nlattr *tb[HAK_A_CONN_MAX + 1];

	memset(c, 0, sizeof(*c));
	if (nla_parse_nested(tb, HAK_A_CONN_MAX, nest, NULL))
		return -EINVAL;
	c->counted = tb[HAK_A_CONN_COUNT];
	c->count = (uint32_t)get_num(tb[HAK_A_CONN_COUNT]);
	c->proto = (uint32_t)get_num(tb[HAK_A_CONN_PROTO]);
	c->state = (uint32_t)get_num(tb[HAK_A_CONN_STATE]);
	c->expires = get_num(tb[HAK_A_CONN_EXPIRES]);
	if (c->counted)
		return 0;
	return get_addr(tb[HAK_A_CONN_CLIENT], tb[HAK_A_CONN_CLIENT_PORT], &c->client) &&
	       get_addr(tb[HAK_A_CONN_ADDRESS], tb[HAK_A_CONN_PORT], &c->service) &&
	       get_addr(tb[HAK_A_CONN_SERVER], tb[HAK_A_CONN_SERVER_PORT], &c->server) ? 0 : -EINVAL;
}
