#include "wiretap_names.h"

#include <stdlib.h>
#include <string.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "ws_compat.h"

/* Where names of the file that this thread reads at the moment go. */
static _Thread_local struct wiretap_names *expected;

enum { NAMES_MAX = 4 * 1024 * 1024, NAME_MAX_KEPT = 255 }; /* as the core's own reader keeps */

static bool reserve(struct wiretap_names *names, size_t more)
{
    if (names->size + more <= names->room)
        return true;
    const size_t room = (names->size + more) * 2;
    uint8_t *grown = realloc(names->bytes, room);
    names->without_memory = !grown;
    if (!grown)
        return false;
    names->bytes = grown;
    names->room = room;
    return true;
}

/* Kept as: bytes of the address, the address, bytes of the name, the name. */
static void keep(const void *address, uint8_t bytes, const char *name)
{
    const size_t length = name ? strlen(name) : 0;
    const size_t more = 2 + (size_t)bytes + length;
    struct wiretap_names *names = expected;
    if (!names || length == 0 || length > NAME_MAX_KEPT || names->size + more > NAMES_MAX ||
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

/* The bytes of the address lie as in a packet. */
static void keep_ipv4(const guint address, const char *name WS_NAME_PARAMETERS)
{
    keep(&address, 4, name);
}

static void keep_ipv6(const WS_NAME_IPV6 *address, const char *name WS_NAME_PARAMETERS)
{
    keep(address, 16, name);
}

void wiretap_names_expect(struct wiretap_names *names)
{
    expected = names;
}

void wiretap_names_listen(struct wiretap_names *names, struct wtap *wth)
{
    wiretap_names_clear(names);
    wiretap_names_expect(names);
    wtap_set_cb_new_ipv4(wth, keep_ipv4);
    wtap_set_cb_new_ipv6(wth, keep_ipv6);
}

enum eg_status wiretap_names_give(const struct wiretap_names *names, struct eg_session *session)
{
    enum eg_status status = names->without_memory ? EG_ERR_NO_MEMORY : EG_OK;
    for (size_t at = 0, next; at < names->size && status == EG_OK; at = next) {
        const uint8_t *address = names->bytes + at + 1;
        const size_t bytes = names->bytes[at];
        const char *name = (const char *)address + bytes + 1;
        const size_t length = address[bytes];
        status = eg_session_add_name(session, address, bytes, name, length);
        next = at + 2 + bytes + length;
    }
    return status;
}

void wiretap_names_clear(struct wiretap_names *names)
{
    if (expected == names)
        expected = NULL;
    free(names->bytes);
    *names = (struct wiretap_names){.bytes = NULL};
}
