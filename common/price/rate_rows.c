/*
 * Reading a rate card's file: every value is checked, and a mistake is refused with its place.
 */
#include "price/rate_rows.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/number.h"
#include "base/text.h"
#include "classify/ranges.h"
#include "classify/regions.h"
#include "classify/traffic_class.h"
#include "price/money.h"
#include "price/rate_columns.h"

enum { PER_GB_MAX = 10000, NANO_DECIMALS = 9, NAMES_MAX = 256 };

struct reader {
    struct eg_csv *csv;
    const char *provider;
    const struct eg_ranges *ranges; /* may be NULL */
    struct eg_csv_field field[EG_RATE_COLUMNS];
    struct eg_error *error;
};

static const char *text_of(const struct reader *reader, enum eg_rate_column column)
{
    return reader->field[column].text;
}

static enum eg_status refuse(const struct reader *reader, enum eg_rate_column column,
                             const char *expected)
{
    const char *name = eg_rate_column_names[column];
    return eg_csv_fail(reader->csv, &reader->field[column], EG_ERR_VALUE, reader->error,
                       "'%s' is not %s: '%s'", name[0] == '?' ? name + 1 : name, expected,
                       text_of(reader, column));
}

/* ---- class ----------------------------------------------------------------------------------- */

static const char er_metered[] = "er-metered";

static const char *const ways[] = {"nat-gateway", "firewall", "lb", er_metered};

/* Classes that never are looked up: free by what they are, unpriced, or at the internet's rates. */
static bool has_no_ladder(enum eg_class class_)
{
    switch (class_) {
    case EG_CLASS_AUTO:
    case EG_CLASS_PLATFORM:
    case EG_CLASS_FREE:
    case EG_CLASS_PRIVATE:
    case EG_CLASS_REGIONAL:
    case EG_CLASS_PROVIDER_GLOBAL:
        return true;
    default:
        return false;
    }
}

static void list_classes(char *buffer, size_t size)
{
    snprintf(buffer, size, "one of");
    for (int i = 0; i < EG_CLASSES; i++)
        if (!has_no_ladder((enum eg_class)i))
            eg_text_append(buffer, size, " %s", eg_class_name((enum eg_class)i));
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        eg_text_append(buffer, size, " %s", ways[i]);
}

bool eg_rate_class_known(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (strlen(ways[i]) == length && memcmp(ways[i], name, length) == 0)
            return true;
    enum eg_class class_;
    return eg_class_parse(name, length, &class_) && !has_no_ladder(class_);
}

static enum eg_status check_class(const struct reader *reader)
{
    const struct eg_csv_field *field = &reader->field[EG_RATE_CLASS];
    if (eg_rate_class_known(field->text, field->length))
        return EG_OK;
    char expected[NAMES_MAX];
    list_classes(expected, sizeof expected);
    return refuse(reader, EG_RATE_CLASS, expected);
}

/* ---- scope ----------------------------------------------------------------------------------- */

/* The continent as the region table spells it, or NULL. */
static const char *find_continent(const char *name)
{
    for (size_t i = 0; i < eg_regions(); i++)
        if (name[0] != '\0' && strcasecmp(eg_region_at(i)->continent, name) == 0)
            return eg_region_at(i)->continent;
    return NULL;
}

/* ExpressRoute's own zones are four, the others three. */
static bool is_zone(const struct reader *reader, const char *name)
{
    const char last = strcmp(text_of(reader, EG_RATE_CLASS), er_metered) == 0 ? '4' : '3';
    return strncmp(name, "zone", 4) == 0 && name[4] >= '1' && name[4] <= last && name[5] == '\0';
}

/* Puts the spelling that lookups compare with into the field, or refuses it. */
static enum eg_status check_scope(struct reader *reader, enum eg_rate_column column)
{
    struct eg_csv_field *field = &reader->field[column];
    if (strcmp(field->text, "*") == 0 || is_zone(reader, field->text))
        return EG_OK;
    const char *name = find_continent(field->text);
    const struct eg_region *region = eg_region_find(reader->provider, field->text);
    if (region)
        name = region->name;
    if (name) {
        field->text = name;
        field->length = strlen(name);
        return EG_OK;
    }
    if (reader->ranges && eg_ranges_has_region(reader->ranges, reader->provider, field->text))
        return EG_OK;
    char near[NAMES_MAX / 2];
    eg_region_suggest(reader->provider, field->text, near, sizeof near);
    char expected[NAMES_MAX];
    snprintf(expected, sizeof expected, "a region%s%s%s, a zone (zone1), a continent or '*'",
             near[0] ? " (nearest: " : "", near, near[0] ? ")" : "");
    return refuse(reader, column, expected);
}

