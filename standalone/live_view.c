#include "live_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "terminal.h"

enum {
    REFRESH_MS = 1000,
    SHARE = 20, /* a report may cost one part in this of the time */
    HOUR_MS = 3600 * 1000,
    FRAME_LINES = 5, /* lines around the table's rows */
    NUMBERS = 40,    /* columns of the numbers before a row's key */
    KEY_MIN = 15,    /* an IPv4 address */
    KEY_MAX = 45,    /* a longer name pushes what is behind it */
};

/* What a row had at the last report, by its key. */
struct seen {
    char key[EG_ROW_KEY_TEXT_MAX];
    uint64_t bytes;
};

struct live_view {
    const struct eg_session *session;
    const char *title;
    struct eg_view look;
    struct eg_report *report; /* NULL: none yet */
    int64_t start_ms, made_ms, due_ms;
    struct seen *seen; /* of the report before, by key; NULL: none under this look */
    size_t seen_count;
    uint64_t seen_total;
    int64_t seen_ms;
    uint64_t drops;
    bool stale; /* what is on the screen is not what would be drawn */
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct live_view *live_view_new(const struct eg_session *session, const struct eg_rules *rules,
                                const char *title)
{
    struct live_view *view = calloc(1, sizeof *view);
    if (!view)
        return NULL;
    view->session = session;
    view->title = title;
    view->look = eg_rules_view(rules);
    view->start_ms = view->due_ms = clock_ms();
    return view;
}

static void forget_seen(struct live_view *view)
{
    free(view->seen);
    view->seen = NULL;
    view->seen_count = 0;
}

void live_view_free(struct live_view *view)
{
    if (!view)
        return;
    forget_seen(view);
    eg_report_free(view->report);
    free(view);
}

/* ---- what is new since the last report ---- */

static int compare_seen(const void *a, const void *b)
{
    return strcmp(((const struct seen *)a)->key, ((const struct seen *)b)->key);
}

/* Without memory the speeds are left out once. */
static void remember(struct live_view *view)
{
    struct eg_row_facts facts;
    forget_seen(view);
    if (!view->report)
        return;
    const size_t count = eg_report_rows(view->report);
    view->seen = malloc((count + 1) * sizeof *view->seen);
    for (size_t i = 0; view->seen && i < count; i++) {
        eg_report_row(view->report, i, &facts);
        snprintf(view->seen[i].key, sizeof view->seen[i].key, "%s", facts.key);
        view->seen[i].bytes = facts.billable_bytes;
    }
    view->seen_count = view->seen ? count : 0;
    if (view->seen)
        qsort(view->seen, count, sizeof *view->seen, compare_seen);
    eg_report_total(view->report, &facts);
    view->seen_total = facts.billable_bytes;
    view->seen_ms = view->made_ms;
}

/* Bytes can become fewer: a later packet can tell that a conversation went the other way. */
static uint64_t grown(uint64_t bytes, uint64_t before)
{
    return bytes > before ? bytes - before : 0;
}

static uint64_t new_bytes(const struct live_view *view, const struct eg_row_facts *facts)
{
    struct seen wanted;
    snprintf(wanted.key, sizeof wanted.key, "%s", facts->key);
    const struct seen *found =
        bsearch(&wanted, view->seen, view->seen_count, sizeof *view->seen, compare_seen);
    return grown(facts->billable_bytes, found ? found->bytes : 0);
}

/* ---- drawing ---- */

static uint64_t elapsed_ms(const struct live_view *view)
{
    return (uint64_t)(view->made_ms - view->start_ms);
}

/* A line is cut at the terminal's width, in characters of UTF-8, and those that would scroll it
 * away are not written. */
struct canvas {
    struct eg_string text;
    struct eg_sink sink;
    size_t width, column;
    size_t lines_left;
};

/* Names come from the network and from files: nothing of them commands the terminal. */
static void put(struct canvas *canvas, const char *text)
{
    for (const char *at = text; *at && canvas->lines_left; at++) {
        const unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];
        const bool starts = (c & 0xc0) != 0x80;
        if (starts && canvas->column >= canvas->width)
            return;
        canvas->column += starts;
        if (c == 0xc2 && next >= 0x80 && next < 0xa0) { /* controls of the upper half */
            eg_sink_text(&canvas->sink, "?");
            at++;
        } else if (c < ' ' || c == 0x7f) {
            eg_sink_text(&canvas->sink, "?");
        } else {
            eg_sink_bytes(&canvas->sink, at, 1);
        }
    }
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void put_blanks(struct canvas *canvas, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(canvas, " ");
}

static void put_right(struct canvas *canvas, const char *text, size_t width)
{
    const size_t length = characters(text);
    put_blanks(canvas, width > length ? width - length : 0);
    put(canvas, text);
}

static void put_left(struct canvas *canvas, const char *text, size_t width)
{
    const size_t length = characters(text);
    put(canvas, text);
    put_blanks(canvas, width > length ? width - length : 0);
}

/* Takes no column. */
static void put_style(struct canvas *canvas, const char *escape)
{
    if (canvas->lines_left)
        eg_sink_text(&canvas->sink, escape);
}

static void end_line(struct canvas *canvas)
{
    if (canvas->lines_left == 0)
        return;
    eg_sink_text(&canvas->sink, "\n");
    canvas->column = 0;
    canvas->lines_left--;
}

/* The words of a choice among the settings: views are numbered in their order. */
static const char *word_of(const char *setting, unsigned number)
{
    return eg_setting_find(setting)->choices[number];
}

static void put_head(struct canvas *canvas, const struct live_view *view)
{
    char line[256], span[EG_ROW_TEXT_MAX];
    snprintf(line, sizeof line, "egshark  %.40s   %s   %" PRIu64 " frames   %" PRIu64 " dropped",
             view->title, eg_shown_span((view->made_ms - view->start_ms) * 1000000, span),
             eg_report_frames(view->report), view->drops);
    put(canvas, line);
    end_line(canvas);
}

/* "?" of what has no price: it may cost something. */
static const char *cost_of(const struct live_view *view, const struct eg_row_facts *facts,
                           size_t index, uint64_t times, uint64_t divisor,
                           char buffer[EG_ROW_TEXT_MAX])
{
    return facts->cost[0] ? eg_report_shown_cost(view->report, index, times, divisor, buffer) : "?";
}

static void put_sum(struct canvas *canvas, const struct live_view *view)
{
    static const char *const heads[] = {"OUT", "IN", "ALL"};
    struct eg_row_facts total;
    char size[EG_ROW_TEXT_MAX], speed[EG_ROW_TEXT_MAX], cost[EG_ROW_TEXT_MAX],
        hour[EG_ROW_TEXT_MAX], line[512];
    const size_t rows = eg_report_rows(view->report);
    eg_report_total(view->report, &total);
    const uint64_t bytes = grown(total.billable_bytes, view->seen_total);
    eg_shown_speed(view->seen ? bytes : 0, (view->made_ms - view->seen_ms) * 1000000, speed);
    snprintf(line, sizeof line, "%s  %s   %s now   %s so far   %s an hour",
             heads[view->look.direction], eg_shown_size(total.billable_bytes, size),
             view->seen && *speed ? speed : "-", cost_of(view, &total, rows, 1, 1, cost),
             cost_of(view, &total, rows, HOUR_MS, elapsed_ms(view), hour));
    put(canvas, line);
    end_line(canvas);
}

static void put_doubts(struct canvas *canvas, const struct live_view *view)
{
    size_t count = 0;
    char line[128];
    while (eg_report_warning(view->report, count))
        count++;
    snprintf(line, sizeof line, "%zu warning%s or open question%s: the report at the end has them",
             count, count == 1 ? "" : "s", count == 1 ? "" : "s");
    put(canvas, count ? line : "");
    end_line(canvas);
}

static size_t key_width(const struct live_view *view, size_t rows)
{
    struct eg_row_facts facts;
    size_t width = KEY_MIN;
    for (size_t i = 0; i < rows; i++) {
        eg_report_row(view->report, i, &facts);
        const size_t length = characters(facts.key);
        if (length > width)
            width = length;
    }
    return width < KEY_MAX ? width : KEY_MAX;
}

static void put_table_head(struct canvas *canvas, const struct live_view *view, size_t width)
{
    put_style(canvas, "\033[7m");
    put_right(canvas, "now", 12);
    put_right(canvas, "total", 13);
    put_right(canvas, "an hour", 13);
    put(canvas, "  ");
    put_left(canvas, word_of("by", view->look.by), width);
    put(canvas, "  what");
    put_blanks(canvas, canvas->width);
    put_style(canvas, "\033[0m");
    end_line(canvas);
}

/* The host's name, a site's label, a service and its region, or the class: what says most. */
static void describe(const struct eg_row_facts *facts, char *buffer, size_t size)
{
    if (facts->host[0] && strcmp(facts->host, facts->key) != 0)
        snprintf(buffer, size, "%s", facts->host);
    else if (facts->label[0] && !facts->service[0])
        snprintf(buffer, size, "%s", facts->label);
    else if (facts->service[0] || facts->region[0])
        snprintf(buffer, size, "%s%s%s", facts->service,
                 facts->service[0] && facts->region[0] ? "." : "", facts->region);
    else
        snprintf(buffer, size, "%s", facts->class_);
}

static void put_row(struct canvas *canvas, const struct live_view *view, size_t index, size_t width)
{
    struct eg_row_facts facts;
    char text[160];
    eg_report_row(view->report, index, &facts);
    const int64_t since = (view->made_ms - view->seen_ms) * 1000000;
    const uint64_t bytes = view->seen ? new_bytes(view, &facts) : 0;
    put_right(canvas, bytes ? eg_shown_speed(bytes, since, text) : "-", 12);
    put_right(canvas, eg_shown_size(facts.billable_bytes, text), 13);
    const char *cost = cost_of(view, &facts, index, HOUR_MS, elapsed_ms(view), text);
    put_right(canvas, facts.billable_bytes ? cost : "-", 13);
    put(canvas, "  ");
    put_left(canvas, facts.key, width);
    put(canvas, "  ");
    describe(&facts, text, sizeof text);
    put(canvas, text);
    end_line(canvas);
}

static void put_table(struct canvas *canvas, const struct live_view *view, size_t room)
{
    char line[64];
    const size_t count = eg_report_rows(view->report);
    const size_t rows = count <= room ? count : room ? room - 1 : 0;
    const size_t width = key_width(view, rows);
    put_table_head(canvas, view, width);
    for (size_t i = 0; i < rows; i++)
        put_row(canvas, view, i, width);
    if (rows < count && room) {
        snprintf(line, sizeof line, "%*sand %zu more", NUMBERS, "", count - rows);
        put(canvas, line);
        end_line(canvas);
    }
    for (size_t i = rows + (rows < count); i < room; i++)
        end_line(canvas);
}

static void draw(struct live_view *view)
{
    unsigned columns, rows;
    char line[160];
    struct canvas canvas = {.column = 0};
    terminal_size(&columns, &rows);
    canvas.sink = eg_string_sink(&canvas.text);
    canvas.width = columns;
    canvas.lines_left = rows;
    put_head(&canvas, view);
    put_sum(&canvas, view);
    put_doubts(&canvas, view);
    put_table(&canvas, view, rows > FRAME_LINES ? rows - FRAME_LINES : 0);
    snprintf(line, sizeof line, "q end and report   b by %s   d direction %s",
             word_of("by", view->look.by), word_of("direction", view->look.direction));
    put(&canvas, line);
    end_line(&canvas);
    if (canvas.sink.status == EG_OK)
        terminal_show(canvas.text.text, canvas.text.length);
    eg_string_free(&canvas.text);
    view->stale = false;
}

/* ---- what is due ---- */

/* Without memory the old report stays. */
static void renew(struct live_view *view)
{
    struct eg_report *report = NULL;
    struct eg_error error;
    const int64_t start = clock_ms();
    remember(view);
    if (eg_session_report(view->session, &view->look, &report, &error) == EG_OK) {
        eg_report_free(view->report);
        view->report = report;
        view->made_ms = start;
        view->stale = true;
    }
    const int64_t cost = clock_ms() - start;
    view->due_ms = start + (cost * SHARE > REFRESH_MS ? cost * SHARE : REFRESH_MS);
}

/* Rows of another look are other rows. */
static void look_otherwise(struct live_view *view)
{
    eg_report_free(view->report);
    view->report = NULL;
    view->due_ms = 0;
}

static unsigned next_of(const char *setting, unsigned number, bool back)
{
    const char *const *choices = eg_setting_find(setting)->choices;
    unsigned count = 0;
    while (choices[count])
        count++;
    return (number + (back ? count - 1 : 1)) % count;
}

/* False: the user wants no more. */
static bool obey(struct live_view *view, char key)
{
    switch (key) {
    case 'q':
    case 'Q':
        return false;
    case 'b':
    case 'B':
        view->look.by = (enum eg_view_by)next_of("by", view->look.by, key == 'B');
        look_otherwise(view);
        break;
    case 'd':
    case 'D':
        view->look.direction =
            (enum eg_view_direction)next_of("direction", view->look.direction, key == 'D');
        look_otherwise(view);
        break;
    case 'L' & 0x1f: /* Ctrl-L: something else has written on the screen */
        view->stale = true;
        break;
    }
    return true;
}

bool live_view_tick(struct live_view *view, uint64_t drops)
{
    char key;
    while ((key = terminal_key()) != '\0')
        if (!obey(view, key))
            return false;
    view->stale |= terminal_is_changed() || drops != view->drops;
    view->drops = drops;
    if (clock_ms() >= view->due_ms)
        renew(view);
    if (view->stale && view->report)
        draw(view);
    return true;
}

int live_view_wait(const struct live_view *view)
{
    const int64_t left = view->due_ms - clock_ms();
    return left < 0 ? 0 : left < REFRESH_MS ? (int)left : REFRESH_MS;
}
