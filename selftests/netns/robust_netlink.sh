#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# Random netlink: valid, nearly valid and wild messages, drawn from hak.yaml,
# from two CPUs, while the routers they make live on real devices. Nothing
# breaks, what is refused changes nothing and says why, and afterwards the
# module can be emptied and unloaded.
#
# HAK_FUZZ_SECONDS: how long (60). HAK_FUZZ_SEED: repeat that run.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

SECS=${HAK_FUZZ_SECONDS:-60}
CASE_TIMEOUT=$((SECS * 4 + 240))
NLFUZZ=$HAK_SELFTESTS/netlink/build/nlfuzz
ALL_CASES="random_messages works_afterwards flush_and_unload"

setup() {
	mod_load
	ns_create NS PEER
	ip -n "$NS" link add hf0 type veth peer name hf0 netns "$PEER"
	ip -n "$NS" link add hf1 type veth peer name hf1-peer
	ip -n "$NS" link set hf1-peer up
	for dev in hf0 hf1; do
		ip -n "$NS" link set $dev up
		ip -n "$NS" addr add 192.0.2.$((1 + ${dev#hf}))/24 dev $dev
	done
	ip -n "$PEER" link set hf0 up
	ip -n "$PEER" addr add 192.0.2.9/24 dev hf0
}

teardown() { mod_load; }

random_messages() {
	[ -x "$NLFUZZ" ] || fail "no $NLFUZZ: make -C selftests/netlink"
	# hf2 does not exist: its routers wait.
	on "$NS" "$NLFUZZ" -s "${HAK_FUZZ_SEED:-$RANDOM$RANDOM}" -t "$SECS" -d hf0,hf1,hf2 \
		${HAK_FUZZ_TEXTS:+-v} || fail "nlfuzz ended with $?"
}

works_afterwards() {
	adm "$NS" -j status | gojq -e .routers >/dev/null || fail "status is no JSON object"
	adm_ok "$NS" save >/dev/null
	adm_flush "$NS"
	adm_ok "$NS" vip add 198.51.100.1 dev hf0 vrid 1 interval 100ms
	wait_state "$NS" hf0.1 Active
	wait_addr "$NS" 198.51.100.1
	adm_flush "$NS"
	wait_no_addr "$NS" 198.51.100.1
}

no_router_addresses() {
	! ip -n "$NS" -o -4 addr show | grep -qv 'inet 192.0.2.[12]/24\|inet 127'
}

flush_and_unload() {
	local object
	for object in router vip track group route; do
		check_eq "${object}s left" "$(adm "$NS" -j "$object" show | gojq length)" 0
	done
	wait_for 10 no_router_addresses ||
		fail "addresses left: $(ip -n "$NS" -o -4 addr show)"
	check_eq "the module's users" "$(cat /sys/module/hak/refcnt)" 0
	mod_unload
	check_not "unloaded" mod_loaded
}

hak_main "${@:-$ALL_CASES}"
