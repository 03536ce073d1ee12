/*
 * A keyed hash for tables that hostile input must not be able to aim at.
 *
 * SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012): keyed, short-input,
 * 64 bits out. A seed is drawn per run by the program that owns the session; results must never
 * depend on it.
 */
#ifndef EG_HASH_H
#define EG_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct eg_hash_key {
    uint64_t k0;
    uint64_t k1;
};

uint64_t eg_hash(const struct eg_hash_key *key, const void *data, size_t length);

__extension__ typedef unsigned __int128 eg_wide;

/*
 * Two 64-bit words, for keys of fixed size, in a few ns: two keyed 64 x 64 -> 128 bit products,
 * folded. Every input bit reaches every output bit, and collisions cannot be aimed without the key;
 * unlike eg_hash() it is no pseudo-random function: never show its values to anyone.
 *
 * The two halves of a 64 x 64 bit product mix every bit of either factor into the middle ones; a
 * second, folded product brings those to all bits. The constants (the fraction of the golden ratio
 * and of the square root of 3) keep a zero word under a zero key from making the product zero.
 */
static inline uint64_t eg_hash_words(const struct eg_hash_key *key, uint64_t a, uint64_t b)
{
    const uint64_t m0 = key->k0 ^ UINT64_C(0x9e3779b97f4a7c15);
    const uint64_t m1 = key->k1 ^ UINT64_C(0xbb67ae8584caa73b);
    const eg_wide first = (eg_wide)(a ^ m0) * (b ^ m1);
    const eg_wide second = (eg_wide)((uint64_t)first ^ m0) * ((uint64_t)(first >> 64) ^ m1);
    return (uint64_t)second ^ (uint64_t)(second >> 64);
}

/*
 * The same in half the time and 32 bits, for the index of a table, out of one product. `mixed` is
 * eg_hash_mixed() of the key.
 *
 * An index searches slot after slot, so what counts is that keys in a row do not lie in a row. The
 * low bits of a word that are multiplied reach bit 64 as a slope below 1: addresses in a row would
 * share a stretch of the table, whatever the key. From bit 32 the slope is up to 2^32, but a step
 * of the word's upper bits leaves the lowest of these alone; those come from bit 64, where its
 * slope is as much.
 */
static inline struct eg_hash_key eg_hash_mixed(const struct eg_hash_key *key)
{
    const struct eg_hash_key mixed = {key->k0 ^ UINT64_C(0x9e3779b97f4a7c15),
                                      key->k1 ^ UINT64_C(0xbb67ae8584caa73b)};
    return mixed;
}

static inline uint32_t eg_hash_middle(const struct eg_hash_key *mixed, uint64_t a, uint64_t b)
{
    const eg_wide product = (eg_wide)(a ^ mixed->k0) * (b ^ mixed->k1);
    return (uint32_t)((uint64_t)product >> 32 ^ (uint64_t)(product >> 64));
}

/*
 * One step over data of any size, 16 bytes at a time: start with mixed->k0, and the last result is
 * the hash. It is as good as eg_hash_words() for what is compared and is no pseudo-random function
 * either. Data of different sizes needs its size in one of the words.
 */
static inline uint64_t eg_hash_step(const struct eg_hash_key *mixed, uint64_t so_far, uint64_t a,
                                    uint64_t b)
{
    const eg_wide product = (eg_wide)(a ^ so_far) * (b ^ mixed->k1);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#ifdef __cplusplus
}
#endif

#endif
