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

#ifdef __cplusplus
extern "C" {
#endif

struct eg_hash_key {
    uint64_t k0;
    uint64_t k1;
};

uint64_t eg_hash(const struct eg_hash_key *key, const void *data, size_t length);

/*
 * Two 64-bit words, for keys of fixed size, in a few ns: two keyed 64 x 64 -> 128 bit products,
 * folded. Every input bit reaches every output bit, and collisions cannot be aimed without the key;
 * unlike eg_hash() it is no pseudo-random function: never show its values to anyone.
 */
uint64_t eg_hash_words(const struct eg_hash_key *key, uint64_t a, uint64_t b);

#ifdef __cplusplus
}
#endif

#endif
