/*
 * Warnings in other languages than English. A text that has no translation stays as it is, as do
 * the names and notes that come from captures and files.
 */
#ifndef EG_TRANSLATIONS_H
#define EG_TRANSLATIONS_H

#include <stdarg.h>

#include "config.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define EG_FORMAT_ARG(n) __attribute__((format_arg(n)))
#else
#define EG_FORMAT_ARG(n)
#endif

/*
 * The format that says the same in another language, with the arguments of the first, taken by
 * number (POSIX: "%2$s"); the format itself when there is none.
 */
const char *eg_translate(enum eg_language language, const char *format) EG_FORMAT_ARG(2);

/* Puts what a format says into `text`, in English, and into `shown`, in the language. */
void eg_say_in_both(enum eg_language language, const char *format, va_list arguments, char *text,
                    size_t text_size, char *shown, size_t shown_size) EG_PRINTF(2, 0);

/* The pairs, for tests; false behind the last. */
bool eg_translation_at(size_t index, enum eg_language language, const char **english,
                       const char **other);

#ifdef __cplusplus
}
#endif

#endif
