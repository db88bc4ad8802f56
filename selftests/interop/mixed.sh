#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Three makers' routers on one link, hak in $E, keepalived in $D and FRR in $F,
# killed and started at random: after each round one of them, and only one, is
# heard and answers. HAK_ROUNDS=100 for the claim.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=peers.sh disable=SC1091,SC2317,SC2119,SC2086,SC2034
. "$(dirname "$0")/peers.sh"

ROUNDS=${HAK_ROUNDS:-4}
CASE_TIMEOUT=$((60 + ROUNDS * 60))

setup() {
	peers_setup
	ns_create F
	link_create "$F" d0 00:00:5e:00:53:0c "$SW" p3
	router_ns "$F" 192.0.2.12 fe80::c
}

# router NUMBER VERB [WORD...]: 0 hak, 1 keepalived, 2 FRR
router() {
	local who=(hak keepalived frr) ns=("$E" "$D" "$F")
	DUT=${who[$1]} "$CONFORM/dut" "$2" "${ns[$1]}" "${@:3}"
}

begin_router() {
	router "$1" start accept on vmac off checksum auto priority $((100 + 50 * $1)) || fail "router $1 was refused"
	up[$1]=1
}

# one_speaks: of those that are up the best one, alone
one_speaks() {
	local want=("$E_IP" "$D_IP" 192.0.2.12) best i
	for i in 0 1 2; do [ "${up[$i]}" = 0 ] || best=$i; done
	[ "$(recent)" = "src=${want[$best]} " ] && answers_now
}

random_rounds() {
	local round i up=(0 0 0)
	# The sequence of a seed is the same every time.
	RANDOM=${HAK_SEED:-1}
	ADDRESS=$VIP
	for i in 0 1 2; do begin_router $i; done
	for ((round = 1; round <= ROUNDS; round++)); do
		i=$((RANDOM % 3))
		if [ "${up[$i]}" = 0 ]; then
			begin_router $i
		elif [ $((up[0] + up[1] + up[2])) -gt 1 ]; then
			router $i "$([ $((RANDOM % 2)) = 0 ] && echo stop || echo reset)"
			router $i reset
			up[i]=0
		fi
		wait_for 30 one_speaks || {
			tail -n 20 "$HAK_TMP/cap" | cut -c1-140 | sed 's/^/# /'
			fail "round $round, up ${up[*]}: heard $(recent)"
		}
	done
	note "$ROUNDS rounds, one Active after each"
}

ALL_CASES="random_rounds"
hak_main "${@:-$ALL_CASES}"
