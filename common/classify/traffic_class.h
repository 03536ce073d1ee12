/*
 * The traffic classes of rule 4.
 */
#ifndef EG_TRAFFIC_CLASS_H
#define EG_TRAFFIC_CLASS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum eg_class {
    EG_CLASS_PLATFORM,
    EG_CLASS_PRIVATE,
    EG_CLASS_CDN_ORIGIN,
    EG_CLASS_SAME_REGION,
    EG_CLASS_INTER_REGION,
    EG_CLASS_INTER_CONTINENT,
    EG_CLASS_REGIONAL,
    EG_CLASS_PROVIDER_GLOBAL,
    EG_CLASS_INTERNET,
    EG_CLASS_VNET, /* from here on by a sites file only */
    EG_CLASS_PEERING,
    EG_CLASS_GLOBAL_PEERING,
    EG_CLASS_PRIVATE_ENDPOINT,
    EG_CLASS_EXPRESSROUTE,
    EG_CLASS_VPN,
    EG_CLASS_FREE,
    EG_CLASSES,
    EG_CLASS_AUTO = EG_CLASSES, /* sites file: classify on as if not listed */
};

/* "inter-region"; static. */
const char *eg_class_name(enum eg_class c);
bool eg_class_parse(const char *name, size_t length, enum eg_class *c); /* "auto" included */

#ifdef __cplusplus
}
#endif

#endif
