#include "classify/sites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "classify/names.h"
#include "classify/prefix_table.h"
#include "classify/ranges.h"

enum { FILE_MAX = 64 << 20 };

struct eg_sites {
    struct eg_site *items;
    size_t count;
    size_t room;
    struct eg_names names;    /* labels and regions */
    struct eg_names prefixes; /* their numbers are those of the sites */
    struct eg_prefix_table table;
};

enum { PREFIX, CLASS, REGION, VIA, PAYER, LABEL, COLUMNS };

static const char *const columns[COLUMNS] = {"prefix", "class",  "?region",
                                             "?via",   "?payer", "?label"};

/* What a row is read with. */
struct reading {
    struct eg_csv *csv;
    const char *provider;
    const struct eg_ranges *ranges;
    struct eg_sites *sites;
    struct eg_error *error;
};

static const char *const via_names[] = {
    [EG_VIA_NAT_GATEWAY] = "nat-gateway", [EG_VIA_FIREWALL] = "firewall",     [EG_VIA_LB] = "lb",
    [EG_VIA_PEERING] = "peering",         [EG_VIA_ER_METERED] = "er-metered",
};

enum { VIAS = sizeof via_names / sizeof via_names[0] };

static enum eg_status keep(struct reading *reading, const char *text, const char **kept)
{
    uint32_t number;
    const enum eg_status status = eg_names_add(&reading->sites->names, text, strlen(text), &number);
    if (status == EG_OK)
        *kept = reading->sites->names.items[number];
    return status == EG_OK ? EG_OK : eg_fail_no_memory(reading->error);
}

/* Also refuses a prefix that an earlier row has. */
static enum eg_status read_prefix(struct reading *reading, const struct eg_csv_field *field,
                                  struct eg_prefix *prefix)
{
    struct eg_sites *sites = reading->sites;
    if (!eg_prefix_parse(field->text, field->length, prefix))
        return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                           "'prefix' %s: '%.64s'", eg_prefix_fault(field->text, field->length),
                           field->text);
    uint8_t key[sizeof prefix->address.bytes + 2];
    memcpy(key, prefix->address.bytes, sizeof prefix->address.bytes);
    key[sizeof key - 2] = prefix->address.family;
    key[sizeof key - 1] = prefix->length;
    uint32_t number;
    if (eg_names_add(&sites->prefixes, (const char *)key, sizeof key, &number) != EG_OK)
        return eg_fail_no_memory(reading->error);
    if (number < sites->count)
        return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                           "'prefix' is listed in line %u already: '%.64s'",
                           sites->items[number].line, field->text);
    return EG_OK;
}

static enum eg_status read_class(struct reading *reading, const struct eg_csv_field *field,
                                 enum eg_class *class_)
{
    if (eg_class_parse(field->text, field->length, class_))
        return EG_OK;
    char known[EG_ERROR_MESSAGE_MAX] = "";
    for (unsigned c = 0; c <= EG_CLASS_AUTO; c++)
        eg_text_append(known, sizeof known, "%s%s", c == 0 ? "" : ", ",
                       eg_class_name((enum eg_class)c));
    return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                       "'class' is not one of %s: '%.64s'", known, field->text);
}

/* A region no table knows is a mistake, rule 4.5; a new one is in the ranges file first. */
static enum eg_status read_region(struct reading *reading, const struct eg_csv_field *field,
                                  enum eg_class class_, const char **name)
{
    if (field->length == 0 && class_ == EG_CLASS_GLOBAL_PEERING)
        return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                           "'region' is empty: class global-peering needs that of the far end");
    const struct eg_region *region = eg_region_find(reading->provider, field->text);
    if (region != NULL) {
        *name = region->name;
        return EG_OK;
    }
    if (field->length == 0 || eg_ranges_has_region(reading->ranges, reading->provider, field->text))
        return keep(reading, field->text, name);
    char nearest[128];
    eg_region_suggest(reading->provider, field->text, nearest, sizeof nearest);
    return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                       "'region' is not a region of %s: '%.64s'%s%s%s", reading->provider,
                       field->text, nearest[0] == '\0' ? "" : " (nearest: ", nearest,
                       nearest[0] == '\0' ? "" : ")");
}

