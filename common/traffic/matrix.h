/*
 * The traffic matrix: source x destination x protocol x service port x interface x hint, and the
 * link addresses the packets went between (rule 3.5; law 4).
 *
 * Everything direction, class and price need later is in a cell, so one pass over a capture
 * suffices and the order of packets does not matter. Adding a packet to a known cell allocates
 * nothing. Memory grows with distinct cells, addresses, link pairs and interfaces, each below a
 * ceiling; what comes after a ceiling is counted in `overflow`, never dropped.
 */
#ifndef EG_MATRIX_H
#define EG_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "base/hash.h"
#include "packet/packet.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_matrix; /* opaque */

enum {
    EG_PORT_NONE = 0,
    EG_PORT_DYNAMIC = 49152, /* both ports are dynamic, RFC 6335 section 6 */
};

/* This number stands for all interfaces past the ceiling; it is of no kind and of input 0. */
enum { EG_INTERFACES_MAX = 65535 };

/* eg_matrix_add() puts a packet that found no room here. */
#define EG_CELL_OVERFLOW UINT32_MAX

/* How the interface of a frame is known, rule 2.2. */
enum eg_interface_kind {
    EG_INTERFACE_UNKNOWN,       /* one for each input and link type */
    EG_INTERFACE_INDEX,         /* the capture's own numbering: pcapng, ETL */
    EG_INTERFACE_COOKED2,       /* that, and the ifindex of cooked v2 */
    EG_INTERFACE_COOKED1_SENT,  /* that, hardware type and link address */
    EG_INTERFACE_COOKED1_OTHER, /* received in cooked v1: not told apart */
};

struct eg_interface {
    uint32_t input; /* which input of the run, from 0 */
    enum eg_interface_kind kind;
    int32_t link;     /* LINKTYPE_ number of its frames */
    uint64_t index;   /* struct eg_frame's interface */
    uint32_t ifindex; /* COOKED2 */
    bool has_hardware;
    uint16_t hardware;                    /* ARPHRD_ type, cooked only */
    uint8_t address[EG_LINK_ADDRESS_MAX]; /* COOKED1_SENT */
};

/*
 * The two link-layer ends of a frame; address_length 0 where the link has no addresses. Bytes
 * beyond it are zero.
 */
struct eg_link_pair {
    uint8_t source[EG_LINK_ADDRESS_MAX];
    uint8_t destination[EG_LINK_ADDRESS_MAX];
    uint8_t address_length;
    bool has_destination;
    bool group;
    bool broadcast;
};

enum { EG_CELL_OPENED = 1 }; /* a SYN without ACK went from source to destination */

/*
 * What a cell holds. Two cells have the same key only when the packets or the more_packets of one
 * would not fit in 32 bits.
 */
struct eg_cell {
    uint32_t source; /* address number, eg_matrix_address() */
    uint32_t destination;
    uint32_t link;      /* eg_matrix_link() */
    uint16_t interface; /* eg_matrix_interface() */
    uint16_t port;      /* service port: the lower one, EG_PORT_DYNAMIC from 49152 on */
    uint8_t protocol;
    uint8_t hint;          /* enum eg_hint */
    uint8_t flags;         /* EG_CELL_OPENED */
    uint64_t more_packets; /* what segmentation adds to packets, rule 5.2 */
    uint64_t more_bytes;   /* and to ip_bytes */
    uint64_t packets;
    uint64_t ip_bytes;
    int64_t first_time; /* EG_NO_TIME when no packet had a time */
    int64_t last_time;
};

/* What of a cell was sent before; kept only of cells that had such. */
struct eg_resent_sums {
    uint64_t packets; /* after segmentation; none of segments that were in part */
    uint64_t bytes;   /* of IP, headers of such packets included */
};

struct eg_matrix_limits {
    uint32_t cells;     /* 0: the default, 16 Mi */
    uint32_t addresses; /* 0: the default, 16 Mi */
    uint32_t links;     /* 0: the default, 1 Mi; past it cells keep only group and broadcast */
};

struct eg_matrix_overflow {
    uint64_t packets;
    uint64_t ip_bytes;
    uint64_t links; /* packets whose link pair was not kept */
};

