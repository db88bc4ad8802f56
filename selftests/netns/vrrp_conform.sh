#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Conformance to RFC 9568 with errata, seen from the wire: one tester, one
# router, a veth between them. A case is a row of the conformance table; rows
# that need another mode (IPv6, version 2, a virtual MAC, two nodes) are not
# here. Wants the virtual time of mode warp: deadlines are judged to 2 ms.
#
# DUT=keepalived plays the same rows against keepalived, to check the judge:
# rows that it is known to miss must fail.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=../lib.sh disable=SC1091,SC2317,SC2119,SC2086
. "$(dirname "$0")/../lib.sh"

DUT=${DUT:-hak}
D_IP=192.0.2.10 D_MAC=00:00:5e:00:53:0a T_MAC=00:00:5e:00:53:14
HI=192.0.2.20 LO=192.0.2.5
R=d0.51
I=200ms
# Active_Down_Interval for I = 200 ms, priority 100, and the tolerance
AD="721.8 723.9"
SUM=plain
[ "$DUT" = hak ] || SUM=pseudo

setup() {
	ns_create T D
	ip -n "$T" link add t0 address $T_MAC type veth peer name d0 netns "$D" address $D_MAC
	ip -n "$D" link set d0 up
	ip -n "$T" link set t0 up
	ip -n "$D" addr add $D_IP/24 dev d0
	ip -n "$D" neigh add $HI lladdr $T_MAC dev d0
	on "$D" sysctl -qw net.ipv4.conf.all.promote_secondaries=1 net.ipv4.conf.d0.promote_secondaries=1 \
		net.ipv4.icmp_ratelimit=0
	on "$T" sysctl -qw net.ipv6.conf.t0.disable_ipv6=1
	on "$D" sysctl -qw net.ipv6.conf.d0.disable_ipv6=1
	[ "$DUT" != hak ] || mod_load
	export T D R
}

### the device under test ##############################################

# dut_cmd [WORD VALUE]...: the shell command that makes it anew
dut_cmd() {
	if [ "$DUT" = hak ]; then
		case " $* " in *" interval "*) ;; *) set -- interval $I "$@" ;; esac
		# One frame an interval; `auto` has a case of its own.
		case " $* " in *" checksum "*) ;; *) set -- checksum plain "$@" ;; esac
		echo "$HAKADM -n $D vip add $VIP/24 dev d0 vrid 51 $*"
		return
	fi
	keepalived_cmd "$@"
}

keepalived_cmd() {
	local prio=100 int=0.2 lines=
	while [ $# -gt 0 ]; do
		case $1 in
		priority) prio=$2 ;;
		interval) int=$(awk -v t="$2" 'BEGIN { print t ~ /ms/ ? t / 1000 : t + 0 }') ;;
		preempt) [ "$2" = on ] || lines+=" nopreempt" ;;
		accept) [ "$2" = on ] || lines+=" no_accept" ;;
		esac
		shift 2
	done
	echo ". $HAK_SELFTESTS/lib.sh; HAK_TMP=$HAK_TMP; set +m; kp_start $D k d0 $prio $int $lines"
}

dut_stop() {
	rm -f "$HAK_TMP/dut"
	if [ "$DUT" = hak ]; then
		adm_flush "$D"
		return
	fi
	kp_stop k
}

# dut [WORD VALUE]...: it runs with these, in whatever state
dut() {
	local had
	had=$(cat "$HAK_TMP/dut" 2>/dev/null)
	WORDS="words $*"
	if [ "$had" = "$WORDS" ]; then
		rm -f "$HAK_TMP/dut"
		return
	fi
	dut_stop
	eval "$(dut_cmd "$@")" || fail "the router was refused"
}

# play <SCRIPT: with the defaults in its first line
play() {
	{
		echo "def smac=$T_MAC src=$HI addrs=$VIP int=20 sum=$SUM"
		cat
	} | on "$T" "$VRRPT" play t0 || fail "judged so"
	# Good enough for the next case to go on with.
	[ -z "$WORDS" ] || echo "$WORDS" >"$HAK_TMP/dut"
}

