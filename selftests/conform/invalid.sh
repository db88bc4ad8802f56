#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv4, version 3: what is no advert for this router, and what is one all the same.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

r052_ttl() {
	dut
	dropped ip_ttl 12 $R play < <(stays ttl=254; stays ttl=1)
}

r053_version() {
	dut
	dropped version 18 $R play < <(stays ver=1; stays ver=4; stays ver=2 int=100)
}

r054_type() {
	dut
	dropped invalid_type 12 $R play < <(stays type=0; stays type=2)
}

r055_checksum() {
	dut
	dropped checksum 12 $R play < <(stays sum=wrong; stays sum=zero)
}

r056_other_vrid() {
	dut
	stays vrid=52 | play
}

r057_count_0() {
	dut
	dropped address_list 12 $R play < <(stays cnt=0; stays addrs=)
}

r059_count_too_large() {
	dut
	dropped address_list 12 $R play < <(stays cnt=2; stays cnt=255)
}

r060_short() {
	dut
	# without a byte of payload it is no router's packet, nobody counts it
	dropped packet_length 12 $R play < <(stays cut=0; stays cut=4; stays cut=7)
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

# Nor is the state left for a moment: nothing is announced anew.
r062_interval_0() {
	dut
	dropped interval 6 $R play < <(echo "wait advert within 5s
		sleep 8s"
		stays int=0
		echo "none garp -1 1590 from a")
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

# starved_by KEY=VALUE...: each of them in turn
starved_by() {
	local s
	dut
	for s; do starve "$s"; done | play
}

r065_starve() { starved_by ttl=254 ver=2 type=2 sum=wrong cut=7; }
# The same of what is not in the table's list.
x065_starve_more() { starved_by int=0 cnt=0 src=$D_IP src=0.0.0.0; }

# FRR does not come back: see row 31.
r066_reserved_bits_superior() {
	dut
	forget
	yields rsvd=15 | grep -v 45s | play
}

r067_other_addresses() {
	dut
	yields addrs=192.0.2.200 | play
	hak_alarm address-mismatch
}

r068_other_count() {
	dut
	yields addrs="$VIP,192.0.2.101" | play
}

r069_other_interval() {
	local learned="1790 1807"
	# how exactly it is learned is row 24 for the others
	[ "$DUT" != hak ] || learned=$(due 1804.688)
	dut
	play <<-END
	wait advert within 5s
	stream 6 260 prio=200 int=50
	none advert -1200 1800
	expect advert $learned
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
	dropped source 6 $R play < <(stays src=0.0.0.0)
}

r081_off_subnet() {
	dut
	yields src=198.51.100.7 | play
}

r082_carp() {
	dut
	dropped carp 6 $R play < <(stays carp=1)
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

conform_main "$@"
