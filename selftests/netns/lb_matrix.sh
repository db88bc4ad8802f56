#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: smp
#
# The balancer with the method nat in surroundings that break others. Each case
# makes its own:
#
#   $CL eth0 192.0.2.10 ---- eth0 192.0.2.1    $LB   eth1 198.51.100.1 ---- eth0 $SV
#                                 192.0.2.100 (VIP)          198.51.100.11 and .12
#
# The host does not forward: the balancer does it all.

# shellcheck disable=SC2034,SC2086,SC2119,SC2317 # cases are called by name; $VIP is one word
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=${HAK_CASE_TIMEOUT:-300}
LBT=$HAK_TOOLS/lbt
VIP=192.0.2.100
A=198.51.100.11 B=198.51.100.12
M4=00:00:5e:00:53:21 M5=00:00:5e:00:53:22
ALL_CASES="vlan bridge bridged_frames vrf beside_a_vrf xfrm ifb nft_netdev slow_qdisc
	offloads gso_datagrams no_tx_checksum one_slot conntrack rp_filter rules_from rules_mark"

setup() {
	mod_load
}

teardown() {
	# The next file has bridges, too.
	rmmod br_netfilter 2>/dev/null
	mod_load
}

# The batches spare processes, which are dear under emulation.

# wire NS DEV MAC NS DEV MAC
wire() {
	ip link add "$2" netns "$1" address "$3" type veth \
		peer name "$5" netns "$4" address "$6" || fail "veth $2 in $1"
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
}

wires() {
	ns_create CL LB SV
	ip -batch - <<-EOT || fail "veths"
		link add eth0 netns $CL address $MC type veth peer name eth0 netns $LB address $M1
		link add eth0 netns $SV address $M5 type veth peer name eth1 netns $LB address $M4
	EOT
	ip -n "$CL" link set eth0 up
	ip -n "$SV" link set eth0 up
	printf 'link set %s up\n' eth0 eth1 | ip -n "$LB" -batch -
}

# addresses CLIENT-DEV VIP-DEV SERVER-SIDE-DEV SERVER-DEV, and the servers
addresses() {
	ip -n "$CL" addr add 192.0.2.10/24 dev "$1"
	ip -n "$LB" -batch - <<-EOT || fail "addresses"
		addr add 192.0.2.1/24 dev $2
		addr add $VIP/32 dev $2
		addr add 198.51.100.1/24 dev $3
	EOT
	ip -n "$SV" -batch - <<-EOT || fail "addresses of the servers"
		addr add $A/24 dev $4
		addr add $B/24 dev $4
		route add default via 198.51.100.1
	EOT
	serve
}

# Each address answers with itself.
serve() {
	on "$SV" "$LBT" serve - 80 >/dev/null 2>&1 &
	wait_for 10 listening "$SV" || fail "the servers did not start"
}

listening() { [ -n "$(on "$1" ss -Hltn sport = :80)" ]; }

plain() {
	wires
	addresses eth0 eth0 eth1 eth0
}

# balance [WORDS of the services]: both servers behind tcp and udp of $PORTS, and
# what $MORE says
balance() {
	local p
	{
		echo "pool add web scheduler rr"
		printf 'server add %s:80 pool web\n' $A $B
		for p in ${PORTS:-80}; do
			printf 'service add %s %s:%s pool web %s\n' tcp $VIP $p "$*" udp $VIP $p "$*"
		done
		[ -z "${MORE:-}" ] || echo "$MORE"
	} >"$HAK_TMP/conf"
	adm_ok "$LB" load "$HAK_TMP/conf" >/dev/null
}

# ask PROTO N [SIZE] [PORT]: who answered how often
ask() {
	on "$CL" "$LBT" ask "$1" $VIP "${4:-80}" "$2" "${3:-100}" | sort | tr '\n' ' '
}

# pump KBYTES: over two connections at once, there and back; what came of it
pump() { on "$CL" "$LBT" pump $VIP 80 2 "$1" >"$HAK_TMP/pump"; }

