/*
 * The log-file header: the first record of a trace tells where and how it was taken.
 */
#ifndef EG_ETL_LOG_H
#define EG_ETL_LOG_H

#include "capture/etl/etl_record.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_ETL_MODE_CIRCULAR = 0x2, EG_ETL_MODE_COMPRESSED = 0x4000000 };

struct eg_etl_log {
    uint32_t buffer_size; /* uncompressed */
    uint8_t major, minor; /* version of Windows: 10.0 for 10, 11 and the servers since 2016 */
    uint32_t build;
    uint32_t cpus;
    uint32_t mode;
    uint32_t buffers_written; /* not kept up to date in a trace that was not stopped */
    uint32_t events_lost;
    uint32_t buffers_lost;
    bool closed; /* the trace was stopped as it should be */

    uint32_t clock;      /* 1 performance counter, 2 system time, 3 CPU cycles, 0 not told */
    uint32_t cpu_mhz;    /* cycles */
    int64_t frequency;   /* of the performance counter, Hz */
    int64_t start;       /* 100 ns since 1601 */
    int64_t start_clock; /* the clock's reading then */
};

/* Whether record, the first of its buffer, is a log-file header; fills *log. */
bool eg_etl_log_read(const struct eg_etl_record *record, struct eg_etl_log *log);

#ifdef __cplusplus
}
#endif

#endif
