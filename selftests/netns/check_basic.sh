#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: up
#
# hakcheck runs the check lines of a loaded file and reports them: a router
# that tracks one by its name loses weight or lets go. Without hakcheck the
# kernel goes on as it was, except for tracks with a lease.

# shellcheck disable=SC2016,SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-180}
WAIT_TIMEOUT=20
ALL_CASES="rise_and_fall first_result_counts timeout_counts_as_failure process
	tcp weight_moves_the_address no_weight_lets_go on_fail_restarts
	on_recover_once load_changes_checks killed_without_lease
	killed_with_lease restart_goes_on one_per_namespace module_goes_and_comes"

setup() { mod_load; }

# lone: $NS with an Ethernet device, conf $C, and a probe that fails while
# $HAK_TMP/bad-NAME exists and counts its runs in $HAK_TMP/runs-NAME
lone() {
	ns_create NS
	ip -n "$NS" link add eth0 type veth peer name peer0
	ip -n "$NS" link set peer0 up
	ip -n "$NS" link set eth0 up
	ip -n "$NS" addr add 192.0.2.1/24 dev eth0
	tools
}

tools() {
	C=$HAK_TMP/hak.conf
	cat >"$HAK_TMP/probe" <<-EOF
		#!/bin/sh
		echo >>"$HAK_TMP/runs-\$1"
		test ! -e "$HAK_TMP/bad-\$1" || { echo "broken \$1"; exit 3; }
	EOF
	cat >"$HAK_TMP/note" <<-EOF
		#!/bin/sh
		echo >>"$HAK_TMP/\$1"
	EOF
	chmod 755 "$HAK_TMP/probe" "$HAK_TMP/note"
	rm -f "$HAK_TMP"/bad-* "$HAK_TMP"/runs-* "$HAK_TMP"/restarts-* "$HAK_TMP"/fail-* \
		"$HAK_TMP"/recover-*
}

break_it() { touch "$HAK_TMP/bad-$1"; }
repair() { rm -f "$HAK_TMP/bad-$1"; }
runs() { wc -l 2>/dev/null <"$HAK_TMP/${2:-runs}-$1" || echo 0; }
runs_at_least() { [ "$(runs "$1")" -ge "$2" ]; }

# check_start NS: hakcheck there, its id in $HC
check_start() {
	"$HAKCHECK" -n "$1" -f >>"$HAK_TMP/hakcheck.log" 2>&1 &
	HC=$!
}

check_stop() {
	kill "$HC"
	wait "$HC" 2>/dev/null
	:
}

load() { adm_ok "$NS" load "$C" >/dev/null; }

track_is() {
	[ "$(adm "$1" -j track show "$2" 2>/dev/null | gojq -r '.[0].state')" = "$3" ]
}

wait_track() {
	wait_for "${4:-$WAIT_TIMEOUT}" track_is "$1" "$2" "$3" ||
		fail "track $2 is not $3: $(adm "$1" track show "$2" 2>&1)"
}

# stays_track MS NS NAME STATE
stays_track() {
	local end=$(($(now_ms) + $1))
	shift
	while [ "$(now_ms)" -lt "$end" ]; do
		track_is "$@" || fail "track $2 is no longer $3"
		poll_pause
	done
}

reason() { adm "$NS" -j track show "$1" | gojq -r '.[0].reason'; }

# Three failures in a row are needed for down, two successes for up.
rise_and_fall() {
	local before after
	lone
	echo "check add APP script \"$HAK_TMP/probe APP\" interval 700ms rise 4 fall 5" >"$C"
	load
	track_is "$NS" APP down || fail "down until the first report"
	check_start "$NS"
	wait_track "$NS" APP up
	before=$(runs APP)
	break_it APP
	wait_track "$NS" APP down
	after=$(runs APP)
	check_ge "runs until down" $((after - before)) 5
	check_le "runs until down" $((after - before)) 8
	[[ $(reason APP) == *3* ]] || fail "the reason tells no exit status: $(reason APP)"
	[[ $(reason APP) == *broken* ]] || fail "the reason tells not what it printed: $(reason APP)"
	before=$(runs APP)
	repair APP
	wait_track "$NS" APP up
	after=$(runs APP)
	check_ge "runs until up" $((after - before)) 4
	check_le "runs until up" $((after - before)) 7
	# A slip is not a fall.
	before=$(adm "$NS" -j track show APP | gojq -r '.[0].reported_ms')
	break_it APP
	wait_for 10 runs_at_least APP $((after + 2)) || fail "no more runs"
	repair APP
	wait_for 10 runs_at_least APP $((after + 8)) || fail "no more runs"
	track_is "$NS" APP up || fail "one slip and the track is down"
	check_stop
}

