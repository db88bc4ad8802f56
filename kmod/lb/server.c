// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "../core/lb_sched.h"
#include "object.h"

#define NO_LIMIT	INT_MAX

static void counters_add(struct hak_lb_counts *sum, const struct hak_lb_cpu *cpu)
{
	u64 v[5];
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&cpu->syncp);
		v[0] = u64_stats_read(&cpu->conns);
		for (i = 0; i < 2; i++) {
			v[1 + i] = u64_stats_read(&cpu->packets[i]);
			v[3 + i] = u64_stats_read(&cpu->bytes[i]);
		}
	} while (u64_stats_fetch_retry(&cpu->syncp, start));
	sum->conns += v[0];
	for (i = 0; i < 2; i++) {
		sum->packets[i] += v[1 + i];
		sum->bytes[i] += v[3 + i];
	}
}

static void counters_sum(struct hak_lb_counts *sum,
			 const struct hak_lb_cpu __percpu *cpu)
{
	int i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(i)
		counters_add(sum, per_cpu_ptr(cpu, i));
}

static struct hak_lb_cpu __percpu *counters_new(void)
{
	return __netdev_alloc_pcpu_stats(struct hak_lb_cpu, GFP_KERNEL_ACCOUNT);
}

void hak_lb_count(struct hak_lb_cpu __percpu *cpu, enum hak_dir dir, u32 bytes)
{
	struct hak_lb_cpu *this = this_cpu_ptr(cpu);

	u64_stats_update_begin(&this->syncp);
	u64_stats_inc(&this->packets[dir]);
	u64_stats_add(&this->bytes[dir], bytes);
	u64_stats_update_end(&this->syncp);
}

void hak_lb_count_conn(struct hak_lb_cpu __percpu *cpu)
{
	struct hak_lb_cpu *this = this_cpu_ptr(cpu);

	u64_stats_update_begin(&this->syncp);
	u64_stats_inc(&this->conns);
	u64_stats_update_end(&this->syncp);
}

struct hak_server *hak_server_new(const struct hak_ip *addr, __be16 port)
{
	struct hak_server *server = kzalloc(sizeof(*server), GFP_KERNEL_ACCOUNT);

	if (!server)
		return NULL;
	server->cpu = counters_new();
	if (!server->cpu) {
		kfree(server);
		return NULL;
	}
	refcount_set(&server->ref, 1);
	INIT_HLIST_NODE(&server->node);
	server->addr = *addr;
	server->port = port;
	server->index = HAK_SERVER_FRESH;
	server->maxconn = NO_LIMIT;
	server->report = HAK_TRACK_UP;
	server->since = ktime_get_real_ns();
	return server;
}

void hak_server_put(struct hak_server *server)
{
	if (!refcount_dec_and_test(&server->ref))
		return;
	free_percpu(server->cpu);
	kfree(server);
}

u32 hak_server_weight(const struct hak_server_cfg *cfg,
		      const struct hak_server *server)
{
	switch (server->report) {
	case HAK_TRACK_UP:
		return cfg->weight;
	case HAK_TRACK_VALUE:
		return cfg->weight ? server->value : 0;
	default:
		return 0;
	}
}

bool hak_server_serves(const struct hak_server_cfg *cfg,
		       const struct hak_server *server)
{
	return cfg->state == HAK_SERVER_UP && hak_server_weight(cfg, server);
}

void hak_server_apply(struct hak_server *server, const struct hak_pool_cfg *pool,
		      const struct hak_server_cfg *cfg)
{
	WRITE_ONCE(server->maxconn, cfg->maxconn ?: NO_LIMIT);
	WRITE_ONCE(server->method, pool->method);
	WRITE_ONCE(server->passive, pool->passive);
	WRITE_ONCE(server->backup, cfg->backup);
}

struct hak_server *hak_server_find(const struct hak_lb *lb,
				   const struct hak_pool *pool,
				   const struct hak_ip *addr, __be16 port)
{
	struct hak_server *server;
	u32 i = hash_32(hak_lb_word(addr->w), HAK_SERVER_BITS);

	hlist_for_each_entry(server, &lb->servers[i], node)
		if (server->port == port && server->pool == pool &&
		    hak_ip_equal(&server->addr, addr))
			return server;
	return NULL;
}

struct hak_server *hak_server_reach(const struct hak_lb *lb, const struct hak_ip *addr,
				    __be16 port)
{
	u32 i = hash_32(hak_lb_word(addr->w), HAK_SERVER_BITS);
	struct hak_server *server;

	hlist_for_each_entry_rcu(server, &lb->servers[i], node)
		if (server->port == port && hak_ip_equal(&server->addr, addr))
			return server;
	return NULL;
}

void hak_server_hash(struct hak_lb *lb, struct hak_server *server,
		     struct hak_pool *pool)
{
	u32 i = hash_32(hak_lb_word(server->addr.w), HAK_SERVER_BITS);

	WRITE_ONCE(server->pool, pool);
	hak_lb_filter_add(&lb->server_filter, &server->addr);
	hlist_add_head_rcu(&server->node, &lb->servers[i]);
}

void hak_lb_filter_add(struct hak_lb_filter *filter, const struct hak_ip *addr)
{
	u32 i = hash_32(hak_lb_word(addr->w), HAK_FILTER_BITS);

	if (!filter->count[i]++)
		set_bit(i, filter->bits);
}

