/*
 * Statistics > Egress Cost: the tables by destination, by class and by service, the total, and what
 * is uncertain about it, in one dialog.
 *
 * Wireshark taps packets into a table and has no callback for "that was the last one", and rows can
 * only be made then: shares and prices need the whole. But each run over the packets has a
 * dissection of its own, which begins right behind the reset of the tables and ends right before
 * they are drawn; epan plugins are told of both.
 *
 * All dialogs of a kind share the tables, and an older dialog goes on reading the rows it was
 * filled with, to sort and to copy them. So a reset retires rows; they are freed when Wireshark has
 * closed the last dialog and makes new tables. Each dialog thus keeps its own numbers.
 */
#include <wireshark.h>

#include <epan/epan.h>
#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "../ws_compat.h"
#include "egress_host.h"
#include "egress_state.h"
#include "packet-egress.h"

enum table { ALL, BY_CLASS, BY_DESTINATION, BY_SERVICE, UNCERTAIN, TABLES };

enum column {
    RANK,
    KEY,
    COST,
    BILLABLE,
    PACKETS,
    RATE,
    CLASS,
    SERVICE,
    REGION,
    LABEL,
    NOTE,
    UNPRICED,
    COLUMNS
};

/* In the order of the alphabet, in which the dialog sorts them. */
static const char *const titles[TABLES] = {
    [ALL] = "All",
    [BY_CLASS] = "By class",
    [BY_DESTINATION] = "By destination",
    [BY_SERVICE] = "By service",
    [UNCERTAIN] = "Uncertain",
};

/*
 * Integers are 32 bits wide here. Bytes are shown as 10^6 bytes, of which six decimals are exact.
 * All columns but the last become as wide as what is in them; a text would be cut off there.
 */
