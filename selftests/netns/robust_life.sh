#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# Lives and deaths: of the module, the namespace, the device and its addresses,
# while a router is Active or Backup. Afterwards no address of a router is left
# anywhere, nothing holds the module, and it can be unloaded.
#
# HAK_LOOPS is a percentage: 20 makes every loop a fifth as long.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-600}
ALL_CASES="load_100_times unload_under_traffic unload_under_flood
	unload_with_monitor netns_deleted device_deleted device_moved
	device_renamed device_down device_mtu device_mac primary_removed
	vip_deleted address_flush device_kinds hammer"

# The addresses of the routers here; the devices' own are in 192.0.2.0/24.
VIPS=198.51.100.0/24

setup() {
	# From memory: a hundred loads over 9p would measure just that.
	cp "$HAK_KO" "$HAK_TMP/hak.ko"
	HAK_KO=$HAK_TMP/hak.ko
	hold_hooks
	mod_load
}

# The first hook at a place makes the kernel patch the code there, and the last
# one that goes makes it patch it back; under traffic on two emulated CPUs that
# is QEMU's weak spot (see keep_timestamps() in qemu/init.c), not ours.
hold_hooks() {
	nft -f - <<-EOF || fail "nft: no hooks held"
		table ip hold {
			chain prerouting { type filter hook prerouting priority 0; }
			chain input { type filter hook input priority 0; }
			chain output { type filter hook output priority 0; }
		}
		table arp hold {
			chain input { type filter hook input priority 0; }
			chain output { type filter hook output priority 0; }
		}
		table netdev hold {
			chain ingress { type filter hook ingress device lo priority 0; }
		}
	EOF
}

teardown() {
	nft delete table ip hold
	nft delete table arp hold
	nft delete table netdev hold
	mod_unload
	mod_load
}

# loops N: N times the percentage, at least 2
loops() {
	local n=$(($1 * ${HAK_LOOPS:-100} / 100))
	echo $((n < 2 ? 2 : n))
}

# vips_anywhere: every line of every namespace that shows one
vips_anywhere() {
	local n
	ip -o addr show to "$VIPS"
	for n in $(ip netns list | cut -d' ' -f1); do
		ip -n "$n" -o addr show to "$VIPS" 2>/dev/null | sed "s/^/$n: /"
	done
}

no_vips() { [ -z "$(vips_anywhere)" ]; }
unused() { [ "$(cat /sys/module/hak/refcnt)" = 0 ]; }

# all_gone: nothing is left, and the module goes and comes back
all_gone() {
	wait_for 10 no_vips || fail "addresses are left: $(vips_anywhere)"
	wait_for 10 unused || fail "the module is in use $(cat /sys/module/hak/refcnt) times"
	mod_unload
	check_not "the module is gone" mod_loaded
	no_vips || fail "addresses are left after rmmod: $(vips_anywhere)"
	mod_load
}

# lone: namespace $NS with eth0 192.0.2.1
lone() {
	ns_create NS
	make_dev "$NS" eth0
}

make_dev() {
	local peer=p$RANDOM
	ip -n "$1" link add "$2" type veth peer name "$peer" || fail "veth $2"
	ip -n "$1" link set "$peer" up
	ip -n "$1" link set "$2" up
	ip -n "$1" addr add 192.0.2.1/24 dev "$2"
}

# active NS [DEV]: router LIFE with two addresses, Active at once
active() {
	adm_ok "$1" router add LIFE dev "${2:-eth0}" vrid 51 interval 100ms
	adm_ok "$1" vip add 198.51.100.1/24 router LIFE
	adm_ok "$1" vip add 198.51.100.2 router LIFE
	wait_state "$1" LIFE Active
	wait_addr "$1" 198.51.100.1
	wait_addr "$1" 198.51.100.2
}

# works NS: LIFE is Active and has its addresses, on its device only
works() {
	wait_state "$1" LIFE Active
	wait_addr "$1" 198.51.100.1
	wait_addr "$1" 198.51.100.2
}

# waits NS: LIFE waits in Initialize and has no address
waits() {
	wait_state "$1" LIFE Initialize
	wait_for 10 no_vips || fail "addresses are left: $(vips_anywhere)"
}

