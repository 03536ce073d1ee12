/*
 * What left the VM: the key figures, how much of it is billed, and the classes of traffic.
 */
#include <stdio.h>

#include "report/html/html.h"
#include "report/units.h"

static void open_figure(const struct eg_html *html, const char *id, enum eg_say name)
{
    eg_html_raw(html, "<div>");
    eg_html_line(html, "dt", name);
    eg_sink_format(html->sink, "<dd id=\"%s\">", id);
}

/* The figure's end, and a few words below it: a text with one filling. */
static void close_figure(const struct eg_html *html, enum eg_say text, const char *filling)
{
    eg_html_raw(html, "</dd>\n<dd class=\"note\">");
    eg_html_fill(html, text, filling, NULL, NULL);
    eg_html_raw(html, "</dd></div>\n");
}

static void put_total(const struct eg_html *html)
{
    static const enum eg_say heads[] = {EG_SAY_SENT, EG_SAY_RECEIVED, EG_SAY_CARRIED};
    const struct eg_report *report = html->report;
    const int64_t span =
        report->first_time == EG_NO_TIME ? 0 : report->last_time - report->first_time;
    char rate[EG_COUNT_TEXT_MAX];
    eg_bit_rate_text(report->total.shown.billable_bytes, span, rate);
    open_figure(html, "total-bytes", heads[report->view.direction]);
    eg_html_bytes(html, report->total.shown.billable_bytes);
    close_figure(html, EG_SAY_PER_SECOND, rate[0] ? rate : "-");
}

static void put_part(const struct eg_html *html, const char *id, enum eg_say name, uint64_t bytes)
{
    char share[EG_COUNT_TEXT_MAX];
    open_figure(html, id, name);
    eg_html_bytes(html, bytes);
    close_figure(html, EG_SAY_OF_ALL,
                 eg_percent_text(bytes, html->report->total.shown.billable_bytes, share));
}

static void put_cost(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    char cost[EG_MONEY_TEXT_MAX], size[EG_COUNT_TEXT_MAX];
    open_figure(html, "total-cost", EG_SAY_COST);
    if (eg_report_is_unpriced(report))
        eg_html_raw(html, "<data value=\"-1\" class=\"open\">?</data>");
    else
        eg_html_cost(html, report->total.cost);
    eg_html_raw(html, "</dd>\n<dd class=\"note\">");
    eg_html_say(html, report->total.unpriced_bytes                   ? EG_SAY_COST_PARTLY
                      : eg_rate_card_is_builtin(report->rules->card) ? EG_SAY_COST_NOTE
                                                                     : EG_SAY_COST_NOTE_RATES);
    if (report->inbound_bytes) {
        eg_html_raw(html, "<br>");
        eg_html_fill(html, EG_SAY_COST_IN, eg_html_cost_text(html, report->inbound_cost, cost),
                     eg_size_text(report->inbound_bytes, size), NULL);
    }
    eg_html_raw(html, "</dd></div>\n");
}

static void put_figures(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    eg_html_raw(html, "<dl class=\"figures\">\n");
    put_total(html);
    put_part(html, "billed-bytes", EG_SAY_BILLED, report->billed_bytes);
    put_cost(html);
    if (report->total.unpriced_bytes)
        put_part(html, "unpriced-bytes", EG_SAY_UNPRICED, report->total.unpriced_bytes);
    eg_html_raw(html, "</dl>\n");
}

static void put_billed_shares(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    const struct eg_html_share shares[] = {
        {EG_SAY_BILLED, "c-internet", report->billed_bytes},
        {EG_SAY_FREE, "c-free",
         report->moved_bytes - report->billed_bytes - report->platform_bytes -
             report->total.unpriced_bytes},
        {EG_SAY_PLATFORM, "c-platform", report->platform_bytes},
        {EG_SAY_UNPRICED, "c-open", report->total.unpriced_bytes},
        {EG_SAY_NOT_EGRESS, "c-rest", report->total.shown.billable_bytes - report->moved_bytes},
    };
    eg_html_shares(html, "shares", EG_SAY_SHARES_TITLE, shares, sizeof shares / sizeof shares[0]);
}

