// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be said to the family, command by command. The same is written in
 * Documentation/netlink/specs/hak.yaml; selftests/static/spec.py compares them.
 */
#include "../core/ip.h"
#include "policy.h"

#include <linux/ctype.h>
#include <linux/if.h>
#include <linux/netdevice.h>
#include <linux/string.h>

#define MSEC	1000000ULL

static struct netlink_range_validation interval_range = {
	.min = 10 * MSEC,
	.max = 255000 * MSEC,
};

static struct netlink_range_validation announce_refresh_range = {
	.min = 0,
	.max = 86400000 * MSEC,
};

static struct netlink_range_validation announce_interval_range = {
	.min = 10 * MSEC,
	.max = 60000 * MSEC,
};

static struct netlink_range_validation day_range = {
	.min = 0,
	.max = 86400000 * MSEC,
};

/* That anything above 0 is at least 100 ms is checked with the track. */
static struct netlink_range_validation lease_range = {
	.min = 0,
	.max = 86400000 * MSEC,
};

/* 65535 is more than fits the min and max of a policy. */
static struct netlink_range_validation u16_range = {
	.min = 0,
	.max = 65535,
};

static struct netlink_range_validation u16_not_0_range = {
	.min = 1,
	.max = 65535,
};

static struct netlink_range_validation int_range = {
	.min = 0,
	.max = 0x7fffffff,
};

static struct netlink_range_validation maxconn_range = {
	.min = 1,
	.max = 1 << 26,
};

/* That anything above 0 is at least 1 s is checked with the service. */
static struct netlink_range_validation timeout_range = {
	.min = 0,
	.max = 7 * 86400000 * MSEC,
};

/* One string, one NUL, at the end. */
static bool whole(const struct nlattr *attr)
{
	return strlen(nla_data(attr)) + 1 == nla_len(attr);
}

static bool name_chars(const char *s)
{
	if (!isascii(*s) || (!isalnum(*s) && *s != '_'))
		return false;
	while (*++s)
		if (!isascii(*s) || (!isalnum(*s) && !strchr("._-", *s)))
			return false;
	return true;
}

static int hak_nl_check_name(const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (!whole(attr) || !name_chars(name)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a name is 1 to 31 of A-Z a-z 0-9 . _ - and begins with a letter, a digit or _");
		return -EINVAL;
	}
	if (!strcmp(name, "all") || !strcmp(name, "any") ||
	    !strcmp(name, "none") || !strcmp(name, "default")) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "all, any, none and default are no names");
		return -EINVAL;
	}
	return 0;
}

/* Empty: no more. */
static int hak_nl_check_name_or_none(const struct nlattr *attr,
				     struct netlink_ext_ack *extack)
{
	if (whole(attr) && !*(const char *)nla_data(attr))
		return 0;
	return hak_nl_check_name(attr, extack);
}

static int hak_nl_check_dev(const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	if (whole(attr) && dev_valid_name(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "no device can have this name");
	return -EINVAL;
}

static int hak_nl_check_label(const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	const char *s = nla_data(attr);

	while (isascii(*s) && isgraph(*s))
		s++;
	if (whole(attr) && !*s)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a label is 1 to 15 printable characters without spaces");
	return -EINVAL;
}

/* It ends up on screens and in the log. */
static int hak_nl_check_text(const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	const char *s = nla_data(attr);

	while (*s && !(isascii(*s) && iscntrl(*s)))
		s++;
	if (whole(attr) && !*s)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a text has no control characters");
	return -EINVAL;
}

static int hak_nl_check_address(const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == 4 || nla_len(attr) == 16)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "an address has 4 or 16 bytes");
	return -EINVAL;
}

/* Of either family, whatever routers can. */
static int hak_nl_check_prefix(const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == 4 || nla_len(attr) == 16)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "an address has 4 or 16 bytes");
	return -EINVAL;
}

