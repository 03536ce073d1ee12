#include "capture/etl/etl_scan.h"

#include <stdlib.h>

#include "capture/etl/ndis_capture.h"
#include "capture/etl/pktmon.h"

enum { LOGS_MAX = 1024 };

void eg_etl_scan_clear(struct eg_etl_scan *scan)
{
    eg_etl_interfaces_clear(&scan->interfaces);
    eg_etl_components_clear(&scan->cards);
    eg_etl_components_clear(&scan->components);
    eg_etl_providers_clear(&scan->providers);
    free(scan->clocks);
    free(scan->entries);
}

bool eg_etl_is_packet(const struct eg_etl_record *record)
{
    return eg_pktmon_is_packet(record) || eg_ndis_is_packet(record);
}

enum eg_etl_parse eg_etl_parse_packet(const struct eg_etl_record *record,
                                      struct eg_etl_packet *packet)
{
    return eg_pktmon_is_packet(record) ? eg_pktmon_parse(record, packet)
                                       : eg_ndis_parse(record, packet);
}

/* ---- records ---- */

static enum eg_status count_packet(struct eg_etl_scan *scan, const struct eg_etl_record *record)
{
    struct eg_etl_packet packet;
    enum eg_status status = EG_OK;
    scan->facts.packet_events++;
    switch (eg_etl_parse_packet(record, &packet)) {
    case EG_ETL_PACKET:
        scan->grouped |= packet.grouped;
        if (packet.starts)
            status = eg_etl_interfaces_count(&scan->interfaces, &packet);
        break;
    case EG_ETL_NO_FRAME:
        scan->facts.no_frames++;
        break;
    case EG_ETL_BAD_PACKET:
        scan->facts.bad_packets++;
        break;
    }
    if (status != EG_ERR_LIMIT)
        return status;
    scan->facts.no_frames++; /* at one of too many places */
    return EG_OK;
}

static enum eg_status learn(struct eg_etl_scan *scan, const struct eg_etl_record *record)
{
    const enum eg_status status = eg_pktmon_learn(record, &scan->components);
    return status == EG_OK ? eg_ndis_learn(record, &scan->cards) : status;
}

static enum eg_status scan_records(struct eg_etl_scan *scan, struct eg_etl_records *records,
                                   struct eg_etl_entry *entry, uint64_t *packets)
{
    struct eg_etl_record record;
    enum eg_status status = EG_OK;
    while (status == EG_OK && eg_etl_records_next(records, &record)) {
        scan->facts.records++;
        status = eg_etl_providers_count(&scan->providers, &record);
        if (status != EG_OK)
            return status;
        if (!eg_etl_is_packet(&record)) {
            status = learn(scan, &record);
            continue;
        }
        const int64_t time = eg_etl_clock_ns(&scan->clocks[entry->clock], record.time);
        if (++*packets == 1)
            entry->first = time;
        entry->last = time;
        status = count_packet(scan, &record);
    }
    return status;
}

/* ---- logs ---- */

static enum eg_status add_clock(struct eg_etl_scan *scan, const struct eg_etl_log *log)
{
    struct eg_etl_clock *grown =
        realloc(scan->clocks, (scan->clock_count + 1) * sizeof *scan->clocks);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    scan->clocks = grown;
    grown[scan->clock_count++] = eg_etl_clock_of(log);
    return EG_OK;
}

/*
 * The header of the first log, or of one more behind it, which has a clock of its own. *found: it
 * could be read.
 */
static enum eg_status begin_log(struct eg_etl_scan *scan, const struct eg_etl_area *area,
                                struct eg_etl_walk *walk, struct eg_etl_log *log, bool *found)
{
    struct eg_etl_records records = eg_etl_records_of(area->bytes, area->size, true);
    struct eg_etl_record record;
    struct eg_etl_log read;
    *found = eg_etl_records_next(&records, &record) && eg_etl_log_read(&record, &read) &&
             scan->clock_count < LOGS_MAX;
    if (!*found)
        return EG_OK;
    *log = read;
    walk->nominal = read.buffer_size;
    walk->compressed = read.mode & EG_ETL_MODE_COMPRESSED;
    struct eg_etl_facts *facts = &scan->facts;
    if (scan->clock_count == 0) {
        facts->windows_major = read.major;
        facts->windows_minor = read.minor;
        facts->windows_build = read.build;
    }
    facts->events_lost += read.events_lost;
    facts->buffers_lost += read.buffers_lost;
    facts->closed = read.closed;
    return add_clock(scan, &read);
}

