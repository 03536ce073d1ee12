/*
 * Over time: bars of bytes and of cost by class, a strip for each of the dearest rows, and the bars
 * once more as a table.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/html/html.h"
#include "report/translations.h"
#include "report/units.h"

/* More bars than this are thinner than a pixel of a phone. */
enum { BARS_MAX = 160, STRIPS_MAX = 8, HEIGHT = 1000 };

struct picture {
    const struct eg_html *html;
    const struct eg_interval *interval; /* joined */
    bool costs;                         /* else bytes */
};

/* The share of a sum in the highest bar, in thousandths. */
static unsigned height_of(const struct picture *picture, const struct eg_interval_sum *sum,
                          const struct eg_interval_sum *highest)
{
    return picture->costs ? eg_html_money_permille(sum->cost, highest->cost)
                          : eg_html_permille(sum->billable_bytes, highest->billable_bytes);
}

static bool is_more(const struct picture *picture, const struct eg_interval_sum *a,
                    const struct eg_interval_sum *b)
{
    return picture->costs ? eg_money_compare(a->cost, b->cost) > 0
                          : a->billable_bytes > b->billable_bytes;
}

static size_t highest_of(const struct picture *picture, const struct eg_interval_line *line)
{
    size_t highest = 0;
    for (size_t i = 1; i < picture->interval->buckets; i++)
        if (is_more(picture, &line->sums[i], &line->sums[highest]))
            highest = i;
    return highest;
}

static const char *size_in(const struct picture *picture, const struct eg_interval_sum *sum,
                           char buffer[EG_MONEY_TEXT_MAX])
{
    char size[EG_COUNT_TEXT_MAX];
    if (picture->costs)
        return eg_html_cost_text(picture->html, sum->cost, buffer);
    snprintf(buffer, EG_MONEY_TEXT_MAX, "%s", eg_size_text(sum->billable_bytes, size));
    return buffer;
}

static void open_svg(const struct picture *picture, const char *class_, const char *rest)
{
    eg_sink_format(picture->html->sink,
                   "<svg class=\"%s\" viewBox=\"0 0 %zu %d\" preserveAspectRatio=\"none\" "
                   "width=\"100%%\" %s>",
                   class_, picture->interval->buckets, HEIGHT, rest);
}

/* A line's bars, on top of those that `below` has drawn (NULL: on the ground). */
static void put_line(const struct picture *picture, const struct eg_interval_line *line,
                     const struct eg_interval_sum *highest, struct eg_interval_sum *below,
                     const char *color)
{
    const struct eg_html *html = picture->html;
    eg_sink_format(html->sink, "<path class=\"%s\" d=\"", color);
    for (size_t i = 0; i < picture->interval->buckets; i++) {
        struct eg_interval_sum top = line->sums[i];
        unsigned foot = 0;
        if (below) {
            foot = height_of(picture, &below[i], highest);
            top.billable_bytes += below[i].billable_bytes;
            top.cost = eg_money_add(top.cost, below[i].cost);
            below[i] = top;
        }
        unsigned head = height_of(picture, &top, highest);
        if (head == foot && is_more(picture, &line->sums[i], &(struct eg_interval_sum){0}))
            head += 4; /* what is there at all is seen */
        if (head > foot)
            eg_sink_format(html->sink, "M%zu %uh1v%uh-1z", i,
                           HEIGHT - (head < HEIGHT ? head : HEIGHT), head - foot);
    }
    eg_html_raw(html, "\"/>\n");
}

/* At each quarter of the axis, as short as its length allows: "06:00", "09-16 12:00", "12:50:34".
 */
static void put_ticks(const struct picture *picture, int64_t first, int64_t length)
{
    const int64_t second = INT64_C(1000000000), hour = 3600 * second;
    const bool days = length > 48 * hour, seconds = length < 2 * hour;
    char time[EG_TIME_TEXT_MAX];
    for (int64_t quarter = 1; quarter <= 3; quarter++) {
        eg_html_moment(first + length / 4 * quarter, time);
        const size_t begin = days ? strlen("2026-") : strlen("2026-09-14 ");
        const size_t end = strlen("2026-09-14 06:00") + (seconds ? strlen(":00") : 0);
        eg_sink_format(picture->html->sink, "<span class=\"tick\">%.*s</span>",
                       time[0] ? (int)(end - begin) : 0, time[0] ? time + begin : "");
    }
}

