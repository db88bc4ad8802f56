#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Takeovers for no reason: hak and untuned keepalived side by side on the same two
# nodes, each with adverts every 100 ms, while the machine is busy with something else.
# With HAK_INTERVAL_MS=10 an emulated machine is too late by itself now and then: changes in
# a window of 200 ms in which a probe of the highest priority was late by more than 5 ms, or
# in the one after it, are counted apart, and the load goes on for up to three times as long.
# Each node has a processor: keepalived is bound to it, hak is configured from there,
# and the load is on that of the Active, of the Backup, or on both. What is counted are
# changes of state after the load has begun; hak has none, keepalived's are printed.
#
# Mode: smp
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2016,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

MS=${HAK_INTERVAL_MS:-100}
LATE_US=5000 WINDOW_MS=200
# How long each load lasts on each place (60 for the claim).
SECS=${HAK_SECONDS:-20}
CASE_TIMEOUT=$((SECS * 9 + 240))
KVIP=192.0.2.152
CPU1=0 CPU2=1

setup() {
	mod_load
	pair_create
	printf '# %-22s %-7s %10s %12s%s\n' "changes of state" on hak keepalived \
		"$([ "$MS" = 100 ] || echo "   of hak when late   windows: late, not")" >"$HAK_TMP/table"
	mkdir -p "$HAK_TMP/cg"
	mount -t cgroup2 none "$HAK_TMP/cg" || echo "# no cgroup2"
	echo +pids >"$HAK_TMP/cg/cgroup.subtree_control"
	mkdir -p "$HAK_TMP/cg/load"
	echo 400 >"$HAK_TMP/cg/load/pids.max"
	node "$R1" k1 150 $CPU1
	node "$R2" k2 100 $CPU2
	wait_state "$R1" $R Active
	wait_state "$R2" $R Backup
	wait_addr "$R1" $KVIP
}

teardown() {
	cat "$HAK_TMP/table"
	cat "$HAK_TMP"/k?.pid | xargs kill
	wait_for 10 keepalived_is_gone
	rmdir "$HAK_TMP/cg/load"
	umount "$HAK_TMP/cg"
	pair_destroy
}

keepalived_is_gone() { ! pgrep -x keepalived >/dev/null; }

# node NS NAME PRIORITY CPU
node() {
	taskset -c "$4" "$HAKADM" -n "$1" vip add $VIP/24 dev eth0 vrid 51 checksum plain \
		interval "${MS}ms" priority "$3" || fail "hak on $1"
	cat >"$HAK_TMP/$2.conf" <<-END
		global_defs {
		 vrrp_version 3
		}
		vrrp_instance V {
		 interface eth0
		 state BACKUP
		 virtual_router_id 52
		 priority $3
		 advert_int $(awk -v ms="$MS" 'BEGIN { print ms / 1000 }')
		 virtual_ipaddress {
		  $KVIP/24
		 }
		}
	END
	taskset -c "$4" ip netns exec "$1" keepalived -n -l -D -P -f "$HAK_TMP/$2.conf" \
		-p "$HAK_TMP/$2.pid" -r "$HAK_TMP/$2.vrrp" </dev/null >"$HAK_TMP/$2.log" 2>&1 &
	wait_for 20 test -s "$HAK_TMP/$2.vrrp" || fail "keepalived: $(tail -n 3 "$HAK_TMP/$2.log")"
}

hak_changes() {
	local ns n=0
	for ns in "$R1" "$R2"; do
		n=$((n + $(router_json "$ns" $R '.counters | .to_initialize + .to_backup + .to_active')))
	done
	echo $n
}

# hak_change_times SINCE: when, in seconds since 1970
hak_change_times() {
	local ns
	for ns in "$R1" "$R2"; do
		adm "$ns" -j router history | gojq -r --argjson since "$1" '
			(if type == "array" then .[] else . end) | .time |
			capture("^(?<s>[^.]+)\\.(?<f>[0-9]+)") |
			((.s + "Z") | fromdate) + ("0." + .f | tonumber) | select(. > $since)'
	done
}

# excused FILE: of the times, how many are in windows of FILE when the machine was late
excused() {
	awk -v late=$LATE_US 'NR == FNR { begin[NR] = $1; bad[NR] = $2 > late; n = NR; next }
		{ for (i = n; i && begin[i] > $1; i--); if (bad[i] || bad[i - 1]) k++ }
		END { print k + 0 }' "$1" -
}

# windows LATE|NOT: of the load that runs now
windows() {
	awk -v late=$LATE_US -v want="$1" '{ n[$2 > late ? "late" : "not"]++ } END { print n[want] + 0 }' "$HAK_TMP/late"
}

