/*
 * pcapng (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html): blocks, each with its
 * length in front and behind; a section header sets the byte order of what follows.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                          Block Type                           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Block Total Length                       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   /                             Body                              /
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                      Block Total Length                       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
#include "capture/reader.h"

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_OBSOLETE_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_NAMES = 4,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECRETS = 10,
    BLOCK_SECTION = 0x0a0d0d0a,
};

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, NS_A_SECOND = 1000000000 };

/* ---- packets ------------------------------------------------------------------------------- */

/* Seconds and the rest as Wireshark computes them, in 64 bits; EG_NO_TIME beyond the year 2262. */
static int64_t any_time(const struct eg_pcapng_interface *interface, uint64_t stamp)
{
    const int64_t limit = INT64_MAX / NS_A_SECOND - 1;
    const int64_t seconds = (int64_t)(stamp / interface->units + interface->offset);
    const int32_t rest =
        (int32_t)(stamp % interface->units * (uint64_t)NS_A_SECOND / interface->units);
    if (seconds > limit || seconds < -limit)
        return EG_NO_TIME;
    return seconds * NS_A_SECOND + rest;
}

EG_INLINE int64_t time_of(const struct eg_pcapng_interface *interface, uint64_t stamp)
{
    enum { MICROSECONDS = 1000000 };
    const uint64_t far = (uint64_t)(INT64_MAX / NS_A_SECOND - 1) * MICROSECONDS;
    if (interface->units == MICROSECONDS && interface->offset == 0 && stamp < far)
        return (int64_t)(stamp * (NS_A_SECOND / MICROSECONDS));
    return any_time(interface, stamp);
}

static uint64_t interface_number(const struct eg_capture *capture, uint32_t id)
{
    return (uint64_t)capture->section << 32 | id;
}

/* The options of a packet: its direction, in the lowest two bits of the flags. */
static bool read_packet_options(struct eg_capture *capture, struct eg_cursor options,
                                enum eg_hint *hint)
{
    enum { COMMENT = 1, FLAGS = 2, DROPS = 4, ID = 5, QUEUE = 6 };
    struct eg_pcapng_option option;
    bool seen = false;
    while (eg_pcapng_option_next(capture, &options, &option)) {
        const bool sound = option.code == COMMENT ||
                           ((option.code == FLAGS || option.code == QUEUE) && option.length == 4) ||
                           ((option.code == DROPS || option.code == ID) && option.length == 8);
        if (!sound && capture->care == EG_CAPTURE_IF_SURE)
            eg_capture_is_foreign(capture, "option %u of a packet block", option.code);
        if (!sound || option.code != FLAGS || seen)
            continue;
        const uint32_t direction = eg_capture_u32(capture, option.value) & 3;
        *hint = direction == 1 ? EG_HINT_RECEIVED : direction == 2 ? EG_HINT_SENT : EG_HINT_UNKNOWN;
        seen = true;
    }
    return !capture->fault[0];
}

/*
 * A packet block's fields behind the interface's number: time (8 bytes, the upper half first),
 * captured length (4), length on the wire (4), data, padding, options. The older packet block
 * differs only in how it numbers interfaces.
 */
static enum eg_capture_result read_packet(struct eg_capture *capture, struct eg_cursor body,
                                          uint32_t id, struct eg_frame *frame)
{
    enum { FIXED = 16 };
    const uint8_t *fixed = body.at;
    if (!eg_cursor_skip(&body, FIXED))
        return eg_capture_is_foreign(capture, "a packet block too short");
    if (id >= capture->interface_count - capture->section_first)
        return eg_capture_is_foreign(capture, "a packet of interface %u, which is none",
                                     (unsigned)id);
    const struct eg_pcapng_interface *interface = &capture->interfaces[capture->section_first + id];
    const uint64_t stamp =
        (uint64_t)eg_capture_u32(capture, fixed) << 32 | eg_capture_u32(capture, fixed + 4);
    const uint32_t captured = eg_capture_u32(capture, fixed + 8);
    *frame = (struct eg_frame){
        .data = body.at,
        .captured = captured,
        .wire = eg_capture_u32(capture, fixed + 12),
        .link = interface->link,
        .time = time_of(interface, stamp),
        .interface = interface_number(capture, id),
    };
    if (captured > EG_RECORD_MAX || !eg_cursor_skip(&body, (captured + (size_t)3) & ~(size_t)3))
        return eg_capture_is_foreign(capture, "a packet of %u bytes, more than there can be",
                                     (unsigned)captured);
    if (eg_cursor_left(&body) != 0 && !read_packet_options(capture, body, &frame->hint))
        return EG_CAPTURE_FOREIGN;
    return EG_CAPTURE_FRAME;
}

