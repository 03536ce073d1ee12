#include "capture/feed.h"

#include <stdlib.h>

bool eg_feed_begin(struct eg_feed *feed, eg_capture_read *read, void *context)
{
    uint8_t *room = malloc(EG_FEED_ROOM);
    if (!room)
        return false;
    *feed = (struct eg_feed){{room, room}, room, read, context, 0};
    return true;
}

void eg_feed_end(struct eg_feed *feed)
{
    free(feed->room);
}

bool eg_feed_fill(struct eg_feed *feed, size_t count)
{
    size_t left = eg_cursor_left(&feed->ahead);
    if (count > EG_FEED_ROOM)
        return false;
    memmove(feed->room, feed->ahead.at, left);
    size_t got = 1;
    while (left < count && got > 0) {
        const size_t free_room = EG_FEED_ROOM - left;
        got = feed->read(feed->context, feed->room + left,
                         free_room < EG_FEED_READ ? free_room : EG_FEED_READ);
        left += got;
        feed->end += got;
    }
    feed->ahead = eg_cursor_over(feed->room, left);
    return left >= count;
}
