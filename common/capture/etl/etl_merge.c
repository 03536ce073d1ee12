#include "capture/etl/etl_merge.h"

#include <stdlib.h>

#include "capture/etl/etl_replay.h"
#include "packet/frame.h"

/* The buffers of one CPU, of which at most one is open. */
struct stream {
    const struct eg_etl_entry *entry, *end; /* the current one; behind the last */
    bool open;
    struct eg_etl_area area;
    struct eg_etl_records records;
    struct eg_etl_record record; /* the next one */
    size_t offset;               /* of it in area */
    int64_t time;                /* when it, or the entry, is due */
};

struct eg_etl_merge {
    struct eg_etl_merge_plan plan;
    struct stream *streams;
    size_t stream_count;
    struct stream **heap; /* the one that is due first on top */
    size_t heap_count;
    bool given; /* the top one's record was returned by the last call */
    size_t memory, open_count;
    uint64_t delayed;
    uint64_t bytes;
};

/* ---- streams ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct eg_etl_entry *const x = a, *const y = b;
    if (x->buffer.cpu != y->buffer.cpu)
        return x->buffer.cpu < y->buffer.cpu ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->buffer.offset < y->buffer.offset ? -1 : x->buffer.offset > y->buffer.offset;
}

static size_t count_streams(const struct eg_etl_merge_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->entry_count; i++)
        count += i == 0 || plan->entries[i].buffer.cpu != plan->entries[i - 1].buffer.cpu;
    return count;
}

static void make_streams(struct eg_etl_merge *merge)
{
    const struct eg_etl_entry *entries = merge->plan.entries;
    struct stream *stream = NULL;
    for (size_t i = 0; i < merge->plan.entry_count; i++) {
        if (!stream || entries[i].buffer.cpu != entries[i - 1].buffer.cpu) {
            stream = &merge->streams[merge->stream_count++];
            stream->entry = &entries[i];
            stream->time = entries[i].first;
        }
        stream->end = &entries[i + 1];
    }
}

static void close_stream(struct eg_etl_merge *merge, struct stream *stream)
{
    merge->memory -= stream->area.capacity;
    merge->open_count--;
    merge->bytes += stream->entry->buffer.present;
    stream->open = false;
    eg_etl_area_free(&stream->area);
    stream->entry++;
    if (stream->entry < stream->end)
        stream->time = stream->entry->first;
}

/* To its next event; closes it behind the last. */
static void advance(struct eg_etl_merge *merge, struct stream *stream)
{
    const uint8_t *at = stream->records.rest.at;
    while (eg_etl_records_next(&stream->records, &stream->record)) {
        if (merge->plan.wanted(&stream->record)) {
            stream->offset = (size_t)(at - stream->area.bytes);
            stream->time =
                eg_etl_clock_ns(&merge->plan.clocks[stream->entry->clock], stream->record.time);
            return;
        }
        at = stream->records.rest.at;
    }
    close_stream(merge, stream);
}

static enum eg_status open_stream(struct eg_etl_merge *merge, struct stream *stream)
{
    bool sound = false;
    const enum eg_status status =
        eg_etl_load(merge->plan.loader, &stream->entry->buffer, &stream->area, &sound);
    if (status != EG_OK)
        return status;
    stream->records = eg_etl_records_of(stream->area.bytes, stream->area.size, !sound);
    stream->open = true;
    merge->memory += stream->area.capacity;
    merge->open_count++;
    advance(merge, stream);
    return EG_OK;
}

/* ---- the heap ---- */

static bool is_before(const struct stream *a, const struct stream *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->open != b->open)
        return a->open; /* which may make room for the other */
    return a < b;       /* by CPU */
}

static void sink(struct eg_etl_merge *merge, size_t at)
{
    struct stream *moved = merge->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->heap_count)
            break;
        if (child + 1 < merge->heap_count && is_before(merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!is_before(merge->heap[child], moved))
            break;
        merge->heap[at] = merge->heap[child];
        at = child;
    }
    merge->heap[at] = moved;
}

