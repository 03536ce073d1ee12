/*
 * The records of a buffer: every kind of header that event tracing has.
 */
#ifndef EG_ETL_RECORD_H
#define EG_ETL_RECORD_H

#include "capture/etl/etl_fields.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_etl_kind {
    EG_ETL_OTHER,   /* a record of known size and no use here */
    EG_ETL_SYSTEM,  /* of the kernel itself: id is its hook */
    EG_ETL_CLASSIC, /* EVENT_TRACE_HEADER: provider is an event class, opcode tells events apart */
    EG_ETL_EVENT,   /* EVENT_HEADER, of a manifest */
};

struct eg_etl_record {
    enum eg_etl_kind kind;
    uint8_t pointer_size; /* of the process that logged it: 4 or 8; 0: not told */
    uint8_t opcode;
    uint16_t id;
    bool has_time;
    int64_t time; /* of the log's clock */
    uint32_t thread;
    uint32_t process;
    struct eg_etl_guid provider; /* CLASSIC and EVENT */
    uint64_t keyword;            /* EVENT */
    struct eg_cursor traits;     /* EVENT, where it has them: the provider's, with its name */
    struct eg_cursor payload;
};

/* A way from record to record. */
struct eg_etl_records {
    struct eg_cursor rest;
    bool cut; /* the buffer lacks its end, so that the last record may */
    bool bad; /* set where the chain breaks: the rest of the buffer is not read */
};

/* cut: as far as is known of the buffer. */
struct eg_etl_records eg_etl_records_of(const uint8_t *bytes, size_t size, bool cut);

/* False behind the last one. */
bool eg_etl_records_next(struct eg_etl_records *records, struct eg_etl_record *record);

#ifdef __cplusplus
}
#endif

#endif