# two_nodes: the pair, $R1 Active with priority 150, $R2 Backup
two_nodes() {
	pair_create
	adm_ok "$R1" router add LIFE dev eth0 vrid 51 interval 100ms priority 150
	adm_ok "$R1" vip add 198.51.100.1/24 router LIFE
	wait_state "$R1" LIFE Active
	adm_ok "$R2" router add LIFE dev eth0 vrid 51 interval 100ms priority 100
	adm_ok "$R2" vip add 198.51.100.1/24 router LIFE
	wait_state "$R2" LIFE Backup
	wait_addr "$R1" 198.51.100.1
	ip -n "$CL" route add "$VIPS" dev eth0
}

load_100_times() {
	local i n
	n=$(loops 100)
	lone
	mod_unload
	for ((i = 1; i <= n; i++)); do
		insmod "$HAK_KO" || fail "insmod, time $i"
		case $((i % 5)) in
		0)
			active "$NS"
			;;
		1)
			# Something is under way: timers run, the first advert is due.
			adm_ok "$NS" vip add 198.51.100.3 dev eth0 vrid 7 interval 10ms
			adm_ok "$NS" track add T report lease 100ms
			;;
		esac
		rmmod hak || fail "rmmod, time $i"
		no_vips || fail "left after rmmod, time $i: $(vips_anywhere)"
	done
	note "$n times"
	mod_load
	check_eq "nothing configured" "$(adm "$NS" -j router show | gojq length)" 0
}

unload_under_traffic() {
	local i n
	n=$(loops 4)
	for ((i = 1; i <= n; i++)); do
		two_nodes
		# As much as two emulated CPUs can take beside the test itself.
		on "$CL" ping -q -i 0.002 -w 30 198.51.100.1 >/dev/null 2>&1 &
		ping_ok "$CL" 198.51.100.1
		rmmod hak || fail "rmmod, time $i"
		no_vips || fail "left after rmmod, time $i: $(vips_anywhere)"
		check_not "nobody answers for the address" answers "$CL" 198.51.100.1
		pair_destroy
		mod_load
	done
	all_gone
}

unload_under_flood() {
	local i n
	n=$(loops 4)
	for ((i = 1; i <= n; i++)); do
		two_nodes
		# Adverts that nobody yields to, from both sides of the check.
		cat >"$HAK_TMP/flood" <<-EOF
			def smac=$MC src=$AC prio=50 vrid=51 int=10 addrs=198.51.100.1
			attack 30s 500 ttl,sum,vrid,count255,short4,version2,own
		EOF
		on "$CL" "$VRRPT" play eth0 <"$HAK_TMP/flood" >/dev/null 2>&1 &
		on "$SW" "$VRRPT" play p3 <<-EOF >/dev/null 2>&1 &
			def smac=$MC src=$AC prio=50 vrid=51 int=10 addrs=198.51.100.1
			stream 15000 2ms
		EOF
		settle $((200 + RANDOM % 300))
		wait_state "$R1" LIFE Active
		rmmod hak || fail "rmmod, time $i"
		no_vips || fail "left after rmmod, time $i: $(vips_anywhere)"
		pair_destroy
		mod_load
	done
	all_gone
}

gone_or_idle() {
	local before after
	[ -e "/proc/$1" ] || return 0
	before=$(awk '{ print $14 + $15 }' "/proc/$1/stat")
	settle 1000
	after=$(awk '{ print $14 + $15 }' "/proc/$1/stat" 2>/dev/null) || return 0
	[ $((after - before)) -lt 20 ]
}

unload_with_monitor() {
	local pid
	lone
	adm "$NS" monitor >"$HAK_TMP/monitor" 2>&1 &
	pid=$!
	adm "$NS" -j monitor >"$HAK_TMP/monitor.json" 2>&1 &
	settle 300
	active "$NS"
	check "the monitor sees it" wait_for 5 grep -q 'Active' "$HAK_TMP/monitor"
	rmmod hak || fail "rmmod with a monitor running"
	no_vips || fail "left after rmmod: $(vips_anywhere)"
	check "the monitor ends or rests" gone_or_idle "$pid"
	mod_load
	# A new module, an old listener: still no harm.
	active "$NS"
	adm_flush "$NS"
	kill "$pid" 2>/dev/null
	ns_destroy "$NS"
	all_gone
}

