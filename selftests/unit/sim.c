// SPDX-License-Identifier: GPL-2.0-only
#include "sim.h"

#define MAX_FLIGHT	128
#define NEVER		(~(u64)0)
#define WIRE_DELAY	(20 * 1000ULL)	/* 20 us; less than the smallest skew there is */
#define MAX_STEPS	400000		/* of one run; more is a loop */

/* An advert between two routers. */
struct flight {
	u64 at;
	unsigned int from;
	unsigned int to;
	u8 priority;
	u64 interval;
};

/* A router with the part of the shell that the machine relies on. */
struct router {
	struct hak_fsm_cfg cfg;
	struct hak_fsm_state st;
	bool started;
	bool vips;
	bool announcing;
	bool armed;
	u32 epoch;
	u64 deadline;
	u64 frozen_until;	/* it handles nothing before */
};

struct sim {
	struct sim_source *src;
	struct router r[SIM_MAX_ROUTERS];
	unsigned int n;
	bool cut[SIM_MAX_ROUTERS][SIM_MAX_ROUTERS];
	bool quiet;
	struct flight flight[MAX_FLIGHT];
	unsigned int flights;
	u64 scale;
	u64 now;
	u64 last_change;
	struct sim_result res;
};

static u8 draw(struct sim_source *src)
{
	if (!src->left)
		return 0;
	src->left--;
	if (src->data)
		return *src->data++;
	src->seed ^= src->seed << 13;
	src->seed ^= src->seed >> 7;
	src->seed ^= src->seed << 17;
	return (u8)(src->seed >> 24);
}

static void fail(struct sim *s, unsigned int who, const char *why)
{
	if (s->res.error)
		return;
	s->res.error = why;
	s->res.router = who;
	s->res.now = s->now;
}

static u64 draw_interval(struct sim *s)
{
	static const u64 msec[] = { 10, 20, 50, 100 };

	return msec[draw(s->src) & 3] * HAK_NSEC_PER_MSEC * s->scale;
}

static u8 draw_priority(struct sim *s)
{
	static const u8 often[] = { 1, 100, 100, 200, 254, 255 };
	u8 b = draw(s->src);

	return b < 192 ? often[b % sizeof(often)] : (u8)(draw(s->src) | 1);
}

static void draw_config(struct sim *s, struct router *r)
{
	static const u64 delay[] = { 0, 0, 5, 300 };
	u8 b = draw(s->src);

	r->cfg.version = 3;
	r->cfg.priority = draw_priority(s);
	r->cfg.interval = draw_interval(s);
	r->cfg.preempt = b & 1;
	r->cfg.down_adverts = 1 + (b >> 1) % 4;
	r->cfg.preempt_delay = delay[b >> 6] * HAK_NSEC_PER_MSEC * s->scale;
}

static void fly(struct sim *s, const struct flight *f)
{
	if (s->flights < MAX_FLIGHT)	/* more is loss */
		s->flight[s->flights++] = *f;
}

/* The disorder of the link: loss, duplicates, delays that reorder. */
static void send_one(struct sim *s, struct flight f)
{
	u8 fate = s->quiet ? 255 : draw(s->src);

	if (fate < 48)
		return;
	if (fate < 72)
		fly(s, &f);
	if (fate < 128)
		f.at += draw(s->src) * HAK_NSEC_PER_MSEC * s->scale;
	fly(s, &f);
}

static void send_advert(struct sim *s, unsigned int who, u8 priority)
{
	struct flight f = {
		.at = s->now + WIRE_DELAY,
		.from = who,
		.priority = priority,
		.interval = s->r[who].cfg.interval,
	};

	for (f.to = 0; f.to < s->n; f.to++) {
		/* To itself: a reflection, sometimes. */
		if (f.to == who ? !s->quiet && draw(s->src) < 16 : !s->cut[who][f.to])
			send_one(s, f);
	}
}