/* "2026-09-14 00:00:00 UTC" at both ends. */
static void put_axis(const struct picture *picture)
{
    const struct eg_interval *interval = picture->interval;
    const int64_t first = eg_interval_time(interval, 0);
    char time[EG_TIME_TEXT_MAX];
    eg_sink_format(picture->html->sink, "<p class=\"axis\"><span>%s</span>",
                   eg_html_moment(first, time));
    if (interval->buckets >= 4)
        put_ticks(picture, first, eg_interval_time(interval, interval->buckets) - first);
    eg_sink_format(picture->html->sink, "<span>%s</span></p>\n",
                   eg_html_moment(eg_interval_time(interval, interval->buckets), time));
}

static void put_peak(const struct picture *picture, const struct eg_interval_line *line)
{
    const struct eg_html *html = picture->html;
    const size_t highest = highest_of(picture, line);
    char size[EG_MONEY_TEXT_MAX], time[EG_TIME_TEXT_MAX], span[EG_HTML_SPAN_MAX];
    eg_html_fill(html, EG_SAY_TIME_PEAK, size_in(picture, &line->sums[highest], size),
                 eg_html_moment(eg_interval_time(picture->interval, highest), time),
                 eg_html_span(html, picture->interval->width, span));
}

static void put_chart(const struct picture *picture, const char *id, enum eg_say title,
                      const enum eg_class *classes, size_t count)
{
    const struct eg_html *html = picture->html;
    const struct eg_interval *interval = picture->interval;
    const struct eg_interval_sum *highest =
        &interval->total.sums[highest_of(picture, &interval->total)];
    struct eg_interval_sum below[BARS_MAX] = {{0}};
    char names[96], number[EG_COUNT_TEXT_MAX], span[EG_HTML_SPAN_MAX], size[EG_MONEY_TEXT_MAX];
    eg_html_raw(html, "<figure>\n<figcaption>");
    eg_html_say(html, title);
    eg_html_raw(html, " <small>");
    put_peak(picture, &interval->total);
    eg_html_raw(html, "</small></figcaption>\n");
    snprintf(names, sizeof names, "role=\"img\" aria-labelledby=\"%s-t %s-d\"", id, id);
    open_svg(picture, "time", names);
    eg_sink_format(html->sink, "<title id=\"%s-t\">", id);
    eg_html_say(html, title);
    eg_sink_format(html->sink, "</title><desc id=\"%s-d\">", id);
    eg_html_fill(html, EG_SAY_TIME_DESC, eg_count_text(interval->buckets, number),
                 eg_html_span(html, interval->width, span), size_in(picture, highest, size));
    eg_html_raw(html, "</desc>\n");
    for (size_t i = 0; i < count; i++)
        if (interval->classes[classes[i]].sums)
            put_line(picture, &interval->classes[classes[i]], highest, below,
                     eg_html_color(classes[i]));
    eg_html_raw(html, "</svg>\n");
    put_axis(picture);
    eg_html_raw(html, "</figure>\n");
}

static void put_legend(const struct eg_html *html, const enum eg_class *classes, size_t count)
{
    eg_html_raw(html, "<ul class=\"legend\">");
    for (size_t i = 0; i < count; i++) {
        eg_sink_format(html->sink, "<li><i class=\"key %s\"></i>", eg_html_color(classes[i]));
        eg_html_text(html, eg_html_class(html, classes[i]));
        eg_html_raw(html, "</li>");
    }
    eg_html_raw(html, "</ul>\n");
}

