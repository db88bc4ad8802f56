// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of a test guest.
 *
 * The root file system of the host, read-only over 9p under an overlay on
 * tmpfs, becomes the root of the guest; the command that selftests/qemu/run
 * was given runs in it; then the kernel log is judged and one line goes to the
 * verdict port:
 *
 *	status N	the command ended with N and the kernel had no complaint
 *	splat TEXT	the kernel complained
 *	failed TEXT	the guest could not be set up
 *
 * The host takes anything else, and nothing, for a failure.
 *
 * In the initramfs, all in /hak: modules (names of modules to load, in order),
 * argv and env (NUL-terminated strings), cwd, links (pairs of lines: target,
 * link), keep (paths that no tmpfs may hide). All other folders of the
 * initramfs hold copies of the host's files and are laid over them; those that
 * whole names hide what is below.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TERMINAL	"/dev/hvc0"
#define VERDICT_TTY	"/dev/ttyS1"
#define P9_OPTIONS	"trans=virtio,version=9p2000.L,msize=512000"
#define count(a) (sizeof(a) / sizeof((a)[0]))

/* Two scans this far apart: kmemleak takes younger objects for live. */
#define LEAK_AGE	6

static int verdict_fd = -1;
static bool interactive;
static int rows, columns;

static void leave(void) __attribute__((noreturn));

