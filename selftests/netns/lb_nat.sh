#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# The balancer with the method nat: who gets what, what the host's firewall has to
# say, what comes back, and what connections live through.
# See farm_create.

# HAK_REQUESTS: how many connections are shared out (1200; lb_real.sh has 10,000).
# HAK_HELD: how many are held while things change (100).

# shellcheck disable=SC2034,SC2086,SC2119,SC2120,SC2317 # cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="weights rr_ignores_weights by_connections by_order by_address by_chance udp mh_is_stable no_server firewall only_active
	two_addresses_one_server server_down_and_drain report reuse_of_a_port
	fragments checksums time_exceeded frag_needed icmp_from_the_server
	long_connections conn_show rates load_and_save unload_under_load"

weights() {
	local a n=${HAK_REQUESTS:-1200}
	pool
	a=$(ask tcp "$n")
	note "$a"
	share_near "$a" s1 $((n / 6))
	share_near "$a" s2 $((n / 3))
	share_near "$a" s3 $((n / 2))
	adm_flush "$LB"
}

rr_ignores_weights() {
	pool scheduler rr
	check_eq "shares" "$(ask tcp 300)" "s1 100 s2 100 s3 100 "
	adm_flush "$LB"
}

# Those that count connections; the weights are 1, 2 and 3.
by_connections() {
	check_eq "wlc" "$(held_by wlc 12)" "2 4 6 "
	check_eq "lc" "$(held_by lc 12)" "4 4 4 "
	check_eq "sed" "$(held_by sed 12)" "2 4 6 "
	check_eq "nq: idle ones first" "$(held_by nq 3)" "1 1 1 "
	check_eq "nq" "$(held_by nq 12)" "2 4 6 "
	# What is over is not active any more: each of these finds idle servers.
	pool scheduler nq
	check_eq "one after the other" "$(ask tcp 30)" "s1 10 s2 10 s3 10 "
	wait_for 5 none_active || fail "active: $(adm "$LB" server show)"
	check_ge "connections that are kept" "$(adm "$LB" conn count)" 30
	adm_ok "$LB" conn flush all
	check_eq "connections" "$(adm "$LB" -j server show | gojq -c '[.[] | .conns, .active]')" "[0,0,0,0,0,0]"
	adm_flush "$LB"
}

by_order() {
	check_eq "fo" "$(held_by fo 6)" "0 0 6 "
	adm_ok "$LB" server set 198.51.100.13 pool web state drain
	check_eq "fo without the first" "$(ask tcp 5)" "s2 5 "
	check_eq "ovf" "$(held_by ovf 6)" "1 2 3 "
	check_eq "ovf, before it runs over" "$(held_by ovf 3)" "0 0 3 "
	pool scheduler ovf
	hold 6
	check_eq "full" "$(ask tcp 2)" "timeout 2 "
	let_go $HELD
	adm_flush "$LB"
}

# A client keeps its server, has another one meanwhile, and gets it back.
by_address() {
	local scheduler first
	for scheduler in sh dh; do
		pool scheduler $scheduler
		first=$(ask tcp 20)
		check "one server, not $first" grep -qx 's[123] 20 ' <<<"$first"
		pool scheduler $scheduler
		check_eq "the same server" "$(ask tcp 20)" "$first"
		adm_ok "$LB" server report "198.51.100.1${first:1:1}" pool web down
		check "another one" grep -qx 's[123] 20 ' <<<"$(ask tcp 20)"
		check "not ${first:0:2}" grep -qv "^${first:0:2}" <<<"$(ask tcp 1)"
		adm_ok "$LB" server report "198.51.100.1${first:1:1}" pool web up
		check_eq "the first again" "$(ask tcp 20)" "$first"
	done
	pool scheduler sh hash-port on
	first=$(ask tcp 100)
	check_ge "by port, several" "$(grep -o 's[123]' <<<"$first" | wc -l)" 2
	adm_flush "$LB"
}

