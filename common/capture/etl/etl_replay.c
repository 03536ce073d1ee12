#include "capture/etl/etl_replay.h"

#include <stdlib.h>

enum { SLOTS = 32 };

static const size_t memory_max = (size_t)256 << 20; /* of all slots, beside the one in use */

/* A decoded buffer. */
struct slot {
    bool loaded;
    bool sound;
    size_t entry;
    struct eg_etl_area area;
};

struct eg_etl_replay {
    struct eg_etl_merge_plan plan;
    struct eg_etl_loader loader;
    struct slot slots[SLOTS]; /* by CPU */
    struct slot *current;     /* NULL: nothing was looked for */
    struct eg_etl_records records;
};

enum eg_status eg_etl_replay_new(const struct eg_etl_merge_plan *plan,
                                 struct eg_etl_replay **replay)
{
    struct eg_etl_replay *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->plan = *plan;
    made->loader.source = plan->loader->source;
    *replay = made;
    return EG_OK;
}

void eg_etl_replay_free(struct eg_etl_replay *replay)
{
    if (!replay)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        eg_etl_area_free(&replay->slots[i].area);
    eg_etl_loader_clear(&replay->loader);
    free(replay);
}

/* ---- buffers ---- */

static void make_room(struct eg_etl_replay *replay, const struct slot *wanted)
{
    size_t memory = 0;
    for (size_t i = 0; i < SLOTS; i++)
        memory += replay->slots[i].area.capacity;
    for (size_t i = 0; i < SLOTS && memory > memory_max; i++) {
        struct slot *slot = &replay->slots[i];
        if (slot == wanted)
            continue;
        memory -= slot->area.capacity;
        eg_etl_area_free(&slot->area);
        slot->loaded = false;
    }
}

static enum eg_status load(struct eg_etl_replay *replay, size_t entry)
{
    const struct eg_etl_buffer *buffer = &replay->plan.entries[entry].buffer;
    struct slot *slot = &replay->slots[buffer->cpu % SLOTS];
    if (!slot->loaded || slot->entry != entry) {
        make_room(replay, slot);
        slot->loaded = false;
        replay->loader.budget = UINT64_MAX; /* the first pass has decoded it within one */
        const enum eg_status status =
            eg_etl_load(&replay->loader, buffer, &slot->area, &slot->sound);
        if (status != EG_OK)
            return status;
        slot->loaded = true;
        slot->entry = entry;
    }
    replay->current = slot;
    replay->records = eg_etl_records_of(slot->area.bytes, slot->area.size, !slot->sound);
    return EG_OK;
}

/* ---- events ---- */

enum eg_status eg_etl_replay_seek(struct eg_etl_replay *replay, uint64_t place)
{
    const uint64_t entry = place >> 32;
    replay->current = NULL;
    if (entry >= replay->plan.entry_count)
        return EG_ERR_VALUE;
    const enum eg_status status = load(replay, (size_t)entry);
    if (status == EG_OK && !eg_cursor_skip(&replay->records.rest, (uint32_t)place))
        return EG_ERR_VALUE;
    return status;
}

static bool has_next_entry(const struct eg_etl_replay *replay)
{
    const size_t next = replay->current->entry + 1;
    const struct eg_etl_entry *entries = replay->plan.entries;
    return next < replay->plan.entry_count &&
           entries[next].buffer.cpu == entries[next - 1].buffer.cpu;
}

/* False behind the last event of the buffer. */
static bool next_of_buffer(struct eg_etl_replay *replay, struct eg_etl_event *event)
{
    const struct eg_etl_entry *entry = &replay->plan.entries[replay->current->entry];
    size_t offset = (size_t)(replay->records.rest.at - replay->current->area.bytes);
    while (eg_etl_records_next(&replay->records, &event->record)) {
        if (replay->plan.wanted(&event->record)) {
            event->time = eg_etl_clock_ns(&replay->plan.clocks[entry->clock], event->record.time);
            event->cpu = entry->buffer.cpu;
            event->place = eg_etl_place_of(replay->current->entry, offset);
            return true;
        }
        offset = (size_t)(replay->records.rest.at - replay->current->area.bytes);
    }
    return false;
}

enum eg_status eg_etl_replay_next(struct eg_etl_replay *replay, struct eg_etl_event *event,
                                  bool *more)
{
    *more = false;
    while (replay->current && !*more) {
        *more = next_of_buffer(replay, event);
        if (*more)
            break;
        if (!has_next_entry(replay)) {
            replay->current = NULL;
            break;
        }
        const enum eg_status status = load(replay, replay->current->entry + 1);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}