#define PREFIX	NLA_POLICY_VALIDATE_FN(NLA_BINARY, hak_nl_check_prefix, 16)
static int hak_nl_check_range(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	switch (nla_len(attr)) {
	case 0:
	case HAK_IP4_LEN:
	case HAK_IP6_LEN:
	case 2 * HAK_IP4_LEN:
	case 2 * HAK_IP6_LEN:
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "a range is an address of 4 or 16 bytes, or two");
	return -EINVAL;
}

static int hak_nl_check_address_or_none(const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	return nla_len(attr) ? hak_nl_check_address(attr, extack) : 0;
}

#define NAME	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, hak_nl_check_name, HAK_NAME_SIZE - 1)
#define NAME_OR_NONE \
	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, hak_nl_check_name_or_none, HAK_NAME_SIZE - 1)
#define DEV	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, hak_nl_check_dev, IFNAMSIZ - 1)
#define LABEL	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, hak_nl_check_label, HAK_LABEL_SIZE - 1)
#define TEXT(n)	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, hak_nl_check_text, (n) - 1)
#define ADDRESS	NLA_POLICY_VALIDATE_FN(NLA_BINARY, hak_nl_check_address, 16)
#define ADDRESS_OR_NONE NLA_POLICY_VALIDATE_FN(NLA_BINARY, hak_nl_check_address_or_none, 16)
#define RANGE_OR_NONE NLA_POLICY_VALIDATE_FN(NLA_BINARY, hak_nl_check_range, 32)
#define SWITCH	NLA_POLICY_MAX(NLA_U32, 1)
#define WEIGHT	NLA_POLICY_RANGE(NLA_S32, -253, 253)
#define VRID	NLA_POLICY_RANGE(NLA_U32, 1, 255)
#define NS_RANGE(range) NLA_POLICY_FULL_RANGE(NLA_U64, &(range))
#define U16	NLA_POLICY_FULL_RANGE(NLA_U32, &u16_range)
#define U16_NOT_0 NLA_POLICY_FULL_RANGE(NLA_U32, &u16_not_0_range)
#define PROTO	NLA_POLICY_RANGE(NLA_U32, 1, 255)
#define REFUSE(text)	{ .type = NLA_REJECT, .reject_message = text }
#define LATER(word)	REFUSE(word " is not in this version of hak")
#define FIXED(word)	REFUSE(word " cannot be changed; delete and add it")

const struct nla_policy hak_nl_router_track_attrs[] = {
	[HAK_A_ROUTER_TRACK_NAME] = NAME,
	[HAK_A_ROUTER_TRACK_WEIGHT] = WEIGHT,
};

const struct nla_policy hak_nl_router_attrs_track[] = {
	[HAK_A_ROUTER_TRACK] = NLA_POLICY_NESTED(hak_nl_router_track_attrs),
};

const struct nla_policy hak_nl_router_attrs_peer[] = {
	[HAK_A_ROUTER_PEER] = ADDRESS,
};

/* What `router set` may change: the words. */
#define ROUTER_WORDS								\
	[HAK_A_ROUTER_VERSION] = NLA_POLICY_RANGE(NLA_U32, 2, 3),		\
	[HAK_A_ROUTER_PRIORITY] = NLA_POLICY_RANGE(NLA_U32, 1, 255),		\
	[HAK_A_ROUTER_INTERVAL] = NS_RANGE(interval_range),			\
	[HAK_A_ROUTER_PREEMPT] = SWITCH,					\
	[HAK_A_ROUTER_DOWN_ADVERTS] = NLA_POLICY_RANGE(NLA_U32, 1, 100),	\
	[HAK_A_ROUTER_ENABLE] = SWITCH,						\
	[HAK_A_ROUTER_ACCEPT] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_ACCEPT_MAX),	\
	[HAK_A_ROUTER_CHECKSUM] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_CHECKSUM_MAX), \
	[HAK_A_ROUTER_ANNOUNCE] = NLA_POLICY_MAX(NLA_U32, 100),			\
	[HAK_A_ROUTER_ANNOUNCE_INTERVAL] = NS_RANGE(announce_interval_range),	\
	[HAK_A_ROUTER_TRACKS] = NLA_POLICY_NESTED(hak_nl_router_attrs_track),	\
	[HAK_A_ROUTER_PREEMPT_DELAY] = NS_RANGE(day_range),			\
	[HAK_A_ROUTER_START_DELAY] = NS_RANGE(day_range),			\
	[HAK_A_ROUTER_VMAC] = SWITCH,						\
	[HAK_A_ROUTER_SOURCE] = ADDRESS_OR_NONE,				\
	[HAK_A_ROUTER_PEERS] = NLA_POLICY_NESTED(hak_nl_router_attrs_peer),	\
	[HAK_A_ROUTER_MIN_TTL] = NLA_POLICY_RANGE(NLA_U32, 1, 255),		\
	[HAK_A_ROUTER_AUTH_PASS] = TEXT(HAK_AUTH_SIZE),			\
	[HAK_A_ROUTER_ANNOUNCE_REFRESH] = NS_RANGE(announce_refresh_range),	\
	[HAK_A_ROUTER_GROUP] = NAME_OR_NONE,				\
	[HAK_A_ROUTER_RESIGN_FOR] = REFUSE("for goes with `router resign` only")