by_chance() {
	local a
	pool scheduler random
	a=$(ask tcp 600)
	note "random: $a"
	# Five standard deviations: 9, 12, 12
	check_ge "s1" "$(share "$a" s1)" 55
	check_le "s1" "$(share "$a" s1)" 145
	check_ge "s3" "$(share "$a" s3)" 240
	check_le "s3" "$(share "$a" s3)" 360
	a=$(held_by twos 60)
	note "twos: $a"
	# By weight 10, 20, 30, and nearer to it than chance alone.
	check_ge "s1 of twos" "${a%% *}" 6
	check_le "s1 of twos" "${a%% *}" 15
	check_ge "s3 of twos" "$(cut -d' ' -f3 <<<"$a")" 22
	adm_flush "$LB"
}

udp() {
	pool
	local a
	a=$(ask udp 600)
	note "$a"
	# A port that comes twice is the connection it was.
	check_ge "s1" "$(share "$a" s1)" 90
	check_ge "s2" "$(share "$a" s2)" 185
	check_ge "s3" "$(share "$a" s3)" 285
	adm_flush "$LB"
}

# One client is one server, and the same after everything was made anew.
mh_is_stable() {
	local first
	pool scheduler mh
	first=$(ask tcp 20)
	check "one server, not $first" grep -qx 's[123] 20 ' <<<"$first"
	adm_flush "$LB"
	pool scheduler mh
	check_eq "the same server" "$(ask tcp 20)" "$first"
	adm_flush "$LB"
	pool scheduler mh hash-port on
	first=$(ask tcp 100)
	check_eq "by port, all answered" "$(served "$first")" 100
	check_ge "by port, several" "$(grep -o 's[123]' <<<"$first" | wc -l)" 2
	adm_flush "$LB"
}

no_server() {
	adm_ok "$LB" pool add web
	adm_ok "$LB" service add tcp $VIP:80 pool web
	check_eq "refused at once" "$(ask tcp 2)" "refused 2 "
	adm_flush "$LB"
}

# New connections pass the host's input rules, unless the service says otherwise.
firewall() {
	pool
	check_eq "before" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	on "$LB" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 drop
			}
		}
	EOF
	check_eq "dropped by the host" "$(ask tcp 1)" "timeout 1 "
	adm_ok "$LB" service set tcp $VIP:80 firewall off
	check_eq "not asked" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	check "shown" grep -q 'firewall off' <<<"$(adm "$LB" service show)"
	on "$LB" nft delete table inet f
	adm_flush "$LB"
}

# With a router of its address a service works where that is Active.
only_active() {
	ip -n "$LB" addr del $VIP/32 dev eth0
	pool
	adm_ok "$LB" router add WEB dev eth0 vrid 51 interval 100ms
	adm_ok "$LB" vip add $VIP/24 router WEB
	wait_state "$LB" WEB Active
	wait_addr "$LB" $VIP
	check_eq "Active" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	adm_ok "$LB" router set WEB enable off
	wait_no_addr "$LB" $VIP
	check "not Active, so shown" grep -q 'not Active here' <<<"$(adm "$LB" status)"
	ip -n "$LB" addr add $VIP/32 dev eth0
	check_eq "nobody serves" "$(ask tcp 1 | grep -c '^s')" 0
	adm_flush "$LB"
}

# The client's port is the same twice, the server's side must not be.
two_addresses_one_server() {
	local a
	adm_flush "$LB"
	ip -n "$LB" addr add 192.0.2.101/32 dev eth0
	adm_ok "$LB" pool add one
	adm_ok "$LB" server add 198.51.100.11 pool one
	for a in $VIP 192.0.2.101; do
		adm_ok "$LB" service add tcp $a:80 pool one
	done
	on "$CL" python3 - <<-EOF || fail "the two did not both work"
		import socket
		pair = []
		for a in "$VIP", "192.0.2.101":
		    s = socket.socket()
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    s.settimeout(5)
		    s.bind(("192.0.2.10", 20000))
		    s.connect((a, 80))
		    assert s.recv(10) == b"s1\n"
		    pair.append(s)
		for i, s in enumerate(pair):
		    s.send(b"hello%d" % i)
		    assert s.recv(10) == b"hello%d" % i
	EOF
	ip -n "$LB" addr del 192.0.2.101/32 dev eth0
	adm_flush "$LB"
}

