#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# Services and servers of IPv6, in the same places as farm_create has those of IPv4:
# 2001:db8:1::/64 before the balancer, 2001:db8:2::/64 behind it.

# shellcheck disable=SC2034,SC2086,SC2119,SC2120,SC2317 # cases are called by name; $HELD is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="weights udp bulk fragments checksums by_address persists extensions firewall
	only_active hop_limit too_big unreachable servers_fail reuse_of_a_port
	drain shown refusals both_families direct unload_under_load"

farm_setup=$(declare -f setup)
eval "${farm_setup/setup/farm_setup}"

NET=2001:db8:1: SERVERS=2001:db8:2:
VIP6=$NET:100

setup() {
	local n ns
	farm_setup
	ip -n "$CL" addr add $NET:10/64 dev eth0 nodad
	ip -n "$LB" addr add $NET:1/64 dev eth0 nodad
	ip -n "$LB" addr add $VIP6/128 dev eth0 nodad
	ip -n "$LB" addr add $SERVERS:1/64 dev eth1 nodad
	for n in 1 2 3; do
		ns=${FARM[n]}
		ip -n "$ns" addr add "$SERVERS:1$n/64" dev eth0 nodad
		ip -n "$ns" route add default via $SERVERS:1
	done
	# Nothing here depends on the host forwarding: the balancer does it all.
	on "$LB" sysctl -qw net.ipv6.conf.all.forwarding=0
	wait_for 10 usable eth0 "$CL" "$LB" "${FARM[@]:1}" || fail "link-local addresses"
	wait_for 10 usable eth1 "$LB" || fail "link-local address"
}

# usable DEV NS...: it has a link-local address there, without which it asks for nobody
usable() {
	local dev=$1 ns
	shift
	for ns; do
		ip -n "$ns" -6 -o addr show dev "$dev" scope link -tentative | grep -q . || return 1
	done
}

# pool6 WORDS...: three servers of weight 1, 2 and 3 behind tcp and udp [$VIP6]:80
pool6() {
	local n
	adm_flush "$LB"
	adm_ok "$LB" pool add web "$@"
	for n in 1 2 3; do
		adm_ok "$LB" server add "$SERVERS:1$n" pool web weight $n
	done
	adm_ok "$LB" service add tcp "[$VIP6]:80" pool web
	adm_ok "$LB" service add udp "[$VIP6]:80" pool web
}

ask6() { ask "$1" "$2" $VIP6 "${3:-100}"; }

held6() { [ "$(adm "$LB" conn count service tcp "[$VIP6]:80" state established)" -ge "$1" ]; }

# hold6 N [SECONDS]: connections that stay open, of the process $HELD
hold6() {
	"$HAK_TOOLS/nsx" "$CL" "$LBT" hold $VIP6 80 "$1" "${2:-60}" >"$HAK_TMP/hold" &
	HELD=$!
	wait_for 10 held6 "$1" || fail "not $1 are established: $(adm "$LB" conn show)"
}

weights() {
	pool6
	check_eq "shares" "$(ask6 tcp 60)" "s1 10 s2 20 s3 30 "
	adm_ok "$LB" service set tcp "[$VIP6]:80" firewall off
	check_eq "before the host's rules" "$(ask6 tcp 60)" "s1 10 s2 20 s3 30 "
	adm_flush "$LB"
}

udp() {
	pool6
	check_eq "shares" "$(ask6 udp 60)" "s1 10 s2 20 s3 30 "
	adm_flush "$LB"
}

bulk() {
	pool6 scheduler rr
	on "$CL" "$LBT" pump $VIP6 80 3 4096 >"$HAK_TMP/pump" || fail "pump"
	note "$(tr '\n' ' ' <"$HAK_TMP/pump")"
	check "all of it came back" grep -q '^alive 3$' "$HAK_TMP/pump"
	adm_flush "$LB"
}

# Only who sent a packet makes fragments of it: they are passed on one by one.
fragments() {
	pool6
	check_eq "4 KB there and back" "$(served "$(ask6 udp 60 4000)")" 60
	adm_ok "$LB" service set udp "[$VIP6]:80" firewall off
	check_eq "before the host's rules" "$(served "$(ask6 udp 60 4000)")" 60
	check_eq "as large as can be" "$(served "$(ask6 udp 3 60000)")" 3
	# With conntrack the host puts together what is new; it leaves in fragments as well.
	on "$LB" nft add table inet f
	on "$LB" nft add chain inet f i '{ type filter hook input priority 0; }'
	on "$LB" nft add rule inet f i ct state new counter
	adm_ok "$LB" service set udp "[$VIP6]:80" firewall on
	check_eq "with conntrack" "$(served "$(ask6 udp 60 4000)")" 60
	on "$LB" nft delete table inet f
	adm_flush "$LB"
}

