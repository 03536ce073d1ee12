/*
 * Sizes, rates and money as people read them: rule 8.1. Each writes into buffer and returns it.
 */
#ifndef EG_UNITS_H
#define EG_UNITS_H

#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_unit {
    const char *name; /* "KiB" */
    unsigned shift;   /* 2^shift bytes */
};

/* The unit in which bytes has at most four digits before the point; KiB at least. */
const struct eg_unit *eg_unit_for(uint64_t bytes);

/* "1,306.4": bytes in unit with one decimal, rounded half to even. */
const char *eg_size_number(uint64_t bytes, const struct eg_unit *unit,
                           char buffer[EG_COUNT_TEXT_MAX]);

/* "1,306.4 KiB" */
const char *eg_size_text(uint64_t bytes, char buffer[EG_COUNT_TEXT_MAX]);

/* "286 kbit/s" of bytes in ns; "" when the time is 0. */
const char *eg_bit_rate_text(uint64_t bytes, int64_t ns, char buffer[EG_COUNT_TEXT_MAX]);

/* "$0.0000398": three figures below 1, else two decimals. */
const char *eg_cost_shown(struct eg_money money, const char *currency,
                          char buffer[EG_MONEY_TEXT_MAX]);

/* "0.050": three decimals at least. */
const char *eg_rate_shown(uint64_t nano_per_gb, char buffer[EG_MONEY_TEXT_MAX]);

/* "25.6 %" */
const char *eg_percent_text(uint64_t part, uint64_t whole, char buffer[EG_COUNT_TEXT_MAX]);

/* "500 ms", "10 min", "7 d": a whole number of its largest unit. */
const char *eg_width_text(int64_t ns, char buffer[EG_COUNT_TEXT_MAX]);

/* "53.7 s", "12 min 5 s", "3 h 20 min", "2 d 3 h" */
const char *eg_span_text(int64_t ns, char buffer[EG_COUNT_TEXT_MAX]);

#ifdef __cplusplus
}
#endif

#endif
