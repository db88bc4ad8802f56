#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
#
# What is typed wrong with the module there: each line of words.table and of the
# table below ends with the exit status in front of it, prints a sentence that
# matches the expression, and changes nothing. See tool_words.sh, too.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=wrong.sh
. "$(dirname "$0")/wrong.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-600}
ALL_CASES="words_with_module kernel_refuses file_errors module_absent
	module_by_hakadm options options_not_used nothing_on_stdout"

# 2: the kernel has a reason.
kernel_table() {
	cat <<-'EOF'
		# there already
		2|WEB|router add WEB dev eth1 vrid 9
		2|51|router add NEW dev eth0 vrid 51
		2|T|track add T report
		2|198.51.100.1|vip add 198.51.100.1/24 router WEB
		2|198.51.100.1|vip add 198.51.100.1/32 router WEB
		2|198.51.100.1|vip add 198.51.100.1 router WAITS
		2|198.51.100.1|vip add 198.51.100.1 dev eth0 vrid 51
		2|198.51.100.1|vip add 198.51.100.1 dev eth1 vrid 9
		# not there
		2|NOPE|router set NOPE priority 10
		2|NOPE|router del NOPE
		2|NOPE|vip add 198.51.100.7 router NOPE
		2|NOPE|vip del 198.51.100.1 router NOPE
		2|198.51.100.77|vip del 198.51.100.77 router WEB
		2|77|vip del 198.51.100.1 dev eth0 vrid 77
		2|eth7|vip del 198.51.100.1 dev eth7 vrid 51
		2|NOPE|track set NOPE lease 1s
		2|NOPE|track del NOPE
		2|NOPE|track report NOPE up
		2|NOPE|router set WEB track NOPE
		2|NOPE|router set WEB track T track NOPE weight 10
		2|NOPE|router add NEW dev eth0 vrid 9 track NOPE
		# in use, or unlike
		2|T|track del T
		2|priority|vip add 198.51.100.7 dev eth0 vrid 53 priority 77
		2|interval|vip add 198.51.100.7 dev eth0 vrid 53 interval 3s
		# no address for a router
		2|0.0.0.0|vip add 0.0.0.0 router WEB
		2|224.0.0.18|vip add 224.0.0.18 router WEB
		2|127.0.0.1|vip add 127.0.0.1 router WEB
		2|255.255.255.255|vip add 255.255.255.255 router WEB
	EOF
}

# base: something of everything, which no wrong line may change
base() {
	mod_load
	ns_create NS
	ip -n "$NS" link add eth0 type veth peer name peer0
	ip -n "$NS" link set peer0 up
	ip -n "$NS" link set eth0 up
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	adm_ok "$NS" track add T report initial up
	adm_ok "$NS" track add LEASED report lease 1h
	adm_ok "$NS" router add WEB dev eth0 vrid 51 interval 100ms track T weight -60
	adm_ok "$NS" vip add 198.51.100.1/24 router WEB
	adm_ok "$NS" router add WAITS dev nosuch0 vrid 52
	adm_ok "$NS" vip add 198.51.100.9 dev eth0 vrid 53
	wait_state "$NS" WEB Active
	wait_state "$NS" eth0.53 Active
	BEFORE=$(picture) || fail "no picture of what is there"
	SAVED=$(adm "$NS" save | grep -v '^#')
}

# picture: everything configured, and the state of the routers
picture() {
	local object
	for object in router vip track; do
		adm "$NS" -j "$object" show | gojq -c \
			'map(del(.since, .reported_ms, .reason, .tracks, .counters, .stats, .active))' ||
			return 1
	done
	adm "$NS" save | grep -v '^#'
}

