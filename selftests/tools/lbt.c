// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers and clients for a balancer.
 *
 *	lbt serve NAME PORT
 *		Both families. TCP: greet with NAME and a newline, then echo until the client closes.
 *		UDP: echo each datagram with NAME and a space in front. NAME "-" is the
 *		address that was asked.
 *	lbt ask tcp|udp ADDRESS PORT N [SIZE]
 *		N connections one after the other, or N datagrams of SIZE bytes from N
 *		sockets; prints how often each NAME answered, and what went wrong.
 *	lbt map ADDRESS PORT N FIRST
 *		N connections from the ports FIRST, FIRST + 1 and so on, each reset at
 *		once; prints each port and who answered it.
 *	lbt pump ADDRESS PORT N KBYTES
 *		N connections at once that echo KBYTES each as fast as it goes; prints on
 *		how many all of it came back, what else, and the milliseconds it took.
 *	lbt hold ADDRESS PORT N SECONDS
 *		N connections that echo 1000 bytes every 200 ms, but for the last 3 seconds
 *		or the last half; prints on how many all of it came back, and how many were
 *		reset, closed, or got other bytes back.
 *	lbt watch ADDRESS PORT MS
 *		A connection every MS milliseconds, whatever becomes of the others, until
 *		SIGTERM. Prints a line for each when it has ended: when it began and ended,
 *		in milliseconds since 1970, and who answered or what went wrong.
 *
 * ask and map wait 3 seconds for each answer, or LBT_TIMEOUT_MS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NAMES		64
#define CHUNK		1000

static int timeout_ms = 3000;

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* Of either family, and how long it is. */
struct peer {
	struct sockaddr_in6 sa;
	socklen_t len;
};

static struct peer address(const char *addr, const char *port)
{
	struct peer p = { .sa.sin6_family = AF_INET6, .sa.sin6_port = htons(atoi(port)),
			  .len = sizeof(p.sa) };
	struct sockaddr_in *in = (void *)&p.sa;

	if (inet_pton(AF_INET6, addr, &p.sa.sin6_addr) == 1)
		return p;
	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	in->sin_port = htons(atoi(port));
	p.len = sizeof(*in);
	if (!inet_aton(addr, &in->sin_addr))
		die(addr);
	return p;
}

static int socket_to(const struct peer *p, int type)
{
	return socket(p->sa.sin6_family, type, 0);
}

static int connect_to(int fd, const struct peer *p)
{
	return connect(fd, (const struct sockaddr *)&p->sa, p->len);
}

/* As people write it, one of IPv4 too. */
static const char *text(const struct in6_addr *addr)
{
	static char buf[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_V4MAPPED(addr))
		return inet_ntop(AF_INET, addr->s6_addr + 12, buf, sizeof(buf));
	return inet_ntop(AF_INET6, addr, buf, sizeof(buf));
}

/* ---- server ---- */

static bool has_ipv6(void)
{
	return !access("/proc/net/if_inet6", R_OK);
}

static void listen_on(int ep, int type, const char *port)
{
	struct peer p = address(has_ipv6() ? "::" : "0.0.0.0", port);
	int fd = socket_to(&p, type | SOCK_NONBLOCK), on = 1, big = 1 << 20;
	/* 0: the UDP socket, 1: the listener, connections are their fd + 2 */
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = (uint64_t)fd << 2 |
				  (type == SOCK_STREAM) };

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type == SOCK_DGRAM) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	}
	if (fd < 0 || bind(fd, (struct sockaddr *)&p.sa, p.len) ||
	    (type == SOCK_STREAM && listen(fd, 1024)) ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		die("listen");
}

static void greet(int ep, int listener, const char *name)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	struct sockaddr_in6 own;
	socklen_t len = sizeof(own);

	if (fd < 0)
		return;
	if (!strcmp(name, "-") && !getsockname(fd, (struct sockaddr *)&own, &len))
		name = own.sin6_family == AF_INET6 ? text(&own.sin6_addr) :
		       inet_ntoa(((struct sockaddr_in *)&own)->sin_addr);
	ev.data.u64 = (uint64_t)fd << 2 | 2;
	if (dprintf(fd, "%s\n", name) < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		close(fd);
}

static void echo_tcp(int fd)
{
	static char buf[65536];
	ssize_t n = read(fd, buf, sizeof(buf)), done = 0, put;
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (n < 0 && errno == EAGAIN)
		return;
	while (n > 0 && done < n) {
		put = write(fd, buf + done, n - done);
		if (put < 0 && errno == EAGAIN)
			put = poll(&p, 1, 5000) == 1 ? 0 : -1;
		if (put < 0)
			n = -1;
		else
			done += put;
	}
	if (n <= 0)
		close(fd);
}