void hak_lb_filter_del(struct hak_lb_filter *filter, const struct hak_ip *addr)
{
	u32 i = hash_32(hak_lb_word(addr->w), HAK_FILTER_BITS);

	if (!--filter->count[i])
		clear_bit(i, filter->bits);
}

/* ---- services ---- */

static unsigned long ns_to_jiffies(u64 ns)
{
	return ns ? max(nsecs_to_jiffies(ns), 1UL) : 0;
}

void hak_service_apply(struct hak_service *service,
		       const struct hak_service_cfg *cfg)
{
	/* Not the key: readers compare it. */
	service->cfg.firewall = cfg->firewall;
	service->cfg.one_packet = cfg->one_packet;
	service->cfg.timeout = cfg->timeout;
	service->cfg.timeout_fin = cfg->timeout_fin;
	strscpy(service->cfg.pool, cfg->pool, sizeof(service->cfg.pool));
	WRITE_ONCE(service->firewall, cfg->firewall);
	WRITE_ONCE(service->one_packet, cfg->one_packet);
	WRITE_ONCE(service->timeout, ns_to_jiffies(cfg->timeout));
	WRITE_ONCE(service->timeout_fin, ns_to_jiffies(cfg->timeout_fin));
}

struct hak_service *hak_service_new(const struct hak_service_cfg *cfg)
{
	struct hak_service *service = kzalloc(sizeof(*service),
					      GFP_KERNEL_ACCOUNT);

	if (!service)
		return NULL;
	service->cpu = counters_new();
	if (!service->cpu) {
		kfree(service);
		return NULL;
	}
	refcount_set(&service->ref, 1);
	INIT_LIST_HEAD(&service->list);
	service->cfg = *cfg;
	hak_lb_key_to(&service->to, cfg->proto, &cfg->addr, cfg->port);
	hak_service_apply(service, cfg);
	return service;
}

void hak_service_put(struct hak_service *service)
{
	if (!refcount_dec_and_test(&service->ref))
		return;
	free_percpu(service->cpu);
	kfree(service);
}

void hak_lb_key_to(struct hak_flow_key *key, u8 proto, const struct hak_ip *addr,
		   __be16 port)
{
	*key = (struct hak_flow_key) {
		.dport = port, .proto = proto, .v6 = addr->len == HAK_IP6_LEN,
	};
	if (key->v6)
		memcpy(key->daddr6, addr->w, sizeof(key->daddr6));
	else
		key->daddr = (__force __be32)addr->w[0];
}

u32 hak_service_hash(const struct hak_flow_key *key)
{
	u32 addr = key->v6 ? jhash2((const u32 *)key->daddr6, 4, 0) :
			     (__force u32)key->daddr;

	return jhash_2words(addr, (__force u32)key->dport << 8 | key->proto, 0) >>
	       (32 - HAK_SERVICE_BITS);
}

static bool is_to(const struct hak_flow_key *a, const struct hak_flow_key *b)
{
	if (a->dport != b->dport || a->proto != b->proto || a->v6 != b->v6)
		return false;
	return a->v6 ? !memcmp(a->daddr6, b->daddr6, sizeof(a->daddr6)) :
		       a->daddr == b->daddr;
}

struct hak_service *hak_service_lookup(const struct hak_lb *lb,
				       const struct hak_flow_key *key)
{
	u32 i = hak_service_hash(key);
	struct hak_service *s;

	hlist_for_each_entry_rcu(s, &lb->by_key[i], node)
		if (is_to(&s->to, key))
			return s;
	return NULL;
}

/* ---- what they tell ---- */

const char *hak_server_text(char *text, const struct hak_ip *addr, __be16 port)
{
	const char *form = addr->len == HAK_IP4_LEN ? "%pI4:%u" : "[%pI6c]:%u";

	if (!port)
		form = addr->len == HAK_IP4_LEN ? "%pI4" : "%pI6c";
	snprintf(text, HAK_SERVER_TEXT, form, addr->b, ntohs(port));
	return text;
}

void hak_pool_info(const struct hak_pool *pool, struct hak_pool_info *info)
{
	u32 i;

	info->users = pool->users;
	info->up = 0;
	info->quorate = 0;
	for (i = 0; i < pool->cfg->n_servers; i++) {
		bool serving = pool->servers[i]->serving;

		info->up += serving;
		info->quorate += serving && !pool->cfg->servers[i].backup;
	}
}

void hak_server_info(const struct hak_pool *pool, u32 index,
		     struct hak_server_info *info)
{
	const struct hak_server *server = pool->servers[index];

	info->report = server->report;
	info->value = server->value;
	info->reported = server->reported ?
			 ktime_get_boottime_ns() - server->reported : 0;
	info->since = server->since;
	info->conns = atomic_read(&server->conns);
	info->active = max(atomic_read(&server->active), 0);
	info->serving = server->serving;
	info->avoided = hak_server_avoided_for(server);
	strscpy(info->reason, server->reason, sizeof(info->reason));
	counters_sum(&info->counts, server->cpu);
}

void hak_service_info(const struct hak_service *service,
		      struct hak_service_info *info)
{
	rcu_read_lock();
	info->active = hak_lb_works_here(service->lb, &service->to);
	rcu_read_unlock();
	info->conns = atomic_read(&service->conns);
	counters_sum(&info->counts, service->cpu);
}
