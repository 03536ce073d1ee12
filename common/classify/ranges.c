#include "classify/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "classify/range_file.h"
#include "classify/range_list.h"
#include "classify/range_table.h"
#include "classify/regions.h"
#include "data/builtin.h"

/* What was read from a file owns its list and prefixes; labels are the list's. */
struct slot {
    struct eg_range_table table;
    struct eg_range_list *list; /* NULL: compiled in */
};

struct eg_ranges {
    struct slot slots[EG_RANGE_PROVIDERS_MAX];
    size_t count;
};

static void clear_slot(struct slot *slot)
{
    if (slot->list == NULL)
        return;
    eg_prefix_table_clear(&slot->table.prefixes);
    eg_range_list_free(slot->list);
}

/* Takes the list on success. */
static enum eg_status fill_slot(struct eg_range_list *list, struct slot *slot)
{
    struct eg_prefix_table prefixes;
    const enum eg_status status =
        eg_prefix_table_build(list->entries, list->entry_count, &prefixes);
    if (status != EG_OK)
        return status;
    slot->table = (struct eg_range_table){
        .source = {.provider = list->provider,
                   .as_of = list->as_of,
                   .prefixes = list->entry_count,
                   .prefixes_v6 = list->entry_count_v6},
        .labels = list->labels,
        .label_count = list->label_count,
        .prefixes = prefixes,
    };
    slot->list = list;
    eg_range_list_forget_entries(list);
    return EG_OK;
}

enum eg_status eg_ranges_new(struct eg_ranges **ranges)
{
    struct eg_ranges *made = calloc(1, sizeof *made);
    if (made == NULL)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < eg_builtin_ranges_count; i++)
        made->slots[made->count++].table = eg_builtin_ranges[i];
    *ranges = made;
    return EG_OK;
}

void eg_ranges_free(struct eg_ranges *ranges)
{
    if (ranges == NULL)
        return;
    for (size_t i = 0; i < ranges->count; i++)
        clear_slot(&ranges->slots[i]);
    free(ranges);
}

/* The provider's place, or the end. */
static size_t index_of(const struct eg_ranges *ranges, const char *provider)
{
    size_t i = 0;
    while (i < ranges->count && strcmp(ranges->slots[i].table.source.provider, provider) != 0)
        i++;
    return i;
}

static bool has_room(const struct eg_ranges *ranges, const struct eg_range_lists *lists)
{
    size_t count = ranges->count;
    for (size_t i = 0; i < lists->count; i++)
        count += index_of(ranges, lists->items[i]->provider) == ranges->count;
    return count <= EG_RANGE_PROVIDERS_MAX;
}

static void put_slot(struct eg_ranges *ranges, const struct slot *slot)
{
    const size_t place = index_of(ranges, slot->table.source.provider);
    if (place == ranges->count)
        ranges->count++;
    else
        clear_slot(&ranges->slots[place]);
    ranges->slots[place] = *slot;
}

/* All slots are filled before the first one is put in its place. */
static enum eg_status take_lists(struct eg_ranges *ranges, struct eg_range_lists *lists,
                                 const char *file, struct eg_error *error)
{
    if (!has_room(ranges, lists))
        return eg_fail_at(error, EG_ERR_LIMIT, file, 0, 0, "more than %d providers in all",
                          EG_RANGE_PROVIDERS_MAX);
    struct slot made[EG_RANGE_PROVIDERS_MAX];
    const size_t count = lists->count;
    for (size_t i = 0; i < count; i++) {
        if (fill_slot(lists->items[i], &made[i]) == EG_OK) {
            lists->items[i] = NULL;
            continue;
        }
        while (i > 0)
            clear_slot(&made[--i]);
        return eg_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++)
        put_slot(ranges, &made[i]);
    return EG_OK;
}

/* Of a provider without any region in a table nothing is known, and nothing refused. */
static bool is_region(const struct eg_ranges *ranges, const char *provider, const char *region,
                      char *near, size_t size)
{
    if (!eg_regions_of(provider) || eg_region_find(provider, region) != NULL ||
        eg_ranges_has_region(ranges, provider, region))
        return true;
    eg_region_suggest(provider, region, near, size);
    return false;
}

enum eg_status eg_ranges_load_text(struct eg_ranges *ranges, const char *text, size_t length,
                                   const char *file, struct eg_error *error)
{
    struct eg_range_lists lists = {.is_region = is_region, .ranges = ranges};
    enum eg_status status = eg_range_file_read(text, length, file, &lists, error);
    if (status == EG_OK)
        status = take_lists(ranges, &lists, file, error);
    eg_range_lists_clear(&lists);
    return status;
}

enum eg_status eg_ranges_load(struct eg_ranges *ranges, const char *path, struct eg_error *error)
{
    char *text;
    size_t length;
    enum eg_status status = eg_file_read(path, EG_RANGE_FILE_MAX, &text, &length, error);
    if (status != EG_OK)
        return status;
    status = eg_ranges_load_text(ranges, text, length, path, error);
    free(text);
    return status;
}

bool eg_ranges_find(const struct eg_ranges *ranges, const struct eg_address *address,
                    struct eg_label *label)
{
    const struct eg_label *best = NULL;
    uint8_t longest = 0;
    for (size_t i = 0; i < ranges->count; i++) {
        const struct eg_range_table *table = &ranges->slots[i].table;
        uint8_t length;
        const uint32_t value = eg_prefix_table_find(&table->prefixes, address, &length);
        if (value == EG_PREFIX_NONE || (best != NULL && length <= longest))
            continue;
        best = &table->labels[value];
        longest = length;
    }
    *label = best != NULL ? *best : (struct eg_label){"", "", "", 0};
    return best != NULL;
}

size_t eg_ranges_sources(const struct eg_ranges *ranges)
{
    return ranges->count;
}

struct eg_ranges_source eg_ranges_source_at(const struct eg_ranges *ranges, size_t number)
{
    return ranges->slots[number].table.source;
}

bool eg_ranges_has_region(const struct eg_ranges *ranges, const char *provider, const char *region)
{
    const size_t place = index_of(ranges, provider);
    if (place == ranges->count || region[0] == '\0')
        return false;
    const struct eg_range_table *table = &ranges->slots[place].table;
    for (size_t i = 0; i < table->label_count; i++) {
        if (eg_region_name_equal(table->labels[i].region, region))
            return true;
    }
    return false;
}