# forget: the next case shall not go on with this router
forget() { rm -f "$HAK_TMP/dut"; WORDS=; }

# yields KEY=VALUE...: an Active goes for such an advert
yields() {
	echo "wait advert within 5s
		sleep 30
		now a
		stream 6 260 prio=200 $*
		count advert 0 1 220 1560 from a
		wait advert within 45s"
}

# stays KEY=VALUE...: an Active does not even lose its rhythm
stays() {
	echo "wait advert within 5s
		mark a
		sleep 30
		stream 6 260 prio=200 $*
		period advert 199 201 -1 1601 from a"
}

# starve KEY=VALUE...: nor when they come faster than it sends
starve() {
	echo "wait advert within 5s
		mark a
		stream 38 80 prio=200 $*
		count advert 14 16 1 3001 from a
		period advert 199 201 -1 3001 from a"
}

# drops REASON: the counter
drops() { router_json "$D" $R ".counters.dropped.$1"; }

# dropped REASON LEAST SCRIPT: the script makes the counter grow by LEAST
dropped() {
	local a b reason=$1 least=$2
	if [ "$DUT" != hak ]; then
		play
		return
	fi
	a=$(drops "$reason")
	play
	b=$(drops "$reason")
	check_ge "drop counter $reason" $((b - a)) "$least"
}

### rows 1-17: what is sent ############################################

r001_advert() {
	dut
	play <<-END
	wait advert within 5s
	assert proto=112 ttl=255 tos=192 ihl=20 src=$D_IP dst=224.0.0.18 smac=$D_MAC dmac=01:00:5e:00:00:12
	assert ver=3 type=1 vrid=51 prio=100 cnt=1 len=12 addrs=$VIP rsvd=0 int=20
	END
}

r002_checksum_plain() {
	dut checksum plain
	play <<-END
	wait advert within 5s
	assert sum=plain
	# a peer with the other form changes nothing
	send prio=50 sum=pseudo
	expect advert 0 1
	assert sum=plain
	expect advert 0 201
	assert sum=plain
	END
}

r003_checksum_pseudo() {
	dut checksum pseudo
	play <<-END
	wait advert within 5s
	assert sum=pseudo
	send prio=50 sum=plain
	expect advert 0 201
	assert sum=pseudo
	END
}

r004_checksum_auto() {
	dut checksum auto
	forget
	play <<-END
	wait advert within 5s
	assert sum=plain
	send prio=50 sum=pseudo
	expect advert 0 201
	assert sum=pseudo
	sleep 450
	wait advert
	assert sum=pseudo
	# and as a Backup: either form is heard, the last one is kept
	stream 4 200 sum=plain
	expect advert $AD
	assert sum=plain
	stream 4 200 sum=pseudo
	expect advert $AD
	assert sum=pseudo
	END
}

# forty: the file of a router with 40 addresses
forty() {
	local i
	dut_stop
	{
		echo "router add F dev d0 vrid 51 interval 200ms"
		for ((i = 40; i >= 1; i--)); do
			echo "vip add 198.51.100.$i/32 router F"
		done
	} >"$HAK_TMP/forty.conf"
	WORDS=
}

r005_forty_addresses() {
	local i list=
	for ((i = 40; i >= 1; i--)); do list+=,198.51.100.$i; done
	forty
	adm_ok "$D" load "$HAK_TMP/forty.conf"
	play <<-END
	wait advert within 5s
	assert cnt=40 len=168 addrs=${list#,} sum=plain
	END
}

r006_interval_field() {
	local c
	for c in 10ms=1 200ms=20 40950ms=4095; do
		dut interval ${c%=*} priority 255
		forget
		dut_stop
		play <<-END
		run $(dut_cmd interval ${c%=*} priority 255)
		expect advert prio=255 0 5s from run0
		assert int=${c#*=} rsvd=0
		END
	done
}

r008_rhythm() {
	dut interval 10ms
	forget
	play <<-END
	wait advert within 5s
	sleep 100
	now a
	sleep 10s
	mean advert 9.98 10.02 0 10s from a
	period advert 0 12 0 10s from a
	count advert 999 1001 0 10s from a
	END
}

r010_backup_is_silent() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	now a
	stream 37 200
	none advert 0 7200 from a
	none garp 0 7200 from a
	expect advert $AD
	END
}

r011_igmp_report() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	expect igmp group=224.0.0.18 0 12s from run0
	END
}

