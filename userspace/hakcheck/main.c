// SPDX-License-Identifier: GPL-2.0-only
/*
 * hakcheck: runs the checks of the running configuration and reports them.
 *
 * Nothing depends on it but tracks with a lease. It asks the kernel which
 * configuration runs, so it needs no signal from hakadm and cannot be out of
 * step with it.
 */
#include "plan.h"

#include "netns.h"
#include "nl.h"
#include "rundir.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define ASK_EVERY	(2 * HAK_NS_S)	/* events may be lost, the module may come and go */

/**
 * struct daemon - all of it
 * @ep: epoll
 * @sig: signals
 * @nl: for requests
 * @events: for notifications
 * @connected: both are open
 * @said_absent: the log has the reason
 * @ask: when to ask for the tag again
 * @config: of the last answer
 * @known: @config is of the running module
 * @checks: the check lines that belong to its tag
 * @plan: what is run
 * @judge: a verdict changed, servers may have to be reported
 * @stop: a signal said so
 */
struct daemon {
	int ep;
	int sig;
	struct hak_nl nl;
	struct hak_nl events;
	bool connected;
	bool said_absent;
	uint64_t ask;
	struct hak_config config;
	bool known;
	struct hak_checks checks;
	struct hak_plan plan;
	bool judge;
	bool stop;
};

