/*
 * Any bytes as a Windows event trace: frames lie in memory, every event of a packet is accounted
 * for, and memory has a ceiling.
 *
 * The first byte chooses how to read, the rest is the trace.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "capture/etl/etl_reader.h"

/* Small ones, so that the search is quick and meets them. */
enum { ALL_COMPONENTS = 1, LITTLE_MEMORY = 2, UNPACKED_MAX = 1 << 20 };

struct bytes {
    const uint8_t *data;
    size_t size;
};

static bool read_at(void *context, uint64_t offset, void *target, size_t size)
{
    const struct bytes *bytes = context;
    EG_FUZZ_CHECK(offset <= bytes->size && size <= bytes->size - offset);
    memcpy(target, bytes->data + offset, size);
    return true;
}

/* Every byte of it is there. */
static uint8_t touch(const struct eg_frame *frame)
{
    uint8_t sum = 0;
    for (uint32_t i = 0; i < frame->captured; i++)
        sum = (uint8_t)(sum + frame->data[i]);
    return sum;
}

static void check_tables(const struct eg_etl_facts *facts)
{
    for (size_t i = 0; i < facts->interface_count; i++) {
        const struct eg_etl_interface *interface = &facts->interfaces[i];
        EG_FUZZ_CHECK(memchr(interface->name, '\0', sizeof interface->name) != NULL);
        EG_FUZZ_CHECK(memchr(interface->description, '\0', sizeof interface->description) != NULL);
        EG_FUZZ_CHECK(interface->name[0] != '\0');
    }
    uint64_t events = 0;
    for (size_t i = 0; i < facts->provider_count; i++) {
        events += facts->providers[i].events;
        EG_FUZZ_CHECK(facts->providers[i].name[0] != '\0');
    }
    EG_FUZZ_CHECK(events <= facts->records);
    EG_FUZZ_CHECK(facts->packet_events <= facts->records);
}

/* A frame by its place is the frame that was read. */
static void read_again(struct eg_etl_reader *reader, const struct eg_frame *frame)
{
    struct eg_frame again;
    struct eg_error error;
    const uint8_t sum = touch(frame);
    const struct eg_etl_origin origin = eg_etl_reader_origin(reader);
    const uint64_t place = eg_etl_reader_place(reader);
    EG_FUZZ_CHECK(place >> 63 == 0);
    EG_FUZZ_CHECK(eg_etl_reader_again(reader, place, &again, &error) == EG_OK);
    EG_FUZZ_CHECK(again.captured == frame->captured && again.wire == frame->wire &&
                  again.time == frame->time && again.hint == frame->hint &&
                  again.link == frame->link && again.interface == frame->interface);
    EG_FUZZ_CHECK(touch(&again) == sum);
    const struct eg_etl_origin ran = eg_etl_reader_origin(reader);
    EG_FUZZ_CHECK(ran.process == origin.process && ran.thread == origin.thread);
}

static void read_frames(struct eg_etl_reader *reader)
{
    struct eg_frame frame;
    struct eg_error error;
    uint64_t frames = 0;
    volatile uint8_t sum = 0;
    bool more = true;
    while (eg_etl_reader_next(reader, &frame, &more, &error) == EG_OK && more) {
        const struct eg_etl_facts facts = eg_etl_reader_facts(reader);
        sum = (uint8_t)(sum + touch(&frame));
        EG_FUZZ_CHECK(frame.wire >= frame.captured);
        EG_FUZZ_CHECK(frame.interface < facts.interface_count);
        read_again(reader, &frame);
        frames++;
    }
    EG_FUZZ_CHECK(!more);
    const struct eg_etl_facts facts = eg_etl_reader_facts(reader);
    check_tables(&facts);
    EG_FUZZ_CHECK(frames + facts.copies + facts.bad_packets + facts.no_frames <=
                  facts.packet_events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes bytes = {data + 1, size - 1};
    const struct eg_etl_source source = {read_at, &bytes, bytes.size};
    const struct eg_etl_options options = {
        .all_components = data[0] & ALL_COMPONENTS,
        .memory_max = data[0] & LITTLE_MEMORY ? 1 : 0,
        .unpacked_max = UNPACKED_MAX,
    };
    struct eg_etl_reader *reader = NULL;
    struct eg_error error;
    eg_etl_detect(bytes.data, bytes.size);
    if (eg_etl_reader_new(&source, &options, &reader, &error) == EG_OK)
        read_frames(reader);
    eg_etl_reader_free(reader);
    return 0;
}