const struct nla_policy hak_nl_router_attrs_words[] = {
	ROUTER_WORDS,
};

const struct nla_policy hak_nl_router_attrs_new[] = {
	[HAK_A_ROUTER_NAME] = NAME,
	[HAK_A_ROUTER_DEV] = DEV,
	[HAK_A_ROUTER_VRID] = VRID,
	[HAK_A_ROUTER_FAMILY] = NLA_POLICY_RANGE(NLA_U32, AF_INET, AF_INET6),
	ROUTER_WORDS,
	[HAK_A_ROUTER_FLAGS] = NLA_POLICY_MASK(NLA_U32, HAK_ROUTER_F_ALL),
};

const struct nla_policy hak_nl_router_attrs_set[] = {
	[HAK_A_ROUTER_NAME] = NAME,
	[HAK_A_ROUTER_DEV] = FIXED("dev"),
	[HAK_A_ROUTER_VRID] = FIXED("vrid"),
	[HAK_A_ROUTER_FAMILY] = FIXED("family"),
	ROUTER_WORDS,
	[HAK_A_ROUTER_FLAGS] = NLA_POLICY_MASK(NLA_U32, HAK_ROUTER_F_ALL),
};

const struct nla_policy hak_nl_router_attrs_name[] = {
	[HAK_A_ROUTER_NAME] = NAME,
};

const struct nla_policy hak_nl_router_attrs_resign[] = {
	[HAK_A_ROUTER_NAME] = NAME,
	[HAK_A_ROUTER_RESIGN_FOR] = NS_RANGE(timeout_range),
};

