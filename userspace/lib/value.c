// SPDX-License-Identifier: GPL-2.0-only
#include "value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool hak_is_name(const char *s)
{
	static const char *const reserved[] = { "all", "any", "none", "default" };
	size_t n = strlen(s);

	if (n < 1 || n > 31 || !(isalnum((unsigned char)s[0]) || s[0] == '_'))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("._-", s[i]))
			return false;
	for (size_t i = 0; i < HAK_ARRAY_SIZE(reserved); i++)
		if (!strcmp(s, reserved[i]))
			return false;
	return true;
}

static bool is_dev(const char *s)
{
	size_t n = strlen(s);

	if (n < 1 || n >= IFNAMSIZ || !strcmp(s, ".") || !strcmp(s, ".."))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isgraph((unsigned char)s[i]) || strchr("/:\"'\\", s[i]))
			return false;
	return true;
}

const char *hak_choice_name(const struct hak_choice *choices, uint64_t num)
{
	for (; choices && choices->name; choices++)
		if (choices->num == num)
			return choices->name;
	return NULL;
}

void hak_choice_list(const struct hak_choice *choices, struct hak_buf *out)
{
	for (; choices->name; choices++)
		if (!choices->later)
			hak_buf_printf(out, "%s%s", out->len ? " " : "", choices->name);
}

/* Reads digits up to a bound that no limit of the grammar reaches. */
static bool digits(const char **s, uint64_t *num)
{
	const char *p = *s;

	*num = 0;
	while (isdigit((unsigned char)*p)) {
		if (*num > UINT64_MAX / 1000)
			return false;
		*num = *num * 10 + (uint64_t)(*p++ - '0');
	}
	if (p == *s)
		return false;
	*s = p;
	return true;
}

static bool number(const char *s, bool sign, int64_t *num)
{
	bool minus = sign && *s == '-';
	uint64_t u;

	if (sign && (*s == '-' || *s == '+'))
		s++;
	if (!digits(&s, &u) || *s || u > INT64_MAX / 2)
		return false;
	*num = minus ? -(int64_t)u : (int64_t)u;
	return true;
}

static const struct {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "d", 86400 * HAK_NS_S },
	{ "h", 3600 * HAK_NS_S },
	{ "m", 60 * HAK_NS_S },
	{ "s", HAK_NS_S },
	{ "ms", HAK_NS_MS },
};

bool hak_time_parse(const char *s, uint64_t *ns)
{
	uint64_t whole, part = 0, scale = 1, unit = HAK_NS_S;

	if (!digits(&s, &whole))
		return false;
	if (*s == '.') {
		const char *from = ++s;

		if (!digits(&s, &part) || s - from > 6)
			return false;
		for (; from < s; from++)
			scale *= 10;
	}
	if (*s) {
		size_t i;

		for (i = 0; i < HAK_ARRAY_SIZE(units); i++)
			if (!strcmp(s, units[i].name))
				break;
		if (i == HAK_ARRAY_SIZE(units))
			return false;
		unit = units[i].ns;
	}
	if (whole > INT64_MAX / 4 / unit)
		return false;
	*ns = whole * unit + part * (unit / scale) + part * (unit % scale) / scale;
	return true;
}

void hak_time_text(uint64_t ns, struct hak_buf *out)
{
	if (!ns) {
		hak_buf_puts(out, "0");
		return;
	}
	for (size_t i = 0; i < HAK_ARRAY_SIZE(units); i++)
		if (ns % units[i].ns == 0) {
			hak_buf_printf(out, "%" PRIu64 "%s", ns / units[i].ns, units[i].name);
			return;
		}
	hak_buf_printf(out, "%" PRIu64 ".%06" PRIu64 "ms", ns / HAK_NS_MS, ns % HAK_NS_MS);
}

/* Two units, the smaller one only when there is something of it. */
static void two_units(uint64_t n, uint64_t unit, const char *names, char *out, size_t size)
{
	if (n % unit)
		snprintf(out, size, "%" PRIu64 "%c%" PRIu64 "%c", n / unit, names[0], n % unit,
			 names[1]);
	else
		snprintf(out, size, "%" PRIu64 "%c", n / unit, names[0]);
}

