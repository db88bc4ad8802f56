#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# Who may do what: everybody may look, only CAP_NET_ADMIN of the initial user
# namespace may change, unless the module was loaded with userns=1.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

ALL_CASES="nobody_looks nobody_changes userns_root userns_root_of_netns
	without_capability userns_allowed userns_allowed_not_elsewhere no_autoload"

setup() {
	mod_load
	ns_create NS
	ip -n "$NS" link add eth0 type veth peer name peer0
	ip -n "$NS" link set peer0 up
	ip -n "$NS" link set eth0 up
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	adm_ok "$NS" router add WEB dev eth0 vrid 51 interval 100ms
	adm_ok "$NS" vip add 198.51.100.1 router WEB
	adm_ok "$NS" track add T report
	# The checkout may be closed to others; these are not.
	chmod 755 "$HAK_TMP"
	cp "$HAKADM" "$HAK_TMP/hakadm"
	chmod 755 "$HAK_TMP/hakadm"
	echo "router add NEW dev eth0 vrid 9" >"$HAK_TMP/hak.conf"
	chmod 644 "$HAK_TMP/hak.conf"
	wait_state "$NS" WEB Active
	before=$(adm "$NS" save)
}

teardown() {
	mod_unload
	mod_load
}

# as_nobody COMMAND...: in the namespace, with nothing
as_nobody() {
	on "$NS" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all "$@"
}

# Every way to change something.
changes() {
	cat <<-EOF
		router add NEW dev eth0 vrid 9
		router set WEB priority 10
		router replace WEB dev eth0 vrid 51 priority 10
		router del WEB
		vip add 198.51.100.2 router WEB
		vip add 198.51.100.2 dev eth0 vrid 9
		vip del 198.51.100.1 router WEB
		track add NEW report
		track set T initial up
		track del T
		track report T down
		load $HAK_TMP/hak.conf
		load $HAK_TMP/hak.conf keep
		flush
	EOF
}

# refused RUNNER...: each change ends with 2 and a sentence, nothing changes
refused() {
	local line rc n=0 after
	while read -r line; do
		# shellcheck disable=SC2086
		"$@" "$HAK_TMP/hakadm" $line </dev/null >"$HAK_TMP/stdout" 2>"$HAK_TMP/stderr"
		rc=$?
		n=$((n + 1))
		check_eq "exit of '$line' ($(cat "$HAK_TMP/stderr"))" "$rc" 2
		grep -q CAP_NET_ADMIN "$HAK_TMP/stderr" ||
			fail "'$line' does not name CAP_NET_ADMIN: $(cat "$HAK_TMP/stderr")"
	done < <(changes)
	check_ge "changes tried" "$n" 14
	after=$(adm "$NS" save)
	check_eq "what is configured" "$after" "$before"
	state_is "$NS" WEB Active || fail "WEB is no longer Active"
}

nobody_looks() {
	local words
	for words in "router show" "router show WEB" "vip show" "track show" "router history" \
		"router history WEB" status save "-j router show" "-j status" "-s router show"; do
		# shellcheck disable=SC2086
		as_nobody "$HAK_TMP/hakadm" $words >"$HAK_TMP/stdout" 2>&1 ||
			fail "'$words' exited $?: $(cat "$HAK_TMP/stdout")"
		[ -s "$HAK_TMP/stdout" ] || fail "'$words' says nothing"
	done
	as_nobody "$HAK_TMP/hakadm" -o router show WEB | grep -q Active || fail "no state for nobody"
	as_nobody "$HAK_TMP/hakadm" test "$HAK_TMP/hak.conf" >"$HAK_TMP/stdout" 2>&1 ||
		fail "test exited $?: $(cat "$HAK_TMP/stdout")"
}

nobody_changes() {
	local rc
	refused as_nobody
	as_nobody "$HAK_TMP/hakadm" -j router del WEB >"$HAK_TMP/out" 2>&1
	rc=$?
	check_eq "exit with -j" "$rc" 2
	gojq -e '.error.text | test("CAP_NET_ADMIN")' "$HAK_TMP/out" >/dev/null ||
		fail "no JSON error: $(cat "$HAK_TMP/out")"
}

