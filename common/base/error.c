#include "base/error.h"

#include <stdio.h>
#include <string.h>

/* The tail of a long path tells more than its head: it has the file's name. */
static void keep_tail(char *target, size_t size, const char *path)
{
    const size_t length = strlen(path);
    const size_t kept = length < size ? length : size - 1;
    memcpy(target, path + length - kept, kept);
    target[kept] = '\0';
}

static enum eg_status fill(struct eg_error *error, enum eg_status status, const char *file,
                           unsigned line, unsigned column, const char *format, va_list arguments)
    EG_PRINTF(6, 0);

static enum eg_status fill(struct eg_error *error, enum eg_status status, const char *file,
                           unsigned line, unsigned column, const char *format, va_list arguments)
{
    if (error == NULL)
        return status;
    error->status = status;
    error->line = line;
    error->column = column;
    keep_tail(error->file, sizeof error->file, file == NULL ? "" : file);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    return status;
}

enum eg_status eg_fail(struct eg_error *error, enum eg_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, NULL, 0, 0, format, arguments);
    va_end(arguments);
    return status;
}

enum eg_status eg_fail_at(struct eg_error *error, enum eg_status status, const char *file,
                          unsigned line, unsigned column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, file, line, column, format, arguments);
    va_end(arguments);
    return status;
}

enum eg_status eg_fail_in_text(struct eg_error *error, enum eg_status status, const char *file,
                               const char *text, const char *place, const char *format, ...)
{
    unsigned line = 1;
    const char *line_start = text;
    for (const char *c = text; c < place; c++) {
        if (*c == '\n') {
            line++;
            line_start = c + 1;
        }
    }
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, file, line, (unsigned)(place - line_start) + 1, format, arguments);
    va_end(arguments);
    return status;
}

enum eg_status eg_fail_no_memory(struct eg_error *error)
{
    return eg_fail(error, EG_ERR_NO_MEMORY, "out of memory");
}

/* Messages quote hostile text: an escape sequence in it must not reach a terminal. */
static void mask_controls(char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f)
            *text = '?';
    }
}

static void place_text(const struct eg_error *error, char *buffer, size_t size)
{
    if (error->file[0] == '\0')
        snprintf(buffer, size, "%s", "");
    else if (error->line == 0)
        snprintf(buffer, size, "'%s': ", error->file);
    else if (error->column == 0)
        snprintf(buffer, size, "'%s':%u: ", error->file, error->line);
    else
        snprintf(buffer, size, "'%s':%u:%u: ", error->file, error->line, error->column);
}

const char *eg_error_text(const struct eg_error *error, char *buffer, size_t size)
{
    char place[EG_ERROR_FILE_MAX + 32];
    place_text(error, place, sizeof place);
    snprintf(buffer, size, "%s%s", place, error->message);
    mask_controls(buffer);
    return buffer;
}
