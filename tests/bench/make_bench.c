/*
 * Makes a large capture of one VM's traffic, and the truth about it, for measurements.
 *
 *     make_bench [-n PACKETS] [-f FLOWS] [-d DESTINATIONS] [-s SNAPLEN] [-x TIMES] CAPTURE TRUTH
 *
 * The defaults make the file "full": 1.4 million frames of 700 bytes in the mean on Ethernet, 200
 * thousand flows to 20 thousand destinations whose popularity is Zipf's, 5 % of them IPv6, a tenth
 * of the flows behind a VLAN tag. -s 96 cuts the frames as `tcpdump -s 96` does; -x 6 writes the
 * same traffic six times. The same options write the same bytes.
 *
 * TRUTH is CSV, one line a destination: what went to it and what came from it, and how many of
 * these packets have a VLAN tag.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ETHERNET = 14,
    VLAN = 4,
    FRAME_MAX = 1518,
    PAYLOAD_POOL = 65536,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    TCP_HEADER = 32, /* with the timestamp option */
    UDP_HEADER = 8,
};

struct options {
    uint64_t packets;
    uint64_t flows;
    uint64_t destinations;
    uint64_t snaplen;
    uint64_t times;
};

struct destination {
    uint8_t address[16];
    bool ipv6;
    double popularity; /* of this one and all before it */
    uint64_t packets, ip_bytes;
    uint64_t ingress_packets, ingress_ip_bytes;
    uint64_t vlan_packets, ingress_vlan_packets;
};

struct flow {
    uint32_t destination;
    uint16_t vm_port, port;
    uint8_t protocol;
    bool vlan;
    uint32_t sequence[2]; /* egress, ingress */
};

struct bench {
    struct options options;
    uint64_t random;
    uint64_t time_us;
    uint16_t ip_id;
    struct destination *destinations;
    struct flow *flows;
    uint8_t *payload;
    FILE *capture;
};

/* A frame being written. */
struct frame {
    uint8_t bytes[FRAME_MAX];
    size_t length;
};

static const uint8_t vm_mac[6] = {0x00, 0x0d, 0x3a, 0x1b, 0x2c, 0x3d};
static const uint8_t router_mac[6] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc};
static const uint8_t vm_ipv4[4] = {10, 0, 0, 4};
static const uint8_t vm_ipv6[16] = {0xfd, 0x00, 0x0d, 0xb8, [15] = 4};

