// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "../pernet.h"
#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

#define CSEC_NS			10000000U
#define DEFAULT_PRIORITY	100
#define DEFAULT_INTERVAL	1000000000ULL
#define DEFAULT_DOWN_ADVERTS	3
#define DEFAULT_ANNOUNCE	4
#define DEFAULT_ANNOUNCE_INTERVAL 500000000ULL

/**
 * hak_nl_router_defaults() - a router of which nothing has been said
 *
 * Return: NULL without memory.
 */
struct hak_router_cfg *hak_nl_router_defaults(void)
{
	struct hak_router_cfg *cfg = hak_router_cfg_new();

	if (!cfg)
		return NULL;
	cfg->family = AF_INET;
	cfg->priority = DEFAULT_PRIORITY;
	cfg->interval = DEFAULT_INTERVAL;
	cfg->preempt = true;
	cfg->down_adverts = DEFAULT_DOWN_ADVERTS;
	cfg->enable = true;
	cfg->accept = HAK_ACCEPT_ON;
	cfg->checksum = HAK_CHECKSUM_AUTO;
	cfg->version = 3;
	cfg->min_ttl = HAK_VRRP_TTL;
	cfg->announce = DEFAULT_ANNOUNCE;
	cfg->announce_interval = DEFAULT_ANNOUNCE_INTERVAL;
	return cfg;
}

bool hak_nl_uses_same(const struct hak_use_cfg *a, u32 n_a,
		      const struct hak_use_cfg *b, u32 n_b)
{
	u32 i;

	if (n_a != n_b)
		return false;
	for (i = 0; i < n_a; i++)
		if (strcmp(a[i].name, b[i].name) ||
		    a[i].weighted != b[i].weighted || a[i].weight != b[i].weight)
			return false;
	return true;
}

static bool uses_same(const struct hak_router_cfg *a,
		      const struct hak_router_cfg *b)
{
	return hak_nl_uses_same(a->uses, a->n_uses, b->uses, b->n_uses);
}

static bool vips_same(const struct hak_router_cfg *a,
		      const struct hak_router_cfg *b)
{
	u32 i;

	if (a->n_vips != b->n_vips)
		return false;
	for (i = 0; i < a->n_vips; i++)
		if (!hak_ip_equal(&a->vips[i].ip, &b->vips[i].ip) ||
		    a->vips[i].plen != b->vips[i].plen ||
		    a->vips[i].advert != b->vips[i].advert ||
		    a->vips[i].made != b->vips[i].made ||
		    strcmp(a->vips[i].dev, b->vips[i].dev) ||
		    strcmp(a->vips[i].label, b->vips[i].label))
			return false;
	return true;
}

static bool peers_same(const struct hak_router_cfg *a,
		       const struct hak_router_cfg *b)
{
	u32 i;

	if (a->n_peers != b->n_peers)
		return false;
	for (i = 0; i < a->n_peers; i++)
		if (!hak_ip_equal(&a->peers[i], &b->peers[i]))
			return false;
	return true;
}

static bool routes_same(const struct hak_router_cfg *a,
			const struct hak_router_cfg *b)
{
	u32 i;

	if (a->n_routes != b->n_routes)
		return false;
	for (i = 0; i < a->n_routes; i++)
		if (!hak_vroute_cfg_same(&a->routes[i], &b->routes[i]))
			return false;
	return true;
}

bool hak_nl_router_same(const struct hak_router_cfg *a,
			const struct hak_router_cfg *b)
{
	return a->flags == b->flags && a->interval == b->interval &&
	       a->announce_interval == b->announce_interval &&
	       a->preempt_delay == b->preempt_delay &&
	       !strcmp(a->group, b->group) &&
	       a->start_delay == b->start_delay &&
	       a->down_adverts == b->down_adverts &&
	       a->announce == b->announce && a->priority == b->priority &&
	       a->preempt == b->preempt && a->enable == b->enable &&
	       a->accept == b->accept && a->checksum == b->checksum &&
	       a->vmac == b->vmac && a->version == b->version && a->min_ttl == b->min_ttl &&
	       a->announce_refresh == b->announce_refresh &&
	       !strcmp(a->pass, b->pass) && hak_ip_equal(&a->source, &b->source) &&
	       peers_same(a, b) && uses_same(a, b) && vips_same(a, b) &&
	       routes_same(a, b);
}

