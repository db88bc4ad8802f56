/* SPDX-License-Identifier: GPL-2.0-only */
/* VALUEs of the grammar: text to binary and back. Pure. */
#ifndef HAK_VALUE_H
#define HAK_VALUE_H

#include "util.h"

#include <netinet/in.h>

/** enum hak_type - types of VALUE */
enum hak_type {
	HAK_T_NUM,	/* unsigned number between min and max */
	HAK_T_INT,	/* signed number, stored as two's complement in num */
	HAK_T_TIME,	/* ns */
	HAK_T_STAMP,	/* ns since 1970, replies only */
	HAK_T_CHOICE,	/* one of a few words */
	HAK_T_NAME,	/* name of an object */
	HAK_T_DEV,	/* name of a network device */
	HAK_T_ADDR,	/* address of a host */
	HAK_T_PREFIX,	/* address with /LEN */
	HAK_T_NET,	/* the same without a bit behind LEN: what a route leads to */
	HAK_T_TO,	/* address, with or without a port */
	HAK_T_RANGE,	/* address, or the first and the last of several */
	HAK_T_TEXT,	/* one word of text */
	HAK_T_CMD,	/* a command: text that is split like a line */
	HAK_T_TRACKS,	/* list of NAME [weight N] */
	HAK_T_CHECKS,	/* list of NAME */
	HAK_T_PEERS,	/* list of ADDR */
	HAK_T_SERVICE,	/* tcp|udp ADDR:PORT, two words; the protocol is in num */
};

/** struct hak_addr - address; @family 0: none */
struct hak_addr {
	uint8_t family;
	uint8_t len;
	uint16_t port;
	uint8_t b[16];
};

/**
 * struct hak_ref - a track or a peer of a router, or a check
 * @name: its NAME, of a peer its ADDR as printed
 * @addr: of a peer
 * @weighted: of a track, it has
 * @weight: this one
 * @state: replies only, as are
 * @live: @state is known
 * @applied: what it does to the priority now
 */
struct hak_ref {
	char *name;
	struct hak_addr addr;
	bool weighted;
	int32_t weight;
	uint32_t state;
	bool live;
	int32_t applied;
};

/** struct hak_value - a VALUE; @set: it was said (or replied); @last: of HAK_T_RANGE */
struct hak_value {
	bool set;
	uint64_t num;
	char *text;
	struct hak_addr addr;
	struct hak_addr last;
	struct hak_ref *refs;
	unsigned int n_refs;
};

/** struct hak_choice - a word of HAK_T_CHOICE; @later: not in this version */
struct hak_choice {
	const char *name;
	uint32_t num;
	bool later;
};

enum hak_value_error {
	HAK_VALUE_OK = 0,
	HAK_VALUE_BAD,
	HAK_VALUE_LATER,
};

#define HAK_WHY_SIZE	160

/**
 * struct hak_value_rule - what a VALUE must look like
 * @type: its type
 * @min: smallest number or time
 * @max: largest, 0: none; bytes of a HAK_T_TEXT
 * @step: numbers must be multiples of it, 0: any
 * @choices: of HAK_T_CHOICE, ends with a NULL name
 */
struct hak_value_rule {
	enum hak_type type;
	int64_t min;
	int64_t max;
	int64_t step;
	const struct hak_choice *choices;
};

enum hak_value_error hak_value_parse(const struct hak_value_rule *rule, const char *s,
				     struct hak_value *v, char why[HAK_WHY_SIZE]);
bool hak_value_equal(enum hak_type type, const struct hak_value *a, const struct hak_value *b);
void hak_value_copy(struct hak_value *dst, const struct hak_value *src);
void hak_value_free(struct hak_value *v);
/** hak_value_text() - append it as it would be typed; texts are quoted when needed */
void hak_value_text(const struct hak_value_rule *rule, const struct hak_value *v,
		    struct hak_buf *out);

/** hak_is_list() - may a VALUE of @type be said again? */
bool hak_is_list(enum hak_type type);
bool hak_is_name(const char *s);
const char *hak_choice_name(const struct hak_choice *choices, uint64_t num);
/** hak_choice_list() - append the choices of this version, separated by spaces */
void hak_choice_list(const struct hak_choice *choices, struct hak_buf *out);

bool hak_time_parse(const char *s, uint64_t *ns);
void hak_time_text(uint64_t ns, struct hak_buf *out);
/** hak_age_text() - a duration for people: 0.4s 40s 2m11s 12d4h */
void hak_age_text(uint64_t ns, char *out, size_t size);
/** hak_since_text() - the same from two times; one that is to come is now */
void hak_since_text(uint64_t now, uint64_t then, char *out, size_t size);
/** hak_many_text() - a number for people: 212 18.4k 1M */
void hak_many_text(uint64_t n, char *out, size_t size);
/** hak_stamp_text() - RFC 3339, UTC, with @digits (0 or 3) behind the second */
void hak_stamp_text(uint64_t wall_ns, int digits, char *out, size_t size);

/** hak_value_names() - is NAME in a list of tracks or checks? */
bool hak_value_names(const struct hak_value *v, const char *name);
/** hak_value_words() - how many words a VALUE of @type takes */
unsigned int hak_value_words(enum hak_type type);

#define HAK_ADDR_TEXT	64
/** hak_addr_text() - 192.0.2.1, 192.0.2.1/24 (@len), 192.0.2.1:80, [2001:db8::1]:80 */
void hak_addr_text(const struct hak_addr *a, bool len, char out[HAK_ADDR_TEXT]);
bool hak_addr_equal(const struct hak_addr *a, const struct hak_addr *b);
bool hak_addr_set(struct hak_addr *a, const void *bytes, size_t n);
/** hak_quote() - append @s so that the line splitter reads it back as one word */
void hak_quote(const char *s, struct hak_buf *out);

#endif /* HAK_VALUE_H */
