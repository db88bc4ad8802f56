# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# demo_build DIR: what the demonstration needs; DIR is this directory.

demo_build()
{
	"$1/../packages" --group demo
	make -s -C "$1/../.." all
	mkdir -p "$1/build"
	[[ $1/build/client -nt $1/client.c ]] ||
		gcc -static -O2 -Wall -o "$1/build/client" "$1/client.c"
}
