/*
 * The writing below all sections: markup, text from outside, numbers.
 */
#include "report/html/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "report/units.h"

void eg_html_raw(const struct eg_html *html, const char *markup)
{
    eg_sink_text(html->sink, markup);
}

/* What one byte of ASCII becomes; NULL: itself. */
static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return " ";
    default:
        return (unsigned char)c < ' ' || c == 0x7f ? EG_UTF8_REPLACEMENT : NULL;
    }
}

void eg_html_escape(struct eg_sink *sink, const char *text)
{
    const char *pending = text; /* bytes that go out as they are, in one write */
    while (*text) {
        const size_t length = eg_utf8_sequence(text);
        const bool wide = length > 1;
        const char *escape = wide ? NULL : length ? escape_of(*text) : EG_UTF8_REPLACEMENT;
        if (wide && eg_utf8_is_unseen(text, length))
            escape = EG_UTF8_REPLACEMENT;
        const size_t step = length ? length : 1;
        if (escape) {
            eg_sink_bytes(sink, pending, (size_t)(text - pending));
            eg_sink_text(sink, escape);
            pending = text + step;
        }
        text += step;
    }
    eg_sink_bytes(sink, pending, (size_t)(text - pending));
}

void eg_html_text(const struct eg_html *html, const char *text)
{
    eg_html_escape(html->sink, text);
}

void eg_html_name(const struct eg_html *html, const char *name)
{
    eg_html_raw(html, "<bdi>");
    eg_html_text(html, name);
    eg_html_raw(html, "</bdi>");
}

const char *eg_html_words(const struct eg_html *html, enum eg_say text)
{
    return eg_html_text_in(html->language, text);
}

void eg_html_say(const struct eg_html *html, enum eg_say text)
{
    eg_html_text(html, eg_html_words(html, text));
}

/* "2026-09-14 ..." stays on one line: browsers break lines behind a hyphen. */
static void put_filling(const struct eg_html *html, const char *filling)
{
    const bool date = strspn(filling, "0123456789") == strlen("2026") && filling[4] == '-';
    eg_html_raw(html, date ? "<span class=\"date\">" : "");
    eg_html_text(html, filling);
    eg_html_raw(html, date ? "</span>" : "");
}

void eg_html_fill(const struct eg_html *html, enum eg_say text, const char *first,
                  const char *second, const char *third)
{
    const char *const fillings[] = {first, second, third};
    char piece[EG_HTML_TEXT_MAX];
    for (const char *at = eg_html_words(html, text); *at;) {
        const size_t length = strcspn(at, "{");
        snprintf(piece, sizeof piece, "%.*s", (int)length, at);
        eg_html_text(html, piece);
        at += length;
        if (*at == '\0')
            break;
        if (at[1] >= '0' && at[1] <= '2' && fillings[at[1] - '0'])
            put_filling(html, fillings[at[1] - '0']);
        at += strlen("{0}");
    }
}

void eg_html_line(const struct eg_html *html, const char *element, enum eg_say text)
{
    eg_sink_format(html->sink, "<%s>", element);
    eg_html_say(html, text);
    eg_sink_format(html->sink, "</%.*s>\n", (int)strcspn(element, " "), element);
}

/* The length of an option at `text`, "--month-to-date"; 0: none is there. */
static size_t option_length(const char *text)
{
    if (strncmp(text, "--", 2) != 0)
        return 0;
    const size_t letters = strspn(text + 2, "abcdefghijklmnopqrstuvwxyz-");
    return letters ? letters + 2 : 0;
}

void eg_html_sentence(const struct eg_html *html, const char *sentence)
{
    char piece[EG_WARNING_SHOWN_MAX];
    for (const char *at = sentence; *at;) {
        size_t length = option_length(at);
        const bool option = length > 0;
        if (!option)
            for (length = 1; at[length] && !option_length(at + length);)
                length++;
        if (length >= sizeof piece)
            length = sizeof piece - 1;
        snprintf(piece, sizeof piece, "%.*s", (int)length, at);
        if (at == sentence && piece[0] >= 'a' && piece[0] <= 'z')
            piece[0] = (char)(piece[0] - 'a' + 'A');
        eg_html_raw(html, option ? "<code>" : "");
        eg_html_text(html, piece);
        eg_html_raw(html, option ? "</code>" : "");
        at += length;
    }
}

void eg_html_item(const struct eg_html *html, const char *message)
{
    eg_html_sentence(html, message);
    if (!strstr(message, ": --")) /* an option that ends a message may be copied */
        eg_html_raw(html, html->language == EG_JAPANESE ? "。" : ".");
}

void eg_html_bytes(const struct eg_html *html, uint64_t bytes)
{
    char size[EG_COUNT_TEXT_MAX];
    eg_sink_format(html->sink, "<data value=\"%" PRIu64 "\">%s</data>", bytes,
                   eg_size_text(bytes, size));
}

void eg_html_count(const struct eg_html *html, uint64_t count)
{
    char number[EG_COUNT_TEXT_MAX];
    eg_sink_format(html->sink, "<data value=\"%" PRIu64 "\">%s</data>", count,
                   eg_count_text(count, number));
}

const char *eg_html_cost_text(const struct eg_html *html, struct eg_money cost,
                              char buffer[EG_MONEY_TEXT_MAX])
{
    return eg_cost_shown(cost, eg_rate_card_currency(html->report->rules->card), buffer);
}