# drain keeps what is there, down ends it; no check changes the operator's word.
server_down_and_drain() {
	pool scheduler rr
	on "$CL" "$LBT" hold $VIP 80 6 9 >"$HAK_TMP/hold" &
	wait_held 6
	adm_ok "$LB" server set 198.51.100.11 pool web state drain
	check_eq "drained" "$(ask tcp 10)" "s2 5 s3 5 "
	adm_ok "$LB" server report 198.51.100.11 pool web down reason "no route"
	adm_ok "$LB" server report 198.51.100.11 pool web up
	check_eq "still drained" "$(ask tcp 10)" "s2 5 s3 5 "
	wait $!
	check "all six live" grep -q '^alive 6$' "$HAK_TMP/hold"
	adm_ok "$LB" server set 198.51.100.11 pool web state up
	on "$CL" "$LBT" hold $VIP 80 6 9 >"$HAK_TMP/hold" &
	wait_held 6
	adm_ok "$LB" server set 198.51.100.11 pool web state down
	wait $!
	note "$(tr '\n' ' ' <"$HAK_TMP/hold")"
	check "those of the server ended" grep -q '^alive 4$' "$HAK_TMP/hold"
	adm_flush "$LB"
}

report() {
	pool
	adm_ok "$LB" server report 198.51.100.13 pool web down reason "http 503"
	check_eq "without s3" "$(ask tcp 30)" "s1 10 s2 20 "
	check "the reason is shown" grep -q 'http 503' <<<"$(adm "$LB" server show)"
	adm_ok "$LB" server report 198.51.100.13 pool web up
	check_eq "back" "$(ask tcp 60)" "s1 10 s2 20 s3 30 "
	adm_flush "$LB"
}

# A SYN on a connection that is over is a new one, at once.
reuse_of_a_port() {
	# On the debug kernel only the outcome is judged: it can be that slow.
	local limit=${HAK_DEBUG_KERNEL:+4.5}
	pool
	on "$CL" python3 - <<-EOF || fail "the port could not be used again"
		import socket, time
		for i in range(20):
		    s = socket.socket()
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
		    s.settimeout(5)
		    s.bind(("192.0.2.10", 20001))
		    began = time.monotonic()
		    s.connect(("$VIP", 80))
		    s.recv(10)
		    assert time.monotonic() - began < ${limit:-0.9}, "a retransmission"
		    s.close()
	EOF
	adm_flush "$LB"
}

fragments() {
	pool
	local a
	a=$(ask udp 60 $VIP 4000)
	note "$a"
	check_eq "4 KB datagrams came back whole" "$(served "$a")" 60
	adm_flush "$LB"
}

errors() {
	local n
	for n in "$CL" "$S1" "$S2" "$S3"; do
		on "$n" nstat -az TcpInCsumErrors UdpInCsumErrors
	done | awk '/InCsum/ { seen++; n += $2 } END { print seen == 8 ? n : "no counters" }'
}

# offloads on|off: in all who talk
offloads() {
	local ns
	for ns in "$CL" "$S1" "$S2" "$S3"; do
		on "$ns" ethtool -K eth0 tx "$1" tso "$1" gso "$1" gro "$1" >/dev/null ||
			fail "ethtool: offloads $1"
		check_eq "tx checksums" "$(on "$ns" ethtool -k eth0 | awk '/^tx-checksumming:/ { print $2 }')" "$1"
	done
}

checksums() {
	local onoff
	need nstat ethtool
	pool
	for onoff in on off; do
		offloads $onoff
		check_eq "tcp, offloads $onoff" "$(ask tcp 12)" "s1 2 s2 4 s3 6 "
		check_eq "udp, offloads $onoff" "$(served "$(ask udp 12 $VIP 1000)")" 12
		check_eq "fragments, offloads $onoff" "$(served "$(ask udp 12 $VIP 4000)")" 12
		on "$CL" "$LBT" hold $VIP 80 6 4 >"$HAK_TMP/hold"
		check "streams, offloads $onoff" grep -q '^alive 6$' "$HAK_TMP/hold"
	done
	check_eq "wrong checksums" "$(errors)" 0
	offloads on
	adm_flush "$LB"
}