void hak_age_text(uint64_t ns, char *out, size_t size)
{
	uint64_t s = ns / HAK_NS_S;

	if (s < 10)
		snprintf(out, size, "%" PRIu64 ".%" PRIu64 "s", s, ns % HAK_NS_S / (HAK_NS_S / 10));
	else if (s < 60)
		snprintf(out, size, "%" PRIu64 "s", s);
	else if (s < 3600)
		two_units(s, 60, "ms", out, size);
	else if (s < 86400)
		two_units(s / 60, 60, "hm", out, size);
	else
		two_units(s / 3600, 24, "dh", out, size);
}

void hak_since_text(uint64_t now, uint64_t then, char *out, size_t size)
{
	hak_age_text(now > then ? now - then : 0, out, size);
}

void hak_stamp_text(uint64_t wall_ns, int digits_behind, char *out, size_t size)
{
	time_t t = (time_t)(wall_ns / HAK_NS_S);
	char date[40];
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm)) {
		hak_copy(out, size, "?");
		return;
	}
	if (digits_behind)
		snprintf(out, size, "%s.%03uZ", date, (unsigned int)(wall_ns % HAK_NS_S / HAK_NS_MS));
	else
		snprintf(out, size, "%sZ", date);
}

bool hak_addr_set(struct hak_addr *a, const void *bytes, size_t n)
{
	memset(a, 0, sizeof(*a));
	if (n != 4 && n != 16)
		return false;
	a->family = n == 4 ? AF_INET : AF_INET6;
	a->len = (uint8_t)(n * 8);
	memcpy(a->b, bytes, n);
	return true;
}

static bool addr_host(const char *s, size_t n, struct hak_addr *a)
{
	char host[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	if (n >= sizeof(host))
		return false;
	memcpy(host, s, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, bytes) == 1)
		return hak_addr_set(a, bytes, 4);
	if (inet_pton(AF_INET6, host, bytes) == 1)
		return hak_addr_set(a, bytes, 16);
	return false;
}

static bool addr_prefix(const char *s, struct hak_addr *a)
{
	const char *slash = strchr(s, '/');
	int64_t len;

	if (!addr_host(s, slash ? (size_t)(slash - s) : strlen(s), a))
		return false;
	if (!slash)
		return true;
	if (!number(slash + 1, false, &len) || len > a->len)
		return false;
	a->len = (uint8_t)len;
	return true;
}

/* The bits of the host, in place. */
static bool clear_host(struct hak_addr *a)
{
	bool had = false;

	for (unsigned int bit = a->len; bit < (a->family == AF_INET6 ? 128 : 32); bit++) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		had |= a->b[bit / 8] & mask;
		a->b[bit / 8] &= (uint8_t)~mask;
	}
	return had;
}

static bool addr_port(const char *s, struct hak_addr *a)
{
	int64_t port;

	if (!number(s, false, &port) || port < 1 || port > 65535)
		return false;
	a->port = (uint16_t)port;
	return true;
}

static bool addr_to(const char *s, struct hak_addr *a)
{
	const char *colon = strrchr(s, ':');

	if (*s == '[') {
		const char *end = strchr(s, ']');

		if (!end || !addr_host(s + 1, (size_t)(end - s - 1), a) || a->family != AF_INET6)
			return false;
		return !end[1] || (end[1] == ':' && addr_port(end + 2, a));
	}
	if (addr_host(s, strlen(s), a))
		return true;
	return colon && addr_host(s, (size_t)(colon - s), a) && a->family == AF_INET &&
	       addr_port(colon + 1, a);
}

void hak_addr_text(const struct hak_addr *a, bool len, char out[HAK_ADDR_TEXT])
{
	char host[INET6_ADDRSTRLEN];

	if (!a->family || !inet_ntop(a->family, a->b, host, sizeof(host)))
		hak_copy(host, sizeof(host), "-");
	if (len)
		snprintf(out, HAK_ADDR_TEXT, "%s/%u", host, a->len);
	else if (a->port)
		snprintf(out, HAK_ADDR_TEXT, a->family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
			 a->port);
	else
		hak_copy(out, HAK_ADDR_TEXT, host);
}