static void act(struct sim *s, unsigned int who, const struct hak_fsm_action *a)
{
	struct router *r = &s->r[who];

	switch (a->type) {
	case HAK_ACT_VIPS:
		if (r->vips == a->on)
			fail(s, who, "addresses are put on or taken off twice");
		r->vips = a->on;
		break;
	case HAK_ACT_SEND_ADVERT:
		send_advert(s, who, a->priority);
		break;
	case HAK_ACT_ANNOUNCE:
		r->announcing = a->on;
		break;
	case HAK_ACT_ARM:
		r->armed = true;
		r->epoch = a->epoch;
		r->deadline = a->deadline;
		break;
	case HAK_ACT_CANCEL:
		r->armed = false;
		break;
	case HAK_ACT_NOTIFY:
		s->last_change = s->now;
		s->res.takeovers += a->to == HAK_STATE_ACTIVE;
		break;
	case HAK_ACT_COUNT:
	case HAK_ACT_READY:
		break;
	}
}

static void step(struct sim *s, unsigned int who, struct hak_fsm_event ev)
{
	struct router *r = &s->r[who];
	struct hak_fsm_out out;
	const char *bad;
	u32 i;

	ev.now = s->now;
	bad = fsm_step_checked(&r->cfg, &r->st, &ev, &out);
	if (bad)
		fail(s, who, bad);
	for (i = 0; i < out.n && i < HAK_FSM_MAX_ACTIONS; i++)
		act(s, who, &out.act[i]);
	if (r->vips != (r->st.state == HAK_STATE_ACTIVE))
		fail(s, who, "addresses are here if and only if Active");
	if (r->announcing && !r->vips)
		fail(s, who, "announcements without the addresses");
	if (r->armed != r->st.armed || (r->armed && r->epoch != r->st.epoch))
		fail(s, who, "the shell's timer is not the machine's");
	if (++s->res.steps > MAX_STEPS)
		fail(s, who, "the run does not end");
}

static void step_type(struct sim *s, unsigned int who, enum hak_fsm_event_type type)
{
	step(s, who, (struct hak_fsm_event){ .type = type });
}

static void start(struct sim *s, unsigned int who)
{
	s->r[who].started = true;
	step_type(s, who, HAK_EV_STARTUP);
}

static void stop(struct sim *s, unsigned int who, enum hak_fsm_event_type type)
{
	s->r[who].started = false;
	step_type(s, who, type);
}

/* Power loss: no action of the machine is carried out, nothing is said. */
static void crash(struct router *r)
{
	hak_fsm_init(&r->st);
	r->started = false;
	r->vips = false;
	r->announcing = false;
	r->armed = false;
}

static void deliver(struct sim *s, unsigned int i)
{
	struct flight f = s->flight[i];

	s->flight[i] = s->flight[--s->flights];
	if (!s->r[f.to].started)
		return;
	step(s, f.to, (struct hak_fsm_event){
		.type = HAK_EV_ADVERT,
		.priority = f.priority,
		.src_cmp = (int)f.from - (int)f.to,
		.interval = f.interval,
	});
}

static u64 max64(u64 a, u64 b)
{
	return a > b ? a : b;
}

/* The next thing to happen: a flight [0, flights) or a timer after those. */
static unsigned int next_event(const struct sim *s, u64 *at)
{
	unsigned int best = s->flights + s->n;
	unsigned int i;
	u64 t;

	*at = NEVER;
	for (i = 0; i < s->flights + s->n; i++) {
		const struct router *r = &s->r[i < s->flights ? s->flight[i].to : i - s->flights];

		if (i < s->flights)
			t = s->flight[i].at;
		else
			t = r->armed ? r->deadline : NEVER;
		t = max64(t, r->frozen_until);
		if (t < *at) {
			*at = t;
			best = i;
		}
	}
	return best;
}

/* Handle what comes next, unless that is after @until. */
static bool advance(struct sim *s, u64 until)
{
	u64 at;
	unsigned int i = next_event(s, &at);

	if (at == NEVER || at > until)
		return false;
	s->now = max64(s->now, at);
	if (i < s->flights)
		deliver(s, i);
	else
		step(s, i - s->flights, (struct hak_fsm_event){
			.type = HAK_EV_TIMER,
			.epoch = s->r[i - s->flights].epoch,
		});
	return true;
}

static void cut_or_heal(struct sim *s, unsigned int who)
{
	unsigned int other = draw(s->src) % s->n;

	s->cut[who][other] = !s->cut[who][other];
	if (draw(s->src) & 1)	/* else one way only */
		s->cut[other][who] = s->cut[who][other];
}

