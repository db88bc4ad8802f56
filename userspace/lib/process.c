// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include "netns.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMM_MAX	15	/* the kernel cuts names there */

static ssize_t read_file(int dir, const char *path, char *buf, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n >= 0)
		buf[n] = '\0';
	return n;
}

static bool exe_is(int proc, const char *pid, const char *name)
{
	char path[64], exe[512], *base;
	ssize_t n;

	snprintf(path, sizeof(path), "%.20s/exe", pid);
	n = readlinkat(proc, path, exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	base = strrchr(exe, '/');
	base = base ? base + 1 : exe;
	/* A program that was replaced on disk still runs. */
	base[strcspn(base, " ")] = '\0';
	return !strcmp(base, name);
}

/* Two nodes may share a machine: only processes of our network namespace count. */
static bool our_netns(int proc, const char *pid, unsigned long inode)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "%.20s/ns/net", pid);
	return fstatat(proc, path, &st, 0) || (unsigned long)st.st_ino == inode;
}

/* stat is `PID (comm) STATE …`; comm may have any character. */
static bool is_process(int proc, const char *pid, const char *name)
{
	char path[64], stat[512], *comm, *end;

	snprintf(path, sizeof(path), "%.20s/stat", pid);
	if (read_file(proc, path, stat, sizeof(stat)) <= 0)
		return false;
	comm = strchr(stat, '(');
	end = strrchr(stat, ')');
	if (!comm || !end || end < comm || end[1] != ' ' || strchr("ZXx", end[2]))
		return false;
	*end = '\0';
	if (!strncmp(comm + 1, name, COMM_MAX) && strlen(name) <= COMM_MAX)
		return true;
	return exe_is(proc, pid, name);
}

bool hak_process_runs(const char *name)
{
	unsigned long inode = hak_netns_inode();
	DIR *d = opendir("/proc");
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = isdigit((unsigned char)e->d_name[0]) && strlen(e->d_name) < 20 &&
			is_process(dirfd(d), e->d_name, name) &&
			our_netns(dirfd(d), e->d_name, inode);
	if (d)
		closedir(d);
	return found;
}