static enum eg_capture_result enhanced_packet(struct eg_capture *capture, struct eg_cursor body,
                                              struct eg_frame *frame)
{
    const uint8_t *id = body.at;
    if (!eg_cursor_skip(&body, 4))
        return eg_capture_is_foreign(capture, "a packet block too short");
    return read_packet(capture, body, eg_capture_u32(capture, id), frame);
}

/* Interface (2 bytes), drops (2), then as the newer one. */
static enum eg_capture_result obsolete_packet(struct eg_capture *capture, struct eg_cursor body,
                                              struct eg_frame *frame)
{
    const uint8_t *id = body.at;
    if (!eg_cursor_skip(&body, 4))
        return eg_capture_is_foreign(capture, "a packet block too short");
    return read_packet(capture, body, eg_capture_u16(capture, id), frame);
}

/* Length on the wire (4 bytes), data. The packet is of the section's first interface. */
static enum eg_capture_result simple_packet(struct eg_capture *capture, struct eg_cursor body,
                                            struct eg_frame *frame)
{
    const uint8_t *length = body.at;
    if (!eg_cursor_skip(&body, 4) || capture->interface_count == capture->section_first)
        return eg_capture_is_foreign(capture, "a simple packet block that cannot be");
    const struct eg_pcapng_interface *interface = &capture->interfaces[capture->section_first];
    const uint32_t wire = eg_capture_u32(capture, length);
    const bool cut = interface->snaplen != 0 && wire > interface->snaplen;
    *frame = (struct eg_frame){
        .data = body.at,
        .captured = cut ? interface->snaplen : wire,
        .wire = wire,
        .link = interface->link,
        .time = EG_NO_TIME,
        .interface = interface_number(capture, 0),
    };
    if (frame->captured > EG_RECORD_MAX || frame->captured > eg_cursor_left(&body))
        return eg_capture_is_foreign(capture, "a packet of %u bytes, more than there can be",
                                     (unsigned)frame->captured);
    return EG_CAPTURE_FRAME;
}

/* ---- sections ------------------------------------------------------------------------------ */

/* What the section's byte order is, from its magic number behind type and length. */
static bool read_byte_order(struct eg_capture *capture)
{
    enum { MAGIC_AT = 8, MAGIC = 0x1a2b3c4d };
    uint32_t magic;
    memcpy(&magic, capture->feed.ahead.at + MAGIC_AT, sizeof magic);
    capture->swapped = magic == eg_swap32(MAGIC);
    return capture->swapped || magic == MAGIC;
}

/* Byte order (4 bytes), version (2 + 2), section length (8), options. */
static bool begin_section(struct eg_capture *capture, struct eg_cursor body)
{
    enum { FIXED = 16 };
    struct eg_pcapng_option option;
    const uint8_t *fixed = body.at;
    if (!eg_cursor_skip(&body, FIXED)) {
        eg_capture_is_foreign(capture, "a section header too short");
        return false;
    }
    const uint16_t major = eg_capture_u16(capture, fixed + 4);
    const uint16_t minor = eg_capture_u16(capture, fixed + 6);
    if (major != 1 || (minor != 0 && minor != 2)) {
        eg_capture_is_foreign(capture, "pcapng version %u.%u", major, minor);
        return false;
    }
    while (eg_pcapng_option_next(capture, &body, &option))
        continue;
    capture->section += capture->format != NULL;
    capture->format = "pcapng";
    capture->section_first = capture->interface_count;
    return !capture->fault[0];
}

