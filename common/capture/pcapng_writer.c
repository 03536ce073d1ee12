#include "capture/pcapng_writer.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_FRAME = 12, /* type, length, and the length again behind the body */
    OPTION_HEADER = 4,
    END_OF_OPTIONS = 4,
    TEXT_MAX = 0xfffc, /* of an option, whose length has 16 bits */
};

/* ---- numbers and padding ---- */

static void put_u16(struct eg_sink *sink, unsigned value)
{
    const char bytes[2] = {(char)value, (char)(value >> 8)};
    eg_sink_bytes(sink, bytes, sizeof bytes);
}

static void put_u32(struct eg_sink *sink, uint32_t value)
{
    const char bytes[4] = {(char)value, (char)(value >> 8), (char)(value >> 16),
                           (char)(value >> 24)};
    eg_sink_bytes(sink, bytes, sizeof bytes);
}

static size_t padded(size_t length)
{
    return (length + 3) & ~(size_t)3;
}

/* Everything in a file is padded to 32 bits. */
static void put_padded(struct eg_sink *sink, const void *bytes, size_t length)
{
    static const char zeros[3];
    eg_sink_bytes(sink, bytes, length);
    eg_sink_bytes(sink, zeros, padded(length) - length);
}

/* ---- options ---- */

static size_t text_length(const char *text)
{
    const size_t length = text ? strlen(text) : 0;
    return length < TEXT_MAX ? length : TEXT_MAX;
}

/* Of an option in the file; 0 for a text that there is not. */
static size_t size_of_text(const char *text)
{
    const size_t length = text_length(text);
    return length ? OPTION_HEADER + padded(length) : 0;
}

static void put_option(struct eg_sink *sink, unsigned code, const void *value, size_t length)
{
    put_u16(sink, code);
    put_u16(sink, (unsigned)length);
    put_padded(sink, value, length);
}

static void put_text(struct eg_sink *sink, unsigned code, const char *text)
{
    const size_t length = text_length(text);
    if (length)
        put_option(sink, code, text, length);
}

/* ---- blocks ---- */

/* size: of the body. Returns what stands in front and behind. */
static uint32_t begin_block(struct eg_sink *sink, uint32_t type, size_t size)
{
    const uint32_t length = (uint32_t)(BLOCK_FRAME + size);
    put_u32(sink, type);
    put_u32(sink, length);
    return length;
}

void eg_pcapng_put_section(struct eg_sink *sink, const char *application)
{
    enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d, FIXED = 16, APPLICATION = 4 };
    const size_t options = size_of_text(application);
    const uint32_t length =
        begin_block(sink, BLOCK_SECTION, FIXED + options + (options ? END_OF_OPTIONS : 0));
    put_u32(sink, BYTE_ORDER_MAGIC);
    put_u16(sink, 1); /* version 1.0 */
    put_u16(sink, 0);
    put_u32(sink, UINT32_MAX); /* the section's length is not known */
    put_u32(sink, UINT32_MAX);
    put_text(sink, APPLICATION, application);
    if (options)
        put_u32(sink, 0);
    put_u32(sink, length);
}

/* The text of a capture filter has a byte in front that tells that it is one. */
static void put_filter(struct eg_sink *sink, const char *filter)
{
    enum { FILTER = 11, IS_TEXT = 0 };
    static const char zeros[3];
    const char kind = IS_TEXT;
    const size_t length = text_length(filter);
    if (!length)
        return;
    put_u16(sink, FILTER);
    put_u16(sink, (unsigned)(length + 1));
    eg_sink_bytes(sink, &kind, 1);
    eg_sink_bytes(sink, filter, length);
    eg_sink_bytes(sink, zeros, padded(length + 1) - (length + 1));
}

static size_t size_of_filter(const char *filter)
{
    const size_t length = text_length(filter);
    return length ? OPTION_HEADER + padded(length + 1) : 0;
}

