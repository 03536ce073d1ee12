#include "traffic/selection.h"

#include <stdlib.h>

#include "traffic/series.h"
#include "traffic/tables.h"

static const struct eg_cell_part nothing = {
    .first_time = EG_NO_TIME,
    .last_time = EG_NO_TIME,
};

void eg_cell_parts_free(struct eg_cell_parts *parts)
{
    if (parts->series)
        eg_series_clear(parts->series);
    free(parts->series);
    free(parts->parts);
    *parts = (struct eg_cell_parts){.parts = NULL};
}

/* Makes the first `count` cells addressable. */
static enum eg_status reach(struct eg_cell_parts *parts, uint32_t count)
{
    if (count > parts->capacity) {
        const uint32_t more = count > UINT32_MAX / 2 ? UINT32_MAX : count * 2;
        struct eg_cell_part *grown = realloc(parts->parts, more * sizeof *grown);
        if (!grown)
            return EG_ERR_NO_MEMORY;
        parts->parts = grown;
        parts->capacity = more;
    }
    while (parts->count < count)
        parts->parts[parts->count++] = nothing;
    return EG_OK;
}

static struct eg_cell_part part_of(const struct eg_matrix *matrix, uint32_t number)
{
    const struct eg_cell cell = eg_cell_view(matrix, number);
    return (struct eg_cell_part){
        .packets = cell.packets,
        .ip_bytes = cell.ip_bytes,
        .more_packets = cell.more_packets,
        .more_bytes = cell.more_bytes,
        .resent = eg_matrix_resent(matrix, number),
        .first_time = cell.first_time,
        .last_time = cell.last_time,
    };
}

/* As narrow as it can be, since nothing tells here which width is wanted. */
static bool begin_series(struct eg_cell_parts *parts)
{
    enum { NARROWEST = 1000000 };
    if (parts->series)
        return true;
    parts->series = malloc(sizeof *parts->series);
    if (parts->series)
        eg_series_begin(parts->series, NARROWEST);
    return parts->series;
}

enum eg_status eg_cell_parts_all(struct eg_cell_parts *parts, struct eg_matrix *matrix)
{
    const uint32_t count = eg_matrix_cells(matrix);
    if (reach(parts, count) != EG_OK || !begin_series(parts))
        return EG_ERR_NO_MEMORY;
    eg_matrix_move_series(matrix, parts->series);
    for (uint32_t i = 0; i < count; i++)
        parts->parts[i] = part_of(matrix, i);
    return EG_OK;
}

enum eg_status eg_cell_parts_add(struct eg_cell_parts *parts, uint32_t cell,
                                 const struct eg_cell_part *part)
{
    if (reach(parts, cell + 1) != EG_OK || !begin_series(parts) ||
        eg_series_add(parts->series, cell, part->first_time, part) != EG_OK)
        return EG_ERR_NO_MEMORY;
    struct eg_cell_part *into = &parts->parts[cell];
    into->packets += part->packets;
    into->ip_bytes += part->ip_bytes;
    into->more_packets += part->more_packets;
    into->more_bytes += part->more_bytes;
    into->resent.packets += part->resent.packets;
    into->resent.bytes += part->resent.bytes;
    if (part->first_time != EG_NO_TIME &&
        (into->first_time == EG_NO_TIME || part->first_time < into->first_time))
        into->first_time = part->first_time;
    if (part->last_time > into->last_time) /* EG_NO_TIME is the least of all */
        into->last_time = part->last_time;
    return EG_OK;
}

struct eg_cell_part eg_cell_parts_of(const struct eg_cell_parts *parts,
                                     const struct eg_matrix *matrix, uint32_t cell)
{
    if (!parts)
        return part_of(matrix, cell);
    return cell < parts->count ? parts->parts[cell] : nothing;
}

uint64_t eg_cell_parts_packets(const struct eg_cell_parts *parts, const struct eg_matrix *matrix,
                               uint32_t cell)
{
    if (!parts)
        return eg_cell_at(matrix, cell)->packets;
    return cell < parts->count ? parts->parts[cell].packets : 0;
}
