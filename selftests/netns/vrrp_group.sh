#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sync groups on two nodes with two links each, and the words that keep a router
# from starting or from taking over: start-delay, preempt-delay, resign.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

I=200ms
VIP2=198.51.100.100
B=eth1.52	# the router on the second link

setup() {
	mod_load
	pair_create
	ip -n "$SW" link add br1 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
	ip -n "$SW" link set br1 up
	second_link "$R1" 198.51.100.2 q1	# the other way round than on the first
	second_link "$R2" 198.51.100.1 q2
}

second_link() {
	ip -n "$SW" link add "$3" type veth peer name eth1 netns "$1"
	ip -n "$SW" link set "$3" master br1 up
	ip -n "$1" addr add "$2/24" dev eth1
	ip -n "$1" link set eth1 up
}

# say NS COMMAND [WORD=VALUE]...: raw netlink, see selftests/netlink/say.py
say() {
	local ns=$1
	shift
	on "$ns" "$HAK_SELFTESTS/netlink/say.py" "$@"
}

say_ok() { say "$@" || fail "say $*"; }

# refused SENTENCE NS COMMAND...: with just this sentence
refused() {
	local want=$1 got
	shift
	got=$(say "$@") && fail "$* was not refused"
	check_eq "refusal of $2" "$got" "$want"
}

# node NS PRIORITY: two routers in the group G
node() {
	adm_flush "$1"
	adm_ok "$1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I priority "$2"
	adm_ok "$1" vip add $VIP2/24 dev eth1 vrid 52 checksum plain interval $I priority "$2"
	adm_ok "$1" group add G
	adm_ok "$1" router set $R group G
	adm_ok "$1" router set $B group G
}

# all NS STATE: both routers
all() {
	wait_state "$1" $R "$2"
	wait_state "$1" $B "$2"
}

both_up() {
	node "$R1" 150
	node "$R2" 100
	all "$R1" Active
	all "$R2" Backup
}

clean() {
	adm_flush "$R1" "$R2"
}

reason() { router_json "$1" "$2" .reason; }

link_fails() {
	both_up
	ip -n "$R1" link set eth1 down
	all "$R1" Initialize
	all "$R2" Active
	case $(reason "$R1" $R) in
	"group G: router $B: eth1 is down") ;;
	*) fail "reason of $R: $(reason "$R1" $R)" ;;
	esac
	wait_no_addr "$R1" $VIP
	wait_addr "$R2" $VIP2
	ip -n "$R1" link set eth1 up
	all "$R1" Active
	all "$R2" Backup
	check_eq "group of R1" "$(adm "$R1" -j group show G |
		gojq -r '.[0] | "\(.state) \(.routers)"')" "Active 2"
}

disabled_member() {
	both_up
	adm_ok "$R1" router set $B enable off
	all "$R1" Initialize
	all "$R2" Active
	adm_ok "$R1" router set $B enable on
	all "$R1" Active
}

election_lost() {
	both_up
	adm_ok "$R2" router set $R priority 200
	stays_state 1500 "$R1" $B Active	# the other member still has 100
	adm_ok "$R2" router set $B priority 180
	all "$R2" Active
	all "$R1" Backup
	check_eq "effective priority" "$(router_json "$R2" $R .effective_priority)" 180
}

# A link that carries nothing, on one of the two: no election there is won.
link_cut() {
	both_up
	ip -n "$SW" link set q1 nomaster
	stays_state 3000 "$R2" $B Backup
	state_is "$R1" $R Active || fail "R1 is not Active"
	check_eq "transitions of R2" "$(router_json "$R2" $B .counters.to_active)" 0
	ip -n "$SW" link set q1 master br1
}

group_tracks() {
	both_up
	adm_ok "$R1" track add T report initial up
	adm_ok "$R1" group set G track T weight -60
	all "$R1" Active
	adm_ok "$R1" track report T down
	all "$R2" Active
	all "$R1" Backup
	check_eq "effective priority" "$(router_json "$R1" $B .effective_priority)" 90
	adm_ok "$R1" track report T up
	all "$R1" Active
	adm_ok "$R1" group set G track T
	adm_ok "$R1" track report T down
	all "$R1" Initialize
	all "$R2" Active
	refused "track T is used by group G; change or delete that first" "$R1" track-del name=T
	adm_ok "$R1" group set G track none
}

member_leaves_and_comes() {
	both_up
	adm_ok "$R1" router set $B group default
	stays_state 800 "$R1" $R Active
	state_is "$R1" $B Active || fail "$B let go"
	adm_ok "$R1" router set $B group G
	stays_state 800 "$R1" $R Active
	state_is "$R1" $B Active || fail "$B let go"
	adm_ok "$R1" router del $B
	stays_state 800 "$R1" $R Active
}

