/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_FUZZ_USERSPACE_H
#define HAK_FUZZ_USERSPACE_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* HAK_FUZZ_USERSPACE_H */
