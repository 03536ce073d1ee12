/*
 * -T text, rule 8.1: is the capture sound, who is the VM, how much went out at what price, where
 * to, and what is uncertain.
 */
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/redact.h"
#include "report/table_text.h"
#include "report/units.h"

void eg_text_head(const struct eg_text *text, const char *head)
{
    eg_sink_format(text->sink, "%s%-8s%s ", eg_text_on(text, EG_TEXT_HEAD), head,
                   eg_text_off(text));
}

/* "2020-12-19 12:50:21Z" */
static void put_second(struct eg_sink *sink, int64_t time)
{
    char buffer[EG_TIME_TEXT_MAX];
    eg_time_text(time, buffer);
    eg_sink_format(sink, "%.10s %.8sZ", buffer, buffer + 11);
}

static void put_recorded(const struct eg_report *report, struct eg_sink *sink)
{
    bool drops_known = false, filter = false;
    uint64_t drops = 0;
    char number[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < report->input_count; i++) {
        drops_known = drops_known || report->inputs[i].drops_known;
        drops += report->inputs[i].drops;
        filter = filter || report->inputs[i].capture_filter;
    }
    if (!drops_known && !filter)
        eg_sink_text(sink, ", no drops or filter recorded");
    else if (drops_known)
        eg_sink_format(sink, ", %s dropped", eg_count_text(drops, number));
    if (filter)
        eg_sink_text(sink, ", a capture filter");
}

/* Where each input was captured, as far as it tells. */
static void put_systems(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    for (size_t i = 0; i < report->input_count; i++) {
        const struct eg_input *input = &report->inputs[i];
        if (!input->system)
            continue;
        eg_text_head(text, "SYSTEM");
        eg_sink_text(text->sink, input->system);
        for (size_t k = 0; input->interfaces && input->interfaces[k]; k++)
            eg_sink_format(text->sink, "%s%s", k ? "; " : ": ", input->interfaces[k]);
        eg_sink_text(text->sink, "\n");
    }
}

static void put_capture(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    char number[EG_COUNT_TEXT_MAX];
    eg_text_head(text, "CAPTURE");
    if (report->input_count > 1)
        eg_sink_format(text->sink, "%zu files, ", report->input_count);
    if (report->first_time != EG_NO_TIME) {
        put_second(text->sink, report->first_time);
        eg_sink_format(text->sink, ", %s, ",
                       eg_span_text(report->last_time - report->first_time, number));
    }
    eg_sink_format(text->sink, "%s frame%s", eg_count_text(report->frames, number),
                   report->frames == 1 ? "" : "s");
    put_recorded(report, text->sink);
    eg_sink_text(text->sink, "\n");
    put_systems(text);
}

/* So that nobody takes a pseudonym for a name. */
static void put_redaction(const struct eg_text *text)
{
    static const char *const what[] = {"", "private addresses, names and labels",
                                       "addresses, names and labels"};
    const enum eg_redact redact = text->report->rules->redact;
    if (redact == EG_REDACT_OFF)
        return;
    eg_text_head(text, "REDACTED");
    eg_sink_format(text->sink, "%s are pseudonyms\n", what[redact]);
}

/* The buckets that hold something, so that the frames can be seen to add up. */
static void put_buckets(const struct eg_text *text)
{
    static const struct {
        enum eg_bucket bucket;
        const char *name;
    } order[] = {
        {EG_BUCKET_EGRESS, "egress"},
        {EG_BUCKET_INGRESS, "ingress"},
        {EG_BUCKET_LOCAL, "local"},
        {EG_BUCKET_INTERNAL, "internal"},
        {EG_BUCKET_TRANSIT, "transit"},
        {EG_BUCKET_DUPLICATE, "copies"},
        {EG_BUCKET_FILTERED, "filtered"},
        {EG_BUCKET_NOT_IP, "not IP"},
        {EG_BUCKET_TRUNCATED, "truncated"},
        {EG_BUCKET_MALFORMED, "malformed"},
        {EG_BUCKET_UNSUPPORTED_LINK, "unsupported link"},
    };
    const char *before = "";
    char number[EG_COUNT_TEXT_MAX];
    if (text->report->frames == 0)
        return;
    eg_text_head(text, "FRAMES");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const uint64_t frames = text->report->buckets[order[i].bucket];
        if (frames == 0)
            continue;
        eg_sink_format(text->sink, "%s%s %s", before, order[i].name, eg_count_text(frames, number));
        before = "   ";
    }
    eg_sink_text(text->sink, "\n");
}

