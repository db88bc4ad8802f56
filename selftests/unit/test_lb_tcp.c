// SPDX-License-Identifier: GPL-2.0-only
#include "lb_tcp.h"
#include "suites.h"

#define FIN	HAK_TCP_FLAG_FIN
#define SYN	HAK_TCP_FLAG_SYN
#define RST	HAK_TCP_FLAG_RST
#define PSH	0x08
#define ACK	HAK_TCP_FLAG_ACK
#define ECE	0x40
#define CWR	0x80
#define C	HAK_DIR_IN
#define S	HAK_DIR_OUT

/* A conversation: who says what, and what the state is then. */
struct line {
	enum hak_dir dir;
	u8 flags;
	const char *state;
};

static void converse(u32 state, const struct line *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		state = hak_tcp_step(state, lines[i].dir, lines[i].flags);
		CHECK_MSG(!strcmp(hak_tcp_name(state), lines[i].state),
			  "line %zu leads to %s, not %s", i, hak_tcp_name(state),
			  lines[i].state);
	}
}

#define CONVERSE(state, ...) do {						\
	static const struct line lines_[] = { __VA_ARGS__ };			\
	converse(state, lines_, TAP_COUNT(lines_));				\
} while (0)

static void whole_connection(void)
{
	CONVERSE(HAK_TCP_NONE,
		 { C, SYN, "SYN_SENT" }, { S, SYN | ACK, "SYN_RECV" }, { C, ACK, "ESTABLISHED" },
		 { C, PSH | ACK, "ESTABLISHED" }, { S, ACK, "ESTABLISHED" },
		 { S, PSH | ACK, "ESTABLISHED" }, { C, FIN | ACK, "FIN_CLIENT" },
		 { S, ACK, "FIN_CLIENT" }, { S, FIN | ACK, "CLOSING_CLIENT" },
		 { C, ACK, "TIME_WAIT" });
}

static void server_closes_first(void)
{
	CONVERSE(HAK_TCP_ESTABLISHED,
		 { S, FIN | PSH | ACK, "FIN_SERVER" }, { C, ACK, "FIN_SERVER" },
		 { C, FIN | ACK, "CLOSING_SERVER" }, { S, ACK, "TIME_WAIT" },
		 { C, FIN | ACK, "TIME_WAIT" }, { S, ACK, "TIME_WAIT" });
}

static void syn_is_retransmitted(void)
{
	CONVERSE(HAK_TCP_NONE,
		 { C, SYN, "SYN_SENT" }, { C, SYN, "SYN_SENT" }, { C, SYN | ECE | CWR, "SYN_SENT" },
		 { S, SYN | ACK, "SYN_RECV" }, { C, SYN, "SYN_RECV" },
		 { S, SYN | ACK | ECE, "SYN_RECV" }, { C, ACK, "ESTABLISHED" },
		 { S, SYN | ACK, "ESTABLISHED" }, { C, SYN, "ESTABLISHED" });
}

/* The client has no more to say, the server has, and somebody repeats his FIN. */
static void half_close_lasts(void)
{
	CONVERSE(HAK_TCP_ESTABLISHED,
		 { C, FIN | ACK, "FIN_CLIENT" }, { C, FIN | ACK, "FIN_CLIENT" },
		 { S, PSH | ACK, "FIN_CLIENT" }, { C, ACK, "FIN_CLIENT" },
		 { S, ACK, "FIN_CLIENT" }, { S, FIN | ACK, "CLOSING_CLIENT" },
		 { S, FIN | ACK, "CLOSING_CLIENT" }, { S, ACK, "CLOSING_CLIENT" },
		 { C, ACK, "TIME_WAIT" });
	CONVERSE(HAK_TCP_ESTABLISHED,
		 { S, FIN | ACK, "FIN_SERVER" }, { S, FIN | ACK, "FIN_SERVER" },
		 { C, PSH | ACK, "FIN_SERVER" }, { S, ACK, "FIN_SERVER" },
		 { C, FIN | ACK, "CLOSING_SERVER" }, { C, ACK, "CLOSING_SERVER" },
		 { S, ACK, "TIME_WAIT" });
}

