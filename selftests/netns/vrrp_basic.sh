#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two nodes that share an address, and a client that uses it. What is judged
# here is who has the address and what the client and the wire see; deadlines
# are judged in selftests/conform and vrrp_gap.sh.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

I=200ms

setup() {
	mod_load
	pair_create
}

# node NS [ROUTER-WORD...]: from nothing
node() {
	local ns=$1
	shift
	adm_flush "$ns"
	adm_ok "$ns" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I "$@" >/dev/null
}

# pair_up: R1 Active with 150, R2 Backup with 100, the client is served by R1
pair_up() {
	node "$R2" priority 100
	node "$R1" priority 150 "$@"
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	served_by "$R1" $M1
}

# served_by NS MAC: that node alone has the address and answers the client
served_by() {
	local n other=$R1
	[ "$1" != "$R1" ] || other=$R2
	wait_addr "$1" $VIP
	wait_no_addr "$other" $VIP
	ping_ok "$CL" $VIP
	wait_for 5 neigh_is "$CL" $VIP "$2" ||
		fail "the client sends to $(neigh_mac "$CL" $VIP), want $2"
	for n in "$R1" "$R2"; do
		note "${n%-*} $(adm "$n" -br router show)"
	done
}

listen() { cap_start "$CL" eth0 "$HAK_TMP/cap"; }

# heard_zero ADDRESS: the judge saw exactly one priority 0 from there
heard_zero() {
	wait_for 3 cap_has "$HAK_TMP/cap" advert "src=$1" prio=0 ||
		fail "no priority 0 from $1 on the wire"
	check_eq "priority 0 from $1" "$(cap_count "$HAK_TMP/cap" advert "src=$1" prio=0)" 1
}

election() {
	node "$R1" priority 150
	node "$R2" priority 100
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	served_by "$R1" $M1
	stays_state 1500 "$R2" $R Backup
	check_eq "holders" "$(holders $VIP "$R1" "$R2")" 1
}

delete_says_so() {
	pair_up
	listen
	adm_ok "$R1" vip del $VIP/24 dev eth0 vrid 51
	wait_state "$R2" $R Active
	heard_zero $A1
	served_by "$R2" $M2
	check_eq "routers of R1" "$(adm "$R1" -o router show)" ""
}

preempt_on() {
	node "$R1" priority 150
	node "$R2" priority 100
	wait_state "$R1" $R Active
	adm_ok "$R1" router set $R enable off
	wait_state "$R2" $R Active
	served_by "$R2" $M2
	adm_ok "$R1" router set $R enable on
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	served_by "$R1" $M1
}

preempt_off() {
	adm_flush "$R1" "$R2"
	node "$R2" priority 100
	wait_state "$R2" $R Active
	node "$R1" priority 150 preempt off
	stays_state 2500 "$R2" $R Active
	wait_state "$R1" $R Backup
	served_by "$R2" $M2
	# it steps in when nobody is there
	adm_ok "$R2" router set $R enable off
	wait_state "$R1" $R Active
	served_by "$R1" $M1
}

preempt_switched_on() {
	adm_flush "$R1" "$R2"
	node "$R2" priority 100
	wait_state "$R2" $R Active
	node "$R1" priority 150 preempt off
	stays_state 1500 "$R1" $R Backup
	adm_ok "$R1" router set $R preempt on
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
}

priority_raised() {
	pair_up
	adm_ok "$R2" router set $R priority 200
	wait_state "$R2" $R Active
	wait_state "$R1" $R Backup
	served_by "$R2" $M2
}

disable_says_so() {
	pair_up
	listen
	adm_ok "$R1" router set $R enable off
	wait_state "$R2" $R Active
	heard_zero $A1
	wait_state "$R1" $R Initialize
	served_by "$R2" $M2
}

link_admin_down_says_so() {
	pair_up
	listen
	ip -n "$R1" link set eth0 down
	wait_state "$R2" $R Active
	heard_zero $A1
	wait_state "$R1" $R Initialize
	served_by "$R2" $M2
	ip -n "$R1" link set eth0 up
	wait_state "$R1" $R Active
	served_by "$R1" $M1
}

