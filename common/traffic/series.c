#include "traffic/series.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/tables.h"

#define MS   INT64_C(1000000)
#define S    (1000 * MS)
#define MIN  (60 * S)
#define HOUR (60 * MIN)
#define DAY  (24 * HOUR)

/* Each divides the next, by 5 at most up to a day. The last one has room for 160 years. */
static const int64_t widths[] = {
    MS,       5 * MS,    10 * MS, 50 * MS, 100 * MS, 500 * MS,  S,    5 * S,
    10 * S,   30 * S,    MIN,     5 * MIN, 10 * MIN, 30 * MIN,  HOUR, 3 * HOUR,
    6 * HOUR, 12 * HOUR, DAY,     7 * DAY, 28 * DAY, 364 * DAY,
};

enum {
    LEVELS = sizeof widths / sizeof widths[0],
    ROOM = EG_SERIES_ENTRIES + EG_SERIES_ENTRIES / 4, /* so that making room is rare */
    FIRST_ROOM = 256,
};

int64_t eg_floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

void eg_series_begin(struct eg_series *series, int64_t asked)
{
    *series = (struct eg_series){.asked = INT64_MAX};
    for (unsigned i = 0; i < LEVELS; i++)
        if (asked >= widths[i] && asked % widths[i] == 0)
            series->asked = widths[i];
}

void eg_series_clear(struct eg_series *series)
{
    free(series->entries);
    free(series->places);
    *series = EG_SERIES_OFF;
    /* Said again for clang's analyzer, which loses it in the copy. */
    series->off = true;
    series->entries = NULL;
    series->places = NULL;
    series->count = series->capacity = 0;
}

/* ---- the open bucket ------------------------------------------------------------------------- */

/*
 * The entry of an open bucket holds minus what its cell had counted before; unsigned differences
 * need no sign.
 */
static struct eg_series_entry whole_entry(const struct eg_series *series,
                                          const struct eg_matrix *matrix, uint32_t number)
{
    struct eg_series_entry entry = series->entries[number];
    if (number < series->open_at || !matrix)
        return entry;
    const struct eg_cell cell = eg_matrix_cell(matrix, entry.cell);
    entry.packets += cell.packets;
    entry.ip_bytes += cell.ip_bytes;
    entry.more_packets += cell.more_packets;
    entry.more_bytes += cell.more_bytes;
    return entry;
}

static void close_bucket(struct eg_series *series, struct eg_matrix *matrix)
{
    for (uint32_t i = series->open_at; i < series->count && matrix; i++) {
        series->entries[i] = whole_entry(series, matrix, i);
        eg_cell_at(matrix, series->entries[i].cell)->more &= ~(uint32_t)EG_MORE_NOTED;
    }
    series->open_at = series->count;
    series->open_width = 0;
}

static void give_up(struct eg_series *series, struct eg_matrix *matrix)
{
    close_bucket(series, matrix);
    eg_series_clear(series);
    series->given_up = true;
}

/* ---- joining and widening -------------------------------------------------------------------- */

static int compare_buckets(const void *a, const void *b)
{
    const struct eg_series_entry *const x = a, *const y = b;
    return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

static void add_entry(struct eg_series_entry *into, const struct eg_series_entry *from)
{
    into->packets += from->packets;
    into->ip_bytes += from->ip_bytes;
    into->more_packets += from->more_packets;
    into->more_bytes += from->more_bytes;
}

/* Makes the place of every cell up to this one addressable. */
static bool reach_place(struct eg_series *series, uint32_t cell)
{
    if (cell < series->place_count)
        return true;
    const uint32_t count = cell < UINT32_MAX / 2 ? cell * 2 + 64 : UINT32_MAX;
    uint32_t *grown = realloc(series->places, count * sizeof *grown);
    if (!grown)
        return false;
    memset(grown + series->place_count, 0, (count - series->place_count) * sizeof *grown);
    series->places = grown;
    series->place_count = count;
    return true;
}

/* The entry of a cell among those from `from` on, or NULL. The cell's place has been reached. */
static struct eg_series_entry *find_entry(const struct eg_series *series, uint32_t from,
                                          uint32_t cell)
{
    const uint32_t place = series->places[cell];
    const bool found =
        place >= from && place < series->count && series->entries[place].cell == cell;
    return found ? &series->entries[place] : NULL;
}

static bool reach_places(struct eg_series *series)
{
    for (uint32_t i = 0; i < series->count; i++)
        if (!reach_place(series, series->entries[i].cell))
            return false;
    return true;
}

/* Makes one entry of those of a cell in a bucket. No bucket is open. False without memory. */
static bool join_entries(struct eg_series *series)
{
    if (!reach_places(series))
        return false;
    if (series->unsorted)
        qsort(series->entries, series->count, sizeof *series->entries, compare_buckets);
    const uint32_t count = series->count;
    uint32_t bucket_at = 0;
    series->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_series_entry entry = series->entries[i];
        if (series->count && series->entries[series->count - 1].bucket != entry.bucket)
            bucket_at = series->count;
        struct eg_series_entry *known = find_entry(series, bucket_at, entry.cell);
        if (known) {
            add_entry(known, &entry);
            continue;
        }
        series->places[entry.cell] = series->count;
        series->entries[series->count++] = entry;
    }
    series->open_at = series->count;
    series->unsorted = series->repeated = false;
    return true;
}