/* ---- blocks -------------------------------------------------------------------------------- */

/*
 * What Wireshark says of a block that is cut depends on where, so that is left to it where it can
 * take over.
 */
static enum eg_capture_result ended(struct eg_capture *capture)
{
    const enum eg_capture_result result = eg_capture_ends(capture);
    if (result == EG_CAPTURE_CUT && capture->care == EG_CAPTURE_IF_SURE)
        return eg_capture_is_foreign(capture, "cut within a block");
    return result;
}

/* Takes the next block. Anything but FRAME ends the reading. */
static enum eg_capture_result take_block(struct eg_capture *capture, uint32_t *type,
                                         struct eg_cursor *body)
{
    enum { BLOCK_MIN = 12 };
    struct eg_feed *feed = &capture->feed;
    if (!eg_feed_has(feed, BLOCK_MIN))
        return ended(capture);
    memcpy(type, feed->ahead.at, sizeof *type); /* a section header's reads the same both ways */
    if (*type == BLOCK_SECTION && !read_byte_order(capture))
        return eg_capture_is_foreign(capture, "a section of no byte order");
    *type = eg_capture_u32(capture, feed->ahead.at);
    const uint32_t length = eg_capture_u32(capture, feed->ahead.at + 4);
    if (length < BLOCK_MIN || length % 4 != 0 || length > EG_FEED_ROOM)
        return eg_capture_is_foreign(capture, "a block of %u bytes", (unsigned)length);
    if (!eg_feed_has(feed, length))
        return ended(capture);
    const uint8_t *block = eg_feed_take(feed, length);
    *body = eg_cursor_over(block + BLOCK_HEADER, length - BLOCK_HEADER - BLOCK_TRAILER);
    if (eg_capture_u32(capture, block + length - BLOCK_TRAILER) != length)
        return eg_capture_is_foreign(capture, "a block whose two lengths differ");
    return EG_CAPTURE_FRAME;
}

/* A block that holds no packet. */
static bool take_other(struct eg_capture *capture, uint32_t type, struct eg_cursor body)
{
    switch (type) {
    case BLOCK_SECTION:
        return begin_section(capture, body);
    case BLOCK_INTERFACE:
        return eg_pcapng_interface_block(capture, body);
    case BLOCK_STATISTICS:
        return eg_pcapng_statistics_block(capture, body);
    case BLOCK_NAMES:
        eg_pcapng_names_block(capture, body);
        return true;
    case BLOCK_SECRETS:
        return true;
    default: /* it may hold what Wireshark counts as a record */
        if (capture->care == EG_CAPTURE_IF_SURE)
            eg_capture_is_foreign(capture, "a block of type %u", (unsigned)type);
        return !capture->fault[0];
    }
}

static enum eg_capture_result pcapng_next(struct eg_capture *capture, struct eg_frame *frame)
{
    for (;;) {
        uint32_t type = 0;
        struct eg_cursor body = {0};
        const enum eg_capture_result result = take_block(capture, &type, &body);
        if (result != EG_CAPTURE_FRAME)
            return result;
        switch (type) {
        case BLOCK_ENHANCED_PACKET:
            return enhanced_packet(capture, body, frame);
        case BLOCK_SIMPLE_PACKET:
            return simple_packet(capture, body, frame);
        case BLOCK_OBSOLETE_PACKET:
            return obsolete_packet(capture, body, frame);
        default:
            if (!take_other(capture, type, body))
                return EG_CAPTURE_FOREIGN;
            if (eg_feed_offset(&capture->feed) >= capture->limit)
                return EG_CAPTURE_STOPPED;
        }
    }
}

/* ---- many packets -------------------------------------------------------------------------- */

enum {
    PACKET_FIXED = 20, /* the interface's number included */
    PACKET_BLOCK = BLOCK_HEADER + PACKET_FIXED + BLOCK_TRAILER, /* without its data */
};