rmmod_says_so() {
	pair_up
	listen
	mod_unload
	heard_zero $A1
	check_eq "priority 0 from the Backup" \
		"$(cap_count "$HAK_TMP/cap" advert src=$A2)" 0
	check_eq "holders after rmmod" "$(holders $VIP "$R1" "$R2")" 0
	check "own address of R1 stays" has_addr "$R1" $A1
	check_not "client is answered" answers "$CL" $VIP
	mod_load
	pair_up
}

link_loss() {
	pair_up
	ip -n "$SW" link set p1 down
	wait_state "$R1" $R Initialize
	wait_state "$R2" $R Active
	served_by "$R2" $M2
	ip -n "$SW" link set p1 up
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	served_by "$R1" $M1
}

crash() {
	pair_up
	port_leave p1
	wait_state "$R2" $R Active
	wait_for 5 answers "$CL" $VIP || fail "no service after the crash"
	wait_for 5 neigh_is "$CL" $VIP $M2 || fail "client still sends to R1"
	# both have it now, of necessity; after the heal only one
	check_eq "holders while apart" "$(holders $VIP "$R1" "$R2")" 2
	port_join p1
	wait_state "$R2" $R Backup
	wait_state "$R1" $R Active
	# service within 3 s of the heal, not when ARP entries expire
	wait_for 3 neigh_is "$CL" $VIP $M1 || fail "after the heal the client sends to $(neigh_mac "$CL" $VIP)"
	served_by "$R1" $M1
}

equal_priority() {
	node "$R1"
	node "$R2"
	wait_for 10 one_active || fail "not exactly one Active"
	port_leave p1
	wait_state "$R1" $R Active
	wait_state "$R2" $R Active
	port_join p1
	# the higher address stays
	wait_state "$R1" $R Backup
	stays_state 1500 "$R2" $R Active
	served_by "$R2" $M2
}

one_active() {
	local a=0
	state_is "$R1" $R Active && a=$((a + 1))
	state_is "$R2" $R Active && a=$((a + 1))
	[ $a = 1 ]
}

accept_on() {
	pair_up accept on
	check "ping from R1 itself" answers "$R1" $VIP
}

accept_off() {
	node "$R2" priority 100
	node "$R1" priority 150 accept off
	wait_state "$R1" $R Active
	ip -n "$CL" neigh flush dev eth0
	check_not "client is answered" answers "$CL" $VIP
	wait_for 3 neigh_is "$CL" $VIP $M1 || fail "ARP for the address is not answered"
	check "the own address answers" answers "$CL" $A1
	# switched on while Active
	adm_ok "$R1" router set $R accept on
	ping_ok "$CL" $VIP
	adm_ok "$R1" router set $R accept off
	wait_for 5 answers_not "$CL" $VIP || fail "accept off came too late"
}

accept_always() {
	node "$R1" priority 150
	node "$R2" priority 100 accept always
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	listen
	wait_addr "$R2" $VIP
	check "R2 takes packets to the address" answers "$R2" $VIP
	ip -n "$CL" neigh flush dev eth0
	ping_ok "$CL" $VIP
	check_eq "the client's neighbour" "$(neigh_mac "$CL" $VIP)" $M1
	check_eq "ARP answers of the Backup" "$(cap_count "$HAK_TMP/cap" arpreply spa=$VIP sha=$M2)" 0
	check_eq "announcements of the Backup" "$(cap_count "$HAK_TMP/cap" garp spa=$VIP sha=$M2)" 0
}

address_comes_back() {
	pair_up
	listen
	ip -n "$R1" addr del $VIP/24 dev eth0
	wait_addr "$R1" $VIP 3
	ip -n "$R1" addr del $VIP/24 dev eth0
	wait_addr "$R1" $VIP 3
	check_ge "restored" "$(router_json "$R1" $R .counters.vip_restored)" 2
	stays_state 1000 "$R1" $R Active
	check_eq "adverts of R2" "$(cap_count "$HAK_TMP/cap" advert src=$A2)" 0
	ping_ok "$CL" $VIP
}