static int64_t widened(int64_t bucket, int64_t factor)
{
    return bucket == EG_BUCKET_UNTIMED ? bucket : eg_floor_divide(bucket, factor);
}

/* To the next width, or to none. No bucket is open. */
static void widen(struct eg_series *series, struct eg_matrix *matrix)
{
    if (series->level + 1 == LEVELS) {
        give_up(series, matrix);
        return;
    }
    const int64_t factor = widths[series->level + 1] / widths[series->level];
    series->level++;
    for (uint32_t i = 0; i < series->count; i++)
        series->entries[i].bucket = widened(series->entries[i].bucket, factor);
    series->first = widened(series->first, factor);
    series->last = widened(series->last, factor);
    series->repeated = true;
}

static bool is_too_long(const struct eg_series *series, int64_t width)
{
    const bool is_asked = width >= series->asked;
    const uint64_t most = is_asked ? EG_SERIES_BUCKETS_ASKED : EG_SERIES_BUCKETS;
    return (uint64_t)series->last - (uint64_t)series->first >= most;
}

/* Widens until neither buckets nor entries are too many. No bucket is open. */
static enum eg_status hold_limits(struct eg_series *series, struct eg_matrix *matrix)
{
    while (!series->off && is_too_long(series, widths[series->level]))
        widen(series, matrix);
    if (series->off || series->count <= EG_SERIES_ENTRIES)
        return EG_OK;
    if (!join_entries(series))
        return EG_ERR_NO_MEMORY;
    while (!series->off && series->count > EG_SERIES_ENTRIES) {
        widen(series, matrix);
        if (!series->off && !join_entries(series))
            return EG_ERR_NO_MEMORY;
    }
    return EG_OK;
}

enum eg_status eg_series_settle(struct eg_series *series, struct eg_matrix *matrix)
{
    if (series->off)
        return EG_OK;
    close_bucket(series, matrix);
    return hold_limits(series, matrix);
}

/* ---- packets --------------------------------------------------------------------------------- */

/* Room for one more entry. May close the open bucket. */
static enum eg_status reserve(struct eg_series *series, struct eg_matrix *matrix)
{
    if (series->count < series->capacity)
        return EG_OK;
    if (series->count >= ROOM)
        return eg_series_settle(series, matrix);
    const uint32_t wanted = series->capacity ? series->capacity * 2 : FIRST_ROOM;
    const uint32_t capacity = wanted < ROOM ? wanted : ROOM;
    struct eg_series_entry *grown = realloc(series->entries, capacity * sizeof *grown);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    series->entries = grown;
    series->capacity = capacity;
    return EG_OK;
}

static void note_bucket(struct eg_series *series, int64_t bucket)
{
    if (!series->timed || bucket < series->first)
        series->first = bucket;
    if (!series->timed || bucket > series->last)
        series->last = bucket;
    series->timed = true;
}

/* Opens the bucket of a time, as wide as it then has to be. */
static void open_bucket(struct eg_series *series, struct eg_matrix *matrix, int64_t time)
{
    close_bucket(series, matrix);
    if (time == EG_NO_TIME) {
        series->open_from = (uint64_t)EG_NO_TIME;
        series->open_width = 1;
        series->open_bucket = EG_BUCKET_UNTIMED;
        return;
    }
    note_bucket(series, eg_floor_divide(time, widths[series->level]));
    while (!series->off && is_too_long(series, widths[series->level]))
        widen(series, matrix);
    if (series->off)
        return;
    const int64_t width = widths[series->level];
    series->open_bucket = eg_floor_divide(time, width);
    series->open_from = (uint64_t)series->open_bucket * (uint64_t)width;
    series->open_width = (uint64_t)width;
}

/* A new entry of the open bucket. Only after reserve(). */
static struct eg_series_entry *push(struct eg_series *series, int64_t bucket, uint32_t cell)
{
    const int64_t before = series->count ? series->entries[series->count - 1].bucket : bucket;
    series->unsorted = series->unsorted || bucket < before;
    series->repeated =
        series->repeated || (bucket == before && series->count == series->open_at && series->count);
    struct eg_series_entry *entry = &series->entries[series->count++];
    *entry = (struct eg_series_entry){.bucket = bucket, .cell = cell};
    return entry;
}

