#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Usage: run.sh BUILD SECONDS TARGET...
# Runs each fuzzer for so long, two at a time, behind whatever else the machine
# has to do, and reports in TAP. Finds are
# kept in BUILD/TARGET.finds, what was learned in BUILD/TARGET.corpus.
set -eu

build=$1 seconds=$2
shift 2

one() {
	mkdir -p "$build/$1.corpus" "$build/$1.finds"
	if chrt -i 0 "$build/$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=4096 -print_final_stats=1 -artifact_prefix="$build/$1.finds/" \
		"$build/$1.corpus" "corpus/$1" >"$build/$1.log" 2>&1; then
		echo 0 >"$build/$1.status"
	else
		echo 1 >"$build/$1.status"
	fi
}

report() {
	n=$((n + 1))
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log")
	# A fuzzer that ran nothing has proven nothing.
	if [ "$(cat "$build/$1.status")" = 0 ] && [ "${runs:-0}" -gt 100 ]; then
		echo "ok $n - $1: $runs inputs in $seconds s"
	else
		grep -E 'broken:|ERROR:|runtime error:|SUMMARY:|Test unit written' "$build/$1.log" |
			head -5 | sed 's/^/# /'
		echo "not ok $n - $1: see $build/$1.log, ${runs:-0} inputs"
		status=1
	fi
}

echo "TAP version 13"
echo "1..$#"
status=0 n=0
while [ $# -gt 0 ]; do
	first=$1 second=${2-}
	shift
	rm -f "$build/$first.status"
	one "$first" &
	if [ -n "$second" ]; then
		shift
		rm -f "$build/$second.status"
		one "$second" &
	fi
	wait
	report "$first"
	[ -z "$second" ] || report "$second"
done
exit $status