announcements() {
	local n
	adm_flush "$R1" "$R2"
	listen
	node "$R1" announce 3 announce-interval 300ms
	wait_state "$R1" $R Active
	wait_for 4 cap_count_is 3 garp spa=$VIP || fail "not 3 announcements"
	settle 800
	n=$(cap_count "$HAK_TMP/cap" garp spa=$VIP tpa=$VIP op=1 sha=$M1 smac=$M1 dmac=ff:ff:ff:ff:ff:ff)
	check_eq "announcements, well formed" "$n" 3
	check_eq "announcements, all" "$(cap_count "$HAK_TMP/cap" garp)" 3
	# and each of them may be switched off
	node "$R1" announce 0
	wait_state "$R1" $R Active
	settle 700
	check_eq "announcements with announce 0" "$(cap_count "$HAK_TMP/cap" garp)" 3
}

cap_count_is() {
	local n=$1
	shift
	[ "$(cap_count "$HAK_TMP/cap" "$@")" -ge "$n" ]
}

userspace_killed() {
	local p
	pair_up
	"$HAKADM" -n "$R1" monitor >/dev/null 2>&1 &
	"$HAKADM" -n "$R2" monitor >/dev/null 2>&1 &
	if [ -x "$HAKCHECK" ]; then
		on "$R1" "$HAKCHECK" >/dev/null 2>&1 &
	fi
	poll_pause
	for p in $(pgrep -x 'hakadm|hakcheck'); do
		kill -KILL "$p"
	done
	# judged without the tool, too
	listen
	ip -n "$SW" link set p1 down
	wait_addr "$R2" $VIP
	ping_ok "$CL" $VIP
	wait_for 5 cap_has "$HAK_TMP/cap" advert src=$A2 prio=100 || fail "R2 does not advertise"
	ip -n "$SW" link set p1 up
	wait_no_addr "$R2" $VIP
	wait_for 5 cap_has "$HAK_TMP/cap" advert src=$A1 prio=150 || fail "R1 does not advertise"
	ping_ok "$CL" $VIP
}

device_later() {
	local rc
	adm_flush "$R1" "$R2"
	adm "$R1" vip add 198.51.100.100/24 dev eth9 vrid 52 interval $I
	rc=$?
	check_eq "exit status for a device that is not there yet" $rc 0
	wait_state "$R1" eth9.52 Initialize 2
	ip -n "$R1" link add eth9 type veth peer name peer9
	ip -n "$R1" link set peer9 up
	ip -n "$R1" link set eth9 up
	stays_state 1000 "$R1" eth9.52 Initialize	# no address of its own yet
	ip -n "$R1" addr add 198.51.100.1/24 dev eth9
	wait_state "$R1" eth9.52 Active
	wait_addr "$R1" 198.51.100.100
	ip -n "$R1" link del eth9
	wait_state "$R1" eth9.52 Initialize
	# and once more
	ip -n "$R1" link add eth9 type veth peer name peer9
	ip -n "$R1" link set peer9 up
	ip -n "$R1" addr add 198.51.100.1/24 dev eth9
	ip -n "$R1" link set eth9 up
	wait_state "$R1" eth9.52 Active
	ip -n "$R1" link del eth9
	adm_flush "$R1"
}

rename_and_back() {
	pair_up
	ip -n "$R1" link set eth0 down
	wait_state "$R2" $R Active
	ip -n "$R1" link set eth0 name lan0
	ip -n "$R1" link set lan0 up
	# The router says eth0: it waits, and leaves nothing on lan0.
	settle 1500
	wait_state "$R1" $R Initialize 2
	check_eq "holders" "$(holders $VIP "$R1" "$R2")" 1
	served_by "$R2" $M2
	ip -n "$R1" link set lan0 down
	ip -n "$R1" link set lan0 name eth0
	ip -n "$R1" link set eth0 up
	wait_state "$R1" $R Active
	served_by "$R1" $M1
}

snooping_bridge() {
	pair_create 1
	ip -n "$SW" link set br0 type bridge mcast_querier 1
	election
}

ALL_CASES="election delete_says_so preempt_on preempt_off preempt_switched_on priority_raised
	disable_says_so link_admin_down_says_so rmmod_says_so link_loss crash equal_priority
	accept_on accept_off accept_always address_comes_back announcements userspace_killed
	device_later rename_and_back snooping_bridge"
hak_main "${@:-$ALL_CASES}"
