/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where hakadm and hakcheck meet: a folder per network namespace with the check
 * lines of a loaded file, named by the tag that the kernel keeps with the
 * configuration. Whoever asks the kernel for the tag knows which file counts,
 * so the change of both halves is the kernel's one commit.
 */
#ifndef HAK_RUNDIR_H
#define HAK_RUNDIR_H

#include "parse.h"

#include <linux/hak.h>

/**
 * struct hak_checks - the check lines that belong to a tag
 * @conf: their model
 * @file: the file they were loaded from, or NULL
 * @hash: fingerprint of it then
 */
struct hak_checks {
	struct hak_conf conf;
	char *file;
	char hash[HAK_HASH_TEXT];
};

/** hak_rundir() - path of the folder of this namespace; free it */
char *hak_rundir(void);
/** hak_rundir_lock() - one load at a time; returns a file descriptor or -errno */
int hak_rundir_lock(void);
/** hak_checks_write() - make the file durable before the kernel learns its tag; 0 or -errno */
int hak_checks_write(const struct hak_model *m, const char *file, const char *hash,
		     char tag[HAK_TAG_SIZE]);
/** hak_checks_read() - 0 or -errno; an empty tag has no checks */
int hak_checks_read(struct hak_checks *c, const char *tag);
void hak_checks_free(struct hak_checks *c);
/** hak_checks_clean() - remove all but the file of @tag */
void hak_checks_clean(const char *tag);

/** hak_hakcheck_pid() - process id of hakcheck of this namespace, 0 when it does not run */
long hak_hakcheck_pid(void);
/** hak_hakcheck_lock() - be it; 0, -EAGAIN when another is, or -errno. Held until exit. */
int hak_hakcheck_lock(void);

#endif /* HAK_RUNDIR_H */
