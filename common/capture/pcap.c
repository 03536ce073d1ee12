/*
 * pcap (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html): a header of 24 bytes, then
 * records of 16 bytes and a frame each, all in the byte order of the machine that wrote them.
 */
#include "capture/reader.h"

#include <assert.h>
#include <stddef.h>

enum {
    FILE_HEADER = 24,
    RECORD_HEADER = 16,
    NANOSECONDS_MAGIC = 0xa1b23c4d,
    NS_A_SECOND = 1000000000,
};

struct record {
    uint32_t seconds;
    uint32_t fraction; /* micro- or nanoseconds */
    uint32_t captured;
    uint32_t wire;
};

/* The record header at the start of `bytes`, of which there are enough. */
EG_INLINE struct record read_record(bool swapped, const uint8_t *bytes)
{
    struct record record;
    memcpy(&record, bytes, sizeof record);
    if (swapped)
        record = (struct record){eg_swap32(record.seconds), eg_swap32(record.fraction),
                                 eg_swap32(record.captured), eg_swap32(record.wire)};
    return record;
}

/* A fraction beyond the second is added as it is, in 32 bits, as Wireshark does. */
EG_INLINE int64_t time_of(const struct record *record, uint32_t fraction)
{
    return (int64_t)record->seconds * NS_A_SECOND + (int32_t)(record->fraction * fraction);
}

static enum eg_capture_result pcap_next(struct eg_capture *capture, struct eg_frame *frame)
{
    struct eg_feed *feed = &capture->feed;
    if (!eg_feed_has(feed, RECORD_HEADER))
        return eg_capture_ends(capture);
    const struct record record = read_record(capture->swapped, feed->ahead.at);
    if (record.captured > EG_RECORD_MAX)
        return eg_capture_is_foreign(capture, "a packet of %u bytes, more than %d",
                                     (unsigned)record.captured, EG_RECORD_MAX);
    if (!eg_feed_has(feed, RECORD_HEADER + record.captured))
        return eg_capture_ends(capture);
    *frame = (struct eg_frame){
        .data = eg_feed_take(feed, RECORD_HEADER + record.captured) + RECORD_HEADER,
        .captured = record.captured,
        .wire = record.wire,
        .link = capture->link,
        .time = time_of(&record, capture->fraction),
        .interface = EG_NO_INTERFACE,
    };
    return EG_CAPTURE_FRAME;
}

EG_INLINE uint32_t u32_at(bool swapped, const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return swapped ? eg_swap32(value) : value;
}

enum { LENGTHS = 8 };
static_assert(offsetof(struct eg_record, wire) == offsetof(struct eg_record, captured) + 4,
              "lengths are copied as a pcap has them");

/* Both lengths at once where no byte has to move. */
EG_INLINE void put_lengths(bool swapped, const uint8_t *bytes, struct eg_record *record)
{
    if (swapped) {
        record->captured = u32_at(true, bytes);
        record->wire = u32_at(true, bytes + 4);
    } else {
        memcpy((uint8_t *)record + offsetof(struct eg_record, captured), bytes, LENGTHS);
    }
}

/*
 * Until a record is not wholly there with the header of the next one, or is too long: pcap_next()
 * looks at that.
 */
EG_INLINE size_t read_records(struct eg_cursor *ahead, bool swapped, uint32_t fraction,
                              struct eg_record *records, size_t most)
{
    struct eg_record *record = records, *const end = records + most;
    if (eg_cursor_left(ahead) < RECORD_HEADER)
        return 0;
    const uint8_t *data = ahead->at + RECORD_HEADER;
    /* As a number, to compare with where a record says that it ends. */
    const uintptr_t last = (uintptr_t)ahead->end - RECORD_HEADER;
    for (; record < end; record++) {
        const uint8_t *at = data - RECORD_HEADER;
        const size_t captured = u32_at(swapped, at + 8);
        if (EG_UNLIKELY(captured > EG_RECORD_MAX) || EG_UNLIKELY((uintptr_t)data + captured > last))
            break;
        record->data = data;
        put_lengths(swapped, at + 8, record);
        record->time = (int64_t)u32_at(swapped, at) * NS_A_SECOND +
                       (int32_t)(u32_at(swapped, at + 4) * fraction);
        data += captured + RECORD_HEADER;
    }
    ahead->at = data - RECORD_HEADER;
    return (size_t)(record - records);
}

