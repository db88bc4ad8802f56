#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv4, version 3: when a Backup takes over.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

setup() { conform_setup; }

r021_start() {
	start_at $(due 799.219) priority 1
	start_at $(due 721.875) priority 100
	start_at $(due 601.563) priority 254
}

r022_start_owner() {
	local first
	first=$(awk -v s=$START_SLACK 'BEGIN { print 18 + s }')
	dut_stop
	play <<-END
	run $(dut_cmd priority 255)
	expect advert 0 5s from run0
	at -5s $first from run1 fig
	assert prio=255
	expect garp spa=$VIP 0 5
	END
}

r023_silence() {
	dut
	play <<-END
	stream 5 200
	expect advert $AD fig
	END
}

r024_learned_longer() {
	dut
	play <<-END
	stream 2 1s int=100
	expect advert $AD1 fig
	END
}

r025_learned_shorter() {
	dut
	play <<-END
	stream 5 50 int=5
	expect advert $AD5 fig
	END
}

r026_centisecond() {
	dut interval 10ms
	play <<-END
	repeat 30
	sleepi 0.37
	stream 5 10 int=1
	expect advert $ADC fig
	end
	END
}

r028_priority_0() {
	dut
	play <<-END
	stream 3 200
	send prio=0
	expect advert $SKEW fig
	stream 3 1s int=100
	send prio=0 int=100
	expect advert $SKEW1 fig
	END
}

r029_priority_0_centisecond() {
	dut interval 10ms
	play <<-END
	repeat 10
	sleepi 1.1
	stream 5 10 int=1
	send prio=0 int=1
	expect advert $SKEWC fig
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
	expect advert $AD fig
	END
}

r031_reserved_bits() {
	dut
	play <<-END
	stream 5 200 rsvd=15
	expect advert $AD fig
	END
}

r032_preempt() {
	dut
	play <<-END
	stream 5 200
	mark s
	sleep 100
	stream 5 150 prio=50
	expect advert $AD fig from s
	END
}

r033_no_preempt() {
	dut preempt off
	play <<-END
	stream 2 200
	stream 10 180 prio=50
	none advert -1800 700
	expect advert $AD fig
	END
}

r034_no_preempt_priority_0() {
	dut preempt off
	play <<-END
	stream 2 200
	stream 3 200 prio=50
	send prio=0
	expect advert $SKEW fig
	END
}

r035_equal_priority() {
	dut
	play <<-END
	stream 1 1 prio=200
	stream 5 200 prio=100 src=$LO
	none advert -800 700
	expect advert $AD fig
	END
}

r036_discarded_interval() {
	dut
	play <<-END
	stream 5 200
	mark s
	sleep 100
	send prio=50 int=4095
	expect advert $AD fig from s
	END
}

r037_interval_changes() {
	dut
	play <<-END
	stream 3 200
	stream 3 1s int=100
	stream 3 200
	expect advert $AD fig
	END
}

r039_owner_restarts() {
	[ "$DUT" != frr ] || not_for "its priority cannot be 255"
	start_at 0 20 priority 255 preempt off
	dut_stop
	play <<-END
	stream 2 200 prio=254
	run $(dut_cmd priority 255 preempt off)
	expect advert prio=255 0 5s from run0
	at -5s $(awk -v s=$START_SLACK 'BEGIN { print 18 + s }') from run1
	send prio=254
	expect advert prio=255 0 1
	END
}

conform_main "$@"