errors6() {
	local n
	for n in "$CL" "$S1" "$S2" "$S3"; do
		on "$n" nstat -az TcpInCsumErrors Udp6InCsumErrors Icmp6InCsumErrors
	done | awk '/InCsum/ { seen++; n += $2 } END { print seen == 12 ? n : "no counters" }'
}

checksums() {
	local onoff ns
	pool6
	for onoff in on off; do
		for ns in "$CL" "$S1" "$S2" "$S3"; do
			on "$ns" ethtool -K eth0 tx $onoff tso $onoff gso $onoff gro $onoff >/dev/null ||
				fail "ethtool: offloads $onoff"
		done
		check_eq "tcp, offloads $onoff" "$(ask6 tcp 12)" "s1 2 s2 4 s3 6 "
		check_eq "udp, offloads $onoff" "$(served "$(ask6 udp 12 1000)")" 12
		check_eq "fragments, offloads $onoff" "$(served "$(ask6 udp 12 4000)")" 12
		on "$CL" "$LBT" pump $VIP6 80 3 512 >"$HAK_TMP/pump" || fail "pump"
		check "streams, offloads $onoff" grep -q '^alive 3$' "$HAK_TMP/pump"
	done
	check_eq "wrong checksums" "$(errors6)" 0
	adm_flush "$LB"
}

# A client keeps its server, has another one meanwhile, and gets it back.
by_address() {
	local scheduler first
	for scheduler in sh dh mh; do
		pool6 scheduler $scheduler
		first=$(ask6 tcp 10)
		check "$scheduler: one server, not $first" grep -qx 's[123] 10 ' <<<"$first"
		pool6 scheduler $scheduler
		check_eq "$scheduler: the same server" "$(ask6 tcp 10)" "$first"
		adm_ok "$LB" server report "$SERVERS:1${first:1:1}" pool web down
		check "$scheduler: another one" grep -qx 's[123] 10 ' <<<"$(ask6 tcp 10)"
		adm_ok "$LB" server report "$SERVERS:1${first:1:1}" pool web up
		check_eq "$scheduler: the first again" "$(ask6 tcp 10)" "$first"
	done
	pool6 scheduler mh hash-port on
	check_ge "by port, several" "$(ask6 tcp 100 | grep -o 's[123]' | wc -l)" 2
	adm_flush "$LB"
}

# from ADDRESS N: who answers a client of this address
from() {
	on "$CL" ip -6 route replace $VIP6/128 dev eth0 src "$1"
	ask6 tcp "$2"
	on "$CL" ip -6 route del $VIP6/128 dev eth0
}

persistent() { adm "$LB" -j lb show | gojq '.[0].persistent'; }

persists() {
	local a
	for a in $NET:11 $NET:12 2001:db8:1:0:1::1; do
		ip -n "$CL" addr add "$a/64" dev eth0 nodad preferred_lft 0
	done
	pool6 scheduler rr persist 1m
	check_eq "the first" "$(from $NET:11 4 | wc -w)" 2
	check_eq "another" "$(from $NET:12 4 | wc -w)" 2
	check_eq "clients" "$(persistent)" 2
	adm_ok "$LB" conn flush all
	pool6 scheduler rr persist 1m persist-mask 64
	check_eq "one network, one server" \
		"$(echo "$(from $NET:11 2) $(from 2001:db8:1:0:1::1 2)" | tr ' ' '\n' | grep '^s' | sort -u | wc -l)" 1
	check_eq "networks" "$(persistent)" 1
	adm_ok "$LB" conn flush client $NET:12
	check_eq "one of it is enough" "$(persistent)" 0
	adm_flush "$LB"
}

