#include "report/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "traffic/scope.h"

enum { SHORT_LETTERS = 6, LETTERS = 8, NAME_LETTERS = 10, NAME_TEXT_MAX = 32 };

/* ---- addresses ---- */

/* What every host calls by the same address tells nothing of this one. */
static bool is_common(const struct eg_address *address, enum eg_scope scope)
{
    static const uint8_t local_groups[] = {224, 0, 0};
    return scope == EG_SCOPE_PLATFORM || scope == EG_SCOPE_LOOPBACK ||
           scope == EG_SCOPE_BROADCAST || scope == EG_SCOPE_UNSPECIFIED ||
           (scope == EG_SCOPE_MULTICAST && address->family == EG_IPV4 &&
            memcmp(address->bytes, local_groups, sizeof local_groups) == 0);
}

/* Of transition addresses, those that carry an IPv4 address of the house: 6to4 and Teredo. */
static bool carries_private(const struct eg_address *address)
{
    static const uint8_t teredo[] = {0x20, 0x01, 0, 0}, six_to_four[] = {0x20, 0x02};
    if (address->family != EG_IPV6)
        return false;
    if (memcmp(address->bytes, teredo, sizeof teredo) == 0)
        return true;
    const struct eg_address within = eg_address_v4(address->bytes + 2);
    return memcmp(address->bytes, six_to_four, sizeof six_to_four) == 0 &&
           !eg_scope_is_public(eg_scope_of(&within));
}

/* The same address, or of IPv6 the same /64: the network that the VM is in. */
static bool is_of_network(const struct eg_address *address, const struct eg_address *local)
{
    if (address->family == EG_IPV6 && local->family == EG_IPV6)
        return memcmp(address->bytes, local->bytes, 8) == 0;
    return eg_address_equal(address, local);
}

static bool is_of_the_vm(const struct eg_report *report, const struct eg_address *address)
{
    const struct eg_rules *rules = report->rules;
    const struct eg_settlement *settlement = report->settlement;
    for (size_t i = 0; i < settlement->local_count; i++)
        if (is_of_network(address, &settlement->local[i]))
            return true;
    for (size_t i = 0; i < rules->local_count; i++)
        if (eg_prefix_contains(&rules->local[i], address) ||
            is_of_network(address, &rules->local[i].address))
            return true;
    return rules->has_public_ip && is_of_network(address, &rules->public_ip);
}

bool eg_report_hides(const struct eg_report *report, const struct eg_address *address)
{
    const struct eg_rules *rules = report->rules;
    const enum eg_scope scope = eg_scope_of(address);
    if (rules->redact == EG_REDACT_OFF || is_common(address, scope))
        return false;
    if (rules->redact == EG_REDACT_ALL || !eg_scope_is_public(scope))
        return true;
    const struct eg_site *site = eg_sites_find(rules->sites, address);
    return (site && site->class_ != EG_CLASS_AUTO) || is_of_the_vm(report, address) ||
           carries_private(address);
}

/* The part that tells networks apart: /24, and of IPv6 /64. */
static struct eg_address network_of(const struct eg_address *address)
{
    struct eg_address network = *address;
    const size_t kept = address->family == EG_IPV4 ? 3 : 8;
    memset(network.bytes + kept, 0, sizeof network.bytes - kept);
    return network;
}

/* "priv-7k2m9q-x4td01fa": addresses of one network share the part in the middle. */
static void put_pseudonym(const struct eg_pseudonym_key *key, const struct eg_address *address,
                          char buffer[EG_ADDRESS_TEXT_MAX])
{
    char network[SHORT_LETTERS + 1], host[LETTERS + 1];
    const struct eg_address around = network_of(address);
    const bool public_ = eg_scope_is_public(eg_scope_of(address));
    uint8_t bytes[sizeof address->bytes + 1] = {address->family};
    memcpy(bytes + 1, around.bytes, sizeof around.bytes);
    eg_pseudonym(key, "network", bytes, sizeof bytes, SHORT_LETTERS, network);
    memcpy(bytes + 1, address->bytes, sizeof address->bytes);
    eg_pseudonym(key, "address", bytes, sizeof bytes, LETTERS, host);
    snprintf(buffer, EG_ADDRESS_TEXT_MAX, "%s-%s-%s", public_ ? "pub" : "priv", network, host);
}

const char *eg_report_address(const struct eg_report *report, const struct eg_address *address,
                              char buffer[EG_ADDRESS_TEXT_MAX])
{
    if (!eg_report_hides(report, address))
        return eg_address_text(address, buffer);
    put_pseudonym(&report->rules->redact_key, address, buffer);
    return buffer;
}

/* The real one: for a filter in the user's own Wireshark, which shows addresses anyway. */
const char *eg_report_costliest(const struct eg_report *report, char buffer[EG_ROW_TEXT_MAX])
{
    buffer[0] = '\0';
    if (report->row_count && report->view.by == EG_BY_DESTINATION &&
        eg_money_compare(report->rows[0].cost, (struct eg_money){0}) > 0)
        eg_address_text(&report->rows[0].address, buffer);
    return buffer;
}

bool eg_report_is_redacted(const struct eg_report *report)
{
    return report->rules->redact != EG_REDACT_OFF;
}

/* ---- inputs ---- */

static bool replace(char **text, const char *by)
{
    char *made = malloc(strlen(by) + 1);
    if (!made)
        return false;
    memcpy(made, by, strlen(by) + 1);
    free(*text);
    *text = made;
    return true;
}

