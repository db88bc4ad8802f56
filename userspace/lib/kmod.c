// SPDX-License-Identifier: GPL-2.0-only
#include "kmod.h"

#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define MODULE	"hak"

bool hak_kmod_loaded(void)
{
	return access("/sys/module/" MODULE, F_OK) == 0;
}

/* First line that a program prints, or "" when it cannot be run. */
static void first_line(const char *cmd, char *out, size_t size)
{
	FILE *f = popen(cmd, "re");

	out[0] = '\0';
	if (!f)
		return;
	if (!fgets(out, (int)size, f))
		out[0] = '\0';
	pclose(f);
	out[strcspn(out, "\n")] = '\0';
}

static void not_found(char *why, size_t size)
{
	struct utsname u;
	char dkms[128];

	if (uname(&u))
		hak_copy(u.release, sizeof(u.release), "?");
	first_line("dkms status " MODULE " 2>/dev/null", dkms, sizeof(dkms));
	snprintf(why, size, "no module for kernel %s (dkms status: %s)", u.release,
		 dkms[0] ? dkms : "nothing; or name the file in HAK_MODULE");
}

static void explain(int err, char *why, size_t size)
{
	if (err == -ENOENT || err == -ENOSYS)
		not_found(why, size);
	else if (err == -EPERM || err == -EACCES)
		snprintf(why, size, "loading the module needs root: %s", strerror(-err));
	else
		snprintf(why, size, "the module cannot be loaded: %s; see dmesg", strerror(-err));
}

static int insert(struct kmod_module *mod)
{
	int err = kmod_module_probe_insert_module(mod, KMOD_PROBE_IGNORE_LOADED, NULL, NULL, NULL,
						  NULL);

	kmod_module_unref(mod);
	/* Positive: a blacklist took it; there is none in these flags. */
	return err > 0 ? 0 : err;
}

static int insert_by_name(struct kmod_ctx *ctx)
{
	struct kmod_list *list = NULL;
	int err = kmod_module_new_from_lookup(ctx, MODULE, &list);

	if (!err && !list)
		err = -ENOENT;
	if (!err)
		err = insert(kmod_module_get_module(list));
	kmod_module_unref_list(list);
	return err;
}

static int insert_by_path(struct kmod_ctx *ctx, const char *path)
{
	struct kmod_module *mod = NULL;
	int err = kmod_module_new_from_path(ctx, path, &mod);

	return err ? err : insert(mod);
}

static void ignore_log(void *data, int priority, const char *file, int line, const char *fn,
		       const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static int run_modprobe(const char *arg)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (null >= 0)
			dup2(null, 2);
		execlp("modprobe", "modprobe", arg, MODULE, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENOENT;
}

int hak_kmod_load(char *why, size_t size)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	const char *path = getenv("HAK_MODULE");
	int err = -ENOENT;

	if (ctx) {
		kmod_set_log_fn(ctx, ignore_log, NULL);
		err = path && *path ? insert_by_path(ctx, path) : insert_by_name(ctx);
		kmod_unref(ctx);
	}
	if (err && !(path && *path) && err != -EPERM && !run_modprobe("-q"))
		err = 0;
	if (err)
		explain(err, why, size);
	return err ? -1 : 0;
}

int hak_kmod_unload(char *why, size_t size)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	struct kmod_module *mod = NULL;
	int err = -ENOENT;

	if (!hak_kmod_loaded()) {
		snprintf(why, size, "the module is not loaded");
		kmod_unref(ctx);
		return -1;
	}
	if (ctx) {
		kmod_set_log_fn(ctx, ignore_log, NULL);
		err = kmod_module_new_from_name(ctx, MODULE, &mod);
		if (!err)
			err = kmod_module_remove_module(mod, 0);
		kmod_module_unref(mod);
		kmod_unref(ctx);
	}
	if (err)
		snprintf(why, size, "the module cannot be unloaded: %s", strerror(-err));
	return err ? -1 : 0;
}
