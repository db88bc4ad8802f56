// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX	40

/* Words that fingers know from other programs, spelled with `-`. */
static const struct {
	const char *word;
	const char *say;
} foreign[] = {
	{ "advert-int", "say `interval 1s`" },
	{ "auth-type", "say `auth-pass SECRET`" },
	{ "authentication", "say `auth-pass SECRET`" },
	{ "backend", "say `pool add NAME`" },
	{ "balance", "say `scheduler wrr`" },
	{ "delay-loop", "say `interval TIME` in a `check add` line" },
	{ "frontend", "say `service add tcp ADDR:PORT pool NAME`" },
	{ "garp-interval", "say `announce-interval TIME`" },
	{ "garp-master-delay", "say `announce-interval TIME`" },
	{ "garp-master-refresh", "say `announce-refresh TIME`" },
	{ "garp-master-repeat", "say `announce N`" },
	{ "inter", "say `interval TIME`" },
	{ "interface", "say `dev DEV`" },
	{ "lb-algo", "say `scheduler wrr`" },
	{ "lb-kind", "say `method nat`" },
	{ "lvs-sched", "say `scheduler wrr`" },
	{ "listen", "say `service add tcp ADDR:PORT pool NAME`" },
	{ "mcast-src-ip", "say `source ADDR`" },
	{ "misc-check", "say `check add NAME script CMD`" },
	{ "nopreempt", "say `preempt off`" },
	{ "notify-backup", "say `notify add NAME event backup exec CMD`" },
	{ "notify-fault", "say `notify add NAME event fault exec CMD`" },
	{ "notify-master", "say `notify add NAME event active exec CMD`" },
	{ "persistence-timeout", "say `persist TIME` in a `pool add` line" },
	{ "real-server", "say `server add ADDR pool NAME`" },
	{ "roundrobin", "say `scheduler wrr`" },
	{ "slowstart", "say `slow-start TIME`" },
	{ "sorry-server", "say `backup-pool NAME`" },
	{ "start", "say `load FILE`" },
	{ "tcp-check", "say `check add NAME tcp to ADDR:PORT`" },
	{ "track-file", "say `track add NAME report`, then `track report NAME N`" },
	{ "track-interface", "a router tracks its own dev unasked; for others `track add NAME dev DEV`" },
	{ "track-process", "say `check add NAME process NAME` and `track NAME`" },
	{ "track-script", "say `check add NAME script CMD` and `track NAME`" },
	{ "unicast-peer", "say `peer ADDR`" },
	{ "unicast-src-ip", "say `source ADDR`" },
	{ "use-vmac", "say `vmac on`" },
	{ "virtual-ipaddress", "say `vip add ADDR router NAME`" },
	{ "virtual-ipaddress-excluded", "say `vip add ADDR router NAME advert off`" },
	{ "virtual-router-id", "say `vrid N`" },
	{ "virtual-routes", "say `route add PREFIX router NAME`" },
	{ "virtual-server", "say `service add tcp ADDR:PORT pool NAME`" },
	{ "vrrp", "say `router add NAME dev DEV vrid N`" },
	{ "vrrp-instance", "say `router add NAME dev DEV vrid N`" },
	{ "vrrp-script", "say `check add NAME script CMD`" },
	{ "vrrp-startup-delay", "say `start-delay TIME`" },
	{ "vrrp-sync-group", "say `group add NAME`" },
	{ "vrrp-version", "say `version 2`" },
};

/* Those that mean another thing for each object. */
static const struct {
	const struct hak_object *object;
	const char *word;
	const char *say;
} foreign_of[] = {
	{ &hak_object_router, "down", "say `enable off`" },
	{ &hak_object_server, "disabled", "say `state down`" },
	{ &hak_object_server, "down", "say `state down`" },
	{ &hak_object_server, "drain", "say `state drain`" },
	{ &hak_object_server, "maint", "say `state down`" },
	{ &hak_object_server, "up", "say `state up`" },
};

/* Copies with `-` for `_`; false when the word is too long to be a slip. */
static bool normal(const char *word, char out[WORD_MAX])
{
	size_t n = strlen(word);

	if (n >= WORD_MAX)
		return false;
	for (size_t i = 0; i <= n; i++)
		out[i] = word[i] == '_' ? '-' : word[i];
	return true;
}

const char *hak_suggest_foreign(const char *word, const struct hak_object *o)
{
	char w[WORD_MAX];

	if (!normal(word, w))
		return NULL;
	for (size_t i = 0; i < HAK_ARRAY_SIZE(foreign_of); i++)
		if (foreign_of[i].object == o && !strcasecmp(foreign_of[i].word, w))
			return foreign_of[i].say;
	for (size_t i = 0; i < HAK_ARRAY_SIZE(foreign); i++)
		if (!strcasecmp(foreign[i].word, w))
			return foreign[i].say;
	return NULL;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits (insert, drop, change, swap of neighbours) that lead from a to b. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];
	unsigned int n = (unsigned int)strlen(a), m = (unsigned int)strlen(b);

	for (unsigned int i = 0; i <= n; i++)
		d[i][0] = i;
	for (unsigned int j = 0; j <= m; j++)
		d[0][j] = j;
	for (unsigned int i = 1; i <= n; i++)
		for (unsigned int j = 1; j <= m; j++) {
			unsigned int cost = a[i - 1] != b[j - 1];

			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[n][m];
}

char *hak_suggest(const char *word, const char *choices)
{
	unsigned int best = 3;
	char w[WORD_MAX], c[WORD_MAX], *found = NULL;

	if (!choices || !normal(word, w))
		return NULL;
	while (*choices) {
		size_t n = strcspn(choices, " ");
		unsigned int d;

		if (n && n < sizeof(c)) {
			memcpy(c, choices, n);
			c[n] = '\0';
			d = strcasecmp(w, c) ? distance(w, c) : 0;
			if (d < best && d < (n > strlen(w) ? n : strlen(w))) {
				best = d;
				free(found);
				found = hak_strdup(c);
			}
		}
		choices += n + (choices[n] == ' ');
	}
	return found;
}
