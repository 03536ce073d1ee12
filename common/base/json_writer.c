#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

void eg_json_begin(struct eg_json_writer *writer, struct eg_sink *sink, unsigned indent)
{
    *writer = (struct eg_json_writer){.sink = sink, .indent = indent};
}

static void fail(struct eg_json_writer *writer, enum eg_status status)
{
    if (writer->sink->status == EG_OK)
        writer->sink->status = status;
}

static void new_line(struct eg_json_writer *writer)
{
    if (writer->indent == 0)
        return;
    eg_sink_text(writer->sink, "\n");
    for (unsigned i = 0; i < writer->depth * writer->indent; i++)
        eg_sink_text(writer->sink, " ");
}

static void put_escape(struct eg_sink *sink, uint32_t c)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = c < 0x80 ? strchr(plain, (int)c) : NULL;
    if (found != NULL)
        eg_sink_format(sink, "\\%c", letters[found - plain]);
    else
        eg_sink_format(sink, "\\u%04" PRIx32, c);
}

/* What nobody would see is spelled out, so that it does nothing where JSON is only looked at. */
static bool needs_escape(const char *sequence, size_t length)
{
    return *sequence == '"' || *sequence == '\\' || eg_utf8_is_unseen(sequence, length);
}

static void put_quoted(struct eg_sink *sink, const char *text)
{
    eg_sink_text(sink, "\"");
    const char *pending = text; /* bytes that go out as they are, in one write */
    while (*text != '\0') {
        const size_t length = eg_utf8_sequence(text);
        if (length > 0 && !needs_escape(text, length)) {
            text += length;
            continue;
        }
        eg_sink_bytes(sink, pending, (size_t)(text - pending));
        if (length == 0)
            eg_sink_text(sink, EG_UTF8_REPLACEMENT);
        else
            put_escape(sink, eg_utf8_code(text, length));
        text += length ? length : 1;
        pending = text;
    }
    eg_sink_bytes(sink, pending, (size_t)(text - pending));
    eg_sink_text(sink, "\"");
}

/* What stands before any value: comma, line, name. */
static void put_prefix(struct eg_json_writer *writer, const char *name)
{
    if (writer->filled[writer->depth])
        eg_sink_text(writer->sink, ",");
    writer->filled[writer->depth] = true;
    if (writer->depth > 0)
        new_line(writer);
    if (name == NULL)
        return;
    put_quoted(writer->sink, name);
    eg_sink_text(writer->sink, writer->indent == 0 ? ":" : ": ");
}

void eg_json_open(struct eg_json_writer *writer, const char *name, char bracket)
{
    put_prefix(writer, name);
    eg_sink_bytes(writer->sink, &bracket, 1);
    if (writer->depth + 1 == EG_JSON_DEPTH_MAX) {
        fail(writer, EG_ERR_LIMIT);
        return;
    }
    writer->filled[++writer->depth] = false;
}

void eg_json_close(struct eg_json_writer *writer, char bracket)
{
    if (writer->depth == 0) {
        fail(writer, EG_ERR_SYNTAX);
        return;
    }
    const bool filled = writer->filled[writer->depth--];
    if (filled)
        new_line(writer);
    eg_sink_bytes(writer->sink, &bracket, 1);
}

void eg_json_put_string(struct eg_json_writer *writer, const char *name, const char *text)
{
    put_prefix(writer, name);
    put_quoted(writer->sink, text);
}

void eg_json_put_u64(struct eg_json_writer *writer, const char *name, uint64_t value)
{
    put_prefix(writer, name);
    eg_sink_format(writer->sink, "%" PRIu64, value);
}

void eg_json_put_bool(struct eg_json_writer *writer, const char *name, bool value)
{
    eg_json_put_number(writer, name, value ? "true" : "false");
}

void eg_json_put_null(struct eg_json_writer *writer, const char *name)
{
    eg_json_put_number(writer, name, "null");
}

void eg_json_put_number(struct eg_json_writer *writer, const char *name, const char *digits)
{
    put_prefix(writer, name);
    eg_sink_text(writer->sink, digits);
}
