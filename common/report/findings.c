#include "report/findings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/redact.h"
#include "report/report.h"
#include "report/translations.h"
#include "report/units.h"

/* ---- making one ------------------------------------------------------------------------------ */

/* The next finding of the report; there is room for every rule. */
static struct eg_finding *add(struct eg_report *report, const char *id, enum eg_severity severity)
{
    struct eg_finding *finding = &report->findings[report->finding_count++];
    *finding = (struct eg_finding){.id = id, .severity = severity};
    return finding;
}

static void say(struct eg_finding *finding, enum eg_language language, const char *format, ...)
    EG_PRINTF(3, 4);

static void say(struct eg_finding *finding, enum eg_language language, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    eg_say_in_both(language, format, arguments, finding->text, sizeof finding->text, finding->shown,
                   sizeof finding->shown);
    va_end(arguments);
}

static struct eg_evidence *add_evidence(struct eg_finding *finding, enum eg_evidence_kind kind,
                                        const char *name)
{
    struct eg_evidence *evidence = &finding->evidence[finding->evidence_count++];
    *evidence = (struct eg_evidence){.kind = kind, .name = name};
    return evidence;
}

static void add_number(struct eg_finding *finding, const char *name, uint64_t number)
{
    add_evidence(finding, EG_EVIDENCE_NUMBER, name)->number = number;
}

static void add_share(struct eg_finding *finding, uint64_t part, uint64_t whole)
{
    add_evidence(finding, EG_EVIDENCE_SHARE, "share")->number =
        whole ? (uint64_t)((eg_u128)part * EG_MILLION / whole) : 0;
}

static void add_cost(struct eg_finding *finding, struct eg_money cost)
{
    add_evidence(finding, EG_EVIDENCE_MONEY, "cost_")->money = cost;
}

static void add_text(struct eg_finding *finding, const char *name, const char *text)
{
    snprintf(add_evidence(finding, EG_EVIDENCE_TEXT, name)->text, EG_EVIDENCE_TEXT_MAX, "%s", text);
}

static bool is_share(uint64_t part, uint64_t whole, uint64_t percent)
{
    return part > 0 && (eg_u128)part * 100 >= (eg_u128)whole * percent;
}

/* ---- what left, by tariff -------------------------------------------------------------------- */

/* What left to destinations of some kind. */
struct outflow {
    uint64_t bytes; /* billable, that left */
    struct eg_money cost;
    const struct eg_tariff *most; /* the kind with most of them */
    uint64_t most_bytes;
};

struct eg_money eg_tariff_cost(const struct eg_tariff *tariff, uint64_t bytes)
{
    uint64_t rate = 0;
    for (size_t i = 0; i < tariff->charges.count && tariff->charges.priced; i++)
        if (tariff->charges.charge[i].direction & EG_CHARGE_EGRESS)
            rate += tariff->charges.charge[i].rate->nano_per_gb;
    return eg_money_of(bytes, rate);
}

/* Of equal ones the first by name, so that the order of packets does not show. */
static bool is_more(const struct eg_tariff *tariff, uint64_t bytes, const struct outflow *flow)
{
    if (!flow->most || bytes != flow->most_bytes)
        return !flow->most || bytes > flow->most_bytes;
    const struct eg_label *a = &tariff->destination.label, *b = &flow->most->destination.label;
    const int service = strcmp(a->service, b->service);
    return service ? service < 0 : strcmp(a->region, b->region) < 0;
}

static struct outflow outflow_of(const struct eg_report *report,
                                 bool (*belongs)(const struct eg_report *,
                                                 const struct eg_destination *))
{
    struct outflow flow = {.bytes = 0};
    for (uint32_t i = 0; i < eg_tariffs_count(report->tariffs); i++) {
        const struct eg_tariff *tariff = eg_tariffs_at(report->tariffs, i);
        const uint64_t bytes = report->volumes[i].egress;
        if (bytes == 0 || !belongs(report, &tariff->destination))
            continue;
        flow.bytes += bytes;
        flow.cost = eg_money_add(flow.cost, eg_tariff_cost(tariff, bytes));
        if (is_more(tariff, bytes, &flow)) {
            flow.most = tariff;
            flow.most_bytes = bytes;
        }
    }
    return flow;
}