# Headers between IPv6's and the transport's are passed over.
extensions() {
	pool6
	on "$CL" python3 - <<-EOF || fail "with extension headers"
		import socket
		opts = bytes([0, 0, 1, 4, 0, 0, 0, 0])
		for kind, word in (socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp"):
		    for option in socket.IPV6_DSTOPTS, socket.IPV6_HOPOPTS:
		        s = socket.socket(socket.AF_INET6, kind)
		        s.settimeout(5)
		        s.setsockopt(socket.IPPROTO_IPV6, option, opts)
		        s.connect(("$VIP6", 80))
		        s.send(b"hello")
		        assert s.recv(100)[:1] == b"s", (word, option)
	EOF
	adm_flush "$LB"
}

firewall() {
	pool6
	check_eq "before" "$(ask6 tcp 6)" "s1 1 s2 2 s3 3 "
	on "$LB" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 drop
			}
		}
	EOF
	check_eq "dropped by the host" "$(ask6 tcp 1)" "timeout 1 "
	adm_ok "$LB" service set tcp "[$VIP6]:80" firewall off
	check_eq "not asked" "$(ask6 tcp 6)" "s1 1 s2 2 s3 3 "
	on "$LB" nft delete table inet f
	adm_flush "$LB"
}

# With a router of its address a service works where that is Active.
only_active() {
	ip -n "$LB" addr del $VIP6/128 dev eth0
	pool6
	adm_ok "$LB" router add WEB dev eth0 vrid 51 family inet6 interval 100ms
	adm_ok "$LB" vip add $VIP6/64 router WEB
	wait_state "$LB" WEB Active
	wait_addr "$LB" $VIP6
	check_eq "Active" "$(ask6 tcp 6)" "s1 1 s2 2 s3 3 "
	adm_ok "$LB" router set WEB enable off
	wait_no_addr "$LB" $VIP6
	check "not Active, so shown" grep -q 'not Active here' <<<"$(adm "$LB" status)"
	ip -n "$LB" addr add $VIP6/128 dev eth0 nodad
	check_eq "nobody serves" "$(ask6 tcp 1 | grep -c '^s')" 0
	adm_flush "$LB"
}

# Servers beside the client, each with the address, answer by themselves.
direct() {
	local n ns
	for n in 1 2 3; do
		ns=${FARM[n]}
		link_create "$ns" eth1 "00:00:5e:00:53:4$n" "$SW" "d$n"
		ip -n "$ns" addr add "$NET:2$n/64" dev eth1 nodad
		ip -n "$ns" addr add $VIP6/128 dev lo nodad
	done
	wait_for 10 usable eth1 "${FARM[@]:1}" || fail "link-local addresses"
	adm_flush "$LB"
	adm_ok "$LB" pool add web method dr
	for n in 1 2 3; do
		adm_ok "$LB" server add "$NET:2$n" pool web weight $n
	done
	adm_ok "$LB" service add tcp "[$VIP6]:80" pool web
	adm_ok "$LB" service add udp "[$VIP6]:80" pool web
	check_eq "tcp" "$(ask6 tcp 60)" "s1 10 s2 20 s3 30 "
	check_eq "answers that passed here" "$(adm "$LB" -j -s service show | gojq '[.[].counters.packets_out] | add')" 0
	check_eq "udp" "$(served "$(ask6 udp 12)")" 12
	check_eq "in fragments" "$(served "$(ask6 udp 12 4000)")" 12
	on "$CL" "$LBT" pump $VIP6 80 3 1024 >"$HAK_TMP/pump" || fail "pump"
	check "streams" grep -q '^alive 3$' "$HAK_TMP/pump"
	for n in 1 2 3; do
		ip -n "${FARM[n]}" link del eth1
		ip -n "${FARM[n]}" addr del $VIP6/128 dev lo
	done
	adm_flush "$LB"
}

# told HOW TYPE CODE: what a client learns of what it has sent as HOW says
told() {
	on "$CL" python3 - "$@" <<-EOF || fail "no such error from the address: $*"
		import select, socket, struct, sys
		s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		s.setsockopt(socket.IPPROTO_IPV6, 25, 1)  # IPV6_RECVERR
		if sys.argv[1] == "far":
		    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)
		s.connect(("$VIP6", 81 if sys.argv[1] == "nobody" else 80))
		s.send(b"x")
		p = select.poll()
		p.register(s, 0)
		assert p.poll(3000), "nothing came"
		error = s.recvmsg(100, 512, socket.MSG_ERRQUEUE)[1][0][2]
		kind = struct.unpack("=IBBB", error[:7])[2:]
		assert kind == (int(sys.argv[2]), int(sys.argv[3])), kind
		source = socket.inet_ntop(socket.AF_INET6, error[24:40])
		assert source == "$VIP6", source
	EOF
}

hop_limit() {
	pool6
	told far 3 0
	adm_flush "$LB"
}

