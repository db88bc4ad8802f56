#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Thousands of routers with adverts every 100 ms on 16 VLANs of one link: $D Active,
# $E Backup, both cards heard by the tester $T, whose kernel takes the time.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

CASE_TIMEOUT=1500
VLANS=16
ROUTERS=${HAK_MANY:-4000}
SECS=${HAK_MANY_SECONDS:-60}

setup() {
	# The cables are queues of the only processor: what does not fit in is lost.
	sysctl -qw net.core.netdev_max_backlog=100000
	pair_setup
	links "$D" 1
	links "$E" 2
}

# links NS HOST: a VLAN device for each, and the host's address there
links() {
	local v
	for ((v = 1; v <= VLANS; v++)); do
		echo "link add link d0 name d0.$v type vlan id $v"
		echo "link set d0.$v addrgenmode none up"
		echo "addr add 198.19.$v.$2/24 dev d0.$v"
	done | ip -n "$1" -batch -
}

# each FORMAT: a line for each router, of: VLAN VRID
each() {
	awk -v n="$ROUTERS" -v vlans=$VLANS -v form="$1\n" 'BEGIN {
		for (i = 0; i < n; i++) {
			d = 1 + i % vlans; v = 1 + int(i / vlans)
			printf form, d, v, d, v
		}
	}'
}

# begin_hak NS PRIORITY
begin_hak() {
	each "vip add 198.18.%d.%d/32 dev d0.%d vrid %d vmac on checksum plain interval 100ms priority $2" \
		>"$HAK_TMP/conf.$2"
	"$HAKADM" -n "$1" load "$HAK_TMP/conf.$2" || fail "load"
}

# states NS STATE: how many routers of hak are in that state
states() { "$HAKADM" -n "$1" -j status | gojq "[.routers[] | select(.state == \"$2\")] | length"; }
all_are() { [ "$(states "$1" "$2")" = "$ROUTERS" ]; }

# listen FILE FILTER...: what t0 hears, until `silence`
listen() {
	local file=$1
	shift
	"$HAK_TOOLS/nsx" "$T" tcpdump -i t0 -n -s 64 -B 65536 -Q in -w "$file" "$@" >/dev/null 2>"$HAK_TMP/tcpdump" &
	LISTENER=$!
	wait_for 20 grep -q listening "$HAK_TMP/tcpdump" || fail "tcpdump: $(cat "$HAK_TMP/tcpdump")"
}

silence() {
	kill $LISTENER
	wait $LISTENER
	grep -q '^0 packets dropped by kernel' "$HAK_TMP/tcpdump" || fail "the tester was deaf: $(cat "$HAK_TMP/tcpdump")"
}

# takeovers FILE: how many, and the shortest and the longest time in ms from the last
# advert of the one host to the first of the other
takeovers() {
	"$HAK_SELFTESTS/tools/frames" "$1" | awk '
		$2 == "advert" {
			split($3, a, "."); r = a[3] "/" $4
			if (a[4] == 1) last[r] = $1; else if (!(r in first)) first[r] = $1
		}
		END {
			for (r in first) {
				if (!(r in last)) continue
				g = 1000 * (first[r] - last[r])
				if (!n++ || g < lo) lo = g
				if (g > hi) hi = g
			}
			printf "%d %.2f %.2f\n", n, lo, hi
		}'
}

r121_4000_routers() {
	only_hak "not played: the others want a device for each"
	begin_hak "$D" 200
	wait_for 20 all_are "$D" Active || fail "$(states "$D" Active) are Active"
	begin_hak "$E" 100
	wait_for 20 all_are "$E" Backup || fail "$(states "$E" Backup) are Backup"
	# What E sends, tagged or not: its address ends in 2.
	listen "$HAK_TMP/false" "ip[9] == 112 and ip[15] == 2"
	settle $((SECS * 1000))
	silence
	check_eq "adverts of the Backups in $SECS s" "$("$HAK_SELFTESTS/tools/frames" "$HAK_TMP/false" | grep -c advert)" 0
	listen "$HAK_TMP/cut" "ip[9] == 112"
	settle 300
	bridge -n "$SW" link set dev p1 state 0
	settle 1500
	silence
	takeovers "$HAK_TMP/cut" >"$HAK_TMP/takeovers"
	read -r n first last <"$HAK_TMP/takeovers"
	note "figure: $last ms"
	check_eq "routers taken over" "$n" "$ROUTERS"
	# Active_Down_Interval 360.9 ms, from the last advert of each.
	check_ge "the first of them, ms" "${first%.*}" 360
	check_le "the last of them, ms" "${last%.*}" 410
	check_eq "routers that were Active more than once" \
		"$("$HAKADM" -n "$E" -j router show | gojq '[.[] | select(.counters.to_active != 1)] | length')" 0
}

conform_main "$@"
