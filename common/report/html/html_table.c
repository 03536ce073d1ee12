/*
 * To whom: the flow, the dearest destinations as a chart, and the rows as a table.
 */
#include <inttypes.h>
#include <stdio.h>

#include "report/html/html.h"
#include "report/units.h"

enum { BARS_MAX = 10, PLACE_MAX = 256 };

static void put_top(const struct eg_html *html)
{
    const struct eg_report *report = html->report;
    struct eg_html_bar bars[BARS_MAX];
    char keys[BARS_MAX][EG_ROW_KEY_MAX], places[BARS_MAX][PLACE_MAX];
    size_t count = 0;
    for (; count < html->rows && count < BARS_MAX; count++) {
        const struct eg_row *row = &report->rows[count];
        const char *who = eg_html_who(html, row, places[count], PLACE_MAX);
        bars[count] = (struct eg_html_bar){
            .name = eg_html_row_name(html, row, keys[count]),
            .detail = who[0] ? who : eg_html_class(html, row->class_),
            .color = eg_html_color(row->class_),
            .bytes = row->shown.billable_bytes,
            .cost = row->cost,
            .priced = row->partly_priced,
        };
    }
    eg_html_bars(html, "top", EG_SAY_TOP_TITLE, bars, count);
}

/* What the first column holds. */
static enum eg_say key_name(const struct eg_view *view)
{
    static const enum eg_say names[] = {
        [EG_BY_DESTINATION] = EG_SAY_DESTINATION,
        [EG_BY_SERVICE] = EG_SAY_SERVICE,
        [EG_BY_REGION] = EG_SAY_REGION,
        [EG_BY_CLASS] = EG_SAY_CLASS,
        [EG_BY_PORT] = EG_SAY_PORT,
        [EG_BY_PROTOCOL] = EG_SAY_PROTOCOL,
        [EG_BY_HOST] = EG_SAY_HOST,
        [EG_BY_ORG] = EG_SAY_ORG,
        [EG_BY_COUNTRY] = EG_SAY_COUNTRY,
        [EG_BY_ASN] = EG_SAY_ASN,
    };
    if (view->by == EG_BY_DESTINATION && view->direction == EG_VIEW_INGRESS)
        return EG_SAY_SOURCE;
    return names[view->by];
}

static void put_head(const struct eg_html *html)
{
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS, key_name(&html->report->view));
    eg_html_head(html, EG_HTML_NUMBERS_SORTED, EG_SAY_COST);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_BYTES);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_RATE);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_CLASS);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_PORT);
    eg_html_head(html, EG_HTML_WORDS, EG_SAY_OPENED);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_PACKETS);
    eg_html_raw(html, "</tr></thead>\n");
}

/* A line below a row's key. */
static void put_small(const struct eg_html *html, const char *name)
{
    if (name[0] == '\0')
        return;
    eg_html_raw(html, "<small>");
    eg_html_name(html, name);
    eg_html_raw(html, "</small>");
}

static void put_key(const struct eg_html *html, const struct eg_row *row)
{
    char key[EG_ROW_KEY_MAX], buffer[PLACE_MAX];
    eg_html_raw(html, "<th scope=\"row\">");
    eg_html_name(html, eg_row_key(html->report, row, key));
    if (html->report->view.by != EG_BY_HOST)
        put_small(html, row->host);
    put_small(html, eg_html_who(html, row, buffer, sizeof buffer));
    eg_html_raw(html, "</th>");
}

/* Without a price it sorts below what is free. */
static void put_rate(const struct eg_html *html, const struct eg_row *row)
{
    eg_html_raw(html, "<td class=\"n\">");
    if (!row->priced)
        eg_html_raw(html, "<data value=\"-1\" class=\"open\">?</data>");
    else if (!row->one_rate) {
        eg_html_raw(html, "<data value=\"0\">");
        eg_html_say(html, EG_SAY_RATE_MIXED);
        eg_html_raw(html, "</data>");
    } else {
        eg_html_rate(html, row->nano_per_gb);
    }
    eg_html_raw(html, "</td>");
}

