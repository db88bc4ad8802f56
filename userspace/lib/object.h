/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the grammar. One table of WORDs per object yields the parser,
 * the help, the comparison of two configurations, the saved line, the netlink
 * attributes and the JSON keys. A later object is one more file with a table.
 */
#ifndef HAK_OBJECT_H
#define HAK_OBJECT_H

#include "error.h"
#include "value.h"

/** enum hak_object_id - objects of this version, in the order `save` prints them */
enum hak_object_id {
	HAK_O_TRACK,
	HAK_O_GROUP,
	HAK_O_ROUTER,
	HAK_O_VIP,
	HAK_O_ROUTE,
	HAK_O_LB,
	HAK_O_POOL,
	HAK_O_SERVER,
	HAK_O_SERVICE,
	HAK_O_CHECK,

	HAK_O_COUNT,
	HAK_O_CONN = HAK_O_COUNT,	/* never part of a configuration */
	HAK_O_LATER,			/* known, but not in this version */
};

/** enum hak_verb - COMMANDs of objects */
enum hak_verb {
	HAK_V_ADD,
	HAK_V_SET,
	HAK_V_REPLACE,
	HAK_V_DEL,
	HAK_V_SHOW,
	HAK_V_REPORT,
	HAK_V_HISTORY,
	HAK_V_RESIGN,
	HAK_V_RUN,
	HAK_V_HOW_MANY,	/* `count` */
	HAK_V_FLUSH,
	HAK_V_HELP,

	HAK_V_COUNT,
};

#define HAK_VERB(v)	(1u << HAK_V_##v)

#define HAK_W_KEY	(1u << 0)	/* `add` needs it */
#define HAK_W_LATER	(1u << 1)	/* not in this version */
#define HAK_W_LIVE	(1u << 2)	/* only the kernel tells it: filters and output */
#define HAK_W_HIDDEN	(1u << 3)	/* never said, never shown */
#define HAK_W_REPEAT	(1u << 4)	/* may be said again; appends */
#define HAK_W_NODEF	(1u << 5)	/* without a default it is absent */
#define HAK_W_REPORT	(1u << 6)	/* a word of `report` */
#define HAK_W_LOCAL	(1u << 7)	/* identity: a change makes the object anew */
#define HAK_W_DEL	(1u << 8)	/* a word of `del`: says which one is meant */
#define HAK_W_FILTER	(1u << 9)	/* a word of `count` and `flush` */

#define HAK_W_SECRET	(1u << 10)	/* saved, but never shown */
#define HAK_W_RESIGN	(1u << 11)	/* a word of `resign`, and no other command */

/* The other half of a name: all commands but `show` need it. */
#define HAK_W_PART	(HAK_W_KEY | HAK_W_DEL | HAK_W_REPORT)

/**
 * struct hak_word - one WORD of an object
 * @name: as it is typed
 * @rule: what its VALUE must look like
 * @flags: HAK_W_*
 * @attr: netlink attribute inside the object's nest, 0: none
 * @def: default
 * @arg: name of the VALUE in the help
 */
struct hak_word {
	const char *name;
	struct hak_value_rule rule;
	unsigned int flags;
	unsigned int attr;
	uint64_t def;
	const char *arg;
};

/**
 * struct hak_kind - what stands behind the NAME (`script CMD`)
 * @name: the word
 * @rule: of the argument, NULL: it has none
 * @arg: name of the argument in the help
 * @num: number of the kind in netlink or for the runner
 * @later: not in this version
 * @attr: netlink attribute of the argument, the length of a prefix behind it; 0: none
 */
struct hak_kind {
	const char *name;
	const struct hak_value_rule *rule;
	const char *arg;
	uint32_t num;
	bool later;
	unsigned int attr;
};

struct hak_stmt;

/**
 * struct hak_object - an OBJECT of the grammar
 * @name: as it is typed
 * @id: enum hak_object_id
 * @what: one line for the help
 * @verbs: COMMANDs of this version that can be typed
 * @file_verbs: COMMANDs that may stand in a file
 * @later_verbs: COMMANDs that come later
 * @key: rule of the NAME
 * @key_arg: name of it in the help, NULL: it has none
 * @kinds: kinds, or NULL; ends with a NULL name
 * @kind_attr: netlink attribute of the kind, 0: none
 * @words: table of WORDs
 * @n_words: rows of it
 * @cmd: netlink command NEW, SET and DEL follow; 0: not in the kernel
 * @get: netlink command that shows it
 * @tell: netlink command of `report`, 0: none
 * @attr: attribute at the top level
 * @op_attr: attribute in an operation of a batch
 * @name_attr: attribute of the NAME
 * @told: word that `report` sets
 * @told_value: word that it sets to a number
 * @finish: checks across words, or NULL
 */
