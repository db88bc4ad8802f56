# shellcheck shell=bash source-path=SCRIPTDIR disable=SC2034,SC2086,SC2046
# SPDX-License-Identifier: GPL-2.0-only
#
# Pairs of hak and another maker's router, driven by selftests/conform/dut with the
# same words. $D runs the other one, $E hak; the client $T judges by what it
# sees on the wire and by whose answer it gets.

# shellcheck source=../conform/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../conform/lib.sh"

# What a row takes for granted is not what pairs are run with.
PEER=keepalived

# peers_setup: a bridge, the client and two routers
peers_setup() {
	DUT=hak pair_setup
	# A hub: the client sees what goes from one router to the other.
	ip -n "$SW" link set br0 type bridge ageing_time 0
	ip -n "$T" addr add fe80::14/64 dev t0 nodad
	ip -n "$T" addr add 2001:db8::14/64 dev t0 nodad
	cap_start "$T" t0 "$HAK_TMP/cap"
}

# peer VERB WORD...: of the other one in $D; hak VERB WORD... in $E
peer() { DUT=$PEER "$CONFORM/dut" "$1" "$D" "${@:2}"; }
hak() { DUT=hak "$CONFORM/dut" "$1" "$E" "${@:2}"; }

# begin WORDS: from nothing; what the words mean for the client
begin() {
	peer reset
	hak reset
	ports_open
	H_SRC=$E_IP ADDRESS=$VIP
	case $1 in *inet6*) H_SRC=fe80::b ADDRESS=$VIP6 ;; esac
}

ports_open() {
	bridge -n "$SW" link set dev p1 state 3
	bridge -n "$SW" link set dev p2 state 3
}

# recent: who has advertised in the last 2.5 s; priority 0 is no Active's
recent() {
	cap_lines "$HAK_TMP/cap" advert prio!=0 |
		awk -v now="$EPOCHREALTIME" '$1 > now - 2.5 { print $3 }' | sort -u | tr '\n' ' '
}

# speaks hak|peer: it alone has advertised lately, and the address answers
speaks() {
	local r
	r=$(recent)
	[ "$(wc -w <<<"$r")" = 1 ] || return 1
	if [ "$1" = hak ]; then
		[ "$r" = "src=$H_SRC " ]
	else
		[ "$r" != "src=$H_SRC " ]
	fi && answers_now
}

answers_now() { on "$T" ping -n -q -c 1 -W 1 $ADDRESS >/dev/null 2>&1; }

# active hak|peer: within a while, by adverts and by who answers
active() {
	wait_for 30 speaks "$1" && return
	note "adverts of the last seconds: $(recent)"
	tail -n 12 "$HAK_TMP/cap" | cut -c1-160 | sed 's/^/# /'
	fail "the Active is not $1"
}

# took_ms: from the last advert of the one to the first of the other
took_ms() {
	cap_lines "$HAK_TMP/cap" advert | awk -v h="src=$H_SRC" -v who="$1" '
		{ mine = ($3 == h) == (who == "hak") }
		mine && !/ prio=0 / && other && !done { d = $1 - other; done = 1 }
		!mine { other = $1; done = 0 }
		END { if (d) printf "%.0f\n", d * 1000 }'
}

# kind_words KIND hak|peer: how it is said
kind_words() {
	local words="vmac off" other=$D_IP
	[ "$2" = hak ] || other=$E_IP
	case $1 in
	v2) words+=" version 2 interval 1s" ;;
	v2_password) words+=" version 2 interval 1s auth-pass secret" ;;
	v6) words+=" family inet6" ;;
	unicast) words+=" checksum auto peer $other" ;;
	vmac) words="vmac on checksum auto" ;;
	*) words+=" checksum auto" ;;
	esac
	echo "accept on $words"
}

# peer_goes KIND HOW: it is Active, goes by stop or crash, hak takes over; after a
# crash it comes back
peer_goes() {
	begin "$(kind_words "$1" hak)"
	hak start $(kind_words "$1" hak) priority 100 || fail "hak was refused"
	peer start $(kind_words "$1" peer) priority 200 || fail "$PEER was refused"
	active peer
	if [ "$2" = stop ]; then peer stop; else bridge -n "$SW" link set dev p1 state 0; fi
	active hak
	note "takeover after $(took_ms hak) ms"
	if [ "$2" = crash ]; then
		bridge -n "$SW" link set dev p1 state 3
		active peer
	fi
}

# hak_goes KIND HOW: the other way round
hak_goes() {
	begin "$(kind_words "$1" hak)"
	peer start $(kind_words "$1" peer) priority 100 || fail "$PEER was refused"
	hak start $(kind_words "$1" hak) priority 200 || fail "hak was refused"
	active hak
	if [ "$2" = stop ]; then hak stop; else bridge -n "$SW" link set dev p2 state 0; fi
	active peer
	note "takeover after $(took_ms peer) ms"
	if [ "$2" = crash ]; then
		bridge -n "$SW" link set dev p2 state 3
		active hak
	fi
}

teardown() { cap_stop; }

# kinds KIND...: a case for each kind, side and way to go: KIND_peer_stops, ...; of
# them, unless HAK_ALL is set or they are named, only those where hak crashes
kinds() {
	local k
	for k; do
		eval "${k}_peer_stops() { peer_goes $k stop; }"
		eval "${k}_peer_crashes() { peer_goes $k crash; }"
		eval "${k}_hak_stops() { hak_goes $k stop; }"
		eval "${k}_hak_crashes() { hak_goes $k crash; }"
		ALL_CASES+=" ${k}_hak_crashes"
		[ -z "${HAK_ALL:-}" ] || ALL_CASES+=" ${k}_peer_stops ${k}_peer_crashes ${k}_hak_stops"
	done
}
