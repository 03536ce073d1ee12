#include "classify/range_list.h"

#include <stdlib.h>
#include <string.h>

struct service_name {
    const char *provider;
    const char *service;
};

/* Listed for nearly every prefix of the cloud: says nothing that the provider does not. */
static const struct service_name whole_clouds[] = {
    {"azure", "AzureCloud"},
    {"aws", "AMAZON"},
    {"gcp", "Google Cloud"},
    {"oci", "OCI"},
};

/* The addresses that a provider's CDN fetches from origins with. */
static const struct service_name cdn_origins[] = {
    {"azure", "AzureFrontDoor.Backend"},
    {"aws", "CLOUDFRONT_ORIGIN_FACING"},
};

static bool is_among(const struct service_name *names, size_t count, const char *provider,
                     const char *service)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].provider, provider) == 0 && strcmp(names[i].service, service) == 0)
            return true;
    }
    return false;
}

#define IS_AMONG(names, provider, service)                                                         \
    is_among(names, sizeof(names) / sizeof(names)[0], provider, service)

enum eg_status eg_range_list_new(const char *provider, struct eg_range_list **list)
{
    struct eg_range_list *made = calloc(1, sizeof *made);
    if (made == NULL)
        return EG_ERR_NO_MEMORY;
    const size_t length = strlen(provider);
    uint32_t none;
    if (length >= sizeof made->provider || eg_names_add(&made->names, "", 0, &none) != EG_OK) {
        eg_range_list_free(made);
        return length >= sizeof made->provider ? EG_ERR_LIMIT : EG_ERR_NO_MEMORY;
    }
    memcpy(made->provider, provider, length);
    *list = made;
    return EG_OK;
}

static void free_claims(struct eg_range_list *list)
{
    free(list->claims);
    list->claims = NULL;
    list->claim_count = list->claim_room = 0;
}

void eg_range_list_free(struct eg_range_list *list)
{
    if (list == NULL)
        return;
    free_claims(list);
    free(list->entries);
    free(list->labels);
    eg_names_clear(&list->label_keys);
    eg_names_clear(&list->names);
    free(list);
}

static enum eg_status make_room(struct eg_range_list *list)
{
    if (list->claim_count < list->claim_room)
        return EG_OK;
    if (list->claim_count >= EG_RANGE_CLAIMS_MAX)
        return EG_ERR_LIMIT;
    const size_t room = list->claim_room == 0 ? 1024 : 2 * list->claim_room;
    struct eg_range_claim *claims = realloc(list->claims, room * sizeof *claims);
    if (claims == NULL)
        return EG_ERR_NO_MEMORY;
    list->claims = claims;
    list->claim_room = room;
    return EG_OK;
}

enum eg_status eg_range_list_claim(struct eg_range_list *list, const struct eg_prefix *prefix,
                                   const char *region, const char *service)
{
    struct eg_range_claim claim = {.prefix = *prefix};
    if (IS_AMONG(cdn_origins, list->provider, service))
        claim.flags |= EG_LABEL_CDN_ORIGIN;
    if (IS_AMONG(whole_clouds, list->provider, service))
        service = "";
    enum eg_status status = make_room(list);
    if (status == EG_OK)
        status = eg_names_add(&list->names, region, strlen(region), &claim.region);
    if (status == EG_OK)
        status = eg_names_add(&list->names, service, strlen(service), &claim.service);
    if (status == EG_OK)
        list->claims[list->claim_count++] = claim;
    return status;
}

bool eg_range_list_set_date(struct eg_range_list *list, const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; form[i] != '\0'; i++) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !is_digit : text[i] != form[i])
            return false;
    }
    memcpy(list->as_of, text, sizeof form - 1);
    return true;
}

enum eg_status eg_range_lists_of(struct eg_range_lists *lists, const char *provider,
                                 struct eg_range_list **list)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (strcmp(lists->items[i]->provider, provider) == 0) {
            *list = lists->items[i];
            return EG_OK;
        }
    }
    if (lists->count == EG_RANGE_PROVIDERS_MAX)
        return EG_ERR_LIMIT;
    const enum eg_status status = eg_range_list_new(provider, list);
    if (status == EG_OK)
        lists->items[lists->count++] = *list;
    return status;
}

void eg_range_lists_clear(struct eg_range_lists *lists)
{
    for (size_t i = 0; i < lists->count; i++)
        eg_range_list_free(lists->items[i]);
    lists->count = 0;
}

/* ---- settling: rule 4.2 ----------------------------------------------------------------------
 */

/* Covering prefixes before the ones they cover, claims of one prefix and service together. */
static int compare_claims(const void *left, const void *right)
{
    const struct eg_range_claim *a = left;
    const struct eg_range_claim *b = right;
    const int order = eg_address_compare(&a->prefix.address, &b->prefix.address);
    if (order != 0)
        return order;
    if (a->prefix.length != b->prefix.length)
        return a->prefix.length < b->prefix.length ? -1 : 1;
    return a->service < b->service ? -1 : a->service > b->service;
}

static bool same_prefix(const struct eg_prefix *a, const struct eg_prefix *b)
{
    return a->length == b->length && eg_address_equal(&a->address, &b->address);
}

