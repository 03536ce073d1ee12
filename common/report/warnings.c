/*
 * What is wrong with the capture, and what a figure hangs on: rules 3.5, 4.3, 4.4, 5.1, 6.2, 8.1.
 *
 * A warning names the cause; an unsure line names the option that settles it.
 */
#include "report/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/translations.h"
#include "report/units.h"

struct writer {
    struct eg_report *report;
    size_t capacity;
    enum eg_status status;
};

static void say(struct writer *writer, bool unsure, const char *format, ...) EG_PRINTF(3, 4);

static void say(struct writer *writer, bool unsure, const char *format, ...)
{
    struct eg_report *report = writer->report;
    if (report->warning_count == writer->capacity) {
        const size_t more = writer->capacity ? writer->capacity * 2 : 16;
        struct eg_warning *grown = realloc(report->warnings, more * sizeof *grown);
        if (!grown) {
            writer->status = EG_ERR_NO_MEMORY;
            return;
        }
        report->warnings = grown;
        writer->capacity = more;
    }
    struct eg_warning *warning = &report->warnings[report->warning_count++];
    warning->unsure = unsure;
    va_list arguments;
    va_start(arguments, format);
    eg_say_in_both(report->rules->language, format, arguments, warning->text, sizeof warning->text,
                   warning->shown, sizeof warning->shown);
    va_end(arguments);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

enum { PATH_SHOWN = 120 };

/* The end of a long path, which has the file's name, so that the message behind it is not cut. */
static const char *shown_path(const struct eg_input *input)
{
    const size_t length = strlen(input->path);
    return length > PATH_SHOWN ? input->path + length - PATH_SHOWN : input->path;
}

static void warn_of_files(struct writer *writer)
{
    char number[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < writer->report->input_count; i++) {
        const struct eg_input *input = &writer->report->inputs[i];
        if (input->truncated_file)
            say(writer, false,
                "'%s' could not be read to its end: the report covers its first %s "
                "frames",
                shown_path(input), eg_count_text(input->frames, number));
        if (input->drops_known && input->drops)
            say(writer, false,
                "'%s': the capturing program dropped %s packets, which are missing "
                "in every total",
                shown_path(input), eg_count_text(input->drops, number));
        if (input->capture_filter)
            say(writer, false,
                "'%s' was captured with the filter '%.80s': what it excluded is "
                "missing in every total",
                shown_path(input), input->capture_filter);
        for (size_t k = 0; input->notes && input->notes[k]; k++)
            say(writer, false, "'%s': %s", shown_path(input), input->notes[k]);
    }
}

static void warn_of_frames(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    char number[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < report->link_count; i++) {
        const struct eg_link_count *link = &report->links[i];
        const char *name = link->name ? link->name : eg_link_name(link->link);
        char code[16] = ""; /* a link layer that has no number is -1 */
        if (link->link >= 0)
            snprintf(code, sizeof code, " (%" PRId32 ")", link->link);
        say(writer, false, "%s frame%s of link layer %s%s cannot be decoded",
            eg_count_text(link->frames, number), plural(link->frames), name ? name : "unknown",
            code);
    }
    if (report->buckets[EG_BUCKET_TRUNCATED])
        say(writer, false, "%s frame%s captured too short for an IP header: not in any total",
            eg_count_text(report->buckets[EG_BUCKET_TRUNCATED], number),
            report->buckets[EG_BUCKET_TRUNCATED] == 1 ? " was" : "s were");
    if (report->buckets[EG_BUCKET_MALFORMED])
        say(writer, false, "%s malformed IP packet%s not in any total",
            eg_count_text(report->buckets[EG_BUCKET_MALFORMED], number),
            report->buckets[EG_BUCKET_MALFORMED] == 1 ? " is" : "s are");
    if (report->overflow.packets)
        say(writer, false,
            "the traffic matrix is full: %s packets of later conversations are "
            "counted as transit",
            eg_count_text(report->overflow.packets, number));
    if (report->copies_evicted)
        say(writer, false, "too many packets at one time to find every copy: %s left unwatched",
            eg_count_text(report->copies_evicted, number));
    if (report->no_key_frames)
        say(writer, false, "%s frame%s captured too short to tell a copy: kept",
            eg_count_text(report->no_key_frames, number),
            report->no_key_frames == 1 ? " was" : "s were");
}

enum { DAYS_APART_MAX = 180 };

/* Rule 4.3. */
static void warn_of_ranges_age(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    const struct eg_ranges *ranges = report->rules->ranges;
    if (report->last_time == EG_NO_TIME)
        return;
    const int64_t captured = report->last_time / INT64_C(86400000000000);
    for (size_t i = 0; i < eg_ranges_sources(ranges); i++) {
        const struct eg_ranges_source source = eg_ranges_source_at(ranges, i);
        int64_t days = 0;
        if (strcmp(source.provider, report->rules->provider) != 0 ||
            !eg_date_days(source.as_of, &days))
            continue;
        const int64_t apart = days > captured ? days - captured : captured - days;
        if (apart <= DAYS_APART_MAX)
            continue;
        const char *which = days > captured ? "newer" : "older";
        if (apart < 730)
            say(writer, false, "address ranges are %" PRId64 " days %s than this capture", apart,
                which);
        else
            say(writer, false,
                "address ranges are %" PRId64 ".%" PRId64 " years %s than this capture",
                apart * 100 / 36525, apart * 1000 / 36525 % 10, which);
    }
}

/* A width that was asked for and that the report could not keep. */
static void warn_of_interval(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    char asked[EG_COUNT_TEXT_MAX], used[EG_COUNT_TEXT_MAX];
    if (report->rules->interval == 0 || report->interval.width == report->rules->interval)
        return;
    eg_width_text(report->rules->interval, asked);
    if (report->interval.width)
        say(writer, false, "buckets of %s are too many for this capture: they are %s wide", asked,
            eg_width_text(report->interval.width, used));
    else
        say(writer, false, "there are no buckets of %s: %s", asked, report->interval.reason);
}

static void warn_of_direction(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    const struct eg_settlement *settlement = report->settlement;
    char number[EG_COUNT_TEXT_MAX];
    if (report->view.direction == EG_VIEW_ANY)
        return;
    if (settlement->undecided_packets)
        say(writer, true,
            "%s packet%s between private addresses that nothing tells apart: name "
            "the VM's with --local",
            eg_count_text(settlement->undecided_packets, number),
            settlement->undecided_packets == 1 ? " is" : "s are");
    if (settlement->transit_bytes > settlement->total_bytes / 20)
        say(writer, true,
            "%s of the bytes are neither from nor to the VM's addresses "
            "(transit): check them, or name them with --local",
            eg_percent_text(settlement->transit_bytes, settlement->total_bytes, number));
    if (settlement->no_uplink)
        say(writer, true,
            "every interface carries public addresses as a router's inner leg does, "
            "so all were taken as uplinks: check the direction, or use --local");
}

/* Rule 4.4: what is assumed, and what it could be. Nothing hangs on a zone where all are alike. */
static void warn_of_zone(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    char assumed[EG_MONEY_TEXT_MAX], low[EG_MONEY_TEXT_MAX], high[EG_MONEY_TEXT_MAX];
    uint64_t lowest = 0, highest = 0;
    const struct eg_rate *rate = eg_charges_internet(&report->pricing, NULL);
    const bool spans = rate && eg_charges_internet_span(&report->pricing, &lowest, &highest);
    if (spans && lowest == highest && rate->nano_per_gb == lowest)
        return;
    if (spans)
        say(writer, true,
            "region unknown: internet traffic is priced at zone 1 (%s assumed; %s-%s): --region",
            eg_rate_number(rate->nano_per_gb, assumed), eg_rate_number(lowest, low),
            eg_rate_number(highest, high));
    else
        say(writer, true, "region unknown: internet traffic is priced at zone 1: --region");
}

/* Whether figures of Azure's list may be named: neither another provider's nor the user's prices.
 */
static bool has_azure_list(const struct eg_report *report)
{
    return strcmp(report->rules->provider, "azure") == 0 &&
           eg_rate_card_is_builtin(report->rules->card);
}

static void warn_of_region(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    if (report->metadata_regions > 1 && report->region_source == EG_REGION_UNKNOWN)
        say(writer, true, "metadata answers in the capture name several regions: --region");
    if (report->metadata_region[0] && strcmp(report->metadata_region, report->region) != 0)
        say(writer, true,
            "a metadata answer in the capture says that the VM is in %s, and not in %s: check "
            "--region",
            report->metadata_region, report->region);
    if (report->rules->has_public_ip && report->region_source == EG_REGION_UNKNOWN)
        say(writer, true, "the address of --public-ip is in no range of %s with a region: --region",
            eg_provider_text(report->rules->provider));
    if (report->marks & EG_PRICE_ZONE_ASSUMED)
        warn_of_zone(writer);
    if (report->marks & EG_PRICE_NONE_REGION && report->region[0])
        say(writer, true,
            "some destinations have no price, since nothing tells how their regions lie to %s: "
            "--sites",
            report->region);
    else if (report->marks & EG_PRICE_NONE_REGION && has_azure_list(report))
        say(writer, true,
            "region unknown: traffic to regional services has no price (free if the "
            "VM is there, 0.02-0.16 otherwise): --region");
    else if (report->marks & EG_PRICE_NONE_REGION)
        say(writer, true, "region unknown: traffic whose price hangs on it has none: --region");
    if (report->region_suggestion[0] &&
        report->marks & (EG_PRICE_ZONE_ASSUMED | EG_PRICE_NONE_REGION))
        say(writer, true,
            "most %s services it talks to are in %s; if that is the VM's region: "
            "--region %s",
            eg_provider_text(report->rules->provider), report->region_suggestion,
            report->region_suggestion);
    if (report->marks & EG_PRICE_REGION_ASSUMED && report->pricing.region)
        say(writer, true, "prices of region %s: %s", report->region, report->pricing.region->note);
}

enum { NOTES_MAX = 16 };

/* What the user was told of uncertain rates. */
struct told {
    const char *notes[NOTES_MAX];
    size_t count;
};

static bool is_told(const struct told *told, const char *note)
{
    for (size_t i = 0; i < told->count; i++)
        if (strcmp(told->notes[i], note) == 0)
            return true;
    return false;
}

static void warn_of_uncertain_rate(struct writer *writer, struct told *told,
                                   const struct eg_rate *rate)
{
    char number[EG_MONEY_TEXT_MAX];
    if (!rate->uncertain || told->count == NOTES_MAX || is_told(told, rate->note))
        return;
    told->notes[told->count++] = rate->note;
    say(writer, true, "the rate %s of '%.60s' is uncertain (%.120s): --rates",
        eg_rate_number(rate->nano_per_gb, number), rate->meter, rate->note);
}

/* Each note once, in the order of the rows, which that of the packets does not change. */
static void warn_of_uncertain_rates(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    struct told told = {.count = 0};
    for (size_t i = 0; i < report->row_count; i++)
        for (size_t k = 0; k < report->rows[i].charge_count; k++)
            warn_of_uncertain_rate(writer, &told,
                                   report->charges[report->rows[i].first_charge + k].rate);
}

static void warn_of_missing_rates(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    for (size_t i = 0; i < report->missing_count; i++)
        say(writer, true, "there is no price for %s of %s: --rates", report->missing[i],
            eg_provider_text(report->rules->provider));
}

static void warn_of_prices(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    if (report->marks & EG_PRICE_NONE_PRIVATE && has_azure_list(report))
        say(writer, true,
            "private addresses have no price (free in the same VNet, 0.01-0.02 per GiB peered): "
            "--sites");
    else if (report->marks & EG_PRICE_NONE_PRIVATE)
        say(writer, true, "private addresses have no price: --sites");
    if (report->marks & EG_PRICE_UPPER_BOUND)
        say(writer, true,
            "%s addresses without a region are priced as internet, an upper bound: "
            "--sites",
            eg_provider_text(report->rules->provider));
    if (report->marks & EG_PRICE_VPN_AS_INTERNET)
        say(writer, true,
            "traffic through a VPN gateway to a site without a region is priced as "
            "internet: --rates");
    warn_of_missing_rates(writer);
    warn_of_uncertain_rates(writer);
}

/* What a table of names shows less than it could. */
static void warn_of_names(struct writer *writer)
{
    const struct eg_report *report = writer->report;
    const struct eg_hosts_left_out *left_out = &report->names_left_out;
    char number[EG_COUNT_TEXT_MAX];
    if (left_out->no_host_name)
        say(writer, false, "left out of the names in the capture: %s that no host can have",
            eg_count_text(left_out->no_host_name, number));
    if (left_out->no_room)
        say(writer, false, "the table of names is full: %s more are left out",
            eg_count_text(left_out->no_room, number));
    if (report->heads_given_up)
        say(writer, false, "not looked for names: %s messages too long or in too many pieces",
            eg_count_text(report->heads_given_up, number));
    if (report->rules->places && !eg_places_any(report->rules->places) && report->has_public)
        say(writer, true,
            "who holds the internet addresses is unknown: install libloc-database, or --geo");
}

enum eg_status eg_report_warn(struct eg_report *report)
{
    struct writer writer = {.report = report, .status = EG_OK};
    warn_of_files(&writer);
    warn_of_frames(&writer);
    warn_of_ranges_age(&writer);
    warn_of_interval(&writer);
    warn_of_direction(&writer);
    warn_of_region(&writer);
    warn_of_prices(&writer);
    warn_of_names(&writer);
    return writer.status;
}
