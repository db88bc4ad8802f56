#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# What becomes of servers that are full, new, down, dead without anybody saying so, or
# there for the worst case only. See farm_create.

# shellcheck disable=SC2016,SC2034,SC2086,SC2119,SC2120,SC2317 # gojq has $; cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="maxconn maxconn_by_hash backup_server backup_pool backup_pool_refusals
	slow_start refused silent rejected only_one no_notice on_down
	on_down_reroute persists persist_mask persist_moves saved"

drops() { adm "$LB" -j -s lb show | gojq ".[0].counters.drops.$1 // .[0].drops.$1"; }

avoided() { adm "$LB" -j server show "$1" pool web | gojq -e '.[0].avoided_ms > 0' >/dev/null; }
not_avoided() { ! avoided "$1"; }

# limits N...: maxconn of the three servers
limits() {
	local n
	for n in 1 2 3; do
		adm_ok "$LB" server set "198.51.100.1$n" pool web maxconn "$1"
		shift
	done
}

# Each has what it may have, one more waits, and finds a place when there is one.
maxconn() {
	local before
	pool scheduler rr
	limits 1 2 3
	hold 6
	check_eq "held" "$(held_now)" "1 2 3 "
	before=$(drops servers_full)
	check_eq "one more" "$(LBT_TIMEOUT_MS=700 ask tcp 1)" "timeout 1 "
	check_ge "counted" "$(drops servers_full)" $((before + 1))
	limits 1 2 4
	check_eq "there is room again" "$(ask tcp 3)" "s3 3 "
	limits 0 2 4
	check_eq "no limit" "$(share "$(ask tcp 30)" s1)" 15
	let_go $HELD
	adm_flush "$LB"
}

# Who is full is passed over, whatever the scheduler; the others' shares stay.
maxconn_by_hash() {
	local s
	for s in wrr mh sh lc sed nq twos random fo; do
		pool scheduler $s hash-port on
		limits 1 1 0
		hold 8
		check_eq "$s" "$(held_now | tr ' ' '\n' | awk '$1 > 1 { n++ } { all += $1 } END { print n + 0, all }')" "1 8"
		check_le "s1 with $s" "$(held_now | cut -d' ' -f1)" 1
		let_go $HELD
	done
	adm_flush "$LB"
}

report_all() {
	local n
	for n in $2; do
		adm_ok "$LB" server report "198.51.100.1$n" pool web "$1"
	done
}

backup_server() {
	pool scheduler rr
	adm_ok "$LB" server set 198.51.100.13 pool web backup on
	check_eq "in reserve" "$(ask tcp 10)" "s1 5 s2 5 "
	report_all down 1
	check_eq "one is enough" "$(ask tcp 10)" "s2 10 "
	report_all down 2
	check_eq "nobody else" "$(ask tcp 10)" "s3 10 "
	check_eq "up" "$(adm "$LB" -j pool show | gojq '.[0].up')" 1
	report_all up "1 2"
	check_eq "back" "$(ask tcp 10)" "s1 5 s2 5 "
	limits 1 1 0
	hold 5
	check_eq "the others are full" "$(held_now)" "1 1 3 "
	let_go $HELD
	adm_flush "$LB"
}

backup_pool() {
	pool scheduler rr
	adm_ok "$LB" server del 198.51.100.13 pool web
	adm_ok "$LB" pool add sorry
	adm_ok "$LB" server add 198.51.100.13 pool sorry
	adm_ok "$LB" pool set web backup-pool sorry
	check_eq "in reserve" "$(ask tcp 10)" "s1 5 s2 5 "
	check_eq "udp" "$(ask udp 10)" "s1 5 s2 5 "
	report_all down "1 2"
	check_eq "nobody else" "$(ask tcp 10)" "s3 10 "
	check_eq "udp, nobody else" "$(ask udp 10)" "s3 10 "
	report_all up 2
	check_eq "back" "$(ask tcp 10)" "s2 10 "
	adm_ok "$LB" server set 198.51.100.12 pool web state drain
	adm_ok "$LB" pool set web backup-pool default
	check_eq "nobody at all" "$(ask tcp 2)" "refused 2 "
	adm_ok "$LB" pool del sorry
	adm_flush "$LB"
}

# says SENTENCE WORDS...: it is refused so
says() {
	local want=$1 got
	shift
	got=$(adm "$LB" "$@" 2>&1) && fail "$*: not refused"
	grep -qF -- "$want" <<<"$got" || fail "$*: $got"
}

