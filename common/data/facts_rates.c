/*
 * The rows of rates-azure.csv that Azure's Retail Prices API has, anew from its answer.
 *
 * A row says by its meter, "PRODUCT - METER", which items of the answer it is made of, and by its
 * scope of which regions. Which class a meter is the price of, and where, stays a person's
 * knowledge: rows are renewed, never invented.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/sink.h"
#include "data/facts.h"
#include "price/rate_columns.h"

enum { TEXT_MAX = 64 << 20, ROWS_MAX = 1024, TIERS_MAX = 16, NUMBER_MAX = 24 };

/* ---- the rates, and the regions ---- */

enum { PROVIDER, NAME, CONTINENT, ZONE, REGION_COLUMNS = 11 };

static const char *const region_columns[REGION_COLUMNS] = {
    "provider", "name",      "continent", "zone",   "display", "peering_zone",
    "closed",   "uncertain", "note",      "source", "as_of"};

/* A CSV file whose rows are a line each. */
struct table {
    char *text;
    struct eg_csv *csv;
    struct eg_csv_field (*rows)[EG_RATE_COLUMNS];
    size_t count;
};

static void clear_table(struct table *table)
{
    free(table->rows);
    eg_csv_free(table->csv);
    free(table->text);
}

static enum eg_status read_table(const char *path, const char *const columns[], size_t count,
                                 struct table *table, struct eg_error *error)
{
    size_t length;
    enum eg_status status = eg_file_read(path, TEXT_MAX, &table->text, &length, error);
    if (status == EG_OK)
        status = eg_csv_new(table->text, length, path, columns, count, &table->csv, error);
    table->rows = calloc(ROWS_MAX, sizeof *table->rows);
    if (status == EG_OK && table->rows == NULL)
        return eg_fail_no_memory(error);
    bool more = status == EG_OK;
    while (more && table->count < ROWS_MAX) {
        status = eg_csv_next(table->csv, table->rows[table->count], &more, error);
        more = more && status == EG_OK;
        table->count += more;
    }
    return more ? eg_fail(error, EG_ERR_LIMIT, "'%s': more than %d rows", path, ROWS_MAX - 1)
                : status;
}

/* ---- the answer ---- */

/* What the API says of one tier of a meter in a region. */
struct item {
    const char *product, *meter, *region, *id;
    char tier[NUMBER_MAX], price[NUMBER_MAX];
};

static const char *string_of(const struct eg_json_value *value, const char *name)
{
    const char *text = eg_json_string(eg_json_member(value, name));
    return text != NULL ? text : "";
}

/* False for what is not sold by the GB. */
static bool read_item(const struct eg_json_value *value, struct item *item)
{
    *item = (struct item){.product = string_of(value, "productName"),
                          .meter = string_of(value, "meterName"),
                          .region = string_of(value, "armRegionName"),
                          .id = string_of(value, "meterId")};
    return strcmp(string_of(value, "unitOfMeasure"), "1 GB") == 0 &&
           strcmp(string_of(value, "type"), "Consumption") == 0 &&
           strcmp(string_of(value, "currencyCode"), "USD") == 0 &&
           eg_json_decimal(eg_json_member(value, "tierMinimumUnits"), item->tier, NUMBER_MAX) &&
           eg_json_decimal(eg_json_member(value, "retailPrice"), item->price, NUMBER_MAX);
}

struct answer {
    char *text;
    struct eg_json *json;
    struct item *items;
    size_t count;
};

static void clear_answer(struct answer *answer)
{
    free(answer->items);
    eg_json_free(answer->json);
    free(answer->text);
}

static enum eg_status read_answer(const char *path, struct answer *answer, struct eg_error *error)
{
    size_t length, room = 0;
    enum eg_status status = eg_file_read(path, TEXT_MAX, &answer->text, &length, error);
    if (status == EG_OK)
        status = eg_json_parse(answer->text, length, path, &answer->json, error);
    if (status != EG_OK)
        return status;
    const struct eg_json_value *items = eg_json_member(eg_json_root(answer->json), "Items");
    for (const struct eg_json_value *at = eg_json_first(items); at; at = eg_json_next(at))
        room++;
    answer->items = calloc(room + 1, sizeof *answer->items);
    if (answer->items == NULL)
        return eg_fail_no_memory(error);
    for (const struct eg_json_value *at = eg_json_first(items); at; at = eg_json_next(at))
        answer->count += read_item(at, &answer->items[answer->count]);
    if (answer->count == 0)
        return eg_fail_at(error, EG_ERR_SYNTAX, path, 0, 0,
                          "no answer of the Retail Prices API: 'Items' has no price by the GB");
    return EG_OK;
}

