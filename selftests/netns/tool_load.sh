#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
#
# `load` treats a file as the whole wanted state and applies the difference,
# all or nothing; what did not change keeps its state. `save` gives it back.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="whole_state difference_only unchanged_go_on all_or_nothing
	save_flush_load_save modes_come_back test_changes_nothing keep include_and_set
	quotes_and_comments flush_leaves_nothing device_missing two_at_once
	three_hundred"

setup() { mod_load; }

lone() {
	ns_create NS
	for dev in eth0 eth1; do
		ip -n "$NS" link add "$dev" type veth peer name "$dev"-peer
		ip -n "$NS" link set "$dev"-peer up
		ip -n "$NS" link set "$dev" up
	done
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	ip -n "$NS" addr add 203.0.113.1/24 dev eth1
	C=$HAK_TMP/hak.conf
}

saved() { adm "$NS" save | grep -v '^#'; }

# load FILE [keep]: its summary in $SAID
load() {
	SAID=$(adm "$NS" load "$@" 2>&1) || fail "load $* exits $?: $SAID"
	note "load: $SAID"
}

names() { adm "$NS" -j "$1" show | gojq -r "map(.${2:-name}) | sort | join(\" \")"; }

said() { grep -qe "$1" <<<"$SAID" || fail "load does not say '$1': $SAID"; }

whole_state() {
	lone
	adm_ok "$NS" router add OLD dev eth0 vrid 9
	adm_ok "$NS" vip add 198.51.100.9 router OLD
	adm_ok "$NS" track add OLDTRACK report
	cat >"$C" <<-'EOF'
		# vip and track lines may stand before what they need
		vip add 198.51.100.1/24 router WEB
		router add WEB dev eth0 vrid 51 priority 150 interval 100ms track T weight -60
		track add T report initial up
		vip add 198.51.100.2 dev eth1 vrid 52 priority 90
	EOF
	load "$C"
	check_eq "routers" "$(names router)" "WEB eth1.52"
	check_eq "tracks" "$(names track)" "T"
	check_eq "addresses" "$(names vip address)" "198.51.100.1/24 198.51.100.2/32"
	check_eq "priority of the one made on the way" \
		"$(adm "$NS" -j router show eth1.52 | gojq '.[0].priority')" 90
	said '+2 vip'
	wait_state "$NS" WEB Active
	wait_addr "$NS" 198.51.100.1
	wait_no_addr "$NS" 198.51.100.9
	# The router that an address made goes with it.
	sed -i '/eth1/d' "$C"
	load "$C"
	check_eq "routers" "$(names router)" "WEB"
	said '-1 vip'
}

difference_only() {
	lone
	cat >"$C" <<-'EOF'
		router add A dev eth0 vrid 1 interval 100ms
		router add B dev eth0 vrid 2 interval 100ms
		router add C dev eth1 vrid 3 interval 100ms
		vip add 198.51.100.1 router A
		vip add 198.51.100.2 router B
		vip add 198.51.100.3 router C
	EOF
	load "$C"
	said '+3 router'
	said '+3 vip'
	load "$C"
	said '6 unchanged'
	sed -i 's/^router add B.*/& priority 150/' "$C"
	load "$C"
	said '~1 router (priority 100 -> 150)'
	said '5 unchanged'
	sed -i '/ C/d' "$C"
	load "$C"
	said '-1 router'
	said '4 unchanged'
	check_eq "routers" "$(names router)" "A B"
	# The default, said or not, is the same.
	sed -i 's/^router add A.*/& priority 100 preempt on accept default/' "$C"
	load "$C"
	said '4 unchanged'
	# Order and spelling are not a difference.
	sort -r "$C" | sed 's/100ms/0.1s/' >"$C.2"
	load "$C.2"
	said '4 unchanged'
}

counter() { adm "$NS" -s -j router show "$1" | gojq "[.. | objects | .$2? // empty][0]"; }

