/*
 * What was captured: the files, the time, the frames, and whose machine it is.
 */
#include <string.h>

#include "report/html/html.h"
#include "report/redact.h"
#include "report/units.h"

enum { FILES_SHOWN = 12, ADDRESSES_SHOWN = 8 };

static void open_fact(const struct eg_html *html, enum eg_say name)
{
    eg_html_raw(html, "<div>");
    eg_html_line(html, "dt", name);
    eg_html_raw(html, "<dd>");
}

static void close_fact(const struct eg_html *html)
{
    eg_html_raw(html, "</dd></div>\n");
}

/* "and 3 more", smaller, where a list was cut. */
static void put_more(const struct eg_html *html, enum eg_say text, size_t count, size_t shown)
{
    char number[EG_COUNT_TEXT_MAX];
    if (count <= shown)
        return;
    eg_html_raw(html, " <small>");
    eg_html_fill(html, text, eg_count_text(count - shown, number), NULL, NULL);
    eg_html_raw(html, "</small>");
}

static void put_note(const struct eg_html *html, enum eg_say note)
{
    eg_html_raw(html, " <small>");
    eg_html_say(html, note);
    eg_html_raw(html, "</small>");
}

static void put_files(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    open_fact(html, EG_SAY_FILES);
    for (size_t i = 0; i < report->input_count && i < FILES_SHOWN; i++) {
        const char *path = report->inputs[i].path;
        const char *slash = path ? strrchr(path, '/') : NULL;
        eg_html_raw(html, i ? "<br>" : "");
        if (path && path[0])
            eg_html_name(html, slash ? slash + 1 : path);
        else
            eg_html_say(html, EG_SAY_UNNAMED);
    }
    put_more(html, EG_SAY_MORE_FILES, report->input_count, FILES_SHOWN);
    close_fact(html);
}

static void put_span(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    char first[EG_TIME_TEXT_MAX], span[EG_HTML_SPAN_MAX];
    open_fact(html, EG_SAY_SPAN);
    if (report->first_time == EG_NO_TIME)
        eg_html_say(html, EG_SAY_NO_TIME);
    else
        eg_html_fill(html, EG_SAY_SPAN_TEXT, eg_html_moment(report->first_time, first),
                     eg_html_span(html, report->last_time - report->first_time, span), NULL);
    close_fact(html);
}

/* What the files say of themselves: losses, filters, the system. */
static void put_recorded(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    bool known = false, filtered = false;
    uint64_t drops = 0;
    for (size_t i = 0; i < report->input_count; i++) {
        known = known || report->inputs[i].drops_known;
        drops += report->inputs[i].drops;
    }
    open_fact(html, EG_SAY_DROPS);
    if (known)
        eg_html_count(html, drops);
    else
        eg_html_say(html, EG_SAY_NOT_RECORDED);
    close_fact(html);
    open_fact(html, EG_SAY_FILTER);
    for (size_t i = 0; i < report->input_count && !filtered; i++)
        if (report->inputs[i].capture_filter) {
            eg_html_raw(html, "<code>");
            eg_html_name(html, report->inputs[i].capture_filter);
            eg_html_raw(html, "</code>");
            filtered = true;
        }
    if (!filtered)
        eg_html_say(html, EG_SAY_NOT_RECORDED);
    close_fact(html);
}

static void put_system(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    for (size_t i = 0; i < report->input_count; i++) {
        const struct eg_input *input = &report->inputs[i];
        if (!input->system)
            continue;
        open_fact(html, EG_SAY_SYSTEM);
        eg_html_name(html, input->system);
        for (size_t k = 0; input->interfaces && input->interfaces[k]; k++) {
            eg_html_raw(html, "<br><small>");
            eg_html_name(html, input->interfaces[k]);
            eg_html_raw(html, "</small>");
        }
        close_fact(html);
        return; /* of several files, the first tells enough; the data has them all */
    }
}

