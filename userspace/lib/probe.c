// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_AFTER	HAK_NS_S	/* from SIGTERM to SIGKILL */

bool hak_verdict_step(struct hak_verdict *v, bool ok, unsigned int rise, unsigned int fall)
{
	enum hak_check_state says = ok ? HAK_CHECK_UP : HAK_CHECK_DOWN;

	if (v->state == says) {
		v->same = 0;
		return false;
	}
	if (v->state != HAK_CHECK_UNKNOWN && ++v->same < (ok ? rise : fall))
		return false;
	v->state = says;
	v->same = 0;
	return true;
}

static void result(struct hak_probe *p, bool ok, const char *fmt, ...) HAK_PRINTF(3, 4);

/* The first result counts: a script that is killed afterwards says nothing more. */
static void result(struct hak_probe *p, bool ok, const char *fmt, ...)
{
	va_list ap;

	if (p->terminated || p->ready)
		return;
	p->ready = true;
	p->result.ok = ok;
	va_start(ap, fmt);
	vsnprintf(p->result.reason, sizeof(p->result.reason), fmt, ap);
	va_end(ap);
	for (char *c = p->result.reason; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
}

static void close_fd(struct hak_probe *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

static uint64_t word(const struct hak_probe *p, unsigned int w)
{
	return hak_obj_value(p->check, w).num;
}

char **hak_probe_env(const struct hak_obj *check, const char *pool)
{
	struct hak_addr to = check->v[HAK_C_TO].addr;
	char text[HAK_ADDR_TEXT], **env;
	size_t n = 0;

	if (!to.family)
		return NULL;
	env = hak_calloc(4, sizeof(*env));
	if (to.port)
		env[n++] = hak_printf("HAK_TARGET_PORT=%u", to.port);
	to.port = 0;
	hak_addr_text(&to, false, text);
	env[n++] = hak_printf("HAK_TARGET_ADDRESS=%s", text);
	if (pool)
		env[n++] = hak_printf("HAK_POOL=%s", pool);
	return env;
}

static void start_script(struct hak_probe *p, const char *pool)
{
	char **env;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK)) {
		result(p, false, "pipe: %s", strerror(errno));
		return;
	}
	env = hak_probe_env(p->check, pool);
	pid = hak_spawn(p->check->arg.text, p->check->v[HAK_C_USER].text, fds[1], env);
	hak_split_free(env);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		result(p, false, "cannot be started: %s", strerror((int)-pid));
		return;
	}
	p->pid = pid;
	p->fd = fds[0];
	p->running = true;
}

static socklen_t sockaddr_of(const struct hak_addr *a, struct sockaddr_storage *ss)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = a->family;
	if (a->family == AF_INET6) {
		memcpy(&in6->sin6_addr, a->b, 16);
		in6->sin6_port = htons(a->port);
		return sizeof(*in6);
	}
	memcpy(&in->sin_addr, a->b, 4);
	in->sin_port = htons(a->port);
	return sizeof(*in);
}

static int prepare_socket(const struct hak_probe *p)
{
	const struct hak_value *v = p->check->v;
	struct sockaddr_storage ss;
	socklen_t len;

	if (v[HAK_C_DEV].text && setsockopt(p->fd, SOL_SOCKET, SO_BINDTODEVICE, v[HAK_C_DEV].text,
					    (socklen_t)strlen(v[HAK_C_DEV].text)))
		return -errno;
	if (!v[HAK_C_SOURCE].addr.family)
		return 0;
	len = sockaddr_of(&v[HAK_C_SOURCE].addr, &ss);
	return bind(p->fd, (struct sockaddr *)&ss, len) ? -errno : 0;
}

static void connected(struct hak_probe *p, int err)
{
	if (err)
		result(p, false, "connect: %s", strerror(err));
	else
		result(p, true, "connected");
	close_fd(p);
	p->running = false;
}

