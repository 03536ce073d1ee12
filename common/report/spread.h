/*
 * How far the rate of a capture may be from that of a month: docs/projection.md. Integers only, in
 * millionths, so that every machine says the same.
 */
#ifndef EG_SPREAD_H
#define EG_SPREAD_H

#include <stddef.h>
#include <stdint.h>

#include "price/money.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_MILLION = 1000000 };

struct eg_spread {
    size_t samples;
    uint64_t effective; /* thousandths of a sample, once neighbours are seen to be alike */
    uint64_t seen;      /* what the samples vary by, of the mean, in millionths; 95 % */
    uint64_t unseen;    /* what the length of the capture leaves open; the same */
    uint64_t factor;    /* of both together: the month is within mean / factor and mean x factor */
};

enum { EG_SPREAD_SAMPLES_MIN = 3, EG_SPREAD_SAMPLES_MAX = 256 };

/*
 * values: one a sample of equal length, at most EG_SPREAD_SAMPLES_MAX. apart: they are independent,
 * as days are; else neighbours may be alike. span: what the capture lasts, ns, above 0.
 */
struct eg_spread eg_spread_of(const eg_u128 *values, size_t count, bool apart, int64_t span);

/* value / factor and value x factor, rounded to the nearest; a factor in millionths. */
eg_u128 eg_spread_low(eg_u128 value, uint64_t factor);
eg_u128 eg_spread_high(eg_u128 value, uint64_t factor);

#ifdef __cplusplus
}
#endif

#endif