enum eg_status eg_matrix_new(const struct eg_hash_key *key, const struct eg_matrix_limits *limits,
                             struct eg_matrix **matrix);
void eg_matrix_free(struct eg_matrix *matrix);
const struct eg_hash_key *eg_matrix_seed(const struct eg_matrix *matrix);

/*
 * The number of the interface that frame was seen on, interned; link: its packet's facts. Past the
 * ceiling everything is interface EG_INTERFACES_MAX.
 */
enum eg_status eg_matrix_intern_interface(struct eg_matrix *matrix, uint32_t input,
                                          const struct eg_frame *frame,
                                          const struct eg_link_facts *link, uint16_t *number);

/*
 * Adds one packet. segments and segment_bytes are eg_packet_segment()'s. *cell is the cell's number
 * or EG_CELL_OVERFLOW. EG_ERR_NO_MEMORY leaves every total as it was. Cost: one hash and one cell
 * for IPv4; no allocation for a known cell.
 */
enum eg_status eg_matrix_add(struct eg_matrix *matrix, const struct eg_packet *packet,
                             uint16_t interface, int64_t time, uint64_t segments,
                             uint64_t segment_bytes, uint32_t *cell);

/* Adds to what of a cell was sent before. EG_ERR_NO_MEMORY leaves it as it was. */
enum eg_status eg_matrix_add_resent(struct eg_matrix *matrix, uint32_t cell,
                                    const struct eg_resent_sums *sums);

/*
 * Adds all of `from`, whose inputs become inputs first_input, first_input + 1, ... What `into` does
 * not have is numbered in the order of `from`, so cells keep their numbers when `into` is empty. On
 * an error `into` holds a part and must be thrown away.
 */
enum eg_status eg_matrix_merge(struct eg_matrix *into, const struct eg_matrix *from,
                               uint32_t first_input);

/*
 * What matrices need that are to be merged, counted as if they had nothing in common, and whether
 * there is room for it. False of add_need(): a ceiling was met in `from` itself.
 */
struct eg_matrix_need {
    uint64_t cells, addresses, links, interfaces;
};

bool eg_matrix_add_need(const struct eg_matrix *from, struct eg_matrix_need *need);
bool eg_matrix_has_room(const struct eg_matrix *into, const struct eg_matrix_need *need);

uint32_t eg_matrix_cells(const struct eg_matrix *matrix);
uint32_t eg_matrix_cells_max(const struct eg_matrix *matrix); /* the ceiling */
struct eg_cell eg_matrix_cell(const struct eg_matrix *matrix, uint32_t number);
uint32_t eg_matrix_addresses(const struct eg_matrix *matrix);
struct eg_address eg_matrix_address(const struct eg_matrix *matrix, uint32_t number);
uint8_t eg_matrix_family(const struct eg_matrix *matrix, uint32_t number); /* of the address */
struct eg_resent_sums eg_matrix_resent(const struct eg_matrix *matrix, uint32_t number);
uint16_t eg_matrix_interfaces(const struct eg_matrix *matrix); /* those below the ceiling */

/* These two are good until the next packet is added. */
const struct eg_interface *eg_matrix_interface(const struct eg_matrix *matrix, uint16_t number);
const struct eg_link_pair *eg_matrix_link(const struct eg_matrix *matrix, uint32_t number);
struct eg_matrix_overflow eg_matrix_overflowed(const struct eg_matrix *matrix);

/*
 * Before the first packet: keep when the packets of each cell come, traffic/series.h. interval: the
 * width of buckets that is wanted, ns; 0: any. Costs up to 16 MB, and some 60 instructions for each
 * bucket that a cell has packets in.
 */
void eg_matrix_keep_series(struct eg_matrix *matrix, int64_t interval);

/*
 * When they came. Settled: no bucket is open, and its width
 * is the one that all packets so far allow; that changes nothing of what the matrix counts.
 */
struct eg_series;
enum eg_status eg_matrix_settle_series(struct eg_matrix *matrix, const struct eg_series **series);

/* Hands the series over: from here on the matrix collects none. */
void eg_matrix_move_series(struct eg_matrix *matrix, struct eg_series *to);

#ifdef __cplusplus
}
#endif

#endif
