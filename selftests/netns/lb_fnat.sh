#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# The method fnat: servers see an address of the balancer's, so that their answers come
# back by themselves. Here they have no route to the client at all. See farm_create.

# shellcheck disable=SC2034,SC2086,SC2119,SC2120,SC2317 # cases are called by name; $HELD is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="shares own_address source_range checksums many_clients errors mtu firewall_and_router
	programs_beside ipv6 words unload"

farm_setup=$(declare -f setup)
eval "${farm_setup/setup/farm_setup}"

SERVERS6=2001:db8:2: VIP6=2001:db8:1::100

setup() {
	local n ns
	farm_setup
	for n in 1 2 3; do
		ns=${FARM[n]}
		ip -n "$ns" route del default
		ip -n "$ns" addr add "$SERVERS6:1$n/64" dev eth0 nodad
	done
	ip -n "$CL" addr add 2001:db8:1::10/64 dev eth0 nodad
	ip -n "$LB" addr add 2001:db8:1::1/64 dev eth0 nodad
	ip -n "$LB" addr add $VIP6/128 dev eth0 nodad
	ip -n "$LB" addr add $SERVERS6:1/64 dev eth1 nodad
	for n in 5 6 7 8; do
		ip -n "$LB" addr add 198.51.100.$n/32 dev eth1
	done
}

# peers N: whom server N sees, and how often
peers() {
	on "${FARM[$1]}" ss -Htn state established sport = :80 |
		awk '{ sub(/:[0-9]*$/, "", $4); gsub(/\[::ffff:|\]/, "", $4); n[$4]++ } END { for (a in n) print a, n[a] }' | sort | tr '\n' ' '
}

# Of all three.
all_peers() { { peers 1; peers 2; peers 3; } | tr ' ' '\n' | grep -F "${1:-.}" | sort -u | tr '\n' ' '; }

shares() {
	pool method fnat
	check_eq "tcp" "$(ask tcp 60)" "s1 10 s2 20 s3 30 "
	check_eq "udp" "$(ask udp 60)" "s1 10 s2 20 s3 30 "
	check_eq "in fragments" "$(served "$(ask udp 12 $VIP 4000)")" 12
	adm_ok "$LB" service set tcp $VIP:80 firewall off
	check_eq "before the host's rules" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	check "shown with its client" grep -qF "client $AC:" <<<"$(adm "$LB" conn show)"
	adm_flush "$LB"
}

# Without a source it is the address that this host has on the way.
own_address() {
	local range
	pool method fnat
	hold 6
	check_eq "what servers see" "$(all_peers)" "198.51.100.1 "
	range=$(on "$LB" sysctl -n net.ipv4.ip_local_port_range)
	check_le "ports below those of programs" \
		"$(on "${FARM[3]}" ss -Htn state established sport = :80 | awk '{ sub(/.*:/, "", $4); print $4 }' | sort -n | tail -n 1)" \
		"$((${range%%[[:space:]]*} - 1))"
	let_go $HELD
	adm_flush "$LB"
}

source_range() {
	local n
	pool method fnat source 198.51.100.5-198.51.100.8
	hold 6
	check_eq "one client, one of them" "$(all_peers 198.51.100 | wc -w)" 1
	check "of the range" grep -qx '198\.51\.100\.[5-8] ' <<<"$(all_peers)"
	let_go $HELD
	for n in 11 12 13 14 15 16 17 18; do
		ip -n "$CL" addr add 192.0.2.$n/24 dev eth0
	done
	on "$CL" python3 - <<-EOF &
		import socket, time
		all = []
		for n in range(10, 19):
		    for port in 20000, 20001, 20002:
		        s = socket.create_connection(("$VIP", 80), 5, ("192.0.2.%d" % n, port))
		        all.append(s)
		        assert s.recv(3)[:1] == b"s"
		time.sleep(8)
	EOF
	wait_held 27
	check_ge "nine clients, several of them" "$(all_peers 198.51.100 | wc -w)" 2
	wait $!
	for n in 11 12 13 14 15 16 17 18; do
		ip -n "$CL" addr del 192.0.2.$n/24 dev eth0
	done
	adm_ok "$LB" pool set web source 198.51.100.7
	hold 6
	check_eq "one address" "$(all_peers)" "198.51.100.7 "
	let_go $HELD
	adm_ok "$LB" pool set web source default
	hold 6
	check_eq "none: its own" "$(all_peers)" "198.51.100.1 "
	let_go $HELD
	adm_flush "$LB"
}

wrong_sums() {
	local n
	for n in "$CL" "$S1" "$S2" "$S3"; do
		on "$n" nstat -az TcpInCsumErrors UdpInCsumErrors
	done | awk '/InCsum/ { seen++; n += $2 } END { print seen == 8 ? n : "no counters" }'
}

checksums() {
	local onoff ns
	pool method fnat source 198.51.100.5-198.51.100.8
	for onoff in on off; do
		for ns in "$CL" "$S1" "$S2" "$S3"; do
			on "$ns" ethtool -K eth0 tx $onoff tso $onoff gso $onoff gro $onoff >/dev/null ||
				fail "ethtool: offloads $onoff"
		done
		check_eq "tcp, offloads $onoff" "$(ask tcp 12)" "s1 2 s2 4 s3 6 "
		check_eq "udp, offloads $onoff" "$(served "$(ask udp 12 $VIP 1000)")" 12
		on "$CL" "$LBT" pump $VIP 80 3 1024 >"$HAK_TMP/pump" || fail "pump"
		check "streams, offloads $onoff" grep -q '^alive 3$' "$HAK_TMP/pump"
	done
	check_eq "wrong checksums" "$(wrong_sums)" 0
	adm_flush "$LB"
}

