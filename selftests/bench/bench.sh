#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Mode: warp
#
# What a packet costs: instructions from a device's receive to the other device's
# transmit, less those of the same packet dropped at ingress (the floor). One
# connection, established; TCP with 26 bytes of payload. Each system alone, all in
# the same guest:
#
#   client 192.0.2.10 --- in0 (dummy) [ $LB ] out0 (dummy) --- server 198.51.100.11
#
# A line "# bench SYSTEM WHAT INSTRUCTIONS" for each; the bars are judged here.

# shellcheck disable=SC2046,SC2086,SC2119,SC2317 # cases are called by name; words
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

CASE_TIMEOUT=600
INJECT=$HAK_TOOLS/inject
INJECT_KO=${HAK_INJECT_KO:-$HAK_TREE/build/$(uname -r)/kmod/test/hak_inject.ko}
CLIENT=192.0.2.10 SERVER=198.51.100.11 VIP=192.0.2.100
CLIENT6=2001:db8:1::10 SERVER6=2001:db8:2::11 VIP6=2001:db8:1::100
FIGURES=$HAK_TMP/figures
ALL_CASES="floor forward unhandled hak ipvs nft_flowtable ipv6 bars"

setup() {
	insmod "$INJECT_KO" || fail "insmod $INJECT_KO"
	: >"$FIGURES"
	ns_create LB
	on "$LB" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	device in0 192.0.2.1/24 $CLIENT
	device out0 198.51.100.1/24 $SERVER
	on "$LB" sysctl -qw net.ipv4.ip_forward=1
}

teardown() {
	ns_destroy "$LB"
	rmmod hak_inject
}

# device DEV ADDRESS NEIGHBOUR
device() {
	ip -n "$LB" link add "$1" type dummy
	ip -n "$LB" link set "$1" arp on multicast on up
	ip -n "$LB" addr add "$2" dev "$1"
	ip -n "$LB" neigh replace "$3" lladdr 00:00:5e:00:53:99 dev "$1" nud permanent
}

figure() {
	printf '# bench %-14s %-10s %s\n' "$1" "$2" "$3" | tee -a "$FIGURES"
}

# got SYSTEM WHAT: a figure of before
got() { awk -v s="$1" -v w="$2" '$3 == s && $4 == w { print $5 }' "$FIGURES"; }

sent() { ip netns exec "$LB" cat "/sys/class/net/$1/statistics/tx_packets"; }

inject() { on "$LB" "$INJECT" "$@" || fail "inject $*"; }

# measure SYSTEM WHAT OUT-DEVICE INJECT-ARGUMENTS...: path of the median packet. Each
# of them must have left by OUT-DEVICE.
measure() {
	local system=$1 what=$2 out=$3 before median least
	shift 3
	[ "$what" = new ] || inject "$@" >/dev/null	# what is made at first use
	before=$(sent "$out")
	inject "$@" >"$HAK_TMP/inject"
	read -r least median _ <"$HAK_TMP/inject"
	check_ge "$system $what: sent" "$(($(sent "$out") - before))" "$PACKETS"
	note "$system $what: at least $least, median $median in all"
	figure "$system" "$what" $((median - $(got floor all)))
}

PACKETS=$((64 * 51))

# The packets of one connection to DESTINATION; from the server's side they come
# as the server sends them.
client() { echo in0 tcp "$CLIENT" 40000 "$1" 80; }
server() { echo out0 tcp "$SERVER" 80 "$CLIENT" 40000; }
data_in() { echo "$(client "$1") PA 1001 5001 26"; }
data_out() { echo "$(server) PA 5001 1027 26"; }

# handshake DESTINATION
handshake() {
	{
		inject -c 1 -b 1 $(client "$1") S 1000 0
		inject -c 1 -b 1 $(server) SA 5000 1001
		inject -c 1 -b 1 $(client "$1") A 1001 5001
	} >/dev/null
}

# both SYSTEM DESTINATION: in and reply
both() {
	handshake "$2"
	measure "$1" in out0 $(data_in "$2")
	measure "$1" reply in0 $(data_out)
}

# new SYSTEM: a SYN that begins a connection, and all that makes
new() {
	local PACKETS=5100
	measure "$1" new out0 -v -c 100 in0 tcp "$CLIENT" 10000 "$VIP" 80 S 1000 0
}

floor() {
	local median
	inject -x $(data_in $VIP) >"$HAK_TMP/inject"
	read -r _ median _ <"$HAK_TMP/inject"
	figure floor all "$median"
}

forward() {
	measure forward in out0 $(data_in $SERVER)
	measure forward reply in0 $(data_out)
}

# Active, and as it stays: a router that hears no adverts listens at another place,
# too, which is dear and ends after 82 s.
router() {
	adm_ok "$LB" vip add $VIP/24 dev in0 vrid 51 accept on
	wait_state "$LB" in0.51 Active
	settle 90000
}

