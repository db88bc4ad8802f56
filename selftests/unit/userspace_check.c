// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts, and single runs of checks against this very process. */
#include "userspace.h"

/* The parts of hakcheck that need no socket. */
#include "member.c"
#include "plan.c"
#include "runner.h"

#include <arpa/inet.h>
#include <errno.h>
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

	hak_probe_start(&p, o, NULL, hak_now_mono());
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

		hak_probe_start(&p, o, NULL, hak_now_mono());
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

/* A run against the verdict is no reason of it; nobody reports this runner. */
static void the_last_result(void)
{
	char flag[] = "/tmp/hak-unit.XXXXXX", *line;
	int fd = mkstemp(flag);
	struct hak_runner *r;
	uint64_t now = 1000 * HAK_NS_S;

	close(fd);
	line = hak_printf("check add c script \"test -e %s\" interval 1s fall 2 timeout 1h\n", flag);
	r = hak_runner_new(check_of(line), now);
	for (int i = 0; i < 3; i++) {
		hak_runner_step(r, now);
		while (r->probe.running) {
			nap();
			hak_runner_step(r, now);
		}
		CHECK(r->verdict.state == (i < 2 ? HAK_CHECK_UP : HAK_CHECK_DOWN));
		CHECK(r->last.ok == (i < 2));
		if (i == 0)
			unlink(flag);
		now = hak_runner_due(r);
	}
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

/* A script learns which server it looks at; the same script without one does not. */
static void target_environment(void)
{
	static const char line[] =
		"check add c script \"sh -c 'echo $HAK_TARGET_ADDRESS:$HAK_TARGET_PORT $HAK_POOL'\" timeout 20s\n";
	struct hak_addr to = { .family = AF_INET, .len = 32, .port = 8080, .b = { 198, 51, 100, 11 } };
	struct hak_obj *o = check_of(line), *aimed = hak_aim_take(o, &to);
	struct hak_probe p;

	hak_probe_start(&p, aimed, "web", hak_now_mono());
	while (p.running) {
		nap();
		hak_probe_step(&p, hak_now_mono());
	}
	CHECK_MSG(us_has(p.result.reason, "\"198.51.100.11:8080 web\""), "%s", p.result.reason);
	hak_obj_free(aimed);
	hak_obj_free(o);
	run_once(line, true, "exit 0 \":\"");
}

static int left_result;

static int left(const struct hak_member *m, void *arg)
{
	hak_buf_printf(arg, "%s ", m->server->name);
	return left_result;
}

/* How many runners have @part in their line; NULL: all. */
static unsigned int count_runners(const struct hak_plan *p, const char *part)
{
	unsigned int n = 0;

	for (const struct hak_runner *r = p->runners; r; r = r->list)
		n += !part || us_has(r->line, part);
	return n;
}

static struct hak_member *member(const struct hak_plan *p, const char *name, const char *pool)
{
	for (struct hak_member *m = p->members; m; m = m->list)
		if (!strcmp(m->server->name, name) && !strcmp(m->server->v[HAK_SR_POOL].text, pool))
			return m;
	return NULL;
}

/* One file is both the check lines and what runs. */
static int make(struct hak_plan *p, const char *lines, struct hak_buf *lost)
{
	struct hak_conf c;
	int err;

	us_model(&c, lines);
	err = hak_plan_make(p, &c.model, &c.model, 1000 * HAK_NS_S, left, lost);
	hak_conf_free(&c);
	return err;
}

#define CHECKS	"check add a tcp\ncheck add b process x\ncheck add r tcp to 127.0.0.1:1\n"
#define POOLS	"pool add web check a\npool add api check a check b\n" \
		"service add tcp 192.0.2.1:80 pool web\nservice add tcp 192.0.2.1:81 pool web\n"

static void plans(void)
{
	struct hak_plan p = { 0 };
	struct hak_buf lost = { 0 };
	const struct hak_runner *kept;
	struct hak_member *m;

	make(&p, CHECKS POOLS "server add 198.51.100.1:80 pool web\nserver add 198.51.100.1:80 pool api\n"
		 "server add 198.51.100.2 pool web check b\n", &lost);
	/* a for two places, b once for all, r for its track */
	CHECK_NUM(count_runners(&p, NULL), 4);
	CHECK_NUM(count_runners(&p, "a tcp to 198.51.100.1:80"), 1);
	CHECK_NUM(count_runners(&p, "a tcp to 198.51.100.2:80"), 1);
	m = member(&p, "198.51.100.1:80", "web");
	CHECK(m && m->n == 1 && !strcmp(m->runners[0]->pool, "web"));
	kept = m ? m->runners[0] : NULL;
	m = member(&p, "198.51.100.1:80", "api");
	CHECK(m && m->n == 2 && m->runners[0] == kept);
	m = member(&p, "198.51.100.2", "web");
	CHECK(m && m->n == 2);

	make(&p, CHECKS POOLS "server add 198.51.100.1:80 pool api\n", &lost);
	CHECK_NUM(count_runners(&p, NULL), 3);
	m = member(&p, "198.51.100.1:80", "api");
	CHECK(m && m->n == 2 && m->runners[0] == kept && !member(&p, "198.51.100.2", "web"));
	CHECK(!lost.len);

	/* Down when its checks go: somebody has to take that back, and until then it stays. */
	if (m)
		m->said = HAK_CHECK_DOWN;
	left_result = -ENOMEM;
	CHECK(make(&p, CHECKS "pool add web check a check b\npool add api\n"
		   "server add 198.51.100.1:80 pool api\n", &lost) == -ENOMEM);
	CHECK(lost.s && !strcmp(lost.s, "198.51.100.1:80 "));
	CHECK(m && p.members == m && !m->n && !hak_member_report(m));
	left_result = 0;
	hak_buf_free(&lost);
	make(&p, CHECKS "pool add web check a check b\npool add api\nserver add 198.51.100.1:80 pool api\n",
	     &lost);
	CHECK(lost.s && !strcmp(lost.s, "198.51.100.1:80 ") && !p.members);
	hak_plan_free(&p);
	CHECK(!p.runners && !p.members);
	hak_buf_free(&lost);
}

/* What a hakcheck before this one said of servers that have no checks now. */
static void plan_unchecked_servers(void)
{
	static const struct {
		enum hak_track_state report;
		const char *reason;
		bool taken_back;
	} rows[] = {
		{ HAK_TRACK_DOWN, "check web: connect: Connection refused", true },
		{ HAK_TRACK_UP, "check web: connected", false },
		{ HAK_TRACK_DOWN, "no route", false },
		{ HAK_TRACK_DOWN, "check the cable: it is loose", false },
		{ HAK_TRACK_DOWN, "check : x", false },
		{ HAK_TRACK_DOWN, "check", false },
		{ HAK_TRACK_DOWN, NULL, false },
	};

	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		struct hak_plan p = { 0 };
		struct hak_buf lost = { 0 };
		struct hak_conf c;
		struct hak_value *v;

		us_model(&c, "pool add web\nserver add 198.51.100.1 pool web\n");
		v = c.model.list[HAK_O_SERVER].first->v;
		v[HAK_SR_REPORTED].set = true;
		v[HAK_SR_REPORT] = (struct hak_value){ .set = true, .num = rows[i].report };
		if (rows[i].reason)
			v[HAK_SR_REASON].text = hak_strdup(rows[i].reason);
		hak_plan_make(&p, &c.model, &c.model, 0, left, &lost);
		CHECK_MSG((lost.len > 0) == rows[i].taken_back, "row %zu", i);
		CHECK(!p.members);
		hak_plan_free(&p);
		hak_buf_free(&lost);
		hak_conf_free(&c);
	}
}

