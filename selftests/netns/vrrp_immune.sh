#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What administrators and boxes in between do to protocol 112. On both hosts
# at once, with the pair running: no second Active, adverts on time. A case is
# "immune", or "listed": adverts are stopped but an alarm says so before or
# when a second Active appears. Anything else fails. Every obstacle has to
# show that it stops other packets of protocol 112 (or what it is made for).
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

# 200 ms adverts. Two CPUs under emulation on a busy host are late by 200 ms at
# times; what counts is that it stays below the 722 ms of the Backup.
LATE=600

setup() {
	mod_load
	pair_create
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval 200ms priority 150
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval 200ms priority 100
	printf '# %-24s %s\n' obstacle result >"$HAK_TMP/table"
}

teardown() {
	cat "$HAK_TMP/table"
	pair_destroy
}

begin() {
	[ ! -e "$HAK_TMP/dirty" ] || clear_obstacles	# of a case that failed
	: >"$HAK_TMP/dirty"
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	cap_start "$CL" eth0 "$HAK_TMP/cap"
	both "ip neigh replace $A1 lladdr $M1 dev eth0 nud permanent; ip neigh replace $A2 lladdr $M2 dev eth0 nud permanent"
}

# both COMMAND: on each host; fails when it fails
both() {
	check "on R1: $1" on "$R1" bash -c "$1"
	check "on R2: $1" on "$R2" bash -c "$1"
}

# nft_both HOOK PRIORITY [FAMILY] [DEVICE]: drop protocol 112 there, counted
nft_both() {
	local hook=$1 prio=$2 family=${3:-inet} dev=${4:+device $4} match
	match="meta l4proto 112"
	[ "$family" = inet ] || match="ip protocol 112"
	both "nft 'add table $family t; add chain $family t $hook { type filter hook $hook $dev priority $prio; policy accept; };
		add rule $family t $hook $match counter drop'"
}

# other_112: each host sends something of protocol 112 that is not hak's, to
# the other and to the group
other_112() {
	echo "this is no advert" | on "$R1" socat -u - "IP4-SENDTO:$A2:112" 2>/dev/null
	echo "this is no advert" | on "$R2" socat -u - "IP4-SENDTO:$A1:112" 2>/dev/null
	return 0
}

# nft_stops: the counters of both hosts' rules move
nft_stops() {
	local n
	other_112
	for n in "$R1" "$R2"; do
		on "$n" nft list ruleset | grep -q 'counter packets [1-9]' || return 1
	done
}

tc_stops() {
	local n
	other_112
	for n in "$R1" "$R2"; do
		on "$n" tc -s filter show dev eth0 "$1" | grep -q 'Sent [1-9]' || return 1
	done
}

