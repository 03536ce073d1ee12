/*
 * Where an address is, and so which class its traffic has: rule 4, first match wins.
 */
#ifndef EG_CLASSIFY_H
#define EG_CLASSIFY_H

#include "base/address.h"
#include "classify/ranges.h"
#include "classify/regions.h"
#include "classify/sites.h"
#include "classify/traffic_class.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What it is decided by; all borrowed. */
struct eg_vantage {
    const char *provider; /* of the VM */
    const char *region;   /* "" unknown */
    const struct eg_ranges *ranges;
    const struct eg_sites *sites; /* NULL: none */
};

struct eg_destination {
    enum eg_class class_;
    struct eg_label label;          /* from the ranges; region is the site's where that gives one */
    const struct eg_region *region; /* of label.region if a table knows it, else NULL */
    const struct eg_site *site;     /* the match, EG_CLASS_AUTO ones included; else NULL */
};

/*
 * Two regions of one cloud are compared by continent. If a table lacks either, the class is
 * `regional`, which has no price, as if the VM's region were unknown. A site's region replaces that
 * of the ranges, also under class `auto`. Addresses that never leave (multicast, link-local) count
 * as private here.
 */
void eg_classify(const struct eg_vantage *vantage, const struct eg_address *address,
                 struct eg_destination *destination);

#ifdef __cplusplus
}
#endif

#endif
