/*
 * The settings by name: what they are called, what they may be, and what each does to the rules.
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static const char *const provider_choices[] = {"azure", "aws", "gcp", "oci", NULL};
static const char *const routing_choices[] = {"microsoft", "internet", NULL};
static const char *const basis_choices[] = {"auto", "ip", "ethernet", NULL};
static const char *const dedup_choices[] = {"auto", "on", "off", NULL};
static const char *const direction_choices[] = {"egress", "ingress", "any", NULL};
static const char *const lang_choices[] = {"en", "ja", NULL};
static const char *const redact_choices[] = {"off", "private", "all", NULL};
static const char *const by_choices[] = {"destination", "service",  "region", "class",
                                         "port",        "protocol", "host",   "org",
                                         "country",     "asn",      NULL};

/* The number of value among choices; it has been checked to be one. */
static unsigned choice_of(const char *const choices[], const char *value)
{
    unsigned i = 0;
    while (choices[i] && strcmp(choices[i], value) != 0)
        i++;
    return i;
}

static enum eg_status apply_provider(struct eg_rules *rules, const char *value,
                                     struct eg_error *error)
{
    (void)error;
    rules->provider = provider_choices[choice_of(provider_choices, value)];
    return EG_OK;
}

static enum eg_status apply_region(struct eg_rules *rules, const char *value,
                                   struct eg_error *error)
{
    const size_t length = strlen(value);
    if (length >= sizeof rules->region)
        return eg_fail(error, EG_ERR_VALUE, "'region' is not a region: '%s'", value);
    for (size_t i = 0; i <= length; i++)
        rules->region[i] = eg_lower(value[i]);
    return EG_OK;
}

static enum eg_status apply_public_ip(struct eg_rules *rules, const char *value,
                                      struct eg_error *error)
{
    if (!eg_address_parse(value, strlen(value), &rules->public_ip))
        return eg_fail(error, EG_ERR_VALUE, "'public-ip' is not an IP address: '%s'", value);
    rules->has_public_ip = true;
    return EG_OK;
}

static enum eg_status add_local(struct eg_rules *rules, const char *text, size_t length,
                                struct eg_error *error)
{
    struct eg_prefix prefix;
    if (!eg_prefix_parse(text, length, &prefix))
        return eg_fail(error, EG_ERR_VALUE, "'local' %s: '%.*s'", eg_prefix_fault(text, length),
                       (int)length, text);
    struct eg_prefix *grown =
        realloc(rules->local, (rules->local_count + 1) * sizeof *rules->local);
    if (!grown)
        return eg_fail_no_memory(error);
    rules->local = grown;
    rules->local[rules->local_count++] = prefix;
    return EG_OK;
}

/* Calls add for each item of a list "a,b" ; blanks around an item do not count. */
static enum eg_status for_each_item(struct eg_rules *rules, const char *list,
                                    enum eg_status (*add)(struct eg_rules *, const char *, size_t,
                                                          struct eg_error *),
                                    struct eg_error *error)
{
    const char *at = list;
    for (;;) {
        at += strspn(at, " ");
        size_t length = strcspn(at, ",");
        const char *next = at + length;
        while (length && at[length - 1] == ' ')
            length--;
        const enum eg_status status = add(rules, at, length, error);
        if (status != EG_OK || *next == '\0')
            return status;
        at = next + 1;
    }
}

static enum eg_status apply_local(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    return for_each_item(rules, value, add_local, error);
}

static enum eg_status apply_local_per_input(struct eg_rules *rules, const char *value,
                                            struct eg_error *error)
{
    (void)error;
    rules->local_per_input = strcmp(value, "true") == 0;
    return EG_OK;
}

static enum eg_status apply_routing(struct eg_rules *rules, const char *value,
                                    struct eg_error *error)
{
    (void)error;
    rules->routing = (enum eg_routing)choice_of(routing_choices, value);
    rules->routing_given = true;
    return EG_OK;
}

