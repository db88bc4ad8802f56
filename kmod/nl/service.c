// SPDX-License-Identifier: GPL-2.0-only
#include <linux/in.h>
#include <linux/string.h>

#include "../lb/info.h"
#include "batch.h"
#include "extack.h"
#include "policy.h"

#define TIMEOUT_MIN	1000000000ULL	/* 1 s */

const char *hak_nl_service_text(char *text, const struct hak_service_cfg *key)
{
	char server[HAK_SERVER_TEXT];

	snprintf(text, HAK_NL_SERVICE_TEXT, "%s %s",
		 key->proto == IPPROTO_UDP ? "udp" : "tcp",
		 hak_server_text(server, &key->addr, key->port));
	return text;
}

static int check_proto(struct hak_nl_batch *b, const struct nlattr *attr)
{
	switch (nla_get_u32(attr)) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
		return 0;
	case IPPROTO_SCTP:
		return hak_nl_refuse(b->extack, attr, -EOPNOTSUPP,
				     "sctp is not in this version of hak");
	}
	return hak_nl_refuse(b->extack, attr, -EPROTONOSUPPORT,
			     "a service is tcp or udp");
}

static int parse_key(struct hak_nl_batch *b, const struct nlattr *nest,
		     struct nlattr **tb, struct hak_service_cfg *cfg)
{
	int err;

	if (!tb[HAK_A_SERVICE_PROTO])
		return hak_nl_missing(b->extack, nest, HAK_A_SERVICE_PROTO,
				      "a service needs a protocol");
	if (!tb[HAK_A_SERVICE_ADDRESS])
		return hak_nl_missing(b->extack, nest, HAK_A_SERVICE_ADDRESS,
				      "a service needs an address");
	if (!tb[HAK_A_SERVICE_PORT])
		return hak_nl_missing(b->extack, nest, HAK_A_SERVICE_PORT,
				      "a service needs a port");
	err = check_proto(b, tb[HAK_A_SERVICE_PROTO]);
	if (err)
		return err;
	cfg->proto = nla_get_u32(tb[HAK_A_SERVICE_PROTO]);
	cfg->addr = hak_nl_ip(tb[HAK_A_SERVICE_ADDRESS]);
	cfg->port = htons(nla_get_u32(tb[HAK_A_SERVICE_PORT]));
	return 0;
}

static int parse(struct hak_nl_batch *b, const struct hak_nl_op *op,
		 const struct nla_policy *policy, int max, struct nlattr **tb,
		 struct hak_service_cfg *cfg)
{
	int err;

	if (!op->service)
		return hak_nl_missing(b->extack, op->attr,
				      op->attr ? HAK_A_OP_SERVICE : HAK_A_SERVICE,
				      "which service?");
	err = nla_parse_nested(tb, max, op->service, policy, b->extack);
	return err ?: parse_key(b, op->service, tb, cfg);
}

/* That a timeout is at most 7 days has been checked with the policy. */
static int set_timeout(struct hak_nl_batch *b, u64 *timeout, const char *word,
		       const struct nlattr *attr)
{
	u64 ns = attr ? nla_get_u64(attr) : *timeout;

	if (ns && ns < TIMEOUT_MIN)
		return hak_nl_refuse(b->extack, attr, -ERANGE,
				     "%s is 1 s to 7 days, or 0 for the default",
				     word);
	*timeout = ns;
	return 0;
}

static int words(struct hak_nl_batch *b, struct hak_service_cfg *cfg,
		 struct nlattr **tb)
{
	int err;

