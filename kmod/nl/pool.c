// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/string.h>

#include "batch.h"
#include "extack.h"
#include "policy.h"

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->pool)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_POOL : HAK_A_POOL,
				      "which pool?");
	err = nla_parse_nested(tb, max, op->pool, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_POOL_NAME])
		return hak_nl_missing(b->extack, op->pool, HAK_A_POOL_NAME,
				      "a pool needs a name");
	return 0;
}

static bool servers_same(const struct hak_pool_cfg *a,
			 const struct hak_pool_cfg *b)
{
	u32 i;

	if (a->n_servers != b->n_servers)
		return false;
	for (i = 0; i < a->n_servers; i++)
		if (!hak_server_cfg_same(&a->servers[i], &b->servers[i]))
			return false;
	return true;
}

bool hak_nl_pool_same(const struct hak_pool_cfg *a,
		      const struct hak_pool_cfg *b)
{
	return a->scheduler == b->scheduler && a->method == b->method &&
	       a->hash_size == b->hash_size && a->hash_port == b->hash_port &&
	       a->quorum == b->quorum && a->passive == b->passive &&
	       a->on_down == b->on_down && a->persist == b->persist &&
	       a->persist_plen == b->persist_plen && a->n_sources == b->n_sources &&
	       hak_ip_equal(&a->source, &b->source) &&
	       !strcmp(a->backup_pool, b->backup_pool) &&
	       hak_checks_same(a->checks, b->checks) && servers_same(a, b);
}

static int checks_add(struct hak_nl_batch *b, struct hak_checks_cfg *checks,
		      const struct nlattr *attr)
{
	const char *name = nla_data(attr);
	u32 i;

	for (i = 0; i < checks->n; i++)
		if (!strcmp(checks->names[i], name))
			return hak_nl_refuse(b->extack, attr, -EEXIST,
					     "check %s is named twice", name);
	if (checks->n == HAK_LB_CHECKS_MAX)
		return hak_nl_refuse(b->extack, attr, -ENOSPC,
				     "a pool or a server may have %u checks",
				     HAK_LB_CHECKS_MAX);
	strscpy(checks->names[checks->n++], name, HAK_NAME_SIZE);
	return 0;
}

int hak_nl_checks_set(struct hak_nl_batch *b, struct hak_checks_cfg **checks,
		      const struct nlattr *attr)
{
	const struct nlattr *a;
	int rem, err;

	kfree(*checks);
	*checks = NULL;
	nla_for_each_nested(a, attr, rem) {
		if (!*checks)
			*checks = kzalloc(sizeof(**checks), GFP_KERNEL_ACCOUNT);
		if (!*checks)
			return -ENOMEM;
		err = checks_add(b, *checks, a);
		if (err)
			return err;
	}
	return 0;
}

static int set_method(struct hak_nl_batch *b, struct hak_pool_cfg *cfg,
		      const struct nlattr *attr)
{
	static const char *const methods[] = {
		[HAK_METHOD_NAT] = "nat",
		[HAK_METHOD_FNAT] = "fnat",
		[HAK_METHOD_DR] = "dr",
		[HAK_METHOD_IPIP] = "ipip",
		[HAK_METHOD_GRE] = "gre",
		[HAK_METHOD_GUE] = "gue",
	};
	u32 method = nla_get_u32(attr);

	if (method > HAK_METHOD_DR)
		return hak_nl_refuse(b->extack, attr, -EOPNOTSUPP,
				     "method %s is not in this version of hak",
				     methods[method]);
	cfg->method = method;
	return 0;
}

static int set_hash_size(struct hak_nl_batch *b, struct hak_pool_cfg *cfg,
			 const struct nlattr *attr)
{
	u32 size = nla_get_u32(attr);

	if (!hak_pool_hash_size_ok(size))
		return hak_nl_refuse(b->extack, attr, -EINVAL,
				     "hash-size %u is not a table of mh; 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 65537 and 131071 are",
				     size);
	cfg->hash_size = size;
	return 0;
}

static int set_persist(struct hak_nl_batch *b, struct hak_pool_cfg *cfg,
		       const struct nlattr *attr)
{
	u64 ns = nla_get_u64(attr);

	if (ns && ns < NSEC_PER_SEC)
		return hak_nl_refuse(b->extack, attr, -ERANGE,
				     "persist is 1 s to 7 days, or 0 for none");
	cfg->persist = ns;
	return 0;
}

/* The first, and how many from there on. */
static int set_source(struct hak_nl_batch *b, struct hak_pool_cfg *cfg,
		      const struct nlattr *attr)
{
	u32 len = nla_len(attr), one = len % HAK_IP6_LEN ? HAK_IP4_LEN : HAK_IP6_LEN;
	struct hak_ip first, last;

	if (!len) {
		cfg->source = (struct hak_ip){};
		cfg->n_sources = 0;
		return 0;
	}
	first = hak_ip_make(nla_data(attr), one);
	last = hak_ip_make(nla_data(attr) + len - one, one);
	if (hak_ip_cmp(&first, &last) > 0 || hak_ip_distance(&first, &last) >= HAK_LB_SOURCES_MAX)
		return hak_nl_refuse(b->extack, attr, -ERANGE,
				     "source is an address, or the first and the last of up to %u",
				     HAK_LB_SOURCES_MAX);
	cfg->source = first;
	cfg->n_sources = hak_ip_distance(&first, &last) + 1;
	return 0;
}

