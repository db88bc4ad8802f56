#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
#
# hakadm is killed at every message of a `load`: before it is sent and before
# its answer is read. What is configured is then exactly the old or the new.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-600}
ALL_CASES="before_sending before_reading while_writing flush_killed"

setup() {
	mod_load
	ns_create NS
	for dev in eth0 eth1; do
		ip -n "$NS" link add $dev type veth peer name $dev-peer
		ip -n "$NS" link set $dev-peer up
		ip -n "$NS" link set $dev up
	done
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	ip -n "$NS" addr add 203.0.113.1/24 dev eth1
	OLD=$HAK_TMP/old.conf NEW=$HAK_TMP/new.conf
	cat >"$OLD" <<-'EOF'
		track add T report initial up
		router add STAYS dev eth0 vrid 1 interval 100ms
		router add CHANGES dev eth0 vrid 2 interval 100ms track T weight -60
		router add GOES dev eth0 vrid 3 interval 100ms
		vip add 198.51.100.1 router STAYS
		vip add 198.51.100.2 router CHANGES
		vip add 198.51.100.3 router GOES
		vip add 198.51.100.4 dev eth1 vrid 4
		check add A script "test -e /nonexistent" interval 1h
		check add GONE process nginx
	EOF
	cat >"$NEW" <<-'EOF'
		track add T report lease 1h initial up
		track add MORE report
		router add STAYS dev eth0 vrid 1 interval 100ms
		router add CHANGES dev eth1 vrid 2 interval 200ms priority 150 track MORE track A weight -5
		vip add 198.51.100.1 router STAYS
		vip add 198.51.100.2 router CHANGES
		vip add 198.51.100.12 router CHANGES
		check add A script "test -e /nonexistent" interval 2h
		check add B process sshd
	EOF
	# Enough for more than one piece, should it be sent in pieces.
	for ((i = 1; i <= 30; i++)); do
		echo "router add M$i dev eth1 vrid $((i + 100)) interval 1s"
		echo "vip add 203.0.113.$((i + 100)) router M$i"
	done >>"$NEW"
	adm_ok "$NS" load "$NEW" >/dev/null
	AFTER=$(saved)
	adm_ok "$NS" load "$OLD" >/dev/null
	BEFORE=$(saved)
	[ "$AFTER" != "$BEFORE" ] || fail "the two files are the same"
}

saved() { adm "$NS" save | grep -v '^#'; }

# one_of WHAT: exactly the old or the new; then the old again
one_of() {
	local now
	now=$(saved)
	case $now in
	"$BEFORE") OLDS=$((OLDS + 1)) ;;
	"$AFTER") NEWS=$((NEWS + 1)) ;;
	*)
		diff <(echo "$BEFORE") <(echo "$now") | head -n 20 | sed 's/^/# old and now: /'
		diff <(echo "$AFTER") <(echo "$now") | head -n 20 | sed 's/^/# new and now: /'
		fail "$1: neither the old nor the new"
		;;
	esac
	state_is "$NS" STAYS Active || wait_state "$NS" STAYS Active
	[ "$now" = "$BEFORE" ] || adm_ok "$NS" load "$OLD" >/dev/null
}

# calls_of WORDS...: how often the command makes each call, in $COUNT
calls_of() {
	need strace
	on "$NS" strace -f -qq -c -S name -U name,calls -o "$HAK_TMP/calls" "$HAKADM" "$@" >/dev/null ||
		fail "strace of $*: exit $?"
}

calls() { awk -v c="$1" '$1 == c { n = $2 } END { print n + 0 }' "$HAK_TMP/calls"; }

# killed_at SYSCALL MAX WORDS...: at its first, second, ... MAXth call, until
# the command gets through; $KILLS counts
killed_at() {
	local call=$1 max=$2 n
	shift 2
	KILLS=0 OLDS=0 NEWS=0
	for ((n = 1; n <= max; n++)); do
		on_strace "$call" "$n" "$@"
		case $? in
		137) KILLS=$((KILLS + 1)) ;;
		0)
			one_of "$call, not killed"
			break
			;;
		*) fail "$call $n: exit $?: $(tail -n 3 "$HAK_TMP/out")" ;;
		esac
		one_of "$call $n"
	done
	note "$call: killed $KILLS times, $OLDS times the old, $NEWS times the new"
}

# on_strace CALL N WORDS...: killed when it makes CALL for the Nth time; of a
# process that is killed, strace ends in the same way
on_strace() {
	local call=$1 n=$2
	shift 2
	"$HAK_TOOLS/nsx" "$NS" strace -f -qq -o /dev/null -e "trace=$call" \
		-e "inject=$call:signal=KILL:when=$n" "$HAKADM" "$@" >"$HAK_TMP/out" 2>&1 &
	wait $! 2>/dev/null
}

# in_load CALL...: at each of them during a load
in_load() {
	local call
	ALL_KILLS=0 ALL_NEWS=0
	wait_state "$NS" STAYS Active
	calls_of load "$NEW"
	adm_ok "$NS" load "$OLD" >/dev/null
	for call; do
		[ "$(calls "$call")" -gt 0 ] || continue
		killed_at "$call" "$(calls "$call")" load "$NEW"
		ALL_KILLS=$((ALL_KILLS + KILLS))
		ALL_NEWS=$((ALL_NEWS + NEWS))
	done
}

before_sending() {
	in_load sendmsg sendto
	check_ge "messages" "$ALL_KILLS" 3
}

before_reading() {
	in_load recvmsg recvfrom
	check_ge "messages" "$ALL_KILLS" 3
	# The answer to the change itself is among them.
	check_ge "times the new was in place" "$ALL_NEWS" 1
}

# hakcheck's half of the file goes another way: files or a socket.
while_writing() {
	in_load connect write pwrite64 rename renameat renameat2 link fsync unlink
	check_ge "calls" "$ALL_KILLS" 1
}

flush_killed() {
	local n rc now max
	calls_of flush
	max=$(calls sendmsg)
	adm_ok "$NS" load "$OLD" >/dev/null
	for ((n = 1; n <= max; n++)); do
		on_strace sendmsg "$n" flush
		rc=$?
		now=$(saved)
		[ "$now" = "$BEFORE" ] || [ -z "$now" ] || fail "sendmsg $n of a flush: $now"
		[ "$now" = "$BEFORE" ] || adm_ok "$NS" load "$OLD" >/dev/null
		[ "$rc" != 0 ] || break
		check_eq "exit" "$rc" 137
	done
	note "flush: $((n - 1)) kills"
	check_ge "kills" $((n - 1)) 1
}

hak_main "${@:-$ALL_CASES}"
