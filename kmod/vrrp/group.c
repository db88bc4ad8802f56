// SPDX-License-Identifier: GPL-2.0-only
#include "group.h"

#include <linux/jhash.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../nl/notify.h"
#include "../pernet.h"
#include "router.h"
#include "track.h"

/**
 * struct look - what one look at all members comes to
 * @sum: for the decision
 * @salt: for the decision
 * @priority: least of the members'
 * @fault_by: the first that cannot run, or NULL
 * @text: why, or what the group follows
 */
struct look {
	struct hak_group_sum sum;
	u32 salt;
	u8 priority;
	const struct hak_router *fault_by;
	char text[HAK_TEXT_SIZE];
};

struct hak_group *hak_group_new(struct hak_net *hn, const struct hak_group_cfg *cfg)
{
	struct hak_group *g = kzalloc(sizeof(*g), GFP_KERNEL_ACCOUNT);

	if (!g)
		return NULL;
	g->hn = hn;
	strscpy(g->cfg.name, cfg->name, sizeof(g->cfg.name));
	INIT_LIST_HEAD(&g->members);
	atomic_set(&g->pending, 0);
	spin_lock_init(&g->lock);
	return g;
}

static void drop_tracks(struct hak_track **tracks, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		tracks[i]->users--;
		hak_track_put(tracks[i]);
	}
}

void hak_group_configure(struct hak_group *g, const struct hak_group_cfg *cfg)
{
	struct hak_track *old[HAK_ROUTER_TRACKS_MAX];
	struct hak_track *t;
	struct hak_member *m;
	u32 i, n, had;

	ASSERT_RTNL();
	had = g->cfg.n_uses;
	memcpy(old, g->tracks, sizeof(old));
	spin_lock_bh(&g->lock);
	for (i = 0, n = 0; i < cfg->n_uses; i++) {
		t = hak_track_find(g->hn, cfg->uses[i].name);
		if (WARN_ON_ONCE(!t))
			continue;
		kref_get(&t->ref);
		t->users++;
		g->cfg.uses[n] = cfg->uses[i];
		g->tracks[n++] = t;
	}
	g->cfg.n_uses = n;
	spin_unlock_bh(&g->lock);
	drop_tracks(old, had);
	list_for_each_entry(m, &g->members, list)
		hak_router_refresh(m->r);
}

void hak_group_free(struct hak_group *g)
{
	WARN_ON_ONCE(!list_empty(&g->members));
	drop_tracks(g->tracks, g->cfg.n_uses);
	kfree_rcu(g, rcu);
}

void hak_group_join(struct hak_router *r, struct hak_member *m)
{
	struct hak_member *old = rtnl_dereference(r->member);

	spin_lock_bh(&r->lock);
	rcu_assign_pointer(r->member, m);
	r->lost = false;
	spin_unlock_bh(&r->lock);
	if (m) {
		m->r = r;
		list_add_tail_rcu(&m->list, &m->g->members);
		WRITE_ONCE(m->g->n_members, m->g->n_members + 1);
	}
	if (!old)
		return;
	list_del_rcu(&old->list);
	WRITE_ONCE(old->g->n_members, old->g->n_members - 1);
	kfree_rcu(old, rcu);
}

/* Why a member is as it is, for the others. r->lock held. */
static void note(struct look *l, const struct hak_group *g,
		 const struct hak_router *r, const char *why)
{
	const struct hak_router_cfg *cfg =
		rcu_dereference_check(r->cfg, lockdep_is_held(&r->lock));

	snprintf(l->text, sizeof(l->text), "group %s: router %s: %s",
		 g->cfg.name, cfg->name, why);
}

static void look_state(struct look *l, const struct hak_group *g,
		       struct hak_router *r)
{
	struct hak_group_sum *sum = &l->sum;
	bool active = r->fsm.state == HAK_STATE_ACTIVE;
	bool ready = r->fsm.state == HAK_STATE_BACKUP && r->fsm.ready;

	sum->members++;
	sum->stopped += r->fsm.state == HAK_STATE_INITIALIZE;
	sum->active += active;
	sum->ready += ready;
	sum->released += ready && r->fsm.released;
	sum->down = max(sum->down, hak_fsm_down_time(&r->fcfg, r->fcfg.interval));
	sum->interval = max(sum->interval, r->fcfg.interval);
	if (!l->fault_by && !sum->lost &&
	    (r->lost || active || (ready && r->fsm.released)))
		note(l, g, r, active || r->lost ? r->reason :
		     "its Active let go (priority 0)");
	sum->lost |= r->lost;
	r->lost = false;
}

static void look_at(struct look *l, const struct hak_group *g,
		    struct hak_router *r)
{
	spin_lock_bh(&r->lock);
	if (!r->dead && r->looked) {
		if (r->own_fault && !l->fault_by) {
			l->fault_by = r;
			note(l, g, r, r->own_reason);
		}
		l->priority = min(l->priority, r->own_priority);
		if (!l->salt)
			l->salt = jhash(&r->primary, sizeof(r->primary), 0);
		look_state(l, g, r);
	}
	spin_unlock_bh(&r->lock);
}

/* Let members see what the others are. Returns false when it is nothing new. */
static bool publish(struct hak_group *g, const struct look *l)
{
	bool news;

	spin_lock_bh(&g->lock);
	news = g->priority != l->priority || g->fault_by != l->fault_by ||
	       (l->fault_by && strcmp(g->fault, l->text));
	g->priority = l->priority;
	g->fault_by = l->fault_by;
	if (l->fault_by)
		strscpy(g->fault, l->text, sizeof(g->fault));
	spin_unlock_bh(&g->lock);
	return news;
}

