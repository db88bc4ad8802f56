#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
#
# hakcheck reports the servers of a pool: one that dies gets no new connection
# from then on, and is in turn again when it is back. What the operator said
# stands, whatever the checks say.
# See farm_create.

# shellcheck disable=SC2016,SC2086,SC2119,SC2120,SC2317 # cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-120}
WAIT_TIMEOUT=20
LBT=$HAK_TOOLS/lbt
ALL_CASES="process_dies link_is_silent operators_word hakcheck_dies checks_add_up
	last_check_goes script_says all_dead"

# Times are judged in these two cases only: interval, timeout, and what is allowed
# on top of them for an emulated machine, in ms; besides that, as long as the client
# itself stood still.
INTERVAL=800 TIMEOUT=400 FALL=3 RISE=2 ALLOWED=700
EVER=9999999999999

setup() {
	mod_load
	farm_create
}

teardown() { farm_destroy; }

listens() { [ -n "$(on "${FARM[$1]}" ss -Hltn 'sport = :80')" ]; }
listens_not() { ! listens "$1"; }

# start N: server N, answering as sN; its process is ${PID[N]}
start() {
	ip netns exec "${FARM[$1]}" "$LBT" serve "s$1" 80 >/dev/null 2>&1 &
	PID[$1]=$!
}

# serve N: the same, and it listens
serve() {
	wait_for 10 listens_not "$1" || fail "somebody answers for s$1"
	start "$1"
	wait_for 10 listens "$1" || fail "s$1 does not listen"
}

die() {
	kill "${PID[$1]}"
	wait "${PID[$1]}" 2>/dev/null
}

# check_start: hakcheck of the balancer, its id in $HC
check_start() {
	"$HAKCHECK" -n "$LB" -f >>"$HAK_TMP/hakcheck.log" 2>&1 &
	HC=$!
}

check_stop() {
	kill "${PID[@]}" "$HC" 2>/dev/null
	wait 2>/dev/null
	adm_flush "$LB"
}

# balance POOL-WORDS LINE...: three servers in turn, the LINEs with them, and hakcheck
balance() {
	local words=$1 n
	shift
	adm_flush "$LB"	# of a case that failed
	PID=()
	rm -f "$HAK_TMP"/bad-*
	cat >"$HAK_TMP/probe" <<-EOF
		#!/bin/sh
		echo "\$HAK_TARGET_ADDRESS \$HAK_TARGET_PORT \$HAK_POOL"
		test ! -e "$HAK_TMP/bad-\$HAK_TARGET_ADDRESS" || exit 3
	EOF
	chmod 755 "$HAK_TMP/probe"
	{
		printf '%s\n' "$@" "pool add web scheduler rr passive off $words"
		printf 'server add 198.51.100.1%s pool web\n' 1 2 3
		echo "service add tcp $VIP:80 pool web"
	} >"$HAK_TMP/hak.conf"
	for n in 1 2 3; do
		start $n
	done
	adm_ok "$LB" load "$HAK_TMP/hak.conf" >/dev/null
	check_start
	for n in 1 2 3; do
		wait_report $n up
	done
}

break_it() { touch "$HAK_TMP/bad-198.51.100.1$1"; }
repair() { rm -f "$HAK_TMP/bad-198.51.100.1$1"; }

# server_set N WORDS...: the operator's
server_set() {
	local n=$1
	shift
	adm_ok "$LB" server set "198.51.100.1$n" pool web "$@"
}

server_json() { adm "$LB" -j server show "198.51.100.1$1" pool web; }

# is N STATE REPORT REASON: the operator's word, the check's, and a part of its
# reason, as JSON has it
is() {
	local j
	j=$(server_json "$1")
	# shellcheck disable=SC2053 # STATE is a pattern
	[[ $j == *'"state":"'$2'"'* && $j == *'"report":"'$3'"'* && $j == *'"reason":"'*"$4"*'"'* ]]
}

