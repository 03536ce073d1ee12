#include "capture/etl/etl_file.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "capture/etl/xpress.h"

enum {
    FLAG_CPU_INDEX = 0x20, /* the CPU's number has 16 bits */
    TYPE_HEADER = 4,
    DETECT_BUFFER_MAX = 16 << 20,
    MARKER = 0xc0, /* fourth byte of nearly every record */
    SYSTEM_32 = 1,
    SYSTEM_64 = 2,
    POINTER_SIZE_AT = 0x2c, /* in the log-file header */
};

/* ---- headers ---- */

struct header {
    uint32_t size, saved, offset;
    uint16_t cpu, flags, type;
};

/* WMI_BUFFER_HEADER of Windows 7 and later; the same for 32 and 64 bits. */
static bool read_header(struct eg_cursor *c, struct header *header)
{
    return eg_cursor_le32(c, &header->size) && eg_cursor_le32(c, &header->saved) &&
           eg_cursor_skip(c, 0x20) && eg_cursor_le16(c, &header->cpu) && eg_cursor_skip(c, 6) &&
           eg_cursor_le32(c, &header->offset) && eg_cursor_le16(c, &header->flags) &&
           eg_cursor_le16(c, &header->type) && eg_cursor_skip(c, 0x10);
}

static bool is_first_record(struct eg_cursor *c)
{
    uint8_t type = 0, marker = 0;
    uint16_t hook = 0xffff;
    return eg_cursor_skip(c, 2) && eg_cursor_u8(c, &type) && eg_cursor_u8(c, &marker) &&
           eg_cursor_skip(c, 2) && eg_cursor_le16(c, &hook) && eg_cursor_skip(c, 0x18) &&
           marker == MARKER && (type == SYSTEM_32 || type == SYSTEM_64) && hook == 0;
}

bool eg_etl_detect(const void *bytes, size_t size)
{
    struct eg_cursor c = eg_cursor_over(bytes, size);
    struct header header;
    uint32_t nominal = 0, pointer = 0;
    if (!read_header(&c, &header) || header.type != TYPE_HEADER)
        return false;
    if (header.size < EG_ETL_BUFFER_MIN || header.size > DETECT_BUFFER_MAX ||
        header.size % EG_ETL_BUFFER_MIN != 0)
        return false;
    if (header.saved <= EG_ETL_BUFFER_HEADER || header.saved > header.size || !is_first_record(&c))
        return false;
    return eg_cursor_le32(&c, &nominal) && eg_cursor_skip(&c, POINTER_SIZE_AT - 4) &&
           eg_cursor_le32(&c, &pointer) && nominal != 0 && (pointer == 4 || pointer == 8);
}

/* ---- the walk ---- */

/* A header that says where its buffer ends, and agrees with the log's. */
static bool is_sound(const struct eg_etl_walk *walk, const struct header *header)
{
    if (header->size < EG_ETL_BUFFER_HEADER || header->size > EG_ETL_BUFFER_MAX)
        return false;
    if (header->flags & EG_ETL_COMPRESSED)
        return header->saved >= EG_ETL_BUFFER_HEADER && header->saved <= EG_ETL_BUFFER_MAX;
    return walk->compressed || walk->nominal == 0 || header->size == walk->nominal ||
           header->type == TYPE_HEADER;
}

/* Seen: buffer 0 of a relogged trace uses more than SavedOffset says. */
static uint32_t used_of(const struct header *header)
{
    if (header->flags & EG_ETL_COMPRESSED)
        return header->saved;
    const uint32_t used = header->saved > header->offset ? header->saved : header->offset;
    return used < header->size ? used : header->size;
}

static void fill_buffer(const struct eg_etl_walk *walk, const struct header *header,
                        struct eg_etl_buffer *buffer)
{
    const uint64_t left = walk->source->size - walk->offset;
    *buffer = (struct eg_etl_buffer){
        .offset = walk->offset,
        .size = header->size,
        .present = header->size < left ? header->size : (uint32_t)left,
        .used = used_of(header),
        .cpu = header->flags & FLAG_CPU_INDEX ? header->cpu : (uint16_t)(header->cpu & 0xff),
        .flags = header->flags,
        .heads_log = header->type == TYPE_HEADER,
    };
}

