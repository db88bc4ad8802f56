#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# A batch that was computed from an older configuration changes nothing.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

ALL_CASES="old_generation_refused right_generation_taken"

setup() {
	mod_load
	ns_create NS
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

hak_main "${@:-$ALL_CASES}"
