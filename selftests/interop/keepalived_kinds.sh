#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# hak and Debian's keepalived as a pair: each kind of router, either one Active,
# going gracefully and by a crash. What one of them does to the other in detail
# is in keepalived.sh.
#
# Mode: up
# shellcheck source-path=SCRIPTDIR source=peers.sh disable=SC1091,SC2317,SC2119,SC2086,SC2034
. "$(dirname "$0")/peers.sh"

PEER=keepalived
ALL_CASES=

setup() { peers_setup; }

kinds v2 v2_password v3 v6 unicast vmac
hak_main "${@:-$ALL_CASES}"