netns_deleted() {
	local i n
	n=$(loops 20)
	for ((i = 1; i <= n; i++)); do
		ns_create NS
		make_dev "$NS" eth0
		case $((i % 3)) in
		0) active "$NS" ;;
		1)
			adm_ok "$NS" vip add 198.51.100.1 dev eth0 vrid 1 interval 10ms
			adm_ok "$NS" track add T report lease 100ms
			adm_ok "$NS" track report T up
			;;
		2)
			active "$NS"
			adm "$NS" monitor >/dev/null 2>&1 &
			settle 50
			;;
		esac
		ns_destroy "$NS"
	done
	# The same under the eyes of a peer, which has to take over.
	two_nodes
	ns_destroy "$R1"
	wait_state "$R2" LIFE Active
	ping_ok "$CL" 198.51.100.1
	pair_destroy
	all_gone
}

device_deleted() {
	local i n
	n=$(loops 5)
	lone
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" link del eth0
		waits "$NS"
		check_eq "its ifindex" "$(router_json "$NS" LIFE .dev)" eth0
		make_dev "$NS" eth0
		works "$NS"
	done
	# While Backup: nothing to take away, and it must hear again afterwards.
	ns_destroy "$NS"
	two_nodes
	ip -n "$R2" link del eth0
	wait_state "$R2" LIFE Initialize
	link_create "$R2" eth0 "$M2" "$SW" p2
	ip -n "$R2" addr add "$A2"/24 dev eth0
	wait_state "$R2" LIFE Backup
	stays_state 1000 "$R2" LIFE Backup
	ip -n "$R1" link del eth0
	wait_state "$R2" LIFE Active
	wait_state "$R1" LIFE Initialize
	pair_destroy
	all_gone
}

device_moved() {
	local i n
	n=$(loops 5)
	lone
	ns_create ELSE
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" link set eth0 netns "$ELSE" || fail "the move"
		waits "$NS"
		check_eq "nobody there knows of it" "$(adm "$ELSE" -j router show | gojq length)" 0
		ip -n "$ELSE" link set eth0 up
		no_vips || fail "it took addresses along: $(vips_anywhere)"
		ip -n "$ELSE" link set eth0 netns "$NS" || fail "the way back"
		ip -n "$NS" link set eth0 up
		ip -n "$NS" addr add 192.0.2.1/24 dev eth0
		works "$NS"
	done
	ns_destroy "$NS"
	two_nodes
	ip -n "$R2" link set eth0 netns "$ELSE"
	wait_state "$R2" LIFE Initialize
	ip -n "$ELSE" link set eth0 netns "$R2"
	ip -n "$R2" link set eth0 up
	ip -n "$R2" addr add "$A2"/24 dev eth0
	wait_state "$R2" LIFE Backup
	stays_state 1000 "$R2" LIFE Backup
	# A device of that name in a namespace whose router waits for it.
	adm_ok "$ELSE" vip add 198.51.100.9 dev eth0 vrid 9 interval 100ms
	ip -n "$R2" link set eth0 netns "$ELSE"
	ip -n "$ELSE" link set eth0 up
	ip -n "$ELSE" addr add "$A2"/24 dev eth0
	wait_state "$ELSE" eth0.9 Active
	wait_addr "$ELSE" 198.51.100.9
	ns_destroy "$ELSE"
	pair_destroy
	all_gone
}

device_renamed() {
	lone
	active "$NS"
	ip -n "$NS" link set eth0 down
	ip -n "$NS" link set eth0 name eth9
	ip -n "$NS" link set eth9 up
	waits "$NS"
	# Another one takes the name, and with it the router.
	make_dev "$NS" eth0
	works "$NS"
	check_eq "its device" "$(ip -n "$NS" -o addr show to 198.51.100.1/32 | awk '{ print $2 }')" eth0
	ip -n "$NS" link del eth0
	waits "$NS"
	ip -n "$NS" link set eth9 down
	ip -n "$NS" link set eth9 name eth0
	ip -n "$NS" link set eth0 up
	works "$NS"
	ns_destroy "$NS"
	all_gone
}

device_down() {
	local i n
	n=$(loops 10)
	lone
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" link set eth0 down
		waits "$NS"
		ip -n "$NS" link set eth0 up
		[ $((i % 2)) = 1 ] || works "$NS"
	done
	works "$NS"
	# Faster than anybody can follow.
	for ((i = 1; i <= 3 * n; i++)); do
		ip -n "$NS" link set eth0 down
		ip -n "$NS" link set eth0 up
	done
	works "$NS"
	ns_destroy "$NS"
	all_gone
}