/* NEW and SET of an address take the same. */
const struct nla_policy hak_nl_vip_attrs_new[] = {
	[HAK_A_VIP_ADDRESS] = ADDRESS,
	[HAK_A_VIP_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[HAK_A_VIP_ROUTER] = NAME,
	[HAK_A_VIP_DEV] = DEV,
	[HAK_A_VIP_VRID] = VRID,
	[HAK_A_VIP_LABEL] = LABEL,
	[HAK_A_VIP_ADVERT] = SWITCH,
};

const struct nla_policy hak_nl_vip_attrs_del[] = {
	[HAK_A_VIP_ADDRESS] = ADDRESS,
	[HAK_A_VIP_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[HAK_A_VIP_ROUTER] = NAME,
	[HAK_A_VIP_DEV] = DEV,
	[HAK_A_VIP_VRID] = VRID,
};

const struct nla_policy hak_nl_vip_attrs_get[] = {
	[HAK_A_VIP_ROUTER] = NAME,
};

const struct nla_policy hak_nl_track_attrs_new[] = {
	[HAK_A_TRACK_NAME] = NAME,
	[HAK_A_TRACK_KIND] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_TRACK_KIND_MAX),
	[HAK_A_TRACK_LEASE] = NS_RANGE(lease_range),
	[HAK_A_TRACK_INITIAL] = NLA_POLICY_RANGE(NLA_U32, HAK_TRACK_DOWN, HAK_TRACK_UP),
	[HAK_A_TRACK_FLAGS] = NLA_POLICY_MASK(NLA_U32, HAK_TRACK_F_ALL),
	[HAK_A_TRACK_DEV] = DEV,
	[HAK_A_TRACK_PREFIX] = PREFIX,
	[HAK_A_TRACK_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),
	[HAK_A_TRACK_TABLE] = { .type = NLA_U32 },
	[HAK_A_TRACK_POOL] = NAME,
};

const struct nla_policy hak_nl_track_attrs_set[] = {
	[HAK_A_TRACK_NAME] = NAME,
	[HAK_A_TRACK_KIND] = FIXED("the kind of a track"),
	[HAK_A_TRACK_LEASE] = NS_RANGE(lease_range),
	[HAK_A_TRACK_INITIAL] = NLA_POLICY_RANGE(NLA_U32, HAK_TRACK_DOWN, HAK_TRACK_UP),
	[HAK_A_TRACK_FLAGS] = NLA_POLICY_MASK(NLA_U32, HAK_TRACK_F_ALL),
	[HAK_A_TRACK_DEV] = FIXED("dev"),
	[HAK_A_TRACK_PREFIX] = FIXED("the prefix of a track"),
	[HAK_A_TRACK_PREFIX_LEN] = FIXED("the prefix of a track"),
	[HAK_A_TRACK_TABLE] = FIXED("table"),
	[HAK_A_TRACK_POOL] = FIXED("pool"),
};

const struct nla_policy hak_nl_track_attrs_name[] = {
	[HAK_A_TRACK_NAME] = NAME,
};

const struct nla_policy hak_nl_track_attrs_report[] = {
	[HAK_A_TRACK_NAME] = NAME,
	[HAK_A_TRACK_STATE] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_TRACK_STATE_MAX),
	[HAK_A_TRACK_VALUE] = WEIGHT,
	[HAK_A_TRACK_REASON] = TEXT(HAK_REASON_SIZE),
};

const struct nla_policy hak_nl_group_attrs_tracks[] = {
	[HAK_A_GROUP_TRACK] = NLA_POLICY_NESTED(hak_nl_router_track_attrs),
};

/* NEW and SET of a group take the same. */
const struct nla_policy hak_nl_group_attrs_new[] = {
	[HAK_A_GROUP_NAME] = NAME,
	[HAK_A_GROUP_TRACKS] = NLA_POLICY_NESTED(hak_nl_group_attrs_tracks),
};

const struct nla_policy hak_nl_group_attrs_name[] = {
	[HAK_A_GROUP_NAME] = NAME,
};

#define ROUTE_KEY							\
	[HAK_A_ROUTE_PREFIX] = PREFIX,					\
	[HAK_A_ROUTE_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),	\
	[HAK_A_ROUTE_ROUTER] = NAME,					\
	[HAK_A_ROUTE_TABLE] = NLA_POLICY_MIN(NLA_U32, 1),		\
	[HAK_A_ROUTE_METRIC] = { .type = NLA_U32 }

/* NEW and SET of a route take the same. */
const struct nla_policy hak_nl_route_attrs_new[] = {
	ROUTE_KEY,
	[HAK_A_ROUTE_VIA] = ADDRESS_OR_NONE,
	[HAK_A_ROUTE_DEV] = DEV,
	[HAK_A_ROUTE_SRC] = ADDRESS_OR_NONE,
};

const struct nla_policy hak_nl_route_attrs_key[] = {
	ROUTE_KEY,
};

const struct nla_policy hak_nl_route_attrs_get[] = {
	[HAK_A_ROUTE_ROUTER] = NAME,
};

const struct nla_policy hak_nl_pool_attrs_checks[] = {
	[HAK_A_POOL_CHECK] = NAME,
};

