/*
 * Microsoft-Windows-PktMon, the provider behind `pktmon start --capture`. It logs a packet at
 * every component that it passes, 8 to 13 times.
 */
#ifndef EG_PKTMON_H
#define EG_PKTMON_H

#include "capture/etl/etl_components.h"
#include "capture/etl/etl_interfaces.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the event has the bytes of a packet; cheap. */
bool eg_pktmon_is_packet(const struct eg_etl_record *record);

/* Of an event that has. */
enum eg_etl_parse eg_pktmon_parse(const struct eg_etl_record *record, struct eg_etl_packet *packet);

/* Learns from the events that describe components, which come at the end. EG_ERR_NO_MEMORY. */
enum eg_status eg_pktmon_learn(const struct eg_etl_record *record,
                               struct eg_etl_components *components);

/*
 * Chooses interfaces so that each packet counts once: network cards (miniports), or what is next
 * to them. grouped: appearances of a packet can be told, and only the first one counts.
 */
enum eg_pktmon_choice {
    EG_PKTMON_CARDS, /* a packet forwarded from one to another counts once each way */
    EG_PKTMON_NEXT_TO_CARDS,
    EG_PKTMON_FIRST_APPEARANCE,
    EG_PKTMON_BUSIEST, /* a guess: nothing tells what the components are */
    EG_PKTMON_ALL,     /* copies cannot be told: nothing is known next to a card */
};
enum eg_pktmon_choice eg_pktmon_choose(struct eg_etl_interfaces *interfaces,
                                       const struct eg_etl_components *components, bool grouped);

/* Packets that were seen lately; a fixed table, since appearances are close to each other. */
struct eg_pktmon_groups;

/* by_direction: once each way. */
enum eg_status eg_pktmon_groups_new(bool by_direction, struct eg_pktmon_groups **groups);
void eg_pktmon_groups_free(struct eg_pktmon_groups *groups);

/* Whether the packet appears for the first time, as far as is remembered. */
bool eg_pktmon_groups_first(struct eg_pktmon_groups *groups, const struct eg_etl_packet *packet);

#ifdef __cplusplus
}
#endif

#endif
