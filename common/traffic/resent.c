/*
 * A hash table of flows with chains, and a list of them all in the order of their last segments:
 * which flow is forgotten does not depend on the seed of the hash.
 *
 * Sequence numbers are compared by their distance from the highest one sent (RFC 9293, 3.4). What
 * is farther away than the largest window (RFC 7323: 1 GiB) is of another connection between the
 * same ports, and so is a SYN with another number.
 */
#include "traffic/resent.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "traffic/store.h"

enum { RANGES_MAX = 4, FARTHEST = 1 << 30, NOBODY = 0 };

/* [begin, end) of sequence numbers. */
struct range {
    uint32_t begin, end;
};

struct flow {
    uint64_t key;                    /* cell, source port, destination port */
    uint32_t chained;                /* the next flow of its hash; number + 1 as all below */
    uint32_t older, newer;           /* in the order of last segments */
    uint32_t syn;                    /* the number of its SYN, if there was one */
    struct range ranges[RANGES_MAX]; /* ascending, apart from one another */
    uint8_t range_count;
    bool has_syn;
};

struct eg_resent {
    struct eg_hash_key key;
    struct eg_store flows; /* struct flow */
    uint32_t *heads;       /* of the chains */
    uint32_t mask;
    uint32_t flows_max;
    uint32_t oldest, newest;
    uint64_t forgotten;
};

/* What is looked at of a segment. */
struct segment {
    uint32_t sequence; /* of its SYN or first byte */
    uint32_t payload;
    bool syn, fin;
};

static uint32_t power_of_two(uint32_t least)
{
    uint32_t power = 1;
    while (power < least)
        power *= 2;
    return power;
}

enum eg_status eg_resent_new(const struct eg_hash_key *key, uint32_t flows_max,
                             struct eg_resent **resent)
{
    struct eg_resent *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    const uint32_t heads = power_of_two(flows_max);
    made->key = *key;
    made->flows.item_size = sizeof(struct flow);
    made->flows_max = flows_max;
    made->mask = heads - 1;
    made->heads = calloc(heads, sizeof *made->heads);
    if (!made->heads) {
        eg_resent_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *resent = made;
    return EG_OK;
}

void eg_resent_free(struct eg_resent *resent)
{
    if (!resent)
        return;
    eg_store_free(&resent->flows);
    free(resent->heads);
    free(resent);
}

uint64_t eg_resent_forgotten(const struct eg_resent *resent)
{
    return resent->forgotten;
}

/* ---- flows ---- */

static struct flow *flow_at(const struct eg_resent *resent, uint32_t number)
{
    return eg_store_at(&resent->flows, number - 1);
}

static uint32_t *head_of(const struct eg_resent *resent, uint64_t key)
{
    return &resent->heads[eg_hash_words(&resent->key, key, 0) & resent->mask];
}

void eg_resent_reset(struct eg_resent *resent)
{
    for (uint32_t i = 1; i <= resent->flows.count; i++)
        *head_of(resent, flow_at(resent, i)->key) = NOBODY;
    resent->flows.count = 0;
    resent->oldest = resent->newest = NOBODY;
}

static void take_out(struct eg_resent *resent, const struct flow *flow)
{
    *(flow->older ? &flow_at(resent, flow->older)->newer : &resent->oldest) = flow->newer;
    *(flow->newer ? &flow_at(resent, flow->newer)->older : &resent->newest) = flow->older;
}

static void put_last(struct eg_resent *resent, uint32_t number)
{
    struct flow *flow = flow_at(resent, number);
    flow->older = resent->newest;
    flow->newer = NOBODY;
    *(flow->older ? &flow_at(resent, flow->older)->newer : &resent->oldest) = number;
    resent->newest = number;
}

/* Takes the oldest flow out of the list and of its chain; its number is free. */
static uint32_t forget_oldest(struct eg_resent *resent)
{
    const uint32_t number = resent->oldest;
    const struct flow *flow = flow_at(resent, number);
    uint32_t *link = head_of(resent, flow->key);
    while (*link != number)
        link = &flow_at(resent, *link)->chained;
    *link = flow->chained;
    take_out(resent, flow);
    resent->forgotten++;
    return number;
}

/* A new flow, in no list yet; NOBODY without memory. */
static uint32_t new_flow(struct eg_resent *resent)
{
    if (resent->flows.count == resent->flows_max)
        return forget_oldest(resent);
    if (!eg_store_reserve(&resent->flows, 1))
        return NOBODY;
    eg_store_push(&resent->flows);
    return resent->flows.count;
}

/* The flow of this key, which is the latest from now on; NULL without memory. */
static struct flow *flow_of(struct eg_resent *resent, uint64_t key)
{
    uint32_t number = *head_of(resent, key);
    while (number != NOBODY && flow_at(resent, number)->key != key)
        number = flow_at(resent, number)->chained;
    if (number == resent->newest && number != NOBODY)
        return flow_at(resent, number);
    if (number != NOBODY) {
        take_out(resent, flow_at(resent, number));
    } else {
        number = new_flow(resent);
        if (number == NOBODY)
            return NULL;
        uint32_t *head = head_of(resent, key);
        *flow_at(resent, number) = (struct flow){.key = key, .chained = *head};
        *head = number;
    }
    put_last(resent, number);
    return flow_at(resent, number);
}

/* ---- ranges, by their distance from the end of the highest one ---- */

struct span {
    int64_t begin, end;
};

static uint32_t top_of(const struct flow *flow)
{
    return flow->ranges[flow->range_count - 1].end;
}

static int64_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

static struct span span_at(const struct flow *flow, unsigned i)
{
    const uint32_t top = top_of(flow);
    return (struct span){distance(top, flow->ranges[i].begin), distance(top, flow->ranges[i].end)};
}

/* How much of a span was sent before. */
static uint64_t sent_before(const struct flow *flow, const struct span *span)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < flow->range_count; i++) {
        const struct span sent = span_at(flow, i);
        const int64_t begin = sent.begin > span->begin ? sent.begin : span->begin;
        const int64_t end = sent.end < span->end ? sent.end : span->end;
        sum += end > begin ? (uint64_t)(end - begin) : 0;
    }
    return sum;
}

