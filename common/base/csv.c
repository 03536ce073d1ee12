#include "base/csv.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sink.h"
#include "base/text.h"
#include "base/utf8.h"

struct eg_csv {
    char *text; /* the copy; reading a row cuts its fields out in place */
    char *file;
    char *at;
    char *end;
    char *line_start;
    unsigned line; /* of `at` */
    unsigned row_line;
    size_t header_count;
    size_t column_count;
    size_t column_of[EG_CSV_COLUMNS_MAX]; /* by position in the header: the caller's column */
};

static unsigned column_at(const struct eg_csv *csv, const char *place)
{
    return (unsigned)(place - csv->line_start) + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct eg_csv *csv)
{
    while (csv->at < csv->end && is_blank(*csv->at))
        csv->at++;
}

static enum eg_status fail_here(const struct eg_csv *csv, struct eg_error *error, const char *what)
{
    return eg_fail_at(error, EG_ERR_SYNTAX, csv->file, csv->line, column_at(csv, csv->at), "%s",
                      what);
}

static void next_line(struct eg_csv *csv)
{
    csv->line++;
    csv->line_start = csv->at;
}

/* At the opening quote. Doubled quotes become one, which moves the text behind them to the left. */
static enum eg_status scan_quoted(struct eg_csv *csv, struct eg_csv_field *field,
                                  struct eg_error *error)
{
    char *out = ++csv->at;
    field->text = out;
    for (;;) {
        if (csv->at == csv->end)
            return eg_fail_at(error, EG_ERR_SYNTAX, csv->file, field->line, field->column,
                              "a quoted field does not end");
        const char c = *csv->at++;
        if (c == '"' && (csv->at == csv->end || *csv->at != '"'))
            break;
        if (c == '"')
            csv->at++;
        else if (c == '\n')
            next_line(csv);
        *out++ = c;
    }
    field->length = (size_t)(out - field->text);
    skip_blanks(csv);
    return EG_OK;
}

static enum eg_status scan_plain(struct eg_csv *csv, struct eg_csv_field *field,
                                 struct eg_error *error)
{
    field->text = csv->at;
    const char *stop = csv->at; /* behind the last byte that is not blank */
    for (; csv->at < csv->end; csv->at++) {
        const char c = *csv->at;
        if (c == ',' || c == '\n' || c == '\r')
            break;
        if (c == '"')
            return fail_here(csv, error, "a quote inside a field that does not start with one");
        if (!is_blank(c))
            stop = csv->at + 1;
    }
    field->length = (size_t)(stop - field->text);
    return EG_OK;
}

static enum eg_status take_separator(struct eg_csv *csv, bool *row_ends, struct eg_error *error)
{
    *row_ends = true;
    if (csv->at == csv->end)
        return EG_OK;
    const char c = *csv->at;
    if (c == ',') {
        csv->at++;
        *row_ends = false;
        return EG_OK;
    }
    if (c == '\r' && (csv->at + 1 == csv->end || csv->at[1] != '\n'))
        return fail_here(csv, error, "a carriage return without a line feed");
    if (c != '\r' && c != '\n')
        return fail_here(csv, error, "text behind the closing quote of a field");
    csv->at += c == '\r' ? 2 : 1;
    next_line(csv);
    return EG_OK;
}

static enum eg_status scan_field(struct eg_csv *csv, struct eg_csv_field *field, bool *row_ends,
                                 struct eg_error *error)
{
    skip_blanks(csv);
    field->line = csv->line;
    field->column = column_at(csv, csv->at);
    const bool quoted = csv->at < csv->end && *csv->at == '"';
    enum eg_status status = quoted ? scan_quoted(csv, field, error) : scan_plain(csv, field, error);
    if (status == EG_OK)
        status = take_separator(csv, row_ends, error);
    if (status == EG_OK)
        csv->text[field->text + field->length - csv->text] = '\0'; /* on or before the separator */
    return status;
}