r014_address_on_active() {
	local a=192.0.2.101
	dut
	forget
	play <<-END
	wait advert within 5s
	run $HAKADM -n $D vip add $a/24 dev d0 vrid 51
	expect advert cnt=2 0 5s from run0
	at -5s 202 from run1
	assert addrs=$VIP,$a
	count garp spa=$a sha=$D_MAC 1 9 0 700 from run0
	arp $a
	expect arpreply spa=$a sha=$D_MAC 0 5
	run $HAKADM -n $D vip del $a/24 dev d0 vrid 51
	expect advert cnt=1 0 5s from run0
	at -5s 202 from run1
	assert addrs=$VIP
	arp $a
	none arpreply spa=$a 0 300
	arp $VIP
	expect arpreply spa=$VIP 0 5
	END
}

r015_address_on_backup() {
	local a=192.0.2.101
	dut_stop
	play <<-END
	run $(dut_cmd)
	now a
	stream 3 200
	run $HAKADM -n $D vip add $a/24 dev d0 vrid 51
	stream 3 200
	run $HAKADM -n $D vip del $a/24 dev d0 vrid 51
	stream 3 200
	run [ -n "\$($HAKADM -n $D -o router show $R state Backup)" ]
	now b
	none any sha=$D_MAC -1900 0 from b
	none advert -1900 0 from b
	stream 1 1
	expect advert $AD
	END
}

# stop COMMAND: an Active says so, once, and falls silent
stop_script() {
	echo "wait advert within 5s
		sleep 50
		run $1
		expect advert prio=0 0 5s from run0
		at -5s 5 from run1
		mark z
		count advert prio=0 1 1 -1 1500 from z
		none advert prio!=0 0.001 1500 from z"
}

r016_stop_disable() {
	dut
	forget
	stop_script "$HAKADM -n $D router set $R enable off" | play
}

r016_stop_delete() {
	dut
	forget
	stop_script "$HAKADM -n $D vip del $VIP/24 dev d0 vrid 51" | play
	check_eq "routers left" "$(adm "$D" -o router show)" ""
}

r016_stop_flush() {
	dut
	forget
	stop_script "$HAKADM -n $D flush" | play
}

r016_stop_rmmod() {
	dut
	forget
	stop_script "rmmod hak" | play
	check_not "address after rmmod" has_addr "$D" "$VIP"
	mod_load
}

r016_stop_netns() {
	local d=$D
	ns_create E
	ip -n "$T" link add t1 type veth peer name d0 netns "$E"
	ip -n "$E" link set d0 up
	ip -n "$T" link set t1 up
	ip -n "$E" addr add $D_IP/24 dev d0
	D=$E
	eval "$(dut_cmd)"
	D=$d
	echo "wait advert within 5s
		sleep 50
		run ip netns del $E
		expect advert prio=0 0 5s from run0" | on "$T" "$VRRPT" play t1 || fail "judged so"
}

r017_stop_backup() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	stream 3 200
	now a
	run $HAKADM -n $D router set $R enable off
	none any sha=$D_MAC 0 1500 from a
	none advert 0 1500 from a
	run $HAKADM -n $D router set $R enable on
	expect advert 721.8 5s from run0
	at -5s 723.9 from run1
	END
}

r018_admin_down() {
	dut
	forget
	play <<-END
	wait advert within 5s
	sleep 50
	run ip -n $D link set d0 down
	expect advert prio=0 0 5s from run0
	at -5s 1 from run1
	mark z
	none advert 0.001 1200 from z
	run ip -n $D link set d0 up
	expect advert prio=100 721.8 4s from run0
	END
}

