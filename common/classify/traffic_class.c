#include "classify/traffic_class.h"

#include <string.h>

static const char *const names[] = {
    [EG_CLASS_PLATFORM] = "platform",
    [EG_CLASS_PRIVATE] = "private",
    [EG_CLASS_CDN_ORIGIN] = "cdn-origin",
    [EG_CLASS_SAME_REGION] = "same-region",
    [EG_CLASS_INTER_REGION] = "inter-region",
    [EG_CLASS_INTER_CONTINENT] = "inter-continent",
    [EG_CLASS_REGIONAL] = "regional",
    [EG_CLASS_PROVIDER_GLOBAL] = "provider-global",
    [EG_CLASS_INTERNET] = "internet",
    [EG_CLASS_VNET] = "vnet",
    [EG_CLASS_PEERING] = "peering",
    [EG_CLASS_GLOBAL_PEERING] = "global-peering",
    [EG_CLASS_PRIVATE_ENDPOINT] = "private-endpoint",
    [EG_CLASS_EXPRESSROUTE] = "expressroute",
    [EG_CLASS_VPN] = "vpn",
    [EG_CLASS_FREE] = "free",
    [EG_CLASS_AUTO] = "auto",
};

enum { NAMES = sizeof names / sizeof names[0] };

const char *eg_class_name(enum eg_class c)
{
    return names[c];
}

bool eg_class_parse(const char *name, size_t length, enum eg_class *c)
{
    for (unsigned i = 0; i < NAMES; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) {
            *c = (enum eg_class)i;
            return true;
        }
    }
    return false;
}
