#include "capture/etl/etl_components.h"

#include <stdlib.h>
#include <string.h>

void eg_etl_components_clear(struct eg_etl_components *components)
{
    free(components->items);
    *components = (struct eg_etl_components){0};
}

/* Where id is, or would be. */
static size_t place_of(const struct eg_etl_components *components, uint32_t id)
{
    size_t low = 0, high = components->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (components->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct eg_etl_components *components, size_t place, uint32_t id)
{
    return place < components->count && components->items[place].id == id;
}

const struct eg_etl_component *eg_etl_components_find(const struct eg_etl_components *components,
                                                      uint32_t id)
{
    const size_t place = place_of(components, id);
    return is_at(components, place, id) ? &components->items[place] : NULL;
}

static enum eg_status grow(struct eg_etl_components *components)
{
    if (components->count == EG_ETL_COMPONENTS_MAX)
        return EG_ERR_LIMIT;
    if (components->count < components->capacity)
        return EG_OK;
    const size_t capacity = components->capacity ? 2 * components->capacity : 16;
    struct eg_etl_component *grown = realloc(components->items, capacity * sizeof *grown);
    if (!grown)
        return EG_ERR_NO_MEMORY;
    components->items = grown;
    components->capacity = capacity;
    return EG_OK;
}

enum eg_status eg_etl_components_add(struct eg_etl_components *components, uint32_t id,
                                     struct eg_etl_component **component)
{
    const size_t place = place_of(components, id);
    if (!is_at(components, place, id)) {
        const enum eg_status status = grow(components);
        if (status != EG_OK)
            return status;
        struct eg_etl_component *item = &components->items[place];
        memmove(item + 1, item, (components->count - place) * sizeof *item);
        *item = (struct eg_etl_component){.id = id};
        components->count++;
    }
    *component = &components->items[place];
    return EG_OK;
}
