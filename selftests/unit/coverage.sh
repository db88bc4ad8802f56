#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Usage: coverage.sh FOLDER CFLAGS SOURCES TRACES
# Runs the unit tests with counters and fails unless every line and every
# branch of kmod/core was taken.
set -eu

dir=$1 cflags=$2 sources=$3 traces=$4
gcov=${GCOV:-gcov}

rm -rf "$dir"
mkdir -p "$dir"
# Words of the lists are meant to split.
# shellcheck disable=SC2086
for src in $sources; do
	gcc -g -O0 --coverage $cflags -c -o "$dir/$(basename "$src" .c).o" "$src"
done
gcc --coverage -o "$dir/core-tests" "$dir"/*.o
# shellcheck disable=SC2086
"$dir/core-tests" $traces >"$dir/tap" || { cat "$dir/tap"; exit 1; }

# percent FILE OBJECT: "lines branches-taken" of FILE as OBJECT was built
percent() {
	"$gcov" -b -n -o "$dir" "$dir/$2" | awk -v name="/$1'" '
		/^File / { here = substr($0, length($0) - length(name) + 1) == name }
		here && /^Lines executed:/ { split($2, a, ":"); lines = a[2] }
		here && /^Taken at least once:/ { split($4, a, ":"); taken = a[2] }
		END { print lines, taken }' | tr -d %
}

status=0 n=0
echo "TAP version 13"
echo "1..8"
check() {
	n=$((n + 1))
	figures=$(percent "$1" "$2")
	if [ "$figures" = "100.00 100.00" ]; then
		echo "ok $n - coverage $1: 100 % of lines and branches"
	else
		echo "not ok $n - coverage $1: lines and branches, per cent: ${figures:-none}"
		status=1
	fi
}
check vrrp_fsm.c test_vrrp_fsm.o
check vrrp_group.c vrrp_group.o
check vrrp_pkt.c vrrp_pkt.o
check csum.c csum.o
check lb_key.c lb_key.o
check lb_pick.c lb_pick.o
check lb_sched.c lb_sched.o
check lb_tcp.c lb_tcp.o
exit $status
