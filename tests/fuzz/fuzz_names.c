/*
 * Readers of names over hostile payloads. The first byte says what the others are; whatever they
 * are, a name that is kept is a host's, and a merged table holds the same ones.
 */
#include <string.h>

#include "fuzz.h"
#include "names/host_name.h"
#include "names/name_readers.h"
#include "names/packet_names.h"

enum kind { DNS, MDNS, DNS_STREAM, TLS, HTTP, QUIC, QUIC_FRAMES, KINDS };

static const struct eg_hash_key key = {1, 2};
static const uint8_t server[4] = {192, 0, 2, 1};

static void check_names(const struct eg_hosts *hosts, const struct eg_address *address)
{
    char again[EG_HOST_NAME_MAX];
    const struct eg_host *host = eg_hosts_find(hosts, address);
    for (const struct eg_name *name = host ? host->first : NULL; name; name = name->next)
        EG_FUZZ_CHECK(eg_host_name_read(name->text, strlen(name->text), again) &&
                      strcmp(again, name->text) == 0);
}

/* What eg_packet_decode() says of a packet of this kind, whose frame begins with its payload. */
static struct eg_packet packet_of(enum kind kind, uint32_t size)
{
    enum { DYNAMIC = 50000 };
    const bool tcp = kind == DNS_STREAM || kind == TLS || kind == HTTP;
    const bool answer = kind <= DNS_STREAM;
    struct eg_packet packet = {
        .protocol = tcp ? EG_PROTOCOL_TCP : EG_PROTOCOL_UDP,
        .upper_header_bytes = 8,
        .upper_captured = size,
        .source_port = (uint16_t)(!answer        ? DYNAMIC
                                  : kind == MDNS ? EG_MDNS_PORT
                                                 : EG_DNS_PORT),
        .destination_port = (uint16_t)(answer ? DYNAMIC : 443),
    };
    packet.destination = eg_address_v4(server);
    return packet;
}

static void take(struct eg_hosts *hosts, enum kind kind, const uint8_t *data, size_t size)
{
    const struct eg_frame frame = {
        .data = data, .captured = (uint32_t)size, .wire = (uint32_t)size};
    const struct eg_packet packet = packet_of(kind, (uint32_t)size);
    EG_FUZZ_CHECK(eg_names_take(hosts, &frame, &packet) == EG_OK);
}

/* Behind the protection that no fuzzer guesses. */
static void take_frames(struct eg_hosts *hosts, const uint8_t *data, size_t size)
{
    static uint8_t room[EG_QUIC_ROOM];
    struct eg_cursor hello, name;
    const struct eg_address address = eg_address_v4(server);
    if (eg_quic_join(eg_cursor_over(data, size), room, &hello) &&
        eg_hello_server_name(hello, &name))
        EG_FUZZ_CHECK(eg_hosts_add(hosts, &address, EG_NAME_QUIC, name.at, eg_cursor_left(&name)) ==
                      EG_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eg_hosts *hosts = NULL, *merged = NULL;
    const struct eg_address address = eg_address_v4(server);
    if (size == 0)
        return 0;
    eg_names_prepare();
    EG_FUZZ_CHECK(eg_hosts_new(&key, NULL, &hosts) == EG_OK &&
                  eg_hosts_new(&key, NULL, &merged) == EG_OK);
    if (data[0] % KINDS == QUIC_FRAMES)
        take_frames(hosts, data + 1, size - 1);
    else
        take(hosts, (enum kind)(data[0] % KINDS), data + 1, size - 1);
    EG_FUZZ_CHECK(eg_hosts_merge(merged, hosts) == EG_OK);
    check_names(hosts, &address);
    check_names(merged, &address);
    eg_hosts_free(hosts);
    eg_hosts_free(merged);
    return 0;
}
