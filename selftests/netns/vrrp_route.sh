#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Routes that exist while their router is Active: both families, other tables,
# devices and sources; put back when somebody removes them, gone with their router,
# its device, the module; what is somebody else's is left alone.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

OURS="proto 112"	# HAK_RTPROT

setup() {
	mod_load
	lone_create
}

# begin: a router that is Active
begin() {
	adm_flush "$R1"
	# A device that was down has lost it.
	ip -n "$R1" -6 addr replace 2001:db8::1/64 dev eth0 nodad
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 interval 100ms
	wait_state "$R1" $R Active
}

# routes [-6] [WORD...]: as `ip route` shows them, of the main table or as WORD tells
routes() {
	local family=-4
	[ "${1:-}" != -6 ] || family=-6
	[ $family = -4 ] || shift
	ip -n "$R1" $family route show $OURS "$@"
}

is() {
	local got
	got=$(routes "${@:2}")
	# `ip` ends its lines with a space.
	[ "${got//  / }" = "${1:+$1 }" ] || [ "$got" = "$1" ]
}

# wait_routes TEXT [WORD...]
wait_routes() {
	wait_for 5 is "$@" || fail "routes are '$(routes "${@:2}")', want '$1'"
}

installed() { adm "$R1" -j route show | gojq -r '[.[] | "\(.prefix) \(.installed)"] | join(" ")'; }

while_active() {
	begin
	adm_ok "$R1" route add 203.0.113.0/24 router $R via 192.0.2.77 src $VIP metric 7
	wait_routes "203.0.113.0/24 via 192.0.2.77 dev eth0 src $VIP metric 7"
	check_eq "what is told" "$(installed)" "203.0.113.0/24 on"
	adm_ok "$R1" router set $R enable off
	wait_routes ""
	check_eq "what is told" "$(installed)" "203.0.113.0/24 off"
	adm_ok "$R1" router set $R enable on
	wait_routes "203.0.113.0/24 via 192.0.2.77 dev eth0 src $VIP metric 7"
	ip -n "$R1" link set eth0 down
	wait_routes ""
	ip -n "$R1" link set eth0 up
	wait_routes "203.0.113.0/24 via 192.0.2.77 dev eth0 src $VIP metric 7"
	adm_ok "$R1" route del 203.0.113.0/24 router $R metric 7
	wait_routes ""
	check_eq "what is told" "$(installed)" ""
}

ways() {
	begin
	adm_ok "$R1" route add 203.0.113.0/24 router $R
	wait_routes "203.0.113.0/24 dev eth0 scope link"
	adm_ok "$R1" route add 203.0.113.128/25 router $R dev peer0 table 100
	wait_routes "203.0.113.128/25 dev peer0 scope link" table 100
	adm_ok "$R1" route add 0.0.0.0/0 router $R via 192.0.2.77
	wait_for 5 has default || fail "no default route"
	adm_ok "$R1" route add 2001:db8:9::/48 router $R via 2001:db8::77
	wait_routes "2001:db8:9::/48 via 2001:db8::77 dev eth0 metric 1024 pref medium" -6
	# another device, once it is there
	adm_ok "$R1" route add 198.51.100.0/24 router $R dev up0
	check_eq "without its device" "$(adm "$R1" -j route show 198.51.100.0/24 | gojq -r '.[0].installed')" off
	ip -n "$R1" link add up0 type veth peer name up1
	ip -n "$R1" link set up0 up
	wait_for 5 has 198.51.100.0/24 || fail "no route over up0"
	ip -n "$R1" link del up0
	wait_for 5 has_not 198.51.100.0/24 || fail "a route over nothing"
	# what has changed goes another way
	adm_ok "$R1" save >"$HAK_TMP/conf"
	sed -i 's/via 192.0.2.77/via 192.0.2.78/' "$HAK_TMP/conf"
	adm_ok "$R1" load "$HAK_TMP/conf" >"$HAK_TMP/said"
	grep -q "~1 route (via 192.0.2.77 -> 192.0.2.78)" "$HAK_TMP/said" || fail "load: $(cat "$HAK_TMP/said")"
	wait_for 5 has "default via 192.0.2.78" || fail "it goes on: $(routes)"
	adm_flush "$R1"
	wait_routes ""
	wait_routes "" table 100
	wait_routes "" -6
}

has() { [[ $(routes) == *"$1"* ]]; }
has_not() { ! has "$1"; }

