/*
 * Who logged the events of a trace, and how many.
 */
#ifndef EG_ETL_PROVIDERS_H
#define EG_ETL_PROVIDERS_H

#include "base/error.h"
#include "capture/etl/etl_record.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_ETL_PROVIDERS_MAX = 4096, EG_ETL_PROVIDER_NAME = 96 };

struct eg_etl_provider {
    struct eg_etl_guid guid;
    uint64_t events;
    char name[EG_ETL_PROVIDER_NAME]; /* "Microsoft-Windows-TCPIP"; else the GUID */
};

/* Start with {0}. */
struct eg_etl_providers {
    struct eg_etl_provider *items; /* in order of GUID, until sorted */
    size_t count;
    size_t capacity;
    size_t last; /* found: events come in runs */
};

void eg_etl_providers_clear(struct eg_etl_providers *providers);

/*
 * Counts an event, and learns the name of a provider where the record tells one. Of too many
 * providers the last ones are left out. EG_ERR_NO_MEMORY.
 */
enum eg_status eg_etl_providers_count(struct eg_etl_providers *providers,
                                      const struct eg_etl_record *record);

/* Gives names to all that have none, drops those without events, and sorts: most events first. */
void eg_etl_providers_finish(struct eg_etl_providers *providers);

#ifdef __cplusplus
}
#endif

#endif
