/*
 * UTF-8 as it comes from outside: sequences that are well formed, and all others.
 */
#ifndef EG_UTF8_H
#define EG_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* The code point of such a sequence. */
uint32_t eg_utf8_code(const char *sequence, size_t length);

/*
 * Whether a sequence is nothing to be seen, but does something to what is around it: a control
 * character (a terminal takes U+009B for an escape), or a mark that turns the order of letters
 * (Unicode TR 36, 2.10: a name can look like another).
 */
bool eg_utf8_is_unseen(const char *sequence, size_t length);

#ifdef __cplusplus
}
#endif

#endif