void hak_many_text(uint64_t n, char *out, size_t size)
{
	static const char units[] = " kMGTPE";
	unsigned int unit = 0;
	uint64_t scale = 1;

	while (n / scale >= 1000 && units[unit + 1]) {
		scale *= 1000;
		unit++;
	}
	if (!unit || n / (scale / 10) % 10 == 0)
		snprintf(out, size, "%" PRIu64 "%.*s", n / scale, unit ? 1 : 0, &units[unit]);
	else
		snprintf(out, size, "%" PRIu64 ".%u%c", n / scale,
			 (unsigned int)(n / (scale / 10) % 10), units[unit]);
}

bool hak_addr_equal(const struct hak_addr *a, const struct hak_addr *b)
{
	return a->family == b->family && !memcmp(a->b, b->b, a->family == AF_INET6 ? 16 : 4);
}

static bool parse_range(const char *s, struct hak_value *v, char why[HAK_WHY_SIZE])
{
	const char *dash = strchr(s, '-');
	size_t n = dash ? (size_t)(dash - s) : strlen(s);
	int size;

	if (addr_host(s, n, &v->addr)) {
		v->last = v->addr;
		size = v->addr.family == AF_INET6 ? 16 : 4;
		if (!dash || (addr_host(dash + 1, strlen(dash + 1), &v->last) &&
			      v->last.family == v->addr.family &&
			      memcmp(v->last.b, v->addr.b, (size_t)size) >= 0))
			return true;
	}
	snprintf(why, HAK_WHY_SIZE,
		 "`%.60s` is no address, nor the first and the last of several; say 192.0.2.1-192.0.2.4", s);
	return false;
}

static enum hak_value_error parse_choice(const struct hak_choice *choices, const char *s,
					 struct hak_value *v, char why[HAK_WHY_SIZE])
{
	struct hak_buf list = { 0 };

	for (const struct hak_choice *c = choices; c->name; c++)
		if (!strcmp(c->name, s)) {
			v->num = c->num;
			if (c->later)
				snprintf(why, HAK_WHY_SIZE, "`%s` is not in this version of hak", s);
			return c->later ? HAK_VALUE_LATER : HAK_VALUE_OK;
		}
	hak_choice_list(choices, &list);
	snprintf(why, HAK_WHY_SIZE, "`%.40s` is none of: %s", s, list.s ? list.s : "");
	hak_buf_free(&list);
	return HAK_VALUE_BAD;
}

static void time_range(const struct hak_value_rule *r, const char *s, char why[HAK_WHY_SIZE])
{
	struct hak_buf b = { 0 };

	hak_time_text((uint64_t)r->min, &b);
	hak_buf_puts(&b, " and ");
	hak_time_text((uint64_t)r->max, &b);
	snprintf(why, HAK_WHY_SIZE, "%.40s is not between %s", s, b.s);
	hak_buf_free(&b);
}

static enum hak_value_error parse_time(const struct hak_value_rule *r, const char *s,
				       struct hak_value *v, char why[HAK_WHY_SIZE])
{
	if (!hak_time_parse(s, &v->num)) {
		snprintf(why, HAK_WHY_SIZE,
			 "`%.40s` is no TIME; say 10ms 1.5s 2m 8h 7d, a bare number is seconds", s);
		return HAK_VALUE_BAD;
	}
	if (v->num < (uint64_t)r->min || (r->max && v->num > (uint64_t)r->max)) {
		time_range(r, s, why);
		return HAK_VALUE_BAD;
	}
	if (r->step && v->num % (uint64_t)r->step) {
		struct hak_buf b = { 0 };

		hak_time_text((uint64_t)r->step, &b);
		snprintf(why, HAK_WHY_SIZE, "%.40s is no multiple of %s", s, b.s);
		hak_buf_free(&b);
		return HAK_VALUE_BAD;
	}
	return HAK_VALUE_OK;
}

