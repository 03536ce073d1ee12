/*
 * UTF-8 as it comes from outside: sequences that are well formed, and all others.
 */
#ifndef EG_UTF8_H
#define EG_UTF8_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* U+FFFD, what stands for bytes that are none. */
#define EG_UTF8_REPLACEMENT "\xef\xbf\xbd"

/*
 * How many bytes the sequence at `text` has (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF); 0 when there is none. A terminator ends it like any wrong byte.
 */
size_t eg_utf8_sequence(const char *text);

#ifdef __cplusplus
}
#endif

#endif