void hak_log(const char *fmt, ...)
{
	va_list ap;

	fputs("hakcheck: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int watch(struct daemon *d, int fd, void *ptr, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = ptr };

	return epoll_ctl(d->ep, EPOLL_CTL_ADD, fd, &ev);
}

static void disconnect(struct daemon *d)
{
	if (!d->connected)
		return;
	hak_nl_close(&d->nl);
	hak_nl_close(&d->events);
	d->connected = false;
	d->known = false;
	/* No module, no configuration, no checks. */
	hak_plan_free(&d->plan);
	hak_log("hak is gone; waiting for it");
}

static bool connect_to(struct daemon *d)
{
	int err;

	if (d->connected)
		return true;
	err = hak_nl_open(&d->nl);
	if (!err) {
		err = hak_nl_open(&d->events);
		if (!err)
			err = hak_nl_join(&d->events, true, false);
		if (!err)
			err = watch(d, hak_nl_fd(&d->events), &d->events, EPOLLIN) ? -errno : 0;
		if (err) {
			if (d->events.sk)
				hak_nl_close(&d->events);
			hak_nl_close(&d->nl);
		}
	}
	d->connected = !err;
	if (err && !d->said_absent)
		hak_log("waiting for hak: %s", strerror(-err));
	d->said_absent = err;
	return !err;
}

static void learn_checks(struct daemon *d)
{
	struct hak_checks c;
	int err = hak_checks_read(&c, d->config.tag);

	if (err) {
		hak_log("the check lines of the running configuration cannot be read: %s; load it again",
			strerror(-err));
		hak_checks_free(&c);
		return;
	}
	hak_checks_free(&d->checks);
	d->checks = c;
}

/* Its server has no check any more: what the check said last must not stay. */
static int forgive(const struct hak_member *m, void *arg)
{
	struct hak_obj *o = hak_member_forgive(m);
	struct daemon *d = arg;
	int err = hak_nl_change(&d->nl, HAK_CMD_SERVER_REPORT, o, NULL, HAK_PUT_SAID);

	if (err)
		hak_log("pool %s server %s: report: %s", m->server->v[HAK_SR_POOL].text,
			m->server->name, d->nl.error[0] ? d->nl.error : strerror(-err));
	hak_obj_free(o);
	return err;
}

static int learn(struct daemon *d, uint64_t now)
{
	struct hak_model m = { 0 };
	struct hak_config c;
	int err = hak_nl_read_all(&d->nl, &m, &c);

	if (!err)
		err = hak_plan_make(&d->plan, &d->checks.conf.model, &m, now, forgive, d);
	hak_model_free(&m);
	d->judge = true;
	return err;
}

static void ask(struct daemon *d, uint64_t now)
{
	struct hak_config c;
	bool new_tag, changed;
	int err;

	d->ask = now + ASK_EVERY;
	if (!connect_to(d))
		return;
	err = hak_nl_config(&d->nl, &c);
	if (err == -ENOENT || err == -ESHUTDOWN)
		disconnect(d);
	if (err)
		return;
	new_tag = !d->known || strcmp(c.tag, d->config.tag);
	/* The time as well: another module may count up to the same generation. */
	changed = !d->known || c.generation != d->config.generation || c.time != d->config.time;
	d->config = c;
	d->known = true;
	if (new_tag)
		learn_checks(d);
	/* What could not be read is asked for again. */
	if ((new_tag || changed) && learn(d, now))
		d->known = false;
}

static void fill_report(struct hak_obj *o, const struct hak_runner *r)
{
	struct hak_value *v = o->v;
	bool up = r->verdict.state == HAK_CHECK_UP;

	v[HAK_K_STATE].set = true;
	v[HAK_K_STATE].num = up ? HAK_TRACK_UP : HAK_TRACK_DOWN;
	if (up && r->last.valued) {
		v[HAK_K_STATE].num = HAK_TRACK_VALUE;
		v[HAK_K_VALUE].set = true;
		v[HAK_K_VALUE].num = (uint64_t)(int64_t)r->last.value;
	}
	v[HAK_K_REASON].set = true;
	v[HAK_K_REASON].text = hak_strdup(r->last.reason);
}

static void report(struct daemon *d, struct hak_runner *r, uint64_t now)
{
	struct hak_obj *o = hak_obj_new(&hak_object_track, r->check->name);
	int err;

	fill_report(o, r);
	err = hak_nl_change(&d->nl, HAK_CMD_TRACK_REPORT, o, NULL, HAK_PUT_SAID);
	hak_obj_free(o);
	if (!err) {
		r->dirty = false;
		r->reported = now;
		return;
	}
	r->retry = now + HAK_NS_S;
	if (err == -ENOENT)
		d->ask = now;	/* the track or the module went away */
	else
		hak_log("%s: report: %s", r->check->name,
			d->nl.error[0] ? d->nl.error : strerror(-err));
}

static void report_server(struct daemon *d, struct hak_member *m, uint64_t now)
{
	const char *pool = m->server->v[HAK_SR_POOL].text;
	struct hak_obj *o = hak_member_report(m);
	int err;

	if (!o)
		return;
	err = hak_nl_change(&d->nl, HAK_CMD_SERVER_REPORT, o, NULL, HAK_PUT_SAID);
	if (!err) {
		hak_member_told(m);
		hak_log("pool %s server %s: %s: %s", pool, m->server->name,
			m->said == HAK_CHECK_UP ? "up" : "down", o->v[HAK_SR_REASON].text);
	} else {
		m->retry = now + HAK_NS_S;
		if (err == -ENOENT)
			d->ask = now;	/* the server or the module went away */
		else
			hak_log("pool %s server %s: report: %s", pool, m->server->name,
				d->nl.error[0] ? d->nl.error : strerror(-err));
	}
	hak_obj_free(o);
}

/* Returns when to look again at those whose report failed. */
static uint64_t report_servers(struct daemon *d, uint64_t now)
{
	uint64_t due = UINT64_MAX;

	for (struct hak_member *m = d->plan.members; m; m = m->list) {
		if ((d->judge && !m->retry) || (m->retry && m->retry <= now))
			report_server(d, m, now);
		if (m->retry && m->retry < due)
			due = m->retry;
	}
	d->judge = false;
	return due;
}

static void update_watch(struct daemon *d, struct hak_runner *r)
{
	/* A closed descriptor leaves epoll by itself. */
	if (r->watched == r->runs || !r->probe.running || r->probe.fd < 0)
		return;
	if (watch(d, r->probe.fd, r, r->probe.pid ? EPOLLIN : EPOLLOUT))
		hak_log("%s: epoll: %s", r->check->name, strerror(errno));
	r->watched = r->runs;
}

static uint64_t step_all(struct daemon *d)
{
	uint64_t now = hak_now_mono(), due;

	if (now >= d->ask)
		ask(d, now);
	due = d->ask;
	for (struct hak_runner *r = d->plan.runners; r && d->connected; r = r->list) {
		enum hak_check_state before = r->verdict.state;
		uint64_t t;

		hak_runner_step(r, now);
		d->judge |= r->verdict.state != before;
		update_watch(d, r);
		if (hak_runner_report_due(r) <= now)
			report(d, r, now);
		t = hak_runner_due(r);
		due = t < due ? t : due;
		t = hak_runner_report_due(r);
		due = t < due ? t : due;
	}
	if (d->connected) {
		uint64_t t = report_servers(d, now);

		due = t < due ? t : due;
	}
	return d->ask < due ? d->ask : due;
}

static void on_event(const struct hak_event *ev, void *arg)
{
	struct daemon *d = arg;

	if (ev->cmd == HAK_CMD_CONFIG_NTF)
		d->ask = 0;
}

static void drain_events(struct daemon *d)
{
	int err = hak_nl_events(&d->events, on_event, d);

	/* Lost events are made good by asking. */
	if (err && err != -EAGAIN && err != -EINTR)
		d->ask = 0;
}

static void take_signals(struct daemon *d)
{
	struct signalfd_siginfo si;

	while (read(d->sig, &si, sizeof(si)) == (ssize_t)sizeof(si))
		if (si.ssi_signo == SIGTERM || si.ssi_signo == SIGINT)
			d->stop = true;
}

static int wait_ms(uint64_t due)
{
	uint64_t now = hak_now_mono();

	if (due <= now)
		return 0;
	due = (due - now + HAK_NS_MS - 1) / HAK_NS_MS;
	return due > 60000 ? 60000 : (int)due;
}

static int loop(struct daemon *d)
{
	struct epoll_event evs[16];

	while (!d->stop) {
		int n = epoll_wait(d->ep, evs, HAK_ARRAY_SIZE(evs), wait_ms(step_all(d)));

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n; i++) {
			if (evs[i].data.ptr == &d->sig)
				take_signals(d);
			else if (evs[i].data.ptr == &d->events && d->connected)
				drain_events(d);
		}
	}
	return 0;
}

