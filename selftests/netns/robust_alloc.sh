#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
# Kernel: debug
#
# Memory runs out: once at every allocation of every request, of loading the
# module and of a device's coming (fail-nth, see netlink/nlfail.c), and at
# random under adverts and takeovers. A refused request has changed nothing,
# an accepted one everything; one node is Active throughout.
#
# HAK_FAIL_SECONDS: at most this long for the module, five times that for the device,
# nine times that for requests of the balancer (60).

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

SECS=${HAK_FAIL_SECONDS:-60}
CASE_TIMEOUT=$((SECS * 6 + 600))
NLFAIL=$HAK_SELFTESTS/netlink/build/nlfail
FAULT=/sys/kernel/debug
ALL_CASES="requests balancer_requests module device adverts takeovers"

setup() {
	mod_load
	ns_create NS
}

teardown() {
	quiet
	mod_load
}

injection() {
	if [ ! -e /proc/self/fail-nth ] || [ ! -d "$FAULT/failslab" ]; then
		skip "no fault injection in this kernel"
	fi
	[ -x "$NLFAIL" ] || fail "no $NLFAIL: make -C selftests/netlink"
}

put() { echo "$2" >"$FAULT/$1" || fail "$1"; }

quiet() {
	[ -d "$FAULT"/failslab ] || return 0
	put failslab/probability 0
	put failslab/times 0
	put fail_page_alloc/probability 0
	put fail_page_alloc/times 0
}

make_dev() {
	ip -n "$NS" link add "$1" type veth peer name "$1-peer"
	ip -n "$NS" link set "$1-peer" up
	ip -n "$NS" link set "$1" up
	ip -n "$NS" addr add 192.0.2.1/24 dev "$1"
}

requests() {
	injection
	make_dev hf0
	on "$NS" "$NLFAIL" requests hf0 || fail "nlfail ended with $?"
	adm_flush "$NS"
	wait_no_addr "$NS" 198.51.100.10
	ip -n "$NS" link del hf0
}

balancer_requests() {
	injection
	make_dev hf0
	on "$NS" "$NLFAIL" -t $((SECS * 9)) balancer hf0 || fail "nlfail ended with $?"
	adm_flush "$NS"
	wait_no_addr "$NS" 198.51.100.10
	ip -n "$NS" link del hf0
}

module() {
	injection
	mod_unload
	"$NLFAIL" -t "$SECS" module "$HAK_KO" || fail "nlfail ended with $?"
	check_not "it is out" mod_loaded
	mod_load
}

# A device that came while memory was short may have no router; the next has.
device() {
	injection
	adm_ok "$NS" router add LIFE dev hf0 vrid 51 interval 100ms
	adm_ok "$NS" vip add 198.51.100.1 router LIFE
	on "$NS" "$NLFAIL" -t $((SECS * 5)) device hf0 || fail "nlfail ended with $?"
	wait_state "$NS" LIFE Initialize
	make_dev hf0
	wait_state "$NS" LIFE Active
	wait_addr "$NS" 198.51.100.1
	adm_flush "$NS"
	wait_no_addr "$NS" 198.51.100.1
}

# random PERCENT FILTER WAIT: FILTER Y: only tasks marked; WAIT Y: only atomic
random() {
	local kind
	for kind in failslab fail_page_alloc; do
		put "$kind"/probability "$1"
		put "$kind"/interval 1
		put "$kind"/verbose 0
		put "$kind"/task-filter "$2"
		put "$kind"/ignore-gfp-wait "$3"
		put "$kind"/times -1
	done
	put fail_page_alloc/min-order 0
}

two_nodes() {
	local n prio=150
	pair_create
	for n in "$R1" "$R2"; do
		adm_ok "$n" router add LIFE dev eth0 vrid 51 interval 200ms priority "$prio"
		adm_ok "$n" vip add 198.51.100.1/24 router LIFE
		prio=100
	done
	wait_state "$R1" LIFE Active
	wait_state "$R2" LIFE Backup
	wait_addr "$R1" 198.51.100.1
	wait_no_addr "$R2" 198.51.100.1
}

# One atomic allocation in ten fails. Adverts get lost on the way (a veth
# delivers by atomic allocations), never three in a row for long: what counts
# is that one node holds the address, and that adverts go on.
adverts() {
	local end sent before
	injection
	two_nodes
	before=$(router_json "$R1" LIFE '.. | objects | .tx? // empty' | head -n 1)
	random 10 N Y
	end=$(($(now_ms) + 15000))
	while [ "$(now_ms)" -lt "$end" ]; do
		settle 500
		state_is "$R1" LIFE Active || note "$(adm "$R1" -o router show LIFE 2>&1)"
	done
	quiet
	sent=$(($(router_json "$R1" LIFE '.. | objects | .tx? // empty' | head -n 1) - before))
	note "$sent adverts in 15 s, $(router_json "$R2" LIFE '.. | objects | .to_active? // empty' | head -n 1) takeovers by the Backup"
	check_ge "adverts went on" "$sent" 40
	wait_state "$R1" LIFE Active
	wait_state "$R2" LIFE Backup
	wait_addr "$R1" 198.51.100.1
	wait_no_addr "$R2" 198.51.100.1
	adm_flush "$R1" "$R2"
	pair_destroy
}

# The workers that install addresses fail one allocation in five, also those
# that may sleep: what is missing comes later.
takeovers() {
	local p
	injection
	two_nodes
	# shellcheck disable=SC2009
	for p in $(ps -e -o pid=,comm= | awk '$2 ~ /^kworker|hak/ { print $1 }'); do
		echo 1 >"/proc/$p/make-it-fail" 2>/dev/null
	done
	random 20 Y N
	for _ in 1 2 3 4 5; do
		adm_ok "$R1" router set LIFE enable off
		wait_state "$R2" LIFE Active
		adm_ok "$R1" router set LIFE enable on
		wait_state "$R1" LIFE Active
	done
	quiet
	wait_addr "$R1" 198.51.100.1
	wait_no_addr "$R2" 198.51.100.1
	adm_flush "$R1" "$R2"
	wait_no_addr "$R1" 198.51.100.1
	pair_destroy
}

hak_main "${@:-$ALL_CASES}"
