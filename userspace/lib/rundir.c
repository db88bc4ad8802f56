// SPDX-License-Identifier: GPL-2.0-only
#include "rundir.h"

#include "netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX	"checks."

char *hak_rundir(void)
{
	const char *base = getenv("HAK_RUN_DIR");

	return hak_printf("%s/%lu", base && *base ? base : "/run/hak", hak_netns_inode());
}

static int make_dirs(char *path)
{
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}

static int open_in_dir(const char *name, int flags, mode_t mode)
{
	char *dir = hak_rundir(), *path;
	int fd, err = flags & O_CREAT ? make_dirs(dir) : 0;

	path = hak_printf("%s/%s", dir, name);
	free(dir);
	fd = err ? -1 : open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0 && !err)
		err = -errno;
	free(path);
	return err ? err : fd;
}

int hak_rundir_lock(void)
{
	int fd = open_in_dir("lock", O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		return fd;
	while (flock(fd, LOCK_EX))
		if (errno != EINTR) {
			int err = -errno;

			close(fd);
			return err;
		}
	return fd;
}

static void compose(const struct hak_model *m, const char *file, const char *hash,
		    struct hak_buf *b)
{
	hak_buf_puts(b, "# check lines of the running configuration; hakadm load writes them\n");
	if (file && !strchr(file, '\n'))
		hak_buf_printf(b, "# file %s\n# hash %s\n", file, hash);
	for (const struct hak_obj *o = m->list[HAK_O_CHECK].first; o; o = o->next) {
		hak_obj_line(o, "add", b);
		hak_buf_puts(b, "\n");
	}
}

static int write_all(int fd, const char *s, size_t len)
{
	while (len) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		s += n;
		len -= (size_t)n;
	}
	return fsync(fd) ? -errno : 0;
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

static int put_file(const char *name, const struct hak_buf *b)
{
	char *dir = hak_rundir();
	char *tmp = hak_printf("%s/tmp.%d", dir, (int)getpid());
	char *path = hak_printf("%s/%s", dir, name);
	char *base = strrchr(tmp, '/') + 1;
	int fd = open_in_dir(base, O_WRONLY | O_CREAT | O_TRUNC, 0600), err;

	err = fd < 0 ? fd : write_all(fd, b->s, b->len);
	if (fd >= 0)
		close(fd);
	if (!err && rename(tmp, path))
		err = -errno;
	if (!err)
		err = sync_dir(dir);
	if (err && fd >= 0)
		unlink(tmp);
	free(path);
	free(tmp);
	free(dir);
	return err;
}

int hak_checks_write(const struct hak_model *m, const char *file, const char *hash,
		     char tag[HAK_TAG_SIZE])
{
	char text[HAK_HASH_TEXT], *name;
	struct hak_buf b = { 0 };
	struct hak_hash h;
	int err;

	compose(m, file, hash, &b);
	hak_hash_init(&h);
	hak_hash_add(&h, b.s, b.len);
	hak_hash_text(&h, text);
	hak_copy(tag, HAK_TAG_SIZE, text);
	name = hak_printf(PREFIX "%s", tag);
	err = put_file(name, &b);
	free(name);
	hak_buf_free(&b);
	return err;
}

/* `# file PATH` and `# hash HEX` */
static void read_header(struct hak_checks *c, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0 && *line == '#') {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "# file ", 7) && !c->file)
			c->file = hak_strdup(line + 7);
		else if (!strncmp(line, "# hash ", 7))
			hak_copy(c->hash, sizeof(c->hash), line + 7);
	}
	free(line);
	if (f)
		fclose(f);
}

int hak_checks_read(struct hak_checks *c, const char *tag)
{
	char *dir, *path;
	int err;

	memset(c, 0, sizeof(*c));
	hak_conf_init(&c->conf);
	if (!*tag)
		return 0;
	if (strchr(tag, '/'))
		return -EINVAL;
	dir = hak_rundir();
	path = hak_printf("%s/" PREFIX "%s", dir, tag);
	err = hak_conf_file(&c->conf, path);
	if (!err)
		read_header(c, path);
	free(path);
	free(dir);
	return err;
}

void hak_checks_free(struct hak_checks *c)
{
	hak_conf_free(&c->conf);
	free(c->file);
	memset(c, 0, sizeof(*c));
}

void hak_checks_clean(const char *tag)
{
	size_t n = strlen(PREFIX);
	char *dir = hak_rundir();
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		bool old = !strncmp(e->d_name, PREFIX, n) && strcmp(e->d_name + n, tag);

		if (old || !strncmp(e->d_name, "tmp.", 4))
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
	free(dir);
}

long hak_hakcheck_pid(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_in_dir("hakcheck.lock", O_RDONLY, 0);
	long pid = 0;

	if (fd < 0)
		return 0;
	if (!fcntl(fd, F_GETLK, &l) && l.l_type != F_UNLCK)
		pid = l.l_pid > 0 ? l.l_pid : 1;
	close(fd);
	return pid;
}

/* A record lock: it ends with the process, and others can ask whose it is. */
int hak_hakcheck_lock(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_in_dir("hakcheck.lock", O_RDWR | O_CREAT, 0644);

	if (fd < 0)
		return fd;
	if (!fcntl(fd, F_SETLK, &l))
		return 0;
	close(fd);
	return errno == EACCES || errno == EAGAIN ? -EAGAIN : -errno;
}
