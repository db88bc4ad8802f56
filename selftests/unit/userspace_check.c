// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts, and single runs of checks against this very process. */
#include "userspace.h"

#include "runner.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void hak_log(const char *fmt, ...)
{
	(void)fmt;
}

static void rise_and_fall(void)
{
	/* + good, - bad; upper case: the verdict changed to it */
	static const struct {
		unsigned int rise, fall;
		const char *runs;
		const char *verdicts;
	} rows[] = {
		{ 2, 3, "+---+-++", "U..D...U" },
		{ 2, 3, "-+-++", "D...U" },
		{ 1, 1, "+-+-", "UDUD" },
		{ 2, 3, "+--+--+---", "U........D" },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_verdict v = { 0 };

		for (size_t j = 0; rows[i].runs[j]; j++) {
			bool changed = hak_verdict_step(&v, rows[i].runs[j] == '+', rows[i].rise,
							rows[i].fall);
			char c = !changed ? '.' : v.state == HAK_CHECK_UP ? 'U' : 'D';

			CHECK_MSG(c == rows[i].verdicts[j], "row %zu, run %zu: %c", i, j, c);
		}
	}
}

static struct hak_obj *check_of(const char *line)
{
	struct hak_conf c;
	struct hak_obj *o;

	us_model(&c, line);
	o = c.model.list[HAK_O_CHECK].first;
	if (o)
		hak_model_remove(&c.model, o);
	hak_conf_free(&c);
	return o;
}

static void nap(void)
{
	struct timespec ts = { .tv_nsec = 2000000 };

	nanosleep(&ts, NULL);
}

static void run_once(const char *line, bool ok, const char *reason)
{
	struct hak_obj *o = check_of(line);
	struct hak_probe p;

	hak_probe_start(&p, o, hak_now_mono());
	while (p.running && !p.ready) {
		nap();
		hak_probe_step(&p, hak_now_mono());
	}
	CHECK_MSG(p.ready && p.result.ok == ok, "%s: %s", line, p.result.reason);
	CHECK_MSG(us_has(p.result.reason, reason), "%s: %s", line, p.result.reason);
	hak_probe_stop(&p);
	hak_obj_free(o);
}

static void scripts(void)
{
	run_once("check add c script true timeout 20s\n", true, "exit 0");
	run_once("check add c script false timeout 20s\n", false, "exit 1");
	run_once("check add c script \"sh -c 'echo one; echo two; exit 3'\" timeout 20s\n", false,
		 "exit 3 \"two\"");
	run_once("check add c script \"sh -c 'printf \\\"a\\033[2Jb\\\"; exit 1'\" timeout 20s\n", false,
		 "exit 1 \"a [2Jb\"");
	run_once("check add c script /nonexistent timeout 20s\n", false, "exit 127 \"exec /nonexistent");
	run_once("check add c script \"sh -c 'kill -9 $$'\" timeout 20s\n", false, "signal 9");
	run_once("check add c script true user no-such-user-here timeout 20s\n", false,
		 "exit 127 \"user no-such-user-here");
}

static void overdue(void)
{
	uint64_t start = hak_now_mono();

	run_once("check add c script \"sleep 60\" timeout 100ms\n", false, "no answer in 100ms");
	run_once("check add c script \"sh -c 'trap : TERM; sleep 60; sleep 60'\" timeout 50ms\n", false,
		 "no answer in 50ms");
	CHECK(hak_now_mono() - start < 20 * HAK_NS_S);
}

static void weights(void)
{
	static const struct {
		const char *line;
		bool ok, valued;
		int value;
	} rows[] = {
		{ "check add c script \"sh -c 'exit 0'\" weight-from exit timeout 20s\n", true, false, 0 },
		{ "check add c script \"sh -c 'exit 1'\" weight-from exit timeout 20s\n", false, false, 0 },
		{ "check add c script \"sh -c 'exit 22'\" weight-from exit timeout 20s\n", true, true, 20 },
		{ "check add c script \"echo -60\" weight-from output timeout 20s\n", true, true, -60 },
		{ "check add c script \"echo fine\" weight-from output timeout 20s\n", true, false, 0 },
		{ "check add c script \"echo 999\" weight-from output timeout 20s\n", true, false, 0 },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_obj *o = check_of(rows[i].line);
		struct hak_probe p;

		hak_probe_start(&p, o, hak_now_mono());
		while (p.running) {
			nap();
			hak_probe_step(&p, hak_now_mono());
		}
		CHECK_MSG(p.result.ok == rows[i].ok && p.result.valued == rows[i].valued &&
			  p.result.value == rows[i].value, "%s", rows[i].line);
		hak_obj_free(o);
	}
}

