#include "base/json.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A struct eg_json is the root cJSON node under another name, and a struct eg_json_value any node:
 * cJSON stays behind this file without a second tree.
 */
static const cJSON *node_of(const struct eg_json_value *value)
{
    return (const cJSON *)value;
}

static const struct eg_json_value *value_of(const cJSON *node)
{
    return (const struct eg_json_value *)node;
}

enum { EXCERPT_MAX = 20 };

/* cJSON tells a place and no more. */
static enum eg_status fail_syntax(const char *text, const char *place, const char *end,
                                  const char *file, struct eg_error *error)
{
    int shown = 0;
    while (shown < EXCERPT_MAX && place + shown < end && (unsigned char)place[shown] >= 0x20)
        shown++;
    if (place == end)
        return eg_fail_in_text(error, EG_ERR_SYNTAX, file, text, place,
                               "not valid JSON: it ends too early");
    if (*place == '\0')
        return eg_fail_in_text(error, EG_ERR_SYNTAX, file, text, place,
                               "not valid JSON at a NUL byte");
    return eg_fail_in_text(error, EG_ERR_SYNTAX, file, text, place, "not valid JSON at '%.*s'",
                           shown, place);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* cJSON stops behind a '}' that follows a comma, the commonest mistake by hand, instead of at it.
 */
static const char *place_of_failure(const char *text, const char *stop)
{
    if (stop == text || stop[-1] != '}')
        return stop;
    const char *before = stop - 1;
    while (before > text && is_space(before[-1]))
        before--;
    return before > text && before[-1] == ',' ? stop - 1 : stop;
}

static enum eg_status parse_terminated(const char *text, size_t length, const char *file,
                                       struct eg_json **json, struct eg_error *error)
{
    const char *end = text + length;
    /* cJSON takes a NUL for a blank, and strings with one would be cut short in silence. */
    const char *nul = memchr(text, '\0', length);
    if (nul != NULL)
        return fail_syntax(text, nul, end, file, error);
    const char *stop = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, length + 1, &stop, 0);
    const char *rest = root == NULL ? place_of_failure(text, stop) : skip_space(stop, end);
    if (root == NULL || rest != end) {
        cJSON_Delete(root);
        return fail_syntax(text, rest, end, file, error);
    }
    *json = (struct eg_json *)root;
    return EG_OK;
}

/* cJSON never places an error behind the last byte it is given: only with a terminator there can
 * a text that ends too early be told from one whose last byte is wrong. */
enum eg_status eg_json_parse(const char *text, size_t length, const char *file,
                             struct eg_json **json, struct eg_error *error)
{
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return eg_fail_no_memory(error);
    memcpy(copy, text, length);
    copy[length] = '\0';
    const enum eg_status status = parse_terminated(copy, length, file, json, error);
    free(copy);
    return status;
}

void eg_json_free(struct eg_json *json)
{
    cJSON_Delete((cJSON *)json);
}

const struct eg_json_value *eg_json_root(const struct eg_json *json)
{
    return (const struct eg_json_value *)json;
}

const struct eg_json_value *eg_json_member(const struct eg_json_value *value, const char *name)
{
    if (!cJSON_IsObject(node_of(value)))
        return NULL;
    return value_of(cJSON_GetObjectItemCaseSensitive(node_of(value), name));
}

const struct eg_json_value *eg_json_first(const struct eg_json_value *array)
{
    return eg_json_is_array(array) ? value_of(node_of(array)->child) : NULL;
}

const struct eg_json_value *eg_json_next(const struct eg_json_value *element)
{
    return element == NULL ? NULL : value_of(node_of(element)->next);
}

const char *eg_json_string(const struct eg_json_value *value)
{
    return cJSON_GetStringValue(node_of(value));
}

bool eg_json_is_array(const struct eg_json_value *value)
{
    return cJSON_IsArray(node_of(value));
}

bool eg_json_decimal(const struct eg_json_value *value, char *buffer, size_t size)
{
    if (!cJSON_IsNumber(node_of(value)))
        return false;
    const int length = snprintf(buffer, size, "%.15g", node_of(value)->valuedouble);
    return length > 0 && (size_t)length < size && strspn(buffer, "-.0123456789") == (size_t)length;
}