static void start_tcp(struct hak_probe *p)
{
	const struct hak_addr *to = &p->check->v[HAK_C_TO].addr;
	struct sockaddr_storage ss;
	socklen_t len = sockaddr_of(to, &ss);
	int err;

	p->fd = socket(to->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	err = p->fd < 0 ? -errno : prepare_socket(p);
	if (err) {
		connected(p, -err);
		return;
	}
	p->running = true;
	if (!connect(p->fd, (struct sockaddr *)&ss, len))
		connected(p, 0);
	else if (errno != EINPROGRESS)
		connected(p, errno);
}

static void start_process(struct hak_probe *p)
{
	const char *name = p->check->arg.text;

	if (hak_process_runs(name))
		result(p, true, "process %s runs", name);
	else
		result(p, false, "no process %s", name);
}

void hak_probe_start(struct hak_probe *p, const struct hak_obj *check, const char *pool,
		     uint64_t now)
{
	memset(p, 0, sizeof(*p));
	p->fd = -1;
	p->check = check;
	p->deadline = now + word(p, HAK_C_TIMEOUT);
	switch (check->kind->num) {
	case HAK_CHECK_SCRIPT:
		start_script(p, pool);
		break;
	case HAK_CHECK_PROCESS:
		start_process(p);
		break;
	case HAK_CHECK_TCP:
		start_tcp(p);
		break;
	default:
		result(p, false, "not in this version of hak");
	}
}

static void take_output(struct hak_probe *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n') {
			p->ended = true;
			continue;
		}
		if (p->ended)
			p->len = 0;
		p->ended = false;
		if (p->len + 1 < sizeof(p->line))
			p->line[p->len++] = s[i];
	}
	p->line[p->len] = '\0';
}

/* Bounded: a script that only prints must not keep the others waiting. */
static void read_output(struct hak_probe *p)
{
	char buf[4096];

	for (int i = 0; i < 16 && p->fd >= 0; i++) {
		ssize_t n = read(p->fd, buf, sizeof(buf));

		if (n > 0)
			take_output(p, buf, (size_t)n);
		else if (!n)
			close_fd(p);
		else if (errno != EINTR)
			return;
	}
}

/* keepalived's rule: 0 well, 1 bad, 2-255 well with the weight of 2 less. */
static bool weight_of_exit(struct hak_probe *p, int code)
{
	if (code < 2)
		return !code;
	p->result.valued = true;
	p->result.value = code - 2;
	return true;
}

static void weight_of_output(struct hak_probe *p)
{
	char *end;
	long n = strtol(p->line, &end, 10);

	while (isspace((unsigned char)*end))
		end++;
	if (end == p->line || *end || n < -253 || n > 253)
		return;
	p->result.valued = true;
	p->result.value = (int32_t)n;
}

static void script_ended(struct hak_probe *p, int status)
{
	uint64_t from = word(p, HAK_C_WEIGHT_FROM);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	bool ok = !code;

	if (p->terminated)
		return;
	if (from == HAK_WEIGHT_EXIT && code >= 0)
		ok = weight_of_exit(p, code);
	else if (from == HAK_WEIGHT_OUTPUT && ok)
		weight_of_output(p);
	if (WIFSIGNALED(status))
		result(p, false, "signal %d", WTERMSIG(status));
	else if (p->len)
		result(p, ok, "exit %d \"%.100s\"", code, p->line);
	else
		result(p, ok, "exit %d", code);
}

static void step_script(struct hak_probe *p)
{
	int status;
	pid_t pid;

	read_output(p);
	pid = waitpid(p->pid, &status, WNOHANG);
	if (!pid || (pid < 0 && errno == EINTR))
		return;
	read_output(p);
	if (pid > 0)
		script_ended(p, status);
	else
		result(p, false, "lost: %s", strerror(errno));
	close_fd(p);
	p->pid = 0;
	p->running = false;
}

static void step_tcp(struct hak_probe *p)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(int), sslen = sizeof(ss);
	int err = 0;

	if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &err, &len))
		err = errno;
	if (err || !getpeername(p->fd, (struct sockaddr *)&ss, &sslen))
		connected(p, err);
}

static void overdue(struct hak_probe *p, uint64_t now)
{
	struct hak_buf b = { 0 };

	hak_time_text(word(p, HAK_C_TIMEOUT), &b);
	result(p, false, "%sno answer in %s", p->pid ? "" : "connect: ", b.s);
	hak_buf_free(&b);
	if (!p->pid) {
		close_fd(p);
		p->running = false;
		return;
	}
	kill(-p->pid, p->terminated ? SIGKILL : SIGTERM);
	p->terminated = true;
	p->deadline = now + KILL_AFTER;
}

void hak_probe_step(struct hak_probe *p, uint64_t now)
{
	if (!p->running)
		return;
	if (p->pid)
		step_script(p);
	else
		step_tcp(p);
	if (p->running && now >= p->deadline)
		overdue(p, now);
}

void hak_probe_stop(struct hak_probe *p)
{
	if (p->pid) {
		kill(-p->pid, SIGKILL);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (p->running)
		close_fd(p);
	p->pid = 0;
	p->running = false;
	p->ready = false;
}