static int parse_use(struct hak_nl_batch *b, struct hak_use_cfg *use,
		     const struct nlattr *attr)
{
	struct nlattr *tb[HAK_A_ROUTER_TRACK_WEIGHT + 1];
	int err;

	err = nla_parse_nested(tb, HAK_A_ROUTER_TRACK_WEIGHT, attr,
			       hak_nl_router_track_attrs, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_ROUTER_TRACK_NAME])
		return hak_nl_missing(b->extack, attr, HAK_A_ROUTER_TRACK_NAME,
				      "a track of a router needs a name");
	strscpy(use->name, nla_data(tb[HAK_A_ROUTER_TRACK_NAME]),
		sizeof(use->name));
	use->weighted = tb[HAK_A_ROUTER_TRACK_WEIGHT];
	if (use->weighted)
		use->weight = nla_get_s32(tb[HAK_A_ROUTER_TRACK_WEIGHT]);
	return 0;
}

static bool named_before(const struct hak_use_cfg *uses, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (!strcmp(uses[i].name, uses[n].name))
			return true;
	return false;
}

int hak_nl_uses(struct hak_nl_batch *b, const struct nlattr *attr,
		const char *who, struct hak_use_cfg *uses, u32 *n)
{
	const struct nlattr *a;
	int rem, err;
	u32 count = 0;

	*n = 0;
	nla_for_each_nested(a, attr, rem)
		count++;
	if (count > HAK_ROUTER_TRACKS_MAX)
		return hak_nl_refuse(b->extack, attr, -ENOSPC,
				     "%u tracks, %s may have %u", count, who,
				     HAK_ROUTER_TRACKS_MAX);
	nla_for_each_nested(a, attr, rem) {
		memset(&uses[*n], 0, sizeof(*uses));
		err = parse_use(b, &uses[*n], a);
		if (err)
			return err;
		if (named_before(uses, *n))
			return hak_nl_refuse(b->extack, a, -EEXIST,
					     "track %s is named twice",
					     uses[*n].name);
		++*n;
	}
	return 0;
}

/* Replaces the list. */
static int set_uses(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
		    const struct nlattr *attr)
{
	struct hak_use_cfg *uses;
	int err;

	uses = kcalloc(HAK_ROUTER_TRACKS_MAX, sizeof(*uses), GFP_KERNEL_ACCOUNT);
	if (!uses)
		return -ENOMEM;
	kfree(cfg->uses);
	cfg->uses = uses;
	err = hak_nl_uses(b, attr, "a router", uses, &cfg->n_uses);
	if (!cfg->n_uses) {
		kfree(uses);
		cfg->uses = NULL;
	}
	return err;
}

static int set_interval(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
			const struct nlattr *attr)
{
	u64 ns = nla_get_u64(attr);
	u32 rem;

	div_u64_rem(ns, CSEC_NS, &rem);
	if (rem)
		return hak_nl_refuse(b->extack, attr, -EINVAL,
				     "interval must be a whole number of centiseconds");
	cfg->interval = ns;
	return 0;
}

/* Replaces the list. */
static int set_peers(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
		     const struct nlattr *attr)
{
	const struct nlattr *a;
	u32 i, n = 0;
	int rem, err;

	kfree(cfg->peers);
	cfg->n_peers = 0;
	cfg->peers = NULL;
	nla_for_each_nested(a, attr, rem)
		n++;
	if (!n)
		return 0;
	if (n > HAK_ROUTER_PEERS_MAX)
		return hak_nl_refuse(b->extack, attr, -ENOSPC,
				     "%u peers, a router may have %u", n,
				     HAK_ROUTER_PEERS_MAX);
	cfg->peers = kcalloc(n, sizeof(*cfg->peers), GFP_KERNEL_ACCOUNT);
	if (!cfg->peers)
		return -ENOMEM;
	nla_for_each_nested(a, attr, rem) {
		err = hak_nl_check_host(b, a);
		if (err)
			return err;
		cfg->peers[cfg->n_peers] = hak_nl_ip(a);
		for (i = 0; i < cfg->n_peers; i++)
			if (hak_ip_equal(&cfg->peers[i],
					 &cfg->peers[cfg->n_peers]))
				return hak_nl_refuse(b->extack, a, -EEXIST,
						     "this peer is named twice");
		cfg->n_peers++;
	}
	return 0;
}

/* Empty: the device's first address. */
static int set_source(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
		      const struct nlattr *attr)
{
	int err = nla_len(attr) ? hak_nl_check_host(b, attr) : 0;

	if (!err)
		cfg->source = hak_nl_ip(attr);
	return err;
}