/* A nightly backup is one bar here. */
static void put_strips(const struct picture *picture)
{
    const struct eg_html *html = picture->html;
    char key[EG_ROW_KEY_MAX], holder[256];
    if (picture->interval->row_count == 0)
        return;
    eg_html_raw(html, "<figure class=\"long\">\n"); /* goes on on the next page of paper */
    eg_html_line(html, "figcaption", EG_SAY_TIME_ROWS);
    eg_html_raw(html, "<ul class=\"strips\">\n");
    for (size_t i = 0; i < picture->interval->row_count && i < STRIPS_MAX; i++) {
        const struct eg_row *row = &html->report->rows[i];
        const struct eg_interval_line *line = &picture->interval->rows[i];
        const struct eg_interval_sum *highest = &line->sums[highest_of(picture, line)];
        eg_html_raw(html, "<li><span>");
        eg_html_name(html, eg_html_row_name(html, row, key));
        eg_html_raw(html, " <small>");
        const char *who = eg_html_who(html, row, holder, sizeof holder);
        eg_html_name(html, who[0] ? who : eg_html_class(html, row->class_));
        eg_html_raw(html, "</small></span>");
        open_svg(picture, "strip", "aria-hidden=\"true\"");
        if (highest->billable_bytes)
            put_line(picture, line, highest, NULL, eg_html_color(row->class_));
        eg_html_raw(html, "</svg><small>");
        put_peak(picture, line);
        eg_html_raw(html, "</small></li>\n");
    }
    eg_html_raw(html, "<li class=\"ruler\" aria-hidden=\"true\">");
    put_axis(picture);
    eg_html_raw(html, "</li></ul>\n</figure>\n");
}

static void put_table(const struct picture *picture)
{
    const struct eg_html *html = picture->html;
    char time[EG_TIME_TEXT_MAX];
    const bool priced = !eg_report_is_unpriced(html->report);
    eg_html_raw(html, "<details><summary>");
    eg_html_say(html, EG_SAY_SAME_AS_TABLE);
    eg_html_raw(html, "</summary>\n");
    eg_html_open_table(html, "times", true, EG_SAY_TIME_BYTES);
    eg_html_raw(html, "<thead><tr>");
    eg_html_head(html, EG_HTML_WORDS_SORTED, EG_SAY_TIME);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_BYTES);
    eg_html_head(html, EG_HTML_NUMBERS, EG_SAY_COST);
    eg_html_raw(html, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < picture->interval->buckets; i++) {
        const struct eg_interval_sum *sum = &picture->interval->total.sums[i];
        eg_sink_format(html->sink, "<tr><th scope=\"row\">%s</th>",
                       eg_html_moment(eg_interval_time(picture->interval, i), time));
        eg_html_cell_bytes(html, sum->billable_bytes);
        eg_html_cell_cost(html, sum->cost, priced);
        eg_html_raw(html, "</tr>\n");
    }
    eg_html_raw(html, "</tbody>\n");
    eg_html_close_table(html);
    eg_html_raw(html, "</details>\n");
}

static void put_pictures(struct picture *picture, const enum eg_class *classes, size_t count)
{
    const struct eg_html *html = picture->html;
    char size[EG_COUNT_TEXT_MAX];
    put_chart(picture, "time-bytes", EG_SAY_TIME_BYTES, classes, count);
    if (eg_money_compare(html->report->total.cost, (struct eg_money){0}) > 0) {
        picture->costs = true;
        put_chart(picture, "time-cost", EG_SAY_TIME_COST, classes, count);
        picture->costs = false;
    }
    put_legend(html, classes, count);
    if (picture->interval->total.untimed.packets) {
        eg_html_raw(html, "<p>");
        eg_html_fill(html, EG_SAY_TIME_UNTIMED,
                     eg_size_text(picture->interval->total.untimed.billable_bytes, size), NULL,
                     NULL);
        eg_html_raw(html, "</p>\n");
    }
    put_table(picture);
    put_strips(picture);
}

void eg_html_over_time(const struct eg_html *html, const enum eg_class *classes, size_t count)
{
    const struct eg_interval *interval = &html->report->interval;
    struct eg_interval joined;
    if (interval->buckets == 0) {
        eg_html_raw(html, "<p class=\"note\">");
        eg_html_fill(html, EG_SAY_TIME_NONE,
                     interval->reason ? eg_translate(html->language, interval->reason) : "-", NULL,
                     NULL);
        eg_html_raw(html, "</p>\n");
        return;
    }
    if (eg_interval_join(interval, BARS_MAX, &joined) != EG_OK) {
        html->sink->status = EG_ERR_NO_MEMORY;
        return;
    }
    struct picture picture = {.html = html, .interval = &joined};
    put_pictures(&picture, classes, count);
    eg_interval_clear(&joined);
}
