/*
 * What a DNS message answers about addresses, read by libresolv's ns_parse, which checks bounds and
 * compression loops; it is in every glibc.
 *
 * A person knows the name that was asked for; where a chain of aliases leads from it to the
 * address, the chain's end is kept too.
 */
#include "names/name_readers.h"

#include <string.h>

#include <arpa/nameser.h>

#include "names/host_name.h"

enum { ALIASES_MAX = 16, RECORDS_MAX = 512 };

struct alias {
    char owner[EG_HOST_NAME_MAX], target[EG_HOST_NAME_MAX];
};

struct message {
    struct eg_hosts *hosts;
    bool mdns;
    ns_msg parsed;
    char asked[EG_HOST_NAME_MAX]; /* "" nothing, or no host */
    struct alias aliases[ALIASES_MAX];
    size_t alias_count;
};

static void read_asked(struct message *message)
{
    ns_rr question;
    message->asked[0] = '\0';
    if (ns_msg_count(message->parsed, ns_s_qd) == 0 ||
        ns_parserr(&message->parsed, ns_s_qd, 0, &question) != 0)
        return;
    const char *name = ns_rr_name(question);
    if (!eg_host_name_read(name, strlen(name), message->asked))
        message->asked[0] = '\0';
}

/* A name in a record's data, as text. */
static bool read_target(const struct message *message, const ns_rr *record,
                        char target[NS_MAXDNAME])
{
    return ns_name_uncompress(ns_msg_base(message->parsed), ns_msg_end(message->parsed),
                              ns_rr_rdata(*record), target, NS_MAXDNAME) >= 0;
}

static enum eg_status note_alias(struct message *message, const ns_rr *record)
{
    char target[NS_MAXDNAME];
    const char *owner = ns_rr_name(*record);
    if (ns_rr_type(*record) != ns_t_cname || message->alias_count == ALIASES_MAX)
        return EG_OK;
    struct alias *alias = &message->aliases[message->alias_count];
    if (read_target(message, record, target) &&
        eg_host_name_read(owner, strlen(owner), alias->owner) &&
        eg_host_name_read(target, strlen(target), alias->target))
        message->alias_count++;
    return EG_OK;
}

/* Whether the name that was asked for is an alias of owner. */
static bool leads_to(const struct message *message, const char *owner)
{
    const char *at = message->asked;
    for (size_t steps = 0; steps <= message->alias_count; steps++) {
        if (strcmp(at, owner) == 0)
            return true;
        size_t i = 0;
        while (i < message->alias_count && strcmp(message->aliases[i].owner, at) != 0)
            i++;
        if (i == message->alias_count)
            return false;
        at = message->aliases[i].target;
    }
    return false;
}

static enum eg_status add(const struct message *message, const struct eg_address *address,
                          enum eg_name_source source, const char *name)
{
    return eg_hosts_add(message->hosts, address, message->mdns ? EG_NAME_MDNS : source, name,
                        strlen(name));
}

static enum eg_status take_address(const struct message *message, const char *owner,
                                   const struct eg_address *address)
{
    char host[EG_HOST_NAME_MAX];
    if (!message->asked[0] || !eg_host_name_read(owner, strlen(owner), host) ||
        strcmp(host, message->asked) == 0 || !leads_to(message, host))
        return add(message, address, EG_NAME_DNS, owner);
    const enum eg_status status = add(message, address, EG_NAME_DNS, message->asked);
    return status == EG_OK ? add(message, address, EG_NAME_CNAME, host) : status;
}

/* ---- names of addresses: RFC 1035, 3.5 and RFC 3596, 2.5 ---- */

