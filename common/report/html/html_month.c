/*
 * What it means per month: the estimate and its range, the budget, and what it would cost in other
 * ways. The figures are the projection's (docs/projection.md).
 */
#include <stdio.h>

#include "report/html/html.h"
#include "report/translations.h"
#include "report/units.h"

/* From nothing to the high end, with the range and the estimate in it. */
static void put_picture(const struct eg_html *html)
{
    enum { PICTURE_HEIGHT = 22, RANGE_TOP = 7, RANGE_HEIGHT = 8 };
    const struct eg_projection *month = &html->report->projection;
    const unsigned low = eg_html_money_permille(month->cost_low, month->cost_high);
    const unsigned middle = eg_html_money_permille(month->cost, month->cost_high);
    char text[EG_MONEY_TEXT_MAX], least[EG_MONEY_TEXT_MAX], most[EG_MONEY_TEXT_MAX];
    eg_sink_format(html->sink,
                   "<svg class=\"range\" role=\"img\" aria-labelledby=\"range-t range-d\" "
                   "width=\"100%%\" height=\"%d\"><title id=\"range-t\">",
                   PICTURE_HEIGHT);
    eg_html_say(html, EG_SAY_MONTH_PICTURE);
    eg_html_raw(html, "</title><desc id=\"range-d\">");
    eg_html_text(html, eg_html_cost_text(html, month->cost, text));
    eg_html_raw(html, "; ");
    eg_html_fill(html, EG_SAY_MONTH_RANGE, eg_html_cost_text(html, month->cost_low, least),
                 eg_html_cost_text(html, month->cost_high, most), NULL);
    eg_sink_format(html->sink,
                   "</desc><rect class=\"track\" x=\"0\" y=\"%d\" width=\"100%%\" height=\"%d\" "
                   "rx=\"4\"/>",
                   RANGE_TOP, RANGE_HEIGHT);
    eg_sink_format(html->sink,
                   "<rect class=\"c-internet\" x=\"%u.%u%%\" y=\"%d\" width=\"%u.%u%%\" "
                   "height=\"%d\" rx=\"4\"/>",
                   low / 10, low % 10, RANGE_TOP, (1000 - low) / 10, (1000 - low) % 10,
                   RANGE_HEIGHT);
    eg_sink_format(html->sink,
                   "<rect class=\"c-vm\" x=\"%u.%u%%\" y=\"0\" width=\"4\" height=\"%d\"/></svg>\n",
                   middle / 10, middle % 10, PICTURE_HEIGHT);
}

static void put_range(const struct eg_html *html, const char *low, const char *high)
{
    eg_html_raw(html, "</dd>\n<dd class=\"note\">");
    eg_html_fill(html, EG_SAY_MONTH_RANGE, low, high, NULL);
    eg_html_raw(html, "</dd></div>\n");
}

static void put_estimate(const struct eg_html *html)
{
    const struct eg_projection *month = &html->report->projection;
    const bool unpriced = eg_report_is_unpriced(html->report);
    char low[EG_MONEY_TEXT_MAX], high[EG_MONEY_TEXT_MAX];
    eg_html_raw(html, "<dl class=\"figures two\">\n<div>");
    eg_html_line(html, "dt", EG_SAY_MONTH_COST);
    eg_html_raw(html, "<dd id=\"month-cost\">");
    if (unpriced) {
        eg_html_raw(html, "<data value=\"-1\" class=\"open\">?</data></dd></div>\n");
    } else {
        eg_html_cost(html, month->cost);
        put_range(html, eg_html_cost_text(html, month->cost_low, low),
                  eg_html_cost_text(html, month->cost_high, high));
    }
    eg_html_raw(html, "<div>");
    eg_html_line(html, "dt", EG_SAY_MONTH_BYTES);
    eg_html_raw(html, "<dd id=\"month-bytes\">");
    eg_html_bytes(html, month->bytes);
    put_range(html, eg_size_text(month->bytes_low, low), eg_size_text(month->bytes_high, high));
    eg_html_raw(html, "</dl>\n");
    if (!unpriced)
        put_picture(html);
    if (month->unpriced_bytes == 0)
        return;
    eg_html_raw(html, "<p>");
    eg_html_fill(html, EG_SAY_MONTH_UNPRICED, eg_size_text(month->unpriced_bytes, low), NULL, NULL);
    eg_html_raw(html, "</p>\n");
}