static size_t pcap_more(struct eg_capture *capture, const struct eg_frame *common,
                        struct eg_record *records, size_t most)
{
    struct eg_cursor *ahead = &capture->feed.ahead;
    (void)common;
    if (capture->swapped)
        return read_records(ahead, true, capture->fraction, records, most);
    return read_records(ahead, false, capture->fraction, records, most);
}

/*
 * Two old variants have longer record headers under the same magic number. Wireshark tries the
 * first records to tell, and takes this format at once only when nothing about them is odd.
 */
static bool first_records_are_sound(struct eg_capture *capture, uint32_t snaplen)
{
    enum { RECORDS = 3, FRACTION_MAX = 999999, WIRE_MAX = 128 * 1024 * 1024 };
    struct eg_feed *feed = &capture->feed;
    size_t at = FILE_HEADER;
    for (unsigned i = 0; i < RECORDS; i++) {
        if (!eg_feed_has(feed, at + RECORD_HEADER))
            return eg_cursor_left(&feed->ahead) == at || at + RECORD_HEADER > EG_FEED_ROOM;
        const struct record record = read_record(capture->swapped, feed->ahead.at + at);
        if (record.fraction > FRACTION_MAX || record.captured > EG_RECORD_MAX ||
            record.captured > snaplen || record.wire > WIRE_MAX || record.captured > record.wire)
            return false;
        at += RECORD_HEADER + record.captured;
    }
    return eg_feed_has(feed, at) || at > EG_FEED_ROOM;
}

enum eg_capture_result eg_pcap_begin(struct eg_capture *capture)
{
    struct eg_feed *feed = &capture->feed;
    if (!eg_feed_has(feed, FILE_HEADER))
        return eg_capture_is_foreign(capture, "less than a file header");
    const uint8_t *header = feed->ahead.at;
    const uint32_t magic = eg_capture_u32(capture, header);
    const uint16_t major = eg_capture_u16(capture, header + 4);
    const uint16_t minor = eg_capture_u16(capture, header + 6);
    const uint32_t snaplen = eg_capture_u32(capture, header + 16);
    const uint32_t network = eg_capture_u32(capture, header + 20);
    if (major != 2 || minor != 4)
        return eg_capture_is_foreign(capture, "pcap version %u.%u", major, minor);
    if (capture->care == EG_CAPTURE_IF_SURE) {
        /* The upper half tells the length of checksums at the end of frames. */
        if (!eg_capture_link_is_plain(network))
            return eg_capture_is_foreign(capture, "network type %u", (unsigned)network);
        if (magic != NANOSECONDS_MAGIC && !first_records_are_sound(capture, snaplen))
            return eg_capture_is_foreign(capture, "records of another format");
    }
    capture->format = magic == NANOSECONDS_MAGIC ? "nsecpcap" : "pcap";
    capture->fraction = magic == NANOSECONDS_MAGIC ? 1 : 1000;
    capture->link = (int32_t)(network & 0xffff);
    if (eg_feed_has(feed, FILE_HEADER + RECORD_HEADER))
        capture->first_seconds =
            read_record(capture->swapped, feed->ahead.at + FILE_HEADER).seconds;
    eg_cursor_skip(&feed->ahead, FILE_HEADER);
    capture->next = pcap_next;
    capture->more = pcap_more;
    return EG_CAPTURE_FRAME;
}

size_t eg_pcap_record_like(const struct eg_capture *capture, const uint8_t *bytes, size_t left)
{
    enum { WIRE_MAX = 128 * 1024 * 1024, YEAR = 366 * 24 * 3600 };
    if (left < RECORD_HEADER)
        return 0;
    const struct record record = read_record(capture->swapped, bytes);
    const uint32_t fraction_max = NS_A_SECOND / capture->fraction;
    /* Either way round the 32 bits. */
    const uint32_t later = record.seconds - capture->first_seconds;
    const uint32_t apart = later > UINT32_MAX / 2 ? 0 - later : later;
    if (record.captured > EG_RECORD_MAX || record.captured > record.wire || record.wire == 0 ||
        record.wire > WIRE_MAX || record.fraction >= fraction_max || apart > YEAR)
        return 0;
    return RECORD_HEADER + (size_t)record.captured;
}
