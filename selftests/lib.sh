# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Helpers of the scenarios. A scenario is a bash file that sources this one,
# defines functions, names them in ALL_CASES and ends with `hak_main`:
#
#	# Mode: smp			(or up, warp: which guest it wants)
#	. "$(dirname "$0")/../lib.sh"
#	ALL_CASES="one two"
#	setup() { pair_create; }	once, optional
#	teardown() { pair_destroy; }	once, optional
#	one() { ... check "what" command ...; }
#	hak_main "${@:-$ALL_CASES}"
#
# Output is KTAP. A case runs in a subshell and a process group of its own;
# `fail TEXT` ends it; whatever it started is killed when it ends. A case that
# does not end within CASE_TIMEOUT seconds has failed. Arguments of the file
# choose cases. Waiting is polling: `wait_for`, `wait_state`, never a sleep.
#
# Addresses are those of RFC 5737, MACs those of RFC 7042.

HAK_SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HAK_TREE=$(dirname "$HAK_SELFTESTS")
HAK_KO=${HAK_KO:-$HAK_TREE/hak.ko}
HAKADM=${HAKADM:-$HAK_TREE/userspace/build/hakadm}
HAKCHECK=${HAKCHECK:-$HAK_TREE/userspace/build/hakcheck}
HAK_TOOLS=${HAK_TOOLS:-$HAK_SELFTESTS/tools/build}
VRRPT=$HAK_TOOLS/vrrpt
UDPGAP=$HAK_TOOLS/udpgap
CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-120}
WAIT_TIMEOUT=${HAK_WAIT_TIMEOUT:-10}
export HAK_KO HAKADM HAKCHECK HAK_TOOLS VRRPT UDPGAP
# `... | play` must be able to end the case.
shopt -s lastpipe

# The pair's names and addresses, see pair_create.
VIP=192.0.2.100
A1=192.0.2.1 A2=192.0.2.2 AC=192.0.2.10
M1=00:00:5e:00:53:01 M2=00:00:5e:00:53:02 MC=00:00:5e:00:53:10
R=eth0.51
export VIP R

### verdicts ###########################################################

# note TEXT: a diagnostic line
note() { printf '# %s\n' "$*"; }

# fail TEXT: the case has failed, it ends here
fail() {
	printf '# FAIL: %s\n' "$*"
	exit 1
}

# check TEXT COMMAND...: COMMAND must succeed
check() {
	local what=$1
	shift
	"$@" || fail "$what"
}

# check_not TEXT COMMAND...: COMMAND must not succeed
check_not() {
	local what=$1
	shift
	if "$@"; then fail "$what"; fi
}

# check_eq TEXT GOT WANTED
check_eq() { [ "$2" = "$3" ] || fail "$1: got '$2', want '$3'"; }

# check_le TEXT GOT LIMIT and check_ge: numbers, fractions allowed
check_le() {
	awk -v a="$2" -v b="$3" 'BEGIN { exit !(a != "" && a + 0 <= b + 0) }' ||
		fail "$1: $2 > $3"
}

check_ge() {
	awk -v a="$2" -v b="$3" 'BEGIN { exit !(a != "" && a + 0 >= b + 0) }' ||
		fail "$1: $2 < $3"
}

# skip WHY: ends the case as skipped. Counts only when selftests/skips lists
# "FILE/CASE" (FILE without .sh); otherwise it is a failure.
skip() {
	local id
	id="$(basename "$0" .sh)/$HAK_CASE"
	if grep -qE "^$id([[:space:]]|\$)" "$HAK_SELFTESTS/skips" 2>/dev/null; then
		printf '# skip: %s\n' "$*"
		exit 4
	fi
	fail "would skip ($*), but $id is not in selftests/skips"
}

# need PROGRAM...: the case cannot go on without them
need() {
	local p
	for p; do
		command -v "$p" >/dev/null || skip "no $p here"
	done
}

### waiting ############################################################

