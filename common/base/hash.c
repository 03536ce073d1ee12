#include "base/hash.h"

struct sip_state {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(struct sip_state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static void sip_absorb(struct sip_state *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s); /* the 1 of 1-3 */
    s->v0 ^= word;
}

/* Spelled out, compilers make one load of it. */
static uint64_t little_endian(const uint8_t *b)
{
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

/* Up to seven bytes, and the length (modulo 256) above them. */
static uint64_t last_word(const uint8_t *bytes, size_t count, size_t length)
{
    uint64_t word = (uint64_t)length << 56;
    for (size_t i = 0; i < count; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

uint64_t eg_hash(const struct eg_hash_key *key, const void *data, size_t length)
{
    /* "somepseudorandomlygeneratedbytes", the paper's constants */
    struct sip_state s = {
        key->k0 ^ UINT64_C(0x736f6d6570736575),
        key->k1 ^ UINT64_C(0x646f72616e646f6d),
        key->k0 ^ UINT64_C(0x6c7967656e657261),
        key->k1 ^ UINT64_C(0x7465646279746573),
    };
    const uint8_t *bytes = data;
    const size_t whole = length - length % 8;
    for (size_t i = 0; i < whole; i += 8)
        sip_absorb(&s, little_endian(bytes + i));
    sip_absorb(&s, last_word(bytes + whole, length % 8, length));
    s.v2 ^= 0xff;
    for (unsigned i = 0; i < 3; i++) /* the 3 */
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
