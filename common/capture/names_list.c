#include "capture/names_list.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 4 * 1024 * 1024, NAME_MAX_KEPT = 255 };

static bool reserve(struct eg_names_list *list, size_t more)
{
    if (list->size + more <= list->room)
        return true;
    const size_t room = (list->size + more) * 2;
    uint8_t *grown = realloc(list->bytes, room);
    if (!grown)
        return false;
    list->bytes = grown;
    list->room = room;
    return true;
}

/* Kept as: bytes of the address, the address, bytes of the name, the name. */
bool eg_names_list_add(struct eg_names_list *list, const struct eg_capture_name *name)
{
    const size_t more = 2 + name->address_bytes + name->length;
    if (name->length == 0 || name->length > NAME_MAX_KEPT || list->size + more > NAMES_MAX)
        return true;
    if (!reserve(list, more))
        return false;
    uint8_t *to = list->bytes + list->size;
    *to++ = (uint8_t)name->address_bytes;
    memcpy(to, name->address, name->address_bytes);
    to += name->address_bytes;
    *to++ = (uint8_t)name->length;
    memcpy(to, name->text, name->length);
    list->size += more;
    return true;
}

bool eg_names_list_add_all(struct eg_names_list *list, const struct eg_names_list *from)
{
    struct eg_capture_name name;
    for (size_t at = 0; eg_names_list_next(from, &at, &name);)
        if (!eg_names_list_add(list, &name))
            return false;
    return true;
}

bool eg_names_list_next(const struct eg_names_list *list, size_t *at, struct eg_capture_name *name)
{
    if (*at >= list->size)
        return false;
    const uint8_t *from = list->bytes + *at;
    name->address_bytes = *from++;
    name->address = from;
    from += name->address_bytes;
    name->length = *from++;
    name->text = (const char *)from;
    *at = (size_t)(from + name->length - list->bytes);
    return true;
}

void eg_names_list_clear(struct eg_names_list *list)
{
    free(list->bytes);
    *list = (struct eg_names_list){.bytes = NULL};
}
