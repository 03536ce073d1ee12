/*
 * One provider's ranges, ready for look-ups: compiled in, or made of a file.
 */
#ifndef EG_RANGE_TABLE_H
#define EG_RANGE_TABLE_H

#include <stddef.h>

#include "classify/prefix_table.h"
#include "classify/ranges.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_range_table {
    struct eg_ranges_source source;
    const struct eg_label *labels; /* the values of the prefixes are their numbers */
    size_t label_count;
    struct eg_prefix_table prefixes;
};

#ifdef __cplusplus
}
#endif

#endif
