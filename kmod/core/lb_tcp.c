// SPDX-License-Identifier: GPL-2.0-only
#include "lb_tcp.h"

/* What flags come down to. */
enum what {
	NOTHING,
	SYN,
	SYN_ACK,
	ACK,
	FIN,
	RST,
};

#define NO	HAK_TCP_NONE
#define SS	HAK_TCP_SYN_SENT
#define SR	HAK_TCP_SYN_RECV
#define ES	HAK_TCP_ESTABLISHED
#define FC	HAK_TCP_FIN_CLIENT
#define FS	HAK_TCP_FIN_SERVER
#define CC	HAK_TCP_CLOSING_CLIENT
#define CS	HAK_TCP_CLOSING_SERVER
#define TW	HAK_TCP_TIME_WAIT
#define CL	HAK_TCP_CLOSE

/*
 * A SYN of the client after a close begins a new connection, one before it is a
 * retransmission. ACK does not lead out of SYN_SENT: without the server's SYN
 * it may be anybody's. SYN of the server or SYN and ACK of the client are those
 * of a simultaneous open.
 */
static const u8 table[2][RST + 1][HAK_TCP_STATES] = {
	[HAK_DIR_IN] = {
		/*		 NO  SS  SR  ES  FC  FS  CC  CS  TW  CL */
		[NOTHING] =	{ NO, SS, SR, ES, FC, FS, CC, CS, TW, CL },
		[SYN] =		{ SS, SS, SR, ES, SS, SS, SS, SS, SS, SS },
		[SYN_ACK] =	{ NO, SS, ES, ES, FC, FS, CC, CS, TW, CL },
		[ACK] =		{ ES, SS, ES, ES, FC, FS, TW, CS, TW, CL },
		[FIN] =		{ FC, SS, FC, FC, FC, CS, CC, CS, TW, CL },
		[RST] =		{ CL, CL, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	[HAK_DIR_OUT] = {
		/*		 NO  SS  SR  ES  FC  FS  CC  CS  TW  CL */
		[NOTHING] =	{ NO, SS, SR, ES, FC, FS, CC, CS, TW, CL },
		[SYN] =		{ NO, SR, SR, ES, FC, FS, CC, CS, TW, CL },
		[SYN_ACK] =	{ SR, SR, SR, ES, FC, FS, CC, CS, TW, CL },
		[ACK] =		{ ES, SS, SR, ES, FC, FS, CC, TW, TW, CL },
		[FIN] =		{ FS, SS, FS, FS, CC, FS, CC, CS, TW, CL },
		[RST] =		{ CL, CL, CL, CL, CL, CL, CL, CL, CL, CL },
	},
};

static const struct {
	const char *name;
	enum hak_conn_state shown;
	u32 timeout;
} states[HAK_TCP_STATES] = {
	[NO] = { "NONE",	   HAK_CONN_NONE,	   2 },
	[SS] = { "SYN_SENT",	   HAK_CONN_SYN_SENT,	  60 },
	[SR] = { "SYN_RECV",	   HAK_CONN_SYN_RECV,	  60 },
	[ES] = { "ESTABLISHED",	   HAK_CONN_ESTABLISHED, 900 },
	[FC] = { "FIN_CLIENT",	   HAK_CONN_FIN_WAIT,	 120 },
	[FS] = { "FIN_SERVER",	   HAK_CONN_FIN_WAIT,	 120 },
	[CC] = { "CLOSING_CLIENT", HAK_CONN_CLOSING,	  30 },
	[CS] = { "CLOSING_SERVER", HAK_CONN_CLOSING,	  30 },
	[TW] = { "TIME_WAIT",	   HAK_CONN_TIME_WAIT,	  60 },
	[CL] = { "CLOSE",	   HAK_CONN_CLOSE,	  10 },
};

static enum what what_of(u8 flags)
{
	if (flags & HAK_TCP_FLAG_RST)
		return RST;
	switch (flags & (HAK_TCP_FLAG_SYN | HAK_TCP_FLAG_ACK | HAK_TCP_FLAG_FIN)) {
	case HAK_TCP_FLAG_SYN:
		return SYN;
	case HAK_TCP_FLAG_SYN | HAK_TCP_FLAG_ACK:
		return SYN_ACK;
	case HAK_TCP_FLAG_ACK:
		return ACK;
	case HAK_TCP_FLAG_FIN | HAK_TCP_FLAG_ACK:
		return FIN;
	default:
		return NOTHING;
	}
}

static u32 known(u32 state)
{
	return state < HAK_TCP_STATES ? state : HAK_TCP_NONE;
}

enum hak_tcp_state hak_tcp_step(u32 state, enum hak_dir dir, u8 flags)
{
	if (state >= HAK_TCP_STATES)
		return HAK_TCP_NONE;
	return table[dir == HAK_DIR_OUT][what_of(flags)][state];
}

enum hak_tcp_state hak_tcp_step_alone(u32 state, u8 flags)
{
	enum what what = what_of(flags);

	/* The server has said something, or there would be nothing to acknowledge. */
	if (state == HAK_TCP_SYN_SENT && (what == ACK || what == FIN))
		state = HAK_TCP_SYN_RECV;
	return hak_tcp_step(state, HAK_DIR_IN, flags);
}

bool hak_tcp_reusable(u32 state, u8 flags)
{
	return known(state) >= HAK_TCP_FIN_CLIENT && what_of(flags) == SYN;
}

bool hak_tcp_opening(u32 state, u8 flags)
{
	enum what what = what_of(flags);

	return state == HAK_TCP_SYN_SENT && (what == SYN || what == RST);
}

u32 hak_tcp_timeout(u32 state)
{
	return states[known(state)].timeout;
}

enum hak_conn_state hak_tcp_conn_state(u32 state)
{
	return states[known(state)].shown;
}

const char *hak_tcp_name(u32 state)
{
	return states[known(state)].name;
}
