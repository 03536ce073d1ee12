/*
 * The first pass over a trace: a directory of the buffers that have packets, and what can only be
 * known once all is read. pktmon tells what its components are at the end.
 */
#ifndef EG_ETL_SCAN_H
#define EG_ETL_SCAN_H

#include "capture/etl/etl_clock.h"
#include "capture/etl/etl_components.h"
#include "capture/etl/etl_merge.h"
#include "capture/etl/etl_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_etl_scan {
    struct eg_etl_facts facts; /* but for the tables */
    struct eg_etl_interfaces interfaces;
    struct eg_etl_components cards;      /* netsh: by IfIndex */
    struct eg_etl_components components; /* pktmon: by ComponentId */
    struct eg_etl_providers providers;
    struct eg_etl_clock *clocks; /* one a log: a file may have several, one behind the other */
    size_t clock_count;
    struct eg_etl_entry *entries;
    size_t entry_count, entry_capacity;
    bool grouped; /* pktmon tells appearances of a packet */
};

/* Start with a zeroed scan, and clear it whatever the outcome. */
enum eg_status eg_etl_scan(struct eg_etl_loader *loader, struct eg_etl_scan *scan,
                           struct eg_error *error);
void eg_etl_scan_clear(struct eg_etl_scan *scan);

/* Whether an event has the bytes of a packet, of whichever provider. */
bool eg_etl_is_packet(const struct eg_etl_record *record);
enum eg_etl_parse eg_etl_parse_packet(const struct eg_etl_record *record,
                                      struct eg_etl_packet *packet);

#ifdef __cplusplus
}
#endif

#endif