/* NEW and SET of a pool take the same. */
const struct nla_policy hak_nl_pool_attrs_new[] = {
	[HAK_A_POOL_NAME] = NAME,
	[HAK_A_POOL_SCHEDULER] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_SCHED_MAX),
	[HAK_A_POOL_METHOD] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_METHOD_MAX),
	[HAK_A_POOL_HASH_SIZE] = { .type = NLA_U32 },
	[HAK_A_POOL_HASH_PORT] = SWITCH,
	[HAK_A_POOL_QUORUM] = U16_NOT_0,
	[HAK_A_POOL_CHECKS] = NLA_POLICY_NESTED(hak_nl_pool_attrs_checks),
	[HAK_A_POOL_PASSIVE] = SWITCH,
	[HAK_A_POOL_BACKUP] = NAME_OR_NONE,
	[HAK_A_POOL_ON_DOWN] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_ON_DOWN_MAX),
	[HAK_A_POOL_PERSIST] = NS_RANGE(timeout_range),
	[HAK_A_POOL_PERSIST_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U32, 1, 128),
	[HAK_A_POOL_SOURCE] = RANGE_OR_NONE,
};

const struct nla_policy hak_nl_pool_attrs_name[] = {
	[HAK_A_POOL_NAME] = NAME,
};

const struct nla_policy hak_nl_server_attrs_checks[] = {
	[HAK_A_SERVER_CHECK] = NAME,
};

#define SERVER_KEY					\
	[HAK_A_SERVER_POOL] = NAME,			\
	[HAK_A_SERVER_ADDRESS] = ADDRESS,		\
	[HAK_A_SERVER_PORT] = U16

/* NEW and SET of a server take the same. */
const struct nla_policy hak_nl_server_attrs_new[] = {
	SERVER_KEY,
	[HAK_A_SERVER_WEIGHT] = U16,
	[HAK_A_SERVER_STATE] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_SERVER_STATE_MAX),
	[HAK_A_SERVER_CHECKS] = NLA_POLICY_NESTED(hak_nl_server_attrs_checks),
	[HAK_A_SERVER_MAXCONN] = NLA_POLICY_FULL_RANGE(NLA_U32, &int_range),
	[HAK_A_SERVER_BACKUP] = SWITCH,
	[HAK_A_SERVER_SLOW_START] = NS_RANGE(day_range),
};

const struct nla_policy hak_nl_server_attrs_key[] = {
	SERVER_KEY,
};

const struct nla_policy hak_nl_server_attrs_report[] = {
	SERVER_KEY,
	[HAK_A_SERVER_REPORT] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_TRACK_STATE_MAX),
	[HAK_A_SERVER_VALUE] = U16,
	[HAK_A_SERVER_REASON] = TEXT(HAK_REASON_SIZE),
};

#define SERVICE_KEY					\
	[HAK_A_SERVICE_PROTO] = PROTO,			\
	[HAK_A_SERVICE_ADDRESS] = ADDRESS,		\
	[HAK_A_SERVICE_PORT] = U16_NOT_0

/* NEW and SET of a service take the same. */
const struct nla_policy hak_nl_service_attrs_new[] = {
	SERVICE_KEY,
	[HAK_A_SERVICE_POOL] = NAME,
	[HAK_A_SERVICE_FIREWALL] = SWITCH,
	[HAK_A_SERVICE_TIMEOUT] = NS_RANGE(timeout_range),
	[HAK_A_SERVICE_TIMEOUT_FIN] = NS_RANGE(timeout_range),
	[HAK_A_SERVICE_ONE_PACKET] = SWITCH,
};

const struct nla_policy hak_nl_service_attrs_key[] = {
	SERVICE_KEY,
};

#define CONN_FILTER							\
	[HAK_A_CONN_PROTO] = PROTO,					\
	[HAK_A_CONN_CLIENT] = ADDRESS,					\
	[HAK_A_CONN_CLIENT_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 128),	\
	[HAK_A_CONN_ADDRESS] = ADDRESS,					\
	[HAK_A_CONN_PORT] = U16_NOT_0,					\
	[HAK_A_CONN_SERVER] = ADDRESS,					\
	[HAK_A_CONN_SERVER_PORT] = U16,					\
	[HAK_A_CONN_STATE] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_CONN_STATE_MAX)

