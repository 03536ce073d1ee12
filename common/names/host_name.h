/*
 * What counts as the name of a host, so that nothing else of a payload gets into a report.
 */
#ifndef EG_HOST_NAME_H
#define EG_HOST_NAME_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_HOST_NAME_MAX = 254 }; /* RFC 1035, 2.3.4, as text with its end */

/*
 * Writes the name in lower case and without the dot of the root. False when it is none: labels of 1
 * to 63 letters, digits, '-' and '_' that do not begin with '-', the last one not a number (or it
 * would be an address), 253 bytes at most. Whatever a terminal, a page or a spreadsheet takes for
 * more than text is none of these.
 */
bool eg_host_name_read(const void *bytes, size_t length, char name[EG_HOST_NAME_MAX]);

#ifdef __cplusplus
}
#endif

#endif
