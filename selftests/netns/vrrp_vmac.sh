#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The virtual MAC on its own device, without macvlan and without a sysctl: on veth, a
# bridge, a VLAN, a bond; what neighbours learn; what a Backup does with frames to it.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

VIP6=2001:db8::100
V4=00:00:5e:00:01:33
V6=00:00:5e:00:02:33

setup() {
	mod_load
	ns_create R1 R2 CL SW
	ip -n "$SW" link add br0 type bridge
	ip -n "$SW" link set br0 up
	host "$R1" p1 192.0.2.1 2001:db8::1
	host "$R2" p2 192.0.2.2 2001:db8::2
	host "$CL" pc 192.0.2.10 2001:db8::10
}

# host NS PORT ADDRESS ADDRESS6: its eth0 on br0
host() {
	ip -n "$SW" link add "$2" type veth peer name eth0 netns "$1"
	ip -n "$SW" link set "$2" master br0 up
	ip -n "$1" link set lo up
	ip -n "$1" addr add "$3/24" dev eth0
	ip -n "$1" addr add "$4/64" dev eth0 nodad
	ip -n "$1" link set eth0 up
}

# up DEV [WORD VALUE]...: both routers on both nodes, R1 Active
up() {
	local dev=$1 n prio
	shift
	adm_flush "$R1" "$R2"
	for n in "$R1:200" "$R2:100"; do
		prio=${n##*:} n=${n%:*}
		adm_ok "$n" vip add $VIP/24 dev "$dev" vrid 51 interval 100ms priority $prio vmac on "$@"
		adm_ok "$n" vip add $VIP6/64 dev "$dev" vrid 51 interval 100ms priority $prio vmac on "$@"
	done
	wait_state "$R1" "$dev.51" Active
	wait_state "$R1" "$dev.51v6" Active
	wait_state "$R2" "$dev.51" Backup
	wait_state "$R2" "$dev.51v6" Backup
}

pings() { on "$CL" ping -nqc1 -W1 "$1" >/dev/null; }

# knows IP MAC: the client's neighbour table has nothing else for it
knows() { [ "$(ip -n "$CL" neigh show "$1" | grep -o 'lladdr [^ ]*' | sort -u)" = "lladdr $2" ]; }

learned() {
	wait_for 5 pings $VIP || fail "$VIP does not answer"
	wait_for 5 pings $VIP6 || fail "$VIP6 does not answer"
	check "MAC of $VIP" knows $VIP $V4
	check "MAC of $VIP6" knows $VIP6 $V6
}

# What the host itself sends from the addresses teaches nothing else, whatever the
# sysctls say, and they stay as they were.
neighbours() {
	local s
	for s in rp_filter=1 arp_ignore=2 arp_filter=1 arp_announce=0; do
		on "$R1" sysctl -qw "net.ipv4.conf.all.$s" "net.ipv4.conf.eth0.$s"
	done
	up eth0
	learned
	ip -n "$CL" neigh flush dev eth0
	ip -n "$R1" neigh flush dev eth0
	check "from $VIP" on "$R1" ping -nqc1 -W2 -I $VIP 192.0.2.10 >/dev/null
	check "from $VIP6" on "$R1" ping -nqc1 -W2 -I $VIP6 2001:db8::10 >/dev/null
	check "MAC of $VIP" knows $VIP $V4
	check "MAC of $VIP6" knows $VIP6 $V6
	check_eq "rp_filter" "$(on "$R1" sysctl -n net.ipv4.conf.eth0.rp_filter)" 1
	check_eq "arp_ignore" "$(on "$R1" sysctl -n net.ipv4.conf.eth0.arp_ignore)" 2
}

# The client asks all the time, and never learns another MAC.
failovers() {
	local i n seen
	up eth0
	learned
	ip -n "$CL" monitor neigh >"$HAK_TMP/neigh" &
	n=$!
	for i in $(seq "${HAK_FAILOVERS:-5}"); do
		adm_ok "$R1" router set eth0.51 enable off
		adm_ok "$R1" router set eth0.51v6 enable off
		wait_state "$R2" eth0.51 Active
		wait_for 3 pings $VIP || fail "failover $i"
		adm_ok "$R1" router set eth0.51 enable on
		adm_ok "$R1" router set eth0.51v6 enable on
		wait_state "$R1" eth0.51 Active
		wait_state "$R1" eth0.51v6 Active
		wait_for 3 pings $VIP6 || fail "failover $i back"
	done
	kill $n
	seen=$(grep -E "^($VIP|$VIP6) " "$HAK_TMP/neigh" | grep -o 'lladdr [^ ]*' | sort -u | tr '\n' ' ')
	note "learned: $seen"
	check "the table was watched" grep -q "$V4" <<<"$seen"
	check_eq "MACs seen" "$(tr -d ' ' <<<"${seen//lladdr/}" | sed "s/$V4//; s/$V6//")" ""
}

# Frames to the virtual MAC: forwarded and answered by the Active one only.
frames() {
	up eth0
	learned
	on "$R1" sysctl -qw net.ipv4.ip_forward=1
	on "$R2" sysctl -qw net.ipv4.ip_forward=1
	ip -n "$R1" link add out0 type dummy
	ip -n "$R1" addr add 198.51.100.1/24 dev out0
	ip -n "$R1" link set out0 up
	ip -n "$CL" route replace 198.51.100.0/24 via $VIP
	check "what is behind the Active one" on "$CL" ping -nqc1 -W2 198.51.100.1 >/dev/null
	check "its own address by the virtual MAC" by_vmac 192.0.2.1
	# Only the Backup is left on the wire.
	on "$R1" sysctl -qw net.ipv4.ip_forward=0
	bridge -n "$SW" fdb replace $V4 dev p2 master static
	check_not "the Backup's address by the virtual MAC" by_vmac 192.0.2.2
	bridge -n "$SW" fdb del $V4 dev p2 master
	ip -n "$CL" route del 198.51.100.0/24
	ip -n "$R1" link del out0
}

# by_vmac ADDRESS: it answers to a frame that has the virtual MAC as destination
by_vmac() {
	local ok=0
	ip -n "$CL" neigh replace "$1" lladdr $V4 dev eth0 nud permanent
	on "$CL" ping -nqc1 -W1 "$1" >/dev/null || ok=1
	ip -n "$CL" neigh del "$1" dev eth0
	return $ok
}

# A bridge takes the frames by an entry of its own: it is not promiscuous, and a third
# port sees nothing of what goes to the virtual MAC.
bridge_master() {
	local n other
	for n in "$R1" "$R2"; do
		ip -n "$n" link add lan0 type bridge
		ip -n "$n" link set eth0 master lan0
		ip -n "$n" link add t0 type veth peer name t1
		ip -n "$n" link set t0 master lan0 up
		ip -n "$n" link set t1 up
		ip -n "$n" addr flush dev eth0 scope global
		ip -n "$n" link set lan0 up
	done
	ip -n "$R1" addr add 192.0.2.1/24 dev lan0
	ip -n "$R2" addr add 192.0.2.2/24 dev lan0
	up lan0
	learned
	wait_for 3 has_fdb "$R1" lan0 || fail "no entry"
	check_not "entry of the Backup" has_fdb "$R2" lan0
	check "not promiscuous" is_calm "$R1" lan0
	on "$R1" tcpdump -lni t1 icmp >"$HAK_TMP/third" 2>/dev/null &
	other=$!
	settle 500
	for n in $(seq 5); do
		pings $VIP || fail "ping $n"
	done
	settle 300
	kill $other
	wait $other 2>/dev/null
	check_eq "pings on the third port" "$(grep -c . "$HAK_TMP/third")" 0
	adm_flush "$R1" "$R2"
	wait_for 3 no_fdb "$R1" lan0 || fail "the entry is still there"
	for n in "$R1" "$R2"; do
		ip -n "$n" link del lan0
		ip -n "$n" link del t0
	done
	ip -n "$R1" addr add 192.0.2.1/24 dev eth0
	ip -n "$R2" addr add 192.0.2.2/24 dev eth0
	ip -n "$R1" addr add 2001:db8::1/64 dev eth0 nodad
	ip -n "$R2" addr add 2001:db8::2/64 dev eth0 nodad
}

has_fdb() { bridge -n "$1" fdb show br "$2" | grep -q "^$V4 .*permanent"; }
no_fdb() { ! has_fdb "$@"; }
is_calm() { ip -n "$1" -d link show "$2" | grep -q 'promiscuity 0'; }

# stacked TYPE...: on a device on top of eth0
stacked() {
	local n
	for n in "$R1" "$R2" "$CL"; do
		stack "$n" "$1"
	done
	ip -n "$R1" addr add 192.0.2.1/24 dev top0
	ip -n "$R2" addr add 192.0.2.2/24 dev top0
	ip -n "$CL" addr add 192.0.2.10/24 dev top0
	ip -n "$CL" addr add 2001:db8::10/64 dev top0 nodad
	up top0
	learned
	check "a filter" filters "$R1"
	adm_ok "$R1" router set top0.51 enable off
	wait_state "$R2" top0.51 Active
	wait_for 3 pings $VIP || fail "no failover"
	check "MAC of $VIP" knows $VIP $V4
	adm_flush "$R1" "$R2"
	for n in "$R1" "$R2" "$CL"; do
		check_eq "filters left" "$(bridge -n "$n" fdb show | grep -c "^00:00:5e:00:0[12]:33")" 0
		unstack "$n" "$1"
	done
}

filters() { bridge -n "$1" fdb show dev top0 | grep -q "^$V4"; }

stack() {
	ip -n "$1" addr flush dev eth0 scope global
	if [ "$2" = vlan ]; then
		ip -n "$1" link add link eth0 name top0 type vlan id 7
	else
		ip -n "$1" link set eth0 down
		ip -n "$1" link add top0 type bond mode active-backup miimon 100
		ip -n "$1" link set eth0 master top0
	fi
	ip -n "$1" link set top0 up
}

unstack() {
	ip -n "$1" link del top0
	ip -n "$1" link set eth0 up
	case $1 in
	"$R1") set -- "$1" 1 ;;
	"$R2") set -- "$1" 2 ;;
	*) set -- "$1" 10 ;;
	esac
	ip -n "$1" addr add "192.0.2.$2/24" dev eth0
	ip -n "$1" addr add "2001:db8::$2/64" dev eth0 nodad
}

