/*
 * A provider's range file as a text that is small, readable and easy to compare with the last one:
 * the labels settled by rule 4.2, prefixes that change no answer left out, siblings joined.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "classify/range_file.h"
#include "data/facts.h"

static int compare_lengths(const struct eg_prefix_entry *a, const struct eg_prefix_entry *b)
{
    return (a->prefix.length > b->prefix.length) - (a->prefix.length < b->prefix.length);
}

/* Covering prefixes before the ones they cover. */
static int by_address(const void *left, const void *right)
{
    const struct eg_prefix_entry *a = left;
    const struct eg_prefix_entry *b = right;
    const int order = eg_address_compare(&a->prefix.address, &b->prefix.address);
    return order != 0 ? order : compare_lengths(a, b);
}

/* Siblings next to each other. */
static int by_length(const void *left, const void *right)
{
    const struct eg_prefix_entry *a = left;
    const struct eg_prefix_entry *b = right;
    if (a->prefix.address.family != b->prefix.address.family)
        return a->prefix.address.family < b->prefix.address.family ? -1 : 1;
    const int order = compare_lengths(a, b);
    return order != 0 ? order : eg_address_compare(&a->prefix.address, &b->prefix.address);
}

/* Leaves out the prefixes whose label is that of the one around them. */
static void drop_repeated(struct eg_range_list *list)
{
    struct eg_prefix_entry around[129];
    size_t depth = 0;
    size_t kept = 0;
    qsort(list->entries, list->entry_count, sizeof *list->entries, by_address);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct eg_prefix_entry entry = list->entries[i];
        while (depth > 0 && !eg_prefix_contains(&around[depth - 1].prefix, &entry.prefix.address))
            depth--;
        if (depth > 0 && around[depth - 1].value == entry.value)
            continue;
        around[depth++] = entry;
        list->entries[kept++] = entry;
    }
    list->entry_count = kept;
}

static struct eg_prefix parent_of(const struct eg_prefix *prefix)
{
    struct eg_prefix parent = *prefix;
    parent.length--;
    parent.address.bytes[parent.length / 8] &= (uint8_t) ~(0x80u >> parent.length % 8);
    return parent;
}

static bool are_twins(const struct eg_prefix_entry *a, const struct eg_prefix_entry *b)
{
    if (a->value != b->value || a->value == EG_PREFIX_NONE || a->prefix.length == 0 ||
        a->prefix.length != b->prefix.length)
        return false;
    const struct eg_prefix parent = parent_of(&a->prefix);
    return eg_prefix_contains(&parent, &b->prefix.address);
}

/* Leaves out the entries without a value; true if there were any. */
static bool drop_empty(struct eg_range_list *list)
{
    const size_t count = list->entry_count;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (list->entries[i].value != EG_PREFIX_NONE)
            list->entries[kept++] = list->entries[i];
    }
    list->entry_count = kept;
    return kept < count;
}

/*
 * Puts the parent in the place of siblings with one label. A parent that is listed already has no
 * address left that is not its children's: it takes their label. Longer prefixes first, so that a
 * prefix has the label of its children before it is compared with its own sibling.
 */
static enum eg_status join_twins(struct eg_range_list *list, bool *changed)
{
    const size_t count = list->entry_count;
    struct eg_prefix_entry *entries = list->entries;
    bool *widen = calloc(count + 1, sizeof *widen);
    if (widen == NULL)
        return EG_ERR_NO_MEMORY;
    qsort(entries, count, sizeof *entries, by_length);
    for (size_t i = count; i-- > 1;) {
        if (!are_twins(&entries[i - 1], &entries[i]))
            continue;
        const struct eg_prefix_entry key = {.prefix = parent_of(&entries[i].prefix)};
        struct eg_prefix_entry *parent = bsearch(&key, entries, count, sizeof *entries, by_length);
        if (parent != NULL) {
            parent->value = entries[i].value;
            entries[i - 1].value = EG_PREFIX_NONE;
        }
        widen[i - 1] = parent == NULL;
        entries[i].value = EG_PREFIX_NONE;
    }
    for (size_t i = 0; i < count; i++) {
        if (widen[i])
            entries[i].prefix = parent_of(&entries[i].prefix);
    }
    free(widen);
    *changed = drop_empty(list);
    return EG_OK;
}

