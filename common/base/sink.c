#include "base/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void eg_sink_bytes(struct eg_sink *sink, const char *bytes, size_t length)
{
    if (sink->status == EG_OK && length > 0)
        sink->status = sink->write(sink->context, bytes, length);
}

void eg_sink_text(struct eg_sink *sink, const char *text)
{
    eg_sink_bytes(sink, text, strlen(text));
}

/* For texts that outgrow the stack buffer: labels and paths may be any length. */
static void write_long(struct eg_sink *sink, size_t length, const char *format, va_list arguments)
    EG_PRINTF(3, 0);

static void write_long(struct eg_sink *sink, size_t length, const char *format, va_list arguments)
{
    char *text = malloc(length + 1);
    if (text == NULL) {
        sink->status = EG_ERR_NO_MEMORY;
        return;
    }
    vsnprintf(text, length + 1, format, arguments);
    eg_sink_bytes(sink, text, length);
    free(text);
}

void eg_sink_format(struct eg_sink *sink, const char *format, ...)
{
    if (sink->status != EG_OK)
        return;
    char buffer[256];
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        sink->status = EG_ERR_IO;
    else if ((size_t)length < sizeof buffer)
        eg_sink_bytes(sink, buffer, (size_t)length);
    else
        write_long(sink, (size_t)length, format, again);
    va_end(again);
    va_end(arguments);
}

static enum eg_status reserve(struct eg_string *string, size_t more)
{
    if (more >= SIZE_MAX / 2 - string->length)
        return EG_ERR_NO_MEMORY;
    const size_t needed = string->length + more + 1;
    if (needed <= string->capacity)
        return EG_OK;
    size_t capacity = string->capacity == 0 ? 256 : string->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *text = realloc(string->text, capacity);
    if (text == NULL)
        return EG_ERR_NO_MEMORY;
    string->text = text;
    string->capacity = capacity;
    return EG_OK;
}

static enum eg_status string_write(void *context, const char *bytes, size_t length)
{
    struct eg_string *string = context;
    const enum eg_status status = reserve(string, length);
    if (status != EG_OK)
        return status;
    memcpy(string->text + string->length, bytes, length);
    string->length += length;
    string->text[string->length] = '\0';
    return EG_OK;
}

struct eg_sink eg_string_sink(struct eg_string *string)
{
    return (struct eg_sink){string_write, string, EG_OK};
}

void eg_string_free(struct eg_string *string)
{
    free(string->text);
    *string = (struct eg_string){NULL, 0, 0};
}
