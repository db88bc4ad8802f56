#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An Active whose machine stands still for two seconds, with all that runs on it, and
# goes on. Two guests on one cable; the judge is what QEMU saw on it. Runs on the host.

set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." || exit 1
kernel=${1:-stock}
ko=${HAK_KO:-$PWD/hak.ko}
out=$(mktemp -d "${TMPDIR:-/tmp}/hak-frozen.XXXXXX")
trap 'rm -rf "$out"' EXIT

# shellcheck disable=SC2016 # expanded in the guests
node='
freeze=build/$([ "$kernel" = debug ] && echo debug || uname -r)/kmod/test/hak_freeze.ko
hakadm=userspace/build/hakadm
is() { $hakadm -o router show eth0.51 state $1 | grep -q .; }
insmod $ko && ip addr add 192.0.2.$HAK_NODE/24 dev eth0 && ip link set eth0 up || exit 1
$hakadm vip add 192.0.2.100/24 dev eth0 vrid 51 interval 100ms checksum plain priority $((250 - HAK_NODE)) || exit 1
if [ $HAK_NODE = 2 ]; then
	until [ "$($hakadm -j router show | gojq ".[].counters.to_active")" -ge 1 ] && is Backup; do sleep 0.2; done
	sleep 6
	exit
fi
until is Active; do sleep 0.2; done
# The other one has to be there, and to have heard us.
until ping -q -c 1 -W 1 192.0.2.2 >/dev/null; do sleep 0.2; done
sleep 4
insmod $freeze ms=2000 2>&1 | grep -q "temporarily unavailable" || exit 1
sleep 4
is Active'

# judge CAPTURE: figures, and what is wrong
judge() {
	selftests/tools/frames "$1" | awk '
		{ t = 1000 * $1 }
		$2 == "advert" && $3 == "192.0.2.1" {
			# It was away, and the other one had taken over.
			if (last && t - last > 1000 && rival > last) {
				back = t; away = t - last; took = rival_first - last
			}
			if (back && t - back <= 95) adverts++
			last = t
		}
		$2 == "advert" && $3 == "192.0.2.2" {
			if (rival < last) rival_first = t
			rival = t
			if (back && t > back && t - back < 2000) late = t - back
		}
		$2 == "garp" && back && t >= back && t - back < 3500 {
			garps++
			if (t - garp > 50) bursts++
			garp = t
		}
		END {
			if (!back) { print "FAIL: nobody was away"; exit }
			printf "away for %.0f ms, taken over after %.0f ms\n", away, took
			printf "adverts within an interval of the first: %d\n", adverts
			printf "last advert of the other after it: %.1f ms\n", late
			printf "gratuitous ARPs after it: %d in %d bursts\n", garps, bursts
			if (took < 300 || took > 600) print "FAIL: taken over at another time"
			# The late one, the next of the rhythm, and one that catches up.
			if (adverts > 3) print "FAIL: more than one advert to catch up"
			# Emulated machines are late by themselves.
			if (late > 50) print "FAIL: the other one goes on"
			if (bursts > 3) print "FAIL: more than three bursts"
			if (!garps) print "FAIL: nothing is announced"
		}'
}

echo "TAP version 13"
status=0
selftests/qemu/run --mode two --kernel "$kernel" --timeout 240 --out "$out" -- \
	bash -c "ko=$ko kernel=$kernel$node" >"$out/log" 2>&1 || status=1
judge "$out/node1.pcap" >"$out/judged"
! grep -q ^FAIL "$out/judged" || status=1
sed 's/^/# /' "$out/log" "$out/judged"
if [ $status = 0 ]; then
	echo "ok 1 r117_frozen"
else
	echo "not ok 1 r117_frozen"
	cp "$out/node1.pcap" build/frozen.pcap
fi
echo "1..1"
exit $status
