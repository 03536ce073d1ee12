#include "classify/prefix_table.h"

#include <stdlib.h>
#include <string.h>

/* One type for both families: an IPv4 address is its 32 bits as a number. */
__extension__ typedef unsigned __int128 address_bits;

struct span {
    address_bits first;
    address_bits last;
    uint32_t value;
    uint32_t order; /* of equal prefixes the last entry wins */
    uint8_t length;
};

/* From `first` on, up to the next point's first, addresses have this value. */
struct point {
    address_bits first;
    uint32_t value;
    uint8_t length;
};

struct points {
    struct point *items;
    size_t count;
};

static uint64_t number_of(const uint8_t *bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

static address_bits bits_of(const struct eg_address *address)
{
    if (address->family == EG_IPV4)
        return number_of(address->bytes, 4);
    return (address_bits)number_of(address->bytes, 8) << 64 | number_of(address->bytes + 8, 8);
}

static struct span span_of(const struct eg_prefix_entry *entry, size_t order)
{
    const unsigned free_bits = eg_address_bits(&entry->prefix.address) - entry->prefix.length;
    const address_bits inside =
        free_bits == 128 ? ~(address_bits)0 : ((address_bits)1 << free_bits) - 1;
    struct span span = {.value = entry->value, .order = (uint32_t)order};
    span.first = bits_of(&entry->prefix.address);
    span.last = span.first | inside;
    span.length = entry->prefix.length;
    return span;
}

/* Covering prefixes before the ones they cover; of equal ones the winner last. */
static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static bool same_match(const struct point *a, uint32_t value, uint8_t length)
{
    return a->value == value && a->length == length;
}

/* A later point at the same address is of a more specific prefix. */
static void add_point(struct points *points, address_bits first, uint32_t value, uint8_t length)
{
    if (points->count > 0 && points->items[points->count - 1].first == first)
        points->count--;
    if (points->count > 0 && same_match(&points->items[points->count - 1], value, length))
        return;
    points->items[points->count++] = (struct point){first, value, length};
}

/* The prefixes that are open at the place reached, outermost first; no two of one length. */
struct open_spans {
    const struct span *items[129];
    size_t count;
};

/* Closes the spans that end before `place`: behind each, the one around it goes on. */
static void close_before(struct open_spans *open, address_bits place, struct points *points)
{
    while (open->count > 0 && open->items[open->count - 1]->last < place) {
        const address_bits behind = open->items[--open->count]->last + 1;
        if (open->count == 0)
            add_point(points, behind, EG_PREFIX_NONE, 0);
        else if (behind <= open->items[open->count - 1]->last)
            add_point(points, behind, open->items[open->count - 1]->value,
                      open->items[open->count - 1]->length);
    }
}

static void open_span(struct open_spans *open, const struct span *span, struct points *points)
{
    if (open->count > 0 && open->items[open->count - 1]->length == span->length)
        open->count--; /* the same prefix again */
    open->items[open->count++] = span;
    add_point(points, span->first, span->value, span->length);
}

/* points has room for two a span and one. */
static void flatten(struct span *spans, size_t count, address_bits end, struct points *points)
{
    qsort(spans, count, sizeof *spans, compare_spans);
    struct open_spans open = {.count = 0};
    add_point(points, 0, EG_PREFIX_NONE, 0);
    for (size_t i = 0; i < count; i++) {
        close_before(&open, spans[i].first, points);
        open_span(&open, &spans[i], points);
    }
    while (open.count > 0 && open.items[open.count - 1]->last != end)
        close_before(&open, open.items[open.count - 1]->last + 1, points);
}

static struct eg_range4 *ranges4(const struct points *points)
{
    struct eg_range4 *ranges = malloc(points->count * sizeof *ranges);
    for (size_t i = 0; ranges != NULL && i < points->count; i++) {
        const struct point *p = &points->items[i];
        ranges[i] = (struct eg_range4){(uint32_t)p->first, p->value, p->length};
    }
    return ranges;
}

static struct eg_range6 *ranges6(const struct points *points)
{
    struct eg_range6 *ranges = malloc(points->count * sizeof *ranges);
    for (size_t i = 0; ranges != NULL && i < points->count; i++) {
        const struct point *p = &points->items[i];
        ranges[i] =
            (struct eg_range6){(uint64_t)(p->first >> 64), (uint64_t)p->first, p->value, p->length};
    }
    return ranges;
}

/* Of one family. */
static enum eg_status build_points(const struct eg_prefix_entry *entries, size_t count,
                                   uint8_t family, struct points *points)
{
    struct span *spans = malloc((count + 1) * sizeof *spans);
    points->items = malloc((2 * count + 1) * sizeof *points->items);
    points->count = 0;
    if (spans == NULL || points->items == NULL) {
        free(spans);
        free(points->items);
        return EG_ERR_NO_MEMORY;
    }
    size_t spans_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].prefix.address.family == family)
            spans[spans_count++] = span_of(&entries[i], i);
    }
    const address_bits end = family == EG_IPV4 ? UINT32_MAX : ~(address_bits)0;
    if (spans_count > 0)
        flatten(spans, spans_count, end, points);
    free(spans);
    return EG_OK;
}

