/*
 * The rows of a rate card, between the reader of its files and the card. Inside price/ only.
 */
#ifndef EG_RATE_ROWS_H
#define EG_RATE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "price/rate_card.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A provider's whole list has some thousands of rows. */
enum { EG_RATE_ROWS_MAX = 20000, EG_CURRENCY_MAX = 4 };

/* Its strings lie behind it, in one allocation. The first four and the direction name its ladder.
 */
struct eg_rate_row {
    const char *class_;
    const char *scope;
    const char *dest_scope;
    const char *routing;
    struct eg_rate rate;
    unsigned line; /* of tier_from_gb in its file; column too */
    unsigned column;
    size_t steps; /* of the ladder's first row: how many rows it has; else 0 */
};

/* Sorted: the rows of a ladder are neighbours, in the order of their tiers. */
struct eg_rate_rows {
    struct eg_rate_row **row;
    size_t count;
    char currency[EG_CURRENCY_MAX]; /* of all of them; "" when there is none */
    unsigned currency_line;         /* where the file first says so */
    unsigned currency_column;
};

/* Reads and checks a whole file, rule 4.5; *rows is written on success. */
enum eg_status eg_rate_rows_read(const char *text, size_t length, const char *file,
                                 const char *provider, const struct eg_ranges *ranges,
                                 struct eg_rate_rows *rows, struct eg_error *error);

/* Sorts and fills steps. */
void eg_rate_rows_sort(struct eg_rate_rows *rows);

void eg_rate_rows_clear(struct eg_rate_rows *rows);

#ifdef __cplusplus
}
#endif

#endif
