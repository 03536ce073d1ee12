/*
 * JSON: reading through cJSON, which no other file includes, and a small streaming writer.
 */
#ifndef EG_JSON_H
#define EG_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/sink.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A parsed document and a place in it. A struct eg_json_value is valid while the document lives. */
struct eg_json;
struct eg_json_value; /* opaque; NULL stands for "absent" and every getter accepts it */

/* file is used in messages; a syntax error tells line and column. */
enum eg_status eg_json_parse(const char *text, size_t length, const char *file,
                             struct eg_json **json, struct eg_error *error);
void eg_json_free(struct eg_json *json);
const struct eg_json_value *eg_json_root(const struct eg_json *json);

/* NULL when value is no object or has no such member (exact case). */
const struct eg_json_value *eg_json_member(const struct eg_json_value *value, const char *name);

/* First element of an array, the next of an element; NULL at the end or when not an array. */
const struct eg_json_value *eg_json_first(const struct eg_json_value *array);
const struct eg_json_value *eg_json_next(const struct eg_json_value *element);

/* NULL when value is not a string. */
const char *eg_json_string(const struct eg_json_value *value);
bool eg_json_is_array(const struct eg_json_value *value);

/*
 * A number as decimal text, to 15 significant digits, all that JSON's readers agree on: "0.087".
 * False when value is no number that can be written so in size bytes without an exponent.
 */
bool eg_json_decimal(const struct eg_json_value *value, char *buffer, size_t size);

/*
 * The writer puts commas, quotes and indents; the caller opens and closes in order. Members of an
 * object take a name, elements of an array take NULL. Strings are escaped; bytes that are not
 * UTF-8 become U+FFFD. indent 0 writes everything on one line.
 */
enum { EG_JSON_DEPTH_MAX = 16 };

struct eg_json_writer {
    struct eg_sink *sink;
    unsigned indent;
    unsigned depth;
    bool filled[EG_JSON_DEPTH_MAX]; /* whether this level has a value already */
};

void eg_json_begin(struct eg_json_writer *writer, struct eg_sink *sink, unsigned indent);
void eg_json_open(struct eg_json_writer *writer, const char *name, char bracket); /* '{' or '[' */
void eg_json_close(struct eg_json_writer *writer, char bracket);                  /* '}' or ']' */
void eg_json_put_string(struct eg_json_writer *writer, const char *name, const char *text);
void eg_json_put_u64(struct eg_json_writer *writer, const char *name, uint64_t value);
void eg_json_put_bool(struct eg_json_writer *writer, const char *name, bool value);
void eg_json_put_null(struct eg_json_writer *writer, const char *name);
/* A number already in text, as money is; written as it is. */
void eg_json_put_number(struct eg_json_writer *writer, const char *name, const char *digits);

#ifdef __cplusplus
}
#endif

#endif
