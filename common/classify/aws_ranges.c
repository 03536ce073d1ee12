/*
 * AWS's ip-ranges.json:
 *
 *     {"createDate": "2026-08-22-15-17-05",
 *      "prefixes": [{"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "EC2"}],
 *      "ipv6_prefixes": [{"ipv6_prefix": ...}]}
 */
#include <string.h>

#include "classify/range_file.h"
#include "classify/range_place.h"

static enum eg_status claim_prefix(const struct eg_range_place *place,
                                   const struct eg_json_value *value, const char *member,
                                   struct eg_range_list *list)
{
    const char *text;
    const char *region;
    const char *service;
    enum eg_status status = eg_range_place_string(place, value, member, &text);
    if (status == EG_OK)
        status = eg_range_place_string(place, value, "region", &region);
    if (status == EG_OK)
        status = eg_range_place_string(place, value, "service", &service);
    if (status != EG_OK)
        return status;
    if (strcmp(region, "GLOBAL") == 0)
        region = "";
    return eg_range_place_claim(place, member, text, region, service, list);
}

static enum eg_status claim_prefixes(const struct eg_json_value *root, const char *array,
                                     const char *member, const char *file,
                                     struct eg_range_list *list, struct eg_error *error)
{
    struct eg_range_place place = {.file = file, .error = error, .outer = array};
    const struct eg_json_value *prefixes = eg_json_member(root, array);
    if (!eg_json_is_array(prefixes))
        return eg_fail_at(error, EG_ERR_SYNTAX, file, 0, 0, "%s: is not an array", array);
    const struct eg_json_value *value = eg_json_first(prefixes);
    for (; value != NULL; value = eg_json_next(value), place.i++) {
        const enum eg_status status = claim_prefix(&place, value, member, list);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

enum eg_status eg_aws_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_range_list *list;
    if (eg_range_lists_of(lists, "aws", &list) != EG_OK)
        return eg_fail_no_memory(error);
    enum eg_status status = eg_range_root_date(root, "createDate", file, list, error);
    if (status == EG_OK)
        status = claim_prefixes(root, "prefixes", "ip_prefix", file, list, error);
    if (status == EG_OK)
        status = claim_prefixes(root, "ipv6_prefixes", "ipv6_prefix", file, list, error);
    return status;
}
