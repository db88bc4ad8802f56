#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv4, version 3: what is sent, and starting and stopping.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

r001_advert() {
	dut
	play <<-END
	wait advert within 5s
	assert proto=112 ttl=255 ihl=20 src=$D_IP dst=224.0.0.18 smac=$V_MAC dmac=01:00:5e:00:00:12
	assert ver=3 type=1 vrid=51 prio=100 cnt=1 len=12 addrs=$VIP rsvd=0 int=20
	END
	[ "$DUT" != hak ] || play <<<"wait advert within 1s
		assert tos=192"
}

# The word that many users live with instead.
r001_advert_physical_mac() {
	only_hak
	dut vmac off
	play <<-END
	wait advert within 5s
	assert src=$D_IP dst=224.0.0.18 smac=$D_MAC dmac=01:00:5e:00:00:12
	END
}

r002_checksum_plain() {
	[ "$DUT" != hak ] || dut checksum plain
	[ "$DUT" = hak ] || dut
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
	[ "$DUT" != hak ] || dut checksum pseudo
	[ "$DUT" = hak ] || dut
	play <<-END
	wait advert within 5s
	assert sum=pseudo
	send prio=50 sum=plain
	expect advert 0 201
	assert sum=pseudo
	END
}

r004_checksum_auto() {
	only_hak
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

# forty: addresses in an order that is not theirs
forty() {
	local i list=
	for ((i = 40; i >= 1; i--)); do list+=,198.51.100.$i; done
	echo "${list#,}"
}

r005_forty_addresses() {
	dut addresses "$(forty)"
	play <<-END
	wait advert within 5s
	assert cnt=40 len=168 addrs=$(forty)
	END
}

r006_interval_field() {
	local c
	for c in 10ms=1 200ms=20 40950ms=4095; do
		dut_stop
		play <<-END
		run $(dut_cmd interval ${c%=*} priority 255)
		wait advert within 200s
		assert int=${c#*=} rsvd=0
		END
	done
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
	run $(dut_do add $a)
	expect advert cnt=2 0 5s from run0
	at -5s 202 from run1
	assert addrs=$VIP,$a
	count garp spa=$a sha=$V_MAC 1 20 -3s 700 from run1
	arp $a
	expect arpreply spa=$a sha=$V_MAC 0 5
	run $(dut_do del $a)
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
	run $(dut_do add $a)
	stream 3 200
	run $(dut_do del $a)
	stream 3 200
	none garp 0 1700 from a
	none advert 0 1700 from a
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
	stop_script "$(dut_do stop)" | play
}

r016_stop_delete() {
	only_hak "the daemon is what can be stopped"
	dut
	forget
	stop_script "$HAKADM -n $D vip del $VIP/24 dev d0 vrid 51" | play
	check_eq "routers left" "$(adm "$D" -o router show)" ""
}

r016_stop_flush() {
	only_hak "the daemon is what can be stopped"
	dut
	forget
	stop_script "$HAKADM -n $D flush" | play
}

r016_stop_rmmod() {
	only_hak "the daemon is what can be stopped"
	dut
	forget
	stop_script "rmmod hak" | play
	check_not "address after rmmod" has_addr "$D" "$VIP"
	mod_load
}

r016_stop_netns() {
	only_hak "the daemon is what can be stopped"
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
	run $(dut_do stop)
	none garp 0 1500 from a
	none advert 0 1500 from a
	END
	[ "$DUT" = hak ] || return 0
	play <<-END
	run $HAKADM -n $D router set $R enable on
	expect advert 721.8 5s from run0
	at -5s 723.9 from run1
	END
}

r018_admin_down() {
	at_exit "ip -n $D link set d0 up; router_ns $D $D_IP $D_IP6 2>/dev/null"
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
	expect advert prio=100 721.8 8s from run0
	END
}

conform_main "$@"
