/*
 * -T html and --report: the document that goes into the ticket. One file that needs no other: its
 * style and script are its own, and its numbers are those of -T json, which it carries as data.
 *
 * Everything that comes from outside (names, paths, labels, filters) goes through eg_html_text().
 */
#ifndef EG_HTML_H
#define EG_HTML_H

#include "report/html/html_texts.h"
#include "report/report.h"

#ifdef __cplusplus
extern "C" {
#endif

struct eg_html {
    const struct eg_report *report;
    struct eg_sink *sink;
    enum eg_language language;
    size_t rows; /* shown; the rest is summed */
};

/* ---- writing ---- */

/* Markup of our own, as it is. */
void eg_html_raw(const struct eg_html *html, const char *markup);

/*
 * Text as element content or in a double-quoted attribute value, whatever is in it: markup is
 * escaped, control characters and bytes that are not UTF-8 become U+FFFD.
 */
void eg_html_text(const struct eg_html *html, const char *text);
void eg_html_escape(struct eg_sink *sink, const char *text);

/* A name from outside: escaped, and its direction kept from the text around it. */
void eg_html_name(const struct eg_html *html, const char *name);

/* One of the texts, and the texts it has places for: {0}, {1}, {2}; unused ones are NULL. */
const char *eg_html_words(const struct eg_html *html, enum eg_say text);
void eg_html_say(const struct eg_html *html, enum eg_say text);
void eg_html_fill(const struct eg_html *html, enum eg_say text, const char *first,
                  const char *second, const char *third);

/* The opening tag, a text and the closing tag: eg_html_line(html, "h2", EG_SAY_OUT). */
void eg_html_line(const struct eg_html *html, const char *element, enum eg_say text);

/* A sentence of the core's, with the options it names set as code. */
void eg_html_sentence(const struct eg_html *html, const char *sentence);

/* The same with its full stop, for a list of messages. */
void eg_html_item(const struct eg_html *html, const char *message);

/* <data value="1234">1.2 KiB</data> and the like: exact for a program, rounded for a reader. */
void eg_html_bytes(const struct eg_html *html, uint64_t bytes);
void eg_html_count(const struct eg_html *html, uint64_t count);
void eg_html_cost(const struct eg_html *html, struct eg_money cost);
const char *eg_html_cost_text(const struct eg_html *html, struct eg_money cost,
                              char buffer[EG_MONEY_TEXT_MAX]);

/* "2020-12-19 12:50:21 UTC"; "" for EG_NO_TIME. */
const char *eg_html_moment(int64_t time, char buffer[EG_TIME_TEXT_MAX]);

/* A price per GiB with its currency, "free" for none. */
void eg_html_rate(const struct eg_html *html, uint64_t nano_per_gb);

/* "53.7 s", "3 h 20 min", in the report's language. Returns buffer. */
enum { EG_HTML_SPAN_MAX = 64 };
const char *eg_html_span(const struct eg_html *html, int64_t ns, char buffer[EG_HTML_SPAN_MAX]);

/* A table that can be wider than the page, down to its caption; and its end. */
void eg_html_open_table(const struct eg_html *html, const char *id, bool sorted,
                        enum eg_say caption);
void eg_html_close_table(const struct eg_html *html);

enum eg_html_column {
    EG_HTML_WORDS,
    EG_HTML_WORDS_SORTED, /* the rows come in its order */
    EG_HTML_NUMBERS,
    EG_HTML_NUMBERS_SORTED,
};

/* The head of a column. */
void eg_html_head(const struct eg_html *html, enum eg_html_column column, enum eg_say text);

/* Table cells with a value to sort by; a cost that is not known sorts below all others. */
void eg_html_cell_bytes(const struct eg_html *html, uint64_t bytes);
void eg_html_cell_count(const struct eg_html *html, uint64_t count);
void eg_html_cell_cost(const struct eg_html *html, struct eg_money cost, bool priced);

/* What a class is called by people, and by the style sheet: a group of classes has one colour. */
enum eg_say eg_html_class_text(enum eg_class class_);
const char *eg_html_class(const struct eg_html *html, enum eg_class class_);
const char *eg_html_color(enum eg_class class_);

/*
 * What is at a row's far end in a word or two: a service, a site's label; "" when only its class
 * tells.
 */
const char *eg_html_place(const struct eg_html *html, const struct eg_row *row, char *buffer,
                          size_t size);

/* The place, or else who holds the address; "" when neither is known. */
const char *eg_html_who(const struct eg_html *html, const struct eg_row *row, char *buffer,
                        size_t size);

/* Who holds a row's address: "Example Ltd, DE"; "" unknown. Returns buffer. */
const char *eg_html_holder(const struct eg_html *html, const struct eg_row *row, char *buffer,
                           size_t size);

/* part / whole in thousandths of it, rounded down; 0 when whole is 0. */
unsigned eg_html_permille(uint64_t part, uint64_t whole);
unsigned eg_html_money_permille(struct eg_money part, struct eg_money whole);

/* ---- the sections, in the order of the answer ---- */

void eg_html_capture(const struct eg_html *html);
void eg_html_out(const struct eg_html *html);
void eg_html_destinations(const struct eg_html *html);
void eg_html_prices(const struct eg_html *html);
void eg_html_month(const struct eg_html *html);
void eg_html_certainty(const struct eg_html *html);
void eg_html_to_do(const struct eg_html *html);

/* ---- their parts ---- */

/* One bar of a chart by bytes and cost. */
struct eg_html_bar {
    const char *name;   /* from outside: escaped */
    const char *detail; /* beside it, smaller; "" none */
    const char *color;
    uint64_t bytes;
    struct eg_money cost;
    bool priced;
};

/* Bars of bytes and cost; id names the figure for its title and description. */
void eg_html_bars(const struct eg_html *html, const char *id, enum eg_say title,
                  const struct eg_html_bar *bars, size_t count);

/* A part of a whole: width in thousandths. */
struct eg_html_share {
    enum eg_say name;
    const char *color;
    uint64_t bytes;
};

/* One bar cut into shares, and what they are; those of 0 bytes are left out. */
void eg_html_shares(const struct eg_html *html, const char *id, enum eg_say title,
                    const struct eg_html_share *shares, size_t count);

/* "Azure 2026-06-26, AWS 2026-08-22": of what date the address ranges are, and the rates. Each
 * returns buffer. */
const char *eg_html_ranges(const struct eg_html *html, char *buffer, size_t size);
const char *eg_html_rates(const struct eg_html *html, char *buffer, size_t size);

/* Bytes and cost over time, of these classes and for the first rows. */
void eg_html_over_time(const struct eg_html *html, const enum eg_class *classes, size_t count);

/* A row's name as people know it: a host's, else its key. Returns buffer or a longer-lived one. */
const char *eg_html_row_name(const struct eg_html *html, const struct eg_row *row,
                             char buffer[EG_ROW_KEY_MAX]);

/* From the VM's addresses over class to what is there; nothing for views it makes no sense of. */
void eg_html_flow(const struct eg_html *html);

#ifdef __cplusplus
}
#endif

#endif
