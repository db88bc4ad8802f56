#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many adverts: the rhythm of centiseconds, with and without busy processors,
# floods of broken ones, thousands of routers.
#
# Mode: warp
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC1091,SC2317,SC2119,SC2120,SC2086,SC2154,SC2046
. "$(dirname "$0")/lib.sh"

CASE_TIMEOUT=900

setup() { conform_setup; }

r008_rhythm() {
	dut interval 10ms
	forget
	play <<-END
	wait advert within 5s
	sleep 100
	now a
	sleep 10s
	mean advert 9.98 10.02 0 10s fig from a
	period advert 0 12 0 10s fig from a
	count advert 999 1001 0 10s from a
	END
}

# One processor in virtual time: what a busy machine adds by itself is not in it.
r009_busy_processors() {
	local p pids=()
	dut interval 10ms
	forget
	play <<-END
	wait advert within 5s
	END
	for p in 1 2 3 4 5 6; do
		bash -c 'while :; do :; done' &
		pids+=($!)
	done
	play <<-END
	sleep 200
	now a
	sleep ${HAK_BUSY_SECONDS:-10}s
	period advert 0 15 0 ${HAK_BUSY_SECONDS:-10}s fig from a
	END
	kill "${pids[@]}"
}

# What no clock can make worse: nothing is sent, nothing is lost.
r064_interval_0_flood() {
	dut
	play <<-END
	wait advert within 5s
	sleep 8s
	wait advert
	now a
	stream 100 10 prio=200 int=0
	count advert 4 6 0 1001 fig from a
	count garp 0 0 0 1001 fig from a
	wait advert within 1s
	END
}

conform_main "$@"
