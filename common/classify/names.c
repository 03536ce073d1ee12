#include "classify/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* In front of each name's bytes, which a NUL follows. */
struct head {
    size_t length;
};

static const struct head *head_of(const char *name)
{
    return (const struct head *)(const void *)(name - sizeof(struct head));
}

/* The names are a configuration file's: its author gains nothing by aiming at the table. */
static size_t first_slot(const struct eg_names *names, const char *bytes, size_t length)
{
    static const struct eg_hash_key key = {0, 0};
    return (size_t)eg_hash(&key, bytes, length) & (names->slot_count - 1);
}

/* Where the name is, or the empty slot where it belongs. */
static size_t find_slot(const struct eg_names *names, const char *bytes, size_t length)
{
    size_t slot = first_slot(names, bytes, length);
    while (names->slots[slot] != 0) {
        const char *name = names->items[names->slots[slot] - 1];
        if (head_of(name)->length == length && memcmp(name, bytes, length) == 0)
            break;
        slot = (slot + 1) & (names->slot_count - 1);
    }
    return slot;
}

/* Keeps the table at most half full, and room for one more item. */
static enum eg_status grow(struct eg_names *names)
{
    if (names->count < names->slot_count / 2)
        return EG_OK;
    if (names->count >= EG_NAMES_MAX)
        return EG_ERR_LIMIT;
    const size_t slot_count = names->slot_count == 0 ? 64 : 2 * names->slot_count;
    char **items = realloc(names->items, slot_count / 2 * sizeof *items);
    if (items != NULL)
        names->items = items;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (items == NULL || slots == NULL) {
        free(slots);
        return EG_ERR_NO_MEMORY;
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = slot_count;
    for (size_t i = 0; i < names->count; i++)
        slots[find_slot(names, items[i], head_of(items[i])->length)] = (uint32_t)i + 1;
    return EG_OK;
}

static char *copy_name(const char *bytes, size_t length)
{
    struct head *head = malloc(sizeof *head + length + 1);
    if (head == NULL)
        return NULL;
    head->length = length;
    char *name = (char *)(head + 1);
    memcpy(name, bytes, length);
    name[length] = '\0';
    return name;
}

enum eg_status eg_names_add(struct eg_names *names, const char *bytes, size_t length,
                            uint32_t *number)
{
    const enum eg_status status = grow(names);
    if (status != EG_OK)
        return status;
    const size_t slot = find_slot(names, bytes, length);
    if (names->slots[slot] == 0) {
        char *name = copy_name(bytes, length);
        if (name == NULL)
            return EG_ERR_NO_MEMORY;
        names->items[names->count++] = name;
        names->slots[slot] = (uint32_t)names->count;
    }
    *number = names->slots[slot] - 1;
    return EG_OK;
}

void eg_names_clear(struct eg_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i] - sizeof(struct head));
    free(names->items);
    free(names->slots);
    *names = (struct eg_names){0};
}
