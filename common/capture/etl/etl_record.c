#include "capture/etl/etl_record.h"

enum { MARKER = 0xc0, MARKER_WPP = 0x90, ALIGNMENT = 8, RECORD_MIN = 8 };

/* Types of header: the third byte, where the fourth is MARKER. */
enum {
    TYPE_SYSTEM_32 = 0x01,
    TYPE_SYSTEM_64 = 0x02,
    TYPE_COMPACT_32 = 0x03,
    TYPE_COMPACT_64 = 0x04,
    TYPE_FULL_32 = 0x0a,
    TYPE_INSTANCE_32 = 0x0b,
    TYPE_PERFINFO_32 = 0x10,
    TYPE_PERFINFO_64 = 0x11,
    TYPE_EVENT_32 = 0x12,
    TYPE_EVENT_64 = 0x13,
    TYPE_FULL_64 = 0x14,
    TYPE_INSTANCE_64 = 0x15,
};

enum { EVENT_HAS_ITEMS = 1, ITEM_HEAD = 8, ITEM_TRAITS = 12 };

static bool is_wide(uint8_t type)
{
    return type == TYPE_SYSTEM_64 || type == TYPE_COMPACT_64 || type == TYPE_PERFINFO_64 ||
           type == TYPE_EVENT_64 || type == TYPE_FULL_64 || type == TYPE_INSTANCE_64;
}

/* ---- headers; c stands behind size, type and marker ---- */

/* Size (again), hook, thread, process, time; but for the compact kind, the CPU times. */
static bool read_system(struct eg_cursor *c, bool compact, struct eg_etl_record *record)
{
    record->kind = EG_ETL_SYSTEM;
    record->has_time = true;
    return eg_cursor_skip(c, 2) && eg_cursor_le16(c, &record->id) &&
           eg_cursor_le32(c, &record->thread) && eg_cursor_le32(c, &record->process) &&
           eg_etl_i64(c, &record->time) && eg_cursor_skip(c, compact ? 0 : 8);
}

static bool read_perfinfo(struct eg_cursor *c, struct eg_etl_record *record)
{
    record->kind = EG_ETL_SYSTEM;
    record->has_time = true;
    return eg_cursor_skip(c, 2) && eg_cursor_le16(c, &record->id) && eg_etl_i64(c, &record->time);
}

/* EVENT_TRACE_HEADER, 48 bytes; that of an instance has 24 more. */
static bool read_classic(struct eg_cursor *c, bool instance, struct eg_etl_record *record)
{
    record->kind = EG_ETL_CLASSIC;
    record->has_time = true;
    return eg_cursor_u8(c, &record->opcode) && eg_cursor_skip(c, 3) &&
           eg_cursor_le32(c, &record->thread) && eg_cursor_le32(c, &record->process) &&
           eg_etl_i64(c, &record->time) && eg_etl_read_guid(c, &record->provider) &&
           eg_cursor_skip(c, instance ? 8 + 24 : 8);
}

/* Related activities, stacks and the like, which come before the payload. */
static bool read_items(struct eg_cursor *c, struct eg_etl_record *record)
{
    bool another = true;
    while (another) {
        struct eg_cursor head = *c;
        uint16_t size = 0, type = 0, linkage = 0, data = 0;
        if (!eg_cursor_le16(&head, &size) || !eg_cursor_le16(&head, &type) ||
            !eg_cursor_le16(&head, &linkage) || !eg_cursor_le16(&head, &data) || size < ITEM_HEAD ||
            size % ALIGNMENT != 0 || data > size - ITEM_HEAD || !eg_cursor_skip(c, size))
            return false;
        eg_cursor_clip(&head, data);
        if (type == ITEM_TRAITS)
            record->traits = head;
        another = linkage & 1;
    }
    return true;
}