# What did not change keeps state, time, counters; its adverts go on in time.
unchanged_go_on() {
	local since before after i
	pair_create
	NS=$R1 C=$HAK_TMP/hak.conf
	cat >"$C" <<-'EOF'
		router add WEB dev eth0 vrid 51 interval 200ms priority 150
		vip add 198.51.100.1 router WEB
		router add OTHER dev eth0 vrid 52 interval 100ms
		vip add 198.51.100.2 router OTHER
	EOF
	load "$C"
	wait_state "$NS" WEB Active
	wait_addr "$NS" 198.51.100.1
	since=$(adm "$NS" -j router show WEB | gojq -r '.[0].since')
	before=$(counter WEB tx)
	check_ge "adverts counted" "$before" 1
	cap_start "$CL" eth0 "$HAK_TMP/cap"
	for i in 1 2 3 4 5 6; do
		sed -i "s/vrid 52 .*/vrid 52 interval ${i}00ms priority $((90 + i))/" "$C"
		echo "vip add 198.51.100.1$i router OTHER" >>"$C"
		load "$C"
		settle 200
	done
	sed -i '/OTHER/d' "$C"
	load "$C"
	settle 500
	cap_stop
	check_eq "its state began" "$(adm "$NS" -j router show WEB | gojq -r '.[0].since')" "$since"
	check_eq "times it became Active" "$(counter WEB to_active)" 1
	after=$(counter WEB tx)
	check_ge "adverts counted" "$after" $((before + 5))
	check_ge "adverts seen" "$(cap_count "$HAK_TMP/cap" advert vrid=51)" 5
	check_eq "adverts of priority 0" "$(cap_count "$HAK_TMP/cap" advert vrid=51 prio=0)" 0
	note "gap $(cap_gap_max "$HAK_TMP/cap" advert vrid=51) ms, $(counter WEB tx_late_max_ns) ns late at most"
	# Wide, for a busy host: with a restart it would be 600 ms and more.
	check_le "largest gap of its adverts, ms" "$(cap_gap_max "$HAK_TMP/cap" advert vrid=51)" 500
	# Changing the priority of an Active router is no reason to let go.
	sed -i 's/priority 150/priority 160/' "$C"
	load "$C"
	said '~1 router (priority 150 -> 160)'
	check_eq "its state began" "$(adm "$NS" -j router show WEB | gojq -r '.[0].since')" "$since"
	# Nor is another address.
	echo "vip add 198.51.100.5 router WEB" >>"$C"
	load "$C"
	wait_addr "$NS" 198.51.100.5
	check_eq "its state began" "$(adm "$NS" -j router show WEB | gojq -r '.[0].since')" "$since"
}

all_or_nothing() {
	local before rc
	lone
	printf '%s\n' "router add A dev eth0 vrid 1 interval 100ms" "vip add 198.51.100.1 router A" >"$C"
	load "$C"
	before=$(saved)
	# Wrong at the very end, and only the kernel can say so.
	{
		echo "router add B dev eth0 vrid 2 interval 100ms"
		echo "vip add 198.51.100.2 router B"
		echo "track add T report"
		echo "vip add 224.0.0.9 router B"
	} >"$C.bad"
	adm "$NS" load "$C.bad" >"$HAK_TMP/out" 2>&1
	rc=$?
	check_eq "exit ($(cat "$HAK_TMP/out"))" "$rc" 2
	grep -q '224.0.0.9' "$HAK_TMP/out" || fail "it does not name the address: $(cat "$HAK_TMP/out")"
	grep -q 'c.*\.bad:4' "$HAK_TMP/out" || fail "it does not name the place: $(cat "$HAK_TMP/out")"
	check_eq "configured" "$(saved)" "$before"
	# Wrong words: all of them are told, nothing is sent.
	echo "frob" >>"$C.bad"
	adm "$NS" load "$C.bad" >"$HAK_TMP/out" 2>&1
	check_eq "exit" $? 1
	check_eq "configured" "$(saved)" "$before"
	state_is "$NS" A Active || wait_state "$NS" A Active
}