vlan() { stacked vlan; }
bond() { stacked bond; }

many() {
	local t0 i
	adm_flush "$R1" "$R2"
	for i in $(seq 254); do
		echo "vip add 198.51.100.$i/32 dev eth0 vrid $i interval 100ms priority 254 vmac on"
	done >"$HAK_TMP/many"
	t0=$(now_ms)
	adm_ok "$R1" load "$HAK_TMP/many"
	wait_for 10 all_active || fail "not all Active"
	note "254 started in $(($(now_ms) - t0)) ms"
	[ "${HAK_DEBUG_KERNEL:-}" ] || check_le "start of 254, ms" $(($(now_ms) - t0)) 2000
	t0=$(now_ms)
	adm_ok "$R1" flush
	note "254 stopped in $(($(now_ms) - t0)) ms"
	[ "${HAK_DEBUG_KERNEL:-}" ] || check_le "stop of 254, ms" $(($(now_ms) - t0)) 2000
	wait_for 5 is_calm "$R1" eth0 || fail "eth0 is still promiscuous"
}

all_active() { [ "$(adm "$R1" -o router show state Active | grep -c ' state Active')" = 254 ]; }

# Somebody else says that the address is his; a frame comes from our own MAC.
conflict() {
	up eth0
	settle 200
	ip -n "$CL" addr add $VIP/32 dev eth0
	on "$CL" arping -qc1 -A -I eth0 $VIP
	ip -n "$CL" addr del $VIP/32 dev eth0
	wait_for 2 alarm_has "$R1" ip-conflict || fail "no alarm ip-conflict"
	ip -n "$CL" link set eth0 address $V4
	on "$CL" ping -nqc1 -W1 192.0.2.1 >/dev/null
	ip -n "$CL" link set eth0 address 02:00:5e:00:53:10
	wait_for 2 alarm_has "$R1" dual-active || fail "no alarm dual-active"
	check_eq "state" "$(router_json "$R1" eth0.51 .state)" Active
}

# rmmod and a device that goes leave nothing behind.
leave() {
	up eth0
	mod_unload
	check "eth0 takes its own MAC only" is_calm "$R1" eth0
	mod_load
}

ALL_CASES="neighbours failovers frames bridge_master vlan bond many conflict leave"
hak_main "${@:-$ALL_CASES}"