# All from one port of theirs, and each its own connection.
many_clients() {
	pool method fnat source 198.51.100.5
	check_eq "answered" "$(on "$CL" "$LBT" map $VIP 80 400 21000 | grep -c ' s[123]$')" 400
	check_eq "again from the same ports" "$(on "$CL" "$LBT" map $VIP 80 400 21000 | grep -c ' s[123]$')" 400
	adm_flush "$LB"
}

# A server's ICMP error reaches the client as ours.
errors() {
	adm_flush "$LB"
	adm_ok "$LB" pool add dead method fnat source 198.51.100.6
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

mtu() {
	pool method fnat
	ip -n "$LB" link set eth1 mtu 1400
	on "$CL" python3 - <<-EOF || fail "the client did not learn the MTU"
		import socket, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.setsockopt(socket.IPPROTO_IP, 10, 2)
		s.connect(("$VIP", 80))
		for i in range(3):
		    try:
		        s.send(b"x" * 1450)
		        time.sleep(0.3)
		    except OSError:
		        break
		assert s.getsockopt(socket.IPPROTO_IP, 14) == 1400, s.getsockopt(socket.IPPROTO_IP, 14)
	EOF
	ip -n "$LB" link set eth1 mtu 1500
	on "$CL" sysctl -qw net.ipv4.route.flush=1
	adm_flush "$LB"
}

# New connections meet the host's rules as the client sent them; a router decides.
firewall_and_router() {
	ip -n "$LB" addr del $VIP/32 dev eth0
	pool method fnat
	adm_ok "$LB" router add WEB dev eth0 vrid 51 interval 100ms
	adm_ok "$LB" vip add $VIP/24 router WEB
	wait_state "$LB" WEB Active
	wait_addr "$LB" $VIP
	on "$LB" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				ip saddr $AC tcp dport 80 drop
			}
		}
	EOF
	check_eq "dropped by the host" "$(ask tcp 1)" "timeout 1 "
	on "$LB" nft delete table inet f
	check_eq "Active" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	adm_flush "$LB"
	wait_no_addr "$LB" $VIP
	ip -n "$LB" addr add $VIP/32 dev eth0
}

# Programs of this host talk to the same servers meanwhile.
programs_beside() {
	pool method fnat
	hold 20
	check_eq "from the balancer itself" "$(on "$LB" "$LBT" ask tcp 198.51.100.11 80 200)" "s1 200"
	check_eq "and the clients'" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	let_go $HELD
	adm_flush "$LB"
}

ipv6() {
	local n source
	for source in "" "source $SERVERS6:5-$SERVERS6:6"; do
		adm_flush "$LB"
		adm_ok "$LB" pool add web method fnat $source
		for n in 1 2 3; do
			adm_ok "$LB" server add "$SERVERS6:1$n" pool web weight $n
		done
		adm_ok "$LB" service add tcp "[$VIP6]:80" pool web
		adm_ok "$LB" service add udp "[$VIP6]:80" pool web
		ip -n "$LB" addr replace $SERVERS6:5/128 dev eth1 nodad
		ip -n "$LB" addr replace $SERVERS6:6/128 dev eth1 nodad
		check_eq "tcp, ${source:-own address}" "$(ask tcp 60 $VIP6)" "s1 10 s2 20 s3 30 "
		check_eq "udp" "$(served "$(ask udp 12 $VIP6)")" 12
		check_eq "fragments" "$(served "$(ask udp 12 $VIP6 4000)")" 12
		on "$CL" "$LBT" pump $VIP6 80 3 512 >"$HAK_TMP/pump" || fail "pump"
		check "streams" grep -q '^alive 3$' "$HAK_TMP/pump"
	done
	adm_flush "$LB"
}

says() {
	local want=$1 got
	shift
	got=$(adm "$LB" "$@" 2>&1) && fail "$*: not refused"
	grep -qF -- "$want" <<<"$got" || fail "$*: $got"
}

words() {
	pool method fnat source 198.51.100.5-198.51.100.8
	adm "$LB" save >"$HAK_TMP/now.conf"
	check "saved" grep -q '^pool add web .*method fnat.* source 198.51.100.5-198.51.100.8' "$HAK_TMP/now.conf"
	adm_ok "$LB" load "$HAK_TMP/now.conf" >"$HAK_TMP/loaded"
	check "nothing to change" grep -q 'unchanged' "$HAK_TMP/loaded"
	check_eq "in JSON" "$(adm "$LB" -j pool show | gojq -r '.[0].source')" "198.51.100.5-198.51.100.8"
	says "pool web: source and servers are not of one family" pool set web source 2001:db8::1
	says "source is an address, or the first and the last of up to 65536" pool set web source 2001:db8::1-2001:db8::2:1
	says "nor the first and the last of several" pool set web source 198.51.100.8-198.51.100.5
	adm_flush "$LB"
}

unload() {
	pool method fnat
	hold 20
	rmmod hak || fail "rmmod"
	kill $HELD
	wait $HELD 2>/dev/null
	mod_load
	check_eq "the module's users" "$(cat /sys/module/hak/refcnt)" 0
}

hak_main "${@:-$ALL_CASES}"
