/*
 * Charts that are as wide as the page: SVG in percent and pixels, so that bars stretch and letters
 * do not.
 */
#include <stdio.h>

#include "report/html/html.h"
#include "report/units.h"

enum { BAR_ROW = 46, BAR_NAME = 14, BAR_BYTES = 21, BAR_COST = 29, BAR_HEIGHT = 6 };

static void open_svg(const struct eg_html *html, const char *id, const char *class_,
                     unsigned height)
{
    eg_sink_format(html->sink,
                   "<svg class=\"%s\" role=\"img\" aria-labelledby=\"%s-t %s-d\" width=\"100%%\" "
                   "height=\"%u\">",
                   class_, id, id, height);
    eg_sink_format(html->sink, "<title id=\"%s-t\">", id);
}

/* A bar's width; what is there at all is seen. */
static void put_bar(const struct eg_html *html, unsigned top, unsigned permille, bool any,
                    const char *class_)
{
    if (!any)
        return;
    eg_sink_format(
        html->sink,
        "<rect class=\"track\" x=\"0\" y=\"%u\" width=\"100%%\" height=\"%d\" rx=\"3\"/>", top,
        BAR_HEIGHT);
    if (permille < 4)
        permille = 4;
    eg_sink_format(html->sink,
                   "<rect class=\"%s\" x=\"0\" y=\"%u\" width=\"%u.%u%%\" height=\"%d\" rx=\"3\"/>",
                   class_, top, permille / 10, permille % 10, BAR_HEIGHT);
}

enum { NAME_CHARACTERS = 34 };

/* The beginning of a name, in characters; a chart has no room for more. */
static void put_short(const struct eg_html *html, const char *name)
{
    char piece[NAME_CHARACTERS * 4 + 1];
    size_t length = 0, characters = 0;
    for (; name[length] && characters < NAME_CHARACTERS && length + 4 < sizeof piece; characters++)
        do
            length++;
        while (((unsigned char)name[length] & 0xc0) == 0x80 && length + 1 < sizeof piece);
    snprintf(piece, sizeof piece, "%.*s", (int)length, name);
    eg_html_text(html, piece);
    if (name[length])
        eg_html_raw(html, "…");
}

static void put_bar_text(const struct eg_html *html, const struct eg_html_bar *bar, unsigned top)
{
    char size[EG_COUNT_TEXT_MAX], cost[EG_MONEY_TEXT_MAX];
    eg_sink_format(html->sink, "<text x=\"0\" y=\"%u\">", top + BAR_NAME);
    put_short(html, bar->name);
    if (bar->detail[0]) {
        eg_html_raw(html, "<tspan class=\"detail\" dx=\"10\">");
        put_short(html, bar->detail);
        eg_html_raw(html, "</tspan>");
    }
    eg_sink_format(html->sink, "</text><text class=\"value\" x=\"100%%\" y=\"%u\">%s",
                   top + BAR_NAME, eg_size_text(bar->bytes, size));
    eg_html_raw(html, "<tspan class=\"cost\" dx=\"10\">");
    if (!bar->priced)
        eg_html_raw(html, "?");
    else if (eg_money_compare(bar->cost, (struct eg_money){0}) == 0)
        eg_html_say(html, EG_SAY_RATE_FREE);
    else
        eg_html_text(html, eg_html_cost_text(html, bar->cost, cost));
    eg_html_raw(html, "</tspan></text>\n");
}

static void put_legend(const struct eg_html *html)
{
    eg_html_raw(html, "<p class=\"legend\"><span><i class=\"key bytes\"></i>");
    eg_html_say(html, EG_SAY_LEGEND_BYTES);
    eg_html_raw(html, "</span><span><i class=\"key classes\"></i>");
    eg_html_say(html, EG_SAY_LEGEND_COST);
    eg_html_raw(html, "</span></p>\n");
}

