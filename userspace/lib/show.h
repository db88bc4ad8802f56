/* SPDX-License-Identifier: GPL-2.0-only */
/* How objects, the status screen and events look. Needs no socket. */
#ifndef HAK_SHOW_H
#define HAK_SHOW_H

#include "nl.h"
#include "print.h"

/** hak_match() - does @o pass the filter that `show` was given? */
bool hak_match(const struct hak_obj *o, const struct hak_stmt *filter);
/** hak_show() - one object; @m has the others, for what it refers to */
void hak_show(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o,
	      uint64_t now_wall);
/** hak_show_check() - a check, with what its track says */
void hak_show_check(struct hak_out *out, const struct hak_model *m, const struct hak_obj *o);
void hak_show_conn(struct hak_out *out, const struct hak_conn *c);
void hak_show_history(struct hak_out *out, const struct hak_change *c);
/** hak_show_event() - one line of `monitor` */
void hak_show_event(struct hak_out *out, const struct hak_event *ev, bool stamp);
void hak_show_alarm_json(struct hak_out *out, const struct hak_alarm *a);

/**
 * struct hak_status - what the status screen is made of
 * @host: name of this node
 * @config: version and tag
 * @model: routers, addresses, tracks, pools, servers, services, the balancer
 * @alarms: alarms
 * @n_alarms: how many
 * @hakcheck: its process id, 0: not running
 * @file: that was loaded, or NULL
 * @file_state: unchanged, changed, missing
 * @now: wall clock
 */
struct hak_status {
	char host[65];
	struct hak_config config;
	struct hak_model model;
	struct hak_alarm *alarms;
	size_t n_alarms;
	long hakcheck;
	char *file;
	const char *file_state;
	uint64_t now;
};

void hak_show_status(struct hak_out *out, const struct hak_status *s);
/**
 * hak_rates() - from two samples, what servers and services do in a second
 * @now: the later sample, which gets the rates
 * @before: the earlier one; what is not in it has no rates
 * @period: ns between them
 */
void hak_rates(struct hak_model *now, const struct hak_model *before, uint64_t period);
/** hak_mac_text() - aa:bb:cc:dd:ee:ff */
void hak_mac_text(const uint8_t mac[6], char out[18]);

#endif /* HAK_SHOW_H */