wait_is() {
	wait_for "$WAIT_TIMEOUT" is "$@" ||
		fail "s$1 is not '$2 $3 $4': $(adm "$LB" server show "198.51.100.1$1")"
}

# wait_report N up|down [REASON]: what its checks say
wait_report() { wait_is "$1" '*' "$2" "${3:-check}"; }

# stays MS N STATE REPORT REASON
stays() {
	local end=$(($(now_ms) + $1))
	shift
	while [ "$(now_ms)" -lt "$end" ]; do
		is "$@" || fail "s$1 is no longer $2, $3: $(adm "$LB" server show "198.51.100.1$1")"
		poll_pause
	done
}

# ask N: who answers how often
ask() { on "$CL" "$LBT" ask tcp $VIP 80 "$1" | sort | tr '\n' ' '; }

### times ##############################################################

# watch_start: a client that begins 20 connections a second, a line for each
watch_start() {
	: >"$HAK_TMP/watch"
	ip netns exec "$CL" "$LBT" watch $VIP 80 50 >"$HAK_TMP/watch" 2>&1 &
	WATCH=$!
}

# watch_stop: when the last has ended
watch_stop() {
	kill "$WATCH"
	wait "$WATCH" || fail "the client ended with $?"
}

# begun FROM TO WHO: how many that began then ended so; `lost` is without an answer
begun() {
	awk -v from="$1" -v to="$2" -v who="$3" '
		$1 >= from && $1 < to { n += who == "lost" ? $3 !~ /^s[0-9]$/ : $3 ~ "^(" who ")$" }
		END { print n + 0 }' "$HAK_TMP/watch"
}

s3_answers_since() { [ "$(begun "$1" $EVER s3)" -gt 0 ]; }

# stood_still: the longest pause of the client, in ms
stood_still() {
	sort -n "$HAK_TMP/watch" |
		awk 'NR > 1 && $1 - p > m { m = $1 - p } { p = $1 } END { print m - 50 }'
}

# reported_at N: when its checks said so, in ms
reported_at() {
	local j now
	j=$(server_json "$1") now=$(now_ms)
	echo $((now - $(gojq '.[0].reported_ms' <<<"$j")))
}

seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }

# outage DIE RETURN REASON OUT IN: s3 by these commands; limits in ms
outage() {
	local died out out_seen back in in_seen stood extra
	balance "check live" "check add live tcp interval ${INTERVAL}ms timeout ${TIMEOUT}ms rise $RISE fall $FALL"
	watch_start
	wait_for 10 s3_answers_since 0 || fail "no connection reached s3"
	died=$(now_ms)
	$1 3
	wait_report 3 down "check live: $3"
	out=$(reported_at 3) out_seen=$(now_ms)
	# Meanwhile nobody may reach it.
	settle 1000
	back=$(now_ms)
	$2 3
	wait_report 3 up "check live: connected"
	in=$(reported_at 3) in_seen=$(now_ms)
	wait_for 10 s3_answers_since "$in_seen" || fail "it is in, but no connection reaches it"
	watch_stop
	stood=$(stood_still)
	extra=$((ALLOWED + stood))
	note "out after $(seconds $((out - died))) s of $(seconds "$4"), in after $(seconds $((in - back))) s" \
		"of $(seconds "$5"), on top $(seconds $extra) s"
	note "$(begun 0 $EVER '.*') connections, lost $(begun "$died" "$out" lost) until it was out," \
		"then $(begun "$out_seen" $EVER lost)"
	check_eq "lost before" "$(begun 0 $((died - 1000)) lost)" 0
	check_ge "lost while nobody knew" "$(begun "$died" "$out_seen" lost)" 1
	check_ge "served without it" "$(begun "$out_seen" "$back" 's[12]')" 10
	check_eq "reached it while it was out" "$(begun "$out_seen" "$back" s3)" 0
	check_eq "lost since it was out" "$(begun "$out_seen" $EVER lost)" 0
	check_ge "out, ms" $((out - died)) $(((FALL - 1) * INTERVAL - stood))
	check_le "out, ms" $((out - died)) $(($4 + extra))
	check_ge "in, ms" $((in - back)) $(((RISE - 1) * INTERVAL - stood))
	check_le "in, ms" $((in - back)) $(($5 + extra))
	check_stop
}