const struct nla_policy hak_nl_conn_attrs_get[] = {
	CONN_FILTER,
	[HAK_A_CONN_LIMIT] = { .type = NLA_U32 },
};

const struct nla_policy hak_nl_conn_attrs_del[] = {
	CONN_FILTER,
};

const struct nla_policy hak_nl_lb_attrs[] = {
	[HAK_A_LB_HOOK] = NLA_POLICY_RANGE(NLA_S32, -1000, 1000),
	[HAK_A_LB_MAXCONN] = NLA_POLICY_FULL_RANGE(NLA_U32, &maxconn_range),
};

/* In a batch the nest of an object is looked at again with its command's table. */
static const struct nla_policy op_policy[] = {
	[HAK_A_OP_CMD] = NLA_POLICY_RANGE(NLA_U32, 1, HAK_CMD_MAX),
	[HAK_A_OP_ROUTER] = { .type = NLA_NESTED },
	[HAK_A_OP_VIP] = { .type = NLA_NESTED },
	[HAK_A_OP_TRACK] = { .type = NLA_NESTED },
	[HAK_A_OP_POOL] = { .type = NLA_NESTED },
	[HAK_A_OP_SERVER] = { .type = NLA_NESTED },
	[HAK_A_OP_SERVICE] = { .type = NLA_NESTED },
	[HAK_A_OP_LB] = { .type = NLA_NESTED },
	[HAK_A_OP_GROUP] = { .type = NLA_NESTED },
	[HAK_A_OP_ROUTE] = { .type = NLA_NESTED },
};

const struct nla_policy hak_nl_config_apply_policy[] = {
	[HAK_A_OP] = NLA_POLICY_NESTED(op_policy),
	[HAK_A_TAG] = TEXT(HAK_TAG_SIZE),
	[HAK_A_EXPECT_GENERATION] = { .type = NLA_U32 },
};

const struct nla_policy hak_nl_router_new_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_new),
};

const struct nla_policy hak_nl_router_set_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_set),
};

const struct nla_policy hak_nl_router_del_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_name),
};

const struct nla_policy hak_nl_router_get_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_name),
};

const struct nla_policy hak_nl_router_resign_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_resign),
};

const struct nla_policy hak_nl_vip_new_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_words),
	[HAK_A_VIP] = NLA_POLICY_NESTED(hak_nl_vip_attrs_new),
};

const struct nla_policy hak_nl_vip_set_policy[] = {
	[HAK_A_VIP] = NLA_POLICY_NESTED(hak_nl_vip_attrs_new),
};

const struct nla_policy hak_nl_vip_del_policy[] = {
	[HAK_A_VIP] = NLA_POLICY_NESTED(hak_nl_vip_attrs_del),
};

const struct nla_policy hak_nl_vip_get_policy[] = {
	[HAK_A_VIP] = NLA_POLICY_NESTED(hak_nl_vip_attrs_get),
};

const struct nla_policy hak_nl_track_new_policy[] = {
	[HAK_A_TRACK] = NLA_POLICY_NESTED(hak_nl_track_attrs_new),
};

const struct nla_policy hak_nl_track_set_policy[] = {
	[HAK_A_TRACK] = NLA_POLICY_NESTED(hak_nl_track_attrs_set),
};

const struct nla_policy hak_nl_track_del_policy[] = {
	[HAK_A_TRACK] = NLA_POLICY_NESTED(hak_nl_track_attrs_name),
};

const struct nla_policy hak_nl_track_get_policy[] = {
	[HAK_A_TRACK] = NLA_POLICY_NESTED(hak_nl_track_attrs_name),
};

const struct nla_policy hak_nl_track_report_policy[] = {
	[HAK_A_TRACK] = NLA_POLICY_NESTED(hak_nl_track_attrs_report),
};

const struct nla_policy hak_nl_group_new_policy[] = {
	[HAK_A_GROUP] = NLA_POLICY_NESTED(hak_nl_group_attrs_new),
};

const struct nla_policy hak_nl_group_set_policy[] = {
	[HAK_A_GROUP] = NLA_POLICY_NESTED(hak_nl_group_attrs_new),
};

