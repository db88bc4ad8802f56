# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2086,SC2317 # used by those who source it; $VIP is one word
#
# What the scenarios of the balancer have in common: a client, the balancer, and three
# servers that tell their names. For files that have sourced lib.sh. See farm_create.

LBT=$HAK_TOOLS/lbt

setup() {
	local n
	mod_load
	farm_create
	for n in 1 2 3; do
		on "${FARM[n]}" "$LBT" serve "s$n" 80 >/dev/null 2>&1 &
		wait_for 10 listening "${FARM[n]}" || fail "no server $n"
	done
	# Nothing here depends on the host forwarding: the balancer does it all.
	on "$LB" sysctl -qw net.ipv4.ip_forward=0
}

# listening NS: its server answers from now on
listening() { on "$1" ss -Hltn sport = :80 | grep -q . && on "$1" ss -Hlun sport = :80 | grep -q .; }

teardown() {
	farm_destroy
	mod_load
}

# pool WORDS...: three servers of weight 1, 2 and 3 behind tcp and udp $VIP:80
pool() {
	local n
	adm_flush "$LB"	# of a case that failed
	adm_ok "$LB" pool add web "$@"
	for n in 1 2 3; do
		adm_ok "$LB" server add "198.51.100.1$n" pool web weight $n
	done
	adm_ok "$LB" service add tcp $VIP:80 pool web
	adm_ok "$LB" service add udp $VIP:80 pool web
}

# ask PROTO N [ADDRESS] [SIZE]: who answered how often
ask() {
	on "$CL" "$LBT" ask "$1" "${3:-$VIP}" 80 "$2" "${4:-100}" | sort | tr '\n' ' '
}

# served ANSWERS: how many came from a server, as they were sent
served() {
	awk '{ for (i = 1; i < NF; i += 2) if ($i ~ /^s[123]$/) n += $(i + 1) } END { print n + 0 }' <<<"$1"
}

# share ANSWERS NAME
share() { tr ' ' '\n' <<<"$1" | grep -A1 "^$2\$" | tail -n 1; }

# share_near ANSWERS NAME WANTED: within 2 %
share_near() {
	local got
	got=$(share "$1" "$2")
	check_ge "$2 of $1" "${got:-0}" "$(($3 * 98 / 100))"
	check_le "$2 of $1" "${got:-0}" "$(($3 * 102 / 100))"
}

# held N: so many connections are established, or more
held() { [ "$(adm "$LB" conn count service tcp $VIP:80 state established)" -ge "$1" ]; }

wait_held() { wait_for 10 held "$1" || fail "not $1 are established: $(adm "$LB" conn show)"; }

# hold N [SECONDS]: connections that stay open, of the process $HELD
hold() {
	"$HAK_TOOLS/nsx" "$CL" "$LBT" hold $VIP 80 "$1" "${2:-60}" >"$HAK_TMP/hold" &
	HELD=$!
	wait_held "$1"
}

# held_now: how many s1, s2 and s3 have
held_now() {
	local n
	for n in 1 2 3; do
		printf '%s ' "$(adm "$LB" conn count server "198.51.100.1$n" state established)"
	done
}

# held_by SCHEDULER N: where N connections that stay open went, to s1, s2 and s3
held_by() {
	pool scheduler "$1"
	hold "$2"
	held_now
	let_go $HELD
}

# let_go PID: of the connections that it holds, and until the servers know, too: one that
# holds an old one would not take a new one from the same port
let_go() {
	kill "$1"
	wait "$1" 2>/dev/null
	wait_for 5 none_active || fail "active: $(adm "$LB" server show)"
}

none_active() { [ "$(adm "$LB" -j server show | gojq '[.[].active] | add')" = 0 ]; }

