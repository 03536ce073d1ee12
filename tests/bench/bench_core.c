/*
 * Steps of the core by themselves.
 *
 *     bench_core STEP COUNT      decode, frames, ranges, prefixes, known: ns each of COUNT
 *     bench_core curve COUNT     the matrix with COUNT destinations: ns and bytes a cell
 *     bench_core collide COUNT   the matrix with COUNT keys that somebody chose: ns each
 *
 * A line of JSON for each figure. Times are the processor's, of this process.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classify/prefix_table.h"
#include "classify/ranges.h"
#include "egress.h"
#include "packet/packet.h"
#include "traffic/tables.h"

enum {
    FRAME_BYTES = 96,
    DESTINATIONS = 20000,
    PLACES = 1 << 16,  /* different addresses or frames in turn: a power of 2 */
    BATCH = 256,       /* frames at once, as a reader gives them */
    PREFIXES = 49904,  /* Azure's, of IPv4 */
    AIMED_BITS = 14,   /* of the hash, all zero: four places of the table for all keys */
    AIMED_MAX = 20000, /* with a known seed time is quadratic: more would take minutes */
    SEEDS = 5,
};

static const uint32_t vm_word = 0x0400000a; /* 10.0.0.4 as it is in memory */

static uint64_t random_state = 20260914;

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void *need(void *memory)
{
    if (memory == NULL) {
        fputs("bench_core: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void need_ok(enum eg_status status)
{
    if (status != EG_OK) {
        fprintf(stderr, "bench_core: %d\n", (int)status);
        exit(1);
    }
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void print_step(const char *name, uint64_t count, double begin)
{
    printf("{\"step\": \"%s\", \"count\": %" PRIu64 ", \"ns\": %.2f}\n", name, count,
           (now_ns() - begin) / (double)count);
}

/* ---- frames ---- */

/* Ethernet, IPv4, TCP of the VM to `destination`. */
static void make_frame(uint8_t frame[FRAME_BYTES], uint32_t destination)
{
    static const uint8_t head[] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0x00, 0x0d, 0x3a, 0x1b, 0x2c,
                                   0x3d, 0x08, 0x00, 0x45, 0x00, 0x05, 0xdc, 0x00, 0x01, 0x40, 0x00,
                                   0x40, 0x06, 0x00, 0x00, 10,   0,    0,    4,    0,    0,    0,
                                   0,    0xc0, 0x00, 0x01, 0xbb, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
                                   0x00, 0x01, 0x80, 0x10, 0x01, 0xf5, 0x00, 0x00, 0x00, 0x00};
    memset(frame, 0, FRAME_BYTES);
    memcpy(frame, head, sizeof head);
    memcpy(frame + 30, &destination, sizeof destination);
}

static uint8_t *make_frames(void)
{
    uint8_t *frames = need(malloc((size_t)PLACES * FRAME_BYTES));
    for (uint32_t i = 0; i < PLACES; i++)
        make_frame(frames + (size_t)i * FRAME_BYTES,
                   (uint32_t)(next_random() % DESTINATIONS) * UINT32_C(2654435761));
    return frames;
}

static void measure_decode(uint64_t count)
{
    uint8_t *frames = make_frames();
    struct eg_frame frame = {.captured = FRAME_BYTES,
                             .wire = 1514,
                             .link = EG_LINKTYPE_ETHERNET,
                             .time = 1,
                             .interface = EG_NO_INTERFACE};
    uint64_t bytes = 0;
    const double begin = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        struct eg_packet packet;
        frame.data = frames + (size_t)(i & (PLACES - 1)) * FRAME_BYTES;
        if (eg_packet_decode(&frame, &packet) == EG_DECODED)
            bytes += packet.ip_bytes;
    }
    print_step("decode", count, begin);
    if (bytes != count * 1500)
        exit(1);
    free(frames);
}

/* Whole frames through the only door, 256 at a time: decoded, and added to known cells. */
static void measure_frames(uint64_t count)
{
    const struct eg_hash_key seed = {next_random(), next_random()};
    const struct eg_frame common = {.link = EG_LINKTYPE_ETHERNET, .interface = EG_NO_INTERFACE};
    uint8_t *frames = make_frames();
    struct eg_config *config;
    struct eg_rules *rules;
    struct eg_session *session;
    struct eg_error error;
    need_ok(eg_config_new(&config));
    need_ok(eg_rules_new(config, &rules, &error));
    need_ok(eg_session_new(rules, &seed, &session));
    need_ok(eg_session_begin_input(session, "bench"));
    double begin = 0;
    for (uint64_t i = 0; i < PLACES + count; i += BATCH) {
        struct eg_record records[BATCH];
        for (uint64_t k = 0; k < BATCH; k++)
            records[k] = (struct eg_record){frames + (size_t)((i + k) & (PLACES - 1)) * FRAME_BYTES,
                                            1, FRAME_BYTES, 1514};
        if (i == PLACES)
            begin = now_ns();
        need_ok(eg_session_add_frames(session, &common, records, BATCH, NULL));
    }
    print_step("frames", count, begin);
    eg_session_free(session);
    eg_rules_free(rules);
    eg_config_free(config);
    free(frames);
}

/* ---- prefixes ---- */

static struct eg_address address_of(uint32_t word)
{
    struct eg_address address = {.family = EG_IPV4};
    memcpy(address.bytes, &word, sizeof word);
    return address;
}

static struct eg_address *make_addresses(void)
{
    struct eg_address *addresses = need(malloc(PLACES * sizeof *addresses));
    for (uint32_t i = 0; i < PLACES; i++)
        addresses[i] = address_of((uint32_t)next_random());
    return addresses;
}

/* The built-in tables of all providers, in turn. */
static void measure_ranges(uint64_t count)
{
    struct eg_address *addresses = make_addresses();
    struct eg_ranges *ranges;
    double begin = now_ns();
    need_ok(eg_ranges_new(&ranges));
    print_step("ranges, made ready", 1, begin);
    uint64_t found = 0;
    begin = now_ns();
    for (uint64_t i = 0; i < count; i++) {
        struct eg_label label;
        found += eg_ranges_find(ranges, &addresses[i & (PLACES - 1)], &label);
    }
    print_step("ranges", count, begin);
    if (found == 0)
        exit(1);
    eg_ranges_free(ranges);
    free(addresses);
}

/* One table of as many prefixes as Azure's, each a /24 of its own. */
static void measure_prefixes(uint64_t count)
{
    struct eg_address *addresses = make_addresses();
    struct eg_prefix_entry *entries = need(calloc(PREFIXES, sizeof *entries));
    for (uint32_t i = 0; i < PREFIXES; i++)
        entries[i] =
            (struct eg_prefix_entry){{address_of((i * UINT32_C(0x9e3779b1)) & 0xffffff), 24}, i};
    struct eg_prefix_table table;
    double begin = now_ns();
    need_ok(eg_prefix_table_build(entries, PREFIXES, &table));
    print_step("prefixes, built", 1, begin);
    uint64_t found = 0;
    begin = now_ns();
    for (uint64_t i = 0; i < count; i++)
        found += eg_prefix_table_find(&table, &addresses[i & (PLACES - 1)], NULL) != EG_PREFIX_NONE;
    print_step("prefixes", count, begin);
    if (found == 0)
        exit(1);
    eg_prefix_table_clear(&table);
    free(entries);
    free(addresses);
}

/* ---- the matrix ---- */

struct key {
    uint32_t source, destination;
    uint16_t port;
};

static void add_key(struct eg_matrix *matrix, const struct key *key)
{
    struct eg_packet packet = {.source = address_of(key->source),
                               .destination = address_of(key->destination),
                               .ip_bytes = 1500,
                               .protocol = EG_PROTOCOL_TCP,
                               .source_port = key->port,
                               .destination_port = EG_PORT_DYNAMIC};
    uint32_t cell;
    need_ok(eg_matrix_add(matrix, &packet, 0, 1, 1, 1500, &cell));
}

static struct eg_matrix *make_matrix(const struct eg_hash_key *seed)
{
    struct eg_matrix *matrix;
    need_ok(eg_matrix_new(seed, NULL, &matrix));
    return matrix;
}

static struct key destination_key(uint32_t number)
{
    return (struct key){vm_word, number * UINT32_C(2654435761), 443};
}

static void measure_known(uint64_t count)
{
    const struct eg_hash_key seed = {next_random(), next_random()};
    struct eg_matrix *matrix = make_matrix(&seed);
    struct key *keys = need(malloc(PLACES * sizeof *keys));
    for (uint32_t i = 0; i < PLACES; i++) {
        keys[i] = destination_key((uint32_t)(next_random() % DESTINATIONS));
        add_key(matrix, &keys[i]);
    }
    const double begin = now_ns();
    for (uint64_t i = 0; i < count; i++)
        add_key(matrix, &keys[i & (PLACES - 1)]);
    print_step("known", count, begin);
    free(keys);
    eg_matrix_free(matrix);
}

/* What was written to: the room ahead of it is not in memory yet. */
static double store_bytes(const struct eg_store *store)
{
    return (double)store->count * (double)store->item_size;
}

static double index_bytes(const struct eg_index *index)
{
    return 4.0 * ((double)index->mask + 1);
}

/* New destinations one after the other, then all of them again in another order. */
static void measure_curve(uint32_t count)
{
    const struct eg_hash_key seed = {next_random(), next_random()};
    struct eg_matrix *matrix = make_matrix(&seed);
    const double begin = now_ns();
    for (uint32_t i = 0; i < count; i++) {
        const struct key key = destination_key(i);
        add_key(matrix, &key);
    }
    const double opened = now_ns();
    const struct eg_matrix_overflow overflow = eg_matrix_overflowed(matrix);
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        at = (uint32_t)((at + UINT64_C(7368787)) % count); /* a prime that divides no power of 10 */
        const struct key key = destination_key(at);
        add_key(matrix, &key);
    }
    const double again = now_ns();
    const struct eg_addresses *addresses = &matrix->addresses;
    printf("{\"step\": \"curve\", \"count\": %" PRIu32 ", \"new_ns\": %.1f, \"again_ns\": %.1f, "
           "\"cells\": %" PRIu32 ", \"cell_bytes\": %.0f, \"address_bytes\": %.0f, "
           "\"overflow_packets\": %" PRIu64 ", \"overflow_bytes\": %" PRIu64 "}\n",
           count, (opened - begin) / count, (again - opened) / count, eg_matrix_cells(matrix),
           store_bytes(&matrix->cells) + index_bytes(&matrix->cell_index),
           store_bytes(&addresses->words) + store_bytes(&addresses->wide) +
               store_bytes(&addresses->six) + index_bytes(&addresses->index),
           overflow.packets, overflow.ip_bytes);
    if (eg_matrix_cells(matrix) + overflow.packets != count ||
        overflow.ip_bytes != overflow.packets * 1500)
        exit(1);
    eg_matrix_free(matrix);
}

/* ---- keys that somebody chose ---- */

static struct key random_key(uint32_t number)
{
    (void)number;
    return (struct key){vm_word, (uint32_t)next_random(), 443};
}

static struct key row_of_sources(uint32_t number) /* a.b.c.1, a changing fastest */
{
    return (struct key){0x01000000 + number, vm_word, 443};
}

static struct key row_of_destinations(uint32_t number) /* 20.0.0.0, 20.0.0.1, ... */
{
    return (struct key){vm_word, htonl(0x14000000 + number), 443};
}

static struct key scan(uint32_t number) /* each port of one host after the other */
{
    return (struct key){vm_word, 0x01000014 + number / EG_PORT_DYNAMIC,
                        (uint16_t)(number % EG_PORT_DYNAMIC)};
}

/* The next key whose hash under a seed of zeros ends in zeros. */
static struct key aimed_key(uint32_t number)
{
    static uint32_t last;
    const struct eg_hash_key zeros = {0, 0}, mixed = eg_hash_mixed(&zeros);
    const uint64_t kind = eg_cell_kind(eg_kind_of_link(0, 0, 0), false, EG_PROTOCOL_TCP, 443);
    last = number == 0 ? 0 : last;
    do
        last++;
    while (eg_cell_hash_v4(&mixed, kind, (uint64_t)last << 32 | vm_word) & ((1 << AIMED_BITS) - 1));
    return (struct key){vm_word, last, 443};
}

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double time_keys(const struct key *keys, uint32_t count, const struct eg_hash_key *seed)
{
    struct eg_matrix *matrix = make_matrix(seed);
    const double begin = now_ns();
    for (uint32_t i = 0; i < count; i++)
        add_key(matrix, &keys[i]);
    const double each = (now_ns() - begin) / count;
    eg_matrix_free(matrix);
    return each;
}

static void print_keys(const char *name, uint32_t count, double ns[], unsigned seeds)
{
    qsort(ns, seeds, sizeof *ns, by_value);
    printf("{\"step\": \"collide\", \"keys\": \"%s\", \"count\": %" PRIu32
           ", \"ns\": %.1f, \"worst_ns\": %.1f}\n",
           name, count, ns[seeds / 2], ns[seeds - 1]);
}

static void time_choice(const char *name, struct key (*choose)(uint32_t), uint32_t count,
                        bool known_seed)
{
    struct key *keys = need(malloc(count * sizeof *keys));
    double ns[SEEDS];
    for (uint32_t i = 0; i < count; i++)
        keys[i] = choose(i);
    for (unsigned i = 0; i < SEEDS; i++) {
        const struct eg_hash_key seed = {next_random(), next_random()};
        ns[i] = time_keys(keys, count, &seed);
    }
    print_keys(name, count, ns, SEEDS);
    if (known_seed) {
        const struct eg_hash_key zeros = {0, 0};
        ns[0] = time_keys(keys, count, &zeros);
        print_keys("aimed, seed known", count, ns, 1);
    }
    free(keys);
}

static void measure_collide(uint32_t count)
{
    const uint32_t few = count < AIMED_MAX ? count : AIMED_MAX;
    time_choice("at random", random_key, count, false);
    time_choice("row of sources", row_of_sources, count, false);
    time_choice("row of destinations", row_of_destinations, count, false);
    time_choice("scan of ports", scan, count, false);
    time_choice("at random, few", random_key, few, false);
    time_choice("aimed at a hash", aimed_key, few, true);
}

int main(int argc, char **argv)
{
    const uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    const char *step = argc == 3 ? argv[1] : "";
    if (count == 0 || count > UINT32_MAX)
        return fputs("usage: bench_core STEP COUNT\n", stderr), 1;
    if (strcmp(step, "decode") == 0)
        measure_decode(count);
    else if (strcmp(step, "frames") == 0)
        measure_frames(count / BATCH * BATCH);
    else if (strcmp(step, "ranges") == 0)
        measure_ranges(count);
    else if (strcmp(step, "prefixes") == 0)
        measure_prefixes(count);
    else if (strcmp(step, "known") == 0)
        measure_known(count);
    else if (strcmp(step, "curve") == 0)
        measure_curve((uint32_t)count);
    else if (strcmp(step, "collide") == 0)
        measure_collide((uint32_t)count);
    else
        return fprintf(stderr, "bench_core: no step '%s'\n", step), 1;
    return 0;
}
