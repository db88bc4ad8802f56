#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a client misses when the Active router goes, with adverts each 10 ms:
# the largest hole in a UDP echo, over runs whose phases are spread over the
# interval. Crash: the router's port no longer takes part in the bridge, carrier
# kept (see PORT_SHUT). Stop: it is switched off and says so. Cut: its cable is
# pulled. Down: the administrator takes the device down. The echo is at 1 kHz, which
# is what a hole can be too large by; HAK_ECHO_US=250 is what the bar of 1 ms needs.
# keepalived is measured beside it. How long the client is without service when
# a crashed router comes back is printed, not judged; its neighbour entry is
# flushed after 300 ms, or the next run would wait for it to expire (8 s).
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

# Of hak and, printed but not judged, of keepalived.
RUNS=${HAK_RUNS:-20}
PEER_RUNS=${HAK_PEER_RUNS:-20}
# 3 intervals + skew of priority 100 + 1 ms; skew + 1 ms; and 1 ms at 1 kHz
export HAK_ECHO_US=${HAK_ECHO_US:-1000}
CRASH_BAR=37.1 STOP_BAR=7.1
[ "$HAK_ECHO_US" -lt 1000 ] || CRASH_BAR=38.1 STOP_BAR=8.1

setup() {
	mod_load
	pair_create
	HEAL="ip netns exec $SW $PORT_OPEN; sleep 0.3; ip -n $CL neigh flush dev eth0"
	echo "# hole in ms       min  median     max     bar" >"$HAK_TMP/table"
}

teardown() {
	cat "$HAK_TMP/table"
	pair_destroy
}

servers() {
	on "$R1" "$UDPGAP" server $VIP 7 &
	on "$R2" "$UDPGAP" server $VIP 7 &
}

# measure NAME BAR CRASH RESTORE: BAR "-" when it is not judged
measure() {
	local line runs=$RUNS
	[ "$2" != - ] || runs=$PEER_RUNS
	servers
	ip -n "$CL" neigh flush dev eth0
	on "$CL" "$UDPGAP" client eth0 $VIP 7 $A1 10ms "$runs" "$3" "$4" >"$HAK_TMP/gap" 2>&1
	cat "$HAK_TMP/gap"
	line=$(grep '^hole' "$HAK_TMP/gap") || fail "not measured"
	set -- "$1" "$2" $line
	printf '# %-14s %7s %7s %7s %7s\n' "$1" "$5" "$7" "$9" "$2" >>"$HAK_TMP/table"
	check_eq "runs" "${11}" "$runs"
	[ "$2" = - ] || check_le "$1: largest hole" "$9" "$2"
}

hak_pair() {
	adm_flush "$R1" "$R2"
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval 10ms priority 150
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval 10ms priority 100
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
}

hak_crash() {
	hak_pair
	measure "hak crash" $CRASH_BAR "ip netns exec $SW $PORT_SHUT" "$HEAL"
}

hak_stop() {
	hak_pair
	measure "hak stop" $STOP_BAR "$HAKADM -n $R1 router set $R enable off" \
		"$HAKADM -n $R1 router set $R enable on"
	adm_flush "$R1" "$R2"
}

hak_cut() {
	hak_pair
	measure "hak cable cut" $CRASH_BAR "ip -n $SW link set p1 down" \
		"ip -n $SW link set p1 up; sleep 0.3; ip -n $CL neigh flush dev eth0"
}

hak_down() {
	hak_pair
	measure "hak device down" $STOP_BAR "ip -n $R1 link set eth0 down" \
		"ip -n $R1 link set eth0 up; sleep 0.3; ip -n $CL neigh flush dev eth0"
	adm_flush "$R1" "$R2"
}

keepalived_pair() {
	kp_start "$R1" k1 eth0 150 0.01
	kp_start "$R2" k2 eth0 100 0.01
	wait_addr "$R1" $VIP
}

keepalived_crash() {
	[ ! -d /sys/module/hak ] || adm_flush "$R1" "$R2"
	keepalived_pair
	measure "keepalived crash" - "ip netns exec $SW $PORT_SHUT" "$HEAL"
	kp_stop k1
	kp_stop k2
}

keepalived_stop() {
	[ ! -d /sys/module/hak ] || adm_flush "$R1" "$R2"
	keepalived_pair
	measure "keepalived stop" - "kill \$(cat $HAK_TMP/k1.pid)" \
		"sleep 0.5; . $HAK_SELFTESTS/lib.sh; kp_start $R1 k1 eth0 150 0.01"
	kp_stop k1
	kp_stop k2
}

ALL_CASES="hak_crash hak_stop keepalived_crash keepalived_stop"
[ "$HAK_ECHO_US" = 1000 ] || ALL_CASES="hak_crash hak_cut hak_stop hak_down keepalived_crash keepalived_stop"
hak_main "${@:-$ALL_CASES}"