enum { LOCALS_SHOWN = 3 };

static void put_local(const struct eg_text *text)
{
    static const char *const sources[] = {
        [EG_LOCAL_NONE] = "",
        [EG_LOCAL_OPTION] = " (--local)",
        [EG_LOCAL_HINTS] = " (from the capture's directions)",
        [EG_LOCAL_INFERRED] = " (inferred)",
        [EG_LOCAL_MIXED] = " (from the directions of some captures, inferred in others)",
    };
    const struct eg_settlement *settlement = text->report->settlement;
    char address[EG_ADDRESS_TEXT_MAX];
    if (settlement->local_count == 0)
        eg_sink_text(text->sink, "address unknown");
    for (size_t i = 0; i < settlement->local_count && i < LOCALS_SHOWN; i++)
        eg_sink_format(text->sink, "%s%s", i ? ", " : "",
                       eg_report_address(text->report, &settlement->local[i], address));
    if (settlement->local_count > LOCALS_SHOWN)
        eg_sink_format(text->sink, " and %zu more", settlement->local_count - LOCALS_SHOWN);
    eg_sink_text(text->sink, sources[settlement->source]);
}

static void put_vm(const struct eg_text *text)
{
    static const char *const region_sources[] = {"", " (--region)", " (metadata answer)",
                                                 " (--public-ip)"};
    const struct eg_report *report = text->report;
    eg_text_head(text, "VM");
    put_local(text);
    eg_sink_format(text->sink, "   region %s%s", report->region[0] ? report->region : "unknown",
                   region_sources[report->region_source]);
    if (strcmp(report->rules->provider, "azure") == 0)
        eg_sink_format(text->sink, "   routing %s%s",
                       report->rules->routing == EG_ROUTING_INTERNET ? "internet"
                                                                     : "Microsoft network",
                       report->rules->routing_given ? "" : " (assumed)");
    eg_sink_text(text->sink, "\n");
}

static bool names_internet(const struct eg_rules *rules)
{
    for (size_t i = 0; i < rules->month_count; i++)
        if (strcmp(rules->months[i].class_, eg_class_name(EG_CLASS_INTERNET)) == 0)
            return true;
    return false;
}

static void put_prices(const struct eg_text *text)
{
    const struct eg_rules *rules = text->report->rules;
    const char *as_of = eg_rate_card_as_of(rules->card);
    eg_text_head(text, "PRICES");
    if (!as_of[0]) {
        eg_sink_format(text->sink, "none for %s: --rates\n", eg_provider_text(rules->provider));
        return;
    }
    eg_sink_format(text->sink, "%s %s %s, at the margin", eg_provider_text(rules->provider),
                   eg_rate_card_is_builtin(rules->card) ? "list" : "list with your rates", as_of);
    const char *before = " (";
    if (!names_internet(rules) && text->report->free_gb) {
        eg_sink_format(text->sink, "%s%" PRIu64 " GB grant used up", before, text->report->free_gb);
        before = ", ";
    }
    for (size_t i = 0; i < rules->month_count; i++, before = ", ")
        eg_sink_format(text->sink, "%s%s %" PRIu64 " GB so far", before, rules->months[i].class_,
                       rules->months[i].gb);
    eg_sink_text(text->sink, before[0] == ',' ? ")\n" : "\n");
}

static void put_names(const struct eg_text *text)
{
    char places[256];
    eg_rules_places_text(text->report->rules, places, sizeof places);
    if (!places[0] || !text->report->has_public)
        return;
    eg_text_head(text, "NAMES");
    eg_sink_format(text->sink, "of hosts from the capture, of organisations from %s\n", places);
}

enum { HEAD_COLUMNS = 9, WIDTH_MIN = 40 };

/* Breaks a sentence at blanks, and indents what follows under its beginning. */
void eg_text_wrapped(const struct eg_text *text, const char *sentence)
{
    const unsigned width = text->style->width ? text->style->width : EG_TEXT_WIDTH;
    const size_t room = (width < WIDTH_MIN ? WIDTH_MIN : width) - HEAD_COLUMNS;
    const char *at = sentence;
    while (strlen(at) > room) {
        size_t length = room;
        while (length && at[length] != ' ')
            length--;
        if (length == 0)
            length = strcspn(at, " ");
        eg_text_put(text, at, length);
        at += length + strspn(at + length, " ");
        if (*at)
            eg_sink_format(text->sink, "\n%*s", HEAD_COLUMNS, "");
    }
    eg_text_put(text, at, strlen(at));
    eg_sink_text(text->sink, "\n");
}