static bool is_any(const struct eg_report *report, const struct eg_destination *destination)
{
    (void)report, (void)destination;
    return true;
}

static bool is_remote_service(const struct eg_report *report,
                              const struct eg_destination *destination)
{
    return (destination->class_ == EG_CLASS_INTER_REGION ||
            destination->class_ == EG_CLASS_INTER_CONTINENT) &&
           destination->label.service[0] &&
           strcmp(destination->label.provider, report->rules->provider) == 0;
}

static bool is_provider_global(const struct eg_report *report,
                               const struct eg_destination *destination)
{
    (void)report;
    return destination->class_ == EG_CLASS_PROVIDER_GLOBAL;
}

static bool is_private(const struct eg_report *report, const struct eg_destination *destination)
{
    (void)report;
    return destination->class_ == EG_CLASS_PRIVATE;
}

/* Azure's tags of services that take logs, metrics and the findings of agents. */
static bool is_telemetry(const struct eg_report *report, const struct eg_destination *destination)
{
    static const char *const services[] = {"AzureMonitor", "ApplicationInsightsAvailability",
                                           "GuestAndHybridManagement",
                                           "MicrosoftDefenderForEndpoint"};
    (void)report;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcmp(destination->label.service, services[i]) == 0)
            return true;
    return false;
}

static void add_outflow(struct eg_finding *finding, const struct outflow *flow, uint64_t whole)
{
    add_number(finding, "billable_bytes", flow->bytes);
    add_share(finding, flow->bytes, whole);
    add_cost(finding, flow->cost);
}

/* ---- the rules ------------------------------------------------------------------------------- */

enum {
    COPIES_PERCENT = 1,
    REMOTE_PERCENT = 1,
    GLOBAL_PERCENT = 10,
    TELEMETRY_PERCENT = 5,
    PRIVATE_PERCENT = 1,
    DNS_PERCENT = 10,
    DNS_PACKETS_MIN = 100,
    SHORT_HOURS = 1,
    RATES_DAYS = 365,
    RESENT_PERCENT = 1,
    RANGES_DAYS = 180, /* rule 4.3 */
};

static void find_copies(struct eg_report *report)
{
    const uint64_t copies = report->buckets[EG_BUCKET_DUPLICATE];
    char count[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX];
    if (!is_share(copies, report->frames, COPIES_PERCENT))
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "copies", EG_SEVERITY_INFO);
    say(finding, language,
        "%s frames (%s) are copies of packets seen on another interface and are not counted; a "
        "capture of the VM's network card alone is smaller and has none",
        eg_count_text(copies, count), eg_percent_text(copies, report->frames, share));
    add_number(finding, "frames", copies);
    add_share(finding, copies, report->frames);
    add_number(finding, "billable_bytes", report->duplicate_bytes);
}

static void find_remote_services(struct eg_report *report, uint64_t whole)
{
    const struct outflow flow = outflow_of(report, is_remote_service);
    char size[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    if (!is_share(flow.bytes, whole, REMOTE_PERCENT))
        return;
    const struct eg_label *label = &flow.most->destination.label;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "service-in-other-region", EG_SEVERITY_WARNING);
    say(finding, language,
        "%s (%s) went to services of %s in other regions, most of it to %s in %s, for %s; one in "
        "%s may be free",
        eg_size_text(flow.bytes, size), eg_percent_text(flow.bytes, whole, share),
        eg_provider_text(report->rules->provider), label->service, label->region,
        eg_cost_shown(flow.cost, eg_report_currency(report), cost), report->region);
    add_outflow(finding, &flow, whole);
    add_text(finding, "service", label->service);
    add_text(finding, "region", label->region);
}