# wait_for SECONDS COMMAND...: polls until COMMAND succeeds; 1 at timeout
wait_for() {
	local began now end
	now=$(now_ms)
	end=$((now + $1 * 1000))
	shift
	while :; do
		began=$now
		"$@" && return 0
		now=$(now_ms)
		[ "$now" -lt "$end" ] || return 1
		# As long as it took: who waits leaves a processor to others.
		settle $((now - began < 20 ? 20 : now - began < 200 ? now - began : 200))
		now=$(now_ms)
	done
}

# now_ms: milliseconds of CLOCK_REALTIME, without a process
now_ms() {
	local t=${EPOCHREALTIME/[.,]/}
	echo $((t / 1000))
}

# busy_ms: milliseconds that all processors were not idle, what a case costs when
# they are emulated
busy_ms() {
	local user nice system irq softirq _
	read -r _ user nice system _ _ irq softirq _ </proc/stat
	echo $(((user + nice + system + irq + softirq) * 10))
}

# poll_pause: 20 ms without a process
poll_pause() {
	local _x
	read -r -t 0.02 _x <>"$HAK_TMP/never" || :
}

# settle MS: lets MS milliseconds pass where the test needs time itself (a
# window in which nothing may happen), not as a way to wait for an event
settle() {
	local _x
	read -r -t "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" _x <>"$HAK_TMP/never" || :
}

### namespaces #########################################################

# on NS COMMAND...; /sys stays that of the guest, see `ip netns exec`
on() { "$HAK_TOOLS/nsx" "$@"; }

# ns_create VAR...: makes a namespace for each VAR and puts its name there
ns_create() {
	local v n
	for v; do
		n="hak-${v,,}-$(printf '%04x%04x' $RANDOM $RANDOM)"
		ip netns add "$n" || fail "ip netns add $n"
		printf '%s\n' "$n" >>"$HAK_TMP/namespaces"
		printf -v "$v" '%s' "$n"
		ip -n "$n" link set lo up
		on "$n" sysctl -qw net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.all.accept_dad=0 2>/dev/null
	done
}

# ns_destroy NS...: kills what lives there and removes it
ns_destroy() {
	local n p
	for n; do
		[ -e "/run/netns/$n" ] || continue
		p=$(ip netns pids "$n" 2>/dev/null)
		# shellcheck disable=SC2086
		[ -z "$p" ] || kill -KILL $p 2>/dev/null
		ip netns del "$n"
	done
}

# ns_destroy_after N: every namespace this file has made but the first N; a
# case need not destroy its own
ns_destroy_after() {
	local n
	for n in $(tail -n "+$(($1 + 1))" "$HAK_TMP/namespaces"); do
		ns_destroy "$n"
	done
	sed -i "$(($1 + 1)),\$d" "$HAK_TMP/namespaces"
}

# link_create NS DEV MAC SW PORT: a veth from DEV in NS to PORT of br0 in SW
link_create() {
	ip -n "$4" link add "$5" type veth peer name "$2" netns "$1" address "$3" ||
		fail "veth $2 in $1"
	ip -n "$4" link set "$5" master br0 up
	ip -n "$1" link set "$2" up
}

# farm_create: a client, a balancer with the address $VIP, and three servers without
# a program, which are ${FARM[1]} to ${FARM[3]} as well
#
#   $CL eth0 192.0.2.10 --- p1 +-----+ p2 --- eth0 192.0.2.1  $LB  eth1 198.51.100.1
#                              | $SW |                                   |
#                              +-----+        +-----+ q0 ----------------+
#                                             | $SX | q1 --- eth0 198.51.100.11 $S1
#                                             +-----+ q2 ...                .12, .13
farm_create() {
	local n ns
	ns_create CL LB SW SX S1 S2 S3
	for ns in "$SW" "$SX"; do
		ip -n "$ns" link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
		ip -n "$ns" link set br0 up
	done
	link_create "$CL" eth0 $MC "$SW" p1
	link_create "$LB" eth0 $M1 "$SW" p2
	link_create "$LB" eth1 00:00:5e:00:53:21 "$SX" q0
	ip -n "$CL" addr add $AC/24 dev eth0
	ip -n "$LB" addr add $A1/24 dev eth0
	ip -n "$LB" addr add $VIP/32 dev eth0
	ip -n "$LB" addr add 198.51.100.1/24 dev eth1
	FARM=(- "$S1" "$S2" "$S3")
	for n in 1 2 3; do
		link_create "${FARM[n]}" eth0 "00:00:5e:00:53:3$n" "$SX" "q$n"
		ip -n "${FARM[n]}" addr add "198.51.100.1$n/24" dev eth0
		ip -n "${FARM[n]}" route add default via 198.51.100.1
	done
}

