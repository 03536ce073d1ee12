#include "traffic/scope.h"

#include <stddef.h>
#include <stdint.h>

/*
 * IANA IPv4 and IPv6 Special-Purpose Address Registries, as of 2025-10, column "Globally
 * Reachable". What the registry marks "N/A" is decided here and said so. First match wins, so the
 * exceptions stand before the block they are carved from.
 */
struct v4_block {
    uint32_t network;
    uint8_t length;
    uint8_t scope;
};

struct v6_block {
    uint64_t high;
    uint64_t low;
    uint8_t length;
    uint8_t scope;
};

#define V4(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

static const struct v4_block v4_blocks[] = {
    /* Platform services of the clouds; documented by each provider. */
    {V4(168, 63, 129, 16), 32, EG_SCOPE_PLATFORM},   /* Azure: DHCP, DNS, health probes, agent */
    {V4(169, 254, 169, 254), 32, EG_SCOPE_PLATFORM}, /* metadata: Azure, AWS, GCP, OCI */
    {V4(169, 254, 169, 253), 32, EG_SCOPE_PLATFORM}, /* AWS: Route 53 Resolver */
    {V4(169, 254, 169, 123), 32, EG_SCOPE_PLATFORM}, /* AWS: Time Sync */
    {V4(169, 254, 170, 2), 32, EG_SCOPE_PLATFORM},   /* AWS: ECS task metadata, credentials */
    {V4(169, 254, 170, 23), 32, EG_SCOPE_PLATFORM},  /* AWS: EKS Pod Identity */
    {V4(169, 254, 0, 2), 32, EG_SCOPE_PLATFORM},     /* OCI: iSCSI boot volume */
    {V4(169, 254, 0, 3), 32, EG_SCOPE_PLATFORM},     /* OCI: kernel updates */
    {V4(169, 254, 2, 0), 24, EG_SCOPE_PLATFORM},     /* OCI: iSCSI block volumes */

    {V4(0, 0, 0, 0), 8, EG_SCOPE_UNSPECIFIED},        /* RFC 791 section 3.2 */
    {V4(10, 0, 0, 0), 8, EG_SCOPE_PRIVATE},           /* RFC 1918 */
    {V4(100, 64, 0, 0), 10, EG_SCOPE_PRIVATE},        /* RFC 6598 */
    {V4(127, 0, 0, 0), 8, EG_SCOPE_LOOPBACK},         /* RFC 1122 */
    {V4(169, 254, 0, 0), 16, EG_SCOPE_LINK_LOCAL},    /* RFC 3927 */
    {V4(172, 16, 0, 0), 12, EG_SCOPE_PRIVATE},        /* RFC 1918 */
    {V4(192, 0, 0, 9), 32, EG_SCOPE_PUBLIC},          /* RFC 7723: PCP anycast */
    {V4(192, 0, 0, 10), 32, EG_SCOPE_PUBLIC},         /* RFC 8155: TURN anycast */
    {V4(192, 0, 0, 0), 24, EG_SCOPE_PRIVATE},         /* RFC 6890 */
    {V4(192, 0, 2, 0), 24, EG_SCOPE_PRIVATE},         /* RFC 5737 */
    {V4(192, 88, 99, 2), 32, EG_SCOPE_PRIVATE},       /* RFC 6751 */
    {V4(192, 88, 99, 0), 24, EG_SCOPE_PUBLIC},        /* RFC 7526: N/A; relays were on the net */
    {V4(192, 168, 0, 0), 16, EG_SCOPE_PRIVATE},       /* RFC 1918 */
    {V4(198, 18, 0, 0), 15, EG_SCOPE_PRIVATE},        /* RFC 2544 */
    {V4(198, 51, 100, 0), 24, EG_SCOPE_PRIVATE},      /* RFC 5737 */
    {V4(203, 0, 113, 0), 24, EG_SCOPE_PRIVATE},       /* RFC 5737 */
    {V4(224, 0, 0, 0), 4, EG_SCOPE_MULTICAST},        /* RFC 5771 */
    {V4(255, 255, 255, 255), 32, EG_SCOPE_BROADCAST}, /* RFC 919, RFC 8190 */
    {V4(240, 0, 0, 0), 4, EG_SCOPE_PRIVATE},          /* RFC 1112 section 4 */
};