static void leave(void)
{
	sync();
	/* QEMU runs with -no-reboot: a reset, which needs no ACPI, ends it. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void verdict(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

static void verdict(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (verdict_fd >= 0) {
		vdprintf(verdict_fd, fmt, ap);
		dprintf(verdict_fd, "\n");
		tcdrain(verdict_fd);
	}
	va_end(ap);
	leave();
}

#define must(call) do { \
	if ((call) < 0) \
		verdict("failed %s: %s", #call, strerror(errno)); \
} while (0)

/* A whole file with a NUL behind it, or NULL. */
static char *slurp(const char *path, size_t *len)
{
	size_t size = 4096, used = 0;
	char *buf = malloc(size);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 || !buf)
		goto out;
	while ((n = read(fd, buf + used, size - used - 1)) > 0) {
		used += n;
		if (used == size - 1) {
			size *= 2;
			buf = realloc(buf, size);
			if (!buf)
				goto out;
		}
	}
	buf[used] = 0;
	if (len)
		*len = used;
	close(fd);
	return buf;
out:
	if (fd >= 0)
		close(fd);
	free(buf);
	return NULL;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static void load_modules(void)
{
	char *list = slurp("/hak/modules", NULL), *save, *name;

	if (!list)
		verdict("failed no list of modules in the initramfs");
	for (name = strtok_r(list, "\n", &save); name;
	     name = strtok_r(NULL, "\n", &save)) {
		char path[300];
		int fd;

		snprintf(path, sizeof(path), "/hak/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 ||
		    (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
			verdict("failed module %s: %s", name, strerror(errno));
		close(fd);
	}
	free(list);
}

/* Make a layer of what the initramfs has beside us and the kernel's own. */
static void gather_warm(void)
{
	static const char * const ours[] = {
		".", "..", "init", "hak", "dev", "proc", "sys", "root",
	};
	DIR *dir = opendir("/");
	struct dirent *entry;
	size_t i;

	must(mkdir("/hak/warm", 0755));
	while (dir && (entry = readdir(dir))) {
		char from[300], to[300];

		for (i = 0; i < count(ours); i++)
			if (!strcmp(entry->d_name, ours[i]))
				break;
		if (i < count(ours))
			continue;
		snprintf(from, sizeof(from), "/%s", entry->d_name);
		snprintf(to, sizeof(to), "/hak/warm/%s", entry->d_name);
		must(rename(from, to));
	}
	if (dir)
		closedir(dir);
}

/* Folders with nothing more on the host need not be merged. */
static void hide_below(void)
{
	char *list = slurp("/hak/whole", NULL), *save, *name;

	for (name = list ? strtok_r(list, "\n", &save) : NULL; name;
	     name = strtok_r(NULL, "\n", &save)) {
		char path[4200];

		snprintf(path, sizeof(path), "/hak/warm/%s", name);
		/* Without it the guest is slower, no more. */
		setxattr(path, "trusted.overlay.opaque", "y", 1, 0);
	}
	free(list);
}

/*
 * Look once at every file of the warm layer, so that the merge of folders is
 * known, and where a shell would look for a program of that name in vain.
 */
static int touch(const char *path, const struct stat *st, int type,
		 struct FTW *ftw)
{
	static const char * const dirs[] = {
		"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin",
	};
	const char *name = path + strlen("/hak/warm");
	char probe[4200];
	struct stat got;
	size_t i;

	snprintf(probe, sizeof(probe), "/new%s", name);
	lstat(probe, &got);
	if (type == FTW_D || !(st->st_mode & 0111) || !strstr(name, "bin/"))
		return 0;
	for (i = 0; i < count(dirs); i++) {
		snprintf(probe, sizeof(probe), "/new%s/%s", dirs[i],
			 path + ftw->base);
		lstat(probe, &got);
	}
	return 0;
}

static void mount_root(void)
{
	const char *layers = "lowerdir=/hak/warm:/host,"
			     "upperdir=/rw/upper,workdir=/rw/work";

	must(mkdir("/host", 0755));
	must(mkdir("/rw", 0755));
	must(mkdir("/new", 0755));
	/* Nobody else changes what a run looks at: cache all there is. */
	must(mount("host", "/host", "9p", MS_RDONLY,
		   P9_OPTIONS ",cache=loose"));
	must(mount("rw", "/rw", "tmpfs", 0, "mode=0755,size=90%"));
	hide_below();
	must(mkdir("/rw/upper", 0755));
	must(mkdir("/rw/work", 0755));
	must(mount("root", "/new", "overlay", 0, layers));
	nftw("/hak/warm", touch, 32, FTW_PHYS);
	must(mkdir("/new/out", 0755) < 0 && errno != EEXIST ? -1 : 0);
	/* Shared with the host and perhaps with a second guest: no cache. */
	must(mount("out", "/new/out", "9p", 0, P9_OPTIONS ",cache=none"));
}

static void link_extras(void)
{
	char *list = slurp("/hak/links", NULL), *save, *target, *link;

	if (!list)
		return;
	target = strtok_r(list, "\n", &save);
	while (target && (link = strtok_r(NULL, "\n", &save))) {
		char path[4096], *slash;

		snprintf(path, sizeof(path), "/new%s", link);
		for (slash = path + sizeof("/new/") - 1; (slash = strchr(slash, '/')); slash++) {
			*slash = 0;
			mkdir(path, 0755);
			*slash = '/';
		}
		unlink(path);
		must(symlink(target, path));
		target = strtok_r(NULL, "\n", &save);
	}
	free(list);
}

/* An empty tmpfs, unless something that is needed lies below on the host. */
static void mount_scratch(const char *where, const char *mode)
{
	char *keep = slurp("/hak/keep", NULL), *save, *path;
	size_t len = strlen(where);
	bool hides = false;

	for (path = keep ? strtok_r(keep, "\n", &save) : NULL; path;
	     path = strtok_r(NULL, "\n", &save))
		hides |= !strncmp(path, where, len) &&
			 (!path[len] || path[len] == '/');
	free(keep);
	if (!hides) {
		char target[64];

		snprintf(target, sizeof(target), "/new%s", where);
		mkdir(target, 0755);
		must(mount("tmpfs", target, "tmpfs", 0, mode));
	}
}

static void switch_root(void)
{
	mount_scratch("/tmp", "mode=1777");
	mount_scratch("/run", "mode=0755");
	must(mount("/dev", "/new/dev", NULL, MS_MOVE, NULL));
	must(mount("/proc", "/new/proc", NULL, MS_MOVE, NULL));
	must(mount("/sys", "/new/sys", NULL, MS_MOVE, NULL));
	must(chdir("/new"));
	must(mount(".", "/", NULL, MS_MOVE, NULL));
	must(chroot("."));
	must(chdir("/"));
}

static void mount_rest(void)
{
	mkdir("/dev/pts", 0755);
	mkdir("/dev/shm", 01777);
	must(mount("devpts", "/dev/pts", "devpts", 0, "ptmxmode=0666"));
	must(mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777"));
	/* A kernel may lack these; who needs them will say so. */
	mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
	mkdir("/run/lock", 01777);
}

static void lo_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
}

/*
 * The first user of receive timestamps (ping, tcpdump) makes the kernel patch
 * its receive path, and the last one makes it patch it back. QEMU 7.2 with a
 * thread per emulated CPU may go on with the half-patched code it translated in
 * that moment, for ever, on both CPUs, if packets are under way. One socket that
 * stays open keeps the code as it is.
 */
static void keep_timestamps(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on));
}

/* The virtio port of that name, as /dev/vport0p1 or the like. */
static int open_port(const char *name)
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		char path[600], *got;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		got = slurp(path, NULL);
		if (!got)
			continue;
		got[strcspn(got, "\n")] = 0;
		if (!strcmp(got, name)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_WRONLY | O_CLOEXEC);
		}
		free(got);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* The driver learns of its ports by messages from the host: wait for them. */
