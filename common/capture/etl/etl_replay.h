/*
 * Events once more, from any place on: where a frame begins is found by its place. Decoded buffers
 * are kept, one a CPU, so that neighbours cost no second decoding.
 */
#ifndef EG_ETL_REPLAY_H
#define EG_ETL_REPLAY_H

#include "capture/etl/etl_merge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A place: the number of the buffer's entry, and the record's offset in its events. */
static inline uint64_t eg_etl_place_of(size_t entry, size_t offset)
{
    return (uint64_t)entry << 32 | (uint32_t)offset;
}

struct eg_etl_replay; /* opaque */

/* The merge has sorted the plan's entries. Of its loader the source only is used. */
enum eg_status eg_etl_replay_new(const struct eg_etl_merge_plan *plan,
                                 struct eg_etl_replay **replay);
void eg_etl_replay_free(struct eg_etl_replay *replay);

/* The next event is the one of this place. EG_ERR_VALUE when there is none, and as of a merge. */
enum eg_status eg_etl_replay_seek(struct eg_etl_replay *replay, uint64_t place);

/*
 * The next event of the same CPU; its payload is valid until the next call. *more is false at the
 * end. EG_ERR_IO, EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_replay_next(struct eg_etl_replay *replay, struct eg_etl_event *event,
                                  bool *more);

#ifdef __cplusplus
}
#endif

#endif