/* Behind what is no buffer: where the next one is, if that can be known. */
static bool step_over(struct eg_etl_walk *walk)
{
    if (walk->compressed || walk->nominal == 0)
        return false;
    walk->offset += walk->nominal;
    return true;
}

enum eg_status eg_etl_walk_next(struct eg_etl_walk *walk, struct eg_etl_buffer *buffer, bool *more)
{
    *more = false;
    do {
        uint8_t bytes[EG_ETL_BUFFER_HEADER];
        struct header header;
        if (walk->offset >= walk->source->size)
            return EG_OK;
        if (walk->source->size - walk->offset < sizeof bytes) {
            walk->cut = true;
            return EG_OK;
        }
        if (!walk->source->read_at(walk->source->context, walk->offset, bytes, sizeof bytes))
            return EG_ERR_IO;
        struct eg_cursor c = eg_cursor_over(bytes, sizeof bytes);
        read_header(&c, &header);
        if (is_sound(walk, &header)) {
            fill_buffer(walk, &header, buffer);
            walk->offset += buffer->present;
            walk->cut |= buffer->present < buffer->size;
            *more = true;
            return EG_OK;
        }
        walk->bad += header.size != 0; /* zeros: room that was set aside and never written */
    } while (step_over(walk));
    return EG_OK;
}

/* ---- loading ---- */

void eg_etl_area_free(struct eg_etl_area *area)
{
    free(area->bytes);
    *area = (struct eg_etl_area){0};
}

void eg_etl_loader_clear(struct eg_etl_loader *loader)
{
    eg_etl_area_free(&loader->packed);
}

/* Contents are lost. */
static bool make_room(struct eg_etl_area *area, size_t size)
{
    area->size = 0;
    if (size <= area->capacity)
        return true;
    eg_etl_area_free(area);
    area->bytes = malloc(size);
    area->capacity = area->bytes ? size : 0;
    return area->bytes != NULL;
}

static enum eg_status read_bytes(const struct eg_etl_source *source, uint64_t offset, size_t size,
                                 struct eg_etl_area *area)
{
    if (!make_room(area, size ? size : 1))
        return EG_ERR_NO_MEMORY;
    if (size && !source->read_at(source->context, offset, area->bytes, size))
        return EG_ERR_IO;
    area->size = size;
    return EG_OK;
}

static enum eg_status unpack(struct eg_etl_loader *loader, const struct eg_etl_buffer *buffer,
                             struct eg_etl_area *area, bool *sound)
{
    const size_t wanted = buffer->used - EG_ETL_BUFFER_HEADER;
    const size_t size = wanted < loader->budget ? wanted : (size_t)loader->budget;
    if (!make_room(area, size ? size : 1))
        return EG_ERR_NO_MEMORY;
    enum eg_xpress_end end;
    area->size =
        eg_xpress_decode(loader->packed.bytes, loader->packed.size, area->bytes, size, &end);
    loader->budget -= area->size;
    *sound = size == wanted && end == EG_XPRESS_FULL;
    return EG_OK;
}

enum eg_status eg_etl_load(struct eg_etl_loader *loader, const struct eg_etl_buffer *buffer,
                           struct eg_etl_area *area, bool *sound)
{
    const bool packed = buffer->flags & EG_ETL_COMPRESSED;
    const uint32_t end = packed || buffer->present < buffer->used ? buffer->present : buffer->used;
    const size_t size = end > EG_ETL_BUFFER_HEADER ? end - EG_ETL_BUFFER_HEADER : 0;
    *sound = buffer->present == buffer->size;
    const enum eg_status status = read_bytes(loader->source, buffer->offset + EG_ETL_BUFFER_HEADER,
                                             size, packed ? &loader->packed : area);
    if (status != EG_OK || !packed)
        return status;
    return unpack(loader, buffer, area, sound);
}
