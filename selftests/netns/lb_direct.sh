#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# The method dr: servers beside the client and the balancer on one segment, each with the
# address of the service, answer by themselves. See farm_create.

# shellcheck disable=SC2034,SC2086,SC2119,SC2120,SC2317 # cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR source=../farm.sh
. "$(dirname "$0")/../farm.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
ALL_CASES="tcp udp bulk states frag_needed silent ports unload"

farm_setup=$(declare -f setup)
eval "${farm_setup/setup/farm_setup}"

setup() {
	local n ns
	farm_setup
	for n in 1 2 3; do
		ns=${FARM[n]}
		link_create "$ns" eth1 "00:00:5e:00:53:4$n" "$SW" "d$n"
		on "$ns" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
		ip -n "$ns" addr add "192.0.2.2$n/24" dev eth1
		ip -n "$ns" addr add $VIP/32 dev lo
	done
}

# direct WORDS...: weights 1, 2 and 3
direct() {
	local n
	adm_flush "$LB"
	adm_ok "$LB" pool add web method dr "$@"
	for n in 1 2 3; do
		adm_ok "$LB" server add "192.0.2.2$n" pool web weight $n
	done
	adm_ok "$LB" service add tcp $VIP:80 pool web
	adm_ok "$LB" service add udp $VIP:80 pool web
}

# counted PROTO KEY
counted() { adm "$LB" -j -s service show | gojq ".[] | select(.proto == \"$1\") | .counters.$2"; }

tcp() {
	direct
	check_eq "shares" "$(ask tcp 60)" "s1 10 s2 20 s3 30 "
	check_ge "packets that came" "$(counted tcp packets_in)" 240
	check_eq "answers that passed here" "$(counted tcp packets_out)" 0
	check_eq "connections" "$(counted tcp conns)" 60
	adm_ok "$LB" service set tcp $VIP:80 firewall off
	check_eq "before the host's rules" "$(ask tcp 6)" "s1 1 s2 2 s3 3 "
	check "shown with its server" grep -qF ' 192.0.2.21:80 ' <<<"$(adm "$LB" conn show service tcp $VIP:80 | tr '\n' ' ') "
	check_ge "by server" "$(adm "$LB" conn count server 192.0.2.23:80)" 30
	adm_flush "$LB"
}

# Datagrams in fragments are put together to be known, and leave in fragments.
udp() {
	direct
	check_eq "shares" "$(ask udp 60)" "s1 10 s2 20 s3 30 "
	check_eq "in fragments" "$(ask udp 6 $VIP 4000)" "s1 1 s2 2 s3 3 "
	adm_flush "$LB"
}

bulk() {
	direct scheduler rr
	on "$CL" "$LBT" pump $VIP 80 3 4096 >"$HAK_TMP/pump" || fail "pump"
	note "$(tr '\n' ' ' <"$HAK_TMP/pump")"
	check "all of it came back" grep -q '^alive 3$\|^whole 3$' "$HAK_TMP/pump"
	adm_flush "$LB"
}

state_is() { [ "$(adm "$LB" conn count state "$1")" = "$2" ]; }

# The client's half tells as much as there is to know.
states() {
	direct
	hold 6
	check_eq "held" "$(adm "$LB" conn count server 192.0.2.21 state established) $(adm "$LB" conn count state established)" "1 6"
	check_eq "active" "$(adm "$LB" -j server show | gojq '[.[].active] | add')" 6
	kill $HELD
	wait $HELD 2>/dev/null
	wait_for 5 none_active || fail "$(adm "$LB" conn show)"
	check_eq "ended" "$(adm "$LB" conn count)" 6
	adm_ok "$LB" conn flush all
	hold 6 5
	adm_ok "$LB" server del 192.0.2.21 pool web
	wait $HELD
	check "the others go on" grep -q '^alive 5$' "$HAK_TMP/hold"
	adm_flush "$LB"
}

# The client's side says that an answer does not fit: the server has to know.
frag_needed() {
	direct scheduler fo
	hold 1 30
	on "$CL" python3 - <<-EOF || fail "no error sent"
		import socket, struct, subprocess
		def sum16(b):
		    s = sum(struct.unpack(">%dH" % (len(b) // 2), b))
		    s = (s & 0xffff) + (s >> 16)
		    return ~((s & 0xffff) + (s >> 16)) & 0xffff
		out = subprocess.check_output(["ss", "-Htn", "dst", "$VIP"], text=True).split()
		port = int(out[3].split(":")[1])
		a, b = socket.inet_aton("$VIP"), socket.inet_aton("$AC")
		ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 1500, 1, 0x4000, 63, 6, 0, a, b)
		ip = ip[:10] + struct.pack(">H", sum16(ip)) + ip[12:]
		quote = ip + struct.pack(">HHI", 80, port, 1)
		icmp = struct.pack(">BBHHH", 3, 4, 0, 0, 1000) + quote
		icmp = icmp[:2] + struct.pack(">H", sum16(icmp)) + icmp[4:]
		s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
		s.sendto(icmp, ("$VIP", 0))
	EOF
	# A sequence number that the server did not send is no news for TCP, but it came.
	check "the server has seen it" wait_for 5 icmp_seen "${FARM[3]}"
	check "no other has" test "$(icmp_count "${FARM[1]}")" = 0
	let_go $HELD
	adm_flush "$LB"
}

icmp_count() { on "$1" nstat -asz IcmpInDestUnreachs | awk '/^IcmpInDest/ { print $2 }'; }
icmp_seen() { [ "$(icmp_count "$1")" -ge 1 ]; }

silent() {
	local got
	direct scheduler rr
	on "${FARM[2]}" nft -f - <<-EOF
		table inet f {
			chain i {
				type filter hook input priority 0
				tcp dport 80 drop
			}
		}
	EOF
	got=$(LBT_TIMEOUT_MS=5000 ask tcp 20)
	note "$got"
	check_eq "all are served" "$(served "$got")" 20
	check_eq "by others" "$(share "$got" s2)" ""
	on "${FARM[2]}" nft delete table inet f
	adm_flush "$LB"
}

says() {
	local want=$1 got
	shift
	got=$(adm "$LB" "$@" 2>&1) && fail "$*: not refused"
	grep -qF -- "$want" <<<"$got" || fail "$*: $got"
}

ports() {
	direct
	says "method dr of pool web keeps the port; server 192.0.2.24:8080, service port 80" \
		server add 192.0.2.24:8080 pool web
	adm_ok "$LB" server add 192.0.2.24:80 pool web
	says "method dr of pool web keeps the port; server 192.0.2.24:80, service port 81" \
		service add tcp $VIP:81 pool web
	adm_ok "$LB" pool add back
	adm_ok "$LB" server add 192.0.2.24:8080 pool back
	adm_ok "$LB" pool set web backup-pool back
	says "method dr of pool back keeps the port" pool set back method dr
	adm_flush "$LB"
	printf '%s\n' "pool add web method dr" "server add 192.0.2.21:8080 pool web" \
		"service add tcp $VIP:80 pool web" >"$HAK_TMP/dr.conf"
	says "dr.conf:2: " test "$HAK_TMP/dr.conf"
	says "server 192.0.2.21:8080, service port 80" load "$HAK_TMP/dr.conf"
}

unload() {
	direct
	hold 20
	rmmod hak || fail "rmmod"
	kill $HELD
	wait $HELD 2>/dev/null
	mod_load
	direct
	hold 20
	adm_flush "$LB"
	kill $HELD
	wait $HELD 2>/dev/null
	check_eq "the module's users" "$(cat /sys/module/hak/refcnt)" 0
}

hak_main "${@:-$ALL_CASES}"
