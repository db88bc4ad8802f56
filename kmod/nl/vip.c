// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ctype.h>
#include <linux/in.h>
#include <linux/inet.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "../vrrp/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb)
{
	int err;

	if (!op->vip)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_VIP : HAK_A_VIP,
				      "which address?");
	err = nla_parse_nested(tb, max, op->vip, policy, b->extack);
	if (err)
		return err;
	if (!tb[HAK_A_VIP_ADDRESS])
		return hak_nl_missing(b->extack, op->vip, HAK_A_VIP_ADDRESS,
				      "a vip needs an address");
	if (tb[HAK_A_VIP_ROUTER]) {
		if (!tb[HAK_A_VIP_VRID])
			return 0;
		return hak_nl_refuse(b->extack, tb[HAK_A_VIP_VRID], -EINVAL,
				     "give a router, or dev and vrid, not both");
	}
	if (!tb[HAK_A_VIP_DEV] || !tb[HAK_A_VIP_VRID])
		return hak_nl_missing(b->extack, op->vip,
				      tb[HAK_A_VIP_DEV] ? HAK_A_VIP_VRID : HAK_A_VIP_ROUTER,
				      "a vip needs a router, or dev and vrid");
	return 0;
}

static const char *no_host4(__be32 addr)
{
	if (ipv4_is_lbcast(addr))
		return "the broadcast address";
	if (ipv4_is_multicast(addr))
		return "a multicast address";
	if (ipv4_is_loopback(addr))
		return "a loopback address";
	if (!(addr & htonl(0xff000000)))
		return "not the address of a host";
	return NULL;
}

static const char *no_host6(const struct in6_addr *addr)
{
	if (ipv6_addr_is_multicast(addr))
		return "a multicast address";
	if (ipv6_addr_loopback(addr))
		return "the loopback address";
	if (ipv6_addr_any(addr) || ipv6_addr_v4mapped(addr))
		return "not the address of a host";
	return NULL;
}

int hak_nl_check_host(struct hak_nl_batch *b, const struct nlattr *attr)
{
	struct hak_ip ip = hak_nl_ip(attr);
	char text[HAK_IP_TEXT];
	const char *what;

	if (ip.len == HAK_IP4_LEN)
		what = no_host4((__force __be32)ip.w[0]);
	else
		what = no_host6((const struct in6_addr *)ip.b);
	if (!what)
		return 0;
	return hak_nl_refuse(b->extack, attr, -EADDRNOTAVAIL, "%s is %s",
			     hak_text_ip(&ip, text), what);
}

static int check_plen(struct hak_nl_batch *b, struct nlattr **tb)
{
	const struct nlattr *attr = tb[HAK_A_VIP_PREFIX_LEN];

	if (!attr || nla_get_u32(attr) <= 32 ||
	    nla_len(tb[HAK_A_VIP_ADDRESS]) == HAK_IP6_LEN)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ERANGE,
			     "the prefix length of an IPv4 address is 0 to 32");
}

/* Without a router's name it is the address that tells the family. */
static u8 family_of(const struct nlattr *attr)
{
	return nla_len(attr) == HAK_IP4_LEN ? AF_INET : AF_INET6;
}

static int no_router(struct hak_nl_batch *b, struct nlattr **tb)
{
	if (tb[HAK_A_VIP_ROUTER])
		return hak_nl_refuse(b->extack, tb[HAK_A_VIP_ROUTER], -ENOENT,
				     "router %s: no such router",
				     (const char *)nla_data(tb[HAK_A_VIP_ROUTER]));
	return hak_nl_refuse(b->extack, tb[HAK_A_VIP_VRID], -ENOENT,
			     "no %s router has dev %s vrid %u",
			     nla_len(tb[HAK_A_VIP_ADDRESS]) == HAK_IP4_LEN ?
			     "IPv4" : "IPv6",
			     (const char *)nla_data(tb[HAK_A_VIP_DEV]),
			     nla_get_u32(tb[HAK_A_VIP_VRID]));
}