# Everything that this version can be told.
full_conf() {
	cat <<-'EOF'
		track add T1 report
		track add T2 report lease 5s initial up
		track add T3 report initial up
		router add R1 dev eth0 vrid 1 priority 255 interval 100ms preempt off
		router add R2 dev eth0 vrid 2 interval 2.5s down-adverts 5 enable off track T1 weight -60 track T2 track T3 weight 253
		router add R3 dev nosuch0 vrid 3 accept always checksum pseudo announce 0
		router add R4 dev eth1 vrid 255 accept off checksum plain announce 7 announce-interval 90ms
		vip add 198.51.100.1/24 router R1
		vip add 198.51.100.2/32 router R1 advert off
		vip add 198.51.100.3/25 router R2 label eth0:web
		vip add 198.51.100.4 dev eth1 vrid 44 priority 7
		vip add 198.51.100.5 dev eth1 vrid 44
		check add C1 script "test -e '/tmp/a b' # no comment" interval 1s
		check add C2 process nginx rise 3 fall 5
		check add C3 tcp to 192.0.2.9:80 timeout 500ms on-fail "systemctl restart \"x\""
		router set R1 track C1 track C2
		router set R4 track C1 track C2 weight -20
	EOF
}

# round_trip N: load $C, save at least N lines, flush, load, save: the same
round_trip() {
	local n
	load "$C"
	adm_ok "$NS" save >"$HAK_TMP/one"
	n=$(grep -cE '^(router|vip|track|check) add' "$HAK_TMP/one")
	check_ge "add lines in it" "$n" "$1"
	adm_flush "$NS"
	check_eq "left after flush" "$(saved | wc -l)" 0
	load "$HAK_TMP/one"
	adm_ok "$NS" save >"$HAK_TMP/two"
	diff <(grep -v '^#' "$HAK_TMP/one") <(grep -v '^#' "$HAK_TMP/two") |
		sed 's/^/# /'
	check_eq "lines that differ" \
		"$(diff <(grep -v '^#' "$HAK_TMP/one") <(grep -v '^#' "$HAK_TMP/two") | wc -l)" 0
	# And the kernel finds nothing to do.
	load "$HAK_TMP/two"
	said 'unchanged'
	check_not "something was done: $SAID" grep -qE '[+~-][1-9]' <<<"$SAID"
	load "$C"
	check_not "something was done: $SAID" grep -qE '[+~-][1-9]' <<<"$SAID"
}

save_flush_load_save() {
	lone
	full_conf >"$C"
	# eth1.44 goes with its addresses.
	round_trip 15
}

# Both families, version 2 and unicast; the password comes from a file beside it.
modes_come_back() {
	local out
	lone
	printf 'sesame\nnot this\n' >"$HAK_TMP/pass"
	cat >"$C" <<-'EOF'
		vip add 198.51.100.9 router eth1.44v6
		vip add 2001:db8::4/64 dev eth1 vrid 44 priority 7
		vip add 198.51.100.4 dev eth1 vrid 44
		router add V2 dev eth0 vrid 1 version 2 interval 255s auth-file pass announce-refresh 1m
		router add U4 dev eth0 vrid 2 peer 192.0.2.2 peer 192.0.2.3 source 192.0.2.1 min-ttl 64
		router add U6 dev eth0 vrid 2 family inet6 peer 2001:db8:1::2 min-ttl 1
		router add L6 dev eth0 vrid 3 family inet6 source fe80::1
		vip add 2001:0db8:0:0::6/64 router U6
		vip add 198.51.100.6 router U6
		vip add 2001:db8::7 router U4 dev eth1
	EOF
	round_trip 10
	check_eq "routers" "$(names router)" "L6 U4 U6 V2 eth1.44 eth1.44v6"
	check_eq "password saved" "$(saved | grep -c 'router add V2 .* auth-pass sesame ')" 1
	out=$(adm "$NS" -s router show; adm "$NS" -j router show; adm "$NS" status; adm "$NS" -j status)
	check_not "the password is shown" grep -q sesame <<<"$out"
	check_eq "device of an address" \
		"$(adm "$NS" -j vip show 2001:db8::7 | gojq -r '.[].dev')" eth1
	check_eq "families" "$(adm "$NS" -j router show vrid 44 | gojq -r 'map(.family) | sort | join(" ")')" \
		"inet inet6"
	adm_ok "$NS" router set U4 min-ttl default peer none source default
	check_eq "emptied" "$(saved | grep -c '^router add U4 dev eth0 vrid 2$')" 1
	adm_ok "$NS" vip del 2001:db8::4 dev eth1 vrid 44
	check_eq "an address of the other family keeps its router" \
		"$(saved | grep -c '^router add eth1.44v6 dev eth1 vrid 44 family inet6 priority 7$')" 1
	adm_ok "$NS" vip del 198.51.100.9 router eth1.44v6
	check_eq "the router went with its last address" "$(names router)" "L6 U4 U6 V2 eth1.44"
}