static enum hak_value_error parse_number(const struct hak_value_rule *r, const char *s,
					 struct hak_value *v, char why[HAK_WHY_SIZE])
{
	int64_t num;

	if (!number(s, r->type == HAK_T_INT, &num)) {
		snprintf(why, HAK_WHY_SIZE, "`%.40s` is no number; say %" PRId64 " to %" PRId64, s,
			 r->min, r->max);
		return HAK_VALUE_BAD;
	}
	if (num < r->min || num > r->max) {
		snprintf(why, HAK_WHY_SIZE, "%.40s is not between %" PRId64 " and %" PRId64, s,
			 r->min, r->max);
		return HAK_VALUE_BAD;
	}
	v->num = (uint64_t)num;
	return HAK_VALUE_OK;
}

static bool parse_text(const struct hak_value_rule *r, const char *s, struct hak_value *v,
		       char why[HAK_WHY_SIZE])
{
	for (const char *p = s; *p; p++)
		if (iscntrl((unsigned char)*p)) {
			snprintf(why, HAK_WHY_SIZE, "the text has a control character");
			return false;
		}
	if (r->max && strlen(s) > (size_t)r->max) {
		snprintf(why, HAK_WHY_SIZE, "the text is longer than %" PRId64 " bytes", r->max);
		return false;
	}
	if (!*s) {
		snprintf(why, HAK_WHY_SIZE, "the text is empty");
		return false;
	}
	v->text = hak_strdup(s);
	return true;
}

static bool parse_label(const struct hak_value_rule *r, const char *s, struct hak_value *v,
			char why[HAK_WHY_SIZE])
{
	bool ok = r->type == HAK_T_NAME ? hak_is_name(s) : is_dev(s);

	if (!ok)
		snprintf(why, HAK_WHY_SIZE, r->type == HAK_T_NAME ?
			 "`%.40s` is no NAME: letter, digit or _, then up to 30 of these or . - (not all any none default)" :
			 "`%.40s` is no name of a device: up to 15 characters, no / : or space", s);
	else
		v->text = hak_strdup(s);
	return ok;
}

static bool parse_addr(enum hak_type type, const char *s, struct hak_value *v,
		       char why[HAK_WHY_SIZE])
{
	bool ok = type == HAK_T_PREFIX || type == HAK_T_NET ? addr_prefix(s, &v->addr) :
		  type == HAK_T_TO ? addr_to(s, &v->addr) : addr_host(s, strlen(s), &v->addr);

	if (!ok)
		snprintf(why, HAK_WHY_SIZE, "`%.60s` is no address; say %s", s,
			 type == HAK_T_PREFIX ? "192.0.2.100/24" :
			 type == HAK_T_NET ? "192.0.2.0/24" :
			 type == HAK_T_TO ? "192.0.2.100:80 or [2001:db8::1]:80" : "192.0.2.100");
	if (ok && type == HAK_T_NET && clear_host(&v->addr)) {
		char net[HAK_ADDR_TEXT];

		hak_addr_text(&v->addr, true, net);
		snprintf(why, HAK_WHY_SIZE, "%.60s has bits behind its length; say %s", s, net);
		return false;
	}
	return ok;
}

/* What an ADDR:PORT of a service may become, and is not yet. */
static bool service_later(const char *s, char why[HAK_WHY_SIZE])
{
	const char *colon = strrchr(s, ':'), *dash = colon ? strchr(colon, '-') : NULL;
	struct hak_addr a = { 0 };
	char *first;

	if (addr_to(s, &a)) {
		snprintf(why, HAK_WHY_SIZE,
			 "%.60s: a service without a port is not in this version of hak", s);
		return true;
	}
	if (!dash)
		return false;
	first = hak_strndup(s, (size_t)(dash - s));
	if (addr_to(first, &a))
		snprintf(why, HAK_WHY_SIZE, "%.60s: a range of ports is not in this version of hak",
			 s);
	free(first);
	return a.port;
}

