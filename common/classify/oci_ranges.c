/*
 * Oracle Cloud's public_ip_ranges.json:
 *
 *     {"last_updated_timestamp": "2025-07-21T07:13:25.457838",
 *      "regions": [{"region": "us-ashburn-1",
 *                   "cidrs": [{"cidr": "129.80.0.0/16", "tags": ["OCI"]}]}]}
 */
#include "classify/range_file.h"
#include "classify/range_place.h"

/* One claim a tag; a range without tags is of the region alone. */
static enum eg_status claim_cidr(const struct eg_range_place *place,
                                 const struct eg_json_value *value, const char *region,
                                 struct eg_range_list *list)
{
    const char *text;
    const struct eg_json_value *tags = eg_json_member(value, "tags");
    enum eg_status status = eg_range_place_string(place, value, "cidr", &text);
    if (status == EG_OK && !eg_json_is_array(tags))
        status = eg_range_place_fail(place, EG_ERR_SYNTAX, "tags", "is not an array");
    if (status == EG_OK)
        status = eg_range_place_claim(place, "cidr", text, region, "", list);
    for (tags = eg_json_first(tags); status == EG_OK && tags != NULL; tags = eg_json_next(tags)) {
        const char *tag = eg_json_string(tags);
        if (tag == NULL)
            return eg_range_place_fail(place, EG_ERR_SYNTAX, "tags", "holds no strings");
        status = eg_range_place_claim(place, "cidr", text, region, tag, list);
    }
    return status;
}

static enum eg_status claim_region(struct eg_range_place *place, const struct eg_json_value *value,
                                   struct eg_range_list *list)
{
    const char *region;
    const struct eg_json_value *cidrs = eg_json_member(value, "cidrs");
    enum eg_status status = eg_range_place_string(place, value, "region", &region);
    if (status == EG_OK && !eg_json_is_array(cidrs))
        status = eg_range_place_fail(place, EG_ERR_SYNTAX, "cidrs", "is not an array");
    place->inner = "cidrs";
    place->j = 0;
    for (cidrs = eg_json_first(cidrs); status == EG_OK && cidrs != NULL;
         cidrs = eg_json_next(cidrs), place->j++)
        status = claim_cidr(place, cidrs, region, list);
    place->inner = NULL;
    return status;
}

enum eg_status eg_oci_ranges_read(const struct eg_json_value *root, const char *file,
                                  struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_range_list *list;
    if (eg_range_lists_of(lists, "oci", &list) != EG_OK)
        return eg_fail_no_memory(error);
    enum eg_status status = eg_range_root_date(root, "last_updated_timestamp", file, list, error);
    struct eg_range_place place = {.file = file, .error = error, .outer = "regions"};
    const struct eg_json_value *value = eg_json_first(eg_json_member(root, "regions"));
    for (; status == EG_OK && value != NULL; value = eg_json_next(value), place.i++)
        status = claim_region(&place, value, list);
    return status;
}