void eg_html_bars(const struct eg_html *html, const char *id, enum eg_say title,
                  const struct eg_html_bar *bars, size_t count)
{
    const struct eg_money nothing = {0};
    struct eg_money dearest = {0};
    uint64_t largest = 0;
    char number[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < count; i++) {
        if (bars[i].bytes > largest)
            largest = bars[i].bytes;
        if (eg_money_compare(bars[i].cost, dearest) > 0)
            dearest = bars[i].cost;
    }
    eg_html_raw(html, "<figure>\n");
    eg_html_line(html, "figcaption", title);
    put_legend(html);
    open_svg(html, id, "bars", (unsigned)count * BAR_ROW);
    eg_html_say(html, title);
    eg_sink_format(html->sink, "</title><desc id=\"%s-d\">", id);
    eg_html_fill(html, EG_SAY_CHART_DESC, eg_count_text(count, number), NULL, NULL);
    eg_html_raw(html, "</desc>\n");
    for (size_t i = 0; i < count; i++) {
        const unsigned top = (unsigned)i * BAR_ROW;
        put_bar_text(html, &bars[i], top);
        put_bar(html, top + BAR_BYTES, eg_html_permille(bars[i].bytes, largest), bars[i].bytes > 0,
                "bytes");
        put_bar(html, top + BAR_COST, eg_html_money_permille(bars[i].cost, dearest),
                eg_money_compare(bars[i].cost, nothing) > 0, bars[i].color);
        eg_html_raw(html, "\n");
    }
    eg_html_raw(html, "</svg>\n</figure>\n");
}

static void put_share_legend(const struct eg_html *html, const struct eg_html_share *shares,
                             size_t count, uint64_t whole)
{
    char share[EG_COUNT_TEXT_MAX];
    eg_html_raw(html, "<ul class=\"legend\">");
    for (size_t i = 0; i < count; i++) {
        if (shares[i].bytes == 0)
            continue;
        eg_sink_format(html->sink, "<li><i class=\"key %s\"></i>", shares[i].color);
        eg_html_say(html, shares[i].name);
        eg_sink_format(html->sink, " <b>%s</b></li>",
                       eg_percent_text(shares[i].bytes, whole, share));
    }
    eg_html_raw(html, "</ul>\n");
}

void eg_html_shares(const struct eg_html *html, const char *id, enum eg_say title,
                    const struct eg_html_share *shares, size_t count)
{
    enum { HEIGHT = 18 };
    uint64_t whole = 0, before = 0;
    char share[EG_COUNT_TEXT_MAX];
    for (size_t i = 0; i < count; i++)
        whole += shares[i].bytes;
    eg_html_raw(html, "<figure>\n");
    eg_html_line(html, "figcaption", title);
    open_svg(html, id, "shares", HEIGHT);
    eg_html_say(html, title);
    eg_sink_format(html->sink, "</title><desc id=\"%s-d\">", id);
    for (size_t i = 0; i < count; i++)
        if (shares[i].bytes) {
            eg_html_say(html, shares[i].name);
            eg_sink_format(html->sink, " %s; ", eg_percent_text(shares[i].bytes, whole, share));
        }
    eg_html_raw(html, "</desc>");
    for (size_t i = 0; i < count; before += shares[i++].bytes) {
        const unsigned x = eg_html_permille(before, whole);
        const unsigned end = eg_html_permille(before + shares[i].bytes, whole);
        if (shares[i].bytes)
            eg_sink_format(html->sink,
                           "<rect class=\"%s\" x=\"%u.%u%%\" y=\"0\" width=\"%u.%u%%\" "
                           "height=\"%d\"/>",
                           shares[i].color, x / 10, x % 10, (end - x) / 10, (end - x) % 10, HEIGHT);
    }
    eg_html_raw(html, "</svg>\n");
    put_share_legend(html, shares, count, whole);
    eg_html_raw(html, "</figure>\n");
}
