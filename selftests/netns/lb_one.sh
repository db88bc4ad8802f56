#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# one-packet: each datagram by itself, all of one socket. See farm_create.

# shellcheck disable=SC2034,SC2086,SC2119,SC2120,SC2317 # cases are called by name
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="nat direct ipv6 fragments expires words"

VIP6=2001:db8:1::100

# one N [ADDRESS] [SIZE]: who answered how often, N datagrams of one socket
one() {
	on "$CL" python3 - "$1" "${2:-$VIP}" "${3:-100}" <<-'EOF'
		import collections, socket, sys
		family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
		s = socket.socket(family, socket.SOCK_DGRAM)
		s.settimeout(3)
		s.connect((sys.argv[2], 80))
		heard = collections.Counter()
		for i in range(int(sys.argv[1])):
		    sent = b"%d." % i + b"x" * int(sys.argv[3])
		    s.send(sent)
		    name, back = s.recv(65536).split(b" ", 1)
		    heard[name.decode() if back == sent else "garbled"] += 1
		print(" ".join("%s %d" % n for n in sorted(heard.items())))
	EOF
}

# on_off on|off
one_packet() { adm_ok "$LB" service set udp $VIP:80 one-packet "$1"; }

nat() {
	pool
	check_eq "one connection, one server" "$(one 12 | wc -w)" 2
	one_packet on
	adm_ok "$LB" conn flush all
	check_eq "one by one" "$(one 60)" "s1 10 s2 20 s3 30"
	check_eq "a connection for each server" "$(adm "$LB" conn count service udp $VIP:80)" 3
	check_eq "shown" "$(adm "$LB" conn show | grep -c "^udp $VIP:80 client $AC:")" 3
	check_eq "by server" "$(adm "$LB" conn count server 198.51.100.12)" 1
	adm_ok "$LB" service set udp $VIP:80 firewall off
	check_eq "before the host's rules" "$(one 60)" "s1 10 s2 20 s3 30"
	check_eq "of another port" "$(one 6)" "s1 1 s2 2 s3 3"
	one_packet off
	adm_ok "$LB" conn flush all
	check_eq "as it was" "$(one 12 | wc -w)" 2
	check_eq "tcp" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	adm_flush "$LB"
}

# Nothing is remembered.
direct() {
	local n ns
	for n in 1 2 3; do
		ns=${FARM[n]}
		link_create "$ns" eth1 "00:00:5e:00:53:4$n" "$SW" "d$n"
		on "$ns" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
		ip -n "$ns" addr add "192.0.2.2$n/24" dev eth1
		ip -n "$ns" addr add $VIP/32 dev lo
	done
	adm_flush "$LB"
	adm_ok "$LB" pool add web method dr
	for n in 1 2 3; do
		adm_ok "$LB" server add "192.0.2.2$n" pool web weight $n
	done
	adm_ok "$LB" service add udp $VIP:80 pool web one-packet on
	check_eq "one by one" "$(one 60)" "s1 10 s2 20 s3 30"
	check_eq "connections" "$(adm "$LB" conn count)" 0
	check_eq "in fragments" "$(one 6 $VIP 4000)" "s1 1 s2 2 s3 3"
	for n in 1 2 3; do
		ip -n "${FARM[n]}" link del eth1
		ip -n "${FARM[n]}" addr del $VIP/32 dev lo
	done
	adm_flush "$LB"
}

ipv6() {
	local n
	ip -n "$CL" addr add 2001:db8:1::10/64 dev eth0 nodad
	ip -n "$LB" addr add 2001:db8:1::1/64 dev eth0 nodad
	ip -n "$LB" addr add $VIP6/128 dev eth0 nodad
	ip -n "$LB" addr add 2001:db8:2::1/64 dev eth1 nodad
	adm_flush "$LB"
	adm_ok "$LB" pool add web
	for n in 1 2 3; do
		ip -n "${FARM[n]}" addr add "2001:db8:2::1$n/64" dev eth0 nodad
		ip -n "${FARM[n]}" route add default via 2001:db8:2::1
		adm_ok "$LB" server add "2001:db8:2::1$n" pool web weight $n
	done
	adm_ok "$LB" service add udp "[$VIP6]:80" pool web one-packet on
	check_eq "one by one" "$(one 60 $VIP6)" "s1 10 s2 20 s3 30"
	check_eq "in fragments" "$(one 12 $VIP6 4000 | tr ' ' '\n' | grep -c '^s')" 3
	adm_flush "$LB"
}

fragments() {
	pool
	one_packet on
	check_eq "4 KB each" "$(one 12 $VIP 4000)" "s1 2 s2 4 s3 6"
	adm_flush "$LB"
}

none_left() { [ "$(adm "$LB" conn count)" = 0 ]; }

expires() {
	pool
	adm_ok "$LB" service set udp $VIP:80 one-packet on timeout 1s
	check_eq "one by one" "$(one 6)" "s1 1 s2 2 s3 3"
	wait_for 20 none_left || fail "still $(adm "$LB" conn show)"
	check_eq "again" "$(one 6)" "s1 1 s2 2 s3 3"
	rmmod hak || fail "rmmod"
	mod_load
}

says() {
	local want=$1 got
	shift
	got=$(adm "$LB" "$@" 2>&1) && fail "$*: not refused"
	grep -qF -- "$want" <<<"$got" || fail "$*: $got"
}

words() {
	pool
	says "one-packet: is for udp" service set tcp $VIP:80 one-packet on
	one_packet on
	says "service udp $VIP:80 is one-packet, which method fnat of pool web cannot do" \
		pool set web method fnat
	adm "$LB" save >"$HAK_TMP/now.conf"
	check "saved" grep -q "^service add udp $VIP:80 pool web .*one-packet on" "$HAK_TMP/now.conf"
	check_eq "in JSON" "$(adm "$LB" -j service show | gojq -r '.[] | select(.protocol == "udp" or .proto == "udp") | .one_packet')" on
	adm_flush "$LB"
}

hak_main "${@:-$ALL_CASES}"
