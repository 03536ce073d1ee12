/*
 * What a packet looks like on every device it crosses, as one number: rule 2.2.
 *
 * A key is a hash of the header and of up to 64 bytes behind it, without what changes on the way.
 * A plain packet's is taken from the frame as it lies there, with masks over what is left out.
 */
#ifndef EG_PACKET_KEY_H
#define EG_PACKET_KEY_H

#include "base/hash.h"
#include "packet/packet.h"
#include "packet/plain.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EG_KEY_UPPER = 64, /* bytes behind the headers that are looked at */
    EG_KEY_PLAIN_V4 = EG_PLAIN_IPV4 + EG_KEY_UPPER,
    EG_KEY_PLAIN_V6 = EG_PLAIN_IPV6 + EG_KEY_UPPER,
};

/* False when too little of the packet was captured to know it again. */
bool eg_packet_key(const struct eg_hash_key *seed, const struct eg_frame *frame,
                   const struct eg_packet *packet, uint64_t *key);

/* The IPv4 identification; 0 for IPv6, which has none in its fixed header. */
uint16_t eg_packet_identification(const struct eg_frame *frame, const struct eg_packet *packet);

EG_INLINE uint16_t eg_plain_identification(const struct eg_plain *plain)
{
    return plain->six ? 0 : eg_plain_u16(plain->ip + 4);
}

/* ---- of plain frames ------------------------------------------------------------------------ */

#define EG_ALL_2  0xff, 0xff
#define EG_ALL_4  EG_ALL_2, EG_ALL_2
#define EG_ALL_8  EG_ALL_4, EG_ALL_4
#define EG_ALL_16 EG_ALL_8, EG_ALL_8
#define EG_ALL_32 EG_ALL_16, EG_ALL_16

/* DSCP and ECN, TTL and header checksum are left out; traffic class and hop limit. */
#define EG_MASK_V4 0xff, 0, EG_ALL_2, EG_ALL_4, 0, 0xff, 0, 0, EG_ALL_8
#define EG_MASK_V6 0xf0, 0x0f, EG_ALL_4, 0xff, 0, EG_ALL_32

/* RFC 9293 and RFC 768: checksums that a device may fill in after the packet was first seen. */
#define EG_MASK_TCP EG_ALL_16, 0, 0, EG_ALL_2, EG_ALL_4, EG_ALL_8, EG_ALL_32
#define EG_MASK_UDP EG_ALL_4, EG_ALL_2, 0, 0, EG_ALL_8, EG_ALL_16, EG_ALL_32

static const uint8_t eg_mask_v4_tcp[EG_KEY_PLAIN_V4] = {EG_MASK_V4, EG_MASK_TCP};
static const uint8_t eg_mask_v4_udp[EG_KEY_PLAIN_V4] = {EG_MASK_V4, EG_MASK_UDP};
static const uint8_t eg_mask_v6_tcp[EG_KEY_PLAIN_V6] = {EG_MASK_V6, EG_MASK_TCP};
static const uint8_t eg_mask_v6_udp[EG_KEY_PLAIN_V6] = {EG_MASK_V6, EG_MASK_UDP};

enum { EG_KEY_BLOCK = 16 };

EG_INLINE uint64_t eg_key_word(const uint8_t *ip, const uint8_t *mask, size_t at)
{
    return eg_load64(ip + at) & eg_load64(mask + at);
}

/*
 * Blocks of 16 bytes, but for the first: whole ones while more than that is left, then the last 16
 * bytes, some of which may have been in the block before. `most` is what `length` can be.
 */
EG_INLINE uint64_t eg_key_blocks(const struct eg_hash_key *mixed, uint64_t key, const uint8_t *ip,
                                 const uint8_t *mask, size_t length, size_t most)
{
    size_t at = EG_KEY_BLOCK;
    for (; at + EG_KEY_BLOCK < most && at + EG_KEY_BLOCK < length; at += EG_KEY_BLOCK)
        key = eg_hash_step(mixed, key, eg_key_word(ip, mask, at), eg_key_word(ip, mask, at + 8));
    at = length - EG_KEY_BLOCK;
    return eg_hash_step(mixed, key, eg_key_word(ip, mask, at), eg_key_word(ip, mask, at + 8));
}

/* Hint and length of what is hashed take places of the header that are left out. */
EG_INLINE uint64_t eg_key_of_v4(const struct eg_hash_key *mixed, const uint8_t *ip,
                                const uint8_t *mask, uint8_t hint, size_t length)
{
    const uint8_t more[8] = {hint, 0, (uint8_t)length, 0, 0, 0, 0, 0};
    const uint64_t first = eg_hash_step(mixed, mixed->k0, eg_key_word(ip, mask, 0),
                                        eg_key_word(ip, mask, 8) | eg_load64(more));
    return eg_key_blocks(mixed, first, ip, mask, length, EG_KEY_PLAIN_V4);
}

EG_INLINE uint64_t eg_key_of_v6(const struct eg_hash_key *mixed, const uint8_t *ip,
                                const uint8_t *mask, uint8_t hint, size_t length)
{
    const uint8_t more[8] = {0, (uint8_t)(hint << 4), 0, 0, 0, 0, 0, (uint8_t)length};
    const uint64_t first = eg_hash_step(
        mixed, mixed->k0, eg_key_word(ip, mask, 0) | eg_load64(more), eg_key_word(ip, mask, 8));
    return eg_key_blocks(mixed, first, ip, mask, length, EG_KEY_PLAIN_V6);
}

/* The bytes of the packet that were captured, but for those beyond `most`. */
EG_INLINE size_t eg_key_length(const struct eg_plain *plain, uint32_t most)
{
    const uint32_t length = plain->ip_bytes < most ? plain->ip_bytes : most;
    return length < plain->captured ? length : plain->captured;
}

/* Of `length` bytes that begin with the header. */
uint64_t eg_plain_key_v6(const struct eg_hash_key *mixed, const uint8_t *ip, uint8_t protocol,
                         uint8_t hint, size_t length);

/*
 * eg_packet_key() of a plain frame, of which enough was captured. mixed: eg_hash_mixed() of the
 * seed; hint: as the packet's would be.
 */
EG_INLINE uint64_t eg_plain_key(const struct eg_hash_key *mixed, const struct eg_plain *plain,
                                uint8_t hint)
{
    if (EG_UNLIKELY(plain->six))
        return eg_plain_key_v6(mixed, plain->ip, plain->protocol, hint,
                               eg_key_length(plain, EG_KEY_PLAIN_V6));
    const size_t length = eg_key_length(plain, EG_KEY_PLAIN_V4);
    if (EG_LIKELY(plain->protocol == EG_PROTOCOL_TCP))
        return eg_key_of_v4(mixed, plain->ip, eg_mask_v4_tcp, hint, length);
    return eg_key_of_v4(mixed, plain->ip, eg_mask_v4_udp, hint, length);
}

#ifdef __cplusplus
}
#endif

#endif
