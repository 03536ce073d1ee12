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
 *   type (1)  length (3)  version (2)  random (32)  session id (1 + n)  cipher suites (2 + n)
 *   compression methods (1 + n)  extensions (2 + n)
 */
bool eg_hello_server_name(struct eg_cursor handshake, struct eg_cursor *name)
{
    enum { CLIENT_HELLO = 1, VERSION_AND_RANDOM = 34 };
    uint8_t type = 0;
    uint32_t length = 0;
    if (!eg_cursor_u8(&handshake, &type) || type != CLIENT_HELLO || !read_u24(&handshake, &length))
        return false;
    eg_cursor_clip(&handshake, length);
    return eg_cursor_skip(&handshake, VERSION_AND_RANDOM) && skip_vector(&handshake, 1) &&
           skip_vector(&handshake, 2) && skip_vector(&handshake, 1) &&
           read_extensions(&handshake, name);
}

/* RFC 8446, 5.1: type (1), version (2), length (2), fragment. */
bool eg_tls_server_name(struct eg_cursor record, struct eg_cursor *name)
{
    enum { HANDSHAKE = 22, MAJOR = 3 };
    uint8_t type = 0;
    uint16_t version = 0, length = 0;
    if (!eg_cursor_u8(&record, &type) || type != HANDSHAKE || !eg_cursor_u16(&record, &version) ||
        version >> 8 != MAJOR || !eg_cursor_u16(&record, &length))
        return false;
    eg_cursor_clip(&record, length);
    return eg_hello_server_name(record, name);
}
