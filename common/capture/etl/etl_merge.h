/*
 * Events in the order of time. Each buffer is of one CPU and in order; a file lists buffers in any
 * order. So the buffers of a CPU follow each other, and the CPUs are merged.
 */
#ifndef EG_ETL_MERGE_H
#define EG_ETL_MERGE_H

#include "capture/etl/etl_clock.h"
#include "capture/etl/etl_file.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A buffer that has events of interest. */
struct eg_etl_entry {
    struct eg_etl_buffer buffer;
    uint32_t clock; /* of the log it belongs to */
    int64_t first;  /* ns, of its first event of interest */
    int64_t last;
};

struct eg_etl_merge; /* opaque */

struct eg_etl_event {
    struct eg_etl_record record;
    int64_t time; /* ns */
    uint16_t cpu;
    uint64_t place; /* in the file, for a replay */
};

struct eg_etl_merge_plan {
    struct eg_etl_loader *loader;
    struct eg_etl_entry *entries; /* sorted here; must stay as long as the merge */
    size_t entry_count;
    const struct eg_etl_clock *clocks;
    bool (*wanted)(const struct eg_etl_record *record); /* events of interest */
    size_t memory_max; /* of decoded buffers; one is always decoded */
};

enum eg_status eg_etl_merge_new(const struct eg_etl_merge_plan *plan, struct eg_etl_merge **merge);
void eg_etl_merge_free(struct eg_etl_merge *merge);

/*
 * The next event; its payload is valid until the next call. *more is false at the end. EG_ERR_IO,
 * EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_merge_next(struct eg_etl_merge *merge, struct eg_etl_event *event,
                                 bool *more);

/* Buffers that had to wait for memory, so that their events came later than their time. */
uint64_t eg_etl_merge_delayed(const struct eg_etl_merge *merge);

/* How far it is: bytes of the entries that are done. */
uint64_t eg_etl_merge_bytes(const struct eg_etl_merge *merge);

#ifdef __cplusplus
}
#endif

#endif
