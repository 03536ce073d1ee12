/*
 * An open hash table of addresses, never more than half full; each has a short list of names.
 */
#include "names/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "names/host_name.h"

enum { FIRST_SLOTS = 64, ADDRESSES_MAX = 1 << 17, BYTES_MAX = 1 << 24 };

struct eg_hosts {
    struct eg_hash_key key;
    struct eg_hosts_limits limits;
    struct eg_host *slots;
    size_t slot_count; /* a power of two */
    uint32_t addresses;
    size_t bytes;
    struct eg_hosts_left_out left_out;
};

const char *eg_name_source_name(enum eg_name_source source)
{
    static const char *const words[EG_NAME_SOURCES] = {"tls",  "quic", "http",    "dns",
                                                       "mdns", "file", "dns-ptr", "dns-cname"};
    return words[source];
}

enum eg_status eg_hosts_new(const struct eg_hash_key *key, const struct eg_hosts_limits *limits,
                            struct eg_hosts **hosts)
{
    struct eg_hosts *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->key = *key;
    made->limits.addresses = limits && limits->addresses ? limits->addresses : ADDRESSES_MAX;
    made->limits.bytes = limits && limits->bytes ? limits->bytes : BYTES_MAX;
    made->slot_count = FIRST_SLOTS;
    made->slots = calloc(made->slot_count, sizeof *made->slots);
    if (!made->slots) {
        eg_hosts_free(made);
        return EG_ERR_NO_MEMORY;
    }
    *hosts = made;
    return EG_OK;
}

void eg_hosts_free(struct eg_hosts *hosts)
{
    if (!hosts)
        return;
    for (size_t i = 0; hosts->slots && i < hosts->slot_count; i++)
        for (struct eg_name *name = hosts->slots[i].first, *next; name; name = next) {
            next = name->next;
            free(name);
        }
    free(hosts->slots);
    free(hosts);
}

/* ---- addresses ---- */

/* Where the address is, or the free place where it belongs. */
static size_t slot_of(const struct eg_hosts *hosts, const struct eg_host *slots, size_t count,
                      const struct eg_address *address)
{
    uint64_t a, b;
    memcpy(&a, address->bytes, sizeof a);
    memcpy(&b, address->bytes + sizeof a, sizeof b);
    size_t slot = (size_t)eg_hash_words(&hosts->key, a, b) & (count - 1);
    while (slots[slot].first && !eg_address_equal(&slots[slot].address, address))
        slot = (slot + 1) & (count - 1);
    return slot;
}

static enum eg_status grow(struct eg_hosts *hosts)
{
    const size_t count = hosts->slot_count * 2;
    struct eg_host *slots = calloc(count, sizeof *slots);
    if (!slots)
        return EG_ERR_NO_MEMORY;
    for (size_t i = 0; i < hosts->slot_count; i++)
        if (hosts->slots[i].first)
            slots[slot_of(hosts, slots, count, &hosts->slots[i].address)] = hosts->slots[i];
    free(hosts->slots);
    hosts->slots = slots;
    hosts->slot_count = count;
    return EG_OK;
}

const struct eg_host *eg_hosts_find(const struct eg_hosts *hosts, const struct eg_address *address)
{
    const struct eg_host *found =
        &hosts->slots[slot_of(hosts, hosts->slots, hosts->slot_count, address)];
    return found->first ? found : NULL;
}

/* ---- names ---- */

/* In the order of the list. */
static int compare_place(const struct eg_name *name, enum eg_name_source source, const char *text)
{
    if (name->source != source)
        return name->source < source ? -1 : 1;
    return strcmp(name->text, text);
}

static size_t size_of(const char *text)
{
    return sizeof(struct eg_name) + strlen(text) + 1;
}

/* A list of names of one address and one source, as a new name finds it. */
struct place {
    struct eg_name **at;   /* the name itself, or where it belongs */
    struct eg_name **last; /* of the same source; NULL: none */
    size_t count;          /* of the same source */
    bool known;
};

static struct place find_place(struct eg_host *named, enum eg_name_source source, const char *text)
{
    struct place place = {.at = &named->first};
    for (struct eg_name **link = &named->first; *link && (*link)->source <= source;
         link = &(*link)->next) {
        const int order = compare_place(*link, source, text);
        place.known = place.known || order == 0;
        if (order < 0)
            place.at = &(*link)->next;
        if ((*link)->source != source)
            continue;
        place.last = link;
        place.count++;
    }
    return place;
}