/* Another number of the service is another port, a `to` of the check is the same for all. */
static void plan_ports(void)
{
	struct hak_plan p = { 0 };
	struct hak_conf c, checks;
	struct hak_member *m;

	us_model(&checks, "check add a tcp to 127.0.0.9\npool add x check a\n"
			  "check add t tcp to 127.0.0.9:7\ncheck add s script true\n");
	us_model(&c, "pool add web check a check t check s\npool add bare check a check s check gone\n"
		     "server add 198.51.100.1 pool web\nserver add 198.51.100.1 pool bare\n"
		     "server add 198.51.100.2 pool web\nservice add udp 192.0.2.1:53 pool web\n"
		     "check add a tcp to 127.0.0.1:1\ncheck add t process x\ncheck add s process x\n"
		     "check add gone process x\n");
	hak_plan_make(&p, &checks.model, &c.model, 0, left, NULL);
	CHECK_NUM(count_runners(&p, "a tcp to 127.0.0.9:53"), 1);
	CHECK_NUM(count_runners(&p, "t tcp to 127.0.0.9:7"), 1);
	CHECK_NUM(count_runners(&p, "s script true"), 3);
	m = member(&p, "198.51.100.1", "bare");
	CHECK(m && m->n == 1 && us_has(m->problem, "check gone: no such check in the loaded file"));
	CHECK(m && us_has(m->runners[0]->line, "s script true to 198.51.100.1"));
	hak_plan_free(&p);
	hak_conf_free(&c);
	hak_conf_free(&checks);
}

static const char *reason_of(const struct hak_obj *report)
{
	return report ? report->v[HAK_SR_REASON].text : "";
}

