#include "traffic/copies.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/packet_key.h"

/*
 * A record is one key, the time of its first frame, and how many frames each interface showed of
 * it. Records are found by chains from a table of heads, and stand in a list by age: when all are
 * in use, the one whose window began first makes room. A key seen again after its window begins a
 * new one in the same records, so a key never has more of them than its interfaces fill.
 */
enum {
    INTERFACES = 4,     /* of one record; a key seen on more has more records */
    KEY_RECORDS = 64,   /* what is flooded to more interfaces is not counted on the rest of them */
    RECORDS_MIN = 4096, /* for windows near 0 */
    RECORDS_MAX = 1024 * 1024,
    NS_A_RECORD = 31, /* a frame every 31 ns is twice the rate of a 10 Gbit/s link */
    NONE = UINT32_MAX,
};

struct record {
    uint64_t key;
    int64_t first;
    uint16_t interface[INTERFACES];
    uint16_t count[INTERFACES]; /* 0: the place is free; the used ones come first */
    uint32_t chain;             /* next record under the same head */
    uint32_t older;
    uint32_t newer;
    bool released; /* of no key, and in no chain */
};

struct eg_copies {
    enum eg_dedup mode;
    uint64_t window;
    struct eg_hash_key seed;
    struct record *records;
    uint32_t *heads; /* as many as records, a power of two */
    uint32_t capacity;
    uint32_t used;
    uint32_t oldest;
    uint32_t newest;
    uint64_t evicted;
};

static uint32_t capacity_for(uint64_t window)
{
    uint32_t capacity = RECORDS_MIN;
    while (capacity < RECORDS_MAX && capacity < window / NS_A_RECORD)
        capacity *= 2;
    return capacity;
}

enum eg_status eg_copies_new(enum eg_dedup mode, int64_t window, const struct eg_hash_key *key,
                             struct eg_copies **copies)
{
    struct eg_copies *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->mode = mode;
    made->window = window > 0 ? (uint64_t)window : 0;
    made->seed = *key;
    made->capacity = capacity_for(made->window);
    made->records = malloc(made->capacity * sizeof *made->records);
    made->heads = malloc(made->capacity * sizeof *made->heads);
    if (!made->records || !made->heads) {
        eg_copies_free(made);
        return EG_ERR_NO_MEMORY;
    }
    eg_copies_reset(made);
    *copies = made;
    return EG_OK;
}

void eg_copies_free(struct eg_copies *copies)
{
    if (!copies)
        return;
    free(copies->records);
    free(copies->heads);
    free(copies);
}

void eg_copies_reset(struct eg_copies *copies)
{
    memset(copies->heads, 0xff, copies->capacity * sizeof *copies->heads); /* all NONE */
    copies->used = 0;
    copies->oldest = copies->newest = NONE;
}

uint64_t eg_copies_evicted(const struct eg_copies *copies)
{
    return copies->evicted;
}

/* Captures of several interfaces are not always in order, so the window reaches both ways. */
static bool is_within(const struct eg_copies *copies, const struct record *record, int64_t time)
{
    const uint64_t apart = time > record->first ? (uint64_t)time - (uint64_t)record->first
                                                : (uint64_t)record->first - (uint64_t)time;
    return apart <= copies->window;
}

static uint32_t *head_of(struct eg_copies *copies, uint64_t key)
{
    return &copies->heads[key & (copies->capacity - 1)];
}

/* ---- the list by age ----------------------------------------------------------------------- */

static void append(struct eg_copies *copies, uint32_t number)
{
    struct record *record = &copies->records[number];
    record->older = copies->newest;
    record->newer = NONE;
    if (copies->newest == NONE)
        copies->oldest = number;
    else
        copies->records[copies->newest].newer = number;
    copies->newest = number;
}

static void take_out(struct eg_copies *copies, uint32_t number)
{
    const struct record *record = &copies->records[number];
    if (record->older == NONE)
        copies->oldest = record->newer;
    else
        copies->records[record->older].newer = record->newer;
    if (record->newer == NONE)
        copies->newest = record->older;
    else
        copies->records[record->newer].older = record->older;
}

static void unchain(struct eg_copies *copies, uint32_t number)
{
    uint32_t *at = head_of(copies, copies->records[number].key);
    while (*at != number)
        at = &copies->records[*at].chain;
    *at = copies->records[number].chain;
}

/* ---- records ------------------------------------------------------------------------------- */

/* What the records of one key say about one interface. */
struct sightings {
    uint16_t *own;       /* this interface's count; NULL: not seen here yet */
    uint16_t others;     /* the highest count of any other interface */
    int64_t first;       /* of the window, if there is one */
    struct record *open; /* has a place for one more interface */
    bool any;            /* a frame in the window */
    unsigned records;
};

