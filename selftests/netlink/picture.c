// SPDX-License-Identifier: GPL-2.0-only
#include "picture.h"
#include "msg.h"

#include <linux/hak.h>
#include <stdbool.h>

#define HASH_START	14695981039346656037ull

static uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3ull;
	return h;
}

/* The configured words of a reply; what only the kernel tells comes and goes. */
static bool configured(uint16_t object, uint16_t id)
{
	switch (object) {
	case HAK_A_ROUTER:
		return id <= HAK_A_ROUTER_FLAGS && id != HAK_A_ROUTER_TRACKS;
	case HAK_A_VIP:
		return id != HAK_A_VIP_INSTALLED;
	case HAK_A_TRACK:
		return id <= HAK_A_TRACK_FLAGS || id >= HAK_A_TRACK_DEV;
	case HAK_A_GROUP:
		return id == HAK_A_GROUP_NAME;
	case HAK_A_ROUTE:
		return id != HAK_A_ROUTE_INSTALLED;
	case HAK_A_POOL:
		return id <= HAK_A_POOL_CHECKS;
	case HAK_A_SERVER:
		return id <= HAK_A_SERVER_CHECKS;
	case HAK_A_SERVICE:
		return id <= HAK_A_SERVICE_TIMEOUT_FIN;
	case HAK_A_LB:
		return id <= HAK_A_LB_MAXCONN;
	}
	return false;
}

static uint64_t hash_tracks(uint64_t h, const struct nlattr *tracks)
{
	const struct nlattr *t, *a;

	for (t = attr_first(attr_data(tracks), attr_len(tracks)); t;
	     t = attr_next(t, attr_data(tracks), attr_len(tracks)))
		for (a = attr_first(attr_data(t), attr_len(t)); a;
		     a = attr_next(a, attr_data(t), attr_len(t)))
			if (attr_type(a) <= HAK_A_ROUTER_TRACK_WEIGHT)
				h = hash_bytes(h, a, a->nla_len);
	return h;
}

static uint64_t hash_object(const struct nlattr *object, bool reports)
{
	uint16_t type = attr_type(object);
	uint64_t h = hash_bytes(HASH_START, &type, sizeof(type));
	const struct nlattr *a;

	for (a = attr_first(attr_data(object), attr_len(object)); a;
	     a = attr_next(a, attr_data(object), attr_len(object))) {
		if (configured(type, attr_type(a)) ||
		    (reports && type == HAK_A_SERVER && attr_type(a) == HAK_A_SERVER_REPORT))
			h = hash_bytes(h, a, a->nla_len);
		else if ((type == HAK_A_ROUTER && attr_type(a) == HAK_A_ROUTER_TRACKS) ||
			 (type == HAK_A_GROUP && attr_type(a) == HAK_A_GROUP_TRACKS))
			h = hash_tracks(h, a);
	}
	return h;
}

static bool is_object(uint16_t type)
{
	return configured(type, HAK_A_ROUTER_NAME) || configured(type, HAK_A_LB_HOOK);
}

void picture_add(void *arg, const struct nlmsghdr *h)
{
	const uint8_t *data = (const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN;
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct nlattr *object;
	struct picture *p = arg;

	for (object = attr_first(data, len); object; object = attr_next(object, data, len)) {
		uint16_t type = attr_type(object);

		if (type == HAK_A_TAG)
			p->hash += hash_bytes(HASH_START, object, object->nla_len);
		if (type == HAK_A_GENERATION)
			p->generation = attr_u32(object);
		if (!is_object(type))
			continue;
		/* A sum: the order of a dump promises nothing. */
		p->hash += hash_object(object, p->reports);
		p->objects++;
	}
}