static void verdicts_of_servers(void)
{
	static const struct {
		enum hak_check_state a, b, verdict;
		const char *reason;
	} rows[] = {
		{ HAK_CHECK_UNKNOWN, HAK_CHECK_UNKNOWN, HAK_CHECK_UNKNOWN, "" },
		{ HAK_CHECK_UP, HAK_CHECK_UNKNOWN, HAK_CHECK_UNKNOWN, "" },
		{ HAK_CHECK_UNKNOWN, HAK_CHECK_DOWN, HAK_CHECK_DOWN, "check b: two" },
		{ HAK_CHECK_DOWN, HAK_CHECK_UP, HAK_CHECK_DOWN, "check a: one" },
		{ HAK_CHECK_UP, HAK_CHECK_UP, HAK_CHECK_UP, "check a: one" },
	};
	struct hak_plan p = { 0 };
	struct hak_member *m;

	make(&p, "check add a tcp\ncheck add b tcp\npool add web check a check b\n"
		 "server add 198.51.100.1:80 pool web state drain\n", NULL);
	m = p.members;
	if (!CHECK(m && m->n == 2 && m->said == HAK_CHECK_UNKNOWN))
		return;
	hak_copy(m->runners[0]->last.reason, HAK_REASON_SIZE, "one");
	hak_copy(m->runners[1]->last.reason, HAK_REASON_SIZE, "two");
	for (size_t i = 0; i < TAP_COUNT(rows); i++) {
		const struct hak_runner *tells;
		struct hak_obj *o;

		m->runners[0]->verdict.state = rows[i].a;
		m->runners[1]->verdict.state = rows[i].b;
		CHECK(hak_member_verdict(m, &tells) == rows[i].verdict);
		m->said = HAK_CHECK_UNKNOWN;
		o = hak_member_report(m);
		CHECK(!o == (rows[i].verdict == HAK_CHECK_UNKNOWN));
		CHECK_MSG(!strcmp(reason_of(o), rows[i].reason), "%s", reason_of(o));
		/* The operator's word is never touched. */
		CHECK(!o || (!o->v[HAK_SR_STATE].set && o->v[HAK_SR_REPORT].set));
		hak_obj_free(o);
		hak_member_told(m);
		CHECK(m->said == rows[i].verdict);
		/* One that was refused, and is no longer so: nobody waits for its time. */
		m->retry = 5;
		CHECK(!hak_member_report(m) && !m->retry);
	}
	hak_plan_free(&p);
}

/* Down all the time, but not because of what it was: the reason is told anew. */
static void the_reason_follows(void)
{
	struct hak_plan p = { 0 };
	struct hak_member *m;
	struct hak_obj *o;

	make(&p, "check add a tcp\ncheck add b tcp\npool add web check a check b\n"
		 "server add 198.51.100.1:80 pool web\n", NULL);
	m = p.members;
	if (!CHECK(m && m->n == 2))
		return;
	hak_copy(m->runners[0]->last.reason, HAK_REASON_SIZE, "one");
	hak_copy(m->runners[1]->last.reason, HAK_REASON_SIZE, "two");
	m->runners[0]->verdict.state = HAK_CHECK_DOWN;
	o = hak_member_report(m);
	CHECK(!strcmp(reason_of(o), "check a: one"));
	hak_obj_free(o);
	hak_member_told(m);
	m->runners[1]->verdict.state = HAK_CHECK_DOWN;
	CHECK(!hak_member_report(m));
	m->runners[0]->verdict.state = HAK_CHECK_UP;
	o = hak_member_report(m);
	CHECK(!strcmp(reason_of(o), "check b: two"));
	CHECK(o && o->v[HAK_SR_REPORT].num == HAK_TRACK_DOWN);
	hak_obj_free(o);
	hak_member_told(m);
	CHECK(!hak_member_report(m));
	/* Up is up, whichever of them says so. */
	m->runners[1]->verdict.state = HAK_CHECK_UP;
	hak_obj_free(hak_member_report(m));
	hak_member_told(m);
	hak_copy(m->tells, sizeof(m->tells), "gone");
	CHECK(m->said == HAK_CHECK_UP && !hak_member_report(m));
	hak_plan_free(&p);
}

static const struct tap_test tests[] = {
	TAP_TEST(rise_and_fall), TAP_TEST(scripts), TAP_TEST(overdue), TAP_TEST(weights),
	TAP_TEST(connections), TAP_TEST(processes), TAP_TEST(runner_time), TAP_TEST(actions),
	TAP_TEST(the_last_result),
	TAP_TEST(target_environment), TAP_TEST(plans), TAP_TEST(plan_unchecked_servers),
	TAP_TEST(plan_ports), TAP_TEST(verdicts_of_servers), TAP_TEST(the_reason_follows),
};

const struct us_suite us_check = { "check", tests, TAP_COUNT(tests) };
