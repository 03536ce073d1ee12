#include "report/table_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "report/units.h"

const char *eg_text_on(const struct eg_text *text, enum eg_text_color color)
{
    static const char *const escapes[] = {"\033[1m", "\033[33m", "\033[31m", "\033[32m"};
    return text->style->color ? escapes[color] : "";
}

const char *eg_text_off(const struct eg_text *text)
{
    return text->style->color ? "\033[0m" : "";
}

void eg_text_put(const struct eg_text *text, const char *from, size_t length)
{
    size_t pending = 0;
    for (size_t i = 0, step; i < length; i += step) {
        step = eg_utf8_sequence(from + i);
        if (step == 0 || step > length - i)
            step = 1; /* a byte that is none goes out as it is */
        else if (eg_utf8_is_unseen(from + i, step)) {
            eg_sink_bytes(text->sink, from + pending, i - pending);
            eg_sink_text(text->sink, "?");
            pending = i + step;
        }
    }
    eg_sink_bytes(text->sink, from + pending, length - pending);
}

enum column { SIZE, RATE, COST, KEY, SERVICE, PORT, OPENED, CLASS, COLUMNS };

enum { CELL_MAX = 96 };

enum { ORG_MAX = 128, WHO_MORE = 64 };

/* Whether no name before this one is the same, from another source. */
static bool is_first(const struct eg_row_hosts *hosts, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(hosts->names[i].text, hosts->names[index].text) == 0)
            return false;
    return true;
}

/* One line of the table, as text. */
struct line {
    char cells[COLUMNS][CELL_MAX];
};

static void set(struct line *line, enum column column, const char *text)
{
    snprintf(line->cells[column], CELL_MAX, "%s", text);
}

/*
 * "AzureMonitor.eastus", "aws S3.us-east-1", a site's label, or what kind of place it is. The label
 * of an `auto` row is of the way there, and not of the place.
 */
static void set_service(struct line *line, const struct eg_report *report, const struct eg_row *row)
{
    if (!row->tariff) {
        set(line, SERVICE, "");
        return;
    }
    const struct eg_destination *destination = &row->tariff->destination;
    const struct eg_label *label = &destination->label;
    const bool foreign =
        label->provider[0] && strcmp(label->provider, report->rules->provider) != 0;
    const struct eg_site *site = destination->site;
    if (site && site->class_ != EG_CLASS_AUTO && site->label[0])
        set(line, SERVICE, site->label);
    else if (!label->provider[0])
        set(line, SERVICE, eg_class_name(row->class_));
    else
        snprintf(line->cells[SERVICE], CELL_MAX, "%s%s%s%s%s", foreign ? label->provider : "",
                 foreign ? " " : "", label->service,
                 label->service[0] && label->region[0] ? "." : "", label->region);
    if (!line->cells[SERVICE][0])
        set(line, SERVICE, eg_provider_text(label->provider));
}

static void set_cost(struct line *line, const struct eg_report *report, struct eg_money cost)
{
    char number[EG_MONEY_TEXT_MAX];
    const bool any = eg_money_compare(cost, (struct eg_money){0}) > 0;
    set(line, COST,
        any ? eg_cost_shown(cost, eg_rate_card_currency(report->rules->card), number) : "-");
}

static void set_price(struct line *line, const struct eg_report *report, const struct eg_row *row)
{
    char number[EG_MONEY_TEXT_MAX];
    const bool moved = row->egress.packets + row->ingress.packets > 0;
    if (!row->priced)
        set(line, RATE, moved ? "?" : "-");
    else if (!row->one_rate)
        set(line, RATE, "mixed");
    else
        set(line, RATE, row->nano_per_gb ? eg_rate_shown(row->nano_per_gb, number) : "free");
    set_cost(line, report, row->cost);
}

static void set_port(struct line *line, const struct eg_report *report, const struct eg_row *row)
{
    static const char *const openers[] = {"-", "VM", "peer", "both"};
    char port[EG_ROW_KEY_MAX], more[24] = "";
    const struct eg_row_port *ports = &report->ports[row->first_port];
    size_t used = 0;
    for (size_t i = 0; i < row->port_count; i++)
        used += ports[i].ip_bytes > 0;
    if (used > 1)
        snprintf(more, sizeof more, " +%zu", used - 1);
    if (row->port_count)
        snprintf(line->cells[PORT], CELL_MAX, "%s%s",
                 eg_port_text(ports[0].protocol, ports[0].port, port), more);
    set(line, OPENED, openers[row->opened_by & 3]);
}

