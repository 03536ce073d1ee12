/*
 * Which names a capture gives to addresses, where each is from, and how often it was seen.
 *
 * The table is a sum: what it holds does not depend on the order of names, nor on how they were
 * dealt out over tables that are merged later, unless it runs full, which is counted.
 */
#ifndef EG_HOSTS_H
#define EG_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "base/hash.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Best first: what a connection to the address asked for, then what was answered about it. */
enum eg_name_source {
    EG_NAME_TLS,   /* the server name of a ClientHello */
    EG_NAME_QUIC,  /* the same, in QUIC */
    EG_NAME_HTTP,  /* the Host of a request */
    EG_NAME_DNS,   /* the name that was asked for */
    EG_NAME_MDNS,  /* multicast DNS, RFC 6762 */
    EG_NAME_FILE,  /* a name resolution record of the capture file */
    EG_NAME_PTR,   /* the name of the address, DNS */
    EG_NAME_CNAME, /* the end of a chain of aliases, DNS */
    EG_NAME_SOURCES,
};

const char *eg_name_source_name(enum eg_name_source source); /* "tls", "dns", ... */

/* Of one source. More than this, the first by their bytes are kept. */
enum { EG_NAMES_OF_SOURCE_MAX = 16 };

struct eg_name {
    struct eg_name *next;
    uint64_t seen;  /* of a name of the file 1 */
    uint8_t source; /* enum eg_name_source */
    char text[];    /* terminated; eg_host_name_read() */
};

/* What is held of one address. */
struct eg_host {
    struct eg_address address;
    bool cut;              /* a source had more names than are kept */
    struct eg_name *first; /* by source, then by bytes; NULL: a free place */
};

struct eg_hosts_limits {
    uint32_t addresses; /* 0: the default, 131,072 */
    size_t bytes;       /* of all names; 0: 16 MiB */
};

struct eg_hosts_left_out {
    uint64_t no_host_name; /* sightings of what is none */
    uint64_t no_room;      /* sightings for which the table was full */
};

struct eg_hosts; /* opaque */

enum eg_status eg_hosts_new(const struct eg_hash_key *key, const struct eg_hosts_limits *limits,
                            struct eg_hosts **hosts);
void eg_hosts_free(struct eg_hosts *hosts);

/* One sighting of a name, as it was found. EG_ERR_NO_MEMORY only. */
enum eg_status eg_hosts_add(struct eg_hosts *hosts, const struct eg_address *address,
                            enum eg_name_source source, const void *name, size_t length);

/* Adds what another table has seen. */
enum eg_status eg_hosts_merge(struct eg_hosts *into, const struct eg_hosts *from);

/*
 * What tables need that are to be merged, counted as if they had nothing in common, and whether
 * there is room for it. False of add_need(): `from` itself was full.
 */
bool eg_hosts_add_need(const struct eg_hosts *from, struct eg_hosts_limits *need);
bool eg_hosts_have_room(const struct eg_hosts *into, const struct eg_hosts_limits *need);

/* NULL: the address has no name. Valid until the next name is added. */
const struct eg_host *eg_hosts_find(const struct eg_hosts *hosts, const struct eg_address *address);

struct eg_hosts_left_out eg_hosts_count_left_out(const struct eg_hosts *hosts);

/*
 * Which of two names of an address is shown before the other, <0, 0 or >0: what connections asked
 * for (TLS, QUIC, HTTP), then the sources in their order; of these the one seen most often, then
 * the first by its bytes.
 */
int eg_name_compare(const struct eg_name *a, const struct eg_name *b);

#ifdef __cplusplus
}
#endif

#endif
