#include "classify/classify.h"

#include <string.h>

#include "traffic/scope.h"

static bool is_continent_known(const struct eg_region *region)
{
    return region != NULL && region->continent[0] != '\0';
}

/* The VM and the address are of the same cloud, in regions that are both known. */
static enum eg_class class_between(const struct eg_vantage *vantage,
                                   const struct eg_destination *destination)
{
    if (eg_region_name_equal(vantage->region, destination->label.region))
        return EG_CLASS_SAME_REGION;
    const struct eg_region *home = eg_region_find(vantage->provider, vantage->region);
    const struct eg_region *far_end = destination->region;
    if (!is_continent_known(home) || !is_continent_known(far_end))
        return EG_CLASS_REGIONAL;
    return strcmp(home->continent, far_end->continent) == 0 ? EG_CLASS_INTER_REGION
                                                            : EG_CLASS_INTER_CONTINENT;
}

/* By the ranges, of an address that no site gives a class to. */
static enum eg_class class_by_label(const struct eg_vantage *vantage,
                                    const struct eg_destination *destination)
{
    const struct eg_label *label = &destination->label;
    if (label->provider[0] == '\0' || strcmp(label->provider, vantage->provider) != 0)
        return EG_CLASS_INTERNET;
    if ((label->flags & EG_LABEL_CDN_ORIGIN) != 0)
        return EG_CLASS_CDN_ORIGIN;
    if (label->region[0] == '\0')
        return EG_CLASS_PROVIDER_GLOBAL;
    if (vantage->region[0] == '\0')
        return EG_CLASS_REGIONAL;
    return class_between(vantage, destination);
}

/* First match wins, rule 4; the label is of use whatever the class. */
void eg_classify(const struct eg_vantage *vantage, const struct eg_address *address,
                 struct eg_destination *destination)
{
    const enum eg_scope scope = eg_scope_of(address);
    *destination = (struct eg_destination){.class_ = EG_CLASS_PLATFORM};
    eg_ranges_find(vantage->ranges, address, &destination->label);
    if (scope == EG_SCOPE_PLATFORM)
        return;

    const struct eg_site *site = eg_sites_find(vantage->sites, address);
    destination->site = site;
    if (site != NULL && site->region[0] != '\0')
        destination->label.region = site->region;
    const bool is_published = destination->label.provider[0] != '\0';
    destination->region = eg_region_find(
        is_published ? destination->label.provider : vantage->provider, destination->label.region);

    if (site != NULL && site->class_ != EG_CLASS_AUTO)
        destination->class_ = site->class_;
    else if (!eg_scope_is_public(scope))
        destination->class_ = EG_CLASS_PRIVATE;
    else
        destination->class_ = class_by_label(vantage, destination);
}
