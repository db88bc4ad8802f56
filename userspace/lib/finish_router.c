// SPDX-License-Identifier: GPL-2.0-only
/* What the words of a router say together, and what stands in its files. */
#include "parse.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hak.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INTERVAL_MAX	(40950 * HAK_NS_MS)	/* of version 3: 12 bits of centiseconds */

/**
 * struct words - a router whose words are compared
 * @r: it
 * @whole: words that were not said have their defaults
 * @at: where errors point
 * @errs: where they go
 */
struct words {
	const struct hak_obj *r;
	bool whole;
	struct hak_at at;
	struct hak_errors *errs;
};

static bool known(const struct words *w, unsigned int word)
{
	return w->whole || w->r->v[word].set;
}

static uint64_t num(const struct words *w, unsigned int word)
{
	return hak_obj_value(w->r, word).num;
}

static bool is(const struct words *w, unsigned int word, uint64_t n)
{
	return known(w, word) && num(w, word) == n;
}

static int conflict(const struct words *w, unsigned int word, const char *text)
{
	return hak_error_add(w->errs, w->at, "conflict", hak_object_router.words[word].name, NULL,
			     "%s", text);
}

static int bad_interval(const struct words *w, const char *rule)
{
	struct hak_buf b = { 0 };
	int err;

	hak_time_text(num(w, HAK_R_INTERVAL), &b);
	err = hak_error_add(w->errs, w->at, "conflict", "interval", NULL, "%s, interval is %s", rule,
			    b.s);
	hak_buf_free(&b);
	return err;
}

static int check_version(const struct words *w)
{
	bool interval = known(w, HAK_R_INTERVAL);

	if (is(w, HAK_R_VERSION, 2)) {
		if (is(w, HAK_R_FAMILY, AF_INET6))
			return conflict(w, HAK_R_VERSION, "version 2 has no IPv6, family is inet6");
		if (interval && num(w, HAK_R_INTERVAL) % HAK_NS_S)
			return bad_interval(w, "version 2 needs whole seconds");
	}
	if (is(w, HAK_R_VERSION, 3)) {
		if (interval && num(w, HAK_R_INTERVAL) > INTERVAL_MAX)
			return bad_interval(w, "version 3 goes up to 40.95s");
		if (w->r->v[HAK_R_AUTH_PASS].text)
			return conflict(w, HAK_R_AUTH_PASS, "auth-pass needs `version 2`");
	}
	if (known(w, HAK_R_CHECKSUM) && num(w, HAK_R_CHECKSUM) != HAK_CHECKSUM_AUTO &&
	    (is(w, HAK_R_VERSION, 2) || is(w, HAK_R_FAMILY, AF_INET6)))
		return conflict(w, HAK_R_CHECKSUM,
				"checksum: only version 3 of IPv4 has a choice; leave it out");
	return 0;
}

static int check_family(const struct words *w, const char *word, const struct hak_addr *a)
{
	uint64_t family = num(w, HAK_R_FAMILY);
	char text[HAK_ADDR_TEXT];

	if (!a->family || !known(w, HAK_R_FAMILY) || a->family == family)
		return 0;
	hak_addr_text(a, false, text);
	return hak_error_add(w->errs, w->at, "conflict", word, NULL,
			     "%s: %s is not of the router's family %s", word, text,
			     family == AF_INET6 ? "inet6" : "inet");
}

static bool link_local(const struct hak_addr *a)
{
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

static int check_unicast(const struct words *w)
{
	const struct hak_value *peers = &w->r->v[HAK_R_PEER], *source = &w->r->v[HAK_R_SOURCE];
	bool no_peers = known(w, HAK_R_PEER) && !peers->n_refs;

	for (unsigned int i = 0; i < peers->n_refs; i++)
		if (check_family(w, "peer", &peers->refs[i].addr))
			return -1;
	if (check_family(w, "source", &source->addr))
		return -1;
	if (no_peers && source->addr.family == AF_INET6 && !link_local(&source->addr))
		return conflict(w, HAK_R_SOURCE,
				"source: without `peer ADDR` it has to be a link-local address");
	if (no_peers && known(w, HAK_R_MIN_TTL) && num(w, HAK_R_MIN_TTL) < 255)
		return conflict(w, HAK_R_MIN_TTL, "min-ttl: below 255 it needs `peer ADDR`");
	if (peers->n_refs && is(w, HAK_R_VMAC, 1))
		return conflict(w, HAK_R_VMAC, "vmac: `vmac on` does not go with `peer ADDR`");
	return 0;
}

int hak_router_check(const struct hak_obj *r, bool whole, struct hak_at at,
		     struct hak_errors *errs)
{
	struct words w = { .r = r, .whole = whole, .at = at, .errs = errs };

	return check_version(&w) || check_unicast(&w) ? -1 : 0;
}

/* As an include: seen from the folder of the file that names it. */
static char *auth_path(const struct hak_stmt *st, const char *path)
{
	const char *slash = st->at.file && !st->typed ? strrchr(st->at.file, '/') : NULL;

	if (*path == '/' || !slash)
		return hak_strdup(path);
	return hak_printf("%.*s%s", (int)(slash - st->at.file + 1), st->at.file, path);
}

/* The first line, cut where no password reaches. What is no file might never end. */
static int first_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat sb;
	ssize_t n = 0;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &sb))
		err = -errno;
	else if (!S_ISREG(sb.st_mode))
		err = -EINVAL;
	else
		n = read(fd, line, size - 1);
	if (n < 0)
		err = -errno;
	close(fd);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return err;
}

/* What stands there is the password from here on: the kernel knows no files. */
static int read_auth(const struct hak_stmt *st, struct hak_obj *r, struct hak_errors *errs)
{
	struct hak_value *file = &r->v[HAK_R_AUTH_FILE], *pass = &r->v[HAK_R_AUTH_PASS];
	const struct hak_value_rule *rule = &hak_object_router.words[HAK_R_AUTH_PASS].rule;
	char why[HAK_WHY_SIZE], line[64];
	char *path = auth_path(st, file->text);
	int err = first_line(path, line, sizeof(line));

	if (err)
		err = hak_error_add(errs, st->at, "bad-value", "auth-file", NULL, "auth-file: %s: %s",
				    path, err == -EINVAL ? "not a file" : strerror(-err));
	else if (hak_value_parse(rule, line, pass, why))
		err = hak_error_add(errs, st->at, "bad-value", "auth-file", NULL,
				    "auth-file: the first line of %s is no password: %s", path, why);
	memset(line, 0, sizeof(line));
	free(path);
	pass->set = !err;
	return err;
}

int hak_router_finish(struct hak_stmt *st, struct hak_obj *r, struct hak_errors *errs)
{
	const struct hak_value *refresh = &r->v[HAK_R_ANNOUNCE_REFRESH];
	struct hak_value *file = &r->v[HAK_R_AUTH_FILE];
	int err = 0;

	if (st->verb == HAK_V_SHOW)
		return 0;
	if (refresh->num && refresh->num < HAK_NS_S)
		return hak_error_add(errs, st->at, "bad-value", "announce-refresh", NULL,
				     "announce-refresh: is 0 (never) or between 1s and 1d");
	if (!file->set)
		return 0;
	if (r->v[HAK_R_AUTH_PASS].set)
		return hak_error_add(errs, st->at, "conflict", "auth-file", NULL,
				     "auth-file: `auth-pass` says the password already");
	if (file->text)
		err = read_auth(st, r, errs);
	else
		r->v[HAK_R_AUTH_PASS].set = true;	/* `default` */
	hak_value_free(file);
	return err;
}
