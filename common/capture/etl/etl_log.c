#include "capture/etl/etl_log.h"

#include "capture/etl/etl_file.h"

enum { TIME_ZONE_BYTES = 0xac };

/* Up to the two pointers; c is at the start. */
static bool read_head(struct eg_cursor *c, struct eg_etl_log *log, uint32_t *pointer_size)
{
    int64_t end = 0;
    const bool read = eg_cursor_le32(c, &log->buffer_size) && eg_cursor_u8(c, &log->major) &&
                      eg_cursor_u8(c, &log->minor) && eg_cursor_skip(c, 2) &&
                      eg_cursor_le32(c, &log->build) && eg_cursor_le32(c, &log->cpus) &&
                      eg_etl_i64(c, &end) && eg_cursor_skip(c, 4 + 4) &&
                      eg_cursor_le32(c, &log->mode) && eg_cursor_le32(c, &log->buffers_written) &&
                      eg_cursor_skip(c, 4) && eg_cursor_le32(c, pointer_size) &&
                      eg_cursor_le32(c, &log->events_lost) && eg_cursor_le32(c, &log->cpu_mhz);
    log->closed = end != 0;
    return read;
}

bool eg_etl_log_read(const struct eg_etl_record *record, struct eg_etl_log *log)
{
    struct eg_cursor c = record->payload;
    uint32_t pointer_size = 0;
    *log = (struct eg_etl_log){.start_clock = record->time};
    if (record->kind != EG_ETL_SYSTEM || record->id != 0 || !read_head(&c, log, &pointer_size) ||
        (pointer_size != 4 && pointer_size != 8))
        return false;
    /* What follows is aligned to 8 bytes on either kind of system: 4 are added to the zone. */
    return eg_cursor_skip(&c, 2 * (size_t)pointer_size + TIME_ZONE_BYTES + 4 + 8) &&
           eg_etl_i64(&c, &log->frequency) && eg_etl_i64(&c, &log->start) &&
           eg_cursor_le32(&c, &log->clock) && eg_cursor_le32(&c, &log->buffers_lost) &&
           log->buffer_size >= EG_ETL_BUFFER_MIN && log->buffer_size <= EG_ETL_BUFFER_MAX;
}
