/*
 * Any text, read as a range file of the form its content shows: refused with its file and without a
 * trace, or taken, and then every prefix of it is found.
 */
#include "fuzz.h"

#include <string.h>

#include "classify/prefix_table.h"
#include "classify/range_file.h"
#include "classify/ranges.h"

static void check_refusal(const struct eg_error *error)
{
    EG_FUZZ_CHECK(error->status != EG_OK && error->message[0] != '\0');
    EG_FUZZ_CHECK(strcmp(error->file, "fuzz-20260626") == 0);
}

/* The first address of a prefix is its own, or a longer one's. */
static void check_list(const struct eg_range_list *list)
{
    struct eg_prefix_table table;
    EG_FUZZ_CHECK(eg_prefix_table_build(list->entries, list->entry_count, &table) == EG_OK);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct eg_prefix *prefix = &list->entries[i].prefix;
        uint8_t length;
        const uint32_t value = eg_prefix_table_find(&table, &prefix->address, &length);
        EG_FUZZ_CHECK(value < list->label_count && length >= prefix->length);
        EG_FUZZ_CHECK(strcmp(list->labels[value].provider, list->provider) == 0);
        EG_FUZZ_CHECK(list->labels[value].region != NULL && list->labels[value].service != NULL);
    }
    eg_prefix_table_clear(&table);
}

/* Returns how many providers the text holds; 0 when it is refused. */
static size_t check_file(const char *text, size_t size)
{
    struct eg_range_lists lists = {.count = 0};
    struct eg_error error;
    size_t providers = 0;
    if (eg_range_file_read(text, size, "fuzz-20260626", &lists, &error) == EG_OK)
        providers = lists.count;
    else
        check_refusal(&error);
    for (size_t i = 0; i < providers; i++)
        check_list(lists.items[i]);
    eg_range_lists_clear(&lists);
    return providers;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const size_t providers = check_file(text, size);
    struct eg_ranges *ranges;
    struct eg_error error;
    EG_FUZZ_CHECK(eg_ranges_new(&ranges) == EG_OK);
    const size_t before = eg_ranges_sources(ranges);
    if (eg_ranges_load_text(ranges, text, size, "fuzz-20260626", &error) == EG_OK) {
        EG_FUZZ_CHECK(providers > 0 && eg_ranges_sources(ranges) >= before);
    } else {
        check_refusal(&error);
        EG_FUZZ_CHECK(eg_ranges_sources(ranges) == before);
    }
    eg_ranges_free(ranges);
    return 0;
}
