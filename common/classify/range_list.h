/*
 * What a reader finds in a provider's file, and what rule 4.2 makes of it: one label a prefix.
 */
#ifndef EG_RANGE_LIST_H
#define EG_RANGE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "classify/names.h"
#include "classify/prefix_table.h"
#include "classify/ranges.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_PROVIDER_MAX = 16, /* of a provider's name, with its end */
    EG_RANGE_PROVIDERS_MAX = 16,
    EG_RANGE_CLAIMS_MAX = 1 << 22,
    EG_DATE_MAX = 11, /* "2026-06-26", with its end */
};

/* One line of a file. Region and service are numbers of names; 0 is "". */
struct eg_range_claim {
    struct eg_prefix prefix;
    uint32_t region;
    uint32_t service;
    unsigned flags; /* EG_LABEL_... */
};

/* Of one provider. Lives on the heap: labels point to its names. */
struct eg_range_list {
    char provider[EG_PROVIDER_MAX];
    char as_of[EG_DATE_MAX];
    struct eg_names names;

    struct eg_range_claim *claims;
    size_t claim_count;
    size_t claim_room;

    /* Filled by eg_range_list_settle(): the value of an entry is the number of its label. */
    struct eg_prefix_entry *entries;
    size_t entry_count;
    size_t entry_count_v6; /* of them */
    struct eg_names label_keys;
    struct eg_label *labels;
    size_t label_count;
    size_t label_room;
};

enum eg_status eg_range_list_new(const char *provider, struct eg_range_list **list);
void eg_range_list_free(struct eg_range_list *list);

/*
 * Adds that `prefix` is said to be of a region ("" none: global) and a service. A service that
 * names the whole cloud (AzureCloud, AMAZON, ...) counts as none; a CDN's back end sets its flag.
 * EG_ERR_NO_MEMORY, EG_ERR_LIMIT.
 */
enum eg_status eg_range_list_claim(struct eg_range_list *list, const struct eg_prefix *prefix,
                                   const char *region, const char *service);

/*
 * Claims become entries, by rule 4.2: the region of the prefix itself or else of the longest one
 * around it that has one; likewise the service, and of several on one prefix the one that the
 * fewest prefixes of the file are of, then by name. A prefix said to be of two regions has none.
 * Frees the claims. O(n log n).
 */
enum eg_status eg_range_list_settle(struct eg_range_list *list);

/* Keeps the labels only, once a table is built. */
void eg_range_list_forget_entries(struct eg_range_list *list);

/* The date at the start of `text` ("2026-08-22-15-17-05"); false, and no change, if none is. */
bool eg_range_list_set_date(struct eg_range_list *list, const char *text);

/*
 * Whether a provider can have a region of that name, rule 4.5; if not, `near` becomes the names
 * nearest to it, or "".
 */
typedef bool (*eg_region_test)(const struct eg_ranges *ranges, const char *provider,
                               const char *region, char *near, size_t size);

/* The lists of one file. */
struct eg_range_lists {
    struct eg_range_list *items[EG_RANGE_PROVIDERS_MAX];
    size_t count;
    eg_region_test is_region;       /* asked of what a person wrote; NULL: any region can be */
    const struct eg_ranges *ranges; /* is_region's first argument */
};

/* The list of a provider, new if there is none; EG_ERR_LIMIT. */
enum eg_status eg_range_lists_of(struct eg_range_lists *lists, const char *provider,
                                 struct eg_range_list **list);
void eg_range_lists_clear(struct eg_range_lists *lists);

#ifdef __cplusplus
}
#endif

#endif
