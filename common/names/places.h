/*
 * Who holds an internet address: organisation, autonomous system and country, from a database of
 * libloc or files of MaxMind's format.
 */
#ifndef EG_PLACES_H
#define EG_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Strings are "" where nothing is known, and live as long as the databases. */
struct eg_place {
    const char *org;
    const char *country; /* ISO 3166 alpha-2 */
    uint32_t asn;        /* 0 unknown */
};

struct eg_places; /* opaque; threads may share it */

enum eg_status eg_places_new(struct eg_places **places);
void eg_places_free(struct eg_places *places);

/*
 * Opens one more database; what kind it is, its content tells. Of several the first that knows a
 * thing says it. EG_ERR_SYNTAX or EG_ERR_IO with a message otherwise.
 */
enum eg_status eg_places_add(struct eg_places *places, const char *path, struct eg_error *error);

/* The database of the packages libloc1 and libloc-database; false without both. */
bool eg_places_add_system(struct eg_places *places);

/* False as long as no database is open. */
bool eg_places_any(const struct eg_places *places);

/* Some microseconds the first time an address is asked for. */
struct eg_place eg_places_find(struct eg_places *places, const struct eg_address *address);

/* "libloc 2022-10-29, DBIP-ASN-Lite 2026-08-01"; "" without any. Returns buffer. */
const char *eg_places_text(const struct eg_places *places, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