static int wait_port(const char *name)
{
	int fd, tries;

	for (tries = 0; tries < 500; tries++) {
		fd = open_port(name);
		if (fd >= 0)
			return fd;
		usleep(10000);
	}
	verdict("failed port %s did not appear", name);
}

static void put_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		buf += n;
		len -= n;
	}
}

/* A port is writable again once the host took what it held. */
static void flush_port(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	poll(&p, 1, 2000);
}

/* NULL-terminated array of the NUL-terminated strings of a file. */
static char **strings(const char *path)
{
	size_t len, n = 0, i;
	char *buf = slurp(path, &len), **list;

	if (!buf)
		verdict("failed no %s in the initramfs", path);
	for (i = 0; i < len; i++)
		n += !buf[i];
	list = calloc(n + 1, sizeof(*list));
	if (!list)
		verdict("failed out of memory");
	for (i = 0, n = 0; i < len; i += strlen(buf + i) + 1)
		list[n++] = buf + i;
	return list;
}

static void run_argv(char **argv, const char *cwd)
{
	if (chdir(cwd))
		fprintf(stderr, "guest: %s: %s\n", cwd, strerror(errno));
	else if (execvp(argv[0], argv))
		fprintf(stderr, "guest: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/*
 * Run @argv as the leader of a session on the terminal. The end of a leader
 * hangs the terminal up, for us too: everybody opens it anew.
 */
static pid_t spawn(char **argv, const char *cwd)
{
	pid_t pid = fork();
	int tty;

	if (pid < 0)
		verdict("failed fork: %s", strerror(errno));
	if (pid)
		return pid;
	setsid();
	tty = open(TERMINAL, O_RDWR);
	if (tty < 0)
		_exit(127);
	dup2(tty, 0);
	dup2(tty, 1);
	dup2(tty, 2);
	if (tty > 2)
		close(tty);
	run_argv(argv, cwd);
	_exit(127);
}

static int exit_status(int wstatus)
{
	if (WIFSIGNALED(wstatus))
		return 128 + WTERMSIG(wstatus);
	return WEXITSTATUS(wstatus);
}

/* Only to interrupt ppoll(): an ignored signal would not. */
static void on_child(int sig)
{
	(void)sig;
}

/* Reap whoever ended; true once @pid is among them. */
static bool reap(pid_t pid, int *status)
{
	bool found = false;
	int wstatus;
	pid_t got;

	while ((got = waitpid(-1, &wstatus, WNOHANG)) > 0) {
		if (got != pid)
			continue;
		*status = exit_status(wstatus);
		found = true;
	}
	return found;
}

static void reap_all(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

/*
 * Run the command, its output through a pipe: a port can be opened only once,
 * so "echo >/dev/stdout" would fail on it.
 */
static int run_piped(char **argv, const char *cwd, int port)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), fds[2], status = 0;
	sigset_t block, open_mask;
	bool ended = false;
	char buf[65536];
	pid_t pid;

	must(pipe2(fds, O_CLOEXEC));
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &open_mask);
	signal(SIGCHLD, on_child);
	pid = fork();
	if (pid < 0)
		verdict("failed fork: %s", strerror(errno));
	if (!pid) {
		sigprocmask(SIG_SETMASK, &open_mask, NULL);
		signal(SIGCHLD, SIG_DFL);
		setsid();
		dup2(null, 0);
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		run_argv(argv, cwd);
	}
	close(fds[1]);
	close(null);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	for (;;) {
		struct pollfd p = { .fd = fds[0], .events = POLLIN };
		ssize_t n;

		/* What a daemon left behind keeps the pipe open: kill it. */
		if (!ended && reap(pid, &status)) {
			ended = true;
			reap_all();
		}
		n = read(fds[0], buf, sizeof(buf));
		if (n > 0) {
			put_all(port, buf, n);
			continue;
		}
		if (ended)
			break;
		if (!n)
			p.fd = -1;
		ppoll(&p, 1, NULL, &open_mask);
	}
	close(fds[0]);
	flush_port(port);
	return status;
}