# What is configured is as it was; cheaper than `unchanged`, which comes at the end.
# Each fourth time: what a line before it changed is still seen.
UNSAVED=0
unsaved() {
	local after
	[ $((++UNSAVED % 4)) = 0 ] || return 0
	after=$(adm "$NS" save | grep -v '^#')
	[ "$after" = "$SAVED" ] || {
		diff <(echo "$SAVED") <(echo "$after") | sed 's/^/# /'
		fail "'$1' changed something"
	}
}

unchanged() {
	local after
	after=$(picture) || fail "no picture after '$1'"
	[ "$after" = "$BEFORE" ] || {
		diff <(echo "$BEFORE") <(echo "$after") | sed 's/^/# /'
		fail "'$1' changed something"
	}
}

words_with_module() {
	base
	HAK=("$HAKADM" -n "$NS") MIN=25 TEXT_ONLY=yes
	# tool_words.sh has them all; what is left is that the module is not asked.
	run_table < <(grep -v '^#' "$WORDS_TABLE" | awk 'NR % 6 == 0')
	unchanged "one of these lines"
}

kernel_refuses() {
	base
	HAK=("$HAKADM" -n "$NS") EACH=unsaved
	run_table < <(kernel_table)
	unchanged "one of these lines"
}

# bad_file WANTED-EXIT EXPRESSION...: stdin is the file; nothing changes, and
# each expression matches a line that names the file
bad_file() {
	local want=$1 expr rc
	shift
	cat >"$HAK_TMP/bad.conf"
	"${HAK[@]}" load "$HAK_TMP/bad.conf" >"$HAK_TMP/stdout" 2>"$HAK_TMP/stderr"
	rc=$?
	check_eq "exit of load ($(head -n 5 "$HAK_TMP/stderr"))" "$rc" "$want"
	for expr; do
		grep -qe "$expr" "$HAK_TMP/stderr" ||
			fail "no '$expr' in: $(cat "$HAK_TMP/stderr")"
	done
	"${HAK[@]}" -j load "$HAK_TMP/bad.conf" >"$HAK_TMP/json" 2>&1
	check_eq "exit of -j load" $? "$want"
	[ -s "$HAK_TMP/json" ] || fail "-j load says nothing"
	cat "$HAK_TMP/json" >>"$HAK_TMP/all-json"
	unsaved "a bad file"
}