comes_back() {
	local i
	begin
	adm_ok "$R1" route add 203.0.113.0/24 router $R via 192.0.2.77
	adm_ok "$R1" route add 2001:db8:9::/48 router $R dev eth0
	wait_for 5 has 203.0.113.0/24 || fail "no route"
	for i in 1 2 3; do
		ip -n "$R1" route del 203.0.113.0/24
		wait_routes "203.0.113.0/24 via 192.0.2.77 dev eth0"
	done
	ip -n "$R1" -6 route del 2001:db8:9::/48
	wait_routes "2001:db8:9::/48 dev eth0 metric 1024 pref medium" -6
	# unseen behind a better one, which then goes, too
	ip -n "$R1" -6 route add 2001:db8:9::/48 dev peer0 metric 5
	ip -n "$R1" -6 route del 2001:db8:9::/48 metric 1024
	ip -n "$R1" -6 route del 2001:db8:9::/48 metric 5
	wait_routes "2001:db8:9::/48 dev eth0 metric 1024 pref medium" -6
	ip -n "$R1" route flush 203.0.113.0/24
	wait_for 5 has 203.0.113.0/24 || fail "no route after a flush"
}

# What somebody else has put there stays, and ours follows when it has gone.
not_ours() {
	begin
	ip -n "$R1" route add 203.0.113.0/24 via 192.0.2.70
	adm_ok "$R1" route add 203.0.113.0/24 router $R via 192.0.2.77
	settle 500
	wait_routes ""
	check_eq "theirs" "$(ip -n "$R1" route show 203.0.113.0/24)" "203.0.113.0/24 via 192.0.2.70 dev eth0 "
	check_eq "what is told" "$(installed)" "203.0.113.0/24 off"
	ip -n "$R1" route del 203.0.113.0/24
	wait_routes "203.0.113.0/24 via 192.0.2.77 dev eth0"
	ip -n "$R1" route replace 203.0.113.0/24 via 192.0.2.70
	adm_ok "$R1" router del $R
	wait_routes ""
	check_eq "theirs" "$(ip -n "$R1" route show 203.0.113.0/24)" "203.0.113.0/24 via 192.0.2.70 dev eth0 "
	ip -n "$R1" route del 203.0.113.0/24
}

with_the_module() {
	begin
	adm_ok "$R1" route add 203.0.113.0/24 router $R via 192.0.2.77
	adm_ok "$R1" route add 2001:db8:9::/48 router $R dev eth0
	wait_for 5 has 203.0.113.0/24 || fail "no route"
	mod_unload
	check_eq "routes left" "$(routes)$(routes -6)" ""
	mod_load
}

refusals() {
	local i n
	begin
	adm_refused 2 "router X: no such router" route add 203.0.113.0/24 router X
	adm_refused 1 "via: is of the other family than 203.0.113.0/24" route add 203.0.113.0/24 router $R via 2001:db8::1
	adm_ok "$R1" route add 203.0.113.0/24 router $R
	adm_refused 2 "router $R has route 203.0.113.0/24 table 254 metric 0 already" \
		route add 203.0.113.0/24 router $R via 192.0.2.77
	adm_refused 2 "router $R has no route 203.0.113.0/24 table 254 metric 9" \
		route del 203.0.113.0/24 router $R metric 9
	adm_ok "$R1" save >"$HAK_TMP/conf"
	for ((i = 0; i < 64; i++)); do
		echo "route add 198.51.100.$((4 * i))/30 router $R"
	done >>"$HAK_TMP/conf"
	adm "$R1" load "$HAK_TMP/conf" >"$HAK_TMP/said" 2>&1 && fail "65 routes were taken"
	grep -q "router $R has 64 routes, it may not have more" "$HAK_TMP/said" || fail "$(cat "$HAK_TMP/said")"
	n=$(adm "$R1" -j route show | gojq length)
	check_eq "routes after that" "$n" 1
}

# adm_refused STATUS SENTENCE WORD...
adm_refused() {
	local rc=0 said status=$1 want=$2
	said=$(adm "$R1" "${@:3}" 2>&1) || rc=$?
	check_eq "status of ${*:3}" "$rc" "$status"
	[[ $said == *"$want"* ]] || fail "${*:3}: $said"
}

ALL_CASES="while_active ways comes_back not_ours with_the_module refusals"
hak_main "${@:-$ALL_CASES}"
