// SPDX-License-Identifier: GPL-2.0-only
/*
 * Builds a packet and has hak_inject.ko give it to a device:
 *
 *	inject [-c COUNT] [-b BATCHES] [-v] [-x] DEV PROTO SRC SPORT DST DPORT
 *	       [FLAGS SEQ ACK [PAYLOAD]]
 *
 * SRC and DST are of one family. PROTO: tcp or udp. FLAGS: letters of SAPFR. -v: the next source port each time.
 * -x: dropped at ingress. Prints the cycles a packet took: least, median, most.
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#include "base.h"

#define PARAMETERS	"/sys/module/hak_inject/parameters/"
#define PAYLOAD_MAX	1400

static void put(const char *name, const char *value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	f = fopen(path, "w");
	if (!f || fputs(value, f) < 0 || fclose(f))
		die("%s=%s: %s", name, value, strerror(errno));
}

static void put_number(const char *name, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	put(name, text);
}

static uint8_t flags_of(const char *text)
{
	static const char letters[] = "FSRPA";
	uint8_t flags = 0;

	for (; *text; text++) {
		const char *at = strchr(letters, *text);

		if (!at)
			die("flag %c: S, A, P, F or R", *text);
		flags |= (uint8_t)(1 << (at - letters));
	}
	return flags;
}

/* Of the transport header at @l4; @pseudo is the sum of what else it covers. */
static uint16_t sum(const void *l4, int len, uint32_t pseudo)
{
	return htons(csum_fold(csum_add(pseudo, l4, len)));
}

static int payload(const char *text)
{
	int len = text ? atoi(text) : 0;

	if (len < 0 || len > PAYLOAD_MAX)
		die("payload %s: 0 to %d", text, PAYLOAD_MAX);
	return len;
}

static int size(bool is_tcp, char **argv, int argc)
{
	if (!is_tcp)
		return (int)sizeof(struct udphdr) + payload(argc > 6 ? argv[6] : NULL);
	if (argc < 9)
		die("tcp wants FLAGS SEQ ACK");
	return (int)sizeof(struct tcphdr) + payload(argc > 9 ? argv[9] : NULL);
}

static void tcp(struct tcphdr *th, int len, uint32_t pseudo, char **argv)
{
	th->source = htons((uint16_t)atoi(argv[3]));
	th->dest = htons((uint16_t)atoi(argv[5]));
	th->seq = htonl((uint32_t)strtoul(argv[7], NULL, 0));
	th->ack_seq = htonl((uint32_t)strtoul(argv[8], NULL, 0));
	th->doff = sizeof(*th) / 4;
	((uint8_t *)th)[13] = flags_of(argv[6]);
	th->window = htons(60000);
	th->check = sum(th, len, pseudo);
}

static void udp(struct udphdr *uh, int len, uint32_t pseudo, char **argv)
{
	uh->source = htons((uint16_t)atoi(argv[3]));
	uh->dest = htons((uint16_t)atoi(argv[5]));
	uh->len = htons((uint16_t)len);
	uh->check = sum(uh, len, pseudo);
}

static uint32_t ip4(void *buf, uint8_t proto, int len, char **argv)
{
	struct iphdr *ip = buf;

	*ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64,
		.frag_off = htons(0x4000),
		.tot_len = htons((uint16_t)((int)sizeof(*ip) + len)),
		.protocol = proto,
	};
	if (inet_pton(AF_INET, argv[2], &ip->saddr) != 1 ||
	    inet_pton(AF_INET, argv[4], &ip->daddr) != 1)
		die("%s, %s: addresses of one family", argv[2], argv[4]);
	ip->check = htons(csum_fold(csum_add(0, buf, sizeof(*ip))));
	return csum_pseudo(ip->saddr, ip->daddr, proto, len);
}

static uint32_t ip6(void *buf, uint8_t proto, int len, char **argv)
{
	struct ip6_hdr *ip = buf;

	ip->ip6_flow = htonl(6U << 28);
	ip->ip6_plen = htons((uint16_t)len);
	ip->ip6_nxt = proto;
	ip->ip6_hlim = 64;
	if (inet_pton(AF_INET6, argv[2], &ip->ip6_src) != 1 ||
	    inet_pton(AF_INET6, argv[4], &ip->ip6_dst) != 1)
		die("%s, %s: addresses of one family", argv[2], argv[4]);
	return csum_add((uint32_t)proto + (uint32_t)len, (const uint8_t *)&ip->ip6_src, 32);
}

static int build(uint8_t *buf, char **argv, int argc)
{
	bool is_tcp = !strcmp(argv[1], "tcp"), v6 = strchr(argv[2], ':');
	int l4 = v6 ? sizeof(struct ip6_hdr) : sizeof(struct iphdr);
	int len = size(is_tcp, argv, argc);
	uint32_t pseudo;

	if (!is_tcp && strcmp(argv[1], "udp"))
		die("%s: tcp or udp", argv[1]);
	pseudo = (v6 ? ip6 : ip4)(buf, is_tcp ? IPPROTO_TCP : IPPROTO_UDP, len, argv);
	if (is_tcp)
		tcp((void *)(buf + l4), len, pseudo, argv);
	else
		udp((void *)(buf + l4), len, pseudo, argv);
	return l4 + len;
}

int main(int argc, char **argv)
{
	static uint8_t buf[sizeof(struct ip6_hdr) + sizeof(struct tcphdr) + PAYLOAD_MAX]
		__attribute__((aligned(4)));
	static char hex[2 * sizeof(buf) + 1];
	int c, i, len, count = 64, batches = 51;
	bool vary = false, drop = false;
	char result[80];
	FILE *f;

	while ((c = getopt(argc, argv, "+c:b:vx")) != -1) {
		switch (c) {
		case 'c':
			count = atoi(optarg);
			break;
		case 'b':
			batches = atoi(optarg);
			break;
		case 'v':
			vary = true;
			break;
		case 'x':
			drop = true;
			break;
		default:
			die("options are -c -b -v -x");
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < 6)
		die("usage: inject [OPTIONS] DEV PROTO SRC SPORT DST DPORT [FLAGS SEQ ACK [PAYLOAD]]");
	len = build(buf, argv, argc);
	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", buf[i]);
	put("dev", argv[0]);
	put("packet", hex);
	put_number("count", count);
	put_number("batches", batches);
	put("vary", vary ? "1" : "0");
	put("drop", drop ? "1" : "0");
	put("run", "1");
	f = fopen(PARAMETERS "result", "r");
	if (!f || !fgets(result, sizeof(result), f))
		die("no result: %s", strerror(errno));
	fputs(result, stdout);
	return 0;
}