/* The router of an address; NULL when there is none. */
static struct hak_nl_router *find(struct hak_nl_batch *b, struct nlattr **tb)
{
	struct hak_nl_router *e;

	if (tb[HAK_A_VIP_ROUTER])
		e = hak_nl_batch_router(b, nla_data(tb[HAK_A_VIP_ROUTER]));
	else
		e = hak_nl_batch_router_key(b, nla_data(tb[HAK_A_VIP_DEV]),
					    nla_get_u32(tb[HAK_A_VIP_VRID]),
					    family_of(tb[HAK_A_VIP_ADDRESS]));
	if (IS_ERR_OR_NULL(e))
		return e;
	e->attr = tb[HAK_A_VIP_ADDRESS];
	return e;
}

/* DEV.VRID, IPv6 DEV.VRIDv6, with what no name may have replaced. */
static void auto_name(char *name, const char *dev, u32 vrid, u8 family)
{
	char *c;

	snprintf(name, HAK_NAME_SIZE, "%s.%u%s", dev, vrid,
		 family == AF_INET6 ? "v6" : "");
	for (c = name; *c; c++)
		if (!isascii(*c) ||
		    (!isalnum(*c) && !strchr(c == name ? "_" : "._-", *c)))
			*c = '_';
}

static struct hak_nl_router *make(struct hak_nl_batch *b, struct nlattr **tb,
				  struct nlattr **words)
{
	struct hak_router_cfg *cfg = hak_nl_router_defaults();
	struct hak_nl_router *e;
	int err;

	if (!cfg)
		return ERR_PTR(-ENOMEM);
	strscpy(cfg->dev, nla_data(tb[HAK_A_VIP_DEV]), sizeof(cfg->dev));
	cfg->vrid = nla_get_u32(tb[HAK_A_VIP_VRID]);
	cfg->family = family_of(tb[HAK_A_VIP_ADDRESS]);
	cfg->flags = HAK_ROUTER_F_AUTO;
	auto_name(cfg->name, cfg->dev, cfg->vrid, cfg->family);
	e = hak_nl_batch_router(b, cfg->name);
	if (IS_ERR(e))
		err = PTR_ERR(e);
	else if (e)
		err = hak_nl_refuse(b->extack, tb[HAK_A_VIP_DEV], -EEXIST,
				    "router %s exists and has dev %s vrid %u; name the router for dev %s vrid %u yourself",
				    e->name, e->dev, e->vrid, cfg->dev,
				    cfg->vrid);
	else
		err = words ? hak_nl_router_words(b, cfg, words) : 0;
	if (err) {
		hak_router_cfg_free(cfg);
		return ERR_PTR(err);
	}
	e = hak_nl_batch_router_add(b, cfg);
	if (!e)
		return ERR_PTR(-ENOMEM);
	e->attr = tb[HAK_A_VIP_ADDRESS];
	return e;
}

static struct hak_nl_router *find_or_make(struct hak_nl_batch *b,
					  struct nlattr **tb,
					  struct nlattr **words)
{
	struct hak_nl_router *e = find(b, tb);
	int err;

	if (IS_ERR(e))
		return e;
	if (!e)
		return tb[HAK_A_VIP_ROUTER] ? ERR_PTR(no_router(b, tb)) :
					      make(b, tb, words);
	err = words ? hak_nl_router_words_equal(b, e->ch.cfg, words) : 0;
	return err ? ERR_PTR(err) : e;
}

static struct hak_vip_cfg *lookup(struct hak_router_cfg *cfg,
				  const struct hak_ip *ip)
{
	u32 i;

	for (i = 0; i < cfg->n_vips; i++)
		if (hak_ip_equal(&cfg->vips[i].ip, ip) && !cfg->vips[i].made)
			return &cfg->vips[i];
	return NULL;
}

