/*
 * Any text, read as JSON: a mistake has a place. Any string, written: it parses, and what is read
 * is written the same.
 */
#include "fuzz.h"

#include <string.h>

#include "base/json.h"
#include "base/sink.h"

static struct eg_json *parse(const char *text, size_t length)
{
    struct eg_json *json = NULL;
    struct eg_error error;
    if (eg_json_parse(text, length, "fuzz.json", &json, &error) != EG_OK)
        EG_FUZZ_CHECK(json == NULL && error.line >= 1 && error.column >= 1 &&
                      error.column <= length + 1);
    return json;
}

static void quote(const char *text, struct eg_string *quoted)
{
    struct eg_sink sink = eg_string_sink(quoted);
    struct eg_json_writer writer;
    eg_json_begin(&writer, &sink, 0);
    eg_json_put_string(&writer, NULL, text);
    EG_FUZZ_CHECK(sink.status == EG_OK);
}

static void write_and_read(const char *text)
{
    struct eg_string once = {NULL, 0, 0};
    struct eg_string twice = {NULL, 0, 0};
    quote(text, &once);
    struct eg_json *json = parse(once.text, once.length);
    const char *read = eg_json_string(eg_json_root(json));
    EG_FUZZ_CHECK(read != NULL);
    quote(read, &twice);
    EG_FUZZ_CHECK(strcmp(once.text, twice.text) == 0);
    eg_json_free(json);
    eg_string_free(&once);
    eg_string_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    eg_json_free(parse((const char *)data, size));
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    write_and_read(text);
    free(text);
    return 0;
}