/* A key's window ended, and another one begins in one of its records. */
static void begin_again(struct eg_copies *copies, uint32_t number, int64_t time)
{
    struct record *record = &copies->records[number];
    record->first = time;
    memset(record->count, 0, sizeof record->count);
    take_out(copies, number);
    append(copies, number);
}

/* The key's other records, whose window began with that one's. */
static void release(struct eg_copies *copies, uint32_t number)
{
    struct record *record = &copies->records[number];
    unchain(copies, number);
    if (copies->oldest != number) {
        take_out(copies, number);
        record->older = NONE;
        record->newer = copies->oldest;
        copies->records[copies->oldest].older = number;
        copies->oldest = number;
    }
    record->released = true;
    record->first = EG_NO_TIME; /* in nobody's window */
}

static void read_record(struct record *record, uint16_t interface, struct sightings *seen)
{
    seen->first = record->first;
    seen->records++;
    for (unsigned i = 0; i < INTERFACES; i++) {
        if (record->count[i] == 0) {
            seen->open = record;
            break;
        }
        seen->any = true;
        if (record->interface[i] == interface)
            seen->own = &record->count[i];
        else if (record->count[i] > seen->others)
            seen->others = record->count[i];
    }
}

static struct sightings look_up(struct eg_copies *copies, uint64_t key, int64_t time,
                                uint16_t interface)
{
    struct sightings seen = {.first = time};
    bool again = false;
    for (uint32_t at = *head_of(copies, key), next; at != NONE; at = next) {
        struct record *record = &copies->records[at];
        next = record->chain;
        if (record->key != key)
            continue;
        if (!is_within(copies, record, time)) {
            if (again) {
                release(copies, at);
                continue;
            }
            begin_again(copies, at, time);
            again = true;
        }
        read_record(record, interface, &seen);
    }
    return seen;
}

/* A record that is in no chain and no list: a new one, or the one whose window began first. */
static uint32_t take_record(struct eg_copies *copies, int64_t time)
{
    if (copies->used < copies->capacity)
        return copies->used++;
    const uint32_t number = copies->oldest;
    copies->evicted += is_within(copies, &copies->records[number], time);
    if (!copies->records[number].released)
        unchain(copies, number);
    take_out(copies, number);
    return number;
}

/* Opens a record for a key whose window began at `first`. */
static struct record *open_record(struct eg_copies *copies, uint64_t key, int64_t time,
                                  int64_t first)
{
    const uint32_t number = take_record(copies, time);
    uint32_t *head = head_of(copies, key);
    struct record *record = &copies->records[number];
    *record = (struct record){.key = key, .first = first, .chain = *head};
    *head = number;
    append(copies, number);
    return record;
}

/* Counts a frame on an interface that had not shown the key yet. */
static void count_first(struct record *record, uint16_t interface)
{
    unsigned place = 0;
    while (record->count[place] != 0)
        place++;
    record->interface[place] = interface;
    record->count[place] = 1;
}

static void count_frame(struct eg_copies *copies, uint64_t key, int64_t time, uint16_t interface,
                        const struct sightings *seen)
{
    if (seen->own)
        *seen->own = (uint16_t)(*seen->own + (*seen->own < UINT16_MAX));
    else if (seen->open)
        count_first(seen->open, interface);
    else if (seen->records < KEY_RECORDS)
        count_first(open_record(copies, key, time, seen->first), interface);
}

/* ---- the rule ------------------------------------------------------------------------------ */

static bool looks_at(const struct eg_copies *copies, uint8_t cooked, bool known)
{
    return copies->mode == EG_DEDUP_ON || (copies->mode == EG_DEDUP_AUTO && (known || cooked == 1));
}

/* What is asked of a frame that has a key. */
struct question {
    uint64_t key;
    int64_t time;
    uint16_t interface;
    bool known;
    bool identified; /* nothing but its bytes tells it apart, and they do: rule 2.2 */
};

/* The k-th frame on an interface is a copy if another interface already showed k. */
static bool is_shown_elsewhere(const struct sightings *seen)
{
    const uint16_t before = seen->own ? *seen->own : 0;
    return seen->others > before;
}

static enum eg_copy_verdict answer(struct eg_copies *copies, const struct question *question)
{
    const struct sightings seen =
        look_up(copies, question->key, question->time, question->interface);
    bool copy = question->known && is_shown_elsewhere(&seen);
    /* Two NICs of one VM share a link address: an identification tells two sends apart. */
    if (question->identified)
        copy = seen.any;
    count_frame(copies, question->key, question->time, question->interface, &seen);
    return copy ? EG_COPY_DUPLICATE : EG_COPY_ORIGINAL;
}