static void put_budget(const struct eg_html *html)
{
    static const enum eg_say verdicts[] = {
        [EG_BUDGET_KEPT] = EG_SAY_BUDGET_KEPT,
        [EG_BUDGET_AT_RISK] = EG_SAY_BUDGET_AT_RISK,
        [EG_BUDGET_PASSED] = EG_SAY_BUDGET_PASSED,
        [EG_BUDGET_UNKNOWN] = EG_SAY_BUDGET_UNKNOWN,
    };
    const struct eg_report *report = html->report;
    char cost[EG_MONEY_TEXT_MAX];
    if (report->projection.budget == EG_BUDGET_NONE)
        return;
    eg_html_raw(html, "<p id=\"budget\"><b>");
    eg_html_say(html, EG_SAY_BUDGET);
    eg_html_raw(html, "</b> ");
    eg_html_text(
        html, eg_html_cost_text(html, eg_money_of(UINT64_C(1) << 30, report->rules->budget), cost));
    eg_html_raw(html, ": ");
    const enum eg_budget budget = report->projection.budget;
    eg_html_say(html, eg_report_is_unpriced(report) ? EG_SAY_BUDGET_UNPRICED
                      : budget == EG_BUDGET_KEPT && report->total.unpriced_bytes
                          ? EG_SAY_BUDGET_KEPT_PARTLY
                          : verdicts[budget]);
    eg_html_raw(html, "</p>\n");
}

static void put_way(const struct eg_html *html, const struct eg_what_if *way, bool month)
{
    eg_html_raw(html, "<tr><th scope=\"row\">");
    eg_html_sentence(html, eg_translate(html->language, way->text));
    if (way->uncertain) {
        eg_html_raw(html, " <b class=\"tag\">");
        eg_html_say(html, EG_SAY_UNCERTAIN);
        eg_html_raw(html, "</b>");
    }
    eg_html_raw(html, "</th>");
    eg_html_cell_cost(html, month ? way->month_now : way->now, true);
    eg_html_cell_cost(html, month ? way->month_then : way->then, true);
    eg_html_raw(html, "</tr>\n");
}

static void put_what_ifs(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    const bool month = !report->projection.reason;
    if (report->what_if_count == 0)
        return;
    eg_html_open_table(html, "what-ifs", true, EG_SAY_WHAT_IF);
    eg_html_raw(html, "<thead><tr><th scope=\"col\">");
    eg_html_say(html, EG_SAY_WHAT_IF_WAY);
    eg_html_raw(html, " <small class=\"of\">(");
    eg_html_say(html, month ? EG_SAY_WHAT_IF_MONTH : EG_SAY_WHAT_IF_SEEN);
    eg_html_raw(html, ")</small></th>");
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_WHAT_IF_NOW);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_WHAT_IF_THEN);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->what_if_count; i++)
        put_way(html, &report->what_ifs[i], month);
    eg_html_raw(html, "</tbody>\n");
    eg_html_close_table(html);
}

void eg_html_month(const struct eg_html *html)
{
    const struct eg_projection *month = &html->report->projection;
    char span[EG_HTML_SPAN_MAX], hours[EG_COUNT_TEXT_MAX];
    eg_html_span(html, month->span, span);
    eg_html_raw(html, "<p class=\"note\">");
    if (month->reason)
        eg_html_fill(html, EG_SAY_MONTH_NONE, span, eg_translate(html->language, month->reason),
                     NULL);
    else
        eg_html_fill(html, EG_SAY_MONTH_NOTE, eg_count_text(EG_MONTH_HOURS, hours), span, NULL);
    eg_html_raw(html, "</p>\n");
    if (!month->reason)
        put_estimate(html);
    put_budget(html);
    put_what_ifs(html);
}