/* Scopes that no lookup ever asks for would be passed over in silence. */
static enum eg_status check_scopes(struct reader *reader)
{
    const bool circuit = strcmp(text_of(reader, EG_RATE_CLASS), er_metered) == 0;
    const bool out = strcmp(text_of(reader, EG_RATE_CLASS), eg_class_name(EG_CLASS_INTERNET)) == 0;
    enum eg_status status = check_scope(reader, EG_RATE_SCOPE);
    if (status == EG_OK)
        status = check_scope(reader, EG_RATE_DEST_SCOPE);
    if (status != EG_OK)
        return status;
    const char *scope = text_of(reader, EG_RATE_SCOPE);
    if (circuit && strcmp(scope, "*") != 0 && !is_zone(reader, scope))
        return refuse(reader, EG_RATE_SCOPE, "a zone of ExpressRoute (zone1..zone4) or '*'");
    if ((circuit || out) && strcmp(text_of(reader, EG_RATE_DEST_SCOPE), "*") != 0)
        return refuse(reader, EG_RATE_DEST_SCOPE, "'*', the only one that this class has");
    return EG_OK;
}

/* ---- the other columns ----------------------------------------------------------------------- */

static enum eg_status check_routing(const struct reader *reader)
{
    const char *text = text_of(reader, EG_RATE_ROUTING);
    if (strcmp(text, "*") == 0 || strcmp(text, "microsoft") == 0 || strcmp(text, "internet") == 0)
        return EG_OK;
    return refuse(reader, EG_RATE_ROUTING, "one of microsoft internet *");
}

static enum eg_status read_direction(const struct reader *reader, struct eg_rate *rate)
{
    static const char *const names[] = {
        [EG_CHARGE_EGRESS] = "egress",
        [EG_CHARGE_INGRESS] = "ingress",
        [EG_CHARGE_BOTH] = "both",
    };
    for (int i = EG_CHARGE_EGRESS; i <= EG_CHARGE_BOTH; i++) {
        if (strcmp(text_of(reader, EG_RATE_DIRECTION), names[i]) == 0) {
            rate->direction = (enum eg_charge_direction)i;
            return EG_OK;
        }
    }
    return refuse(reader, EG_RATE_DIRECTION, "one of egress ingress both");
}

/* Rule 6.1: the price is for per_gb GB. A rate that is no whole number of nano-units would be
 * rounded in silence, so it is refused. */
static enum eg_status read_price(const struct reader *reader, struct eg_rate *rate)
{
    const struct eg_csv_field *unit = &reader->field[EG_RATE_PER_GB];
    const struct eg_csv_field *price = &reader->field[EG_RATE_PRICE];
    uint64_t per_gb = 0;
    if (!eg_parse_u64(unit->text, unit->length, PER_GB_MAX, &per_gb) || per_gb == 0)
        return refuse(reader, EG_RATE_PER_GB, "a whole number of GB, 1..10000");
    uint64_t nano = 0;
    if (!eg_parse_decimal(price->text, price->length, NANO_DECIMALS, EG_RATE_MAX * per_gb, &nano))
        return refuse(reader, EG_RATE_PRICE,
                      "an amount with at most 9 decimals, up to 1000000 per GB");
    if (nano % per_gb != 0)
        return refuse(reader, EG_RATE_PRICE,
                      "a whole number of 0.000000001 per GB when divided by per_gb");
    rate->nano_per_gb = nano / per_gb;
    return EG_OK;
}

static enum eg_status read_tier(const struct reader *reader, struct eg_rate *rate)
{
    const struct eg_csv_field *field = &reader->field[EG_RATE_TIER];
    if (!eg_parse_u64(field->text, field->length, UINT64_MAX, &rate->tier_from_gb))
        return refuse(reader, EG_RATE_TIER, "a whole number of GB");
    return EG_OK;
}

