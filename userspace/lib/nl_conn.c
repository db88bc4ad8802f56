// SPDX-License-Identifier: GPL-2.0-only
/* Connections and what to look for in netlink attributes. No socket. */
#include "nl.h"

#include "nl_attr.h"

#include <errno.h>
#include <netlink/msg.h>
#include <string.h>

void hak_nl_put_filter(struct nl_msg *msg, const struct hak_obj *filter, bool count)
{
	struct nlattr *nest = nla_nest_start(msg, HAK_A_CONN | NLA_F_NESTED);
	const struct hak_value *v = filter->v;

	if (v[HAK_CN_SERVICE].set) {
		nla_put_u32(msg, HAK_A_CONN_PROTO, (uint32_t)v[HAK_CN_SERVICE].num);
		hak_nl_put_end(msg, HAK_A_CONN_ADDRESS, HAK_A_CONN_PORT, &v[HAK_CN_SERVICE].addr);
	}
	if (v[HAK_CN_SERVER].set)
		hak_nl_put_end(msg, HAK_A_CONN_SERVER, HAK_A_CONN_SERVER_PORT, &v[HAK_CN_SERVER].addr);
	if (v[HAK_CN_CLIENT].set) {
		hak_nl_put_addr(msg, HAK_A_CONN_CLIENT, &v[HAK_CN_CLIENT].addr);
		nla_put_u32(msg, HAK_A_CONN_CLIENT_PREFIX_LEN, v[HAK_CN_CLIENT].addr.len);
	}
	if (v[HAK_CN_STATE].set)
		nla_put_u32(msg, HAK_A_CONN_STATE, (uint32_t)v[HAK_CN_STATE].num);
	if (count || v[HAK_CN_LIMIT].set)
		nla_put_u32(msg, HAK_A_CONN_LIMIT, count ? 0 : (uint32_t)v[HAK_CN_LIMIT].num);
	nla_nest_end_keep_empty(msg, nest);
}

int hak_nl_get_conn(struct nlattr *nest, struct hak_conn *c)
{
	struct nlattr *tb[HAK_A_CONN_MAX + 1];

	memset(c, 0, sizeof(*c));
	if (nla_parse_nested(tb, HAK_A_CONN_MAX, nest, NULL))
		return -EINVAL;
	c->counted = tb[HAK_A_CONN_COUNT];
	c->count = (uint32_t)hak_nl_num(tb[HAK_A_CONN_COUNT]);
	c->proto = (uint32_t)hak_nl_num(tb[HAK_A_CONN_PROTO]);
	c->state = (uint32_t)hak_nl_num(tb[HAK_A_CONN_STATE]);
	c->expires = hak_nl_num(tb[HAK_A_CONN_EXPIRES]);
	if (c->counted)
		return 0;
	return hak_nl_end(tb[HAK_A_CONN_CLIENT], tb[HAK_A_CONN_CLIENT_PORT], &c->client) &&
	       hak_nl_end(tb[HAK_A_CONN_ADDRESS], tb[HAK_A_CONN_PORT], &c->service) &&
	       hak_nl_end(tb[HAK_A_CONN_SERVER], tb[HAK_A_CONN_SERVER_PORT], &c->server) ? 0 : -EINVAL;
}