/* Classes that have rows: dearest first, then largest. */
static size_t order_classes(const struct eg_report *report, enum eg_class order[EG_CLASSES])
{
    size_t count = 0;
    for (unsigned i = 0; i < EG_CLASSES; i++) {
        const struct eg_class_total *added = &report->classes[i];
        size_t at = count;
        if (added->rows == 0)
            continue;
        for (; at > 0; at--) {
            const struct eg_class_total *before = &report->classes[order[at - 1]];
            const int cost = eg_money_compare(before->cost, added->cost);
            if (cost > 0 ||
                (cost == 0 && before->shown.billable_bytes >= added->shown.billable_bytes))
                break;
            order[at] = order[at - 1];
        }
        order[at] = (enum eg_class)i;
        count++;
    }
    return count;
}

static void put_class_rows(const struct eg_html *html, const enum eg_class *order, size_t count)
{
    char share[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < count; i++) {
        const struct eg_class_total *class_ = &html->report->classes[order[i]];
        eg_sink_format(html->sink, "<tr><th scope=\"row\"><i class=\"key %s\"></i>",
                       eg_html_color(order[i]));
        eg_html_say(html, eg_html_class_text(order[i]));
        eg_html_raw(html, "</th>");
        eg_html_cell_bytes(html, class_->shown.billable_bytes);
        eg_sink_format(html->sink, "<td class=\"n\">%s</td>",
                       eg_percent_text(class_->shown.billable_bytes,
                                       html->report->total.shown.billable_bytes, share));
        eg_html_cell_count(html, class_->shown.packets);
        eg_html_cell_cost(html, class_->cost, class_->priced);
        eg_html_raw(html, "</tr>\n");
    }
}

static void put_class_table(const struct eg_html *html, const enum eg_class *order, size_t count)
{
    eg_html_raw(html, "<details><summary>");
    eg_html_say(html, EG_SAY_SAME_AS_TABLE);
    eg_html_raw(html, "</summary>\n");
    eg_html_open_table(html, "classes", true, EG_SAY_CLASS_CAPTION);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_CLASS);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_BYTES);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_SHARE);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_PACKETS);
    eg_html_head(html, EG_HTML_NUMBERS_SORTED, EG_SAY_COST);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    put_class_rows(html, order, count);
    eg_html_raw(html, "</tbody>\n<tfoot><tr>");
    eg_html_line(html, "th scope=\"row\"", EG_SAY_ALL_ROWS);
    eg_html_cell_bytes(html, html->report->total.shown.billable_bytes);
    eg_html_raw(html, "<td></td>");
    eg_html_cell_count(html, html->report->total.shown.packets);
    eg_html_cell_cost(html, html->report->total.cost, html->report->total.priced);
    eg_html_raw(html, "</tr></tfoot>\n");
    eg_html_close_table(html);
    eg_html_raw(html, "</details>\n");
}

void eg_html_out(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    enum eg_class order[EG_CLASSES];
    struct eg_html_bar bars[EG_CLASSES];
    const size_t count = order_classes(report, order);
    put_figures(html);
    if (report->row_count == 0)
        return;
    put_billed_shares(html);
    for (size_t i = 0; i < count; i++)
        bars[i] = (struct eg_html_bar){
            .name = eg_html_class(html, order[i]),
            .detail = "",
            .color = eg_html_color(order[i]),
            .bytes = report->classes[order[i]].shown.billable_bytes,
            .cost = report->classes[order[i]].cost,
            .priced = report->classes[order[i]].priced,
        };
    eg_html_bars(html, "by-class", EG_SAY_BY_CLASS, bars, count);
    put_class_table(html, order, count);
    eg_html_over_time(html, order, count);
}
