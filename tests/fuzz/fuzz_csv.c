/*
 * Any text, read as CSV: rows are whole, and what is written from them reads back the same.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "base/csv.h"
#include "base/sink.h"

enum { COLUMNS = 3 };

static const char *const columns[COLUMNS] = {"prefix", "class", "?region"};

static void check_place(const struct eg_error *error)
{
    EG_FUZZ_CHECK(error->status != EG_OK && error->message[0] != '\0');
    EG_FUZZ_CHECK(strcmp(error->file, "fuzz.csv") == 0);
    EG_FUZZ_CHECK(error->line >= 1 && error->column >= 1);
}

static void write_row(const struct eg_csv_field fields[COLUMNS], struct eg_sink *sink)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        EG_FUZZ_CHECK(strlen(fields[i].text) == fields[i].length);
        eg_sink_text(sink, i == 0 ? "" : ",");
        eg_csv_write_field(sink, fields[i].text);
    }
    eg_sink_text(sink, "\n");
}

/* Rewrites text as far as it is good; false when it is not to its end. */
static bool rewrite(const char *text, size_t length, struct eg_string *written)
{
    struct eg_sink sink = eg_string_sink(written);
    struct eg_error error;
    struct eg_csv *csv;
    eg_sink_text(&sink, "prefix,class,region\n");
    if (eg_csv_new(text, length, "fuzz.csv", columns, COLUMNS, &csv, &error) != EG_OK) {
        check_place(&error);
        return false;
    }
    struct eg_csv_field fields[COLUMNS];
    enum eg_status status;
    bool more = true;
    while ((status = eg_csv_next(csv, fields, &more, &error)) == EG_OK && more)
        write_row(fields, &sink);
    if (status != EG_OK)
        check_place(&error);
    eg_csv_free(csv);
    return status == EG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_string once = {NULL, 0, 0};
    struct eg_string twice = {NULL, 0, 0};
    rewrite((const char *)data, size, &once);
    EG_FUZZ_CHECK(rewrite(once.text, once.length, &twice));
    EG_FUZZ_CHECK(strcmp(once.text, twice.text) == 0);
    eg_string_free(&once);
    eg_string_free(&twice);
    return 0;
}
