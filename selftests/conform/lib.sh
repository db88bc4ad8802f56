# shellcheck shell=bash source-path=SCRIPTDIR disable=SC2034,SC2153,SC2119
# SPDX-License-Identifier: GPL-2.0-only
#
# Conformance to RFC 9568 with errata, and to RFC 3768 for version 2, seen from
# the wire: a tester and a router on a veth (or two routers on a bridge). A case
# is named after the row of the table it belongs to, see `rows`; a row passes
# when all its cases do; an x in place of the r: not of the table, but beside it. DUT=hak|keepalived|frr is the device under test, with
# what the RFC has as default: no Accept_Mode, the virtual MAC.
#
# The others are played the same frames, to check the judge: rows that they are
# known to miss must fail, see `known`.

# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

DUT=${DUT:-hak}
CONFORM=$HAK_SELFTESTS/conform
D_IP=192.0.2.10 D_MAC=00:00:5e:00:53:0a T_MAC=00:00:5e:00:53:14
E_IP=192.0.2.11 E_MAC=00:00:5e:00:53:0b
V_MAC=00:00:5e:00:01:33 V6_MAC=00:00:5e:00:02:33
# HAK_VMAC=off: hak with the MAC of its device, as it is without any word
if [ "${HAK_VMAC:-on}" = off ]; then V_MAC=$D_MAC V6_MAC=$D_MAC; fi
HI=192.0.2.20 LO=192.0.2.5
# As high and as low as one can be: FRR's own is random.
D_IP6=fe80::a HI6=fe80::ffff:ffff:ffff:fff0 LO6=fe80::1
VIP6=2001:db8::100 VLL6=fe80::100
R=d0.51 R6=d0.51v6
I=200ms
# When a start begins cannot be seen from outside, only when the order was given
# and when it had been carried out; a daemon has a process to start.
SUM=plain START_SLACK=2
if [ "$DUT" != hak ]; then
	SUM=pseudo START_SLACK=150
fi

# due MS: the range of a deadline. hak may be late by 2 ms and not early; the
# others, whose clocks count centiseconds, may be early by as much.
due() {
	awk -v t="$1" -v e="$([ "$DUT" = hak ] && echo 0.06 || echo 2)" \
		'BEGIN { printf "%.2f %.2f\n", t - e, t + 2.06 }'
}

# Active_Down_Interval of priority 100 for the intervals 200 ms, 1 s, 50 ms, 10 ms,
# and Skew_Time of the first, second and last
AD=$(due 721.875) AD1=$(due 3609.375) AD5=$(due 180.469) ADC=$(due 36.094)
SKEW=$(due 121.875) SKEW1=$(due 609.375) SKEWC=$(due 6.094)
export DUT CONFORM D_IP D_MAC V_MAC

### what is there ######################################################

# conform_setup: tester t0 and router d0 on a veth, nothing else
conform_setup() {
	ns_create T D
	ip -n "$T" link add t0 address $T_MAC type veth peer name d0 netns "$D" address $D_MAC
	router_ns "$D" $D_IP $D_IP6
	ip -n "$T" link set t0 addrgenmode none
	ip -n "$T" link set t0 up
	if [ "$DUT" = hak ]; then mod_load; fi
	export T D
}

# router_ns NS ADDRESS ADDRESS6: what a router's namespace wants besides its link
router_ns() {
	ip -n "$1" link set d0 addrgenmode none
	ip -n "$1" -6 addr flush dev d0
	ip -n "$1" link set d0 up
	ip -n "$1" addr add "$2/24" dev d0
	ip -n "$1" addr add "$3/64" dev d0 nodad
	ip -n "$1" addr add "2001:db8::${3##*:}/64" dev d0 nodad
	peers_known "$1"
	on "$1" sysctl -qw net.ipv4.conf.all.promote_secondaries=1 net.ipv4.conf.d0.promote_secondaries=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
}

# peers_known NS: it need not ask for the tester's address
peers_known() {
	ip -n "$1" neigh replace $HI lladdr $T_MAC dev d0
	ip -n "$1" neigh replace $HI6 lladdr $T_MAC dev d0
}

# pair_setup [ROUTERS]: two routers d0 in $D and $E, the tester t0 and a bridge
pair_setup() {
	ns_create T D E SW
	ip -n "$SW" link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
	ip -n "$SW" link set br0 up
	link_create "$T" t0 $T_MAC "$SW" p0
	link_create "$D" d0 $D_MAC "$SW" p1
	link_create "$E" d0 $E_MAC "$SW" p2
	router_ns "$D" $D_IP $D_IP6
	router_ns "$E" $E_IP fe80::b
	ip -n "$T" addr add $HI/24 dev t0
	if [ "$DUT" = hak ]; then mod_load; fi
	export T D E SW
}

### the device under test ##############################################