enum eg_copy_verdict eg_copies_check(struct eg_copies *copies, const struct eg_frame *frame,
                                     const struct eg_packet *packet, uint16_t interface, bool known)
{
    const uint8_t cooked = packet->link.cooked;
    if (!looks_at(copies, cooked, known))
        return EG_COPY_NOT_LOOKED_AT;
    struct question question = {
        .time = frame->time,
        .interface = interface,
        .known = known,
        .identified = (cooked == 1 || !known) && eg_packet_identification(frame, packet) != 0,
    };
    if (frame->time == EG_NO_TIME || !eg_packet_key(&copies->seed, frame, packet, &question.key))
        return EG_COPY_NO_KEY;
    return answer(copies, &question);
}

bool eg_copies_may_look(const struct eg_copies *copies, const struct eg_frame *frame)
{
    return looks_at(copies, 0, frame->interface != EG_NO_INTERFACE);
}

enum eg_copy_verdict eg_copies_check_plain(struct eg_copies *copies, int32_t link, int64_t time,
                                           const struct eg_plain *plain, const struct eg_way *way)
{
    const uint8_t cooked = eg_plain_cooked(link);
    if (!looks_at(copies, cooked, way->told_apart))
        return EG_COPY_NOT_LOOKED_AT;
    if (time == EG_NO_TIME)
        return EG_COPY_NO_KEY;
    const struct question question = {
        .key = eg_plain_key(&copies->seed, plain, (enum eg_hint)way->hint),
        .time = time,
        .interface = way->number,
        .known = way->told_apart,
        .identified = (cooked == 1 || !way->told_apart) && eg_plain_identification(plain) != 0,
    };
    return answer(copies, &question);
}

/* ---- two of them compared ------------------------------------------------------------------ */

/*
 * A record is dead when no frame that is still to come lies in its window: it can then only begin
 * again, as a new one would, or make room. So verdicts depend on the records that are not dead.
 * What is evicted depends on the order of the list as well. Let the newest n records of both lists
 * be the same one by one, and all behind them dead. Both then have as many records that are dead or
 * were never used, and use one up for each key whose window begins, whether that finds its old
 * record or takes the oldest, and for each further record of that window: so both come to evict the
 * same record at the same frame.
 */
static bool is_dead(const struct eg_copies *copies, uint32_t number, int64_t earliest)
{
    const int64_t first = copies->records[number].first;
    return earliest == EG_NO_TIME ||
           (earliest > first && (uint64_t)earliest - (uint64_t)first > copies->window);
}

/* How many of the newest records hold all that are not dead. */
static uint32_t count_living(const struct eg_copies *copies, int64_t earliest)
{
    uint32_t count = 0, living = 0;
    for (uint32_t at = copies->newest; at != NONE; at = copies->records[at].older) {
        count++;
        if (!is_dead(copies, at, earliest))
            living = count;
    }
    return living;
}

static bool records_equal(const struct record *a, const struct record *b,
                          const uint16_t *interface_of)
{
    if (a->key != b->key || a->first != b->first)
        return false;
    for (unsigned i = 0; i < INTERFACES; i++) {
        if (a->count[i] != b->count[i])
            return false;
        if (a->count[i] == 0)
            break;
        if (interface_of[a->interface[i]] != b->interface[i])
            return false;
    }
    return true;
}

bool eg_copies_agree(const struct eg_copies *a, const struct eg_copies *b,
                     const uint16_t *interface_of, int64_t earliest)
{
    const uint32_t living_a = count_living(a, earliest), living_b = count_living(b, earliest);
    const uint32_t count = living_a > living_b ? living_a : living_b;
    uint32_t at_a = a->newest, at_b = b->newest;
    for (uint32_t i = 0; i < count; i++) {
        if (at_a == NONE || at_b == NONE ||
            !records_equal(&a->records[at_a], &b->records[at_b], interface_of))
            return false;
        at_a = a->records[at_a].older;
        at_b = b->records[at_b].older;
    }
    return true;
}

void eg_copies_forget_evicted(struct eg_copies *copies)
{
    copies->evicted = 0;
}

struct eg_copies *eg_copies_copy(const struct eg_copies *copies)
{
    struct eg_copies *made;
    const int64_t window = (int64_t)copies->window;
    if (eg_copies_new(copies->mode, window, &copies->seed, &made) != EG_OK)
        return NULL;
    memcpy(made->records, copies->records, copies->used * sizeof *made->records);
    memcpy(made->heads, copies->heads, copies->capacity * sizeof *made->heads);
    made->used = copies->used;
    made->oldest = copies->oldest;
    made->newest = copies->newest;
    made->evicted = copies->evicted;
    return made;
}