service() {
	adm_ok "$LB" pool add web
	adm_ok "$LB" server add $SERVER pool web
	adm_ok "$LB" service add tcp "$(address_of $VIP):80" pool web
}

# What forwarding costs more beside a router, a service and a connection. A host
# that has a hook in the same place already, such as nft's, pays less for another.
beside() { measure "beside-$1" in out0 $(data_in $SERVER); }
more() { figure unhandled "$1" $(($(got "beside-$1" in) - $(got "$2" in))); }

unhandled() {
	mod_load
	service
	beside service
	more service forward
	adm_flush "$LB"
	router
	beside router
	more router forward
	service
	handshake $VIP
	beside both
	more both forward
	figure unhandled balancer $(($(got beside-both in) - $(got beside-router in)))
	adm_flush "$LB"
	mod_unload
}

slab() { cat "/sys/kernel/slab/$1/slab_size"; }

hak() {
	mod_load
	router
	service
	both hak $VIP
	new hak
	figure hak bytes "$(slab hak_conn)"
	adm_flush "$LB"
	mod_unload
}

ipvs() {
	ip -n "$LB" addr add $VIP/24 dev in0
	modprobe -a ip_vs ip_vs_wrr || fail "no ip_vs"
	on "$LB" ipvsadm -A -t $VIP:80 -s wrr
	on "$LB" ipvsadm -a -t $VIP:80 -r $SERVER -m
	both ipvs $VIP
	new ipvs
	figure ipvs bytes "$(slab ip_vs_conn)"
	on "$LB" ipvsadm -C
	ip -n "$LB" addr del $VIP/24 dev in0
	rmmod ip_vs_wrr ip_vs
}

# address_of ADDRESS: where a port follows
address_of() { [[ $1 == *:* ]] && echo "[$1]" || echo "$1"; }

# The same with IPv6, beside IPVS and forwarding. Last of all: the others have none.
ipv6() {
	local CLIENT=$CLIENT6 SERVER=$SERVER6 VIP=$VIP6 dev
	for dev in in0 out0; do
		on "$LB" sysctl -qw net.ipv6.conf.$dev.disable_ipv6=0
	done
	on "$LB" sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n "$LB" addr add 2001:db8:1::1/64 dev in0 nodad
	ip -n "$LB" addr add 2001:db8:2::1/64 dev out0 nodad
	ip -n "$LB" neigh replace $CLIENT lladdr 00:00:5e:00:53:99 dev in0 nud permanent
	ip -n "$LB" neigh replace $SERVER lladdr 00:00:5e:00:53:99 dev out0 nud permanent
	settle 5000
	measure forward6 in out0 $(data_in $SERVER)
	measure forward6 reply in0 $(data_out)
	mod_load
	adm_ok "$LB" vip add $VIP/64 dev in0 vrid 51 accept on
	wait_state "$LB" in0.51v6 Active
	settle 90000
	service
	both hak6 $VIP
	new hak6
	figure hak6 bytes "$(slab hak_conn6)"
	adm_flush "$LB"
	mod_unload
	ip -n "$LB" addr add $VIP/128 dev in0 nodad
	modprobe -a ip_vs ip_vs_wrr || fail "no ip_vs"
	on "$LB" ipvsadm -A -t "[$VIP]:80" -s wrr
	on "$LB" ipvsadm -a -t "[$VIP]:80" -r "[$SERVER]:80" -m
	both ipvs6 $VIP
	new ipvs6
	on "$LB" ipvsadm -C
	rmmod ip_vs_wrr ip_vs
}

nft_flowtable() {
	on "$LB" nft -f - <<-EOF || fail "nft"
	table ip bench {
		flowtable f {
			hook ingress priority 0; devices = { in0, out0 }
		}
		chain to_server {
			type nat hook prerouting priority dstnat;
			ip daddr $VIP tcp dport 80 dnat to $SERVER
		}
		chain passing {
			type filter hook forward priority filter;
			ct state established flow add @f
		}
	}
	EOF
	ip -n "$LB" addr add $VIP/24 dev in0
	both nft-flowtable $VIP
	on "$LB" nft delete table ip bench
	ip -n "$LB" addr del $VIP/24 dev in0
}

# bar WHAT HAK LIMIT
bar() {
	note "$1: $2, at most $3"
	check_le "$1" "$2" "$3"
}

bars() {
	local what
	for what in in reply; do
		bar "$what: half of IPVS" "$(got hak $what)" "$(($(got ipvs $what) / 2))"
		bar "$what: half of IPVS, IPv6" "$(got hak6 $what)" "$(($(got ipvs6 $what) / 2))"
		bar "$what: IPv6 beside IPv4, 15 %" "$(got hak6 $what)" "$(($(got hak $what) * 115 / 100))"
	done
	bar "bytes of a connection, IPv6" "$(got hak6 bytes)" 256
	bar "bytes of a connection" "$(got hak bytes)" 192
	bar "packets of others, balancer beside a router" "$(got unhandled balancer)" 60
}

hak_main "${@:-$ALL_CASES}"
