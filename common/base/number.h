/*
 * Numbers in text, parsed whole and with range checks: no leading blanks, no signs where none
 * belong, no trailing bytes, no locale.
 */
#ifndef EG_NUMBER_H
#define EG_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decimal digits only, value <= maximum. */
bool eg_parse_u64(const char *text, size_t length, uint64_t maximum, uint64_t *value);

/*
 * "12", "0.087", ".5": a non-negative decimal as an integer in units of 10^-decimals. False when
 * malformed, when digits beyond `decimals` are not zero, or when it exceeds `maximum`.
 */
bool eg_parse_decimal(const char *text, size_t length, unsigned decimals, uint64_t maximum,
                      uint64_t *value);

#ifdef __cplusplus
}
#endif

#endif