/* Room for one more; a power of two, so that a long list does not move each time. */
static struct hak_vip_cfg *append(struct hak_router_cfg *cfg,
				  const struct hak_ip *ip)
{
	struct hak_vip_cfg *vips, *vip;
	size_t n = roundup_pow_of_two(cfg->n_vips + 1);

	vips = krealloc(cfg->vips, n * sizeof(*vips), GFP_KERNEL_ACCOUNT);
	if (!vips)
		return NULL;
	cfg->vips = vips;
	vip = &vips[cfg->n_vips++];
	memset(vip, 0, sizeof(*vip));
	vip->ip = *ip;
	vip->plen = 8 * ip->len;
	vip->advert = true;
	return vip;
}

static void set(const struct hak_router_cfg *cfg, struct hak_vip_cfg *vip,
		struct nlattr **tb)
{
	if (tb[HAK_A_VIP_PREFIX_LEN])
		vip->plen = nla_get_u32(tb[HAK_A_VIP_PREFIX_LEN]);
	if (tb[HAK_A_VIP_LABEL])
		strscpy(vip->label, nla_data(tb[HAK_A_VIP_LABEL]),
			sizeof(vip->label));
	if (tb[HAK_A_VIP_ADVERT])
		vip->advert = nla_get_u32(tb[HAK_A_VIP_ADVERT]);
	if (tb[HAK_A_VIP_ROUTER] && tb[HAK_A_VIP_DEV])
		strscpy(vip->dev, nla_data(tb[HAK_A_VIP_DEV]), sizeof(vip->dev));
	/* The router's own need not be said. */
	if (!strcmp(vip->dev, cfg->dev))
		vip->dev[0] = 0;
}

static void remove(struct hak_router_cfg *cfg, struct hak_vip_cfg *vip)
{
	cfg->n_vips--;
	memmove(vip, vip + 1, (&cfg->vips[cfg->n_vips] - vip) * sizeof(*vip));
}

/* 00:00:5e:00:02:VRID, its virtual MAC, as an EUI-64. */
static struct hak_ip link_local(u8 vrid)
{
	const u8 bytes[HAK_IP6_LEN] = {
		0xfe, 0x80, [8] = 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x02, vrid,
	};

	return hak_ip_make(bytes, HAK_IP6_LEN);
}

static bool is_link_local(const struct hak_router_cfg *cfg,
			  const struct hak_vip_cfg *vip)
{
	return hak_vip_advertised(cfg, vip) && hak_ip_link_local(vip->ip.b);
}

int hak_nl_vip_settle(struct hak_router_cfg *cfg)
{
	struct hak_ip ip = link_local(cfg->vrid);
	struct hak_vip_cfg *vip, *made = NULL;
	u32 i, own = 0, others = 0;

	for (i = 0; cfg->family == AF_INET6 && i < cfg->n_vips; i++) {
		vip = &cfg->vips[i];
		if (vip->made)
			made = vip;
		else if (is_link_local(cfg, vip))
			own++;
		else
			others++;
	}
	if (made && (own || !others))
		remove(cfg, made);
	if (made || own || !others)
		return 0;
	vip = append(cfg, &ip);
	if (!vip)
		return -ENOMEM;
	vip->plen = 64;
	vip->made = true;
	return 0;
}

static int add(struct hak_nl_batch *b, struct hak_nl_router *e,
	       struct nlattr **tb)
{
	struct hak_ip ip = hak_nl_ip(tb[HAK_A_VIP_ADDRESS]);
	struct hak_vip_cfg *vip;
	char text[HAK_IP_TEXT];

	if (lookup(e->ch.cfg, &ip))
		return hak_nl_refuse(b->extack, tb[HAK_A_VIP_ADDRESS], -EEXIST,
				     "router %s has address %s already",
				     e->name, hak_text_ip(&ip, text));
	if (e->ch.cfg->n_vips >= HAK_VIPS_MAX)
		return hak_nl_refuse(b->extack, tb[HAK_A_VIP_ADDRESS], -ENOSPC,
				     "router %s has %u addresses, it may not have more",
				     e->name, HAK_VIPS_MAX);
	vip = append(e->ch.cfg, &ip);
	if (!vip)
		return -ENOMEM;
	set(e->ch.cfg, vip, tb);
	return 0;
}

