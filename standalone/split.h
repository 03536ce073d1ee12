/*
 * One big capture read by several threads.
 *
 * What comes out is what one thread would have read, so far as it is proven; from there on, if the
 * capture is not at its end, the caller reads on alone. Nothing that is not proven is counted.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "part.h"

struct split; /* opaque */

struct split_job {
    const struct eg_session *session; /* what is read will be added to it */
    const char *path;
    unsigned threads;
    struct split_sizes sizes;
    /* Called a few times a second by the thread that called split_read(), with bytes read so far.
     */
    void (*progress)(void *context, uint64_t bytes);
    void *context;
};

/* Whether a capture is worth it, and can be read in parts. */
bool split_is_worth_it(const struct split_job *job, const struct own_reader *reader);

/*
 * Reads what *reader, which has not been read from, gives. NULL when nothing was gained, and the
 * capture has to be read from its start by one thread. Else *reader is where the last of the proven
 * parts ends, with split_frames() before it.
 */
struct split *split_read(const struct split_job *job, struct own_reader **reader);
void split_free(struct split *split);

uint64_t split_frames(const struct split *split);
size_t split_parts(const struct split *split); /* those that are proven */

/* The session that frames behind those of the split go to. */
struct eg_session *split_session(struct split *split);

/*
 * Adds all to *session, which has begun the same input. *session is freed and becomes the split's
 * own, if `empty`: it had nothing else. NO_ROOM: nothing was changed, and one thread has to read
 * the capture from its start. NO_MEMORY: *session must not be reported any more.
 */
enum split_outcome { SPLIT_JOINED, SPLIT_NO_ROOM, SPLIT_NO_MEMORY };
enum split_outcome split_join(struct split *split, bool empty, struct eg_session **session);

#endif
