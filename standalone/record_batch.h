/*
 * Records of libwiretap that are counted together, each with a buffer of its own. Of a frame by
 * itself, what the core makes ready for a run of frames is most of the cost.
 */
#ifndef RECORD_BATCH_H
#define RECORD_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "egress.h"

struct ws_record;
struct record_batch; /* opaque */

/* Both with the library's lock held. NULL without memory. */
struct record_batch *record_batch_new(void);
void record_batch_free(struct record_batch *batch);

/* Reads the next frame into a record; *more is false at the end. */
typedef enum eg_status read_record_function(void *context, struct ws_record *record,
                                            struct eg_frame *frame, bool *more,
                                            struct eg_error *error);

/*
 * The next frames that have the same in common, at most `most` of them, which is not 0; valid until
 * the next call. *count is 0 at the end. An error is told when the frames before it were given.
 */
enum eg_status record_batch_next(struct record_batch *batch, read_record_function *read,
                                 void *context, uint64_t most, struct eg_frame *common,
                                 const struct eg_record **records, size_t *count,
                                 struct eg_error *error);

#endif
