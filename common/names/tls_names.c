/*
 * The server name of a ClientHello: RFC 8446, 4.1.2 and RFC 6066, 3.
 */
#include "names/name_readers.h"

static bool read_u24(struct eg_cursor *c, uint32_t *value)
{
    uint8_t high = 0;
    uint16_t low = 0;
    if (!eg_cursor_u8(c, &high) || !eg_cursor_u16(c, &low))
        return false;
    *value = (uint32_t)high << 16 | low;
    return true;
}

/* Passes over a vector with a length in front of it. */
static bool skip_vector(struct eg_cursor *c, unsigned length_bytes)
{
    uint8_t one = 0;
    uint16_t two = 0;
    const bool read = length_bytes == 1 ? eg_cursor_u8(c, &one) : eg_cursor_u16(c, &two);
    return read && eg_cursor_skip(c, length_bytes == 1 ? one : two);
}

/* The whole of a vector that has a length of 2 bytes in front. */
static bool take_vector(struct eg_cursor *c, struct eg_cursor *vector)
{
    uint16_t length = 0;
    if (!eg_cursor_u16(c, &length) || eg_cursor_left(c) < length)
        return false;
    *vector = eg_cursor_over(c->at, length);
    return eg_cursor_skip(c, length);
}

/* ServerNameList: of each type there is one at most, and only host_name was ever defined. */
static bool read_name_list(struct eg_cursor extension, struct eg_cursor *name)
{
    enum { HOST_NAME = 0 };
    struct eg_cursor list;
    uint8_t type = 0;
    return take_vector(&extension, &list) && eg_cursor_u8(&list, &type) && type == HOST_NAME &&
           take_vector(&list, name) && eg_cursor_left(name) != 0;
}

/* Only what was captured of the extensions is looked at: the name may be there all the same. */
static bool read_extensions(struct eg_cursor *c, struct eg_cursor *name)
{
    enum { SERVER_NAME = 0 };
    uint16_t total = 0, type = 0;
    if (!eg_cursor_u16(c, &total))
        return false;
    eg_cursor_clip(c, total);
    struct eg_cursor extension;
    while (eg_cursor_u16(c, &type) && take_vector(c, &extension))
        if (type == SERVER_NAME)
            return read_name_list(extension, name);
    return false;
}

/*
 *   version (2)  random (32)  session id (1 + n)  cipher suites (2 + n)
 *   compression methods (1 + n)  extensions (2 + n)
 */
static bool read_body(struct eg_cursor body, struct eg_cursor *name)
{
    enum { VERSION_AND_RANDOM = 34 };
    return eg_cursor_skip(&body, VERSION_AND_RANDOM) && skip_vector(&body, 1) &&
           skip_vector(&body, 2) && skip_vector(&body, 1) && read_extensions(&body, name);
}

/* type (1), length (3), body. */
enum eg_found eg_hello_server_name(struct eg_cursor handshake, struct eg_cursor *name)
{
    enum { CLIENT_HELLO = 1 };
    uint8_t type = 0;
    uint32_t length = 0;
    if (!eg_cursor_u8(&handshake, &type))
        return EG_FOUND_MORE;
    if (type != CLIENT_HELLO)
        return EG_FOUND_NONE;
    if (!read_u24(&handshake, &length))
        return EG_FOUND_MORE;
    const bool whole = eg_cursor_left(&handshake) >= length;
    eg_cursor_clip(&handshake, length);
    if (read_body(handshake, name))
        return EG_FOUND;
    return whole || length > EG_HELLO_MAX ? EG_FOUND_NONE : EG_FOUND_MORE;
}

/* RFC 8446, 5.1: type (1), version (2), length (2), fragment, of which not all may be there. */
static enum eg_found take_record(struct eg_cursor *records, struct eg_cursor *fragment)
{
    enum { HANDSHAKE = 22, MAJOR = 3, FRAGMENT_MAX = 16384 };
    uint8_t type = 0;
    uint16_t version = 0, length = 0;
    if (!eg_cursor_u8(records, &type))
        return EG_FOUND_MORE;
    if (type != HANDSHAKE)
        return EG_FOUND_NONE;
    if (!eg_cursor_u16(records, &version))
        return EG_FOUND_MORE;
    if (version >> 8 != MAJOR)
        return EG_FOUND_NONE;
    if (!eg_cursor_u16(records, &length))
        return EG_FOUND_MORE;
    *fragment = *records;
    eg_cursor_clip(fragment, length);
    if (length == 0 || length > FRAGMENT_MAX)
        return EG_FOUND_NONE;
    return eg_cursor_skip(records, length) ? EG_FOUND : EG_FOUND_MORE;
}

static bool append(uint8_t room[EG_HELLO_MAX], size_t *size, struct eg_cursor fragment)
{
    const size_t more = eg_cursor_left(&fragment);
    if (more > EG_HELLO_MAX - *size)
        return false;
    if (more != 0)
        memcpy(room + *size, fragment.at, more);
    *size += more;
    return true;
}

enum eg_found eg_tls_server_name(struct eg_cursor records, uint8_t room[EG_HELLO_MAX],
                                 struct eg_cursor *name)
{
    struct eg_cursor fragment = eg_cursor_over(NULL, 0);
    size_t size = 0;
    enum eg_found record = take_record(&records, &fragment);
    if (record == EG_FOUND_NONE)
        return EG_FOUND_NONE;
    const enum eg_found found = eg_hello_server_name(fragment, name);
    if (found != EG_FOUND_MORE || record != EG_FOUND)
        return found;
    do { /* it does not end in its first record: it is put together */
        if (!append(room, &size, fragment))
            return EG_FOUND_NONE;
        fragment = eg_cursor_over(NULL, 0);
        record = take_record(&records, &fragment);
    } while (record == EG_FOUND);
    if (record == EG_FOUND_MORE && !append(room, &size, fragment))
        return EG_FOUND_NONE;
    const enum eg_found joined = eg_hello_server_name(eg_cursor_over(room, size), name);
    return joined == EG_FOUND_MORE && record == EG_FOUND_NONE ? EG_FOUND_NONE : joined;
}