static void connections(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char *line;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!CHECK(!bind(fd, (struct sockaddr *)&in, len) && !listen(fd, 5) &&
		   !getsockname(fd, (struct sockaddr *)&in, &len)))
		return;
	line = hak_printf("check add c tcp to 127.0.0.1:%u timeout 20s\n", ntohs(in.sin_port));
	run_once(line, true, "connected");
	close(fd);
	run_once(line, false, "connect: Connection refused");
	free(line);
}

static void processes(void)
{
	char name[16];

	snprintf(name, sizeof(name), "hak(%d) x", (int)getpid() % 10000);
	prctl(PR_SET_NAME, name, 0, 0, 0);
	CHECK(hak_process_runs(name));
	CHECK(hak_process_runs("userspace-tests"));
	CHECK(!hak_process_runs("no-such-process-here"));
	run_once("check add c process no-such-process-here\n", false, "no process no-such-process-here");
}

/* Time is data: a runner in invented time, with a check whose result we choose. */
static void runner_time(void)
{
	char flag[] = "/tmp/hak-unit.XXXXXX", *line;
	int fd = mkstemp(flag);
	struct hak_runner *r;
	uint64_t now = 1000 * HAK_NS_S;

	close(fd);
	line = hak_printf("check add c script \"test -e %s\" interval 1s fast-interval 200ms fall 2 timeout 1h\n",
			  flag);
	r = hak_runner_new(check_of(line), now);
	r->has_track = true;
	for (int i = 0; i < 6; i++) {
		if (i == 2)
			unlink(flag);
		hak_runner_step(r, now);
		while (r->probe.running) {
			nap();
			hak_runner_step(r, now);
		}
		if (i == 0)
			CHECK(r->verdict.state == HAK_CHECK_UP && hak_runner_report_due(r) == 0);
		if (i == 1) {
			r->dirty = false;
			CHECK(hak_runner_report_due(r) == UINT64_MAX);
			CHECK(hak_runner_due(r) == now + HAK_NS_S);
		}
		if (i == 3)
			CHECK(r->verdict.state == HAK_CHECK_DOWN && r->dirty && !r->last.ok);
		now = hak_runner_due(r);
	}
	r->dirty = false;
	r->lease = 3 * HAK_NS_S;
	r->reported = now;
	CHECK(hak_runner_report_due(r) == now + HAK_NS_S);
	hak_runner_free(r);
	free(line);
}

/* on-fail at the first failed run, then after growing pauses; on-recover once. */
static void actions(void)
{
	char dir[] = "/tmp/hak-unit.XXXXXX", *line, *log, *flag;
	struct hak_runner *r;
	uint64_t now = 1000 * HAK_NS_S;
	struct stat st;

	if (!CHECK(mkdtemp(dir)))
		return;
	log = hak_printf("%s/log", dir);
	flag = hak_printf("%s/flag", dir);
	line = hak_printf("check add c script \"test -e %s\" interval 1s rise 1 fall 9 timeout 1h on-fail \"sh -c 'printf f >>%s'\" on-recover \"sh -c 'printf r >>%s'\"\n",
			  flag, log, log);
	r = hak_runner_new(check_of(line), now);
	for (int i = 0; i < 10; i++) {
		if (i == 8)
			fclose(fopen(flag, "w"));
		hak_runner_step(r, now);
		while (r->probe.running || r->action) {
			nap();
			hak_runner_step(r, now);
		}
		now = hak_runner_due(r);
	}
	/* Runs 0 to 7 fail, a second apart: on-fail at 0, 1, 3, 7; then well. */
	CHECK(!stat(log, &st));
	CHECK_NUM(st.st_size, 5);
	hak_runner_free(r);
	unlink(log);
	unlink(flag);
	rmdir(dir);
	free(log);
	free(flag);
	free(line);
}

static const struct tap_test tests[] = {
	TAP_TEST(rise_and_fall), TAP_TEST(scripts), TAP_TEST(overdue), TAP_TEST(weights),
	TAP_TEST(connections), TAP_TEST(processes), TAP_TEST(runner_time), TAP_TEST(actions),
};

const struct us_suite us_check = { "check", tests, TAP_COUNT(tests) };