static void simultaneous_close(void)
{
	CONVERSE(HAK_TCP_ESTABLISHED,
		 { C, FIN | ACK, "FIN_CLIENT" }, { S, FIN | ACK, "CLOSING_CLIENT" },
		 { S, ACK, "CLOSING_CLIENT" }, { C, ACK, "TIME_WAIT" });
	CONVERSE(HAK_TCP_ESTABLISHED,
		 { S, FIN | ACK, "FIN_SERVER" }, { C, FIN | ACK, "CLOSING_SERVER" },
		 { C, ACK, "CLOSING_SERVER" }, { S, ACK, "TIME_WAIT" });
}

static void simultaneous_open(void)
{
	CONVERSE(HAK_TCP_NONE,
		 { C, SYN, "SYN_SENT" }, { S, SYN, "SYN_RECV" }, { C, SYN | ACK, "ESTABLISHED" },
		 { S, SYN | ACK, "ESTABLISHED" });
}

/* An ACK without the server's answer makes no connection, whoever sends it. */
static void no_ack_without_syn_ack(void)
{
	CONVERSE(HAK_TCP_SYN_SENT,
		 { C, ACK, "SYN_SENT" }, { S, ACK, "SYN_SENT" }, { C, SYN | ACK, "SYN_SENT" },
		 { C, FIN | ACK, "SYN_SENT" }, { S, FIN | ACK, "SYN_SENT" });
}

static void met_in_the_middle(void)
{
	CONVERSE(HAK_TCP_NONE, { C, ACK, "ESTABLISHED" });
	CONVERSE(HAK_TCP_NONE, { S, PSH | ACK, "ESTABLISHED" });
	CONVERSE(HAK_TCP_NONE, { S, SYN | ACK, "SYN_RECV" });
	CONVERSE(HAK_TCP_NONE, { C, FIN | ACK, "FIN_CLIENT" });
	CONVERSE(HAK_TCP_NONE, { S, FIN | ACK, "FIN_SERVER" });
}

static void port_is_used_again(void)
{
	CONVERSE(HAK_TCP_TIME_WAIT, { S, SYN, "TIME_WAIT" }, { C, SYN, "SYN_SENT" });
	CONVERSE(HAK_TCP_CLOSE, { C, ACK, "CLOSE" }, { S, FIN | ACK, "CLOSE" },
		 { C, SYN, "SYN_SENT" }, { S, SYN | ACK, "SYN_RECV" });
}

static void reset_closes_any(void)
{
	u32 state;

	for (state = 0; state < HAK_TCP_STATES; state++) {
		CHECK_NUM(hak_tcp_step(state, C, RST), HAK_TCP_CLOSE);
		CHECK_NUM(hak_tcp_step(state, S, RST | ACK), HAK_TCP_CLOSE);
		CHECK_NUM(hak_tcp_step(state, C, RST | SYN | FIN), HAK_TCP_CLOSE);
	}
}

/*
 * All of the table, by name: rows are states, columns what comes.
 * Client: SYN, SYN+ACK, ACK, FIN+ACK, RST; server: the same.
 */
static const struct {
	const char *from;
	const char *to[10];
} all[HAK_TCP_STATES] = {
	{ "NONE",
	  { "SYN_SENT", "NONE", "ESTABLISHED", "FIN_CLIENT", "CLOSE",
	    "NONE", "SYN_RECV", "ESTABLISHED", "FIN_SERVER", "CLOSE" } },
	{ "SYN_SENT",
	  { "SYN_SENT", "SYN_SENT", "SYN_SENT", "SYN_SENT", "CLOSE",
	    "SYN_RECV", "SYN_RECV", "SYN_SENT", "SYN_SENT", "CLOSE" } },
	{ "SYN_RECV",
	  { "SYN_RECV", "ESTABLISHED", "ESTABLISHED", "FIN_CLIENT", "CLOSE",
	    "SYN_RECV", "SYN_RECV", "SYN_RECV", "FIN_SERVER", "CLOSE" } },
	{ "ESTABLISHED",
	  { "ESTABLISHED", "ESTABLISHED", "ESTABLISHED", "FIN_CLIENT", "CLOSE",
	    "ESTABLISHED", "ESTABLISHED", "ESTABLISHED", "FIN_SERVER", "CLOSE" } },
	{ "FIN_CLIENT",
	  { "SYN_SENT", "FIN_CLIENT", "FIN_CLIENT", "FIN_CLIENT", "CLOSE",
	    "FIN_CLIENT", "FIN_CLIENT", "FIN_CLIENT", "CLOSING_CLIENT", "CLOSE" } },
	{ "FIN_SERVER",
	  { "SYN_SENT", "FIN_SERVER", "FIN_SERVER", "CLOSING_SERVER", "CLOSE",
	    "FIN_SERVER", "FIN_SERVER", "FIN_SERVER", "FIN_SERVER", "CLOSE" } },
	{ "CLOSING_CLIENT",
	  { "SYN_SENT", "CLOSING_CLIENT", "TIME_WAIT", "CLOSING_CLIENT", "CLOSE",
	    "CLOSING_CLIENT", "CLOSING_CLIENT", "CLOSING_CLIENT", "CLOSING_CLIENT", "CLOSE" } },
	{ "CLOSING_SERVER",
	  { "SYN_SENT", "CLOSING_SERVER", "CLOSING_SERVER", "CLOSING_SERVER", "CLOSE",
	    "CLOSING_SERVER", "CLOSING_SERVER", "TIME_WAIT", "CLOSING_SERVER", "CLOSE" } },
	{ "TIME_WAIT",
	  { "SYN_SENT", "TIME_WAIT", "TIME_WAIT", "TIME_WAIT", "CLOSE",
	    "TIME_WAIT", "TIME_WAIT", "TIME_WAIT", "TIME_WAIT", "CLOSE" } },
	{ "CLOSE",
	  { "SYN_SENT", "CLOSE", "CLOSE", "CLOSE", "CLOSE",
	    "CLOSE", "CLOSE", "CLOSE", "CLOSE", "CLOSE" } },
};