static bool parse_zone(const char *text, size_t length, struct eg_via *via)
{
    if (length != strlen("zone1") || memcmp(text, "zone", 4) != 0 || text[4] < '1' || text[4] > '4')
        return false;
    memcpy(via->zone, text, length);
    return true;
}

/* "nat-gateway", "er-metered:zone1". */
static bool parse_via(const char *text, size_t length, struct eg_via *via)
{
    for (unsigned i = 0; i < VIAS; i++) {
        const size_t used = strlen(via_names[i]);
        if (length < used || memcmp(text, via_names[i], used) != 0)
            continue;
        *via = (struct eg_via){.kind = (enum eg_via_kind)i};
        if (i != EG_VIA_ER_METERED)
            return length == used;
        return length > used && text[used] == ':' &&
               parse_zone(text + used + 1, length - used - 1, via);
    }
    return false;
}

static bool crosses(const struct eg_site *site, enum eg_via_kind kind)
{
    for (size_t i = 0; i < site->via_count; i++) {
        if (site->via[i].kind == kind)
            return true;
    }
    return false;
}

static enum eg_status read_via(struct reading *reading, const struct eg_csv_field *item,
                               struct eg_site *site)
{
    const int shown = (int)(item->length < 64 ? item->length : 64);
    struct eg_via via;
    if (!parse_via(item->text, item->length, &via))
        return eg_csv_fail(reading->csv, item, EG_ERR_VALUE, reading->error,
                           "'via' is not one of nat-gateway, firewall, lb, peering, "
                           "er-metered:zone1 to er-metered:zone4: '%.*s'",
                           shown, item->text);
    if (crosses(site, via.kind))
        return eg_csv_fail(reading->csv, item, EG_ERR_VALUE, reading->error,
                           "'via' is listed twice: '%.*s'", shown, item->text);
    if (site->via_count == EG_VIAS_MAX)
        return eg_csv_fail(reading->csv, item, EG_ERR_VALUE, reading->error,
                           "'via' lists more than %d: '%.*s'", EG_VIAS_MAX, shown, item->text);
    site->via[site->via_count++] = via;
    return EG_OK;
}

/* Items separated by ';', each with its own column for messages. */
static enum eg_status read_vias(struct reading *reading, const struct eg_csv_field *field,
                                struct eg_site *site)
{
    size_t start = 0; /* of the item; behind the end when there is none left */
    enum eg_status status = EG_OK;
    while (status == EG_OK && field->length > 0 && start <= field->length) {
        const size_t behind = start + strcspn(field->text + start, ";");
        const size_t blanks = strspn(field->text + start, " ");
        struct eg_csv_field item = *field;
        item.text += start + blanks;
        item.column += (unsigned)(start + blanks);
        item.length = start + blanks < behind ? behind - start - blanks : 0;
        while (item.length > 0 && item.text[item.length - 1] == ' ')
            item.length--;
        status = read_via(reading, &item, site);
        start = behind + 1;
    }
    return status;
}

static enum eg_status read_payer(struct reading *reading, const struct eg_csv_field *field,
                                 enum eg_payer *payer)
{
    *payer = strcmp(field->text, "both") == 0 ? EG_PAYER_BOTH : EG_PAYER_SOURCE;
    if (*payer == EG_PAYER_BOTH || field->length == 0 || strcmp(field->text, "source") == 0)
        return EG_OK;
    return eg_csv_fail(reading->csv, field, EG_ERR_VALUE, reading->error,
                       "'payer' is not one of source, both: '%.64s'", field->text);
}

static enum eg_status read_row(struct reading *reading, const struct eg_csv_field *fields,
                               struct eg_site *site)
{
    *site = (struct eg_site){.line = eg_csv_line(reading->csv)};
    enum eg_status status = read_prefix(reading, &fields[PREFIX], &site->prefix);
    if (status == EG_OK)
        status = read_class(reading, &fields[CLASS], &site->class_);
    if (status == EG_OK)
        status = read_region(reading, &fields[REGION], site->class_, &site->region);
    if (status == EG_OK)
        status = read_vias(reading, &fields[VIA], site);
    if (status == EG_OK)
        status = read_payer(reading, &fields[PAYER], &site->payer);
    if (status == EG_OK)
        status = keep(reading, fields[LABEL].text, &site->label);
    return status;
}

