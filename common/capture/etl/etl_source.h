/*
 * Where the bytes of a trace come from: the core opens no file.
 */
#ifndef EG_ETL_SOURCE_H
#define EG_ETL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eg_etl_source {
    /* Fills all of target from `offset` on, or returns false: a failing disk, an interrupt. */
    bool (*read_at)(void *context, uint64_t offset, void *target, size_t size);
    void *context;
    uint64_t size; /* of the file */
};

#endif
