#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# What is typed wrong: each line of the table below ends with the exit status
# in front of it, prints a sentence that matches the expression, the same in
# JSON with -j, and changes nothing. `words_alone` needs neither module nor
# root: wrong words are found before anything is sent.

# shellcheck disable=SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-600}
ALL_CASES="words_alone words_with_module kernel_refuses file_errors module_absent
	options options_not_used suggestions nothing_on_stdout"

# EXIT|EXPRESSION|WORDS, split as a shell would; # is a comment. 1: the words
# are wrong.
words_table() {
	cat <<-'EOF'
		# no such object or command
		1|frobnicate|frobnicate
		1|ruter|ruter show
		1|VIP|VIP show
		1|frob|router frob
		1|frob|router frob WEB
		1|frob|vip frob 198.51.100.1
		1|frob|track frob T
		1|frob|help frob
		1|frob|module frob
		1|frob|status frob
		1|frob|monitor frob
		1|frob|save frob
		1|frob|flush frob
		1|say what|
		# not in this version, or never
		1|dr|pool add web method dr
		1|persist|pool add web persist 10m
		1|backup|server add 192.0.2.9:80 pool web backup on
		1|sctp|service add sctp 198.51.100.1:80 pool web
		1|fwmark|service add fwmark 5 pool web
		1|group|group add EDGE
		1|route|route add 203.0.113.0/24 router WEB
		1|sync|sync add dev eth0
		1|resign|router resign WEB
		1|convert|convert keepalived.conf
		1|metrics|metrics
		# name, device, number are missing or too much
		1|NAME|router add
		1|NAME|router set
		1|NAME|router del
		1|dev|router add NEW
		1|vrid|router add NEW dev eth0
		1|dev|router add NEW vrid 9
		1|vrid|router add NEW dev eth0 vrid
		1|priority|router add NEW dev eth0 vrid 9 priority
		1|priority|router set WEB priority
		1|extra|router del WEB extra
		1|extra|router set WEB priority 10 extra
		1|NAME|track add
		1|kind|track add NEW
		1|report|track report T
		1|NAME|track report
		1|NAME|track del
		1|ADDR|vip add
		1|ADDR|vip del
		1|dev|vip add 198.51.100.7
		1|vrid|vip add 198.51.100.7 dev eth0
		1|dev|vip add 198.51.100.7 vrid 9
		1|router|vip add 198.51.100.7 router
		1|dev|vip del 198.51.100.1
		1|extra|vip del 198.51.100.1 router WEB extra
		1|FILE|load
		1|FILE|test
		1|extra|load /dev/null extra
		1|extra|test /dev/null extra
		# words that are none
		1|weigth|router add NEW dev eth0 vrid 9 track T weigth 10
		1|priorty|router set WEB priorty 10
		1|preempt_delay|router set WEB preempt_delay 10
		1|nopreempt|router set WEB nopreempt
		1|auth_pass|router set WEB auth_pass x
		1|auth-pass|router set WEB auth-pass x
		1|advert_int|router set WEB advert_int 1
		1|virtual_router_id|router add NEW dev eth0 virtual_router_id 9
		1|interface|router add NEW interface eth0 vrid 9
		1|state|router set WEB state Active
		1|reason|router set WEB reason "because"
		1|effective-priority|router set WEB effective-priority 10
		1|peer|router set WEB peer 192.0.2.9
		1|source|router set WEB source 192.0.2.9
		1|start-delay|router set WEB start-delay 3
		1|group|router set WEB group EDGE
		1|weight|router set WEB weight -60
		1|lease|track report T up lease 3
		1|weight|track add NEW report weight 3
		1|interval|track add NEW report interval 3
		1|frob|track add NEW frob
		1|report|track report T sideways
		1|dev|track add NEW dev eth0
		1|pool|track add NEW pool web
		1|mask|vip add 198.51.100.7 router WEB mask 24
		1|installed|vip add 198.51.100.7 router WEB installed on
		1|priority|vip add 198.51.100.7 router WEB priority 10
		1|vrid|vip add 198.51.100.7 router WEB vrid 51
		1|dev|vip add 198.51.100.7 router WEB dev eth1
		1|advert|vip del 198.51.100.1 router WEB advert on
		# twice
		1|priority|router set WEB priority 10 priority 20
		1|dev|router add NEW dev eth0 dev eth1 vrid 9
		1|vrid|router add NEW dev eth0 vrid 9 vrid 9
		1|track|router set WEB track T track T
		1|lease|track add NEW report lease 1s lease 1s
		1|label|vip add 198.51.100.7 router WEB label eth0:a label eth0:b
		# numbers out of range or none
		1|vrid|router add NEW dev eth0 vrid 0
		1|vrid|router add NEW dev eth0 vrid 256
		1|vrid|router add NEW dev eth0 vrid -1
		1|vrid|router add NEW dev eth0 vrid 99999999999999999999
		1|vrid|router add NEW dev eth0 vrid x
		1|vrid|router add NEW dev eth0 vrid 0x33
		1|vrid|router add NEW dev eth0 vrid 5.1
		1|vrid|router add NEW dev eth0 vrid ''
		1|vrid|vip add 198.51.100.7 dev eth0 vrid 256
		1|priority|router set WEB priority 0
		1|priority|router set WEB priority 256
		1|priority|router set WEB priority -1
		1|priority|router set WEB priority high
		1|down-adverts|router set WEB down-adverts 0
		1|down-adverts|router set WEB down-adverts 101
		1|announce|router set WEB announce 101
		1|announce|router set WEB announce -1
		1|weight|router set WEB track T weight 254
		1|weight|router set WEB track T weight -254
		1|weight|router set WEB track T weight much
		1|weight|router set WEB track T weight
		1|-300|track report T -300
		1|254|track report T 254
		# times
		1|interval|router set WEB interval 0
		1|interval|router set WEB interval 5ms
		1|interval|router set WEB interval 15ms
		1|interval|router set WEB interval 41s
		1|interval|router set WEB interval 1y
		1|interval|router set WEB interval soon
		1|interval|router set WEB interval -1s
		1|interval|router set WEB interval 1e3
		1|interval|router set WEB interval 99999999999999999999s
		1|interval|router set WEB interval ''
		1|announce-interval|router set WEB announce-interval 1ms
		1|announce-interval|router set WEB announce-interval 2m
		1|lease|track add NEW report lease 99ms
		1|lease|track add NEW report lease 2d
		1|lease|track add NEW report lease never
		1|lease|track set T lease 1ms
		# choices
		1|version|router add NEW dev eth0 vrid 9 version 4
		1|version|router add NEW dev eth0 vrid 9 version 1
		1|version|router add NEW dev eth0 vrid 9 version 2
		1|family|router add NEW dev eth0 vrid 9 family ipv4
		1|family|router add NEW dev eth0 vrid 9 family inet6
		1|preempt|router set WEB preempt yes
		1|preempt|router set WEB preempt 1
		1|enable|router set WEB enable true
		1|accept|router set WEB accept maybe
		1|checksum|router set WEB checksum crc
		1|vmac|router set WEB vmac on
		1|initial|track add NEW report initial maybe
		1|advert|vip add 198.51.100.7 router WEB advert no
		# names, devices, addresses
		1|all|router add all dev eth0 vrid 9
		1|any|router add any dev eth0 vrid 9
		1|none|track add none report
		1|default|track add default report
		1|a/b|router add a/b dev eth0 vrid 9
		1|a b|router add 'a b' dev eth0 vrid 9
		1|-x|router add -x dev eth0 vrid 9
		1|NAME|router add '' dev eth0 vrid 9
		1|abcdefghijklmnopqrstuvwxyz012345|router add abcdefghijklmnopqrstuvwxyz012345 dev eth0 vrid 9
		1|eth0/1|router add NEW dev eth0/1 vrid 9
		1|dev|router add NEW dev '' vrid 9
		1|dev|router add NEW dev abcdefghijklmnop vrid 9
		1|dev|router add NEW dev . vrid 9
		1|track|router set WEB track 'a b'
		1|track|router set WEB track all
		1|not-an-address|vip add not-an-address router WEB
		1|198.51.100|vip add 198.51.100 router WEB
		1|198.51.100.256|vip add 198.51.100.256 router WEB
		1|198.51.100.1/33|vip add 198.51.100.1/33 router WEB
		1|198.51.100.1/|vip add 198.51.100.1/ router WEB
		1|198.51.100.1/-1|vip add 198.51.100.1/-1 router WEB
		1|198.51.100.1:80|vip add 198.51.100.1:80 router WEB
		1|2001:db8::1/129|vip add 2001:db8::1/129 router WEB
		1|2001:db8::1|vip add 2001:db8::1 router WEB
		1|router|vip add 198.51.100.7 router 'a b'
		# checks stand in files
		1|hak.conf|check add NEW script true
		1|frob|check frob
		1|include|include /dev/null
		# files
		1|/nonexistent|load /nonexistent
		1|/nonexistent|test /nonexistent
		1|/dev/null|load /dev/null
		1|/dev/null|test /dev/null
	EOF
}

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
	BEFORE=$(picture)
}