const struct nla_policy hak_nl_group_del_policy[] = {
	[HAK_A_GROUP] = NLA_POLICY_NESTED(hak_nl_group_attrs_name),
};

const struct nla_policy hak_nl_group_get_policy[] = {
	[HAK_A_GROUP] = NLA_POLICY_NESTED(hak_nl_group_attrs_name),
};

const struct nla_policy hak_nl_route_new_policy[] = {
	[HAK_A_ROUTE] = NLA_POLICY_NESTED(hak_nl_route_attrs_new),
};

const struct nla_policy hak_nl_route_set_policy[] = {
	[HAK_A_ROUTE] = NLA_POLICY_NESTED(hak_nl_route_attrs_new),
};

const struct nla_policy hak_nl_route_del_policy[] = {
	[HAK_A_ROUTE] = NLA_POLICY_NESTED(hak_nl_route_attrs_key),
};

const struct nla_policy hak_nl_route_get_policy[] = {
	[HAK_A_ROUTE] = NLA_POLICY_NESTED(hak_nl_route_attrs_get),
};

const struct nla_policy hak_nl_history_get_policy[] = {
	[HAK_A_ROUTER] = NLA_POLICY_NESTED(hak_nl_router_attrs_name),
};

const struct nla_policy hak_nl_pool_new_policy[] = {
	[HAK_A_POOL] = NLA_POLICY_NESTED(hak_nl_pool_attrs_new),
};

const struct nla_policy hak_nl_pool_set_policy[] = {
	[HAK_A_POOL] = NLA_POLICY_NESTED(hak_nl_pool_attrs_new),
};

const struct nla_policy hak_nl_pool_del_policy[] = {
	[HAK_A_POOL] = NLA_POLICY_NESTED(hak_nl_pool_attrs_name),
};

const struct nla_policy hak_nl_pool_get_policy[] = {
	[HAK_A_POOL] = NLA_POLICY_NESTED(hak_nl_pool_attrs_name),
};

const struct nla_policy hak_nl_server_new_policy[] = {
	[HAK_A_SERVER] = NLA_POLICY_NESTED(hak_nl_server_attrs_new),
};

const struct nla_policy hak_nl_server_set_policy[] = {
	[HAK_A_SERVER] = NLA_POLICY_NESTED(hak_nl_server_attrs_new),
};

const struct nla_policy hak_nl_server_del_policy[] = {
	[HAK_A_SERVER] = NLA_POLICY_NESTED(hak_nl_server_attrs_key),
};

const struct nla_policy hak_nl_server_get_policy[] = {
	[HAK_A_SERVER] = NLA_POLICY_NESTED(hak_nl_server_attrs_key),
};

const struct nla_policy hak_nl_server_report_policy[] = {
	[HAK_A_SERVER] = NLA_POLICY_NESTED(hak_nl_server_attrs_report),
};

const struct nla_policy hak_nl_service_new_policy[] = {
	[HAK_A_SERVICE] = NLA_POLICY_NESTED(hak_nl_service_attrs_new),
};

const struct nla_policy hak_nl_service_set_policy[] = {
	[HAK_A_SERVICE] = NLA_POLICY_NESTED(hak_nl_service_attrs_new),
};

const struct nla_policy hak_nl_service_del_policy[] = {
	[HAK_A_SERVICE] = NLA_POLICY_NESTED(hak_nl_service_attrs_key),
};

const struct nla_policy hak_nl_service_get_policy[] = {
	[HAK_A_SERVICE] = NLA_POLICY_NESTED(hak_nl_service_attrs_key),
};

const struct nla_policy hak_nl_conn_get_policy[] = {
	[HAK_A_CONN] = NLA_POLICY_NESTED(hak_nl_conn_attrs_get),
};

const struct nla_policy hak_nl_conn_del_policy[] = {
	[HAK_A_CONN] = NLA_POLICY_NESTED(hak_nl_conn_attrs_del),
};

const struct nla_policy hak_nl_lb_set_policy[] = {
	[HAK_A_LB] = NLA_POLICY_NESTED(hak_nl_lb_attrs),
};