/*
 * A trace that was stopped tells how many buffers it has: fewer are there when the file was cut
 * between two of them. A circular one tells all that it ever had.
 */
static bool lacks_buffers(const struct eg_etl_log *log, uint64_t buffers)
{
    return log->closed && !(log->mode & EG_ETL_MODE_CIRCULAR) && buffers < log->buffers_written;
}

/* ---- buffers ---- */

static enum eg_status add_entry(struct eg_etl_scan *scan, const struct eg_etl_entry *entry)
{
    if (scan->entry_count == scan->entry_capacity) {
        const size_t capacity = scan->entry_capacity ? 2 * scan->entry_capacity : 64;
        struct eg_etl_entry *grown = realloc(scan->entries, capacity * sizeof *grown);
        if (!grown)
            return EG_ERR_NO_MEMORY;
        scan->entries = grown;
        scan->entry_capacity = capacity;
    }
    scan->entries[scan->entry_count++] = *entry;
    return EG_OK;
}

static enum eg_status scan_buffer(struct eg_etl_scan *scan, const struct eg_etl_area *area,
                                  const struct eg_etl_buffer *buffer, bool sound)
{
    struct eg_etl_records records = eg_etl_records_of(area->bytes, area->size, !sound);
    struct eg_etl_entry entry = {.buffer = *buffer, .clock = (uint32_t)(scan->clock_count - 1)};
    uint64_t packets = 0;
    enum eg_status status = scan_records(scan, &records, &entry, &packets);
    if (status == EG_OK && packets)
        status = add_entry(scan, &entry);
    scan->facts.buffers++;
    scan->facts.lossy_buffers += (buffer->flags & (EG_ETL_EVENTS_LOST | EG_ETL_BUFFER_LOST)) != 0;
    scan->facts.bad_buffers += records.bad || (!sound && buffer->present == buffer->size);
    return status;
}

static enum eg_status scan_file(struct eg_etl_loader *loader, struct eg_etl_scan *scan,
                                struct eg_etl_area *area)
{
    struct eg_etl_walk walk = {.source = loader->source};
    struct eg_etl_log log = {0};
    struct eg_etl_buffer buffer;
    bool more = false;
    enum eg_status status = eg_etl_walk_next(&walk, &buffer, &more);
    for (; status == EG_OK && more; status = eg_etl_walk_next(&walk, &buffer, &more)) {
        bool sound = false, found = true;
        status = eg_etl_load(loader, &buffer, area, &sound);
        if (status == EG_OK && buffer.heads_log)
            status = begin_log(scan, area, &walk, &log, &found);
        if (status == EG_OK && scan->clock_count == 0)
            return EG_ERR_SYNTAX;
        if (status == EG_OK)
            status = scan_buffer(scan, area, &buffer, sound);
        if (status != EG_OK)
            return status;
        scan->facts.bad_buffers += !found;
    }
    scan->facts.bad_buffers += walk.bad;
    scan->facts.cut = walk.cut || lacks_buffers(&log, scan->facts.buffers + walk.bad);
    return status == EG_OK && scan->clock_count == 0 ? EG_ERR_SYNTAX : status;
}

enum eg_status eg_etl_scan(struct eg_etl_loader *loader, struct eg_etl_scan *scan,
                           struct eg_error *error)
{
    struct eg_etl_area area = {0};
    const enum eg_status status = scan_file(loader, scan, &area);
    eg_etl_area_free(&area);
    switch (status) {
    case EG_OK:
        eg_etl_providers_finish(&scan->providers);
        return EG_OK;
    case EG_ERR_SYNTAX:
        return eg_fail(error, status, "not a Windows event trace");
    case EG_ERR_IO:
        return eg_fail(error, status, "cannot be read");
    default:
        return eg_fail_no_memory(error);
    }
}