device_mtu() {
	local mtu
	lone
	active "$NS"
	for mtu in 600 9000 68 1500 1280; do
		ip -n "$NS" link set eth0 mtu "$mtu" || fail "mtu $mtu"
		works "$NS"
	done
	# Below 68 IPv4 leaves the device, addresses and all.
	adm_flush "$NS"
	ip -n "$NS" link del eth0
	ip -n "$NS" link add eth0 type dummy
	ip -n "$NS" link set eth0 arp on up
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	active "$NS"
	ip -n "$NS" link set eth0 mtu 60 || fail "mtu 60"
	waits "$NS"
	ip -n "$NS" link set eth0 mtu 1500
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	works "$NS"
	ns_destroy "$NS"
	all_gone
}

device_mac() {
	local i
	two_nodes
	for i in 1 2 3; do
		ip -n "$R1" link set eth0 address 00:00:5e:00:53:2"$i" || fail "new MAC"
		ping_ok "$CL" 198.51.100.1
	done
	wait_state "$R1" LIFE Active
	wait_state "$R2" LIFE Backup
	check "the client believes the new MAC" \
		wait_for 10 neigh_is "$CL" 198.51.100.1 00:00:5e:00:53:23
	check_eq "the peer sees it" "$(router_json "$R2" LIFE .active.mac)" 00:00:5e:00:53:23
	pair_destroy
	all_gone
}

primary_removed() {
	local i n
	n=$(loops 5)
	lone
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" addr del 192.0.2.1/24 dev eth0
		waits "$NS"
		# Of another subnet: deleting the first of one takes the rest along.
		ip -n "$NS" addr add "203.0.113.$i/24" dev eth0
		works "$NS"
		ip -n "$NS" addr add 192.0.2.1/24 dev eth0
		ip -n "$NS" addr del "203.0.113.$i/24" dev eth0
		works "$NS"
	done
	ns_destroy "$NS"
	all_gone
}

vip_deleted() {
	local i n
	n=$(loops 20)
	lone
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" addr del 198.51.100.1/24 dev eth0 2>/dev/null
		wait_addr "$NS" 198.51.100.1
	done
	check_ge "counted" "$(router_json "$NS" LIFE '.. | objects | .vip_restored? // empty')" 1
	stays_state 300 "$NS" LIFE Active
	# Not when it lets go in that moment.
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" addr del 198.51.100.1/24 dev eth0 2>/dev/null &
		adm_ok "$NS" router set LIFE enable off
		wait $!
		waits "$NS"
		adm_ok "$NS" router set LIFE enable on
		works "$NS"
	done
	ns_destroy "$NS"
	all_gone
}

address_flush() {
	local i n
	n=$(loops 10)
	lone
	active "$NS"
	for ((i = 1; i <= n; i++)); do
		ip -n "$NS" addr flush dev eth0
		wait_state "$NS" LIFE Initialize
		wait_for 10 no_vips || fail "left without a primary address: $(vips_anywhere)"
		ip -n "$NS" addr add 192.0.2.1/24 dev eth0
		works "$NS"
	done
	# In a row, without looking.
	for ((i = 1; i <= 3 * n; i++)); do
		ip -n "$NS" addr flush dev eth0
		ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	done
	works "$NS"
	ns_destroy "$NS"
	all_gone
}

# one_kind KIND ip-link-words...: LIFE on eth0 of that kind
one_kind() {
	local kind=$1
	shift
	note "$kind"
	ns_create NS
	# A veth: its carrier goes with it, which a dummy's does not.
	ip -n "$NS" link add low0 type veth peer name low3
	ip -n "$NS" link set low3 up
	ip -n "$NS" link add low1 type veth peer name low2
	ip -n "$NS" link set low0 up
	ip -n "$NS" link set low1 up
	ip -n "$NS" link set low2 up
	ip -n "$NS" link add "$@" || fail "$kind cannot be made"
	case $kind in
	bridge) ip -n "$NS" link set low0 master eth0 ;;
	bond)
		ip -n "$NS" link set low0 down
		ip -n "$NS" link set low0 master eth0
		;;
	esac
	[ "$kind" != veth ] || ip -n "$NS" link set eth1 up
	ip -n "$NS" link set eth0 arp on up
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	active "$NS"
	# The floor goes first, then the device itself.
	case $kind in
	vlan | macvlan)
		ip -n "$NS" link set low0 down
		waits "$NS"
		ip -n "$NS" link set low0 up
		works "$NS"
		ip -n "$NS" link del low0
		waits "$NS"
		;;
	bond | bridge)
		ip -n "$NS" link del low0
		ip -n "$NS" link del eth0
		waits "$NS"
		;;
	*)
		ip -n "$NS" link del eth0
		waits "$NS"
		;;
	esac
	ns_destroy "$NS"
}