# picture: everything configured, and the state of the routers
picture() {
	local object
	for object in router vip track; do
		adm "$NS" -j "$object" show | jq -cS \
			'map(del(.since, .reported_ms, .reason, .tracks, .counters, .stats, .active))'
	done
	adm "$NS" save | grep -v '^#'
}

unchanged() {
	local after
	after=$(picture)
	[ "$after" = "$BEFORE" ] || {
		diff <(echo "$BEFORE") <(echo "$after") | sed 's/^/# /'
		fail "'$1' changed something"
	}
}

# wrong WANTED-EXIT EXPRESSION WORDS...: as people see it and as scripts do
BAD=0
wrong() {
	local want=$1 expr=$2 rc text
	shift 2
	text=$("${HAK[@]}" "$@" </dev/null 2>&1)
	rc=$?
	if [ "$rc" != "$want" ]; then
		bad "exit $rc, not $want: $* -> $text"
		return
	fi
	[[ $text =~ $expr ]] || bad "does not name '$expr': $* -> $text"
	[ -n "$TEXT_ONLY" ] || wrong_json "$want" "$expr" "$@"
}

bad() {
	note "${1:0:300}"
	BAD=$((BAD + 1))
}

# What came is judged later, by json_judge, all of it at once.
TEXT_ONLY=
wrong_json() {
	local want=$1 expr=$2 rc text
	shift 2
	text=$("${HAK[@]}" -j "$@" </dev/null 2>&1)
	rc=$?
	[ "$rc" = "$want" ] || bad "with -j: exit $rc, not $want: $* -> $text"
	printf '%s\t%s\t%s\n' "${*//[$'\t\n']/ }" "$expr" "${text//[$'\t\n']/ }" >>"$HAK_TMP/json"
}

