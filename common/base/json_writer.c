#include "base/json.h"

#include <inttypes.h>
#include <string.h>

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

/*
 * How many bytes the UTF-8 sequence at `text` has (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF); 0 when there is none. A terminator ends it like any wrong byte.
 */
static size_t utf8_sequence(const unsigned char *text)
{
    static const struct {
        unsigned char lead_first, lead_last;
        unsigned char second_first, second_last;
        unsigned char length;
    } forms[] = {
        {0x01, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (text[0] < forms[i].lead_first || text[0] > forms[i].lead_last)
            continue;
        if (text[1] < forms[i].second_first || text[1] > forms[i].second_last)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (text[k] < 0x80 || text[k] > 0xbf)
                return 0;
        return forms[i].length;
    }
    return 0;
}

static void put_escape(struct eg_sink *sink, unsigned char c)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = strchr(plain, c);
    if (found != NULL)
        eg_sink_format(sink, "\\%c", letters[found - plain]);
    else
        eg_sink_format(sink, "\\u%04x", (unsigned)c);
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

static void put_quoted(struct eg_sink *sink, const char *text)
{
    eg_sink_text(sink, "\"");
    const char *pending = text; /* bytes that go out as they are, in one write */
    while (*text != '\0') {
        const unsigned char c = (unsigned char)*text;
        const size_t length = utf8_sequence((const unsigned char *)text);
        if (length > 0 && !needs_escape(c)) {
            text += length;
            continue;
        }
        eg_sink_bytes(sink, pending, (size_t)(text - pending));
        if (length == 0)
            eg_sink_text(sink, "\xef\xbf\xbd"); /* U+FFFD */
        else
            put_escape(sink, c);
        pending = ++text;
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