test_changes_nothing() {
	local before generation
	lone
	full_conf >"$C"
	load "$C"
	before=$(saved)
	generation=$(adm "$NS" -j status | gojq '.hak.generation')
	{
		grep -v 'R4\|R1\|eth1' "$C"
		echo "router add NEW dev eth0 vrid 99"
		echo "router set R2 priority 42"
	} >"$C.2"
	SAID=$(adm "$NS" test "$C.2" 2>&1) || fail "test exits $?: $SAID"
	note "test: $SAID"
	said '+1 router'
	said '~1 router (priority 100 -> 42)'
	said '-3 router'
	check_eq "configured" "$(saved)" "$before"
	check_eq "generation" "$(adm "$NS" -j status | gojq '.hak.generation')" "$generation"
	SAID=$(adm "$NS" test "$C" 2>&1) || fail "test exits $?: $SAID"
	check_not "something would be done: $SAID" grep -qE '[+~-][1-9]' <<<"$SAID"
	echo "router set R2 priority 0" >>"$C.2"
	adm "$NS" test "$C.2" >"$HAK_TMP/out" 2>&1
	check_eq "exit for a wrong file" $? 1
	check_eq "configured" "$(saved)" "$before"
	adm "$NS" -j test "$C" | gojq -e . >/dev/null || fail "test -j is no JSON"
}

keep() {
	lone
	full_conf >"$C"
	load "$C"
	{
		echo "router add NEW dev eth0 vrid 99"
		echo "router add R1 dev eth0 vrid 1 priority 77"
	} >"$C.2"
	load "$C.2" keep
	said '+1 router'
	said '~1 router'
	check_not "something was deleted: $SAID" grep -qE -- '-[1-9][0-9]* ' <<<"$SAID"
	check_eq "routers" "$(names router)" "NEW R1 R2 R3 R4 eth1.44"
	check_eq "priority" "$(adm "$NS" -j router show R1 | gojq '.[0].priority')" 77
	check_eq "tracks" "$(adm "$NS" -j track show | gojq 'map(select(.name | startswith("T"))) | length')" 3
}