static int parse_words(struct hak_nl_batch *b, const struct hak_nl_op *op,
		       struct nlattr **tb, struct nlattr **words)
{
	if (tb[HAK_A_VIP_ROUTER])
		return hak_nl_refuse(b->extack, op->router, -EINVAL,
				     "words of the router go with dev and vrid, not with a router's name");
	return nla_parse_nested(words, HAK_A_ROUTER_RESIGN_FOR, op->router,
				hak_nl_router_attrs_words, b->extack);
}

int hak_nl_vip_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *words[HAK_A_ROUTER_FLAGS + 1] = {};
	struct nlattr *tb[HAK_A_VIP_ADVERT + 1];
	struct hak_nl_router *e;
	int err;

	err = parse(b, op, hak_nl_vip_attrs_new, HAK_A_VIP_ADVERT, tb);
	if (!err)
		err = hak_nl_check_host(b, tb[HAK_A_VIP_ADDRESS]);
	if (!err)
		err = check_plen(b, tb);
	if (!err && op->router)
		err = parse_words(b, op, tb, words);
	if (err)
		return err;
	e = find_or_make(b, tb, op->router ? words : NULL);
	return IS_ERR(e) ? PTR_ERR(e) : add(b, e, tb);
}

/* An address that has to be there. */
static struct hak_vip_cfg *existing(struct hak_nl_batch *b, struct nlattr **tb,
				    struct hak_nl_router **router)
{
	struct hak_ip ip = hak_nl_ip(tb[HAK_A_VIP_ADDRESS]);
	struct hak_nl_router *e = find(b, tb);
	struct hak_vip_cfg *vip;
	char text[HAK_IP_TEXT];

	if (!e)
		return ERR_PTR(no_router(b, tb));
	if (IS_ERR(e))
		return ERR_CAST(e);
	*router = e;
	vip = lookup(e->ch.cfg, &ip);
	if (vip)
		return vip;
	return ERR_PTR(hak_nl_refuse(b->extack, tb[HAK_A_VIP_ADDRESS], -ENOENT,
				     "router %s has no address %s", e->name,
				     hak_text_ip(&ip, text)));
}

int hak_nl_vip_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_VIP_ADVERT + 1];
	struct hak_nl_router *e;
	struct hak_vip_cfg *vip;
	int err;

	err = parse(b, op, hak_nl_vip_attrs_new, HAK_A_VIP_ADVERT, tb);
	if (!err)
		err = check_plen(b, tb);
	if (err)
		return err;
	vip = existing(b, tb, &e);
	if (IS_ERR(vip))
		return PTR_ERR(vip);
	set(e->ch.cfg, vip, tb);
	return 0;
}

static int same_plen(struct hak_nl_batch *b, const struct hak_vip_cfg *vip,
		     const struct nlattr *attr)
{
	char text[HAK_IP_TEXT];

	if (!attr || nla_get_u32(attr) == vip->plen)
		return 0;
	return hak_nl_refuse(b->extack, attr, -ENOENT,
			     "the address is %s/%u, not /%u",
			     hak_text_ip(&vip->ip, text), vip->plen,
			     nla_get_u32(attr));
}

int hak_nl_vip_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_VIP_VRID + 1];
	struct hak_nl_router *e;
	struct hak_vip_cfg *vip;
	int err;

	err = parse(b, op, hak_nl_vip_attrs_del, HAK_A_VIP_VRID, tb);
	if (err)
		return err;
	vip = existing(b, tb, &e);
	if (IS_ERR(vip))
		return PTR_ERR(vip);
	err = same_plen(b, vip, tb[HAK_A_VIP_PREFIX_LEN]);
	if (err)
		return err;
	remove(e->ch.cfg, vip);
	e->bereft = true;
	return 0;
}