backup_pool_refusals() {
	pool
	adm_ok "$LB" pool add sorry
	adm_ok "$LB" pool add other
	says "no such backup-pool: gone" pool set web backup-pool gone
	says "cannot be its own backup-pool" pool set web backup-pool web
	adm_ok "$LB" pool set web backup-pool sorry
	says "pool sorry is the backup-pool of pool web; change that first" pool del sorry
	says "pool sorry is the backup-pool of pool web and cannot have one itself" pool set sorry backup-pool other
	says "pool web is the backup-pool of pool other and cannot have one itself" pool set other backup-pool web
	check_eq "as it was" "$(adm "$LB" -j pool show | gojq -c '[.[].backup_pool]')" '["sorry",null,null]'
	printf '%s\n' "pool add a backup-pool b" "pool add b backup-pool a" >"$HAK_TMP/ring.conf"
	says "backup-pool: pool b has one itself" load "$HAK_TMP/ring.conf"
	printf '%s\n' "pool add a backup-pool b" "pool add b" >"$HAK_TMP/pair.conf"
	adm_ok "$LB" load "$HAK_TMP/pair.conf"
	printf '%s\n' "pool add b" >"$HAK_TMP/pair.conf"
	adm_ok "$LB" load "$HAK_TMP/pair.conf"
	check_eq "both changed at once" "$(adm "$LB" -j pool show | gojq -c '[.[].name]')" '["b"]'
	adm_flush "$LB"
}

# A third of the connections are its share; at first it has few of them.
slow_start() {
	local first last
	pool scheduler wrr
	adm_ok "$LB" server set 198.51.100.11 pool web weight 1
	adm_ok "$LB" server set 198.51.100.12 pool web weight 1
	adm_ok "$LB" server set 198.51.100.13 pool web weight 1 slow-start 15s
	check_eq "in service as it was" "$(ask tcp 30)" "s1 10 s2 10 s3 10 "
	report_all down 3
	report_all up 3
	first=$(ask tcp 60)
	note "at first: $first"
	first=$(share "$first" s3)
	check_le "s3 at first" "${first:-0}" 9
	sleep 6
	last=$(ask tcp 60)
	note "later: $last"
	last=$(share "$last" s3)
	check_ge "s3 later" "$last" $((first + 3))
	[ -n "${HAK_DEBUG_KERNEL:-}" ] || check_le "s3 later" "$last" 18
	sleep 9
	check_eq "at last" "$(ask tcp 30)" "s1 10 s2 10 s3 10 "
	adm_flush "$LB"
}

# died NAME ASKED: nobody but the server noticed; s2 answers in the end
# shellcheck disable=SC2120
dead_server() {
	local got n
	got=$(LBT_TIMEOUT_MS=${1:-5000} ask tcp 12)
	note "$got"
	check_eq "all are served" "$(served "$got")" 12
	check_eq "by others" "$(share "$got" s2)" ""
	check_ge "in equal parts" "$(share "$got" s1)" 5
	check_le "in equal parts" "$(share "$got" s1)" 7
	check "it is avoided" avoided "$2"
	# The debug kernel may take as long to say so as it lasts.
	[ -n "${HAK_DEBUG_KERNEL:-}" ] || check "and that is shown" grep -q 'takes no connections, avoided for' <<<"$(adm "$LB" status)"
	n=$(adm "$LB" -j -s server show "$2" pool web | gojq '.[0].counters.conns')
	check_le "connections that it did not take" "$n" 3
}

# A port that nobody listens at, though no check has said so.
refused() {
	local at=198.51.100.12:81 pid
	pool scheduler rr
	adm_ok "$LB" server del 198.51.100.12 pool web
	adm_ok "$LB" server add $at pool web
	"$HAK_TOOLS/nsx" "$LB" "$HAKADM" monitor lb >"$HAK_TMP/monitor" 2>&1 &
	pid=$!
	dead_server 5000 $at
	check_ge "clients were not told" "$(drops refused)" 3
	"$HAK_TOOLS/nsx" "${FARM[2]}" "$LBT" serve s2 81 >/dev/null 2>&1 &
	wait_for 30 not_avoided $at || fail "avoided for ever"
	check_eq "it has its chance" "$(share "$(ask tcp 6)" s2)" 2
	wait_for 5 grep -q 'takes connections again' "$HAK_TMP/monitor" || fail "$(cat "$HAK_TMP/monitor")"
	check "an event told when it was avoided" grep -q '198.51.100.12:81 .*avoided' "$HAK_TMP/monitor"
	kill $! $pid
	wait $! $pid 2>/dev/null
	adm_flush "$LB"
}