# The first result counts alone: no waiting for rise or fall after a start.
first_result_counts() {
	lone
	break_it BAD
	cat >"$C" <<-EOF
		check add GOOD script "$HAK_TMP/probe GOOD" interval 1h rise 10
		check add BAD script "$HAK_TMP/probe BAD" interval 1h fall 10
	EOF
	load
	check_start "$NS"
	wait_track "$NS" GOOD up 5
	wait_for 5 runs_at_least BAD 1 || fail "BAD was not run"
	[[ $(reason BAD) == *3* ]] || wait_for 5 eval '[[ $(reason BAD) == *3* ]]' ||
		fail "BAD has no reason of its own: $(reason BAD)"
	check_eq "runs of GOOD" "$(runs GOOD)" 1
	check_stop
}

timeout_counts_as_failure() {
	lone
	cat >"$C" <<-EOF
		check add SLOW script "sh -c 'echo >>$HAK_TMP/runs-SLOW; exec sleep 1234.5'" interval 200ms timeout 300ms fall 2
		check add NEXT script "$HAK_TMP/probe NEXT" interval 200ms
	EOF
	load
	check_start "$NS"
	wait_track "$NS" NEXT up
	wait_for 10 runs_at_least SLOW 3 || fail "a run that hangs stops the next"
	track_is "$NS" SLOW down || fail "it hangs and is not down"
	[[ $(reason SLOW) == *300ms* ]] || fail "the reason: $(reason SLOW)"
	check_le "sleepers at once" "$(pgrep -fxc 'sleep 1234.5')" 1
	check_stop
	check "the hanging run goes with hakcheck" wait_for 5 eval '! pgrep -fx "sleep 1234.5" >/dev/null'
}

process() {
	local pid
	lone
	cp "$(command -v sleep)" "$HAK_TMP/hakprobed"
	echo "check add P process hakprobed interval 200ms fall 2" >"$C"
	load
	check_start "$NS"
	wait_for 10 eval '[ -n "$(reason P)" ] && [ "$(reason P)" != null ]' || fail "no first result"
	track_is "$NS" P down || fail "up without the process"
	ip netns exec "$NS" "$HAK_TMP/hakprobed" 1000 &
	pid=$!
	wait_track "$NS" P up
	kill "$pid"
	wait_track "$NS" P down
	[[ $(reason P) == *hakprobed* ]] || fail "the reason: $(reason P)"
	check_stop
}

tcp() {
	local pid
	lone
	need socat
	echo "check add T tcp to 192.0.2.1:8080 interval 200ms fall 2 timeout 500ms" >"$C"
	load
	ip netns exec "$NS" socat TCP-LISTEN:8080,bind=192.0.2.1,fork,reuseaddr /dev/null &
	pid=$!
	check_start "$NS"
	wait_track "$NS" T up
	kill "$pid"
	wait_track "$NS" T down
	[[ $(reason T) == *refused* ]] || fail "the reason: $(reason T)"
	# Nobody answers at all: that is the timeout's.
	on "$NS" nft -f - <<-EOF
		table ip t { chain c { type filter hook input priority 0; tcp dport 8080 drop; }; }
	EOF
	ip netns exec "$NS" socat TCP-LISTEN:8080,bind=192.0.2.1,fork,reuseaddr /dev/null &
	stays_track 2000 "$NS" T down
	on "$NS" nft flush ruleset
	wait_track "$NS" T up
	check_stop
}

# node NS PRIORITY CHECK: WEB there, which tracks CHECK with weight -60
node() {
	cat >"$HAK_TMP/$3.conf" <<-EOF
		check add $3 script "$HAK_TMP/probe $3" interval 200ms rise 2 fall 2
		router add WEB dev eth0 vrid 51 interval 200ms priority $2 track $3 weight -60
		vip add 198.51.100.1/24 router WEB
	EOF
	adm_ok "$1" load "$HAK_TMP/$3.conf" >/dev/null
	check_start "$1"
	wait_track "$1" "$3" up
}

