/*
 * The columns of a file of rates, in the order that a written one has them; rule 6.1.
 */
#ifndef EG_RATE_COLUMNS_H
#define EG_RATE_COLUMNS_H

#ifdef __cplusplus
extern "C" {
#endif

enum eg_rate_column {
    EG_RATE_CLASS,
    EG_RATE_SCOPE,
    EG_RATE_DEST_SCOPE,
    EG_RATE_ROUTING,
    EG_RATE_DIRECTION,
    EG_RATE_TIER,
    EG_RATE_PRICE,
    EG_RATE_PER_GB,
    EG_RATE_CURRENCY,
    EG_RATE_METER_ID,
    EG_RATE_METER,
    EG_RATE_SOURCE,
    EG_RATE_AS_OF,
    EG_RATE_CERTAINTY,
    EG_RATE_NOTE,
    EG_RATE_COLUMNS
};

/* For eg_csv_new(): "?" marks those that a file may lack. */
extern const char *const eg_rate_column_names[EG_RATE_COLUMNS];

#ifdef __cplusplus
}
#endif

#endif
