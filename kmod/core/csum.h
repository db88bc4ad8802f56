/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Internet checksum in plain arithmetic, RFC 1071 and RFC 1624. Words are
 * read as big-endian numbers, so a result is a number and goes out through
 * put_unaligned_be16() on every machine.
 */
#ifndef HAK_CORE_CSUM_H
#define HAK_CORE_CSUM_H

#include "env.h"

/**
 * hak_csum_add() - add bytes to a running sum
 * @sum: so far; 0 to begin
 * @data: at any alignment
 * @len: bytes; an odd last byte counts as the upper half of a word
 *
 * Return: the sum, folded to 16 bits but not inverted.
 */
u32 hak_csum_add(u32 sum, const u8 *data, size_t len);

/**
 * hak_csum_add32() - add a number of 32 bits to a running sum
 * @sum: so far
 * @word: host order, such as an IPv4 address of a pseudo-header
 *
 * Return: the sum, folded to 16 bits but not inverted.
 */
u32 hak_csum_add32(u32 sum, u32 word);

/**
 * hak_csum_update() - a checksum after one word under it changed
 * @check: the checksum as sent
 * @from: the word before
 * @to: the word after
 *
 * Equation 3 of RFC 1624: the result is the one a computation from scratch
 * gives, also where one's complement has two zeros.
 *
 * Return: the checksum to send.
 */
u16 hak_csum_update(u16 check, u16 from, u16 to);

#endif /* HAK_CORE_CSUM_H */