/* `tcp 192.0.2.100:80`, as one string. */
static enum hak_value_error parse_service(const struct hak_value_rule *r, const char *s,
					  struct hak_value *v, char why[HAK_WHY_SIZE])
{
	const char *to = strchr(s, ' ');
	char *proto = hak_strndup(s, to ? (size_t)(to - s) : strlen(s));
	enum hak_value_error err = parse_choice(r->choices, proto, v, why);

	free(proto);
	if (err)
		return err;
	if (to && addr_to(to + 1, &v->addr) && v->addr.port)
		return HAK_VALUE_OK;
	if (to && service_later(to + 1, why))
		return HAK_VALUE_LATER;
	snprintf(why, HAK_WHY_SIZE, "`%.60s` is no service; say tcp 192.0.2.100:80", s);
	return HAK_VALUE_BAD;
}

bool hak_is_list(enum hak_type type)
{
	return type == HAK_T_TRACKS || type == HAK_T_CHECKS || type == HAK_T_PEERS;
}

bool hak_value_names(const struct hak_value *v, const char *name)
{
	for (unsigned int i = 0; i < v->n_refs; i++)
		if (!strcmp(v->refs[i].name, name))
			return true;
	return false;
}

unsigned int hak_value_words(enum hak_type type)
{
	return type == HAK_T_SERVICE ? 2 : 1;
}

enum hak_value_error hak_value_parse(const struct hak_value_rule *rule, const char *s,
				     struct hak_value *v, char why[HAK_WHY_SIZE])
{
	bool ok = false;

	switch (rule->type) {
	case HAK_T_NUM:
	case HAK_T_INT:
		return parse_number(rule, s, v, why);
	case HAK_T_TIME:
		return parse_time(rule, s, v, why);
	case HAK_T_CHOICE:
		return parse_choice(rule->choices, s, v, why);
	case HAK_T_NAME:
	case HAK_T_DEV:
		ok = parse_label(rule, s, v, why);
		break;
	case HAK_T_ADDR:
	case HAK_T_PREFIX:
	case HAK_T_NET:
	case HAK_T_TO:
		ok = parse_addr(rule->type, s, v, why);
		break;
	case HAK_T_RANGE:
		ok = parse_range(s, v, why);
		break;
	case HAK_T_TEXT:
	case HAK_T_CMD:
		ok = parse_text(rule, s, v, why);
		break;
	case HAK_T_SERVICE:
		return parse_service(rule, s, v, why);
	case HAK_T_STAMP:
	case HAK_T_TRACKS:
	case HAK_T_CHECKS:
	case HAK_T_PEERS:
		snprintf(why, HAK_WHY_SIZE, "cannot be said");
		break;
	}
	return ok ? HAK_VALUE_OK : HAK_VALUE_BAD;
}

static bool refs_equal(const struct hak_value *a, const struct hak_value *b)
{
	if (a->n_refs != b->n_refs)
		return false;
	for (unsigned int i = 0; i < a->n_refs; i++)
		if (strcmp(a->refs[i].name, b->refs[i].name) ||
		    a->refs[i].weighted != b->refs[i].weighted ||
		    a->refs[i].weight != b->refs[i].weight)
			return false;
	return true;
}

bool hak_value_equal(enum hak_type type, const struct hak_value *a, const struct hak_value *b)
{
	switch (type) {
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		return !strcmp(a->text ? a->text : "", b->text ? b->text : "");
	case HAK_T_PREFIX:
	case HAK_T_NET:
		return hak_addr_equal(&a->addr, &b->addr) && a->addr.len == b->addr.len;
	case HAK_T_TO:
	case HAK_T_ADDR:
		return hak_addr_equal(&a->addr, &b->addr) && a->addr.port == b->addr.port;
	case HAK_T_RANGE:
		return hak_addr_equal(&a->addr, &b->addr) && hak_addr_equal(&a->last, &b->last);
	case HAK_T_SERVICE:
		return a->num == b->num && hak_addr_equal(&a->addr, &b->addr) &&
		       a->addr.port == b->addr.port;
	case HAK_T_TRACKS:
	case HAK_T_CHECKS:
	case HAK_T_PEERS:
		return refs_equal(a, b);
	default:
		return a->num == b->num;
	}
}

