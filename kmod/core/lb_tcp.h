/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a TCP connection as somebody in the middle sees it who passes on
 * both directions. Flags only: sequence numbers are left to the two ends.
 */
#ifndef HAK_CORE_LB_TCP_H
#define HAK_CORE_LB_TCP_H

#include "env.h"
#include <linux/hak.h>

#define HAK_TCP_FLAG_FIN	0x01
#define HAK_TCP_FLAG_SYN	0x02
#define HAK_TCP_FLAG_RST	0x04
#define HAK_TCP_FLAG_ACK	0x10

/** enum hak_dir - who sent a packet of a connection */
enum hak_dir {
	HAK_DIR_IN = 0,		/* the client */
	HAK_DIR_OUT,		/* the server */
};

/** enum hak_tcp_state - finer than &enum hak_conn_state: it must know whose FIN it was */
enum hak_tcp_state {
	HAK_TCP_NONE = 0,	/* nothing seen that says more */
	HAK_TCP_SYN_SENT,	/* SYN of the client */
	HAK_TCP_SYN_RECV,	/* and of the server */
	HAK_TCP_ESTABLISHED,
	HAK_TCP_FIN_CLIENT,	/* the client has closed */
	HAK_TCP_FIN_SERVER,	/* the server has closed */
	HAK_TCP_CLOSING_CLIENT,	/* both have, the client's ACK is due */
	HAK_TCP_CLOSING_SERVER,	/* both have, the server's ACK is due */
	HAK_TCP_TIME_WAIT,
	HAK_TCP_CLOSE,		/* reset */
};
#define HAK_TCP_STATES	(HAK_TCP_CLOSE + 1)

/**
 * hak_tcp_step() - a packet of a connection passes
 * @state: &enum hak_tcp_state before it
 * @dir: whose
 * @flags: byte 13 of its TCP header
 *
 * Packets that no end would take change nothing: without ACK where RFC 9293
 * wants it, or with SYN and FIN. A connection met in the middle is established.
 *
 * Return: the state after it; HAK_TCP_NONE when @state is none.
 */
enum hak_tcp_state hak_tcp_step(u32 state, enum hak_dir dir, u8 flags);

/**
 * hak_tcp_step_alone() - the same where nothing is seen of the server
 * @state: &enum hak_tcp_state before it
 * @flags: byte 13 of the TCP header of a packet of the client
 *
 * An ACK after the SYN is taken for the end of the handshake. No state is reached that
 * needs to know what the server closed; silence ends such a connection.
 *
 * Return: the state after it; HAK_TCP_NONE when @state is none.
 */
enum hak_tcp_state hak_tcp_step_alone(u32 state, u8 flags);

/**
 * hak_tcp_settled() - does hak_tcp_step() lead nowhere, as with nearly every packet
 * @state: &enum hak_tcp_state
 * @flags: byte 13 of a TCP header
 *
 * Return: true only when the state stays what it is, whoever sent it.
 */
static inline bool hak_tcp_settled(u32 state, u8 flags)
{
	return state == HAK_TCP_ESTABLISHED &&
	       !(flags & (HAK_TCP_FLAG_FIN | HAK_TCP_FLAG_RST));
}

/**
 * hak_tcp_active() - is a connection being opened or open
 * @state: &enum hak_tcp_state
 *
 * Return: false once a side has closed it.
 */
static inline bool hak_tcp_active(u32 state)
{
	return state < HAK_TCP_FIN_CLIENT;
}

/**
 * hak_tcp_reusable() - does a packet of the client begin a new connection
 * @state: of the connection that had its addresses and ports
 * @flags: byte 13 of its TCP header
 *
 * A client that has forgotten the old connection may use its port again at
 * once. That one is over, or at least one side has closed it.
 *
 * Return: true for a SYN alone when @state is FIN_CLIENT or later.
 */
bool hak_tcp_reusable(u32 state, u8 flags);

/**
 * hak_tcp_opening() - does a packet tell how a server takes to a new connection
 * @state: of the connection
 * @flags: byte 13 of its TCP header
 *
 * Return: true for a SYN alone, of the client: it asks again; and for a reset, of the
 * server: it refuses; while nothing else was heard of the server.
 */
bool hak_tcp_opening(u32 state, u8 flags);

/**
 * hak_tcp_timeout() - how long a connection may be silent
 * @state: &enum hak_tcp_state
 *
 * From IPVS (tcp_timeouts[]): NONE 2 s, SYN_RECV 60 s, ESTABLISHED 15 minutes,
 * FIN_* 2 minutes (its FIN_WAIT), CLOSING_* 30 s (its LAST_ACK), CLOSE 10 s.
 * SYN_SENT is 60 s, not 2 minutes, for a flood of SYNs fills the table in that
 * time and a server answers long before it. TIME_WAIT is 60 s, not 2 minutes,
 * as Linux itself has it (TCP_TIMEWAIT_LEN).
 *
 * Return: seconds; those of NONE when @state is none.
 */
u32 hak_tcp_timeout(u32 state);

/**
 * hak_tcp_conn_state() - the state that is shown
 * @state: &enum hak_tcp_state
 *
 * Return: HAK_CONN_NONE when @state is none.
 */
enum hak_conn_state hak_tcp_conn_state(u32 state);

/**
 * hak_tcp_name() - a state in words
 * @state: &enum hak_tcp_state
 *
 * Return: such as "SYN_SENT"; "NONE" when @state is none.
 */
const char *hak_tcp_name(u32 state);

#endif /* HAK_CORE_LB_TCP_H */