static void set_numbers(struct hak_router_cfg *cfg, struct nlattr **tb)
{
	if (tb[HAK_A_ROUTER_VERSION])
		cfg->version = nla_get_u32(tb[HAK_A_ROUTER_VERSION]);
	if (tb[HAK_A_ROUTER_VMAC])
		cfg->vmac = nla_get_u32(tb[HAK_A_ROUTER_VMAC]);
	if (tb[HAK_A_ROUTER_MIN_TTL])
		cfg->min_ttl = nla_get_u32(tb[HAK_A_ROUTER_MIN_TTL]);
	if (tb[HAK_A_ROUTER_ANNOUNCE_REFRESH])
		cfg->announce_refresh =
			nla_get_u64(tb[HAK_A_ROUTER_ANNOUNCE_REFRESH]);
	if (tb[HAK_A_ROUTER_AUTH_PASS])
		strscpy_pad(cfg->pass, nla_data(tb[HAK_A_ROUTER_AUTH_PASS]),
			    sizeof(cfg->pass));

	if (tb[HAK_A_ROUTER_PRIORITY])
		cfg->priority = nla_get_u32(tb[HAK_A_ROUTER_PRIORITY]);
	if (tb[HAK_A_ROUTER_PREEMPT])
		cfg->preempt = nla_get_u32(tb[HAK_A_ROUTER_PREEMPT]);
	if (tb[HAK_A_ROUTER_DOWN_ADVERTS])
		cfg->down_adverts = nla_get_u32(tb[HAK_A_ROUTER_DOWN_ADVERTS]);
	if (tb[HAK_A_ROUTER_ENABLE])
		cfg->enable = nla_get_u32(tb[HAK_A_ROUTER_ENABLE]);
	if (tb[HAK_A_ROUTER_ACCEPT])
		cfg->accept = nla_get_u32(tb[HAK_A_ROUTER_ACCEPT]);
	if (tb[HAK_A_ROUTER_CHECKSUM])
		cfg->checksum = nla_get_u32(tb[HAK_A_ROUTER_CHECKSUM]);
	if (tb[HAK_A_ROUTER_ANNOUNCE])
		cfg->announce = nla_get_u32(tb[HAK_A_ROUTER_ANNOUNCE]);
	if (tb[HAK_A_ROUTER_ANNOUNCE_INTERVAL])
		cfg->announce_interval =
			nla_get_u64(tb[HAK_A_ROUTER_ANNOUNCE_INTERVAL]);
	if (tb[HAK_A_ROUTER_PREEMPT_DELAY])
		cfg->preempt_delay = nla_get_u64(tb[HAK_A_ROUTER_PREEMPT_DELAY]);
	if (tb[HAK_A_ROUTER_START_DELAY])
		cfg->start_delay = nla_get_u64(tb[HAK_A_ROUTER_START_DELAY]);
	if (tb[HAK_A_ROUTER_GROUP])
		strscpy(cfg->group, nla_data(tb[HAK_A_ROUTER_GROUP]),
			sizeof(cfg->group));
	if (tb[HAK_A_ROUTER_FLAGS])
		cfg->flags = nla_get_u32(tb[HAK_A_ROUTER_FLAGS]);
}

/**
 * hak_nl_router_words() - set the words of a router that were said
 * @b: batch
 * @cfg: changed; whatever is refused, it stays fit to be freed
 * @tb: by enum hak_router_attr up to FLAGS, checked with its policy
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_words(struct hak_nl_batch *b, struct hak_router_cfg *cfg,
			struct nlattr **tb)
{
	int err = 0;

	set_numbers(cfg, tb);
	if (tb[HAK_A_ROUTER_INTERVAL])
		err = set_interval(b, cfg, tb[HAK_A_ROUTER_INTERVAL]);
	if (!err && tb[HAK_A_ROUTER_TRACKS])
		err = set_uses(b, cfg, tb[HAK_A_ROUTER_TRACKS]);
	if (!err && tb[HAK_A_ROUTER_SOURCE])
		err = set_source(b, cfg, tb[HAK_A_ROUTER_SOURCE]);
	if (!err && tb[HAK_A_ROUTER_PEERS])
		err = set_peers(b, cfg, tb[HAK_A_ROUTER_PEERS]);
	return err;
}

static int differs(struct hak_nl_batch *b, const struct hak_router_cfg *has,
		   const struct nlattr *attr, const char *word,
		   const char *have, const char *want)
{
	return hak_nl_refuse(b->extack, attr, -EEXIST,
			     "router %s has %s %s, this line says %s; use `router set %s`",
			     has->name, word, have, want, has->name);
}

static int number_differs(struct hak_nl_batch *b,
			  const struct hak_router_cfg *has,
			  const struct nlattr *attr, const char *word,
			  u32 have, u32 want)
{
	char h[12], w[12];

	snprintf(h, sizeof(h), "%u", have);
	snprintf(w, sizeof(w), "%u", want);
	return differs(b, has, attr, word, h, w);
}

/* As a TIME of the grammar, in the largest unit that is exact enough: 10ms, 1.5s. */
static void print_time(char *buf, size_t size, u64 ns)
{
	u32 us;
	u64 ms = div_u64_rem(div_u64(ns, 1000), 1000, &us);
	u32 rest;
	u64 s = div_u64_rem(ms, 1000, &rest);

	if (us)
		snprintf(buf, size, "%llu.%03ums", ms, us);
	else if (!s)
		snprintf(buf, size, "%llums", ms);
	else if (!rest)
		snprintf(buf, size, "%llus", s);
	else
		snprintf(buf, size, "%llu.%03us", s, rest);
}

