#include "traffic/station.h"

#include <string.h>

enum { RIVALS = 2, SHARE_PERCENT = 99, SUMS = 64 };

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
    /* Also of one that has lost all its weight: it would be in both places, and no longer alone. */
    for (unsigned i = 0; i < RIVALS; i++)
        if (same_station(&rivals[i].station, station)) {
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

/* What the stations are weighed with: the packets between the two ends of a frame. */
struct scales {
    struct rival rivals[RIVALS];
    uint64_t all; /* packets */
};

typedef void weigh_pair(struct scales *scales, const struct eg_link_pair *pair, uint64_t packets);

static void find_rivals(struct scales *scales, const struct eg_link_pair *pair, uint64_t packets)
{
    struct eg_station ends[2] = {0};
    const unsigned count = stations_of(pair, ends);
    for (unsigned e = 0; e < count; e++)
        weigh(scales->rivals, &ends[e], packets);
}

static void weigh_again(struct scales *scales, const struct eg_link_pair *pair, uint64_t packets)
{
    struct eg_station ends[2] = {0};
    const unsigned count = stations_of(pair, ends);
    scales->all += packets;
    for (unsigned e = 0; e < count; e++)
        for (unsigned r = 0; r < RIVALS; r++)
            if (same_station(&scales->rivals[r].station, &ends[e]))
                scales->rivals[r].weight += packets;
}

/* Cells far outnumber the pairs they are between: packets of one pair are summed, then weighed. */
static void weigh_pairs(const struct eg_group *group, weigh_pair *take, struct scales *scales)
{
    struct {
        uint64_t packets;
        uint32_t link;
    } sums[SUMS] = {0};
    for (uint32_t i = 0; i < group->cell_count; i++) {
        const struct eg_cell cell = eg_group_cell(group, i);
        const uint32_t at = cell.link % SUMS;
        if (!eg_group_is_unicast(group, &cell))
            continue;
        if (sums[at].link != cell.link && sums[at].packets > 0) {
            take(scales, eg_matrix_link(group->matrix, sums[at].link), sums[at].packets);
            sums[at].packets = 0;
        }
        sums[at].link = cell.link;
        sums[at].packets += cell.packets;
    }
    for (uint32_t at = 0; at < SUMS; at++)
        if (sums[at].packets > 0)
            take(scales, eg_matrix_link(group->matrix, sums[at].link), sums[at].packets);
}

struct eg_station eg_station_of(const struct eg_group *group)
{
    struct scales scales = {0};
    struct eg_station found = {0};
    unsigned count = 0;
    weigh_pairs(group, find_rivals, &scales);
    for (unsigned r = 0; r < RIVALS; r++)
        scales.rivals[r].weight = 0;
    weigh_pairs(group, weigh_again, &scales);
    for (unsigned r = 0; r < RIVALS; r++)
        if (scales.rivals[r].station.length > 0 &&
            scales.rivals[r].weight * 100 >= scales.all * SHARE_PERCENT) {
            found = scales.rivals[r].station;
            count++;
        }
    return count == 1 ? found : (struct eg_station){0};
}

bool eg_station_sends(const struct eg_station *station, const struct eg_link_pair *pair)
{
    return station->length > 0 && station->length == pair->address_length &&
           memcmp(station->address, pair->source, sizeof station->address) == 0;
}