/* ---- which items a row is made of ---- */

struct renewal {
    const struct table *rates, *regions;
    const struct answer *answer;
    const char *source, *as_of;
};

static bool same(const struct eg_csv_field *a, const struct eg_csv_field *b,
                 enum eg_rate_column column)
{
    return strcmp(a[column].text, b[column].text) == 0;
}

/* Rows of one ladder differ in their tiers only; `scope` false: or in the scope. */
static bool is_of_ladder(const struct eg_csv_field *a, const struct eg_csv_field *b, bool scope)
{
    return same(a, b, EG_RATE_CLASS) && same(a, b, EG_RATE_DEST_SCOPE) &&
           same(a, b, EG_RATE_ROUTING) && same(a, b, EG_RATE_DIRECTION) &&
           same(a, b, EG_RATE_METER) && (!scope || same(a, b, EG_RATE_SCOPE));
}

static bool has_meter(const struct eg_csv_field *row, const struct item *item)
{
    static const char between[] = " - ";
    const char *text = row[EG_RATE_METER].text;
    const size_t length = strlen(item->product);
    return strncmp(text, item->product, length) == 0 &&
           strncmp(text + length, between, strlen(between)) == 0 &&
           strcmp(text + length + strlen(between), item->meter) == 0;
}

/* Whether a ladder like the row's is for the region alone: then the wider ones are not its. */
static bool has_own_ladder(const struct table *rates, const struct eg_csv_field *row,
                           const char *region)
{
    for (size_t i = 0; i < rates->count; i++)
        if (is_of_ladder(row, rates->rows[i], false) &&
            strcmp(rates->rows[i][EG_RATE_SCOPE].text, region) == 0)
            return true;
    return false;
}

static bool is_in_scope(const struct renewal *renewal, const struct eg_csv_field *row,
                        const char *region)
{
    const char *scope = row[EG_RATE_SCOPE].text;
    if (strcmp(scope, region) == 0)
        return true;
    if (has_own_ladder(renewal->rates, row, region))
        return false;
    for (size_t i = 0; i < renewal->regions->count; i++) {
        const struct eg_csv_field *known = renewal->regions->rows[i];
        if (strcmp(known[PROVIDER].text, "azure") == 0 && strcmp(known[NAME].text, region) == 0)
            return strcmp(scope, "*") == 0 || strcmp(scope, known[ZONE].text) == 0 ||
                   strcmp(scope, known[CONTINENT].text) == 0;
    }
    return false;
}

/* The tiers of a ladder, by an item each, lowest first; `id` is "" where regions differ in it. */
struct ladder {
    const struct item *tiers[TIERS_MAX];
    size_t count;
    const char *id;
};

static void insert(struct ladder *ladder, const struct item *item)
{
    size_t at = ladder->count++;
    for (; at > 0 && strtod(ladder->tiers[at - 1]->tier, NULL) > strtod(item->tier, NULL); at--)
        ladder->tiers[at] = ladder->tiers[at - 1];
    ladder->tiers[at] = item;
}

static enum eg_status add_item(struct ladder *ladder, const struct eg_csv_field *row,
                               const struct item *item, struct eg_error *error)
{
    if (ladder->id != NULL && strcmp(ladder->id, item->id) != 0)
        ladder->id = "";
    if (ladder->id == NULL)
        ladder->id = item->id;
    for (size_t i = 0; i < ladder->count; i++) {
        const struct item *other = ladder->tiers[i];
        if (strcmp(other->tier, item->tier) != 0)
            continue;
        if (strcmp(other->price, item->price) == 0)
            return EG_OK;
        return eg_fail(error, EG_ERR_VALUE,
                       "'%s', scope '%s': from %s GB on it is %s in %s and %s in %s",
                       row[EG_RATE_METER].text, row[EG_RATE_SCOPE].text, item->tier, other->price,
                       other->region, item->price, item->region);
    }
    if (ladder->count == TIERS_MAX)
        return eg_fail(error, EG_ERR_LIMIT, "'%s': more than %d tiers", row[EG_RATE_METER].text,
                       TIERS_MAX);
    insert(ladder, item);
    return EG_OK;
}