pumped() { sed -n "s/^$1 //p" "$HAK_TMP/pump"; }

# works WHAT [KBYTES]: both protocols, fragments and streams
works() {
	local got
	got=$(on "$CL" bash -c "
		$LBT ask tcp $VIP 80 4 | sort
		$LBT ask udp $VIP 80 4 1000
		$LBT ask udp $VIP 80 2 4000
		$LBT pump $VIP 80 2 ${2:-256}")
	[[ $got == "$A 2"$'\n'"$B 2"$'\n'*$'\n'"alive 2"$'\n'* &&
		! $got =~ timeout|garbled|refused|unreachable ]] || told "$1:" $got
}

# told TEXT: the case has failed, and what the balancer knows of it
told() {
	adm "$LB" lb show | sed 's/^/# /'
	adm "$LB" conn show | head -n 5 | sed 's/^/# /'
	fail "$*"
}

# Those who are not to be answered wait less.
SHORT="env LBT_TIMEOUT_MS=1500"

# silent WHAT [PORT...]: nobody answers, neither do we
silent() {
	local what=$1 p got
	shift
	[ $# -gt 0 ] || set -- 80
	got=$(on "$CL" bash -c "for p in $*; do $SHORT $LBT ask tcp $VIP \$p 1 & done; wait" | uniq)
	check_eq "$what" "$got" "timeout 1"
}

# conns: how many the balancer has
conns() { adm "$LB" -o conn show | wc -l; }

flush_conns() { adm_ok "$LB" conn flush all >/dev/null; }

# dropped REASON: how many packets
dropped() { adm "$LB" -s -j lb show | gojq "[.. | objects | .[\"$1\"] // empty] | add"; }

# ruleset NS: a new one, from standard input
ruleset() {
	{
		echo "flush ruleset"
		cat
	} | on "$1" nft -f - || fail "nft"
}

# counter NS FAMILY TABLE NAME: packets of a named counter
counter() { on "$1" nft list counter "$2" "$3" "$4" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

### devices ############################################################

vlan() {
	wires
	ip -n "$CL" link add link eth0 name eth0.10 up type vlan id 10
	ip -n "$LB" link add link eth0 name eth0.10 up type vlan id 10
	ip -n "$LB" link add link eth1 name eth1.20 up type vlan id 20
	ip -n "$SV" link add link eth0 name eth0.20 up type vlan id 20
	addresses eth0.10 eth0.10 eth1.20 eth0.20
	balance
	works "VLANs"
	balance firewall off
	works "VLANs, firewall off"
}

# br NAME PORT [MAC]: a bridge in $LB, with an address of its own or that of its port
br() {
	ip -n "$LB" link add "$1" ${3:+address $3} type bridge stp_state 0 forward_delay 0 \
		mcast_snooping 0
	ip -n "$LB" link set "$2" master "$1"
	ip -n "$LB" link set "$1" up
}

# br_nf 0|1: do frames on bridges pass the host's IPv4 hooks?
br_nf() {
	if [ "$1" = 1 ]; then modprobe br_netfilter || fail "br_netfilter"; fi
	[ ! -e /proc/sys/net/bridge ] ||
		on "$LB" sysctl -qw net.bridge.bridge-nf-call-iptables="$1"
}

# bridges MAC MAC: the balancer's both devices are bridges of these addresses
bridges() {
	wires
	br br0 eth0 "$1"
	br br1 eth1 "$2"
	addresses eth0 br0 br1 eth0
}

bridge() {
	bridges "" ""
	br_nf 0
	balance
	works "bridges"
	br_nf 1
	balance
	ping_ok "$CL" 192.0.2.1
	works "br_netfilter"
	balance firewall off
	works "br_netfilter, firewall off"
	# The frames are to another address than that of the port they come by.
	bridges 00:00:5e:00:53:41 00:00:5e:00:53:42
	br_nf 1
	balance
	ping_ok "$CL" 192.0.2.1
	works "br_netfilter, addresses of their own"
	balance firewall off
	works "br_netfilter, addresses of their own, firewall off"
}

# Somebody else on the bridge has the same address: frames for him are his.
bridged_frames() {
	local nf
	wires
	ns_create PB
	wire "$PB" eth0 $M2 "$LB" eth2 00:00:5e:00:53:23
	br br0 eth0 00:00:5e:00:53:41
	ip -n "$LB" link set eth2 master br0
	addresses eth0 br0 eth1 eth0
	ip -n "$PB" addr add 192.0.2.20/24 dev eth0
	on "$PB" sysctl -qw net.ipv4.conf.all.arp_ignore=1
	ip -n "$PB" addr add $VIP/32 dev lo
	on "$PB" "$LBT" serve passed 80 >/dev/null 2>&1 &
	wait_for 10 listening "$PB" || fail "the other one did not start"
	for nf in 0 1; do
		br_nf $nf
		balance firewall off
		flush_conns
		ip -n "$CL" neigh replace $VIP lladdr $M2 nud permanent dev eth0
		check_eq "tcp, call $nf" "$(ask tcp 4)" "passed 4 "
		check_eq "udp, call $nf" "$(ask udp 4)" "passed 4 "
		check_eq "fragments, call $nf" "$(ask udp 2 4000)" "passed 2 "
		check_eq "connections, call $nf" "$(conns)" 0
		ip -n "$CL" neigh del $VIP dev eth0
		works "its own, call $nf"
	done
}

vrf() {
	wires
	ip -n "$LB" link add red up type vrf table 10
	ip -n "$LB" link set eth0 master red
	ip -n "$LB" link set eth1 master red
	addresses eth0 eth0 eth1 eth0
	# Who looks into the main table finds no way.
	ip -n "$LB" route add unreachable 192.0.2.0/24
	ip -n "$LB" route add unreachable 198.51.100.0/24
	balance
	works "VRF"
	balance firewall off
	works "VRF, firewall off"
}

beside_a_vrf() {
	plain
	ip -n "$LB" link add red up type vrf table 10
	ip -n "$LB" link add d0 master red up type dummy
	ip -n "$LB" route add unreachable 192.0.2.0/24 table 10
	ip -n "$LB" route add unreachable 198.51.100.0/24 table 10
	balance
	works "beside a VRF"
	balance firewall off
	works "beside a VRF, firewall off"
}

ifb() {
	plain
	ip -n "$LB" link add ifb0 type ifb
	ip -n "$LB" link set ifb0 up
	on "$LB" tc qdisc add dev eth0 clsact
	on "$LB" tc filter add dev eth0 ingress matchall action mirred egress redirect dev ifb0 ||
		fail "tc"
	balance
	works "ifb"
	balance firewall off
	works "ifb, firewall off"
	check_ge "packets by ifb0" "$(packets ifb0)" 100
}

# packets DEV: sent by it in $LB, bytes DEV
packets() { ip -n "$LB" -s -j link show "$1" | gojq '.[0].stats64.tx.packets'; }
bytes() { ip -n "$LB" -s -j link show "$1" | gojq '.[0].stats64.tx.bytes'; }

slow_qdisc() {
	local drops
	plain
	balance
	works "before"
	on "$LB" tc qdisc add dev eth1 root tbf rate 8mbit burst 10kb limit 15000 || fail "tc"
	pump 512
	drops=$(on "$LB" tc -s -j qdisc show dev eth1 | gojq '[.[].drops // 0] | add')
	note "$(tr '\n' ' ' <"$HAK_TMP/pump")drops $drops"
	check_eq "streams" "$(pumped alive)" 2
	check_ge "milliseconds for 8 Mbit" "$(pumped ms)" 700
	check_ge "dropped by the qdisc" "$drops" 1
	on "$LB" tc qdisc del dev eth1 root
	works "after"
}

# Two clients whose addresses share a place in the balancer's table of routes (on a
# little-endian machine): both at once.
one_slot() {
	local other=192.0.2.101 pid
	plain
	ip -n "$CL" addr add 198.18.0.34/32 dev eth0
	ip -n "$LB" route add 198.18.0.34/32 via 192.0.2.10
	ip -n "$LB" addr add $other/32 dev eth0
	ip -n "$CL" route add $other/32 dev eth0 src 198.18.0.34
	balance
	adm_ok "$LB" service add tcp $other:80 pool web
	on "$CL" "$LBT" pump $other 80 2 512 >"$HAK_TMP/other" &
	pid=$!
	pump 512
	wait $pid
	check_eq "streams" "$(pumped alive)" 2
	check_eq "streams of the other" "$(sed -n 's/^alive //p' "$HAK_TMP/other")" 2
	check_eq "clients" "$(adm "$LB" -o conn show | grep -c 198.18.0.34:)" 2
}

### rules ##############################################################

# sa NS FROM TO SPI, both ways known to both
sa() {
	on "$1" ip xfrm state add src "$2" dst "$3" proto esp spi "$4" reqid "$4" mode tunnel \
		enc 'cbc(aes)' 0x000102030405060708090a0b0c0d0e0f \
		auth-trunc 'hmac(sha256)' \
		0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128 ||
		fail "xfrm state"
}

# sp NS DIR FROM TO TUNNEL-FROM TUNNEL-TO SPI
sp() {
	ip -n "$1" xfrm policy add dir "$2" src "$3" dst "$4" tmpl src "$5" dst "$6" \
		proto esp reqid "$7" mode tunnel || fail "xfrm policy"
}

# What goes to a server is encrypted, as are its answers: a tunnel, since what is
# sent to the client in transport mode is not the balancer's to decrypt.
xfrm() {
	local c=192.0.2.0/24 s=198.51.100.8/29 ns
	plain
	balance
	for ns in "$LB" "$SV"; do
		sa "$ns" 198.51.100.1 $A 1
		sa "$ns" $A 198.51.100.1 2
	done
	sp "$LB" out $c $s 198.51.100.1 $A 1
	sp "$LB" fwd $s $c $A 198.51.100.1 2
	sp "$LB" in $s $c $A 198.51.100.1 2
	sp "$SV" in $c $s 198.51.100.1 $A 1
	sp "$SV" out $s $c $A 198.51.100.1 2
	egress "$LB" eth1
	egress "$SV" eth0
	works "tunnel"
	note "ESP $(counter "$LB" netdev w coded) there, $(counter "$SV" netdev w coded) back"
	check_ge "encrypted there" "$(counter "$LB" netdev w coded)" 100
	check_ge "encrypted back" "$(counter "$SV" netdev w coded)" 100
	check_eq "in clear there" "$(counter "$LB" netdev w clear)" 0
	check_eq "in clear back" "$(counter "$SV" netdev w clear)" 0
	balance firewall off
	works "tunnel, firewall off"
	# An answer in clear is none.
	ip -n "$SV" xfrm policy delete dir out src $s dst $c
	silent "answers in clear"
	check_ge "dropped for the policy" "$(dropped policy)" 1
	# Without keys nothing leaves.
	on "$LB" ip xfrm state flush
	silent "no keys"
	check_eq "in clear without keys" "$(counter "$LB" netdev w clear)" 0
	ip -n "$LB" xfrm policy flush
	ip -n "$SV" xfrm policy flush
	works "no policy any more"
}

# egress NS DEV: count what leaves
egress() {
	ruleset "$1" <<-EOT
		table netdev w {
			counter coded { }
			counter clear { }
			chain e {
				type filter hook egress device $2 priority 0
				ip protocol 50 counter name coded
				ip protocol != 50 counter name clear
			}
		}
	EOT
}

nft_netdev() {
	local fw
	plain
	for fw in on off; do
		PORTS="80 81 82 83" balance firewall $fw
		ruleset "$LB" <<-EOT
			table netdev w {
				counter in { }
				counter out { }
				chain i {
					type filter hook ingress device eth0 priority 0
					tcp dport 80 counter name in accept
					tcp dport 81 drop
				}
				chain e {
					type filter hook egress device eth1 priority 0
					tcp dport 80 counter name out accept
				}
				chain f {
					type filter hook egress device eth0 priority 0
					tcp sport 82 drop
				}
			}
		EOT
		works "firewall $fw"
		check_ge "counted coming" "$(counter "$LB" netdev w in)" 20
		check_ge "counted leaving" "$(counter "$LB" netdev w out)" 20
		silent "dropped coming and leaving, firewall $fw" 81 82
		check_eq "another port, firewall $fw" "$(ask tcp 2 100 83)" "$A 1 $B 1 "
	done
}

# The host watches connections and drops what it does not know.
conntrack() {
	local fw
	plain
	ruleset "$LB" <<-EOT
		table inet f {
			counter new { }
			chain i {
				type filter hook input priority 0; policy drop
				ct state invalid drop
				ct state established,related accept
				tcp dport 80 ct state new counter name new accept
				udp dport 80 accept
			}
			chain f {
				type filter hook forward priority 0; policy drop
				ct state invalid drop
			}
			chain o {
				type filter hook output priority 0
				ct state invalid drop
			}
			chain p {
				type filter hook postrouting priority 0
				ct state invalid drop
			}
		}
	EOT
	for fw in on off; do
		balance firewall $fw
		works "firewall $fw" 2048
		# a port that comes again
		check_eq "first, firewall $fw" "$(again)" 5
		check_eq "again, firewall $fw" "$(again)" 5
		[ $fw = off ] || check_ge "seen by the host" "$(counter "$LB" inet f new)" 16
	done
}

# again: five connections from the same ports, how many are answered
again() { on "$CL" "$LBT" map $VIP 80 5 40000 | grep -c ' 198'; }

rp_filter() {
	local fw
	plain
	on "$LB" sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1 \
		net.ipv4.conf.eth1.rp_filter=1
	for fw in on off; do
		balance firewall $fw
		works "strict, firewall $fw"
		flush_conns
		# A client with an address from the other side is a liar.
		ip -n "$CL" addr add 198.51.100.77/32 dev lo
		ip -n "$CL" route add $VIP/32 dev eth0 src 198.51.100.77
		silent "from the wrong side, firewall $fw"
		check_eq "connections, firewall $fw" "$(conns)" 0
		ip -n "$CL" route del $VIP/32 dev eth0
		ip -n "$CL" addr del 198.51.100.77/32 dev lo
	done
}

# behind_a_router: the ways to the servers, and to one of the clients, are in tables
# of their own; who looks into the main one finds none, or the wrong one
behind_a_router() {
	wires
	ip -n "$CL" addr add 192.0.2.10/24 dev eth0
	ip -n "$LB" -batch - <<-EOT || fail "routes"
		addr add 192.0.2.1/24 dev eth0
		addr add $VIP/32 dev eth0
		addr add 203.0.113.1/25 dev eth1
		route add unreachable 198.51.100.0/24
		route add 198.51.100.0/24 via 203.0.113.2 table 100
	EOT
	ip -n "$SV" -batch - <<-EOT || fail "routes of the servers"
		addr add 203.0.113.2/25 dev eth0
		addr add $A/32 dev lo
		addr add $B/32 dev lo
		route add default via 203.0.113.1
	EOT
	serve
}

rules_from() {
	behind_a_router
	balance
	check_eq "no rule" "$(ask tcp 1)" "unreachable 1 "
	ip -n "$LB" rule add from 192.0.2.0/24 lookup 100
	works "by the client's address"
	balance firewall off
	works "by the client's address, firewall off"
	# Another uplink for what our address sends.
	ip -n "$CL" addr add 203.0.113.200/32 dev lo
	ip -n "$CL" route add $VIP/32 dev eth0 src 203.0.113.200
	ip -n "$LB" rule add from 203.0.113.200 lookup 100
	ip -n "$LB" route add unreachable 203.0.113.200/32
	silent "no way back"
	ip -n "$LB" rule add from $VIP lookup 101
	ip -n "$LB" route add 203.0.113.200/32 via 192.0.2.10 dev eth0 table 101
	works "by our address"
	ip -n "$LB" rule del from 192.0.2.0/24
	ip -n "$LB" rule del from 203.0.113.200
	check_eq "no rule any more" "$(ask tcp 1)" "unreachable 1 "
}

rules_mark() {
	behind_a_router
	ip -n "$LB" rule add fwmark 7 lookup 100
	balance
	check_eq "no mark" "$(ask tcp 1)" "unreachable 1 "
	# before the balancer
	marks -500
	works "marked early"
	balance firewall off
	works "marked early, firewall off"
	# the balancer after the usual place for marks
	marks -150
	MORE="lb set hook -149" balance
	works "marked in mangle"
	MORE="lb set hook -149" balance firewall off
	works "marked in mangle, firewall off"
}

# marks PRIORITY: at PRE_ROUTING
marks() {
	ruleset "$LB" <<-EOT
		table ip m {
			chain p {
				type filter hook prerouting priority $1
				iifname eth0 meta mark set 7
			}
		}
	EOT
}

### checksums and large packets ########################################

# wrong_sums: at both ends
wrong_sums() {
	local ns
	for ns in "$CL" "$SV"; do
		on "$ns" nstat -az TcpInCsumErrors UdpInCsumErrors 2>/dev/null
	done | awk '/InCsum/ { n += $2 } END { print n + 0 }'
}

# features NS DEV FEATURE on|off...
features() {
	local ns=$1 dev=$2
	shift 2
	on "$ns" ethtool -K "$dev" "$@" >/dev/null 2>&1 || fail "ethtool -K $dev $*"
}

# everywhere FEATURE on|off...
everywhere() {
	features "$CL" eth0 "$@"
	features "$LB" eth0 "$@"
	features "$LB" eth1 "$@"
	features "$SV" eth0 "$@"
}

# large WHAT: works, and the bytes of a packet to the servers
large() {
	local p b
	p=$(packets eth1) b=$(bytes eth1)
	works "$1" 1024
	SIZE=$((($(bytes eth1) - b) / ($(packets eth1) - p)))
	note "$1: $SIZE bytes a packet"
}

offloads() {
	plain
	balance
	everywhere tx on tso on gso on gro off
	large "tso"
	check_ge "large packets" $SIZE 1600
	everywhere gro on
	large "tso, gro"
	everywhere tso off gso off
	large "gro alone"
	everywhere gro off
	large "nothing"
	check_le "no large packets" $SIZE 1514
	# What comes as one has to leave as many.
	everywhere tso on gso on
	features "$LB" eth1 tso off gso off
	large "tso, but not to the servers"
	check_eq "wrong checksums" "$(wrong_sums)" 0
}

# Many datagrams in one packet, from the client and put together here.
gso_datagrams() {
	local rx
	plain
	balance
	for rx in "rx-udp-gro-forwarding off" "rx-udp-gro-forwarding on" "rx-gro-list on"; do
		everywhere gro on $rx
		on "$CL" python3 - <<-EOF || fail "datagrams, $rx"
			import socket
			for i in range(8):
			    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
			    s.settimeout(5)
			    s.setsockopt(17, 103, 1000)  # UDP_SEGMENT
			    s.connect(("$VIP", 80))
			    sent = [b"%d %d " % (i, n) + b"x" * 996 for n in range(20)]
			    sent = [x[:1000] for x in sent]
			    s.send(b"".join(sent))
			    got = [s.recv(2000).split(b" ", 1)[1] for n in range(20)]
			    assert sorted(got) == sorted(sent), (len(got), got[0])
		EOF
	done
	check_eq "wrong checksums" "$(wrong_sums)" 0
}

no_tx_checksum() {
	plain
	balance
	features "$LB" eth1 tx off
	works "not to the servers"
	features "$LB" eth0 tx off
	works "nowhere here"
	features "$CL" eth0 tx off
	works "nor by the client"
	features "$LB" eth0 tx on
	features "$LB" eth1 tx on
	features "$SV" eth0 tx off
	works "not at the ends"
	check_eq "wrong checksums" "$(wrong_sums)" 0
}

hak_main "${@:-$ALL_CASES}"