static enum eg_status reduce(struct eg_range_list *list)
{
    bool changed = true;
    enum eg_status status = EG_OK;
    while (changed && status == EG_OK) {
        drop_repeated(list);
        status = join_twins(list, &changed);
    }
    drop_repeated(list);
    return status;
}

/* For qsort(), which takes no context: a label with its number. */
struct numbered_label {
    struct eg_label label;
    uint32_t number;
};

static int by_name(const void *left, const void *right)
{
    const struct eg_label *a = &((const struct numbered_label *)left)->label;
    const struct eg_label *b = &((const struct numbered_label *)right)->label;
    int order = strcmp(a->region, b->region);
    if (order == 0)
        order = strcmp(a->service, b->service);
    return order != 0 ? order : (a->flags > b->flags) - (a->flags < b->flags);
}

static const char *or_dash(const char *name)
{
    return name[0] == '\0' ? "-" : name;
}

static void put_prefixes(const struct eg_range_list *list, const struct numbered_label *label)
{
    bool first = true;
    for (size_t i = 0; i < list->entry_count; i++) {
        char text[EG_PREFIX_TEXT_MAX];
        if (list->entries[i].value != label->number)
            continue;
        if (first)
            printf("\n[%s %s%s]\n", or_dash(label->label.region), or_dash(label->label.service),
                   (label->label.flags & EG_LABEL_CDN_ORIGIN) != 0 ? " cdn-origin" : "");
        first = false;
        puts(eg_prefix_text(&list->entries[i].prefix, text));
    }
}

static enum eg_status put_list(const struct eg_range_list *list, size_t prefixes, const char *path)
{
    struct numbered_label *labels = calloc(list->label_count + 1, sizeof *labels);
    if (labels == NULL)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < list->label_count; i++)
        labels[i] = (struct numbered_label){list->labels[i], (uint32_t)i};
    qsort(labels, list->label_count, sizeof *labels, by_name);

    const char *slash = strrchr(path, '/');
    printf("# Made by `egshark-facts reduce` from the provider's file: docs/facts.md. A heading\n"
           "# [region service] stands over the prefixes it holds for, - for none; of the prefixes\n"
           "# around an address the longest counts.\n"
           "provider %s\nas-of %s\nsource %s\nprefixes %zu\nprefixes-v6 %zu\n",
           list->provider, or_dash(list->as_of), slash == NULL ? path : slash + 1, prefixes,
           list->entry_count_v6);
    for (size_t i = 0; i < list->label_count; i++)
        put_prefixes(list, &labels[i]);
    free(labels);
    return EG_OK;
}

static enum eg_status read_lists(const char *path, struct eg_range_lists *lists,
                                 struct eg_error *error)
{
    char *text;
    size_t length;
    enum eg_status status = eg_file_read(path, EG_RANGE_FILE_MAX, &text, &length, error);
    if (status != EG_OK)
        return status;
    status = eg_range_file_read(text, length, path, lists, error);
    free(text);
    if (status == EG_OK && lists->count != 1)
        status = eg_fail_at(error, EG_ERR_VALUE, path, 0, 0, "holds %zu providers, expected one",
                            lists->count);
    return status;
}

int facts_reduce(const char *path)
{
    struct eg_error error;
    struct eg_range_lists lists = {.count = 0};
    enum eg_status status = read_lists(path, &lists, &error);
    if (status == EG_OK) {
        const size_t prefixes = lists.items[0]->entry_count;
        status = reduce(lists.items[0]);
        if (status == EG_OK)
            status = put_list(lists.items[0], prefixes, path);
        if (status != EG_OK)
            eg_fail_no_memory(&error);
    }
    eg_range_lists_clear(&lists);
    return status == EG_OK ? facts_finish() : facts_fail(&error);
}
