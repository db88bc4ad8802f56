// SPDX-License-Identifier: GPL-2.0-only
#include "info.h"

#include <linux/etherdevice.h>
#include <linux/timekeeping.h>

#include "dev.h"
#include "ipv6.h"
#include "route.h"
#include "router.h"
#include "track.h"
#include "vmac.h"

bool hak_vrrp_has_ipv6(void)
{
	return hak_ipv6_enabled();
}

static void heard_info(const struct hak_heard *h, const struct hak_list *list,
		       struct hak_router_info *info)
{
	info->active_known = h->known;
	info->active_ip = h->ip;
	ether_addr_copy(info->active_mac, h->mac);
	info->active_priority = h->priority;
	info->active_heard = ktime_get_ns() - h->at;
	info->active_interval = h->interval;
	info->active_checksum = h->checksum;
	info->active_count = list->count;
	if (list->count)
		memcpy(info->active_vips, list->addrs, h->ip.len * list->count);
}

static void resigned_info(const struct hak_fsm_state *st,
			  struct hak_router_info *info)
{
	u64 now = ktime_get_ns();

	info->resigned = st->resigned && now < st->resigned_until;
	info->resigned_left = HAK_RESIGNED_FOR_GOOD;
	if (st->resigned_until != HAK_FSM_NEVER)
		info->resigned_left = st->resigned_until - now;
}

/* Addresses put back are counted where they are. r->lock held. */
static u64 restored(const struct hak_router *r)
{
	const struct hak_addrs *addrs =
		rcu_dereference_check(r->addrs, lockdep_is_held(&r->lock));
	u64 sum = 0;
	u32 i;

	for (i = 0; addrs && i < addrs->n; i++)
		sum += addrs->a[i]->restored;
	return sum;
}

void hak_router_info(struct hak_router *r, struct hak_router_info *info)
{
	memset(info, 0, sizeof(*info));
	spin_lock_bh(&r->lock);
	info->state = r->fsm.state;
	info->since = r->since;
	strscpy(info->reason, r->reason[0] ? r->reason : "just made",
		sizeof(info->reason));
	if (r->start.until)
		hak_start_text(r, info->reason);
	info->effective_priority = r->effective;
	resigned_info(&r->fsm, info);
	info->ifindex = r->hd ? r->hd->dev->ifindex : 0;
	info->primary = r->primary;
	if (r->hd)
		hak_vmac_get(r, info->mac);
	info->checksum_sent = r->form;
	if (r->active.known)
		heard_info(&r->active, &r->active_list, info);
	memcpy(info->stats, r->stats, sizeof(info->stats));
	info->stats[HAK_A_STAT_VIP_RESTORED] = restored(r);
	memcpy(info->drops, r->drops, sizeof(info->drops));
	spin_unlock_bh(&r->lock);
}

bool hak_router_vip_installed(const struct hak_router *r, u32 i)
{
	const struct hak_addrs *addrs = rcu_dereference(r->addrs);

	return addrs && i < addrs->n && READ_ONCE(addrs->a[i]->installed);
}

bool hak_router_route_installed(const struct hak_router *r, u32 i)
{
	const struct hak_vroutes *routes = rcu_dereference(r->routes);

	return routes && i < routes->n && READ_ONCE(routes->v[i]->installed);
}

void hak_router_use_info(const struct hak_router *r, u32 i,
			 struct hak_use_info *info)
{
	const struct hak_router_cfg *cfg = rcu_dereference(r->cfg);
	const struct hak_uses *uses = rcu_dereference(r->uses);
	struct hak_track_word w = { .state = HAK_TRACK_DOWN };
	bool fault = false;

	info->applied = 0;
	if (cfg && uses && i < uses->n && i < cfg->n_uses) {
		w = hak_track_read(uses->t[i]);
		info->applied = hak_track_apply(&cfg->uses[i], w, &fault);
	}
	info->state = w.state;
}

bool hak_router_history(struct hak_router *r, u64 after,
			struct hak_change_rec *rec)
{
	bool found = false;
	u32 i, first;

	spin_lock_bh(&r->lock);
	first = r->history_n > HAK_HISTORY_LEN ?
		r->history_n - HAK_HISTORY_LEN : 0;
	for (i = first; i != r->history_n && !found; i++) {
		const struct hak_change_rec *h =
			&r->history[i % HAK_HISTORY_LEN];

		found = h->seq > after;
		if (found)
			*rec = *h;
	}
	spin_unlock_bh(&r->lock);
	return found;
}
