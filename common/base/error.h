/*
 * Status codes, and an error a caller can show: what was wrong, and where.
 *
 * A function that can fail returns an enum eg_status. If it also takes a struct eg_error *, that
 * may be NULL; it is written only when the status is not EG_OK. Nothing here allocates.
 */
#ifndef EG_ERROR_H
#define EG_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum eg_status {
    EG_OK = 0,
    EG_ERR_NO_MEMORY, /* an allocation failed */
    EG_ERR_IO,        /* a file could not be opened, read or written */
    EG_ERR_SYNTAX,    /* a text does not have the form its format asks for */
    EG_ERR_VALUE,     /* a value is well formed and wrong: unknown name, out of range */
    EG_ERR_LIMIT,     /* a table has reached its ceiling */
};

enum {
    EG_ERROR_FILE_MAX = 256,    /* longer paths keep their tail */
    EG_ERROR_MESSAGE_MAX = 512, /* longer messages are cut */
};

struct eg_error {
    enum eg_status status;
    unsigned line;                      /* from 1; 0: no line applies */
    unsigned column;                    /* from 1, in bytes; 0: no column applies */
    char file[EG_ERROR_FILE_MAX];       /* "": no file applies */
    char message[EG_ERROR_MESSAGE_MAX]; /* lower case, no full stop */
};

#if defined(__GNUC__)
#define EG_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define EG_PRINTF(format_index, first)
#endif

/* For the few functions that are only fast as a part of their caller, and their usual ways. */
#if defined(__GNUC__)
#define EG_INLINE         __attribute__((always_inline)) static inline
#define EG_NOINLINE       __attribute__((noinline)) static
#define EG_LIKELY(what)   __builtin_expect(!!(what), 1)
#define EG_UNLIKELY(what) __builtin_expect(!!(what), 0)
#else
#define EG_INLINE         static inline
#define EG_NOINLINE       static
#define EG_LIKELY(what)   (what)
#define EG_UNLIKELY(what) (what)
#endif

/* Fills *error (if not NULL) without a place and returns status, so that `return eg_fail(...)`
 * reads. */
enum eg_status eg_fail(struct eg_error *error, enum eg_status status, const char *format, ...)
    EG_PRINTF(3, 4);

/* The same with a place; file may be NULL, line and column 0. */
enum eg_status eg_fail_at(struct eg_error *error, enum eg_status status, const char *file,
                          unsigned line, unsigned column, const char *format, ...) EG_PRINTF(6, 7);

/* The same at a byte of `text`, whose line and column are counted. */
enum eg_status eg_fail_in_text(struct eg_error *error, enum eg_status status, const char *file,
                               const char *text, const char *place, const char *format, ...)
    EG_PRINTF(6, 7);

/* EG_ERR_NO_MEMORY with its usual message. */
enum eg_status eg_fail_no_memory(struct eg_error *error);

/* Writes "'rates.csv':12:7: message" (the parts that apply) into buffer; returns buffer. */
const char *eg_error_text(const struct eg_error *error, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
