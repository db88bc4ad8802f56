# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the static checks, each a bash file that sources this one: TAP output,
# places and the module built aside.
#
#	try TEXT COMMAND...	one test: passes when COMMAND does; what it
#				printed follows as diagnostics when it failed
#	none TEXT COMMAND...	one test: passes when COMMAND prints nothing
#	finish			the plan, and the exit status

HAK_STATIC=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$HAK_STATIC/../.." && pwd)
# shellcheck disable=SC2034 # for who sources this
CACHE=${HAK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hak}
TAP_COUNT=0 TAP_FAILED=0

cd "$TOP" || exit 1
echo 'TAP version 13'

tap_result()
{
	local word=$1 text=$2 output=$3

	TAP_COUNT=$((TAP_COUNT + 1))
	echo "$word $TAP_COUNT - $text"
	[[ $word == ok ]] && return
	TAP_FAILED=$((TAP_FAILED + 1))
	head -n 50 <<<"$output" | sed 's/^/# /'
}

try()
{
	local text=$1 output
	shift
	if output=$("$@" 2>&1); then
		tap_result ok "$text" ''
	else
		tap_result 'not ok' "$text" "${output:-no word, status not 0}"
	fi
}

none()
{
	local text=$1 output rc=0
	shift
	output=$("$@" 2>&1) || rc=$?
	# A search that finds nothing ends with 1, one that cannot search with 2.
	if [[ ! $output && $rc -lt 2 ]]; then
		tap_result ok "$text" ''
	else
		tap_result 'not ok' "$text" "${output:-status $rc}"
	fi
}

finish()
{
	echo "1..$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}

# Files of the tree that match the globs, also those not committed yet.
tree_files()
{
	git -C "$TOP" ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do
		[[ ! -f $TOP/$file ]] || echo "$file"
	done | sort -u
}

# The tree without what a build left in it.
copy_tree()
{
	mkdir -p "$1"
	tree_files . | tar -C "$TOP" -cf - -T - | tar -C "$1" -xf -
}

# Scripts of all languages, by their first line; $1 is a pattern for it.
scripts_of()
{
	tree_files . | while IFS= read -r file; do
		head -c 100 "$file" | head -n 1 | LC_ALL=C grep -aqE "$1" && echo "$file"
	done
	return 0
}

find_kdir()
{
	local dir

	if [[ ${KDIR-} || ${KVER-} ]]; then
		echo "${KDIR:-/lib/modules/$KVER/build}"
		return
	fi
	for dir in /lib/modules/*/build; do
		[[ ! -e $dir/Makefile ]] || echo "$dir"
	done | sort -V | tail -n 1
}

# The module in $BUILD, compiled once with all warnings and sparse, the log in
# $BUILD.log; run lets several checks share it. Sparse looks at its own view of
# the kernel's headers too, so only lines that name a file of ours count.
static_build()
{
	BUILD=${HAK_STATIC_BUILD:-$(mktemp -d)/tree}
	[[ ! -e $BUILD.log ]] || return 0
	if [[ ! ${HAK_STATIC_BUILD-} ]]; then
		# shellcheck disable=SC2064 # expanded now
		trap "rm -rf '$(dirname "$BUILD")'" EXIT
	fi
	copy_tree "$BUILD"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$(find_kdir)" "M=$BUILD" \
		"-j$(nproc)" C=2 W=1 CF='-D__CHECK_ENDIAN__ -Wno-vla' modules \
		>"$BUILD.log" 2>&1 || echo "BUILD FAILED" >>"$BUILD.log"
}
