/*
 * Google Cloud's cloud.json:
 *
 *     {"creationTime": "2025-07-24T19:16:28.780563",
 *      "prefixes": [{"ipv4Prefix": "34.35.0.0/16", "service": "Google Cloud",
 *                    "scope": "africa-south1"}, {"ipv6Prefix": ...}]}
 */
#include <string.h>

#include "classify/range_file.h"
#include "classify/range_place.h"

/* Scopes that are no region ("global", "us") do not end in a digit, as all regions do. */
static const char *region_of(const char *scope)
{
    const size_t length = strlen(scope);
    const bool numbered = length > 0 && scope[length - 1] >= '0' && scope[length - 1] <= '9';
    return numbered ? scope : "";
}

static enum eg_status claim_prefix(const struct eg_range_place *place,
                                   const struct eg_json_value *value, struct eg_range_list *list)
{
    const char *member = eg_json_member(value, "ipv6Prefix") != NULL ? "ipv6Prefix" : "ipv4Prefix";
    const char *text;
    const char *scope;
    const char *service;
    enum eg_status status = eg_range_place_string(place, value, member, &text);
    if (status == EG_OK)
        status = eg_range_place_string(place, value, "scope", &scope);
    if (status == EG_OK)
        status = eg_range_place_string(place, value, "service", &service);
    if (status != EG_OK)
        return status;
    return eg_range_place_claim(place, member, text, region_of(scope), service, list);
}

enum eg_status eg_gcp_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_range_list *list;
    if (eg_range_lists_of(lists, "gcp", &list) != EG_OK)
        return eg_fail_no_memory(error);
    enum eg_status status = eg_range_root_date(root, "creationTime", file, list, error);
    struct eg_range_place place = {.file = file, .error = error, .outer = "prefixes"};
    const struct eg_json_value *value = eg_json_first(eg_json_member(root, "prefixes"));
    for (; status == EG_OK && value != NULL; value = eg_json_next(value), place.i++)
        status = claim_prefix(&place, value, list);
    return status;
}
