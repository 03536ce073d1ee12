#include "traffic/copies.h"

#include <stdlib.h>
#include <string.h>

#include "traffic/copies_ring.h"
#include "traffic/packet_key.h"

/*
 * A key that is seen again after its window begins a new one: in a new sighting, and the old ones
 * are of no key from then on. When the ring is full the one whose window began first makes room.
 */
enum {
    INTERFACES = EG_SIGHTING_INTERFACES,
    KEY_SIGHTINGS = 64,  /* what is flooded to more interfaces is not counted on the rest of them */
    CAPACITY_MIN = 4096, /* for windows near 0 */
    CAPACITY_MAX = 1024 * 1024,
    NS_A_SIGHTING = 31, /* a frame every 31 ns is twice the rate of a 10 Gbit/s link */
    HEADS = 2,          /* as many as sightings, times this */
    NAMES = 64,         /* numbers in a row, times the capacity */
};

static uint32_t capacity_for(uint64_t window)
{
    uint32_t capacity = CAPACITY_MIN;
    while (capacity < CAPACITY_MAX && capacity < window / NS_A_SIGHTING)
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
    made->mixed = eg_hash_mixed(key);
    made->twice = 2 * made->window;
    made->capacity = capacity_for(made->window);
    made->ring_mask = made->capacity - 1;
    made->head_mask = made->capacity * HEADS - 1;
    made->next = made->capacity * 2;
    made->last = made->capacity * NAMES;
    /* All 0: of no key, and naming nothing. Pages that no frame needs are never touched. */
    made->ring = calloc(made->capacity, sizeof *made->ring);
    made->heads = calloc((size_t)made->capacity * HEADS, sizeof *made->heads);
    if (!made->ring || !made->heads) {
        eg_copies_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *copies = made;
    return EG_OK;
}

void eg_copies_free(struct eg_copies *copies)
{
    if (!copies)
        return;
    free(copies->ring);
    free(copies->heads);
    free(copies);
}

/* How many of the ring are or were of a key. */
static uint32_t used_of(const struct eg_copies *copies)
{
    const uint32_t used = copies->next - 2 * copies->capacity;
    return used < copies->capacity ? used : copies->capacity;
}

void eg_copies_reset(struct eg_copies *copies)
{
    const uint32_t used = used_of(copies);
    if (used == 0)
        return;
    memset(copies->ring, 0, used * sizeof *copies->ring);
    memset(copies->heads, 0, (size_t)copies->capacity * HEADS * sizeof *copies->heads);
    copies->next = 2 * copies->capacity;
}

/* Each sighting keeps its place in the ring. */
void eg_copies_number_anew(struct eg_copies *copies)
{
    const uint32_t mask = copies->ring_mask;
    const uint32_t less = copies->next - ((copies->next & mask) + 3 * copies->capacity);
    for (uint32_t i = 0; i <= copies->head_mask; i++)
        copies->heads[i] = eg_copies_has(copies, copies->heads[i]) ? copies->heads[i] - less : 0;
    for (uint32_t i = 0; i <= mask; i++) {
        uint32_t *before = &copies->ring[i].before;
        *before = eg_copies_has(copies, *before) ? *before - less : 0;
    }
    copies->next -= less;
}

uint64_t eg_copies_evicted(const struct eg_copies *copies)
{
    return copies->evicted;
}

static bool is_within(const struct eg_copies *copies, uint64_t first, uint64_t moment)
{
    const uint64_t apart = moment > first ? moment - first : first - moment;
    return first != 0 && apart <= copies->window;
}

/* ---- sightings ------------------------------------------------------------------------------ */

/* What those of one key say about one interface. */
struct sightings {
    uint16_t *own;            /* this interface's count; NULL: not seen here yet */
    uint16_t others;          /* the highest count of any other interface */
    uint64_t first;           /* of the window, if there is one */
    struct eg_sighting *open; /* has a place for one more interface */
    bool any;                 /* a frame in the window */
    unsigned number;
};

static void read_sighting(struct eg_sighting *sighting, uint16_t interface, struct sightings *seen)
{
    seen->first = sighting->first;
    seen->number++;
    seen->any = true;
    for (unsigned i = 0; i < INTERFACES; i++) {
        if (sighting->count[i] == 0) {
            seen->open = sighting;
            break;
        }
        if (sighting->interface[i] == interface)
            seen->own = &sighting->count[i];
        else if (sighting->count[i] > seen->others)
            seen->others = sighting->count[i];
    }
}

/* Takes those of a window that is over out of their chain. */
static struct sightings look_up(struct eg_copies *copies, uint32_t *head, uint64_t key,
                                uint64_t moment, uint16_t interface)
{
    struct sightings seen = {.first = moment};
    uint32_t *link = head;
    while (eg_copies_has(copies, *link)) {
        struct eg_sighting *sighting = eg_copies_at(copies, *link);
        if (sighting->key == key && !is_within(copies, sighting->first, moment)) {
            sighting->first = 0;
            *link = sighting->before;
            continue;
        }
        if (sighting->key == key)
            read_sighting(sighting, interface, &seen);
        link = &sighting->before;
    }
    return seen;
}

/* Counts a frame on an interface that had not shown the key yet. */
static void count_first(struct eg_sighting *sighting, uint16_t interface)
{
    unsigned place = 0;
    while (sighting->count[place] != 0)
        place++;
    sighting->interface[place] = interface;
    sighting->count[place] = 1;
}

/* What is asked of a frame that has a key. */
struct question {
    uint64_t key;
    uint64_t moment;
    uint16_t interface;
    bool known;
    bool identified; /* nothing but its bytes tells it apart, and they do: rule 2.2 */
};

static void count_frame(struct eg_copies *copies, uint32_t *head, const struct question *question,
                        const struct sightings *seen)
{
    const struct eg_sighting *oldest = eg_copies_at(copies, copies->next);
    if (seen->own)
        *seen->own = (uint16_t)(*seen->own + (*seen->own < UINT16_MAX));
    else if (seen->open)
        count_first(seen->open, question->interface);
    else if (seen->number < KEY_SIGHTINGS)
        eg_copies_append(copies, head, question->key, seen->first, question->interface,
                         is_within(copies, oldest->first, question->moment));
}

/* ---- the rule ------------------------------------------------------------------------------ */

/* The k-th frame on an interface is a copy if another interface already showed k. */
static bool is_shown_elsewhere(const struct sightings *seen)
{
    const uint16_t before = seen->own ? *seen->own : 0;
    return seen->others > before;
}

static enum eg_copy_verdict answer(struct eg_copies *copies, const struct question *question)
{
    uint32_t *head = &copies->heads[question->key & copies->head_mask];
    const struct sightings seen =
        look_up(copies, head, question->key, question->moment, question->interface);
    bool copy = question->known && is_shown_elsewhere(&seen);
    /* Two NICs of one VM share a link address: an identification tells two sends apart. */
    if (question->identified)
        copy = seen.any;
    count_frame(copies, head, question, &seen);
    return copy ? EG_COPY_DUPLICATE : EG_COPY_ORIGINAL;
}

static bool looks_at(const struct eg_copies *copies, uint8_t cooked, bool known)
{
    return copies->mode == EG_DEDUP_ON || (copies->mode == EG_DEDUP_AUTO && (known || cooked == 1));
}

enum eg_copy_verdict eg_copies_check(struct eg_copies *copies, const struct eg_frame *frame,
                                     const struct eg_packet *packet, uint16_t interface, bool known)
{
    const uint8_t cooked = packet->link.cooked;
    if (!looks_at(copies, cooked, known))
        return EG_COPY_NOT_LOOKED_AT;
    struct question question = {
        .moment = eg_copies_moment(frame->time),
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
    const uint8_t cooked = eg_plain_cooked(frame->link);
    return looks_at(copies, cooked, cooked != 0 || frame->interface != EG_NO_INTERFACE);
}

bool eg_copies_needs_known(const struct eg_copies *copies, int32_t link)
{
    return !looks_at(copies, eg_plain_cooked(link), false);
}

enum eg_copy_verdict eg_copies_answer_plain(struct eg_copies *copies, uint64_t key, int64_t time,
                                            const struct eg_way *way, bool identified)
{
    const struct question question = {
        .key = key,
        .moment = eg_copies_moment(time),
        .interface = way->number,
        .known = (way->flags & EG_WAY_TOLD_APART) != 0,
        .identified = identified,
    };
    return time == EG_NO_TIME ? EG_COPY_NO_KEY : answer(copies, &question);
}

/* ---- two of them compared ------------------------------------------------------------------ */

/*
 * A sighting is dead when no frame that is still to come lies in its window: it can then only give
 * way to a new one of its key, or make room. So verdicts depend on those that are not dead. What is
 * evicted depends on their order as well. Let the newest n of both rings be the same one by one,
 * and all behind them dead. Both rings then go on by one for each key whose window begins, whether
 * an old sighting of it is found or not, and for each further sighting of that window: so both come
 * to evict the same one at the same frame.
 */
static bool is_dead(const struct eg_copies *copies, uint64_t first, uint64_t earliest)
{
    return first == 0 || earliest == 0 || (earliest > first && earliest - first > copies->window);
}

/* The newest but n. */
static const struct eg_sighting *newest_but(const struct eg_copies *copies, uint32_t n)
{
    return eg_copies_at(copies, copies->next - 1 - n);
}

/* How many of the newest hold all that are not dead. */
static uint32_t count_living(const struct eg_copies *copies, uint64_t earliest)
{
    uint32_t count = used_of(copies);
    while (count > 0 && is_dead(copies, newest_but(copies, count - 1)->first, earliest))
        count--;
    return count;
}

static bool are_equal(const struct eg_sighting *a, const struct eg_sighting *b,
                      const uint16_t *interface_of)
{
    if (a->first != b->first || (a->first != 0 && a->key != b->key))
        return false;
    for (unsigned i = 0; i < INTERFACES && a->first != 0; i++) {
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
    const uint64_t moment = eg_copies_moment(earliest);
    const uint32_t living_a = count_living(a, moment), living_b = count_living(b, moment);
    const uint32_t count = living_a > living_b ? living_a : living_b;
    if (count > used_of(a) || count > used_of(b))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!are_equal(newest_but(a, i), newest_but(b, i), interface_of))
            return false;
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
    memcpy(made->ring, copies->ring, used_of(copies) * sizeof *made->ring);
    memcpy(made->heads, copies->heads, (size_t)copies->capacity * HEADS * sizeof *made->heads);
    made->next = copies->next;
    made->evicted = copies->evicted;
    return made;
}