/* Of more ranges than there is room for, the lowest is the least likely to be sent again. */
static void keep_highest(struct flow *flow, const struct span *spans, unsigned count, uint32_t top)
{
    const int64_t highest = spans[count - 1].end;
    flow->range_count = 0;
    for (unsigned i = count > RANGES_MAX ? count - RANGES_MAX : 0; i < count; i++) {
        const int64_t lowest = highest - FARTHEST;
        const int64_t begin = spans[i].begin > lowest ? spans[i].begin : lowest;
        if (spans[i].end > begin)
            flow->ranges[flow->range_count++] =
                (struct range){top + (uint32_t)begin, top + (uint32_t)spans[i].end};
    }
}

/* Those that touch one another become one. */
static void add_span(struct flow *flow, struct span added)
{
    struct span spans[RANGES_MAX + 1];
    unsigned count = 0, i = 0;
    const uint32_t top = top_of(flow);
    for (; i < flow->range_count && span_at(flow, i).end < added.begin; i++)
        spans[count++] = span_at(flow, i);
    for (; i < flow->range_count && span_at(flow, i).begin <= added.end; i++) {
        const struct span met = span_at(flow, i);
        added.begin = met.begin < added.begin ? met.begin : added.begin;
        added.end = met.end > added.end ? met.end : added.end;
    }
    spans[count++] = added;
    for (; i < flow->range_count; i++)
        spans[count++] = span_at(flow, i);
    keep_highest(flow, spans, count, top);
}

/* ---- segments ---- */

/* False: it is none that can be sent again. */
static bool read_segment(const struct eg_frame *frame, const struct eg_packet *packet,
                         struct segment *segment)
{
    enum { FIN = 0x01, RST = 0x04, SEQUENCE_OFFSET = 4, LEAST = 14 };
    struct eg_cursor at = eg_cursor_over(frame->data, frame->captured);
    const uint64_t headers = (uint64_t)packet->header_bytes + packet->upper_header_bytes;
    if (packet->protocol != EG_PROTOCOL_TCP || packet->fragment || packet->upper_captured < LEAST ||
        packet->tcp_flags & RST || packet->ip_bytes < headers ||
        packet->ip_bytes - headers >= FARTHEST ||
        !eg_cursor_skip(&at, (size_t)packet->upper_offset + SEQUENCE_OFFSET) ||
        !eg_cursor_u32(&at, &segment->sequence))
        return false;
    segment->payload = (uint32_t)(packet->ip_bytes - headers);
    segment->syn = packet->tcp_flags & EG_TCP_SYN;
    segment->fin = packet->tcp_flags & FIN;
    return segment->payload || segment->syn || segment->fin;
}

/* RFC 9293, 3.8.4: at most one byte, of a number that was sent. */
static bool is_keep_alive(const struct flow *flow, const struct segment *segment)
{
    return segment->payload == 1 && !segment->syn && !segment->fin &&
           segment->sequence + 1 == top_of(flow);
}

/* Whether the segment is the first of another connection than the flow knows. */
static bool is_of_another(const struct flow *flow, const struct segment *segment)
{
    if (flow->range_count == 0)
        return true;
    if (segment->syn && (!flow->has_syn || flow->syn != segment->sequence))
        return true;
    const int64_t away = distance(top_of(flow), segment->sequence);
    return away > FARTHEST || away < -FARTHEST;
}

static uint32_t numbers_of(const struct segment *segment)
{
    return segment->payload + segment->syn + segment->fin;
}

static void begin_connection(struct flow *flow, const struct segment *segment)
{
    flow->ranges[0] = (struct range){segment->sequence, segment->sequence + numbers_of(segment)};
    flow->range_count = 1;
    flow->has_syn = segment->syn;
    flow->syn = segment->sequence;
}

static void go_on(struct flow *flow, const struct segment *segment, struct eg_again *again)
{
    const int64_t begin = distance(top_of(flow), segment->sequence);
    const struct span all = {begin, begin + numbers_of(segment)};
    const struct span data = {begin + segment->syn, begin + segment->syn + segment->payload};
    again->payload = sent_before(flow, &data);
    again->whole = sent_before(flow, &all) == numbers_of(segment);
    if (!again->whole)
        add_span(flow, all);
}

enum eg_status eg_resent_check(struct eg_resent *resent, const struct eg_frame *frame,
                               const struct eg_packet *packet, uint32_t cell,
                               struct eg_again *again)
{
    struct segment segment;
    *again = (struct eg_again){.payload = 0};
    if (!read_segment(frame, packet, &segment))
        return EG_OK;
    struct flow *flow = flow_of(resent, (uint64_t)cell << 32 | (uint32_t)packet->source_port << 16 |
                                            packet->destination_port);
    if (!flow)
        return EG_ERR_NO_MEMORY;
    if (is_of_another(flow, &segment))
        begin_connection(flow, &segment);
    else if (!is_keep_alive(flow, &segment))
        go_on(flow, &segment, again);
    return EG_OK;
}