static void every_transition(void)
{
	static const u8 flags[] = { SYN, SYN | ACK, ACK, FIN | ACK, RST };
	u32 from, k, to;

	for (from = 0; from < HAK_TCP_STATES; from++) {
		CHECK_MSG(!strcmp(hak_tcp_name(from), all[from].from), "%u is %s", from,
			  hak_tcp_name(from));
		for (k = 0; k < 10; k++) {
			to = hak_tcp_step(from, k < 5 ? C : S, flags[k % 5]);
			CHECK_MSG(!strcmp(hak_tcp_name(to), all[from].to[k]), "%s %u: %s, not %s",
				  all[from].from, k, hak_tcp_name(to), all[from].to[k]);
		}
	}
}

/* What the flags that matter are worth, from the words of RFC 9293. */
static bool taken(u8 flags)
{
	if (flags & RST)
		return true;
	if (flags & SYN)
		return !(flags & FIN);
	return flags & ACK;
}

static void all_flags(void)
{
	u32 state, flags, dir, to;

	for (state = 0; state < HAK_TCP_STATES; state++) {
		for (flags = 0; flags < 512; flags++) {
			dir = flags >> 8 ? S : C;
			to = hak_tcp_step(state, dir, (u8)flags);
			CHECK(to < HAK_TCP_STATES);
			CHECK_MSG(taken((u8)flags) || to == state, "%s %02x: %s",
				  hak_tcp_name(state), flags, hak_tcp_name(to));
			/* PSH, URG, ECE and CWR say nothing. */
			CHECK_NUM(hak_tcp_step(state, dir, (u8)flags & (FIN | SYN | RST | ACK)),
				  to);
		}
	}
}

static void reusable(void)
{
	u32 state, flags;

	for (state = 0; state < HAK_TCP_STATES; state++) {
		for (flags = 0; flags < 256; flags++) {
			bool lone = (flags & (SYN | ACK | FIN | RST)) == SYN;

			CHECK_NUM(hak_tcp_reusable(state, (u8)flags),
				  lone && state >= HAK_TCP_FIN_CLIENT);
			/* The table agrees. */
			CHECK(!hak_tcp_reusable(state, (u8)flags) ||
			      hak_tcp_step(state, C, (u8)flags) == HAK_TCP_SYN_SENT);
		}
	}
}

/* The handshake and the end as a client shows them. */
static void alone(void)
{
	static const struct {
		u8 flags;
		u32 state;
	} life[] = {
		{ SYN, HAK_TCP_SYN_SENT }, { SYN, HAK_TCP_SYN_SENT },
		{ ACK, HAK_TCP_ESTABLISHED }, { ACK, HAK_TCP_ESTABLISHED },
		{ FIN | ACK, HAK_TCP_FIN_CLIENT }, { ACK, HAK_TCP_FIN_CLIENT },
		{ SYN, HAK_TCP_SYN_SENT }, { FIN | ACK, HAK_TCP_FIN_CLIENT },
		{ RST, HAK_TCP_CLOSE },
	};
	u32 state = HAK_TCP_NONE, s, flags, i;

	for (i = 0; i < TAP_COUNT(life); i++) {
		state = hak_tcp_step_alone(state, life[i].flags);
		CHECK_NUM(state, life[i].state);
	}
	for (s = 0; s < HAK_TCP_STATES + 2; s++)
		for (flags = 0; flags < 256; flags++)
			CHECK(s == HAK_TCP_SYN_SENT ||
			      hak_tcp_step_alone(s, (u8)flags) == hak_tcp_step(s, C, (u8)flags));
}