static void find_provider_global(struct eg_report *report, uint64_t whole)
{
    const struct outflow flow = outflow_of(report, is_provider_global);
    char size[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    if (!is_share(flow.bytes, whole, GLOBAL_PERCENT))
        return;
    const char *service = flow.most->destination.label.service;
    const char *provider = eg_provider_text(report->rules->provider);
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "provider-at-internet-rate", EG_SEVERITY_WARNING);
    eg_size_text(flow.bytes, size);
    eg_percent_text(flow.bytes, whole, share);
    eg_cost_shown(flow.cost, eg_report_currency(report), cost);
    if (service[0])
        say(finding, language,
            "%s (%s) went to addresses of %s without a region, most of it to %s, and is priced as "
            "internet, %s at most; a service endpoint, a private endpoint or a regional address "
            "may cost less",
            size, share, provider, service, cost);
    else
        say(finding, language,
            "%s (%s) went to addresses of %s without a region and is priced as internet, %s at "
            "most; a service endpoint, a private endpoint or a regional address may cost less",
            size, share, provider, cost);
    add_outflow(finding, &flow, whole);
    add_text(finding, "service", service);
}

static void find_telemetry(struct eg_report *report, uint64_t whole)
{
    const struct outflow flow = outflow_of(report, is_telemetry);
    char size[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX];
    if (!is_share(flow.bytes, whole, TELEMETRY_PERCENT))
        return;
    const char *service = flow.most->destination.label.service;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "telemetry", EG_SEVERITY_INFO);
    say(finding, language,
        "%s (%s) are logs and metrics, most of them to %s: what agents send, and how often, can "
        "be set",
        eg_size_text(flow.bytes, size), eg_percent_text(flow.bytes, whole, share), service);
    add_outflow(finding, &flow, whole);
    add_text(finding, "service", service);
}

static void find_private(struct eg_report *report, uint64_t whole)
{
    const struct outflow flow = outflow_of(report, is_private);
    char size[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX];
    if (!is_share(flow.bytes, whole, PRIVATE_PERCENT))
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "private-unclassified", EG_SEVERITY_WARNING);
    finding->told = true;
    say(finding, language,
        "%s (%s) went to private addresses that no sites file names, and have no price: --sites",
        eg_size_text(flow.bytes, size), eg_percent_text(flow.bytes, whole, share));
    add_number(finding, "billable_bytes", flow.bytes);
    add_share(finding, flow.bytes, whole);
}

/* Of packets, as a query is small. */
static void find_dns(struct eg_report *report, const struct eg_matrix *matrix,
                     const struct eg_cell_parts *parts)
{
    enum { DNS = 53 };
    uint64_t packets = 0, all = 0;
    char count[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX];
    for (uint32_t i = 0; i < eg_matrix_cells(matrix); i++) {
        const uint64_t more = eg_cell_parts_packets(parts, matrix, i);
        if (report->cells[i].direction != EG_EGRESS)
            continue;
        all += more;
        packets += eg_matrix_cell(matrix, i).port == DNS ? more : 0;
    }
    if (packets < DNS_PACKETS_MIN || !is_share(packets, all, DNS_PERCENT))
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "dns", EG_SEVERITY_INFO);
    say(finding, language,
        "%s packets (%s of those that left) are DNS: a cache on the VM, or one that works, would "
        "ask less",
        eg_count_text(packets, count), eg_percent_text(packets, all, share));
    add_number(finding, "packets", packets);
    add_share(finding, packets, all);
}

/* Who asks for it gets an answer, whatever it is. */
static void find_resent(struct eg_report *report, uint64_t whole)
{
    const struct eg_resent_bill *bill = &report->resent;
    const enum eg_language language = report->rules->language;
    char size[EG_COUNT_TEXT_MAX], share[EG_COUNT_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    char most[EG_ADDRESS_TEXT_MAX] = "";
    if (!report->rules->resent)
        return;
    const bool much = is_share(bill->bytes, whole, RESENT_PERCENT);
    struct eg_finding *finding =
        add(report, "retransmissions", much ? EG_SEVERITY_WARNING : EG_SEVERITY_INFO);
    if (bill->bytes)
        say(finding, language,
            "at least %s (%s) of what left was sent again by TCP, for %s, most of it to %s: look "
            "for loss or throttling on the way there",
            eg_size_text(bill->bytes, size), eg_percent_text(bill->bytes, whole, share),
            eg_cost_shown(bill->cost, eg_report_currency(report), cost),
            eg_report_address(report, &bill->most, most));
    else
        say(finding, language, "no TCP segment that left was seen to be sent again");
    add_number(finding, "packets", bill->packets);
    add_number(finding, "billable_bytes", bill->bytes);
    add_share(finding, bill->bytes, whole);
    add_cost(finding, bill->cost);
    add_text(finding, "destination", most);
    add_number(finding, "destination_billable_bytes", bill->most_bytes);
    add_number(finding, "flows_forgotten", bill->flows_forgotten);
}

static void find_short(struct eg_report *report)
{
    const int64_t span = report->projection.span;
    char text[EG_COUNT_TEXT_MAX];
    if (report->frames == 0 || span >= SHORT_HOURS * INT64_C(3600000000000))
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "capture-short", EG_SEVERITY_INFO);
    finding->told = true;
    say(finding, language,
        "the capture lasts %s, which tells little of a day: capture a day or more",
        eg_span_text(span, text));
    add_number(finding, "span_ns", (uint64_t)span);
}