### rows 21-37: deadlines of a Backup ##################################

# start PRIORITY MIN MAX: first advert after the start
start_at() {
	dut_stop
	play <<-END
	run $(dut_cmd priority "$1")
	expect advert 0 5s from run0
	at $2 5s from run0
	at -5s $3 from run1
	assert prio=$1
	END
}

r021_start() {
	start_at 1 799.1 801.2
	start_at 100 721.8 723.9
	start_at 254 601.5 603.6
}

r022_start_owner() {
	dut_stop
	play <<-END
	run $(dut_cmd priority 255)
	expect advert 0 5s from run0
	at -5s 20 from run1
	assert prio=255
	expect garp spa=$VIP 0 5
	END
}

r023_silence() {
	dut
	play <<-END
	stream 5 200
	expect advert $AD
	END
}

r024_learned_longer() {
	dut
	play <<-END
	stream 2 1s int=100
	expect advert 3609.3 3611.4
	END
}

r025_learned_shorter() {
	dut
	play <<-END
	stream 5 50 int=5
	expect advert 180.4 182.5
	END
}

r026_centisecond() {
	dut interval 10ms
	play <<-END
	repeat 30
	sleepi 0.37
	stream 5 10 int=1
	expect advert 36.0 38.1
	end
	END
}

r028_priority_0() {
	dut
	play <<-END
	stream 3 200
	send prio=0
	expect advert 121.8 123.9
	stream 3 1s int=100
	send prio=0 int=100
	expect advert 609.3 611.4
	END
}

r029_priority_0_centisecond() {
	dut interval 10ms
	play <<-END
	repeat 10
	sleepi 1.1
	stream 5 10 int=1
	send prio=0 int=1
	expect advert 6.0 8.1
	end
	END
}

r030_priority_0_then_advert() {
	dut
	play <<-END
	stream 3 200
	send prio=0
	sleep 60
	send prio=200
	expect advert $AD
	END
}

r031_reserved_bits() {
	dut
	play <<-END
	stream 5 200 rsvd=15
	expect advert $AD
	END
}

r032_preempt() {
	dut
	play <<-END
	stream 5 200
	mark s
	sleep 100
	stream 5 150 prio=50
	expect advert $AD from s
	END
}

r033_no_preempt() {
	dut preempt off
	play <<-END
	stream 2 200
	stream 10 180 prio=50
	none advert -1800 700
	expect advert $AD
	END
}

r034_no_preempt_priority_0() {
	dut preempt off
	play <<-END
	stream 2 200
	stream 3 200 prio=50
	send prio=0
	expect advert 121.8 123.9
	END
}

r035_equal_priority() {
	dut
	play <<-END
	stream 1 1 prio=200
	stream 5 200 prio=100 src=$LO
	none advert -800 700
	expect advert $AD
	END
}

r036_discarded_interval() {
	dut
	play <<-END
	stream 5 200
	mark s
	sleep 100
	send prio=50 int=4095
	expect advert $AD from s
	END
}

r037_interval_changes() {
	dut
	play <<-END
	stream 3 200
	stream 3 1s int=100
	stream 3 200
	expect advert $AD
	END
}

### rows 40-51: an Active hears others #################################

r040_superior() {
	dut
	play <<-END
	stream 3 200
	expect advert $AD
	# the announcements of a new Active are still going on here
	sleep 50
	send prio=200
	mark s
	# the one more that tells the winner of its rival
	expect advert 0 1 from s
	sleep 10
	run [ -z "\$(ip -n $D -o addr show to $VIP/32)" ]
	none advert 1 700 from s
	none garp 1 700 from s
	expect advert $AD from s
	END
}

r041_equal_priority() {
	dut
	play <<-END
	wait advert within 5s
	sleep 50
	send prio=100 src=$HI
	mark s
	expect advert 0 1 from s
	none advert 1 700 from s
	expect advert $AD from s
	mark a
	sleep 50
	send prio=100 src=$LO
	expect advert 0 1
	expect advert 199 201 from a
	END
}

