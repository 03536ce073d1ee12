#include "capture/etl/etl_reader.h"

#include <stdlib.h>

#include "capture/etl/etl_names.h"
#include "capture/etl/etl_replay.h"
#include "capture/etl/etl_scan.h"
#include "capture/etl/ndis_capture.h"
#include "capture/etl/ndis_fragments.h"
#include "capture/etl/pktmon.h"

static const size_t memory_usual = (size_t)512 << 20;
static const uint64_t unpacked_usual = UINT64_C(256) << 20;
enum { UNPACKED_RATIO = 2048 };

struct eg_etl_reader {
    struct eg_etl_source source;
    struct eg_etl_options options;
    struct eg_etl_loader loader;
    struct eg_etl_scan scan;
    struct eg_etl_merge *merge;
    struct eg_etl_replay *replay;
    struct eg_fragments *fragments;
    struct eg_fragments *replayed; /* the one that is read again */
    struct eg_pktmon_groups *groups;
    struct eg_etl_origin origin;
    uint64_t place;
    uint64_t copies;
    uint8_t *mended; /* a frame that was changed */
    size_t mended_capacity;
};

/* ---- opening ---- */

/* Returns whether appearances of a packet count once each way. */
static bool choose(struct eg_etl_reader *reader)
{
    struct eg_etl_scan *scan = &reader->scan;
    if (reader->options.all_components) {
        for (size_t i = 0; i < scan->interfaces.count; i++)
            eg_etl_interface_choose(&scan->interfaces.items[i]);
        return false;
    }
    eg_ndis_choose(&scan->interfaces);
    const enum eg_pktmon_choice choice =
        eg_pktmon_choose(&scan->interfaces, &scan->components, scan->grouped);
    for (size_t i = 0; i < scan->interfaces.count; i++)
        if (scan->interfaces.items[i].port.tap >= EG_ETL_TAP_PKTMON)
            scan->facts.guessed = choice >= EG_PKTMON_BUSIEST;
    return choice == EG_PKTMON_CARDS;
}

static enum eg_status prepare(struct eg_etl_reader *reader)
{
    const struct eg_etl_scan *scan = &reader->scan;
    const struct eg_etl_merge_plan plan = {
        .loader = &reader->loader,
        .entries = scan->entries,
        .entry_count = scan->entry_count,
        .clocks = scan->clocks,
        .wanted = eg_etl_is_packet,
        .memory_max = reader->options.memory_max ? reader->options.memory_max : memory_usual,
    };
    const bool each_way = choose(reader);
    eg_etl_name_interfaces(&reader->scan.interfaces, &scan->cards, &scan->components);
    reader->loader.budget = UINT64_MAX; /* what the first pass decoded may be decoded again */
    enum eg_status status = eg_etl_merge_new(&plan, &reader->merge);
    if (status == EG_OK)
        status = eg_etl_replay_new(&plan, &reader->replay);
    if (status == EG_OK)
        status = eg_fragments_new(&reader->fragments);
    if (status == EG_OK)
        status = eg_fragments_new(&reader->replayed);
    if (status == EG_OK)
        status = eg_pktmon_groups_new(each_way, &reader->groups);
    return status;
}

enum eg_status eg_etl_reader_new(const struct eg_etl_source *source,
                                 const struct eg_etl_options *options,
                                 struct eg_etl_reader **reader, struct eg_error *error)
{
    struct eg_etl_reader *made = calloc(1, sizeof *made);
    if (!made)
        return eg_fail_no_memory(error);
    made->source = *source;
    if (options)
        made->options = *options;
    made->loader.source = &made->source;
    made->loader.budget = made->options.unpacked_max
                              ? made->options.unpacked_max
                              : unpacked_usual + UNPACKED_RATIO * source->size;
    enum eg_status status = eg_etl_scan(&made->loader, &made->scan, error);
    if (status == EG_OK && prepare(made) != EG_OK)
        status = eg_fail_no_memory(error);
    if (status != EG_OK) {
        eg_etl_reader_free(made);
        return status;
    }
    *reader = made;
    return EG_OK;
}

