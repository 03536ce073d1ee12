/*
 * The user's own topology: --sites, rule 4.6.
 */
#ifndef EG_SITES_H
#define EG_SITES_H

#include <stddef.h>

#include "base/address.h"
#include "base/error.h"
#include "base/pseudonym.h"
#include "classify/regions.h"
#include "classify/traffic_class.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_ranges;
struct eg_sites; /* opaque */

enum eg_via_kind {
    EG_VIA_NAT_GATEWAY,
    EG_VIA_FIREWALL,
    EG_VIA_LB,
    EG_VIA_PEERING,
    EG_VIA_ER_METERED
};

enum { EG_VIAS_MAX = 4 };

struct eg_via {
    enum eg_via_kind kind;
    char zone[16]; /* EG_VIA_ER_METERED: "zone1".."zone4"; else "" */
};

enum eg_payer { EG_PAYER_SOURCE, EG_PAYER_BOTH };

struct eg_site {
    struct eg_prefix prefix;
    enum eg_class class_; /* EG_CLASS_AUTO included */
    const char *region;   /* of the far end; "" not given */
    struct eg_via via[EG_VIAS_MAX];
    size_t via_count;
    enum eg_payer payer; /* source unless given */
    const char *label;   /* "" none */
    unsigned line;
};

/*
 * A CSV file with a header line; prefix and class are needed, the other columns may be left out.
 * provider: whose regions the file may name. Refused whole on a mistake (rule 4.5): malformed
 * prefix, host bits set, a prefix listed twice, unknown class, region, via or payer, a via listed
 * twice, a class that needs a region (global-peering) and has none.
 */
enum eg_status eg_sites_load(const char *path, const char *provider, const struct eg_ranges *ranges,
                             struct eg_sites **sites, struct eg_error *error);
enum eg_status eg_sites_load_text(const char *text, size_t length, const char *file,
                                  const char *provider, const struct eg_ranges *ranges,
                                  struct eg_sites **sites, struct eg_error *error);
/* Replaces labels by pseudonyms. sites may be NULL. EG_ERR_NO_MEMORY, EG_ERR_LIMIT. */
enum eg_status eg_sites_redact(struct eg_sites *sites, const struct eg_pseudonym_key *key);
void eg_sites_free(struct eg_sites *sites);

/* The longest match or NULL. sites may be NULL. */
const struct eg_site *eg_sites_find(const struct eg_sites *sites, const struct eg_address *address);

#ifdef __cplusplus
}
#endif

#endif