device_kinds() {
	modprobe -a dummy veth bridge 8021q macvlan bonding 2>/dev/null
	one_kind dummy eth0 type dummy
	one_kind veth eth0 type veth peer name eth1
	one_kind vlan link low0 name eth0 type vlan id 5
	one_kind bridge eth0 type bridge stp_state 0 forward_delay 0
	one_kind macvlan link low0 name eth0 type macvlan mode bridge
	one_kind bond eth0 type bond mode active-backup miimon 50
	all_gone
}

# hammer_*: loops of their own until the file goes away
hammering() { [ -e "$HAK_TMP/go" ]; }

hammer_config() {
	local i=0
	while hammering; do
		i=$((i + 1))
		case $((i % 8)) in
		0) adm "$NS" router add "H$1" dev eth0 vrid "$1" interval 10ms ;;
		1) adm "$NS" vip add "198.51.100.$1" router "H$1" ;;
		2) adm "$NS" track add "T$1" report lease 100ms initial up ;;
		3) adm "$NS" router set "H$1" track "T$1" weight -60 priority $((RANDOM % 254 + 1)) ;;
		4) adm "$NS" router set "H$1" track none enable off ;;
		5) adm "$NS" track del "T$1" ;;
		6) adm "$NS" vip add "198.51.100.1$1" dev eth1 vrid "1$1" ;;
		7) adm "$NS" router del "H$1" ;;
		esac >/dev/null 2>&1
	done
}

hammer_load() {
	local i=0
	while hammering; do
		i=$((i + 1))
		{
			echo "router add L1 dev eth0 vrid 201 interval 50ms priority $((i % 254 + 1))"
			echo "vip add 198.51.100.201 router L1"
			[ $((i % 2)) = 0 ] || echo "track add LT report initial up"
			[ $((i % 2)) = 0 ] || echo "router set L1 track LT weight 20"
		} >"$HAK_TMP/load.conf"
		adm "$NS" load "$HAK_TMP/load.conf" >/dev/null 2>&1
		[ $((i % 7)) != 0 ] || adm "$NS" flush >/dev/null 2>&1
	done
}

hammer_look() {
	while hammering; do
		adm "$NS" -s -j router show
		adm "$NS" -j status
		adm "$NS" -j vip show
		adm "$NS" router history
		adm "$NS" save
	done >/dev/null 2>&1
}

hammer_report() {
	while hammering; do
		adm "$NS" track report T1 up
		adm "$NS" track report T2 -20 reason "exit 1"
		adm "$NS" track report LT down
		adm "$NS" router resign H2
	done >/dev/null 2>&1
}

hammer_device() {
	local i=0
	while hammering; do
		i=$((i + 1))
		ip -n "$NS" link set eth0 down
		ip -n "$NS" link set eth0 up
		ip -n "$NS" addr flush dev eth1
		ip -n "$NS" addr add 192.0.2.7/24 dev eth1
		ip -n "$NS" link del eth1
		make_dev "$NS" eth1
		[ $((i % 3)) != 0 ] || ip -n "$NS" link set eth0 address "00:00:5e:00:53:3$((i % 10))"
	done >/dev/null 2>&1
}

hammer() {
	local pids pid
	lone
	make_dev "$NS" eth1
	touch "$HAK_TMP/go"
	adm "$NS" monitor >"$HAK_TMP/monitor" 2>&1 &
	for pid in "hammer_config 1" "hammer_config 2" hammer_load hammer_look hammer_report \
		hammer_device; do
		$pid &
		pids="${pids-} $!"
	done
	settle $(($(loops 15) * 1000))
	rm "$HAK_TMP/go"
	# shellcheck disable=SC2086
	wait $pids
	note "$(wc -l <"$HAK_TMP/monitor") events"
	check_ge "events" "$(wc -l <"$HAK_TMP/monitor")" 10
	# What came of it still works.
	adm_flush "$NS"
	wait_for 10 no_vips || fail "addresses are left after flush: $(vips_anywhere)"
	check_eq "nothing configured" "$(adm "$NS" -j router show | gojq length)" 0
	active "$NS"
	ns_destroy "$NS"
	all_gone
}

hak_main "${@:-$ALL_CASES}"