/* An open bucket with this time in it, and room for one more entry. */
static enum eg_status prepare(struct eg_series *series, struct eg_matrix *matrix, int64_t time)
{
    const enum eg_status status = reserve(series, matrix);
    if (status == EG_OK && !series->off && eg_series_is_outside(series, time))
        open_bucket(series, matrix, time);
    return status;
}

enum eg_status eg_series_enter(struct eg_series *series, struct eg_matrix *matrix, uint32_t cell,
                               int64_t time)
{
    if (series->off)
        return EG_OK;
    const enum eg_status status = prepare(series, matrix, time);
    struct eg_kept_cell *kept = eg_cell_at(matrix, cell);
    if (status != EG_OK || series->off || kept->more & EG_MORE_NOTED)
        return status;
    const struct eg_cell noted = eg_matrix_cell(matrix, cell);
    struct eg_series_entry *entry = push(series, series->open_bucket, cell);
    entry->packets = 0 - noted.packets;
    entry->ip_bytes = 0 - noted.ip_bytes;
    entry->more_packets = 0 - noted.more_packets;
    entry->more_bytes = 0 - noted.more_bytes;
    kept->more |= EG_MORE_NOTED;
    return EG_OK;
}

enum eg_status eg_series_add(struct eg_series *series, uint32_t cell, int64_t time,
                             const struct eg_cell_part *part)
{
    if (series->off)
        return EG_OK;
    if (!reach_place(series, cell))
        return EG_ERR_NO_MEMORY;
    const enum eg_status status = prepare(series, NULL, time);
    if (status != EG_OK || series->off)
        return status;
    struct eg_series_entry *entry = find_entry(series, series->open_at, cell);
    if (!entry) {
        entry = push(series, series->open_bucket, cell);
        series->places[cell] = series->count - 1;
    }
    const struct eg_series_entry more = {
        .packets = part->packets,
        .ip_bytes = part->ip_bytes,
        .more_packets = part->more_packets,
        .more_bytes = part->more_bytes,
    };
    add_entry(entry, &more);
    return EG_OK;
}

/* ---- merging and reading --------------------------------------------------------------------- */

static enum eg_status merge_entry(struct eg_series *into, struct eg_matrix *matrix,
                                  const struct eg_series_entry *from, unsigned level, uint32_t cell)
{
    const enum eg_status status = reserve(into, matrix);
    if (status != EG_OK || into->off)
        return status;
    const int64_t factor = widths[into->level] / widths[level];
    struct eg_series_entry *entry = push(into, widened(from->bucket, factor), cell);
    into->open_at = into->count;
    into->repeated = true;
    add_entry(entry, from);
    return EG_OK;
}

enum eg_status eg_series_merge(struct eg_series *into, struct eg_matrix *matrix,
                               const struct eg_series *from, const struct eg_matrix *of,
                               const uint32_t *cells)
{
    if (into->off)
        return EG_OK;
    close_bucket(into, matrix);
    if (from->off) {
        give_up(into, matrix);
        into->given_up = from->given_up;
        return EG_OK;
    }
    while (!into->off && into->level < from->level)
        widen(into, matrix);
    if (from->timed) {
        const int64_t factor = widths[into->level] / widths[from->level];
        note_bucket(into, widened(from->first, factor));
        note_bucket(into, widened(from->last, factor));
    }
    enum eg_status status = EG_OK;
    for (uint32_t i = 0; i < from->count && status == EG_OK; i++) {
        const struct eg_series_entry entry = whole_entry(from, of, i);
        if (cells[entry.cell] != EG_CELL_OVERFLOW)
            status = merge_entry(into, matrix, &entry, from->level, cells[entry.cell]);
    }
    return status == EG_OK ? eg_series_settle(into, matrix) : status;
}

void eg_series_move(struct eg_series *series, struct eg_matrix *matrix, struct eg_series *to)
{
    close_bucket(series, matrix);
    *to = *series;
    *series = EG_SERIES_OFF;
}

int64_t eg_series_width(const struct eg_series *series)
{
    return series->off ? 0 : widths[series->level];
}

int64_t eg_series_usual_width(const struct eg_series *series)
{
    if (series->off)
        return 0;
    unsigned level = series->level;
    int64_t first = series->first, last = series->last;
    while ((uint64_t)last - (uint64_t)first >= EG_SERIES_BUCKETS && level + 1 < LEVELS) {
        const int64_t factor = widths[level + 1] / widths[level];
        first = eg_floor_divide(first, factor);
        last = eg_floor_divide(last, factor);
        level++;
    }
    return widths[level];
}