void eg_html_cost(const struct eg_html *html, struct eg_money cost)
{
    char number[EG_MONEY_TEXT_MAX], shown[EG_MONEY_TEXT_MAX];
    eg_sink_format(html->sink, "<data value=\"%s\">", eg_money_number(cost, number));
    eg_html_text(html, eg_html_cost_text(html, cost, shown));
    eg_html_raw(html, "</data>");
}

void eg_html_rate(const struct eg_html *html, uint64_t nano_per_gb)
{
    const char *currency = eg_rate_card_currency(html->report->rules->card);
    const bool dollars = strcmp(currency, "USD") == 0;
    char number[EG_MONEY_TEXT_MAX];
    eg_sink_format(html->sink, "<data value=\"%s\">", eg_rate_number(nano_per_gb, number));
    if (nano_per_gb == 0)
        eg_html_say(html, EG_SAY_RATE_FREE);
    else {
        eg_html_raw(html, dollars ? "$" : "");
        eg_html_raw(html, eg_rate_shown(nano_per_gb, number));
        eg_html_raw(html, dollars ? "" : " ");
        eg_html_text(html, dollars ? "" : currency);
    }
    eg_html_raw(html, "</data>");
}

const char *eg_html_moment(int64_t time, char buffer[EG_TIME_TEXT_MAX])
{
    char text[EG_TIME_TEXT_MAX];
    buffer[0] = '\0';
    if (eg_time_text(time, text)[0])
        snprintf(buffer, EG_TIME_TEXT_MAX, "%.10s %.8s UTC", text, text + strlen("2020-12-19T"));
    return buffer;
}

unsigned eg_html_permille(uint64_t part, uint64_t whole)
{
    return whole ? (unsigned)((eg_u128)part * 1000 / whole) : 0;
}

unsigned eg_html_money_permille(struct eg_money part, struct eg_money whole)
{
    eg_u128 part_units = part.units, whole_units = whole.units;
    while (whole_units >> 100) { /* leave room for the factor */
        part_units >>= 1;
        whole_units >>= 1;
    }
    return whole_units ? (unsigned)(part_units * 1000 / whole_units) : 0;
}

/* The units of eg_span_text(). */
static const char *unit_in(const struct eg_html *html, const char *unit, size_t length)
{
    static const struct {
        const char *unit;
        enum eg_say text;
    } units[] = {
        {"s", EG_SAY_UNIT_S}, {"min", EG_SAY_UNIT_MIN}, {"h", EG_SAY_UNIT_H}, {"d", EG_SAY_UNIT_D}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].unit) == length && memcmp(units[i].unit, unit, length) == 0)
            return eg_html_words(html, units[i].text);
    return "";
}

const char *eg_html_span(const struct eg_html *html, int64_t ns, char buffer[EG_HTML_SPAN_MAX])
{
    char span[EG_COUNT_TEXT_MAX];
    buffer[0] = '\0';
    for (const char *at = eg_span_text(ns, span); *at;) {
        const size_t number = strcspn(at, " ");
        const char *unit = at + number + (at[number] == ' ');
        const size_t length = strcspn(unit, " ");
        if (at != span && number == 1 && at[0] == '0') /* "10 min 0 s" */
            break;
        eg_text_append(buffer, EG_HTML_SPAN_MAX, "%s%.*s %s", at == span ? "" : " ", (int)number,
                       at, unit_in(html, unit, length));
        at = unit + length + (unit[length] == ' ');
    }
    return buffer;
}

void eg_html_open_table(const struct eg_html *html, const char *id, bool sorted,
                        enum eg_say caption)
{
    eg_html_raw(html, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    eg_html_say(html, caption);
    eg_sink_format(html->sink, "\"><table id=\"%s\"%s>\n", id, sorted ? " class=\"sort\"" : "");
    eg_html_raw(html, "<caption><span>");
    eg_html_say(html, caption);
    eg_html_raw(html, "</span></caption>\n");
}

void eg_html_head(const struct eg_html *html, enum eg_html_column column, enum eg_say text)
{
    static const char *const elements[] = {
        [EG_HTML_WORDS] = "th scope=\"col\"",
        [EG_HTML_WORDS_SORTED] = "th scope=\"col\" aria-sort=\"ascending\"",
        [EG_HTML_NUMBERS] = "th scope=\"col\" class=\"n\"",
        [EG_HTML_NUMBERS_SORTED] = "th scope=\"col\" class=\"n\" aria-sort=\"descending\"",
    };
    eg_html_line(html, elements[column], text);
}

void eg_html_close_table(const struct eg_html *html)
{
    eg_html_raw(html, "</table></div>\n");
}

void eg_html_cell_bytes(const struct eg_html *html, uint64_t bytes)
{
    eg_html_raw(html, "<td class=\"n\">");
    eg_html_bytes(html, bytes);
    eg_html_raw(html, "</td>");
}

void eg_html_cell_count(const struct eg_html *html, uint64_t count)
{
    eg_html_raw(html, "<td class=\"n\">");
    eg_html_count(html, count);
    eg_html_raw(html, "</td>");
}

void eg_html_cell_cost(const struct eg_html *html, struct eg_money cost, bool priced)
{
    eg_html_raw(html, "<td class=\"n\">");
    if (!priced)
        eg_html_raw(html, "<data value=\"-1\" class=\"open\">?</data>");
    else if (eg_money_compare(cost, (struct eg_money){0}) == 0)
        eg_html_raw(html, "<data value=\"0\">0</data>");
    else
        eg_html_cost(html, cost);
    eg_html_raw(html, "</td>");
}