weight_moves_the_address() {
	local first second
	pair_create
	tools
	node "$R1" 150 ONE
	first=$HC
	wait_state "$R1" WEB Active
	node "$R2" 120 TWO
	second=$HC
	stays_state 1000 "$R2" WEB Backup
	break_it ONE
	wait_state "$R2" WEB Active
	wait_state "$R1" WEB Backup
	wait_addr "$R2" 198.51.100.1
	wait_no_addr "$R1" 198.51.100.1
	check_eq "its priority now" "$(router_json "$R1" WEB .effective_priority)" 90
	check_eq "the weight" "$(router_json "$R1" WEB '.tracks[0].applied')" -60
	# Broken on both: the better of the two again.
	break_it TWO
	wait_state "$R1" WEB Active
	check_eq "its priority now" "$(router_json "$R2" WEB .effective_priority)" 60
	repair TWO
	wait_state "$R2" WEB Active
	repair ONE
	wait_state "$R1" WEB Active
	wait_state "$R2" WEB Backup
	check_eq "its priority now" "$(router_json "$R1" WEB .effective_priority)" 150
	wait_addr "$R1" 198.51.100.1
	wait_no_addr "$R2" 198.51.100.1
	kill "$first" "$second"
}

# Without a weight down means: not I, whoever else.
no_weight_lets_go() {
	lone
	cat >"$C" <<-EOF
		check add APP script "$HAK_TMP/probe APP" interval 200ms rise 2 fall 2
		router add WEB dev eth0 vrid 51 interval 100ms track APP
		vip add 198.51.100.1/24 router WEB
	EOF
	load
	settle 1000
	check_not "nothing is known, nothing is Active" state_is "$NS" WEB Active
	check_start "$NS"
	wait_state "$NS" WEB Active
	break_it APP
	wait_not_state "$NS" WEB Active
	wait_no_addr "$NS" 198.51.100.1
	check_eq "its priority now" "$(router_json "$NS" WEB .effective_priority)" 0
	[[ $(router_json "$NS" WEB .reason) == *APP* ]] ||
		fail "the reason does not name APP: $(router_json "$NS" WEB .reason)"
	repair APP
	wait_state "$NS" WEB Active
	wait_addr "$NS" 198.51.100.1
	check_stop
}

# A service that was killed is started again before the track falls.
on_fail_restarts() {
	lone
	cp "$(command -v sleep)" "$HAK_TMP/hakserved"
	cat >"$HAK_TMP/restart" <<-EOF
		#!/bin/sh
		echo >>"$HAK_TMP/restarts-S"
		"$HAK_TMP/hakserved" 1000 >/dev/null 2>&1 &
	EOF
	chmod 755 "$HAK_TMP/restart"
	ip netns exec "$NS" "$HAK_TMP/hakserved" 1000 &
	cat >"$C" <<-EOF
		check add S process hakserved interval 500ms fall 6 on-fail "$HAK_TMP/restart"
		router add WEB dev eth0 vrid 51 interval 100ms track S
		vip add 198.51.100.1/24 router WEB
	EOF
	load
	check_start "$NS"
	wait_state "$NS" WEB Active
	check_eq "restarts" "$(runs S restarts)" 0
	pkill -KILL -x hakserved
	check "it is restarted" wait_for 10 pgrep -x hakserved >/dev/null
	stays_state 4000 "$NS" WEB Active
	track_is "$NS" S up || fail "the track fell"
	check_eq "restarts" "$(runs S restarts)" 1
	# One that does not come back: with growing pauses, not at every run.
	sed -i '/hakserved" 1000/d' "$HAK_TMP/restart"
	pkill -KILL -x hakserved
	wait_track "$NS" S down
	wait_not_state "$NS" WEB Active
	settle 6000
	check_ge "restarts" "$(runs S restarts)" 2
	check_le "restarts" "$(runs S restarts)" 8
	check_stop
	pkill -KILL -x hakserved
	:
}

on_recover_once() {
	lone
	cat >"$C" <<-EOF
		check add APP script "$HAK_TMP/probe APP" interval 200ms rise 2 fall 2 on-fail "$HAK_TMP/note fail-APP" on-recover "$HAK_TMP/note recover-APP"
	EOF
	load
	check_start "$NS"
	wait_track "$NS" APP up
	check_eq "on-recover without a failure" "$(runs APP recover)" 0
	break_it APP
	wait_track "$NS" APP down
	check_ge "on-fail" "$(runs APP fail)" 1
	repair APP
	wait_track "$NS" APP up
	check "on-recover" wait_for 5 eval '[ "$(runs APP recover)" = 1 ]'
	settle 1500
	check_eq "on-recover" "$(runs APP recover)" 1
	check_stop
}

