// SPDX-License-Identifier: GPL-2.0-only
#include "role.h"

#include <linux/rculist.h>

#include "pernet.h"

static u32 role_hash(__be32 addr)
{
	return hash_32((__force u32)addr, HAK_ROLE_HASH_BITS);
}

void hak_role_publish(struct hak_net *hn, struct hak_role *role)
{
	spin_lock_bh(&hn->role_lock);
	hlist_add_head_rcu(&role->node, &hn->roles[role_hash(role->addr)]);
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

u32 hak_role_lookup(const struct hak_net *hn, __be32 addr)
{
	const struct hak_role *role;
	u32 flags = 0;

	hlist_for_each_entry_rcu(role, &hn->roles[role_hash(addr)], node)
		if (role->addr == addr)
			flags |= READ_ONCE(role->flags);
	return flags;
}
