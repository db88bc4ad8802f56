# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only
#
# hak as the device under test, see dut.

hakadm() { "$HAKADM" -n "$ns" "$@" >/dev/null; }

# hak_vip ADDRESS: how its address is named
hak_vip() {
	echo "$(with_len "$1") dev d0 vrid 51"
}

dut_start() {
	local a w line=
	words accept off vmac "${HAK_VMAC:-on}" "$@"
	[ "${W[vmac]}" = on ] || unset "W[vmac]"
	[ "${W[version]}" != 3 ] || unset "W[version]"
	[ -n "${W[checksum]-}" ] || [ "${W[version]-3}${W[family]}" != 3inet ] || W[checksum]=plain
	# The address tells the family.
	for w in "${!W[@]}"; do
		case $w in addresses|family) ;; *) line+=" $w ${W[$w]}" ;; esac
	done
	for a in ${W[addresses]//,/ }; do
		echo "vip add $(hak_vip "$a")$line"
		line=
	done >"$state/conf"
	remember
	hakadm load "$state/conf" keep
}

# dut_say VERB [WORD]...: prints the command instead of giving it. A function of
# this shell comes before the program.
dut_say() {
	local verb=$1
	shift
	hakadm() { echo "$HAKADM -n $ns $* >/dev/null"; }
	"dut_$verb" "$@"
}

hak_name() {
	recall
	if [ "${W[family]}" = inet ]; then echo d0.51; else echo d0.51v6; fi
}

dut_stop() { hakadm router set "$(hak_name)" enable off; }
dut_set() { hakadm router set "$(hak_name)" "$@"; }
# shellcheck disable=SC2046 # words
dut_add() { hakadm vip add $(hak_vip "$1"); }
# shellcheck disable=SC2046
dut_del() { hakadm vip del $(hak_vip "$1"); }
dut_reset() { [ ! -d /sys/module/hak ] || hakadm flush; }