struct hak_object {
	const char *name;
	enum hak_object_id id;
	const char *what;
	unsigned int verbs;
	unsigned int file_verbs;
	unsigned int later_verbs;
	struct hak_value_rule key;
	const char *key_arg;
	const struct hak_kind *kinds;
	unsigned int kind_attr;
	const struct hak_word *words;
	unsigned int n_words;
	unsigned int cmd;
	unsigned int get;
	unsigned int tell;
	unsigned int attr;
	unsigned int op_attr;
	unsigned int name_attr;
	unsigned int told;
	unsigned int told_value;
	int (*finish)(struct hak_stmt *stmt, struct hak_errors *errs);
};

#define HAK_WORDS_MAX	40

/** enum hak_router_word - rows of the router's table */
enum hak_router_word {
	HAK_R_DEV,
	HAK_R_VRID,
	HAK_R_FAMILY,
	HAK_R_VERSION,
	HAK_R_PRIORITY,
	HAK_R_INTERVAL,
	HAK_R_PREEMPT,
	HAK_R_PREEMPT_DELAY,
	HAK_R_START_DELAY,
	HAK_R_DOWN_ADVERTS,
	HAK_R_ENABLE,
	HAK_R_ACCEPT,
	HAK_R_VMAC,
	HAK_R_SOURCE,
	HAK_R_PEER,
	HAK_R_MIN_TTL,
	HAK_R_AUTH_PASS,
	HAK_R_AUTH_FILE,
	HAK_R_CHECKSUM,
	HAK_R_ANNOUNCE,
	HAK_R_ANNOUNCE_INTERVAL,
	HAK_R_ANNOUNCE_REFRESH,
	HAK_R_GROUP,
	HAK_R_TRACK,
	HAK_R_FLAGS,
	HAK_R_STATE,
	HAK_R_SINCE,
	HAK_R_REASON,
	HAK_R_EFFECTIVE_PRIORITY,
	HAK_R_IFINDEX,
	HAK_R_PRIMARY,
	HAK_R_CHECKSUM_SENT,
	HAK_R_RESIGNED,
	HAK_R_FOR,
	HAK_R_COUNT,
};

enum hak_vip_word {
	HAK_P_ROUTER,
	HAK_P_DEV,
	HAK_P_VRID,
	HAK_P_LABEL,
	HAK_P_ADVERT,
	HAK_P_INSTALLED,
	HAK_P_COUNT,
};

enum hak_group_word {
	HAK_G_TRACK,
	HAK_G_STATE,
	HAK_G_ROUTERS,
	HAK_G_COUNT,
};

enum hak_route_word {
	HAK_RT_ROUTER,
	HAK_RT_VIA,
	HAK_RT_DEV,
	HAK_RT_SRC,
	HAK_RT_TABLE,
	HAK_RT_METRIC,
	HAK_RT_INSTALLED,
	HAK_RT_COUNT,
};

enum hak_track_word {
	HAK_K_LEASE,
	HAK_K_INITIAL,
	HAK_K_DEV,
	HAK_K_TABLE,
	HAK_K_FLAGS,
	HAK_K_STATE,
	HAK_K_VALUE,
	HAK_K_REASON,
	HAK_K_REPORTED,
	HAK_K_EXPIRED,
	HAK_K_USERS,
	HAK_K_COUNT,
};

enum hak_check_word {
	HAK_C_TO,
	HAK_C_DEV,
	HAK_C_SOURCE,
	HAK_C_INTERVAL,
	HAK_C_FAST_INTERVAL,
	HAK_C_TIMEOUT,
	HAK_C_RISE,
	HAK_C_FALL,
	HAK_C_WEIGHT_FROM,
	HAK_C_USER,
	HAK_C_ON_FAIL,
	HAK_C_ON_RECOVER,
	HAK_C_PATH,
	HAK_C_HOST,
	HAK_C_STATUS,
	HAK_C_BODY,
	HAK_C_SEND,
	HAK_C_EXPECT,
	HAK_C_NAME,
	HAK_C_COUNT,
};

