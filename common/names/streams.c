/*
 * Heads lie in a ring in the order of their opening; EG_HEAD_FRAMES of them were opened by as many
 * frames, so the one whose place a new one takes has waited long enough. Buckets find them by key.
 */
#include "names/streams.h"

#include <stdlib.h>

enum { RING = EG_HEAD_FRAMES, BUCKETS = EG_HEAD_FRAMES * 2 };

enum eg_status eg_streams_new(const struct eg_hash_key *key, struct eg_streams **streams)
{
    struct eg_streams *made = calloc(1, sizeof *made);
    if (!made)
        return EG_ERR_NO_MEMORY;
    made->key = eg_hash_mixed(key);
    *streams = made;
    return EG_OK;
}

void eg_streams_reset(struct eg_streams *streams)
{
    for (; streams->first < streams->end; streams->first++)
        eg_streams_close(streams, &streams->heads[streams->first % RING]);
}

void eg_streams_free(struct eg_streams *streams)
{
    if (!streams)
        return;
    eg_streams_reset(streams);
    free(streams->heads);
    free(streams);
}

/* ---- keys ---- */

static uint32_t bucket_of(const struct eg_streams *streams, const struct eg_stream_key *key)
{
    uint64_t words[4];
    memcpy(words, key->source.bytes, sizeof key->source.bytes);
    memcpy(words + 2, key->destination.bytes, sizeof key->destination.bytes);
    uint64_t hash = eg_hash_step(&streams->key, streams->key.k0, words[0], words[1]);
    hash = eg_hash_step(&streams->key, hash, words[2], words[3]);
    hash = eg_hash_step(&streams->key, hash, key->ports, key->protocol);
    return (uint32_t)(hash >> 32) & (BUCKETS - 1);
}

static bool is_same(const struct eg_stream_key *a, const struct eg_stream_key *b)
{
    return a->ports == b->ports && a->protocol == b->protocol &&
           eg_address_equal(&a->source, &b->source) &&
           eg_address_equal(&a->destination, &b->destination);
}

struct eg_stream_key eg_stream_key_of(const struct eg_packet *packet)
{
    return (struct eg_stream_key){.source = packet->source,
                                  .destination = packet->destination,
                                  .ports = (uint32_t)packet->source_port << 16 |
                                           packet->destination_port,
                                  .protocol = packet->protocol};
}

/* ---- heads ---- */

struct eg_head *eg_streams_find(const struct eg_streams *streams, const struct eg_stream_key *key)
{
    if (!eg_streams_may_await(streams, key->ports))
        return NULL;
    for (uint16_t at = streams->buckets[bucket_of(streams, key)]; at;) {
        struct eg_head *head = &streams->heads[at - 1];
        if (is_same(&head->key, key))
            return head;
        at = head->next;
    }
    return NULL;
}

void eg_streams_expire(struct eg_streams *streams, uint64_t number)
{
    for (; streams->first < streams->end; streams->first++) {
        struct eg_head *head = &streams->heads[streams->first % RING];
        if (head->open && number - head->opened < EG_HEAD_FRAMES)
            return;
        eg_streams_close(streams, head);
    }
}

void eg_streams_close(struct eg_streams *streams, struct eg_head *head)
{
    if (!head->open)
        return;
    uint16_t *link = &streams->buckets[bucket_of(streams, &head->key)];
    while (&streams->heads[*link - 1] != head)
        link = &streams->heads[*link - 1].next;
    *link = head->next;
    streams->awaited[eg_awaited_slot(head->key.ports)]--;
    eg_pieces_clear(&head->pieces);
    head->open = false;
    streams->open--;
}

struct eg_head *eg_streams_open(struct eg_streams *streams, const struct eg_stream_key *key,
                                uint64_t number)
{
    struct eg_head *same = eg_streams_find(streams, key);
    if (same)
        eg_streams_close(streams, same);
    if (!streams->heads)
        streams->heads = calloc(RING, sizeof *streams->heads);
    if (!streams->heads)
        return NULL;
    if (streams->end > streams->first && streams->heads[(streams->end - 1) % RING].opened == number)
        eg_streams_close(streams, &streams->heads[--streams->end % RING]); /* one a frame */
    const size_t place = streams->end++ % RING;
    struct eg_head *head = &streams->heads[place];
    uint16_t *bucket = &streams->buckets[bucket_of(streams, key)];
    *head = (struct eg_head){.key = *key, .open = true, .next = *bucket, .opened = number};
    *bucket = (uint16_t)(place + 1);
    streams->open++;
    streams->awaited[eg_awaited_slot(key->ports)]++;
    return head;
}

bool eg_streams_await(const struct eg_streams *streams, const struct eg_plain *plain)
{
    if (!eg_streams_may_await(streams, eg_plain_ports(plain)))
        return false;
    const uint8_t *source = eg_plain_source(plain), *destination = eg_plain_destination(plain);
    const struct eg_stream_key key = {
        .source = plain->six ? eg_address_v6(source) : eg_address_v4(source),
        .destination = plain->six ? eg_address_v6(destination) : eg_address_v4(destination),
        .ports = eg_plain_ports(plain),
        .protocol = plain->protocol};
    return eg_streams_find(streams, &key) != NULL;
}

/* ---- parts of an input ---- */

struct eg_streams *eg_streams_copy(const struct eg_streams *streams)
{
    struct eg_streams *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->key = streams->key;
    for (uint64_t i = streams->first; i < streams->end; i++) {
        const struct eg_head *from = &streams->heads[i % RING];
        struct eg_head *to = from->open ? eg_streams_open(made, &from->key, from->opened) : NULL;
        if (!from->open)
            continue;
        if (!to || eg_pieces_copy(&from->pieces, &to->pieces) != EG_OK) {
            eg_streams_free(made);
            return NULL;
        }
        to->base = from->base;
        to->quic = from->quic;
    }
    return made;
}

/* The first head from *at on that still waits when frame `number` comes; NULL: none does. */
static const struct eg_head *next_waiting(const struct eg_streams *streams, uint64_t number,
                                          uint64_t *at)
{
    while (*at < streams->end) {
        const struct eg_head *head = &streams->heads[(*at)++ % RING];
        if (head->open && number - head->opened < EG_HEAD_FRAMES)
            return head;
    }
    return NULL;
}

bool eg_streams_agree(const struct eg_streams *a, uint64_t a_number, const struct eg_streams *b,
                      uint64_t b_number)
{
    uint64_t a_at = a->first, b_at = b->first;
    for (;;) {
        const struct eg_head *one = next_waiting(a, a_number, &a_at);
        const struct eg_head *other = next_waiting(b, b_number, &b_at);
        if (!one || !other)
            return one == other;
        if (a_number - one->opened != b_number - other->opened || one->base != other->base ||
            !is_same(&one->key, &other->key) || !eg_quic_keys_equal(&one->quic, &other->quic) ||
            !eg_pieces_equal(&one->pieces, &other->pieces))
            return false;
    }
}