# not_for WHY: the row has no meaning for this device; never for hak
not_for() {
	[ "$DUT" != hak ] || fail "hak is always asked"
	note "n/a: $*"
	exit 4
}

only_hak() { [ "$DUT" = hak ] || not_for "${*:-no such words there}"; }

# dut_cmd [WORD VALUE]...: the shell command that makes it anew in $D. Words as in
# hakadm; `addresses A,B,...` are in place of $VIP.
dut_cmd() { dut_do start "$@"; }

# dut_do VERB [WORD]...: the shell command for it, see dut; of hak the one command
# that an operator gives, as the time that it takes counts.
dut_do() {
	if [ "$DUT" = hak ]; then
		"$CONFORM/dut" say "$D" "$@" || fail "dut say $*"
	else
		echo "$CONFORM/dut $1 $D ${*:2}"
	fi
}
dut_stop() {
	forget
	"$CONFORM/dut" reset "$D" || fail "the router does not go"
}

# dut [WORD VALUE]...: it runs with these, in whatever state
dut() {
	local had
	had=$(cat "$HAK_TMP/dut" 2>/dev/null)
	WORDS="words $*"
	if [ "$had" = "$WORDS" ]; then
		rm -f "$HAK_TMP/dut"
		return
	fi
	had=$WORDS
	dut_stop
	WORDS=$had
	"$CONFORM/dut" start "$D" "$@" || fail "the router was refused"
}

# forget: the next case shall not go on with this router
forget() {
	rm -f "$HAK_TMP/dut"
	WORDS=
}

# play <SCRIPT: with the defaults of an IPv4 tester in its first line
play() {
	play_as "smac=$T_MAC vmac=1 src=$HI addrs=$VIP int=20 sum=$SUM"
}

# play2, play6: version 2, IPv6
play2() { play_as "smac=$T_MAC vmac=1 src=$HI addrs=$VIP ver=2 int=100"; }
play6() { play_as "smac=$T_MAC vmac=1 src=$HI6 addrs=$VLL6,$VIP6 int=20"; }

play_as() {
	{
		echo "def $1"
		cat
	} | on "$T" "$VRRPT" play t0 || fail "judged so"
	# Good enough for the next case to go on with.
	[ -z "$WORDS" ] || echo "$WORDS" >"$HAK_TMP/dut"
}

# at_exit COMMAND: what the case undoes, however it ends
# shellcheck disable=SC2064 # its words are meant as they are now
at_exit() { trap "$*" EXIT; }

hak_alarm() {
	[ "$DUT" != hak ] || check "alarm $1" alarm_has "${2:-$D}" "$1"
}

### stimuli of more than one row #######################################

# yields KEY=VALUE...: an Active goes for such an advert
yields() {
	echo "wait advert within 5s
		sleep 30
		now a
		stream 6 260 prio=200 $*
		count advert prio!=0 0 1 220 1560 from a
		wait advert within 45s"
}

# rhythm MIN MAX TO: hak does not even lose its rhythm for what it drops (of the
# others only row 65 asks)
rhythm() { [ "$DUT" != hak ] || echo "period advert $1 $2 -1 $3 from a"; }

# stays KEY=VALUE...: an Active does not go for it
stays() {
	echo "wait advert within 5s
		mark a
		sleep 30
		stream 6 260 prio=200 $*
		count advert 4 9 250 1590 from a"
	rhythm 199 201 1601
}

# starve KEY=VALUE...: it goes on, also when they come faster than it sends
starve() {
	echo "wait advert within 5s
		mark a
		stream 38 80 prio=200 $*
		count advert 14 16 1 3001 fig from a"
	rhythm 199 201 3001
}

# dropped REASON LEAST ROUTER COMMAND...: the command makes hak's counter grow by LEAST
dropped() {
	local a=0 b=0 reason=$1 least=$2 name=$3
	shift 3
	[ "$DUT" != hak ] || a=$(router_json "$D" "$name" ".counters.dropped.$reason")
	"$@"
	[ "$DUT" = hak ] || return 0
	b=$(router_json "$D" "$name" ".counters.dropped.$reason")
	check_ge "drop counter $reason" $((b - a)) "$least"
}

# start_at MIN MAX WORD...: the first advert after the start
start_at() {
	local min=$1 max=$2
	shift 2
	dut_stop
	play <<-END
	run $(dut_cmd "$@")
	expect advert 0 5s from run0
	at $min 5s from run0
	at -5s $(awk -v a="$max" -v b=$START_SLACK 'BEGIN { print a + b }') from run1 fig
	END
}

conform_main() {
	ALL_CASES=$(sed -n 's/^\([rx][0-9]\{3\}_[a-z0-9_]*\)().*/\1/p' "$0" | tr '\n' ' ')
	hak_main "${@:-$ALL_CASES}"
}
