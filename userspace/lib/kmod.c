// SPDX-License-Identifier: GPL-2.0-only
#include "kmod.h"

#include <dlfcn.h>
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

/*
 * libkmod brings libcrypto and others along, which take longer to load than all that
 * most commands do. Needed only when the module is not there, it is opened only then;
 * where it is not installed, as on small routers, the programs of kmod do the work.
 */
static struct {
	typeof(kmod_new) *new;
	typeof(kmod_unref) *unref;
	typeof(kmod_set_log_fn) *set_log_fn;
	typeof(kmod_module_new_from_lookup) *from_lookup;
	typeof(kmod_module_new_from_name) *from_name;
	typeof(kmod_module_new_from_path) *from_path;
	typeof(kmod_module_get_module) *get_module;
	typeof(kmod_module_unref) *module_unref;
	typeof(kmod_module_unref_list) *unref_list;
	typeof(kmod_module_probe_insert_module) *probe_insert;
	typeof(kmod_module_remove_module) *remove;
} lib;

static bool find(void *so, const char *name, void *where)
{
	void *found = dlsym(so, name);

	memcpy(where, &found, sizeof(found));
	return found;
}

/* Opened once; a context, or NULL without the library. */
static struct kmod_ctx *context(void)
{
	static bool looked, there;
	struct kmod_ctx *ctx;
	void *so;

	if (!looked) {
		looked = true;
		so = dlopen("libkmod.so.2", RTLD_NOW | RTLD_LOCAL);
		there = so && find(so, "kmod_new", &lib.new) &&
			find(so, "kmod_unref", &lib.unref) &&
			find(so, "kmod_set_log_fn", &lib.set_log_fn) &&
			find(so, "kmod_module_new_from_lookup", &lib.from_lookup) &&
			find(so, "kmod_module_new_from_name", &lib.from_name) &&
			find(so, "kmod_module_new_from_path", &lib.from_path) &&
			find(so, "kmod_module_get_module", &lib.get_module) &&
			find(so, "kmod_module_unref", &lib.module_unref) &&
			find(so, "kmod_module_unref_list", &lib.unref_list) &&
			find(so, "kmod_module_probe_insert_module", &lib.probe_insert) &&
			find(so, "kmod_module_remove_module", &lib.remove);
	}
	ctx = there ? lib.new(NULL, NULL) : NULL;
	if (ctx)
		lib.set_log_fn(ctx, ignore_log, NULL);
	return ctx;
}

static int insert(struct kmod_module *mod)
{
	int err = lib.probe_insert(mod, KMOD_PROBE_IGNORE_LOADED, NULL, NULL, NULL, NULL);

	lib.module_unref(mod);
	/* Positive: a blacklist took it; there is none in these flags. */
	return err > 0 ? 0 : err;
}

static int insert_by_name(struct kmod_ctx *ctx)
{
	struct kmod_list *list = NULL;
	int err = lib.from_lookup(ctx, MODULE, &list);

	if (!err && !list)
		err = -ENOENT;
	if (!err)
		err = insert(lib.get_module(list));
	lib.unref_list(list);
	return err;
}

static int insert_by_path(struct kmod_ctx *ctx, const char *path)
{
	struct kmod_module *mod = NULL;
	int err = lib.from_path(ctx, path, &mod);

	return err ? err : insert(mod);
}

static int remove_by_name(struct kmod_ctx *ctx)
{
	struct kmod_module *mod = NULL;
	int err = lib.from_name(ctx, MODULE, &mod);

	if (err)
		return err;
	err = lib.remove(mod, 0);
	lib.module_unref(mod);
	return err;
}

/* A program of kmod, silent; 0 when it succeeds. */
static int run(const char *program, const char *a, const char *b)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (null >= 0)
			dup2(null, 2);
		execlp(program, program, a, b, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ENOENT;
}

int hak_kmod_load(char *why, size_t size)
{
	const char *path = getenv("HAK_MODULE");
	bool named = path && *path;
	struct kmod_ctx *ctx;
	int err = -ENOENT;

	ctx = context();
	if (ctx) {
		err = named ? insert_by_path(ctx, path) : insert_by_name(ctx);
		lib.unref(ctx);
	} else if (named) {
		err = run("insmod", path, NULL);
	}
	if (err && !named && err != -EPERM && !run("modprobe", "-q", MODULE))
		err = 0;
	if (err)
		explain(err, why, size);
	return err ? -1 : 0;
}

int hak_kmod_unload(char *why, size_t size)
{
	struct kmod_ctx *ctx;
	int err;

	if (!hak_kmod_loaded()) {
		snprintf(why, size, "the module is not loaded");
		return -1;
	}
	ctx = context();
	err = ctx ? remove_by_name(ctx) : run("rmmod", MODULE, NULL);
	if (ctx)
		lib.unref(ctx);
	if (err)
		snprintf(why, size, "the module cannot be unloaded: %s", strerror(-err));
	return err ? -1 : 0;
}
