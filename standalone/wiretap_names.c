#include "wiretap_names.h"

#include <string.h>

#include <wireshark.h>

#include <wiretap/wtap.h>

#include "ws_compat.h"

/* Where names of the file that this thread reads at the moment go. */
static _Thread_local struct wiretap_names *expected;

static void keep(const void *address, size_t bytes, const char *text)
{
    const struct eg_capture_name name = {address, bytes, text, text ? strlen(text) : 0};
    if (expected && !eg_names_list_add(&expected->list, &name))
        expected->without_memory = true;
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

void wiretap_names_clear(struct wiretap_names *names)
{
    if (expected == names)
        expected = NULL;
    eg_names_list_clear(&names->list);
    names->without_memory = false;
}
