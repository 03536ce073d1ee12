/*
 * Addresses, link pairs and interfaces, each kept once and numbered in order of appearance.
 */
#ifndef EG_INTERNING_H
#define EG_INTERNING_H

#include "base/hash.h"
#include "traffic/matrix.h"
#include "traffic/store.h"

/* One kind of thing: the things, and where each is found by its hash. */
struct eg_interned {
    struct eg_store store;
    struct eg_index index;
    uint32_t limit;
};

bool eg_interned_reserve(struct eg_interned *interned, uint32_t more);
void eg_interned_free(struct eg_interned *interned);

/* The address's number, or EG_INDEX_NONE. */
uint32_t eg_addresses_find(const struct eg_interned *addresses, const struct eg_hash_key *key,
                           const struct eg_address *address);

/* Adds an address that is not there. Only after eg_interned_reserve(). */
uint32_t eg_addresses_add(struct eg_interned *addresses, const struct eg_hash_key *key,
                          const struct eg_address *address);

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

/* False only without memory. Past the limit *number is the limit. */
bool eg_interfaces_intern(struct eg_interned *interfaces, const struct eg_hash_key *key,
                          const struct eg_interface *interface, uint32_t *number);

#endif
