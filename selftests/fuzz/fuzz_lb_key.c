// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arbitrary packets, whole and cut off. The first byte says what is repaired:
 *	1 version and header length, 2 total length
 * the second is how many bytes are kept back, the rest is the packet.
 */
#include "fuzz.h"
#include "lb_key.h"

#define FIX_VERSION	1
#define FIX_TOTAL	2

static bool all_zero(const void *data, size_t len)
{
	const u8 *b = data;
	size_t i;

	for (i = 0; i < len; i++)
		if (b[i])
			return false;
	return true;
}

static enum hak_lb_verdict parse_exact(const u8 *data, u32 len, struct hak_lb_pkt *pkt)
{
	u8 *copy = malloc(len + !len);	/* ASan guards its end */
	enum hak_lb_verdict verdict;

	if (len)
		memcpy(copy, data, len);
	memset(pkt, 0x5a, sizeof(*pkt));
	memset(&pkt->inner, 0, sizeof(pkt->inner));
	verdict = hak_lb_parse4(copy, len, pkt);
	free(copy);
	return verdict;
}

/* A key is what the bytes at @ip and @l4 say, with nothing in the padding. */
static void check_key(const struct hak_flow_key *key, const u8 *ip, const u8 *l4)
{
	u8 want[HAK_FLOW_KEY6_SIZE] = { 0 };

	if (l4)
		memcpy(want, l4, 4);
	want[4] = ip[9];
	memcpy(want + 8, ip + 12, 8);
	MUST(!memcmp(key, want, sizeof(want)));
}

static void check_reverse(const struct hak_flow_key *key)
{
	struct hak_flow_key back = { 0 }, again = { 0 };

	hak_flow_reverse(&back, key);
	MUST(back.saddr == key->daddr && back.dport == key->sport && back.proto == key->proto);
	hak_flow_reverse(&again, &back);
	MUST(!memcmp(&again, key, sizeof(again)));
}

static void check_ok(const u8 *data, u32 len, const struct hak_lb_pkt *pkt)
{
	u32 min = pkt->key.proto == 6 ? 20 : 8;

	MUST(pkt->key.proto == 6 || pkt->key.proto == 17);
	MUST(pkt->fragment != HAK_LB_FRAGMENT_LATER);
	MUST(pkt->l4 + min <= len && pkt->l4 + min <= pkt->payload);
	MUST(pkt->payload <= pkt->total);
	MUST(pkt->key.proto == 17 ? !pkt->tcp_flags : pkt->tcp_flags == data[pkt->l4 + 13]);
	MUST(all_zero(&pkt->inner, sizeof(pkt->inner)));
	check_key(&pkt->key, data, data + pkt->l4);
}

static void check_icmp(const u8 *data, u32 len, const struct hak_lb_pkt *pkt)
{
	MUST(pkt->key.proto == 1 && !pkt->fragment);
	MUST(pkt->icmp_type == 3 || pkt->icmp_type == 11 || pkt->icmp_type == 12);
	MUST(pkt->inner_ip == pkt->l4 + 8 && pkt->inner_l4 >= pkt->inner_ip + 20);
	MUST(pkt->inner_l4 + 8U <= len && pkt->inner_l4 + 8 <= pkt->total);
	MUST(pkt->inner.proto == 6 || pkt->inner.proto == 17);
	check_key(&pkt->key, data, NULL);
	check_key(&pkt->inner, data + pkt->inner_ip, data + pkt->inner_l4);
}

static void check(const u8 *data, u32 len, enum hak_lb_verdict verdict,
		  const struct hak_lb_pkt *pkt)
{
	MUST(verdict <= HAK_LB_LENGTH);
	check_reverse(&pkt->key);
	if (verdict > HAK_LB_FRAGMENT) {
		MUST(all_zero(pkt, sizeof(*pkt)));
		return;
	}
	MUST(pkt->l4 >= 20 && pkt->l4 <= 60 && pkt->l4 <= pkt->total);
	if (verdict == HAK_LB_OK)
		check_ok(data, len, pkt);
	else
		check_key(&pkt->key, data, NULL);
	if (verdict == HAK_LB_ICMP)
		check_icmp(data, len, pkt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	u8 fix = take8(&in), less = take8(&in);
	enum hak_lb_verdict verdict, part;
	struct hak_lb_pkt pkt, cut;
	u32 len = (u32)in.left, kept;
	u8 *packet = malloc(len + !len);

	if (len)
		memcpy(packet, in.data, len);
	if (len && fix & FIX_VERSION)
		packet[0] = packet[0] % 11 + 0x45;
	if (len >= 4 && fix & FIX_TOTAL)
		put_unaligned_be16((u16)len, packet + 2);

	verdict = parse_exact(packet, len, &pkt);
	check(packet, len, verdict, &pkt);
	/* So many bytes are always enough. */
	MUST(verdict != HAK_LB_SHORT || len < HAK_LB_HEAD_MAX);
	/* With fewer bytes the result is the same, or that they are too few. */
	kept = less < len ? len - less : 0;
	part = parse_exact(packet, kept, &cut);
	check(packet, kept, part, &cut);
	MUST(part == HAK_LB_SHORT || (part == verdict && !memcmp(&cut, &pkt, sizeof(cut))));
	/* With all of the packet they are enough. */
	if (len >= 20 && packet[0] >> 4 == 4 && get_unaligned_be16(packet + 2) <= len)
		MUST(verdict != HAK_LB_SHORT);
	free(packet);
	return 0;
}