# last_for_load: until it was judged for long enough
last_for_load() {
	local i
	settle $((SECS * 1000))
	[ "$MS" -lt 100 ] || return 0
	for ((i = 0; i < 2 * SECS; i++)); do
		[ $(($(windows not) * WINDOW_MS)) -lt $((SECS * 1000)) ] || return 0
		settle 1000
	done
}

keepalived_changes() { cat "$HAK_TMP"/k?.log | grep -cE 'Entering (MASTER|BACKUP|FAULT) STATE'; }

# in_load COMMAND...: in the cgroup that is ended with all that it has made
in_load() {
	(echo $BASHPID >"$HAK_TMP/cg/load/cgroup.procs" && exec "$@") >/dev/null 2>&1 &
	disown
}

end_load() {
	echo 1 >"$HAK_TMP/cg/load/cgroup.kill"
	wait_for 30 load_is_gone || fail "the load does not end"
}

load_is_gone() { ! grep -q . "$HAK_TMP/cg/load/cgroup.procs"; }

calm() {
	wait_state "$R1" $R Active 30
	wait_state "$R2" $R Backup 30
	wait_addr "$R1" $KVIP 30
	wait_no_addr "$R2" $KVIP 30
}

# under NAME LOAD: LOAD CPU LIST-OF-ADDRESSES begins it
under() {
	local name=$1 load=$2 place hak kp bad=0 t late='' aside=0 probe
	for place in Active Backup both; do
		calm
		hak=$(hak_changes) kp=$(keepalived_changes) t=$EPOCHREALTIME
		"$HAK_TOOLS/late" $WINDOW_MS "$HAK_TMP/late" &
		probe=$!
		case $place in
		Active) $load $CPU1 $A1 ;;
		Backup) $load $CPU2 $A2 ;;
		both) $load $CPU1,$CPU2 $A1 $A2 ;;
		esac
		last_for_load
		end_load
		kill $probe
		wait $probe 2>/dev/null
		hak=$(($(hak_changes) - hak)) kp=$(($(keepalived_changes) - kp))
		if [ "$MS" -lt 100 ]; then
			aside=$(hak_change_times "$t" | excused "$HAK_TMP/late")
			check_ge "seconds judged" $(($(windows not) * WINDOW_MS / 1000)) $((SECS / 4))
			late=$(printf '%15d %10d, %d' "$aside" "$(windows late)" "$(windows not)")
		fi
		printf '# %-22s %-7s %10s %12s %s\n' "$name" $place $((hak - aside)) $kp "$late" | tee -a "$HAK_TMP/table"
		bad=$((bad + hak - aside))
	done
	check_eq "changes of hak's state" "$bad" 0
}

start_hogs() {
	local i
	for ((i = 0; i < 64; i++)); do
		in_load taskset -c "$1" bash -c 'while :; do :; done'
	done
}

# All that is free is taken, and files are read in turns: each page is reclaimed.
start_memory() {
	local free
	mount -t tmpfs -o size=95% none "$HAK_TMP/fill"
	free=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
	dd if=/dev/zero of="$HAK_TMP/fill/x" bs=1M count=$((free - 120)) status=none
	for _ in 1 2 3; do
		in_load taskset -c "$1" bash -c 'while :; do cat /usr/lib/x86_64-linux-gnu/*.so* /usr/lib/llvm*/lib/*.so* >/dev/null 2>&1; done'
	done
}

start_forks() { in_load taskset -c "$1" bash -c 'f() { f | f & }; while :; do f; sleep 0.1; done'; }

# What arrives, not what is asked for, is what keeps the softirq busy.
start_packets() {
	local a
	shift
	for a; do
		for _ in 1 2; do
			in_load "$HAK_TOOLS/nsx" "$CL" ping -q -f -s 64 "$a"
		done
	done
}

start_writes() {
	local i
	for i in 1 2 3 4; do
		in_load taskset -c "$1" bash -c "while :; do dd if=/dev/zero of=/out/w$i bs=4k count=64 oflag=sync conv=notrunc; done"
	done
}

hogs() { under "64 hogs" start_hogs; }

memory() {
	mkdir -p "$HAK_TMP/fill"
	under "memory, reclaim" memory_again
	umount "$HAK_TMP/fill"
}

memory_again() {
	umount "$HAK_TMP/fill" 2>/dev/null
	start_memory "$@"
}

forks() { under "fork bomb" start_forks; }
packets() { under "flood of packets" start_packets; }
writes() { under "synchronous writes" start_writes; }

ALL_CASES="hogs memory forks packets writes"
hak_main "${@:-$ALL_CASES}"
