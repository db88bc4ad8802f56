// SPDX-License-Identifier: GPL-2.0-only
/*
 * VRRP frame player and judge: sends hand-made adverts, captures what comes
 * back with kernel time stamps and compares the times, in one process.
 *
 *	vrrpt capture DEV		a line for each VRRP, ARP, IGMP frame
 *	vrrpt play DEV <SCRIPT
 *
 * A script has one command per line. Times are relative to a mark: the time
 * of the last frame that was sent or that matched, or a named mark.
 *
 *	def KEY=VALUE...		defaults of the adverts sent
 *	send [KEY=VALUE]...		one advert; mark = when it left
 *	stream N PERIOD [KEY=VALUE]...	N of them; mark = the last
 *	attack TIME RATE VARIANT[,...] [COMMAND]	broken adverts, RATE per
 *					second in turn, see variants[]; COMMAND runs
 *					half-way; marks attack0, attack1
 *	reflect N PERIOD		the last advert heard, sent back as it is
 *	arp IP | probe IP | claim IP	ARP request from src, from 0.0.0.0, from IP itself
 *	ns IP | dad IP | claim6 IP	neighbour solicitation from src or from ::,
 *					unsolicited advertisement
 *	ping IP				echo request to the last advert's MAC or dmac
 *					all with [smac=MAC] [src=IP] [dmac=MAC]; the mark
 *	peer MAC			where ping goes when no advert was heard
 *	mark NAME | now [NAME]		name the mark | mark = now
 *	sleep TIME			from now
 *	until TIME [from NAME]		from the mark
 *	run COMMAND			shell; marks run0, run1 and the mark = its end
 *	repeat N ... end		once per N; `sleepi TIME` sleeps TIME * turn
 *	wait KIND [KEY=VALUE]... [within TIME]	mark = first from now on
 *	expect KIND [KEY=VALUE]... MIN MAX [from NAME]	first one after the last
 *					match comes between; mark = it
 *	skip				what has come until now is not for expect
 *	at MIN MAX [from NAME]		the frame matched last came between these
 *	none KIND [KEY=VALUE]... FROM TO [from NAME]
 *	count KIND [KEY=VALUE]... MIN MAX FROM TO [from NAME]
 *	period KIND [KEY=VALUE]... MIN MAX FROM TO [from NAME]	distances
 *	mean KIND [KEY=VALUE]... MIN MAX FROM TO [from NAME]	their mean
 *	assert KEY=VALUE...		of the frame matched last
 *	print TEXT
 *
 * "fig" in one of these says that the time, count or mean is the figure of the
 * case, to be printed with its verdict.
 *
 * KIND: advert garp arp arpreply igmp mld ns na ra echo echoreply any. Only
 * frames that DEV received count; group=A matches a report with A among others.
 * Exit 0: all as expected, 1: not, 2: the script is wrong.
 */
#include "build.h"

#include <sys/wait.h>

static struct frame *frames;
static int nframes, cap_frames;
static int last = -1;			/* frame matched last */
static int64_t mark;
static struct { char name[32]; int64_t t; } marks[64];
static int nmarks;
static int rxfd, txfd, lineno;
static uint8_t heard[2048];		/* last advert received */
static int nheard;
static uint8_t peer_mac[6];
static struct advert defaults = {
	.ttl = 255, .proto = 112, .ver = 3, .type = 1, .vrid = 51, .prio = 200, .cnt = -1, .ival = 20,
	.cut = -1, .trailer = 1,
};

static void fail(const char *fmt, ...)
{
	va_list ap;
	int i;

	printf("# line %d: ", lineno);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n# frames up to here, ms from the mark:\n");
	for (i = nframes > 12 ? nframes - 12 : 0; i < nframes; i++) {
		printf("#  %+10.3f %s ", (double)(frames[i].ts - mark) / 1e6, frames[i].out ? "->" : "<-");
		frame_print(stdout, &frames[i]);
		printf("\n");
	}
	exit(1);
}

static void receive(void)
{
	static uint8_t buf[65536];
	int n;

	for (;;) {
		if (nframes == cap_frames) {
			cap_frames = cap_frames ? cap_frames * 2 : 4096;
			frames = realloc(frames, sizeof(*frames) * (size_t)cap_frames);
			if (!frames)
				die("no memory");
		}
		n = frame_recv(rxfd, &frames[nframes], buf, sizeof(buf));
		if (!n)
			return;
		if (frames[nframes].kind == K_OTHER)
			continue;
		if (frames[nframes].kind == K_ADVERT && !frames[nframes].out && n <= (int)sizeof(heard)) {
			memcpy(heard, buf, (size_t)n);
			nheard = n;
			memcpy(peer_mac, buf + 6, 6);
		}
		nframes++;
	}
}

