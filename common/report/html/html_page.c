/*
 * The page: its head with the policy that keeps everything else out, the answer in a few words, the
 * sections, and the figures as data.
 */
#include <stdio.h>
#include <string.h>

#include "data/builtin.h"
#include "report/html/html.h"
#include "report/redact.h"
#include "report/units.h"

/* Items in the lists within a row of the data: a scan of all ports would fill the file. */
enum { DATA_ITEMS_MAX = 24 };

/*
 * Only the style and the script of this file run, told by their hashes, which are taken when
 * egshark is built; nothing is loaded, sent, framed or submitted.
 */
static void put_head(const struct eg_html *html, const char *title)
{
    eg_sink_format(html->sink, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n",
                   html->language == EG_JAPANESE ? "ja" : "en");
    eg_html_raw(html, "<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\""
                      "default-src 'none'; style-src 'sha256-" EG_HTML_STYLE_HASH "'; "
                      "script-src 'sha256-" EG_HTML_SCRIPT_HASH "'; img-src data:; "
                      "base-uri 'none'; form-action 'none'\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n"
                      "<meta name=\"robots\" content=\"noindex\">\n"
                      "<link rel=\"icon\" href=\"data:,\">\n<title>");
    eg_html_fill(html, EG_SAY_TITLE, title, NULL, NULL);
    eg_html_raw(html, "</title>\n<style>");
    eg_html_raw(html, eg_builtin_html_style);
    eg_html_raw(html, "</style>\n</head>\n");
}

static const char *span_of(const struct eg_html *html, char buffer[EG_HTML_SPAN_MAX])
{
    const struct eg_report *report = html->report;
    const int64_t span =
        report->first_time == EG_NO_TIME ? 0 : report->last_time - report->first_time;
    return eg_html_span(html, span, buffer);
}

/* Between sentences. */
static void put_blank(const struct eg_html *html)
{
    eg_html_raw(html, html->language == EG_JAPANESE ? "" : " ");
}

/* The dearest row, if there is a cost, and what part of the whole it is. */
static void put_most(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    char key[EG_ROW_KEY_MAX], share[EG_COUNT_TEXT_MAX], buffer[256];
    if (report->row_count < 2 || eg_money_compare(report->total.cost, (struct eg_money){0}) == 0)
        return;
    const struct eg_row *row = &report->rows[0];
    const unsigned permille = eg_html_money_permille(row->cost, report->total.cost);
    snprintf(share, sizeof share, "%u.%u %%", permille / 10, permille % 10);
    put_blank(html);
    const char *who = eg_html_who(html, row, buffer, sizeof buffer);
    eg_html_fill(html, EG_SAY_LEAD_MOST, share, eg_html_row_name(html, row, key),
                 who[0] ? who : eg_html_class(html, row->class_));
}

/* Nothing has a price: "$0.00" would be a wrong figure. */
static void put_lead_cost(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    put_blank(html);
    if (eg_report_is_unpriced(report)) {
        eg_html_say(html, EG_SAY_LEAD_UNPRICED);
        return;
    }
    eg_html_fill(html, EG_SAY_LEAD_COST, NULL, eg_rate_card_as_of(report->rules->card), NULL);
    eg_html_raw(html, " <strong>");
    eg_html_cost(html, report->total.cost);
    eg_html_raw(html, html->language == EG_JAPANESE ? "</strong> です。" : "</strong>.");
    put_most(html);
}

static void put_lead(const struct eg_html *html)
{
    static const enum eg_say leads[] = {EG_SAY_LEAD_OUT, EG_SAY_LEAD_IN, EG_SAY_LEAD_ANY};
    const struct eg_report *report = html->report;
    char size[EG_COUNT_TEXT_MAX], billed[EG_COUNT_TEXT_MAX], span[EG_HTML_SPAN_MAX];
    eg_html_raw(html, "<p class=\"lead\">");
    if (report->row_count == 0) {
        eg_html_say(html, EG_SAY_LEAD_NONE);
        eg_html_raw(html, "</p>\n");
        return;
    }
    eg_html_fill(html, leads[report->view.direction], span_of(html, span),
                 eg_size_text(report->total.shown.billable_bytes, size),
                 eg_size_text(report->billed_bytes, billed));
    put_lead_cost(html);
    if (report->total.unpriced_bytes) {
        put_blank(html);
        eg_html_fill(html, EG_SAY_LEAD_OPEN, eg_size_text(report->total.unpriced_bytes, size), NULL,
                     NULL);
    }
    eg_html_raw(html, "</p>\n");
}

/* What follows the answer, with the anchors of the contents. */
static const struct section {
    const char *id;
    void (*write)(const struct eg_html *html);
    enum eg_say heading[3]; /* by the view's direction */
    enum eg_say note;       /* EG_HTML_TEXTS: the section has its own */
} sections[] = {
    {"capture",
     eg_html_capture,
     {EG_SAY_CAPTURE, EG_SAY_CAPTURE, EG_SAY_CAPTURE},
     EG_SAY_CAPTURE_NOTE},
    {"out", eg_html_out, {EG_SAY_OUT, EG_SAY_IN, EG_SAY_ANY}, EG_SAY_OUT_NOTE},
    {"to",
     eg_html_destinations,
     {EG_SAY_DESTINATIONS, EG_SAY_SOURCES, EG_SAY_ENDS},
     EG_SAY_DESTINATIONS_NOTE},
    {"price", eg_html_prices, {EG_SAY_PRICES, EG_SAY_PRICES, EG_SAY_PRICES}, EG_SAY_PRICES_NOTE},
    {"month", eg_html_month, {EG_SAY_MONTH, EG_SAY_MONTH, EG_SAY_MONTH}, EG_HTML_TEXTS},
    {"sure",
     eg_html_certainty,
     {EG_SAY_CERTAINTY, EG_SAY_CERTAINTY, EG_SAY_CERTAINTY},
     EG_SAY_CERTAINTY_NOTE},
    {"do", eg_html_to_do, {EG_SAY_TO_DO, EG_SAY_TO_DO, EG_SAY_TO_DO}, EG_SAY_TO_DO_NOTE},
};

