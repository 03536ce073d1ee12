#include "capture/etl/etl_providers.h"

#include <stdlib.h>

/* Logged in every merged trace: what the events of the trace look like, and who logs them. */
static const struct eg_etl_guid event_information =
    EG_ETL_GUID(0xbbccf6c1, 0x6cd1, 0x48c4, 0x80ff839482e37671);
enum { OPCODE_EVENT_INFORMATION = 0x20 };

/* The kernel's records have no provider; this one stands for them all. */
static const struct eg_etl_guid kernel =
    EG_ETL_GUID(0x9e814aad, 0x3204, 0x11d2, 0x9a82006008a86939);

/* Those that traces of packets have, named by Microsoft's documents. */
static const struct {
    struct eg_etl_guid guid;
    const char *name;
} known[] = {
    {EG_ETL_GUID(0x2ed6006e, 0x4729, 0x4609, 0xb4233ee7bcd678ef),
     "Microsoft-Windows-NDIS-PacketCapture"},
    {EG_ETL_GUID(0x4d4f80d9, 0xc8bd, 0x4d73, 0xbb5b19c90402c5ac), "Microsoft-Windows-PktMon"},
    {EG_ETL_GUID(0xd84521f7, 0x2235, 0x4237, 0xa7c014e3a9676286),
     "Microsoft-Windows-Ras-NdisWanPacketCapture"},
    {EG_ETL_GUID(0x9e814aad, 0x3204, 0x11d2, 0x9a82006008a86939), "Windows kernel"},
    {EG_ETL_GUID(0x68fdd900, 0x4a3e, 0x11d1, 0x84f40000f80464e3), "trace header"},
    {EG_ETL_GUID(0xbbccf6c1, 0x6cd1, 0x48c4, 0x80ff839482e37671), "event descriptions"},
    {EG_ETL_GUID(0x9b79ee91, 0xb5fd, 0x41c0, 0xa2434248e266e9d0), "system configuration"},
    {EG_ETL_GUID(0xb3e675d7, 0x2554, 0x4f18, 0x830b2762732560de), "kernel image names"},
    {EG_ETL_GUID(0xed54dff8, 0xc409, 0x4cf6, 0xbf8305e1e61a09c4), "system assessment"},
};

void eg_etl_providers_clear(struct eg_etl_providers *providers)
{
    free(providers->items);
    *providers = (struct eg_etl_providers){0};
}

static bool is_at(const struct eg_etl_providers *providers, size_t place,
                  const struct eg_etl_guid *guid)
{
    return place < providers->count && eg_etl_guid_equal(&providers->items[place].guid, guid);
}

/* Where guid is, or would be. */
static size_t place_of(const struct eg_etl_providers *providers, const struct eg_etl_guid *guid)
{
    size_t low = 0, high = providers->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (eg_etl_guid_compare(&providers->items[middle].guid, guid) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool grow(struct eg_etl_providers *providers)
{
    if (providers->count < providers->capacity)
        return true;
    const size_t capacity = providers->capacity ? 2 * providers->capacity : 32;
    struct eg_etl_provider *grown = realloc(providers->items, capacity * sizeof *grown);
    if (!grown)
        return false;
    providers->items = grown;
    providers->capacity = capacity;
    return true;
}

/* NULL in *provider: the table is full. */
static enum eg_status add(struct eg_etl_providers *providers, const struct eg_etl_guid *guid,
                          struct eg_etl_provider **provider)
{
    *provider = NULL;
    if (!is_at(providers, providers->last, guid))
        providers->last = place_of(providers, guid);
    if (!is_at(providers, providers->last, guid)) {
        if (providers->count == EG_ETL_PROVIDERS_MAX)
            return EG_OK;
        if (!grow(providers))
            return EG_ERR_NO_MEMORY;
        struct eg_etl_provider *item = &providers->items[providers->last];
        memmove(item + 1, item, (providers->count - providers->last) * sizeof *item);
        *item = (struct eg_etl_provider){.guid = *guid};
        providers->count++;
    }
    *provider = &providers->items[providers->last];
    return EG_OK;
}

/*
 * TRACE_EVENT_INFO: the provider's GUID, and where in the record its name is. The text may be in
 * any language, but names of providers are not translated.
 */
static enum eg_status learn_name(struct eg_etl_providers *providers,
                                 const struct eg_etl_record *record)
{
    enum { NAME_OFFSET_AT = 0x34 };
    struct eg_cursor c = record->payload, name = record->payload;
    struct eg_etl_guid guid;
    uint32_t offset = 0;
    char text[EG_ETL_PROVIDER_NAME];
    struct eg_etl_provider *provider = NULL;
    if (!eg_etl_read_guid(&c, &guid) || !eg_cursor_skip(&c, NAME_OFFSET_AT - 16) ||
        !eg_cursor_le32(&c, &offset) || offset == 0 || !eg_cursor_skip(&name, offset) ||
        !eg_etl_text(&name, text, sizeof text) || text[0] == '\0')
        return EG_OK;
    const enum eg_status status = add(providers, &guid, &provider);
    if (provider)
        memcpy(provider->name, text, sizeof text);
    return status;
}

/* Of a provider without a manifest: the size of all its traits, and its name, terminated. */
static void learn_traits(struct eg_etl_provider *provider, struct eg_cursor traits)
{
    uint8_t byte = 0;
    if (!eg_cursor_skip(&traits, 2))
        return;
    for (size_t i = 0; i + 1 < sizeof provider->name && eg_cursor_u8(&traits, &byte) && byte; i++)
        provider->name[i] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
}

enum eg_status eg_etl_providers_count(struct eg_etl_providers *providers,
                                      const struct eg_etl_record *record)
{
    const bool named = record->kind == EG_ETL_EVENT || record->kind == EG_ETL_CLASSIC;
    struct eg_etl_provider *provider = NULL;
    if (record->kind == EG_ETL_OTHER)
        return EG_OK;
    if (record->kind == EG_ETL_CLASSIC && record->opcode == OPCODE_EVENT_INFORMATION &&
        eg_etl_guid_equal(&record->provider, &event_information) &&
        learn_name(providers, record) != EG_OK)
        return EG_ERR_NO_MEMORY;
    const enum eg_status status = add(providers, named ? &record->provider : &kernel, &provider);
    if (!provider)
        return status;
    provider->events++;
    if (!provider->name[0])
        learn_traits(provider, record->traits);
    return EG_OK;
}

static void set_name(struct eg_etl_provider *provider)
{
    for (size_t i = 0; i < sizeof known / sizeof *known && !provider->name[0]; i++)
        if (eg_etl_guid_equal(&known[i].guid, &provider->guid))
            memcpy(provider->name, known[i].name, strlen(known[i].name) + 1);
    if (!provider->name[0])
        eg_etl_guid_text(&provider->guid, provider->name);
}

static int compare_events(const void *a, const void *b)
{
    const struct eg_etl_provider *const x = a, *const y = b;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return eg_etl_guid_compare(&x->guid, &y->guid);
}

void eg_etl_providers_finish(struct eg_etl_providers *providers)
{
    if (providers->count == 0)
        return;
    qsort(providers->items, providers->count, sizeof *providers->items, compare_events);
    while (providers->count && providers->items[providers->count - 1].events == 0)
        providers->count--;
    for (size_t i = 0; i < providers->count; i++)
        set_name(&providers->items[i]);
}