# streams SIZE: through what is narrower than its ends know
streams() {
	local n
	for n in "$CL" "${FARM[@]:1}"; do
		on "$n" sysctl -qw net.ipv6.route.flush=1
	done
	on "$CL" "$LBT" pump $VIP6 80 3 256 >"$HAK_TMP/pump" || fail "pump"
	note "$1: $(tr '\n' ' ' <"$HAK_TMP/pump")"
	check "streams over $1" grep -q '^alive 3$' "$HAK_TMP/pump"
}

# What is too big for the other side's network is told to who sent it. Frames that are
# too big for the balancer's own card would never come: their senders know.
too_big() {
	local n
	pool6
	ip -n "$LB" link set eth1 mtu 1400
	for n in "${FARM[@]:1}"; do
		ip -n "$n" -6 route change default via $SERVERS:1 mtu 1400 advmss 1440
	done
	on "$CL" python3 - <<-EOF || fail "the client did not learn the MTU"
		import socket, time
		s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		s.setsockopt(socket.IPPROTO_IPV6, 23, 2)  # IPV6_MTU_DISCOVER, DO
		s.connect(("$VIP6", 80))
		for i in range(3):
		    try:
		        s.send(b"x" * 1430)
		        time.sleep(0.3)
		    except OSError:
		        break
		assert s.getsockopt(socket.IPPROTO_IPV6, 24) == 1400, s.getsockopt(socket.IPPROTO_IPV6, 24)
	EOF
	streams 1400
	ip -n "$LB" link set eth1 mtu 1500
	for n in "${FARM[@]:1}"; do
		ip -n "$n" -6 route change default via $SERVERS:1
	done
	ip -n "$LB" link set eth0 mtu 1300
	ip -n "$CL" -6 route add $VIP6/128 dev eth0 mtu 1300 advmss 1440
	streams 1300
	ip -n "$CL" -6 route del $VIP6/128 dev eth0
	ip -n "$LB" link set eth0 mtu 1500
	adm_flush "$LB"
}

# A port that nobody listens on: the server's ICMPv6 reaches the client as ours.
unreachable() {
	adm_ok "$LB" pool add dead
	adm_ok "$LB" server add "[$SERVERS:11]:81" pool dead
	adm_ok "$LB" service add udp "[$VIP6]:81" pool dead
	told nobody 1 4
	adm_ok "$LB" server del "[$SERVERS:11]:81" pool dead
	adm_ok "$LB" conn flush all
	told nobody 1 4
	check_eq "wrong checksums" "$(errors6)" 0
	adm_flush "$LB"
}

servers_fail() {
	local got
	pool6 scheduler rr
	adm_ok "$LB" server del $SERVERS:12 pool web
	adm_ok "$LB" server add "[$SERVERS:12]:81" pool web
	got=$(LBT_TIMEOUT_MS=5000 ask6 tcp 20)
	check_eq "one refuses: all are served" "$(served "$got")" 20
	check "avoided" grep -q "avoided" <<<"$(adm "$LB" server show)"
	pool6 scheduler rr
	on "${FARM[3]}" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 drop
			}
		}
	EOF
	got=$(LBT_TIMEOUT_MS=5000 ask6 tcp 20)
	check_eq "one is silent: all are served" "$(served "$got")" 20
	on "${FARM[3]}" nft delete table inet f
	adm_flush "$LB"
}

reuse_of_a_port() {
	local limit=${HAK_DEBUG_KERNEL:+4.5}
	pool6
	on "$CL" python3 - <<-EOF || fail "the port could not be used again"
		import socket, time
		for i in range(20):
		    s = socket.socket(socket.AF_INET6)
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
		    s.settimeout(5)
		    s.bind(("$NET:10", 20001))
		    began = time.monotonic()
		    s.connect(("$VIP6", 80))
		    s.recv(10)
		    assert time.monotonic() - began < ${limit:-0.9}, "a retransmission"
		    s.close()
	EOF
	adm_flush "$LB"
}

# What goes on beside connections, and what ends those of one server.
drain() {
	pool6 scheduler rr
	hold6 6 9
	adm_ok "$LB" server set $SERVERS:11 pool web state drain
	check_eq "drained" "$(ask6 tcp 10)" "s2 5 s3 5 "
	ip -n "$LB" -6 route add 2001:db8:9::/64 via $SERVERS:12
	ip -n "$LB" neigh flush dev eth1
	ip -n "$LB" link set eth1 mtu 1400
	ip -n "$LB" link set eth1 mtu 1500
	wait $HELD
	check "all six live" grep -q '^alive 6$' "$HAK_TMP/hold"
	adm_ok "$LB" server set $SERVERS:11 pool web state up
	hold6 6 9
	adm_ok "$LB" server set $SERVERS:11 pool web state down
	wait $HELD
	check "those of the server ended" grep -q '^alive 4$' "$HAK_TMP/hold"
	adm_flush "$LB"
}