static void put_vm(const struct eg_html *html)
{
    static const enum eg_say sources[] = {
        [EG_LOCAL_NONE] = EG_SAY_VM_UNKNOWN,   [EG_LOCAL_OPTION] = EG_SAY_LOCAL_OPTION,
        [EG_LOCAL_HINTS] = EG_SAY_LOCAL_HINTS, [EG_LOCAL_INFERRED] = EG_SAY_LOCAL_INFERRED,
        [EG_LOCAL_MIXED] = EG_SAY_LOCAL_MIXED,
    };
    const struct eg_settlement *settlement = html->report->settlement;
    char address[EG_ADDRESS_TEXT_MAX];
    open_fact(html, EG_SAY_VM);
    for (size_t i = 0; i < settlement->local_count && i < ADDRESSES_SHOWN; i++) {
        eg_html_raw(html, i ? ", " : "");
        eg_html_text(html, eg_report_address(html->report, &settlement->local[i], address));
    }
    put_more(html, EG_SAY_MORE_ADDRESSES, settlement->local_count, ADDRESSES_SHOWN);
    put_note(html, sources[settlement->source]);
    close_fact(html);
}

static void put_region(const struct eg_html *html)
{
    static const enum eg_say sources[] = {
        [EG_REGION_UNKNOWN] = EG_SAY_REGION_UNKNOWN,
        [EG_REGION_OPTION] = EG_SAY_REGION_OPTION,
        [EG_REGION_METADATA] = EG_SAY_REGION_METADATA,
        [EG_REGION_PUBLIC_IP] = EG_SAY_REGION_PUBLIC_IP,
    };
    const struct eg_report *report = html->report;
    open_fact(html, EG_SAY_REGION);
    if (report->region[0]) {
        eg_html_text(html, eg_provider_text(report->rules->provider));
        eg_html_raw(html, " ");
        eg_html_name(html, report->region);
    }
    put_note(html, sources[report->region_source]);
    close_fact(html);
}

/* Rule 1.1: the buckets add up to the frames. */
static void put_buckets(const struct eg_html *html)
{
    static const struct {
        enum eg_bucket bucket;
        enum eg_say name;
    } order[] = {
        {EG_BUCKET_EGRESS, EG_SAY_EGRESS},
        {EG_BUCKET_INGRESS, EG_SAY_INGRESS},
        {EG_BUCKET_LOCAL, EG_SAY_LOCAL},
        {EG_BUCKET_INTERNAL, EG_SAY_INTERNAL},
        {EG_BUCKET_TRANSIT, EG_SAY_TRANSIT},
        {EG_BUCKET_DUPLICATE, EG_SAY_DUPLICATE},
        {EG_BUCKET_FILTERED, EG_SAY_FILTERED},
        {EG_BUCKET_NOT_IP, EG_SAY_NOT_IP},
        {EG_BUCKET_TRUNCATED, EG_SAY_TRUNCATED},
        {EG_BUCKET_MALFORMED, EG_SAY_MALFORMED},
        {EG_BUCKET_UNSUPPORTED_LINK, EG_SAY_UNSUPPORTED_LINK},
    };
    const struct eg_report *report = html->report;
    char share[EG_COUNT_TEXT_MAX];
    eg_html_raw(html, "<table class=\"narrow\" id=\"frames\">\n");
    eg_html_line(html, "caption", EG_SAY_BUCKETS);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_BUCKET);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_FRAMES);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_SHARE);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const uint64_t frames = report->buckets[order[i].bucket];
        if (frames == 0)
            continue;
        eg_html_raw(html, "<tr>");
        eg_html_line(html, "th scope=\"row\"", order[i].name);
        eg_html_raw(html, "<td class=\"n\">");
        eg_html_count(html, frames);
        eg_sink_format(html->sink, "</td><td class=\"n\">%s</td></tr>\n",
                       eg_percent_text(frames, report->frames, share));
    }
    eg_html_raw(html, "</tbody>\n<tfoot><tr>");
    eg_html_line(html, "th scope=\"row\"", EG_SAY_ALL_ROWS);
    eg_html_raw(html, "<td class=\"n\" id=\"frames-total\">");
    eg_html_count(html, report->frames);
    eg_html_raw(html, "</td><td></td></tr></tfoot>\n</table>\n");
}

void eg_html_capture(const struct eg_html *html)
{
    eg_html_raw(html, "<div class=\"columns\">\n<dl class=\"facts\">\n");
    put_files(html);
    put_span(html);
    put_vm(html);
    put_region(html);
    put_recorded(html);
    put_system(html);
    eg_html_raw(html, "</dl>\n");
    if (html->report->frames)
        put_buckets(html);
    eg_html_raw(html, "</div>\n");
}
