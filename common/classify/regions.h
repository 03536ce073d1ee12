/*
 * Regions, with what prices hang on: continent, billing zone, peering zone.
 */
#ifndef EG_REGIONS_H
#define EG_REGIONS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct eg_ranges;

/* From common/data/regions.csv; strings are static, never NULL. */
struct eg_region {
    const char *provider;     /* "azure", ... */
    const char *name;         /* "eastus" */
    const char *display;      /* "East US" */
    const char *continent;    /* "North America"; "" unknown */
    const char *zone;         /* billing zone: "zone1".."zone3"; "" none known */
    const char *peering_zone; /* of VNet peering, which can differ: "zone1".. */
    bool closed;              /* a cloud of its own (Government, China): rule 4.4 */
    bool uncertain;           /* zone or continent is an assumption */
    const char *note;         /* which, for the report; "" none */
    const char *source;
    const char *as_of;
};

/* NULL when unknown. Exact name; case is ignored. */
const struct eg_region *eg_region_find(const char *provider, const char *name);

size_t eg_regions(void);
const struct eg_region *eg_region_at(size_t number);

/*
 * Writes up to three names nearest to a mistaken one, "eastus, eastus2, westus", into buffer
 * ("" when none is near); returns buffer. For messages, rule 4.5.
 */
const char *eg_region_suggest(const char *provider, const char *name, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