static int time_differs(struct hak_nl_batch *b,
			const struct hak_router_cfg *has,
			const struct nlattr *attr, const char *word,
			u64 have, u64 want)
{
	char h[32], w[32];

	print_time(h, sizeof(h), have);
	print_time(w, sizeof(w), want);
	return differs(b, has, attr, word, h, w);
}

static int source_differs(struct hak_nl_batch *b,
			  const struct hak_router_cfg *has,
			  const struct hak_router_cfg *want,
			  const struct nlattr *attr)
{
	char h[HAK_IP_TEXT] = "none", w[HAK_IP_TEXT] = "none";

	if (has->source.len)
		hak_text_ip(&has->source, h);
	if (want->source.len)
		hak_text_ip(&want->source, w);
	return differs(b, has, attr, "source", h, w);
}

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

static const char *accept_word(enum hak_accept accept)
{
	return accept == HAK_ACCEPT_ALWAYS ? "always" :
	       on_off(accept == HAK_ACCEPT_ON);
}

static const char *checksum_word(enum hak_checksum checksum)
{
	switch (checksum) {
	case HAK_CHECKSUM_PLAIN:
		return "plain";
	case HAK_CHECKSUM_PSEUDO:
		return "pseudo";
	default:
		return "auto";
	}
}

static int unicast_difference(struct hak_nl_batch *b,
			      const struct hak_router_cfg *has,
			      const struct hak_router_cfg *want,
			      struct nlattr **tb)
{
	if (has->version != want->version)
		return number_differs(b, has, tb[HAK_A_ROUTER_VERSION],
				      "version", has->version, want->version);
	if (has->vmac != want->vmac)
		return differs(b, has, tb[HAK_A_ROUTER_VMAC], "vmac",
			       on_off(has->vmac), on_off(want->vmac));
	if (has->min_ttl != want->min_ttl)
		return number_differs(b, has, tb[HAK_A_ROUTER_MIN_TTL],
				      "min-ttl", has->min_ttl, want->min_ttl);
	if (!hak_ip_equal(&has->source, &want->source))
		return source_differs(b, has, want, tb[HAK_A_ROUTER_SOURCE]);
	if (!peers_same(has, want))
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTER_PEERS], -EEXIST,
				     "router %s has other peers than this line says; use `router set %s`",
				     has->name, has->name);
	if (strcmp(has->pass, want->pass))
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTER_AUTH_PASS],
				     -EEXIST,
				     "router %s has another auth-pass; use `router set %s`",
				     has->name, has->name);
	return 0;
}

