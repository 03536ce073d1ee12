#include "traffic/interning.h"

#include <string.h>

void eg_interned_free(struct eg_interned *interned)
{
    eg_store_free(&interned->store);
    eg_index_free(&interned->index);
}

static uint64_t word_of(const uint8_t bytes[8])
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Copies `length` bytes and zeros, without a branch: every packet comes here. */
static void copy_link_address(uint8_t to[EG_LINK_ADDRESS_MAX],
                              const uint8_t from[EG_LINK_ADDRESS_MAX], unsigned length)
{
    static const uint8_t ones_and_zeros[2 * EG_LINK_ADDRESS_MAX] = {0xff, 0xff, 0xff, 0xff,
                                                                    0xff, 0xff, 0xff, 0xff};
    const unsigned kept = length < EG_LINK_ADDRESS_MAX ? length : EG_LINK_ADDRESS_MAX;
    const uint64_t word = word_of(from) & word_of(ones_and_zeros + EG_LINK_ADDRESS_MAX - kept);
    memcpy(to, &word, sizeof word);
}

struct eg_interface eg_interface_of(uint32_t input, const struct eg_frame *frame,
                                    const struct eg_link_facts *link)
{
    struct eg_interface interface = {
        .input = input, .link = frame->link, .index = frame->interface};
    if (link->cooked == 2) {
        interface.kind = EG_INTERFACE_COOKED2;
        interface.ifindex = link->ifindex;
    } else if (link->cooked == 1 && link->hint == EG_HINT_SENT) {
        interface.kind = EG_INTERFACE_COOKED1_SENT;
        copy_link_address(interface.address, link->source, link->address_length);
    } else if (link->cooked == 1) {
        interface.kind = EG_INTERFACE_COOKED1_OTHER;
        return interface;
    } else if (frame->interface != EG_NO_INTERFACE) {
        interface.kind = EG_INTERFACE_INDEX;
    }
    interface.has_hardware = link->has_hardware;
    interface.hardware = link->has_hardware ? link->hardware : 0;
    return interface;
}

struct eg_link_pair eg_link_pair_of(const struct eg_link_facts *link)
{
    struct eg_link_pair pair = {.address_length = link->address_length,
                                .has_destination = link->has_destination,
                                .group = link->group,
                                .broadcast = link->broadcast};
    copy_link_address(pair.source, link->source, link->address_length);
    if (link->has_destination)
        copy_link_address(pair.destination, link->destination, link->address_length);
    return pair;
}

/* What an index asks the hashes of its items with. */
struct hashing {
    const struct eg_hash_key *key;
    const void *items;
};

/* ---- addresses ----------------------------------------------------------------------------- */

enum { WIDE = 16 };

static uint32_t hash_address(const struct eg_hash_key *key, const struct eg_address *address)
{
    return (uint32_t)eg_hash_words(key, word_of(address->bytes), word_of(address->bytes + 8));
}

static uint32_t hash_of_address(const void *context, uint32_t number)
{
    const struct hashing *hashing = context;
    const struct eg_address address = eg_addresses_at(hashing->items, number);
    return hash_address(hashing->key, &address);
}

void eg_addresses_init(struct eg_addresses *addresses, uint32_t limit)
{
    addresses->words.item_size = addresses->six.item_size = sizeof(uint32_t);
    addresses->wide.item_size = WIDE;
    addresses->limit = limit;
}

void eg_addresses_free(struct eg_addresses *addresses)
{
    eg_store_free(&addresses->words);
    eg_store_free(&addresses->wide);
    eg_store_free(&addresses->six);
    eg_index_free(&addresses->index);
}

bool eg_addresses_reserve(struct eg_addresses *addresses, const struct eg_hash_key *key,
                          uint32_t more)
{
    const struct hashing hashing = {key, addresses};
    return eg_store_reserve(&addresses->words, more) && eg_store_reserve(&addresses->wide, more) &&
           eg_store_reserve(&addresses->six, more) &&
           eg_index_reserve(&addresses->index, more, hash_of_address, &hashing);
}

struct eg_address eg_addresses_at(const struct eg_addresses *addresses, uint32_t number)
{
    struct eg_address address = {.family = EG_IPV4};
    if (eg_addresses_is_six(addresses, number)) {
        memcpy(address.bytes, eg_addresses_wide(addresses, number), WIDE);
        address.family = EG_IPV6;
    } else {
        const uint32_t word = eg_addresses_word(addresses, number);
        memcpy(address.bytes, &word, sizeof word);
    }
    return address;
}

uint32_t eg_addresses_find(const struct eg_addresses *addresses, const struct eg_hash_key *key,
                           const struct eg_address *address)
{
    const uint32_t hash = hash_address(key, address);
    uint32_t at = hash, number;
    while ((number = eg_index_next(&addresses->index, hash, &at)) != EG_INDEX_NONE)
        if (eg_addresses_is(addresses, number, address))
            break;
    return number;
}

/* Notes the family of the address that is about to be added. */
static void note_family(struct eg_addresses *addresses, uint32_t number, bool six)
{
    if (number % 32 == 0)
        eg_store_push(&addresses->six);
    uint32_t *word = eg_store_at(&addresses->six, number / 32);
    *word |= (uint32_t)six << number % 32;
}

