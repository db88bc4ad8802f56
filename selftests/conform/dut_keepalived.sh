# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# keepalived as the device under test, see dut: use_vmac, everything else at its
# default.

kp_lines() {
	local a
	echo "global_defs {
 vrrp_version ${W[version]}
}
vrrp_instance V {
 interface d0
 state $([ "${W[priority]}" = 255 ] && echo MASTER || echo BACKUP)
 virtual_router_id 51
 priority ${W[priority]}
 advert_int $(awk -v t="$(ms "${W[interval]}")" 'BEGIN { print t / 1000 }')"
	[ "${W[vmac]-on}" = off ] || echo " use_vmac"
	[ "${W[preempt]-on}" = on ] || echo " nopreempt"
	[ "${W[family]}" = inet ] || echo " native_ipv6"
	[ -z "${W[auth-pass]-}" ] || echo " authentication {
  auth_type PASS
  auth_pass ${W[auth-pass]}
 }"
	[ -z "${W[peer]-}" ] || echo " unicast_peer {
  ${W[peer]}
 }"
	echo " virtual_ipaddress {"
	for a in ${W[addresses]//,/ }; do echo "  $(with_len "$a")"; done
	echo " }
}"
}

kp_pid() { cat "$state/$1" 2>/dev/null; }

dut_start() {
	words "$@"
	remember
	kp_lines >"$state/conf"
	rm -f "$state/pid" "$state/vrrp"
	setsid ip netns exec "$ns" keepalived -n -l -D -P -f "$state/conf" -p "$state/pid" -r "$state/vrrp" \
		</dev/null >"$state/log" 2>&1 &
	wait_for 10 test -s "$state/vrrp" || fail "keepalived: $(tail -n 3 "$state/log")"
}

kp_reload() {
	remember
	kp_lines >"$state/conf"
	kill -HUP "$(kp_pid pid)"
}

dut_stop() {
	local p
	p=$(kp_pid pid)
	[ -n "$p" ] || return 0
	kill "$p" 2>/dev/null || return 0
	wait_for 10 process_gone "$p"
}

dut_set() {
	recall
	while [ $# -gt 1 ]; do
		W[$1]=$2
		shift 2
	done
	kp_reload
}

dut_add() { recall; W[addresses]+=,$1; kp_reload; }
dut_del() {
	local a left=
	recall
	for a in ${W[addresses]//,/ }; do [ "$a" = "$1" ] || left+=,$a; done
	W[addresses]=${left#,}
	kp_reload
}

dut_reset() { dut_stop; }
