/*
 * Inside traffic/: the tables of the matrix.
 */
#ifndef EG_TABLES_H
#define EG_TABLES_H

#include <string.h>

#include "traffic/interning.h"
#include "traffic/series.h"
#include "traffic/ways.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_RECENT_LINKS = 2 }; /* one each way */

/*
 * A cell as it is kept: with its slot of the index at most 64 bytes, also while that index grows.
 * What tells cells apart comes first.
 */
struct eg_kept_cell {
    uint64_t kind;   /* eg_cell_kind() */
    uint32_t source; /* address numbers */
    uint32_t destination;
    uint32_t packets;
    uint32_t more; /* EG_MORE_... */
    uint64_t ip_bytes;
    int64_t last_time;
    int64_t first_time; /* both EG_NO_TIME when no packet had a time */
};

/*
 * What segmentation adds to a cell (rule 5.2): packets above bytes while both are few, else the
 * number of the sums in the matrix's `more`.
 */
enum {
    EG_MORE_PACKETS_SHIFT = 20,
    EG_MORE_BYTES_MAX = (1 << EG_MORE_PACKETS_SHIFT) - 1,
    EG_MORE_PACKETS_MAX = 511,
    EG_MORE_APART = 1 << 30, /* there; the rest is its number */
    EG_MORE_NOTED = 1 << 29, /* by the series, whose open bucket has this cell */
    EG_MORE_VALUE = EG_MORE_NOTED - 1,
};
#define EG_MORE_OPENED (UINT32_C(1) << 31) /* EG_CELL_OPENED */

struct eg_more {
    uint64_t bytes;
    uint64_t packets;
};

struct eg_matrix {
    struct eg_hash_key key;
    struct eg_hash_key mixed; /* of it, for cells */
    struct eg_store cells;    /* struct eg_kept_cell */
    struct eg_store more;     /* struct eg_more */
    struct eg_store resent;   /* struct eg_resent_sums of the cells up to the last that has some */
    struct eg_index cell_index;
    uint32_t cell_limit;
    struct eg_addresses addresses;
    struct eg_interned links;
    struct eg_interned interfaces;
    uint32_t recent_links[EG_RECENT_LINKS]; /* where the last pairs were found */
    uint16_t last_interface;
    struct eg_matrix_overflow overflow;
    struct eg_series series;
    struct eg_ways ways;
};

/*
 * What tells cells apart but for the two addresses, and their family, in one word. The part of it
 * that a link header decides comes from eg_kind_of_link(). There is never a link EG_LINKS_MAX, so
 * no cell is of a kind of all ones.
 */
enum {
    EG_KIND_PROTOCOL = 16, /* where each begins; below them is the port */
    EG_KIND_SIX = 24,
    EG_KIND_HINT = 25,
    EG_KIND_LINK = 27,
    EG_KIND_LONG = 47, /* set: its packets go the long way, eg_plain_is_metadata() */
    EG_KIND_INTERFACE = 48,
    EG_LINKS_MAX = (1 << (EG_KIND_LONG - EG_KIND_LINK)) - 1,
};

static inline uint64_t eg_kind_of_link(uint16_t interface, uint32_t link, uint8_t hint)
{
    return (uint64_t)interface << EG_KIND_INTERFACE | (uint64_t)link << EG_KIND_LINK |
           (uint64_t)hint << EG_KIND_HINT;
}

EG_INLINE uint64_t eg_cell_kind(uint64_t of_link, bool six, uint8_t protocol, uint16_t port)
{
    return of_link | (uint64_t)six << EG_KIND_SIX | (uint64_t)protocol << EG_KIND_PROTOCOL | port;
}

static inline bool eg_kind_is_six(uint64_t kind)
{
    return kind >> EG_KIND_SIX & 1;
}

/* mixed: eg_hash_mixed(). ends: source and destination as they lie in an IPv4 header. */
EG_INLINE uint32_t eg_cell_hash_v4(const struct eg_hash_key *mixed, uint64_t kind, uint64_t ends)
{
    return eg_hash_middle(mixed, ends, kind);
}

static inline uint32_t eg_cell_hash_v6(const struct eg_hash_key *mixed, uint64_t kind,
                                       const uint8_t *source, const uint8_t *destination)
{
    const uint64_t from = eg_hash_step(mixed, mixed->k0, eg_load64(source), eg_load64(source + 8));
    const uint64_t both =
        eg_hash_step(mixed, from, eg_load64(destination), eg_load64(destination + 8));
    return eg_hash_middle(mixed, both, kind);
}

/* Rule 3.5. */
static inline uint16_t eg_service_port(uint16_t source, uint16_t destination)
{
    const uint16_t port = source < destination ? source : destination;
    if (port >= EG_PORT_DYNAMIC)
        return EG_PORT_DYNAMIC;
    return port;
}

/* Until the next cell is opened. */
static inline struct eg_kept_cell *eg_cell_at(const struct eg_matrix *matrix, uint32_t number)
{
    return (struct eg_kept_cell *)(void *)matrix->cells.items + number;
}

static inline struct eg_more eg_more_of(const struct eg_matrix *matrix,
                                        const struct eg_kept_cell *cell)
{
    const uint32_t value = cell->more & EG_MORE_VALUE;
    if (cell->more & EG_MORE_APART)
        return *(const struct eg_more *)eg_store_at(&matrix->more, value);
    return (struct eg_more){value & EG_MORE_BYTES_MAX, value >> EG_MORE_PACKETS_SHIFT};
}

/* eg_matrix_cell() for who looks at all cells: what is not looked at is not made. */
static inline struct eg_cell eg_cell_view(const struct eg_matrix *matrix, uint32_t number)
{
    const struct eg_kept_cell *kept = eg_cell_at(matrix, number);
    const struct eg_more more = eg_more_of(matrix, kept);
    return (struct eg_cell){
        .source = kept->source,
        .destination = kept->destination,
        .link = (uint32_t)(kept->kind >> EG_KIND_LINK) & EG_LINKS_MAX,
        .interface = (uint16_t)(kept->kind >> EG_KIND_INTERFACE),
        .port = (uint16_t)kept->kind,
        .protocol = (uint8_t)(kept->kind >> EG_KIND_PROTOCOL),
        .hint = (uint8_t)(kept->kind >> EG_KIND_HINT & 3),
        .flags = (uint8_t)(kept->more & EG_MORE_OPENED ? EG_CELL_OPENED : 0),
        .more_packets = more.packets,
        .more_bytes = more.bytes,
        .packets = kept->packets,
        .ip_bytes = kept->ip_bytes,
        .first_time = kept->first_time,
        .last_time = kept->last_time,
    };
}

#ifdef __cplusplus
}
#endif

#endif