static void drop(struct eg_hosts *hosts, struct eg_name **link)
{
    struct eg_name *name = *link;
    *link = name->next;
    hosts->bytes -= size_of(name->text);
    free(name);
}

/* A name that the address does not have yet, of which `seen` were seen. */
static enum eg_status insert(struct eg_hosts *hosts, struct eg_host *named,
                             const struct place *place, enum eg_name_source source,
                             const char *text, uint64_t seen)
{
    const size_t size = size_of(text);
    const bool full = place->count == EG_NAMES_OF_SOURCE_MAX;
    if (full)
        named->cut = true;
    if (full && strcmp((*place->last)->text, text) < 0)
        return EG_OK;
    if (hosts->bytes + size > hosts->limits.bytes ||
        (!named->first && hosts->addresses == hosts->limits.addresses)) {
        hosts->left_out.no_room += seen;
        return EG_OK;
    }
    struct eg_name *made = malloc(size);
    if (!made)
        return EG_ERR_NO_MEMORY;
    if (full)
        drop(hosts, place->last);
    made->source = (uint8_t)source;
    made->seen = seen;
    memcpy(made->text, text, strlen(text) + 1);
    hosts->addresses += !named->first;
    hosts->bytes += size;
    made->next = *place->at;
    *place->at = made;
    return EG_OK;
}

static enum eg_status add(struct eg_hosts *hosts, const struct eg_address *address,
                          enum eg_name_source source, const char *text, uint64_t seen)
{
    if (((size_t)hosts->addresses + 1) * 2 > hosts->slot_count && grow(hosts) != EG_OK)
        return EG_ERR_NO_MEMORY;
    struct eg_host *named = &hosts->slots[slot_of(hosts, hosts->slots, hosts->slot_count, address)];
    if (!named->first)
        *named = (struct eg_host){.address = *address};
    const struct place place = find_place(named, source, text);
    if (!place.known)
        return insert(hosts, named, &place, source, text, seen);
    if (source != EG_NAME_FILE) /* which says a thing once, however often it is read */
        (*place.at)->seen += seen;
    return EG_OK;
}

enum eg_status eg_hosts_add(struct eg_hosts *hosts, const struct eg_address *address,
                            enum eg_name_source source, const void *name, size_t length)
{
    char text[EG_HOST_NAME_MAX];
    if (eg_host_name_read(name, length, text))
        return add(hosts, address, source, text, 1);
    hosts->left_out.no_host_name++;
    return EG_OK;
}

enum eg_status eg_hosts_merge(struct eg_hosts *into, const struct eg_hosts *from)
{
    for (size_t i = 0; i < from->slot_count; i++) {
        const struct eg_host *named = &from->slots[i];
        for (const struct eg_name *name = named->first; name; name = name->next)
            if (add(into, &named->address, (enum eg_name_source)name->source, name->text,
                    name->seen) != EG_OK)
                return EG_ERR_NO_MEMORY;
        if (named->first && named->cut)
            into->slots[slot_of(into, into->slots, into->slot_count, &named->address)].cut = true;
    }
    into->left_out.no_host_name += from->left_out.no_host_name;
    into->left_out.no_room += from->left_out.no_room;
    return EG_OK;
}

bool eg_hosts_add_need(const struct eg_hosts *from, struct eg_hosts_limits *need)
{
    need->addresses += from->addresses;
    need->bytes += from->bytes;
    return from->left_out.no_room == 0;
}

bool eg_hosts_have_room(const struct eg_hosts *into, const struct eg_hosts_limits *need)
{
    return (uint64_t)into->addresses + need->addresses <= into->limits.addresses &&
           into->bytes + need->bytes <= into->limits.bytes;
}

struct eg_hosts_left_out eg_hosts_count_left_out(const struct eg_hosts *hosts)
{
    return hosts->left_out;
}

int eg_name_compare(const struct eg_name *a, const struct eg_name *b)
{
    const unsigned x = a->source <= EG_NAME_HTTP ? 0 : a->source;
    const unsigned y = b->source <= EG_NAME_HTTP ? 0 : b->source;
    if (x != y)
        return x < y ? -1 : 1;
    if (a->seen != b->seen)
        return a->seen > b->seen ? -1 : 1;
    const int text = strcmp(a->text, b->text);
    return text != 0 ? text : a->source - b->source;
}