void eg_etl_reader_free(struct eg_etl_reader *reader)
{
    if (!reader)
        return;
    eg_etl_merge_free(reader->merge);
    eg_etl_replay_free(reader->replay);
    eg_fragments_free(reader->fragments);
    eg_fragments_free(reader->replayed);
    eg_pktmon_groups_free(reader->groups);
    eg_etl_scan_clear(&reader->scan);
    eg_etl_loader_clear(&reader->loader);
    free(reader->mended);
    free(reader);
}

/* ---- frames ---- */

/* Whether frames are made of what the interface shows in this packet's direction. */
static bool is_chosen(const struct eg_etl_packet *packet, const struct eg_etl_interface *interface)
{
    return interface && interface->chosen[packet->hint];
}

/* Whether this event is the one of its packet that becomes a frame. */
static bool counts(struct eg_etl_reader *reader, const struct eg_etl_packet *packet,
                   const struct eg_etl_interface *interface)
{
    if (!is_chosen(packet, interface))
        return false;
    return reader->options.all_components || !packet->grouped ||
           eg_pktmon_groups_first(reader->groups, packet);
}

/* Copies frames of wireless networks, whose flags may need mending. */
static enum eg_status mend(struct eg_etl_reader *reader, struct eg_frame *frame)
{
    if (frame->link != EG_LINKTYPE_IEEE802_11 || frame->captured == 0)
        return EG_OK;
    if (frame->captured > reader->mended_capacity) {
        uint8_t *grown = realloc(reader->mended, frame->captured);
        if (!grown)
            return EG_ERR_NO_MEMORY;
        reader->mended = grown;
        reader->mended_capacity = frame->captured;
    }
    memcpy(reader->mended, frame->data, frame->captured);
    eg_ndis_mend_wlan(reader->mended, frame->captured);
    frame->data = reader->mended;
    return EG_OK;
}

static enum eg_status make_frame(struct eg_etl_reader *reader, const struct eg_etl_packet *packet,
                                 const struct eg_fragment_origin *origin, size_t interface,
                                 struct eg_frame *frame)
{
    *frame = (struct eg_frame){
        .data = packet->bytes.at,
        .captured = (uint32_t)eg_cursor_left(&packet->bytes),
        .wire = packet->wire ? packet->wire : eg_ndis_wire_length(packet->port.link, packet->bytes),
        .link = packet->port.link,
        .hint = packet->hint,
        .time = origin->time,
        .interface = interface,
    };
    reader->origin = (struct eg_etl_origin){origin->process, origin->thread};
    return mend(reader, frame);
}

static struct eg_fragment_origin origin_of(const struct eg_etl_event *event)
{
    return (struct eg_fragment_origin){event->cpu, event->record.thread, event->record.process,
                                       event->time, event->place};
}

/* *made: the event completes a packet that counts. */
static enum eg_status take_event(struct eg_etl_reader *reader, const struct eg_etl_event *event,
                                 struct eg_frame *frame, bool *made)
{
    struct eg_etl_packet packet;
    *made = false;
    if (eg_etl_parse_packet(&event->record, &packet) != EG_ETL_PACKET)
        return EG_OK;
    struct eg_etl_interfaces *interfaces = &reader->scan.interfaces;
    const struct eg_etl_interface *interface = eg_etl_interfaces_find(interfaces, &packet.port);
    if (!interface)
        return EG_OK;
    if (!counts(reader, &packet, interface)) {
        reader->copies += packet.starts;
        return EG_OK;
    }
    struct eg_fragment_origin origin = origin_of(event);
    const enum eg_status status = eg_fragments_add(reader->fragments, &packet, &origin, made);
    if (status != EG_OK || !*made)
        return status;
    reader->place = origin.place;
    interface = eg_etl_interfaces_find(interfaces, &packet.port); /* where the packet began */
    return make_frame(reader, &packet, &origin, (size_t)(interface - interfaces->items), frame);
}

