/*
 * Who is local, and which way every cell of the matrix went: rule 3.
 */
#ifndef EG_DIRECTION_H
#define EG_DIRECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "traffic/matrix.h"

#ifdef __cplusplus
extern "C" {
#endif

enum eg_direction {
    EG_TRANSIT = 0, /* not determined */
    EG_EGRESS,
    EG_INGRESS,
    EG_LOCAL,
    EG_INTERNAL, /* seen inside the host */
};

enum eg_local_source {
    EG_LOCAL_NONE,     /* nothing was found */
    EG_LOCAL_OPTION,   /* --local */
    EG_LOCAL_HINTS,    /* rule 3.3 */
    EG_LOCAL_INFERRED, /* rule 3.4 */
    EG_LOCAL_MIXED,    /* inputs settled apart came to L in different ways */
};

struct eg_direction_options {
    const struct eg_prefix *local; /* --local; NULL: find out */
    size_t local_count;
    bool local_per_input;
};

struct eg_settlement {
    uint8_t *direction; /* enum eg_direction of every cell of the matrix */
    uint32_t cells;
    struct eg_address *local; /* L, sorted; with --local those of its addresses that were seen */
    size_t local_count;
    enum eg_local_source source;
    bool no_uplink;             /* every interface looked internal, so all count as uplinks */
    uint64_t undecided_packets; /* between candidates that nothing tells apart, rule 3.4 */
    uint64_t transit_bytes;     /* ip_bytes of transit cells, overflow apart */
    uint64_t total_bytes;       /* ip_bytes of all cells */
};

/* Deterministic: depends on what is in the matrix, not on cell order or hash seed. */
enum eg_status eg_direction_settle(const struct eg_matrix *matrix,
                                   const struct eg_direction_options *options,
                                   struct eg_settlement **settlement);
void eg_settlement_free(struct eg_settlement *settlement);

#ifdef __cplusplus
}
#endif

#endif