/* "internet=8200"; tier edges are whole GB, so a fraction of a GB does not matter. */
static enum eg_status add_month(struct eg_rules *rules, const char *text, size_t length,
                                struct eg_error *error)
{
    const char *equals = memchr(text, '=', length);
    const size_t name = equals ? (size_t)(equals - text) : 0;
    struct eg_month month = {.gb = 0};
    if (!equals || name >= sizeof month.class_ || !eg_rate_class_known(text, name))
        return eg_fail(error, EG_ERR_VALUE,
                       "'month-to-date' is not CLASS=GB with a class that has a price: '%.*s'",
                       (int)length, text);
    uint64_t milli_gb = 0;
    if (!eg_parse_decimal(equals + 1, length - name - 1, 3, UINT64_MAX / 1024, &milli_gb))
        return eg_fail(error, EG_ERR_VALUE, "'month-to-date' is not a number of GB: '%.*s'",
                       (int)(length - name - 1), equals + 1);
    memcpy(month.class_, text, name);
    month.gb = milli_gb / 1000;
    for (size_t i = 0; i < rules->month_count; i++)
        if (strcmp(rules->months[i].class_, month.class_) == 0)
            return eg_fail(error, EG_ERR_VALUE, "'month-to-date' names a class twice: '%s'",
                           month.class_);
    if (rules->month_count == EG_MONTHS_MAX)
        return eg_fail(error, EG_ERR_LIMIT, "'month-to-date' has more than %d classes",
                       EG_MONTHS_MAX);
    rules->months[rules->month_count++] = month;
    return EG_OK;
}

static enum eg_status apply_month_to_date(struct eg_rules *rules, const char *value,
                                          struct eg_error *error)
{
    return for_each_item(rules, value, add_month, error);
}

static enum eg_status apply_bytes(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)error;
    rules->basis_given = strcmp(value, "auto") != 0;
    rules->basis = strcmp(value, "ip") == 0 ? EG_BASIS_IP : EG_BASIS_ETHERNET;
    return EG_OK;
}

/* RFC 791: every internet module must be able to forward 68 bytes without fragmentation. */
enum { MTU_MIN = 68, MTU_MAX = 65535 };

static enum eg_status apply_mtu(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    uint64_t mtu = 0;
    if (!eg_parse_u64(value, strlen(value), MTU_MAX, &mtu) || mtu < MTU_MIN)
        return eg_fail(error, EG_ERR_VALUE, "'mtu' is not a number from %d to %d: '%s'", MTU_MIN,
                       MTU_MAX, value);
    rules->mtu = (uint32_t)mtu;
    return EG_OK;
}

static enum eg_status apply_segment(struct eg_rules *rules, const char *value,
                                    struct eg_error *error)
{
    (void)error;
    rules->segment = strcmp(value, "true") == 0;
    return EG_OK;
}

static enum eg_status apply_dedup(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)error;
    rules->dedup = (enum eg_dedup)choice_of(dedup_choices, value);
    return EG_OK;
}

struct time_unit {
    const char *name;
    unsigned decimals; /* of the unit's multiple: "0.5 s" is 500000000 x 1 ns, */
    uint64_t ns;       /* "1.5h" 1500 x 3600000000 ns */
};

/* "0.5 s" by a list of units that ends with a zeroed one. */
static bool parse_time(const char *value, const struct time_unit *units, uint64_t maximum,
                       int64_t *time)
{
    const size_t digits = strspn(value, "0123456789.");
    const char *unit = value + digits + strspn(value + digits, " ");
    uint64_t count = 0;
    for (; units->name; units++)
        if (strcmp(unit, units->name) == 0 &&
            eg_parse_decimal(value, digits, units->decimals, maximum / units->ns, &count)) {
            *time = (int64_t)(count * units->ns);
            return true;
        }
    return false;
}

/* "1ms", "500us", "0.5 s"; a bare number is milliseconds. At most a minute: memory is bounded. */
static enum eg_status apply_dedup_window(struct eg_rules *rules, const char *value,
                                         struct eg_error *error)
{
    static const struct time_unit units[] = {{"s", 9, 1},  {"ms", 6, 1}, {"us", 3, 1},
                                             {"ns", 0, 1}, {"", 6, 1},   {NULL, 0, 0}};
    if (parse_time(value, units, UINT64_C(60000000000), &rules->dedup_window))
        return EG_OK;
    return eg_fail(error, EG_ERR_VALUE,
                   "'dedup-window' is not a time of at most 60s, like 1ms or 500us: '%s'", value);
}

static enum eg_status apply_direction(struct eg_rules *rules, const char *value,
                                      struct eg_error *error)
{
    (void)error;
    rules->view.direction = (enum eg_view_direction)choice_of(direction_choices, value);
    return EG_OK;
}

static enum eg_status apply_by(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)error;
    rules->view.by = (enum eg_view_by)choice_of(by_choices, value);
    return EG_OK;
}