/* A timer that comes with an old epoch, or too early. */
static void odd_timer(struct sim *s, unsigned int who)
{
	step(s, who, (struct hak_fsm_event){
		.type = HAK_EV_TIMER,
		.epoch = s->r[who].st.epoch - (draw(s->src) & 1),
	});
}

static void resign(struct sim *s, unsigned int who)
{
	u8 b = draw(s->src);

	step(s, who, (struct hak_fsm_event){
		.type = HAK_EV_RESIGN,
		.until = b & 1 ? HAK_FSM_NEVER : s->now + b * HAK_NSEC_PER_MSEC * s->scale,
	});
}

static void disturb(struct sim *s)
{
	u8 op = draw(s->src);
	unsigned int who = draw(s->src) % s->n;
	struct router *r = &s->r[who];

	switch (op % 11) {
	case 0:
		crash(r);
		break;
	case 1:
	case 2:
		start(s, who);
		break;
	case 3:
		stop(s, who, HAK_EV_SHUTDOWN);
		break;
	case 4:
		stop(s, who, HAK_EV_LINK_DOWN);
		break;
	case 5:
	case 6:
		cut_or_heal(s, who);
		break;
	case 7:
		draw_config(s, r);
		step_type(s, who, HAK_EV_CONFIG);
		break;
	case 8:
		r->frozen_until = s->now + draw(s->src) * 2 * HAK_NSEC_PER_MSEC * s->scale;
		break;
	case 9:
		odd_timer(s, who);
		break;
	case 10:
		resign(s, who);
		break;
	}
}

/* The longest silence that anybody can still wait for, plus what is in flight. */
static u64 patience(const struct sim *s)
{
	return 7 * 100 * HAK_NSEC_PER_MSEC * s->scale;
}

static void repair(struct sim *s)
{
	unsigned int i;

	s->quiet = true;
	memset(s->cut, 0, sizeof(s->cut));
	for (i = 0; i < s->n; i++) {
		s->r[i].frozen_until = 0;
		start(s, i);
	}
}

static void run_for(struct sim *s, u64 ns)
{
	u64 until = s->now + ns;

	while (!s->res.error && advance(s, until))
		;
	s->now = until;
}

static void judge(struct sim *s)
{
	unsigned int i, active = s->n;

	for (i = 0; i < s->n; i++) {
		if (s->r[i].st.state == HAK_STATE_INITIALIZE)
			fail(s, i, "a started router is not in Initialize");
		if (s->r[i].st.state != HAK_STATE_ACTIVE)
			continue;
		if (active != s->n)
			fail(s, i, "quiet: two are Active");
		active = i;
	}
	if (active == s->n) {
		fail(s, 0, "quiet: nobody is Active");
		return;
	}
	for (i = 0; i < s->n; i++)
		if (s->r[i].cfg.priority > s->r[active].cfg.priority &&
		    !(s->r[i].st.resigned && s->r[i].st.resigned_until > s->now) &&
		    (s->r[i].cfg.preempt || s->r[i].cfg.priority == HAK_FSM_OWNER))
			fail(s, i, "quiet: a higher router that preempts is not Active");
}

struct sim_result sim_run(struct sim_source *src, unsigned int routers)
{
	static const u64 scale[] = { 1, 1, 7, 409 };
	struct sim s = { .src = src, .n = routers, .now = 3 * HAK_NSEC_PER_SEC };
	u64 settled;
	unsigned int i;

	s.scale = scale[draw(src) & 3];
	for (i = 0; i < s.n; i++) {
		hak_fsm_init(&s.r[i].st);
		draw_config(&s, &s.r[i]);
		start(&s, i);
	}
	while (src->left && !s.res.error) {
		if (draw(src) < 16 || !advance(&s, NEVER - 1))
			disturb(&s);
	}

	repair(&s);
	run_for(&s, 3 * patience(&s));
	judge(&s);
	settled = s.now;
	run_for(&s, 2 * patience(&s));
	judge(&s);
	if (s.last_change > settled)
		fail(&s, 0, "quiet: they do not stay in agreement");
	s.res.now = s.now;
	return s.res;
}