/* EVENT_HEADER, 80 bytes. The thread comes before the process. */
static bool read_event(struct eg_cursor *c, struct eg_etl_record *record)
{
    uint16_t flags = 0;
    record->kind = EG_ETL_EVENT;
    record->has_time = true;
    return eg_cursor_le16(c, &flags) && eg_cursor_skip(c, 2) &&
           eg_cursor_le32(c, &record->thread) && eg_cursor_le32(c, &record->process) &&
           eg_etl_i64(c, &record->time) && eg_etl_read_guid(c, &record->provider) &&
           eg_cursor_le16(c, &record->id) && eg_cursor_skip(c, 3) &&
           eg_cursor_u8(c, &record->opcode) && eg_cursor_skip(c, 2) &&
           eg_etl_u64(c, &record->keyword) && eg_cursor_skip(c, 8 + 16) &&
           (!(flags & EVENT_HAS_ITEMS) || read_items(c, record));
}

static bool read_header(struct eg_cursor *c, uint8_t type, struct eg_etl_record *record)
{
    *record = (struct eg_etl_record){.pointer_size = is_wide(type) ? 8 : 4};
    switch (type) {
    case TYPE_SYSTEM_32:
    case TYPE_SYSTEM_64:
        return read_system(c, false, record);
    case TYPE_COMPACT_32:
    case TYPE_COMPACT_64:
        return read_system(c, true, record);
    case TYPE_PERFINFO_32:
    case TYPE_PERFINFO_64:
        return read_perfinfo(c, record);
    case TYPE_FULL_32:
    case TYPE_FULL_64:
        return read_classic(c, false, record);
    case TYPE_INSTANCE_32:
    case TYPE_INSTANCE_64:
        return read_classic(c, true, record);
    case TYPE_EVENT_32:
    case TYPE_EVENT_64:
        return read_event(c, record);
    default:
        record->pointer_size = 0;
        return true;
    }
}

/* ---- the chain ---- */

struct eg_etl_records eg_etl_records_of(const uint8_t *bytes, size_t size, bool cut)
{
    return (struct eg_etl_records){.rest = eg_cursor_over(bytes, size), .cut = cut};
}

/* Kernel records have their version where the others have their size, and the size behind. */
static bool has_late_size(uint8_t type)
{
    return type <= TYPE_COMPACT_64 || type == TYPE_PERFINFO_32 || type == TYPE_PERFINFO_64;
}

/* Where the next record starts: all are aligned, the last one may end the buffer. */
static void step(struct eg_cursor *rest, uint16_t size)
{
    const size_t padded = ((size_t)size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    const size_t left = eg_cursor_left(rest);
    eg_cursor_skip(rest, padded < left ? padded : left);
}

/* A chain that breaks in a cut buffer breaks where it was cut. */
static bool stop(struct eg_etl_records *records)
{
    records->bad = !records->cut;
    records->rest.at = records->rest.end;
    return false;
}

bool eg_etl_records_next(struct eg_etl_records *records, struct eg_etl_record *record)
{
    struct eg_cursor c = records->rest;
    uint16_t first = 0, size = 0;
    uint8_t type = 0, marker = 0;
    if (eg_cursor_left(&c) == 0)
        return false;
    if (!eg_cursor_le16(&c, &first) || !eg_cursor_u8(&c, &type) || !eg_cursor_u8(&c, &marker))
        return stop(records);
    if (first == 0xffff && type == 0xff && marker == 0xff) {
        records->rest.at = records->rest.end; /* the unused end of a buffer */
        return false;
    }
    struct eg_cursor late = c;
    size = first;
    if (marker == MARKER && has_late_size(type) && !eg_cursor_le16(&late, &size))
        return stop(records);
    if ((marker != MARKER && marker != MARKER_WPP) || size < RECORD_MIN ||
        size > eg_cursor_left(&records->rest))
        return stop(records);
    eg_cursor_clip(&c, (size_t)size - 4);
    if (marker == MARKER_WPP)
        *record = (struct eg_etl_record){.kind = EG_ETL_OTHER};
    else if (!read_header(&c, type, record))
        return stop(records);
    record->payload = c;
    step(&records->rest, size);
    return true;
}