/* What a server makes of a SYN is told by a SYN that comes again, and by a reset. */
static void opening(void)
{
	u32 state, flags;

	for (state = 0; state < HAK_TCP_STATES + 2; state++)
		for (flags = 0; flags < 256; flags++)
			CHECK_NUM(hak_tcp_opening(state, (u8)flags),
				  state == HAK_TCP_SYN_SENT &&
				  (flags & RST || (flags & (SYN | ACK | FIN)) == SYN));
}

/* What the data path does not ask the table about. */
static void settled(void)
{
	u32 state, flags, n = 0;

	for (state = 0; state < HAK_TCP_STATES + 2; state++) {
		for (flags = 0; flags < 256; flags++) {
			if (!hak_tcp_settled(state, (u8)flags))
				continue;
			n++;
			CHECK_NUM(hak_tcp_step(state, C, (u8)flags), state);
			CHECK_NUM(hak_tcp_step(state, S, (u8)flags), state);
		}
	}
	CHECK(hak_tcp_settled(HAK_TCP_ESTABLISHED, ACK));
	CHECK(n > 0);
}

static void timeouts(void)
{
	static const u32 want[HAK_TCP_STATES] = { 2, 60, 60, 900, 120, 120, 30, 30, 60, 10 };
	u32 state;

	for (state = 0; state < HAK_TCP_STATES; state++)
		CHECK_NUM(hak_tcp_timeout(state), want[state]);
}

static void shown_states(void)
{
	static const enum hak_conn_state want[HAK_TCP_STATES] = {
		HAK_CONN_NONE, HAK_CONN_SYN_SENT, HAK_CONN_SYN_RECV, HAK_CONN_ESTABLISHED,
		HAK_CONN_FIN_WAIT, HAK_CONN_FIN_WAIT, HAK_CONN_CLOSING, HAK_CONN_CLOSING,
		HAK_CONN_TIME_WAIT, HAK_CONN_CLOSE,
	};
	u32 state;

	for (state = 0; state < HAK_TCP_STATES; state++)
		CHECK_NUM(hak_tcp_conn_state(state), want[state]);
}

static void no_state(void)
{
	static const u32 none[] = { HAK_TCP_STATES, 255, 0xffffffff };
	u32 i;

	for (i = 0; i < TAP_COUNT(none); i++) {
		CHECK_NUM(hak_tcp_step(none[i], C, ACK), HAK_TCP_NONE);
		CHECK_NUM(hak_tcp_step(none[i], S, RST), HAK_TCP_NONE);
		CHECK(!hak_tcp_reusable(none[i], SYN));
		CHECK_NUM(hak_tcp_timeout(none[i]), 2);
		CHECK_NUM(hak_tcp_conn_state(none[i]), HAK_CONN_NONE);
		CHECK(!strcmp(hak_tcp_name(none[i]), "NONE"));
	}
}

const struct tap_test lb_tcp_tests[] = {
	TAP_TEST(whole_connection),
	TAP_TEST(server_closes_first),
	TAP_TEST(syn_is_retransmitted),
	TAP_TEST(half_close_lasts),
	TAP_TEST(simultaneous_close),
	TAP_TEST(simultaneous_open),
	TAP_TEST(no_ack_without_syn_ack),
	TAP_TEST(met_in_the_middle),
	TAP_TEST(port_is_used_again),
	TAP_TEST(reset_closes_any),
	TAP_TEST(every_transition),
	TAP_TEST(all_flags),
	TAP_TEST(reusable),
	TAP_TEST(opening),
	TAP_TEST(alone),
	TAP_TEST(settled),
	TAP_TEST(timeouts),
	TAP_TEST(shown_states),
	TAP_TEST(no_state),
};
const size_t lb_tcp_count = TAP_COUNT(lb_tcp_tests);