static enum eg_status apply_retransmissions(struct eg_rules *rules, const char *value,
                                            struct eg_error *error)
{
    (void)error;
    rules->resent = strcmp(value, "true") == 0;
    return EG_OK;
}

static enum eg_status apply_names(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)error;
    rules->names = strcmp(value, "true") == 0;
    return EG_OK;
}

static enum eg_status apply_top(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    if (!eg_parse_u64(value, strlen(value), UINT32_MAX, &rules->top))
        return eg_fail(error, EG_ERR_VALUE, "'top' is not a number of rows: '%s'", value);
    rules->top_given = true;
    return EG_OK;
}

/* "10s", "5min", "1h": whole milliseconds, as the narrowest buckets are. */
static enum eg_status apply_interval(struct eg_rules *rules, const char *value,
                                     struct eg_error *error)
{
    static const struct time_unit units[] = {{"ms", 0, 1000000},     {"s", 3, 1000000},
                                             {"min", 3, 60000000},   {"h", 3, 3600000000u},
                                             {"d", 3, 86400000000u}, {NULL, 0, 0}};
    const int64_t longest = INT64_C(364) * 86400 * 1000000000;
    int64_t time = 0;
    if (parse_time(value, units, (uint64_t)longest, &time) && time > 0 && time % 1000000 == 0) {
        rules->interval = time;
        rules->times = true;
        return EG_OK;
    }
    return eg_fail(error, EG_ERR_VALUE,
                   "'interval' is not a time from 1ms to 364d, like 10s, 5min or 1h: '%s'", value);
}

static enum eg_status apply_project(struct eg_rules *rules, const char *value,
                                    struct eg_error *error)
{
    (void)error;
    rules->project = rules->project || strcmp(value, "true") == 0;
    rules->times = rules->times || rules->project;
    return EG_OK;
}

static enum eg_status apply_budget(struct eg_rules *rules, const char *value,
                                   struct eg_error *error)
{
    const uint64_t most = UINT64_C(1000000000) * 1000000000; /* nano-units of a thousand million */
    if (!eg_parse_decimal(value, strlen(value), 9, most, &rules->budget))
        return eg_fail(error, EG_ERR_VALUE, "'budget' is not an amount of money: '%s'", value);
    rules->budget_given = rules->project = rules->times = true;
    return EG_OK;
}

static enum eg_status apply_redact(struct eg_rules *rules, const char *value,
                                   struct eg_error *error)
{
    (void)error;
    rules->redact = (enum eg_redact)choice_of(redact_choices, value);
    return EG_OK;
}

enum { CELLS_MIN = 16, CELLS_MAX = 1 << 28 };

static enum eg_status apply_max_cells(struct eg_rules *rules, const char *value,
                                      struct eg_error *error)
{
    uint64_t cells = 0;
    if (!eg_parse_u64(value, strlen(value), CELLS_MAX, &cells) || cells < CELLS_MIN)
        return eg_fail(error, EG_ERR_VALUE, "'max-cells' is not a number from %d to %d: '%s'",
                       CELLS_MIN, CELLS_MAX, value);
    rules->cells_max = (uint32_t)cells;
    return EG_OK;
}

static enum eg_status apply_lang(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)error;
    rules->language = (enum eg_language)choice_of(lang_choices, value);
    return EG_OK;
}

/* Files are read by eg_rules_new(), when all that they depend on is known. */
static enum eg_status apply_later(struct eg_rules *rules, const char *value, struct eg_error *error)
{
    (void)rules, (void)value, (void)error;
    return EG_OK;
}

#define TEXT   EG_SETTING_TEXT, NULL
#define NUMBER EG_SETTING_NUMBER, NULL
#define BOOL   EG_SETTING_BOOL, NULL
#define ONE    EG_SETTING_FILE, NULL
#define MANY   EG_SETTING_FILES, NULL
#define CHOICE EG_SETTING_CHOICE

