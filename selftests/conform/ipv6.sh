#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv6: adverts and neighbour discovery.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

dut6() { dut family inet6 "$@"; }

r011_v6_mld_report() {
	dut_stop
	play6 <<-END
	run $(dut_cmd family inet6)
	expect mld group=ff02::12 0 12s from run0
	END
}

r012_v6_advert() {
	dut6
	play6 <<-END
	wait advert within 5s
	assert src=$D_IP6 proto=112 ttl=255 dst=ff02::12 smac=$V6_MAC dmac=33:33:00:00:00:12
	assert ver=3 type=1 vrid=51 prio=100 int=20 rsvd=0 sum=pseudo
	none advert src!=$D_IP6 -2s 600
	END
}

r013_v6_first_is_link_local() {
	dut6
	play6 <<-END
	wait advert within 5s
	assert cnt=2 len=40 addrs=$VLL6,$VIP6
	END
}

# Nobody has named one: it is made from the VRID.
r013_v6_link_local_is_made() {
	only_hak "not a word of the others"
	dut6 addresses $VIP6
	play6 <<-END
	wait advert within 5s
	assert cnt=2 len=40
	END
	check "made address" grep -q '^fe80:' < <(cap_first_address)
}

# cap_first_address: of the next advert
cap_first_address() {
	cap_start "$T" t0 "$HAK_TMP/cap6"
	wait_for 3 cap_has "$HAK_TMP/cap6" advert
	cap_stop
	sed -n 's/.* addrs=\([^,]*\),.*/\1/p' "$HAK_TMP/cap6" | head -n 1
}

# primary6 ADDRESS: the router's own link-local one
primary6() {
	ip -n "$D" -6 addr flush dev d0 scope link
	ip -n "$D" addr add "$1/64" dev d0 nodad
	peers_known "$D"
}

r042_v6_unsigned_compare() {
	[ "$DUT" != frr ] || not_for "its source is not an address of the link"
	at_exit "primary6 $D_IP6"
	dut_stop
	primary6 fe80::7fff:ffff:ffff:ffff
	dut6
	forget
	play6 <<-END
	wait advert src=fe80::7fff:ffff:ffff:ffff within 5s
	send prio=100 src=fe80::8000:0:0:1
	mark s
	sleep 2
	skip
	none advert 2 700 from s
	expect advert $AD from s
	END
	dut_stop
	primary6 fe80::8000:0:0:1
	dut6
	forget
	play6 <<-END
	wait advert src=fe80::8000:0:0:1 within 5s
	sleep 20
	send prio=100 src=fe80::7fff:ffff:ffff:ffff
	wait advert within 202ms
	wait advert within 202ms
	END
	dut_stop
}

r084_v6_hop_limit() {
	dut6
	dropped ip_ttl 12 $R6 play6 < <(stays ttl=254; stays ttl=64)
}

r085_v6_checksum() {
	dut6
	dropped checksum 18 $R6 play6 < <(stays sum=wrong; stays sum=zero; stays sum=plain)
}

r086_v6_first_not_link_local() {
	dut6
	dropped address_list 12 $R6 play6 < <(stays addrs=$VIP6,$VLL6; stays addrs=$VIP6)
}

r087_v6_source() {
	dut6
	dropped source 12 $R6 play6 < <(stays src=2001:db8::14; stays src=::)
}

r088_v6_not_ours() {
	dut6
	stays dst=ff02::1 dmac=33:33:00:00:00:01 | play6
	dropped version 6 $R6 play6 < <(stays ver=2 int=100)
	dropped address_list 6 $R6 play6 < <(stays cnt=0)
	dropped packet_length 12 $R6 play6 < <(stays cut=4; stays cut=7)
}

r089_v6_equal_priority() {
	dut6
	play6 <<-END
	wait advert within 5s
	sleep 50
	send prio=100 src=$HI6
	mark s
	sleep 2
	skip
	none advert 2 700 from s
	expect advert $AD fig from s
	mark a
	sleep 50
	send prio=100 src=$LO6
	expect advert 0 202
	none advert prio=0 -1s 700 from a
	wait advert within 202
	END
}

# The IPv4 router of the same VRID is another one.
r090_v6_other_family() {
	dut6
	stays src=$HI addrs=$VIP sum=plain | play6
	stays src=$HI addrs=$VIP sum=pseudo | play6
}

r093_v6_announced() {
	dut_stop
	play6 <<-END
	run $(dut_cmd family inet6)
	expect advert 0 5s from run0
	mark a
	count na target=$VIP6 dst=ff02::1 ttl=255 r=1 s=0 o=1 lladdr=$V6_MAC smac=$V6_MAC 1 20 -500 300 from a
	count na target=$VLL6 dst=ff02::1 lladdr=$V6_MAC 1 20 -500 300 from a
	none na target=$VIP6 r=0 -500 300 from a
	END
}

r097_v6_solicited() {
	dut6
	play6 <<-END
	wait advert within 5s
	sleep 50
	ns $VIP6
	expect na target=$VIP6 0 5 fig
	assert dst=$HI6 ttl=255 r=1 s=1 o=1 lladdr=$V6_MAC smac=$V6_MAC
	count na target=$VIP6 dst=$HI6 1 1 -5 300
	END
}

r098_v6_duplicate_detection() {
	dut6
	play6 <<-END
	wait advert within 5s
	sleep 50
	dad $VIP6
	expect na target=$VIP6 0 5 fig
	assert dst=ff02::1 s=0 lladdr=$V6_MAC dmac=33:33:00:00:00:01
	END
}

r099_v6_solicited_in_backup() {
	dut_stop
	play6 <<-END
	run $(dut_cmd family inet6)
	stream 3 200
	ns $VIP6
	none na target=$VIP6 0 150
	send
	dad $VIP6
	none na target=$VIP6 0 150
	send
	ns $VLL6
	none na target=$VLL6 0 150
	END
}

# The same deadlines as of IPv4.
x023_v6_silence() {
	dut6
	play6 <<-END
	stream 5 200
	expect advert $AD fig
	stream 3 200
	send prio=0
	expect advert $SKEW fig
	END
}

# Other lists and intervals are no reason to drop it, superior ones are yielded to.
x067_v6_other_list() {
	dut6
	yields addrs=fe80::200,2001:db8::200 | play6
}

conform_main "$@"
