/*
 * Azure's service tags, as downloaded or from `az network list-service-tags`:
 *
 *     {"values": [{"name": "Storage.FranceCentral",
 *                  "properties": {"region": "centralfrance", "addressPrefixes": [...]}}]}
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "classify/range_file.h"
#include "classify/range_place.h"

enum { SUFFIXES_MAX = 512, SUFFIX_MAX = 48 };

/* How many tags of a region end in a suffix. */
struct suffix {
    const char *region; /* as the file writes it */
    char text[SUFFIX_MAX];
    unsigned tags;
};

struct suffixes {
    struct suffix items[SUFFIXES_MAX];
    size_t count;
};

struct tag {
    const char *name;
    const char *region; /* as the file writes it */
    const struct eg_json_value *prefixes;
};

static enum eg_status read_tag(const struct eg_range_place *place,
                               const struct eg_json_value *value, struct tag *tag)
{
    const struct eg_json_value *properties = eg_json_member(value, "properties");
    enum eg_status status = eg_range_place_string(place, value, "name", &tag->name);
    if (status != EG_OK)
        return status;
    tag->region = eg_json_string(eg_json_member(properties, "region"));
    if (tag->region == NULL)
        return eg_range_place_fail(place, EG_ERR_SYNTAX, "properties.region", "is not a string");
    tag->prefixes = eg_json_member(properties, "addressPrefixes");
    if (!eg_json_is_array(tag->prefixes))
        return eg_range_place_fail(place, EG_ERR_SYNTAX, "properties.addressPrefixes",
                                   "is not an array");
    return EG_OK;
}

/* The length of a tag's name without its region: "AzureMonitor.EastUS" is AzureMonitor. */
static size_t service_length(const struct tag *tag)
{
    const char *dot = tag->region[0] == '\0' ? NULL : strrchr(tag->name, '.');
    return dot == NULL ? strlen(tag->name) : (size_t)(dot - tag->name);
}

static bool is_whole_cloud(const struct tag *tag)
{
    return strncmp(tag->name, "AzureCloud.", strlen("AzureCloud.")) == 0;
}

static bool lower_suffix(const struct tag *tag, char lower[SUFFIX_MAX])
{
    const size_t start = service_length(tag);
    const char *suffix = tag->name + start + (tag->name[start] == '.');
    const size_t length = strlen(suffix);
    if (length == 0 || length >= SUFFIX_MAX)
        return false;
    for (size_t i = 0; i <= length; i++)
        lower[i] = eg_lower(suffix[i]);
    return true;
}

static bool count_suffix(struct suffixes *suffixes, const char *region, const char *text)
{
    size_t i = 0;
    while (i < suffixes->count && (strcmp(suffixes->items[i].region, region) != 0 ||
                                   strcmp(suffixes->items[i].text, text) != 0))
        i++;
    if (i == SUFFIXES_MAX)
        return false;
    struct suffix *suffix = &suffixes->items[i];
    if (i == suffixes->count) {
        suffixes->count++;
        suffix->region = region;
        suffix->tags = 0;
        memcpy(suffix->text, text, strlen(text) + 1);
    }
    suffix->tags++;
    return true;
}

/* The suffixes of all tags but AzureCloud's, which repeat the region as `region` writes it. */
static enum eg_status collect_suffixes(struct eg_range_place *place,
                                       const struct eg_json_value *values,
                                       struct suffixes *suffixes)
{
    const struct eg_json_value *value = eg_json_first(values);
    for (place->i = 0; value != NULL; value = eg_json_next(value), place->i++) {
        struct tag tag;
        char suffix[SUFFIX_MAX];
        const enum eg_status status = read_tag(place, value, &tag);
        if (status != EG_OK)
            return status;
        if (tag.region[0] == '\0' || is_whole_cloud(&tag) || !lower_suffix(&tag, suffix))
            continue;
        if (!count_suffix(suffixes, tag.region, suffix))
            return eg_range_place_fail(place, EG_ERR_LIMIT, "name", "more than %d regions",
                                       (int)SUFFIXES_MAX);
    }
    return EG_OK;
}

/*
 * Rule 4.2: a dozen regions are written in a form that is not the ARM name, but the suffix of the
 * other tags, in lower case, is ("centralfrance": francecentral). A few tags have other endings
 * ("eastus2stage"): the region itself where any tag ends so, else what most tags end in.
 */
static const char *arm_name(const struct suffixes *suffixes, const char *region)
{
    const struct suffix *best = NULL;
    for (size_t i = 0; i < suffixes->count; i++) {
        const struct suffix *suffix = &suffixes->items[i];
        if (strcmp(suffix->region, region) != 0)
            continue;
        if (strcmp(suffix->text, region) == 0)
            return region;
        if (best == NULL || suffix->tags > best->tags ||
            (suffix->tags == best->tags && strcmp(suffix->text, best->text) < 0))
            best = suffix;
    }
    return best == NULL ? region : best->text;
}

static enum eg_status claim_tag(struct eg_range_place *place, const struct tag *tag,
                                const char *region, struct eg_range_list *list)
{
    char service[128];
    const size_t length = service_length(tag);
    if (length >= sizeof service)
        return eg_range_place_fail(place, EG_ERR_VALUE, "name", "is longer than %zu bytes",
                                   sizeof service - 1);
    memcpy(service, tag->name, length);
    service[length] = '\0';
    const struct eg_json_value *prefix = eg_json_first(tag->prefixes);
    place->inner = "properties.addressPrefixes";
    for (place->j = 0; prefix != NULL; prefix = eg_json_next(prefix), place->j++) {
        const enum eg_status status =
            eg_range_place_claim(place, NULL, eg_json_string(prefix), region, service, list);
        if (status != EG_OK)
            return status;
    }
    place->inner = NULL;
    return EG_OK;
}

static enum eg_status claim_tags(struct eg_range_place *place, const struct eg_json_value *values,
                                 const struct suffixes *suffixes, struct eg_range_list *list)
{
    const struct eg_json_value *value = eg_json_first(values);
    for (place->i = 0; value != NULL; value = eg_json_next(value), place->i++) {
        struct tag tag;
        enum eg_status status = read_tag(place, value, &tag);
        if (status == EG_OK)
            status = claim_tag(place, &tag, arm_name(suffixes, tag.region), list);
        if (status != EG_OK)
            return status;
    }
    return EG_OK;
}

enum eg_status eg_azure_ranges_read(const struct eg_json_value *root, const char *file,
                                    struct eg_range_lists *lists, struct eg_error *error)
{
    struct eg_range_list *list;
    if (eg_range_lists_of(lists, "azure", &list) != EG_OK)
        return eg_fail_no_memory(error);
    struct suffixes *suffixes = calloc(1, sizeof *suffixes);
    if (suffixes == NULL)
        return eg_fail_no_memory(error);
    const struct eg_json_value *values = eg_json_member(root, "values");
    struct eg_range_place place = {.file = file, .error = error, .outer = "values"};
    enum eg_status status = collect_suffixes(&place, values, suffixes);
    if (status == EG_OK)
        status = claim_tags(&place, values, suffixes, list);
    free(suffixes);
    return status;
}
