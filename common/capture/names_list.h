/*
 * The names that a file itself gives to addresses: the records of pcapng's name resolution blocks,
 * one behind the other in one piece of memory, whoever read them.
 */
#ifndef EG_NAMES_LIST_H
#define EG_NAMES_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All zero: empty. At most 4 MiB; what comes behind that is passed over. */
struct eg_names_list {
    uint8_t *bytes;
    size_t size, room;
};

/* A name as it stands in the file, and not terminated; valid until the list changes. */
struct eg_capture_name {
    const uint8_t *address;
    size_t address_bytes; /* 4 or 16 */
    const char *text;
    size_t length;
};

/*
 * Adds one; one without letters or with more than 255 of them is passed over, as it is in no total.
 * False without memory.
 */
bool eg_names_list_add(struct eg_names_list *list, const struct eg_capture_name *name);

/* Adds all of `from`. False without memory: a part may have been added. */
bool eg_names_list_add_all(struct eg_names_list *list, const struct eg_names_list *from);

/* The next one, from *at, at first 0. False behind the last. */
bool eg_names_list_next(const struct eg_names_list *list, size_t *at, struct eg_capture_name *name);

void eg_names_list_clear(struct eg_names_list *list);

#ifdef __cplusplus
}
#endif

#endif