# json_judge: every answer is an object per error, with all keys, one of which
# tells the word
json_judge() {
	local line
	[ -e "$HAK_TMP/json" ] || return 0
	jq -Rr 'split("\t") as [$words, $expr, $text] |
		def documents: . as $t | try [fromjson] catch
			(try ("[" + ($t | gsub("} {\"error\""; "},{\"error\"")) + "]" | fromjson) catch []);
		($text | documents | map(.error)) as $errors |
		if ($errors | length > 0 and all(type == "object" and
			has("file") and has("line") and has("word") and has("code") and
			has("text") and has("choices") and
			(.code | type == "string" and length > 0) and
			(.text | type == "string" and length > 0)) and
			any((.text + " " + (.word // "")) | test($expr)))
		then empty else $words + " -> " + $text end' "$HAK_TMP/json" >"$HAK_TMP/judged" ||
		bad "the JSON cannot be read"
	while read -r line; do
		bad "with -j: $line"
	done <"$HAK_TMP/judged"
	rm -f "$HAK_TMP/json"
}

# run_table TABLE [each]: `each`: look after every line that nothing changed
run_table() {
	local want expr words n=0
	while IFS='|' read -r want expr words; do
		case $want in
		'' | '#'*) continue ;;
		esac
		n=$((n + 1))
		eval "set -- $words"
		wrong "$want" "$expr" "$@"
		[ -z "${2-}" ] || [ -z "${EACH-}" ] || unchanged "$words"
	done < <("$1")
	note "$n lines"
	check_ge "lines tried" "$n" "${MIN:-20}"
	[ "$BAD" = 0 ] || fail "$BAD lines"
}

words_alone() {
	HAK=("$HAKADM") MIN=120
	run_table words_table
}

words_with_module() {
	base
	HAK=("$HAKADM" -n "$NS") MIN=120 TEXT_ONLY=yes
	run_table words_table
	unchanged "one of these lines"
}

kernel_refuses() {
	base
	HAK=("$HAKADM" -n "$NS") EACH=yes
	run_table kernel_table
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
	jq -e . "$HAK_TMP/json" >/dev/null || fail "no JSON: $(cat "$HAK_TMP/json")"
	unchanged "a bad file"
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

# Options stand before OBJECT only: behind it `-60` is a VALUE and -j nothing.
options() {
	base
	adm_ok "$NS" router set WEB track T weight -60
	adm_ok "$NS" track report T -20
	check_eq "reported" "$(adm "$NS" -j track show T | jq '.[0].value')" -20
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