	if (tb[HAK_A_SERVICE_POOL])
		strscpy(cfg->pool, nla_data(tb[HAK_A_SERVICE_POOL]),
			sizeof(cfg->pool));
	if (tb[HAK_A_SERVICE_FIREWALL])
		cfg->firewall = nla_get_u32(tb[HAK_A_SERVICE_FIREWALL]);
	if (tb[HAK_A_SERVICE_ONE_PACKET])
		cfg->one_packet = nla_get_u32(tb[HAK_A_SERVICE_ONE_PACKET]);
	err = set_timeout(b, &cfg->timeout, "timeout",
			  tb[HAK_A_SERVICE_TIMEOUT]);
	if (!err)
		err = set_timeout(b, &cfg->timeout_fin, "timeout-fin",
				  tb[HAK_A_SERVICE_TIMEOUT_FIN]);
	if (!err && cfg->proto == IPPROTO_UDP && cfg->timeout_fin)
		err = hak_nl_refuse(b->extack, tb[HAK_A_SERVICE_TIMEOUT_FIN],
				    -EINVAL, "timeout-fin is for tcp only");
	if (!err && cfg->proto != IPPROTO_UDP && cfg->one_packet)
		err = hak_nl_refuse(b->extack, tb[HAK_A_SERVICE_ONE_PACKET],
				    -EINVAL, "one-packet is for udp only");
	return err;
}

static int refuse_twice(struct hak_nl_batch *b,
			const struct hak_service_cfg *cfg,
			const struct nlattr *attr)
{
	char text[HAK_NL_SERVICE_TEXT];

	return hak_nl_refuse(b->extack, attr, -EEXIST,
			     "service %s exists; use `service set` or `service replace`",
			     hak_nl_service_text(text, cfg));
}

int hak_nl_service_new(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVICE_ONE_PACKET + 1];
	struct hak_service_cfg cfg = {
		.firewall = true,
	};
	struct hak_nl_service *e;
	int err;

	err = parse(b, op, hak_nl_service_attrs_new, HAK_A_SERVICE_ONE_PACKET,
		    tb, &cfg);
	if (!err)
		err = hak_nl_check_host(b, tb[HAK_A_SERVICE_ADDRESS]);
	if (!err && !tb[HAK_A_SERVICE_POOL])
		err = hak_nl_missing(b->extack, op->service, HAK_A_SERVICE_POOL,
				     "a service needs a pool");
	if (!err)
		err = words(b, &cfg, tb);
	if (err)
		return err;
	e = hak_nl_batch_service(b, &cfg);
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (e)
		return refuse_twice(b, &cfg, tb[HAK_A_SERVICE_ADDRESS]);
	e = hak_nl_batch_service_add(b, &cfg);
	if (!e)
		return -ENOMEM;
	e->attr = tb[HAK_A_SERVICE_POOL];
	return 0;
}

/* The service that an operation names, or an error with a sentence. */
static struct hak_nl_service *named(struct hak_nl_batch *b, struct nlattr **tb,
				    const struct hak_service_cfg *key)
{
	struct hak_nl_service *e = hak_nl_batch_service(b, key);
	const struct nlattr *attr = tb[HAK_A_SERVICE_ADDRESS];
	char text[HAK_NL_SERVICE_TEXT];

	if (!e)
		return ERR_PTR(hak_nl_refuse(b->extack, attr, -ENOENT,
					     "service %s: no such service",
					     hak_nl_service_text(text, key)));
	if (!IS_ERR(e))
		e->attr = attr;
	return e;
}

int hak_nl_service_set(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVICE_ONE_PACKET + 1];
	struct hak_service_cfg key = {};
	struct hak_nl_service *e;
	int err;

	err = parse(b, op, hak_nl_service_attrs_new, HAK_A_SERVICE_ONE_PACKET,
		    tb, &key);
	if (err)
		return err;
	e = named(b, tb, &key);
	if (IS_ERR(e))
		return PTR_ERR(e);
	if (tb[HAK_A_SERVICE_POOL])
		e->attr = tb[HAK_A_SERVICE_POOL];
	return words(b, &e->ch.cfg, tb);
}

int hak_nl_service_del(struct hak_nl_batch *b, const struct hak_nl_op *op)
{
	struct nlattr *tb[HAK_A_SERVICE_PORT + 1];
	struct hak_service_cfg key = {};
	struct hak_nl_service *e;
	int err;

	err = parse(b, op, hak_nl_service_attrs_key, HAK_A_SERVICE_PORT, tb,
		    &key);
	if (err)
		return err;
	e = named(b, tb, &key);
	if (IS_ERR(e))
		return PTR_ERR(e);
	hak_nl_batch_service_del(e);
	return 0;
}