/* Captures until @t. */
static void capture_until(int64_t t)
{
	struct pollfd p = { .fd = rxfd, .events = POLLIN };
	struct timespec ts;
	int64_t left;

	for (;;) {
		receive();
		left = t - now_ns();
		if (left <= 0)
			return;
		ts.tv_sec = left / NS_PER_SEC;
		ts.tv_nsec = left % NS_PER_SEC;
		ppoll(&p, 1, &ts, NULL);
	}
}

/* --- sending ---------------------------------------------------------- */

static void set_key(struct advert *a, char *kv)
{
	char *v = strchr(kv, '=');

	if (!v)
		die("line %d: %s: no value", lineno, kv);
	*v++ = 0;
	if (!advert_set(a, kv, v))
		die("line %d: unknown key %s", lineno, kv);
}

static void transmit(const uint8_t *b, int n)
{
	int i, have = nframes;

	if (send(txfd, b, (size_t)n, 0) != n)
		die("send: %s", strerror(errno));
	receive();
	mark = now_ns();
	for (i = nframes - 1; i >= have; i--)
		if (frames[i].out) {
			mark = frames[i].ts;
			last = i;
			return;
		}
}

static void send_advert(const struct advert *a)
{
	static uint8_t b[8192];

	transmit(b, build_frame(a, b));
}

static void cmd_stream(const struct advert *a, int n, int64_t period)
{
	int64_t t = now_ns();
	int i;

	for (i = 0; i < n; i++) {
		capture_until(t + i * period);
		send_advert(a);
	}
}

static void cmd_reflect(int n, int64_t period)
{
	uint8_t b[2048];
	int len = nheard, i;
	int64_t t = now_ns();

	if (!len)
		fail("no advert heard to reflect");
	memcpy(b, heard, sizeof(b));
	for (i = 0; i < n; i++) {
		capture_until(t + i * period);
		transmit(b, len);
	}
}

/* OWN in a variant stands for the source of the last advert heard. */
static const struct { const char *name, *keys; } variants[] = {
	{ "ttl", "ttl=254" }, { "ttl1", "ttl=1" },
	{ "version1", "ver=1" }, { "version4", "ver=4" }, { "version2", "ver=2 int=100" },
	{ "type0", "type=0" }, { "type2", "type=2" },
	{ "sum", "sum=wrong" }, { "sum0", "sum=zero" },
	{ "count0", "cnt=0" }, { "count2", "cnt=2" }, { "count255", "cnt=255" },
	{ "interval0", "int=0" },
	{ "empty", "cut=0" }, { "short4", "cut=4" }, { "short7", "cut=7" }, { "short8", "cut=8" },
	{ "fragment", "off=0x2000" }, { "fragment2", "off=0x0010" },
	{ "totlen", "totlen=-6" },
	{ "dst", "dst=224.0.0.19" }, { "dstuni", "dst=OWN" }, { "dstbcast", "dst=255.255.255.255" },
	{ "vrid", "vrid=52" },
	{ "src0", "src=0.0.0.0" }, { "srcmcast", "src=224.0.0.18" }, { "srcbcast", "src=255.255.255.255" },
	{ "srcloop", "src=127.0.0.1" }, { "own", "src=OWN" }, { "carp", "carp=1" },
	{ "auth", "atype=1 auth=another" }, { "noauth", "atype=0" }, { "list", "addrs=192.0.2.99" },
};

static struct addr own_addr(void)
{
	if (!nheard)
		return defaults.src;
	return get16(heard + 12) == ETH_P_IPV6 ? addr_of(heard + 22, 16) : addr_of(heard + 26, 4);
}

static void apply_keys(struct advert *a, const char *keys)
{
	char buf[8192], *s, *save;

	snprintf(buf, sizeof(buf), "%s", keys);
	for (s = strtok_r(buf, " \t", &save); s; s = strtok_r(NULL, " \t", &save)) {
		char kv[64], *o = strstr(s, "=OWN");

		if (o) {
			struct addr me = own_addr();

			*o = 0;
			snprintf(kv, sizeof(kv), "%s=%s", s, addr_str(&me));
			set_key(a, kv);
		} else {
			set_key(a, s);
		}
	}
}