static void put_notes(const struct eg_text *text, bool unsure)
{
    const struct eg_report *report = text->report;
    for (size_t i = 0; i < report->warning_count; i++) {
        if (report->warnings[i].unsure != unsure)
            continue;
        eg_sink_format(text->sink, "%s%-8s%s ", eg_text_on(text, EG_TEXT_WARN),
                       unsure ? "UNSURE" : "WARNING", eg_text_off(text));
        eg_text_wrapped(text, report->warnings[i].text);
    }
}

static void put_shares(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    const uint64_t whole = report->total.shown.billable_bytes;
    const struct {
        const char *name;
        uint64_t bytes;
    } shares[] = {
        {"billed", report->billed_bytes},
        {"free", report->moved_bytes - report->billed_bytes - report->platform_bytes -
                     report->total.unpriced_bytes},
        {"platform", report->platform_bytes},
        {"unpriced", report->total.unpriced_bytes},
        {"not egress", whole - report->moved_bytes},
    };
    char number[EG_COUNT_TEXT_MAX];
    const char *before = "         ";
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        if (shares[i].bytes == 0 && i != 0)
            continue;
        eg_sink_format(text->sink, "%s%s %s", before, shares[i].name,
                       eg_percent_text(shares[i].bytes, whole, number));
        before = "   ";
    }
    eg_sink_text(text->sink, "\n");
}

static void put_basis(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    char here[EG_COUNT_TEXT_MAX], there[EG_COUNT_TEXT_MAX];
    const bool ethernet = report->rules->basis == EG_BASIS_ETHERNET;
    if (report->total.shown.packets == 0)
        return;
    eg_sink_format(text->sink, "         counted as %s; as %s it is %s\n",
                   ethernet ? "Ethernet frames without FCS" : "IP packets",
                   ethernet ? "IP packets" : "Ethernet frames",
                   eg_size_text(report->other_basis_bytes, there));
    if (report->segmentation_bytes)
        eg_sink_format(text->sink, "         %s of it are headers that segmentation adds\n",
                       eg_size_text(report->segmentation_bytes, here));
}

static void put_out(const struct eg_text *text)
{
    static const char *const heads[] = {"OUT", "IN", "ALL"};
    const struct eg_report *report = text->report;
    char size[EG_COUNT_TEXT_MAX], rate[EG_COUNT_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    const int64_t span =
        report->first_time == EG_NO_TIME ? 0 : report->last_time - report->first_time;
    eg_bit_rate_text(report->total.shown.billable_bytes, span, rate);
    eg_text_head(text, heads[report->view.direction]);
    eg_sink_format(text->sink, "%s%s%s%s", eg_size_text(report->total.shown.billable_bytes, size),
                   rate[0] ? " (" : "", rate, rate[0] ? ")" : "");
    eg_sink_format(
        text->sink, "     billed %s = %s\n", eg_size_text(report->billed_bytes, size),
        eg_report_is_unpriced(report)
            ? "?"
            : eg_cost_shown(report->total.cost, eg_rate_card_currency(report->rules->card), cost));
    if (report->inbound_bytes)
        eg_sink_format(
            text->sink, "         %s of the cost is for %s that came in\n",
            eg_cost_shown(report->inbound_cost, eg_rate_card_currency(report->rules->card), cost),
            eg_size_text(report->inbound_bytes, size));
    if (report->total.shown.billable_bytes)
        put_shares(text);
    put_basis(text);
}

enum eg_status eg_report_write_text(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink)
{
    const struct eg_text text = {.report = report, .style = style, .sink = sink};
    put_capture(&text);
    put_redaction(&text);
    put_buckets(&text);
    put_vm(&text);
    put_prices(&text);
    put_names(&text);
    put_notes(&text, false);
    eg_sink_text(sink, "\n");
    put_out(&text);
    eg_text_outlook(&text);
    if (report->row_count) {
        eg_sink_text(sink, "\n");
        eg_table_write(&text);
    }
    eg_text_findings(&text);
    for (size_t i = 0, said = 0; i < report->warning_count && !said; i++)
        if (report->warnings[i].unsure) {
            eg_sink_text(sink, "\n");
            said = 1;
        }
    put_notes(&text, true);
    return sink->status;
}