/* The address that was asked, which CMSG tells and answers leave from. */
static const char *asked(struct cmsghdr *cmsg)
{
	struct in6_pktinfo *info6 = (void *)CMSG_DATA(cmsg);
	struct in_pktinfo *info = (void *)CMSG_DATA(cmsg);

	if (cmsg->cmsg_level == IPPROTO_IPV6) {
		if (!IN6_IS_ADDR_LINKLOCAL(&info6->ipi6_addr))
			info6->ipi6_ifindex = 0;
		return text(&info6->ipi6_addr);
	}
	info->ipi_ifindex = 0;
	info->ipi_spec_dst = info->ipi_addr;
	return inet_ntoa(info->ipi_addr);
}

static void echo_udp(int fd, const char *name)
{
	static char buf[64 + 65536];
	char control[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct sockaddr_in6 peer;
	struct iovec iov = { buf + 64, 65536 };
	struct msghdr msg = { &peer, sizeof(peer), &iov, 1, control, sizeof(control), 0 };
	ssize_t n = recvmsg(fd, &msg, 0);
	struct cmsghdr *cmsg = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);
	const char *own;

	if (!cmsg)
		return;
	/* One for IPv4 comes first where there are two; it is enough for the answer. */
	msg.msg_controllen = CMSG_ALIGN(cmsg->cmsg_len);
	own = asked(cmsg);
	if (!strcmp(name, "-"))
		name = own;
	iov.iov_base = buf + 64 - strlen(name) - 1;
	iov.iov_len = n + strlen(name) + 1;
	memcpy(iov.iov_base, name, strlen(name));
	buf[63] = ' ';
	sendmsg(fd, &msg, 0);
}

static _Noreturn void serve(const char *name, const char *port)
{
	struct epoll_event ev[64];
	int ep = epoll_create1(0), n, i;

	signal(SIGPIPE, SIG_IGN);
	listen_on(ep, SOCK_DGRAM, port);
	listen_on(ep, SOCK_STREAM, port);
	for (;;) {
		n = epoll_wait(ep, ev, 64, -1);
		for (i = 0; i < n; i++) {
			int fd = ev[i].data.u64 >> 2;

			switch (ev[i].data.u64 & 3) {
			case 0:
				echo_udp(fd, name);
				break;
			case 1:
				greet(ep, fd, name);
				break;
			default:
				echo_tcp(fd);
			}
		}
	}
}

/* ---- asking ---- */

static struct {
	char name[32];
	unsigned int n;
} heard[NAMES];

static void note(const char *name)
{
	int i;

	for (i = 0; i < NAMES - 1 && heard[i].n && strcmp(heard[i].name, name); i++)
		;
	snprintf(heard[i].name, sizeof(heard[i].name), "%s", name);
	heard[i].n++;
}

static bool ready(int fd, short what)
{
	struct pollfd p = { .fd = fd, .events = what };

	return poll(&p, 1, timeout_ms) == 1;
}

static const char *failure(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "refused";
	case ECONNRESET:
		return "reset";
	case EHOSTUNREACH:
	case ENETUNREACH:
		return "unreachable";
	default:
		return "timeout";
	}
}

/* From @port, which is free again at once; 0: any, and a proper end. */
static int socket_at(const struct peer *to, int port)
{
	struct sockaddr_in6 sa = { .sin6_family = to->sa.sin6_family, .sin6_port = htons(port) };
	int fd = socket_to(to, SOCK_STREAM | SOCK_NONBLOCK);
	struct linger now = { 1, 0 };

	if (!port)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (bind(fd, (struct sockaddr *)&sa, to->len))
		die("bind");
	return fd;
}

/* "" or what went wrong; the name that greeted us is in @name. */
static const char *ask_tcp(const struct peer *to, int port, char *name, size_t size)
{
	int fd = socket_at(to, port), error = 0;
	socklen_t len = sizeof(error);
	ssize_t n = -1;

	if (connect_to(fd, to) && errno != EINPROGRESS)
		error = errno;
	else if (!ready(fd, POLLOUT))
		error = ETIMEDOUT;
	else
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (!error && !ready(fd, POLLIN))
		error = ETIMEDOUT;
	if (!error) {
		n = read(fd, name, size - 1);
		error = n < 0 ? errno : 0;
	}
	close(fd);
	if (error)
		return failure(error);
	name[n > 0 ? n - 1 : 0] = 0;
	return n > 0 ? "" : "closed";
}

