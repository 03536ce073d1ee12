/*
 * The bytes of a capture, a few hundred kB at a time, looked at in place.
 */
#ifndef EG_FEED_H
#define EG_FEED_H

#include "base/cursor.h"
#include "capture/capture.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_FEED_READ = 256 * 1024,       /* asked for at a time */
    EG_FEED_ROOM = 2 * EG_FEED_READ, /* no record may be longer */
};

struct eg_feed {
    struct eg_cursor ahead; /* what was read from the capture and not yet taken */
    uint8_t *room;
    eg_capture_read *read;
    void *context;
    uint64_t end; /* of what was read, in bytes from the start of the capture */
};

bool eg_feed_begin(struct eg_feed *feed, eg_capture_read *read, void *context);
void eg_feed_end(struct eg_feed *feed);

/* Reads until `count` bytes are ahead. False when the capture ends before, or count > ROOM. */
bool eg_feed_fill(struct eg_feed *feed, size_t count);

/* The same, without a call when they are there: nearly always. Bytes ahead may move. */
static inline bool eg_feed_has(struct eg_feed *feed, size_t count)
{
    return eg_cursor_left(&feed->ahead) >= count || eg_feed_fill(feed, count);
}

/* Where the bytes ahead begin in the capture. */
static inline uint64_t eg_feed_offset(const struct eg_feed *feed)
{
    return feed->end - eg_cursor_left(&feed->ahead);
}

/* Takes bytes that are ahead. */
static inline const uint8_t *eg_feed_take(struct eg_feed *feed, size_t count)
{
    const uint8_t *bytes = feed->ahead.at;
    feed->ahead.at += count;
    return bytes;
}

#ifdef __cplusplus
}
#endif

#endif
