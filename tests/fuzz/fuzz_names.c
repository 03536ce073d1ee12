/*
 * Readers of names over hostile payloads. The first byte says what the others are; whatever they
 * are, a name that is kept is a host's, and a merged table holds the same ones.
 *
 * Of several packets each has 4 bytes in front: its kind, where it lies in the stream (2), and its
 * length; what is open at one of them is copied, and both go on alike.
 */
#include <string.h>

#include "fuzz.h"
#include "names/host_name.h"
#include "names/name_readers.h"
#include "names/packet_names.h"

enum kind { DNS, MDNS, DNS_STREAM, TLS, HTTP, QUIC, QUIC_FRAMES, SEVERAL, KINDS };

static const struct eg_hash_key key = {1, 2};

/* Headers in front of a payload: the ports are told by struct eg_packet. */
enum { HEADER = 20 };

/* Where names go to, and what is open. */
struct taker {
    struct eg_hosts *hosts;
    struct eg_streams *streams;
    uint64_t number;
};
static const uint8_t server[4] = {192, 0, 2, 1};

static void check_names(const struct eg_hosts *hosts, const struct eg_address *address)
{
    char again[EG_HOST_NAME_MAX];
    const struct eg_host *host = eg_hosts_find(hosts, address);
    for (const struct eg_name *name = host ? host->first : NULL; name; name = name->next)
        EG_FUZZ_CHECK(eg_host_name_read(name->text, strlen(name->text), again) &&
                      strcmp(again, name->text) == 0);
}

/* What eg_packet_decode() says of a packet of this kind, whose frame begins with its upper header.
 */
static struct eg_packet packet_of(enum kind kind, uint32_t size, uint8_t flags)
{
    enum { DYNAMIC = 50000 };
    const bool tcp = kind == DNS_STREAM || kind == TLS || kind == HTTP;
    const bool answer = kind <= DNS_STREAM;
    struct eg_packet packet = {
        .protocol = tcp ? EG_PROTOCOL_TCP : EG_PROTOCOL_UDP,
        .upper_header_bytes = tcp ? HEADER : 8,
        .upper_offset = tcp ? 0 : HEADER - 8,
        .upper_captured = tcp ? size : size - (HEADER - 8),
        .ip_bytes = size,
        .tcp_flags = flags,
        .source_port = (uint16_t)(!answer        ? DYNAMIC
                                  : kind == MDNS ? EG_MDNS_PORT
                                                 : EG_DNS_PORT),
        .destination_port = (uint16_t)(answer ? DYNAMIC : 443),
    };
    packet.destination = packet.source = eg_address_v4(server);
    return packet;
}

/* flags: of TCP; a SYN is followed by nothing here, and one bit cuts the packet's end off. */
static void take(struct taker *taker, enum kind kind, uint32_t sequence, uint8_t flags,
                 const uint8_t *data, size_t size)
{
    enum { ROOM = 1 << 16, CUT = 0x80 };
    static uint8_t bytes[ROOM];
    if (size > ROOM - HEADER)
        size = ROOM - HEADER;
    memset(bytes, 0, HEADER);
    if (kind == DNS_STREAM || kind == TLS || kind == HTTP)
        for (unsigned i = 0; i < 4; i++)
            bytes[4 + i] = (uint8_t)(sequence >> (24 - 8 * i));
    if (size)
        memcpy(bytes + HEADER, data, size);
    const uint32_t all = (uint32_t)size + HEADER;
    const struct eg_frame frame = {.data = bytes, .captured = all, .wire = all};
    struct eg_packet packet = packet_of(kind, all, flags & (EG_TCP_SYN | EG_TCP_ACK));
    packet.ip_bytes += flags & CUT;
    EG_FUZZ_CHECK(eg_names_take(taker->hosts, taker->streams, taker->number++, &frame, &packet) ==
                  EG_OK);
}

