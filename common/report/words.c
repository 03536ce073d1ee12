/*
 * Words and numbers that every writer spells the same way.
 */
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "report/redact.h"

static const struct {
    uint8_t number;
    const char *name;
} protocols[] = {{1, "icmp"},    {2, "igmp"},  {4, "ipip"},  {6, "tcp"},    {17, "udp"},
                 {33, "dccp"},   {41, "ipv6"}, {47, "gre"},  {50, "esp"},   {51, "ah"},
                 {58, "icmpv6"}, {89, "ospf"}, {103, "pim"}, {132, "sctp"}, {136, "udplite"}};

const char *eg_protocol_text(uint8_t protocol, char buffer[EG_ROW_KEY_MAX])
{
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (protocols[i].number == protocol)
            return protocols[i].name;
    snprintf(buffer, EG_ROW_KEY_MAX, "ip-%u", protocol);
    return buffer;
}

const char *eg_port_text(uint8_t protocol, uint16_t port, char buffer[EG_ROW_KEY_MAX])
{
    char number[EG_ROW_KEY_MAX];
    const char *name = eg_protocol_text(protocol, number);
    if (port == EG_PORT_NONE)
        snprintf(buffer, EG_ROW_KEY_MAX, "%s", name);
    else if (port == EG_PORT_DYNAMIC)
        snprintf(buffer, EG_ROW_KEY_MAX, "%.16s/dynamic", name);
    else
        snprintf(buffer, EG_ROW_KEY_MAX, "%.16s/%u", name, port);
    return buffer;
}

const char *eg_host_shown(const char *host, char buffer[EG_HOST_SHOWN_MAX])
{
    enum { SHOWN = EG_HOST_SHOWN_MAX - 1, DOTS = 3 };
    const size_t length = strlen(host);
    if (length <= SHOWN)
        return host;
    snprintf(buffer, EG_HOST_SHOWN_MAX, "...%s", host + length - (SHOWN - DOTS));
    return buffer;
}

const char *eg_row_key(const struct eg_report *report, const struct eg_row *row,
                       char buffer[EG_ROW_KEY_MAX])
{
    switch (report->view.by) {
    case EG_BY_DESTINATION:
        return eg_report_address(report, &row->address, buffer);
    case EG_BY_PORT:
        return eg_port_text(row->protocol, row->port, buffer);
    case EG_BY_PROTOCOL:
        return eg_protocol_text(row->protocol, buffer);
    case EG_BY_HOST:
        return row->key[0] ? row->key : eg_report_address(report, &row->address, buffer);
    case EG_BY_ASN:
        if (row->key_asn == 0)
            break;
        snprintf(buffer, EG_ROW_KEY_MAX, "AS%" PRIu32, row->key_asn);
        return buffer;
    case EG_BY_SERVICE:
    case EG_BY_REGION:
    case EG_BY_CLASS:
    case EG_BY_ORG:
    case EG_BY_COUNTRY:
        break;
    }
    return row->key;
}

const char *eg_opener_name(uint8_t opened_by)
{
    static const char *const names[] = {"", "vm", "peer", "both"};
    return names[opened_by & 3];
}

const char *eg_basis_name(enum eg_byte_basis basis)
{
    return basis == EG_BASIS_ETHERNET ? "ethernet" : "ip";
}

const char *eg_dedup_name(enum eg_dedup dedup)
{
    static const char *const names[] = {"auto", "on", "off"};
    return names[dedup];
}

const char *eg_budget_name(enum eg_budget budget)
{
    static const char *const names[] = {
        [EG_BUDGET_NONE] = "",           [EG_BUDGET_KEPT] = "kept",
        [EG_BUDGET_AT_RISK] = "at-risk", [EG_BUDGET_PASSED] = "passed",
        [EG_BUDGET_UNKNOWN] = "unknown",
    };
    return names[budget];
}

const char *eg_redact_name(enum eg_redact redact)
{
    static const char *const names[] = {"", "private", "all"};
    return names[redact];
}

const char *eg_local_source_name(enum eg_local_source source)
{
    static const char *const names[] = {"none", "option", "hints", "inferred", "mixed"};
    return names[source];
}

const char *eg_region_source_name(enum eg_region_source source)
{
    static const char *const names[] = {"unknown", "option", "metadata", "public-ip"};
    return names[source];
}

/*
 * Days of the civil calendar, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
 * years start in March, so that the leap day comes last; an era is 400 years.
 */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const unsigned year_of_era = (unsigned)(year - era * 400);
    const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int64_t)day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const unsigned day_of_era = (unsigned)(days - era * 146097);
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int64_t)year_of_era + era * 400 + (*month <= 2);
}

bool eg_date_days(const char *date, int64_t *days)
{
    uint64_t year = 0, month = 0, day = 0;
    if (strlen(date) < 10 || date[4] != '-' || date[7] != '-')
        return false;
    if (!eg_parse_u64(date, 4, 9999, &year) || !eg_parse_u64(date + 5, 2, 12, &month) ||
        !eg_parse_u64(date + 8, 2, 31, &day) || month == 0 || day == 0)
        return false;
    *days = days_from_civil((int64_t)year, (unsigned)month, (unsigned)day);
    return true;
}

const char *eg_time_text(int64_t time, char buffer[EG_TIME_TEXT_MAX])
{
    enum { NS = 1000000000 };
    buffer[0] = '\0';
    if (time == EG_NO_TIME)
        return buffer;
    int64_t seconds = time / NS, ns = time % NS;
    if (ns < 0) {
        ns += NS;
        seconds--;
    }
    int64_t days = seconds / 86400, second = seconds % 86400;
    if (second < 0) {
        second += 86400;
        days--;
    }
    int64_t year = 0;
    unsigned month = 0, day = 0;
    civil_from_days(days, &year, &month, &day);
    snprintf(buffer, EG_TIME_TEXT_MAX, "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ", (int)year, month, day,
             (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60), (int)ns);
    return buffer;
}

const char *eg_currency_name(const char *currency, const char *before, const char *after,
                             char buffer[32])
{
    char lower[8] = "";
    for (size_t i = 0; i < sizeof lower - 1 && currency[i]; i++)
        lower[i] = eg_lower(currency[i]);
    snprintf(buffer, 32, "%s%s%s", before, lower, after);
    return buffer;
}

const char *eg_provider_text(const char *provider)
{
    static const char *const names[][2] = {
        {"azure", "Azure"}, {"aws", "AWS"}, {"gcp", "Google Cloud"}, {"oci", "Oracle Cloud"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i][0], provider) == 0)
            return names[i][1];
    return provider;
}

const char *eg_count_text(uint64_t value, char buffer[EG_COUNT_TEXT_MAX])
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            buffer[at++] = ',';
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

size_t eg_report_shown_rows(const struct eg_report *report, const struct eg_style *style)
{
    if (style->top == 0 || style->top > report->row_count)
        return report->row_count;
    return (size_t)style->top;
}
