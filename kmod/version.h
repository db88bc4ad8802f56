/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HAK_VERSION_H
#define HAK_VERSION_H

#define HAK_VERSION	"0.1"

#endif /* HAK_VERSION_H */