# It drops what comes, as a machine without power does.
silent() {
	pool scheduler rr
	on "${FARM[2]}" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 drop
			}
		}
	EOF
	dead_server 5000 198.51.100.12
	on "${FARM[2]}" nft delete table inet f
	wait_for 30 not_avoided 198.51.100.12 || fail "avoided for ever"
	check_eq "it has its chance" "$(share "$(ask tcp 6)" s2)" 2
	adm_flush "$LB"
}

# Its firewall says no by ICMP.
rejected() {
	pool scheduler rr
	on "${FARM[2]}" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 reject
			}
		}
	EOF
	dead_server 5000 198.51.100.12
	on "${FARM[2]}" nft delete table inet f
	adm_flush "$LB"
}

# Without anybody else the client learns the truth, and at once; with others who
# refuse, too, at the second try.
only_one() {
	local n
	adm_flush "$LB"
	adm_ok "$LB" pool add web
	adm_ok "$LB" server add 198.51.100.11:81 pool web
	adm_ok "$LB" service add tcp $VIP:80 pool web
	check_eq "nobody else" "$(LBT_TIMEOUT_MS=700 ask tcp 5)" "refused 5 "
	check_eq "asked each time" "$(adm "$LB" -j -s server show | gojq '.[0].counters.conns')" 5
	for n in 2 3; do
		adm_ok "$LB" server add "198.51.100.1$n:81" pool web
	done
	check_eq "all refuse" "$(LBT_TIMEOUT_MS=5000 ask tcp 5)" "refused 5 "
	adm_flush "$LB"
}

no_notice() {
	pool scheduler rr passive off
	adm_ok "$LB" server del 198.51.100.12 pool web
	adm_ok "$LB" server add 198.51.100.12:81 pool web
	check_eq "a third is refused" "$(ask tcp 30)" "refused 10 s1 10 s3 10 "
	check "nobody is avoided" not_avoided 198.51.100.12:81
	adm_flush "$LB"
}

# Those of a server that is reported down: they go on, or end.
on_down() {
	pool scheduler rr on-down wait
	hold 6 5
	report_all down 1
	wait $HELD
	check "they go on" grep -q '^alive 6$' "$HAK_TMP/hold"
	report_all up 1
	adm_ok "$LB" pool set web on-down reset
	hold 6 5
	report_all down 1
	wait $HELD
	note "$(tr '\n' ' ' <"$HAK_TMP/hold")"
	check "those of the server ended" grep -q '^alive 4$' "$HAK_TMP/hold"
	check "and were told" grep -q '^reset 2$' "$HAK_TMP/hold"
	report_all up 1
	adm_ok "$LB" pool set web on-down reroute
	hold 6 5
	report_all down 1
	wait $HELD
	check "TCP cannot be moved" grep -q '^alive 6$' "$HAK_TMP/hold"
	adm_flush "$LB"
}

# talk ON-DOWN: two datagrams from the same port, the server reported down between them
talk() {
	pool scheduler fo on-down "$1"
	on "$CL" python3 - "$HAKADM" "$LB" <<-EOF
		import socket, subprocess, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(5)
		s.connect(("$VIP", 80))
		for report in "down", "up":
		    s.send(b"hello")
		    print(s.recv(100).decode().split()[0], end=" ")
		    subprocess.run([sys.argv[1], "-n", sys.argv[2], "server", "report",
		                    "198.51.100.13", "pool", "web", report], check=True)
	EOF
}

on_down_reroute() {
	check_eq "wait" "$(talk wait)" "s3 s3 "
	check_eq "reroute" "$(talk reroute)" "s3 s2 "
	check_eq "reset" "$(talk reset)" "s3 s2 "
	adm_flush "$LB"
}

# from ADDRESS N: who answered N connections from this address of the client
from() {
	on "$CL" python3 - "$1" "$2" <<-EOF
		import socket, sys
		for i in range(int(sys.argv[2])):
		    s = socket.socket()
		    s.settimeout(5)
		    s.bind((sys.argv[1], 0))
		    s.connect(("$VIP", 80))
		    print(s.recv(10).decode().strip(), end=" ")
		    s.close()
	EOF
}

# clients: addresses of the client besides its own
clients() {
	local a
	for a in 192.0.2.11 192.0.2.12 192.0.2.65; do
		ip -n "$CL" addr add $a/32 dev eth0 2>/dev/null
	done
}

persistent() { adm "$LB" -j lb show | gojq '.[0].persistent // .persistent'; }
none_persistent() { [ "$(persistent)" = 0 ]; }