shown() {
	pool6
	hold6 6
	check "with all addresses" grep -qF "[$NET:10]:" <<<"$(adm "$LB" conn show)"
	check "with its server" grep -qF "[$SERVERS:11]:80" <<<"$(adm "$LB" conn show)"
	check_eq "by server" "$(adm "$LB" conn count server $SERVERS:13)" 3
	check_eq "by server and port" "$(adm "$LB" conn count server "[$SERVERS:13]:80")" 3
	check_eq "by client" "$(adm "$LB" conn count client $NET:/64)" 6
	check_eq "of another network" "$(adm "$LB" conn count client 2001:db8:7::/48)" 0
	check_eq "of another family" "$(adm "$LB" conn count client 192.0.2.0/24)" 0
	check_eq "services" "$(adm "$LB" -j service show | gojq '[.[] | select(.conns > 0)] | length')" 1
	adm "$LB" save >"$HAK_TMP/now.conf"
	check "written as it is read" grep -qF "service add tcp [$VIP6]:80 pool web" "$HAK_TMP/now.conf"
	adm_ok "$LB" load "$HAK_TMP/now.conf" >"$HAK_TMP/loaded"
	check "nothing to change" grep -q 'nothing changed\|unchanged' "$HAK_TMP/loaded"
	check_eq "so that all of it stays" "$(adm "$LB" conn count state established)" 6
	adm_ok "$LB" conn flush client $NET:10
	check_eq "flushed" "$(adm "$LB" conn count)" 0
	kill $HELD
	wait $HELD 2>/dev/null
	adm_flush "$LB"
}

says() {
	local want=$1 got
	shift
	got=$(adm "$LB" "$@" 2>&1) && fail "$*: not refused"
	grep -qF -- "$want" <<<"$got" || fail "$*: $got"
}

refusals() {
	pool6
	says "pool web has servers of IPv4 and of IPv6; make two of it" \
		server add 198.51.100.11 pool web
	says "service tcp 192.0.2.100:80 and server $SERVERS:11 of pool web are not of one family" \
		service add tcp $VIP:80 pool web
	adm_ok "$LB" pool add old
	adm_ok "$LB" service add tcp $VIP:80 pool old
	says "service tcp 192.0.2.100:80 and server $SERVERS:14 of pool old are not of one family" \
		server add $SERVERS:14 pool old
	adm_ok "$LB" server add 198.51.100.11 pool old
	says "are not of one family" pool set web backup-pool old
	says "are not of one family" service set tcp $VIP:80 pool web
	says "has no server [$SERVERS:14]:80" server del "[$SERVERS:14]:80" pool web
	says "has server $SERVERS:11 already" server add $SERVERS:11 pool web
	check_eq "nothing has changed" "$(ask6 tcp 6)" "s1 1 s2 2 s3 3 "
	adm_flush "$LB"
}

# Side by side, with one port and one pool's name each.
both_families() {
	local n
	pool6
	adm_ok "$LB" pool add old
	for n in 1 2 3; do
		adm_ok "$LB" server add "198.51.100.1$n" pool old weight $n
	done
	adm_ok "$LB" service add tcp $VIP:80 pool old
	check_eq "IPv4" "$(ask tcp 60)" "s1 10 s2 20 s3 30 "
	check_eq "IPv6" "$(ask6 tcp 60)" "s1 10 s2 20 s3 30 "
	check_eq "connections" "$(adm "$LB" conn count)" 120
	adm_ok "$LB" conn flush service tcp $VIP:80
	check_eq "of IPv6" "$(adm "$LB" conn count)" 60
	adm_flush "$LB"
}

unload_under_load() {
	local n pid
	for n in 1 2; do
		pool6
		"$HAK_TOOLS/nsx" "$CL" env LBT_TIMEOUT_MS=200 "$LBT" ask tcp $VIP6 80 400 >/dev/null &
		pid=$!
		"$HAK_TOOLS/nsx" "$CL" "$LBT" hold $VIP6 80 20 30 >/dev/null &
		HELD=$!
		wait_for 10 held6 20 || fail "not established"
		rmmod hak || fail "rmmod"
		kill $pid $HELD 2>/dev/null
		wait $pid $HELD 2>/dev/null
		mod_load
	done
}

hak_main "${@:-$ALL_CASES}"