static int wait_for(pid_t pid)
{
	int wstatus;
	pid_t got;

	do {
		got = waitpid(-1, &wstatus, 0);
	} while (got != pid && (got > 0 || errno == EINTR));
	return got == pid ? exit_status(wstatus) : 127;
}

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void tell(const char *fmt, ...)
{
	int tty = open(TERMINAL, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	va_list ap;

	if (tty < 0)
		verdict("failed %s: %s", TERMINAL, strerror(errno));
	if (rows && columns)
		ioctl(tty, TIOCSWINSZ, &size);
	va_start(ap, fmt);
	vdprintf(tty, fmt, ap);
	va_end(ap);
	tcdrain(tty);
	close(tty);
}

static int run_shell(char **argv, const char *cwd)
{
	char *bash[] = { "bash", "-i", NULL };
	int status = 0;

	tell("%s", "");
	if (argv[0])
		status = wait_for(spawn(argv, cwd));
	if (status)
		tell("guest: %s ended with status %d\n", argv[0], status);
	tell("guest: a shell; \"exit\" ends the guest\n");
	wait_for(spawn(bash, cwd));
	reap_all();
	return status;
}

/* Words that a healthy kernel does not say. */
static const char * const splats[] = {
	"BUG:", "WARNING:", "Oops", "Kernel panic", "general protection fault",
	"KASAN:", "UBSAN:", "ODEBUG:", "kmemleak:", "refcount_t:",
	"INFO: task ", "rcu: INFO",
	"INFO: trying to register non-static key", "INFO: possible",
	"possible circular locking", "possible recursive locking",
	"possible irq lock inversion", "inconsistent lock state",
	"suspicious RCU usage", "suspicious rcu_dereference",
	"bad unlock balance", "held lock freed", "lock held when returning",
	"sleeping function called", "scheduling while atomic",
	"list_add corruption", "list_del corruption", "soft lockup",
	"hard LOCKUP", "workqueue lockup", "stack-protector",
	"unregister_netdevice: waiting", "leaked reference", "ref_tracker:",
	"Object already free", "Poison overwritten", "Bad page state",
	"Bad rss-counter", "nobody cared",
};

/* The same words when all is well, or when a test lets allocations fail. */
static const char * const harmless[] = {
	"kmemleak: Kernel memory leak detector initialized",
	"kmemleak: Automatic memory scanning thread started",
	"kmemleak: Cannot allocate a scan area",
	"new suspected memory leaks",	/* check_leaks() judges what they are */
};

static bool any_of(const char *line, const char * const *words, size_t n)
{
	while (n--)
		if (strstr(line, words[n]))
			return true;
	return false;
}

/* First complaint of the kernel in @log, NULL if it has none. */
static char *find_splat(char *log)
{
	char *save, *line;

	for (line = strtok_r(log, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		/* <N>: 3 bits of level, then who spoke; 0 is the kernel. */
		if (line[0] == '<' && strtoul(line + 1, NULL, 10) >> 3)
			continue;
		if (any_of(line, splats, count(splats)) &&
		    !any_of(line, harmless, count(harmless)))
			return line;
	}
	return NULL;
}

static char *kernel_log(void)
{
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *buf = size > 0 ? malloc(size + 1) : NULL;

	if (!buf)
		return NULL;
	size = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, buf, size);
	if (size < 0) {
		free(buf);
		return NULL;
	}
	buf[size] = 0;
	return buf;
}

#define LEAKS "/sys/kernel/debug/kmemleak"

/*
 * Linux 6.1 forgets the name of a slab cache that it could not show in sysfs,
 * which is so when a test lets that fail.
 */
static bool forgotten_name(const char *record)
{
	return strstr(record, " kobject_set_name_vargs+") &&
	       strstr(record, " kobject_init_and_add+") &&
	       strstr(record, " sysfs_slab_add+");
}

/* Leaves what nobody excuses of @text, in which each object has a record. */
static void drop_excused(char *text)
{
	char *from = text, *to = text;

	while (*from) {
		char *next = strstr(from, "\nunreferenced object");
		size_t len = next ? (size_t)(next + 1 - from) : strlen(from);
		char first = from[len];
		bool excused;

		from[len] = 0;
		excused = forgotten_name(from);
		from[len] = first;
		if (!excused) {
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	*to = 0;
}

static void check_leaks(int port)
{
	char *found;

	if (put(LEAKS, "scan"))
		return;
	sleep(LEAK_AGE);
	put(LEAKS, "scan");
	found = slurp(LEAKS, NULL);
	if (!found)
		return;
	drop_excused(found);
	if (!*found)
		return;
	put_all(port, found, strlen(found));
	flush_port(port);
	verdict("splat kmemleak: unreferenced objects, see the log");
}

/* What the kernel remembers even when the log's words have scrolled away. */
static void check_flags(void)
{
	const unsigned long bad = 1UL << 5 | 1UL << 7 | 1UL << 9 | 1UL << 14;
	char *text = slurp("/proc/sys/kernel/tainted", NULL);
	char *stats = slurp("/proc/lockdep_stats", NULL), *line;

	if (text && strtoul(text, NULL, 10) & bad)
		verdict("splat the kernel is tainted, flags %s",
			strtok(text, "\n"));
	line = stats ? strstr(stats, "debug_locks:") : NULL;
	if (line && strtoul(line + strlen("debug_locks:"), NULL, 10) != 1)
		verdict("splat lockdep turned itself off");
}

/* Log to the host, then judge it. */
static void judge(int port)
{
	char *log = kernel_log(), *splat;

	if (!log)
		verdict("failed the kernel log cannot be read");
	put_all(port, log, strlen(log));
	flush_port(port);
	splat = find_splat(log);
	if (splat)
		verdict("splat %s", splat);
	check_flags();
	check_leaks(port);
	free(log);
	log = kernel_log();
	splat = log ? find_splat(log) : NULL;
	if (splat)
		verdict("splat %s", splat);
}

/* Values of "hak.NAME=" on the kernel's command line. */
static void read_cmdline(void)
{
	char *line = slurp("/proc/cmdline", NULL), *save, *word;
	long epoch = 0;

	for (word = line ? strtok_r(line, " \n", &save) : NULL; word;
	     word = strtok_r(NULL, " \n", &save)) {
		if (!strncmp(word, "hak.host=", 9))
			sethostname(word + 9, strlen(word + 9));
		else if (!strncmp(word, "hak.time=", 9))
			epoch = atol(word + 9);
		else if (!strncmp(word, "hak.size=", 9))
			sscanf(word + 9, "%dx%d", &rows, &columns);
		else if (!strcmp(word, "hak.shell"))
			interactive = true;
		else if (!strcmp(word, "hak.probe"))
			verdict("status 0");
	}
	if (epoch)
		settimeofday(&(struct timeval){ .tv_sec = epoch }, NULL);
	free(line);
}

#ifdef __x86_64__
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Both clocks at one moment: of ten attempts the one that took least. */
static void both(double *seconds, double *ticks)
{
	double least = 1;

	for (int i = 0; i < 10; i++) {
		unsigned long long from = __builtin_ia32_rdtsc(), to;
		double t = now(), took;

		to = __builtin_ia32_rdtsc();
		took = to - from;
		if (i && took >= least)
			continue;
		least = took;
		*seconds = t;
		*ticks = from + took / 2;
	}
}

/*
 * On the host: the rate of its time stamp counter in kHz, which is that of an
 * emulated processor. What the guest's kernel measures while it boots may be wrong
 * by far on a busy machine, and its clock then runs many times too fast.
 */
static int print_rate(void)
{
	double seconds[2], ticks[2];

	both(&seconds[0], &ticks[0]);
	usleep(100000);
	both(&seconds[1], &ticks[1]);
	printf("%.0f\n", (ticks[1] - ticks[0]) / (seconds[1] - seconds[0]) / 1e3);
	return 0;
}
#else
static int print_rate(void)
{
	return 0;
}
#endif

int main(void)
{
	char **argv, **env, *cwd;
	int port, log_port, status;
	size_t i;

	if (getpid() != 1)
		return print_rate();
	gather_warm();
	/* devtmpfs may be there already, or not; a second mount is the same. */
	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	verdict_fd = open(VERDICT_TTY, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	must(mount("proc", "/proc", "proc", 0, NULL));
	must(mount("sysfs", "/sys", "sysfs", 0, NULL));
	read_cmdline();
	load_modules();

	argv = strings("/hak/argv");
	env = strings("/hak/env");
	cwd = slurp("/hak/cwd", NULL);
	if (!cwd)
		verdict("failed no directory to run in");
	mount_root();
	link_extras();
	switch_root();
	mount_rest();
	lo_up();
	keep_timestamps();
	clearenv();
	for (i = 0; env[i]; i++)
		putenv(env[i]);
	port = wait_port("hak.out");
	log_port = wait_port("hak.log");
	/* What booting left unreferenced is not the command's. */
	put(LEAKS, "clear");
	put("/proc/sys/kernel/printk_devkmsg", "on");

	status = interactive ? run_shell(argv, cwd) :
			       run_piped(argv, cwd, port);
	judge(log_port);
	verdict("status %d", status);
}