# A client comes back, to the other service of the pool as well; others have their turn.
persists() {
	local time=${HAK_DEBUG_KERNEL:+4}5s
	pool scheduler rr persist "$time"
	clients
	adm_ok "$LB" server del 198.51.100.13 pool web
	check_eq "the first" "$(from 192.0.2.11 6 | tr ' ' '\n' | sort -u | grep -c .)" 1
	check_eq "udp of its pool, too" "$(ask tcp 4 | wc -w) $(ask udp 4 | wc -w)" "2 2"
	check_eq "the same" "$(ask tcp 4)" "$(ask udp 4)"
	check_eq "two clients, two turns" "$(echo "$(from 192.0.2.12 1) $(from 192.0.2.65 1)" | tr ' ' '\n' | sort -u | grep -c .)" 2
	check_eq "clients" "$(persistent)" 4
	wait_for 90 none_persistent || fail "still $(persistent)"
	check_eq "then they take turns" "$(echo "$(from 192.0.2.11 1) $(from 192.0.2.11 1)" | tr ' ' '\n' | sort -u | grep -c .)" 1
	check "flush" adm_ok "$LB" conn flush client 192.0.2.11
	check_eq "forgotten" "$(persistent)" 0
	adm_flush "$LB"
}

persist_mask() {
	local all
	pool scheduler rr persist 1m persist-mask 26
	clients
	all="$(from 192.0.2.10 2) $(from 192.0.2.11 2) $(from 192.0.2.12 2)"
	check_eq "one network, one server" "$(tr ' ' '\n' <<<"$all" | sort -u | grep -c .)" 1
	check_eq "another network" "$(tr ' ' '\n' <<<"$all $(from 192.0.2.65 1)" | sort -u | grep -c .)" 2
	check_eq "networks" "$(persistent)" 2
	check "one of it is enough" adm_ok "$LB" conn flush client 192.0.2.11
	check_eq "forgotten" "$(persistent)" 1
	adm_flush "$LB"
	adm_ok "$LB" lb show
}

# Drained, down, or failing: it moves, and stays where it moved to.
persist_moves() {
	local had
	pool scheduler rr persist 1m
	clients
	adm_ok "$LB" server set 198.51.100.13 pool web backup on
	had=$(from 192.0.2.11 1)
	adm_ok "$LB" server set "198.51.100.1${had:1:1}" pool web state drain
	check "it moves" test "$(from 192.0.2.11 1)" != "$had"
	adm_ok "$LB" server set "198.51.100.1${had:1:1}" pool web state up
	check "and stays" test "$(from 192.0.2.11 2)" != "$had$had"
	report_all down "1 2"
	check_eq "a backup helps" "$(from 192.0.2.11 2)" "s3 s3 "
	report_all up "1 2"
	check "and is not remembered" test "$(from 192.0.2.11 1)" != "s3 "
	had=$(from 192.0.2.11 1)
	adm_ok "$LB" server del "198.51.100.1${had:1:1}" pool web
	check "removed" test "$(from 192.0.2.11 1)" != "$had"
	adm_flush "$LB"
}

saved() {
	local conf=$HAK_TMP/life.conf
	cat >"$conf" <<-EOF
		pool add sorry
		pool add web persist 10m persist-mask 24 passive off backup-pool sorry on-down reroute
		server add 198.51.100.11 pool web maxconn 100 slow-start 30s
		server add 198.51.100.12 pool web backup on
	EOF
	adm_ok "$LB" load "$conf"
	adm "$LB" save >"$HAK_TMP/saved"
	check "the pool" grep -qE '^pool add web .*passive off .*backup-pool sorry .*on-down reroute' "$HAK_TMP/saved"
	check "persist" grep -qE '^pool add web .*persist 10m persist-mask 24' "$HAK_TMP/saved"
	check "maxconn" grep -qE 'maxconn 100' "$HAK_TMP/saved"
	check "slow-start" grep -qE 'slow-start 30s' "$HAK_TMP/saved"
	check "backup" grep -qE 'backup on' "$HAK_TMP/saved"
	check "save, load" grep -qF '+0, ~0, -0' <<<"$(adm "$LB" load "$HAK_TMP/saved")"
	check "load" grep -qF '+0, ~0, -0' <<<"$(adm "$LB" load "$conf")"
	adm_ok "$LB" server set 198.51.100.11 pool web maxconn default slow-start default
	check_eq "defaults" "$(adm "$LB" -j server show 198.51.100.11 | gojq -c '.[0] | [.maxconn, .slow_start_ms, .backup]')" '[0,0,"off"]'
	adm_flush "$LB"
}

hak_main "${@:-$ALL_CASES}"