/* How many prefixes are of each service, by the number of its name; NULL: no memory. */
static uint32_t *count_services(const struct eg_range_list *list)
{
    uint32_t *prefixes = calloc(list->names.count, sizeof *prefixes);
    for (size_t i = 0; prefixes != NULL && i < list->claim_count; i++) {
        const struct eg_range_claim *claim = &list->claims[i];
        const bool repeated = i > 0 && claim[-1].service == claim->service &&
                              same_prefix(&claim[-1].prefix, &claim->prefix);
        prefixes[claim->service] += !repeated;
    }
    return prefixes;
}

/* Whether service a says more than b; either may be 0, which says nothing. */
static bool more_specific(const struct eg_range_list *list, const uint32_t *prefixes, uint32_t a,
                          uint32_t b)
{
    if (a == 0 || b == 0)
        return a != 0;
    if (prefixes[a] != prefixes[b])
        return prefixes[a] < prefixes[b];
    return strcmp(list->names.items[a], list->names.items[b]) < 0;
}

/* What the claims on one prefix, and `outer` around it (NULL: nothing), come to. */
static struct eg_range_claim settle_prefix(const struct eg_range_list *list,
                                           const uint32_t *prefixes,
                                           const struct eg_range_claim *claims, size_t count,
                                           const struct eg_range_claim *outer)
{
    struct eg_range_claim settled = {.prefix = claims[0].prefix};
    bool contradicted = false;
    for (size_t i = 0; i < count; i++) {
        settled.flags |= claims[i].flags;
        if (more_specific(list, prefixes, claims[i].service, settled.service))
            settled.service = claims[i].service;
        if (claims[i].region == 0)
            continue;
        contradicted |= settled.region != 0 && settled.region != claims[i].region;
        settled.region = claims[i].region;
    }
    if (outer != NULL) {
        settled.flags |= outer->flags;
        if (settled.service == 0)
            settled.service = outer->service;
        if (settled.region == 0)
            settled.region = outer->region;
    }
    if (contradicted)
        settled.region = 0;
    return settled;
}

static enum eg_status label_of(struct eg_range_list *list, const struct eg_range_claim *claim,
                               uint32_t *number)
{
    const uint32_t key[] = {claim->region, claim->service, claim->flags};
    const enum eg_status status =
        eg_names_add(&list->label_keys, (const char *)key, sizeof key, number);
    if (status != EG_OK || *number < list->label_count)
        return status;
    if (list->label_count == list->label_room) {
        const size_t room = list->label_room == 0 ? 256 : 2 * list->label_room;
        struct eg_label *labels = realloc(list->labels, room * sizeof *labels);
        if (labels == NULL)
            return EG_ERR_NO_MEMORY;
        list->labels = labels;
        list->label_room = room;
    }
    list->labels[list->label_count++] = (struct eg_label){
        .provider = list->provider,
        .region = list->names.items[claim->region],
        .service = list->names.items[claim->service],
        .flags = claim->flags,
    };
    return EG_OK;
}

static enum eg_status add_entry(struct eg_range_list *list, const struct eg_range_claim *settled)
{
    struct eg_prefix_entry entry = {.prefix = settled->prefix};
    const enum eg_status status = label_of(list, settled, &entry.value);
    if (status != EG_OK)
        return status;
    list->entries[list->entry_count++] = entry;
    list->entry_count_v6 += entry.prefix.address.family == EG_IPV6;
    return EG_OK;
}

static size_t claims_on_prefix(const struct eg_range_list *list, size_t first)
{
    size_t behind = first + 1;
    while (behind < list->claim_count &&
           same_prefix(&list->claims[first].prefix, &list->claims[behind].prefix))
        behind++;
    return behind - first;
}

/* The settled prefixes around the place reached, outermost first. */
struct around {
    struct eg_range_claim items[129];
    size_t count;
};

static enum eg_status settle_sorted(struct eg_range_list *list, const uint32_t *prefixes)
{
    struct around around = {.count = 0};
    for (size_t i = 0; i < list->claim_count;) {
        const struct eg_range_claim *claims = &list->claims[i];
        const size_t count = claims_on_prefix(list, i);
        while (around.count > 0 && !eg_prefix_contains(&around.items[around.count - 1].prefix,
                                                       &claims[0].prefix.address))
            around.count--;
        const struct eg_range_claim *outer =
            around.count > 0 ? &around.items[around.count - 1] : NULL;
        const struct eg_range_claim settled = settle_prefix(list, prefixes, claims, count, outer);
        const enum eg_status status = add_entry(list, &settled);
        if (status != EG_OK)
            return status;
        around.items[around.count++] = settled;
        i += count;
    }
    return EG_OK;
}

enum eg_status eg_range_list_settle(struct eg_range_list *list)
{
    if (list->claim_count == 0)
        return EG_OK;
    qsort(list->claims, list->claim_count, sizeof *list->claims, compare_claims);
    uint32_t *prefixes = count_services(list);
    list->entries = malloc(list->claim_count * sizeof *list->entries);
    const bool have_memory = prefixes != NULL && list->entries != NULL;
    const enum eg_status status = have_memory ? settle_sorted(list, prefixes) : EG_ERR_NO_MEMORY;
    free(prefixes);
    free_claims(list);
    return status;
}

void eg_range_list_forget_entries(struct eg_range_list *list)
{
    free(list->entries);
    list->entries = NULL;
    list->entry_count = 0;
}
