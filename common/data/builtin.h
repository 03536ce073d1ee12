/*
 * Facts compiled into the program from the texts of common/data by egshark-facts: only ranges.c,
 * regions.c, rate_card.c and html_page.c look here, so that everything else can be built and tested
 * without.
 */
#ifndef EG_BUILTIN_H
#define EG_BUILTIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct eg_range_table; /* classify/range_table.h */
struct eg_region;      /* classify/regions.h */

/* ranges-azure.txt and the like, one a provider. */
extern const struct eg_range_table *const eg_builtin_ranges;
extern const size_t eg_builtin_ranges_count;

/* regions.csv, by provider and name. */
extern const struct eg_region *const eg_builtin_regions;
extern const size_t eg_builtin_regions_count;

/* rates-azure.csv, whole and terminated. */
extern const char eg_builtin_rates_azure[];
extern const size_t eg_builtin_rates_azure_length;

/* report/html/report.css and report.js, whole and terminated. */
extern const char eg_builtin_html_style[];
extern const size_t eg_builtin_html_style_length;
extern const char eg_builtin_html_script[];
extern const size_t eg_builtin_html_script_length;

#ifdef __cplusplus
}
#endif

#endif
