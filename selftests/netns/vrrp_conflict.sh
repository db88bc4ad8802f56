#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody else has an address of ours: alarms, one defence, no change of state. And
# the tracepoints, which tell of each advert that is not taken.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

V=00:00:5e:00:01:33
# An alarm is over after two Active_Down_Intervals; a debug kernel is slow to ask.
I=200ms
[ ! "${HAK_DEBUG_KERNEL:-}" ] || I=2s

setup() {
	mod_load
	pair_create
}

# up [WORD...]: R1 Active, its announcements over
up() {
	adm_flush "$R1" "$R2"
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I announce 1 "$@" >/dev/null
	wait_state "$R1" $R Active
	settle 500
	check_eq "alarms before" "$(alarms)" ""
}

alarms() { adm "$R1" status | grep -oE 'dual-active|ip-conflict|duplicate-primary' | sort -u | tr '\n' ' ' | sed 's/ $//'; }

play() {
	on "$CL" "$VRRPT" play eth0 || fail "judged so"
}

# A claim is told and defended, once; the second within 10 s is not.
claim() {
	local n
	up "$@"
	n=$(router_json "$R1" $R .counters.to_active)
	play <<-END
	def smac=$MC src=$VIP
	arp $VIP
	mark a
	expect garp 0 50ms from a
	assert smac=${MAC:-$M1}
	sleep 100ms
	arp $A1
	sleep 100ms
	arp $VIP
	sleep 700ms
	count garp 1 1 0 900ms from a
	END
	check_eq "alarms" "$(alarms)" ip-conflict
	check "who" grep -q "$MC" <<<"$(adm "$R1" status)"
	check_eq "transitions" "$(router_json "$R1" $R .counters.to_active)" "$n"
	check_eq "state" "$(router_json "$R1" $R .state)" Active
}

claim_physical() { MAC=$M1 claim; }
claim_virtual() { MAC=$V claim vmac on; }

# A Backup says nothing of it.
claim_at_backup() {
	up priority 100
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I priority 150 announce 1 >/dev/null
	wait_state "$R1" $R Backup
	settle 500
	play <<-END
	def smac=$MC src=$VIP
	arp $VIP
	sleep 300ms
	END
	check_eq "alarms" "$(alarms)" ""
}

# Frames from our own virtual MAC; protocol 112 is no part of it.
own_mac() {
	up vmac on
	play <<-END
	def smac=$V src=$AC
	arp $A1
	sleep 100ms
	END
	check_eq "alarms" "$(alarms)" dual-active
	check_eq "state" "$(router_json "$R1" $R .state)" Active
}

# Our primary address from another MAC; from the virtual one it is ourselves.
own_primary() {
	up
	play <<-END
	def smac=$MC src=$A1
	arp $A1
	sleep 100ms
	END
	check_eq "alarms" "$(alarms)" duplicate-primary
	check_eq "state" "$(router_json "$R1" $R .state)" Active
}

# Our own adverts, come back: with a virtual MAC, too, they are ours.
reflected() {
	up vmac on
	play <<-END
	wait advert src=$A1
	reflect 3 50ms
	sleep 100ms
	END
	check_eq "alarms" "$(alarms)" ""
	check_ge "reflected" "$(router_json "$R1" $R .counters.dropped.self_reflect)" 3
	# Heard at two places, one is told from two by the tick.
	check_le "reflected" "$(router_json "$R1" $R .counters.dropped.self_reflect)" \
		$((${HAK_DEBUG_KERNEL:-0} ? 6 : 3))
}

# The host's own second card in the segment is no rival.
second_card() {
	up
	ip -n "$R1" link add eth9 type veth peer name p9 netns "$SW"
	ip -n "$SW" link set p9 master br0 up
	ip -n "$R1" addr add 192.0.2.9/24 dev eth9
	ip -n "$R1" link set eth9 up
	on "$R1" arping -q -U -c 2 -I eth9 $A1
	on "$R1" arping -q -U -c 1 -I eth9 $VIP
	settle 200
	check_eq "alarms" "$(alarms)" ""
	ip -n "$R1" link del eth9
}

traced() {
	local t=$HAK_TMP/trace
	mkdir "$t"
	mount -t tracefs none "$t" || fail "no tracefs"
	echo 1 >"$t/events/hak/enable"
	up
	play <<-END
	def smac=$MC src=192.0.2.66 addrs=$VIP prio=254 int=20
	attack 100ms 100 ttl,vrid
	sleep 100ms
	END
	cp "$t/trace" "$HAK_TMP/traced"
	echo 0 >"$t/events/hak/enable"
	umount "$t"
	check "the takeover" grep -q "hak_router_state: router=$R seq=[0-9]* Backup -> Active: " "$HAK_TMP/traced"
	check "a wrong TTL" grep -q "hak_advert_drop: .* vrid=51 reason=ip_ttl saddr=::ffff:192.0.2.66 mac=$MC" "$HAK_TMP/traced"
	check "another VRID" grep -q "hak_advert_drop: .* reason=vrid saddr=::ffff:192.0.2.66" "$HAK_TMP/traced"
}

ALL_CASES="claim_physical claim_virtual claim_at_backup own_mac own_primary reflected second_card traced"
hak_main "${@:-$ALL_CASES}"
