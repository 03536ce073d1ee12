#include "capture/etl/xpress.h"

#include "base/cursor.h"

/*
 * A match is 16 bits, offset - 1 above three bits of length - 3. Seven there means that more of
 * the length follows: a nibble, of which two matches share a byte; then a byte; then 16 bits; then
 * 32 (MS-XCA 2.3.4).
 */
enum {
    LENGTH_BITS = 3,
    LENGTH_IN_MATCH = 7,
    LENGTH_IN_NIBBLE = 15,
    LENGTH_IN_BYTE = 255,
    LENGTH_MINIMUM = 3,
    FLAGS = 32,
};

struct nibble {
    uint8_t byte;
    bool waits; /* its upper half is still to be used */
};

static inline bool next_nibble(struct eg_cursor *in, struct nibble *nibble, uint32_t *value)
{
    nibble->waits = !nibble->waits;
    if (!nibble->waits) {
        *value = nibble->byte >> 4;
        return true;
    }
    *value = 0;
    if (!eg_cursor_u8(in, &nibble->byte))
        return false;
    *value = nibble->byte & 15;
    return true;
}

/* Of a length beyond a byte. */
static enum eg_xpress_end long_length(struct eg_cursor *in, uint32_t *length)
{
    uint16_t word = 0;
    if (!eg_cursor_le16(in, &word))
        return EG_XPRESS_STARVED;
    *length = word;
    if (word == 0 && !eg_cursor_le32(in, length))
        return EG_XPRESS_STARVED;
    return *length < LENGTH_IN_MATCH + LENGTH_IN_NIBBLE ? EG_XPRESS_CORRUPT : EG_XPRESS_FULL;
}

/* EG_XPRESS_FULL: *length is there. */
static inline enum eg_xpress_end match_length(struct eg_cursor *in, struct nibble *nibble,
                                              uint16_t match, size_t *length)
{
    uint32_t units = match & LENGTH_IN_MATCH, more = 0;
    if (units == LENGTH_IN_MATCH) {
        if (!next_nibble(in, nibble, &more))
            return EG_XPRESS_STARVED;
        units += more;
        if (more == LENGTH_IN_NIBBLE) {
            uint8_t byte = 0;
            if (!eg_cursor_u8(in, &byte))
                return EG_XPRESS_STARVED;
            units += byte;
            if (byte == LENGTH_IN_BYTE) {
                const enum eg_xpress_end end = long_length(in, &units);
                if (end != EG_XPRESS_FULL)
                    return end;
            }
        }
    }
    *length = (size_t)units + LENGTH_MINIMUM;
    return EG_XPRESS_FULL;
}

/* A match may reach into what it makes: the bytes then repeat. */
static inline void copy_match(uint8_t *target, size_t offset, size_t length)
{
    const uint8_t *from = target - offset;
    if (offset >= length)
        memcpy(target, from, length);
    else if (offset == 1)
        memset(target, *from, length);
    else
        for (size_t i = 0; i < length; i++)
            target[i] = from[i];
}

size_t eg_xpress_decode(const void *packed, size_t packed_size, uint8_t *target, size_t size,
                        enum eg_xpress_end *end)
{
    struct eg_cursor in = eg_cursor_over(packed, packed_size);
    struct nibble nibble = {0, false};
    uint32_t flags = 0;
    unsigned flag_count = 0;
    size_t at = 0;
    *end = EG_XPRESS_STARVED;
    while (at < size) {
        if (flag_count == 0) {
            if (!eg_cursor_le32(&in, &flags))
                return at;
            flag_count = FLAGS;
        }
        const bool is_match = flags >> 31;
        flags <<= 1;
        flag_count--;
        if (!is_match) {
            if (!eg_cursor_u8(&in, &target[at]))
                return at;
            at++;
            continue;
        }
        uint16_t match = 0;
        size_t length = 0;
        if (!eg_cursor_le16(&in, &match))
            return at;
        *end = match_length(&in, &nibble, match, &length);
        const size_t offset = (size_t)(match >> LENGTH_BITS) + 1;
        if (*end == EG_XPRESS_FULL && offset > at)
            *end = EG_XPRESS_CORRUPT;
        if (*end != EG_XPRESS_FULL)
            return at;
        *end = EG_XPRESS_STARVED;
        length = length < size - at ? length : size - at;
        copy_match(target + at, offset, length);
        at += length;
    }
    *end = EG_XPRESS_FULL;
    return at;
}