/* clang-format off */
static const struct eg_setting settings[] = {
    {"provider", CHOICE, provider_choices, "azure", "NAME",
      "the cloud that bills the traffic: azure, aws, gcp or oci",
     apply_provider},
    {"region", TEXT, "", "REGION",
      "the VM's region, for example eastus",
     apply_region},
    {"public_ip", TEXT, "", "ADDRESS",
      "the VM's public address, which tells its region",
     apply_public_ip},
    {"local", TEXT, "", "LIST",
      "the VM's addresses or prefixes, separated by commas",
     apply_local},
    {"local_per_input", BOOL, "false", NULL,
      "find the VM's addresses in each capture by itself",
     apply_local_per_input},
    {"routing", CHOICE, routing_choices, "microsoft", "NAME",
      "routing preference of the public address: microsoft or internet",
     apply_routing},
    {"month_to_date", TEXT, "", "LIST",
      "GB used so far this month, for example internet=8200,inter-continent=40",
     apply_month_to_date},
    {"ranges", MANY, "", "FILE",
      "address ranges: Azure ServiceTags, AWS, Google or Oracle JSON, or CSV",
     apply_later},
    {"rates", MANY, "", "FILE",
      "prices over the built-in list, CSV",
     apply_later},
    {"sites", ONE, "", "FILE",
      "your own networks and the way to them, CSV",
     apply_later},
    {"bytes", CHOICE, basis_choices, "auto", "BASIS",
      "what a billed byte is: ip, ethernet, or auto for the provider's",
     apply_bytes},
    {"mtu", NUMBER, "1500", "BYTES",
      "MTU that offloaded super-frames are cut to",
     apply_mtu},
    {"segment", BOOL, "true", NULL,
      "count the headers that segmentation of super-frames adds",
     apply_segment},
    {"dedup", CHOICE, dedup_choices, "auto", "MODE",
      "drop packets captured twice: auto, on or off",
     apply_dedup},
    {"dedup_window", TEXT, "1ms", "TIME",
      "how far apart two copies of a packet can be",
     apply_dedup_window},
    {"direction", CHOICE, direction_choices, "egress", "NAME",
      "the traffic in the table: egress, ingress or any",
     apply_direction},
    {"by", CHOICE, by_choices, "destination", "KEY",
      "a row for each destination, service, region, class, port, protocol, host, org, country or asn",
     apply_by},
    {"names", BOOL, "true", NULL,
      "name hosts as the capture does, and who holds their addresses",
     apply_names},
    {"geo", MANY, "", "FILE",
      "who holds addresses: a database of libloc or of MaxMind's format (that of libloc-database)",
     apply_later},
    {"top", NUMBER, "", "N",
      "rows in the table; 0 shows all (text: 20, html: 500 at most, others: 0)",
     apply_top},
    {"retransmissions", BOOL, "false", NULL,
      "find how much of what left was sent again by TCP; a capture is read by one thread then",
     apply_retransmissions},
    {"interval", TEXT, "", "DURATION",
      "width of the buckets of time, such as 10s, 5min or 1h (about 100 buckets)",
     apply_interval},
    {"project", BOOL, "false", NULL,
      "project the month's bytes and cost from the capture's, in text too",
     apply_project},
    {"budget", TEXT, "", "AMOUNT",
      "what a month may cost; a projection that passes it ends with status 3",
     apply_budget},
    {"lang", CHOICE, lang_choices, "en", "NAME",
      "language of the HTML report: en or ja",
     apply_lang},
    {"redact", CHOICE, redact_choices, "off", "WHAT",
      "show pseudonyms: off, private for what is of the house, or all",
     apply_redact},
    {"redact_key", ONE, "", "FILE",
      "key of the pseudonyms, which stay the same under it; made if it is not there",
     apply_later},
    {"max_cells", NUMBER, "", "N",
      "ceiling of the traffic matrix, in cells of up to 500 bytes at the report (16777216)",
     apply_max_cells},
};
/* clang-format on */

const struct eg_setting *eg_settings(size_t *count)
{
    *count = sizeof settings / sizeof settings[0];
    return settings;
}

const struct eg_setting *eg_setting_find(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

void eg_rules_init(struct eg_rules *rules)
{
    *rules = (struct eg_rules){
        .provider = provider_choices[0],
        .routing = EG_ROUTING_MICROSOFT,
        .basis = EG_BASIS_ETHERNET,
        .mtu = 1500,
        .segment = true,
        .names = true,
        .dedup = EG_DEDUP_AUTO,
        .dedup_window = 1000000,
    };
}

void eg_rules_clear(struct eg_rules *rules)
{
    free(rules->local);
    eg_sites_free(rules->sites);
    eg_rate_card_free(rules->card);
    eg_ranges_free(rules->ranges);
    eg_places_free(rules->places);
    rules->local = NULL;
    rules->sites = NULL;
    rules->card = NULL;
    rules->ranges = NULL;
    rules->places = NULL;
}
