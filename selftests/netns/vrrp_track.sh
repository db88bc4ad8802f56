#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tracks that see for themselves: a device, a route, the quorum of a pool; and
# that reports without a lease stay.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

DEV=2 ROUTE=3 POOL=4	# enum hak_track_kind

setup() {
	mod_load
	lone_create
	adm_ok "$R1" vip add $VIP/24 dev eth0 vrid 51 interval 100ms
	wait_state "$R1" $R Active
}

# say COMMAND [WORD=VALUE]...: raw netlink, see selftests/netlink/say.py
say() { on "$R1" "$HAK_SELFTESTS/netlink/say.py" "$@"; }
say_ok() { say "$@" || fail "say $*"; }

# refused SENTENCE COMMAND...
refused() {
	local want=$1 got
	shift
	got=$(say "$@") && fail "$* was not refused"
	check_eq "refusal of $1" "$got" "$want"
}

# weighted TRACK: the router has 60 less while it is down, and nothing else
weighted() { adm_ok "$R1" router set $R track $1 weight -60; }

priority_is() { [ "$(router_json "$R1" $R .effective_priority)" = "$1" ]; }

wait_priority() {
	wait_for 5 priority_is "$1" ||
		fail "effective priority is $(router_json "$R1" $R .effective_priority), want $1"
}

end() {
	adm_ok "$R1" router set $R track none
	adm_ok "$R1" track del $1
}

device() {
	adm_ok "$R1" track add D dev up0
	weighted D
	wait_priority 40	# it is not there
	ip -n "$R1" link add up0 type veth peer name up1
	wait_priority 40	# it is down
	ip -n "$R1" link set up0 up
	wait_priority 40	# it has no carrier
	ip -n "$R1" link set up1 up
	wait_priority 100
	check_eq "what it says" "$(router_json "$R1" $R '.tracks[0] | "\(.name) \(.state)"')" "D up"
	ip -n "$R1" link set up0 down
	wait_priority 40
	ip -n "$R1" link set up0 up
	wait_priority 100
	ip -n "$R1" link set up0 down
	ip -n "$R1" link set up0 name up9
	ip -n "$R1" link set up9 up
	wait_priority 40
	ip -n "$R1" link set up9 down
	ip -n "$R1" link set up9 name up0
	ip -n "$R1" link set up0 up
	wait_priority 100
	ip -n "$R1" link del up0
	wait_priority 40
	# without a weight: let go
	adm_ok "$R1" router set $R track D
	wait_state "$R1" $R Initialize
	end D
	wait_state "$R1" $R Active
}

route4() {
	ip -n "$R1" route add 203.0.113.0/24 dev eth0
	adm_ok "$R1" track add N route 203.0.113.0/24
	weighted N
	wait_priority 100	# it was there before
	ip -n "$R1" route add 203.0.113.0/24 dev eth0 metric 10
	ip -n "$R1" route del 203.0.113.0/24 dev eth0 metric 0
	settle 200
	wait_priority 100	# there is another
	ip -n "$R1" route add 203.0.113.0/25 dev eth0
	ip -n "$R1" route del 203.0.113.0/24
	wait_priority 40	# a longer one does not count
	ip -n "$R1" route add 203.0.113.0/24 dev eth0 table 100
	settle 200
	wait_priority 40	# nor one of another table
	ip -n "$R1" route add 203.0.113.0/24 via 192.0.2.77
	wait_priority 100
	ip -n "$R1" link set eth0 down
	ip -n "$R1" link set eth0 up
	wait_priority 40	# the kernel has removed it
	end N
	adm_ok "$R1" track add N route 0.0.0.0/0 dev peer0
	weighted N
	ip -n "$R1" route add default dev eth0
	settle 200
	wait_priority 40	# it leads somewhere else
	ip -n "$R1" route replace default dev peer0
	wait_priority 100
	ip -n "$R1" route flush table 100
	end N
}

route6() {
	adm_ok "$R1" track add N route 2001:db8:9::/48
	weighted N
	wait_priority 40
	ip -n "$R1" -6 route add 2001:db8:9::/48 dev peer0
	wait_priority 100
	ip -n "$R1" -6 route del 2001:db8:9::/48
	wait_priority 40
	end N
}

pool() {
	adm_ok "$R1" track add P pool web
	weighted P
	wait_priority 40	# no such pool
	adm_ok "$R1" pool add web quorum 2
	wait_priority 40
	adm_ok "$R1" server add 198.51.100.11:80 pool web
	adm_ok "$R1" server add 198.51.100.12:80 pool web
	wait_priority 100
	adm_ok "$R1" server report 198.51.100.11:80 pool web down
	wait_priority 40
	adm_ok "$R1" server report 198.51.100.11:80 pool web up
	wait_priority 100
	adm_ok "$R1" server set 198.51.100.12:80 pool web state drain
	wait_priority 40
	adm_ok "$R1" pool set web quorum 1
	wait_priority 100
	adm_ok "$R1" pool del web
	wait_priority 40
	end P
}

report_stays() {
	adm_ok "$R1" track add T report
	weighted T
	wait_priority 40
	adm_ok "$R1" track report T up
	wait_priority 100
	settle 1500
	wait_priority 100	# no lease: it stays
	adm_ok "$R1" track set T lease 200ms
	wait_priority 40
	wait_for 3 alarm_has "$R1" reporter-lost || fail "no alarm"
	adm_ok "$R1" track set T lease 0
	adm_ok "$R1" track report T up
	wait_priority 100
	check_not "the alarm stays" alarm_has "$R1" reporter-lost
	end T
}

refusals() {
	refused "which device does the track look at?" track-new name=X kind=$DEV
	refused "which route does the track look at?" track-new name=X kind=$ROUTE
	refused "which pool does the track look at?" track-new name=X kind=$POOL
	refused "lease goes with a track of the kind report" track-new name=X kind=$DEV dev=a lease=1
	refused "dev goes with a track of the kind dev or route" track-new name=X kind=1 dev=a
	refused "pool goes with a track of the kind pool" track-new name=X kind=$DEV dev=a pool=b
	refused "a prefix goes with a track of the kind route" track-new name=X kind=$DEV dev=a prefix=192.0.2.0
	refused "the prefix has bits after its length" track-new name=X kind=$ROUTE prefix=192.0.2.1 prefix-len=24
	refused "the prefix length of this address is 0 to 32" track-new name=X kind=$ROUTE prefix=192.0.2.0 prefix-len=33
	adm_ok "$R1" track add X dev a
	refused "track X sees for itself: nobody reports on it" track-report name=X state=2
	refused "dev cannot be changed; delete and add it" track-set name=X dev=b
	refused "initial goes with a track of the kind report" track-set name=X initial=2
	adm_ok "$R1" track del X
}

ALL_CASES="refusals device route4 route6 pool report_stays"
hak_main "${@:-$ALL_CASES}"