static enum eg_status read_certainty(const struct reader *reader, struct eg_rate *rate)
{
    const char *text = text_of(reader, EG_RATE_CERTAINTY);
    rate->uncertain = strcmp(text, "uncertain") == 0;
    if (rate->uncertain || text[0] == '\0' || strcmp(text, "certain") == 0 ||
        strcmp(text, "sourced") == 0)
        return EG_OK;
    return refuse(reader, EG_RATE_CERTAINTY, "one of certain sourced uncertain");
}

/* "2026", "2026-04", "2026-08-18" or nothing: the newest of a card is found by comparing texts. */
static bool is_date(const char *text)
{
    static const char form[] = "0000-00-00";
    const size_t length = strlen(text);
    if (length != 0 && length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++)
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static enum eg_status check_currency(const struct reader *reader, struct eg_rate_rows *rows)
{
    const struct eg_csv_field *field = &reader->field[EG_RATE_CURRENCY];
    if (field->length != EG_CURRENCY_MAX - 1 ||
        strspn(field->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != field->length)
        return refuse(reader, EG_RATE_CURRENCY, "a currency such as USD");
    if (rows->count == 0) {
        memcpy(rows->currency, field->text, sizeof rows->currency);
        rows->currency_line = field->line;
        rows->currency_column = field->column;
    }
    if (strcmp(rows->currency, field->text) != 0)
        return refuse(reader, EG_RATE_CURRENCY, "the currency of the rows above it");
    return EG_OK;
}

static enum eg_status check_row(struct reader *reader, struct eg_rate_rows *rows,
                                struct eg_rate *rate)
{
    enum eg_status status = check_class(reader);
    if (status == EG_OK)
        status = check_scopes(reader);
    if (status == EG_OK)
        status = check_routing(reader);
    if (status == EG_OK)
        status = read_direction(reader, rate);
    if (status == EG_OK)
        status = read_tier(reader, rate);
    if (status == EG_OK)
        status = read_price(reader, rate);
    if (status == EG_OK)
        status = check_currency(reader, rows);
    if (status == EG_OK && !is_date(text_of(reader, EG_RATE_AS_OF)))
        status = refuse(reader, EG_RATE_AS_OF, "a date such as 2026-08-18");
    if (status == EG_OK)
        status = read_certainty(reader, rate);
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static const char *append(char **at, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

/* The row with its own copy of the fields' texts; NULL: no memory. */
static struct eg_rate_row *make_row(const struct reader *reader, const struct eg_rate *rate)
{
    size_t size = 0;
    for (int i = 0; i < EG_RATE_COLUMNS; i++)
        size += strlen(text_of(reader, (enum eg_rate_column)i)) + 1;
    struct eg_rate_row *row = malloc(sizeof *row + size);
    if (!row)
        return NULL;
    const char *copy[EG_RATE_COLUMNS];
    char *at = (char *)(row + 1);
    for (int i = 0; i < EG_RATE_COLUMNS; i++)
        copy[i] = append(&at, text_of(reader, (enum eg_rate_column)i));
    row->class_ = copy[EG_RATE_CLASS];
    row->scope = copy[EG_RATE_SCOPE];
    row->dest_scope = copy[EG_RATE_DEST_SCOPE];
    row->routing = copy[EG_RATE_ROUTING];
    row->rate = *rate;
    row->rate.meter_id = copy[EG_RATE_METER_ID];
    row->rate.meter = copy[EG_RATE_METER][0] ? copy[EG_RATE_METER] : copy[EG_RATE_CLASS];
    row->rate.scope = copy[EG_RATE_SCOPE];
    row->rate.source = copy[EG_RATE_SOURCE];
    row->rate.as_of = copy[EG_RATE_AS_OF];
    row->rate.note = copy[EG_RATE_NOTE];
    row->line = reader->field[EG_RATE_TIER].line;
    row->column = reader->field[EG_RATE_TIER].column;
    row->steps = 0;
    return row;
}

static enum eg_status add_row(struct reader *reader, struct eg_rate_rows *rows)
{
    struct eg_rate rate = {0};
    const enum eg_status status = check_row(reader, rows, &rate);
    if (status != EG_OK)
        return status;
    if (rows->count == EG_RATE_ROWS_MAX)
        return eg_csv_fail(reader->csv, &reader->field[EG_RATE_CLASS], EG_ERR_LIMIT, reader->error,
                           "more than %d rates", EG_RATE_ROWS_MAX);
    struct eg_rate_row *row = make_row(reader, &rate);
    if (!row)
        return eg_fail_no_memory(reader->error);
    rows->row[rows->count++] = row;
    return EG_OK;
}

static enum eg_status read_rows(struct reader *reader, struct eg_rate_rows *rows)
{
    bool more = true;
    enum eg_status status = EG_OK;
    while (status == EG_OK) {
        status = eg_csv_next(reader->csv, reader->field, &more, reader->error);
        if (status != EG_OK || !more)
            break;
        status = add_row(reader, rows);
    }
    return status;
}

/* ---- ladders --------------------------------------------------------------------------------- */

static int compare_ladders(const struct eg_rate_row *a, const struct eg_rate_row *b)
{
    int order = strcmp(a->class_, b->class_);
    if (order == 0)
        order = strcmp(a->scope, b->scope);
    if (order == 0)
        order = strcmp(a->dest_scope, b->dest_scope);
    if (order == 0)
        order = strcmp(a->routing, b->routing);
    if (order == 0)
        order = (int)a->rate.direction - (int)b->rate.direction;
    return order;
}

/* The order of the file within a ladder: that its tiers ascend is checked, not made. */
static int compare_rows(const void *left, const void *right)
{
    const struct eg_rate_row *a = *(struct eg_rate_row *const *)left;
    const struct eg_rate_row *b = *(struct eg_rate_row *const *)right;
    const int order = compare_ladders(a, b);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

void eg_rate_rows_sort(struct eg_rate_rows *rows)
{
    if (rows->count > 0)
        qsort(rows->row, rows->count, sizeof rows->row[0], compare_rows);
    struct eg_rate_row *first = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        rows->row[i]->steps = 0;
        if (!first || compare_ladders(first, rows->row[i]) != 0)
            first = rows->row[i];
        first->steps++;
    }
}

/* Rule 6.2: tiers are [from, to), so a ladder starts at 0 and ascends. */
static enum eg_status check_ladders(const struct eg_rate_rows *rows, const char *file,
                                    struct eg_error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct eg_rate_row *row = rows->row[i];
        const uint64_t from = row->rate.tier_from_gb;
        const char *mistake = NULL;
        if (row->steps > 0)
            mistake = from == 0 ? NULL : "does not start its ladder at 0";
        else if (from <= rows->row[i - 1]->rate.tier_from_gb)
            mistake = "is not above the tier before it";
        if (mistake)
            return eg_fail_at(error, EG_ERR_VALUE, file, row->line, row->column,
                              "'tier_from_gb' %s: '%" PRIu64 "'", mistake, from);
    }
    return EG_OK;
}

enum eg_status eg_rate_rows_read(const char *text, size_t length, const char *file,
                                 const char *provider, const struct eg_ranges *ranges,
                                 struct eg_rate_rows *rows, struct eg_error *error)
{
    struct reader reader = {.provider = provider, .ranges = ranges, .error = error};
    struct eg_rate_rows made = {0};
    enum eg_status status =
        eg_csv_new(text, length, file, eg_rate_column_names, EG_RATE_COLUMNS, &reader.csv, error);
    if (status != EG_OK)
        return status;
    made.row = malloc(EG_RATE_ROWS_MAX * sizeof made.row[0]);
    status = made.row ? read_rows(&reader, &made) : eg_fail_no_memory(error);
    eg_csv_free(reader.csv);
    if (status == EG_OK && made.count == 0)
        status = eg_fail_at(error, EG_ERR_VALUE, file, 1, 1, "there is no rate in it");
    eg_rate_rows_sort(&made);
    if (status == EG_OK)
        status = check_ladders(&made, file, error);
    if (status == EG_OK)
        *rows = made;
    else
        eg_rate_rows_clear(&made);
    return status;
}

void eg_rate_rows_clear(struct eg_rate_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->row[i]);
    free(rows->row);
    *rows = (struct eg_rate_rows){0};
}