static void tell(struct hak_group *g, const struct look *l)
{
	const struct hak_group_sum *sum = &l->sum;
	u32 state = 0;

	if (sum->members && sum->active == sum->members)
		state = HAK_STATE_ACTIVE;
	else if (sum->members && sum->stopped == sum->members)
		state = HAK_STATE_INITIALIZE;
	else if (sum->members && !sum->active && !sum->stopped)
		state = HAK_STATE_BACKUP;
	if (state == g->told)
		return;
	WRITE_ONCE(g->told, state);
	if (state)
		hak_notify_group_state(g->hn, g);
}

static void one_round(struct hak_group *g)
{
	struct look l = { .priority = HAK_FSM_OWNER };
	enum hak_group_verdict verdict;
	struct hak_member *m;

	list_for_each_entry_rcu(m, &g->members, list)
		look_at(&l, g, m->r);
	if (publish(g, &l)) {
		list_for_each_entry_rcu(m, &g->members, list)
			hak_router_refresh(m->r);
		/* Seen in the next round; each of them has asked for it. */
		if (l.sum.lost)
			g->state.losing = true;
		return;
	}
	verdict = hak_group_decide(&g->state, &l.sum, ktime_get_ns(), l.salt);
	if (verdict == HAK_GROUP_STAY) {
		tell(g, &l);
		return;
	}
	list_for_each_entry_rcu(m, &g->members, list)
		hak_router_group(m->r, verdict == HAK_GROUP_ON, l.text);
}

/*
 * The members' steps ask for another round, from here or from another CPU: they
 * only count, and this one goes on.
 */
static void run(struct hak_group *g)
{
	int n;

	if (atomic_inc_return(&g->pending) > 1)
		return;
	do {
		n = atomic_read(&g->pending);
		one_round(g);
	} while (atomic_sub_return(n, &g->pending));
}

void hak_group_run(struct hak_router *r)
{
	const struct hak_member *m = rcu_dereference(r->member);

	if (m)
		run(m->g);
}

void hak_group_run_all(struct hak_net *hn)
{
	struct hak_group *g;

	ASSERT_RTNL();
	rcu_read_lock();
	local_bh_disable();
	list_for_each_entry(g, &hn->groups, list)
		run(g);
	local_bh_enable();
	rcu_read_unlock();
}

static struct hak_group *group_of(const struct hak_router *r)
{
	const struct hak_member *m =
		rcu_dereference_check(r->member, lockdep_is_held(&r->lock));

	return m ? m->g : NULL;
}

const char *hak_group_look(const struct hak_router *r, u8 *priority,
			   const char *why, char *buf)
{
	struct hak_group *g = group_of(r);

	if (!g)
		return why;
	spin_lock_bh(&g->lock);
	if (g->priority)
		*priority = min(*priority, g->priority);
	if (!why && g->fault_by && g->fault_by != r) {
		strscpy(buf, g->fault, HAK_TEXT_SIZE);
		why = buf;
	}
	spin_unlock_bh(&g->lock);
	return why;
}

s32 hak_group_tracks(const struct hak_router *r, const char **fault)
{
	struct hak_group *g = group_of(r);
	s32 sum = 0;
	u32 i;

	if (!g)
		return 0;
	spin_lock_bh(&g->lock);
	for (i = 0; i < g->cfg.n_uses; i++) {
		bool down = false;

		sum += hak_track_apply(&g->cfg.uses[i],
				       hak_track_read(g->tracks[i]), &down);
		if (down && !*fault)
			*fault = hak_track_cfg(g->tracks[i])->name;
	}
	spin_unlock_bh(&g->lock);
	return sum;
}

bool hak_group_has_track(const struct hak_router *r, const struct hak_track *t)
{
	const struct hak_member *m = rcu_dereference(r->member);
	bool found = false;
	u32 i;

	if (!m)
		return false;
	spin_lock_bh(&m->g->lock);
	for (i = 0; i < m->g->cfg.n_uses; i++)
		found |= m->g->tracks[i] == t;
	spin_unlock_bh(&m->g->lock);
	return found;
}

struct hak_group *hak_group_find(struct hak_net *hn, const char *name)
{
	struct hak_group *g;

	list_for_each_entry_rcu(g, &hn->groups, list,
				lockdep_is_held(&hn->cfg_mutex) ||
				lockdep_rtnl_is_held())
		if (!strcmp(g->cfg.name, name))
			return g;
	return NULL;
}

struct hak_group *hak_group_next(struct hak_net *hn, struct hak_group *g)
{
	lockdep_assert(lockdep_is_held(&hn->cfg_mutex) || lockdep_rtnl_is_held());
	if (!g)
		return list_first_entry_or_null(&hn->groups, typeof(*g), list);
	return list_is_last(&g->list, &hn->groups) ? NULL :
	       list_next_entry(g, list);
}

const struct hak_group_cfg *hak_group_cfg(const struct hak_group *g)
{
	return &g->cfg;
}

void hak_group_info(struct hak_group *g, struct hak_group_info *info)
{
	info->state = READ_ONCE(g->told);
	info->routers = READ_ONCE(g->n_members);
}

bool hak_group_use(struct hak_group *g, u32 i, struct hak_use_cfg *use,
		   struct hak_use_info *info)
{
	struct hak_track_word w;
	bool there, fault = false;

	spin_lock_bh(&g->lock);
	there = i < g->cfg.n_uses;
	if (there) {
		*use = g->cfg.uses[i];
		w = hak_track_read(g->tracks[i]);
		info->state = w.state;
		info->applied = hak_track_apply(use, w, &fault);
	}
	spin_unlock_bh(&g->lock);
	return there;
}
