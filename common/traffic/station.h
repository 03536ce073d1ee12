/*
 * The one link-layer address that nearly every frame goes from or to: rule 3.4.
 */
#ifndef EG_STATION_H
#define EG_STATION_H

#include "traffic/group.h"

struct eg_station {
    uint8_t address[EG_LINK_ADDRESS_MAX];
    uint8_t length; /* 0: there is none, or more than one */
};

struct eg_station eg_station_of(const struct eg_group *group);

/* Whether a cell's frames were sent from the station. */
bool eg_station_sends(const struct eg_station *station, const struct eg_link_pair *pair);

#endif