enum { SECTIONS = sizeof sections / sizeof sections[0] };

static void put_contents(const struct eg_html *html)
{
    eg_html_raw(html, "<nav aria-label=\"");
    eg_html_say(html, EG_SAY_CONTENTS);
    eg_html_raw(html, "\"><ol>");
    for (size_t i = 0; i < SECTIONS; i++) {
        eg_sink_format(html->sink, "<li><a href=\"#%s\">", sections[i].id);
        eg_html_say(html, sections[i].heading[html->report->view.direction]);
        eg_html_raw(html, "</a></li>");
    }
    eg_html_raw(html, "</ol></nav>\n");
}

static void put_sections(const struct eg_html *html)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct section *section = &sections[i];
        eg_sink_format(html->sink, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">",
                       section->id, section->id, section->id);
        eg_html_say(html, section->heading[html->report->view.direction]);
        eg_html_raw(html, "</h2>\n");
        if (section->note != EG_HTML_TEXTS)
            eg_html_line(html, "p class=\"note\"", section->note);
        section->write(html);
        eg_html_raw(html, "</section>\n");
    }
}

static enum eg_status write_inert(void *context, const char *bytes, size_t length)
{
    struct eg_sink *sink = context;
    while (length && sink->status == EG_OK) {
        const char *angle = memchr(bytes, '<', length);
        const size_t plain = angle ? (size_t)(angle - bytes) : length;
        eg_sink_bytes(sink, bytes, plain);
        if (angle)
            eg_sink_text(sink, "\\u003c");
        bytes += plain + (angle != NULL);
        length -= plain + (angle != NULL);
    }
    return sink->status;
}

/*
 * The figures as -T json has them. '<' stands within strings only, where JSON can spell it without:
 * so nothing in them ends the element.
 */
static void put_data(const struct eg_html *html)
{
    struct eg_sink inert = {write_inert, html->sink, EG_OK};
    eg_html_raw(html, "<script type=\"application/json\" id=\"egshark-report\">\n");
    eg_report_write_json_part(html->report, html->rows, DATA_ITEMS_MAX, &inert);
    eg_html_raw(html, "</script>\n");
}

static void put_footer(const struct eg_html *html)
{
    char ranges[256], rates[256];
    eg_html_raw(html, "<footer>\n<p>");
    eg_html_fill(html, EG_SAY_MADE_BY, eg_version(), eg_html_ranges(html, ranges, sizeof ranges),
                 eg_html_rates(html, rates, sizeof rates));
    eg_html_raw(html, "</p>\n");
    eg_html_line(html, "p", EG_SAY_READ_BACK);
    eg_html_raw(html, "<pre tabindex=\"0\"><code>"
                      "sed -n '/^&lt;script.* id=\"egshark-report\"/,/^&lt;\\/script/{//!p}' "
                      "report.html | jq .</code></pre>\n</footer>\n");
}

/* Whose traffic it is: the first of the VM's addresses. */
static const char *owner(const struct eg_html *html, char buffer[EG_ADDRESS_TEXT_MAX])
{
    const struct eg_settlement *settlement = html->report->settlement;
    return settlement->local_count ? eg_report_address(html->report, &settlement->local[0], buffer)
                                   : eg_html_words(html, EG_SAY_THIS_VM);
}

enum eg_status eg_report_write_html(const struct eg_report *report, const struct eg_style *style,
                                    struct eg_sink *sink)
{
    struct eg_html html = {.report = report,
                           .sink = sink,
                           .language = report->rules->language,
                           .rows = eg_report_shown_rows(report, style)};
    char buffer[EG_ADDRESS_TEXT_MAX];
    const char *title = owner(&html, buffer);
    if (html.rows > EG_HTML_ROWS_MAX)
        html.rows = EG_HTML_ROWS_MAX;
    put_head(&html, title);
    eg_html_raw(&html, "<body data-sorted=\"");
    eg_html_text(&html, eg_html_words(&html, EG_SAY_SORTED));
    eg_html_raw(&html, "\">\n<a class=\"skip\" href=\"#main\">");
    eg_html_say(&html, EG_SAY_SKIP);
    eg_html_raw(&html, "</a>\n<header>\n<p class=\"brand\">egshark</p>\n<h1>");
    eg_html_fill(&html, EG_SAY_TITLE, title, NULL, NULL);
    eg_html_raw(&html, "</h1>\n");
    put_lead(&html);
    put_contents(&html);
    eg_html_raw(&html, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
    put_sections(&html);
    eg_html_raw(&html, "</main>\n");
    put_footer(&html);
    put_data(&html);
    eg_html_raw(&html, "<script>");
    eg_html_raw(&html, eg_builtin_html_script);
    eg_html_raw(&html, "</script>\n</body>\n</html>\n");
    return sink->status;
}