static void row_line(const struct eg_text *text, const struct eg_row *row,
                     const struct eg_unit *unit, struct line *line)
{
    const struct eg_report *report = text->report;
    char buffer[EG_ROW_KEY_MAX], number[EG_COUNT_TEXT_MAX], shown[EG_HOST_SHOWN_MAX];
    memset(line, 0, sizeof *line);
    set(line, SIZE, eg_size_number(row->shown.billable_bytes, unit, number));
    set_price(line, report, row);
    const char *key = eg_row_key(report, row, buffer);
    set(line, KEY, report->view.by == EG_BY_HOST ? eg_host_shown(key, shown) : key);
    set_service(line, report, row);
    set_port(line, report, row);
    set(line, CLASS, row->class_ == EG_CLASSES ? "several" : eg_class_name(row->class_));
}

static void head_line(const struct eg_report *report, const struct eg_unit *unit, struct line *line)
{
    static const char *const keys[] = {"destination", "service", "region", "class",   "port",
                                       "protocol",    "host",    "org",    "country", "asn"};
    const char *currency = eg_rate_card_currency(report->rules->card);
    memset(line, 0, sizeof *line);
    set(line, SIZE, unit->name);
    snprintf(line->cells[RATE], CELL_MAX, "%s/GiB", strcmp(currency, "USD") == 0 ? "$" : currency);
    set(line, COST, "cost");
    set(line, KEY,
        report->view.direction == EG_VIEW_INGRESS && report->view.by == EG_BY_DESTINATION
            ? "source"
            : keys[report->view.by]);
    set(line, SERVICE, "service");
    set(line, PORT, "port");
    set(line, OPENED, "opened by");
    set(line, CLASS, "class");
}

/* Which columns a table by this key has: those that its key does not say already. */
static bool has_column(const struct eg_report *report, enum column column)
{
    const enum eg_view_by by = report->view.by;
    if (by == EG_BY_DESTINATION || column < SERVICE)
        return true;
    if (column == PORT)
        return by == EG_BY_SERVICE || by == EG_BY_REGION || by == EG_BY_CLASS;
    return column == CLASS && by != EG_BY_CLASS;
}

