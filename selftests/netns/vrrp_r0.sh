#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rule R0: what is no valid advert changes no state and no timer. Every kind of
# broken advert in turn, 1,000 each second, at an Active and a Backup router.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

# From an address of its own; "own" (the Active's address) is a case apart: to
# the Backup it is an advert like any other.
FORGED=ttl,ttl1,version1,version4,version2,type0,type2,sum,sum0,count0,count2,count255,interval0
FORGED+=,empty,short4,short7,short8,fragment,fragment2,totlen,dst,dstuni,dstbcast,vrid
FORGED+=,src0,srcmcast,srcbcast,srcloop,carp

setup() {
	mod_load
	pair_create
}

# up INTERVAL [WORD...]
up() {
	adm_flush "$R1" "$R2"
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 interval "$1" priority 150 "${@:2}"
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 interval "$1" priority 100 "${@:2}"
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	settle 2500	# the announcements are over
}

transitions() {
	router_json "$1" $R '.counters | [.to_initialize, .to_backup, .to_active] | join(" ")'
}

dropped_sum() { router_json "$1" $R '[.counters.dropped[]] | add'; }

play() {
	{
		echo "def smac=$MC src=192.0.2.66 addrs=$VIP prio=${PRIO:-254} ${DEF:-int=20}"
		cat
	} | on "$CL" "$VRRPT" play eth0 || fail "judged so"
}

# reasons NS: the counters that grew, a line
reasons() {
	router_json "$1" $R '.counters.dropped | to_entries | map(select(.value > 0) | "\(.key)=\(.value)") | join(" ")'
}

# attack LIST SECONDS LEAST: on both; LEAST drops that each must have counted. RATE a
# second; adverts each PERIOD ms, PER of them a second.
RATE=1000 PERIOD=200 PER=5
attack() {
	local t1 t2 d1 d2 s=$2
	t1=$(transitions "$R1") t2=$(transitions "$R2")
	d1=$(dropped_sum "$R1") d2=$(dropped_sum "$R2")
	play <<-END
	wait advert src=$A1
	attack ${s}s $RATE $1
	period advert src=$A1 prio=150 $((PERIOD - 1)) $((PERIOD + 1)) 0 ${s}s from attack0
	count advert src=$A1 $((s * PER - 1)) $((s * PER + 1)) 0 ${s}s from attack0
	none advert src=$A2 0 ${s}s from attack0
	none garp 0 ${s}s from attack0
	END
	check_eq "transitions of the Active" "$(transitions "$R1")" "$t1"
	check_eq "transitions of the Backup" "$(transitions "$R2")" "$t2"
	note "Active dropped: $(reasons "$R1")"
	note "Backup dropped: $(reasons "$R2")"
	check_ge "drops of the Active" $(($(dropped_sum "$R1") - d1)) "$3"
	check_ge "drops of the Backup" $(($(dropped_sum "$R2") - d2)) "$3"
}

forged_superior() {
	local r n
	up 200ms checksum plain
	# All but those that are not for this router at all (other destination
	# or VRID) are counted there.
	attack $FORGED 10 8000
	for r in packet_length ip_ttl version invalid_type address_list checksum interval source carp; do
		for n in "$R1" "$R2"; do
			check_ge "$r" "$(router_json "$n" $R .counters.dropped.$r)" 1
		done
	done
}

forged_priority_0() {
	up 200ms checksum plain
	PRIO=0 attack ttl,version1,version2,type0,sum,count0,interval0,short7,src0,srcmcast 3 2900
}

from_the_actives_address() {
	local t
	up 200ms checksum plain
	t=$(transitions "$R1")
	play <<-END
	wait advert src=$A1
	mark a
	attack 3s 1000 own
	period advert src=$A1 prio=150 smac=$M1 199 201 -1 3s from a
	none advert src=$A2 0 3s from a
	END
	check_eq "transitions of the Active" "$(transitions "$R1")" "$t"
	check_ge "counted" "$(router_json "$R1" $R .counters.dropped.duplicate_primary)" 2900
	check "alarm" alarm_has "$R1" duplicate-primary
}

# A Backup that is attacked takes over on time all the same.
takeover_under_attack() {
	up 200ms checksum plain
	play <<-END
	wait advert src=$A1
	attack 2s 1000 $FORGED ip -n $SW link set p1 nomaster
	wait advert src=$A2 within 1s
	END
	port_join p1
	wait_state "$R2" $R Backup
	# exactly: the last advert of R1 to the first of R2
	play <<-END
	wait advert src=$A1
	mark last
	run ip -n $SW link set p1 nomaster
	attack 1s 1000 $FORGED
	expect advert src=$A2 721.8 723.9 from last
	END
	port_join p1
	wait_state "$R2" $R Backup
}

centisecond() {
	local t1 t2
	up 10ms checksum plain
	t1=$(transitions "$R1") t2=$(transitions "$R2")
	play <<-END
	wait advert src=$A1
	attack 1s 1000 $FORGED
	period advert src=$A1 prio=150 9 11 0 1s from attack0
	none advert src=$A2 0 1s from attack0
	END
	check_eq "transitions of the Active" "$(transitions "$R1")" "$t1"
	check_eq "transitions of the Backup" "$(transitions "$R2")" "$t2"
}

# Ten times as many; of version 2 those with a wrong password or other addresses, too.
flood() {
	up 200ms checksum plain
	RATE=10000 attack $FORGED 10 80000
}

flood_of_version_2() {
	up 1s version 2 auth-pass secret
	RATE=10000 PERIOD=1000 PER=1 DEF="ver=2 int=100 atype=1 auth=secret" \
		attack ttl,version1,version4,sum,sum0,type0,short7,count0,auth,noauth,list,vrid 10 80000
}

ALL_CASES="forged_superior forged_priority_0 from_the_actives_address takeover_under_attack centisecond"
[ ! "${HAK_FLOODS:-}" ] || ALL_CASES="flood flood_of_version_2"
hak_main "${@:-$ALL_CASES}"