# judge NAME [PROOF...]: watches for 2.5 s
judge() {
	local name=$1 gap second n0 alarm=
	shift
	[ $# = 0 ] || wait_for 5 "$@" || fail "the obstacle stops nothing"
	n0=$(wc -l <"$HAK_TMP/cap")
	settle 2500
	tail -n "+$((n0 + 1))" "$HAK_TMP/cap" >"$HAK_TMP/window"
	gap=$(cap_gap_max "$HAK_TMP/window" advert src=$A1 prio=150 cnt=1)
	second=$(cap_count "$HAK_TMP/window" advert src=$A2 cnt=1)
	state_is "$R2" $R Active && second=yes
	if [ "$(cap_count "$HAK_TMP/window" advert src=$A1 prio=150)" -lt 8 ]; then gap=none; fi
	if [ "$second" = 0 ] && [ "$gap" != none ] && [ "${gap%.*}" -le $LATE ]; then
		printf '# %-24s immune (largest distance of adverts %s ms)\n' "$name" "$gap" |
			tee -a "$HAK_TMP/table"
		return
	fi
	alarm=$({ adm "$R1" status; adm "$R2" status; } | sed -n 's/^! *//p' | tr '\n' ';')
	note "adverts of R1: gap $gap; R2: $second; alarms: ${alarm:-none}"
	[ -n "$alarm" ] || {
		printf '# %-24s FAILS: no alarm; adverts %s, second Active %s\n' "$name" "$gap" "$second" >>"$HAK_TMP/table"
		fail "not immune, and no alarm"
	}
	printf '# %-24s listed: %s\n' "$name" "$alarm" | tee -a "$HAK_TMP/table"
}

# clear_obstacles: whatever they were
clear_obstacles() {
	local n
	sysctl -qw net.netfilter.nf_conntrack_max=65536 2>/dev/null
	for n in "$R1" "$R2"; do
		on "$n" nft flush ruleset
		printf 'qdisc del dev eth0 %s\n' clsact ingress root | on "$n" tc -force -batch - 2>/dev/null
		ip -n "$n" link del ifb9 2>/dev/null
	done
	port_join p1
}

# end: one Active again
end() {
	clear_obstacles
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	wait_no_addr "$R2" $VIP
	rm "$HAK_TMP/dirty"
}

# The judge must see it when it is not immune: R1's port is gone.
judge_can_fail() {
	begin
	port_leave p1
	if (judge "no cable (must not pass)") >"$HAK_TMP/out" 2>&1; then
		grep -q listed "$HAK_TMP/out" || fail "the judge saw nothing"
	fi
	cat "$HAK_TMP/out"
	sed -i '/must not pass/d' "$HAK_TMP/table"
	end
}

nft_input() { begin; nft_both input 0; judge "nft inet input" nft_stops; end; }
nft_output() { begin; nft_both output 0; judge "nft inet output" nft_stops; end; }
nft_prerouting() { begin; nft_both prerouting 0; judge "nft inet prerouting" nft_stops; end; }
nft_raw_prerouting() { begin; nft_both prerouting -400; judge "nft prerouting -400" nft_stops; end; }
nft_raw_output() { begin; nft_both output -400; judge "nft output -400" nft_stops; end; }

nft_everywhere() {
	begin
	nft_both input -400
	nft_both output -400
	nft_both prerouting -400
	nft_both postrouting -400
	judge "nft all of inet" nft_stops
	end
}

netdev_ingress() { begin; nft_both ingress 0 netdev eth0; judge "nft netdev ingress" nft_stops; end; }
netdev_ingress_early() { begin; nft_both ingress -500 netdev eth0; judge "nft netdev ingress -500" nft_stops; end; }

netdev_egress() {
	begin
	nft_both egress 0 netdev eth0
	judge "nft netdev egress" nft_stops
	end
}

tc_ingress_drop() {
	begin
	both "tc qdisc add dev eth0 clsact && tc filter add dev eth0 ingress protocol ip u32 match ip protocol 112 0xff action drop"
	judge "tc ingress drop" tc_stops ingress
	end
}

tc_egress_drop() {
	begin
	both "tc qdisc add dev eth0 clsact && tc filter add dev eth0 egress protocol ip u32 match ip protocol 112 0xff action drop"
	judge "tc egress drop" tc_stops egress
	end
}

ifb_redirect() {
	begin
	modprobe ifb numifbs=0 2>/dev/null
	both "ip link add ifb9 type ifb && ip link set ifb9 up && tc qdisc add dev eth0 handle ffff: ingress &&
		tc filter add dev eth0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev ifb9"
	judge "redirect to ifb" ifb_used
	end
}

ifb_used() {
	local n
	for n in "$R1" "$R2"; do
		other_112
		[ "$(ip netns exec "$n" cat /sys/class/net/ifb9/statistics/tx_packets)" -gt 0 ] || return 1
	done
}

# A queue that is full and does not move: nothing else leaves the host.
full_qdisc() {
	begin
	both "tc qdisc add dev eth0 root netem delay 100s limit 2"
	judge "full qdisc" qdisc_full
	end
}

qdisc_full() {
	other_112
	other_112
	on "$R1" tc -s qdisc show dev eth0 | grep -q 'dropped [1-9]' &&
		on "$R2" tc -s qdisc show dev eth0 | grep -q 'dropped [1-9]' &&
		answers_not "$CL" $A1
}

# The same under a flood: a slow line, always more than fits.
flooded_line() {
	begin
	both "tc qdisc add dev eth0 root tbf rate 64kbit burst 2000 limit 3000"
	on "$R1" ping -q -f -s 1000 $A2 >/dev/null 2>&1 &
	on "$R2" ping -q -f -s 1000 $A1 >/dev/null 2>&1 &
	judge "flooded tbf" qdisc_drops
	end
}

qdisc_drops() { on "$R1" tc -s qdisc show dev eth0 | grep -q 'dropped [1-9]'; }

conntrack_full() {
	begin
	both "nft 'add table inet t; add chain inet t i { type filter hook input priority 0; policy accept; }; add rule inet t i ct state invalid counter drop'"
	sysctl -qw net.netfilter.nf_conntrack_max=1
	judge "full conntrack table" conntrack_is_full
	end
}

conntrack_is_full() {
	answers "$CL" $A1
	answers "$CL" $A2
	answers_not "$CL" $A1 && answers_not "$CL" $A2
}

ALL_CASES="judge_can_fail nft_input nft_output nft_prerouting nft_raw_prerouting nft_raw_output nft_everywhere
	netdev_ingress netdev_ingress_early netdev_egress tc_ingress_drop tc_egress_drop ifb_redirect
	full_qdisc flooded_line conntrack_full"
hak_main "${@:-$ALL_CASES}"