static const char *ask_udp(const struct peer *to, char *name, size_t size, size_t payload)
{
	static char out[65536], in[65536];
	int fd = socket_to(to, SOCK_DGRAM), error = 0;
	ssize_t n = 0;
	char *space;
	size_t i;

	for (i = 0; i < payload; i++)
		out[i] = 'a' + random() % 26;
	if (connect_to(fd, to) ||
	    send(fd, out, payload, 0) < 0)
		error = errno;
	else if (!ready(fd, POLLIN))
		error = ETIMEDOUT;
	if (!error) {
		n = recv(fd, in, sizeof(in) - 1, 0);
		error = n < 0 ? errno : 0;
	}
	close(fd);
	if (error)
		return failure(error);
	in[n] = 0;
	space = memchr(in, ' ', n);
	if (!space || (size_t)(in + n - space - 1) != payload ||
	    memcmp(space + 1, out, payload))
		return "garbled";
	*space = 0;
	snprintf(name, size, "%.31s", in);
	return "";
}

static int ask(const char *proto, const char *addr, const char *port, int n, int payload)
{
	struct peer to = address(addr, port);
	char name[32];
	int i;

	while (n-- > 0) {
		const char *bad = strcmp(proto, "udp") ? ask_tcp(&to, 0, name, sizeof(name)) :
				  ask_udp(&to, name, sizeof(name), payload);

		note(*bad ? bad : name);
	}
	for (i = 0; i < NAMES && heard[i].n; i++)
		printf("%s %u\n", heard[i].name, heard[i].n);
	return 0;
}

static int map(const char *addr, const char *port, int n, int first)
{
	struct peer to = address(addr, port);
	char name[32];
	int i;

	for (i = first; i < first + n; i++) {
		const char *bad = ask_tcp(&to, i, name, sizeof(name));

		printf("%d %s\n", i, *bad ? bad : name);
	}
	return 0;
}

/* ---- holding ---- */

struct held {
	int fd;
	bool greeted, up;
	uint64_t sent, got;
	const char *end;
};

static void hold_send(struct held *h, size_t size)
{
	static char buf[65536];
	ssize_t n;
	size_t i;

	for (i = 0; i < size; i++)
		buf[i] = (char)((h->sent + i) * 7);
	n = write(h->fd, buf, size);
	if (n > 0)
		h->sent += n;
}

static void hold_read(struct held *h)
{
	static char buf[65536];
	ssize_t n = read(h->fd, buf, sizeof(buf)), i = 0;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		h->end = n ? failure(errno) : "closed";
		close(h->fd);
		h->fd = -1;
		return;
	}
	while (!h->greeted && i < n)
		h->greeted = buf[i++] == '\n';
	for (; i < n; i++, h->got++)
		if (buf[i] != (char)(h->got * 7))
			h->end = "garbled";
}

static struct held *begin(const struct peer *to, int n)
{
	struct held *h = calloc(n, sizeof(*h));
	int i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < n; i++) {
		h[i].fd = socket_to(to, SOCK_STREAM | SOCK_NONBLOCK);
		connect_to(h[i].fd, to);
	}
	return h;
}

static int conclude(const struct held *h, int n, uint64_t want, int64_t ms)
{
	uint64_t bytes = 0;
	int i, alive = 0;

	for (i = 0; i < n; i++) {
		bytes += h[i].got;
		if (h[i].end)
			note(h[i].end);
		else if (h[i].sent && h[i].got == (want ? want : h[i].sent))
			alive++;
		else
			note(h[i].greeted ? "stalled" : "unanswered");
	}
	printf("alive %d\n", alive);
	for (i = 0; i < NAMES && heard[i].n; i++)
		printf("%s %u\n", heard[i].name, heard[i].n);
	printf("bytes %llu\nms %lld\n", (unsigned long long)bytes, (long long)ms);
	return 0;
}

static int hold(const char *addr, const char *port, int n, int seconds)
{
	struct peer to = address(addr, port);
	struct held *h = begin(&to, n);
	struct pollfd *p = calloc(n, sizeof(*p));
	int64_t end = now_ms() + seconds * 1000LL, tick = now_ms();
	int64_t quiet = end - (seconds > 6 ? 3000 : seconds * 500);
	int i;

	while (now_ms() < end) {
		for (i = 0; i < n; i++)
			p[i] = (struct pollfd){ .fd = h[i].fd, .events = POLLIN };
		poll(p, n, 20);
		for (i = 0; i < n; i++)
			if (h[i].fd >= 0 && p[i].revents)
				hold_read(&h[i]);
		if (now_ms() < tick || now_ms() > quiet)
			continue;
		tick += 200;
		for (i = 0; i < n; i++)
			if (h[i].fd >= 0 && h[i].greeted)
				hold_send(&h[i], CHUNK);
	}
	return conclude(h, n, 0, seconds * 1000LL);
}

/* ---- pumping ---- */

/* What @h waits for, nothing when all came back or it has ended. */
static struct pollfd pump_wait(const struct held *h, uint64_t size)
{
	short out = h->greeted && h->sent < size ? POLLOUT : 0;

