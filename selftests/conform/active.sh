#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv4, version 3: an Active hears others, and what else happens to it.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

# no_addr ADDRESS, router_is STATE: commands; what only hak can say is taken as said
# of the others
no_addr() {
	# FRR leaves them on a device that it holds down
	if [ "$DUT" = frr ]; then echo true; else echo "[ -z \"\$(ip -n $D -o addr show to $1)\" ]"; fi
}
router_is() {
	if [ "$DUT" = hak ]; then
		echo "[ -n \"\$($HAKADM -n $D -o router show $R state $1)\" ]"
	else
		echo true
	fi
}

r040_superior() {
	dut
	play <<-END
	stream 3 200
	expect advert $AD
	# the announcements of a new Active are still going on here
	sleep 50
	send prio=200
	mark s
	# hak sends the one more that tells the winner of its rival
	sleep 10
	skip
	run $(no_addr $VIP)
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
	sleep 2
	skip
	none advert 1 700 from s
	expect advert $AD from s
	mark a
	sleep 50
	send prio=100 src=$LO
	count advert prio=100 2 9 2 602
	END
}

# primary ADDRESS: the router's own
primary() {
	ip -n "$D" -4 addr flush dev d0
	ip -n "$D" addr add "$1/24" dev d0
	peers_known "$D"
}

r042_unsigned_compare() {
	at_exit "primary $D_IP"
	dut_stop
	primary 192.0.2.127
	dut
	forget
	play <<-END
	wait advert within 5s
	assert src=192.0.2.127
	send prio=100 src=192.0.2.128
	mark s
	sleep 2
	skip
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
	sleep 2
	skip
	wait advert within 202ms
	END
	dut_stop
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
	sleep 2
	skip
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
	sleep 2
	skip
	expect advert $AD1 fig from s
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
	dropped duplicate_primary 6 $R play < <(stays src=$D_IP)
	hak_alarm duplicate-primary
	# also from a host that is not sending the same priority
	dropped duplicate_primary 6 $R play < <(stays src=$D_IP prio=255)
}

r050_owner_hears_owner() {
	dut priority 255
	play <<-END
	wait advert within 5s
	send prio=255 src=$HI
	mark s
	sleep 2
	skip
	none advert 1 590 from s
	expect advert $(due 600.781) from s
	sleep 50
	stream 4 200 prio=255 src=$LO
	sleep 2s
	wait advert within 300
	assert prio=255
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

r109_carrier_loss() {
	at_exit "ip -n $T link set t0 up"
	dut
	forget
	play <<-END
	wait advert within 5s
	run ip -n $T link set t0 down
	sleep 1s
	run $(router_is Initialize)
	run $(no_addr $VIP)
	run ip -n $T link set t0 up
	expect advert 721.8 5s from run0
	at 0 2s from run1
	expect garp spa=$VIP 0 5
	END
}

r110_primary_replaced() {
	at_exit "primary $D_IP"
	dut accept on
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
}

r110_primary_removed() {
	at_exit "primary $D_IP"
	dut
	forget
	# no address of its own left: never a silent Active, never a VIP as source
	play <<-END
	wait advert within 5s
	run ip -n $D addr del $D_IP/24 dev d0
	expect advert prio=0 0 400 from run0
	none advert src=$VIP 0 1500 from run0
	run $(router_is Initialize)
	run ip -n $D addr add $D_IP/24 dev d0
	expect advert prio=100 721.8 3s from run0
	assert src=$D_IP
	END
	dut_stop
}

r111_track() {
	only_hak "tracks are of many kinds; only hak's are asked for"
	dut_stop
	adm_ok "$D" track add W report initial up
	adm_ok "$D" track add F report initial up
	"$CONFORM/dut" start "$D"
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
	run $(dut_do set priority 150)
	expect advert prio=150 0 5s from run0
	at -5s 202 from run1
	run $(dut_do set interval 100ms)
	expect advert int=10 0 5s from run0
	at -5s 202 from run1
	mark a
	period advert 0 201 0 2s from a
	count advert 18 22 0 2s from a
	none advert prio=0 -2s 2s from a
	END
}

r116_nft_input_drop() {
	at_exit "on $D nft delete table inet t"
	dut
	on "$D" nft "add table inet t; add chain inet t i { type filter hook input priority -400; policy accept; }; add rule inet t i ip protocol 112 drop"
	play <<-END
	stream 10 200
	none advert -1700 700
	expect advert $AD
	END
}

conform_main "$@"
