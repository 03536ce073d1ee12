#include "record_batch.h"

#include <stdlib.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "ws_compat.h"

enum { FRAMES = 32 };

/* One record more than frames, for the first of the next ones. */
struct record_batch {
    struct ws_record records[FRAMES + 1];
    struct eg_record frames[FRAMES];
    unsigned next;        /* the record that is read into next */
    bool holds;           /* it was, and waits: */
    struct eg_frame held; /* unlike those before it */
    bool over;            /* nothing comes behind the frames that were given */
    enum eg_status status;
    struct eg_error error;
};

struct record_batch *record_batch_new(void)
{
    struct record_batch *batch = calloc(1, sizeof *batch);
    for (unsigned i = 0; batch && i <= FRAMES; i++)
        ws_record_init(&batch->records[i]);
    return batch;
}

void record_batch_free(struct record_batch *batch)
{
    for (unsigned i = 0; batch && i <= FRAMES; i++)
        ws_record_free(&batch->records[i]);
    free(batch);
}

/* Whether one struct eg_frame can be what both share. */
static bool is_like(const struct eg_frame *a, const struct eg_frame *b)
{
    return a->link == b->link && a->link_name == b->link_name && a->hint == b->hint &&
           a->interface == b->interface;
}

/* The frame that waits, or one that is read; false at the end and on an error. */
static bool take(struct record_batch *batch, read_record_function *read, void *context,
                 struct eg_frame *frame)
{
    bool more = true;
    *frame = batch->held;
    if (!batch->holds)
        batch->status = read(context, &batch->records[batch->next], frame, &more, &batch->error);
    batch->holds = false;
    batch->over = batch->status != EG_OK || !more;
    return !batch->over;
}

enum eg_status record_batch_next(struct record_batch *batch, read_record_function *read,
                                 void *context, uint64_t most, struct eg_frame *common,
                                 const struct eg_record **records, size_t *count,
                                 struct eg_error *error)
{
    struct eg_frame frame;
    size_t n = 0;
    while (n < most && n < FRAMES && !batch->over && take(batch, read, context, &frame)) {
        if (n > 0 && !is_like(common, &frame)) {
            batch->held = frame;
            batch->holds = true;
            break;
        }
        if (n == 0)
            *common = frame;
        batch->frames[n++] = eg_record_of(&frame);
        batch->next = (batch->next + 1) % (FRAMES + 1);
    }
    *records = batch->frames;
    *count = n;
    if (n > 0)
        return EG_OK;
    *error = batch->error;
    return batch->status;
}
