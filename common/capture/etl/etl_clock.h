/*
 * From a log's clock to the time of day.
 */
#ifndef EG_ETL_CLOCK_H
#define EG_ETL_CLOCK_H

#include "capture/etl/etl_log.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_etl_clock {
    int64_t origin;    /* a reading, */
    int64_t start;     /* and the time then: 100 ns since 1601 */
    int64_t frequency; /* Hz; 0: times cannot be told */
};

struct eg_etl_clock eg_etl_clock_of(const struct eg_etl_log *log);

/* ns since 1970-01-01 UTC, rounded down; EG_NO_TIME where 64 bits cannot tell it. */
int64_t eg_etl_clock_ns(const struct eg_etl_clock *clock, int64_t reading);

#ifdef __cplusplus
}
#endif

#endif