void hak_value_copy(struct hak_value *dst, const struct hak_value *src)
{
	*dst = *src;
	dst->text = src->text ? hak_strdup(src->text) : NULL;
	dst->refs = NULL;
	if (!src->n_refs)
		return;
	dst->refs = hak_calloc(src->n_refs, sizeof(*dst->refs));
	for (unsigned int i = 0; i < src->n_refs; i++) {
		dst->refs[i] = src->refs[i];
		dst->refs[i].name = hak_strdup(src->refs[i].name);
	}
}

void hak_value_free(struct hak_value *v)
{
	for (unsigned int i = 0; i < v->n_refs; i++)
		free(v->refs[i].name);
	free(v->refs);
	free(v->text);
	memset(v, 0, sizeof(*v));
}

void hak_quote(const char *s, struct hak_buf *out)
{
	bool plain = *s && *s != '#';

	for (const char *p = s; *p && plain; p++)
		plain = isgraph((unsigned char)*p) && !strchr("\"'\\", *p);
	if (plain) {
		hak_buf_puts(out, s);
		return;
	}
	hak_buf_puts(out, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			hak_buf_puts(out, "\\");
		hak_buf_add(out, s, 1);
	}
	hak_buf_puts(out, "\"");
}

static void refs_text(const struct hak_value *v, const char *word, struct hak_buf *out)
{
	for (unsigned int i = 0; i < v->n_refs; i++) {
		if (i)
			hak_buf_printf(out, " %s ", word);
		hak_buf_puts(out, v->refs[i].name);
		if (v->refs[i].weighted)
			hak_buf_printf(out, " weight %" PRId32, v->refs[i].weight);
	}
	if (!v->n_refs)
		hak_buf_puts(out, "none");
}

void hak_value_text(const struct hak_value_rule *rule, const struct hak_value *v,
		    struct hak_buf *out)
{
	char text[HAK_ADDR_TEXT];
	const char *name;

	switch (rule->type) {
	case HAK_T_NUM:
		hak_buf_printf(out, "%" PRIu64, v->num);
		break;
	case HAK_T_INT:
		hak_buf_printf(out, "%" PRId64, (int64_t)v->num);
		break;
	case HAK_T_TIME:
		hak_time_text(v->num, out);
		break;
	case HAK_T_STAMP:
		hak_stamp_text(v->num, 3, text, sizeof(text));
		hak_buf_puts(out, text);
		break;
	case HAK_T_CHOICE:
		name = hak_choice_name(rule->choices, v->num);
		hak_buf_printf(out, "%s", name ? name : "?");
		break;
	case HAK_T_NAME:
	case HAK_T_DEV:
	case HAK_T_TEXT:
	case HAK_T_CMD:
		hak_quote(v->text ? v->text : "", out);
		break;
	case HAK_T_ADDR:
	case HAK_T_PREFIX:
	case HAK_T_NET:
	case HAK_T_TO:
		hak_addr_text(&v->addr, rule->type == HAK_T_PREFIX || rule->type == HAK_T_NET,
			      text);
		hak_buf_puts(out, text);
		break;
	case HAK_T_RANGE:
		hak_addr_text(&v->addr, false, text);
		hak_buf_puts(out, v->addr.family ? text : "none");
		if (hak_addr_equal(&v->addr, &v->last))
			break;
		hak_addr_text(&v->last, false, text);
		hak_buf_printf(out, "-%s", text);
		break;
	case HAK_T_SERVICE:
		name = hak_choice_name(rule->choices, v->num);
		hak_addr_text(&v->addr, false, text);
		hak_buf_printf(out, "%s %s", name ? name : "?", text);
		break;
	case HAK_T_TRACKS:
		refs_text(v, "track", out);
		break;
	case HAK_T_CHECKS:
		refs_text(v, "check", out);
		break;
	case HAK_T_PEERS:
		refs_text(v, "peer", out);
		break;
	}
}