time_exceeded() {
	pool
	on "$CL" python3 - <<-EOF || fail "no time exceeded from the address"
		import select, socket, struct
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
		s.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR
		s.connect(("$VIP", 80))
		s.send(b"x")
		p = select.poll()
		p.register(s, 0)
		assert p.poll(3000), "nothing came"
		error = s.recvmsg(100, 512, socket.MSG_ERRQUEUE)[1][0][2]
		kind = struct.unpack("=IBBB", error[:7])[2:]
		assert kind == (11, 0), kind
		assert socket.inet_ntoa(error[20:24]) == "$VIP", error
	EOF
	adm_flush "$LB"
}

frag_needed() {
	pool
	ip -n "$LB" link set eth1 mtu 1400
	on "$CL" python3 - <<-EOF || fail "the client did not learn the MTU"
		import socket, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.setsockopt(socket.IPPROTO_IP, 10, 2)
		s.connect(("$VIP", 80))
		s.settimeout(3)
		for i in range(3):
		    try:
		        s.send(b"x" * 1450)
		        time.sleep(0.3)
		    except OSError:
		        break
		assert s.getsockopt(socket.IPPROTO_IP, 14) == 1400, s.getsockopt(socket.IPPROTO_IP, 14)
	EOF
	# Path MTU discovery: a stream gets through.
	on "$CL" "$LBT" hold $VIP 80 6 4 >"$HAK_TMP/hold"
	check "streams over 1400" grep -q '^alive 6$' "$HAK_TMP/hold"
	ip -n "$LB" link set eth1 mtu 1500
	ip -n "$CL" route flush cache
	adm_flush "$LB"
}

# A port that nobody listens on: the server's ICMP reaches the client as ours.
icmp_from_the_server() {
	adm_ok "$LB" pool add dead
	adm_ok "$LB" server add 198.51.100.11:81 pool dead
	adm_ok "$LB" service add udp $VIP:81 pool dead
	on "$CL" python3 - <<-EOF || fail "port unreachable did not come back"
		import socket
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(3)
		s.connect(("$VIP", 81))
		s.send(b"x")
		try:
		    s.recv(10)
		    raise SystemExit("an answer?")
		except ConnectionRefusedError:
		    pass
	EOF
	adm_flush "$LB"
}

# What goes on beside them, none of them notices.
long_connections() {
	local n=${HAK_HELD:-100}
	pool
	on "$CL" "$LBT" hold $VIP 80 "$n" 14 >"$HAK_TMP/hold" &
	wait_held "$n"
	adm_ok "$LB" vip add 192.0.2.120/24 dev eth0 vrid 9 interval 100ms
	wait_addr "$LB" 192.0.2.120
	ip -n "$LB" route add 203.0.113.0/24 via 198.51.100.12
	ip -n "$LB" neigh flush dev eth1
	adm_ok "$LB" vip del 192.0.2.120 dev eth0 vrid 9
	ip -n "$LB" link set eth1 mtu 1400
	adm_ok "$LB" server set 198.51.100.11 pool web weight 10
	adm_ok "$LB" server set 198.51.100.12 pool web state drain
	adm_ok "$LB" server add 198.51.100.14 pool web weight 0
	adm "$LB" save >"$HAK_TMP/now.conf"
	sed -i 's/weight 10/weight 7/' "$HAK_TMP/now.conf"
	adm_ok "$LB" load "$HAK_TMP/now.conf"
	ip -n "$LB" link set eth1 mtu 1500
	ip -n "$LB" neigh flush dev eth0
	wait $!
	note "$(tr '\n' ' ' <"$HAK_TMP/hold")"
	check_eq "alive" "$(sed -n 's/^alive //p' "$HAK_TMP/hold")" "$n"
	adm_flush "$LB"
}