# hakcheck learns of another file by itself; what is the same goes on.
load_changes_checks() {
	local before
	lone
	cat >"$C" <<-EOF
		check add SAME script "$HAK_TMP/probe SAME" interval 300ms rise 2 fall 3
		check add GOES script "$HAK_TMP/probe GOES" interval 100ms
	EOF
	load
	check_start "$NS"
	wait_track "$NS" SAME up
	wait_track "$NS" GOES up
	sed -i '/GOES/d' "$C"
	echo "check add COMES script \"$HAK_TMP/probe COMES\" interval 200ms" >>"$C"
	load
	track_is "$NS" SAME up || fail "SAME lost its state"
	wait_track "$NS" COMES up
	before=$(runs GOES)
	stays_track 1000 "$NS" SAME up
	check_le "runs of GOES since" $(($(runs GOES) - before)) 1
	check_eq "tracks" "$(adm "$NS" -j track show | gojq -r 'map(.name) | sort | join(" ")')" \
		"COMES SAME"
	adm_ok "$NS" check show | grep -q COMES || fail "check show lacks COMES"
	adm_flush "$NS"
	settle 1000
	before=$(runs COMES)
	settle 1000
	check_eq "runs after flush" "$(runs COMES)" "$before"
	check_stop
}

web_conf() {
	cat >"$C" <<-EOF
		$1
		check add APP script "$HAK_TMP/probe APP" interval 200ms rise 2 fall 2
		router add WEB dev eth0 vrid 51 interval 100ms track APP
		vip add 198.51.100.1/24 router WEB
	EOF
	load
	check_start "$NS"
	wait_state "$NS" WEB Active
	wait_addr "$NS" 198.51.100.1
}

killed_without_lease() {
	local since
	lone
	web_conf ""
	since=$(router_json "$NS" WEB .since)
	kill -KILL "$HC"
	wait "$HC" 2>/dev/null
	break_it APP
	stays_state 4000 "$NS" WEB Active
	track_is "$NS" APP up || fail "the last report does not stay"
	check_eq "Active since" "$(router_json "$NS" WEB .since)" "$since"
	check_not "an alarm" alarm_has "$NS" reporter-lost
}

killed_with_lease() {
	lone
	web_conf "track add APP report lease 2s"
	stays_state 4000 "$NS" WEB Active
	check_not "an alarm" alarm_has "$NS" reporter-lost
	kill -KILL "$HC"
	wait "$HC" 2>/dev/null
	wait_not_state "$NS" WEB Active
	track_is "$NS" APP down || fail "the lease is over and the track is up"
	wait_no_addr "$NS" 198.51.100.1
	check "the alarm" wait_for 5 alarm_has "$NS" reporter-lost
	adm "$NS" -j status | gojq -e '.alarms | map(select(.kind == "reporter-lost")) | length == 1' \
		>/dev/null || fail "status -j: $(adm "$NS" -j status | gojq -c .alarms)"
	check_start "$NS"
	wait_state "$NS" WEB Active
	check "the alarm is over" wait_for 5 eval '! alarm_has "$NS" reporter-lost'
	check_stop
}

restart_goes_on() {
	local since
	lone
	web_conf ""
	since=$(router_json "$NS" WEB .since)
	check_stop
	check_start "$NS"
	wait_for 10 runs_at_least APP $(($(runs APP) + 3)) || fail "no runs after the restart"
	check_eq "Active since" "$(router_json "$NS" WEB .since)" "$since"
	break_it APP
	wait_not_state "$NS" WEB Active
	check_stop
}

one_per_namespace() {
	local rc
	lone
	web_conf ""
	timeout 10 "$HAKCHECK" -n "$NS" -f >"$HAK_TMP/second" 2>&1
	rc=$?
	check_not "a second one runs" [ "$rc" = 124 ]
	check_not "a second one ends well" [ "$rc" = 0 ]
	[ -s "$HAK_TMP/second" ] || fail "it ends without a word"
	state_is "$NS" WEB Active || fail "WEB is no longer Active"
	[[ $(adm "$NS" -j status | gojq -r .hakcheck.running) == true ]] || fail "status knows no hakcheck"
	check_stop
}

module_goes_and_comes() {
	lone
	web_conf ""
	rmmod hak || fail "rmmod with hakcheck running"
	settle 1000
	kill -0 "$HC" || fail "hakcheck ended"
	mod_load
	load
	wait_state "$NS" WEB Active
	check_stop
}

hak_main "${@:-$ALL_CASES}"
