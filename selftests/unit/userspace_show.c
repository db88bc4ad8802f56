// SPDX-License-Identifier: GPL-2.0-only
#include "userspace.h"
static const struct tap_test tests[] = { { "x", NULL } };
const struct us_suite us_show = { "show", tests, 0 };