/* A line of nothing but blanks, or one that starts with '#'. */
static bool line_is_skipped(const struct eg_csv *csv, const char **line_end)
{
    const size_t left = (size_t)(csv->end - csv->at);
    const char *feed = memchr(csv->at, '\n', left);
    *line_end = feed == NULL ? csv->end : feed + 1;
    if (*csv->at == '#')
        return true;
    for (const char *c = csv->at; c < *line_end; c++)
        if (!is_blank(*c) && *c != '\r' && *c != '\n')
            return false;
    return true;
}

/* Moves to the next row; false at the end of the text. */
static bool find_row(struct eg_csv *csv)
{
    const char *line_end;
    while (csv->at < csv->end && line_is_skipped(csv, &line_end)) {
        csv->at += line_end - csv->at;
        next_line(csv);
    }
    csv->row_line = csv->line;
    return csv->at < csv->end;
}

static enum eg_status fail_width(const struct eg_csv *csv, const struct eg_csv_field *last,
                                 size_t found, struct eg_error *error)
{
    return eg_csv_fail(csv, last, EG_ERR_SYNTAX, error,
                       "the row has %s fields than the header's %zu",
                       found > csv->header_count ? "more" : "fewer", csv->header_count);
}

enum eg_status eg_csv_next(struct eg_csv *csv, struct eg_csv_field fields[], bool *more,
                           struct eg_error *error)
{
    if (!find_row(csv)) {
        *more = false;
        return EG_OK;
    }
    struct eg_csv_field row[EG_CSV_COLUMNS_MAX];
    for (size_t i = 0; i < csv->column_count; i++)
        row[i] = (struct eg_csv_field){"", 0, csv->row_line, 0};
    bool row_ends = false;
    for (size_t i = 0; !row_ends; i++) {
        struct eg_csv_field field;
        const enum eg_status status = scan_field(csv, &field, &row_ends, error);
        if (status != EG_OK)
            return status;
        if (i == csv->header_count || (row_ends && i + 1 < csv->header_count))
            return fail_width(csv, &field, i + 1, error);
        row[csv->column_of[i]] = field;
    }
    memcpy(fields, row, csv->column_count * sizeof row[0]);
    *more = true;
    return EG_OK;
}

unsigned eg_csv_line(const struct eg_csv *csv)
{
    return csv->row_line;
}