static int number_difference(struct hak_nl_batch *b,
			     const struct hak_router_cfg *has,
			     const struct hak_router_cfg *want,
			     struct nlattr **tb)
{
	if (has->priority != want->priority)
		return number_differs(b, has, tb[HAK_A_ROUTER_PRIORITY],
				      "priority", has->priority, want->priority);
	if (has->interval != want->interval)
		return time_differs(b, has, tb[HAK_A_ROUTER_INTERVAL],
				    "interval", has->interval, want->interval);
	if (has->preempt != want->preempt)
		return differs(b, has, tb[HAK_A_ROUTER_PREEMPT], "preempt",
			       on_off(has->preempt), on_off(want->preempt));
	if (has->down_adverts != want->down_adverts)
		return number_differs(b, has, tb[HAK_A_ROUTER_DOWN_ADVERTS],
				      "down-adverts", has->down_adverts,
				      want->down_adverts);
	if (has->enable != want->enable)
		return differs(b, has, tb[HAK_A_ROUTER_ENABLE], "enable",
			       on_off(has->enable), on_off(want->enable));
	if (has->accept != want->accept)
		return differs(b, has, tb[HAK_A_ROUTER_ACCEPT], "accept",
			       accept_word(has->accept),
			       accept_word(want->accept));
	if (has->checksum != want->checksum)
		return differs(b, has, tb[HAK_A_ROUTER_CHECKSUM], "checksum",
			       checksum_word(has->checksum),
			       checksum_word(want->checksum));
	if (has->announce != want->announce)
		return number_differs(b, has, tb[HAK_A_ROUTER_ANNOUNCE],
				      "announce", has->announce, want->announce);
	if (has->announce_interval != want->announce_interval)
		return time_differs(b, has, tb[HAK_A_ROUTER_ANNOUNCE_INTERVAL],
				    "announce-interval", has->announce_interval,
				    want->announce_interval);
	if (has->preempt_delay != want->preempt_delay)
		return time_differs(b, has, tb[HAK_A_ROUTER_PREEMPT_DELAY],
				    "preempt-delay", has->preempt_delay,
				    want->preempt_delay);
	if (has->start_delay != want->start_delay)
		return time_differs(b, has, tb[HAK_A_ROUTER_START_DELAY],
				    "start-delay", has->start_delay,
				    want->start_delay);
	if (strcmp(has->group, want->group))
		return differs(b, has, tb[HAK_A_ROUTER_GROUP], "group",
			       has->group[0] ? has->group : "none",
			       want->group[0] ? want->group : "none");
	if (has->announce_refresh != want->announce_refresh)
		return time_differs(b, has, tb[HAK_A_ROUTER_ANNOUNCE_REFRESH],
				    "announce-refresh", has->announce_refresh,
				    want->announce_refresh);
	return unicast_difference(b, has, want, tb);
}

/* The first word that was said and is not so. */
static int first_difference(struct hak_nl_batch *b,
			    const struct hak_router_cfg *has,
			    const struct hak_router_cfg *want,
			    struct nlattr **tb)
{
	int err = number_difference(b, has, want, tb);

	if (err)
		return err;
	if (!uses_same(has, want))
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTER_TRACKS], -EEXIST,
				     "router %s has other tracks than this line says; use `router set %s`",
				     has->name, has->name);
	return 0;
}

/**
 * hak_nl_router_words_equal() - do the words said hold for a router?
 * @b: batch
 * @cfg: the router
 * @tb: by enum hak_router_attr up to FLAGS, checked with its policy
 *
 * Return: 0 or an error, with a sentence that names the first one that differs.
 */
int hak_nl_router_words_equal(struct hak_nl_batch *b,
			      const struct hak_router_cfg *cfg,
			      struct nlattr **tb)
{
	struct hak_router_cfg *want = hak_router_cfg_dup(cfg);
	int err;

	if (!want)
		return -ENOMEM;
	err = hak_nl_router_words(b, want, tb);
	if (!err)
		err = first_difference(b, cfg, want, tb);
	hak_router_cfg_free(want);
	return err;
}

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->router)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_ROUTER : HAK_A_ROUTER,
				      "which router?");
	err = nla_parse_nested(tb, max, op->router, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_ROUTER_NAME])
		return hak_nl_missing(b->extack, op->router, HAK_A_ROUTER_NAME,
				      "a router needs a name");
	return 0;
}

static int check_family(struct hak_nl_batch *b, const struct nlattr *attr)
{
	if (!attr || nla_get_u32(attr) == AF_INET)
		return 0;
	if (nla_get_u32(attr) == AF_INET6)
		return 0;
	return hak_nl_refuse(b->extack, attr, -EAFNOSUPPORT,
			     "family is inet or inet6");
}

static int new_complete(struct hak_nl_batch *b, const struct hak_nl_op *op,
			struct nlattr **tb)
{
	if (!tb[HAK_A_ROUTER_DEV])
		return hak_nl_missing(b->extack, op->router, HAK_A_ROUTER_DEV,
				      "a router needs a dev");
	if (!tb[HAK_A_ROUTER_VRID])
		return hak_nl_missing(b->extack, op->router, HAK_A_ROUTER_VRID,
				      "a router needs a vrid");
	return check_family(b, tb[HAK_A_ROUTER_FAMILY]);
}

