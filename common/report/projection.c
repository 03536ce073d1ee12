#include "report/projection.h"

#include <stdlib.h>

#include "report/report.h"
#include "traffic/series.h"

static const int64_t day = INT64_C(86400) * 1000000000;
static const int64_t shortest = INT64_C(600) * 1000000000;

/* Billable bytes by tariff; direction is settled in cells. */
static struct eg_volume *volumes_of(const struct eg_report *report, const struct eg_matrix *matrix,
                                    const struct eg_cell_parts *parts)
{
    struct eg_volume *volumes =
        calloc((size_t)eg_tariffs_count(report->tariffs) + 1, sizeof *volumes);
    const unsigned link_bytes = eg_rules_link_bytes(report->rules);
    for (uint32_t i = 0; i < eg_matrix_cells(matrix) && volumes; i++) {
        const struct eg_cell_facts *facts = &report->cells[i];
        const struct eg_cell_part part = eg_cell_parts_of(parts, matrix, i);
        struct eg_tally tally = {.packets = 0};
        eg_tally_add(&tally, &part, link_bytes);
        if (facts->direction == EG_EGRESS)
            volumes[facts->tariff].egress += tally.billable_bytes;
        else if (facts->direction == EG_INGRESS)
            volumes[facts->tariff].ingress += tally.billable_bytes;
    }
    return volumes;
}

static enum eg_status make_bill(const struct eg_report *report, struct eg_bill *bill)
{
    for (uint32_t i = 0; i < eg_tariffs_count(report->tariffs); i++)
        if (eg_bill_add(bill, &eg_tariffs_at(report->tariffs, i)->charges, &report->volumes[i]) !=
            EG_OK)
            return EG_ERR_NO_MEMORY;
    return EG_OK;
}

/* ---- samples --------------------------------------------------------------------------------- */

/* Whole buckets, or days made of them, that lie within the capture. */
struct samples {
    size_t count;
    bool by_days;
    eg_u128 bytes[EG_SPREAD_SAMPLES_MAX];
    eg_u128 costs[EG_SPREAD_SAMPLES_MAX];
};

/* Sums buckets into samples of a length that their width divides. */
static void take_samples(const struct eg_report *report, int64_t length, struct samples *samples)
{
    const struct eg_interval *rhythm = &report->rhythm;
    const int64_t per_sample = length / rhythm->width;
    const int64_t first = eg_floor_divide(report->first_time - 1, length) + 1;
    const int64_t end = eg_floor_divide(report->last_time, length);
    const int64_t count = end - first < EG_SPREAD_SAMPLES_MAX ? end - first : EG_SPREAD_SAMPLES_MAX;
    *samples = (struct samples){.by_days = true, .count = count > 0 ? (size_t)count : 0};
    for (size_t i = 0; i < rhythm->buckets; i++) {
        const int64_t sample = eg_floor_divide(rhythm->first + (int64_t)i, per_sample) - first;
        if (sample < 0 || sample >= count)
            continue;
        samples->bytes[sample] += rhythm->total.sums[i].billable_bytes;
        samples->costs[sample] += rhythm->total.sums[i].cost.units;
    }
}

enum { DAYS_MIN = 3 };

/* A day's rhythm does not widen what is known of days: with three of them these are the samples. */
static void choose_samples(const struct eg_report *report, struct samples *samples)
{
    if (report->rhythm.width <= day) {
        take_samples(report, day, samples);
        if (samples->count >= DAYS_MIN)
            return;
    }
    take_samples(report, report->rhythm.width, samples);
    samples->by_days = false;
}

/* ---- the month ------------------------------------------------------------------------------- */

static const char *reason_of(const struct eg_report *report)
{
    const int64_t span = report->projection.span;
    if (report->rhythm.reason)
        return report->rhythm.reason;
    if (report->total.shown.packets == 0)
        return "there is nothing to project";
    return span < shortest ? "it is too short to tell, 10 min at least" : NULL;
}

static void project(struct eg_report *report, const struct samples *samples,
                    const struct eg_bill *bill)
{
    struct eg_projection *projection = &report->projection;
    const int64_t span = projection->span;
    projection->by_days = samples->by_days;
    projection->bytes_spread = eg_spread_of(samples->bytes, samples->count, samples->by_days, span);
    projection->cost_spread = eg_spread_of(samples->costs, samples->count, samples->by_days, span);
    const uint64_t bytes_factor = projection->bytes_spread.factor;
    const uint64_t cost_factor = projection->cost_spread.factor;
    projection->bytes = eg_month_bytes(report->total.shown.billable_bytes, span);
    projection->bytes_low = (uint64_t)eg_spread_low(projection->bytes, bytes_factor);
    projection->bytes_high = (uint64_t)eg_spread_high(projection->bytes, bytes_factor);
    projection->unpriced_bytes = eg_month_bytes(report->total.unpriced_bytes, span);
    projection->cost = eg_bill_of_month(bill, span, EG_MILLION, false);
    projection->cost_low = eg_bill_of_month(bill, span, cost_factor, true);
    projection->cost_high = eg_bill_of_month(bill, span, cost_factor, false);
}

static bool is_above(struct eg_money cost, const struct eg_rules *rules)
{
    return eg_money_compare(cost, eg_money_of(UINT64_C(1) << 30, rules->budget)) > 0;
}

/* Passed is what passes it at the low end; a capture may do so all by itself. */
static enum eg_budget budget_of(const struct eg_report *report)
{
    const struct eg_projection *projection = &report->projection;
    if (!report->rules->budget_given)
        return EG_BUDGET_NONE;
    if (eg_report_is_unpriced(report)) /* a cost of nothing is not a low one */
        return EG_BUDGET_UNKNOWN;
    if (projection->reason)
        return is_above(report->total.cost, report->rules) ? EG_BUDGET_PASSED : EG_BUDGET_UNKNOWN;
    if (is_above(projection->cost_low, report->rules))
        return EG_BUDGET_PASSED;
    return is_above(projection->cost_high, report->rules) ? EG_BUDGET_AT_RISK : EG_BUDGET_KEPT;
}

static enum eg_status project_volumes(struct eg_report *report, struct eg_bill *bill)
{
    struct eg_projection *projection = &report->projection;
    struct samples samples;
    projection->span =
        report->first_time == EG_NO_TIME ? 0 : report->last_time - report->first_time;
    projection->reason = reason_of(report);
    if (make_bill(report, bill) != EG_OK)
        return EG_ERR_NO_MEMORY;
    if (!projection->reason)
        choose_samples(report, &samples);
    if (!projection->reason && samples.count < EG_SPREAD_SAMPLES_MIN)
        projection->reason = "too few buckets of time to tell how the traffic varies";
    if (!projection->reason)
        project(report, &samples, bill);
    projection->budget = budget_of(report);
    return eg_report_ask_what_if(report);
}

enum eg_status eg_report_project(struct eg_report *report, const struct eg_matrix *matrix,
                                 const struct eg_cell_parts *parts)
{
    struct eg_bill *bill = NULL;
    report->volumes = volumes_of(report, matrix, parts);
    enum eg_status status = report->volumes ? eg_bill_new(report, &bill) : EG_ERR_NO_MEMORY;
    if (status == EG_OK)
        status = project_volumes(report, bill);
    eg_bill_free(bill);
    return status;
}

enum eg_budget eg_report_budget(const struct eg_report *report)
{
    return report->projection.budget;
}