farm_destroy() { ns_destroy "$CL" "$LB" "$SW" "$SX" "${FARM[@]:1}"; }

# lone_create: $R1 with the address $A1 on eth0, whose cable ends in peer0
lone_create() {
	ns_create R1
	ip -n "$R1" link add eth0 type veth peer name peer0
	ip -n "$R1" addr add $A1/24 dev eth0
	ip -n "$R1" link set eth0 up
	ip -n "$R1" link set peer0 up
}

# pair_create [SNOOPING]: two routers and a client around a bridge
#
#   $R1 eth0 192.0.2.1  --- p1 +-----+ p2 --- eth0 192.0.2.2  $R2
#                              | $SW |
#   $CL eth0 192.0.2.10 --- p3 +-----+ br0, mcast_snooping SNOOPING (0)
pair_create() {
	ns_create R1 R2 CL SW
	ip -n "$SW" link add br0 type bridge stp_state 0 forward_delay 0 \
		mcast_snooping "${1:-0}" || fail "bridge"
	ip -n "$SW" link set br0 up
	link_create "$R1" eth0 $M1 "$SW" p1
	link_create "$R2" eth0 $M2 "$SW" p2
	link_create "$CL" eth0 $MC "$SW" p3
	ip -n "$R1" addr add $A1/24 dev eth0
	ip -n "$R2" addr add $A2/24 dev eth0
	ip -n "$CL" addr add $AC/24 dev eth0
}

pair_destroy() {
	ns_destroy "$R1" "$R2" "$CL" "$SW"
}

# port_leave PORT: a crash as the others see it, with carrier kept; port_join
port_leave() { ip -n "$SW" link set "$1" nomaster; }
port_join() { ip -n "$SW" link set "$1" master br0; }
# The same for the others, but without holding the RTNL of the whole guest while
# a port is taken from a bridge (10 ms were measured): on a machine of its own the
# survivor would not wait for that.
PORT_SHUT="bridge link set dev p1 state 0" PORT_OPEN="bridge link set dev p1 state 3"
export PORT_SHUT PORT_OPEN

### module and tool ####################################################

mod_loaded() { [ -d /sys/module/hak ]; }

# mod_load [PARAMETER=VALUE]...
mod_load() {
	mod_loaded && return 0
	insmod "$HAK_KO" "$@" || fail "insmod $HAK_KO"
}

mod_unload() {
	mod_loaded || return 0
	rmmod hak || fail "rmmod hak"
}

# adm NS WORDS...: hakadm in namespace NS; its options may stand before OBJECT
adm() {
	local ns=$1
	shift
	"$HAKADM" -n "$ns" "$@"
}

# adm_ok NS WORDS...: must succeed
adm_ok() {
	adm "$@" || fail "hakadm -n $* exited $?"
}

# adm_flush NS...: nothing configured there any more
adm_flush() {
	local n
	for n; do
		adm "$n" flush >/dev/null || fail "hakadm -n $n flush"
	done
}

# router_json NS NAME JQ-EXPRESSION: of the router's object, with counters
router_json() {
	adm "$1" -s -j router show "$2" | gojq -r ".[0] | $3"
}

# state_is NS NAME STATE, for polling
state_is() {
	[ -n "$(adm "$1" -o router show "$2" state "$3" 2>/dev/null)" ]
}

# wait_state NS NAME STATE [SECONDS]
wait_state() {
	wait_for "${4:-$WAIT_TIMEOUT}" state_is "$1" "$2" "$3" ||
		fail "$1 $2 is not $3: $(adm "$1" -o router show "$2" 2>&1)"
}