# primary ADDRESS: the router's own
primary() {
	ip -n "$D" addr flush dev d0
	ip -n "$D" addr add "$1/24" dev d0
	ip -n "$D" neigh replace $HI lladdr $T_MAC dev d0
}

r042_unsigned_compare() {
	dut_stop
	primary 192.0.2.127
	dut
	forget
	play <<-END
	wait advert within 5s
	assert src=192.0.2.127
	send prio=100 src=192.0.2.128
	mark s
	expect advert 0 1 from s
	none advert 1 700 from s
	expect advert $AD from s
	END
	dut_stop
	primary 192.0.2.128
	dut
	forget
	play <<-END
	wait advert within 5s
	assert src=192.0.2.128
	sleep 20
	send prio=100 src=192.0.2.127
	expect advert 0 1
	wait advert within 202ms
	END
	dut_stop
	primary $D_IP
}

r043_inferior() {
	dut
	play <<-END
	wait advert within 5s
	sleep 70
	send prio=50
	expect advert 0 1
	assert prio=100
	END
}

r044_inferior_keeps_rhythm() {
	dut
	play <<-END
	wait advert within 5s
	mark a
	sleep 70
	send prio=50
	expect advert 0 1
	expect advert 199 201 from a
	expect advert 399 401 from a
	END
}

r045_inferior_flood() {
	dut
	play <<-END
	wait advert within 5s
	sleep 3s
	now a
	stream 10000 0.1 prio=50
	count advert 4 110 0 1000 from a
	count garp 0 8 0 2000 from a
	wait advert within 250ms
	END
}

r046_priority_0_to_active() {
	dut
	play <<-END
	wait advert within 5s
	sleep 70
	send prio=0
	expect advert 0 1
	expect advert 199 201
	END
}

r047_superior_once_learned() {
	dut
	play <<-END
	wait advert within 5s
	send prio=200 int=100
	mark s
	expect advert 0 1 from s
	expect advert 3609.3 3611.4 from s
	END
}

r048_reflected() {
	dut
	play <<-END
	wait advert within 5s
	mark a
	sleep 20
	reflect 5 30
	count advert 2 2 1 401 from a
	period advert 199 201 -1 601 from a
	END
}

r049_own_source() {
	dut
	dropped duplicate_primary 6 < <(stays src=$D_IP)
	[ "$DUT" != hak ] || check "alarm" alarm_has "$D" duplicate-primary
	# also from a host that is not sending the same priority
	dropped duplicate_primary 6 < <(stays src=$D_IP prio=255)
}

r050_owner_hears_owner() {
	dut priority 255
	play <<-END
	wait advert within 5s
	send prio=255 src=$HI
	mark s
	expect advert 0 1 from s
	none advert 1 590 from s
	expect advert 600.7 602.9 from s
	sleep 50
	send prio=255 src=$LO
	expect advert 0 1
	END
}

r051_owner_hears_200() {
	dut priority 255
	play <<-END
	wait advert within 5s
	sleep 50
	send prio=200
	expect advert 0 1
	assert prio=255
	wait advert within 202ms
	assert prio=255
	END
}

### rows 52-83: what is no advert ######################################

r052_ttl() {
	dut
	dropped ip_ttl 12 < <(stays ttl=254; stays ttl=1)
}

r053_version() {
	dut
	dropped version 18 < <(stays ver=1; stays ver=4; stays ver=2 int=100)
}

r054_type() {
	dut
	dropped invalid_type 12 < <(stays type=0; stays type=2)
}

r055_checksum() {
	dut
	dropped checksum 12 < <(stays sum=wrong; stays sum=zero)
}

r056_other_vrid() {
	dut
	stays vrid=52 | play
}

r057_count_0() {
	dut
	dropped address_list 6 < <(stays cnt=0)
}

r059_count_too_large() {
	dut
	dropped address_list 12 < <(stays cnt=2; stays cnt=255)
}

