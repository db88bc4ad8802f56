#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Version 2, RFC 3768: whole seconds, authentication data, stricter checks.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

dut2() { dut version 2 interval 1s "$@"; }

# The same as in lib.sh, with the interval of version 2.
stays2() {
	echo "wait advert within 8s
		mark a
		sleep 150
		stream 6 1300 prio=200 $*
		count advert 4 9 1250 7950 from a"
	rhythm 999 1001 8001
}

yields2() {
	echo "wait advert within 8s
		sleep 150
		now a
		stream 6 1300 prio=200 $*
		count advert prio!=0 0 1 1100 7800 from a
		wait advert within 45s"
}

starve2() {
	echo "wait advert within 8s
		mark a
		stream 20 400 prio=200 $*
		count advert 7 9 1 8001 fig from a"
	rhythm 999 1001 8001
}

r007_v2_advert() {
	dut2
	play2 <<-END
	wait advert within 8s
	assert proto=112 ttl=255 src=$D_IP dst=224.0.0.18 smac=$V_MAC dmac=01:00:5e:00:00:12
	assert ver=2 type=1 vrid=51 prio=100 cnt=1 len=20 int=100 atype=0 auth=zero sum=plain addrs=$VIP
	END
	dut2 interval 3s
	play2 <<-END
	wait advert within 15s
	assert ver=2 int=300 auth=zero sum=plain
	END
}

r038_v2_deadlines() {
	dut2
	play2 <<-END
	stream 3 1s
	expect advert $AD1 fig
	stream 3 1s
	send prio=0
	expect advert $SKEW1 fig
	END
	# The skew is a part of a second, whatever the interval.
	dut2 interval 2s
	play2 <<-END
	stream 2 2s int=200
	expect advert $(due 6609.375) fig
	END
}

r053_v2_version_3() {
	dut2
	dropped version 6 $R play2 < <(stays2 ver=3 int=100)
	hak_alarm peer-incompatible
}

r058_v2_count_0() {
	dut2
	dropped address_list 12 $R play2 < <(stays2 cnt=0; stays2 addrs=)
}

# What version 2 checks besides, faster than it sends (the rest is in invalid.sh).
r065_v2_starve() {
	dut2
	{
		starve2 ttl=254
		starve2 ver=3
		starve2 atype=1 auth=secret
		starve2 int=200
		starve2 sum=wrong
	} | play2
}

r070_v2_other_interval() {
	dut2
	dropped interval 12 $R play2 < <(stays2 int=200; stays2 int=0)
}

r071_v2_auth_type() {
	dut2
	dropped auth 12 $R play2 < <(stays2 atype=1 auth=secret; stays2 atype=2)
}

r072_v2_password() {
	# FRR knows none; its own answer to a password is row 71.
	[ "$DUT" != frr ] || not_for "no passwords"
	dut2 auth-pass secret
	dropped auth 18 $R play2 < <(stays2 atype=1 auth=Secret; stays2 atype=1 auth=secret7; stays2)
	yields2 atype=1 auth=secret | play2
	play2 <<-END
	wait advert within 8s
	assert atype=1 auth=data sum=plain
	END
}

r073_v2_no_trailer() {
	dut2
	dropped address_list 6 $R play2 < <(stays2 trailer=0)
}

r074_v2_data_of_no_type() {
	dut2
	yields2 atype=0 auth=whatever | play2
}

r075_v2_other_addresses() {
	dut2
	dropped address_list 12 $R play2 < <(stays2 addrs=192.0.2.200; stays2 addrs=$VIP,192.0.2.101)
	yields2 prio=255 addrs=192.0.2.200 | play2
	hak_alarm address-mismatch
}

# An inferior advert is discarded without an answer.
x043_v2_inferior() {
	dut2
	play2 <<-END
	wait advert within 8s
	mark a
	sleep 300
	send prio=50
	none advert 0 600
	expect advert 999 1001 from a
	END
}

conform_main "$@"