int hak_nl_router_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTER_FLAGS + 1];
	struct hak_router_cfg *cfg;
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_router_attrs_new, HAK_A_ROUTER_FLAGS, tb);
	if (!err)
		err = new_complete(b, op, tb);
	if (err)
		return err;
	e = hak_nl_batch_router(b, nla_data(tb[HAK_A_ROUTER_NAME]));
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (e)
		return hak_nl_refuse(b->extack, tb[HAK_A_ROUTER_NAME], -EEXIST,
				     "router %s exists; use `router set` or `router replace`",
				     e->name);
	cfg = hak_nl_router_defaults();
	if (!cfg)
		return -ENOMEM;
	strscpy(cfg->name, nla_data(tb[HAK_A_ROUTER_NAME]), sizeof(cfg->name));
	strscpy(cfg->dev, nla_data(tb[HAK_A_ROUTER_DEV]), sizeof(cfg->dev));
	cfg->vrid = nla_get_u32(tb[HAK_A_ROUTER_VRID]);
	if (tb[HAK_A_ROUTER_FAMILY])
		cfg->family = nla_get_u32(tb[HAK_A_ROUTER_FAMILY]);
	err = hak_nl_router_words(b, cfg, tb);
	if (err) {
		hak_router_cfg_free(cfg);
		return err;
	}
	e = hak_nl_batch_router_add(b, cfg);
	if (!e)
		return -ENOMEM;
	e->attr = tb[HAK_A_ROUTER_NAME];
	return 0;
}

/* The router that an operation names, or an error with a sentence. */
static struct hak_nl_router *named(struct hak_nl_batch *b,
				   const struct nlattr *attr)
{
	struct hak_nl_router *e = hak_nl_batch_router(b, nla_data(attr));

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, attr, -ENOENT,
					     "router %s: no such router",
					     (const char *)nla_data(attr)));
	if (!IS_ERR(e))
		e->attr = attr;
	return e;
}

int hak_nl_router_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTER_FLAGS + 1];
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_router_attrs_set, HAK_A_ROUTER_FLAGS, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_ROUTER_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	return hak_nl_router_words(b, e->ch.cfg, tb);
}

int hak_nl_router_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_ROUTER_NAME + 1];
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_router_attrs_name, HAK_A_ROUTER_NAME, tb);
	if (err)
		return err;
	e = named(b, tb[HAK_A_ROUTER_NAME]);
	if (IS_ERR(e))
		return PTR_ERR(e);
	hak_nl_batch_router_del(e);
	return 0;
}

static int let_go(struct hak_net *hn, struct nlattr **tb,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *time = tb[HAK_A_ROUTER_RESIGN_FOR];
	const char *name = nla_data(tb[HAK_A_ROUTER_NAME]);
	int err;

	if (hn->dying)
		return hak_nl_refuse(extack, NULL, -ESHUTDOWN,
				     "hak is being unloaded");
	err = hak_router_resign(hn, name, time ? nla_get_u64(time) : 0);
	if (err == -ENOENT)
		return hak_nl_refuse(extack, tb[HAK_A_ROUTER_NAME], err,
				     "router %s: no such router", name);
	if (err == -EBUSY)
		return hak_nl_refuse(extack, tb[HAK_A_ROUTER_NAME], err,
				     "router %s has priority 255 and owns its addresses: it cannot resign",
				     name);
	return err;
}

/**
 * hak_nl_router_resign_doit() - the operator wants a router to let go
 * @skb: request
 * @info: its attributes
 *
 * No change of the configuration; it never waits for RTNL.
 *
 * Return: 0 or an error, with a sentence.
 */
int hak_nl_router_resign_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[HAK_A_ROUTER];
	struct nlattr *tb[HAK_A_ROUTER_RESIGN_FOR + 1];
	struct hak_net *hn = info->user_ptr[0];
	int err;

	if (!nest)
		return hak_nl_missing(info->extack, NULL, HAK_A_ROUTER,
				      "which router?");
	err = nla_parse_nested(tb, HAK_A_ROUTER_RESIGN_FOR, nest,
			       hak_nl_router_attrs_resign, info->extack);
	if (err)
		return err;
	if (!tb[HAK_A_ROUTER_NAME])
		return hak_nl_missing(info->extack, nest, HAK_A_ROUTER_NAME,
				      "a router needs a name");
	mutex_lock(&hn->cfg_mutex);
	err = let_go(hn, tb, info->extack);
	mutex_unlock(&hn->cfg_mutex);
	return err;
}
