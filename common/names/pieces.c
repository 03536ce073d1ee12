#include "names/pieces.h"

#include <stdlib.h>

static enum eg_status make_room(struct eg_pieces *pieces, size_t size)
{
    enum { STEP = 2048 };
    if (size <= pieces->room)
        return EG_OK;
    const size_t room = (size + STEP - 1) / STEP * STEP;
    uint8_t *grown = realloc(pieces->bytes, room);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    pieces->bytes = grown;
    pieces->room = (uint16_t)room;
    return EG_OK;
}

/* The bytes [from, to) of a piece that begins at `offset`, but for those that are there. */
static void fill(const struct eg_pieces *pieces, size_t from, size_t to, const uint8_t *piece)
{
    size_t at = from;
    for (size_t i = 0; i < pieces->count && at < to; i++) {
        const size_t begin = pieces->ranges[i].from, end = pieces->ranges[i].to;
        if (end <= at)
            continue;
        const size_t until = begin < to ? begin : to;
        if (at < until)
            memcpy(pieces->bytes + at, piece + (at - from), until - at);
        at = end;
    }
    if (at < to)
        memcpy(pieces->bytes + at, piece + (at - from), to - at);
}

/* Makes one range of [from, to) and those that it touches: first..last-1. */
static void join(struct eg_pieces *pieces, size_t first, size_t last, size_t from, size_t to)
{
    if (first < last && pieces->ranges[first].from < from)
        from = pieces->ranges[first].from;
    if (first < last && pieces->ranges[last - 1].to > to)
        to = pieces->ranges[last - 1].to;
    memmove(pieces->ranges + first + 1, pieces->ranges + last,
            (pieces->count - last) * sizeof pieces->ranges[0]);
    pieces->ranges[first].from = (uint16_t)from;
    pieces->ranges[first].to = (uint16_t)to;
    pieces->count = (uint8_t)(pieces->count + 1 - (last - first));
}

enum eg_status eg_pieces_put(struct eg_pieces *pieces, uint64_t offset, struct eg_cursor piece)
{
    if (offset >= EG_PIECES_MAX || eg_cursor_left(&piece) == 0)
        return EG_OK;
    const struct eg_cursor before = eg_pieces_whole(pieces);
    const size_t from = (size_t)offset, whole = eg_cursor_left(&before);
    eg_cursor_clip(&piece, EG_PIECES_MAX - from);
    const size_t to = from + eg_cursor_left(&piece);
    size_t first = 0, last;
    while (first < pieces->count && pieces->ranges[first].to < from)
        first++;
    for (last = first; last < pieces->count && pieces->ranges[last].from <= to;)
        last++;
    if (first == last && pieces->count == EG_PIECES_RANGES)
        return EG_ERR_LIMIT;
    if (make_room(pieces, to) != EG_OK)
        return EG_ERR_NO_MEMORY;
    fill(pieces, from, to, piece.at);
    join(pieces, first, last, from, to);
    const struct eg_cursor now = eg_pieces_whole(pieces);
    pieces->grown = (uint8_t)(pieces->grown + (eg_cursor_left(&now) > whole));
    return EG_OK;
}

struct eg_cursor eg_pieces_whole(const struct eg_pieces *pieces)
{
    const bool begun = pieces->count && pieces->ranges[0].from == 0;
    return eg_cursor_over(pieces->bytes, begun ? pieces->ranges[0].to : 0);
}

void eg_pieces_drop(struct eg_pieces *pieces, size_t count)
{
    const struct eg_cursor whole = eg_pieces_whole(pieces);
    if (count == 0 || count > eg_cursor_left(&whole))
        return;
    const size_t end = pieces->ranges[pieces->count - 1].to;
    memmove(pieces->bytes, pieces->bytes + count, end - count);
    for (size_t i = 0; i < pieces->count; i++) {
        pieces->ranges[i].from = (uint16_t)(i ? pieces->ranges[i].from - count : 0);
        pieces->ranges[i].to = (uint16_t)(pieces->ranges[i].to - count);
    }
    if (pieces->ranges[0].to == 0) {
        memmove(pieces->ranges, pieces->ranges + 1,
                (pieces->count - 1U) * sizeof pieces->ranges[0]);
        pieces->count--;
    }
}

void eg_pieces_clear(struct eg_pieces *pieces)
{
    free(pieces->bytes);
    *pieces = (struct eg_pieces){0};
}

bool eg_pieces_equal(const struct eg_pieces *a, const struct eg_pieces *b)
{
    if (a->count != b->count || a->grown != b->grown)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const size_t from = a->ranges[i].from, to = a->ranges[i].to;
        if (from != b->ranges[i].from || to != b->ranges[i].to ||
            memcmp(a->bytes + from, b->bytes + from, to - from) != 0)
            return false;
    }
    return true;
}

enum eg_status eg_pieces_copy(const struct eg_pieces *from, struct eg_pieces *to)
{
    *to = *from;
    to->bytes = from->room ? calloc(1, from->room) : NULL;
    if (from->room && !to->bytes) {
        *to = (struct eg_pieces){0};
        return EG_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < from->count; i++) {
        const size_t at = from->ranges[i].from;
        memcpy(to->bytes + at, from->bytes + at, from->ranges[i].to - at);
    }
    return EG_OK;
}
