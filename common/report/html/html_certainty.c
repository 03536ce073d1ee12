/*
 * For how much, how sure, what to do: the meters, what the figures rest on, and what is open.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/html.h"
#include "report/rows.h"
#include "report/units.h"

/* ---- what is charged, by meter ---- */

static struct eg_money cost_of(const struct eg_row_charge *charge)
{
    return eg_money_of(charge->billable_bytes, charge->rate->nano_per_gb);
}

/* Dearest first. */
static int compare_meters(const void *a, const void *b)
{
    const struct eg_row_charge *const x = a, *const y = b;
    const int cost = eg_money_compare(cost_of(y), cost_of(x));
    if (cost != 0)
        return cost;
    if (x->billable_bytes != y->billable_bytes)
        return x->billable_bytes > y->billable_bytes ? -1 : 1;
    return eg_row_charge_compare(a, b);
}

/* The charges of all rows, by meter, rate and direction; for free(). NULL: no memory. */
static struct eg_row_charge *sum_meters(const struct eg_report *report, size_t *count)
{
    struct eg_row_charge *meters = malloc((report->charge_count + 1) * sizeof *meters);
    if (!meters)
        return NULL;
    size_t kept = 0;
    if (report->charge_count) {
        memcpy(meters, report->charges, report->charge_count * sizeof *meters);
        qsort(meters, report->charge_count, sizeof *meters, eg_row_charge_compare);
    }
    for (size_t i = 0; i < report->charge_count; i++)
        if (kept && eg_row_charge_compare(&meters[kept - 1], &meters[i]) == 0)
            meters[kept - 1].billable_bytes += meters[i].billable_bytes;
        else
            meters[kept++] = meters[i];
    if (kept)
        qsort(meters, kept, sizeof *meters, compare_meters);
    *count = kept;
    return meters;
}

static void put_meter(const struct eg_html *html, const struct eg_row_charge *charge)
{
    static const enum eg_say directions[] = {EG_SAY_DIRECTION_BOTH, EG_SAY_DIRECTION_OUT,
                                             EG_SAY_DIRECTION_IN, EG_SAY_DIRECTION_BOTH};
    const struct eg_rate *rate = charge->rate;
    eg_html_raw(html, "<tr><th scope=\"row\">");
    if (strncmp(rate->meter, "none:", strlen("none:")) == 0) /* of the rates: nothing is metered */
        eg_html_say(html, EG_SAY_METER_NONE);
    else
        eg_html_name(html, rate->meter);
    if (rate->uncertain) {
        eg_html_raw(html, " <b class=\"tag\">");
        eg_html_say(html, EG_SAY_UNCERTAIN);
        eg_html_raw(html, "</b>");
    }
    eg_html_raw(html, "</th>");
    eg_html_cell_cost(html, cost_of(charge), true);
    eg_html_cell_bytes(html, charge->billable_bytes);
    eg_html_raw(html, "<td class=\"n\">");
    eg_html_rate(html, rate->nano_per_gb);
    eg_html_raw(html, "</td>");
    eg_html_line(html, "td", directions[charge->direction & 3]);
    eg_html_raw(html, "<td class=\"date\">");
    eg_html_text(html, rate->as_of);
    eg_html_raw(html, "</td></tr>\n");
}

static void put_meters(const struct eg_html *html, const struct eg_row_charge *meters, size_t count)
{
    eg_html_open_table(html, "meters", true, EG_SAY_PRICES_CAPTION);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_METER);
    eg_html_head(html, EG_HTML_NUMBERS_SORTED, EG_SAY_COST);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_BYTES);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_RATE);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_DIRECTION);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_AS_OF);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++)
        put_meter(html, &meters[i]);
    eg_html_raw(html, "</tbody>\n");
    eg_html_close_table(html);
}

