#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# hak and Debian's keepalived as a pair, VRRPv3, both directions.
# $R1 runs keepalived, $R2 hak.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

# As each side writes it
I=200ms KI=0.2
# skew of priority 100 is 121.9 ms; two CPUs under emulation are late
SKEW_BAR=400

setup() {
	need keepalived
	mod_load
}

begin() {
	pair_create
	mod_load
	cap_start "$CL" eth0 "$HAK_TMP/cap"
}

# hak [ROUTER-WORD...] on R2, with the interval of the other side
hak() {
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 interval $I "$@"
}

# kp PRIORITY [LINE...] on R1
kp() {
	local prio=$1
	shift
	kp_start "$R1" k eth0 "$prio" $KI "$@"
}

k_active() {
	wait_addr "$R1" $VIP
	wait_state "$R2" $R Backup
	wait_no_addr "$R2" $VIP
	client_at $M1
}

h_active() {
	wait_state "$R2" $R Active
	wait_addr "$R2" $VIP
	client_at $M2
}

client_at() {
	wait_for 10 served "$1" && return
	note "last announcements and adverts, now $EPOCHREALTIME:"
	grep -E ' (garp|arp|arpreply|advert) ' "$HAK_TMP/cap" | tail -n 30 | cut -c1-120 | sed 's/^/# /'
	ip -n "$R1" -o -4 addr show dev eth0 | sed 's/^/# R1 /'
	ip -n "$R2" -o -4 addr show dev eth0 | sed 's/^/# R2 /'
	fail "not served: the client sends to $(neigh_mac "$CL" $VIP), want $1"
}

served() { answers "$CL" $VIP && neigh_is "$CL" $VIP "$1"; }

# only FROM advertises, watched for 10 intervals
only() {
	local n0 n1 other=$A1
	[ "$1" = $A2 ] || other=$A2
	n0=$(cap_count "$HAK_TMP/cap" advert "src=$other" prio!=0)
	n1=$(cap_count "$HAK_TMP/cap" advert "src=$1")
	settle 2000
	check_eq "adverts of the other" "$(cap_count "$HAK_TMP/cap" advert "src=$other" prio!=0)" "$n0"
	check_ge "adverts" $(($(cap_count "$HAK_TMP/cap" advert "src=$1") - n1)) 8
}

# zero_to ADDRESS OTHER: ms from the last priority 0 of ADDRESS to OTHER's advert
zero_to() {
	awk -v a="src=$1" -v b="src=$2" '
		$2 == "advert" && $3 == a && / prio=0 / { z = $1; hit = 0 }
		$2 == "advert" && $3 == b && !/ prio=0 / && z && !hit { hit = 1; d = $1 - z }
		END { if (hit) printf "%.1f\n", d * 1000 }' "$HAK_TMP/cap"
}

keepalived_killed() {
	begin
	hak priority 100
	kp 150
	k_active
	only $A1
	kp_kill k
	h_active
	only $A2
}

hak_crashes() {
	begin
	kp 100
	hak priority 150
	h_active
	wait_no_addr "$R1" $VIP
	only $A2
	port_leave p2
	wait_addr "$R1" $VIP
	client_at $M1
	port_join p2
	h_active
	wait_no_addr "$R1" $VIP
	only $A2
}

hak_preempts() {
	begin
	kp 100
	wait_addr "$R1" $VIP
	hak priority 150
	h_active
	wait_no_addr "$R1" $VIP
	only $A2
}

keepalived_preempts() {
	begin
	hak priority 100
	h_active
	kp 150
	k_active
	only $A1
}

keepalived_does_not_preempt() {
	begin
	hak priority 100 checksum pseudo
	h_active
	kp 150 nopreempt
	settle 2000
	check_not "keepalived took the address" has_addr "$R1" $VIP
	h_active
	only $A2
}

hak_does_not_preempt() {
	begin
	kp 100
	wait_addr "$R1" $VIP
	hak priority 150 preempt off
	settle 2000
	k_active
	only $A1
}

keepalived_stops() {
	local d
	begin
	hak priority 100
	kp 150
	k_active
	kp_stop k
	h_active
	d=$(zero_to $A1 $A2)
	note "priority 0 of keepalived to the advert of hak: $d ms"
	check_ge "after priority 0" "$d" 121
	check_le "after priority 0" "$d" $SKEW_BAR
}

hak_stops() {
	local d
	begin
	kp 100
	hak priority 150
	h_active
	wait_no_addr "$R1" $VIP
	adm_ok "$R2" router set $R enable off
	wait_addr "$R1" $VIP
	d=$(zero_to $A2 $A1)
	note "priority 0 of hak to the advert of keepalived: $d ms"
	check_ge "after priority 0" "$d" 121
	check_le "after priority 0" "$d" $SKEW_BAR
	wait_no_addr "$R2" $VIP
	client_at $M1
}

# heal PRIORITY-KEEPALIVED HAK-WORDS WINNER: everything default (1 s), fresh
# module, both Active while apart. From the join: the loser's last advert comes
# within two intervals, then only the winner is heard.
heal() {
	local k=$1 words=$2 winner=$3 loser t last
	loser=$A1
	[ "$winner" != $A1 ] || loser=$A2
	begin
	adm_flush "$R2"
	mod_unload
	port_leave p2
	mod_load
	kp_start "$R1" k eth0 "$k" 1
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 $words
	wait_addr "$R1" $VIP
	wait_state "$R2" $R Active
	check_eq "form before a peer is heard" "$(router_json "$R2" $R .checksum_sent)" auto
	t=$EPOCHREALTIME
	port_join p2
	settle 6000
	last=$(awk -v a="src=$loser" -v t="$t" '$2 == "advert" && $3 == a && $1 > t { d = $1 - t }
		END { printf "%.0f\n", d * 1000 }' "$HAK_TMP/cap")
	note "last advert of $loser $last ms after the join"
	awk -v t="$t" '$1 > t && $2 ~ /advert|garp/ { printf "# %+.3f %s\n", $1 - t, substr($0, 22, 190) }' \
		"$HAK_TMP/cap" | head -n 24
	check_le "two Actives for" "$last" 2100
	check_ge "adverts of the winner" "$(awk -v a="src=$winner" -v t="$t" '$2 == "advert" &&
		$3 == a && $1 > t + 2.1 { n++ } END { print n + 0 }' "$HAK_TMP/cap")" 3
	check_eq "holders" "$(holders $VIP "$R1" "$R2")" 1
	if [ "$winner" = $A2 ]; then
		h_active
		# keepalived may yield without having been heard
		check "its form, or both, is sent now" \
			grep -qxE 'auto|pseudo' <<<"$(router_json "$R2" $R .checksum_sent)"
	else
		k_active
	fi
}

heal_hak_wins() { heal 100 "priority 150" $A2; }
heal_keepalived_wins() { heal 150 "" $A1; }
# equal priorities: the higher address, which is hak's
heal_equal() { heal 100 "" $A2; }

# What keepalived counts as an error must not silence hak, and the other way
# round: both in the same form, no second Active at any time.
checksum_pseudo_no_blip() {
	begin
	hak priority 150 checksum pseudo
	h_active
	kp 100
	settle 2500
	check_eq "adverts of keepalived" "$(cap_count "$HAK_TMP/cap" advert src=$A1)" 0
	h_active
}

ALL_CASES="keepalived_killed hak_crashes hak_preempts keepalived_preempts
	keepalived_does_not_preempt hak_does_not_preempt keepalived_stops hak_stops
	heal_hak_wins heal_keepalived_wins heal_equal checksum_pseudo_no_blip"
hak_main "${@:-$ALL_CASES}"