# wait_not_state NS NAME STATE [SECONDS]
wait_not_state() {
	wait_for "${4:-$WAIT_TIMEOUT}" state_is_not "$1" "$2" "$3" ||
		fail "$1 $2 is still $3"
}

state_is_not() { ! state_is "$@"; }

# stays_state MS NS NAME STATE: for MS milliseconds
stays_state() {
	local end=$(($(now_ms) + $1))
	shift
	while [ "$(now_ms)" -lt "$end" ]; do
		state_is "$@" || fail "$1 $2 left $3"
		poll_pause
	done
}

# alarm_has NS KIND: does `status` list it
alarm_has() {
	adm "$1" status 2>/dev/null | grep -q -- "$2"
}

### addresses and traffic ##############################################

# has_addr NS ADDRESS [DEV]
has_addr() {
	local plen=32
	[[ $2 != *:* ]] || plen=128
	# shellcheck disable=SC2086
	[ -n "$(ip -n "$1" -o addr show ${3:+dev $3} to "$2/$plen" 2>/dev/null)" ]
}

has_no_addr() { ! has_addr "$@"; }

wait_addr() {
	wait_for "${3:-$WAIT_TIMEOUT}" has_addr "$1" "$2" || fail "$2 did not come to $1"
}

wait_no_addr() {
	wait_for "${3:-$WAIT_TIMEOUT}" has_no_addr "$1" "$2" || fail "$2 stays on $1"
}

# holders ADDRESS NS...: on how many of them it is
holders() {
	local a=$1 n c=0
	shift
	for n; do
		if has_addr "$n" "$a"; then c=$((c + 1)); fi
	done
	echo $c
}

# answers NS ADDRESS: one ping
answers() { on "$1" ping -n -q -c 1 -W 1 "$2" >/dev/null 2>&1; }
answers_not() { ! answers "$@"; }

ping_ok() { wait_for "${3:-5}" answers "$1" "$2" || fail "$2 does not answer $1"; }

# neigh_mac NS ADDRESS: what NS believes
neigh_mac() {
	ip -n "$1" neigh show "$2" | sed -n 's/.*lladdr \([0-9a-f:]*\).*/\1/p'
}

neigh_is() { [ "$(neigh_mac "$1" "$2")" = "$3" ]; }

### capture ############################################################

# cap_start NS DEV FILE: every VRRP, ARP and IGMP frame that DEV *receives*,
# one line each with kernel time, see tools/vrrpt.c. Returns once it listens.
cap_start() {
	: >"$3"
	ip netns exec "$1" "$VRRPT" capture "$2" >"$3" 2>&1 &
	CAP_PID=$!
	wait_for 10 grep -q '^ready' "$3" || fail "capture on $2 in $1: $(cat "$3")"
}

cap_stop() {
	kill "$CAP_PID" 2>/dev/null
	wait "$CAP_PID" 2>/dev/null
	:
}

# cap_lines FILE KIND [KEY=VALUE|KEY!=VALUE]...: matching lines, KIND advert|garp|arp|arpreply|igmp
cap_lines() {
	local f=$1 kind=$2
	shift 2
	awk -v kind="$kind" -v want="$*" '
		BEGIN { n = split(want, w, " ") }
		$2 == kind {
			for (i = 1; i <= n; i++) {
				x = w[i]
				not = sub(/!=/, "=", x)
				if ((index(" " $0 " ", " " x " ") == 0) != not) next
			}
			print
		}' "$f"
}

# cap_count FILE KIND [KEY=VALUE]...
cap_count() { cap_lines "$@" | wc -l; }

# cap_has FILE KIND [KEY=VALUE]..., for polling
cap_has() { [ "$(cap_count "$@")" -gt 0 ]; }

# cap_gap_max FILE KIND [KEY=VALUE]...: largest distance of two in ms
cap_gap_max() {
	cap_lines "$@" | awk '{ if (NR > 1 && $1 - p > m) m = $1 - p; p = $1 }
		END { printf "%.3f\n", m * 1000 }'
}

