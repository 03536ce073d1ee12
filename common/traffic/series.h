/*
 * When the bytes moved: what each cell of the matrix counted in each bucket of time.
 *
 * One pass, and how long the input lasts is not known before its end. So buckets begin narrow and
 * are made wider as the input goes on, by a chain of widths of which each divides the next; all of
 * them begin at whole multiples of their width since 1970. The width at the end is the narrowest at
 * which neither the buckets from the first packet to the last nor the entries are too many. That is
 * a property of the packets, so it depends neither on their order nor on how they were divided
 * among threads, and sums over buckets are exact.
 *
 * A packet of a cell that the open bucket has already costs two comparisons. The first of a cell in
 * a bucket notes the cell's counters; when the bucket is closed, the difference is what it counted.
 */
#ifndef EG_SERIES_H
#define EG_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "traffic/selection.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_SERIES_BUCKETS = 160,         /* from the first packet to the last: 32 to 160 */
    EG_SERIES_BUCKETS_ASKED = 10000, /* the same where somebody asks for a width */
    EG_SERIES_ENTRIES = 1 << 18,     /* of a cell in a bucket; 48 bytes each */
};

/* The bucket of packets without a time. */
#define EG_BUCKET_UNTIMED INT64_MIN

/* What one cell counted in one bucket; another entry may hold more of the same. */
struct eg_series_entry {
    int64_t bucket; /* time / width, rounded down */
    uint32_t cell;
    uint64_t packets, ip_bytes, more_packets, more_bytes;
};

/* Zeroed by eg_series_begin(); members are read outside of series.c only by this file's inlines. */
struct eg_series {
    uint64_t open_from;  /* the open bucket: its first nanosecond, */
    uint64_t open_width; /* how many; 0: none is open; */
    int64_t open_bucket; /* and its number */
    bool off;            /* nothing is collected, */
    bool given_up;       /* since it would be too much */
    bool unsorted;       /* a bucket follows a later one */
    bool repeated;       /* a bucket was opened again: two entries may be of one cell in it */
    unsigned level;      /* of the chain of widths */
    int64_t asked;       /* the width that is wanted; INT64_MAX: none */
    int64_t first, last; /* buckets with a packet */
    bool timed;          /* there is one */
    struct eg_series_entry *entries;
    uint32_t count, capacity;
    uint32_t open_at; /* entries from here on are of the open bucket */
    uint32_t *places; /* by cell: where its entry may be */
    uint32_t place_count;
};

/* Zeroed, but for this: nothing is collected until eg_series_begin(). */
#define EG_SERIES_OFF ((struct eg_series){.off = true})

/* asked: a width that buckets can be joined to afterwards, ns; 0: none. */
void eg_series_begin(struct eg_series *series, int64_t asked);
void eg_series_clear(struct eg_series *series);

static inline bool eg_series_is_outside(const struct eg_series *series, int64_t time)
{
    return (uint64_t)time - series->open_from >= series->open_width;
}

/* Whether a packet needs eg_series_enter() before it is counted in its cell. */
static inline bool eg_series_is_awaited(const struct eg_series *series, bool noted, int64_t time)
{
    return !series->off && (!noted || eg_series_is_outside(series, time));
}

/*
 * Notes the cell in the bucket of a time. Cost: a bucket is closed in time linear in the cells it
 * has seen. EG_ERR_NO_MEMORY loses nothing.
 */
enum eg_status eg_series_enter(struct eg_series *series, struct eg_matrix *matrix, uint32_t cell,
                               int64_t time);

/* For parts of a matrix, which are told packet by packet. */
enum eg_status eg_series_add(struct eg_series *series, uint32_t cell, int64_t time,
                             const struct eg_cell_part *part);

/*
 * Closes the open bucket, and widens until the limits hold. matrix: whose cells eg_series_enter()
 * noted; NULL: none.
 */
enum eg_status eg_series_settle(struct eg_series *series, struct eg_matrix *matrix);

/*
 * Adds all of `from`, which is of the matrix `of`. cells: what each of its cells is called here, or
 * EG_CELL_OVERFLOW.
 */
enum eg_status eg_series_merge(struct eg_series *into, struct eg_matrix *matrix,
                               const struct eg_series *from, const struct eg_matrix *of,
                               const uint32_t *cells);

/*
 * Closes the open bucket and hands the series over to one of parts of the matrix; nothing is
 * collected here any more.
 */
void eg_series_move(struct eg_series *series, struct eg_matrix *matrix, struct eg_series *to);

/* Nanoseconds of a bucket; 0 when the series was given up. */
int64_t eg_series_width(const struct eg_series *series);

/* The narrowest width of the chain, no narrower than the series', for EG_SERIES_BUCKETS of them. */
int64_t eg_series_usual_width(const struct eg_series *series);

/* The quotient rounded down, also of times before 1970. */
int64_t eg_floor_divide(int64_t value, int64_t by);

#ifdef __cplusplus
}
#endif

#endif