/* Characters of UTF-8, each taken for one column. */
static size_t columns_of(const char *text)
{
    size_t columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

/* "www.example.com (tls) +2": the name, where it is from, and how many others there are. */
static void append_host(char *line, size_t size, const struct eg_row *row)
{
    size_t others = 0;
    char shown[EG_HOST_SHOWN_MAX];
    if (!row->hosts)
        return;
    const struct eg_row_hosts *hosts = row->hosts;
    for (size_t i = 1; i < hosts->count; i++)
        others += is_first(hosts, i);
    eg_text_append(line, size, "%s (%s)", eg_host_shown(row->host, shown),
                   eg_name_source_name(hosts->names[0].source));
    if (others)
        eg_text_append(line, size, " +%zu%s", others, hosts->cut ? " or more" : "");
}

/* "CLOUDFLARENET AS13335 US", without what the key says already. */
static void append_place(char *line, size_t size, const struct eg_report *report,
                         const struct eg_row *row)
{
    const enum eg_view_by by = report->view.by;
    const struct eg_place place = eg_row_place(report, row);
    if (place.org[0] && by != EG_BY_ORG)
        eg_text_append(line, size, "%s", place.org);
    if (place.asn && by != EG_BY_ASN)
        eg_text_append(line, size, "%sAS%" PRIu32, line[0] ? " " : "", place.asn);
    if (place.country[0] && by != EG_BY_COUNTRY)
        eg_text_append(line, size, "%s%s", line[0] ? " " : "", place.country);
}

static void put_below(const struct eg_text *text, size_t indent, const char *line)
{
    eg_sink_format(text->sink, "%*s", (int)indent, "");
    eg_text_put(text, line, strlen(line));
    eg_sink_text(text->sink, "\n");
}

/* Who it is, below the key, so that the table keeps its width. */
static void put_who(const struct eg_text *text, const size_t *widths, const struct eg_row *row)
{
    char host[EG_HOST_SHOWN_MAX + WHO_MORE] = "", place[ORG_MAX + WHO_MORE] = "";
    const enum eg_view_by by = text->report->view.by;
    const size_t width = text->style->width ? text->style->width : EG_TEXT_WIDTH;
    if (by == EG_BY_DESTINATION)
        append_host(host, sizeof host, row);
    if (by == EG_BY_DESTINATION || by >= EG_BY_HOST)
        append_place(place, sizeof place, text->report, row);
    size_t indent = 0;
    for (enum column c = SIZE; c < KEY; c++)
        indent += widths[c] + 2;
    const bool beside =
        host[0] && place[0] && indent + strlen(host) + 2 + columns_of(place) <= width;
    if (beside)
        eg_text_append(host, sizeof host, "  %s", place);
    if (host[0])
        put_below(text, indent, host);
    if (place[0] && !beside)
        put_below(text, indent, place);
}

static const char *color_of(const struct eg_text *text, const struct eg_row *row)
{
    if (!row)
        return "";
    return !row->priced       ? eg_text_on(text, EG_TEXT_WARN)
           : row->nano_per_gb ? eg_text_on(text, EG_TEXT_BILLED)
                              : eg_text_on(text, EG_TEXT_FREE);
}

static void put_line(const struct eg_text *text, const struct line *line, const size_t *widths,
                     const struct eg_row *row)
{
    size_t pending = 0; /* blanks are written before text only, so that no line ends in them */
    for (enum column c = SIZE; c < COLUMNS; c++) {
        if (!has_column(text->report, c))
            continue;
        const size_t length = columns_of(line->cells[c]), width = widths[c];
        const size_t blanks = width > length ? width - length : 0;
        const bool right = c <= COST;
        const char *on = c == RATE ? color_of(text, row) : "";
        if (length) {
            eg_sink_format(text->sink, "%*s%s", (int)(pending + (right ? blanks : 0)), "", on);
            eg_text_put(text, line->cells[c], strlen(line->cells[c]));
            eg_sink_text(text->sink, on[0] ? eg_text_off(text) : "");
        }
        pending = 2 + (length == 0 ? pending + width : right ? 0 : blanks);
    }
    eg_sink_text(text->sink, "\n");
}

static void widen(size_t *widths, const struct line *line)
{
    for (enum column c = SIZE; c < COLUMNS; c++) {
        const size_t length = columns_of(line->cells[c]);
        if (length > widths[c])
            widths[c] = length;
    }
}

/* What the rows behind --top add up to. */
static void rest_line(const struct eg_report *report, size_t shown, const struct eg_unit *unit,
                      struct line *line)
{
    const struct eg_class_total rest = eg_report_rest(report, shown);
    char number[EG_MONEY_TEXT_MAX], count[EG_COUNT_TEXT_MAX];
    memset(line, 0, sizeof *line);
    set(line, SIZE, eg_size_number(rest.shown.billable_bytes, unit, number));
    set_cost(line, report, rest.cost);
    snprintf(line->cells[KEY], CELL_MAX, "and %s more", eg_count_text(rest.rows, count));
}

void eg_table_write(const struct eg_text *text)
{
    const struct eg_report *report = text->report;
    const size_t shown = eg_report_shown_rows(report, text->style);
    uint64_t largest = 0;
    for (size_t i = 0; i < report->row_count; i++)
        if (report->rows[i].shown.billable_bytes > largest)
            largest = report->rows[i].shown.billable_bytes;
    const struct eg_unit *unit = eg_unit_for(largest);
    size_t widths[COLUMNS] = {10};
    struct line head, rest, line;
    head_line(report, unit, &head);
    rest_line(report, shown, unit, &rest);
    widen(widths, &head);
    if (shown < report->row_count)
        widen(widths, &rest);
    for (size_t i = 0; i < shown; i++) {
        row_line(text, &report->rows[i], unit, &line);
        widen(widths, &line);
    }
    eg_sink_text(text->sink, eg_text_on(text, EG_TEXT_HEAD));
    put_line(text, &head, widths, NULL);
    eg_sink_text(text->sink, eg_text_off(text));
    for (size_t i = 0; i < shown; i++) {
        row_line(text, &report->rows[i], unit, &line);
        put_line(text, &line, widths, &report->rows[i]);
        put_who(text, widths, &report->rows[i]);
    }
    if (shown < report->row_count)
        put_line(text, &rest, widths, NULL);
}
