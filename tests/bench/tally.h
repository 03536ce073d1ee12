/*
 * Bytes per destination, as a small program of one's own counts them: what the loops over libpcap
 * and libwiretap do with a packet. The table is an open one, so that it is the library that is
 * measured; GHashTable would cost 16 to 26 ns a packet.
 */
#ifndef TALLY_H
#define TALLY_H

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TALLY_ETHERNET = 14, TALLY_COOKED2 = 20, TALLY_SLOTS_BEGIN = 1 << 16 };

struct tally_slot {
    uint8_t address[16]; /* IPv4 in the first four */
    uint8_t size;        /* of the address; 0: the slot is empty */
    uint64_t packets;
    uint64_t ip_bytes;
};

struct tally {
    struct tally_slot *slots;
    size_t count, used; /* slots: a power of 2 */
    uint64_t frames, not_ip;
};

static inline struct tally_slot *tally_allocate(size_t count)
{
    struct tally_slot *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        perror("tally");
        exit(1);
    }
    return slots;
}

static inline struct tally tally_new(void)
{
    return (struct tally){.slots = tally_allocate(TALLY_SLOTS_BEGIN), .count = TALLY_SLOTS_BEGIN};
}

static inline uint64_t tally_word(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline struct tally_slot *tally_slot_of(struct tally *tally, const uint8_t address[16],
                                               uint8_t size)
{
    uint64_t hash =
        (tally_word(address) ^ (tally_word(address + 8) * UINT64_C(0x9e3779b97f4a7c15)));
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    for (size_t at = (size_t)(hash >> 32);; at++) {
        struct tally_slot *slot = &tally->slots[at & (tally->count - 1)];
        if (slot->size == 0 || (slot->size == size && memcmp(slot->address, address, 16) == 0))
            return slot;
    }
}

static inline void tally_grow(struct tally *tally)
{
    const struct tally old = *tally;
    tally->count *= 2;
    tally->slots = tally_allocate(tally->count);
    for (size_t i = 0; i < old.count; i++)
        if (old.slots[i].size != 0)
            *tally_slot_of(tally, old.slots[i].address, old.slots[i].size) = old.slots[i];
    free(old.slots);
}

static inline void tally_add(struct tally *tally, const uint8_t *address, uint8_t size,
                             uint64_t ip_bytes)
{
    uint8_t padded[16] = {0};
    memcpy(padded, address, size);
    struct tally_slot *slot = tally_slot_of(tally, padded, size);
    slot->packets++;
    slot->ip_bytes += ip_bytes;
    if (slot->size != 0)
        return;
    slot->size = size;
    memcpy(slot->address, padded, sizeof padded);
    if (++tally->used * 2 > tally->count)
        tally_grow(tally);
}

static inline unsigned tally_16(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* An Ethernet frame, perhaps with VLAN tags, or one of Linux cooked v2. */
static inline void tally_frame(struct tally *tally, const uint8_t *bytes, size_t captured,
                               bool cooked2)
{
    size_t at = cooked2 ? TALLY_COOKED2 : TALLY_ETHERNET;
    tally->frames++;
    if (captured < at)
        return (void)tally->not_ip++;
    unsigned type = tally_16(bytes + (cooked2 ? 0 : 12));
    while (type == 0x8100 && captured >= at + 4) {
        type = tally_16(bytes + at + 2);
        at += 4;
    }
    if (type == 0x0800 && captured >= at + 20)
        tally_add(tally, bytes + at + 16, 4, tally_16(bytes + at + 2));
    else if (type == 0x86dd && captured >= at + 40)
        tally_add(tally, bytes + at + 24, 16, tally_16(bytes + at + 4) + 40);
    else
        tally->not_ip++;
}

/* A line a destination: address, packets, bytes. */
static inline void tally_print(const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_slot *slot = &tally->slots[i];
        char text[INET6_ADDRSTRLEN];
        if (slot->size == 0)
            continue;
        inet_ntop(slot->size == 4 ? AF_INET : AF_INET6, slot->address, text, sizeof text);
        printf("%s,%" PRIu64 ",%" PRIu64 "\n", text, slot->packets, slot->ip_bytes);
    }
}

#endif