EG_INLINE uint32_t u32_at(bool swapped, const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return swapped ? eg_swap32(value) : value;
}

/*
 * The length of an enhanced packet block that is wholly there and sound, as far as its options; 0
 * when there is no such block. What is odd about it pcapng_next() will find.
 */
EG_INLINE uint32_t read_block(bool swapped, const struct eg_cursor *ahead, uint32_t id,
                              struct eg_record *record, struct eg_cursor *options)
{
    const uint8_t *block = ahead->at;
    if (eg_cursor_left(ahead) < PACKET_BLOCK || u32_at(swapped, block) != BLOCK_ENHANCED_PACKET ||
        u32_at(swapped, block + 8) != id)
        return 0;
    const uint32_t length = u32_at(swapped, block + 4);
    const uint32_t captured = u32_at(swapped, block + 20);
    if (captured > EG_RECORD_MAX)
        return 0;
    const uint32_t least = PACKET_BLOCK + ((captured + 3) & ~(uint32_t)3);
    if (length % 4 != 0 || length < least || length > eg_cursor_left(ahead) ||
        u32_at(swapped, block + length - BLOCK_TRAILER) != length)
        return 0;
    record->data = block + BLOCK_HEADER + PACKET_FIXED;
    record->captured = captured;
    record->wire = u32_at(swapped, block + 24);
    *options = eg_cursor_over(block + least - BLOCK_TRAILER, length - least);
    return length;
}

EG_INLINE uint64_t stamp_of(bool swapped, const uint8_t *block)
{
    return (uint64_t)u32_at(swapped, block + 12) << 32 | u32_at(swapped, block + 16);
}

EG_INLINE size_t read_blocks(struct eg_capture *capture, bool swapped,
                             const struct eg_frame *common, struct eg_record *records, size_t most)
{
    const uint32_t id = (uint32_t)common->interface;
    const struct eg_pcapng_interface *interface = &capture->interfaces[capture->section_first + id];
    struct eg_cursor ahead = capture->feed.ahead;
    size_t count = 0;
    while (count < most) {
        struct eg_cursor options;
        const uint32_t length = read_block(swapped, &ahead, id, &records[count], &options);
        enum eg_hint hint = EG_HINT_UNKNOWN;
        if (length == 0 ||
            (eg_cursor_left(&options) != 0 && !read_packet_options(capture, options, &hint)) ||
            hint != common->hint)
            break;
        records[count++].time = time_of(interface, stamp_of(swapped, ahead.at));
        ahead.at += length;
    }
    capture->feed.ahead = ahead;
    return count;
}

/* The older packet blocks and the simple ones come one by one. */
static size_t pcapng_more(struct eg_capture *capture, const struct eg_frame *common,
                          struct eg_record *records, size_t most)
{
    if (capture->swapped)
        return read_blocks(capture, true, common, records, most);
    return read_blocks(capture, false, common, records, most);
}

enum eg_capture_result eg_pcapng_begin(struct eg_capture *capture)
{
    capture->next = pcapng_next;
    capture->more = pcapng_more;
    return EG_CAPTURE_FRAME;
}

size_t eg_pcapng_block_like(const struct eg_capture *capture, const uint8_t *bytes, size_t left)
{
    enum { BLOCK_MIN = 12 };
    if (left < BLOCK_MIN)
        return 0;
    const uint32_t type = eg_capture_u32(capture, bytes);
    const uint32_t length = eg_capture_u32(capture, bytes + 4);
    const bool known = (type >= BLOCK_INTERFACE && type <= BLOCK_ENHANCED_PACKET) ||
                       type == BLOCK_SECRETS || type == BLOCK_SECTION;
    if (!known || length < BLOCK_MIN || length % 4 != 0 || length > EG_FEED_ROOM)
        return 0;
    if (length <= left && eg_capture_u32(capture, bytes + length - BLOCK_TRAILER) != length)
        return 0;
    return length;
}