# Every error of a file with its place, and the sum.
file_errors() {
	base
	HAK=("$HAKADM" -n "$NS")
	bad_file 1 'bad.conf:2: .*weigth' 'bad.conf:4: .*vrid' 'bad.conf:5: .*frob' \
		'3 errors, nothing changed' <<-'EOF'
			router add A dev eth0 vrid 1
			router add B dev eth0 vrid 2 track T weigth 10
			vip add 198.51.100.20 router A
			router add C dev eth0 vrid 256
			frob
		EOF
	bad_file 1 'bad.conf:1: .*show' 'nothing changed' <<-'EOF'
		router show
	EOF
	bad_file 1 'bad.conf:1: .*del' 'nothing changed' <<-'EOF'
		router del WEB
	EOF
	bad_file 1 'bad.conf:1: .*list' <<-'EOF'
		vip list
	EOF
	bad_file 1 'bad.conf:1: .*rou' <<-'EOF'
		rou add A dev eth0 vrid 1
	EOF
	# twice, and missing objects
	bad_file 1 'bad.conf:2: .*A' <<-'EOF'
		router add A dev eth0 vrid 1
		router add A dev eth0 vrid 2
	EOF
	bad_file 1 'bad.conf:2: ' <<-'EOF'
		router add A dev eth0 vrid 1
		router add B dev eth0 vrid 1
	EOF
	bad_file 1 'bad.conf:3: .*198.51.100.20' <<-'EOF'
		router add A dev eth0 vrid 1
		vip add 198.51.100.20 router A
		vip add 198.51.100.20 router A
	EOF
	bad_file 1 'bad.conf:1: .*NOPE' <<-'EOF'
		vip add 198.51.100.20 router NOPE
	EOF
	bad_file 1 'bad.conf:1: .*NOPE' <<-'EOF'
		router add A dev eth0 vrid 1 track NOPE weight 10
	EOF
	bad_file 1 'bad.conf:2: .*NOPE' <<-'EOF'
		router add A dev eth0 vrid 1
		router set NOPE priority 10
	EOF
	# quotes, continued lines, nothing in it
	bad_file 1 'bad.conf:1: .*quote' <<-'EOF'
		check add X script "true
	EOF
	bad_file 1 'bad.conf:2: .*frob' <<-'EOF'
		router add A dev eth0 vrid 1
		router add B dev eth0 \
			frob 2
	EOF
	bad_file 1 'bad.conf' <<-'EOF'
		# nothing here
	EOF
	# included files have their own places
	echo 'router add B dev eth0 vrid 300' >"$HAK_TMP/more.conf"
	bad_file 1 'more.conf:1: .*vrid' 'bad.conf:3: .*frob' <<-EOF
		router add A dev eth0 vrid 1
		include $HAK_TMP/more.conf
		frob
	EOF
	bad_file 1 'bad.conf:1: .*include' <<-EOF
		include $HAK_TMP/bad.conf
	EOF
	bad_file 1 'bad.conf:2: .*include' <<-EOF
		router add A dev eth0 vrid 1
		include $HAK_TMP/nonexistent.conf
	EOF
	# what only the kernel can know
	bad_file 2 '224.0.0.5' <<-'EOF'
		router add A dev eth0 vrid 1
		vip add 224.0.0.5 router A
	EOF
	# bytes that no editor writes
	printf 'router add A dev eth0 vrid 1\nrouter add B\0C dev eth0 vrid 2\n' |
		bad_file 1 'bad.conf:2'
	head -c 4096 /dev/urandom | tr '\n' ' ' | bad_file 1 'bad.conf:1'
	{ printf 'router add A dev eth0 vrid 1 '; head -c 300000 /dev/zero | tr '\0' a; } |
		bad_file 1 'bad.conf:1'
	gojq -e . "$HAK_TMP/all-json" >/dev/null || fail "no JSON: $(cat "$HAK_TMP/all-json")"
	unchanged "one of these files"
}

# Without the module: 3, but wrong words are still 1.
module_absent() {
	local words rc
	mod_unload
	HAK=("$HAKADM")
	echo 'router add A dev eth0 vrid 1' >"$HAK_TMP/good.conf"
	for words in "router show" "status" "save" "monitor" "vip show" "router history" \
		"router add A dev eth0 vrid 1" "track report T up" "flush" \
		"load $HAK_TMP/good.conf"; do
		# shellcheck disable=SC2086
		wrong 3 . $words
	done
	# The whole sentence begins with who speaks.
	"$HAKADM" router show >/dev/null 2>"$HAK_TMP/stderr"
	grep -q '^hak: ' "$HAK_TMP/stderr" || fail "it says: $(cat "$HAK_TMP/stderr")"
	"$HAKADM" router add A dev eth0 vrid 0 2>/dev/null
	rc=$?
	check_eq "exit for a wrong word" "$rc" 1
	[ "$BAD" = 0 ] || fail "$BAD lines"
	mod_load
}

# Loaded by its word, by need and unloaded, with libkmod and with the programs of kmod.
module_by_hakadm() {
	local away
	ns_create NS
	ip -n "$NS" link add eth0 type veth peer name peer0
	export HAK_MODULE=$HAK_KO
	by_hakadm "with libkmod"
	away=$HAK_TMP/away
	mkdir "$away"
	mv /usr/lib/*/libkmod.so.2* "$away"
	by_hakadm "without libkmod"
	mv "$away"/* "$(dirname "$(echo /usr/lib/*/libc.so.6)")"
	mod_load
}