/* After the top one has changed. */
static void settle_top(struct eg_etl_merge *merge)
{
    if (merge->heap[0]->entry == merge->heap[0]->end)
        merge->heap[0] = merge->heap[--merge->heap_count];
    if (merge->heap_count)
        sink(merge, 0);
}

static void make_heap(struct eg_etl_merge *merge)
{
    for (size_t i = 0; i < merge->stream_count; i++)
        merge->heap[i] = &merge->streams[i];
    merge->heap_count = merge->stream_count;
    for (size_t i = merge->heap_count / 2; i-- > 0;)
        sink(merge, i);
}

/* ---- memory ---- */

static bool has_room(const struct eg_etl_merge *merge, const struct stream *stream)
{
    const size_t needed = stream->entry->buffer.used;
    return merge->open_count == 0 || (merge->memory <= merge->plan.memory_max &&
                                      needed <= merge->plan.memory_max - merge->memory);
}

/* The stream has to wait until the first of the open buffers is done. */
static void delay(struct eg_etl_merge *merge, struct stream *stream)
{
    int64_t soonest = INT64_MAX;
    for (size_t i = 0; i < merge->heap_count; i++) {
        const struct stream *other = merge->heap[i];
        const int64_t done = other->time > other->entry->last ? other->time : other->entry->last;
        if (other->open && done < soonest)
            soonest = done;
    }
    stream->time = soonest;
    merge->delayed++;
}

/* ---- the merge ---- */

enum eg_status eg_etl_merge_new(const struct eg_etl_merge_plan *plan, struct eg_etl_merge **merge)
{
    struct eg_etl_merge *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    if (plan->entry_count)
        qsort(plan->entries, plan->entry_count, sizeof *plan->entries, compare_entries);
    const size_t count = count_streams(plan);
    made->plan = *plan;
    made->streams = calloc(count + 1, sizeof *made->streams);
    made->heap = calloc(count + 1, sizeof(struct stream *));
    if (!made->streams || !made->heap) {
        eg_etl_merge_free(made);
        return EG_ERR_NO_MEMORY;
    }
    make_streams(made);
    make_heap(made);
    *merge = made;
    return EG_OK;
}

void eg_etl_merge_free(struct eg_etl_merge *merge)
{
    if (!merge)
        return;
    for (size_t i = 0; i < merge->stream_count; i++)
        eg_etl_area_free(&merge->streams[i].area);
    free(merge->streams);
    free(merge->heap);
    free(merge);
}

/* Opens or delays what is due until a record is. */
static enum eg_status bring_up(struct eg_etl_merge *merge)
{
    while (merge->heap_count && !merge->heap[0]->open) {
        struct stream *due = merge->heap[0];
        if (!has_room(merge, due)) {
            delay(merge, due);
        } else {
            const enum eg_status status = open_stream(merge, due);
            if (status != EG_OK)
                return status;
        }
        settle_top(merge);
    }
    return EG_OK;
}

enum eg_status eg_etl_merge_next(struct eg_etl_merge *merge, struct eg_etl_event *event, bool *more)
{
    *more = false;
    if (merge->given) {
        merge->given = false;
        advance(merge, merge->heap[0]);
        settle_top(merge);
    }
    const enum eg_status status = bring_up(merge);
    if (status != EG_OK || merge->heap_count == 0)
        return status;
    const struct stream *top = merge->heap[0];
    event->record = top->record;
    event->time = top->time;
    event->cpu = top->entry->buffer.cpu;
    event->place = eg_etl_place_of((size_t)(top->entry - merge->plan.entries), top->offset);
    merge->given = *more = true;
    return EG_OK;
}

uint64_t eg_etl_merge_delayed(const struct eg_etl_merge *merge)
{
    return merge->delayed;
}

uint64_t eg_etl_merge_bytes(const struct eg_etl_merge *merge)
{
    return merge->bytes;
}