static void put_ports(const struct eg_html *html, const struct eg_row *row)
{
    const struct eg_row_port *ports = &html->report->ports[row->first_port];
    char port[EG_ROW_KEY_MAX], more[EG_COUNT_TEXT_MAX];
    size_t used = 0;
    while (used < row->port_count && ports[used].ip_bytes > 0)
        used++;
    eg_html_raw(html, "<td class=\"port\">");
    if (used)
        eg_html_text(html, eg_port_text(ports[0].protocol, ports[0].port, port));
    if (used > 1) {
        eg_html_raw(html, " <small>");
        eg_html_fill(html, EG_SAY_MORE_PORTS, eg_count_text(used - 1, more), NULL, NULL);
        eg_html_raw(html, "</small>");
    }
    eg_html_raw(html, "</td>");
}

static void put_opener(const struct eg_html *html, const struct eg_row *row)
{
    static const enum eg_say openers[] = {EG_SAY_OPENED_VM, EG_SAY_OPENED_VM, EG_SAY_OPENED_PEER,
                                          EG_SAY_OPENED_BOTH};
    eg_html_raw(html, "<td>");
    if (row->opened_by & 3)
        eg_html_say(html, openers[row->opened_by & 3]);
    else
        eg_html_raw(html, "–");
    eg_html_raw(html, "</td>");
}

static void put_row(const struct eg_html *html, const struct eg_row *row)
{
    eg_html_raw(html, "<tr>");
    put_key(html, row);
    eg_html_cell_cost(html, row->cost, row->partly_priced);
    eg_html_cell_bytes(html, row->shown.billable_bytes);
    put_rate(html, row);
    eg_sink_format(html->sink, "<td class=\"class\"><i class=\"key %s\"></i>",
                   eg_html_color(row->class_));
    eg_html_text(html, eg_html_class(html, row->class_));
    eg_html_raw(html, "</td>");
    put_ports(html, row);
    put_opener(html, row);
    eg_html_cell_count(html, row->shown.packets);
    eg_html_raw(html, "</tr>\n");
}

/* A line of sums below the rows, which sorting leaves where it is. */
static void put_sum(const struct eg_html *html, const struct eg_class_total *sum)
{
    eg_html_cell_cost(html, sum->cost, sum->priced);
    eg_html_cell_bytes(html, sum->shown.billable_bytes);
    eg_html_raw(html, "<td></td><td></td><td></td><td></td>");
    eg_html_cell_count(html, sum->shown.packets);
    eg_html_raw(html, "</tr>\n");
}

static void put_sums(const struct eg_html *html)
{
    const struct eg_class_total rest = eg_report_rest(html->report, html->rows);
    char number[EG_COUNT_TEXT_MAX];
    eg_html_raw(html, "<tfoot>\n");
    if (rest.rows) {
        eg_html_raw(html, "<tr id=\"rest\"><th scope=\"row\">");
        eg_html_fill(html, EG_SAY_MORE_ROWS, eg_count_text(rest.rows, number), NULL, NULL);
        eg_html_raw(html, "</th>");
        put_sum(html, &rest);
    }
    eg_html_raw(html, "<tr id=\"sum\"><th scope=\"row\">");
    eg_html_say(html, EG_SAY_ALL_ROWS);
    eg_html_raw(html, "</th>");
    put_sum(html, &html->report->total);
    eg_html_raw(html, "</tfoot>\n");
}

static void put_table(const struct eg_html *html)
{
    eg_html_open_table(html, "rows", true, EG_SAY_TABLE_CAPTION);
    put_head(html);
    eg_html_raw(html, "<tbody>\n");
    for (size_t i = 0; i < html->rows; i++)
        put_row(html, &html->report->rows[i]);
    eg_html_raw(html, "</tbody>\n");
    put_sums(html);
    eg_html_close_table(html);
}

void eg_html_destinations(const struct eg_html *html)
{
    if (html->report->row_count == 0) {
        eg_html_line(html, "p", EG_SAY_LEAD_NONE);
        return;
    }
    eg_html_flow(html);
    put_top(html);
    put_table(html);
}