enum eg_status eg_etl_reader_next(struct eg_etl_reader *reader, struct eg_frame *frame, bool *more,
                                  struct eg_error *error)
{
    struct eg_etl_event event;
    bool made = false;
    *more = true;
    while (*more && !made) {
        enum eg_status status = eg_etl_merge_next(reader->merge, &event, more);
        if (status == EG_OK && *more)
            status = take_event(reader, &event, frame, &made);
        if (status == EG_ERR_IO)
            return eg_fail(error, status, "cannot be read");
        if (status != EG_OK)
            return eg_fail_no_memory(error);
    }
    return EG_OK;
}

/* ---- any frame again ---- */

static bool is_of_one(const struct eg_etl_packet *a, const struct eg_etl_packet *b)
{
    return a->port.tap == b->port.tap && a->port.where == b->port.where &&
           a->port.layer == b->port.layer && a->hint == b->hint;
}

/*
 * Adds the parts of the packet that begins at the next event, as they were added when it was read.
 * What else its CPU logged between them is left out.
 */
static enum eg_status replay_packet(struct eg_etl_reader *reader, struct eg_etl_packet *packet,
                                    struct eg_fragment_origin *origin)
{
    struct eg_etl_packet first;
    struct eg_etl_event event;
    uint32_t thread = 0;
    bool begun = false, whole = false, more = true;
    while (!whole) {
        enum eg_status status = eg_etl_replay_next(reader->replay, &event, &more);
        if (status != EG_OK)
            return status;
        const bool is_packet =
            more && eg_etl_parse_packet(&event.record, packet) == EG_ETL_PACKET &&
            is_chosen(packet, eg_etl_interfaces_find(&reader->scan.interfaces, &packet->port));
        const bool fits =
            is_packet && begun && event.record.thread == thread && is_of_one(packet, &first);
        if (!more || (!begun && !(is_packet && packet->starts)) || (fits && packet->starts))
            return EG_ERR_SYNTAX;
        if (begun && !fits)
            continue;
        if (!begun)
            first = *packet;
        thread = event.record.thread;
        begun = true;
        *origin = origin_of(&event);
        status = eg_fragments_add(reader->replayed, packet, origin, &whole);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

enum eg_status eg_etl_reader_again(struct eg_etl_reader *reader, uint64_t place,
                                   struct eg_frame *frame, struct eg_error *error)
{
    struct eg_etl_packet packet;
    struct eg_fragment_origin origin;
    const struct eg_etl_interface *interface = NULL;
    eg_fragments_reset(reader->replayed);
    enum eg_status status = eg_etl_replay_seek(reader->replay, place);
    if (status == EG_OK)
        status = replay_packet(reader, &packet, &origin);
    if (status == EG_OK)
        interface = eg_etl_interfaces_find(&reader->scan.interfaces, &packet.port);
    if (interface)
        status = make_frame(reader, &packet, &origin,
                            (size_t)(interface - reader->scan.interfaces.items), frame);
    if (status == EG_ERR_IO)
        return eg_fail(error, status, "cannot be read");
    if (status == EG_ERR_NO_MEMORY)
        return eg_fail_no_memory(error);
    if (status != EG_OK || !interface)
        return eg_fail(error, EG_ERR_SYNTAX, "it changed while it was read");
    return EG_OK;
}

uint64_t eg_etl_reader_place(const struct eg_etl_reader *reader)
{
    return reader->place;
}

struct eg_etl_origin eg_etl_reader_origin(const struct eg_etl_reader *reader)
{
    return reader->origin;
}

uint64_t eg_etl_reader_bytes(const struct eg_etl_reader *reader)
{
    return eg_etl_merge_bytes(reader->merge);
}

struct eg_etl_facts eg_etl_reader_facts(const struct eg_etl_reader *reader)
{
    struct eg_etl_facts facts = reader->scan.facts;
    facts.copies = reader->copies;
    facts.unfinished = eg_fragments_lost(reader->fragments);
    facts.disordered = eg_etl_merge_delayed(reader->merge);
    facts.interfaces = reader->scan.interfaces.items;
    facts.interface_count = reader->scan.interfaces.count;
    facts.providers = reader->scan.providers.items;
    facts.provider_count = reader->scan.providers.count;
    return facts;
}
