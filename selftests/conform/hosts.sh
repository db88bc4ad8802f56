#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv4: what the hosts of the link see, ARP and traffic.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

# alarm_cmd KIND: a command that asks for it; the others have no alarms
alarm_cmd() {
	if [ "$DUT" = hak ]; then echo "$HAKADM -n $D status | grep -q $1"; else echo true; fi
}

r091_garp() {
	local n="1 20"
	# the word announce of hak
	[ "$DUT" != hak ] || n="4 4"
	dut_stop
	play <<-END
	run $(dut_cmd)
	expect advert 0 5s from run0
	expect garp 0 5
	assert op=1 spa=$VIP tpa=$VIP sha=$V_MAC smac=$V_MAC dmac=ff:ff:ff:ff:ff:ff
	count garp $n -100 3s
	END
}

r092_forty_announced() {
	local i list=
	for ((i = 40; i >= 1; i--)); do list+=,198.51.100.$i; done
	dut_stop
	{
		echo "run $(dut_cmd addresses "${list#,}")"
		echo "expect advert 0 5s from run0"
		echo "mark a"
		for ((i = 1; i <= 40; i++)); do
			echo "count garp spa=198.51.100.$i sha=$V_MAC 1 9 -1 250 from a"
		done
	} | play
}

# In Active: one answer, by the virtual MAC in both headers, at once.
r094_arp() {
	dut
	play <<-END
	wait advert within 5s
	sleep 50
	arp $VIP
	expect arpreply spa=$VIP 0 5 fig
	assert sha=$V_MAC smac=$V_MAC tha=$T_MAC dmac=$T_MAC
	count arpreply spa=$VIP 1 1 -5 300
	END
}

r095_arp_probe() {
	dut
	play <<-END
	wait advert within 5s
	sleep 50
	probe $VIP
	expect arpreply spa=$VIP 0 5 fig
	assert sha=$V_MAC smac=$V_MAC
	count arpreply spa=$VIP 1 1 -5 300
	END
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
	expect arpreply spa=$VIP sha=$V_MAC 0 5
	END
}

r101_ping_backup() {
	local mac
	dut_stop
	for mac in $V_MAC $D_MAC; do
		play <<-END
		run $(dut_cmd accept on)
		stream 3 200
		ping $VIP dmac=$mac
		none echoreply 0 150
		send
		ping $D_IP dmac=$D_MAC
		expect echoreply src=$D_IP 0 5
		END
		dut_stop
	done
}

r102_virtual_mac_in_backup() {
	dut_stop
	play <<-END
	run $(dut_cmd)
	stream 3 200
	ping $D_IP dmac=$V_MAC
	none echoreply 0 150
	send
	ping $D_IP dmac=$D_MAC
	expect echoreply src=$D_IP 0 5
	# as Active it is a router's MAC like any other
	expect advert 0 3s
	ping $D_IP dmac=$V_MAC
	expect echoreply src=$D_IP 0 5
	END
}

r103_accept_off() {
	dut
	play <<-END
	wait advert within 5s
	sleep 50
	ping $VIP
	none echoreply src=$VIP 0 300
	arp $VIP
	expect arpreply spa=$VIP sha=$V_MAC 0 5
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
	expect echoreply src=$VIP 0 5 fig
	END
}

# The way there and back is the same link: a router on a stick.
r105_transit() {
	at_exit "ip -n $D route del 203.0.113.0/24 2>/dev/null; on $D sysctl -qw net.ipv4.ip_forward=0"
	dut_stop
	on "$D" sysctl -qw net.ipv4.ip_forward=1
	ip -n "$D" route replace 203.0.113.0/24 via $HI dev d0
	play <<-END
	run $(dut_cmd)
	stream 3 200
	ping 203.0.113.7 dmac=$V_MAC
	none echo dst=203.0.113.7 0 150
	expect advert 0 3s
	sleep 20
	ping 203.0.113.7 dmac=$V_MAC
	expect echo dst=203.0.113.7 ttl=63 0 5 fig
	END
}

# A process that sends from the address: nobody may learn the physical MAC for it.
r106_own_traffic() {
	dut accept on
	forget
	play <<-END
	wait advert within 5s
	sleep 100
	run ip netns exec $D ping -c 1 -W 1 -n -I $VIP 192.0.2.77 >/dev/null; true
	count arp tpa=192.0.2.77 1 9 -2s 0
	none arp tpa=192.0.2.77 spa=$VIP sha!=$V_MAC -2s 0
	END
}

r107_rival_arp() {
	dut
	forget
	play <<-END
	wait advert within 5s
	sleep 8s
	claim $VIP smac=00:00:5e:00:53:66
	mark c
	run $(alarm_cmd ip-conflict)
	count garp spa=$VIP sha=$V_MAC 1 1 0 1s fig from c
	claim $VIP smac=00:00:5e:00:53:66
	sleep 500
	claim $VIP smac=00:00:5e:00:53:66
	sleep 2s
	count garp spa=$VIP sha=$V_MAC 1 1 0 4s from c
	END
}

r108_virtual_mac_from_elsewhere() {
	only_hak "nothing tells of it"
	at_exit "on $D nft delete table inet t"
	dut
	forget
	on "$D" nft "add table inet t; add chain inet t i { type filter hook input priority -400; policy accept; }; add rule inet t i ip protocol 112 drop"
	play <<-END
	wait advert within 5s
	sleep 100
	run ! $(alarm_cmd dual-active)
	arp 192.0.2.200 smac=$V_MAC
	run $(alarm_cmd dual-active)
	wait advert within 202
	END
}

conform_main "$@"
