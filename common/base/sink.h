/*
 * Where output goes: the core never prints. A face wraps stdout, a file, a string or a GUI.
 */
#ifndef EG_SINK_H
#define EG_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Takes all `length` bytes or fails. Owned by the caller; `context` is passed through. */
struct eg_sink {
    enum eg_status (*write)(void *context, const char *bytes, size_t length);
    void *context;
    enum eg_status status; /* the first failure; later writes are then dropped. Start with EG_OK */
};

void eg_sink_bytes(struct eg_sink *sink, const char *bytes, size_t length);
void eg_sink_text(struct eg_sink *sink, const char *text);
void eg_sink_format(struct eg_sink *sink, const char *format, ...) EG_PRINTF(2, 3);

/* A growing string as a sink. `text` is always terminated, and NULL only before the first write. */
struct eg_string {
    char *text;
    size_t length;
    size_t capacity;
};

struct eg_sink eg_string_sink(struct eg_string *string);
void eg_string_free(struct eg_string *string);

#ifdef __cplusplus
}
#endif

#endif