conn_show() {
	pool scheduler rr
	on "$CL" "$LBT" hold $VIP 80 9 10 >"$HAK_TMP/hold" &
	wait_held 9
	check_eq "connections" "$(adm "$LB" -o conn show | wc -l)" 9
	check_eq "of s2" "$(adm "$LB" -o conn show server 198.51.100.12 | wc -l)" 3
	check_eq "count" "$(adm "$LB" conn count)" 9
	adm_ok "$LB" conn flush server 198.51.100.12
	check_eq "left" "$(adm "$LB" -o conn show | wc -l)" 6
	wait $!
	check "six live on" grep -q '^alive 6$' "$HAK_TMP/hold"
	adm_flush "$LB"
}

# conns_made: to the TCP service so far
conns_made() { adm "$LB" -j service show tcp $VIP:80 | gojq '.[0].counters.conns'; }

# Two samples of `status` lie between two of ours, at least a second apart.
rates() {
	local before after loop rate servers
	pool scheduler rr
	check_eq "no rate without a second sample" \
		"$(adm "$LB" -j status | gojq -c '[.services[].rates]')" '[null,null]'
	while on "$CL" "$LBT" ask tcp $VIP 80 30; do :; done >/dev/null 2>&1 &
	loop=$!
	settle 500
	before=$(conns_made)
	adm "$LB" -j -s status >"$HAK_TMP/rates"
	after=$(conns_made)
	kill $loop
	wait $loop 2>/dev/null
	rate=$(gojq '.services[] | select(.proto == "tcp").rates.conns' "$HAK_TMP/rates")
	servers=$(gojq '[.pools[].servers[].rates.conns] | add' "$HAK_TMP/rates")
	note "$rate connections a second, of $((after - before))"
	check_ge "connections a second" "$rate" 1
	check_le "connections a second" "$rate" $((after - before))
	# Each rounds, and is read a moment after the service.
	check_ge "of the servers" "$servers" $((rate * 9 / 10 - 3))
	check_le "of the servers" "$servers" $((rate * 11 / 10 + 3))
	check_ge "bytes a second" "$(gojq '.services[] | select(.proto == "tcp").rates.bytes_in' \
		"$HAK_TMP/rates")" $((rate * 100))
	check_eq "of UDP" "$(gojq '.services[] | select(.proto == "udp").rates.conns' \
		"$HAK_TMP/rates")" 0
	adm_flush "$LB"
}

load_and_save() {
	pool scheduler mh
	adm_ok "$LB" server set 198.51.100.12 pool web state drain
	adm_ok "$LB" service set udp $VIP:80 timeout 20s
	adm "$LB" save >"$HAK_TMP/one.conf"
	check "saved: the pool" grep -q '^pool add web scheduler mh' "$HAK_TMP/one.conf"
	check "saved: the server" grep -q '^server add 198.51.100.12 .*state drain' "$HAK_TMP/one.conf"
	check "saved: the service" grep -q '^service add udp .*timeout 20s' "$HAK_TMP/one.conf"
	adm_flush "$LB"
	check_eq "nothing left" "$(adm "$LB" -j service show | gojq length)" 0
	adm_ok "$LB" load "$HAK_TMP/one.conf"
	adm "$LB" save >"$HAK_TMP/two.conf"
	check "save, load, save" diff "$HAK_TMP/one.conf" "$HAK_TMP/two.conf"
	check "a second load changes nothing" grep -qF '+0, ~0, -0' <<<"$(adm "$LB" load "$HAK_TMP/one.conf")"
	adm_flush "$LB"
}

unload_under_load() {
	local i pids
	for i in 1 2 3; do
		pool
		on "$CL" "$LBT" hold $VIP 80 50 4 >/dev/null &
		pids=$!
		on "$CL" "$LBT" ask udp $VIP 80 300 >/dev/null &
		wait_held 10
		case $i in
		1) rmmod hak || fail "rmmod" ;;
		2) adm_flush "$LB" ;;
		3) ip -n "$LB" link del eth1 ;;
		esac
		wait $pids
		kill %% 2>/dev/null
		mod_load
	done
	adm_flush "$LB"
	check_eq "the module's users" "$(cat /sys/module/hak/refcnt)" 0
}

hak_main "${@:-$ALL_CASES}"
