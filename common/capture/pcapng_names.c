/*
 * Name resolution blocks: the names that a file itself gives to addresses.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Record Type              |      Record Value Length      |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   /   address (4 or 16 bytes), names, each ended by a zero byte   /
 *   /                      padded to 32 bits                        /
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
#include <stdlib.h>

#include "capture/reader.h"

enum { NAMES_MAX = 4 * 1024 * 1024, NAME_MAX_KEPT = 255 };

static bool reserve(struct eg_pcapng_names *names, size_t more)
{
    if (names->size + more <= names->room)
        return true;
    const size_t room = (names->size + more) * 2;
    uint8_t *grown = realloc(names->bytes, room);
    if (!grown)
        return false;
    names->bytes = grown;
    names->room = room;
    return true;
}

/* Kept as: bytes of the address, the address, bytes of the name, the name. */
static void keep(struct eg_pcapng_names *names, const uint8_t *address, uint8_t bytes,
                 const uint8_t *name, size_t length)
{
    const size_t more = 2 + (size_t)bytes + length;
    if (length == 0 || length > NAME_MAX_KEPT || names->size + more > NAMES_MAX ||
        !reserve(names, more))
        return;
    uint8_t *to = names->bytes + names->size;
    *to++ = bytes;
    memcpy(to, address, bytes);
    to += bytes;
    *to++ = (uint8_t)length;
    memcpy(to, name, length);
    names->size += more;
}

static void read_record(struct eg_capture *capture, uint8_t bytes, struct eg_cursor value)
{
    const uint8_t *address = value.at;
    if (!eg_cursor_skip(&value, bytes))
        return;
    while (eg_cursor_left(&value) != 0) {
        const uint8_t *end = memchr(value.at, 0, eg_cursor_left(&value));
        if (!end)
            return;
        keep(&capture->names, address, bytes, value.at, (size_t)(end - value.at));
        value.at = end + 1;
    }
}

/* What is odd here is in no total: it is passed over. */
void eg_pcapng_names_block(struct eg_capture *capture, struct eg_cursor body)
{
    enum { HEADER = 4, END = 0, IPV4 = 1, IPV6 = 2 };
    uint8_t header[HEADER];
    while (eg_cursor_copy(&body, header, sizeof header)) {
        const uint16_t type = eg_capture_u16(capture, header);
        const uint16_t length = eg_capture_u16(capture, header + 2);
        const struct eg_cursor value = eg_cursor_over(body.at, length);
        if (type == END || !eg_cursor_skip(&body, (length + (size_t)3) & ~(size_t)3))
            return;
        if (type == IPV4 || type == IPV6)
            read_record(capture, type == IPV4 ? 4 : 16, value);
    }
}

bool eg_pcapng_names_add(struct eg_pcapng_names *names, const struct eg_pcapng_names *more)
{
    if (!reserve(names, more->size))
        return false;
    for (size_t at = 0, size; at < more->size; at += size) {
        const uint8_t *from = more->bytes + at;
        size = 2 + (size_t)from[0] + from[1 + from[0]];
        if (names->size + size > NAMES_MAX)
            continue;
        memcpy(names->bytes + names->size, from, size);
        names->size += size;
    }
    return true;
}

bool eg_capture_name_next(const struct eg_capture *capture, size_t *at,
                          struct eg_capture_name *name)
{
    const struct eg_pcapng_names *names = &capture->names;
    if (*at >= names->size)
        return false;
    const uint8_t *from = names->bytes + *at;
    name->address_bytes = *from++;
    name->address = from;
    from += name->address_bytes;
    name->length = *from++;
    name->text = (const char *)from;
    *at = (size_t)(from + name->length - names->bytes);
    return true;
}