r060_short() {
	dut
	# without a byte of payload it is no router's packet, nobody counts it
	dropped packet_length 12 < <(stays cut=0; stays cut=4; stays cut=7)
}

r061_255_addresses() {
	dut
	play <<-END
	wait advert within 5s
	send prio=200 addrs=198.51.100.0*255
	mark s
	# taken or counted; alive in any case
	wait advert within 2s
	send prio=200 cnt=255 addrs=198.51.100.0*254
	wait advert within 2s
	END
}

r062_interval_0() {
	dut
	dropped interval 6 < <(stays int=0)
}

r063_interval_0_once() {
	dut
	play <<-END
	wait advert within 5s
	mark a
	sleep 30
	send prio=200 int=0
	count advert 24 26 1 5001 from a
	END
}

r065_starve() {
	local s=
	dut
	for s in ttl=254 ver=2 type=2 sum=wrong cut=7 int=0 cnt=0 src=$D_IP src=0.0.0.0; do
		starve "$s"
	done | play
}

r066_reserved_bits_superior() {
	dut
	yields rsvd=15 | play
}

r067_other_addresses() {
	dut
	yields addrs=192.0.2.200 | play
	[ "$DUT" != hak ] || check "alarm" alarm_has "$D" address-mismatch
}

r068_other_count() {
	dut
	yields addrs="$VIP,192.0.2.101" | play
}

r069_other_interval() {
	dut
	play <<-END
	wait advert within 5s
	stream 6 260 prio=200 int=50
	none advert -1200 1800
	expect advert 1804.6 1806.7
	END
}

r076_physical_mac() {
	dut
	yields smac=00:00:5e:00:53:99 | play
}

r077_router_alert() {
	dut
	yields opt=1 | play
}

r078_unicast() {
	dut
	stays dst=$D_IP dmac=$D_MAC | play
}

r079_not_ours() {
	dut
	{
		stays dst=224.0.0.19 dmac=01:00:5e:00:00:12
		stays proto=113
		stays off=0x2000
		stays off=0x0008
	} | play
}

r080_source_0() {
	dut
	dropped source 6 < <(stays src=0.0.0.0)
}

r081_off_subnet() {
	dut
	yields src=198.51.100.7 | play
}

r082_carp() {
	dut
	dropped carp 6 < <(stays carp=1)
}

r083_trailer() {
	dut
	# taken or dropped, but alive
	play <<-END
	wait advert within 5s
	stream 6 260 prio=200 trail=8
	wait advert within 2s
	END
}

### rows 91-104: ARP and the addresses #################################

r091_garp() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	expect advert 0 5s from run0
	expect garp 0 5
	assert op=1 spa=$VIP tpa=$VIP sha=$D_MAC smac=$D_MAC dmac=ff:ff:ff:ff:ff:ff
	count garp 4 4 -100 3s
	END
}

r092_forty_announced() {
	local i
	forty
	{
		echo "run $HAKADM -n $D load $HAK_TMP/forty.conf >/dev/null"
		echo "expect advert 0 5s from run0"
		echo "mark a"
		for ((i = 1; i <= 40; i++)); do
			echo "count garp spa=198.51.100.$i sha=$D_MAC 1 2 -1 250 from a"
		done
	} | play
}

r096_arp_in_backup() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	stream 3 200
	arp $VIP
	none arpreply spa=$VIP 0 150
	send
	probe $VIP
	none arpreply spa=$VIP 0 150
	# the own address is still answered for
	send
	arp $D_IP
	expect arpreply spa=$D_IP 0 5
	# and as Active
	expect advert 0 3s
	arp $VIP
	expect arpreply spa=$VIP sha=$D_MAC 0 5
	END
}

r101_ping_backup() {
	dut_stop
	play <<-END
	peer $D_MAC
	run $(dut_cmd)
	stream 3 200
	ping $VIP
	none echoreply 0 150
	send
	ping $D_IP
	expect echoreply src=$D_IP 0 5
	END
}

