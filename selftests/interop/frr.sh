#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# hak and Debian's FRR vrrpd as a pair: each kind of router, either one Active,
# going gracefully and by a crash.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=peers.sh disable=SC1091,SC2317,SC2119,SC2086,SC2034
. "$(dirname "$0")/peers.sh"

PEER=frr
ALL_CASES=

setup() { peers_setup; }

kinds v2 v3 v6
hak_main "${@:-$ALL_CASES}"