# Root of a user namespace, in a network namespace of the host.
userns_root() {
	refused as_nobody unshare -Ur
}

# Root of a user namespace with a network namespace of its own.
userns_root_of_netns() {
	local out rc
	out=$(as_nobody unshare -Urn sh -c "
		ip link add eth0 type veth peer name peer0 && ip link set peer0 up && ip link set eth0 up || exit 77
		'$HAK_TMP/hakadm' router add NEW dev eth0 vrid 9" 2>&1)
	rc=$?
	[ "$rc" != 77 ] || fail "no user namespaces here: $out"
	check_eq "exit of router add ($out)" "$rc" 2
	[[ $out == *CAP_NET_ADMIN* ]] || fail "the sentence does not name CAP_NET_ADMIN: $out"
	out=$(as_nobody unshare -Urn "$HAK_TMP/hakadm" -j router show)
	check_eq "what it sees" "$(gojq length <<<"$out")" 0
}

# Root without the capability is nobody; with it alone, somebody.
without_capability() {
	local out rc
	out=$(on "$NS" setpriv --inh-caps=-net_admin --bounding-set=-net_admin \
		"$HAK_TMP/hakadm" track report T up 2>&1)
	rc=$?
	check_eq "exit without CAP_NET_ADMIN ($out)" "$rc" 2
	[[ $out == *CAP_NET_ADMIN* ]] || fail "the sentence does not name CAP_NET_ADMIN: $out"
	on "$NS" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=+net_admin \
		--ambient-caps=+net_admin "$HAK_TMP/hakadm" track report T up ||
		fail "CAP_NET_ADMIN alone is not enough: $?"
	check_eq "the track" "$(adm "$NS" -j track show T | gojq -r '.[0].state')" up
}

# reload [PARAMETER=VALUE]
reload() {
	mod_unload
	mod_load "$@"
}

userns_allowed() {
	local out
	reload userns=1
	out=$(as_nobody unshare -Urn sh -c "
		ip link add eth0 type veth peer name peer0 && ip link set peer0 up && ip link set eth0 up &&
		ip addr add 192.0.2.1/24 dev eth0 &&
		'$HAK_TMP/hakadm' vip add 198.51.100.1 dev eth0 vrid 9 interval 50ms || exit 1
		for i in 1 2 3 4 5 6 7 8 9 10; do
			sleep 0.3
			'$HAK_TMP/hakadm' -o router show state Active | grep -q eth0.9 || continue
			ip addr show to 198.51.100.1/32 | grep -q 198.51.100.1 || continue
			exec '$HAK_TMP/hakadm' flush
		done
		exit 1" 2>&1) || fail "root of a user namespace cannot with userns=1: $out"
	reload
}

# userns=1 is about one's own network namespace, not everybody's.
userns_allowed_not_elsewhere() {
	reload userns=1
	adm_ok "$NS" router add WEB dev eth0 vrid 51 interval 100ms
	adm_ok "$NS" vip add 198.51.100.1 router WEB
	adm_ok "$NS" track add T report
	wait_state "$NS" WEB Active
	before=$(adm "$NS" save)
	refused as_nobody
	refused as_nobody unshare -Ur
	reload
	adm_flush "$NS"
}

no_autoload() {
	local rc alias
	alias=$(modinfo -F alias "$HAK_KO")
	check_eq "aliases of the module" "$alias" ""
	mod_unload
	as_nobody "$HAK_TMP/hakadm" router show >"$HAK_TMP/out" 2>&1
	rc=$?
	check_eq "exit without the module ($(cat "$HAK_TMP/out"))" "$rc" 3
	as_nobody "$HAK_TMP/hakadm" router add NEW dev eth0 vrid 9 >"$HAK_TMP/out" 2>&1
	rc=$?
	check_eq "exit without the module ($(cat "$HAK_TMP/out"))" "$rc" 3
	check_not "it stayed out" mod_loaded
	mod_load
}

hak_main "${@:-$ALL_CASES}"