static enum eg_status add_site(struct eg_sites *sites, const struct eg_site *site)
{
    if (sites->count == sites->room) {
        const size_t room = sites->room == 0 ? 64 : 2 * sites->room;
        struct eg_site *items = realloc(sites->items, room * sizeof *items);
        if (items == NULL)
            return EG_ERR_NO_MEMORY;
        sites->items = items;
        sites->room = room;
    }
    sites->items[sites->count++] = *site;
    return EG_OK;
}

static enum eg_status read_rows(struct reading *reading)
{
    for (;;) {
        struct eg_csv_field fields[COLUMNS];
        struct eg_site site;
        bool more;
        enum eg_status status = eg_csv_next(reading->csv, fields, &more, reading->error);
        if (status != EG_OK || !more)
            return status;
        status = read_row(reading, fields, &site);
        if (status != EG_OK)
            return status;
        if (add_site(reading->sites, &site) != EG_OK)
            return eg_fail_no_memory(reading->error);
    }
}

static enum eg_status build_table(struct eg_sites *sites)
{
    struct eg_prefix_entry *entries = malloc((sites->count + 1) * sizeof *entries);
    if (entries == NULL)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < sites->count; i++)
        entries[i] = (struct eg_prefix_entry){sites->items[i].prefix, (uint32_t)i};
    const enum eg_status status = eg_prefix_table_build(entries, sites->count, &sites->table);
    free(entries);
    return status;
}

enum eg_status eg_sites_load_text(const char *text, size_t length, const char *file,
                                  const char *provider, const struct eg_ranges *ranges,
                                  struct eg_sites **sites, struct eg_error *error)
{
    struct eg_sites *made = calloc(1, sizeof *made);
    if (made == NULL)
        return eg_fail_no_memory(error);
    struct reading reading = {
        .provider = provider, .ranges = ranges, .sites = made, .error = error};
    enum eg_status status = eg_csv_new(text, length, file, columns, COLUMNS, &reading.csv, error);
    if (status == EG_OK)
        status = read_rows(&reading);
    eg_csv_free(reading.csv);
    if (status == EG_OK && build_table(made) != EG_OK)
        status = eg_fail_no_memory(error);
    if (status != EG_OK) {
        eg_sites_free(made);
        return status;
    }
    *sites = made;
    return EG_OK;
}

enum eg_status eg_sites_load(const char *path, const char *provider, const struct eg_ranges *ranges,
                             struct eg_sites **sites, struct eg_error *error)
{
    char *text;
    size_t length;
    enum eg_status status = eg_file_read(path, FILE_MAX, &text, &length, error);
    if (status != EG_OK)
        return status;
    status = eg_sites_load_text(text, length, path, provider, ranges, sites, error);
    free(text);
    return status;
}

enum eg_status eg_sites_redact(struct eg_sites *sites, const struct eg_pseudonym_key *key)
{
    enum { LETTERS = 8 };
    static const char kind[] = "site";
    for (size_t i = 0; sites && i < sites->count; i++) {
        struct eg_site *site = &sites->items[i];
        char letters[LETTERS + 1], text[sizeof kind + sizeof letters];
        uint32_t number;
        if (!site->label[0])
            continue;
        eg_pseudonym(key, kind, site->label, strlen(site->label), LETTERS, letters);
        snprintf(text, sizeof text, "%s-%s", kind, letters);
        const enum eg_status status = eg_names_add(&sites->names, text, strlen(text), &number);
        if (status != EG_OK)
            return status;
        site->label = sites->names.items[number];
    }
    return EG_OK;
}

void eg_sites_free(struct eg_sites *sites)
{
    if (sites == NULL)
        return;
    free(sites->items);
    eg_names_clear(&sites->names);
    eg_names_clear(&sites->prefixes);
    eg_prefix_table_clear(&sites->table);
    free(sites);
}

const struct eg_site *eg_sites_find(const struct eg_sites *sites, const struct eg_address *address)
{
    if (sites == NULL)
        return NULL;
    const uint32_t number = eg_prefix_table_find(&sites->table, address, NULL);
    return number == EG_PREFIX_NONE ? NULL : &sites->items[number];
}