static int setup(struct daemon *d)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	d->ep = epoll_create1(EPOLL_CLOEXEC);
	d->sig = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (d->ep < 0 || d->sig < 0)
		return -errno;
	return watch(d, d->sig, &d->sig, EPOLLIN) ? -errno : 0;
}

static int usage(int status)
{
	fputs("hakcheck [-n NETNS] [-f] [-V] [-h]\n"
	      "Runs the check lines of the configuration that hakadm loaded, in the foreground.\n",
	      status ? stderr : stdout);
	return status;
}

static int enter(const char *name)
{
	int err = hak_netns_enter(name);

	if (err)
		hak_log("-n: namespace `%s`: %s", name, strerror(-err));
	return err ? HAK_EXIT_WORDS : 0;
}

static int be_the_one(void)
{
	int err = hak_hakcheck_lock();

	if (err == -EAGAIN)
		hak_log("another hakcheck runs for this namespace");
	else if (err)
		hak_log("run folder: %s", strerror(-err));
	return err ? HAK_EXIT_WORDS : 0;
}

int main(int argc, char **argv)
{
	struct daemon d = { 0 };
	int c, err;

	while ((c = getopt(argc, argv, "+n:fVh")) != -1) {
		switch (c) {
		case 'n':
			err = enter(optarg);
			if (err)
				return err;
			break;
		case 'f':
			break;	/* it never goes to the background */
		case 'V':
			printf("hakcheck %s\n", HAK_VERSION);
			return 0;
		case 'h':
			return usage(0);
		default:
			return usage(HAK_EXIT_WORDS);
		}
	}
	if (optind < argc)
		return usage(HAK_EXIT_WORDS);
	err = be_the_one();
	if (err)
		return err;
	err = setup(&d);
	if (!err)
		err = loop(&d);
	hak_plan_free(&d.plan);
	hak_checks_free(&d.checks);
	if (err)
		hak_log("%s", strerror(-err));
	return err ? HAK_EXIT_KERNEL : 0;
}
