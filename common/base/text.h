/*
 * Letters whatever the locale, and text put together in a buffer of fixed size.
 */
#ifndef EG_TEXT_H
#define EG_TEXT_H

#include <stddef.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 'a' for 'A'; every byte that is not an ASCII capital is left alone. */
static inline char eg_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* As strcmp(), with capitals taken for small letters. */
int eg_text_compare(const char *a, const char *b);

/* Adds to the terminated text in buffer; what does not fit in its `size` bytes is cut off. */
void eg_text_append(char *buffer, size_t size, const char *format, ...) EG_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