static void find_truncated(struct eg_report *report)
{
    uint64_t files = 0, drops = 0;
    for (size_t i = 0; i < report->input_count; i++) {
        files += report->inputs[i].truncated_file;
        drops += report->inputs[i].drops_known ? report->inputs[i].drops : 0;
    }
    const uint64_t frames = report->buckets[EG_BUCKET_TRUNCATED];
    if (files + drops + frames == 0)
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "capture-truncated", EG_SEVERITY_WARNING);
    finding->told = true;
    say(finding, language,
        "a part of the traffic is missing in every total: capture again, with a larger "
        "buffer and at least 96 bytes of each packet");
    add_number(finding, "files", files);
    add_number(finding, "dropped_packets", drops);
    add_number(finding, "frames_without_header", frames);
}

/* Days between the capture's end and a date, one way or the other; false when either is unknown. */
static bool days_apart(const struct eg_report *report, const char *date, uint64_t *days)
{
    int64_t of_date = 0;
    if (report->last_time == EG_NO_TIME || !eg_date_days(date, &of_date))
        return false;
    const int64_t captured = report->last_time / INT64_C(86400000000000);
    *days = (uint64_t)(of_date > captured ? of_date - captured : captured - of_date);
    return true;
}

static void find_old_ranges(struct eg_report *report)
{
    const struct eg_ranges *ranges = report->rules->ranges;
    for (size_t i = 0; i < eg_ranges_sources(ranges); i++) {
        const struct eg_ranges_source source = eg_ranges_source_at(ranges, i);
        uint64_t days = 0;
        if (strcmp(source.provider, report->rules->provider) != 0 ||
            !days_apart(report, source.as_of, &days) || days <= RANGES_DAYS)
            continue;
        const enum eg_language language = report->rules->language;
        struct eg_finding *finding = add(report, "ranges-old", EG_SEVERITY_WARNING);
        finding->told = true;
        say(finding, language,
            "%" PRIu64 " days lie between the capture and the address ranges of %s: --ranges with "
            "a file of its time",
            days, source.as_of);
        add_number(finding, "days", days);
        add_text(finding, "ranges_as_of", source.as_of);
        return;
    }
}

static void find_old_rates(struct eg_report *report)
{
    const char *as_of = eg_rate_card_as_of(report->rules->card);
    uint64_t days = 0;
    if (!days_apart(report, as_of, &days) || days <= RATES_DAYS)
        return;
    const enum eg_language language = report->rules->language;
    struct eg_finding *finding = add(report, "rates-old", EG_SEVERITY_WARNING);
    say(finding, language,
        "%" PRIu64 " days lie between the capture and the prices of %s: a bill of its time may "
        "have others (--rates)",
        days, as_of);
    add_number(finding, "days", days);
    add_text(finding, "rates_as_of", as_of);
}

void eg_report_find(struct eg_report *report, const struct eg_matrix *matrix,
                    const struct eg_cell_parts *parts)
{
    const uint64_t whole = outflow_of(report, is_any).bytes;
    find_remote_services(report, whole);
    find_provider_global(report, whole);
    find_private(report, whole);
    find_telemetry(report, whole);
    find_resent(report, whole);
    find_dns(report, matrix, parts);
    find_copies(report);
    find_truncated(report);
    find_short(report);
    find_old_ranges(report);
    find_old_rates(report);
}

const char *eg_severity_name(enum eg_severity severity)
{
    return severity == EG_SEVERITY_WARNING ? "warning" : "info";
}
