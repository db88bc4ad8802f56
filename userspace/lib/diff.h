/* SPDX-License-Identifier: GPL-2.0-only */
/* The way from one configuration to another. Pure. */
#ifndef HAK_DIFF_H
#define HAK_DIFF_H

#include "parse.h"

enum hak_op_kind {
	HAK_OP_NEW,	/* the order of the first netlink commands of an object */
	HAK_OP_SET,
	HAK_OP_DEL,

	HAK_OP_COUNT,
};

/** struct hak_op - one operation; @words: bit mask of what NEW and SET carry */
struct hak_op {
	enum hak_op_kind kind;
	const struct hak_obj *obj;
	uint64_t words;
};

/**
 * struct hak_diff - operations, in the order in which they are consistent
 * @ops: the operations; they point into both models
 * @n: how many
 * @count: per object and kind, as people count (remade is changed)
 * @same: objects that stay as they are
 * @changes: per object what changed, for the summary
 * @prefix: length of the object's name in front of the first change
 * @shown: changes written so far
 */
struct hak_diff {
	struct hak_op *ops;
	size_t n;
	unsigned int count[HAK_O_COUNT][HAK_OP_COUNT];
	unsigned int same;
	struct hak_buf changes[HAK_O_COUNT];
	size_t prefix[HAK_O_COUNT];
	unsigned int shown;
};

/** hak_diff_make() - from @is to @wanted; marks objects of both */
void hak_diff_make(struct hak_diff *d, struct hak_model *is, struct hak_model *wanted);
/** hak_diff_text() - append `+2 vip, ~1 router (priority 100 -> 150), -0; 41 unchanged` */
void hak_diff_text(const struct hak_diff *d, struct hak_buf *out);
void hak_diff_free(struct hak_diff *d);

#endif /* HAK_DIFF_H */
