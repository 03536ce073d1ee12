/*
 * Addresses, link pairs and interfaces, each kept once and numbered in order of appearance.
 */
#ifndef EG_INTERNING_H
#define EG_INTERNING_H

#include <string.h>

#include "base/hash.h"
#include "traffic/matrix.h"
#include "traffic/store.h"

/* One kind of thing: the things, and where each is found by its hash. */
struct eg_interned {
    struct eg_store store;
    struct eg_index index;
    uint32_t limit;
};

void eg_interned_free(struct eg_interned *interned);

/*
 * Addresses in a word each, so that those of IPv4, nearly all, take 4 bytes and a comparison each:
 * the address itself as it is in memory, or an IPv6 address's place among the wide ones.
 */
struct eg_addresses {
    struct eg_store words; /* uint32_t; as many as there are addresses */
    struct eg_store wide;  /* 16 bytes each */
    struct eg_store six;   /* uint32_t: a bit for each address, set for IPv6 */
    struct eg_index index;
    uint32_t limit;
};

void eg_addresses_init(struct eg_addresses *addresses, uint32_t limit);
void eg_addresses_free(struct eg_addresses *addresses);

/* Makes sure that the next `more` addresses can be added. */
bool eg_addresses_reserve(struct eg_addresses *addresses, const struct eg_hash_key *key,
                          uint32_t more);

/* The address's number, or EG_INDEX_NONE. */
uint32_t eg_addresses_find(const struct eg_addresses *addresses, const struct eg_hash_key *key,
                           const struct eg_address *address);

/* Adds an address that is not there. Only after eg_addresses_reserve(). */
uint32_t eg_addresses_add(struct eg_addresses *addresses, const struct eg_hash_key *key,
                          const struct eg_address *address);

static inline uint32_t eg_addresses_word(const struct eg_addresses *addresses, uint32_t number)
{
    return ((const uint32_t *)(const void *)addresses->words.items)[number];
}

static inline bool eg_addresses_is_six(const struct eg_addresses *addresses, uint32_t number)
{
    return ((const uint32_t *)(const void *)addresses->six.items)[number / 32] >> number % 32 & 1;
}

/* The 16 bytes of an IPv6 address. */
static inline const uint8_t *eg_addresses_wide(const struct eg_addresses *addresses,
                                               uint32_t number)
{
    return addresses->wide.items + (size_t)16 * eg_addresses_word(addresses, number);
}

/* Whether the address of this number is `address`. */
static inline bool eg_addresses_is(const struct eg_addresses *addresses, uint32_t number,
                                   const struct eg_address *address)
{
    uint32_t word;
    if (eg_addresses_is_six(addresses, number))
        return address->family == EG_IPV6 &&
               memcmp(eg_addresses_wide(addresses, number), address->bytes, 16) == 0;
    memcpy(&word, address->bytes, sizeof word);
    return address->family == EG_IPV4 && eg_addresses_word(addresses, number) == word;
}

struct eg_address eg_addresses_at(const struct eg_addresses *addresses, uint32_t number);

/*
 * The numbers of the pairs that have no addresses but tell whether the frame went to a group or to
 * everyone; every table of links starts with them.
 */
enum { EG_LINK_PLAIN, EG_LINK_GROUP, EG_LINK_BROADCAST, EG_LINKS_BARE };

/* Makes room for the bare pairs and puts them in. */
bool eg_links_begin(struct eg_interned *links, const struct eg_hash_key *key);

/* False only without memory. Past the limit *number is that of a bare pair. */
bool eg_links_intern(struct eg_interned *links, const struct eg_hash_key *key,
                     const struct eg_link_pair *pair, uint32_t *number);

/* What a frame tells of its interface, and of its link-layer ends; unused bytes are zero. */
struct eg_interface eg_interface_of(uint32_t input, const struct eg_frame *frame,
                                    const struct eg_link_facts *link);
struct eg_link_pair eg_link_pair_of(const struct eg_link_facts *link);

bool eg_interfaces_equal(const struct eg_interface *a, const struct eg_interface *b);

bool eg_interfaces_begin(struct eg_interned *interfaces, const struct eg_hash_key *key);

/* False only without memory. Past the limit *number is the limit. */
bool eg_interfaces_intern(struct eg_interned *interfaces, const struct eg_hash_key *key,
                          const struct eg_interface *interface, uint32_t *number);

#endif