include_and_set() {
	lone
	mkdir "$HAK_TMP/conf.d"
	cat >"$C" <<-'EOF'
		include node.conf
		include conf.d/*.conf
		router add WEB dev eth0 vrid 51 priority 100 track T
		include conf.d/nothing*.conf
	EOF
	# This node's own words, on top of what all nodes share.
	cat >"$HAK_TMP/node.conf" <<-'EOF'
		router set WEB priority 150
		router set API track none interval 300ms
	EOF
	echo "router add API dev eth1 vrid 52 track T weight -5" >"$HAK_TMP/conf.d/api.conf"
	printf 'track add T report initial up\nvip add 198.51.100.1 router API' \
		>"$HAK_TMP/conf.d/t.conf"
	# From another folder: places are seen from the file.
	cd / || fail "cd"
	load "$C"
	check_eq "routers" "$(names router)" "API WEB"
	check_eq "priority" "$(adm "$NS" -j router show WEB | gojq '.[0].priority')" 150
	check_eq "tracks of WEB" "$(adm "$NS" -j router show WEB | gojq '.[0].tracks | length')" 1
	check_eq "tracks of API" "$(adm "$NS" -j router show API | gojq '.[0].tracks | length')" 0
	check_eq "interval" "$(adm "$NS" -j router show API | gojq '.[0].interval_ms')" 300
	load "$C"
	check_not "something was done: $SAID" grep -qE '[+~-][1-9]' <<<"$SAID"
}

quotes_and_comments() {
	lone
	cat >"$C" <<-'EOF'
		# a comment

		router add A dev eth0 vrid 1 # to the end
		router add "B" dev 'eth0' vrid 2
		  router	add C \
			dev eth0 \
		 vrid 3
		router add D#x dev eth0 vrid 4
	EOF
	adm "$NS" load "$C" >"$HAK_TMP/out" 2>&1
	check_eq "# inside a word is no comment: exit" $? 1
	grep -q 'D#x' "$HAK_TMP/out" || fail "it does not name D#x: $(cat "$HAK_TMP/out")"
	sed -i '$d' "$C"
	printf 'router add E dev eth0 vrid 5\r\nrouter add F dev eth0 vrid 6' >>"$C"
	load "$C"
	check_eq "routers" "$(names router)" "A B C E F"
}

flush_leaves_nothing() {
	lone
	full_conf | sed 's/enable off/enable on/; /^router set/d' >"$C"
	load "$C"
	wait_state "$NS" R1 Active
	wait_addr "$NS" 198.51.100.1
	adm_flush "$NS"
	check_eq "saved" "$(saved | wc -l)" 0
	check_eq "routers" "$(names router)" ""
	check_eq "tracks" "$(names track)" ""
	check "no address is left" wait_for 5 \
		eval "! ip -n $NS -o addr show to 198.51.100.0/24 | grep -q ."
	# Nothing to flush is no error.
	adm_flush "$NS"
}

device_missing() {
	lone
	echo "router add WAN dev pppoe-wan vrid 5 interval 100ms" >"$C"
	echo "vip add 198.51.100.1 router WAN" >>"$C"
	load "$C"
	said 'pppoe-wan'
	said 'WAN'
	wait_state "$NS" WAN Initialize
	ip -n "$NS" link add pppoe-wan type veth peer name peer
	ip -n "$NS" link set peer up
	ip -n "$NS" link set pppoe-wan up
	ip -n "$NS" addr add 192.0.2.7/24 dev pppoe-wan
	wait_state "$NS" WAN Active
	wait_addr "$NS" 198.51.100.1 pppoe-wan
}

# Two files loaded by two at once: it is always one of them, whole.
two_at_once() {
	local i a b now
	lone
	full_conf >"$C"
	full_conf | sed '/^check/d; /R1/d; /^router set/d; s/vrid 44 priority 7/vrid 44 priority 9/' >"$C.2"
	load "$C.2"
	b=$(saved)
	load "$C"
	a=$(saved)
	[ "$a" != "$b" ] || fail "the two files are the same"
	for i in 1 2 3 4 5 6 7 8; do
		adm "$NS" load "$C" >"$HAK_TMP/o1" 2>&1 &
		adm "$NS" load "$C.2" >"$HAK_TMP/o2" 2>&1 &
		wait
		now=$(saved)
		[ "$now" = "$a" ] || [ "$now" = "$b" ] || {
			diff <(echo "$a") <(echo "$now") | sed 's/^/# /'
			fail "neither of the two, round $i: $(cat "$HAK_TMP/o1" "$HAK_TMP/o2")"
		}
	done
}

three_hundred() {
	local i start
	lone
	{
		for ((i = 1; i <= 300; i++)); do
			echo "router add N$i dev eth$((i % 2)) vrid $((i / 2 + 1)) priority $((i % 200 + 1)) track T weight -3"
			echo "vip add 198.51.$((100 + i / 250)).$((i % 250 + 1)) router N$i"
		done
		echo "track add T report initial up"
	} >"$C"
	start=$(now_ms)
	load "$C"
	note "300 routers: $(($(now_ms) - start)) ms"
	said '+300 router'
	check_eq "routers" "$(adm "$NS" -j router show | gojq length)" 300
	check_eq "addresses" "$(adm "$NS" -j vip show | gojq length)" 300
	sed -i 's/^router add N77 .*/router add N77 dev eth1 vrid 39 priority 250/' "$C"
	load "$C"
	said '~1 router'
	said '600 unchanged'
	adm_ok "$NS" save >"$HAK_TMP/saved"
	load "$HAK_TMP/saved"
	said '601 unchanged'
	wait_for 20 all_active || fail "Active: $(adm "$NS" -o router show state Active | wc -l) of 300"
	adm_flush "$NS"
	check "no address is left" wait_for 20 \
		eval "! ip -n $NS -o addr show to 198.51.100.0/23 | grep -q ."
}

all_active() { [ "$(adm "$NS" -o router show state Active | wc -l)" = 300 ]; }

hak_main "${@:-$ALL_CASES}"