# by_hakadm WHAT
by_hakadm() {
	mod_unload
	"$HAKADM" module load || fail "$1: module load exits $?"
	mod_loaded || fail "$1: module load has not loaded it"
	"$HAKADM" module unload || fail "$1: module unload exits $?"
	check_not "$1: it is still there" mod_loaded
	adm_ok "$NS" vip add 198.51.100.1 dev eth0 vrid 51
	mod_loaded || fail "$1: a command has not loaded it"
	adm_flush "$NS"
	HAK_MODULE=/nonexistent/hak.ko "$HAKADM" module unload
	wrong_path "$1"
}

wrong_path() {
	local said rc=0
	said=$(HAK_MODULE=/nonexistent/hak.ko "$HAKADM" module load 2>&1) || rc=$?
	check_eq "$1: exit for a wrong path" "$rc" 3
	[[ $said == "hak: no module for kernel "* ]] || fail "$1: $said"
}

# Options stand before OBJECT only: behind it `-60` is a VALUE and -j nothing.
options() {
	base
	adm_ok "$NS" router set WEB track T weight -60
	adm_ok "$NS" track report T -20
	check_eq "reported" "$(adm "$NS" -j track show T | gojq '.[0].value')" -20
	adm_ok "$NS" track report T up
	HAK=("$HAKADM" -n "$NS")
	wrong 1 -j router -j show
	wrong 1 -j router show -j
	wrong 1 -s router show WEB -s
	wrong 1 -n router -n "$NS" show
	wrong 1 --frob --frob router show
	wrong 1 -x -x router show
	HAK=("$HAKADM")
	wrong 1 nosuch-netns -n nosuch-netns router show
	wrong 1 -n -n
	"$HAKADM" -V >"$HAK_TMP/stdout" || fail "-V exits $?"
	grep -q '[0-9]' "$HAK_TMP/stdout" || fail "-V says $(cat "$HAK_TMP/stdout")"
	"$HAKADM" -h >"$HAK_TMP/stdout" || fail "-h exits $?"
	grep -q 'router' "$HAK_TMP/stdout" || fail "-h is short: $(cat "$HAK_TMP/stdout")"
	[ "$BAD" = 0 ] || fail "$BAD lines"
	unchanged "an option"
}

# One that the command does not use is an error, so that `-t load` is no load.
options_not_used() {
	base
	echo 'router add A dev eth0 vrid 1' >"$HAK_TMP/good.conf"
	HAK=("$HAKADM" -n "$NS")
	wrong 1 -t -t load "$HAK_TMP/good.conf"
	wrong 1 -c -c load "$HAK_TMP/good.conf"
	wrong 1 -s -s load "$HAK_TMP/good.conf"
	wrong 1 -o -o load "$HAK_TMP/good.conf"
	wrong 1 -br -br flush
	wrong 1 -t -t flush
	wrong 1 -s -s router add NEW dev eth0 vrid 9
	wrong 1 -t -t router show
	wrong 1 -t -t save
	[ "$BAD" = 0 ] || fail "$BAD lines"
	unchanged "an option that is not used"
}

# Errors go to stderr, so that scripts read what they asked for or nothing.
nothing_on_stdout() {
	base
	local words
	for words in "frob" "router set NOPE priority 1" "router add NEW" "load /nonexistent"; do
		# shellcheck disable=SC2086
		adm "$NS" $words >"$HAK_TMP/stdout" 2>"$HAK_TMP/stderr" && fail "'$words' succeeds"
		[ ! -s "$HAK_TMP/stdout" ] || fail "'$words' on stdout: $(cat "$HAK_TMP/stdout")"
		[ -s "$HAK_TMP/stderr" ] || fail "'$words': nothing on stderr"
		check_eq "lines for '$words'" "$(grep -c . "$HAK_TMP/stderr")" \
			"$([ "${words%% *}" = load ] && grep -c . "$HAK_TMP/stderr" || echo 1)"
	done
	unchanged "a wrong line"
}

hak_main "${@:-$ALL_CASES}"