# The last run may have been just before, hence an interval for each one.
process_dies() {
	outage die start "connect: Connection refused" $((INTERVAL * FALL)) $((INTERVAL * RISE))
}

port_cut() { ip -n "$SX" link set "q$1" nomaster; }
port_back() { ip -n "$SX" link set "q$1" master br0; }

link_is_silent() {
	outage port_cut port_back "connect: no answer in ${TIMEOUT}ms" \
		$((INTERVAL * FALL + TIMEOUT)) $((INTERVAL * RISE))
}

### words ##############################################################

QUICK="interval 200ms rise 2 fall 3"

# The checks go down and up under each of the operator's words.
operators_word() {
	local word
	balance "check live" "check add live tcp $QUICK"
	check_eq "all three" "$(ask 9)" "s1 3 s2 3 s3 3 "
	for word in drain down; do
		server_set 3 state $word
		is 3 $word up connected || fail "$word is not seen beside the report: $(server_json 3)"
		check_eq "$word, check up" "$(ask 6)" "s1 3 s2 3 "
		die 3
		wait_is 3 $word down refused
		check "$word is shown" grep -q "state $word" <<<"$(adm "$LB" server show 198.51.100.13)"
		check "the report is shown" grep -q "reported down .*check live: .*refused" \
			<<<"$(adm "$LB" server show 198.51.100.13)"
		check_eq "$word, check down" "$(ask 6)" "s1 3 s2 3 "
		serve 3
		wait_is 3 $word up connected
		check_eq "$word, check up again" "$(ask 6)" "s1 3 s2 3 "
		server_set 3 state up
		check_eq "up, check up" "$(ask 9)" "s1 3 s2 3 s3 3 "
	done
	# The operator's `up` is no verdict.
	server_set 3 state down
	die 3
	wait_is 3 down down refused
	server_set 3 state up
	stays 1000 3 up down refused
	check_eq "up, check down" "$(ask 6)" "s1 3 s2 3 "
	serve 3
	wait_is 3 up up connected
	check_eq "up, check up" "$(ask 9)" "s1 3 s2 3 s3 3 "
	check_stop
}

# Its verdicts stay as they were, and are right soon after it runs again.
hakcheck_dies() {
	balance "check live" "check add live tcp $QUICK"
	die 3
	wait_report 3 down
	kill -KILL "$HC"
	wait "$HC" 2>/dev/null
	die 1
	serve 3
	stays 1000 1 up up connected
	is 3 up down refused || fail "s3: $(adm "$LB" server show 198.51.100.13)"
	check_eq "as it was" "$(ask 4)" "refused 2 s2 2 "
	check_start
	wait_report 3 up
	wait_report 1 down refused
	check_eq "as it is" "$(ask 4)" "s2 2 s3 2 "
	is 2 up up connected || fail "s2: $(adm "$LB" server show 198.51.100.12)"
	check_stop
}

# A server's check is run beside those of its pool: down when one is, up when all are.
checks_add_up() {
	balance "check live" "check add live tcp $QUICK" \
		"check add own script \"$HAK_TMP/probe\" $QUICK"
	break_it 1
	break_it 2
	server_set 2 check own
	wait_report 2 down 'check own: exit 3 \"198.51.100.12 80 web\"'
	check_eq "only the one with that check" "$(ask 4)" "s1 2 s3 2 "
	check_eq "its own checks" "$(server_json 2 | gojq -r '.[0].checks | join(" ")')" own
	check_eq "those of the pool" "$(adm "$LB" -j pool show web | gojq -r '.[0].checks | join(" ")')" live
	# The other way round, and never up in between: one of the two is bad all the time.
	die 2
	stays 1000 2 up down ''
	repair 2
	stays 1000 2 up down ''
	serve 2
	wait_report 2 up
	check_eq "both well" "$(ask 6)" "s1 2 s2 2 s3 2 "
	# Without that check what it said does not count.
	break_it 2
	wait_report 2 down 'check own'
	server_set 2 check none
	wait_report 2 up
	check_eq "without it" "$(ask 6)" "s1 2 s2 2 s3 2 "
	check_stop
}