resigns() {
	both_up
	adm_ok "$R1" router resign $R
	all "$R2" Active
	all "$R1" Backup
	check_eq "reason" "$(reason "$R1" $R)" "resigned by the operator"
	check_eq "reason" "$(reason "$R1" $B)" "group G: router $R: resigned by the operator"
	stays_state 2000 "$R1" $R Backup
	adm_ok "$R2" router set $R enable off
	all "$R1" Active
	adm_ok "$R2" router set $R enable on
	stays_state 1500 "$R1" $R Active
	adm_ok "$R1" router resign $R for 2s
	all "$R2" Active
	all "$R1" Active	# when it is over
	refused "router X: no such router" "$R1" router-resign name=X
	adm_ok "$R1" router set $B group default
	adm_ok "$R1" router set $B priority 255
	refused "router $B has priority 255 and owns its addresses: it cannot resign" \
		"$R1" router-resign name=$B
}

refusals() {
	clean
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51
	refused "group G of router $R: no such group" "$R1" router-set name=$R group=G
	refused "group G: no such group" "$R1" group-del name=G
	refused "track T of group G: no such track" "$R1" group-new name=G tracks=T
	adm_ok "$R1" group add G
	refused "group G exists; use \`group set\` or \`group replace\`" "$R1" group-new name=G
	adm_ok "$R1" router set $R group G
	refused "group G is used by router $R; delete or move that first" "$R1" group-del name=G
	refused "router $R has priority 255 and owns its addresses: it cannot be in group G" \
		"$R1" router-set name=$R priority=255
	refused "track T is named twice" "$R1" group-set name=G tracks=T,T
	refused "all, any, none and default are no names" "$R1" group-new name=all
	clean
	check_eq "groups" "$(adm "$R1" -o group show)" ""
}

preempt_delay() {
	local t
	clean
	adm_ok "$R2" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I priority 100
	wait_state "$R2" $R Active
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I priority 150 preempt off
	wait_state "$R1" $R Backup
	adm_ok "$R1" router set $R preempt-delay 3s
	adm_ok "$R1" router set $R preempt on
	t=$(now_ms)
	stays_state 2000 "$R1" $R Backup
	wait_state "$R1" $R Active
	check_le "seconds until it is preempted" $(($(now_ms) - t)) 4500
	# silence is taken over in the normal time
	adm_ok "$R1" router set $R enable off
	wait_state "$R2" $R Active
	adm_ok "$R1" router set $R preempt-delay 3600s
	adm_ok "$R1" router set $R enable on
	stays_state 1500 "$R1" $R Backup
	ip -n "$SW" link set p2 nomaster
	wait_state "$R1" $R Active 3
	ip -n "$SW" link set p2 master br0
}

start_delay() {
	local t
	clean
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 checksum plain interval $I
	wait_state "$R1" $R Active
	adm_ok "$R1" router set $R start-delay 2s
	stays_state 500 "$R1" $R Active	# it runs already
	ip -n "$R1" link set eth0 down
	wait_state "$R1" $R Initialize
	t=$(now_ms)
	ip -n "$R1" link set eth0 up
	wait_for 2 starts_later || fail "reason: $(reason "$R1" $R)"
	# a link that flaps begins anew
	settle 1000
	ip -n "$SW" link set p1 down
	ip -n "$SW" link set p1 up
	wait_state "$R1" $R Active
	check_ge "ms until it started" $(($(now_ms) - t)) 3500
}

starts_later() { [[ $(reason "$R1" $R) == "start-delay, "?.?"s left" ]]; }

bridge_port() {
	clean
	ip -n "$R1" link add br9 type bridge stp_state 1 forward_delay 200
	ip -n "$R1" link set br9 up
	ip -n "$R1" link set eth1 master br9
	adm_ok "$R1" vip add $VIP2/24 dev eth1 vrid 52 interval $I enable off
	adm_ok "$R1" router set $B start-delay 0.5s
	adm_ok "$R1" router set $B enable on
	wait_for 3 not_forwarding || fail "reason: $(reason "$R1" $B)"
	wait_state "$R1" $B Active 12
	ip -n "$R1" link del br9
}

not_forwarding() {
	[ "$(reason "$R1" $B)" = "eth1 does not forward yet as a port of its bridge" ]
}

ALL_CASES="refusals link_fails disabled_member election_lost link_cut group_tracks"
ALL_CASES+=" member_leaves_and_comes resigns preempt_delay start_delay bridge_port"
hak_main "${@:-$ALL_CASES}"
