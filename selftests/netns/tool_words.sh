#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: host
#
# Wrong words need neither module nor root: they are found before anything is sent.
# Each line of words.table ends with its status and prints its sentence, in JSON with
# -j. This runs on the host, where a program starts at once.

# shellcheck disable=SC2119,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=wrong.sh
. "$(dirname "$0")/wrong.sh"

ALL_CASES="words_alone suggestions"

words_alone() {
	HAK=("$HAKADM") MIN=120
	run_table <"$WORDS_TABLE"
	json_judge
	[ "$BAD" = 0 ] || fail "$BAD lines"
}

# Slips and the words of other programs get the way out.
suggestions() {
	local words hint n=0
	HAK=("$HAKADM")
	while IFS='|' read -r words hint; do
		n=$((n + 1))
		# shellcheck disable=SC2086
		"$HAKADM" $words >"$HAK_TMP/stdout" 2>"$HAK_TMP/stderr"
		check_eq "exit of '$words'" $? 1
		grep -qF -- "$hint" "$HAK_TMP/stderr" ||
			fail "'$words' does not suggest '$hint': $(cat "$HAK_TMP/stderr")"
	done <<-'EOF'
		ruter show|router
		trak show|track
		statu5|status
		router ad NEW dev eth0 vird 9|vrid
		router set WEB priorty 10|priority
		router set WEB intervall 1s|interval
		router set WEB preemt on|preempt
		router set WEB nopreempt|preempt off
		router set WEB advert_int 1|interval
		router set WEB track T weigth 10|weight
		vip add 198.51.100.7 ruter WEB|router
		-n vip show|vip show
		-t load FILE|test
	EOF
	check_ge "lines" "$n" 10
}

hak_main "${@:-$ALL_CASES}"