static stat_tap_table_item columns[COLUMNS] = {
    [RANK] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "#", "%u"},
    [KEY] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Goes to", "%s"},
    [COST] = {TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Cost", "%s"},
    [BILLABLE] = {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Billable MB", "%.6f"},
    [PACKETS] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Packets", "%u"},
    [RATE] = {TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Rate per GiB", "%s"},
    [CLASS] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Class", "%s"},
    [SERVICE] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Service", "%s"},
    [REGION] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Region", "%s"},
    [LABEL] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Label", "%s"},
    [NOTE] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Note", "%s"},
    [UNPRICED] = {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Unpriced MB", "%.6f"},
};

static struct {
    struct eg_selection *selection; /* the frames of the run over the packets */
    bool run_begins;                /* the next dissection is its */
    const epan_dissect_t *run;      /* NULL: none goes on */
    const void *listener;           /* whose frames are selected */
    stat_tap_table *tables[TABLES];
    GPtrArray *retired;  /* rows that dialogs may still read, */
    GStringChunk *texts; /* and the texts of all rows */
} statistics;

static void forget_rows(void)
{
    if (statistics.retired)
        g_ptr_array_free(statistics.retired, TRUE);
    if (statistics.texts)
        g_string_chunk_free(statistics.texts);
    statistics.retired = NULL;
    statistics.texts = NULL;
}

/* Before a dialog is filled. Tables that are there are in use by it or by others. */
static void make_tables(stat_tap_table_ui *ui)
{
    if (ui->tables && ui->tables->len > 0)
        return;
    forget_rows();
    statistics.retired = g_ptr_array_new_with_free_func(g_free);
    statistics.texts = g_string_chunk_new(4096);
    for (size_t i = 0; i < TABLES; i++) {
        statistics.tables[i] = stat_tap_init_table(titles[i], COLUMNS, 0, NULL);
        stat_tap_add_table(ui, statistics.tables[i]);
    }
}

static void retire_rows(stat_tap_table *table)
{
    for (guint i = 0; i < table->num_elements; i++)
        g_ptr_array_add(statistics.retired, table->elements[i]);
    table->num_elements = 0;
}

/* Called for each table, when a run over the packets is about to begin. */
static void reset_table(stat_tap_table *table)
{
    retire_rows(table);
    /* Another dialog is opened while one is filled. Wireshark refuses that run; ours goes on. */
    if (statistics.run)
        return;
    eg_selection_free(statistics.selection);
    statistics.selection = NULL;
    statistics.listener = NULL;
    statistics.run_begins = true;
}

static tap_packet_status add_packet(void *listener, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                    const void *packet, tap_flags_t flags _U_)
{
    const struct egress_tap *tap = packet;
    if (!statistics.listener)
        statistics.listener = listener;
    if (statistics.listener != listener || !statistics.selection)
        return TAP_PACKET_DONT_REDRAW;
    if (eg_selection_add(statistics.selection, tap->verdict, tap->frame->time) != EG_OK)
        return TAP_PACKET_FAILED;
    return TAP_PACKET_REDRAW;
}

static void set_text(stat_tap_table_item_type *row, enum column column, const char *text)
{
    row[column].type = TABLE_ITEM_STRING;
    row[column].value.string_value = g_string_chunk_insert_const(statistics.texts, text);
}

static void set_bytes(stat_tap_table_item_type *row, enum column column, uint64_t bytes)
{
    row[column].type = TABLE_ITEM_FLOAT;
    row[column].value.float_value = (double)bytes / 1e6;
}

static void set_count(stat_tap_table_item_type *row, enum column column, uint64_t count)
{
    row[column].type = TABLE_ITEM_UINT;
    row[column].value.uint_value = (guint)MIN(count, G_MAXUINT);
}

/* Padded to a width, so that texts sort as the numbers in them, and words before all numbers. */
static void set_padded(stat_tap_table_item_type *row, enum column column, const char *text,
                       int width)
{
    char padded[EG_ROW_TEXT_MAX];
    snprintf(padded, sizeof padded, "%*s", width, text);
    set_text(row, column, padded);
}

static void add_row(stat_tap_table *table, const struct eg_row_facts *facts)
{
    enum { RATE_WIDTH = 14, COST_WIDTH = 20 }; /* up to 9999.000000000, 9999999.000000000000 */
    stat_tap_table_item_type row[COLUMNS] = {{TABLE_ITEM_NONE, {0}, {0}}};
    set_count(row, RANK, table->num_elements + 1);
    set_text(row, KEY, facts->key);
    set_text(row, CLASS, facts->class_);
    set_text(row, REGION, facts->region);
    set_text(row, SERVICE, facts->service);
    set_text(row, LABEL, facts->label);
    set_count(row, PACKETS, facts->packets);
    set_bytes(row, BILLABLE, facts->billable_bytes);
    set_bytes(row, UNPRICED, facts->unpriced_bytes);
    set_padded(row, RATE, facts->rate, RATE_WIDTH);
    set_padded(row, COST, facts->cost[0] ? facts->cost : "unpriced", COST_WIDTH);
    set_text(row, NOTE, facts->note);
    stat_tap_init_table_row(table, table->num_elements, COLUMNS, row);
}

/* How much of a text is its first line: as many words as the width holds, and at least one. */
static size_t length_of_line(const char *text, size_t width)
{
    const size_t whole = strlen(text);
    if (whole <= width)
        return whole;
    size_t length = width;
    while (length > 0 && text[length] != ' ')
        length--;
    return length > 0 ? length : strcspn(text, " ");
}

static void add_line(stat_tap_table *table, const char *line)
{
    stat_tap_table_item_type row[COLUMNS] = {{TABLE_ITEM_NONE, {0}, {0}}};
    set_count(row, RANK, table->num_elements + 1);
    for (enum column column = KEY; column < COLUMNS; column++)
        if (columns[column].type == TABLE_ITEM_STRING)
            set_text(row, column, column == KEY ? line : "");
    stat_tap_init_table_row(table, table->num_elements, COLUMNS, row);
}

/* In lines that are seen without scrolling; their numbers keep them in order. */
static void add_warning(stat_tap_table *table, const char *text)
{
    enum { WIDTH = 48 };
    const char *indent = "";
    for (const char *at = text; *at; indent = "   ") {
        const size_t length = length_of_line(at, WIDTH);
        char *line = g_strdup_printf("%s%.*s", indent, (int)length, at);
        add_line(table, line);
        g_free(line);
        at += length;
        at += strspn(at, " ");
    }
}

static void fill_rows(stat_tap_table *table, const struct eg_report *report)
{
    struct eg_row_facts facts;
    for (size_t i = 0; i < eg_report_rows(report); i++) {
        eg_report_row(report, i, &facts);
        add_row(table, &facts);
    }
}

static void fill_total(const struct eg_report *report)
{
    struct eg_row_facts facts;
    eg_report_total(report, &facts);
    snprintf(facts.key, sizeof facts.key, "everything, in %s", eg_report_currency(report));
    add_row(statistics.tables[ALL], &facts);
    const char *warning;
    for (size_t i = 0; (warning = eg_report_warning(report, i)); i++)
        add_warning(statistics.tables[UNCERTAIN], warning);
}

static void fill_tables(void)
{
    static const struct {
        enum table table;
        enum eg_view_by by;
    } views[] = {
        {BY_CLASS, EG_BY_CLASS},
        {BY_DESTINATION, EG_BY_DESTINATION},
        {BY_SERVICE, EG_BY_SERVICE},
    };
    for (size_t i = 0; i < array_length(views); i++) {
        struct eg_report *report = egress_state_new_report_by(statistics.selection, views[i].by);
        if (!report)
            return;
        fill_rows(statistics.tables[views[i].table], report);
        if (views[i].table == BY_DESTINATION)
            fill_total(report);
        eg_report_free(report);
    }
}

static void dissection_begins(epan_dissect_t *edt)
{
    if (!statistics.run_begins)
        return;
    statistics.run_begins = false;
    if (eg_selection_new(&statistics.selection) == EG_OK)
        statistics.run = edt;
}

static void dissection_ends(epan_dissect_t *edt)
{
    if (edt != statistics.run)
        return;
    fill_tables();
    statistics.run = NULL;
    eg_selection_free(statistics.selection);
    statistics.selection = NULL;
}

static void nothing(void)
{
}

static stat_tap_table_ui dialog = {
    .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
    .title = "Egress Cost",
    .tap_name = "egress",
    .cli_string = "egress,dest",
    .stat_tap_init_cb = make_tables,
    .packet_func = add_packet,
    .stat_tap_reset_table_cb = reset_table,
    .nfields = COLUMNS,
    .fields = columns,
};

/* The program ends. */
static void clean_up(void)
{
    forget_rows();
    if (dialog.tables)
        g_array_free(dialog.tables, TRUE);
    dialog.tables = NULL;
}

void egress_tables_watch(void)
{
    static const epan_plugin watch = {
        .init = nothing,
        .post_init = nothing,
        .dissect_init = dissection_begins,
        .dissect_cleanup = dissection_ends,
        .cleanup = clean_up,
    };
    epan_register_plugin(&watch);
}

void egress_tables_register(void)
{
    static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    dialog.nparams = array_length(parameters);
    dialog.params = parameters;
    register_stat_tap_table_ui(&dialog);
}
