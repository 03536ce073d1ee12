/*
 * CSV with a header line (RFC 4180, LF or CRLF, UTF-8 with or without a byte-order mark).
 *
 * Lines that are empty or start with '#' are skipped. Columns are found by name, in any order;
 * a column the reader does not know, a missing one, and a row with too many or too few fields are
 * errors with file, line and column. The whole text is held in memory; fields point into it.
 */
#ifndef EG_CSV_H
#define EG_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_CSV_COLUMNS_MAX = 32 };

struct eg_csv; /* opaque */

struct eg_csv_field {
    const char *text; /* terminated; quotes removed; blanks around it trimmed */
    size_t length;
    unsigned line;   /* where it begins, from 1; rows with quoted fields may span lines */
    unsigned column; /* of its first byte (of the quote, where there is one) in that line, from 1;
                        0: an optional column that the file does not have */
};

/*
 * columns: `count` names, required unless the name is prefixed by '?'. Takes a copy of text;
 * `file` is used in messages.
 */
enum eg_status eg_csv_new(const char *text, size_t length, const char *file,
                          const char *const columns[], size_t count, struct eg_csv **csv,
                          struct eg_error *error);
void eg_csv_free(struct eg_csv *csv);

/*
 * Reads the next row into fields[0..count), in the order of `columns` (an absent optional one is
 * empty). *more is false, and fields are not written, at the end.
 */
enum eg_status eg_csv_next(struct eg_csv *csv, struct eg_csv_field fields[], bool *more,
                           struct eg_error *error);

/* The line where the row just read begins, from 1. */
unsigned eg_csv_line(const struct eg_csv *csv);

/*
 * An error at a field of the row just read, in the house form:
 * 'rates.csv':12:7: 'price' is not a number: 'O.08'
 */
enum eg_status eg_csv_fail(const struct eg_csv *csv, const struct eg_csv_field *field,
                           enum eg_status status, struct eg_error *error, const char *format, ...)
    EG_PRINTF(5, 6);

/* Writes one field, quoted when it must be. */
struct eg_sink;
void eg_csv_write_field(struct eg_sink *sink, const char *text);

#ifdef __cplusplus
}
#endif

#endif
