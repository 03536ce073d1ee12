#include "traffic/station.h"

#include <string.h>

enum { RIVALS = 2, SHARE_PERCENT = 99 };

/* What every Azure VM sees as the other end of all its frames. */
static const struct eg_station fabric = {{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc}, 6};

/* A frame has at most two ends, so at most two stations are an end of more than half of them. */
struct rival {
    struct eg_station station;
    uint64_t weight;
};

static bool same_station(const struct eg_station *a, const struct eg_station *b)
{
    return a->length == b->length && memcmp(a->address, b->address, sizeof a->address) == 0;
}

/* The stations at the ends of a pair that may be the one; returns how many, each once. */
static unsigned stations_of(const struct eg_link_pair *pair, struct eg_station stations[2])
{
    unsigned count = 0;
    if (pair->address_length == 0)
        return 0;
    struct eg_station *station = &stations[0];
    memcpy(station->address, pair->source, sizeof station->address);
    station->length = pair->address_length;
    count += !same_station(station, &fabric);
    if (!pair->has_destination || pair->group)
        return count;
    station = &stations[count];
    memcpy(station->address, pair->destination, sizeof station->address);
    station->length = pair->address_length;
    const bool repeated = count == 1 && same_station(&stations[0], &stations[1]);
    return count + (!repeated && !same_station(station, &fabric));
}

/*
 * Misra and Gries, "Finding repeated elements" (1982): with two rivals, whatever is more than a
 * third of all ends is among them when every end has been seen.
 */
static void weigh(struct rival rivals[RIVALS], const struct eg_station *station, uint64_t packets)
{
    for (unsigned i = 0; i < RIVALS; i++)
        if (rivals[i].weight > 0 && same_station(&rivals[i].station, station)) {
            rivals[i].weight += packets;
            return;
        }
    while (packets > 0) {
        struct rival *weaker = &rivals[rivals[1].weight < rivals[0].weight];
        if (weaker->weight == 0) {
            *weaker = (struct rival){*station, packets};
            return;
        }
        const uint64_t lost = weaker->weight < packets ? weaker->weight : packets;
        for (unsigned i = 0; i < RIVALS; i++)
            rivals[i].weight -= lost;
        packets -= lost;
    }
}

static void weigh_cells(const struct eg_group *group, struct rival rivals[RIVALS])
{
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        struct eg_station ends[2] = {0};
        if (!eg_group_is_unicast(group, &cell))
            continue;
        const unsigned count = stations_of(eg_matrix_link(group->matrix, cell.link), ends);
        for (unsigned e = 0; e < count; e++)
            weigh(rivals, &ends[e], cell.packets);
    }
}

/* Sets each rival's weight to its real one; returns the weight of all frames. */
static uint64_t weigh_again(const struct eg_group *group, struct rival rivals[RIVALS])
{
    uint64_t all = 0;
    for (unsigned r = 0; r < RIVALS; r++)
        rivals[r].weight = 0;
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        struct eg_station ends[2] = {0};
        if (!eg_group_is_unicast(group, &cell))
            continue;
        all += cell.packets;
        const unsigned count = stations_of(eg_matrix_link(group->matrix, cell.link), ends);
        for (unsigned e = 0; e < count; e++)
            for (unsigned r = 0; r < RIVALS; r++)
                if (same_station(&rivals[r].station, &ends[e]))
                    rivals[r].weight += cell.packets;
    }
    return all;
}

struct eg_station eg_station_of(const struct eg_group *group)
{
    struct rival rivals[RIVALS] = {0};
    struct eg_station found = {0};
    unsigned count = 0;
    weigh_cells(group, rivals);
    const uint64_t all = weigh_again(group, rivals);
    for (unsigned r = 0; r < RIVALS; r++)
        if (rivals[r].station.length > 0 && rivals[r].weight * 100 >= all * SHARE_PERCENT) {
            found = rivals[r].station;
            count++;
        }
    return count == 1 ? found : (struct eg_station){0};
}

bool eg_station_sends(const struct eg_station *station, const struct eg_link_pair *pair)
{
    return station->length > 0 && station->length == pair->address_length &&
           memcmp(station->address, pair->source, sizeof station->address) == 0;
}