void eg_html_prices(const struct eg_html *html)
{
    size_t count = 0;
    struct eg_row_charge *meters = sum_meters(html->report, &count);
    if (!meters)
        html->sink->status = EG_ERR_NO_MEMORY;
    else if (count == 0)
        eg_html_line(html, "p", EG_SAY_PRICES_NONE);
    else
        put_meters(html, meters, count);
    free(meters);
}

/* ---- what the figures rest on ---- */

static void open_row(const struct eg_html *html, enum eg_say name)
{
    eg_html_raw(html, "<tr>");
    eg_html_line(html, "th scope=\"row\"", name);
    eg_html_raw(html, "<td>");
}

static void close_row(const struct eg_html *html, bool assumed)
{
    if (assumed) {
        eg_html_raw(html, " <b class=\"tag\">");
        eg_html_say(html, EG_SAY_ASSUMED);
        eg_html_raw(html, "</b>");
    }
    eg_html_raw(html, "</td></tr>\n");
}

static void put_place(const struct eg_html *html)
{
    const struct eg_rules *rules = html->report->rules;
    open_row(html, EG_SAY_PROVIDER);
    eg_html_text(html, eg_provider_text(rules->provider));
    close_row(html, false);
    if (strcmp(rules->provider, "azure") != 0)
        return;
    open_row(html, EG_SAY_ROUTING);
    eg_html_say(html, rules->routing == EG_ROUTING_INTERNET ? EG_SAY_ROUTING_INTERNET
                                                            : EG_SAY_ROUTING_MICROSOFT);
    close_row(html, !rules->routing_given);
}

static void put_month(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    const struct eg_rules *rules = report->rules;
    char number[EG_COUNT_TEXT_MAX];
    bool internet = false;
    open_row(html, EG_SAY_MONTH_TO_DATE);
    for (size_t i = 0; i < rules->month_count; i++) {
        const struct eg_month *month = &rules->months[i];
        eg_html_raw(html, i ? ", " : "");
        eg_html_fill(html, EG_SAY_MONTH_CLASS, month->class_, eg_count_text(month->gb, number),
                     NULL);
        internet = internet || strcmp(month->class_, eg_class_name(EG_CLASS_INTERNET)) == 0;
    }
    if (!internet && report->free_gb) {
        eg_html_raw(html, rules->month_count ? ", " : "");
        eg_html_fill(html, EG_SAY_MONTH_GRANT, eg_count_text(report->free_gb, number), NULL, NULL);
    } else if (rules->month_count == 0) {
        eg_html_raw(html, "–");
    }
    close_row(html, !internet && report->free_gb);
}

static void put_counting(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    const struct eg_rules *rules = report->rules;
    char first[EG_COUNT_TEXT_MAX], second[EG_COUNT_TEXT_MAX];
    open_row(html, EG_SAY_BASIS);
    eg_html_fill(html, rules->basis == EG_BASIS_ETHERNET ? EG_SAY_BASIS_ETHERNET : EG_SAY_BASIS_IP,
                 eg_size_text(report->other_basis_bytes, first), NULL, NULL);
    close_row(html, !rules->basis_given);
    open_row(html, EG_SAY_SEGMENTS);
    eg_html_fill(html, rules->segment ? EG_SAY_SEGMENTS_ON : EG_SAY_SEGMENTS_OFF,
                 eg_count_text(rules->mtu, first), eg_size_text(report->segmentation_bytes, second),
                 NULL);
    close_row(html, false);
    open_row(html, EG_SAY_COPIES);
    eg_html_fill(html, rules->dedup == EG_DEDUP_OFF ? EG_SAY_COPIES_OFF : EG_SAY_COPIES_FOUND,
                 eg_count_text(report->buckets[EG_BUCKET_DUPLICATE], first),
                 eg_size_text(report->duplicate_bytes, second), NULL);
    close_row(html, false);
}

