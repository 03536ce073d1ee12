/*
 * Inside names/: one database, whatever its format.
 */
#ifndef EG_PLACES_SOURCE_H
#define EG_PLACES_SOURCE_H

#include "names/places.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_ORG_MAX = 128, EG_COUNTRY_MAX = 3, EG_PLACES_KIND_MAX = 48 };

/* What one database says of an address; zeroed first. */
struct eg_place_found {
    uint32_t asn;
    char org[EG_ORG_MAX];
    char country[EG_COUNTRY_MAX];
};

struct eg_places_source {
    void *handle;
    void (*find)(void *handle, const struct eg_address *address, struct eg_place_found *found);
    void (*close)(void *handle);
    int64_t made; /* seconds since 1970 */
    char kind[EG_PLACES_KIND_MAX];
};

/*
 * The shared library is loaded when a database of it is opened: it brings libcrypto, which would
 * add a millisecond and 2 MB to every start, and need not be there.
 */
bool eg_places_is_loc(const char *path);
enum eg_status eg_places_open_loc(const char *path, struct eg_places_source *source,
                                  struct eg_error *error);

enum eg_status eg_places_open_mmdb(const char *path, struct eg_places_source *source,
                                   struct eg_error *error);

/* The 16 bytes of an address, an IPv4 one as ::ffff:a.b.c.d. */
static inline void eg_place_key(const struct eg_address *address, uint8_t key[16])
{
    const bool v4 = address->family == EG_IPV4;
    for (unsigned i = 0; i < 16; i++)
        key[i] = !v4 ? address->bytes[i] : i < 10 ? 0 : i < 12 ? 0xff : address->bytes[i - 12];
}

#ifdef __cplusplus
}
#endif

#endif
