#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two Actives meet again: $R1, the better one, was cut off with carrier kept, and $R2
# took over in front of the client. From the join: how long $R2 still speaks, and how
# long the client sends to it. A pair of hak, and hak with keepalived.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

RUNS=${HAK_HEALS:-2}
CASE_TIMEOUT=600

setup() {
	mod_load
	pair_create
}

shut_off() { ip netns exec "$SW" $PORT_SHUT; }
join() { ip netns exec "$SW" $PORT_OPEN; }

# hak_on NS PRIORITY [WORD...]
hak_on() {
	adm_ok "$1" vip add $VIP/24 dev eth0 vrid 51 interval 100ms priority "$2" checksum "$SUM" "${@:3}"
}

# heal NAME: the pair runs; $R1 is better
heal() {
	local i t late wrong worst_late=0 worst_wrong=0
	on "$CL" ping -q -n -i 0.1 $VIP >/dev/null 2>&1 &
	at_end=$!
	for ((i = 1; i <= RUNS; i++)); do
		wait_for 10 neigh_is "$CL" $VIP $M1 || fail "the client does not send to R1"
		settle 1200
		shut_off
		wait_for 10 neigh_is "$CL" $VIP $M2 || fail "the client does not send to R2"
		# Other phases each time; long enough for the last change of the neighbour.
		settle $((2000 + i * 137))
		cap_start "$CL" eth0 "$HAK_TMP/cap"
		t=$EPOCHREALTIME
		join
		wrong=$(sent_to_r2 "$t")
		cap_stop
		[ "$wrong" -lt 1000 ] || said_since "$t"
		late=$(awk -v a="src=$A2" -v t="$t" '$2 == "advert" && $3 == a && $1 > t { d = $1 - t }
			END { printf "%.0f\n", d * 1000 }' "$HAK_TMP/cap")
		worst_late=$((late > worst_late ? late : worst_late))
		worst_wrong=$((wrong > worst_wrong ? wrong : worst_wrong))
		check_eq "holders" "$(holders $VIP "$R1" "$R2")" 1
	done
	kill $at_end
	note "$1: R2 speaks for $worst_late ms, the client sends to it for $worst_wrong ms"
	# The debug kernel takes most of a second to join them.
	check_le "R2 speaks for, ms" "$worst_late" "${HAK_DEBUG_KERNEL:+1}102"
	# 1 s, and what it takes to look.
	check_le "the client sends to R2 for, ms" "$worst_wrong" 1020
	check_ge "adverts of R1" "$(cap_count "$HAK_TMP/cap" advert src=$A1)" 15
}

# said_since TIME: what the client heard
said_since() {
	awk -v t="$1" '$1 > t { printf "# %+.3f %s\n", $1 - t, substr($0, 22, 110) }' "$HAK_TMP/cap" | head -n 60
	ip -n "$CL" -s neigh show dev eth0 | sed 's/^/# /'
}

# sent_to_r2 SINCE: for how long the client believed in R2's MAC, looked at for 2 s
sent_to_r2() {
	local d=0
	while [ "$d" -lt 2000 ]; do
		d=$(awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f\n", (b - a) * 1000 }')
		neigh_is "$CL" $VIP $M1 || echo "$d"
		settle 10
	done | tail -n 1 | grep . || echo 0
}

hak_hak() {
	SUM=plain
	adm_flush "$R1" "$R2"
	hak_on "$R1" 150
	hak_on "$R2" 100
	heal "hak, hak"
}

# keepalived yields to the first advert that it hears and says nothing: hak does not
# learn that there was somebody else. What helps is to repeat oneself.
hak_keepalived() {
	need keepalived
	SUM=auto
	adm_flush "$R1" "$R2"
	hak_on "$R1" 150 announce-refresh 1s
	kp_start "$R2" k2 eth0 100 0.1
	heal "hak, keepalived"
	kp_stop k2
}

# What keepalived, the better one, does about the client is its own affair: hak, which
# yields, has told the client about itself before.
keepalived_hak() {
	need keepalived
	SUM=auto
	adm_flush "$R1" "$R2"
	kp_start "$R1" k1 eth0 150 0.1
	hak_on "$R2" 100
	heal "keepalived, hak"
	kp_stop k1
}

ALL_CASES="hak_hak hak_keepalived keepalived_hak"
hak_main "${@:-$ALL_CASES}"