uint32_t eg_addresses_add(struct eg_addresses *addresses, const struct eg_hash_key *key,
                          const struct eg_address *address)
{
    const uint32_t number = addresses->words.count;
    const bool six = address->family == EG_IPV6;
    note_family(addresses, number, six);
    uint32_t *word = eg_store_push(&addresses->words);
    if (six) {
        *word = addresses->wide.count;
        memcpy(eg_store_push(&addresses->wide), address->bytes, WIDE);
    } else {
        memcpy(word, address->bytes, sizeof *word);
    }
    eg_index_put(&addresses->index, hash_address(key, address));
    return number;
}

/* ---- link pairs and interfaces ------------------------------------------------------------- */

/* Puts item at the end of the store; its number. */
static uint32_t add(struct eg_interned *interned, uint32_t hash, const void *item)
{
    const uint32_t number = interned->store.count;
    memcpy(eg_store_push(&interned->store), item, interned->store.item_size);
    eg_index_put(&interned->index, hash);
    return number;
}

static bool reserve(struct eg_interned *interned, const struct eg_hash_key *key, uint32_t more,
                    eg_index_hash *hash_of)
{
    const struct hashing hashing = {key, &interned->store};
    return eg_store_reserve(&interned->store, more) &&
           eg_index_reserve(&interned->index, more, hash_of, &hashing);
}

/* The addresses may fill both words, so the rest is hashed behind them. */
static uint32_t hash_link(const struct eg_hash_key *key, const struct eg_link_pair *pair)
{
    const unsigned rest = (unsigned)pair->address_length << 3 |
                          (unsigned)pair->has_destination << 2 | (unsigned)pair->group << 1 |
                          (unsigned)pair->broadcast;
    return (uint32_t)eg_hash_words(
        key, eg_hash_words(key, word_of(pair->source), word_of(pair->destination)), rest);
}

static uint32_t hash_of_link(const void *context, uint32_t number)
{
    const struct hashing *hashing = context;
    return hash_link(hashing->key, eg_store_at(hashing->items, number));
}

static uint32_t find_link(const struct eg_interned *links, uint32_t hash,
                          const struct eg_link_pair *pair)
{
    uint32_t at = hash, number;
    while ((number = eg_index_next(&links->index, hash, &at)) != EG_INDEX_NONE)
        if (memcmp(eg_store_at(&links->store, number), pair, sizeof *pair) == 0)
            break;
    return number;
}

bool eg_links_begin(struct eg_interned *links, const struct eg_hash_key *key)
{
    static const struct eg_link_pair bare[EG_LINKS_BARE] = {
        [EG_LINK_GROUP] = {.group = true},
        [EG_LINK_BROADCAST] = {.group = true, .broadcast = true},
    };
    if (!reserve(links, key, EG_LINKS_BARE, hash_of_link))
        return false;
    for (uint32_t i = 0; i < EG_LINKS_BARE; i++)
        add(links, hash_link(key, &bare[i]), &bare[i]);
    return true;
}

bool eg_links_intern(struct eg_interned *links, const struct eg_hash_key *key,
                     const struct eg_link_pair *pair, uint32_t *number)
{
    const uint32_t hash = hash_link(key, pair);
    const uint32_t found = find_link(links, hash, pair);
    if (found != EG_INDEX_NONE) {
        *number = found;
    } else if (links->store.count >= links->limit) {
        *number = pair->broadcast ? EG_LINK_BROADCAST : pair->group ? EG_LINK_GROUP : EG_LINK_PLAIN;
    } else if (reserve(links, key, 1, hash_of_link)) {
        *number = add(links, hash, pair);
    } else {
        return false;
    }
    return true;
}

static uint32_t hash_interface(const struct eg_hash_key *key, const struct eg_interface *interface)
{
    uint64_t hash =
        eg_hash_words(key, interface->index, (uint64_t)interface->input << 32 | interface->ifindex);
    hash = eg_hash_words(key, hash, word_of(interface->address));
    return (uint32_t)eg_hash_words(
        key, hash,
        (uint64_t)(uint32_t)interface->link << 32 | (uint64_t)interface->hardware << 16 |
            (unsigned)interface->kind << 1 | (unsigned)interface->has_hardware);
}

static uint32_t hash_of_interface(const void *context, uint32_t number)
{
    const struct hashing *hashing = context;
    return hash_interface(hashing->key, eg_store_at(hashing->items, number));
}

bool eg_interfaces_equal(const struct eg_interface *a, const struct eg_interface *b)
{
    return a->input == b->input && a->kind == b->kind && a->link == b->link &&
           a->index == b->index && a->ifindex == b->ifindex && a->has_hardware == b->has_hardware &&
           a->hardware == b->hardware && memcmp(a->address, b->address, sizeof a->address) == 0;
}

bool eg_interfaces_begin(struct eg_interned *interfaces, const struct eg_hash_key *key)
{
    return reserve(interfaces, key, 1, hash_of_interface);
}

bool eg_interfaces_intern(struct eg_interned *interfaces, const struct eg_hash_key *key,
                          const struct eg_interface *interface, uint32_t *number)
{
    const uint32_t hash = hash_interface(key, interface);
    uint32_t at = hash, found;
    while ((found = eg_index_next(&interfaces->index, hash, &at)) != EG_INDEX_NONE)
        if (eg_interfaces_equal(eg_store_at(&interfaces->store, found), interface))
            break;
    if (found == EG_INDEX_NONE && interfaces->store.count >= interfaces->limit)
        found = interfaces->limit;
    if (found == EG_INDEX_NONE) {
        if (!reserve(interfaces, key, 1, hash_of_interface))
            return false;
        found = add(interfaces, hash, interface);
    }
    *number = found;
    return true;
}