### keepalived #########################################################

# kp_start NS NAME DEV PRIORITY SECONDS [LINE...]: VRRPv3 for $VIP, vrid 51;
# LINEs go into the instance
kp_start() {
	local ns=$1 name=$2 dev=$3 prio=$4 int=$5 state=BACKUP
	shift 5
	[ "$prio" != 255 ] || state=MASTER
	{
		printf 'global_defs {\n vrrp_version 3\n}\nvrrp_instance V {\n'
		printf ' interface %s\n state %s\n virtual_router_id 51\n' "$dev" "$state"
		printf ' priority %s\n advert_int %s\n' "$prio" "$int"
		printf ' %s\n' "$@"
		printf ' virtual_ipaddress {\n  %s/24\n }\n}\n' "$VIP"
	} >"$HAK_TMP/$name.conf"
	rm -f "$HAK_TMP/$name.pid" "$HAK_TMP/$name.vrrp"
	ip netns exec "$ns" keepalived -n -l -D -P -f "$HAK_TMP/$name.conf" -p "$HAK_TMP/$name.pid" \
		-r "$HAK_TMP/$name.vrrp" </dev/null >"$HAK_TMP/$name.log" 2>&1 &
	wait_for 10 test -s "$HAK_TMP/$name.vrrp" || fail "keepalived: $(tail -n 3 "$HAK_TMP/$name.log")"
}

# kp_stop NAME: gracefully
kp_stop() {
	local p
	p=$(cat "$HAK_TMP/$1.pid" 2>/dev/null) || return 0
	kill "$p" 2>/dev/null || return 0
	wait_for 10 process_gone "$p" || fail "keepalived does not stop"
}

# kp_kill NAME: both processes, as by a crash; its addresses stay
kp_kill() {
	kill -KILL "$(cat "$HAK_TMP/$1.pid")" "$(cat "$HAK_TMP/$1.vrrp")"
}

process_gone() { ! kill -0 "$1" 2>/dev/null; }

### running ############################################################

hak_cleanup() {
	if declare -F teardown >/dev/null; then teardown; fi
	ns_destroy_after 0
	rm -rf "$HAK_TMP"
}

# hak_case NAME: runs one in a process group of its own; sets HAK_RC
hak_case() {
	local pid dog
	HAK_CASE=$1
	set -m
	( set +m; "$1" ) </dev/null 2>&1 &
	pid=$!
	( sleep "$CASE_TIMEOUT"; kill -KILL -- "-$pid" ) >/dev/null 2>&1 </dev/null &
	dog=$!
	set +m
	wait "$pid" 2>/dev/null
	HAK_RC=$?
	kill -KILL -- "-$dog" 2>/dev/null
	kill -KILL -- "-$pid" 2>/dev/null
	wait "$dog" 2>/dev/null
}

# hak_main CASE...
hak_main() {
	local c n=0 bad=0 cases=$* made began busy
	HAK_TMP=$(mktemp -d "${TMPDIR:-/tmp}/hak.XXXXXX") || exit 1
	export HAK_TMP
	mkfifo "$HAK_TMP/never"
	: >"$HAK_TMP/namespaces"
	trap hak_cleanup EXIT
	# shellcheck disable=SC2086
	set -- $cases
	echo "KTAP version 1"
	echo "1..$#"
	if declare -F setup >/dev/null; then
		setup 2>&1 || echo "# setup failed"
	fi
	for c; do
		n=$((n + 1))
		made=$(wc -l <"$HAK_TMP/namespaces")
		began=$(now_ms) busy=$(busy_ms)
		hak_case "$c"
		ns_destroy_after "$made"
		note "$c: $(($(now_ms) - began)) ms, processors busy $(($(busy_ms) - busy)) ms"
		case $HAK_RC in
		0) echo "ok $n $c" ;;
		4) echo "ok $n $c # SKIP" ;;
		*)
			echo "not ok $n $c"
			bad=$((bad + 1))
			;;
		esac
	done
	echo "# $0: $((n - bad)) of $n ok"
	[ $bad = 0 ]
	exit
}
