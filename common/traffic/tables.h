/*
 * Inside traffic/: the tables of the matrix.
 */
#ifndef EG_TABLES_H
#define EG_TABLES_H

#include <string.h>

#include "traffic/interning.h"
#include "traffic/known.h"
#include "traffic/series.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_RECENT_LINKS = 2, /* one each way */
    EG_WAY_BITS = 5,     /* 32 places for two ways each */
};

struct eg_matrix {
    struct eg_hash_key key;
    struct eg_store cells;
    struct eg_index cell_index;
    uint32_t cell_limit;
    struct eg_interned addresses;
    struct eg_interned links;
    struct eg_interned interfaces;
    uint32_t recent_links[EG_RECENT_LINKS]; /* where the last pairs were found */
    uint16_t last_interface;
    struct eg_matrix_overflow overflow;
    struct eg_series series;
    struct eg_way ways[1 << EG_WAY_BITS][2];
};

/* What tells cells apart but for the two addresses. */
struct eg_cell_kind {
    uint32_t link; /* 22 bits */
    uint16_t interface;
    uint16_t port;
    uint8_t protocol;
    uint8_t hint;
};

static inline uint64_t eg_load64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline uint32_t eg_load32(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The addresses are 4 or 16 bytes. */
static inline uint32_t eg_cell_hash(const struct eg_hash_key *key, const struct eg_cell_kind *kind,
                                    uint8_t family, const uint8_t *source,
                                    const uint8_t *destination)
{
    const uint64_t rest = (uint64_t)kind->link << 42 | (uint64_t)kind->interface << 26 |
                          (uint64_t)kind->port << 10 | (uint64_t)kind->protocol << 2 | kind->hint;
    if (family == EG_IPV4)
        return (uint32_t)eg_hash_words(
            key, (uint64_t)eg_load32(source) << 32 | eg_load32(destination), rest);
    const uint64_t ends =
        eg_hash_words(key, eg_hash_words(key, eg_load64(source), eg_load64(source + 8)),
                      eg_hash_words(key, eg_load64(destination), eg_load64(destination + 8)));
    return (uint32_t)eg_hash_words(key, ends, rest);
}

static inline bool eg_cell_is_of(const struct eg_cell *cell, const struct eg_cell_kind *kind)
{
    return cell->link == kind->link && cell->interface == kind->interface &&
           cell->port == kind->port && cell->protocol == kind->protocol && cell->hint == kind->hint;
}

/* Rule 3.5. */
static inline uint16_t eg_service_port(uint16_t source, uint16_t destination)
{
    const uint16_t port = source < destination ? source : destination;
    if (port >= EG_PORT_DYNAMIC)
        return EG_PORT_DYNAMIC;
    return port;
}

static inline struct eg_cell *eg_cell_at(const struct eg_matrix *matrix, uint32_t number)
{
    return (struct eg_cell *)eg_store_at_sized(&matrix->cells, number, sizeof(struct eg_cell));
}

static inline const struct eg_address *eg_address_at(const struct eg_matrix *matrix,
                                                     uint32_t number)
{
    return (const struct eg_address *)eg_store_at_sized(&matrix->addresses.store, number,
                                                        sizeof(struct eg_address));
}

#ifdef __cplusplus
}
#endif

#endif
