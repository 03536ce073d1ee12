/*
 * regions.csv as a C table, sorted for look-ups.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "data/facts.h"

enum { TEXT_MAX = 1 << 20, REGIONS_MAX = 1024 };

enum {
    PROVIDER,
    NAME,
    DISPLAY,
    CONTINENT,
    ZONE,
    PEERING_ZONE,
    CLOSED,
    UNCERTAIN,
    NOTE,
    SOURCE,
    AS_OF,
    COLUMNS
};

static const char *const columns[COLUMNS] = {"provider", "name",         "display", "continent",
                                             "zone",     "peering_zone", "closed",  "uncertain",
                                             "note",     "source",       "as_of"};

struct row {
    struct eg_csv_field fields[COLUMNS];
};

static int compare_rows(const void *left, const void *right)
{
    const struct eg_csv_field *a = ((const struct row *)left)->fields;
    const struct eg_csv_field *b = ((const struct row *)right)->fields;
    const int order = strcmp(a[PROVIDER].text, b[PROVIDER].text);
    return order != 0 ? order : strcmp(a[NAME].text, b[NAME].text);
}

static bool is_zone(const char *text)
{
    return text[0] == '\0' || strcmp(text, "zone1") == 0 || strcmp(text, "zone2") == 0 ||
           strcmp(text, "zone3") == 0;
}

static bool is_flag(const char *text)
{
    return strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
}

/* The first field that cannot be, or COLUMNS. An assumption must say which. */
static unsigned wrong_field(const struct row *row)
{
    for (unsigned i = PROVIDER; i <= CONTINENT; i++) {
        if (row->fields[i].length == 0)
            return i;
    }
    if (!is_zone(row->fields[ZONE].text))
        return ZONE;
    if (!is_zone(row->fields[PEERING_ZONE].text))
        return PEERING_ZONE;
    if (!is_flag(row->fields[CLOSED].text))
        return CLOSED;
    if (!is_flag(row->fields[UNCERTAIN].text))
        return UNCERTAIN;
    if (row->fields[UNCERTAIN].text[0] == '1' && row->fields[NOTE].length == 0)
        return NOTE;
    return COLUMNS;
}

static enum eg_status read_rows(struct eg_csv *csv, struct row *rows, size_t *count,
                                struct eg_error *error)
{
    for (*count = 0; *count < REGIONS_MAX; ++*count) {
        struct row *row = &rows[*count];
        bool more;
        const enum eg_status status = eg_csv_next(csv, row->fields, &more, error);
        if (status != EG_OK || !more)
            return status;
        const unsigned wrong = wrong_field(row);
        if (wrong < COLUMNS)
            return eg_csv_fail(csv, &row->fields[wrong], EG_ERR_VALUE, error,
                               "'%s' cannot be: '%s'", columns[wrong], row->fields[wrong].text);
    }
    return eg_fail(error, EG_ERR_LIMIT, "more than %d regions", REGIONS_MAX - 1);
}

static void put_row(const struct row *row)
{
    fputs("    {", stdout);
    for (unsigned i = 0; i < COLUMNS; i++) {
        const struct eg_csv_field *field = &row->fields[i];
        if (i == CLOSED || i == UNCERTAIN)
            fputs(field->text[0] == '1' ? "true" : "false", stdout);
        else
            facts_put_literal(field->text, field->length);
        fputs(i + 1 < COLUMNS ? ", " : "},\n", stdout);
    }
}

static enum eg_status put_rows(struct row *rows, size_t count, struct eg_error *error)
{
    qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 1; i < count; i++) {
        if (compare_rows(&rows[i - 1], &rows[i]) == 0)
            return eg_fail(error, EG_ERR_VALUE, "region '%s' is listed twice",
                           rows[i].fields[NAME].text);
    }
    puts("#include \"data/builtin.h\"\n#include \"classify/regions.h\"\n\n"
         "static const struct eg_region regions[] = {");
    for (size_t i = 0; i < count; i++)
        put_row(&rows[i]);
    printf("};\n\nconst struct eg_region *const eg_builtin_regions = regions;\n"
           "const size_t eg_builtin_regions_count = %zu;\n",
           count);
    return EG_OK;
}

int facts_compile_regions(const char *path)
{
    struct eg_error error;
    char *text;
    size_t length;
    if (eg_file_read(path, TEXT_MAX, &text, &length, &error) != EG_OK)
        return facts_fail(&error);
    struct eg_csv *csv = NULL;
    size_t count = 0;
    struct row *rows = calloc(REGIONS_MAX, sizeof *rows);
    enum eg_status status = rows == NULL ? eg_fail_no_memory(&error) : EG_OK;
    if (status == EG_OK)
        status = eg_csv_new(text, length, path, columns, COLUMNS, &csv, &error);
    if (status == EG_OK)
        status = read_rows(csv, rows, &count, &error);
    if (status == EG_OK)
        status = put_rows(rows, count, &error);
    eg_csv_free(csv);
    free(rows);
    free(text);
    return status == EG_OK ? facts_finish() : facts_fail(&error);
}
