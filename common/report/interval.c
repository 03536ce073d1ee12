#include "report/interval.h"

#include <stdlib.h>

#include "report/contributions.h"
#include "traffic/series.h"

/* From the entries of a series to the lines of an interval. */
struct walk {
    struct eg_report *report;
    const struct eg_matrix *matrix;
    const struct eg_series *series;
    struct eg_interval *interval;
    uint8_t *row_of; /* by address: the number of its line, from 1; NULL: no lines but the total */
    unsigned link_bytes;
};

void eg_interval_clear(struct eg_interval *interval)
{
    free(interval->all);
    *interval = (struct eg_interval){.width = 0};
}

int64_t eg_interval_time(const struct eg_interval *interval, size_t bucket)
{
    return (int64_t)(((uint64_t)interval->first + bucket) * (uint64_t)interval->width);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void begin_line(struct eg_interval *interval, struct eg_interval_line *line, size_t *used)
{
    line->sums = interval->all + *used;
    *used += interval->buckets;
}

/* One block for all: the total, and where lines are wanted each class with rows, and first rows. */
static enum eg_status begin_lines(struct walk *walk)
{
    struct eg_interval *interval = walk->interval;
    const struct eg_report *report = walk->report;
    const size_t lines = 1 + (walk->row_of ? EG_CLASSES + interval->row_count : 0);
    interval->all = calloc(lines * interval->buckets, sizeof *interval->all);
    if (!interval->all)
        return EG_ERR_NO_MEMORY;
    size_t used = 0;
    begin_line(interval, &interval->total, &used);
    for (size_t i = 0; i < EG_CLASSES && walk->row_of; i++)
        if (report->classes[i].rows)
            begin_line(interval, &interval->classes[i], &used);
    for (size_t i = 0; i < interval->row_count; i++)
        begin_line(interval, &interval->rows[i], &used);
    return EG_OK;
}

/* ---- joining --------------------------------------------------------------------------------- */

static int64_t divide_down(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

static void join_sum(struct eg_interval_sum *into, const struct eg_interval_sum *sum)
{
    into->packets += sum->packets;
    into->ip_bytes += sum->ip_bytes;
    into->billable_bytes += sum->billable_bytes;
    into->cost = eg_money_add(into->cost, sum->cost);
}

static void join_line(const struct eg_interval *interval, const struct eg_interval_line *line,
                      struct eg_interval *joined, struct eg_interval_line *made, size_t *used)
{
    *made = *line;
    if (!line->sums)
        return;
    const int64_t factor = joined->width / interval->width;
    begin_line(joined, made, used);
    for (size_t i = 0; i < interval->buckets; i++) {
        const int64_t bucket = divide_down(interval->first + (int64_t)i, factor) - joined->first;
        join_sum(&made->sums[bucket], &line->sums[i]);
    }
}

enum eg_status eg_interval_join(const struct eg_interval *interval, size_t most,
                                struct eg_interval *joined)
{
    struct eg_interval made = *interval;
    const int64_t last = interval->first + (int64_t)interval->buckets - 1;
    for (int64_t factor = 1; made.buckets > most; factor++) {
        made.width = interval->width * factor;
        made.first = divide_down(interval->first, factor);
        made.buckets = (size_t)(divide_down(last, factor) - made.first + 1);
    }
    const size_t lines = 1 + EG_CLASSES + EG_INTERVAL_ROWS;
    made.all = calloc(lines * made.buckets + 1, sizeof *made.all);
    if (!made.all)
        return EG_ERR_NO_MEMORY;
    size_t used = 0;
    join_line(interval, &interval->total, &made, &made.total, &used);
    for (size_t i = 0; i < EG_CLASSES; i++)
        join_line(interval, &interval->classes[i], &made, &made.classes[i], &used);
    for (size_t i = 0; i < interval->row_count; i++)
        join_line(interval, &interval->rows[i], &made, &made.rows[i], &used);
    *joined = made;
    return EG_OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

/* What bytes of one direction cost per GB, as the rows of the view are priced. */
static uint64_t rate_of(const struct eg_charges *charges, enum eg_charge_direction direction)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < charges->count && charges->priced; i++)
        if (charges->charge[i].direction & direction)
            sum += charges->charge[i].rate->nano_per_gb;
    return sum;
}

static struct eg_money cost_of(const struct walk *walk, const struct eg_charges *charges,
                               uint8_t role, uint64_t bytes)
{
    const enum eg_charge_direction view = eg_view_charges(&walk->report->view);
    uint64_t rate = 0;
    if (role & EG_ROLE_EGRESS)
        rate += rate_of(charges, view & EG_CHARGE_EGRESS);
    if (role & EG_ROLE_INGRESS)
        rate += rate_of(charges, view & EG_CHARGE_INGRESS);
    return eg_money_of(bytes, rate);
}

/* bucket: from 0, or SIZE_MAX for what has no time. */
static void add_sum(struct eg_interval_line *line, size_t bucket, const struct eg_interval_sum *sum)
{
    struct eg_interval_sum *into = bucket == SIZE_MAX ? &line->untimed : &line->sums[bucket];
    if (!line->sums)
        return;
    into->packets += sum->packets;
    into->ip_bytes += sum->ip_bytes;
    into->billable_bytes += sum->billable_bytes;
    into->cost = eg_money_add(into->cost, sum->cost);
}

/* What an entry counts for at one of its ends. */
static enum eg_status add_end(const struct walk *walk, const struct eg_cell_part *part,
                              size_t bucket, uint32_t address, uint8_t role)
{
    struct eg_interval *interval = walk->interval;
    struct eg_tally tally = {.packets = 0};
    uint32_t number = 0;
    if (eg_tariffs_of(walk->report->tariffs, address, &number) != EG_OK)
        return EG_ERR_NO_MEMORY;
    const struct eg_tariff *tariff = eg_tariffs_at(walk->report->tariffs, number);
    eg_tally_add(&tally, part, walk->link_bytes);
    const bool shown = role & EG_ROLE_SHOWN;
    const struct eg_interval_sum sum = {
        .packets = shown ? tally.packets : 0,
        .ip_bytes = shown ? tally.ip_bytes : 0,
        .billable_bytes = shown ? tally.billable_bytes : 0,
        .cost = cost_of(walk, &tariff->charges, role, tally.billable_bytes),
    };
    add_sum(&interval->total, bucket, &sum);
    if (!walk->row_of)
        return EG_OK;
    add_sum(&interval->classes[tariff->destination.class_], bucket, &sum);
    if (walk->row_of[address])
        add_sum(&interval->rows[walk->row_of[address] - 1], bucket, &sum);
    return EG_OK;
}

static size_t bucket_of(const struct walk *walk, int64_t bucket)
{
    if (bucket == EG_BUCKET_UNTIMED)
        return SIZE_MAX;
    const int64_t factor = walk->interval->width / eg_series_width(walk->series);
    return (size_t)(eg_floor_divide(bucket, factor) - walk->interval->first);
}

static enum eg_status add_entry(const struct walk *walk, const struct eg_series_entry *entry)
{
    const struct eg_cell cell = eg_matrix_cell(walk->matrix, entry->cell);
    const struct eg_cell_part part = {
        .packets = entry->packets,
        .ip_bytes = entry->ip_bytes,
        .more_packets = entry->more_packets,
        .more_bytes = entry->more_bytes,
    };
    const struct eg_report *report = walk->report;
    const size_t bucket = bucket_of(walk, entry->bucket);
    uint8_t to = 0, from = 0;
    eg_roles_of(report->cells[entry->cell].direction, report->view.direction, &to, &from);
    enum eg_status status = EG_OK;
    if (to)
        status = add_end(walk, &part, bucket, cell.destination, to);
    if (from && status == EG_OK)
        status = add_end(walk, &part, bucket, cell.source, from);
    return status;
}

/* ---- intervals ------------------------------------------------------------------------------- */

/* The lines that an address's bytes go to beside those of its class. */
static enum eg_status choose_rows(struct walk *walk)
{
    const struct eg_report *report = walk->report;
    walk->row_of = calloc((size_t)eg_matrix_addresses(walk->matrix) + 1, 1);
    if (!walk->row_of)
        return EG_ERR_NO_MEMORY;
    if (report->view.by != EG_BY_DESTINATION)
        return EG_OK;
    while (walk->interval->row_count < EG_INTERVAL_ROWS &&
           walk->interval->row_count < report->row_count) {
        const uint32_t address = report->rows[walk->interval->row_count++].address_number;
        walk->row_of[address] = (uint8_t)walk->interval->row_count;
    }
    return EG_OK;
}

static enum eg_status fill(struct walk *walk, int64_t width)
{
    struct eg_interval *interval = walk->interval;
    const int64_t factor = width / eg_series_width(walk->series);
    interval->width = width;
    interval->first = eg_floor_divide(walk->series->first, factor);
    interval->buckets = (size_t)(eg_floor_divide(walk->series->last, factor) - interval->first) + 1;
    enum eg_status status = begin_lines(walk);
    for (uint32_t i = 0; i < walk->series->count && status == EG_OK; i++)
        status = add_entry(walk, &walk->series->entries[i]);
    return status;
}

/* --interval, if its buckets can be made of the series'; else the narrowest there is. */
static int64_t wanted_width(const struct eg_report *report, const struct eg_series *series)
{
    const int64_t asked = report->rules->interval;
    if (asked == 0)
        return eg_series_usual_width(series);
    const int64_t width = eg_series_width(series);
    return asked % width == 0 ? asked : width;
}

/* Of the same width, it shares the other's sums. */
static enum eg_status make_rhythm(struct walk *walk)
{
    const struct eg_interval *interval = walk->interval;
    struct eg_interval *rhythm = &walk->report->rhythm;
    const int64_t width = eg_series_usual_width(walk->series);
    walk->row_of = NULL;
    walk->interval = rhythm;
    if (interval->width != width)
        return fill(walk, width);
    rhythm->width = interval->width;
    rhythm->first = interval->first;
    rhythm->buckets = interval->buckets;
    rhythm->total = interval->total;
    return EG_OK;
}

static const char *reason_of(const struct eg_series *series)
{
    if (series && series->off && !series->given_up)
        return "times were not kept";
    if (series && series->off)
        return "too many conversations, or times too far apart, for buckets of time";
    return series && series->timed ? NULL : "no packet has a time";
}

enum eg_status eg_report_make_intervals(struct eg_report *report, const struct eg_matrix *matrix,
                                        const struct eg_series *series)
{
    report->interval.reason = report->rhythm.reason = reason_of(series);
    if (report->interval.reason)
        return EG_OK;
    struct walk walk = {
        .report = report,
        .matrix = matrix,
        .series = series,
        .interval = &report->interval,
        .link_bytes = eg_rules_link_bytes(report->rules),
    };
    enum eg_status status = choose_rows(&walk);
    if (status == EG_OK)
        status = fill(&walk, wanted_width(report, series));
    free(walk.row_of);
    return status == EG_OK ? make_rhythm(&walk) : status;
}
