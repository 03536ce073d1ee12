#include "base/address.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum { V4_BYTES = 4, V6_BYTES = 16, NO_GAP = V6_BYTES + 1 };

struct eg_address eg_address_v4(const uint8_t bytes[4])
{
    struct eg_address address = {{0}, EG_IPV4};
    memcpy(address.bytes, bytes, V4_BYTES);
    return address;
}

struct eg_address eg_address_v6(const uint8_t bytes[16])
{
    struct eg_address address = {{0}, EG_IPV6};
    memcpy(address.bytes, bytes, V6_BYTES);
    return address;
}

int eg_address_compare(const struct eg_address *a, const struct eg_address *b)
{
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool eg_address_equal(const struct eg_address *a, const struct eg_address *b)
{
    return eg_address_compare(a, b) == 0;
}

unsigned eg_address_bits(const struct eg_address *address)
{
    return address->family == EG_IPV4 ? 32 : 128;
}

/* One to three digits without leading zeros, which some read as octal. */
static bool parse_small(const char *text, size_t length, uint64_t maximum, uint8_t *value)
{
    uint64_t number;
    if (length > 3 || (length > 1 && text[0] == '0') ||
        !eg_parse_u64(text, length, maximum, &number))
        return false;
    *value = (uint8_t)number;
    return true;
}

static bool parse_v4(const char *text, size_t length, uint8_t bytes[V4_BYTES])
{
    for (unsigned i = 0; i < V4_BYTES; i++) {
        const char *dot = i < V4_BYTES - 1 ? memchr(text, '.', length) : text + length;
        if (dot == NULL || !parse_small(text, (size_t)(dot - text), 255, &bytes[i]))
            return false;
        if (i < V4_BYTES - 1) {
            length -= (size_t)(dot + 1 - text);
            text = dot + 1;
        }
    }
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* One to four hexadecimal digits; returns how many, 0 for none or too many. */
static size_t parse_group(const char *text, size_t length, uint8_t bytes[2])
{
    unsigned group = 0;
    size_t used = 0;
    while (used < length && hex_digit(text[used]) >= 0) {
        if (used == 4)
            return 0;
        group = group << 4 | (unsigned)hex_digit(text[used++]);
    }
    bytes[0] = (uint8_t)(group >> 8);
    bytes[1] = (uint8_t)group;
    return used;
}

/* What stood behind the "::" goes to the end, zeros between. */
static bool expand_gap(uint8_t bytes[V6_BYTES], size_t used, size_t gap)
{
    if (gap == NO_GAP)
        return used == V6_BYTES;
    if (used == V6_BYTES)
        return false;
    memmove(bytes + V6_BYTES - (used - gap), bytes + gap, used - gap);
    memset(bytes + gap, 0, V6_BYTES - used);
    return true;
}

/* RFC 4291, 2.2: groups, one "::" at most, the last two groups perhaps as an IPv4 address. */
static bool parse_v6(const char *text, size_t length, uint8_t bytes[V6_BYTES])
{
    const char *end = text + length;
    size_t used = 0;
    size_t gap = NO_GAP;
    if (length >= 2 && text[0] == ':' && text[1] == ':') {
        gap = 0;
        text += 2;
    }
    while (text < end) {
        if (used <= V6_BYTES - V4_BYTES && parse_v4(text, (size_t)(end - text), bytes + used))
            return expand_gap(bytes, used + V4_BYTES, gap);
        const size_t digits =
            used < V6_BYTES ? parse_group(text, (size_t)(end - text), bytes + used) : 0;
        if (digits == 0)
            return false;
        used += 2;
        text += digits;
        if (text == end)
            break;
        if (*text++ != ':' || text == end)
            return false;
        if (*text == ':') {
            if (gap != NO_GAP)
                return false;
            gap = used;
            text++;
        }
    }
    return expand_gap(bytes, used, gap);
}

bool eg_address_parse(const char *text, size_t length, struct eg_address *address)
{
    uint8_t bytes[V6_BYTES];
    if (parse_v4(text, length, bytes))
        *address = eg_address_v4(bytes);
    else if (parse_v6(text, length, bytes))
        *address = eg_address_v6(bytes);
    else
        return false;
    return true;
}

static void text_v4(const uint8_t bytes[V4_BYTES], char *buffer, size_t size)
{
    snprintf(buffer, size, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static unsigned group_at(const uint8_t bytes[V6_BYTES], unsigned index)
{
    return (unsigned)bytes[2 * index] << 8 | bytes[2 * index + 1];
}

struct run {
    unsigned start;
    unsigned length;
};

/* RFC 5952, 4.2: the longest run of two or more zero groups, the first of equals. */
static struct run longest_zeros(const uint8_t bytes[V6_BYTES])
{
    struct run best = {0, 1};
    unsigned length = 0;
    for (unsigned i = 0; i < 8; i++) {
        length = group_at(bytes, i) == 0 ? length + 1 : 0;
        if (length > best.length)
            best = (struct run){i + 1 - length, length};
    }
    return best.length > 1 ? best : (struct run){8, 0};
}

static void text_v6(const uint8_t bytes[V6_BYTES], char *buffer, size_t size)
{
    static const uint8_t v4_mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(bytes, v4_mapped, sizeof v4_mapped) == 0) { /* RFC 5952, 5 */
        const int used = snprintf(buffer, size, "::ffff:");
        text_v4(bytes + sizeof v4_mapped, buffer + used, size - (size_t)used);
        return;
    }
    const struct run zeros = longest_zeros(bytes);
    size_t used = 0;
    for (unsigned i = 0; i < 8; i++) {
        if (i == zeros.start) {
            used += (size_t)snprintf(buffer + used, size - used, "::");
            i += zeros.length - 1;
            continue;
        }
        const char *separator = i == 0 || i == zeros.start + zeros.length ? "" : ":";
        used += (size_t)snprintf(buffer + used, size - used, "%s%x", separator, group_at(bytes, i));
    }
}

const char *eg_address_text(const struct eg_address *address, char buffer[EG_ADDRESS_TEXT_MAX])
{
    buffer[0] = '\0';
    if (address->family == EG_IPV4)
        text_v4(address->bytes, buffer, EG_ADDRESS_TEXT_MAX);
    else if (address->family == EG_IPV6)
        text_v6(address->bytes, buffer, EG_ADDRESS_TEXT_MAX);
    return buffer;
}

static bool host_bits_are_zero(const struct eg_prefix *prefix)
{
    const unsigned whole = prefix->length / 8;
    const unsigned partial = prefix->length % 8;
    for (unsigned i = whole; i < sizeof prefix->address.bytes; i++) {
        const unsigned mask = i == whole ? 0xffu >> partial : 0xffu;
        if ((prefix->address.bytes[i] & mask) != 0)
            return false;
    }
    return true;
}

/* An address and a length, whatever the bits behind it. */
static bool parse_with_length(const char *text, size_t length, struct eg_prefix *prefix)
{
    const char *slash = memchr(text, '/', length);
    const size_t address_length = slash == NULL ? length : (size_t)(slash - text);
    if (!eg_address_parse(text, address_length, &prefix->address))
        return false;
    const unsigned bits = eg_address_bits(&prefix->address);
    prefix->length = (uint8_t)bits;
    return slash == NULL ||
           parse_small(slash + 1, length - address_length - 1, bits, &prefix->length);
}

bool eg_prefix_parse(const char *text, size_t length, struct eg_prefix *prefix)
{
    struct eg_prefix parsed;
    if (!parse_with_length(text, length, &parsed) || !host_bits_are_zero(&parsed))
        return false;
    *prefix = parsed;
    return true;
}

const char *eg_prefix_fault(const char *text, size_t length)
{
    struct eg_prefix parsed;
    return parse_with_length(text, length, &parsed) ? "has bits set behind its length"
                                                    : "is not an address or a prefix";
}

const char *eg_prefix_text(const struct eg_prefix *prefix, char buffer[EG_PREFIX_TEXT_MAX])
{
    char address[EG_ADDRESS_TEXT_MAX];
    snprintf(buffer, EG_PREFIX_TEXT_MAX, "%s/%u", eg_address_text(&prefix->address, address),
             prefix->length);
    return buffer;
}

bool eg_prefix_contains(const struct eg_prefix *prefix, const struct eg_address *address)
{
    if (prefix->address.family != address->family)
        return false;
    const unsigned whole = prefix->length / 8;
    const unsigned partial = prefix->length % 8;
    if (memcmp(prefix->address.bytes, address->bytes, whole) != 0)
        return false;
    if (partial == 0)
        return true;
    const unsigned mask = 0xff00u >> partial & 0xffu;
    return ((prefix->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}
