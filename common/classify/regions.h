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

/* Region names are the same whatever their case. */
bool eg_region_name_equal(const char *a, const char *b);

/* NULL when unknown. The name in full, not the display name. */
const struct eg_region *eg_region_find(const char *provider, const char *name);

/* Whether any region of the provider is known. */
bool eg_regions_of(const char *provider);

size_t eg_regions(void);
const struct eg_region *eg_region_at(size_t number);

/*
 * Writes up to three names nearest to a mistaken one or to a display name, "eastus, eastus2,
 * westus", into buffer ("" when none is near); returns buffer. For messages, rule 4.5.
 */
const char *eg_region_suggest(const char *provider, const char *name, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
