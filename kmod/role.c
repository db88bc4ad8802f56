// SPDX-License-Identifier: GPL-2.0-only
#include "role.h"

#include <linux/rculist.h>

#include "pernet.h"

u32 hak_role_hash(const struct hak_ip *ip)
{
	/* The words behind an IPv4 address are zero. */
	return hash_32(ip->w[0] ^ ip->w[1] ^ ip->w[2] ^ ip->w[3],
		       HAK_ROLE_HASH_BITS);
}

void hak_role_publish(struct hak_net *hn, struct hak_role *role)
{
	spin_lock_bh(&hn->role_lock);
	hlist_add_head_rcu(&role->node, &hn->roles[hak_role_hash(&role->ip)]);
	spin_unlock_bh(&hn->role_lock);
}

void hak_role_unpublish(struct hak_net *hn, struct hak_role *role)
{
	spin_lock_bh(&hn->role_lock);
	hlist_del_init_rcu(&role->node);
	spin_unlock_bh(&hn->role_lock);
}

void hak_role_set(struct hak_role *role, u32 flags)
{
	WRITE_ONCE(role->flags, flags | HAK_ROLE_KNOWN);
}

u32 hak_role_lookup(const struct hak_net *hn, const struct hak_ip *ip)
{
	const struct hak_role *role;
	u32 flags = 0;

	hlist_for_each_entry_rcu(role, &hn->roles[hak_role_hash(ip)], node)
		if (hak_ip_equal(&role->ip, ip))
			flags |= READ_ONCE(role->flags);
	return flags;
}

u32 hak_role_lookup4(const struct hak_net *hn, __be32 addr)
{
	u32 h = hash_32((__force u32)addr, HAK_ROLE_HASH_BITS);
	const struct hak_role *role;
	u32 flags = 0;

	hlist_for_each_entry_rcu(role, &hn->roles[h], node)
		if (role->ip.w[0] == (__force u32)addr &&
		    role->ip.len == HAK_IP4_LEN)
			flags |= READ_ONCE(role->flags);
	return flags;
}