static void die(const char *what)
{
    fprintf(stderr, "make_bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *allocate(uint64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);
    if (memory == NULL)
        die("memory");
    return memory;
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t next_random(struct bench *bench)
{
    uint64_t z = bench->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint32_t random_below(struct bench *bench, uint32_t limit)
{
    return (uint32_t)(next_random(bench) % limit);
}

static double random_unit(struct bench *bench)
{
    return (double)(next_random(bench) >> 11) / 9007199254740992.0; /* 2^53 */
}

/* ---- the world ---- */

/* The number's bits, shuffled one to one so that neighbours do not share a prefix. */
static uint32_t scatter(uint32_t number)
{
    return (number * UINT32_C(0x9e3779b1)) & 0xffffff;
}

static void make_destinations(struct bench *bench)
{
    /* First bytes of networks that clouds and CDNs announce. */
    static const uint8_t networks[] = {13, 20, 40, 52, 52, 20, 104, 151, 8, 35};
    double popularity = 0;

    for (uint32_t i = 0; i < bench->options.destinations; i++) {
        struct destination *destination = &bench->destinations[i];
        const uint32_t host = scatter(i + 1);
        destination->ipv6 = i % 20 == 7; /* 5 % */
        uint8_t *host_bytes = destination->address + (destination->ipv6 ? 13 : 1);
        if (destination->ipv6) {
            memcpy(destination->address, "\x26\x03\x10\x30", 4);
        } else {
            destination->address[0] = networks[i % sizeof networks];
        }
        host_bytes[0] = (uint8_t)(host >> 16);
        host_bytes[1] = (uint8_t)(host >> 8);
        host_bytes[2] = (uint8_t)host;
        popularity += 1.0 / (i + 1); /* Zipf, exponent 1 */
        destination->popularity = popularity;
    }
}

static uint32_t pick_destination(struct bench *bench)
{
    const uint64_t count = bench->options.destinations;
    const double target = random_unit(bench) * bench->destinations[count - 1].popularity;
    uint32_t low = 0;
    uint32_t high = (uint32_t)count - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (bench->destinations[middle].popularity < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void make_flows(struct bench *bench)
{
    static const uint16_t ports[] = {443, 443, 443, 443, 443, 443, 80, 80, 5671, 1433};

    for (uint64_t i = 0; i < bench->options.flows; i++) {
        struct flow *flow = &bench->flows[i];
        /* Each destination once, whatever its popularity. */
        flow->destination = i < bench->options.destinations ? (uint32_t)i : pick_destination(bench);
        flow->protocol = random_below(bench, 10) == 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
        flow->port = flow->protocol == PROTOCOL_UDP ? 443 : ports[random_below(bench, 10)];
        flow->vm_port = (uint16_t)(32768 + random_below(bench, 28232));
        flow->vlan = random_below(bench, 10) == 0;
    }
}

/* ---- frames ---- */

static void put(struct frame *frame, const void *bytes, size_t length)
{
    memcpy(frame->bytes + frame->length, bytes, length);
    frame->length += length;
}

static void put8(struct frame *frame, unsigned value)
{
    frame->bytes[frame->length++] = (uint8_t)value;
}

static void put16(struct frame *frame, unsigned value)
{
    put8(frame, value >> 8);
    put8(frame, value);
}

static void put32(struct frame *frame, uint32_t value)
{
    put16(frame, value >> 16);
    put16(frame, value & 0xffff);
}

/* RFC 1071 over a header whose checksum field is zero. */
static uint16_t checksum(const uint8_t *bytes, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
        sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void put_ethernet(struct frame *frame, const struct flow *flow, bool egress, bool ipv6)
{
    put(frame, egress ? router_mac : vm_mac, 6);
    put(frame, egress ? vm_mac : router_mac, 6);
    if (flow->vlan) {
        put16(frame, 0x8100);
        put16(frame, 100);
    }
    put16(frame, ipv6 ? 0x86dd : 0x0800);
}

static void put_ipv4(struct frame *frame, const struct flow *flow, const uint8_t *source,
                     const uint8_t *destination, unsigned total, uint16_t id)
{
    uint8_t *header = frame->bytes + frame->length;
    put16(frame, 0x4500);
    put16(frame, total);
    put16(frame, id);
    put16(frame, 0x4000); /* do not fragment */
    put8(frame, 64);
    put8(frame, flow->protocol);
    put16(frame, 0);
    put(frame, source, 4);
    put(frame, destination, 4);
    const uint16_t sum = checksum(header, 20);
    header[10] = (uint8_t)(sum >> 8);
    header[11] = (uint8_t)sum;
}

static void put_ipv6(struct frame *frame, const struct flow *flow, const uint8_t *source,
                     const uint8_t *destination, unsigned payload)
{
    put32(frame, UINT32_C(0x60000000));
    put16(frame, payload);
    put8(frame, flow->protocol);
    put8(frame, 64);
    put(frame, source, 16);
    put(frame, destination, 16);
}

static void put_tcp(struct frame *frame, struct flow *flow, bool egress, unsigned payload,
                    uint32_t clock)
{
    put16(frame, egress ? flow->vm_port : flow->port);
    put16(frame, egress ? flow->port : flow->vm_port);
    put32(frame, flow->sequence[egress ? 0 : 1]);
    put32(frame, flow->sequence[egress ? 1 : 0]);
    put16(frame, TCP_HEADER / 4 << 12 | 0x10); /* ACK */
    put16(frame, 501);
    put32(frame, 0);
    put32(frame, UINT32_C(0x0101080a));
    put32(frame, clock);
    put32(frame, 0);
    flow->sequence[egress ? 0 : 1] += payload;
}

static void put_udp(struct frame *frame, const struct flow *flow, bool egress, unsigned payload)
{
    put16(frame, egress ? flow->vm_port : flow->port);
    put16(frame, egress ? flow->port : flow->vm_port);
    put16(frame, UDP_HEADER + payload);
    put16(frame, 0);
}

/* IP lengths as captures have them: acknowledgements, full frames, and everything between. */
static unsigned pick_ip_length(struct bench *bench, unsigned headers)
{
    const uint32_t kind = random_below(bench, 100);
    if (kind < 46)
        return headers;
    if (kind < 83)
        return 1500;
    return 100 + random_below(bench, 1200);
}

/* Fills *frame with a packet of the flow; returns its IP length. */
static unsigned make_frame(struct bench *bench, struct flow *flow, bool egress, struct frame *frame)
{
    const struct destination *destination = &bench->destinations[flow->destination];
    const bool ipv6 = destination->ipv6;
    const unsigned ip_header = ipv6 ? 40 : 20;
    const unsigned headers = ip_header + (flow->protocol == PROTOCOL_TCP ? TCP_HEADER : UDP_HEADER);
    const unsigned length = pick_ip_length(bench, headers);
    const unsigned payload = length - headers;
    const uint8_t *vm = ipv6 ? vm_ipv6 : vm_ipv4;
    const uint8_t *from = egress ? vm : destination->address;
    const uint8_t *to = egress ? destination->address : vm;

    frame->length = 0;
    put_ethernet(frame, flow, egress, ipv6);
    if (ipv6)
        put_ipv6(frame, flow, from, to, length - ip_header);
    else
        put_ipv4(frame, flow, from, to, length, ++bench->ip_id);
    if (flow->protocol == PROTOCOL_TCP)
        put_tcp(frame, flow, egress, payload, (uint32_t)(bench->time_us / 1000));
    else
        put_udp(frame, flow, egress, payload);
    put(frame, bench->payload + random_below(bench, PAYLOAD_POOL - FRAME_MAX), payload);
    return length;
}

/* ---- files ---- */

static void put_little32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

static void write_bytes(FILE *file, const void *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, file) != length)
        die("write");
}

static void write_file_header(FILE *file, uint32_t snaplen)
{
    uint8_t header[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}; /* pcap 2.4, microseconds */
    put_little32(header + 16, snaplen);
    put_little32(header + 20, 1); /* LINKTYPE_ETHERNET */
    write_bytes(file, header, sizeof header);
}

static void write_frame(struct bench *bench, const struct frame *frame)
{
    const uint64_t snaplen = bench->options.snaplen;
    const size_t captured = frame->length < snaplen ? frame->length : (size_t)snaplen;
    uint8_t header[16];
    put_little32(header, (uint32_t)(bench->time_us / 1000000));
    put_little32(header + 4, (uint32_t)(bench->time_us % 1000000));
    put_little32(header + 8, (uint32_t)captured);
    put_little32(header + 12, (uint32_t)frame->length);
    write_bytes(bench->capture, header, sizeof header);
    write_bytes(bench->capture, frame->bytes, captured);
}

static void count(struct destination *destination, const struct flow *flow, bool egress,
                  unsigned ip_length)
{
    if (egress) {
        destination->packets++;
        destination->ip_bytes += ip_length;
        destination->vlan_packets += flow->vlan;
    } else {
        destination->ingress_packets++;
        destination->ingress_ip_bytes += ip_length;
        destination->ingress_vlan_packets += flow->vlan;
    }
}

/* The whole traffic once; flows start evenly over it. */
static void write_traffic(struct bench *bench)
{
    const struct options *options = &bench->options;
    uint64_t started = 0;
    struct frame frame;

    for (uint64_t i = 0; i < options->packets; i++) {
        bool egress = random_below(bench, 2) == 0;
        struct flow *flow;
        if (started * options->packets < options->flows * (i + 1) && started < options->flows) {
            flow = &bench->flows[started++];
            egress = true; /* so each destination is one of egress */
        } else {
            flow = &bench->flows[next_random(bench) % started];
        }
        const unsigned length = make_frame(bench, flow, egress, &frame);
        count(&bench->destinations[flow->destination], flow, egress, length);
        write_frame(bench, &frame);
        bench->time_us += 1 + random_below(bench, 80);
    }
}

static void write_truth(const struct bench *bench, const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die(path);
    fputs("address,packets,ip_bytes,ingress_packets,ingress_ip_bytes,vlan_packets,"
          "ingress_vlan_packets\n",
          file);
    for (uint64_t i = 0; i < bench->options.destinations; i++) {
        const struct destination *d = &bench->destinations[i];
        char text[INET6_ADDRSTRLEN];
        inet_ntop(d->ipv6 ? AF_INET6 : AF_INET, d->address, text, sizeof text);
        fprintf(file, "%s", text);
        const uint64_t counts[] = {d->packets,          d->ip_bytes,     d->ingress_packets,
                                   d->ingress_ip_bytes, d->vlan_packets, d->ingress_vlan_packets};
        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
            fprintf(file, ",%" PRIu64, counts[k]);
        fputc('\n', file);
    }
    if (fclose(file) != 0)
        die(path);
}

static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    const uint64_t value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value == 0 || value > UINT32_MAX) {
        fprintf(stderr, "make_bench: not a number from 1 on: '%s'\n", text);
        exit(1);
    }
    return value;
}

static void parse_options(int argc, char **argv, struct options *options)
{
    *options = (struct options){1400000, 200000, 20000, 262144, 1};
    int option;
    while ((option = getopt(argc, argv, "n:f:d:s:x:")) != -1) {
        switch (option) {
        case 'n':
            options->packets = number(optarg);
            break;
        case 'f':
            options->flows = number(optarg);
            break;
        case 'd':
            options->destinations = number(optarg);
            break;
        case 's':
            options->snaplen = number(optarg);
            break;
        case 'x':
            options->times = number(optarg);
            break;
        default:
            exit(1);
        }
    }
    if (argc - optind != 2 || options->destinations > options->flows ||
        options->flows > options->packets) {
        fputs("usage: make_bench [-n PACKETS] [-f FLOWS] [-d DESTINATIONS] [-s SNAPLEN] [-x TIMES]"
              " CAPTURE TRUTH\n",
              stderr);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct bench bench = {.random = 20260914, .time_us = UINT64_C(1789344000000000)};
    parse_options(argc, argv, &bench.options);
    bench.destinations = allocate(bench.options.destinations, sizeof *bench.destinations);
    bench.flows = allocate(bench.options.flows, sizeof *bench.flows);
    bench.payload = allocate(PAYLOAD_POOL, 1);
    for (size_t i = 0; i < PAYLOAD_POOL; i++)
        bench.payload[i] = (uint8_t)next_random(&bench);
    make_destinations(&bench);
    make_flows(&bench);

    bench.capture = fopen(argv[optind], "wb");
    if (bench.capture == NULL)
        die(argv[optind]);
    write_file_header(bench.capture, (uint32_t)bench.options.snaplen);
    const uint64_t random = bench.random;
    for (uint64_t i = 0; i < bench.options.times; i++) {
        bench.random = random;
        write_traffic(&bench);
    }
    if (fclose(bench.capture) != 0)
        die(argv[optind]);
    write_truth(&bench, argv[optind + 1]);

    free(bench.payload);
    free(bench.flows);
    free(bench.destinations);
    return 0;
}