static enum eg_status find_ladder(const struct renewal *renewal, const struct eg_csv_field *row,
                                  struct ladder *ladder, struct eg_error *error)
{
    *ladder = (struct ladder){.count = 0};
    enum eg_status status = EG_OK;
    for (size_t i = 0; i < renewal->answer->count && status == EG_OK; i++) {
        const struct item *item = &renewal->answer->items[i];
        if (has_meter(row, item) && is_in_scope(renewal, row, item->region))
            status = add_item(ladder, row, item, error);
    }
    return status;
}

/* ---- writing ---- */

static enum eg_status put(void *context, const char *data, size_t size)
{
    return fwrite(data, 1, size, context) == size ? EG_OK : EG_ERR_IO;
}

/* The rows of a ladder, whose meaning is that of `row`. */
static void put_ladder(const struct renewal *renewal, const struct eg_csv_field *row,
                       const struct ladder *ladder, struct eg_sink *sink)
{
    for (size_t tier = 0; tier < ladder->count; tier++) {
        const char *values[EG_RATE_COLUMNS];
        for (size_t i = 0; i < EG_RATE_COLUMNS; i++)
            values[i] = row[i].text;
        values[EG_RATE_TIER] = ladder->tiers[tier]->tier;
        values[EG_RATE_PRICE] = ladder->tiers[tier]->price;
        values[EG_RATE_PER_GB] = "1";
        values[EG_RATE_CURRENCY] = "USD";
        values[EG_RATE_METER_ID] = ladder->id;
        values[EG_RATE_SOURCE] = renewal->source;
        values[EG_RATE_AS_OF] = renewal->as_of;
        values[EG_RATE_CERTAINTY] = "certain";
        values[EG_RATE_NOTE] = "";
        for (size_t i = 0; i < EG_RATE_COLUMNS; i++) {
            eg_csv_write_field(sink, values[i]);
            eg_sink_text(sink, i + 1 < EG_RATE_COLUMNS ? "," : "\n");
        }
    }
}

static bool is_first_of_ladder(const struct table *rates, size_t number)
{
    for (size_t i = 0; i < number; i++)
        if (is_of_ladder(rates->rows[i], rates->rows[number], true))
            return false;
    return true;
}

static size_t line_length(const char *text)
{
    const size_t length = strcspn(text, "\n");
    return length + (text[length] == '\n');
}

/* Line by line; rows of a ladder that the answer has give way where the first of them stood. */
static enum eg_status put_renewed(const struct renewal *renewal, struct eg_error *error)
{
    struct eg_sink sink = {.write = put, .context = stdout};
    size_t next = 0;
    unsigned line = 1;
    for (const char *at = renewal->rates->text; *at; at += line_length(at), line++) {
        const struct eg_csv_field *row = renewal->rates->rows[next];
        struct ladder ladder = {.count = 0};
        if (next < renewal->rates->count && row[EG_RATE_CLASS].line == line) {
            const enum eg_status status = find_ladder(renewal, row, &ladder, error);
            if (status != EG_OK)
                return status;
            if (ladder.count > 0 && is_first_of_ladder(renewal->rates, next))
                put_ladder(renewal, row, &ladder, &sink);
            next++;
        }
        if (ladder.count == 0)
            eg_sink_bytes(&sink, at, line_length(at));
    }
    return EG_OK;
}

int facts_renew_rates(const char *rates, const char *regions, const char *answer,
                      const char *source, const char *as_of)
{
    struct eg_error error;
    struct table rate_table = {.count = 0}, region_table = {.count = 0};
    struct answer given = {.count = 0};
    const struct renewal renewal = {&rate_table, &region_table, &given, source, as_of};
    enum eg_status status =
        read_table(rates, eg_rate_column_names, EG_RATE_COLUMNS, &rate_table, &error);
    if (status == EG_OK)
        status = read_table(regions, region_columns, REGION_COLUMNS, &region_table, &error);
    if (status == EG_OK)
        status = read_answer(answer, &given, &error);
    if (status == EG_OK)
        status = put_renewed(&renewal, &error);
    clear_answer(&given);
    clear_table(&region_table);
    clear_table(&rate_table);
    return status == EG_OK ? facts_finish() : facts_fail(&error);
}
