// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of the demonstration: starts a new connection and asks for one
 * page every PERIOD ms, whatever became of the ones before, and says every
 * 100 ms how that went:
 *
 *	SERVED LOST GAP SINCE STALL FAILED NODE...
 *
 * SERVED and LOST are totals: complete answers with status 200, and requests
 * that were refused, reset or not answered in full within TIMEOUT ms. GAP is
 * the longest time between two answers that ended since the last line, SINCE
 * the age of the last answer, STALL how late this program itself woke up at
 * worst, all in ms: a machine that stands still serves nobody. FAILED is when the
 * last of the lost requests began, in ms of the monotonic clock; 0: none. The rest
 * are the answers of each node, in the order of the names given; a node tells its
 * name in the header X-Node. It ends when its standard output is closed, or on
 * SIGTERM.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_REQUESTS	512
#define MAX_NODES	4
#define REPORT_MS	100
#define ANSWER_SIZE	1024

static const char request[] = "GET / HTTP/1.0\r\n\r\n";

struct attempt {
	double start;		/* ms */
	bool sent;
	size_t len;
	char answer[ANSWER_SIZE];
};

static struct attempt attempts[MAX_REQUESTS];
static struct pollfd fds[MAX_REQUESTS];
static int in_flight;

static struct sockaddr_in server = { .sin_family = AF_INET };
static double period, timeout;
static int n_nodes;
static char **nodes;

static unsigned long served, lost, by_node[MAX_NODES];
static double last_answer, worst_gap, worst_stall, last_failed;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void count_node(const char *answer)
{
	const char *name = strcasestr(answer, "X-Node: ");

	for (int i = 0; name && i < n_nodes; i++) {
		size_t len = strlen(nodes[i]);

		if (!strncmp(name + 8, nodes[i], len) && name[8 + len] == '\r')
			by_node[i]++;
	}
}

static void count_served(const struct attempt *a, double now)
{
	served++;
	count_node(a->answer);
	if (now - last_answer > worst_gap)
		worst_gap = now - last_answer;
	last_answer = now;
}

static void count_lost(double start)
{
	lost++;
	if (start > last_failed)
		last_failed = start;
}

/* Attempt @i is over; the last one takes its place. */
static void finish(int i, bool ok, double now)
{
	close(fds[i].fd);
	if (ok)
		count_served(&attempts[i], now);
	else
		count_lost(attempts[i].start);
	in_flight--;
	fds[i] = fds[in_flight];
	attempts[i] = attempts[in_flight];
}

static void start(double now)
{
	struct attempt *a = &attempts[in_flight];
	int fd;

	fd = in_flight < MAX_REQUESTS ?
	     socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0) {
		count_lost(now);
		return;
	}
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) &&
	    errno != EINPROGRESS) {
		close(fd);
		count_lost(now);
		return;
	}
	*a = (struct attempt){ .start = now };
	fds[in_flight++] = (struct pollfd){ .fd = fd, .events = POLLOUT };
}

/* True while the attempt goes on; otherwise *ok says how it ended. */
static bool advance(int i, bool *ok)
{
	struct attempt *a = &attempts[i];
	ssize_t n;

	*ok = false;
	if (!a->sent) {
		if (send(fds[i].fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0)
			return false;
		a->sent = true;
		fds[i].events = POLLIN;
		return true;
	}
	n = read(fds[i].fd, a->answer + a->len, ANSWER_SIZE - 1 - a->len);
	if (n < 0)
		return errno == EAGAIN;
	a->len += n;
	if (n && a->len < ANSWER_SIZE - 1)
		return true;
	*ok = !n && !strncmp(a->answer, "HTTP/1.", 7) &&
	      !strncmp(a->answer + 8, " 200 ", 5);
	return false;
}

static void serve(double now)
{
	bool ok;

	for (int i = in_flight - 1; i >= 0; i--) {
		if (fds[i].revents && !advance(i, &ok))
			finish(i, ok, now);
		else if (now - attempts[i].start > timeout)
			finish(i, false, now);
	}
}

static void report(double now)
{
	printf("%lu %lu %.0f %.0f %.0f %.0f", served, lost, worst_gap, now - last_answer,
	       worst_stall, last_failed);
	for (int i = 0; i < n_nodes; i++)
		printf(" %lu", by_node[i]);
	printf("\n");
	if (fflush(stdout))
		exit(0);
	worst_gap = worst_stall = 0;
}

static void run(void)
{
	double now = now_ms(), next = now, next_report = now + REPORT_MS;

	last_answer = now;
	for (;;) {
		double until = next < next_report ? next : next_report;

		poll(fds, in_flight, until > now ? (int)(until - now) + 1 : 0);
		now = now_ms();
		if (now - until > worst_stall)
			worst_stall = now - until;
		serve(now);
		if (now >= next) {
			start(now);
			/* What a stalled machine missed is not asked for in a burst. */
			next = next + period > now ? next + period : now + period;
		}
		if (now >= next_report) {
			report(now);
			next_report = now + REPORT_MS;
		}
	}
}

int main(int argc, char **argv)
{
	if (argc < 5 || argc - 5 > MAX_NODES ||
	    inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
		fprintf(stderr, "usage: client ADDR PORT PERIOD TIMEOUT [NODE]...\n");
		return 2;
	}
	server.sin_port = htons(atoi(argv[2]));
	period = atof(argv[3]);
	timeout = atof(argv[4]);
	nodes = argv + 5;
	n_nodes = argc - 5;
	run();
}