enum eg_status eg_csv_fail(const struct eg_csv *csv, const struct eg_csv_field *field,
                           enum eg_status status, struct eg_error *error, const char *format, ...)
{
    char message[EG_ERROR_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return eg_fail_at(error, status, csv->file, field->line, field->column, "%s", message);
}

struct columns {
    const char *const *names; /* as eg_csv_new() takes them */
    size_t count;
    bool seen[EG_CSV_COLUMNS_MAX];
};

static bool is_optional(const char *column)
{
    return column[0] == '?';
}

static const char *plain_name(const char *column)
{
    return is_optional(column) ? column + 1 : column;
}

static enum eg_status fail_columns(const struct eg_csv *csv, const struct columns *columns,
                                   const struct eg_csv_field *place, const char *name,
                                   const char *what, struct eg_error *error)
{
    char expected[EG_ERROR_MESSAGE_MAX] = "";
    for (size_t i = 0; i < columns->count; i++) {
        const char *column = columns->names[i];
        eg_text_append(expected, sizeof expected, "%s%s%s", i == 0 ? "" : ",", plain_name(column),
                       is_optional(column) ? " (optional)" : "");
    }
    return eg_csv_fail(csv, place, EG_ERR_SYNTAX, error, "%s column '%.64s': expected %s", what,
                       name, expected);
}

static enum eg_status take_column(struct eg_csv *csv, struct columns *columns,
                                  const struct eg_csv_field *field, struct eg_error *error)
{
    size_t i = 0;
    while (i < columns->count && strcmp(plain_name(columns->names[i]), field->text) != 0)
        i++;
    if (i == columns->count)
        return fail_columns(csv, columns, field, field->text, "unknown", error);
    if (columns->seen[i])
        return fail_columns(csv, columns, field, field->text, "duplicate", error);
    columns->seen[i] = true;
    csv->column_of[csv->header_count++] = i;
    return EG_OK;
}

static enum eg_status read_header(struct eg_csv *csv, struct columns *columns,
                                  struct eg_error *error)
{
    const bool found = find_row(csv);
    const struct eg_csv_field start = {"", 0, csv->row_line, 1};
    bool row_ends = !found;
    while (!row_ends) {
        struct eg_csv_field field;
        enum eg_status status = scan_field(csv, &field, &row_ends, error);
        if (status == EG_OK)
            status = take_column(csv, columns, &field, error);
        if (status != EG_OK)
            return status;
    }
    for (size_t i = 0; i < columns->count; i++)
        if (!columns->seen[i] && !is_optional(columns->names[i]))
            return fail_columns(csv, columns, &start, columns->names[i], "missing", error);
    return EG_OK;
}

/*
 * Fields are terminated strings: a NUL would cut one short in silence. A label in another encoding
 * would come out as something else.
 */
static enum eg_status refuse_other_bytes(const struct eg_csv *csv, struct eg_error *error)
{
    const char *at = csv->at;
    for (size_t size; at < csv->end && (size = eg_utf8_sequence(at)) != 0;)
        at += size;
    if (at == csv->end)
        return EG_OK;
    return eg_fail_in_text(error, EG_ERR_SYNTAX, csv->file, csv->at, at,
                           "%s in the text; expected UTF-8",
                           *at == '\0' ? "a NUL byte" : "a byte of another encoding");
}

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

/* Starts reading behind a byte-order mark, which editors do not count as a column. */
static bool open_text(struct eg_csv *csv, const char *text, size_t length, const char *file)
{
    csv->text = copy_bytes(text, length);
    csv->file = copy_bytes(file, strlen(file));
    if (csv->text == NULL || csv->file == NULL)
        return false;
    const bool marked = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    csv->at = csv->text + (marked ? 3 : 0);
    csv->end = csv->text + length;
    csv->line_start = csv->at;
    csv->line = 1;
    return true;
}

enum eg_status eg_csv_new(const char *text, size_t length, const char *file,
                          const char *const columns[], size_t count, struct eg_csv **csv,
                          struct eg_error *error)
{
    if (count > EG_CSV_COLUMNS_MAX)
        return eg_fail(error, EG_ERR_LIMIT, "more than %d columns", EG_CSV_COLUMNS_MAX);
    struct eg_csv *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return eg_fail_no_memory(error);
    reader->column_count = count;
    struct columns wanted = {columns, count, {false}};
    enum eg_status status =
        open_text(reader, text, length, file) ? EG_OK : eg_fail_no_memory(error);
    if (status == EG_OK)
        status = refuse_other_bytes(reader, error);
    if (status == EG_OK)
        status = read_header(reader, &wanted, error);
    if (status != EG_OK) {
        eg_csv_free(reader);
        return status;
    }
    *csv = reader;
    return EG_OK;
}

void eg_csv_free(struct eg_csv *csv)
{
    if (csv == NULL)
        return;
    free(csv->text);
    free(csv->file);
    free(csv);
}

/* What eg_csv_next() would read otherwise: separators, quotes, outer blanks, a comment's start. */
static bool needs_quotes(const char *text)
{
    const size_t length = strlen(text);
    return strpbrk(text, ",\"\r\n") != NULL || text[0] == '#' ||
           (length > 0 && (is_blank(text[0]) || is_blank(text[length - 1])));
}

void eg_csv_write_field(struct eg_sink *sink, const char *text)
{
    if (!needs_quotes(text)) {
        eg_sink_text(sink, text);
        return;
    }
    eg_sink_text(sink, "\"");
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        eg_sink_bytes(sink, text, (size_t)(quote + 1 - text));
        eg_sink_text(sink, "\"");
    }
    eg_sink_text(sink, text);
    eg_sink_text(sink, "\"");
}
