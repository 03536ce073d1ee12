/*
 * Exact money, rule 6.3: bytes x (nano-units of a currency per 2^30 bytes), in 128 bits, rounded
 * half to even only when shown. No floating point.
 */
#ifndef EG_MONEY_H
#define EG_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

__extension__ typedef unsigned __int128 eg_u128;

/* In units of 10^-9 / 2^30. Sums are exact. */
struct eg_money {
    eg_u128 units;
};

enum { EG_MONEY_TEXT_MAX = 64 };

/* Rates above this (a million a GB) are refused where they are read, so that no sum can overflow.
 */
#define EG_RATE_MAX UINT64_C(1000000000000000)

struct eg_money eg_money_of(uint64_t bytes, uint64_t nano_per_gb);
struct eg_money eg_money_add(struct eg_money a, struct eg_money b);
struct eg_money eg_money_subtract(struct eg_money a, struct eg_money b); /* a >= b */
/* money * times / divisor, rounded down; nothing when divisor is 0. */
struct eg_money eg_money_scale(struct eg_money money, uint64_t times, uint64_t divisor);
int eg_money_compare(struct eg_money a, struct eg_money b);

/* "0.000039800000" with exactly `decimals` (0..12), rounded half to even. Returns buffer. */
const char *eg_money_text(struct eg_money money, unsigned decimals, char buffer[EG_MONEY_TEXT_MAX]);

/* At most 12 decimals without trailing zeros, "0" for nothing: a JSON number. Returns buffer. */
const char *eg_money_number(struct eg_money money, char buffer[EG_MONEY_TEXT_MAX]);

/* The same for a rate in nano-units per GB: "0.087". Returns buffer. */
const char *eg_rate_number(uint64_t nano_per_gb, char buffer[EG_MONEY_TEXT_MAX]);

#ifdef __cplusplus
}
#endif

#endif
