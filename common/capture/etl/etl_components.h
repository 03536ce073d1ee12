/*
 * What a trace tells of the parts of Windows that packets pass, by number.
 */
#ifndef EG_ETL_COMPONENTS_H
#define EG_ETL_COMPONENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_ETL_COMPONENTS_MAX = 4096, EG_ETL_COMPONENT_TEXT = 96, EG_ETL_MAC = 6 };

struct eg_etl_component {
    uint32_t id;
    uint16_t type; /* pktmon's; 0: not told */
    char name[EG_ETL_COMPONENT_TEXT];
    char description[EG_ETL_COMPONENT_TEXT];
    bool has_index;
    uint32_t index; /* IfIndex */
    bool has_mac;
    uint8_t mac[EG_ETL_MAC];
};

/* Start with {0}. */
struct eg_etl_components {
    struct eg_etl_component *items; /* in order of id */
    size_t count;
    size_t capacity;
};

void eg_etl_components_clear(struct eg_etl_components *components);

/* NULL: not told of. */
const struct eg_etl_component *eg_etl_components_find(const struct eg_etl_components *components,
                                                      uint32_t id);

/* The one with this number, made if need be. EG_ERR_LIMIT, EG_ERR_NO_MEMORY. */
enum eg_status eg_etl_components_add(struct eg_etl_components *components, uint32_t id,
                                     struct eg_etl_component **component);

#ifdef __cplusplus
}
#endif

#endif
