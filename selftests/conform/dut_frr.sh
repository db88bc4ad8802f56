# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# FRR's vrrpd as the device under test, see dut: zebra beside it, the addresses
# on a macvlan device, as its manual has it.

FRR=/usr/lib/frr

# frr_daemon NAME: and it answers. It insists on a user of its own.
frr_daemon() {
	local pid
	chmod 711 "$HAK_TMP"
	chown -R frr:frrvty "$state"
	rm -f "$state/$1.pid" "$state/$1.vty"
	setsid ip netns exec "$ns" $FRR/"$1" -i "$state/$1.pid" -f "$state/$1.conf" -z "$state/zserv.api" \
		--vty_socket "$state" -P 0 </dev/null >"$state/$1.log" 2>&1 &
	pid=$!
	wait_for 20 frr_there "$1" $pid
	test -S "$state/$1.vty" || fail "$1: $(tail -n 3 "$state/$1.log")"
}

frr_there() { test -S "$state/$1.vty" || process_gone "$2"; }

frr_pid() { cat "$state/$1.pid" 2>/dev/null; }
frr_vty() {
	local c words=()
	for c; do words+=(-c "$c"); done
	ip netns exec "$ns" vtysh --vty_socket "$state" -d vrrpd "${words[@]}"
}

# The device of the addresses: of the virtual MAC, on the parent
frr_device() {
	local a mac=00:00:5e:00:01:33 d=v0
	if [ "${W[family]}" = inet6 ]; then mac=00:00:5e:00:02:33; fi
	ip -n "$ns" link del $d 2>/dev/null
	ip -n "$ns" link add $d link d0 type macvlan mode bridge
	ip -n "$ns" link set $d addrgenmode random
	ip -n "$ns" link set $d address $mac
	for a in ${W[addresses]//,/ }; do ip -n "$ns" addr add "$(with_len "$a")" dev $d; done
	ip -n "$ns" link set $d up
}

# frr_ip ADDRESS: the word for its family
frr_ip() {
	case $1 in *:*) echo "ipv6 $1" ;; *) echo "ip $1" ;; esac
}

frr_lines() {
	local a
	echo "interface d0"
	echo " vrrp 51 version ${W[version]}"
	# 255 cannot be typed: it is the owner's, who is known by his address.
	[ "${W[priority]}" = 255 ] || echo " vrrp 51 priority ${W[priority]}"
	echo " vrrp 51 advertisement-interval $(ms "${W[interval]}")"
	[ "${W[preempt]-on}" = on ] || echo " no vrrp 51 preempt"
	for a in ${W[addresses]//,/ }; do echo " vrrp 51 $(frr_ip "$a")"; done
}

dut_start() {
	words "$@"
	remember
	if ! kill -0 "$(frr_pid zebra)" 2>/dev/null; then
		: >"$state/zebra.conf"
		frr_daemon zebra
	fi
	frr_device
	{
		echo "log file $state/vrrpd.debug"
		frr_lines
	} >"$state/vrrpd.conf"
	frr_daemon vrrpd
}

dut_stop() { frr_vty "conf t" "interface d0" "vrrp 51 shutdown"; }

dut_set() {
	local lines=()
	recall
	while [ $# -gt 1 ]; do
		case $1 in
		priority) lines+=("vrrp 51 priority $2") ;;
		interval) lines+=("vrrp 51 advertisement-interval $(ms "$2")") ;;
		esac
		shift 2
	done
	frr_vty "conf t" "interface d0" "${lines[@]}"
}

dut_add() {
	ip -n "$ns" addr add "$(with_len "$1")" dev v0
	frr_vty "conf t" "interface d0" "vrrp 51 $(frr_ip "$1")"
}

dut_del() {
	frr_vty "conf t" "interface d0" "no vrrp 51 $(frr_ip "$1")"
	ip -n "$ns" addr del "$(with_len "$1")" dev v0
}

# zebra stays for the next one; it goes with the namespace.
dut_reset() {
	local p
	p=$(frr_pid vrrpd)
	if [ -n "$p" ] && kill -KILL "$p" 2>/dev/null; then
		wait_for 10 process_gone "$p"
	fi
	rm -f "$state/vrrpd.pid" "$state/vrrpd.vty"
	ip -n "$ns" link del v0 2>/dev/null
	return 0
}
