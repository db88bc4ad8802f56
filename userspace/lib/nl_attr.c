// SPDX-License-Identifier: GPL-2.0-only
#include "nl_attr.h"

uint64_t hak_nl_num(const struct nlattr *a)
{
	if (a && nla_len(a) >= 8)
		return nla_get_u64(a);
	return a && nla_len(a) >= 4 ? nla_get_u32(a) : 0;
}

bool hak_nl_addr(const struct nlattr *a, struct hak_addr *addr)
{
	return a && hak_addr_set(addr, nla_data(a), (size_t)nla_len(a));
}

bool hak_nl_end(const struct nlattr *a, const struct nlattr *port, struct hak_addr *addr)
{
	if (!hak_nl_addr(a, addr))
		return false;
	addr->port = (uint16_t)hak_nl_num(port);
	return true;
}

void hak_nl_put_addr(struct nl_msg *msg, int attr, const struct hak_addr *a)
{
	if (a->family)
		nla_put(msg, attr, a->family == AF_INET6 ? 16 : 4, a->b);
}

void hak_nl_put_end(struct nl_msg *msg, int attr, int port, const struct hak_addr *a)
{
	hak_nl_put_addr(msg, attr, a);
	if (a->port)
		nla_put_u32(msg, port, a->port);
}