static bool replace_text(const struct eg_rules *rules, const char *kind, char **text)
{
    char letters[NAME_LETTERS + 1], made[NAME_TEXT_MAX];
    eg_pseudonym(&rules->redact_key, kind, *text, strlen(*text), NAME_LETTERS, letters);
    snprintf(made, sizeof made, "%s-%s", kind, letters);
    return replace(text, made);
}

enum eg_status eg_redact_input(const struct eg_rules *rules, struct eg_input *input)
{
    bool done = true;
    if (rules->redact == EG_REDACT_OFF)
        return EG_OK;
    if (strcmp(input->path, "-") != 0)
        done = replace_text(rules, "capture", &input->path);
    if (input->capture_filter)
        done = done && replace(&input->capture_filter, "(redacted)");
    for (size_t i = 0; input->interfaces && input->interfaces[i] && done; i++)
        done = replace_text(rules, "interface", &input->interfaces[i]);
    return done ? EG_OK : EG_ERR_NO_MEMORY;
}

/* ---- names ---- */

struct name_set {
    const char **texts; /* sorted */
    size_t count;
};

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that a hidden address bears: nobody else may bear them openly. */
static bool collect(const struct eg_report *report, struct name_set *set)
{
    size_t room = 0;
    for (uint32_t i = 0; i < report->far_end_count; i++)
        room += report->far_ends[i].hosts ? report->far_ends[i].hosts->count : 0;
    *set = (struct name_set){malloc((room + 1) * sizeof *set->texts), 0};
    for (uint32_t i = 0; i < report->far_end_count && set->texts; i++) {
        const struct eg_far_end *far = &report->far_ends[i];
        if (far->hosts && eg_report_hides(report, &far->address))
            for (size_t k = 0; k < far->hosts->count; k++)
                set->texts[set->count++] = far->hosts->names[k].text;
    }
    if (set->texts)
        qsort(set->texts, set->count, sizeof *set->texts, compare_texts);
    return set->texts != NULL;
}

/* Four numbers of 0..255 with one of ".-_" between them. */
static bool read_quad(const char *text, uint8_t quad[4])
{
    for (size_t i = 0; i < 4; i++) {
        const size_t digits = strspn(text, "0123456789");
        uint64_t number = 0;
        if (digits > 3 || !eg_parse_u64(text, digits, 255, &number))
            return false;
        quad[i] = (uint8_t)number;
        text += digits;
        if (i < 3 && (*text == '\0' || !strchr(".-_", *text++)))
            return false;
    }
    return true;
}

/* "ip-10-1-0-4", "4.0.1.10.in-addr.arpa": a name that tells a private address. */
static bool tells_address(const char *name)
{
    for (const char *at = name; *at; at++) {
        uint8_t quad[4];
        if ((at > name && at[-1] >= '0' && at[-1] <= '9') || !read_quad(at, quad))
            continue;
        const uint8_t reverse[4] = {quad[3], quad[2], quad[1], quad[0]};
        const struct eg_address ways[] = {eg_address_v4(quad), eg_address_v4(reverse)};
        for (size_t i = 0; i < 2; i++)
            if (!eg_scope_is_public(eg_scope_of(&ways[i])))
                return true;
    }
    return strstr(name, "ip6.arpa") != NULL;
}

static struct eg_row_hosts *redact_hosts(const struct eg_report *report,
                                         const struct eg_row_hosts *hosts,
                                         const struct name_set *set, bool hidden)
{
    size_t bytes = 0;
    for (size_t i = 0; i < hosts->count; i++)
        bytes += strlen(hosts->names[i].text) + 1 + NAME_TEXT_MAX;
    struct eg_row_hosts *made = malloc(sizeof *made + hosts->count * sizeof made->names[0] + bytes);
    if (!made)
        return NULL;
    *made = (struct eg_row_hosts){.cut = hosts->cut, .count = hosts->count};
    char *text = (char *)&made->names[hosts->count];
    for (size_t i = 0; i < hosts->count; i++) {
        const char *name = hosts->names[i].text;
        char letters[NAME_LETTERS + 1];
        made->names[i] = (struct eg_row_name){text, hosts->names[i].source};
        if (hidden || tells_address(name) ||
            bsearch(&name, set->texts, set->count, sizeof *set->texts, compare_texts)) {
            eg_pseudonym(&report->rules->redact_key, "host", name, strlen(name), NAME_LETTERS,
                         letters);
            text += snprintf(text, NAME_TEXT_MAX, "host-%s", letters) + 1;
        } else {
            memcpy(text, name, strlen(name) + 1);
            text += strlen(name) + 1;
        }
    }
    return made;
}

enum eg_status eg_report_redact_names(struct eg_report *report)
{
    struct name_set set;
    enum eg_status status = EG_OK;
    if (report->rules->redact == EG_REDACT_OFF || !report->far_end_count)
        return EG_OK;
    if (!collect(report, &set))
        return EG_ERR_NO_MEMORY;
    /* The set borrows its texts, so all are made before any is freed. */
    struct eg_row_hosts **made = calloc(report->far_end_count, sizeof *made);
    for (uint32_t i = 0; made && i < report->far_end_count && status == EG_OK; i++) {
        const struct eg_far_end *far = &report->far_ends[i];
        if (!far->hosts)
            continue;
        made[i] = redact_hosts(report, far->hosts, &set, eg_report_hides(report, &far->address));
        status = made[i] ? EG_OK : EG_ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; made && i < report->far_end_count; i++) {
        free(status == EG_OK ? report->far_ends[i].hosts : made[i]);
        if (status == EG_OK)
            report->far_ends[i].hosts = made[i];
    }
    free(set.texts);
    status = made ? status : EG_ERR_NO_MEMORY;
    free(made);
    return status;
}
