// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void complain(const char *what, const char *name)
{
	dprintf(2, "%s %s: %s\n", what, name, strerror(errno));
}

static int become(const char *user)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(user);
	if (!pw) {
		if (!errno)
			errno = ENOENT;
		complain("user", user);
		return -1;
	}
	if (getuid() == pw->pw_uid)
		return 0;
	if (initgroups(user, pw->pw_gid) || setgid(pw->pw_gid) || setuid(pw->pw_uid)) {
		complain("user", user);
		return -1;
	}
	return 0;
}

static void __attribute__((noreturn)) child(char **words, const char *user, int out,
					       char **env)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (null >= 0)
		dup2(null, 0);
	dup2(out >= 0 ? out : null, 1);
	dup2(out >= 0 ? out : null, 2);
	/* Blocking for the script; the reader's end is another description. */
	if (out >= 0)
		fcntl(1, F_SETFL, fcntl(1, F_GETFL) & ~O_NONBLOCK);
	for (; env && *env; env++)
		putenv(*env);
	if (chdir("/") || (user && become(user)))
		_exit(127);
	execvp(words[0], words);
	complain("exec", words[0]);
	_exit(127);
}

pid_t hak_spawn(const char *cmd, const char *user, int out, char **env)
{
	const char *why;
	char **words;
	int n = hak_split(cmd, strlen(cmd), &words, &why);
	pid_t pid = -EINVAL;

	if (n > 0) {
		pid = fork();
		if (!pid)
			child(words, user, out, env);
		if (pid > 0)
			setpgid(pid, pid);	/* whoever is first */
		else
			pid = -errno;
	}
	if (n >= 0)
		hak_split_free(words);
	return pid;
}
