/*
 * Byte strings, each kept once and known by a number.
 */
#ifndef EG_NAMES_H
#define EG_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_NAMES_MAX = 1 << 20 };

/* Start with all zero. Names stay where they are as others are added. */
struct eg_names {
    char **items;
    size_t count;
    uint32_t *slots; /* open addressing; 0: empty, else a number plus one */
    size_t slot_count;
};

/* The number of a name, added if it is new; EG_ERR_NO_MEMORY, EG_ERR_LIMIT. May hold NULs. */
enum eg_status eg_names_add(struct eg_names *names, const char *bytes, size_t length,
                            uint32_t *number);

void eg_names_clear(struct eg_names *names);

#ifdef __cplusplus
}
#endif

#endif