enum hak_pool_word {
	HAK_PL_SCHEDULER,
	HAK_PL_METHOD,
	HAK_PL_HASH_SIZE,
	HAK_PL_HASH_PORT,
	HAK_PL_QUORUM,
	HAK_PL_CHECK,
	HAK_PL_SOURCE,
	HAK_PL_TUNNEL_PORT,
	HAK_PL_MSS_CLAMP,
	HAK_PL_HASH_FALLBACK,
	HAK_PL_HASH_LOAD,
	HAK_PL_PERSIST,
	HAK_PL_PERSIST_MASK,
	HAK_PL_PASSIVE,
	HAK_PL_BACKUP_POOL,
	HAK_PL_ON_DOWN,
	HAK_PL_SERVERS,
	HAK_PL_UP,
	HAK_PL_USERS,
	HAK_PL_COUNT,
};

enum hak_server_word {
	HAK_SR_POOL,
	HAK_SR_WEIGHT,
	HAK_SR_STATE,
	HAK_SR_FOR,
	HAK_SR_CHECK,
	HAK_SR_METHOD,
	HAK_SR_MAXCONN,
	HAK_SR_BACKUP,
	HAK_SR_SLOW_START,
	HAK_SR_REPORT,
	HAK_SR_VALUE,
	HAK_SR_REASON,
	HAK_SR_REPORTED,
	HAK_SR_SINCE,
	HAK_SR_CONNS,
	HAK_SR_ACTIVE,
	HAK_SR_AVOIDED,
	HAK_SR_COUNT,
};

enum hak_service_word {
	HAK_SV_POOL,
	HAK_SV_FIREWALL,
	HAK_SV_TIMEOUT,
	HAK_SV_TIMEOUT_FIN,
	HAK_SV_ON_EXPIRE,
	HAK_SV_ONE_PACKET,
	HAK_SV_SYN_PROXY,
	HAK_SV_ACTIVE,
	HAK_SV_CONNS,
	HAK_SV_COUNT,
};

enum hak_lb_word {
	HAK_BL_HOOK,
	HAK_BL_MAXCONN,
	HAK_BL_INGRESS,
	HAK_BL_CONNS,
	HAK_BL_PERSISTENT,
	HAK_BL_COUNT,
};

enum hak_conn_word {
	HAK_CN_SERVICE,
	HAK_CN_SERVER,
	HAK_CN_CLIENT,
	HAK_CN_STATE,
	HAK_CN_LIMIT,
	HAK_CN_COUNT,
};

enum hak_check_kind {
	HAK_CHECK_SCRIPT,
	HAK_CHECK_PROCESS,
	HAK_CHECK_TCP,
	HAK_CHECK_LATER,
};

enum hak_weight_from {
	HAK_WEIGHT_NONE,
	HAK_WEIGHT_EXIT,
	HAK_WEIGHT_OUTPUT,
};

extern const struct hak_object hak_object_router;
extern const struct hak_object hak_object_vip;
extern const struct hak_object hak_object_group;
extern const struct hak_object hak_object_route;
extern const struct hak_object hak_object_track;
extern const struct hak_object hak_object_check;
extern const struct hak_object hak_object_pool;
extern const struct hak_object hak_object_server;
extern const struct hak_object hak_object_service;
extern const struct hak_object hak_object_conn;
extern const struct hak_object hak_object_lb;
/** hak_objects - all objects of the contract, also those that come later */
extern const struct hak_object *const hak_objects[];
extern const unsigned int hak_n_objects;
extern const struct hak_choice hak_switch[];
extern const struct hak_choice hak_states[];
extern const struct hak_choice hak_track_states[];
extern const struct hak_choice hak_checksums[];
extern const struct hak_choice hak_protos[];
extern const struct hak_choice hak_server_states[];
extern const struct hak_choice hak_conn_states[];
extern const struct hak_choice hak_alarms[];
extern const char *const hak_drops[];
extern const char *const hak_lb_drops[];
extern const char *const hak_verb_names[HAK_V_COUNT];

const struct hak_object *hak_object_by_id(enum hak_object_id id);
const struct hak_object *hak_object_find(const char *name);
const struct hak_word *hak_word_find(const struct hak_object *o, const char *name);
/** hak_word_usable() - can @w be said in @verb (of this version)? */
bool hak_word_usable(const struct hak_word *w, enum hak_verb verb);

/** hak_suggest() - the word of @choices (separated by spaces) nearest to @word, or NULL */
char *hak_suggest(const char *word, const char *choices);
/**
 * hak_suggest_foreign() - the way out for a word of keepalived, ipvsadm or HAProxy, or NULL
 * @o: it stands in a line of this object, NULL: instead of one
 */
const char *hak_suggest_foreign(const char *word, const struct hak_object *o);

#endif /* HAK_OBJECT_H */