r103_accept_off() {
	dut accept off
	play <<-END
	wait advert within 5s
	sleep 50
	ping $VIP
	none echoreply src=$VIP 0 300
	arp $VIP
	expect arpreply spa=$VIP sha=$D_MAC 0 5
	ping $D_IP
	expect echoreply src=$D_IP 0 5
	END
}

r104_accept_on() {
	dut accept on
	play <<-END
	wait advert within 5s
	sleep 50
	ping $VIP
	expect echoreply src=$VIP 0 5
	END
}

### rows 109-116: what else happens ####################################

r109_carrier_loss() {
	dut
	forget
	play <<-END
	wait advert within 5s
	run ip -n $T link set t0 down
	sleep 1s
	run [ -n "\$($HAKADM -n $D -o router show $R state Initialize)" ] && [ -z "\$(ip -n $D -o addr show to $VIP/32)" ]
	run ip -n $T link set t0 up
	expect advert 721.8 5s from run0
	at 0 2s from run1
	expect garp spa=$VIP 0 5
	END
}

r110_primary_replaced() {
	dut
	forget
	play <<-END
	wait advert within 5s
	run ip -n $D addr add 192.0.2.11/24 dev d0 && ip -n $D addr del $D_IP/24 dev d0
	run ip -n $D neigh replace $HI lladdr $T_MAC dev d0
	sleep 202
	wait advert within 1s
	assert src=192.0.2.11 prio=100
	ping $VIP
	expect echoreply src=$VIP 0 5
	END
	dut_stop
	primary $D_IP
}

r110_primary_removed() {
	dut
	forget
	# no address of its own left: never a silent Active, never a VIP as source
	play <<-END
	wait advert within 5s
	run ip -n $D addr del $D_IP/24 dev d0
	expect advert prio=0 0 400 from run0
	none advert src=$VIP 0 1500 from run0
	run [ -n "\$($HAKADM -n $D -o router show $R state Initialize)" ]
	run ip -n $D addr add $D_IP/24 dev d0
	expect advert prio=100 721.8 3s from run0
	assert src=$D_IP
	END
	dut_stop
	primary $D_IP
}

r111_track() {
	dut_stop
	adm_ok "$D" track add W report initial up
	adm_ok "$D" track add F report initial up
	eval "$(dut_cmd)"
	adm_ok "$D" router set $R track W weight -60 track F
	play <<-END
	wait advert within 5s
	assert prio=100
	sleep 50
	run $HAKADM -n $D track report W down reason "test says so"
	expect advert prio=40 0 5s from run0
	at -5s 202 from run1
	run $HAKADM -n $D track report W up
	expect advert prio=100 0 5s from run0
	at -5s 202 from run1
	run $HAKADM -n $D track report F down
	expect advert prio=0 0 5s from run0
	at -5s 10 from run1
	none advert 1 1500
	run $HAKADM -n $D track report F up
	expect advert prio=100 721.8 5s from run0
	END
}

r112_change_while_active() {
	dut
	forget
	play <<-END
	wait advert within 5s
	sleep 50
	run $HAKADM -n $D router set $R priority 150
	expect advert prio=150 0 5s from run0
	at -5s 202 from run1
	run $HAKADM -n $D router set $R interval 100ms
	expect advert int=10 0 5s from run0
	at -5s 202 from run1
	mark a
	period advert 0 201 0 2s from a
	count advert 18 22 0 2s from a
	none advert prio=0 -2s 2s from a
	END
	check_eq "transitions" "$(router_json "$D" $R .state)" Active
}

r116_nft_input_drop() {
	dut
	on "$D" nft "add table inet t; add chain inet t i { type filter hook input priority -400; policy accept; }; add rule inet t i ip protocol 112 drop"
	play <<-END
	stream 10 200
	none advert -1700 700
	expect advert $AD
	END
	on "$D" nft delete table inet t
}

ALL_CASES=$(declare -F | sed -n 's/^declare -f \(r[0-9][0-9][0-9]_.*\)/\1/p' | sort | tr '\n' ' ')
hak_main "${@:-$ALL_CASES}"
