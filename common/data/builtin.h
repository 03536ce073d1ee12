/*
 * Facts compiled into the program from the texts of common/data by egshark-facts: only ranges.c,
 * regions.c and rate_card.c look here, so that everything else can be built and tested without.
 */
#ifndef EG_BUILTIN_H
#define EG_BUILTIN_H

#include <stddef.h>

#include "classify/prefix_table.h"
#include "classify/ranges.h"
#include "classify/regions.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ranges-azure.txt and the like, ready for look-ups. */
struct eg_builtin_provider {
    const char *provider;
    const char *as_of;
    size_t prefixes; /* of the provider's file, before it was reduced */
    size_t prefixes_v6;
    const struct eg_label *labels; /* the table's values are their numbers */
    size_t label_count;
    struct eg_prefix_table table;
};

extern const struct eg_builtin_provider eg_builtin_ranges[];
extern const size_t eg_builtin_ranges_count;

/* regions.csv, by provider and name. */
extern const struct eg_region eg_builtin_regions[];
extern const size_t eg_builtin_regions_count;

/* rates-azure.csv, whole and terminated. */
extern const char eg_builtin_rates_azure[];
extern const size_t eg_builtin_rates_azure_length;

#ifdef __cplusplus
}
#endif

#endif