static const struct v6_block v6_blocks[] = {
    {0xfd000ec200000000, 0x254, 128, EG_SCOPE_PLATFORM}, /* AWS: metadata */
    {0xfd000ec200000000, 0x253, 128, EG_SCOPE_PLATFORM}, /* AWS: Route 53 Resolver */
    {0xfd000ec200000000, 0x123, 128, EG_SCOPE_PLATFORM}, /* AWS: Time Sync */
    {0xfd000ec200000000, 0x23, 128, EG_SCOPE_PLATFORM},  /* AWS: EKS Pod Identity */
    {0xfd2000ce00000000, 0x254, 128, EG_SCOPE_PLATFORM}, /* GCP: metadata */

    {0, 0, 128, EG_SCOPE_UNSPECIFIED},                /* RFC 4291 */
    {0, 1, 128, EG_SCOPE_LOOPBACK},                   /* RFC 4291 */
    {0xfe80000000000000, 0, 10, EG_SCOPE_LINK_LOCAL}, /* RFC 4291 */
    {0xff00000000000000, 0, 8, EG_SCOPE_MULTICAST},   /* RFC 4291 */
    {0x2001000000000000, 0, 32, EG_SCOPE_PUBLIC},     /* RFC 4380: N/A; Teredo is routed */
    {0x2001000100000000, 1, 128, EG_SCOPE_PUBLIC},    /* RFC 7723: PCP anycast */
    {0x2001000100000000, 2, 128, EG_SCOPE_PUBLIC},    /* RFC 8155: TURN anycast */
    {0x2001000100000000, 3, 128, EG_SCOPE_PUBLIC},    /* RFC 9665: SRP anycast */
    {0x2001000300000000, 0, 32, EG_SCOPE_PUBLIC},     /* RFC 7450: AMT */
    {0x2001000401120000, 0, 48, EG_SCOPE_PUBLIC},     /* RFC 7535: AS112 */
    {0x2001002000000000, 0, 28, EG_SCOPE_PUBLIC},     /* RFC 7343: ORCHIDv2 */
    {0x2001003000000000, 0, 28, EG_SCOPE_PUBLIC},     /* RFC 9374: drone remote ID */
    {0x2001000000000000, 0, 23, EG_SCOPE_PRIVATE},    /* RFC 2928; ORCHID's N/A with it */
    {0x20010db800000000, 0, 32, EG_SCOPE_PRIVATE},    /* RFC 3849 */
    {0x3fff000000000000, 0, 20, EG_SCOPE_PRIVATE},    /* RFC 9637 */
    /* 2002::/16 (RFC 3056) is N/A there; what goes to it leaves for a relay on the net. */
    {0x2000000000000000, 0, 3, EG_SCOPE_PUBLIC}, /* RFC 4291: global unicast */
};

static uint64_t load(const uint8_t *bytes, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Whether the first `length` of 64 bits are equal. */
static bool same_bits(uint64_t a, uint64_t b, unsigned length)
{
    return length == 0 || (a ^ b) >> (64 - length) == 0;
}

/* Whether a block above begins with this byte: nearly no public address does, and is done here. */
static bool may_be_special_v4(uint8_t first)
{
    switch (first) {
    case 0:
    case 10:
    case 100:
    case 127:
    case 168:
    case 169:
    case 172:
    case 192:
    case 198:
    case 203:
        return true;
    default:
        return first >= 224;
    }
}

static enum eg_scope scope_v4(const uint8_t *bytes)
{
    if (!may_be_special_v4(bytes[0]))
        return EG_SCOPE_PUBLIC;
    const uint32_t address = (uint32_t)load(bytes, 4);
    for (size_t i = 0; i < sizeof v4_blocks / sizeof *v4_blocks; i++)
        if ((address ^ v4_blocks[i].network) >> (32 - v4_blocks[i].length) == 0)
            return (enum eg_scope)v4_blocks[i].scope;
    return EG_SCOPE_PUBLIC;
}

static enum eg_scope scope_v6(const uint8_t *bytes)
{
    const uint64_t high = load(bytes, 8);
    const uint64_t low = load(bytes + 8, 8);
    for (size_t i = 0; i < sizeof v6_blocks / sizeof *v6_blocks; i++) {
        const struct v6_block *block = &v6_blocks[i];
        const unsigned length = block->length;
        if (same_bits(high, block->high, length < 64 ? length : 64) &&
            same_bits(low, block->low, length < 64 ? 0 : length - 64))
            return (enum eg_scope)block->scope;
    }
    return EG_SCOPE_PRIVATE; /* outside 2000::/3, rule 3.1 */
}

enum eg_scope eg_scope_of(const struct eg_address *address)
{
    switch (address->family) {
    case EG_IPV4:
        return scope_v4(address->bytes);
    case EG_IPV6:
        return scope_v6(address->bytes);
    default:
        return EG_SCOPE_UNSPECIFIED;
    }
}

bool eg_scope_is_public(enum eg_scope scope)
{
    return scope == EG_SCOPE_PUBLIC;
}

bool eg_scope_stays_local(enum eg_scope scope)
{
    return scope == EG_SCOPE_LOOPBACK || scope == EG_SCOPE_LINK_LOCAL ||
           scope == EG_SCOPE_MULTICAST || scope == EG_SCOPE_BROADCAST ||
           scope == EG_SCOPE_UNSPECIFIED;
}