/* Behind the protection that no fuzzer guesses. */
static void take_frames(struct eg_hosts *hosts, const uint8_t *data, size_t size)
{
    struct eg_pieces pieces = {0};
    struct eg_cursor name;
    const struct eg_address address = eg_address_v4(server);
    EG_FUZZ_CHECK(eg_quic_join(eg_cursor_over(data, size), &pieces) != EG_ERR_NO_MEMORY);
    if (eg_hello_server_name(eg_pieces_whole(&pieces), &name) == EG_FOUND)
        EG_FUZZ_CHECK(eg_hosts_add(hosts, &address, EG_NAME_QUIC, name.at, eg_cursor_left(&name)) ==
                      EG_OK);
    eg_pieces_clear(&pieces);
}

static void check_bounds(const struct eg_streams *streams)
{
    for (uint64_t i = streams->first; i < streams->end; i++) {
        const struct eg_pieces *pieces = &streams->heads[i % EG_HEAD_FRAMES].pieces;
        EG_FUZZ_CHECK(pieces->count <= EG_PIECES_RANGES && pieces->room <= EG_PIECES_MAX);
        for (unsigned k = 0; k < pieces->count; k++)
            EG_FUZZ_CHECK(pieces->ranges[k].from < pieces->ranges[k].to &&
                          pieces->ranges[k].to <= pieces->room &&
                          (k == 0 || pieces->ranges[k].from > pieces->ranges[k - 1].to));
    }
}

/* One packet for `taker`, and for the copy of what it had; the bytes it took. */
static size_t take_next(struct taker *taker, struct taker *copy, const uint8_t *data, size_t size)
{
    enum { FRONT = 4 };
    const enum kind kind = (enum kind)(DNS_STREAM + data[0] % (QUIC - DNS_STREAM + 1));
    const uint32_t sequence = (uint32_t)data[1] << 8 | data[2];
    const uint8_t flags = data[0] & 0x90 ? data[0] & 0x90 : data[0] & EG_TCP_SYN;
    const size_t length = data[3] < size - FRONT ? data[3] : size - FRONT;
    take(taker, kind, sequence, flags, data + FRONT, length);
    take(copy, kind, sequence, flags, data + FRONT, length);
    check_bounds(taker->streams);
    return FRONT + length;
}

static void take_several(struct taker *taker, const uint8_t *data, size_t size)
{
    struct taker copy = {.streams = eg_streams_copy(taker->streams), .number = 1000};
    size_t at = 0;
    while (copy.streams && at + 4 <= size) {
        if (data[at] == UINT8_MAX) { /* from here on */
            eg_streams_free(copy.streams);
            copy.streams = eg_streams_copy(taker->streams);
            copy.number = taker->number;
            EG_FUZZ_CHECK(copy.streams);
        }
        at += take_next(taker, &copy, data + at, size - at);
        EG_FUZZ_CHECK(eg_streams_agree(taker->streams, taker->number, copy.streams, copy.number));
    }
    eg_streams_free(copy.streams);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct taker taker = {0};
    struct eg_hosts *merged = NULL;
    const struct eg_address address = eg_address_v4(server);
    if (size == 0)
        return 0;
    eg_names_prepare();
    EG_FUZZ_CHECK(eg_hosts_new(&key, NULL, &taker.hosts) == EG_OK &&
                  eg_streams_new(&key, &taker.streams) == EG_OK &&
                  eg_hosts_new(&key, NULL, &merged) == EG_OK);
    if (data[0] % KINDS == QUIC_FRAMES)
        take_frames(taker.hosts, data + 1, size - 1);
    else if (data[0] % KINDS == SEVERAL)
        take_several(&taker, data + 1, size - 1);
    else
        take(&taker, (enum kind)(data[0] % KINDS), 0, 0, data + 1, size - 1);
    EG_FUZZ_CHECK(eg_hosts_merge(merged, taker.hosts) == EG_OK);
    check_names(taker.hosts, &address);
    check_names(merged, &address);
    eg_hosts_free(taker.hosts);
    eg_hosts_free(merged);
    eg_streams_free(taker.streams);
    return 0;
}