/* Whatever is refused, @cfg stays fit to be freed. */
static int words(struct hak_nl_batch *b, struct hak_pool_cfg *cfg,
		 struct nlattr **tb)
{
	int err = 0;

	if (tb[HAK_A_POOL_SCHEDULER])
		cfg->scheduler = nla_get_u32(tb[HAK_A_POOL_SCHEDULER]);
	if (tb[HAK_A_POOL_HASH_PORT])
		cfg->hash_port = nla_get_u32(tb[HAK_A_POOL_HASH_PORT]);
	if (tb[HAK_A_POOL_QUORUM])
		cfg->quorum = nla_get_u32(tb[HAK_A_POOL_QUORUM]);
	if (tb[HAK_A_POOL_PASSIVE])
		cfg->passive = nla_get_u32(tb[HAK_A_POOL_PASSIVE]);
	if (tb[HAK_A_POOL_ON_DOWN])
		cfg->on_down = nla_get_u32(tb[HAK_A_POOL_ON_DOWN]);
	if (tb[HAK_A_POOL_BACKUP])
		strscpy(cfg->backup_pool, nla_data(tb[HAK_A_POOL_BACKUP]),
			sizeof(cfg->backup_pool));
	if (tb[HAK_A_POOL_PERSIST_PREFIX_LEN])
		cfg->persist_plen = nla_get_u32(tb[HAK_A_POOL_PERSIST_PREFIX_LEN]);
	if (tb[HAK_A_POOL_METHOD])
		err = set_method(b, cfg, tb[HAK_A_POOL_METHOD]);
	if (!err && tb[HAK_A_POOL_HASH_SIZE])
		err = set_hash_size(b, cfg, tb[HAK_A_POOL_HASH_SIZE]);
	if (!err && tb[HAK_A_POOL_PERSIST])
		err = set_persist(b, cfg, tb[HAK_A_POOL_PERSIST]);
	if (!err && tb[HAK_A_POOL_SOURCE])
		err = set_source(b, cfg, tb[HAK_A_POOL_SOURCE]);
	if (!err && tb[HAK_A_POOL_CHECKS])
		err = hak_nl_checks_set(b, &cfg->checks, tb[HAK_A_POOL_CHECKS]);
	return err;
}

static int add(struct hak_nl_batch *b, struct nlattr **tb)
{
	struct hak_pool_cfg *cfg = hak_pool_cfg_new();
	struct hak_nl_pool *e;
	int err;

	if (!cfg)
		return -ENOMEM;
	strscpy(cfg->name, nla_data(tb[HAK_A_POOL_NAME]), sizeof(cfg->name));
	err = words(b, cfg, tb);
	if (err) {
		hak_pool_cfg_free(cfg);
		return err;
	}
	e = hak_nl_batch_pool_add(b, cfg);
	if (!e)
		return -ENOMEM;
	e->attr = tb[HAK_A_POOL_NAME];
	return 0;
}

int hak_nl_pool_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_POOL_SOURCE + 1];
	struct hak_nl_pool *e;
	int err;

	err = parse(b, op, hak_nl_pool_attrs_new, HAK_A_POOL_SOURCE, tb);
	if (err)
		return err;
	e = hak_nl_batch_pool(b, nla_data(tb[HAK_A_POOL_NAME]));
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (e)
		return hak_nl_refuse(b->extack, tb[HAK_A_POOL_NAME], -EEXIST,
				     "pool %s exists; use `pool set` or `pool replace`",
				     e->name);
	return add(b, tb);
}

/* The pool that an operation names, or an error with a sentence. */
static struct hak_nl_pool *named(struct hak_nl_batch *b,
				 const struct nlattr *attr)
{
	struct hak_nl_pool *e = hak_nl_batch_pool(b, nla_data(attr));

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, attr, -ENOENT,
					     "pool %s: no such pool",
					     (const char *)nla_data(attr)));
	if (!IS_ERR(e))
		e->attr = attr;
	return e;
}

int hak_nl_pool_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_POOL_SOURCE + 1];
	struct hak_nl_pool *e;
	int err;

	err = parse(b, op, hak_nl_pool_attrs_new, HAK_A_POOL_SOURCE, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_POOL_NAME]);
	return IS_ERR(e) ? PTR_ERR(e) : words(b, e->ch.cfg, tb);
}

int hak_nl_pool_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_POOL_NAME + 1];
	struct hak_nl_pool *e;
	int err;

	err = parse(b, op, hak_nl_pool_attrs_name, HAK_A_POOL_NAME, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_POOL_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	hak_nl_batch_pool_del(e);
	return 0;
}
