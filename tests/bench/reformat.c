/*
 * Writes make_bench's Ethernet capture in another format.
 *
 *     reformat pcapng|cooked|snoop CAPTURE OUT
 *
 * pcapng: one interface, as dumpcap writes it. cooked: `tcpdump -i any` with accelerated
 * networking: Linux cooked v2, every packet on two devices of one MAC, 15 us apart. snoop: RFC
 * 1761, which egshark reads through Wireshark's library.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_MAX = 2048, PCAP_HEADER = 24, RECORD_HEADER = 16 };

struct record {
    uint64_t time; /* us */
    uint32_t captured, wire;
    uint8_t bytes[FRAME_MAX];
};

static const uint8_t vm_mac[6] = {0x00, 0x0d, 0x3a, 0x1b, 0x2c, 0x3d}; /* make_bench's */

static void die(const char *what)
{
    fprintf(stderr, "reformat: %s: %s\n", what, errno != 0 ? strerror(errno) : "not as expected");
    exit(1);
}

static uint32_t get_little32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_bytes(FILE *out, const void *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, out) != length)
        die("write");
}

static void put_little32(FILE *out, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    put_bytes(out, bytes, sizeof bytes);
}

static void put_big32(FILE *out, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    put_bytes(out, bytes, sizeof bytes);
}

static bool next_record(FILE *in, struct record *record)
{
    uint8_t header[RECORD_HEADER];
    if (fread(header, 1, sizeof header, in) != sizeof header)
        return false;
    record->time = get_little32(header) * UINT64_C(1000000) + get_little32(header + 4);
    record->captured = get_little32(header + 8);
    record->wire = get_little32(header + 12);
    if (record->captured > FRAME_MAX ||
        fread(record->bytes, 1, record->captured, in) != record->captured)
        die("capture");
    return true;
}

/* ---- pcapng ---- */

static void begin_pcapng(FILE *out)
{
    static const uint32_t section[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28};
    static const uint32_t interface[] = {1, 20, 1, 0, 20}; /* Ethernet */
    for (size_t i = 0; i < sizeof section / sizeof section[0]; i++)
        put_little32(out, section[i]);
    for (size_t i = 0; i < sizeof interface / sizeof interface[0]; i++)
        put_little32(out, interface[i]);
}

static void put_pcapng(FILE *out, const struct record *record)
{
    static const uint8_t zeros[4];
    const uint32_t padding = (4 - record->captured % 4) % 4;
    const uint32_t length = 32 + record->captured + padding;
    const uint32_t head[] = {6,
                             length,
                             0,
                             (uint32_t)(record->time >> 32),
                             (uint32_t)record->time,
                             record->captured,
                             record->wire};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        put_little32(out, head[i]);
    put_bytes(out, record->bytes, record->captured);
    put_bytes(out, zeros, padding);
    put_little32(out, length);
}

/* ---- Linux cooked v2 ---- */

static void begin_cooked(FILE *out)
{
    static const uint32_t header[] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 276};
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
        put_little32(out, header[i]);
}

static void put_cooked_on(FILE *out, const struct record *record, uint64_t time, uint8_t device)
{
    const bool sent = memcmp(record->bytes + 6, vm_mac, sizeof vm_mac) == 0;
    const uint32_t link =
        record->bytes[12] == 0x81 ? 18 : 14; /* tags are taken off by the device */
    uint8_t head[20] = {[7] = device, [9] = 1, [10] = sent ? 4 : 0, [11] = 6};
    memcpy(head, record->bytes + link - 2, 2);
    memcpy(head + 12, record->bytes + 6, 6);
    put_little32(out, (uint32_t)(time / 1000000));
    put_little32(out, (uint32_t)(time % 1000000));
    put_little32(out, (uint32_t)sizeof head + record->captured - link);
    put_little32(out, (uint32_t)sizeof head + record->wire - link);
    put_bytes(out, head, sizeof head);
    put_bytes(out, record->bytes + link, record->captured - link);
}

/* Sent: the synthetic device, then its virtual function; received: the other way round. */
static void put_cooked(FILE *out, const struct record *record)
{
    const bool sent = memcmp(record->bytes + 6, vm_mac, sizeof vm_mac) == 0;
    put_cooked_on(out, record, record->time, sent ? 2 : 3);
    put_cooked_on(out, record, record->time + 15, sent ? 3 : 2);
}

/* ---- snoop ---- */

static void begin_snoop(FILE *out)
{
    put_bytes(out, "snoop\0\0", 8);
    put_big32(out, 2); /* version */
    put_big32(out, 4); /* Ethernet */
}

static void put_snoop(FILE *out, const struct record *record)
{
    static const uint8_t zeros[4];
    const uint32_t padding = (4 - record->captured % 4) % 4;
    const uint32_t head[] = {record->wire,
                             record->captured,
                             24 + record->captured + padding,
                             0,
                             (uint32_t)(record->time / 1000000),
                             (uint32_t)(record->time % 1000000)};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        put_big32(out, head[i]);
    put_bytes(out, record->bytes, record->captured);
    put_bytes(out, zeros, padding);
}

static const struct format {
    const char *name;
    void (*begin)(FILE *out);
    void (*put)(FILE *out, const struct record *record);
} formats[] = {
    {"pcapng", begin_pcapng, put_pcapng},
    {"cooked", begin_cooked, put_cooked},
    {"snoop", begin_snoop, put_snoop},
};

int main(int argc, char **argv)
{
    const struct format *format = NULL;
    for (size_t i = 0; argc == 4 && i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(argv[1], formats[i].name) == 0)
            format = &formats[i];
    if (format == NULL) {
        fputs("usage: reformat pcapng|cooked|snoop CAPTURE OUT\n", stderr);
        return 1;
    }
    FILE *in = fopen(argv[2], "rb");
    FILE *out = fopen(argv[3], "wb");
    uint8_t header[PCAP_HEADER];
    static struct record record;
    if (in == NULL || out == NULL || fread(header, 1, sizeof header, in) != sizeof header)
        die("open");
    format->begin(out);
    while (next_record(in, &record))
        format->put(out, &record);
    if (ferror(in) || fclose(out) != 0)
        die(argv[3]);
    fclose(in);
    return 0;
}
