#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# Configuration that changes under a reader or writer: a batch that was computed
# from an older one changes nothing, a dump that has begun ends without an error.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

ALL_CASES="old_generation_refused right_generation_taken dump_outgrown"

setup() {
	mod_load
	ns_create NS
	ip -n "$NS" link add hg0 type veth peer name hg0-peer
	ip -n "$NS" link set hg0 up
}

expecting() {
	on "$NS" python3 "$HAK_SELFTESTS/netlink/expect.py" "$1"
}

# The sentence of a refusal tells the generation.
generation() {
	expecting 4000000000 | sed -n 's/.*generation \([0-9]*\), .*/\1/p'
}

old_generation_refused() {
	local answer
	answer=$(expecting 4000000000)
	check "refused with EAGAIN and a sentence: $answer" \
		grep -q '^11 the configuration has changed meanwhile' <<<"$answer"
	check_eq "tracks" "$(adm "$NS" -o track show)" ""
}

right_generation_taken() {
	check_eq "answer" "$(expecting "$(generation)")" "0 "
	check "the track is there" grep -q EXPECTED <<<"$(adm "$NS" -o track show)"
	check "its generation is over" grep -q '^11 ' <<<"$(expecting 1)"
}

# routers ADDRESSES: a file of six; the first has 20 addresses, the others that many
routers() {
	local r n=20
	for r in 1 2 3 4 5 6; do
		echo "router add R$r dev hg0 vrid $r"
		# shellcheck disable=SC2046,SC2086 # numbers
		printf "vip add 198.51.$r.%s router R$r\n" $(seq $n)
		n=$1
	done
}

# The first buffer holds some of them, the second one is allocated for the next
# one as it was, and by then that one has outgrown it.
dump_outgrown() {
	local sizes
	routers 20 >"$HAK_TMP/before.conf"
	routers 120 >"$HAK_TMP/after.conf"
	adm_ok "$NS" load "$HAK_TMP/before.conf"
	sizes=$(on "$NS" python3 "$HAK_SELFTESTS/netlink/dump.py" \
		"$HAKADM" load "$HAK_TMP/after.conf" | tr '\n' ' ')
	note "sizes: $sizes"
	check "the rest of them, grown, no error" \
		grep -qE '^([45][0-9]{3} )+end 0 $' <<<"$sizes"
	adm_flush "$NS"
}

hak_main "${@:-$ALL_CASES}"