static void set_mark(const char *name, int64_t t)
{
	int i;

	for (i = 0; i < nmarks; i++)
		if (!strcmp(marks[i].name, name))
			break;
	if (i == nmarks) {
		if (nmarks == 64)
			die("too many marks");
		nmarks++;
	}
	snprintf(marks[i].name, sizeof(marks[i].name), "%s", name);
	marks[i].t = t;
}

static int64_t get_mark(const char *name)
{
	int i;

	for (i = 0; i < nmarks; i++)
		if (!strcmp(marks[i].name, name))
			return marks[i].t;
	die("line %d: no mark %s", lineno, name);
	return 0;
}

static void cmd_run(const char *cmd);

static void cmd_attack(int64_t dur, int rate, char *list, const char *cmd)
{
	static uint8_t b[64][8192];
	static int len[64];
	char *s, *save;
	int64_t t, i;
	int n = 0, before;
	size_t v;

	for (s = strtok_r(list, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		for (v = 0; v < sizeof(variants) / sizeof(*variants); v++)
			if (n < 64 && (!strcmp(s, "all") || !strcmp(s, variants[v].name))) {
				struct advert a = defaults;

				apply_keys(&a, variants[v].keys);
				len[n] = build_frame(&a, b[n]);
				n++;
			}
	}
	if (!n)
		die("line %d: no such variant", lineno);
	before = last;
	t = now_ns();
	set_mark("attack0", t);
	for (i = 0; i < dur * rate / NS_PER_SEC; i++) {
		capture_until(t + i * NS_PER_SEC / rate);
		if (cmd && i == dur * rate / NS_PER_SEC / 2) {
			cmd_run(cmd);
			printf("# line %d: half-way: %s\n", lineno, cmd);
		}
		transmit(b[i % n], len[i % n]);
	}
	last = before;
	mark = now_ns();
	set_mark("attack1", mark);
	printf("# line %d: attack: %lld frames of %d kinds in %.3f s\n", lineno, (long long)i, n,
	       (double)(mark - t) / 1e9);
}

/*
 * ARP, neighbour discovery and echoes: COMMAND ADDRESS [KEY=VALUE]..., the keys
 * smac, dmac (of an echo) and src.
 */
static bool ask(char **w, int n)
{
	static const char *const names[] = { "arp", "probe", "claim", "ns", "dad", "claim6", "ping" };
	uint8_t b[2048] = { 0 };
	struct advert a = defaults;
	struct addr none = { .len = 4 }, t;
	int i, k;

	for (k = 0; k < 7 && strcmp(w[0], names[k]); k++)
		;
	if (k == 7 || n < 2)
		return false;
	memcpy(a.dmac, peer_mac, 6);
	t = need_addr(w[1]);
	for (i = 2; i < n; i++)
		apply_keys(&a, w[i]);
	switch (k) {
	case 0:
	case 1:
		i = build_arp(b, 1, a.smac, k ? &none : &a.src, &t);
		break;
	case 2:
		i = build_arp(b, 1, a.smac, &t, &t);
		break;
	case 3:
	case 4:
		i = build_ns(b, a.smac, &a.src, &t, k == 4);
		break;
	case 5:
		i = build_na(b, a.smac, &a.src, &t);
		break;
	default:
		i = build_ping(b, a.dmac, a.smac, &a.src, &t);
	}
	transmit(b, i);
	return true;
}

/* --- judging ---------------------------------------------------------- */

static const char *field(const struct frame *f, const char *k)
{
	static char buf[8192];
	char line[16384], want[64], *s, *e;
	FILE *o = fmemopen(line, sizeof(line), "w");

	frame_print(o, f);
	fprintf(o, " tos=%d proto=%d ihl=%d off=%d ", f->tos, f->proto, f->ihl, f->off);
	fclose(o);
	snprintf(want, sizeof(want), " %s=", k);
	s = strstr(line, want);
	if (!s)
		return NULL;
	s += strlen(want);
	e = strchr(s, ' ');
	snprintf(buf, sizeof(buf), "%.*s", (int)(e - s), s);
	return buf;
}

struct query {
	enum kind kind;
	char *filt[16];
	int nfilt;
	char *num[4];
	int nnum;
	int64_t base;
	int64_t within;
	bool fig;
};

/* The figure of the case, for the table. */
static void figure(const struct query *q, double v, const char *unit)
{
	if (q->fig)
		printf("# figure: %.*f%s\n", *unit ? 2 : 0, v, unit);
}

/* A report is for several groups. */
static bool same_value(const char *key, const char *have, const char *want)
{
	size_t n = strlen(want);

	if (strcmp(key, "group"))
		return !strcmp(have, want);
	for (; have; have = strchr(have, ',') ? strchr(have, ',') + 1 : NULL)
		if (!strncmp(have, want, n) && (!have[n] || have[n] == ','))
			return true;
	return false;
}

static bool matches(const struct frame *f, const struct query *q)
{
	int i;

	if (f->out || (q->kind != K_ANY && f->kind != q->kind))
		return false;
	for (i = 0; i < q->nfilt; i++) {
		char k[64];
		const char *have, *v = strchr(q->filt[i], '='), *e = v;
		bool not = e[-1] == '!';

		snprintf(k, sizeof(k), "%.*s", (int)(e - q->filt[i]) - not, q->filt[i]);
		have = field(f, k);
		if (!have || same_value(k, have, v + 1) == not)
			return false;
	}
	return true;
}

static void parse_query(struct query *q, char **w, int n)
{
	int i;

	memset(q, 0, sizeof(*q));
	q->base = mark;
	q->within = 10 * NS_PER_SEC;
	if (n < 2)
		die("line %d: what?", lineno);
	for (i = 0; i < K_ANY + 1; i++)
		if (!strcmp(w[1], kind_name[i]))
			q->kind = (enum kind)i;
	if (q->kind == K_OTHER)
		die("line %d: %s: no such kind", lineno, w[1]);
	for (i = 2; i < n; i++) {
		if (!strcmp(w[i], "from") && i + 1 < n)
			q->base = get_mark(w[++i]);
		else if (!strcmp(w[i], "within") && i + 1 < n)
			q->within = parse_time(w[++i]);
		else if (!strcmp(w[i], "fig"))
			q->fig = true;
		else if (strchr(w[i], '=') && q->nfilt < 16)
			q->filt[q->nfilt++] = w[i];
		else if (q->nnum < 4)
			q->num[q->nnum++] = w[i];
		else
			die("line %d: too many words", lineno);
	}
}

static void want_nums(const struct query *q, int n)
{
	if (q->nnum != n)
		die("line %d: %d numbers wanted", lineno, n);
}

/* First match with index > @i and ts >= @from, waiting until @to; -1 */
static int find(const struct query *q, int i, int64_t from, int64_t to)
{
	for (;;) {
		receive();
		for (i++; i < nframes; i++)
			if (frames[i].ts >= from && matches(&frames[i], q))
				return frames[i].ts <= to ? i : -1;
		i = nframes - 1;
		if (now_ns() > to + NS_PER_SEC / 1000)
			return -1;
		capture_until(now_ns() + NS_PER_SEC / 1000 < to ? to < now_ns() + 20 * NS_PER_SEC / 1000 ?
			      to : now_ns() + 20 * NS_PER_SEC / 1000 : now_ns() + NS_PER_SEC / 1000);
	}
}

static double ms(int64_t ns)
{
	return (double)ns / 1e6;
}

static void matched(int i, const char *what)
{
	printf("# line %d: %s %+.3f ms\n", lineno, what, ms(frames[i].ts - mark));
	last = i;
	mark = frames[i].ts;
}

static void cmd_wait(struct query *q)
{
	int64_t t = now_ns();
	int i;

	receive();
	i = find(q, nframes - 1, 0, t + q->within);
	if (i < 0)
		fail("nothing within %.1f ms", ms(q->within));
	last = i;
	mark = frames[i].ts;
}

static void cmd_expect(struct query *q)
{
	int64_t lo, hi;
	int i;

	want_nums(q, 2);
	lo = parse_time(q->num[0]);
	hi = parse_time(q->num[1]);
	i = find(q, last, q->base + (lo < 0 ? lo : 0), q->base + hi + 200 * NS_PER_SEC / 1000);
	if (i < 0)
		fail("nothing %s .. %s after the mark", q->num[0], q->num[1]);
	mark = q->base;
	figure(q, ms(frames[i].ts - q->base), " ms");
	if (frames[i].ts < q->base + lo || frames[i].ts > q->base + hi)
		fail("came at %+.3f ms, expected %s .. %s", ms(frames[i].ts - q->base), q->num[0], q->num[1]);
	matched(i, kind_name[frames[i].kind]);
}

static int count_between(const struct query *q, int64_t from, int64_t to, int64_t *min, int64_t *max,
			 int64_t *sum)
{
	int64_t prev = 0;
	int i, n = 0;

	capture_until(to + NS_PER_SEC / 1000);
	*min = INT64_MAX;
	*max = 0;
	*sum = 0;
	for (i = 0; i < nframes; i++) {
		if (frames[i].ts < from || frames[i].ts > to || !matches(&frames[i], q))
			continue;
		if (n++) {
			int64_t d = frames[i].ts - prev;

			*sum += d;
			if (d < *min)
				*min = d;
			if (d > *max)
				*max = d;
		}
		prev = frames[i].ts;
	}
	return n;
}

static void cmd_window(const char *cmd, struct query *q)
{
	int64_t min, max, sum, from, to;
	int n;

	want_nums(q, !strcmp(cmd, "none") ? 2 : 4);
	from = q->base + parse_time(q->num[q->nnum - 2]);
	to = q->base + parse_time(q->num[q->nnum - 1]);
	n = count_between(q, from, to, &min, &max, &sum);
	if (!strcmp(cmd, "none")) {
		if (n)
			fail("%d seen where none may be", n);
		return;
	}
	if (!strcmp(cmd, "count")) {
		printf("# line %d: count %d\n", lineno, n);
		figure(q, n, "");
		if (n < atoi(q->num[0]) || n > atoi(q->num[1]))
			fail("%d seen, expected %s .. %s", n, q->num[0], q->num[1]);
		return;
	}
	if (n < 2)
		fail("only %d seen", n);
	printf("# line %d: %d frames, period min %.3f mean %.3f max %.3f ms\n", lineno, n, ms(min),
	       ms(sum) / (n - 1), ms(max));
	figure(q, strcmp(cmd, "mean") ? ms(max) : ms(sum) / (n - 1), " ms");
	if (!strcmp(cmd, "mean"))
		min = max = sum / (n - 1);
	if (min < parse_time(q->num[0]) || max > parse_time(q->num[1]))
		fail("%.3f .. %.3f ms, expected %s .. %s", ms(min), ms(max), q->num[0], q->num[1]);
}

static void cmd_at(char **w, int n)
{
	struct query q = { .fig = !strcmp(w[n - 1], "fig") };
	int64_t base, t;

	n -= q.fig;
	base = n == 5 ? get_mark(w[4]) : mark;
	if (last < 0 || (n != 3 && n != 5))
		die("line %d: at what?", lineno);
	t = frames[last].ts - base;
	printf("# line %d: at %+.3f ms\n", lineno, ms(t));
	figure(&q, ms(t), " ms");
	if (t < parse_time(w[1]) || t > parse_time(w[2]))
		fail("came at %+.3f ms, expected %s .. %s", ms(t), w[1], w[2]);
}

static void cmd_assert(char **w, int n)
{
	const char *have;
	char *v;
	int i;

	if (last < 0)
		fail("no frame matched");
	for (i = 1; i < n; i++) {
		v = strchr(w[i], '=');
		if (!v)
			die("line %d: %s", lineno, w[i]);
		*v++ = 0;
		have = field(&frames[last], w[i]);
		if (!have || strcmp(have, v))
			fail("%s is %s, expected %s", w[i], have ? have : "absent", v);
	}
}

static void cmd_run(const char *cmd)
{
	int rc;
	pid_t pid;
	int status;

	fflush(stdout);
	set_mark("run0", now_ns());
	pid = fork();
	if (!pid) {
		execl("/bin/bash", "bash", "-c", cmd, NULL);
		_exit(127);
	}
	for (;;) {
		rc = waitpid(pid, &status, WNOHANG);
		if (rc == pid)
			break;
		capture_until(now_ns() + 500000);
	}
	mark = now_ns();
	set_mark("run1", mark);
	receive();
	if (status)
		fail("`%s` failed", cmd);
}

static int turn;

static void command(char *line)
{
	char buf[4096], *w[64], *s, *save;
	struct advert a = defaults;
	struct query q;
	int n = 0, i, skip = 1;

	snprintf(buf, sizeof(buf), "%s", line);
	for (s = strtok_r(buf, " \t\n", &save); s && n < 64; s = strtok_r(NULL, " \t\n", &save))
		w[n++] = s;
	if (!n || *w[0] == '#')
		return;
	if (!strcmp(w[0], "stream"))
		skip = 3;
	if (!strcmp(w[0], "send") || !strcmp(w[0], "stream"))
		for (i = skip; i < n; i++)
			apply_keys(&a, w[i]);

	if (!strcmp(w[0], "def"))
		for (i = 1; i < n; i++)
			set_key(&defaults, w[i]);
	else if (!strcmp(w[0], "send"))
		send_advert(&a);
	else if (!strcmp(w[0], "stream") && n >= 3)
		cmd_stream(&a, atoi(w[1]), parse_time(w[2]));
	else if (!strcmp(w[0], "attack") && n >= 4)
		cmd_attack(parse_time(w[1]), atoi(w[2]), w[3], n > 4 ? strstr(line, w[4]) : NULL);
	else if (!strcmp(w[0], "reflect") && n == 3)
		cmd_reflect(atoi(w[1]), parse_time(w[2]));
	else if (ask(w, n))
		;
	else if (!strcmp(w[0], "mark") && n == 2)
		set_mark(w[1], mark);
	else if (!strcmp(w[0], "now")) {
		receive();
		mark = now_ns();
		if (n == 2)
			set_mark(w[1], mark);
	} else if (!strcmp(w[0], "skip")) {
		receive();
		last = nframes - 1;
	} else if (!strcmp(w[0], "sleep") && n == 2)
		capture_until(now_ns() + parse_time(w[1]));
	else if (!strcmp(w[0], "sleepi") && n == 2)
		capture_until(now_ns() + parse_time(w[1]) * turn);
	else if (!strcmp(w[0], "until") && n >= 2)
		capture_until((n == 4 ? get_mark(w[3]) : mark) + parse_time(w[1]));
	else if (!strcmp(w[0], "run"))
		cmd_run(strstr(line, "run") + 4);
	else if (!strcmp(w[0], "print"))
		printf("# %s", strstr(line, "print") + 6);
	else if (!strcmp(w[0], "at"))
		cmd_at(w, n);
	else if (!strcmp(w[0], "peer") && n == 2)
		need_mac(w[1], peer_mac);
	else if (!strcmp(w[0], "assert"))
		cmd_assert(w, n);
	else if (!strcmp(w[0], "wait")) {
		parse_query(&q, w, n);
		cmd_wait(&q);
	} else if (!strcmp(w[0], "expect")) {
		parse_query(&q, w, n);
		cmd_expect(&q);
	} else if (!strcmp(w[0], "none") || !strcmp(w[0], "count") || !strcmp(w[0], "period") ||
		   !strcmp(w[0], "mean")) {
		parse_query(&q, w, n);
		cmd_window(w[0], &q);
	} else
		die("line %d: %s: no such command", lineno, w[0]);
}

static void play(FILE *in)
{
	static char lines[2000][1024];
	int n = 0, i, start = -1, turns = 0;
	char word[16];

	while (n < 2000 && fgets(lines[n], sizeof(lines[n]), in))
		n++;
	for (i = 0; i < n; i++) {
		lineno = i + 1;
		word[0] = 0;
		sscanf(lines[i], "%15s", word);
		if (!strcmp(word, "repeat")) {
			sscanf(lines[i], "%*s %d", &turns);
			start = i;
			turn = 0;
		} else if (!strcmp(word, "end")) {
			if (++turn < turns)
				i = start;
		} else {
			command(lines[i]);
		}
	}
}

static void capture(void)
{
	static uint8_t buf[65536];
	struct pollfd p = { .fd = rxfd, .events = POLLIN };
	struct frame f;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("ready\n");
	for (;;) {
		poll(&p, 1, -1);
		while (frame_recv(rxfd, &f, buf, sizeof(buf))) {
			if (!f.out && f.kind != K_OTHER) {
				printf("%lld.%09lld ", (long long)(f.ts / NS_PER_SEC),
				       (long long)(f.ts % NS_PER_SEC));
				frame_print(stdout, &f);
				printf("\n");
			}
			free(f.addrs);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "capture") && strcmp(argv[1], "play")))
		die("vrrpt capture DEV | vrrpt play DEV <SCRIPT");
	rxfd = packet_socket(argv[2]);
	txfd = packet_tx_socket(argv[2]);
	be_quick();
	if (!strcmp(argv[1], "capture"))
		capture();
	play(stdin);
	return 0;
}
