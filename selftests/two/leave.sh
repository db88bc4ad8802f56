#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine that goes away lets go of its addresses first: reboot(2) after every
# process was killed, a panic, suspend. Two guests on one cable: node 1 is Active
# and goes, node 2 listens. Runs on the host, starts a pair of guests for each case.
#
# shellcheck disable=SC2016 # expanded in the guests

set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." || exit 1
kernel=${1:-stock}
ko=${HAK_KO:-$PWD/hak.ko}
work=$(mktemp -d "${TMPDIR:-/tmp}/hak-leave.XXXXXX")
trap 'rm -rf "$work"' EXIT
count=0 failed=0

# node 1; $1 is what it does when it is Active
goer='
insmod '$ko' && ip addr add 192.0.2.1/24 dev eth0 && ip link set eth0 up || exit 1
hakadm=userspace/build/hakadm
$hakadm vip add 192.0.2.100/24 dev eth0 vrid 51 checksum plain priority 255 || exit 1
until $hakadm -o router show eth0.51 state Active | grep -q Active; do sleep 0.1; done
sleep 3
'
# node 2: $1 tells vrrpt what it wants to see
listener='
# A network card hears only the groups that were joined.
ip link set eth0 promisc on up
selftests/tools/build/vrrpt play eth0 <<-END
'

# leave NAME MAY-DIE COMMAND LINE...: what node 1 does, what node 2 has to see
leave()
{
	local name=$1 die=$2 command=$3 line lines='' status=0
	shift 3
	for line; do lines+=$line$'\n'; done
	selftests/qemu/run --mode two --kernel "$kernel" --timeout 240 \
		${die:+--may-die $die} -- bash -c '
		if [ "$HAK_NODE" = 1 ]; then '"$goer$command"'
		else '"$listener$lines"$'END\nfi' >"$work/$name" 2>&1 || status=1
	count=$((count + 1))
	if [ $status = 0 ]; then
		echo "ok $count $name"
	else
		echo "not ok $count $name"
		failed=$((failed + 1))
	fi
	sed 's/^/# /' "$work/$name"
}

echo "TAP version 13"
# PID 1 is left alone, and ends the machine by reboot(2).
leave r019_reboot 1 'echo i >/proc/sysrq-trigger' \
	'wait advert src=192.0.2.1 prio=255 within 60s' \
	'wait advert src=192.0.2.1 prio=0 within 40s'
leave panic 1 'echo c >/proc/sysrq-trigger' \
	'wait advert src=192.0.2.1 prio=255 within 60s' \
	'wait advert src=192.0.2.1 prio=0 within 40s'
# Processes are frozen, and thawed after 5 s; then it starts anew.
leave suspend '' 'echo freezer >/sys/power/pm_test; echo freeze >/sys/power/state; sleep 3' \
	'wait advert src=192.0.2.1 prio=255 within 60s' \
	'wait advert src=192.0.2.1 prio=0 within 40s' \
	'none advert src=192.0.2.1 100 3000' \
	'wait advert src=192.0.2.1 prio=255 within 20s'
echo "1..$count"
[ $failed = 0 ]
