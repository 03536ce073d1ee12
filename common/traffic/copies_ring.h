/*
 * Inside traffic/: where copies are looked for, and the short way there, of plain frames.
 *
 * A sighting is one key, the time of its first frame, and how many frames each interface showed of
 * it. Sightings stand in a ring in the order in which their windows began and are found by chains:
 * a table of heads names the newest of each chain, and each names the one before it. They are named
 * by a number that counts on and is not used again, so a name tells by itself whether what it names
 * is still there: what leaves the ring is in no chain without being taken out of one.
 */
#ifndef EG_COPIES_RING_H
#define EG_COPIES_RING_H

#include "traffic/copies.h"
#include "traffic/packet_key.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_SIGHTING_INTERFACES = 4 }; /* of one sighting; a key seen on more has more of them */

struct eg_sighting {
    uint64_t key;
    uint64_t first; /* eg_copies_moment() of the first frame; 0: of no key, in nobody's window */
    uint16_t interface[EG_SIGHTING_INTERFACES];
    uint16_t count[EG_SIGHTING_INTERFACES]; /* 0: the place is free; the used ones come first */
    uint32_t before;                        /* the next older one of the chain */
};

struct eg_copies {
    struct eg_sighting *ring;
    uint32_t *heads;
    uint32_t head_mask;
    uint32_t ring_mask;
    uint32_t capacity; /* of the ring, a power of two */
    uint32_t next;     /* number; at least 2 * capacity, so that 0 names nothing */
    uint32_t last;     /* the number before which all are numbered anew */
    uint64_t window;
    uint64_t twice; /* the window */
    uint64_t evicted;
    struct eg_hash_key mixed; /* of the seed */
    struct eg_hash_key seed;
    enum eg_dedup mode;
};

/* Times as numbers above 0. */
static inline uint64_t eg_copies_moment(int64_t time)
{
    return (uint64_t)time ^ UINT64_C(1) << 63; /* EG_NO_TIME is 0 */
}

/* Up to here, and from 1970 on, eg_copies_is_near() is exact. */
#define EG_COPIES_USUAL_TIME ((uint64_t)1 << 62)

/*
 * Captures of several interfaces are not always in order, so the window reaches both ways. Differs
 * from what is_within() says for moments that are almost 2^64 apart only.
 */
static inline bool eg_copies_is_near(const struct eg_copies *copies, uint64_t first,
                                     uint64_t moment)
{
    return copies->window + moment - first <= copies->twice;
}

static inline struct eg_sighting *eg_copies_at(const struct eg_copies *copies, uint32_t number)
{
    return &copies->ring[number & copies->ring_mask];
}

/* Whether what has this number is in the ring. */
static inline bool eg_copies_has(const struct eg_copies *copies, uint32_t number)
{
    return copies->next - number <= copies->capacity;
}

void eg_copies_number_anew(struct eg_copies *copies);

/* The first frame of a key whose window began at `first`. It takes the place of the oldest. */
EG_INLINE void eg_copies_append(struct eg_copies *copies, uint32_t *head, uint64_t key,
                                uint64_t first, uint16_t interface, bool evicts)
{
    struct eg_sighting *sighting = eg_copies_at(copies, copies->next);
    copies->evicted += evicts;
    static const uint16_t one[EG_SIGHTING_INTERFACES] = {1};
    sighting->key = key;
    sighting->first = first;
    sighting->interface[0] = interface;
    memcpy(sighting->count, one, sizeof one);
    sighting->before = *head;
    *head = copies->next;
    copies->next++;
    if (EG_UNLIKELY(copies->next == copies->last))
        eg_copies_number_anew(copies);
}

/* identified: the frame's bytes alone tell whether it is a copy, rule 2.2. */
enum eg_copy_verdict eg_copies_answer_plain(struct eg_copies *copies, uint64_t key, int64_t time,
                                            const struct eg_way *way, bool identified);

/* at: of a head. */
static inline bool eg_copies_may_know(const struct eg_copies *copies, uint32_t at, uint64_t key)
{
    while (eg_copies_has(copies, at)) {
        const struct eg_sighting *sighting = eg_copies_at(copies, at);
        if (sighting->key == key)
            return true;
        at = sighting->before;
    }
    return false;
}

/*
 * Whether a frame of a usual time is the first of its key, as nearly all are: it is an original,
 * and noted. Else nothing is, and the answer is that of eg_copies_answer_plain().
 */
EG_INLINE bool eg_copies_is_first(struct eg_copies *copies, uint64_t key, int64_t time,
                                  uint16_t interface)
{
    uint32_t *head = &copies->heads[key & copies->head_mask];
    if (EG_UNLIKELY((uint64_t)time > EG_COPIES_USUAL_TIME) ||
        eg_copies_may_know(copies, *head, key))
        return false;
    const uint64_t moment = eg_copies_moment(time);
    const uint64_t oldest = eg_copies_at(copies, copies->next)->first;
    eg_copies_append(copies, head, key, moment, interface,
                     eg_copies_is_near(copies, oldest, moment));
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