void eg_pcapng_put_interface(struct eg_sink *sink, const struct eg_capture_interface *interface)
{
    enum { FIXED = 8, NAME = 2, DESCRIPTION = 3, RESOLUTION = 9, SYSTEM = 12 };
    const uint8_t nanoseconds = 9; /* of 10^-9 s */
    const size_t options = size_of_text(interface->name) + size_of_text(interface->description) +
                           OPTION_HEADER + padded(sizeof nanoseconds) +
                           size_of_filter(interface->filter) + size_of_text(interface->system) +
                           END_OF_OPTIONS;
    const uint32_t length = begin_block(sink, BLOCK_INTERFACE, FIXED + options);
    put_u16(sink, (unsigned)interface->link);
    put_u16(sink, 0);
    put_u32(sink, interface->snaplen);
    put_text(sink, NAME, interface->name);
    put_text(sink, DESCRIPTION, interface->description);
    put_option(sink, RESOLUTION, &nanoseconds, sizeof nanoseconds);
    put_filter(sink, interface->filter);
    put_text(sink, SYSTEM, interface->system);
    put_u32(sink, 0);
    put_u32(sink, length);
}

static void put_count(struct eg_sink *sink, unsigned code, uint64_t value)
{
    put_u16(sink, code);
    put_u16(sink, sizeof value);
    put_u32(sink, (uint32_t)value);
    put_u32(sink, (uint32_t)(value >> 32));
}

void eg_pcapng_put_counts(struct eg_sink *sink, uint32_t interface,
                          const struct eg_pcapng_counts *counts)
{
    enum { FIXED = 12, RECEIVED = 4, DROPPED_AT_CARD = 5, DROPPED = 7, COUNT = 12 };
    const uint64_t time = counts->time > 0 ? (uint64_t)counts->time : 0;
    const uint32_t length = begin_block(sink, BLOCK_STATISTICS, FIXED + 3 * COUNT + END_OF_OPTIONS);
    put_u32(sink, interface);
    put_u32(sink, (uint32_t)(time >> 32));
    put_u32(sink, (uint32_t)time);
    put_count(sink, RECEIVED, counts->received);
    put_count(sink, DROPPED_AT_CARD, counts->dropped_at_card);
    put_count(sink, DROPPED, counts->dropped);
    put_u32(sink, 0);
    put_u32(sink, length);
}

/* The direction, as the lowest bits of a packet's flags have it; 0: not known. */
static uint32_t flags_of(enum eg_hint hint)
{
    enum { INBOUND = 1, OUTBOUND = 2 };
    return hint == EG_HINT_RECEIVED ? INBOUND : hint == EG_HINT_SENT ? OUTBOUND : 0;
}

/* The upper half comes first, whatever the byte order. EG_NO_TIME is below every time. */
static void put_time(struct eg_sink *sink, int64_t time)
{
    const uint64_t stamp = time > 0 ? (uint64_t)time : 0;
    put_u32(sink, (uint32_t)(stamp >> 32));
    put_u32(sink, (uint32_t)stamp);
}

void eg_pcapng_put_packet(struct eg_sink *sink, uint32_t interface, const struct eg_frame *frame,
                          const char *comment)
{
    enum { FIXED = 20, COMMENT = 1, FLAGS = 2 };
    const uint32_t flags = flags_of(frame->hint);
    const char direction[4] = {(char)flags, 0, 0, 0};
    size_t options = size_of_text(comment) + (flags ? OPTION_HEADER + sizeof direction : 0);
    options += options ? END_OF_OPTIONS : 0;
    const uint32_t length =
        begin_block(sink, BLOCK_ENHANCED_PACKET, FIXED + padded(frame->captured) + options);
    put_u32(sink, interface);
    put_time(sink, frame->time);
    put_u32(sink, frame->captured);
    put_u32(sink, frame->wire);
    put_padded(sink, frame->data, frame->captured);
    put_text(sink, COMMENT, comment);
    if (flags)
        put_option(sink, FLAGS, direction, sizeof direction);
    if (options)
        put_u32(sink, 0);
    put_u32(sink, length);
}

void eg_pcapng_put_drops(struct eg_sink *sink, uint32_t interface, int64_t time, uint64_t drops)
{
    enum { FIXED = 12, INTERFACE_DROPS = 5, COUNTER = 8 };
    const uint32_t length =
        begin_block(sink, BLOCK_STATISTICS, FIXED + OPTION_HEADER + COUNTER + END_OF_OPTIONS);
    put_u32(sink, interface);
    put_time(sink, time);
    put_u16(sink, INTERFACE_DROPS);
    put_u16(sink, COUNTER);
    put_u32(sink, (uint32_t)drops); /* of a number the lower half comes first */
    put_u32(sink, (uint32_t)(drops >> 32));
    put_u32(sink, 0);
    put_u32(sink, length);
}