last_check_goes() {
	balance "check live" "check add live tcp $QUICK"
	die 3
	wait_report 3 down
	adm_ok "$LB" pool set web check none
	wait_is 3 up up "no longer checked"
	check_eq "it gets its share, well or not" "$(ask 6)" "refused 2 s1 2 s2 2 "
	adm_ok "$LB" pool set web check live
	wait_report 3 down refused
	check_eq "checked again" "$(ask 4)" "s1 2 s2 2 "
	# The same while hakcheck does not run: the next one sees to it, and leaves alone
	# what somebody else said.
	kill -KILL "$HC"
	wait "$HC" 2>/dev/null
	adm_ok "$LB" pool set web check none
	adm_ok "$LB" server report 198.51.100.12 pool web down reason "by hand"
	is 3 up down refused || fail "s3: $(adm "$LB" server show 198.51.100.13)"
	check_start
	wait_is 3 up up "no longer checked"
	is 2 up down "by hand" || fail "s2: $(adm "$LB" server show 198.51.100.12)"
	check_stop
}

# What it looks at, its status and its last line come with the verdict. Its word on
# the weight is for later, and refused until then.
script_says() {
	balance "check own" "check add own script \"$HAK_TMP/probe\" $QUICK"
	is 1 up up 'check own: exit 0 \"198.51.100.11 80 web\"' || fail "s1: $(server_json 1)"
	break_it 3
	wait_report 3 down 'check own: exit 3 \"198.51.100.13 80 web\"'
	check_eq "out" "$(ask 4)" "s1 2 s2 2 "
	check "status says why" grep -q '198.51.100.13.*exit 3' <<<"$(adm "$LB" status)"
	# Its port is shut, which this check does not ask.
	die 3
	repair 3
	wait_report 3 up 'exit 0'
	check_eq "in" "$(ask 6)" "refused 2 s1 2 s2 2 "
	sed '/^check add own/s/$/ weight-from output/' "$HAK_TMP/hak.conf" >"$HAK_TMP/weight.conf"
	adm "$LB" load "$HAK_TMP/weight.conf" >"$HAK_TMP/said" 2>&1
	check_eq "status of load with weight-from" $? 1
	check "it says why" grep -q 'weight-from: for a check of servers' "$HAK_TMP/said"
	stays 500 3 up up 'exit 0'
	check_stop
}

# Clients are told at once, and served by whoever is first back.
all_dead() {
	local n
	balance "check live" "check add live tcp $QUICK"
	for n in 1 2 3; do
		die $n
	done
	for n in 1 2 3; do
		wait_report $n down refused
	done
	check_eq "up of three" "$(adm "$LB" -j pool show web | gojq -r '.[0].up')" 0
	# Not by the servers: they hear nothing of it.
	for n in 1 2 3; do
		on "${FARM[n]}" nft -f - <<-EOF
			table ip t {
				chain c {
					type filter hook input priority 0
					ip saddr 192.0.2.10 counter drop
				}
			}
		EOF
	done
	check_eq "refused at once" "$(ask 4)" "refused 4 "
	for n in 1 2 3; do
		check_eq "packets of clients to s$n" \
			"$(on "${FARM[n]}" nft -j list ruleset | gojq '[.. | .counter? // empty | .packets] | add')" 0
		on "${FARM[n]}" nft flush ruleset
	done
	serve 2
	wait_report 2 up
	check_eq "the first" "$(ask 4)" "s2 4 "
	serve 1
	serve 3
	wait_report 1 up
	wait_report 3 up
	check_eq "all" "$(ask 6)" "s1 2 s2 2 s3 2 "
	check_stop
}

hak_main "${@:-$ALL_CASES}"
