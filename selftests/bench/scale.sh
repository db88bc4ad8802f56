#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: warp
#
# Many routers: ROUTERS of them (4,000) on 16 devices with adverts each second, two
# nodes. What they cost each second when Active and when Backup, what memory they
# take, how long a load and the failover of all of them at once last; beside 1,000
# of keepalived on the same kernel.

# shellcheck disable=SC2046,SC2086,SC2119,SC2317 # cases are called by name; words
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=1200
ROUTERS=${ROUTERS:-4000}
KP_ROUTERS=1000
DEVS=16
FIGURES=$HAK_TMP/figures
ALL_CASES="load backup_cost failover keepalived bars"

setup() {
	local d
	mod_load
	: >"$FIGURES"
	ns_create A B S
	for d in $(seq 0 $((DEVS - 1))); do
		ip -n "$S" link add br$d type bridge mcast_snooping 0
		ip -n "$S" link set br$d up
		node "$A" a$d 198.19.$d.1 $d
		node "$B" b$d 198.19.$d.2 $d
	done
	export A B S
}

# node NS PORT ADDRESS D: device dD of the node, on bridge brD
node() {
	ip -n "$S" link add "$2" type veth peer name "d$4" netns "$1"
	ip -n "$S" link set "$2" master "br$4" up
	ip -n "$1" addr add "$3/24" dev "d$4"
	ip -n "$1" link set "d$4" up
}

figure() {
	printf '# bench %-14s %-22s %s\n' "$1" "$2" "$3" | tee -a "$FIGURES"
}

got() { awk -v s="$1" -v w="$2" '$3 == s && $4 == w { print $5 }' "$FIGURES"; }

# conf PRIORITY: the file of a node
conf() {
	awk -v n="$ROUTERS" -v devs=$DEVS -v prio="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			d = i % devs; v = 1 + int(i / devs)
			printf "vip add 198.18.%d.%d/32 dev d%d vrid %d checksum plain priority %d\n", d, v, d, v, prio
		}
	}' >"$HAK_TMP/conf$1"
}

# idle_ns: time that the processor was idle; the kernel counts it to the microsecond
idle_ticks() { awk '/^cpu / { print $5 + $6 }' /proc/stat; }

# busy SECONDS: instructions a second, as 1 ns is 1 instruction here; less what the
# kernel does anyway
busy() {
	local i0 i1 t0 t1
	t0=$(date +%s%N) i0=$(idle_ticks)
	sleep "$1"
	i1=$(idle_ticks) t1=$(date +%s%N)
	echo $(((t1 - t0 - (i1 - i0) * 10000000) * 1000000000 / (t1 - t0)))
}

slab_kb() { awk '/^(Slab|Percpu|VmallocUsed):/ { n += $2 } END { print n }' /proc/meminfo; }

count_state() { "$HAKADM" -n "$1" -j status | gojq "[.routers[] | select(.state == \"$2\")] | length"; }
all_are() { [ "$(count_state "$1" "$2")" = "$ROUTERS" ]; }

load() {
	local t0 t1 m0 m1 base
	conf 200
	conf 100
	base=$(busy 10)
	figure nothing insn_per_s "$base"
	m0=$(slab_kb)
	t0=$(date +%s%N)
	"$HAKADM" -n "$A" load "$HAK_TMP/conf200" || fail "load"
	t1=$(date +%s%N)
	figure hak load_ms $(((t1 - t0) / 1000000))
	sleep 3.8
	check_eq "Active after one Active_Down_Interval and 0.5 s" "$(count_state "$A" Active)" "$ROUTERS"
	sleep 10
	m1=$(slab_kb)
	figure hak bytes_per_router $(((m1 - m0) * 1024 / ROUTERS))
	figure hak active_insn_per_s $(($(busy 20) - base))
}

backup_cost() {
	local active both
	active=$(got hak active_insn_per_s)
	"$HAKADM" -n "$B" load "$HAK_TMP/conf100" || fail "load"
	sleep 10
	check_eq "Backup" "$(count_state "$B" Backup)" "$ROUTERS"
	both=$(($(busy 20) - $(got nothing insn_per_s)))
	figure hak backup_insn_per_s $((both - active))
}

# Every port of node A leaves its bridge at once, with carrier kept.
failover() {
	local t0 d last
	for d in $(seq 0 $((DEVS - 1))); do
		echo "link set a$d nomaster"
	done >"$HAK_TMP/cut"
	t0=$(date +%s%3N)
	ip -n "$S" -batch "$HAK_TMP/cut"
	sleep 6
	check_eq "Active" "$(count_state "$B" Active)" "$ROUTERS"
	check_eq "routers that were Active more than once" \
		"$("$HAKADM" -n "$B" -j router show | gojq '[.[] | select(.counters.to_active != 1)] | length')" 0
	last=$("$HAKADM" -n "$B" -j router show |
		gojq -r '[.[].since | capture("^(?<s>[^.]+)\\.(?<f>[0-9]{3})") | ((.s + "Z") | fromdate) * 1000 + (.f | tonumber)] | max')
	figure hak failover_ms $((last - t0))
	check_le "the last of them, ms" $((last - t0)) 3660
	for d in $(seq 0 $((DEVS - 1))); do
		ip -n "$S" link set a$d master br$d
	done
}

keepalived() {
	need keepalived
	local base=0 rss f=$HAK_TMP/kp.conf
	adm_flush "$A" "$B"
	sleep 5
	base=$(busy 10)
	awk -v n=$KP_ROUTERS -v devs=$DEVS 'BEGIN {
		print "global_defs {\n vrrp_version 3\n}"
		for (i = 0; i < n; i++) {
			d = i % devs; v = 1 + int(i / devs)
			printf "vrrp_instance r%d {\n state BACKUP\n interface d%d\n virtual_router_id %d\n priority 200\n advert_int 1\n virtual_ipaddress {\n 198.18.%d.%d/32 dev d%d\n }\n}\n", i, d, v, d, v, d
		}
	}' >"$f"
	on "$A" keepalived -n -l -P -f "$f" -p "$HAK_TMP/kp.pid" -r "$HAK_TMP/kp.vrrp" >"$HAK_TMP/kp.log" 2>&1 &
	sleep 30
	check_eq "addresses" "$(ip -n "$A" -br -4 addr show | grep -o '198\.18\.' | wc -l)" $KP_ROUTERS
	figure keepalived active_insn_per_s $(($(busy 20) - base))
	rss=$(awk '/^Pss:/ { print $2 }' "/proc/$(cat "$HAK_TMP/kp.vrrp")/smaps_rollup")
	figure keepalived bytes_per_router $((rss * 1024 / KP_ROUTERS))
	kill "$(cat "$HAK_TMP/kp.pid")"
	wait
}

bars() {
	local hak kp
	hak=$(($(got hak active_insn_per_s) / ROUTERS))
	kp=$(($(got keepalived active_insn_per_s) / KP_ROUTERS))
	note "an Active router each second: hak $hak instructions, keepalived $kp"
	check_le "cheaper than keepalived" $hak $kp
}

hak_main "${@:-$ALL_CASES}"