enum eg_status eg_prefix_table_build(const struct eg_prefix_entry *entries, size_t count,
                                     struct eg_prefix_table *table)
{
    struct points v4;
    struct points v6;
    if (build_points(entries, count, EG_IPV4, &v4) != EG_OK)
        return EG_ERR_NO_MEMORY;
    if (build_points(entries, count, EG_IPV6, &v6) != EG_OK) {
        free(v4.items);
        return EG_ERR_NO_MEMORY;
    }
    struct eg_prefix_table built = {
        .v4 = v4.count == 0 ? NULL : ranges4(&v4),
        .v4_count = v4.count,
        .v6 = v6.count == 0 ? NULL : ranges6(&v6),
        .v6_count = v6.count,
    };
    free(v4.items);
    free(v6.items);
    if ((built.v4 == NULL && built.v4_count > 0) || (built.v6 == NULL && built.v6_count > 0)) {
        eg_prefix_table_clear(&built);
        return EG_ERR_NO_MEMORY;
    }
    *table = built;
    return EG_OK;
}

void eg_prefix_table_clear(struct eg_prefix_table *table)
{
    free((void *)table->v4);
    free((void *)table->v6);
    *table = (struct eg_prefix_table){0};
}

/* The last range that starts at or before the address; the first one starts at 0. */
static const struct eg_range4 *find4(const struct eg_range4 *ranges, size_t count, uint32_t address)
{
    while (count > 1) {
        const size_t half = count / 2;
        if (ranges[half].first <= address)
            ranges += half;
        count -= half;
    }
    return ranges;
}

static const struct eg_range6 *find6(const struct eg_range6 *ranges, size_t count, uint64_t high,
                                     uint64_t low)
{
    while (count > 1) {
        const size_t half = count / 2;
        const struct eg_range6 *middle = &ranges[half];
        if (middle->first_high < high || (middle->first_high == high && middle->first_low <= low))
            ranges = middle;
        count -= half;
    }
    return ranges;
}

uint32_t eg_prefix_table_find(const struct eg_prefix_table *table, const struct eg_address *address,
                              uint8_t *length)
{
    uint32_t value = EG_PREFIX_NONE;
    uint8_t matched = 0;
    if (address->family == EG_IPV4 && table->v4_count > 0) {
        const struct eg_range4 *range =
            find4(table->v4, table->v4_count, (uint32_t)number_of(address->bytes, 4));
        value = range->value;
        matched = range->length;
    } else if (address->family == EG_IPV6 && table->v6_count > 0) {
        const struct eg_range6 *range =
            find6(table->v6, table->v6_count, number_of(address->bytes, 8),
                  number_of(address->bytes + 8, 8));
        value = range->value;
        matched = range->length;
    }
    if (length != NULL)
        *length = matched;
    return value;
}