/* "4.2.0.192.in-addr.arpa": an address with its bytes in reverse. */
static bool read_reverse_v4(const char *name, struct eg_address *address)
{
    static const char suffix[] = ".in-addr.arpa";
    const size_t length = strlen(name), tail = sizeof suffix - 1;
    struct eg_address reversed;
    if (length <= tail || strcmp(name + length - tail, suffix) != 0 ||
        !eg_address_parse(name, length - tail, &reversed) || reversed.family != EG_IPV4)
        return false;
    const uint8_t *b = reversed.bytes;
    *address = eg_address_v4((const uint8_t[]){b[3], b[2], b[1], b[0]});
    return true;
}

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* 32 digits with a dot behind each, the last one of the address first, then "ip6.arpa". */
static bool read_reverse_v6(const char *name, struct eg_address *address)
{
    enum { DIGITS = 32 };
    uint8_t made[16] = {0};
    if (strlen(name) < 2 * (size_t)DIGITS || strcmp(name + 2 * (size_t)DIGITS, "ip6.arpa") != 0)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        const int digit = digit_of(name[2 * i]);
        if (digit < 0 || name[2 * i + 1] != '.')
            return false;
        made[15 - i / 2] |= (uint8_t)(i % 2 ? digit << 4 : digit);
    }
    *address = eg_address_v6(made);
    return true;
}

static enum eg_status take_pointer(const struct message *message, const ns_rr *record)
{
    char name[EG_HOST_NAME_MAX], target[NS_MAXDNAME];
    struct eg_address address;
    const char *owner = ns_rr_name(*record);
    if (!eg_host_name_read(owner, strlen(owner), name) ||
        (!read_reverse_v4(name, &address) && !read_reverse_v6(name, &address)) ||
        !read_target(message, record, target))
        return EG_OK;
    return add(message, &address, EG_NAME_PTR, target);
}

/* ---- records ---- */

static enum eg_status take_record(struct message *message, const ns_rr *record)
{
    enum { V4 = 4, V6 = 16 };
    const unsigned char *data = ns_rr_rdata(*record);
    struct eg_address address;
    switch (ns_rr_type(*record)) {
    case ns_t_a:
        if (ns_rr_rdlen(*record) != V4)
            return EG_OK;
        address = eg_address_v4(data);
        return take_address(message, ns_rr_name(*record), &address);
    case ns_t_aaaa:
        if (ns_rr_rdlen(*record) != V6)
            return EG_OK;
        address = eg_address_v6(data);
        return take_address(message, ns_rr_name(*record), &address);
    case ns_t_ptr:
        return take_pointer(message, record);
    default:
        return EG_OK;
    }
}

/* RFC 6762, 10.2: the top bit of the class is multicast DNS's own. */
static bool is_internet(const ns_rr *record)
{
    return ((unsigned)ns_rr_class(*record) & 0x7fff) == ns_c_in;
}

static enum eg_status for_each_record(struct message *message, ns_sect section,
                                      enum eg_status (*take)(struct message *, const ns_rr *))
{
    enum eg_status status = EG_OK;
    const int count = ns_msg_count(message->parsed, section);
    ns_rr record;
    for (int i = 0; i < count && i < RECORDS_MAX && status == EG_OK; i++) {
        if (ns_parserr(&message->parsed, section, i, &record) != 0)
            return EG_OK;
        if (is_internet(&record))
            status = take(message, &record);
    }
    return status;
}

enum eg_status eg_dns_take(struct eg_hosts *hosts, struct eg_cursor bytes, bool mdns)
{
    struct message message = {.hosts = hosts, .mdns = mdns};
    if (eg_cursor_left(&bytes) > UINT16_MAX ||
        ns_initparse(bytes.at, (int)eg_cursor_left(&bytes), &message.parsed) != 0 ||
        !ns_msg_getflag(message.parsed, ns_f_qr) ||
        ns_msg_getflag(message.parsed, ns_f_opcode) != ns_o_query ||
        ns_msg_getflag(message.parsed, ns_f_rcode) != ns_r_noerror)
        return EG_OK;
    read_asked(&message);
    enum eg_status status = for_each_record(&message, ns_s_an, note_alias);
    if (status == EG_OK)
        status = for_each_record(&message, ns_s_an, take_record);
    if (status == EG_OK)
        status = for_each_record(&message, ns_s_ar, take_record);
    return status;
}