	return (struct pollfd){ h->got < size ? h->fd : -1, POLLIN | out, 0 };
}

static void pump_one(struct held *h, short events, uint64_t size)
{
	uint64_t left = size - h->sent;

	if (events & ~POLLOUT)
		hold_read(h);
	if (events & POLLOUT && h->fd >= 0)
		hold_send(h, left < 65536 ? left : 65536);
}

/* Over after 10 seconds without anything. */
static int pump(const char *addr, const char *port, int n, uint64_t size)
{
	struct peer to = address(addr, port);
	struct held *h = begin(&to, n);
	struct pollfd *p = calloc(n, sizeof(*p));
	int64_t began = now_ms();
	int i, busy;

	do {
		for (i = busy = 0; i < n; i++) {
			p[i] = pump_wait(&h[i], size);
			busy += p[i].fd >= 0;
		}
		if (!busy || poll(p, n, 10000) < 1)
			break;
		for (i = 0; i < n; i++)
			if (p[i].revents)
				pump_one(&h[i], p[i].revents, size);
	} while (1);
	return conclude(h, n, size, now_ms() - began);
}

/* ---- watching ---- */

#define WATCHED	256	/* at once: those of TIMEOUT_MS */

struct watched {
	int fd;
	int64_t began, wall;
};

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static int64_t wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void watch_begin(struct watched *w, const struct peer *to)
{
	w->began = now_ms();
	w->wall = wall_ms();
	w->fd = socket_to(to, SOCK_STREAM | SOCK_NONBLOCK);
	if (w->fd < 0)
		die("socket");
	connect_to(w->fd, to);
}

static void watch_end(struct watched *w, const char *how)
{
	printf("%lld %lld %s\n", (long long)w->wall, (long long)wall_ms(), how);
	close(w->fd);
	w->fd = -1;
}

/* A greeting, the end, or an error: what a read says. */
static void watch_read(struct watched *w)
{
	char name[32];
	ssize_t n = read(w->fd, name, sizeof(name) - 1);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0)
		name[name[n - 1] == '\n' ? n - 1 : n] = 0;
	watch_end(w, n < 0 ? failure(errno) : n ? name : "closed");
}

/* Returns how many go on. */
static int watch_step(struct watched *w, struct pollfd *p)
{
	int i, n = 0;

	for (i = 0; i < WATCHED; i++)
		p[i] = (struct pollfd){ .fd = w[i].fd, .events = POLLIN };
	poll(p, WATCHED, 5);
	for (i = 0; i < WATCHED; i++) {
		if (w[i].fd >= 0 && p[i].revents)
			watch_read(&w[i]);
		if (w[i].fd >= 0 && now_ms() - w[i].began > timeout_ms)
			watch_end(&w[i], failure(ETIMEDOUT));
		n += w[i].fd >= 0;
	}
	return n;
}

static int watch(const char *addr, const char *port, int every)
{
	struct peer to = address(addr, port);
	static struct watched w[WATCHED];
	static struct pollfd p[WATCHED];
	int64_t tick = now_ms();
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGTERM, on_term);
	for (i = 0; i < WATCHED; i++)
		w[i].fd = -1;
	while (watch_step(w, p) || !stop) {
		if (stop || now_ms() < tick)
			continue;
		/* After standing still it goes on, and does not catch up. */
		tick = now_ms() + every;
		for (i = 0; i < WATCHED && w[i].fd >= 0; i++)
			;
		if (i < WATCHED)
			watch_begin(&w[i], &to);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *ms = getenv("LBT_TIMEOUT_MS");

	timeout_ms = ms ? atoi(ms) : timeout_ms;
	if (argc == 4 && !strcmp(argv[1], "serve"))
		serve(argv[2], argv[3]);
	if ((argc == 6 || argc == 7) && !strcmp(argv[1], "ask"))
		return ask(argv[2], argv[3], argv[4], atoi(argv[5]),
			   argc == 7 ? atoi(argv[6]) : 100);
	if (argc == 6 && !strcmp(argv[1], "hold"))
		return hold(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]));
	if (argc == 5 && !strcmp(argv[1], "watch"))
		return watch(argv[2], argv[3], atoi(argv[4]));
	if (argc == 6 && !strcmp(argv[1], "map"))
		return map(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]));
	if (argc == 6 && !strcmp(argv[1], "pump"))
		return pump(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]) * 1024ULL);
	fprintf(stderr, "usage: lbt serve NAME PORT | ask tcp|udp ADDRESS PORT N [SIZE] |\n"
		"\thold ADDRESS PORT N SECONDS | map ADDRESS PORT N FIRST |\n"
		"\tpump ADDRESS PORT N KBYTES | watch ADDRESS PORT MS\n");
	return 2;
}