static void put_redaction(const struct eg_html *html)
{
    const enum eg_redact redact = html->report->rules->redact;
    if (eg_redact_name(redact)[0] == '\0')
        return;
    open_row(html, EG_SAY_REDACTED);
    eg_html_say(html, redact == EG_REDACT_ALL ? EG_SAY_REDACTED_ALL : EG_SAY_REDACTED_PRIVATE);
    close_row(html, false);
}

static void put_dates(const struct eg_html *html)
{
    char text[256];
    open_row(html, EG_SAY_RANGES);
    eg_html_text(html, eg_html_ranges(html, text, sizeof text));
    close_row(html, false);
    if (eg_rules_places_text(html->report->rules, text, sizeof text)[0]) {
        open_row(html, EG_SAY_PLACES);
        eg_html_text(html, text);
        close_row(html, false);
    }
    open_row(html, EG_SAY_RATES);
    eg_html_text(html, eg_html_rates(html, text, sizeof text));
    close_row(html, false);
}

static void put_assumptions(const struct eg_html *html)
{
    eg_html_raw(html, "<table class=\"narrow\" id=\"assumptions\">\n");
    eg_html_line(html, "caption", EG_SAY_ASSUMPTIONS);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_ASSUMPTION);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_VALUE);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    put_place(html);
    put_month(html);
    put_counting(html);
    put_redaction(html);
    put_dates(html);
    eg_html_raw(html, "</tbody>\n</table>\n");
}

/* ---- warnings ---- */

enum { WARNINGS_SHOWN = 40 };

static size_t put_warnings(const struct eg_html *html, bool unsure, const char *class_)
{
    const struct eg_report *report = html->report;
    char number[EG_COUNT_TEXT_MAX];
    size_t said = 0;
    for (size_t i = 0; i < report->warning_count; i++) {
        if (report->warnings[i].unsure != unsure)
            continue;
        if (said == 0)
            eg_sink_format(html->sink, "<ul class=\"%s\">\n", class_);
        if (said++ >= WARNINGS_SHOWN)
            continue;
        eg_html_raw(html, "<li>");
        eg_html_item(html, report->warnings[i].shown);
        eg_html_raw(html, "</li>\n");
    }
    if (said > WARNINGS_SHOWN) {
        eg_html_raw(html, "<li>");
        eg_html_fill(html, EG_SAY_MORE_FILES, eg_count_text(said - WARNINGS_SHOWN, number), NULL,
                     NULL);
        eg_html_raw(html, "</li>\n");
    }
    if (said)
        eg_html_raw(html, "</ul>\n");
    return said;
}

void eg_html_certainty(const struct eg_html *html)
{
    eg_html_line(html, "h3", EG_SAY_WARNINGS);
    if (put_warnings(html, false, "warnings") == 0)
        eg_html_line(html, "p", EG_SAY_NO_WARNINGS);
    put_assumptions(html);
}

/* Those that no warning says already. */
static size_t put_findings(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    size_t said = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct eg_finding *finding = &report->findings[i];
        if (finding->told)
            continue;
        if (said++ == 0) {
            eg_html_line(html, "h3", EG_SAY_FINDINGS);
            eg_html_raw(html, "<ul class=\"findings\">\n");
        }
        eg_sink_format(html->sink, "<li class=\"%s\" id=\"finding-%s\">",
                       eg_severity_name(finding->severity), finding->id);
        eg_html_item(html, finding->shown);
        eg_html_raw(html, "</li>\n");
    }
    eg_html_raw(html, said ? "</ul>\n" : "");
    return said;
}

static bool has_open_questions(const struct eg_report *report)
{
    for (size_t i = 0; i < report->warning_count; i++)
        if (report->warnings[i].unsure)
            return true;
    return false;
}

void eg_html_to_do(const struct eg_html *html)
{
    const bool open = has_open_questions(html->report);
    if (put_findings(html) == 0 && !open)
        eg_html_line(html, "p", EG_SAY_NOTHING_TO_DO);
    if (!open)
        return;
    eg_html_line(html, "h3", EG_SAY_OPEN);
    put_warnings(html, true, "open-questions");
}
