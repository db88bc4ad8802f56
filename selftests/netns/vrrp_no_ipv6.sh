#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel started with ipv6.disable=1: IPv4 works, and each thing of IPv6 is refused
# with a sentence rather than tried for ever.
#
# Mode: noipv6
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

setup() {
	[ ! -e /proc/net/if_inet6 ] || fail "this kernel has IPv6"
	mod_load
	pair_create
}

both() {
	adm_flush "$R1"
	adm_flush "$R2"
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 interval 100ms priority 150
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 interval 100ms priority 100
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
}

ipv4_works() {
	both
	adm_ok "$R1" router set $R enable off
	wait_state "$R2" $R Active
	wait_addr "$R2" $VIP
	on "$CL" ping -q -c 1 -W 2 $VIP >/dev/null || fail "the address does not answer"
	adm_ok "$R1" router set $R enable on
	wait_state "$R1" $R Active
	wait_no_addr "$R2" $VIP
}

# refused WORD...
refused() {
	local rc=0 said
	said=$(adm "$R1" "$@" 2>&1) || rc=$?
	check_eq "status of $*" "$rc" 2
	[[ $said == *"IPv6 is switched off on this machine"* ]] || fail "$*: $said"
}

ipv6_refused() {
	local before
	both
	before=$(adm "$R1" save)
	refused vip add 2001:db8::1/64 dev eth0 vrid 52
	refused vip add 2001:db8::1/64 router $R
	refused route add 2001:db8:1::/48 router $R
	check_eq "what is configured" "$(adm "$R1" save)" "$before"
}

ALL_CASES="ipv4_works ipv6_refused"
hak_main "${@:-$ALL_CASES}"
