// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arbitrary messages under arbitrary IP headers. The first byte says what is
 * repaired, so that the input need not guess checksums:
 *	1 destination, 2 TTL and no fragment, 4 length, 8 plain sum, 16 pseudo sum
 * then source, destination, TTL, fragment, length; the rest is the message.
 */
#include "fuzz.h"
#include "vrrp_pkt.h"

#define FIX_DESTINATION	1
#define FIX_TTL		2
#define FIX_LENGTH	4
#define FIX_PLAIN	8
#define FIX_PSEUDO	16

/* Not the code under test: big-endian words into a wide sum. */
static u64 wide_sum(const u8 *data, size_t len)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += (u64)data[i] << (i % 2 ? 0 : 8);
	return sum;
}

static u64 wide_pseudo(u32 saddr, size_t len)
{
	return (saddr >> 16) + (saddr & 0xffff) + 0xe000 + 0x0012 + 112 + len;
}

static size_t listed_len(const u8 *msg)
{
	return 8 + 4 * (size_t)msg[3];
}

static void repair_sum(u8 *msg, size_t len, u32 saddr, bool pseudo)
{
	u64 sum;

	if (len < 8 || len < listed_len(msg))
		return;
	msg[6] = 0;
	msg[7] = 0;
	sum = wide_sum(msg, listed_len(msg));
	if (pseudo)
		sum += wide_pseudo(saddr, listed_len(msg));
	sum = 0xffff - sum % 0xffff;
	msg[6] = (u8)(sum >> 8);
	msg[7] = (u8)sum;
}

static void check_taken(const u8 *msg, size_t len, const struct hak_vrrp_meta *meta,
			const struct hak_vrrp_advert *adv)
{
	u64 sum = wide_sum(msg, listed_len(msg));

	MUST(len >= 8 && meta->len <= len && listed_len(msg) <= meta->len);
	MUST(meta->ttl == 255 && !meta->fragment && meta->daddr == 0xe0000012);
	MUST(meta->saddr && meta->saddr >> 24 != 127 && meta->saddr >> 28 != 14);
	MUST(msg[0] == 0x31);
	MUST(adv->saddr == meta->saddr && adv->vrid == msg[1] && adv->vrid);
	MUST(adv->priority == msg[2] && adv->count == msg[3] && adv->count);
	MUST(adv->interval == ((msg[4] & 15) * 256ULL + msg[5]) * 10000000);
	MUST(adv->interval >= HAK_NSEC_PER_CSEC);
	MUST(!memcmp(adv->addrs, msg + 8, 4 * (size_t)adv->count));
	MUST(adv->checksum == HAK_CHECKSUM_PLAIN || adv->checksum == HAK_CHECKSUM_PSEUDO);
	if (adv->checksum == HAK_CHECKSUM_PSEUDO)
		sum += wide_pseudo(meta->saddr, listed_len(msg));
	MUST(sum % 0xffff == 0);
}

/* What was taken can be sent, and arrives as the same; also after a new priority. */
static void check_round_trip(const struct hak_vrrp_meta *meta, struct hak_vrrp_advert *adv,
			     u8 priority)
{
	struct hak_vrrp_meta again = *meta;
	struct hak_vrrp_advert got;
	u8 buf[HAK_VRRP_MAX_LEN], other[HAK_VRRP_MAX_LEN];
	size_t len = hak_vrrp_build(buf, sizeof(buf), adv);

	MUST(len == 8 + 4 * (size_t)adv->count);
	MUST(!hak_vrrp_build(other, len - 1, adv));
	again.len = (u32)len;
	MUST(hak_vrrp_parse(buf, len, &again, &got) == HAK_DROP_NONE);
	/* A plain sum may verify where the pseudo sum was meant, when both do. */
	MUST(got.checksum == adv->checksum || got.checksum == HAK_CHECKSUM_PLAIN);
	MUST(got.vrid == adv->vrid && got.priority == adv->priority &&
	     got.count == adv->count && got.interval == adv->interval &&
	     !memcmp(got.addrs, adv->addrs, 4 * (size_t)adv->count));

	hak_vrrp_set_priority(buf, priority);
	adv->priority = priority;
	MUST(hak_vrrp_build(other, sizeof(other), adv) == len);
	MUST(!memcmp(buf, other, len));
	MUST(hak_vrrp_parse(buf, len, &again, &got) == HAK_DROP_NONE);
	MUST(got.priority == priority);
}

static struct hak_vrrp_meta take_meta(struct bytes *in)
{
	struct hak_vrrp_meta meta;

	meta.saddr = take32(in);
	meta.daddr = take32(in);
	meta.ttl = take8(in);
	meta.fragment = take8(in) & 1;
	meta.len = take32(in);
	return meta;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	u8 fix = take8(&in), priority = take8(&in), vrid;
	struct hak_vrrp_meta meta = take_meta(&in);
	struct hak_vrrp_advert adv, poison;
	size_t len = in.left;
	u8 *msg = malloc(len + !len);	/* ASan guards its end */
	enum hak_drop drop;

	if (len)
		memcpy(msg, in.data, len);
	if (fix & FIX_DESTINATION)
		meta.daddr = HAK_VRRP_GROUP4;
	if (fix & FIX_TTL) {
		meta.ttl = HAK_VRRP_TTL;
		meta.fragment = false;
	}
	if (fix & FIX_LENGTH)
		meta.len = (u32)len;
	if (fix & (FIX_PLAIN | FIX_PSEUDO))
		repair_sum(msg, len, meta.saddr, fix & FIX_PSEUDO);

	memset(&adv, 0x5a, sizeof(adv));
	memset(&poison, 0x5a, sizeof(poison));
	MUST(hak_vrrp_peek(msg, len, &vrid) == (len >= 2));
	MUST(len < 2 || vrid == msg[1]);
	drop = hak_vrrp_parse(msg, len, &meta, &adv);
	MUST(drop >= HAK_DROP_NONE && drop <= HAK_DROP_MAX);
	if (drop) {
		MUST(!memcmp(&adv, &poison, sizeof(adv)));
	} else {
		check_taken(msg, len, &meta, &adv);
		check_round_trip(&meta, &adv, priority);
	}
	free(msg);
	return 0;
}
